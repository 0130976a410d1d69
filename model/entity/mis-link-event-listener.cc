// SPDX-License-Identifier: GPL-2.0-only

#include "mis-link-event-listener.h"

#include "mis-link-signal.h"

#include "ns3/mis-answer.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(LinkEventListener);

namespace
{

std::vector<LinkEvent>
EventsOf(const LinkDetectedIndication& message)
{
    std::vector<LinkEvent> events;
    for (const auto& detected : message.detected)
    {
        events.push_back({LinkDetectedIndication::ID, detected.link, {}, {}, {}});
        if (const auto* level = std::get_if<int8_t>(&detected.signal))
        {
            events.back().signal = *level;
        }
    }
    return events;
}

std::vector<LinkEvent>
EventsOf(const LinkUpIndication& message)
{
    return {{LinkUpIndication::ID, message.link, {}, {}, {}}};
}

std::vector<LinkEvent>
EventsOf(const LinkDownIndication& message)
{
    return {{LinkDownIndication::ID, message.link, {}, {}, message.reason}};
}

std::vector<LinkEvent>
EventsOf(const LinkGoingDownIndication& message)
{
    return {
        {LinkGoingDownIndication::ID, message.link, {}, MilliSeconds(message.timeInterval), {}}};
}

std::vector<LinkEvent>
EventsOf(const LinkParametersReportIndication& message)
{
    std::vector<LinkEvent> events;
    for (const auto& report : message.reports)
    {
        if (report.family == LinkParameterReport::GENERIC &&
            report.parameter == LinkParameterReport::SIGNAL_STRENGTH)
        {
            events.push_back({LinkParametersReportIndication::ID,
                              message.link,
                              FromParameterValue(std::get<0>(report.value)),
                              {},
                              {}});
        }
    }
    return events;
}

} // namespace

TypeId
LinkEventListener::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::LinkEventListener")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<LinkEventListener>()
            .AddTraceSource("LinkEvent",
                            "A mobile node has told of an event of one of its links.",
                            MakeTraceSourceAccessor(&LinkEventListener::m_eventTrace),
                            "ns3::mis::LinkEventListener::EventTracedCallback")
            .AddTraceSource("Subscribed",
                            "A mobile node has answered a subscription.",
                            MakeTraceSourceAccessor(&LinkEventListener::m_subscribedTrace),
                            "ns3::mis::LinkEventListener::SubscribedTracedCallback");
    return tid;
}

void
LinkEventListener::DoDispose()
{
    if (m_misf)
    {
        for (const auto mid : {LinkDetectedIndication::ID,
                               LinkUpIndication::ID,
                               LinkDownIndication::ID,
                               LinkGoingDownIndication::ID,
                               LinkParametersReportIndication::ID})
        {
            m_misf->ClearHandler(mid);
        }
    }
    m_misf = nullptr;
    Object::DoDispose();
}

template <class M>
void
LinkEventListener::Listen()
{
    const auto handler = [this](const ReceivedMessage& message) {
        const auto body = DecodeBody<M>(message.body);
        if (!body)
        {
            m_misf->Refuse(message);
            return;
        }
        for (const auto& event : EventsOf(*body))
        {
            m_eventTrace(message.source, event);
        }
    };
    m_misf->SetHandler(M::ID, handler, Misf::Destination::OWN, Misf::Trust::SA_IF_ANY);
}

void
LinkEventListener::SetMisf(Ptr<Misf> misf)
{
    m_misf = misf;
    Listen<LinkDetectedIndication>();
    Listen<LinkUpIndication>();
    Listen<LinkDownIndication>();
    Listen<LinkGoingDownIndication>();
    Listen<LinkParametersReportIndication>();
}

SendError
LinkEventListener::Subscribe(const MisfId& mn, const LinkTupleId& link, uint32_t events)
{
    EventSubscribeRequest request;
    request.link = link;
    request.events = events;
    return m_misf->SendRequest(
        mn,
        request,
        {},
        [self = Ptr<LinkEventListener>(this), mn](const TransactionResult& result) {
            if (!self->m_misf)
            {
                return;
            }
            const auto answer = DecodeAnswer<EventSubscribeResponse>(*self->m_misf, result);
            if (answer && answer->status == Status::SUCCESS && answer->events)
            {
                self->m_subscribedTrace(mn, *answer->events);
            }
        });
}

} // namespace ns3::mis
