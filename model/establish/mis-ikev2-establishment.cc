// SPDX-License-Identifier: GPL-2.0-only

#include "mis-ikev2-establishment.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <sstream>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(Ikev2Establishment);

namespace
{

constexpr const char* CERTIFICATE = "Certificate";
constexpr const char* PRE_SHARED_KEY = "PreSharedKey";

/// Reads the name of a group.
uint16_t
GroupOf(const char* attribute, const std::string& name)
{
    if (name == "X25519")
    {
        return ikev2::GROUP_X25519;
    }
    NS_ABORT_MSG_IF(name != "P-256",
                    "Ikev2Establishment: attribute " << attribute << " has \"" << name
                                                     << "\", allowed are X25519 and P-256");
    return ikev2::GROUP_P256;
}

} // namespace

TypeId
Ikev2Establishment::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::Ikev2Establishment")
            .SetParent<OnDemandEstablishment>()
            .SetGroupName("MisPrereg")
            .AddConstructor<Ikev2Establishment>()
            .AddAttribute("Credential",
                          "How both ends prove who they are: Certificate or PreSharedKey.",
                          StringValue(CERTIFICATE),
                          MakeStringAccessor(&Ikev2Establishment::m_credential),
                          MakeStringChecker())
            .AddAttribute("Groups",
                          "Groups of the key exchange, the preferred first, separated by commas: "
                          "X25519, P-256.",
                          StringValue("X25519,P-256"),
                          MakeStringAccessor(&Ikev2Establishment::m_groups),
                          MakeStringChecker())
            .AddAttribute("ChildGroup",
                          "Group of a key exchange for each rekey of a Child SA: X25519, P-256 or "
                          "None.",
                          StringValue("None"),
                          MakeStringAccessor(&Ikev2Establishment::m_childGroup),
                          MakeStringChecker())
            .AddAttribute("IkeLifetime",
                          "Lifetime of an IKE SA; it is rekeyed RenewBefore earlier.",
                          TimeValue(Hours(4)),
                          MakeTimeAccessor(&Ikev2Establishment::m_ikeLifetime),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("RekeyJitter",
                          "Part of the time until a rekey by a random share of which it is early.",
                          DoubleValue(0.1),
                          MakeDoubleAccessor(&Ikev2Establishment::m_rekeyJitter),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("CookieThreshold",
                          "IKE SAs begun by others and not authenticated above which a cookie is "
                          "asked for; 0 always asks.",
                          UintegerValue(32),
                          MakeUintegerAccessor(&Ikev2Establishment::m_cookieThreshold),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("RetransmissionInterval",
                          "Time after which a request without a response is sent again.",
                          TimeValue(MilliSeconds(500)),
                          MakeTimeAccessor(&Ikev2Establishment::m_retransmissionInterval),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("RetransmissionFactor",
                          "Factor by which each further wait is longer.",
                          DoubleValue(2),
                          MakeDoubleAccessor(&Ikev2Establishment::m_retransmissionFactor),
                          MakeDoubleChecker<double>(1, 10))
            .AddAttribute("MaxRetransmissions",
                          "How often a request is sent again before the peer is given up.",
                          UintegerValue(3),
                          MakeUintegerAccessor(&Ikev2Establishment::m_maxRetransmissions),
                          MakeUintegerChecker<uint32_t>(0, 100))
            .AddAttribute("LivenessInterval",
                          "Silence of IKEv2 after which the peer is probed; zero for never.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&Ikev2Establishment::m_livenessInterval),
                          MakeTimeChecker(Seconds(0)))
            .AddTraceSource("Event",
                            "Something happened to an IKE SA or a Child SA at one of its ends.",
                            MakeTraceSourceAccessor(&Ikev2Establishment::m_eventTrace),
                            "ns3::mis::Ikev2Establishment::EventTracedCallback")
            .AddTraceSource("Answered",
                            "An establishment has ended at its responder, well or badly.",
                            MakeTraceSourceAccessor(&Ikev2Establishment::m_answeredTrace),
                            "ns3::mis::Ikev2Establishment::AnsweredTracedCallback")
            .AddTraceSource("Drop",
                            "A message of IKEv2 or a packet of ESP was dropped.",
                            MakeTraceSourceAccessor(&Ikev2Establishment::m_dropTrace),
                            "ns3::mis::Ikev2Establishment::DropTracedCallback");
    return tid;
}

Ikev2Establishment::Ikev2Establishment()
    : m_life(std::make_shared<const int>())
{
}

void
Ikev2Establishment::DoDispose()
{
    m_life.reset();
    OnDemandEstablishment::DoDispose();
}

void
Ikev2Establishment::Serve(Misf& misf)
{
    GetTransport(misf);
}

std::shared_ptr<IpsecTransport>
Ikev2Establishment::GetTransport(Misf& misf)
{
    auto transport =
        std::dynamic_pointer_cast<IpsecTransport>(misf.GetTransport(TransportType::ESP));
    if (!transport || !transport->IsUsed())
    {
        transport = std::make_shared<IpsecTransport>(misf);
        misf.SetTransport(TransportType::ESP, transport);
    }
    auto* node = &misf; // the MISF owns the transport
    transport->Join({m_life,
                     [this] { return Describe(); },
                     [this, node] { return Configure(*node); },
                     [this, node](const Ikev2Report& report) { OnEvent(*node, report); },
                     [this, node](const char* protocol, const char* reason) {
                         m_dropTrace(node->GetId(), protocol, reason);
                     },
                     [this, node](const MisfId& peer, const std::string& reason) {
                         Finish(*node, peer, reason);
                     }});
    return transport;
}

void
Ikev2Establishment::Begin(Misf& misf, const MisfId& peer)
{
    GetTransport(misf)->Establish(peer);
}

std::string
Ikev2Establishment::Describe() const
{
    std::ostringstream text;
    text << "Credential=" << m_credential << "|Groups=" << m_groups
         << "|ChildGroup=" << m_childGroup << "|Lifetime=" << GetLifetime().GetSeconds()
         << "s|RenewBefore=" << GetRenewBefore().GetSeconds()
         << "s|IkeLifetime=" << m_ikeLifetime.GetSeconds() << "s|RekeyJitter=" << m_rekeyJitter
         << "|CookieThreshold=" << m_cookieThreshold
         << "|RetransmissionInterval=" << m_retransmissionInterval.GetSeconds()
         << "s|RetransmissionFactor=" << m_retransmissionFactor
         << "|MaxRetransmissions=" << m_maxRetransmissions
         << "|LivenessInterval=" << m_livenessInterval.GetSeconds() << "s";
    return text.str();
}

Ikev2Configuration
Ikev2Establishment::Configure(Misf& misf)
{
    NS_ABORT_MSG_IF(m_credential != CERTIFICATE && m_credential != PRE_SHARED_KEY,
                    "Ikev2Establishment: attribute Credential is \""
                        << m_credential << "\", allowed are " << CERTIFICATE << " and "
                        << PRE_SHARED_KEY);
    NS_ABORT_MSG_IF(GetRenewBefore() >= std::min(GetLifetime(), m_ikeLifetime),
                    "Ikev2Establishment: attribute RenewBefore is "
                        << GetRenewBefore().GetSeconds()
                        << " s, allowed is less than Lifetime and IkeLifetime");
    Ikev2Configuration configuration;
    Ptr<CredentialStore> credentials(&GetCredentials());
    if (m_credential == CERTIFICATE)
    {
        configuration.credential = credentials->GetCertifiedKey(misf.GetId());
        configuration.anchors = credentials->GetAnchors(misf.GetId());
    }
    else
    {
        configuration.findPsk = [credentials](const std::string& own, const std::string& peer) {
            return credentials->GetPreSharedKey(MisfId(own), MisfId(peer));
        };
    }
    configuration.groups.clear();
    std::istringstream groups(m_groups);
    for (std::string name; std::getline(groups, name, ',');)
    {
        configuration.groups.push_back(GroupOf("Groups", name));
    }
    NS_ABORT_MSG_IF(configuration.groups.empty(),
                    "Ikev2Establishment: attribute Groups is empty, allowed are X25519 and P-256");
    configuration.childGroup =
        m_childGroup == "None" ? ikev2::GROUP_NONE : GroupOf("ChildGroup", m_childGroup);
    const auto softNs = [this](Time lifetime) {
        return GetRenewBefore().IsZero() ? 0 : (lifetime - GetRenewBefore()).GetNanoSeconds();
    };
    configuration.childHardNs = GetLifetime().GetNanoSeconds();
    configuration.childSoftNs = softNs(GetLifetime());
    configuration.ikeHardNs = m_ikeLifetime.GetNanoSeconds();
    configuration.ikeSoftNs = softNs(m_ikeLifetime);
    configuration.softJitter = m_rekeyJitter;
    configuration.cookieThreshold = m_cookieThreshold;
    configuration.firstWaitNs = m_retransmissionInterval.GetNanoSeconds();
    configuration.waitFactor = m_retransmissionFactor;
    configuration.repetitions = m_maxRetransmissions;
    configuration.livenessNs = m_livenessInterval.GetNanoSeconds();
    return configuration;
}

void
Ikev2Establishment::OnEvent(Misf& misf, const Ikev2Report& report)
{
    misf.TraceAtCompletion(m_eventTrace, report);
    const bool isEnd = report.kind == Ikev2Event::Kind::CHILD_SA_UP ||
                       report.kind == Ikev2Event::Kind::CHILD_SA_REFUSED ||
                       report.kind == Ikev2Event::Kind::FAILED;
    if (isEnd && !report.isInitiator)
    {
        misf.TraceAtCompletion(m_answeredTrace, report.local, report.peer, report.outcome);
    }
}

} // namespace ns3::mis
