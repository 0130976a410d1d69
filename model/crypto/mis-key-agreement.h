// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Diffie-Hellman key agreement on Curve25519 (RFC 7748) and on P-256 (RFC 5903).
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

/** Octets of a public key of P-256: the coordinates x and y, without the octet 4 before them. */
inline constexpr std::size_t P256_PUBLIC_SIZE = 64;
/** Octets of a private key and of a shared secret of P-256. */
inline constexpr std::size_t P256_SECRET_SIZE = 32;

/**
 * @brief One side's keys of an agreement on P-256, in the form of IKEv2 (RFC 5903).
 *
 * Computes for real whatever the backend.
 */
struct P256KeyPair
{
    SecretBytes priv;                            //!< private key, 32 octets
    std::array<uint8_t, P256_PUBLIC_SIZE> pub{}; //!< public key

    /**
     * @brief Make a key.
     * @param ctx the computing node; counts ECDSA_KEYGEN and one draw of 32 random octets
     * @return the keys
     */
    static P256KeyPair Generate(CryptoContext& ctx);

    /**
     * @brief Compute the public key of a private key.
     * @param ctx the computing node; counts ECDSA_KEYGEN
     * @param priv 32 octets
     * @return the keys, or nothing when the scalar is 0 or not below the order of the curve
     */
    static std::optional<P256KeyPair> FromPrivate(CryptoContext& ctx, ByteView priv);

    /**
     * @brief Compute the shared secret: the coordinate x of the common point.
     * @param ctx the computing node; counts P256_DERIVE
     * @param priv own private key, 32 octets; another size is a fatal programming error
     * @param peer the other side's public key
     * @return 32 octets, or nothing when @p peer is no point of the curve
     */
    static std::optional<SecretBytes> Derive(CryptoContext& ctx, ByteView priv, ByteView peer);
};

} // namespace ns3::mis

#endif /* MIS_KEY_AGREEMENT_H */
