// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The 4-way handshake and the group key handshake of IEEE 802.11 (12.7.6, 12.7.7).
 */
#include "mis-four-way-handshake.h"

#include "ns3/mis-key-wrap.h"
#include "ns3/mis-link-kdf.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-tlv.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

using namespace key_information;

/** Octets of KCK, of KEK and of the TK of CCMP-128. */
constexpr std::size_t PART_SIZE = 16;
/** Octets of the group key of CCMP-128. */
constexpr std::size_t GTK_SIZE = 16;

/**
 * @brief Compute the MIC of a frame (HMAC-SHA1-128).
 * @param ctx the computing node
 * @param kck key confirmation key
 * @param key the frame; its MIC is not looked at
 * @param version protocol version in its header
 * @return the MIC
 */
std::array<uint8_t, KEY_MIC_SIZE>
ComputeMic(CryptoContext& ctx, const SecretBytes& kck, const EapolKey& key, uint8_t version)
{
    EapolKey zeroed = key;
    zeroed.mic = {};
    const auto value = HmacSha1(ctx, kck, {EncodeEapolKey(zeroed, version)});
    std::array<uint8_t, KEY_MIC_SIZE> mic;
    std::copy_n(value.begin(), mic.size(), mic.begin());
    return mic;
}

/**
 * @brief Check the MIC of a frame.
 * @param ctx the computing node
 * @param kck key confirmation key
 * @param key the frame
 * @param version protocol version in its header
 * @return whether it is right
 */
bool
VerifyMic(CryptoContext& ctx, const SecretBytes& kck, const EapolKey& key, uint8_t version)
{
    return SecretBytes::Equal(ComputeMic(ctx, kck, key, version), key.mic);
}

/**
 * @brief Put the MIC into a frame and encode it.
 * @param ctx the computing node
 * @param kck key confirmation key
 * @param key the frame without MIC
 * @return its octets
 */
Bytes
SignAndEncode(CryptoContext& ctx, const SecretBytes& kck, EapolKey key)
{
    key.mic = ComputeMic(ctx, kck, key, EapolFrame::VERSION);
    return EncodeEapolKey(key);
}

/**
 * @brief Say why a frame was dropped.
 * @param reason why
 * @return the step
 */
HandshakeStep
Drop(LinkAuthenticationDrop reason)
{
    HandshakeStep step;
    step.drop = reason;
    return step;
}

/**
 * @brief Answer with a frame.
 * @param frame the frame
 * @return the step
 */
HandshakeStep
Send(Bytes frame)
{
    HandshakeStep step;
    step.frame = std::move(frame);
    return step;
}

} // namespace

PairwiseTransientKey
DerivePtk(CryptoContext& ctx,
          ByteView pmk,
          const FourWayParameters& parameters,
          const KeyNonce& anonce,
          const KeyNonce& snonce)
{
    const auto addresses = std::minmax(parameters.authenticator, parameters.supplicant);
    const auto nonces = std::minmax(anonce, snonce);
    Bytes data;
    Writer writer(data);
    writer.Octets(addresses.first);
    writer.Octets(addresses.second);
    writer.Octets(nonces.first);
    writer.Octets(nonces.second);
    const SecretBytes whole = Prf80211(ctx, pmk, "Pairwise key expansion", data, 3 * PART_SIZE);
    PairwiseTransientKey ptk;
    ptk.kck.Assign(whole.View().Sub(0, PART_SIZE));
    ptk.kek.Assign(whole.View().Sub(PART_SIZE, PART_SIZE));
    ptk.tk.Assign(whole.View().Sub(2 * PART_SIZE, PART_SIZE));
    return ptk;
}

Pmkid
DerivePmkid(CryptoContext& ctx, ByteView pmk, const FourWayParameters& parameters)
{
    const auto value =
        HmacSha1(ctx,
                 pmk,
                 {ByteView::FromText("PMK Name"), parameters.authenticator, parameters.supplicant});
    Pmkid pmkid;
    std::copy_n(value.begin(), pmkid.size(), pmkid.begin());
    return pmkid;
}

// ---------------------------------------------------------------------------------------------
// Supplicant
// ---------------------------------------------------------------------------------------------

FourWaySupplicant::FourWaySupplicant(CryptoContext& ctx,
                                     const FourWayParameters& parameters,
                                     ByteView pmk)
    : m_ctx(ctx),
      m_parameters(parameters),
      m_rsn(parameters.rsn.Encode()),
      m_pmk(pmk.Sub(0, PMK_SIZE)),
      m_pmkid(DerivePmkid(ctx, m_pmk, parameters))
{
}

