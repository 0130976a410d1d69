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
                            Misf::Destination destination = Misf::Destination::OWN) {
        m_misf->SetHandler(
            mid,
            [this, handler](const ReceivedMessage& message) { (this->*handler)(message); },
            destination);
    };
    set(PreregXferRequest::ID, &PointOfService::OnPreregRequest);
    set(N2nPreregXferRequest::ID, &PointOfService::OnN2nPreregRequest);
    set(LlAuthRequest::ID, &PointOfService::OnLlAuthRequest);
    set(MnHoCommitRequest::ID, &PointOfService::OnMnHoCommit);
    set(N2nHoCommitRequest::ID, &PointOfService::OnN2nHoCommit);
    set(MnHoCompleteRequest::ID, &PointOfService::OnMnHoComplete);
    set(N2nHoCompleteRequest::ID, &PointOfService::OnN2nHoComplete);
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
PointOfService::AddNeighbour(const MisfId& pos, LinkType type)
{
    m_neighbours.push_back({pos, type});
}

void
PointOfService::SetRats(const MisfId& mn, std::set<LinkType> types)
{
    m_rats[mn] = std::move(types);
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
PointOfService::IsTrustedPartner(const ReceivedMessage& message) const
{
    return IsPartner(message.source) && (message.sa || !m_misf->FindSa(message.source));
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

// target selection, clause 5.14.3

PointOfService::Selection
PointOfService::SelectTarget(const MisfId& mn, const PreregXferRequest& request)
{
    const auto directory = m_misf->GetDirectory();
    const auto check = [&](const MisfId& tpos) -> Selection {
        if (m_misf->GetPeerAddress(tpos).IsEmpty())
        {
            return {tpos, Status::NETWORK_ERROR, "unknown-tpos"};
        }
        if (!IsPartner(tpos))
        {
            return {tpos, Status::REJECTED, "tpos-not-partner"};
        }
        return {tpos, Status::SUCCESS, ""};
    };
    if (request.tposId)
    {
        return check(*request.tposId);
    }
    if (request.targetLink && directory)
    {
        if (const auto* record = directory->FindByLink(OfferedLink(*request.targetLink)))
        {
            return check(record->id);
        }
        if (!request.candidateLinks)
        {
            return {MisfId(), Status::NETWORK_ERROR, "no-suitable-tpos"};
        }
    }
    const auto rats = m_rats.find(mn);
    const auto canUse = [&](LinkType type) {
        return rats == m_rats.end() || rats->second.count(type) > 0;
    };
    const MisfId* best = nullptr;
    bool bestTrusted = false;
    uint32_t bestLoad = std::numeric_limits<uint32_t>::max();
    const auto consider = [&](const MisfId& tpos, LinkType type) {
        if (!canUse(type) || check(tpos).status != Status::SUCCESS || tpos == m_misf->GetId())
        {
            return;
        }
        const bool trusted =
            m_misf->GetSaDatabase().FindByPeer(tpos, Simulator::Now().GetNanoSeconds()) != nullptr;
        const auto sent = m_sent.find(tpos);
        const uint32_t load = sent == m_sent.end() ? 0 : sent->second;
        if (!best || load < bestLoad || (load == bestLoad && trusted && !bestTrusted))
        {
            best = &tpos;
            bestTrusted = trusted;
            bestLoad = load;
        }
    };
    if (request.candidateLinks && directory)
    {
        for (const auto& link : *request.candidateLinks)
        {
            if (const auto* record = directory->FindByLink(link))
            {
                consider(record->id, link.type);
            }
        }
    }
    else
    {
        for (const auto& neighbour : m_neighbours)
        {
            consider(neighbour.pos, neighbour.type);
        }
    }
    if (!best)
    {
        return {MisfId(), Status::NETWORK_ERROR, "no-suitable-tpos"};
    }
    return {*best, Status::SUCCESS, ""};
}

std::optional<LinkId>
PointOfService::ChooseTarget(const MisfId& mn, const std::vector<LinkId>& candidates)
{
    const auto directory = m_misf->GetDirectory();
    PreregXferRequest request;
    request.candidateLinks = candidates;
    const auto selection = SelectTarget(mn, request);
    if (selection.status == Status::SUCCESS && directory)
    {
        for (const auto& link : candidates)
        {
            const auto* record = directory->FindByLink(link);
            if (record && record->id == selection.tpos)
            {
                return link;
            }
        }
    }
    return {};
}

// serving

SendError
PointOfService::AnswerMobileNode(const TransactionReference& transaction,
                                 bool isProtected,
                                 const PreregXferResponse& response)
{
    SendOptions options;
    options.protection =
        isProtected ? SendOptions::Protection::REQUIRED : SendOptions::Protection::NONE;
    return m_misf->SendResponse(transaction, response, options);
}

void
PointOfService::OnPreregRequest(const ReceivedMessage& message)
{
    const auto request = DecodeBody<PreregXferRequest>(message.body);
    if (!request)
    {
        m_misf->Refuse(message);
        return;
    }
    if (request->tposId == m_misf->GetId() && !request->ciphersuite && !message.sa)
    {
        // The mobile node has come without a preregistration.
        N2nPreregXferRequest direct;
        direct.targetLink = request->targetLink;
        direct.linkLayerInformation = request->linkLayerInformation;
        direct.mnId = message.source;
        OnTargetRequest(message, direct);
        return;
    }
    const auto selection = SelectTarget(message.source, *request);
    if (selection.status != Status::SUCCESS)
    {
        PreregXferResponse response;
        response.tposId = request->tposId;
        response.status = selection.status;
        AnswerMobileNode(message.transaction, message.sa != nullptr, response);
        m_misf->TraceAtCompletion(m_servingTrace, message.source, std::string(selection.reason));
        return;
    }
    if (!request->ciphersuite)
    {
        Relay(message, selection.tpos, *request);
        return;
    }
    auto& slot = m_serving[message.source];
    if (slot)
    {
        slot->Supersede(); // a mobile node that asks anew has given up what it asked before
    }
    slot = std::make_unique<ServingSession>(*this, message, selection.tpos, m_nextGeneration++);
    slot->Begin(*request);
}

void
PointOfService::Relay(const ReceivedMessage& message,
                      const MisfId& tpos,
                      const PreregXferRequest& request)
{
    const bool isProtected = message.sa != nullptr;
    const auto refuse =
        [this, transaction = message.transaction, isProtected, tpos](Status status) {
            PreregXferResponse response;
            response.tposId = tpos;
            response.status = status;
            AnswerMobileNode(transaction, isProtected, response);
        };
    if (!m_misf->FindSa(message.source))
    {
        refuse(Status::AUTHORIZATION_FAILURE); // not for a mobile node that nobody vouches for
        m_misf->TraceAtCompletion(m_servingTrace, message.source, std::string("no-mn-sa"));
        return;
    }
    N2nPreregXferRequest toTarget;
    toTarget.targetLink = request.targetLink;
    toTarget.linkLayerInformation = request.linkLayerInformation;
    toTarget.mnId = message.source;
    const auto joined = m_joined.find(message.source);
    if (joined != m_joined.end() && isProtected && joined->second.tpos == tpos)
    {
        // The first that the TPoS hears of it, as of a mobile node that asks for a key.
        toTarget.ciphersuite = joined->second.ciphersuite;
        toTarget.group = joined->second.group;
        toTarget.nonceT = joined->second.nonceT;
        toTarget.nonceN = joined->second.nonceN;
        m_joined.erase(joined);
    }
    SendOptions options;
    options.protection =
        isProtected ? SendOptions::Protection::REQUIRED : SendOptions::Protection::NONE;
    const auto answer = [this, transaction = message.transaction, isProtected, tpos](
                            const TransactionResult& result) {
        PreregXferResponse response;
        response.tposId = tpos;
        response.status = Status::NETWORK_ERROR;
        if (result.failure == TransactionFailure::NONE)
        {
            auto fromTarget = DecodeBody<N2nPreregXferResponse>(result.message->body);
            if (fromTarget)
            {
                response.targetLink = fromTarget->targetLink;
                response.linkLayerInformation = std::move(fromTarget->linkLayerInformation);
                response.status = fromTarget->status;
            }
        }
        AnswerMobileNode(transaction, isProtected, response);
    };
    const auto send = [this, tpos, toTarget, options, answer, refuse] {
        const auto error = m_misf->SendRequest(tpos, toTarget, options, answer);
        if (error != SendError::NONE)
        {
            refuse(error == SendError::NO_SA ? Status::REJECTED : Status::NETWORK_ERROR);
        }
    };
    if (!isProtected || !m_misf->NeedsEstablishment(tpos))
    {
        send();
        return;
    }
    m_misf->EstablishSa(tpos, [send, refuse](const SecurityAssociation* sa, const std::string&) {
        sa ? send() : refuse(Status::REJECTED);
    });
}

void
PointOfService::SetGroupAddress(const PeerAddress& address)
{
    m_groupAddress = address;
}

PointOfService::GroupRequest*
PointOfService::FindGroupRequest(const MisfId& key)
{
    const auto it = m_groupRequests.find(key);
    if (it == m_groupRequests.end())
    {
        return nullptr;
    }
    // The window closes for others, but not for who waits in it.
    if (it->second.isReady && Simulator::Now().GetNanoSeconds() >= it->second.untilNs)
    {
        m_groupRequests.erase(it);
        return nullptr;
    }
    return &it->second;
}

void
PointOfService::BeginGroupRequest(const MisfId& key,
                                  const ServingContext& context,
                                  uint32_t generation)
{
    m_joined.erase(context.mn);
    m_groupRequests[key] = {context.mn,
                            generation,
                            (Simulator::Now() + m_groupWindow).GetNanoSeconds(),
                            false,
                            *context.nonceN,
                            {},
                            {context.mn},
                            {}};
}

void
PointOfService::JoinGroupRequest(ServingSession& session,
                                 const MisfId& key,
                                 const ServingContext& context)
{
    auto* request = FindGroupRequest(key);
    const auto& mn = context.mn;
    m_joined[mn] = {context.tpos,
                    context.group,
                    context.ciphersuite,
                    *context.nonceT,
                    *context.nonceN};
    request->members.push_back(mn);
    if (!request->block.empty())
    {
        if (const auto frame = ParseFrame(request->block))
        {
            m_misf->Relay(*frame, m_misf->GetPeerAddress(mn));
        }
    }
    if (request->isReady)
    {
        session.AnswerJoined(); // destroys the session
        return;
    }
    request->waiting.push_back(mn);
}

void
PointOfService::GroupRequestReady(const MisfId& key)
{
    auto* request = FindGroupRequest(key);
    request->isReady = true;
    const auto waiting = std::move(request->waiting);
    request->waiting.clear();
    for (const auto& mn : waiting)
    {
        if (const auto it = m_serving.find(mn); it != m_serving.end())
        {
            it->second->AnswerJoined();
        }
    }
}

void
PointOfService::EndGroupRequest(const MisfId& key, Status status, const std::string& outcome)
{
    const auto it = m_groupRequests.find(key);
    const auto waiting = std::move(it->second.waiting);
    m_groupRequests.erase(it);
    for (const auto& mn : waiting)
    {
        m_joined.erase(mn);
        if (const auto session = m_serving.find(mn); session != m_serving.end())
        {
            session->second->End(status, outcome);
        }
    }
}

void
PointOfService::RelayToGroup(const FrameView& frame, GroupRequest& request)
{
    if (!m_groupAddress.IsEmpty())
    {
        m_misf->Relay(frame, m_groupAddress);
        return;
    }
    request.block.assign(frame.whole.begin(), frame.whole.end());
    for (const auto& mn : request.members)
    {
        m_misf->Relay(frame, m_misf->GetPeerAddress(mn));
    }
}

void
PointOfService::EndServing(const MisfId& mn, const std::string& outcome)
{
    m_misf->TraceAtCompletion(m_servingTrace, mn, outcome);
    const auto it = m_serving.find(mn);
    const auto ended = std::move(it->second);
    m_serving.erase(it);
}

void
PointOfService::OnMnHoCommit(const ReceivedMessage& message)
{
    const auto request = DecodeBody<MnHoCommitRequest>(message.body);
    if (!request)
    {
        m_misf->Refuse(message);
        return;
    }
    const auto answer = [this,
                         transaction = message.transaction,
                         linkType = request->linkType,
                         network = request->targetNetwork](Status status) {
        MnHoCommitResponse response;
        response.linkType = linkType;
        response.targetNetwork = network;
        response.status = status;
        m_misf->SendResponse(transaction, response, {});
    };
    const auto* address =
        request->targetNetwork ? std::get_if<LinkAddress>(&*request->targetNetwork) : nullptr;
    const auto directory = m_misf->GetDirectory();
    const auto* record = address && request->linkType && directory
                             ? directory->FindByLink({*request->linkType, *address})
                             : nullptr;
    if (!record || !IsPartner(record->id) || record->id == m_misf->GetId())
    {
        answer(Status::SUCCESS); // nobody to tell
        return;
    }
    N2nHoCommitRequest toTarget;
    toTarget.mnId = message.source;
    toTarget.targetNetwork = request->targetNetwork;
    const auto error =
        m_misf->SendRequest(record->id, toTarget, {}, [answer](const TransactionResult& result) {
            const auto response = result.failure == TransactionFailure::NONE
                                      ? DecodeBody<N2nHoCommitResponse>(result.message->body)
                                      : Result<N2nHoCommitResponse>(CodecError::TRUNCATED);
            answer(response ? response->status : Status::NETWORK_ERROR);
        });
    if (error != SendError::NONE)
    {
        answer(Status::NETWORK_ERROR);
    }
}

void
PointOfService::OnN2nHoCommit(const ReceivedMessage& message)
{
    const auto request = DecodeBody<N2nHoCommitRequest>(message.body);
    if (!request || !request->mnId)
    {
        m_misf->Refuse(message);
        return;
    }
    N2nHoCommitResponse response;
    response.mnId = request->mnId;
    response.mnLink = request->mnLink;
    response.targetNetwork = request->targetNetwork;
    const auto session = m_targets.find(*request->mnId);
    response.status = IsTrustedPartner(message) && session != m_targets.end() &&
                              session->second->GetState() == TargetSession::State::PREREGISTERED
                          ? Status::SUCCESS
                          : Status::REJECTED;
    m_misf->SendResponse(message.transaction, response, {});
}

void
PointOfService::OnN2nHoComplete(const ReceivedMessage& message)
{
    const auto request = DecodeBody<N2nHoCompleteRequest>(message.body);
    if (!request || !request->mnId)
    {
        m_misf->Refuse(message);
        return;
    }
    N2nHoCompleteResponse response;
    response.mnId = request->mnId;
    if (!IsTrustedPartner(message))
    {
        response.status = Status::REJECTED;
    }
    else
    {
        if (const auto served = m_served.find(*request->mnId); served != m_served.end())
        {
            const Said said = served->second;
            m_misf->RemoveSa(said, *request->mnId);
        }
        m_rats.erase(*request->mnId);
        m_misf->TraceAtCompletion(m_leftTrace, *request->mnId, message.source);
        response.resourceStatus = true;
    }
    m_misf->SendResponse(message.transaction, response, {});
}

void
PointOfService::OnTermination(const ReceivedMessage& message)
{
    const MisfId peer = message.source;
    const auto ended = AnswerTermination(*m_misf, message);
    if (!ended)
    {
        return;
    }
    const auto target = m_targets.find(peer);
    if (target != m_targets.end() && target->second->HasMade(*ended))
    {
        EndTarget(peer, "terminated");
    }
}

void
PointOfService::OnSaDown(const SecurityAssociation& sa)
{
    const auto served = m_served.find(sa.remote);
    if (served != m_served.end() && served->second == sa.said)
    {
        m_served.erase(served);
    }
}

// target

void
PointOfService::OnN2nPreregRequest(const ReceivedMessage& message)
{
    const auto request = DecodeBody<N2nPreregXferRequest>(message.body);
    if (!request || !request->mnId)
    {
        m_misf->Refuse(message);
        return;
    }
    OnTargetRequest(message, *request);
}

void
PointOfService::OnTargetRequest(const ReceivedMessage& message, const N2nPreregXferRequest& request)
{
    const auto& mn = *request.mnId;
    const bool isDirect = mn == message.source;
    const auto reject = [&](const char* reason) {
        N2nPreregXferResponse response;
        response.targetLink = request.targetLink;
        response.mnId = request.mnId;
        response.status = Status::REJECTED;
        AnswerAsTarget(message.transaction, message.sa != nullptr, isDirect, response);
        m_misf->TraceAtCompletion(m_targetTrace, mn, std::string(reason));
    };
    if (!isDirect && !IsPartner(message.source))
    {
        reject("spos-not-partner");
        return;
    }
    const auto it = m_targets.find(mn);
    if (it != m_targets.end() && it->second->IsProtected() && !message.sa)
    {
        reject("unprotected-request"); // anybody could end the session with it
        return;
    }
    const auto frame = request.linkLayerInformation
                           ? LinkFrame::Decode(*request.linkLayerInformation)
                           : std::nullopt;
    const bool isFirst = request.ciphersuite || (frame && frame->round == 0 &&
                                                 (frame->kind == LinkFrame::Kind::AUTHENTICATION ||
                                                  frame->kind == LinkFrame::Kind::FLIGHT));
    if (!isFirst && (it == m_targets.end() || it->second->GetSpos() != message.source))
    {
        reject("no-session");
        return;
    }
    if (isFirst)
    {
        if (it != m_targets.end())
        {
            EndTarget(mn, "superseded");
        }
        if (m_targets.size() >= m_maxSessions)
        {
            reject("too-many-sessions");
            return;
        }
        m_targets[mn] =
            std::make_unique<TargetSession>(*this, mn, message.source, m_nextGeneration++);
    }
    auto& session = *m_targets[mn];
    ArmTarget(session, m_misf->GetTransactionLifetime());
    session.OnRequest(message, request); // may destroy the session
}

void
PointOfService::AnswerAsTarget(const TransactionReference& transaction,
                               bool isProtected,
                               bool isDirect,
                               const N2nPreregXferResponse& response)
{
    SendOptions options;
    options.protection =
        isProtected ? SendOptions::Protection::REQUIRED : SendOptions::Protection::NONE;
    if (!isDirect)
    {
        m_misf->SendResponse(transaction, response, options);
        return;
    }
    PreregXferResponse toMobileNode;
    toMobileNode.targetLink = response.targetLink;
    toMobileNode.linkLayerInformation = response.linkLayerInformation;
    toMobileNode.tposId = m_misf->GetId();
    toMobileNode.status = response.status;
    m_misf->SendResponse(transaction, toMobileNode, options);
}

void
PointOfService::OnLlAuthRequest(const ReceivedMessage& message)
{
    const auto it = m_targets.find(message.source);
    if (it == m_targets.end() || !it->second->OnDirect(message))
    {
        OnLlAuthOfOthers(message);
        return;
    }
    const auto session = m_targets.find(message.source); // unless it has ended
    if (session != m_targets.end())
    {
        ArmTarget(*session->second,
                  session->second->GetState() == TargetSession::State::PREREGISTERED
                      ? m_preregistrationLifetime
                      : m_misf->GetTransactionLifetime());
    }
}

void
PointOfService::OnMnHoComplete(const ReceivedMessage& message)
{
    const auto request = DecodeBody<MnHoCompleteRequest>(message.body);
    const auto it = m_targets.find(message.source);
    if (!request || it == m_targets.end() || !it->second->IsOurs(message.sa))
    {
        m_misf->Refuse(message);
        return;
    }
    MnHoCompleteResponse response;
    response.mnLink = request->mnLink;
    response.hoResult = request->hoResult;
    response.resourceStatus = true;
    SendOptions options;
    options.protection = SendOptions::Protection::REQUIRED;
    m_misf->SendResponse(message.transaction, response, options);

    const MisfId mn = message.source;
    const MisfId spos = it->second->GetSpos();
    const Said said = it->second->GetSaid();
    it->second->Close(Status::SUCCESS, true);
    Forget(*it->second);
    m_targets.erase(it);
    const auto [served, isNew] = m_served.emplace(mn, said);
    if (!isNew)
    {
        const Said old = std::exchange(served->second, said);
        m_misf->RemoveSa(old, mn); // it came back without having been missed
    }
    m_misf->TraceAtCompletion(m_targetTrace, mn, std::string("served"));
    m_misf->TraceAtCompletion(m_servedTrace, mn, m_misf->GetId());
    if (spos == mn)
    {
        return; // nobody has prepared for it
    }
    N2nHoCompleteRequest complete;
    complete.mnId = mn;
    complete.mnLink = request->mnLink;
    complete.hoResult = request->hoResult;
    const auto error = m_misf->SendRequest(spos, complete, {}, [](const TransactionResult&) {});
    if (error != SendError::NONE)
    {
        NS_LOG_WARN(m_misf->GetId() << ": can not tell " << spos << " that " << mn
                                    << " has come: " << ToString(error));
    }
}

void
PointOfService::EndTarget(const MisfId& mn, const std::string& outcome)
{
    const auto it = m_targets.find(mn);
    const auto ended = std::move(it->second);
    m_targets.erase(it);
    Forget(*ended);
    ended->Close(Status::NETWORK_ERROR, false);
    m_misf->TraceAtCompletion(m_targetTrace, mn, outcome);
}

void
PointOfService::Forget(const TargetSession& session)
{
    m_timed.erase(session.GetGeneration()); // a deadline of it may be far away
}

void
PointOfService::ArmTarget(TargetSession& session, Time after)
{
    session.deadlineNs = (Simulator::Now() + after).GetNanoSeconds();
    m_timed[session.GetGeneration()] = session.GetMn();
    m_timers.Arm({session.deadlineNs, session.GetGeneration(), 0, TARGET});
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
    if (entry.kind == GROUP_RELAY)
    {
        const auto relay = m_groupRelays.find(timed->second);
        if (relay != m_groupRelays.end() && relay->second.generation == entry.key)
        {
            m_groupRelays.erase(relay);
        }
        m_timed.erase(timed);
        return;
    }
    if (entry.kind == GROUP_KEY)
    {
        const auto* key = m_groupKeys.Find(timed->second);
        if (key && static_cast<uint32_t>(key->sequenceNumber) == entry.generation)
        {
            m_groupKeys.Take(timed->second);
        }
        m_timed.erase(timed);
        return;
    }
    const auto it = m_targets.find(timed->second);
    if (it == m_targets.end() || it->second->GetGeneration() != entry.key)
    {
        m_timed.erase(timed);
        return;
    }
    if (it->second->deadlineNs != entry.deadlineNs)
    {
        return; // armed again since
    }
    Misf::Activity activity(*m_misf);
    const MisfId mn = timed->second;
    m_timed.erase(timed);
    EndTarget(mn,
              it->second->GetState() == TargetSession::State::WAITING_FOR_KEY ? "key-not-delivered"
              : it->second->IsAnswering() ? "authentication-failure-timeout"
              : it->second->GetState() == TargetSession::State::PREREGISTERED ? "mn-never-came"
                                                                              : "mn-silent");
}

// group keys

void
PointOfService::OnGroupManipulate(const ReceivedMessage& message)
{
    const auto opened = OpenGroupKeyBlock(*m_misf, m_groupKeys, message, true);
    if (!opened)
    {
        m_misf->Refuse(message);
        return;
    }
    // What this PoS can not open may be for a mobile node it serves.
    const auto relay = m_groupRelays.find(opened->group);
    const auto shared = relay == m_groupRelays.end() ? m_groupRequests.end()
                                                     : m_groupRequests.find(relay->second.request);
    if (shared != m_groupRequests.end())
    {
        RelayToGroup(message.frame, shared->second);
    }
    else if (relay != m_groupRelays.end())
    {
        const auto address = m_misf->GetPeerAddress(relay->second.mn);
        if (!address.IsEmpty())
        {
            m_misf->Relay(message.frame, address);
        }
    }
    if (opened->error == GroupKeyError::NOT_MEMBER && relay != m_groupRelays.end())
    {
        m_misf->Forget(message); // the mobile node answers
        return;
    }
    m_misf->TraceAtCompletion(m_groupKeyTrace, opened->group, opened->error);
    if (opened->error != GroupKeyError::NONE)
    {
        m_misf->Refuse(message);
        return;
    }
    if (opened->answerWanted)
    {
        NetGroupManipulateResponse response;
        response.group = opened->group;
        m_misf->SendResponse(message.transaction, response, {});
    }
    const auto waiting = m_waiting.find(opened->group);
    if (waiting != m_waiting.end())
    {
        const auto it = m_targets.find(waiting->second);
        if (it != m_targets.end())
        {
            it->second->OnGroupKey();
        }
        m_waiting.erase(opened->group);
    }
    if (const auto* unused = m_groupKeys.Find(opened->group))
    {
        // It waits for the request of the SPoS, but must not serve a later preregistration.
        const uint32_t generation = m_nextGeneration++;
        m_timed[generation] = opened->group;
        m_timers.Arm({(Simulator::Now() + m_misf->GetTransactionLifetime()).GetNanoSeconds(),
                      generation,
                      static_cast<uint32_t>(unused->sequenceNumber),
                      GROUP_KEY});
    }
}

void
PointOfService::OnGroupManipulateAnswer(const ReceivedMessage& message)
{
    const auto response = DecodeBody<NetGroupManipulateResponse>(message.body);
    const auto relay = response ? m_groupRelays.find(response->group) : m_groupRelays.end();
    if (relay == m_groupRelays.end() ||
        (relay->second.request.IsEmpty() && relay->second.mn != message.source))
    {
        m_misf->Refuse(message);
        return;
    }
    m_misf->Relay(message.frame, m_misf->GetPeerAddress(m_gm));
}

} // namespace ns3::mis
