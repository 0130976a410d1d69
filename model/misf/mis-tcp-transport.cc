// SPDX-License-Identifier: GPL-2.0-only

#include "mis-tcp-transport.h"

#include "ns3/fatal-error.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <utility>

namespace ns3::mis
{

TcpTransport::TcpTransport(Ptr<Node> node, uint16_t port, Receiver receiver, Lost lost)
    : m_node(node),
      m_port(port),
      m_receiver(std::move(receiver)),
      m_lost(std::move(lost))
{
    if (node->GetObject<Ipv4>())
    {
        m_listener4 = Listen(InetSocketAddress(Ipv4Address::GetAny(), port));
    }
    if (node->GetObject<Ipv6>())
    {
        m_listener6 = Listen(Inet6SocketAddress(Ipv6Address::GetAny(), port));
    }
}

TcpTransport::~TcpTransport()
{
    for (const auto& listener : {m_listener4, m_listener6})
    {
        if (listener)
        {
            listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                        MakeNullCallback<void, Ptr<Socket>, const Address&>());
            listener->Close();
        }
    }
    for (auto& [socket, connection] : m_connections)
    {
        socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        socket->SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
        socket->SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                                   MakeNullCallback<void, Ptr<Socket>>());
        socket->SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(),
                                  MakeNullCallback<void, Ptr<Socket>>());
        socket->Close();
    }
}

Ptr<Socket>
TcpTransport::Listen(const Address& local)
{
    auto listener = Socket::CreateSocket(m_node, TcpSocketFactory::GetTypeId());
    if (listener->Bind(local) != 0 || listener->Listen() != 0)
    {
        NS_FATAL_ERROR("Misf: TCP port " << m_port << " of node " << m_node->GetId()
                                         << " is taken by another application");
    }
    listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                MakeCallback(&TcpTransport::Accept, this));
    return listener;
}

void
TcpTransport::Adopt(Ptr<Socket> socket, const Address& remote, bool connected)
{
    auto& connection = m_connections[socket];
    connection.socket = socket;
    connection.remote = remote;
    connection.local = LocalAddressTo(*m_node, remote);
    connection.connected = connected;
    const auto host = HostOf(remote);
    const auto other = m_byRemote.find(host);
    if (other == m_byRemote.end() || IsSettled(m_connections.at(other->second)))
    {
        m_byRemote[host] = socket; // else what is in flight by another one would be overtaken
    }
    socket->SetRecvCallback(MakeCallback(&TcpTransport::Receive, this));
    socket->SetSendCallback(MakeCallback(&TcpTransport::Drain, this));
    socket->SetCloseCallbacks(MakeCallback(&TcpTransport::ClosedByPeer, this),
                              MakeCallback(&TcpTransport::Failed, this));
}

void
TcpTransport::Accept(Ptr<Socket> socket, const Address& remote)
{
    // The peer is remembered by where it listens, for when this connection is gone.
    if (InetSocketAddress::IsMatchingType(remote))
    {
        Adopt(socket,
              InetSocketAddress(InetSocketAddress::ConvertFrom(remote).GetIpv4(), m_port),
              true);
    }
    else
    {
        Adopt(socket,
              Inet6SocketAddress(Inet6SocketAddress::ConvertFrom(remote).GetIpv6(), m_port),
              true);
    }
}

void
TcpTransport::Connected(Ptr<Socket> socket)
{
    if (auto* connection = Find(socket))
    {
        connection->connected = true;
        Flush(*connection);
    }
}

void
TcpTransport::ClosedByPeer(Ptr<Socket> socket)
{
    const auto* connection = Find(socket);
    if (!connection)
    {
        return;
    }
    // An orderly end shows as an empty packet, a reset as none. With the former the peer
    // acknowledges what has arrived, which the socket has not looked at yet.
    const auto last = socket->Recv();
    const bool isOrderly = last && last->GetSize() == 0;
    End(socket, isOrderly ? !connection->pending.empty() : !IsSettled(*connection));
}

void
TcpTransport::Failed(Ptr<Socket> socket)
{
    const auto* connection = Find(socket);
    End(socket, connection && !IsSettled(*connection));
}

