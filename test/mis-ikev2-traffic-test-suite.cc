// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Trust between points of service by IKEv2 and ESP: lifetimes, collisions and attacks.
 */
#include "mis-n2n-test-helpers.h"

#include "ns3/mis-protected-pdu.h"
#include "ns3/test.h"

#include <map>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

using IkeScenario = N2nScenario<Ikev2Establishment>;

constexpr uint16_t IKE = 500;

/// Counts events by node and kind, and reasons of drops.
struct Counts
{
    explicit Counts(IkeScenario& scenario)
    {
        scenario.establishment->TraceConnectWithoutContext("Event",
                                                           MakeCallback(&Counts::OnEvent, this));
        scenario.establishment->TraceConnectWithoutContext("Drop",
                                                           MakeCallback(&Counts::OnDrop, this));
    }

    void OnEvent(const Ikev2Report& report)
    {
        ++events[report.local.Get() + " " + ToString(report.kind)];
        outcomes[report.local.Get() + " " + ToString(report.kind)] = report.outcome;
    }

    void OnDrop(const MisfId& local, const std::string& protocol, const std::string& reason)
    {
        ++drops[local.Get() + " " + protocol + " " + reason];
    }

    size_t Both(const std::string& kind)
    {
        return events[N2N_SPOS + " " + kind] + events[N2N_TPOS + " " + kind];
    }

    std::map<std::string, size_t> events;
    std::map<std::string, std::string> outcomes;
    std::map<std::string, size_t> drops;
};

/// Idle, in use, expired, rekeyed, deleted.
class LifetimeTestCase : public TestCase
{
  public:
    LifetimeTestCase()
        : TestCase("an SA that is not rekeyed expires and the next message makes another; rekeys "
                   "of both kinds, by either end, lose no message, not even if each of their "
                   "messages is lost once")
    {
    }

  private:
    void DoRun() override
    {
        CheckIdle();
        CheckDeleted();
        const size_t messages = CheckRekeys(SIZE_MAX);
        NS_TEST_ASSERT_MSG_EQ((messages > 12), true, "messages of rekeys");
        for (size_t lost = 4; lost < 20; ++lost)
        {
            CheckRekeys(lost);
        }
    }

