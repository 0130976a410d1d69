// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Messages of PKMv2 (IEEE 802.16, 6.3.2.3.9) and the keys they are protected with.
 */
#include "mis-pkmv2-message.h"

#include "ns3/mis-aes.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-link-kdf.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-tlv.h"

#include <algorithm>
#include <initializer_list>

namespace ns3::mis
{

namespace
{

/** Management message types. */
constexpr uint8_t PKM_REQ = 9;
constexpr uint8_t PKM_RSP = 10;

/** Octets before the attributes. */
constexpr std::size_t HEADER_SIZE = 3;
/** Octets of CMAC_PN in the digest. */
constexpr std::size_t PN_SIZE = 4;
/** Octets of the CMAC value in the digest. */
constexpr std::size_t CMAC_VALUE_SIZE = 8;
/** A length of this or more has more than one octet. */
constexpr std::size_t LONG_LENGTH = 0x80;
/** A size that is not fixed. */
constexpr std::size_t ANY = 0;

/** @brief An attribute that a message must have. */
struct Wanted
{
    PkmAttributeType type; //!< its type
    std::size_t size;      //!< octets of its value, or ANY
    std::size_t count;     //!< how often
};

/** @brief A kind of message. */
struct Kind
{
    PkmCode code;               //!< its code
    uint8_t management;         //!< its management message type
    std::vector<Wanted> wanted; //!< what it must have
};

/** @return all kinds of message */
const std::vector<Kind>&
Kinds()
{
    using T = PkmAttributeType;
    static const Wanted ak{T::KEY_SEQUENCE_NUMBER, 1, 1};
    static const Wanted akid{T::AKID, 8, 1};
    static const Wanted msRandom{T::MS_RANDOM, PKM_RANDOM_SIZE, 1};
    static const Wanted bsRandom{T::BS_RANDOM, PKM_RANDOM_SIZE, 1};
    static const Wanted nonce{T::NONCE, PKM_RANDOM_SIZE, 1};
    static const Wanted said{T::SAID, 2, 1};
    static const Wanted negotiation{T::SECURITY_NEGOTIATION, ANY, 1};
    static const Wanted digest{T::CMAC_DIGEST, PN_SIZE + CMAC_VALUE_SIZE, 1};
    static const std::vector<Kind> kinds{
        {PkmCode::EAP_START, PKM_REQ, {}},
        {PkmCode::EAP_TRANSFER, PKM_REQ, {{T::EAP_PAYLOAD, ANY, 1}}},
        {PkmCode::EAP_TRANSFER, PKM_RSP, {{T::EAP_PAYLOAD, ANY, 1}}},
        {PkmCode::SA_TEK_CHALLENGE, PKM_RSP, {bsRandom, ak, akid, {T::KEY_LIFETIME, 4, 1}, digest}},
        {PkmCode::SA_TEK_REQUEST,
         PKM_REQ,
         {msRandom, bsRandom, ak, akid, {T::SECURITY_CAPABILITIES, ANY, 1}, negotiation, digest}},
        {PkmCode::SA_TEK_RESPONSE,
         PKM_RSP,
         {msRandom, bsRandom, ak, akid, {T::SA_DESCRIPTOR, ANY, 1}, negotiation, digest}},
        {PkmCode::KEY_REQUEST, PKM_REQ, {ak, said, nonce, digest}},
        {PkmCode::KEY_REPLY, PKM_RSP, {ak, said, {T::TEK_PARAMETERS, ANY, 2}, nonce, digest}},
    };
    return kinds;
}

/**
 * @brief Append an attribute.
 * @param writer where to
 * @param attribute the attribute
 */
void
WriteAttribute(Writer& writer, const PkmAttribute& attribute)
{
    const std::size_t size = attribute.value.size();
    writer.U8(attribute.type);
    if (size >= LONG_LENGTH)
    {
        writer.U8(static_cast<uint8_t>(LONG_LENGTH + (size > 0xff ? 2 : 1)));
    }
    if (size > 0xff)
    {
        writer.U16(static_cast<uint16_t>(size));
    }
    else
    {
        writer.U8(static_cast<uint8_t>(size));
    }
    writer.Octets(attribute.value);
}

/**
 * @brief Read an attribute.
 * @param reader where from
 * @param attribute the attribute
 * @return success
 */
bool
ReadAttribute(Reader& reader, PkmAttribute& attribute)
{
    uint8_t first = 0;
    if (!reader.U8(attribute.type) || !reader.U8(first))
    {
        return false;
    }
    std::size_t size = first;
    if (first == LONG_LENGTH + 1)
    {
        uint8_t length = 0;
        if (!reader.U8(length))
        {
            return false;
        }
        size = length;
    }
    else if (first == LONG_LENGTH + 2)
    {
        uint16_t length = 0;
        if (!reader.U16(length))
        {
            return false;
        }
        size = length;
    }
    else if (first >= LONG_LENGTH)
    {
        return reader.Fail(CodecError::BAD_LENGTH);
    }
    ByteView value;
    if (!reader.Octets(size, value))
    {
        return false;
    }
    attribute.value.assign(value.begin(), value.end());
    return true;
}

/**
 * @brief Compute the CMAC value of a message.
 * @param ctx the computing node
 * @param keys the keys
 * @param uplink whether the mobile station sends it
 * @param pn packet number
 * @param message its octets before the digest
 * @return the value
 */
std::array<uint8_t, CMAC_VALUE_SIZE>
ComputeCmac(CryptoContext& ctx, const PkmKeys& keys, bool uplink, uint32_t pn, ByteView message)
{
    Bytes head;
    Writer writer(head);
    writer.Octets(keys.akid);
    writer.U32(pn);
    writer.U16(assigned::PKM_CID);
    writer.U16(0);
    const auto whole = AesCmac(ctx, uplink ? keys.cmacU : keys.cmacD, {head, message});
    std::array<uint8_t, CMAC_VALUE_SIZE> value;
    std::copy(whole.end() - value.size(), whole.end(), value.begin());
    return value;
}

} // namespace

ByteView
PkmAttributes::Find(PkmAttributeType type, std::size_t index) const
{
    for (const PkmAttribute& attribute : m_attributes)
    {
        if (attribute.type == static_cast<uint8_t>(type) && index-- == 0)
        {
            return attribute.value;
        }
    }
    return ByteView();
}

std::size_t
PkmAttributes::Count(PkmAttributeType type) const
{
    return static_cast<std::size_t>(
        std::count_if(m_attributes.begin(), m_attributes.end(), [type](const PkmAttribute& a) {
            return a.type == static_cast<uint8_t>(type);
        }));
}

std::optional<std::size_t>
PkmAttributes::LastOffset(PkmAttributeType type) const
{
    if (m_attributes.empty() || m_attributes.back().type != static_cast<uint8_t>(type))
    {
        return std::nullopt;
    }
    return m_lastOffset;
}

Bytes
PkmAttributes::Encode() const
{
    Bytes octets;
    Writer writer(octets);
    for (const PkmAttribute& attribute : m_attributes)
    {
        WriteAttribute(writer, attribute);
    }
    return octets;
}

Result<PkmAttributes>
PkmAttributes::Decode(ByteView octets)
{
    PkmAttributes attributes;
    Reader reader(octets);
    while (!reader.AtEnd())
    {
        PkmAttribute attribute;
        attributes.m_lastOffset = octets.size() - reader.Remaining();
        if (!ReadAttribute(reader, attribute))
        {
            return reader.Error();
        }
        attributes.m_attributes.push_back(std::move(attribute));
    }
    return attributes;
}

// ---------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------

Bytes
EncodePkm(const PkmMessage& message)
{
    Bytes octets;
    Writer writer(octets);
    writer.U8(message.fromBaseStation ? PKM_RSP : PKM_REQ);
    writer.U8(static_cast<uint8_t>(message.code));
    writer.U8(message.identifier);
    writer.Octets(message.attributes.Encode());
    return octets;
}

Result<PkmMessage>
DecodePkm(ByteView octets)
{
    Reader reader(octets);
    uint8_t management = 0;
    uint8_t code = 0;
    PkmMessage message;
    if (!reader.U8(management) || !reader.U8(code) || !reader.U8(message.identifier))
    {
        return reader.Error();
    }
    const auto kind = std::find_if(Kinds().begin(), Kinds().end(), [=](const Kind& k) {
        return k.code == static_cast<PkmCode>(code) && k.management == management;
    });
    if (kind == Kinds().end())
    {
        return CodecError::UNKNOWN_MESSAGE;
    }
    message.code = kind->code;
    message.fromBaseStation = management == PKM_RSP;
    auto attributes = PkmAttributes::Decode(reader.Rest());
    if (!attributes)
    {
        return attributes.Error();
    }
    for (const Wanted& wanted : kind->wanted)
    {
        const std::size_t count = attributes->Count(wanted.type);
        if (count != wanted.count)
        {
            return count < wanted.count ? CodecError::MISSING_TLV : CodecError::DUPLICATE_TLV;
        }
        if (wanted.size != ANY && attributes->Find(wanted.type).size() != wanted.size)
        {
            return CodecError::BAD_VALUE;
        }
    }
    message.attributes = *std::move(attributes);
    message.covered = octets.size();
    if (message.attributes.Count(PkmAttributeType::CMAC_DIGEST) != 0)
    {
        const auto offset = message.attributes.LastOffset(PkmAttributeType::CMAC_DIGEST);
        if (!offset)
        {
            return CodecError::BAD_VALUE;
        }
        message.covered = HEADER_SIZE + *offset;
    }
    return message;
}

// ---------------------------------------------------------------------------------------------
// Keys
// ---------------------------------------------------------------------------------------------

PkmKeys
DerivePkmKeys(CryptoContext& ctx,
              ByteView master,
              const PkmAddress& mobileStation,
              const PkmAddress& baseStation)
{
    const auto string = [&](ByteView before, std::string_view purpose) {
        Bytes octets;
        Writer writer(octets);
        writer.Octets(before);
        writer.Octets(mobileStation);
        writer.Octets(baseStation);
        writer.Octets(ByteView::FromText(purpose));
        return octets;
    };
    const ByteView pmk = master.Sub(master.size() - PKM_PMK_SIZE);
    const uint8_t sequence = assigned::PKM_AK_SEQUENCE;
    PkmKeys keys;
    keys.ak = Dot16Kdf(ctx, pmk, string(ByteView(), "AK"), PKM_PMK_SIZE);
    keys.akid = Dot16Kdf(ctx, keys.ak, string(ByteView(&sequence, 1), "AK"), 8);
    const SecretBytes all =
        Dot16Kdf(ctx, keys.ak, string(ByteView(), "CMAC_KEYS+KEK"), 3 * AES_CMAC_SIZE);
    // CMAC_KEY_COUNT, here 0, behind zeros.
    const AesBlock count{};
    AesBlock key = AesEncryptBlock(ctx, all.View().Sub(0, AES_CMAC_SIZE), count);
    keys.cmacU.Assign(key);
    key = AesEncryptBlock(ctx, all.View().Sub(AES_CMAC_SIZE, AES_CMAC_SIZE), count);
    keys.cmacD.Assign(key);
    SecureWipe(key.data(), key.size());
    keys.kek.Assign(all.View().Sub(2 * AES_CMAC_SIZE));
    return keys;
}

Bytes
SignAndEncodePkm(CryptoContext& ctx, const PkmKeys& keys, uint32_t pn, PkmMessage message)
{
    const auto value = ComputeCmac(ctx, keys, !message.fromBaseStation, pn, EncodePkm(message));
    Bytes digest;
    Writer writer(digest);
    writer.U32(pn);
    writer.Octets(value);
    message.attributes.Add(PkmAttributeType::CMAC_DIGEST, digest);
    return EncodePkm(message);
}

uint32_t
PacketNumber(const PkmMessage& message)
{
    uint32_t pn = 0;
    Reader reader(message.attributes.Find(PkmAttributeType::CMAC_DIGEST));
    return reader.U32(pn) ? pn : 0;
}

bool
VerifyPkm(CryptoContext& ctx, const PkmKeys& keys, const PkmMessage& message, ByteView octets)
{
    const auto value = ComputeCmac(ctx,
                                   keys,
                                   !message.fromBaseStation,
                                   PacketNumber(message),
                                   octets.Sub(0, message.covered));
    return SecretBytes::Equal(value,
                              message.attributes.Find(PkmAttributeType::CMAC_DIGEST).Sub(PN_SIZE));
}

} // namespace ns3::mis
