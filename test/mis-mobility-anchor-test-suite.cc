// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the mobility anchor: messages, and the time a handover takes.
 */
#include "mis-mobility-test-helpers.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;
using namespace ns3::mis::test::anchor;

namespace
{

/// Messages survive the way to octets and back, and broken ones are refused.
class MessageTestCase : public TestCase
{
  public:
    MessageTestCase()
        : TestCase("messages: layout by hand, to octets and back, cut at every octet, changed")
    {
    }

  private:
    void DoRun() override
    {
        // Header of 12 octets; identifier 2 + 17, padding 1; addresses 8 and 8; padding 1;
        // authentication 19; padding 4.
        const auto octets = EncodeMobility(Updates()[0]);
        const std::string expected = "3b08050000001234c0000069"
                                     "0811016d6e3140686f6d652e6578616d706c6500"
                                     "1d068000c0a80002"
                                     "200600000a020002"
                                     "00"
                                     "09110100000101"
                                     "0102030405060708090a0b0c"
                                     "01020000";
        NS_TEST_EXPECT_MSG_EQ(ToHex(octets), expected, "Binding Update");
        for (const auto& update : Updates())
        {
            CheckUpdate(update);
        }
        BindingAcknowledgement answer;
        answer.status = BindingStatus::SEQUENCE_OUT_OF_WINDOW;
        answer.sequence = 9;
        answer.lifetime = 11;
        answer.mnIdentifier = "m";
        answer.homeAddress = MobilityHomeAddress{16, 0xC0A80002};
        answer.authentication = MobilityAuthentication{5, {}};
        const auto whole = EncodeMobility(answer);
        const auto decoded = DecodeBindingAcknowledgement(whole);
        NS_TEST_EXPECT_MSG_EQ(bool(decoded), true, "Binding Acknowledgement");
        if (decoded)
        {
            NS_TEST_EXPECT_MSG_EQ((EncodeMobility(*decoded) == whole), true, "the same again");
            NS_TEST_EXPECT_MSG_EQ(unsigned{decoded->homeAddress->prefixLength}, 16u, "prefix");
        }
        NS_TEST_EXPECT_MSG_EQ(bool(DecodeBindingUpdate(whole)), false, "another message");
        const auto wrapped = WrapMobility(1, 2, whole);
        NS_TEST_EXPECT_MSG_EQ(wrapped.size(), 40 + whole.size(), "an IPv6 header");
        const auto unwrapped = UnwrapMobility(wrapped);
        NS_TEST_EXPECT_MSG_EQ(bool(unwrapped) && ToHex(*unwrapped) == ToHex(whole), true, "unwrap");
        for (size_t size = 0; size < wrapped.size(); ++size)
        {
            NS_TEST_EXPECT_MSG_EQ(bool(UnwrapMobility(ByteView(wrapped).Sub(0, size))),
                                  false,
                                  "cut at " << size);
        }
    }

    void CheckUpdate(const BindingUpdate& update)
    {
        const auto octets = EncodeMobility(update);
        NS_TEST_EXPECT_MSG_EQ(octets.size() % 8, 0u, "padded");
        const auto decoded = DecodeBindingUpdate(octets);
        NS_TEST_EXPECT_MSG_EQ(bool(decoded), true, "decoded");
        if (decoded)
        {
            NS_TEST_EXPECT_MSG_EQ((EncodeMobility(*decoded) == octets), true, "the same again");
        }
        for (size_t size = 0; size < octets.size(); ++size)
        {
            NS_TEST_EXPECT_MSG_EQ(bool(DecodeBindingUpdate(ByteView(octets).Sub(0, size))),
                                  false,
                                  "cut at " << size);
        }
        for (size_t at = 0; at < octets.size(); ++at)
        {
            for (int bit = 0; bit < 8; ++bit)
            {
                auto changed = octets;
                changed[at] ^= static_cast<uint8_t>(1 << bit);
                // Must not read beyond the octets; what it gives must be encodable.
                if (const auto other = DecodeBindingUpdate(changed))
                {
                    NS_TEST_EXPECT_MSG_GT(EncodeMobility(*other).size(), 0u, "encodable");
                }
            }
        }
    }
};

/// The interruption is what its parts add up to.
class InterruptionTestCase : public TestCase
{
  public:
    InterruptionTestCase(Anchor anchor, const std::string& direction)
        : TestCase(std::string("the ") + NameOf(anchor) + " registers, traffic goes " + direction +
                   ": the gap is signalling, update and new path, within a packet"),
          m_anchor(anchor),
          m_direction(direction)
    {
    }

