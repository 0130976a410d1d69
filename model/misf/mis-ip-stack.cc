// SPDX-License-Identifier: GPL-2.0-only

#include "mis-ip-stack.h"

#include "mis-ip-family.h"

#include "ns3/arp-cache.h"
#include "ns3/arp-l3-protocol.h"
#include "ns3/boolean.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv6-interface.h"
#include "ns3/ndisc-cache.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <array>
#include <type_traits>

namespace ns3::mis
{

namespace
{

constexpr uint8_t IPV4_BITS = 32;
constexpr uint8_t IPV6_BITS = 128;
constexpr uint32_t PENDING_PACKETS = 100;
constexpr const char* NO_JITTER = "ns3::ConstantRandomVariable[Constant=0]";

template <class Family>
Ptr<typename Family::Stack>
StackOf(const Node& node)
{
    auto stack = node.GetObject<typename Family::Stack>();
    NS_ABORT_MSG_IF(!stack, "node " << node.GetId() << " has no stack of the family");
    return stack;
}

template <class Family>
Ptr<typename Family::StaticRouting>
RoutingOf(Ptr<Node> node)
{
    auto routing = typename Family::StaticRoutingHelper().GetStaticRouting(StackOf<Family>(*node));
    NS_ABORT_MSG_IF(!routing, "node " << node->GetId() << " needs static routing");
    return routing;
}

template <class Family, class Fits>
void
RemoveRoutes(Ptr<typename Family::StaticRouting> routing, Fits fits)
{
    for (uint32_t i = routing->GetNRoutes(); i > 0; --i)
    {
        const typename Family::TableEntry route = routing->GetRoute(i - 1);
        if (fits(route))
        {
            routing->RemoveRoute(i - 1);
        }
    }
}

void
PrepareNode(Ptr<Node>, Ipv4Family)
{
}

void
PrepareNode(Ptr<Node> node, Ipv6Family)
{
    node->GetObject<Ipv6L3Protocol>()->SetAttribute("SendIcmpv6Redirect", BooleanValue(false));
    node->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(true));
    node->GetObject<Icmpv6L4Protocol>()->SetAttribute("DAD", BooleanValue(false));
}

void
Hasten(Ptr<NetDevice> device, Ipv4Family)
{
    const auto node = device->GetNode();
    const auto ipv4 = node->GetObject<Ipv4L3Protocol>();
    node->GetObject<ArpL3Protocol>()->SetAttribute("RequestJitter", StringValue(NO_JITTER));
    if (auto cache = ipv4->GetInterface(ipv4->GetInterfaceForDevice(device))->GetArpCache())
    {
        cache->SetAttribute("PendingQueueSize", UintegerValue(PENDING_PACKETS));
    }
}

void
Hasten(Ptr<NetDevice> device, Ipv6Family)
{
    const auto node = device->GetNode();
    const auto ipv6 = node->GetObject<Ipv6L3Protocol>();
    node->GetObject<Icmpv6L4Protocol>()->SetAttribute("SolicitationJitter", StringValue(NO_JITTER));
    if (auto cache = ipv6->GetInterface(ipv6->GetInterfaceForDevice(device))->GetNdiscCache())
    {
        cache->SetAttribute("UnresolvedQueueSize", UintegerValue(PENDING_PACKETS));
    }
}

void
AddMulticastRoute(Ptr<Ipv4StaticRouting> routing, Ipv4Address group, uint32_t from, uint32_t to)
{
    routing->AddMulticastRoute(Ipv4Address::GetAny(), group, from, {to});
}

void
AddMulticastRoute(Ptr<Ipv6StaticRouting> routing, Ipv6Address group, uint32_t from, uint32_t to)
{
    routing->AddMulticastRoute(Ipv6Address::GetAny(), group, from, {to});
}

template <class Family>
void
AppendHosts(const Node& node, std::vector<Address>& hosts)
{
    const auto stack = node.GetObject<typename Family::Stack>();
    for (uint32_t i = 1; stack && i < stack->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; j < stack->GetNAddresses(i); ++j)
        {
            const Address host = Family::HostOf(stack->GetAddress(i, j));
            if (!Ipv6Address::IsMatchingType(host) || !Ipv6Address::ConvertFrom(host).IsLinkLocal())
            {
                hosts.push_back(host);
            }
        }
    }
}

} // namespace

