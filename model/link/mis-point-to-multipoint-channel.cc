// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The medium between one hub and many stations: who receives, when, and what gets lost.
 */

#include "mis-point-to-multipoint-channel.h"

#include "mis-point-to-multipoint-net-device.h"

#include "ns3/double.h"
#include "ns3/ethernet-header.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace mis
{

NS_LOG_COMPONENT_DEFINE("MisPointToMultipointChannel");

NS_OBJECT_ENSURE_REGISTERED(PointToMultipointChannel);

namespace
{

/**
 * @param rate The rate, not 0.
 * @param octets Octets to send.
 * @return How long they take, rounded to the nearest nanosecond.
 */
Time
TransmissionTime(const DataRate& rate, uint64_t octets)
{
    // In integers, so that equal inputs give equal times on every machine. 2^64 ns of bits are
    // 2.3 GB in one frame.
    const uint64_t bps = rate.GetBitRate();
    return NanoSeconds((octets * 8 * 1000000000 + bps / 2) / bps);
}

} // namespace

const char*
ToString(LinkDropReason reason)
{
    switch (reason)
    {
    case LinkDropReason::LINK_DOWN:
        return "LINK_DOWN";
    case LinkDropReason::TOO_LONG:
        return "TOO_LONG";
    case LinkDropReason::UNKNOWN_DESTINATION:
        return "UNKNOWN_DESTINATION";
    case LinkDropReason::STATION_DOWN:
        return "STATION_DOWN";
    case LinkDropReason::QUEUE_FULL:
        return "QUEUE_FULL";
    case LinkDropReason::LOST:
        return "LOST";
    case LinkDropReason::DETACHED:
        return "DETACHED";
    }
    return "?";
}

TypeId
PointToMultipointChannel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::PointToMultipointChannel")
            .SetParent<Channel>()
            .SetGroupName("MisPrereg")
            .AddConstructor<PointToMultipointChannel>()
            .AddAttribute("DownRate",
                          "Rate from the hub to the stations; 0 is infinite.",
                          DataRateValue(DataRate(0)),
                          MakeDataRateAccessor(&PointToMultipointChannel::SetDownRate,
                                               &PointToMultipointChannel::GetDownRate),
                          MakeDataRateChecker())
            .AddAttribute("UpRate",
                          "Rate from the stations to the hub; 0 is infinite.",
                          DataRateValue(DataRate(0)),
                          MakeDataRateAccessor(&PointToMultipointChannel::SetUpRate,
                                               &PointToMultipointChannel::GetUpRate),
                          MakeDataRateChecker())
            .AddAttribute("Delay",
                          "One-way delay after the last bit is sent.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&PointToMultipointChannel::SetDelay,
                                           &PointToMultipointChannel::GetDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Jitter",
                          "Width of the uniform addition to the delay.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&PointToMultipointChannel::SetJitter,
                                           &PointToMultipointChannel::GetJitter),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Loss",
                          "Probability that a receiver loses a frame.",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&PointToMultipointChannel::SetLoss,
                                             &PointToMultipointChannel::GetLoss),
                          MakeDoubleChecker<double>(0.0, 1.0))
            .AddAttribute("Overhead",
                          "Link-layer octets charged for a frame besides its payload.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&PointToMultipointChannel::SetOverhead,
                                               &PointToMultipointChannel::GetOverhead),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("QueueSize",
                          "Bound, in packets or octets, of the frames that wait in each direction, "
                          "the one in transmission not counted.",
                          QueueSizeValue(QueueSize("100p")),
                          MakeQueueSizeAccessor(&PointToMultipointChannel::m_queueSize),
                          MakeQueueSizeChecker());
    return tid;
}

PointToMultipointChannel::PointToMultipointChannel()
    : m_profile{}
{
}

PointToMultipointChannel::~PointToMultipointChannel() = default;

