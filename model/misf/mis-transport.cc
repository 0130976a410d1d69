// SPDX-License-Identifier: GPL-2.0-only

#include "mis-transport.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/ipv6.h"
#include "ns3/log.h"
#include "ns3/mac48-address.h"
#include "ns3/mis-message.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cstring>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisTransport");

namespace
{

constexpr uint16_t ETHERTYPE = 0x8917;
constexpr size_t IPV4_UDP_OCTETS = 20 + 8;
constexpr size_t IPV6_UDP_OCTETS = 40 + 8;
constexpr size_t ETHERNET_MINIMUM = 46; // shorter frames are padded on some links

/**
 * Octets of a received packet, in a buffer shared by all nodes. A receiver that runs inside
 * another receiver gets a buffer of its own.
 */
class ReceiveBuffer
{
  public:
    explicit ReceiveBuffer(const Packet& packet)
    {
        auto& shared = Shared();
        m_borrowed = !shared.inUse;
        Bytes& octets = m_borrowed ? shared.octets : m_own;
        shared.inUse = true;
        if (octets.size() < packet.GetSize())
        {
            octets.resize(packet.GetSize());
        }
        packet.CopyData(octets.data(), packet.GetSize());
        m_view = ByteView(octets.data(), packet.GetSize());
    }

    ~ReceiveBuffer()
    {
        if (m_borrowed)
        {
            Shared().inUse = false;
        }
    }

    ReceiveBuffer(const ReceiveBuffer&) = delete;
    ReceiveBuffer& operator=(const ReceiveBuffer&) = delete;

    ByteView View() const
    {
        return m_view;
    }

  private:
    struct SharedBuffer
    {
        Bytes octets;
        bool inUse{false};
    };

    static SharedBuffer& Shared()
    {
        static thread_local SharedBuffer shared;
        return shared;
    }

    bool m_borrowed;
    Bytes m_own;
    ByteView m_view;
};

/// The header that some octets, at least as many as it has, begin with.
std::optional<Header>
ReadHeader(ByteView octets)
{
    const auto header = Header::Read(octets.Sub(0, Header::SIZE));
    return header ? std::optional<Header>(*header) : std::nullopt;
}

} // namespace

Address
HostOf(const Address& socketAddress)
{
    if (InetSocketAddress::IsMatchingType(socketAddress))
    {
        return InetSocketAddress::ConvertFrom(socketAddress).GetIpv4();
    }
    return Inet6SocketAddress::ConvertFrom(socketAddress).GetIpv6();
}

Address
LocalAddressTo(const Node& node, const Address& remote)
{
    Socket::SocketErrno error;
    if (InetSocketAddress::IsMatchingType(remote))
    {
        const auto ipv4 = node.GetObject<Ipv4>();
        const auto routing = ipv4 ? ipv4->GetRoutingProtocol() : nullptr;
        Ipv4Header header;
        header.SetDestination(InetSocketAddress::ConvertFrom(remote).GetIpv4());
        const auto route =
            routing ? routing->RouteOutput(nullptr, header, nullptr, error) : nullptr;
        return route ? Address(route->GetSource()) : Address();
    }
    const auto ipv6 = node.GetObject<Ipv6>();
    const auto routing = ipv6 ? ipv6->GetRoutingProtocol() : nullptr;
    Ipv6Header header;
    header.SetDestination(Inet6SocketAddress::ConvertFrom(remote).GetIpv6());
    const auto route = routing ? routing->RouteOutput(nullptr, header, nullptr, error) : nullptr;
    return route ? Address(route->GetSource()) : Address();
}

const char*
ToString(TransportType type)
{
    switch (type)
    {
    case TransportType::UDP:
        return "UDP";
    case TransportType::TCP:
        return "TCP";
    case TransportType::L2:
        return "L2";
    case TransportType::ESP:
        return "ESP";
    case TransportType::TLS:
        return "TLS";
    }
    return "unknown";
}

bool
PeerAddress::IsMulticast() const
{
    if (transport == TransportType::L2)
    {
        return Mac48Address::ConvertFrom(address).IsGroup();
    }
    if (InetSocketAddress::IsMatchingType(address))
    {
        const auto ip = InetSocketAddress::ConvertFrom(address).GetIpv4();
        return ip.IsMulticast() || ip.IsBroadcast();
    }
    if (Inet6SocketAddress::IsMatchingType(address))
    {
        return Inet6SocketAddress::ConvertFrom(address).GetIpv6().IsMulticast();
    }
    return false;
}

PeerAddress
PeerAddress::Udp(Ipv4Address address, uint16_t port)
{
    return {TransportType::UDP, InetSocketAddress(address, port), nullptr};
}

PeerAddress
PeerAddress::Udp(Ipv6Address address, uint16_t port)
{
    return {TransportType::UDP, Inet6SocketAddress(address, port), nullptr};
}

