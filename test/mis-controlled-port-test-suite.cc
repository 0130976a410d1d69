// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of controlled ports.
 */

#include "ns3/internet-stack-helper.h"
#include "ns3/mis-controlled-port-routing.h"
#include "ns3/mis-ip-stack.h"
#include "ns3/mis-link-helper.h"
#include "ns3/mis-transport.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"

#include <map>

using namespace ns3;
using namespace ns3::mis;

namespace
{

/// A mobile node with two links to a router, behind which there are two servers.
class PortNetworkTestCase : public TestCase
{
  public:
    /// @param isIpv6 whether addresses are of IPv6 @param what it shows
    PortNetworkTestCase(bool isIpv6, const std::string& what)
        : TestCase(what + (isIpv6 ? ", IPv6" : ", IPv4")),
          any(isIpv6 ? Address(Ipv6Address::GetAny()) : Address(Ipv4Address::GetAny())),
          m_isIpv6(isIpv6)
    {
    }

  protected:
    /// @param link 1 and 2 to the mobile node, 3 to the PoS, 4 to the correspondent
    IpNetwork NetworkOf(uint32_t link) const
    {
        if (!m_isIpv6)
        {
            return {Ipv4Address(0x0A000000 + link * 256), Ipv4Mask("255.255.255.0")};
        }
        const auto text = "fd00:" + std::to_string(link) + "::";
        return {Ipv6Address(text.c_str()), Ipv6Prefix(64)};
    }

    /// @param link the link @return address of the end that is not the router
    Address HostAt(uint32_t link) const
    {
        return NetworkOf(link).Host(2);
    }

    void Receive(Ptr<Socket> socket)
    {
        Address from;
        while (socket->RecvFrom(from))
        {
            ++m_received[{socket->GetNode()->GetId(), HostOf(from)}];
        }
    }

    Ptr<Socket> Open(Ptr<Node> node)
    {
        auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
        socket->Bind(SocketAddressOf(any, 1000));
        socket->SetRecvCallback(MakeCallback(&PortNetworkTestCase::Receive, this));
        return socket;
    }

    /// @param socket a socket @param link the link of the receiver @return as Socket::SendTo
    int Send(Ptr<Socket> socket, uint32_t link) const
    {
        return socket->SendTo(Create<Packet>(10), 0, SocketAddressOf(HostAt(link), 1000));
    }

    void Build()
    {
        mn = CreateObject<Node>();
        others.Create(3);
        InternetStackHelper stack;
        stack.SetIpv4StackInstall(!m_isIpv6);
        stack.SetIpv6StackInstall(m_isIpv6);
        stack.Install(others.Get(1));
        stack.Install(others.Get(2));
        stack.SetRoutingHelper(ControlledPortRoutingHelper());
        stack.SetRoutingHelper(Ipv6ControlledPortRoutingHelper());
        stack.Install(others.Get(0));
        stack.Install(mn);
        LinkHelper link;
        const auto router = others.Get(0);
        for (const auto& node : {mn, mn, others.Get(1), others.Get(2)})
        {
            const auto devices = link.Install(router, node);
            const auto network = NetworkOf(++m_links);
            AddInterface(devices.Get(0), network.Host(1), network.GetPrefixLength());
            const auto interface =
                AddInterface(devices.Get(1), network.Host(2), network.GetPrefixLength());
            if (m_links != 2)
            {
                StaticRoutes(node, any).SetDefault(network.Host(1), interface);
            }
        }
        atMn = Open(mn);
        atPos = Open(others.Get(1));
        atCorrespondent = Open(others.Get(2));
    }

    /// Sends one packet each way between the first link and both servers, and one to the second.
    void Exchange()
    {
        m_received.clear();
        Send(atMn, 3);
        Send(atMn, 4);
        Send(atPos, 1);
        Send(atCorrespondent, 1);
        Send(atCorrespondent, 2);
        Simulator::Stop(Seconds(1));
        Simulator::Run();
    }

    /// @param node the receiver @param link the link of the sender @return packets
    int Count(Ptr<Node> node, uint32_t link)
    {
        return m_received[{node->GetId(), HostAt(link)}];
    }

    ControlledPorts* PortOf(Ptr<Node> node) const
    {
        return ControlledPorts::Find(node, any);
    }

    Address any; //!< the unspecified address
    Ptr<Node> mn;
    NodeContainer others; //!< router, PoS, correspondent
    Ptr<Socket> atMn;
    Ptr<Socket> atPos;
    Ptr<Socket> atCorrespondent;

  private:
    bool m_isIpv6;
    uint32_t m_links{0};
    std::map<std::pair<uint32_t, Address>, int> m_received; //!< by receiver and sender
};

/// The port of the mobile node.
class ControlledPortTestCase : public PortNetworkTestCase
{
  public:
    /// @param isIpv6 whether addresses are of IPv6
    explicit ControlledPortTestCase(bool isIpv6)
        : PortNetworkTestCase(
              isIpv6,
              "a closed port passes the allowed peer only, both ways, an open one everything")
    {
    }

