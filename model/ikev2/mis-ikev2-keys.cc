// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Keys of IKEv2 and the Encrypted payload.
 */
#include "mis-ikev2-keys.h"

#include "ns3/mis-aead.h"
#include "ns3/mis-kdf.h"
#include "ns3/mis-real-crypto.h"
#include "ns3/mis-tlv.h"

namespace ns3::mis::ikev2
{

namespace
{

/** Pads a pre-shared key (RFC 7296, section 2.15); without a terminating zero. */
constexpr std::string_view KEY_PAD = "Key Pad for IKEv2";
/** Octets of the padding of an Encrypted payload, with the octet of its length. */
constexpr std::size_t PADDING_SIZE = 1;

SecretBytes
ToSecret(PrfValue value)
{
    const SecretBytes secret{ByteView(value)};
    SecureWipe(value.data(), value.size());
    return secret;
}

SecretOctets
Join(ByteParts parts)
{
    SecretOctets joined;
    Writer writer(joined);
    for (const auto& part : parts)
    {
        writer.Octets(part);
    }
    return joined;
}

Bytes
SpiOctets(uint64_t spi)
{
    Bytes out;
    Writer(out).U64(spi);
    return out;
}

/** Cuts secrets off the front of octets. */
class Cutter
{
  public:
    explicit Cutter(const SecretOctets& octets)
        : m_rest(octets)
    {
    }

    SecretBytes Next(std::size_t size)
    {
        const SecretBytes secret(m_rest.Sub(0, size));
        m_rest = m_rest.Sub(size);
        return secret;
    }

