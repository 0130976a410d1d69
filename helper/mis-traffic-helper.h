// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Installs user traffic.
 */
#ifndef MIS_TRAFFIC_HELPER_H
#define MIS_TRAFFIC_HELPER_H

#include "ns3/application-container.h"
#include "ns3/attribute.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/ipv4-address.h"
#include "ns3/mis-traffic-flow.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"

#include <memory>
#include <string>
#include <vector>

namespace ns3::mis
{

/**
 * @brief Installs flows of voice, video or TCP between any two nodes.
 *
 * @code
 * mis::TrafficHelper traffic("voip");
 * auto flow = traffic.Install("down", correspondent, "172.16.0.2", mobile, "192.168.0.2");
 * traffic.Run(Seconds(1), Seconds(60));
 * ...
 * auto record = flow->Measure(report.detached, report.end);
 * @endcode
 */
class TrafficHelper
{
  public:
    /// @param kind "voip", "video" or "tcp"; the program ends at any other
    explicit TrafficHelper(const std::string& kind);
    ~TrafficHelper();

    /// @return "voip", "video", "tcp"
    static const std::vector<std::string>& Kinds();

    /// @param kind a kind @return its name
    static std::string NameOf(TrafficKind kind);

    /**
     * @brief Sets an attribute of each source installed from now on, a MediaSource or a
     * StreamSource.
     * @param name its name
     * @param value its value
     */
    void SetSourceAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief The same, if the source has it.
     * @param name its name
     * @param value its value
     */
    void SetSourceAttributeFailSafe(const std::string& name, const AttributeValue& value);

    /**
     * @brief Sets an attribute of each TrafficFlow made from now on.
     * @param name its name
     * @param value its value
     */
    void SetFlowAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Installs a flow.
     * @param direction "down" to the mobile node, or "up"; only a name here
     * @param source sender
     * @param sourceAddress address to send from
     * @param sink receiver
     * @param sinkAddress address to send to
     * @return the flow
     */
    Ptr<TrafficFlow> Install(const std::string& direction,
                             Ptr<Node> source,
                             Ipv4Address sourceAddress,
                             Ptr<Node> sink,
                             Ipv4Address sinkAddress);

    /**
     * @param begin first frames, from the start of the simulation
     * @param end no frame after it
     */
    void Run(Time begin, Time end);

    /**
     * @brief Has ns-3's FlowMonitor watch all flows that cross some nodes.
     * @param nodes senders, receivers, and whatever is to be seen between
     */
    void EnableFlowMonitor(const NodeContainer& nodes);

    /**
     * @brief Writes what the FlowMonitor saw, as XML; packets under way for more than a second
     * count as lost.
     * @param file where
     * @return false if it could not be written
     */
    bool WriteFlowMonitor(const std::string& file);

    /// @return the flows
    const std::vector<Ptr<TrafficFlow>>& GetFlows() const
    {
        return m_flows;
    }

    /**
     * @brief Fixes the random variables of the flows.
     * @param stream first stream index
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  private:
    TrafficKind m_kind;
    ObjectFactory m_source;
    ObjectFactory m_flow;
    ApplicationContainer m_sources;
    ApplicationContainer m_sinks;
    std::vector<Ptr<TrafficFlow>> m_flows;
    std::unique_ptr<FlowMonitorHelper> m_monitor;
};

} // namespace ns3::mis

#endif // MIS_TRAFFIC_HELPER_H
