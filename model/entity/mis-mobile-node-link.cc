// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Real frames of link authentication at the mobile node: relayed by the SPoS before the move, and
 * on the new link after it.
 */
#include "mis-mobile-node.h"
#include "mis-preregistration.h"

#include "ns3/abort.h"
#include "ns3/mis-auth-messages.h"
#include "ns3/mis-link-kdf.h"
#include "ns3/mis-outcome-name.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

/// The authentication of the link the node has attached to.
struct MobileNode::LinkAccess
{
    uint32_t id{0};
    LinkTupleId link;
    std::unique_ptr<MediaAccessSupplicant> whole; //!< while credentials are checked
    std::unique_ptr<LinkSupplicant> handshake;    //!< once there is a key
    std::shared_ptr<Usim> usim; //!< for a network of LTE that does not have the key any more
    bool hasKey{false};         //!< there was one beforehand
    bool isHeard{false};        //!< a frame of the network has come
    bool isDone{false};
    uint16_t repeats{0};
    EventId timer;

    ~LinkAccess()
    {
        timer.Cancel();
    }
};

// Here, where all their members are known.
MobileNode::MobileNode() = default;
MobileNode::~MobileNode() = default;

void
MobileNode::ForgetAccess()
{
    m_access.reset();
}

void
MobileNode::SetLinkAuthentication(const std::string& mode)
{
    m_linkAuthentication = ParseLinkAuthenticationMode("MobileNode", mode);
}

std::string
MobileNode::GetLinkAuthentication() const
{
    return ToString(m_linkAuthentication);
}

void
MobileNode::SetLinkFrameRelay(const std::string& relay)
{
    m_linkFrameRelay = ParseLinkFrameRelay("MobileNode", relay);
}

std::string
MobileNode::GetLinkFrameRelay() const
{
    return ToString(m_linkFrameRelay);
}

void
MobileNode::SetLinkCredentials(MakeLinkCredentials make)
{
    m_makeLinkCredentials = std::move(make);
}

LinkKeys
MobileNode::GetLinkKeys() const
{
    return m_access && m_access->handshake ? m_access->handshake->Keys() : LinkKeys();
}

// before the move

void
MobileNode::BeginProactive()
{
    auto& current = *m_current;
    if (m_handover)
    {
        // The link is authenticated. What confirms K is the first message under the SA.
        m_misf->AddSa(MakeSa(*m_misf, current.context, *current.derived, true));
        Succeed();
        SendComplete();
        return;
    }
    if (!current.target.link)
    {
        Fail("no-target-link");
        return;
    }
    auto& crypto = m_misf->GetCrypto();
    const auto& context = current.context;
    current.proactive = std::make_unique<MediaAccessSupplicant>(
        crypto,
        *current.target.link,
        MakeSupplicantCredentials(ProactiveSecret(crypto, context.key, context.mn, context.tpos),
                                  context.mn,
                                  context.tpos),
        Simulator::Now().GetNanoSeconds());
    RelayLinkFrames(current.proactive->Start());
}

void
MobileNode::RelayLinkFrames(std::vector<Bytes> frames)
{
    auto& current = *m_current;
    if (current.proactive->GetState() == MediaAccessState::FAILURE && frames.empty())
    {
        Fail(current.proactive->GetReason() == "psk-mismatch"
                 ? std::string("key-mismatch")
                 : "link-authentication-" + current.proactive->GetReason());
        return;
    }
    auto frame = frames.empty() ? Bytes() : std::move(frames.back());
    if (m_linkFrameRelay == LinkFrameRelay::PREREG_XFER)
    {
        SendRelayed(std::move(frame));
        return;
    }
    LlAuthRequest request;
    request.link = *current.target.link;
    request.linkLayerInformation = std::move(frame);
    Ask(current.context.spos, request, RelayOptions(), &MobileNode::OnRelayedLlAuth);
}

void
MobileNode::OnRelayedLlAuth(const LlAuthResponse& response, const ReceivedMessage&)
{
    if (m_state != PreregistrationState::CONFIRMING || FailsWith(response.status))
    {
        return;
    }
    OnProactiveAnswer(response.linkLayerInformation);
}

