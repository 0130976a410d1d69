// SPDX-License-Identifier: GPL-2.0-only

#include "mis-pairwise-establishment.h"

#include <algorithm>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(PairwiseEstablishment);

namespace
{

/// Whether a role is one of a pair; a group manager is a PoS to mobile nodes.
bool
Has(SaPair pair, MisfRole role)
{
    switch (role)
    {
    case MisfRole::MOBILE_NODE:
        return pair == SaPair::MN_POS;
    case MisfRole::POINT_OF_SERVICE:
        return true;
    case MisfRole::GROUP_MANAGER:
        return pair != SaPair::POS_POS;
    case MisfRole::POINT_OF_ATTACHMENT:
        return false; // its PoS and it are of one operator, and provisioned
    }
    return false;
}

} // namespace

TypeId
PairwiseEstablishment::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::PairwiseEstablishment")
                            .SetParent<SaEstablishment>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<PairwiseEstablishment>();
    return tid;
}

void
PairwiseEstablishment::DoDispose()
{
    m_byPair.fill(nullptr);
    m_byEnds.clear();
    SaEstablishment::DoDispose();
}

void
PairwiseEstablishment::Choose(SaPair pair, Ptr<SaEstablishment> establishment)
{
    m_byPair[static_cast<size_t>(pair)] = establishment;
}

void
PairwiseEstablishment::ChooseFor(const MisfId& a,
                                 const MisfId& b,
                                 Ptr<SaEstablishment> establishment)
{
    m_byEnds[{std::min(a, b), std::max(a, b)}] = establishment;
}

Ptr<SaEstablishment>
PairwiseEstablishment::Get(SaPair pair) const
{
    return m_byPair[static_cast<size_t>(pair)];
}

void
PairwiseEstablishment::SetRole(const MisfId& id, MisfRole role)
{
    m_roles[id] = role;
}

SaEstablishment*
PairwiseEstablishment::Find(const MisfId& a, const MisfId& b) const
{
    if (!m_byEnds.empty())
    {
        const auto it = m_byEnds.find({std::min(a, b), std::max(a, b)});
        if (it != m_byEnds.end())
        {
            return PeekPointer(it->second);
        }
    }
    const auto ofA = m_roles.find(a);
    const auto ofB = m_roles.find(b);
    if (ofA == m_roles.end() || ofB == m_roles.end())
    {
        return nullptr;
    }
    const auto [first, second] = std::minmax(ofA->second, ofB->second);
    auto pair = SaPair::POS_POS;
    if (first == MisfRole::MOBILE_NODE)
    {
        pair = SaPair::MN_POS;
    }
    else if (second == MisfRole::GROUP_MANAGER)
    {
        pair = SaPair::POS_GM;
    }
    else if (second == MisfRole::POINT_OF_ATTACHMENT)
    {
        pair = SaPair::POS_POA;
    }
    return PeekPointer(m_byPair[static_cast<size_t>(pair)]);
}

bool
PairwiseEstablishment::IsOnDemand(const Misf& misf, const MisfId& peer) const
{
    const auto* establishment = Find(misf.GetId(), peer);
    return establishment && establishment->IsOnDemand(misf, peer);
}

void
PairwiseEstablishment::Establish(Misf& misf, const MisfId& peer, Established established)
{
    if (auto* establishment = Find(misf.GetId(), peer))
    {
        establishment->Establish(misf, peer, std::move(established));
        return;
    }
    established(nullptr, "no-establishment");
}

SecurityAssociation*
PairwiseEstablishment::ProvideForPeer(Misf& misf, const MisfId& peer)
{
    auto* establishment = Find(misf.GetId(), peer);
    return establishment ? establishment->ProvideForPeer(misf, peer) : nullptr;
}

SecurityAssociation*
PairwiseEstablishment::ProvideForSaid(Misf& misf, const Said& said, const MisfId& peer)
{
    auto* establishment = Find(misf.GetId(), peer);
    return establishment ? establishment->ProvideForSaid(misf, said, peer) : nullptr;
}

bool
PairwiseEstablishment::IsProvisioned(const Misf& misf, const Said& said, const MisfId& peer) const
{
    const auto* establishment = Find(misf.GetId(), peer);
    return establishment && establishment->IsProvisioned(misf, said, peer);
}

void
PairwiseEstablishment::Removed(Misf& misf, const Said& said, const MisfId& peer)
{
    if (auto* establishment = Find(misf.GetId(), peer))
    {
        establishment->Removed(misf, said, peer);
    }
}

void
PairwiseEstablishment::Serve(Misf& misf)
{
    // The handler is the MISF's own, so it does not outlive it.
    misf.SetHandler(
        AuthRequest::ID,
        [self = Ptr<PairwiseEstablishment>(this), &misf](const ReceivedMessage& message) {
            const auto request = DecodeBody<AuthRequest>(message.body);
            auto* establishment = self->Find(misf.GetId(), message.source);
            if (!request || !establishment)
            {
                misf.Refuse(message);
                return;
            }
            establishment->OnAuthRequest(misf, message, *request);
        });
    const auto role = m_roles.find(misf.GetId());
    for (size_t i = 0; i < m_byPair.size(); ++i)
    {
        if (m_byPair[i] && role != m_roles.end() && Has(static_cast<SaPair>(i), role->second))
        {
            m_byPair[i]->Serve(misf);
        }
    }
}

int64_t
PairwiseEstablishment::AssignStreams(int64_t stream)
{
    int64_t used = 0;
    for (size_t i = 0; i < m_byPair.size(); ++i)
    {
        const auto begin = m_byPair.begin();
        if (m_byPair[i] && std::find(begin, begin + i, m_byPair[i]) == begin + i)
        {
            used += m_byPair[i]->AssignStreams(stream + used);
        }
    }
    return used;
}

} // namespace ns3::mis
