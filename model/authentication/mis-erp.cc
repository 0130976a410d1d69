// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The EAP Re-authentication Protocol (RFC 6696).
 */
#include "mis-erp.h"

#include "ns3/fatal-error.h"
#include "ns3/mis-eap-method.h"
#include "ns3/mis-kdf.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-real-crypto.h"
#include "ns3/mis-tlv.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

/** @name Key labels (RFC 5295, RFC 6696)
 * @{
 */
constexpr std::string_view LABEL_RRK = "EAP Re-authentication Root Key@ietf.org";
constexpr std::string_view LABEL_RIK = "Re-authentication Integrity Key@ietf.org";
constexpr std::string_view LABEL_RMSK = "Re-authentication Master Session Key@ietf.org";
constexpr std::string_view LABEL_DSRK = "dsrk@ietf.org";
constexpr std::string_view LABEL_EMSK_NAME = "EMSK";
/** @} */

/** SEQ has two octets. */
constexpr uint32_t SEQUENCE_END = 0x10000;

/** All suites that have a tag. */
constexpr ErpCryptosuite TAGGED_SUITES[] = {ErpCryptosuite::HMAC_SHA256_128,
                                            ErpCryptosuite::HMAC_SHA256_256,
                                            ErpCryptosuite::HMAC_SHA256_64};

/**
 * @brief Append an attribute with a length octet.
 * @param writer where to
 * @param type its type
 * @param value at most 255 octets; more is a fatal programming error
 */
void
WriteAttribute(Writer& writer, uint8_t type, ByteView value)
{
    if (value.size() > 0xff)
    {
        NS_FATAL_ERROR("an attribute of " << value.size() << " octets has no one-octet length");
    }
    writer.U8(type);
    writer.U8(static_cast<uint8_t>(value.size()));
    writer.Octets(value);
}

/**
 * @brief Append attributes in the order of their types.
 * @param writer where to
 * @param attributes the attributes
 */
void
WriteAttributes(Writer& writer, const ErpAttributes& attributes)
{
    const auto lifetime = [&writer](ErpAttribute type, const std::optional<uint32_t>& value) {
        if (value)
        {
            writer.U8(static_cast<uint8_t>(type));
            writer.U32(*value);
        }
    };
    const auto text = [&writer](ErpAttribute type, const std::optional<std::string>& value) {
        if (value)
        {
            WriteAttribute(writer, static_cast<uint8_t>(type), ByteView::FromText(*value));
        }
    };
    text(ErpAttribute::KEYNAME_NAI, attributes.keyNameNai);
    lifetime(ErpAttribute::RRK_LIFETIME, attributes.rrkLifetime);
    lifetime(ErpAttribute::RMSK_LIFETIME, attributes.rmskLifetime);
    text(ErpAttribute::DOMAIN_NAME, attributes.domainName);
    if (!attributes.cryptosuites.empty())
    {
        Bytes list;
        for (const ErpCryptosuite suite : attributes.cryptosuites)
        {
            list.push_back(static_cast<uint8_t>(suite));
        }
        WriteAttribute(writer, static_cast<uint8_t>(ErpAttribute::CRYPTOSUITES), list);
    }
    if (attributes.authorizationIndication)
    {
        WriteAttribute(writer,
                       static_cast<uint8_t>(ErpAttribute::AUTHORIZATION_INDICATION),
                       *attributes.authorizationIndication);
    }
    for (const auto& [type, value] : attributes.others)
    {
        WriteAttribute(writer, type, value);
    }
}

/**
 * @brief Read attributes up to the end.
 * @param reader where from
 * @param attributes those read
 * @return success
 */
