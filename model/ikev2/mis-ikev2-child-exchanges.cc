// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Child SAs, and the CREATE_CHILD_SA exchange (RFC 7296, sections 1.3 and 2.8).
 */
#include "mis-ikev2-engine.h"

#include "ns3/mis-tlv.h"

#include <algorithm>

namespace ns3::mis
{

using namespace ikev2;

using Engine = Ikev2Endpoint::Engine;

// ---------------------------------------------------------------------------------------------
// Child SAs
// ---------------------------------------------------------------------------------------------

/** Makes a Child SA whose keys are known; isInitiator: of the exchange. */
Engine::Child
Engine::MakeChild(const IkeSa& sa,
                  const ChildKeys& keys,
                  uint32_t spiIn,
                  uint32_t spiOut,
                  bool isInitiator,
                  std::vector<TrafficSelector> local,
                  std::vector<TrafficSelector> remote)
{
    Child child;
    child.sa.spiIn = spiIn;
    child.sa.spiOut = spiOut;
    child.sa.keyIn = isInitiator ? keys.fromResponder : keys.fromInitiator;
    child.sa.keyOut = isInitiator ? keys.fromInitiator : keys.fromResponder;
    child.sa.local = std::move(local);
    child.sa.remote = std::move(remote);
    child.softNs = SoftDeadline(m_configuration.childSoftNs);
    child.hardNs = HardDeadline(m_configuration.childHardNs);
    m_childOwners[spiIn] = sa.OwnSpi();
    if (m_configuration.logChildKeys)
    {
        m_configuration.logChildKeys(EspKeyLogLine(child.sa.spiIn, child.sa.keyIn));
        m_configuration.logChildKeys(EspKeyLogLine(child.sa.spiOut, child.sa.keyOut));
    }
    return child;
}

/**
 * Accepts a Child SA that the peer asks for, and appends SA, KE if there is a group, TSi and TSr to
 * the answer; or says why not.
 * @param nonceI nonce of the peer
 * @param nonceR nonce of this end
 * @param group acceptable group, GROUP_NONE in IKE_AUTH
 */
std::optional<NotifyType>
Engine::AnswerChild(IkeSa& sa,
                    const Payloads& payloads,
                    Payloads& answer,
                    Child& child,
                    const Bytes& nonceI,
                    const Bytes& nonceR,
                    uint16_t group)
{
    const auto* offered = Find<SaPayload>(payloads, PayloadType::SA);
    const auto* tsI = Find<TsPayload>(payloads, PayloadType::TSI);
    const auto* tsR = Find<TsPayload>(payloads, PayloadType::TSR);
    const auto* theirs = Find<KePayload>(payloads, PayloadType::KE);
    const uint32_t spiIn = NewChildSpi();
    const auto chosen = offered ? Choose(*offered, EspProposal(spiIn, group)) : std::nullopt;
    if (!chosen || ReadSpi(chosen->spi) == 0)
    {
        return NotifyType::NO_PROPOSAL_CHOSEN;
    }
    auto remote =
        tsI ? Intersect(tsI->selectors, m_configuration.remote) : std::vector<TrafficSelector>();
    auto local =
        tsR ? Intersect(tsR->selectors, m_configuration.local) : std::vector<TrafficSelector>();
    if (local.empty() || remote.empty())
    {
        return NotifyType::TS_UNACCEPTABLE;
    }
    GroupKey key;
    SecretBytes shared;
    if (group != GROUP_NONE)
    {
        if (!theirs || theirs->group != group)
        {
            return NotifyType::INVALID_KE_PAYLOAD;
        }
        key = GroupKey::Generate(m_ctx, group);
        const auto secret = key.Derive(m_ctx, theirs->data);
        if (!secret)
        {
            return NotifyType::INVALID_SYNTAX;
        }
        shared = *secret;
    }
    Proposal accepted = EspProposal(spiIn, group);
    accepted.number = chosen->number;
    answer.push_back({PayloadType::SA, SaPayload{{accepted}}});
    if (group != GROUP_NONE)
    {
        answer.push_back({PayloadType::KE, KePayload{group, key.pub}});
    }
    answer.push_back({PayloadType::TSI, TsPayload{remote}});
    answer.push_back({PayloadType::TSR, TsPayload{local}});
    child = MakeChild(sa,
                      DeriveChildKeys(m_ctx, sa.keys.d, shared, nonceI, nonceR),
                      spiIn,
                      ReadSpi(chosen->spi),
                      false,
                      std::move(local),
                      std::move(remote));
    return std::nullopt;
}

// ---------------------------------------------------------------------------------------------
// CREATE_CHILD_SA of this end
// ---------------------------------------------------------------------------------------------

void
Engine::SendChildRekey(IkeSa& sa, const Job& job)
{
    const Child* child = FindChild(sa, job.spiIn);
    if (!child || child->state != ChildState::UP || sa.state != State::ESTABLISHED)
    {
        return;
    }
    Creation creation;
    creation.nonce = NewNonce();
    creation.oldSpiIn = job.spiIn;
    creation.spiIn = NewChildSpi();
    m_childOwners[creation.spiIn] = sa.OwnSpi();
    const uint16_t group = m_configuration.childGroup;
    Payloads payloads{
        Notify(NotifyType::REKEY_SA, {}, Protocol::ESP, SpiOctets(job.spiIn)),
        {PayloadType::SA, SaPayload{{EspProposal(creation.spiIn, group)}}},
        {PayloadType::NONCE, NoncePayload{creation.nonce}},
    };
    if (group != GROUP_NONE)
    {
        creation.key = GroupKey::Generate(m_ctx, group);
        payloads.push_back({PayloadType::KE, KePayload{group, creation.key.pub}});
    }
    payloads.push_back({PayloadType::TSI, TsPayload{child->sa.local}});
    payloads.push_back({PayloadType::TSR, TsPayload{child->sa.remote}});
    sa.creation = std::move(creation);
    SendRequest(sa, job, Exchange::CREATE_CHILD_SA, payloads);
}

void
Engine::SendIkeRekey(IkeSa& sa, const Job& job)
{
    if (sa.state != State::ESTABLISHED)
    {
        return;
    }
    Creation creation;
    creation.nonce = NewNonce();
    creation.spi = NewSpi();
    creation.key = GroupKey::Generate(m_ctx, sa.key.group);
    const Payloads payloads{
        {PayloadType::SA, SaPayload{{IkeProposal(m_configuration.groups, creation.spi)}}},
        {PayloadType::NONCE, NoncePayload{creation.nonce}},
        {PayloadType::KE, KePayload{creation.key.group, creation.key.pub}},
    };
    sa.creation = std::move(creation);
    SendRequest(sa, job, Exchange::CREATE_CHILD_SA, payloads);
}

/** After an error: plans another attempt. Returns whether there was an error. */
bool
Engine::RetryLater(IkeSa& sa, const Payloads& payloads, int64_t& softNs)
{
    if (!FindError(payloads))
    {
        return false;
    }
    // A random share, or two ends that refuse each other would go on to do so.
    uint8_t octets[4];
    m_ctx.Random(octets, sizeof octets);
    const double share = ReadSpi(ByteView(octets, sizeof octets)) / 4294967296.0;
    softNs = m_nowNs +
             static_cast<int64_t>(static_cast<double>(m_configuration.firstWaitNs) * (1 + share));
    Touch(sa);
    return true;
}

void
Engine::OnChildRekeyed(IkeSa& sa, const Payloads& payloads)
{
    if (!sa.creation)
    {
        return; // the SA was deleted meanwhile
    }
    const Creation creation = std::move(*sa.creation);
    sa.creation.reset();
    Child* old = FindChild(sa, creation.oldSpiIn);
    const auto* chosen = Find<SaPayload>(payloads, PayloadType::SA);
    const auto* nonce = Find<NoncePayload>(payloads, PayloadType::NONCE);
    const auto* theirs = Find<KePayload>(payloads, PayloadType::KE);
    const uint16_t group = creation.key.group;
    const auto proposal = chosen && chosen->proposals.size() == 1
                              ? Choose(*chosen, EspProposal(creation.spiIn, group))
                              : std::nullopt;
    std::optional<SecretBytes> shared = SecretBytes();
    if (group != GROUP_NONE)
    {
        shared = theirs && theirs->group == group ? creation.key.Derive(m_ctx, theirs->data)
                                                  : std::nullopt;
    }
    const auto* tsI = Find<TsPayload>(payloads, PayloadType::TSI);
    const auto* tsR = Find<TsPayload>(payloads, PayloadType::TSR);
    std::vector<TrafficSelector> local;
    std::vector<TrafficSelector> remote;
    if (tsI && tsR)
    {
        local = Intersect(tsI->selectors, old ? old->sa.local : m_configuration.local);
        remote = Intersect(tsR->selectors, old ? old->sa.remote : m_configuration.remote);
    }
    if (!proposal || !nonce || !shared || ReadSpi(proposal->spi) == 0 || local.empty() ||
        remote.empty())
    {
        m_childOwners.erase(creation.spiIn);
        if (old && FindNotify(payloads, NotifyType::CHILD_SA_NOT_FOUND))
        {
            RemoveChild(sa, creation.oldSpiIn, Ikev2Outcome::DELETED);
        }
        else if (old && old->state == ChildState::UP)
        {
            RetryLater(sa, payloads, old->softNs);
        }
        return;
    }
    const auto keys = DeriveChildKeys(m_ctx, sa.keys.d, *shared, creation.nonce, nonce->data);
    const Child child = MakeChild(sa,
                                  keys,
                                  creation.spiIn,
                                  ReadSpi(proposal->spi),
                                  true,
                                  std::move(local),
                                  std::move(remote));
    sa.children.push_back(child);
    TellChild(sa,
              Ikev2Event::Kind::CHILD_SA_REKEYED,
              child.sa,
              Ikev2Outcome::SUCCESS,
              creation.oldSpiIn);
    m_output.events.back().isOwnRekey = true;
    // Of simultaneous rekeys the one with the lowest of the four nonces is undone by its initiator,
    // the other initiator deletes the old one (RFC 7296, section 2.8.1).
    const bool isLost =
        creation.otherSpi != 0 && LowerNonce(creation.nonce, nonce->data) < creation.otherNonce;
    const uint32_t unused = isLost ? creation.spiIn : creation.oldSpiIn;
    Child* toDelete = FindChild(sa, unused);
    if (toDelete)
    {
        toDelete->state = ChildState::REPLACED;
        toDelete->softNs = INT64_MAX;
        sa.jobs.push_front({Task::DELETE_CHILD, unused, Ikev2Outcome::SUPERSEDED});
    }
    const auto& deleted = creation.deletedSpis;
    if (std::count(deleted.begin(), deleted.end(), child.sa.spiOut) > 0)
    {
        RemoveChild(sa, child.sa.spiIn, Ikev2Outcome::DELETED);
    }
}

void
Engine::OnIkeRekeyed(IkeSa& sa, const Payloads& payloads)
{
    if (!sa.creation)
    {
        return; // the SA was deleted meanwhile
    }
    const Creation creation = std::move(*sa.creation);
    sa.creation.reset();
    if (const auto* error = FindNotify(payloads, NotifyType::INVALID_KE_PAYLOAD))
    {
        Reader reader(error->data);
        uint16_t group = 0;
        const auto& groups = m_configuration.groups;
        if (sa.restarts < MAX_RESTARTS && reader.U16(group) && group != creation.key.group &&
            std::count(groups.begin(), groups.end(), group) > 0)
        {
            ++sa.restarts;
            sa.key.group = group;
            sa.jobs.push_front({Task::REKEY_IKE});
            return;
        }
    }
    const auto* chosen = Find<SaPayload>(payloads, PayloadType::SA);
    const auto* nonce = Find<NoncePayload>(payloads, PayloadType::NONCE);
    const auto* theirs = Find<KePayload>(payloads, PayloadType::KE);
    const auto proposal = chosen && chosen->proposals.size() == 1
                              ? Choose(*chosen, IkeProposal({creation.key.group}, creation.spi))
                              : std::nullopt;
    uint64_t spiR = 0;
    const auto shared = theirs && theirs->group == creation.key.group
                            ? creation.key.Derive(m_ctx, theirs->data)
                            : std::nullopt;
    if (!proposal || !nonce || !shared || !Reader(proposal->spi).U64(spiR) || spiR == 0)
    {
        RetryLater(sa, payloads, sa.softNs);
        return;
    }
    IkeSa& created = Add(true, creation.spi);
    created.spiR = spiR;
    created.peer = sa.peer;
    created.peerName = sa.peerName;
    created.nonceI = creation.nonce;
    created.nonceR = nonce->data;
    created.key.group = creation.key.group;
    created.keys =
        DeriveIkeKeys(m_ctx,
                      RekeySkeyseed(m_ctx, sa.keys.d, *shared, creation.nonce, nonce->data),
                      creation.nonce,
                      nonce->data,
                      created.spiI,
                      created.spiR);
    created.state = State::REDUNDANT;
    m_byName[created.peerName].insert(created.OwnSpi());
    LogKeys(created);
    IkeSa* other = creation.otherSpi != 0 ? FindSa(creation.otherSpi) : nullptr;
    if (other && other->state == State::REDUNDANT &&
        LowerNonce(creation.nonce, nonce->data) < creation.otherNonce)
    {
        Inherit(sa, *other);
        Enqueue(created, {Task::DELETE_IKE, 0, Ikev2Outcome::SUPERSEDED});
        return;
    }
    Inherit(sa, created);
    sa.jobs.push_front({Task::DELETE_IKE, 0, Ikev2Outcome::SUPERSEDED});
}

/** Gives what an IKE SA has to the one that follows it. */
void
Engine::Inherit(IkeSa& from, IkeSa& to)
{
    Touch(from);
    Touch(to);
    to.state = State::ESTABLISHED;
    StartLifetime(to);
    to.lineage = from.lineage;
    to.root = from.root;
    to.children = std::move(from.children);
    from.children.clear();
    for (const auto& child : to.children)
    {
        m_childOwners[child.sa.spiIn] = to.OwnSpi();
    }
    to.jobs.insert(to.jobs.end(), from.jobs.begin(), from.jobs.end());
    from.jobs.clear();
    from.state = State::REPLACED;
    from.softNs = INT64_MAX;
    from.probeNs = INT64_MAX;
    from.hardNs = m_nowNs + 2 * SpanNs(); // in case that the peer never deletes it
    Tell(to, Ikev2Event::Kind::IKE_SA_REKEYED, Ikev2Outcome::SUCCESS);
    Pump(to);
}

// ---------------------------------------------------------------------------------------------
// CREATE_CHILD_SA of the peer
// ---------------------------------------------------------------------------------------------

void
Engine::OnCreateChild(IkeSa& sa, const Header& header, const Payloads& payloads)
{
    const auto* offered = Find<SaPayload>(payloads, PayloadType::SA);
    const auto* nonce = Find<NoncePayload>(payloads, PayloadType::NONCE);
    const auto* rekey = FindNotify(payloads, NotifyType::REKEY_SA);
    if (!offered || offered->proposals.empty() || !nonce)
    {
        Respond(sa, header, {Notify(NotifyType::INVALID_SYNTAX)});
    }
    else if (sa.state != State::ESTABLISHED)
    {
        Respond(sa, header, {Notify(NotifyType::TEMPORARY_FAILURE)});
    }
    else if (offered->proposals[0].protocol == Protocol::IKE)
    {
        OnIkeRekey(sa, header, payloads);
    }
    else if (rekey)
    {
        OnChildRekey(sa, header, payloads, ReadSpi(rekey->spi));
    }
    else
    {
        Respond(sa, header, {Notify(NotifyType::NO_ADDITIONAL_SAS)});
    }
}

void
Engine::OnChildRekey(IkeSa& sa, const Header& header, const Payloads& payloads, uint32_t spiOut)
{
    const auto old = std::find_if(sa.children.begin(), sa.children.end(), [spiOut](const Child& c) {
        return c.sa.spiOut == spiOut;
    });
    // Of an unknown Child SA it may be the answer to an own request that made it, and was lost.
    const bool isUnready =
        sa.request && (sa.request->job.task == Task::REKEY_IKE ||
                       (sa.request->job.task == Task::REKEY_CHILD && old == sa.children.end()));
    if (isUnready)
    {
        Respond(sa, header, {Notify(NotifyType::TEMPORARY_FAILURE)});
        return;
    }
    if (old == sa.children.end())
    {
        Respond(sa,
                header,
                {Notify(NotifyType::CHILD_SA_NOT_FOUND, {}, Protocol::ESP, SpiOctets(spiOut))});
        return;
    }
    if (old->state != ChildState::UP)
    {
        Respond(sa, header, {Notify(NotifyType::TEMPORARY_FAILURE)});
        return;
    }
    const uint32_t oldSpiIn = old->sa.spiIn;
    const Bytes nonceI = Find<NoncePayload>(payloads, PayloadType::NONCE)->data;
    const Bytes nonceR = NewNonce();
    const uint16_t group = m_configuration.childGroup;
    Payloads answer;
    Child child;
    const auto refusal = AnswerChild(sa, payloads, answer, child, nonceI, nonceR, group);
    if (refusal)
    {
        Bytes wanted;
        if (*refusal == NotifyType::INVALID_KE_PAYLOAD)
        {
            Writer(wanted).U16(group);
        }
        Respond(sa, header, {Notify(*refusal, wanted)});
        return;
    }
    answer.insert(answer.begin() + 1, {PayloadType::NONCE, NoncePayload{nonceR}});
    Respond(sa, header, answer);
    if (sa.creation && sa.creation->oldSpiIn == oldSpiIn)
    {
        sa.creation->otherSpi = child.sa.spiIn;
        sa.creation->otherNonce = LowerNonce(nonceI, nonceR);
    }
    else
    {
        old->state = ChildState::REPLACED;
        old->softNs = INT64_MAX;
    }
    sa.children.push_back(child);
    TellChild(sa, Ikev2Event::Kind::CHILD_SA_REKEYED, child.sa, Ikev2Outcome::SUCCESS, oldSpiIn);
}

void
Engine::OnIkeRekey(IkeSa& sa, const Header& header, const Payloads& payloads)
{
    if (sa.request &&
        (sa.request->job.task == Task::REKEY_CHILD || sa.request->job.task == Task::DELETE_CHILD))
    {
        Respond(sa, header, {Notify(NotifyType::TEMPORARY_FAILURE)});
        return;
    }
    const auto* offered = Find<SaPayload>(payloads, PayloadType::SA);
    const Bytes nonceI = Find<NoncePayload>(payloads, PayloadType::NONCE)->data;
    const auto* theirs = Find<KePayload>(payloads, PayloadType::KE);
    const uint64_t spiR = NewSpi();
    const auto chosen =
        ChooseIke(*offered, m_configuration.groups, theirs ? theirs->group : GROUP_NONE, spiR);
    uint64_t spiI = 0;
    if (!chosen || !Reader(chosen->spi).U64(spiI) || spiI == 0)
    {
        Respond(sa, header, {Notify(NotifyType::NO_PROPOSAL_CHOSEN)});
        return;
    }
    const uint16_t group = TransformOf(*chosen, TransformType::DH);
    if (!theirs || theirs->group != group)
    {
        Bytes wanted;
        Writer(wanted).U16(group);
        Respond(sa, header, {Notify(NotifyType::INVALID_KE_PAYLOAD, wanted)});
        return;
    }
    const auto key = GroupKey::Generate(m_ctx, group);
    const auto shared = key.Derive(m_ctx, theirs->data);
    if (!shared)
    {
        Respond(sa, header, {Notify(NotifyType::INVALID_SYNTAX)});
        return;
    }
    const Bytes nonceR = NewNonce();
    Proposal accepted = IkeProposal({group}, spiR);
    accepted.number = chosen->number;
    Respond(sa,
            header,
            {{PayloadType::SA, SaPayload{{accepted}}},
             {PayloadType::NONCE, NoncePayload{nonceR}},
             {PayloadType::KE, KePayload{group, key.pub}}});
    IkeSa& created = Add(false, spiR);
    created.spiI = spiI;
    created.peer = sa.peer;
    created.peerName = sa.peerName;
    created.nonceI = nonceI;
    created.nonceR = nonceR;
    created.key.group = group;
    created.keys = DeriveIkeKeys(m_ctx,
                                 RekeySkeyseed(m_ctx, sa.keys.d, *shared, nonceI, nonceR),
                                 nonceI,
                                 nonceR,
                                 spiI,
                                 spiR);
    m_byName[created.peerName].insert(created.OwnSpi());
    LogKeys(created);
    if (sa.request && sa.request->job.task == Task::REKEY_IKE && sa.creation)
    {
        created.state = State::REDUNDANT;
        created.hardNs = m_nowNs + 2 * SpanNs();
        sa.creation->otherSpi = created.OwnSpi();
        sa.creation->otherNonce = LowerNonce(nonceI, nonceR);
        return;
    }
    Inherit(sa, created);
}

} // namespace ns3::mis
