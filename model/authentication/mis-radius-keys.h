// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Keys in messages of RADIUS: those of RFC 2548 are declared with the messages, these are of
 * the sessions.
 */
#ifndef MIS_RADIUS_KEYS_H
#define MIS_RADIUS_KEYS_H

#include "ns3/mis-radius-message.h"

namespace ns3::mis
{

/** The first bit of a salt is set. */
inline constexpr uint16_t RADIUS_SALT_BIT = 0x8000;

/**
 * @brief Cover a key (RFC 2548, section 2.4.2).
 * @param ctx the computing node
 * @param key the key
 * @param secret the secret
 * @param request Authenticator of the request
 * @param salt the salt
 * @return Salt and String
 */
Bytes CoverKey(CryptoContext& ctx,
               ByteView key,
               ByteView secret,
               const RadiusAuthenticator& request,
               uint16_t salt);

/**
 * @brief Read what a home server gives a local server.
 * @param ctx the computing node
 * @param message an Accept
 * @param secret the secret
 * @param request Authenticator of the request
 * @return the key; nothing when there is none; or BAD_KEY
 */
Result<std::optional<DomainRootKey>, RadiusError> ReadDomainKey(CryptoContext& ctx,
                                                                const RadiusMessage& message,
                                                                ByteView secret,
                                                                const RadiusAuthenticator& request);

} // namespace ns3::mis

#endif // MIS_RADIUS_KEYS_H
