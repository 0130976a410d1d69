// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Which station of a channel an address leads to.
 */
#include "mis-point-to-multipoint-channel.h"
#include "mis-point-to-multipoint-net-device.h"

#include "ns3/abort.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/packet.h"

#include <algorithm>
#include <cstring>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisPointToMultipointAddresses");

namespace
{

constexpr uint16_t ETHERTYPE_IPV4 = 0x0800;
constexpr uint16_t ETHERTYPE_IPV6 = 0x86DD;

// Offsets in the fixed headers of RFC 791 and RFC 8200.
constexpr std::size_t IPV4_SOURCE = 12;
constexpr std::size_t IPV4_DESTINATION = 16;
constexpr std::size_t IPV4_HEADER = 20;
constexpr std::size_t IPV6_SOURCE = 8;
constexpr std::size_t IPV6_DESTINATION = 24;
constexpr std::size_t IPV6_HEADER = 40;

// Offsets in a DIX Ethernet header.
constexpr std::size_t ETHERNET_SOURCE = 6;
constexpr std::size_t ETHERNET_TYPE = 12;
constexpr std::size_t ETHERNET_HEADER = 14;

/**
 * @param octets Six octets.
 * @return The key of a MAC address.
 */
uint64_t
MacKey(const uint8_t* octets)
{
    uint64_t key = 0;
    for (std::size_t i = 0; i < 6; ++i)
    {
        key = key << 8 | octets[i];
    }
    return key;
}

/**
 * @param address A MAC address.
 * @return Its key.
 */
uint64_t
MacKey(Mac48Address address)
{
    uint8_t octets[6];
    address.CopyTo(octets);
    return MacKey(octets);
}

} // namespace

std::size_t
PointToMultipointChannel::Ipv6Hash::operator()(const Ipv6Key& key) const
{
    uint64_t halves[2];
    std::memcpy(halves, key.data(), sizeof(halves));
    // Interface identifiers of one network differ in few bits; the multiplication spreads them.
    return (halves[0] ^ halves[1] * 0x9E3779B97F4A7C15ULL) * 0xD6E8FEB86659FD93ULL >> 7;
}

void
PointToMultipointChannel::RegisterAddress(const Address& address,
                                          Ptr<PointToMultipointNetDevice> station)
{
    NS_LOG_FUNCTION(this << address << station);
    NS_ABORT_MSG_UNLESS(station->m_channel == this && !station->IsHub(),
                        "the device is no station of this channel");
    if (Mac48Address::IsMatchingType(address))
    {
        m_macs[MacKey(Mac48Address::ConvertFrom(address))] = station->m_station;
    }
    else if (Ipv4Address::IsMatchingType(address))
    {
        m_ipv4[Ipv4Address::ConvertFrom(address).Get()] = station->m_station;
    }
    else if (Ipv6Address::IsMatchingType(address))
    {
        Ipv6Key key;
        Ipv6Address::ConvertFrom(address).GetBytes(key.data());
        m_ipv6[key] = station->m_station;
    }
}

void
PointToMultipointChannel::UnregisterAddress(const Address& address)
{
    NS_LOG_FUNCTION(this << address);
    if (Mac48Address::IsMatchingType(address))
    {
        m_macs.erase(MacKey(Mac48Address::ConvertFrom(address)));
    }
    else if (Ipv4Address::IsMatchingType(address))
    {
        m_ipv4.erase(Ipv4Address::ConvertFrom(address).Get());
    }
    else if (Ipv6Address::IsMatchingType(address))
    {
        Ipv6Key key;
        Ipv6Address::ConvertFrom(address).GetBytes(key.data());
        m_ipv6.erase(key);
    }
}

