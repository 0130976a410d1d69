// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of fragments (PA-13): how a message is cut, how it is put together again, and what the MIS
 * Function makes of fragments that are lost, late, doubled or wrong.
 */

#include "mis-misf-test-helpers.h"

#include "ns3/boolean.h"
#include "ns3/mis-fragmentation.h"
#include "ns3/mis-static-establishment.h"
#include "ns3/test.h"

#include <algorithm>
#include <numeric>
#include <random>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

using Verdict = Reassembler::Verdict;

constexpr int64_t TIMEOUT = 3000;
constexpr size_t MAX_MESSAGES = 10;

/// @return a frame with a body of `octets` different octets
Bytes
LongFrame(size_t octets, uint16_t tid = 7, const std::string& source = "source")
{
    auto header = MakeHeader(PreregXferRequest::ID, tid);
    header.ackReq = true;
    header.secured = true;
    Bytes body(octets);
    for (size_t i = 0; i < octets; ++i)
    {
        body[i] = static_cast<uint8_t>(i * 7 + i / 256);
    }
    // As a first fragment, so that the body need not consist of TLVs.
    header.more = true;
    return PlainFrame(header, MisfId(source), MisfId("destination"), body);
}

/// @return the fragments of a frame from LongFrame()
std::vector<Bytes>
Cut(const Bytes& frame, size_t mtu)
{
    auto view = *ParseFrame(frame);
    view.header.more = false;
    return Fragment(view, mtu);
}

/// @return the frame without its M bit, as it comes out whole
Bytes
Whole(Bytes frame)
{
    frame[0] &= 0xfe;
    return frame;
}

/// Feeds one fragment.
Verdict
Feed(Reassembler& reassembler, const Bytes& fragment, Bytes& whole, int64_t now = 0)
{
    return reassembler.Add(now, TIMEOUT, MAX_MESSAGES, *ParseFrame(fragment), whole);
}

/// How a message is cut.
class CutTestCase : public TestCase
{
  public:
    CutTestCase()
        : TestCase(
              "Fragments repeat header and identifiers and carry slices of 8 octets' multiples")
    {
    }

  private:
    void DoRun() override
    {
        for (const size_t mtu : {60, 100, 101, 107, 108, 548, 1472})
        {
            for (const size_t octets : {1, 7, 8, 9, 500, 1000, 1472, 2000})
            {
                const auto frame = LongFrame(octets);
                const auto view = *ParseFrame(frame);
                const auto fragments = Cut(frame, mtu);
                const size_t fixed = frame.size() - octets;
                const size_t slice = (mtu - fixed) / 8 * 8;
                if (octets <= slice)
                {
                    continue;
                }
                NS_TEST_ASSERT_MSG_EQ(fragments.size(),
                                      (octets + slice - 1) / slice,
                                      "as few as possible for " << octets << " at " << mtu);
                Bytes body;
                for (size_t i = 0; i < fragments.size(); ++i)
                {
                    const bool isLast = i + 1 == fragments.size();
                    const auto part = ParseFrame(fragments[i]);
                    NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(part), true, "a frame");
                    NS_TEST_EXPECT_MSG_LT_OR_EQ(fragments[i].size(), mtu, "fits");
                    NS_TEST_EXPECT_MSG_EQ(part->header.more, !isLast, "M on all but the last");
                    NS_TEST_EXPECT_MSG_EQ(part->header.fragment, i, "FN counts from 0");
                    NS_TEST_EXPECT_MSG_EQ((part->header.mid == view.header.mid), true, "MID");
                    NS_TEST_EXPECT_MSG_EQ(part->header.tid, view.header.tid, "TID");
                    NS_TEST_EXPECT_MSG_EQ(part->header.ackReq, true, "AckReq");
                    NS_TEST_EXPECT_MSG_EQ(part->header.secured, true, "S on each");
                    NS_TEST_EXPECT_MSG_EQ(part->header.length,
                                          fragments[i].size() - mis::Header::SIZE,
                                          "its own length");
                    NS_TEST_EXPECT_MSG_EQ((part->sourceTlv == view.sourceTlv), true, "source");
                    NS_TEST_EXPECT_MSG_EQ((part->destinationTlv == view.destinationTlv),
                                          true,
                                          "destination");
                    NS_TEST_EXPECT_MSG_EQ((isLast || part->body.size() % 8 == 0), true, "slice");
                    body.insert(body.end(), part->body.begin(), part->body.end());
                }
                NS_TEST_EXPECT_MSG_EQ((ByteView(body) == view.body), true, "nothing is lost");
            }
        }
        const auto frame = LongFrame(128 * 16);
        const size_t fixed = frame.size() - 128 * 16;
        NS_TEST_EXPECT_MSG_EQ(Cut(frame, fixed + 16).size(), 128u, "as many as there may be");
        NS_TEST_EXPECT_MSG_EQ(Cut(LongFrame(128 * 16 + 1), fixed + 16).size(), 0u, "one too many");
        NS_TEST_EXPECT_MSG_EQ(Cut(frame, fixed + 7).size(), 0u, "no room for a slice");
    }
};

