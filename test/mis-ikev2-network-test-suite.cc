// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * IKEv2 over a network that loses messages, changes them or lets them cross.
 */
#include "mis-ikev2-test-helpers.h"

#include "ns3/test.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::ikev2;
using namespace ns3::mis::test;

namespace
{

/// Each message is lost in turn, once, twice and until the end.
class LossTestCase : public TestCase
{
  public:
    explicit LossTestCase(Variant variant)
        : TestCase("each message lost in turn with " + variant.name),
          m_variant(std::move(variant))
    {
    }

  private:
    void DoRun() override
    {
        IkeNetwork whole;
        Configure(whole, m_variant);
        whole.Make();
        RunAll(whole);
        const size_t messages = whole.sent.size();
        NS_TEST_EXPECT_MSG_EQ(messages, 18, "messages without loss");
        for (size_t lost = 0; lost < messages; ++lost)
        {
            for (const size_t times : {1, 3})
            {
                Lose(lost, times);
            }
            Silence(lost);
        }
        Duplicate(messages);
    }

    /// A message, and then its repetitions, are lost a number of times.
    void Lose(size_t lost, size_t times)
    {
        const std::string what = "message " + std::to_string(lost);
        IkeNetwork network;
        Configure(network, m_variant);
        network.Make();
        Bytes victim;
        size_t left = times;
        network.change = [&](size_t number, Bytes& octets) {
            if (number == lost)
            {
                victim = octets;
            }
            return victim != octets || left-- == 0 || left > times;
        };
        RunAll(network);
        NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", what << " lost " << times << " times");
        // A lost request is repeated; for a lost response both are.
        const auto message = Decode(victim);
        const size_t more = message && message->header.IsResponse() ? 2 * times : times;
        NS_TEST_EXPECT_MSG_EQ(network.sent.size(), 18 + more, what << ": no more than needed");
        for (const auto& end : network.ends)
        {
            NS_TEST_EXPECT_MSG_EQ(end.Outcome(), "", what << ": nothing failed");
        }
    }

    /// From some message on, nothing arrives.
    void Silence(size_t first)
    {
        const std::string what = "silence from message " + std::to_string(first);
        IkeNetwork network;
        Configure(network, m_variant);
        network.Make();
        network.change = [first](size_t number, Bytes&) { return number < first; };
        network.Initiate(0);
        network.Run();
        network.Probe(0);
        network.Probe(1);
        network.Run();
        network.RekeyChild(0);
        network.Run();
        if (first < 8)
        {
            NS_TEST_EXPECT_MSG_EQ(network.ends[0].Outcome(), "timeout", what);
            NS_TEST_EXPECT_MSG_EQ(network.At(0).CountStates(), 0, what);
            NS_TEST_EXPECT_MSG_EQ(network.At(1).CountStates(), 0, what);
            if (first > 1)
            {
                NS_TEST_EXPECT_MSG_EQ(network.ends[1].Outcome(), "timeout", what);
            }
        }
    }

    /// All messages arrive twice, at once or later.
    void Duplicate(size_t messages)
    {
        for (const bool isLate : {false, true})
        {
            IkeNetwork network;
            Configure(network, m_variant);
            network.Make();
            network.change = [&](size_t, Bytes& octets) {
                if (!isLate && network.sent.size() < 200)
                {
                    network.Inject(network.sent.back().from, octets);
                }
                return true;
            };
            RunAll(network);
            NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "with duplicates");
            if (isLate)
            {
                network.nowNs += SECOND;
                const auto sent = network.sent;
                const auto before = network.ends[0].events.size();
                for (const auto& flight : sent)
                {
                    network.Inject(flight.from, flight.octets);
                }
                network.Run(SECOND);
                NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "after old messages");
                NS_TEST_EXPECT_MSG_EQ(network.ends[0].events.size(), before, "nothing happened");
                NS_TEST_EXPECT_MSG_GT_OR_EQ(network.ends[0].drops.size() +
                                                network.ends[1].drops.size(),
                                            messages / 2,
                                            "and they were ignored");
            }
        }
    }

    Variant m_variant;
};

