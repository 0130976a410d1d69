// SPDX-License-Identifier: GPL-2.0-only

#include "mis-controlled-port-routing.h"

#include "mis-ipv6-port-gate.h"

#include "ns3/icmpv6-header.h"
#include "ns3/icmpv6-l4-protocol.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(ControlledPortRouting);
NS_OBJECT_ENSURE_REGISTERED(Ipv6ControlledPortRouting);

namespace
{

// Protocol numbers.
constexpr int TCP = 6;
constexpr int UDP = 17;

/// ARP does not come here.
bool
ResolvesAddress(Ptr<const Packet>, const Ipv4Header&)
{
    return false;
}

/// Whether a packet is one of neighbour discovery (RFC 4861).
bool
ResolvesAddress(Ptr<const Packet> packet, const Ipv6Header& header)
{
    uint8_t type = 0;
    return packet && header.GetNextHeader() == Icmpv6L4Protocol::GetStaticProtocolNumber() &&
           packet->CopyData(&type, sizeof(type)) != 0 &&
           type >= Icmpv6Header::ICMPV6_ND_ROUTER_SOLICITATION &&
           type <= Icmpv6Header::ICMPV6_ND_REDIRECTION;
}

bool
IsForNode(Ptr<Ipv4> ipv4, const Ipv4Header& header, uint32_t interface)
{
    const auto to = header.GetDestination();
    return to.IsMulticast() || ipv4->IsDestinationAddress(to, interface);
}

/// The node has its own packets already when routing is asked.
bool
IsForNode(Ptr<Ipv6>, const Ipv6Header& header, uint32_t)
{
    return header.GetDestination().IsMulticast();
}

void
Refuse(const FamilyPortRouting<Ipv4Family>::Types::Error& ecb,
       Ptr<const Packet> packet,
       const Ipv4Header& header)
{
    ecb(packet, header, Socket::ERROR_NOROUTETOHOST);
}

/// A port is silent, but IPv6 of ns-3 would answer by an ICMPv6 message.
void
Refuse(const FamilyPortRouting<Ipv6Family>::Types::Error&, Ptr<const Packet>, const Ipv6Header&)
{
}

/// Makes routing with ports that goes by a table.
template <class Routing, class StaticRouting>
Ptr<Routing>
OverStatic()
{
    auto routing = CreateObject<Routing>();
    routing->AddRoutingProtocol(CreateObject<StaticRouting>(), 0);
    return routing;
}

} // namespace

template <class Family>
void
FamilyPortRouting<Family>::DoDispose()
{
    m_stack = nullptr;
    Family::ListRouting::DoDispose();
}

template <class Family>
void
FamilyPortRouting<Family>::SetStack(Ptr<typename Family::Stack> stack)
{
    m_stack = stack;
}

template <class Family>
void
FamilyPortRouting<Family>::Drop(const Header& header, uint32_t interface)
{
    CountDrop();
    m_dropTrace(header, interface);
}

template <class Family>
bool
FamilyPortRouting<Family>::Admits(uint32_t interface, const Header& header)
{
    if (PassesIn(interface, header.GetSource(), header.GetDestination()))
    {
        return true;
    }
    Drop(header, interface);
    return false;
}

template <class Family>
bool
FamilyPortRouting<Family>::PassesThrough(Ptr<const Packet> packet, const Header& header)
{
    Socket::SocketErrno error;
    const auto route = Family::ListRouting::RouteOutput(packet->Copy(), header, nullptr, error);
    if (!route)
    {
        return true;
    }
    constexpr bool IS_FORWARDED = true;
    const auto interface =
        static_cast<uint32_t>(m_stack->GetInterfaceForDevice(route->GetOutputDevice()));
    if (PassesOut(interface, header.GetSource(), header.GetDestination(), IS_FORWARDED))
    {
        return true;
    }
    Drop(header, interface);
    return false;
}