IpNetwork::IpNetwork(Ipv4Address address, Ipv4Mask mask)
    : m_address(address),
      m_prefixLength(static_cast<uint8_t>(mask.GetPrefixLength()))
{
}

IpNetwork::IpNetwork(Ipv6Address address, Ipv6Prefix prefix)
    : m_address(address),
      m_prefixLength(prefix.GetPrefixLength())
{
}

bool
IpNetwork::IsIpv6() const
{
    return Ipv6Address::IsMatchingType(m_address);
}

Address
IpNetwork::Host(uint32_t number) const
{
    const uint32_t bits = (IsIpv6() ? IPV6_BITS : IPV4_BITS) - m_prefixLength;
    // Neither the network itself nor, in IPv4, its broadcast address.
    NS_ABORT_MSG_IF(number == 0 || (bits < 32 && number >= (uint32_t{1} << bits) - !IsIpv6()),
                    "IpNetwork: a prefix of " << static_cast<uint32_t>(m_prefixLength)
                                              << " bits leaves no address " << number);
    if (!IsIpv6())
    {
        return Ipv4Address(Ipv4Address::ConvertFrom(m_address).Get() + number);
    }
    std::array<uint8_t, IPV6_BITS / 8> octets;
    Ipv6Address::ConvertFrom(m_address).Serialize(octets.data());
    for (size_t i = 0; i < sizeof(number); ++i)
    {
        octets[octets.size() - 1 - i] |= static_cast<uint8_t>(number >> 8 * i);
    }
    return Ipv6Address(octets.data());
}

Address
SocketAddressOf(const Address& host, uint16_t port)
{
    return WithFamilyOf(host, [&](auto family) -> Address {
        using Family = decltype(family);
        return typename Family::SocketAddress(Family::Host::ConvertFrom(host), port);
    });
}

Address
AnyHostLike(const Address& host)
{
    return WithFamilyOf(host,
                        [](auto family) -> Address { return decltype(family)::Host::GetAny(); });
}

std::vector<Address>
HostsOf(const Node& node)
{
    std::vector<Address> hosts;
    AppendHosts<Ipv4Family>(node, hosts);
    AppendHosts<Ipv6Family>(node, hosts);
    return hosts;
}

Address
HostOf(Ptr<NetDevice> device, const Address& like)
{
    return WithFamilyOf(like, [&](auto family) -> Address {
        using Family = decltype(family);
        const auto stack = StackOf<Family>(*device->GetNode());
        const auto interface = InterfaceOf(device, like);
        // The first address of an interface of IPv6 is its link-local one.
        constexpr uint32_t FIRST = std::is_same_v<Family, Ipv6Family> ? 1 : 0;
        NS_ABORT_MSG_IF(stack->GetNAddresses(interface) <= FIRST,
                        "the device has no address of the family");
        return Family::HostOf(stack->GetAddress(interface, FIRST));
    });
}

Ptr<NetDevice>
DeviceWith(const Node& node, const Address& host)
{
    return WithFamilyOf(host, [&](auto family) -> Ptr<NetDevice> {
        using Family = decltype(family);
        const auto stack = StackOf<Family>(node);
        const int32_t interface = stack->GetInterfaceForAddress(Family::Host::ConvertFrom(host));
        return interface < 0 ? nullptr : stack->GetNetDevice(static_cast<uint32_t>(interface));
    });
}

uint32_t
InterfaceOf(Ptr<NetDevice> device, const Address& like)
{
    return WithFamilyOf(like, [&](auto family) {
        const int32_t interface =
            StackOf<decltype(family)>(*device->GetNode())->GetInterfaceForDevice(device);
        NS_ABORT_MSG_IF(interface < 0, "the device needs an address of the family of " << like);
        return static_cast<uint32_t>(interface);
    });
}

