// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the MIS Function against frames it must not accept, under protection, at its limits, and
 * with users who act from within its calls.
 */

#include "mis-misf-test-helpers.h"

#include "ns3/boolean.h"
#include "ns3/mis-auth-messages.h"
#include "ns3/mis-static-establishment.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// Provisions the pairs of a LAN.
Ptr<StaticEstablishment>
Provision(Lan& lan, Time lifetime = Seconds(0), uint8_t suite = 1)
{
    auto establishment = CreateObject<StaticEstablishment>();
    establishment->SetAttribute("Lifetime", TimeValue(lifetime));
    establishment->SetAttribute("Ciphersuite", UintegerValue(suite));
    establishment->AddPair(Lan::Id(0), Lan::Id(1));
    for (const auto& misf : lan.misfs)
    {
        misf->SetSaProvider(establishment);
    }
    return establishment;
}

/// A request under an SA that a MISF does not hold: identifier and protected part are made up.
Bytes
ProtectedFrame(uint16_t tid, bool hasSecurity)
{
    auto header = MakeHeader(PreregXferRequest::ID, tid);
    header.secured = true;
    Bytes body;
    Writer writer(body);
    WriteSaidTlv(writer, Said::Make(IdType::EAP, 0x01020304));
    if (hasSecurity)
    {
        SecurityValue security;
        const Bytes encrypted(40, 0xee);
        security.kind = SecurityValue::Kind::MIS_RECORD;
        security.encrypted = encrypted;
        const auto mark = writer.BeginTlv(assigned::TLV_SECURITY);
        WriteSecurityValue(writer, security);
        writer.EndTlv(mark);
    }
    return PlainFrame(header, Lan::Id(0), Lan::Id(1), body);
}

/// Each reason to drop a plain frame.
class DropTestCase : public TestCase
{
  public:
    DropTestCase()
        : TestCase("A frame that is not acceptable is dropped, counted once and traced")
    {
    }

  private:
    void Check(DropReason reason, const Bytes& frame, const char* what)
    {
        Lan lan(2);
        std::vector<std::pair<DropReason, uint32_t>> traced;
        lan.misfs[1]->TraceConnectWithoutContext("Drop",
                                                 MakeBoundCallback(&DropTestCase::OnDrop, &traced));
        lan.misfs[1]->SetHandler(PreregXferRequest::ID, [&](const ReceivedMessage& message) {
            ++lan.deliveries;
            lan.misfs[1]->Refuse(message);
        });
        At(Seconds(1), [&] { lan.Forge(1, frame); });
        Simulator::Stop(Seconds(40));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(lan.Drops(1, reason), 1u, what << ": " << ToString(reason));
        NS_TEST_EXPECT_MSG_EQ(lan.AllDrops(1), 1u, what << ": for no other reason");
        NS_TEST_ASSERT_MSG_EQ(traced.size(), 1u, what << ": traced");
        NS_TEST_EXPECT_MSG_EQ((traced[0].first == reason), true, what << ": reason traced");
        if (reason != DropReason::REASSEMBLY_TIMEOUT)
        {
            NS_TEST_EXPECT_MSG_EQ(traced[0].second, frame.size(), what << ": length traced");
        }
        NS_TEST_EXPECT_MSG_EQ(lan.sent.size(), 0u, what << ": not answered");
        NS_TEST_EXPECT_MSG_EQ(lan.misfs[1]->GetLiveTransactions(), 0u, what << ": leaves nothing");
        NS_TEST_EXPECT_MSG_EQ(lan.deliveries,
                              (reason == DropReason::REFUSED_BY_USER ? 1u : 0u),
                              what << ": deliveries");
    }

    static void OnDrop(std::vector<std::pair<DropReason, uint32_t>>* traced,
                       DropReason reason,
                       uint32_t octets)
    {
        traced->push_back({reason, octets});
    }

