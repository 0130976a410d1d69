// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of how a PoS chooses a target: by technology, partnership, location, load and trust.
 */
#include "mis-roaming-test-helpers.h"

#include "ns3/mis-target-selection.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;
using namespace ns3::mis::test::roam;

namespace
{

/// The rules, one before the other.
class SelectionRulesTestCase : public TestCase
{
  public:
    SelectionRulesTestCase()
        : TestCase("location goes before load, load before trust, trust before order")
    {
    }

  private:
    static bool Yes(const MisfId&)
    {
        return true;
    }

    /// @return whom the selection chooses among pos a, b and c, of which c is trusted
    static std::string Choose(const TargetSelection& selection,
                              const TargetSelection::Question& canUse = Yes)
    {
        const auto* best =
            selection.Choose(MisfId("mn"), selection.GetNeighbours(), canUse, [](const MisfId& id) {
                return id == MisfId("c");
            });
        return best ? best->pos.Get() : "";
    }

    void DoRun() override
    {
        TargetSelection selection;
        NS_TEST_EXPECT_MSG_EQ(Choose(selection), "", "there is none");
        selection.AddNeighbour(MisfId("a"), LinkType::WIFI);
        selection.AddNeighbour(MisfId("b"), LinkType::UMTS);
        NS_TEST_EXPECT_MSG_EQ(Choose(selection), "a", "the first");
        selection.AddNeighbour(MisfId("c"), LinkType::WIFI);
        NS_TEST_EXPECT_MSG_EQ(Choose(selection), "c", "the trusted one");
        selection.Begin(MisfId("c"));
        NS_TEST_EXPECT_MSG_EQ(Choose(selection), "a", "load before trust");
        selection.Begin(MisfId("a"));
        NS_TEST_EXPECT_MSG_EQ(Choose(selection), "b", "the one without load");
        selection.Begin(MisfId("b"));
        selection.Begin(MisfId("b"));
        NS_TEST_EXPECT_MSG_EQ(Choose(selection), "c", "trust where load is the same");
        selection.End(MisfId("b"));
        selection.End(MisfId("b"));
        NS_TEST_EXPECT_MSG_EQ(Choose(selection), "b", "its load is gone");
        NS_TEST_EXPECT_MSG_EQ(Choose(selection, [](const MisfId& id) { return id != MisfId("b"); }),
                              "c",
                              "b may not be used");

        // Only a covers the mobile node, loaded as it is.
        selection.SetCoverage(MisfId("a"), {Vector(0, 0, 0), 100});
        selection.SetCoverage(MisfId("b"), {Vector(300, 0, 0), 100});
        selection.SetCoverage(MisfId("c"), {Vector(600, 0, 0), 100});
        NS_TEST_EXPECT_MSG_EQ(Choose(selection), "b", "nobody knows where the mobile node is");
        Vector at(60, 80, 0);
        selection.SetLocator([&at](const MisfId& mn) {
            return mn == MisfId("mn") ? std::optional<Vector>(at) : std::nullopt;
        });
        NS_TEST_EXPECT_MSG_EQ(Choose(selection), "a", "location before load");
        at = Vector(600, 99, 0);
        NS_TEST_EXPECT_MSG_EQ(Choose(selection), "c", "it has moved");
        at = Vector(0, 1000, 0);
        NS_TEST_EXPECT_MSG_EQ(Choose(selection), "b", "none covers it, so that load decides");
        at = Vector(600, 99, 0);
        selection.SetRats(MisfId("mn"), {LinkType::UMTS});
        NS_TEST_EXPECT_MSG_EQ(Choose(selection), "b", "a network it has no radio for is none");
        selection.SetRats(MisfId("mn"), {});
        NS_TEST_EXPECT_MSG_EQ(Choose(selection), "", "it has no radio at all");
        selection.Forget(MisfId("mn"));
        NS_TEST_EXPECT_MSG_EQ(Choose(selection), "c", "what it has is forgotten");
    }
};

/// Who chooses the target.
class SelectionTestCase : public TestCase
{
  public:
    SelectionTestCase()
        : TestCase("the target is named by the MN, by its link, from candidates, or chosen by the "
                   "SPoS by technology, partnership, load and trust")
    {
    }

