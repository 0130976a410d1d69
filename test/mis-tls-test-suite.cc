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

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
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

const std::vector<TlsVersion> VERSIONS{TlsVersion::TLS_1_2, TlsVersion::TLS_1_3};

std::string
NameOf(TlsVersion version)
{
    return version == TlsVersion::TLS_1_2 ? "1.2" : "1.3";
}

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

/// Exported keys, by an independent program.
class ExporterTestCase : public TestCase
{
  public:
    ExporterTestCase()
        : TestCase("exported keys are those that follow from the key log")
    {
    }

  private:
    /// What the program answers to some requests.
    std::vector<std::string> Compute(const std::vector<std::string>& requests)
    {
        std::string command =
            "python3 " + Quote(std::string(MIS_SOURCE_DIR) + "/test/check-tls-exporter.py");
        for (size_t i = 0; i < requests.size(); ++i)
        {
            command += (i == 0 ? " " : " , ") + requests[i];
        }
        const auto result = RunCommand(command);
        NS_TEST_EXPECT_MSG_EQ(result.status, 0, command);
        std::istringstream lines(result.output);
        std::vector<std::string> answers{std::istream_iterator<std::string>(lines), {}};
        NS_TEST_EXPECT_MSG_EQ(answers.size(), requests.size(), command);
        answers.resize(requests.size());
        return answers;
    }

    /// The secret in the line of the key log with this label.
    std::string SecretOf(const Pair& pair, const std::string& label)
    {
        for (const auto& line : pair.keyLog)
        {
            std::istringstream words(line);
            std::string first;
            std::string random;
            std::string secret;
            words >> first >> random >> secret;
            if (first == label)
            {
                const auto own = pair.client->ClientRandom();
                NS_TEST_EXPECT_MSG_EQ(random, ToHex(ByteView(own.data(), own.size())), label);
                return secret;
            }
        }
        return {};
    }

    void Compare(Pair pair)
    {
        pair.Run();
        NS_TEST_ASSERT_MSG_EQ((pair.server->State() == TlsState::ESTABLISHED), true, "handshake");
        const bool isNew = pair.clientSide.version == TlsVersion::TLS_1_3;
        const auto secret = SecretOf(pair, isNew ? "EXPORTER_SECRET" : "CLIENT_RANDOM");
        NS_TEST_ASSERT_MSG_EQ(secret.empty(), false, "the key log has the secret");
        const auto client = pair.client->ClientRandom();
        const auto server = pair.client->ServerRandom();
        NS_TEST_EXPECT_MSG_EQ((server == pair.server->ServerRandom()), true, "one random");
        const auto randoms = " " + ToHex(ByteView(client.data(), client.size())) + " " +
                             ToHex(ByteView(server.data(), server.size()));
        const Bytes octet{0x0d};
        const Bytes none;

        struct Case
        {
            std::string label;
            std::optional<ByteView> context;
            size_t size;
        };

        const std::vector<Case> cases{
            {"EXPORTER_EAP_TLS_Key_Material", ByteView(octet), 128},
            {"EXPORTER_EAP_TLS_Method-Id", ByteView(octet), 64},
            {"client EAP encryption", std::nullopt, 128},
            {"client EAP encryption", ByteView(none), 20},
        };
        std::vector<std::string> requests;
        for (const auto& [label, context, size] : cases)
        {
            requests.push_back(NameOf(pair.clientSide.version) + " " + secret + " " + Quote(label) +
                               " " + (context ? Quote(ToHex(*context)) : "-") + " " +
                               std::to_string(size) + (isNew ? "" : randoms));
        }
        const auto expected = Compute(requests);
        for (size_t i = 0; i < cases.size(); ++i)
        {
            for (auto* end : {pair.client.get(), pair.server.get()})
            {
                const auto key = end->Export(cases[i].label, cases[i].context, cases[i].size);
                NS_TEST_EXPECT_MSG_EQ(ToHex(ByteView(key.data(), key.size())),
                                      expected[i],
                                      cases[i].label);
            }
        }
    }

