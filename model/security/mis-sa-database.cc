// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The security associations of a node, found by identifier and peer.
 */
#include "mis-sa-database.h"

#include <algorithm>

namespace ns3::mis
{

std::size_t
SaDatabase::KeyHash::operator()(const Key& key) const
{
    return MisfIdHash()(key.peer) * 31 + hash_value(key.said);
}

std::size_t
SaDatabase::KeyHash::operator()(const Entry& entry) const
{
    return (*this)(Key{entry->said, entry->remote.View()});
}

bool
SaDatabase::KeyEqual::operator()(const Key& a, const Entry& b) const
{
    return a.said == b->said && a.peer == b->remote.View();
}

bool
SaDatabase::KeyEqual::operator()(const Entry& a, const Key& b) const
{
    return (*this)(b, a);
}

bool
SaDatabase::KeyEqual::operator()(const Entry& a, const Entry& b) const
{
    return (*this)(Key{a->said, a->remote.View()}, b);
}

SecurityAssociation*
SaDatabase::Add(SecurityAssociation sa)
{
    SecurityAssociation* place = Find(sa.said, sa.remote.View());
    if (place != nullptr)
    {
        Unlink(place);
        *place = std::move(sa);
    }
    else
    {
        auto entry = std::make_unique<SecurityAssociation>(std::move(sa));
        place = entry.get();
        m_associations.insert(std::move(entry));
    }
    Link(place);
    return place;
}

SecurityAssociation*
SaDatabase::Find(const Said& said, ByteView peer) const
{
    const auto found = m_associations.find(Key{said, peer});
    return found != m_associations.end() ? found->get() : nullptr;
}

SecurityAssociation*
SaDatabase::FindByPeer(ByteView peer, int64_t nowNs) const
{
    const auto found = m_peers.find(peer);
    return found == m_peers.end() ? nullptr : Newest(found->second, nowNs);
}

SecurityAssociation*
SaDatabase::FindByPeer(const MisfId& peer, int64_t nowNs) const
{
    const auto found = m_peers.find(peer);
    return found == m_peers.end() ? nullptr : Newest(found->second, nowNs);
}

SecurityAssociation*
SaDatabase::Newest(const PeerList& list, int64_t nowNs)
{
    const auto newest = std::find_if(list.rbegin(), list.rend(), [nowNs](const auto* sa) {
        return sa->CanSend() && sa->IsUsable(nowNs);
    });
    return newest != list.rend() ? *newest : nullptr;
}

bool
SaDatabase::Remove(const Said& said, ByteView peer)
{
    const auto found = m_associations.find(Key{said, peer});
    if (found == m_associations.end())
    {
        return false;
    }
    Unlink(found->get());
    m_associations.erase(found);
    return true;
}

std::size_t
SaDatabase::RemovePeer(ByteView peer)
{
    const auto found = m_peers.find(peer);
    if (found == m_peers.end())
    {
        return 0;
    }
    // A copy, since every removal changes the list.
    const PeerList list = found->second;
    for (const SecurityAssociation* sa : list)
    {
        Remove(sa->said, sa->remote.View());
    }
    return list.size();
}

std::size_t
SaDatabase::RemoveExpired(int64_t nowNs)
{
    std::size_t removed = 0;
    while (!m_expiry.empty() && m_expiry.begin()->first <= nowNs)
    {
        const SecurityAssociation* sa = m_expiry.begin()->second;
        Remove(sa->said, sa->remote.View());
        ++removed;
    }
    return removed;
}

void
SaDatabase::Unlink(SecurityAssociation* sa)
{
    const auto found = m_peers.find(sa->remote);
    PeerList& list = found->second;
    list.erase(std::find(list.begin(), list.end(), sa));
    if (list.empty())
    {
        m_peers.erase(found);
    }
    m_expiry.erase({sa->notAfterNs, sa});
}

void
SaDatabase::Link(SecurityAssociation* sa)
{
    m_peers[sa->remote].push_back(sa);
    if (sa->notAfterNs != SecurityAssociation::NO_LIMIT)
    {
        m_expiry.emplace(sa->notAfterNs, sa);
    }
}

} // namespace ns3::mis
