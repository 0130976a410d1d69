// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the MIS Function: transactions, acknowledgement service, transaction identifiers, limits
 * and frames it must not accept.
 */

#include "mis-misf-test-helpers.h"

#include "ns3/boolean.h"
#include "ns3/mis-auth-messages.h"
#include "ns3/mis-group-messages.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <map>
#include <set>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

using State = TransactionState;
using States = std::vector<State>;

constexpr size_t SOURCE = 0;
constexpr size_t DESTINATION = 1;
const Time DELAY = MilliSeconds(1);

std::string
Text(const States& states)
{
    std::string text;
    for (const auto state : states)
    {
        text += std::string(ToString(state)) + " ";
    }
    return text;
}

/// How a message is exchanged.
enum class Exchange
{
    ANSWERED_AT_ONCE, //!< the response carries the acknowledgement
    ANSWERED_LATER,   //!< a pure acknowledgement, then a response that wants one
    INDICATION        //!< a pure acknowledgement
};

const std::vector<Exchange> ALL_EXCHANGES{Exchange::ANSWERED_AT_ONCE,
                                          Exchange::ANSWERED_LATER,
                                          Exchange::INDICATION};

/// Starts an exchange at 1 s; a response that comes later comes after 100 ms.
void
Begin(Lan& lan, Exchange exchange)
{
    lan.Answer(DESTINATION, exchange == Exchange::ANSWERED_LATER ? MilliSeconds(100) : Seconds(0));
    lan.misfs[DESTINATION]->SetHandler(AuthIndication::ID,
                                       [&lan](const ReceivedMessage&) { ++lan.deliveries; });
    At(Seconds(1), [&lan, exchange] {
        const auto error = exchange == Exchange::INDICATION
                               ? lan.misfs[SOURCE]->SendIndication(Lan::Id(DESTINATION),
                                                                   AuthIndication(),
                                                                   SendOptions())
                               : lan.Request(SOURCE, DESTINATION);
        NS_ABORT_MSG_IF(error != SendError::NONE, "not sent: " << ToString(error));
    });
}

/// Transaction machines, state by state.
class StateTestCase : public TestCase
{
  public:
    StateTestCase()
        : TestCase("Both ends of a transaction go through the states of clause 8.2")
    {
    }

  private:
    void Check(Exchange exchange, bool acknowledge, const States& source, const States& destination)
    {
        Lan lan(2);
        lan.Set("AcknowledgementService", BooleanValue(acknowledge));
        Begin(lan, exchange);
        Simulator::Stop(Seconds(1.5));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(Text(lan.StatesAt(SOURCE)), Text(source), "source");
        NS_TEST_EXPECT_MSG_EQ(Text(lan.StatesAt(DESTINATION)), Text(destination), "destination");
        NS_TEST_EXPECT_MSG_EQ(lan.deliveries, 1u, "handed to the user once");
        for (const auto& change : lan.states)
        {
            NS_TEST_EXPECT_MSG_EQ(change.tid, lan.sent[0].header.tid, "transaction");
            NS_TEST_EXPECT_MSG_EQ((change.mid == lan.sent[0].header.mid), true, "message");
        }
        for (const auto& misf : lan.misfs)
        {
            NS_TEST_EXPECT_MSG_EQ(misf->GetLiveTransactions(), 0u, "all have ended");
        }
    }

    void DoRun() override
    {
        const States request{State::WAIT_RESPONSE_MESSAGE, State::SUCCESS};
        const States answer{State::WAIT_RESPONSE_PRIMITIVE, State::SUCCESS};
        const States acknowledgedAnswer{State::WAIT_RESPONSE_PRIMITIVE,
                                        State::SEND_RESPONSE,
                                        State::SUCCESS};
        Check(Exchange::ANSWERED_AT_ONCE, true, request, answer);
        Check(Exchange::ANSWERED_LATER, true, request, acknowledgedAnswer);
        Check(Exchange::INDICATION, true, {State::WAIT_ACK, State::SUCCESS}, {State::SUCCESS});
        Check(Exchange::ANSWERED_AT_ONCE, false, request, answer);
        Check(Exchange::ANSWERED_LATER, false, request, answer);
        Check(Exchange::INDICATION, false, {}, {State::SUCCESS});
    }
};

