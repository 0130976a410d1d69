// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief ECDSA signatures on the curve P-256 with SHA-256 (FIPS 186-4), used by group managers.
 *
 * Key objects are small handles on shared, immutable key material: copy them freely. Signing and
 * key generation draw from the source of the context, so they repeat with its stream.
 */
#ifndef MIS_SIGNATURE_H
#define MIS_SIGNATURE_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace ns3::mis
{

/** Octets of a signature: r, then s. */
inline constexpr std::size_t ECDSA_SIGNATURE_SIZE = 64;
/** Octets of a private key. */
inline constexpr std::size_t ECDSA_PRIVATE_SIZE = 32;
/** Octets of a public key: the uncompressed point, first octet 4. */
inline constexpr std::size_t ECDSA_PUBLIC_SIZE = 65;

/** @brief A signature as it goes on the wire. */
using EcdsaSignature = std::array<uint8_t, ECDSA_SIGNATURE_SIZE>;

/** @brief A key that verifies. */
class EcdsaPublicKey
{
  public:
    /** @brief The key material, known to the implementation only. */
    struct Material;

    /**
     * @brief Read a public key.
     * @param ctx the computing node
     * @param point the uncompressed point, 65 octets
     * @return the key, or nothing when the octets are no point of the curve
     */
    static std::optional<EcdsaPublicKey> FromOctets(CryptoContext& ctx, ByteView point);

    /** @return the uncompressed point */
    const std::array<uint8_t, ECDSA_PUBLIC_SIZE>& Octets() const;

    /**
     * @brief Compare two keys.
     * @param a first
     * @param b second
     * @return whether they are the same point
     */
    friend bool operator==(const EcdsaPublicKey& a, const EcdsaPublicKey& b)
    {
        return a.Octets() == b.Octets();
    }

    /**
     * @brief Compare two keys.
     * @param a first
     * @param b second
     * @return whether they are different points
     */
    friend bool operator!=(const EcdsaPublicKey& a, const EcdsaPublicKey& b)
    {
        return !(a == b);
    }

  private:
    friend class EcdsaKeyPair;
    friend bool Verify(CryptoContext& ctx,
                       const EcdsaPublicKey& key,
                       ByteParts parts,
                       ByteView signature);
    explicit EcdsaPublicKey(std::shared_ptr<const Material> material);

    std::shared_ptr<const Material> m_material; //!< never empty
};

/** @brief A key that signs, with its public key. */
class EcdsaKeyPair
{
  public:
    /** @brief The key material, known to the implementation only; wiped with its last owner. */
    struct Material;

    /**
     * @brief Make a key.
     * @param ctx the computing node; counts ECDSA_KEYGEN and one draw of 32 random octets
     * @return the key
     */
    static EcdsaKeyPair Generate(CryptoContext& ctx);

    /**
     * @brief Read a private key and compute its public key.
     * @param ctx the computing node; counts ECDSA_KEYGEN
     * @param scalar 32 octets big-endian
     * @return the key, or nothing when the scalar is 0 or not below the order of the curve
     */
    static std::optional<EcdsaKeyPair> FromPrivate(CryptoContext& ctx, ByteView scalar);

    /** @return the key that verifies */
    const EcdsaPublicKey& Public() const;

    /** @return the private scalar, 32 octets */
    ByteView Private() const;

  private:
    friend EcdsaSignature Sign(CryptoContext& ctx, const EcdsaKeyPair& key, ByteParts parts);
    explicit EcdsaKeyPair(std::shared_ptr<const Material> material);

    std::shared_ptr<const Material> m_material; //!< never empty
};

/**
 * @brief Sign a message.
 * @param ctx the computing node; counts ECDSA_SIGN on the message and one draw of 32 random octets
 * @param key the key, made with a context of the same backend
 * @param parts the message in pieces
 * @return r and s, 32 octets each, big-endian
 */
EcdsaSignature Sign(CryptoContext& ctx, const EcdsaKeyPair& key, ByteParts parts);

/**
 * @brief Verify a signature.
 * @param ctx the computing node; counts ECDSA_VERIFY on the message
 * @param key the key, made with a context of the same backend
 * @param parts the message in pieces
 * @param signature what is to be verified
 * @return whether it is a signature of this message by this key; false for a wrong size too
 */
[[nodiscard]] bool Verify(CryptoContext& ctx,
                          const EcdsaPublicKey& key,
                          ByteParts parts,
                          ByteView signature);

/**
 * @brief Encode a signature in DER (RFC 3279, section 2.2.3).
 * @param signature r and s
 * @return 68 to 72 octets in nearly all cases
 */
Bytes SignatureToDer(const EcdsaSignature& signature);

/**
 * @brief Decode a signature from DER.
 * @param der the octets
 * @return r and s, or nothing when the octets are none of P-256
 */
std::optional<EcdsaSignature> SignatureFromDer(ByteView der);

} // namespace ns3::mis

#endif /* MIS_SIGNATURE_H */
