// SPDX-License-Identifier: GPL-2.0-only

#include "mis-mobile-node.h"

#include "mis-preregistration.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/log.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-ciphersuite.h"
#include "ns3/mis-sa-termination.h"
#include "ns3/object-factory.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisMobileNode");
NS_OBJECT_ENSURE_REGISTERED(MobileNode);

const char*
ToString(PreregistrationState state)
{
    switch (state)
    {
    case PreregistrationState::IDLE:
        return "IDLE";
    case PreregistrationState::ESTABLISHING:
        return "ESTABLISHING";
    case PreregistrationState::REQUESTED:
        return "REQUESTED";
    case PreregistrationState::WAITING_FOR_KEY:
        return "WAITING_FOR_KEY";
    case PreregistrationState::AUTHENTICATING:
        return "AUTHENTICATING";
    case PreregistrationState::CONFIRMING:
        return "CONFIRMING";
    case PreregistrationState::DIRECT:
        return "DIRECT";
    case PreregistrationState::DONE:
        return "DONE";
    }
    return "unknown";
}

TypeId
MobileNode::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::MobileNode")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<MobileNode>()
            .AddAttribute(
                "Remedy",
                "How K is delivered: a KeyDeliveryRemedy and its attributes, such as "
                "ns3::mis::GroupKeyRemedy[Path=Direct].",
                ObjectFactoryValue(DefaultRemedy()),
                MakeObjectFactoryAccessor(&MobileNode::SetRemedy, &MobileNode::GetRemedyFactory),
                MakeObjectFactoryChecker())
            .AddAttribute("Ciphersuite",
                          "Code of the ciphersuite asked for (PA-17).",
                          UintegerValue(assigned::SUITE_AES_CCM),
                          MakeUintegerAccessor(&MobileNode::m_ciphersuite),
                          MakeUintegerChecker<uint8_t>())
            .AddAttribute("RelayedExchanges",
                          "Exchanges of link-layer frames under K that the SPoS relays.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&MobileNode::m_relayedExchanges),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("DirectExchanges",
                          "Exchanges of link-layer frames sent directly to the TPoS after that.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&MobileNode::m_directExchanges),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("HandshakeExchanges",
                          "Exchanges of link-layer frames on the new link before data may flow.",
                          UintegerValue(2),
                          MakeUintegerAccessor(&MobileNode::m_handshakeExchanges),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("LinkFrameOctets",
                          "Size of a link-layer frame; the default is the middle of the four "
                          "EAPOL-Key frames of Wi-Fi (95 to 190 octets).",
                          UintegerValue(142),
                          MakeUintegerAccessor(&MobileNode::m_linkFrameOctets),
                          MakeUintegerChecker<uint32_t>(LinkFrame::SMALLEST, 32768))
            .AddAttribute("LinkAuthentication",
                          "Link-layer frames of proactive authentication and of the handshake "
                          "after the move: Counted (only their size and a MIC under K count) or "
                          "Real (frames of the access technology).",
                          StringValue("Counted"),
                          MakeStringAccessor(&MobileNode::SetLinkAuthentication,
                                             &MobileNode::GetLinkAuthentication),
                          MakeStringChecker())
            .AddAttribute(
                "LinkFrameRelay",
                "Messages that carry real link-layer frames through the SPoS: "
                "Prereg_Xfer (IEEE 802.21.1) or LL_Auth (IEEE 802.21a).",
                StringValue("Prereg_Xfer"),
                MakeStringAccessor(&MobileNode::SetLinkFrameRelay, &MobileNode::GetLinkFrameRelay),
                MakeStringChecker())
            .AddAttribute("LinkRepeatInterval",
                          "Time after which a real frame on the new link that is not answered is "
                          "sent again; it doubles each time.",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&MobileNode::m_linkRepeatInterval),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("MaxLinkRepeats",
                          "How often such a frame is sent again.",
                          UintegerValue(5),
                          MakeUintegerAccessor(&MobileNode::m_maxLinkRepeats),
                          MakeUintegerChecker<uint16_t>(0, 16))
            .AddAttribute("KeyWaitTimeout",
                          "How long to wait for K after the response of the SPoS.",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&MobileNode::m_keyWait),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("CommitHandover",
                          "Whether to tell the SPoS before leaving (MN_HO_Commit).",
                          BooleanValue(true),
                          MakeBooleanAccessor(&MobileNode::m_commit),
                          MakeBooleanChecker())
            .AddAttribute("DirectAuthentication",
                          "Whether a full authentication before the move goes to the TPoS "
                          "directly, by IP, and not through the SPoS, if the target names the "
                          "TPoS. For remedies that deliver no key.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&MobileNode::m_directAuthentication),
                          MakeBooleanChecker())
            .AddAttribute("TerminateOnLeave",
                          "Whether SAs with the PoS that a handover has left are ended at both "
                          "ends (Termination_Auth); if not, those that were established stay for a "
                          "return, until their lifetime is over.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&MobileNode::m_terminateOnLeave),
                          MakeBooleanChecker())
            .AddTraceSource("Preregistration",
                            "A preregistration has ended.",
                            MakeTraceSourceAccessor(&MobileNode::m_preregistrationTrace),
                            "ns3::mis::MobileNode::PreregistrationTracedCallback")
            .AddTraceSource("HandoverBegin",
                            "The node leaves its old link.",
                            MakeTraceSourceAccessor(&MobileNode::m_handoverBeginTrace),
                            "ns3::mis::MobileNode::HandoverTracedCallback")
            .AddTraceSource("Handover",
                            "A handover has ended.",
                            MakeTraceSourceAccessor(&MobileNode::m_handoverTrace),
                            "ns3::mis::MobileNode::HandoverTracedCallback")
            .AddTraceSource("KeyAccepted",
                            "The node holds K.",
                            MakeTraceSourceAccessor(&MobileNode::m_keyAcceptedTrace),
                            "ns3::mis::MobileNode::KeyTracedCallback")
            .AddTraceSource("KeyConfirmed",
                            "The node has seen that the TPoS holds the same K.",
                            MakeTraceSourceAccessor(&MobileNode::m_keyConfirmedTrace),
                            "ns3::mis::MobileNode::KeyTracedCallback")
            .AddTraceSource("SaReady",
                            "The first message under the SA with the TPoS was verified.",
                            MakeTraceSourceAccessor(&MobileNode::m_saReadyTrace),
                            "ns3::mis::MobileNode::KeyTracedCallback")
            .AddTraceSource("DataPathOpen",
                            "User data may flow over the new link.",
                            MakeTraceSourceAccessor(&MobileNode::m_dataPathOpenTrace),
                            "ns3::mis::MobileNode::KeyTracedCallback")
            .AddTraceSource("State",
                            "The preregistration changed its state.",
                            MakeTraceSourceAccessor(&MobileNode::m_stateTrace),
                            "ns3::mis::MobileNode::StateTracedCallback")
            .AddTraceSource("LinkAuthentication",
                            "The authentication of the new link has ended, with real frames.",
                            MakeTraceSourceAccessor(&MobileNode::m_linkTrace),
                            "ns3::mis::MobileNode::LinkTracedCallback")
            .AddTraceSource("LinkFrame",
                            "A real frame of link authentication was sent or received on the new "
                            "link.",
                            MakeTraceSourceAccessor(&MobileNode::m_linkFrameTrace),
                            "ns3::mis::MobileNode::LinkFrameTracedCallback")
            .AddTraceSource("DataPath",
                            "User data may flow over the current link, or no longer.",
                            MakeTraceSourceAccessor(&MobileNode::m_dataPathTrace),
                            "ns3::mis::MobileNode::DataPathTracedCallback")
            .AddTraceSource("GroupKeyBlock",
                            "A group key block has come (MIS_Push_Group_Manipulate).",
                            MakeTraceSourceAccessor(&MobileNode::m_groupKeyTrace),
                            "ns3::mis::MobileNode::GroupKeyTracedCallback");
    return tid;
}

