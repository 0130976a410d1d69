// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief RADIUS as it carries EAP (RFC 2865, RFC 3579), with keys (RFC 2548).
 *
 *     Code 1 | Identifier 1 | Length 2 | Authenticator 16 | attributes
 *     attribute: Type 1 | Length 1, of all three | Value
 *
 * Every message here has a Message-Authenticator. Everything computes for real with every
 * CryptoBackend.
 */
#ifndef MIS_RADIUS_MESSAGE_H
#define MIS_RADIUS_MESSAGE_H

#include "ns3/mis-assigned.h"
#include "ns3/mis-crypto-context.h"
#include "ns3/mis-erp.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace ns3::mis
{

/** UDP port of RADIUS servers. */
inline constexpr uint16_t RADIUS_PORT = 1812;
/** Octets in front of the attributes. */
inline constexpr std::size_t RADIUS_HEADER_SIZE = 20;
/** The longest message, in octets. */
inline constexpr std::size_t RADIUS_MAX_SIZE = 4096;
/** The longest value of an attribute, and so the longest piece of EAP in one, in octets. */
inline constexpr std::size_t RADIUS_MAX_VALUE = 253;

/** @brief Code. */
enum class RadiusCode : uint8_t
{
    ACCESS_REQUEST = 1,
    ACCESS_ACCEPT = 2,
    ACCESS_REJECT = 3,
    ACCESS_CHALLENGE = 11
};

/**
 * @brief Name of a code.
 * @param code the code
 * @return its enumerator as text, "UNKNOWN" for others
 */
const char* ToString(RadiusCode code);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, RadiusCode code);

/** @brief Types of attributes used here; others are carried and not read. */
enum class RadiusAttributeType : uint8_t
{
    USER_NAME = 1,
    FRAMED_MTU = 12,
    STATE = 24,
    VENDOR_SPECIFIC = 26,
    CALLING_STATION_ID = 31,
    NAS_IDENTIFIER = 32,
    NAS_PORT_TYPE = 61,
    EAP_MESSAGE = 79,
    MESSAGE_AUTHENTICATOR = 80,
    ERP_DOMAIN = assigned::RADIUS_ERP_DOMAIN,
    DSRK = assigned::RADIUS_DSRK,
    EMSK_NAME = assigned::RADIUS_EMSK_NAME,
    DSRK_LIFETIME = assigned::RADIUS_DSRK_LIFETIME
};

/** @brief NAS-Port-Type; other values are carried as they are. */
enum class NasPortType : uint32_t
{
    VIRTUAL = 5, //!< not tied to a port: media-independent signalling
    WIRELESS_OTHER = 18,
    IEEE_802_11 = 19,
    IEEE_802_16 = 27
};

/** @brief Why a message was refused. */
enum class RadiusError : uint8_t
{
    NONE,
    MALFORMED,                     //!< not a RADIUS message
    TOO_LONG,                      //!< what was to be sent is longer than a message
    UNEXPECTED_CODE,               //!< a code that this end does not receive
    NOTHING_OUTSTANDING,           //!< an answer without a question
    WRONG_IDENTIFIER,              //!< answers another request
    WRONG_STATE,                   //!< State is not that of the session
    BAD_RESPONSE_AUTHENTICATOR,    //!< not authentic
    MISSING_MESSAGE_AUTHENTICATOR, //!< EAP without Message-Authenticator
    BAD_MESSAGE_AUTHENTICATOR,     //!< not authentic
    NO_EAP_MESSAGE,                //!< nothing for EAP in it
    INCONSISTENT,                  //!< EAP says other than the RADIUS code (RFC 3579, 2.6.3)
    BAD_KEY                        //!< an MS-MPPE key that does not decrypt
};

/**
 * @brief Name of an error.
 * @param error the error
 * @return its enumerator as text
 */
const char* ToString(RadiusError error);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, RadiusError error);

/** @brief Request Authenticator, Response Authenticator. */
using RadiusAuthenticator = std::array<uint8_t, 16>;

/** @brief An attribute. */
struct RadiusAttribute
{
    RadiusAttributeType type; //!< Type
    Bytes value;              //!< Value, at most 253 octets
};

/** @brief A message. */
struct RadiusMessage
{
    RadiusCode code{RadiusCode::ACCESS_REQUEST}; //!< Code
    uint8_t identifier{0};                       //!< Identifier
    RadiusAuthenticator authenticator{};         //!< as in the header
    std::vector<RadiusAttribute> attributes;     //!< in the order sent

    /**
     * @brief Find the first attribute of a type.
     * @param type the type
     * @return its value, or nullptr when there is none
     */
    const Bytes* Find(RadiusAttributeType type) const;

    /**
     * @brief Add an attribute.
     * @param type the type
     * @param value at most 253 octets; more is a fatal programming error
     */
    void Add(RadiusAttributeType type, ByteView value);

