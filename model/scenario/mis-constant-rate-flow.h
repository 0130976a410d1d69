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
#include <optional>

namespace ns3::mis
{

/**
 * @brief UDP packets of constant size at constant spacing from one node to another.
 */
class ConstantRateFlow : public Object
{
  public:
    /// What the receiver saw of one interruption.
    struct Observation
    {
        /// From the last arrival of a packet due before the interruption to the first arrival of
        /// one due later; nothing if none has arrived yet.
        std::optional<Time> gap;
        uint32_t due{0};      //!< packets under way at its begin, or due until its end
        uint32_t received{0}; //!< packets received of them
    };

    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @param source sender
     * @param sink receiver
     * @param address IPv4 or IPv6 address of the receiver
     * @param isPathOpen asked before each packet; a packet due while it is closed counts as sent
     */
    void Configure(Ptr<Node> source,
                   Ptr<Node> sink,
                   const Address& address,
                   std::function<bool()> isPathOpen);

    /**
     * @param begin first packet
     * @param end no packet after it
     */
    void Run(Time begin, Time end);

    /// The path is about to close.
    void BeginInterruption();

    /**
     * @brief Packets due from now on take another path, which may have been closed until now.
     * Where the old path went on, the gap is the one between the paths.
     */
    void ChangePath();

    /// The path has opened; packets under way are still to arrive before Observe().
    void EndInterruption();

    /// @return what was seen of the last interruption
    Observation Observe() const;

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
    uint32_t m_next{0};             //!< next sequence number
    uint32_t m_unseen{0};           //!< behind the highest sequence number received
    uint32_t m_first{UINT32_MAX};   //!< first sequence number counted
    uint32_t m_closing{UINT32_MAX}; //!< first due after the interruption began
    uint32_t m_cut{UINT32_MAX};     //!< first due after it ended
    std::optional<Time> m_lastBefore;
    Observation m_seen;
};

} // namespace ns3::mis

#endif // MIS_CONSTANT_RATE_FLOW_H
