// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wifi lte mobility
// ns3-headers: wifi-assoc-manager.h

/**
 * @file
 * Tests of journeys through radio networks, and of who decides on their handovers.
 */

#include "ns3/boolean.h"
#include "ns3/mis-animation.h"
#include "ns3/mis-journey-recorder.h"
#include "ns3/mobility-model.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

using namespace ns3;
using namespace ns3::mis;

namespace
{

/// How a walk is done.
struct Walk
{
    JourneyDecider decider; //!< who decides
    bool isDual;            //!< two radios at once
    std::string animation;  //!< file, or empty
};

/// What a walk gave.
struct Walked
{
    std::vector<JourneyRecord> records;
    std::string events;
    std::string signals;
    std::string packets;
};

/// From an access point into an LTE cell and back, 30 s.
Walked
DoWalk(const Walk& walk)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(1);
    Walked walked;
    {
        RoamingScenarioHelper scenario;
        Journey journey(scenario);
        scenario.GetMis().SetRemedy("ns3::mis::SaProtectedRemedy");
        scenario.GetRadio().SetAttribute("wifi", "Listens", BooleanValue(walk.isDual));
        scenario.SetDualRadio(walk.isDual);
        scenario.SetTraffic("voip", "down");
        journey.AddNetwork("wifi");
        journey.AddNetwork("lte");
        journey.SetMovement(60, 2, 8, 40);
        scenario.Build(1);
        journey.Depart();
        JourneyPolicy policy(journey, walk.decider, false);
        policy.Prefer(0, -72);
        const Time until = Seconds(30);
        JourneyRecorder recorder(journey, until);
        recorder.Observe(policy);
        scenario.StartTraffic(Seconds(1), until);
        Ptr<Animation> animation;
        if (!walk.animation.empty())
        {
            animation = Animation::Begin(walk.animation, scenario.GetMis());
        }
        Simulator::Stop(until);
        Simulator::Run();
        if (animation)
        {
            animation->Dispose();
        }
        walked.records = recorder.GetRecords();
        std::ostringstream events;
        std::ostringstream signals;
        std::ostringstream packets;
        recorder.WriteEvents(events);
        recorder.WriteSignals(signals);
        recorder.WritePackets(packets);
        walked.events = events.str();
        walked.signals = signals.str();
        walked.packets = packets.str();
        Simulator::Destroy();
    }
    return walked;
}

} // namespace

/// Where the mobile node is, and when it leaves a reach.
class WayTestCase : public TestCase
{
  public:
    WayTestCase()
        : TestCase("the way is that of the mobility model, and leaves a circle where geometry says")
    {
    }

  private:
    void Compare()
    {
        const auto place =
            m_scenario->GetMobileNodeNodes().Get(0)->GetObject<MobilityModel>()->GetPosition();
        NS_TEST_EXPECT_MSG_EQ_TOL(m_journey->GetPosition(Simulator::Now()),
                                  place.x,
                                  1e-6,
                                  "at " << Simulator::Now());
        NS_TEST_EXPECT_MSG_EQ_TOL(m_journey->GetDistance(1, Simulator::Now()),
                                  std::hypot(place.x - 50, place.y),
                                  1e-6,
                                  "at " << Simulator::Now());
    }

    void DoRun() override
    {
        RoamingScenarioHelper scenario;
        Journey journey(scenario);
        m_scenario = &scenario;
        m_journey = &journey;
        journey.AddNetwork("wifi");
        journey.AddNetwork("lte", -20);
        journey.SetMovement(50, 2, 10, 40);
        scenario.Build(1);
        journey.Depart();
        NS_TEST_EXPECT_MSG_EQ_TOL(journey.GetReach(1),
                                  scenario.GetRadio().GetTechnology("lte")->GetEdge().second / 10,
                                  1e-9,
                                  "20 dB less reach a tenth in free space");
        const double out = std::sqrt(std::pow(journey.GetReach(0), 2) - 100);
        const auto loss = journey.FindLoss(0, Seconds(0), Seconds(30));
        NS_TEST_ASSERT_MSG_EQ(loss.has_value(), true, "it leaves the first network");
        NS_TEST_EXPECT_MSG_EQ_TOL(loss->GetSeconds(), (out - 10) / 2, 2e-3, "where it should");
        const bool isLost = journey.FindLoss(0, Seconds(0), Seconds(1)).has_value();
        NS_TEST_EXPECT_MSG_EQ(isLost, false, "not within the first second");
        for (const double at : {0.5, 14.9, 15.1, 22.0})
        {
            Simulator::Schedule(Seconds(at), &WayTestCase::Compare, this);
        }
        Simulator::Stop(Seconds(23));
        Simulator::Run();
        Simulator::Destroy();
    }

