// SPDX-License-Identifier: GPL-2.0-only

#include "mis-tunnel-end.h"

#include "ns3/abort.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/mac48-address.h"
#include "ns3/udp-socket-factory.h"

namespace ns3::mis
{

namespace
{

constexpr uint32_t IPV4_HEADER_OCTETS = 20;

/// The address is never on a wire, so all tunnels have the same; none is taken from ns-3's stock.
const Mac48Address&
TunnelMac()
{
    static const Mac48Address mac("02:00:00:00:00:01");
    return mac;
}

} // namespace

TunnelEnd::~TunnelEnd()
{
    Close();
}

void
TunnelEnd::Install(Ptr<Node> node,
                   Ipv4Address address,
                   Ipv4Mask mask,
                   uint16_t mtu,
                   Outbound outbound)
{
    m_node = node;
    m_outbound = std::move(outbound);
    m_device = CreateObject<VirtualNetDevice>();
    m_device->SetAddress(TunnelMac());
    m_device->SetMtu(mtu);
    m_device->SetSendCallback(MakeCallback(&TunnelEnd::Send, this));
    node->AddDevice(m_device);
    auto ipv4 = node->GetObject<Ipv4>();
    NS_ABORT_MSG_IF(!ipv4, "TunnelEnd: node " << node->GetId() << " has no IPv4");
    m_interface = ipv4->AddInterface(m_device);
    if (!address.IsAny())
    {
        ipv4->AddAddress(m_interface, Ipv4InterfaceAddress(address, mask));
    }
    ipv4->SetMetric(m_interface, 1);
    ipv4->SetUp(m_interface);
}

Ptr<Socket>
TunnelEnd::Open(uint16_t port, Inbound inbound)
{
    auto socket = Socket::CreateSocket(m_node, UdpSocketFactory::GetTypeId());
    NS_ABORT_MSG_IF(socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port)) != 0,
                    "TunnelEnd: UDP port " << port << " is in use at node " << m_node->GetId());
    socket->SetRecvCallback(MakeCallback(&TunnelEnd::OnReadable, this));
    m_ports.push_back({socket, std::move(inbound)});
    return socket;
}

void
TunnelEnd::Close()
{
    for (const auto& port : m_ports)
    {
        port.socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        port.socket->Close();
    }
    m_ports.clear();
    if (m_device)
    {
        m_device->SetSendCallback(VirtualNetDevice::SendCallback());
    }
    m_device = nullptr;
    m_node = nullptr;
    m_outbound = nullptr;
}

void
TunnelEnd::Deliver(Ptr<Packet> packet)
{
    m_device->Receive(packet,
                      Ipv4L3Protocol::PROT_NUMBER,
                      TunnelMac(),
                      TunnelMac(),
                      NetDevice::PACKET_HOST);
}

bool
TunnelEnd::Send(Ptr<Packet> packet, const Address&, const Address&, uint16_t protocol)
{
    if (protocol != Ipv4L3Protocol::PROT_NUMBER)
    {
        return false;
    }
    m_outbound(packet);
    return true;
}

void
TunnelEnd::OnReadable(Ptr<Socket> socket)
{
    Address from;
    while (auto packet = socket->RecvFrom(from))
    {
        for (const auto& port : m_ports)
        {
            if (port.socket == socket)
            {
                const auto sender = InetSocketAddress::ConvertFrom(from);
                const auto inbound = port.inbound;
                inbound(packet, sender.GetIpv4(), sender.GetPort());
                break;
            }
        }
    }
}

Bytes
OctetsOf(Ptr<const Packet> packet)
{
    Bytes octets(packet->GetSize());
    packet->CopyData(octets.data(), static_cast<uint32_t>(octets.size()));
    return octets;
}

std::optional<Ipv4Ends>
Ipv4EndsOf(Ptr<const Packet> packet)
{
    // ns-3 sends no options, and reads beyond a packet that says to have some.
    constexpr uint8_t VERSION_4_WITHOUT_OPTIONS = 0x45;
    uint8_t first = 0;
    packet->CopyData(&first, 1);
    if (packet->GetSize() < IPV4_HEADER_OCTETS || first != VERSION_4_WITHOUT_OPTIONS)
    {
        return std::nullopt;
    }
    Ipv4Header header;
    packet->PeekHeader(header);
    return Ipv4Ends{header.GetSource(), header.GetDestination()};
}

} // namespace ns3::mis
