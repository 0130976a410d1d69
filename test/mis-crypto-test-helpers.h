// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief What the tests of the crypto and the security layer share.
 */
#ifndef MIS_CRYPTO_TEST_HELPERS_H
#define MIS_CRYPTO_TEST_HELPERS_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace ns3::mis::test
{

/** @brief A random source that repeats and that knows how much was drawn. */
class RepeatableSource : public RandomSource
{
  public:
    /**
     * @brief A source.
     * @param seed equal seeds give equal octets
     */
    explicit RepeatableSource(uint64_t seed)
        : m_state(seed)
    {
    }

    /** @return 64 random bits */
    uint64_t Next()
    {
        m_state += 0x9e3779b97f4a7c15;
        uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /**
     * @brief Draw a number.
     * @param limit at least 1
     * @return 0 to limit - 1
     */
    uint64_t Below(uint64_t limit)
    {
        return Next() % limit;
    }

    void Fill(uint8_t* out, std::size_t n) override
    {
        m_drawn += n;
        for (std::size_t i = 0; i < n; ++i)
        {
            out[i] = static_cast<uint8_t>(Next());
        }
    }

    /** @return octets drawn through Fill() */
    std::size_t Drawn() const
    {
        return m_drawn;
    }

  private:
    uint64_t m_state;       //!< what the next numbers are made of
    std::size_t m_drawn{0}; //!< octets drawn
};

/** @brief A computing node of its own. */
struct Computer
{
    /**
     * @brief A node.
     * @param backend who computes
     * @param seed of its random source
     */
    explicit Computer(CryptoBackend backend = CryptoBackend::OPENSSL, uint64_t seed = 1)
        : source(seed),
          ctx(backend, source)
    {
    }

    RepeatableSource source; //!< its random source
    CryptoContext ctx;       //!< its context
};

/**
 * @brief Read hexadecimal digits.
 * @param text the digits
 * @return the octets
 */
inline Bytes
Hex(const std::string& text)
{
    return *FromHex(text);
}

/**
 * @brief Make octets that are all the same.
 * @param octet the octet
 * @param count how many
 * @return the octets
 */
inline Bytes
Repeat(uint8_t octet, std::size_t count)
{
    return Bytes(count, octet);
}

/**
 * @brief Make the octets first, first + 1, ...
 * @param first the first octet
 * @param count how many
 * @return the octets
 */
inline Bytes
Ascending(uint8_t first, std::size_t count)
{
    Bytes octets;
    for (std::size_t i = 0; i < count; ++i)
    {
        octets.push_back(static_cast<uint8_t>(first + i));
    }
    return octets;
}

/** @return the key K of the project's vectors */
inline SecretBytes
VectorKey()
{
    return SecretBytes(Ascending(0, 16));
}

} // namespace ns3::mis::test

#endif /* MIS_CRYPTO_TEST_HELPERS_H */
