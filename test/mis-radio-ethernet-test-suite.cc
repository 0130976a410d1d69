// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: csma

/**
 * @file
 * Tests of access links over Ethernet.
 */

#include "mis-radio-test-helpers.h"

#include "ns3/arp-header.h"
#include "ns3/arp-l3-protocol.h"
#include "ns3/csma-helper.h"
#include "ns3/double.h"
#include "ns3/error-model.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/mis-arp-learning.h"
#include "ns3/mis-controlled-port-routing.h"
#include "ns3/mis-csma-access-link.h"
#include "ns3/mis-radio-network-helper.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/pointer.h"
#include "ns3/socket.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <optional>
#include <string>
#include <tuple>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

Ptr<Node>
MakeNode()
{
    auto node = CreateObject<Node>();
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    RadioNetworkHelper::SetRouting(stack);
    stack.Install(node);
    return node;
}

/// A network with one mobile node.
RadioAccess
BuildAccess(RadioNetworkHelper& radio)
{
    RadioAccessPlan plan;
    plan.network = {Ipv4Address("172.24.0.0"), Ipv4Mask("255.255.240.0")};
    plan.mobileNodes.Add(MakeNode());
    plan.makeRouter = [] { return MakeNode(); };
    auto access = radio.AddNetwork("ethernet", plan);
    radio.AssignStreams(1);
    access.links[0]->SetInterface(access.devices.Get(0), access.gateway, {access.gateway});
    return access;
}

Ptr<Socket>
Open(Ptr<Node> node)
{
    auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 1000));
    return socket;
}

/// A plug that is put in and pulled out.
class PlugTestCase : public TestCase
{
  public:
    PlugTestCase()
        : TestCase("frames flow from plug to unplug, and the events say when")
    {
    }

  private:
    void Receive(Ptr<Socket> socket)
    {
        while (socket->Recv())
        {
            m_received.push_back(Simulator::Now().GetSeconds());
        }
    }

    void DoRun() override
    {
        RadioNetworkHelper radio;
        const auto access = BuildAccess(radio);
        auto link = DynamicCast<CsmaAccessLink>(access.links[0]);
        NS_TEST_ASSERT_MSG_EQ((link != nullptr), true, "an Ethernet link");
        link->SetAttribute("PlugDelay", TimeValue(Seconds(0.5)));
        LinkRecord record(link);
        auto sink = Open(access.router);
        sink->SetRecvCallback(MakeCallback(&PlugTestCase::Receive, this));
        auto source = Open(access.devices.Get(0)->GetNode());
        for (int i = 0; i < 80; ++i)
        {
            At(MilliSeconds(100 * i + 50), [source, to = access.gateway] {
                source->SendTo(Create<Packet>(100), 0, SocketAddressOf(to, 1000));
            });
        }
        At(Seconds(1), [&] { link->Attach([] {}); });
        At(Seconds(3), [&] { link->Detach(); });
        At(Seconds(4), [&] { link->Attach([] {}); });
        At(Seconds(4.2), [&] { link->Detach(); }); // before it has synchronised
        At(Seconds(5), [&] { link->Attach([] {}); });
        At(Seconds(7), [&] { link->Unplug(); });
        RunUntil(Seconds(8));
        NS_TEST_ASSERT_MSG_EQ(record.ups.size(), 2u, "up twice");
        NS_TEST_EXPECT_MSG_EQ(record.ups[0], 1.5, "after the delay");
        NS_TEST_EXPECT_MSG_EQ(record.ups[1], 5.5, "after the delay");
        NS_TEST_ASSERT_MSG_EQ(record.downs.size(), 2u, "down twice");
        NS_TEST_EXPECT_MSG_EQ(record.downs[0], 3, "left");
        NS_TEST_EXPECT_MSG_EQ((record.reasons[0] == LinkDownReason::EXPLICIT_DISCONNECT), true, "");
        NS_TEST_EXPECT_MSG_EQ(record.downs[1], 7, "pulled");
        NS_TEST_EXPECT_MSG_EQ((record.reasons[1] == LinkDownReason::PACKET_TIMEOUT), true, "");
        size_t outside = 0;
        for (const double at : m_received)
        {
            outside += !((at > 1.5 && at < 3.01) || (at > 5.5 && at < 7.01));
        }
        NS_TEST_EXPECT_MSG_EQ(outside, 0u, "nothing while the plug is out");
        NS_TEST_EXPECT_MSG_GT_OR_EQ(m_received.size(), 30u, "all while it is in");
        Simulator::Destroy();
    }

    std::vector<double> m_received;
};

