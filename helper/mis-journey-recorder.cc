// SPDX-License-Identifier: GPL-2.0-only

#include "mis-journey-recorder.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

namespace ns3::mis
{

namespace
{

const Time TRAFFIC_DRAIN = Seconds(2); // the margin of TrafficFlow, and packets under way

std::string
Milliseconds(Time time, int decimals = 1)
{
    std::ostringstream text;
    text << std::fixed << std::setprecision(decimals)
         << static_cast<double>(time.GetNanoSeconds()) / 1e6 << " ms";
    return text.str();
}

} // namespace

JourneyRecorder::JourneyRecorder(const Journey& journey, Time until)
    : m_journey(journey),
      m_scenario(journey.GetScenario()),
      m_until(until)
{
    for (uint32_t i = 0; i < journey.GetNetworks(); ++i)
    {
        const auto link = m_scenario.GetLink(0, i);
        // What a radio that is not attached hears, and the level of one that is.
        link->TraceConnectWithoutContext("Detected", MakeBoundCallback(&OnDetected, this, i));
        link->TraceConnectWithoutContext("Signal", MakeBoundCallback(&OnDetected, this, i));
        link->TraceConnectWithoutContext("Up", MakeBoundCallback(&OnUp, this, i));
        link->TraceConnectWithoutContext("GoingDown", MakeBoundCallback(&OnGoingDown, this, i));
        link->TraceConnectWithoutContext("GoingDownRollback",
                                         MakeBoundCallback(&OnRollback, this, i));
        link->TraceConnectWithoutContext("Down", MakeBoundCallback(&OnDown, this, i));
    }
    const auto mn = m_scenario.GetMobileNodes().front();
    mn->TraceConnectWithoutContext("State", MakeCallback(&JourneyRecorder::OnState, this));
    mn->TraceConnectWithoutContext("Preregistration",
                                   MakeCallback(&JourneyRecorder::OnPreregistration, this));
    mn->TraceConnectWithoutContext("HandoverBegin",
                                   MakeCallback(&JourneyRecorder::OnHandoverBegin, this));
    mn->TraceConnectWithoutContext("Handover", MakeCallback(&JourneyRecorder::OnHandover, this));
}

void
JourneyRecorder::Observe(const JourneyPolicy& policy)
{
    m_hasPolicy = true;
    policy.GetPolicy()->TraceConnectWithoutContext(
        "Decision",
        MakeCallback(&JourneyRecorder::OnDecision, this));
    for (uint32_t i = 0; i < policy.GetControls().size(); ++i)
    {
        policy.GetControls()[i]->TraceConnectWithoutContext("Commit",
                                                            MakeBoundCallback(&OnCommit, this, i));
    }
}

void
JourneyRecorder::Note(const std::string& name,
                      std::optional<uint32_t> network,
                      const std::string& detail)
{
    m_events.push_back({Simulator::Now(), network, name, detail});
}

void
JourneyRecorder::NoteTrigger(const std::string& cause)
{
    if (m_cause.empty())
    {
        m_cause = cause;
        m_begin = Simulator::Now();
    }
}

std::optional<uint32_t>
JourneyRecorder::NetworkOf(const MisfId& pos) const
{
    for (uint32_t i = 0; i < m_journey.GetNetworks(); ++i)
    {
        if (pos == MisfId(RoamingScenarioHelper::PosId(i)))
        {
            return i;
        }
    }
    return {};
}

void
JourneyRecorder::OnDetected(Self* self, uint32_t network, const LinkTupleId& link, double dBm)
{
    // An LTE radio hears the cells of other operators too.
    if (link.link == self->m_scenario.GetLink(0, network)->GetLinkTupleId().link)
    {
        self->m_signals.push_back({Simulator::Now(), network, dBm});
    }
}

void
JourneyRecorder::OnUp(Self* self, uint32_t network, const LinkTupleId&)
{
    self->Note("link-up", network);
}

void
JourneyRecorder::OnGoingDown(Self* self,
                             uint32_t network,
                             const LinkTupleId&,
                             Time left,
                             double confidence)
{
    self->Note("going-down",
               network,
               Milliseconds(left, 0) + " left; confidence " +
                   std::to_string(std::lround(confidence)) + " %");
    if (network == self->m_current && !self->m_hasPolicy)
    {
        self->NoteTrigger("going-down");
    }
}

void
JourneyRecorder::OnRollback(Self* self, uint32_t network, const LinkTupleId&)
{
    self->Note("rollback", network);
}

void
JourneyRecorder::OnDown(Self* self, uint32_t network, const LinkTupleId&, LinkDownReason reason)
{
    self->Note("link-down", network, ToString(reason));
    if (network == self->m_current && reason != LinkDownReason::EXPLICIT_DISCONNECT &&
        !self->m_lost)
    {
        self->m_lost = Simulator::Now();
    }
}

void
JourneyRecorder::OnCommit(Self* self, uint32_t network, const MisfId&, const std::string& outcome)
{
    self->Note("network-commit", network, outcome);
}

void
JourneyRecorder::OnDecision(const HandoverDecision& decision)
{
    Note("decision-" + decision.action, NetworkOf(decision.tpos), decision.cause);
    if (decision.action == "abort")
    {
        m_cause.clear();
    }
    else if (decision.action != "wait")
    {
        NoteTrigger(decision.cause);
    }
}

void
JourneyRecorder::OnState(PreregistrationState from, PreregistrationState to)
{
    if (from == PreregistrationState::IDLE || from == PreregistrationState::DONE)
    {
        if (to != PreregistrationState::IDLE)
        {
            Note("preregistration-begin", std::nullopt);
            m_prepared.reset();
        }
    }
}

void
JourneyRecorder::OnPreregistration(const PreregistrationReport& report)
{
    Note("preregistration-end", NetworkOf(report.tpos), report.outcome);
    m_prepared = report;
}

void
JourneyRecorder::OnHandoverBegin(const HandoverReport& report)
{
    Note("handover-begin", NetworkOf(report.to));
    NoteTrigger("timed");
}

void
JourneyRecorder::OnHandover(const HandoverReport& report)
{
    const auto to = NetworkOf(report.to);
    Note("handover-end", to, report.outcome);
    JourneyRecord record;
    record.outcome = report.outcome;
    record.trigger = m_cause;
    record.begin = m_begin;
    record.from = m_current;
    record.to = to.value_or(m_current);
    auto loss = m_journey.FindLoss(m_current, m_begin, m_until);
    if (m_lost && (!loss || *m_lost < *loss))
    {
        loss = m_lost;
    }
    if (loss)
    {
        record.warning = std::max(*loss - m_begin, Time(0));
    }
    // One that ends after the node has left is the full authentication of a cold handover.
    if (m_prepared && m_prepared->outcome == "success" && m_prepared->end <= report.detached)
    {
        record.preregistration = m_prepared->end - m_prepared->begin;
        record.prepared = !loss || m_prepared->end < *loss ? 1 : 0;
    }
    if (report.outcome == "success")
    {
        record.attachment = report.attached - report.detached;
        record.handshake = report.dataPathOpen - report.attached;
        m_current = record.to;
        m_lost.reset();
        m_prepared.reset();
    }
    m_cause.clear();
    m_records.push_back(record);
    if (m_scenario.GetTraffic() && !report.detached.IsZero())
    {
        Simulator::Schedule(TRAFFIC_DRAIN,
                            &JourneyRecorder::MeasureTraffic,
                            this,
                            m_records.size() - 1,
                            report.detached,
                            report.end);
    }
}

void
JourneyRecorder::MeasureTraffic(size_t record, Time begin, Time end)
{
    m_records[record].traffic = m_scenario.GetTraffic()->GetFlows().front()->Measure(begin, end);
}

void
JourneyRecorder::WriteEvents(std::ostream& os) const
{
    os << "time_s,network,technology,event,detail\n" << std::fixed << std::setprecision(6);
    for (const auto& event : m_events)
    {
        os << event.at.GetSeconds() << ',';
        if (event.network)
        {
            os << *event.network + 1;
        }
        os << ',' << (event.network ? m_journey.GetTechnology(*event.network) : "") << ','
           << event.name << ',' << event.detail << '\n';
    }
}

void
JourneyRecorder::WriteSignals(std::ostream& os) const
{
    os << "time_s,network,technology,dbm\n" << std::fixed << std::setprecision(6);
    for (const auto& signal : m_signals)
    {
        os << signal.at.GetSeconds() << ',' << signal.network + 1 << ','
           << m_journey.GetTechnology(signal.network) << ',' << signal.dBm << '\n';
    }
}

void
JourneyRecorder::WritePackets(std::ostream& os) const
{
    m_scenario.GetTraffic()->GetFlows().front()->GetPackets()->WriteTimeline(os,
                                                                             Time(0),
                                                                             m_until,
                                                                             Time(0));
}

// results

namespace
{

/// A figure of the traffic that the handover may not have.
template <class Figure>
ResultField<JourneyRow>
TrafficField(const ResultColumn& column, Figure figure)
{
    return {column, [figure](const JourneyRow& row) -> ResultCell {
                return row.record.traffic ? ToCell(figure(*row.record.traffic))
                                          : ToCell(std::optional<double>());
            }};
}

std::optional<double>
PacketsOf(const TrafficRecord& traffic, uint32_t FlowFigures::*figure)
{
    return traffic.packets ? std::optional<double>((*traffic.packets).*figure) : std::nullopt;
}

const std::vector<ResultField<JourneyRow>>&
Fields()
{
    using Record = JourneyRecord;
    static const auto fields = [] {
        auto all = HandoverFields<JourneyRow>();
        for (const auto& field : {
                 HandoverField<JourneyRow>(),
                 FieldOf({"outcome", nullptr, 0}, &Record::outcome),
                 FieldOf({"trigger", nullptr, 0}, &Record::trigger),
                 FieldOf({"begin_ms", nullptr, 6}, &Record::begin),
                 FieldOf({"warning_ms", "warning [ms]", 6}, &Record::warning),
                 FieldOf({"prereg_ms", "prereg [ms]", 6}, &Record::preregistration),
                 FieldOf({"prepared", "in time", 0}, &Record::prepared),
                 FieldOf({"attachment_ms", "attach [ms]", 6}, &Record::attachment),
                 FieldOf({"handshake_ms", "handshake [ms]", 6}, &Record::handshake),
                 TrafficField({"interruption_ms", "gap [ms]", 6},
                              [](const TrafficRecord& t) { return t.interruption; }),
                 TrafficField(
                     {"lost", "lost", 0},
                     [](const TrafficRecord& t) { return PacketsOf(t, &FlowFigures::lost); }),
                 TrafficField(
                     {"late", "late", 0},
                     [](const TrafficRecord& t) { return PacketsOf(t, &FlowFigures::late); }),
                 TrafficField({"r_factor", "R", 3},
                              [](const TrafficRecord& t) { return t.rFactor; }),
             })
        {
            all.push_back(field);
        }
        return all;
    }();
    return fields;
}

} // namespace

ResultTable
Tabulate(const std::vector<JourneyRow>& rows)
{
    ResultLayout layout;
    layout.hasSuccess = true;
    layout.hidesEmpty = true;
    ResultTable table({"links", "remedy"}, ColumnsOf(Fields()), layout);
    for (const auto& row : rows)
    {
        table.Add({{row.linkFrom + "-" + row.linkTo, row.remedy},
                   CellsOf(Fields(), row),
                   row.seed,
                   row.run,
                   row.record.outcome == "success" ? 1U : 0U,
                   1});
    }
    return table;
}

void
PrintHandover(std::ostream& os, const JourneyRow& row)
{
    const auto& record = row.record;
    std::ostringstream text;
    text << std::fixed << std::setprecision(3) << std::setw(8) << record.begin.GetSeconds()
         << " s  " << row.linkFrom << " " << record.from + 1 << " to " << row.linkTo << " "
         << record.to + 1 << ": " << record.trigger;
    if (record.warning)
    {
        text << ", " << std::setprecision(2) << record.warning->GetSeconds()
             << " s before the loss";
    }
    if (record.preregistration)
    {
        text << "; preregistered in " << Milliseconds(*record.preregistration)
             << (*record.prepared > 0 ? ", in time" : ", too late");
    }
    else
    {
        text << "; not preregistered";
    }
    if (record.outcome != "success")
    {
        text << "; " << record.outcome;
    }
    if (record.traffic && record.traffic->interruption)
    {
        text << "; voice stops for " << Milliseconds(*record.traffic->interruption);
    }
    if (record.traffic && record.traffic->packets)
    {
        text << ", " << record.traffic->packets->lost << " lost, " << record.traffic->packets->late
             << " late";
    }
    if (record.traffic && record.traffic->rFactor)
    {
        text << ", R " << std::setprecision(1) << *record.traffic->rFactor;
    }
    os << text.str() << '\n';
}

} // namespace ns3::mis