    void CheckIdle()
    {
        IkeScenario scenario("Lifetime=10s");
        scenario.Make();
        scenario.Answer();
        Counts counts(scenario);
        scenario.Establish(Seconds(1));
        scenario.Exchange(Seconds(2));
        Scenario::At(Seconds(10), [&] {
            NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "1 1", "idle");
            NS_TEST_EXPECT_MSG_EQ(counts.Both("child-sa-down"), 0u, "idle");
        });
        Scenario::At(Seconds(12), [&] {
            NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "0 0", "expired");
            NS_TEST_EXPECT_MSG_EQ(counts.outcomes[N2N_SPOS + " child-sa-down"], "expired", "why");
            NS_TEST_EXPECT_MSG_EQ(counts.outcomes[N2N_TPOS + " child-sa-down"], "expired", "why");
        });
        scenario.Exchange(Seconds(13)); // nothing to protect it with
        scenario.Establish(Seconds(14));
        scenario.Exchange(Seconds(15));
        // At the instant of the end there is none any more, but another can be had.
        const Time end = Seconds(24) + NanoSeconds(4 * IkeScenario::DELAY_NS);
        scenario.Establish(end + NanoSeconds(1));
        scenario.Exchange(end + Seconds(1));
        Scenario::Run(Seconds(30));
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 3u, "under SAs");
        NS_TEST_EXPECT_MSG_EQ(scenario.failures, 1u, "without");
        NS_TEST_EXPECT_MSG_EQ(scenario.established.size(), 3u, "made when needed");
        for (const auto& report : scenario.established)
        {
            NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", "made");
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "1 1", "again");
    }

    void CheckDeleted()
    {
        IkeScenario scenario;
        scenario.Make();
        scenario.Answer();
        scenario.Establish(Seconds(1));
        Scenario::At(Seconds(2), [&] {
            scenario.establishment->GetTransport(*scenario.MisfOf(1))->Delete(MisfId(N2N_SPOS));
        });
        Scenario::At(Seconds(3), [&] {
            NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "0 0", "deleted");
            NS_TEST_EXPECT_MSG_EQ(
                scenario.establishment->GetTransport(*scenario.MisfOf(1))->CountIkeSas(),
                0u,
                "deleted");
        });
        scenario.Establish(Seconds(4), 1);
        scenario.Exchange(Seconds(5));
        Scenario::Run(Seconds(30));
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 1u, "made by the other end");
    }

    /// Returns the number of messages of IKEv2.
    size_t CheckRekeys(size_t lost)
    {
        const auto what = "lost " + std::to_string(lost);
        IkeScenario scenario("Lifetime=8s|RenewBefore=4s|IkeLifetime=14s");
        scenario.Make();
        scenario.Answer();
        Counts counts(scenario);
        size_t count = 0;
        scenario.lose = [&](const SeenPacket& packet) {
            return IkeScenario::IsTo(packet, IKE) && count++ == lost;
        };
        scenario.Establish(Seconds(1));
        constexpr size_t EXCHANGES = 2 * 1400;
        for (size_t i = 0; i < EXCHANGES; ++i)
        {
            scenario.Exchange(Seconds(2) + MilliSeconds(10 * static_cast<int64_t>(i / 2)), i % 2);
        }
        Scenario::Run(Seconds(17));
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, EXCHANGES, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.failures, 0u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.requests, EXCHANGES, what);
        NS_TEST_EXPECT_MSG_EQ(counts.drops.size(), 0u, what << ": no packet without an SA");
        NS_TEST_EXPECT_MSG_EQ((counts.Both("child-sa-rekeyed") >= 6), true, what);
        NS_TEST_EXPECT_MSG_EQ((counts.Both("ike-sa-rekeyed") >= 2), true, what);
        NS_TEST_EXPECT_MSG_EQ(counts.Both("ike-sa-down"), 0u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.established.size(), 1u, what);
        size_t retransmissions = 0;
        for (const auto& frame : scenario.frames)
        {
            retransmissions += frame.isTx;
        }
        // A request, the answer to it that acknowledges it: nothing was repeated.
        NS_TEST_EXPECT_MSG_EQ(retransmissions, 2 * EXCHANGES, what);
        return count;
    }
};

/// Both ends at the same time.
class CollisionTestCase : public TestCase
{
  public:
    CollisionTestCase()
        : TestCase("if both ends begin at the same time one IKE SA is left, and both rekeying at "
                   "the same time lose nothing")
    {
    }

  private:
    void DoRun() override
    {
        for (int64_t shiftNs = 0; shiftNs <= 5 * IkeScenario::DELAY_NS;
             shiftNs += IkeScenario::DELAY_NS / 2)
        {
            Check(shiftNs);
        }
    }