template <class Family>
Ptr<typename Family::Route>
FamilyPortRouting<Family>::RouteOutput(Ptr<Packet> packet,
                                       const Header& header,
                                       Ptr<NetDevice> oif,
                                       Socket::SocketErrno& sockerr)
{
    auto route = Family::ListRouting::RouteOutput(packet, header, oif, sockerr);
    if (!route || ResolvesAddress(packet, header))
    {
        return route;
    }
    const auto interface =
        static_cast<uint32_t>(m_stack->GetInterfaceForDevice(route->GetOutputDevice()));
    if (!PassesOut(interface, header.GetSource(), header.GetDestination(), false))
    {
        Drop(header, interface);
        sockerr = Socket::ERROR_NOROUTETOHOST;
        return nullptr;
    }
    return route;
}

template <class Family>
bool
FamilyPortRouting<Family>::RouteInput(Ptr<const Packet> packet,
                                      const Header& header,
                                      Ptr<const NetDevice> idev,
                                      typename Types::Unicast ucb,
                                      typename Types::Multicast mcb,
                                      typename Types::Local lcb,
                                      typename Types::Error ecb)
{
    const auto interface = static_cast<uint32_t>(m_stack->GetInterfaceForDevice(idev));
    const bool isForNode = IsForNode(m_stack, header, interface);
    if (!(isForNode && ResolvesAddress(packet, header)) && !Admits(interface, header))
    {
        Refuse(ecb, packet, header);
        return true;
    }
    if (!isForNode && GuardsForwarding() && !PassesThrough(packet, header))
    {
        Refuse(ecb, packet, header);
        return true;
    }
    return Family::ListRouting::RouteInput(packet, header, idev, ucb, mcb, lcb, ecb);
}

template class FamilyPortRouting<Ipv4Family>;
template class FamilyPortRouting<Ipv6Family>;

TypeId
ControlledPortRouting::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::ControlledPortRouting")
            .SetParent<Ipv4ListRouting>()
            .SetGroupName("MisPrereg")
            .AddConstructor<ControlledPortRouting>()
            .AddTraceSource("PortDrop",
                            "A packet was dropped because the controlled port is closed.",
                            MakeTraceSourceAccessor(&ControlledPortRouting::m_dropTrace),
                            "ns3::mis::ControlledPortRouting::DropTracedCallback");
    return tid;
}

void
ControlledPortRouting::SetIpv4(Ptr<Ipv4> ipv4)
{
    SetStack(ipv4);
    Ipv4ListRouting::SetIpv4(ipv4);
}

TypeId
Ipv6ControlledPortRouting::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::Ipv6ControlledPortRouting")
            .SetParent<Ipv6ListRouting>()
            .SetGroupName("MisPrereg")
            .AddConstructor<Ipv6ControlledPortRouting>()
            .AddTraceSource("PortDrop",
                            "A packet was dropped because the controlled port is closed.",
                            MakeTraceSourceAccessor(&Ipv6ControlledPortRouting::m_dropTrace),
                            "ns3::mis::Ipv6ControlledPortRouting::DropTracedCallback");
    return tid;
}

void
Ipv6ControlledPortRouting::SetIpv6(Ptr<Ipv6> ipv6)
{
    SetStack(ipv6);
    Ipv6ListRouting::SetIpv6(ipv6);
}

void
Ipv6ControlledPortRouting::OnPortAdded(uint32_t interface)
{
    const auto ipv6 = GetStack();
    for (const int protocol : {UDP, TCP})
    {
        if (auto transport = ipv6->GetProtocol(protocol))
        {
            auto gate = CreateObject<Ipv6PortGate>();
            gate->Configure(transport, [this, interface](const Ipv6Header& header) {
                return Admits(interface, header);
            });
            ipv6->Insert(gate, interface);
        }
    }
}

ControlledPortRoutingHelper*
ControlledPortRoutingHelper::Copy() const
{
    return new ControlledPortRoutingHelper(*this);
}

Ptr<Ipv4RoutingProtocol>
ControlledPortRoutingHelper::Create(Ptr<Node>) const
{
    return OverStatic<ControlledPortRouting, Ipv4StaticRouting>();
}

Ipv6ControlledPortRoutingHelper*
Ipv6ControlledPortRoutingHelper::Copy() const
{
    return new Ipv6ControlledPortRoutingHelper(*this);
}

Ptr<Ipv6RoutingProtocol>
Ipv6ControlledPortRoutingHelper::Create(Ptr<Node>) const
{
    return OverStatic<Ipv6ControlledPortRouting, Ipv6StaticRouting>();
}

} // namespace ns3::mis
