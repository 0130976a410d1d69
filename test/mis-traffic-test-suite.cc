// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of user traffic: what is sent, what is noted, and the figures made of it.
 */

#include "ns3/double.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4.h"
#include "ns3/mis-e-model.h"
#include "ns3/mis-flow-log.h"
#include "ns3/mis-link-helper.h"
#include "ns3/mis-traffic-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

using namespace ns3;
using namespace ns3::mis;

namespace
{

/// Figures of a log that is filled by hand.
class FlowLogTestCase : public TestCase
{
  public:
    FlowLogTestCase()
        : TestCase("a log of packets: lost, late, reordered, delays, gaps and bursts, by hand")
    {
    }

  private:
    void DoRun() override
    {
        // 20 packets, 10 ms apart, 5 ms under way; numbers 4, 5, 6 and 12 are lost, 15 is late, and
        // 9 arrives behind 10.
        FlowLog log;
        std::vector<std::pair<Time, uint32_t>> arrivals;
        for (uint32_t i = 0; i < 20; ++i)
        {
            const Time sent = MilliSeconds(10 * static_cast<int64_t>(i));
            log.Sent(sent);
            if ((i >= 4 && i <= 6) || i == 12)
            {
                continue;
            }
            arrivals.emplace_back(sent + MilliSeconds(i == 15 ? 200 : i == 9 ? 16 : 5), i);
        }
        std::sort(arrivals.begin(), arrivals.end());
        for (const auto& [at, number] : arrivals)
        {
            log.Received(number, at);
        }
        log.Received(3, MilliSeconds(400)); // again
        log.Received(99, MilliSeconds(400));
        NS_TEST_EXPECT_MSG_EQ(log.GetUnexpected(), 2u, "doubled and unknown packets");

        const auto all = log.Evaluate(Seconds(0), Seconds(1), MilliSeconds(150));
        NS_TEST_EXPECT_MSG_EQ(all.sent, 20u, "sent");
        NS_TEST_EXPECT_MSG_EQ(all.lost, 4u, "lost");
        NS_TEST_EXPECT_MSG_EQ(all.late, 1u, "late");
        NS_TEST_EXPECT_MSG_EQ(all.reordered, 2u, "reordered: number 9, and the late one");
        NS_TEST_EXPECT_MSG_EQ_TOL(all.missingShare, 0.25, 1e-12, "missing");
        // Runs 4-6, 12 and 15: 5 packets in 3 runs, where random loss has 1 / (1 - 0.25).
        NS_TEST_EXPECT_MSG_EQ_TOL(all.burstRatio, 5.0 / 3 * 0.75, 1e-12, "burst ratio");
        // 14 packets of 5 ms and one of 16 ms
        NS_TEST_EXPECT_MSG_EQ(all.meanDelay.value_or(Time(0)),
                              NanoSeconds((14 * 5000000 + 16000000) / 15),
                              "mean delay");
        NS_TEST_EXPECT_MSG_EQ(all.maxDelay.value_or(Time(0)), MilliSeconds(200), "longest delay");

        const auto part = log.Evaluate(MilliSeconds(40), MilliSeconds(80), MilliSeconds(150));
        NS_TEST_EXPECT_MSG_EQ(part.sent, 4u, "sent from 40 to 80 ms");
        NS_TEST_EXPECT_MSG_EQ(part.lost, 3u, "lost of them");

        // From number 3, at 35 ms, to number 7, at 75 ms.
        NS_TEST_EXPECT_MSG_EQ(log.LongestGap(MilliSeconds(40), MilliSeconds(50)).value_or(Time(0)),
                              MilliSeconds(40),
                              "the gap that reaches into a time");
        NS_TEST_EXPECT_MSG_EQ(log.LongestGap(MilliSeconds(80), MilliSeconds(86)).value_or(Time(0)),
                              MilliSeconds(20),
                              "an interval and number 9, which comes late");
        NS_TEST_EXPECT_MSG_EQ(log.LongestGap(Seconds(1), Seconds(2)).has_value(),
                              false,
                              "a gap that is not over");
        NS_TEST_EXPECT_MSG_EQ(FlowLog().LongestGap(Seconds(0), Seconds(1)).has_value(),
                              false,
                              "nothing has arrived");

        std::ostringstream timeline;
        log.WriteTimeline(timeline, MilliSeconds(30), MilliSeconds(50), MilliSeconds(40));
        NS_TEST_EXPECT_MSG_EQ(timeline.str(),
                              "time_ms,number,delay_ms\n-10.000000,3,5.000000\n0.000000,4,\n",
                              "timeline");
    }
};

/// Figures of a stream.
class StreamLogTestCase : public TestCase
{
  public:
    StreamLogTestCase()
        : TestCase("a log of octets: sums, gaps, timeline")
    {
    }

