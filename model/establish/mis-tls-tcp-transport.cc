// SPDX-License-Identifier: GPL-2.0-only

#include "mis-tls-tcp-transport.h"

#include "mis-channel-association.h"

#include "ns3/abort.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/log.h"
#include "ns3/mis-ip-stack.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"

#include <algorithm>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisTlsTcpTransport");

namespace
{

/// Lets a socket call nobody any more.
void
Silence(Ptr<Socket> socket)
{
    socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    socket->SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
    socket->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                              MakeNullCallback<void, Ptr<Socket>, const Address&>());
    socket->SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                               MakeNullCallback<void, Ptr<Socket>>());
    socket->SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(),
                              MakeNullCallback<void, Ptr<Socket>>());
}

} // namespace

TlsTcpTransport::TlsTcpTransport(Misf& misf)
    : m_misf(misf)
{
}

TlsTcpTransport::~TlsTcpTransport()
{
    for (const auto& listener : m_listeners)
    {
        Silence(listener);
        listener->Close();
    }
    for (auto& [socket, connection] : m_connections)
    {
        connection.timeout.Cancel();
        connection.renewal.Cancel();
        connection.idle.Cancel();
        Silence(socket);
        socket->Close();
    }
}

void
TlsTcpTransport::Configure()
{
    if (m_isConfigured)
    {
        return;
    }
    m_settings = m_users.GetAgreed("TlsTcpEstablishment", m_node->GetId()).configure();
    m_isConfigured = true;
}

void
TlsTcpTransport::Open()
{
    m_node = m_misf.GetObject<Node>();
    const auto listen = [this](const Address& local) {
        auto listener = Socket::CreateSocket(m_node, TcpSocketFactory::GetTypeId());
        if (listener->Bind(local) != 0 || listener->Listen() != 0)
        {
            NS_FATAL_ERROR("TlsTcpEstablishment: TCP port " << assigned::TLS_TCP_PORT << " of node "
                                                            << m_node->GetId()
                                                            << " is taken by another application");
        }
        listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                    MakeCallback(&TlsTcpTransport::OnAccept, this));
        m_listeners.push_back(listener);
    };
    if (m_node->GetObject<Ipv4>())
    {
        listen(InetSocketAddress(Ipv4Address::GetAny(), assigned::TLS_TCP_PORT));
    }
    if (m_node->GetObject<Ipv6>())
    {
        listen(Inet6SocketAddress(Ipv6Address::GetAny(), assigned::TLS_TCP_PORT));
    }
}

// connections

TlsTcpTransport::Connection&
TlsTcpTransport::Adopt(Ptr<Socket> socket, bool isServer, const Address& host)
{
    Configure();
    auto& connection = m_connections[socket];
    connection.number = m_next++;
    connection.socket = socket;
    connection.isServer = isServer;
    connection.host = host;
    connection.timeout = Simulator::Schedule(m_settings.handshakeTimeout,
                                             &TlsTcpTransport::OnTimeout,
                                             this,
                                             connection.number);
    socket->SetRecvCallback(MakeCallback(&TlsTcpTransport::OnReceive, this));
    socket->SetSendCallback(MakeCallback(&TlsTcpTransport::OnSpace, this));
    socket->SetCloseCallbacks(MakeCallback(&TlsTcpTransport::OnClosed, this),
                              MakeCallback(&TlsTcpTransport::OnClosed, this));
    return connection;
}

TlsTcpTransport::Connection*
TlsTcpTransport::Find(Ptr<Socket> socket)
{
    const auto it = m_connections.find(socket);
    return it == m_connections.end() ? nullptr : &it->second;
}

TlsTcpTransport::Connection*
TlsTcpTransport::FindNumber(uint64_t number)
{
    for (auto& [socket, connection] : m_connections)
    {
        if (connection.number == number)
        {
            return &connection;
        }
    }
    return nullptr;
}

