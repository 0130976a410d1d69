// SPDX-License-Identifier: GPL-2.0-only

#include "mis-handover-policy.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisHandoverPolicy");
NS_OBJECT_ENSURE_REGISTERED(HandoverPolicy);

TypeId
HandoverPolicy::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::HandoverPolicy")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<HandoverPolicy>()
            .AddAttribute("MinimalConfidence",
                          "Confidence, in percent, from which a prediction is acted upon.",
                          UintegerValue(60),
                          MakeUintegerAccessor(&HandoverPolicy::m_minimalConfidence),
                          MakeUintegerChecker<uint8_t>(0, 100))
            .AddAttribute("MinimalStay",
                          "For how long after a handover no prediction is acted upon.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&HandoverPolicy::m_minimalStay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("RetryAfter",
                          "For how long a target that has failed is not tried again.",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&HandoverPolicy::m_retryAfter),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("MinimalSignal",
                          "Signal, in dBm, from which a link is a target.",
                          DoubleValue(-110),
                          MakeDoubleAccessor(&HandoverPolicy::m_minimalSignal),
                          MakeDoubleChecker<double>())
            .AddAttribute("Leave",
                          "When a mobile node that is preregistered leaves a link that is going "
                          "down: WhenPrepared or WhenLost.",
                          StringValue("WhenPrepared"),
                          MakeStringAccessor(&HandoverPolicy::m_leave),
                          MakeStringChecker())
            .AddAttribute("Selection",
                          "Who chooses the target: MobileNode (the strongest) or ServingPos (from "
                          "the links in reach).",
                          StringValue("MobileNode"),
                          MakeStringAccessor(&HandoverPolicy::m_selection),
                          MakeStringChecker())
            .AddAttribute("Control",
                          "Who decides when a link is going down: MobileNode or Network (the SPoS, "
                          "by Net_HO_Commit).",
                          StringValue("MobileNode"),
                          MakeStringAccessor(&HandoverPolicy::m_control),
                          MakeStringChecker())
            .AddAttribute("AttachCold",
                          "Whether a mobile node that has lost its link unprepared attaches "
                          "elsewhere and authenticates in full; needs a remedy that does so.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&HandoverPolicy::m_attachCold),
                          MakeBooleanChecker())
            .AddAttribute("PrepareTimeout",
                          "How long the radio of a target may take to get ready while the mobile "
                          "node is still on its link, where it has a radio for each.",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&HandoverPolicy::m_prepareTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddTraceSource("Decision",
                            "The policy has decided.",
                            MakeTraceSourceAccessor(&HandoverPolicy::m_decisionTrace),
                            "ns3::mis::HandoverPolicy::DecisionTracedCallback");
    return tid;
}

HandoverPolicy::HandoverPolicy() = default;
HandoverPolicy::~HandoverPolicy() = default;

void
HandoverPolicy::DoDispose()
{
    m_reconsider.Cancel();
    m_connections.Clear();
    m_candidates.clear();
    if (m_mn && m_mn->GetMisf())
    {
        m_mn->GetMisf()->ClearHandler(NetHoCommitRequest::ID);
    }
    m_mn = nullptr;
    m_current = nullptr;
    m_target = nullptr;
    m_heading = nullptr;
    m_isPreparing = false;
    Object::DoDispose();
}