  private:
    static constexpr uint32_t NETWORKS = 4;

    /// Ethernet, LTE, Wi-Fi, LTE.
    static void Configure(Scenario& scenario)
    {
        for (const auto* type : {"ethernet", "lte", "wifi", "lte"})
        {
            auto access = Scenario::Link(MilliSeconds(1));
            access.type = FindLinkProfile(type)->type;
            scenario.roaming.AddNetwork(access, Scenario::Link(MilliSeconds(5)));
        }
    }

    /// Has the first mobile node preregister and returns where it got to.
    std::string Choose(const PreregistrationTarget& target,
                       const std::function<void(Scenario&)>& arrange = nullptr,
                       const std::string& remedy = "ns3::mis::SaProtectedRemedy")
    {
        Scenario scenario;
        scenario.roaming.GetMis().SetRemedy(Scenario::Remedy(remedy));
        scenario.roaming.GetMis().SetAutomaticPartners(false);
        Configure(scenario);
        scenario.Build();
        for (uint32_t i = 0; i < NETWORKS; ++i)
        {
            scenario.Pos(0)->AddPartner(MisfId(RoamingScenarioHelper::PosId(i)));
            scenario.Pos(i)->AddPartner(MisfId(RoamingScenarioHelper::PosId(0)));
        }
        if (arrange)
        {
            arrange(scenario);
        }
        Scenario::At(Seconds(1), [&] { scenario.Mn()->Preregister(target); });
        Scenario::Run(Seconds(8));
        NS_TEST_EXPECT_MSG_EQ(scenario.reports.size(), 1u, "a report");
        return scenario.Outcome() == "success" ? scenario.reports[0].tpos.Get()
                                               : scenario.Outcome();
    }

