// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The ciphersuites of security associations, and the session keys they need.
 */
#include "mis-ciphersuite.h"

#include "ns3/mis-aead.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-kdf.h"
#include "ns3/mis-mac.h"

#include <iterator>

namespace ns3::mis
{

namespace
{

/** Octets to which both integrity algorithms are cut. */
constexpr std::size_t ICV_96 = 12;

/** The suites, each at the place of its code. */
constexpr Ciphersuite SUITES[] = {
    {assigned::SUITE_NONE, "none", EncryptionAlgorithm::NONE, IntegrityAlgorithm::NONE, 0, 0, 0, 0},
    {assigned::SUITE_AES_CCM,
     "AES-CCM-128",
     EncryptionAlgorithm::AES_CCM,
     IntegrityAlgorithm::NONE,
     AES_KEY_SIZE,
     0,
     0,
     CCM_TAG_SIZE},
    {assigned::SUITE_AES_CBC_HMAC_SHA1,
     "AES-CBC-128 with HMAC-SHA1-96",
     EncryptionAlgorithm::AES_CBC,
     IntegrityAlgorithm::HMAC_SHA1_96,
     AES_KEY_SIZE,
     HMAC_SHA1_SIZE,
     AES_BLOCK_SIZE,
     ICV_96},
    {assigned::SUITE_AES_CBC_CMAC,
     "AES-CBC-128 with CMAC-AES-96",
     EncryptionAlgorithm::AES_CBC,
     IntegrityAlgorithm::AES_CMAC_96,
     AES_KEY_SIZE,
     AES_KEY_SIZE,
     AES_BLOCK_SIZE,
     ICV_96},
    {assigned::SUITE_NULL_HMAC_SHA1,
     "null with HMAC-SHA1-96",
     EncryptionAlgorithm::NONE,
     IntegrityAlgorithm::HMAC_SHA1_96,
     0,
     HMAC_SHA1_SIZE,
     0,
     ICV_96},
    {assigned::SUITE_NULL_CMAC,
     "null with CMAC-AES-96",
     EncryptionAlgorithm::NONE,
     IntegrityAlgorithm::AES_CMAC_96,
     0,
     AES_KEY_SIZE,
     0,
     ICV_96},
};

/**
 * @brief View a nonce that may be absent.
 * @param nonce the nonce
 * @return its octets, none when it is absent
 */
ByteView
OrEmpty(const std::optional<Nonce>& nonce)
{
    return nonce ? ByteView(*nonce) : ByteView();
}

} // namespace

const Ciphersuite*
FindCiphersuite(uint8_t code)
{
    return code < std::size(SUITES) ? &SUITES[code] : nullptr;
}

std::optional<SessionKeys>
SplitMisk(const Ciphersuite& suite, ByteView misk)
{
    if (misk.size() < suite.MiskOctets())
    {
        return std::nullopt;
    }
    return SessionKeys{
        SecretBytes(ByteView(misk.data(), suite.miikOctets)),
        SecretBytes(ByteView(misk.data() + suite.miikOctets, suite.miekOctets)),
    };
}

SessionKeys
DeriveMisk(CryptoContext& ctx,
           ByteView key,
           uint8_t suite,
           const std::optional<Nonce>& nonceT,
           const std::optional<Nonce>& nonceN,
           const MisfId& mnId,
           const MisfId& posId)
{
    const Ciphersuite* found = FindCiphersuite(suite);
    if (found == nullptr || found->MiskOctets() == 0)
    {
        return SessionKeys();
    }
    KdfContext context;
    context.Byte(suite)
        .LengthPrefixed(OrEmpty(nonceT))
        .LengthPrefixed(OrEmpty(nonceN))
        .LengthPrefixed(mnId.View())
        .LengthPrefixed(posId.View());
    return *SplitMisk(
        *found,
        Kdf(ctx, DefaultPrf(), key, assigned::LABEL_MISK, context, found->MiskOctets()));
}

} // namespace ns3::mis
