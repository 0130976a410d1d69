// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * How MIS frames travel: UDP (RFC 5677) on port 4551, a link on EtherType 0x8917, or another
 * transport.
 */
#ifndef MIS_TRANSPORT_H
#define MIS_TRANSPORT_H

#include "ns3/address.h"
#include "ns3/mis-types.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/socket.h"

#include <cstdint>
#include <functional>

namespace ns3::mis
{

/// Kind of transport.
enum class TransportType : uint8_t
{
    UDP, //!< UDP port 4551
    TCP, //!< TCP port 4551
    L2,  //!< EtherType 0x8917
    ESP, //!< UDP port 4551 within ESP in tunnel mode
    TLS  //!< TLS over TCP
};

/**
 * @param type kind of transport
 * @return whether it authenticates the other end and protects what it carries
 */
constexpr bool
IsProtected(TransportType type)
{
    return type == TransportType::ESP || type == TransportType::TLS;
}

/**
 * @param type kind of transport
 * @return its name
 */
const char* ToString(TransportType type);

/**
 * @brief Where a peer is reached.
 */
struct PeerAddress
{
    TransportType transport{TransportType::UDP}; //!< by which transport
    Address address;       //!< InetSocketAddress, Inet6SocketAddress or Mac48Address
    Ptr<NetDevice> device; //!< the device to use, L2 only

    /// @return true if no address is set
    bool IsEmpty() const
    {
        return address.IsInvalid();
    }

    bool operator==(const PeerAddress& other) const
    {
        return transport == other.transport && address == other.address && device == other.device;
    }

    bool operator!=(const PeerAddress& other) const
    {
        return !(*this == other);
    }

    /// @return true if the address is a group address, for which there is no acknowledgement
    bool IsMulticast() const;

    /**
     * @param address IPv4 address of the peer
     * @param port its UDP port
     * @return the UDP address
     */
    static PeerAddress Udp(Ipv4Address address, uint16_t port);

    /**
     * @param address IPv6 address of the peer
     * @param port its UDP port
     * @return the UDP address
     */
    static PeerAddress Udp(Ipv6Address address, uint16_t port);

    /**
     * @param address IPv4 address of the peer
     * @param port its TCP port
     * @return the TCP address
     */
    static PeerAddress Tcp(Ipv4Address address, uint16_t port);

    /**
     * @param address IPv6 address of the peer
     * @param port its TCP port
     * @return the TCP address
     */
    static PeerAddress Tcp(Ipv6Address address, uint16_t port);

    /**
     * @param address link address of the peer
     * @param device own device on that link
     * @return the L2 address
     */
    static PeerAddress L2(Mac48Address address, Ptr<NetDevice> device);
};

/**
 * @brief Carries frames of one kind of transport for one node.
 */
class Transport
{
  public:
    /// Called with the octets of one frame and where they came from.
    using Receiver = std::function<void(ByteView frame, const PeerAddress& from)>;

    virtual ~Transport() = default;

    /// Begins to listen; called once, when the MISF starts.
    virtual void Open()
    {
    }

    /**
     * @brief Sends one frame.
     * @param frame the frame
     * @param to destination
     * @return false if the frame could not be handed to the network
     */
    virtual bool Send(Ptr<Packet> frame, const PeerAddress& to) = 0;

    /**
     * @param to destination
     * @return largest frame that needs no fragmentation, octets
     */
    virtual size_t Mtu(const PeerAddress& to) const = 0;

    /// @return true if the transport itself repeats what is lost
    virtual bool IsReliable() const
    {
        return false;
    }
};

/// Takes octets of a stream, and gives the frames in it.
class FrameStream
{
  public:
    static constexpr size_t LONGEST = 8 + UINT16_MAX; //!< octets of the longest frame

    /**
     * @brief Adds what has come.
     * @param octets cut anywhere
     */
    void Append(ByteView octets);

    /**
     * @brief Takes the next frame.
     * @param frame receives it
     * @return false if none is whole yet, or the stream is broken
     */
    bool Next(Bytes& frame);

    /// @return whether what comes next begins no frame, so that the stream can not be used further
    bool IsBroken() const;

    /// @return octets that do not form a frame yet
    ByteView Rest() const
    {
        return ByteView(m_octets).Sub(m_consumed, m_octets.size() - m_consumed);
    }

  private:
    Bytes m_octets;
    size_t m_consumed{0}; //!< octets taken already
};

/// MIS over UDP.
class UdpTransport : public Transport
{
  public:
    /**
     * @param node the node
     * @param port local port
     * @param pathMtu path MTU, octets, of which IP and UDP headers take their share
     * @param receiver called for each datagram
     */
    UdpTransport(Ptr<Node> node, uint16_t port, uint16_t pathMtu, Receiver receiver);
    ~UdpTransport() override;

    bool Send(Ptr<Packet> frame, const PeerAddress& to) override;
    size_t Mtu(const PeerAddress& to) const override;

  private:
    void Receive(Ptr<Socket> socket);

    uint16_t m_pathMtu;    //!< path MTU, octets
    Receiver m_receiver;   //!< owner
    Ptr<Socket> m_socket4; //!< IPv4, if the node has it
    Ptr<Socket> m_socket6; //!< IPv6, if the node has it
};

/// MIS directly over links.
class L2Transport : public Transport
{
  public:
    /**
     * @param node the node; all its devices, also later ones, are listened to
     * @param receiver called for each frame
     */
    L2Transport(Ptr<Node> node, Receiver receiver);
    ~L2Transport() override;

    bool Send(Ptr<Packet> frame, const PeerAddress& to) override;
    size_t Mtu(const PeerAddress& to) const override;

  private:
    void Receive(Ptr<NetDevice> device,
                 Ptr<const Packet> packet,
                 uint16_t protocol,
                 const Address& from,
                 const Address& to,
                 NetDevice::PacketType type);

    Ptr<Node> m_node;
    Receiver m_receiver;
};

/**
 * @param frame octets of a frame
 * @return a packet with them
 */
inline Ptr<Packet>
PacketOf(ByteView frame)
{
    return Create<Packet>(frame.data(), frame.size());
}

/**
 * @param socketAddress InetSocketAddress or Inet6SocketAddress
 * @return its IP address
 */
Address HostOf(const Address& socketAddress);

/**
 * @param node a node
 * @param remote InetSocketAddress or Inet6SocketAddress
 * @return the node's IP address that it would reach the other from now; invalid if it can not
 */
Address LocalAddressTo(const Node& node, const Address& remote);

/// Link group address for frames without a known destination (clause F.3.11).
Mac48Address MisGroupMac();

} // namespace ns3::mis

#endif // MIS_TRANSPORT_H
