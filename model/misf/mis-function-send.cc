// SPDX-License-Identifier: GPL-2.0-only

#include "mis-function.h"

#include "ns3/abort.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-protected-pdu.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

// sending

SecretOctets&
Misf::EncodeBuffer()
{
    // Shared by all nodes: it is filled and emptied within one call.
    static thread_local SecretOctets buffer;
    return buffer;
}

SendError
Misf::BuildFrame(const Header& header,
                 const MisfId& to,
                 const PeerAddress& via,
                 ByteView body,
                 const SendOptions& options,
                 Bytes& out,
                 const TlsSession*& records)
{
    records = nullptr;
    const auto protection = options.protection;
    SecurityAssociation* sa = nullptr;
    SecretOctets kept;
    const bool isHandshake = protection == SendOptions::Protection::HANDSHAKE;
    if (protection != SendOptions::Protection::NONE && !isHandshake)
    {
        sa = options.said ? m_sas.Find(*options.said, to.View())
                          : m_sas.FindByPeer(to, Simulator::Now().GetNanoSeconds());
        if (!sa && m_saProvider && !options.said)
        {
            // Who hears of a new SA may send something, which needs the buffer that holds the body.
            kept.assign(body.begin(), body.end());
            body = ByteView(kept.data(), kept.size());
            sa = FindSa(to);
        }
        if (!sa && protection == SendOptions::Protection::REQUIRED)
        {
            return SendError::NO_SA;
        }
    }
    SendError error = SendError::NONE;
    if (sa && sa->transport && FindPeer(to.View())->channel != via)
    {
        return SendError::NO_SA; // it does not protect what goes another way
    }
    if (sa && sa->tls && (!IsRecordPath(to.View(), via) || IsStranded(*sa)))
    {
        return SendError::NO_SA;
    }
    if (sa && !sa->transport)
    {
        const auto size =
            Protect(*m_crypto, *sa, Simulator::Now().GetNanoSeconds(), header, m_id, to, body, out);
        if (!size)
        {
            error =
                size.Error() == SecurityError::TOO_LONG ? SendError::TOO_LONG : SendError::NO_SA;
        }
        records = sa->tls.get();
    }
    else if (body.size() + m_id.View().size() + to.View().size() + 8 > UINT16_MAX)
    {
        error = SendError::TOO_LONG;
    }
    else
    {
        Header sent = header;
        sent.secured = isHandshake;
        BeginFrame(out, sent, m_id, to);
        Writer(out).Octets(body);
        FinishFrame(out);
    }
    auto& plain = EncodeBuffer();
    SecureWipe(plain.data(), plain.size());
    return error;
}

bool
Misf::Fits(const Bytes& frame, const PeerAddress& to)
{
    auto* transport = TransportFor(to.transport);
    NS_ABORT_MSG_IF(!transport,
                    "Misf: a peer is reached by " << ToString(to.transport)
                                                  << ", which is not enabled here: set attribute "
                                                     "EnableTcp to true");
    const size_t mtu = transport->Mtu(to);
    if (frame.size() <= mtu)
    {
        return true;
    }
    const auto view = ParseFrame(frame);
    return view && !Fragment(*view, mtu).empty();
}

SendError
Misf::SendEncoded(MessageId mid,
                  const MisfId& to,
                  ByteView body,
                  const SendOptions& options,
                  TransactionDone done)
{
    auto* peer = MakePeer(to.View());
    if (!peer)
    {
        return SendError::UNKNOWN_ADDRESS;
    }
    const bool hasChannel = options.via.IsEmpty() && !peer->channel.IsEmpty();
    const PeerAddress address = hasChannel              ? peer->channel
                                : options.via.IsEmpty() ? Via(Locate(*peer))
                                                        : Via(options.via);
    if (address.IsEmpty())
    {
        return SendError::UNKNOWN_ADDRESS;
    }
    const auto tid = NewTid(*peer);
    if (!tid)
    {
        return SendError::NO_TID;
    }
    Header header{};
    header.mid = mid;
    header.tid = *tid;
    header.ackReq = WantsAck(address);
    static thread_local Bytes frame;
    frame.clear();
    const TlsSession* records = nullptr;
    const auto error = BuildFrame(header, to, address, body, options, frame, records);
    if (error != SendError::NONE)
    {
        return error;
    }
    if (!Fits(frame, address))
    {
        return SendError::TOO_LONG;
    }
    auto packet = PacketOf(frame);
    const bool isRequest = mid.Opcode() == Opcode::REQUEST;
    if (!isRequest && !header.ackReq)
    {
        Queue(packet, address, header);
        return SendError::NONE;
    }
    const uint64_t key = KeyOf(*peer, *tid);
    auto& slot = m_sources[key];
    if (!slot)
    {
        slot = std::make_unique<SourceTransaction>();
    }
    auto& transaction = *slot;
    transaction = SourceTransaction();
    transaction.state =
        isRequest ? TransactionState::WAIT_RESPONSE_MESSAGE : TransactionState::WAIT_ACK;
    transaction.mid = mid;
    transaction.generation = m_nextGeneration++;
    transaction.acknowledged = !header.ackReq;
    // A handshake has the S bit too, but no association that an answer must come under.
    transaction.secured =
        ((frame[1] & assigned::SECURED_BIT) != 0 || IsProtected(address.transport)) &&
        options.protection != SendOptions::Protection::NONE &&
        options.protection != SendOptions::Protection::HANDSHAKE;
    transaction.to = address;
    transaction.records = records;
    transaction.done = std::move(done);
    ++m_live;
    m_transactionTrace(mid, *tid, transaction.state);
    ArmLifetime(key, transaction.generation, SOURCE_LIFETIME);
    if (header.ackReq)
    {
        transaction.frame = frame;
        Queue(packet, address, header, key, transaction.generation, SOURCE_RETRANSMISSION);
    }
    else
    {
        if (address.transport == TransportType::TLS)
        {
            transaction.frame = frame; // its connection may be lost
        }
        Queue(packet, address, header);
    }
    return SendError::NONE;
}

