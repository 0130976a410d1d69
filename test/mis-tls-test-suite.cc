// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Certificates and TLS, against OpenSSL's own client and server and against each other.
 */
#include "mis-crypto-test-helpers.h"
#include "mis-oracle-test-helpers.h"

#include "ns3/mis-certificate.h"
#include "ns3/mis-tls-session.h"
#include "ns3/test.h"

#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

constexpr int64_t YEAR = 365LL * 86400 * 1000000000;
const std::string CLIENT = "mn1@a.example";
const std::string SERVER = "spos@a.example";

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

SecretBytes
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
    std::vector<std::string> keyLog;

    explicit Pair(TlsVersion version)
    {
        clientSide.version = version;
        serverSide.version = version;
        serverSide.isServer = true;
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
    }

    /// One flight; returns whether there was one.
    bool Step()
    {
        auto& sender = flights.size() % 2 == 0 ? *client : *server;
        Bytes flight = sender.Step(flights.empty() ? Bytes() : flights.back());
        if (flight.empty())
        {
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

const std::vector<TlsVersion> VERSIONS{TlsVersion::TLS_1_2, TlsVersion::TLS_1_3};

std::string
NameOf(TlsVersion version)
{
    return version == TlsVersion::TLS_1_2 ? "1.2" : "1.3";
}

/// Handshake, exported keys and application data.
class HandshakeTestCase : public TestCase
{
  public:
    HandshakeTestCase()
        : TestCase("both versions with certificates and keys: both ends export the same and read "
                   "each other")
    {
    }

  private:
    void Check(Pair pair, const std::string& what)
    {
        pair.Run();
        auto& client = *pair.client;
        auto& server = *pair.server;
        NS_TEST_ASSERT_MSG_EQ((client.State() == TlsState::ESTABLISHED), true, what);
        NS_TEST_ASSERT_MSG_EQ((server.State() == TlsState::ESTABLISHED), true, what);
        NS_TEST_EXPECT_MSG_EQ(server.IsConfirmed(), true, what);
        NS_TEST_EXPECT_MSG_EQ(client.IsConfirmed(),
                              (pair.clientSide.version == TlsVersion::TLS_1_2),
                              what);
        NS_TEST_EXPECT_MSG_EQ(server.PeerName(), CLIENT, what);
        const auto context = Bytes{0x0d};
        for (const auto size : {16, 32, 128})
        {
            const auto a = client.Export("EXPORTER-test", ByteView(context), size);
            const auto b = server.Export("EXPORTER-test", ByteView(context), size);
            NS_TEST_EXPECT_MSG_EQ((a == b && a.size() == static_cast<size_t>(size)), true, what);
        }
        NS_TEST_EXPECT_MSG_EQ((client.Export("EXPORTER-test", std::nullopt, 32) ==
                               client.Export("EXPORTER-other", std::nullopt, 32)),
                              false,
                              what << ": labels part keys");
        const Bytes text{'t', 'e', 'x', 't'};
        for (int i = 0; i < 3; ++i)
        {
            const auto record = server.Seal(text);
            if (pair.clientSide.version == TlsVersion::TLS_1_3)
            {
                NS_TEST_EXPECT_MSG_EQ(record.size(), text.size() + 22, what);
            }
            SecretOctets plain;
            Bytes reply;
            NS_TEST_EXPECT_MSG_EQ(client.Open(record, plain, reply), true, what);
            NS_TEST_EXPECT_MSG_EQ((Bytes(plain.begin(), plain.end()) == text), true, what);
        }
        NS_TEST_EXPECT_MSG_EQ(client.IsConfirmed(), true, what);
        auto record = client.Seal(text);
        record[record.size() - 1] ^= 1;
        SecretOctets plain;
        Bytes reply;
        NS_TEST_EXPECT_MSG_EQ(server.Open(record, plain, reply), false, what << ", forged");
        NS_TEST_EXPECT_MSG_EQ((server.State() == TlsState::FAILED), true, what << ", forged");
        NS_TEST_EXPECT_MSG_EQ((plain.empty() && !reply.empty()), true, what << ", forged");
        // Work of both ends.
        const auto& ops = pair.clientNode->ctx.Counter();
        NS_TEST_EXPECT_MSG_EQ(ops.Calls(CryptoOperation::X25519_KEYGEN), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(ops.Calls(CryptoOperation::X25519_DERIVE), 1u, what);
        const unsigned signatures = pair.clientSide.credential ? 1 : 0;
        NS_TEST_EXPECT_MSG_EQ(ops.Calls(CryptoOperation::ECDSA_SIGN), signatures, what);
        NS_TEST_EXPECT_MSG_EQ(ops.Calls(CryptoOperation::ECDSA_VERIFY), 2 * signatures, what);
        NS_TEST_EXPECT_MSG_EQ(pair.serverNode->ctx.Counter().Calls(CryptoOperation::ECDSA_VERIFY),
                              2 * signatures,
                              what);
    }

    void DoRun() override
    {
        Authority authority(1);
        for (const auto version : VERSIONS)
        {
            Check(Pair::WithCertificates(version, authority), NameOf(version) + " certificate");
            Check(Pair::WithPsk(version), NameOf(version) + " psk");
        }
    }
};

/// The same octets from the same streams.
class RepeatTestCase : public TestCase
{
  public:
    RepeatTestCase()
        : TestCase("the same streams give the same certificates and flights, also when sessions "
                   "interleave")
    {
    }

  private:
    void DoRun() override
    {
        Authority one(5);
        Authority two(5);
        Authority other(6);
        NS_TEST_EXPECT_MSG_EQ((one.ca.GetCertificate().Der() == two.ca.GetCertificate().Der()),
                              true,
                              "authority");
        NS_TEST_EXPECT_MSG_EQ((one.ca.GetCertificate().Der() == other.ca.GetCertificate().Der()),
                              false,
                              "another stream");
        for (const auto version : VERSIONS)
        {
            auto alone = Pair::WithCertificates(version, one);
            alone.Run();
            auto first = Pair::WithCertificates(version, two);
            auto second = Pair::WithCertificates(version, other);
            second.seed = 77;
            first.Make();
            second.Make();
            bool more = true;
            while (more)
            {
                more = first.Step();
                more = second.Step() || more;
            }
            NS_TEST_EXPECT_MSG_EQ((alone.flights == first.flights), true, NameOf(version));
            NS_TEST_EXPECT_MSG_EQ((alone.flights == second.flights), false, NameOf(version));
        }
    }
};

/// Records of a flight: content type and size.
std::vector<std::pair<unsigned, size_t>>
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

/// OpenSSL's own programs.
class StandAloneTestCase : public TestCase
{
  public:
    StandAloneTestCase()
        : TestCase("each record of a handshake has the size it has between the client and server "
                   "of the openssl command with the same certificates")
    {
    }

  private:
    void Compare(Pair pair, const std::string& kind)
    {
        const auto version = NameOf(pair.clientSide.version);
        pair.Run();
        NS_TEST_ASSERT_MSG_EQ((pair.server->State() == TlsState::ESTABLISHED), true, version);
        std::vector<std::pair<unsigned, size_t>> ours[2];
        for (size_t i = 0; i < pair.flights.size(); ++i)
        {
            for (const auto& record : RecordsOf(pair.flights[i]))
            {
                ours[i % 2].push_back(record);
            }
        }
        const auto result =
            RunCommand(std::string("python3 '") + MIS_SOURCE_DIR + "/test/check-tls.py' '" +
                       m_folder + "' " + version + " " + kind);
        NS_TEST_ASSERT_MSG_EQ(result.status, 0, "the programs ran");
        std::vector<std::pair<unsigned, size_t>> theirs[2];
        std::istringstream lines(result.output);
        char who;
        unsigned type;
        size_t size;
        while (lines >> who >> type >> size)
        {
            theirs[who == 's'].emplace_back(type, size);
        }
        for (int end = 0; end < 2; ++end)
        {
            NS_TEST_ASSERT_MSG_GT(ours[end].size(), 1u, version << kind);
            // What follows the handshake is not compared.
            NS_TEST_ASSERT_MSG_EQ((theirs[end].size() >= ours[end].size()), true, version << kind);
            for (size_t i = 0; i < ours[end].size(); ++i)
            {
                NS_TEST_EXPECT_MSG_EQ(ours[end][i].first, theirs[end][i].first, "record " << i);
                // A DER signature may be an octet or two shorter.
                const bool hasSignature = kind == "cert" && ours[end][i].second > 70;
                NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(ours[end][i].second),
                                          static_cast<double>(theirs[end][i].second),
                                          (hasSignature && ours[end][i].second < 130 ? 2.5 : 0.5),
                                          version << " " << kind << ", end " << end << ", record "
                                                  << i);
            }
        }
    }

    void DoRun() override
    {
        m_folder = CreateTempDirFilename("");
        Authority authority(9);
        std::ofstream(m_folder + "/ca.pem") << authority.ca.Pem();
        for (const auto version : VERSIONS)
        {
            auto pair = Pair::WithCertificates(version, authority);
            std::ofstream(m_folder + "/client.pem") << pair.clientSide.credential->Pem();
            std::ofstream(m_folder + "/server.pem") << pair.serverSide.credential->Pem();
            Compare(std::move(pair), "cert");
            Compare(Pair::WithPsk(version), "psk");
        }
    }

    std::string m_folder;
};

/// Everything that can go wrong.
class FailureTestCase : public TestCase
{
  public:
    FailureTestCase()
        : TestCase("each failure has a name at both ends and leaves nothing confirmed")
    {
    }

  private:
    void Expect(Pair& pair, TlsOutcome atClient, TlsOutcome atServer, const std::string& what)
    {
        pair.Run();
        const auto name = NameOf(pair.clientSide.version) + ": " + what;
        NS_TEST_EXPECT_MSG_EQ(ToString(pair.client->Outcome()),
                              std::string(ToString(atClient)),
                              name << ", client");
        NS_TEST_EXPECT_MSG_EQ(ToString(pair.server->Outcome()),
                              std::string(ToString(atServer)),
                              name << ", server");
        NS_TEST_EXPECT_MSG_EQ(pair.client->IsConfirmed(), false, name);
        NS_TEST_EXPECT_MSG_EQ((pair.client->IsConfirmed() && pair.server->IsConfirmed()),
                              false,
                              name);
    }

    void DoRun() override
    {
        Authority authority(1);
        Authority stranger(2);
        for (const auto version : VERSIONS)
        {
            const auto good = [&] { return Pair::WithCertificates(version, authority); };
            auto pair = good();
            pair.serverSide.credential = authority.Issue(SERVER, 0);
            pair.nowNs = 2000000000;
            Expect(pair, TlsOutcome::CERT_EXPIRED, TlsOutcome::CERT_EXPIRED, "server expired");
            pair = good();
            pair.clientSide.credential = authority.Issue(CLIENT, 0);
            pair.nowNs = 2000000000;
            Expect(pair, TlsOutcome::CERT_EXPIRED, TlsOutcome::CERT_EXPIRED, "client expired");
            pair = good();
            pair.serverSide.credential = stranger.Issue(SERVER);
            Expect(pair, TlsOutcome::CERT_UNKNOWN_CA, TlsOutcome::CERT_UNKNOWN_CA, "server CA");
            pair = good();
            pair.clientSide.credential = stranger.Issue(CLIENT);
            Expect(pair, TlsOutcome::CERT_UNKNOWN_CA, TlsOutcome::CERT_UNKNOWN_CA, "client CA");
            pair = good();
            pair.serverName = "tpos@b.example";
            Expect(pair,
                   TlsOutcome::CERT_NAME_MISMATCH,
                   TlsOutcome::CERT_NAME_MISMATCH,
                   "server name");
            pair = good();
            pair.clientName = "mn2@a.example";
            Expect(pair,
                   TlsOutcome::CERT_NAME_MISMATCH,
                   TlsOutcome::CERT_NAME_MISMATCH,
                   "client name");
            pair = good();
            pair.clientSide.credential.reset();
            Expect(pair,
                   version == TlsVersion::TLS_1_3 ? TlsOutcome::CERT_MISSING
                                                  : TlsOutcome::NO_COMMON_SUITE,
                   TlsOutcome::CERT_MISSING,
                   "no certificate");
            pair = Pair::WithPsk(version);
            pair.clientSide.psk = Psk(1);
            Expect(pair, TlsOutcome::PSK_MISMATCH, TlsOutcome::PSK_MISMATCH, "other key");
            pair = Pair::WithPsk(version);
            pair.clientSide.pskIdentity = "mn9@a.example";
            Expect(pair, TlsOutcome::PSK_UNKNOWN, TlsOutcome::PSK_UNKNOWN, "other identity");
            pair = good();
            pair.serverSide.version =
                version == TlsVersion::TLS_1_3 ? TlsVersion::TLS_1_2 : TlsVersion::TLS_1_3;
            Expect(pair, TlsOutcome::NO_COMMON_SUITE, TlsOutcome::NO_COMMON_SUITE, "version");
        }
        Tamper(authority);
    }

    /// Flights cut short, replaced, or with one bit turned.
    void Tamper(Authority& authority)
    {
        for (const auto version : VERSIONS)
        {
            auto reference = Pair::WithCertificates(version, authority);
            reference.Run();
            RepeatableSource random(3);
            for (int trial = 0; trial < 120; ++trial)
            {
                Pair pair(version);
                pair.clientSide = reference.clientSide;
                pair.serverSide = reference.serverSide;
                const size_t which = random.Below(reference.flights.size());
                const size_t size = reference.flights[which].size();
                const size_t at = random.Below(size);
                const bool cut = trial % 3 == 0;
                pair.onFlight = [=](size_t i, Bytes& flight) {
                    if (i == which)
                    {
                        cut ? flight.resize(at) : static_cast<void>(flight[at] ^= 1 << (trial % 8));
                    }
                };
                pair.Run();
                const bool agreed = pair.client->IsConfirmed() && pair.server->IsConfirmed() &&
                                    pair.client->Export("x", std::nullopt, 32) !=
                                        pair.server->Export("x", std::nullopt, 32);
                NS_TEST_EXPECT_MSG_EQ(agreed, false, "two ends with different keys");
                NS_TEST_EXPECT_MSG_EQ((pair.server->State() == TlsState::ESTABLISHED && which < 2 &&
                                       !cut && flightCounts(at)),
                                      false,
                                      NameOf(version) << ": flight " << which << ", octet " << at);
            }
        }
    }

    /// Octets 1 and 2 of a record are a version that receivers ignore.
    static bool flightCounts(size_t at)
    {
        return at > 5;
    }
};

/// Certificates by themselves.
class CertificateTestCase : public TestCase
{
  public:
    CertificateTestCase()
        : TestCase("certificates are verified by time, issuer and name, as the openssl command "
                   "does, and sign")
    {
    }

  private:
    void DoRun() override
    {
        Authority authority(3);
        Authority stranger(4);
        const auto key = authority.Issue(SERVER, 10 * YEAR);
        const auto& certificate = key.GetCertificate();
        const auto verdict = [&](const Authority& ca, const std::string& name, int64_t now) {
            return std::string(ToString(VerifyCertificate(authority.ctx,
                                                          certificate,
                                                          {ca.ca.GetCertificate()},
                                                          name,
                                                          now)));
        };
        NS_TEST_EXPECT_MSG_EQ(verdict(authority, SERVER, 0), "accepted", "now");
        NS_TEST_EXPECT_MSG_EQ(verdict(authority, "", 0), "accepted", "any name");
        NS_TEST_EXPECT_MSG_EQ(verdict(authority, SERVER, 11 * YEAR), "cert-expired", "late");
        NS_TEST_EXPECT_MSG_EQ(verdict(authority, SERVER, -2 * YEAR), "cert-expired", "early");
        NS_TEST_EXPECT_MSG_EQ(verdict(authority, CLIENT, 0), "cert-name-mismatch", "other");
        NS_TEST_EXPECT_MSG_EQ(verdict(stranger, SERVER, 0), "cert-unknown-ca", "stranger");
        NS_TEST_EXPECT_MSG_EQ(certificate.Name(), SERVER, "name");
        const auto host = authority.Issue("aaa.a.example");
        NS_TEST_EXPECT_MSG_EQ(host.GetCertificate().Name(), "aaa.a.example", "host name");

        const auto again = Certificate::FromDer(certificate.Der());
        NS_TEST_ASSERT_MSG_EQ(again.has_value(), true, "parsed");
        NS_TEST_EXPECT_MSG_EQ((again->KeyHash() == certificate.KeyHash()), true, "same key");
        const Bytes message{1, 2, 3};
        const auto signature = mis::Sign(authority.ctx, key, {message});
        NS_TEST_EXPECT_MSG_EQ(mis::Verify(authority.ctx, *again, {message}, signature),
                              true,
                              "signature");
        NS_TEST_EXPECT_MSG_EQ(
            mis::Verify(authority.ctx, host.GetCertificate(), {message}, signature),
            false,
            "of another");
        const auto back = SignatureFromDer(SignatureToDer(signature));
        NS_TEST_EXPECT_MSG_EQ((back && *back == signature), true, "DER and back");
        for (size_t size = 0; size < certificate.Der().size(); ++size)
        {
            const ByteView cut(certificate.Der().data(), size);
            NS_TEST_EXPECT_MSG_EQ(Certificate::FromDer(cut).has_value(), false, "cut");
        }
        const auto folder = CreateTempDirFilename("");
        std::ofstream(folder + "/ca.pem") << authority.ca.Pem();
        std::ofstream(folder + "/leaf.pem") << key.Pem();
        const auto result =
            RunCommand("openssl verify -attime 1577836900 -verify_email " + SERVER + " -CAfile '" +
                       folder + "/ca.pem' '" + folder + "/leaf.pem' 2>&1");
        NS_TEST_EXPECT_MSG_EQ(result.status, 0, result.output);
    }
};

/// TLS suite.
class TlsTestSuite : public TestSuite
{
  public:
    TlsTestSuite()
        : TestSuite("mis-tls", TestSuite::Type::UNIT)
    {
        AddTestCase(new CertificateTestCase);
        AddTestCase(new HandshakeTestCase);
        AddTestCase(new RepeatTestCase);
        AddTestCase(new StandAloneTestCase);
        AddTestCase(new FailureTestCase);
    }
};

TlsTestSuite g_tlsTestSuite; //!< the instance

} // namespace
