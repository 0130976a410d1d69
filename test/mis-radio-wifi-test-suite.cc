// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wifi mobility propagation
// ns3-headers: wifi-assoc-manager.h

/**
 * @file
 * Tests of access links over Wi-Fi, against what ns-3 does by itself.
 */

#include "mis-radio-test-helpers.h"

#include "ns3/boolean.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/mis-radio-network-helper.h"
#include "ns3/mis-wifi-access-link.h"
#include "ns3/pointer.h"
#include "ns3/ssid.h"
#include "ns3/string.h"
#include "ns3/wifi-helper.h"
#include "ns3/yans-wifi-helper.h"

#include <cmath>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// A station and access points of one network.
class WifiNetwork
{
  public:
    /**
     * @param channels channel of each access point
     * @param active whether the station probes
     */
    WifiNetwork(const std::vector<int>& channels, bool active)
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        nodes.Create(1 + channels.size());
        for (uint32_t i = 0; i < nodes.GetN(); ++i)
        {
            auto position = CreateObject<ConstantPositionMobilityModel>();
            position->SetPosition(Vector(10.0 * i, 0, 0));
            nodes.Get(i)->AggregateObject(position);
        }
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(nodes);
        YansWifiPhyHelper phy;
        phy.SetChannel(YansWifiChannelHelper::Default().Create());
        WifiHelper wifi;
        wifi.SetStandard(WIFI_STANDARD_80211a);
        wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager",
                                     "DataMode",
                                     StringValue("OfdmRate6Mbps"));
        WifiMacHelper mac;
        const Ssid ssid("test");
        NetDeviceContainer all;
        mac.SetType("ns3::ApWifiMac", "Ssid", SsidValue(ssid));
        for (size_t i = 0; i < channels.size(); ++i)
        {
            phy.Set("ChannelSettings", StringValue(Channel(channels[i])));
            all.Add(wifi.Install(phy, mac, nodes.Get(1 + i)));
            bssids.push_back(Mac48Address::ConvertFrom(all.Get(i)->GetAddress()));
        }
        phy.Set("ChannelSettings", StringValue(Channel(channels[0])));
        mac.SetType("ns3::StaWifiMac",
                    "Ssid",
                    SsidValue(ssid),
                    "ActiveProbing",
                    BooleanValue(active));
        all.Add(wifi.Install(phy, mac, nodes.Get(0)));
        wifi.AssignStreams(all, 100);
        station = DynamicCast<WifiNetDevice>(all.Get(all.GetN() - 1));
        for (uint32_t i = 0; i < all.GetN(); ++i)
        {
            AddIpv4(all.Get(i), Ipv4Address(0x0A000001 + i));
        }
    }

    ~WifiNetwork()
    {
        Simulator::Destroy();
    }

    /// @param number of a channel @return value of ChannelSettings
    static std::string Channel(int number)
    {
        return "{" + std::to_string(number) + ", 20, BAND_5GHZ, 0}";
    }

    /// @param listens whether the radio is on while detached @return an access link of the station
    Ptr<WifiAccessLink> MakeLink(bool listens)
    {
        auto link = CreateObject<WifiAccessLink>();
        link->SetAttribute("SwitchOff", BooleanValue(!listens));
        link->SetStation(station);
        link->SetInterface(station, Ipv4Address("10.0.0.1"), {});
        return link;
    }

    /// Puts the station out of reach.
    void MoveAway()
    {
        nodes.Get(0)->GetObject<MobilityModel>()->SetPosition(Vector(100000, 0, 0));
    }

    /// Puts the station back.
    void MoveBack()
    {
        nodes.Get(0)->GetObject<MobilityModel>()->SetPosition(Vector(0, 0, 0));
    }

    NodeContainer nodes;              //!< station, then access points
    std::vector<Mac48Address> bssids; //!< of the access points
    Ptr<WifiNetDevice> station;       //!< the station
};

/// Association when it is told to.
class AssociationTestCase : public TestCase
{
  public:
    /**
     * @param active whether the station probes
     * @param listens whether it has heard the access point before
     */
    AssociationTestCase(bool active, bool listens)
        : TestCase(std::string("association begins when told, ") +
                   (active ? "active scan, " : "passive scan, ") +
                   (listens ? "access point known" : "radio off before")),
          m_active(active),
          m_listens(listens)
    {
    }

