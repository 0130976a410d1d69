// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The ciphers of protected messages: AES-128 in CCM, GCM and CBC mode.
 */
#include "mis-aead.h"

#include "mis-counting-mixer.h"
#include "mis-openssl.h"

#include <cstring>
#include <openssl/core_names.h>
#include <openssl/params.h>

namespace ns3::mis
{

namespace
{

/** Keep the results of the counting backend for different functions apart. */
enum Purpose : uint64_t
{
    PURPOSE_CCM_TAG = 10,
    PURPOSE_CCM_TEXT = 11,
    PURPOSE_CBC_TEXT = 12
};

/** The largest tag of CCM, in octets. */
constexpr std::size_t CCM_MAX_TAG = 16;

/**
 * @brief Make the context that serves one direction of one cipher for the whole process.
 * @param name the cipher's name in OpenSSL
 * @param encrypt 1 to encrypt, 0 to decrypt
 * @return the context, without a key
 */
EVP_CIPHER_CTX*
MakeContext(const char* name, int encrypt)
{
    EVP_CIPHER* cipher = EVP_CIPHER_fetch(openssl::LibraryContext(), name, nullptr);
    EVP_CIPHER_CTX* ctx = EVP_CIPHER_CTX_new();
    if (cipher == nullptr || ctx == nullptr ||
        EVP_CipherInit_ex2(ctx, cipher, nullptr, nullptr, encrypt, nullptr) != 1)
    {
        openssl::Fatal("EVP_CipherInit_ex2");
    }
    EVP_CIPHER_free(cipher);
    return ctx;
}

EVP_CIPHER_CTX*
MakeCcmContext(int encrypt)
{
    EVP_CIPHER_CTX* ctx = MakeContext("AES-128-CCM", encrypt);
    std::size_t nonceSize = CCM_NONCE_SIZE;
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_size_t(OSSL_CIPHER_PARAM_AEAD_IVLEN, &nonceSize),
        OSSL_PARAM_construct_end(),
    };
    if (EVP_CIPHER_CTX_set_params(ctx, parameters) != 1)
    {
        openssl::Fatal("EVP_CIPHER_CTX_set_params");
    }
    return ctx;
}

/**
 * @brief Give a CCM context the size of the tag and, to verify, the tag.
 * @param ctx the context
 * @param size octets of the tag
 * @param tag the tag, or nullptr to encrypt
 */
void
SetTag(EVP_CIPHER_CTX* ctx, std::size_t size, uint8_t* tag)
{
    if (EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(size), tag) != 1)
    {
        openssl::Fatal("EVP_CTRL_AEAD_SET_TAG");
    }
}

/** @brief Additional data in one piece, as OpenSSL's CCM wants it. */
class JoinedParts
{
  public:
    /**
     * @brief Join.
     * @param parts the pieces
     */
    explicit JoinedParts(ByteParts parts)
    {
        if (parts.size() == 1)
        {
            m_view = *parts.begin();
            return;
        }
        const std::size_t total = TotalSize(parts);
        uint8_t* out = m_inline;
        if (total > sizeof m_inline)
        {
            m_large.resize(total);
            out = m_large.data();
        }
        m_view = ByteView(out, total);
        for (const ByteView& part : parts)
        {
            if (!part.empty())
            {
                std::memcpy(out, part.data(), part.size());
                out += part.size();
            }
        }
    }

    JoinedParts(const JoinedParts&) = delete;
    JoinedParts& operator=(const JoinedParts&) = delete;

    /** @return the octets in one piece */
    ByteView View() const
    {
        return m_view;
    }

  private:
    uint8_t m_inline[640]; //!< enough for a header, two identifiers of full length and a SAID
    Bytes m_large;         //!< for more
    ByteView m_view;       //!< the result
};

/**
 * @brief Check what the caller of CCM must get right.
 * @param key the key
 * @param nonce the nonce
 * @param tagSize octets of the tag
 */
void
CheckCcmSizes(ByteView key, ByteView nonce, std::size_t tagSize)
{
    if (key.size() != AES_KEY_SIZE || nonce.size() != CCM_NONCE_SIZE || tagSize < 4 ||
        tagSize > CCM_MAX_TAG || tagSize % 2 != 0)
    {
        openssl::Misuse("a size in AES-CCM");
    }
}

