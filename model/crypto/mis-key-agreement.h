// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Diffie-Hellman key agreement on Curve25519 (RFC 7748).
 */
#ifndef MIS_KEY_AGREEMENT_H
#define MIS_KEY_AGREEMENT_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace ns3::mis
{

/** Octets of private keys, public keys and shared secrets. */
inline constexpr std::size_t X25519_SIZE = 32;

/** @brief One side's keys of an agreement. */
struct X25519KeyPair
{
    SecretBytes priv;                       //!< private key, 32 octets
    std::array<uint8_t, X25519_SIZE> pub{}; //!< public key

    /**
     * @brief Make a key.
     * @param ctx the computing node; counts X25519_KEYGEN and one draw of 32 random octets
     * @return the keys
     */
    static X25519KeyPair Generate(CryptoContext& ctx);

    /**
     * @brief Compute the public key of a private key.
     * @param ctx the computing node; counts X25519_KEYGEN
     * @param priv 32 octets; another size is a fatal programming error
     * @return the keys
     */
    static X25519KeyPair FromPrivate(CryptoContext& ctx, ByteView priv);

    /**
     * @brief Compute the shared secret.
     * @param ctx the computing node; counts X25519_DERIVE
     * @param priv own private key, 32 octets; another size is a fatal programming error
     * @param peer the other side's public key
     * @return 32 octets, or nothing when @p peer has a wrong size or gives the all-zero secret
     */
    static std::optional<SecretBytes> Derive(CryptoContext& ctx, ByteView priv, ByteView peer);
};

} // namespace ns3::mis

#endif /* MIS_KEY_AGREEMENT_H */
