// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Pseudo-random functions by name, with some broken ones for the study of attacks.
 *
 * The masking of the legacy key delivery names "a PRF" and no more. These are the functions one
 * can put there: three good ones, and four that show what becomes of the delivered key when the
 * choice is a bad one.
 */
#ifndef MIS_PRF_H
#define MIS_PRF_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-types.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::mis
{

/** @brief A keyed function of arbitrary input with a fixed output size. */
class Prf
{
  public:
    /** The largest output of any function here, in octets. */
    static constexpr std::size_t MAX_BLOCK = 32;

    /** @brief Signature of the function that does the computing. */
    using Function = void (*)(CryptoContext& ctx, ByteView key, ByteParts parts, uint8_t* out);

    /**
     * @brief Describe a function.
     * @param name its name in the registry, a literal
     * @param blockSize its output in octets, 1 to MAX_BLOCK
     * @param insecure whether it is broken on purpose
     * @param function the computing
     */
    constexpr Prf(std::string_view name, std::size_t blockSize, bool insecure, Function function)
        : m_name(name),
          m_blockSize(blockSize),
          m_insecure(insecure),
          m_function(function)
    {
    }

    /** @return the name in the registry */
    std::string_view Name() const
    {
        return m_name;
    }

    /** @return octets of one output */
    std::size_t BlockSize() const
    {
        return m_blockSize;
    }

    /** @return whether the function is broken on purpose */
    bool IsInsecure() const
    {
        return m_insecure;
    }

    /**
     * @brief Compute one output.
     * @param ctx the computing node; counts the operation the function is made of
     * @param key any number of octets
     * @param parts the input in pieces
     * @param out room for BlockSize() octets
     */
    void Compute(CryptoContext& ctx, ByteView key, ByteParts parts, uint8_t* out) const
    {
        m_function(ctx, key, parts, out);
    }

  private:
    std::string_view m_name; //!< name in the registry
    std::size_t m_blockSize; //!< octets of one output
    bool m_insecure;         //!< broken on purpose
    Function m_function;     //!< the computing
};

/**
 * @brief Find a function by name.
 *
 * - "HMAC-SHA-256", "HMAC-SHA-1": RFC 2104.
 * - "AES-CMAC": AES-CMAC-PRF-128 (RFC 4615), which takes keys of any length.
 * - "INSECURE-CONSTANT": the same output for every key and input.
 * - "INSECURE-LINEAR-XOR": the key and the input folded together by exclusive or; one known
 *   output gives all others.
 * - "INSECURE-TRUNCATED": two octets of HMAC-SHA-256 repeated; 65,536 guesses find the output.
 * - "INSECURE-UNKEYED": SHA-256 of the input; anyone who knows the input knows the output.
 *
 * @param name the name
 * @return the function, which lives as long as the process, or nullptr when there is none
 */
const Prf* FindPrf(std::string_view name);

/** @return the names of all functions, the good ones first */
std::vector<std::string> PrfNames();

/** @return HMAC-SHA-256, the function of the key derivations (PA-16) */
const Prf& DefaultPrf();

} // namespace ns3::mis

#endif /* MIS_PRF_H */
