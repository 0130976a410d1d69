// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Keys in messages of RADIUS (RFC 2548).
 */
#include "mis-radius-keys.h"

#include "ns3/fatal-error.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-real-crypto.h"
#include "ns3/mis-tlv.h"

#include <algorithm>
#include <utility>

namespace ns3::mis
{

namespace
{

/** SMI code of Microsoft, the vendor of the key attributes. */
constexpr uint32_t VENDOR_MICROSOFT = 311;
/** Octets of the blocks in which keys are encrypted. */
constexpr std::size_t MPPE_BLOCK = MD5_SIZE;

constexpr std::size_t DSRK_SIZE = 64; // RFC 5295, section 4

/**
 * @brief Encrypt or decrypt the String of a key (RFC 2548, section 2.4.2): each block is combined
 * with the MD5 of the secret and what was sent before it.
 * @param ctx the computing node
 * @param secret the secret
 * @param request Authenticator of the request
 * @param salt the salt
 * @param in whole blocks
 * @param encrypts whether @p in is text
 * @return as many octets
 */
SecretOctets
CoverMppe(CryptoContext& ctx,
          ByteView secret,
          const RadiusAuthenticator& request,
          ByteView salt,
          ByteView in,
          bool encrypts)
{
    SecretOctets out;
    out.reserve(in.size());
    Writer writer(out);
    for (std::size_t at = 0; at < in.size(); at += MPPE_BLOCK)
    {
        const ByteView sent = encrypts ? ByteView(out) : in;
        const SecretBytes stream(at == 0
                                     ? Md5(ctx, {secret, request, salt})
                                     : Md5(ctx, {secret, sent.Sub(at - MPPE_BLOCK, MPPE_BLOCK)}));
        for (std::size_t i = 0; i < MPPE_BLOCK; ++i)
        {
            writer.U8(in[at + i] ^ stream.View()[i]);
        }
    }
    return out;
}

/**
 * @brief Uncover a key.
 * @param ctx the computing node
 * @param covered Salt and String
 * @param secret the secret
 * @param request Authenticator of the request
 * @return the key, or BAD_KEY
 */
Result<SecretBytes, RadiusError>
UncoverKey(CryptoContext& ctx,
           ByteView covered,
           ByteView secret,
           const RadiusAuthenticator& request)
{
    Reader reader(covered);
    ByteView salt;
    if (!reader.Octets(2, salt) || reader.AtEnd() || reader.Remaining() % MPPE_BLOCK != 0)
    {
        return RadiusError::BAD_KEY;
    }
    RealCrypto real(ctx);
    const SecretOctets text = CoverMppe(real, secret, request, salt, reader.Rest(), false);
    Reader textReader(text);
    uint8_t size;
    ByteView key;
    if (!textReader.U8(size) || size == 0 || size > SecretBytes::CAPACITY ||
        !textReader.Octets(size, key))
    {
        return RadiusError::BAD_KEY;
    }
    return SecretBytes(key);
}

} // namespace

Bytes
CoverKey(CryptoContext& ctx,
         ByteView key,
         ByteView secret,
         const RadiusAuthenticator& request,
         uint16_t salt)
{
    SecretOctets text;
    Writer textWriter(text);
    textWriter.U8(static_cast<uint8_t>(key.size()));
    textWriter.Octets(key);
    while (text.size() % MPPE_BLOCK != 0)
    {
        textWriter.U8(0);
    }
    Bytes covered;
    Writer writer(covered);
    writer.U16(salt);
    const Bytes saltOctets = covered;
    RealCrypto real(ctx);
    const SecretOctets string = CoverMppe(real, secret, request, saltOctets, text, true);
    writer.Octets(string);
    return covered;
}

Result<std::optional<DomainRootKey>, RadiusError>
ReadDomainKey(CryptoContext& ctx,
              const RadiusMessage& message,
              ByteView secret,
              const RadiusAuthenticator& request)
{
    const Bytes* covered = message.Find(RadiusAttributeType::DSRK);
    if (covered == nullptr)
    {
        return std::optional<DomainRootKey>();
    }
    const Bytes* name = message.Find(RadiusAttributeType::EMSK_NAME);
    const Bytes* lifetime = message.Find(RadiusAttributeType::DSRK_LIFETIME);
    const auto dsrk = UncoverKey(ctx, *covered, secret, request);
    DomainRootKey key;
    if (!dsrk || dsrk->size() != DSRK_SIZE || name == nullptr || name->size() != key.name.size() ||
        lifetime == nullptr || !Reader(*lifetime).U32(key.lifetime))
    {
        return RadiusError::BAD_KEY;
    }
    key.dsrk = *dsrk;
    std::copy(name->begin(), name->end(), key.name.begin());
    return std::make_optional(std::move(key));
}

Bytes
EncryptMppeKey(CryptoContext& ctx,
               MppeKey type,
               ByteView key,
               ByteView secret,
               const RadiusAuthenticator& request,
               uint16_t salt)
{
    if (key.empty() || key.size() > SecretBytes::CAPACITY || !(salt & RADIUS_SALT_BIT))
    {
        NS_FATAL_ERROR("not a key and a salt for an MS-MPPE attribute");
    }
    const Bytes covered = CoverKey(ctx, key, secret, request, salt);
    Bytes value;
    Writer writer(value);
    writer.U32(VENDOR_MICROSOFT);
    writer.U8(static_cast<uint8_t>(type));
    writer.U8(static_cast<uint8_t>(2 + covered.size()));
    writer.Octets(covered);
    return value;
}

Result<SecretBytes, RadiusError>
DecryptMppeKey(CryptoContext& ctx,
               MppeKey type,
               const RadiusMessage& message,
               ByteView secret,
               const RadiusAuthenticator& request)
{
    for (const RadiusAttribute& attribute : message.attributes)
    {
        if (attribute.type != RadiusAttributeType::VENDOR_SPECIFIC)
        {
            continue;
        }
        Reader reader(attribute.value);
        uint32_t vendor;
        uint8_t vendorType;
        uint8_t vendorLength;
        if (!reader.U32(vendor) || vendor != VENDOR_MICROSOFT || !reader.U8(vendorType) ||
            vendorType != static_cast<uint8_t>(type))
        {
            continue;
        }
        if (!reader.U8(vendorLength) || vendorLength != 2 + reader.Remaining())
        {
            return RadiusError::BAD_KEY;
        }
        return UncoverKey(ctx, reader.Rest(), secret, request);
    }
    return SecretBytes();
}

} // namespace ns3::mis
