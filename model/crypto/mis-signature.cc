// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief ECDSA signatures on the curve P-256 with SHA-256.
 */
#include "mis-signature.h"

#include "mis-counting-mixer.h"
#include "mis-ecdsa.h"

#include <algorithm>
#include <openssl/core_names.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <utility>

namespace ns3::mis
{

namespace
{

using ParamBuildPtr = std::unique_ptr<OSSL_PARAM_BLD, openssl::Deleter<OSSL_PARAM_BLD_free>>;
using ParamsPtr = std::unique_ptr<OSSL_PARAM, openssl::Deleter<OSSL_PARAM_free>>;

/** Keep the results of the counting backend for different functions apart. */
enum Purpose : uint64_t
{
    PURPOSE_PUBLIC = 30,
    PURPOSE_SIGNATURE = 31
};

/** @brief An uncompressed point. */
using Point = std::array<uint8_t, ECDSA_PUBLIC_SIZE>;

/** First octet of an uncompressed point. */
constexpr uint8_t UNCOMPRESSED = 4;

/**
 * @brief Give a key to OpenSSL.
 * @param point the public key
 * @param scalar the private key, or nullptr
 * @return the key, or nothing when the point is not on the curve
 */
openssl::PkeyPtr
Import(const Point& point, const BIGNUM* scalar)
{
    static EVP_PKEY_CTX* const import = [] {
        EVP_PKEY_CTX* ctx = EVP_PKEY_CTX_new_from_name(openssl::LibraryContext(), "EC", nullptr);
        if (ctx == nullptr || EVP_PKEY_fromdata_init(ctx) != 1)
        {
            openssl::Fatal("EVP_PKEY_fromdata_init");
        }
        return ctx;
    }();
    const ParamBuildPtr build(OSSL_PARAM_BLD_new());
    if (build == nullptr ||
        OSSL_PARAM_BLD_push_utf8_string(build.get(),
                                        OSSL_PKEY_PARAM_GROUP_NAME,
                                        SN_X9_62_prime256v1,
                                        0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(build.get(),
                                         OSSL_PKEY_PARAM_PUB_KEY,
                                         point.data(),
                                         point.size()) != 1 ||
        (scalar != nullptr &&
         OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) != 1))
    {
        openssl::Fatal("OSSL_PARAM_BLD");
    }
    const ParamsPtr parameters(OSSL_PARAM_BLD_to_param(build.get()));
    EVP_PKEY* pkey = nullptr;
    const int selection = scalar != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    if (EVP_PKEY_fromdata(import, &pkey, selection, parameters.get()) != 1)
    {
        openssl::DropErrors();
        EVP_PKEY_free(pkey);
        return nullptr;
    }
    return openssl::PkeyPtr(pkey);
}

/**
 * @brief Ask whether a scalar can be a private key.
 * @param scalar big-endian
 * @return the number, or nothing when it is 0 or not below the order of the curve
 */
openssl::BignumPtr
ReadScalar(ByteView scalar)
{
    openssl::BignumPtr number(BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), nullptr));
    if (number == nullptr)
    {
        openssl::Fatal("BN_bin2bn");
    }
    if (BN_is_zero(number.get()) ||
        BN_cmp(number.get(), EC_GROUP_get0_order(openssl::CurveP256())) >= 0)
    {
        return nullptr;
    }
    return number;
}

/**
 * @brief The stand-in of the counting backend for a signature.
 * @param point the public key
 * @param parts the message
 * @return the signature
 */
EcdsaSignature
MixSignature(const Point& point, ByteParts parts)
{
    EcdsaSignature signature;
    CountingMixer(PURPOSE_SIGNATURE)
        .Add(ByteView(point))
        .End()
        .Add(parts)
        .Finish(signature.data(), signature.size());
    return signature;
}

} // namespace

struct EcdsaPublicKey::Material
{
    Point point{};         //!< the uncompressed point
    openssl::PkeyPtr pkey; //!< absent for a key of the counting backend
};

