// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What becomes of SAs of IKEv2: lifetimes, liveness, a peer that begins anew, deletions that cross
 * something else, Child SAs with a key agreement or selectors of their own.
 */
#include "mis-ikev2-test-helpers.h"

#include "ns3/test.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::ikev2;
using namespace ns3::mis::test;

namespace
{

/// Lifetimes, liveness, and a peer that begins anew.
class LifetimeTestCase : public TestCase
{
  public:
    LifetimeTestCase()
        : TestCase("lifetimes rekey and delete, silence is noticed, a restart replaces")
    {
    }

  private:
    using Kind = Ikev2Event::Kind;

    void DoRun() override
    {
        Soft();
        Hard();
        Liveness();
        Restart();
        Deletions();
        ChildGroup();
        Ipv6();
    }

    /// Both ends rekey at the same ages.
    void Soft()
    {
        for (const double jitter : {0.0, 0.2})
        {
            IkeNetwork network;
            for (auto& end : network.ends)
            {
                end.configuration.childSoftNs = 100 * SECOND;
                end.configuration.childHardNs = 130 * SECOND;
                end.configuration.ikeSoftNs = 350 * SECOND;
                end.configuration.ikeHardNs = 400 * SECOND;
                end.configuration.softJitter = jitter;
            }
            network.Make();
            network.Initiate(0);
            network.Run(3000 * SECOND + 500 * MS);
            NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "after many rekeys");
            for (const auto& end : network.ends)
            {
                NS_TEST_EXPECT_MSG_GT(end.Count(Kind::CHILD_SA_REKEYED), 28, "Child SAs");
                NS_TEST_EXPECT_MSG_GT(end.Count(Kind::IKE_SA_REKEYED), 7, "IKE SAs");
                NS_TEST_EXPECT_MSG_EQ(end.Count(Kind::IKE_SA_DOWN), 0, "none went down");
                for (const auto& event : end.events)
                {
                    NS_TEST_EXPECT_MSG_EQ((event.outcome == Ikev2Outcome::EXPIRED),
                                          false,
                                          "none came to its end");
                }
            }
        }
    }