bool
ReadAttributes(Reader& reader, ErpAttributes& attributes)
{
    const auto lifetime = [&reader](std::optional<uint32_t>& value) {
        if (value)
        {
            return reader.Fail(CodecError::DUPLICATE_TLV);
        }
        return reader.U32(value.emplace());
    };
    while (!reader.AtEnd())
    {
        uint8_t type;
        if (!reader.U8(type))
        {
            return false;
        }
        const auto attribute = static_cast<ErpAttribute>(type);
        if (attribute == ErpAttribute::RRK_LIFETIME || attribute == ErpAttribute::RMSK_LIFETIME)
        {
            if (!lifetime(attribute == ErpAttribute::RRK_LIFETIME ? attributes.rrkLifetime
                                                                  : attributes.rmskLifetime))
            {
                return false;
            }
            continue;
        }
        uint8_t size;
        ByteView value;
        if (!reader.U8(size) || !reader.Octets(size, value))
        {
            return false;
        }
        bool duplicate = false;
        switch (attribute)
        {
        case ErpAttribute::KEYNAME_NAI:
            duplicate = attributes.keyNameNai.has_value();
            attributes.keyNameNai = value.Text();
            break;
        case ErpAttribute::DOMAIN_NAME:
            duplicate = attributes.domainName.has_value();
            attributes.domainName = value.Text();
            break;
        case ErpAttribute::CRYPTOSUITES:
            duplicate = !attributes.cryptosuites.empty();
            for (const uint8_t suite : value)
            {
                attributes.cryptosuites.push_back(static_cast<ErpCryptosuite>(suite));
            }
            break;
        case ErpAttribute::AUTHORIZATION_INDICATION:
            duplicate = attributes.authorizationIndication.has_value();
            attributes.authorizationIndication.emplace(value.begin(), value.end());
            break;
        default:
            attributes.others.emplace_back(type, Bytes(value.begin(), value.end()));
            break;
        }
        if (duplicate)
        {
            return reader.Fail(CodecError::DUPLICATE_TLV);
        }
    }
    return true;
}

/**
 * @brief The Authentication Tag.
 * @param ctx the computing node
 * @param suite a suite with a tag
 * @param rik rIK for it
 * @param covered the packet from Code to Cryptosuite
 * @return the tag
 */
SecretBytes
Tag(CryptoContext& ctx, ErpCryptosuite suite, ByteView rik, ByteView covered)
{
    RealCrypto real(ctx);
    const auto code = HmacSha256(real, rik, {covered});
    return SecretBytes(ByteView(code).Sub(0, ErpTagSize(suite)));
}

} // namespace

// ---------------------------------------------------------------------------------------------
// Key hierarchy
// ---------------------------------------------------------------------------------------------

std::size_t
ErpTagSize(ErpCryptosuite suite)
{
    switch (suite)
    {
    case ErpCryptosuite::NONE:
        return 0;
    case ErpCryptosuite::HMAC_SHA256_64:
        return 8;
    case ErpCryptosuite::HMAC_SHA256_128:
        return 16;
    case ErpCryptosuite::HMAC_SHA256_256:
        return 32;
    }
    return 0;
}

SecretBytes
DeriveEmskChild(CryptoContext& ctx,
                ByteView key,
                std::string_view label,
                ByteView optionalData,
                std::size_t octets)
{
    RealCrypto real(ctx);
    Bytes s;
    Writer writer(s);
    writer.Octets(ByteView::FromText(label));
    writer.U8(0);
    writer.Octets(optionalData);
    writer.U16(static_cast<uint16_t>(octets));

    const auto out = PrfPlus(real, key, s, octets);
    return SecretBytes(ByteView(out.data(), out.size()));
}

EmskName
DeriveEmskName(CryptoContext& ctx, ByteView sessionId)
{
    const SecretBytes octets =
        DeriveEmskChild(ctx, sessionId, LABEL_EMSK_NAME, ByteView(), EMSK_NAME_SIZE);
    EmskName name;
    std::copy(octets.View().begin(), octets.View().end(), name.begin());
    return name;
}

SecretBytes
DeriveDsrk(CryptoContext& ctx, ByteView emsk, std::string_view domain)
{
    return DeriveEmskChild(ctx, emsk, LABEL_DSRK, ByteView::FromText(domain), EAP_KEY_SIZE);
}

SecretBytes
DeriveRrk(CryptoContext& ctx, ByteView root)
{
    return DeriveEmskChild(ctx, root, LABEL_RRK, ByteView(), EAP_KEY_SIZE);
}

