// SPDX-License-Identifier: GPL-2.0-only

#include "mis-tls-establishment.h"

#include "mis-channel-association.h"
#include "mis-record-proof.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/log.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-kdf.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisTlsEstablishment");
NS_OBJECT_ENSURE_REGISTERED(TlsEstablishment);

namespace
{

constexpr const char* CERTIFICATE = "Certificate";
constexpr const char* PRE_SHARED_KEY = "PreSharedKey";
constexpr const char* EXPORT = "Export";
constexpr const char* RECORD = "Record";

SendOptions
AsHandshake()
{
    SendOptions options;
    options.protection = SendOptions::Protection::HANDSHAKE;
    return options;
}

} // namespace

TypeId
TlsEstablishment::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::TlsEstablishment")
            .SetParent<OnDemandEstablishment>()
            .SetGroupName("MisPrereg")
            .AddConstructor<TlsEstablishment>()
            .AddAttribute("Version",
                          "Version of TLS: 1.2 or 1.3.",
                          StringValue("1.3"),
                          MakeStringAccessor(&TlsEstablishment::m_version),
                          MakeStringChecker())
            .AddAttribute("Credential",
                          "How both ends prove who they are: Certificate or PreSharedKey.",
                          StringValue(CERTIFICATE),
                          MakeStringAccessor(&TlsEstablishment::m_credential),
                          MakeStringChecker())
            .AddAttribute("Protection",
                          "What protects messages after the handshake: Export (keys exported "
                          "from TLS) or Record (records of TLS, which needs MIS over TCP).",
                          StringValue(EXPORT),
                          MakeStringAccessor(&TlsEstablishment::m_protection),
                          MakeStringChecker())
            .AddAttribute("MaxHalfOpen",
                          "Handshakes that servers keep at the same time; more are dropped.",
                          UintegerValue(4096),
                          MakeUintegerAccessor(&TlsEstablishment::m_maxHalfOpen),
                          MakeUintegerChecker<uint32_t>(1))
            .AddTraceSource("Answered",
                            "A handshake has ended at its server, well or badly.",
                            MakeTraceSourceAccessor(&TlsEstablishment::m_answeredTrace),
                            "ns3::mis::TlsEstablishment::AnsweredTracedCallback");
    return tid;
}

TlsEstablishment::TlsEstablishment() = default;
TlsEstablishment::~TlsEstablishment() = default;

void
TlsEstablishment::DoDispose()
{
    m_clients.clear();
    m_servers.clear();
    m_contexts.clear();
    OnDemandEstablishment::DoDispose();
}

std::shared_ptr<const TlsContext>
TlsEstablishment::ContextOf(Misf& misf, bool isServer)
{
    const auto& id = misf.GetId();
    auto& context = m_contexts[id.Get() + (isServer ? "\ns" : "\nc")];
    if (context)
    {
        return context;
    }
    NS_ABORT_MSG_IF(m_credential != CERTIFICATE && m_credential != PRE_SHARED_KEY,
                    "TlsEstablishment: attribute Credential is \""
                        << m_credential << "\", allowed are " << CERTIFICATE << " and "
                        << PRE_SHARED_KEY);
    const auto version = ParseTlsVersion("TlsEstablishment: attribute Version", m_version);
    auto& credentials = GetCredentials();
    TlsConfiguration configuration;
    configuration.isServer = isServer;
    configuration.version = version;
    if (m_credential == CERTIFICATE)
    {
        configuration = credentials.MakeTlsConfiguration(id, isServer, version);
    }
    else if (isServer)
    {
        configuration.findPsk = [store = Ptr<CredentialStore>(&credentials),
                                 id](std::string_view identity) {
            return store->GetPreSharedKey(id, MisfId(std::string(identity)));
        };
    }
    context = std::make_shared<TlsContext>(misf.GetCrypto(), std::move(configuration));
    return context;
}

std::unique_ptr<TlsSession>
TlsEstablishment::MakeSession(Misf& misf, const MisfId& peer, bool isServer)
{
    auto context = ContextOf(misf, isServer);
    if (m_credential == PRE_SHARED_KEY && !isServer)
    {
        // The key is one of the pair's, so a client has a context for each server.
        auto configuration = context->Configuration();
        configuration.pskIdentity = misf.GetId().Get();
        if (const auto* psk = GetCredentials().GetPreSharedKey(misf.GetId(), peer))
        {
            configuration.psk = *psk;
        }
        context = std::make_shared<TlsContext>(misf.GetCrypto(), std::move(configuration));
    }
    return std::make_unique<TlsSession>(misf.GetCrypto(),
                                        context,
                                        m_credential == CERTIFICATE ? peer.Get() : std::string(),
                                        Simulator::Now().GetNanoSeconds(),
                                        KeyLog::MakeTlsLogger(misf.GetKeyLog()));
}

