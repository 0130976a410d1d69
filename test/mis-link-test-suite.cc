// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the point-to-multipoint link: times, queue, drops, loss, delivery, determinism,
 * captures.
 */

#include "ns3/ethernet-header.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-interface-container.h"
#include "ns3/ipv6-address-helper.h"
#include "ns3/ipv6-interface-container.h"
#include "ns3/mis-link-helper.h"
#include "ns3/mis-link-profile.h"
#include "ns3/mis-point-to-multipoint-channel.h"
#include "ns3/mis-point-to-multipoint-net-device.h"
#include "ns3/node-container.h"
#include "ns3/pcap-file.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;

namespace
{

constexpr uint16_t MIS_ETHERTYPE = 0x8917;
constexpr uint16_t PORT = 4551;

/**
 * @param down Rate to the stations.
 * @param up Rate to the hub.
 * @param delay Delay.
 * @return A profile with an MTU of 1500 and nothing random.
 */
LinkProfile
PlainProfile(const std::string& down, const std::string& up, Time delay)
{
    LinkProfile profile{};
    profile.name = "test";
    profile.rate = DataRate(down);
    profile.upRate = DataRate(up);
    profile.delay = delay;
    profile.mtu = 1500;
    profile.source = "test";
    return profile;
}

/// A hub with stations and the record of everything that happens on them.
class Network
{
  public:
    /// A frame handed to a node.
    struct Arrival
    {
        Time time;           //!< When.
        uint32_t octets;     //!< Payload.
        uint16_t protocol;   //!< EtherType.
        Mac48Address source; //!< Source of the frame.
    };

    /// A drop.
    struct Drop
    {
        Time time;             //!< When.
        std::string trace;     //!< Which trace.
        LinkDropReason reason; //!< Why.
    };

    /**
     * @param profile The profile.
     * @param stations Number of stations.
     */
    Network(const LinkProfile& profile, uint32_t stations)
    {
        nodes.Create(1 + stations);
        NodeContainer others;
        for (uint32_t i = 1; i <= stations; ++i)
        {
            others.Add(nodes.Get(i));
        }
        helper.SetProfile(profile);
        devices = helper.Install(nodes.Get(0), others);
        for (uint32_t i = 0; i < devices.GetN(); ++i)
        {
            Watch(i);
        }
    }

    ~Network()
    {
        Simulator::Destroy();
    }

    /**
     * @param i Device; 0 is the hub.
     * @return The device.
     */
    Ptr<PointToMultipointNetDevice> Device(uint32_t i) const
    {
        return DynamicCast<PointToMultipointNetDevice>(devices.Get(i));
    }

    /**
     * Records what reaches a device.
     * @param i The device.
     */
    void Watch(uint32_t i)
    {
        nodes.Get(i)->RegisterProtocolHandler(MakeCallback(&Network::OnReceive, this),
                                              MIS_ETHERTYPE,
                                              Device(i));
        Device(i)->TraceConnectWithoutContext(
            "MacTxDrop",
            MakeBoundCallback(&Network::OnDrop, this, std::string("MacTx")));
        Device(i)->TraceConnectWithoutContext(
            "PhyTxDrop",
            MakeBoundCallback(&Network::OnDrop, this, std::string("PhyTx")));
        Device(i)->TraceConnectWithoutContext(
            "PhyRxDrop",
            MakeBoundCallback(&Network::OnDrop, this, std::string("PhyRx")));
    }

    /**
     * Sends at a time.
     * @param at When.
     * @param from Device.
     * @param to Destination.
     * @param octets Payload.
     */
    void SendAt(Time at, uint32_t from, Mac48Address to, uint32_t octets)
    {
        Simulator::Schedule(at, &Network::SendNow, this, from, to, octets);
    }

    /**
     * Sends.
     * @param from Device.
     * @param to Destination.
     * @param octets Payload.
     */
    void SendNow(uint32_t from, Mac48Address to, uint32_t octets)
    {
        accepted += Device(from)->Send(Create<Packet>(octets), to, MIS_ETHERTYPE);
    }

    /**
     * @param i Device.
     * @return Its MAC address.
     */
    Mac48Address Mac(uint32_t i) const
    {
        return Mac48Address::ConvertFrom(Device(i)->GetAddress());
    }

    /**
     * @param i Device.
     * @return What its node received.
     */
    std::vector<Arrival>& At(uint32_t i)
    {
        return arrivals[Device(i)];
    }

    LinkHelper helper;          //!< The helper.
    NodeContainer nodes;        //!< Hub, then stations.
    NetDeviceContainer devices; //!< Hub, then stations.
    std::vector<Drop> drops;    //!< All drops.
    uint32_t accepted{0};       //!< Sends that were accepted.

