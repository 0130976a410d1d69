// SPDX-License-Identifier: GPL-2.0-only

#include "mis-link-frame.h"

#include "ns3/mis-mac.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-tlv.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

constexpr size_t FLIGHT_HEADER = 1 + 2; // kind, round

std::array<uint8_t, HMAC_SHA256_SIZE>
Mac(CryptoContext& crypto, ByteView miak, LinkFrame::Direction direction, ByteView octets)
{
    const std::array<uint8_t, 1> from{static_cast<uint8_t>(direction)};
    return HmacSha256(crypto, miak, {from, octets});
}

} // namespace

Bytes
LinkFrame::Encode(size_t octets) const
{
    Bytes out;
    out.reserve(std::max(octets, SMALLEST));
    Writer writer(out);
    writer.U8(static_cast<uint8_t>(kind));
    writer.U16(round);
    if (kind == Kind::AUTHENTICATION)
    {
        writer.Octets(nonce);
    }
    out.resize(std::max(octets, SMALLEST));
    return out;
}

Bytes
LinkFrame::EncodeFlight() const
{
    Bytes out;
    out.reserve(FLIGHT_HEADER + content.size());
    Writer writer(out);
    writer.U8(static_cast<uint8_t>(Kind::FLIGHT));
    writer.U16(round);
    writer.Octets(content);
    return out;
}

Bytes
LinkFrame::EncodeKeyed(CryptoContext& crypto,
                       ByteView miak,
                       Direction direction,
                       size_t octets) const
{
    Bytes out = Encode(octets);
    const size_t covered = out.size() - MIC_OCTETS;
    const auto mac = Mac(crypto, miak, direction, ByteView(out).Sub(0, covered));
    std::copy_n(mac.begin(), MIC_OCTETS, out.begin() + covered);
    return out;
}

std::optional<LinkFrame>
LinkFrame::Decode(ByteView octets)
{
    const bool isFlight =
        octets.size() >= FLIGHT_HEADER && octets[0] == static_cast<uint8_t>(Kind::FLIGHT);
    if (octets.size() < SMALLEST && !isFlight)
    {
        return std::nullopt;
    }
    LinkFrame frame;
    frame.kind = static_cast<Kind>(octets[0]);
    frame.round = static_cast<uint16_t>(octets[1] << 8 | octets[2]);
    switch (frame.kind)
    {
    case Kind::AUTHENTICATION:
        std::copy_n(octets.begin() + 3, frame.nonce.size(), frame.nonce.begin());
        return frame;
    case Kind::FLIGHT:
        frame.content.assign(octets.begin() + FLIGHT_HEADER, octets.end());
        return frame;
    case Kind::KEYED:
    case Kind::LAST:
        return frame;
    }
    return std::nullopt;
}

bool
LinkFrame::Verify(CryptoContext& crypto, ByteView miak, Direction direction, ByteView octets)
{
    if (octets.size() < SMALLEST)
    {
        return false;
    }
    const size_t covered = octets.size() - MIC_OCTETS;
    const auto mac = Mac(crypto, miak, direction, octets.Sub(0, covered));
    return SecretBytes::Equal(ByteView(mac).Sub(0, MIC_OCTETS), octets.Sub(covered, MIC_OCTETS));
}

} // namespace ns3::mis
