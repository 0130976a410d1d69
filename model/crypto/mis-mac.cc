// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Hash and message authentication codes over input given in pieces.
 */
#include "mis-mac.h"

#include "mis-counting-mixer.h"
#include "mis-openssl.h"

#include <cstring>
#include <openssl/core_names.h>
#include <openssl/params.h>

namespace ns3::mis
{

namespace
{

/** @brief A hash function with the one context that serves the whole process. */
class SharedHash
{
  public:
    /**
     * @brief Set up a hash function.
     * @param name its name in OpenSSL
     */
    explicit SharedHash(const char* name)
        : m_md(EVP_MD_fetch(openssl::LibraryContext(), name, nullptr)),
          m_ctx(EVP_MD_CTX_new())
    {
        if (m_md == nullptr || m_ctx == nullptr)
        {
            openssl::Fatal("EVP_MD_fetch");
        }
        m_size = static_cast<std::size_t>(EVP_MD_get_size(m_md));
    }

    /** @brief Begin a digest. */
    void Begin()
    {
        if (EVP_DigestInit_ex2(m_ctx, m_md, nullptr) != 1)
        {
            openssl::Fatal("EVP_DigestInit_ex2");
        }
    }

    /**
     * @brief Hash octets.
     * @param octets the octets
     */
    void Update(ByteView octets)
    {
        if (EVP_DigestUpdate(m_ctx, octets.data(), octets.size()) != 1)
        {
            openssl::Fatal("EVP_DigestUpdate");
        }
    }

    /**
     * @brief End a digest.
     * @param out room for Size() octets
     */
    void Finish(uint8_t* out)
    {
        if (EVP_DigestFinal_ex(m_ctx, out, nullptr) != 1)
        {
            openssl::Fatal("EVP_DigestFinal_ex");
        }
    }

    /**
     * @brief Hash a message.
     * @param parts the message
     * @param out room for Size() octets
     */
    void Digest(ByteParts parts, uint8_t* out)
    {
        Begin();
        for (const ByteView& part : parts)
        {
            Update(part);
        }
        Finish(out);
    }

  private:
    EVP_MD* m_md;       //!< the algorithm
    EVP_MD_CTX* m_ctx;  //!< the context, used anew for every digest
    std::size_t m_size; //!< octets of a digest
};

SharedHash&
SharedSha256()
{
    static SharedHash hash("SHA2-256");
    return hash;
}

/** @brief A keyed function with the one context that serves the whole process, keyed anew each
 * time. */
class SharedMac
{
  public:
    /**
     * @brief Set up a keyed function.
     * @param name its name in OpenSSL
     * @param parameter name of the parameter that names the algorithm inside
     * @param algorithm the algorithm inside
     */
    SharedMac(const char* name, const char* parameter, const char* algorithm)
    {
        EVP_MAC* mac = EVP_MAC_fetch(openssl::LibraryContext(), name, nullptr);
        m_ctx = mac != nullptr ? EVP_MAC_CTX_new(mac) : nullptr;
        EVP_MAC_free(mac);
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(parameter, const_cast<char*>(algorithm), 0),
            OSSL_PARAM_construct_end(),
        };
        if (m_ctx == nullptr || EVP_MAC_CTX_set_params(m_ctx, parameters) != 1)
        {
            openssl::Fatal("EVP_MAC_CTX_set_params");
        }
    }

    /**
     * @brief Compute a code.
     * @param key the key
     * @param parts the message
     * @param out room for the code
     * @param octets its octets
     */
    void Compute(ByteView key, ByteParts parts, uint8_t* out, std::size_t octets)
    {
        // OpenSSL takes a null key as "the same as before".
        static constexpr uint8_t EMPTY = 0;
        if (EVP_MAC_init(m_ctx, key.empty() ? &EMPTY : key.data(), key.size(), nullptr) != 1)
        {
            openssl::Fatal("EVP_MAC_init");
        }
        for (const ByteView& part : parts)
        {
            if (EVP_MAC_update(m_ctx, part.data(), part.size()) != 1)
            {
                openssl::Fatal("EVP_MAC_update");
            }
        }
        std::size_t size = 0;
        if (EVP_MAC_final(m_ctx, out, &size, octets) != 1 || size != octets)
        {
            openssl::Fatal("EVP_MAC_final");
        }
    }

