// SPDX-License-Identifier: GPL-2.0-only

#include "mis-roaming-scenario-helper.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

const Time PAUSE = Seconds(1);           // between the end of a record and next preregistration
const Time BEFORE_HANDOVER = Seconds(1); // between preregistration and handover
const Time DRAIN = Seconds(1);           // for packets under way
const Time TRAFFIC_DRAIN = Seconds(5);   // for timeouts of TCP, and a playout deadline
const Time WARM_UP = Seconds(1);         // of the flows before the first preregistration

// A second of radios takes about as long to compute as all the rest of a simulation.
const Time RADIO_BEFORE_HANDOVER = MilliSeconds(200);
const Time RADIO_DRAIN = MilliSeconds(500);
const Time RADIO_PAUSE = MilliSeconds(500);
const Time BINDING_TIME = MilliSeconds(300); // of an update and its acknowledgement

} // namespace

void
RoamingScenarioHelper::SetTrigger(const std::string& trigger)
{
    NS_ABORT_MSG_IF(trigger != "timed" && trigger != "signal",
                    "RoamingScenarioHelper: trigger is \"" << trigger
                                                           << "\", allowed are timed, signal");
    m_bySignal = trigger == "signal";
}

void
RoamingScenarioHelper::Roam(Time start,
                            std::function<void(uint32_t, const PreregistrationRecord&)> done)
{
    m_done = std::move(done);
    auto mn = m_mobileNodes.front();
    m_flow = CreateObject<ConstantRateFlow>();
    // Over a radio the packets are sent, and stop at the controlled port.
    const auto isOpen = [mn] {
        return mn->IsDataPathOpen() || DynamicCast<RadioAccessLink>(mn->GetCurrentLink());
    };
    m_flow->Configure(m_mnNodes.Get(0), m_correspondent.Get(0), m_correspondentAddress, isOpen);
    const Time begin = std::max(start - WARM_UP, Seconds(0));
    m_flow->Run(begin, start + GetDuration());
    if (m_traffic)
    {
        StartTraffic(begin, start + GetDuration());
    }
    m_recorder = CreateObject<PreregistrationRecorder>();
    m_recorder->Observe(mn, m_flow);
    for (const auto& pos : m_pointsOfService)
    {
        m_recorder->Observe(pos);
    }
    for (const auto& poa : m_pointsOfAttachment)
    {
        m_recorder->ObservePointOfAttachment(poa->GetMisf());
    }
    m_recorder->ObserveGroupManager(m_gm->GetObject<Misf>());
    mn->TraceConnectWithoutContext("Preregistration",
                                   MakeCallback(&RoamingScenarioHelper::OnPreregistration, this));
    mn->TraceConnectWithoutContext("Handover",
                                   MakeCallback(&RoamingScenarioHelper::OnHandover, this));
    if (m_hasRadios)
    {
        mn->TraceConnectWithoutContext("DataPath",
                                       MakeCallback(&RoamingScenarioHelper::OnDataPath, this));
    }
    if (!m_bySignal)
    {
        Simulator::Schedule(start, &RoamingScenarioHelper::BeginPreregistration, this);
        return;
    }
    Simulator::Schedule(start, &RoamingScenarioHelper::AwaitSignal, this);
    for (const auto& link : m_links[0])
    {
        link->TraceConnectWithoutContext("GoingDown",
                                         MakeCallback(&RoamingScenarioHelper::OnGoingDown, this));
    }
}

void
RoamingScenarioHelper::AwaitSignal()
{
    m_awaitsSignal = true;
    const auto link = DynamicCast<MonitoredAccessLink>(m_mobileNodes.front()->GetCurrentLink());
    if (link && link->GetMonitor()->IsGoingDown())
    {
        OnGoingDown(link->GetLinkTupleId(), Time(), 0);
    }
}

void
RoamingScenarioHelper::OnGoingDown(const LinkTupleId&, Time, double)
{
    if (m_awaitsSignal)
    {
        m_awaitsSignal = false;
        Simulator::ScheduleNow(&RoamingScenarioHelper::BeginPreregistration, this);
    }
}

void
RoamingScenarioHelper::OnDataPath(bool open)
{
    if (open)
    {
        m_flow->ChangePath();
    }
}

