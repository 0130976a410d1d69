// SPDX-License-Identifier: GPL-2.0-only

#include "mis-aaa-server.h"

#include "ns3/abort.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv6.h"
#include "ns3/log.h"
#include "ns3/mis-eap-gpsk.h"
#include "ns3/mis-eap-names.h"
#include "ns3/mis-eap-tls.h"
#include "ns3/mis-outcome-name.h"
#include "ns3/mis-socket-octets.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <sstream>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisAaaServer");
NS_OBJECT_ENSURE_REGISTERED(AaaServer);

namespace
{

constexpr size_t AUTHENTICATOR_OFFSET = 4;
constexpr size_t PORT_OCTETS = 2;

/// Octets of the IP address, without the port.
std::string
IpKey(const Address& address)
{
    const auto octets = SocketOctets(address);
    return std::string(octets.begin(),
                       octets.end() - std::min<ptrdiff_t>(octets.size(), PORT_OCTETS));
}

} // namespace

/// The subscribers, as the methods ask for them.
class AaaServer::Directory : public PskDirectory
{
  public:
    explicit Directory(AaaServer& server)
        : m_server(server)
    {
    }

    std::optional<SecretBytes> FindPsk(ByteView identity) const override
    {
        const auto id = m_server.m_subscribers.find(identity);
        if (id == m_server.m_subscribers.end())
        {
            return std::nullopt;
        }
        const auto* psk = m_server.m_credentials->GetPreSharedKey(m_server.m_misf->GetId(), *id);
        return psk ? std::make_optional(*psk) : std::nullopt;
    }

    /// Offers a method of a factory to subscribers only.
    template <class Factory>
    class Limited : public Factory
    {
      public:
        template <class Configuration>
        Limited(const AaaServer& server, Configuration configuration)
            : Factory(std::move(configuration)),
              m_server(server)
        {
        }

        bool Serves(ByteView identity) const override
        {
            return m_server.IsSubscriber(identity);
        }

      private:
        const AaaServer& m_server;
    };

  private:
    AaaServer& m_server;
};

