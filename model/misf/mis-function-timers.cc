// SPDX-License-Identifier: GPL-2.0-only

#include "mis-function.h"

#include "ns3/simulator.h"

namespace ns3::mis
{

// timers

void
Misf::ArmLifetime(uint64_t key, uint32_t generation, Timer timer)
{
    m_timers.Arm({Simulator::Now().GetNanoSeconds() + m_transactionLifetime.GetNanoSeconds(),
                  key,
                  generation,
                  timer});
}

void
Misf::Remember(uint64_t key, uint32_t generation, bool isSource)
{
    m_memories.push_back(
        {(Simulator::Now() + m_transactionLifetime).GetNanoSeconds(), key, generation, isSource});
}

void
Misf::ForgetOld()
{
    // When the node is next active is early enough: what it remembers does nothing by itself, so a
    // node at rest costs no event.
    if (m_oldestMemory == m_memories.size())
    {
        return;
    }
    const int64_t now = Simulator::Now().GetNanoSeconds();
    for (; m_oldestMemory < m_memories.size() && m_memories[m_oldestMemory].untilNs <= now;
         ++m_oldestMemory)
    {
        const auto& memory = m_memories[m_oldestMemory];
        if (memory.isSource)
        {
            const auto it = m_completed.find(memory.key);
            if (it != m_completed.end() && it->second.generation == memory.generation)
            {
                m_completed.erase(it);
            }
            continue;
        }
        const auto it = m_destinations.find(memory.key);
        if (it != m_destinations.end() && it->second->generation == memory.generation &&
            it->second->state == TransactionState::SUCCESS)
        {
            m_destinations.erase(it);
        }
    }
    if (m_oldestMemory > m_memories.size() / 2)
    {
        m_memories.erase(m_memories.begin(), m_memories.begin() + m_oldestMemory);
        m_oldestMemory = 0;
    }
}

bool
Misf::IsStale(const TimerQueue::Entry& entry) const
{
    switch (entry.kind)
    {
    case SOURCE_RETRANSMISSION: {
        const auto it = m_sources.find(entry.key);
        return it == m_sources.end() || it->second->generation != entry.generation ||
               it->second->acknowledged;
    }
    case RESPONSE_RETRANSMISSION: {
        const auto it = m_destinations.find(entry.key);
        return it == m_destinations.end() || it->second->generation != entry.generation ||
               it->second->acknowledged;
    }
    case SOURCE_LIFETIME: {
        const auto it = m_sources.find(entry.key);
        return it == m_sources.end() || it->second->generation != entry.generation;
    }
    case DESTINATION_LIFETIME: {
        const auto it = m_destinations.find(entry.key);
        return it == m_destinations.end() || it->second->generation != entry.generation ||
               it->second->state == TransactionState::SUCCESS;
    }
    default:
        return false;
    }
}

void
Misf::Expire(const TimerQueue::Entry& entry)
{
    switch (entry.kind)
    {
    case SOURCE_RETRANSMISSION:
        RetransmitSource(entry);
        break;
    case RESPONSE_RETRANSMISSION:
        RetransmitResponse(entry);
        break;
    case GROUP_RETRANSMISSION:
        RetransmitGroup(entry);
        break;
    case SOURCE_LIFETIME: {
        const auto it = m_sources.find(entry.key);
        if (it != m_sources.end() && it->second->generation == entry.generation)
        {
            EndSource(entry.key, TransactionFailure::LIFETIME_OVER, nullptr);
        }
        break;
    }
    case DESTINATION_LIFETIME: {
        const auto it = m_destinations.find(entry.key);
        if (it != m_destinations.end() && it->second->generation == entry.generation &&
            it->second->state != TransactionState::SUCCESS)
        {
            --m_live;
            m_transactionTrace(it->second->mid, entry.key & 0xFFF, TransactionState::FAILURE);
            m_destinations.erase(it);
        }
        break;
    }
    case GROUP_LIFETIME: {
        const auto it = m_groups.find(static_cast<uint16_t>(entry.key));
        if (it != m_groups.end() && it->second->generation == entry.generation)
        {
            EndGroup(static_cast<uint16_t>(entry.key), TransactionFailure::LIFETIME_OVER);
        }
        break;
    }
    case REASSEMBLY: {
        const int64_t now = Simulator::Now().GetNanoSeconds();
        const auto dropped = m_reassembler.Expire(now) + m_channelReassembler.Expire(now);
        for (size_t i = 0; i < dropped; ++i)
        {
            Drop(DropReason::REASSEMBLY_TIMEOUT, 0);
        }
        break;
    }
    case SA_EXPIRY: {
        const int64_t now = Simulator::Now().GetNanoSeconds();
        while (const auto* sa = m_sas.FindExpired(now))
        {
            const auto said = sa->said;
            const auto peer = sa->remote;
            m_saDownTrace(*sa);
            m_sas.Remove(said, peer.View());
        }
        break;
    }
    default:
        break;
    }
}

void
Misf::RetransmitSource(const TimerQueue::Entry& entry)
{
    const auto it = m_sources.find(entry.key);
    if (it == m_sources.end() || it->second->generation != entry.generation ||
        it->second->acknowledged)
    {
        return;
    }
    auto& transaction = *it->second;
    if (transaction.retransmissions >= m_maxRetransmissions)
    {
        EndSource(entry.key, TransactionFailure::NO_ACKNOWLEDGEMENT, nullptr);
        return;
    }
    ++transaction.retransmissions;
    Activity activity(*this);
    Header header{};
    header.mid = transaction.mid;
    header.tid = entry.key & 0xFFF;
    Queue(PacketOf(transaction.frame),
          transaction.to,
          header,
          entry.key,
          entry.generation,
          SOURCE_RETRANSMISSION);
}

void
Misf::RetransmitResponse(const TimerQueue::Entry& entry)
{
    const auto it = m_destinations.find(entry.key);
    if (it == m_destinations.end() || it->second->generation != entry.generation ||
        it->second->acknowledged)
    {
        return;
    }
    auto& transaction = *it->second;
    if (transaction.retransmissions >= m_maxRetransmissions)
    {
        transaction.state = TransactionState::SUCCESS;
        transaction.acknowledged = true;
        --m_live;
        m_transactionTrace(transaction.mid, entry.key & 0xFFF, TransactionState::FAILURE);
        return;
    }
    ++transaction.retransmissions;
    Activity activity(*this);
    Header header{};
    header.mid = transaction.mid;
    header.tid = entry.key & 0xFFF;
    Queue(PacketOf(transaction.response),
          transaction.from,
          header,
          entry.key,
          entry.generation,
          RESPONSE_RETRANSMISSION);
}

void
Misf::RetransmitGroup(const TimerQueue::Entry& entry)
{
    const auto tid = static_cast<uint16_t>(entry.key);
    const auto it = m_groups.find(tid);
    if (it == m_groups.end() || it->second->generation != entry.generation)
    {
        return;
    }
    auto& group = *it->second;
    if (group.retransmissions >= m_maxRetransmissions)
    {
        EndGroup(tid, TransactionFailure::NO_ACKNOWLEDGEMENT);
        return;
    }
    ++group.retransmissions;
    Activity activity(*this);
    Header header{};
    header.mid = group.mid;
    header.tid = tid;
    bool queued = false;
    PeerAddress last;
    for (const auto& pending : group.pending)
    {
        if (pending.answered || (queued && pending.target.to == last))
        {
            continue;
        }
        Queue(group.frame->Copy(), pending.target.to, header, entry.key, entry.generation, NONE);
        last = pending.target.to;
        queued = true;
    }
    m_outbox.frames.back().timer = GROUP_RETRANSMISSION;
}

void
Misf::EndSource(uint64_t key, TransactionFailure failure, const ReceivedMessage* message)
{
    const auto it = m_sources.find(key);
    const auto transaction = std::move(it->second);
    m_sources.erase(it);
    --m_live;
    if (failure == TransactionFailure::NONE)
    {
        // Remembered until its lifetime ends, to acknowledge a repeated response.
        m_completed[key] = {transaction->responseDigest, transaction->generation, transaction->mid};
        Remember(key, transaction->generation, true);
    }
    m_transactionTrace(transaction->mid,
                       key & 0xFFF,
                       failure == TransactionFailure::NONE ? TransactionState::SUCCESS
                                                           : TransactionState::FAILURE);
    const auto& done = transaction->done;
    if (done)
    {
        Activity activity(*this);
        done({failure, message});
    }
}

void
Misf::EndGroup(uint16_t tid, TransactionFailure failure)
{
    const auto it = m_groups.find(tid);
    const auto done = std::move(it->second->done);
    m_groups.erase(it);
    --m_live;
    if (done && failure != TransactionFailure::NONE)
    {
        Activity activity(*this);
        done({failure, nullptr});
    }
}

} // namespace ns3::mis
