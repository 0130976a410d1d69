// SPDX-License-Identifier: GPL-2.0-only

#include "mis-target-session.h"

#include "mis-point-of-service.h"
#include "mis-proactive-authentication.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-auth-messages.h"
#include "ns3/mis-credential.h"
#include "ns3/mis-link-frame.h"

namespace ns3::mis
{

TargetSession::TargetSession(PointOfService& pos,
                             const MisfId& mn,
                             const MisfId& spos,
                             uint32_t generation)
    : m_pos(pos),
      m_context(pos.m_misf->GetCrypto()),
      m_generation(generation)
{
    m_context.log = pos.m_misf->GetKeyLog();
    m_context.mn = mn;
    m_context.spos = spos;
    m_context.tpos = pos.m_misf->GetId();
    m_context.groupKeys = &pos.m_groupKeys;
    m_context.seenNonces = &pos.m_seenNonces;
    if (pos.m_authenticator)
    {
        m_context.makeAuthentication = [this] { return m_pos.m_authenticator(m_context.mn); };
    }
    if (!pos.m_credentialRoot.empty())
    {
        m_context.credential = DeriveCredential(pos.m_misf->GetCrypto(), pos.m_credentialRoot, mn);
    }
}

TargetSession::~TargetSession() = default;

bool
TargetSession::IsOurs(const SecurityAssociation* sa) const
{
    return sa && HasMade(sa->said);
}

void
TargetSession::Answer(const TransactionReference& transaction,
                      bool isProtected,
                      const N2nPreregXferResponse& response)
{
    m_pos.AnswerAsTarget(transaction, isProtected, IsDirect(), response);
}

void
TargetSession::OnRequest(const ReceivedMessage& message, const N2nPreregXferRequest& request)
{
    // Keys of the SPoS are those of the SA it has used, of which there may be several.
    m_context.sposSa = message.sa ? message.sa : m_pos.m_misf->FindSa(message.source);
    m_context.isProtected = message.sa != nullptr;
    NoteLink(request.targetLink);
    if (m_state == State::NEW && request.ciphersuite)
    {
        Deliver(message, request);
    }
    else
    {
        RelayedFrame(message, request);
    }
}

void
TargetSession::Deliver(const ReceivedMessage& message, const N2nPreregXferRequest& request)
{
    N2nPreregXferResponse response;
    response.targetLink = request.targetLink;
    response.mnId = request.mnId;
    m_context.ciphersuite = *request.ciphersuite;
    m_context.group = request.group.value_or(MisfId());
    if (!m_pos.IsSuiteAllowed(m_context.ciphersuite))
    {
        response.status = Status::REJECTED;
        Answer(message.transaction, m_context.isProtected, response);
        m_pos.EndTarget(*this, "unsupported-ciphersuite");
        return;
    }
    switch (m_pos.GetRemedy()->AcceptAtTarget(m_context, request, response))
    {
    case KeyDecision::ACCEPTED:
        Accept();
        if (request.group && request.linkLayerInformation)
        {
            RelayedFrame(message, request); // of a mobile node whose group has the key already
            break;
        }
        Answer(message.transaction, m_context.isProtected, response);
        break;
    case KeyDecision::WAIT_FOR_GROUP_KEY:
        m_state = State::WAITING_FOR_KEY;
        m_pos.ArmTarget(*this, m_pos.m_keyWait);
        m_open = std::make_unique<OpenRequest>(
            OpenRequest{message.transaction, request, m_context.isProtected});
        m_pos.m_waiting[KeyGroupId(m_context)] = m_context.mn;
        break;
    case KeyDecision::AUTHENTICATE:
    case KeyDecision::REFUSED:
        response.status = Status::REJECTED;
        Answer(message.transaction, m_context.isProtected, response);
        m_pos.EndTarget(*this, "no-acceptable-key");
        break;
    }
}

void
TargetSession::OnGroupKey()
{
    if (m_state != State::WAITING_FOR_KEY)
    {
        return;
    }
    N2nPreregXferResponse response;
    response.targetLink = m_open->request.targetLink;
    response.mnId = m_open->request.mnId;
    m_context.sposSa =
        m_pos.m_misf->FindSa(m_context.spos); // the one of the request may have expired
    if (m_pos.GetRemedy()->AcceptAtTarget(m_context, m_open->request, response) !=
        KeyDecision::ACCEPTED)
    {
        return;
    }
    Accept();
    m_pos.ArmTarget(*this, m_pos.m_misf->GetTransactionLifetime());
    Answer(m_open->transaction, m_open->isProtected, response);
    m_open.reset();
}

void
TargetSession::Accept()
{
    m_state = State::KEYED;
    m_derived = DeriveKeys(m_context);
    if (m_context.log)
    {
        m_context.log->Kdk(m_pos.GetRemedy()->GetName(),
                           m_context.mn,
                           m_context.tpos,
                           m_context.key);
    }
    m_pos.m_misf->TraceAtCompletion(m_pos.m_keyAcceptedTrace, m_context.mn, m_context.tpos);
    if (IsDirect() && m_pos.m_linkAuthentication == LinkAuthenticationMode::REAL)
    {
        Confirm(); // the link is authenticated; what confirms K is the first message under the SA
    }
}

void
TargetSession::RelayedFrame(const ReceivedMessage& message, const N2nPreregXferRequest& request)
{
    N2nPreregXferResponse response;
    response.targetLink = request.targetLink;
    response.mnId = request.mnId;
    const bool isProtected = message.sa != nullptr;
    if (m_open && m_state == State::NEW)
    {
        m_pos.m_misf->Refuse(message); // the MN waits for the answer to what it sent before
        return;
    }
    const auto refuse = [&](Status status, const char* outcome) {
        response.status = status;
        Answer(message.transaction, isProtected, response);
        m_pos.EndTarget(*this, outcome);
    };
    if (m_derived && m_pos.m_linkAuthentication == LinkAuthenticationMode::REAL)
    {
        auto answer = OnLinkFrame(
            request.targetLink.value_or(LinkTupleId()),
            request.linkLayerInformation ? ByteView(*request.linkLayerInformation) : ByteView());
        if (!answer.frame.empty())
        {
            response.linkLayerInformation = std::move(answer.frame);
        }
        if (!answer.outcome.empty())
        {
            refuse(answer.status, answer.outcome.c_str());
            return;
        }
        Answer(message.transaction, isProtected, response);
        return;
    }
    const auto frame = request.linkLayerInformation
                           ? LinkFrame::Decode(*request.linkLayerInformation)
                           : std::nullopt;
    if (!frame)
    {
        refuse(Status::REJECTED, "malformed-link-frame");
        return;
    }
    if (frame->kind == LinkFrame::Kind::AUTHENTICATION || frame->kind == LinkFrame::Kind::FLIGHT)
    {
        RelayedFlight(message, request);
        return; // and this session may be over
    }
    if (!m_derived || !LinkFrame::Verify(m_pos.m_misf->GetCrypto(),
                                         m_derived->miak,
                                         LinkFrame::Direction::FROM_MN,
                                         *request.linkLayerInformation))
    {
        refuse(Status::AUTHENTICATION_FAILURE, "key-mismatch");
        return;
    }
    Confirm();
    response.linkLayerInformation = frame->EncodeKeyed(m_pos.m_misf->GetCrypto(),
                                                       m_derived->miak,
                                                       LinkFrame::Direction::FROM_TPOS,
                                                       m_pos.m_linkFrameOctets);
    Answer(message.transaction, isProtected, response);
}

void
TargetSession::RelayedFlight(const ReceivedMessage& message, const N2nPreregXferRequest& request)
{
    N2nPreregXferResponse response;
    response.targetLink = request.targetLink;
    response.mnId = request.mnId;
    const bool isProtected = message.sa != nullptr;
    if (m_pos.GetRemedy()->AcceptAtTarget(m_context, request, response) !=
        KeyDecision::AUTHENTICATE)
    {
        response.status = Status::REJECTED;
        Answer(message.transaction, isProtected, response);
        m_pos.EndTarget(*this, "no-acceptable-key");
        return;
    }
    m_open = std::make_unique<OpenRequest>(OpenRequest{message.transaction, request, isProtected});
    m_pos.GetRemedy()->AnswerLinkFrame(m_context,
                                       *request.linkLayerInformation,
                                       [this, response](std::optional<Bytes> answer) {
                                           OnFlightAnswered(response, std::move(answer));
                                       });
}

void
TargetSession::OnFlightAnswered(N2nPreregXferResponse response, std::optional<Bytes> answer)
{
    const auto open = std::move(m_open);
    const auto refuse = [&](Status status, const std::string& outcome) {
        response.status = status;
        Answer(open->transaction, open->isProtected, response);
        m_pos.EndTarget(*this, outcome);
    };
    if (!answer)
    {
        refuse(Status::REJECTED, "authentication-failure");
        return;
    }
    if (!m_context.failure.empty())
    {
        if (m_context.failureStatus == Status::AUTHENTICATION_FAILURE)
        {
            response.linkLayerInformation = std::move(*answer); // tells why
        }
        refuse(m_context.failureStatus, "authentication-failure-" + m_context.failure);
        return;
    }
    if (!m_context.key.empty())
    {
        if (!m_pos.IsSuiteAllowed(m_context.ciphersuite))
        {
            refuse(Status::REJECTED, "unsupported-ciphersuite");
            return;
        }
        Accept();
    }
    response.linkLayerInformation = std::move(*answer);
    Answer(open->transaction, open->isProtected, response);
    m_pos.ArmTarget(*this, m_pos.m_misf->GetTransactionLifetime());
}

void
TargetSession::Confirm()
{
    if (m_state != State::KEYED)
    {
        return;
    }
    m_state = State::CONFIRMED;
    m_pos.m_misf->AddSa(MakeSa(*m_pos.m_misf, m_context, *m_derived, false));
    m_pos.m_misf->TraceAtCompletion(m_pos.m_keyConfirmedTrace, m_context.mn, m_context.tpos);
    m_pos.Authenticated(*this);
}

bool
TargetSession::OnDirect(const ReceivedMessage& message)
{
    if (!IsOurs(message.sa))
    {
        return false;
    }
    const auto request = DecodeBody<LlAuthRequest>(message.body);
    if (!request)
    {
        return false;
    }
    if (m_pos.m_linkAuthentication == LinkAuthenticationMode::REAL)
    {
        OnReadiness(message, *request);
        return true;
    }
    LlAuthResponse response;
    response.link = request->link;
    const auto frame = LinkFrame::Decode(request->linkLayerInformation);
    if (!frame || !LinkFrame::Verify(m_pos.m_misf->GetCrypto(),
                                     m_derived->miak,
                                     LinkFrame::Direction::FROM_MN,
                                     request->linkLayerInformation))
    {
        response.status = Status::AUTHENTICATION_FAILURE;
    }
    else
    {
        response.linkLayerInformation = frame->EncodeKeyed(m_pos.m_misf->GetCrypto(),
                                                           m_derived->miak,
                                                           LinkFrame::Direction::FROM_TPOS,
                                                           m_pos.m_linkFrameOctets);
        if (frame->kind == LinkFrame::Kind::LAST)
        {
            m_state = State::PREREGISTERED;
        }
    }
    SendOptions options;
    options.protection = SendOptions::Protection::REQUIRED;
    m_pos.m_misf->SendResponse(message.transaction, response, options);
    return true;
}

void
TargetSession::Close(Status status, bool keepSa)
{
    if (m_open)
    {
        N2nPreregXferResponse response;
        response.targetLink = m_open->request.targetLink;
        response.mnId = m_open->request.mnId;
        response.status = status;
        Answer(m_open->transaction, m_open->isProtected, response);
        m_open.reset();
    }
    const bool isGroupKnown = m_context.group.IsEmpty() || m_context.nonceN;
    if ((m_state == State::WAITING_FOR_KEY || m_state == State::NEW) && isGroupKnown)
    {
        // A group key that comes too late must not serve a later preregistration.
        const auto group = KeyGroupId(m_context);
        if (m_context.group.IsEmpty())
        {
            m_pos.m_groupKeys.Take(group);
        }
        const auto waiting = m_pos.m_waiting.find(group);
        if (waiting != m_pos.m_waiting.end() && waiting->second == m_context.mn)
        {
            m_pos.m_waiting.erase(waiting);
        }
    }
    NoteLink(std::nullopt);
    if (m_derived && m_state >= State::CONFIRMED && !keepSa)
    {
        m_pos.m_misf->RemoveSa(m_derived->said, m_context.mn);
    }
}

} // namespace ns3::mis