/// How fragments become a message.
class AssembleTestCase : public TestCase
{
  public:
    AssembleTestCase()
        : TestCase("Fragments in any order and doubled give the message back, messages interleaved")
    {
    }

  private:
    void DoRun() override
    {
        const auto frame = LongFrame(400);
        const auto fragments = Cut(frame, 150);
        NS_TEST_ASSERT_MSG_EQ(fragments.size(), 4u, "number of fragments");
        std::vector<size_t> order(fragments.size());
        std::iota(order.begin(), order.end(), 0);
        do
        {
            for (size_t doubled = 0; doubled < order.size(); ++doubled)
            {
                Reassembler reassembler;
                Bytes whole;
                for (size_t i = 0; i < order.size(); ++i)
                {
                    const bool isLast = i + 1 == order.size();
                    NS_TEST_EXPECT_MSG_EQ((Feed(reassembler, fragments[order[i]], whole) ==
                                           (isLast ? Verdict::COMPLETE : Verdict::WAITING)),
                                          true,
                                          "fragment " << order[i]);
                    if (i == doubled && !isLast)
                    {
                        NS_TEST_EXPECT_MSG_EQ(
                            (Feed(reassembler, fragments[order[i]], whole) == Verdict::WAITING),
                            true,
                            "fragment " << order[i] << " again");
                    }
                }
                NS_TEST_EXPECT_MSG_EQ((whole == Whole(frame)), true, "as it was");
                NS_TEST_EXPECT_MSG_EQ(reassembler.Size(), 0u, "nothing is kept");
            }
        } while (std::next_permutation(order.begin(), order.end()));

        // Several messages at once, told apart by source and TID, 128 fragments each.
        std::vector<std::pair<size_t, Bytes>> pool;
        std::vector<Bytes> originals;
        for (const auto& [source, tid] : {std::pair("a", 1), std::pair("a", 2), std::pair("b", 1)})
        {
            originals.push_back(LongFrame(128 * 16 - 3, static_cast<uint16_t>(tid), source));
            const auto cut = Cut(originals.back(), originals.back().size() - 128 * 16 + 3 + 16);
            NS_TEST_ASSERT_MSG_EQ(cut.size(), 128u, "number of fragments");
            for (const auto& fragment : cut)
            {
                pool.emplace_back(originals.size() - 1, fragment);
            }
        }
        std::mt19937 random(1);
        std::shuffle(pool.begin(), pool.end(), random);
        Reassembler reassembler;
        size_t complete = 0;
        for (const auto& [index, fragment] : pool)
        {
            Bytes whole;
            const auto verdict = Feed(reassembler, fragment, whole);
            NS_TEST_EXPECT_MSG_EQ((verdict != Verdict::DROPPED), true, "consistent");
            if (verdict == Verdict::COMPLETE)
            {
                ++complete;
                NS_TEST_EXPECT_MSG_EQ((whole == Whole(originals[index])), true, "as it was");
            }
        }
        NS_TEST_EXPECT_MSG_EQ(complete, 3u, "all of them");
    }
};

