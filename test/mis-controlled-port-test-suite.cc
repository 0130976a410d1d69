// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of controlled ports.
 */

#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/mis-controlled-port-routing.h"
#include "ns3/mis-link-helper.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"

#include <array>
#include <map>

using namespace ns3;
using namespace ns3::mis;

namespace
{

/// A mobile node with two links to a router, behind which there are two servers.
class PortNetworkTestCase : public TestCase
{
  public:
    using TestCase::TestCase;

  protected:
    static void AddAddress(Ptr<NetDevice> device, const char* address)
    {
        auto ipv4 = device->GetNode()->GetObject<Ipv4>();
        const auto interface = ipv4->AddInterface(device);
        ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, "255.255.255.0"));
        ipv4->SetUp(interface);
    }

    static Ptr<Ipv4StaticRouting> RoutingOf(Ptr<Node> node)
    {
        return Ipv4StaticRoutingHelper().GetStaticRouting(node->GetObject<Ipv4>());
    }

    void Receive(Ptr<Socket> socket)
    {
        Address from;
        while (socket->RecvFrom(from))
        {
            ++m_received[{socket->GetNode()->GetId(),
                          InetSocketAddress::ConvertFrom(from).GetIpv4().Get()}];
        }
    }

    Ptr<Socket> Open(Ptr<Node> node)
    {
        auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 1000));
        socket->SetRecvCallback(MakeCallback(&PortNetworkTestCase::Receive, this));
        return socket;
    }

    static int Send(Ptr<Socket> socket, const char* to)
    {
        return socket->SendTo(Create<Packet>(10), 0, InetSocketAddress(Ipv4Address(to), 1000));
    }

    void Build()
    {
        mn = CreateObject<Node>();
        others.Create(3);
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(others.Get(1));
        stack.Install(others.Get(2));
        stack.SetRoutingHelper(ControlledPortRoutingHelper());
        stack.Install(others.Get(0));
        stack.Install(mn);
        LinkHelper link;
        const auto first = link.Install(others.Get(0), mn);
        const auto second = link.Install(others.Get(0), mn);
        const auto toPos = link.Install(others.Get(0), others.Get(1));
        const auto toCorrespondent = link.Install(others.Get(0), others.Get(2));
        AddAddress(first.Get(0), "10.0.1.1");
        AddAddress(first.Get(1), "10.0.1.2");
        AddAddress(second.Get(0), "10.0.2.1");
        AddAddress(second.Get(1), "10.0.2.2");
        AddAddress(toPos.Get(0), "10.0.3.1");
        AddAddress(toPos.Get(1), "10.0.3.2");
        AddAddress(toCorrespondent.Get(0), "10.0.4.1");
        AddAddress(toCorrespondent.Get(1), "10.0.4.2");
        RoutingOf(mn)->SetDefaultRoute("10.0.1.1", 1);
        RoutingOf(others.Get(1))->SetDefaultRoute("10.0.3.1", 1);
        RoutingOf(others.Get(2))->SetDefaultRoute("10.0.4.1", 1);
        atMn = Open(mn);
        atPos = Open(others.Get(1));
        atCorrespondent = Open(others.Get(2));
    }

    /// Sends one packet each way between the first link and both servers, and one to the second.
    void Exchange()
    {
        m_received.clear();
        Send(atMn, "10.0.3.2");
        Send(atMn, "10.0.4.2");
        Send(atPos, "10.0.1.2");
        Send(atCorrespondent, "10.0.1.2");
        Send(atCorrespondent, "10.0.2.2");
        Simulator::Stop(Seconds(1));
        Simulator::Run();
    }

    int Count(Ptr<Node> node, const char* from)
    {
        return m_received[{node->GetId(), Ipv4Address(from).Get()}];
    }

    static Ptr<ControlledPortRouting> PortOf(Ptr<Node> node)
    {
        return DynamicCast<ControlledPortRouting>(node->GetObject<Ipv4>()->GetRoutingProtocol());
    }

    Ptr<Node> mn;
    NodeContainer others; //!< router, PoS, correspondent
    Ptr<Socket> atMn;
    Ptr<Socket> atPos;
    Ptr<Socket> atCorrespondent;

  private:
    std::map<std::pair<uint32_t, uint32_t>, int> m_received; //!< by receiver and sender
};

/// The port of the mobile node.
class ControlledPortTestCase : public PortNetworkTestCase
{
  public:
    ControlledPortTestCase()
        : PortNetworkTestCase(
              "a closed port passes the allowed peer only, both ways, an open one everything")
    {
    }

