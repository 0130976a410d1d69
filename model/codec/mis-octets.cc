// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Octets, wiped and in hexadecimal.
 */
#include "mis-octets.h"

#include <cstring>

namespace ns3::mis
{

namespace
{

/** Called through a volatile pointer, so the compiler cannot know that nobody reads the result. */
void* (*const volatile g_memset)(void*, int, std::size_t) = std::memset;

/**
 * @brief Read a hexadecimal digit.
 * @param digit the digit
 * @return its value, 16 if it is none
 */
uint8_t
DigitValue(char digit)
{
    if (digit >= '0' && digit <= '9')
    {
        return static_cast<uint8_t>(digit - '0');
    }
    if (digit >= 'a' && digit <= 'f')
    {
        return static_cast<uint8_t>(digit - 'a' + 10);
    }
    if (digit >= 'A' && digit <= 'F')
    {
        return static_cast<uint8_t>(digit - 'A' + 10);
    }
    return 16;
}

} // namespace

void
WipeOctets(void* data, std::size_t size)
{
    g_memset(data, 0, size);
}

std::string
ToHex(ByteView octets)
{
    static const char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(octets.size() * 2);
    for (uint8_t octet : octets)
    {
        text.push_back(digits[octet >> 4]);
        text.push_back(digits[octet & 15]);
    }
    return text;
}

std::optional<Bytes>
FromHex(std::string_view text)
{
    if (text.size() % 2 != 0)
    {
        return std::nullopt;
    }
    Bytes octets;
    octets.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2)
    {
        const uint8_t high = DigitValue(text[i]);
        const uint8_t low = DigitValue(text[i + 1]);
        if (high > 15 || low > 15)
        {
            return std::nullopt;
        }
        octets.push_back(static_cast<uint8_t>(high << 4 | low));
    }
    return octets;
}

} // namespace ns3::mis