SecretBytes
DeriveRik(CryptoContext& ctx, ByteView rrk, ErpCryptosuite suite)
{
    Bytes data;
    Writer(data).U8(static_cast<uint8_t>(suite));
    return DeriveEmskChild(ctx, rrk, LABEL_RIK, data, EAP_KEY_SIZE);
}

SecretBytes
DeriveRmsk(CryptoContext& ctx, ByteView rrk, uint16_t sequence)
{
    Bytes data;
    Writer(data).U16(sequence);
    return DeriveEmskChild(ctx, rrk, LABEL_RMSK, data, EAP_KEY_SIZE);
}

std::string
KeyNameNai(const EmskName& name, std::string_view domain)
{
    return ToHex(name).append("@").append(domain);
}

ErpRootKey
MakeErpRootKey(CryptoContext& ctx, ByteView emsk, ByteView sessionId)
{
    return {DeriveEmskName(ctx, sessionId), DeriveRrk(ctx, emsk)};
}

ErpRootKey
MakeLocalErpRootKey(CryptoContext& ctx, ByteView emsk, ByteView sessionId, std::string_view domain)
{
    return MakeLocalErpRootKey(ctx, DeriveDsrk(ctx, emsk, domain), DeriveEmskName(ctx, sessionId));
}

ErpRootKey
MakeLocalErpRootKey(CryptoContext& ctx, ByteView dsrk, const EmskName& name)
{
    return {name, DeriveRrk(ctx, dsrk)};
}

// ---------------------------------------------------------------------------------------------
// Packets
// ---------------------------------------------------------------------------------------------

Bytes
EncodeErpStart(const ErpStart& start)
{
    Bytes data;
    Writer writer(data);
    writer.U8(static_cast<uint8_t>(ErpType::REAUTH_START));
    writer.U8(0);
    WriteAttributes(writer, start.attributes);
    return EncodeEap({EapCode::INITIATE, start.identifier, EapType::NONE, data});
}

Result<ErpStart>
DecodeErpStart(ByteView eap)
{
    const Result<EapPacket> packet = DecodeEap(eap);
    if (!packet)
    {
        return packet.Error();
    }
    Reader reader(packet->data);
    uint8_t type;
    uint8_t reserved;
    if (!reader.U8(type) || !reader.U8(reserved))
    {
        return reader.Error();
    }
    if (packet->code != EapCode::INITIATE || type != static_cast<uint8_t>(ErpType::REAUTH_START))
    {
        return CodecError::BAD_VALUE;
    }
    ErpStart start;
    start.identifier = packet->identifier;
    if (!ReadAttributes(reader, start.attributes))
    {
        return reader.Error();
    }
    return start;
}

Bytes
EncodeErpReauth(CryptoContext& ctx, const ErpReauth& message, ByteView rik)
{
    Bytes data;
    Writer writer(data);
    writer.U8(static_cast<uint8_t>(ErpType::REAUTH));
    writer.U8(message.flags);
    writer.U16(message.sequence);
    WriteAttributes(writer, message.attributes);
    const std::size_t tagSize = ErpTagSize(message.cryptosuite);
    if (tagSize == 0)
    {
        return EncodeEap({message.code, message.identifier, EapType::NONE, data});
    }
    writer.U8(static_cast<uint8_t>(message.cryptosuite));
    // The tag covers the Length, so make room for the tag first.
    data.insert(data.end(), tagSize, 0);
    Bytes eap = EncodeEap({message.code, message.identifier, EapType::NONE, data});
    const std::size_t covered = eap.size() - tagSize;
    const SecretBytes tag = Tag(ctx, message.cryptosuite, rik, ByteView(eap).Sub(0, covered));
    std::copy(tag.View().begin(),
              tag.View().end(),
              eap.begin() + static_cast<std::ptrdiff_t>(covered));
    return eap;
}

