// SPDX-License-Identifier: GPL-2.0-only

#include "mis-roaming-scenario-helper.h"

#include "mis-link-helper.h"

#include "ns3/abort.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-list-routing-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4-static-routing.h"
#include "ns3/ipv4.h"
#include "ns3/mac48-address.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

// Access networks are 10.1.0.0/16, 10.2.0.0/16, ...; all other links are /30 of 172.16.0.0/12.
constexpr uint32_t ACCESS_BASE = 0x0A010000;
constexpr uint32_t ACCESS_STEP = 0x00010000;
constexpr uint32_t MAX_STATIONS = 65000;
constexpr uint32_t INFRASTRUCTURE_BASE = 0xAC100000;
constexpr uint32_t MAX_NETWORKS = 200;
constexpr uint32_t GROUP_ADDRESS = 0xEFC00001; // 239.192.0.1, organization-local (RFC 2365)
constexpr uint32_t POS_INTERFACE = 2;          // of access routers, behind loopback and WAN
// The home network of mobile nodes with a mobility anchor; the anchor has the first address.
constexpr uint32_t HOME_BASE = 0xC0A80000;
const char* const HOME_MASK = "255.255.0.0";
constexpr uint16_t TUNNEL_OVERHEAD = 28;    // headers of IPv4 and UDP
constexpr uint16_t TCP_HEADERS_OCTETS = 52; // of IPv4 and TCP with timestamps
constexpr uint32_t NEIGHBOUR_REACH = 4; // networks are in a row; so many on each side are in reach

const Time PAUSE = Seconds(2);           // between handover and next preregistration
const Time BEFORE_HANDOVER = Seconds(1); // between preregistration and handover
const Time DRAIN = Seconds(1);           // for packets under way
const Time TRAFFIC_DRAIN = Seconds(5);   // for timeouts of TCP, and a playout deadline

Mac48Address
MacOf(uint64_t number)
{
    uint8_t octets[6];
    number |= uint64_t{0x02} << 40; // locally administered
    for (int i = 5; i >= 0; --i)
    {
        octets[i] = static_cast<uint8_t>(number);
        number >>= 8;
    }
    Mac48Address address;
    address.CopyFrom(octets);
    return address;
}

uint32_t
AddAddress(Ptr<NetDevice> device, Ipv4Address address, const char* mask)
{
    auto ipv4 = device->GetNode()->GetObject<Ipv4>();
    // Set by hand, so that no queue disc is installed.
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, Ipv4Mask(mask)));
    ipv4->SetMetric(interface, 1);
    ipv4->SetUp(interface);
    return interface;
}

Ptr<Ipv4StaticRouting>
RoutingOf(Ptr<Node> node)
{
    return Ipv4StaticRoutingHelper().GetStaticRouting(node->GetObject<Ipv4>());
}

LinkTupleId
LinkIdOf(LinkType type, const Mac48Address& pointOfAttachment)
{
    std::array<uint8_t, 6> mac;
    pointOfAttachment.CopyTo(mac.data());
    LinkTupleId id;
    id.link.type = type;
    id.link.address = LinkAddress::Mac(mac);
    return id;
}

} // namespace

RoamingScenarioHelper::RoamingScenarioHelper()
    : m_local(*FindLinkProfile("ethernet")),
      m_home(*FindLinkProfile("wan"))
{
}

std::string
RoamingScenarioHelper::PosId(uint32_t network)
{
    return "pos" + std::to_string(network + 1) + "@net" + std::to_string(network + 1) + ".example";
}

std::string
RoamingScenarioHelper::MobileNodeId(uint32_t mn)
{
    return "mn" + std::to_string(mn + 1) + "@home.example";
}

uint32_t
RoamingScenarioHelper::AddNetwork(const LinkProfile& access, const LinkProfile& wan)
{
    NS_ABORT_MSG_IF(m_networks.size() >= MAX_NETWORKS,
                    "RoamingScenarioHelper: at most " << MAX_NETWORKS << " networks");
    m_networks.push_back({access, wan});
    return static_cast<uint32_t>(m_networks.size() - 1);
}