/// What is on the wire.
class AcknowledgementTestCase : public TestCase
{
  public:
    AcknowledgementTestCase()
        : TestCase("An answer at once carries the acknowledgement, else a pure one is sent")
    {
    }

  private:
    void DoRun() override
    {
        {
            Lan lan(2);
            Begin(lan, Exchange::ANSWERED_AT_ONCE);
            Simulator::Stop(Seconds(5));
            Simulator::Run();
            NS_TEST_ASSERT_MSG_EQ(lan.sent.size(), 2u, "request and response");
            NS_TEST_EXPECT_MSG_EQ(lan.sent[0].header.ackReq, true, "wants an acknowledgement");
            NS_TEST_EXPECT_MSG_EQ(lan.sent[0].header.ackRsp, false, "acknowledges nothing");
            NS_TEST_EXPECT_MSG_EQ(lan.sent[1].header.ackReq, false, "wants none");
            NS_TEST_EXPECT_MSG_EQ(lan.sent[1].header.ackRsp, true, "acknowledges");
            NS_TEST_EXPECT_MSG_EQ((lan.sent[1].header.mid == PreregXferResponse::ID), true, "MID");
            NS_TEST_EXPECT_MSG_EQ(lan.sent[1].header.tid, lan.sent[0].header.tid, "TID");
            NS_TEST_ASSERT_MSG_EQ(lan.endings.size(), 1u, "ended");
            NS_TEST_EXPECT_MSG_EQ(lan.endings[0].time, Seconds(1) + 2 * DELAY, "one round trip");
        }
        {
            Lan lan(2);
            Begin(lan, Exchange::ANSWERED_LATER);
            Simulator::Stop(Seconds(5));
            Simulator::Run();
            NS_TEST_ASSERT_MSG_EQ(lan.sent.size(), 4u, "request, its ACK, response, its ACK");
            for (const auto& [ack, of] : {std::pair(1, 0), std::pair(3, 2)})
            {
                auto header = MakeHeader(lan.sent[of].header.mid, lan.sent[of].header.tid);
                header.ackRsp = true;
                NS_TEST_EXPECT_MSG_EQ(
                    ToHex(lan.sent[ack].octets),
                    ToHex(PlainFrame(header, Lan::Id(lan.sent[ack].by), Lan::Id(lan.sent[of].by))),
                    "same MID and TID, identifiers swapped, nothing else");
                NS_TEST_EXPECT_MSG_EQ(lan.sent[of].header.ackReq, true, "was wanted");
            }
            NS_TEST_EXPECT_MSG_EQ(lan.sent[2].header.ackRsp, false, "was acknowledged before");
            NS_TEST_EXPECT_MSG_EQ(lan.sent[2].time,
                                  Seconds(1) + DELAY + MilliSeconds(100),
                                  "sent when the user answers");
        }
    }
};

/// Everything is lost.
class RetransmissionTestCase : public TestCase
{
  public:
    RetransmissionTestCase()
        : TestCase("An unacknowledged message is repeated as attributes say, then fails")
    {
    }