  private:
    void OnReceive(Ptr<NetDevice> device,
                   Ptr<const Packet> packet,
                   uint16_t protocol,
                   const Address& from,
                   const Address&,
                   NetDevice::PacketType)
    {
        arrivals[device].push_back(
            {Simulator::Now(), packet->GetSize(), protocol, Mac48Address::ConvertFrom(from)});
    }

    static void OnDrop(Network* self, std::string trace, Ptr<const Packet>, LinkDropReason reason)
    {
        self->drops.push_back({Simulator::Now(), trace, reason});
    }

    std::map<Ptr<NetDevice>, std::vector<Arrival>> arrivals; //!< By device.
};

/// The shipped profiles can be found and are complete.
class ProfileTest : public TestCase
{
  public:
    ProfileTest()
        : TestCase("Every shipped profile is found by its name and is complete")
    {
    }

  private:
    void DoRun() override
    {
        const std::map<std::string, unsigned> types{{"ethernet", 15},
                                                    {"lte", 23},
                                                    {"wan", 15},
                                                    {"wifi", 19},
                                                    {"wimax", 27}};
        NS_TEST_EXPECT_MSG_EQ(LinkProfileNames().size(), types.size(), "number of profiles");
        if (IsStatusFailure())
        {
            return;
        }
        for (const auto& name : LinkProfileNames())
        {
            const LinkProfile* profile = FindLinkProfile(name);
            NS_TEST_EXPECT_MSG_NE(profile, nullptr, name);
            if (IsStatusFailure())
            {
                return;
            }
            NS_TEST_EXPECT_MSG_EQ(profile->name, name, "name");
            NS_TEST_EXPECT_MSG_EQ(static_cast<unsigned>(profile->type), types.at(name), name);
            NS_TEST_EXPECT_MSG_GT(profile->rate.GetBitRate(), 0, name);
            NS_TEST_EXPECT_MSG_GT(profile->upRate.GetBitRate(), 0, name);
            NS_TEST_EXPECT_MSG_GT(profile->delay, Time(0), name);
            NS_TEST_EXPECT_MSG_EQ((profile->loss >= 0 && profile->loss < 1), true, name);
            NS_TEST_EXPECT_MSG_GT_OR_EQ(profile->mtu, 1280, "IPv6 fits " << name);
            NS_TEST_EXPECT_MSG_GT(std::string(profile->source).size(), 20, name);
        }
        NS_TEST_EXPECT_MSG_EQ(FindLinkProfile("smoke-signals"), nullptr, "unknown name");
    }
};

/// Arrival = start of transmission + octets / rate + delay, per direction.
class TimingTest : public TestCase
{
  public:
    TimingTest()
        : TestCase("Frames arrive after queueing, transmission and delay, exactly")
    {
    }

