// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tells the serving PoS what happens to the links of a mobile node.
 */
#ifndef MIS_LINK_EVENT_NOTIFIER_H
#define MIS_LINK_EVENT_NOTIFIER_H

#include "ns3/mis-event-messages.h"
#include "ns3/mis-mobile-node.h"
#include "ns3/mis-monitored-access-link.h"
#include "ns3/mis-trace-connections.h"
#include "ns3/traced-callback.h"

#include <deque>
#include <functional>
#include <vector>

namespace ns3::mis
{

/**
 * @brief Sends the link events of a mobile node to the PoS that serves it, as indications.
 *
 * Whatever happens during a handover, or while the current link is down, waits until the mobile
 * node is served again, and goes to the PoS that serves it then.
 */
class LinkEventNotifier : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// @param mn mobile node whose events are sent; it answers Event_Subscribe from now on
    void SetMobileNode(Ptr<MobileNode> mn);

    /// @param link a link to be watched
    void Watch(Ptr<MonitoredAccessLink> link);

    /// @return events sent, as bits of EVENT_LIST
    uint32_t GetEvents() const
    {
        return m_events;
    }

    /// @param mid message sent @param link whose event it is
    typedef void (*EventTracedCallback)(MessageId mid, const LinkTupleId& link);

  protected:
    void DoDispose() override;

  private:
    static void OnDetected(LinkEventNotifier* self, const LinkTupleId& link, double signal);
    static void OnUp(LinkEventNotifier* self, const LinkTupleId& link);
    static void OnReady(LinkEventNotifier* self, const LinkTupleId& link);
    static void OnReport(LinkEventNotifier* self, const LinkTupleId& link, double signal);
    static void OnGoingDown(LinkEventNotifier* self,
                            const LinkTupleId& link,
                            Time left,
                            double confidence);
    static void OnDown(LinkEventNotifier* self, const LinkTupleId& link, LinkDownReason reason);

    void OnHandoverBegin(const HandoverReport& report);
    void OnHandover(const HandoverReport& report);
    void OnSubscribe(const ReceivedMessage& message);

    bool CanSend() const;
    void Flush();

    template <class M>
    void Send(uint32_t bit, const LinkTupleId& link, const M& message);

    // attributes
    uint32_t m_events;
    uint32_t m_maxWaiting;

    Ptr<MobileNode> m_mn;
    bool m_handingOver{false};
    std::vector<Ptr<MonitoredAccessLink>> m_links;
    TraceConnections m_connections;
    std::deque<std::function<void()>> m_waiting;

    TracedCallback<MessageId, const LinkTupleId&> m_sentTrace;
};

} // namespace ns3::mis

#endif // MIS_LINK_EVENT_NOTIFIER_H
