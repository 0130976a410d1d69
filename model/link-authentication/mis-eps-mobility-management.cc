// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The network in EPS-AKA and the NAS security mode procedure (3GPP TS 24.301).
 */
#include "mis-eps-aka.h"
#include "mis-eps-security-mode.h"

#include "ns3/mis-assigned.h"

#include <algorithm>

namespace ns3::mis
{

EpsMobilityManagement::EpsMobilityManagement(CryptoContext& ctx, const Plmn& plmn)
    : LinkAuthenticator(ctx),
      m_plmn(plmn)
{
}

void
EpsMobilityManagement::DoTakeKey(ByteView key)
{
    m_keys = DeriveEpsKeys(Ctx(), key.Sub(0, MASTER_KEY_SIZE));
    m_ksi = assigned::KSI_OF_PUSHED_KEY;
}

void
EpsMobilityManagement::DoWipe()
{
    m_keys.reset();
    m_vector.reset();
    m_last.clear();
}

void
EpsMobilityManagement::DoStart(LinkOutput& output)
{
    if (State() == LinkAuthenticationState::HANDSHAKE)
    {
        m_wait = Wait::COMPLETE;
        output.frames.push_back(MakeCommand());
        return;
    }
    Advance(LinkAuthenticationState::AUTHENTICATING);
    m_wait = Wait::IDENTITY;
    m_last = EncodeNas(NasIdentityRequest());
    output.frames.push_back(m_last);
}

void
EpsMobilityManagement::DoSendEap(ByteView, LinkOutput& output)
{
    output.drop = LinkAuthenticationDrop::UNEXPECTED;
}

void
EpsMobilityManagement::DoEapSucceeded(ByteView, ByteView, LinkOutput& output)
{
    output.drop = LinkAuthenticationDrop::UNEXPECTED;
}

void
EpsMobilityManagement::DoEapFailed(ByteView, LinkOutput& output)
{
    output.frames.push_back(EncodeNas(NasAuthenticationReject()));
}

void
EpsMobilityManagement::DoRepeat(LinkOutput& output)
{
    switch (m_wait)
    {
    case Wait::IDENTITY:
    case Wait::RESPONSE:
        output.frames.push_back(m_last);
        break;
    case Wait::COMPLETE:
        if (m_downlink < NAS_COUNT_LIMIT)
        {
            output.frames.push_back(MakeCommand());
        }
        break;
    case Wait::NOTHING:
    case Wait::VECTOR:
        break;
    }
}

void
EpsMobilityManagement::AskForVector(LinkOutput& output)
{
    if (m_vectors == MAX_VECTORS)
    {
        Refuse(output);
        return;
    }
    ++m_vectors;
    m_wait = Wait::VECTOR;
    m_request.plmn = m_plmn;
    output.vectorRequest = m_request;
}

void
EpsMobilityManagement::Refuse(LinkOutput& output)
{
    output.frames.push_back(EncodeNas(NasAuthenticationReject()));
    Fail(LinkAuthenticationOutcome::REFUSED);
}

void
EpsMobilityManagement::DoReceiveVector(const std::optional<AuthenticationVector>& vector,
                                       LinkOutput& output)
{
    if (m_wait != Wait::VECTOR)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (!vector)
    {
        Refuse(output);
        return;
    }
    m_vector = vector;
    m_ksi = static_cast<uint8_t>(m_vectors - 1);
    NasAuthenticationRequest request;
    request.ksi = m_ksi;
    request.rand = vector->rand;
    request.autn.assign(vector->autn.begin(), vector->autn.end());
    m_wait = Wait::RESPONSE;
    m_last = EncodeNas(request);
    output.frames.push_back(m_last);
}

void
EpsMobilityManagement::DoReceive(ByteView frame, LinkOutput& output)
{
    if (!frame.empty() && frame[0] != static_cast<uint8_t>(NasHeader::PLAIN))
    {
        const auto message = DecodeNasProtected(frame);
        if (!message)
        {
            output.drop = LinkAuthenticationDrop::MALFORMED;
            return;
        }
        ReceiveComplete(*message, output);
        return;
    }
    const auto message = DecodeNas(frame);
    if (!message)
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
    }
    else if (const auto* identity = std::get_if<NasIdentityResponse>(&*message))
    {
        ReceiveIdentity(*identity, output);
    }
    else if (const auto* response = std::get_if<NasAuthenticationResponse>(&*message))
    {
        ReceiveResponse(*response, output);
    }
    else if (const auto* failure = std::get_if<NasAuthenticationFailure>(&*message))
    {
        ReceiveFailure(*failure, output);
    }
    else if (const auto* reject = std::get_if<NasSecurityModeReject>(&*message);
             reject != nullptr && m_wait == Wait::COMPLETE)
    {
        Fail(reject->cause == EmmCause::UE_SECURITY_CAPABILITIES_MISMATCH
                 ? LinkAuthenticationOutcome::SECURITY_MISMATCH
                 : LinkAuthenticationOutcome::KEY_MISMATCH);
    }
    else
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
    }
}

