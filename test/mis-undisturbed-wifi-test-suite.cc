// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wifi mobility propagation point-to-point
// ns3-headers: wifi-assoc-manager.h

/**
 * @file
 * Reassociation of Wi-Fi in ns-3 is the same with this module on its nodes as without.
 */

#include "mis-undisturbed-test.h"

#include "ns3/boolean.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-routing-table-entry.h"
#include "ns3/mis-wifi-access-link.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/ssid.h"
#include "ns3/sta-wifi-mac.h"
#include "ns3/string.h"
#include "ns3/wifi-helper.h"
#include "ns3/yans-wifi-helper.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

constexpr int64_t MOVE_NS = 1000000000;

/// How the station comes from one access point to the other.
struct Change
{
    std::string name;
    bool isActive; //!< whether the station sends probe requests
    bool isForced; //!< whether it is told that its channel changes, instead of missing beacons
    double scan;   //!< from disassociation to association in ns-3 alone, seconds
};

/// A station moves from one access point, which it loses, to another of the same network.
class ReassociationRun : public PlainRun
{
  public:
    /// @param setup what is different @param change how the station changes
    ReassociationRun(const PlainSetup& setup, const Change& change)
        : PlainRun(setup)
    {
        auto station = CreateObject<Node>();
        NodeContainer routers(2);
        m_server = CreateObject<Node>();
        Place(routers.Get(0), 0);
        Place(routers.Get(1), APART_M);
        Place(station, -BESIDE_M);
        InstallStacks(station, NodeContainer(m_server, routers));
        const auto devices = InstallWifi(station, routers, change.isActive);
        Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0");
        const auto interfaces = addresses.Assign(devices);
        m_address = interfaces.GetAddress(2);
        Ipv4StaticRoutingHelper()
            .GetStaticRouting(station->GetObject<Ipv4>())
            ->SetDefaultRoute(interfaces.GetAddress(0), 1);
        const auto serverAddress = ConnectServer(routers);
        const auto device = DynamicCast<WifiNetDevice>(devices.Get(2));
        const auto mac = DynamicCast<StaWifiMac>(device->GetMac());
        for (uint32_t i = 0; i < routers.GetN(); ++i)
        {
            m_bssids.push_back(Mac48Address::ConvertFrom(devices.Get(i)->GetAddress()));
        }
        mac->TraceConnectWithoutContext("Assoc",
                                        MakeCallback(&ReassociationRun::OnAssociation, this));
        mac->TraceConnectWithoutContext("DeAssoc",
                                        MakeCallback(&ReassociationRun::OnDisassociation, this));
        InstallFlow(m_server, station, m_address, MilliSeconds(200));
        At(NanoSeconds(MOVE_NS), [station, mac, change] {
            station->GetObject<MobilityModel>()->SetPosition(Vector(APART_M + BESIDE_M, 0, 0));
            if (change.isForced)
            {
                constexpr uint8_t LINK = 0;
                mac->NotifyChannelSwitching(LINK);
            }
        });
        if (setup.presence != Presence::ABSENT)
        {
            module = std::make_unique<ModuleInUse>(setup.presence,
                                                   station,
                                                   m_server,
                                                   serverAddress,
                                                   routers);
            auto link = CreateObject<WifiAccessLink>();
            link->Watch(device);
            link->SetLinkTupleId(WifiAccessLink::IdOf(m_bssids[0]));
            module->Use(link, device, interfaces.GetAddress(0), setup.isPortClosed);
        }
        Run(Seconds(3));
    }

  private:
    // Out of each other's reach, by the log-distance model.
    static constexpr double APART_M = 400;
    static constexpr double BESIDE_M = 10;

    static void Place(Ptr<Node> node, double x)
    {
        auto position = CreateObject<ConstantPositionMobilityModel>();
        position->SetPosition(Vector(x, 0, 0));
        node->AggregateObject(position);
    }

    NetDeviceContainer InstallWifi(Ptr<Node> station, const NodeContainer& routers, bool isActive)
    {
        YansWifiPhyHelper phy;
        phy.SetChannel(YansWifiChannelHelper::Default().Create());
        phy.Set("ChannelSettings", StringValue("{36, 20, BAND_5GHZ, 0}"));
        WifiHelper wifi;
        wifi.SetStandard(WIFI_STANDARD_80211a);
        wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager",
                                     "DataMode",
                                     StringValue("OfdmRate24Mbps"));
        WifiMacHelper mac;
        const Ssid ssid("plain");
        mac.SetType("ns3::ApWifiMac", "Ssid", SsidValue(ssid));
        auto devices = wifi.Install(phy, mac, routers);
        mac.SetType("ns3::StaWifiMac",
                    "Ssid",
                    SsidValue(ssid),
                    "ActiveProbing",
                    BooleanValue(isActive));
        devices.Add(wifi.Install(phy, mac, station));
        wifi.AssignStreams(devices, GetSetup().firstStream);
        return devices;
    }

    Ipv4Address ConnectServer(const NodeContainer& routers)
    {
        PointToPointHelper wire;
        wire.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
        wire.SetChannelAttribute("Delay", StringValue("5ms"));
        Ipv4AddressHelper addresses("10.2.0.0", "255.255.255.252");
        Ipv4Address first;
        for (uint32_t i = 0; i < routers.GetN(); ++i)
        {
            const auto interfaces = addresses.Assign(wire.Install(m_server, routers.Get(i)));
            addresses.NewNetwork();
            m_nextHops.push_back(interfaces.GetAddress(1));
            first = i == 0 ? interfaces.GetAddress(0) : first;
        }
        return first;
    }

    /// Routes the flow to where the station is, as a mobility anchor that is told at once.
    void OnAssociation(Mac48Address bssid)
    {
        const uint32_t index = bssid == m_bssids[0] ? 0 : 1;
        log.Note("Assoc " + std::to_string(index));
        auto routing = Ipv4StaticRoutingHelper().GetStaticRouting(m_server->GetObject<Ipv4>());
        for (uint32_t i = routing->GetNRoutes(); i > 0; --i)
        {
            if (routing->GetRoute(i - 1).GetDest() == m_address)
            {
                routing->RemoveRoute(i - 1);
            }
        }
        routing->AddHostRouteTo(m_address, m_nextHops[index], 1 + index);
    }

    void OnDisassociation(Mac48Address)
    {
        log.Note("DeAssoc");
    }

    Ptr<Node> m_server;
    Ipv4Address m_address;
    std::vector<Ipv4Address> m_nextHops;
    std::vector<Mac48Address> m_bssids;
};

