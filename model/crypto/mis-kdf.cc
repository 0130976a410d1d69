// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Key derivation: NIST SP 800-108 in counter mode, and the derivations of the protocol.
 */
#include "mis-kdf.h"

#include "mis-mac.h"

#include "ns3/fatal-error.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-mac.h"

#include <algorithm>
#include <array>
#include <boost/endian/conversion.hpp>
#include <cstring>

namespace ns3::mis
{

namespace
{

/**
 * @brief View a nonce that may be absent.
 * @param nonce the nonce
 * @return its octets, none when it is absent
 */
ByteView
OrEmpty(const std::optional<Nonce>& nonce)
{
    return nonce ? ByteView(*nonce) : ByteView();
}

} // namespace

KdfContext&
KdfContext::Byte(uint8_t value)
{
    m_octets.push_back(value);
    return *this;
}

KdfContext&
KdfContext::LengthPrefixed(ByteView value)
{
    if (value.size() > 0xffff)
    {
        NS_FATAL_ERROR("a value of " << value.size() << " octets has no two-octet length");
    }
    m_octets.push_back(static_cast<uint8_t>(value.size() >> 8));
    m_octets.push_back(static_cast<uint8_t>(value.size()));
    return Raw(value);
}

KdfContext&
KdfContext::Raw(ByteView value)
{
    m_octets.insert(m_octets.end(), value.begin(), value.end());
    return *this;
}

SecretBytes
Kdf(CryptoContext& ctx,
    const Prf& prf,
    ByteView key,
    std::string_view label,
    ByteView context,
    std::size_t octets)
{
    SecretBytes out = SecretBytes::Zeros(octets);
    uint8_t bits[4];
    boost::endian::store_big_u32(bits, static_cast<uint32_t>(octets * 8));
    const uint8_t zero = 0;
    uint8_t block[Prf::MAX_BLOCK];
    std::size_t done = 0;
    for (uint32_t i = 1; done < octets; ++i)
    {
        uint8_t counter[4];
        boost::endian::store_big_u32(counter, i);
        prf.Compute(ctx,
                    key,
                    {ByteView(counter, sizeof counter),
                     ByteView::FromText(label),
                     ByteView(&zero, 1),
                     context,
                     ByteView(bits, sizeof bits)},
                    block);
        const std::size_t step = std::min(prf.BlockSize(), octets - done);
        std::memcpy(out.data() + done, block, step);
        done += step;
    }
    SecureWipe(block, sizeof block);
    return out;
}

SecretOctets
PrfPlus(CryptoContext& ctx, ByteView key, ByteView seed, std::size_t octets)
{
    SecretOctets out;
    std::array<uint8_t, HMAC_SHA256_SIZE> block{};
    for (uint8_t i = 1; out.size() < octets; ++i)
    {
        const ByteView previous = i == 1 ? ByteView() : ByteView(block);
        block = HmacSha256(ctx, key, {previous, seed, ByteView(&i, 1)});
        const std::size_t wanted = std::min(block.size(), octets - out.size());
        out.insert(out.end(), block.begin(), block.begin() + wanted);
    }
    SecureWipe(block.data(), block.size());
    return out;
}

SecretBytes
DeriveMiak(CryptoContext& ctx,
           ByteView key,
           const std::optional<Nonce>& nonceT,
           const std::optional<Nonce>& nonceN,
           const MisfId& mnId,
           const MisfId& posId)
{
    KdfContext context;
    context.LengthPrefixed(OrEmpty(nonceT))
        .LengthPrefixed(OrEmpty(nonceN))
        .LengthPrefixed(mnId.View())
        .LengthPrefixed(posId.View());
    return Kdf(ctx, DefaultPrf(), key, assigned::LABEL_MIAK, context, 32);
}

SecretBytes
DeriveKeyMask(CryptoContext& ctx,
              const Prf& prf,
              ByteView key,
              const MisfId& peerId,
              const Nonce* nonceT,
              const Nonce* nonceN,
              std::size_t octets)
{
    KdfContext context;
    context.LengthPrefixed(peerId.View());
    for (const Nonce* nonce : {nonceT, nonceN})
    {
        if (nonce != nullptr)
        {
            context.LengthPrefixed(*nonce);
        }
    }
    return Kdf(ctx, prf, key, assigned::LABEL_KEY_MASK, context, octets);
}

SecretBytes
DeriveMigsk(CryptoContext& ctx, ByteView mgk, const MisfId& group, uint16_t keyCounter)
{
    uint8_t counter[2];
    boost::endian::store_big_u16(counter, keyCounter);
    KdfContext context;
    context.LengthPrefixed(group.View()).LengthPrefixed(ByteView(counter, sizeof counter));
    return Kdf(ctx, DefaultPrf(), mgk, assigned::LABEL_MIGSK, context, 16);
}

std::array<uint8_t, 16>
DeriveGroupKeyCheck(CryptoContext& ctx, ByteView mgk, const MisfId& group)
{
    KdfContext context;
    context.LengthPrefixed(group.View());
    const SecretBytes value =
        Kdf(ctx, DefaultPrf(), mgk, assigned::LABEL_GROUP_KEY_CHECK, context, 16);
    std::array<uint8_t, 16> check;
    std::copy(value.View().begin(), value.View().end(), check.begin());
    return check;
}

Said
DeriveSaidValue(CryptoContext& ctx, ByteView key, const MisfId& mnId, const MisfId& posId)
{
    const SecretBytes check = Kdf(ctx, DefaultPrf(), key, assigned::LABEL_SAID, ByteView(), 16);
    KdfContext ids;
    ids.LengthPrefixed(mnId.View()).LengthPrefixed(posId.View());
    const auto digest = Sha256(ctx, {ids, check});
    return Said::Make(IdType::PREREGISTRATION, boost::endian::load_big_u32(digest.data()));
}

} // namespace ns3::mis