void
MobileNode::OnProactiveAnswer(const std::optional<Bytes>& frame)
{
    auto& proactive = *m_current->proactive;
    std::vector<Bytes> frames;
    if (frame && !frame->empty())
    {
        frames = proactive.Receive(*frame);
    }
    else
    {
        proactive.Accept(); // the network has nothing more to say, and nothing to object
    }
    if (!frames.empty() || proactive.GetState() == MediaAccessState::FAILURE)
    {
        RelayLinkFrames(std::move(frames));
        return;
    }
    if (proactive.GetState() == MediaAccessState::SUCCESS)
    {
        EndProactive();
        return;
    }
    Fail("link-authentication-" + OutcomeName(ToString(proactive.GetLastDrop())));
}

void
MobileNode::EndProactive()
{
    auto& current = *m_current;
    const auto& context = current.context;
    current.linkKey = LinkKeyOf(m_misf->GetCrypto(),
                                current.proactive->GetRoot(),
                                context.mn,
                                context.tpos,
                                *current.target.link);
    if (context.log)
    {
        context.log->LinkKey(context.mn,
                             context.tpos,
                             *current.target.link,
                             current.proactive->GetRoot(),
                             current.linkKey);
    }
    current.proactive.reset();
    m_misf->AddSa(MakeSa(*m_misf, context, *current.derived, true));
    m_misf->TraceAtCompletion(m_keyConfirmedTrace, context.mn, context.tpos);
    current.round = 0;
    SetState(PreregistrationState::DIRECT);
    LlAuthRequest readiness;
    readiness.link = *current.target.link;
    AskTarget(readiness);
}

// after the move

void
MobileNode::BeginLink()
{
    auto& link = *m_handover->link;
    m_access = std::make_unique<LinkAccess>();
    m_access->id = m_nextId++;
    m_access->link = link.GetLinkTupleId();
    m_access->hasKey = !m_handover->isCold && !m_current->linkKey.empty();
    link.SetLinkFrameReceiver([this](ByteView frame) { OnLinkFrame(frame); });
    NS_ABORT_MSG_IF(!link.Announce(m_access->hasKey),
                    "MobileNode: LinkAuthentication is Real, but "
                        << link.GetInstanceTypeId().GetName()
                        << " carries no frames of link authentication");
    if (m_access->hasKey)
    {
        BeginLinkHandshake(m_current->linkKey);
        return;
    }
    BeginWholeLink();
}

void
MobileNode::BeginWholeLink()
{
    auto& crypto = m_misf->GetCrypto();
    const auto& pos = m_handover->report.to;
    SupplicantCredentials credentials;
    if (!m_credential.empty())
    {
        credentials = MakeSupplicantCredentials(m_credential, m_misf->GetId(), pos);
    }
    if (m_makeLinkCredentials)
    {
        credentials.eap = m_makeLinkCredentials(pos);
    }
    m_access->handshake.reset();
    m_access->whole = std::make_unique<MediaAccessSupplicant>(crypto,
                                                              m_access->link,
                                                              std::move(credentials),
                                                              Simulator::Now().GetNanoSeconds());
    DoWholeLink(m_access->whole->Start());
}

void
MobileNode::BeginLinkHandshake(const SecretBytes& key)
{
    m_access->whole.reset();
    if (m_access->link.link.type == LinkType::UMTS && !m_credential.empty())
    {
        m_access->usim =
            MakeSupplicantCredentials(m_credential, m_misf->GetId(), m_handover->report.to).usim;
    }
    m_access->handshake =
        MakeLinkSupplicant(m_misf->GetCrypto(), m_access->link, m_access->usim.get());
    if (!m_access->handshake || !m_access->handshake->InstallKey(key))
    {
        LinkFailed(m_access->handshake ? "unusable-key" : "unsupported-link");
        return;
    }
    DoLinkHandshake(m_access->handshake->Start());
}

void
MobileNode::OnLinkFrame(ByteView frame)
{
    if (!m_access || !m_misf)
    {
        return;
    }
    Misf::Activity activity(*m_misf);
    m_access->isHeard = true;
    m_linkFrameTrace(m_access->link, false, static_cast<uint32_t>(frame.size()));
    if (m_access->handshake)
    {
        auto output = m_access->handshake->Receive(frame);
        if (!output.eap || m_access->isDone)
        {
            DoLinkHandshake(std::move(output));
            return;
        }
        // The point of attachment has no key for the node, and begins anew.
        BeginWholeLink();
    }
    if (!m_access->whole)
    {
        return;
    }
    auto& whole = *m_access->whole;
    auto frames = whole.Receive(frame);
    const bool isHandshake = whole.GetLastDrop() == LinkAuthenticationDrop::NO_KEY ||
                             whole.GetLastDrop() == LinkAuthenticationDrop::UNEXPECTED;
    if (!isHandshake || !whole.Accept())
    {
        DoWholeLink(std::move(frames));
        return;
    }
    // An EAP-Success got lost; the handshake that follows says the same.
    DoWholeLink({});
    if (m_access && m_access->handshake)
    {
        DoLinkHandshake(m_access->handshake->Receive(frame));
    }
}

