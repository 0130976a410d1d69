// SPDX-License-Identifier: GPL-2.0-only

#include "mis-static-establishment.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-ciphersuite.h"
#include "ns3/mis-kdf.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(StaticEstablishment);

namespace
{

constexpr size_t PAIR_KEY_OCTETS = 32;

std::string
PairKey(const MisfId& first, const MisfId& second)
{
    return first.Get() + '\n' + second.Get();
}

} // namespace

TypeId
StaticEstablishment::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::StaticEstablishment")
            .SetParent<SaEstablishment>()
            .SetGroupName("MisPrereg")
            .AddConstructor<StaticEstablishment>()
            .AddAttribute("Ciphersuite",
                          "Code of the ciphersuite (PA-17).",
                          UintegerValue(assigned::SUITE_AES_CCM),
                          MakeUintegerAccessor(&StaticEstablishment::m_ciphersuite),
                          MakeUintegerChecker<uint8_t>(1, 5))
            .AddAttribute("Lifetime",
                          "Time from its first use after which an SA is over and not renewed; zero "
                          "for no limit.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&StaticEstablishment::m_lifetime),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

StaticEstablishment::StaticEstablishment()
    : m_root(SecretBytes::Zeros(PAIR_KEY_OCTETS))
{
}

void
StaticEstablishment::SetRoot(const SecretBytes& root)
{
    m_root = root;
}

void
StaticEstablishment::AddPair(const MisfId& initiator, const MisfId& responder, IdType type)
{
    auto& responders = m_pairs[initiator];
    const auto it = std::find_if(responders.begin(), responders.end(), [&](const auto& known) {
        return known.id == responder;
    });
    if (it == responders.end())
    {
        responders.push_back({responder, type});
    }
    else
    {
        it->type = type;
    }
}

const IdType*
StaticEstablishment::FindPair(const MisfId& initiator, const MisfId& responder) const
{
    const auto it = m_pairs.find(initiator);
    if (it == m_pairs.end())
    {
        return nullptr;
    }
    for (const auto& known : it->second)
    {
        if (known.id == responder)
        {
            return &known.type;
        }
    }
    return nullptr;
}

void
StaticEstablishment::SetFederation(std::shared_ptr<const std::set<MisfId>> members, IdType type)
{
    m_federation = std::move(members);
    m_federationType = type;
}

void
StaticEstablishment::Exclude(const MisfId& a, const MisfId& b)
{
    m_excluded.insert(PairKey(std::min(a, b), std::max(a, b)));
}

std::optional<StaticEstablishment::Relation>
StaticEstablishment::Find(const MisfId& local, const MisfId& peer) const
{
    if (!m_excluded.empty() &&
        m_excluded.count(PairKey(std::min(local, peer), std::max(local, peer))) > 0)
    {
        return std::nullopt;
    }
    if (const auto* type = FindPair(local, peer))
    {
        return Relation{true, *type};
    }
    if (const auto* type = FindPair(peer, local))
    {
        return Relation{false, *type};
    }
    if (m_federation && local != peer && m_federation->count(local) > 0 &&
        m_federation->count(peer) > 0)
    {
        return Relation{local < peer, m_federationType};
    }
    return std::nullopt;
}

SecurityAssociation*
StaticEstablishment::ProvideForPeer(Misf& misf, const MisfId& peer)
{
    const auto& local = misf.GetId();
    const auto relation = Find(local, peer);
    if (!relation)
    {
        return nullptr;
    }
    const bool isLimited = m_lifetime.IsStrictlyPositive();
    if (isLimited && !m_provided.insert(PairKey(local, peer)).second)
    {
        return nullptr; // the same keys must not be used with sequence numbers from 1 again
    }
    const auto& initiator = relation->isInitiator ? local : peer;
    const auto& responder = relation->isInitiator ? peer : local;
    auto& crypto = misf.GetCrypto();
    KdfContext pair;
    pair.LengthPrefixed(initiator.View()).LengthPrefixed(responder.View());
    const auto key = Kdf(crypto,
                         DefaultPrf(),
                         m_root,
                         assigned::LABEL_PROVISIONED_SA,
                         pair.View(),
                         PAIR_KEY_OCTETS);
    const auto value = Kdf(crypto,
                           DefaultPrf(),
                           key,
                           assigned::LABEL_PROVISIONED_SAID,
                           {},
                           assigned::SAID_VALUE_SIZE);
    Said said;
    said.type = relation->type;
    said.value.assign(value.View().begin(), value.View().end());
    auto sa = SecurityAssociation::Create(
        crypto,
        said,
        local,
        peer,
        relation->isInitiator,
        m_ciphersuite,
        DeriveMisk(crypto, key, m_ciphersuite, std::nullopt, std::nullopt, initiator, responder),
        isLimited ? (Simulator::Now() + m_lifetime).GetNanoSeconds()
                  : SecurityAssociation::NO_LIMIT);
    sa.miak = DeriveMiak(crypto, key, std::nullopt, std::nullopt, initiator, responder);
    return misf.AddSa(std::move(sa));
}

SecurityAssociation*
StaticEstablishment::ProvideForSaid(Misf& misf, const Said& said, const MisfId& peer)
{
    if (const auto* known = misf.GetSaDatabase().FindByPeer(peer);
        known && known->said.type == said.type)
    {
        return nullptr; // this pair has its SA already, and it is another one
    }
    auto* sa = ProvideForPeer(misf, peer);
    return sa && sa->said == said ? sa : nullptr;
}

bool
StaticEstablishment::IsProvisioned(const Misf& misf, const Said& said, const MisfId& peer) const
{
    // No other establishment serves a pair that this one does, but K makes SAs too.
    const auto relation = Find(misf.GetId(), peer);
    return relation && said.type == relation->type;
}

} // namespace ns3::mis