/// Both ends begin the same, or something else, at about the same time.
class CollisionTestCase : public TestCase
{
  public:
    CollisionTestCase()
        : TestCase("simultaneous initiations and rekeys end with one IKE SA and one Child SA")
    {
    }

  private:
    using Action = std::function<void(IkeNetwork&, size_t end)>;

    void Expect(const std::string& what, bool isUpBefore, const Action& a, const Action& b)
    {
        for (uint64_t seed = 1; seed <= 4; ++seed)
        {
            for (const int64_t offset : {0, 5, 10, 11, 15, 20, 21, 25, 30, 31, 35, 45})
            {
                // Message number 99 is not there.
                for (size_t lost : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 99})
                {
                    Once(what, isUpBefore, a, b, seed, offset, lost);
                }
            }
        }
    }

    void Once(const std::string& what,
              bool isUpBefore,
              const Action& a,
              const Action& b,
              uint64_t seed,
              int64_t offset,
              size_t lost)
    {
        IkeNetwork network(seed);
        network.Make();
        if (isUpBefore)
        {
            network.Initiate(0);
            network.Run();
        }
        const size_t first = network.sent.size();
        network.change = [&](size_t number, Bytes&) { return number != first + lost; };
        a(network, 0);
        network.Run(offset * MS);
        b(network, 1);
        network.Run();
        const std::string at = what + ", seed " + std::to_string(seed) + ", " +
                               std::to_string(offset) + " ms, without message " +
                               std::to_string(lost);
        NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", at);
        NS_TEST_EXPECT_MSG_EQ(network.At(0).CountStates(), 1, at << ": nothing else is kept");
        NS_TEST_EXPECT_MSG_EQ(network.At(1).CountStates(), 1, at << ": nothing else is kept");
        NS_TEST_EXPECT_MSG_LT(network.sent.size() - first, 40, at);
        for (size_t end = 0; end < 2; ++end)
        {
            Balance(network.ends[end], at);
        }
        network.change = nullptr;
        const size_t before = network.sent.size();
        network.Probe(0);
        network.Run();
        NS_TEST_EXPECT_MSG_EQ(network.sent.size(), before + 2, at << ": alive");
    }

    /// What came up and did not go down is what is there.
    void Balance(const IkeEnd& end, const std::string& at)
    {
        const auto up = end.Count(Ikev2Event::Kind::CHILD_SA_UP) +
                        end.Count(Ikev2Event::Kind::CHILD_SA_REKEYED);
        NS_TEST_EXPECT_MSG_EQ(up - end.Count(Ikev2Event::Kind::CHILD_SA_DOWN), 1, at);
        NS_TEST_EXPECT_MSG_EQ(end.Count(Ikev2Event::Kind::IKE_SA_UP) -
                                  end.Count(Ikev2Event::Kind::IKE_SA_DOWN),
                              1,
                              at);
    }

    void DoRun() override
    {
        const Action initiate = [](IkeNetwork& n, size_t end) { n.Initiate(end); };
        const Action rekeyChild = [](IkeNetwork& n, size_t end) { n.RekeyChild(end); };
        const Action rekeyIke = [](IkeNetwork& n, size_t end) { n.Rekey(end); };
        Expect("initiation", false, initiate, initiate);
        Expect("rekey of the Child SA", true, rekeyChild, rekeyChild);
        Expect("rekey of the IKE SA", true, rekeyIke, rekeyIke);
        Expect("rekey of the IKE SA and of the Child SA", true, rekeyIke, rekeyChild);
        Expect("rekey of the Child SA and of the IKE SA", true, rekeyChild, rekeyIke);
    }
};

/// Octets of messages are changed on the way.
class ChangeTestCase : public TestCase
{
  public:
    ChangeTestCase()
        : TestCase("changed and cut messages end in the same keys or in a named failure")
    {
    }

  private:
    void DoRun() override
    {
        RepeatableSource random(11);
        for (const auto& variant : {VARIANTS[0], VARIANTS[2]})
        {
            size_t failures = 0;
            for (size_t victim = 0; victim < 18; ++victim)
            {
                for (size_t round = 0; round < 40; ++round)
                {
                    failures += Once(variant, victim, random, round % 4);
                }
            }
            NS_TEST_EXPECT_MSG_GT(failures, 0, "changes of IKE_SA_INIT are noticed");
        }
        Anything(random);
    }