    void Hard()
    {
        IkeNetwork network;
        network.ends[1].configuration.childHardNs = 50 * SECOND;
        network.ends[1].configuration.ikeHardNs = 80 * SECOND;
        network.Make();
        network.Initiate(0);
        network.Run(60 * SECOND);
        NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "0 Child SAs at end 0", "Child SA expired");
        network.Run();
        NS_TEST_EXPECT_MSG_EQ(network.ends[1].Outcome(), "expired", "IKE SA expired");
        NS_TEST_EXPECT_MSG_EQ(network.ends[0].Outcome(), "deleted", "and was deleted");
        NS_TEST_EXPECT_MSG_EQ(network.At(0).CountStates() + network.At(1).CountStates(),
                              0,
                              "nothing is kept");
        const auto& last = network.ends[0].events.back();
        NS_TEST_EXPECT_MSG_EQ((last.kind == Kind::IKE_SA_DOWN), true, "the IKE SA last");
    }

    void Liveness()
    {
        IkeNetwork network;
        network.ends[0].configuration.livenessNs = 10 * SECOND;
        network.Make();
        network.Initiate(0);
        network.Run(95 * SECOND);
        NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "alive");
        NS_TEST_EXPECT_MSG_EQ(network.sent.size(), 4 + 2 * 9, "probed every 10 s");
        network.change = [](size_t, Bytes&) { return false; };
        network.Run();
        NS_TEST_EXPECT_MSG_EQ(network.ends[0].Outcome(), "timeout", "dead");
        NS_TEST_EXPECT_MSG_EQ_TOL(network.nowNs, (100 * SECOND + 31500 * MS), SECOND, "when");
        NS_TEST_EXPECT_MSG_EQ(network.ends[0].Count(Kind::CHILD_SA_DOWN), 1, "Child SA too");
        NS_TEST_EXPECT_MSG_EQ(network.At(1).CountIkeSas(SPOS), 1, "the other end does not probe");
    }

    /// An end loses all and initiates again.
    void Restart()
    {
        for (const size_t initiator : {0, 1})
        {
            IkeNetwork network;
            network.Make();
            network.Initiate(0);
            network.Run();
            const IkeEnd& other = network.ends[1 - initiator];
            auto& end = network.ends[initiator];
            end.node = std::make_unique<Computer>(CryptoBackend::OPENSSL, 77);
            end.endpoint = std::make_unique<Ikev2Endpoint>(end.node->ctx, end.configuration);
            network.Initiate(initiator);
            network.Run();
            NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "up again");
            NS_TEST_EXPECT_MSG_EQ(other.Count(Kind::IKE_SA_DOWN), 1, "the first one went down");
            NS_TEST_EXPECT_MSG_EQ(other.Outcome(), "superseded", "for the second one");
            NS_TEST_EXPECT_MSG_EQ(other.Count(Kind::CHILD_SA_DOWN), 1, "with its Child SA");
            // What is up is not set up again.
            const auto before = network.sent.size();
            network.Initiate(initiator);
            network.Initiate(1 - initiator);
            network.Run();
            NS_TEST_EXPECT_MSG_EQ(network.sent.size(), before, "no more");
        }
    }

    /// Deletions that cross something else.
    void Deletions()
    {
        const std::vector<std::pair<std::string, std::function<void(IkeNetwork&)>>> others{
            {"deletion", [](IkeNetwork& n) { n.Delete(1); }},
            {"rekey of the Child SA", [](IkeNetwork& n) { n.RekeyChild(1); }},
            {"rekey of the IKE SA", [](IkeNetwork& n) { n.Rekey(1); }},
            {"deletion of the Child SA", [](IkeNetwork& n) { n.DeleteChild(1); }}};
        for (const bool isOfIke : {false, true})
        {
            for (const auto& [name, other] : others)
            {
                for (const int64_t offset : {0, 5, 10, 11, 15, 20, 25})
                {
                    for (size_t lost : {0, 1, 2, 3, 4, 5, 99})
                    {
                        Crossing(isOfIke, name, other, offset, lost);
                    }
                }
            }
        }
    }

    void Crossing(bool isOfIke,
                  const std::string& name,
                  const std::function<void(IkeNetwork&)>& other,
                  int64_t offset,
                  size_t lost)
    {
        IkeNetwork network;
        network.Make();
        network.Initiate(0);
        network.Run();
        const size_t first = network.sent.size();
        network.change = [&](size_t number, Bytes&) { return number != first + lost; };
        isOfIke ? network.Delete(0) : network.DeleteChild(0);
        network.Run(offset * MS);
        other(network);
        network.Run();
        const std::string at = std::string(isOfIke ? "IKE SA" : "Child SA") + " against " + name +
                               ", " + std::to_string(offset) + " ms, without message " +
                               std::to_string(lost);
        const auto count = [&](size_t end) {
            const auto& peer = network.NameOf(1 - end);
            return network.At(end).CountIkeSas(peer) * 10 + network.At(end).Children(peer).size();
        };
        NS_TEST_EXPECT_MSG_EQ(count(0), count(1), at << ": the same at both ends");
        NS_TEST_EXPECT_MSG_EQ(network.At(0).CountStates(), network.At(1).CountStates(), at);
        if (isOfIke && name != "rekey of the IKE SA")
        {
            NS_TEST_EXPECT_MSG_EQ(count(0), 0, at << ": nothing");
        }
        if (count(0) == 11)
        {
            NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", at);
        }
    }

    /// Rekeys of Child SAs with an exchange of their own.
    void ChildGroup()
    {
        IkeNetwork network;
        for (auto& end : network.ends)
        {
            end.configuration.childGroup = GROUP_P256;
        }
        network.Make();
        network.Initiate(0);
        network.Run();
        const size_t before = network.sent.size();
        network.RekeyChild(1);
        network.Run();
        NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "rekeyed");
        NS_TEST_ASSERT_MSG_EQ(network.sent.size(), before + 4, "messages");
        NS_TEST_EXPECT_MSG_EQ(network.sent[before].octets.size(), 269, "request");
        NS_TEST_EXPECT_MSG_EQ(network.sent[before + 1].octets.size(), 257, "response");
    }

    /// Selectors of IPv6, and ranges that are narrowed.
    void Ipv6()
    {
        IkeNetwork network;
        const std::string net = "20010db8000000000000000000000";
        network.ends[0].configuration.local.push_back(Range(net + "100", net + "1ff"));
        network.ends[0].configuration.remote.push_back(Range(net + "200", net + "2ff"));
        network.ends[1].configuration.local = {Range(net + "210", net + "210")};
        network.ends[1].configuration.remote = {Range(net + "000", net + "17f")};
        network.Make();
        network.Initiate(0);
        network.Run();
        NS_TEST_ASSERT_MSG_EQ(network.WhyNotUp(), "", "up");
        const auto child = network.At(0).Children(TPOS)[0];
        NS_TEST_EXPECT_MSG_EQ(
            (child.local == std::vector<TrafficSelector>{Range(net + "100", net + "17f")}),
            true,
            "narrowed by the responder");
        NS_TEST_EXPECT_MSG_EQ((child.remote == network.ends[1].configuration.local),
                              true,
                              "narrowed by the responder");
    }
};

/// Lifetimes of IKEv2.
class Ikev2LifetimeTestSuite : public TestSuite
{
  public:
    Ikev2LifetimeTestSuite()
        : TestSuite("mis-ikev2-lifetime", TestSuite::Type::UNIT)
    {
        AddTestCase(new LifetimeTestCase);
    }
};

Ikev2LifetimeTestSuite g_ikev2LifetimeTestSuite; //!< the instance

} // namespace