  private:
    void DoRun() override
    {
        Build();
        auto* port = PortOf(mn);
        NS_TEST_ASSERT_MSG_EQ((port != nullptr), true, "the routing is installed");
        NS_TEST_EXPECT_MSG_EQ(port->IsOpen(1), true, "no port, no restriction");
        port->AddPort(1);
        port->Allow(1, HostAt(3));
        NS_TEST_EXPECT_MSG_EQ(port->IsOpen(1), false, "closed at first");
        NS_TEST_EXPECT_MSG_EQ(port->IsOpen(2), true, "not a port");

        const auto correspondent = others.Get(2);
        Exchange();
        NS_TEST_EXPECT_MSG_EQ(Count(others.Get(1), 1), 1, "to the allowed peer");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, 3), 1, "from the allowed peer");
        NS_TEST_EXPECT_MSG_EQ(Count(correspondent, 1), 0, "to anybody else");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, 4), 1, "by the interface that is no port");
        NS_TEST_EXPECT_MSG_EQ(port->GetDropCount(), 2, "one dropped each way");
        NS_TEST_EXPECT_MSG_EQ(Send(atMn, 4), -1, "the sender is told");

        port->SetOpen(1, true);
        Exchange();
        NS_TEST_EXPECT_MSG_EQ(Count(others.Get(1), 1), 1, "to the allowed peer");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, 3), 1, "from the allowed peer");
        NS_TEST_EXPECT_MSG_EQ(Count(correspondent, 1), 1, "to anybody else");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, 4), 2, "by both interfaces");
        NS_TEST_EXPECT_MSG_EQ(port->GetDropCount(), 3, "nothing more is dropped");

        port->SetOpen(1, false);
        Exchange();
        NS_TEST_EXPECT_MSG_EQ(Count(correspondent, 1), 0, "closed again");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, 4), 1, "closed again, other way");
        Simulator::Destroy();
    }
};

/// The ports of the access router.
class AuthorizationTestCase : public PortNetworkTestCase
{
  public:
    /// @param isIpv6 whether addresses are of IPv6
    explicit AuthorizationTestCase(bool isIpv6)
        : PortNetworkTestCase(isIpv6,
                              "an access router passes what authorized stations send and receive")
    {
    }

  private:
    void DoRun() override
    {
        Build();
        const auto router = others.Get(0);
        const auto pos = others.Get(1);
        const auto correspondent = others.Get(2);
        auto* port = PortOf(router);
        bool isAuthorized = false;
        port->AddPort(1);
        port->Allow(1, HostAt(3));
        port->SetAuthorization(1, [&isAuthorized, this](const Address& station) {
            return isAuthorized && station == HostAt(1);
        });
        Exchange();
        NS_TEST_EXPECT_MSG_EQ(Count(pos, 1), 1, "to the PoS");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, 3), 1, "from the PoS");
        NS_TEST_EXPECT_MSG_EQ(Count(correspondent, 1), 0, "to anybody else");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, 4), 1, "by the interface that is no port");
        NS_TEST_EXPECT_MSG_EQ(port->GetDropCount(), 2, "one dropped each way");

        isAuthorized = true;
        Exchange();
        NS_TEST_EXPECT_MSG_EQ(Count(correspondent, 1), 1, "to anybody else");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, 4), 2, "by both interfaces");
        NS_TEST_EXPECT_MSG_EQ(port->GetDropCount(), 2, "nothing more is dropped");

        // What has not entered gets nothing, but may send.
        port->SetEntered(HostAt(1), false);
        Exchange();
        NS_TEST_EXPECT_MSG_EQ(Count(mn, 3), 0, "from the PoS");
        NS_TEST_EXPECT_MSG_EQ(Count(mn, 4), 1, "by the other interface");
        NS_TEST_EXPECT_MSG_EQ(Count(correspondent, 1), 1, "to anybody else");
        port->SetEntered(HostAt(1), true);
        Exchange();
        NS_TEST_EXPECT_MSG_EQ(Count(mn, 4), 2, "by both interfaces");
        Simulator::Destroy();
    }
};

class ControlledPortTestSuite : public TestSuite
{
  public:
    ControlledPortTestSuite()
        : TestSuite("mis-controlled-port", TestSuite::Type::UNIT)
    {
        for (const bool isIpv6 : {false, true})
        {
            AddTestCase(new ControlledPortTestCase(isIpv6));
            AddTestCase(new AuthorizationTestCase(isIpv6));
        }
    }
};

ControlledPortTestSuite g_controlledPortTestSuite; //!< the instance

} // namespace
