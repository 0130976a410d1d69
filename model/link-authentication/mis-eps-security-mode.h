// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief What both ends of the NAS security mode procedure of LTE know (3GPP TS 24.301, 5.4.3).
 */
#ifndef MIS_EPS_SECURITY_MODE_H
#define MIS_EPS_SECURITY_MODE_H

#include "ns3/mis-assigned.h"
#include "ns3/mis-eps-aka.h"
#include "ns3/mis-tlv.h"

namespace ns3::mis
{

/** Identity of 128-EEA2 and of 128-EIA2. */
inline constexpr uint8_t EPS_ALGORITHM_2 = 2;
/** Selected algorithms in Security mode command. */
inline constexpr uint8_t EPS_ALGORITHMS = EPS_ALGORITHM_2 << 4 | EPS_ALGORITHM_2;
/** Bearer identity of NAS. */
inline constexpr uint8_t NAS_BEARER = 0;
/** NAS COUNT is kept below this, so that the sequence number in a message is all of it. */
inline constexpr uint32_t NAS_COUNT_LIMIT = 0x100;

/** @return security capability of all mobile nodes */
inline Bytes
SecurityCapability()
{
    return Bytes(assigned::UE_SECURITY_CAPABILITY.begin(), assigned::UE_SECURITY_CAPABILITY.end());
}

/**
 * @brief Compute the MAC of a NAS message.
 * @param ctx the computing node
 * @param keys the keys
 * @param direction direction
 * @param message the message; its MAC is not looked at
 * @return the MAC
 */
std::array<uint8_t, 4> NasMac(CryptoContext& ctx,
                              const EpsKeys& keys,
                              NasDirection direction,
                              const NasProtected& message);

/**
 * @brief Name the keys of an LTE link.
 * @param keys the keys
 * @return the keys
 */
LinkKeys LteKeys(const EpsKeys& keys);

/**
 * @brief Protect a message by integrity and ciphering.
 * @param ctx the computing node
 * @param keys the keys
 * @param direction direction
 * @param header kind of protection
 * @param sequence NAS COUNT
 * @param message the message
 * @return its octets
 */
Bytes MakeCiphered(CryptoContext& ctx,
                   const EpsKeys& keys,
                   NasDirection direction,
                   NasHeader header,
                   uint8_t sequence,
                   const NasMessage& message);

/**
 * @brief Check and decipher a message.
 * @param ctx the computing node
 * @param keys the keys
 * @param direction direction
 * @param message the message
 * @param output takes the reason of a drop
 * @return the message in clear, nothing if it is dropped
 */
std::optional<NasMessage> OpenCiphered(CryptoContext& ctx,
                                       const EpsKeys& keys,
                                       NasDirection direction,
                                       const NasProtected& message,
                                       LinkOutput& output);

} // namespace ns3::mis

#endif // MIS_EPS_SECURITY_MODE_H
