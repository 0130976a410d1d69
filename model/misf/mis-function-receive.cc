// SPDX-License-Identifier: GPL-2.0-only

#include "mis-function.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisFunctionReceive");

namespace
{

uint64_t
Digest(ByteView octets)
{
    return std::hash<std::string_view>()(
        std::string_view(reinterpret_cast<const char*>(octets.data()), octets.size()));
}

bool
IsPureAck(const FrameView& frame)
{
    return frame.header.ackRsp && frame.body.empty();
}

bool
IsResponseTo(MessageId mid, MessageId request)
{
    return request.Opcode() == Opcode::REQUEST &&
           mid == MessageId::Make(request.Sid(), Opcode::RESPONSE, request.Aid());
}

} // namespace

// receiving

void
Misf::Drop(DropReason reason, size_t octets)
{
    NS_LOG_INFO(m_id << ": drops a frame: " << ToString(reason));
    ++m_drops[static_cast<size_t>(reason)];
    m_dropTrace(reason, static_cast<uint32_t>(octets));
}

void
Misf::Receive(ByteView frame, const PeerAddress& from, SecurityAssociation* sa)
{
    auto* outer = std::exchange(m_channelSa, sa);
    ReceiveFrame(frame, from);
    m_channelSa = outer;
}

void
Misf::ReceiveFrame(ByteView octets, const PeerAddress& from)
{
    Activity activity(*this);
    const auto frame = ParseFrame(octets);
    if (!frame)
    {
        Drop(DropReason::MALFORMED, octets.size());
        return;
    }
    if (!m_rxTrace.IsEmpty())
    {
        m_rxTrace(FrameRecord{frame->header,
                              m_id,
                              frame->source,
                              frame->destination,
                              from,
                              static_cast<uint32_t>(octets.size()),
                              nullptr});
    }
    if (!frame->header.more && frame->header.fragment == 0)
    {
        ReceiveWhole(*frame, from);
        return;
    }
    const int64_t now = Simulator::Now().GetNanoSeconds();
    Bytes whole;
    // One fragment from elsewhere must not count as protected because another one is.
    const bool isProtected = m_channelSa && m_channelSa->remote.View() == frame->source;
    auto& reassembler = isProtected ? m_channelReassembler : m_reassembler;
    const auto before = reassembler.Size();
    switch (reassembler
                .Add(now, m_reassemblyTimeout.GetNanoSeconds(), m_maxReassemblies, *frame, whole))
    {
    case Reassembler::Verdict::WAITING:
        if (reassembler.Size() > before)
        {
            m_timers.Arm({now + m_reassemblyTimeout.GetNanoSeconds(), 0, 0, REASSEMBLY});
        }
        break;
    case Reassembler::Verdict::DROPPED:
        Drop(DropReason::BAD_FRAGMENT, octets.size());
        break;
    case Reassembler::Verdict::FULL:
        Drop(DropReason::TABLE_FULL, octets.size());
        break;
    case Reassembler::Verdict::COMPLETE:
        if (const auto assembled = ParseFrame(whole))
        {
            ReceiveWhole(*assembled, from);
        }
        else
        {
            Drop(DropReason::MALFORMED, whole.size());
        }
        break;
    }
}

void
Misf::ReceiveWhole(const FrameView& frame, const PeerAddress& from)
{
    if (!frame.destination.empty() && !(frame.destination == m_id.View()))
    {
        ReceiveForeign(frame, from);
        return;
    }
    auto* peer = MakePeer(frame.source);
    if (!peer)
    {
        Drop(DropReason::TABLE_FULL, frame.whole.size());
        return;
    }
    if (ReceiveRecords(frame, from))
    {
        return;
    }
    const bool isResponse = frame.header.mid.Opcode() == Opcode::RESPONSE;
    if (frame.header.ackRsp ? !isResponse || !frame.body.empty() : isResponse)
    {
        ReceiveAtSource(frame, *peer, from);
        return;
    }
    if (isResponse)
    {
        // acknowledgement of a response sent from here
        const auto it = m_destinations.find(KeyOf(*peer, frame.header.tid));
        if (it == m_destinations.end() || !IsResponseTo(frame.header.mid, it->second->mid))
        {
            Drop(DropReason::UNKNOWN_TRANSACTION, frame.whole.size());
            return;
        }
        auto& transaction = *it->second;
        if (transaction.state == TransactionState::SEND_RESPONSE)
        {
            MeasureRtt(*peer, transaction.sentNs, transaction.retransmissions);
            transaction.acknowledged = true;
            transaction.state = TransactionState::SUCCESS;
            Bytes().swap(transaction.response); // it will not be asked for again
            --m_live;
            m_transactionTrace(transaction.mid, frame.header.tid, transaction.state);
        }
        return;
    }
    const auto handler = m_handlers.find(frame.header.mid.Value());
    if (handler == m_handlers.end())
    {
        Drop(DropReason::UNKNOWN_MESSAGE, frame.whole.size());
        return;
    }
    ReceiveAtDestination(frame, *peer, from, handler->second);
}