void
PointToMultipointChannel::DoDispose()
{
    m_hub = nullptr;
    m_stations.clear();
    m_macs.clear();
    m_ipv4.clear();
    m_ipv6.clear();
    m_down.jitter = m_down.loss = nullptr;
    m_up.jitter = m_up.loss = nullptr;
    Channel::DoDispose();
}

void
PointToMultipointChannel::SetProfile(const LinkProfile& profile)
{
    m_profile = profile;
}

const LinkProfile&
PointToMultipointChannel::GetProfile() const
{
    return m_profile;
}

void
PointToMultipointChannel::AttachHub(Ptr<PointToMultipointNetDevice> hub)
{
    NS_LOG_FUNCTION(this << hub);
    NS_ABORT_MSG_IF(m_hub, "a point-to-multipoint channel has one hub");
    m_hub = hub;
    hub->Attach(this, PointToMultipointNetDevice::HUB, m_profile.mtu);
}

void
PointToMultipointChannel::AttachStation(Ptr<PointToMultipointNetDevice> station)
{
    NS_LOG_FUNCTION(this << station);
    NS_ABORT_MSG_UNLESS(m_hub, "attach the hub before the stations");
    const auto index = static_cast<uint32_t>(m_stations.size());
    m_stations.push_back(station);
    station->Attach(this, index, m_profile.mtu);
    RegisterAddress(station->m_address, station);
}

Ptr<PointToMultipointNetDevice>
PointToMultipointChannel::GetHub() const
{
    return m_hub;
}

std::size_t
PointToMultipointChannel::GetNStations() const
{
    return m_stations.size();
}

int64_t
PointToMultipointChannel::AssignStreams(int64_t stream)
{
    NS_LOG_FUNCTION(this << stream);
    for (Direction* direction : {&m_down, &m_up})
    {
        direction->stream = stream;
        if (direction->jitter)
        {
            direction->jitter->SetStream(stream);
        }
        if (direction->loss)
        {
            direction->loss->SetStream(stream + 1);
        }
        stream += 2;
    }
    return 4;
}

std::size_t
PointToMultipointChannel::GetNDevices() const
{
    return (m_hub ? 1 : 0) + m_stations.size();
}

Ptr<NetDevice>
PointToMultipointChannel::GetDevice(std::size_t i) const
{
    return i == 0 ? m_hub : m_stations.at(i - 1);
}

bool
PointToMultipointChannel::Transmit(PointToMultipointNetDevice* from,
                                   Ptr<Packet> packet,
                                   Mac48Address source,
                                   Mac48Address destination,
                                   uint16_t protocol)
{
    const bool down = from->IsHub();
    uint32_t station = from->m_station;
    const PointToMultipointNetDevice* peer = PeekPointer(m_hub);
    if (down)
    {
        const auto found = FindStation(*packet, protocol, destination);
        if (!found)
        {
            from->m_macTxDrop(packet, LinkDropReason::UNKNOWN_DESTINATION);
            return false;
        }
        station = *found;
        peer = station == ALL_STATIONS ? nullptr : PeekPointer(m_stations[station]);
    }
    else
    {
        ResolveHub(*packet, protocol, destination);
    }
    if (peer && !peer->m_linkUp)
    {
        from->m_macTxDrop(packet, LinkDropReason::STATION_DOWN);
        return false;
    }

    Time notBefore;
    if (!down)
    {
        notBefore = from->m_lastUplinkArrival;
    }
    else if (peer)
    {
        notBefore = std::max(peer->m_lastArrival, m_lastGroupArrival);
    }
    else
    {
        notBefore = m_down.lastArrival;
    }
    Direction& direction = down ? m_down : m_up;
    const auto flight =
        Book(direction, down ? m_profile.rate : m_profile.upRate, packet->GetSize(), notBefore);
    if (!flight)
    {
        from->m_macTxDrop(packet, LinkDropReason::QUEUE_FULL);
        return false;
    }
    direction.lastArrival = std::max(direction.lastArrival, flight->arrival);
    if (!down)
    {
        from->m_lastUplinkArrival = flight->arrival;
    }
    else if (peer)
    {
        m_stations[station]->m_lastArrival = flight->arrival;
    }
    else
    {
        m_lastGroupArrival = flight->arrival;
    }

    EthernetHeader header(false);
    header.SetSource(source);
    header.SetDestination(destination);
    header.SetLengthType(protocol);
    packet->AddHeader(header);
    from->m_macTx(packet);
    from->m_sniffer(packet);
    from->m_promiscSniffer(packet);

    auto arrive = &PointToMultipointChannel::ArriveAtHub;
    if (down)
    {
        arrive = peer ? &PointToMultipointChannel::ArriveAtStation
                      : &PointToMultipointChannel::ArriveAtStations;
    }
    if (!peer)
    {
        station = 0;
        peer = m_stations.empty() ? PeekPointer(m_hub) : PeekPointer(m_stations[0]);
    }
    Simulator::ScheduleWithContext(peer->m_node->GetId(),
                                   flight->arrival - Simulator::Now(),
                                   arrive,
                                   this,
                                   station,
                                   packet,
                                   m_downCounter,
                                   flight->sent);
    return true;
}

