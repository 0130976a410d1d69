// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief IKE SAs: requests, responses, timers, and the INFORMATIONAL exchange.
 */
#include "mis-ikev2-engine.h"

#include "ns3/mis-tlv.h"

#include <algorithm>

namespace ns3::mis
{

using namespace ikev2;

using Engine = Ikev2Endpoint::Engine;

namespace
{

/** SPIs of ESP below are reserved (RFC 4303, section 2.1). */
constexpr uint32_t FIRST_ESP_SPI = 256;

} // namespace

Engine::Engine(CryptoContext& ctx, Ikev2Configuration configuration)
    : m_ctx(ctx),
      m_configuration(std::move(configuration))
{
}

// ---------------------------------------------------------------------------------------------
// What the node calls
// ---------------------------------------------------------------------------------------------

Ikev2Output
Engine::Receive(int64_t nowNs, const Ikev2PeerKey& from, ByteView datagram)
{
    m_nowNs = nowNs;
    m_from = from;
    const auto message = Decode(datagram);
    if (!message)
    {
        Drop(Ikev2Drop::MALFORMED);
        return Finish();
    }
    const Header& header = message->header;
    if (header.exchange == Exchange::IKE_SA_INIT && !header.IsResponse())
    {
        OnInitRequest(*message, datagram);
        return Finish();
    }
    IkeSa* sa = FindSa(header.IsFromInitiator() ? header.spiR : header.spiI);
    if (!sa || sa->isInitiator == header.IsFromInitiator())
    {
        Drop(Ikev2Drop::UNKNOWN_SA);
        return Finish();
    }
    if (header.exchange == Exchange::IKE_SA_INIT)
    {
        OnInitResponse(*sa, *message, datagram);
    }
    else if (header.spiI != sa->spiI || header.spiR != sa->spiR)
    {
        Drop(Ikev2Drop::UNKNOWN_SA);
    }
    else if (header.IsResponse())
    {
        OnResponse(*sa, *message, datagram);
    }
    else
    {
        OnRequest(*sa, *message, datagram);
    }
    return Finish();
}

Ikev2Output
Engine::Expire(int64_t nowNs)
{
    m_nowNs = nowNs;
    while (!m_deadlines.empty() && m_deadlines.begin()->first <= nowNs)
    {
        const uint64_t spi = m_deadlines.begin()->second;
        m_deadlines.erase(m_deadlines.begin());
        IkeSa& sa = *FindSa(spi);
        sa.scheduledNs = INT64_MAX;
        Touch(sa);
        OnTimer(sa);
    }
    return Finish();
}

int64_t
Engine::NextDeadlineNs() const
{
    return m_deadlines.empty() ? INT64_MAX : m_deadlines.begin()->first;
}

Ikev2Output
Engine::Order(int64_t nowNs, uint32_t spiIn, Task task)
{
    m_nowNs = nowNs;
    const auto owner = m_childOwners.find(spiIn);
    if (owner != m_childOwners.end())
    {
        Enqueue(*FindSa(owner->second), {task, spiIn});
    }
    return Finish();
}

Ikev2Output
Engine::Order(int64_t nowNs, const std::string& peerName, Task task)
{
    m_nowNs = nowNs;
    const auto spis = m_byName.find(peerName);
    if (spis != m_byName.end())
    {
        for (const auto spi : spis->second)
        {
            IkeSa& sa = *FindSa(spi);
            if (sa.state == State::ESTABLISHED)
            {
                Enqueue(sa, {task});
            }
        }
    }
    return Finish();
}

std::vector<const Engine::IkeSa*>
Engine::Established(const std::string& peerName) const
{
    std::vector<const IkeSa*> found;
    const auto spis = m_byName.find(peerName);
    if (spis != m_byName.end())
    {
        for (const auto spi : spis->second)
        {
            const IkeSa& sa = m_sas.at(spi);
            if (sa.state == State::ESTABLISHED)
            {
                found.push_back(&sa);
            }
        }
    }
    std::sort(found.begin(), found.end(), [](const IkeSa* a, const IkeSa* b) {
        return a->upAt < b->upAt;
    });
    return found;
}

std::size_t
Engine::CountStates() const
{
    return m_sas.size();
}

// ---------------------------------------------------------------------------------------------
// SAs
// ---------------------------------------------------------------------------------------------

Engine::IkeSa&
Engine::Add(bool isInitiator, uint64_t ownSpi)
{
    IkeSa& sa = m_sas[ownSpi];
    sa.isInitiator = isInitiator;
    (isInitiator ? sa.spiI : sa.spiR) = ownSpi;
    sa.bornAt = ++m_order;
    Touch(sa);
    return sa;
}

uint64_t
Engine::NewSpi()
{
    for (;;)
    {
        uint8_t octets[8];
        m_ctx.Random(octets, sizeof octets);
        Reader reader(ByteView(octets, sizeof octets));
        uint64_t spi = 0;
        if (reader.U64(spi) && spi != 0 && m_sas.count(spi) == 0)
        {
            return spi;
        }
    }
}

uint32_t
Engine::NewChildSpi()
{
    for (;;)
    {
        uint8_t octets[4];
        m_ctx.Random(octets, sizeof octets);
        const uint32_t spi = ReadSpi(ByteView(octets, sizeof octets));
        if (spi >= FIRST_ESP_SPI && m_childOwners.count(spi) == 0)
        {
            return spi;
        }
    }
}

Bytes
Engine::NewNonce()
{
    Bytes nonce(NONCE_SIZE);
    m_ctx.Random(nonce.data(), nonce.size());
    return nonce;
}

Engine::IkeSa*
Engine::FindSa(uint64_t ownSpi)
{
    const auto found = m_sas.find(ownSpi);
    return found == m_sas.end() || found->second.state == State::GONE ? nullptr : &found->second;
}

Engine::Child*
Engine::FindChild(IkeSa& sa, uint32_t spiIn)
{
    for (auto& child : sa.children)
    {
        if (child.sa.spiIn == spiIn)
        {
            return &child;
        }
    }
    return nullptr;
}

void
Engine::Touch(const IkeSa& sa)
{
    m_touched.insert(sa.OwnSpi());
}

/** Ends a call: removes what is gone, and plans what is left. */
Ikev2Output
Engine::Finish()
{
    for (const auto spi : m_touched)
    {
        IkeSa& sa = m_sas.at(spi);
        m_deadlines.erase({sa.scheduledNs, spi});
        if (sa.state == State::GONE)
        {
            const auto named = m_byName.find(sa.peerName);
            if (named != m_byName.end())
            {
                named->second.erase(spi);
                if (named->second.empty())
                {
                    m_byName.erase(named);
                }
            }
            const auto range = m_halfOpen.equal_range({sa.peer, sa.spiI});
            const auto halfOpen = std::find_if(range.first, range.second, [spi](const auto& e) {
                return e.second == spi;
            });
            if (halfOpen != range.second)
            {
                m_halfOpen.erase(halfOpen);
            }
            for (const auto spiIn : {sa.firstSpiIn, sa.creation ? sa.creation->spiIn : 0})
            {
                const auto owner = m_childOwners.find(spiIn);
                if (owner != m_childOwners.end() && owner->second == spi)
                {
                    m_childOwners.erase(owner);
                }
            }
            m_sas.erase(spi);
            continue;
        }
        sa.scheduledNs = DeadlineOf(sa);
        if (sa.scheduledNs != INT64_MAX)
        {
            m_deadlines.insert({sa.scheduledNs, spi});
        }
    }
    m_touched.clear();
    return std::exchange(m_output, {});
}

int64_t
Engine::DeadlineOf(const IkeSa& sa) const
{
    int64_t deadline = std::min(sa.softNs, sa.hardNs);
    if (sa.request)
    {
        deadline = std::min(deadline, sa.request->dueNs);
    }
    else
    {
        deadline = std::min(deadline, sa.probeNs);
    }
    for (const auto& child : sa.children)
    {
        deadline = std::min({deadline, child.softNs, child.hardNs});
    }
    return deadline;
}

/** How long an end repeats a request. */
int64_t
Engine::SpanNs() const
{
    double span = 0;
    double wait = static_cast<double>(m_configuration.firstWaitNs);
    for (uint32_t i = 0; i <= m_configuration.repetitions; ++i)
    {
        span += wait;
        wait *= m_configuration.waitFactor;
    }
    return static_cast<int64_t>(span);
}

int64_t
Engine::SoftDeadline(int64_t lifetimeNs)
{
    if (lifetimeNs == 0)
    {
        return INT64_MAX;
    }
    if (m_configuration.softJitter == 0)
    {
        return m_nowNs + lifetimeNs;
    }
    uint8_t octets[4];
    m_ctx.Random(octets, sizeof octets);
    const double share = ReadSpi(ByteView(octets, sizeof octets)) / 4294967296.0;
    return m_nowNs + static_cast<int64_t>(static_cast<double>(lifetimeNs) *
                                          (1 - share * m_configuration.softJitter));
}

int64_t
Engine::HardDeadline(int64_t lifetimeNs) const
{
    return lifetimeNs == 0 ? INT64_MAX : m_nowNs + lifetimeNs;
}

void
Engine::StartLifetime(IkeSa& sa)
{
    sa.upAt = ++m_order;
    sa.softNs = SoftDeadline(m_configuration.ikeSoftNs);
    sa.hardNs = HardDeadline(m_configuration.ikeHardNs);
    sa.probeNs = HardDeadline(m_configuration.livenessNs);
}

void
Engine::LogKeys(const IkeSa& sa)
{
    if (m_configuration.logIkeKeys)
    {
        m_configuration.logIkeKeys(KeyLogLine(sa.spiI, sa.spiR, sa.keys));
    }
}

// ---------------------------------------------------------------------------------------------
// Timers
// ---------------------------------------------------------------------------------------------

void
Engine::OnTimer(IkeSa& sa)
{
    if (sa.hardNs <= m_nowNs)
    {
        sa.hardNs = INT64_MAX;
        switch (sa.state)
        {
        case State::HALF_OPEN:
            Tell(sa, Ikev2Event::Kind::FAILED, Ikev2Outcome::TIMEOUT);
            sa.state = State::GONE;
            return;
        case State::ESTABLISHED:
            Enqueue(sa, {Task::DELETE_IKE, 0, Ikev2Outcome::EXPIRED});
            break;
        default:
            sa.state = State::GONE;
            return;
        }
    }
    if (sa.request && sa.request->dueNs <= m_nowNs)
    {
        OnRequestDue(sa);
        if (sa.state == State::GONE)
        {
            return;
        }
    }
    if (!sa.request && sa.probeNs <= m_nowNs)
    {
        sa.probeNs = HardDeadline(m_configuration.livenessNs);
        Enqueue(sa, {Task::PROBE});
    }
    if (sa.softNs <= m_nowNs)
    {
        sa.softNs = INT64_MAX;
        Enqueue(sa, {Task::REKEY_IKE});
    }
    std::vector<Job> jobs;
    for (auto& child : sa.children)
    {
        if (child.hardNs <= m_nowNs)
        {
            child.hardNs = INT64_MAX;
            child.softNs = INT64_MAX;
            // Not to be used any more from now on, however long the peer takes to confirm it.
            child.isToldDown = true;
            TellChild(sa, Ikev2Event::Kind::CHILD_SA_DOWN, child.sa, Ikev2Outcome::EXPIRED);
            jobs.push_back({Task::DELETE_CHILD, child.sa.spiIn, Ikev2Outcome::EXPIRED});
        }
        else if (child.softNs <= m_nowNs)
        {
            child.softNs = INT64_MAX;
            jobs.push_back({Task::REKEY_CHILD, child.sa.spiIn});
        }
    }
    for (const auto& job : jobs)
    {
        Enqueue(sa, job);
    }
}

void
Engine::OnRequestDue(IkeSa& sa)
{
    Request& request = *sa.request;
    if (request.repeated < m_configuration.repetitions)
    {
        ++request.repeated;
        request.waitNs =
            static_cast<int64_t>(static_cast<double>(request.waitNs) * m_configuration.waitFactor);
        request.dueNs = m_nowNs + request.waitNs;
        m_output.datagrams.push_back({sa.peer, request.datagram});
        return;
    }
    switch (sa.state)
    {
    case State::INITIATING:
        Tell(sa, Ikev2Event::Kind::FAILED, sa.hint);
        sa.state = State::GONE;
        break;
    case State::CLOSING: // who asked for the end has told it
        sa.state = State::GONE;
        break;
    default:
        TakeDown(sa, Ikev2Outcome::TIMEOUT, State::GONE);
    }
}

// ---------------------------------------------------------------------------------------------
// Requests of this end
// ---------------------------------------------------------------------------------------------

void
Engine::Enqueue(IkeSa& sa, const Job& job)
{
    Touch(sa);
    sa.jobs.push_back(job);
    Pump(sa);
}

/** Starts waiting work until a request is outstanding: the window is 1. */
void
Engine::Pump(IkeSa& sa)
{
    while (!sa.request && !sa.jobs.empty() && sa.state != State::GONE && sa.state != State::CLOSED)
    {
        const Job job = sa.jobs.front();
        sa.jobs.pop_front();
        Start(sa, job);
    }
}

void
Engine::Start(IkeSa& sa, const Job& job)
{
    switch (job.task)
    {
    case Task::REKEY_CHILD:
        SendChildRekey(sa, job);
        return;
    case Task::REKEY_IKE:
        SendIkeRekey(sa, job);
        return;
    case Task::DELETE_CHILD: {
        Child* child = FindChild(sa, job.spiIn);
        if (child)
        {
            child->state = ChildState::DELETING;
            DeletePayload body;
            body.protocol = Protocol::ESP;
            body.spis = {SpiOctets(job.spiIn)};
            SendRequest(sa, job, Exchange::INFORMATIONAL, {{PayloadType::DELETE, body}});
        }
        return;
    }
    case Task::DELETE_IKE:
        if (sa.state == State::CLOSING)
        {
            return;
        }
        if (sa.state == State::ESTABLISHED)
        {
            TakeDown(sa, job.reason, State::CLOSING);
        }
        sa.state = State::CLOSING;
        SendRequest(sa, job, Exchange::INFORMATIONAL, {{PayloadType::DELETE, DeletePayload()}});
        return;
    case Task::REFUSE:
        SendRequest(sa, job, Exchange::INFORMATIONAL, {Notify(NotifyType::AUTHENTICATION_FAILED)});
        return;
    case Task::PROBE:
        SendRequest(sa, job, Exchange::INFORMATIONAL, {});
        return;
    case Task::INIT:
    case Task::AUTH:
        return; // are not enqueued
    }
}

void
Engine::Transmit(IkeSa& sa, const Job& job, Exchange exchange, Bytes datagram)
{
    Touch(sa);
    Request request;
    request.job = job;
    request.exchange = exchange;
    request.messageId = sa.nextRequestId;
    request.waitNs = m_configuration.firstWaitNs;
    request.dueNs = m_nowNs + request.waitNs;
    request.datagram = std::move(datagram);
    m_output.datagrams.push_back({sa.peer, request.datagram});
    sa.request = std::move(request);
}

void
Engine::SendRequest(IkeSa& sa, const Job& job, Exchange exchange, const Payloads& payloads)
{
    Header header;
    header.spiI = sa.spiI;
    header.spiR = sa.spiR;
    header.exchange = exchange;
    header.flags = sa.isInitiator ? FLAG_INITIATOR : 0;
    header.messageId = sa.nextRequestId;
    Transmit(sa, job, exchange, Seal(m_ctx, header, payloads, sa.SendKey(), ++sa.iv));
    ++sa.nextRequestId;
}

void
Engine::OnResponse(IkeSa& sa, const Message& message, ByteView datagram)
{
    if (!sa.request || sa.request->messageId != message.header.messageId ||
        sa.request->exchange != message.header.exchange ||
        message.header.exchange == Exchange::IKE_SA_INIT)
    {
        Drop(Ikev2Drop::UNEXPECTED);
        return;
    }
    const auto payloads = Open(m_ctx, datagram, message, sa.ReceiveKey());
    if (!payloads)
    {
        Drop(payloads.Error() == OpenError::BAD_SYNTAX ? Ikev2Drop::MALFORMED
                                                       : Ikev2Drop::NOT_AUTHENTIC);
        return;
    }
    Touch(sa);
    sa.probeNs = HardDeadline(m_configuration.livenessNs);
    const Request request = std::move(*sa.request);
    sa.request.reset();
    switch (request.job.task)
    {
    case Task::AUTH:
        OnAuthResponse(sa, *payloads);
        break;
    case Task::REKEY_CHILD:
        OnChildRekeyed(sa, *payloads);
        break;
    case Task::REKEY_IKE:
        OnIkeRekeyed(sa, *payloads);
        break;
    case Task::DELETE_CHILD:
    case Task::DELETE_IKE:
    case Task::REFUSE:
        OnDeleted(sa, request, *payloads);
        break;
    case Task::PROBE:
    case Task::INIT:
        break;
    }
    Pump(sa);
}

void
Engine::OnDeleted(IkeSa& sa, const Request& request, const Payloads&)
{
    if (request.job.task == Task::DELETE_CHILD)
    {
        RemoveChild(sa, request.job.spiIn, request.job.reason);
        return;
    }
    sa.state = State::GONE;
}

// ---------------------------------------------------------------------------------------------
// Requests of the peer
// ---------------------------------------------------------------------------------------------

void
Engine::Drop(Ikev2Drop drop)
{
    m_output.drop = drop;
}

void
Engine::Respond(IkeSa& sa, const Header& request, const Payloads& payloads)
{
    Header header = request;
    header.flags = FLAG_RESPONSE | (sa.isInitiator ? FLAG_INITIATOR : 0);
    header.version = VERSION;
    sa.lastResponse = Seal(m_ctx, header, payloads, sa.SendKey(), ++sa.iv);
    m_output.datagrams.push_back({m_from, sa.lastResponse});
}

void
Engine::OnRequest(IkeSa& sa, const Message& message, ByteView datagram)
{
    const Header& header = message.header;
    if (header.messageId != sa.expectedId)
    {
        // A repeated request has the same octets, so nothing needs to be verified.
        if (header.messageId + 1 == sa.expectedId && ByteView(sa.lastRequest) == datagram)
        {
            m_output.datagrams.push_back({m_from, sa.lastResponse});
            return;
        }
        Drop(Ikev2Drop::UNEXPECTED);
        return;
    }
    const bool isHalfOpen = sa.state == State::HALF_OPEN;
    if (sa.state == State::CLOSED || sa.state == State::INITIATING ||
        isHalfOpen != (header.exchange == Exchange::IKE_AUTH))
    {
        Drop(Ikev2Drop::UNEXPECTED);
        return;
    }
    const auto payloads = Open(m_ctx, datagram, message, sa.ReceiveKey());
    if (!payloads && payloads.Error() != OpenError::BAD_SYNTAX)
    {
        Drop(Ikev2Drop::NOT_AUTHENTIC);
        return;
    }
    Touch(sa);
    sa.probeNs = isHalfOpen ? INT64_MAX : HardDeadline(m_configuration.livenessNs);
    ++sa.expectedId;
    sa.lastRequest.assign(datagram.begin(), datagram.end());
    if (!payloads)
    {
        Drop(Ikev2Drop::MALFORMED);
        Respond(sa, header, {Notify(NotifyType::INVALID_SYNTAX)});
        return;
    }
    for (const auto& payload : *payloads)
    {
        if (payload.isCritical && std::holds_alternative<UnknownPayload>(payload.body))
        {
            Respond(sa,
                    header,
                    {Notify(NotifyType::UNSUPPORTED_CRITICAL_PAYLOAD,
                            {static_cast<uint8_t>(payload.type)})});
            return;
        }
    }
    switch (header.exchange)
    {
    case Exchange::IKE_AUTH:
        OnAuthRequest(sa, header, *payloads);
        break;
    case Exchange::CREATE_CHILD_SA:
        OnCreateChild(sa, header, *payloads);
        break;
    case Exchange::INFORMATIONAL:
        OnInformational(sa, header, *payloads);
        break;
    default:
        Respond(sa, header, {Notify(NotifyType::INVALID_SYNTAX)});
    }
    Pump(sa);
}

void
Engine::OnInformational(IkeSa& sa, const Header& header, const Payloads& payloads)
{
    std::optional<Ikev2Outcome> end;
    if (FindNotify(payloads, NotifyType::AUTHENTICATION_FAILED))
    {
        end = Ikev2Outcome::REFUSED;
    }
    DeletePayload answered;
    answered.protocol = Protocol::ESP;
    for (const auto& payload : payloads)
    {
        const auto* deletion = std::get_if<DeletePayload>(&payload.body);
        if (!deletion)
        {
            continue;
        }
        if (deletion->protocol == Protocol::IKE)
        {
            end = end.value_or(Ikev2Outcome::DELETED);
            continue;
        }
        for (const auto& octets : deletion->spis)
        {
            const uint32_t spiOut = ReadSpi(octets);
            const auto child =
                std::find_if(sa.children.begin(), sa.children.end(), [spiOut](const Child& c) {
                    return c.sa.spiOut == spiOut;
                });
            if (child == sa.children.end())
            {
                if (sa.creation)
                {
                    sa.creation->deletedSpis.push_back(spiOut);
                }
                continue;
            }
            const uint32_t spiIn = child->sa.spiIn;
            // Both ends deleting: each has named its own direction (RFC 7296, section 1.4.1).
            if (child->state != ChildState::DELETING)
            {
                answered.spis.push_back(SpiOctets(spiIn));
            }
            RemoveChild(sa, spiIn, Ikev2Outcome::DELETED);
        }
    }
    if (!end)
    {
        Respond(sa,
                header,
                answered.spis.empty() ? Payloads() : Payloads{{PayloadType::DELETE, answered}});
        return;
    }
    Respond(sa, header, {});
    // A simultaneous rekey that the peer did not see, or that it has won.
    IkeSa* heir =
        sa.creation && sa.creation->otherSpi != 0 ? FindSa(sa.creation->otherSpi) : nullptr;
    if (heir && heir->state == State::REDUNDANT && sa.state == State::ESTABLISHED)
    {
        Inherit(sa, *heir);
    }
    if (sa.state == State::ESTABLISHED)
    {
        TakeDown(sa, *end, State::CLOSED);
    }
    sa.state = State::CLOSED;
    sa.request.reset();
    sa.jobs.clear();
    sa.softNs = INT64_MAX;
    sa.probeNs = INT64_MAX;
    sa.hardNs = m_nowNs + SpanNs(); // to repeat the answer
}

// ---------------------------------------------------------------------------------------------
// Events
// ---------------------------------------------------------------------------------------------

void
Engine::Tell(const IkeSa& sa, Ikev2Event::Kind kind, Ikev2Outcome outcome)
{
    Ikev2Event event;
    event.kind = kind;
    event.outcome = outcome;
    event.peer = sa.peer;
    event.peerName = sa.peerName;
    event.spi = sa.OwnSpi();
    event.isInitiator = sa.isInitiator;
    event.lineage = sa.lineage;
    event.root = sa.root;
    m_output.events.push_back(std::move(event));
}

void
Engine::TellChild(const IkeSa& sa,
                  Ikev2Event::Kind kind,
                  const Ikev2ChildSa& child,
                  Ikev2Outcome outcome,
                  uint32_t replacedSpiIn)
{
    Tell(sa, kind, outcome);
    m_output.events.back().child = child;
    m_output.events.back().replacedSpiIn = replacedSpiIn;
}

void
Engine::RemoveChild(IkeSa& sa, uint32_t spiIn, Ikev2Outcome outcome)
{
    const Child* child = FindChild(sa, spiIn);
    if (!child)
    {
        return;
    }
    if (!child->isToldDown)
    {
        TellChild(sa, Ikev2Event::Kind::CHILD_SA_DOWN, child->sa, outcome);
    }
    sa.children.erase(sa.children.begin() + (child - sa.children.data()));
    m_childOwners.erase(spiIn);
}

void
Engine::TakeDown(IkeSa& sa, Ikev2Outcome outcome, State state)
{
    while (!sa.children.empty())
    {
        RemoveChild(sa, sa.children.back().sa.spiIn, outcome);
    }
    if (sa.state == State::ESTABLISHED)
    {
        Tell(sa, Ikev2Event::Kind::IKE_SA_DOWN, outcome);
    }
    sa.state = state;
    sa.jobs.clear();
    sa.softNs = INT64_MAX;
    sa.hardNs = INT64_MAX;
    sa.probeNs = INT64_MAX;
}

} // namespace ns3::mis