    /**
     * @brief Add an attribute that is a number.
     * @param type the type
     * @param value sent in 4 octets
     */
    void Add(RadiusAttributeType type, uint32_t value);

    /**
     * @brief Add a packet as EAP-Message attributes of at most 253 octets each.
     * @param eap the packet; none is EAP-Start, one empty attribute (RFC 3579, section 2.1)
     */
    void AddEap(ByteView eap);

    /** @return the packet in the EAP-Message attributes, empty when there are none */
    Bytes Eap() const;
};

/**
 * @brief Read a message, without any check of authenticity.
 * @param octets the message; octets behind its Length are not read
 * @return the message, or MALFORMED
 */
Result<RadiusMessage, RadiusError> DecodeRadius(ByteView octets);

/**
 * @brief Write a request; a Message-Authenticator is put behind the attributes.
 * @param ctx the computing node
 * @param message the request, with its Request Authenticator
 * @param secret shared with the server
 * @return the octets, or TOO_LONG
 */
Result<Bytes, RadiusError> EncodeRadiusRequest(CryptoContext& ctx,
                                               const RadiusMessage& message,
                                               ByteView secret);

/**
 * @brief Write an answer; a Message-Authenticator is put behind the attributes, and the Response
 * Authenticator is computed.
 * @param ctx the computing node
 * @param message the answer; its authenticator is not read
 * @param secret shared with the client
 * @param request Authenticator of the request
 * @return the octets, or TOO_LONG
 */
Result<Bytes, RadiusError> EncodeRadiusReply(CryptoContext& ctx,
                                             const RadiusMessage& message,
                                             ByteView secret,
                                             const RadiusAuthenticator& request);

/**
 * @brief Verify the Message-Authenticator of a request.
 * @param ctx the computing node
 * @param octets the request
 * @param secret shared with the client
 * @return NONE when authentic
 */
RadiusError VerifyRadiusRequest(CryptoContext& ctx, ByteView octets, ByteView secret);

/**
 * @brief Verify the Response Authenticator and the Message-Authenticator of an answer.
 * @param ctx the computing node
 * @param octets the answer
 * @param secret shared with the server
 * @param request Authenticator of the request
 * @return NONE when authentic
 */
RadiusError VerifyRadiusReply(CryptoContext& ctx,
                              ByteView octets,
                              ByteView secret,
                              const RadiusAuthenticator& request);

// ---------------------------------------------------------------------------------------------
// Keys (RFC 2548)
// ---------------------------------------------------------------------------------------------

/** Octets of a key in an attribute: half of an MSK. */
inline constexpr std::size_t MPPE_KEY_SIZE = 32;

/** @brief Vendor type of an MS-MPPE key; the names are as the access server sees it. */
enum class MppeKey : uint8_t
{
    SEND = 16, //!< MS-MPPE-Send-Key: octets 32 to 63 of MSK
    RECV = 17  //!< MS-MPPE-Recv-Key: octets 0 to 31 of MSK
};

/**
 * @brief Encrypt a key.
 * @param ctx the computing node
 * @param type which key
 * @param key 1 to 64 octets
 * @param secret shared with the client
 * @param request Authenticator of the request
 * @param salt the first bit set, different in each key of a message
 * @return value of a Vendor-Specific attribute
 */
Bytes EncryptMppeKey(CryptoContext& ctx,
                     MppeKey type,
                     ByteView key,
                     ByteView secret,
                     const RadiusAuthenticator& request,
                     uint16_t salt);

/**
 * @brief Find and decrypt a key.
 * @param ctx the computing node
 * @param type which key
 * @param message the message
 * @param secret shared with the server
 * @param request Authenticator of the request
 * @return the key; empty when the message has none of this type; or BAD_KEY
 */
Result<SecretBytes, RadiusError> DecryptMppeKey(CryptoContext& ctx,
                                                MppeKey type,
                                                const RadiusMessage& message,
                                                ByteView secret,
                                                const RadiusAuthenticator& request);

/** @brief What a home server gives the local server of a visited domain for one peer (PA-60). */
struct DomainRootKey
{
    SecretBytes dsrk;     //!< DSRK, 64 octets
    EmskName name{};      //!< EMSKname
    uint32_t lifetime{0}; //!< seconds
};

// ---------------------------------------------------------------------------------------------
// Sessions
// ---------------------------------------------------------------------------------------------

/** @brief What a RADIUS client says of itself. */
struct RadiusClientConfiguration
{
    SecretBytes secret;        //!< shared with the server
    std::string nasIdentifier; //!< NAS-Identifier, 1 to 253 octets
    uint32_t framedMtu{1400};  //!< Framed-MTU: the longest EAP packet for the peer, octets
    NasPortType portType{NasPortType::IEEE_802_11}; //!< NAS-Port-Type
    std::string erpDomain; //!< of a local server that wants the domain's root keys, else empty
};

/**
 * @brief One EAP conversation at the client, which is the authenticator: a point of service, or a
 * network's point of attachment.
 *
 * There is one request outstanding. To repeat it, send LastRequest() again.
 */
