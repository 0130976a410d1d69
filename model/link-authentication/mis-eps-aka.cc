// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief EPS-AKA and the NAS security mode of LTE (3GPP TS 33.401, TS 24.301).
 */
#include "mis-eps-aka.h"

#include "ns3/fatal-error.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-link-kdf.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-tlv.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

/** Authentication management field: the separation bit, which marks a vector for EPS. */
constexpr uint16_t AMF_EPS = 0x8000;
/** Authentication management field of a resynchronisation. */
constexpr uint16_t AMF_RESYNCHRONISATION = 0x0000;
/** Sequence numbers are less than this. */
constexpr uint64_t SQN_LIMIT = uint64_t{1} << 48;
/** Octets of SQN. */
constexpr std::size_t SQN_SIZE = 6;

/** Function codes of the key derivation (TS 33.401, annex A). */
constexpr uint8_t FC_KASME = 0x10;
constexpr uint8_t FC_KENB = 0x11;
constexpr uint8_t FC_ALGORITHM_KEY = 0x15;
/** Algorithm type distinguishers (TS 33.401, A.7). */
constexpr uint8_t NAS_ENC_ALG = 0x01;
constexpr uint8_t NAS_INT_ALG = 0x02;
/** Identity of 128-EEA2 and of 128-EIA2. */
constexpr uint8_t ALGORITHM_2 = 2;
/** Selected algorithms in Security mode command. */
constexpr uint8_t ALGORITHMS = ALGORITHM_2 << 4 | ALGORITHM_2;
/** Octets of the keys of the algorithms. */
constexpr std::size_t ALGORITHM_KEY_SIZE = 16;
/** Bearer identity of NAS. */
constexpr uint8_t NAS_BEARER = 0;
/** NAS COUNT is kept below this, so that the sequence number in a message is all of it. */
constexpr uint32_t COUNT_LIMIT = 0x100;

/**
 * @brief Write a sequence number.
 * @param sqn less than SQN_LIMIT
 * @return its octets
 */
AkaSequence
FromNumber(uint64_t sqn)
{
    AkaSequence octets;
    for (std::size_t i = octets.size(); i-- > 0; sqn >>= 8)
    {
        octets[i] = static_cast<uint8_t>(sqn);
    }
    return octets;
}

/**
 * @brief Read a sequence number.
 * @param octets its octets
 * @return the number
 */
uint64_t
ToNumber(const AkaSequence& octets)
{
    uint64_t sqn = 0;
    for (const uint8_t octet : octets)
    {
        sqn = sqn << 8 | octet;
    }
    return sqn;
}

/**
 * @brief Hide a sequence number, or reveal it.
 * @param sqn at least SQN_SIZE octets
 * @param ak anonymity key
 * @return the combination
 */
AkaSequence
Hide(ByteView sqn, const AkaSequence& ak)
{
    AkaSequence out;
    for (std::size_t i = 0; i < out.size(); ++i)
    {
        out[i] = sqn[i] ^ ak[i];
    }
    return out;
}

/** @return security capability of all mobile nodes */
Bytes
Capability()
{
    return Bytes(assigned::UE_SECURITY_CAPABILITY.begin(), assigned::UE_SECURITY_CAPABILITY.end());
}

/**
 * @brief Make the first 8 octets of what EIA2 and EEA2 work on.
 * @param count NAS COUNT
 * @param bearer bearer identity
 * @param direction direction
 * @return the octets, and zeros up to a block
 */
AesBlock
CounterBlock(uint32_t count, uint8_t bearer, NasDirection direction)
{
    Bytes octets;
    Writer writer(octets);
    writer.U32(count);
    writer.U8(static_cast<uint8_t>(bearer << 3 | static_cast<uint8_t>(direction) << 2));
    AesBlock block{};
    std::copy(octets.begin(), octets.end(), block.begin());
    return block;
}

/**
 * @brief Compute the MAC of a NAS message.
 * @param ctx the computing node
 * @param keys the keys
 * @param direction direction
 * @param message the message; its MAC is not looked at
 * @return the MAC
 */
std::array<uint8_t, 4>
NasMac(CryptoContext& ctx, const EpsKeys& keys, NasDirection direction, const NasProtected& message)
{
    Bytes input;
    Writer writer(input);
    writer.U8(message.sequence);
    writer.Octets(message.payload);
    return Eia2(ctx, keys.kNasInt, message.sequence, NAS_BEARER, direction, input);
}

