// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * One end of a tunnel of IPv4 packets in UDP.
 */
#ifndef MIS_TUNNEL_END_H
#define MIS_TUNNEL_END_H

#include "ns3/ipv4-address.h"
#include "ns3/mis-types.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/socket.h"
#include "ns3/virtual-net-device.h"

#include <functional>
#include <vector>

namespace ns3::mis
{

/**
 * @brief An IPv4 interface whose packets go to somebody else than the network, and UDP sockets that
 * bring packets back. What goes where is the owner's business.
 */
class TunnelEnd
{
  public:
    /// Called with each packet that IP routes into the tunnel.
    using Outbound = std::function<void(Ptr<Packet> packet)>;
    /// Called with each datagram.
    using Inbound = std::function<void(Ptr<Packet> packet, Ipv4Address from, uint16_t port)>;

    TunnelEnd() = default;
    ~TunnelEnd();
    TunnelEnd(const TunnelEnd&) = delete;
    TunnelEnd& operator=(const TunnelEnd&) = delete;

    /**
     * @brief Puts the interface on a node.
     * @param node the node
     * @param address address of the interface, may be any for none
     * @param mask its mask
     * @param mtu MTU, octets
     * @param outbound what happens to packets for the tunnel
     */
    void Install(Ptr<Node> node,
                 Ipv4Address address,
                 Ipv4Mask mask,
                 uint16_t mtu,
                 Outbound outbound);

    /**
     * @brief Opens a socket.
     * @param port its port
     * @param inbound what happens to datagrams
     * @return the socket
     */
    Ptr<Socket> Open(uint16_t port, Inbound inbound);

    /**
     * @brief Gives a packet to IP as if the interface had received it.
     * @param packet an IPv4 packet
     */
    void Deliver(Ptr<Packet> packet);

    /// @return the device of the interface
    Ptr<VirtualNetDevice> GetDevice() const
    {
        return m_device;
    }

    /// @return index of the interface
    uint32_t GetInterface() const
    {
        return m_interface;
    }

    /// Closes everything.
    void Close();

  private:
    bool Send(Ptr<Packet> packet, const Address& source, const Address& to, uint16_t protocol);
    void OnReadable(Ptr<Socket> socket);

    /// A socket and what its datagrams are for.
    struct Port
    {
        Ptr<Socket> socket;
        Inbound inbound;
    };

    Ptr<Node> m_node;
    Ptr<VirtualNetDevice> m_device;
    uint32_t m_interface{0};
    Outbound m_outbound;
    std::vector<Port> m_ports;
};

/**
 * @param packet a packet
 * @return its octets
 */
Bytes OctetsOf(Ptr<const Packet> packet);

/// Source and destination of an IPv4 packet.
struct Ipv4Ends
{
    Ipv4Address source;      //!< source
    Ipv4Address destination; //!< destination
};

/**
 * @param packet a packet
 * @return its ends, or nothing if it has no IPv4 header
 */
std::optional<Ipv4Ends> Ipv4EndsOf(Ptr<const Packet> packet);

} // namespace ns3::mis

#endif // MIS_TUNNEL_END_H
