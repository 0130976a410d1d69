// SPDX-License-Identifier: GPL-2.0-only

#include "mis-eap-establishment.h"

#include "mis-eap-exchange.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-ciphersuite.h"
#include "ns3/mis-eap-gpsk.h"
#include "ns3/mis-eap-names.h"
#include "ns3/mis-eap-tls.h"
#include "ns3/mis-kdf.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-outcome-name.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3::mis
{

using namespace eap;

NS_LOG_COMPONENT_DEFINE("MisEapEstablishment");
NS_OBJECT_ENSURE_REGISTERED(EapEstablishment);

namespace
{

constexpr const char* BY_POS = "PointOfService";
constexpr const char* BY_AAA = "AaaServer";

} // namespace

TypeId
EapEstablishment::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::EapEstablishment")
            .SetParent<OnDemandEstablishment>()
            .SetGroupName("MisPrereg")
            .AddConstructor<EapEstablishment>()
            .AddAttribute("Method",
                          "How the MN authenticates: EAP-GPSK, EAP-TLS, or ERP, which is a "
                          "re-authentication if it has the keys of an earlier authentication.",
                          StringValue(METHOD_GPSK),
                          MakeStringAccessor(&EapEstablishment::m_method),
                          MakeStringChecker())
            .AddAttribute("FullMethod",
                          "With Method=ERP, how the MN authenticates without such keys: EAP-GPSK "
                          "or EAP-TLS.",
                          StringValue(METHOD_GPSK),
                          MakeStringAccessor(&EapEstablishment::m_fullMethod),
                          MakeStringChecker())
            .AddAttribute("TlsVersion",
                          "Version of TLS in EAP-TLS: 1.2 or 1.3.",
                          StringValue("1.3"),
                          MakeStringAccessor(&EapEstablishment::m_tlsVersion),
                          MakeStringChecker())
            .AddAttribute(
                "IdentityRequest",
                "Who sends the Identity Request: PointOfService, or AaaServer, which costs "
                "a round trip more with it.",
                StringValue(BY_POS),
                MakeStringAccessor(&EapEstablishment::m_identityFrom),
                MakeStringChecker())
            .AddAttribute("KeyLifetime",
                          "Time from a full authentication during which the MN re-authenticates "
                          "with its keys.",
                          TimeValue(Hours(8)),
                          MakeTimeAccessor(&EapEstablishment::m_keyLifetime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("SessionTimeout",
                          "Time without a message of the MN after which a PoS gives up.",
                          TimeValue(MilliSeconds(assigned::TRANSACTION_LIFETIME_MS)),
                          MakeTimeAccessor(&EapEstablishment::m_sessionTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("MaxSessions",
                          "Exchanges that all PoS together keep at the same time; more are "
                          "refused.",
                          UintegerValue(65536),
                          MakeUintegerAccessor(&EapEstablishment::m_maxSessions),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("RadiusTimeout",
                          "Time a PoS waits for the AAA server before it sends a request again; "
                          "it doubles each time.",
                          TimeValue(MilliSeconds(500)),
                          MakeTimeAccessor(&EapEstablishment::m_radiusTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("RadiusMaxTimeout",
                          "Longest time a PoS waits for the AAA server before it sends a request "
                          "again.",
                          TimeValue(Seconds(2)),
                          MakeTimeAccessor(&EapEstablishment::m_radiusMaxTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("RadiusSends",
                          "How often a PoS sends a request to the AAA server before it takes it "
                          "for unreachable.",
                          UintegerValue(5),
                          MakeUintegerAccessor(&EapEstablishment::m_radiusSends),
                          MakeUintegerChecker<uint8_t>(1))
            .AddTraceSource("Answered",
                            "An exchange has ended at its PoS, well or badly.",
                            MakeTraceSourceAccessor(&EapEstablishment::m_answeredTrace),
                            "ns3::mis::EapEstablishment::AnsweredTracedCallback");
    return tid;
}

EapEstablishment::EapEstablishment() = default;
EapEstablishment::~EapEstablishment() = default;

void
EapEstablishment::DoDispose()
{
    m_exchanges.clear();
    m_sessions.clear();
    m_subscribers.clear();
    for (auto& [id, authenticator] : m_authenticators)
    {
        if (authenticator.radius)
        {
            authenticator.radius->Close();
        }
    }
    m_authenticators.clear();
    OnDemandEstablishment::DoDispose();
}

void
EapEstablishment::SetAaaServer(const MisfId& id, const Address& address)
{
    m_aaa = id;
    m_aaaAddress = address;
}

void
EapEstablishment::SetIdentity(const MisfId& mn, const std::string& identity)
{
    m_identities[mn] = identity;
    m_subscribers.erase(mn);
}

void
EapEstablishment::SetLocalAaaServer(const MisfId& pos, const MisfId& id, const Address& address)
{
    m_local[pos] = {id, address};
}

bool
EapEstablishment::CanReauthenticate(const MisfId& mn) const
{
    const auto it = m_subscribers.find(mn);
    return it != m_subscribers.end() && !it->second.keys.empty() &&
           Simulator::Now().GetNanoSeconds() < it->second.keysNotAfterNs;
}

uint64_t
EapEstablishment::GetRadiusRetransmissions() const
{
    uint64_t sum = 0;
    for (const auto& [id, authenticator] : m_authenticators)
    {
        sum += authenticator.radius ? authenticator.radius->GetRetransmissions() : 0;
    }
    return sum;
}

bool
EapEstablishment::IsOnDemand(const Misf& misf, const MisfId&) const
{
    // The PoS is the authenticator: it waits for the MN.
    return !misf.GetDirectory() || !misf.GetDirectory()->Find(misf.GetId().View());
}

bool
EapEstablishment::ServerBegins() const
{
    if (m_identityFrom != BY_POS && m_identityFrom != BY_AAA)
    {
        NS_FATAL_ERROR("EapEstablishment: attribute IdentityRequest is \""
                       << m_identityFrom << "\", allowed are " << BY_POS << ", " << BY_AAA);
    }
    return m_identityFrom == BY_AAA;
}

// mobile node

EapEstablishment::Subscriber&
EapEstablishment::SubscriberOf(Misf& misf)
{
    const auto& id = misf.GetId();
    auto& subscriber = m_subscribers[id];
    if (subscriber.configuration)
    {
        return subscriber;
    }
    const auto& method = m_method == METHOD_ERP ? m_fullMethod : m_method;
    const auto other = m_identities.find(id);
    auto configuration = std::make_shared<EapPeerConfiguration>();
    configuration->identity = other != m_identities.end() ? other->second : id.Get();
    if (method == METHOD_GPSK)
    {
        if (const auto* psk = GetCredentials().GetPreSharedKey(id, m_aaa))
        {
            GpskPeerConfiguration gpsk;
            gpsk.identity = configuration->identity;
            gpsk.serverId = m_aaa.Get();
            gpsk.psk = *psk;
            configuration->methods.push_back(std::make_shared<GpskPeerFactory>(std::move(gpsk)));
        }
    }
    else if (method == METHOD_TLS)
    {
        const auto version =
            ParseTlsVersion("EapEstablishment: attribute TlsVersion", m_tlsVersion);
        EapTlsPeerConfiguration eapTls;
        eapTls.tls =
            std::make_shared<TlsContext>(misf.GetCrypto(),
                                         GetCredentials().MakeTlsConfiguration(id, false, version));
        eapTls.serverName = m_aaa.Get();
        eapTls.keyLogger = KeyLog::MakeTlsLogger(misf.GetKeyLog());
        configuration->methods.push_back(std::make_shared<EapTlsPeerFactory>(std::move(eapTls)));
    }
    else
    {
        NS_FATAL_ERROR("EapEstablishment: attribute "
                       << (m_method == METHOD_ERP ? "FullMethod" : "Method") << " is \"" << method
                       << "\", allowed are " << METHOD_GPSK << ", " << METHOD_TLS
                       << (m_method == METHOD_ERP ? "" : ", ERP"));
    }
    subscriber.configuration = configuration;
    return subscriber;
}

std::string
EapEstablishment::DomainAt(const MisfId& pos) const
{
    const auto it = m_local.find(pos);
    return it == m_local.end() ? std::string() : DomainOf(it->second.id);
}

void
EapEstablishment::KeepKeys(Misf& misf, const MisfId& pos, const EapExported& exported)
{
    auto& crypto = misf.GetCrypto();
    auto& subscriber = SubscriberOf(misf);
    subscriber.keys.clear();
    if (m_method != METHOD_ERP)
    {
        return;
    }
    subscriber.emsk = exported.emsk;
    subscriber.sessionId = exported.sessionId;
    subscriber.keysNotAfterNs = (Simulator::Now() + m_keyLifetime).GetNanoSeconds();
    const auto home = DomainOf(m_aaa);
    subscriber.keys[home] =
        std::make_unique<ErpPeer>(crypto,
                                  MakeErpRootKey(crypto, exported.emsk, exported.sessionId),
                                  home);
    // Its local server has asked the home for a key too.
    if (const auto visited = DomainAt(pos); !visited.empty() && visited != home)
    {
        subscriber.keys[visited] = std::make_unique<ErpPeer>(
            crypto,
            MakeLocalErpRootKey(crypto, exported.emsk, exported.sessionId, visited),
            visited);
    }
}

std::optional<EapEstablishment::Reauthentication>
EapEstablishment::Reauthenticate(Misf& misf, const MisfId& pos)
{
    if (m_method != METHOD_ERP || !CanReauthenticate(misf.GetId()))
    {
        return std::nullopt;
    }
    auto& keys = SubscriberOf(misf).keys;
    Reauthentication begun;
    begun.domain = DomainAt(pos);
    auto key = keys.find(begun.domain);
    if (key == keys.end())
    {
        begun.bootstraps = begun.domain;
        begun.domain = DomainOf(m_aaa);
        key = keys.find(begun.domain);
    }
    if (key == keys.end())
    {
        return std::nullopt;
    }
    auto initiate = key->second->Initiate(0, begun.bootstraps.empty() ? 0 : erpflag::BOOTSTRAPPING);
    if (!initiate)
    {
        return std::nullopt;
    }
    begun.initiate = std::move(*initiate);
    return begun;
}

ErpOutcome
EapEstablishment::TakeFinish(Misf& misf,
                             const Reauthentication& begun,
                             ByteView eap,
                             SecretBytes& rmsk)
{
    auto& subscriber = SubscriberOf(misf);
    const auto key = subscriber.keys.find(begun.domain);
    if (key == subscriber.keys.end())
    {
        return ErpOutcome::NONE; // another exchange has made other keys
    }
    auto& peer = *key->second;
    const auto outcome = peer.Receive(eap);
    if (outcome != ErpOutcome::SUCCESS)
    {
        return outcome;
    }
    rmsk = peer.Rmsk();
    if (!begun.bootstraps.empty() && peer.Attributes().domainName == begun.bootstraps)
    {
        auto& crypto = misf.GetCrypto();
        subscriber.keys[begun.bootstraps] = std::make_unique<ErpPeer>(
            crypto,
            MakeLocalErpRootKey(crypto, subscriber.emsk, subscriber.sessionId, begun.bootstraps),
            begun.bootstraps);
    }
    return outcome;
}

void
EapEstablishment::ForgetKey(Misf& misf, const Reauthentication& begun)
{
    SubscriberOf(misf).keys.erase(begun.domain);
}

void
EapEstablishment::Begin(Misf& misf, const MisfId& peer)
{
    BeginExchange(misf, peer, true);
}

void
EapEstablishment::BeginExchange(Misf& misf, const MisfId& peer, bool mayReauthenticate)
{
    auto& crypto = misf.GetCrypto();
    auto& subscriber = SubscriberOf(misf);
    auto& exchange = m_exchanges[PairKey(misf.GetId(), peer)];
    exchange = std::make_unique<Exchange>();
    exchange->generation = m_nextGeneration++;
    crypto.Random(exchange->nonce.data(), exchange->nonce.size());
    AuthRequest request;
    request.ciphersuite = GetCiphersuite();
    request.nonce = exchange->nonce;
    if (mayReauthenticate)
    {
        exchange->reauthentication = Reauthenticate(misf, peer);
    }
    if (exchange->reauthentication)
    {
        request.authenticationInformation = exchange->reauthentication->initiate;
    }
    else
    {
        exchange->eap = std::make_unique<EapPeer>(crypto,
                                                  subscriber.configuration,
                                                  Simulator::Now().GetNanoSeconds());
    }
    SendRequest(misf, peer, request, Plain());
}

void
EapEstablishment::SendRequest(Misf& misf,
                              const MisfId& peer,
                              const AuthRequest& request,
                              const SendOptions& options)
{
    auto& exchange = *m_exchanges[PairKey(misf.GetId(), peer)];
    AppendMessage(exchange.transcript, request);
    const auto error =
        misf.SendRequest(peer,
                         request,
                         options,
                         [self = Ptr<EapEstablishment>(this),
                          node = Ptr<Misf>(&misf),
                          peer,
                          generation = exchange.generation](const TransactionResult& result) {
                             self->OnAnswer(*node, peer, generation, result);
                         });
    if (error != SendError::NONE)
    {
        Fail(misf, peer, ToString(error));
    }
}

void
EapEstablishment::OnAnswer(Misf& misf,
                           const MisfId& peer,
                           uint32_t generation,
                           const TransactionResult& result)
{
    const auto it = m_exchanges.find(PairKey(misf.GetId(), peer));
    if (it == m_exchanges.end() || it->second->generation != generation)
    {
        return;
    }
    Misf::Activity activity(misf);
    auto& exchange = *it->second;
    if (result.failure != TransactionFailure::NONE)
    {
        Fail(misf, peer, ToString(result.failure));
        return;
    }
    const auto response = DecodeBody<AuthResponse>(result.message->body);
    if (!response)
    {
        misf.Refuse(*result.message);
        Fail(misf, peer, "malformed-response");
        return;
    }
    if (exchange.said)
    {
        const bool confirmed = response->status == Status::SUCCESS;
        if (!confirmed)
        {
            Fail(misf, peer, "bad-auth");
            return;
        }
        m_exchanges.erase(it);
        Finish(misf, peer, "");
        return;
    }
    if (response->status && *response->status != Status::SUCCESS)
    {
        OnRefusal(misf, peer, *response);
        return;
    }
    if (!response->authenticationInformation)
    {
        Fail(misf, peer, "malformed-response");
        return;
    }
    if (response->status)
    {
        OnLastAnswer(misf, peer, *response);
        return;
    }
    AppendBody(exchange.transcript, result.message->body);
    if (!exchange.eap)
    {
        Fail(misf, peer, "malformed-response");
        return;
    }
    AuthRequest request;
    request.authenticationInformation = exchange.eap->Receive(*response->authenticationInformation);
    if (!request.authenticationInformation)
    {
        Fail(misf,
             peer,
             OutcomeName(exchange.eap->State() == EapState::FAILURE
                             ? ToString(exchange.eap->Outcome())
                             : ToString(exchange.eap->LastDrop())));
        return;
    }
    SendRequest(misf, peer, request, Plain());
}

void
EapEstablishment::OnRefusal(Misf& misf, const MisfId& peer, const AuthResponse& response)
{
    auto& exchange = *m_exchanges[PairKey(misf.GetId(), peer)];
    if (*response.status == Status::NETWORK_ERROR)
    {
        Fail(misf, peer, "aaa-unreachable");
        return;
    }
    if (*response.status == Status::REJECTED)
    {
        Fail(misf, peer, response.ciphersuite ? "no-common-suite" : "refused");
        return;
    }
    if (exchange.reauthentication)
    {
        // Whatever the reason, the keys have not served; a full authentication makes others.
        if (response.authenticationInformation)
        {
            SecretBytes none;
            NS_LOG_INFO(misf.GetId() << ": re-authentication failed: "
                                     << TakeFinish(misf,
                                                   *exchange.reauthentication,
                                                   *response.authenticationInformation,
                                                   none));
        }
        ForgetKey(misf, *exchange.reauthentication);
        BeginExchange(misf, peer, false);
        return;
    }
    if (response.authenticationInformation)
    {
        exchange.eap->Receive(*response.authenticationInformation);
    }
    exchange.eap->Abort(EapOutcome::REFUSED);
    Fail(misf, peer, OutcomeName(ToString(exchange.eap->Outcome())));
}

void
EapEstablishment::OnLastAnswer(Misf& misf, const MisfId& peer, AuthResponse response)
{
    auto& exchange = *m_exchanges[PairKey(misf.GetId(), peer)];
    auto& crypto = misf.GetCrypto();
    SecretBytes root;
    if (exchange.reauthentication)
    {
        const auto outcome =
            TakeFinish(misf, *exchange.reauthentication, *response.authenticationInformation, root);
        if (outcome != ErpOutcome::SUCCESS)
        {
            Fail(misf, peer, OutcomeName(ToString(outcome)));
            return;
        }
    }
    else
    {
        exchange.eap->Receive(*response.authenticationInformation);
        if (exchange.eap->State() != EapState::SUCCESS)
        {
            Fail(misf,
                 peer,
                 OutcomeName(exchange.eap->State() == EapState::FAILURE
                                 ? ToString(exchange.eap->Outcome())
                                 : ToString(exchange.eap->LastDrop())));
            return;
        }
        root = exchange.eap->Exported().msk;
    }
    if (!response.nonce || !response.said || !response.keyLifetime ||
        response.said->type != IdType::EAP || response.ciphersuite != GetCiphersuite())
    {
        Fail(misf, peer, "malformed-response");
        return;
    }
    const auto auth = std::move(response.auth);
    response.auth = std::nullopt;
    AppendMessage(exchange.transcript, response);
    const auto miak = DeriveMiak(crypto, root, exchange.nonce, response.nonce, misf.GetId(), peer);
    const auto expected = ComputeAuth(crypto, miak, assigned::LABEL_AUTH_POS, exchange.transcript);
    if (!IsEqual(auth, expected))
    {
        Fail(misf, peer, "bad-auth");
        return;
    }
    if (exchange.eap)
    {
        KeepKeys(misf, peer, exchange.eap->Exported());
    }
    exchange.said = response.said;
    Install(misf, peer, true, *response.said, root, exchange.nonce, response.nonce);
    AuthRequest confirmation;
    confirmation.auth = ComputeAuth(crypto, miak, assigned::LABEL_AUTH_MN, exchange.transcript);
    SendRequest(misf, peer, confirmation, Protected());
}

void
EapEstablishment::Fail(Misf& misf, const MisfId& peer, const std::string& reason)
{
    const auto it = m_exchanges.find(PairKey(misf.GetId(), peer));
    if (it->second->said)
    {
        const Said said = *it->second->said;
        misf.RemoveSa(said, peer);
    }
    m_exchanges.erase(it);
    Finish(misf, peer, reason);
}

} // namespace ns3::mis
