// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The peer of EAP: the lock-step machine around its methods (RFC 3748, RFC 4137).
 */
#include "mis-eap-peer.h"

#include <utility>

namespace ns3::mis
{

EapPeer::EapPeer(CryptoContext& ctx,
                 std::shared_ptr<const EapPeerConfiguration> configuration,
                 int64_t nowNs)
    : m_ctx(&ctx),
      m_configuration(std::move(configuration)),
      m_nowNs(nowNs)
{
}

const EapExported&
EapPeer::Exported() const
{
    static const EapExported none;
    return m_state == EapState::SUCCESS ? m_method->Exported() : none;
}

std::optional<Bytes>
EapPeer::Discard(EapDrop reason)
{
    m_drop = reason;
    return std::nullopt;
}

void
EapPeer::Finish(EapState state, EapOutcome outcome)
{
    m_state = state;
    m_outcome = outcome;
}

std::optional<Bytes>
EapPeer::Receive(ByteView eap)
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
    switch (packet->code)
    {
    case EapCode::REQUEST:
        return TakeRequest(*packet, eap);
    case EapCode::SUCCESS:
    case EapCode::FAILURE:
        return TakeEnd(*packet);
    case EapCode::RESPONSE:
    case EapCode::INITIATE:
    case EapCode::FINISH:
        break;
    }
    return Discard(EapDrop::UNEXPECTED_CODE);
}

std::optional<Bytes>
EapPeer::Answer(ByteView request, uint8_t identifier, EapType type, ByteView data)
{
    m_lastRequest.assign(request.begin(), request.end());
    m_lastResponse = EncodeEap({EapCode::RESPONSE, identifier, type, data});
    return m_lastResponse;
}

std::optional<Bytes>
EapPeer::TakeRequest(const EapPacket& packet, ByteView octets)
{
    if (!m_lastRequest.empty() && octets == ByteView(m_lastRequest))
    {
        return m_lastResponse;
    }
    switch (packet.type)
    {
    case EapType::NOTIFICATION:
        return Answer(octets, packet.identifier, EapType::NOTIFICATION, ByteView());
    case EapType::IDENTITY:
        // Not once a method has begun (RFC 3748, section 2.1).
        if (m_method)
        {
            return Discard(EapDrop::WRONG_TYPE);
        }
        return Answer(octets,
                      packet.identifier,
                      EapType::IDENTITY,
                      ByteView::FromText(m_configuration->identity));
    case EapType::NONE:
    case EapType::NAK:
        return Discard(EapDrop::WRONG_TYPE);
    default:
        return TakeMethodRequest(packet, octets);
    }
}

std::optional<Bytes>
EapPeer::TakeMethodRequest(const EapPacket& packet, ByteView octets)
{
    if (m_method && m_method->Type() != packet.type)
    {
        return Discard(EapDrop::WRONG_TYPE);
    }
    std::unique_ptr<EapPeerMethod> begun;
    if (!m_method)
    {
        Bytes wanted;
        for (const auto& factory : m_configuration->methods)
        {
            wanted.push_back(static_cast<uint8_t>(factory->Type()));
            if (factory->Type() == packet.type)
            {
                begun = factory->Make(*m_ctx, m_nowNs);
                break;
            }
        }
        if (!begun)
        {
            if (wanted.empty())
            {
                wanted.push_back(static_cast<uint8_t>(EapType::NONE));
            }
            return Answer(octets, packet.identifier, EapType::NAK, wanted);
        }
    }
    EapPeerMethod& method = begun ? *begun : *m_method;
    const EapStep step = method.Process(*m_ctx, packet.data);
    if (!step.data)
    {
        return Discard(step.drop);
    }
    if (begun)
    {
        m_method = std::move(begun);
    }
    return Answer(octets, packet.identifier, packet.type, *step.data);
}

std::optional<Bytes>
EapPeer::TakeEnd(const EapPacket& packet)
{
    const Result<EapPacket> last = DecodeEap(m_lastResponse);
    if (!last || packet.identifier != last->identifier)
    {
        return Discard(EapDrop::WRONG_IDENTIFIER);
    }
    if (packet.code == EapCode::FAILURE)
    {
        Abort(last->type == EapType::NAK ? EapOutcome::NO_COMMON_METHOD : EapOutcome::REFUSED);
        return std::nullopt;
    }
    return AcceptLowerLayerSuccess() ? std::nullopt : Discard(EapDrop::PREMATURE_SUCCESS);
}

bool
EapPeer::AcceptLowerLayerSuccess()
{
    if (m_state != EapState::RUNNING || !m_method || m_method->State() != EapState::SUCCESS)
    {
        return false;
    }
    Finish(EapState::SUCCESS, EapOutcome::SUCCESS);
    return true;
}

void
EapPeer::Abort(EapOutcome outcome)
{
    if (m_state != EapState::RUNNING)
    {
        return;
    }
    const bool named = m_method && m_method->State() == EapState::FAILURE;
    Finish(EapState::FAILURE, named ? m_method->Outcome() : outcome);
}

} // namespace ns3::mis