Result<ErpReceived>
DecodeErpReauth(ByteView eap, ErpCryptosuite cryptosuite)
{
    const Result<EapPacket> packet = DecodeEap(eap);
    if (!packet)
    {
        return packet.Error();
    }
    if (packet->code != EapCode::INITIATE && packet->code != EapCode::FINISH)
    {
        return CodecError::BAD_VALUE;
    }
    ErpReceived received;
    ErpReauth& message = received.message;
    message.code = packet->code;
    message.identifier = packet->identifier;
    message.cryptosuite = cryptosuite;

    Reader fixed(packet->data);
    uint8_t type;
    if (!fixed.U8(type) || !fixed.U8(message.flags) || !fixed.U16(message.sequence))
    {
        return fixed.Error();
    }
    if (type != static_cast<uint8_t>(ErpType::REAUTH))
    {
        return CodecError::BAD_VALUE;
    }
    ByteView rest = fixed.Rest();
    const std::size_t tagSize = ErpTagSize(cryptosuite);
    if (tagSize != 0)
    {
        if (rest.size() < 1 + tagSize)
        {
            return CodecError::TRUNCATED;
        }
        const std::size_t suiteAt = rest.size() - tagSize - 1;
        if (rest[suiteAt] != static_cast<uint8_t>(cryptosuite))
        {
            return CodecError::BAD_VALUE;
        }
        received.tag = rest.Sub(suiteAt + 1);
        rest = rest.Sub(0, suiteAt);
        const std::size_t length = EAP_HEADER_SIZE + packet->data.size();
        received.covered = eap.Sub(0, length - tagSize);
    }
    Reader reader(rest);
    if (!ReadAttributes(reader, message.attributes))
    {
        return reader.Error();
    }
    if (!message.attributes.keyNameNai)
    {
        return CodecError::MISSING_TLV;
    }
    return received;
}

std::optional<uint8_t>
ErpFlagsOf(ByteView eap)
{
    const auto packet = DecodeEap(eap);
    if (!packet || (packet->code != EapCode::INITIATE && packet->code != EapCode::FINISH))
    {
        return std::nullopt;
    }
    Reader reader(packet->data);
    uint8_t type;
    uint8_t flags;
    if (!reader.U8(type) || type != static_cast<uint8_t>(ErpType::REAUTH) || !reader.U8(flags))
    {
        return std::nullopt;
    }
    return flags;
}

std::optional<std::string>
ErpKeyNameOf(ByteView eap)
{
    for (const ErpCryptosuite suite : TAGGED_SUITES)
    {
        const auto received = DecodeErpReauth(eap, suite);
        if (received && received->message.code == EapCode::INITIATE)
        {
            return received->message.attributes.keyNameNai;
        }
    }
    return std::nullopt;
}

bool
VerifyErpTag(CryptoContext& ctx, const ErpReceived& received, ByteView rik)
{
    return !received.tag.empty() &&
           SecretBytes::Equal(Tag(ctx, received.message.cryptosuite, rik, received.covered),
                              received.tag);
}

// ---------------------------------------------------------------------------------------------
// Peer
// ---------------------------------------------------------------------------------------------

const char*
ToString(ErpOutcome outcome)
{
    switch (outcome)
    {
    case ErpOutcome::NONE:
        return "NONE";
    case ErpOutcome::SUCCESS:
        return "SUCCESS";
    case ErpOutcome::MALFORMED:
        return "MALFORMED";
    case ErpOutcome::UNKNOWN_KEY_NAME:
        return "UNKNOWN_KEY_NAME";
    case ErpOutcome::KEY_EXPIRED:
        return "KEY_EXPIRED";
    case ErpOutcome::NO_COMMON_CRYPTOSUITE:
        return "NO_COMMON_CRYPTOSUITE";
    case ErpOutcome::REPLAYED_SEQUENCE:
        return "REPLAYED_SEQUENCE";
    case ErpOutcome::BAD_TAG:
        return "BAD_TAG";
    case ErpOutcome::WRONG_SEQUENCE:
        return "WRONG_SEQUENCE";
    case ErpOutcome::SEQUENCE_EXHAUSTED:
        return "SEQUENCE_EXHAUSTED";
    case ErpOutcome::REFUSED:
        return "REFUSED";
    case ErpOutcome::TIMEOUT:
        return "TIMEOUT";
    }
    return "UNKNOWN";
}

std::ostream&
operator<<(std::ostream& os, ErpOutcome outcome)
{
    return os << ToString(outcome);
}