/**
 * @brief Protect a message by integrity and ciphering.
 * @param ctx the computing node
 * @param keys the keys
 * @param direction direction
 * @param header kind of protection
 * @param sequence NAS COUNT
 * @param message the message
 * @return its octets
 */
Bytes
MakeCiphered(CryptoContext& ctx,
             const EpsKeys& keys,
             NasDirection direction,
             NasHeader header,
             uint8_t sequence,
             const NasMessage& message)
{
    NasProtected made;
    made.header = header;
    made.sequence = sequence;
    made.payload = Eea2(ctx, keys.kNasEnc, sequence, NAS_BEARER, direction, EncodeNas(message));
    made.mac = NasMac(ctx, keys, direction, made);
    return EncodeNas(made);
}

/**
 * @brief Check and decipher a message.
 * @param ctx the computing node
 * @param keys the keys
 * @param direction direction
 * @param message the message
 * @param output takes the reason of a drop
 * @return the message in clear, nothing if it is dropped
 */
std::optional<NasMessage>
OpenCiphered(CryptoContext& ctx,
             const EpsKeys& keys,
             NasDirection direction,
             const NasProtected& message,
             LinkOutput& output)
{
    if (!SecretBytes::Equal(NasMac(ctx, keys, direction, message), message.mac))
    {
        output.drop = LinkAuthenticationDrop::BAD_MIC;
        return std::nullopt;
    }
    auto inner = DecodeNas(
        Eea2(ctx, keys.kNasEnc, message.sequence, NAS_BEARER, direction, message.payload));
    if (!inner)
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
        return std::nullopt;
    }
    return std::move(*inner);
}

/**
 * @brief Name the keys of an LTE link.
 * @param keys the keys
 * @return the keys
 */
LinkKeys
LteKeys(const EpsKeys& keys)
{
    LinkKeys named;
    named.Set("K_ASME", keys.kasme);
    named.Set("K_NASint", keys.kNasInt);
    named.Set("K_NASenc", keys.kNasEnc);
    named.Set("K_eNB", keys.kEnb);
    return named;
}

/**
 * @brief Derive the key of an algorithm (TS 33.401, A.7).
 * @param ctx the computing node
 * @param kasme K_ASME
 * @param distinguisher algorithm type distinguisher
 * @return 16 octets
 */
SecretBytes
AlgorithmKey(CryptoContext& ctx, ByteView kasme, uint8_t distinguisher)
{
    const uint8_t algorithm = ALGORITHM_2;
    const SecretBytes whole = Kdf3gpp(ctx,
                                      kasme,
                                      FC_ALGORITHM_KEY,
                                      {ByteView(&distinguisher, 1), ByteView(&algorithm, 1)});
    return SecretBytes(whole.View().Sub(whole.size() - ALGORITHM_KEY_SIZE));
}

} // namespace

// ---------------------------------------------------------------------------------------------
// Credentials
// ---------------------------------------------------------------------------------------------

Usim::Usim(std::string imsi, ByteView k, ByteView opc, uint64_t sqn)
    : m_imsi(std::move(imsi)),
      m_milenage(k, opc),
      m_sqn(sqn)
{
}

Usim::Answer
Usim::Authenticate(CryptoContext& ctx, const AkaRand& rand, ByteView autn)
{
    Answer answer;
    Reader reader(autn);
    ByteView hidden;
    uint16_t amf = 0;
    if (!reader.Octets(SQN_SIZE, hidden) || !reader.U16(amf))
    {
        answer.cause = EmmCause::MAC_FAILURE;
        return answer;
    }
    auto challenge = m_milenage.F2345(ctx, rand);
    const AkaSequence sqn = Hide(hidden, challenge.ak);
    const auto codes = m_milenage.F1(ctx, rand, sqn, amf);
    if (!SecretBytes::Equal(codes.macA, reader.Rest()))
    {
        answer.cause = EmmCause::MAC_FAILURE;
        return answer;
    }
    if ((amf & AMF_EPS) == 0)
    {
        answer.cause = EmmCause::NON_EPS_AUTHENTICATION;
        return answer;
    }
    if (ToNumber(sqn) <= m_sqn)
    {
        const AkaSequence own = FromNumber(m_sqn);
        const AkaSequence ownHidden = Hide(own, m_milenage.F5Star(ctx, rand));
        const auto macS = m_milenage.F1(ctx, rand, own, AMF_RESYNCHRONISATION).macS;
        std::copy(ownHidden.begin(), ownHidden.end(), answer.auts.begin());
        std::copy(macS.begin(), macS.end(), answer.auts.begin() + ownHidden.size());
        answer.cause = EmmCause::SYNCH_FAILURE;
        return answer;
    }
    m_sqn = ToNumber(sqn);
    answer.res = std::move(challenge.res);
    answer.ck = std::move(challenge.ck);
    answer.ik = std::move(challenge.ik);
    return answer;
}

