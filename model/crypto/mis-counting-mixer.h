// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Private to the implementation: the mixing function of the counting backend.
 */
#ifndef MIS_COUNTING_MIXER_H
#define MIS_COUNTING_MIXER_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-types.h"

#include <algorithm>
#include <boost/endian/conversion.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ns3::mis
{

/**
 * @brief Mixes octets into a state of 128 bits, and octets out of it.
 *
 * Protects nothing. What it promises is what the counting backend needs: the result depends on
 * every octet and on their order, not on how they were cut into pieces, and is the same on every
 * machine.
 */
class CountingMixer
{
  public:
    /**
     * @brief Begin.
     * @param purpose keeps results of different functions apart
     */
    explicit CountingMixer(uint64_t purpose)
        : m_a(purpose * 0x9e3779b97f4a7c15 + 1),
          m_b(~purpose * 0xc2b2ae3d27d4eb4f)
    {
    }

    /**
     * @brief Mix octets in.
     * @param octets the octets
     * @return this
     */
    CountingMixer& Add(ByteView octets)
    {
        const uint8_t* p = octets.data();
        std::size_t n = octets.size();
        m_total += n;
        while (n != 0 && m_pending != 0)
        {
            AddPending(*p++);
            --n;
        }
        for (; n >= 8; n -= 8, p += 8)
        {
            AddWord(boost::endian::load_little_u64(p));
        }
        for (; n != 0; --n)
        {
            AddPending(*p++);
        }
        return *this;
    }

    /**
     * @brief Mix all parts in, as if concatenated.
     * @param parts the pieces
     * @return this
     */
    CountingMixer& Add(ByteParts parts)
    {
        for (const ByteView& part : parts)
        {
            Add(part);
        }
        return *this;
    }

    /**
     * @brief Mark the end of one input, so that it cannot be mistaken for the begin of the next.
     * @return this
     */
    CountingMixer& End()
    {
        AddWord(m_partial);
        AddWord(m_total);
        m_partial = 0;
        m_pending = 0;
        m_total = 0;
        return *this;
    }

    /**
     * @brief End the input and make octets.
     * @param out where they go
     * @param n how many
     */
    void Finish(uint8_t* out, std::size_t n)
    {
        End();
        while (n != 0)
        {
            uint8_t word[8];
            boost::endian::store_little_u64(word, Next());
            const std::size_t step = std::min<std::size_t>(n, sizeof word);
            std::memcpy(out, word, step);
            out += step;
            n -= step;
        }
    }

    /**
     * @brief End the input and combine text with the octets it gives, which both hides and reveals.
     * @param in the text
     * @param out room for as many octets; may be the same memory
     */
    void Cover(ByteView in, uint8_t* out)
    {
        End();
        const uint8_t* p = in.data();
        std::size_t n = in.size();
        for (; n >= 8; n -= 8, p += 8, out += 8)
        {
            boost::endian::store_little_u64(out, boost::endian::load_little_u64(p) ^ Next());
        }
        for (uint64_t word = Next(); n != 0; --n, word >>= 8)
        {
            *out++ = static_cast<uint8_t>(*p++ ^ word);
        }
    }

  private:
    /**
     * @brief Mix eight octets in.
     * @param word the octets
     */
    void AddWord(uint64_t word)
    {
        m_a = (m_a ^ word) * 0x9fb21c651e98df25;
        m_a ^= m_a >> 32;
        m_b = (m_b + m_a) * 0xd6e8feb86659fd93;
        m_b ^= m_b >> 29;
    }

    /**
     * @brief Gather octets until there are eight.
     * @param octet the next one
     */
    void AddPending(uint8_t octet)
    {
        m_partial |= uint64_t{octet} << (8 * m_pending);
        if (++m_pending == 8)
        {
            AddWord(m_partial);
            m_partial = 0;
            m_pending = 0;
        }
    }

    /** @return eight octets of output */
    uint64_t Next()
    {
        m_a += 0x9e3779b97f4a7c15;
        uint64_t z = m_a ^ m_b;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    uint64_t m_a;          //!< first half of the state
    uint64_t m_b;          //!< second half of the state
    uint64_t m_partial{0}; //!< octets not yet mixed in
    unsigned m_pending{0}; //!< how many they are, 0 to 7
    uint64_t m_total{0};   //!< octets of this input
};

} // namespace ns3::mis

#endif /* MIS_COUNTING_MIXER_H */
