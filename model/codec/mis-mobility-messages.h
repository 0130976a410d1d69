// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * @brief Binding Update and Binding Acknowledgement of mobile IP.
 *
 * Formats are those of RFC 6275 (Mobile IPv6) and RFC 5213 (Proxy Mobile IPv6), with the options of
 * RFC 4283, 4285, 5555 and 5844 and the padding that the alignment of options needs. The checksum
 * is zero: the messages travel in UDP.
 */
#ifndef MIS_MOBILITY_MESSAGES_H
#define MIS_MOBILITY_MESSAGES_H

#include "ns3/mis-types.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace ns3::mis
{

/** @name UDP ports
 * @{
 */
inline constexpr uint16_t DSMIPV6_PORT = 4191;        //!< signalling and data (RFC 5555)
inline constexpr uint16_t PMIPV6_CONTROL_PORT = 5436; //!< signalling (RFC 5844)
inline constexpr uint16_t PMIPV6_DATA_PORT = 5437;    //!< data (RFC 5844)
/** @} */

/** Seconds that one unit of a lifetime has (RFC 6275, 6.1.7). */
inline constexpr uint32_t BINDING_LIFETIME_UNIT_S = 4;

/** @brief Status of a Binding Acknowledgement; below 128 the update was accepted. */
enum class BindingStatus : uint8_t
{
    ACCEPTED = 0,
    UNSPECIFIED = 128,
    NOT_HOME_AGENT = 133, //!< for this mobile node
    SEQUENCE_OUT_OF_WINDOW = 135,
    NOT_ANCHOR = 153, //!< not the local mobility anchor of this mobile node
    GATEWAY_NOT_AUTHORIZED = 154,
    TIMESTAMP_TOO_OLD = 157 //!< lower than that accepted before
};

/**
 * @brief Name a status.
 * @param status the status
 * @return its name, or a number
 */
std::string ToString(BindingStatus status);

/** @brief Mobility message authentication option (RFC 4285), subtype MN-HA. */
struct MobilityAuthentication
{
    static constexpr std::size_t SIZE = 12; //!< octets of the authenticator

    uint32_t spi{0};                   //!< which key
    std::array<uint8_t, SIZE> value{}; //!< authenticator
};

/** @brief Home address in an option (RFC 5555, RFC 5844). */
struct MobilityHomeAddress
{
    uint8_t prefixLength{32}; //!< of the home network, 0 to 32
    uint32_t address{0};      //!< IPv4 address
};

/** @brief Binding Update; with P it is a Proxy Binding Update. */
struct BindingUpdate
{
    /** MH type */
    static constexpr uint8_t TYPE = 5;

    uint16_t sequence{0};                                  //!< sequence number
    bool acknowledge{true};                                //!< A: an answer is wanted
    bool home{true};                                       //!< H: to the home agent
    bool proxy{false};                                     //!< P: on behalf of a mobile node
    uint16_t lifetime{0};                                  //!< in units of 4 s
    std::optional<std::string> mnIdentifier;               //!< network access identifier (RFC 4283)
    std::optional<MobilityHomeAddress> homeAddress;        //!< IPv4 Home Address (RFC 5555)
    std::optional<uint32_t> careOfAddress;                 //!< IPv4 Care-of Address (RFC 5555)
    std::optional<MobilityHomeAddress> homeAddressRequest; //!< (RFC 5844)
    std::optional<uint8_t> handoffIndicator;               //!< (RFC 5213)
    std::optional<uint8_t> accessTechnology;               //!< (RFC 5213)
    std::optional<uint64_t> timestamp; //!< 48 bits of seconds, 16 of a second (RFC 5213)
    std::optional<MobilityAuthentication> authentication; //!< the last option
};

/** @brief Binding Acknowledgement; with P it is a Proxy Binding Acknowledgement. */
struct BindingAcknowledgement
{
    /** MH type */
    static constexpr uint8_t TYPE = 6;

    BindingStatus status{BindingStatus::ACCEPTED};  //!< what became of the update
    bool proxy{false};                              //!< P
    uint16_t sequence{0};                           //!< of the update
    uint16_t lifetime{0};                           //!< granted, in units of 4 s
    std::optional<std::string> mnIdentifier;        //!< as in the update
    std::optional<MobilityHomeAddress> homeAddress; //!< IPv4 Address Acknowledgement (RFC 5555)
    std::optional<MobilityHomeAddress> homeAddressReply;  //!< (RFC 5844)
    std::optional<uint8_t> handoffIndicator;              //!< as in the update
    std::optional<uint8_t> accessTechnology;              //!< as in the update
    std::optional<uint64_t> timestamp;                    //!< as in the update
    std::optional<MobilityAuthentication> authentication; //!< the last option
};

/**
 * @brief Encode a message.
 * @param message the message
 * @return the octets, a multiple of 8
 */
Bytes EncodeMobility(const BindingUpdate& message);
/** @copydoc EncodeMobility(const BindingUpdate&) */
Bytes EncodeMobility(const BindingAcknowledgement& message);

/**
 * @brief Find what the authenticator of a message is computed over.
 * @param message octets of a message whose last option is an authentication option
 * @return the octets up to and with the SPI
 */
ByteView AuthenticatedPart(ByteView message);

/**
 * @brief Write the authenticator into an encoded message.
 * @param message a message whose last option is an authentication option
 * @param value the authenticator
 */
void SetAuthenticator(Bytes& message,
                      const std::array<uint8_t, MobilityAuthentication::SIZE>& value);

/**
 * @brief Decode a Binding Update. Options not known are skipped.
 * @param octets one whole message
 * @return the message, or why there is none
 */
Result<BindingUpdate> DecodeBindingUpdate(ByteView octets);

/**
 * @brief Decode a Binding Acknowledgement. Options not known are skipped.
 * @param octets one whole message
 * @return the message, or why there is none
 */
Result<BindingAcknowledgement> DecodeBindingAcknowledgement(ByteView octets);

/**
 * @brief Put a message into the IPv6 packet in which RFC 5555 sends it through UDP.
 * @param source IPv4 address, sent as an IPv4-mapped one
 * @param destination IPv4 address, sent as an IPv4-mapped one
 * @param message the message
 * @return IPv6 header and message
 */
Bytes WrapMobility(uint32_t source, uint32_t destination, ByteView message);

/**
 * @brief Take a message out of such a packet.
 * @param packet the packet
 * @return the message, or why there is none
 */
Result<ByteView> UnwrapMobility(ByteView packet);

/**
 * @brief Version of an IP packet.
 * @param packet the packet
 * @return 4 or 6, or whatever its first four bits say; 0 if it is empty
 */
uint8_t IpVersionOf(ByteView packet);

} // namespace ns3::mis

#endif /* MIS_MOBILITY_MESSAGES_H */