PeerAddress
TlsTcpTransport::AddressOf(const Connection& connection, TransportType type) const
{
    return {type, SocketAddressOf(connection.host, m_misf.GetPort()), nullptr};
}

MisfId
TlsTcpTransport::ClientOf(const Connection& connection) const
{
    return connection.isServer ? connection.peer : m_misf.GetId();
}

void
TlsTcpTransport::Establish(const MisfId& peer)
{
    Misf::Activity activity(m_misf);
    for (const auto& [socket, connection] : m_connections)
    {
        if (connection.peer == peer && !connection.isServer && !connection.isOpen &&
            !connection.isClosing)
        {
            return;
        }
    }
    const auto fail = [&](const char* reason) {
        for (const auto& user : m_users.Get())
        {
            user.onEnd(peer, reason);
        }
    };
    const auto address = m_misf.GetPeerAddress(peer);
    const bool isV4 = InetSocketAddress::IsMatchingType(address.address);
    if (!isV4 && !Inet6SocketAddress::IsMatchingType(address.address))
    {
        fail(address.IsEmpty() ? "unknown-address" : "no-ip-address");
        return;
    }
    const auto host = HostOf(address.address);
    auto socket = Socket::CreateSocket(m_node, TcpSocketFactory::GetTypeId());
    if ((isV4 ? socket->Bind() : socket->Bind6()) != 0)
    {
        fail("no-port");
        return;
    }
    auto& connection = Adopt(socket, false, host);
    connection.peer = peer;
    socket->SetConnectCallback(MakeCallback(&TlsTcpTransport::OnConnected, this),
                               MakeCallback(&TlsTcpTransport::OnConnectFailed, this));
    const uint64_t number = connection.number;
    if (socket->Connect(SocketAddressOf(host, assigned::TLS_TCP_PORT)) != 0)
    {
        End(number, "no-connection");
    }
}

void
TlsTcpTransport::OnAccept(Ptr<Socket> socket, const Address& remote)
{
    Misf::Activity activity(m_misf);
    Configure();
    const auto halfOpen =
        std::count_if(m_connections.begin(), m_connections.end(), [](const auto& entry) {
            return entry.second.isServer && !entry.second.isOpen;
        });
    if (halfOpen >= static_cast<int64_t>(m_settings.maxHalfOpen))
    {
        socket->Close();
        for (const auto& user : m_users.Get())
        {
            user.onAnswered(MisfId(), "too-many");
        }
        return;
    }
    auto& connection = Adopt(socket, true, HostOf(remote));
    connection.session = m_users.Get().front().makeSession(MisfId(), true);
}

void
TlsTcpTransport::OnConnected(Ptr<Socket> socket)
{
    auto* connection = Find(socket);
    if (!connection || connection->isOver)
    {
        return;
    }
    Misf::Activity activity(m_misf);
    connection->session = m_users.Get().front().makeSession(connection->peer, false);
    Step(*connection, {});
}

void
TlsTcpTransport::OnConnectFailed(Ptr<Socket> socket)
{
    if (auto* connection = Find(socket))
    {
        Misf::Activity activity(m_misf);
        End(connection->number, "no-connection");
    }
}

void
TlsTcpTransport::OnClosed(Ptr<Socket> socket)
{
    auto* connection = Find(socket);
    if (connection && connection->isOver)
    {
        Dispose(*connection);
    }
    else if (connection)
    {
        Misf::Activity activity(m_misf);
        End(connection->number, connection->isClosing ? "closed" : "connection-lost");
    }
}

void
TlsTcpTransport::OnReceive(Ptr<Socket> socket)
{
    Misf::Activity activity(m_misf);
    while (auto packet = socket->Recv())
    {
        auto* connection = Find(socket);
        if (packet->GetSize() == 0 || !connection || connection->isOver || !connection->session)
        {
            return;
        }
        Bytes octets(packet->GetSize());
        packet->CopyData(octets.data(), octets.size());
        if (connection->session->State() == TlsState::HANDSHAKING)
        {
            Step(*connection, octets);
        }
        else
        {
            Read(*connection, octets);
        }
    }
}