  private:
    void DoRun() override
    {
        StreamLog log;
        for (const int64_t ms : {10, 20, 30, 530, 540})
        {
            log.Received(100, MilliSeconds(ms));
        }
        NS_TEST_EXPECT_MSG_EQ(log.GetOctets(), 500u, "octets");
        NS_TEST_EXPECT_MSG_EQ(log.GetOctets(MilliSeconds(20), MilliSeconds(530)), 200u, "from to");
        NS_TEST_EXPECT_MSG_EQ(log.LongestGap(MilliSeconds(100), MilliSeconds(200)).value_or(Time()),
                              MilliSeconds(500),
                              "stall");
        NS_TEST_EXPECT_MSG_EQ(log.LongestGap(MilliSeconds(10), MilliSeconds(25)).value_or(Time()),
                              MilliSeconds(10),
                              "no stall");
        std::ostringstream timeline;
        log.WriteTimeline(timeline, MilliSeconds(30), MilliSeconds(540), MilliSeconds(30));
        NS_TEST_EXPECT_MSG_EQ(timeline.str(),
                              "time_ms,octets\n0.000000,300\n500.000000,400\n",
                              "timeline");
    }
};

/// Two nodes and a link between them.
class Pair
{
  public:
    explicit Pair(const LinkProfile& profile)
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        nodes.Create(2);
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(nodes);
        LinkHelper link;
        link.SetProfile(profile);
        const auto devices = link.Install(nodes.Get(0), nodes.Get(1));
        Ipv4AddressHelper addresses("10.1.1.0", "255.255.255.0");
        interfaces = addresses.Assign(devices);
        LinkHelper::AssignStreams(devices, 1000);
    }

    ~Pair()
    {
        Simulator::Destroy();
    }

    Ptr<TrafficFlow> Install(TrafficHelper& traffic) const
    {
        return traffic.Install("down",
                               nodes.Get(0),
                               interfaces.GetAddress(0),
                               nodes.Get(1),
                               interfaces.GetAddress(1));
    }

    NodeContainer nodes;
    Ipv4InterfaceContainer interfaces;
};

LinkProfile
Link(Time delay, const char* rate)
{
    auto profile = *FindLinkProfile("ethernet");
    profile.delay = delay;
    profile.rate = DataRate(rate);
    profile.upRate = DataRate(rate);
    return profile;
}

/// Voice has the size and the spacing of G.711 over RTP.
class VoiceTestCase : public TestCase
{
  public:
    VoiceTestCase()
        : TestCase("voice: 50 packets of 200 octets a second, delay and rating by hand")
    {
    }

