// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Messages of EPS mobility management in NAS (3GPP TS 24.301) that authenticate.
 *
 * @verbatim
 *   Authentication request   36   07 52 KSI RAND(16) 10 AUTN(16)
 *   Authentication response  11   07 53 08 RES(8)
 *   Authentication failure   19   07 5c 15 30 0e AUTS(14), 3 without AUTS
 *   Authentication reject     2   07 54
 *   Identity request          3   07 55 01
 *   Identity response        11   07 56 08 IMSI(8)
 *   Security mode command    13   37 MAC(4) SN  07 5d algorithms KSI 02 capability(2)
 *   Security mode complete    8   47 MAC(4) SN  07 5e, ciphered
 *   Security mode reject      3   07 5f cause
 *   Attach accept            35   27 MAC(4) SN  07 42 result timer 06 areas(6) 0010 session(16),
 *                                 ciphered behind SN
 * @endverbatim
 */
#ifndef MIS_NAS_MESSAGE_H
#define MIS_NAS_MESSAGE_H

#include "ns3/mis-types.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace ns3::mis
{

/** @brief EMM cause (TS 24.301, 9.9.3.9), those used here. */
enum class EmmCause : uint8_t
{
    MAC_FAILURE = 20,                       //!< AUTN is not authentic
    SYNCH_FAILURE = 21,                     //!< SQN was used before
    UE_SECURITY_CAPABILITIES_MISMATCH = 23, //!< the capabilities came back changed
    SECURITY_MODE_REJECTED = 24,            //!< unspecified; the MAC is wrong
    NON_EPS_AUTHENTICATION = 26             //!< the separation bit of AMF is 0
};

/** @brief Authentication request. */
struct NasAuthenticationRequest
{
    static constexpr uint8_t TYPE = 0x52;        //!< message type
    static constexpr std::size_t SIZE_AUTN = 16; //!< octets of AUTN

    uint8_t ksi{0};                 //!< key set identifier of K_ASME
    std::array<uint8_t, 16> rand{}; //!< random challenge
    Bytes autn;                     //!< 16 octets

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Number(self.ksi);
        v.Fixed(self.rand);
        v.template Sized<uint8_t>(self.autn);
    }
};

/** @brief Authentication response. */
struct NasAuthenticationResponse
{
    static constexpr uint8_t TYPE = 0x53; //!< message type

    Bytes res; //!< 4 to 16 octets

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.template Sized<uint8_t>(self.res);
    }
};

/** @brief Authentication reject. */
struct NasAuthenticationReject
{
    static constexpr uint8_t TYPE = 0x54; //!< message type

    /** @brief The fields in the order sent: none. */
    template <class V, class Self>
    static void Fields(V&, Self&)
    {
    }
};

/** @brief Identity request. */
struct NasIdentityRequest
{
    static constexpr uint8_t TYPE = 0x55; //!< message type
    static constexpr uint8_t IMSI = 1;    //!< identity type 2

    uint8_t identityType{IMSI}; //!< which identity is wanted

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Number(self.identityType);
    }
};

/** @brief Identity response. */
struct NasIdentityResponse
{
    static constexpr uint8_t TYPE = 0x56; //!< message type

    Bytes identity; //!< mobile identity (TS 24.008, 10.5.1.4), without its length

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.template Sized<uint8_t>(self.identity);
    }
};

/** @brief Authentication failure. */
struct NasAuthenticationFailure
{
    static constexpr uint8_t TYPE = 0x5c;        //!< message type
    static constexpr uint8_t PARAMETER = 0x30;   //!< element identifier of AUTS
    static constexpr std::size_t SIZE_AUTS = 14; //!< octets of AUTS

    EmmCause cause{EmmCause::MAC_FAILURE}; //!< why
    /** Element identifier, length and AUTS for SYNCH_FAILURE, else empty. */
    Bytes parameter;

    /**
     * @brief Set the parameter.
     * @param auts AUTS, 14 octets
     */
    void SetAuts(ByteView auts);

    /** @return AUTS, empty if there is none */
    ByteView Auts() const
    {
        return ByteView(parameter).Sub(2);
    }

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Number(self.cause);
        v.Rest(self.parameter);
    }
};

/** @brief Security mode command, in clear. */
struct NasSecurityModeCommand
{
    static constexpr uint8_t TYPE = 0x5d; //!< message type