void
Misf::ReceiveForeign(const FrameView& frame, const PeerAddress& from)
{
    const auto handler = m_handlers.find(frame.header.mid.Value());
    if (handler == m_handlers.end() || handler->second.destination != Destination::ANY)
    {
        Drop(DropReason::NOT_FOR_THIS_MISF, frame.whole.size());
        return;
    }
    auto* peer = MakePeer(frame.source);
    if (!peer)
    {
        Drop(DropReason::TABLE_FULL, frame.whole.size());
        return;
    }
    if (frame.header.mid.Opcode() == Opcode::RESPONSE)
    {
        handler->second.handler({frame, peer->id, frame.body, nullptr, from, {}});
        return;
    }
    ReceiveAtDestination(frame, *peer, from, handler->second);
}

void
Misf::ReceiveAtSource(const FrameView& frame, Peer& peer, const PeerAddress& from)
{
    const uint64_t key = KeyOf(peer, frame.header.tid);
    const auto it = m_sources.find(key);
    const bool isAck = IsPureAck(frame);
    const auto answers = [&](MessageId mid) {
        return isAck ? frame.header.mid == mid : IsResponseTo(frame.header.mid, mid);
    };
    const uint64_t digest = isAck ? 0 : Digest(frame.whole);
    if (it == m_sources.end() || !answers(it->second->mid))
    {
        const auto completed = m_completed.find(key);
        if (completed == m_completed.end() || !answers(completed->second.mid))
        {
            ReceiveGroupAnswer(frame, peer, from);
        }
        else if (!isAck && digest == completed->second.responseDigest && frame.header.ackReq)
        {
            SendAck(frame, from);
        }
        return;
    }
    auto& transaction = *it->second;
    if (isAck)
    {
        if (transaction.acknowledged)
        {
            return;
        }
        transaction.acknowledged = true;
        Bytes().swap(transaction.frame);
        MeasureRtt(peer, transaction.sentNs, transaction.retransmissions);
        if (transaction.state == TransactionState::WAIT_ACK)
        {
            EndSource(key, TransactionFailure::NONE, nullptr);
        }
        return;
    }
    SecretOctets plain;
    ByteView body;
    SecurityAssociation* sa = nullptr;
    if (!Open(frame, peer.id, plain, body, sa))
    {
        return;
    }
    if (transaction.secured && !sa)
    {
        // An unprotected answer to a protected question is somebody else's.
        Drop(DropReason::BAD_PROTECTION, frame.whole.size());
        return;
    }
    LearnAddress(peer, from, sa != nullptr);
    if (frame.header.ackRsp && !transaction.acknowledged)
    {
        MeasureRtt(peer, transaction.sentNs, transaction.retransmissions);
    }
    transaction.acknowledged = true;
    transaction.responseDigest = digest;
    if (frame.header.ackReq)
    {
        SendAck(frame, from);
    }
    const ReceivedMessage message{frame, peer.id, body, sa, from, {}};
    EndSource(key, TransactionFailure::NONE, &message);
}

