// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A flow of user traffic and how a handover shows in it.
 */
#ifndef MIS_TRAFFIC_FLOW_H
#define MIS_TRAFFIC_FLOW_H

#include "ns3/mis-flow-log.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/packet.h"

#include <optional>
#include <ostream>
#include <string>

namespace ns3::mis
{

/// Kinds of traffic.
enum class TrafficKind : uint8_t
{
    VOICE, //!< G.711 over RTP
    VIDEO, //!< frames of varying size over RTP
    STREAM //!< as much as TCP gives
};

/// How a handover showed in a flow; a figure that does not apply is absent.
struct TrafficRecord
{
    TrafficKind kind{TrafficKind::VOICE}; //!< kind of the flow
    std::string direction;                //!< "down" to the mobile node, or "up"
    std::optional<Time> interruption;     //!< longest gap of arrivals, less the interval of frames
    std::optional<FlowFigures> packets;   //!< voice and video
    std::optional<double> rFactor;        //!< voice: R of the E-model, 0 to 93.2
    std::optional<double> mos;            //!< voice: MOS of the E-model, 1 to 4.5
    std::optional<Time> stall;            //!< stream: longest gap of arrivals
    std::optional<double> goodput;        //!< stream: bit/s
};

/**
 * @brief What is known of one flow, and its figures around a handover: of what was sent from Margin
 * before it begins until Margin after it ends.
 *
 * The E-model takes for the delay from mouth to ear: Packetization, the mean delay of what came in
 * time, and JitterBuffer; what is lost or late is lost to it.
 */
class TrafficFlow : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @param kind kind of the flow
     * @param direction "down" or "up"
     * @param interval interval of frames; zero for a stream
     */
    void Configure(TrafficKind kind, const std::string& direction, Time interval);

    /// @return log of voice or video, to be filled by the applications
    Ptr<FlowLog> GetPackets() const
    {
        return m_packets;
    }

    /// @return log of a stream
    Ptr<StreamLog> GetStream() const
    {
        return m_stream;
    }

    /// For the trace Rx of ns3::PacketSink. @param packet what has come @param from from where
    void OnStream(Ptr<const Packet> packet, const Address& from);

    /**
     * @param begin the mobile node leaves the old link
     * @param end the handover is over
     * @return the figures; call when what was sent until then has arrived
     */
    TrafficRecord Measure(Time begin, Time end) const;

    /**
     * @brief Writes a CSV file for a plot, with time 0 at the begin of the handover.
     * @param os where
     * @param begin the mobile node leaves the old link
     * @param end the handover is over
     */
    void WriteTimeline(std::ostream& os, Time begin, Time end) const;

    /// @return kind of the flow
    TrafficKind GetKind() const
    {
        return m_kind;
    }

    /// @return "down" or "up"
    const std::string& GetDirection() const
    {
        return m_direction;
    }

  private:
    // attributes
    Time m_deadline;
    Time m_jitterBuffer;
    Time m_packetization;
    Time m_margin;
    bool m_concealment;

    TrafficKind m_kind{TrafficKind::VOICE};
    std::string m_direction;
    Time m_interval;
    Ptr<FlowLog> m_packets;
    Ptr<StreamLog> m_stream;
};

} // namespace ns3::mis

#endif // MIS_TRAFFIC_FLOW_H