SendError
Misf::SendEncodedResponse(const TransactionReference& reference,
                          MessageId mid,
                          ByteView body,
                          const SendOptions& options)
{
    const auto it = m_destinations.find(reference.key);
    if (it == m_destinations.end() || it->second->generation != reference.generation ||
        it->second->state != TransactionState::WAIT_RESPONSE_PRIMITIVE)
    {
        return SendError::NO_TRANSACTION;
    }
    auto& transaction = *it->second;
    auto& peer = PeerOf(reference.key);
    const PeerAddress address = Via(options.via.IsEmpty() ? transaction.from : options.via);
    Header header{};
    header.mid = mid;
    header.tid = reference.key & 0xFFF;
    header.ackRsp = transaction.ackRequested && !transaction.ackSent;
    // A response that carries the acknowledgement needs none: if it is lost, the request comes
    // again.
    header.ackReq = transaction.ackSent && WantsAck(address);
    static thread_local Bytes frame;
    frame.clear();
    const TlsSession* records = nullptr;
    const auto error = BuildFrame(header, peer.id, address, body, options, frame, records);
    if (error != SendError::NONE)
    {
        return error;
    }
    if (!Fits(frame, address))
    {
        return SendError::TOO_LONG;
    }
    auto packet = PacketOf(frame);
    if (!records)
    {
        transaction.response = frame;
    }
    transaction.from = address;
    transaction.acknowledged = !header.ackReq;
    if (header.ackReq)
    {
        transaction.state = TransactionState::SEND_RESPONSE;
        Queue(packet,
              address,
              header,
              reference.key,
              transaction.generation,
              RESPONSE_RETRANSMISSION);
    }
    else
    {
        transaction.state = TransactionState::SUCCESS;
        --m_live;
        Queue(packet, address, header);
    }
    m_transactionTrace(transaction.mid, header.tid, transaction.state);
    return SendError::NONE;
}

void
Misf::SendAck(const FrameView& frame, const PeerAddress& to)
{
    Header header{};
    header.mid = frame.header.mid;
    header.tid = frame.header.tid;
    header.ackRsp = true;
    Bytes octets;
    octets.reserve(64);
    const auto* peer = FindPeer(frame.source);
    BeginFrame(octets, header, m_id, peer->id);
    FinishFrame(octets);
    Queue(PacketOf(octets), to, header);
}

void
Misf::SendToGroup(ByteView frame, std::vector<GroupTarget> targets, TransactionDone done)
{
    Activity activity(*this);
    const auto view = ParseFrame(frame);
    NS_ASSERT_MSG(view, "a group message is built by its user");
    auto packet = PacketOf(frame);
    const uint16_t tid = view->header.tid;
    const bool answersWanted = static_cast<bool>(done);
    auto group = std::make_unique<GroupTransaction>();
    group->mid = view->header.mid;
    group->generation = m_nextGeneration++;
    group->frame = packet;
    group->done = std::move(done);
    group->outstanding = targets.size();
    for (size_t i = 0; i < targets.size(); ++i)
    {
        const bool isLast = i + 1 == targets.size();
        // Who is reached at the address of the one before gets the same frame.
        const bool repeated = i > 0 && targets[i].to == group->pending.back().target.to;
        const Timer timer = answersWanted && isLast ? GROUP_RETRANSMISSION : NONE;
        if (!repeated)
        {
            Queue(packet->Copy(), targets[i].to, view->header, tid, group->generation, timer);
        }
        else if (timer != NONE)
        {
            m_outbox.frames.back().timer = timer;
        }
        group->pending.push_back({std::move(targets[i]), false});
    }
    if (answersWanted && group->outstanding > 0)
    {
        ++m_live;
        ArmLifetime(tid, group->generation, GROUP_LIFETIME);
        m_groups[tid] = std::move(group);
    }
}

void
Misf::Relay(const FrameView& frame, const PeerAddress& to)
{
    Activity activity(*this);
    Queue(PacketOf(frame.whole), to, frame.header);
}

void
Misf::Refuse(const ReceivedMessage& message)
{
    Drop(DropReason::REFUSED_BY_USER, message.frame.whole.size());
    Forget(message);
}

void
Misf::Forget(const ReceivedMessage& message)
{
    const auto it = m_destinations.find(message.transaction.key);
    if (it != m_destinations.end() && it->second->generation == message.transaction.generation)
    {
        if (it->second->state == TransactionState::WAIT_RESPONSE_PRIMITIVE)
        {
            --m_live;
        }
        m_destinations.erase(it);
    }
}

} // namespace ns3::mis
