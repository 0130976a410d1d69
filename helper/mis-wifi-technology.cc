// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wifi mobility propagation
// ns3-headers: wifi-assoc-manager.h

#include "mis-wifi-technology.h"

#include "mis-node-position.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/mis-link-monitor.h"
#include "ns3/mis-wifi-access-link.h"
#include "ns3/ssid.h"
#include "ns3/string.h"
#include "ns3/wifi-helper.h"
#include "ns3/yans-wifi-helper.h"

#include <array>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(WifiTechnology);

namespace
{

// Non-overlapping channels of 20 MHz at 5 GHz.
constexpr std::array<int, 8> CHANNELS{36, 40, 44, 48, 52, 56, 60, 64};

// Where frames at 24 Mbit/s begin to be lost (receiver sensitivity in IEEE 802.11, 17.3.10.2, is
// -74 dBm there), by the log-distance model of ns-3 and 16 dBm.
constexpr double EDGE_DBM = -74;
constexpr double EDGE_M = 28;
constexpr double LOSS_EXPONENT = 3; // of the channel that YansWifiChannelHelper makes

const Time ATTACH_TIME = MilliSeconds(150); // a passive scan of 120 ms, and the association

} // namespace

TypeId
WifiTechnology::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::WifiTechnology")
            .SetParent<RadioTechnology>()
            .SetGroupName("MisPrereg")
            .AddConstructor<WifiTechnology>()
            .AddAttribute("DataMode",
                          "Mode of data frames, of IEEE 802.11a.",
                          StringValue("OfdmRate24Mbps"),
                          MakeStringAccessor(&WifiTechnology::m_dataMode),
                          MakeStringChecker())
            .AddAttribute("ActiveScan",
                          "Whether stations send probe requests instead of waiting for beacons.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&WifiTechnology::m_activeScan),
                          MakeBooleanChecker())
            .AddAttribute("Listens",
                          "Whether the radio of a detached station is on, so that it knows its "
                          "access point before it attaches; it needs a radio of its own.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&WifiTechnology::m_listens),
                          MakeBooleanChecker());
    return tid;
}

void
WifiTechnology::Place(Ptr<Node> node, const Vector& position, const Vector& velocity)
{
    PlaceNode(node, position, velocity);
}

std::pair<double, double>
WifiTechnology::GetEdge() const
{
    return {EDGE_DBM, EDGE_M};
}

RadioAccess
WifiTechnology::Build(const RadioAccessPlan& plan)
{
    RadioAccess access;
    access.router = plan.makeRouter();
    PlaceNode(access.router, plan.position, Vector());
    for (auto node = plan.mobileNodes.Begin(); node != plan.mobileNodes.End(); ++node)
    {
        EnsurePosition(*node);
    }
    const auto channel = CHANNELS[m_networks % CHANNELS.size()];
    const Ssid ssid("network-" + std::to_string(++m_networks));
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    phy.Set("ChannelSettings", StringValue("{" + std::to_string(channel) + ", 20, BAND_5GHZ, 0}"));
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211a);
    wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager",
                                 "DataMode",
                                 StringValue(m_dataMode),
                                 "ControlMode",
                                 StringValue("OfdmRate6Mbps"));
    WifiMacHelper mac;
    mac.SetType("ns3::ApWifiMac", "Ssid", SsidValue(ssid));
    const auto ap = wifi.Install(phy, mac, access.router);
    mac.SetType("ns3::StaWifiMac",
                "Ssid",
                SsidValue(ssid),
                "ActiveProbing",
                BooleanValue(m_activeScan));
    const auto stations = wifi.Install(phy, mac, plan.mobileNodes);
    m_devices.Add(ap);
    m_devices.Add(stations);
    access.devices = stations;
    access.hub = ap.Get(0);
    access.pointOfAttachment = access.hub->GetAddress();
    access.gateway = AddAddress(ap.Get(0), plan.network, 1);
    const auto bssid = Mac48Address::ConvertFrom(ap.Get(0)->GetAddress());
    access.link = WifiAccessLink::IdOf(bssid).link;
    for (uint32_t i = 0; i < stations.GetN(); ++i)
    {
        const auto station = DynamicCast<WifiNetDevice>(stations.Get(i));
        AddAddress(station, plan.network, 2 + i);
        auto link = CreateObject<WifiAccessLink>();
        link->SetAttribute("SwitchOff", BooleanValue(!m_listens));
        link->GetMonitor()->SetAttribute("Threshold", DoubleValue(EDGE_DBM));
        link->GetMonitor()->SetAttribute("PathLossExponent", DoubleValue(LOSS_EXPONENT));
        link->SetStation(station);
        link->SetLinkTupleId(WifiAccessLink::IdOf(bssid));
        access.links.push_back(link);
    }
    return access;
}

Time
WifiTechnology::GetAttachTime() const
{
    return ATTACH_TIME;
}

void
WifiTechnology::EnablePcap(const std::string& prefix)
{
    YansWifiPhyHelper phy;
    phy.SetPcapDataLinkType(WifiPhyHelper::DLT_IEEE802_11);
    phy.EnablePcap(prefix, m_devices);
}

int64_t
WifiTechnology::AssignStreams(int64_t stream)
{
    return WifiHelper().AssignStreams(m_devices, stream);
}

} // namespace ns3::mis
