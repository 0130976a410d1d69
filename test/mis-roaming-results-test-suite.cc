// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of what is measured of roaming: the same again, by counted cryptography too, and as others
 * read it.
 */
#include "mis-roaming-test-helpers.h"

#include "ns3/boolean.h"
#include "ns3/ethernet-header.h"
#include "ns3/mis-preregistration-recorder.h"
#include "ns3/mis-results.h"

#include <iomanip>
#include <set>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;
using namespace ns3::mis::test::roam;

NS_OBJECT_ENSURE_REGISTERED(EphemeralKeyRemedy);

namespace
{

/// What one roaming run leaves for comparison.
struct Traces
{
    std::vector<Sight> frames; //!< Tx and Rx traces
    std::string frameLog;      //!< file of the helper
    std::string csv;           //!< rows
};

/// Three handovers over links with jitter and loss.
Traces
RoamOnce(const std::string& remedy, uint64_t run, bool compute, const std::string& log)
{
    Traces traces;
    {
        Scenario scenario(run);
        auto& mis = scenario.roaming.GetMis();
        mis.SetRemedy(Scenario::Remedy(remedy));
        mis.SetDeviceProfiles("phone", "server");
        mis.SetMisfAttribute("ComputeCryptography", BooleanValue(compute));
        for (const auto* access : {"wifi", "lte", "wimax", "wifi"})
        {
            scenario.roaming.AddNetwork(access);
        }
        scenario.Build();
        mis.EnableFrameLog(log);
        ComparisonResults results;
        scenario.roaming.Roam(Seconds(2), [&](uint32_t, const PreregistrationRecord& record) {
            ComparisonRow row;
            row.scenario = "roaming";
            row.remedy = remedy;
            row.record = record;
            results.Add(row);
        });
        Scenario::Run(Seconds(2) + scenario.roaming.GetDuration());
        traces.frames = scenario.frames;
        std::ostringstream csv;
        results.WriteCsv(csv);
        traces.csv = csv.str();
    }
    traces.frameLog = ReadFile(log);
    return traces;
}

/// Same seed, same run.
class RepeatTestCase : public TestCase
{
  public:
    RepeatTestCase()
        : TestCase("the same seed and run give the same rows and frames, another run gives others")
    {
    }

  private:
    void DoRun() override
    {
        const auto log = CreateTempDirFilename("frames.log");
        for (const auto& remedy : REMEDIES)
        {
            const auto first = RoamOnce(remedy, 1, true, log);
            const auto second = RoamOnce(remedy, 1, true, log);
            const auto other = RoamOnce(remedy, 2, true, log);
            NS_TEST_EXPECT_MSG_GT(first.frames.size(), 60u, "frames, " << remedy);
            NS_TEST_EXPECT_MSG_EQ(
                static_cast<size_t>(std::count(first.frameLog.begin(), first.frameLog.end(), '\n')),
                first.frames.size(),
                "lines of the frame log, " << remedy);
            NS_TEST_EXPECT_MSG_EQ(first.csv, second.csv, "rows, " << remedy);
            NS_TEST_EXPECT_MSG_EQ((first.frameLog == second.frameLog), true, "frames, " << remedy);
            NS_TEST_EXPECT_MSG_EQ((first.csv == other.csv), false, "rows of another, " << remedy);
            NS_TEST_EXPECT_MSG_EQ((first.frameLog == other.frameLog),
                                  false,
                                  "frames of another, " << remedy);
        }
    }
};

/// Cryptography counted, not computed.
class CountingTestCase : public TestCase
{
  public:
    CountingTestCase()
        : TestCase("with cryptography only counted, all times, octets and frames are the same")
    {
    }