void
HandoverPolicy::Start(Ptr<MobileNode> mn, Ptr<AccessLink> current)
{
    NS_ABORT_MSG_IF(m_leave != "WhenPrepared" && m_leave != "WhenLost",
                    "HandoverPolicy: attribute Leave is \""
                        << m_leave << "\", allowed are WhenPrepared and WhenLost");
    NS_ABORT_MSG_IF(m_selection != "MobileNode" && m_selection != "ServingPos",
                    "HandoverPolicy: attribute Selection is \""
                        << m_selection << "\", allowed are MobileNode and ServingPos");
    NS_ABORT_MSG_IF(m_control != "MobileNode" && m_control != "Network",
                    "HandoverPolicy: attribute Control is \""
                        << m_control << "\", allowed are MobileNode and Network");
    NS_ABORT_MSG_UNLESS(Find(current), "HandoverPolicy: the current link has not been added");
    NS_ABORT_MSG_IF(m_mn, "HandoverPolicy: it has a mobile node");
    m_mn = mn;
    m_current = current;
    m_connections.Connect(mn,
                          "Preregistration",
                          MakeCallback(&HandoverPolicy::OnPreregistration, this));
    m_connections.Connect(mn, "Handover", MakeCallback(&HandoverPolicy::OnHandover, this));
    mn->GetMisf()->SetHandler(
        NetHoCommitRequest::ID,
        [this](const ReceivedMessage& message) { OnNetworkCommit(message); },
        Misf::Destination::OWN,
        Misf::Trust::SA_IF_ANY);
}

void
HandoverPolicy::AddLink(Ptr<AccessLink> link, const MisfId& pos)
{
    Candidate candidate;
    candidate.link = link;
    candidate.pos = pos;
    m_candidates.push_back(candidate);
    if (DynamicCast<MonitoredAccessLink>(link))
    {
        // A link that kept itself by its own trace would never go.
        auto* raw = PeekPointer(link);
        m_connections.Connect(link, "Detected", MakeBoundCallback(&OnDetected, this, raw));
        m_connections.Connect(link, "Up", MakeBoundCallback(&OnUp, this, raw));
        m_connections.Connect(link, "GoingDown", MakeBoundCallback(&OnGoingDown, this, raw));
        m_connections.Connect(link, "GoingDownRollback", MakeBoundCallback(&OnRollback, this, raw));
        m_connections.Connect(link, "Down", MakeBoundCallback(&OnDown, this, raw));
    }
}

void
HandoverPolicy::OnDetected(HandoverPolicy* self,
                           AccessLink* link,
                           const LinkTupleId& seen,
                           double dBm)
{
    if (seen.link.type == link->GetLinkTupleId().link.type)
    {
        self->LinkDetected(link, dBm);
    }
}

void
HandoverPolicy::OnUp(HandoverPolicy* self, AccessLink* link, const LinkTupleId&)
{
    self->Find(link)->isInReach = true;
}

void
HandoverPolicy::OnGoingDown(HandoverPolicy* self,
                            AccessLink* link,
                            const LinkTupleId&,
                            Time left,
                            double confidence)
{
    self->LinkGoingDown(link, left, static_cast<uint8_t>(confidence));
}

void
HandoverPolicy::OnRollback(HandoverPolicy* self, AccessLink* link, const LinkTupleId&)
{
    self->LinkRecovered(link);
}

void
HandoverPolicy::OnDown(HandoverPolicy* self,
                       AccessLink* link,
                       const LinkTupleId&,
                       LinkDownReason reason)
{
    // What the mobile node leaves by itself is still in reach.
    if (reason != LinkDownReason::EXPLICIT_DISCONNECT)
    {
        self->LinkDown(link);
    }
}

HandoverPolicy::Candidate*
HandoverPolicy::Find(Ptr<AccessLink> link)
{
    for (auto& candidate : m_candidates)
    {
        if (candidate.link == link)
        {
            return &candidate;
        }
    }
    return nullptr;
}

HandoverPolicy::Candidate*
HandoverPolicy::Best()
{
    Candidate* best = nullptr;
    for (auto& candidate : m_candidates)
    {
        if (candidate.link != m_current && candidate.isInReach &&
            candidate.dBm >= m_minimalSignal && candidate.notBefore <= Simulator::Now() &&
            (!best || candidate.dBm > best->dBm))
        {
            best = &candidate;
        }
    }
    return best;
}

bool
HandoverPolicy::IsPreregistering() const
{
    const auto state = m_mn->GetState();
    return state != PreregistrationState::IDLE && state != PreregistrationState::DONE;
}

