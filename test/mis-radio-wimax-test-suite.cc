// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wimax mobility propagation

/**
 * @file
 * Tests of access links over WiMAX: what of ns-3 runs, and what it must be kept from.
 */

#include "mis-radio-test-helpers.h"

#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/mis-radio-network-helper.h"
#include "ns3/mis-wimax-access-link.h"
#include "ns3/socket.h"
#include "ns3/udp-socket-factory.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// A base station on its access router, and mobile nodes.
class WimaxNetwork
{
  public:
    /// @param stations number of mobile nodes
    explicit WimaxNetwork(uint32_t stations)
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        RadioAccessPlan plan;
        plan.network = {Ipv4Address("172.24.0.0"), Ipv4Mask("255.255.240.0")};
        for (uint32_t i = 0; i < stations; ++i)
        {
            plan.mobileNodes.Add(MakeNode());
        }
        plan.makeRouter = [] { return MakeNode(); };
        access = radio.AddNetwork("wimax", plan);
        for (uint32_t i = 0; i < stations; ++i)
        {
            Place(i, 100);
            access.links[i]->SetInterface(access.devices.Get(i), access.gateway, {access.gateway});
        }
        radio.AssignStreams(1);
    }

    ~WimaxNetwork()
    {
        Simulator::Destroy();
    }

    /// @param i index of a mobile node @param x metres from the base station
    void Place(uint32_t i, double x)
    {
        radio.Place(access.devices.Get(i)->GetNode(), Vector(x, 0, 0), Vector());
    }

    RadioNetworkHelper radio; //!< helper
    RadioAccess access;       //!< the network

  private:
    static Ptr<Node> MakeNode()
    {
        auto node = CreateObject<Node>();
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        RadioNetworkHelper::SetRouting(stack);
        stack.Install(node);
        return node;
    }
};

/// Late registration, loss, and traffic for whom there are no flows.
class WimaxLifeTestCase : public TestCase
{
  public:
    WimaxLifeTestCase()
        : TestCase("stations register when told, idle ones live on, a lost one stays down")
    {
    }

  private:
    void Receive(Ptr<Socket> socket)
    {
        while (socket->Recv())
        {
            ++m_received[socket->GetNode()->GetId()];
        }
    }

    Ptr<Socket> Open(Ptr<Node> node)
    {
        auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 1000));
        socket->SetRecvCallback(MakeCallback(&WimaxLifeTestCase::Receive, this));
        return socket;
    }

    void DoRun() override
    {
        WimaxNetwork network(3);
        auto& links = network.access.links;
        LinkRecord first(links[0]);
        LinkRecord second(links[1]);
        LinkRecord third(links[2]);
        auto router = Open(network.access.router);
        std::vector<Ptr<Socket>> sockets;
        for (uint32_t i = 0; i < 3; ++i)
        {
            sockets.push_back(Open(network.access.devices.Get(i)->GetNode()));
        }
        const auto send = [&](const char* to) {
            router->SendTo(Create<Packet>(100), 0, InetSocketAddress(Ipv4Address(to), 1000));
        };
        // Before anybody has flows ns-3 would crash here.
        At(Seconds(1), [&] { send("172.24.0.2"); });
        At(Seconds(2), [&] { links[0]->Attach([] {}); });
        // The first one is idle for longer than ns-3 alone survives, 5 s after it has registered.
        At(Seconds(10), [&] { links[1]->Attach([] {}); });
        At(Seconds(12), [&] {
            send("172.24.0.2");
            send("172.24.0.3");
            send("172.24.0.4"); // not attached
        });
        At(Seconds(14), [&] { links[0]->Detach(); });
        At(Seconds(15), [&] { links[0]->Attach([] {}); });
        At(Seconds(16), [&] { network.Place(1, 1e6); });
        At(Seconds(18), [&] { network.Place(1, 100); });
        RunUntil(Seconds(30));

        NS_TEST_ASSERT_MSG_EQ(first.ups.size(), 2u, "up, left, up");
        NS_TEST_EXPECT_MSG_EQ((first.ups[0] > 2.1 && first.ups[0] < 2.7), true, "registration");
        NS_TEST_EXPECT_MSG_EQ(first.ups[1], 15, "it was registered all the time");
        NS_TEST_ASSERT_MSG_EQ(first.downs.size(), 1u, "left once");
        NS_TEST_EXPECT_MSG_EQ(first.downs[0], 14, "at once");
        NS_TEST_ASSERT_MSG_EQ(second.ups.size(), 1u, "up, and never again");
        NS_TEST_ASSERT_MSG_EQ(second.downs.size(), 1u, "lost");
        // DL-MAP comes every 10 ms and is missed for 500 ms; the state is polled every 5 ms.
        NS_TEST_EXPECT_MSG_EQ_TOL(second.downs[0], 16.5, 0.02, "when no DL-MAP comes");
        NS_TEST_EXPECT_MSG_EQ((second.reasons[0] == LinkDownReason::NO_BROADCAST), true, "why");
        NS_TEST_EXPECT_MSG_EQ(third.ups.size(), 0u, "never told to");
        NS_TEST_EXPECT_MSG_EQ(m_received[sockets[0]->GetNode()->GetId()], 1, "its own packet");
        NS_TEST_EXPECT_MSG_EQ(m_received[sockets[1]->GetNode()->GetId()], 1, "its own packet");
        NS_TEST_EXPECT_MSG_EQ(m_received[sockets[2]->GetNode()->GetId()], 0, "not attached");
        NS_TEST_ASSERT_MSG_EQ(links[0]->GetSignal().has_value(), true, "measured");
        NS_TEST_EXPECT_MSG_EQ_TOL(*links[0]->GetSignal(), -78.4, 0.5, "COST 231 at 100 m");
    }

    std::map<uint32_t, int> m_received; //!< datagrams by node
};

/// Where the signal is too weak.
class WimaxRangeTestCase : public TestCase
{
  public:
    WimaxRangeTestCase()
        : TestCase("a station out of reach neither registers nor crashes, up to the limit of flows")
    {
    }

  private:
    void DoRun() override
    {
        for (const double x : {1000.0, 2500.0, 5000.0, 20000.0})
        {
            WimaxNetwork network(1);
            network.Place(0, x);
            LinkRecord record(network.access.links[0]);
            network.access.links[0]->Attach([] {});
            RunUntil(Seconds(20));
            // Flows are agreed on in 16-QAM, which does not reach as far as the ranging.
            NS_TEST_EXPECT_MSG_LT_OR_EQ(record.ups.size(),
                                        (x > 2000 ? 0u : 1u),
                                        "at " << x << " m");
        }
    }
};

class RadioWimaxTestSuite : public TestSuite
{
  public:
    RadioWimaxTestSuite()
        : TestSuite("mis-radio-wimax", TestSuite::Type::UNIT)
    {
        AddTestCase(new WimaxLifeTestCase);
        AddTestCase(new WimaxRangeTestCase);
    }
};

RadioWimaxTestSuite g_radioWimaxTestSuite; //!< the instance

} // namespace
