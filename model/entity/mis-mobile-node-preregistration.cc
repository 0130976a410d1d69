// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The preregistration of a mobile node, from the first request to the last frame.
 */
#include "mis-mobile-node.h"
#include "mis-preregistration.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisPreregistration");

namespace
{

ByteView
FrameOf(const PreregXferResponse& response)
{
    return response.linkLayerInformation ? ByteView(*response.linkLayerInformation) : ByteView();
}

} // namespace

bool
MobileNode::Preregister(const PreregistrationTarget& target)
{
    NS_ABORT_MSG_IF(m_spos.IsEmpty(), "MobileNode: no serving PoS, call SetServingPos first");
    if (m_handover ||
        (m_state != PreregistrationState::IDLE && m_state != PreregistrationState::DONE))
    {
        return false;
    }
    Misf::Activity activity(*m_misf);
    MakePreregistration(target, m_spos);
    if (m_directAuthentication && target.tpos)
    {
        m_current->via = *target.tpos;
        m_current->context.wantsProtection = false; // of an SA from an earlier visit
    }
    if (m_current->via != m_spos || !m_misf->NeedsEstablishment(m_spos))
    {
        SendFirstRequest();
        return true;
    }
    SetState(PreregistrationState::ESTABLISHING);
    m_misf->EstablishSa(
        m_spos,
        [this, id = m_current->id](const SecurityAssociation* sa, const std::string& reason) {
            if (!IsCurrent(id) || m_state != PreregistrationState::ESTABLISHING)
            {
                return;
            }
            if (!sa)
            {
                Fail("no-spos-sa-" + reason);
                return;
            }
            SendFirstRequest();
        });
    return true;
}

void
MobileNode::GiveUpPrepared()
{
    if (m_state == PreregistrationState::DONE)
    {
        m_misf->RemoveSa(m_current->derived->said, m_current->context.tpos);
        SetState(PreregistrationState::IDLE);
    }
}

void
MobileNode::MakePreregistration(const PreregistrationTarget& target, const MisfId& via)
{
    GiveUpPrepared();
    const auto group = GetRemedy()->GetGroup();
    if (group.IsEmpty())
    {
        m_groupKeys.Clear(); // whatever came late is for an earlier preregistration
    }
    m_current = std::make_unique<Preregistration>(m_misf->GetCrypto());
    auto& current = *m_current;
    auto& context = current.context;
    current.id = m_nextId++;
    current.target = target;
    current.begin = Simulator::Now();
    context.log = m_misf->GetKeyLog();
    context.mn = m_misf->GetId();
    context.spos = via;
    current.via = via;
    context.tpos = target.tpos.value_or(MisfId());
    context.group = group;
    context.ciphersuite = m_ciphersuite;
    context.groupKeys = &m_groupKeys;
    context.credential = m_credential;
    if (m_authenticator)
    {
        context.makeAuthentication = [this, &context] { return m_authenticator(context.tpos); };
    }
}

void
MobileNode::SendFirstRequest()
{
    auto& current = *m_current;
    auto& context = current.context;
    context.sposSa = m_misf->FindSa(context.spos);
    SetState(PreregistrationState::REQUESTED);

    PreregXferRequest request;
    request.targetLink = current.target.link;
    request.tposId = current.target.tpos;
    if (!current.target.candidates.empty())
    {
        request.candidateLinks = current.target.candidates;
    }
    request.ciphersuite = m_ciphersuite;
    GetRemedy()->PrepareRequest(context, request);
    NS_ABORT_MSG_IF(current.via != context.spos && request.ciphersuite,
                    "MobileNode: attribute DirectAuthentication is true, allowed is false with a "
                    "remedy that delivers a key, such as "
                        << GetRemedy()->GetName());
    request.linkLayerInformation = GetRemedy()->NextLinkFrame(context, {});
    Ask(current.via, request, RelayOptions(), &MobileNode::OnResponse);
}

void
MobileNode::AbortPreregistration()
{
    if (m_state != PreregistrationState::IDLE && m_state != PreregistrationState::DONE)
    {
        Misf::Activity activity(*m_misf);
        Fail("aborted");
    }
}

void
MobileNode::OnResponse(const PreregXferResponse& response, const ReceivedMessage& message)
{
    auto& context = m_current->context;
    if (response.status != Status::SUCCESS)
    {
        if (context.authentication && response.linkLayerInformation)
        {
            GetRemedy()->NextLinkFrame(context, *response.linkLayerInformation); // tells why
        }
        Fail(context.failure.empty() ? OutcomeOf(response.status)
                                     : "authentication-failure-" + context.failure);
        return;
    }
    if (context.tpos.IsEmpty() && response.tposId)
    {
        context.tpos = *response.tposId;
    }
    if (context.tpos.IsEmpty() || (response.tposId && *response.tposId != context.tpos))
    {
        Fail("wrong-tpos");
        return;
    }
    context.isProtected = message.sa != nullptr;
    context.sposSa = m_misf->FindSa(context.spos); // the one of the request may have expired
    switch (m_state)
    {
    case PreregistrationState::REQUESTED:
        OnDelivered(response);
        break;
    case PreregistrationState::AUTHENTICATING:
        Authenticate(FrameOf(response));
        break;
    case PreregistrationState::CONFIRMING:
        if (m_linkAuthentication == LinkAuthenticationMode::REAL)
        {
            OnProactiveAnswer(response.linkLayerInformation);
            break;
        }
        OnKeyedAnswer(response.linkLayerInformation);
        break;
    default:
        break;
    }
}