    void DoRun() override
    {
        const auto good = PlainFrame(MakeHeader(PreregXferRequest::ID, 9), Lan::Id(0), Lan::Id(1));
        auto bad = good;
        bad[0] = 0x20;
        Check(DropReason::MALFORMED, bad, "version 2");
        Check(DropReason::MALFORMED, Bytes(good.begin(), good.end() - 1), "truncated");
        Check(DropReason::MALFORMED, Bytes{0x10}, "one octet");
        Check(DropReason::NOT_FOR_THIS_MISF,
              PlainFrame(MakeHeader(PreregXferRequest::ID, 9), Lan::Id(0), MisfId("other")),
              "other destination");
        Check(DropReason::UNKNOWN_MESSAGE,
              PlainFrame(MakeHeader(AuthIndication::ID, 9), Lan::Id(0), Lan::Id(1)),
              "message without user");
        Check(DropReason::UNKNOWN_TRANSACTION,
              PlainFrame(MakeHeader(PreregXferResponse::ID, 9), Lan::Id(0), Lan::Id(1)),
              "response to nothing");
        for (const auto mid : {PreregXferRequest::ID, PreregXferResponse::ID, AuthIndication::ID})
        {
            auto ack = MakeHeader(mid, 9);
            ack.ackRsp = true;
            Check(DropReason::UNKNOWN_TRANSACTION,
                  PlainFrame(ack, Lan::Id(0), Lan::Id(1)),
                  "acknowledgement of nothing");
        }
        Check(DropReason::NO_SA, ProtectedFrame(9, true), "unknown SA");
        Check(DropReason::BAD_PROTECTION, ProtectedFrame(9, false), "no Security TLV");
        Check(DropReason::REFUSED_BY_USER, good, "refused");
        auto fragment = MakeHeader(PreregXferRequest::ID, 9);
        fragment.more = true;
        Check(DropReason::BAD_FRAGMENT,
              PlainFrame(fragment, Lan::Id(0), Lan::Id(1), Bytes(7)),
              "slice of 7 octets");
        Check(DropReason::REASSEMBLY_TIMEOUT,
              PlainFrame(fragment, Lan::Id(0), Lan::Id(1), Bytes(8)),
              "first fragment only");
    }
};

/// Frames that pretend to belong to a transaction.
class DemultiplexingTestCase : public TestCase
{
  public:
    DemultiplexingTestCase()
        : TestCase("Only the response and the acknowledgement of a message end its transaction")
    {
    }

  private:
    void DoRun() override
    {
        // The peer is silent, the stranger knows the identifier of the transaction.
        Lan lan(3);
        lan.Set("MaxRetransmissions", UintegerValue(0));
        lan.Set("RetransmissionInterval", TimeValue(Seconds(10)));
        lan.lose = [](Ptr<const Packet> packet) { return packet->GetSize() > 0; };
        uint16_t tid = 0;
        uint64_t dropped = 0;
        const auto forge = [&](const mis::Header& header, const MisfId& source, const Bytes& body) {
            lan.Forge(0, PlainFrame(header, source, Lan::Id(0), body));
            ++dropped;
        };
        Bytes body;
        Writer writer(body);
        EncodeBody(PreregXferResponse(), writer);
        At(Seconds(1), [&] {
            NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1) == SendError::NONE), true, "sent");
            tid = lan.sent[0].header.tid;
            lan.lose = nullptr;
        });
        At(Seconds(2), [&] {
            const uint16_t other = tid == 1 ? 2 : tid - 1;
            forge(MakeHeader(PreregXferResponse::ID, other), Lan::Id(1), body);
            forge(MakeHeader(PreregXferResponse::ID, tid), Lan::Id(2), body);
            forge(MakeHeader(AuthResponse::ID, tid), Lan::Id(1), body);
            // With AckRsp and a body it is for a source, but it is no response.
            for (const auto mid :
                 {PreregXferRequest::ID,
                  MessageId::Make(3, Opcode::INDICATION, PreregXferRequest::ID.Aid()),
                  MessageId::Make(3, Opcode::CONFIRM, PreregXferRequest::ID.Aid())})
            {
                auto header = MakeHeader(mid, tid);
                header.ackRsp = true;
                forge(header, Lan::Id(1), body);
            }
            auto ack = MakeHeader(AuthRequest::ID, tid);
            ack.ackRsp = true;
            forge(ack, Lan::Id(1), {});
        });
        At(Seconds(3), [&] {
            NS_TEST_EXPECT_MSG_EQ(lan.Drops(0, DropReason::UNKNOWN_TRANSACTION), dropped, "drops");
            NS_TEST_EXPECT_MSG_EQ(lan.endings.size(), 0u, "not ended by any of them");
            lan.Forge(
                0,
                PlainFrame(MakeHeader(PreregXferResponse::ID, tid), Lan::Id(1), Lan::Id(0), body));
        });
        Simulator::Stop(Seconds(4));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(lan.endings.size(), 1u, "ended by the response");
    }
};

