// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Pseudo-random functions by name, with some broken ones for the study of attacks.
 */
#include "mis-prf.h"

#include "mis-mac.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace ns3::mis
{

namespace
{

/**
 * @brief Copy a value to its place and wipe where it was made, since it may become a key.
 * @param value the value
 * @param out room for as many octets
 */
template <std::size_t N>
void
MoveOut(std::array<uint8_t, N> value, uint8_t* out)
{
    std::copy(value.begin(), value.end(), out);
    SecureWipe(value.data(), value.size());
}

void
PrfHmacSha256(CryptoContext& ctx, ByteView key, ByteParts parts, uint8_t* out)
{
    MoveOut(HmacSha256(ctx, key, parts), out);
}

void
PrfHmacSha1(CryptoContext& ctx, ByteView key, ByteParts parts, uint8_t* out)
{
    MoveOut(HmacSha1(ctx, key, parts), out);
}

void
PrfAesCmac(CryptoContext& ctx, ByteView key, ByteParts parts, uint8_t* out)
{
    std::array<uint8_t, AES_CMAC_SIZE> fitting{};
    ByteView used = key;
    if (key.size() != fitting.size())
    {
        // RFC 4615: a key of another length is first made into one by the function itself.
        fitting = AesCmac(ctx, fitting, {key});
        used = fitting;
    }
    MoveOut(AesCmac(ctx, used, parts), out);
    SecureWipe(fitting.data(), fitting.size());
}

/** Octets of one output of the functions that compute nothing. */
constexpr std::size_t SIMPLE_BLOCK = 16;

void
PrfConstant(CryptoContext&, ByteView, ByteParts, uint8_t* out)
{
    std::memset(out, 0x5a, SIMPLE_BLOCK);
}

void
PrfLinearXor(CryptoContext&, ByteView key, ByteParts parts, uint8_t* out)
{
    std::memset(out, 0, SIMPLE_BLOCK);
    std::size_t position = 0;
    for (const uint8_t octet : key)
    {
        out[position++ % SIMPLE_BLOCK] ^= octet;
    }
    position = 0;
    for (const ByteView& part : parts)
    {
        for (const uint8_t octet : part)
        {
            out[position++ % SIMPLE_BLOCK] ^= octet;
        }
    }
}

void
PrfTruncated(CryptoContext& ctx, ByteView key, ByteParts parts, uint8_t* out)
{
    const auto value = HmacSha256(ctx, key, parts);
    for (std::size_t i = 0; i < value.size(); ++i)
    {
        out[i] = value[i % 2];
    }
}

void
PrfUnkeyed(CryptoContext& ctx, ByteView, ByteParts parts, uint8_t* out)
{
    const auto value = Sha256(ctx, parts);
    std::copy(value.begin(), value.end(), out);
}

/** All functions; the first is the default. */
constexpr Prf PRFS[] = {
    {"HMAC-SHA-256", HMAC_SHA256_SIZE, false, PrfHmacSha256},
    {"HMAC-SHA-1", HMAC_SHA1_SIZE, false, PrfHmacSha1},
    {"AES-CMAC", AES_CMAC_SIZE, false, PrfAesCmac},
    {"INSECURE-CONSTANT", SIMPLE_BLOCK, true, PrfConstant},
    {"INSECURE-LINEAR-XOR", SIMPLE_BLOCK, true, PrfLinearXor},
    {"INSECURE-TRUNCATED", HMAC_SHA256_SIZE, true, PrfTruncated},
    {"INSECURE-UNKEYED", SHA256_SIZE, true, PrfUnkeyed},
};

} // namespace

const Prf*
FindPrf(std::string_view name)
{
    const auto found = std::find_if(std::begin(PRFS), std::end(PRFS), [name](const Prf& prf) {
        return prf.Name() == name;
    });
    return found != std::end(PRFS) ? found : nullptr;
}

std::vector<std::string>
PrfNames()
{
    std::vector<std::string> names;
    for (const Prf& prf : PRFS)
    {
        names.emplace_back(prf.Name());
    }
    return names;
}

const Prf&
DefaultPrf()
{
    return PRFS[0];
}

} // namespace ns3::mis
