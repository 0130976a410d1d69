// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The authenticator of EapEstablishment, at the point of service.
 */
#include "mis-eap-establishment.h"
#include "mis-eap-exchange.h"

#include "ns3/log.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-kdf.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

using namespace eap;

NS_LOG_COMPONENT_DEFINE("MisEapAuthenticator");

EapEstablishment::Authenticator&
EapEstablishment::AuthenticatorOf(Misf& misf)
{
    auto& authenticator = m_authenticators[misf.GetId()];
    if (authenticator.radius || m_aaa.IsEmpty())
    {
        return authenticator;
    }
    const auto* record =
        misf.GetDirectory() ? misf.GetDirectory()->Find(misf.GetId().View()) : nullptr;
    const auto local = m_local.find(misf.GetId());
    const bool isLocal = local != m_local.end();
    const auto* secret =
        GetCredentials().GetPreSharedKey(misf.GetId(), isLocal ? local->second.id : m_aaa);
    if (record && secret)
    {
        RadiusClientConfiguration configuration;
        configuration.secret = *secret;
        configuration.nasIdentifier = misf.GetId().Get();
        configuration.portType = NasPortType::VIRTUAL;
        authenticator.radius = Create<RadiusClient>(
            Ptr<Misf>(&misf),
            record->address.address,
            isLocal ? local->second.address : m_aaaAddress,
            std::move(configuration),
            RadiusRetransmission{m_radiusTimeout, m_radiusMaxTimeout, m_radiusSends});
    }
    return authenticator;
}

void
EapEstablishment::OnAuthRequest(Misf& misf,
                                const ReceivedMessage& message,
                                const AuthRequest& request)
{
    if (message.sa)
    {
        OnConfirmation(misf, message, request);
        return;
    }
    if (request.nonce)
    {
        OnStart(misf, message, request);
        return;
    }
    const auto it = m_sessions.find(PairKey(misf.GetId(), message.source));
    if (it == m_sessions.end() || it->second->waiting || it->second->said ||
        !request.authenticationInformation)
    {
        misf.Refuse(message);
        return;
    }
    AppendBody(it->second->transcript, message.body);
    Forward(misf, message.source, message.transaction, *request.authenticationInformation);
}

void
EapEstablishment::Answer(Misf& misf,
                         const TransactionReference& transaction,
                         const AuthResponse& response,
                         Session* session)
{
    if (session)
    {
        AppendMessage(session->transcript, response);
    }
    const auto error = misf.SendResponse(transaction, response, Plain());
    if (error != SendError::NONE)
    {
        NS_LOG_INFO(misf.GetId() << ": an Auth response is not sent: " << ToString(error));
    }
}

void
EapEstablishment::OnStart(Misf& misf, const ReceivedMessage& message, const AuthRequest& request)
{
    const MisfId mn = message.source;
    const auto key = PairKey(misf.GetId(), mn);
    const auto known = m_sessions.find(key);
    if (known != m_sessions.end())
    {
        if (known->second->nonceT == *request.nonce)
        {
            misf.Refuse(message); // somebody repeats what the MN has sent
            return;
        }
        End(misf, mn, "superseded");
    }
    const auto refuse = [&](std::optional<uint8_t> suite, Status status, const char* outcome) {
        AuthResponse response;
        response.ciphersuite = suite;
        response.status = status;
        Answer(misf, message.transaction, response, nullptr);
        misf.TraceAtCompletion(m_answeredTrace, misf.GetId(), mn, std::string(outcome));
    };
    if (m_sessions.size() >= m_maxSessions)
    {
        refuse(std::nullopt, Status::REJECTED, "too-many-sessions");
        return;
    }
    if (request.ciphersuite != GetCiphersuite())
    {
        refuse(GetCiphersuite(), Status::REJECTED, "no-common-suite");
        return;
    }
    auto& authenticator = AuthenticatorOf(misf);
    if (!authenticator.radius)
    {
        refuse(std::nullopt, Status::NETWORK_ERROR, "no-aaa-server");
        return;
    }
    auto& session = *(m_sessions[key] = std::make_unique<Session>());
    session.generation = m_nextGeneration++;
    session.radius = authenticator.radius->MakeSession(mn.Get());
    session.nonceT = *request.nonce;
    session.last = Simulator::Now();
    AppendBody(session.transcript, message.body);
    Simulator::Schedule(m_sessionTimeout,
                        &EapEstablishment::Expire,
                        Ptr<EapEstablishment>(this),
                        Ptr<Misf>(&misf),
                        mn,
                        session.generation);
    if (request.authenticationInformation || ServerBegins())
    {
        Forward(misf,
                mn,
                message.transaction,
                request.authenticationInformation ? ByteView(*request.authenticationInformation)
                                                  : ByteView());
        return;
    }
    AuthResponse response;
    response.authenticationInformation =
        EncodeEap({EapCode::REQUEST, 0, EapType::IDENTITY, ByteView()});
    Answer(misf, message.transaction, response, &session);
}

void
EapEstablishment::Forward(Misf& misf,
                          const MisfId& mn,
                          const TransactionReference& transaction,
                          ByteView eap)
{
    auto& session = *m_sessions[PairKey(misf.GetId(), mn)];
    session.last = Simulator::Now();
    session.waiting = transaction;
    const bool sent = AuthenticatorOf(misf).radius->Send(
        *session.radius,
        eap,
        [self = Ptr<EapEstablishment>(this),
         node = Ptr<Misf>(&misf),
         mn,
         generation = session.generation](const RadiusEapClientSession::Reply* reply) {
            self->OnReply(*node, mn, generation, reply);
        });
    if (!sent)
    {
        AuthResponse response;
        response.status = Status::REJECTED;
        Answer(misf, transaction, response, nullptr);
        End(misf, mn, "too-long");
    }
}

