// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Private to the implementation: owners of OpenSSL objects, and the one library context.
 *
 * All OpenSSL calls of the module use LibraryContext(), whose random generator draws from the
 * RandomSource named by the innermost ScopedRandomSource. A call that wants random octets outside
 * of such a scope fails, so no octet can come from elsewhere unnoticed.
 */
#ifndef MIS_OPENSSL_H
#define MIS_OPENSSL_H

#include "ns3/mis-crypto-context.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/types.h>

namespace ns3::mis::openssl
{

/** @brief Frees an OpenSSL object; has no size, so an owner is one pointer. */
template <auto Free>
struct Deleter
{
    template <class T>
    void operator()(T* object) const
    {
        Free(object);
    }
};

using PkeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using PkeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using EcdsaSigPtr = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;
using BignumPtr = std::unique_ptr<BIGNUM, Deleter<BN_clear_free>>;
using GroupPtr = std::unique_ptr<EC_GROUP, Deleter<EC_GROUP_free>>;
using PointPtr = std::unique_ptr<EC_POINT, Deleter<EC_POINT_free>>;

/** @return the library context of the process, made on first use and never freed */
OSSL_LIB_CTX* LibraryContext();

/**
 * @brief End the program because an OpenSSL call failed that cannot fail for a reason of its input.
 * @param call name of the call
 */
[[noreturn]] void Fatal(const char* call);

/**
 * @brief End the program because a function of this layer was given something impossible.
 * @param what what was wrong
 */
[[noreturn]] void Misuse(const char* what);

/** @brief Forget the errors OpenSSL queued for an input that is just not authentic. */
void DropErrors();

/** @return the curve P-256, made on first use and never freed */
const EC_GROUP* CurveP256();

/** @brief Names the source of OpenSSL's random octets while in scope. */
class ScopedRandomSource
{
  public:
    /**
     * @brief Draw from a source until the end of the scope.
     * @param source the source
     */
    explicit ScopedRandomSource(RandomSource& source);
    ~ScopedRandomSource();

    ScopedRandomSource(const ScopedRandomSource&) = delete;
    ScopedRandomSource& operator=(const ScopedRandomSource&) = delete;

  private:
    RandomSource* m_previous; //!< the source before
};

/**
 * @brief Stretches 32 octets of a source to as many as OpenSSL asks for.
 *
 * How many octets an operation of OpenSSL draws depends on its version, and for some on chance.
 * With this in between, every such operation takes exactly 32 octets from the stream of the node.
 */
class ExpandedSource : public RandomSource
{
  public:
    /** Octets drawn from the stream of the node. */
    static constexpr std::size_t SEED_SIZE = 32;

    /**
     * @brief Draw a seed.
     * @param ctx the computing node; counts one RANDOM operation
     */
    explicit ExpandedSource(CryptoContext& ctx);
    ~ExpandedSource() override;

    void Fill(uint8_t* out, std::size_t n) override;

  private:
    uint8_t m_seed[SEED_SIZE]; //!< what was drawn
    uint32_t m_counter{0};     //!< blocks made
};

/**
 * @brief SHA-256 without counting.
 * @param parts the message in pieces
 * @param out room for 32 octets
 */
void RawSha256(ByteParts parts, uint8_t* out);

} // namespace ns3::mis::openssl

#endif /* MIS_OPENSSL_H */