  private:
    ByteView m_rest; //!< not cut off yet
};

/** The nonce of AES-GCM: salt of the key, then what the message carries. */
std::array<uint8_t, GCM_NONCE_SIZE>
GcmNonce(ByteView key, ByteView iv)
{
    std::array<uint8_t, GCM_NONCE_SIZE> nonce;
    const ByteView salt = key.Sub(AES_KEY_SIZE);
    std::copy(iv.begin(), iv.end(), std::copy(salt.begin(), salt.end(), nonce.begin()));
    return nonce;
}

} // namespace

SecretOctets
PrfPlus(CryptoContext& ctx, ByteView key, ByteParts seed, std::size_t size)
{
    RealCrypto real(ctx);
    return mis::PrfPlus(real, key, Join(seed), size);
}

SecretBytes
Skeyseed(CryptoContext& ctx, ByteView nonceI, ByteView nonceR, ByteView shared)
{
    RealCrypto real(ctx);
    return ToSecret(HmacSha256(real, Join({nonceI, nonceR}), {shared}));
}

SecretBytes
RekeySkeyseed(CryptoContext& ctx, ByteView oldD, ByteView shared, ByteView nonceI, ByteView nonceR)
{
    RealCrypto real(ctx);
    return ToSecret(HmacSha256(real, oldD, {shared, nonceI, nonceR}));
}

IkeKeys
DeriveIkeKeys(CryptoContext& ctx,
              ByteView skeyseed,
              ByteView nonceI,
              ByteView nonceR,
              uint64_t spiI,
              uint64_t spiR)
{
    const SecretOctets octets = PrfPlus(ctx,
                                        skeyseed,
                                        {nonceI, nonceR, SpiOctets(spiI), SpiOctets(spiR)},
                                        3 * PRF_SIZE + 2 * CIPHER_KEY_SIZE);
    Cutter cutter(octets);
    IkeKeys keys;
    keys.d = cutter.Next(PRF_SIZE);
    keys.ei = cutter.Next(CIPHER_KEY_SIZE);
    keys.er = cutter.Next(CIPHER_KEY_SIZE);
    keys.pi = cutter.Next(PRF_SIZE);
    keys.pr = cutter.Next(PRF_SIZE);
    return keys;
}

ChildKeys
DeriveChildKeys(CryptoContext& ctx, ByteView d, ByteView shared, ByteView nonceI, ByteView nonceR)
{
    const SecretOctets octets = PrfPlus(ctx, d, {shared, nonceI, nonceR}, 2 * CIPHER_KEY_SIZE);
    Cutter cutter(octets);
    ChildKeys keys;
    keys.fromInitiator = cutter.Next(CIPHER_KEY_SIZE);
    keys.fromResponder = cutter.Next(CIPHER_KEY_SIZE);
    return keys;
}

SignedOctets
MakeSignedOctets(CryptoContext& ctx,
                 ByteView message,
                 ByteView nonce,
                 ByteView p,
                 const IdPayload& id)
{
    RealCrypto real(ctx);
    return {message, nonce, HmacSha256(real, p, {EncodeBody(id)})};
}

PrfValue
SharedKeyCode(CryptoContext& ctx, ByteView secret, const SignedOctets& octets)
{
    RealCrypto real(ctx);
    const SecretBytes padded = ToSecret(HmacSha256(real, secret, {ByteView::FromText(KEY_PAD)}));
    return HmacSha256(real, padded, {octets.message, octets.nonce, octets.macedId});
}

Bytes
Seal(CryptoContext& ctx, const Header& header, const Payloads& payloads, ByteView key, uint64_t iv)
{
    Bytes plain = EncodePayloads(payloads);
    Writer(plain).U8(0); // no padding
    const std::size_t skSize = PAYLOAD_HEADER_SIZE + IV_SIZE + plain.size() + GCM_TAG_SIZE;
    Header outer = header;
    outer.nextPayload = PayloadType::SK;
    Bytes out = EncodeHeader(outer, HEADER_SIZE + skSize);
    Writer writer(out);
    writer.U8(static_cast<uint8_t>(payloads.empty() ? PayloadType::NONE : payloads[0].type));
    writer.U8(0);
    writer.U16(static_cast<uint16_t>(skSize));
    const std::size_t aadSize = out.size();
    writer.U64(iv);
    const std::size_t textAt = out.size();
    out.resize(HEADER_SIZE + skSize);
    const ByteView written(out);
    GcmSeal(ctx,
            key.Sub(0, AES_KEY_SIZE),
            GcmNonce(key, written.Sub(aadSize, IV_SIZE)),
            {written.Sub(0, aadSize)},
            plain,
            out.data() + textAt);
    SecureWipe(plain.data(), plain.size());
    return out;
}

Result<Payloads, OpenError>
Open(CryptoContext& ctx, ByteView datagram, const Message& message, ByteView key)
{
    if (!message.encrypted)
    {
        return OpenError::NOT_ENCRYPTED;
    }
    const ByteView body = datagram.Sub(message.encrypted->offset);
    if (body.size() < IV_SIZE + PADDING_SIZE + GCM_TAG_SIZE)
    {
        return OpenError::TRUNCATED;
    }
    const ByteView sealed = body.Sub(IV_SIZE);
    SecretOctets plain(sealed.size() - GCM_TAG_SIZE);
    if (!GcmOpen(ctx,
                 key.Sub(0, AES_KEY_SIZE),
                 GcmNonce(key, body.Sub(0, IV_SIZE)),
                 {datagram.Sub(0, message.encrypted->offset)},
                 sealed,
                 plain.data()))
    {
        return OpenError::NOT_AUTHENTIC;
    }
    const std::size_t padding = plain.back();
    if (plain.size() < PADDING_SIZE + padding)
    {
        return OpenError::BAD_SYNTAX;
    }
    auto payloads = DecodePayloads(message.encrypted->firstInner,
                                   ByteView(plain.data(), plain.size() - PADDING_SIZE - padding));
    if (!payloads)
    {
        return OpenError::BAD_SYNTAX;
    }
    return std::move(*payloads);
}

std::string
KeyLogLine(uint64_t spiI, uint64_t spiR, const IkeKeys& keys)
{
    return ToHex(SpiOctets(spiI)) + ',' + ToHex(SpiOctets(spiR)) + ',' + ToHex(keys.ei) + ',' +
           ToHex(keys.er) + R"(,"AES-GCM-128 with 16 octet ICV [RFC5282]",,,"NONE [RFC4306]")";
}

std::string
EspKeyLogLine(uint32_t spi, ByteView key)
{
    Bytes octets;
    Writer(octets).U32(spi);
    return R"("IPv4","*","*","0x)" + ToHex(octets) +
           R"(","AES-GCM with 16 octet ICV [RFC4106]","0x)" + ToHex(key) + R"(","NULL","")";
}

} // namespace ns3::mis::ikev2
