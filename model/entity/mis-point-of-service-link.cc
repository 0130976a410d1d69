// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What a PoS does for links: it relays their frames, checks credentials, and pushes keys.
 */
#include "mis-group-manager.h"
#include "mis-point-of-service.h"
#include "mis-proactive-authentication.h"

#include "ns3/mis-answer.h"
#include "ns3/mis-auth-messages.h"
#include "ns3/mis-credential.h"
#include "ns3/mis-link-kdf.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

/// A mobile node that has come without a key: its credentials are being checked.
struct PointOfService::LinkSession
{
    LinkSession(CryptoContext& crypto,
                const LinkTupleId& link,
                const AuthenticatorCredentials& credentials,
                uint32_t generation)
        : access(crypto, link, credentials, Simulator::Now().GetNanoSeconds()),
          generation(generation)
    {
    }

    MediaAccessAuthenticator access;
    uint32_t generation;
    int64_t deadlineNs{0};
};

// Here, where all their members are known.
PointOfService::PointOfService()
    : m_timers([this](const TimerQueue::Entry& entry) { Expire(entry); })
{
}

PointOfService::~PointOfService() = default;

void
PointOfService::ForgetLinks()
{
    m_linkSessions.clear();
    m_linkCredentials.reset();
    m_makeLinkCredentials = nullptr;
}

PointOfService::LinkKey
PointOfService::KeyOf(const LinkTupleId& link)
{
    return {link.link, OfferedLink(link)};
}

void
PointOfService::SetLinkAuthentication(const std::string& mode)
{
    m_linkAuthentication = ParseLinkAuthenticationMode("PointOfService", mode);
}

std::string
PointOfService::GetLinkAuthentication() const
{
    return ToString(m_linkAuthentication);
}

void
PointOfService::AddPointOfAttachment(const LinkId& link, const MisfId& id)
{
    m_pointsOfAttachment[link] = id;
    m_pointOfAttachmentIds.insert(id);
}

void
PointOfService::SetSubscribers(std::shared_ptr<const Subscribers> subscribers)
{
    m_subscribers = std::move(subscribers);
}

void
PointOfService::SetLinkCredentials(MakeLinkCredentials make)
{
    m_makeLinkCredentials = std::move(make);
    m_linkCredentials.reset();
}

bool
PointOfService::IsPointOfAttachment(const MisfId& id) const
{
    return m_pointOfAttachmentIds.count(id) > 0;
}

std::optional<MisfId>
PointOfService::FindSubscriber(const std::string& imsi) const
{
    if (m_subscribers)
    {
        const auto it = m_subscribers->find(imsi);
        if (it != m_subscribers->end())
        {
            return it->second;
        }
    }
    return std::nullopt;
}

// keys

void
PointOfService::PushLinkKey(const LinkTupleId& link,
                            const MisfId& mn,
                            const SecretBytes& root,
                            std::function<void(bool isPushed)> done)
{
    // Not at once: it may end what is asking.
    const auto fail = [misf = m_misf, done] {
        misf->AtCompletion([misf, done] {
            Misf::Activity activity(*misf);
            done(false);
        });
    };
    const auto poa = m_pointsOfAttachment.find(OfferedLink(link));
    if (poa == m_pointsOfAttachment.end())
    {
        fail();
        return;
    }
    const auto key = LinkKeyOf(m_misf->GetCrypto(), root, mn, m_misf->GetId(), link);
    if (m_misf->GetKeyLog())
    {
        m_misf->GetKeyLog()->LinkKey(mn, m_misf->GetId(), link, root, key);
    }
    PushKeyRequest request;
    KeyMapping mapping;
    mapping.link = link;
    const auto view = key.View();
    mapping.key.assign(view.begin(), view.end());
    mapping.lifetime = assigned::KEY_LIFETIME_S;
    request.keyMapping.push_back(std::move(mapping));
    const auto push = [this, id = poa->second, request, done, fail] {
        SendOptions options;
        options.protection = SendOptions::Protection::REQUIRED;
        const auto error = m_misf->SendRequest(
            id,
            request,
            options,
            [misf = m_misf, done](const TransactionResult& result) {
                done(DecodeAnswer<PushKeyResponse>(*misf, result).GetStatus() == Status::SUCCESS);
            });
        if (error != SendError::NONE)
        {
            fail();
        }
    };
    if (!m_misf->NeedsEstablishment(poa->second))
    {
        push();
        return;
    }
    m_misf->EstablishSa(
        poa->second,
        [push, fail](const SecurityAssociation* sa, const std::string&) { sa ? push() : fail(); });
}