void
MobileNode::DoDispose()
{
    if (m_current)
    {
        m_current->keyWait.Cancel();
    }
    m_current.reset();
    m_handover.reset();
    ForgetLink();
    m_misf = nullptr;
    m_remedy = nullptr;
    m_link = nullptr;
    Object::DoDispose();
}

void
MobileNode::SetMisf(Ptr<Misf> misf)
{
    m_misf = misf;
    const auto handler = [this](const ReceivedMessage& message) { OnGroupManipulate(message); };
    m_misf->SetHandler(NetGroupManipulateRequest::ID, handler, Misf::Destination::ANY);
    m_misf->SetHandler(NetGroupManipulateIndication::ID, handler, Misf::Destination::ANY);
    m_misf->SetHandler(TerminationAuthRequest::ID, [this](const ReceivedMessage& message) {
        AnswerTermination(*m_misf, message);
    });
}

void
MobileNode::SetServingPos(const MisfId& spos)
{
    m_spos = spos;
}

void
MobileNode::SetCurrentLink(Ptr<AccessLink> link)
{
    m_link = link;
    m_dataPathOpen = true;
    m_dataPathTrace(true);
}

void
MobileNode::SetCredential(const SecretBytes& credential)
{
    m_credential = credential;
}

void
MobileNode::SetFullAuthentication(FullAuthenticator authenticator)
{
    m_authenticator = std::move(authenticator);
}