  private:
    void DoRun() override
    {
        Build();
        auto port = PortOf(mn);
        NS_TEST_ASSERT_MSG_EQ((port != nullptr), true, "the routing is installed");
        NS_TEST_EXPECT_MSG_EQ(port->IsOpen(1), true, "no port, no restriction");
        port->AddPort(1);
        port->Allow(1, "10.0.3.2");
        NS_TEST_EXPECT_MSG_EQ(port->IsOpen(1), false, "closed at first");
        NS_TEST_EXPECT_MSG_EQ(port->IsOpen(2), true, "not a port");

        const auto correspondent = others.Get(2);
        Exchange();
        NS_TEST_EXPECT_MSG_EQ(Count(others.Get(1), "10.0.1.2"), 1, "to the allowed peer");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, "10.0.3.2"), 1, "from the allowed peer");
        NS_TEST_EXPECT_MSG_EQ(Count(correspondent, "10.0.1.2"), 0, "to anybody else");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, "10.0.4.2"), 1, "by the interface that is no port");
        NS_TEST_EXPECT_MSG_EQ(port->GetDropCount(), 2, "one dropped each way");
        NS_TEST_EXPECT_MSG_EQ(Send(atMn, "10.0.4.2"), -1, "the sender is told");

        port->SetOpen(1, true);
        Exchange();
        NS_TEST_EXPECT_MSG_EQ(Count(others.Get(1), "10.0.1.2"), 1, "to the allowed peer");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, "10.0.3.2"), 1, "from the allowed peer");
        NS_TEST_EXPECT_MSG_EQ(Count(correspondent, "10.0.1.2"), 1, "to anybody else");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, "10.0.4.2"), 2, "by both interfaces");
        NS_TEST_EXPECT_MSG_EQ(port->GetDropCount(), 3, "nothing more is dropped");

        port->SetOpen(1, false);
        Exchange();
        NS_TEST_EXPECT_MSG_EQ(Count(correspondent, "10.0.1.2"), 0, "closed again");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, "10.0.4.2"), 1, "closed again, other way");
        Simulator::Destroy();
    }
};

/// The ports of the access router.
class AuthorizationTestCase : public PortNetworkTestCase
{
  public:
    AuthorizationTestCase()
        : PortNetworkTestCase("an access router passes what authorized stations send and receive")
    {
    }

  private:
    void DoRun() override
    {
        Build();
        const auto router = others.Get(0);
        const auto pos = others.Get(1);
        const auto correspondent = others.Get(2);
        auto port = PortOf(router);
        bool isAuthorized = false;
        port->AddPort(1);
        port->Allow(1, "10.0.3.2");
        port->SetAuthorization(1, [&isAuthorized](Ipv4Address station) {
            return isAuthorized && station == Ipv4Address("10.0.1.2");
        });
        Exchange();
        NS_TEST_EXPECT_MSG_EQ(Count(pos, "10.0.1.2"), 1, "to the PoS");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, "10.0.3.2"), 1, "from the PoS");
        NS_TEST_EXPECT_MSG_EQ(Count(correspondent, "10.0.1.2"), 0, "to anybody else");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, "10.0.4.2"), 1, "by the interface that is no port");
        NS_TEST_EXPECT_MSG_EQ(port->GetDropCount(), 2, "one dropped each way");

        isAuthorized = true;
        Exchange();
        NS_TEST_EXPECT_MSG_EQ(Count(correspondent, "10.0.1.2"), 1, "to anybody else");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, "10.0.4.2"), 2, "by both interfaces");
        NS_TEST_EXPECT_MSG_EQ(port->GetDropCount(), 2, "nothing more is dropped");

        // What has not entered gets nothing, but may send.
        port->SetEntered("10.0.1.2", false);
        Exchange();
        NS_TEST_EXPECT_MSG_EQ(Count(mn, "10.0.3.2"), 0, "from the PoS");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, "10.0.4.2"), 1, "by the other interface");
        NS_TEST_EXPECT_MSG_EQ(Count(correspondent, "10.0.1.2"), 1, "to anybody else");
        port->SetEntered("10.0.1.2", true);
        Exchange();
        NS_TEST_EXPECT_MSG_EQ(Count(mn, "10.0.4.2"), 2, "by both interfaces");
        Simulator::Destroy();
    }
};

class ControlledPortTestSuite : public TestSuite
{
  public:
    ControlledPortTestSuite()
        : TestSuite("mis-controlled-port", TestSuite::Type::UNIT)
    {
        AddTestCase(new ControlledPortTestCase);
        AddTestCase(new AuthorizationTestCase);
    }
};

ControlledPortTestSuite g_controlledPortTestSuite; //!< the instance

} // namespace