    void DoRun() override
    {
        // What hostapd derived from the secrets of its sessions.
        const auto known =
            Compute({"1.3 58171f7ee35fc143ab04991c70e57b71d7b963f63083f89231ad52fcea65bf65 "
                     "EXPORTER_EAP_TLS_Key_Material 0d 128",
                     "1.3 58171f7ee35fc143ab04991c70e57b71d7b963f63083f89231ad52fcea65bf65 "
                     "EXPORTER_EAP_TLS_Method-Id 0d 64",
                     "1.2 df079b4e8e30c7a7f726fb82e07e0919baf1c54d8676763b472f8d5646593d81"
                     "2b08da512c2eb07a3b4ed90a8d85f8d0 'client EAP encryption' - 128 "
                     "0ed5f91326235d9534a839fa744888c396357be266fa353e335672baf255b28d "
                     "5256dbe368cc1f50080747cf2a4f6f33e6beb6b792e62f454767c2bae6847410"});
        NS_TEST_EXPECT_MSG_EQ(known[0],
                              "88544b63a20f0a0695ff5624e9d29ed5472f52adf573501ee947c847d54f7bb4"
                              "7d2c6000ce4fa251b188cc24937696de11e123655af061fd1a7131532918441a"
                              "513a68a51aaab8d8c2660eb1ed380f9e83fe5ebfea7a094b15a59bc4171b850e"
                              "93169de1a2ca49eb654b6b8d1f559274bf5aacc2a0550798dc290e62b187e4eb",
                              "TLS 1.3");
        NS_TEST_EXPECT_MSG_EQ(known[1],
                              "5bab83829a704d29439aa1abd1fbbc72c5755473d63eeef837e4aa4bd1254fce"
                              "046ad9605cdd06ca33d1e6b8acc46a74b7ba7e650d50deac7525ba7d03aa2e53",
                              "TLS 1.3, identifier");
        NS_TEST_EXPECT_MSG_EQ(known[2],
                              "b5847eff43aeb8ee7853bf53655987ca7f8178fde52b6b864c3ba3db9c017b60"
                              "79831d768c88d30a1ef7aa71221eaa177a95273775ecb4727ce6953acd53551c"
                              "466122ce9365fd38fec95d97fcf666e88c574f01a04f3c98e8e10a50685058cb"
                              "e9a9cff637c8a1951061b8bd1b4bf7a1527cf1fa46eb22b3f5922d6b66d923ea",
                              "TLS 1.2");
        Authority authority(1);
        for (const auto version : VERSIONS)
        {
            Compare(Pair::WithCertificates(version, authority));
            Compare(Pair::WithPsk(version));
        }
    }
};

/// Application data.
class DataTestCase : public TestCase
{
  public:
    DataTestCase()
        : TestCase("data of any size and cut anywhere arrives, and the end of a session too")
    {
    }

  private:
    void Check(Pair pair, size_t growth, size_t closing, const std::string& what)
    {
        pair.Run();
        auto& client = *pair.client;
        auto& server = *pair.server;
        NS_TEST_ASSERT_MSG_EQ((server.State() == TlsState::ESTABLISHED), true, what);
        RepeatableSource random(4);
        Bytes reply;
        for (const size_t size : {1, 100, 1000, 16384, 40000})
        {
            Bytes data(size);
            random.Fill(data.data(), size);
            const auto records = client.Seal(data);
            if (growth != 0)
            {
                NS_TEST_EXPECT_MSG_EQ(records.size(),
                                      size + growth * ((size + 16383) / 16384),
                                      what << ", " << size);
            }
            SecretOctets plain;
            for (size_t at = 0; at < records.size();)
            {
                const size_t step = std::min<size_t>(1 + random.Below(size), records.size() - at);
                NS_TEST_EXPECT_MSG_EQ(
                    server.Open(ByteView(records.data() + at, step), plain, reply),
                    true,
                    what);
                at += step;
            }
            NS_TEST_EXPECT_MSG_EQ((Bytes(plain.begin(), plain.end()) == data), true, what);
        }
        NS_TEST_EXPECT_MSG_EQ(client.Seal({}).size(), 0u, what << ", no data");
        // Several records at once, the last of which says that no more follow.
        auto records = server.Seal(Bytes(5, 1));
        for (const auto& more : {server.Seal(Bytes(6, 2)), server.Close()})
        {
            records.insert(records.end(), more.begin(), more.end());
        }
        SecretOctets plain;
        NS_TEST_EXPECT_MSG_EQ(client.Open(records, plain, reply), true, what);
        NS_TEST_EXPECT_MSG_EQ(plain.size(), 11u, what);
        NS_TEST_EXPECT_MSG_EQ((client.State() == TlsState::CLOSED), true, what);
        NS_TEST_EXPECT_MSG_EQ((client.Outcome() == TlsOutcome::SUCCESS), true, what);
        auto again = Pair::LikeOf(pair);
        again.Run();
        NS_TEST_EXPECT_MSG_EQ(again.server->Close().size(), closing, what << ", close_notify");
        NS_TEST_EXPECT_MSG_EQ(again.server->Seal(Bytes(5, 1)).size(), 0u, what << ", closed");
        // A record that comes twice is not authentic the second time.
        again = Pair::LikeOf(pair);
        again.Run();
        const auto twice = again.client->Seal(Bytes(5, 1));
        plain.clear();
        NS_TEST_EXPECT_MSG_EQ(again.server->Open(twice, plain, reply), true, what);
        NS_TEST_EXPECT_MSG_EQ(again.server->Open(twice, plain, reply), false, what << ", replayed");
        NS_TEST_EXPECT_MSG_EQ(plain.size(), 5u, what << ", replayed");
    }