void
MobileNode::ProvisionDeviceKeys(DeviceKeySet keys, EcdsaPublicKey manager)
{
    m_groupKeys.Provision(std::move(keys), std::move(manager));
}

void
MobileNode::SetRemedy(const ObjectFactory& factory)
{
    m_remedyFactory = factory;
    m_remedy = nullptr;
}

void
MobileNode::ShareRemedy(Ptr<KeyDeliveryRemedy> remedy)
{
    m_remedy = remedy;
}

Ptr<KeyDeliveryRemedy>
MobileNode::GetRemedy()
{
    if (!m_remedy)
    {
        m_remedy = CreateRemedy(m_remedyFactory, "MobileNode");
    }
    return m_remedy;
}

void
MobileNode::SetState(PreregistrationState state)
{
    if (state != m_state)
    {
        m_stateTrace(m_state, state);
        m_state = state;
    }
}

bool
MobileNode::IsCurrent(uint32_t id) const
{
    return m_current && m_current->id == id && m_state != PreregistrationState::IDLE;
}

SendOptions
MobileNode::RelayOptions() const
{
    SendOptions options;
    options.protection = m_current->context.wantsProtection ? SendOptions::Protection::IF_AVAILABLE
                                                            : SendOptions::Protection::NONE;
    return options;
}

// preregistration

bool
MobileNode::Preregister(const PreregistrationTarget& target)
{
    NS_ABORT_MSG_IF(m_spos.IsEmpty(), "MobileNode: no serving PoS, call SetServingPos first");
    if (m_handover ||
        (m_state != PreregistrationState::IDLE && m_state != PreregistrationState::DONE))
    {
        return false;
    }
    Misf::Activity activity(*m_misf);
    MakePreregistration(target, m_spos);
    if (m_directAuthentication && target.tpos)
    {
        m_current->via = *target.tpos;
        m_current->context.wantsProtection = false; // of an SA from an earlier visit
    }
    if (m_current->via != m_spos || !m_misf->NeedsEstablishment(m_spos))
    {
        SendFirstRequest();
        return true;
    }
    SetState(PreregistrationState::ESTABLISHING);
    m_misf->EstablishSa(
        m_spos,
        [this, id = m_current->id](const SecurityAssociation* sa, const std::string& reason) {
            if (!IsCurrent(id) || m_state != PreregistrationState::ESTABLISHING)
            {
                return;
            }
            if (!sa)
            {
                Fail("no-spos-sa-" + reason);
                return;
            }
            SendFirstRequest();
        });
    return true;
}

void
MobileNode::GiveUpPrepared()
{
    if (m_state == PreregistrationState::DONE)
    {
        m_misf->RemoveSa(m_current->derived->said, m_current->context.tpos);
        SetState(PreregistrationState::IDLE);
    }
}

void
MobileNode::MakePreregistration(const PreregistrationTarget& target, const MisfId& via)
{
    GiveUpPrepared();
    const auto group = GetRemedy()->GetGroup();
    if (group.IsEmpty())
    {
        m_groupKeys.Clear(); // whatever came late is for an earlier preregistration
    }
    m_current = std::make_unique<Preregistration>(m_misf->GetCrypto());
    auto& current = *m_current;
    auto& context = current.context;
    current.id = m_nextId++;
    current.target = target;
    current.begin = Simulator::Now();
    context.log = m_misf->GetKeyLog();
    context.mn = m_misf->GetId();
    context.spos = via;
    current.via = via;
    context.tpos = target.tpos.value_or(MisfId());
    context.group = group;
    context.ciphersuite = m_ciphersuite;
    context.groupKeys = &m_groupKeys;
    context.credential = m_credential;
    if (m_authenticator)
    {
        context.makeAuthentication = [this, &context] { return m_authenticator(context.tpos); };
    }
}

