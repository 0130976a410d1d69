// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief AES key wrap, which hides a key and notices any change to it.
 */
#ifndef MIS_KEY_WRAP_H
#define MIS_KEY_WRAP_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <cstddef>
#include <optional>

namespace ns3::mis
{

/** Octets that wrapping adds: the integrity check value of RFC 3394. */
inline constexpr std::size_t KEY_WRAP_OVERHEAD = 8;

/**
 * @brief Wrap a key (RFC 3394).
 * @param ctx the computing node; counts KEY_WRAP on the key
 * @param kek the key-encrypting key, 16, 24 or 32 octets
 * @param key the key, 16 to SecretBytes::CAPACITY octets in multiples of 8
 * @return KEY_WRAP_OVERHEAD octets more than the key
 *
 * Another size is a fatal programming error.
 */
Bytes WrapKey(CryptoContext& ctx, ByteView kek, ByteView key);

/**
 * @brief Unwrap a key (RFC 3394).
 * @param ctx the computing node; counts KEY_UNWRAP on the wrapped key
 * @param kek the key-encrypting key, 16, 24 or 32 octets; another size is a fatal programming error
 * @param wrapped the wrapped key
 * @return the key, or nothing when the check value is wrong or the size impossible
 */
std::optional<SecretBytes> UnwrapKey(CryptoContext& ctx, ByteView kek, ByteView wrapped);

} // namespace ns3::mis

#endif /* MIS_KEY_WRAP_H */