  private:
    void Check(Exchange exchange, Time interval, uint32_t times)
    {
        Lan lan(2);
        lan.Set("RetransmissionInterval", TimeValue(interval));
        lan.Set("MaxRetransmissions", UintegerValue(times));
        lan.lose = [](Ptr<const Packet>) { return true; };
        Begin(lan, exchange);
        Simulator::Stop(Seconds(30));
        Simulator::Run();
        NS_TEST_ASSERT_MSG_EQ(lan.sent.size(), 1 + times, "number of transmissions");
        for (size_t i = 0; i < lan.sent.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(lan.sent[i].time,
                                  Seconds(1) + interval * static_cast<int64_t>(i),
                                  "time of transmission " << i);
            NS_TEST_EXPECT_MSG_EQ(ToHex(lan.sent[i].octets), ToHex(lan.sent[0].octets), "same");
        }
        const auto last = lan.states.back();
        NS_TEST_EXPECT_MSG_EQ((last.state == State::FAILURE), true, "fails");
        NS_TEST_EXPECT_MSG_EQ(last.time,
                              Seconds(1) + interval * static_cast<int64_t>(1 + times),
                              "one interval after the last transmission");
        NS_TEST_EXPECT_MSG_EQ(lan.misfs[SOURCE]->GetLiveTransactions(), 0u, "has ended");
        if (exchange != Exchange::INDICATION)
        {
            NS_TEST_ASSERT_MSG_EQ(lan.endings.size(), 1u, "told once");
            NS_TEST_EXPECT_MSG_EQ(
                (lan.endings[0].failure == TransactionFailure::NO_ACKNOWLEDGEMENT),
                true,
                "reason");
            NS_TEST_EXPECT_MSG_EQ(lan.endings[0].time, last.time, "at that instant");
        }
    }

    void DoRun() override
    {
        for (const auto exchange : {Exchange::ANSWERED_AT_ONCE, Exchange::INDICATION})
        {
            Check(exchange, MilliSeconds(500), 2);
            Check(exchange, MilliSeconds(200), 5);
            Check(exchange, MilliSeconds(700), 0);
        }
    }
};

/// A response that never gets through, and one that never comes.
class LifetimeTestCase : public TestCase
{
  public:
    LifetimeTestCase()
        : TestCase("A request without a response fails when the transaction lifetime is over")
    {
    }

  private:
    void Check(bool acknowledge, bool isAnswered, Time lifetime)
    {
        Lan lan(2);
        lan.Set("AcknowledgementService", BooleanValue(acknowledge));
        lan.Set("TransactionLifetime", TimeValue(lifetime));
        lan.Answer(DESTINATION, MilliSeconds(100));
        if (!isAnswered)
        {
            lan.Ignore(DESTINATION);
        }
        lan.lose = [](Ptr<const Packet> packet) {
            const Bytes octets = OctetsOf(packet);
            const auto frame = ParseFrame(octets);
            return frame->header.mid.Opcode() == Opcode::RESPONSE && !frame->body.empty();
        };
        At(Seconds(1),
           [&] { NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1) == SendError::NONE), true, "sent"); });
        Simulator::Stop(Seconds(60));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(lan.deliveries, 1u, "handed to the user");
        NS_TEST_ASSERT_MSG_EQ(lan.endings.size(), 1u, "told once");
        NS_TEST_EXPECT_MSG_EQ((lan.endings[0].failure == TransactionFailure::LIFETIME_OVER),
                              true,
                              "reason");
        NS_TEST_EXPECT_MSG_EQ(lan.endings[0].time, Seconds(1) + lifetime, "instant");
        NS_TEST_EXPECT_MSG_EQ((lan.StatesAt(SOURCE).back() == State::FAILURE), true, "source");
        const bool destinationFails = !isAnswered || acknowledge;
        NS_TEST_EXPECT_MSG_EQ((lan.StatesAt(DESTINATION).back() ==
                               (destinationFails ? State::FAILURE : State::SUCCESS)),
                              true,
                              "destination");
        if (!isAnswered)
        {
            NS_TEST_EXPECT_MSG_EQ(lan.states.back().time,
                                  Seconds(1) + DELAY + lifetime,
                                  "end at the destination");
        }
        for (const auto& misf : lan.misfs)
        {
            NS_TEST_EXPECT_MSG_EQ(misf->GetLiveTransactions(), 0u, "all have ended");
        }
    }

    void DoRun() override
    {
        for (const auto& lifetime : {Seconds(15), Seconds(4)})
        {
            Check(true, false, lifetime);
            Check(true, true, lifetime);
            Check(false, false, lifetime);
            Check(false, true, lifetime);
        }
        // The user of a request that is over can not answer it any more.
        Lan lan(2);
        lan.Answer(DESTINATION, Seconds(20));
        At(Seconds(1),
           [&] { NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1) == SendError::NONE), true, "sent"); });
        Simulator::Stop(Seconds(60));
        Simulator::Run();
        NS_TEST_ASSERT_MSG_EQ(lan.answered.size(), 1u, "answered");
        NS_TEST_EXPECT_MSG_EQ((lan.answered[0] == SendError::NO_TRANSACTION), true, "too late");
    }
};

