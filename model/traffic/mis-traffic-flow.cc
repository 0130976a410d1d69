// SPDX-License-Identifier: GPL-2.0-only

#include "mis-traffic-flow.h"

#include "mis-e-model.h"

#include "ns3/boolean.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(TrafficFlow);

TypeId
TrafficFlow::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::TrafficFlow")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<TrafficFlow>()
            .AddAttribute("PlayoutDeadline",
                          "Time after it was sent at which a packet is too late to be played; the "
                          "default is what ITU-T G.114 allows for good voice.",
                          TimeValue(MilliSeconds(150)),
                          MakeTimeAccessor(&TrafficFlow::m_deadline),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("JitterBuffer",
                          "Time that the playout buffer adds to the mean delay of voice.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&TrafficFlow::m_jitterBuffer),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("Packetization",
                          "Time that voice waits for its packet to be full.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&TrafficFlow::m_packetization),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("Margin",
                          "Time before and after a handover that counts as well.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&TrafficFlow::m_margin),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("Concealment",
                          "Whether G.711 conceals lost packets: Bpl is 25.1 with and 4.3 without "
                          "(ITU-T G.113).",
                          BooleanValue(true),
                          MakeBooleanAccessor(&TrafficFlow::m_concealment),
                          MakeBooleanChecker());
    return tid;
}

void
TrafficFlow::Configure(TrafficKind kind, const std::string& direction, Time interval)
{
    m_kind = kind;
    m_direction = direction;
    m_interval = interval;
    if (kind == TrafficKind::STREAM)
    {
        m_stream = Create<StreamLog>();
    }
    else
    {
        m_packets = Create<FlowLog>();
    }
}

void
TrafficFlow::OnStream(Ptr<const Packet> packet, const Address&)
{
    m_stream->Received(packet->GetSize(), Simulator::Now());
}

TrafficRecord
TrafficFlow::Measure(Time begin, Time end) const
{
    TrafficRecord record;
    record.kind = m_kind;
    record.direction = m_direction;
    const Time from = begin - m_margin;
    const Time to = end + m_margin;
    if (m_stream)
    {
        record.stall = m_stream->LongestGap(begin, to);
        record.interruption = record.stall;
        record.goodput =
            8 * static_cast<double>(m_stream->GetOctets(from, to)) / (to - from).GetSeconds();
        return record;
    }
    if (const auto gap = m_packets->LongestGap(begin, to))
    {
        record.interruption = std::max(*gap - m_interval, Time(0));
    }
    record.packets = m_packets->Evaluate(from, to, m_deadline);
    if (m_kind == TrafficKind::VOICE && record.packets->meanDelay)
    {
        const Time mouthToEar = m_packetization + *record.packets->meanDelay + m_jitterBuffer;
        const auto model = EModel::OfPackets(m_concealment ? G711_WITH_CONCEALMENT : G711,
                                             static_cast<double>(mouthToEar.GetNanoSeconds()) / 1e6,
                                             100 * record.packets->missingShare,
                                             record.packets->burstRatio);
        record.rFactor = std::max(model.R(), 0.0); // the scale ends there (G.107, annex B)
        record.mos = EModel::Mos(*record.rFactor);
    }
    return record;
}

void
TrafficFlow::WriteTimeline(std::ostream& os, Time begin, Time end) const
{
    const Time from = begin - m_margin;
    const Time to = end + m_margin;
    if (m_stream)
    {
        m_stream->WriteTimeline(os, from, to, begin);
    }
    else
    {
        m_packets->WriteTimeline(os, from, to, begin);
    }
}

} // namespace ns3::mis