  private:
    void DoRun() override
    {
        Pair pair(Link(MilliSeconds(30), "10Mbps"));
        TrafficHelper traffic("voip");
        const auto flow = pair.Install(traffic);
        traffic.Run(Seconds(1), Seconds(11));
        Simulator::Stop(Seconds(12));
        Simulator::Run();
        const auto record = flow->Measure(Seconds(5), Seconds(6)); // and a second on each side
        NS_TEST_EXPECT_MSG_EQ(flow->GetPackets()->GetSent(), 500u, "packets in ten seconds");
        NS_TEST_EXPECT_MSG_EQ(record.packets.has_value(), true, "figures");
        if (!record.packets || !record.packets->meanDelay || !record.rFactor)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(record.packets->sent, 150u, "packets in three seconds");
        NS_TEST_EXPECT_MSG_EQ(record.packets->lost, 0u, "lost");
        // 160 octets of voice, 12 of RTP, 8 of UDP, 20 of IP, 38 of Ethernet
        const Time delay = MilliSeconds(30) + NanoSeconds((160 + 12 + 8 + 20 + 38) * 8 * 100);
        NS_TEST_EXPECT_MSG_EQ(*record.packets->meanDelay, delay, "delay");
        NS_TEST_EXPECT_MSG_EQ(record.interruption.value_or(Seconds(1)), Time(0), "interruption");
        const double mouthToEar = 40 + static_cast<double>(delay.GetNanoSeconds()) / 1e6;
        NS_TEST_EXPECT_MSG_EQ_TOL(*record.rFactor,
                                  EModel::OfPackets(G711_WITH_CONCEALMENT, mouthToEar, 0).R(),
                                  1e-9,
                                  "R");
    }
};

/// Loss on the link shows in the figures.
class LossyVoiceTestCase : public TestCase
{
  public:
    LossyVoiceTestCase()
        : TestCase("voice over a link that loses 5 % has the rating of 5 % random loss")
    {
    }

  private:
    void DoRun() override
    {
        auto profile = Link(MilliSeconds(30), "10Mbps");
        profile.loss = 0.05;
        Pair pair(profile);
        TrafficHelper traffic("voip");
        const auto flow = pair.Install(traffic);
        traffic.Run(Seconds(1), Seconds(401));
        Simulator::Stop(Seconds(402));
        Simulator::Run();
        const auto record = flow->Measure(Seconds(2), Seconds(400));
        if (!record.packets || !record.rFactor)
        {
            NS_TEST_EXPECT_MSG_EQ(true, false, "no figures");
            return;
        }
        // 19950 packets: three standard deviations are 0.46 %.
        NS_TEST_EXPECT_MSG_EQ_TOL(record.packets->missingShare, 0.05, 0.005, "loss");
        NS_TEST_EXPECT_MSG_EQ_TOL(record.packets->burstRatio, 1.0, 0.05, "random");
        NS_TEST_EXPECT_MSG_EQ_TOL(*record.rFactor,
                                  EModel::OfPackets(G711_WITH_CONCEALMENT, 70, 5).R(),
                                  1.5,
                                  "R");
    }
};

/// Voice that hardly arrives at all.
class BrokenVoiceTestCase : public TestCase
{
  public:
    BrokenVoiceTestCase()
        : TestCase("voice that stops for four seconds of six has R 0 and MOS 1, not less")
    {
    }

  private:
    void DoRun() override
    {
        Pair pair(Link(MilliSeconds(30), "10Mbps"));
        TrafficHelper traffic("voip");
        const auto flow = pair.Install(traffic);
        traffic.Run(Seconds(1), Seconds(11));
        const auto [ipv4, interface] = pair.interfaces.Get(1);
        Simulator::Schedule(Seconds(5), &Ipv4::SetDown, ipv4, interface);
        Simulator::Schedule(Seconds(9), &Ipv4::SetUp, ipv4, interface);
        Simulator::Stop(Seconds(12));
        Simulator::Run();
        const auto record = flow->Measure(Seconds(5), Seconds(9));
        if (!record.packets || !record.packets->meanDelay || !record.rFactor || !record.mos)
        {
            NS_TEST_EXPECT_MSG_EQ(true, false, "no figures");
            return;
        }
        const double r =
            EModel::OfPackets(
                G711_WITH_CONCEALMENT,
                40 + static_cast<double>(record.packets->meanDelay->GetNanoSeconds()) / 1e6,
                100 * record.packets->missingShare,
                record.packets->burstRatio)
                .R();
        NS_TEST_EXPECT_MSG_EQ_TOL(record.packets->missingShare, 2.0 / 3, 0.01, "loss");
        NS_TEST_EXPECT_MSG_LT(r, 0, "what the model says");
        NS_TEST_EXPECT_MSG_EQ(*record.rFactor, 0, "R");
        NS_TEST_EXPECT_MSG_EQ(*record.mos, 1, "MOS");
    }
};

