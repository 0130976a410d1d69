// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * An access link that tells what happens to it.
 */
#ifndef MIS_MONITORED_ACCESS_LINK_H
#define MIS_MONITORED_ACCESS_LINK_H

#include "ns3/event-id.h"
#include "ns3/mis-access-link.h"
#include "ns3/mis-link-frame-port.h"
#include "ns3/mis-link-monitor.h"
#include "ns3/nstime.h"
#include "ns3/traced-callback.h"

#include <optional>
#include <utility>
#include <vector>

namespace ns3::mis
{

/**
 * @brief Access link with the events of the MIS event service (IEEE 802.21, 6.3).
 *
 * A subclass reports what its device shows by the Notify functions; this class keeps the state, so
 * that each event is fired once, and asks a LinkMonitor whether the link is going down.
 */
class MonitoredAccessLink : public AccessLink
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    MonitoredAccessLink();

    /// @return whether the link is attached
    bool IsUp() const
    {
        return m_isUp;
    }

    /// @return whether packets can be exchanged; with LTE somewhat later than the link is up
    bool IsReady() const
    {
        return m_isReady;
    }

    /**
     * @brief Has the link carry frames of link authentication.
     * @param port a port that is not bound yet, for the device of the link
     * @param device the device
     * @param pointOfAttachment link-layer address of the point of attachment
     */
    void CarryLinkFrames(Ptr<LinkFramePort> port,
                         Ptr<NetDevice> device,
                         const Address& pointOfAttachment);

    /// @return the port of the mobile node for such frames, nullptr if there is none
    Ptr<LinkFramePort> GetLinkFramePort() const
    {
        return m_port;
    }

    bool Announce(bool hasKey) override;
    void SendLinkFrame(ByteView frame) override;

    /// @return what foretells the loss of this link
    Ptr<LinkMonitor> GetMonitor() const
    {
        return m_monitor;
    }

    /// @return latest signal level in dBm, if the link is up and has one
    std::optional<double> GetSignal() const
    {
        return m_signal;
    }

    /// @param link link and point of attachment @param signal its level, dBm
    typedef void (*SignalTracedCallback)(const LinkTupleId& link, double signal);
    /// @param link link and point of attachment
    typedef void (*LinkTracedCallback)(const LinkTupleId& link);
    /// @param link link and point of attachment @param left until it is down
    /// @param confidence that it will be, percent
    typedef void (*GoingDownTracedCallback)(const LinkTupleId& link, Time left, double confidence);
    /// @param link link and point of attachment @param reason why
    typedef void (*DownTracedCallback)(const LinkTupleId& link, LinkDownReason reason);

  protected:
    void DoDispose() override;

    /**
     * @brief A point of attachment was seen, may be again.
     * @param link link and point of attachment
     * @param signal its level, dBm
     */
    void NotifyDetected(const LinkTupleId& link, double signal);

    /// @param signal level of the point of attachment in use, dBm
    void NotifySignal(double signal);

    /// The link is attached; nothing happens if it was before.
    void NotifyUp();

    /// Packets can be exchanged over the link, which is up; nothing happens if they could before.
    void NotifyReady();

    /**
     * @brief The link is not attached any more; nothing happens if it was not before.
     * @param reason why
     */
    void NotifyDown(LinkDownReason reason);

  private:
    void Report();

    // attributes
    Time m_reportInterval;
    Time m_memory;
    Ptr<LinkMonitor> m_monitor;

    Ptr<LinkFramePort> m_port;
    Address m_pointOfAttachment;
    bool m_isUp{false};
    bool m_isReady{false};
    std::optional<double> m_signal;
    EventId m_report;
    std::vector<std::pair<LinkTupleId, Time>> m_seen; //!< and when last

    TracedCallback<const LinkTupleId&, double> m_detectedTrace;
    TracedCallback<const LinkTupleId&> m_upTrace;
    TracedCallback<const LinkTupleId&> m_readyTrace;
    TracedCallback<const LinkTupleId&, double> m_signalTrace;
    TracedCallback<const LinkTupleId&, double> m_reportTrace;
    TracedCallback<const LinkTupleId&, Time, double> m_goingDownTrace;
    TracedCallback<const LinkTupleId&> m_rollbackTrace;
    TracedCallback<const LinkTupleId&, LinkDownReason> m_downTrace;
};

} // namespace ns3::mis

#endif // MIS_MONITORED_ACCESS_LINK_H
