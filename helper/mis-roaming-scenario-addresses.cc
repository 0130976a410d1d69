// SPDX-License-Identifier: GPL-2.0-only

#include "mis-roaming-scenario-nodes.h"

#include <array>

namespace ns3::mis
{

namespace
{

// Access networks are 10.1.0.0/16, 10.2.0.0/16, ...; all other links are /30 of 172.16.0.0/12.
constexpr uint32_t ACCESS_BASE = 0x0A010000;
constexpr uint32_t ACCESS_STEP = 0x00010000;
constexpr const char* ACCESS_MASK = "255.255.0.0";
// Of radios: 172.24.0.0/20, 172.24.16.0/20, ...; an EPC takes 7/8, 10/8 and more.
constexpr uint32_t RADIO_BASE = 0xAC180000;
constexpr uint32_t RADIO_STEP = 0x00001000;
constexpr const char* RADIO_MASK = "255.255.240.0";
constexpr uint32_t INFRASTRUCTURE_BASE = 0xAC100000;
constexpr uint32_t INFRASTRUCTURE_STEP = 4;
constexpr const char* INFRASTRUCTURE_MASK = "255.255.255.252";
constexpr uint32_t HOME_BASE = 0xC0A80000;
constexpr const char* HOME_MASK = "255.255.0.0";
constexpr uint32_t GROUP_ADDRESS = 0xEFC00001;        // 239.192.0.1, organization-local (RFC 2365)
constexpr const char* GROUP_ADDRESS_IPV6 = "ff18::1"; // organization-local, transient (RFC 4291)

/// What a network is for, in IPv6 the number behind the common prefix.
enum class Purpose : uint8_t
{
    ACCESS = 1,
    RADIO = 2,
    INFRASTRUCTURE = 3
};

/**
 * fd4d:4953:<purpose>:<number>::/64, of unique local addresses (RFC 4193): ns-3 forwards no packets
 * to those of RFC 3849, which are for documentation.
 */
IpNetwork
Ipv6Network(Purpose purpose, uint32_t number)
{
    std::array<uint8_t, 16> octets{0xFD, 0x4D, 0x49, 0x53};
    octets[5] = static_cast<uint8_t>(purpose);
    octets[6] = static_cast<uint8_t>(number >> 8);
    octets[7] = static_cast<uint8_t>(number);
    constexpr uint8_t PREFIX_BITS = 64;
    return {Ipv6Address(octets.data()), Ipv6Prefix(PREFIX_BITS)};
}

} // namespace

IpNetwork
ScenarioAddresses::Access(uint32_t index, bool isRadio) const
{
    if (m_isIpv6)
    {
        return Ipv6Network(isRadio ? Purpose::RADIO : Purpose::ACCESS, index);
    }
    if (isRadio)
    {
        return {Ipv4Address(RADIO_BASE + index * RADIO_STEP), Ipv4Mask(RADIO_MASK)};
    }
    return {Ipv4Address(ACCESS_BASE + index * ACCESS_STEP), Ipv4Mask(ACCESS_MASK)};
}

IpNetwork
ScenarioAddresses::Infrastructure(uint32_t number) const
{
    if (m_isIpv6)
    {
        return Ipv6Network(Purpose::INFRASTRUCTURE, number);
    }
    return {Ipv4Address(INFRASTRUCTURE_BASE + number * INFRASTRUCTURE_STEP),
            Ipv4Mask(INFRASTRUCTURE_MASK)};
}

IpNetwork
ScenarioAddresses::Home()
{
    return {Ipv4Address(HOME_BASE), Ipv4Mask(HOME_MASK)};
}

Address
ScenarioAddresses::Group() const
{
    return m_isIpv6 ? Address(Ipv6Address(GROUP_ADDRESS_IPV6))
                    : Address(Ipv4Address(GROUP_ADDRESS));
}

} // namespace ns3::mis
