// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What the tests of certificates and TLS share: an authority, two ends and the flights between
 * them.
 */
#ifndef MIS_TLS_TEST_HELPERS_H
#define MIS_TLS_TEST_HELPERS_H

#include "mis-crypto-test-helpers.h"

#include "ns3/mis-certificate.h"
#include "ns3/mis-tls-session.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ns3::mis::test
{

/// In nanoseconds.
constexpr int64_t YEAR = 365LL * 86400 * 1000000000;

/// Names of both ends.
inline const std::string CLIENT = "mn1@a.example";
inline const std::string SERVER = "spos@a.example";

/// A certificate authority, and what it has issued to both ends.
struct Authority
{
    explicit Authority(uint64_t seed)
        : source(seed),
          ctx(CryptoBackend::OPENSSL, source),
          ca(CertifiedKey::MakeAuthority(ctx, "test CA " + std::to_string(seed)))
    {
    }

    CertifiedKey Issue(const std::string& name, int64_t notAfter = 100 * YEAR)
    {
        return ca.Issue(ctx, name, ++serial, -YEAR, notAfter);
    }

    RepeatableSource source;
    CryptoContext ctx;
    CertifiedKey ca;
    int64_t serial{1};
};

/// A pre-shared key of 32 octets, each one more than that before it.
inline SecretBytes
Psk(uint8_t first = 0)
{
    std::array<uint8_t, 32> octets;
    for (size_t i = 0; i < octets.size(); ++i)
    {
        octets[i] = static_cast<uint8_t>(i + first);
    }
    return SecretBytes(ByteView(octets.data(), octets.size()));
}

/// Two ends and the flights between them.
struct Pair
{
    TlsConfiguration clientSide;
    TlsConfiguration serverSide;
    std::string serverName{SERVER};
    std::string clientName{CLIENT};
    int64_t nowNs{0};
    uint64_t seed{1};
    std::function<void(size_t, Bytes&)> onFlight; ///< may change a flight, numbered from 0

    std::unique_ptr<Computer> clientNode;
    std::unique_ptr<Computer> serverNode;
    std::unique_ptr<TlsSession> client;
    std::unique_ptr<TlsSession> server;
    std::vector<Bytes> flights;
    bool isOver{false}; ///< an end had nothing to say
    std::vector<std::string> keyLog;

    explicit Pair(TlsVersion version)
    {
        clientSide.version = version;
        serverSide.version = version;
        serverSide.isServer = true;
    }

    /// Other ends, made as those were.
    static Pair LikeOf(const Pair& other)
    {
        Pair pair(other.clientSide.version);
        pair.clientSide = other.clientSide;
        pair.serverSide = other.serverSide;
        pair.serverName = other.serverName;
        pair.clientName = other.clientName;
        pair.seed = other.seed;
        return pair;
    }

    static Pair WithCertificates(TlsVersion version, Authority& authority)
    {
        Pair pair(version);
        pair.clientSide.anchors = {authority.ca.GetCertificate()};
        pair.serverSide.anchors = {authority.ca.GetCertificate()};
        pair.clientSide.credential = authority.Issue(CLIENT);
        pair.serverSide.credential = authority.Issue(SERVER);
        return pair;
    }

    static Pair WithPsk(TlsVersion version)
    {
        Pair pair(version);
        pair.clientSide.pskIdentity = CLIENT;
        pair.clientSide.psk = Psk();
        pair.serverSide.findPsk = [](std::string_view identity) -> const SecretBytes* {
            static const SecretBytes key = Psk();
            return identity == CLIENT ? &key : nullptr;
        };
        pair.serverName.clear();
        pair.clientName.clear();
        return pair;
    }

    void Make()
    {
        clientNode = std::make_unique<Computer>(CryptoBackend::OPENSSL, seed);
        serverNode = std::make_unique<Computer>(CryptoBackend::OPENSSL, seed + 1000);
        client =
            std::make_unique<TlsSession>(clientNode->ctx,
                                         std::make_shared<TlsContext>(clientNode->ctx, clientSide),
                                         serverName,
                                         nowNs,
                                         [this](const char* l) { keyLog.emplace_back(l); });
        server =
            std::make_unique<TlsSession>(serverNode->ctx,
                                         std::make_shared<TlsContext>(serverNode->ctx, serverSide),
                                         clientName,
                                         nowNs);
        flights.clear();
        isOver = false;
    }

    /// One flight; returns whether there was one.
    bool Step()
    {
        if (isOver)
        {
            return false;
        }
        auto& sender = flights.size() % 2 == 0 ? *client : *server;
        Bytes flight = sender.Step(flights.empty() ? Bytes() : flights.back());
        if (flight.empty())
        {
            isOver = true;
            return false;
        }
        if (onFlight)
        {
            onFlight(flights.size(), flight);
        }
        flights.push_back(flight);
        return true;
    }

    void Run()
    {
        Make();
        while (Step() && flights.size() < 20)
        {
        }
    }
};

inline const std::vector<TlsVersion> VERSIONS{TlsVersion::TLS_1_2, TlsVersion::TLS_1_3};

/// A version in digits.
inline std::string
NameOf(TlsVersion version)
{
    return version == TlsVersion::TLS_1_2 ? "1.2" : "1.3";
}

/// Records of a flight: content type and size.
inline std::vector<std::pair<unsigned, size_t>>
RecordsOf(const Bytes& flight)
{
    std::vector<std::pair<unsigned, size_t>> records;
    for (size_t at = 0; at + 5 <= flight.size();)
    {
        const size_t size = flight[at + 3] << 8 | flight[at + 4];
        records.emplace_back(flight[at], size);
        at += 5 + size;
    }
    return records;
}

} // namespace ns3::mis::test

#endif // MIS_TLS_TEST_HELPERS_H