    /// Data right behind the last flight of the handshake waits until it is asked for.
    void Early(Pair pair, const std::string& what)
    {
        pair.Make();
        auto* sender = pair.client.get();
        auto* receiver = pair.server.get();
        Bytes flight;
        for (int i = 0; i < 4 && receiver->State() == TlsState::HANDSHAKING; ++i)
        {
            flight = sender->Step(flight);
            std::swap(sender, receiver);
        }
        // The other one has just sent its last flight.
        const auto data = receiver->Seal(Bytes(5, 9));
        NS_TEST_EXPECT_MSG_EQ(data.empty(), false, what);
        flight.insert(flight.end(), data.begin(), data.end());
        sender->Step(flight);
        SecretOctets plain;
        Bytes reply;
        NS_TEST_EXPECT_MSG_EQ(sender->Open({}, plain, reply), true, what);
        NS_TEST_EXPECT_MSG_EQ(plain.size(), 5u, what);
    }

    /// A handshake whose octets arrive one by one.
    void Slowly(Pair pair, const std::string& what)
    {
        pair.Make();
        Bytes toServer = pair.client->Step({});
        Bytes toClient;
        const auto deliver = [](Bytes& octets, TlsSession& to, Bytes& answer) {
            for (const auto octet : octets)
            {
                const auto some = to.Step(ByteView(&octet, 1));
                answer.insert(answer.end(), some.begin(), some.end());
            }
            octets.clear();
        };
        while (!toServer.empty())
        {
            deliver(toServer, *pair.server, toClient);
            deliver(toClient, *pair.client, toServer);
        }
        NS_TEST_EXPECT_MSG_EQ((pair.client->State() == TlsState::ESTABLISHED), true, what);
        NS_TEST_EXPECT_MSG_EQ((pair.server->State() == TlsState::ESTABLISHED), true, what);
        auto atOnce = Pair::LikeOf(pair);
        atOnce.Run();
        NS_TEST_EXPECT_MSG_EQ((pair.client->Export("x", std::nullopt, 32) ==
                               atOnce.server->Export("x", std::nullopt, 32)),
                              true,
                              what << ": as in one piece");
        NS_TEST_EXPECT_MSG_EQ(pair.server->Sent(), atOnce.server->Sent(), what);
        NS_TEST_EXPECT_MSG_EQ(pair.client->Sent(), atOnce.server->Received(), what);
    }

    void DoRun() override
    {
        Authority authority(1);
        for (const auto version : VERSIONS)
        {
            const bool isNew = version == TlsVersion::TLS_1_3;
            const auto certificates = Pair::WithCertificates(version, authority);
            Early(Pair::LikeOf(certificates), NameOf(version));
            Early(Pair::WithPsk(version), NameOf(version) + " key");
            Slowly(Pair::LikeOf(certificates), NameOf(version));
            Slowly(Pair::WithPsk(version), NameOf(version) + " key");
            Check(Pair::LikeOf(certificates), isNew ? 22 : 29, isNew ? 24 : 31, NameOf(version));
            Check(Pair::WithPsk(version),
                  isNew ? 22 : 0,
                  isNew ? 24 : 69,
                  NameOf(version) + " key");
        }
    }
};

