// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of what the point-to-multipoint link delivers to whom, and of its captures.
 */

#include "mis-link-test-helpers.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::linktest;

namespace
{

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

/// The suite.
class LinkDeliveryTestSuite : public TestSuite
{
  public:
    LinkDeliveryTestSuite()
        : TestSuite("mis-link-delivery", TestSuite::Type::UNIT)
    {
        AddTestCase(new EthertypeTest);
        AddTestCase(new UdpTest(false, 1));
        AddTestCase(new UdpTest(false, 3));
        AddTestCase(new UdpTest(true, 1));
        AddTestCase(new UdpTest(true, 3));
        AddTestCase(new LookupTest);
        AddTestCase(new StationTest);
        AddTestCase(new CaptureTest);
    }
};

const LinkDeliveryTestSuite g_linkDeliveryTestSuite; //!< Registers itself.

} // namespace
