// SPDX-License-Identifier: GPL-2.0-only

#include "mis-constant-rate-flow.h"

#include "ns3/abort.h"
#include "ns3/mis-ip-stack.h"
#include "ns3/mis-tlv.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <array>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(ConstantRateFlow);

namespace
{

constexpr uint32_t SEQUENCE_OCTETS = 4;

} // namespace

TypeId
ConstantRateFlow::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::ConstantRateFlow")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<ConstantRateFlow>()
            .AddAttribute("Spacing",
                          "Time from packet to packet.",
                          TimeValue(MilliSeconds(10)),
                          MakeTimeAccessor(&ConstantRateFlow::m_spacing),
                          MakeTimeChecker(MicroSeconds(1)))
            .AddAttribute("Octets",
                          "Size of the payload; the default is 20 ms of G.711 with RTP.",
                          UintegerValue(172),
                          MakeUintegerAccessor(&ConstantRateFlow::m_octets),
                          MakeUintegerChecker<uint32_t>(SEQUENCE_OCTETS, 1400))
            .AddAttribute("Port",
                          "UDP port of the receiver.",
                          UintegerValue(5004),
                          MakeUintegerAccessor(&ConstantRateFlow::m_port),
                          MakeUintegerChecker<uint16_t>(1));
    return tid;
}

void
ConstantRateFlow::DoDispose()
{
    m_event.Cancel();
    for (const auto& socket : {m_out, m_in})
    {
        if (socket)
        {
            socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        }
    }
    m_out = nullptr;
    m_in = nullptr;
    m_isPathOpen = nullptr;
    Object::DoDispose();
}

void
ConstantRateFlow::Configure(Ptr<Node> source,
                            Ptr<Node> sink,
                            const Address& address,
                            std::function<bool()> isPathOpen)
{
    m_out = Socket::CreateSocket(source, UdpSocketFactory::GetTypeId());
    m_in = Socket::CreateSocket(sink, UdpSocketFactory::GetTypeId());
    NS_ABORT_MSG_IF(m_out->Bind() != 0 ||
                        m_in->Bind(SocketAddressOf(AnyHostLike(address), m_port)) != 0,
                    "ConstantRateFlow: attribute Port is " << m_port << ", which is taken");
    m_in->SetRecvCallback(MakeCallback(&ConstantRateFlow::Receive, this));
    m_to = SocketAddressOf(address, m_port);
    m_isPathOpen = std::move(isPathOpen);
}

void
ConstantRateFlow::Run(Time begin, Time end)
{
    m_end = end;
    m_event = Simulator::Schedule(begin - Simulator::Now(), &ConstantRateFlow::Send, this);
}

void
ConstantRateFlow::Send()
{
    if (m_isPathOpen())
    {
        Bytes payload;
        payload.reserve(m_octets);
        Writer(payload).U32(m_next);
        payload.resize(m_octets);
        m_out->SendTo(Create<Packet>(payload.data(), payload.size()), 0, m_to);
    }
    ++m_next;
    if (Simulator::Now() + m_spacing <= m_end)
    {
        m_event = Simulator::Schedule(m_spacing, &ConstantRateFlow::Send, this);
    }
}

void
ConstantRateFlow::Receive(Ptr<Socket> socket)
{
    while (auto packet = socket->Recv())
    {
        std::array<uint8_t, SEQUENCE_OCTETS> octets{};
        packet->CopyData(octets.data(), octets.size());
        const uint32_t number =
            static_cast<uint32_t>(octets[0]) << 24 | octets[1] << 16 | octets[2] << 8 | octets[3];
        m_unseen = std::max(m_unseen, number + 1);
        m_seen.received += number >= m_first && number < m_cut;
        // The last arrival of before may have come before the interruption began.
        if (number < m_closing || m_seen.gap || !m_lastBefore)
        {
            m_lastBefore = Simulator::Now();
        }
        else
        {
            m_seen.gap = Simulator::Now() - *m_lastBefore;
        }
    }
}

void
ConstantRateFlow::BeginInterruption()
{
    m_seen = Observation();
    m_first = m_unseen;
    m_closing = m_next;
    m_cut = UINT32_MAX;
}

void
ConstantRateFlow::ChangePath()
{
    m_seen.gap.reset();
    m_closing = m_next;
}

void
ConstantRateFlow::EndInterruption()
{
    m_cut = m_next;
    m_seen.due = m_cut - m_first;
}

ConstantRateFlow::Observation
ConstantRateFlow::Observe() const
{
    return m_seen;
}

} // namespace ns3::mis