  private:
    void DoRun() override
    {
        // 1 octet a microsecond down, 2 up.
        auto profile = PlainProfile("8Mbps", "16Mbps", MilliSeconds(3));
        profile.overheadOctets = 20;
        Network net(profile, 2);
        net.SendAt(MilliSeconds(10), 0, net.Mac(1), 80);
        net.SendAt(MilliSeconds(10), 0, net.Mac(2), 180);
        net.SendAt(MilliSeconds(10), 0, net.Mac(1), 1480);
        net.SendAt(MilliSeconds(10), 1, net.Mac(0), 180);
        net.SendAt(MilliSeconds(10), 2, net.Mac(0), 180);
        net.SendAt(MilliSeconds(20), 2, Mac48Address::GetBroadcast(), 80);
        Simulator::Run();

        NS_TEST_EXPECT_MSG_EQ(net.At(1).size(), 2, "frames at station 1");
        if (IsStatusFailure())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(net.At(2).size(), 1, "frames at station 2");
        if (IsStatusFailure())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(net.At(0).size(), 3, "frames at the hub");
        if (IsStatusFailure())
        {
            return;
        }
        const Time start = MilliSeconds(13);
        NS_TEST_EXPECT_MSG_EQ(net.At(1)[0].time, start + MicroSeconds(100), "first down");
        NS_TEST_EXPECT_MSG_EQ(net.At(2)[0].time, start + MicroSeconds(300), "shares the rate");
        NS_TEST_EXPECT_MSG_EQ(net.At(1)[1].time, start + MicroSeconds(1800), "third down");
        NS_TEST_EXPECT_MSG_EQ(net.At(0)[0].time, start + MicroSeconds(100), "up is independent");
        NS_TEST_EXPECT_MSG_EQ(net.At(0)[1].time, start + MicroSeconds(200), "shares the up rate");
        NS_TEST_EXPECT_MSG_EQ(net.At(0)[2].time,
                              MilliSeconds(23) + MicroSeconds(50),
                              "an idle medium starts at once");
        NS_TEST_EXPECT_MSG_EQ(net.At(1)[0].octets, 80, "payload");
        NS_TEST_EXPECT_MSG_EQ(net.At(1)[0].source, net.Mac(0), "source");
        NS_TEST_EXPECT_MSG_EQ(net.At(0)[1].source, net.Mac(2), "source");
        NS_TEST_EXPECT_MSG_EQ(net.drops.size(), 0, "drops");
    }
};

/// The queue holds what its bound says, in packets and in octets.
class QueueTest : public TestCase
{
  public:
    QueueTest()
        : TestCase("The queue of a direction is bounded in packets or octets and drains")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* size : {"3p", "300B"})
        {
            Network net(PlainProfile("8kbps", "8kbps", Time(0)), 2);
            net.Device(0)->GetChannel()->SetAttribute("QueueSize", StringValue(size));
            // 100 octets take 100 ms. One is sent, three wait, one is dropped; at 150 ms one more
            // has begun, so there is room for one.
            for (int i = 0; i < 5; ++i)
            {
                net.SendAt(Time(0), 0, net.Mac(1), 100);
            }
            net.SendAt(MilliSeconds(150), 0, net.Mac(2), 100);
            net.SendAt(MilliSeconds(150), 0, net.Mac(2), 100);
            // The other direction has a queue of its own.
            net.SendAt(MilliSeconds(150), 1, net.Mac(0), 100);
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ(net.accepted, 6, size);
            NS_TEST_EXPECT_MSG_EQ(net.At(1).size(), 4, size);
            NS_TEST_EXPECT_MSG_EQ(net.At(2).size(), 1, size);
            if (IsStatusFailure())
            {
                return;
            }
            NS_TEST_EXPECT_MSG_EQ(net.At(2)[0].time, MilliSeconds(500), size);
            NS_TEST_EXPECT_MSG_EQ(net.At(0).size(), 1, size);
            NS_TEST_EXPECT_MSG_EQ(net.drops.size(), 2, size);
            if (IsStatusFailure())
            {
                return;
            }
            for (const auto& drop : net.drops)
            {
                NS_TEST_EXPECT_MSG_EQ(drop.trace, "MacTx", size);
                NS_TEST_EXPECT_MSG_EQ(ToString(drop.reason), std::string("QUEUE_FULL"), size);
            }
        }
    }
};

/// Each way to lose a frame has its trace and reason.
class DropTest : public TestCase
{
  public:
    DropTest()
        : TestCase("Every drop is traced with its reason")
    {
    }

  private:
    /**
     * @param net The network after the run.
     * @param trace Expected trace.
     * @param reason Expected reason.
     * @param at Expected time.
     */
    void ExpectDrop(const Network& net, const char* trace, const char* reason, Time at)
    {
        NS_TEST_EXPECT_MSG_EQ(net.drops.size(), 1, reason);
        if (IsStatusFailure())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(net.drops[0].trace, trace, reason);
        NS_TEST_EXPECT_MSG_EQ(std::string(ToString(net.drops[0].reason)), reason, reason);
        NS_TEST_EXPECT_MSG_EQ(net.drops[0].time, at, reason);
    }