  private:
    void DoRun() override
    {
        WifiNetwork network({36}, m_active);
        auto link = network.MakeLink(m_listens);
        LinkRecord record(link);
        std::optional<double> attached;
        constexpr double BEGIN = 2;
        At(Seconds(BEGIN),
           [&] { link->Attach([&] { attached = Simulator::Now().GetSeconds(); }); });
        RunUntil(Seconds(3));
        NS_TEST_ASSERT_MSG_EQ(attached.has_value(), true, "attached");
        NS_TEST_ASSERT_MSG_EQ(record.ups.size(), 1u, "up once");
        NS_TEST_EXPECT_MSG_EQ(record.ups[0], *attached, "at the same instant");
        // A known access point costs the exchange of association frames; a scan, in ns-3, 120 ms
        // of waiting for beacons, or 50 ms after a probe request.
        const double scan = m_listens ? 0 : (m_active ? 0.05 : 0.12);
        NS_TEST_EXPECT_MSG_EQ_TOL(*attached - BEGIN - scan, 0.0005, 0.0005, "time to associate");
        NS_TEST_EXPECT_MSG_EQ((link->GetAccessPoint() == network.bssids[0]), true, "with it");
        NS_TEST_ASSERT_MSG_EQ(record.detected.empty(), false, "detected");
        NS_TEST_EXPECT_MSG_EQ((record.detected[0] < BEGIN),
                              m_listens,
                              "an off radio hears nothing");
        // By the log-distance model: 16.0206 dBm - 46.6777 dB - 30 dB.
        NS_TEST_ASSERT_MSG_EQ(link->GetSignal().has_value(), true, "beacons were received");
        NS_TEST_EXPECT_MSG_EQ_TOL(*link->GetSignal(), -60.66, 0.1, "signal");
    }

    bool m_active;
    bool m_listens;
};

/// A station of ns-3 without an access link associates at the same time as one that may at once.
class PlainAssociationTestCase : public TestCase
{
  public:
    PlainAssociationTestCase()
        : TestCase("a station associates as soon with an access link as without")
    {
    }

  private:
    static double TimeOf(bool withLink, bool active)
    {
        WifiNetwork network({36}, active);
        Ptr<WifiAccessLink> link;
        if (withLink)
        {
            link = network.MakeLink(false);
            link->Attach([] {});
        }
        double at = 0;
        std::function<void()> note = [&at] { at = Simulator::Now().GetSeconds(); };
        network.station->GetMac()->TraceConnectWithoutContext(
            "Assoc",
            MakeBoundCallback(&NoteAssociation, &note));
        RunUntil(Seconds(1));
        return at;
    }

    static void NoteAssociation(std::function<void()>* note, Mac48Address)
    {
        (*note)();
    }

    void DoRun() override
    {
        for (const bool active : {false, true})
        {
            const double plain = TimeOf(false, active);
            NS_TEST_EXPECT_MSG_EQ_TOL(plain, (active ? 0.0506 : 0.1205), 0.0005, "of ns-3");
            NS_TEST_EXPECT_MSG_EQ(TimeOf(true, active), plain, "the same with the link");
        }
    }
};

/// Loss by distance, and the way back.
class LossTestCase : public TestCase
{
  public:
    LossTestCase()
        : TestCase("beacons that stay out bring the link down once, and it comes back")
    {
    }

  private:
    void DoRun() override
    {
        WifiNetwork network({36}, false);
        auto link = network.MakeLink(false);
        link->SetAttribute("BeaconTimeout", TimeValue(MilliSeconds(512)));
        LinkRecord record(link);
        link->Attach([] {});
        At(Seconds(3), [&] { network.MoveAway(); });
        At(Seconds(10), [&] { network.MoveBack(); });
        RunUntil(Seconds(20));
        NS_TEST_ASSERT_MSG_EQ(record.downs.size(), 1u, "down once");
        NS_TEST_EXPECT_MSG_EQ((record.reasons[0] == LinkDownReason::PACKET_TIMEOUT), true, "why");
        // The last beacon was at most one interval before.
        NS_TEST_EXPECT_MSG_EQ((record.downs[0] > 3.512 - 0.1024 - 1e-6), true, "not too early");
        NS_TEST_EXPECT_MSG_EQ((record.downs[0] <= 3.512), true, "not too late");
        NS_TEST_ASSERT_MSG_EQ(record.ups.size(), 2u, "up again");
        // A scan of 120 ms may just have begun, and finds nothing before the next.
        NS_TEST_EXPECT_MSG_EQ((record.ups[1] > 10 && record.ups[1] < 10.25), true, "when back");
    }
};

/// Given up by whoever is told that it is lost.
class LeaveOnLossTestCase : public TestCase
{
  public:
    LeaveOnLossTestCase()
        : TestCase("a link that is left as soon as it is lost can be taken up again")
    {
    }

  private:
    static void Leave(WifiAccessLink* link, const LinkTupleId&, LinkDownReason)
    {
        link->Detach();
    }

    void DoRun() override
    {
        WifiNetwork network({36}, false);
        auto link = network.MakeLink(false);
        LinkRecord record(link);
        link->TraceConnectWithoutContext("Down", MakeBoundCallback(&Leave, PeekPointer(link)));
        link->Attach([] {});
        At(Seconds(3), [&] { network.MoveAway(); });
        At(Seconds(10), [&] { network.MoveBack(); });
        At(Seconds(12), [&] { link->Attach([] {}); });
        RunUntil(Seconds(15));
        NS_TEST_EXPECT_MSG_EQ(record.downs.size(), 1u, "down once");
        NS_TEST_ASSERT_MSG_EQ(record.ups.size(), 2u, "up again");
        NS_TEST_EXPECT_MSG_GT(record.ups[1], 12, "not before it is wanted");
    }
};

