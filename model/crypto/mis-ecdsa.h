// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Private to the implementation: ECDSA on P-256 with SHA-256 by a key that OpenSSL holds.
 */
#ifndef MIS_ECDSA_H
#define MIS_ECDSA_H

#include "mis-openssl.h"

#include "ns3/mis-signature.h"

namespace ns3::mis::openssl
{

/**
 * @brief Sign; counts nothing.
 * @param key a private key of P-256
 * @param source where random octets come from
 * @param parts the message in pieces
 * @return the signature
 */
EcdsaSignature SignWith(EVP_PKEY* key, RandomSource& source, ByteParts parts);

/**
 * @brief Verify; counts nothing.
 * @param key a public key of P-256
 * @param parts the message in pieces
 * @param signature 64 octets
 * @return whether it is a signature of this message by this key
 */
bool VerifyWith(EVP_PKEY* key, ByteParts parts, ByteView signature);

} // namespace ns3::mis::openssl

#endif /* MIS_ECDSA_H */
