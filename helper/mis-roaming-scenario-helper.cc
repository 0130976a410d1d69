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
#include "ns3/mis-assigned.h"
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
// Of radios: 172.24.0.0/20, 172.24.16.0/20, ...; an EPC takes 7/8, 10/8 and more.
constexpr uint32_t RADIO_BASE = 0xAC180000;
constexpr uint32_t RADIO_STEP = 0x00001000;
constexpr uint32_t MAX_RADIO_STATIONS = 4000;
constexpr uint32_t MAX_RADIO_NETWORKS = 100;
constexpr const char* RADIO_MASK = "255.255.240.0";
constexpr double BESIDE_M = 10; // of the mobile nodes from the row of points of attachment
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
const Time LINGER = Seconds(1);          // of the old radio of two

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

LinkAddress
LinkAddressOf(const Address& address)
{
    std::array<uint8_t, 6> mac;
    Mac48Address::ConvertFrom(address).CopyTo(mac.data());
    return LinkAddress::Mac(mac);
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
RoamingScenarioHelper::PointOfAttachmentId(uint32_t network)
{
    return "poa" + std::to_string(network + 1) + "@net" + std::to_string(network + 1) + ".example";
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
    m_networks.push_back({access, wan, {}});
    return static_cast<uint32_t>(m_networks.size() - 1);
}

uint32_t
RoamingScenarioHelper::AddNetwork(const std::string& access)
{
    if (m_useRadios)
    {
        const auto missing = GetMissingRadio(access);
        if (!missing.empty())
        {
            NS_FATAL_ERROR("RoamingScenarioHelper: " << missing);
        }
        NS_ABORT_MSG_IF(m_networks.size() >= MAX_RADIO_NETWORKS,
                        "RoamingScenarioHelper: at most " << MAX_RADIO_NETWORKS << " networks");
        // The profile of this name says of which type the link is.
        m_networks.push_back({*FindLinkProfile(access), *FindLinkProfile("wan"), access});
        m_hasRadios = true;
        return static_cast<uint32_t>(m_networks.size() - 1);
    }
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
RoamingScenarioHelper::SetLinks(const std::string& links)
{
    NS_ABORT_MSG_IF(links != "profile" && links != "radio",
                    "RoamingScenarioHelper: links are \"" << links
                                                          << "\", allowed are profile, radio");
    m_useRadios = links == "radio";
}

void
RoamingScenarioHelper::SetDualRadio(bool dual)
{
    m_dual = dual;
}

void
RoamingScenarioHelper::SetMovement(double distance, double speed, double begin)
{
    m_distance = distance;
    m_speed = speed;
    m_begin = begin;
}

void
RoamingScenarioHelper::SetTrigger(const std::string& trigger)
{
    NS_ABORT_MSG_IF(trigger != "timed" && trigger != "signal",
                    "RoamingScenarioHelper: trigger is \"" << trigger
                                                           << "\", allowed are timed, signal");
    m_bySignal = trigger == "signal";
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
RoamingScenarioHelper::SetFirstAtHome(bool atHome)
{
    m_firstAtHome = atHome;
}

void
RoamingScenarioHelper::SetLocalAaaServer(const std::string& id, uint32_t firstNetwork)
{
    m_localAaaId = id;
    m_localAaaFirst = firstNetwork;
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
RoamingScenarioHelper::MakeNode(bool withListRouting, bool hasPorts)
{
    auto node = CreateObject<Node>();
    InternetStackHelper stack;
    Ipv4StaticRoutingHelper routing;
    stack.SetIpv6StackInstall(false);
    Ipv4ListRoutingHelper list;
    list.Add(routing, 0);
    if (hasPorts)
    {
        stack.SetRoutingHelper(RadioNetworkHelper::GetRouting());
    }
    else if (withListRouting)
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

NodeContainer
RoamingScenarioHelper::StationsOf(uint32_t index) const
{
    const uint32_t networksOfMn = m_mnNetworks == 0 ? m_networks.size() : m_mnNetworks;
    return index < networksOfMn ? m_mnNodes : NodeContainer();
}

RadioAccess
RoamingScenarioHelper::BuildRadioAccess(uint32_t index, const NodeContainer& stations)
{
    NS_ABORT_MSG_IF(m_mnCount > MAX_RADIO_STATIONS,
                    "RoamingScenarioHelper: " << m_mnCount
                                              << " mobile nodes with radios, allowed "
                                                 "are at most "
                                              << MAX_RADIO_STATIONS);
    RadioAccessPlan plan;
    plan.position = Vector(m_distance * index, 0, 0);
    plan.network = Ipv4Address(RADIO_BASE + index * RADIO_STEP);
    plan.mask = Ipv4Mask(RADIO_MASK);
    plan.mobileNodes = stations;
    plan.makeRouter = [this] { return MakeNode(false, true); };
    return m_radio.AddNetwork(m_networks[index].radio, plan);
}

void
RoamingScenarioHelper::BuildRadioNetwork(uint32_t index)
{
    const auto& network = m_networks[index];
    const auto access = BuildRadioAccess(index, StationsOf(index));
    m_routers.push_back(access.router);
    Ipv4Address routerAddress;
    Connect(m_wan, access.router, network.wan, routerAddress);
    const uint32_t wanInterface = m_wan->GetObject<Ipv4>()->GetNInterfaces() - 1;
    auto posNode = MakeNode();
    Ipv4Address posAddress;
    Connect(access.router, posNode, m_local, posAddress);
    for (uint32_t mn = 0; mn < access.links.size(); ++mn)
    {
        const auto& link = access.links[mn];
        link->SetAttribute("Linger", TimeValue(m_dual ? LINGER : Time(0)));
        link->SetInterface(access.devices.Get(mn), access.gateway, {posAddress});
        m_links[mn].push_back(link);
    }
    auto routing = RoutingOf(m_wan);
    routing->AddNetworkRouteTo(Ipv4Address(RADIO_BASE + index * RADIO_STEP),
                               Ipv4Mask(RADIO_MASK),
                               routerAddress,
                               wanInterface);
    routing->AddHostRouteTo(posAddress, routerAddress, wanInterface);
    m_radioMtu = std::min(m_radioMtu, access.mtu);
    m_pointsOfService.push_back(
        m_mis.InstallPointOfService(posNode, PosId(index), posAddress, {access.link}));
}

void
RoamingScenarioHelper::InstallLinkEvents()
{
    for (const auto& pos : m_pointsOfService)
    {
        m_listeners.push_back(CreateObject<LinkEventListener>());
        m_listeners.back()->SetMisf(pos->GetMisf());
    }
    for (uint32_t mn = 0; mn < m_mnCount; ++mn)
    {
        m_notifiers.push_back(CreateObject<LinkEventNotifier>());
        m_notifiers.back()->SetMobileNode(m_mobileNodes[mn]);
        for (const auto& link : m_links[mn])
        {
            if (auto radio = DynamicCast<RadioAccessLink>(link))
            {
                radio->Follow(m_mobileNodes[mn]);
                m_notifiers.back()->Watch(radio);
            }
        }
    }
}

void
RoamingScenarioHelper::BuildNetwork(uint32_t index)
{
    const auto& network = m_networks[index];
    if (!network.radio.empty())
    {
        BuildRadioNetwork(index);
        return;
    }
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
    const auto routerLocalAddress = Connect(router, posNode, m_local, posAddress);
    // access link, its hub at the AR
    LinkHelper access;
    access.SetProfile(network.access);
    access.SetAddressBase(MacOf(m_nextMac));
    const NodeContainer stations = StationsOf(index);
    const auto devices = access.Install(router, stations);
    m_nextMac += devices.GetN();
    m_devices.Add(devices);
    m_hubs.Add(devices.Get(0));
    m_accessHubs.push_back(devices.Get(0));
    m_stations.emplace_back();
    const uint32_t base = ACCESS_BASE + index * ACCESS_STEP;
    const Ipv4Address gateway(base + 1);
    AddAddress(devices.Get(0), gateway, "255.255.0.0");
    const bool isReal = m_mis.IsLinkAuthenticationReal();
    const LinkId offered{network.access.type,
                         isReal && network.access.type == LinkType::UMTS
                             ? LinkAddress::Cell3g(assigned::TEST_PLMN, index + 1)
                             : LinkAddressOf(devices.Get(0)->GetAddress())};
    for (uint32_t mn = 0; mn < stations.GetN(); ++mn)
    {
        const auto device = DynamicCast<PointToMultipointNetDevice>(devices.Get(mn + 1));
        const Ipv4Address address(base + 2 + mn);
        AddAddress(device, address, "255.255.0.0");
        auto accessLink = CreateObject<ProfileAccessLink>();
        if (isReal)
        {
            accessLink->Configure(
                device,
                gateway,
                {{offered.type, LinkAddressOf(device->GetAddress())}, offered.address});
            accessLink->CarryLinkFrames(devices.Get(0)->GetAddress());
        }
        else
        {
            accessLink->Configure(device, gateway, {offered, std::nullopt});
        }
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
        m_mis.InstallPointOfService(posNode, PosId(index), posAddress, {offered}));
    if (isReal)
    {
        auto poa = m_mis.InstallPointOfAttachment(router,
                                                  PointOfAttachmentId(index),
                                                  routerLocalAddress,
                                                  offered,
                                                  PosId(index));
        m_pointsOfAttachment.push_back(poa);
        m_attachments.push_back(CreateObject<ProfileAttachment>());
        m_attachments.back()->Configure(devices.Get(0), poa);
    }
}

uint16_t
RoamingScenarioHelper::SmallestMtu() const
{
    uint16_t smallest = std::min(m_local.mtu, m_home.mtu);
    for (const auto& network : m_networks)
    {
        smallest = std::min(smallest, network.wan.mtu);
        smallest = std::min(smallest, network.radio.empty() ? network.access.mtu : m_radioMtu);
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
        m_mnNodes.Add(MakeNode(!m_group.empty(), m_hasRadios)); // of a group: it delivers multicast
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
    if (!m_localAaaId.empty())
    {
        Ipv4Address address;
        auto node = MakeNode();
        Connect(m_wan, node, m_local, address);
        std::vector<std::string> served;
        for (uint32_t i = m_localAaaFirst; i < m_networks.size(); ++i)
        {
            served.push_back(PosId(i));
        }
        m_localAaa = m_mis.InstallLocalAaaServer(node, m_localAaaId, address, served);
    }
    for (uint32_t mn = 0; mn < m_mnCount; ++mn)
    {
        m_radio.Place(m_mnNodes.Get(mn),
                      Vector(m_begin, BESIDE_M, 0),
                      Vector(mn == 0 ? m_speed : 0, 0, 0));
        m_mobileNodes.push_back(
            m_mis.InstallMobileNode(m_mnNodes.Get(mn), MobileNodeId(mn), PosId(0)));
        if (m_firstAtHome)
        {
            m_mis.SetHomePos(MobileNodeId(mn), PosId(0));
        }
    }
    if (m_hasRadios)
    {
        InstallLinkEvents();
    }
    for (uint32_t mn = 0; mn < m_mnCount; ++mn)
    {
        for (uint32_t i = 1; i < m_links[mn].size(); ++i)
        {
            m_links[mn][i]->Detach();
        }
        m_links[mn][0]->Attach([] {});
        m_mobileNodes[mn]->SetCurrentLink(m_links[mn][0]);
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
    stream += m_radio.AssignStreams(stream);
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
    NS_ABORT_MSG_IF(m_hasRadios,
                    "RoamingScenarioHelper: with radios mobile nodes register themselves, "
                    "SetAnchor(Anchor::CLIENT)");
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
    // With radios the packets are sent, and stop at the controlled port.
    const auto isOpen = [mn, hasRadios = m_hasRadios] { return hasRadios || mn->IsDataPathOpen(); };
    m_flow->Configure(m_mnNodes.Get(0), m_correspondent.Get(0), m_correspondentAddress, isOpen);
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
    for (const auto& poa : m_pointsOfAttachment)
    {
        m_recorder->ObservePointOfAttachment(poa->GetMisf());
    }
    m_recorder->ObserveGroupManager(m_gm->GetObject<Misf>());
    mn->TraceConnectWithoutContext("Preregistration",
                                   MakeCallback(&RoamingScenarioHelper::OnPreregistration, this));
    mn->TraceConnectWithoutContext("Handover",
                                   MakeCallback(&RoamingScenarioHelper::OnHandover, this));
    if (m_hasRadios)
    {
        mn->TraceConnectWithoutContext("DataPath",
                                       MakeCallback(&RoamingScenarioHelper::OnDataPath, this));
    }
    if (!m_bySignal)
    {
        Simulator::Schedule(start, &RoamingScenarioHelper::BeginPreregistration, this);
        return;
    }
    Simulator::Schedule(start, &RoamingScenarioHelper::AwaitSignal, this);
    for (const auto& link : m_links[0])
    {
        link->TraceConnectWithoutContext("GoingDown",
                                         MakeCallback(&RoamingScenarioHelper::OnGoingDown, this));
    }
}

void
RoamingScenarioHelper::AwaitSignal()
{
    m_awaitsSignal = true;
    const auto link = DynamicCast<MonitoredAccessLink>(m_mobileNodes.front()->GetCurrentLink());
    if (link && link->GetMonitor()->IsGoingDown())
    {
        OnGoingDown(link->GetLinkTupleId(), Time(), 0);
    }
}

void
RoamingScenarioHelper::OnGoingDown(const LinkTupleId&, Time, double)
{
    if (m_awaitsSignal)
    {
        m_awaitsSignal = false;
        Simulator::ScheduleNow(&RoamingScenarioHelper::BeginPreregistration, this);
    }
}

void
RoamingScenarioHelper::OnDataPath(bool open)
{
    if (open)
    {
        m_flow->ChangePath();
    }
}

Time
RoamingScenarioHelper::GetDuration() const
{
    // Preregistration and handover each end within a few transaction lifetimes.
    return Seconds(60) * static_cast<int64_t>(PathLength());
}

void
RoamingScenarioHelper::SetPath(std::vector<uint32_t> path)
{
    for (size_t i = 0; i < path.size(); ++i)
    {
        NS_ABORT_MSG_IF(i == 0 ? path[i] != 0 : path[i] == path[i - 1],
                        "RoamingScenarioHelper: a path begins with network 0, and two networks in "
                        "a row differ");
    }
    m_path = std::move(path);
}

uint32_t
RoamingScenarioHelper::NetworkAt(uint32_t position) const
{
    return m_path.empty() ? position : m_path[position];
}

uint32_t
RoamingScenarioHelper::PathLength() const
{
    return static_cast<uint32_t>(m_path.empty() ? m_networks.size() : m_path.size());
}

void
RoamingScenarioHelper::BeginPreregistration()
{
    m_recorder->Begin();
    const uint32_t next = NetworkAt(m_position + 1);
    if (!m_preregister)
    {
        if (!m_dual)
        {
            HandOver();
            return;
        }
        m_links[0][next]->Prepare([this] { HandOver(); });
        return;
    }
    PreregistrationTarget target;
    target.tpos = MisfId(PosId(next));
    target.link = m_links[0][next]->GetLinkTupleId();
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
    if (!m_dual)
    {
        HandOver();
        return;
    }
    m_links[0][NetworkAt(m_position + 1)]->Prepare([this] { HandOver(); });
}

void
RoamingScenarioHelper::HandOver()
{
    const uint32_t next = NetworkAt(m_position + 1);
    const auto& link = m_links[0][next];
    if (m_preregister)
    {
        m_mobileNodes.front()->Handover(link);
        return;
    }
    m_mobileNodes.front()->ColdHandover(link, MisfId(PosId(next)));
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
    if (m_succeeded && m_position + 1 < PathLength())
    {
        if (m_bySignal)
        {
            AwaitSignal();
            return;
        }
        Simulator::Schedule(PAUSE - DRAIN, &RoamingScenarioHelper::BeginPreregistration, this);
        return;
    }
    Simulator::Stop();
}

} // namespace ns3::mis
