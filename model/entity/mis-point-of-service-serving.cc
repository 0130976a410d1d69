// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A PoS as SPoS: it chooses targets, relays, and lets mobile nodes go.
 */
#include "mis-point-of-service.h"

#include "ns3/mis-answer.h"
#include "ns3/mis-sa-termination.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3::mis
{

// target selection, clause 5.14.3

PointOfService::Selection
PointOfService::CheckTarget(const MisfId& tpos) const
{
    if (m_misf->GetPeerAddress(tpos).IsEmpty())
    {
        return {tpos, Status::NETWORK_ERROR, "unknown-tpos"};
    }
    if (!IsPartner(tpos))
    {
        return {tpos, Status::REJECTED, "tpos-not-partner"};
    }
    return {tpos, Status::SUCCESS, ""};
}

PointOfService::Selection
PointOfService::SelectTarget(const MisfId& mn, const PreregXferRequest& request)
{
    if (request.tposId)
    {
        return CheckTarget(*request.tposId);
    }
    const auto directory = m_misf->GetDirectory();
    if (request.targetLink && directory)
    {
        if (const auto* record = directory->FindByLink(OfferedLink(*request.targetLink)))
        {
            return CheckTarget(record->id);
        }
        if (!request.candidateLinks)
        {
            return {MisfId(), Status::NETWORK_ERROR, "no-suitable-tpos"};
        }
    }
    std::vector<TargetSelection::Candidate> inReach;
    if (request.candidateLinks && directory)
    {
        for (const auto& link : *request.candidateLinks)
        {
            if (const auto* record = directory->FindByLink(link))
            {
                inReach.push_back({record->id, link.type});
            }
        }
    }
    const auto now = Simulator::Now().GetNanoSeconds();
    const auto* best = m_selection.Choose(
        mn,
        request.candidateLinks && directory ? inReach : m_selection.GetNeighbours(),
        [this](const MisfId& pos) {
            return CheckTarget(pos).status == Status::SUCCESS && pos != m_misf->GetId();
        },
        [this, now](const MisfId& pos) {
            return m_misf->GetSaDatabase().FindByPeer(pos, now) != nullptr;
        });
    if (!best)
    {
        return {MisfId(), Status::NETWORK_ERROR, "no-suitable-tpos"};
    }
    return {best->pos, Status::SUCCESS, ""};
}

std::optional<LinkId>
PointOfService::ChooseTarget(const MisfId& mn, const std::vector<LinkId>& candidates)
{
    const auto directory = m_misf->GetDirectory();
    PreregXferRequest request;
    request.candidateLinks = candidates;
    const auto selection = SelectTarget(mn, request);
    if (selection.status == Status::SUCCESS && directory)
    {
        for (const auto& link : candidates)
        {
            const auto* record = directory->FindByLink(link);
            if (record && record->id == selection.tpos)
            {
                return link;
            }
        }
    }
    return {};
}

// mobile nodes

SendError
PointOfService::AnswerMobileNode(const TransactionReference& transaction,
                                 bool isProtected,
                                 const PreregXferResponse& response)
{
    SendOptions options;
    options.protection =
        isProtected ? SendOptions::Protection::REQUIRED : SendOptions::Protection::NONE;
    return m_misf->SendResponse(transaction, response, options);
}

void
PointOfService::RejectMobileNode(const ReceivedMessage& message,
                                 const PreregXferRequest& request,
                                 Status status,
                                 const char* reason)
{
    PreregXferResponse response;
    response.tposId = request.tposId;
    response.status = status;
    AnswerMobileNode(message.transaction, message.sa != nullptr, response);
    m_misf->TraceAtCompletion(m_servingTrace, message.source, std::string(reason));
}

void
PointOfService::OnPreregRequest(const ReceivedMessage& message)
{
    const auto request = DecodeBody<PreregXferRequest>(message.body);
    if (!request)
    {
        m_misf->Refuse(message);
        return;
    }
    if (request->tposId == m_misf->GetId() && !request->ciphersuite && !message.sa)
    {
        // The mobile node has come without a preregistration.
        N2nPreregXferRequest direct;
        direct.targetLink = request->targetLink;
        direct.linkLayerInformation = request->linkLayerInformation;
        direct.mnId = message.source;
        OnDirectRequest(message, direct);
        return;
    }
    const auto known = m_serving.find(message.source);
    if (known != m_serving.end() && known->second->IsProtected() && !message.sa)
    {
        RejectMobileNode(message, *request, Status::REJECTED, "unprotected-request");
        return; // anybody could end the session with it
    }
    const auto selection = SelectTarget(message.source, *request);
    if (selection.status != Status::SUCCESS)
    {
        RejectMobileNode(message, *request, selection.status, selection.reason);
        return;
    }
    if (!request->ciphersuite)
    {
        Relay(message, selection.tpos, *request);
        return;
    }
    auto& slot = m_serving[message.source];
    if (slot)
    {
        slot->Supersede(); // a mobile node that asks anew has given up what it asked before
    }
    slot = std::make_unique<ServingSession>(*this, message, selection.tpos, m_nextGeneration++);
    slot->Begin(*request);
}

void
PointOfService::Relay(const ReceivedMessage& message,
                      const MisfId& tpos,
                      const PreregXferRequest& request)
{
    const bool isProtected = message.sa != nullptr;
    const auto refuse =
        [this, transaction = message.transaction, isProtected, tpos](Status status) {
            PreregXferResponse response;
            response.tposId = tpos;
            response.status = status;
            AnswerMobileNode(transaction, isProtected, response);
        };
    if (!m_misf->FindSa(message.source))
    {
        refuse(Status::AUTHORIZATION_FAILURE); // not for a mobile node that nobody vouches for
        m_misf->TraceAtCompletion(m_servingTrace, message.source, std::string("no-mn-sa"));
        return;
    }
    N2nPreregXferRequest toTarget;
    toTarget.targetLink = request.targetLink;
    toTarget.linkLayerInformation = request.linkLayerInformation;
    toTarget.mnId = message.source;
    const auto joined = m_joined.find(message.source);
    if (joined != m_joined.end() && isProtected && joined->second.tpos == tpos)
    {
        // The first that the TPoS hears of it, as of a mobile node that asks for a key.
        toTarget.ciphersuite = joined->second.ciphersuite;
        toTarget.group = joined->second.group;
        toTarget.nonceT = joined->second.nonceT;
        toTarget.nonceN = joined->second.nonceN;
        m_joined.erase(joined);
    }
    SendOptions options;
    options.protection =
        isProtected ? SendOptions::Protection::REQUIRED : SendOptions::Protection::NONE;
    const auto answer = [this, transaction = message.transaction, isProtected, tpos](
                            const TransactionResult& result) {
        PreregXferResponse response;
        response.tposId = tpos;
        auto answer = DecodeAnswer<N2nPreregXferResponse>(*m_misf, result);
        response.status = answer.GetStatus();
        if (answer)
        {
            response.targetLink = answer->targetLink;
            response.linkLayerInformation = std::move(answer.response->linkLayerInformation);
        }
        AnswerMobileNode(transaction, isProtected, response);
    };
    const auto send = [this, tpos, toTarget, options, answer, refuse] {
        const auto error = m_misf->SendRequest(tpos, toTarget, options, answer);
        if (error != SendError::NONE)
        {
            refuse(error == SendError::NO_SA ? Status::REJECTED : Status::NETWORK_ERROR);
        }
    };
    if (!isProtected || !m_misf->NeedsEstablishment(tpos))
    {
        send();
        return;
    }
    m_misf->EstablishSa(tpos, [send, refuse](const SecurityAssociation* sa, const std::string&) {
        sa ? send() : refuse(Status::REJECTED);
    });
}

void
PointOfService::EndServing(const MisfId& mn, const std::string& outcome)
{
    m_misf->TraceAtCompletion(m_servingTrace, mn, outcome);
    const auto it = m_serving.find(mn);
    const auto ended = std::move(it->second);
    m_serving.erase(it);
}

void
PointOfService::OnMnHoCommit(const ReceivedMessage& message)
{
    const auto request = DecodeBody<MnHoCommitRequest>(message.body);
    if (!request)
    {
        m_misf->Refuse(message);
        return;
    }
    const auto answer = [this,
                         transaction = message.transaction,
                         linkType = request->linkType,
                         network = request->targetNetwork](Status status) {
        MnHoCommitResponse response;
        response.linkType = linkType;
        response.targetNetwork = network;
        response.status = status;
        m_misf->SendResponse(transaction, response, {});
    };
    const auto* address =
        request->targetNetwork ? std::get_if<LinkAddress>(&*request->targetNetwork) : nullptr;
    const auto directory = m_misf->GetDirectory();
    const auto* record = address && request->linkType && directory
                             ? directory->FindByLink({*request->linkType, *address})
                             : nullptr;
    if (!record || !IsPartner(record->id) || record->id == m_misf->GetId())
    {
        answer(Status::SUCCESS); // nobody to tell
        return;
    }
    N2nHoCommitRequest toTarget;
    toTarget.mnId = message.source;
    toTarget.targetNetwork = request->targetNetwork;
    const auto error = m_misf->SendRequest(
        record->id,
        toTarget,
        {},
        [this, answer](const TransactionResult& result) {
            answer(DecodeAnswer<N2nHoCommitResponse>(*m_misf, result).GetStatus());
        });
    if (error != SendError::NONE)
    {
        answer(Status::NETWORK_ERROR);
    }
}

void
PointOfService::OnN2nHoComplete(const ReceivedMessage& message)
{
    const auto request = DecodeBody<N2nHoCompleteRequest>(message.body);
    if (!request || !request->mnId)
    {
        m_misf->Refuse(message);
        return;
    }
    N2nHoCompleteResponse response;
    response.mnId = request->mnId;
    if (!IsPartner(message.source))
    {
        response.status = Status::REJECTED;
    }
    else
    {
        if (const auto served = m_served.find(*request->mnId); served != m_served.end())
        {
            const Said said = served->second;
            m_misf->RemoveSa(said, *request->mnId);
        }
        m_selection.Forget(*request->mnId);
        m_misf->TraceAtCompletion(m_leftTrace, *request->mnId, message.source);
        response.resourceStatus = true;
    }
    m_misf->SendResponse(message.transaction, response, {});
}

void
PointOfService::OnTermination(const ReceivedMessage& message)
{
    const MisfId peer = message.source;
    const auto ended = AnswerTermination(*m_misf, message);
    if (!ended)
    {
        return;
    }
    const auto target = m_targets.find(peer);
    if (target != m_targets.end() && target->second->HasMade(*ended))
    {
        EndTarget(*target->second, "terminated");
    }
}

void
PointOfService::OnSaDown(const SecurityAssociation& sa)
{
    const auto served = m_served.find(sa.remote);
    if (served != m_served.end() && served->second == sa.said)
    {
        m_served.erase(served);
    }
}

} // namespace ns3::mis