std::optional<PointToMultipointChannel::Flight>
PointToMultipointChannel::Book(Direction& direction,
                               const DataRate& rate,
                               uint32_t payload,
                               Time notBefore)
{
    const Time now = Simulator::Now();
    Time sent = now;
    if (rate.GetBitRate() != 0)
    {
        auto& waiting = direction.waiting;
        while (!waiting.empty() && waiting.front().start <= now)
        {
            direction.waitingOctets -= waiting.front().octets;
            waiting.pop_front();
        }
        const uint32_t octets = payload + m_profile.overheadOctets;
        const Time start = std::max(now, direction.busyUntil);
        if (start > now)
        {
            const bool packets = m_queueSize.GetUnit() == QueueSizeUnit::PACKETS;
            if ((packets ? waiting.size() + 1 : direction.waitingOctets + octets) >
                m_queueSize.GetValue())
            {
                return std::nullopt;
            }
            waiting.push_back({start, octets});
            direction.waitingOctets += octets;
        }
        sent = start + TransmissionTime(rate, octets);
        direction.busyUntil = sent;
    }
    Time arrival = sent + m_profile.delay;
    if (m_profile.jitter.IsStrictlyPositive())
    {
        if (!direction.jitter)
        {
            direction.jitter = CreateObject<UniformRandomVariable>();
            if (direction.stream >= 0)
            {
                direction.jitter->SetStream(direction.stream);
            }
        }
        arrival += NanoSeconds(static_cast<int64_t>(
            direction.jitter->GetValue(0.0, m_profile.jitter.GetNanoSeconds())));
    }
    return Flight{sent, std::max(arrival, notBefore)};
}

bool
PointToMultipointChannel::IsLost(Direction& direction)
{
    if (m_profile.loss <= 0.0)
    {
        return false;
    }
    if (!direction.loss)
    {
        direction.loss = CreateObject<UniformRandomVariable>();
        if (direction.stream >= 0)
        {
            direction.loss->SetStream(direction.stream + 1);
        }
    }
    return direction.loss->GetValue(0.0, 1.0) < m_profile.loss;
}

bool
PointToMultipointChannel::IsReceiverGone(const PointToMultipointNetDevice& receiver, uint64_t stamp)
{
    return !receiver.m_linkUp || receiver.m_downStamp > stamp;
}

bool
PointToMultipointChannel::IsSenderGone(const PointToMultipointNetDevice& sender,
                                       uint64_t stamp,
                                       Time sent)
{
    return sender.m_downStamp > stamp && sender.m_downTime < sent;
}

