// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief AES-128 on one block and in counter mode, which 3GPP and IEEE 802.16 build upon.
 */
#include "mis-aes.h"

#include "mis-counting-mixer.h"
#include "mis-openssl.h"

namespace ns3::mis
{

namespace
{

/** Keep the results of the counting backend for different functions apart. */
enum Purpose : uint64_t
{
    PURPOSE_BLOCK = 50,
    PURPOSE_COUNTER_MODE = 51
};

/**
 * @brief Make the context that serves one mode for the whole process.
 * @param name the cipher's name in OpenSSL
 * @return the context, without a key
 */
EVP_CIPHER_CTX*
MakeContext(const char* name)
{
    EVP_CIPHER* cipher = EVP_CIPHER_fetch(openssl::LibraryContext(), name, nullptr);
    EVP_CIPHER_CTX* ctx = EVP_CIPHER_CTX_new();
    if (cipher == nullptr || ctx == nullptr ||
        EVP_EncryptInit_ex2(ctx, cipher, nullptr, nullptr, nullptr) != 1)
    {
        openssl::Fatal("EVP_EncryptInit_ex2");
    }
    EVP_CIPHER_free(cipher);
    return ctx;
}

/**
 * @brief Set the key of a context and run text through it.
 * @param context the context
 * @param key the key
 * @param iv what the mode starts with, or nullptr
 * @param text the text, whole blocks unless the mode is a stream
 * @param out room for as many octets
 */
void
Run(EVP_CIPHER_CTX* context, ByteView key, const uint8_t* iv, ByteView text, uint8_t* out)
{
    int written = 0;
    if (EVP_EncryptInit_ex2(context, nullptr, key.data(), iv, nullptr) != 1 ||
        EVP_CIPHER_CTX_set_padding(context, 0) != 1 ||
        EVP_EncryptUpdate(context, out, &written, text.data(), static_cast<int>(text.size())) !=
            1 ||
        static_cast<std::size_t>(written) != text.size())
    {
        openssl::Fatal("AES-128");
    }
}

/**
 * @brief Check what the caller must get right.
 * @param key the key
 */
void
CheckKey(ByteView key)
{
    if (key.size() != 16)
    {
        openssl::Misuse("AES-128 wants a key of 16 octets");
    }
}

} // namespace

AesBlock
AesEncryptBlock(CryptoContext& ctx, ByteView key, const AesBlock& block)
{
    CheckKey(key);
    ctx.Count(CryptoOperation::AES_CBC, block.size());
    AesBlock out;
    if (ctx.IsReal())
    {
        static EVP_CIPHER_CTX* const context = MakeContext("AES-128-ECB");
        Run(context, key, nullptr, block, out.data());
    }
    else
    {
        CountingMixer(PURPOSE_BLOCK).Add(key).End().Add(block).Finish(out.data(), out.size());
    }
    return out;
}

Bytes
AesCounterMode(CryptoContext& ctx, ByteView key, const AesBlock& counter, ByteView text)
{
    CheckKey(key);
    ctx.Count(CryptoOperation::AES_CBC, text.size());
    Bytes out(text.size());
    if (text.empty())
    {
        return out;
    }
    if (ctx.IsReal())
    {
        static EVP_CIPHER_CTX* const context = MakeContext("AES-128-CTR");
        Run(context, key, counter.data(), text, out.data());
    }
    else
    {
        CountingMixer(PURPOSE_COUNTER_MODE).Add(key).End().Add(counter).Cover(text, out.data());
    }
    return out;
}

} // namespace ns3::mis