// TLS

void
TlsTcpTransport::Step(Connection& connection, ByteView records)
{
    auto& session = *connection.session;
    const uint64_t number = connection.number;
    Write(connection, session.Step(records), 0);
    if (session.State() == TlsState::HANDSHAKING)
    {
        return;
    }
    if (session.State() != TlsState::ESTABLISHED)
    {
        const auto outcome = session.Outcome();
        End(number, outcome == TlsOutcome::NONE ? "refused" : ToString(outcome));
        return;
    }
    if (connection.isServer)
    {
        const MisfId peer(session.PeerName());
        if (!IsWhereExpected(connection, peer))
        {
            Write(connection, session.Close(), 0);
            End(number, "cert-name-mismatch");
            return;
        }
        connection.peer = peer;
        Write(connection, session.Seal({&assigned::TLS_COMMITMENT, 1}), 0);
        OpenFor(connection);
    }
    Read(connection, {});
}

/// A server expects whom its directory knows, from where that one is.
bool
TlsTcpTransport::IsWhereExpected(const Connection& connection, const MisfId& peer) const
{
    const auto address = peer.IsEmpty() ? PeerAddress() : m_misf.GetPeerAddress(peer);
    return !address.IsEmpty() && address.transport != TransportType::L2 &&
           HostOf(address.address) == connection.host;
}

void
TlsTcpTransport::Read(Connection& opening, ByteView records)
{
    const auto socket = opening.socket;
    const uint64_t number = opening.number;
    SecretOctets plain;
    Bytes reply;
    const bool isAuthentic = opening.session->Open(records, plain, reply);
    Write(opening, std::move(reply), 0);
    ByteView data(plain.data(), plain.size());
    if (!opening.isServer && !opening.isCommitted && !data.empty())
    {
        if (data[0] != assigned::TLS_COMMITMENT)
        {
            End(number, "malformed");
            return;
        }
        opening.isCommitted = true;
        data = data.Sub(1, data.size() - 1);
        OpenFor(opening);
    }
    opening.stream.Append(data);
    auto* connection = Find(socket);
    for (Bytes frame;
         connection && connection->isOpen && !connection->isOver && connection->stream.Next(frame);)
    {
        Touch(*connection);
        m_misf.Receive(frame,
                       AddressOf(*connection, TransportType::UDP),
                       m_misf.GetSaDatabase().Find(connection->sa.said, connection->peer.View()));
        SecureWipe(frame.data(), frame.size());
        connection = Find(socket); // a receiver may close it
    }
    if (!connection || connection->isOver)
    {
        return;
    }
    if (!isAuthentic)
    {
        const auto outcome = connection->session->Outcome();
        End(number,
            outcome == TlsOutcome::NONE || outcome == TlsOutcome::SUCCESS ? "malformed"
                                                                          : ToString(outcome));
    }
    else if (connection->stream.IsBroken())
    {
        End(number, "malformed");
    }
    else if (connection->session->IsPeerDone())
    {
        Write(*connection, connection->session->Close(), 0);
        End(number, connection->isOpen ? "closed" : "refused");
    }
}

void
TlsTcpTransport::OpenFor(Connection& connection)
{
    const auto root = connection.session->Export(assigned::TLS_EXPORTER_LABEL,
                                                 std::nullopt,
                                                 assigned::TLS_ROOT_OCTETS);
    connection.sa = MakeChannelAssociation(m_misf,
                                           connection.peer,
                                           !connection.isServer,
                                           ByteView(root.data(), root.size()));
    connection.isOpen = true;
    connection.timeout.Cancel();
    connection.timeout = Simulator::Schedule(m_settings.lifetime,
                                             &TlsTcpTransport::OnExpiry,
                                             this,
                                             connection.number);
    if (!connection.isServer && m_settings.renewBefore.IsStrictlyPositive())
    {
        connection.renewal = Simulator::Schedule(m_settings.lifetime - m_settings.renewBefore,
                                                 &TlsTcpTransport::OnRenewal,
                                                 this,
                                                 connection.number);
    }
    Touch(connection);
    const MisfId peer = connection.peer;
    m_open[peer].push_back(connection.number);
    KeepOne(peer);
    for (const auto& user : m_users.Get())
    {
        if (connection.isServer)
        {
            user.onAnswered(peer, "success");
        }
        // Whoever waits for an SA has one, whichever end has begun.
        user.onEnd(peer, "");
    }
}

