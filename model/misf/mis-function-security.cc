// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Security associations of a MISF, and transports that protect what they carry.
 */
#include "mis-function.h"

#include "ns3/abort.h"
#include "ns3/assert.h"
#include "ns3/mis-protected-pdu.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3::mis
{

SecurityAssociation*
Misf::AddSa(SecurityAssociation sa)
{
    NS_ASSERT_MSG(sa.group || sa.local == m_id, "an SA belongs to its local MISF");
    auto* stored = m_sas.Add(std::move(sa));
    if (m_keyLog && !stored->transport && !stored->tls)
    {
        m_keyLog->Sa(*stored);
    }
    if (stored->notAfterNs != SecurityAssociation::NO_LIMIT)
    {
        m_timers.Arm({stored->notAfterNs, 0, 0, SA_EXPIRY});
    }
    m_saUpTrace(*stored);
    return stored;
}

SecurityAssociation*
Misf::FindSa(const MisfId& peer)
{
    auto* sa = m_sas.FindByPeer(peer, Simulator::Now().GetNanoSeconds());
    if (sa && !IsStranded(*sa))
    {
        return sa;
    }
    return m_saProvider ? m_saProvider->ProvideForPeer(*this, peer) : nullptr;
}

bool
Misf::NeedsEstablishment(const MisfId& peer)
{
    return m_saProvider && !FindSa(peer) && m_saProvider->IsOnDemand(*this, peer);
}

void
Misf::EstablishSa(const MisfId& peer, SaProvider::Established established)
{
    auto* sa = FindSa(peer);
    if (sa || !m_saProvider)
    {
        established(sa, sa ? "" : "no-sa");
        return;
    }
    m_saProvider->Establish(*this, peer, std::move(established));
}

void
Misf::RemoveSa(const Said& said, const MisfId& peer)
{
    if (const auto* sa = m_sas.Find(said, peer.View()))
    {
        m_saDownTrace(*sa);
        const Said removed = said; // what these refer to may be the SA's own
        const MisfId other = peer;
        if (m_channelSa == sa)
        {
            m_channelSa = nullptr;
        }
        m_sas.Remove(removed, other.View());
        if (m_saProvider)
        {
            m_saProvider->Removed(*this, removed, other);
        }
    }
}

void
Misf::SetTransport(TransportType type, std::shared_ptr<Transport> transport)
{
    NS_ASSERT_MSG(IsProtected(type), "other transports belong to the MISF");
    m_protectedTransports[type] = transport;
    if (m_started)
    {
        transport->Open();
    }
}

std::shared_ptr<Transport>
Misf::GetTransport(TransportType type) const
{
    const auto it = m_protectedTransports.find(type);
    return it == m_protectedTransports.end() ? nullptr : it->second;
}

void
Misf::CountOverhead(const Address& host, size_t octets)
{
    m_overheadTrace(m_id, host, static_cast<uint32_t>(octets));
}

SecurityAssociation*
Misf::OpenChannel(SecurityAssociation sa, const PeerAddress& channel)
{
    NS_ASSERT_MSG(sa.transport, "a channel is an association of the transport");
    auto* peer = MakePeer(sa.remote.View());
    NS_ABORT_MSG_IF(!peer, "Misf: MaxPeers " << m_maxPeers << " is too small");
    peer->channels += m_sas.Find(sa.said, sa.remote.View()) == nullptr;
    peer->channel = channel;
    m_channels[HostOf(channel.address)] = channel;
    auto* stored = AddSa(std::move(sa));
    if (channel.transport == TransportType::TLS)
    {
        // What a connection that was lost may have taken along; the peer knows duplicates.
        Activity activity(*this);
        for (const auto& [key, transaction] : m_sources)
        {
            if (&PeerOf(key) == peer && transaction->to == channel && !transaction->frame.empty())
            {
                Header header{};
                header.mid = transaction->mid;
                header.tid = key & 0xFFF;
                Queue(PacketOf(transaction->frame), channel, header);
            }
        }
    }
    return stored;
}

void
Misf::CloseChannel(const Said& said, const MisfId& id)
{
    const auto* sa = m_sas.Find(said, id.View());
    auto* peer = FindPeer(id.View());
    if (!sa || !peer)
    {
        return;
    }
    if (--peer->channels == 0)
    {
        m_channels.erase(HostOf(peer->channel.address));
        peer->channel = PeerAddress();
    }
    RemoveSa(said, id);
}

bool
Misf::IsProvisioned(const Said& said, const MisfId& peer) const
{
    return m_saProvider && m_saProvider->IsProvisioned(*this, said, peer);
}

bool
Misf::Open(const FrameView& frame,
           const MisfId& source,
           SecretOctets& plain,
           ByteView& body,
           SecurityAssociation*& sa)
{
    sa = nullptr;
    body = frame.body;
    if (!frame.header.secured || IsHandshake(frame))
    {
        sa = m_channelSa && m_channelSa->remote == source ? m_channelSa : nullptr;
        return true;
    }
    const auto said = ReadSaid(frame);
    if (!said)
    {
        Drop(DropReasonOf(said.Error()), frame.whole.size());
        return false;
    }
    auto* candidate = m_sas.Find(*said, frame.source);
    if (!candidate && m_saProvider)
    {
        candidate = m_saProvider->ProvideForSaid(*this, *said, source);
    }
    if (!candidate || candidate->transport || candidate->tls)
    {
        Drop(DropReason::NO_SA, frame.whole.size());
        return false;
    }
    const auto opened =
        Unprotect(*m_crypto, *candidate, Simulator::Now().GetNanoSeconds(), frame, plain);
    if (!opened)
    {
        Drop(DropReasonOf(opened.Error()), frame.whole.size());
        return false;
    }
    sa = candidate;
    body = ByteView(plain.data(), plain.size());
    return true;
}

bool
Misf::LacksProtection(const SecurityAssociation* sa, const Peer& peer)
{
    return !sa && FindSa(peer.id);
}

} // namespace ns3::mis
