// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief PKMv2 (IEEE 802.16, 7.2.2): EAP, the SA-TEK three-way handshake, the transport of TEKs.
 */
#include "mis-pkmv2.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-key-wrap.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

using T = PkmAttributeType;

/** Cryptographic suite: AES-CCM for data, AES-CCM authentication, AES key wrap for TEKs. */
constexpr std::array<uint8_t, 3> SUITE_CCM_WRAP{0x02, 0x01, 0x04};
/** Cryptographic suite that stations of this model offer besides: TEKs by AES in ECB mode. */
constexpr std::array<uint8_t, 3> SUITE_CCM_ECB{0x02, 0x01, 0x03};
/** SA type: primary. */
constexpr uint8_t SA_PRIMARY = 0;
/** Octets of a TEK. */
constexpr std::size_t TEK_SIZE = 16;
/** Names of the TEKs. */
constexpr std::array<std::string_view, 2> TEK_NAMES{"TEK0", "TEK1"};
/** Identifier of the messages of the three-way handshake. */
constexpr uint8_t HANDSHAKE_IDENTIFIER = 1;
/** Identifier of Key-Request. */
constexpr uint8_t KEY_REQUEST_IDENTIFIER = 2;

/** @return SECURITY_CAPABILITIES of all mobile stations */
Bytes
Capabilities()
{
    PkmAttributes list;
    list.Add(T::CRYPTOGRAPHIC_SUITE, SUITE_CCM_WRAP).Add(T::CRYPTOGRAPHIC_SUITE, SUITE_CCM_ECB);
    return PkmAttributes().Add(T::CRYPTOGRAPHIC_SUITE_LIST, list.Encode()).Encode();
}

/** @return SECURITY_NEGOTIATION, on which the ends agreed before: PKMv2, EAP, CMAC */
Bytes
Negotiation()
{
    constexpr uint8_t BIT_1 = 0x02;
    PkmAttributes attributes;
    attributes.AddNumber(PkmNegotiationType::PKM_VERSION, BIT_1)
        .AddNumber(PkmNegotiationType::AUTHORIZATION_POLICY, BIT_1)
        .AddNumber(PkmNegotiationType::MAC_MODE, BIT_1)
        .AddNumber(PkmNegotiationType::PN_WINDOW_SIZE, assigned::PKM_PN_WINDOW);
    return attributes.Encode();
}

/** @return SA_DESCRIPTOR of the primary SA */
Bytes
Descriptor()
{
    PkmAttributes attributes;
    attributes.AddNumber(T::SAID, assigned::PKM_PRIMARY_SAID)
        .AddNumber(T::SA_TYPE, SA_PRIMARY)
        .Add(T::CRYPTOGRAPHIC_SUITE, SUITE_CCM_WRAP);
    return attributes.Encode();
}

/**
 * @brief Make the value of TEK_PARAMETERS.
 * @param wrapped the wrapped TEK
 * @param sequence its sequence number
 * @return the value
 */
Bytes
TekParameters(ByteView wrapped, uint8_t sequence)
{
    PkmAttributes attributes;
    attributes.Add(T::TEK, wrapped)
        .AddNumber(T::KEY_LIFETIME, assigned::PKM_TEK_LIFETIME_S)
        .AddNumber(T::KEY_SEQUENCE_NUMBER, sequence);
    return attributes.Encode();
}

/**
 * @brief Begin a message.
 * @param code its code
 * @param identifier its identifier
 * @return the message; for PKM-RSP the sender sets its direction
 */
PkmMessage
Message(PkmCode code, uint8_t identifier)
{
    PkmMessage message;
    message.code = code;
    message.identifier = identifier;
    return message;
}

/**
 * @brief Read a random number.
 * @param message a message that has it
 * @param type its type
 * @return the number
 */
PkmRandom
ReadRandom(const PkmMessage& message, PkmAttributeType type)
{
    PkmRandom random{};
    const ByteView value = message.attributes.Find(type);
    std::copy(value.begin(), value.end(), random.begin());
    return random;
}

/**
 * @brief Draw a random number.
 * @param ctx the computing node
 * @return the number
 */
PkmRandom
DrawRandom(CryptoContext& ctx)
{
    PkmRandom random;
    ctx.Random(random.data(), random.size());
    return random;
}

/**
 * @brief Name the keys of a WiMAX link.
 * @param keys keys under AK
 * @param tek older and newer TEK
 * @return the keys
 */
