// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Authentication of mobility signalling.
 */
#ifndef MIS_MOBILITY_ASSOCIATION_H
#define MIS_MOBILITY_ASSOCIATION_H

#include "ns3/ipv4-address.h"
#include "ns3/mis-crypto-context.h"
#include "ns3/mis-mobility-messages.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/nstime.h"

namespace ns3::mis
{

/**
 * @brief Mobility security association of RFC 4285: a key that a mobile node, or an access gateway,
 * shares with its mobility anchor. Its algorithm is HMAC-SHA-1, of which 96 bits are sent.
 */
struct MobilityAssociation
{
    static constexpr size_t KEY_OCTETS = 20; //!< octets of the key

    uint32_t spi{0}; //!< names it
    SecretBytes key; //!< shared key; without one nothing is authenticated

    /**
     * @brief Makes an association with a fresh key.
     * @param spi its name
     * @param random where the key comes from
     * @return the association
     */
    static MobilityAssociation Make(uint32_t spi, RandomSource& random);

    /**
     * @brief Authenticates a message that has an authentication option.
     * @param crypto cryptography of the node
     * @param careOf care-of address of the binding
     * @param home home address of the binding
     * @param message octets of the message; the authenticator is written into them
     */
    void Authenticate(CryptoContext& crypto,
                      Ipv4Address careOf,
                      Ipv4Address home,
                      Bytes& message) const;

    /**
     * @brief Verifies a message.
     * @param crypto cryptography of the node
     * @param careOf care-of address of the binding
     * @param home home address of the binding
     * @param message octets of the message
     * @param authentication its option
     * @return whether it comes from who has the key; false without the option or a key
     */
    bool Verify(CryptoContext& crypto,
                Ipv4Address careOf,
                Ipv4Address home,
                ByteView message,
                const std::optional<MobilityAuthentication>& authentication) const;
};

/**
 * @param at instant of the simulation
 * @return as the Timestamp option has it: 48 bits of seconds since 1970, 16 bits of a second
 */
uint64_t MobilityTimestamp(Time at);

/**
 * @param lifetime a lifetime
 * @return in units of 4 s, as much as there is room for
 */
uint16_t BindingLifetimeUnits(Time lifetime);

} // namespace ns3::mis

#endif // MIS_MOBILITY_ASSOCIATION_H