/// Leaving on purpose, and coming back.
class DetachTestCase : public TestCase
{
  public:
    /// @param listens whether the radio stays on
    explicit DetachTestCase(bool listens)
        : TestCase(std::string("the link is left at once and taken up again, the radio ") +
                   (listens ? "on" : "off")),
          m_listens(listens)
    {
    }

  private:
    void DoRun() override
    {
        WifiNetwork network({36}, false);
        auto link = network.MakeLink(m_listens);
        LinkRecord record(link);
        link->Attach([] {});
        At(Seconds(2), [&] { link->Detach(); });
        At(Seconds(6), [&] { link->Attach([] {}); });
        // Given up while the station scans, or has just associated.
        At(Seconds(8), [&] { link->Detach(); });
        At(Seconds(9), [&] { link->Attach([] {}); });
        At(Seconds(9.00001), [&] { link->Detach(); });
        At(Seconds(10), [&] { link->Attach([] {}); });
        At(Seconds(10.1202), [&] { link->Detach(); });
        At(Seconds(13), [&] { link->Attach([] {}); });
        RunUntil(Seconds(12.9));
        NS_TEST_EXPECT_MSG_EQ(link->IsUp(), false, "left");
        RunUntil(Seconds(15));
        // With the radio on it was up once more, for some time before 10.1202 s.
        NS_TEST_ASSERT_MSG_EQ(record.downs.size(),
                              (m_listens ? 3u : 2u),
                              "down when left, and only then");
        NS_TEST_EXPECT_MSG_EQ(record.downs[0], 2, "at once");
        NS_TEST_EXPECT_MSG_EQ((record.reasons[0] == LinkDownReason::EXPLICIT_DISCONNECT),
                              true,
                              "why");
        NS_TEST_ASSERT_MSG_EQ(record.ups.size(), (m_listens ? 4u : 3u), "up again each time");
        NS_TEST_EXPECT_MSG_EQ_TOL(record.ups[1],
                                  (m_listens ? 6.0005 : 6.1205),
                                  0.0005,
                                  "known, or found by a scan");
        NS_TEST_EXPECT_MSG_EQ(link->IsUp(), true, "there at last");
    }

    bool m_listens;
};

/// Two access points of one network.
class ChoiceTestCase : public TestCase
{
  public:
    /// @param channel of the second access point
    explicit ChoiceTestCase(int channel)
        : TestCase("the access point chosen is used, the other one on channel " +
                   std::to_string(channel)),
          m_channel(channel)
    {
    }

  private:
    void DoRun() override
    {
        WifiNetwork network({36, m_channel}, false);
        auto link = network.MakeLink(true);
        for (size_t i = 0; i < 2; ++i)
        {
            link->AddAccessPoint(network.bssids[i], WifiNetwork::Channel(i == 0 ? 36 : m_channel));
        }
        LinkRecord record(link);
        link->Choose(network.bssids[0]);
        link->Attach([] {});
        At(Seconds(2), [&] { link->Choose(network.bssids[1]); });
        At(Seconds(4), [&] { link->Choose(network.bssids[0]); });
        RunUntil(Seconds(8));
        NS_TEST_ASSERT_MSG_EQ(record.ups.size(), 3u, "there, over and back");
        NS_TEST_ASSERT_MSG_EQ(record.downs.size(), 2u, "left twice, and no late report of it");
        NS_TEST_EXPECT_MSG_EQ((record.upLinks[0] == WifiAccessLink::IdOf(network.bssids[0])),
                              true,
                              "the first");
        NS_TEST_EXPECT_MSG_EQ((record.upLinks[1] == WifiAccessLink::IdOf(network.bssids[1])),
                              true,
                              "the second");
        NS_TEST_EXPECT_MSG_EQ((record.upLinks[2] == WifiAccessLink::IdOf(network.bssids[0])),
                              true,
                              "the first");
        // On its channel the other one is known from its beacons, elsewhere a scan is needed.
        NS_TEST_EXPECT_MSG_EQ_TOL(record.ups[1],
                                  (m_channel == 36 ? 2.0005 : 2.1207),
                                  0.001,
                                  "time to change");
    }

    int m_channel;
};

class RadioWifiTestSuite : public TestSuite
{
  public:
    RadioWifiTestSuite()
        : TestSuite("mis-radio-wifi", TestSuite::Type::UNIT)
    {
        for (const bool active : {false, true})
        {
            for (const bool listens : {false, true})
            {
                AddTestCase(new AssociationTestCase(active, listens));
            }
        }
        AddTestCase(new PlainAssociationTestCase);
        AddTestCase(new LossTestCase);
        AddTestCase(new LeaveOnLossTestCase);
        AddTestCase(new DetachTestCase(false));
        AddTestCase(new DetachTestCase(true));
        AddTestCase(new ChoiceTestCase(36));
        AddTestCase(new ChoiceTestCase(44));
    }
};

RadioWifiTestSuite g_radioWifiTestSuite; //!< the instance

} // namespace