TypeId
AaaServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::AaaServer")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<AaaServer>()
            .AddAttribute("Port",
                          "UDP port of RADIUS.",
                          UintegerValue(RADIUS_PORT),
                          MakeUintegerAccessor(&AaaServer::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("Methods",
                          "What the server can do, the preferred first, separated by commas: "
                          "EAP-GPSK, EAP-TLS, ERP.",
                          StringValue("EAP-GPSK,EAP-TLS,ERP"),
                          MakeStringAccessor(&AaaServer::m_methods),
                          MakeStringChecker())
            .AddAttribute("TlsVersion",
                          "Version of TLS in EAP-TLS: 1.2 or 1.3.",
                          StringValue("1.3"),
                          MakeStringAccessor(&AaaServer::m_tlsVersion),
                          MakeStringChecker())
            .AddAttribute("SessionTimeout",
                          "Time without a request after which a conversation is forgotten.",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&AaaServer::m_sessionTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("KeyLifetime",
                          "Time from a full authentication during which its keys serve for "
                          "re-authentication.",
                          TimeValue(Hours(8)),
                          MakeTimeAccessor(&AaaServer::m_keyLifetime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("MaxSessions",
                          "Conversations kept at the same time; requests for more are dropped.",
                          UintegerValue(65536),
                          MakeUintegerAccessor(&AaaServer::m_maxSessions),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("HomeTimeout",
                          "Time a local server waits for the home server before it sends a request "
                          "again; it doubles each time.",
                          TimeValue(MilliSeconds(500)),
                          MakeTimeAccessor(&AaaServer::m_homeTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("HomeMaxTimeout",
                          "Longest time a local server waits for the home server before it sends a "
                          "request again.",
                          TimeValue(Seconds(2)),
                          MakeTimeAccessor(&AaaServer::m_homeMaxTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("HomeSends",
                          "How often a local server sends a request to the home server before it "
                          "gives up.",
                          UintegerValue(5),
                          MakeUintegerAccessor(&AaaServer::m_homeSends),
                          MakeUintegerChecker<uint8_t>(1))
            .AddTraceSource("Authenticated",
                            "An authentication has ended at the server, well or badly.",
                            MakeTraceSourceAccessor(&AaaServer::m_authenticatedTrace),
                            "ns3::mis::AaaServer::AuthenticatedTracedCallback")
            .AddTraceSource("Dropped",
                            "A RADIUS message is dropped.",
                            MakeTraceSourceAccessor(&AaaServer::m_droppedTrace),
                            "ns3::mis::AaaServer::DroppedTracedCallback");
    return tid;
}

AaaServer::AaaServer() = default;
AaaServer::~AaaServer() = default;

void
AaaServer::SetMisf(Ptr<Misf> misf)
{
    m_misf = misf;
}

void
AaaServer::SetCredentials(Ptr<CredentialStore> credentials)
{
    m_credentials = credentials;
}

void
AaaServer::AddClient(const MisfId& id, const Address& address)
{
    m_clients[IpKey(address)] = id;
}

void
AaaServer::SetHomeServer(const MisfId& id, const Address& address, const Address& local)
{
    m_homeId = id;
    m_homeAddress = address;
    m_homeLocal = local;
}

void
AaaServer::AddSubscriber(const MisfId& id)
{
    m_subscribers.insert(id);
}

void
AaaServer::RemoveSubscriber(const MisfId& id)
{
    m_subscribers.erase(id);
}

bool
AaaServer::IsSubscriber(ByteView identity) const
{
    return m_subscribers.find(identity) != m_subscribers.end();
}

void
AaaServer::ForgetKeys()
{
    if (m_erp)
    {
        MakeErp();
    }
}

void
AaaServer::MakeErp()
{
    ErpServerConfiguration configuration;
    configuration.domain = DomainOf(m_misf->GetId());
    m_roots.clear();
    m_erp = std::make_unique<ErpServer>(std::move(configuration));
}

void
AaaServer::DoInitialize()
{
    NS_ABORT_MSG_IF(!m_misf || !m_credentials,
                    "AaaServer: call SetMisf and SetCredentials before the start");
    m_misf->Start();
    if (m_homeId.IsEmpty())
    {
        MakeMethods();
    }
    else
    {
        MakeErp();
        const auto* secret = m_credentials->GetPreSharedKey(m_misf->GetId(), m_homeId);
        NS_ABORT_MSG_IF(!secret,
                        "AaaServer: " << m_misf->GetId() << " shares no key with " << m_homeId);
        RadiusClientConfiguration configuration;
        configuration.secret = *secret;
        configuration.nasIdentifier = m_misf->GetId().Get();
        configuration.portType = NasPortType::VIRTUAL;
        configuration.erpDomain = DomainOf(m_misf->GetId());
        m_home = Create<RadiusClient>(
            m_misf,
            m_homeLocal,
            m_homeAddress,
            std::move(configuration),
            RadiusRetransmission{m_homeTimeout, m_homeMaxTimeout, m_homeSends});
    }
    const auto node = m_misf->GetObject<Node>();
    const auto open = [&](const Address& address) {
        auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
        NS_ABORT_MSG_IF(socket->Bind(address) != 0,
                        "AaaServer: UDP port " << m_port << " is in use at node " << node->GetId());
        socket->SetRecvCallback(MakeCallback(&AaaServer::OnReadable, this));
        return socket;
    };
    m_socket = open(InetSocketAddress(Ipv4Address::GetAny(), m_port));
    if (node->GetObject<Ipv6>())
    {
        m_socket6 = open(Inet6SocketAddress(Ipv6Address::GetAny(), m_port));
    }
    Object::DoInitialize();
}

void
AaaServer::MakeMethods()
{
    const auto version = ParseTlsVersion("AaaServer: attribute TlsVersion", m_tlsVersion);
    const auto& id = m_misf->GetId();
    auto configuration = std::make_shared<EapServerConfiguration>();
    std::istringstream methods(m_methods);
    for (std::string method; std::getline(methods, method, ',');)
    {
        if (method == METHOD_GPSK)
        {
            GpskServerConfiguration gpsk;
            gpsk.identity = id.Get();
            gpsk.directory = std::make_shared<Directory>(*this);
            configuration->methods.push_back(
                std::make_shared<Directory::Limited<GpskServerFactory>>(*this, std::move(gpsk)));
        }
        else if (method == METHOD_TLS)
        {
            EapTlsServerConfiguration eapTls;
            eapTls.tls = std::make_shared<TlsContext>(
                m_misf->GetCrypto(),
                m_credentials->MakeTlsConfiguration(id, true, version));
            eapTls.keyLogger = KeyLog::MakeTlsLogger(m_misf->GetKeyLog());
            configuration->methods.push_back(
                std::make_shared<Directory::Limited<EapTlsServerFactory>>(*this,
                                                                          std::move(eapTls)));
        }
        else if (method == METHOD_ERP)
        {
            MakeErp();
        }
        else
        {
            NS_FATAL_ERROR("AaaServer: attribute Methods has \""
                           << method << "\", allowed are " << METHOD_GPSK << ", " << METHOD_TLS
                           << ", " << METHOD_ERP);
        }
    }
    m_configuration = configuration;
}

void
AaaServer::DoDispose()
{
    for (auto socket : {m_socket, m_socket6})
    {
        if (socket)
        {
            socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
            socket->Close();
        }
    }
    m_socket = nullptr;
    m_socket6 = nullptr;
    if (m_home)
    {
        m_home->Close();
        m_home = nullptr;
    }
    m_sessions.clear();
    m_requests.clear();
    m_configuration.reset();
    m_erp.reset();
    m_credentials = nullptr;
    m_misf = nullptr;
    Object::DoDispose();
}

void
AaaServer::OnReadable(Ptr<Socket> socket)
{
    Address from;
    while (auto packet = socket->RecvFrom(from))
    {
        Misf::Activity activity(*m_misf);
        Bytes octets(packet->GetSize());
        packet->CopyData(octets.data(), static_cast<uint32_t>(octets.size()));
        Receive(octets, from);
    }
}

void
AaaServer::Drop(const std::string& reason, size_t octets)
{
    NS_LOG_INFO(m_misf->GetId() << ": drops a RADIUS message: " << reason);
    m_droppedTrace(reason, static_cast<uint32_t>(octets));
}

void
AaaServer::Send(const Bytes& octets, const Address& to)
{
    m_misf->AtCompletion([self = Ptr<AaaServer>(this), octets, to] {
        const auto& socket =
            Inet6SocketAddress::IsMatchingType(to) ? self->m_socket6 : self->m_socket;
        if (socket)
        {
            socket->SendTo(Create<Packet>(octets.data(), static_cast<uint32_t>(octets.size())),
                           0,
                           to);
        }
    });
}

void
AaaServer::Receive(ByteView octets, const Address& from)
{
    const auto client = m_clients.find(IpKey(from));
    if (client == m_clients.end())
    {
        Drop("unknown-client", octets.size());
        return;
    }
    if (octets.size() < RADIUS_HEADER_SIZE)
    {
        Drop("malformed", octets.size());
        return;
    }
    // RFC 5080, section 2.2.2: what makes a request a duplicate.
    const auto socket = SocketOctets(from);
    auto requestKey = std::string(socket.begin(), socket.end());
    requestKey += static_cast<char>(octets[1]);
    requestKey += octets.Sub(AUTHENTICATOR_OFFSET, sizeof(RadiusAuthenticator)).Text();
    if (const auto known = m_requests.find(requestKey); known != m_requests.end())
    {
        Repeat(m_sessions.at(known->second), requestKey, octets.size(), from);
        return;
    }
    const auto named = RadiusEapServerSession::StateOf(octets);
    const auto state = named ? named : OpenSession(client->second, octets.size());
    if (!state)
    {
        return;
    }
    if (m_sessions.count(*state) == 0)
    {
        Drop("unknown-session", octets.size());
        return;
    }
    auto& session = m_sessions.at(*state);
    const auto request = session.radius->Receive(octets);
    if (!request)
    {
        Drop(OutcomeName(ToString(request.Error())), octets.size());
        if (!named)
        {
            m_sessions.erase(*state);
        }
        return;
    }
    session.last = Simulator::Now();
    session.from = from;
    session.answered = false;
    session.requestKey = requestKey;
    session.requestKeys.push_back(requestKey);
    m_requests.emplace(std::move(requestKey), *state);
    if (!named)
    {
        Simulator::Schedule(m_sessionTimeout, &AaaServer::Expire, Ptr<AaaServer>(this), *state);
    }
    if (m_home && !IsOwn(*request))
    {
        PassOn(*state, *request);
        return;
    }
    const auto answer = Authenticate(session, *request);
    if (!answer)
    {
        Drop("conversation-over", octets.size());
        return;
    }
    AnswerClient(session, *answer);
}

void
AaaServer::Repeat(Session& session,
                  const std::string& requestKey,
                  size_t octets,
                  const Address& from)
{
    if (session.requestKey != requestKey || !session.answered)
    {
        Drop("late-duplicate", octets);
        return;
    }
    session.last = Simulator::Now();
    Send(session.radius->LastReply(), from);
}

std::optional<uint32_t>
AaaServer::OpenSession(const MisfId& client, size_t octets)
{
    if (m_sessions.size() >= m_maxSessions)
    {
        Drop("too-many-sessions", octets);
        return std::nullopt;
    }
    const auto* secret = m_credentials->GetPreSharedKey(m_misf->GetId(), client);
    if (!secret)
    {
        Drop("unknown-client", octets);
        return std::nullopt;
    }
    const uint32_t state = m_nextState++;
    auto& session = m_sessions[state];
    session.radius = std::make_unique<RadiusEapServerSession>(m_misf->GetCrypto(), *secret, state);
    session.last = Simulator::Now();
    session.client = client;
    return state;
}

void
AaaServer::AnswerClient(Session& session, const Answer& answer)
{
    const auto reply = session.radius->Reply(answer.eap,
                                             answer.msk,
                                             answer.domainKey ? &*answer.domainKey : nullptr);
    if (!reply)
    {
        Drop(OutcomeName(ToString(reply.Error())), answer.eap.size());
        return;
    }
    session.answered = true;
    Send(*reply, session.from);
}

void
AaaServer::Expire(uint32_t state)
{
    const auto it = m_sessions.find(state);
    if (it == m_sessions.end())
    {
        return;
    }
    auto& session = it->second;
    const auto end = session.last + m_sessionTimeout;
    if (end > Simulator::Now())
    {
        Simulator::Schedule(end - Simulator::Now(),
                            &AaaServer::Expire,
                            Ptr<AaaServer>(this),
                            state);
        return;
    }
    if (session.eap && session.eap->State() == EapState::RUNNING)
    {
        GiveUp(session);
    }
    Forget(state);
}

void
AaaServer::Forget(uint32_t state)
{
    const auto it = m_sessions.find(state);
    if (it->second.home)
    {
        m_home->Cancel(*it->second.home);
    }
    for (const auto& key : it->second.requestKeys)
    {
        m_requests.erase(key);
    }
    m_sessions.erase(it);
}

} // namespace ns3::mis
