// SPDX-License-Identifier: GPL-2.0-only

#include "mis-media-sink.h"

#include "ns3/abort.h"
#include "ns3/packet.h"
#include "ns3/seq-ts-header.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(MediaSink);

TypeId
MediaSink::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::MediaSink")
                            .SetParent<Application>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<MediaSink>()
                            .AddTraceSource("Received",
                                            "A datagram has come: number, one-way delay, octets.",
                                            MakeTraceSourceAccessor(&MediaSink::m_receivedTrace),
                                            "ns3::mis::MediaSink::ReceivedTracedCallback");
    return tid;
}

void
MediaSink::DoDispose()
{
    StopApplication();
    m_log = nullptr;
    Application::DoDispose();
}

void
MediaSink::Configure(const Address& local, Ptr<FlowLog> log)
{
    m_local = local;
    m_log = log;
}

void
MediaSink::StartApplication()
{
    m_socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    NS_ABORT_MSG_IF(m_socket->Bind(m_local) != 0,
                    "MediaSink: node " << GetNode()->GetId() << " can not receive at " << m_local);
    m_socket->SetRecvCallback(MakeCallback(&MediaSink::OnReadable, this));
}

void
MediaSink::StopApplication()
{
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket->Close();
        m_socket = nullptr;
    }
}

void
MediaSink::OnReadable(Ptr<Socket> socket)
{
    while (auto packet = socket->Recv())
    {
        SeqTsHeader number;
        const uint32_t octets = packet->GetSize();
        if (octets < number.GetSerializedSize())
        {
            continue; // not from a MediaSource
        }
        packet->RemoveHeader(number);
        if (m_log)
        {
            m_log->Received(number.GetSeq(), Simulator::Now());
        }
        m_receivedTrace(number.GetSeq(), Simulator::Now() - number.GetTs(), octets);
    }
}

} // namespace ns3::mis