/// Any one frame is lost, or comes twice.
class SingleFaultTestCase : public TestCase
{
  public:
    SingleFaultTestCase()
        : TestCase("Any single frame may be lost or doubled: success, and one delivery")
    {
    }

  private:
    /// Runs an exchange that loses or doubles frame number `index`; @return frames received.
    size_t Check(Exchange exchange, size_t index, bool isLost)
    {
        Lan lan(2);
        size_t received = 0;
        lan.lose = [&](Ptr<const Packet> packet) {
            const bool hit = received++ == index;
            if (hit && !isLost)
            {
                const Bytes octets = OctetsOf(packet);
                const auto to = ParseFrame(octets)->destination == Lan::Id(0).View() ? 0 : 1;
                for (const auto& after : {MicroSeconds(10), MilliSeconds(300), Seconds(9)})
                {
                    At(Simulator::Now() + after, [&lan, octets, to] { lan.Forge(to, octets); });
                }
            }
            return hit && isLost;
        };
        Begin(lan, exchange);
        Simulator::Stop(Seconds(40));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(lan.deliveries, 1u, "frame " << index << ": delivered once");
        if (exchange != Exchange::INDICATION)
        {
            NS_TEST_EXPECT_MSG_EQ(lan.endings.size(), 1u, "frame " << index << ": told once");
            for (const auto& ending : lan.endings)
            {
                NS_TEST_EXPECT_MSG_EQ((ending.failure == TransactionFailure::NONE),
                                      true,
                                      "frame " << index << ": succeeds");
                NS_TEST_EXPECT_MSG_LT(ending.time, Seconds(2), "in time");
            }
        }
        for (const auto& change : lan.states)
        {
            NS_TEST_EXPECT_MSG_EQ((change.state != State::FAILURE), true, "no end fails");
        }
        for (const auto& misf : lan.misfs)
        {
            NS_TEST_EXPECT_MSG_EQ(misf->GetLiveTransactions(), 0u, "all have ended");
        }
        return received;
    }

    void DoRun() override
    {
        for (const auto exchange : ALL_EXCHANGES)
        {
            const size_t undisturbed = Check(exchange, 1000, true);
            NS_TEST_EXPECT_MSG_EQ(undisturbed,
                                  (exchange == Exchange::ANSWERED_LATER ? 4u : 2u),
                                  "frames without loss");
            for (size_t i = 0; i < undisturbed; ++i)
            {
                // A response makes up for a lost acknowledgement of its request.
                const bool isNeeded = exchange != Exchange::ANSWERED_LATER || i != 1;
                NS_TEST_EXPECT_MSG_EQ((Check(exchange, i, true) > undisturbed), isNeeded, i);
                Check(exchange, i, false);
            }
        }
    }
};

/// What answers a repeated message.
class DuplicateTestCase : public TestCase
{
  public:
    DuplicateTestCase()
        : TestCase("A repeated message gets the stored answer, a repeated response its ACK")
    {
    }

  private:
    void Check(Exchange exchange, size_t lost, size_t original)
    {
        Lan lan(2);
        size_t received = 0;
        lan.lose = [&](Ptr<const Packet>) { return received++ == lost; };
        Begin(lan, exchange);
        Simulator::Stop(Seconds(10));
        Simulator::Run();
        NS_TEST_ASSERT_MSG_GT(lan.sent.size(), original, "number of frames");
        const auto& again = lan.sent.back();
        NS_TEST_EXPECT_MSG_EQ(ToHex(again.octets),
                              ToHex(lan.sent[original].octets),
                              "identical to the one that was lost");
        NS_TEST_EXPECT_MSG_EQ(again.by, lan.sent[original].by, "from the same end");
    }

