// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Peers of a MISF: where they are, how long they take to answer, and transaction identifiers.
 */
#include "mis-function.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ns3::mis
{

namespace
{

constexpr uint16_t LAST_TID = 4095; // 12 bits; 0 is not used
constexpr uint8_t MAX_BACKOFF = 2;  // four times the interval, well within a lifetime

} // namespace

Peer*
Misf::FindPeer(ByteView id)
{
    const auto it = m_peersById.find(id);
    return it == m_peersById.end() ? nullptr : it->second;
}

Peer*
Misf::MakePeer(ByteView id)
{
    if (auto* peer = FindPeer(id))
    {
        return peer;
    }
    if (m_peers.size() >= m_maxPeers)
    {
        return nullptr;
    }
    auto peer = std::make_unique<Peer>();
    peer->id = MisfId(std::string(reinterpret_cast<const char*>(id.data()), id.size()));
    peer->index = static_cast<uint32_t>(m_peers.size());
    auto* raw = peer.get();
    m_peers.push_back(std::move(peer));
    m_peersById.emplace(raw->id, raw);
    return raw;
}

Peer&
Misf::PeerOf(uint64_t key)
{
    return *m_peers[key >> 16];
}

PeerAddress
Misf::Locate(Peer& peer)
{
    if (peer.address.IsEmpty() && m_directory)
    {
        if (const auto* record = m_directory->Find(peer.id.View()))
        {
            peer.address = record->address;
            peer.pinned = true;
        }
    }
    return peer.address;
}

void
Misf::LearnAddress(Peer& peer, const PeerAddress& from, bool verified)
{
    if (!peer.pinned && (verified || Locate(peer).IsEmpty()) && peer.address != from)
    {
        peer.address = from;
    }
}

const PeerAddress&
Misf::Via(const PeerAddress& to) const
{
    if (m_channels.empty() || to.IsEmpty() || to.transport == TransportType::L2 ||
        IsProtected(to.transport))
    {
        return to;
    }
    const auto it = m_channels.find(HostOf(to.address));
    return it == m_channels.end() ? to : it->second;
}

bool
Misf::WantsAck(const PeerAddress& to) const
{
    return m_acknowledge && to.transport != TransportType::TCP &&
           to.transport != TransportType::TLS && !to.IsMulticast();
}

std::optional<uint16_t>
Misf::NewTid(Peer& peer)
{
    if (peer.nextTid == 0)
    {
        peer.nextTid = 1 + m_random.Next() % LAST_TID;
    }
    for (uint16_t tries = 0; tries < LAST_TID; ++tries)
    {
        const uint16_t tid = peer.nextTid;
        peer.nextTid = tid == LAST_TID ? 1 : tid + 1;
        // A group request is under the same identifier with all members, who may be peers.
        if (m_sources.find(KeyOf(peer, tid)) == m_sources.end() &&
            m_groups.find(tid) == m_groups.end())
        {
            return tid;
        }
    }
    return std::nullopt;
}

std::optional<uint16_t>
Misf::NewGroupTid()
{
    if (m_nextGroupTid == 0)
    {
        m_nextGroupTid = 1 + m_random.Next() % LAST_TID;
    }
    for (uint16_t tries = 0; tries < LAST_TID; ++tries)
    {
        const uint16_t tid = m_nextGroupTid;
        m_nextGroupTid = tid == LAST_TID ? 1 : tid + 1;
        if (m_groups.find(tid) == m_groups.end())
        {
            return tid;
        }
    }
    return std::nullopt;
}

int64_t
Misf::RetransmissionNs(const Peer* peer) const
{
    int64_t interval = m_retransmissionInterval.GetNanoSeconds();
    if (m_adaptive && peer)
    {
        interval = std::max<int64_t>(interval,
                                     std::llround(peer->smoothedRttNs + 4 * peer->rttVariationNs));
        interval <<= peer->backoff;
    }
    return interval;
}

void
Misf::MeasureRtt(Peer& peer, int64_t sentNs, uint8_t retransmissions)
{
    // RFC 6298, sections 2, 3 and 5: nobody knows which transmission was acknowledged, so the next
    // message waits longer, until one needs no retransmission. Else a path slower than the interval
    // would never be measured.
    if (retransmissions > 0)
    {
        peer.backoff = std::min<uint8_t>(peer.backoff + 1, MAX_BACKOFF);
        return;
    }
    peer.backoff = 0;
    const double sample =
        static_cast<double>(std::max<int64_t>(Simulator::Now().GetNanoSeconds() - sentNs, 1));
    if (peer.smoothedRttNs == 0)
    {
        peer.smoothedRttNs = sample;
        peer.rttVariationNs = sample / 2;
        return;
    }
    peer.rttVariationNs = 0.75 * peer.rttVariationNs + 0.25 * std::abs(peer.smoothedRttNs - sample);
    peer.smoothedRttNs = 0.875 * peer.smoothedRttNs + 0.125 * sample;
}

} // namespace ns3::mis
