// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What the suites on EAP-TLS share: certificates, and both ends.
 */
#ifndef MIS_EAP_TLS_TEST_HELPERS_H
#define MIS_EAP_TLS_TEST_HELPERS_H

#include "mis-authentication-test-helpers.h"

#include "ns3/mis-certificate.h"
#include "ns3/mis-eap-tls.h"
#include "ns3/mis-tls-session.h"

#include <memory>
#include <string>
#include <vector>

namespace ns3::mis::test::tls
{

inline constexpr int64_t YEAR_NS = 365LL * 86400 * 1'000'000'000;
inline const std::string MN = "mn1@a.example";
inline const std::string AAA = "aaa.a.example";
inline const std::vector<TlsVersion> VERSIONS{TlsVersion::TLS_1_2, TlsVersion::TLS_1_3};

inline std::string
NameOf(TlsVersion version)
{
    return version == TlsVersion::TLS_1_2 ? "TLS 1.2" : "TLS 1.3";
}

/** @brief An authority, and what it has issued. */
struct Authority
{
    explicit Authority(uint64_t seed)
        : computer(CryptoBackend::OPENSSL, seed),
          ca(CertifiedKey::MakeAuthority(computer.ctx, "test CA " + std::to_string(seed)))
    {
    }

    CertifiedKey Issue(const std::string& name, int64_t notAfterNs = 100 * YEAR_NS)
    {
        return ca.Issue(computer.ctx, name, ++serial, -YEAR_NS, notAfterNs);
    }

    Computer computer; //!< computes for it
    CertifiedKey ca;   //!< its key
    int64_t serial{1}; //!< of the last certificate
};

/** The authority of most cases, and one that nobody trusts. */
inline Authority&
TheAuthority()
{
    static Authority authority(1);
    return authority;
}

/** @brief Both ends of EAP-TLS. */
struct TlsSetup
{
    TlsVersion version;                            //!< of both ends, unless changed
    TlsConfiguration client;                       //!< TLS of the peer
    TlsConfiguration server;                       //!< TLS of the server
    EapTlsPeerConfiguration peerEap;               //!< EAP of the peer, without TLS
    EapTlsServerConfiguration aaaEap;              //!< EAP of the server, without TLS
    std::string identity{MN};                      //!< of the peer
    int64_t nowNs{0};                              //!< time
    uint64_t seed{1};                              //!< of the streams
    CryptoBackend backend{CryptoBackend::OPENSSL}; //!< of both ends
    std::vector<std::string> keyLog;               //!< secrets

    std::unique_ptr<Computer> a;    //!< computes for the server
    std::unique_ptr<Computer> b;    //!< computes for the peer
    std::unique_ptr<EapServer> aaa; //!< the server
    std::unique_ptr<EapPeer> mn;    //!< the peer
    Wire wire;                      //!< between them

    explicit TlsSetup(TlsVersion v)
        : version(v)
    {
        static const CertifiedKey mnKey = TheAuthority().Issue(MN);
        static const CertifiedKey aaaKey = TheAuthority().Issue(AAA);
        client.version = v;
        client.anchors = {TheAuthority().ca.GetCertificate()};
        client.credential = mnKey;
        server = client;
        server.isServer = true;
        server.credential = aaaKey;
        peerEap.serverName = AAA;
    }

    /** @brief Make both ends. */
    void Make()
    {
        a = std::make_unique<Computer>(backend, seed);
        b = std::make_unique<Computer>(backend, seed + 1000);
        EapTlsPeerConfiguration peerMethod = peerEap;
        peerMethod.tls = std::make_shared<TlsContext>(b->ctx, client);
        peerMethod.keyLogger = [this](const char* line) { keyLog.emplace_back(line); };
        EapTlsServerConfiguration serverMethod = aaaEap;
        serverMethod.tls = std::make_shared<TlsContext>(a->ctx, server);
        auto peerConfiguration = std::make_shared<EapPeerConfiguration>();
        peerConfiguration->identity = identity;
        peerConfiguration->methods = {std::make_shared<EapTlsPeerFactory>(peerMethod)};
        auto serverConfiguration = std::make_shared<EapServerConfiguration>();
        serverConfiguration->methods = {std::make_shared<EapTlsServerFactory>(serverMethod)};
        a->ctx.Counter().Clear();
        b->ctx.Counter().Clear();
        aaa = std::make_unique<EapServer>(a->ctx, serverConfiguration, nowNs);
        mn = std::make_unique<EapPeer>(b->ctx, peerConfiguration, nowNs);
    }

    /** @brief Make both ends and run. */
    void Run()
    {
        Make();
        Authenticate(*aaa, *mn, wire);
    }

    /** @return whether both ends have succeeded */
    bool BothSucceeded() const
    {
        return aaa->State() == EapState::SUCCESS && mn->State() == EapState::SUCCESS;
    }
};

/** @brief TLS data of a packet. */
inline EapTlsPacket
TlsOf(const Bytes& eap)
{
    const auto packet = DecodeEapTls(ByteView(eap).Sub(EAP_TYPE_DATA_OFFSET));
    return packet ? *packet : EapTlsPacket();
}

/** @brief Sizes of the records in TLS data, without their headers. */
inline std::vector<std::size_t>
RecordsOf(ByteView data)
{
    std::vector<std::size_t> sizes;
    Reader reader(data);
    uint8_t type;
    uint16_t version;
    uint16_t size;
    ByteView content;
    while (!reader.AtEnd() && reader.U8(type) && reader.U16(version) && reader.U16(size) &&
           reader.Octets(size, content))
    {
        sizes.push_back(size);
    }
    return sizes;
}

} // namespace ns3::mis::test::tls

#endif // MIS_EAP_TLS_TEST_HELPERS_H
