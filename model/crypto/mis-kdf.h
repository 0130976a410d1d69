// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Key derivation: NIST SP 800-108 in counter mode, and the derivations of the protocol.
 *
 * The labels and contexts are project-assigned (PA-16). The session key MISK, whose length depends
 * on the ciphersuite, is derived in mis-ciphersuite.h.
 */
#ifndef MIS_KDF_H
#define MIS_KDF_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-prf.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <array>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ns3::mis
{

/** @brief Builds the context of a derivation. */
class KdfContext
{
  public:
    /**
     * @brief Append one octet.
     * @param value the octet
     * @return this
     */
    KdfContext& Byte(uint8_t value);

    /**
     * @brief Append a value behind its length in two octets.
     * @param value at most 65535 octets; more is a fatal programming error
     * @return this
     */
    KdfContext& LengthPrefixed(ByteView value);

    /**
     * @brief Append octets as they are.
     * @param value the octets
     * @return this
     */
    KdfContext& Raw(ByteView value);

    /** @return the context so far, valid until the next change */
    ByteView View() const
    {
        return ByteView(m_octets.data(), m_octets.size());
    }

    /** @return the context so far, valid until the next change */
    operator ByteView() const
    {
        return View();
    }

  private:
    boost::container::small_vector<uint8_t, 160> m_octets; //!< the context so far
};

/**
 * @brief Derive a key (SP 800-108 counter mode, PA-16).
 *
 * Block i, counted from 1, is PRF(key; i in 4 octets, label, a zero octet, context, output length
 * in bits in 4 octets).
 *
 * @param ctx the computing node
 * @param prf the function of the blocks
 * @param key the deriving key
 * @param label the purpose, in ASCII
 * @param context what the key is bound to
 * @param octets length of the key, 0 to SecretBytes::CAPACITY; more is a fatal programming error
 * @return the derived key
 */
SecretBytes Kdf(CryptoContext& ctx,
                const Prf& prf,
                ByteView key,
                std::string_view label,
                ByteView context,
                std::size_t octets);

/**
 * @brief Stretch a key by HMAC-SHA-256: prf+ of RFC 7296, section 2.13, which is also the KDF of
 * RFC 5295, section 3.1.2.
 * @param ctx the computing node; counts one HMAC_SHA256 for each 32 octets
 * @param key the key
 * @param seed the seed
 * @param octets length wanted, at most 255 * 32
 * @return the octets
 */
SecretOctets PrfPlus(CryptoContext& ctx, ByteView key, ByteView seed, std::size_t octets);

/**
 * @brief Derive the authentication key MIAK (PA-16).
 * @param ctx the computing node
 * @param key the delivered key K, or the root
 * @param nonceT nonce of the mobile node; when absent, a zero-length nonce is used
 * @param nonceN nonce of the network; when absent, a zero-length nonce is used
 * @param mnId the mobile node
 * @param posId the point of service
 * @return 32 octets
 */
SecretBytes DeriveMiak(CryptoContext& ctx,
                       ByteView key,
                       const std::optional<Nonce>& nonceT,
                       const std::optional<Nonce>& nonceN,
                       const MisfId& mnId,
                       const MisfId& posId);

/**
 * @brief Derive the mask that hides K in the legacy delivery (PA-16).
 * @param ctx the computing node
 * @param prf the function
 * @param key the mask key shared by the two ends of the hop
 * @param peerId the identity in the formula: the target point of service on the mobile node's hop,
 * the mobile node on the hop between points of service
 * @param nonceT nonce of the mobile node, or nullptr to leave it out of the input altogether
 * @param nonceN nonce of the network, or nullptr to leave it out of the input altogether
 * @param octets length of K, 0 to SecretBytes::CAPACITY
 * @return the mask
 */
SecretBytes DeriveKeyMask(CryptoContext& ctx,
                          const Prf& prf,
                          ByteView key,
                          const MisfId& peerId,
                          const Nonce* nonceT,
                          const Nonce* nonceN,
                          std::size_t octets);

/**
 * @brief Derive a group session key MIGSK from a master group key (PA-16).
 * @param ctx the computing node
 * @param mgk the master group key
 * @param group the group identifier
 * @param keyCounter counts the session keys made from the same master group key, from 1
 * @return 16 octets
 */
SecretBytes DeriveMigsk(CryptoContext& ctx, ByteView mgk, const MisfId& group, uint16_t keyCounter);

/**
 * @brief Derive the value by which a receiver checks an unwrapped master group key (PA-16).
 * @param ctx the computing node
 * @param mgk the master group key
 * @param group the group identifier
 * @return the content of the Verify group key TLV
 */
std::array<uint8_t, 16> DeriveGroupKeyCheck(CryptoContext& ctx, ByteView mgk, const MisfId& group);

/**
 * @brief Compute the identifier of the association that a delivered key gives (PA-22).
 *
 * Both ends find it without a message: the first 4 octets of SHA-256 over the two length-prefixed
 * identifiers and a 16-octet check value of the key (label "MIS SAID", empty context).
 *
 * @param ctx the computing node
 * @param key the delivered key K
 * @param mnId the mobile node
 * @param posId the target point of service
 * @return an identifier of type PREREGISTRATION
 */
Said DeriveSaidValue(CryptoContext& ctx, ByteView key, const MisfId& mnId, const MisfId& posId);

} // namespace ns3::mis

#endif /* MIS_KDF_H */