void
MobileNode::OnDelivered(const PreregXferResponse& response)
{
    auto& current = *m_current;
    current.responded = true;
    if (current.derived)
    {
        SendKeyed();
        return;
    }
    const auto decision = GetRemedy()->AcceptAtMobileNode(current.context, &response);
    if (decision == KeyDecision::AUTHENTICATE)
    {
        SetState(PreregistrationState::AUTHENTICATING);
        Authenticate(FrameOf(response));
        return;
    }
    Continue(decision);
}

void
MobileNode::Continue(KeyDecision decision)
{
    auto& current = *m_current;
    switch (decision)
    {
    case KeyDecision::ACCEPTED:
        HoldKey();
        if (current.responded)
        {
            SendKeyed();
        }
        break;
    case KeyDecision::WAIT_FOR_GROUP_KEY:
        if (current.responded && m_state != PreregistrationState::WAITING_FOR_KEY)
        {
            SetState(PreregistrationState::WAITING_FOR_KEY);
            current.keyWait =
                Simulator::Schedule(m_keyWait, &MobileNode::KeyWaitOver, this, current.id);
        }
        break;
    case KeyDecision::AUTHENTICATE:
    case KeyDecision::REFUSED:
        Fail("no-acceptable-key");
        break;
    }
}

void
MobileNode::KeyWaitOver(uint32_t id)
{
    if (IsCurrent(id) && m_state == PreregistrationState::WAITING_FOR_KEY)
    {
        Misf::Activity activity(*m_misf);
        Fail("key-not-delivered");
    }
}

void
MobileNode::HoldKey()
{
    auto& context = m_current->context;
    m_current->keyWait.Cancel();
    m_current->derived = DeriveKeys(context);
    if (context.log)
    {
        context.log->Kdk(GetRemedy()->GetName(), context.mn, context.tpos, context.key);
    }
    m_misf->TraceAtCompletion(m_keyAcceptedTrace, context.mn, context.tpos);
}

void
MobileNode::Authenticate(ByteView answer)
{
    auto& context = m_current->context;
    if (answer.empty())
    {
        Fail("authentication-failure");
        return;
    }
    auto next = GetRemedy()->NextLinkFrame(context, answer);
    if (next)
    {
        SendRelayed(std::move(*next));
        return;
    }
    if (GetRemedy()->AcceptAtMobileNode(context, nullptr) != KeyDecision::ACCEPTED)
    {
        Fail(context.failure.empty() ? "authentication-failure"
                                     : "authentication-failure-" + context.failure);
        return;
    }
    Continue(KeyDecision::ACCEPTED);
}

void
MobileNode::SendRelayed(Bytes linkFrame)
{
    auto& current = *m_current;
    PreregXferRequest request;
    request.targetLink = current.target.link;
    request.tposId = current.context.tpos;
    request.linkLayerInformation = std::move(linkFrame);
    Ask(current.via, request, RelayOptions(), &MobileNode::OnResponse);
}

void
MobileNode::SendKeyed()
{
    auto& current = *m_current;
    SetState(PreregistrationState::CONFIRMING);
    if (m_linkAuthentication == LinkAuthenticationMode::REAL)
    {
        BeginProactive();
        return;
    }
    LinkFrame frame;
    frame.round = current.round;
    SendRelayed(frame.EncodeKeyed(m_misf->GetCrypto(),
                                  current.derived->miak,
                                  LinkFrame::Direction::FROM_MN,
                                  m_linkFrameOctets));
}

void
MobileNode::OnKeyedAnswer(const std::optional<Bytes>& octets)
{
    auto& current = *m_current;
    const auto frame = octets ? LinkFrame::Decode(*octets) : std::nullopt;
    if (!frame || frame->round != current.round ||
        !LinkFrame::Verify(m_misf->GetCrypto(),
                           current.derived->miak,
                           LinkFrame::Direction::FROM_TPOS,
                           *octets))
    {
        Fail("key-mismatch");
        return;
    }
    if (current.round == 0)
    {
        m_misf->AddSa(MakeSa(*m_misf, current.context, *current.derived, true));
        m_misf->TraceAtCompletion(m_keyConfirmedTrace, current.context.mn, current.context.tpos);
    }
    if (m_handover)
    {
        // What confirms K is the first exchange of the handshake on the new link.
        m_handover->round = 1;
        Succeed();
        ContinueHandshake();
        return;
    }
    if (++current.round < m_relayedExchanges)
    {
        SendKeyed();
        return;
    }
    current.round = 0;
    SetState(PreregistrationState::DIRECT);
    SendDirect();
}

