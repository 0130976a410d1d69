// SPDX-License-Identifier: GPL-2.0-only

#include "mis-roaming-scenario-helper.h"

#include "mis-link-helper.h"

#include "ns3/abort.h"
#include "ns3/internet-stack-helper.h"
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
// Of radios: 172.24.0.0/20, 172.24.16.0/20, ...; an EPC takes 7/8, 10/8 and more.
constexpr uint32_t RADIO_BASE = 0xAC180000;
constexpr uint32_t RADIO_STEP = 0x00001000;
constexpr uint32_t MAX_RADIO_STATIONS = 4000;
constexpr uint32_t MAX_RADIO_NETWORKS = 100;
constexpr const char* RADIO_MASK = "255.255.240.0";
constexpr double BESIDE_M = 10; // of the mobile nodes from the row of points of attachment
constexpr uint32_t INFRASTRUCTURE_BASE = 0xAC100000;
constexpr uint32_t MAX_NETWORKS = 200;
constexpr uint32_t NEIGHBOUR_REACH = 4; // networks are in a row; so many on each side are in reach

const Time PAUSE = Seconds(2);           // between handover and next preregistration
const Time BEFORE_HANDOVER = Seconds(1); // between preregistration and handover
const Time DRAIN = Seconds(1);           // for packets under way
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

Ptr<Node>
RoamingScenarioHelper::MakeNode(bool hasPorts)
{
    auto node = CreateObject<Node>();
    InternetStackHelper stack;
    Ipv4StaticRoutingHelper routing;
    stack.SetIpv6StackInstall(false);
    if (hasPorts)
    {
        stack.SetRoutingHelper(RadioNetworkHelper::GetRouting());
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
    plan.makeRouter = [this] { return MakeNode(true); };
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
    auto router = MakeNode();
    m_routers.push_back(router);
    // WAN - AR
    Ipv4Address routerAddress;
    Connect(m_wan, router, network.wan, routerAddress);
    const uint32_t wanInterface = m_wan->GetObject<Ipv4>()->GetNInterfaces() - 1;
    // AR - PoS
    auto posNode = MakeNode();
    Ipv4Address posAddress;
    Connect(router, posNode, m_local, posAddress);
    // access link, its hub at the AR
    LinkHelper access;
    access.SetProfile(network.access);
    access.SetAddressBase(MacOf(m_nextMac));
    const NodeContainer stations = StationsOf(index);
    const auto devices = access.Install(router, stations);
    m_nextMac += devices.GetN();
    m_devices.Add(devices);
    m_hubs.Add(devices.Get(0));
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

void
RoamingScenarioHelper::LimitPathMtu()
{
    uint16_t smallest = std::min(m_local.mtu, m_home.mtu);
    for (const auto& network : m_networks)
    {
        smallest = std::min(smallest, network.wan.mtu);
        smallest = std::min(smallest, network.radio.empty() ? network.access.mtu : m_radioMtu);
    }
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
        m_mnNodes.Add(MakeNode(m_hasRadios));
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
        m_radio.Place(m_mnNodes.Get(mn),
                      Vector(m_begin, BESIDE_M, 0),
                      Vector(mn == 0 ? m_speed : 0, 0, 0));
        m_mobileNodes.push_back(
            m_mis.InstallMobileNode(m_mnNodes.Get(mn), MobileNodeId(mn), PosId(0)));
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
    LimitPathMtu();
    int64_t stream = firstStream;
    stream += m_mis.AssignStreams(stream);
    stream += LinkHelper::AssignStreams(m_hubs, stream);
    m_radio.AssignStreams(stream);
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
    return Seconds(60) * static_cast<int64_t>(m_networks.size());
}

void
RoamingScenarioHelper::BeginPreregistration()
{
    m_recorder->Begin();
    if (!m_preregister)
    {
        if (!m_dual)
        {
            HandOver();
            return;
        }
        m_links[0][m_position + 1]->Prepare([this] { HandOver(); });
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
    if (!m_dual)
    {
        HandOver();
        return;
    }
    m_links[0][m_position + 1]->Prepare([this] { HandOver(); });
}

void
RoamingScenarioHelper::HandOver()
{
    const auto& link = m_links[0][m_position + 1];
    if (m_preregister)
    {
        m_mobileNodes.front()->Handover(link);
        return;
    }
    m_mobileNodes.front()->ColdHandover(link, MisfId(PosId(m_position + 1)));
}

void
RoamingScenarioHelper::OnHandover(const HandoverReport& report)
{
    m_succeeded = report.outcome == "success";
    m_recorder->HandoverOver();
    Simulator::Schedule(DRAIN, &RoamingScenarioHelper::Finish, this);
}

void
RoamingScenarioHelper::Finish()
{
    m_recorder->End();
    m_done(m_position, m_recorder->Get());
    ++m_position;
    if (m_succeeded && m_position + 1 < m_networks.size())
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