  private:
    void DoRun() override
    {
        AnchorScenario scenario(m_anchor);
        const auto flow = scenario.InstallFlow(m_direction);
        scenario.Preregister(Seconds(2));
        scenario.Handover(Seconds(4));
        Scenario::Run(Seconds(8));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "preregistered");
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers.size(), 1u, "handed over");
        if (scenario.handovers.empty() || scenario.arrivals.empty())
        {
            return;
        }
        const auto& report = scenario.handovers.front();
        const Time access = MilliSeconds(7);
        const Time wan = MilliSeconds(9);
        const Time home = MilliSeconds(3);
        const Time local = MicroSeconds(100);
        // Where the update starts, and how far it is from there to the anchor.
        Time bound = report.dataPathOpen;
        bound += m_anchor == Anchor::CLIENT ? access + wan + home : access + local + wan + home;
        // Frames of at most 300 octets take at most 24 us a link.
        const Time sending = MicroSeconds(300);
        Time begin = bound + home + wan + access; // from the anchor to the mobile node
        if (m_direction == "up")
        {
            // What is sent when the path is open reaches the anchor right behind the update of the
            // mobile node. The gateway tunnels when the anchor has answered.
            begin = m_anchor == Anchor::CLIENT
                        ? report.dataPathOpen + access + wan + home + home + home
                        : bound + home + wan + wan + home + home + home;
        }
        const auto first = std::find_if(scenario.arrivals.begin(),
                                        scenario.arrivals.end(),
                                        [&](const AnchorScenario::Arrival& arrival) {
                                            return arrival.at - arrival.delay >= report.detached ||
                                                   arrival.at >= begin;
                                        });
        NS_TEST_EXPECT_MSG_EQ((first != scenario.arrivals.end()), true, "traffic goes on");
        if (first == scenario.arrivals.end())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ((first->at >= begin),
                              true,
                              "not before " << begin << ": " << first->at);
        NS_TEST_EXPECT_MSG_LT(first->at, begin + MilliSeconds(1) + sending, "and not later");

        // Nothing is buffered: what was sent meanwhile is lost, and only that.
        const auto record = flow->Measure(report.detached, report.end);
        NS_TEST_EXPECT_MSG_EQ(record.interruption.has_value(), true, "measured");
        if (record.interruption && record.packets)
        {
            const auto last = *(first - 1);
            NS_TEST_EXPECT_MSG_EQ(*record.interruption,
                                  first->at - last.at - MilliSeconds(1),
                                  "interruption");
            NS_TEST_EXPECT_MSG_EQ(record.packets->lost, first->number - last.number - 1, "lost");
        }
    }

    Anchor m_anchor;
    std::string m_direction;
};

/// A lost update is sent again.
class LostUpdateTestCase : public TestCase
{
  public:
    explicit LostUpdateTestCase(Anchor anchor)
        : TestCase(std::string("an update of the ") + NameOf(anchor) +
                   " that is lost is sent again after a second, and after two more"),
          m_anchor(anchor)
    {
    }