ErpPeer::ErpPeer(CryptoContext& ctx, ErpRootKey key, std::string domain, ErpCryptosuite cryptosuite)
    : m_ctx(&ctx),
      m_key(std::move(key)),
      m_rik(DeriveRik(ctx, m_key.rrk, cryptosuite)),
      m_domain(std::move(domain)),
      m_cryptosuite(cryptosuite)
{
    if (ErpTagSize(cryptosuite) == 0)
    {
        NS_FATAL_ERROR("a peer needs a cryptosuite with a tag");
    }
}

ErpOutcome
ErpPeer::End(ErpOutcome outcome)
{
    m_outcome = outcome;
    return outcome;
}

std::optional<Bytes>
ErpPeer::Initiate(uint8_t identifier, uint8_t flags)
{
    m_rmsk.Clear();
    m_attributes = ErpAttributes();
    if (m_next == SEQUENCE_END)
    {
        m_outcome = ErpOutcome::SEQUENCE_EXHAUSTED;
        return std::nullopt;
    }
    m_outcome = ErpOutcome::NONE;
    ErpReauth message;
    message.code = EapCode::INITIATE;
    message.identifier = identifier;
    message.flags = flags & (erpflag::BOOTSTRAPPING | erpflag::LIFETIMES);
    message.sequence = static_cast<uint16_t>(m_next++);
    message.attributes.keyNameNai = KeyName();
    message.cryptosuite = m_cryptosuite;
    return EncodeErpReauth(*m_ctx, message, m_rik);
}

ErpOutcome
ErpPeer::Receive(ByteView eap)
{
    if (m_outcome != ErpOutcome::NONE || m_next == 0)
    {
        return ErpOutcome::WRONG_SEQUENCE;
    }
    const auto answers = [this](const Result<ErpReceived>& received) {
        return received && received->message.code == EapCode::FINISH;
    };
    const auto isLast = [this](const ErpReauth& message) {
        return message.sequence == m_next - 1 && message.attributes.keyNameNai == KeyName();
    };
    if (const auto received = DecodeErpReauth(eap, m_cryptosuite); answers(received))
    {
        const ErpReauth& message = received->message;
        if (!isLast(message))
        {
            return ErpOutcome::WRONG_SEQUENCE;
        }
        if (!VerifyErpTag(*m_ctx, *received, m_rik))
        {
            return ErpOutcome::BAD_TAG;
        }
        if (message.flags & erpflag::FAILURE)
        {
            return End(ErpOutcome::REFUSED);
        }
        m_rmsk = DeriveRmsk(*m_ctx, m_key.rrk, message.sequence);
        m_attributes = message.attributes;
        return End(ErpOutcome::SUCCESS);
    }
    // A server that cannot make a tag says no without one; all that it can do is to refuse.
    const auto bare = DecodeErpReauth(eap, ErpCryptosuite::NONE);
    if (!answers(bare) || !(bare->message.flags & erpflag::FAILURE))
    {
        return ErpOutcome::MALFORMED;
    }
    if (!isLast(bare->message))
    {
        return ErpOutcome::WRONG_SEQUENCE;
    }
    return End(bare->message.attributes.cryptosuites.empty() ? ErpOutcome::UNKNOWN_KEY_NAME
                                                             : ErpOutcome::NO_COMMON_CRYPTOSUITE);
}

void
ErpPeer::Abort(ErpOutcome outcome)
{
    if (m_outcome == ErpOutcome::NONE)
    {
        m_outcome = outcome;
    }
}

// ---------------------------------------------------------------------------------------------
// Server
// ---------------------------------------------------------------------------------------------

ErpServer::ErpServer(ErpServerConfiguration configuration)
    : m_configuration(std::move(configuration))
{
}

void
ErpServer::Install(ErpRootKey key, std::string peerId, int64_t expiryNs)
{
    const std::string nai = KeyNameNai(key.name, m_configuration.domain);
    m_keys.insert_or_assign(nai, Entry{std::move(key), std::move(peerId), expiryNs, 0, {}});
}

void
ErpServer::Remove(const EmskName& name)
{
    m_keys.erase(KeyNameNai(name, m_configuration.domain));
}