    void Check(int64_t shiftNs)
    {
        const auto what = std::to_string(shiftNs);
        IkeScenario scenario;
        scenario.Make();
        scenario.Answer();
        Counts counts(scenario);
        scenario.Establish(Seconds(1), 0);
        scenario.Establish(Seconds(1) + NanoSeconds(shiftNs), 1);
        // From the first instant at which there is an SA.
        for (int64_t ms = 49; ms < 200; ++ms)
        {
            scenario.Exchange(Seconds(1) + NanoSeconds(shiftNs) + MilliSeconds(ms), 0);
            scenario.Exchange(Seconds(1) + NanoSeconds(shiftNs) + MilliSeconds(ms), 1);
        }
        Scenario::At(Seconds(3), [&] {
            for (size_t i = 0; i < 2; ++i)
            {
                const auto transport = scenario.establishment->GetTransport(*scenario.MisfOf(i));
                const MisfId peer(i == 0 ? N2N_TPOS : N2N_SPOS);
                transport->RekeyChildren(peer);
                transport->Rekey(peer);
            }
        });
        for (int64_t ms = 0; ms < 300; ++ms)
        {
            scenario.Exchange(Seconds(3) + MilliSeconds(ms), 0);
            scenario.Exchange(Seconds(3) + MilliSeconds(ms), 1);
        }
        // Until an answer to its last request could be repeated, an end keeps an IKE SA.
        Scenario::At(Seconds(59), [&] {
            for (size_t i = 0; i < 2; ++i)
            {
                NS_TEST_EXPECT_MSG_EQ(
                    scenario.establishment->GetTransport(*scenario.MisfOf(i))->CountIkeSas(),
                    1u,
                    what << ": one is left");
            }
        });
        Scenario::Run(Seconds(60));
        NS_TEST_ASSERT_MSG_EQ(scenario.ends.size(), 2u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.ends[0] + scenario.ends[1], "", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "1 1", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 2u * 151 + 2u * 300, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.failures, 0u, what);
        const auto here = Scenario::SasWith(scenario.MisfOf(0), MisfId(N2N_TPOS), false);
        const auto there = Scenario::SasWith(scenario.MisfOf(1), MisfId(N2N_SPOS), false);
        NS_TEST_EXPECT_MSG_EQ((here[0].said == there[0].said && here[0].miak == there[0].miak),
                              true,
                              what << ": the same one");
        NS_TEST_EXPECT_MSG_EQ((counts.Both("child-sa-rekeyed") >= 2), true, what);
        NS_TEST_EXPECT_MSG_EQ((counts.Both("ike-sa-rekeyed") >= 2), true, what);
    }
};

/// What an attacker can do.
class AttackTestCase : public TestCase
{
  public:
    AttackTestCase()
        : TestCase("messages forged in clear, in parts, or with the identifier of the "
                   "association never count as protected, and replayed or changed packets of ESP "
                   "are dropped by name")
    {
    }

  private:
    static Bytes RequestFrame(uint16_t tid, size_t octets = 0)
    {
        PreregXferRequest request;
        if (octets > 0)
        {
            request.linkLayerInformation = Bytes(octets, 0x66);
        }
        Bytes body;
        Writer writer(body);
        EncodeBody(request, writer);
        mis::Header header{};
        header.mid = PreregXferRequest::ID;
        header.tid = tid;
        Bytes frame;
        BeginFrame(frame, header, MisfId(N2N_SPOS), MisfId(N2N_TPOS));
        frame.insert(frame.end(), body.begin(), body.end());
        FinishFrame(frame);
        return frame;
    }

    void DoRun() override
    {
        CheckForgery();
        CheckRemedy();
        CheckParts();
        CheckReplay();
    }