uint32_t
AddInterface(Ptr<NetDevice> device, const Address& host, uint8_t prefixLength)
{
    return WithFamilyOf(host, [&](auto family) {
        using Family = decltype(family);
        const auto node = device->GetNode();
        const auto stack = StackOf<Family>(*node);
        PrepareNode(node, family);
        // That of a device such as the one of a tunnel may be there.
        const int32_t present = stack->GetInterfaceForDevice(device);
        const auto interface =
            present < 0 ? stack->AddInterface(device) : static_cast<uint32_t>(present);
        if constexpr (std::is_same_v<Family, Ipv6Family>)
        {
            // It gets its link-local address now, which others expect to be the first.
            stack->SetUp(interface);
        }
        stack->AddAddress(interface,
                          typename Family::InterfaceAddress(Family::Host::ConvertFrom(host),
                                                            Family::PrefixOf(prefixLength)));
        stack->SetMetric(interface, 1);
        stack->SetUp(interface);
        return interface;
    });
}

void
HastenResolution(Ptr<NetDevice> device, const Address& like)
{
    WithFamilyOf(like, [&](auto family) { Hasten(device, family); });
}

void
JoinGroup(Ptr<Node> node, const Address& group)
{
    if (Ipv6Address::IsMatchingType(group))
    {
        const auto ipv6 = node->GetObject<Ipv6L3Protocol>();
        ipv6->AddMulticastAddress(Ipv6Address::ConvertFrom(group));
    }
}

StaticRoutes::StaticRoutes(Ptr<Node> node, const Address& like)
    : m_node(node),
      m_like(like)
{
}

void
StaticRoutes::SetDefault(const Address& gateway, uint32_t interface)
{
    WithFamilyOf(m_like, [&](auto family) {
        using Family = decltype(family);
        const auto routing = RoutingOf<Family>(m_node);
        RemoveRoutes<Family>(routing, [](const auto& route) { return route.IsDefault(); });
        routing->SetDefaultRoute(Family::Host::ConvertFrom(gateway), interface);
    });
}

void
StaticRoutes::AddHost(const Address& host, const Address& gateway, uint32_t interface)
{
    WithFamilyOf(m_like, [&](auto family) {
        using Family = decltype(family);
        RoutingOf<Family>(m_node)->AddHostRouteTo(Family::Host::ConvertFrom(host),
                                                  Family::Host::ConvertFrom(gateway),
                                                  interface);
    });
}

void
StaticRoutes::RemoveHost(const Address& host, uint32_t interface)
{
    WithFamilyOf(m_like, [&](auto family) {
        using Family = decltype(family);
        RemoveRoutes<Family>(RoutingOf<Family>(m_node), [&](const auto& route) {
            return route.IsHost() && route.GetDest() == Family::Host::ConvertFrom(host) &&
                   route.GetInterface() == interface;
        });
    });
}

Ptr<NetDevice>
StaticRoutes::DeviceTo(const Address& host) const
{
    return WithFamilyOf(host, [&](auto family) -> Ptr<NetDevice> {
        using Family = decltype(family);
        typename Family::Header header;
        header.SetDestination(Family::Host::ConvertFrom(host));
        Socket::SocketErrno error;
        const auto route = RoutingOf<Family>(m_node)->RouteOutput(nullptr, header, nullptr, error);
        return route ? route->GetOutputDevice() : nullptr;
    });
}

void
StaticRoutes::AddNetwork(const IpNetwork& network, const Address& gateway, uint32_t interface)
{
    WithFamilyOf(m_like, [&](auto family) {
        using Family = decltype(family);
        RoutingOf<Family>(m_node)->AddNetworkRouteTo(
            Family::Host::ConvertFrom(network.GetAddress()),
            Family::PrefixOf(network.GetPrefixLength()),
            Family::Host::ConvertFrom(gateway),
            interface);
    });
}

void
StaticRoutes::AddNetwork(const IpNetwork& network, uint32_t interface)
{
    WithFamilyOf(m_like, [&](auto family) {
        using Family = decltype(family);
        RoutingOf<Family>(m_node)->AddNetworkRouteTo(
            Family::Host::ConvertFrom(network.GetAddress()),
            Family::PrefixOf(network.GetPrefixLength()),
            interface);
    });
}

void
StaticRoutes::AddGroup(const Address& group, uint32_t from, uint32_t to)
{
    WithFamilyOf(m_like, [&](auto family) {
        using Family = decltype(family);
        AddMulticastRoute(RoutingOf<Family>(m_node), Family::Host::ConvertFrom(group), from, to);
    });
}

} // namespace ns3::mis
