// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What became of the packets or octets of a flow, and figures of it.
 */
#ifndef MIS_FLOW_LOG_H
#define MIS_FLOW_LOG_H

#include "ns3/nstime.h"
#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <optional>
#include <ostream>
#include <vector>

namespace ns3::mis
{

/// Figures of the packets of a flow that were sent within some time.
struct FlowFigures
{
    uint32_t sent{0};              //!< packets sent, or held back by the sender
    uint32_t lost{0};              //!< never received
    uint32_t late{0};              //!< received behind the playout deadline
    uint32_t reordered{0};         //!< received after one that was sent later
    std::optional<Time> meanDelay; //!< one way, of those neither lost nor late
    std::optional<Time> maxDelay;  //!< one way, of those received
    double missingShare{0};        //!< lost and late of sent, 0 to 1
    double burstRatio{1};          //!< mean run of missing ones, by that of random loss
};

/**
 * @brief Log of a flow of numbered packets, filled from both ends.
 */
class FlowLog : public SimpleRefCount<FlowLog>
{
  public:
    /**
     * @brief Notes that a packet leaves the sender; numbers are consecutive from 0.
     * @param at when
     */
    void Sent(Time at);

    /**
     * @brief Notes an arrival; of a packet that comes again only the first counts.
     * @param number of the packet
     * @param at when
     */
    void Received(uint32_t number, Time at);

    /// @return packets sent so far
    uint32_t GetSent() const
    {
        return static_cast<uint32_t>(m_packets.size());
    }

    /// @return packets that came more than once, or that nobody sent
    uint32_t GetUnexpected() const
    {
        return m_unexpected;
    }

    /**
     * @param from first instant of sending
     * @param to last instant of sending, not included
     * @param deadline a packet is late that arrives later than this after it was sent
     * @return figures of the packets sent in this time
     */
    FlowFigures Evaluate(Time from, Time to, Time deadline) const;

    /**
     * @brief Longest time between two arrivals that reaches into a time of interest.
     * @param from begin of interest
     * @param to end of interest
     * @return the time; nothing if there is no arrival before it, or none yet since the end of
     * interest
     */
    std::optional<Time> LongestGap(Time from, Time to) const;

    /**
     * @brief Writes `time_ms,number,delay_ms` a packet sent in some time; no delay if it was lost.
     * @param os where
     * @param from first instant of sending
     * @param to last instant of sending, not included
     * @param zero instant that has time 0
     */
    void WriteTimeline(std::ostream& os, Time from, Time to, Time zero) const;

  private:
    /// A packet.
    struct Packet
    {
        Time sent;
        std::optional<Time> received;
        bool reordered{false};
    };

    std::vector<Packet> m_packets; //!< by number
    std::vector<Time> m_arrivals;  //!< in order of time
    uint32_t m_unexpected{0};
    uint32_t m_behind{0}; //!< behind the highest number received
};

/**
 * @brief Log of a stream of octets as its receiver sees it.
 */
class StreamLog : public SimpleRefCount<StreamLog>
{
  public:
    /**
     * @brief Notes an arrival.
     * @param octets how many
     * @param at when
     */
    void Received(uint32_t octets, Time at);

    /// @return octets received so far
    uint64_t GetOctets() const
    {
        return m_arrivals.empty() ? 0 : m_arrivals.back().total;
    }

    /**
     * @param from begin
     * @param to end, not included
     * @return octets received in this time
     */
    uint64_t GetOctets(Time from, Time to) const;

    /// As FlowLog::LongestGap(). @param from begin @param to end @return the longest gap
    std::optional<Time> LongestGap(Time from, Time to) const;

    /**
     * @brief Writes `time_ms,octets`, the octets received until then.
     * @param os where
     * @param from first instant
     * @param to last instant, not included
     * @param zero instant that has time 0
     */
    void WriteTimeline(std::ostream& os, Time from, Time to, Time zero) const;

  private:
    /// An arrival.
    struct Arrival
    {
        Time at;
        uint64_t total; //!< octets until then
    };

    std::vector<Arrival> m_arrivals;
};

} // namespace ns3::mis

#endif // MIS_FLOW_LOG_H