/// The change with and without the module.
class ReassociationTestCase : public TestCase
{
  public:
    /// @param change how the station changes
    explicit ReassociationTestCase(const Change& change)
        : TestCase("a reassociation is the same to the nanosecond with the module in use, " +
                   change.name),
          m_change(change)
    {
    }

  private:
    void DoRun() override
    {
        const ReassociationRun plain({}, m_change);
        const auto lost = plain.log.Find("DeAssoc");
        const auto back = plain.log.Find("Assoc 1");
        NS_TEST_EXPECT_MSG_EQ_TOL((back - lost) / 1e9, m_change.scan, 0.0006, "the scan of ns-3");

        const ReassociationRun with({Presence::SILENT}, m_change);
        NS_TEST_EXPECT_MSG_EQ(with.log.Differs(plain.log), "", "what has happened");
        NS_TEST_EXPECT_MSG_EQ(with.log.GetArrivals(), plain.log.GetArrivals(), "packets");
        NS_TEST_EXPECT_MSG_EQ(with.log.GetLargestGap(), plain.log.GetLargestGap(), "gap");
        // It was in use.
        const auto& record = *with.module->record;
        NS_TEST_ASSERT_MSG_EQ(record.ups.size(), 2u, "the link came up twice");
        NS_TEST_ASSERT_MSG_EQ(record.downs.size(), 1u, "and was lost once");
        NS_TEST_EXPECT_MSG_EQ_TOL(record.ups[0], plain.log.Find("Assoc 0") / 1e9, 1e-9, "up");
        NS_TEST_EXPECT_MSG_EQ_TOL(record.downs[0], lost / 1e9, 1e-9, "down");
        NS_TEST_EXPECT_MSG_EQ_TOL(record.ups[1], back / 1e9, 1e-9, "up again");
        NS_TEST_EXPECT_MSG_EQ(with.module->frames.size(), 0u, "no frame was sent");
        NS_TEST_EXPECT_MSG_EQ(with.portDrops, 0u, "no packet was dropped");
    }

    Change m_change;
};

/// The comparison sees what does disturb.
class ReassociationDisturbedTestCase : public TestCase
{
  public:
    /// @param change how the station changes
    explicit ReassociationDisturbedTestCase(const Change& change)
        : TestCase("a reassociation that is disturbed is told apart"),
          m_change(change)
    {
    }

  private:
    void DoRun() override
    {
        const ReassociationRun plain({}, m_change);
        const ReassociationRun again({}, m_change);
        NS_TEST_EXPECT_MSG_EQ(again.log.Differs(plain.log), "", "the same once more");
        const ReassociationRun streams({Presence::ABSENT, 7}, m_change);
        NS_TEST_EXPECT_MSG_NE(streams.log.Differs(plain.log), "", "other random streams");
        const ReassociationRun closed({Presence::SILENT, 1, true}, m_change);
        NS_TEST_EXPECT_MSG_NE(closed.log.Differs(plain.log), "", "the port closed");
        NS_TEST_EXPECT_MSG_EQ(closed.log.GetArrivals(), 0u, "nothing passes it");

        // Link events go over the radio that they are about, which others have to wait for.
        const ReassociationRun telling({Presence::TELLING}, m_change);
        NS_TEST_EXPECT_MSG_GT(telling.module->frames.size(), 0u, "link events");
        NS_TEST_EXPECT_MSG_NE(telling.log.Differs(plain.log), "", "are data like others");
        // Random variables made before have shifted the automatic streams, not what is sent.
        const ReassociationRun toldAgain({Presence::TELLING}, m_change);
        NS_TEST_EXPECT_MSG_EQ(toldAgain.log.Differs(telling.log), "", "the same once more");
        NS_TEST_EXPECT_MSG_EQ((toldAgain.module->frames == telling.module->frames),
                              true,
                              "the module draws from streams of its own");
    }

    Change m_change;
};

class UndisturbedWifiTestSuite : public TestSuite
{
  public:
    UndisturbedWifiTestSuite()
        : TestSuite("mis-undisturbed-wifi", TestSuite::Type::UNIT)
    {
        for (const auto& change : {Change{"beacons missed, passive scan", false, false, 0.1205},
                                   Change{"beacons missed, active scan", true, false, 0.0506},
                                   Change{"channel switch, passive scan", false, true, 0.1205},
                                   Change{"channel switch, active scan", true, true, 0.0506}})
        {
            AddTestCase(new ReassociationTestCase(change));
        }
        AddTestCase(new ReassociationDisturbedTestCase({"", true, true, 0}));
    }
};

UndisturbedWifiTestSuite g_undisturbedWifiTestSuite; //!< the instance

} // namespace