  private:
    void DoRun() override
    {
        const auto log = CreateTempDirFilename("counting.log");
        for (const auto& remedy : REMEDIES)
        {
            auto computed = RoamOnce(remedy, 1, true, log);
            auto counted = RoamOnce(remedy, 1, false, log);
            // Group identifiers are digests, and digests are only counted.
            for (auto* frames : {&computed.frames, &counted.frames})
            {
                for (auto& frame : *frames)
                {
                    if (frame.destination.find("@group.invalid") != std::string::npos)
                    {
                        frame.destination = std::to_string(frame.destination.size());
                    }
                }
            }
            NS_TEST_EXPECT_MSG_EQ(computed.csv, counted.csv, "rows, " << remedy);
            NS_TEST_ASSERT_MSG_EQ(computed.frames.size(),
                                  counted.frames.size(),
                                  "frames, " << remedy);
            for (size_t i = 0; i < computed.frames.size(); ++i)
            {
                NS_TEST_ASSERT_MSG_EQ((computed.frames[i] == counted.frames[i]),
                                      true,
                                      "frame " << i << " of " << remedy << ", sent by "
                                               << computed.frames[i].local << ", "
                                               << computed.frames[i].atNs << " and "
                                               << counted.frames[i].atNs << " ns");
            }
        }
    }
};

/// What the flow sees of a handover.
class InterruptionTestCase : public TestCase
{
  public:
    InterruptionTestCase()
        : TestCase("the interruption recorded is the gap that the receiver of the flow sees across "
                   "the handover, whatever the jitter of the old link, and the packets lost are "
                   "those that never arrive")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& remedy : SHIPPED)
        {
            Measure(remedy, MilliSeconds(20), Time(0));
            Measure(remedy, MilliSeconds(1), MilliSeconds(40));
        }
    }

    /**
     * @param remedy type and attributes
     * @param delay delay of the access links
     * @param jitter jitter of the first of them
     */
    void Measure(const std::string& remedy, Time delay, Time jitter)
    {
        Scenario scenario;
        auto& roaming = scenario.roaming;
        roaming.GetMis().SetRemedy(Scenario::Remedy(remedy));
        auto old = Scenario::Link(delay);
        old.jitter = jitter;
        roaming.AddNetwork(old, Scenario::Link(MilliSeconds(5)));
        scenario.AddNetworks(1, delay);
        scenario.Build();
        const auto& devices = roaming.GetDevices();
        const auto correspondent = devices.Get(devices.GetN() - 1);
        m_arrivals.clear();
        correspondent->TraceConnectWithoutContext(
            "MacRx",
            MakeCallback(&InterruptionTestCase::OnArrival, this));
        PreregistrationRecord record;
        const Time start = Seconds(2);
        roaming.Roam(start, [&](uint32_t, const PreregistrationRecord& r) { record = r; });
        Scenario::Run(start + roaming.GetDuration());
        NS_TEST_ASSERT_MSG_EQ(record.outcome, "success", remedy);
        NS_TEST_ASSERT_MSG_EQ(record.interruption.has_value(), true, remedy);
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, remedy);
        NS_TEST_ASSERT_MSG_GT(m_arrivals.size(), 100u, remedy);

        // Number n is due n spacings after the first, which is a second before the start.
        const auto& handover = scenario.handovers[0];
        const Time spacing = MilliSeconds(10);
        const auto due = [&](uint32_t number) { return start - Seconds(1) + number * spacing; };
        Time before;
        std::optional<Time> after;
        Time longest;
        std::set<uint32_t> arrived;
        for (size_t i = 0; i < m_arrivals.size(); ++i)
        {
            const auto& [at, number] = m_arrivals[i];
            arrived.insert(number);
            if (due(number) < handover.detached)
            {
                before = after ? before : at;
            }
            else if (!after)
            {
                after = at;
            }
            longest = i == 0 ? longest : std::max(longest, at - m_arrivals[i - 1].first);
        }
        NS_TEST_ASSERT_MSG_EQ(after.has_value(), true, remedy);
        const Time gap = std::max(*after - before - spacing, Time(0));
        NS_TEST_EXPECT_MSG_EQ(*record.interruption, gap, remedy);
        if (jitter.IsStrictlyPositive())
        {
            NS_TEST_EXPECT_MSG_GT(longest - spacing, gap, "jitter opens wider gaps, " << remedy);
        }
        else
        {
            NS_TEST_EXPECT_MSG_EQ(longest - spacing, gap, "no gap is wider, " << remedy);
            // Two round trips of the handshake, MN - AR - WAN - AR - PoS being one access hop away.
            const Time closed = handover.dataPathOpen - handover.detached;
            NS_TEST_EXPECT_MSG_GT(closed, MilliSeconds(80), remedy);
            NS_TEST_EXPECT_MSG_LT(closed, MilliSeconds(81), remedy);
            NS_TEST_EXPECT_MSG_EQ((gap >= closed - spacing && gap <= closed + spacing),
                                  true,
                                  "as long as the path was closed, " << remedy);
            NS_TEST_EXPECT_MSG_GT(*record.packetsLost, 6u, remedy);
        }
        uint32_t missing = 0;
        for (uint32_t number = 0; number < m_arrivals.back().second; ++number)
        {
            missing += arrived.count(number) == 0;
        }
        NS_TEST_EXPECT_MSG_EQ(*record.packetsLost, missing, remedy);
    }

    void OnArrival(Ptr<const Packet> packet)
    {
        auto copy = packet->Copy();
        EthernetHeader ethernet(false);
        Ipv4Header ip;
        UdpHeader udp;
        copy->RemoveHeader(ethernet);
        copy->RemoveHeader(ip);
        copy->RemoveHeader(udp);
        if (ip.GetProtocol() == 17 && udp.GetDestinationPort() == 5004)
        {
            uint8_t octets[4];
            copy->CopyData(octets, sizeof(octets));
            m_arrivals.emplace_back(Simulator::Now(),
                                    uint32_t{octets[0]} << 24 | octets[1] << 16 | octets[2] << 8 |
                                        octets[3]);
        }
    }

    std::vector<std::pair<Time, uint32_t>> m_arrivals;
};

/// What the table of a chain says.
class TableTestCase : public TestCase
{
  public:
    TableTestCase()
        : TestCase(
              "handovers of one run count as one value in the table, and those of a chain have "
              "rows by their place")
    {
    }

