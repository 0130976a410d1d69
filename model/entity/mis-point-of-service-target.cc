// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A PoS as TPoS: it accepts mobile nodes and serves those that have come.
 */
#include "mis-point-of-service.h"

#include "ns3/log.h"
#include "ns3/mis-link-frame.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisPointOfServiceTarget");

void
PointOfService::OnN2nHoCommit(const ReceivedMessage& message)
{
    const auto request = DecodeBody<N2nHoCommitRequest>(message.body);
    if (!request || !request->mnId)
    {
        m_misf->Refuse(message);
        return;
    }
    N2nHoCommitResponse response;
    response.mnId = request->mnId;
    response.mnLink = request->mnLink;
    response.targetNetwork = request->targetNetwork;
    const auto session = m_targets.find(*request->mnId);
    response.status = IsPartner(message.source) && session != m_targets.end() &&
                              session->second->GetState() == TargetSession::State::PREREGISTERED
                          ? Status::SUCCESS
                          : Status::REJECTED;
    m_misf->SendResponse(message.transaction, response, {});
}

namespace
{

/// Whether a request begins a session: it asks for a key, or is the first flight of an
/// authentication.
bool
IsFirst(const N2nPreregXferRequest& request, const std::optional<LinkFrame>& frame)
{
    return request.ciphersuite || (frame && frame->round == 0 &&
                                   (frame->kind == LinkFrame::Kind::AUTHENTICATION ||
                                    frame->kind == LinkFrame::Kind::FLIGHT));
}

} // namespace

void
PointOfService::OnN2nPreregRequest(const ReceivedMessage& message)
{
    const auto request = DecodeBody<N2nPreregXferRequest>(message.body);
    if (!request || !request->mnId || *request->mnId == message.source)
    {
        m_misf->Refuse(message);
        return;
    }
    const auto it = m_targets.find(*request->mnId);
    if (!IsPartner(message.source))
    {
        RejectAsTarget(message, *request, "spos-not-partner");
        return;
    }
    if (it != m_targets.end() && !message.sa &&
        (it->second->IsProtected() || it->second->IsDirect()))
    {
        // Anybody could end the session with it.
        RejectAsTarget(message, *request, "unprotected-request");
        return;
    }
    OnTargetRequest(message, *request, m_targets);
}

void
PointOfService::OnDirectRequest(const ReceivedMessage& message, const N2nPreregXferRequest& request)
{
    // Who it is, nobody knows before the end of the authentication. Until then the session stands
    // beside one that an SPoS may have begun, or an earlier one, and does not touch it.
    const auto it = m_targets.find(message.source);
    const bool isOfTarget = it != m_targets.end() && it->second->IsDirect() &&
                            m_newcomers.find(message.source) == m_newcomers.end();
    const auto frame = request.linkLayerInformation
                           ? LinkFrame::Decode(*request.linkLayerInformation)
                           : std::nullopt;
    OnTargetRequest(message,
                    request,
                    isOfTarget && !IsFirst(request, frame) ? m_targets : m_newcomers);
}

void
PointOfService::RejectAsTarget(const ReceivedMessage& message,
                               const N2nPreregXferRequest& request,
                               const char* reason)
{
    N2nPreregXferResponse response;
    response.targetLink = request.targetLink;
    response.mnId = request.mnId;
    response.status = Status::REJECTED;
    AnswerAsTarget(message.transaction,
                   message.sa != nullptr,
                   *request.mnId == message.source,
                   response);
    m_misf->TraceAtCompletion(m_targetTrace, *request.mnId, std::string(reason));
}

void
PointOfService::OnTargetRequest(const ReceivedMessage& message,
                                const N2nPreregXferRequest& request,
                                ByMobileNode<TargetSession>& sessions)
{
    const auto& mn = *request.mnId;
    const auto it = sessions.find(mn);
    const auto frame = request.linkLayerInformation
                           ? LinkFrame::Decode(*request.linkLayerInformation)
                           : std::nullopt;
    const bool isFirst = IsFirst(request, frame);
    if (!isFirst && (it == sessions.end() || it->second->GetSpos() != message.source))
    {
        RejectAsTarget(message, request, "no-session");
        return;
    }
    if (isFirst)
    {
        if (it != sessions.end())
        {
            EndTarget(*it->second, "superseded");
        }
        if (GetTargetSessions() >= m_maxSessions)
        {
            RejectAsTarget(message, request, "too-many-sessions");
            return;
        }
        sessions[mn] =
            std::make_unique<TargetSession>(*this, mn, message.source, m_nextGeneration++);
    }
    auto& session = *sessions[mn];
    ArmTarget(session, m_misf->GetTransactionLifetime());
    session.OnRequest(message, request); // may destroy the session, or move it
}

TargetSession*
PointOfService::FindTarget(const MisfId& mn, uint64_t generation)
{
    for (auto* sessions : {&m_targets, &m_newcomers})
    {
        const auto it = sessions->find(mn);
        if (it != sessions->end() && it->second->GetGeneration() == generation)
        {
            return it->second.get();
        }
    }
    return nullptr;
}