PeerAddress
PeerAddress::Tcp(Ipv4Address address, uint16_t port)
{
    return {TransportType::TCP, InetSocketAddress(address, port), nullptr};
}

PeerAddress
PeerAddress::Tcp(Ipv6Address address, uint16_t port)
{
    return {TransportType::TCP, Inet6SocketAddress(address, port), nullptr};
}

PeerAddress
PeerAddress::L2(Mac48Address address, Ptr<NetDevice> device)
{
    return {TransportType::L2, address, device};
}

Mac48Address
MisGroupMac()
{
    return Mac48Address("01:80:c2:00:00:0e");
}

// UDP

UdpTransport::UdpTransport(Ptr<Node> node, uint16_t port, uint16_t pathMtu, Receiver receiver)
    : m_pathMtu(pathMtu),
      m_receiver(std::move(receiver))
{
    const auto open = [&](const Address& local) {
        auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
        // A point of service may receive a burst from all its mobile nodes at one instant.
        socket->SetAttributeFailSafe("RcvBufSize", UintegerValue(64 * 1024 * 1024));
        if (socket->Bind(local) != 0)
        {
            NS_FATAL_ERROR("Misf: UDP port " << port << " of node " << node->GetId()
                                             << " is taken by another application");
        }
        socket->SetRecvCallback(MakeCallback(&UdpTransport::Receive, this));
        return socket;
    };
    if (node->GetObject<Ipv4>())
    {
        m_socket4 = open(InetSocketAddress(Ipv4Address::GetAny(), port));
    }
    if (node->GetObject<Ipv6>())
    {
        m_socket6 = open(Inet6SocketAddress(Ipv6Address::GetAny(), port));
    }
}

UdpTransport::~UdpTransport()
{
    for (const auto& socket : {m_socket4, m_socket6})
    {
        if (socket)
        {
            socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
            socket->Close();
        }
    }
}

bool
UdpTransport::Send(Ptr<Packet> frame, const PeerAddress& to)
{
    const auto& socket = InetSocketAddress::IsMatchingType(to.address) ? m_socket4 : m_socket6;
    return socket && socket->SendTo(frame, 0, to.address) >= 0;
}

size_t
UdpTransport::Mtu(const PeerAddress& to) const
{
    return m_pathMtu -
           (InetSocketAddress::IsMatchingType(to.address) ? IPV4_UDP_OCTETS : IPV6_UDP_OCTETS);
}

void
UdpTransport::Receive(Ptr<Socket> socket)
{
    PeerAddress from;
    while (auto packet = socket->RecvFrom(from.address))
    {
        const ReceiveBuffer buffer(*packet);
        m_receiver(buffer.View(), from);
    }
}

// streams

void
FrameStream::Append(ByteView octets)
{
    m_octets.erase(m_octets.begin(), m_octets.begin() + m_consumed);
    m_consumed = 0;
    m_octets.insert(m_octets.end(), octets.begin(), octets.end());
}

bool
FrameStream::Next(Bytes& frame)
{
    const auto rest = Rest();
    const auto header = rest.size() < Header::SIZE ? std::nullopt : ReadHeader(rest);
    if (!header || rest.size() < Header::SIZE + header->length)
    {
        return false;
    }
    const auto whole = rest.Sub(0, Header::SIZE + header->length);
    frame.assign(whole.begin(), whole.end());
    m_consumed += frame.size();
    return true;
}

bool
FrameStream::IsBroken() const
{
    return Rest().size() >= Header::SIZE && !ReadHeader(Rest());
}

// L2

L2Transport::L2Transport(Ptr<Node> node, Receiver receiver)
    : m_node(node),
      m_receiver(std::move(receiver))
{
    m_node->RegisterProtocolHandler(MakeCallback(&L2Transport::Receive, this), ETHERTYPE, nullptr);
}

L2Transport::~L2Transport()
{
    m_node->UnregisterProtocolHandler(MakeCallback(&L2Transport::Receive, this));
}

bool
L2Transport::Send(Ptr<Packet> frame, const PeerAddress& to)
{
    return to.device && to.device->Send(frame, to.address, ETHERTYPE);
}

size_t
L2Transport::Mtu(const PeerAddress& to) const
{
    return to.device ? to.device->GetMtu() : 0;
}

void
L2Transport::Receive(Ptr<NetDevice> device,
                     Ptr<const Packet> packet,
                     uint16_t,
                     const Address& from,
                     const Address&,
                     NetDevice::PacketType)
{
    const ReceiveBuffer buffer(*packet);
    ByteView frame = buffer.View();
    if (frame.size() >= Header::SIZE && frame.size() <= ETHERNET_MINIMUM)
    {
        if (const auto header = Header::Read(frame.Sub(0, Header::SIZE));
            header && Header::SIZE + header->length < frame.size())
        {
            frame = frame.Sub(0, Header::SIZE + header->length);
        }
    }
    m_receiver(frame, {TransportType::L2, from, device});
}

} // namespace ns3::mis