EpsSubscriber::EpsSubscriber(ByteView k, ByteView opc, uint64_t sqn)
    : m_milenage(k, opc),
      m_sqn(sqn)
{
}

std::optional<AuthenticationVector>
EpsSubscriber::MakeVector(CryptoContext& ctx, const AuthenticationVectorRequest& request)
{
    if (request.resynchronisation)
    {
        const auto& rand = request.resynchronisation->rand;
        const ByteView auts(request.resynchronisation->auts);
        const AkaSequence sqn = Hide(auts, m_milenage.F5Star(ctx, rand));
        const auto codes = m_milenage.F1(ctx, rand, sqn, AMF_RESYNCHRONISATION);
        if (!SecretBytes::Equal(codes.macS, auts.Sub(SQN_SIZE)))
        {
            return std::nullopt;
        }
        m_sqn = ToNumber(sqn);
    }
    if (m_sqn + 1 >= SQN_LIMIT)
    {
        return std::nullopt;
    }
    const AkaSequence sqn = FromNumber(++m_sqn);
    AuthenticationVector vector;
    ctx.Random(vector.rand.data(), vector.rand.size());
    auto challenge = m_milenage.F2345(ctx, vector.rand);
    const auto codes = m_milenage.F1(ctx, vector.rand, sqn, AMF_EPS);
    const AkaSequence hidden = Hide(sqn, challenge.ak);
    Bytes autn;
    Writer writer(autn);
    writer.Octets(hidden);
    writer.U16(AMF_EPS);
    writer.Octets(codes.macA);
    std::copy(autn.begin(), autn.end(), vector.autn.begin());
    vector.kasme = DeriveKasme(ctx, challenge.ck, challenge.ik, request.plmn, hidden);
    vector.xres = std::move(challenge.res);
    return vector;
}

// ---------------------------------------------------------------------------------------------
// Keys and protection
// ---------------------------------------------------------------------------------------------

SecretBytes
DeriveKasme(CryptoContext& ctx, ByteView ck, ByteView ik, const Plmn& plmn, ByteView hiddenSqn)
{
    SecretOctets key;
    Writer writer(key);
    writer.Octets(ck);
    writer.Octets(ik);
    return Kdf3gpp(ctx, key, FC_KASME, {plmn, hiddenSqn});
}

EpsKeys
DeriveEpsKeys(CryptoContext& ctx, ByteView kasme)
{
    const std::array<uint8_t, 4> count{};
    EpsKeys keys;
    keys.kasme.Assign(kasme);
    keys.kNasInt = AlgorithmKey(ctx, kasme, NAS_INT_ALG);
    keys.kNasEnc = AlgorithmKey(ctx, kasme, NAS_ENC_ALG);
    keys.kEnb = Kdf3gpp(ctx, kasme, FC_KENB, {count});
    return keys;
}

std::array<uint8_t, 4>
Eia2(CryptoContext& ctx,
     ByteView key,
     uint32_t count,
     uint8_t bearer,
     NasDirection direction,
     ByteView message)
{
    const AesBlock head = CounterBlock(count, bearer, direction);
    const auto value = AesCmac(ctx, key, {ByteView(head).Sub(0, 8), message});
    std::array<uint8_t, 4> mac;
    std::copy_n(value.begin(), mac.size(), mac.begin());
    return mac;
}

Bytes
Eea2(CryptoContext& ctx,
     ByteView key,
     uint32_t count,
     uint8_t bearer,
     NasDirection direction,
     ByteView text)
{
    return AesCounterMode(ctx, key, CounterBlock(count, bearer, direction), text);
}

