// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief IKE_SA_INIT and IKE_AUTH (RFC 7296, section 1.2).
 */
#include "mis-ikev2-engine.h"

#include "ns3/mis-mac.h"
#include "ns3/mis-real-crypto.h"
#include "ns3/mis-tlv.h"

#include <algorithm>

namespace ns3::mis
{

using namespace ikev2;

using Engine = Ikev2Endpoint::Engine;

namespace
{

constexpr std::size_t COOKIE_SECRET_SIZE = 32;
/** Octets of a cookie: version of the secret 4, then a hash cut to 20. */
constexpr std::size_t COOKIE_SIZE = 24;
/** For how long a secret makes cookies; they are accepted for as long again. */
constexpr int64_t COOKIE_LIFETIME_NS = 60000000000;
/** ecdsa-with-SHA256 as an AlgorithmIdentifier in DER (RFC 5758, section 3.2). */
constexpr uint8_t ECDSA_WITH_SHA256[] =
    {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};

ByteView
EcdsaWithSha256()
{
    return ByteView(ECDSA_WITH_SHA256, sizeof ECDSA_WITH_SHA256);
}

Bytes
GroupOctets(uint16_t group)
{
    Bytes octets;
    Writer(octets).U16(group);
    return octets;
}

/** Whether the peer verifies signatures with SHA-256 named by OID (RFC 7427, section 4). */
bool
AnnouncesSha256(const Payloads& payloads)
{
    const auto* notify = FindNotify(payloads, NotifyType::SIGNATURE_HASH_ALGORITHMS);
    if (notify)
    {
        Reader reader(notify->data);
        for (uint16_t hash = 0; reader.U16(hash);)
        {
            if (hash == HASH_SHA2_256)
            {
                return true;
            }
        }
    }
    return false;
}

/** Reads the signature of AUTH. */
std::optional<EcdsaSignature>
SignatureOf(const AuthPayload& auth)
{
    if (auth.method == AUTH_ECDSA_P256 && auth.data.size() == ECDSA_SIGNATURE_SIZE)
    {
        EcdsaSignature signature;
        std::copy(auth.data.begin(), auth.data.end(), signature.begin());
        return signature;
    }
    Reader reader(auth.data);
    uint8_t size;
    ByteView algorithm;
    if (auth.method == AUTH_SIGNATURE && reader.U8(size) && reader.Octets(size, algorithm) &&
        algorithm == EcdsaWithSha256() && !reader.AtEnd())
    {
        return SignatureFromDer(reader.Rest());
    }
    return std::nullopt;
}

Ikev2Outcome
OutcomeOf(CertificateVerdict verdict)
{
    switch (verdict)
    {
    case CertificateVerdict::ACCEPTED:
        return Ikev2Outcome::SUCCESS;
    case CertificateVerdict::EXPIRED:
        return Ikev2Outcome::CERT_EXPIRED;
    case CertificateVerdict::UNKNOWN_CA:
        return Ikev2Outcome::CERT_UNKNOWN_CA;
    case CertificateVerdict::NAME_MISMATCH:
        return Ikev2Outcome::CERT_NAME_MISMATCH;
    case CertificateVerdict::INVALID:
        break;
    }
    return Ikev2Outcome::CERT_INVALID;
}

Ikev2Outcome
OutcomeOf(NotifyType error)
{
    return error == NotifyType::NO_PROPOSAL_CHOSEN ? Ikev2Outcome::NO_COMMON_SUITE
                                                   : Ikev2Outcome::REFUSED;
}

} // namespace

// ---------------------------------------------------------------------------------------------
// IKE_SA_INIT
// ---------------------------------------------------------------------------------------------

Ikev2Output
Engine::Initiate(int64_t nowNs, const std::string& peerName, const Ikev2PeerKey& peer)
{
    m_nowNs = nowNs;
    const auto spis = m_byName.find(peerName);
    if (spis != m_byName.end())
    {
        for (const auto spi : spis->second)
        {
            const State state = m_sas.at(spi).state;
            if (state == State::INITIATING || state == State::ESTABLISHED)
            {
                return Finish();
            }
        }
    }
    if (!m_configuration.credential &&
        (!m_configuration.findPsk || !m_configuration.findPsk(m_configuration.name, peerName)))
    {
        Ikev2Event event;
        event.kind = Ikev2Event::Kind::FAILED;
        event.outcome = Ikev2Outcome::PSK_UNKNOWN;
        event.peer = peer;
        event.peerName = peerName;
        event.isInitiator = true;
        m_output.events.push_back(std::move(event));
        return Finish();
    }
    IkeSa& sa = Add(true, NewSpi());
    sa.peer = peer;
    sa.peerName = peerName;
    m_byName[peerName].insert(sa.OwnSpi());
    sa.nonceI = NewNonce();
    sa.key = GroupKey::Generate(m_ctx, m_configuration.groups.front());
    SendInit(sa);
    return Finish();
}

void
Engine::SendInit(IkeSa& sa)
{
    Payloads payloads;
    if (!sa.cookie.empty())
    {
        payloads.push_back(Notify(NotifyType::COOKIE, sa.cookie));
    }
    payloads.push_back({PayloadType::SA, SaPayload{{IkeProposal(m_configuration.groups, 0)}}});
    payloads.push_back({PayloadType::KE, KePayload{sa.key.group, sa.key.pub}});
    payloads.push_back({PayloadType::NONCE, NoncePayload{sa.nonceI}});
    if (m_configuration.credential && m_configuration.announcesSignatureHashes)
    {
        payloads.push_back(
            Notify(NotifyType::SIGNATURE_HASH_ALGORITHMS, GroupOctets(HASH_SHA2_256)));
    }
    Header header;
    header.spiI = sa.spiI;
    header.exchange = Exchange::IKE_SA_INIT;
    header.flags = FLAG_INITIATOR;
    sa.initRequest = Encode(header, payloads);
    Transmit(sa, {Task::INIT}, Exchange::IKE_SA_INIT, sa.initRequest);
}

/** Answers a request of IKE_SA_INIT without keeping state. */
void
Engine::AnswerUnprotected(const Header& request, const Payload& payload)
{
    Header header = request;
    header.version = VERSION;
    header.flags = FLAG_RESPONSE;
    m_output.datagrams.push_back({m_from, Encode(header, {payload})});
}

Bytes
Engine::MakeCookie(uint32_t version, ByteView nonce, uint64_t spiI)
{
    RealCrypto real(m_ctx);
    Bytes spi;
    Writer(spi).U64(spiI);
    const SecretBytes& secret = version == m_cookieVersion ? m_cookieSecret : m_oldCookieSecret;
    const auto hash = Sha256(real, {nonce, m_from, spi, secret});
    Bytes cookie = SpiOctets(version);
    cookie.insert(cookie.end(), hash.begin(), hash.end());
    cookie.resize(COOKIE_SIZE);
    return cookie;
}

bool
Engine::IsCookieValid(const Payloads& payloads, ByteView nonce, uint64_t spiI)
{
    const auto* notify = FindNotify(payloads, NotifyType::COOKIE);
    if (!notify || notify->data.size() != COOKIE_SIZE)
    {
        return false;
    }
    const uint32_t version = ReadSpi(ByteView(notify->data).Sub(0, 4));
    const int64_t ageNs = m_nowNs - m_cookieSinceNs;
    const bool isCurrent =
        version != 0 && version == m_cookieVersion && ageNs < 2 * COOKIE_LIFETIME_NS;
    const bool isPrevious = version != 0 && version + 1 == m_cookieVersion &&
                            !m_oldCookieSecret.empty() && ageNs < COOKIE_LIFETIME_NS;
    return (isCurrent || isPrevious) &&
           SecretBytes::Equal(notify->data, MakeCookie(version, nonce, spiI));
}

void
Engine::OnInitRequest(const Message& message, ByteView datagram)
{
    const Header& header = message.header;
    // Another request under the same SPI is another attempt: one of both may be forged.
    const auto range = m_halfOpen.equal_range({m_from, header.spiI});
    for (auto known = range.first; known != range.second; ++known)
    {
        const IkeSa& sa = m_sas.at(known->second);
        if (ByteView(sa.initRequest) == datagram)
        {
            m_output.datagrams.push_back({m_from, sa.initResponse});
            return;
        }
    }
    const auto* offered = Find<SaPayload>(message.payloads, PayloadType::SA);
    const auto* theirs = Find<KePayload>(message.payloads, PayloadType::KE);
    const auto* nonce = Find<NoncePayload>(message.payloads, PayloadType::NONCE);
    if (!header.IsFromInitiator() || header.spiI == 0 || header.spiR != 0 ||
        header.messageId != 0 || message.encrypted || !offered || !theirs || !nonce)
    {
        Drop(Ikev2Drop::UNACCEPTABLE);
        return;
    }
    if (m_configuration.cookieThreshold != SIZE_MAX)
    {
        const auto halfOpen =
            std::count_if(m_halfOpen.begin(), m_halfOpen.end(), [this](const auto& entry) {
                return m_sas.at(entry.second).state == State::HALF_OPEN;
            });
        if (static_cast<std::size_t>(halfOpen) >= m_configuration.cookieThreshold &&
            !IsCookieValid(message.payloads, nonce->data, header.spiI))
        {
            if (m_cookieVersion == 0 || m_nowNs - m_cookieSinceNs >= COOKIE_LIFETIME_NS)
            {
                m_oldCookieSecret = m_cookieSecret;
                m_cookieSecret = m_ctx.RandomSecret(COOKIE_SECRET_SIZE);
                m_cookieSinceNs = m_nowNs;
                ++m_cookieVersion;
            }
            AnswerUnprotected(
                header,
                Notify(NotifyType::COOKIE, MakeCookie(m_cookieVersion, nonce->data, header.spiI)));
            return;
        }
    }
    const auto chosen = ChooseIke(*offered, m_configuration.groups, theirs->group, 0);
    if (!chosen)
    {
        AnswerUnprotected(header, Notify(NotifyType::NO_PROPOSAL_CHOSEN));
        Ikev2Event event;
        event.kind = Ikev2Event::Kind::FAILED;
        event.outcome = Ikev2Outcome::NO_COMMON_SUITE;
        event.peer = m_from;
        m_output.events.push_back(std::move(event));
        return;
    }
    const uint16_t group = TransformOf(*chosen, TransformType::DH);
    if (theirs->group != group)
    {
        AnswerUnprotected(header, Notify(NotifyType::INVALID_KE_PAYLOAD, GroupOctets(group)));
        return;
    }
    const auto key = GroupKey::Generate(m_ctx, group);
    const auto shared = key.Derive(m_ctx, theirs->data);
    if (!shared)
    {
        Drop(Ikev2Drop::UNACCEPTABLE);
        return;
    }
    IkeSa& sa = Add(false, NewSpi());
    sa.state = State::HALF_OPEN;
    sa.spiI = header.spiI;
    sa.peer = m_from;
    sa.key.group = group;
    sa.nonceI = nonce->data;
    sa.nonceR = NewNonce();
    sa.wantsSignatureHash = AnnouncesSha256(message.payloads);
    sa.hardNs = m_nowNs + SpanNs();
    sa.expectedId = 1;
    m_halfOpen.insert({{m_from, sa.spiI}, sa.spiR});
    sa.keys = DeriveIkeKeys(m_ctx,
                            Skeyseed(m_ctx, sa.nonceI, sa.nonceR, *shared),
                            sa.nonceI,
                            sa.nonceR,
                            sa.spiI,
                            sa.spiR);
    LogKeys(sa);
    Payloads payloads{{PayloadType::SA, SaPayload{{*chosen}}},
                      {PayloadType::KE, KePayload{group, key.pub}},
                      {PayloadType::NONCE, NoncePayload{sa.nonceR}}};
    if (m_configuration.credential)
    {
        if (m_configuration.announcesSignatureHashes)
        {
            payloads.push_back(
                Notify(NotifyType::SIGNATURE_HASH_ALGORITHMS, GroupOctets(HASH_SHA2_256)));
        }
        payloads.push_back(CertificateRequest());
    }
    Header answer = header;
    answer.version = VERSION;
    answer.spiR = sa.spiR;
    answer.flags = FLAG_RESPONSE;
    sa.initRequest.assign(datagram.begin(), datagram.end());
    sa.initResponse = Encode(answer, payloads);
    m_output.datagrams.push_back({m_from, sa.initResponse});
}

void
Engine::OnInitResponse(IkeSa& sa, const Message& message, ByteView datagram)
{
    const Header& header = message.header;
    if (sa.state != State::INITIATING || !sa.request || sa.request->job.task != Task::INIT ||
        header.messageId != 0 || m_from != sa.peer)
    {
        Drop(Ikev2Drop::UNEXPECTED);
        return;
    }
    // Nothing here is protected, so nothing of it may end the attempt.
    const auto* cookie = FindNotify(message.payloads, NotifyType::COOKIE);
    const auto* error = FindError(message.payloads);
    if (cookie || (error && error->type == NotifyType::INVALID_KE_PAYLOAD))
    {
        const uint16_t current = sa.key.group;
        uint16_t group = current;
        Reader reader(error ? ByteView(error->data) : ByteView());
        const auto& groups = m_configuration.groups;
        const bool isUseful =
            cookie ? !cookie->data.empty() && cookie->data.size() <= 64 && cookie->data != sa.cookie
                   : reader.U16(group) && reader.AtEnd() && group != current &&
                         std::count(groups.begin(), groups.end(), group) > 0;
        if (!isUseful || sa.restarts == MAX_RESTARTS)
        {
            Drop(Ikev2Drop::UNACCEPTABLE);
            return;
        }
        ++sa.restarts;
        if (cookie)
        {
            sa.cookie = cookie->data;
        }
        if (group != current)
        {
            sa.key = GroupKey::Generate(m_ctx, group);
        }
        SendInit(sa);
        return;
    }
    if (error)
    {
        sa.hint = OutcomeOf(error->type);
        Drop(Ikev2Drop::UNACCEPTABLE);
        return;
    }
    const auto* chosen = Find<SaPayload>(message.payloads, PayloadType::SA);
    const auto* theirs = Find<KePayload>(message.payloads, PayloadType::KE);
    const auto* nonce = Find<NoncePayload>(message.payloads, PayloadType::NONCE);
    const bool isComplete = header.spiR != 0 && !message.encrypted && chosen &&
                            chosen->proposals.size() == 1 && theirs && nonce &&
                            theirs->group == sa.key.group &&
                            chosen->proposals[0].transforms.size() == 3 &&
                            Choose(*chosen, IkeProposal({sa.key.group}, 0)).has_value();
    const auto shared = isComplete ? sa.key.Derive(m_ctx, theirs->data) : std::nullopt;
    if (!shared)
    {
        Drop(Ikev2Drop::UNACCEPTABLE);
        return;
    }
    Touch(sa);
    sa.request.reset();
    sa.spiR = header.spiR;
    sa.nonceR = nonce->data;
    sa.wantsSignatureHash = AnnouncesSha256(message.payloads);
    sa.initResponse.assign(datagram.begin(), datagram.end());
    sa.hint = Ikev2Outcome::TIMEOUT;
    sa.nextRequestId = 1;
    sa.keys = DeriveIkeKeys(m_ctx,
                            Skeyseed(m_ctx, sa.nonceI, sa.nonceR, *shared),
                            sa.nonceI,
                            sa.nonceR,
                            sa.spiI,
                            sa.spiR);
    sa.key.priv.Clear();
    LogKeys(sa);
    SendAuth(sa);
}

// ---------------------------------------------------------------------------------------------
// Authentication
// ---------------------------------------------------------------------------------------------

SignedOctets
Engine::OctetsOf(const IkeSa& sa, bool ofInitiator, const IdPayload& id)
{
    return ofInitiator ? MakeSignedOctets(m_ctx, sa.initRequest, sa.nonceR, sa.keys.pi, id)
                       : MakeSignedOctets(m_ctx, sa.initResponse, sa.nonceI, sa.keys.pr, id);
}

/** AUTH of this end. */
Payload
Engine::Proof(const IkeSa& sa, const IdPayload& id)
{
    const SignedOctets octets = OctetsOf(sa, sa.isInitiator, id);
    AuthPayload auth;
    if (!m_configuration.credential)
    {
        const SecretBytes* psk = m_configuration.findPsk(m_configuration.name, sa.peerName);
        const PrfValue code = SharedKeyCode(m_ctx, psk ? psk->View() : ByteView(), octets);
        auth.method = AUTH_SHARED_KEY;
        auth.data.assign(code.begin(), code.end());
        return {PayloadType::AUTH, auth};
    }
    RealCrypto real(m_ctx);
    const EcdsaSignature signature =
        Sign(real, *m_configuration.credential, {octets.message, octets.nonce, octets.macedId});
    if (!sa.wantsSignatureHash)
    {
        auth.method = AUTH_ECDSA_P256;
        auth.data.assign(signature.begin(), signature.end());
        return {PayloadType::AUTH, auth};
    }
    auth.method = AUTH_SIGNATURE;
    Writer writer(auth.data);
    writer.U8(static_cast<uint8_t>(EcdsaWithSha256().size()));
    writer.Octets(EcdsaWithSha256());
    writer.Octets(SignatureToDer(signature));
    return {PayloadType::AUTH, auth};
}

Payload
Engine::CertificateRequest() const
{
    CertReqPayload request;
    for (const auto& anchor : m_configuration.anchors)
    {
        const auto& hash = anchor.KeyHash();
        request.authorities.insert(request.authorities.end(), hash.begin(), hash.end());
    }
    return {PayloadType::CERTREQ, request};
}

Ikev2Outcome
Engine::Verify(const IkeSa& sa,
               const std::string& name,
               const IdPayload& id,
               const Payloads& payloads)
{
    const auto* auth = Find<AuthPayload>(payloads, PayloadType::AUTH);
    if (!auth)
    {
        return Ikev2Outcome::REFUSED;
    }
    if (!m_configuration.credential)
    {
        if (auth->method != AUTH_SHARED_KEY)
        {
            return Ikev2Outcome::REFUSED;
        }
        const SecretBytes* psk =
            m_configuration.findPsk ? m_configuration.findPsk(m_configuration.name, name) : nullptr;
        if (!psk)
        {
            return Ikev2Outcome::PSK_UNKNOWN;
        }
        const PrfValue code = SharedKeyCode(m_ctx, *psk, OctetsOf(sa, !sa.isInitiator, id));
        return SecretBytes::Equal(code, auth->data) ? Ikev2Outcome::SUCCESS
                                                    : Ikev2Outcome::PSK_MISMATCH;
    }
    if (auth->method == AUTH_SHARED_KEY)
    {
        return Ikev2Outcome::REFUSED;
    }
    const auto* octets = Find<CertPayload>(payloads, PayloadType::CERT);
    const auto certificate = octets && octets->encoding == CERT_X509_SIGNATURE
                                 ? Certificate::FromDer(octets->data)
                                 : std::nullopt;
    if (!certificate)
    {
        return Ikev2Outcome::CERT_INVALID;
    }
    RealCrypto real(m_ctx);
    const auto outcome =
        OutcomeOf(VerifyCertificate(real, *certificate, m_configuration.anchors, name, m_nowNs));
    if (outcome != Ikev2Outcome::SUCCESS)
    {
        return outcome;
    }
    const SignedOctets signedOctets = OctetsOf(sa, !sa.isInitiator, id);
    const auto signature = SignatureOf(*auth);
    const bool isGenuine =
        signature && mis::Verify(real,
                                 *certificate,
                                 {signedOctets.message, signedOctets.nonce, signedOctets.macedId},
                                 *signature);
    return isGenuine ? Ikev2Outcome::SUCCESS : Ikev2Outcome::SIGNATURE_MISMATCH;
}

void
Engine::SendAuth(IkeSa& sa)
{
    const IdPayload id = IdOf(m_configuration.name);
    Payloads payloads{{PayloadType::IDI, id}};
    if (m_configuration.credential)
    {
        payloads.push_back(
            {PayloadType::CERT,
             CertPayload{CERT_X509_SIGNATURE, m_configuration.credential->GetCertificate().Der()}});
        payloads.push_back(CertificateRequest());
    }
    // Not if the peer is setting up one too: it could take this for a restart and delete it.
    const auto halfOpen = m_halfOpen.lower_bound({sa.peer, 0});
    bool isFirst = halfOpen == m_halfOpen.end() || halfOpen->first.first != sa.peer;
    for (const auto spi : m_byName[sa.peerName])
    {
        isFirst = isFirst && m_sas.at(spi).state != State::ESTABLISHED;
    }
    if (isFirst)
    {
        payloads.push_back(Notify(NotifyType::INITIAL_CONTACT));
    }
    payloads.push_back({PayloadType::IDR, IdOf(sa.peerName)});
    payloads.push_back(Proof(sa, id));
    sa.firstSpiIn = NewChildSpi();
    m_childOwners[sa.firstSpiIn] = sa.OwnSpi();
    payloads.push_back({PayloadType::SA, SaPayload{{EspProposal(sa.firstSpiIn, GROUP_NONE)}}});
    payloads.push_back({PayloadType::TSI, TsPayload{m_configuration.local}});
    payloads.push_back({PayloadType::TSR, TsPayload{m_configuration.remote}});
    SendRequest(sa, {Task::AUTH}, Exchange::IKE_AUTH, payloads);
}

void
Engine::OnAuthRequest(IkeSa& sa, const Header& header, const Payloads& payloads)
{
    const auto* theirs = Find<IdPayload>(payloads, PayloadType::IDI);
    const auto name = theirs ? NameOf(*theirs) : std::nullopt;
    const auto outcome = name ? Verify(sa, *name, *theirs, payloads) : Ikev2Outcome::REFUSED;
    sa.peerName = name.value_or("");
    if (outcome != Ikev2Outcome::SUCCESS)
    {
        Respond(sa, header, {Notify(NotifyType::AUTHENTICATION_FAILED)});
        Tell(sa, Ikev2Event::Kind::FAILED, outcome);
        sa.state = State::CLOSED;
        sa.hardNs = m_nowNs + SpanNs();
        return;
    }
    m_byName[sa.peerName].insert(sa.OwnSpi());
    const IdPayload id = IdOf(m_configuration.name);
    Payloads answer{{PayloadType::IDR, id}};
    if (m_configuration.credential)
    {
        answer.push_back(
            {PayloadType::CERT,
             CertPayload{CERT_X509_SIGNATURE, m_configuration.credential->GetCertificate().Der()}});
    }
    answer.push_back(Proof(sa, id));
    Child child;
    const auto refusal = AnswerChild(sa, payloads, answer, child, sa.nonceI, sa.nonceR, GROUP_NONE);
    if (refusal)
    {
        answer.push_back(Notify(*refusal));
    }
    Respond(sa, header, answer);
    if (FindNotify(payloads, NotifyType::INITIAL_CONTACT))
    {
        OnInitialContact(sa);
    }
    Establish(sa);
    if (refusal)
    {
        Tell(sa, Ikev2Event::Kind::CHILD_SA_REFUSED, OutcomeOf(*refusal));
    }
    else
    {
        sa.children.push_back(child);
        TellChild(sa, Ikev2Event::Kind::CHILD_SA_UP, child.sa);
    }
    KeepOne(sa);
}

void
Engine::OnAuthResponse(IkeSa& sa, const Payloads& payloads)
{
    const auto* theirs = Find<IdPayload>(payloads, PayloadType::IDR);
    const auto* error = FindError(payloads);
    if (!theirs || !Find<AuthPayload>(payloads, PayloadType::AUTH))
    {
        Tell(sa, Ikev2Event::Kind::FAILED, error ? OutcomeOf(error->type) : Ikev2Outcome::REFUSED);
        sa.state = State::GONE;
        return;
    }
    const auto name = NameOf(*theirs);
    auto outcome =
        m_configuration.credential ? Ikev2Outcome::CERT_NAME_MISMATCH : Ikev2Outcome::PSK_UNKNOWN;
    if (name && *name == sa.peerName)
    {
        outcome = Verify(sa, *name, *theirs, payloads);
    }
    if (outcome != Ikev2Outcome::SUCCESS)
    {
        Tell(sa, Ikev2Event::Kind::FAILED, outcome);
        // The responder has the SA up; it has to learn that there is none (RFC 7296,
        // section 2.21.2)
        sa.state = State::CLOSING;
        Enqueue(sa, {Task::REFUSE});
        return;
    }
    Establish(sa);
    if (!AcceptChild(sa, payloads))
    {
        Tell(sa,
             Ikev2Event::Kind::CHILD_SA_REFUSED,
             error ? OutcomeOf(error->type) : Ikev2Outcome::REFUSED);
    }
    KeepOne(sa);
}

/** Takes the Child SA that the responder has accepted. */
bool
Engine::AcceptChild(IkeSa& sa, const Payloads& payloads)
{
    const auto* chosen = Find<SaPayload>(payloads, PayloadType::SA);
    const auto* tsI = Find<TsPayload>(payloads, PayloadType::TSI);
    const auto* tsR = Find<TsPayload>(payloads, PayloadType::TSR);
    if (!chosen || chosen->proposals.size() != 1 || !tsI || !tsR)
    {
        return false;
    }
    const auto proposal = Choose(*chosen, EspProposal(sa.firstSpiIn, GROUP_NONE));
    auto local = Intersect(tsI->selectors, m_configuration.local);
    auto remote = Intersect(tsR->selectors, m_configuration.remote);
    if (!proposal || ReadSpi(proposal->spi) == 0 || local.empty() || remote.empty())
    {
        return false;
    }
    const auto keys = DeriveChildKeys(m_ctx, sa.keys.d, {}, sa.nonceI, sa.nonceR);
    sa.children.push_back(MakeChild(sa,
                                    keys,
                                    sa.firstSpiIn,
                                    ReadSpi(proposal->spi),
                                    true,
                                    std::move(local),
                                    std::move(remote)));
    TellChild(sa, Ikev2Event::Kind::CHILD_SA_UP, sa.children.back().sa);
    return true;
}

/** The peer has lost its state: forgets what it can not know any more. */
void
Engine::OnInitialContact(const IkeSa& sa)
{
    for (const auto spi : m_byName[sa.peerName])
    {
        IkeSa& other = m_sas.at(spi);
        // One that came up since this one began is a simultaneous one.
        if (&other != &sa && other.state == State::ESTABLISHED && other.upAt < sa.bornAt)
        {
            Touch(other);
            TakeDown(other, Ikev2Outcome::SUPERSEDED, State::GONE);
        }
    }
}

void
Engine::Establish(IkeSa& sa)
{
    sa.state = State::ESTABLISHED;
    StartLifetime(sa);
    sa.lineage = sa.upAt;
    if (!m_configuration.exportLabel.empty())
    {
        const ByteView label(reinterpret_cast<const uint8_t*>(m_configuration.exportLabel.data()),
                             m_configuration.exportLabel.size());
        const auto root = ikev2::PrfPlus(m_ctx, sa.keys.d, {label}, ikev2::PRF_SIZE);
        sa.root = SecretBytes(ByteView(root.data(), root.size()));
    }
    Tell(sa, Ikev2Event::Kind::IKE_SA_UP, Ikev2Outcome::SUCCESS);
}

/** After an SA came up: of two that both ends have initiated, keeps one. */
void
Engine::KeepOne(IkeSa& sa)
{
    for (const auto spi : m_byName[sa.peerName])
    {
        IkeSa& other = m_sas.at(spi);
        if (other.state != State::ESTABLISHED || other.isInitiator == sa.isInitiator)
        {
            continue;
        }
        // Both ends have initiated: the SA with the higher lower nonce stays, and who has initiated
        // the other one deletes it.
        const bool isKept =
            LowerNonce(sa.nonceI, sa.nonceR) > LowerNonce(other.nonceI, other.nonceR);
        IkeSa& loser = isKept ? other : sa;
        if (loser.isInitiator)
        {
            Enqueue(loser, {Task::DELETE_IKE, 0, Ikev2Outcome::SUPERSEDED});
        }
    }
}

} // namespace ns3::mis