    void CheckForgery()
    {
        IkeScenario scenario;
        scenario.Make();
        scenario.Answer();
        scenario.Establish(Seconds(1));
        scenario.Exchange(Seconds(2));
        Scenario::At(Seconds(3), [&] { scenario.Forge(1, RequestFrame(77)); });
        Scenario::At(Seconds(4), [&] {
            // With the S bit and the identifier of the association, as if it had keys.
            const auto sa = Scenario::SasWith(scenario.MisfOf(1), MisfId(N2N_SPOS), false).at(0);
            auto fake = sa;
            fake.transport = false;
            fake.local = MisfId(N2N_SPOS);
            fake.remote = MisfId(N2N_TPOS);
            fake.suite = 1;
            fake.miik = SecretBytes::Zeros(0);
            fake.miek = SecretBytes::Zeros(16);
            StreamRandomSource source;
            CryptoContext crypto(CryptoBackend::OPENSSL, source);
            mis::Header header{};
            header.mid = PreregXferRequest::ID;
            header.tid = 78;
            Bytes frame;
            const auto size =
                Protect(crypto, fake, 0, header, fake.local, fake.remote, ByteView(), frame);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(size), true, "a frame under it");
            scenario.Forge(1, frame);
        });
        // An answer in clear to a protected question.
        scenario.lose = [](const SeenPacket& packet) {
            return packet.protocol == IP_ESP && packet.atNs > Seconds(5).GetNanoSeconds();
        };
        scenario.Exchange(Seconds(6));
        Scenario::At(Seconds(6) + MilliSeconds(30), [&] {
            for (uint16_t tid = 0; tid < 4096; ++tid)
            {
                mis::Header header{};
                header.mid = PreregXferResponse::ID;
                header.tid = tid;
                header.ackRsp = true;
                Bytes frame;
                BeginFrame(frame, header, MisfId(N2N_TPOS), MisfId(N2N_SPOS));
                frame.push_back(3); // a TLV, so that it is no acknowledgement
                frame.push_back(1);
                frame.push_back(0);
                FinishFrame(frame);
                scenario.Forge(0, frame);
            }
        });
        Scenario::Run(Seconds(30));
        NS_TEST_EXPECT_MSG_EQ(scenario.requests, 1u, "protected");
        NS_TEST_EXPECT_MSG_EQ(scenario.clearRequests, 1u, "the first forgery is not");
        NS_TEST_EXPECT_MSG_EQ(scenario.MisfOf(1)->GetDropCount(DropReason::NO_SA) +
                                  scenario.MisfOf(1)->GetDropCount(DropReason::BAD_PROTECTION),
                              1u,
                              "the second is dropped");
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 1u, "answered under the SA");
        NS_TEST_EXPECT_MSG_EQ(scenario.failures, 1u, "no answer is better than a forged one");
        NS_TEST_EXPECT_MSG_EQ(scenario.MisfOf(0)->GetDropCount(DropReason::BAD_PROTECTION),
                              1u,
                              "the forged answer");
    }

    /// The roles themselves refuse a key that comes in clear.
    void CheckRemedy()
    {
        IkeScenario scenario;
        scenario.roaming.GetMis().SetRemedy("ns3::mis::SaProtectedRemedy");
        scenario.Make();
        scenario.Preregister(Seconds(1));
        Scenario::At(Seconds(3), [&] {
            N2nPreregXferRequest request;
            request.mnId = MisfId("mallory@home.example");
            request.ciphersuite = 1;
            request.protectedKey = SecretOctets(32, 0x11);
            Bytes body;
            Writer writer(body);
            EncodeBody(request, writer);
            mis::Header header{};
            header.mid = N2nPreregXferRequest::ID;
            header.tid = 99;
            Bytes frame;
            BeginFrame(frame, header, MisfId(N2N_SPOS), MisfId(N2N_TPOS));
            frame.insert(frame.end(), body.begin(), body.end());
            FinishFrame(frame);
            scenario.Forge(1, frame);
        });
        Scenario::Run(Seconds(40));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "the genuine one");
        for (const auto& event : scenario.targets)
        {
            if (event.mn != N2N_MN)
            {
                NS_TEST_EXPECT_MSG_EQ(event.outcome, "no-acceptable-key", "the forged one");
            }
        }
        for (const auto& event : scenario.keys)
        {
            NS_TEST_EXPECT_MSG_EQ(event.mn, N2N_MN, "no key of the forged one");
        }
    }

    /// A fragment in clear does not get into a protected message.
    void CheckParts()
    {
        IkeScenario scenario;
        scenario.Make();
        scenario.Answer();
        scenario.Establish(Seconds(1));
        std::vector<Bytes> genuine;
        scenario.MisfOf(0)->TraceConnectWithoutContext(
            "Tx",
            MakeBoundCallback(&AttackTestCase::OnTx, &genuine));
        // The first fragment of a long message is lost, and comes in clear in its place.
        size_t packets = 0;
        scenario.lose = [&](const SeenPacket& packet) {
            return packet.at == 1 && packet.protocol == IP_ESP && packets++ % 3 == 0;
        };
        Scenario::At(Seconds(2), [&] {
            PreregXferRequest request;
            request.linkLayerInformation = Bytes(3000, 0x55);
            SendOptions options;
            options.protection = SendOptions::Protection::REQUIRED;
            const auto error = scenario.MisfOf(0)->SendRequest(MisfId(N2N_TPOS),
                                                               request,
                                                               options,
                                                               [](const TransactionResult&) {});
            NS_TEST_EXPECT_MSG_EQ((error == SendError::NONE), true, "sent");
            NS_TEST_ASSERT_MSG_EQ(genuine.size(), 3u, "in fragments");
            scenario.Forge(1, genuine[0]);
        });
        Scenario::Run(Seconds(2) + MilliSeconds(400)); // before it is repeated
        NS_TEST_EXPECT_MSG_EQ(packets, 3u, "fragments");
        NS_TEST_EXPECT_MSG_EQ(scenario.requests, 0u, "not whole");
        NS_TEST_EXPECT_MSG_EQ(scenario.clearRequests, 0u, "not whole");
        for (const auto& packet : scenario.Between(IP_ESP))
        {
            NS_TEST_EXPECT_MSG_EQ((20 + packet.payload.size() <= 1500), true, "within the MTU");
        }
    }

    static void OnTx(std::vector<Bytes>* frames, const FrameRecord& record)
    {
        Bytes octets(record.packet->GetSize());
        record.packet->CopyData(octets.data(), octets.size());
        frames->push_back(octets);
    }

    void CheckReplay()
    {
        IkeScenario scenario;
        scenario.Make();
        scenario.Answer();
        Counts counts(scenario);
        scenario.Establish(Seconds(1));
        scenario.Exchange(Seconds(2));
        Scenario::At(Seconds(3), [&] {
            Bytes genuine;
            for (const auto& packet : scenario.Between(IP_ESP))
            {
                if (packet.at == 1)
                {
                    genuine = packet.payload;
                }
            }
            const auto deliver = [&](const Bytes& payload) {
                IpTap::Deliver(Scenario::DeviceOf(scenario.MisfOf(1)),
                               scenario.AddressOf(0),
                               scenario.AddressOf(1),
                               IP_ESP,
                               payload);
            };
            deliver(genuine);
            auto changed = genuine;
            changed[7] ^= 0x40; // another sequence number
            deliver(changed);
            changed = genuine;
            changed[0] ^= 1;
            deliver(changed);
            deliver(Bytes(genuine.begin(), genuine.begin() + 3));
            deliver(Bytes(genuine.begin(), genuine.begin() + 20));
            // To another host; a raw socket sees it, too.
            IpTap::Deliver(Scenario::DeviceOf(scenario.MisfOf(1)),
                           scenario.AddressOf(0),
                           Ipv4Address("10.9.9.9"),
                           IP_ESP,
                           genuine);
        });
        Scenario::Run(Seconds(10));
        NS_TEST_EXPECT_MSG_EQ(scenario.requests, 1u, "once");
        NS_TEST_EXPECT_MSG_EQ(counts.drops[N2N_TPOS + " esp replayed"], 1u, "replayed");
        NS_TEST_EXPECT_MSG_EQ(counts.drops[N2N_TPOS + " esp not-authentic"], 1u, "changed");
        NS_TEST_EXPECT_MSG_EQ(counts.drops[N2N_TPOS + " esp unknown-spi"], 1u, "SPI");
        NS_TEST_EXPECT_MSG_EQ(counts.drops[N2N_TPOS + " esp truncated"], 2u, "short");
        NS_TEST_EXPECT_MSG_EQ(scenario.establishment->GetTransport(*scenario.MisfOf(1))->GetDrops(),
                              5u,
                              "all");
    }
};

/// Traffic between points of service under ESP.
class Ikev2TrafficTestSuite : public TestSuite
{
  public:
    Ikev2TrafficTestSuite()
        : TestSuite("mis-ikev2-traffic", TestSuite::Type::UNIT)
    {
        AddTestCase(new LifetimeTestCase);
        AddTestCase(new CollisionTestCase);
        AddTestCase(new AttackTestCase);
    }
};

Ikev2TrafficTestSuite g_ikev2TrafficTestSuite; //!< the instance

} // namespace