// ---------------------------------------------------------------------------------------------
// User equipment
// ---------------------------------------------------------------------------------------------

EpsUserEquipment::EpsUserEquipment(CryptoContext& ctx, const Plmn& plmn, Usim* usim)
    : LinkSupplicant(ctx),
      m_plmn(plmn),
      m_usim(usim)
{
}

void
EpsUserEquipment::DoTakeKey(ByteView key)
{
    Begin(key.Sub(0, MASTER_KEY_SIZE), assigned::KSI_OF_PUSHED_KEY);
}

void
EpsUserEquipment::DoWipe()
{
    m_keys.reset();
    m_response.clear();
}

void
EpsUserEquipment::DoStart(LinkOutput&)
{
    if (State() == LinkAuthenticationState::IDLE)
    {
        Advance(LinkAuthenticationState::AUTHENTICATING);
    }
}

void
EpsUserEquipment::DoSendEap(ByteView, LinkOutput& output)
{
    output.drop = LinkAuthenticationDrop::UNEXPECTED;
}

void
EpsUserEquipment::DoRepeat(LinkOutput& output)
{
    // What was accepted already is not said again.
    if (State() == LinkAuthenticationState::HANDSHAKE && m_downlink)
    {
        SendComplete(output);
    }
}

void
EpsUserEquipment::DoEapSucceeded(ByteView)
{
}

void
EpsUserEquipment::Begin(ByteView kasme, uint8_t ksi)
{
    m_keys = DeriveEpsKeys(Ctx(), kasme);
    m_ksi = ksi;
    m_downlink.reset();
    m_uplink = 0;
}

void
EpsUserEquipment::DoReceive(ByteView frame, LinkOutput& output)
{
    if (!frame.empty() && frame[0] != static_cast<uint8_t>(NasHeader::PLAIN))
    {
        const auto message = DecodeNasProtected(frame);
        if (!message)
        {
            output.drop = LinkAuthenticationDrop::MALFORMED;
            return;
        }
        ReceiveProtected(*message, output);
        return;
    }
    const auto message = DecodeNas(frame);
    if (!message)
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
    }
    else if (State() == LinkAuthenticationState::AUTHENTICATED)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
    }
    else if (const auto* identity = std::get_if<NasIdentityRequest>(&*message))
    {
        ReceiveIdentityRequest(*identity, output);
    }
    else if (const auto* challenge = std::get_if<NasAuthenticationRequest>(&*message))
    {
        ReceiveChallenge(*challenge, output);
    }
    else if (std::holds_alternative<NasAuthenticationReject>(*message))
    {
        Fail(LinkAuthenticationOutcome::REFUSED);
    }
    else
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
    }
}

void
EpsUserEquipment::ReceiveIdentityRequest(const NasIdentityRequest& request, LinkOutput& output)
{
    if (m_usim == nullptr || request.identityType != NasIdentityRequest::IMSI)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (State() == LinkAuthenticationState::IDLE)
    {
        Advance(LinkAuthenticationState::AUTHENTICATING);
    }
    NasIdentityResponse response;
    response.identity = EncodeImsi(m_usim->Imsi());
    output.frames.push_back(EncodeNas(response));
}

void
EpsUserEquipment::ReceiveChallenge(const NasAuthenticationRequest& request, LinkOutput& output)
{
    if (m_usim == nullptr)
    {
        output.drop = LinkAuthenticationDrop::NO_KEY;
        return;
    }
    if (m_rand && *m_rand == request.rand)
    {
        // The sequence number would look used: the USIM must not see a challenge twice.
        output.frames.push_back(m_response);
        return;
    }
    if (State() == LinkAuthenticationState::IDLE)
    {
        Advance(LinkAuthenticationState::AUTHENTICATING);
    }
    const auto answer = m_usim->Authenticate(Ctx(), request.rand, request.autn);
    if (answer.cause)
    {
        NasAuthenticationFailure failure;
        failure.cause = *answer.cause;
        output.drop = LinkAuthenticationDrop::BAD_MIC;
        if (*answer.cause == EmmCause::SYNCH_FAILURE)
        {
            failure.SetAuts(answer.auts);
            output.drop = LinkAuthenticationDrop::SYNC_FAILURE;
        }
        else if (*answer.cause == EmmCause::NON_EPS_AUTHENTICATION)
        {
            output.drop = LinkAuthenticationDrop::SECURITY_MISMATCH;
        }
        output.frames.push_back(EncodeNas(failure));
        return;
    }
    const SecretBytes kasme =
        DeriveKasme(Ctx(), answer.ck, answer.ik, m_plmn, ByteView(request.autn).Sub(0, SQN_SIZE));
    Begin(kasme, request.ksi);
    NasAuthenticationResponse response;
    response.res.assign(answer.res.View().begin(), answer.res.View().end());
    m_rand = request.rand;
    m_response = EncodeNas(response);
    Advance(LinkAuthenticationState::HANDSHAKE);
    output.frames.push_back(m_response);
}