/// Fragments that do not fit together.
class ContradictionTestCase : public TestCase
{
  public:
    ContradictionTestCase()
        : TestCase("A fragment that contradicts its message drops it")
    {
    }

  private:
    /// @return a fragment number `number` with a slice
    static Bytes Make(uint8_t number,
                      bool more,
                      size_t slice,
                      std::function<void(mis::Header&)> change = nullptr)
    {
        auto header = MakeHeader(PreregXferRequest::ID, 7);
        header.fragment = number;
        header.more = more;
        if (change)
        {
            change(header);
        }
        return PlainFrame(header, MisfId("a"), MisfId("b"), Bytes(slice, number));
    }

    void Check(const std::vector<Bytes>& good, const Bytes& bad, const char* what)
    {
        Reassembler reassembler;
        Bytes whole;
        for (const auto& fragment : good)
        {
            NS_TEST_EXPECT_MSG_EQ((Feed(reassembler, fragment, whole) == Verdict::WAITING),
                                  true,
                                  what << ": good ones");
        }
        NS_TEST_EXPECT_MSG_EQ((Feed(reassembler, bad, whole) == Verdict::DROPPED), true, what);
        NS_TEST_EXPECT_MSG_EQ(reassembler.Size(), 0u, what << ": nothing is kept");
        NS_TEST_EXPECT_MSG_EQ(whole.size(), 0u, what << ": nothing comes out");
    }

    void DoRun() override
    {
        const auto first = Make(0, true, 16);
        auto other = first;
        other.back() ^= 1;
        Check({first}, other, "other content");
        Check({first}, Make(0, true, 24), "other length");
        Check({first}, Make(1, true, 15), "slice that is no multiple of 8");
        Check({first}, Make(1, true, 0), "no slice");
        Check({first, Make(2, false, 5)}, Make(3, true, 8), "beyond the last");
        Check({first, Make(2, false, 5)}, Make(3, false, 8), "a second last");
        Check({first, Make(2, false, 5)}, Make(1, false, 5), "a last before the last");
        Check({first, Make(3, true, 8)}, Make(2, false, 5), "a last before one seen");
        Check({first}, Make(1, false, 8, [](auto& header) { header.secured = true; }), "S");
        Check({first}, Make(1, false, 8, [](auto& header) { header.ackReq = true; }), "AckReq");
        Check({first}, Make(1, false, 8, [](auto& header) { header.ackRsp = true; }), "AckRsp");
        Check({first}, Make(1, false, 8, [](auto& header) { header.uir = true; }), "UIR");
        // Together more than the length field can say; noticed before the last has come.
        std::vector<Bytes> many;
        for (uint8_t i = 0; i < 6; ++i)
        {
            many.push_back(Make(i, true, 10000));
        }
        Check(many, Make(6, true, 10000), "too long");
    }
};

/// What is kept, and how long.
class ExpiryTestCase : public TestCase
{
  public:
    ExpiryTestCase()
        : TestCase("An incomplete message is kept for the timeout from its first fragment on")
    {
    }

