// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Work of a MISF, and what goes out when the processors have served it.
 */
#include "mis-function.h"

#include "ns3/assert.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <memory>
#include <utility>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisFunction");

Misf::Activity::Activity(Misf& misf)
    : m_misf(misf)
{
    if (misf.m_depth++ == 0)
    {
        misf.Start();
        misf.ForgetOld();
    }
}

Misf::Activity::~Activity()
{
    if (--m_misf.m_depth > 0)
    {
        return;
    }
    const auto& counter = m_misf.m_crypto->Counter();
    int64_t service = 0;
    if (counter != m_misf.m_spentBefore)
    {
        service = m_misf.m_profile->ServiceTimeNs(counter - m_misf.m_spentBefore);
        m_misf.m_spentBefore = counter;
    }
    const bool idle = m_misf.m_outbox.frames.empty() && m_misf.m_outbox.actions.empty();
    if (idle && service == 0)
    {
        return;
    }
    const int64_t now = Simulator::Now().GetNanoSeconds();
    const int64_t done = m_misf.m_cpu.Submit(now, service);
    if (service > 0)
    {
        m_misf.m_cpuTrace(NanoSeconds(done - service), NanoSeconds(done));
    }
    if (idle)
    {
        return;
    }
    if (done <= now)
    {
        Outbox outbox = std::move(m_misf.m_outbox);
        m_misf.m_outbox = Outbox();
        m_misf.Flush(outbox);
        return;
    }
    auto outbox = std::make_shared<Outbox>(std::move(m_misf.m_outbox));
    m_misf.m_outbox = Outbox();
    Simulator::Schedule(NanoSeconds(done - now), &Misf::FlushLater, Ptr<Misf>(&m_misf), outbox);
}

void
Misf::AtCompletion(std::function<void()> action)
{
    NS_ASSERT_MSG(m_depth > 0, "AtCompletion outside an Activity");
    m_outbox.actions.push_back(std::move(action));
}

void
Misf::FlushLater(std::shared_ptr<Outbox> outbox)
{
    if (m_node)
    {
        Flush(*outbox);
    }
}

void
Misf::Flush(Outbox& outbox)
{
    for (const auto& output : outbox.frames)
    {
        TransmitInTurn(output);
    }
    for (const auto& action : outbox.actions)
    {
        action();
    }
}

void
Misf::Queue(Ptr<Packet> packet,
            const PeerAddress& to,
            const Header& header,
            uint64_t key,
            uint32_t generation,
            Timer timer)
{
    const auto& via = Via(to);
    // Several processors may be ready in another order than that in which records were made.
    const uint64_t turn = via.transport == TransportType::TCP ? m_order[via.address].Enter() : 0;
    m_outbox.frames.push_back({packet, via, header, key, generation, timer, turn});
}

void
Misf::TransmitInTurn(const Output& output)
{
    if (output.to.transport != TransportType::TCP)
    {
        Transmit(output);
        return;
    }
    m_order[output.to.address].Pass(output.turn, output, [this](const Output& next) {
        Transmit(next);
    });
}

void
Misf::Transmit(const Output& output)
{
    auto* transport = TransportFor(output.to.transport);
    const auto send = [&](Ptr<Packet> packet) {
        if (!m_txTrace.IsEmpty())
        {
            Bytes octets(packet->GetSize());
            packet->CopyData(octets.data(), octets.size());
            if (const auto frame = ParseFrame(octets))
            {
                m_txTrace(FrameRecord{frame->header,
                                      m_id,
                                      frame->source,
                                      frame->destination,
                                      output.to,
                                      packet->GetSize(),
                                      packet});
            }
        }
        if (!transport || !transport->Send(packet, output.to))
        {
            NS_LOG_WARN(m_id << ": the network refuses a frame");
        }
    };
    if (transport && output.packet->GetSize() > transport->Mtu(output.to))
    {
        Bytes octets(output.packet->GetSize());
        output.packet->CopyData(octets.data(), octets.size());
        const auto frame = ParseFrame(octets);
        for (const auto& fragment : Fragment(*frame, transport->Mtu(output.to)))
        {
            send(PacketOf(fragment));
        }
    }
    else
    {
        send(output.packet);
    }
    if (output.timer == NONE)
    {
        return;
    }
    const int64_t now = Simulator::Now().GetNanoSeconds();
    const Peer* peer = nullptr;
    if (output.timer == SOURCE_RETRANSMISSION)
    {
        const auto it = m_sources.find(output.key);
        if (it == m_sources.end() || it->second->generation != output.generation)
        {
            return;
        }
        it->second->sentNs = now;
        peer = &PeerOf(output.key);
    }
    else if (output.timer == RESPONSE_RETRANSMISSION)
    {
        const auto it = m_destinations.find(output.key);
        if (it == m_destinations.end() || it->second->generation != output.generation)
        {
            return;
        }
        it->second->sentNs = now;
        peer = &PeerOf(output.key);
    }
    m_timers.Arm({now + RetransmissionNs(peer), output.key, output.generation, output.timer});
}

} // namespace ns3::mis
