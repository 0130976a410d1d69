// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief A short secret with inline storage that wipes itself.
 */
#include "mis-secret-bytes.h"

#include "ns3/fatal-error.h"

#include <cstring>

namespace ns3::mis
{

namespace
{

/** Called through a volatile pointer, so the compiler cannot know that nobody reads the result. */
void* (*const volatile g_memset)(void*, int, std::size_t) = std::memset;

} // namespace

void
SecureWipe(void* data, std::size_t size)
{
    g_memset(data, 0, size);
}

SecretBytes
SecretBytes::Zeros(std::size_t size)
{
    if (size > CAPACITY)
    {
        NS_FATAL_ERROR("a secret of " << size << " octets does not fit");
    }
    SecretBytes secret;
    secret.m_size = static_cast<uint8_t>(size);
    return secret;
}

SecretBytes::SecretBytes(const SecretBytes& other) noexcept
    : m_octets(other.m_octets),
      m_size(other.m_size)
{
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : m_octets(other.m_octets),
      m_size(other.m_size)
{
    other.Clear();
}

SecretBytes&
SecretBytes::operator=(const SecretBytes& other) noexcept
{
    // All of the storage is copied, so nothing of a longer old secret is left.
    if (this != &other)
    {
        m_octets = other.m_octets;
        m_size = other.m_size;
    }
    return *this;
}

SecretBytes&
SecretBytes::operator=(SecretBytes&& other) noexcept
{
    if (this != &other)
    {
        *this = other;
        other.Clear();
    }
    return *this;
}

void
SecretBytes::Assign(ByteView octets)
{
    if (octets.size() > CAPACITY)
    {
        NS_FATAL_ERROR("a secret of " << octets.size() << " octets does not fit");
    }
    if (!octets.empty())
    {
        std::memmove(m_octets.data(), octets.data(), octets.size());
    }
    if (octets.size() < m_size)
    {
        SecureWipe(m_octets.data() + octets.size(), m_size - octets.size());
    }
    m_size = static_cast<uint8_t>(octets.size());
}

void
SecretBytes::Clear() noexcept
{
    if (m_size != 0)
    {
        SecureWipe(m_octets.data(), m_octets.size());
        m_size = 0;
    }
}

bool
SecretBytes::Equal(ByteView a, ByteView b) noexcept
{
    if (a.size() != b.size())
    {
        return false;
    }
    uint8_t difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
    {
        difference = static_cast<uint8_t>(difference | (a.data()[i] ^ b.data()[i]));
    }
    return difference == 0;
}

} // namespace ns3::mis
