// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Sessions of TLS between two ends: handshakes, application data, counted work, and repetition.
 */
#include "mis-tls-test-helpers.h"

#include "ns3/test.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

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

/// Sessions of TLS.
class TlsTestSuite : public TestSuite
{
  public:
    TlsTestSuite()
        : TestSuite("mis-tls", TestSuite::Type::UNIT)
    {
        AddTestCase(new HandshakeTestCase);
        AddTestCase(new DataTestCase);
        AddTestCase(new WorkTestCase);
        AddTestCase(new RepeatTestCase);
    }
};

TlsTestSuite g_tlsTestSuite; //!< the instance

} // namespace