void
MobileNode::SendFirstRequest()
{
    auto& current = *m_current;
    auto& context = current.context;
    context.sposSa = m_misf->FindSa(context.spos);
    SetState(PreregistrationState::REQUESTED);

    PreregXferRequest request;
    request.targetLink = current.target.link;
    request.tposId = current.target.tpos;
    if (!current.target.candidates.empty())
    {
        request.candidateLinks = current.target.candidates;
    }
    request.ciphersuite = m_ciphersuite;
    GetRemedy()->PrepareRequest(context, request);
    NS_ABORT_MSG_IF(current.via != context.spos && request.ciphersuite,
                    "MobileNode: attribute DirectAuthentication is true, allowed is false with a "
                    "remedy that delivers a key, such as "
                        << GetRemedy()->GetName());
    request.linkLayerInformation = GetRemedy()->NextLinkFrame(context, {});
    const auto error = m_misf->SendRequest(
        current.via,
        request,
        RelayOptions(),
        [this, id = current.id](const TransactionResult& result) { OnResponse(id, result); });
    if (error != SendError::NONE)
    {
        Fail(ToString(error));
    }
}

void
MobileNode::AbortPreregistration()
{
    if (m_state != PreregistrationState::IDLE && m_state != PreregistrationState::DONE)
    {
        Misf::Activity activity(*m_misf);
        Fail("aborted");
    }
}

void
MobileNode::OnResponse(uint32_t id, const TransactionResult& result)
{
    if (!IsCurrent(id))
    {
        return;
    }
    if (result.failure != TransactionFailure::NONE)
    {
        Fail(ToString(result.failure));
        return;
    }
    const auto response = DecodeBody<PreregXferResponse>(result.message->body);
    if (!response)
    {
        m_misf->Refuse(*result.message);
        Fail("malformed-response");
        return;
    }
    auto& context = m_current->context;
    if (response->status != Status::SUCCESS)
    {
        if (context.authentication && response->linkLayerInformation)
        {
            GetRemedy()->NextLinkFrame(context, *response->linkLayerInformation); // tells why
        }
        Fail(context.failure.empty() ? OutcomeOf(response->status)
                                     : "authentication-failure-" + context.failure);
        return;
    }
    if (context.tpos.IsEmpty() && response->tposId)
    {
        context.tpos = *response->tposId;
    }
    if (context.tpos.IsEmpty() || (response->tposId && *response->tposId != context.tpos))
    {
        Fail("wrong-tpos");
        return;
    }
    context.isProtected = result.message->sa != nullptr;
    context.sposSa = m_misf->FindSa(context.spos); // the one of the request may have expired
    switch (m_state)
    {
    case PreregistrationState::REQUESTED:
        OnDelivered(*response);
        break;
    case PreregistrationState::AUTHENTICATING:
        Authenticate(response->linkLayerInformation ? ByteView(*response->linkLayerInformation)
                                                    : ByteView());
        break;
    case PreregistrationState::CONFIRMING:
        if (m_linkAuthentication == LinkAuthenticationMode::REAL)
        {
            OnProactiveAnswer(response->linkLayerInformation);
            break;
        }
        OnKeyedAnswer(response->linkLayerInformation);
        break;
    default:
        break;
    }
}

void
MobileNode::OnDelivered(const PreregXferResponse& response)
{
    auto& current = *m_current;
    current.responded = true;
    if (current.derived)
    {
        SendKeyed();
        return;
    }
    const auto decision = GetRemedy()->AcceptAtMobileNode(current.context, &response);
    if (decision == KeyDecision::AUTHENTICATE)
    {
        SetState(PreregistrationState::AUTHENTICATING);
        Authenticate(response.linkLayerInformation ? ByteView(*response.linkLayerInformation)
                                                   : ByteView());
        return;
    }
    Continue(decision);
}

void
MobileNode::Continue(KeyDecision decision)
{
    auto& current = *m_current;
    switch (decision)
    {
    case KeyDecision::ACCEPTED:
        HoldKey();
        if (current.responded)
        {
            SendKeyed();
        }
        break;
    case KeyDecision::WAIT_FOR_GROUP_KEY:
        if (current.responded && m_state != PreregistrationState::WAITING_FOR_KEY)
        {
            SetState(PreregistrationState::WAITING_FOR_KEY);
            current.keyWait =
                Simulator::Schedule(m_keyWait, &MobileNode::KeyWaitOver, this, current.id);
        }
        break;
    case KeyDecision::AUTHENTICATE:
    case KeyDecision::REFUSED:
        Fail("no-acceptable-key");
        break;
    }
}

