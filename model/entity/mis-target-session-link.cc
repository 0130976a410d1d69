// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Proactive authentication with real frames, at the TPoS.
 */
#include "mis-group-manager.h"
#include "mis-point-of-service.h"
#include "mis-proactive-authentication.h"
#include "mis-target-session.h"

#include "ns3/mis-auth-messages.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

void
TargetSession::NoteLink(const std::optional<LinkTupleId>& link)
{
    if (m_pos.m_linkAuthentication != LinkAuthenticationMode::REAL ||
        (m_proactive && (m_proactive->link == link || (link && m_proactive->access))))
    {
        return; // it stays the link that was begun with
    }
    if (m_proactive)
    {
        const auto known = m_pos.m_targetByLink.find(PointOfService::KeyOf(m_proactive->link));
        if (known != m_pos.m_targetByLink.end() && known->second == m_context.mn && !IsDirect())
        {
            m_pos.m_targetByLink.erase(known);
        }
        m_proactive.reset();
    }
    if (link)
    {
        m_proactive = std::make_unique<ProactiveAuthentication>();
        m_proactive->link = *link;
        if (!IsDirect()) // whose frames nobody relays by their link
        {
            m_pos.m_targetByLink[PointOfService::KeyOf(*link)] = m_context.mn;
        }
    }
}

TargetSession::LinkAnswer
TargetSession::OnLinkFrame(const LinkTupleId& link, ByteView frame)
{
    auto& crypto = m_pos.m_misf->GetCrypto();
    NoteLink(link);
    if (m_proactive->link != link)
    {
        return {{}, Status::REJECTED, "wrong-link"};
    }
    if (!m_proactive->access)
    {
        const auto secret = ProactiveSecret(crypto, m_context.key, m_context.mn, m_context.tpos);
        m_proactive->access = std::make_unique<MediaAccessAuthenticator>(
            crypto,
            link,
            MakeAuthenticatorCredentials(
                crypto,
                [secret, mn = m_context.mn](const MisfId& asked) {
                    return asked == mn ? std::optional<SecretBytes>(secret) : std::nullopt;
                },
                [mn = m_context.mn, imsi = ImsiOf(m_context.mn)](const std::string& asked) {
                    return asked == imsi ? std::optional<MisfId>(mn) : std::nullopt;
                },
                m_context.tpos),
            Simulator::Now().GetNanoSeconds());
    }
    auto& access = *m_proactive->access;
    LinkAnswer answer;
    const auto frames = frame.empty() ? access.Start() : access.Receive(frame);
    if (!frames.empty())
    {
        answer.frame = frames.back();
    }
    switch (access.GetState())
    {
    case MediaAccessState::RUNNING:
        if (access.GetLastDrop() == LinkAuthenticationDrop::MALFORMED)
        {
            answer.status = Status::REJECTED;
            answer.outcome = "malformed-link-frame";
        }
        break;
    case MediaAccessState::FAILURE:
        answer.status = Status::AUTHENTICATION_FAILURE;
        answer.outcome = access.GetReason() == "psk-mismatch" || access.GetReason() == "refused"
                             ? "key-mismatch"
                             : "link-authentication-" + access.GetReason();
        break;
    case MediaAccessState::SUCCESS:
        Confirm();
        PushKey();
        break;
    }
    return answer;
}

void
TargetSession::PushKey()
{
    if (m_proactive->push != ProactiveAuthentication::Push::NOT_BEGUN)
    {
        return;
    }
    m_proactive->push = ProactiveAuthentication::Push::UNDER_WAY;
    m_pos.PushLinkKey(m_proactive->link,
                      m_context.mn,
                      m_proactive->access->GetRoot(),
                      [pos = &m_pos, mn = m_context.mn, generation = m_generation](bool isPushed) {
                          if (auto* session = pos->FindTarget(mn, generation))
                          {
                              session->OnKeyPushed(isPushed);
                          }
                      });
}

void
TargetSession::OnKeyPushed(bool isPushed)
{
    if (!isPushed)
    {
        m_proactive->push = ProactiveAuthentication::Push::FAILED;
        if (m_proactive->waiting)
        {
            AnswerReadiness(*m_proactive->waiting, Status::NETWORK_ERROR);
            m_pos.EndTarget(*this, "poa-unreachable"); // destroys this object
        }
        return;
    }
    m_proactive->push = ProactiveAuthentication::Push::DONE;
    if (m_proactive->waiting)
    {
        AnswerReadiness(*m_proactive->waiting, Status::SUCCESS);
        m_proactive->waiting.reset();
        m_pos.ArmTarget(*this, m_pos.m_preregistrationLifetime);
    }
}

void
TargetSession::OnReadiness(const ReceivedMessage& message, const LlAuthRequest& request)
{
    if (!m_proactive || request.link != m_proactive->link ||
        m_proactive->push == ProactiveAuthentication::Push::NOT_BEGUN)
    {
        AnswerReadiness(message.transaction, Status::REJECTED);
    }
    else if (m_proactive->push == ProactiveAuthentication::Push::DONE)
    {
        AnswerReadiness(message.transaction, Status::SUCCESS);
    }
    else if (m_proactive->push == ProactiveAuthentication::Push::FAILED)
    {
        AnswerReadiness(message.transaction, Status::NETWORK_ERROR);
        m_pos.EndTarget(*this, "poa-unreachable"); // destroys this object
    }
    else
    {
        m_proactive->waiting = message.transaction;
    }
}

void
TargetSession::AnswerReadiness(const TransactionReference& transaction, Status status)
{
    LlAuthResponse response;
    response.link = m_proactive ? m_proactive->link : LinkTupleId();
    response.status = status;
    SendOptions options;
    options.protection = SendOptions::Protection::REQUIRED;
    m_pos.m_misf->SendResponse(transaction, response, options);
    if (status == Status::SUCCESS)
    {
        m_state = State::PREREGISTERED;
    }
}

} // namespace ns3::mis