/// An acknowledgement of something else does not end the sending of a response.
class ResponseAckTestCase : public TestCase
{
  public:
    ResponseAckTestCase()
        : TestCase("A response is repeated until its own acknowledgement comes")
    {
    }

  private:
    void DoRun() override
    {
        Lan lan(2);
        lan.Answer(1, MilliSeconds(100));
        lan.lose = [](Ptr<const Packet> packet) {
            const Bytes octets = OctetsOf(packet);
            const auto frame = ParseFrame(octets);
            return frame->header.mid == PreregXferResponse::ID && frame->body.empty();
        };
        At(Seconds(1),
           [&] { NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1) == SendError::NONE), true, "sent"); });
        At(Seconds(1.2), [&] {
            auto ack = MakeHeader(AuthResponse::ID, lan.sent[0].header.tid);
            ack.ackRsp = true;
            lan.Forge(1, PlainFrame(ack, Lan::Id(0), Lan::Id(1)));
        });
        Simulator::Stop(Seconds(5));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(lan.Drops(1, DropReason::UNKNOWN_TRANSACTION), 1u, "dropped");
        const auto sent = lan.SentBy(1);
        const auto responses = std::count_if(sent.begin(), sent.end(), [](const SentFrame& frame) {
            return frame.header.mid == PreregXferResponse::ID;
        });
        NS_TEST_EXPECT_MSG_EQ(responses, 3, "all transmissions");
        NS_TEST_EXPECT_MSG_EQ((lan.StatesAt(1).back() == TransactionState::FAILURE), true, "fails");
        NS_TEST_EXPECT_MSG_EQ(lan.endings.size(), 1u, "the source has its answer, once");
    }
};

/// Another message under a live identifier.
class ConflictTestCase : public TestCase
{
  public:
    ConflictTestCase()
        : TestCase("Another message under an identifier in use waits until it is free")
    {
    }

  private:
    void DoRun() override
    {
        Lan lan(2);
        lan.Answer(1, Seconds(2));
        const auto frame = [](uint8_t content) {
            return PlainFrame(MakeHeader(PreregXferRequest::ID, 77),
                              Lan::Id(0),
                              Lan::Id(1),
                              Bytes{250, 1, content});
        };
        At(Seconds(1), [&] { lan.Forge(1, frame(1)); });
        At(Seconds(2), [&] { lan.Forge(1, frame(1)); }); // a duplicate
        At(Seconds(2.5), [&] { lan.Forge(1, frame(2)); });
        At(Seconds(4), [&] {
            NS_TEST_EXPECT_MSG_EQ(lan.deliveries, 1u, "one transaction");
            NS_TEST_EXPECT_MSG_EQ(lan.Drops(1, DropReason::TRANSACTION_CONFLICT), 1u, "conflict");
            NS_TEST_EXPECT_MSG_EQ(lan.AllDrops(1), 1u, "the duplicate is no conflict");
            lan.Forge(1, frame(2));
        });
        Simulator::Stop(Seconds(5));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(lan.deliveries, 2u, "the first was answered");
    }
};

/// Sizes of the tables.
class LimitTestCase : public TestCase
{
  public:
    LimitTestCase()
        : TestCase("MaxPeers, MaxTransactions and MaxReassemblies bound what strangers can fill")
    {
    }