Time
RoamingScenarioHelper::GetEarliestStart()
{
    Time start;
    if (!m_networks.front().radio.empty())
    {
        start = m_radio.GetTechnology(m_networks.front().radio)->GetAttachTime();
    }
    if (m_anchorKind != Anchor::NONE)
    {
        start += BINDING_TIME;
    }
    if (m_traffic)
    {
        start += WARM_UP;
    }
    return start;
}

Time
RoamingScenarioHelper::BeforeHandover() const
{
    // Figures of traffic begin a second before the handover.
    return m_hasRadios && !m_traffic ? RADIO_BEFORE_HANDOVER : BEFORE_HANDOVER;
}

Time
RoamingScenarioHelper::Drain() const
{
    if (m_traffic)
    {
        return TRAFFIC_DRAIN;
    }
    return m_hasRadios ? RADIO_DRAIN : DRAIN;
}

Time
RoamingScenarioHelper::GetDuration() const
{
    // Preregistration and handover each end within a few transaction lifetimes.
    return Seconds(60) * static_cast<int64_t>(PathLength());
}

void
RoamingScenarioHelper::SetPath(std::vector<uint32_t> path)
{
    for (size_t i = 0; i < path.size(); ++i)
    {
        NS_ABORT_MSG_IF(i == 0 ? path[i] != 0 : path[i] == path[i - 1],
                        "RoamingScenarioHelper: a path begins with network 0, and two networks in "
                        "a row differ");
    }
    m_path = std::move(path);
}

uint32_t
RoamingScenarioHelper::NetworkAt(uint32_t position) const
{
    return m_path.empty() ? position : m_path[position];
}

uint32_t
RoamingScenarioHelper::PathLength() const
{
    return static_cast<uint32_t>(m_path.empty() ? m_networks.size() : m_path.size());
}

void
RoamingScenarioHelper::BeginPreregistration()
{
    m_recorder->Begin();
    const uint32_t next = NetworkAt(m_position + 1);
    if (!m_preregister)
    {
        m_links[0][next]->Prepare([this] { HandOver(); });
        return;
    }
    PreregistrationTarget target;
    target.tpos = MisfId(PosId(next));
    target.link = m_links[0][next]->GetLinkTupleId();
    m_mobileNodes.front()->Preregister(target);
}

void
RoamingScenarioHelper::OnPreregistration(const PreregistrationReport& report)
{
    if (!m_preregister)
    {
        m_recorder->EndCounting(); // the handover goes on, and its end is reported too
        return;
    }
    if (report.outcome == "success")
    {
        Simulator::Schedule(BeforeHandover(), &RoamingScenarioHelper::BeginHandover, this);
        return;
    }
    // Scheduled, so that the recorder has seen the report too.
    m_succeeded = false;
    Simulator::ScheduleNow(&RoamingScenarioHelper::Finish, this);
}

void
RoamingScenarioHelper::SetPreregistration(bool preregister)
{
    m_preregister = preregister;
}

void
RoamingScenarioHelper::BeginHandover()
{
    m_recorder->EndCounting();
    m_links[0][NetworkAt(m_position + 1)]->Prepare([this] { HandOver(); });
}

void
RoamingScenarioHelper::HandOver()
{
    const uint32_t next = NetworkAt(m_position + 1);
    const auto& link = m_links[0][next];
    if (m_preregister)
    {
        m_mobileNodes.front()->Handover(link);
        return;
    }
    m_mobileNodes.front()->ColdHandover(link, MisfId(PosId(next)));
}

void
RoamingScenarioHelper::OnHandover(const HandoverReport& report)
{
    m_succeeded = report.outcome == "success";
    m_handoverEnd = report.end;
    m_recorder->HandoverOver();
    Simulator::Schedule(Drain(), &RoamingScenarioHelper::Finish, this);
}

void
RoamingScenarioHelper::Finish()
{
    m_recorder->End();
    m_done(m_position, m_recorder->Get());
    if (m_traffic && m_trafficDone && m_succeeded)
    {
        ReportTraffic();
    }
    ++m_position;
    if (m_succeeded && m_position + 1 < PathLength())
    {
        if (m_bySignal)
        {
            AwaitSignal();
            return;
        }
        Simulator::Schedule(m_hasRadios ? RADIO_PAUSE : PAUSE,
                            &RoamingScenarioHelper::BeginPreregistration,
                            this);
        return;
    }
    Simulator::Stop();
}

} // namespace ns3::mis
