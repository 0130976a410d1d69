// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Addresses, interfaces and static routes of nodes, in IPv4 or IPv6: all addresses are of type
 * Address, and the family follows from them.
 */
#ifndef MIS_IP_STACK_H
#define MIS_IP_STACK_H

#include "ns3/address.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv6-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"

#include <cstdint>
#include <vector>

namespace ns3::mis
{

/// The addresses of an IP network.
class IpNetwork
{
  public:
    /// No network.
    IpNetwork() = default;

    /// @param address first address @param mask its mask
    IpNetwork(Ipv4Address address, Ipv4Mask mask);

    /// @param address first address @param prefix its prefix
    IpNetwork(Ipv6Address address, Ipv6Prefix prefix);

    /// @return first address
    const Address& GetAddress() const
    {
        return m_address;
    }

    /// @return how many bits of addresses are the same
    uint8_t GetPrefixLength() const
    {
        return m_prefixLength;
    }

    /// @return whether it is one of IPv6
    bool IsIpv6() const;

    /**
     * @param number 1 for the first host; the program ends if the network has not so many
     * @return address of the host
     */
    Address Host(uint32_t number) const;

  private:
    Address m_address;
    uint8_t m_prefixLength{0};
};

/// @param host IP address @param port port @return socket address
Address SocketAddressOf(const Address& host, uint16_t port);

/// @param host IP address @return the unspecified address of its family
Address AnyHostLike(const Address& host);

/**
 * @param node a node
 * @return addresses of its interfaces but the loopback interface, without link-local ones
 */
std::vector<Address> HostsOf(const Node& node);

/**
 * @param device a device with IP
 * @param like any address of the family
 * @return its first address that is not link-local
 */
Address HostOf(Ptr<NetDevice> device, const Address& like);

/**
 * @param node a node
 * @param host IP address
 * @return its device with that address, nullptr if none has it
 */
Ptr<NetDevice> DeviceWith(const Node& node, const Address& host);

/**
 * @param device a device; the program ends if it has no interface of the family
 * @param like any address of the family
 * @return index of its interface
 */
uint32_t InterfaceOf(Ptr<NetDevice> device, const Address& like);

/**
 * @brief Gives a device an interface with an address, by hand, so that no queue disc is installed.
 *
 * In IPv6 the node then forwards, as nodes of ns-3 do in IPv4, so that it solicits no router, does
 * not look for duplicates of its addresses, which would take a second, and sends no redirects.
 * @param device the device, of a node with a stack of the family
 * @param host its address
 * @param prefixLength of its network
 * @return index of the interface
 */
uint32_t AddInterface(Ptr<NetDevice> device, const Address& host, uint8_t prefixLength);

/**
 * @brief Has address resolution (ARP or neighbour discovery) at an interface ask without delay, and
 * keep the packets that wait for the answer: ns-3 delays a request by up to 10 ms and keeps three
 * packets meanwhile, which would show in every handover.
 * @param device a device with an interface
 * @param like any address of the family
 */
void HastenResolution(Ptr<NetDevice> device, const Address& like);

/**
 * @brief Has a node take what is sent to a group; in IPv4 it does so anyway, with list routing.
 * @param node the node
 * @param group multicast address
 */
void JoinGroup(Ptr<Node> node, const Address& group);

/// Static routes of a node, of one family.
class StaticRoutes
{
  public:
    /**
     * @param node a node with static routing; the program ends without
     * @param like any address of the family
     */
    StaticRoutes(Ptr<Node> node, const Address& like);

    /// Replaces default routes by one. @param gateway next node @param interface index
    void SetDefault(const Address& gateway, uint32_t interface);

    /// @param host destination @param gateway next node @param interface index
    void AddHost(const Address& host, const Address& gateway, uint32_t interface);

    /// @param host destination @param interface index of the interface of the routes removed
    void RemoveHost(const Address& host, uint32_t interface);

    /// @param host destination @return device by which the routes lead there, nullptr if none does
    Ptr<NetDevice> DeviceTo(const Address& host) const;

    /// @param network destinations @param gateway next node @param interface index
    void AddNetwork(const IpNetwork& network, const Address& gateway, uint32_t interface);

    /// @param network destinations, at the link itself @param interface index
    void AddNetwork(const IpNetwork& network, uint32_t interface);

    /**
     * @brief Forwards what is sent to a group.
     * @param group multicast address
     * @param from index of the interface of the senders
     * @param to index of the interface of the group
     */
    void AddGroup(const Address& group, uint32_t from, uint32_t to);

  private:
    Ptr<Node> m_node;
    Address m_like;
};

} // namespace ns3::mis

#endif // MIS_IP_STACK_H