    uint8_t algorithms{0}; //!< ciphering in the high half, integrity in the low half
    uint8_t ksi{0};        //!< key set identifier of K_ASME
    Bytes capability;      //!< security capability of the mobile node, as it has sent it

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Number(self.algorithms);
        v.Number(self.ksi);
        v.template Sized<uint8_t>(self.capability);
    }
};

/** @brief Security mode complete, in clear. */
struct NasSecurityModeComplete
{
    static constexpr uint8_t TYPE = 0x5e; //!< message type

    /** @brief The fields in the order sent: none. */
    template <class V, class Self>
    static void Fields(V&, Self&)
    {
    }
};

/** @brief Security mode reject. */
struct NasSecurityModeReject
{
    static constexpr uint8_t TYPE = 0x5f; //!< message type

    EmmCause cause{EmmCause::SECURITY_MODE_REJECTED}; //!< why

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Number(self.cause);
    }
};

/** @brief Attach accept, in clear: the network has set the default bearer up, data may flow. */
struct NasAttachAccept
{
    static constexpr uint8_t TYPE = 0x42;      //!< message type
    static constexpr uint8_t EPS_ONLY = 1;     //!< EPS attach result
    static constexpr uint8_t EPS_AND_IMSI = 2; //!< EPS attach result

    uint8_t result{EPS_ONLY}; //!< EPS attach result, in the low half
    uint8_t updateTimer{0};   //!< value of T3412, periodic tracking area update
    Bytes areas;              //!< tracking area identity list, 6 to 96 octets
    Bytes session;            //!< a message of EPS session management

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Number(self.result);
        v.Number(self.updateTimer);
        v.template Sized<uint8_t>(self.areas);
        v.template Sized<uint16_t>(self.session);
    }
};

/** @brief A message without protection. */
using NasMessage = std::variant<NasAuthenticationRequest,
                                NasAuthenticationResponse,
                                NasAuthenticationReject,
                                NasIdentityRequest,
                                NasIdentityResponse,
                                NasAuthenticationFailure,
                                NasSecurityModeCommand,
                                NasSecurityModeComplete,
                                NasSecurityModeReject,
                                NasAttachAccept>;

/**
 * @brief Encode a message without protection.
 * @param message the message
 * @return its octets
 */
Bytes EncodeNas(const NasMessage& message);

/**
 * @brief Decode a message without protection.
 * @param octets its octets
 * @return the message; TRUNCATED, OVERLONG, UNKNOWN_MESSAGE, BAD_VALUE for a size that the
 * standard does not allow
 */
Result<NasMessage> DecodeNas(ByteView octets);

/** @brief Security header type, with the protocol discriminator, as the first octet. */
enum class NasHeader : uint8_t
{
    PLAIN = 0x07,               //!< no protection
    INTEGRITY_CIPHER = 0x27,    //!< integrity and ciphering
    INTEGRITY_NEW = 0x37,       //!< integrity, with a new security context
    INTEGRITY_CIPHER_NEW = 0x47 //!< integrity and ciphering, with a new security context
};

/** @brief A message with protection. */
struct NasProtected
{
    NasHeader header{NasHeader::INTEGRITY_NEW}; //!< kind of protection
    std::array<uint8_t, 4> mac{};               //!< over sequence number and payload
    uint8_t sequence{0};                        //!< low octet of the NAS COUNT
    Bytes payload;                              //!< a message without protection, or its cipher

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Number(self.header);
        v.Fixed(self.mac);
        v.Number(self.sequence);
        v.Rest(self.payload);
    }
};

/**
 * @brief Encode a message with protection.
 * @param message the message
 * @return its octets, 6 more than the payload
 */
Bytes EncodeNas(const NasProtected& message);

/**
 * @brief Decode a message with protection.
 * @param octets its octets
 * @return the message; TRUNCATED, UNKNOWN_MESSAGE for another kind of protection
 */
Result<NasProtected> DecodeNasProtected(ByteView octets);

/**
 * @brief Encode an IMSI as a mobile identity (TS 24.008, 10.5.1.4).
 * @param imsi 6 to 15 decimal digits; something else is a fatal programming error
 * @return the identity, 8 octets for 15 digits
 */
Bytes EncodeImsi(const std::string& imsi);

/**
 * @brief Read an IMSI from a mobile identity.
 * @param identity the identity
 * @return the digits, nothing if it is something else
 */
std::optional<std::string> DecodeImsi(ByteView identity);

} // namespace ns3::mis

#endif /* MIS_NAS_MESSAGE_H */