void
EpsUserEquipment::RejectMode(EmmCause cause, LinkAuthenticationDrop reason, LinkOutput& output)
{
    output.drop = reason;
    if (State() != LinkAuthenticationState::AUTHENTICATED)
    {
        NasSecurityModeReject reject;
        reject.cause = cause;
        output.frames.push_back(EncodeNas(reject));
    }
}

void
EpsUserEquipment::ReceiveProtected(const NasProtected& message, LinkOutput& output)
{
    switch (message.header)
    {
    case NasHeader::INTEGRITY_NEW:
        ReceiveCommand(message, output);
        break;
    case NasHeader::INTEGRITY_CIPHER:
        ReceiveAccept(message, output);
        break;
    default:
        output.drop = LinkAuthenticationDrop::MALFORMED;
        break;
    }
}

void
EpsUserEquipment::ReceiveCommand(const NasProtected& message, LinkOutput& output)
{
    const auto inner = DecodeNas(message.payload);
    const auto* command = inner ? std::get_if<NasSecurityModeCommand>(&*inner) : nullptr;
    if (command == nullptr)
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
        return;
    }
    if (!m_keys)
    {
        output.drop = LinkAuthenticationDrop::NO_KEY;
        return;
    }
    if (command->ksi != m_ksi)
    {
        output.drop = LinkAuthenticationDrop::UNKNOWN_KEY;
        return;
    }
    if (m_downlink && message.sequence <= *m_downlink)
    {
        output.drop = LinkAuthenticationDrop::REPLAYED;
        return;
    }
    if (!SecretBytes::Equal(NasMac(Ctx(), *m_keys, NasDirection::DOWNLINK, message), message.mac))
    {
        RejectMode(EmmCause::SECURITY_MODE_REJECTED, LinkAuthenticationDrop::BAD_MIC, output);
        return;
    }
    m_downlink = message.sequence;
    if (command->capability != Capability() || command->algorithms != ALGORITHMS)
    {
        RejectMode(EmmCause::UE_SECURITY_CAPABILITIES_MISMATCH,
                   LinkAuthenticationDrop::SECURITY_MISMATCH,
                   output);
        Fail(LinkAuthenticationOutcome::SECURITY_MISMATCH);
        return;
    }
    SendComplete(output);
}

void
EpsUserEquipment::SendComplete(LinkOutput& output)
{
    if (m_uplink >= COUNT_LIMIT)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    output.frames.push_back(MakeCiphered(Ctx(),
                                         *m_keys,
                                         NasDirection::UPLINK,
                                         NasHeader::INTEGRITY_CIPHER_NEW,
                                         static_cast<uint8_t>(m_uplink++),
                                         NasSecurityModeComplete()));
}

void
EpsUserEquipment::ReceiveAccept(const NasProtected& message, LinkOutput& output)
{
    if (State() != LinkAuthenticationState::HANDSHAKE || !m_downlink)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (message.sequence <= *m_downlink)
    {
        output.drop = LinkAuthenticationDrop::REPLAYED;
        return;
    }
    const auto inner = OpenCiphered(Ctx(), *m_keys, NasDirection::DOWNLINK, message, output);
    if (!inner)
    {
        return;
    }
    if (!std::holds_alternative<NasAttachAccept>(*inner))
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
        return;
    }
    m_downlink = message.sequence;
    Succeed(LteKeys(*m_keys));
}

// ---------------------------------------------------------------------------------------------
// Mobility management
// ---------------------------------------------------------------------------------------------

EpsMobilityManagement::EpsMobilityManagement(CryptoContext& ctx, const Plmn& plmn)
    : LinkAuthenticator(ctx),
      m_plmn(plmn)
{
}

