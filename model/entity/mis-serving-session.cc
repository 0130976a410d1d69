// SPDX-License-Identifier: GPL-2.0-only

#include "mis-serving-session.h"

#include "mis-group-manager.h"
#include "mis-point-of-service.h"

#include "ns3/mis-answer.h"
#include "ns3/mis-group-messages.h"
#include "ns3/mis-socket-octets.h"

namespace ns3::mis
{

ServingSession::ServingSession(PointOfService& pos,
                               const ReceivedMessage& message,
                               const MisfId& tpos,
                               uint32_t generation)
    : m_pos(pos),
      m_context(pos.m_misf->GetCrypto()),
      m_request(message.transaction),
      m_mnAddress(message.from),
      m_generation(generation)
{
    m_context.log = pos.m_misf->GetKeyLog();
    m_context.mn = message.source;
    m_context.spos = pos.m_misf->GetId();
    m_context.tpos = tpos;
    m_context.mnSa = pos.m_misf->FindSa(message.source);
    m_context.tposSa = pos.m_misf->FindSa(tpos);
    m_context.isProtected = message.sa != nullptr;
    m_context.services = this;
    pos.m_selection.Begin(tpos);
}

ServingSession::~ServingSession()
{
    m_pos.m_selection.End(m_context.tpos);
}

void
ServingSession::Begin(const PreregXferRequest& request)
{
    m_context.ciphersuite = *request.ciphersuite;
    m_context.group = request.group.value_or(MisfId());
    m_targetLink = request.targetLink;
    if (!m_context.mnSa)
    {
        End(Status::AUTHORIZATION_FAILURE, "no-mn-sa");
        return;
    }
    if (!m_pos.IsSuiteAllowed(m_context.ciphersuite))
    {
        End(Status::REJECTED, "unsupported-ciphersuite");
        return;
    }
    if (!m_pos.m_misf->NeedsEstablishment(m_context.tpos))
    {
        AskTarget(request);
        return;
    }
    m_pos.m_misf->EstablishSa(m_context.tpos,
                              [pos = &m_pos, mn = m_context.mn, generation = m_generation, request](
                                  const SecurityAssociation* sa,
                                  const std::string& reason) {
                                  const auto it = pos->m_serving.find(mn);
                                  if (it == pos->m_serving.end() ||
                                      it->second->GetGeneration() != generation)
                                  {
                                      return;
                                  }
                                  if (!sa)
                                  {
                                      it->second->End(Status::REJECTED, "no-tpos-sa-" + reason);
                                      return;
                                  }
                                  it->second->AskTarget(request);
                              });
}

void
ServingSession::AskTarget(const PreregXferRequest& request)
{
    // That of the MN may have expired while one with the TPoS was established.
    m_context.mnSa = m_pos.m_misf->FindSa(m_context.mn);
    m_context.tposSa = m_pos.m_misf->FindSa(m_context.tpos);
    if (!m_context.mnSa)
    {
        End(Status::AUTHORIZATION_FAILURE, "no-mn-sa");
        return;
    }
    if (!m_context.tposSa)
    {
        End(Status::REJECTED, "no-tpos-sa");
        return;
    }
    N2nPreregXferRequest toTarget;
    toTarget.targetLink = request.targetLink;
    toTarget.linkLayerInformation = request.linkLayerInformation;
    toTarget.mnId = m_context.mn;
    toTarget.ciphersuite = request.ciphersuite;
    const auto status = m_pos.GetRemedy()->Issue(m_context, request, toTarget);
    if (status != Status::SUCCESS)
    {
        End(status, "not-issued");
        return;
    }
    if (!m_context.key.empty())
    {
        m_pos.m_misf->TraceAtCompletion(m_pos.m_keyIssuedTrace, m_context.mn, m_context.tpos);
    }
    if (m_joined)
    {
        m_pos.JoinGroupRequest(*this, GroupRequestKey(), m_context);
        return;
    }
    SendOptions options;
    options.protection =
        m_context.isProtected ? SendOptions::Protection::REQUIRED : SendOptions::Protection::NONE;
    const auto done = [pos = &m_pos, mn = m_context.mn, generation = m_generation](
                          const TransactionResult& result) {
        const auto it = pos->m_serving.find(mn);
        if (it != pos->m_serving.end() && it->second->GetGeneration() == generation)
        {
            it->second->OnTargetAnswer(result);
        }
    };
    const auto error = m_pos.m_misf->SendRequest(m_context.tpos, toTarget, options, done);
    if (error != SendError::NONE)
    {
        End(Status::NETWORK_ERROR, ToString(error));
    }
}

Status
ServingSession::RequestGroupKey(const std::vector<MisfId>& members, bool tellAddress)
{
    const bool isShared = !m_context.group.IsEmpty();
    if (isShared)
    {
        if (const auto* asked = m_pos.FindGroupRequest(GroupRequestKey()))
        {
            m_joined = true;
            m_context.nonceN = asked->nonceN;
            return Status::SUCCESS;
        }
        m_context.nonceN.emplace();
        m_context.crypto.Random(m_context.nonceN->data(), m_context.nonceN->size());
    }
    const auto group = KeyGroupId(m_context);
    GroupKeyRequest request;
    request.members = members;
    request.ciphersuite = m_context.ciphersuite;
    if (isShared)
    {
        request.nonce = m_context.nonceN;
    }
    request.memberAddresses.emplace(members.size());
    // Of the others the group manager knows the addresses; a serving PoS knows only its MN's.
    if (tellAddress || m_pos.m_localGm)
    {
        const auto& groupAddress = m_pos.m_groupAddress;
        const bool toGroup = isShared && !groupAddress.IsEmpty();
        (*request.memberAddresses)[0] =
            SocketOctets(toGroup ? groupAddress.address : m_mnAddress.address);
    }
    if (isShared)
    {
        m_pos.BeginGroupRequest(GroupRequestKey(), m_context, m_generation);
    }
    m_pos.m_groupRelays[group] = {m_context.mn,
                                  m_generation,
                                  isShared ? GroupRequestKey() : MisfId()};
    m_pos.Arm(group,
              m_generation,
              PointOfService::GROUP_RELAY,
              Simulator::Now() + m_pos.m_groupRelayLifetime);
    if (!m_pos.m_localGm)
    {
        return AskGroupManager(request);
    }
    const auto issued = m_pos.m_localGm->Issue(request, m_context.spos, {});
    if (issued.status == Status::SUCCESS)
    {
        OnGroupKeyAnswer(issued.status);
    }
    return issued.status;
}

Status
ServingSession::AskGroupManager(const GroupKeyRequest& request)
{
    if (m_pos.m_gm.IsEmpty())
    {
        return Status::NETWORK_ERROR;
    }
    const auto answered =
        [pos = &m_pos, mn = m_context.mn, generation = m_generation](Status status) {
            const auto it = pos->m_serving.find(mn);
            if (it != pos->m_serving.end() && it->second->GetGeneration() == generation)
            {
                it->second->OnGroupKeyAnswer(status);
            }
        };
    const auto onAnswer = [misf = m_pos.m_misf, answered](const TransactionResult& result) {
        answered(DecodeAnswer<GroupKeyResponse>(*misf, result).GetStatus());
    };
    const auto ask = [pos = &m_pos, request, onAnswer] {
        SendOptions options;
        options.protection = SendOptions::Protection::REQUIRED;
        const auto error = pos->m_misf->SendRequest(pos->m_gm, request, options, onAnswer);
        return error == SendError::NONE ? Status::SUCCESS : Status::NETWORK_ERROR;
    };
    if (!m_pos.m_misf->NeedsEstablishment(m_pos.m_gm))
    {
        return ask();
    }
    m_pos.m_misf->EstablishSa(m_pos.m_gm,
                              [ask, answered](const SecurityAssociation* sa, const std::string&) {
                                  const auto status = sa ? ask() : Status::NETWORK_ERROR;
                                  if (status != Status::SUCCESS)
                                  {
                                      answered(status);
                                  }
                              });
    return Status::SUCCESS;
}

void
ServingSession::OnGroupKeyAnswer(Status status)
{
    if (status != Status::SUCCESS)
    {
        End(status,
            status == Status::NETWORK_ERROR ? "group-manager-unreachable"
                                            : "group-manager-refuses");
        return;
    }
    m_pos.m_misf->TraceAtCompletion(m_pos.m_keyIssuedTrace, m_context.mn, m_context.tpos);
}

void
ServingSession::OnTargetAnswer(const TransactionResult& result)
{
    const auto fromTarget = DecodeAnswer<N2nPreregXferResponse>(*m_pos.m_misf, result);
    if (!fromTarget)
    {
        const bool isMalformed = result.failure == TransactionFailure::NONE;
        End(Status::NETWORK_ERROR, isMalformed ? MALFORMED_RESPONSE : "tpos-unreachable");
        return;
    }
    if (fromTarget->status != Status::SUCCESS)
    {
        End(fromTarget->status, "tpos-refuses");
        return;
    }
    if (OwnsGroupRequest())
    {
        m_pos.GroupRequestReady(GroupRequestKey());
    }
    Succeed(*fromTarget.response);
}

void
ServingSession::Succeed(const N2nPreregXferResponse& fromTarget)
{
    // Those of the request may have expired while the TPoS was asked.
    m_context.mnSa = m_pos.m_misf->FindSa(m_context.mn);
    m_context.tposSa = m_pos.m_misf->FindSa(m_context.tpos);
    if (!m_context.mnSa)
    {
        End(Status::AUTHORIZATION_FAILURE, "no-mn-sa");
        return;
    }
    if (m_joined)
    {
        m_pos.m_misf->TraceAtCompletion(m_pos.m_keyIssuedTrace, m_context.mn, m_context.tpos);
    }
    PreregXferResponse response;
    response.targetLink = m_targetLink;
    response.linkLayerInformation = fromTarget.linkLayerInformation;
    response.tposId = m_context.tpos;
    m_pos.GetRemedy()->Answer(m_context, fromTarget, response);
    const auto error = m_pos.AnswerMobileNode(m_request, m_context.isProtected, response);
    m_pos.EndServing(m_context.mn, // destroys this object
                     error == SendError::NONE ? "success" : ToString(error));
}

void
ServingSession::End(Status status, const std::string& outcome)
{
    EndGroupRequest(status, outcome);
    PreregXferResponse response;
    response.tposId = m_context.tpos;
    response.status = status;
    m_pos.AnswerMobileNode(m_request, m_context.isProtected, response);
    m_pos.EndServing(m_context.mn, outcome); // destroys this object
}

MisfId
ServingSession::GroupRequestKey() const
{
    return PairGroupId(m_context.crypto, m_context.group, m_context.tpos);
}

bool
ServingSession::OwnsGroupRequest() const
{
    if (m_context.group.IsEmpty())
    {
        return false;
    }
    const auto* request = m_pos.FindGroupRequest(GroupRequestKey());
    return request && request->generation == m_generation;
}

void
ServingSession::EndGroupRequest(Status status, const std::string& outcome)
{
    if (OwnsGroupRequest())
    {
        m_pos.EndGroupRequest(GroupRequestKey(), status, outcome);
    }
}

void
ServingSession::Supersede()
{
    m_pos.m_misf->TraceAtCompletion(m_pos.m_servingTrace, m_context.mn, std::string("superseded"));
    EndGroupRequest(Status::NETWORK_ERROR, "superseded");
}

bool
ServingSession::HasJoined(const MisfId& key) const
{
    return m_joined && GroupRequestKey() == key;
}

void
ServingSession::AnswerJoined()
{
    Succeed(N2nPreregXferResponse());
}

} // namespace ns3::mis
