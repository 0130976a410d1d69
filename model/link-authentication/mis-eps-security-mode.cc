// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Protection of NAS messages.
 */
#include "mis-eps-security-mode.h"

#include <utility>

namespace ns3::mis
{

std::array<uint8_t, 4>
NasMac(CryptoContext& ctx, const EpsKeys& keys, NasDirection direction, const NasProtected& message)
{
    Bytes input;
    Writer writer(input);
    writer.U8(message.sequence);
    writer.Octets(message.payload);
    return Eia2(ctx, keys.kNasInt, message.sequence, NAS_BEARER, direction, input);
}

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

} // namespace ns3::mis