    RoamingScenarioHelper* m_scenario{nullptr};
    Journey* m_journey{nullptr};
};

/// Out and back.
class WalkTestCase : public TestCase
{
  public:
    WalkTestCase(const std::string& name, const Walk& walk)
        : TestCase(name),
          m_walk(walk)
    {
    }

  private:
    void DoRun() override
    {
        const auto walked = DoWalk(m_walk);
        NS_TEST_ASSERT_MSG_EQ(walked.records.size(), 2, "out and back");
        const auto& out = walked.records[0];
        const auto& back = walked.records[1];
        for (const auto& record : walked.records)
        {
            NS_TEST_EXPECT_MSG_EQ(record.outcome, "success", "the handover");
            NS_TEST_ASSERT_MSG_EQ(record.traffic.has_value(), true, "voice is measured");
            NS_TEST_ASSERT_MSG_EQ(record.preregistration.has_value(), true, "it preregistered");
            NS_TEST_EXPECT_MSG_EQ(*record.prepared, 1, "in time");
        }
        NS_TEST_EXPECT_MSG_EQ(out.from, 0, "out of Wi-Fi");
        NS_TEST_EXPECT_MSG_EQ(out.to, 1, "into LTE");
        NS_TEST_EXPECT_MSG_EQ(back.to, 0, "and back");
        NS_TEST_ASSERT_MSG_EQ(out.warning.has_value(), true, "Wi-Fi would have been lost");
        NS_TEST_EXPECT_MSG_GT(*out.warning, *out.preregistration, "after a warning");
        NS_TEST_EXPECT_MSG_EQ(back.warning.has_value(), false, "LTE would have lasted");
        const bool byNetwork = m_walk.decider == JourneyDecider::NETWORK;
        const std::string outward = byNetwork ? "network" : "going-down";
        const std::string homeward = byNetwork ? "network" : "preferred";
        NS_TEST_EXPECT_MSG_EQ(out.trigger, outward, "who decides");
        NS_TEST_EXPECT_MSG_EQ(back.trigger, homeward, "who decides");
        const bool hasCommit = walked.events.find("network-commit,success") != std::string::npos;
        NS_TEST_EXPECT_MSG_EQ(hasCommit, byNetwork, "Net_HO_Commit");
        const auto again = DoWalk(m_walk);
        const bool isSame = again.events == walked.events && again.signals == walked.signals &&
                            again.packets == walked.packets;
        NS_TEST_EXPECT_MSG_EQ(isSame, true, "the same seed gives the same octets");
    }

    const Walk m_walk;
};

/// A file for NetAnim.
class AnimationTestCase : public TestCase
{
  public:
    AnimationTestCase()
        : TestCase("an animation has every node by its role, and changes nothing")
    {
    }

  private:
    void DoRun() override
    {
        if (!Animation::GetMissing().empty())
        {
            return;
        }
        Walk walk{JourneyDecider::MOBILE_NODE, true, ""};
        const auto without = DoWalk(walk);
        walk.animation = CreateTempDirFilename("walk.xml");
        const auto with = DoWalk(walk);
        std::ifstream file(walk.animation);
        const std::string text{std::istreambuf_iterator<char>(file),
                               std::istreambuf_iterator<char>()};
        for (const auto* what : {"mn1@home.example",
                                 "pos1@net1.example",
                                 "pos2@net2.example",
                                 "gm@home.example",
                                 "</anim>"})
        {
            const bool isThere = text.find(what) != std::string::npos;
            NS_TEST_EXPECT_MSG_EQ(isThere, true, what << " in the file");
        }
        const bool isSame = with.events == without.events && with.packets == without.packets;
        NS_TEST_EXPECT_MSG_EQ(isSame, true, "the simulation is the same");
    }
};

/// The suite.
class JourneyTestSuite : public TestSuite
{
  public:
    JourneyTestSuite()
        : TestSuite("mis-journey", TestSuite::Type::UNIT)
    {
        AddTestCase(new WayTestCase);
        AddTestCase(new WalkTestCase("the mobile node decides, two radios",
                                     Walk{JourneyDecider::MOBILE_NODE, true, ""}));
        AddTestCase(new WalkTestCase("the mobile node decides, one radio at a time",
                                     Walk{JourneyDecider::MOBILE_NODE, false, ""}));
        AddTestCase(new WalkTestCase("the network decides, two radios",
                                     Walk{JourneyDecider::NETWORK, true, ""}));
        AddTestCase(new WalkTestCase("the network decides, one radio at a time",
                                     Walk{JourneyDecider::NETWORK, false, ""}));
        AddTestCase(new AnimationTestCase);
    }
};

static JourneyTestSuite g_journeyTestSuite;