bool
TlsEstablishment::UsesRecords() const
{
    NS_ABORT_MSG_IF(m_protection != EXPORT && m_protection != RECORD,
                    "TlsEstablishment: attribute Protection is \""
                        << m_protection << "\", allowed are " << EXPORT << " and " << RECORD);
    return m_protection == RECORD;
}

void
TlsEstablishment::Serve(Misf& misf)
{
    if (UsesRecords())
    {
        BooleanValue listens;
        misf.GetAttribute("EnableTcp", listens);
        NS_ABORT_MSG_IF(!listens.Get(),
                        "TlsEstablishment: attribute Protection is \""
                            << RECORD << "\", which " << misf.GetId()
                            << " can not use over UDP: allowed is " << EXPORT
                            << ", or MIS over TCP (MisHelper::SetTransport)");
    }
}

SecurityAssociation*
TlsEstablishment::InstallFrom(Misf& misf,
                              const MisfId& peer,
                              const std::shared_ptr<TlsSession>& session,
                              const PeerAddress& address,
                              bool isServer)
{
    const auto root =
        session->Export(assigned::TLS_EXPORTER_LABEL, std::nullopt, assigned::TLS_ROOT_OCTETS);
    const ByteView key(root.data(), root.size());
    if (UsesRecords())
    {
        auto sa = MakeChannelAssociation(misf, peer, !isServer, key);
        sa.said.type = IdType::TLS;
        sa.transport = false;
        sa.tls = session;
        sa.notAfterNs = (Simulator::Now() + GetLifetime()).GetNanoSeconds();
        PlanRenewal(misf, peer, !isServer, sa.said);
        return misf.AddRecordSa(std::move(sa), address);
    }
    const auto value = Kdf(misf.GetCrypto(),
                           DefaultPrf(),
                           SecretBytes(key),
                           assigned::LABEL_SAID,
                           {},
                           assigned::SAID_VALUE_SIZE);
    Said said;
    said.type = IdType::TLS;
    said.value.assign(value.View().begin(), value.View().end());
    return Install(misf, peer, !isServer, said, key);
}

// client

void
TlsEstablishment::Begin(Misf& misf, const MisfId& peer)
{
    const auto address = misf.GetPeerAddress(peer);
    NS_ABORT_MSG_IF(UsesRecords() && !address.IsEmpty() && address.transport != TransportType::TCP,
                    "TlsEstablishment: attribute Protection is \""
                        << RECORD << "\", but " << peer << " is reached by "
                        << ToString(address.transport) << ": allowed are " << EXPORT
                        << ", or MIS over TCP (MisHelper::SetTransport)");
    auto* sa = misf.GetSaDatabase().FindByPeer(peer, Simulator::Now().GetNanoSeconds());
    if (sa && UsesRecords() && misf.IsStranded(*sa))
    {
        Resume(misf, *sa);
        return;
    }
    BeginHandshake(misf, peer);
}

void
TlsEstablishment::BeginHandshake(Misf& misf, const MisfId& peer)
{
    auto& handshake = m_clients[PairKey(misf.GetId(), peer)];
    handshake = Handshake();
    handshake.generation = m_nextGeneration++;
    handshake.session = MakeSession(misf, peer, false);
    SendFlight(misf, peer, handshake.session->Step({}));
}

void
TlsEstablishment::SendFlight(Misf& misf, const MisfId& peer, Bytes flight)
{
    const uint32_t generation = m_clients[PairKey(misf.GetId(), peer)].generation;
    AuthRequest request;
    request.tlsRecords = std::move(flight);
    const auto error = misf.SendRequest(
        peer,
        request,
        AsHandshake(),
        [self = Ptr<TlsEstablishment>(this), node = Ptr<Misf>(&misf), peer, generation](
            const TransactionResult& result) { self->OnAnswer(*node, peer, generation, result); });
    if (error != SendError::NONE)
    {
        Fail(misf, peer, ToString(error));
    }
}

