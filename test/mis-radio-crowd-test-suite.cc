// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: lte wifi
// ns3-headers: wifi-assoc-manager.h

/**
 * @file
 * Tests of many mobile nodes that hand over between the same two radio networks, with real link
 * authentication.
 */

#include "mis-radio-test-helpers.h"

#include "ns3/inet-socket-address.h"
#include "ns3/mis-group-messages.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/string.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// All mobile nodes of a network go to another one.
class CrowdTestCase : public TestCase
{
  public:
    /**
     * @param from technology left
     * @param to technology handed over to
     * @param blocks group key blocks of the SPoS by multicast and to single mobile nodes, if they
     * are a group
     */
    CrowdTestCase(const std::string& from,
                  const std::string& to,
                  std::optional<std::pair<uint32_t, uint32_t>> blocks = {})
        : TestCase("30 mobile nodes preregister and hand over from " + from + " to " + to +
                   " with real link authentication" + (blocks ? ", as a group" : "")),
          m_from(from),
          m_to(to),
          m_blocks(blocks)
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

    void OnFrame(const FrameRecord& frame)
    {
        if (frame.header.mid == NetGroupManipulateIndication::ID ||
            frame.header.mid == NetGroupManipulateRequest::ID)
        {
            const auto to = InetSocketAddress::ConvertFrom(frame.remote.address).GetIpv4();
            ++(to.IsMulticast() ? m_multicasts : m_unicasts);
        }
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
        if (m_blocks)
        {
            const std::string group = "train@home.example";
            scenario.SetGroup(group);
            scenario.GetMis().SetRemedy("ns3::mis::GroupKeyRemedy", "Group", StringValue(group));
        }
        scenario.Build(1);
        scenario.GetPointsOfService()[0]->GetMisf()->TraceConnectWithoutContext(
            "Tx",
            MakeCallback(&CrowdTestCase::OnFrame, this));
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
        const auto [multicasts, unicasts] = m_blocks.value_or(std::pair<uint32_t, uint32_t>());
        NS_TEST_EXPECT_MSG_EQ(m_multicasts, multicasts, "group key blocks by multicast");
        NS_TEST_EXPECT_MSG_EQ(m_unicasts, unicasts, "group key blocks to single mobile nodes");
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
    std::optional<std::pair<uint32_t, uint32_t>> m_blocks;
    uint32_t m_multicasts{0};
    uint32_t m_unicasts{0};
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
        AddTestCase(new CrowdTestCase("wifi", "lte", std::make_pair(1, 0)));
        AddTestCase(new CrowdTestCase("lte", "wifi", std::make_pair(0, 30)));
    }
};

RadioCrowdTestSuite g_radioCrowdTestSuite; //!< the instance

} // namespace
