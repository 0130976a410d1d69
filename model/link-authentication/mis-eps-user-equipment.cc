// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The mobile node in EPS-AKA and the NAS security mode procedure (3GPP TS 24.301).
 */
#include "mis-eps-aka.h"
#include "mis-eps-security-mode.h"

#include "ns3/mis-assigned.h"

#include <tuple>

namespace ns3::mis
{

EpsUserEquipment::EpsUserEquipment(CryptoContext& ctx, const Plmn& plmn, Usim* usim)
    : LinkSupplicant(ctx),
      m_plmn(plmn),
      m_usim(usim)
{
}

void
EpsUserEquipment::DoTakeKey(ByteView key)
{
    Begin(key.Sub(0, MASTER_KEY_SIZE), assigned::KSI_OF_PUSHED_KEY);
}

void
EpsUserEquipment::DoWipe()
{
    m_keys.reset();
    m_response.clear();
}

void
EpsUserEquipment::DoStart(LinkOutput&)
{
    if (State() == LinkAuthenticationState::IDLE)
    {
        Advance(LinkAuthenticationState::AUTHENTICATING);
    }
}

void
EpsUserEquipment::DoSendEap(ByteView, LinkOutput& output)
{
    output.drop = LinkAuthenticationDrop::UNEXPECTED;
}

void
EpsUserEquipment::DoRepeat(LinkOutput& output)
{
    // What was accepted already is not said again.
    if (State() == LinkAuthenticationState::HANDSHAKE && m_downlink)
    {
        SendComplete(output);
    }
}

void
EpsUserEquipment::DoEapSucceeded(ByteView)
{
}

void
EpsUserEquipment::Begin(ByteView kasme, uint8_t ksi)
{
    m_keys = DeriveEpsKeys(Ctx(), kasme);
    m_ksi = ksi;
    m_downlink.reset();
    m_uplink = 0;
}

void
EpsUserEquipment::DoReceive(ByteView frame, LinkOutput& output)
{
    if (!frame.empty() && frame[0] != static_cast<uint8_t>(NasHeader::PLAIN))
    {
        const auto message = DecodeNasProtected(frame);
        if (!message)
        {
            output.drop = LinkAuthenticationDrop::MALFORMED;
            return;
        }
        ReceiveProtected(*message, output);
        return;
    }
    const auto message = DecodeNas(frame);
    if (!message)
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
    }
    else if (State() == LinkAuthenticationState::AUTHENTICATED)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
    }
    else if (const auto* identity = std::get_if<NasIdentityRequest>(&*message))
    {
        ReceiveIdentityRequest(*identity, output);
    }
    else if (const auto* challenge = std::get_if<NasAuthenticationRequest>(&*message))
    {
        ReceiveChallenge(*challenge, output);
    }
    else if (std::holds_alternative<NasAuthenticationReject>(*message))
    {
        Fail(LinkAuthenticationOutcome::REFUSED);
    }
    else
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
    }
}

void
EpsUserEquipment::ReceiveIdentityRequest(const NasIdentityRequest& request, LinkOutput& output)
{
    if (m_usim == nullptr || request.identityType != NasIdentityRequest::IMSI)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (State() == LinkAuthenticationState::IDLE)
    {
        Advance(LinkAuthenticationState::AUTHENTICATING);
    }
    NasIdentityResponse response;
    response.identity = EncodeImsi(m_usim->Imsi());
    output.frames.push_back(EncodeNas(response));
}