void
PointToMultipointChannel::ArriveAtStation(uint32_t station,
                                          Ptr<Packet> frame,
                                          uint64_t stamp,
                                          Time sent)
{
    const Ptr<PointToMultipointNetDevice> device = m_stations[station];
    if (IsSenderGone(*m_hub, stamp, sent))
    {
        m_hub->m_phyTxDrop(frame, LinkDropReason::DETACHED);
    }
    else if (IsReceiverGone(*device, stamp))
    {
        device->m_phyRxDrop(frame, LinkDropReason::DETACHED);
    }
    else if (IsLost(m_down))
    {
        device->m_phyRxDrop(frame, LinkDropReason::LOST);
    }
    else
    {
        device->Receive(frame);
    }
}

void
PointToMultipointChannel::ArriveAtStations(uint32_t station,
                                           Ptr<Packet> frame,
                                           uint64_t stamp,
                                           Time sent)
{
    if (IsSenderGone(*m_hub, stamp, sent))
    {
        m_hub->m_phyTxDrop(frame, LinkDropReason::DETACHED);
        return;
    }
    // The next station before this one reacts, so that its reaction comes after all receptions. A
    // station that is away is not among the addressees, hence no drop.
    uint32_t next = station + 1;
    while (next < m_stations.size() && IsReceiverGone(*m_stations[next], stamp))
    {
        ++next;
    }
    if (next < m_stations.size())
    {
        Simulator::ScheduleWithContext(m_stations[next]->m_node->GetId(),
                                       Time(0),
                                       &PointToMultipointChannel::ArriveAtStations,
                                       this,
                                       next,
                                       frame,
                                       stamp,
                                       sent);
    }
    if (station < m_stations.size() && !IsReceiverGone(*m_stations[station], stamp))
    {
        ArriveAtStation(station, frame, stamp, sent);
    }
}

void
PointToMultipointChannel::ArriveAtHub(uint32_t station,
                                      Ptr<Packet> frame,
                                      uint64_t stamp,
                                      Time sent)
{
    if (IsSenderGone(*m_stations[station], stamp, sent))
    {
        m_stations[station]->m_phyTxDrop(frame, LinkDropReason::DETACHED);
    }
    else if (IsReceiverGone(*m_hub, stamp))
    {
        m_hub->m_phyRxDrop(frame, LinkDropReason::DETACHED);
    }
    else if (IsLost(m_up))
    {
        m_hub->m_phyRxDrop(frame, LinkDropReason::LOST);
    }
    else
    {
        Learn(station, *frame);
        m_hub->Receive(frame);
    }
}

void
PointToMultipointChannel::SetDownRate(DataRate rate)
{
    m_profile.rate = rate;
}

void
PointToMultipointChannel::SetUpRate(DataRate rate)
{
    m_profile.upRate = rate;
}

DataRate
PointToMultipointChannel::GetDownRate() const
{
    return m_profile.rate;
}

DataRate
PointToMultipointChannel::GetUpRate() const
{
    return m_profile.upRate;
}

void
PointToMultipointChannel::SetDelay(Time delay)
{
    m_profile.delay = delay;
}

Time
PointToMultipointChannel::GetDelay() const
{
    return m_profile.delay;
}

void
PointToMultipointChannel::SetJitter(Time jitter)
{
    m_profile.jitter = jitter;
}

Time
PointToMultipointChannel::GetJitter() const
{
    return m_profile.jitter;
}

void
PointToMultipointChannel::SetLoss(double loss)
{
    m_profile.loss = loss;
}

double
PointToMultipointChannel::GetLoss() const
{
    return m_profile.loss;
}

void
PointToMultipointChannel::SetOverhead(uint32_t octets)
{
    m_profile.overheadOctets = octets;
}

uint32_t
PointToMultipointChannel::GetOverhead() const
{
    return m_profile.overheadOctets;
}

} // namespace mis
} // namespace ns3
