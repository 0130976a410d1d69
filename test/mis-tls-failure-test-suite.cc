// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Sessions of TLS that fail: credentials that do not fit, flights cut, changed and made up.
 */
#include "mis-tls-test-helpers.h"

#include "ns3/test.h"

#include <optional>
#include <string>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

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

/// Failures of TLS.
class TlsFailureTestSuite : public TestSuite
{
  public:
    TlsFailureTestSuite()
        : TestSuite("mis-tls-failure", TestSuite::Type::UNIT)
    {
        AddTestCase(new FailureTestCase);
    }
};

TlsFailureTestSuite g_tlsFailureTestSuite; //!< the instance

} // namespace