void
HandoverPolicy::Note(const char* action, const MisfId& tpos, const std::string& cause)
{
    NS_LOG_INFO(m_mn->GetMisf()->GetId() << " " << action << " " << tpos << ": " << cause);
    m_decisionTrace({m_mn->GetMisf()->GetId(), tpos, action, cause});
}

// events

void
HandoverPolicy::LinkDetected(Ptr<AccessLink> link, double dBm)
{
    auto* candidate = Find(link);
    NS_ABORT_MSG_UNLESS(candidate, "HandoverPolicy: an event of a link that has not been added");
    const bool isNew = !candidate->isInReach;
    candidate->isInReach = true;
    candidate->dBm = dBm;
    if (isNew && link != m_current && (m_isDown || m_control == "MobileNode"))
    {
        Consider(m_isDown ? "link-down" : "going-down");
    }
}

void
HandoverPolicy::LinkGoingDown(Ptr<AccessLink> link, Time left, uint8_t confidence)
{
    if (link != m_current || m_isDown || confidence < m_minimalConfidence)
    {
        return;
    }
    NS_LOG_INFO("link goes down in " << left.As(Time::MS) << ", confidence " << +confidence);
    m_isGoingDown = true;
    if (m_control == "MobileNode")
    {
        Consider("going-down");
    }
}

void
HandoverPolicy::LinkRecovered(Ptr<AccessLink> link)
{
    if (link != m_current || !m_isGoingDown || m_isDown)
    {
        return;
    }
    m_isGoingDown = false;
    m_reconsider.Cancel();
    if (m_heading || m_mustLeave)
    {
        return; // it is too late, or was not the reason
    }
    ++m_counts.wrong;
    if (IsPreregistering())
    {
        Note("abort", MisfId(), "recovered");
        m_target = nullptr;
        m_mn->AbortPreregistration();
    }
}

void
HandoverPolicy::LinkDown(Ptr<AccessLink> link)
{
    auto* candidate = Find(link);
    NS_ABORT_MSG_UNLESS(candidate, "HandoverPolicy: an event of a link that has not been added");
    candidate->isInReach = false;
    if (link == m_target && link != m_current && !m_heading)
    {
        ++m_counts.targetsLost;
        m_target = nullptr;
        if (IsPreregistering())
        {
            Note("abort", candidate->pos, "target-lost");
            m_mn->AbortPreregistration(); // whose report has the next target tried
            return;
        }
        Consider("target-lost");
        return;
    }
    if (link == m_heading && m_isPreparing)
    {
        ++m_counts.targetsLost;
        GiveUpPreparation();
        Consider("target-lost");
        return;
    }
    if (link != m_current || m_isDown)
    {
        return;
    }
    m_isDown = true;
    m_reconsider.Cancel();
    if (m_isPreparing)
    {
        HandOver("link-down");
        m_mn->ReportLinkDown();
        return;
    }
    if (m_heading)
    {
        m_mn->ReportLinkDown(); // no more need to wait for anybody's consent
        return;
    }
    if (m_target && m_mn->GetState() == PreregistrationState::DONE)
    {
        Leave("link-down");
        m_mn->ReportLinkDown();
        return;
    }
    ++m_counts.late;
    m_target = nullptr;
    const bool wasPreregistering = IsPreregistering();
    m_mn->ReportLinkDown();
    if (!wasPreregistering)
    {
        AttachCold("link-down"); // else when the report comes
    }
}

bool
HandoverPolicy::RequestHandover(Ptr<AccessLink> link, const std::string& cause)
{
    auto* candidate = Find(link);
    NS_ABORT_MSG_UNLESS(candidate, "HandoverPolicy: an unknown link");
    if (link == m_current || !candidate->isInReach || m_heading || IsPreregistering())
    {
        return false;
    }
    m_mustLeave = true;
    if (m_target == link && m_mn->GetState() == PreregistrationState::DONE)
    {
        Leave(cause);
        return true;
    }
    Preregister(*candidate, cause);
    return true;
}