LinkKeys
WimaxKeys(const PkmKeys& keys, const std::array<SecretBytes, 2>& tek)
{
    LinkKeys named;
    named.Set("KEK", keys.kek);
    named.Set("CMAC_KEY_U", keys.cmacU);
    named.Set("CMAC_KEY_D", keys.cmacD);
    for (std::size_t i = 0; i < tek.size(); ++i)
    {
        named.Set(TEK_NAMES[i], tek[i]);
    }
    return named;
}

/**
 * @brief Encode a message that carries an EAP packet.
 * @param message the message without it
 * @param packet the packet
 * @return its octets
 */
Bytes
CarryEap(PkmMessage message, ByteView packet)
{
    message.attributes.Add(T::EAP_PAYLOAD, packet);
    return EncodePkm(message);
}

} // namespace

LinkAuthenticationDrop
PkmProtection::Accept(CryptoContext& ctx, const PkmMessage& message, ByteView octets)
{
    if (m_keys.IsEmpty())
    {
        return LinkAuthenticationDrop::NO_KEY;
    }
    if (message.attributes.Count(T::AKID) != 0 &&
        message.attributes.Find(T::AKID) != m_keys.akid.View())
    {
        return LinkAuthenticationDrop::UNKNOWN_KEY;
    }
    if (PacketNumber(message) <= m_received)
    {
        return LinkAuthenticationDrop::REPLAYED;
    }
    if (!VerifyPkm(ctx, m_keys, message, octets))
    {
        return LinkAuthenticationDrop::BAD_MIC;
    }
    m_received = PacketNumber(message);
    return LinkAuthenticationDrop::NONE;
}

// ---------------------------------------------------------------------------------------------
// Mobile station
// ---------------------------------------------------------------------------------------------

PkmMobileStation::PkmMobileStation(CryptoContext& ctx,
                                   const PkmAddress& baseStation,
                                   const PkmAddress& mobileStation)
    : EapCarrierSupplicant(ctx),
      m_baseStation(baseStation),
      m_mobileStation(mobileStation)
{
}

void
PkmMobileStation::DoTakeKey(ByteView key)
{
    m_protection.SetKeys(DerivePkmKeys(Ctx(), key, m_mobileStation, m_baseStation));
}

void
PkmMobileStation::DoWipe()
{
    m_protection = PkmProtection();
    m_bsRandom.reset();
    m_nonce.reset();
}

Bytes
PkmMobileStation::DoMakeStart()
{
    return EncodePkm(Message(PkmCode::EAP_START, 0));
}

Bytes
PkmMobileStation::DoCarryEap(ByteView packet)
{
    return CarryEap(Message(PkmCode::EAP_TRANSFER, m_eapIdentifier), packet);
}

void
PkmMobileStation::DoRepeatHandshake(LinkOutput& output)
{
    if (m_nonce)
    {
        output.frames.push_back(MakeKeyRequest());
    }
}

void
PkmMobileStation::DoReceive(ByteView frame, LinkOutput& output)
{
    const auto message = DecodePkm(frame);
    if (!message)
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
        return;
    }
    if (message->code == PkmCode::EAP_TRANSFER && message->fromBaseStation)
    {
        m_eapIdentifier = message->identifier;
        ReceiveEap(message->attributes.Find(T::EAP_PAYLOAD), output);
        return;
    }
    if (!message->fromBaseStation || State() == LinkAuthenticationState::AUTHENTICATED)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    output.drop = m_protection.Accept(Ctx(), *message, frame);
    if (output.drop != LinkAuthenticationDrop::NONE)
    {
        return;
    }
    switch (message->code)
    {
    case PkmCode::SA_TEK_CHALLENGE:
        ReceiveChallenge(*message, output);
        return;
    case PkmCode::SA_TEK_RESPONSE:
        ReceiveResponse(*message, output);
        return;
    default:
        ReceiveReply(*message, output);
    }
}

void
PkmMobileStation::ReceiveChallenge(const PkmMessage& message, LinkOutput& output)
{
    const PkmRandom bsRandom = ReadRandom(message, T::BS_RANDOM);
    if (m_nonce)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (!m_bsRandom || *m_bsRandom != bsRandom)
    {
        m_bsRandom = bsRandom;
        m_msRandom = DrawRandom(Ctx());
    }
    PkmMessage request = Message(PkmCode::SA_TEK_REQUEST, message.identifier);
    request.attributes.Add(T::MS_RANDOM, m_msRandom)
        .Add(T::BS_RANDOM, bsRandom)
        .AddNumber(T::KEY_SEQUENCE_NUMBER, assigned::PKM_AK_SEQUENCE)
        .Add(T::AKID, m_protection.Keys().akid)
        .Add(T::SECURITY_CAPABILITIES, Capabilities())
        .Add(T::SECURITY_NEGOTIATION, Negotiation());
    output.frames.push_back(m_protection.Protect(Ctx(), request));
}