ErpServer::Answer
ErpServer::Refuse(CryptoContext& ctx, const ErpReauth& initiate, ErpOutcome outcome) const
{
    ErpReauth finish;
    finish.code = EapCode::FINISH;
    finish.identifier = initiate.identifier;
    finish.flags = erpflag::FAILURE;
    finish.sequence = initiate.sequence;
    finish.attributes.keyNameNai = initiate.attributes.keyNameNai;
    if (outcome == ErpOutcome::NO_COMMON_CRYPTOSUITE)
    {
        finish.attributes.cryptosuites = m_configuration.cryptosuites;
    }
    finish.cryptosuite = ErpCryptosuite::NONE;
    Answer answer;
    answer.outcome = outcome;
    answer.finish = EncodeErpReauth(ctx, finish, ByteView());
    return answer;
}

ErpServer::Answer
ErpServer::Receive(CryptoContext& ctx, ByteView eap, int64_t nowNs, std::string_view localDomain)
{
    // The reason of the reading that came nearest to being accepted.
    Answer answer;
    answer.outcome = ErpOutcome::MALFORMED;
    for (const ErpCryptosuite suite : TAGGED_SUITES)
    {
        const auto received = DecodeErpReauth(eap, suite);
        if (!received || received->message.code != EapCode::INITIATE)
        {
            continue;
        }
        const ErpReauth& message = received->message;
        const auto it = m_keys.find(*message.attributes.keyNameNai);
        if (it == m_keys.end())
        {
            answer = Refuse(ctx, message, ErpOutcome::UNKNOWN_KEY_NAME);
            continue;
        }
        Entry& entry = it->second;
        if (nowNs >= entry.expiryNs)
        {
            answer = Refuse(ctx, message, ErpOutcome::KEY_EXPIRED);
            m_keys.erase(it);
            return answer;
        }
        const auto& accepted = m_configuration.cryptosuites;
        if (std::find(accepted.begin(), accepted.end(), suite) == accepted.end())
        {
            answer = Refuse(ctx, message, ErpOutcome::NO_COMMON_CRYPTOSUITE);
            continue;
        }
        if (message.sequence < entry.next)
        {
            answer = Answer();
            answer.outcome = ErpOutcome::REPLAYED_SEQUENCE;
            continue;
        }
        SecretBytes& rik = entry.riks[suite];
        if (rik.empty())
        {
            rik = DeriveRik(ctx, entry.key.rrk, suite);
        }
        if (!VerifyErpTag(ctx, *received, rik))
        {
            answer = Answer();
            answer.outcome = ErpOutcome::BAD_TAG;
            continue;
        }
        entry.next = message.sequence + 1U;

        ErpReauth finish;
        finish.code = EapCode::FINISH;
        finish.identifier = message.identifier;
        finish.flags = message.flags & (erpflag::BOOTSTRAPPING | erpflag::LIFETIMES);
        finish.sequence = message.sequence;
        finish.attributes.keyNameNai = message.attributes.keyNameNai;
        if (finish.flags & erpflag::LIFETIMES)
        {
            const auto left = static_cast<uint64_t>(entry.expiryNs - nowNs) / 1'000'000'000;
            const auto rrkLifetime = static_cast<uint32_t>(std::min<uint64_t>(left, UINT32_MAX));
            finish.attributes.rrkLifetime = rrkLifetime;
            finish.attributes.rmskLifetime = std::min(rrkLifetime, m_configuration.rmskLifetime);
        }
        if (finish.flags & erpflag::BOOTSTRAPPING)
        {
            finish.attributes.domainName =
                localDomain.empty() ? m_configuration.domain : std::string(localDomain);
        }
        finish.cryptosuite = suite;

        answer = Answer();
        answer.outcome = ErpOutcome::SUCCESS;
        answer.finish = EncodeErpReauth(ctx, finish, rik);
        answer.rmsk = DeriveRmsk(ctx, entry.key.rrk, message.sequence);
        answer.peerId = entry.peerId;
        answer.sequence = message.sequence;
        return answer;
    }
    return answer;
}

} // namespace ns3::mis
