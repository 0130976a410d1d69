// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wimax

/**
 * @file
 * An access link over a WiMAX subscriber station of ns-3.
 */
#ifndef MIS_WIMAX_ACCESS_LINK_H
#define MIS_WIMAX_ACCESS_LINK_H

#include "ns3/mac48-address.h"
#include "ns3/mis-radio-access-link.h"
#include "ns3/ss-net-device.h"
#include "ns3/wimax-channel.h"

#include <functional>

namespace ns3::mis
{

/**
 * @brief Access link of a subscriber station with its service flows.
 *
 * A subscriber station of ns-3 registers once a run. So it is started when the link is first
 * attached; when the link is left it stays registered and only no traffic is sent over it, and
 * attaching again takes no time. A station that has lost its base station never comes back: the
 * link stays down.
 */
class WimaxAccessLink : public RadioAccessLink
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Takes over a subscriber station that was not started.
     * @param station the device, with all its service flows
     * @param channel its channel, which it is not on yet
     * @param base address of the base station
     * @param signal says at which level the base station is received, dBm
     */
    void SetSubscriber(Ptr<SubscriberStationNetDevice> station,
                       Ptr<WimaxChannel> channel,
                       Mac48Address base,
                       std::function<double()> signal);

    /// @param base address of a base station @return its identifier in messages
    static LinkTupleId IdOf(Mac48Address base);

  protected:
    void DoDispose() override;

  private:
    void StartRadio() override;
    void StopRadio() override;
    void Poll();

    // attributes
    Time m_pollInterval;
    Time m_signalInterval;

    Ptr<SubscriberStationNetDevice> m_station;
    Ptr<WimaxChannel> m_channel;
    std::function<double()> m_signalOf;
    bool m_isStarted{false};
    bool m_isLost{false};
    Time m_lastSignal;
    EventId m_poll;
};

} // namespace ns3::mis

#endif // MIS_WIMAX_ACCESS_LINK_H