HandshakeStep
FourWaySupplicant::Receive(const EapolFrame& frame)
{
    const auto key = DecodeEapolKey(frame.body);
    if (!key || (key->information & DESCRIPTOR_VERSION) != HMAC_SHA1_AES)
    {
        return Drop(LinkAuthenticationDrop::MALFORMED);
    }
    if (m_counter && key->replayCounter <= *m_counter)
    {
        return Drop(LinkAuthenticationDrop::REPLAYED);
    }
    switch (key->information)
    {
    case MESSAGE_1:
        return ReceiveMessage1(*key);
    case MESSAGE_3:
        return ReceiveMessage3(*key, frame.version);
    case GROUP_1:
        return ReceiveGroup1(*key, frame.version);
    default:
        return Drop(LinkAuthenticationDrop::UNEXPECTED);
    }
}

HandshakeStep
FourWaySupplicant::ReceiveMessage1(const EapolKey& key)
{
    if (m_done)
    {
        return Drop(LinkAuthenticationDrop::UNEXPECTED);
    }
    const auto elements = KeyData::Decode(key.keyData);
    if (!elements)
    {
        return Drop(LinkAuthenticationDrop::BAD_KEY_DATA);
    }
    const auto pmkid = KeyData::FindKde(*elements, KeyDataType::PMKID);
    if (pmkid && *pmkid != ByteView(m_pmkid))
    {
        return Drop(LinkAuthenticationDrop::UNKNOWN_KEY);
    }
    if (!m_snonce)
    {
        // One SNonce for the whole run: a forged message 1 then cannot make a message 3 fail that
        // answers an earlier message 2.
        m_snonce.emplace();
        m_ctx.Random(m_snonce->data(), m_snonce->size());
    }
    return Send(Answer(MESSAGE_2, key, PtkFor(key.nonce), *m_snonce, m_rsn));
}

HandshakeStep
FourWaySupplicant::ReceiveMessage3(const EapolKey& key, uint8_t version)
{
    if (!m_snonce)
    {
        return Drop(LinkAuthenticationDrop::UNEXPECTED);
    }
    if (m_done && key.nonce != m_anonce)
    {
        return Drop(LinkAuthenticationDrop::NONCE_MISMATCH);
    }
    const PairwiseTransientKey& ptk = PtkFor(key.nonce);
    if (!VerifyMic(m_ctx, ptk.kck, key, version))
    {
        return Drop(LinkAuthenticationDrop::BAD_MIC);
    }
    m_counter = key.replayCounter;
    if (!m_done)
    {
        const LinkAuthenticationDrop reason = OpenGroupKey(key, ptk, true);
        if (reason != LinkAuthenticationDrop::NONE)
        {
            return Drop(reason);
        }
        m_ptk = ptk;
        m_done = true;
    }
    // A repeated message 3 is answered, but installs nothing: the counters of the temporal key
    // must not start again.
    return Send(Answer(MESSAGE_4, key, m_ptk, KeyNonce(), ByteView()));
}

HandshakeStep
FourWaySupplicant::ReceiveGroup1(const EapolKey& key, uint8_t version)
{
    if (!m_done)
    {
        return Drop(LinkAuthenticationDrop::UNEXPECTED);
    }
    if (!VerifyMic(m_ctx, m_ptk.kck, key, version))
    {
        return Drop(LinkAuthenticationDrop::BAD_MIC);
    }
    m_counter = key.replayCounter;
    const LinkAuthenticationDrop reason = OpenGroupKey(key, m_ptk, false);
    if (reason != LinkAuthenticationDrop::NONE)
    {
        return Drop(reason);
    }
    return Send(Answer(GROUP_2, key, m_ptk, KeyNonce(), ByteView()));
}

const PairwiseTransientKey&
FourWaySupplicant::PtkFor(const KeyNonce& anonce)
{
    if (m_candidate.kck.empty() || anonce != m_anonce)
    {
        m_candidate = DerivePtk(m_ctx, m_pmk, m_parameters, anonce, *m_snonce);
        m_anonce = anonce;
    }
    return m_candidate;
}

LinkAuthenticationDrop
FourWaySupplicant::OpenGroupKey(const EapolKey& key, const PairwiseTransientKey& ptk, bool first)
{
    const auto opened = UnwrapKey(m_ctx, ptk.kek, key.keyData);
    if (!opened)
    {
        return LinkAuthenticationDrop::BAD_KEY_DATA;
    }
    const auto elements = KeyData::Decode(*opened);
    if (!elements)
    {
        return LinkAuthenticationDrop::BAD_KEY_DATA;
    }
    if (first && KeyData::FindRsn(*elements) != m_rsn)
    {
        return LinkAuthenticationDrop::SECURITY_MISMATCH;
    }
    const auto content = KeyData::FindKde(*elements, KeyDataType::GTK);
    const auto kde = content ? GtkKde::Decode(*content) : std::nullopt;
    if (!kde)
    {
        return LinkAuthenticationDrop::BAD_KEY_DATA;
    }
    m_gtk.Assign(kde->gtk);
    return LinkAuthenticationDrop::NONE;
}