    /// Returns whether the attempt failed.
    bool Once(const Variant& variant, size_t victim, RepeatableSource& random, size_t kind)
    {
        IkeNetwork network;
        Configure(network, variant);
        network.Make();
        std::string what;
        network.change = [&](size_t number, Bytes& octets) {
            if (number == victim)
            {
                const size_t at = random.Below(octets.size());
                what = "message " + std::to_string(victim) + ", octet " + std::to_string(at) +
                       ", kind " + std::to_string(kind);
                Change(octets, at, kind, random);
            }
            return true;
        };
        RunAll(network);
        const bool isUp = network.WhyNotUp().empty();
        const bool hasFailed = !network.ends[0].Outcome().empty();
        NS_TEST_EXPECT_MSG_EQ((isUp || hasFailed), true, what << ": " << network.WhyNotUp());
        if (!isUp)
        {
            for (size_t end = 0; end < 2; ++end)
            {
                NS_TEST_EXPECT_MSG_EQ(network.At(end).CountIkeSas(network.NameOf(1 - end)),
                                      0,
                                      what << ": neither end has an SA");
            }
        }
        return !isUp;
    }

    static void Change(Bytes& octets, size_t at, size_t kind, RepeatableSource& random)
    {
        switch (kind)
        {
        case 0:
            octets[at] ^= 1 << random.Below(8);
            break;
        case 1:
            octets.resize(at);
            break;
        case 2:
            octets[at] = static_cast<uint8_t>(random.Next());
            break;
        default: // cut, with a length that fits
            octets.resize(std::max(at, HEADER_SIZE));
            octets[24] = 0;
            octets[25] = 0;
            octets[26] = static_cast<uint8_t>(octets.size() >> 8);
            octets[27] = static_cast<uint8_t>(octets.size());
        }
    }

    /// All messages, changed at several places, arrive at ends in all states.
    void Anything(RepeatableSource& random)
    {
        IkeNetwork network;
        Configure(network, VARIANTS[2]);
        network.Make();
        RunAll(network);
        const auto sent = network.sent;
        const auto child = network.At(0).Children(TPOS)[0];
        size_t refused = 0;
        for (size_t round = 0; round < 20000; ++round)
        {
            const auto& flight = sent[random.Below(sent.size())];
            Bytes octets = flight.octets;
            for (size_t i = 0, n = 1 + random.Below(4); i < n; ++i)
            {
                Change(octets,
                       random.Below(octets.size()),
                       octets.size() > HEADER_SIZE ? random.Below(4) : 2,
                       random);
                if (octets.empty())
                {
                    octets.push_back(0);
                }
            }
            const size_t to = random.Below(2);
            const auto out =
                network.At(to).Receive(network.nowNs, IkeNetwork::AddressOf(1 - to), octets);
            refused += out.drop != Ikev2Drop::NONE;
            for (const auto& event : out.events)
            {
                NS_TEST_EXPECT_MSG_EQ((event.kind == Ikev2Event::Kind::FAILED), true, "no other");
            }
        }
        NS_TEST_EXPECT_MSG_GT(refused, 15000, "most are ignored");
        NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "what is up stays up");
        NS_TEST_EXPECT_MSG_EQ(network.At(0).Children(TPOS)[0].spiIn, child.spiIn, "the same");
    }
};

/// IKEv2 over a bad network.
class Ikev2NetworkTestSuite : public TestSuite
{
  public:
    Ikev2NetworkTestSuite()
        : TestSuite("mis-ikev2-network", TestSuite::Type::UNIT)
    {
        for (const auto& variant : VARIANTS)
        {
            AddTestCase(new LossTestCase(variant));
        }
        AddTestCase(new CollisionTestCase);
        AddTestCase(new ChangeTestCase);
    }
};

Ikev2NetworkTestSuite g_ikev2NetworkTestSuite; //!< the instance

} // namespace