    void DoRun() override
    {
        // 1000 octets take 1 ms.
        const auto profile = PlainProfile("8Mbps", "8Mbps", MilliSeconds(5));
        const Time ms = MilliSeconds(1);
        const auto down = &PointToMultipointNetDevice::SetLinkUp;
        {
            Network net(profile, 2);
            net.SendAt(ms, 0, Mac48Address("02:ff:ff:ff:ff:ff"), 1000);
            Simulator::Run();
            ExpectDrop(net, "MacTx", "UNKNOWN_DESTINATION", ms);
            NS_TEST_EXPECT_MSG_EQ(net.accepted, 0, "Send() says so");
        }
        {
            Network net(profile, 2);
            net.SendAt(ms, 0, net.Mac(1), 1501);
            Simulator::Run();
            ExpectDrop(net, "MacTx", "TOO_LONG", ms);
        }
        {
            Network net(profile, 2);
            net.Device(1)->SetLinkUp(false);
            net.SendAt(ms, 1, net.Mac(0), 1000);
            Simulator::Run();
            ExpectDrop(net, "MacTx", "LINK_DOWN", ms);
        }
        {
            Network net(profile, 2);
            net.Device(1)->SetLinkUp(false);
            net.SendAt(ms, 0, net.Mac(1), 1000);
            Simulator::Run();
            ExpectDrop(net, "MacTx", "STATION_DOWN", ms);
        }
        {
            Network net(profile, 2);
            // In flight when the station leaves; that it is back in time does not help.
            net.SendAt(ms, 0, net.Mac(1), 1000);
            Simulator::Schedule(3 * ms, down, net.Device(1), false);
            Simulator::Schedule(4 * ms, down, net.Device(1), true);
            net.SendAt(4 * ms, 0, net.Mac(1), 1000);
            Simulator::Run();
            ExpectDrop(net, "PhyRx", "DETACHED", 7 * ms);
            NS_TEST_EXPECT_MSG_EQ(net.At(1).size(), 1, "the later frame arrives");
        }
        {
            Network net(profile, 2);
            // The first has left the station when it goes down, the second waits for the medium.
            net.SendAt(ms, 1, net.Mac(0), 1000);
            net.SendAt(ms, 1, net.Mac(0), 1000);
            Simulator::Schedule(2 * ms, down, net.Device(1), false);
            Simulator::Run();
            ExpectDrop(net, "PhyTx", "DETACHED", 8 * ms);
            NS_TEST_EXPECT_MSG_EQ(net.At(0).size(), 1, "what has left arrives");
        }
        {
            Network net(profile, 2);
            // A station that is away misses a group frame without a drop.
            net.Device(1)->SetLinkUp(false);
            net.SendAt(ms, 0, Mac48Address::GetBroadcast(), 1000);
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ(net.drops.size(), 0, "drops");
            NS_TEST_EXPECT_MSG_EQ(net.At(1).size(), 0, "away");
            NS_TEST_EXPECT_MSG_EQ(net.At(2).size(), 1, "present");
        }
        {
            auto lossy = profile;
            lossy.loss = 1.0;
            Network net(lossy, 2);
            net.SendAt(ms, 1, net.Mac(0), 1000);
            Simulator::Run();
            ExpectDrop(net, "PhyRx", "LOST", 7 * ms);
        }
    }
};

/// A unicast frame costs one event whatever the number of stations, a group frame one a station.
class EventCountTest : public TestCase
{
  public:
    EventCountTest()
        : TestCase("A reception costs one event and a frame wakes no other station")
    {
    }

  private:
    static void Count(uint32_t* count, Ptr<const Packet>)
    {
        ++*count;
    }

    void DoRun() override
    {
        constexpr uint32_t STATIONS = 200;
        constexpr uint32_t FRAMES = 50;
        uint64_t idle = 0;
        for (const bool send : {false, true})
        {
            Network net(PlainProfile("100Mbps", "100Mbps", MilliSeconds(1)), STATIONS);
            uint32_t woken = 0;
            for (uint32_t i = 1; i <= STATIONS; ++i)
            {
                net.Device(i)->TraceConnectWithoutContext(
                    "MacPromiscRx",
                    MakeBoundCallback(&EventCountTest::Count, &woken));
            }
            const uint64_t before = Simulator::GetEventCount();
            if (send)
            {
                for (uint32_t i = 0; i < FRAMES; ++i)
                {
                    net.SendNow(0, net.Mac(1 + i), 100);
                    net.SendNow(1 + i, net.Mac(0), 100);
                }
                net.SendNow(0, Mac48Address::GetBroadcast(), 100);
            }
            Simulator::Run();
            const uint64_t events = Simulator::GetEventCount() - before;
            if (!send)
            {
                idle = events;
                continue;
            }
            NS_TEST_EXPECT_MSG_EQ(events - idle, 2 * FRAMES + STATIONS, "events");
            NS_TEST_EXPECT_MSG_EQ(woken, FRAMES + STATIONS, "receptions at stations");
        }
    }
};

/// Loss has the probability asked for, and jitter keeps the order.
class RandomTest : public TestCase
{
  public:
    RandomTest()
        : TestCase("Loss has the set probability, jitter is uniform and never reorders")
    {
    }

  private:
    /**
     * @param arrivals Frames whose payload sizes count modulo 1000.
     * @return Whether they are in the order of sending; a step back looks like a step of nearly
     * 1000.
     */
    static bool IsInOrder(const std::vector<Network::Arrival>& arrivals)
    {
        for (std::size_t i = 1; i < arrivals.size(); ++i)
        {
            const uint32_t step = (arrivals[i].octets + 1000 - arrivals[i - 1].octets) % 1000;
            if (step == 0 || step > 500)
            {
                return false;
            }
        }
        return true;
    }