Bytes
FourWaySupplicant::Answer(uint16_t information,
                          const EapolKey& asked,
                          const PairwiseTransientKey& ptk,
                          const KeyNonce& nonce,
                          ByteView keyData)
{
    EapolKey key;
    key.information = information;
    key.replayCounter = asked.replayCounter;
    key.nonce = nonce;
    key.keyData.assign(keyData.begin(), keyData.end());
    return SignAndEncode(m_ctx, ptk.kck, std::move(key));
}

// ---------------------------------------------------------------------------------------------
// Authenticator
// ---------------------------------------------------------------------------------------------

FourWayAuthenticator::FourWayAuthenticator(CryptoContext& ctx,
                                           const FourWayParameters& parameters,
                                           ByteView pmk)
    : m_ctx(ctx),
      m_parameters(parameters),
      m_rsn(parameters.rsn.Encode()),
      m_pmk(pmk.Sub(0, PMK_SIZE))
{
    m_ctx.Random(m_anonce.data(), m_anonce.size());
    m_gtk = m_ctx.RandomSecret(GTK_SIZE);
}

Bytes
FourWayAuthenticator::Start()
{
    return Make();
}

std::optional<Bytes>
FourWayAuthenticator::Repeat()
{
    if (m_state == State::DONE)
    {
        return std::nullopt;
    }
    return Make();
}

Bytes
FourWayAuthenticator::UpdateGroupKey()
{
    m_gtk = m_ctx.RandomSecret(GTK_SIZE);
    m_gtkId = m_gtkId == 1 ? 2 : 1;
    Enter(State::GROUP_1);
    return Make();
}

void
FourWayAuthenticator::Enter(State state)
{
    m_state = state;
    m_firstCounter = m_nextCounter;
}

Bytes
FourWayAuthenticator::Make()
{
    EapolKey key;
    key.replayCounter = m_nextCounter++;
    KeyData data;
    switch (m_state)
    {
    case State::MESSAGE_1:
        key.information = MESSAGE_1;
        key.keyLength = static_cast<uint16_t>(PART_SIZE);
        key.nonce = m_anonce;
        if (m_parameters.sendPmkid)
        {
            data.AddPmkid(DerivePmkid(m_ctx, m_pmk, m_parameters));
        }
        key.keyData.assign(data.View().begin(), data.View().end());
        return EncodeEapolKey(key);
    case State::MESSAGE_3:
        key.information = MESSAGE_3;
        key.keyLength = static_cast<uint16_t>(PART_SIZE);
        key.nonce = m_anonce;
        data.AddElement(m_rsn);
        break;
    case State::GROUP_1:
    case State::DONE:
        key.information = GROUP_1;
        break;
    }
    data.AddGtk(m_gtkId, m_gtk);
    data.Pad();
    key.keyData = WrapKey(m_ctx, m_ptk.kek, data.View());
    return SignAndEncode(m_ctx, m_ptk.kck, std::move(key));
}

HandshakeStep
FourWayAuthenticator::Receive(const EapolFrame& frame)
{
    const auto key = DecodeEapolKey(frame.body);
    if (!key || (key->information & DESCRIPTOR_VERSION) != HMAC_SHA1_AES)
    {
        return Drop(LinkAuthenticationDrop::MALFORMED);
    }
    const uint16_t wanted = m_state == State::MESSAGE_1   ? MESSAGE_2
                            : m_state == State::MESSAGE_3 ? MESSAGE_4
                                                          : GROUP_2;
    if (m_state == State::DONE || key->information != wanted)
    {
        return Drop(LinkAuthenticationDrop::UNEXPECTED);
    }
    // Any of the repetitions may be the one that was answered.
    if (key->replayCounter < m_firstCounter || key->replayCounter >= m_nextCounter)
    {
        return Drop(LinkAuthenticationDrop::REPLAYED);
    }
    if (m_state == State::MESSAGE_1)
    {
        return ReceiveMessage2(*key, frame.version);
    }
    if (!VerifyMic(m_ctx, m_ptk.kck, *key, frame.version))
    {
        return Drop(LinkAuthenticationDrop::BAD_MIC);
    }
    Enter(State::DONE);
    return HandshakeStep();
}

HandshakeStep
FourWayAuthenticator::ReceiveMessage2(const EapolKey& key, uint8_t version)
{
    PairwiseTransientKey ptk = DerivePtk(m_ctx, m_pmk, m_parameters, m_anonce, key.nonce);
    if (!VerifyMic(m_ctx, ptk.kck, key, version))
    {
        return Drop(LinkAuthenticationDrop::BAD_MIC);
    }
    const auto elements = KeyData::Decode(key.keyData);
    if (!elements)
    {
        return Drop(LinkAuthenticationDrop::BAD_KEY_DATA);
    }
    if (KeyData::FindRsn(*elements) != m_rsn)
    {
        return Drop(LinkAuthenticationDrop::SECURITY_MISMATCH);
    }
    m_ptk = std::move(ptk);
    Enter(State::MESSAGE_3);
    return Send(Make());
}

} // namespace ns3::mis