/**
 * @brief Tell a CCM context the length of the text, feed it the additional data, then the text.
 * @param ctx the context, with key and nonce
 * @param aad additional data
 * @param text the text
 * @param out where the result goes
 * @return whether all calls succeeded; when decrypting, whether the tag fits
 */
bool
RunCcm(EVP_CIPHER_CTX* ctx, ByteView aad, ByteView text, uint8_t* out)
{
    // With nothing to read or to write OpenSSL still needs a place, or it takes the call for
    // another one.
    uint8_t dummy = 0;
    const int size = static_cast<int>(text.size());
    int written = 0;
    return EVP_CipherUpdate(ctx, nullptr, &written, nullptr, size) == 1 &&
           (aad.empty() ||
            EVP_CipherUpdate(ctx, nullptr, &written, aad.data(), static_cast<int>(aad.size())) ==
                1) &&
           EVP_CipherUpdate(ctx,
                            text.empty() ? &dummy : out,
                            &written,
                            text.empty() ? &dummy : text.data(),
                            size) == 1;
}

/**
 * @brief The stand-in of the counting backend for the tag.
 * @param key the key
 * @param nonce the nonce
 * @param aad additional data
 * @param plain the text
 * @param tag where it goes
 * @param tagSize its octets
 */
void
MixCcmTag(ByteView key,
          ByteView nonce,
          ByteParts aad,
          ByteView plain,
          uint8_t* tag,
          std::size_t tagSize)
{
    CountingMixer(PURPOSE_CCM_TAG)
        .Add(key)
        .End()
        .Add(nonce)
        .End()
        .Add(aad)
        .End()
        .Add(plain)
        .Finish(tag, tagSize);
}

/**
 * @brief The stand-in of the counting backend for hiding and revealing text.
 * @param purpose which cipher
 * @param key the key
 * @param nonce the nonce or initialisation vector
 * @param text the text
 * @param out where the result goes
 */
void
MixText(Purpose purpose, ByteView key, ByteView nonce, ByteView text, uint8_t* out)
{
    CountingMixer(purpose).Add(key).End().Add(nonce).Cover(text, out);
}

/**
 * @brief Check what the caller of GCM must get right.
 * @param key the key
 * @param nonce the nonce
 */
void
CheckGcmSizes(ByteView key, ByteView nonce)
{
    if (key.size() != AES_KEY_SIZE || nonce.size() != GCM_NONCE_SIZE)
    {
        openssl::Misuse("a size in AES-GCM");
    }
}

/**
 * @brief Feed a GCM context the additional data, then the text.
 * @param cipher the context, with key and nonce
 * @param aad additional data
 * @param text the text
 * @param out where the result goes
 */
void
RunGcm(EVP_CIPHER_CTX* cipher, ByteParts aad, ByteView text, uint8_t* out)
{
    int written = 0;
    for (const ByteView& part : aad)
    {
        if (!part.empty() && EVP_CipherUpdate(cipher,
                                              nullptr,
                                              &written,
                                              part.data(),
                                              static_cast<int>(part.size())) != 1)
        {
            openssl::Fatal("additional data of AES-128-GCM");
        }
    }
    if (!text.empty() &&
        EVP_CipherUpdate(cipher, out, &written, text.data(), static_cast<int>(text.size())) != 1)
    {
        openssl::Fatal("text of AES-128-GCM");
    }
}

/**
 * @brief Check what the caller of CBC must get right.
 * @param key the key
 * @param iv the initialisation vector
 */
void
CheckCbcSizes(ByteView key, ByteView iv)
{
    if (key.size() != AES_KEY_SIZE || iv.size() != AES_BLOCK_SIZE)
    {
        openssl::Misuse("a size in AES-CBC");
    }
}

} // namespace

