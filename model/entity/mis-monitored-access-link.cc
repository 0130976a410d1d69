// SPDX-License-Identifier: GPL-2.0-only

#include "mis-monitored-access-link.h"

#include "ns3/pointer.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(MonitoredAccessLink);

TypeId
MonitoredAccessLink::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::MonitoredAccessLink")
            .SetParent<AccessLink>()
            .SetGroupName("MisPrereg")
            .AddAttribute("ReportInterval",
                          "Time from one report of the signal level to the next; zero for none.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&MonitoredAccessLink::m_reportInterval),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("DetectionMemory",
                          "Time after which a point of attachment that was not heard of counts as "
                          "new.",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&MonitoredAccessLink::m_memory),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("Monitor",
                          "What foretells the loss of the link.",
                          PointerValue(),
                          MakePointerAccessor(&MonitoredAccessLink::m_monitor),
                          MakePointerChecker<LinkMonitor>())
            .AddTraceSource("Detected",
                            "A point of attachment was detected, with its signal in dBm "
                            "(Link_Detected).",
                            MakeTraceSourceAccessor(&MonitoredAccessLink::m_detectedTrace),
                            "ns3::mis::MonitoredAccessLink::SignalTracedCallback")
            .AddTraceSource("Up",
                            "The link is attached (Link_Up).",
                            MakeTraceSourceAccessor(&MonitoredAccessLink::m_upTrace),
                            "ns3::mis::MonitoredAccessLink::LinkTracedCallback")
            .AddTraceSource("Ready",
                            "Packets can be exchanged over the link.",
                            MakeTraceSourceAccessor(&MonitoredAccessLink::m_readyTrace),
                            "ns3::mis::MonitoredAccessLink::LinkTracedCallback")
            .AddTraceSource("Signal",
                            "The signal of the link in use was measured, in dBm.",
                            MakeTraceSourceAccessor(&MonitoredAccessLink::m_signalTrace),
                            "ns3::mis::MonitoredAccessLink::SignalTracedCallback")
            .AddTraceSource("ParametersReport",
                            "The latest signal in dBm, at intervals (Link_Parameters_Report).",
                            MakeTraceSourceAccessor(&MonitoredAccessLink::m_reportTrace),
                            "ns3::mis::MonitoredAccessLink::SignalTracedCallback")
            .AddTraceSource("GoingDown",
                            "The link is expected to be lost: time left, and confidence in percent "
                            "(Link_Going_Down).",
                            MakeTraceSourceAccessor(&MonitoredAccessLink::m_goingDownTrace),
                            "ns3::mis::MonitoredAccessLink::GoingDownTracedCallback")
            .AddTraceSource("GoingDownRollback",
                            "The link is no longer expected to be lost.",
                            MakeTraceSourceAccessor(&MonitoredAccessLink::m_rollbackTrace),
                            "ns3::mis::MonitoredAccessLink::LinkTracedCallback")
            .AddTraceSource("Down",
                            "The link is not attached any more (Link_Down).",
                            MakeTraceSourceAccessor(&MonitoredAccessLink::m_downTrace),
                            "ns3::mis::MonitoredAccessLink::DownTracedCallback");
    return tid;
}

MonitoredAccessLink::MonitoredAccessLink()
    : m_monitor(CreateObject<LinkMonitor>())
{
}

void
MonitoredAccessLink::DoDispose()
{
    m_report.Cancel();
    m_monitor = nullptr;
    AccessLink::DoDispose();
}

void
MonitoredAccessLink::NotifyDetected(const LinkTupleId& link, double signal)
{
    const Time now = Simulator::Now();
    const auto it = std::find_if(m_seen.begin(), m_seen.end(), [&link](const auto& seen) {
        return seen.first == link;
    });
    if (it == m_seen.end())
    {
        const auto isForgotten = [this, now](const auto& seen) {
            return now - seen.second > m_memory;
        };
        m_seen.erase(std::remove_if(m_seen.begin(), m_seen.end(), isForgotten), m_seen.end());
        m_seen.emplace_back(link, now);
        m_detectedTrace(link, signal);
        return;
    }
    const bool isNew = now - it->second > m_memory;
    it->second = now;
    if (isNew)
    {
        m_detectedTrace(link, signal);
    }
}

void
MonitoredAccessLink::NotifySignal(double signal)
{
    if (!m_isUp)
    {
        return;
    }
    m_signal = signal;
    const auto link = GetLinkTupleId();
    m_signalTrace(link, signal);
    if (m_report.IsExpired() && !m_reportInterval.IsZero())
    {
        m_report = Simulator::Schedule(m_reportInterval, &MonitoredAccessLink::Report, this);
    }
    switch (m_monitor->Add(Simulator::Now(), signal))
    {
    case LinkMonitor::Event::GOING_DOWN: {
        const auto prediction = m_monitor->Predict();
        m_goingDownTrace(link, prediction->timeToDown.value_or(Time(0)), prediction->confidence);
        break;
    }
    case LinkMonitor::Event::ROLLBACK:
        m_rollbackTrace(link);
        break;
    case LinkMonitor::Event::NONE:
        break;
    }
}

void
MonitoredAccessLink::Report()
{
    if (m_isUp && m_signal)
    {
        m_reportTrace(GetLinkTupleId(), *m_signal);
    }
}

void
MonitoredAccessLink::NotifyUp()
{
    if (!m_isUp)
    {
        m_isUp = true;
        m_upTrace(GetLinkTupleId());
    }
}

void
MonitoredAccessLink::NotifyReady()
{
    if (m_isUp && !m_isReady)
    {
        m_isReady = true;
        m_readyTrace(GetLinkTupleId());
    }
}

void
MonitoredAccessLink::NotifyDown(LinkDownReason reason)
{
    if (m_isUp)
    {
        m_isUp = false;
        m_isReady = false;
        m_signal.reset();
        m_report.Cancel();
        m_monitor->Reset();
        m_downTrace(GetLinkTupleId(), reason);
    }
}

} // namespace ns3::mis