struct EcdsaKeyPair::Material
{
    /**
     * @brief Put together.
     * @param publicKey the public key
     */
    explicit Material(EcdsaPublicKey publicKey)
        : pub(std::move(publicKey))
    {
    }

    SecretBytes priv;      //!< the scalar
    EcdsaPublicKey pub;    //!< the public key
    openssl::PkeyPtr pkey; //!< absent for a key of the counting backend
};

EcdsaPublicKey::EcdsaPublicKey(std::shared_ptr<const Material> material)
    : m_material(std::move(material))
{
}

std::optional<EcdsaPublicKey>
EcdsaPublicKey::FromOctets(CryptoContext& ctx, ByteView point)
{
    if (point.size() != ECDSA_PUBLIC_SIZE || point[0] != UNCOMPRESSED)
    {
        return std::nullopt;
    }
    auto material = std::make_shared<Material>();
    std::copy(point.begin(), point.end(), material->point.begin());
    if (ctx.IsReal())
    {
        material->pkey = Import(material->point, nullptr);
        if (material->pkey == nullptr)
        {
            return std::nullopt;
        }
    }
    return EcdsaPublicKey(std::move(material));
}

const std::array<uint8_t, ECDSA_PUBLIC_SIZE>&
EcdsaPublicKey::Octets() const
{
    return m_material->point;
}

EcdsaKeyPair::EcdsaKeyPair(std::shared_ptr<const Material> material)
    : m_material(std::move(material))
{
}

EcdsaKeyPair
EcdsaKeyPair::Generate(CryptoContext& ctx)
{
    openssl::ExpandedSource source(ctx);
    SecretBytes scalar = SecretBytes::Zeros(ECDSA_PRIVATE_SIZE);
    do
    {
        source.Fill(scalar.data(), scalar.size());
    } while (ReadScalar(scalar) == nullptr);
    return *FromPrivate(ctx, scalar);
}

std::optional<EcdsaKeyPair>
EcdsaKeyPair::FromPrivate(CryptoContext& ctx, ByteView scalar)
{
    if (scalar.size() != ECDSA_PRIVATE_SIZE)
    {
        return std::nullopt;
    }
    const openssl::BignumPtr number = ReadScalar(scalar);
    if (number == nullptr)
    {
        return std::nullopt;
    }
    ctx.Count(CryptoOperation::ECDSA_KEYGEN, 0);
    Point point{};
    openssl::PkeyPtr pkey;
    if (ctx.IsReal())
    {
        const openssl::PointPtr product(EC_POINT_new(openssl::CurveP256()));
        if (product == nullptr ||
            EC_POINT_mul(openssl::CurveP256(),
                         product.get(),
                         number.get(),
                         nullptr,
                         nullptr,
                         nullptr) != 1 ||
            EC_POINT_point2oct(openssl::CurveP256(),
                               product.get(),
                               POINT_CONVERSION_UNCOMPRESSED,
                               point.data(),
                               point.size(),
                               nullptr) != point.size())
        {
            openssl::Fatal("EC_POINT_mul");
        }
        pkey = Import(point, number.get());
        if (pkey == nullptr)
        {
            openssl::Fatal("EVP_PKEY_fromdata");
        }
    }
    else
    {
        point[0] = UNCOMPRESSED;
        CountingMixer(PURPOSE_PUBLIC).Add(scalar).Finish(point.data() + 1, point.size() - 1);
    }
    auto material = std::make_shared<Material>(*EcdsaPublicKey::FromOctets(ctx, point));
    material->priv.Assign(scalar);
    material->pkey = std::move(pkey);
    return EcdsaKeyPair(std::move(material));
}

const EcdsaPublicKey&
EcdsaKeyPair::Public() const
{
    return m_material->pub;
}

ByteView
EcdsaKeyPair::Private() const
{
    return m_material->priv;
}

EcdsaSignature
Sign(CryptoContext& ctx, const EcdsaKeyPair& key, ByteParts parts)
{
    ctx.Count(CryptoOperation::ECDSA_SIGN, TotalSize(parts));
    openssl::ExpandedSource source(ctx);
    if (!ctx.IsReal())
    {
        return MixSignature(key.Public().Octets(), parts);
    }
    if (key.m_material->pkey == nullptr)
    {
        openssl::Misuse("a signing key of the counting backend");
    }
    return openssl::SignWith(key.m_material->pkey.get(), source, parts);
}