    void DoRun() override
    {
        Check(Exchange::ANSWERED_AT_ONCE, 1, 1); // the response that carries the ACK
        Check(Exchange::INDICATION, 1, 1);       // the ACK
        Check(Exchange::ANSWERED_LATER, 3, 3);   // the ACK of the response
    }
};

/// Retransmission timeout of RFC 6298.
class AdaptiveTestCase : public TestCase
{
  public:
    AdaptiveTestCase()
        : TestCase("The interval grows to the retransmission timeout of RFC 6298 on a slow path")
    {
    }

  private:
    /// @return intervals before the first retransmission of a message lost after `rounds` good ones
    Time Measure(Time delay, uint32_t rounds, bool isAdaptive)
    {
        Lan lan(2, delay);
        lan.Set("AdaptiveRetransmission", BooleanValue(isAdaptive));
        lan.Answer(DESTINATION);
        bool isLossy = false;
        lan.lose = [&](Ptr<const Packet>) { return isLossy; };
        for (uint32_t i = 0; i <= rounds; ++i)
        {
            At(Seconds(1 + 10 * i), [&, i] {
                isLossy = i == rounds;
                lan.sent.clear();
                NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1) == SendError::NONE), true, "sent");
            });
        }
        Simulator::Stop(Seconds(1 + 10 * rounds + 9));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(lan.endings.size(), rounds + 1, "all have ended");
        if (lan.sent.size() < 2)
        {
            return Seconds(0);
        }
        return lan.sent[1].time - lan.sent[0].time;
    }

    void DoRun() override
    {
        const Time interval = MilliSeconds(500);
        NS_TEST_EXPECT_MSG_EQ(Measure(MilliSeconds(200), 0, true), interval, "nothing measured");
        // R = 400 ms: SRTT = R, RTTVAR = R / 2, then RTTVAR falls by a quarter each time.
        NS_TEST_EXPECT_MSG_EQ(Measure(MilliSeconds(200), 1, true), MilliSeconds(1200), "first");
        NS_TEST_EXPECT_MSG_EQ(Measure(MilliSeconds(200), 2, true), MilliSeconds(1000), "second");
        NS_TEST_EXPECT_MSG_EQ(Measure(MilliSeconds(200), 3, true), MilliSeconds(850), "third");
        NS_TEST_EXPECT_MSG_EQ(Measure(MilliSeconds(200), 1, false), interval, "switched off");
        NS_TEST_EXPECT_MSG_EQ(Measure(MilliSeconds(1), 3, true), interval, "never below");
        // A path slower than the interval is measured in spite of the needless retransmission.
        NS_TEST_EXPECT_MSG_EQ(Measure(MilliSeconds(300), 1, true), 2 * interval, "backs off");
        NS_TEST_EXPECT_MSG_EQ(Measure(MilliSeconds(300), 2, true), MilliSeconds(1800), "measured");
    }
};

/// Transaction identifiers.
class TransactionIdTestCase : public TestCase
{
  public:
    TransactionIdTestCase()
        : TestCase("Transaction identifiers are 1 to 4095, unique while live, and then used again")
    {
    }

