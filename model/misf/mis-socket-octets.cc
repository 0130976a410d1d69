// SPDX-License-Identifier: GPL-2.0-only

#include "mis-socket-octets.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/mis-tlv.h"

#include <algorithm>
#include <array>

namespace ns3::mis
{

namespace
{

constexpr size_t IPV4_OCTETS = 4;
constexpr size_t IPV6_OCTETS = 16;
constexpr size_t PORT_OCTETS = 2;

} // namespace

Bytes
SocketOctets(const Address& address)
{
    std::array<uint8_t, IPV6_OCTETS> ip{};
    Bytes out;
    Writer writer(out);
    if (InetSocketAddress::IsMatchingType(address))
    {
        const auto socket = InetSocketAddress::ConvertFrom(address);
        socket.GetIpv4().Serialize(ip.data());
        writer.Octets(ByteView(ip).Sub(0, IPV4_OCTETS));
        writer.U16(socket.GetPort());
    }
    else if (Inet6SocketAddress::IsMatchingType(address))
    {
        const auto socket = Inet6SocketAddress::ConvertFrom(address);
        socket.GetIpv6().Serialize(ip.data());
        writer.Octets(ip);
        writer.U16(socket.GetPort());
    }
    return out;
}

std::optional<PeerAddress>
ReadSocketOctets(ByteView octets)
{
    if (octets.size() != IPV4_OCTETS + PORT_OCTETS && octets.size() != IPV6_OCTETS + PORT_OCTETS)
    {
        return std::nullopt;
    }
    const size_t ipOctets = octets.size() - PORT_OCTETS;
    std::array<uint8_t, IPV6_OCTETS> ip{};
    std::copy_n(octets.begin(), ipOctets, ip.begin());
    const uint16_t port = static_cast<uint16_t>(octets[ipOctets] << 8 | octets[ipOctets + 1]);
    if (ipOctets == IPV4_OCTETS)
    {
        return PeerAddress::Udp(Ipv4Address::Deserialize(ip.data()), port);
    }
    return PeerAddress::Udp(Ipv6Address::Deserialize(ip.data()), port);
}

} // namespace ns3::mis