  private:
    /// Sends `count` frames from as many strangers, or transactions of one; @return deliveries.
    size_t Flood(const char* limit, uint32_t value, uint32_t count, bool ofOne, bool isFragment)
    {
        Lan lan(2);
        lan.misfs[1]->SetAttribute(limit, UintegerValue(value));
        lan.misfs[1]->SetHandler(AuthIndication::ID,
                                 [&](const ReceivedMessage&) { ++lan.deliveries; });
        const auto send = [&](uint32_t i) {
            auto header = MakeHeader(AuthIndication::ID, static_cast<uint16_t>(1 + i));
            header.more = isFragment;
            lan.Forge(1,
                      PlainFrame(header,
                                 ofOne ? Lan::Id(0) : MisfId("stranger" + std::to_string(i)),
                                 Lan::Id(1),
                                 Bytes(8)));
        };
        At(Seconds(1), [&] {
            for (uint32_t i = 0; i < count; ++i)
            {
                send(i);
            }
        });
        At(Seconds(2),
           [&] { NS_TEST_EXPECT_MSG_EQ(lan.Drops(1, DropReason::TABLE_FULL), m_expected, limit); });
        // What was remembered is forgotten after a time, peers are not.
        At(Seconds(30), [&] { send(count); });
        Simulator::Stop(Seconds(40));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(lan.Drops(1, DropReason::TABLE_FULL),
                              m_expected + (ofOne ? 0u : 1u),
                              limit << " later");
        return lan.deliveries;
    }

    void DoRun() override
    {
        // An unknown TLV of 6 octets makes up the body: type 0, length 0, four times.
        m_expected = 8;
        NS_TEST_EXPECT_MSG_EQ(Flood("MaxPeers", 3, 10, false, false), 2u, "one is the LAN's own");
        m_expected = 7;
        NS_TEST_EXPECT_MSG_EQ(Flood("MaxTransactions", 3, 10, true, false), 4u, "and one later");
        NS_TEST_EXPECT_MSG_EQ(Flood("MaxReassemblies", 3, 10, true, true), 0u, "none is whole");
    }

    uint64_t m_expected{0};
};

/// Protected exchanges.
class ProtectionTestCase : public TestCase
{
  public:
    ProtectionTestCase()
        : TestCase("Exchanges are protected under each suite and survive the loss of any frame")
    {
    }

  private:
    size_t Check(uint8_t suite, bool compute, Time after, size_t lost)
    {
        Lan lan(2);
        lan.Set("ComputeCryptography", BooleanValue(compute));
        Provision(lan, Seconds(0), suite);
        SendOptions required;
        required.protection = SendOptions::Protection::REQUIRED;
        lan.Answer(1, after, required);
        size_t received = 0;
        lan.lose = [&](Ptr<const Packet>) { return received++ == lost; };
        for (const auto when : {1, 5})
        {
            At(Seconds(when), [&] {
                NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1, required) == SendError::NONE), true, "");
            });
        }
        Simulator::Stop(Seconds(10));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(lan.deliveries, 2u, "delivered once each");
        NS_TEST_EXPECT_MSG_EQ((lan.lastSa != nullptr), true, "under an SA");
        NS_TEST_EXPECT_MSG_EQ(lan.endings.size(), 2u, "ended");
        for (const auto& ending : lan.endings)
        {
            NS_TEST_EXPECT_MSG_EQ((ending.failure == TransactionFailure::NONE), true, "succeeds");
            NS_TEST_EXPECT_MSG_EQ(ending.isProtected, true, "answer under the SA");
        }
        for (const auto& frame : lan.sent)
        {
            const auto view = ParseFrame(frame.octets);
            NS_TEST_EXPECT_MSG_EQ(frame.header.secured, !view->body.empty(), "all but pure ACKs");
        }
        NS_TEST_EXPECT_MSG_EQ(lan.AllDrops(0) + lan.AllDrops(1), 0u, "a duplicate is no replay");
        return received;
    }

    void DoRun() override
    {
        for (uint8_t suite = 1; suite <= 5; ++suite)
        {
            Check(suite, true, Seconds(0), 1000);
            Check(suite, false, Seconds(0), 1000);
        }
        for (const auto& after : {Seconds(0), MilliSeconds(100)})
        {
            const size_t undisturbed = Check(1, true, after, 1000);
            for (size_t i = 0; i < undisturbed; ++i)
            {
                Check(1, true, after, i);
            }
        }
    }
};

