// SPDX-License-Identifier: GPL-2.0-only

#include "mis-media-source.h"

#include "ns3/abort.h"
#include "ns3/packet.h"
#include "ns3/pointer.h"
#include "ns3/seq-ts-header.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(MediaSource);

TypeId
MediaSource::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::MediaSource")
            .SetParent<Application>()
            .SetGroupName("MisPrereg")
            .AddConstructor<MediaSource>()
            .AddAttribute("Interval",
                          "Time from frame to frame; the default is that of voice.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&MediaSource::m_interval),
                          MakeTimeChecker(MicroSeconds(1)))
            .AddAttribute("FrameOctets",
                          "Random variable that gives the size of each frame, without headers; the "
                          "default is 20 ms of G.711.",
                          StringValue("ns3::ConstantRandomVariable[Constant=160]"),
                          MakePointerAccessor(&MediaSource::m_frameOctets),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("DatagramOctets",
                          "Largest payload of a datagram, with its header of 12 octets; a longer "
                          "frame goes in several.",
                          UintegerValue(1200),
                          MakeUintegerAccessor(&MediaSource::m_datagramOctets),
                          MakeUintegerChecker<uint32_t>(13, 65000));
    return tid;
}

void
MediaSource::DoDispose()
{
    m_event.Cancel();
    m_socket = nullptr;
    m_log = nullptr;
    Application::DoDispose();
}

void
MediaSource::Configure(const Address& local, const Address& remote, Ptr<FlowLog> log)
{
    m_local = local;
    m_remote = remote;
    m_log = log;
}

int64_t
MediaSource::AssignStreams(int64_t stream)
{
    m_frameOctets->SetStream(stream);
    return 1;
}

void
MediaSource::StartApplication()
{
    m_socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    NS_ABORT_MSG_IF(m_socket->Bind(m_local) != 0,
                    "MediaSource: node " << GetNode()->GetId() << " can not send from " << m_local);
    SendFrame();
}

void
MediaSource::StopApplication()
{
    m_event.Cancel();
}

void
MediaSource::SendFrame()
{
    const uint32_t header = SeqTsHeader().GetSerializedSize();
    const uint32_t most = m_datagramOctets - header;
    auto left = static_cast<uint32_t>(std::max(1.0, m_frameOctets->GetValue() + 0.5));
    while (left > 0)
    {
        const uint32_t now = std::min(left, most);
        left -= now;
        SeqTsHeader number;
        number.SetSeq(m_next++);
        auto packet = Create<Packet>(now);
        packet->AddHeader(number);
        if (m_log)
        {
            m_log->Sent(Simulator::Now());
        }
        m_socket->SendTo(packet, 0, m_remote);
    }
    m_event = Simulator::Schedule(m_interval, &MediaSource::SendFrame, this);
}

} // namespace ns3::mis
