// SPDX-License-Identifier: GPL-2.0-only

#include "mis-on-demand-establishment.h"

#include "ns3/abort.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-ciphersuite.h"
#include "ns3/mis-kdf.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(OnDemandEstablishment);

TypeId
OnDemandEstablishment::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::OnDemandEstablishment")
            .SetParent<SaEstablishment>()
            .SetGroupName("MisPrereg")
            .AddAttribute("Ciphersuite",
                          "Code of the ciphersuite of the SA (PA-17).",
                          UintegerValue(assigned::SUITE_AES_CCM),
                          MakeUintegerAccessor(&OnDemandEstablishment::m_ciphersuite),
                          MakeUintegerChecker<uint8_t>(1, 5))
            .AddAttribute("Lifetime",
                          "Lifetime of the SA.",
                          TimeValue(Seconds(assigned::KEY_LIFETIME_S)),
                          MakeTimeAccessor(&OnDemandEstablishment::m_lifetime),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("RenewBefore",
                          "Time before the end of the lifetime at which the initiator establishes "
                          "another SA; zero to wait until one is needed.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&OnDemandEstablishment::m_renewBefore),
                          MakeTimeChecker(Seconds(0)))
            .AddTraceSource("Established",
                            "An establishment has ended at its initiator, well or badly.",
                            MakeTraceSourceAccessor(&OnDemandEstablishment::m_establishedTrace),
                            "ns3::mis::OnDemandEstablishment::EstablishmentTracedCallback");
    return tid;
}

void
OnDemandEstablishment::DoDispose()
{
    for (auto& [key, renewal] : m_renewals)
    {
        renewal.event.Cancel();
    }
    m_renewals.clear();
    m_pending.clear();
    m_credentials = nullptr;
    SaEstablishment::DoDispose();
}

void
OnDemandEstablishment::SetCredentials(Ptr<CredentialStore> credentials)
{
    m_credentials = credentials;
}

CredentialStore&
OnDemandEstablishment::GetCredentials()
{
    NS_ABORT_MSG_IF(!m_credentials, "OnDemandEstablishment: call SetCredentials first");
    return *m_credentials;
}

uint32_t
OnDemandEstablishment::GetLifetimeSeconds() const
{
    return static_cast<uint32_t>(m_lifetime.GetSeconds());
}

bool
OnDemandEstablishment::IsOnDemand(const Misf&, const MisfId&) const
{
    return true;
}

SecurityAssociation*
OnDemandEstablishment::ProvideForPeer(Misf&, const MisfId&)
{
    return nullptr;
}

SecurityAssociation*
OnDemandEstablishment::ProvideForSaid(Misf&, const Said&, const MisfId&)
{
    return nullptr;
}

void
OnDemandEstablishment::Establish(Misf& misf, const MisfId& peer, Established established)
{
    const auto key = PairKey(misf.GetId(), peer);
    const auto [it, isNew] = m_pending.emplace(key, Pending());
    it->second.waiting.push_back(std::move(established));
    if (isNew)
    {
        it->second.begin = Simulator::Now();
        Misf::Activity activity(misf);
        Begin(misf, peer);
    }
}

void
OnDemandEstablishment::Finish(Misf& misf, const MisfId& peer, const std::string& reason)
{
    misf.AtCompletion(
        [self = Ptr<OnDemandEstablishment>(this), node = Ptr<Misf>(&misf), peer, reason] {
            const auto it = self->m_pending.find(PairKey(node->GetId(), peer));
            if (it == self->m_pending.end())
            {
                return;
            }
            const auto pending = std::move(it->second);
            self->m_pending.erase(it);
            EstablishmentReport report;
            report.local = node->GetId();
            report.peer = peer;
            report.outcome = reason.empty() ? "success" : reason;
            report.begin = pending.begin;
            report.end = Simulator::Now();
            self->m_establishedTrace(report);
            auto* sa = reason.empty() ? node->FindSa(peer) : nullptr;
            Misf::Activity activity(*node);
            for (const auto& waiting : pending.waiting)
            {
                waiting(sa, reason.empty() && !sa ? "sa-expired" : reason);
            }
        });
}

SecurityAssociation*
OnDemandEstablishment::Install(Misf& misf,
                               const MisfId& peer,
                               bool isInitiator,
                               const Said& said,
                               ByteView root,
                               const std::optional<Nonce>& nonceT,
                               const std::optional<Nonce>& nonceN)
{
    auto& crypto = misf.GetCrypto();
    const auto& initiator = isInitiator ? misf.GetId() : peer;
    const auto& responder = isInitiator ? peer : misf.GetId();
    auto sa = SecurityAssociation::Create(
        crypto,
        said,
        misf.GetId(),
        peer,
        isInitiator,
        m_ciphersuite,
        DeriveMisk(crypto, root, m_ciphersuite, nonceT, nonceN, initiator, responder),
        (Simulator::Now() + m_lifetime).GetNanoSeconds());
    sa.miak = DeriveMiak(crypto, root, nonceT, nonceN, initiator, responder);
    PlanRenewal(misf, peer, isInitiator, said);
    return misf.AddSa(std::move(sa));
}

void
OnDemandEstablishment::PlanRenewal(Misf& misf,
                                   const MisfId& peer,
                                   bool isInitiator,
                                   const Said& said)
{
    if (isInitiator && m_renewBefore.IsStrictlyPositive() && m_renewBefore < m_lifetime)
    {
        auto& renewal = m_renewals[PairKey(misf.GetId(), peer)];
        renewal.event.Cancel();
        renewal.said = said;
        renewal.event = Simulator::Schedule(m_lifetime - m_renewBefore,
                                            &OnDemandEstablishment::Renew,
                                            this,
                                            Ptr<Misf>(&misf),
                                            peer);
    }
}

void
OnDemandEstablishment::Removed(Misf& misf, const Said& said, const MisfId& peer)
{
    const auto it = m_renewals.find(PairKey(misf.GetId(), peer));
    if (it != m_renewals.end() && it->second.said == said)
    {
        it->second.event.Cancel();
        m_renewals.erase(it);
    }
}

void
OnDemandEstablishment::Renew(Ptr<Misf> misf, MisfId peer)
{
    m_renewals.erase(PairKey(misf->GetId(), peer));
    if (!misf->GetSaDatabase().FindByPeer(peer, Simulator::Now().GetNanoSeconds()))
    {
        return; // it was given up meanwhile
    }
    Establish(*misf, peer, [](const SecurityAssociation*, const std::string&) {});
}

} // namespace ns3::mis
