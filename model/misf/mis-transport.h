// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * How MIS frames travel: UDP and TCP on port 4551 (RFC 5677), or a link on EtherType 0x8917.
 */
#ifndef MIS_TRANSPORT_H
#define MIS_TRANSPORT_H

#include "ns3/address.h"
#include "ns3/mis-types.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/socket.h"

#include <functional>
#include <map>

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

/// MIS over TCP: one connection a peer, kept open.
class TcpTransport : public Transport
{
  public:
    /// Called with the IP address of a peer, when octets were lost with a connection.
    using Lost = std::function<void(const Address& host)>;

    /**
     * @param node the node
     * @param port local and remote port
     * @param receiver called for each frame
     * @param lost called when frames may have been lost
     */
    TcpTransport(Ptr<Node> node, uint16_t port, Receiver receiver, Lost lost);
    ~TcpTransport() override;

    bool Send(Ptr<Packet> frame, const PeerAddress& to) override;
    size_t Mtu(const PeerAddress& to) const override;

    bool IsReliable() const override
    {
        return true;
    }

    /**
     * @brief Closes the connection to a host, without a call of `lost`.
     * @param host IP address of the peer
     */
    void Leave(const Address& host);

  private:
    /// One connection.
    struct Connection
    {
        Ptr<Socket> socket;
        Address remote;        //!< as seen by the socket
        Address local;         //!< own IP address that routing chose, if it did
        bool connected{false}; //!< handshake done
        FrameStream received;  //!< octets not yet forming a frame
        Bytes pending;         //!< octets not yet taken by the socket
    };

    Ptr<Socket> Listen(const Address& local);
    void Adopt(Ptr<Socket> socket, const Address& remote, bool connected);
    void Accept(Ptr<Socket> socket, const Address& remote);
    void Connected(Ptr<Socket> socket);
    void ClosedByPeer(Ptr<Socket> socket);
    void Failed(Ptr<Socket> socket);
    void End(Ptr<Socket> socket, bool isLost);
    static bool IsSettled(const Connection& connection);
    void Receive(Ptr<Socket> socket);
    void Drain(Ptr<Socket> socket, uint32_t space);
    void Flush(Connection& connection);
    Connection* Find(Ptr<Socket> socket);

    Ptr<Node> m_node;
    uint16_t m_port;
    Receiver m_receiver;
    Lost m_lost;
    Ptr<Socket> m_listener4;
    Ptr<Socket> m_listener6;
    std::map<Ptr<Socket>, Connection> m_connections;
    std::map<Address, Ptr<Socket>> m_byRemote; //!< host address without port
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
