// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A flow of numbered packets that shows interruptions.
 */
#ifndef MIS_CONSTANT_RATE_FLOW_H
#define MIS_CONSTANT_RATE_FLOW_H

#include "ns3/address.h"
#include "ns3/event-id.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/socket.h"

#include <functional>

namespace ns3::mis
{

/**
 * @brief UDP packets of constant size at constant spacing from one node to another.
 */
class ConstantRateFlow : public Object
{
  public:
    /// What the receiver saw since the last call of Restart().
    struct Observation
    {
        Time longestGap;      //!< between two arrivals
        uint32_t sent{0};     //!< packets sent, or due while the path was closed
        uint32_t received{0}; //!< packets received of them
    };

    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @param source sender
     * @param sink receiver
     * @param address of the receiver
     * @param isPathOpen asked before each packet; a packet due while it is closed counts as sent
     */
    void Configure(Ptr<Node> source,
                   Ptr<Node> sink,
                   Ipv4Address address,
                   std::function<bool()> isPathOpen);

    /**
     * @param begin first packet
     * @param end no packet after it
     */
    void Run(Time begin, Time end);

    /// @return what was seen since the last call of Restart()
    Observation Observe() const;

    /// Begins a new observation.
    void Restart();

    /// Counts no packet sent from now on, so that those under way can arrive before Observe().
    void Cut();

    /// @return spacing of packets
    Time GetSpacing() const
    {
        return m_spacing;
    }

  protected:
    void DoDispose() override;

  private:
    void Send();
    void Receive(Ptr<Socket> socket);

    // attributes
    Time m_spacing;
    uint32_t m_octets;
    uint16_t m_port;

    Ptr<Socket> m_out;
    Ptr<Socket> m_in;
    Address m_to;
    std::function<bool()> m_isPathOpen;
    EventId m_event;
    Time m_end;
    uint32_t m_next{0};         //!< next sequence number
    uint32_t m_first{0};        //!< first sequence number of the observation
    uint32_t m_cut{UINT32_MAX}; //!< first sequence number after it
    Time m_lastArrival;
    bool m_hasArrival{false};
    Observation m_seen;
};

} // namespace ns3::mis

#endif // MIS_CONSTANT_RATE_FLOW_H