void
PkmMobileStation::ReceiveResponse(const PkmMessage& message, LinkOutput& output)
{
    if (!m_bsRandom || ReadRandom(message, T::BS_RANDOM) != *m_bsRandom ||
        ReadRandom(message, T::MS_RANDOM) != m_msRandom)
    {
        output.drop = LinkAuthenticationDrop::NONCE_MISMATCH;
        return;
    }
    if (message.attributes.Find(T::SECURITY_NEGOTIATION) != ByteView(Negotiation()) ||
        message.attributes.Find(T::SA_DESCRIPTOR) != ByteView(Descriptor()))
    {
        output.drop = LinkAuthenticationDrop::SECURITY_MISMATCH;
        Fail(LinkAuthenticationOutcome::SECURITY_MISMATCH);
        return;
    }
    if (!m_nonce)
    {
        m_nonce = DrawRandom(Ctx());
    }
    output.frames.push_back(MakeKeyRequest());
}

Bytes
PkmMobileStation::MakeKeyRequest()
{
    PkmMessage request = Message(PkmCode::KEY_REQUEST, KEY_REQUEST_IDENTIFIER);
    request.attributes.AddNumber(T::KEY_SEQUENCE_NUMBER, assigned::PKM_AK_SEQUENCE)
        .AddNumber(T::SAID, assigned::PKM_PRIMARY_SAID)
        .Add(T::NONCE, *m_nonce);
    return m_protection.Protect(Ctx(), request);
}

void
PkmMobileStation::ReceiveReply(const PkmMessage& message, LinkOutput& output)
{
    if (!m_nonce || ReadRandom(message, T::NONCE) != *m_nonce)
    {
        output.drop = LinkAuthenticationDrop::NONCE_MISMATCH;
        return;
    }
    std::array<SecretBytes, 2> tek;
    for (std::size_t i = 0; i < tek.size(); ++i)
    {
        const auto parameters =
            PkmAttributes::Decode(message.attributes.Find(T::TEK_PARAMETERS, i));
        const auto opened =
            parameters ? UnwrapKey(Ctx(), m_protection.Keys().kek, parameters->Find(T::TEK))
                       : std::nullopt;
        if (!opened || opened->size() != TEK_SIZE)
        {
            output.drop = LinkAuthenticationDrop::BAD_KEY_DATA;
            return;
        }
        tek[i] = *opened;
    }
    Succeed(WimaxKeys(m_protection.Keys(), tek));
}

// ---------------------------------------------------------------------------------------------
// Base station
// ---------------------------------------------------------------------------------------------

PkmBaseStation::PkmBaseStation(CryptoContext& ctx,
                               const PkmAddress& baseStation,
                               const PkmAddress& mobileStation)
    : EapCarrierAuthenticator(ctx),
      m_baseStation(baseStation),
      m_mobileStation(mobileStation)
{
}

void
PkmBaseStation::DoTakeKey(ByteView key)
{
    m_protection.SetKeys(DerivePkmKeys(Ctx(), key, m_mobileStation, m_baseStation));
}

void
PkmBaseStation::DoWipe()
{
    m_protection = PkmProtection();
    for (SecretBytes& tek : m_tek)
    {
        tek.Clear();
    }
}

Bytes
PkmBaseStation::DoCarryEap(ByteView packet)
{
    PkmMessage message = Message(PkmCode::EAP_TRANSFER, m_identifier++);
    message.fromBaseStation = true;
    return CarryEap(std::move(message), packet);
}

void
PkmBaseStation::DoBeginHandshake(LinkOutput& output)
{
    m_bsRandom = DrawRandom(Ctx());
    output.frames.push_back(MakeLast());
}

void
PkmBaseStation::DoRepeatHandshake(LinkOutput& output)
{
    output.frames.push_back(MakeLast());
}

bool
PkmBaseStation::DoIsAnswered() const
{
    return m_last != PkmCode::SA_TEK_CHALLENGE;
}