  private:
    void DoRun() override
    {
        AnchorScenario scenario(m_anchor);
        const uint16_t port = m_anchor == Anchor::CLIENT ? DSMIPV6_PORT : PMIPV6_CONTROL_PORT;
        uint32_t lost = 0;
        UdpTap tap(Scenario::DeviceOf(scenario.roaming.GetAnchor()->GetObject<Misf>()),
                   [&](uint16_t, uint16_t toPort, Bytes& payload) {
                       const bool isUpdate = toPort == port && IpVersionOf(payload) != 4;
                       const bool isLost = isUpdate && Simulator::Now() > Seconds(3) && lost < 2;
                       lost += isLost;
                       return !isLost;
                   });
        scenario.roaming.GetAnchor()->TraceConnectWithoutContext(
            "Bound",
            MakeCallback(&LostUpdateTestCase::OnBound, this));
        scenario.Preregister(Seconds(2));
        scenario.Handover(Seconds(4));
        Scenario::Run(Seconds(12));
        NS_TEST_EXPECT_MSG_EQ(lost, 2u, "lost");
        NS_TEST_EXPECT_MSG_EQ(m_bound.size(), 2u, "two bindings");
        if (m_bound.size() == 2 && scenario.handovers.size() == 1)
        {
            const Time since = m_bound[1] - scenario.handovers.front().dataPathOpen;
            NS_TEST_EXPECT_MSG_GT(since, Seconds(3), "after the second repetition");
            NS_TEST_EXPECT_MSG_LT(since, Seconds(3) + MilliSeconds(30), "at once then");
        }
    }

    void OnBound(const MisfId&, Ipv4Address, Time)
    {
        m_bound.push_back(Simulator::Now());
    }

    Anchor m_anchor;
    std::vector<Time> m_bound;
};

/// Lost acknowledgements do no harm.
class LostAcknowledgementTestCase : public TestCase
{
  public:
    LostAcknowledgementTestCase()
        : TestCase("traffic flows though the acknowledgement is lost, which is then sent again")
    {
    }

  private:
    void OnAcknowledged(BindingStatus status, Time delay)
    {
        m_statuses.push_back(status);
        m_delays.push_back(delay);
    }

    void DoRun() override
    {
        AnchorScenario scenario(Anchor::CLIENT);
        const auto flow = scenario.InstallFlow("down");
        const auto client = scenario.roaming.GetMobilityClients().front();
        client->TraceConnectWithoutContext(
            "BindingAcknowledged",
            MakeCallback(&LostAcknowledgementTestCase::OnAcknowledged, this));
        uint32_t lost = 0;
        UdpTap tap(scenario.roaming.GetMobileNodeNodes().Get(0)->GetDevice(1),
                   [&](uint16_t fromPort, uint16_t, Bytes& payload) {
                       const bool isLost =
                           fromPort == DSMIPV6_PORT && IpVersionOf(payload) == 6 && lost == 0;
                       lost += isLost;
                       return !isLost;
                   });
        Scenario::Run(Seconds(4));
        NS_TEST_EXPECT_MSG_EQ(lost, 1u, "lost");
        NS_TEST_EXPECT_MSG_EQ(m_statuses.size(), 1u, "acknowledged once");
        if (m_statuses.size() == 1)
        {
            NS_TEST_EXPECT_MSG_EQ((m_statuses[0] == BindingStatus::ACCEPTED), true, "accepted");
            NS_TEST_EXPECT_MSG_GT(m_delays[0], Seconds(1), "the second one");
        }
        const auto figures =
            flow->GetPackets()->Evaluate(Seconds(1), Seconds(3), MilliSeconds(150));
        NS_TEST_EXPECT_MSG_EQ(figures.lost, 0u, "no packet is lost");
    }

    std::vector<BindingStatus> m_statuses;
    std::vector<Time> m_delays;
};

/// A binding lives as long as it is renewed.
class LifetimeTestCase : public TestCase
{
  public:
    LifetimeTestCase()
        : TestCase("a binding is renewed before its lifetime is over, and else ends")
    {
    }

  private:
    void OnBound(const MisfId&, Ipv4Address, Time lifetime)
    {
        m_bound.push_back(Simulator::Now());
        m_lifetime = lifetime;
    }

