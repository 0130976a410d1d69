// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The conversations of an AAA server.
 */
#include "mis-aaa-server.h"

#include "ns3/log.h"
#include "ns3/mis-eap-names.h"
#include "ns3/mis-outcome-name.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisAaaServerAuthentication");

namespace
{

// A peer that answers beside the point that often will not come to it any more.
constexpr uint8_t MAX_IGNORED = 3;

/// Name of a method in traces.
std::string
MethodName(EapType type)
{
    switch (type)
    {
    case EapType::GPSK:
        return METHOD_GPSK;
    case EapType::TLS:
        return METHOD_TLS;
    default:
        return "none";
    }
}

Bytes
EapFailure(ByteView response)
{
    const auto packet = DecodeEap(response);
    return EncodeEap(
        {EapCode::FAILURE, packet ? packet->identifier : uint8_t{0}, EapType::NONE, ByteView()});
}

} // namespace

std::optional<AaaServer::Answer>
AaaServer::Authenticate(Session& session, const RadiusEapServerSession::Request& request)
{
    if (request.eap.empty())
    {
        // The access server leaves the beginning to this one (RFC 3579, section 2.1).
        Answer start;
        start.eap = EncodeEap({EapCode::REQUEST, 0, EapType::IDENTITY, ByteView()});
        return session.eap ? std::nullopt : std::make_optional(std::move(start));
    }
    const auto packet = DecodeEap(request.eap);
    if (packet && packet->code == EapCode::INITIATE)
    {
        return session.eap ? std::nullopt : std::make_optional(Reauthenticate(session, request));
    }
    auto& crypto = m_misf->GetCrypto();
    const int64_t nowNs = Simulator::Now().GetNanoSeconds();
    if (!session.eap)
    {
        session.eap = std::make_unique<EapServer>(crypto, m_configuration, nowNs);
    }
    auto& eap = *session.eap;
    if (eap.State() != EapState::RUNNING)
    {
        return std::nullopt;
    }
    Answer answer;
    if (const auto next = eap.Receive(request.eap))
    {
        answer.eap = *next;
    }
    else if (++session.ignored < MAX_IGNORED && !eap.LastSent().empty())
    {
        // RFC 3579, section 2.2: the authenticator is not left waiting.
        NS_LOG_INFO(m_misf->GetId() << ": ignores an EAP packet: " << eap.LastDrop());
        answer.eap = eap.LastSent();
        return answer;
    }
    else
    {
        eap.Abort(EapOutcome::PROTOCOL_ERROR);
        answer.eap = EapFailure(request.eap);
    }
    if (eap.State() == EapState::RUNNING)
    {
        return answer;
    }
    const auto identity = std::string(ByteView(eap.Identity()).Text());
    const auto method = MethodName(eap.Method());
    if (eap.State() == EapState::FAILURE)
    {
        Ended(identity, method, ToString(eap.Outcome()));
        return answer;
    }
    const auto& exported = eap.Exported();
    if (exported.peerId != request.callingStationId)
    {
        answer.eap = EapFailure(request.eap);
        Ended(exported.peerId, method, ToString(EapOutcome::NOT_AUTHORIZED));
        return answer;
    }
    if (m_erp && m_keyLifetime.IsStrictlyPositive())
    {
        KeepKey(MakeErpRootKey(crypto, exported.emsk, exported.sessionId),
                exported.peerId,
                exported.emsk,
                m_keyLifetime);
        answer.domainKey = GrantDomainKey(session, request.erpDomain, exported.peerId);
    }
    answer.msk = exported.msk;
    Ended(exported.peerId, method, ToString(eap.Outcome()));
    return answer;
}

AaaServer::Answer
AaaServer::Reauthenticate(const Session& session, const RadiusEapServerSession::Request& request)
{
    Answer answer;
    answer.eap = EapFailure(request.eap);
    if (!m_erp)
    {
        Ended(request.userName, METHOD_ERP, ToString(EapOutcome::NO_COMMON_METHOD));
        return answer;
    }
    const auto flags = ErpFlagsOf(request.eap);
    const bool bootstraps = flags && (*flags & erpflag::BOOTSTRAPPING) != 0 &&
                            request.erpDomain == DomainOf(session.client);
    auto erp = m_erp->Receive(m_misf->GetCrypto(),
                              request.eap,
                              Simulator::Now().GetNanoSeconds(),
                              bootstraps ? std::string_view(request.erpDomain) : "");
    // Of a visitor, the home server has said that it may have access.
    const bool mayEnter = m_home || IsSubscriber(ByteView::FromText(erp.peerId));
    if (erp.outcome == ErpOutcome::SUCCESS && (erp.peerId != request.callingStationId || !mayEnter))
    {
        Ended(erp.peerId, METHOD_ERP, ToString(EapOutcome::NOT_AUTHORIZED));
        return answer;
    }
    // What ERP drops silently is refused by RADIUS, so that the authenticator is not left waiting.
    if (erp.finish)
    {
        answer.eap = *erp.finish;
    }
    answer.msk = erp.rmsk;
    if (bootstraps && erp.outcome == ErpOutcome::SUCCESS)
    {
        answer.domainKey = GrantDomainKey(session, request.erpDomain, erp.peerId);
    }
    Ended(erp.peerId.empty() ? request.userName : erp.peerId, METHOD_ERP, ToString(erp.outcome));
    return answer;
}

void
AaaServer::Ended(const std::string& identity, const std::string& method, const char* outcome)
{
    m_misf->TraceAtCompletion(m_authenticatedTrace, identity, method, OutcomeName(outcome));
}

void
AaaServer::GiveUp(Session& session)
{
    Misf::Activity activity(*m_misf);
    session.eap->Abort(EapOutcome::TIMEOUT);
    Ended(std::string(ByteView(session.eap->Identity()).Text()),
          MethodName(session.eap->Method()),
          ToString(session.eap->Outcome()));
}

} // namespace ns3::mis
