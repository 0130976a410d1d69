// SPDX-License-Identifier: GPL-2.0-only

#include "mis-point-of-service.h"

#include "mis-group-manager.h"
#include "mis-media-access.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-auth-messages.h"
#include "ns3/mis-link-frame.h"
#include "ns3/mis-sa-termination.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <limits>
#include <sstream>
#include <utility>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisPointOfService");
NS_OBJECT_ENSURE_REGISTERED(PointOfService);

TypeId
PointOfService::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::PointOfService")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<PointOfService>()
            .AddAttribute("Remedy",
                          "How K is delivered: a KeyDeliveryRemedy and its attributes, such as "
                          "ns3::mis::GroupKeyRemedy[Path=Direct].",
                          ObjectFactoryValue(DefaultRemedy()),
                          MakeObjectFactoryAccessor(&PointOfService::SetRemedy,
                                                    &PointOfService::GetRemedyFactory),
                          MakeObjectFactoryChecker())
            .AddAttribute("Ciphersuites",
                          "Codes of the ciphersuites allowed, separated by commas (PA-17).",
                          StringValue("1,2,3,4,5"),
                          MakeStringAccessor(&PointOfService::m_ciphersuites),
                          MakeStringChecker())
            .AddAttribute("LinkFrameOctets",
                          "Size of a link-layer frame; the default is the middle of the four "
                          "EAPOL-Key frames of Wi-Fi (95 to 190 octets).",
                          UintegerValue(142),
                          MakeUintegerAccessor(&PointOfService::m_linkFrameOctets),
                          MakeUintegerChecker<uint32_t>(LinkFrame::SMALLEST, 32768))
            .AddAttribute("LinkAuthentication",
                          "Link-layer frames of proactive authentication: Counted (only their "
                          "size and a MIC under K count) or Real (frames of the access technology, "
                          "and keys pushed to points of attachment).",
                          StringValue("Counted"),
                          MakeStringAccessor(&PointOfService::SetLinkAuthentication,
                                             &PointOfService::GetLinkAuthentication),
                          MakeStringChecker())
            .AddAttribute("MaxSessions",
                          "How many mobile nodes may preregister here at once.",
                          UintegerValue(1000000),
                          MakeUintegerAccessor(&PointOfService::m_maxSessions),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("GroupRelayLifetime",
                          "For how long the PoS relays group key blocks to a mobile node that it "
                          "asked a group key for.",
                          TimeValue(MilliSeconds(assigned::TRANSACTION_LIFETIME_MS)),
                          MakeTimeAccessor(&PointOfService::m_groupRelayLifetime),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("GroupWindow",
                          "For how long after a group key was asked for a group of mobile nodes "
                          "others of the group join in with it.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&PointOfService::m_groupWindow),
                          MakeTimeChecker(Seconds(0), Seconds(10)))
            .AddAttribute("KeyWaitTimeout",
                          "How long to wait for K when it comes by another message than the "
                          "request of the SPoS; less than a transaction lifetime, so that the SPoS "
                          "hears of a failure.",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&PointOfService::m_keyWait),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("PreregistrationLifetime",
                          "For how long a mobile node that is preregistered may stay away.",
                          TimeValue(Seconds(assigned::KEY_LIFETIME_S)),
                          MakeTimeAccessor(&PointOfService::m_preregistrationLifetime),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddTraceSource("ServingSession",
                            "A request for a key was answered.",
                            MakeTraceSourceAccessor(&PointOfService::m_servingTrace),
                            "ns3::mis::PointOfService::SessionTracedCallback")
            .AddTraceSource("TargetSession",
                            "A mobile node has come, or will not come.",
                            MakeTraceSourceAccessor(&PointOfService::m_targetTrace),
                            "ns3::mis::PointOfService::SessionTracedCallback")
            .AddTraceSource("KeyIssued",
                            "A key was issued for a mobile node and a TPoS.",
                            MakeTraceSourceAccessor(&PointOfService::m_keyIssuedTrace),
                            "ns3::mis::PointOfService::KeyTracedCallback")
            .AddTraceSource("KeyAccepted",
                            "The PoS holds K.",
                            MakeTraceSourceAccessor(&PointOfService::m_keyAcceptedTrace),
                            "ns3::mis::PointOfService::KeyTracedCallback")
            .AddTraceSource("KeyConfirmed",
                            "The PoS has seen that the mobile node holds the same K.",
                            MakeTraceSourceAccessor(&PointOfService::m_keyConfirmedTrace),
                            "ns3::mis::PointOfService::KeyTracedCallback")
            .AddTraceSource("GroupKeyBlock",
                            "A group key block has come (MIS_Push_Group_Manipulate).",
                            MakeTraceSourceAccessor(&PointOfService::m_groupKeyTrace),
                            "ns3::mis::PointOfService::GroupKeyTracedCallback")
            .AddTraceSource("LinkAccess",
                            "The credentials of a mobile node that came to a point of attachment "
                            "without a key were checked.",
                            MakeTraceSourceAccessor(&PointOfService::m_linkAccessTrace),
                            "ns3::mis::PointOfService::SessionTracedCallback")
            .AddTraceSource("Served",
                            "A mobile node is served by this PoS from now on.",
                            MakeTraceSourceAccessor(&PointOfService::m_servedTrace),
                            "ns3::mis::PointOfService::KeyTracedCallback")
            .AddTraceSource("Left",
                            "A mobile node is served by another PoS from now on.",
                            MakeTraceSourceAccessor(&PointOfService::m_leftTrace),
                            "ns3::mis::PointOfService::KeyTracedCallback");
    return tid;
}

void
PointOfService::DoDispose()
{
    m_timers.Clear();
    m_serving.clear();
    m_targets.clear();
    m_newcomers.clear();
    ForgetLinks();
    m_misf = nullptr;
    m_remedy = nullptr;
    m_localGm = nullptr;
    Object::DoDispose();
}

void
PointOfService::SetMisf(Ptr<Misf> misf)
{
    m_misf = misf;
    const auto set = [this](MessageId mid,
                            void (PointOfService::*handler)(const ReceivedMessage&),
                            Misf::Destination destination = Misf::Destination::OWN,
                            Misf::Trust trust = Misf::Trust::ANY) {
        m_misf->SetHandler(
            mid,
            [this, handler](const ReceivedMessage& message) { (this->*handler)(message); },
            destination,
            trust);
    };
    constexpr auto OWN = Misf::Destination::OWN;
    constexpr auto SA_IF_ANY = Misf::Trust::SA_IF_ANY;
    // What brings a key, or begins without one, is judged by its session or by the remedy.
    set(PreregXferRequest::ID, &PointOfService::OnPreregRequest);
    set(N2nPreregXferRequest::ID, &PointOfService::OnN2nPreregRequest);
    set(LlAuthRequest::ID, &PointOfService::OnLlAuthRequest);
    set(MnHoCommitRequest::ID, &PointOfService::OnMnHoCommit, OWN, SA_IF_ANY);
    set(N2nHoCommitRequest::ID, &PointOfService::OnN2nHoCommit, OWN, SA_IF_ANY);
    set(MnHoCompleteRequest::ID, &PointOfService::OnMnHoComplete, OWN, SA_IF_ANY);
    set(N2nHoCompleteRequest::ID, &PointOfService::OnN2nHoComplete, OWN, SA_IF_ANY);
    set(TerminationAuthRequest::ID, &PointOfService::OnTermination);
    set(NetGroupManipulateRequest::ID, &PointOfService::OnGroupManipulate, Misf::Destination::ANY);
    set(NetGroupManipulateIndication::ID,
        &PointOfService::OnGroupManipulate,
        Misf::Destination::ANY);
    set(NetGroupManipulateResponse::ID,
        &PointOfService::OnGroupManipulateAnswer,
        Misf::Destination::ANY);
    m_misf->TraceConnectWithoutContext("SaDown", MakeCallback(&PointOfService::OnSaDown, this));
}

void
PointOfService::AddPartner(const MisfId& pos)
{
    m_partners.insert(pos);
}

void
PointOfService::SetPartners(std::shared_ptr<const std::set<MisfId>> partners)
{
    m_sharedPartners = std::move(partners);
}

void
PointOfService::SetGroupManager(const MisfId& gm)
{
    m_gm = gm;
}

void
PointOfService::SetLocalGroupManager(Ptr<GroupManager> gm)
{
    m_localGm = gm;
}

void
PointOfService::ProvisionDeviceKeys(DeviceKeySet keys, EcdsaPublicKey manager)
{
    m_groupKeys.Provision(std::move(keys), std::move(manager));
}

void
PointOfService::SetFullAuthentication(FullAuthenticator authenticator)
{
    m_authenticator = std::move(authenticator);
}

void
PointOfService::SetCredentialRoot(const SecretBytes& root)
{
    m_credentialRoot = root;
}

void
PointOfService::SetRemedy(const ObjectFactory& factory)
{
    m_remedyFactory = factory;
    m_remedy = nullptr;
}

void
PointOfService::ShareRemedy(Ptr<KeyDeliveryRemedy> remedy)
{
    m_remedy = remedy;
}

Ptr<KeyDeliveryRemedy>
PointOfService::GetRemedy()
{
    if (!m_remedy)
    {
        m_remedy = CreateRemedy(m_remedyFactory, "PointOfService");
    }
    return m_remedy;
}

bool
PointOfService::IsPartner(const MisfId& pos) const
{
    return m_partners.count(pos) > 0 || (m_sharedPartners && m_sharedPartners->count(pos) > 0);
}

bool
PointOfService::IsSuiteAllowed(uint8_t suite) const
{
    if (m_allowedSuites == 0)
    {
        std::istringstream list(m_ciphersuites);
        for (std::string item; std::getline(list, item, ',');)
        {
            const auto code = item.find_first_not_of("0123456789") == std::string::npos &&
                                      !item.empty() && item.size() < 3
                                  ? std::stoi(item)
                                  : 0;
            NS_ABORT_MSG_IF(code < 1 || !FindCiphersuite(static_cast<uint8_t>(code)),
                            "PointOfService: attribute Ciphersuites is \""
                                << m_ciphersuites << "\", allowed are codes 1 to 5");
            m_allowedSuites |= uint64_t{1} << code;
        }
    }
    return suite < 64 && (m_allowedSuites >> suite & 1) != 0;
}

// deadlines

void
PointOfService::Arm(const MisfId& about, uint32_t generation, Timer kind, Time at, uint32_t detail)
{
    m_timed[generation] = about;
    m_timers.Arm({at.GetNanoSeconds(), generation, detail, kind});
}

void
PointOfService::Expire(const TimerQueue::Entry& entry)
{
    if (entry.kind == LINK_ACCESS)
    {
        ExpireLinkAccess(entry);
        return;
    }
    const auto timed = m_timed.find(entry.key);
    if (timed == m_timed.end())
    {
        return;
    }
    if (entry.kind == TARGET)
    {
        ExpireTarget(entry);
        return;
    }
    const MisfId about = timed->second;
    m_timed.erase(timed);
    ExpireGroup(entry, about);
}

void
PointOfService::ExpireTarget(const TimerQueue::Entry& entry)
{
    const auto timed = m_timed.find(entry.key);
    const auto* session = FindTarget(timed->second, entry.key);
    if (session && session->deadlineNs != entry.deadlineNs)
    {
        return; // armed again since
    }
    m_timed.erase(timed);
    if (!session)
    {
        return;
    }
    Misf::Activity activity(*m_misf);
    const auto state = session->GetState();
    EndTarget(*session,
              state == TargetSession::State::WAITING_FOR_KEY ? "key-not-delivered"
              : session->IsAnswering()                       ? "authentication-failure-timeout"
              : state == TargetSession::State::PREREGISTERED ? "mn-never-came"
                                                             : "mn-silent");
}

} // namespace ns3::mis