// LL_Auth

void
PointOfService::OnLlAuthOfOthers(const ReceivedMessage& message)
{
    const auto request = DecodeBody<LlAuthRequest>(message.body);
    if (!request)
    {
        m_misf->Refuse(message);
        return;
    }
    if (IsPointOfAttachment(message.source))
    {
        OnLinkAccess(message, *request);
        return;
    }
    const auto offered = OfferedLink(request->link);
    if (m_pointsOfAttachment.count(offered) > 0)
    {
        OnRelayedLlAuth(message, *request);
        return;
    }
    const auto directory = m_misf->GetDirectory();
    const auto* record = directory ? directory->FindByLink(offered) : nullptr;
    if (record && record->id != m_misf->GetId() && !IsPartner(message.source))
    {
        RelayLlAuth(message, record->id, *request);
        return;
    }
    m_misf->Refuse(message);
}

void
PointOfService::AnswerLlAuth(const TransactionReference& transaction,
                             bool isProtected,
                             const LinkTupleId& link,
                             Bytes frame,
                             Status status)
{
    LlAuthResponse response;
    response.link = link;
    response.linkLayerInformation = std::move(frame);
    response.status = status;
    SendOptions options;
    options.protection =
        isProtected ? SendOptions::Protection::REQUIRED : SendOptions::Protection::NONE;
    m_misf->SendResponse(transaction, response, options);
}

void
PointOfService::RelayLlAuth(const ReceivedMessage& message,
                            const MisfId& tpos,
                            const LlAuthRequest& request)
{
    const bool isProtected = message.sa != nullptr;
    const auto refuse =
        [this, transaction = message.transaction, isProtected, link = request.link](Status status) {
            AnswerLlAuth(transaction, isProtected, link, {}, status);
        };
    if (!m_misf->FindSa(message.source))
    {
        refuse(Status::AUTHORIZATION_FAILURE);
        m_misf->TraceAtCompletion(m_servingTrace, message.source, std::string("no-mn-sa"));
        return;
    }
    if (!IsPartner(tpos))
    {
        refuse(Status::REJECTED);
        return;
    }
    const auto answer = [this, transaction = message.transaction, isProtected, refuse](
                            const TransactionResult& result) {
        auto fromTarget = DecodeAnswer<LlAuthResponse>(*m_misf, result);
        if (!fromTarget)
        {
            refuse(Status::NETWORK_ERROR);
            return;
        }
        AnswerLlAuth(transaction,
                     isProtected,
                     fromTarget->link,
                     std::move(fromTarget.response->linkLayerInformation),
                     fromTarget->status);
    };
    SendOptions options;
    options.protection =
        isProtected ? SendOptions::Protection::REQUIRED : SendOptions::Protection::NONE;
    const auto error = m_misf->SendRequest(tpos, request, options, answer);
    if (error != SendError::NONE)
    {
        refuse(error == SendError::NO_SA ? Status::REJECTED : Status::NETWORK_ERROR);
    }
}

void
PointOfService::OnRelayedLlAuth(const ReceivedMessage& message, const LlAuthRequest& request)
{
    const bool isProtected = message.sa != nullptr;
    const auto reject = [&](const char* reason) {
        AnswerLlAuth(message.transaction, isProtected, request.link, {}, Status::REJECTED);
        m_misf->TraceAtCompletion(m_targetTrace, MisfId(), std::string(reason));
    };
    if (!IsPartner(message.source))
    {
        reject("spos-not-partner");
        return;
    }
    // Which mobile node it is, LL_Auth says only by its link; Prereg_Xfer has named the two.
    const auto mn = m_targetByLink.find(KeyOf(request.link));
    const auto it = mn == m_targetByLink.end() ? m_targets.end() : m_targets.find(mn->second);
    if (it == m_targets.end() || it->second->GetSpos() != message.source || !it->second->IsKeyed())
    {
        reject("no-session");
        return;
    }
    if (it->second->IsProtected() && !isProtected)
    {
        reject("unprotected-request");
        return;
    }
    if (m_linkAuthentication != LinkAuthenticationMode::REAL)
    {
        reject("malformed-link-frame");
        return;
    }
    auto& session = *it->second;
    ArmTarget(session, m_misf->GetTransactionLifetime());
    auto answer = session.OnLinkFrame(request.link, request.linkLayerInformation);
    AnswerLlAuth(message.transaction,
                 isProtected,
                 request.link,
                 std::move(answer.frame),
                 answer.status);
    if (!answer.outcome.empty())
    {
        EndTarget(session, answer.outcome);
    }
}

