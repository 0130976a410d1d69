// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Socket addresses as octets of a TLV (PA-23).
 */
#ifndef MIS_SOCKET_OCTETS_H
#define MIS_SOCKET_OCTETS_H

#include "ns3/mis-transport.h"
#include "ns3/mis-types.h"

#include <optional>

namespace ns3::mis
{

/**
 * @param address InetSocketAddress or Inet6SocketAddress
 * @return IP address (4 or 16 octets) and port (2 octets); empty for another kind of address
 */
Bytes SocketOctets(const Address& address);

/**
 * @param octets as from SocketOctets
 * @return UDP address, or nothing if the length fits neither IPv4 nor IPv6
 */
std::optional<PeerAddress> ReadSocketOctets(ByteView octets);

} // namespace ns3::mis

#endif // MIS_SOCKET_OCTETS_H
