// SPDX-License-Identifier: GPL-2.0-only

#include "mis-mobile-node.h"
#include "mis-preregistration.h"

#include "ns3/mis-auth-messages.h"
#include "ns3/mis-link-frame.h"
#include "ns3/mis-sa-termination.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

bool
MobileNode::Handover(Ptr<AccessLink> link)
{
    if (m_handover || m_state != PreregistrationState::DONE)
    {
        return false;
    }
    Misf::Activity activity(*m_misf);
    BeginHandover(link, m_current->context.tpos, false);
    if (!m_commit)
    {
        SwitchLink();
        return true;
    }
    MnHoCommitRequest request;
    const auto target = link->GetLinkTupleId().link;
    request.linkType = target.type;
    request.targetNetwork = target.address;
    const auto error = m_misf->SendRequest(
        m_spos,
        request,
        {},
        [this, id = m_handover->id](const TransactionResult& r) { OnCommitAnswer(id, r); });
    if (error != SendError::NONE)
    {
        SwitchLink();
    }
    return true;
}

void
MobileNode::OnCommitAnswer(uint32_t id, const TransactionResult& result)
{
    if (!m_handover || m_handover->id != id || m_handover->hasLeft)
    {
        return;
    }
    if (DecodeAnswer<MnHoCommitResponse>(*m_misf, result).GetStatus() == Status::REJECTED)
    {
        // The target no longer expects the MN, so that what was prepared there is lost.
        GiveUpPrepared();
        EndHandover("target-refused");
        return;
    }
    SwitchLink(); // a network that can not be reached does not keep the MN from leaving
}

void
MobileNode::ReportLinkDown()
{
    Misf::Activity activity(*m_misf);
    if (m_handover)
    {
        if (!m_handover->hasLeft)
        {
            SwitchLink();
        }
        return;
    }
    m_dataPathOpen = false;
    m_dataPathTrace(false);
    if (m_state != PreregistrationState::IDLE && m_state != PreregistrationState::DONE)
    {
        Fail("link-lost");
    }
}

bool
MobileNode::ColdHandover(Ptr<AccessLink> link, const MisfId& tpos)
{
    if (m_handover ||
        (m_state != PreregistrationState::IDLE && m_state != PreregistrationState::DONE))
    {
        return false;
    }
    Misf::Activity activity(*m_misf);
    BeginHandover(link, tpos, true);
    SwitchLink();
    return true;
}

void
MobileNode::BeginHandover(Ptr<AccessLink> link, const MisfId& to, bool isCold)
{
    m_handover = std::make_unique<HandoverState>();
    m_handover->id = m_nextId++;
    m_handover->link = link;
    m_handover->isCold = isCold;
    m_handover->report.mn = m_misf->GetId();
    m_handover->report.from = m_spos;
    m_handover->report.to = to;
}

void
MobileNode::SwitchLink()
{
    m_handover->hasLeft = true;
    m_handover->report.detached = Simulator::Now();
    m_dataPathOpen = false;
    m_handoverBeginTrace(m_handover->report);
    m_dataPathTrace(false);
    m_left = m_link;
    LeaveLink();
    m_link = m_handover->link;
    m_handover->attachTimer =
        Simulator::Schedule(m_attachTimeout, &MobileNode::AttachTimeOver, this, m_handover->id);
    m_link->Attach([this, id = m_handover->id] { OnAttached(id); });
}

void
MobileNode::LeaveLink()
{
    ForgetAccess();
    if (m_link)
    {
        m_link->SetLinkFrameReceiver(nullptr); // its frames are not those of the next link
        m_link->Detach();
    }
    m_link = nullptr;
}

void
MobileNode::AttachTimeOver(uint32_t id)
{
    if (!m_handover || m_handover->id != id)
    {
        return;
    }
    Misf::Activity activity(*m_misf);
    LeaveLink(); // so that it does not attach any more, unseen
    EndHandover("attach-timeout");
}

void
MobileNode::OnAttached(uint32_t id)
{
    if (!m_handover || m_handover->id != id)
    {
        return;
    }
    Misf::Activity activity(*m_misf);
    m_handover->attachTimer.Cancel();
    m_handover->report.attached = Simulator::Now();
    if (m_linkAuthentication == LinkAuthenticationMode::REAL)
    {
        BeginLink();
        return;
    }
    if (!m_handover->isCold)
    {
        SendHandshake();
        return;
    }
    BeginColdPreregistration();
}