void
HandoverPolicy::OnNetworkCommit(const ReceivedMessage& message)
{
    const auto request = DecodeBody<NetHoCommitRequest>(message.body);
    if (!request || message.source != m_mn->GetServingPos())
    {
        m_mn->GetMisf()->Refuse(message);
        return;
    }
    const auto* address =
        request->targetNetwork ? std::get_if<LinkAddress>(&*request->targetNetwork) : nullptr;
    NetHoCommitResponse response;
    response.linkType = request->linkType;
    response.targetNetwork = request->targetNetwork;
    response.status = Status::REJECTED;
    for (const auto& candidate : m_candidates)
    {
        const auto link = candidate.link->GetLinkTupleId().link;
        if (address && link.address == *address && request->linkType == link.type &&
            RequestHandover(candidate.link, "network"))
        {
            response.status = Status::SUCCESS;
            break;
        }
    }
    m_mn->GetMisf()->SendResponse(message.transaction, response, {});
}

// decisions

void
HandoverPolicy::Consider(const std::string& cause)
{
    if (!m_mn || m_heading || IsPreregistering())
    {
        return;
    }
    if (m_isDown)
    {
        AttachCold(cause);
        return;
    }
    if (!(m_isGoingDown && m_control == "MobileNode") && !m_mustLeave)
    {
        return;
    }
    if (m_target && m_mn->GetState() == PreregistrationState::DONE)
    {
        if (m_leave == "WhenPrepared")
        {
            Leave(cause);
        }
        return;
    }
    const Time stayed = Simulator::Now() - m_arrived;
    if (!m_arrived.IsZero() && stayed < m_minimalStay)
    {
        if (m_reconsider.IsExpired())
        {
            ++m_counts.held;
            Note("wait", MisfId(), "just-arrived");
            ConsiderIn(m_minimalStay - stayed, cause);
        }
        return;
    }
    const auto* best = Best();
    if (!best)
    {
        Note("wait", MisfId(), "no-target-in-reach");
        RetryLater(cause);
        return;
    }
    Preregister(*best, cause);
}

void
HandoverPolicy::ConsiderIn(Time delay, const std::string& cause)
{
    m_reconsider.Cancel();
    m_reconsider = Simulator::Schedule(delay, &HandoverPolicy::Consider, this, cause);
}

void
HandoverPolicy::RetryLater(const std::string& cause)
{
    std::optional<Time> earliest;
    for (const auto& candidate : m_candidates)
    {
        if (candidate.link != m_current && candidate.isInReach &&
            candidate.notBefore > Simulator::Now() &&
            (!earliest || candidate.notBefore < *earliest))
        {
            earliest = candidate.notBefore;
        }
    }
    if (earliest)
    {
        ConsiderIn(*earliest - Simulator::Now(), cause);
    }
}

void
HandoverPolicy::Preregister(const Candidate& target, const std::string& cause)
{
    PreregistrationTarget wanted;
    MisfId named;
    if (m_selection == "MobileNode" || m_mustLeave)
    {
        wanted.tpos = target.pos;
        wanted.link = target.link->GetLinkTupleId();
        named = target.pos;
    }
    else
    {
        for (const auto& candidate : m_candidates)
        {
            if (candidate.link != m_current && candidate.isInReach &&
                candidate.dBm >= m_minimalSignal && candidate.notBefore <= Simulator::Now())
            {
                wanted.candidates.push_back(candidate.link->GetLinkTupleId().link);
            }
        }
    }
    m_target = target.link;
    m_cause = cause;
    Note("preregister", named, cause);
    if (!m_mn->Preregister(wanted))
    {
        m_target = nullptr;
        MobileNodeIsBusy(cause);
    }
}

void
HandoverPolicy::Leave(const std::string& cause)
{
    m_heading = m_target;
    m_reconsider.Cancel();
    if (m_isDown)
    {
        HandOver(cause); // there is no time to prepare anything
        return;
    }
    m_isPreparing = true;
    m_reconsider =
        Simulator::Schedule(m_prepareTimeout, &HandoverPolicy::PreparationTimeOver, this);
    m_heading->Prepare([self = Ptr<HandoverPolicy>(this), id = ++m_preparation, cause] {
        self->OnReady(id, cause);
    });
}

