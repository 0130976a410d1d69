// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief AES-128 on one block and in counter mode, which 3GPP and IEEE 802.16 build upon.
 *
 * Both count as AES_CBC: what they cost is one key schedule and the blocks.
 */
#ifndef MIS_AES_H
#define MIS_AES_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstdint>

namespace ns3::mis
{

/** One block of AES. */
using AesBlock = std::array<uint8_t, 16>;

/**
 * @brief Encrypt one block with AES-128 (FIPS 197).
 * @param ctx the computing node; counts AES_CBC on 16 octets
 * @param key 16 octets; another length is a fatal programming error
 * @param block the block
 * @return the encrypted block
 */
AesBlock AesEncryptBlock(CryptoContext& ctx, ByteView key, const AesBlock& block);

/**
 * @brief Encrypt or decrypt with AES-128 in counter mode (SP 800-38A).
 * @param ctx the computing node; counts AES_CBC on the text
 * @param key 16 octets; another length is a fatal programming error
 * @param counter the first counter block, never to be used twice with one key
 * @param text the text
 * @return as many octets as @p text
 */
Bytes AesCounterMode(CryptoContext& ctx, ByteView key, const AesBlock& counter, ByteView text);

} // namespace ns3::mis

#endif /* MIS_AES_H */