uint32_t
RoamingScenarioHelper::AddNetwork(const std::string& access)
{
    const auto* profile = FindLinkProfile(access);
    if (!profile)
    {
        std::string allowed;
        for (const auto& name : LinkProfileNames())
        {
            allowed += (allowed.empty() ? "" : ", ") + name;
        }
        NS_FATAL_ERROR("RoamingScenarioHelper: link profile is \"" << access << "\", allowed are "
                                                                   << allowed);
    }
    return AddNetwork(*profile, *FindLinkProfile("wan"));
}

void
RoamingScenarioHelper::SetLocalLink(const LinkProfile& profile)
{
    m_local = profile;
}

void
RoamingScenarioHelper::SetHomeLink(const LinkProfile& profile)
{
    m_home = profile;
}

void
RoamingScenarioHelper::SetMobileNodes(uint32_t count, uint32_t networks)
{
    NS_ABORT_MSG_IF(count == 0 || count > MAX_STATIONS,
                    "RoamingScenarioHelper: " << count << " mobile nodes, allowed are 1 to "
                                              << MAX_STATIONS);
    m_mnCount = count;
    m_mnNetworks = networks;
}

void
RoamingScenarioHelper::SetAaaServer(bool install)
{
    m_installAaa = install;
}

void
RoamingScenarioHelper::SetGroup(const std::string& group)
{
    m_group = group;
}

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
    return Ipv4Address(HOME_BASE + 2 + mn);
}

Ptr<Node>
RoamingScenarioHelper::MakeNode(bool withListRouting)
{
    auto node = CreateObject<Node>();
    InternetStackHelper stack;
    Ipv4StaticRoutingHelper routing;
    stack.SetIpv6StackInstall(false);
    Ipv4ListRoutingHelper list;
    list.Add(routing, 0);
    if (withListRouting)
    {
        stack.SetRoutingHelper(list);
    }
    else
    {
        stack.SetRoutingHelper(routing);
    }
    stack.Install(node);
    return node;
}

Ipv4Address
RoamingScenarioHelper::Connect(Ptr<Node> upper,
                               Ptr<Node> lower,
                               const LinkProfile& profile,
                               Ipv4Address& lowerAddress)
{
    LinkHelper link;
    link.SetProfile(profile);
    link.SetAddressBase(MacOf(m_nextMac));
    m_nextMac += 2;
    const auto devices = link.Install(upper, lower);
    m_devices.Add(devices);
    m_hubs.Add(devices.Get(0));
    const uint32_t subnet = INFRASTRUCTURE_BASE + 4 * m_nextSubnet++;
    const Ipv4Address upperAddress(subnet + 1);
    lowerAddress = Ipv4Address(subnet + 2);
    AddAddress(devices.Get(0), upperAddress, "255.255.255.252");
    const uint32_t interface = AddAddress(devices.Get(1), lowerAddress, "255.255.255.252");
    RoutingOf(lower)->SetDefaultRoute(upperAddress, interface);
    return upperAddress;
}