    void DoRun() override
    {
        AnchorScenario scenario(Anchor::CLIENT);
        const auto anchor = scenario.roaming.GetAnchor();
        anchor->SetAttribute("MaxLifetime", TimeValue(Seconds(40)));
        anchor->TraceConnectWithoutContext("Bound", MakeCallback(&LifetimeTestCase::OnBound, this));
        bool cut = false;
        UdpTap tap(Scenario::DeviceOf(anchor->GetObject<Misf>()),
                   [&](uint16_t, uint16_t, Bytes&) { return !cut; });
        Scenario::At(Seconds(95), [&] {
            NS_TEST_EXPECT_MSG_EQ(scenario.CareOf().IsAny(), false, "alive");
            cut = true;
        });
        Scenario::At(Seconds(129), [&] {
            NS_TEST_EXPECT_MSG_EQ(scenario.CareOf().IsAny(), false, "until the end");
        });
        Scenario::At(Seconds(132),
                     [&] { NS_TEST_EXPECT_MSG_EQ(scenario.CareOf().IsAny(), true, "over"); });
        Scenario::Run(Seconds(133));
        // At 0, 30, 60 and 90 s, each 75 % of 40 s after the last.
        NS_TEST_EXPECT_MSG_EQ(m_bound.size(), 4u, "renewed");
        NS_TEST_EXPECT_MSG_EQ(m_lifetime, Seconds(40), "granted");
    }

    std::vector<Time> m_bound;
    Time m_lifetime;
};

/// tshark reads Proxy Binding Updates.
class DissectorTestCase : public TestCase
{
  public:
    DissectorTestCase()
        : TestCase("tshark: updates and acknowledgements of the access router, field by field")
    {
    }

  private:
    void DoRun() override
    {
        if (!HasProgram("tshark"))
        {
            return;
        }
        const auto prefix = CreateTempDirFilename("anchor");
        {
            AnchorScenario scenario(Anchor::NETWORK);
            const auto node = scenario.roaming.GetAnchor()->GetObject<Node>();
            NetDeviceContainer devices;
            devices.Add(node->GetDevice(1));
            scenario.roaming.GetMis().EnablePcap(prefix, devices);
            scenario.Preregister(Seconds(2));
            scenario.Handover(Seconds(4));
            Scenario::Run(Seconds(6));
            m_node = node->GetId();
        }
        const auto result =
            RunCommand("tshark -r " + Quote(prefix + "-" + std::to_string(m_node) + "-1.pcap") +
                       " -T fields -E separator=, -e udp.dstport -e mip6.mhtype -e mip6.bu.p_flag "
                       "-e mip6.bu.seqnr -e mip6.bu.lifetime -e mip6.ba.status -e mip6.ba.p_flag "
                       "-e mip6.mnid.identifier -e mip6.hi -e mip6.att -e mip6.auth.mobility_spi "
                       "-e _ws.malformed 2>/dev/null");
        // Two gateways with a key each: SPI 256 and 257, sequence numbers of their own.
        const std::string mn = ",mn1@home.example,1,1,";
        const std::string expected = "5436,5,1,1,105,,," + mn.substr(1) + "256,\n" +
                                     "5436,6,,,,0,1" + mn + "256,\n" + "5436,5,1,1,105,,," +
                                     mn.substr(1) + "257,\n" + "5436,6,,,,0,1" + mn + "257,\n";
        NS_TEST_EXPECT_MSG_EQ(result.output, expected, "fields");
    }

    uint32_t m_node{0};
};

/// The tunnel's MTU leaves room for its headers.
class MtuTestCase : public TestCase
{
  public:
    MtuTestCase()
        : TestCase("a packet as long as the MTU of the tunnel goes through in one piece")
    {
    }

  private:
    void OnTx(Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t interface)
    {
        Ipv4Header header;
        packet->PeekHeader(header);
        m_fragments += !header.IsLastFragment() || header.GetFragmentOffset() > 0;
        m_longest = std::max(m_longest, interface == 1 ? packet->GetSize() : 0);
    }