void
MobileNode::SendLinkFrames(const std::vector<Bytes>& frames)
{
    for (const auto& frame : frames)
    {
        m_misf->AtCompletion([this, link = m_link, tuple = m_access->link, frame] {
            m_linkFrameTrace(tuple, true, static_cast<uint32_t>(frame.size()));
            link->SendLinkFrame(frame);
        });
    }
}

void
MobileNode::DoWholeLink(std::vector<Bytes> frames)
{
    SendLinkFrames(frames);
    const auto& whole = *m_access->whole;
    switch (whole.GetState())
    {
    case MediaAccessState::RUNNING:
        ArmLink(false);
        break;
    case MediaAccessState::FAILURE:
        LinkFailed(whole.GetReason());
        break;
    case MediaAccessState::SUCCESS:
        if (HasHandshake(m_access->link.link.type))
        {
            const auto& pos = m_handover->report.to;
            const auto key = LinkKeyOf(m_misf->GetCrypto(),
                                       whole.GetRoot(),
                                       m_misf->GetId(),
                                       pos,
                                       m_access->link);
            if (m_misf->GetKeyLog())
            {
                m_misf->GetKeyLog()->LinkKey(m_misf->GetId(),
                                             pos,
                                             m_access->link,
                                             whole.GetRoot(),
                                             key);
            }
            BeginLinkHandshake(key);
            break;
        }
        LinkOpen();
        break;
    }
}

void
MobileNode::DoLinkHandshake(LinkOutput output)
{
    SendLinkFrames(output.frames);
    switch (m_access->handshake->State())
    {
    case LinkAuthenticationState::AUTHENTICATED:
        LinkOpen();
        break;
    case LinkAuthenticationState::FAILED:
        LinkFailed(OutcomeName(ToString(m_access->handshake->Outcome())));
        break;
    default:
        ArmLink(false);
        break;
    }
}

void
MobileNode::ArmLink(bool isRepeat)
{
    m_access->timer.Cancel();
    m_access->repeats = isRepeat ? m_access->repeats + 1 : 0;
    m_access->timer = Simulator::Schedule(m_linkRepeatInterval * (int64_t{1} << m_access->repeats),
                                          &MobileNode::RepeatLink,
                                          this,
                                          m_access->id);
}

void
MobileNode::RepeatLink(uint32_t id)
{
    if (!m_access || m_access->id != id || m_access->isDone)
    {
        return;
    }
    Misf::Activity activity(*m_misf);
    if (m_access->repeats >= m_maxLinkRepeats)
    {
        LinkFailed(OutcomeName(ToString(m_access->handshake ? m_access->handshake->GiveUp()
                                                            : LinkAuthenticationOutcome::TIMEOUT)));
        return;
    }
    if (!m_access->isHeard)
    {
        m_link->Announce(m_access->hasKey);
    }
    SendLinkFrames(m_access->handshake ? m_access->handshake->Repeat().frames
                                       : m_access->whole->Repeat());
    ArmLink(true);
}

void
MobileNode::LinkOpen()
{
    if (m_access->isDone)
    {
        return;
    }
    m_access->isDone = true;
    m_access->timer.Cancel();
    m_misf->TraceAtCompletion(m_linkTrace, m_access->link, std::string("success"));
    if (!m_handover)
    {
        return;
    }
    OpenDataPath();
    if (m_handover->isCold)
    {
        BeginColdPreregistration();
        return;
    }
    SendComplete();
}

void
MobileNode::LinkFailed(const std::string& reason)
{
    if (m_access->isDone)
    {
        return; // a frame of the network that came late
    }
    const auto outcome = "link-authentication-" + reason;
    m_access->isDone = true;
    m_access->timer.Cancel();
    m_misf->TraceAtCompletion(m_linkTrace, m_access->link, outcome);
    if (m_handover)
    {
        EndHandover(outcome);
    }
}

} // namespace ns3::mis