void
TlsEstablishment::OnAnswer(Misf& misf,
                           const MisfId& peer,
                           uint32_t generation,
                           const TransactionResult& result)
{
    const auto it = m_clients.find(PairKey(misf.GetId(), peer));
    if (it == m_clients.end() || it->second.generation != generation)
    {
        return;
    }
    if (result.failure != TransactionFailure::NONE)
    {
        Fail(misf, peer, ToString(result.failure));
        return;
    }
    auto& handshake = it->second;
    auto& session = *handshake.session;
    const auto response = DecodeBody<AuthResponse>(result.message->body);
    if (!response)
    {
        misf.Refuse(*result.message);
        Fail(misf, peer, "malformed-response");
        return;
    }
    if (handshake.said && result.message->sa && result.message->sa->said == *handshake.said)
    {
        if (response->status != Status::SUCCESS)
        {
            Fail(misf, peer, "refused");
            return;
        }
        m_clients.erase(it);
        Finish(misf, peer, "");
        return;
    }
    if (!response->tlsRecords)
    {
        Fail(misf, peer, "malformed-response");
        return;
    }
    auto flight = session.Step(std::get<Bytes>(*response->tlsRecords));
    if (session.State() == TlsState::FAILED)
    {
        const std::string reason = ToString(session.Outcome());
        if (!flight.empty())
        {
            AuthRequest alert;
            alert.tlsRecords = std::move(flight);
            const auto error =
                misf.SendRequest(peer, alert, AsHandshake(), [](const TransactionResult&) {});
            if (error != SendError::NONE)
            {
                NS_LOG_INFO(misf.GetId() << ": the alert to " << peer << " was not sent");
            }
        }
        Fail(misf, peer, reason);
        return;
    }
    if (session.State() == TlsState::ESTABLISHED && !handshake.said)
    {
        handshake.said =
            InstallFrom(misf, peer, handshake.session, misf.GetPeerAddress(peer), false)->said;
    }
    if (!flight.empty())
    {
        SendFlight(misf, peer, std::move(flight));
        return;
    }
    if (!session.IsConfirmed())
    {
        Fail(misf, peer, "malformed-response");
        return;
    }
    m_clients.erase(it);
    Finish(misf, peer, "");
}

void
TlsEstablishment::Fail(Misf& misf, const MisfId& peer, const std::string& reason)
{
    const auto it = m_clients.find(PairKey(misf.GetId(), peer));
    if (it->second.said)
    {
        misf.RemoveSa(*it->second.said, peer);
    }
    m_clients.erase(it);
    Finish(misf, peer, reason);
}

// sessions that go on elsewhere

void
TlsEstablishment::Resume(Misf& misf, SecurityAssociation& sa)
{
    const Said said = sa.said;
    const MisfId peer = sa.remote;
    ++sa.resumptions;
    AuthRequest request;
    request.said = said;
    request.auth = MakeRecordProof(misf.GetCrypto(), sa);
    SendOptions options;
    options.protection = SendOptions::Protection::NONE;
    const auto error = misf.SendRequest(
        peer,
        request,
        options,
        [self = Ptr<TlsEstablishment>(this), node = Ptr<Misf>(&misf), peer, said](
            const TransactionResult& result) { self->OnResumed(*node, peer, said, result); });
    if (error != SendError::NONE)
    {
        Finish(misf, peer, ToString(error));
    }
}

void
TlsEstablishment::OnResumed(Misf& misf,
                            const MisfId& peer,
                            const Said& said,
                            const TransactionResult& result)
{
    if (result.failure != TransactionFailure::NONE)
    {
        Finish(misf, peer, ToString(result.failure));
        return;
    }
    const auto response = DecodeBody<AuthResponse>(result.message->body);
    auto* sa = misf.GetSaDatabase().Find(said, peer.View());
    const auto proof = response && response->auth && sa
                           ? ReadRecordProof(misf.GetCrypto(), *sa, *response->auth)
                           : std::nullopt;
    if (proof && response->status == Status::SUCCESS && proof->Matches(*sa) &&
        proof->resumptions == sa->resumptions)
    {
        misf.MoveRecords(peer, misf.GetPeerAddress(peer));
        Finish(misf, peer, "");
        return;
    }
    if (sa)
    {
        misf.BreakSa(said, peer, "records-lost");
    }
    BeginHandshake(misf, peer);
}