/// What is counted.
class WorkTestCase : public TestCase
{
  public:
    WorkTestCase()
        : TestCase("each end counts the work that messages, key schedule and protected records ask "
                   "of it")
    {
    }

  private:
    /// Sizes of the protected records of all flights.
    static std::vector<size_t> ProtectedOf(const Pair& pair)
    {
        std::vector<size_t> sizes;
        bool isChanged[2] = {false, false};
        for (size_t i = 0; i < pair.flights.size(); ++i)
        {
            for (const auto& [type, size] : RecordsOf(pair.flights[i]))
            {
                if (pair.clientSide.version == TlsVersion::TLS_1_3 ? type == 23 : isChanged[i % 2])
                {
                    sizes.push_back(size);
                }
                isChanged[i % 2] = isChanged[i % 2] || type == 20;
            }
        }
        return sizes;
    }

    void Check(Pair pair, const std::string& what)
    {
        pair.Run();
        const bool isNew = pair.clientSide.version == TlsVersion::TLS_1_3;
        const bool withPsk = pair.clientSide.UsesPsk();
        const bool isMutual = !withPsk && pair.clientSide.credential;
        const auto records = ProtectedOf(pair);
        size_t gcm = 0;
        size_t cbc = 0;
        for (const auto size : records)
        {
            gcm += isNew ? size - 16 + 5 : size - 24 + 13;
            cbc += size - 16 - 32;
        }
        // Early, handshake, master secret with what lies between: 5. Traffic secrets: 4. Their keys
        // and vectors: 8. Keys of Finished: 2. Exporter and resumption: 2. Finished: 2.
        unsigned hmacs = 23;
        if (isNew && withPsk)
        {
            hmacs += 3;
        }
        if (!isNew)
        {
            // Master secret 48 octets, keys 40 or 96, two Finished of 12 each; 2 HMACs for 32
            // octets.
            hmacs = 4 + (withPsk ? 6 : 4) + 2 * 2;
            hmacs += withPsk ? records.size() : 0;
        }
        for (auto* node : {pair.clientNode.get(), pair.serverNode.get()})
        {
            const bool isServer = node == pair.serverNode.get();
            const auto name = what + (isServer ? ", server" : ", client");
            const auto& counter = node->ctx.Counter();
            NS_TEST_EXPECT_MSG_EQ(counter.Calls(CryptoOperation::X25519_KEYGEN), 1u, name);
            NS_TEST_EXPECT_MSG_EQ(counter.Calls(CryptoOperation::X25519_DERIVE), 1u, name);
            const unsigned signatures = !withPsk && (isMutual || isServer) ? 1 : 0;
            NS_TEST_EXPECT_MSG_EQ(counter.Calls(CryptoOperation::ECDSA_SIGN), signatures, name);
            // The other end's certificate and what it has signed.
            const unsigned verified = !withPsk && (isMutual || !isServer) ? 2 : 0;
            NS_TEST_EXPECT_MSG_EQ(counter.Calls(CryptoOperation::ECDSA_VERIFY), verified, name);
            NS_TEST_EXPECT_MSG_EQ(counter.Calls(CryptoOperation::HMAC_SHA256), hmacs, name);
            const bool isCbc = !isNew && withPsk;
            NS_TEST_EXPECT_MSG_EQ(counter.Calls(CryptoOperation::AES_GCM),
                                  (isCbc ? 0 : records.size()),
                                  name);
            NS_TEST_EXPECT_MSG_EQ(counter.Octets(CryptoOperation::AES_GCM),
                                  (isCbc ? 0 : gcm),
                                  name);
            NS_TEST_EXPECT_MSG_EQ(counter.Octets(CryptoOperation::AES_CBC),
                                  (isCbc ? cbc : 0),
                                  name);
            NS_TEST_EXPECT_MSG_EQ(counter.Calls(CryptoOperation::ECDSA_KEYGEN), 0u, name);
        }
        // Data costs one operation at each end.
        auto& sender = pair.clientNode->ctx.Counter();
        auto& receiver = pair.serverNode->ctx.Counter();
        sender.Clear();
        receiver.Clear();
        SecretOctets plain;
        Bytes reply;
        pair.server->Open(pair.client->Seal(Bytes(100, 7)), plain, reply);
        const auto operation =
            !isNew && withPsk ? CryptoOperation::AES_CBC : CryptoOperation::AES_GCM;
        for (const auto* counter : {&sender, &receiver})
        {
            NS_TEST_EXPECT_MSG_EQ(counter->Calls(operation), 1u, what << ", data");
            NS_TEST_EXPECT_MSG_EQ(
                (counter->Octets(operation) >= 100 && counter->Octets(operation) <= 116),
                true,
                what << ", data");
        }
        // The seed of the session is its only draw, whatever OpenSSL asks for.
        NS_TEST_EXPECT_MSG_EQ(sender.Calls(CryptoOperation::RANDOM), 0u, what);
    }

