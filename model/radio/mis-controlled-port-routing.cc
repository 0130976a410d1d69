// SPDX-License-Identifier: GPL-2.0-only

#include "mis-controlled-port-routing.h"

#include "ns3/abort.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-static-routing.h"
#include "ns3/ipv4.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(ControlledPortRouting);

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
ControlledPortRouting::DoDispose()
{
    m_node = nullptr;
    Ipv4ListRouting::DoDispose();
}

void
ControlledPortRouting::SetIpv4(Ptr<Ipv4> ipv4)
{
    m_node = ipv4;
    Ipv4ListRouting::SetIpv4(ipv4);
}

void
ControlledPortRouting::AddPort(uint32_t interface)
{
    m_ports[interface];
}

void
ControlledPortRouting::SetOpen(uint32_t interface, bool open)
{
    const auto port = m_ports.find(interface);
    NS_ABORT_MSG_IF(port == m_ports.end(),
                    "ControlledPortRouting: interface " << interface << " is no controlled port");
    port->second.isOpen = open;
}

void
ControlledPortRouting::Allow(uint32_t interface, Ipv4Address peer)
{
    const auto port = m_ports.find(interface);
    NS_ABORT_MSG_IF(port == m_ports.end(),
                    "ControlledPortRouting: interface " << interface << " is no controlled port");
    port->second.allowed.insert(peer);
}

bool
ControlledPortRouting::IsOpen(uint32_t interface) const
{
    const auto port = m_ports.find(interface);
    return port == m_ports.end() || port->second.isOpen;
}

bool
ControlledPortRouting::Passes(Ptr<const NetDevice> device,
                              const Ipv4Header& header,
                              Ipv4Address peer)
{
    const auto interface = static_cast<uint32_t>(m_node->GetInterfaceForDevice(device));
    const auto port = m_ports.find(interface);
    if (port == m_ports.end() || port->second.isOpen || port->second.allowed.count(peer) != 0)
    {
        return true;
    }
    ++m_drops;
    m_dropTrace(header, interface);
    return false;
}

Ptr<Ipv4Route>
ControlledPortRouting::RouteOutput(Ptr<Packet> packet,
                                   const Ipv4Header& header,
                                   Ptr<NetDevice> oif,
                                   Socket::SocketErrno& sockerr)
{
    auto route = Ipv4ListRouting::RouteOutput(packet, header, oif, sockerr);
    if (route && !Passes(route->GetOutputDevice(), header, header.GetDestination()))
    {
        sockerr = Socket::ERROR_NOROUTETOHOST;
        return nullptr;
    }
    return route;
}

bool
ControlledPortRouting::RouteInput(Ptr<const Packet> packet,
                                  const Ipv4Header& header,
                                  Ptr<const NetDevice> idev,
                                  Types::Unicast ucb,
                                  Types::Multicast mcb,
                                  Types::Local lcb,
                                  Types::Error ecb)
{
    if (!Passes(idev, header, header.GetSource()))
    {
        ecb(packet, header, Socket::ERROR_NOROUTETOHOST);
        return true;
    }
    return Ipv4ListRouting::RouteInput(packet, header, idev, ucb, mcb, lcb, ecb);
}

ControlledPortRoutingHelper*
ControlledPortRoutingHelper::Copy() const
{
    return new ControlledPortRoutingHelper(*this);
}

Ptr<Ipv4RoutingProtocol>
ControlledPortRoutingHelper::Create(Ptr<Node>) const
{
    auto routing = CreateObject<ControlledPortRouting>();
    routing->AddRoutingProtocol(CreateObject<Ipv4StaticRouting>(), 0);
    return routing;
}

} // namespace ns3::mis
