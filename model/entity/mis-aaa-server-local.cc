// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * An AAA server of a visited operator, which turns to the home server.
 */
#include "mis-aaa-server.h"

#include "ns3/mis-eap-names.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

bool
AaaServer::IsOwn(const RadiusEapServerSession::Request& request) const
{
    const auto keyName = ErpKeyNameOf(request.eap);
    return keyName && DomainOf(MisfId(*keyName)) == DomainOf(m_misf->GetId());
}

void
AaaServer::PassOn(uint32_t state, const RadiusEapServerSession::Request& request)
{
    auto& session = m_sessions.at(state);
    if (!session.home)
    {
        session.home = m_home->MakeSession(request.callingStationId);
    }
    const bool sent =
        m_home->Send(*session.home,
                     request.eap,
                     [self = Ptr<AaaServer>(this), state, peerId = request.callingStationId](
                         const RadiusEapClientSession::Reply* reply) {
                         self->OnHomeReply(state, peerId, reply);
                     });
    if (!sent)
    {
        Drop("too-long", request.eap.size());
    }
}

void
AaaServer::OnHomeReply(uint32_t state,
                       const std::string& peerId,
                       const RadiusEapClientSession::Reply* reply)
{
    const auto it = m_sessions.find(state);
    if (it == m_sessions.end())
    {
        return;
    }
    if (!reply)
    {
        Drop("home-unreachable", 0); // the client repeats its request, and gives up too
        return;
    }
    auto& session = it->second;
    session.last = Simulator::Now();
    if (reply->domainKey)
    {
        auto key = MakeLocalErpRootKey(m_misf->GetCrypto(),
                                       reply->domainKey->dsrk,
                                       reply->domainKey->name);
        KeepKey(std::move(key), peerId, SecretBytes(), Seconds(reply->domainKey->lifetime));
    }
    Answer answer;
    answer.eap = reply->eap;
    answer.msk = reply->msk;
    AnswerClient(session, answer);
}

void
AaaServer::KeepKey(ErpRootKey key, const std::string& peerId, SecretBytes emsk, Time lifetime)
{
    const auto [known, isNew] = m_roots.emplace(peerId, Root());
    if (!isNew)
    {
        m_erp->Remove(known->second.name); // a peer has keys of its last authentication only
    }
    known->second.name = key.name;
    known->second.emsk = std::move(emsk);
    m_erp->Install(std::move(key), peerId, (Simulator::Now() + lifetime).GetNanoSeconds());
}

std::optional<DomainRootKey>
AaaServer::GrantDomainKey(const Session& session,
                          const std::string& domain,
                          const std::string& peerId)
{
    const auto root = m_roots.find(peerId);
    if (domain.empty() || domain != DomainOf(session.client) || root == m_roots.end() ||
        root->second.emsk.empty())
    {
        return std::nullopt;
    }
    DomainRootKey key;
    key.dsrk = DeriveDsrk(m_misf->GetCrypto(), root->second.emsk, domain);
    key.name = root->second.name;
    key.lifetime = static_cast<uint32_t>(m_keyLifetime.GetSeconds());
    return key;
}

} // namespace ns3::mis
