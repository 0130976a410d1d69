// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Credentials of EPS-AKA, and keys of LTE (3GPP TS 33.401).
 */
#include "mis-eps-aka.h"

#include "mis-eps-security-mode.h"

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
/** Octets of the keys of the algorithms. */
constexpr std::size_t ALGORITHM_KEY_SIZE = 16;

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
 * @brief Derive the key of an algorithm (TS 33.401, A.7).
 * @param ctx the computing node
 * @param kasme K_ASME
 * @param distinguisher algorithm type distinguisher
 * @return 16 octets
 */
SecretBytes
AlgorithmKey(CryptoContext& ctx, ByteView kasme, uint8_t distinguisher)
{
    const uint8_t algorithm = EPS_ALGORITHM_2;
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

} // namespace ns3::mis
