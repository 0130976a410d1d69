// SPDX-License-Identifier: GPL-2.0-only

#include "mis-link-helper.h"
#include "mis-roaming-scenario-helper.h"
#include "mis-roaming-scenario-nodes.h"

#include "ns3/abort.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-list-routing-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/mac48-address.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-controlled-port-routing.h"
#include "ns3/mis-udp-link-frame-port.h"

#include <algorithm>
#include <map>
#include <utility>

namespace ns3::mis
{

namespace
{

// Access networks are 10.1.0.0/16, 10.2.0.0/16, ...; all other links are /30 of 172.16.0.0/12.
constexpr uint32_t ACCESS_BASE = 0x0A010000;
constexpr uint32_t ACCESS_STEP = 0x00010000;
constexpr const char* ACCESS_MASK = "255.255.0.0";
// Of radios: 172.24.0.0/20, 172.24.16.0/20, ...; an EPC takes 7/8, 10/8 and more.
constexpr uint32_t RADIO_BASE = 0xAC180000;
constexpr uint32_t RADIO_STEP = 0x00001000;
constexpr const char* RADIO_MASK = "255.255.240.0";
constexpr uint32_t MAX_RADIO_STATIONS = 4000;
constexpr uint32_t INFRASTRUCTURE_BASE = 0xAC100000;

const Time LINGER = Seconds(1); // of the old radio of two

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

/// Link-layer and IP addresses.
using StationAddresses = std::vector<std::pair<Address, Ipv4Address>>;

Ipv4Address
AddressOf(Ptr<NetDevice> device)
{
    const auto ipv4 = device->GetNode()->GetObject<Ipv4>();
    return ipv4->GetAddress(ipv4->GetInterfaceForDevice(device), 0).GetLocal();
}

/// A port for the devices of a network of radios, which knows who is at the other end.
Ptr<LinkFramePort>
MakeLinkFramePort(const RadioAccess& access, const StationAddresses& peers)
{
    if (!access.carriesOnlyIp)
    {
        return CreateObject<LinkFramePort>();
    }
    auto port = CreateObject<UdpLinkFramePort>();
    for (const auto& [address, ip] : peers)
    {
        port->AddPeer(address, ip);
    }
    return port;
}

} // namespace

uint32_t
AddInterface(Ptr<NetDevice> device, Ipv4Address address, const char* mask)
{
    auto ipv4 = device->GetNode()->GetObject<Ipv4>();
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
    AddInterface(devices.Get(0), upperAddress, "255.255.255.252");
    const uint32_t interface = AddInterface(devices.Get(1), lowerAddress, "255.255.255.252");
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

LinkId
RoamingScenarioHelper::JoinRadioLinks(const RadioAccess& access, Ipv4Address posAddress)
{
    const bool isReal = m_mis.IsLinkAuthenticationReal();
    std::vector<Ipv4Address> peers{posAddress};
    if (isReal && access.carriesOnlyIp)
    {
        peers.push_back(access.gateway);
    }
    for (uint32_t mn = 0; mn < access.links.size(); ++mn)
    {
        const auto& link = access.links[mn];
        const auto device = access.devices.Get(mn);
        link->SetAttribute("Linger", TimeValue(m_dual ? LINGER : Time(0)));
        link->SetInterface(device, access.gateway, peers);
        if (isReal)
        {
            const auto port =
                MakeLinkFramePort(access, {{access.pointOfAttachment, access.gateway}});
            link->CarryLinkFrames(port, device, access.pointOfAttachment);
        }
        m_links[mn].push_back(link);
    }
    m_accessHubs.push_back(access.hub);
    m_stations.push_back(access.devices);
    m_radioMtu = std::min(m_radioMtu, access.mtu);
    return access.link;
}

void
RoamingScenarioHelper::AttachPointOfAttachment(uint32_t index,
                                               Ptr<PointOfAttachment> poa,
                                               const RadioAccess& access,
                                               Ipv4Address posAddress)
{
    auto attachment = CreateObject<LinkAttachment>();
    m_pointsOfAttachment.push_back(poa);
    m_attachments.push_back(attachment);
    if (m_networks[index].radio.empty())
    {
        attachment->Configure(CreateObject<LinkFramePort>(), m_accessHubs.back(), poa);
        return;
    }
    StationAddresses stations;
    std::map<Ipv4Address, LinkAddress> authorized;
    for (uint32_t i = 0; i < access.devices.GetN(); ++i)
    {
        const auto device = access.devices.Get(i);
        const auto address = device->GetAddress();
        const auto ip = AddressOf(device);
        stations.emplace_back(address, ip);
        authorized.emplace(ip, LinkAddressOf(address));
        if (m_anchorKind == Anchor::NETWORK)
        {
            authorized.emplace(HomeAddress(i), LinkAddressOf(address));
        }
        if (index == 0)
        {
            poa->Admit(LinkAddressOf(address)); // the mobile nodes begin there
        }
    }
    attachment->Configure(MakeLinkFramePort(access, stations), access.hub, poa);
    // The access router passes user data of authorized stations only.
    const auto ipv4 = access.router->GetObject<Ipv4>();
    const auto port = DynamicCast<ControlledPortRouting>(ipv4->GetRoutingProtocol());
    NS_ABORT_MSG_IF(!port, "RoamingScenarioHelper: the access router needs ControlledPortRouting");
    const auto interface = static_cast<uint32_t>(ipv4->GetInterfaceForDevice(access.hub));
    port->AddPort(interface);
    port->Allow(interface, access.gateway);
    port->Allow(interface, posAddress);
    // The node holds both.
    port->SetAuthorization(interface, [poa = PeekPointer(poa), authorized](Ipv4Address station) {
        const auto it = authorized.find(station);
        return it != authorized.end() && poa->IsAuthorized(it->second);
    });
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
    const bool isRadio = !network.radio.empty();
    RadioAccess radio;
    if (isRadio)
    {
        radio = BuildRadioAccess(index, StationsOf(index));
    }
    auto router = isRadio ? radio.router : MakeNode(m_anchorKind == Anchor::NETWORK);
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
    const LinkId offered =
        isRadio ? JoinRadioLinks(radio, posAddress) : BuildProfileAccess(index, router);
    // routes down from the WAN
    auto routing = RoutingOf(m_wan);
    routing->AddNetworkRouteTo(isRadio ? Ipv4Address(RADIO_BASE + index * RADIO_STEP)
                                       : Ipv4Address(ACCESS_BASE + index * ACCESS_STEP),
                               Ipv4Mask(isRadio ? RADIO_MASK : ACCESS_MASK),
                               routerAddress,
                               wanInterface);
    routing->AddHostRouteTo(posAddress, routerAddress, wanInterface);
    m_pointsOfService.push_back(
        m_mis.InstallPointOfService(posNode, PosId(index), posAddress, {offered}));
    if (m_mis.IsLinkAuthenticationReal())
    {
        auto poa = m_mis.InstallPointOfAttachment(router,
                                                  PointOfAttachmentId(index),
                                                  routerLocalAddress,
                                                  offered,
                                                  PosId(index));
        AttachPointOfAttachment(index, poa, radio, posAddress);
    }
}

LinkId
RoamingScenarioHelper::BuildProfileAccess(uint32_t index, Ptr<Node> router)
{
    const auto& profile = m_networks[index].access;
    LinkHelper access;
    access.SetProfile(profile);
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
    AddInterface(devices.Get(0), gateway, ACCESS_MASK);
    const bool isReal = m_mis.IsLinkAuthenticationReal();
    const LinkId offered{profile.type,
                         isReal && profile.type == LinkType::UMTS
                             ? LinkAddress::Cell3g(assigned::TEST_PLMN, index + 1)
                             : LinkAddressOf(devices.Get(0)->GetAddress())};
    for (uint32_t mn = 0; mn < stations.GetN(); ++mn)
    {
        const auto device = DynamicCast<PointToMultipointNetDevice>(devices.Get(mn + 1));
        AddInterface(device, Ipv4Address(base + 2 + mn), ACCESS_MASK);
        auto accessLink = CreateObject<ProfileAccessLink>();
        if (isReal)
        {
            accessLink->Configure(
                device,
                gateway,
                {{offered.type, LinkAddressOf(device->GetAddress())}, offered.address});
            accessLink->CarryLinkFrames(CreateObject<LinkFramePort>(),
                                        device,
                                        devices.Get(0)->GetAddress());
        }
        else
        {
            accessLink->Configure(device, gateway, {offered, std::nullopt});
        }
        m_links[mn].push_back(accessLink);
        m_stations.back().Add(device);
    }
    return offered;
}

} // namespace ns3::mis
