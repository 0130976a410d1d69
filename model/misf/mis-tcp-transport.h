// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * MIS over TCP port 4551 (RFC 5677).
 */
#ifndef MIS_TCP_TRANSPORT_H
#define MIS_TCP_TRANSPORT_H

#include "ns3/mis-transport.h"
#include "ns3/socket.h"

#include <functional>
#include <map>

namespace ns3::mis
{

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

} // namespace ns3::mis

#endif // MIS_TCP_TRANSPORT_H
