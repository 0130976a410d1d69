// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief RADIUS as it carries EAP (RFC 2865, RFC 3579), with keys (RFC 2548).
 */
#include "mis-radius-message.h"

#include "mis-eap-packet.h"
#include "mis-erp.h"

#include "ns3/fatal-error.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-real-crypto.h"
#include "ns3/mis-tlv.h"

#include <algorithm>
#include <utility>

namespace ns3::mis
{

namespace
{

/** SMI code of Microsoft, the vendor of the key attributes. */
constexpr uint32_t VENDOR_MICROSOFT = 311;
/** Where the Authenticator is in a message. */
constexpr std::size_t AUTHENTICATOR_OFFSET = 4;
/** Octets of Message-Authenticator. */
constexpr std::size_t MESSAGE_AUTHENTICATOR_SIZE = HMAC_MD5_SIZE;
/** Octets of the blocks in which keys are encrypted. */
constexpr std::size_t MPPE_BLOCK = MD5_SIZE;
/** Octets of the State that a server session gives. */
constexpr std::size_t STATE_SIZE = 4;
/** The first bit of a salt is set. */
constexpr uint16_t SALT_BIT = 0x8000;

/** @brief Octets of a message whose parts are to be taken as if they were others. */
struct Layout
{
    std::size_t messageAuthenticator{0}; //!< where its value begins, 0 if there is none
    std::size_t length{0};               //!< Length
};

/**
 * @brief Walk through the attributes.
 * @param octets the message
 * @param visit called with type, offset of the value, value; returns whether to go on
 * @return Length, or nothing when the octets are no message
 */
template <class F>
std::optional<std::size_t>
ForEachAttribute(ByteView octets, F visit)
{
    Reader header(octets);
    uint8_t code;
    uint8_t identifier;
    uint16_t length;
    if (!header.U8(code) || !header.U8(identifier) || !header.U16(length) ||
        length < RADIUS_HEADER_SIZE || length > RADIUS_MAX_SIZE || length > octets.size())
    {
        return std::nullopt;
    }
    Reader reader(octets.Sub(RADIUS_HEADER_SIZE, length - RADIUS_HEADER_SIZE));
    while (!reader.AtEnd())
    {
        uint8_t type;
        uint8_t size;
        ByteView value;
        if (!reader.U8(type) || !reader.U8(size) || size < 2 || !reader.Octets(size - 2U, value))
        {
            return std::nullopt;
        }
        visit(static_cast<RadiusAttributeType>(type), value);
    }
    return length;
}

/**
 * @brief Find the Message-Authenticator.
 * @param octets the message
 * @return where it is; nothing when the octets are no message
 */
std::optional<Layout>
FindMessageAuthenticator(ByteView octets)
{
    Layout layout;
    const auto length = ForEachAttribute(octets, [&](RadiusAttributeType type, ByteView value) {
        if (type == RadiusAttributeType::MESSAGE_AUTHENTICATOR &&
            value.size() == MESSAGE_AUTHENTICATOR_SIZE && layout.messageAuthenticator == 0)
        {
            layout.messageAuthenticator = static_cast<std::size_t>(value.begin() - octets.begin());
        }
    });
    if (!length)
    {
        return std::nullopt;
    }
    layout.length = *length;
    return layout;
}

/**
 * @brief Message-Authenticator: HMAC-MD5 over the message with itself as zeros and with the
 * Authenticator of the request (RFC 3579, section 3.2).
 */
std::array<uint8_t, HMAC_MD5_SIZE>
MessageAuthenticator(CryptoContext& ctx,
                     ByteView octets,
                     const Layout& layout,
                     ByteView secret,
                     ByteView request)
{
    static constexpr std::array<uint8_t, MESSAGE_AUTHENTICATOR_SIZE> ZEROS{};
    const std::size_t at = layout.messageAuthenticator;
    return HmacMd5(ctx,
                   secret,
                   {octets.Sub(0, AUTHENTICATOR_OFFSET),
                    request,
                    octets.Sub(RADIUS_HEADER_SIZE, at - RADIUS_HEADER_SIZE),
                    ZEROS,
                    octets.Sub(at + ZEROS.size(), layout.length - at - ZEROS.size())});
}

/**
 * @brief Response Authenticator: MD5 over the message with the Authenticator of the request, and
 * the secret (RFC 2865, section 3).
 */
RadiusAuthenticator
ResponseAuthenticator(CryptoContext& ctx, ByteView octets, ByteView secret, ByteView request)
{
    return Md5(
        ctx,
        {octets.Sub(0, AUTHENTICATOR_OFFSET), request, octets.Sub(RADIUS_HEADER_SIZE), secret});
}

/**
 * @brief Write a message with a Message-Authenticator at its end.
 * @param ctx the computing node
 * @param message the message
 * @param secret the secret
 * @param request Authenticator of the request
 * @return the octets, with the Authenticator of the request in the header; or TOO_LONG
 */
Result<Bytes, RadiusError>
Encode(CryptoContext& ctx,
       const RadiusMessage& message,
       ByteView secret,
       const RadiusAuthenticator& request)
{
    std::size_t length = RADIUS_HEADER_SIZE + 2 + MESSAGE_AUTHENTICATOR_SIZE;
    for (const RadiusAttribute& attribute : message.attributes)
    {
        length += 2 + attribute.value.size();
    }
    if (length > RADIUS_MAX_SIZE)
    {
        return RadiusError::TOO_LONG;
    }
    Bytes octets;
    octets.reserve(length);
    Writer writer(octets);
    writer.U8(static_cast<uint8_t>(message.code));
    writer.U8(message.identifier);
    writer.U16(static_cast<uint16_t>(length));
    writer.Octets(request);
    const auto write = [&writer](RadiusAttributeType type, ByteView value) {
        writer.U8(static_cast<uint8_t>(type));
        writer.U8(static_cast<uint8_t>(2 + value.size()));
        writer.Octets(value);
    };
    for (const RadiusAttribute& attribute : message.attributes)
    {
        write(attribute.type, attribute.value);
    }
    write(RadiusAttributeType::MESSAGE_AUTHENTICATOR, RadiusAuthenticator{});
    const Layout layout{length - MESSAGE_AUTHENTICATOR_SIZE, length};
    const auto code = MessageAuthenticator(ctx, octets, layout, secret, request);
    std::copy(code.begin(), code.end(), octets.end() - MESSAGE_AUTHENTICATOR_SIZE);
    return octets;
}

/**
 * @brief Encrypt or decrypt the String of a key (RFC 2548, section 2.4.2): each block is combined
 * with the MD5 of the secret and what was sent before it.
 * @param ctx the computing node
 * @param secret the secret
 * @param request Authenticator of the request
 * @param salt the salt
 * @param in whole blocks
 * @param encrypts whether @p in is text
 * @return as many octets
 */
SecretOctets
CoverMppe(CryptoContext& ctx,
          ByteView secret,
          const RadiusAuthenticator& request,
          ByteView salt,
          ByteView in,
          bool encrypts)
{
    SecretOctets out;
    out.reserve(in.size());
    Writer writer(out);
    for (std::size_t at = 0; at < in.size(); at += MPPE_BLOCK)
    {
        const ByteView sent = encrypts ? ByteView(out) : in;
        const SecretBytes stream(at == 0
                                     ? Md5(ctx, {secret, request, salt})
                                     : Md5(ctx, {secret, sent.Sub(at - MPPE_BLOCK, MPPE_BLOCK)}));
        for (std::size_t i = 0; i < MPPE_BLOCK; ++i)
        {
            writer.U8(in[at + i] ^ stream.View()[i]);
        }
    }
    return out;
}

/**
 * @brief Verify a Message-Authenticator.
 * @param ctx the computing node
 * @param octets the message
 * @param layout of it
 * @param secret the secret
 * @param request Authenticator of the request
 * @return NONE when authentic
 */
RadiusError
VerifyMessageAuthenticator(CryptoContext& ctx,
                           ByteView octets,
                           const Layout& layout,
                           ByteView secret,
                           ByteView request)
{
    if (layout.messageAuthenticator == 0)
    {
        return RadiusError::MISSING_MESSAGE_AUTHENTICATOR;
    }
    const auto code = MessageAuthenticator(ctx, octets, layout, secret, request);
    return SecretBytes::Equal(code, octets.Sub(layout.messageAuthenticator, code.size()))
               ? RadiusError::NONE
               : RadiusError::BAD_MESSAGE_AUTHENTICATOR;
}

/**
 * @param octets a Re-auth packet of a server
 * @return whether it says no
 */
bool
IsErpFailure(ByteView octets)
{
    return (ErpFlagsOf(octets).value_or(erpflag::FAILURE) & erpflag::FAILURE) != 0;
}

/**
 * @brief The code that goes with a packet of a server (RFC 3579, section 2.6.3).
 * @param eap the packet
 * @return the code, or nothing when the packet is none of a server
 */
std::optional<RadiusCode>
CodeFor(ByteView eap)
{
    const auto packet = DecodeEap(eap);
    if (!packet)
    {
        return std::nullopt;
    }
    switch (packet->code)
    {
    case EapCode::REQUEST:
        return RadiusCode::ACCESS_CHALLENGE;
    case EapCode::SUCCESS:
        return RadiusCode::ACCESS_ACCEPT;
    case EapCode::FAILURE:
        return RadiusCode::ACCESS_REJECT;
    case EapCode::FINISH:
        return IsErpFailure(eap) ? RadiusCode::ACCESS_REJECT : RadiusCode::ACCESS_ACCEPT;
    case EapCode::RESPONSE:
    case EapCode::INITIATE:
        break;
    }
    return std::nullopt;
}

/**
 * @param value octets of an attribute, or nullptr
 * @return them as text
 */
std::string
TextOf(const Bytes* value)
{
    return value != nullptr ? std::string(ByteView(*value).Text()) : std::string();
}

} // namespace

const char*
ToString(RadiusCode code)
{
    switch (code)
    {
    case RadiusCode::ACCESS_REQUEST:
        return "ACCESS_REQUEST";
    case RadiusCode::ACCESS_ACCEPT:
        return "ACCESS_ACCEPT";
    case RadiusCode::ACCESS_REJECT:
        return "ACCESS_REJECT";
    case RadiusCode::ACCESS_CHALLENGE:
        return "ACCESS_CHALLENGE";
    }
    return "UNKNOWN";
}

std::ostream&
operator<<(std::ostream& os, RadiusCode code)
{
    return os << ToString(code);
}

const char*
ToString(RadiusError error)
{
    switch (error)
    {
    case RadiusError::NONE:
        return "NONE";
    case RadiusError::MALFORMED:
        return "MALFORMED";
    case RadiusError::TOO_LONG:
        return "TOO_LONG";
    case RadiusError::UNEXPECTED_CODE:
        return "UNEXPECTED_CODE";
    case RadiusError::NOTHING_OUTSTANDING:
        return "NOTHING_OUTSTANDING";
    case RadiusError::WRONG_IDENTIFIER:
        return "WRONG_IDENTIFIER";
    case RadiusError::WRONG_STATE:
        return "WRONG_STATE";
    case RadiusError::BAD_RESPONSE_AUTHENTICATOR:
        return "BAD_RESPONSE_AUTHENTICATOR";
    case RadiusError::MISSING_MESSAGE_AUTHENTICATOR:
        return "MISSING_MESSAGE_AUTHENTICATOR";
    case RadiusError::BAD_MESSAGE_AUTHENTICATOR:
        return "BAD_MESSAGE_AUTHENTICATOR";
    case RadiusError::NO_EAP_MESSAGE:
        return "NO_EAP_MESSAGE";
    case RadiusError::INCONSISTENT:
        return "INCONSISTENT";
    case RadiusError::BAD_KEY:
        return "BAD_KEY";
    }
    return "UNKNOWN";
}

std::ostream&
operator<<(std::ostream& os, RadiusError error)
{
    return os << ToString(error);
}

// ---------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------

const Bytes*
RadiusMessage::Find(RadiusAttributeType type) const
{
    for (const RadiusAttribute& attribute : attributes)
    {
        if (attribute.type == type)
        {
            return &attribute.value;
        }
    }
    return nullptr;
}

void
RadiusMessage::Add(RadiusAttributeType type, ByteView value)
{
    if (value.size() > RADIUS_MAX_VALUE)
    {
        NS_FATAL_ERROR("a RADIUS attribute cannot have " << value.size() << " octets");
    }
    attributes.push_back({type, Bytes(value.begin(), value.end())});
}

void
RadiusMessage::Add(RadiusAttributeType type, uint32_t value)
{
    Bytes octets;
    Writer(octets).U32(value);
    Add(type, octets);
}

void
RadiusMessage::AddEap(ByteView eap)
{
    std::size_t at = 0;
    do
    {
        Add(RadiusAttributeType::EAP_MESSAGE, eap.Sub(at, RADIUS_MAX_VALUE));
        at += RADIUS_MAX_VALUE;
    } while (at < eap.size());
}

Bytes
RadiusMessage::Eap() const
{
    Bytes eap;
    for (const RadiusAttribute& attribute : attributes)
    {
        if (attribute.type == RadiusAttributeType::EAP_MESSAGE)
        {
            Writer(eap).Octets(attribute.value);
        }
    }
    return eap;
}

Result<RadiusMessage, RadiusError>
DecodeRadius(ByteView octets)
{
    RadiusMessage message;
    const auto length =
        ForEachAttribute(octets, [&message](RadiusAttributeType type, ByteView value) {
            message.attributes.push_back({type, Bytes(value.begin(), value.end())});
        });
    if (!length)
    {
        return RadiusError::MALFORMED;
    }
    message.code = static_cast<RadiusCode>(octets[0]);
    message.identifier = octets[1];
    const ByteView authenticator = octets.Sub(AUTHENTICATOR_OFFSET, message.authenticator.size());
    std::copy(authenticator.begin(), authenticator.end(), message.authenticator.begin());
    return message;
}

Result<Bytes, RadiusError>
EncodeRadiusRequest(CryptoContext& ctx, const RadiusMessage& message, ByteView secret)
{
    RealCrypto real(ctx);
    return Encode(real, message, secret, message.authenticator);
}

Result<Bytes, RadiusError>
EncodeRadiusReply(CryptoContext& ctx,
                  const RadiusMessage& message,
                  ByteView secret,
                  const RadiusAuthenticator& request)
{
    RealCrypto real(ctx);
    auto octets = Encode(real, message, secret, request);
    if (octets)
    {
        const auto response = ResponseAuthenticator(real, *octets, secret, request);
        std::copy(response.begin(), response.end(), octets->begin() + AUTHENTICATOR_OFFSET);
    }
    return octets;
}

RadiusError
VerifyRadiusRequest(CryptoContext& ctx, ByteView octets, ByteView secret)
{
    const auto layout = FindMessageAuthenticator(octets);
    if (!layout)
    {
        return RadiusError::MALFORMED;
    }
    RealCrypto real(ctx);
    return VerifyMessageAuthenticator(
        real,
        octets,
        *layout,
        secret,
        octets.Sub(AUTHENTICATOR_OFFSET, sizeof(RadiusAuthenticator)));
}

RadiusError
VerifyRadiusReply(CryptoContext& ctx,
                  ByteView octets,
                  ByteView secret,
                  const RadiusAuthenticator& request)
{
    const auto layout = FindMessageAuthenticator(octets);
    if (!layout)
    {
        return RadiusError::MALFORMED;
    }
    RealCrypto real(ctx);
    const auto response =
        ResponseAuthenticator(real, octets.Sub(0, layout->length), secret, request);
    if (!SecretBytes::Equal(response, octets.Sub(AUTHENTICATOR_OFFSET, response.size())))
    {
        return RadiusError::BAD_RESPONSE_AUTHENTICATOR;
    }
    return VerifyMessageAuthenticator(real, octets, *layout, secret, request);
}

// ---------------------------------------------------------------------------------------------
// Keys
// ---------------------------------------------------------------------------------------------

namespace
{

constexpr std::size_t DSRK_SIZE = 64; // RFC 5295, section 4

/**
 * @brief Cover a key (RFC 2548, section 2.4.2).
 * @param ctx the computing node
 * @param key the key
 * @param secret the secret
 * @param request Authenticator of the request
 * @param salt the salt
 * @return Salt and String
 */
Bytes
CoverKey(CryptoContext& ctx,
         ByteView key,
         ByteView secret,
         const RadiusAuthenticator& request,
         uint16_t salt)
{
    SecretOctets text;
    Writer textWriter(text);
    textWriter.U8(static_cast<uint8_t>(key.size()));
    textWriter.Octets(key);
    while (text.size() % MPPE_BLOCK != 0)
    {
        textWriter.U8(0);
    }
    Bytes covered;
    Writer writer(covered);
    writer.U16(salt);
    const Bytes saltOctets = covered;
    RealCrypto real(ctx);
    const SecretOctets string = CoverMppe(real, secret, request, saltOctets, text, true);
    writer.Octets(string);
    return covered;
}

/**
 * @brief Uncover a key.
 * @param ctx the computing node
 * @param covered Salt and String
 * @param secret the secret
 * @param request Authenticator of the request
 * @return the key, or BAD_KEY
 */
Result<SecretBytes, RadiusError>
UncoverKey(CryptoContext& ctx,
           ByteView covered,
           ByteView secret,
           const RadiusAuthenticator& request)
{
    Reader reader(covered);
    ByteView salt;
    if (!reader.Octets(2, salt) || reader.AtEnd() || reader.Remaining() % MPPE_BLOCK != 0)
    {
        return RadiusError::BAD_KEY;
    }
    RealCrypto real(ctx);
    const SecretOctets text = CoverMppe(real, secret, request, salt, reader.Rest(), false);
    Reader textReader(text);
    uint8_t size;
    ByteView key;
    if (!textReader.U8(size) || size == 0 || size > SecretBytes::CAPACITY ||
        !textReader.Octets(size, key))
    {
        return RadiusError::BAD_KEY;
    }
    return SecretBytes(key);
}

/**
 * @brief Read what a home server gives a local server.
 * @param ctx the computing node
 * @param message an Accept
 * @param secret the secret
 * @param request Authenticator of the request
 * @return the key; nothing when there is none; or BAD_KEY
 */
Result<std::optional<DomainRootKey>, RadiusError>
ReadDomainKey(CryptoContext& ctx,
              const RadiusMessage& message,
              ByteView secret,
              const RadiusAuthenticator& request)
{
    const Bytes* covered = message.Find(RadiusAttributeType::DSRK);
    if (covered == nullptr)
    {
        return std::optional<DomainRootKey>();
    }
    const Bytes* name = message.Find(RadiusAttributeType::EMSK_NAME);
    const Bytes* lifetime = message.Find(RadiusAttributeType::DSRK_LIFETIME);
    const auto dsrk = UncoverKey(ctx, *covered, secret, request);
    DomainRootKey key;
    if (!dsrk || dsrk->size() != DSRK_SIZE || name == nullptr || name->size() != key.name.size() ||
        lifetime == nullptr || !Reader(*lifetime).U32(key.lifetime))
    {
        return RadiusError::BAD_KEY;
    }
    key.dsrk = *dsrk;
    std::copy(name->begin(), name->end(), key.name.begin());
    return std::make_optional(std::move(key));
}

} // namespace

Bytes
EncryptMppeKey(CryptoContext& ctx,
               MppeKey type,
               ByteView key,
               ByteView secret,
               const RadiusAuthenticator& request,
               uint16_t salt)
{
    if (key.empty() || key.size() > SecretBytes::CAPACITY || !(salt & SALT_BIT))
    {
        NS_FATAL_ERROR("not a key and a salt for an MS-MPPE attribute");
    }
    const Bytes covered = CoverKey(ctx, key, secret, request, salt);
    Bytes value;
    Writer writer(value);
    writer.U32(VENDOR_MICROSOFT);
    writer.U8(static_cast<uint8_t>(type));
    writer.U8(static_cast<uint8_t>(2 + covered.size()));
    writer.Octets(covered);
    return value;
}

Result<SecretBytes, RadiusError>
DecryptMppeKey(CryptoContext& ctx,
               MppeKey type,
               const RadiusMessage& message,
               ByteView secret,
               const RadiusAuthenticator& request)
{
    for (const RadiusAttribute& attribute : message.attributes)
    {
        if (attribute.type != RadiusAttributeType::VENDOR_SPECIFIC)
        {
            continue;
        }
        Reader reader(attribute.value);
        uint32_t vendor;
        uint8_t vendorType;
        uint8_t vendorLength;
        if (!reader.U32(vendor) || vendor != VENDOR_MICROSOFT || !reader.U8(vendorType) ||
            vendorType != static_cast<uint8_t>(type))
        {
            continue;
        }
        if (!reader.U8(vendorLength) || vendorLength != 2 + reader.Remaining())
        {
            return RadiusError::BAD_KEY;
        }
        return UncoverKey(ctx, reader.Rest(), secret, request);
    }
    return SecretBytes();
}

// ---------------------------------------------------------------------------------------------
// Client
// ---------------------------------------------------------------------------------------------

RadiusEapClientSession::RadiusEapClientSession(CryptoContext& ctx,
                                               const RadiusClientConfiguration& configuration,
                                               std::string callingStationId)
    : m_ctx(&ctx),
      m_configuration(&configuration),
      m_callingStationId(std::move(callingStationId))
{
}

Result<Bytes, RadiusError>
RadiusEapClientSession::Request(ByteView eap, uint8_t identifier)
{
    std::string userName = m_userName;
    if (const auto keyName = ErpKeyNameOf(eap))
    {
        userName = *keyName;
    }
    const auto packet = DecodeEap(eap);
    if (packet && packet->code == EapCode::RESPONSE && packet->type == EapType::IDENTITY)
    {
        userName = packet->data.Sub(0, RADIUS_MAX_VALUE).Text();
    }

    RadiusMessage message;
    message.code = RadiusCode::ACCESS_REQUEST;
    message.identifier = identifier;
    m_ctx->Random(message.authenticator.data(), message.authenticator.size());
    if (!userName.empty())
    {
        message.Add(RadiusAttributeType::USER_NAME, ByteView::FromText(userName));
    }
    message.Add(RadiusAttributeType::NAS_IDENTIFIER,
                ByteView::FromText(m_configuration->nasIdentifier));
    message.Add(RadiusAttributeType::CALLING_STATION_ID, ByteView::FromText(m_callingStationId));
    message.Add(RadiusAttributeType::FRAMED_MTU, m_configuration->framedMtu);
    message.Add(RadiusAttributeType::NAS_PORT_TYPE,
                static_cast<uint32_t>(m_configuration->portType));
    if (!m_configuration->erpDomain.empty())
    {
        message.Add(RadiusAttributeType::ERP_DOMAIN,
                    ByteView::FromText(m_configuration->erpDomain));
    }
    message.AddEap(eap);
    if (!m_state.empty())
    {
        message.Add(RadiusAttributeType::STATE, m_state);
    }
    auto octets = EncodeRadiusRequest(*m_ctx, message, m_configuration->secret);
    if (octets)
    {
        m_userName = std::move(userName);
        m_authenticator = message.authenticator;
        m_lastRequest = *octets;
        m_outstanding = true;
    }
    return octets;
}

Result<RadiusEapClientSession::Reply, RadiusError>
RadiusEapClientSession::Receive(ByteView octets)
{
    if (!m_outstanding)
    {
        return RadiusError::NOTHING_OUTSTANDING;
    }
    const auto message = DecodeRadius(octets);
    if (!message)
    {
        return message.Error();
    }
    if (message->identifier != m_lastRequest[1])
    {
        return RadiusError::WRONG_IDENTIFIER;
    }
    switch (message->code)
    {
    case RadiusCode::ACCESS_ACCEPT:
    case RadiusCode::ACCESS_REJECT:
    case RadiusCode::ACCESS_CHALLENGE:
        break;
    default:
        return RadiusError::UNEXPECTED_CODE;
    }
    const ByteView secret = m_configuration->secret;
    const RadiusError error = VerifyRadiusReply(*m_ctx, octets, secret, m_authenticator);
    if (error != RadiusError::NONE)
    {
        return error;
    }
    Reply reply;
    reply.code = message->code;
    reply.eap = message->Eap();
    if (reply.eap.empty())
    {
        return RadiusError::NO_EAP_MESSAGE;
    }
    if (CodeFor(reply.eap) != message->code)
    {
        return RadiusError::INCONSISTENT;
    }
    if (message->code == RadiusCode::ACCESS_ACCEPT)
    {
        const auto recv = DecryptMppeKey(*m_ctx, MppeKey::RECV, *message, secret, m_authenticator);
        const auto send = DecryptMppeKey(*m_ctx, MppeKey::SEND, *message, secret, m_authenticator);
        auto domainKey = ReadDomainKey(*m_ctx, *message, secret, m_authenticator);
        if (!recv || !send || !domainKey)
        {
            return RadiusError::BAD_KEY;
        }
        reply.domainKey = std::move(*domainKey);
        if (recv->size() == MPPE_KEY_SIZE && send->size() == MPPE_KEY_SIZE)
        {
            reply.msk = SecretBytes::Zeros(2 * MPPE_KEY_SIZE);
            std::copy(send->View().begin(),
                      send->View().end(),
                      std::copy(recv->View().begin(), recv->View().end(), reply.msk.data()));
        }
    }
    const Bytes* state = message->Find(RadiusAttributeType::STATE);
    m_state = state != nullptr ? *state : Bytes();
    m_outstanding = false;
    return reply;
}

// ---------------------------------------------------------------------------------------------
// Server
// ---------------------------------------------------------------------------------------------

RadiusEapServerSession::RadiusEapServerSession(CryptoContext& ctx,
                                               SecretBytes secret,
                                               uint32_t state)
    : m_ctx(&ctx),
      m_secret(std::move(secret)),
      m_state(state)
{
}

std::optional<uint32_t>
RadiusEapServerSession::StateOf(ByteView octets)
{
    const auto message = DecodeRadius(octets);
    const Bytes* value = message ? message->Find(RadiusAttributeType::STATE) : nullptr;
    uint32_t state;
    if (value == nullptr || value->size() != STATE_SIZE || !Reader(*value).U32(state))
    {
        return std::nullopt;
    }
    return state;
}

Result<RadiusEapServerSession::Request, RadiusError>
RadiusEapServerSession::Receive(ByteView octets)
{
    const auto message = DecodeRadius(octets);
    if (!message)
    {
        return message.Error();
    }
    if (message->code != RadiusCode::ACCESS_REQUEST)
    {
        return RadiusError::UNEXPECTED_CODE;
    }
    Request request;
    request.duplicate = !m_lastRequest.empty() && octets == ByteView(m_lastRequest);
    if (!request.duplicate)
    {
        const RadiusError error = VerifyRadiusRequest(*m_ctx, octets, m_secret);
        if (error != RadiusError::NONE)
        {
            return error;
        }
        const bool hasState = message->Find(RadiusAttributeType::STATE) != nullptr;
        const bool first = m_lastReply.empty();
        if (first ? hasState : StateOf(octets) != m_state)
        {
            return RadiusError::WRONG_STATE;
        }
    }
    if (message->Find(RadiusAttributeType::EAP_MESSAGE) == nullptr)
    {
        return RadiusError::NO_EAP_MESSAGE;
    }
    request.eap = message->Eap();
    request.userName = TextOf(message->Find(RadiusAttributeType::USER_NAME));
    request.nasIdentifier = TextOf(message->Find(RadiusAttributeType::NAS_IDENTIFIER));
    request.callingStationId = TextOf(message->Find(RadiusAttributeType::CALLING_STATION_ID));
    request.erpDomain = TextOf(message->Find(RadiusAttributeType::ERP_DOMAIN));
    const Bytes* mtu = message->Find(RadiusAttributeType::FRAMED_MTU);
    uint32_t octetsOfMtu;
    if (mtu != nullptr && Reader(*mtu).U32(octetsOfMtu))
    {
        request.framedMtu = octetsOfMtu;
    }
    if (!request.duplicate)
    {
        m_lastRequest.assign(octets.begin(), octets.end());
        m_request = *message;
        m_outstanding = true;
    }
    return request;
}

Result<Bytes, RadiusError>
RadiusEapServerSession::Reply(ByteView eap, ByteView msk, const DomainRootKey* domainKey)
{
    if (!m_outstanding)
    {
        return RadiusError::NOTHING_OUTSTANDING;
    }
    const auto code = CodeFor(eap);
    if (!code)
    {
        return RadiusError::NO_EAP_MESSAGE;
    }
    RadiusMessage message;
    message.code = *code;
    message.identifier = m_request.identifier;
    message.AddEap(eap);
    if (*code == RadiusCode::ACCESS_CHALLENGE)
    {
        message.Add(RadiusAttributeType::STATE, m_state);
    }
    if (*code == RadiusCode::ACCESS_ACCEPT && msk.size() == 2 * MPPE_KEY_SIZE)
    {
        uint8_t random[2];
        m_ctx->Random(random, sizeof random);
        const auto salt = static_cast<uint16_t>(SALT_BIT | random[0] << 8 | random[1]);
        const auto add = [&](MppeKey type, ByteView key, uint16_t keySalt) {
            message.Add(
                RadiusAttributeType::VENDOR_SPECIFIC,
                EncryptMppeKey(*m_ctx, type, key, m_secret, m_request.authenticator, keySalt));
        };
        add(MppeKey::RECV, msk.Sub(0, MPPE_KEY_SIZE), salt);
        add(MppeKey::SEND, msk.Sub(MPPE_KEY_SIZE), static_cast<uint16_t>(salt ^ 1));
        if (domainKey != nullptr)
        {
            message.Add(RadiusAttributeType::DSRK,
                        CoverKey(*m_ctx,
                                 domainKey->dsrk,
                                 m_secret,
                                 m_request.authenticator,
                                 static_cast<uint16_t>(salt ^ 2)));
            message.Add(RadiusAttributeType::EMSK_NAME, domainKey->name);
            message.Add(RadiusAttributeType::DSRK_LIFETIME, domainKey->lifetime);
        }
    }
    auto octets = EncodeRadiusReply(*m_ctx, message, m_secret, m_request.authenticator);
    if (octets)
    {
        m_lastReply = *octets;
        m_outstanding = false;
    }
    return octets;
}

} // namespace ns3::mis