void
MobileNode::KeyWaitOver(uint32_t id)
{
    if (IsCurrent(id) && m_state == PreregistrationState::WAITING_FOR_KEY)
    {
        Misf::Activity activity(*m_misf);
        Fail("key-not-delivered");
    }
}

void
MobileNode::HoldKey()
{
    auto& context = m_current->context;
    m_current->keyWait.Cancel();
    m_current->derived = DeriveKeys(context);
    if (context.log)
    {
        context.log->Kdk(GetRemedy()->GetName(), context.mn, context.tpos, context.key);
    }
    m_misf->TraceAtCompletion(m_keyAcceptedTrace, context.mn, context.tpos);
}

void
MobileNode::Authenticate(ByteView answer)
{
    auto& context = m_current->context;
    if (answer.empty())
    {
        Fail("authentication-failure");
        return;
    }
    auto next = GetRemedy()->NextLinkFrame(context, answer);
    if (next)
    {
        SendRelayed(std::move(*next));
        return;
    }
    if (GetRemedy()->AcceptAtMobileNode(context, nullptr) != KeyDecision::ACCEPTED)
    {
        Fail(context.failure.empty() ? "authentication-failure"
                                     : "authentication-failure-" + context.failure);
        return;
    }
    Continue(KeyDecision::ACCEPTED);
}

void
MobileNode::SendRelayed(Bytes linkFrame)
{
    auto& current = *m_current;
    PreregXferRequest request;
    request.targetLink = current.target.link;
    request.tposId = current.context.tpos;
    request.linkLayerInformation = std::move(linkFrame);
    const auto error = m_misf->SendRequest(
        current.via,
        request,
        RelayOptions(),
        [this, id = current.id](const TransactionResult& result) { OnResponse(id, result); });
    if (error != SendError::NONE)
    {
        Fail(ToString(error));
    }
}

void
MobileNode::SendKeyed()
{
    auto& current = *m_current;
    SetState(PreregistrationState::CONFIRMING);
    if (m_linkAuthentication == LinkAuthenticationMode::REAL)
    {
        BeginProactive();
        return;
    }
    LinkFrame frame;
    frame.round = current.round;
    SendRelayed(frame.EncodeKeyed(m_misf->GetCrypto(),
                                  current.derived->miak,
                                  LinkFrame::Direction::FROM_MN,
                                  m_linkFrameOctets));
}

void
MobileNode::OnKeyedAnswer(const std::optional<Bytes>& octets)
{
    auto& current = *m_current;
    const auto frame = octets ? LinkFrame::Decode(*octets) : std::nullopt;
    if (!frame || frame->round != current.round ||
        !LinkFrame::Verify(m_misf->GetCrypto(),
                           current.derived->miak,
                           LinkFrame::Direction::FROM_TPOS,
                           *octets))
    {
        Fail("key-mismatch");
        return;
    }
    if (current.round == 0)
    {
        m_misf->AddSa(MakeSa(*m_misf, current.context, *current.derived, true));
        m_misf->TraceAtCompletion(m_keyConfirmedTrace, current.context.mn, current.context.tpos);
    }
    if (m_handover)
    {
        // What confirms K is the first exchange of the handshake on the new link.
        m_handover->round = 1;
        Succeed();
        ContinueHandshake();
        return;
    }
    if (++current.round < m_relayedExchanges)
    {
        SendKeyed();
        return;
    }
    current.round = 0;
    SetState(PreregistrationState::DIRECT);
    SendDirect();
}

void
MobileNode::SendDirect()
{
    auto& current = *m_current;
    LinkFrame frame;
    frame.kind =
        current.round + 1 == m_directExchanges ? LinkFrame::Kind::LAST : LinkFrame::Kind::KEYED;
    frame.round = current.round;
    LlAuthRequest request;
    request.link = current.target.link.value_or(LinkTupleId());
    request.linkLayerInformation = frame.EncodeKeyed(m_misf->GetCrypto(),
                                                     current.derived->miak,
                                                     LinkFrame::Direction::FROM_MN,
                                                     m_linkFrameOctets);
    SendOptions options;
    options.protection = SendOptions::Protection::REQUIRED;
    const auto error = m_misf->SendRequest(
        current.context.tpos,
        request,
        options,
        [this, id = current.id](const TransactionResult& result) { OnDirectAnswer(id, result); });
    if (error != SendError::NONE)
    {
        Fail(ToString(error));
    }
}