    void DoRun() override
    {
        constexpr uint32_t FRAMES = 20000;
        auto profile = PlainProfile("0bps", "0bps", MilliSeconds(10));
        profile.loss = 0.1;
        profile.jitter = MilliSeconds(4);
        {
            Network net(profile, 2);
            NS_TEST_EXPECT_MSG_EQ(LinkHelper::AssignStreams(net.devices, 100), 4, "streams");
            // Far apart, so that the order does not limit the jitter; then close together.
            for (uint32_t i = 0; i < FRAMES; ++i)
            {
                net.SendAt(MilliSeconds(5 * i), 0, net.Mac(1), 100);
                net.SendAt(MicroSeconds(10 * i), 2, net.Mac(0), 100 + i % 1000);
            }
            Simulator::Run();
            const double received = net.At(1).size();
            const double sigma = std::sqrt(FRAMES * 0.1 * 0.9);
            NS_TEST_EXPECT_MSG_EQ_TOL(received, FRAMES * 0.9, 4 * sigma, "loss");
            NS_TEST_EXPECT_MSG_EQ(net.drops.size(),
                                  2 * FRAMES - net.At(0).size() - net.At(1).size(),
                                  "each loss is a drop");
            double sum = 0;
            for (const auto& arrival : net.At(1))
            {
                const Time extra = NanoSeconds(arrival.time.GetNanoSeconds() % 5000000);
                NS_TEST_EXPECT_MSG_LT(extra, MilliSeconds(4), "jitter");
                sum += extra.GetSeconds();
            }
            NS_TEST_EXPECT_MSG_EQ_TOL(sum / received, 0.002, 0.00004, "mean jitter");
            NS_TEST_EXPECT_MSG_EQ(IsInOrder(net.At(0)), true, "order of a station's frames");
        }

        profile.loss = 0.0;
        Network mixed(profile, 2);
        LinkHelper::AssignStreams(mixed.devices, 200);
        for (uint32_t i = 0; i < 3000; ++i)
        {
            const auto to = i % 3 == 0 ? Mac48Address::GetBroadcast() : mixed.Mac(i % 3);
            mixed.SendAt(MicroSeconds(10 * i), 0, to, 100 + i % 1000);
        }
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(mixed.At(1).size(), 2000, "frames to one and to all");
        NS_TEST_EXPECT_MSG_EQ(IsInOrder(mixed.At(1)), true, "order of frames to one and to all");
    }
};

/// MIS frames on their EtherType, to one station, to the group address, and back.
class EthertypeTest : public TestCase
{
  public:
    EthertypeTest()
        : TestCase("EtherType frames go to a station, to a group and to the hub")
    {
    }

  private:
    void DoRun() override
    {
        const Mac48Address group("01:80:c2:00:00:0e");
        Network net(PlainProfile("1Mbps", "1Mbps", MilliSeconds(1)), 3);
        net.SendAt(MilliSeconds(10), 0, net.Mac(2), 60);
        net.SendAt(MilliSeconds(20), 0, group, 70);
        net.SendAt(MilliSeconds(30), 3, group, 80);
        net.SendAt(MilliSeconds(40), 3, net.Mac(0), 90);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(net.At(1).size(), 1, "the group frame");
        NS_TEST_EXPECT_MSG_EQ(net.At(2).size(), 2, "both frames");
        if (IsStatusFailure())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(net.At(2)[0].octets, 60, "unicast first");
        NS_TEST_EXPECT_MSG_EQ(net.At(3).size(), 1, "the group frame");
        NS_TEST_EXPECT_MSG_EQ(net.At(0).size(), 2, "both frames of the station");
        if (IsStatusFailure())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(net.At(0)[0].octets, 80, "group first");
        NS_TEST_EXPECT_MSG_EQ(net.At(0)[0].protocol, MIS_ETHERTYPE, "EtherType");
        NS_TEST_EXPECT_MSG_EQ(net.drops.size(), 0, "drops");
    }
};

/// UDP both ways over IPv4 or IPv6, between stations through the hub, and to a group.
class UdpTest : public TestCase
{
  public:
    /**
     * @param ipv6 IPv6, not IPv4.
     * @param stations Number of stations.
     */
    UdpTest(bool ipv6, uint32_t stations)
        : TestCase("UDP over " + std::string(ipv6 ? "IPv6" : "IPv4") + " with " +
                   std::to_string(stations) + " station(s)"),
          m_ipv6(ipv6),
          m_stations(stations)
    {
    }

  private:
    /**
     * @param socket Socket with datagrams to read.
     */
    void OnRead(Ptr<Socket> socket)
    {
        Address from;
        while (const auto packet = socket->RecvFrom(from))
        {
            m_received[socket->GetNode()->GetId()].push_back(packet->GetSize());
        }
    }