    void DoRun() override
    {
        AnchorScenario scenario(Anchor::CLIENT);
        scenario.traffic.SetSourceAttribute(
            "FrameOctets",
            StringValue("ns3::ConstantRandomVariable[Constant=1432]"));
        scenario.traffic.SetSourceAttribute("DatagramOctets", UintegerValue(1444));
        const auto flow = scenario.InstallFlow("down");
        scenario.roaming.GetAnchor()->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "Tx",
            MakeCallback(&MtuTestCase::OnTx, this));
        Scenario::Run(Seconds(2));
        NS_TEST_EXPECT_MSG_EQ(m_fragments, 0u, "no fragments");
        NS_TEST_EXPECT_MSG_EQ(m_longest, 1500u, "1444 + 8 + 20 in 8 + 20 octets");
        const auto figures =
            flow->GetPackets()->Evaluate(Seconds(1), MilliSeconds(1900), MilliSeconds(150));
        NS_TEST_EXPECT_MSG_EQ(figures.lost, 0u, "all arrive");
    }

    uint32_t m_fragments{0};
    uint32_t m_longest{0};
};

/// A route through networks of all kinds, and back to the first one's kind.
class RouteTestCase : public TestCase
{
  public:
    RouteTestCase(Anchor anchor, const std::string& kind)
        : TestCase(std::string("a route of mixed networks, ") + NameOf(anchor) +
                   " registers: " + kind + " goes on after each handover, twice the same"),
          m_anchor(anchor),
          m_kind(kind)
    {
    }

  private:
    uint32_t Handovers() const
    {
        return m_kind == "tcp" ? 2 : 5; // TCP takes long to simulate
    }

    std::string Roam()
    {
        Scenario scenario;
        for (uint32_t i = 0; i <= Handovers(); ++i)
        {
            scenario.roaming.AddNetwork(
                std::vector<std::string>{"wifi", "lte", "ethernet", "wimax"}[i % 4]);
        }
        scenario.roaming.SetAnchor(m_anchor);
        scenario.roaming.SetTraffic(m_kind, "both");
        scenario.Build();
        std::ostringstream text;
        m_handovers = 0;
        m_flows = 0;
        scenario.roaming.ObserveTraffic([&](uint32_t network,
                                            const RoamingScenarioHelper::TrafficRecords& records,
                                            Time begin,
                                            Time end) {
            for (size_t i = 0; i < records.size(); ++i)
            {
                m_flows += records[i].interruption.has_value();
                text << network << ' ' << records[i].direction << ' '
                     << records[i].interruption.value_or(Time(-1)).GetNanoSeconds() << '\n';
                scenario.roaming.GetTraffic()->GetFlows()[i]->WriteTimeline(text, begin, end);
            }
        });
        scenario.roaming.Roam(Seconds(2), [&](uint32_t, const PreregistrationRecord& record) {
            m_handovers += record.outcome == "success";
        });
        Scenario::Run(Seconds(2) + scenario.roaming.GetDuration());
        return text.str();
    }

    void DoRun() override
    {
        const auto first = Roam();
        NS_TEST_EXPECT_MSG_EQ(m_handovers, Handovers(), "handovers");
        NS_TEST_EXPECT_MSG_EQ(m_flows, 2 * Handovers(), "both flows go on after each");
        NS_TEST_EXPECT_MSG_EQ((first == Roam()), true, "the same again");
    }

    Anchor m_anchor;
    std::string m_kind;
    uint32_t m_handovers{0};
    uint32_t m_flows{0};
};

/// The suite.
class MisMobilityAnchorTestSuite : public TestSuite
{
  public:
    MisMobilityAnchorTestSuite()
        : TestSuite("mis-mobility-anchor", TestSuite::Type::UNIT)
    {
        AddTestCase(new MessageTestCase);
        AddTestCase(new DissectorTestCase);
        for (const auto anchor : {Anchor::CLIENT, Anchor::NETWORK})
        {
            AddTestCase(new InterruptionTestCase(anchor, "down"));
            AddTestCase(new InterruptionTestCase(anchor, "up"));
            AddTestCase(new LostUpdateTestCase(anchor));
            AddTestCase(new RouteTestCase(anchor, "voip"));
            AddTestCase(new RouteTestCase(anchor, "tcp"));
        }
        AddTestCase(new LostAcknowledgementTestCase);
        AddTestCase(new LifetimeTestCase);
        AddTestCase(new MtuTestCase);
    }
};

MisMobilityAnchorTestSuite g_misMobilityAnchorTestSuite; //!< the instance

} // namespace
