// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Connections to trace sources of objects that may live longer than who listens.
 */
#ifndef MIS_TRACE_CONNECTIONS_H
#define MIS_TRACE_CONNECTIONS_H

#include "ns3/abort.h"
#include "ns3/callback.h"
#include "ns3/object.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3::mis
{

/**
 * @brief Trace sources that an object listens to, and ceases to listen to when it goes.
 *
 * It keeps the objects that have the sources.
 */
class TraceConnections
{
  public:
    TraceConnections() = default;
    TraceConnections(const TraceConnections&) = delete;
    TraceConnections& operator=(const TraceConnections&) = delete;

    ~TraceConnections()
    {
        Clear();
    }

    /**
     * @brief Connects to a trace source, without context.
     * @param source object that has it
     * @param name of the trace source, which must be there
     * @param listener called
     */
    void Connect(Ptr<Object> source, const std::string& name, const CallbackBase& listener)
    {
        NS_ABORT_MSG_UNLESS(source->TraceConnectWithoutContext(name, listener),
                            source->GetInstanceTypeId().GetName()
                                << " has no trace source " << name);
        m_connections.push_back({std::move(source), name, listener});
    }

    /// Disconnects from all.
    void Clear()
    {
        for (const auto& connection : m_connections)
        {
            connection.source->TraceDisconnectWithoutContext(connection.name, connection.listener);
        }
        m_connections.clear();
    }

  private:
    struct Connection
    {
        Ptr<Object> source;
        std::string name;
        CallbackBase listener;
    };

    std::vector<Connection> m_connections;
};

} // namespace ns3::mis

#endif // MIS_TRACE_CONNECTIONS_H
