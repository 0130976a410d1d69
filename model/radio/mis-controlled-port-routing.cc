// SPDX-License-Identifier: GPL-2.0-only

#include "mis-controlled-port-routing.h"

#include "ns3/abort.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-static-routing.h"
#include "ns3/ipv4.h"

#include <algorithm>

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

ControlledPortRouting::Port&
ControlledPortRouting::PortOf(uint32_t interface)
{
    const auto port = m_ports.find(interface);
    NS_ABORT_MSG_IF(port == m_ports.end(),
                    "ControlledPortRouting: interface " << interface << " is no controlled port");
    return port->second;
}

void
ControlledPortRouting::SetOpen(uint32_t interface, bool open)
{
    PortOf(interface).isOpen = open;
}

void
ControlledPortRouting::Allow(uint32_t interface, Ipv4Address address)
{
    PortOf(interface).allowed.insert(address);
}

void
ControlledPortRouting::SetAuthorization(uint32_t interface, Authorization authorization)
{
    PortOf(interface).authorization = std::move(authorization);
}

void
ControlledPortRouting::SetEntered(Ipv4Address station, bool isThere)
{
    if (isThere)
    {
        m_absent.erase(station);
    }
    else
    {
        m_absent.insert(station);
    }
}

bool
ControlledPortRouting::IsOpen(uint32_t interface) const
{
    const auto port = m_ports.find(interface);
    return port == m_ports.end() || port->second.isOpen;
}

const ControlledPortRouting::Port*
ControlledPortRouting::FindPort(Ptr<const NetDevice> device) const
{
    const auto port = m_ports.find(static_cast<uint32_t>(m_node->GetInterfaceForDevice(device)));
    return port == m_ports.end() ? nullptr : &port->second;
}

bool
ControlledPortRouting::PassesOut(Ptr<const NetDevice> device,
                                 const Ipv4Header& header,
                                 bool isForwarded) const
{
    const auto to = header.GetDestination();
    if (m_absent.count(to) != 0)
    {
        return false;
    }
    const auto* port = FindPort(device);
    if (!port || port->isOpen || port->allowed.count(to) != 0)
    {
        return true;
    }
    return port->authorization && (!isForwarded || port->allowed.count(header.GetSource()) != 0 ||
                                   port->authorization(to));
}

bool
ControlledPortRouting::PassesIn(Ptr<const NetDevice> device, const Ipv4Header& header) const
{
    const auto* port = FindPort(device);
    const auto from = header.GetSource();
    if (!port || port->isOpen || port->allowed.count(from) != 0)
    {
        return true;
    }
    return port->authorization &&
           (port->allowed.count(header.GetDestination()) != 0 || port->authorization(from));
}

bool
ControlledPortRouting::PassesThrough(Ptr<const Packet> packet,
                                     const Ipv4Header& header,
                                     Ptr<const NetDevice> idev)
{
    const auto to = header.GetDestination();
    const auto interface = static_cast<uint32_t>(m_node->GetInterfaceForDevice(idev));
    const bool isGuarded =
        !m_absent.empty() || std::any_of(m_ports.begin(), m_ports.end(), [](const auto& port) {
            return port.second.authorization != nullptr;
        });
    if (!isGuarded || to.IsMulticast() || m_node->IsDestinationAddress(to, interface))
    {
        return true;
    }
    Socket::SocketErrno error;
    const auto route = Ipv4ListRouting::RouteOutput(packet->Copy(), header, nullptr, error);
    if (!route || PassesOut(route->GetOutputDevice(), header, true))
    {
        return true;
    }
    Drop(header, route->GetOutputDevice());
    return false;
}

void
ControlledPortRouting::Drop(const Ipv4Header& header, Ptr<const NetDevice> device)
{
    ++m_drops;
    m_dropTrace(header, static_cast<uint32_t>(m_node->GetInterfaceForDevice(device)));
}

Ptr<Ipv4Route>
ControlledPortRouting::RouteOutput(Ptr<Packet> packet,
                                   const Ipv4Header& header,
                                   Ptr<NetDevice> oif,
                                   Socket::SocketErrno& sockerr)
{
    auto route = Ipv4ListRouting::RouteOutput(packet, header, oif, sockerr);
    if (route && !PassesOut(route->GetOutputDevice(), header, false))
    {
        Drop(header, route->GetOutputDevice());
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
    if (!PassesIn(idev, header))
    {
        Drop(header, idev);
        ecb(packet, header, Socket::ERROR_NOROUTETOHOST);
        return true;
    }
    if (!PassesThrough(packet, header, idev))
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