/// Packets behind the deadline count as late.
class DeadlineTestCase : public TestCase
{
  public:
    DeadlineTestCase()
        : TestCase("what takes longer than the playout deadline is late, and not played")
    {
    }

  private:
    void DoRun() override
    {
        Pair pair(Link(MilliSeconds(100), "10Mbps"));
        TrafficHelper traffic("voip");
        traffic.SetFlowAttribute("PlayoutDeadline", TimeValue(MilliSeconds(100)));
        const auto flow = pair.Install(traffic);
        traffic.Run(Seconds(1), Seconds(4));
        Simulator::Stop(Seconds(5));
        Simulator::Run();
        const auto record = flow->Measure(Seconds(2), Seconds(3));
        if (!record.packets)
        {
            NS_TEST_EXPECT_MSG_EQ(true, false, "no figures");
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(record.packets->late, record.packets->sent, "all are late");
        NS_TEST_EXPECT_MSG_EQ(record.packets->lost, 0u, "none is lost");
        NS_TEST_EXPECT_MSG_EQ(record.rFactor.has_value(), false, "nothing to rate");
    }
};

/// Video varies.
class VideoTestCase : public TestCase
{
  public:
    VideoTestCase()
        : TestCase("video: 25 frames a second of varying size in datagrams of a limited one, the "
                   "same again with the same stream")
    {
    }

  private:
    static constexpr uint32_t LIMIT = 700;

    void OnReceived(uint32_t, Time, uint32_t octets)
    {
        m_octets += octets - 12;
        m_largest = std::max(m_largest, octets);
        ++m_datagrams;
    }

    std::vector<uint64_t> Simulate(int64_t stream)
    {
        m_octets = 0;
        m_largest = 0;
        m_datagrams = 0;
        Pair pair(Link(MilliSeconds(1), "100Mbps"));
        TrafficHelper traffic("video");
        traffic.SetSourceAttribute("DatagramOctets", UintegerValue(LIMIT));
        pair.Install(traffic);
        traffic.AssignStreams(stream);
        pair.nodes.Get(1)->GetApplication(0)->TraceConnectWithoutContext(
            "Received",
            MakeCallback(&VideoTestCase::OnReceived, this));
        traffic.Run(Seconds(1), Seconds(41));
        Simulator::Stop(Seconds(42));
        Simulator::Run();
        return {m_octets, m_datagrams};
    }

    void DoRun() override
    {
        const auto first = Simulate(7);
        const double frames = 40 * 25;
        // The mean of 1000 frames of standard deviation 1500 octets: three times 47 octets.
        NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(first[0]) / frames, 5000, 150, "octets");
        NS_TEST_EXPECT_MSG_EQ(m_largest, LIMIT, "largest datagram");
        NS_TEST_EXPECT_MSG_GT(first[1], static_cast<uint64_t>(frames * 7), "several a frame");
        NS_TEST_EXPECT_MSG_EQ((Simulate(7) == first), true, "the same stream");
        NS_TEST_EXPECT_MSG_EQ((Simulate(8) == first), false, "another stream");
    }

    uint64_t m_octets{0};
    uint64_t m_datagrams{0};
    uint32_t m_largest{0};
};

/// TCP takes what the link gives.
class StreamTestCase : public TestCase
{
  public:
    StreamTestCase()
        : TestCase("TCP: fills the link, segments have the size that is set")
    {
    }

  private:
    void OnTx(Ptr<const Packet> packet)
    {
        m_largest = std::max(m_largest, packet->GetSize());
    }