// credentials of mobile nodes that come without a key

const AuthenticatorCredentials&
PointOfService::GetLinkCredentials()
{
    if (!m_linkCredentials)
    {
        m_linkCredentials = std::make_unique<AuthenticatorCredentials>(MakeAuthenticatorCredentials(
            m_misf->GetCrypto(),
            [this](const MisfId& mn) {
                return m_credentialRoot.empty()
                           ? std::nullopt
                           : std::optional<SecretBytes>(
                                 DeriveCredential(m_misf->GetCrypto(), m_credentialRoot, mn));
            },
            [this](const std::string& imsi) { return FindSubscriber(imsi); },
            m_misf->GetId()));
        if (m_makeLinkCredentials)
        {
            m_linkCredentials->eap = m_makeLinkCredentials();
        }
    }
    return *m_linkCredentials;
}

void
PointOfService::OnLinkAccess(const ReceivedMessage& message, const LlAuthRequest& request)
{
    const auto poa = m_pointsOfAttachment.find(OfferedLink(request.link));
    if (!message.sa || poa == m_pointsOfAttachment.end() || poa->second != message.source)
    {
        m_misf->Refuse(message);
        return;
    }
    const auto key = KeyOf(request.link);
    auto& session = m_linkSessions[key];
    const bool isNew = !session || session->access.GetState() != MediaAccessState::RUNNING;
    if (isNew)
    {
        session = std::make_unique<LinkSession>(m_misf->GetCrypto(),
                                                request.link,
                                                GetLinkCredentials(),
                                                m_nextGeneration++);
    }
    session->deadlineNs = (Simulator::Now() + m_misf->GetTransactionLifetime()).GetNanoSeconds();
    m_timedLinks[session->generation] = key;
    m_timers.Arm({session->deadlineNs, session->generation, 0, LINK_ACCESS});
    auto& access = session->access;
    // Without a frame the network is to begin, or to say again what it said last.
    auto frames = !request.linkLayerInformation.empty()
                      ? access.Receive(request.linkLayerInformation)
                  : isNew ? access.Start()
                          : access.Repeat();
    auto frame = frames.empty() ? Bytes() : std::move(frames.back());
    switch (access.GetState())
    {
    case MediaAccessState::RUNNING:
        AnswerLlAuth(message.transaction, true, request.link, std::move(frame), Status::SUCCESS);
        break;
    case MediaAccessState::FAILURE:
        AnswerLlAuth(message.transaction,
                     true,
                     request.link,
                     std::move(frame),
                     Status::AUTHENTICATION_FAILURE);
        EndLinkAccess(key, MisfId(access.GetIdentity()), access.GetReason());
        break;
    case MediaAccessState::SUCCESS: {
        const auto mn = FindSubscriber(access.GetIdentity()).value_or(MisfId(access.GetIdentity()));
        // The point of attachment goes on with the key, so it comes first.
        PushLinkKey(request.link,
                    mn,
                    access.GetRoot(),
                    [this,
                     transaction = message.transaction,
                     link = request.link,
                     frame = std::move(frame)](bool isPushed) {
                        AnswerLlAuth(transaction,
                                     true,
                                     link,
                                     frame,
                                     isPushed ? Status::SUCCESS : Status::NETWORK_ERROR);
                    });
        EndLinkAccess(key, mn, "success");
        break;
    }
    }
}

void
PointOfService::EndLinkAccess(const LinkKey& key, const MisfId& mn, const std::string& outcome)
{
    m_misf->TraceAtCompletion(m_linkAccessTrace, mn, outcome);
    m_linkSessions.erase(key); // what the arguments refer to may go with it
}

void
PointOfService::ExpireLinkAccess(const TimerQueue::Entry& entry)
{
    const auto timed = m_timedLinks.find(static_cast<uint32_t>(entry.key));
    if (timed == m_timedLinks.end())
    {
        return;
    }
    const auto it = m_linkSessions.find(timed->second);
    if (it == m_linkSessions.end() || it->second->generation != entry.key)
    {
        m_timedLinks.erase(timed);
        return;
    }
    if (it->second->deadlineNs != entry.deadlineNs)
    {
        return; // armed again since
    }
    Misf::Activity activity(*m_misf);
    const auto key = timed->second;
    m_timedLinks.erase(timed);
    EndLinkAccess(key, MisfId(it->second->access.GetIdentity()), "timeout");
}

} // namespace ns3::mis
