// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The ciphersuites of security associations, and the session keys they need.
 */
#ifndef MIS_CIPHERSUITE_H
#define MIS_CIPHERSUITE_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace ns3::mis
{

/** @brief How a suite hides the text. */
enum class EncryptionAlgorithm : uint8_t
{
    NONE,    //!< sent in clear
    AES_CCM, //!< AES-128-CCM, which protects integrity too
    AES_CBC  //!< AES-128-CBC with PKCS#7 padding
};

/** @brief How a suite protects integrity when its cipher does not. */
enum class IntegrityAlgorithm : uint8_t
{
    NONE,         //!< nothing, or in the cipher
    HMAC_SHA1_96, //!< HMAC-SHA-1 cut to 12 octets
    AES_CMAC_96   //!< AES-CMAC cut to 12 octets
};

/** @brief What a ciphersuite code stands for (PA-17); sizes in octets. */
struct Ciphersuite
{
    uint8_t code;                   //!< value of the Ciphersuite code TLV
    const char* name;               //!< for people
    EncryptionAlgorithm encryption; //!< how the text is hidden
    IntegrityAlgorithm integrity;   //!< how integrity is protected besides
    std::size_t miekOctets;         //!< size of the encryption key
    std::size_t miikOctets;         //!< size of the integrity key
    std::size_t ivOctets;           //!< size of the explicit initialisation vector
    std::size_t icvOctets;          //!< size of the integrity check value

    /** @return size of the session key MISK: both keys together */
    constexpr std::size_t MiskOctets() const
    {
        return miekOctets + miikOctets;
    }
};

/**
 * @brief Find a ciphersuite.
 *
 * Codes 0x01 to 0x05 protect messages. Code 0x00, "none", is known but has no keys, and no
 * association can be made with it.
 *
 * @param code value of the Ciphersuite code TLV
 * @return the suite, which lives as long as the process, or nullptr when the code is not known
 */
const Ciphersuite* FindCiphersuite(uint8_t code);

/** @brief The two keys of a session; one may be empty, as the suite wants. */
struct SessionKeys
{
    SecretBytes miik; //!< integrity key MIIK
    SecretBytes miek; //!< encryption key MIEK
};

/**
 * @brief Cut a session key in two: MIIK first, then MIEK (PA-16).
 * @param suite the suite
 * @param misk at least suite.MiskOctets() octets; what is behind them is not used
 * @return the keys, or nothing when @p misk is too short
 */
std::optional<SessionKeys> SplitMisk(const Ciphersuite& suite, ByteView misk);

/**
 * @brief Derive the session key MISK (PA-16, label "MIS MISK") and cut it.
 * @param ctx the computing node
 * @param key the delivered key K, or the root
 * @param suite ciphersuite code; a code that is not known gives empty keys
 * @param nonceT nonce of the mobile node; when absent, a zero-length nonce is used
 * @param nonceN nonce of the network; when absent, a zero-length nonce is used
 * @param mnId the mobile node
 * @param posId the point of service
 * @return the keys
 */
SessionKeys DeriveMisk(CryptoContext& ctx,
                       ByteView key,
                       uint8_t suite,
                       const std::optional<Nonce>& nonceT,
                       const std::optional<Nonce>& nonceN,
                       const MisfId& mnId,
                       const MisfId& posId);

} // namespace ns3::mis

#endif /* MIS_CIPHERSUITE_H */