void
RoamingScenarioHelper::BuildNetwork(uint32_t index)
{
    const auto& network = m_networks[index];
    auto router = MakeNode(m_anchorKind == Anchor::NETWORK);
    m_routers.push_back(router);
    // WAN - AR
    Ipv4Address routerAddress;
    Connect(m_wan, router, network.wan, routerAddress);
    m_routerAddresses.push_back(routerAddress);
    const uint32_t wanInterface = m_wan->GetObject<Ipv4>()->GetNInterfaces() - 1;
    // AR - PoS
    auto posNode = MakeNode();
    Ipv4Address posAddress;
    Connect(router, posNode, m_local, posAddress);
    // access link, its hub at the AR
    LinkHelper access;
    access.SetProfile(network.access);
    access.SetAddressBase(MacOf(m_nextMac));
    NodeContainer stations;
    const uint32_t networksOfMn = m_mnNetworks == 0 ? m_networks.size() : m_mnNetworks;
    if (index < networksOfMn)
    {
        stations = m_mnNodes;
    }
    const auto devices = access.Install(router, stations);
    m_nextMac += devices.GetN();
    m_devices.Add(devices);
    m_hubs.Add(devices.Get(0));
    m_accessHubs.push_back(devices.Get(0));
    m_stations.emplace_back();
    const uint32_t base = ACCESS_BASE + index * ACCESS_STEP;
    const Ipv4Address gateway(base + 1);
    AddAddress(devices.Get(0), gateway, "255.255.0.0");
    const auto link =
        LinkIdOf(network.access.type, Mac48Address::ConvertFrom(devices.Get(0)->GetAddress()));
    for (uint32_t mn = 0; mn < stations.GetN(); ++mn)
    {
        const auto device = DynamicCast<PointToMultipointNetDevice>(devices.Get(mn + 1));
        const Ipv4Address address(base + 2 + mn);
        AddAddress(device, address, "255.255.0.0");
        auto accessLink = CreateObject<ProfileAccessLink>();
        accessLink->Configure(device, gateway, link);
        m_links[mn].push_back(accessLink);
        m_stations.back().push_back(device);
    }
    // routes down from the WAN
    auto routing = RoutingOf(m_wan);
    routing->AddNetworkRouteTo(Ipv4Address(base),
                               Ipv4Mask("255.255.0.0"),
                               routerAddress,
                               wanInterface);
    routing->AddHostRouteTo(posAddress, routerAddress, wanInterface);
    m_pointsOfService.push_back(
        m_mis.InstallPointOfService(posNode, PosId(index), posAddress, {link.link}));
}

uint16_t
RoamingScenarioHelper::SmallestMtu() const
{
    uint16_t smallest = std::min(m_local.mtu, m_home.mtu);
    for (const auto& network : m_networks)
    {
        smallest = std::min({smallest, network.access.mtu, network.wan.mtu});
    }
    return smallest;
}

void
RoamingScenarioHelper::LimitPathMtu()
{
    const uint16_t smallest = SmallestMtu();
    for (const auto& misf : m_mis.GetMisfs())
    {
        UintegerValue mtu;
        misf->GetAttribute("PathMtu", mtu);
        misf->SetAttribute("PathMtu", UintegerValue(std::min<uint64_t>(mtu.Get(), smallest)));
    }
}

void
RoamingScenarioHelper::Build(int64_t firstStream)
{
    NS_ABORT_MSG_IF(m_networks.empty(), "RoamingScenarioHelper: no network, call AddNetwork");
    m_wan = MakeNode();
    for (uint32_t mn = 0; mn < m_mnCount; ++mn)
    {
        m_mnNodes.Add(MakeNode(!m_group.empty())); // it delivers multicast
    }
    m_links.resize(m_mnCount);
    for (uint32_t i = 0; i < m_networks.size(); ++i)
    {
        BuildNetwork(i);
    }
    for (uint32_t i = 0; i < m_networks.size(); ++i)
    {
        const uint32_t first = i - std::min(i, NEIGHBOUR_REACH);
        const uint32_t last =
            std::min(i + NEIGHBOUR_REACH, static_cast<uint32_t>(m_networks.size() - 1));
        for (uint32_t j = first; j <= last; ++j)
        {
            if (j != i)
            {
                m_pointsOfService[i]->AddNeighbour(MisfId(PosId(j)), m_networks[j].access.type);
            }
        }
    }
    Ipv4Address gmAddress;
    auto gmNode = MakeNode();
    Connect(m_wan, gmNode, m_home, gmAddress);
    m_gm = m_mis.InstallGroupManager(gmNode, "gm@home.example", gmAddress);
    m_correspondent.Add(MakeNode());
    Connect(m_wan, m_correspondent.Get(0), m_home, m_correspondentAddress);
    if (m_installAaa)
    {
        Ipv4Address aaaAddress;
        auto aaaNode = MakeNode();
        Connect(m_wan, aaaNode, m_home, aaaAddress);
        m_aaa = m_mis.InstallAaaServer(aaaNode, "aaa@home.example", aaaAddress);
    }
    for (uint32_t mn = 0; mn < m_mnCount; ++mn)
    {
        m_mobileNodes.push_back(
            m_mis.InstallMobileNode(m_mnNodes.Get(mn), MobileNodeId(mn), PosId(0)));
        for (uint32_t i = 1; i < m_links[mn].size(); ++i)
        {
            m_links[mn][i]->Detach();
        }
        m_links[mn][0]->Attach([] {});
        m_mobileNodes.back()->SetCurrentLink(m_links[mn][0]);
    }
    if (!m_group.empty())
    {
        BuildGroup();
    }
    int64_t stream = firstStream;
    if (m_anchorKind != Anchor::NONE)
    {
        stream += BuildAnchor(stream);
    }
    LimitPathMtu();
    stream += m_mis.AssignStreams(stream);
    stream += LinkHelper::AssignStreams(m_hubs, stream);
    m_nextStream = stream;
}

