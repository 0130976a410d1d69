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
            .AddAttribute("AttachTimeout",
                          "How long a handover waits for its new link to attach.",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&MobileNode::m_attachTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
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
    ForgetAccess();
    m_makeLinkCredentials = nullptr;
    m_authenticator = nullptr;
    if (m_link)
    {
        m_link->SetLinkFrameReceiver(nullptr);
    }
    m_misf = nullptr;
    m_remedy = nullptr;
    m_link = nullptr;
    m_left = nullptr;
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

} // namespace ns3::mis