  private:
    void DoRun() override
    {
        constexpr size_t ALL = 4095;
        Lan lan(3);
        bool isLossy = true;
        lan.lose = [&](Ptr<const Packet>) { return isLossy; };
        lan.Set("MaxRetransmissions", UintegerValue(0));
        lan.Answer(1);
        lan.Answer(2);
        At(Seconds(1), [&] {
            for (size_t i = 0; i < ALL; ++i)
            {
                NS_TEST_ASSERT_MSG_EQ((lan.Request(0, 1) == SendError::NONE), true, i);
            }
            NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1) == SendError::NO_TID), true, "none left");
            NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 2) == SendError::NONE), true, "other peer");
            NS_TEST_EXPECT_MSG_EQ((lan.Request(2, 1) == SendError::NONE), true, "other source");
            NS_TEST_EXPECT_MSG_EQ(lan.misfs[0]->GetLiveTransactions(), ALL + 1, "live");
            std::set<uint16_t> tids;
            for (size_t i = 0; i < ALL; ++i)
            {
                tids.insert(lan.sent[i].header.tid);
                if (i > 0)
                {
                    const auto before = lan.sent[i - 1].header.tid;
                    NS_TEST_EXPECT_MSG_EQ(lan.sent[i].header.tid,
                                          (before == ALL ? 1 : before + 1),
                                          "one after the other, 0 left out");
                }
            }
            NS_TEST_EXPECT_MSG_EQ(tids.size(), ALL, "unique");
            NS_TEST_EXPECT_MSG_EQ(*tids.begin(), 1, "least");
            NS_TEST_EXPECT_MSG_EQ(*tids.rbegin(), ALL, "greatest");
        });
        // They have failed; later ones succeed and free their identifier at once.
        At(Seconds(2), [&] {
            NS_TEST_EXPECT_MSG_EQ(lan.misfs[0]->GetLiveTransactions(), 0u, "all have failed");
            isLossy = false;
            lan.endings.clear();
        });
        for (size_t i = 0; i < ALL + 5; ++i)
        {
            At(Seconds(3) + MilliSeconds(i), [&] {
                NS_TEST_ASSERT_MSG_EQ((lan.Request(0, 1) == SendError::NONE), true, "free again");
            });
        }
        Simulator::Stop(Seconds(8));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(lan.endings.size(), ALL + 5, "all have ended");
        for (const auto& ending : lan.endings)
        {
            NS_TEST_ASSERT_MSG_EQ((ending.failure == TransactionFailure::NONE), true, "succeeds");
        }
    }
};

/// Same stream, same identifiers.
class DeterminismTestCase : public TestCase
{
  public:
    DeterminismTestCase()
        : TestCase("The same random stream gives the same transaction identifiers")
    {
    }

  private:
    std::vector<uint16_t> Run(int64_t stream)
    {
        Lan lan(3);
        NS_TEST_EXPECT_MSG_EQ(lan.misfs[0]->AssignStreams(stream), 1, "streams used");
        lan.Answer(1);
        lan.Answer(2);
        std::vector<uint16_t> tids;
        At(Seconds(1), [&] {
            for (size_t i = 0; i < 10; ++i)
            {
                NS_TEST_EXPECT_MSG_EQ((lan.Request(0, 1 + i % 2) == SendError::NONE), true, i);
            }
            tids.push_back(*lan.misfs[0]->NewGroupTid());
            for (const auto& frame : lan.sent)
            {
                tids.push_back(frame.header.tid);
            }
        });
        Simulator::Stop(Seconds(3));
        Simulator::Run();
        return tids;
    }

    void DoRun() override
    {
        const auto first = Run(7);
        NS_TEST_EXPECT_MSG_EQ(first.size(), 11u, "number of identifiers");
        NS_TEST_EXPECT_MSG_EQ((first == Run(7)), true, "same stream");
        NS_TEST_EXPECT_MSG_EQ((first != Run(8)), true, "another stream");
    }
};

/// All tests of transactions and acknowledgements.
class MisFunctionTestSuite : public TestSuite
{
  public:
    MisFunctionTestSuite()
        : TestSuite("mis-function", TestSuite::Type::UNIT)
    {
        AddTestCase(new StateTestCase);
        AddTestCase(new AcknowledgementTestCase);
        AddTestCase(new RetransmissionTestCase);
        AddTestCase(new LifetimeTestCase);
        AddTestCase(new SingleFaultTestCase);
        AddTestCase(new DuplicateTestCase);
        AddTestCase(new AdaptiveTestCase);
        AddTestCase(new TransactionIdTestCase);
        AddTestCase(new DeterminismTestCase);
    }
};

MisFunctionTestSuite g_misFunctionTestSuite;

} // namespace