  private:
    void DoRun() override
    {
        Reassembler reassembler;
        Bytes whole;
        const auto fragments = Cut(LongFrame(400), 150);
        NS_TEST_EXPECT_MSG_EQ(reassembler.NextDeadlineNs().has_value(), false, "nothing yet");
        Feed(reassembler, fragments[0], whole, 100);
        Feed(reassembler, fragments[2], whole, 500);
        Feed(reassembler, Cut(LongFrame(400, 8), 150)[1], whole, 600);
        NS_TEST_EXPECT_MSG_EQ(reassembler.NextDeadlineNs().value_or(0), 100 + TIMEOUT, "first");
        NS_TEST_EXPECT_MSG_EQ(reassembler.Expire(100 + TIMEOUT - 1), 0u, "not yet");
        NS_TEST_EXPECT_MSG_EQ(reassembler.Expire(100 + TIMEOUT), 1u, "now");
        NS_TEST_EXPECT_MSG_EQ(reassembler.Size(), 1u, "the other is kept");
        for (const auto i : {1, 3})
        {
            NS_TEST_EXPECT_MSG_EQ(
                (Feed(reassembler, fragments[i], whole, 4000) == Verdict::WAITING),
                true,
                "too late");
        }
        for (uint16_t tid = 100; reassembler.Size() < MAX_MESSAGES; ++tid)
        {
            Feed(reassembler, Cut(LongFrame(400, tid), 150)[0], whole, 4000);
        }
        NS_TEST_EXPECT_MSG_EQ(
            (Feed(reassembler, Cut(LongFrame(400, 99), 150)[0], whole, 4000) == Verdict::FULL),
            true,
            "table full");
    }
};

/// Fragments between two MISFs.
class ExchangeTestCase : public TestCase
{
  public:
    ExchangeTestCase()
        : TestCase("A long message gets through with any one fragment lost, and in reverse order")
    {
    }

  private:
    /// @return frames received
    size_t Check(bool isProtected, size_t lost, bool isReversed)
    {
        Lan lan(2);
        for (const auto& device : lan.devices)
        {
            device->SetMtu(200);
        }
        auto establishment = CreateObject<StaticEstablishment>();
        establishment->AddPair(Lan::Id(0), Lan::Id(1));
        if (isProtected)
        {
            lan.misfs[0]->SetSaProvider(establishment);
            lan.misfs[1]->SetSaProvider(establishment);
        }
        Bytes got;
        lan.misfs[1]->SetHandler(PreregXferRequest::ID, [&](const ReceivedMessage& message) {
            ++lan.deliveries;
            const auto request = DecodeBody<PreregXferRequest>(message.body);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(request), true, "a message");
            got = request->linkLayerInformation.value_or(Bytes());
            NS_TEST_EXPECT_MSG_EQ((message.sa != nullptr), isProtected, "protection");
            PreregXferResponse response;
            response.linkLayerInformation = Bytes(700, 1);
            lan.misfs[1]->SendResponse(message.transaction, response, SendOptions());
        });
        size_t received = 0;
        std::vector<Bytes> held;
        lan.lose = [&](Ptr<const Packet> packet) {
            if (isReversed && lan.receiver == 1)
            {
                held.push_back(OctetsOf(packet));
                ++received;
                return true;
            }
            return received++ == lost;
        };
        At(Seconds(1), [&] { lan.Request(0, 1, SendOptions(), 1000); });
        At(Seconds(1.2), [&] {
            isReversed = false;
            std::for_each(held.rbegin(), held.rend(), [&](const Bytes& fragment) {
                lan.SendFrom(0, 1, fragment);
            });
        });
        Simulator::Stop(Seconds(10));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((got == Bytes(1000, 0x5a)), true, "as it was sent");
        NS_TEST_EXPECT_MSG_EQ(lan.deliveries, 1u, "once");
        NS_TEST_EXPECT_MSG_EQ(lan.endings.size(), 1u, "ended");
        for (const auto& ending : lan.endings)
        {
            NS_TEST_EXPECT_MSG_EQ((ending.failure == TransactionFailure::NONE), true, "succeeds");
        }
        for (const auto& frame : lan.sent)
        {
            NS_TEST_EXPECT_MSG_LT_OR_EQ(frame.octets.size(), 200u, "fits");
            NS_TEST_EXPECT_MSG_EQ(frame.header.IsFragment(), true, "a fragment");
            NS_TEST_EXPECT_MSG_EQ(frame.header.secured, isProtected, "S on each");
        }
        return received;
    }

    void DoRun() override
    {
        for (const bool isProtected : {false, true})
        {
            const size_t undisturbed = Check(isProtected, 1000, false);
            NS_TEST_EXPECT_MSG_GT(undisturbed, 8u, "fragments both ways");
            for (size_t i = 0; i < undisturbed; ++i)
            {
                NS_TEST_EXPECT_MSG_GT(Check(isProtected, i, false), undisturbed, "sent again");
            }
            Check(isProtected, 1000, true);
        }
    }
};

