// SPDX-License-Identifier: GPL-2.0-only

#include "mis-link-helper.h"
#include "mis-roaming-scenario-helper.h"
#include "mis-roaming-scenario-nodes.h"

#include "ns3/abort.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-list-routing-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/mac48-address.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-controlled-ports.h"
#include "ns3/mis-udp-link-frame-port.h"

#include <algorithm>
#include <map>
#include <utility>

namespace ns3::mis
{

namespace
{

constexpr uint32_t MAX_RADIO_STATIONS = 4000;

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
using StationAddresses = std::vector<std::pair<Address, Address>>;

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

Ptr<Node>
RoamingScenarioHelper::MakeNode(bool withListRouting, bool hasPorts)
{
    auto node = CreateObject<Node>();
    InternetStackHelper stack;
    stack.SetIpv4StackInstall(!m_isIpv6);
    stack.SetIpv6StackInstall(m_isIpv6);
    Ipv4StaticRoutingHelper routing;
    Ipv4ListRoutingHelper list;
    list.Add(routing, 0);
    stack.SetRoutingHelper(Ipv6StaticRoutingHelper());
    if (hasPorts)
    {
        RadioNetworkHelper::SetRouting(stack);
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

RoamingScenarioHelper::Connection
RoamingScenarioHelper::Connect(Ptr<Node> upper, Ptr<Node> lower, const LinkProfile& profile)
{
    LinkHelper link;
    link.SetProfile(profile);
    link.SetAddressBase(MacOf(m_nextMac));
    m_nextMac += 2;
    const auto devices = link.Install(upper, lower);
    m_devices.Add(devices);
    m_hubs.Add(devices.Get(0));
    const auto network = ScenarioAddresses(m_isIpv6).Infrastructure(m_nextSubnet++);
    const auto prefixLength = network.GetPrefixLength();
    const auto upperAddress = network.Host(1);
    const auto lowerAddress = network.Host(2);
    const auto upperInterface = AddInterface(devices.Get(0), upperAddress, prefixLength);
    const auto lowerInterface = AddInterface(devices.Get(1), lowerAddress, prefixLength);
    StaticRoutes(lower, upperAddress).SetDefault(upperAddress, lowerInterface);
    return {upperAddress, upperInterface, lowerAddress};
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
    plan.network = ScenarioAddresses(m_isIpv6).Access(index, true);
    plan.mobileNodes = stations;
    plan.makeRouter = [this] { return MakeNode(false, true); };
    return m_radio.AddNetwork(m_networks[index].radio, plan);
}

LinkId
RoamingScenarioHelper::JoinRadioLinks(const RadioAccess& access, const Address& posAddress)
{
    const bool isReal = m_mis.IsLinkAuthenticationReal();
    std::vector<Address> peers{posAddress};
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
                                               const Address& posAddress)
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
    std::map<Address, LinkAddress> authorized;
    for (uint32_t i = 0; i < access.devices.GetN(); ++i)
    {
        const auto device = access.devices.Get(i);
        const auto address = device->GetAddress();
        const auto ip = HostOf(device, access.gateway);
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
    auto* port = ControlledPorts::Find(access.router, access.gateway);
    NS_ABORT_MSG_IF(!port, "RoamingScenarioHelper: the access router needs controlled ports");
    const auto interface = InterfaceOf(access.hub, access.gateway);
    port->AddPort(interface);
    port->Allow(interface, access.gateway);
    port->Allow(interface, posAddress);
    // The node holds both.
    port->SetAuthorization(interface, [poa = PeekPointer(poa), authorized](const Address& station) {
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
    auto& network = m_networks[index];
    const bool isRadio = !network.radio.empty();
    RadioAccess radio;
    if (isRadio)
    {
        radio = BuildRadioAccess(index, StationsOf(index));
        network.carriesMulticast = !radio.carriesOnlyIp;
    }
    auto router = isRadio ? radio.router : MakeNode(m_anchorKind == Anchor::NETWORK);
    m_routers.push_back(router);
    // WAN - AR
    const auto toRouter = Connect(m_wan, router, network.wan);
    m_routerAddresses.push_back(toRouter.lower);
    // AR - PoS
    auto posNode = MakeNode();
    const auto toPos = Connect(router, posNode, m_local);
    const auto& posAddress = toPos.lower;
    network.posInterface = toPos.upperInterface;
    const LinkId offered =
        isRadio ? JoinRadioLinks(radio, posAddress) : BuildProfileAccess(index, router);
    // routes down from the WAN
    StaticRoutes routes(m_wan, posAddress);
    routes.AddNetwork(ScenarioAddresses(m_isIpv6).Access(index, isRadio),
                      toRouter.lower,
                      toRouter.upperInterface);
    routes.AddHost(posAddress, toRouter.lower, toRouter.upperInterface);
    m_pointsOfService.push_back(
        m_mis.InstallPointOfService(posNode, PosId(index), posAddress, {offered}));
    if (m_mis.IsLinkAuthenticationReal())
    {
        auto poa = m_mis.InstallPointOfAttachment(router,
                                                  PointOfAttachmentId(index),
                                                  toPos.upper,
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
    const auto addresses = ScenarioAddresses(m_isIpv6).Access(index, false);
    const auto gateway = addresses.Host(1);
    AddInterface(devices.Get(0), gateway, addresses.GetPrefixLength());
    const bool isReal = m_mis.IsLinkAuthenticationReal();
    const LinkId offered{profile.type,
                         isReal && profile.type == LinkType::UMTS
                             ? LinkAddress::Cell3g(assigned::TEST_PLMN, index + 1)
                             : LinkAddressOf(devices.Get(0)->GetAddress())};
    for (uint32_t mn = 0; mn < stations.GetN(); ++mn)
    {
        const auto device = DynamicCast<PointToMultipointNetDevice>(devices.Get(mn + 1));
        AddInterface(device, addresses.Host(2 + mn), addresses.GetPrefixLength());
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
