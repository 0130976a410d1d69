// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: lte wifi
// ns3-headers: wifi-assoc-manager.h

/**
 * @file
 * Tests of many mobile nodes that hand over between the same two radio networks, with real link
 * authentication.
 */

#include "mis-radio-test-helpers.h"

#include "ns3/mis-roaming-scenario-helper.h"

#include <map>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// All mobile nodes of a network go to another one.
class CrowdTestCase : public TestCase
{
  public:
    /// @param from technology left @param to technology handed over to
    CrowdTestCase(const std::string& from, const std::string& to)
        : TestCase("30 mobile nodes preregister and hand over from " + from + " to " + to +
                   " with real link authentication"),
          m_from(from),
          m_to(to)
    {
    }

  private:
    static constexpr uint32_t COUNT = 30;

    void OnPreregistration(const PreregistrationReport& report)
    {
        ++m_preregistrations[report.outcome];
    }

    void OnHandover(const HandoverReport& report)
    {
        ++m_handovers[report.outcome];
    }

    void OnLinkAuthentication(const LinkTupleId&, const std::string& outcome)
    {
        ++m_links[outcome];
    }

    static std::string Describe(const std::map<std::string, uint32_t>& outcomes)
    {
        std::string text;
        for (const auto& [outcome, count] : outcomes)
        {
            text += std::to_string(count) + ' ' + outcome + ' ';
        }
        return text;
    }

    void DoRun() override
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        RoamingScenarioHelper scenario;
        scenario.GetMis().SetLinkAuthentication("Real");
        scenario.SetLinks("radio");
        scenario.AddNetwork(m_from);
        scenario.AddNetwork(m_to);
        scenario.SetMobileNodes(COUNT);
        scenario.Build(1);
        for (uint32_t i = 0; i < COUNT; ++i)
        {
            const auto mn = scenario.GetMobileNodes()[i];
            mn->TraceConnectWithoutContext("Preregistration",
                                           MakeCallback(&CrowdTestCase::OnPreregistration, this));
            mn->TraceConnectWithoutContext("Handover",
                                           MakeCallback(&CrowdTestCase::OnHandover, this));
            mn->TraceConnectWithoutContext(
                "LinkAuthentication",
                MakeCallback(&CrowdTestCase::OnLinkAuthentication, this));
            const auto link = scenario.GetLink(i, 1);
            At(Seconds(1) + MilliSeconds(5 * i), [mn, link] {
                PreregistrationTarget target;
                target.tpos = MisfId(RoamingScenarioHelper::PosId(1));
                target.link = link->GetLinkTupleId();
                mn->Preregister(target);
            });
            At(Seconds(3) + MilliSeconds(5 * i), [mn, link] { mn->Handover(link); });
        }
        RunUntil(Seconds(5));
        const std::string all = std::to_string(COUNT) + " success ";
        NS_TEST_EXPECT_MSG_EQ(Describe(m_preregistrations), all, "preregistered");
        NS_TEST_EXPECT_MSG_EQ(Describe(m_handovers), all, "handed over");
        NS_TEST_EXPECT_MSG_EQ(Describe(m_links), all, "authenticated by frames of the link");
        uint32_t authorized = 0;
        for (uint32_t i = 0; i < COUNT; ++i)
        {
            const auto station = scenario.GetLink(i, 1)->GetLinkTupleId().link.address;
            const auto& poa = scenario.GetPointsOfAttachment()[1];
            const auto keys = scenario.GetMobileNodes()[i]->GetLinkKeys();
            authorized +=
                poa->IsAuthorized(station) && !keys.IsEmpty() && keys == poa->GetLinkKeys(station);
        }
        NS_TEST_EXPECT_MSG_EQ(authorized, COUNT, "with the same keys at both ends");
        Simulator::Destroy();
    }

    std::string m_from;
    std::string m_to;
    std::map<std::string, uint32_t> m_preregistrations;
    std::map<std::string, uint32_t> m_handovers;
    std::map<std::string, uint32_t> m_links;
};

class RadioCrowdTestSuite : public TestSuite
{
  public:
    RadioCrowdTestSuite()
        : TestSuite("mis-radio-crowd", TestSuite::Type::UNIT)
    {
        AddTestCase(new CrowdTestCase("wifi", "lte"));
        AddTestCase(new CrowdTestCase("lte", "wifi"));
    }
};

RadioCrowdTestSuite g_radioCrowdTestSuite; //!< the instance

} // namespace