/// Limits of what can be sent and kept.
class LengthTestCase : public TestCase
{
  public:
    LengthTestCase()
        : TestCase("A message of 128 fragments is sent, a longer one is refused")
    {
    }

  private:
    static void OnDrop(std::vector<std::pair<Time, DropReason>>* drops, DropReason reason, uint32_t)
    {
        drops->emplace_back(Simulator::Now(), reason);
    }

    void DoRun() override
    {
        {
            Lan lan(2);
            lan.devices[0]->SetMtu(100);
            lan.Answer(1);
            At(Seconds(1), [&] {
                size_t octets = 9000;
                while (lan.Request(0, 1, SendOptions(), octets) == SendError::NONE &&
                       octets < 20000)
                {
                    ++octets;
                }
                NS_TEST_EXPECT_MSG_EQ(
                    (lan.Request(0, 1, SendOptions(), octets) == SendError::TOO_LONG),
                    true,
                    "one octet too many");
                const auto& last = lan.sent.back();
                NS_TEST_EXPECT_MSG_EQ(last.header.fragment, 127, "the last number");
                NS_TEST_EXPECT_MSG_EQ(last.octets.size(), 24u + 72u, "full to the last octet");
            });
            Simulator::Stop(Seconds(3));
            Simulator::Run();
            NS_TEST_EXPECT_MSG_GT(lan.deliveries, 10u, "they arrive");
            NS_TEST_EXPECT_MSG_EQ(lan.endings.size(), lan.deliveries, "and are answered");
        }
        {
            // Without acknowledgement nothing is repeated: what is lost is missed after 3 s.
            Lan lan(2);
            lan.Set("AcknowledgementService", BooleanValue(false));
            std::vector<std::pair<Time, DropReason>> drops;
            lan.misfs[1]->TraceConnectWithoutContext(
                "Drop",
                MakeBoundCallback(&LengthTestCase::OnDrop, &drops));
            lan.devices[0]->SetMtu(200);
            lan.Answer(1);
            size_t received = 0;
            lan.lose = [&](Ptr<const Packet>) { return received++ == 2; };
            At(Seconds(1), [&] { lan.Request(0, 1, SendOptions(), 1000); });
            Simulator::Stop(Seconds(10));
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ(lan.deliveries, 0u, "not whole");
            NS_TEST_ASSERT_MSG_EQ(drops.size(), 1u, "dropped");
            NS_TEST_EXPECT_MSG_EQ((drops[0].second == DropReason::REASSEMBLY_TIMEOUT), true, "why");
            NS_TEST_EXPECT_MSG_EQ(drops[0].first,
                                  Seconds(1) + MilliSeconds(1) + Seconds(3),
                                  "from the first fragment on");
        }
    }
};

/// All tests of fragments.
class MisFragmentationTestSuite : public TestSuite
{
  public:
    MisFragmentationTestSuite()
        : TestSuite("mis-fragmentation", TestSuite::Type::UNIT)
    {
        AddTestCase(new CutTestCase);
        AddTestCase(new AssembleTestCase);
        AddTestCase(new ContradictionTestCase);
        AddTestCase(new ExpiryTestCase);
        AddTestCase(new ExchangeTestCase);
        AddTestCase(new LengthTestCase);
    }
};

MisFragmentationTestSuite g_misFragmentationTestSuite;

} // namespace