/// Protected frames that must not be accepted.
class AttackTestCase : public TestCase
{
  public:
    AttackTestCase()
        : TestCase("Changed, replayed and stripped protected frames are dropped")
    {
    }

  private:
    void DoRun() override
    {
        Lan lan(2);
        Provision(lan);
        lan.Answer(1);
        At(Seconds(1),
           [&] { NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1) == SendError::NONE), true, "sent"); });
        // Within the lifetime of the transaction a repeated request is a duplicate, then a replay.
        At(Seconds(2), [&] { lan.Forge(1, lan.sent[0].octets); });
        At(Seconds(3), [&] {
            NS_TEST_EXPECT_MSG_EQ(lan.sent.size(), 3u, "the answer again");
            NS_TEST_EXPECT_MSG_EQ(lan.AllDrops(1), 0u, "no replay yet");
        });
        At(Seconds(20), [&] { lan.Forge(1, lan.sent[0].octets); });
        At(Seconds(21), [&] {
            NS_TEST_EXPECT_MSG_EQ(lan.Drops(1, DropReason::REPLAYED), 1u, "replay");
            NS_TEST_EXPECT_MSG_EQ(lan.sent.size(), 3u, "not answered");
            auto changed = lan.sent[0].octets;
            changed.back() ^= 1; // the selector of the integrity block
            lan.Forge(1, changed);
            changed = lan.sent[0].octets;
            changed[changed.size() - 2] ^= 1;     // the ICV
            changed[changed.size() - 2 - 19] = 9; // a fresh sequence number
            lan.Forge(1, changed);
        });
        At(Seconds(22), [&] {
            NS_TEST_EXPECT_MSG_EQ(lan.Drops(1, DropReason::BAD_PROTECTION), 1u, "format");
            NS_TEST_EXPECT_MSG_EQ(lan.Drops(1, DropReason::BAD_ICV), 1u, "ICV");
            NS_TEST_EXPECT_MSG_EQ(lan.deliveries, 1u, "the true one only");
        });
        // An answer in plain text to a protected question.
        At(Seconds(30), [&] {
            lan.lose = [](Ptr<const Packet>) { return true; };
            NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1) == SendError::NONE), true, "sent");
            Bytes body;
            Writer writer(body);
            EncodeBody(PreregXferResponse(), writer);
            const auto header = MakeHeader(PreregXferResponse::ID, lan.sent.back().header.tid);
            const auto forged = PlainFrame(header, Lan::Id(1), Lan::Id(0), body);
            At(Seconds(30.1), [&lan, forged] {
                lan.lose = nullptr;
                lan.Forge(0, forged);
            });
        });
        Simulator::Stop(Seconds(40));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(lan.Drops(0, DropReason::BAD_PROTECTION), 1u, "stripped");
        NS_TEST_ASSERT_MSG_EQ(lan.endings.size(), 2u, "the true answer came later");
        NS_TEST_EXPECT_MSG_EQ(lan.endings[1].isProtected, true, "under the SA");
        // Without an SA, what requires one is not sent.
        SendOptions required;
        required.protection = SendOptions::Protection::REQUIRED;
        Lan bare(2);
        At(Simulator::Now() + Seconds(1), [&] {
            NS_TEST_EXPECT_MSG_EQ((bare.Request(0, 1, required) == SendError::NO_SA),
                                  true,
                                  "no SA");
        });
        Simulator::Stop(Seconds(2));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(bare.sent.size(), 0u, "nothing");
        NS_TEST_EXPECT_MSG_EQ(bare.misfs[0]->GetLiveTransactions(), 0u, "no transaction");
    }
};

/// End of security associations.
class SaLifetimeTestCase : public TestCase
{
  public:
    SaLifetimeTestCase()
        : TestCase("A security association ends at its instant and is not used from then on")
    {
    }

  private:
    static void OnSa(std::vector<Time>* times, const SecurityAssociation&)
    {
        times->push_back(Simulator::Now());
    }

