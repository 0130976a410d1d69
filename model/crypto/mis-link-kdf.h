// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Key derivation of access networks: IEEE 802.11, IEEE 802.16, 3GPP, and the media-specific
 * keys of IEEE 802.21a that feed them.
 */
#ifndef MIS_LINK_KDF_H
#define MIS_LINK_KDF_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace ns3::mis
{

/** Octets of MSRK (PA-40). */
inline constexpr std::size_t MSRK_SIZE = 64;
/** Octets of MSPMK (PA-40): a PMK of IEEE 802.11, or K_ASME; IEEE 802.16 takes 20 of them. */
inline constexpr std::size_t MSPMK_SIZE = 32;

/**
 * @brief The pseudo-random function PRF-n of IEEE 802.11 (12.7.1.2), made of HMAC-SHA-1.
 * @param ctx the computing node; counts one HMAC_SHA1 for each 20 octets begun
 * @param key the deriving key, any length
 * @param label the purpose, in ASCII
 * @param data what the key is bound to
 * @param octets length of the result, 0 to SecretBytes::CAPACITY
 * @return the derived key
 */
SecretBytes Prf80211(CryptoContext& ctx,
                     ByteView key,
                     std::string_view label,
                     ByteView data,
                     std::size_t octets);

/**
 * @brief Dot16KDF of IEEE 802.16 (7.5.4.6.1), made of AES-CMAC.
 *
 * Keeps the last octets, both of a key that is longer than 16 and of the blocks.
 *
 * @param ctx the computing node; counts one AES_CMAC for each 16 octets begun
 * @param key the deriving key, at least 16 octets; less is a fatal programming error
 * @param string what the key is bound to, its purpose included
 * @param octets length of the result, 1 to SecretBytes::CAPACITY
 * @return the derived key
 */
SecretBytes Dot16Kdf(CryptoContext& ctx, ByteView key, ByteView string, std::size_t octets);

/**
 * @brief The key derivation function of 3GPP (TS 33.220, B.2), made of HMAC-SHA-256.
 * @param ctx the computing node; counts one HMAC_SHA256
 * @param key the deriving key, any length
 * @param fc function code FC
 * @param parameters P0, P1 and so on
 * @return 32 octets
 */
SecretBytes Kdf3gpp(CryptoContext& ctx,
                    ByteView key,
                    uint8_t fc,
                    std::initializer_list<ByteView> parameters);

/**
 * @brief Derive the root of the media-specific keys, MSRK (PA-40).
 * @param ctx the computing node
 * @param root MSK or rMSK of the media-independent authentication, or the delivered key K
 * @param mnId the mobile node
 * @param posId the point of service that derives
 * @return MSRK_SIZE octets
 */
SecretBytes DeriveMsrk(CryptoContext& ctx, ByteView root, const MisfId& mnId, const MisfId& posId);

/**
 * @brief Derive the media-specific pairwise master key, MSPMK, of a target link (PA-40).
 *
 * It is what Push_Key carries to the point of attachment, in place of the key that a full
 * authentication at the target would give.
 *
 * @param ctx the computing node
 * @param msrk the root
 * @param link the link of the mobile node and the point of attachment it is for
 * @return MSPMK_SIZE octets
 */
SecretBytes DeriveMspmk(CryptoContext& ctx, ByteView msrk, const LinkTupleId& link);

} // namespace ns3::mis

#endif /* MIS_LINK_KDF_H */
