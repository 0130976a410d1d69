// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Link-layer addresses of devices of ns-3, of whatever length.
 */
#ifndef MIS_DEVICE_ADDRESS_H
#define MIS_DEVICE_ADDRESS_H

#include "ns3/address.h"
#include "ns3/mac48-address.h"

#include <array>

namespace ns3::mis
{

/**
 * @brief Makes a MAC address of the address of a device.
 * @param address of a device; LTE devices of ns-3 have 64 bits, of which the last 48 count
 * @return the MAC address
 */
inline Mac48Address
MacAddressOf(const Address& address)
{
    constexpr size_t OCTETS = 6;
    std::array<uint8_t, Address::MAX_SIZE> octets{};
    const size_t size = address.CopyTo(octets.data());
    Mac48Address mac;
    mac.CopyFrom(octets.data() + (size > OCTETS ? size - OCTETS : 0));
    return mac;
}

} // namespace ns3::mis

#endif // MIS_DEVICE_ADDRESS_H
