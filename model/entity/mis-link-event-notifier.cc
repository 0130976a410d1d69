// SPDX-License-Identifier: GPL-2.0-only

#include "mis-link-event-notifier.h"

#include "mis-link-signal.h"

#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(LinkEventNotifier);

namespace
{

constexpr uint32_t ALL_EVENTS = event_list::LINK_DETECTED | event_list::LINK_UP |
                                event_list::LINK_DOWN | event_list::LINK_PARAMETERS_REPORT |
                                event_list::LINK_GOING_DOWN;

} // namespace

TypeId
LinkEventNotifier::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::LinkEventNotifier")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<LinkEventNotifier>()
            .AddAttribute("Events",
                          "Events sent without a subscription, as bits of EVENT_LIST; "
                          "Event_Subscribe of the serving PoS changes them.",
                          UintegerValue(ALL_EVENTS),
                          MakeUintegerAccessor(&LinkEventNotifier::m_events),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("MaxWaiting",
                          "Events kept while no PoS can be told; the oldest give way.",
                          UintegerValue(32),
                          MakeUintegerAccessor(&LinkEventNotifier::m_maxWaiting),
                          MakeUintegerChecker<uint32_t>(1))
            .AddTraceSource("Sent",
                            "An event was sent to the serving PoS.",
                            MakeTraceSourceAccessor(&LinkEventNotifier::m_sentTrace),
                            "ns3::mis::LinkEventNotifier::EventTracedCallback");
    return tid;
}

void
LinkEventNotifier::DoDispose()
{
    m_connections.Clear();
    if (m_mn && m_mn->GetMisf())
    {
        m_mn->GetMisf()->ClearHandler(EventSubscribeRequest::ID);
    }
    m_mn = nullptr;
    m_links.clear();
    m_waiting.clear();
    Object::DoDispose();
}

void
LinkEventNotifier::SetMobileNode(Ptr<MobileNode> mn)
{
    m_mn = mn;
    m_connections.Connect(mn,
                          "HandoverBegin",
                          MakeCallback(&LinkEventNotifier::OnHandoverBegin, this));
    m_connections.Connect(mn, "Handover", MakeCallback(&LinkEventNotifier::OnHandover, this));
    mn->GetMisf()->SetHandler(
        EventSubscribeRequest::ID,
        [this](const ReceivedMessage& message) { OnSubscribe(message); },
        Misf::Destination::OWN,
        Misf::Trust::SA_IF_ANY);
}

void
LinkEventNotifier::Watch(Ptr<MonitoredAccessLink> link)
{
    m_links.push_back(link);
    m_connections.Connect(link, "Detected", MakeBoundCallback(&OnDetected, this));
    m_connections.Connect(link, "Up", MakeBoundCallback(&OnUp, this));
    m_connections.Connect(link, "Ready", MakeBoundCallback(&OnReady, this));
    m_connections.Connect(link, "ParametersReport", MakeBoundCallback(&OnReport, this));
    m_connections.Connect(link, "GoingDown", MakeBoundCallback(&OnGoingDown, this));
    m_connections.Connect(link, "Down", MakeBoundCallback(&OnDown, this));
}

template <class M>
void
LinkEventNotifier::Send(uint32_t bit, const LinkTupleId& link, const M& message)
{
    if (!m_mn || (m_events & bit) == 0)
    {
        return;
    }
    m_waiting.emplace_back([this, link, message] {
        if (m_mn->GetMisf()->SendIndication(m_mn->GetServingPos(), message, {}) == SendError::NONE)
        {
            m_sentTrace(M::ID, link);
        }
    });
    if (m_waiting.size() > m_maxWaiting)
    {
        m_waiting.pop_front();
    }
    Flush();
}

bool
LinkEventNotifier::CanSend() const
{
    const auto link = DynamicCast<MonitoredAccessLink>(m_mn->GetCurrentLink());
    return !m_handingOver && m_mn->IsDataPathOpen() && (!link || link->IsReady());
}

void
LinkEventNotifier::Flush()
{
    if (!CanSend())
    {
        return;
    }
    const auto waiting = std::move(m_waiting);
    m_waiting.clear();
    for (const auto& send : waiting)
    {
        send();
    }
}

void
LinkEventNotifier::OnHandoverBegin(const HandoverReport&)
{
    m_handingOver = true;
}

void
LinkEventNotifier::OnHandover(const HandoverReport&)
{
    m_handingOver = false;
    Flush();
}

void
LinkEventNotifier::OnDetected(LinkEventNotifier* self, const LinkTupleId& link, double signal)
{
    LinkDetectedIndication message;
    message.detected.emplace_back();
    message.detected.back().link = link;
    message.detected.back().signal = ToSignalStrength(signal);
    self->Send(event_list::LINK_DETECTED, link, message);
}

void
LinkEventNotifier::OnUp(LinkEventNotifier* self, const LinkTupleId& link)
{
    LinkUpIndication message;
    message.link = link;
    self->Send(event_list::LINK_UP, link, message);
}

void
LinkEventNotifier::OnReady(LinkEventNotifier* self, const LinkTupleId&)
{
    if (self->m_mn)
    {
        self->Flush();
    }
}

void
LinkEventNotifier::OnReport(LinkEventNotifier* self, const LinkTupleId& link, double signal)
{
    LinkParametersReportIndication message;
    message.link = link;
    message.reports.emplace_back();
    message.reports.back().value = ToParameterValue(signal);
    self->Send(event_list::LINK_PARAMETERS_REPORT, link, message);
}

void
LinkEventNotifier::OnGoingDown(LinkEventNotifier* self,
                               const LinkTupleId& link,
                               Time left,
                               double /* confidence */)
{
    LinkGoingDownIndication message;
    message.link = link;
    message.reason = LinkGoingDownReason::PARAMETER_DEGRADING;
    // Zero would say that the time is not known.
    message.timeInterval =
        static_cast<uint16_t>(std::clamp<int64_t>(left.GetMilliSeconds(), 1, UINT16_MAX));
    self->Send(event_list::LINK_GOING_DOWN, link, message);
}

void
LinkEventNotifier::OnDown(LinkEventNotifier* self, const LinkTupleId& link, LinkDownReason reason)
{
    LinkDownIndication message;
    message.link = link;
    message.reason = reason;
    self->Send(event_list::LINK_DOWN, link, message);
}

void
LinkEventNotifier::OnSubscribe(const ReceivedMessage& message)
{
    const auto request = DecodeBody<EventSubscribeRequest>(message.body);
    if (!request)
    {
        m_mn->GetMisf()->Refuse(message);
        return;
    }
    EventSubscribeResponse response;
    response.link = request->link;
    if (message.source != m_mn->GetServingPos())
    {
        response.status = Status::REJECTED;
    }
    else
    {
        m_events = request->events & ALL_EVENTS;
        response.events = m_events;
    }
    m_mn->GetMisf()->SendResponse(message.transaction, response, {});
}

} // namespace ns3::mis