void
CcmSeal(CryptoContext& ctx,
        ByteView key,
        ByteView nonce,
        ByteParts aad,
        ByteView plain,
        uint8_t* out,
        std::size_t tagSize)
{
    CheckCcmSizes(key, nonce, tagSize);
    if (plain.size() > CCM_MAX_TEXT)
    {
        openssl::Misuse("a text too long for AES-CCM");
    }
    ctx.Count(CryptoOperation::AES_CCM, TotalSize(aad) + plain.size());
    uint8_t* const tag = out + plain.size();
    if (!ctx.IsReal())
    {
        // The tag is made first, in case the text is overwritten by its ciphertext.
        MixCcmTag(key, nonce, aad, plain, tag, tagSize);
        MixText(PURPOSE_CCM_TEXT, key, nonce, plain, out);
        return;
    }
    static EVP_CIPHER_CTX* const cipher = MakeCcmContext(1);
    static std::size_t currentTagSize = 0;
    if (tagSize != currentTagSize)
    {
        SetTag(cipher, tagSize, nullptr);
        currentTagSize = tagSize;
    }
    const JoinedParts joined(aad);
    if (EVP_EncryptInit_ex2(cipher, nullptr, key.data(), nonce.data(), nullptr) != 1 ||
        !RunCcm(cipher, joined.View(), plain, out) ||
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tagSize), tag) != 1)
    {
        openssl::Fatal("AES-128-CCM encryption");
    }
}

bool
CcmOpen(CryptoContext& ctx,
        ByteView key,
        ByteView nonce,
        ByteParts aad,
        ByteView sealed,
        uint8_t* out,
        std::size_t tagSize)
{
    CheckCcmSizes(key, nonce, tagSize);
    if (sealed.size() < tagSize || sealed.size() - tagSize > CCM_MAX_TEXT)
    {
        return false;
    }
    const ByteView text(sealed.data(), sealed.size() - tagSize);
    ctx.Count(CryptoOperation::AES_CCM, TotalSize(aad) + text.size());
    // A copy, since OpenSSL wants to be able to write to it.
    uint8_t tag[CCM_MAX_TAG];
    std::memcpy(tag, sealed.data() + text.size(), tagSize);
    bool authentic = false;
    if (ctx.IsReal())
    {
        static EVP_CIPHER_CTX* const cipher = MakeCcmContext(0);
        static std::size_t currentTagSize = 0;
        if (tagSize != currentTagSize)
        {
            // The size goes into the first block, which setting the key computes.
            SetTag(cipher, tagSize, tag);
            currentTagSize = tagSize;
        }
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag, tagSize),
            OSSL_PARAM_construct_end(),
        };
        const JoinedParts joined(aad);
        if (EVP_DecryptInit_ex2(cipher, nullptr, key.data(), nonce.data(), parameters) != 1)
        {
            openssl::Fatal("EVP_DecryptInit_ex2");
        }
        authentic = RunCcm(cipher, joined.View(), text, out);
        if (!authentic)
        {
            openssl::DropErrors();
        }
    }
    else
    {
        uint8_t expected[CCM_MAX_TAG];
        MixText(PURPOSE_CCM_TEXT, key, nonce, text, out);
        MixCcmTag(key, nonce, aad, ByteView(out, text.size()), expected, tagSize);
        authentic = SecretBytes::Equal(ByteView(expected, tagSize), ByteView(tag, tagSize));
    }
    if (!authentic)
    {
        SecureWipe(out, text.size());
    }
    return authentic;
}

void
GcmSeal(CryptoContext& ctx,
        ByteView key,
        ByteView nonce,
        ByteParts aad,
        ByteView plain,
        uint8_t* out)
{
    CheckGcmSizes(key, nonce);
    ctx.Count(CryptoOperation::AES_GCM, TotalSize(aad) + plain.size());
    static EVP_CIPHER_CTX* const cipher = MakeContext("AES-128-GCM", 1);
    if (EVP_EncryptInit_ex2(cipher, nullptr, key.data(), nonce.data(), nullptr) != 1)
    {
        openssl::Fatal("EVP_EncryptInit_ex2");
    }
    RunGcm(cipher, aad, plain, out);
    int last = 0;
    uint8_t* const tag = out + plain.size();
    if (EVP_EncryptFinal_ex(cipher, tag, &last) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_SIZE, tag) != 1)
    {
        openssl::Fatal("AES-128-GCM encryption");
    }
}

