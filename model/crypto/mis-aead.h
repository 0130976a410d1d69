// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The ciphers of protected messages: AES-128 in CCM, GCM and CBC mode.
 */
#ifndef MIS_AEAD_H
#define MIS_AEAD_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-types.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace ns3::mis
{

/** Octets of the key of both ciphers. */
inline constexpr std::size_t AES_KEY_SIZE = 16;
/** Octets of an AES block, and of the initialisation vector of CBC. */
inline constexpr std::size_t AES_BLOCK_SIZE = 16;
/** Octets of a CCM nonce; leaves two octets for the length (PA-18). */
inline constexpr std::size_t CCM_NONCE_SIZE = 13;
/** Octets of a CCM integrity check value (PA-18). */
inline constexpr std::size_t CCM_TAG_SIZE = 12;
/** The longest text a two-octet length allows. */
inline constexpr std::size_t CCM_MAX_TEXT = 65535;

/**
 * @brief Encrypt and authenticate with AES-128-CCM (RFC 3610, SP 800-38C).
 *
 * @param ctx the computing node; counts AES_CCM on text and additional data
 * @param key 16 octets
 * @param nonce 13 octets, never to be used twice with one key
 * @param aad additional authenticated data in pieces
 * @param plain the text, at most CCM_MAX_TEXT octets; may be the memory of @p out, not overlap it
 * otherwise
 * @param out room for plain.size() + tagSize octets: ciphertext, then tag
 * @param tagSize octets of the tag: 4, 6, 8, 10, 12, 14 or 16
 *
 * A wrong size is a fatal programming error.
 */
void CcmSeal(CryptoContext& ctx,
             ByteView key,
             ByteView nonce,
             ByteParts aad,
             ByteView plain,
             uint8_t* out,
             std::size_t tagSize = CCM_TAG_SIZE);

/**
 * @brief Verify and decrypt what CcmSeal() made.
 * @param ctx the computing node; counts AES_CCM on text and additional data
 * @param key 16 octets
 * @param nonce 13 octets
 * @param aad additional authenticated data in pieces
 * @param sealed ciphertext, then tag
 * @param out room for sealed.size() - tagSize octets; wiped when verification fails
 * @param tagSize octets of the tag
 * @return whether everything is authentic; false also when @p sealed is shorter than the tag or
 * longer than CCM allows
 */
[[nodiscard]] bool CcmOpen(CryptoContext& ctx,
                           ByteView key,
                           ByteView nonce,
                           ByteParts aad,
                           ByteView sealed,
                           uint8_t* out,
                           std::size_t tagSize = CCM_TAG_SIZE);

/** Octets of a GCM nonce. */
inline constexpr std::size_t GCM_NONCE_SIZE = 12;
/** Octets of a GCM integrity check value. */
inline constexpr std::size_t GCM_TAG_SIZE = 16;

/**
 * @brief Encrypt and authenticate with AES-128-GCM (SP 800-38D).
 *
 * Protects IKEv2 and ESP, so it computes for real whatever the backend.
 *
 * @param ctx the computing node; counts AES_GCM on text and additional data
 * @param key 16 octets
 * @param nonce 12 octets, never to be used twice with one key
 * @param aad additional authenticated data in pieces
 * @param plain the text; may be the memory of @p out, not overlap it otherwise
 * @param out room for plain.size() + GCM_TAG_SIZE octets: ciphertext, then tag
 *
 * A wrong size is a fatal programming error.
 */
void GcmSeal(CryptoContext& ctx,
             ByteView key,
             ByteView nonce,
             ByteParts aad,
             ByteView plain,
             uint8_t* out);

/**
 * @brief Verify and decrypt what GcmSeal() made; computes for real whatever the backend.
 * @param ctx the computing node; counts AES_GCM on text and additional data
 * @param key 16 octets
 * @param nonce 12 octets
 * @param aad additional authenticated data in pieces
 * @param sealed ciphertext, then tag
 * @param out room for sealed.size() - GCM_TAG_SIZE octets; wiped when verification fails
 * @return whether everything is authentic; false also when @p sealed is shorter than the tag
 */
[[nodiscard]] bool GcmOpen(CryptoContext& ctx,
                           ByteView key,
                           ByteView nonce,
                           ByteParts aad,
                           ByteView sealed,
                           uint8_t* out);

/**
 * @brief Size of a CBC ciphertext with PKCS#7 padding.
 * @param plain octets of the text
 * @return octets of the ciphertext, 1 to 16 more
 */
constexpr std::size_t
CbcSize(std::size_t plain)
{
    return (plain / AES_BLOCK_SIZE + 1) * AES_BLOCK_SIZE;
}

/**
 * @brief Encrypt with AES-128-CBC and PKCS#7 padding (SP 800-38A, RFC 5652).
 * @param ctx the computing node; counts AES_CBC on the text
 * @param key 16 octets
 * @param iv 16 octets
 * @param plain the text
 * @param out room for CbcSize(plain.size()) octets; may be the memory of @p plain
 */
void CbcEncrypt(CryptoContext& ctx, ByteView key, ByteView iv, ByteView plain, uint8_t* out);

/**
 * @brief Decrypt what CbcEncrypt() made.
 *
 * This is no check of integrity: verify a message authentication code first.
 *
 * @param ctx the computing node; counts AES_CBC on the ciphertext
 * @param key 16 octets
 * @param iv 16 octets
 * @param cipher whole blocks
 * @param out room for cipher.size() octets; wiped when the padding is wrong
 * @return octets of the text, or nothing when the padding or the length is wrong
 */
[[nodiscard]] std::optional<std::size_t> CbcDecrypt(CryptoContext& ctx,
                                                    ByteView key,
                                                    ByteView iv,
                                                    ByteView cipher,
                                                    uint8_t* out);

} // namespace ns3::mis

#endif /* MIS_AEAD_H */