    /**
     * @param node Sender.
     * @param to Destination.
     * @param octets Payload.
     */
    void SendNow(uint32_t node, Address to, uint32_t octets)
    {
        m_sockets[node]->SendTo(Create<Packet>(octets), 0, to);
    }

    /**
     * @param address Host address, v4 or v6.
     * @return With the port.
     */
    Address WithPort(const Address& address) const
    {
        if (m_ipv6)
        {
            return Inet6SocketAddress(Ipv6Address::ConvertFrom(address), PORT);
        }
        return InetSocketAddress(Ipv4Address::ConvertFrom(address), PORT);
    }

    void DoRun() override
    {
        auto profile = PlainProfile("10Mbps", "10Mbps", MilliSeconds(1));
        Network net(profile, m_stations);
        InternetStackHelper stack;
        stack.SetIpv4StackInstall(!m_ipv6);
        stack.SetIpv6StackInstall(m_ipv6);
        stack.Install(net.nodes);
        std::vector<Address> hosts;
        if (m_ipv6)
        {
            // Not 2001:db8::/32, which ns-3 refuses to forward.
            Ipv6AddressHelper addresses(Ipv6Address("fd00::"), Ipv6Prefix(64));
            auto interfaces = addresses.Assign(net.devices);
            interfaces.SetForwarding(0, true);
            for (uint32_t i = 0; i < interfaces.GetN(); ++i)
            {
                hosts.emplace_back(interfaces.GetAddress(i, 1));
            }
        }
        else
        {
            Ipv4AddressHelper addresses("192.168.0.0", "255.255.255.0");
            auto interfaces = addresses.Assign(net.devices);
            for (uint32_t i = 0; i < interfaces.GetN(); ++i)
            {
                hosts.emplace_back(interfaces.GetAddress(i));
            }
        }
        m_sockets.clear();
        m_received.clear();
        for (uint32_t i = 0; i < net.nodes.GetN(); ++i)
        {
            auto socket = Socket::CreateSocket(net.nodes.Get(i), UdpSocketFactory::GetTypeId());
            const Address any =
                m_ipv6 ? Address(Ipv6Address::GetAny()) : Address(Ipv4Address::GetAny());
            socket->Bind(WithPort(any));
            socket->SetAllowBroadcast(true);
            socket->SetRecvCallback(MakeCallback(&UdpTest::OnRead, this));
            m_sockets.push_back(socket);
        }

        // The hub first, to stations that have never sent.
        for (uint32_t i = 1; i <= m_stations; ++i)
        {
            Simulator::Schedule(Seconds(2), &UdpTest::SendNow, this, 0, WithPort(hosts[i]), 10 + i);
            Simulator::Schedule(Seconds(3), &UdpTest::SendNow, this, i, WithPort(hosts[0]), 20 + i);
        }
        if (!m_ipv6)
        {
            Simulator::Schedule(Seconds(4),
                                &UdpTest::SendNow,
                                this,
                                0,
                                WithPort(Ipv4Address("192.168.0.255")),
                                40);
        }
        if (m_stations > 1)
        {
            Simulator::Schedule(Seconds(5), &UdpTest::SendNow, this, 1, WithPort(hosts[2]), 50);
        }
        Simulator::Stop(Seconds(10));
        Simulator::Run();

        for (uint32_t i = 1; i <= m_stations; ++i)
        {
            std::vector<uint32_t> expected{10 + i};
            if (!m_ipv6)
            {
                expected.push_back(40);
            }
            if (i == 2)
            {
                expected.push_back(50);
            }
            NS_TEST_EXPECT_MSG_EQ((m_received[i] == expected), true, "datagrams at " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(m_received[0].size(), m_stations, "datagrams at the hub");
        if (IsStatusFailure())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(net.drops.size(), 0, "drops");
    }

    bool m_ipv6;                                          //!< IPv6, not IPv4.
    uint32_t m_stations;                                  //!< Number of stations.
    std::vector<Ptr<Socket>> m_sockets;                   //!< By node.
    std::map<uint32_t, std::vector<uint32_t>> m_received; //!< Sizes, by node.
};

/// IP destinations are found by registration and by learning, and unknown ones are dropped.
class LookupTest : public TestCase
{
  public:
    LookupTest()
        : TestCase("The hub finds IP destinations that are registered or learned, and no others")
    {
    }

  private:
    /// A frame at a station.
    struct Reception
    {
        uint32_t station; //!< Which.
        Mac48Address mac; //!< Destination of the frame.
    };

    static void OnReceive(std::vector<Reception>* got, uint32_t station, Ptr<const Packet> frame)
    {
        EthernetHeader header(false);
        frame->PeekHeader(header);
        got->push_back({station, header.GetDestination()});
    }

    /**
     * @param source Source address.
     * @param destination Destination address.
     * @return An IPv4 packet without payload.
     */
    static Ptr<Packet> Ipv4Packet(Ipv4Address source, Ipv4Address destination)
    {
        uint8_t header[20] = {0x45};
        source.Serialize(header + 12);
        destination.Serialize(header + 16);
        return Create<Packet>(header, sizeof(header));
    }

    void DoRun() override
    {
        Network net(PlainProfile("0bps", "0bps", Time(0)), 2);
        std::vector<Reception> got;
        for (uint32_t i = 1; i <= 2; ++i)
        {
            net.Device(i)->TraceConnectWithoutContext(
                "MacRx",
                MakeBoundCallback(&LookupTest::OnReceive, &got, i));
        }
        const Ipv4Address hub("10.0.0.1");
        const Ipv4Address one("10.0.0.2");
        const Ipv4Address two("10.0.0.3");
        const Address broadcast = Mac48Address::GetBroadcast();

        net.Device(0)->Send(Ipv4Packet(hub, one), broadcast, 0x0800);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(got.size(), 0, "nobody has the address");
        NS_TEST_EXPECT_MSG_EQ(net.drops.size(), 1, "one drop");
        if (IsStatusFailure())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(ToString(net.drops[0].reason),
                              std::string("UNKNOWN_DESTINATION"),
                              "reason");

        net.Device(1)->RegisterAddress(one);
        net.Device(0)->Send(Ipv4Packet(hub, one), broadcast, 0x0800);
        net.Device(2)->Send(Ipv4Packet(two, hub), broadcast, 0x0800);
        Simulator::Run();
        net.Device(0)->Send(Ipv4Packet(hub, two), broadcast, 0x0800);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(got.size(), 2, "registered, then learned");
        if (IsStatusFailure())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(got[0].station, 1, "registered");
        NS_TEST_EXPECT_MSG_EQ(got[0].mac, net.Mac(1), "as if resolved");
        NS_TEST_EXPECT_MSG_EQ(got[1].station, 2, "learned");
        NS_TEST_EXPECT_MSG_EQ(got[1].mac, net.Mac(2), "as if resolved");

        net.Device(0)->Send(Ipv4Packet(hub, Ipv4Address("224.0.0.1")), broadcast, 0x0800);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(got.size(), 4, "a group is everybody");
        if (IsStatusFailure())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(got[3].mac, Mac48Address("01:00:5e:00:00:01"), "RFC 1112");

        // A moved address follows the latest word.
        net.Device(2)->RegisterAddress(one);
        net.Device(0)->Send(Ipv4Packet(hub, one), broadcast, 0x0800);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(got.size(), 5, "delivered");
        if (IsStatusFailure())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(got[4].station, 2, "to the new station");
        NS_TEST_EXPECT_MSG_EQ(net.drops.size(), 1, "no further drop");
    }
};

/// Stations come and go while the simulation runs.
class StationTest : public TestCase
{
  public:
    StationTest()
        : TestCase("A station can be added during the simulation and told of link changes")
    {
    }

  private:
    void OnLinkChange()
    {
        ++m_changes;
    }

    void DoRun() override
    {
        Network net(PlainProfile("1Mbps", "1Mbps", MilliSeconds(1)), 1);
        net.Device(1)->AddLinkChangeCallback(MakeCallback(&StationTest::OnLinkChange, this));
        net.Device(1)->SetLinkUp(false);
        net.Device(1)->SetLinkUp(false);
        NS_TEST_EXPECT_MSG_EQ(net.Device(1)->IsLinkUp(), false, "down");
        net.Device(1)->SetLinkUp(true);
        NS_TEST_EXPECT_MSG_EQ(m_changes, 2, "two changes");

        net.SendAt(MilliSeconds(1), 0, net.Mac(1), 100);
        Simulator::Run();
        auto node = CreateObject<Node>();
        net.nodes.Add(node);
        net.devices.Add(net.helper.AddStation(net.devices.Get(0), node));
        net.Watch(2);
        net.SendNow(0, net.Mac(2), 100);
        net.SendNow(2, net.Mac(0), 100);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(net.At(1).size(), 1, "the old station");
        NS_TEST_EXPECT_MSG_EQ(net.At(2).size(), 1, "the new station");
        NS_TEST_EXPECT_MSG_EQ(net.At(0).size(), 1, "from the new station");
        NS_TEST_EXPECT_MSG_EQ(net.Device(0)->GetChannel()->GetNDevices(), 3, "devices");
    }

    uint32_t m_changes{0}; //!< Link changes seen.
};

/// Two runs in one process write the same captures, which are Ethernet with the frames sent.
class CaptureTest : public TestCase
{
  public:
    CaptureTest()
        : TestCase("Captures are Ethernet and identical in a second run in the same process")
    {
    }

  private:
    /**
     * @param name File name.
     * @return Its contents.
     */
    static std::string ReadAll(const std::string& name)
    {
        std::ifstream file(name, std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }

    /**
     * Runs a small lossy network.
     * @param prefix Prefix of the captures.
     */
    static void RunOnce(const std::string& prefix)
    {
        auto profile = *FindLinkProfile("wifi");
        profile.loss = 0.3;
        Network net(profile, 2);
        LinkHelper::AssignStreams(net.devices, 7);
        net.helper.EnablePcap(prefix + "-hub", net.devices.Get(0), true, true);
        net.helper.EnablePcap(prefix + "-station", net.devices.Get(1), false, true);
        for (uint32_t i = 0; i < 50; ++i)
        {
            net.SendAt(MilliSeconds(2 * i), 0, net.Mac(1 + i % 2), 100 + i);
            net.SendAt(MilliSeconds(3 * i), 1 + i % 2, net.Mac(0), 200 + i);
        }
        Simulator::Run();
    }

    void DoRun() override
    {
        const std::string first = CreateTempDirFilename("first");
        const std::string second = CreateTempDirFilename("second");
        RunOnce(first);
        RunOnce(second);
        for (const char* end : {"-hub", "-station"})
        {
            const std::string capture = ReadAll(first + end);
            NS_TEST_EXPECT_MSG_GT(capture.size(), 1000, "captured " << end);
            NS_TEST_EXPECT_MSG_EQ((capture == ReadAll(second + end)), true, "identical " << end);
        }

        PcapFile file;
        file.Open(first + "-hub", std::ios::in);
        NS_TEST_EXPECT_MSG_EQ(file.Fail(), false, "opened");
        if (IsStatusFailure())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(file.GetDataLinkType(), 1, "LINKTYPE_ETHERNET");
        uint8_t data[2000];
        uint32_t seconds;
        uint32_t microseconds;
        uint32_t included;
        uint32_t original;
        uint32_t read;
        uint32_t frames = 0;
        file.Read(data, sizeof(data), seconds, microseconds, included, original, read);
        while (!file.Eof())
        {
            ++frames;
            NS_TEST_EXPECT_MSG_EQ((data[12] << 8 | data[13]), MIS_ETHERTYPE, "EtherType");
            NS_TEST_EXPECT_MSG_GT_OR_EQ(original, 114, "header and payload");
            file.Read(data, sizeof(data), seconds, microseconds, included, original, read);
        }
        // 50 sent by the hub, and of 50 sent to it about 35 received.
        NS_TEST_EXPECT_MSG_EQ((frames > 70 && frames < 100), true, "frames " << frames);
    }
};

/// A profile without jitter and loss draws nothing.
class NoDrawTest : public TestCase
{
  public:
    NoDrawTest()
        : TestCase("Without jitter and loss no random stream is touched")
    {
    }

  private:
    void DoRun() override
    {
        const int64_t before = RngSeedManager::GetNextStreamIndex();
        Network net(PlainProfile("1Mbps", "1Mbps", MilliSeconds(1)), 2);
        net.SendAt(MilliSeconds(1), 0, net.Mac(1), 100);
        net.SendAt(MilliSeconds(1), 2, net.Mac(0), 100);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(net.At(1).size() + net.At(0).size(), 2, "delivered");
        NS_TEST_EXPECT_MSG_EQ(RngSeedManager::GetNextStreamIndex() - before,
                              1,
                              "no stream was taken in between");
    }
};

/// The suite.
class LinkTestSuite : public TestSuite
{
  public:
    LinkTestSuite()
        : TestSuite("mis-link", TestSuite::Type::UNIT)
    {
        AddTestCase(new ProfileTest);
        AddTestCase(new TimingTest);
        AddTestCase(new QueueTest);
        AddTestCase(new DropTest);
        AddTestCase(new EventCountTest);
        AddTestCase(new RandomTest);
        AddTestCase(new EthertypeTest);
        AddTestCase(new UdpTest(false, 1));
        AddTestCase(new UdpTest(false, 3));
        AddTestCase(new UdpTest(true, 1));
        AddTestCase(new UdpTest(true, 3));
        AddTestCase(new LookupTest);
        AddTestCase(new StationTest);
        AddTestCase(new CaptureTest);
        AddTestCase(new NoDrawTest);
    }
};

const LinkTestSuite g_linkTestSuite; //!< Registers itself.

} // namespace
