// SPDX-License-Identifier: GPL-2.0-only

#include "mis-stream-source.h"

#include "ns3/abort.h"
#include "ns3/packet.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(StreamSource);

TypeId
StreamSource::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::StreamSource")
            .SetParent<Application>()
            .SetGroupName("MisPrereg")
            .AddConstructor<StreamSource>()
            .AddAttribute("SegmentOctets",
                          "Octets of data in a TCP segment; with 52 octets of IPv4 and TCP headers "
                          "it should fit into the MTU of the tunnel, for ns-3 has no path MTU "
                          "discovery.",
                          UintegerValue(1400),
                          MakeUintegerAccessor(&StreamSource::m_segmentOctets),
                          MakeUintegerChecker<uint32_t>(1, 65000));
    return tid;
}

void
StreamSource::DoDispose()
{
    StopApplication();
    Application::DoDispose();
}

void
StreamSource::Configure(const Address& local, const Address& remote)
{
    m_local = local;
    m_remote = remote;
}

void
StreamSource::StartApplication()
{
    m_socket = Socket::CreateSocket(GetNode(), TcpSocketFactory::GetTypeId());
    m_socket->SetAttribute("SegmentSize", UintegerValue(m_segmentOctets));
    NS_ABORT_MSG_IF(m_socket->Bind(m_local) != 0,
                    "StreamSource: node " << GetNode()->GetId() << " can not send from "
                                          << m_local);
    m_socket->SetConnectCallback(MakeCallback(&StreamSource::OnConnected, this),
                                 MakeNullCallback<void, Ptr<Socket>>());
    m_socket->SetSendCallback(MakeCallback(&StreamSource::Fill, this));
    m_socket->Connect(m_remote);
    m_socket->ShutdownRecv();
}

void
StreamSource::StopApplication()
{
    if (m_socket)
    {
        m_socket->SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
        m_socket->SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                                     MakeNullCallback<void, Ptr<Socket>>());
        m_socket->Close();
        m_socket = nullptr;
    }
}

void
StreamSource::OnConnected(Ptr<Socket> socket)
{
    Fill(socket, socket->GetTxAvailable());
}

void
StreamSource::Fill(Ptr<Socket> socket, uint32_t)
{
    for (uint32_t space = socket->GetTxAvailable(); space > 0; space = socket->GetTxAvailable())
    {
        if (socket->Send(Create<Packet>(std::min(space, m_segmentOctets))) < 0)
        {
            return;
        }
    }
}

} // namespace ns3::mis