class RadiusEapClientSession
{
  public:
    /**
     * @brief Begin a conversation.
     * @param ctx the computing node; outlives this object
     * @param configuration what the client says of itself; outlives this object
     * @param callingStationId Calling-Station-Id, such as 02-00-00-00-00-01; 1 to 253 octets
     */
    RadiusEapClientSession(CryptoContext& ctx,
                           const RadiusClientConfiguration& configuration,
                           std::string callingStationId);

    /**
     * @brief Make the request for a packet of the peer.
     *
     * User-Name is the identity of an EAP-Response/Identity or the keyName-NAI of an
     * EAP-Initiate/Re-auth, and stays.
     *
     * @param eap the packet; empty to have the server begin (EAP-Start)
     * @param identifier Identifier, not that of another request outstanding
     * @return the message, or TOO_LONG; then nothing has changed
     */
    Result<Bytes, RadiusError> Request(ByteView eap, uint8_t identifier);

    /** @brief What an answer has. */
    struct Reply
    {
        RadiusCode code{RadiusCode::ACCESS_CHALLENGE}; //!< accept, reject, or go on
        Bytes eap;                                     //!< for the peer
        SecretBytes msk; //!< MSK or rMSK, 64 octets; empty unless accepted with both keys
        std::optional<DomainRootKey> domainKey; //!< for a local server, if the home gives it one
    };

    /**
     * @brief Take an answer.
     * @param octets the message
     * @return what it has, or why it is dropped; then the request is still outstanding
     */
    Result<Reply, RadiusError> Receive(ByteView octets);

    /** @return the last request, empty before the first */
    const Bytes& LastRequest() const
    {
        return m_lastRequest;
    }

  private:
    CryptoContext* m_ctx;                             //!< computes
    const RadiusClientConfiguration* m_configuration; //!< what the client says of itself
    std::string m_callingStationId;                   //!< of the peer
    std::string m_userName;                           //!< of the peer
    Bytes m_state;                                    //!< as the server gave it
    Bytes m_lastRequest;                              //!< octets
    RadiusAuthenticator m_authenticator{};            //!< of the last request
    bool m_outstanding{false};                        //!< whether its answer is awaited
};

/**
 * @brief One EAP conversation at the server.
 *
 * A server finds the conversation of a request by its State, with
 * RadiusEapServerSession::StateOf(); a request without State begins a new one.
 */
class RadiusEapServerSession
{
  public:
    /**
     * @brief Begin a conversation.
     * @param ctx the computing node; outlives this object
     * @param secret shared with the client
     * @param state State of this conversation, different from that of all others
     */
    RadiusEapServerSession(CryptoContext& ctx, SecretBytes secret, uint32_t state);

    /**
     * @brief Read the State of a request.
     * @param octets the message, not verified
     * @return the State, or nothing when there is none that this class makes
     */
    static std::optional<uint32_t> StateOf(ByteView octets);

    /** @brief What a request has. */
    struct Request
    {
        bool duplicate{false};             //!< the last request once more: send LastReply() again
        Bytes eap;                         //!< from the peer; empty: the server is to begin
        std::string userName;              //!< User-Name
        std::string nasIdentifier;         //!< NAS-Identifier
        std::string callingStationId;      //!< Calling-Station-Id
        std::optional<uint32_t> framedMtu; //!< Framed-MTU, octets
        std::string erpDomain;             //!< domain whose root key a local server wants
    };

    /**
     * @brief Take a request.
     * @param octets the message
     * @return what it has, or why it is dropped; then nothing has changed
     */
    Result<Request, RadiusError> Receive(ByteView octets);

    /**
     * @brief Make the answer to the last request. Its code follows from the packet: Challenge for a
     * Request, Accept for Success and a good Finish, Reject for the others.
     * @param eap the packet for the peer
     * @param msk MSK or rMSK for an Accept, 64 octets, sent as two keys; empty: none
     * @param domainKey for an Accept to a local server; nullptr: none
     * @return the message, or TOO_LONG, NOTHING_OUTSTANDING, or NO_EAP_MESSAGE (not a packet of a
     * server)
     */
    Result<Bytes, RadiusError> Reply(ByteView eap,
                                     ByteView msk = ByteView(),
                                     const DomainRootKey* domainKey = nullptr);

    /** @return the last answer, empty before the first */
    const Bytes& LastReply() const
    {
        return m_lastReply;
    }

  private:
    CryptoContext* m_ctx;      //!< computes
    SecretBytes m_secret;      //!< shared with the client
    uint32_t m_state;          //!< of this conversation
    Bytes m_lastRequest;       //!< octets
    Bytes m_lastReply;         //!< octets
    RadiusMessage m_request;   //!< the last request
    bool m_outstanding{false}; //!< whether it is to be answered
};

} // namespace ns3::mis

#endif /* MIS_RADIUS_MESSAGE_H */