std::optional<uint32_t>
PointToMultipointChannel::FindStation(const Packet& packet,
                                      uint16_t protocol,
                                      Mac48Address& destination) const
{
    if (!destination.IsGroup())
    {
        const auto found = m_macs.find(MacKey(destination));
        return found == m_macs.end() ? std::nullopt : std::optional(found->second);
    }
    if (!destination.IsBroadcast())
    {
        return ALL_STATIONS;
    }

    // IP without address resolution sends everything to the broadcast address.
    uint8_t octets[IPV6_HEADER];
    const uint32_t copied = packet.CopyData(octets, sizeof(octets));
    std::optional<uint32_t> station;
    if (protocol == ETHERTYPE_IPV4 && copied >= IPV4_HEADER)
    {
        const auto address = Ipv4Address::Deserialize(octets + IPV4_DESTINATION);
        if (address.IsMulticast())
        {
            destination = Mac48Address::GetMulticast(address);
            return ALL_STATIONS;
        }
        if (address.IsBroadcast())
        {
            return ALL_STATIONS;
        }
        const auto found = m_ipv4.find(address.Get());
        if (found != m_ipv4.end())
        {
            station = found->second;
        }
        else if (m_stations.size() != 1 && IsSubnetBroadcast(address))
        {
            return ALL_STATIONS;
        }
    }
    else if (protocol == ETHERTYPE_IPV6 && copied >= IPV6_HEADER)
    {
        const auto address = Ipv6Address::Deserialize(octets + IPV6_DESTINATION);
        if (address.IsMulticast())
        {
            destination = Mac48Address::GetMulticast(address);
            return ALL_STATIONS;
        }
        Ipv6Key key;
        std::copy_n(octets + IPV6_DESTINATION, key.size(), key.begin());
        const auto found = m_ipv6.find(key);
        if (found != m_ipv6.end())
        {
            station = found->second;
        }
    }
    else
    {
        return ALL_STATIONS;
    }
    // A single station is the other end of a point-to-point link, so also the next hop to whatever
    // is behind it.
    if (!station && m_stations.size() == 1)
    {
        station = 0;
    }
    if (station)
    {
        destination = m_stations[*station]->m_address;
    }
    return station;
}

void
PointToMultipointChannel::ResolveHub(const Packet& packet,
                                     uint16_t protocol,
                                     Mac48Address& destination) const
{
    if (!destination.IsBroadcast())
    {
        return;
    }
    uint8_t octets[IPV6_HEADER];
    const uint32_t copied = packet.CopyData(octets, sizeof(octets));
    if (protocol == ETHERTYPE_IPV4 && copied >= IPV4_HEADER)
    {
        const auto address = Ipv4Address::Deserialize(octets + IPV4_DESTINATION);
        if (address.IsMulticast())
        {
            destination = Mac48Address::GetMulticast(address);
        }
        else if (!address.IsBroadcast())
        {
            destination = m_hub->m_address;
        }
    }
    else if (protocol == ETHERTYPE_IPV6 && copied >= IPV6_HEADER)
    {
        const auto address = Ipv6Address::Deserialize(octets + IPV6_DESTINATION);
        destination =
            address.IsMulticast() ? Mac48Address::GetMulticast(address) : m_hub->m_address;
    }
}

bool
PointToMultipointChannel::IsSubnetBroadcast(Ipv4Address address) const
{
    const auto ipv4 = m_hub->m_node->GetObject<Ipv4>();
    const int32_t interface = ipv4 ? ipv4->GetInterfaceForDevice(m_hub) : -1;
    if (interface < 0)
    {
        return false;
    }
    for (uint32_t i = 0; i < ipv4->GetNAddresses(interface); ++i)
    {
        if (ipv4->GetAddress(interface, i).GetBroadcast() == address)
        {
            return true;
        }
    }
    return false;
}

void
PointToMultipointChannel::Learn(uint32_t station, const Packet& frame)
{
    uint8_t octets[ETHERNET_HEADER + IPV6_HEADER];
    const uint32_t copied = frame.CopyData(octets, sizeof(octets));
    m_macs[MacKey(octets + ETHERNET_SOURCE)] = station;
    const uint8_t* payload = octets + ETHERNET_HEADER;
    const uint16_t protocol = octets[ETHERNET_TYPE] << 8 | octets[ETHERNET_TYPE + 1];
    if (protocol == ETHERTYPE_IPV4 && copied >= ETHERNET_HEADER + IPV4_HEADER)
    {
        const auto address = Ipv4Address::Deserialize(payload + IPV4_SOURCE);
        if (address != Ipv4Address::GetAny())
        {
            m_ipv4[address.Get()] = station;
        }
    }
    else if (protocol == ETHERTYPE_IPV6 && copied >= ETHERNET_HEADER + IPV6_HEADER)
    {
        Ipv6Key key;
        std::copy_n(payload + IPV6_SOURCE, key.size(), key.begin());
        if (key != Ipv6Key{})
        {
            m_ipv6[key] = station;
        }
    }
}

} // namespace ns3::mis