    void DoRun() override
    {
        {
            Lan lan(2);
            Provision(lan, Seconds(3));
            lan.Answer(1);
            std::vector<Time> up;
            std::vector<Time> down;
            for (const auto& misf : lan.misfs)
            {
                misf->TraceConnectWithoutContext("SaUp",
                                                 MakeBoundCallback(&SaLifetimeTestCase::OnSa, &up));
                misf->TraceConnectWithoutContext(
                    "SaDown",
                    MakeBoundCallback(&SaLifetimeTestCase::OnSa, &down));
            }
            SendOptions required;
            required.protection = SendOptions::Protection::REQUIRED;
            for (const auto& [when, error] : {std::pair(1.0, SendError::NONE),
                                              std::pair(3.9, SendError::NONE),
                                              std::pair(4.0, SendError::NO_SA),
                                              std::pair(5.0, SendError::NO_SA)})
            {
                At(Seconds(when), [this, &lan, required, error = error] {
                    NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1, required) == error), true, "");
                });
            }
            Simulator::Stop(Seconds(9));
            Simulator::Run();
            NS_TEST_ASSERT_MSG_EQ(up.size(), 2u, "one at each end");
            NS_TEST_ASSERT_MSG_EQ(down.size(), 2u, "both end");
            NS_TEST_EXPECT_MSG_EQ(down[0], up[0] + Seconds(3), "first end");
            NS_TEST_EXPECT_MSG_EQ(down[1], up[1] + Seconds(3), "second end");
            for (const auto& misf : lan.misfs)
            {
                NS_TEST_EXPECT_MSG_EQ(misf->GetSaDatabase().Size(), 0u, "removed");
            }
            NS_TEST_EXPECT_MSG_EQ(lan.endings.size(), 2u, "the good ones");
        }
        {
            // The SA of the receiver ends at the instant the frame arrives, which was sent before.
            Lan lan(2);
            Provision(lan);
            lan.Answer(1);
            At(Seconds(1), [&] {
                NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1) == SendError::NONE), true, "sent");
            });
            At(Seconds(2), [&] {
                NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1) == SendError::NONE), true, "sent");
            });
            At(Seconds(2) + MicroSeconds(500), [&] {
                auto sa = *lan.misfs[1]->FindSa(Lan::Id(0));
                sa.notAfterNs = (Seconds(2) + MilliSeconds(1)).GetNanoSeconds();
                lan.misfs[1]->AddSa(sa);
            });
            Simulator::Stop(Seconds(2.4));
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ(lan.Drops(1, DropReason::SA_EXPIRED), 1u, "expired");
            NS_TEST_EXPECT_MSG_EQ(lan.deliveries, 1u, "only the first");
        }
        {
            // One that is over already ends at once.
            Lan lan(2);
            Provision(lan);
            At(Seconds(5), [&] {
                auto sa = *lan.misfs[1]->FindSa(Lan::Id(0));
                sa.notAfterNs = Seconds(4).GetNanoSeconds();
                lan.misfs[1]->AddSa(sa);
            });
            Simulator::Stop(Seconds(6));
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ(lan.misfs[1]->GetSaDatabase().Size(), 0u, "removed");
        }
    }
};

/// Users that act from within calls of the MISF.
class ReentrancyTestCase : public TestCase
{
  public:
    ReentrancyTestCase()
        : TestCase("Handlers, traces and answers may send and register from within")
    {
    }

  private:
    static void SendHello(Lan* lan, const SecurityAssociation&)
    {
        AuthIndication hello;
        hello.authenticationInformation = Bytes(300, 0x11);
        lan->misfs[0]->SendIndication(Lan::Id(2), hello, SendOptions());
    }

    static void SendAtSaDown(Lan* lan, const SecurityAssociation& sa)
    {
        SendHello(lan, sa);
        auto next = sa;
        next.said = Said::Make(IdType::TLS, static_cast<uint32_t>(next.notAfterNs));
        next.notAfterNs += 1000;
        if (next.notAfterNs % 1000000 < 50000)
        {
            lan->misfs[0]->AddSa(next);
        }
    }

