// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief ESP in tunnel mode (RFC 4303) with AES-GCM (RFC 4106).
 *
 * What an ESP packet carries after the outer IP header (protocol 50): SPI 4, sequence number 4,
 * IV 8, then encrypted the inner packet, padding to a multiple of 4, its length 1 and the next
 * header 1, then an ICV of 16 octets. Computes for real whatever the backend.
 */
#ifndef MIS_ESP_H
#define MIS_ESP_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <cstddef>
#include <cstdint>
#include <ostream>

namespace ns3::mis
{

/** @brief Why a packet was not sent or not accepted. */
enum class EspError : uint8_t
{
    NONE,
    SEQUENCE_EXHAUSTED, //!< no sequence number is left; the SA has to be rekeyed
    NOT_IP,             //!< the inner packet has no version 4 or 6
    TRUNCATED,          //!< shorter than the fixed parts
    UNKNOWN_SPI,        //!< of another SA
    NOT_AUTHENTIC,      //!< the ICV does not fit
    REPLAYED,           //!< the sequence number was accepted before
    TOO_OLD,            //!< the sequence number is before the window
    BAD_PADDING,        //!< authentic, but the padding is not 1, 2, 3
    BAD_NEXT_HEADER,    //!< authentic, but no packet of the version it says
    DUMMY               //!< authentic, to be discarded (RFC 4303, section 2.6)
};

/**
 * @brief Name an error.
 * @param error the error
 * @return its name, such as "replayed"
 */
const char* ToString(EspError error);

/**
 * @brief Print the name of an error.
 * @param os the stream
 * @param error the error
 * @return the stream
 */
std::ostream& operator<<(std::ostream& os, EspError error);

/**
 * @brief Size of an ESP packet without the outer header.
 * @param inner octets of the inner packet
 * @return octets
 */
constexpr std::size_t
EspSize(std::size_t inner)
{
    return 4 + 4 + 8 + (inner + 2 + 3) / 4 * 4 + 16;
}

/** @brief The sending direction of a Child SA. */
class EspSender
{
  public:
    /**
     * @brief A direction with no packet sent.
     * @param spi chosen by the receiver
     * @param key key 16 octets, then salt 4
     */
    EspSender(uint32_t spi, ByteView key);

    /**
     * @brief Protect an IP packet.
     * @param ctx the computing node; counts AES_GCM
     * @param inner the packet, of version 4 or 6
     * @return EspSize() octets, or SEQUENCE_EXHAUSTED or NOT_IP
     */
    Result<Bytes, EspError> Encapsulate(CryptoContext& ctx, ByteView inner);

    /** @return the SPI */
    uint32_t Spi() const
    {
        return m_spi;
    }

    /** @return the last sequence number that was used, 0 for none */
    uint32_t Sequence() const
    {
        return m_sequence;
    }

    /**
     * @brief Go on behind a sequence number.
     * @param sequence the number
     */
    void SkipTo(uint32_t sequence)
    {
        m_sequence = sequence;
    }

  private:
    SecretBytes m_key;      //!< key and salt
    uint32_t m_spi;         //!< SPI
    uint32_t m_sequence{0}; //!< last one used
};

/** @brief The receiving direction of a Child SA. */
class EspReceiver
{
  public:
    /** Sequence numbers behind the highest one that are told apart. */
    static constexpr uint32_t WINDOW = 64;

    /**
     * @brief A direction with no packet received.
     * @param spi chosen by this end
     * @param key key 16 octets, then salt 4
     */
    EspReceiver(uint32_t spi, ByteView key);

    /**
     * @brief Verify and take out an IP packet.
     * @param ctx the computing node; counts AES_GCM
     * @param packet what follows the outer header
     * @return the inner packet, or why there is none. The window of sequence numbers changes only
     * for authentic packets.
     */
    Result<Bytes, EspError> Decapsulate(CryptoContext& ctx, ByteView packet);

    /** @return the SPI */
    uint32_t Spi() const
    {
        return m_spi;
    }

  private:
    EspError Accept(uint32_t sequence);

    SecretBytes m_key;     //!< key and salt
    uint64_t m_seen{0};    //!< bit i: highest - i was accepted
    uint32_t m_spi;        //!< SPI
    uint32_t m_highest{0}; //!< highest sequence number accepted
};

/**
 * @brief Read the SPI of a packet, by which its SA is found.
 * @param packet what follows the outer header
 * @return the SPI, or nothing when the packet is too short
 */
std::optional<uint32_t> EspSpi(ByteView packet);

} // namespace ns3::mis

#endif /* MIS_ESP_H */
