// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief ESP in tunnel mode with AES-GCM.
 */
#include "mis-esp.h"

#include "ns3/mis-aead.h"
#include "ns3/mis-tlv.h"

namespace ns3::mis
{

namespace
{

constexpr std::size_t ESP_HEADER_SIZE = 8; // SPI and sequence number, also the additional data
constexpr std::size_t ESP_IV_SIZE = 8;
constexpr std::size_t ESP_TRAILER_SIZE = 2; // length of the padding and next header
constexpr std::size_t ESP_ALIGNMENT = 4;
constexpr uint8_t NEXT_HEADER_IPV4 = 4;
constexpr uint8_t NEXT_HEADER_IPV6 = 41;
constexpr uint8_t NEXT_HEADER_NONE = 59; // of dummy packets

/** The next header of an IP packet, 0 if it is none. */
uint8_t
NextHeaderOf(ByteView packet)
{
    switch (packet.empty() ? 0 : packet[0] >> 4)
    {
    case 4:
        return NEXT_HEADER_IPV4;
    case 6:
        return NEXT_HEADER_IPV6;
    default:
        return 0;
    }
}

Bytes
NonceOf(ByteView key, ByteView iv)
{
    Bytes nonce;
    Writer writer(nonce);
    writer.Octets(key.Sub(AES_KEY_SIZE));
    writer.Octets(iv);
    return nonce;
}

} // namespace

const char*
ToString(EspError error)
{
    switch (error)
    {
    case EspError::NONE:
        return "none";
    case EspError::SEQUENCE_EXHAUSTED:
        return "sequence-exhausted";
    case EspError::NOT_IP:
        return "not-ip";
    case EspError::TRUNCATED:
        return "truncated";
    case EspError::UNKNOWN_SPI:
        return "unknown-spi";
    case EspError::NOT_AUTHENTIC:
        return "not-authentic";
    case EspError::REPLAYED:
        return "replayed";
    case EspError::TOO_OLD:
        return "too-old";
    case EspError::BAD_PADDING:
        return "bad-padding";
    case EspError::BAD_NEXT_HEADER:
        return "bad-next-header";
    case EspError::DUMMY:
        return "dummy";
    }
    return "unknown";
}

std::ostream&
operator<<(std::ostream& os, EspError error)
{
    return os << ToString(error);
}

EspSender::EspSender(uint32_t spi, ByteView key)
    : m_key(key),
      m_spi(spi)
{
}

Result<Bytes, EspError>
EspSender::Encapsulate(CryptoContext& ctx, ByteView inner)
{
    const uint8_t nextHeader = NextHeaderOf(inner);
    if (nextHeader == 0)
    {
        return EspError::NOT_IP;
    }
    if (m_sequence == UINT32_MAX)
    {
        return EspError::SEQUENCE_EXHAUSTED;
    }
    ++m_sequence;
    Bytes out;
    out.reserve(EspSize(inner.size()));
    Writer writer(out);
    writer.U32(m_spi);
    writer.U32(m_sequence);
    writer.U64(
        m_sequence); // the IV has to be unique under the key, no more (RFC 4106, section 3.1)
    writer.Octets(inner);
    const std::size_t before = inner.size() + ESP_TRAILER_SIZE;
    const std::size_t padding = (ESP_ALIGNMENT - before % ESP_ALIGNMENT) % ESP_ALIGNMENT;
    for (std::size_t i = 1; i <= padding; ++i)
    {
        writer.U8(static_cast<uint8_t>(i));
    }
    writer.U8(static_cast<uint8_t>(padding));
    writer.U8(nextHeader);
    constexpr std::size_t textAt = ESP_HEADER_SIZE + ESP_IV_SIZE;
    const std::size_t textSize = out.size() - textAt;
    out.resize(out.size() + GCM_TAG_SIZE);
    const ByteView written(out);
    GcmSeal(ctx,
            m_key.View().Sub(0, AES_KEY_SIZE),
            NonceOf(m_key, written.Sub(ESP_HEADER_SIZE, ESP_IV_SIZE)),
            {written.Sub(0, ESP_HEADER_SIZE)},
            written.Sub(textAt, textSize),
            out.data() + textAt);
    return out;
}

EspReceiver::EspReceiver(uint32_t spi, ByteView key)
    : m_key(key),
      m_spi(spi)
{
}

EspError
EspReceiver::Accept(uint32_t sequence)
{
    if (sequence > m_highest)
    {
        const uint32_t advance = sequence - m_highest;
        m_seen = advance < WINDOW ? m_seen << advance | 1 : 1;
        m_highest = sequence;
        return EspError::NONE;
    }
    const uint32_t behind = m_highest - sequence;
    if (sequence == 0 || behind >= WINDOW)
    {
        return EspError::TOO_OLD;
    }
    const uint64_t bit = uint64_t{1} << behind;
    if ((m_seen & bit) != 0)
    {
        return EspError::REPLAYED;
    }
    m_seen |= bit;
    return EspError::NONE;
}

Result<Bytes, EspError>
EspReceiver::Decapsulate(CryptoContext& ctx, ByteView packet)
{
    Reader reader(packet);
    uint32_t spi;
    uint32_t sequence;
    ByteView iv;
    if (!reader.U32(spi) || !reader.U32(sequence) || !reader.Octets(ESP_IV_SIZE, iv) ||
        reader.Remaining() < ESP_TRAILER_SIZE + GCM_TAG_SIZE)
    {
        return EspError::TRUNCATED;
    }
    if (spi != m_spi)
    {
        return EspError::UNKNOWN_SPI;
    }
    Bytes inner(reader.Remaining() - GCM_TAG_SIZE);
    if (!GcmOpen(ctx,
                 m_key.View().Sub(0, AES_KEY_SIZE),
                 NonceOf(m_key, iv),
                 {packet.Sub(0, ESP_HEADER_SIZE)},
                 reader.Rest(),
                 inner.data()))
    {
        return EspError::NOT_AUTHENTIC;
    }
    const EspError verdict = Accept(sequence);
    if (verdict != EspError::NONE)
    {
        return verdict;
    }
    const uint8_t nextHeader = inner.back();
    const std::size_t padding = inner[inner.size() - ESP_TRAILER_SIZE];
    if (padding + ESP_TRAILER_SIZE > inner.size())
    {
        return EspError::BAD_PADDING;
    }
    inner.resize(inner.size() - ESP_TRAILER_SIZE);
    for (std::size_t i = padding; i > 0; --i)
    {
        if (inner.back() != i)
        {
            return EspError::BAD_PADDING;
        }
        inner.pop_back();
    }
    if (nextHeader == NEXT_HEADER_NONE)
    {
        return EspError::DUMMY;
    }
    if (nextHeader != NextHeaderOf(inner))
    {
        return EspError::BAD_NEXT_HEADER;
    }
    return inner;
}

std::optional<uint32_t>
EspSpi(ByteView packet)
{
    uint32_t spi;
    Reader reader(packet);
    return reader.U32(spi) ? std::optional(spi) : std::nullopt;
}

} // namespace ns3::mis
