// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief What a node needs to compute: a backend, a source of randomness and a count of the work.
 *
 * The functions of this layer take the context of the node that computes. They count the
 * operation in it and draw every random octet from its source, so the same streams give the same
 * keys and signatures, whatever other nodes of the process do in between.
 */
#ifndef MIS_CRYPTO_CONTEXT_H
#define MIS_CRYPTO_CONTEXT_H

#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace ns3::mis
{

/** @brief The input of a function that reads several pieces as if they were concatenated. */
using ByteParts = std::initializer_list<ByteView>;

/**
 * @brief Count the octets of all parts.
 * @param parts the pieces
 * @return the sum of their sizes
 */
inline std::size_t
TotalSize(ByteParts parts)
{
    std::size_t total = 0;
    for (const ByteView& part : parts)
    {
        total += part.size();
    }
    return total;
}

/** @brief Where random octets come from; implemented over a simulation stream or in tests. */
class RandomSource
{
  public:
    virtual ~RandomSource() = default;

    /**
     * @brief Draw octets.
     * @param out where they go
     * @param n how many
     */
    virtual void Fill(uint8_t* out, std::size_t n) = 0;
};

/** @brief The operations that are counted, and to which a device profile gives a time. */
enum class CryptoOperation : uint8_t
{
    HASH,
    HMAC_SHA256,
    HMAC_SHA1,
    HMAC_MD5,
    AES_CMAC,
    AES_CCM,
    AES_CBC,
    AES_GCM,
    KEY_WRAP,
    KEY_UNWRAP,
    ECDSA_SIGN,
    ECDSA_VERIFY,
    ECDSA_KEYGEN,
    P256_DERIVE,
    X25519_KEYGEN,
    X25519_DERIVE,
    RANDOM,
    COUNT_
};

/**
 * @brief Name an operation.
 * @param operation the operation
 * @return its name, as in the enumeration
 */
const char* ToString(CryptoOperation operation);

/** @brief How often each operation ran, and on how many octets. */
struct OperationCounter
{
    /** Number of kinds of operation. */
    static constexpr std::size_t KINDS = static_cast<std::size_t>(CryptoOperation::COUNT_);

    std::array<uint64_t, KINDS> calls{};  //!< operations, by CryptoOperation
    std::array<uint64_t, KINDS> octets{}; //!< octets read by them, by CryptoOperation

    /**
     * @brief Count one operation.
     * @param operation which
     * @param size its input in octets: message and additional data, but not the key
     */
    void Add(CryptoOperation operation, std::size_t size)
    {
        const auto i = static_cast<std::size_t>(operation);
        ++calls[i];
        octets[i] += size;
    }

    /**
     * @brief Read the number of operations of a kind.
     * @param operation which
     * @return how many since the last Clear()
     */
    uint64_t Calls(CryptoOperation operation) const
    {
        return calls[static_cast<std::size_t>(operation)];
    }

    /**
     * @brief Read the octets worked on by operations of a kind.
     * @param operation which
     * @return how many since the last Clear()
     */
    uint64_t Octets(CryptoOperation operation) const
    {
        return octets[static_cast<std::size_t>(operation)];
    }

    /** @brief Forget all counts. */
    void Clear()
    {
        *this = OperationCounter();
    }

    /**
     * @brief What was counted between two readings.
     * @param later the later reading
     * @param earlier the earlier reading of the same counter
     * @return the difference, kind by kind
     */
    friend OperationCounter operator-(const OperationCounter& later,
                                      const OperationCounter& earlier)
    {
        OperationCounter difference;
        for (std::size_t i = 0; i < KINDS; ++i)
        {
            difference.calls[i] = later.calls[i] - earlier.calls[i];
            difference.octets[i] = later.octets[i] - earlier.octets[i];
        }
        return difference;
    }

    /**
     * @brief Compare two readings.
     * @param a first
     * @param b second
     * @return whether all counts are equal
     */
    friend bool operator==(const OperationCounter& a, const OperationCounter& b)
    {
        return a.calls == b.calls && a.octets == b.octets;
    }

    /**
     * @brief Compare two readings.
     * @param a first
     * @param b second
     * @return whether some count differs
     */
    friend bool operator!=(const OperationCounter& a, const OperationCounter& b)
    {
        return !(a == b);
    }
};

/** @brief Who does the computing. */
enum class CryptoBackend
{
    OPENSSL, //!< real algorithms
    /**
     * The same sizes, counts and draws of randomness, but a cheap mixing function in place of the
     * algorithms. It protects nothing; still, a wrong key or a changed octet is noticed.
     */
    COUNTING
};

/**
 * @brief The computing of one node.
 *
 * The simulation is single-threaded and so is this layer: one set of OpenSSL contexts serves all
 * nodes of the process.
 */
class CryptoContext
{
  public:
    /**
     * @brief A context with all counts at zero.
     * @param backend who computes
     * @param source where random octets come from; must outlive the context
     */
    CryptoContext(CryptoBackend backend, RandomSource& source)
        : m_source(&source),
          m_backend(backend)
    {
    }

    CryptoContext(const CryptoContext&) = delete;
    CryptoContext& operator=(const CryptoContext&) = delete;

    /** @return who computes */
    CryptoBackend Backend() const
    {
        return m_backend;
    }

    /** @return whether the real algorithms are used */
    bool IsReal() const
    {
        return m_backend == CryptoBackend::OPENSSL;
    }

    /** @return the counts so far */
    const OperationCounter& Counter() const
    {
        return m_counter;
    }

    /** @return the counts so far, which the caller may clear or add to */
    OperationCounter& Counter()
    {
        return m_counter;
    }

    /**
     * @brief Count one operation.
     * @param operation which
     * @param size its input in octets
     */
    void Count(CryptoOperation operation, std::size_t size)
    {
        m_counter.Add(operation, size);
    }

    /** @return where random octets come from */
    RandomSource& Source()
    {
        return *m_source;
    }

    /**
     * @brief Draw random octets, counted as one RANDOM operation.
     * @param out where they go
     * @param n how many
     */
    void Random(uint8_t* out, std::size_t n)
    {
        Count(CryptoOperation::RANDOM, n);
        m_source->Fill(out, n);
    }

    /**
     * @brief Draw a random secret.
     * @param n its size, 0 to SecretBytes::CAPACITY octets
     * @return the secret
     */
    SecretBytes RandomSecret(std::size_t n);

  private:
    OperationCounter m_counter; //!< what was done
    RandomSource* m_source;     //!< where random octets come from
    CryptoBackend m_backend;    //!< who computes
};

} // namespace ns3::mis

#endif /* MIS_CRYPTO_CONTEXT_H */