void
EpsUserEquipment::ReceiveChallenge(const NasAuthenticationRequest& request, LinkOutput& output)
{
    if (m_usim == nullptr)
    {
        output.drop = LinkAuthenticationDrop::NO_KEY;
        return;
    }
    if (m_rand && *m_rand == request.rand)
    {
        // The sequence number would look used: the USIM must not see a challenge twice.
        output.frames.push_back(m_response);
        return;
    }
    if (State() == LinkAuthenticationState::IDLE)
    {
        Advance(LinkAuthenticationState::AUTHENTICATING);
    }
    const auto answer = m_usim->Authenticate(Ctx(), request.rand, request.autn);
    if (answer.cause)
    {
        NasAuthenticationFailure failure;
        failure.cause = *answer.cause;
        output.drop = LinkAuthenticationDrop::BAD_MIC;
        if (*answer.cause == EmmCause::SYNCH_FAILURE)
        {
            failure.SetAuts(answer.auts);
            output.drop = LinkAuthenticationDrop::SYNC_FAILURE;
        }
        else if (*answer.cause == EmmCause::NON_EPS_AUTHENTICATION)
        {
            output.drop = LinkAuthenticationDrop::SECURITY_MISMATCH;
        }
        output.frames.push_back(EncodeNas(failure));
        return;
    }
    const SecretBytes kasme =
        DeriveKasme(Ctx(),
                    answer.ck,
                    answer.ik,
                    m_plmn,
                    ByteView(request.autn).Sub(0, std::tuple_size_v<AkaSequence>));
    Begin(kasme, request.ksi);
    NasAuthenticationResponse response;
    response.res.assign(answer.res.View().begin(), answer.res.View().end());
    m_rand = request.rand;
    m_response = EncodeNas(response);
    Advance(LinkAuthenticationState::HANDSHAKE);
    output.frames.push_back(m_response);
}

void
EpsUserEquipment::RejectMode(EmmCause cause, LinkAuthenticationDrop reason, LinkOutput& output)
{
    output.drop = reason;
    if (State() != LinkAuthenticationState::AUTHENTICATED)
    {
        NasSecurityModeReject reject;
        reject.cause = cause;
        output.frames.push_back(EncodeNas(reject));
    }
}

void
EpsUserEquipment::ReceiveProtected(const NasProtected& message, LinkOutput& output)
{
    switch (message.header)
    {
    case NasHeader::INTEGRITY_NEW:
        ReceiveCommand(message, output);
        break;
    case NasHeader::INTEGRITY_CIPHER:
        ReceiveAccept(message, output);
        break;
    default:
        output.drop = LinkAuthenticationDrop::MALFORMED;
        break;
    }
}

void
EpsUserEquipment::ReceiveCommand(const NasProtected& message, LinkOutput& output)
{
    const auto inner = DecodeNas(message.payload);
    const auto* command = inner ? std::get_if<NasSecurityModeCommand>(&*inner) : nullptr;
    if (command == nullptr)
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
        return;
    }
    if (!m_keys)
    {
        output.drop = LinkAuthenticationDrop::NO_KEY;
        return;
    }
    if (command->ksi != m_ksi)
    {
        output.drop = LinkAuthenticationDrop::UNKNOWN_KEY;
        return;
    }
    if (m_downlink && message.sequence <= *m_downlink)
    {
        output.drop = LinkAuthenticationDrop::REPLAYED;
        return;
    }
    if (!SecretBytes::Equal(NasMac(Ctx(), *m_keys, NasDirection::DOWNLINK, message), message.mac))
    {
        RejectMode(EmmCause::SECURITY_MODE_REJECTED, LinkAuthenticationDrop::BAD_MIC, output);
        return;
    }
    m_downlink = message.sequence;
    if (command->capability != SecurityCapability() || command->algorithms != EPS_ALGORITHMS)
    {
        RejectMode(EmmCause::UE_SECURITY_CAPABILITIES_MISMATCH,
                   LinkAuthenticationDrop::SECURITY_MISMATCH,
                   output);
        Fail(LinkAuthenticationOutcome::SECURITY_MISMATCH);
        return;
    }
    SendComplete(output);
}

void
EpsUserEquipment::SendComplete(LinkOutput& output)
{
    if (m_uplink >= NAS_COUNT_LIMIT)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    output.frames.push_back(MakeCiphered(Ctx(),
                                         *m_keys,
                                         NasDirection::UPLINK,
                                         NasHeader::INTEGRITY_CIPHER_NEW,
                                         static_cast<uint8_t>(m_uplink++),
                                         NasSecurityModeComplete()));
}

void
EpsUserEquipment::ReceiveAccept(const NasProtected& message, LinkOutput& output)
{
    if (State() != LinkAuthenticationState::HANDSHAKE || !m_downlink)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (message.sequence <= *m_downlink)
    {
        output.drop = LinkAuthenticationDrop::REPLAYED;
        return;
    }
    const auto inner = OpenCiphered(Ctx(), *m_keys, NasDirection::DOWNLINK, message, output);
    if (!inner)
    {
        return;
    }
    if (!std::holds_alternative<NasAttachAccept>(*inner))
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
        return;
    }
    m_downlink = message.sequence;
    Succeed(LteKeys(*m_keys));
}

} // namespace ns3::mis