void
EpsMobilityManagement::ReceiveIdentity(const NasIdentityResponse& response, LinkOutput& output)
{
    const auto imsi = DecodeImsi(response.identity);
    if (m_wait != Wait::IDENTITY)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (!imsi)
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
        return;
    }
    m_request.imsi = *imsi;
    AskForVector(output);
}

void
EpsMobilityManagement::ReceiveResponse(const NasAuthenticationResponse& response,
                                       LinkOutput& output)
{
    if (m_wait != Wait::RESPONSE)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (!SecretBytes::Equal(response.res, m_vector->xres))
    {
        output.drop = LinkAuthenticationDrop::REFUSED;
        Refuse(output);
        return;
    }
    m_keys = DeriveEpsKeys(Ctx(), m_vector->kasme);
    m_vector.reset();
    m_wait = Wait::COMPLETE;
    Advance(LinkAuthenticationState::HANDSHAKE);
    output.frames.push_back(MakeCommand());
}

void
EpsMobilityManagement::ReceiveFailure(const NasAuthenticationFailure& failure, LinkOutput& output)
{
    if (m_wait != Wait::RESPONSE)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    switch (failure.cause)
    {
    case EmmCause::SYNCH_FAILURE: {
        AuthenticationVectorRequest::Resynchronisation resynchronisation;
        resynchronisation.rand = m_vector->rand;
        const ByteView auts = failure.Auts();
        std::copy(auts.begin(), auts.end(), resynchronisation.auts.begin());
        m_request.resynchronisation = resynchronisation;
        AskForVector(output);
        return;
    }
    case EmmCause::MAC_FAILURE:
        m_request.resynchronisation.reset();
        AskForVector(output);
        return;
    default:
        Refuse(output);
    }
}

Bytes
EpsMobilityManagement::MakeCommand()
{
    NasSecurityModeCommand command;
    command.algorithms = EPS_ALGORITHMS;
    command.ksi = m_ksi;
    command.capability = SecurityCapability();
    NasProtected message;
    message.sequence = static_cast<uint8_t>(m_downlink++);
    message.payload = EncodeNas(command);
    message.mac = NasMac(Ctx(), *m_keys, NasDirection::DOWNLINK, message);
    return EncodeNas(message);
}

Bytes
EpsMobilityManagement::MakeAccept()
{
    NasAttachAccept accept;
    accept.updateTimer = assigned::LTE_UPDATE_TIMER;
    Writer areas(accept.areas);
    areas.U8(0); // one area, by its code
    areas.Octets(m_plmn);
    areas.U16(assigned::LTE_AREA);
    accept.session.assign(assigned::LTE_BEARER_REQUEST.begin(), assigned::LTE_BEARER_REQUEST.end());
    return MakeCiphered(Ctx(),
                        *m_keys,
                        NasDirection::DOWNLINK,
                        NasHeader::INTEGRITY_CIPHER,
                        static_cast<uint8_t>(m_downlink++),
                        accept);
}

void
EpsMobilityManagement::ReceiveComplete(const NasProtected& message, LinkOutput& output)
{
    // One that comes when all is done asks for an Attach accept that got lost.
    const bool isDone = State() == LinkAuthenticationState::AUTHENTICATED;
    if (message.header != NasHeader::INTEGRITY_CIPHER_NEW || (m_wait != Wait::COMPLETE && !isDone))
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (m_uplink && message.sequence <= *m_uplink)
    {
        output.drop = LinkAuthenticationDrop::REPLAYED;
        return;
    }
    const auto inner = OpenCiphered(Ctx(), *m_keys, NasDirection::UPLINK, message, output);
    if (!inner)
    {
        return;
    }
    if (!std::holds_alternative<NasSecurityModeComplete>(*inner))
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
        return;
    }
    m_uplink = message.sequence;
    if (m_downlink < NAS_COUNT_LIMIT)
    {
        output.frames.push_back(MakeAccept());
    }
    if (m_wait == Wait::COMPLETE)
    {
        m_wait = Wait::NOTHING;
        Succeed(LteKeys(*m_keys));
    }
}

} // namespace ns3::mis