    void DoRun() override
    {
        Authority authority(1);
        for (const auto version : VERSIONS)
        {
            Check(Pair::WithCertificates(version, authority), NameOf(version) + " mutual");
            Check(Pair::WithPsk(version), NameOf(version) + " key");
            auto pair = Pair::WithCertificates(version, authority);
            pair.serverSide.wantsCertificate = false;
            pair.clientSide.credential.reset();
            pair.clientName.clear();
            Check(std::move(pair), NameOf(version) + " server only");
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
        Crowd(one);
    }

    /// Many sessions of all kinds, a flight of each in turn.
    void Crowd(Authority& authority)
    {
        const std::vector<Pair> kinds = [&] {
            std::vector<Pair> all;
            for (const auto version : VERSIONS)
            {
                all.push_back(Pair::WithCertificates(version, authority));
                all.push_back(Pair::WithPsk(version));
            }
            return all;
        }();
        const size_t count = 200;
        std::vector<Pair> crowd;
        crowd.reserve(count); // ends hold the address of their pair
        for (size_t i = 0; i < count; ++i)
        {
            crowd.push_back(Pair::LikeOf(kinds[i % kinds.size()]));
            crowd.back().seed = 100 + i;
            crowd.back().Make();
        }
        bool more = true;
        while (more)
        {
            more = false;
            for (auto& pair : crowd)
            {
                more = pair.Step() || more;
            }
        }
        for (size_t i = 0; i < count; ++i)
        {
            auto alone = Pair::LikeOf(kinds[i % kinds.size()]);
            alone.seed = 100 + i;
            alone.Run();
            NS_TEST_EXPECT_MSG_EQ((alone.flights == crowd[i].flights), true, "session " << i);
            NS_TEST_EXPECT_MSG_EQ((crowd[i].server->State() == TlsState::ESTABLISHED),
                                  true,
                                  "session " << i);
        }
    }
};

/// Which of the records of a client (0) or server (1) has a signature of the handshake.
size_t
SignedRecord(const std::string& version, int end)
{
    if (version == "1.2")
    {
        return end == 0
                   ? 3
                   : 2; // ClientHello, Certificate, ClientKeyExchange; ServerHello, Certificate
    }
    return end == 0
               ? 2
               : 4; // ClientHello, Certificate; .., EncryptedExtensions, CertificateRequest, ..
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
                // Two DER signatures of one key may differ by up to 3 octets.
                const bool hasSignature = kind != "psk" && i == SignedRecord(version, end);
                NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(ours[end][i].second),
                                          static_cast<double>(theirs[end][i].second),
                                          (hasSignature ? 3.5 : 0.5),
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
            const Pair kept = Pair::LikeOf(pair);
            Compare(std::move(pair), "cert");
            auto chain = Pair::LikeOf(kept);
            chain.clientSide.sendsAuthority = true;
            chain.serverSide.sendsAuthority = true;
            Compare(std::move(chain), "chain");
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
    /// The alert that ends a handshake (RFC 8446, section 6.2); 0 for one that is encrypted.
    static unsigned AlertOf(const Pair& pair)
    {
        const auto& last = pair.flights.back();
        if (last.size() == 7 && last[0] == 21)
        {
            return last[6];
        }
        return last.size() == 24 && last[0] == 23 ? 0 : 1000;
    }

    void Expect(Pair& pair,
                TlsOutcome atClient,
                TlsOutcome atServer,
                unsigned alert,
                const std::string& what)
    {
        pair.Run();
        const auto name = NameOf(pair.clientSide.version) + ": " + what;
        NS_TEST_EXPECT_MSG_EQ(ToString(pair.client->Outcome()),
                              std::string(ToString(atClient)),
                              name << ", client");
        NS_TEST_EXPECT_MSG_EQ(ToString(pair.server->Outcome()),
                              std::string(ToString(atServer)),
                              name << ", server");
        NS_TEST_EXPECT_MSG_EQ(AlertOf(pair), alert, name);
        for (auto* end : {pair.client.get(), pair.server.get()})
        {
            NS_TEST_EXPECT_MSG_EQ((end->State() == TlsState::FAILED), true, name);
            NS_TEST_EXPECT_MSG_EQ(end->IsConfirmed(), false, name);
            // Nothing goes on, and nothing is given away.
            SecretOctets plain;
            Bytes reply;
            NS_TEST_EXPECT_MSG_EQ(end->Step(pair.flights.front()).size(), 0u, name);
            NS_TEST_EXPECT_MSG_EQ(end->Seal(Bytes(3, 1)).size(), 0u, name);
            NS_TEST_EXPECT_MSG_EQ(end->Open(pair.flights.back(), plain, reply), false, name);
            NS_TEST_EXPECT_MSG_EQ(end->Export("x", std::nullopt, 16).size(), 0u, name);
        }
    }

    void DoRun() override
    {
        Authority authority(1);
        Authority stranger(2);
        for (const auto version : VERSIONS)
        {
            const bool isNew = version == TlsVersion::TLS_1_3;
            // A server of TLS 1.3 has keys when it judges the client.
            const auto ofServer = [isNew](unsigned alert) { return isNew ? 0 : alert; };
            const auto good = [&] { return Pair::WithCertificates(version, authority); };
            const auto both =
                [&](Pair& pair, TlsOutcome outcome, unsigned alert, const std::string& what) {
                    Expect(pair, outcome, outcome, alert, what);
                };
            auto pair = good();
            pair.serverSide.credential = authority.Issue(SERVER, 0);
            pair.nowNs = 2000000000;
            both(pair, TlsOutcome::CERT_EXPIRED, 45, "server expired");
            pair = good();
            pair.clientSide.credential = authority.Issue(CLIENT, 0);
            pair.nowNs = 2000000000;
            both(pair, TlsOutcome::CERT_EXPIRED, ofServer(45), "client expired");
            pair = good();
            pair.serverSide.credential = stranger.Issue(SERVER);
            both(pair, TlsOutcome::CERT_UNKNOWN_CA, 48, "server CA");
            pair = good();
            pair.clientSide.credential = stranger.Issue(CLIENT);
            both(pair, TlsOutcome::CERT_UNKNOWN_CA, ofServer(48), "client CA");
            pair = good();
            pair.serverName = "tpos@b.example";
            both(pair, TlsOutcome::CERT_NAME_MISMATCH, 42, "server name");
            pair = good();
            pair.clientName = "mn2@a.example";
            both(pair, TlsOutcome::CERT_NAME_MISMATCH, ofServer(42), "client name");
            pair = good();
            pair.clientSide.credential.reset();
            both(pair, TlsOutcome::CERT_MISSING, ofServer(40), "no certificate");
            pair = Pair::WithPsk(version);
            pair.clientSide.psk = Psk(1);
            both(pair, TlsOutcome::PSK_MISMATCH, isNew ? 47 : 20, "other key");
            pair = Pair::WithPsk(version);
            pair.clientSide.pskIdentity = "mn9@a.example";
            both(pair, TlsOutcome::PSK_UNKNOWN, isNew ? 40 : 115, "other identity");
            pair = good();
            pair.serverSide.version = isNew ? TlsVersion::TLS_1_2 : TlsVersion::TLS_1_3;
            both(pair, TlsOutcome::NO_COMMON_SUITE, 70, "version");
            MixedKinds(version, authority);
            Garbage(version, authority);
        }
        Tamper(authority);
    }

    /// Octets that are no TLS, in place of the first flight.
    void Garbage(TlsVersion version, Authority& authority)
    {
        RepeatableSource random(3);
        auto pair = Pair::WithCertificates(version, authority);
        for (int trial = 0; trial < 60; ++trial)
        {
            pair.Make();
            Bytes octets(11 + random.Below(300));
            random.Fill(octets.data(), octets.size());
            if (trial % 2 == 0)
            {
                // A record of the right form, around what is no ClientHello.
                octets[0] = 22;
                octets[1] = 3;
                octets[2] = 1;
                octets[3] = static_cast<uint8_t>((octets.size() - 5) >> 8);
                octets[4] = static_cast<uint8_t>(octets.size() - 5);
            }
            else
            {
                octets[0] |= 0x40; // no type of a record, nor the old ClientHello
                octets[1] = 0;
            }
            auto& end = trial % 4 < 2 ? *pair.server : *pair.client;
            end.Step({});
            end.Step(octets);
            NS_TEST_EXPECT_MSG_EQ((end.State() == TlsState::FAILED), true, "trial " << trial);
            NS_TEST_EXPECT_MSG_EQ(ToString(end.Outcome()),
                                  std::string("malformed"),
                                  "trial " << trial);
        }
    }

    /// One end with a pre-shared key, the other with certificates.
    void MixedKinds(TlsVersion version, Authority& authority)
    {
        const bool isNew = version == TlsVersion::TLS_1_3;
        // In TLS 1.3 such a server can answer without the key.
        auto pair = Pair::WithPsk(version);
        pair.serverSide = Pair::WithCertificates(version, authority).serverSide;
        pair.serverSide.wantsCertificate = false;
        Expect(pair,
               isNew ? TlsOutcome::PSK_UNKNOWN : TlsOutcome::NO_COMMON_SUITE,
               isNew ? TlsOutcome::CERT_UNKNOWN_CA : TlsOutcome::NO_COMMON_SUITE,
               isNew ? 48 : 40,
               "key at the client, certificate at the server");
        NS_TEST_EXPECT_MSG_EQ(pair.client->PeerName(), "", NameOf(version));
        pair = Pair::WithPsk(version);
        pair.clientSide = Pair::WithCertificates(version, authority).clientSide;
        Expect(pair,
               TlsOutcome::NO_COMMON_SUITE,
               TlsOutcome::NO_COMMON_SUITE,
               40,
               "certificate at the client, key at the server");
    }

    /// What Tamper() does to a flight.
    enum class Damage
    {
        CUT,
        FLIP
    };

    /// One flight damaged at one octet: the handshake does not succeed at both ends.
    void Damaged(const Pair& kind, Damage damage, size_t which, size_t at)
    {
        auto pair = Pair::LikeOf(kind);
        // Octets 1 and 2 of the first record are a version that receivers may ignore.
        bool isIgnored = false;
        pair.onFlight = [&](size_t i, Bytes& flight) {
            if (i != which || at >= flight.size())
            {
                return;
            }
            if (damage == Damage::CUT)
            {
                flight.resize(at);
                return;
            }
            size_t start = 0;
            while (start + 5 <= at &&
                   start + 5 + (flight[start + 3] << 8 | flight[start + 4]) <= at)
            {
                start += 5 + (flight[start + 3] << 8 | flight[start + 4]);
            }
            isIgnored = at - start == 1 || at - start == 2;
            flight[at] ^= 1 << (at % 8);
        };
        pair.Run();
        const auto name = NameOf(pair.clientSide.version) +
                          (damage == Damage::CUT ? ": cut flight " : ": changed flight ") +
                          std::to_string(which) + " at octet " + std::to_string(at);
        const auto& client = *pair.client;
        const auto& server = *pair.server;
        const bool isDone =
            client.State() == TlsState::ESTABLISHED && server.State() == TlsState::ESTABLISHED;
        NS_TEST_EXPECT_MSG_EQ((isDone && !isIgnored), false, name);
        // A flight that is cut leaves its receiver waiting, a changed length may too.
        const auto& receiver = which % 2 == 0 ? server : client;
        NS_TEST_EXPECT_MSG_EQ((damage == Damage::CUT && receiver.State() != TlsState::HANDSHAKING),
                              false,
                              name << ", receiver");
        for (const auto* end : {&client, &server})
        {
            const bool hasEnded = end->State() != TlsState::HANDSHAKING;
            NS_TEST_EXPECT_MSG_EQ((end->Outcome() != TlsOutcome::NONE), hasEnded, name);
            NS_TEST_EXPECT_MSG_EQ((end->State() == TlsState::FAILED &&
                                   (end->IsConfirmed() || end->Outcome() == TlsOutcome::SUCCESS)),
                                  false,
                                  name);
        }
    }

    /// Damage to each flight of each kind of handshake.
    void Tamper(Authority& authority)
    {
        for (const auto version : VERSIONS)
        {
            for (auto* make :
                 {+[](TlsVersion v, Authority&a) { return Pair::WithCertificates(v, a); },
                  +[](TlsVersion v, Authority&) { return Pair::WithPsk(v); }})
            {
                auto reference = make(version, authority);
                reference.Run();
                for (size_t which = 0; which < reference.flights.size(); ++which)
                {
                    const size_t size = reference.flights[which].size();
                    for (size_t at = which; at < size; at += 7)
                    {
                        Damaged(reference, Damage::FLIP, which, at);
                    }
                    for (size_t at = 1; at < size; at += 61)
                    {
                        Damaged(reference, Damage::CUT, which, at);
                    }
                }
            }
        }
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
        const auto ofName = [&](const Certificate& of, const std::string& name) {
            return std::string(ToString(
                VerifyCertificate(authority.ctx, of, {authority.ca.GetCertificate()}, name, 0)));
        };
        NS_TEST_EXPECT_MSG_EQ(ofName(host.GetCertificate(), "aaa.a.example"), "accepted", "host");
        NS_TEST_EXPECT_MSG_EQ(ofName(host.GetCertificate(), "aaa.b.example"),
                              "cert-name-mismatch",
                              "other host");
        // One name stays one name, whatever is in it.
        const auto two = authority.Issue("aaa.a.example,DNS:aaa.b.example");
        NS_TEST_EXPECT_MSG_EQ(ofName(two.GetCertificate(), "aaa.b.example"),
                              "cert-name-mismatch",
                              "name with a comma");
        // A common name is no name.
        NS_TEST_EXPECT_MSG_EQ(ofName(authority.ca.GetCertificate(), "test CA 3"),
                              "cert-name-mismatch",
                              "common name");
        // Before instant 0 too.
        NS_TEST_EXPECT_MSG_EQ(verdict(authority, SERVER, -YEAR / 2), "accepted", "before 0");

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
        // Any octet changed: read as something else or not at all, and never believed.
        for (size_t at = 0; at < certificate.Der().size(); ++at)
        {
            auto changed = certificate.Der();
            changed[at] ^= 1 << (at % 8);
            const auto other = Certificate::FromDer(changed);
            NS_TEST_EXPECT_MSG_EQ((other && ofName(*other, SERVER) == "accepted"),
                                  false,
                                  "octet " << at);
        }
        const auto folder = CreateTempDirFilename("");
        std::ofstream(folder + "/ca.pem") << authority.ca.Pem();
        std::ofstream(folder + "/leaf.pem") << key.Pem();
        const auto result =
            RunCommand("openssl verify -attime 1577836900 -verify_email " + SERVER + " -CAfile '" +
                       folder + "/ca.pem' '" + folder + "/leaf.pem' 2>&1");
        NS_TEST_EXPECT_MSG_EQ(result.status, 0, result.output);
        const auto hash = RunCommand("openssl x509 -in " + Quote(folder + "/leaf.pem") +
                                     " -noout -pubkey | openssl pkey -pubin -outform DER | "
                                     "openssl dgst -sha1 -r");
        NS_TEST_EXPECT_MSG_EQ(hash.output.substr(0, 40),
                              ToHex(ByteView(certificate.KeyHash().data(), 20)),
                              "hash of the key");
        // Another curve of 256 bits.
        const auto curve = RunCommand("openssl req -x509 -newkey ec -pkeyopt "
                                      "ec_paramgen_curve:secp256k1 -nodes -keyout /dev/null "
                                      "-subj /CN=x -outform DER 2>/dev/null");
        NS_TEST_EXPECT_MSG_EQ((curve.output.size() > 200), true, "made");
        const Bytes der(curve.output.begin(), curve.output.end());
        NS_TEST_EXPECT_MSG_EQ(Certificate::FromDer(der).has_value(), false, "secp256k1");
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
        AddTestCase(new DataTestCase);
        AddTestCase(new ExporterTestCase);
        AddTestCase(new WorkTestCase);
        AddTestCase(new RepeatTestCase);
        AddTestCase(new StandAloneTestCase);
        AddTestCase(new FailureTestCase);
    }
};

TlsTestSuite g_tlsTestSuite; //!< the instance

} // namespace