    void DoRun() override
    {
        Pair pair(Link(MilliSeconds(5), "10Mbps"));
        TrafficHelper traffic("tcp");
        traffic.SetSourceAttribute("SegmentOctets", UintegerValue(1000));
        const auto flow = pair.Install(traffic);
        traffic.Run(Seconds(1), Seconds(9));
        pair.nodes.Get(0)->GetDevice(1)->TraceConnectWithoutContext(
            "MacTx",
            MakeCallback(&StreamTestCase::OnTx, this));
        Simulator::Stop(Seconds(10));
        Simulator::Run();
        const auto record = flow->Measure(Seconds(4), Seconds(5));
        if (!record.goodput || !record.stall)
        {
            NS_TEST_EXPECT_MSG_EQ(true, false, "no figures");
            return;
        }
        // 1000 octets of 1000 + 52 of headers + 38 of Ethernet
        NS_TEST_EXPECT_MSG_EQ_TOL(*record.goodput, 10e6 * 1000 / 1090, 2e5, "goodput");
        // The queue of 100 packets overflows; a retransmission takes a round trip through it.
        NS_TEST_EXPECT_MSG_LT(*record.stall, MilliSeconds(200), "no stall");
        NS_TEST_EXPECT_MSG_EQ(m_largest, 1000u + 52 + 14, "a segment in its frame");
        NS_TEST_EXPECT_MSG_EQ(record.packets.has_value(), false, "no figures of packets");
        NS_TEST_EXPECT_MSG_EQ(record.rFactor.has_value(), false, "no rating");
    }

    uint32_t m_largest{0};
};

/// FlowMonitor sees the same.
class FlowMonitorTestCase : public TestCase
{
  public:
    FlowMonitorTestCase()
        : TestCase("the FlowMonitor counts the packets that the log counts")
    {
    }

  private:
    void DoRun() override
    {
        const auto file = CreateTempDirFilename("flows.xml");
        auto profile = Link(MilliSeconds(5), "10Mbps");
        profile.loss = 0.1;
        Pair pair(profile);
        TrafficHelper traffic("voip");
        const auto flow = pair.Install(traffic);
        traffic.EnableFlowMonitor(pair.nodes);
        traffic.Run(Seconds(1), Seconds(11));
        Simulator::Stop(Seconds(15));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(traffic.WriteFlowMonitor(file), true, "written");
        const auto figures =
            flow->GetPackets()->Evaluate(Seconds(0), Seconds(15), MilliSeconds(150));
        std::ifstream in(file);
        const std::string xml{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        std::smatch match;
        const std::regex pattern(R"x(txPackets="(\d+)" rxPackets="(\d+)" lostPackets="(\d+)")x");
        const bool found = std::regex_search(xml, match, pattern);
        NS_TEST_EXPECT_MSG_EQ(found, true, "a flow");
        if (found)
        {
            NS_TEST_EXPECT_MSG_EQ(std::stoul(match[1]), figures.sent, "sent");
            NS_TEST_EXPECT_MSG_EQ(std::stoul(match[2]), figures.sent - figures.lost, "received");
            NS_TEST_EXPECT_MSG_EQ(std::stoul(match[3]), figures.lost, "lost");
        }
    }
};

/// The suite.
class MisTrafficTestSuite : public TestSuite
{
  public:
    MisTrafficTestSuite()
        : TestSuite("mis-traffic", TestSuite::Type::UNIT)
    {
        AddTestCase(new FlowLogTestCase);
        AddTestCase(new StreamLogTestCase);
        AddTestCase(new VoiceTestCase);
        AddTestCase(new BrokenVoiceTestCase);
        AddTestCase(new LossyVoiceTestCase);
        AddTestCase(new DeadlineTestCase);
        AddTestCase(new VideoTestCase);
        AddTestCase(new StreamTestCase);
        AddTestCase(new FlowMonitorTestCase);
    }
};

MisTrafficTestSuite g_misTrafficTestSuite; //!< the instance

} // namespace
