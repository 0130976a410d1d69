// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of user traffic, mobility anchors and chains of handovers over radios, as far as
 * the build has them.
 */

#include "mis-oracle-test-helpers.h"
#include "mis-radio-scenario-test.h"

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
        // A stream that fills the buffer of LTE may leave no packet of the measured flow.
        const bool succeeds = m_kind == "tcp" ? run.handovers.size() == 1 &&
                                                    run.handovers.front().outcome == "success"
                                              : run.GetSuccesses() == 1;
        NS_TEST_EXPECT_MSG_EQ(succeeds, true, run.Describe());
        if (!succeeds)
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
        if (!m_isDual || m_kind != "voip")
        {
            return;
        }
        if (flow.direction == "down")
        {
            NS_TEST_EXPECT_MSG_EQ(packets.lost, 0u, "all come, over the old link or the new one");
            NS_TEST_EXPECT_MSG_LT(flow.interruption.value_or(longest),
                                  MilliSeconds(20),
                                  "none is missed, though the new path may be longer");
            return;
        }
        // What is under way from the old care-of address when the anchor hears of the new one.
        NS_TEST_EXPECT_MSG_LT_OR_EQ(packets.lost, 2u, "no more than was under way");
    }

    std::string m_from;
    std::string m_to;
    std::string m_kind;
    bool m_isDual;
    Anchor m_anchor;
};

/// User traffic during a handover that nothing was prepared for.
class ColdTrafficTestCase : public TestCase
{
  public:
    /// @param from technology left @param to technology handed over to
    ColdTrafficTestCase(const std::string& from, const std::string& to)
        : TestCase("voice goes on when the link to " + to + " from " + from +
                   " is authenticated, cold"),
          m_from(from),
          m_to(to)
    {
    }

  private:
    void DoRun() override
    {
        for (uint64_t number = 1; number <= 3; ++number)
        {
            RadioSetup setup;
            setup.networks = {m_from, m_to};
            setup.remedy = "ns3::mis::ClauseRemovedRemedy";
            setup.isCold = true;
            setup.isReal = true;
            setup.traffic = "voip";
            setup.directions = "down";
            setup.run = number;
            const RadioRun run(setup);
            NS_TEST_ASSERT_MSG_EQ(run.GetSuccesses(), 1, run.Describe());
            NS_TEST_ASSERT_MSG_EQ(run.traffic.size(), 1, "one handover is measured");
            const auto& handover = run.handovers.front();
            const auto& flow = run.traffic.front().front();
            NS_TEST_ASSERT_MSG_EQ(flow.interruption.has_value(), true, "voice goes on");
            // A Binding Update that gets lost is sent again after a second.
            NS_TEST_EXPECT_MSG_LT(*flow.interruption,
                                  handover.dataPathOpen - handover.detached + MilliSeconds(100),
                                  "run " << number << ": the first Binding Update passes");
        }
    }

    std::string m_from;
    std::string m_to;
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
            }
        }
        for (const auto& [from, to] : pairs)
        {
            // WiMAX grants the uplink when it likes.
            if (has({from, to}) && to != "wimax")
            {
                AddTestCase(new ColdTrafficTestCase(from, to));
            }
        }
        if (has({"wifi", "lte"}))
        {
            AddTestCase(new RadioTrafficTestCase("lte", "wifi", "tcp", false));
            AddTestCase(new RadioTrafficTestCase("wifi", "lte", "tcp", false));
            AddTestCase(new RadioTrafficTestCase("wifi", "lte", "video", true));
        }
        if (has({"wifi", "ethernet"}))
        {
            constexpr bool ONE = false;
            const auto network = Anchor::NETWORK;
            AddTestCase(new RadioTrafficTestCase("wifi", "ethernet", "voip", ONE, network));
            AddTestCase(new RadioTrafficTestCase("ethernet", "wifi", "voip", ONE, network));
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
