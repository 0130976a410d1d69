// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wimax

#include "mis-wimax-access-link.h"

#include "ns3/simulator.h"

#include <array>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(WimaxAccessLink);

TypeId
WimaxAccessLink::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::WimaxAccessLink")
            .SetParent<RadioAccessLink>()
            .SetGroupName("MisPrereg")
            .AddConstructor<WimaxAccessLink>()
            .AddAttribute("PollInterval",
                          "How often the state of the station is looked at, since ns-3 traces no "
                          "change of it.",
                          TimeValue(MilliSeconds(5)),
                          MakeTimeAccessor(&WimaxAccessLink::m_pollInterval),
                          MakeTimeChecker(MicroSeconds(1)))
            .AddAttribute("SignalInterval",
                          "How often the signal is looked at.",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&WimaxAccessLink::m_signalInterval),
                          MakeTimeChecker(MicroSeconds(1)));
    return tid;
}

LinkTupleId
WimaxAccessLink::IdOf(Mac48Address base)
{
    std::array<uint8_t, 6> mac;
    base.CopyTo(mac.data());
    LinkTupleId id;
    id.link.type = LinkType::WIMAX;
    id.link.address = LinkAddress::Mac(mac);
    return id;
}

void
WimaxAccessLink::DoDispose()
{
    m_poll.Cancel();
    m_station = nullptr;
    m_channel = nullptr;
    m_signalOf = nullptr;
    RadioAccessLink::DoDispose();
}

void
WimaxAccessLink::SetSubscriber(Ptr<SubscriberStationNetDevice> station,
                               Ptr<WimaxChannel> channel,
                               Mac48Address base,
                               std::function<double()> signal)
{
    m_station = station;
    m_channel = channel;
    m_signalOf = std::move(signal);
    SetLinkTupleId(IdOf(base));
}

void
WimaxAccessLink::StartRadio()
{
    if (!m_isStarted)
    {
        m_isStarted = true;
        m_station->Start();
        m_station->Attach(m_channel);
    }
    Poll();
}

void
WimaxAccessLink::StopRadio()
{
    m_poll.Cancel();
}

void
WimaxAccessLink::Poll()
{
    const bool isRegistered =
        m_station->IsRegistered() && m_station->GetAreServiceFlowsAllocated() && !m_isLost;
    if (isRegistered && !IsUp())
    {
        NotifyDetected(GetLinkTupleId(), m_signalOf());
        RadioUp();
        RadioReady();
    }
    else if (!isRegistered && IsUp())
    {
        m_isLost = true;
        RadioDown(LinkDownReason::NO_BROADCAST);
    }
    if (IsUp() && Simulator::Now() - m_lastSignal >= m_signalInterval)
    {
        m_lastSignal = Simulator::Now();
        NotifySignal(m_signalOf());
    }
    if (!m_isLost)
    {
        m_poll = Simulator::Schedule(m_pollInterval, &WimaxAccessLink::Poll, this);
    }
}

} // namespace ns3::mis