void
TlsEstablishment::AnswerResumption(Misf& misf,
                                   const ReceivedMessage& message,
                                   const AuthRequest& request)
{
    const MisfId client = message.source;
    AuthResponse response;
    response.said = request.said;
    response.status = Status::REJECTED;
    auto* sa = misf.GetSaDatabase().Find(*request.said, client.View());
    if (sa)
    {
        const auto proof = sa->tls && request.auth
                               ? ReadRecordProof(misf.GetCrypto(), *sa, *request.auth)
                               : std::nullopt;
        if (!proof || proof->resumptions <= sa->resumptions)
        {
            misf.Refuse(message); // of somebody else, or a repetition
            return;
        }
        sa->resumptions = proof->resumptions;
        if (proof->Matches(*sa))
        {
            misf.MoveRecords(client, message.from);
            response.status = Status::SUCCESS;
            response.auth = MakeRecordProof(misf.GetCrypto(), *sa);
        }
        else
        {
            misf.BreakSa(*request.said, client, "records-lost");
        }
    }
    SendOptions options;
    options.protection = SendOptions::Protection::NONE;
    misf.SendResponse(message.transaction, response, options);
}

// server

void
TlsEstablishment::ForgetHalfOpen(int64_t nowNs)
{
    while (!m_halfOpen.empty() && m_halfOpen.front().untilNs <= nowNs)
    {
        const auto it = m_servers.find(m_halfOpen.front().key);
        if (it != m_servers.end() && it->second.generation == m_halfOpen.front().generation)
        {
            m_servers.erase(it);
        }
        m_halfOpen.pop_front();
    }
}

void
TlsEstablishment::OnAuthRequest(Misf& misf,
                                const ReceivedMessage& message,
                                const AuthRequest& request)
{
    const int64_t nowNs = Simulator::Now().GetNanoSeconds();
    ForgetHalfOpen(nowNs);
    const bool isUnreliable = UsesRecords() && message.from.transport != TransportType::TCP;
    if (UsesRecords() && request.said && !request.tlsRecords && !message.sa && !isUnreliable)
    {
        AnswerResumption(misf, message, request);
        return;
    }
    if (!request.tlsRecords || message.sa || isUnreliable)
    {
        misf.Refuse(message);
        return;
    }
    const MisfId client = message.source;
    const auto& records = std::get<Bytes>(*request.tlsRecords);
    const auto key = PairKey(misf.GetId(), client);
    if (TlsSession::IsClientHello(records))
    {
        if (m_servers.size() >= m_maxHalfOpen && m_servers.count(key) == 0)
        {
            misf.Refuse(message);
            return;
        }
        auto& handshake = m_servers[key];
        handshake = Handshake();
        handshake.generation = m_nextGeneration++;
        handshake.session = MakeSession(misf, client, true);
        m_halfOpen.push_back(
            {nowNs + misf.GetTransactionLifetime().GetNanoSeconds(), key, handshake.generation});
    }
    const auto it = m_servers.find(key);
    if (it == m_servers.end())
    {
        misf.Refuse(message);
        return;
    }
    auto& session = *it->second.session;
    AuthResponse response;
    auto flight = session.Step(records);
    if (session.State() == TlsState::ESTABLISHED && m_credential == PRE_SHARED_KEY &&
        session.PeerName() != client.Get())
    {
        // It holds a key, but that of another.
        m_servers.erase(it);
        misf.Refuse(message);
        NoteAnswer(misf, client, "psk-mismatch");
        return;
    }
    if (session.State() == TlsState::HANDSHAKING)
    {
        response.tlsRecords = std::move(flight);
        misf.SendResponse(message.transaction, response, AsHandshake());
        return;
    }
    const auto outcome = std::string(ToString(session.Outcome()));
    if (session.State() == TlsState::ESTABLISHED)
    {
        const auto* sa = InstallFrom(misf, client, it->second.session, message.from, true);
        if (flight.empty())
        {
            SendOptions options;
            options.protection = SendOptions::Protection::REQUIRED;
            response.keyLifetime = GetLifetimeSeconds();
            response.said = sa->said;
            response.status = Status::SUCCESS;
            misf.SendResponse(message.transaction, response, options);
        }
        else
        {
            response.tlsRecords = std::move(flight);
            misf.SendResponse(message.transaction, response, AsHandshake());
        }
    }
    else if (flight.empty())
    {
        misf.Forget(message); // the client has sent an alert and expects nothing
    }
    else
    {
        response.tlsRecords = std::move(flight);
        misf.SendResponse(message.transaction, response, AsHandshake());
    }
    m_servers.erase(it);
    NoteAnswer(misf, client, outcome);
}

void
TlsEstablishment::NoteAnswer(Misf& misf, const MisfId& client, const std::string& outcome)
{
    misf.TraceAtCompletion(m_answeredTrace, misf.GetId(), client, outcome);
}

} // namespace ns3::mis