bool
GcmOpen(CryptoContext& ctx,
        ByteView key,
        ByteView nonce,
        ByteParts aad,
        ByteView sealed,
        uint8_t* out)
{
    CheckGcmSizes(key, nonce);
    if (sealed.size() < GCM_TAG_SIZE)
    {
        return false;
    }
    const ByteView text = sealed.Sub(0, sealed.size() - GCM_TAG_SIZE);
    ctx.Count(CryptoOperation::AES_GCM, TotalSize(aad) + text.size());
    // A copy, since OpenSSL wants to be able to write to it.
    uint8_t tag[GCM_TAG_SIZE];
    std::memcpy(tag, sealed.data() + text.size(), sizeof tag);
    static EVP_CIPHER_CTX* const cipher = MakeContext("AES-128-GCM", 0);
    if (EVP_DecryptInit_ex2(cipher, nullptr, key.data(), nonce.data(), nullptr) != 1)
    {
        openssl::Fatal("EVP_DecryptInit_ex2");
    }
    RunGcm(cipher, aad, text, out);
    uint8_t none[AES_BLOCK_SIZE];
    int last = 0;
    if (EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_SIZE, tag) != 1)
    {
        openssl::Fatal("EVP_CTRL_AEAD_SET_TAG");
    }
    const bool authentic = EVP_DecryptFinal_ex(cipher, none, &last) == 1;
    if (!authentic)
    {
        openssl::DropErrors();
        SecureWipe(out, text.size());
    }
    return authentic;
}

void
CbcEncrypt(CryptoContext& ctx, ByteView key, ByteView iv, ByteView plain, uint8_t* out)
{
    CheckCbcSizes(key, iv);
    ctx.Count(CryptoOperation::AES_CBC, plain.size());
    if (!ctx.IsReal())
    {
        const std::size_t size = CbcSize(plain.size());
        const std::size_t padding = size - plain.size();
        if (!plain.empty())
        {
            std::memmove(out, plain.data(), plain.size());
        }
        std::memset(out + plain.size(), static_cast<int>(padding), padding);
        MixText(PURPOSE_CBC_TEXT, key, iv, ByteView(out, size), out);
        return;
    }
    static EVP_CIPHER_CTX* const cipher = MakeContext("AES-128-CBC", 1);
    int written = 0;
    int last = 0;
    if (EVP_EncryptInit_ex2(cipher, nullptr, key.data(), iv.data(), nullptr) != 1 ||
        EVP_EncryptUpdate(cipher, out, &written, plain.data(), static_cast<int>(plain.size())) !=
            1 ||
        EVP_EncryptFinal_ex(cipher, out + written, &last) != 1)
    {
        openssl::Fatal("AES-128-CBC encryption");
    }
}

std::optional<std::size_t>
CbcDecrypt(CryptoContext& ctx, ByteView key, ByteView iv, ByteView cipher, uint8_t* out)
{
    CheckCbcSizes(key, iv);
    if (cipher.empty() || cipher.size() % AES_BLOCK_SIZE != 0)
    {
        return std::nullopt;
    }
    ctx.Count(CryptoOperation::AES_CBC, cipher.size());
    if (!ctx.IsReal())
    {
        MixText(PURPOSE_CBC_TEXT, key, iv, cipher, out);
        const std::size_t padding = out[cipher.size() - 1];
        bool fits = padding >= 1 && padding <= AES_BLOCK_SIZE;
        for (std::size_t i = 0; fits && i < padding; ++i)
        {
            fits = out[cipher.size() - 1 - i] == padding;
        }
        if (!fits)
        {
            SecureWipe(out, cipher.size());
            return std::nullopt;
        }
        return cipher.size() - padding;
    }
    static EVP_CIPHER_CTX* const context = MakeContext("AES-128-CBC", 0);
    int written = 0;
    int last = 0;
    if (EVP_DecryptInit_ex2(context, nullptr, key.data(), iv.data(), nullptr) != 1 ||
        EVP_DecryptUpdate(context, out, &written, cipher.data(), static_cast<int>(cipher.size())) !=
            1)
    {
        openssl::Fatal("AES-128-CBC decryption");
    }
    if (EVP_DecryptFinal_ex(context, out + written, &last) != 1)
    {
        openssl::DropErrors();
        SecureWipe(out, cipher.size());
        return std::nullopt;
    }
    return static_cast<std::size_t>(written + last);
}

} // namespace ns3::mis
