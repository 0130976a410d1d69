// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The data types of the protocol (IEEE 802.21, Annex F).
 *
 * Values only: how they look on the wire is written in mis-tlv.h and mis-message-codec.h.
 */
#ifndef MIS_TYPES_H
#define MIS_TYPES_H

#include "ns3/mis-identifiers.h"
#include "ns3/mis-link-types.h"
#include "ns3/mis-octets.h"
#include "ns3/mis-result.h"

#include <cstdint>
#include <ostream>

namespace ns3::mis
{

/** @brief STATUS (IEEE 802.21, Annex F; the last value is of IEEE 802.21a). */
enum class Status : uint8_t
{
    SUCCESS = 0,
    UNSPECIFIED_FAILURE = 1,
    REJECTED = 2,
    AUTHORIZATION_FAILURE = 3,
    NETWORK_ERROR = 4,
    AUTHENTICATION_FAILURE = 5
};

/**
 * @brief Name of a status.
 * @param status the status
 * @return its enumerator as text
 */
const char* ToString(Status status);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, Status status);

} // namespace ns3::mis

#endif /* MIS_TYPES_H */
