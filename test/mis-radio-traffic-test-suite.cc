// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of user traffic, mobility anchors, groups and chains of handovers over radios, as far as
 * the build has them.
 */

#include "mis-oracle-test-helpers.h"
#include "mis-radio-scenario-test.h"

#include "ns3/mis-group-messages.h"
#include "ns3/test.h"

#include <algorithm>
#include <filesystem>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

using Anchor = RoamingScenarioHelper::Anchor;

/// Files that begin with a prefix, sorted.
std::vector<std::string>
FilesOf(const std::string& prefix)
{
    const std::filesystem::path path(prefix);
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(path.parent_path()))
    {
        if (entry.path().filename().string().rfind(path.filename().string(), 0) == 0)
        {
            files.push_back(entry.path().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

/// User traffic during a handover.
class RadioTrafficTestCase : public TestCase
{
  public:
    /**
     * @param from technology left
     * @param to technology handed over to
     * @param kind of traffic
     * @param isDual with two radios
     * @param anchor who registers
     */
    RadioTrafficTestCase(const std::string& from,
                         const std::string& to,
                         const std::string& kind,
                         bool isDual,
                         Anchor anchor = Anchor::CLIENT)
        : TestCase(kind + " both ways from " + from + " to " + to +
                   (isDual ? ", two radios" : ", one radio") +
                   (anchor == Anchor::CLIENT ? "" : ", access routers register")),
          m_from(from),
          m_to(to),
          m_kind(kind),
          m_isDual(isDual),
          m_anchor(anchor)
    {
    }

  private:
    void DoRun() override
    {
        RadioSetup setup;
        setup.networks = {m_from, m_to};
        setup.traffic = m_kind;
        setup.isDual = m_isDual;
        setup.anchor = m_anchor;
        setup.isReal = m_anchor == Anchor::CLIENT;
        const RadioRun run(setup);
        NS_TEST_ASSERT_MSG_EQ(run.GetSuccesses(), 1, run.Describe());
        if (run.GetSuccesses() != 1)
        {
            return;
        }
        NS_TEST_ASSERT_MSG_EQ(run.traffic.size(), 1, "one handover is measured");
        if (run.traffic.empty())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(run.traffic.front().size(), 2, "a flow each way");
        const Time outage = run.handovers.front().dataPathOpen - run.handovers.front().detached;
        for (const auto& flow : run.traffic.front())
        {
            Check(flow, outage);
        }
    }

    void Check(const TrafficRecord& flow, Time outage)
    {
        if (m_kind == "tcp")
        {
            // A window that is lost costs timeouts, each twice the last.
            const Time longest = 2 * outage + Seconds(4);
            NS_TEST_ASSERT_MSG_EQ(flow.stall.has_value(), true, flow.direction << " goes on");
            NS_TEST_EXPECT_MSG_LT(flow.stall.value_or(longest),
                                  longest,
                                  flow.direction << " goes on soon");
            NS_TEST_EXPECT_MSG_GT(flow.goodput.value_or(0), 10e3, flow.direction << " goes well");
            return;
        }
        NS_TEST_ASSERT_MSG_EQ(flow.packets.has_value(), true, flow.direction);
        NS_TEST_ASSERT_MSG_EQ(flow.interruption.has_value(), true, flow.direction << " goes on");
        const auto packets = flow.packets.value_or(FlowFigures());
        NS_TEST_EXPECT_MSG_GT(packets.sent, 20u, flow.direction << " is measured");
        // The interruption is that of the link, the update of the binding, and grants of WiMAX.
        const Time longest = (m_isDual ? Seconds(0) : outage) + MilliSeconds(250);
        NS_TEST_EXPECT_MSG_LT(flow.interruption.value_or(longest),
                              longest,
                              flow.direction << " goes on soon");
    }

    std::string m_from;
    std::string m_to;
    std::string m_kind;
    bool m_isDual;
    Anchor m_anchor;
};

/// Several handovers.
class RadioPathTestCase : public TestCase
{
  public:
    /**
     * @param networks technologies
     * @param path networks in turn, all if empty
     * @param isReal link authentication is real
     * @param isDual with two radios
     */
    RadioPathTestCase(const std::vector<std::string>& networks,
                      const std::vector<uint32_t>& path,
                      bool isReal,
                      bool isDual)
        : TestCase("chain of " + NameOf(networks, path) + (isReal ? ", real" : ", counted") +
                   (isDual ? ", two radios" : ", one radio"))
    {
        m_setup.networks = networks;
        m_setup.path = path;
        m_setup.isReal = isReal;
        m_setup.isDual = isDual;
    }

  private:
    static std::string NameOf(const std::vector<std::string>& networks,
                              const std::vector<uint32_t>& path)
    {
        std::string name;
        for (size_t i = 0; i < std::max(networks.size(), path.size()); ++i)
        {
            name += (i == 0 ? "" : "-") + networks[path.empty() ? i : path[i]];
        }
        return name;
    }

    void DoRun() override
    {
        const size_t stations =
            m_setup.path.empty() ? m_setup.networks.size() : m_setup.path.size();
        const RadioRun run(m_setup);
        NS_TEST_EXPECT_MSG_EQ(run.GetSuccesses(), stations - 1, run.Describe());
        const size_t links = m_setup.isReal ? stations - 1 : 0;
        NS_TEST_EXPECT_MSG_EQ(run.mnLinks.size(), links, "link authentications");
    }

    RadioSetup m_setup;
};

/// The same run again.
class SameCapturesTestCase : public TestCase
{
  public:
    /// @param networks technologies
    explicit SameCapturesTestCase(const std::vector<std::string>& networks)
        : TestCase("the same seed gives the same captures and records, last over " +
                   networks.back()),
          m_networks(networks)
    {
    }

  private:
    void DoRun() override
    {
        RadioSetup setup;
        setup.networks = m_networks;
        setup.isReal = true;
        setup.pcap = CreateTempDirFilename("first");
        const RadioRun first(setup);
        const auto firstFiles = FilesOf(setup.pcap);
        setup.pcap = CreateTempDirFilename("other");
        setup.run = 2;
        const RadioRun other(setup);
        setup.pcap = CreateTempDirFilename("second");
        setup.run = 1;
        const RadioRun second(setup);
        const auto secondFiles = FilesOf(setup.pcap);
        NS_TEST_EXPECT_MSG_EQ(first.GetSuccesses(), m_networks.size() - 1, first.Describe());
        NS_TEST_EXPECT_MSG_EQ((first.frames == second.frames), true, "MIS frames");
        NS_TEST_EXPECT_MSG_EQ((first.frames == other.frames), false, "of another run");
        NS_TEST_ASSERT_MSG_EQ(firstFiles.size(), secondFiles.size(), "captures");
        NS_TEST_EXPECT_MSG_GT(firstFiles.size(), 8u, "captures");
        for (size_t i = 0; i < firstFiles.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ((ReadFile(firstFiles[i]) == ReadFile(secondFiles[i])),
                                  true,
                                  firstFiles[i]);
        }
        for (size_t i = 0; i < first.records.size() && i < second.records.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ((first.records[i].interruption == second.records[i].interruption),
                                  true,
                                  "interruption");
            NS_TEST_EXPECT_MSG_EQ(first.records[i].packetsLost.value_or(0),
                                  second.records[i].packetsLost.value_or(0),
                                  "packets lost");
        }
    }

    std::vector<std::string> m_networks;
};

/// Mobile nodes that preregister together.
class RadioGroupTestCase : public TestCase
{
  public:
    /// @param from technology that they are in @param to technology of the target
    RadioGroupTestCase(const std::string& from, const std::string& to)
        : TestCase("a group preregisters by one block to a multicast address over " + from),
          m_from(from),
          m_to(to)
    {
    }

  private:
    static constexpr uint32_t COUNT = 4;

    void OnFrame(const FrameRecord& frame)
    {
        const bool isBlock = frame.header.mid == NetGroupManipulateIndication::ID ||
                             frame.header.mid == NetGroupManipulateRequest::ID;
        m_blocks += isBlock && frame.local == MisfId(RoamingScenarioHelper::PosId(0));
    }

    void OnPreregistration(const PreregistrationReport& report)
    {
        m_successes += report.outcome == "success";
    }

    static void Preregister(Ptr<MobileNode> mn, Ptr<AccessLink> link)
    {
        PreregistrationTarget target;
        target.tpos = MisfId(RoamingScenarioHelper::PosId(1));
        target.link = link->GetLinkTupleId();
        mn->Preregister(target);
    }

    void DoRun() override
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        RoamingScenarioHelper scenario;
        const std::string group = "train@home.example";
        scenario.GetMis().SetRemedy("ns3::mis::GroupKeyRemedy", "Group", StringValue(group));
        scenario.SetGroup(group);
        scenario.SetMobileNodes(COUNT);
        scenario.SetLinks("radio");
        scenario.AddNetwork(m_from);
        scenario.AddNetwork(m_to);
        scenario.SetMovement(20, 0);
        scenario.Build(1);
        for (const auto& misf : scenario.GetMis().GetMisfs())
        {
            misf->TraceConnectWithoutContext("Tx",
                                             MakeCallback(&RadioGroupTestCase::OnFrame, this));
        }
        for (uint32_t mn = 0; mn < COUNT; ++mn)
        {
            const auto& mobile = scenario.GetMobileNodes()[mn];
            mobile->TraceConnectWithoutContext(
                "Preregistration",
                MakeCallback(&RadioGroupTestCase::OnPreregistration, this));
            Simulator::Schedule(Seconds(1) + MilliSeconds(2 * static_cast<int64_t>(mn)),
                                &Preregister,
                                mobile,
                                scenario.GetLink(mn, 1));
        }
        Simulator::Stop(Seconds(4));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(m_successes, COUNT, "all are preregistered");
        NS_TEST_EXPECT_MSG_EQ(m_blocks, 1, "one block for all");
        Simulator::Destroy();
    }

    std::string m_from;
    std::string m_to;
    uint32_t m_successes{0};
    uint32_t m_blocks{0};
};

/// All of them, with the radios that there are.
class RadioTrafficTestSuite : public TestSuite
{
  public:
    RadioTrafficTestSuite()
        : TestSuite("mis-radio-traffic", TestSuite::Type::UNIT)
    {
        const auto radios = GetSupportedRadios();
        const auto has = [&radios](const std::vector<std::string>& wanted) {
            return std::all_of(wanted.begin(), wanted.end(), [&radios](const std::string& radio) {
                return std::find(radios.begin(), radios.end(), radio) != radios.end();
            });
        };
        const std::vector<std::pair<std::string, std::string>> pairs{{"wifi", "lte"},
                                                                     {"lte", "wifi"},
                                                                     {"wifi", "wimax"},
                                                                     {"ethernet", "lte"},
                                                                     {"wifi", "wifi"},
                                                                     {"lte", "lte"}};
        for (const auto& [from, to] : pairs)
        {
            if (has({from, to}))
            {
                AddTestCase(new RadioTrafficTestCase(from, to, "voip", false));
                AddTestCase(new RadioTrafficTestCase(from, to, "voip", true));
                AddTestCase(new RadioTrafficTestCase(from, to, "tcp", false));
                AddTestCase(new RadioTrafficTestCase(from, to, "video", true));
            }
        }
        if (has({"wifi", "ethernet"}))
        {
            constexpr bool ONE = false;
            const auto network = Anchor::NETWORK;
            AddTestCase(new RadioTrafficTestCase("wifi", "ethernet", "voip", ONE, network));
            AddTestCase(new RadioTrafficTestCase("ethernet", "wifi", "voip", ONE, network));
            AddTestCase(new RadioGroupTestCase("wifi", "ethernet"));
            AddTestCase(new RadioGroupTestCase("ethernet", "wifi"));
            AddTestCase(new RadioPathTestCase({"wifi", "wifi", "wifi"}, {}, true, false));
            AddTestCase(new SameCapturesTestCase({"ethernet", "wifi"}));
        }
        if (has({"wifi", "lte"}))
        {
            for (const bool isDual : {false, true})
            {
                AddTestCase(new RadioPathTestCase({"wifi", "lte"}, {0, 1, 0, 1}, true, isDual));
                AddTestCase(new RadioPathTestCase({"lte", "wifi"}, {0, 1, 0, 1}, false, isDual));
            }
            AddTestCase(new RadioPathTestCase({"lte", "lte", "lte"}, {}, true, false));
            AddTestCase(new SameCapturesTestCase({"wifi", "lte"}));
        }
        if (has({"ethernet", "wimax"}))
        {
            AddTestCase(new RadioPathTestCase({"ethernet", "wimax"}, {0, 1, 0, 1}, true, false));
            AddTestCase(new SameCapturesTestCase({"ethernet", "wimax"}));
        }
    }
};

static RadioTrafficTestSuite g_radioTrafficTestSuite; //!< the instance
