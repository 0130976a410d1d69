// SPDX-License-Identifier: GPL-2.0-only

#include "mis-flow-log.h"

#include <algorithm>
#include <iomanip>

namespace ns3::mis
{

namespace
{

double
MillisecondsOf(Time time)
{
    return static_cast<double>(time.GetNanoSeconds()) / 1e6;
}

/// The longest gap between two neighbours that reaches into a time, @p timeOf tells when each was.
template <class Arrivals, class TimeOf>
std::optional<Time>
FindLongestGap(const Arrivals& arrivals, Time from, Time to, TimeOf timeOf)
{
    std::optional<Time> longest;
    if (arrivals.empty() || timeOf(arrivals.back()) < to)
    {
        return longest; // the last gap is not over
    }
    const auto first =
        std::partition_point(arrivals.begin(), arrivals.end(), [&](const auto& arrival) {
            return timeOf(arrival) <= from;
        });
    for (auto it = first == arrivals.begin() ? first : first - 1;
         it + 1 != arrivals.end() && timeOf(*it) < to;
         ++it)
    {
        const Time gap = timeOf(*(it + 1)) - timeOf(*it);
        longest = std::max(longest.value_or(gap), gap);
    }
    return longest;
}

} // namespace

void
FlowLog::Sent(Time at)
{
    m_packets.push_back({at, std::nullopt, false});
}

void
FlowLog::Received(uint32_t number, Time at)
{
    if (number >= m_packets.size() || m_packets[number].received)
    {
        ++m_unexpected;
        return;
    }
    auto& packet = m_packets[number];
    packet.received = at;
    packet.reordered = number < m_behind;
    m_behind = std::max(m_behind, number + 1);
    m_arrivals.push_back(at);
}

FlowFigures
FlowLog::Evaluate(Time from, Time to, Time deadline) const
{
    FlowFigures figures;
    int64_t sumNs = 0;
    uint32_t inTime = 0;
    uint32_t bursts = 0;
    bool wasMissing = false;
    for (const auto& packet : m_packets)
    {
        if (packet.sent < from || packet.sent >= to)
        {
            continue;
        }
        ++figures.sent;
        bool isMissing = true;
        if (!packet.received)
        {
            ++figures.lost;
        }
        else
        {
            const Time delay = *packet.received - packet.sent;
            figures.maxDelay = std::max(figures.maxDelay.value_or(delay), delay);
            figures.reordered += packet.reordered;
            isMissing = delay > deadline;
            figures.late += isMissing;
            if (!isMissing)
            {
                ++inTime;
                sumNs += delay.GetNanoSeconds();
            }
        }
        bursts += isMissing && !wasMissing;
        wasMissing = isMissing;
    }
    const uint32_t missing = figures.lost + figures.late;
    if (inTime > 0)
    {
        figures.meanDelay = NanoSeconds(sumNs / inTime);
    }
    if (missing > 0)
    {
        figures.missingShare = static_cast<double>(missing) / figures.sent;
        // Random loss of share p has runs of 1 / (1 - p) on average; a run is never shorter.
        figures.burstRatio =
            std::max(1.0, static_cast<double>(missing) / bursts * (1 - figures.missingShare));
    }
    return figures;
}

std::optional<Time>
FlowLog::LongestGap(Time from, Time to) const
{
    return FindLongestGap(m_arrivals, from, to, [](Time at) { return at; });
}

void
FlowLog::WriteTimeline(std::ostream& os, Time from, Time to, Time zero) const
{
    os << "time_ms,number,delay_ms\n" << std::fixed << std::setprecision(6);
    for (size_t i = 0; i < m_packets.size(); ++i)
    {
        const auto& packet = m_packets[i];
        if (packet.sent < from || packet.sent >= to)
        {
            continue;
        }
        os << MillisecondsOf(packet.sent - zero) << ',' << i << ',';
        if (packet.received)
        {
            os << MillisecondsOf(*packet.received - packet.sent);
        }
        os << '\n';
    }
}

void
StreamLog::Received(uint32_t octets, Time at)
{
    m_arrivals.push_back({at, GetOctets() + octets});
}

uint64_t
StreamLog::GetOctets(Time from, Time to) const
{
    const auto until = [this](Time instant) {
        const auto it =
            std::partition_point(m_arrivals.begin(), m_arrivals.end(), [&](const Arrival& arrival) {
                return arrival.at < instant;
            });
        return it == m_arrivals.begin() ? 0 : (it - 1)->total;
    };
    return until(to) - until(from);
}

std::optional<Time>
StreamLog::LongestGap(Time from, Time to) const
{
    return FindLongestGap(m_arrivals, from, to, [](const Arrival& arrival) { return arrival.at; });
}

void
StreamLog::WriteTimeline(std::ostream& os, Time from, Time to, Time zero) const
{
    os << "time_ms,octets\n" << std::fixed << std::setprecision(6);
    for (const auto& arrival : m_arrivals)
    {
        if (arrival.at >= from && arrival.at < to)
        {
            os << MillisecondsOf(arrival.at - zero) << ',' << arrival.total << '\n';
        }
    }
}

} // namespace ns3::mis
