// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Hash and message authentication codes over input given in pieces.
 */
#ifndef MIS_MAC_H
#define MIS_MAC_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace ns3::mis
{

/** Octets of an HMAC-SHA-256 value. */
inline constexpr std::size_t HMAC_SHA256_SIZE = 32;
/** Octets of an HMAC-SHA-1 value. */
inline constexpr std::size_t HMAC_SHA1_SIZE = 20;
/** Octets of an HMAC-MD5 value. */
inline constexpr std::size_t HMAC_MD5_SIZE = 16;
/** Octets of an AES-CMAC value. */
inline constexpr std::size_t AES_CMAC_SIZE = 16;
/** Octets of a SHA-256 value. */
inline constexpr std::size_t SHA256_SIZE = 32;
/** Octets of an MD5 value. */
inline constexpr std::size_t MD5_SIZE = 16;

/**
 * @brief HMAC with SHA-256 (RFC 2104, FIPS 180-4).
 * @param ctx the computing node; counts HMAC_SHA256
 * @param key any number of octets
 * @param parts the message in pieces
 * @return the full value
 */
std::array<uint8_t, HMAC_SHA256_SIZE> HmacSha256(CryptoContext& ctx, ByteView key, ByteParts parts);

/**
 * @brief HMAC with SHA-1 (RFC 2104).
 * @param ctx the computing node; counts HMAC_SHA1
 * @param key any number of octets
 * @param parts the message in pieces
 * @return the full value
 */
std::array<uint8_t, HMAC_SHA1_SIZE> HmacSha1(CryptoContext& ctx, ByteView key, ByteParts parts);

/**
 * @brief HMAC with MD5 (RFC 2104), for RADIUS, which has no other.
 * @param ctx the computing node; counts HMAC_MD5
 * @param key any number of octets
 * @param parts the message in pieces
 * @return the full value
 */
std::array<uint8_t, HMAC_MD5_SIZE> HmacMd5(CryptoContext& ctx, ByteView key, ByteParts parts);

/**
 * @brief AES-CMAC (RFC 4493).
 * @param ctx the computing node; counts AES_CMAC
 * @param key 16 octets; another length is a fatal programming error
 * @param parts the message in pieces
 * @return the full value
 */
std::array<uint8_t, AES_CMAC_SIZE> AesCmac(CryptoContext& ctx, ByteView key, ByteParts parts);

/**
 * @brief SHA-256 (FIPS 180-4).
 * @param ctx the computing node; counts HASH
 * @param parts the message in pieces
 * @return the digest
 */
std::array<uint8_t, SHA256_SIZE> Sha256(CryptoContext& ctx, ByteParts parts);

/**
 * @brief MD5 (RFC 1321), for RADIUS, which has no other. Not collision resistant.
 * @param ctx the computing node; counts HASH
 * @param parts the message in pieces
 * @return the digest
 */
std::array<uint8_t, MD5_SIZE> Md5(CryptoContext& ctx, ByteParts parts);

} // namespace ns3::mis

#endif /* MIS_MAC_H */
