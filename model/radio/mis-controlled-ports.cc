// SPDX-License-Identifier: GPL-2.0-only

#include "mis-controlled-ports.h"

#include "ns3/abort.h"
#include "ns3/mis-ip-family.h"

#include <algorithm>

namespace ns3::mis
{

ControlledPorts*
ControlledPorts::Find(Ptr<Node> node, const Address& like)
{
    return WithFamilyOf(like, [&](auto family) {
        const auto stack = node->GetObject<typename decltype(family)::Stack>();
        return stack ? dynamic_cast<ControlledPorts*>(PeekPointer(stack->GetRoutingProtocol()))
                     : nullptr;
    });
}

void
ControlledPorts::AddPort(uint32_t interface)
{
    if (m_ports.emplace(interface, Port()).second)
    {
        OnPortAdded(interface);
    }
}

void
ControlledPorts::OnPortAdded(uint32_t)
{
}

ControlledPorts::Port&
ControlledPorts::PortOf(uint32_t interface)
{
    const auto port = m_ports.find(interface);
    NS_ABORT_MSG_IF(port == m_ports.end(),
                    "ControlledPorts: interface " << interface << " is no controlled port");
    return port->second;
}

void
ControlledPorts::SetOpen(uint32_t interface, bool open)
{
    PortOf(interface).isOpen = open;
}

void
ControlledPorts::Allow(uint32_t interface, const Address& address)
{
    PortOf(interface).allowed.insert(address);
}

void
ControlledPorts::SetAuthorization(uint32_t interface, Authorization authorization)
{
    PortOf(interface).authorization = std::move(authorization);
}

void
ControlledPorts::SetEntered(const Address& station, bool isThere)
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
ControlledPorts::IsOpen(uint32_t interface) const
{
    const auto port = m_ports.find(interface);
    return port == m_ports.end() || port->second.isOpen;
}

bool
ControlledPorts::PassesOut(uint32_t interface,
                           const Address& from,
                           const Address& to,
                           bool isForwarded) const
{
    if (m_absent.count(to) != 0)
    {
        return false;
    }
    const auto port = m_ports.find(interface);
    if (port == m_ports.end() || port->second.isOpen || port->second.allowed.count(to) != 0)
    {
        return true;
    }
    return port->second.authorization && (!isForwarded || port->second.allowed.count(from) != 0 ||
                                          port->second.authorization(to));
}

bool
ControlledPorts::PassesIn(uint32_t interface, const Address& from, const Address& to) const
{
    const auto port = m_ports.find(interface);
    if (port == m_ports.end() || port->second.isOpen || port->second.allowed.count(from) != 0)
    {
        return true;
    }
    return port->second.authorization &&
           (port->second.allowed.count(to) != 0 || port->second.authorization(from));
}

bool
ControlledPorts::GuardsForwarding() const
{
    return !m_absent.empty() || std::any_of(m_ports.begin(), m_ports.end(), [](const auto& port) {
        return port.second.authorization != nullptr;
    });
}

} // namespace ns3::mis