void
EpsMobilityManagement::DoTakeKey(ByteView key)
{
    m_keys = DeriveEpsKeys(Ctx(), key.Sub(0, MASTER_KEY_SIZE));
    m_ksi = assigned::KSI_OF_PUSHED_KEY;
}

void
EpsMobilityManagement::DoWipe()
{
    m_keys.reset();
    m_vector.reset();
    m_last.clear();
}

void
EpsMobilityManagement::DoStart(LinkOutput& output)
{
    if (State() == LinkAuthenticationState::HANDSHAKE)
    {
        m_wait = Wait::COMPLETE;
        output.frames.push_back(MakeCommand());
        return;
    }
    Advance(LinkAuthenticationState::AUTHENTICATING);
    m_wait = Wait::IDENTITY;
    m_last = EncodeNas(NasIdentityRequest());
    output.frames.push_back(m_last);
}

void
EpsMobilityManagement::DoSendEap(ByteView, LinkOutput& output)
{
    output.drop = LinkAuthenticationDrop::UNEXPECTED;
}

void
EpsMobilityManagement::DoEapSucceeded(ByteView, ByteView, LinkOutput& output)
{
    output.drop = LinkAuthenticationDrop::UNEXPECTED;
}

void
EpsMobilityManagement::DoEapFailed(ByteView, LinkOutput& output)
{
    output.frames.push_back(EncodeNas(NasAuthenticationReject()));
}

void
EpsMobilityManagement::DoRepeat(LinkOutput& output)
{
    switch (m_wait)
    {
    case Wait::IDENTITY:
    case Wait::RESPONSE:
        output.frames.push_back(m_last);
        break;
    case Wait::COMPLETE:
        if (m_downlink < COUNT_LIMIT)
        {
            output.frames.push_back(MakeCommand());
        }
        break;
    case Wait::NOTHING:
    case Wait::VECTOR:
        break;
    }
}

void
EpsMobilityManagement::AskForVector(LinkOutput& output)
{
    if (m_vectors == MAX_VECTORS)
    {
        Refuse(output);
        return;
    }
    ++m_vectors;
    m_wait = Wait::VECTOR;
    m_request.plmn = m_plmn;
    output.vectorRequest = m_request;
}

void
EpsMobilityManagement::Refuse(LinkOutput& output)
{
    output.frames.push_back(EncodeNas(NasAuthenticationReject()));
    Fail(LinkAuthenticationOutcome::REFUSED);
}

void
EpsMobilityManagement::DoReceiveVector(const std::optional<AuthenticationVector>& vector,
                                       LinkOutput& output)
{
    if (m_wait != Wait::VECTOR)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (!vector)
    {
        Refuse(output);
        return;
    }
    m_vector = vector;
    m_ksi = static_cast<uint8_t>(m_vectors - 1);
    NasAuthenticationRequest request;
    request.ksi = m_ksi;
    request.rand = vector->rand;
    request.autn.assign(vector->autn.begin(), vector->autn.end());
    m_wait = Wait::RESPONSE;
    m_last = EncodeNas(request);
    output.frames.push_back(m_last);
}

void
EpsMobilityManagement::DoReceive(ByteView frame, LinkOutput& output)
{
    if (!frame.empty() && frame[0] != static_cast<uint8_t>(NasHeader::PLAIN))
    {
        const auto message = DecodeNasProtected(frame);
        if (!message)
        {
            output.drop = LinkAuthenticationDrop::MALFORMED;
            return;
        }
        ReceiveComplete(*message, output);
        return;
    }
    const auto message = DecodeNas(frame);
    if (!message)
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
    }
    else if (const auto* identity = std::get_if<NasIdentityResponse>(&*message))
    {
        ReceiveIdentity(*identity, output);
    }
    else if (const auto* response = std::get_if<NasAuthenticationResponse>(&*message))
    {
        ReceiveResponse(*response, output);
    }
    else if (const auto* failure = std::get_if<NasAuthenticationFailure>(&*message))
    {
        ReceiveFailure(*failure, output);
    }
    else if (const auto* reject = std::get_if<NasSecurityModeReject>(&*message);
             reject != nullptr && m_wait == Wait::COMPLETE)
    {
        Fail(reject->cause == EmmCause::UE_SECURITY_CAPABILITIES_MISMATCH
                 ? LinkAuthenticationOutcome::SECURITY_MISMATCH
                 : LinkAuthenticationOutcome::KEY_MISMATCH);
    }
    else
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
    }
}