void
PointOfService::Authenticated(const TargetSession& session)
{
    const auto newcomer = m_newcomers.find(session.GetMn());
    if (newcomer == m_newcomers.end() || newcomer->second.get() != &session)
    {
        return;
    }
    auto kept = std::move(newcomer->second);
    m_newcomers.erase(newcomer);
    if (const auto earlier = m_targets.find(kept->GetMn()); earlier != m_targets.end())
    {
        EndTarget(*earlier->second, "superseded");
    }
    const MisfId mn = kept->GetMn();
    m_targets[mn] = std::move(kept);
}

void
PointOfService::AnswerAsTarget(const TransactionReference& transaction,
                               bool isProtected,
                               bool isDirect,
                               const N2nPreregXferResponse& response)
{
    SendOptions options;
    options.protection =
        isProtected ? SendOptions::Protection::REQUIRED : SendOptions::Protection::NONE;
    if (!isDirect)
    {
        m_misf->SendResponse(transaction, response, options);
        return;
    }
    PreregXferResponse toMobileNode;
    toMobileNode.targetLink = response.targetLink;
    toMobileNode.linkLayerInformation = response.linkLayerInformation;
    toMobileNode.tposId = m_misf->GetId();
    toMobileNode.status = response.status;
    m_misf->SendResponse(transaction, toMobileNode, options);
}

void
PointOfService::OnLlAuthRequest(const ReceivedMessage& message)
{
    const auto it = m_targets.find(message.source);
    if (it == m_targets.end() || !it->second->OnDirect(message))
    {
        OnLlAuthOfOthers(message);
        return;
    }
    const auto session = m_targets.find(message.source); // unless it has ended
    if (session != m_targets.end())
    {
        ArmTarget(*session->second,
                  session->second->GetState() == TargetSession::State::PREREGISTERED
                      ? m_preregistrationLifetime
                      : m_misf->GetTransactionLifetime());
    }
}

void
PointOfService::OnMnHoComplete(const ReceivedMessage& message)
{
    const auto request = DecodeBody<MnHoCompleteRequest>(message.body);
    const auto it = m_targets.find(message.source);
    if (!request || it == m_targets.end() || !it->second->IsOurs(message.sa))
    {
        m_misf->Refuse(message);
        return;
    }
    MnHoCompleteResponse response;
    response.mnLink = request->mnLink;
    response.hoResult = request->hoResult;
    response.resourceStatus = true;
    SendOptions options;
    options.protection = SendOptions::Protection::REQUIRED;
    m_misf->SendResponse(message.transaction, response, options);

    const MisfId mn = message.source;
    if (const auto newcomer = m_newcomers.find(mn); newcomer != m_newcomers.end())
    {
        EndTarget(*newcomer->second, "superseded"); // the MN is here already
    }
    const MisfId spos = it->second->GetSpos();
    const Said said = it->second->GetSaid();
    it->second->Close(Status::SUCCESS, true);
    Forget(*it->second);
    m_targets.erase(it);
    const auto [served, isNew] = m_served.emplace(mn, said);
    if (!isNew)
    {
        const Said old = std::exchange(served->second, said);
        m_misf->RemoveSa(old, mn); // it came back without having been missed
    }
    m_misf->TraceAtCompletion(m_targetTrace, mn, std::string("served"));
    m_misf->TraceAtCompletion(m_servedTrace, mn, m_misf->GetId());
    if (spos == mn)
    {
        return; // nobody has prepared for it
    }
    N2nHoCompleteRequest complete;
    complete.mnId = mn;
    complete.mnLink = request->mnLink;
    complete.hoResult = request->hoResult;
    const auto error = m_misf->SendRequest(spos, complete, {}, [](const TransactionResult&) {});
    if (error != SendError::NONE)
    {
        NS_LOG_WARN(m_misf->GetId() << ": can not tell " << spos << " that " << mn
                                    << " has come: " << ToString(error));
    }
}

void
PointOfService::EndTarget(const TargetSession& session, const std::string& outcome)
{
    const MisfId mn = session.GetMn();
    auto it = m_targets.find(mn);
    const bool isTarget = it != m_targets.end() && it->second.get() == &session;
    auto& sessions = isTarget ? m_targets : m_newcomers;
    it = sessions.find(mn);
    const auto ended = std::move(it->second);
    sessions.erase(it);
    Forget(*ended);
    ended->Close(Status::NETWORK_ERROR, false);
    m_misf->TraceAtCompletion(m_targetTrace, mn, outcome);
}

void
PointOfService::Forget(const TargetSession& session)
{
    m_timed.erase(session.GetGeneration()); // a deadline of it may be far away
}

void
PointOfService::ArmTarget(TargetSession& session, Time after)
{
    const Time end = Simulator::Now() + after;
    session.deadlineNs = end.GetNanoSeconds();
    Arm(session.GetMn(), session.GetGeneration(), TARGET, end);
}

} // namespace ns3::mis