  private:
    void DoRun() override
    {
        ComparisonResults results;
        std::vector<double> backs;
        for (const double run : {1.0, 2.0, 4.0, 9.0})
        {
            for (uint32_t handover = 1; handover <= 5; ++handover)
            {
                const bool isOdd = handover % 2 == 1;
                ComparisonRow row;
                row.remedy = "remedy1";
                row.linkFrom = isOdd ? "wifi" : "lte";
                row.linkTo = isOdd ? "lte" : "wifi";
                row.run = static_cast<uint64_t>(run);
                row.handover = handover;
                row.record.outcome = "success";
                row.record.keyDelivery =
                    MicroSeconds(static_cast<int64_t>(1000 * run + 250 * handover));
                results.Add(row);
            }
            backs.push_back(run + 0.75); // of the second and the fourth
        }
        std::ostringstream table;
        results.PrintTable(table);
        const auto estimate = EstimateMean(backs);
        std::ostringstream expected;
        expected << std::fixed << std::setprecision(2) << estimate.mean << " +-"
                 << estimate.halfWidth;
        size_t rows = 0;
        std::istringstream lines(table.str());
        for (std::string line; std::getline(lines, line);)
        {
            const bool isBack = line.find("lte-wifi (back)") == 0;
            rows += isBack || line.find("wifi-lte  ") == 0 || line.find("wifi-lte (again)") == 0;
            if (isBack)
            {
                NS_TEST_EXPECT_MSG_EQ((line.find(expected.str()) != std::string::npos),
                                      true,
                                      line << " has not " << expected.str());
                NS_TEST_EXPECT_MSG_EQ((line.find("8/8") != std::string::npos), true, line);
            }
        }
        NS_TEST_EXPECT_MSG_EQ(rows, 3u, table.str());
    }
};

/// What a reader of the key log finds.
class KeyLogTestCase : public TestCase
{
  public:
    KeyLogTestCase()
        : TestCase("the key log has the lines of every kind that a remedy gives rise to")
    {
    }

  private:
    void DoRun() override
    {
        const std::map<std::string, std::set<std::string>> expected{
            {"ns3::mis::LegacyPrfRemedy", {"SA", "KDK", "MASK"}},
            {"ns3::mis::ClauseRemovedRemedy", {"SA", "KDK"}},
            {"ns3::mis::SaProtectedRemedy", {"SA", "KDK"}},
            {"ns3::mis::GroupKeyRemedy[Path=ViaServingPos]", {"SA", "KDK", "MGK"}},
            {"ns3::mis::GroupKeyRemedy[Path=Direct]", {"SA", "KDK", "MGK"}},
            {"EphemeralKeyRemedy", {"SA", "KDK"}}};
        const auto log = CreateTempDirFilename("kinds.log");
        for (const auto& remedy : REMEDIES)
        {
            {
                Scenario scenario;
                scenario.roaming.GetMis().SetRemedy(Scenario::Remedy(remedy));
                scenario.AddNetworks(2);
                scenario.Build();
                scenario.roaming.GetMis().EnableKeyLog(log);
                scenario.Preregister(Seconds(1));
                scenario.Handover(Seconds(2));
                Scenario::Run(Seconds(3));
                NS_TEST_EXPECT_MSG_EQ(scenario.handovers.size(), 1u, remedy);
            }
            std::map<std::string, size_t> lines;
            std::ifstream in(log);
            int64_t last = 0;
            for (std::string line; std::getline(in, line);)
            {
                std::istringstream fields(line);
                int64_t at = -1;
                std::string kind;
                fields >> at >> kind;
                NS_TEST_EXPECT_MSG_EQ((at >= last), true, "in the order of time: " << line);
                last = at;
                ++lines[kind];
            }
            NS_TEST_EXPECT_MSG_GT(lines["DEV"], 0u, "device keys are provisioned, " << remedy);
            lines.erase("DEV");
            std::set<std::string> kinds;
            for (const auto& [kind, count] : lines)
            {
                kinds.insert(kind);
            }
            NS_TEST_EXPECT_MSG_EQ((kinds == expected.at(remedy)), true, remedy);
            NS_TEST_EXPECT_MSG_EQ(lines["KDK"], 2u, remedy);
            if (kinds.count("MASK") > 0)
            {
                NS_TEST_EXPECT_MSG_EQ(lines["MASK"], 2u, "one a hop");
            }
            if (kinds.count("MGK") > 0)
            {
                NS_TEST_EXPECT_MSG_EQ(lines["MGK"], 3u, "group manager, MN, TPoS");
            }
        }
    }
};

/// All cases.
class RoamingResultsTestSuite : public TestSuite
{
  public:
    RoamingResultsTestSuite()
        : TestSuite("mis-roaming-results", TestSuite::Type::UNIT)
    {
        AddTestCase(new RepeatTestCase);
        AddTestCase(new CountingTestCase);
        AddTestCase(new InterruptionTestCase);
        AddTestCase(new TableTestCase);
        AddTestCase(new KeyLogTestCase);
    }
};

RoamingResultsTestSuite g_roamingResultsTestSuite; //!< the instance

} // namespace