    void DoRun() override
    {
        std::vector<LinkTupleId> links;
        {
            Scenario scenario;
            Configure(scenario);
            scenario.Build();
            for (uint32_t i = 0; i < NETWORKS; ++i)
            {
                links.push_back(scenario.roaming.GetLink(0, i)->GetLinkTupleId());
            }
        }
        const auto lte = links[1].link.type;
        const auto wifi = links[2].link.type;
        PreregistrationTarget target;
        target.tpos = MisfId(RoamingScenarioHelper::PosId(2));
        NS_TEST_EXPECT_MSG_EQ(Choose(target), RoamingScenarioHelper::PosId(2), "named");
        target.tpos.reset();
        target.link = links[3];
        NS_TEST_EXPECT_MSG_EQ(Choose(target), RoamingScenarioHelper::PosId(3), "by its link");
        auto unknown = links[3];
        unknown.link.address = LinkAddress::Mac({2, 9, 9, 9, 9, 9});
        target.link = unknown;
        NS_TEST_EXPECT_MSG_EQ(Choose(target), "network-error", "by a link that nobody knows");
        target.candidates = {links[3].link};
        NS_TEST_EXPECT_MSG_EQ(Choose(target),
                              RoamingScenarioHelper::PosId(3),
                              "by a candidate beside it");
        target.link.reset();
        target.candidates = {links[2].link, links[3].link};
        NS_TEST_EXPECT_MSG_EQ(Choose(target),
                              RoamingScenarioHelper::PosId(2),
                              "first of equal candidates");
        target.candidates = {links[3].link, links[2].link};
        NS_TEST_EXPECT_MSG_EQ(Choose(target),
                              RoamingScenarioHelper::PosId(3),
                              "in the order of the list");
        for (const auto& remedy : SHIPPED)
        {
            NS_TEST_EXPECT_MSG_EQ(Choose(target, nullptr, remedy),
                                  RoamingScenarioHelper::PosId(3),
                                  "by " << remedy);
            NS_TEST_EXPECT_MSG_EQ(Choose({}, nullptr, remedy),
                                  RoamingScenarioHelper::PosId(1),
                                  "by the SPoS, " << remedy);
        }
        const auto onlyWifi = [wifi](Scenario& scenario) {
            scenario.Pos(0)->GetTargetSelection().SetRats(
                MisfId(RoamingScenarioHelper::MobileNodeId(0)),
                {wifi});
        };
        NS_TEST_EXPECT_MSG_EQ(Choose(target, onlyWifi),
                              RoamingScenarioHelper::PosId(2),
                              "candidate it has a radio for");
        NS_TEST_EXPECT_MSG_EQ(Choose({}, onlyWifi),
                              RoamingScenarioHelper::PosId(2),
                              "neighbour it has a radio for");
        const auto nothing = [](Scenario& scenario) {
            scenario.Pos(0)->GetTargetSelection().SetRats(
                MisfId(RoamingScenarioHelper::MobileNodeId(0)),
                {});
        };
        NS_TEST_EXPECT_MSG_EQ(Choose({}, nothing), "network-error", "no radio at all");
        NS_TEST_EXPECT_MSG_EQ(Choose({},
                                     [](Scenario& scenario) {
                                         // An SA with network 2 exists already.
                                         scenario.Pos(0)->GetMisf()->Start();
                                         Scenario::At(MilliSeconds(500), [&] {
                                             scenario.Pos(0)->GetMisf()->FindSa(
                                                 MisfId(RoamingScenarioHelper::PosId(2)));
                                         });
                                     }),
                              RoamingScenarioHelper::PosId(2),
                              "the one trusted already");

        NS_TEST_EXPECT_MSG_EQ(
            Choose({},
                   [](Scenario& scenario) {
                       auto& selection = scenario.Pos(0)->GetTargetSelection();
                       selection.SetLocator(
                           [](const MisfId&) { return std::optional<Vector>(Vector(500, 0, 0)); });
                       for (uint32_t i = 1; i < NETWORKS; ++i)
                       {
                           selection.SetCoverage(MisfId(RoamingScenarioHelper::PosId(i)),
                                                 {Vector(250.0 * (i - 1), 0, 0), 100});
                       }
                   }),
            RoamingScenarioHelper::PosId(3),
            "the one that covers it");

        // no partners but network 3
        Scenario strangers;
        strangers.roaming.GetMis().SetAutomaticPartners(false);
        Configure(strangers);
        strangers.Build();
        strangers.Pos(0)->AddPartner(MisfId(RoamingScenarioHelper::PosId(3)));
        strangers.Pos(3)->AddPartner(MisfId(RoamingScenarioHelper::PosId(0)));
        Scenario::At(Seconds(1), [&] { strangers.Mn()->Preregister({}); });
        Scenario::Run(Seconds(8));
        NS_TEST_ASSERT_MSG_EQ(strangers.Outcome(), "success", "with one partner");
        NS_TEST_EXPECT_MSG_EQ(strangers.reports[0].tpos.Get(),
                              RoamingScenarioHelper::PosId(3),
                              "the partner");

        CheckLoad(lte);
    }

    void CheckLoad(LinkType lte)
    {
        // Many at once, with nothing but LTE: both LTE networks get half of them.
        constexpr uint32_t MOBILE_NODES = 20;
        Simulator::Destroy();
        Scenario scenario;
        Configure(scenario);
        scenario.roaming.SetMobileNodes(MOBILE_NODES);
        scenario.Build();
        for (uint32_t mn = 0; mn < MOBILE_NODES; ++mn)
        {
            scenario.Pos(0)->GetTargetSelection().SetRats(
                MisfId(RoamingScenarioHelper::MobileNodeId(mn)),
                {lte});
            Scenario::At(Seconds(1), [&, mn] { scenario.Mn(mn)->Preregister({}); });
        }
        Scenario::Run(Seconds(8));
        NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetTargetSessions(), MOBILE_NODES / 2, "half");
        NS_TEST_EXPECT_MSG_EQ(scenario.Pos(2)->GetTargetSessions(), 0u, "no radio for it");
        NS_TEST_EXPECT_MSG_EQ(scenario.Pos(3)->GetTargetSessions(), MOBILE_NODES / 2, "half");
    }
};

/// All cases.
class TargetSelectionTestSuite : public TestSuite
{
  public:
    TargetSelectionTestSuite()
        : TestSuite("mis-target-selection", TestSuite::Type::UNIT)
    {
        AddTestCase(new SelectionRulesTestCase);
        AddTestCase(new SelectionTestCase);
    }
};

TargetSelectionTestSuite g_targetSelectionTestSuite; //!< the instance

} // namespace
