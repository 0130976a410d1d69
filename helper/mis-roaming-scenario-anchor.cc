// SPDX-License-Identifier: GPL-2.0-only

#include "mis-roaming-scenario-helper.h"
#include "mis-roaming-scenario-nodes.h"

#include "ns3/abort.h"
#include "ns3/ipv4.h"
#include "ns3/mis-ip-family.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3::mis
{

namespace
{

constexpr uint16_t TUNNEL_OVERHEAD = 28;    // headers of IPv4 and UDP
constexpr uint16_t TCP_HEADERS_OCTETS = 52; // of IPv4 and TCP with timestamps

} // namespace

void
RoamingScenarioHelper::SetAnchor(Anchor anchor)
{
    m_anchorKind = anchor;
}

void
RoamingScenarioHelper::SetAnchorAuthentication(bool authenticate)
{
    m_authenticateUpdates = authenticate;
}

void
RoamingScenarioHelper::SetTraffic(const std::string& kind, const std::string& directions)
{
    NS_ABORT_MSG_IF(directions != "down" && directions != "up" && directions != "both",
                    "RoamingScenarioHelper: directions of traffic are \""
                        << directions << "\", allowed are down, up, both");
    m_traffic = std::make_unique<TrafficHelper>(kind);
    m_trafficDirections = directions;
    if (m_anchorKind == Anchor::NONE)
    {
        m_anchorKind = Anchor::CLIENT;
    }
}

void
RoamingScenarioHelper::ObserveTraffic(
    std::function<void(uint32_t, const TrafficRecords&, Time, Time)> done)
{
    m_trafficDone = std::move(done);
}

Ipv4Address
RoamingScenarioHelper::HomeAddress(uint32_t mn)
{
    return Ipv4Address::ConvertFrom(ScenarioAddresses::Home().Host(2 + mn));
}

int64_t
RoamingScenarioHelper::BuildAnchor(int64_t stream)
{
    NS_ABORT_MSG_IF(m_isIpv6,
                    "RoamingScenarioHelper: address family is \"ipv6\", but user traffic through a "
                    "mobility anchor needs ipv4");
    m_anchor = std::make_unique<AnchorHelper>(m_mis);
    m_anchor->SetAuthentication(m_authenticateUpdates);
    const int64_t streams = m_anchor->AssignStreams(stream);
    m_anchor->SetAttribute("Mtu",
                           UintegerValue(static_cast<uint64_t>(SmallestMtu()) - TUNNEL_OVERHEAD));
    auto node = MakeNode();
    const auto toAnchor = Connect(m_wan, node, m_home);
    const auto home = ScenarioAddresses::Home();
    StaticRoutes(m_wan, toAnchor.lower).AddNetwork(home, toAnchor.lower, toAnchor.upperInterface);
    m_anchor->InstallAnchor(node,
                            "anchor@home.example",
                            Ipv4Address::ConvertFrom(toAnchor.lower),
                            Ipv4Address::ConvertFrom(home.Host(1)),
                            Ipv4Family::PrefixOf(home.GetPrefixLength()));
    const bool registration = m_anchorKind == Anchor::CLIENT;
    for (uint32_t mn = 0; mn < m_mnCount; ++mn)
    {
        auto client = m_anchor->InstallClient(m_mobileNodes[mn], HomeAddress(mn), registration);
        client->AddRoute(Ipv4Address::ConvertFrom(m_correspondentAddress), Ipv4Mask::GetOnes());
        m_clients.push_back(client);
    }
    if (!registration)
    {
        BuildGateways();
    }
    return streams;
}

void
RoamingScenarioHelper::BuildGateways()
{
    for (uint32_t i = 0; i < m_networks.size(); ++i)
    {
        // Both deliver to the addresses that they have given, and to no home address.
        NS_ABORT_MSG_IF(m_networks[i].radio == "lte" || m_networks[i].radio == "wimax",
                        "RoamingScenarioHelper: with radio \""
                            << m_networks[i].radio
                            << "\" mobile nodes register themselves, SetAnchor(Anchor::CLIENT)");
        const auto number = std::to_string(i + 1);
        // An access router that is a point of attachment too has its MISF.
        const auto function = m_routers[i]->GetObject<Misf>();
        auto gateway = m_anchor->InstallGateway(
            m_routers[i],
            function ? function->GetId().Get() : "ar" + number + "@net" + number + ".example",
            Ipv4Address::ConvertFrom(m_routerAddresses[i]));
        for (uint32_t mn = 0; mn < m_stations[i].GetN(); ++mn)
        {
            const auto& misf = m_mobileNodes[mn]->GetMisf();
            const auto ipv4 = misf->GetObject<Ipv4>();
            const auto station = m_stations[i].Get(mn);
            const auto interface = ipv4->GetInterfaceForDevice(station);
            gateway->AddMobileNode(
                misf->GetId(),
                {HomeAddress(mn), ipv4->GetAddress(interface, 0).GetLocal(), m_accessHubs[i]});
            if (auto learning = DynamicCast<PointToMultipointNetDevice>(station))
            {
                learning->RegisterAddress(HomeAddress(mn));
            }
        }
        gateway->Follow(m_pointsOfService[i]);
        m_gateways.push_back(gateway);
    }
    for (uint32_t mn = 0; mn < m_mnCount; ++mn)
    {
        const auto& id = m_mobileNodes[mn]->GetMisf()->GetId();
        if (m_networks.front().radio.empty())
        {
            Simulator::Schedule(Seconds(0), &MobileAccessGateway::Attach, m_gateways[0], id);
        }
        // The access router notices that the link is down.
        for (const auto& gateway : m_gateways)
        {
            m_mobileNodes[mn]->TraceConnectWithoutContext(
                "HandoverBegin",
                MakeBoundCallback(&RoamingScenarioHelper::OnLinkDown, gateway));
        }
    }
}

void
RoamingScenarioHelper::OnLinkDown(Ptr<MobileAccessGateway> gateway, const HandoverReport& report)
{
    gateway->Detach(report.mn);
}

void
RoamingScenarioHelper::StartTraffic(Time begin, Time end)
{
    m_traffic->SetSourceAttributeFailSafe(
        "SegmentOctets",
        UintegerValue(static_cast<uint64_t>(SmallestMtu()) - TUNNEL_OVERHEAD - TCP_HEADERS_OCTETS));
    const auto mn = m_mnNodes.Get(0);
    const auto correspondent = m_correspondent.Get(0);
    const auto address = Ipv4Address::ConvertFrom(m_correspondentAddress);
    if (m_trafficDirections != "up")
    {
        m_traffic->Install("down", correspondent, address, mn, HomeAddress(0));
    }
    if (m_trafficDirections != "down")
    {
        m_traffic->Install("up", mn, HomeAddress(0), correspondent, address);
    }
    m_nextStream += m_traffic->AssignStreams(m_nextStream);
    m_traffic->Run(begin, end);
    m_mobileNodes.front()->TraceConnectWithoutContext(
        "HandoverBegin",
        MakeCallback(&RoamingScenarioHelper::OnHandoverBegin, this));
}

void
RoamingScenarioHelper::OnHandoverBegin(const HandoverReport& report)
{
    m_handoverBegin = report.detached;
}

void
RoamingScenarioHelper::ReportTraffic()
{
    TrafficRecords records;
    for (const auto& flow : m_traffic->GetFlows())
    {
        records.push_back(flow->Measure(m_handoverBegin, m_handoverEnd));
    }
    m_trafficDone(m_position, records, m_handoverBegin, m_handoverEnd);
}

} // namespace ns3::mis
