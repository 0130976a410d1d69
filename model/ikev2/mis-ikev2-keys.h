// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Keys of IKEv2 (RFC 7296, sections 2.13 to 2.18), and the Encrypted payload (RFC 5282).
 *
 * One suite: PRF HMAC-SHA2-256, AES-GCM with keys of 128 bits and an ICV of 16 octets. All
 * functions compute for real whatever the backend, because what is computed goes to other
 * implementations and to Wireshark.
 */
#ifndef MIS_IKEV2_KEYS_H
#define MIS_IKEV2_KEYS_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-ikev2-message.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-secret-bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace ns3::mis::ikev2
{

/** Octets of the output and of the preferred key of the PRF. */
inline constexpr std::size_t PRF_SIZE = HMAC_SHA256_SIZE;
/** Octets of an AES-GCM key with the salt of its nonces behind it. */
inline constexpr std::size_t CIPHER_KEY_SIZE = 20;
/** Octets of the part of a nonce that is in the message. */
inline constexpr std::size_t IV_SIZE = 8;
/** Octets of a nonce of ours (Ni, Nr). */
inline constexpr std::size_t NONCE_SIZE = 32;

/** @brief A value of the PRF. */
using PrfValue = std::array<uint8_t, PRF_SIZE>;

/**
 * @brief Stretch a key: prf+ (RFC 7296, section 2.13).
 * @param ctx the computing node; counts one HMAC_SHA256 for each 32 octets
 * @param key the key
 * @param seed the seed in pieces
 * @param size octets wanted, at most 255 * 32
 * @return the octets
 */
SecretOctets PrfPlus(CryptoContext& ctx, ByteView key, ByteParts seed, std::size_t size);

/** @brief Keys of an IKE SA. */
struct IkeKeys
{
    SecretBytes d;  //!< SK_d, 32 octets, of which others are derived
    SecretBytes ei; //!< SK_ei, 20 octets, protects what the original initiator sends
    SecretBytes er; //!< SK_er, 20 octets, protects what the responder sends
    SecretBytes pi; //!< SK_pi, 32 octets, authenticates the initiator
    SecretBytes pr; //!< SK_pr, 32 octets, authenticates the responder
};

/**
 * @brief SKEYSEED of a first IKE SA (section 2.14).
 * @param ctx the computing node
 * @param nonceI nonce of the initiator
 * @param nonceR nonce of the responder
 * @param shared the Diffie-Hellman secret
 * @return 32 octets
 */
SecretBytes Skeyseed(CryptoContext& ctx, ByteView nonceI, ByteView nonceR, ByteView shared);

/**
 * @brief SKEYSEED of an IKE SA that follows another (section 2.18).
 * @param ctx the computing node
 * @param oldD SK_d of the one before
 * @param shared the new Diffie-Hellman secret
 * @param nonceI nonce of the initiator of the exchange
 * @param nonceR nonce of its responder
 * @return 32 octets
 */
SecretBytes RekeySkeyseed(CryptoContext& ctx,
                          ByteView oldD,
                          ByteView shared,
                          ByteView nonceI,
                          ByteView nonceR);

/**
 * @brief Keys of an IKE SA (section 2.14).
 * @param ctx the computing node
 * @param skeyseed from Skeyseed() or RekeySkeyseed()
 * @param nonceI nonce of the initiator
 * @param nonceR nonce of the responder
 * @param spiI SPI of the initiator
 * @param spiR SPI of the responder
 * @return the keys
 */
IkeKeys DeriveIkeKeys(CryptoContext& ctx,
                      ByteView skeyseed,
                      ByteView nonceI,
                      ByteView nonceR,
                      uint64_t spiI,
                      uint64_t spiR);

/** @brief Keys of a Child SA with AES-GCM: key 16 octets, then salt 4. */
struct ChildKeys
{
    SecretBytes fromInitiator; //!< protects what the initiator of the exchange sends
    SecretBytes fromResponder; //!< protects what its responder sends
};

/**
 * @brief Keys of a Child SA (section 2.17).
 * @param ctx the computing node
 * @param d SK_d
 * @param shared secret of a Diffie-Hellman exchange for this Child SA, empty without
 * @param nonceI nonce of the initiator of the exchange, in IKE_AUTH that of IKE_SA_INIT
 * @param nonceR nonce of its responder
 * @return the keys
 */
ChildKeys DeriveChildKeys(CryptoContext& ctx,
                          ByteView d,
                          ByteView shared,
                          ByteView nonceI,
                          ByteView nonceR);

/** @brief What an end authenticates (section 2.15): three pieces, of which two are elsewhere. */
struct SignedOctets
{
    ByteView message; //!< the end's own message of IKE_SA_INIT, as it was sent
    ByteView nonce;   //!< the other end's nonce
    PrfValue macedId; //!< prf(SK_p, content of the end's identification)
};

/**
 * @brief Collect what an end authenticates.
 * @param ctx the computing node; counts HMAC_SHA256
 * @param message the end's own message of IKE_SA_INIT; kept by its owner
 * @param nonce the other end's nonce; kept by its owner
 * @param p SK_pi for the initiator, SK_pr for the responder
 * @param id the end's identification
 * @return the pieces
 */
SignedOctets MakeSignedOctets(CryptoContext& ctx,
                              ByteView message,
                              ByteView nonce,
                              ByteView p,
                              const IdPayload& id);

/**
 * @brief Authentication by pre-shared key (section 2.15).
 * @param ctx the computing node; counts two HMAC_SHA256
 * @param secret the key
 * @param octets what is authenticated
 * @return the data of AUTH
 */
PrfValue SharedKeyCode(CryptoContext& ctx, ByteView secret, const SignedOctets& octets);

/** @brief Why an Encrypted payload was refused. */
enum class OpenError : uint8_t
{
    NONE,
    NOT_ENCRYPTED, //!< there is none
    TRUNCATED,     //!< shorter than its fixed parts
    NOT_AUTHENTIC, //!< the ICV does not fit
    BAD_SYNTAX     //!< authentic, but no chain of payloads
};

/**
 * @brief Write a message with an Encrypted payload.
 * @param ctx the computing node; counts AES_GCM
 * @param header its header
 * @param payloads what to encrypt
 * @param key SK_ei or SK_er, 20 octets
 * @param iv never to be used twice with one key
 * @return the datagram: 57 octets and those of the payloads
 */
Bytes Seal(CryptoContext& ctx,
           const Header& header,
           const Payloads& payloads,
           ByteView key,
           uint64_t iv);

/**
 * @brief Verify and read the Encrypted payload of a message.
 * @param ctx the computing node; counts AES_GCM
 * @param datagram the octets that the message was read from
 * @param message the message
 * @param key SK_ei or SK_er, 20 octets
 * @return the payloads within, or why there are none
 */
Result<Payloads, OpenError> Open(CryptoContext& ctx,
                                 ByteView datagram,
                                 const Message& message,
                                 ByteView key);

/**
 * @brief A line for Wireshark's file ikev2_decryption_table.
 * @param spiI SPI of the initiator
 * @param spiR SPI of the responder
 * @param keys keys of the IKE SA
 * @return the line without its end
 */
std::string KeyLogLine(uint64_t spiI, uint64_t spiR, const IkeKeys& keys);

/**
 * @brief A line for Wireshark's file esp_sa, which fits any address.
 * @param spi SPI of one direction
 * @param key key and salt of this direction, 20 octets
 * @return the line without its end
 */
std::string EspKeyLogLine(uint32_t spi, ByteView key);

} // namespace ns3::mis::ikev2

#endif /* MIS_IKEV2_KEYS_H */
