// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * MIS over TLS over TCP.
 */
#ifndef MIS_TLS_TCP_TRANSPORT_H
#define MIS_TLS_TCP_TRANSPORT_H

#include "ns3/event-id.h"
#include "ns3/mis-function.h"
#include "ns3/mis-tls-session.h"
#include "ns3/mis-transport-users.h"
#include "ns3/socket.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3::mis
{

/**
 * @brief Connections by TLS over TCP to other MISFs, on a port of its own (PA-51), which carry the
 * frames as MIS over TCP does.
 *
 * The client begins. When the server has accepted the client it sends one octet of application
 * data (PA-51), which tells the client that the connection is open, whatever the version of TLS;
 * frames follow in both directions. If both ends have begun, the connection whose client has the
 * lower identifier is kept, and the client of the other closes that.
 */
class TlsTcpTransport : public Transport, public std::enable_shared_from_this<TlsTcpTransport>
{
  public:
    /// What an establishment wants.
    struct Settings
    {
        Time handshakeTimeout;   //!< from the first octet until the connection is open
        Time lifetime;           //!< of an open connection
        Time renewBefore;        //!< time before its end at which the client opens another, 0 never
        Time idleTimeout;        //!< without a frame, after which it is closed, 0 for never
        bool reconnects{true};   //!< whether the client replaces a connection that is lost
        uint32_t maxHalfOpen{0}; //!< connections of clients that are not open yet
    };

    /// An establishment that uses it. All of a node need the same settings.
    struct User
    {
        std::weak_ptr<const void> life;        //!< gone with the establishment
        std::function<std::string()> describe; //!< attributes as text
        std::function<Settings()> configure;   //!< what it wants
        /// Makes the session of a peer, which a server does not know yet.
        std::function<std::unique_ptr<TlsSession>(const MisfId& peer, bool isServer)> makeSession;
        std::function<void(const MisfId& peer, const std::string& reason)> onEnd; //!< at a client
        /// At a server: the end of a handshake.
        std::function<void(const MisfId& peer, const std::string& outcome)> onAnswered;
        std::function<void(const MisfId& peer, const std::string& reason)> onClosed; //!< was open
        std::function<void(const MisfId& peer)> renew; //!< has another connection opened
    };

    /// @param misf MISF of the node, which owns this
    explicit TlsTcpTransport(Misf& misf);
    ~TlsTcpTransport() override;

    /**
     * @brief Adds an establishment, unless it is known.
     * @param user the establishment
     */
    void Join(User user)
    {
        m_users.Join(std::move(user));
    }

    /// @return whether any establishment still uses it
    bool IsUsed() const
    {
        return m_users.IsUsed();
    }

    /**
     * @brief Opens a connection to a peer; its users hear of the end.
     * @param peer the peer
     */
    void Establish(const MisfId& peer);

    /**
     * @brief Closes all connections with a peer, after what was sent.
     * @param peer the peer
     */
    void Close(const MisfId& peer);

    void Open() override;
    bool Send(Ptr<Packet> frame, const PeerAddress& to) override;
    size_t Mtu(const PeerAddress& to) const override;

    bool IsReliable() const override
    {
        return true;
    }

    /// @return connections in whatever state
    size_t CountConnections() const
    {
        return m_connections.size();
    }

  private:
    /// Records that the processors have, or have not, made yet.
    struct Chunk
    {
        Bytes octets;
        bool isReady{false};
    };

    /// A connection.
    struct Connection
    {
        uint64_t number{0}; //!< counts connections
        Ptr<Socket> socket;
        bool isServer{false};
        bool isOpen{false};    //!< the association exists
        bool isClosing{false}; //!< this end sends no more
        bool isOver{false};    //!< all that is left is to send what is in the queue
        MisfId peer;           //!< at a server: empty until it is authenticated
        Address host;          //!< of the peer
        std::unique_ptr<TlsSession> session;
        SecurityAssociation sa; //!< a copy
        FrameStream stream;
        bool isCommitted{false}; //!< client: the octet has come
        std::deque<std::shared_ptr<Chunk>> out;
        Bytes pending; //!< octets not yet taken by the socket
        EventId timeout;
        EventId renewal;
        EventId idle;
    };

    void Configure();
    Connection& Adopt(Ptr<Socket> socket, bool isServer, const Address& host);
    Connection* Find(Ptr<Socket> socket);
    Connection* FindNumber(uint64_t number);
    void OnAccept(Ptr<Socket> socket, const Address& remote);
    void OnConnected(Ptr<Socket> socket);
    void OnConnectFailed(Ptr<Socket> socket);
    void OnClosed(Ptr<Socket> socket);
    void OnReceive(Ptr<Socket> socket);
    void OnSpace(Ptr<Socket> socket, uint32_t space);
    void Step(Connection& connection, ByteView records);
    void Read(Connection& connection, ByteView records);
    bool IsWhereExpected(const Connection& connection, const MisfId& peer) const;
    void OpenFor(Connection& connection);
    void KeepOne(const MisfId& peer);
    void Shut(Connection& connection);
    void Write(Connection& connection, Bytes octets, size_t frameOctets);
    void Flush(Connection& connection);
    void End(uint64_t number, const std::string& reason);
    void Touch(Connection& connection);
    void OnTimeout(uint64_t number);
    void OnExpiry(uint64_t number);
    void OnRenewal(uint64_t number);
    void OnIdle(uint64_t number);
    void Dispose(Connection& connection);
    PeerAddress AddressOf(const Connection& connection, TransportType type) const;
    MisfId ClientOf(const Connection& connection) const;

    Misf& m_misf;
    TransportUsers<User> m_users;
    Settings m_settings;
    bool m_isConfigured{false};
    Ptr<Node> m_node;
    std::vector<Ptr<Socket>> m_listeners;
    std::map<Ptr<Socket>, Connection> m_connections;
    std::map<MisfId, std::vector<uint64_t>> m_open; //!< numbers by peer, the one to send by last
    uint64_t m_next{1};
};

} // namespace ns3::mis

#endif // MIS_TLS_TCP_TRANSPORT_H
