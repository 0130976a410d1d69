// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Messages of RADIUS as it carries EAP (RFC 2865, RFC 3579).
 */
#include "mis-radius-message.h"

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

/** Where the Authenticator is in a message. */
constexpr std::size_t AUTHENTICATOR_OFFSET = 4;
/** Octets of Message-Authenticator. */
constexpr std::size_t MESSAGE_AUTHENTICATOR_SIZE = HMAC_MD5_SIZE;

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

} // namespace ns3::mis
