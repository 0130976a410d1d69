// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The packet of the Extensible Authentication Protocol (RFC 3748, section 4).
 *
 *     Code 1 | Identifier 1 | Length 2 | Type 1 | Type-Data
 *
 * Success and Failure end after the Length. Initiate and Finish (RFC 6696) have types of their
 * own, which mis-erp.h reads.
 */
#ifndef MIS_EAP_PACKET_H
#define MIS_EAP_PACKET_H

#include "ns3/mis-types.h"

#include <cstddef>
#include <cstdint>
#include <ostream>

namespace ns3::mis
{

/** Octets of Code, Identifier and Length. */
inline constexpr std::size_t EAP_HEADER_SIZE = 4;
/** Octets in front of the Type-Data of a Request or Response. */
inline constexpr std::size_t EAP_TYPE_DATA_OFFSET = 5;
/** The largest Type-Data of a Request or Response, in octets. */
inline constexpr std::size_t EAP_MAX_TYPE_DATA = 65535 - EAP_TYPE_DATA_OFFSET;

/** @brief Code (RFC 3748, section 4; the last two are of RFC 6696). */
enum class EapCode : uint8_t
{
    REQUEST = 1,
    RESPONSE = 2,
    SUCCESS = 3,
    FAILURE = 4,
    INITIATE = 5,
    FINISH = 6
};

/** @brief Type of a Request or Response. Other values are carried as they are. */
enum class EapType : uint8_t
{
    NONE = 0, //!< of packets without Type; in a Nak: no method at all
    IDENTITY = 1,
    NOTIFICATION = 2,
    NAK = 3,
    TLS = 13,       //!< RFC 5216, RFC 9190
    AKA = 23,       //!< RFC 4187
    AKA_PRIME = 50, //!< RFC 9048
    GPSK = 51,      //!< RFC 5433
    EXPANDED = 254
};

/**
 * @brief Name of a code.
 * @param code the code
 * @return its enumerator as text
 */
const char* ToString(EapCode code);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, EapCode code);

/**
 * @brief Name of a type.
 * @param type the type
 * @return its enumerator as text, "UNKNOWN" for others
 */
const char* ToString(EapType type);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, EapType type);

/** @brief A packet whose data belong to somebody else. */
struct EapPacket
{
    EapCode code{EapCode::REQUEST}; //!< what it is
    uint8_t identifier{0};          //!< matches Responses with Requests
    EapType type{EapType::NONE};    //!< NONE unless Request or Response
    ByteView data;                  //!< Type-Data; of Initiate and Finish all after the Length
};

/**
 * @brief Read a packet.
 * @param octets the packet; octets behind its Length are padding of the layer below, not read
 * @return the packet, which views @p octets; or TRUNCATED, BAD_LENGTH (less than a header, or
 * other than 4 for Success and Failure), BAD_VALUE (no such code)
 */
Result<EapPacket> DecodeEap(ByteView octets);

/**
 * @brief Write a packet.
 * @param packet the packet, with data of at most EAP_MAX_TYPE_DATA octets; more is a fatal
 * programming error, and so are type or data with Success or Failure
 * @return its octets
 */
Bytes EncodeEap(const EapPacket& packet);

} // namespace ns3::mis

#endif /* MIS_EAP_PACKET_H */
