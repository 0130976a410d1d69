// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief AES key wrap, which hides a key and notices any change to it.
 */
#include "mis-key-wrap.h"

#include "mis-counting-mixer.h"
#include "mis-openssl.h"

#include <algorithm>
#include <array>

namespace ns3::mis
{

namespace
{

/** Keep the results of the counting backend for different functions apart. */
enum Purpose : uint64_t
{
    PURPOSE_WRAP_CHECK = 20,
    PURPOSE_WRAP_TEXT = 21
};

/**
 * @brief Make the context that serves one direction and one size of key for the whole process.
 * @param name the cipher's name in OpenSSL
 * @param encrypt 1 to wrap, 0 to unwrap
 * @return the context, without a key
 */
EVP_CIPHER_CTX*
MakeContext(const char* name, int encrypt)
{
    EVP_CIPHER* cipher = EVP_CIPHER_fetch(openssl::LibraryContext(), name, nullptr);
    EVP_CIPHER_CTX* ctx = EVP_CIPHER_CTX_new();
    if (cipher == nullptr || ctx == nullptr)
    {
        openssl::Fatal("EVP_CIPHER_fetch");
    }
    EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    if (EVP_CipherInit_ex2(ctx, cipher, nullptr, nullptr, encrypt, nullptr) != 1)
    {
        openssl::Fatal("EVP_CipherInit_ex2");
    }
    EVP_CIPHER_free(cipher);
    return ctx;
}

/**
 * @brief The contexts of one direction.
 * @param encrypt 1 to wrap, 0 to unwrap
 * @return for keys of 16, 24 and 32 octets
 */
std::array<EVP_CIPHER_CTX*, 3>
MakeContexts(int encrypt)
{
    return {MakeContext("AES-128-WRAP", encrypt),
            MakeContext("AES-192-WRAP", encrypt),
            MakeContext("AES-256-WRAP", encrypt)};
}

/**
 * @brief Which of the contexts serves a key.
 * @param kek the key-encrypting key
 * @return position in MakeContexts()
 */
std::size_t
ContextFor(ByteView kek)
{
    if (kek.size() != 16 && kek.size() != 24 && kek.size() != 32)
    {
        openssl::Misuse("a key-encrypting key of this size");
    }
    return kek.size() / 8 - 2;
}

/**
 * @brief The stand-in of the counting backend for the check value.
 * @param kek the key-encrypting key
 * @param key the key
 * @return the value
 */
std::array<uint8_t, KEY_WRAP_OVERHEAD>
MixCheck(ByteView kek, ByteView key)
{
    std::array<uint8_t, KEY_WRAP_OVERHEAD> check;
    CountingMixer(PURPOSE_WRAP_CHECK).Add(kek).End().Add(key).Finish(check.data(), check.size());
    return check;
}

} // namespace

Bytes
WrapKey(CryptoContext& ctx, ByteView kek, ByteView key)
{
    const std::size_t which = ContextFor(kek);
    if (key.size() < 16 || key.size() % 8 != 0 || key.size() > SecretBytes::CAPACITY)
    {
        openssl::Misuse("a key to be wrapped of this size");
    }
    ctx.Count(CryptoOperation::KEY_WRAP, key.size());
    Bytes wrapped(key.size() + KEY_WRAP_OVERHEAD);
    if (!ctx.IsReal())
    {
        const auto check = MixCheck(kek, key);
        std::copy(check.begin(), check.end(), wrapped.begin());
        CountingMixer(PURPOSE_WRAP_TEXT).Add(kek).Cover(key, wrapped.data() + check.size());
        return wrapped;
    }
    static const auto contexts = MakeContexts(1);
    EVP_CIPHER_CTX* const cipher = contexts[which];
    int written = 0;
    if (EVP_EncryptInit_ex2(cipher, nullptr, kek.data(), nullptr, nullptr) != 1 ||
        EVP_EncryptUpdate(cipher,
                          wrapped.data(),
                          &written,
                          key.data(),
                          static_cast<int>(key.size())) != 1 ||
        static_cast<std::size_t>(written) != wrapped.size())
    {
        openssl::Fatal("AES key wrap");
    }
    return wrapped;
}

std::optional<SecretBytes>
UnwrapKey(CryptoContext& ctx, ByteView kek, ByteView wrapped)
{
    const std::size_t which = ContextFor(kek);
    if (wrapped.size() < 16 + KEY_WRAP_OVERHEAD || wrapped.size() % 8 != 0 ||
        wrapped.size() > SecretBytes::CAPACITY + KEY_WRAP_OVERHEAD)
    {
        return std::nullopt;
    }
    ctx.Count(CryptoOperation::KEY_UNWRAP, wrapped.size());
    SecretBytes key = SecretBytes::Zeros(wrapped.size() - KEY_WRAP_OVERHEAD);
    if (!ctx.IsReal())
    {
        const ByteView check(wrapped.data(), KEY_WRAP_OVERHEAD);
        const ByteView text(wrapped.data() + KEY_WRAP_OVERHEAD, key.size());
        CountingMixer(PURPOSE_WRAP_TEXT).Add(kek).Cover(text, key.data());
        if (!SecretBytes::Equal(MixCheck(kek, key), check))
        {
            return std::nullopt;
        }
        return key;
    }
    static const auto contexts = MakeContexts(0);
    EVP_CIPHER_CTX* const cipher = contexts[which];
    if (EVP_DecryptInit_ex2(cipher, nullptr, kek.data(), nullptr, nullptr) != 1)
    {
        openssl::Fatal("EVP_DecryptInit_ex2");
    }
    // OpenSSL works in the memory of the result and wants room for the check value there.
    std::array<uint8_t, SecretBytes::CAPACITY + KEY_WRAP_OVERHEAD> buffer;
    int written = 0;
    const bool authentic = EVP_DecryptUpdate(cipher,
                                             buffer.data(),
                                             &written,
                                             wrapped.data(),
                                             static_cast<int>(wrapped.size())) == 1 &&
                           static_cast<std::size_t>(written) == key.size();
    if (authentic)
    {
        std::copy_n(buffer.begin(), key.size(), key.data());
    }
    else
    {
        openssl::DropErrors();
    }
    SecureWipe(buffer.data(), buffer.size());
    return authentic ? std::optional<SecretBytes>(key) : std::nullopt;
}

} // namespace ns3::mis
