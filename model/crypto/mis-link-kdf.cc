// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Key derivation of access networks: IEEE 802.11, IEEE 802.16, 3GPP, and the media-specific
 * keys of IEEE 802.21a that feed them.
 */
#include "mis-link-kdf.h"

#include "mis-kdf.h"
#include "mis-mac.h"

#include "ns3/fatal-error.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-message-codec.h"
#include "ns3/mis-tlv.h"

#include <algorithm>
#include <boost/endian/conversion.hpp>
#include <cstring>

namespace ns3::mis
{

SecretBytes
Prf80211(CryptoContext& ctx,
         ByteView key,
         std::string_view label,
         ByteView data,
         std::size_t octets)
{
    SecretBytes out = SecretBytes::Zeros(octets);
    const uint8_t zero = 0;
    std::size_t done = 0;
    for (uint8_t i = 0; done < octets; ++i)
    {
        auto block =
            HmacSha1(ctx,
                     key,
                     {ByteView::FromText(label), ByteView(&zero, 1), data, ByteView(&i, 1)});
        const std::size_t step = std::min(block.size(), octets - done);
        std::memcpy(out.data() + done, block.data(), step);
        SecureWipe(block.data(), block.size());
        done += step;
    }
    return out;
}

SecretBytes
Dot16Kdf(CryptoContext& ctx, ByteView key, ByteView string, std::size_t octets)
{
    if (key.size() < AES_CMAC_SIZE)
    {
        NS_FATAL_ERROR("Dot16KDF with a key of " << key.size() << " octets");
    }
    const ByteView last = key.Sub(key.size() - AES_CMAC_SIZE);
    uint8_t bits[4];
    boost::endian::store_big_u32(bits, static_cast<uint32_t>(octets * 8));
    const std::size_t blocks = (octets + AES_CMAC_SIZE - 1) / AES_CMAC_SIZE;
    SecretBytes all = SecretBytes::Zeros(blocks * AES_CMAC_SIZE);
    for (std::size_t i = 0; i < blocks; ++i)
    {
        uint8_t counter[4];
        boost::endian::store_big_u32(counter, static_cast<uint32_t>(i));
        auto block =
            AesCmac(ctx,
                    last,
                    {ByteView(counter, sizeof counter), string, ByteView(bits, sizeof bits)});
        std::memcpy(all.data() + i * AES_CMAC_SIZE, block.data(), block.size());
        SecureWipe(block.data(), block.size());
    }
    return SecretBytes(all.View().Sub(all.size() - octets));
}

SecretBytes
Kdf3gpp(CryptoContext& ctx, ByteView key, uint8_t fc, std::initializer_list<ByteView> parameters)
{
    SecretOctets input;
    Writer writer(input);
    writer.U8(fc);
    for (const ByteView& parameter : parameters)
    {
        writer.Octets(parameter);
        writer.U16(static_cast<uint16_t>(parameter.size()));
    }
    auto value = HmacSha256(ctx, key, {ByteView(input)});
    SecretBytes out{ByteView(value)};
    SecureWipe(value.data(), value.size());
    return out;
}

SecretBytes
DeriveMsrk(CryptoContext& ctx, ByteView root, const MisfId& mnId, const MisfId& posId)
{
    KdfContext context;
    context.LengthPrefixed(mnId.View()).LengthPrefixed(posId.View());
    return Kdf(ctx, DefaultPrf(), root, assigned::LABEL_MSRK, context, MSRK_SIZE);
}

SecretBytes
DeriveMspmk(CryptoContext& ctx, ByteView msrk, const LinkTupleId& link)
{
    Bytes octets;
    Writer writer(octets);
    codec::WriteValue(writer, link);
    KdfContext context;
    context.LengthPrefixed(octets);
    return Kdf(ctx, DefaultPrf(), msrk, assigned::LABEL_MSPMK, context, MSPMK_SIZE);
}

} // namespace ns3::mis
