// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Diffie-Hellman key agreement on Curve25519 and on P-256.
 */
#include "mis-key-agreement.h"

#include "mis-counting-mixer.h"
#include "mis-openssl.h"

#include "ns3/mis-real-crypto.h"
#include "ns3/mis-signature.h"

#include <algorithm>
#include <openssl/obj_mac.h>

namespace ns3::mis
{

namespace
{

/** Keep the results of the counting backend for different functions apart. */
enum Purpose : uint64_t
{
    PURPOSE_PUBLIC = 40,
    PURPOSE_SHARED = 41
};

/**
 * @brief Give a private key to OpenSSL.
 * @param priv the key
 * @return the key as an object
 */
openssl::PkeyPtr
ImportPrivate(ByteView priv)
{
    openssl::PkeyPtr pkey(EVP_PKEY_new_raw_private_key_ex(openssl::LibraryContext(),
                                                          "X25519",
                                                          nullptr,
                                                          priv.data(),
                                                          priv.size()));
    if (pkey == nullptr)
    {
        openssl::Fatal("EVP_PKEY_new_raw_private_key_ex");
    }
    return pkey;
}

/**
 * @brief Compute the public key of a private key.
 * @param ctx the computing node
 * @param priv the private key
 * @return the public key
 */
std::array<uint8_t, X25519_SIZE>
PublicOf(CryptoContext& ctx, ByteView priv)
{
    std::array<uint8_t, X25519_SIZE> pub;
    if (ctx.IsReal())
    {
        std::size_t size = pub.size();
        if (EVP_PKEY_get_raw_public_key(ImportPrivate(priv).get(), pub.data(), &size) != 1)
        {
            openssl::Fatal("EVP_PKEY_get_raw_public_key");
        }
    }
    else
    {
        CountingMixer(PURPOSE_PUBLIC).Add(priv).Finish(pub.data(), pub.size());
    }
    return pub;
}

/**
 * @brief Check a private key.
 * @param priv the key
 */
void
CheckPrivate(ByteView priv)
{
    if (priv.size() != X25519_SIZE)
    {
        openssl::Misuse("an X25519 private key of this size");
    }
}

} // namespace

X25519KeyPair
X25519KeyPair::Generate(CryptoContext& ctx)
{
    return FromPrivate(ctx, ctx.RandomSecret(X25519_SIZE));
}

X25519KeyPair
X25519KeyPair::FromPrivate(CryptoContext& ctx, ByteView priv)
{
    CheckPrivate(priv);
    ctx.Count(CryptoOperation::X25519_KEYGEN, 0);
    X25519KeyPair keys;
    keys.priv.Assign(priv);
    keys.pub = PublicOf(ctx, priv);
    return keys;
}

std::optional<SecretBytes>
X25519KeyPair::Derive(CryptoContext& ctx, ByteView priv, ByteView peer)
{
    CheckPrivate(priv);
    if (peer.size() != X25519_SIZE)
    {
        return std::nullopt;
    }
    ctx.Count(CryptoOperation::X25519_DERIVE, 0);
    SecretBytes shared = SecretBytes::Zeros(X25519_SIZE);
    if (!ctx.IsReal())
    {
        if (std::all_of(peer.begin(), peer.end(), [](uint8_t octet) { return octet == 0; }))
        {
            return std::nullopt;
        }
        // Both sides must come to the same, so the two public keys are taken in a fixed order.
        const std::array<uint8_t, X25519_SIZE> own = PublicOf(ctx, priv);
        ByteView first(own);
        ByteView second = peer;
        if (std::lexicographical_compare(second.begin(), second.end(), first.begin(), first.end()))
        {
            std::swap(first, second);
        }
        CountingMixer(PURPOSE_SHARED).Add(first).Add(second).Finish(shared.data(), shared.size());
        return shared;
    }
    const openssl::PkeyPtr pkey = ImportPrivate(priv);
    const openssl::PkeyPtr peerKey(EVP_PKEY_new_raw_public_key_ex(openssl::LibraryContext(),
                                                                  "X25519",
                                                                  nullptr,
                                                                  peer.data(),
                                                                  peer.size()));
    const openssl::PkeyCtxPtr operation(
        EVP_PKEY_CTX_new_from_pkey(openssl::LibraryContext(), pkey.get(), nullptr));
    if (peerKey == nullptr || operation == nullptr || EVP_PKEY_derive_init(operation.get()) != 1 ||
        EVP_PKEY_derive_set_peer(operation.get(), peerKey.get()) != 1)
    {
        openssl::Fatal("EVP_PKEY_derive_set_peer");
    }
    std::size_t size = shared.size();
    // Fails for the public keys of small order, which give the all-zero secret.
    if (EVP_PKEY_derive(operation.get(), shared.data(), &size) != 1)
    {
        openssl::DropErrors();
        return std::nullopt;
    }
    return shared;
}

namespace
{

/** First octet of an uncompressed point. */
constexpr uint8_t UNCOMPRESSED = 4;

/**
 * @brief Take the key of a signature for an agreement.
 * @param keys the key
 * @return the same key
 */
P256KeyPair
FromSigner(const EcdsaKeyPair& keys)
{
    P256KeyPair pair;
    pair.priv.Assign(keys.Private());
    const auto& point = keys.Public().Octets();
    std::copy(point.begin() + 1, point.end(), pair.pub.begin());
    return pair;
}

} // namespace

P256KeyPair
P256KeyPair::Generate(CryptoContext& ctx)
{
    RealCrypto real(ctx);
    return FromSigner(EcdsaKeyPair::Generate(real));
}

std::optional<P256KeyPair>
P256KeyPair::FromPrivate(CryptoContext& ctx, ByteView priv)
{
    RealCrypto real(ctx);
    const auto keys = EcdsaKeyPair::FromPrivate(real, priv);
    return keys ? std::optional(FromSigner(*keys)) : std::nullopt;
}

std::optional<SecretBytes>
P256KeyPair::Derive(CryptoContext& ctx, ByteView priv, ByteView peer)
{
    if (priv.size() != P256_SECRET_SIZE)
    {
        openssl::Misuse("a P-256 private key of this size");
    }
    if (peer.size() != P256_PUBLIC_SIZE)
    {
        return std::nullopt;
    }
    ctx.Count(CryptoOperation::P256_DERIVE, 0);
    const EC_GROUP* const group = openssl::CurveP256();
    uint8_t octets[1 + P256_PUBLIC_SIZE] = {UNCOMPRESSED};
    std::copy(peer.begin(), peer.end(), octets + 1);
    const openssl::PointPtr theirs(EC_POINT_new(group));
    const openssl::PointPtr common(EC_POINT_new(group));
    const openssl::BignumPtr scalar(BN_secure_new());
    const openssl::BignumPtr x(BN_secure_new());
    if (!theirs || !common || !scalar || !x ||
        !BN_bin2bn(priv.data(), static_cast<int>(priv.size()), scalar.get()))
    {
        openssl::Fatal("EC_POINT_new");
    }
    BN_set_flags(scalar.get(), BN_FLG_CONSTTIME);
    if (EC_POINT_oct2point(group, theirs.get(), octets, sizeof octets, nullptr) != 1)
    {
        openssl::DropErrors();
        return std::nullopt;
    }
    SecretBytes shared = SecretBytes::Zeros(P256_SECRET_SIZE);
    if (EC_POINT_mul(group, common.get(), nullptr, theirs.get(), scalar.get(), nullptr) != 1 ||
        EC_POINT_get_affine_coordinates(group, common.get(), x.get(), nullptr, nullptr) != 1 ||
        BN_bn2binpad(x.get(), shared.data(), static_cast<int>(shared.size())) < 0)
    {
        openssl::Fatal("EC_POINT_mul");
    }
    return shared;
}

} // namespace ns3::mis
