// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: csma

/**
 * @file
 * Tests of access links over Ethernet.
 */

#include "mis-radio-test-helpers.h"

#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/mis-controlled-port-routing.h"
#include "ns3/mis-csma-access-link.h"
#include "ns3/mis-radio-network-helper.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/socket.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <optional>
#include <tuple>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

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

    static Ptr<Node> MakeNode()
    {
        auto node = CreateObject<Node>();
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        RadioNetworkHelper::SetRouting(stack);
        stack.Install(node);
        return node;
    }

    static Ptr<Socket> Open(Ptr<Node> node)
    {
        auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 1000));
        return socket;
    }

    void DoRun() override
    {
        RadioNetworkHelper radio;
        RadioAccessPlan plan;
        plan.network = {Ipv4Address("172.24.0.0"), Ipv4Mask("255.255.240.0")};
        plan.mobileNodes.Add(MakeNode());
        plan.makeRouter = [] { return MakeNode(); };
        const auto access = radio.AddNetwork("ethernet", plan);
        radio.AssignStreams(1);
        auto link = DynamicCast<CsmaAccessLink>(access.links[0]);
        NS_TEST_ASSERT_MSG_EQ((link != nullptr), true, "an Ethernet link");
        link->SetAttribute("PlugDelay", TimeValue(Seconds(0.5)));
        link->SetInterface(access.devices.Get(0), access.gateway, {access.gateway});
        LinkRecord record(link);
        auto sink = Open(access.router);
        sink->SetRecvCallback(MakeCallback(&PlugTestCase::Receive, this));
        auto source = Open(plan.mobileNodes.Get(0));
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
        AddTestCase(new PortTestCase);
    }
};

RadioEthernetTestSuite g_radioEthernetTestSuite; //!< the instance

} // namespace