Bytes
PkmBaseStation::MakeLast()
{
    PkmMessage message = Message(m_last, HANDSHAKE_IDENTIFIER);
    message.fromBaseStation = true;
    PkmAttributes& attributes = message.attributes;
    const SecretBytes& akid = m_protection.Keys().akid;
    switch (m_last)
    {
    case PkmCode::SA_TEK_CHALLENGE:
        attributes.Add(T::BS_RANDOM, m_bsRandom)
            .AddNumber(T::KEY_SEQUENCE_NUMBER, assigned::PKM_AK_SEQUENCE)
            .Add(T::AKID, akid)
            .AddNumber(T::KEY_LIFETIME, assigned::PKM_AK_LIFETIME_S);
        break;
    case PkmCode::SA_TEK_RESPONSE:
        attributes.Add(T::MS_RANDOM, m_msRandom)
            .Add(T::BS_RANDOM, m_bsRandom)
            .AddNumber(T::KEY_SEQUENCE_NUMBER, assigned::PKM_AK_SEQUENCE)
            .Add(T::AKID, akid)
            .Add(T::SA_DESCRIPTOR, Descriptor())
            .Add(T::SECURITY_NEGOTIATION, Negotiation());
        break;
    default:
        message.identifier = m_keyIdentifier;
        attributes.AddNumber(T::KEY_SEQUENCE_NUMBER, assigned::PKM_AK_SEQUENCE)
            .AddNumber(T::SAID, assigned::PKM_PRIMARY_SAID);
        for (std::size_t i = 0; i < m_tek.size(); ++i)
        {
            attributes.Add(T::TEK_PARAMETERS,
                           TekParameters(WrapKey(Ctx(), m_protection.Keys().kek, m_tek[i]),
                                         static_cast<uint8_t>(i)));
        }
        attributes.Add(T::NONCE, m_nonce);
    }
    return m_protection.Protect(Ctx(), message);
}

void
PkmBaseStation::DoReceive(ByteView frame, LinkOutput& output)
{
    const auto message = DecodePkm(frame);
    if (!message)
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
        return;
    }
    if (message->fromBaseStation)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    switch (message->code)
    {
    case PkmCode::EAP_START:
        ReceiveStart(output);
        return;
    case PkmCode::EAP_TRANSFER:
        ReceiveEap(message->attributes.Find(T::EAP_PAYLOAD), output);
        return;
    default:
        break;
    }
    output.drop = m_protection.Accept(Ctx(), *message, frame);
    if (output.drop != LinkAuthenticationDrop::NONE)
    {
        return;
    }
    if (message->code == PkmCode::SA_TEK_REQUEST)
    {
        ReceiveRequest(*message, output);
    }
    else
    {
        ReceiveKeyRequest(*message, output);
    }
}

void
PkmBaseStation::ReceiveRequest(const PkmMessage& message, LinkOutput& output)
{
    if (m_last == PkmCode::KEY_REPLY)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (ReadRandom(message, T::BS_RANDOM) != m_bsRandom)
    {
        output.drop = LinkAuthenticationDrop::NONCE_MISMATCH;
        return;
    }
    if (message.attributes.Find(T::SECURITY_CAPABILITIES) != ByteView(Capabilities()) ||
        message.attributes.Find(T::SECURITY_NEGOTIATION) != ByteView(Negotiation()))
    {
        output.drop = LinkAuthenticationDrop::SECURITY_MISMATCH;
        Fail(LinkAuthenticationOutcome::SECURITY_MISMATCH);
        return;
    }
    m_msRandom = ReadRandom(message, T::MS_RANDOM);
    m_last = PkmCode::SA_TEK_RESPONSE;
    output.frames.push_back(MakeLast());
}

void
PkmBaseStation::ReceiveKeyRequest(const PkmMessage& message, LinkOutput& output)
{
    if (m_last == PkmCode::SA_TEK_CHALLENGE)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    m_nonce = ReadRandom(message, T::NONCE);
    m_keyIdentifier = message.identifier;
    if (m_last != PkmCode::KEY_REPLY)
    {
        for (SecretBytes& tek : m_tek)
        {
            tek = Ctx().RandomSecret(TEK_SIZE);
        }
        Succeed(WimaxKeys(m_protection.Keys(), m_tek));
    }
    m_last = PkmCode::KEY_REPLY;
    output.frames.push_back(MakeLast());
}

} // namespace ns3::mis