void
MobileNode::SendDirect()
{
    auto& current = *m_current;
    LinkFrame frame;
    frame.kind =
        current.round + 1 == m_directExchanges ? LinkFrame::Kind::LAST : LinkFrame::Kind::KEYED;
    frame.round = current.round;
    LlAuthRequest request;
    request.link = current.target.link.value_or(LinkTupleId());
    request.linkLayerInformation = frame.EncodeKeyed(m_misf->GetCrypto(),
                                                     current.derived->miak,
                                                     LinkFrame::Direction::FROM_MN,
                                                     m_linkFrameOctets);
    AskTarget(request);
}

void
MobileNode::AskTarget(const LlAuthRequest& request)
{
    SendOptions options;
    options.protection = SendOptions::Protection::REQUIRED;
    Ask(m_current->context.tpos, request, options, &MobileNode::OnDirectAnswer);
}

void
MobileNode::OnDirectAnswer(const LlAuthResponse& response, const ReceivedMessage&)
{
    if (m_state != PreregistrationState::DIRECT || FailsWith(response.status))
    {
        return;
    }
    auto& current = *m_current;
    if (m_linkAuthentication == LinkAuthenticationMode::COUNTED &&
        !LinkFrame::Verify(m_misf->GetCrypto(),
                           current.derived->miak,
                           LinkFrame::Direction::FROM_TPOS,
                           response.linkLayerInformation))
    {
        Fail("key-mismatch");
        return;
    }
    if (current.round == 0)
    {
        m_misf->TraceAtCompletion(m_saReadyTrace, current.context.mn, current.context.tpos);
    }
    if (m_linkAuthentication == LinkAuthenticationMode::COUNTED &&
        ++current.round < m_directExchanges)
    {
        SendDirect();
        return;
    }
    Succeed();
}

void
MobileNode::OnGroupManipulate(const ReceivedMessage& message)
{
    const auto answer = [&](const MisfId& group) {
        NetGroupManipulateResponse response;
        response.group = group;
        response.status = Status::SUCCESS;
        m_misf->SendResponse(message.transaction, response, {});
    };
    const auto opened = OpenGroupKeyBlock(*m_misf, m_groupKeys, message);
    if (!opened)
    {
        m_misf->Refuse(message);
        return;
    }
    m_misf->TraceAtCompletion(m_groupKeyTrace, opened->group, opened->error);
    if (opened->error != GroupKeyError::NONE)
    {
        m_misf->Refuse(message);
        return;
    }
    if (opened->answerWanted)
    {
        answer(opened->group);
    }
    if ((m_state == PreregistrationState::REQUESTED ||
         m_state == PreregistrationState::WAITING_FOR_KEY) &&
        !m_current->derived)
    {
        m_current->context.sposSa = m_misf->FindSa(m_current->context.spos);
        const auto decision = GetRemedy()->AcceptAtMobileNode(m_current->context, nullptr);
        if (decision == KeyDecision::ACCEPTED)
        {
            Continue(decision);
        }
    }
    if (const auto* key = m_groupKeys.Find(opened->group))
    {
        // Another member of the group was first. It must not serve a later preregistration.
        Simulator::Schedule(m_misf->GetTransactionLifetime(),
                            &MobileNode::DropGroupKey,
                            Ptr<MobileNode>(this),
                            opened->group,
                            key->sequenceNumber);
    }
}

void
MobileNode::DropGroupKey(const MisfId& group, uint64_t sequenceNumber)
{
    const auto* key = m_groupKeys.Find(group);
    if (key && key->sequenceNumber == sequenceNumber)
    {
        m_groupKeys.Take(group);
    }
}

bool
MobileNode::FailsWith(Status status)
{
    if (status == Status::SUCCESS)
    {
        return false;
    }
    Fail(OutcomeOf(status));
    return true;
}

void
MobileNode::Succeed()
{
    SetState(PreregistrationState::DONE);
    Report("success");
}

void
MobileNode::Fail(const std::string& outcome)
{
    auto& current = *m_current;
    NS_LOG_INFO(m_misf->GetId() << ": preregistration ends: " << outcome);
    current.keyWait.Cancel();
    if (current.derived)
    {
        // Nothing made from a K that is not confirmed to its end stays behind.
        m_misf->RemoveSa(current.derived->said, current.context.tpos);
    }
    const bool isGroupKnown = current.context.group.IsEmpty() || current.context.nonceN;
    if (!current.context.tpos.IsEmpty() && isGroupKnown)
    {
        m_groupKeys.Take(KeyGroupId(current.context));
    }
    SetState(PreregistrationState::IDLE);
    Report(outcome);
    if (m_handover)
    {
        EndHandover(outcome);
    }
}

void
MobileNode::Report(const std::string& outcome)
{
    if (m_preregistrationTrace.IsEmpty())
    {
        return;
    }
    PreregistrationReport report;
    report.mn = m_current->context.mn;
    report.spos = m_current->context.spos;
    report.tpos = m_current->context.tpos;
    report.outcome = outcome;
    report.begin = m_current->begin;
    m_misf->AtCompletion([this, report]() mutable {
        report.end = Simulator::Now();
        m_preregistrationTrace(report);
    });
}

} // namespace ns3::mis