void
Misf::ReceiveGroupAnswer(const FrameView& frame, Peer& peer, const PeerAddress& from)
{
    const uint16_t tid = frame.header.tid;
    const auto it = m_groups.find(tid);
    const bool answers = it != m_groups.end() && !IsPureAck(frame) &&
                         IsResponseTo(frame.header.mid, it->second->mid);
    if (!answers)
    {
        Drop(DropReason::UNKNOWN_TRANSACTION, frame.whole.size());
        return;
    }
    auto& pending = it->second->pending;
    const auto member = std::find_if(pending.begin(), pending.end(), [&](const auto& entry) {
        return entry.target.member == peer.id;
    });
    if (member == pending.end() || member->answered)
    {
        Drop(DropReason::UNKNOWN_TRANSACTION, frame.whole.size());
        return;
    }
    SecretOctets plain;
    ByteView body;
    SecurityAssociation* sa = nullptr;
    if (!Open(frame, peer.id, plain, body, sa))
    {
        return;
    }
    if (LacksProtection(sa, peer))
    {
        Drop(DropReason::UNPROTECTED, frame.whole.size());
        return;
    }
    member->answered = true;
    const bool isLast = --it->second->outstanding == 0;
    const auto done = isLast ? std::move(it->second->done) : it->second->done;
    if (isLast)
    {
        EndGroup(tid, TransactionFailure::NONE);
    }
    const ReceivedMessage message{frame, peer.id, body, sa, from, {}};
    done({TransactionFailure::NONE, &message});
}

void
Misf::ReceiveAtDestination(const FrameView& frame,
                           Peer& peer,
                           const PeerAddress& from,
                           const Registration& registration)
{
    const uint64_t key = KeyOf(peer, frame.header.tid);
    const uint64_t digest = Digest(frame.whole);
    const auto known = m_destinations.find(key);
    if (known != m_destinations.end())
    {
        auto& transaction = *known->second;
        if (transaction.digest == digest)
        {
            if (!transaction.response.empty() && transaction.ackRequested && !transaction.ackSent)
            {
                Queue(PacketOf(transaction.response), transaction.from, frame.header);
            }
            else if (transaction.ackSent)
            {
                SendAck(frame, from);
            }
            else if (!transaction.response.empty())
            {
                Queue(PacketOf(transaction.response), transaction.from, frame.header);
            }
            return;
        }
        if (transaction.state != TransactionState::SUCCESS)
        {
            Drop(DropReason::TRANSACTION_CONFLICT, frame.whole.size());
            return;
        }
    }
    else if (m_destinations.size() >= m_maxTransactions)
    {
        Drop(DropReason::TABLE_FULL, frame.whole.size());
        return;
    }
    SecretOctets plain;
    ByteView body;
    SecurityAssociation* sa = nullptr;
    if (!Open(frame, peer.id, plain, body, sa))
    {
        return;
    }
    if (registration.trust == Trust::SA_IF_ANY && LacksProtection(sa, peer))
    {
        Drop(DropReason::UNPROTECTED, frame.whole.size());
        return;
    }
    LearnAddress(peer, from, sa != nullptr);
    const bool isRequest = frame.header.mid.Opcode() == Opcode::REQUEST;
    auto& slot = m_destinations[key];
    if (!slot)
    {
        slot = std::make_unique<DestinationTransaction>();
    }
    *slot = DestinationTransaction();
    const uint32_t generation = m_nextGeneration++;
    slot->state = isRequest ? TransactionState::WAIT_RESPONSE_PRIMITIVE : TransactionState::SUCCESS;
    slot->mid = frame.header.mid;
    slot->generation = generation;
    slot->digest = digest;
    slot->ackRequested = frame.header.ackReq;
    slot->from = from;
    slot->records = sa ? sa->tls.get() : nullptr;
    m_live += isRequest;
    m_transactionTrace(frame.header.mid, frame.header.tid, slot->state);
    Remember(key, generation, false);
    registration.handler({frame, peer.id, body, sa, from, {key, generation}});
    // The user may have answered, refused or even removed it.
    const auto it = m_destinations.find(key);
    if (it == m_destinations.end() || it->second->generation != generation)
    {
        return;
    }
    if (it->second->state != TransactionState::SUCCESS)
    {
        ArmLifetime(key, generation, DESTINATION_LIFETIME);
    }
    if (it->second->ackRequested && it->second->response.empty())
    {
        it->second->ackSent = true;
        SendAck(frame, from);
    }
}

} // namespace ns3::mis