/// A link at a node with one radio, and at one with a radio for each link.
class LingerTestCase : public TestCase
{
  public:
    LingerTestCase()
        : TestCase("with Linger a link is prepared, and carries data for a while after it was left")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool isDual : {false, true})
        {
            Run(isDual);
        }
    }

    void Run(bool isDual)
    {
        RadioNetworkHelper radio;
        const auto access = BuildAccess(radio);
        auto link = DynamicCast<CsmaAccessLink>(access.links[0]);
        NS_TEST_ASSERT_MSG_EQ((link != nullptr), true, "an Ethernet link");
        link->SetAttribute("PlugDelay", TimeValue(Seconds(0.5)));
        link->SetAttribute("Linger", TimeValue(isDual ? Seconds(1) : Seconds(0)));
        LinkRecord record(link);
        double ready = 0;
        std::string lingers;
        At(Seconds(1), [&] { link->Prepare([&ready] { ready = Simulator::Now().GetSeconds(); }); });
        At(Seconds(2), [&] { link->Attach([] {}); });
        At(Seconds(3), [&] { link->Detach(); });
        At(Seconds(5), [&] { link->Attach([] {}); });
        At(Seconds(6), [&] { link->Detach(); });
        At(Seconds(6.5), [&] { link->Unplug(); });
        for (const double at : {2.9, 3.9, 4.1, 6.4, 6.6})
        {
            At(Seconds(at), [&] { lingers += link->Lingers() ? '1' : '0'; });
        }
        RunUntil(Seconds(8));
        NS_TEST_EXPECT_MSG_EQ(ready, (isDual ? 1.5 : 1.0), "with one radio at once");
        NS_TEST_ASSERT_MSG_EQ(record.ups.size(), 2u, "up twice");
        NS_TEST_EXPECT_MSG_EQ(record.ups[0], (isDual ? 1.5 : 2.5), "prepared, or attached");
        NS_TEST_ASSERT_MSG_EQ(record.downs.size(), 2u, "down twice");
        NS_TEST_EXPECT_MSG_EQ(record.downs[0], (isDual ? 4.0 : 3.0), "left, or a while after that");
        NS_TEST_EXPECT_MSG_EQ(record.downs[1], (isDual ? 6.5 : 6.0), "lost meanwhile");
        NS_TEST_EXPECT_MSG_EQ(lingers, (isDual ? "01010" : "00000"), "before, then, after");
        Simulator::Destroy();
    }
};

/// A request of ARP tells who has asked.
class LearningTestCase : public TestCase
{
  public:
    LearningTestCase()
        : TestCase("who is asked for its address learns that of the other, and does not ask back")
    {
    }

  private:
    void Receive(Ptr<Socket> socket)
    {
        while (socket->Recv())
        {
            m_received.push_back(Simulator::Now().GetSeconds());
        }
    }

    void OnArp(Ptr<NetDevice>,
               Ptr<const Packet> packet,
               uint16_t,
               const Address&,
               const Address&,
               NetDevice::PacketType)
    {
        ArpHeader header;
        packet->Copy()->RemoveHeader(header);
        m_requests += header.IsRequest();
    }

    void DoRun() override
    {
        NodeContainer nodes(MakeNode(), MakeNode());
        CsmaHelper csma;
        const auto devices = csma.Install(nodes);
        AddIpv4(devices.Get(0), "10.0.0.1");
        AddIpv4(devices.Get(1), "10.0.0.2");
        LearnFromArpRequests(devices.Get(1));
        nodes.Get(0)->RegisterProtocolHandler(MakeCallback(&LearningTestCase::OnArp, this),
                                              ArpL3Protocol::PROT_NUMBER,
                                              devices.Get(0));
        const auto loss = CreateObject<RateErrorModel>();
        loss->SetAttribute("ErrorRate", DoubleValue(1));
        loss->SetAttribute("ErrorUnit", StringValue("ERROR_UNIT_PACKET"));
        devices.Get(0)->SetAttribute("ReceiveErrorModel", PointerValue(loss));
        const auto first = Open(nodes.Get(0));
        first->SetRecvCallback(MakeCallback(&LearningTestCase::Receive, this));
        const auto second = Open(nodes.Get(1));
        const auto send = [](Ptr<Socket> socket, Ipv4Address to) {
            socket->SendTo(Create<Packet>(100), 0, InetSocketAddress(to, 1000));
        };
        // The request of the second node gets lost, and its packet waits for a second at least.
        At(Seconds(1.1), [&] { send(second, "10.0.0.1"); });
        At(Seconds(1.2), [&] { loss->Disable(); });
        At(Seconds(1.3), [&] { send(first, "10.0.0.2"); });
        At(Seconds(1.4), [&] { send(second, "10.0.0.1"); });
        RunUntil(Seconds(4));
        NS_TEST_EXPECT_MSG_EQ(m_requests, 0u, "nobody has asked the first node");
        NS_TEST_ASSERT_MSG_EQ(m_received.size(), 2u, "both packets have come");
        NS_TEST_EXPECT_MSG_EQ_TOL(m_received[0], 1.3, 0.02, "the one that waited");
        NS_TEST_EXPECT_MSG_EQ_TOL(m_received[1], 1.4, 0.001, "the other at once");
        Simulator::Destroy();
    }