void
EpsMobilityManagement::ReceiveIdentity(const NasIdentityResponse& response, LinkOutput& output)
{
    const auto imsi = DecodeImsi(response.identity);
    if (m_wait != Wait::IDENTITY)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (!imsi)
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
        return;
    }
    m_request.imsi = *imsi;
    AskForVector(output);
}

void
EpsMobilityManagement::ReceiveResponse(const NasAuthenticationResponse& response,
                                       LinkOutput& output)
{
    if (m_wait != Wait::RESPONSE)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (!SecretBytes::Equal(response.res, m_vector->xres))
    {
        output.drop = LinkAuthenticationDrop::REFUSED;
        Refuse(output);
        return;
    }
    m_keys = DeriveEpsKeys(Ctx(), m_vector->kasme);
    m_vector.reset();
    m_wait = Wait::COMPLETE;
    Advance(LinkAuthenticationState::HANDSHAKE);
    output.frames.push_back(MakeCommand());
}

void
EpsMobilityManagement::ReceiveFailure(const NasAuthenticationFailure& failure, LinkOutput& output)
{
    if (m_wait != Wait::RESPONSE)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    switch (failure.cause)
    {
    case EmmCause::SYNCH_FAILURE: {
        AuthenticationVectorRequest::Resynchronisation resynchronisation;
        resynchronisation.rand = m_vector->rand;
        const ByteView auts = failure.Auts();
        std::copy(auts.begin(), auts.end(), resynchronisation.auts.begin());
        m_request.resynchronisation = resynchronisation;
        AskForVector(output);
        return;
    }
    case EmmCause::MAC_FAILURE:
        m_request.resynchronisation.reset();
        AskForVector(output);
        return;
    default:
        Refuse(output);
    }
}

Bytes
EpsMobilityManagement::MakeCommand()
{
    NasSecurityModeCommand command;
    command.algorithms = ALGORITHMS;
    command.ksi = m_ksi;
    command.capability = Capability();
    NasProtected message;
    message.sequence = static_cast<uint8_t>(m_downlink++);
    message.payload = EncodeNas(command);
    message.mac = NasMac(Ctx(), *m_keys, NasDirection::DOWNLINK, message);
    return EncodeNas(message);
}

Bytes
EpsMobilityManagement::MakeAccept()
{
    NasAttachAccept accept;
    accept.updateTimer = assigned::LTE_UPDATE_TIMER;
    Writer areas(accept.areas);
    areas.U8(0); // one area, by its code
    areas.Octets(m_plmn);
    areas.U16(assigned::LTE_AREA);
    accept.session.assign(assigned::LTE_BEARER_REQUEST.begin(), assigned::LTE_BEARER_REQUEST.end());
    return MakeCiphered(Ctx(),
                        *m_keys,
                        NasDirection::DOWNLINK,
                        NasHeader::INTEGRITY_CIPHER,
                        static_cast<uint8_t>(m_downlink++),
                        accept);
}

void
EpsMobilityManagement::ReceiveComplete(const NasProtected& message, LinkOutput& output)
{
    // One that comes when all is done asks for an Attach accept that got lost.
    const bool isDone = State() == LinkAuthenticationState::AUTHENTICATED;
    if (message.header != NasHeader::INTEGRITY_CIPHER_NEW || (m_wait != Wait::COMPLETE && !isDone))
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (m_uplink && message.sequence <= *m_uplink)
    {
        output.drop = LinkAuthenticationDrop::REPLAYED;
        return;
    }
    const auto inner = OpenCiphered(Ctx(), *m_keys, NasDirection::UPLINK, message, output);
    if (!inner)
    {
        return;
    }
    if (!std::holds_alternative<NasSecurityModeComplete>(*inner))
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
        return;
    }
    m_uplink = message.sequence;
    if (m_downlink < COUNT_LIMIT)
    {
        output.frames.push_back(MakeAccept());
    }
    if (m_wait == Wait::COMPLETE)
    {
        m_wait = Wait::NOTHING;
        Succeed(LteKeys(*m_keys));
    }
}

} // namespace ns3::mis