void
HandoverPolicy::OnReady(uint32_t preparation, const std::string& cause)
{
    if (m_isPreparing && preparation == m_preparation)
    {
        HandOver(cause);
    }
}

void
HandoverPolicy::PreparationTimeOver()
{
    Find(m_heading)->notBefore = Simulator::Now() + m_retryAfter;
    GiveUpPreparation();
    Consider("target-not-ready");
}

void
HandoverPolicy::GiveUpPreparation()
{
    m_reconsider.Cancel();
    m_isPreparing = false;
    m_heading->Detach();
    m_heading = nullptr;
    m_target = nullptr;
}

void
HandoverPolicy::HandOver(const std::string& cause)
{
    m_isPreparing = false;
    m_reconsider.Cancel();
    ++m_counts.anticipated;
    Note("hand-over", Find(m_heading)->pos, cause);
    if (!m_mn->Handover(m_heading))
    {
        MobileNodeIsBusy(cause);
    }
}

void
HandoverPolicy::MobileNodeIsBusy(const std::string& cause)
{
    m_heading = nullptr;
    Note("wait", MisfId(), "mobile-node-busy"); // somebody else has it hand over
    ConsiderIn(m_retryAfter, cause);
}

void
HandoverPolicy::AttachCold(const std::string& cause)
{
    const auto* best = Best();
    if (!best || !m_attachCold)
    {
        Note("wait", MisfId(), best ? "cold-not-allowed" : "no-target-in-reach");
        if (!best)
        {
            RetryLater(cause);
        }
        return;
    }
    m_heading = best->link;
    m_target = nullptr;
    Note("attach-cold", best->pos, cause);
    if (!m_mn->ColdHandover(m_heading, best->pos))
    {
        MobileNodeIsBusy(cause);
    }
}

void
HandoverPolicy::OnPreregistration(const PreregistrationReport& report)
{
    if (m_heading)
    {
        return; // the full authentication of a cold handover, or one that came too late
    }
    if (report.outcome != "success")
    {
        for (auto& candidate : m_candidates)
        {
            if (candidate.link == m_target)
            {
                candidate.notBefore = Simulator::Now() + m_retryAfter;
            }
        }
        m_target = nullptr;
        Consider(report.outcome);
        return;
    }
    // With Selection=ServingPos it may be another than the strongest.
    m_target = nullptr;
    for (const auto& candidate : m_candidates)
    {
        if (candidate.pos == report.tpos && candidate.link != m_current && candidate.isInReach &&
            (!m_target || candidate.dBm > Find(m_target)->dBm))
        {
            m_target = candidate.link;
        }
    }
    if (!m_target)
    {
        ++m_counts.targetsLost;
        Consider("target-lost");
        return;
    }
    if (m_mustLeave || (m_isGoingDown && m_leave == "WhenPrepared"))
    {
        Leave(m_cause);
    }
}

void
HandoverPolicy::OnHandover(const HandoverReport& report)
{
    if (!m_heading)
    {
        return;
    }
    auto* heading = Find(m_heading);
    m_target = nullptr;
    if (report.outcome == "success")
    {
        m_current = m_heading;
        m_heading = nullptr;
        m_isDown = !heading->isInReach; // it may have vanished meanwhile
        m_isGoingDown = false;
        m_mustLeave = false;
        m_arrived = Simulator::Now();
        if (m_isDown)
        {
            m_mn->ReportLinkDown();
            AttachCold("link-down");
        }
        return;
    }
    heading->notBefore = Simulator::Now() + m_retryAfter;
    m_heading = nullptr;
    if (report.detached.IsZero())
    {
        heading->link->Detach(); // it may have been prepared
    }
    else
    {
        m_isDown = true; // the old link was left
        m_current = nullptr;
    }
    Consider(report.outcome);
}

} // namespace ns3::mis
