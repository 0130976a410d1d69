// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: lte mobility propagation spectrum virtual-net-device point-to-point

#include "mis-lte-technology.h"

#include "mis-node-position.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/ipv4-address-generator.h"
#include "ns3/lte-enb-net-device.h"
#include "ns3/lte-enb-rrc.h"
#include "ns3/lte-spectrum-phy.h"
#include "ns3/lte-ue-phy.h"
#include "ns3/mac64-address.h"
#include "ns3/mis-controlled-port-routing.h"
#include "ns3/mis-device-position.h"
#include "ns3/mis-link-monitor.h"
#include "ns3/mis-lte-access-link.h"
#include "ns3/point-to-point-epc-helper.h"
#include "ns3/spectrum-channel.h"
#include "ns3/uinteger.h"
#include "ns3/virtual-net-device.h"

#include <algorithm>
#include <array>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(LteTechnology);

namespace
{

/// Where a band begins, and how many networks it takes (TS 36.101, table 5.7.3-1).
struct Band
{
    uint32_t downlink;
    uint32_t uplink;
    uint32_t networks;
};

constexpr std::array<Band, 3> BANDS{{{0, 18000, 11}, {1200, 19200, 15}, {2750, 20750, 14}}};
constexpr uint32_t CHANNELS_A_NETWORK = 50; // 5 MHz
constexpr uint32_t RESOURCE_BLOCKS = 25;

/// Channels of a network, downlink and uplink.
std::pair<uint32_t, uint32_t>
ChannelsOf(uint32_t network)
{
    for (const auto& band : BANDS)
    {
        if (network < band.networks)
        {
            const uint32_t offset = CHANNELS_A_NETWORK * (network + 1);
            return {band.downlink + offset, band.uplink + offset};
        }
        network -= band.networks;
    }
    NS_FATAL_ERROR("LteTechnology: at most " << LteTechnology::MAX_NETWORKS << " LTE networks");
    return {};
}

// RSRP at which a cell of 30 dBm over 25 resource blocks is still heard well, by the free-space
// model of ns-3.
constexpr double EDGE_DBM = -95;
constexpr double EDGE_M = 1270;

// From the start: system information at 80 ms at the latest, the connection, and the bearer.
const Time ATTACH_TIME = MilliSeconds(200);

// What the scheduler of ns-3 can tell apart: a period of at least twice as many milliseconds as
// there are UEs.
constexpr std::array<uint32_t, 4> SRS_PERIODS{40, 80, 160, 2 * MAX_LTE_MOBILE_NODES};

uint32_t
SrsPeriodOf(uint32_t ues)
{
    const auto it = std::find_if(SRS_PERIODS.begin(), SRS_PERIODS.end(), [ues](uint32_t period) {
        return period >= 2 * ues;
    });
    NS_ABORT_MSG_IF(it == SRS_PERIODS.end(),
                    "LteTechnology: " << ues << " mobile nodes in a cell, allowed are at most "
                                      << MAX_LTE_MOBILE_NODES);
    return *it;
}

/// A locally administered address, by network and station; no two are equal.
Mac64Address
UeAddress(uint32_t network, uint32_t station)
{
    const std::array<uint8_t, 8> octets{0,
                                        0,
                                        0x02,
                                        0x4C,
                                        static_cast<uint8_t>(network >> 8),
                                        static_cast<uint8_t>(network),
                                        static_cast<uint8_t>(station >> 8),
                                        static_cast<uint8_t>(station)};
    Mac64Address address;
    address.CopyFrom(octets.data());
    return address;
}

Ptr<NetDevice>
TunnelDeviceOf(Ptr<Node> pgw)
{
    for (uint32_t i = 0; i < pgw->GetNDevices(); ++i)
    {
        if (auto device = DynamicCast<VirtualNetDevice>(pgw->GetDevice(i)))
        {
            return device;
        }
    }
    NS_FATAL_ERROR("LteTechnology: the PGW has no tunnel device");
    return nullptr;
}

/// The helper has given the PGW routing without controlled ports.
void
GivePorts(Ptr<Node> pgw)
{
    pgw->GetObject<Ipv4>()->SetRoutingProtocol(ControlledPortRoutingHelper().Create(pgw));
    pgw->GetObject<Ipv6>()->SetRoutingProtocol(Ipv6ControlledPortRoutingHelper().Create(pgw));
}

/// Gives a UE a position that no other device of its node has.
void
GiveOwnPosition(Ptr<LteUeNetDevice> ue)
{
    auto position = CreateObject<DevicePosition>();
    position->SetNodePosition(ue->GetNode()->GetObject<MobilityModel>());
    ue->GetPhy()->GetDownlinkSpectrumPhy()->SetMobility(position);
    ue->GetPhy()->GetUplinkSpectrumPhy()->SetMobility(position);
}

} // namespace

TypeId
LteTechnology::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::LteTechnology")
            .SetParent<RadioTechnology>()
            .SetGroupName("MisPrereg")
            .AddConstructor<LteTechnology>()
            .AddAttribute("UseIdealRrc",
                          "Whether RRC messages are exchanged without radio resources and errors.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&LteTechnology::m_useIdealRrc),
                          MakeBooleanChecker());
    return tid;
}