/// Chooses the connection to send by, and closes what is left over.
void
TlsTcpTransport::KeepOne(const MisfId& peer)
{
    auto& open = m_open[peer];
    // Both ends have to come to the same: of the lower client, and then the latest of it.
    std::stable_sort(open.begin(), open.end(), [this](uint64_t a, uint64_t b) {
        return ClientOf(*FindNumber(b)) < ClientOf(*FindNumber(a));
    });
    for (const auto number : std::vector<uint64_t>(open.begin(), open.end() - 1))
    {
        auto& other = *FindNumber(number);
        if (!m_misf.GetSaDatabase().Find(other.sa.said, peer.View()))
        {
            // The new one is the one to give up; what the peer sends by it counts until then.
            m_misf.OpenChannel(other.sa, AddressOf(other, TransportType::TLS));
        }
        if (!other.isServer)
        {
            Shut(other);
        }
    }
    auto& kept = *FindNumber(open.back());
    m_misf.OpenChannel(kept.sa, AddressOf(kept, TransportType::TLS));
}

/// Sends no more, once what is in the queue has been sent.
void
TlsTcpTransport::Shut(Connection& connection)
{
    if (connection.isClosing)
    {
        return;
    }
    Write(connection, connection.session->Close(), 0);
    connection.isClosing = true;
    connection.timeout.Cancel();
    connection.timeout = Simulator::Schedule(m_settings.handshakeTimeout,
                                             &TlsTcpTransport::OnTimeout,
                                             this,
                                             connection.number);
}

void
TlsTcpTransport::Close(const MisfId& peer)
{
    Misf::Activity activity(m_misf);
    const auto open = m_open.find(peer);
    if (open == m_open.end())
    {
        return;
    }
    for (const auto number : std::vector<uint64_t>(open->second))
    {
        Shut(*FindNumber(number));
    }
}

// octets

size_t
TlsTcpTransport::Mtu(const PeerAddress&) const
{
    return FrameStream::LONGEST;
}

bool
TlsTcpTransport::Send(Ptr<Packet> frame, const PeerAddress& to)
{
    const auto host = HostOf(to.address);
    for (const auto& [peer, open] : m_open)
    {
        auto* connection = open.empty() ? nullptr : FindNumber(open.back());
        if (!connection || connection->host != host || connection->isClosing)
        {
            continue;
        }
        Misf::Activity activity(m_misf);
        SecretOctets plain(frame->GetSize());
        frame->CopyData(plain.data(), plain.size());
        Write(*connection,
              connection->session->Seal(ByteView(plain.data(), plain.size())),
              plain.size());
        Touch(*connection);
        return true;
    }
    return false;
}

void
TlsTcpTransport::Write(Connection& connection, Bytes octets, size_t frameOctets)
{
    if (octets.empty())
    {
        return;
    }
    m_misf.CountOverhead(connection.host, octets.size() - frameOctets);
    auto chunk = std::make_shared<Chunk>();
    chunk->octets = std::move(octets);
    connection.out.push_back(chunk);
    // Several processors may be ready in another order than that of the records.
    m_misf.AtCompletion([life = weak_from_this(), chunk, socket = connection.socket] {
        chunk->isReady = true;
        const auto self = life.lock();
        if (auto* found = self ? self->Find(socket) : nullptr)
        {
            self->Flush(*found);
        }
    });
}

