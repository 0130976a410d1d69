// SPDX-License-Identifier: GPL-2.0-only

#include "mis-ipv6-port-gate.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(Ipv6PortGate);

TypeId
Ipv6PortGate::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::Ipv6PortGate")
                            .SetParent<IpL4Protocol>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<Ipv6PortGate>();
    return tid;
}

void
Ipv6PortGate::DoDispose()
{
    m_protocol = nullptr;
    m_admits = nullptr;
    IpL4Protocol::DoDispose();
}

void
Ipv6PortGate::Configure(Ptr<IpL4Protocol> protocol, std::function<bool(const Ipv6Header&)> admits)
{
    m_protocol = protocol;
    m_admits = std::move(admits);
}

int
Ipv6PortGate::GetProtocolNumber() const
{
    return m_protocol->GetProtocolNumber();
}

IpL4Protocol::RxStatus
Ipv6PortGate::Receive(Ptr<Packet> packet, const Ipv4Header& header, Ptr<Ipv4Interface> interface)
{
    return m_protocol->Receive(packet, header, interface);
}

IpL4Protocol::RxStatus
Ipv6PortGate::Receive(Ptr<Packet> packet, const Ipv6Header& header, Ptr<Ipv6Interface> interface)
{
    // Nobody is told of what does not pass.
    return m_admits(header) ? m_protocol->Receive(packet, header, interface) : RX_ENDPOINT_CLOSED;
}

void
Ipv6PortGate::SetDownTarget(DownTargetCallback target)
{
    m_protocol->SetDownTarget(target);
}

void
Ipv6PortGate::SetDownTarget6(DownTargetCallback6 target)
{
    m_protocol->SetDownTarget6(target);
}

IpL4Protocol::DownTargetCallback
Ipv6PortGate::GetDownTarget() const
{
    return m_protocol->GetDownTarget();
}

IpL4Protocol::DownTargetCallback6
Ipv6PortGate::GetDownTarget6() const
{
    return m_protocol->GetDownTarget6();
}

} // namespace ns3::mis