void
EapEstablishment::OnReply(Misf& misf,
                          const MisfId& mn,
                          uint32_t generation,
                          const RadiusEapClientSession::Reply* reply)
{
    const auto it = m_sessions.find(PairKey(misf.GetId(), mn));
    if (it == m_sessions.end() || it->second->generation != generation)
    {
        return;
    }
    auto& session = *it->second;
    const auto transaction = *session.waiting;
    session.waiting = std::nullopt;
    session.last = Simulator::Now();
    AuthResponse response;
    if (!reply)
    {
        response.status = Status::NETWORK_ERROR;
        Answer(misf, transaction, response, nullptr);
        End(misf, mn, "aaa-unreachable");
        return;
    }
    response.authenticationInformation = reply->eap;
    if (reply->code == RadiusCode::ACCESS_CHALLENGE)
    {
        Answer(misf, transaction, response, &session);
        return;
    }
    if (reply->code == RadiusCode::ACCESS_REJECT || reply->msk.empty())
    {
        response.status = Status::AUTHENTICATION_FAILURE;
        Answer(misf, transaction, response, nullptr);
        End(misf, mn, reply->code == RadiusCode::ACCESS_REJECT ? "refused" : "no-key");
        return;
    }
    Accept(misf, mn, session, *reply, response);
    Answer(misf, transaction, response, nullptr);
}

void
EapEstablishment::Accept(Misf& misf,
                         const MisfId& mn,
                         Session& session,
                         const RadiusEapClientSession::Reply& reply,
                         AuthResponse& response)
{
    auto& crypto = misf.GetCrypto();
    session.root = reply.msk;
    crypto.Random(session.nonceN.data(), session.nonceN.size());
    session.said = Said::Make(IdType::EAP, AuthenticatorOf(misf).nextSaid++);
    response.ciphersuite = GetCiphersuite();
    response.nonce = session.nonceN;
    response.keyLifetime = GetLifetimeSeconds();
    response.said = session.said;
    response.status = Status::SUCCESS;
    AppendMessage(session.transcript, response);
    const auto miak =
        DeriveMiak(crypto, session.root, session.nonceT, session.nonceN, mn, misf.GetId());
    response.auth = ComputeAuth(crypto, miak, assigned::LABEL_AUTH_POS, session.transcript);
    session.auth = ComputeAuth(crypto, miak, assigned::LABEL_AUTH_MN, session.transcript);
}

SecurityAssociation*
EapEstablishment::ProvideForSaid(Misf& misf, const Said& said, const MisfId& peer)
{
    const auto it = m_sessions.find(PairKey(misf.GetId(), peer));
    if (it == m_sessions.end() || it->second->said != said || it->second->installed)
    {
        return nullptr;
    }
    auto& session = *it->second;
    session.installed = true;
    return Install(misf, peer, false, said, session.root, session.nonceT, session.nonceN);
}

void
EapEstablishment::OnConfirmation(Misf& misf,
                                 const ReceivedMessage& message,
                                 const AuthRequest& request)
{
    const MisfId mn = message.source;
    const auto it = m_sessions.find(PairKey(misf.GetId(), mn));
    if (it == m_sessions.end() || it->second->said != message.sa->said)
    {
        misf.Refuse(message);
        return;
    }
    auto& session = *it->second;
    const bool authentic = IsEqual(request.auth, session.auth);
    AuthResponse response;
    response.status = authentic ? Status::SUCCESS : Status::AUTHENTICATION_FAILURE;
    const auto error = misf.SendResponse(message.transaction, response, Protected());
    if (authentic && error == SendError::NONE)
    {
        session.said = std::nullopt; // it stays
        End(misf, mn, "success");
        return;
    }
    End(misf, mn, authentic ? ToString(error) : "bad-auth");
}

void
EapEstablishment::Expire(Ptr<Misf> misf, MisfId mn, uint32_t generation)
{
    const auto it = m_sessions.find(PairKey(misf->GetId(), mn));
    if (it == m_sessions.end() || it->second->generation != generation)
    {
        return;
    }
    const auto end = it->second->last + m_sessionTimeout;
    if (end > Simulator::Now())
    {
        Simulator::Schedule(end - Simulator::Now(),
                            &EapEstablishment::Expire,
                            Ptr<EapEstablishment>(this),
                            misf,
                            mn,
                            generation);
        return;
    }
    Misf::Activity activity(*misf);
    End(*misf, mn, it->second->said ? "not-confirmed" : "timeout");
}

void
EapEstablishment::End(Misf& misf, const MisfId& mn, const std::string& outcome)
{
    const auto it = m_sessions.find(PairKey(misf.GetId(), mn));
    const auto session = std::move(it->second);
    m_sessions.erase(it);
    AuthenticatorOf(misf).radius->Cancel(*session->radius);
    if (session->said && session->installed)
    {
        misf.RemoveSa(*session->said, mn);
    }
    NS_LOG_INFO(misf.GetId() << ": exchange with " << mn << ": " << outcome);
    misf.TraceAtCompletion(m_answeredTrace, misf.GetId(), mn, outcome);
}

} // namespace ns3::mis