    std::vector<double> m_received;
    uint32_t m_requests{0};
};

/// The port of the new link during a handover.
class PortTestCase : public TestCase
{
  public:
    PortTestCase()
        : TestCase("user data wait for the authentication on the new link, signalling does not")
    {
    }

  private:
    void OnDrop(const Ipv4Header& header, uint32_t interface)
    {
        m_drops.emplace_back(Simulator::Now(), header.GetDestination(), interface);
    }

    void OnHandover(const HandoverReport& report)
    {
        m_report = report;
    }

    void DoRun() override
    {
        RoamingScenarioHelper scenario;
        scenario.SetLinks("radio");
        scenario.AddNetwork("ethernet");
        scenario.AddNetwork("ethernet");
        // A slow processor makes the handshake take longer than a packet of the flow.
        scenario.GetMis().SetDeviceProfiles("cortex-m", "server");
        scenario.GetMis().SetMobileNodeAttribute("HandshakeExchanges", UintegerValue(200));
        scenario.Build(1);
        const auto node = scenario.GetMobileNodeNodes().Get(0);
        auto ipv4 = node->GetObject<Ipv4>();
        auto port = DynamicCast<ControlledPortRouting>(ipv4->GetRoutingProtocol());
        NS_TEST_ASSERT_MSG_EQ((port != nullptr), true, "the mobile node has ports");
        port->TraceConnectWithoutContext("PortDrop", MakeCallback(&PortTestCase::OnDrop, this));
        scenario.GetMobileNodes().front()->TraceConnectWithoutContext(
            "Handover",
            MakeCallback(&PortTestCase::OnHandover, this));
        std::optional<PreregistrationRecord> record;
        scenario.Roam(Seconds(3),
                      [&](uint32_t, const PreregistrationRecord& done) { record = done; });
        bool isClosed = true;
        At(Seconds(2), [&] { isClosed = port->IsOpen(1) && !port->IsOpen(2); });
        Simulator::Stop(Seconds(60));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(isClosed, true, "at first the port in use is open, the other not");
        NS_TEST_EXPECT_MSG_EQ(port->IsOpen(1), false, "left");
        NS_TEST_EXPECT_MSG_EQ(port->IsOpen(2), true, "authenticated");
        NS_TEST_EXPECT_MSG_EQ(m_report.outcome, "success", "handed over");
        NS_TEST_ASSERT_MSG_EQ(record.has_value(), true, "recorded");
        const auto wait = m_report.dataPathOpen - m_report.attached;
        NS_TEST_EXPECT_MSG_GT(wait,
                              MilliSeconds(20),
                              "the handshake takes some packets of the flow");
        NS_TEST_EXPECT_MSG_EQ(m_drops.empty(), false, "they are dropped");
        for (const auto& [at, to, interface] : m_drops)
        {
            NS_TEST_EXPECT_MSG_EQ((at >= m_report.detached && at <= m_report.dataPathOpen),
                                  true,
                                  "only meanwhile");
        }
        NS_TEST_EXPECT_MSG_EQ(record->packetsLost.value_or(0), m_drops.size(), "all that is lost");
        NS_TEST_EXPECT_MSG_GT_OR_EQ(record->interruption.value_or(Time()),
                                    wait - MilliSeconds(10),
                                    "and that is the interruption");
        Simulator::Destroy();
    }

    std::vector<std::tuple<Time, Ipv4Address, uint32_t>> m_drops;
    HandoverReport m_report;
};

class RadioEthernetTestSuite : public TestSuite
{
  public:
    RadioEthernetTestSuite()
        : TestSuite("mis-radio-ethernet", TestSuite::Type::UNIT)
    {
        AddTestCase(new PlugTestCase);
        AddTestCase(new LingerTestCase);
        AddTestCase(new LearningTestCase);
        AddTestCase(new PortTestCase);
    }
};

RadioEthernetTestSuite g_radioEthernetTestSuite; //!< the instance

} // namespace