void
MobileNode::BeginColdPreregistration()
{
    PreregistrationTarget target;
    target.tpos = m_handover->report.to;
    target.link = m_handover->link->GetLinkTupleId();
    MakePreregistration(target, m_handover->report.to);
    m_current->context.wantsProtection = false; // of an SA from an earlier visit
    SendFirstRequest();
}

void
MobileNode::SendHandshake()
{
    LinkFrame frame;
    frame.round = m_handover->round;
    LlAuthRequest request;
    request.link = m_handover->link->GetLinkTupleId();
    request.linkLayerInformation = frame.EncodeKeyed(m_misf->GetCrypto(),
                                                     m_current->derived->miak,
                                                     LinkFrame::Direction::FROM_MN,
                                                     m_linkFrameOctets);
    AskNewPos(request, &MobileNode::OnHandshakeAnswer);
}

void
MobileNode::OnHandshakeAnswer(const LlAuthResponse& response)
{
    if (response.status != Status::SUCCESS || !LinkFrame::Verify(m_misf->GetCrypto(),
                                                                 m_current->derived->miak,
                                                                 LinkFrame::Direction::FROM_TPOS,
                                                                 response.linkLayerInformation))
    {
        EndHandover("authentication-failure");
        return;
    }
    if (m_handover->isCold && m_handover->round == 1)
    {
        m_misf->TraceAtCompletion(m_saReadyTrace, m_current->context.mn, m_current->context.tpos);
    }
    ++m_handover->round;
    ContinueHandshake();
}

void
MobileNode::ContinueHandshake()
{
    if (m_handover->round < m_handshakeExchanges)
    {
        SendHandshake();
        return;
    }
    OpenDataPath();
    SendComplete();
}

void
MobileNode::OpenDataPath()
{
    m_misf->AtCompletion([this, id = m_handover->id] {
        if (m_handover && m_handover->id == id)
        {
            m_dataPathOpen = true;
            m_handover->report.dataPathOpen = Simulator::Now();
            m_dataPathTrace(true);
        }
    });
}

void
MobileNode::SendComplete()
{
    MnHoCompleteRequest request;
    request.mnLink = m_handover->link->GetLinkTupleId().link;
    request.hoResult = 0;
    AskNewPos(request, &MobileNode::OnComplete);
}

void
MobileNode::OnComplete(const MnHoCompleteResponse& response)
{
    if (response.status != Status::SUCCESS)
    {
        EndHandover(OutcomeOf(response.status));
        return;
    }
    if (m_handover->isCold && m_linkAuthentication == LinkAuthenticationMode::REAL)
    {
        const auto& context = m_current->context;
        m_misf->TraceAtCompletion(m_keyConfirmedTrace, context.mn, context.tpos);
        m_misf->TraceAtCompletion(m_saReadyTrace, context.mn, context.tpos);
    }
    EndHandover("success");
}

void
MobileNode::Leave(const HandoverReport& report)
{
    // The TPoS tells an SPoS that has relayed for it (N2N_HO_Complete).
    const bool isTold = m_current->via == report.from && report.from != report.to;
    if (m_servingSaid && (isTold || !m_terminateOnLeave || report.from == report.to))
    {
        m_misf->RemoveSa(*m_servingSaid, report.from);
    }
    if (!m_terminateOnLeave || report.from == report.to)
    {
        return;
    }
    std::vector<Said> left;
    m_misf->GetSaDatabase().ForEach([&](const SecurityAssociation& sa) {
        if (sa.remote == report.from && !m_misf->IsProvisioned(sa.said, sa.remote))
        {
            left.push_back(sa.said);
        }
    });
    for (const auto& said : left)
    {
        TerminateSa(m_misf, said, report.from);
    }
}

void
MobileNode::EndHandover(const std::string& outcome)
{
    auto report = m_handover->report;
    report.outcome = outcome;
    m_handover.reset();
    if (outcome == "success")
    {
        // The TPoS becomes the SPoS, and the cycle begins anew.
        Leave(report);
        m_servingSaid = m_current->derived->said;
        m_spos = report.to;
        SetState(PreregistrationState::IDLE);
    }
    m_misf->AtCompletion([this, report]() mutable {
        report.end = Simulator::Now();
        m_handoverTrace(report);
    });
}

} // namespace ns3::mis
