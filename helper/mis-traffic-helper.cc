// SPDX-License-Identifier: GPL-2.0-only

#include "mis-traffic-helper.h"

#include "ns3/abort.h"
#include "ns3/flow-monitor.h"
#include "ns3/inet-socket-address.h"
#include "ns3/mis-media-sink.h"
#include "ns3/mis-media-source.h"
#include "ns3/mis-stream-source.h"
#include "ns3/packet-sink.h"
#include "ns3/string.h"
#include "ns3/tcp-socket-factory.h"

#include <algorithm>
#include <fstream>

namespace ns3::mis
{

namespace
{

constexpr uint16_t PORT = 5006;

/// The kinds by name, in the order of TrafficKind.
const std::vector<std::string> KINDS{"voip", "video", "tcp"};

} // namespace

TrafficHelper::TrafficHelper(const std::string& kind)
    : m_flow("ns3::mis::TrafficFlow")
{
    const auto it = std::find(KINDS.begin(), KINDS.end(), kind);
    NS_ABORT_MSG_IF(it == KINDS.end(),
                    "TrafficHelper: kind is \"" << kind << "\", allowed are voip, video, tcp");
    m_kind = static_cast<TrafficKind>(it - KINDS.begin());
    m_source.SetTypeId(m_kind == TrafficKind::STREAM ? StreamSource::GetTypeId()
                                                     : MediaSource::GetTypeId());
    if (m_kind == TrafficKind::VIDEO)
    {
        // 25 frames a second and 1 Mbit/s on average, of varying size.
        m_source.Set("Interval", TimeValue(MilliSeconds(40)));
        m_source.Set(
            "FrameOctets",
            StringValue("ns3::NormalRandomVariable[Mean=5000|Variance=2250000|Bound=4500]"));
    }
}

TrafficHelper::~TrafficHelper() = default;

const std::vector<std::string>&
TrafficHelper::Kinds()
{
    return KINDS;
}

std::string
TrafficHelper::NameOf(TrafficKind kind)
{
    return KINDS[static_cast<size_t>(kind)];
}

void
TrafficHelper::SetSourceAttribute(const std::string& name, const AttributeValue& value)
{
    m_source.Set(name, value);
}

void
TrafficHelper::SetSourceAttributeFailSafe(const std::string& name, const AttributeValue& value)
{
    TypeId::AttributeInformation information;
    if (m_source.GetTypeId().LookupAttributeByName(name, &information))
    {
        m_source.Set(name, value);
    }
}

void
TrafficHelper::SetFlowAttribute(const std::string& name, const AttributeValue& value)
{
    m_flow.Set(name, value);
}

Ptr<TrafficFlow>
TrafficHelper::Install(const std::string& direction,
                       Ptr<Node> source,
                       Ipv4Address sourceAddress,
                       Ptr<Node> sink,
                       Ipv4Address sinkAddress)
{
    auto flow = m_flow.Create<TrafficFlow>();
    const InetSocketAddress local(sourceAddress, 0);
    const InetSocketAddress remote(sinkAddress, PORT);
    Ptr<Application> sender;
    Ptr<Application> receiver;
    if (m_kind == TrafficKind::STREAM)
    {
        flow->Configure(m_kind, direction, Time(0));
        auto stream = m_source.Create<StreamSource>();
        stream->Configure(local, remote);
        sender = stream;
        auto packetSink = CreateObject<PacketSink>();
        packetSink->SetAttribute("Protocol", TypeIdValue(TcpSocketFactory::GetTypeId()));
        packetSink->SetAttribute("Local", AddressValue(remote));
        packetSink->TraceConnectWithoutContext("Rx", MakeCallback(&TrafficFlow::OnStream, flow));
        receiver = packetSink;
    }
    else
    {
        auto media = m_source.Create<MediaSource>();
        flow->Configure(m_kind, direction, media->GetInterval());
        media->Configure(local, remote, flow->GetPackets());
        sender = media;
        auto mediaSink = CreateObject<MediaSink>();
        mediaSink->Configure(remote, flow->GetPackets());
        receiver = mediaSink;
    }
    source->AddApplication(sender);
    sink->AddApplication(receiver);
    m_sources.Add(sender);
    m_sinks.Add(receiver);
    m_flows.push_back(flow);
    return flow;
}

void
TrafficHelper::Run(Time begin, Time end)
{
    m_sinks.Start(Seconds(0));
    m_sources.Start(begin);
    m_sources.Stop(end);
}

void
TrafficHelper::EnableFlowMonitor(const NodeContainer& nodes)
{
    m_monitor = std::make_unique<FlowMonitorHelper>();
    m_monitor->Install(nodes);
}

bool
TrafficHelper::WriteFlowMonitor(const std::string& file)
{
    NS_ABORT_MSG_IF(!m_monitor, "TrafficHelper: call EnableFlowMonitor before the start");
    auto monitor = m_monitor->GetMonitor();
    monitor->CheckForLostPackets(Seconds(1));
    std::ofstream out(file);
    monitor->SerializeToXmlStream(out, 0, true, true);
    return out.flush().good();
}

int64_t
TrafficHelper::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    for (uint32_t i = 0; i < m_sources.GetN(); ++i)
    {
        if (auto media = DynamicCast<MediaSource>(m_sources.Get(i)))
        {
            next += media->AssignStreams(next);
        }
    }
    return next - stream;
}

} // namespace ns3::mis