void
MobileNode::OnDirectAnswer(uint32_t id, const TransactionResult& result)
{
    if (!IsCurrent(id) || m_state != PreregistrationState::DIRECT)
    {
        return;
    }
    if (result.failure != TransactionFailure::NONE)
    {
        Fail(ToString(result.failure));
        return;
    }
    auto& current = *m_current;
    const auto response = DecodeBody<LlAuthResponse>(result.message->body);
    if (!response)
    {
        m_misf->Refuse(*result.message);
        Fail("malformed-response");
        return;
    }
    if (response->status != Status::SUCCESS)
    {
        Fail(OutcomeOf(response->status));
        return;
    }
    if (m_linkAuthentication == LinkAuthenticationMode::COUNTED &&
        !LinkFrame::Verify(m_misf->GetCrypto(),
                           current.derived->miak,
                           LinkFrame::Direction::FROM_TPOS,
                           response->linkLayerInformation))
    {
        Fail("key-mismatch");
        return;
    }
    if (current.round == 0)
    {
        m_misf->TraceAtCompletion(m_saReadyTrace, current.context.mn, current.context.tpos);
    }
    if (m_linkAuthentication == LinkAuthenticationMode::COUNTED &&
        ++current.round < m_directExchanges)
    {
        SendDirect();
        return;
    }
    Succeed();
}

void
MobileNode::OnGroupManipulate(const ReceivedMessage& message)
{
    const auto answer = [&](const MisfId& group) {
        NetGroupManipulateResponse response;
        response.group = group;
        response.status = Status::SUCCESS;
        m_misf->SendResponse(message.transaction, response, {});
    };
    const auto opened = OpenGroupKeyBlock(*m_misf, m_groupKeys, message);
    if (!opened)
    {
        m_misf->Refuse(message);
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
        answer(opened->group);
    }
    if ((m_state == PreregistrationState::REQUESTED ||
         m_state == PreregistrationState::WAITING_FOR_KEY) &&
        !m_current->derived)
    {
        m_current->context.sposSa = m_misf->FindSa(m_current->context.spos);
        const auto decision = GetRemedy()->AcceptAtMobileNode(m_current->context, nullptr);
        if (decision == KeyDecision::ACCEPTED)
        {
            Continue(decision);
        }
    }
    if (const auto* key = m_groupKeys.Find(opened->group))
    {
        // Another member of the group was first. It must not serve a later preregistration.
        Simulator::Schedule(m_misf->GetTransactionLifetime(),
                            &MobileNode::DropGroupKey,
                            Ptr<MobileNode>(this),
                            opened->group,
                            key->sequenceNumber);
    }
}

void
MobileNode::DropGroupKey(const MisfId& group, uint64_t sequenceNumber)
{
    const auto* key = m_groupKeys.Find(group);
    if (key && key->sequenceNumber == sequenceNumber)
    {
        m_groupKeys.Take(group);
    }
}

void
MobileNode::Succeed()
{
    SetState(PreregistrationState::DONE);
    Report("success");
}

void
MobileNode::Fail(const std::string& outcome)
{
    auto& current = *m_current;
    NS_LOG_INFO(m_misf->GetId() << ": preregistration ends: " << outcome);
    current.keyWait.Cancel();
    if (current.derived)
    {
        // Nothing made from a K that is not confirmed to its end stays behind.
        m_misf->RemoveSa(current.derived->said, current.context.tpos);
    }
    const bool isGroupKnown = current.context.group.IsEmpty() || current.context.nonceN;
    if (!current.context.tpos.IsEmpty() && isGroupKnown)
    {
        m_groupKeys.Take(KeyGroupId(current.context));
    }
    SetState(PreregistrationState::IDLE);
    Report(outcome);
    if (m_handover)
    {
        EndHandover(outcome);
    }
}

void
MobileNode::Report(const std::string& outcome)
{
    if (m_preregistrationTrace.IsEmpty())
    {
        return;
    }
    PreregistrationReport report;
    report.mn = m_current->context.mn;
    report.spos = m_current->context.spos;
    report.tpos = m_current->context.tpos;
    report.outcome = outcome;
    report.begin = m_current->begin;
    m_misf->AtCompletion([this, report]() mutable {
        report.end = Simulator::Now();
        m_preregistrationTrace(report);
    });
}

} // namespace ns3::mis
