// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The server of EAP: the lock-step machine around its methods (RFC 3748, RFC 4137).
 */
#include "mis-eap-server.h"

#include <algorithm>
#include <utility>

namespace ns3::mis
{

EapServer::EapServer(CryptoContext& ctx,
                     std::shared_ptr<const EapServerConfiguration> configuration,
                     int64_t nowNs,
                     uint8_t firstIdentifier)
    : m_ctx(&ctx),
      m_configuration(std::move(configuration)),
      m_nowNs(nowNs),
      m_identifier(firstIdentifier)
{
}

const EapExported&
EapServer::Exported() const
{
    static const EapExported none;
    return m_state == EapState::SUCCESS ? m_method->Exported() : none;
}

std::optional<Bytes>
EapServer::Discard(EapDrop reason)
{
    m_drop = reason;
    return std::nullopt;
}

Bytes
EapServer::Request(EapType type, ByteView data)
{
    m_lastSent = EncodeEap({EapCode::REQUEST, m_identifier, type, data});
    return m_lastSent;
}

Bytes
EapServer::End(EapState state, EapOutcome outcome)
{
    m_state = state;
    m_outcome = outcome;
    m_lastSent = EncodeEap({state == EapState::SUCCESS ? EapCode::SUCCESS : EapCode::FAILURE,
                            m_identifier,
                            EapType::NONE,
                            {}});
    return m_lastSent;
}

Bytes
EapServer::Start()
{
    return Request(EapType::IDENTITY, ByteView());
}

Bytes
EapServer::Begin(const EapServerMethodFactory& factory)
{
    m_method = factory.Make(*m_ctx, m_identity, m_nowNs);
    m_tried.push_back(factory.Type());
    m_negotiating = true;
    ++m_identifier;
    return Request(factory.Type(), m_method->Start(*m_ctx));
}

std::optional<Bytes>
EapServer::Receive(ByteView eap)
{
    m_drop = EapDrop::NONE;
    const Result<EapPacket> packet = DecodeEap(eap);
    if (!packet)
    {
        return Discard(EapDrop::MALFORMED);
    }
    if (m_state != EapState::RUNNING)
    {
        return Discard(EapDrop::ENDED);
    }
    if (packet->code != EapCode::RESPONSE)
    {
        return Discard(EapDrop::UNEXPECTED_CODE);
    }
    if (!m_lastSent.empty() && packet->identifier != m_identifier)
    {
        return Discard(EapDrop::WRONG_IDENTIFIER);
    }
    if (!m_method)
    {
        return packet->type == EapType::IDENTITY ? TakeIdentity(*packet)
                                                 : Discard(EapDrop::WRONG_TYPE);
    }
    if (packet->type == EapType::NAK && m_negotiating)
    {
        return TakeNak(*packet);
    }
    return packet->type == m_method->Type() ? TakeMethodResponse(*packet)
                                            : Discard(EapDrop::WRONG_TYPE);
}

std::optional<Bytes>
EapServer::TakeIdentity(const EapPacket& packet)
{
    m_identifier = packet.identifier;
    m_identity.assign(packet.data.begin(), packet.data.end());
    for (const auto& factory : m_configuration->methods)
    {
        if (factory->Serves(m_identity))
        {
            return Begin(*factory);
        }
    }
    return End(EapState::FAILURE, EapOutcome::IDENTITY_UNKNOWN);
}

std::optional<Bytes>
EapServer::TakeNak(const EapPacket& packet)
{
    for (const auto& factory : m_configuration->methods)
    {
        const auto type = factory->Type();
        const bool wanted =
            std::find(packet.data.begin(), packet.data.end(), static_cast<uint8_t>(type)) !=
            packet.data.end();
        const bool tried = std::find(m_tried.begin(), m_tried.end(), type) != m_tried.end();
        if (wanted && !tried && factory->Serves(m_identity))
        {
            return Begin(*factory);
        }
    }
    return End(EapState::FAILURE, EapOutcome::NO_COMMON_METHOD);
}

std::optional<Bytes>
EapServer::TakeMethodResponse(const EapPacket& packet)
{
    const EapStep step = m_method->Process(*m_ctx, packet.data);
    if (step.drop != EapDrop::NONE)
    {
        return Discard(step.drop);
    }
    m_negotiating = false;
    if (!step.data)
    {
        // A method that ends without a verdict has not succeeded.
        return m_method->State() == EapState::RUNNING
                   ? End(EapState::FAILURE, EapOutcome::PROTOCOL_ERROR)
                   : End(m_method->State(), m_method->Outcome());
    }
    ++m_identifier;
    return Request(m_method->Type(), *step.data);
}

void
EapServer::Abort(EapOutcome outcome)
{
    if (m_state != EapState::RUNNING)
    {
        return;
    }
    const bool named = m_method && m_method->State() == EapState::FAILURE;
    m_state = EapState::FAILURE;
    m_outcome = named ? m_method->Outcome() : outcome;
}

} // namespace ns3::mis