  private:
    EVP_MAC_CTX* m_ctx; //!< the context
};

/** Keep the results of the counting backend for different functions apart. */
enum Purpose : uint64_t
{
    PURPOSE_SHA256 = 1,
    PURPOSE_HMAC_SHA256 = 2,
    PURPOSE_HMAC_SHA1 = 3,
    PURPOSE_AES_CMAC = 4,
    PURPOSE_MD5 = 5,
    PURPOSE_HMAC_MD5 = 6
};

/**
 * @brief The stand-in of the counting backend for a keyed function.
 * @param purpose which function
 * @param key the key
 * @param parts the message
 * @param out where the result goes
 * @param size its octets
 */
void
Mix(Purpose purpose, ByteView key, ByteParts parts, uint8_t* out, std::size_t size)
{
    CountingMixer(purpose).Add(key).End().Add(parts).Finish(out, size);
}

/**
 * @brief Compute an HMAC.
 * @tparam SIZE octets of the code
 * @tparam OPERATION what is counted; one digest each, so that each has its shared function
 * @param ctx the computing node
 * @param digest name of the digest
 * @param purpose keeps the results of the counting backend apart
 * @param key the key
 * @param parts the message
 * @return the code
 */
template <std::size_t SIZE, CryptoOperation OPERATION>
std::array<uint8_t, SIZE>
Hmac(CryptoContext& ctx, const char* digest, Purpose purpose, ByteView key, ByteParts parts)
{
    ctx.Count(OPERATION, TotalSize(parts));
    std::array<uint8_t, SIZE> out;
    if (ctx.IsReal())
    {
        static SharedMac mac("HMAC", OSSL_MAC_PARAM_DIGEST, digest);
        mac.Compute(key, parts, out.data(), out.size());
    }
    else
    {
        Mix(purpose, key, parts, out.data(), out.size());
    }
    return out;
}

} // namespace

namespace openssl
{

void
RawSha256(ByteParts parts, uint8_t* out)
{
    SharedSha256().Digest(parts, out);
}

} // namespace openssl

std::array<uint8_t, HMAC_SHA256_SIZE>
HmacSha256(CryptoContext& ctx, ByteView key, ByteParts parts)
{
    return Hmac<HMAC_SHA256_SIZE, CryptoOperation::HMAC_SHA256>(ctx,
                                                                "SHA2-256",
                                                                PURPOSE_HMAC_SHA256,
                                                                key,
                                                                parts);
}

std::array<uint8_t, HMAC_SHA1_SIZE>
HmacSha1(CryptoContext& ctx, ByteView key, ByteParts parts)
{
    return Hmac<HMAC_SHA1_SIZE, CryptoOperation::HMAC_SHA1>(ctx,
                                                            "SHA1",
                                                            PURPOSE_HMAC_SHA1,
                                                            key,
                                                            parts);
}

std::array<uint8_t, HMAC_MD5_SIZE>
HmacMd5(CryptoContext& ctx, ByteView key, ByteParts parts)
{
    return Hmac<HMAC_MD5_SIZE, CryptoOperation::HMAC_MD5>(ctx, "MD5", PURPOSE_HMAC_MD5, key, parts);
}

std::array<uint8_t, AES_CMAC_SIZE>
AesCmac(CryptoContext& ctx, ByteView key, ByteParts parts)
{
    if (key.size() != 16)
    {
        openssl::Misuse("AES-CMAC wants a key of 16 octets");
    }
    ctx.Count(CryptoOperation::AES_CMAC, TotalSize(parts));
    std::array<uint8_t, AES_CMAC_SIZE> out;
    if (!ctx.IsReal())
    {
        Mix(PURPOSE_AES_CMAC, key, parts, out.data(), out.size());
        return out;
    }
    static SharedMac mac("CMAC", OSSL_MAC_PARAM_CIPHER, "AES-128-CBC");
    mac.Compute(key, parts, out.data(), out.size());
    return out;
}

std::array<uint8_t, SHA256_SIZE>
Sha256(CryptoContext& ctx, ByteParts parts)
{
    ctx.Count(CryptoOperation::HASH, TotalSize(parts));
    std::array<uint8_t, SHA256_SIZE> out;
    if (ctx.IsReal())
    {
        SharedSha256().Digest(parts, out.data());
    }
    else
    {
        CountingMixer(PURPOSE_SHA256).Add(parts).Finish(out.data(), out.size());
    }
    return out;
}

std::array<uint8_t, MD5_SIZE>
Md5(CryptoContext& ctx, ByteParts parts)
{
    ctx.Count(CryptoOperation::HASH, TotalSize(parts));
    std::array<uint8_t, MD5_SIZE> out;
    if (ctx.IsReal())
    {
        static SharedHash hash("MD5");
        hash.Digest(parts, out.data());
    }
    else
    {
        CountingMixer(PURPOSE_MD5).Add(parts).Finish(out.data(), out.size());
    }
    return out;
}

} // namespace ns3::mis
