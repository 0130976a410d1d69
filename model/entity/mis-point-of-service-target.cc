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

void
PointOfService::OnN2nPreregRequest(const ReceivedMessage& message)
{
    const auto request = DecodeBody<N2nPreregXferRequest>(message.body);
    if (!request || !request->mnId)
    {
        m_misf->Refuse(message);
        return;
    }
    OnTargetRequest(message, *request);
}

void
PointOfService::OnTargetRequest(const ReceivedMessage& message, const N2nPreregXferRequest& request)
{
    const auto& mn = *request.mnId;
    const bool isDirect = mn == message.source;
    const auto reject = [&](const char* reason) {
        N2nPreregXferResponse response;
        response.targetLink = request.targetLink;
        response.mnId = request.mnId;
        response.status = Status::REJECTED;
        AnswerAsTarget(message.transaction, message.sa != nullptr, isDirect, response);
        m_misf->TraceAtCompletion(m_targetTrace, mn, std::string(reason));
    };
    if (!isDirect && !IsPartner(message.source))
    {
        reject("spos-not-partner");
        return;
    }
    const auto it = m_targets.find(mn);
    if (it != m_targets.end() && it->second->IsProtected() && !message.sa)
    {
        reject("unprotected-request"); // anybody could end the session with it
        return;
    }
    const auto frame = request.linkLayerInformation
                           ? LinkFrame::Decode(*request.linkLayerInformation)
                           : std::nullopt;
    const bool isFirst = request.ciphersuite || (frame && frame->round == 0 &&
                                                 (frame->kind == LinkFrame::Kind::AUTHENTICATION ||
                                                  frame->kind == LinkFrame::Kind::FLIGHT));
    if (!isFirst && (it == m_targets.end() || it->second->GetSpos() != message.source))
    {
        reject("no-session");
        return;
    }
    if (isFirst)
    {
        if (it != m_targets.end())
        {
            EndTarget(mn, "superseded");
        }
        if (m_targets.size() >= m_maxSessions)
        {
            reject("too-many-sessions");
            return;
        }
        m_targets[mn] =
            std::make_unique<TargetSession>(*this, mn, message.source, m_nextGeneration++);
    }
    auto& session = *m_targets[mn];
    ArmTarget(session, m_misf->GetTransactionLifetime());
    session.OnRequest(message, request); // may destroy the session
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
PointOfService::EndTarget(const MisfId& mn, const std::string& outcome)
{
    const auto it = m_targets.find(mn);
    const auto ended = std::move(it->second);
    m_targets.erase(it);
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
    session.deadlineNs = (Simulator::Now() + after).GetNanoSeconds();
    m_timed[session.GetGeneration()] = session.GetMn();
    m_timers.Arm({session.deadlineNs, session.GetGeneration(), 0, TARGET});
}

} // namespace ns3::mis
