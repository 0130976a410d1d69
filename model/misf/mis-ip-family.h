// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What ns-3 calls the same things in IPv4 and in IPv6.
 */
#ifndef MIS_IP_FAMILY_H
#define MIS_IP_FAMILY_H

#include "ns3/abort.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-table-entry.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/ipv6-list-routing.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-table-entry.h"
#include "ns3/ipv6-static-routing-helper.h"

namespace ns3::mis
{

/// IPv4.
struct Ipv4Family
{
    using Stack = Ipv4;                                  //!< of a node
    using Protocol = Ipv4L3Protocol;                     //!< the same, its class
    using Host = Ipv4Address;                            //!< address
    using Prefix = Ipv4Mask;                             //!< length of a network's address
    using InterfaceAddress = Ipv4InterfaceAddress;       //!< address of an interface
    using SocketAddress = InetSocketAddress;             //!< address and port
    using Header = Ipv4Header;                           //!< of packets
    using Route = Ipv4Route;                             //!< result of routing
    using RoutingProtocol = Ipv4RoutingProtocol;         //!< any
    using ListRouting = Ipv4ListRouting;                 //!< of protocols by priority
    using StaticRouting = Ipv4StaticRouting;             //!< by table
    using StaticRoutingHelper = Ipv4StaticRoutingHelper; //!< finds it
    using TableEntry = Ipv4RoutingTableEntry;            //!< a static route

    /// @param address of an interface @return its host address
    static Host HostOf(const InterfaceAddress& address)
    {
        return address.GetLocal();
    }

    /// @param length bits @return the prefix
    static Prefix PrefixOf(uint8_t length)
    {
        constexpr uint8_t ADDRESS_BITS = 32;
        return Prefix(length == 0 ? 0 : UINT32_MAX << (ADDRESS_BITS - length));
    }
};

/// IPv6.
struct Ipv6Family
{
    using Stack = Ipv6;                                  //!< of a node
    using Protocol = Ipv6L3Protocol;                     //!< the same, its class
    using Host = Ipv6Address;                            //!< address
    using Prefix = Ipv6Prefix;                           //!< length of a network's address
    using InterfaceAddress = Ipv6InterfaceAddress;       //!< address of an interface
    using SocketAddress = Inet6SocketAddress;            //!< address and port
    using Header = Ipv6Header;                           //!< of packets
    using Route = Ipv6Route;                             //!< result of routing
    using RoutingProtocol = Ipv6RoutingProtocol;         //!< any
    using ListRouting = Ipv6ListRouting;                 //!< of protocols by priority
    using StaticRouting = Ipv6StaticRouting;             //!< by table
    using StaticRoutingHelper = Ipv6StaticRoutingHelper; //!< finds it
    using TableEntry = Ipv6RoutingTableEntry;            //!< a static route

    /// @param address of an interface @return its host address
    static Host HostOf(const InterfaceAddress& address)
    {
        return address.GetAddress();
    }

    /// @param length bits @return the prefix
    static Prefix PrefixOf(uint8_t length)
    {
        return Prefix(length);
    }
};

/**
 * @brief Does something with the names of the family of an address.
 * @param host IPv4 or IPv6 address
 * @param action called with a Family, by value
 * @return what it returns
 */
template <class Action>
auto
WithFamilyOf(const Address& host, Action action)
{
    if (Ipv6Address::IsMatchingType(host))
    {
        return action(Ipv6Family());
    }
    NS_ABORT_MSG_IF(!Ipv4Address::IsMatchingType(host),
                    "\"" << host << "\" is no IPv4 or IPv6 address");
    return action(Ipv4Family());
}

} // namespace ns3::mis

#endif // MIS_IP_FAMILY_H
