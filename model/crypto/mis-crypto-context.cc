// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief What a node needs to compute: a backend, a source of randomness and a count of the work.
 */
#include "mis-crypto-context.h"

namespace ns3::mis
{

const char*
ToString(CryptoOperation operation)
{
    switch (operation)
    {
    case CryptoOperation::HASH:
        return "HASH";
    case CryptoOperation::HMAC_SHA256:
        return "HMAC_SHA256";
    case CryptoOperation::HMAC_SHA1:
        return "HMAC_SHA1";
    case CryptoOperation::HMAC_MD5:
        return "HMAC_MD5";
    case CryptoOperation::AES_CMAC:
        return "AES_CMAC";
    case CryptoOperation::AES_CCM:
        return "AES_CCM";
    case CryptoOperation::AES_CBC:
        return "AES_CBC";
    case CryptoOperation::AES_GCM:
        return "AES_GCM";
    case CryptoOperation::KEY_WRAP:
        return "KEY_WRAP";
    case CryptoOperation::KEY_UNWRAP:
        return "KEY_UNWRAP";
    case CryptoOperation::ECDSA_SIGN:
        return "ECDSA_SIGN";
    case CryptoOperation::ECDSA_VERIFY:
        return "ECDSA_VERIFY";
    case CryptoOperation::ECDSA_KEYGEN:
        return "ECDSA_KEYGEN";
    case CryptoOperation::P256_DERIVE:
        return "P256_DERIVE";
    case CryptoOperation::X25519_KEYGEN:
        return "X25519_KEYGEN";
    case CryptoOperation::X25519_DERIVE:
        return "X25519_DERIVE";
    case CryptoOperation::RANDOM:
        return "RANDOM";
    case CryptoOperation::COUNT_:
        break;
    }
    return "?";
}

SecretBytes
CryptoContext::RandomSecret(std::size_t n)
{
    SecretBytes secret = SecretBytes::Zeros(n);
    Random(secret.data(), n);
    return secret;
}

} // namespace ns3::mis