void
TcpTransport::End(Ptr<Socket> socket, bool isLost)
{
    const auto it = m_connections.find(socket);
    if (it == m_connections.end())
    {
        return;
    }
    const auto remote = HostOf(it->second.remote);
    const auto host = m_byRemote.find(remote);
    if (host != m_byRemote.end() && host->second == socket)
    {
        m_byRemote.erase(host);
    }
    m_connections.erase(it);
    socket->Close();
    if (isLost)
    {
        m_lost(remote);
    }
}

/// Whether the peer has acknowledged all that was sent.
bool
TcpTransport::IsSettled(const Connection& connection)
{
    UintegerValue size;
    connection.socket->GetAttribute("SndBufSize", size);
    return connection.pending.empty() &&
           (!connection.connected || connection.socket->GetTxAvailable() == size.Get());
}

void
TcpTransport::Leave(const Address& host)
{
    if (const auto it = m_byRemote.find(host); it != m_byRemote.end())
    {
        End(it->second, false);
    }
}

TcpTransport::Connection*
TcpTransport::Find(Ptr<Socket> socket)
{
    const auto it = m_connections.find(socket);
    return it == m_connections.end() ? nullptr : &it->second;
}

bool
TcpTransport::Send(Ptr<Packet> frame, const PeerAddress& to)
{
    Ptr<Socket> socket;
    if (const auto it = m_byRemote.find(HostOf(to.address)); it != m_byRemote.end())
    {
        socket = it->second;
        const auto now = LocalAddressTo(*m_node, to.address);
        if (!now.IsInvalid() && now != Find(socket)->local)
        {
            // The node has moved: what it sends from its old address gets no answer.
            End(socket, false);
            socket = nullptr;
        }
    }
    if (!socket)
    {
        socket = Socket::CreateSocket(m_node, TcpSocketFactory::GetTypeId());
        const bool v4 = InetSocketAddress::IsMatchingType(to.address);
        if ((v4 ? socket->Bind() : socket->Bind6()) != 0)
        {
            return false;
        }
        socket->SetConnectCallback(MakeCallback(&TcpTransport::Connected, this),
                                   MakeCallback(&TcpTransport::Failed, this));
        Adopt(socket, to.address, false);
        if (socket->Connect(to.address) != 0)
        {
            Failed(socket);
            return false;
        }
    }
    auto* connection = Find(socket);
    const size_t offset = connection->pending.size();
    connection->pending.resize(offset + frame->GetSize());
    frame->CopyData(connection->pending.data() + offset, frame->GetSize());
    Flush(*connection);
    return true;
}

void
TcpTransport::Flush(Connection& connection)
{
    if (!connection.connected || connection.pending.empty())
    {
        return;
    }
    const auto count =
        std::min<size_t>(connection.pending.size(), connection.socket->GetTxAvailable());
    if (count == 0)
    {
        return;
    }
    const int sent = connection.socket->Send(Create<Packet>(connection.pending.data(), count));
    if (sent > 0)
    {
        connection.pending.erase(connection.pending.begin(), connection.pending.begin() + sent);
    }
}

void
TcpTransport::Drain(Ptr<Socket> socket, uint32_t)
{
    if (auto* connection = Find(socket))
    {
        Flush(*connection);
    }
}

void
TcpTransport::Receive(Ptr<Socket> socket)
{
    const auto* opening = Find(socket);
    if (!opening)
    {
        return;
    }
    const PeerAddress from{TransportType::TCP, opening->remote, nullptr};
    while (auto packet = socket->Recv())
    {
        if (packet->GetSize() == 0)
        {
            break;
        }
        auto* connection = Find(socket);
        if (!connection)
        {
            return;
        }
        Bytes octets(packet->GetSize());
        packet->CopyData(octets.data(), octets.size());
        connection->received.Append(octets);
        // Frames are copied out because a receiver may close the connection.
        for (Bytes frame; connection->received.Next(frame);)
        {
            m_receiver(frame, from);
            connection = Find(socket);
            if (!connection)
            {
                return;
            }
        }
        if (connection->received.IsBroken())
        {
            // The stream is out of step and can not be brought back into it.
            const Bytes rest(connection->received.Rest().begin(),
                             connection->received.Rest().end());
            m_receiver(rest, from);
            Failed(socket);
            return;
        }
    }
}

size_t
TcpTransport::Mtu(const PeerAddress&) const
{
    return FrameStream::LONGEST;
}

} // namespace ns3::mis