    void DoRun() override
    {
        {
            // A handler that registers so many others that their table moves.
            Lan lan(2);
            lan.misfs[1]->SetHandler(PreregXferRequest::ID, [&lan](const auto& message) {
                for (uint16_t i = 0; i < 1000; ++i)
                {
                    lan.misfs[1]->SetHandler(MessageId(0x5400 + i), [](const ReceivedMessage&) {});
                }
                // What the handler holds is still there.
                lan.misfs[1]->SendResponse(message.transaction,
                                           PreregXferResponse(),
                                           SendOptions());
            });
            At(Seconds(1), [&] {
                NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1) == SendError::NONE), true, "sent");
            });
            Simulator::Stop(Seconds(3));
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ(lan.endings.size(), 1u, "answered");
        }
        {
            // Every end of a transaction starts new ones.
            Lan lan(2);
            lan.Set("AcknowledgementService", BooleanValue(false));
            lan.Set("TransactionLifetime", TimeValue(Seconds(1)));
            lan.Ignore(0);
            lan.Ignore(1);
            lan.onState = [&](const StateChange& change) {
                if (change.state == TransactionState::FAILURE && change.time < Seconds(5))
                {
                    for (int i = 0; i < 2; ++i)
                    {
                        lan.Request(change.at, 1 - change.at);
                    }
                }
            };
            At(Seconds(1), [&] { lan.Request(0, 1); });
            Simulator::Stop(Seconds(12));
            Simulator::Run();
            NS_TEST_EXPECT_MSG_GT(lan.deliveries, 50u, "a good many");
            NS_TEST_EXPECT_MSG_EQ(lan.endings.size(), lan.deliveries, "all have ended");
            NS_TEST_EXPECT_MSG_EQ(lan.misfs[0]->GetLiveTransactions(), 0u, "none is left");
            NS_TEST_EXPECT_MSG_EQ(lan.misfs[1]->GetLiveTransactions(), 0u, "none is left");
        }
        {
            // The first protected message provisions an SA, and who hears of it sends another.
            Lan lan(3);
            Provision(lan);
            lan.misfs[0]->TraceConnectWithoutContext(
                "SaUp",
                MakeBoundCallback(&ReentrancyTestCase::SendHello, &lan));
            lan.misfs[0]->TraceConnectWithoutContext(
                "SaDown",
                MakeBoundCallback(&ReentrancyTestCase::SendAtSaDown, &lan));
            Bytes received;
            lan.misfs[1]->SetHandler(PreregXferRequest::ID, [&](const ReceivedMessage& message) {
                const auto request = DecodeBody<PreregXferRequest>(message.body);
                NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(request), true, "a message");
                received = request->linkLayerInformation.value_or(Bytes());
                auto sa = *lan.misfs[0]->FindSa(Lan::Id(1));
                sa.said = Said::Make(IdType::TLS, 1);
                sa.notAfterNs = Seconds(2).GetNanoSeconds();
                lan.misfs[0]->AddSa(sa);
            });
            lan.misfs[2]->SetHandler(AuthIndication::ID,
                                     [&](const ReceivedMessage&) { ++lan.deliveries; });
            At(Seconds(1), [&] {
                NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1, SendOptions(), 200) == SendError::NONE),
                                      true,
                                      "sent");
            });
            Simulator::Stop(Seconds(4));
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ((received == Bytes(200, 0x5a)), true, "as it was sent");
            NS_TEST_EXPECT_MSG_GT(lan.deliveries, 50u, "every SA up and down was told");
            NS_TEST_EXPECT_MSG_EQ(lan.misfs[0]->GetSaDatabase().Size(), 1u, "the rest has expired");
        }
    }
};

/// All tests of input.
class MisFunctionInputTestSuite : public TestSuite
{
  public:
    MisFunctionInputTestSuite()
        : TestSuite("mis-function-input", TestSuite::Type::UNIT)
    {
        AddTestCase(new DropTestCase);
        AddTestCase(new DemultiplexingTestCase);
        AddTestCase(new ResponseAckTestCase);
        AddTestCase(new ConflictTestCase);
        AddTestCase(new LimitTestCase);
        AddTestCase(new ProtectionTestCase);
        AddTestCase(new AttackTestCase);
        AddTestCase(new SaLifetimeTestCase);
        AddTestCase(new ReentrancyTestCase);
    }
};

MisFunctionInputTestSuite g_misFunctionInputTestSuite;

} // namespace