void
RoamingScenarioHelper::BuildGroup()
{
    for (const auto& mn : m_mobileNodes)
    {
        m_gm->AddToGroup(MisfId(m_group), mn->GetMisf()->GetId());
    }
    const Ipv4Address address(GROUP_ADDRESS);
    for (uint32_t i = 0; i < m_pointsOfService.size(); ++i)
    {
        const auto& misf = m_pointsOfService[i]->GetMisf();
        m_pointsOfService[i]->SetGroupAddress(PeerAddress::Udp(address, misf->GetPort()));
        const auto ipv4 = m_routers[i]->GetObject<Ipv4>();
        const auto access = static_cast<uint32_t>(ipv4->GetInterfaceForDevice(m_accessHubs[i]));
        RoutingOf(m_routers[i])
            ->AddMulticastRoute(Ipv4Address::GetAny(), address, POS_INTERFACE, {access});
    }
}

// mobility anchor and traffic

int64_t
RoamingScenarioHelper::BuildAnchor(int64_t stream)
{
    m_anchor = std::make_unique<AnchorHelper>(m_mis);
    m_anchor->SetAuthentication(m_authenticateUpdates);
    const int64_t streams = m_anchor->AssignStreams(stream);
    m_anchor->SetAttribute("Mtu",
                           UintegerValue(static_cast<uint64_t>(SmallestMtu()) - TUNNEL_OVERHEAD));
    Ipv4Address address;
    auto node = MakeNode();
    Connect(m_wan, node, m_home, address);
    const uint32_t interface = m_wan->GetObject<Ipv4>()->GetNInterfaces() - 1;
    RoutingOf(m_wan)->AddNetworkRouteTo(Ipv4Address(HOME_BASE),
                                        Ipv4Mask(HOME_MASK),
                                        address,
                                        interface);
    m_anchor->InstallAnchor(node,
                            "anchor@home.example",
                            address,
                            Ipv4Address(HOME_BASE + 1),
                            Ipv4Mask(HOME_MASK));
    const bool registration = m_anchorKind == Anchor::CLIENT;
    for (uint32_t mn = 0; mn < m_mnCount; ++mn)
    {
        auto client = m_anchor->InstallClient(m_mobileNodes[mn], HomeAddress(mn), registration);
        client->AddRoute(m_correspondentAddress, Ipv4Mask::GetOnes());
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
        const auto number = std::to_string(i + 1);
        auto gateway = m_anchor->InstallGateway(m_routers[i],
                                                "ar" + number + "@net" + number + ".example",
                                                m_routerAddresses[i]);
        for (uint32_t mn = 0; mn < m_stations[i].size(); ++mn)
        {
            const auto& misf = m_mobileNodes[mn]->GetMisf();
            const auto ipv4 = misf->GetObject<Ipv4>();
            const auto& station = m_stations[i][mn];
            const auto interface = ipv4->GetInterfaceForDevice(station);
            gateway->AddMobileNode(
                misf->GetId(),
                {HomeAddress(mn), ipv4->GetAddress(interface, 0).GetLocal(), m_accessHubs[i]});
            station->RegisterAddress(HomeAddress(mn));
        }
        gateway->Follow(m_pointsOfService[i]);
        m_gateways.push_back(gateway);
    }
    for (uint32_t mn = 0; mn < m_mnCount; ++mn)
    {
        const auto& id = m_mobileNodes[mn]->GetMisf()->GetId();
        Simulator::Schedule(Seconds(0), &MobileAccessGateway::Attach, m_gateways[0], id);
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
    if (m_trafficDirections != "up")
    {
        m_traffic->Install("down", correspondent, m_correspondentAddress, mn, HomeAddress(0));
    }
    if (m_trafficDirections != "down")
    {
        m_traffic->Install("up", mn, HomeAddress(0), correspondent, m_correspondentAddress);
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

// roaming

void
RoamingScenarioHelper::Roam(Time start,
                            std::function<void(uint32_t, const PreregistrationRecord&)> done)
{
    m_done = std::move(done);
    auto mn = m_mobileNodes.front();
    m_flow = CreateObject<ConstantRateFlow>();
    m_flow->Configure(m_mnNodes.Get(0), m_correspondent.Get(0), m_correspondentAddress, [mn] {
        return mn->IsDataPathOpen();
    });
    m_flow->Run(start - Seconds(1), start + GetDuration());
    if (m_traffic)
    {
        StartTraffic(start - Seconds(1), start + GetDuration());
    }
    m_recorder = CreateObject<PreregistrationRecorder>();
    m_recorder->Observe(mn, m_flow);
    for (const auto& pos : m_pointsOfService)
    {
        m_recorder->Observe(pos);
    }
    m_recorder->ObserveGroupManager(m_gm->GetObject<Misf>());
    mn->TraceConnectWithoutContext("Preregistration",
                                   MakeCallback(&RoamingScenarioHelper::OnPreregistration, this));
    mn->TraceConnectWithoutContext("Handover",
                                   MakeCallback(&RoamingScenarioHelper::OnHandover, this));
    Simulator::Schedule(start, &RoamingScenarioHelper::BeginPreregistration, this);
}

Time
RoamingScenarioHelper::GetDuration() const
{
    // Preregistration and handover each end within a few transaction lifetimes.
    return Seconds(60) * static_cast<int64_t>(m_networks.size());
}

void
RoamingScenarioHelper::BeginPreregistration()
{
    m_recorder->Begin();
    if (!m_preregister)
    {
        m_mobileNodes.front()->ColdHandover(m_links[0][m_position + 1],
                                            MisfId(PosId(m_position + 1)));
        return;
    }
    PreregistrationTarget target;
    target.tpos = MisfId(PosId(m_position + 1));
    target.link = m_links[0][m_position + 1]->GetLinkTupleId();
    m_mobileNodes.front()->Preregister(target);
}

void
RoamingScenarioHelper::OnPreregistration(const PreregistrationReport& report)
{
    if (!m_preregister)
    {
        m_recorder->EndCounting(); // the handover goes on, and its end is reported too
        return;
    }
    if (report.outcome == "success")
    {
        Simulator::Schedule(BEFORE_HANDOVER, &RoamingScenarioHelper::BeginHandover, this);
        return;
    }
    // Scheduled, so that the recorder has seen the report too.
    m_succeeded = false;
    Simulator::ScheduleNow(&RoamingScenarioHelper::Finish, this);
}

void
RoamingScenarioHelper::SetPreregistration(bool preregister)
{
    m_preregister = preregister;
}

void
RoamingScenarioHelper::BeginHandover()
{
    m_recorder->EndCounting();
    m_mobileNodes.front()->Handover(m_links[0][m_position + 1]);
}

void
RoamingScenarioHelper::OnHandover(const HandoverReport& report)
{
    m_succeeded = report.outcome == "success";
    m_handoverEnd = report.end;
    m_recorder->HandoverOver();
    Simulator::Schedule(m_traffic ? TRAFFIC_DRAIN : DRAIN, &RoamingScenarioHelper::Finish, this);
}

void
RoamingScenarioHelper::Finish()
{
    m_recorder->End();
    m_done(m_position, m_recorder->Get());
    if (m_traffic && m_trafficDone && m_succeeded)
    {
        ReportTraffic();
    }
    ++m_position;
    if (m_succeeded && m_position + 1 < m_networks.size())
    {
        Simulator::Schedule(PAUSE - DRAIN, &RoamingScenarioHelper::BeginPreregistration, this);
        return;
    }
    Simulator::Stop();
}

} // namespace ns3::mis
