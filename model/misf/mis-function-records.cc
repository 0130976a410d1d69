// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Messages protected by records of TLS.
 */
#include "mis-function.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/mis-auth-messages.h"
#include "ns3/mis-protected-pdu.h"
#include "ns3/mis-record-protection.h"
#include "ns3/mis-tcp-transport.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisFunctionRecords");

SecurityAssociation*
Misf::AddRecordSa(SecurityAssociation sa, const PeerAddress& address)
{
    NS_ASSERT_MSG(sa.tls && address.transport == TransportType::TCP,
                  "records need a session and TCP");
    auto* peer = MakePeer(sa.remote.View());
    NS_ABORT_MSG_IF(!peer, "Misf: MaxPeers " << m_maxPeers << " is too small");
    peer->records = address;
    peer->recordsFrom = LocalAddressTo(*m_node, address.address);
    return AddSa(std::move(sa));
}

bool
Misf::IsRecordPath(ByteView id, const PeerAddress& path)
{
    const auto* peer = FindPeer(id);
    return peer && path.transport == TransportType::TCP && !peer->records.IsEmpty() &&
           HostOf(path.address) == HostOf(peer->records.address);
}

bool
Misf::IsStranded(const SecurityAssociation& sa)
{
    if (!sa.tls)
    {
        return false;
    }
    const auto& peer = *FindPeer(sa.remote.View());
    const auto local = LocalAddressTo(*m_node, peer.records.address);
    return !local.IsInvalid() && local != peer.recordsFrom;
}

void
Misf::MoveRecords(const MisfId& id, const PeerAddress& address)
{
    auto& peer = *FindPeer(id.View());
    if (HostOf(peer.records.address) != HostOf(address.address))
    {
        m_tcp->Leave(HostOf(peer.records.address));
    }
    peer.records = address;
    peer.recordsFrom = LocalAddressTo(*m_node, address.address);
    LearnAddress(peer, address, true);
}

void
Misf::OnTcpLost(const Address& host)
{
    std::vector<std::pair<Said, MisfId>> lost;
    m_sas.ForEach([&](const SecurityAssociation& sa) {
        const auto* peer = sa.tls ? FindPeer(sa.remote.View()) : nullptr;
        if (peer && HostOf(peer->records.address) == host)
        {
            lost.emplace_back(sa.said, sa.remote);
        }
    });
    std::sort(lost.begin(), lost.end(), [](const auto& a, const auto& b) {
        return std::tie(a.second, a.first.value) < std::tie(b.second, b.first.value);
    });
    Activity activity(*this);
    for (const auto& [said, id] : lost)
    {
        if (const auto* sa = m_sas.Find(said, id.View()))
        {
            // Whether the peer can open it or not, its end is broken then, too.
            SendRecords(*sa, FindPeer(id.View())->records, sa->tls->Close());
            BreakSa(said, id, "connection-lost");
        }
    }
}

/// Opens a frame that records protect, in whatever state its transaction is: they have an order.
/// Returns false if it is another frame.
bool
Misf::ReceiveRecords(const FrameView& frame, const PeerAddress& from)
{
    if (!frame.header.secured || from.transport != TransportType::TCP)
    {
        return false;
    }
    const auto said = ReadSaid(frame);
    auto* sa = said ? m_sas.Find(*said, frame.source) : nullptr;
    if (!sa || !sa->tls)
    {
        return false;
    }
    if (!IsRecordPath(frame.source, from))
    {
        // Who is elsewhere must not be able to end a session by a record that it can not make.
        Drop(DropReason::NO_SA, frame.whole.size());
        return true;
    }
    SecretOctets octets;
    Bytes alert;
    const auto error = OpenRecords(*sa, Simulator::Now().GetNanoSeconds(), frame, octets, alert);
    const auto plain = error == SecurityError::NONE
                           ? ParseFrame(ByteView(octets.data(), octets.size()))
                           : Result<FrameView>(CodecError::TRUNCATED);
    if (plain)
    {
        auto* outer = std::exchange(m_channelSa, sa);
        ReceiveWhole(*plain, from);
        m_channelSa = outer;
        return true;
    }
    if (alert.empty() && error != SecurityError::EXPIRED)
    {
        alert = sa->tls->Close();
    }
    if (alert.empty() && error == SecurityError::BAD_ICV)
    {
        BreakSa(sa->said, sa->remote, "told-by-peer");
        return true;
    }
    Drop(DropReasonOf(error), frame.whole.size());
    if (error != SecurityError::EXPIRED)
    {
        SendRecords(*sa, from, alert);
        BreakSa(sa->said, sa->remote, "bad-record");
    }
    return true;
}

/// Sends records that carry no message, such as an alert.
void
Misf::SendRecords(const SecurityAssociation& sa, const PeerAddress& to, ByteView records)
{
    const auto tid = NewTid(*FindPeer(sa.remote.View()));
    if (records.empty() || !tid)
    {
        return;
    }
    Header header{};
    header.mid = AuthIndication::ID;
    header.tid = *tid;
    Bytes frame;
    FrameRecords(sa, header, records, frame);
    Queue(PacketOf(frame), to, header);
}

void
Misf::BreakSa(const Said& said, const MisfId& peer, const std::string& reason)
{
    const auto* broken = m_sas.Find(said, peer.View());
    if (!broken || !broken->tls)
    {
        return;
    }
    NS_LOG_INFO(m_id << ": the SA with " << peer << " is broken: " << reason);
    const auto session = broken->tls;
    m_saBrokenTrace(*broken, reason);
    RemoveSa(said, peer);
    EndUnder(session.get());
}

/// Ends what waits for messages that will never come.
void
Misf::EndUnder(const TlsSession* records)
{
    std::vector<std::pair<uint64_t, uint32_t>> unanswered;
    for (const auto& [key, transaction] : m_sources)
    {
        if (transaction->records == records)
        {
            unanswered.emplace_back(key, transaction->generation);
        }
    }
    // Not in the order of a hash table, which is nobody's.
    std::sort(unanswered.begin(), unanswered.end(), [](const auto& a, const auto& b) {
        return a.second < b.second;
    });
    for (auto it = m_destinations.begin(); it != m_destinations.end();)
    {
        const auto& transaction = *it->second;
        if (transaction.records != records ||
            transaction.state != TransactionState::WAIT_RESPONSE_PRIMITIVE)
        {
            ++it;
            continue;
        }
        --m_live;
        m_transactionTrace(transaction.mid, it->first & 0xFFF, TransactionState::FAILURE);
        m_destinations.erase(it++);
    }
    for (const auto& [key, generation] : unanswered)
    {
        const auto it = m_sources.find(key);
        if (it != m_sources.end() && it->second->generation == generation)
        {
            EndSource(key, TransactionFailure::SA_BROKEN, nullptr);
        }
    }
}

} // namespace ns3::mis