void
TlsTcpTransport::Flush(Connection& connection)
{
    while (!connection.out.empty() && connection.out.front()->isReady)
    {
        const auto& octets = connection.out.front()->octets;
        connection.pending.insert(connection.pending.end(), octets.begin(), octets.end());
        connection.out.pop_front();
    }
    const auto count =
        std::min<size_t>(connection.pending.size(), connection.socket->GetTxAvailable());
    if (count > 0)
    {
        const int sent = connection.socket->Send(Create<Packet>(connection.pending.data(), count));
        if (sent > 0)
        {
            connection.pending.erase(connection.pending.begin(), connection.pending.begin() + sent);
        }
    }
    if (!connection.pending.empty() || !connection.out.empty())
    {
        return;
    }
    if (connection.isOver)
    {
        Dispose(connection);
    }
    else if (connection.isClosing)
    {
        connection.socket->Close();
    }
}

void
TlsTcpTransport::Dispose(Connection& connection)
{
    const auto socket = connection.socket;
    Silence(socket);
    socket->Close();
    m_connections.erase(socket);
}

void
TlsTcpTransport::OnSpace(Ptr<Socket> socket, uint32_t)
{
    if (auto* connection = Find(socket))
    {
        Flush(*connection);
    }
}

// ends

void
TlsTcpTransport::End(uint64_t number, const std::string& reason)
{
    auto* connection = FindNumber(number);
    if (!connection || connection->isOver)
    {
        return;
    }
    const auto peer = connection->peer;
    const bool isServer = connection->isServer;
    const bool wasOpen = connection->isOpen;
    const auto said = connection->sa.said;
    connection->timeout.Cancel();
    connection->renewal.Cancel();
    connection->idle.Cancel();
    connection->isOver = true;
    if (reason == "connection-lost" || connection->out.empty())
    {
        Dispose(*connection);
    }
    if (wasOpen)
    {
        auto& open = m_open[peer];
        open.erase(std::remove(open.begin(), open.end(), number), open.end());
        const bool isLast = open.empty();
        if (isLast)
        {
            m_open.erase(peer);
        }
        m_misf.CloseChannel(said, peer);
        const auto users = m_users.Get();
        for (const auto& user : users)
        {
            user.onClosed(peer, reason);
        }
        if (isLast && reason == "connection-lost" && !isServer && m_settings.reconnects &&
            !users.empty())
        {
            users.front().renew(peer);
        }
        return;
    }
    for (const auto& user : m_users.Get())
    {
        if (isServer)
        {
            user.onAnswered(peer, reason);
        }
        else
        {
            user.onEnd(peer, reason);
        }
    }
}

void
TlsTcpTransport::Touch(Connection& connection)
{
    connection.idle.Cancel();
    if (m_settings.idleTimeout.IsStrictlyPositive())
    {
        connection.idle = Simulator::Schedule(m_settings.idleTimeout,
                                              &TlsTcpTransport::OnIdle,
                                              this,
                                              connection.number);
    }
}

void
TlsTcpTransport::OnTimeout(uint64_t number)
{
    Misf::Activity activity(m_misf);
    const auto* connection = FindNumber(number);
    End(number, connection && connection->isClosing ? "closed" : "timeout");
}

void
TlsTcpTransport::OnExpiry(uint64_t number)
{
    Misf::Activity activity(m_misf);
    if (auto* connection = FindNumber(number))
    {
        Write(*connection, connection->session->Close(), 0);
        End(number, "expired");
    }
}

void
TlsTcpTransport::OnRenewal(uint64_t number)
{
    const auto* connection = FindNumber(number);
    const auto users = m_users.Get();
    if (connection && !users.empty())
    {
        users.front().renew(MisfId(connection->peer));
    }
}

void
TlsTcpTransport::OnIdle(uint64_t number)
{
    Misf::Activity activity(m_misf);
    if (auto* connection = FindNumber(number))
    {
        Shut(*connection);
    }
}

} // namespace ns3::mis
