// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Conversations of EAP over RADIUS (RFC 3579), at the client and at the server.
 */
#include "mis-eap-packet.h"
#include "mis-erp.h"
#include "mis-radius-keys.h"

#include "ns3/mis-tlv.h"

#include <algorithm>
#include <utility>

namespace ns3::mis
{

namespace
{

/** Octets of the State that a server session gives. */
constexpr std::size_t STATE_SIZE = 4;

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
        const auto salt = static_cast<uint16_t>(RADIUS_SALT_BIT | random[0] << 8 | random[1]);
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
