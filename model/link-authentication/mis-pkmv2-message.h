// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Messages of PKMv2 (IEEE 802.16, 6.3.2.3.9) and the keys they are protected with.
 *
 * A message is what the generic MAC header (6 octets) and the CRC (4 octets) of a frame enclose:
 * @verbatim
 *   type (1): 9 PKM-REQ from the mobile station, 10 PKM-RSP | code (1) | identifier (1) |
 * attributes attribute: type (1) | length (1, or 1 + n with the first octet 0x80 + n) | value
 * @endverbatim
 *
 * Codes and attribute types are those that tshark knows. The attributes of a message and their
 * values are a model (PA-41): the standard's tables were not at hand.
 */
#ifndef MIS_PKMV2_MESSAGE_H
#define MIS_PKMV2_MESSAGE_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-link-fields.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-tlv.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3::mis
{

/** @brief Code of a message. */
enum class PkmCode : uint8_t
{
    EAP_START = 17,
    EAP_TRANSFER = 18,
    SA_TEK_CHALLENGE = 20,
    SA_TEK_REQUEST = 21,
    SA_TEK_RESPONSE = 22,
    KEY_REQUEST = 23,
    KEY_REPLY = 24
};

/** @brief Type of an attribute. */
enum class PkmAttributeType : uint8_t
{
    TEK = 8,                       //!< in TEK_PARAMETERS: the wrapped TEK, 24 octets
    KEY_LIFETIME = 9,              //!< seconds, 4 octets
    KEY_SEQUENCE_NUMBER = 10,      //!< 1 octet
    SAID = 12,                     //!< 2 octets
    TEK_PARAMETERS = 13,           //!< attributes TEK, KEY_LIFETIME, KEY_SEQUENCE_NUMBER
    SECURITY_CAPABILITIES = 19,    //!< attribute CRYPTOGRAPHIC_SUITE_LIST
    CRYPTOGRAPHIC_SUITE = 20,      //!< encryption, authentication and TEK encryption, 3 octets
    CRYPTOGRAPHIC_SUITE_LIST = 21, //!< attributes CRYPTOGRAPHIC_SUITE
    SA_DESCRIPTOR = 23,            //!< attributes SAID, SA_TYPE, CRYPTOGRAPHIC_SUITE
    SA_TYPE = 24,                  //!< 1 octet, 0 primary
    SECURITY_NEGOTIATION = 25,     //!< attributes of their own types
    EAP_PAYLOAD = 28,              //!< one EAP packet
    NONCE = 29,                    //!< 8 octets
    MS_RANDOM = 33,                //!< 8 octets
    BS_RANDOM = 34,                //!< 8 octets
    CMAC_DIGEST = 40,              //!< CMAC_PN, 4 octets, and CMAC value, 8 octets; the last one
    AKID = 45                      //!< 8 octets
};

/** @brief Types of the attributes in SECURITY_NEGOTIATION. */
enum class PkmNegotiationType : uint8_t
{
    PKM_VERSION = 1,          //!< bit 1: PKMv2
    AUTHORIZATION_POLICY = 2, //!< bit 1: EAP at initial network entry
    MAC_MODE = 3,             //!< bit 1: CMAC
    PN_WINDOW_SIZE = 4        //!< messages, 2 octets
};

/** @brief One attribute. */
struct PkmAttribute
{
    uint8_t type{0}; //!< a PkmAttributeType, a PkmNegotiationType or another
    Bytes value;     //!< its value
};

/** @brief A list of attributes. */
class PkmAttributes
{
  public:
    /**
     * @brief Append an attribute.
     * @param type its type, a PkmAttributeType or a PkmNegotiationType
     * @param value its value
     * @return this
     */
    template <class Type>
    PkmAttributes& Add(Type type, ByteView value)
    {
        m_attributes.push_back(
            PkmAttribute{static_cast<uint8_t>(type), Bytes(value.begin(), value.end())});
        return *this;
    }

    /**
     * @brief Append an attribute that is a number.
     * @tparam Number its size in the message
     * @param type its type
     * @param value its value
     * @return this
     */
    template <class Number, class Type>
    PkmAttributes& AddNumber(Type type, Number value)
    {
        Bytes octets;
        Writer writer(octets);
        LinkFieldWriter(writer).Number(value);
        return Add(type, octets);
    }

    /**
     * @brief Find an attribute.
     * @param type its type
     * @param index which of several, from 0
     * @return its value, empty if there is none; valid until the next change
     */
    ByteView Find(PkmAttributeType type, std::size_t index = 0) const;

    /**
     * @brief Count the attributes of a type.
     * @param type the type
     * @return how many there are
     */
    std::size_t Count(PkmAttributeType type) const;

    /**
     * @brief Say where the last attribute begins.
     * @param type what it has to be
     * @return octets before it, nothing if it is of another type; only after Decode()
     */
    std::optional<std::size_t> LastOffset(PkmAttributeType type) const;

    /** @return the octets of all attributes */
    Bytes Encode() const;

    /**
     * @brief Decode attributes.
     * @param octets all of them
     * @return the attributes, of any type; TRUNCATED, BAD_LENGTH
     */
    static Result<PkmAttributes> Decode(ByteView octets);

  private:
    std::vector<PkmAttribute> m_attributes; //!< in the order sent
    std::size_t m_lastOffset{0};            //!< octets before the last one, if decoded
};

/** @brief A message. */
struct PkmMessage
{
    PkmCode code{PkmCode::EAP_START}; //!< which message
    bool fromBaseStation{false};      //!< whether it is a PKM-RSP, not a PKM-REQ
    uint8_t identifier{0};            //!< an answer repeats that of the request
    PkmAttributes attributes;         //!< its attributes
    /** Octets that the CMAC digest covers: those before it. Set by DecodePkm(). */
    std::size_t covered{0};
};

/**
 * @brief Encode a message.
 * @param message the message
 * @return its octets
 */
Bytes EncodePkm(const PkmMessage& message);

/**
 * @brief Decode a message.
 * @param octets its octets
 * @return the message, with every attribute that its code wants, in its size; TRUNCATED,
 * BAD_LENGTH, UNKNOWN_MESSAGE for another code or one that the sender may not send, MISSING_TLV,
 * DUPLICATE_TLV, BAD_VALUE for another size or a CMAC digest that is not the last attribute
 */
Result<PkmMessage> DecodePkm(ByteView octets);

/** Octets of the random numbers and nonces. */
inline constexpr std::size_t PKM_RANDOM_SIZE = 8;
/** Octets of a pairwise master key of IEEE 802.16. */
inline constexpr std::size_t PKM_PMK_SIZE = 20;

/** An IEEE 802 address, or a base station identifier. */
using PkmAddress = std::array<uint8_t, 6>;

/** @brief The authorization key and what is made of it (IEEE 802.16, 7.2.2.2). */
struct PkmKeys
{
    SecretBytes ak;    //!< authorization key, 20 octets
    SecretBytes akid;  //!< name of AK, 8 octets; no secret
    SecretBytes cmacU; //!< CMAC_KEY_U, uplink, 16 octets
    SecretBytes cmacD; //!< CMAC_KEY_D, downlink, 16 octets
    SecretBytes kek;   //!< key encryption key, 16 octets

    /** @return whether there are none */
    bool IsEmpty() const
    {
        return ak.empty();
    }
};

/**
 * @brief Derive AK and the keys under it.
 *
 * PMK is the last 20 octets of the master key, CMAC_KEY_COUNT is 0.
 *
 * @param ctx the computing node
 * @param master MSK, rMSK or MSPMK, at least PKM_PMK_SIZE octets
 * @param mobileStation address of the mobile station
 * @param baseStation identifier of the base station
 * @return the keys
 */
PkmKeys DerivePkmKeys(CryptoContext& ctx,
                      ByteView master,
                      const PkmAddress& mobileStation,
                      const PkmAddress& baseStation);

/**
 * @brief Append the CMAC digest to a message and encode it.
 * @param ctx the computing node
 * @param keys the keys
 * @param pn packet number, CMAC_PN
 * @param message the message without digest
 * @return its octets
 */
Bytes SignAndEncodePkm(CryptoContext& ctx, const PkmKeys& keys, uint32_t pn, PkmMessage message);

/**
 * @brief Read CMAC_PN of a message.
 * @param message a message with a digest
 * @return the packet number
 */
uint32_t PacketNumber(const PkmMessage& message);

/**
 * @brief Check the CMAC digest of a message.
 * @param ctx the computing node
 * @param keys the keys
 * @param message the message
 * @param octets its octets, as received
 * @return whether the digest is right
 */
bool VerifyPkm(CryptoContext& ctx, const PkmKeys& keys, const PkmMessage& message, ByteView octets);

} // namespace ns3::mis

#endif /* MIS_PKMV2_MESSAGE_H */