void
LteTechnology::DoDispose()
{
    m_lte = nullptr;
    m_epcs.clear();
    m_silence = nullptr;
    RadioTechnology::DoDispose();
}

void
LteTechnology::Place(Ptr<Node> node, const Vector& position, const Vector& velocity)
{
    PlaceNode(node, position, velocity);
}

std::pair<double, double>
LteTechnology::GetEdge() const
{
    return {EDGE_DBM, EDGE_M};
}

RadioAccess
LteTechnology::Build(const RadioAccessPlan& plan)
{
    const auto [downlink, uplink] = ChannelsOf(m_networks++);
    // Each EPC takes the same fixed addresses, which are its own affair.
    Ipv4AddressGenerator::TestMode();
    auto epc = CreateObject<PointToPointEpcHelper>();
    if (!m_lte)
    {
        // One helper for all, so that cells and subscribers are told apart.
        m_lte = CreateObject<LteHelper>();
        m_lte->SetAttribute("UseIdealRrc", BooleanValue(m_useIdealRrc));
        m_silence = CreateObject<RadioSilence>();
    }
    m_epcs.push_back(epc);
    m_lte->SetEpcHelper(epc);
    m_lte->SetEnbDeviceAttribute("DlEarfcn", UintegerValue(downlink));
    m_lte->SetEnbDeviceAttribute("UlEarfcn", UintegerValue(uplink));
    m_lte->SetEnbDeviceAttribute("DlBandwidth", UintegerValue(RESOURCE_BLOCKS));
    m_lte->SetEnbDeviceAttribute("UlBandwidth", UintegerValue(RESOURCE_BLOCKS));
    m_lte->SetUeDeviceAttribute("DlEarfcn", UintegerValue(downlink));
    auto enbNode = CreateObject<Node>();
    PlaceNode(enbNode, plan.position, Vector());
    for (auto node = plan.mobileNodes.Begin(); node != plan.mobileNodes.End(); ++node)
    {
        EnsurePosition(*node);
    }
    const auto enbs = m_lte->InstallEnbDevice(NodeContainer(enbNode));
    const auto enb = DynamicCast<LteEnbNetDevice>(enbs.Get(0));
    enb->GetRrc()->SetAttribute("SrsPeriodicity",
                                UintegerValue(SrsPeriodOf(plan.mobileNodes.GetN())));
    if (m_networks == 1)
    {
        m_lte->GetDownlinkSpectrumChannel()->AddPropagationLossModel(m_silence);
        if (m_lte->GetUplinkSpectrumChannel() != m_lte->GetDownlinkSpectrumChannel())
        {
            m_lte->GetUplinkSpectrumChannel()->AddPropagationLossModel(m_silence);
        }
    }
    const auto ues = m_lte->InstallUeDevice(plan.mobileNodes);
    m_devices.Add(enbs);
    m_devices.Add(ues);
    m_ipDevices.Add(ues);

    RadioAccess access;
    access.router = epc->GetPgwNode();
    access.hub = TunnelDeviceOf(access.router);
    m_ipDevices.Add(access.hub);
    access.pointOfAttachment = enb->GetAddress();
    access.carriesOnlyIp = true;
    access.link = LteAccessLink::IdOf(enb->GetCellId()).link;
    access.devices = ues;
    GivePorts(access.router);
    access.gateway = plan.network.IsIpv6() ? AddAddress(access.hub, plan.network, 1)
                                           : Address(epc->GetUeDefaultGatewayAddress());
    StaticRoutes(access.router, access.gateway)
        .AddNetwork(plan.network, InterfaceOf(access.hub, access.gateway));
    for (uint32_t i = 0; i < ues.GetN(); ++i)
    {
        const auto ue = DynamicCast<LteUeNetDevice>(ues.Get(i));
        // ns-3 gives all of them the same; the link-local address of IPv6 is made of it.
        ue->SetAddress(UeAddress(m_networks, i));
        AddAddress(ue, plan.network, 2 + i);
        GiveOwnPosition(ue);
        auto link = CreateObject<LteAccessLink>();
        link->GetMonitor()->SetAttribute("Threshold", DoubleValue(EDGE_DBM));
        link->SetUe(
            ue,
            [lte = m_lte, epc, ue, enb] {
                lte->SetEpcHelper(epc);
                lte->Attach(ue, enb);
            },
            m_silence);
        link->SetLinkTupleId({access.link, std::nullopt});
        access.links.push_back(link);
    }
    return access;
}

Time
LteTechnology::GetAttachTime() const
{
    return ATTACH_TIME;
}

void
LteTechnology::EnablePcap(const std::string& prefix)
{
    CaptureIp(prefix, m_ipDevices);
}

int64_t
LteTechnology::AssignStreams(int64_t stream)
{
    return m_lte ? m_lte->AssignStreams(m_devices, stream) : 0;
}

} // namespace ns3::mis