bool
Verify(CryptoContext& ctx, const EcdsaPublicKey& key, ByteParts parts, ByteView signature)
{
    if (signature.size() != ECDSA_SIGNATURE_SIZE)
    {
        return false;
    }
    ctx.Count(CryptoOperation::ECDSA_VERIFY, TotalSize(parts));
    if (!ctx.IsReal())
    {
        return SecretBytes::Equal(MixSignature(key.Octets(), parts), signature);
    }
    if (key.m_material->pkey == nullptr)
    {
        openssl::Misuse("a verifying key of the counting backend");
    }
    return openssl::VerifyWith(key.m_material->pkey.get(), parts, signature);
}

Bytes
SignatureToDer(const EcdsaSignature& signature)
{
    const std::size_t half = signature.size() / 2;
    const openssl::EcdsaSigPtr parsed(ECDSA_SIG_new());
    openssl::BignumPtr r(BN_bin2bn(signature.data(), half, nullptr));
    openssl::BignumPtr s(BN_bin2bn(signature.data() + half, half, nullptr));
    if (!parsed || !r || !s || ECDSA_SIG_set0(parsed.get(), r.get(), s.get()) != 1)
    {
        openssl::Fatal("ECDSA_SIG_set0");
    }
    r.release(); // owned by the signature now
    s.release();
    Bytes der(i2d_ECDSA_SIG(parsed.get(), nullptr));
    unsigned char* to = der.data();
    i2d_ECDSA_SIG(parsed.get(), &to);
    return der;
}

std::optional<EcdsaSignature>
SignatureFromDer(ByteView der)
{
    const unsigned char* from = der.data();
    const openssl::EcdsaSigPtr parsed(d2i_ECDSA_SIG(nullptr, &from, static_cast<long>(der.size())));
    EcdsaSignature signature;
    const int half = signature.size() / 2;
    if (!parsed || from != der.data() + der.size() ||
        BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), signature.data(), half) != half ||
        BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), signature.data() + half, half) != half)
    {
        openssl::DropErrors();
        return std::nullopt;
    }
    return signature;
}

namespace openssl
{

EcdsaSignature
SignWith(EVP_PKEY* key, RandomSource& source, ByteParts parts)
{
    uint8_t digest[32];
    RawSha256(parts, digest);
    const ScopedRandomSource scope(source);
    const PkeyCtxPtr operation(EVP_PKEY_CTX_new_from_pkey(LibraryContext(), key, nullptr));
    uint8_t der[80];
    std::size_t size = sizeof der;
    if (!operation || EVP_PKEY_sign_init(operation.get()) != 1 ||
        EVP_PKEY_sign(operation.get(), der, &size, digest, sizeof digest) != 1)
    {
        Fatal("EVP_PKEY_sign");
    }
    const auto signature = SignatureFromDer(ByteView(der, size));
    if (!signature)
    {
        Fatal("d2i_ECDSA_SIG");
    }
    return *signature;
}

bool
VerifyWith(EVP_PKEY* key, ByteParts parts, ByteView signature)
{
    uint8_t digest[32];
    RawSha256(parts, digest);
    EcdsaSignature plain;
    std::copy(signature.begin(), signature.end(), plain.begin());
    const auto der = SignatureToDer(plain);
    const PkeyCtxPtr operation(EVP_PKEY_CTX_new_from_pkey(LibraryContext(), key, nullptr));
    if (!operation || EVP_PKEY_verify_init(operation.get()) != 1)
    {
        Fatal("EVP_PKEY_verify_init");
    }
    // Numbers out of range make the call fail, others that do not fit make it say no.
    const bool isAuthentic =
        EVP_PKEY_verify(operation.get(), der.data(), der.size(), digest, sizeof digest) == 1;
    if (!isAuthentic)
    {
        DropErrors();
    }
    return isAuthentic;
}

} // namespace openssl

} // namespace ns3::mis
