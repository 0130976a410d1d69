// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Messages of IKEv2 (RFC 7296, section 3): header and payloads.
 *
 * A datagram is a header of 28 octets and a chain of payloads, each with 4 octets that name the
 * next one. Payloads after the first exchange are within an Encrypted payload (SK), which
 * mis-ikev2-keys.h opens and seals.
 */
#ifndef MIS_IKEV2_MESSAGE_H
#define MIS_IKEV2_MESSAGE_H

#include "ns3/mis-types.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace ns3::mis::ikev2
{

/** Octets of the header of a message. */
inline constexpr std::size_t HEADER_SIZE = 28;
/** Octets of the header of a payload. */
inline constexpr std::size_t PAYLOAD_HEADER_SIZE = 4;
/** The version of the protocol: major 2, minor 0. */
inline constexpr uint8_t VERSION = 0x20;
/** Flag: the sender is the original initiator of the IKE SA. */
inline constexpr uint8_t FLAG_INITIATOR = 0x08;
/** Flag: the message is a response. */
inline constexpr uint8_t FLAG_RESPONSE = 0x20;

/** @brief Types of exchange (RFC 7296, section 3.1). */
enum class Exchange : uint8_t
{
    IKE_SA_INIT = 34,
    IKE_AUTH = 35,
    CREATE_CHILD_SA = 36,
    INFORMATIONAL = 37
};

/** @brief Types of payload (RFC 7296, section 3.2). */
enum class PayloadType : uint8_t
{
    NONE = 0,
    SA = 33,
    KE = 34,
    IDI = 35,
    IDR = 36,
    CERT = 37,
    CERTREQ = 38,
    AUTH = 39,
    NONCE = 40,
    NOTIFY = 41,
    DELETE = 42,
    VENDOR_ID = 43,
    TSI = 44,
    TSR = 45,
    SK = 46,
    CP = 47,
    EAP = 48
};

/** @brief Types of notification (RFC 7296, section 3.10.1; RFC 7427). */
enum class NotifyType : uint16_t
{
    UNSUPPORTED_CRITICAL_PAYLOAD = 1,
    INVALID_IKE_SPI = 4,
    INVALID_SYNTAX = 7,
    INVALID_MESSAGE_ID = 9,
    NO_PROPOSAL_CHOSEN = 14,
    INVALID_KE_PAYLOAD = 17,
    AUTHENTICATION_FAILED = 24,
    SINGLE_PAIR_REQUIRED = 34,
    NO_ADDITIONAL_SAS = 35,
    TS_UNACCEPTABLE = 38,
    TEMPORARY_FAILURE = 43,
    CHILD_SA_NOT_FOUND = 44,
    INITIAL_CONTACT = 16384,
    COOKIE = 16390,
    REKEY_SA = 16393,
    SIGNATURE_HASH_ALGORITHMS = 16431
};

/** The first type of notification that is not an error. */
inline constexpr uint16_t FIRST_STATUS_NOTIFY = 16384;

/** @brief Protocols that a proposal, a notification or a deletion speaks of. */
enum class Protocol : uint8_t
{
    NONE = 0,
    IKE = 1,
    AH = 2,
    ESP = 3
};

/** @brief Types of transform (RFC 7296, section 3.3.2). */
enum class TransformType : uint8_t
{
    ENCR = 1,
    PRF = 2,
    INTEG = 3,
    DH = 4,
    ESN = 5
};

inline constexpr uint16_t ENCR_AES_GCM_16 = 20;   //!< AES-GCM with an ICV of 16 octets (RFC 5282)
inline constexpr uint16_t PRF_HMAC_SHA2_256 = 5;  //!< RFC 4868
inline constexpr uint16_t GROUP_NONE = 0;         //!< no Diffie-Hellman
inline constexpr uint16_t GROUP_P256 = 19;        //!< RFC 5903
inline constexpr uint16_t GROUP_X25519 = 31;      //!< RFC 8031
inline constexpr uint16_t ESN_NONE = 0;           //!< sequence numbers of 32 bits
inline constexpr uint8_t ID_FQDN = 2;             //!< a host name
inline constexpr uint8_t ID_RFC822_ADDR = 3;      //!< a network access identifier
inline constexpr uint8_t CERT_X509_SIGNATURE = 4; //!< an X.509 certificate in DER
inline constexpr uint8_t AUTH_SHARED_KEY = 2;     //!< message integrity code by pre-shared key
inline constexpr uint8_t AUTH_ECDSA_P256 = 9;     //!< ECDSA on P-256 with SHA-256 (RFC 4754)
inline constexpr uint8_t AUTH_SIGNATURE = 14;     //!< any signature, named by OID (RFC 7427)
inline constexpr uint16_t HASH_SHA2_256 = 2;      //!< of SIGNATURE_HASH_ALGORITHMS
inline constexpr uint8_t TS_IPV4_ADDR_RANGE = 7;  //!< addresses of 4 octets
inline constexpr uint8_t TS_IPV6_ADDR_RANGE = 8;  //!< addresses of 16 octets

/**
 * @brief Name of an exchange.
 * @param exchange the exchange
 * @return its name in RFC 7296, nullptr for others
 */
const char* ToString(Exchange exchange);

/**
 * @brief Name of a type of payload.
 * @param type the type
 * @return its short name in RFC 7296, nullptr for others
 */
const char* ToString(PayloadType type);

/**
 * @brief Name of a type of notification.
 * @param type the type
 * @return its name in the RFC, nullptr for others
 */
const char* ToString(NotifyType type);

/** @brief The header of a message. */
struct Header
{
    uint64_t spiI{0};                           //!< SPI of the original initiator, never 0
    uint64_t spiR{0};                           //!< SPI of the responder, 0 when not chosen yet
    PayloadType nextPayload{PayloadType::NONE}; //!< type of the first payload
    uint8_t version{VERSION};                   //!< version
    Exchange exchange{};                        //!< type of exchange
    uint8_t flags{0};                           //!< FLAG_INITIATOR, FLAG_RESPONSE
    uint32_t messageId{0};                      //!< counts the requests of one end, from 0

    /** @return whether this is a response */
    bool IsResponse() const
    {
        return (flags & FLAG_RESPONSE) != 0;
    }

    /** @return whether the sender is the original initiator */
    bool IsFromInitiator() const
    {
        return (flags & FLAG_INITIATOR) != 0;
    }
};

/** @brief One algorithm of a proposal. */
struct Transform
{
    TransformType type{};   //!< what it is for
    uint16_t id{0};         //!< which
    uint16_t keyBits{0};    //!< length of the key in bits, 0 when it is not variable
    bool hasUnknown{false}; //!< has an attribute that is not known here; never acceptable

    /** @brief Compare all fields. */
    friend bool operator==(const Transform& a, const Transform& b)
    {
        return a.type == b.type && a.id == b.id && a.keyBits == b.keyBits &&
               a.hasUnknown == b.hasUnknown;
    }
};

/** @brief Algorithms of which one of each type may be chosen. */
struct Proposal
{
    uint8_t number{1};                 //!< counts from 1
    Protocol protocol{Protocol::IKE};  //!< what it is for
    Bytes spi;                         //!< of the sender: none, 8 octets for IKE, 4 for ESP
    std::vector<Transform> transforms; //!< in the order of preference within a type
};

/** @brief SA: security association. */
struct SaPayload
{
    std::vector<Proposal> proposals; //!< in the order of preference
};

/** @brief KE: key exchange. */
struct KePayload
{
    uint16_t group{0}; //!< group
    Bytes data;        //!< public value: 32 octets of X25519, 64 of P-256
};

/** @brief IDi and IDr: identification. */
struct IdPayload
{
    uint8_t type{0}; //!< ID_FQDN, ID_RFC822_ADDR or another
    Bytes data;      //!< the identity
};

/** @brief CERT: certificate. */
struct CertPayload
{
    uint8_t encoding{CERT_X509_SIGNATURE}; //!< form
    Bytes data;                            //!< the certificate
};

/** @brief CERTREQ: certificate request. */
struct CertReqPayload
{
    uint8_t encoding{CERT_X509_SIGNATURE}; //!< form
    Bytes authorities;                     //!< SHA-1 of SubjectPublicKeyInfo, 20 octets each
};

/** @brief AUTH: authentication. */
struct AuthPayload
{
    uint8_t method{0}; //!< AUTH_SHARED_KEY, AUTH_ECDSA_P256 or AUTH_SIGNATURE
    Bytes data;        //!< code or signature
};

/** @brief Ni and Nr: nonce. */
struct NoncePayload
{
    Bytes data; //!< 16 to 256 octets
};

/** @brief N: notification. */
struct NotifyPayload
{
    Protocol protocol{Protocol::NONE}; //!< of the SPI
    NotifyType type{};                 //!< type
    Bytes spi;                         //!< the SA spoken of, none or 4 octets
    Bytes data;                        //!< depends on the type
};

/** @brief D: deletion. */
struct DeletePayload
{
    Protocol protocol{Protocol::IKE}; //!< IKE deletes the SA that carries the message
    std::vector<Bytes> spis;          //!< inbound SPIs of the sender, 4 octets each, none for IKE
};

/** @brief A range of addresses and ports. */
struct TrafficSelector
{
    uint8_t type{TS_IPV4_ADDR_RANGE}; //!< TS_IPV4_ADDR_RANGE or TS_IPV6_ADDR_RANGE
    uint8_t ipProtocol{0};            //!< 0 for any
    uint16_t startPort{0};            //!< first port
    uint16_t endPort{65535};          //!< last port
    Bytes start;                      //!< first address, 4 or 16 octets
    Bytes end;                        //!< last address, as many octets

    /** @brief Compare all fields. */
    friend bool operator==(const TrafficSelector& a, const TrafficSelector& b)
    {
        return a.type == b.type && a.ipProtocol == b.ipProtocol && a.startPort == b.startPort &&
               a.endPort == b.endPort && a.start == b.start && a.end == b.end;
    }
};

/** @brief TSi and TSr: traffic selectors. */
struct TsPayload
{
    std::vector<TrafficSelector> selectors; //!< at least one
};

/** @brief A payload that is not described here. */
struct UnknownPayload
{
    Bytes data; //!< its octets after the header
};

/** @brief Content of a payload. */
using PayloadBody = std::variant<SaPayload,
                                 KePayload,
                                 IdPayload,
                                 CertPayload,
                                 CertReqPayload,
                                 AuthPayload,
                                 NoncePayload,
                                 NotifyPayload,
                                 DeletePayload,
                                 TsPayload,
                                 UnknownPayload>;

/** @brief A payload. */
struct Payload
{
    PayloadType type{PayloadType::NONE}; //!< type, which fits the content
    PayloadBody body;                    //!< content
    bool isCritical{false};              //!< whether who does not know the type must refuse
};

/** @brief Payloads in the order of the message. */
using Payloads = std::vector<Payload>;

/**
 * @brief Find a payload.
 * @tparam T its content
 * @param payloads where
 * @param type its type
 * @return the first one, nullptr if there is none
 */
template <class T>
const T*
Find(const Payloads& payloads, PayloadType type)
{
    for (const auto& payload : payloads)
    {
        if (payload.type == type)
        {
            return std::get_if<T>(&payload.body);
        }
    }
    return nullptr;
}

/**
 * @brief Find a notification.
 * @param payloads where
 * @param type its type
 * @return the first one, nullptr if there is none
 */
const NotifyPayload* FindNotify(const Payloads& payloads, NotifyType type);

/**
 * @brief Find an error.
 * @param payloads where
 * @return the first notification of an error, nullptr if there is none
 */
const NotifyPayload* FindError(const Payloads& payloads);

/** @brief The place of an Encrypted payload in a datagram. */
struct EncryptedPart
{
    PayloadType firstInner{PayloadType::NONE}; //!< type of the first payload within
    std::size_t offset{0};                     //!< of its octets after the payload header
};

/** @brief A datagram that has been read. */
struct Message
{
    Header header;                          //!< its header
    Payloads payloads;                      //!< its payloads in clear
    std::optional<EncryptedPart> encrypted; //!< its last payload, if that is an Encrypted one
};

/**
 * @brief Read a datagram.
 * @param datagram a message without the four octets of zero that precede it on port 4500
 * @return the message, or TRUNCATED, OVERLONG, BAD_VERSION (another major version), BAD_LENGTH or
 * BAD_VALUE
 */
Result<Message> Decode(ByteView datagram);

/**
 * @brief Read a chain of payloads.
 * @param first type of the first one
 * @param octets all of them
 * @return the payloads, or why they are none; an Encrypted payload is BAD_VALUE
 */
Result<Payloads> DecodePayloads(PayloadType first, ByteView octets);

/**
 * @brief Write a message in clear.
 * @param header its header; the type of the first payload is filled in
 * @param payloads its payloads
 * @return the datagram
 */
Bytes Encode(Header header, const Payloads& payloads);

/**
 * @brief Write a header.
 * @param header the header
 * @param size octets of the whole message
 * @return 28 octets
 */
Bytes EncodeHeader(const Header& header, std::size_t size);

/**
 * @brief Write a chain of payloads.
 * @param payloads the payloads
 * @return their octets
 */
Bytes EncodePayloads(const Payloads& payloads);

/**
 * @brief Write the content of an identification, which authentication covers.
 * @param id the identification
 * @return its octets after the payload header
 */
Bytes EncodeBody(const IdPayload& id);

/**
 * @brief Make an identification of a name.
 * @param name a network access identifier, or without "@" a host name
 * @return the identification
 */
IdPayload IdOf(const std::string& name);

} // namespace ns3::mis::ikev2

#endif /* MIS_IKEV2_MESSAGE_H */
