// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief A short secret with inline storage that wipes itself.
 *
 * Keys never live in a std::vector that may leave copies behind when it grows, and they cannot be
 * printed by accident: there is no stream operator.
 */
#ifndef MIS_SECRET_BYTES_H
#define MIS_SECRET_BYTES_H

#include "ns3/mis-types.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace ns3::mis
{

/**
 * @brief Overwrite memory with zeros in a way the compiler may not remove.
 * @param data first octet
 * @param size number of octets
 */
void SecureWipe(void* data, std::size_t size);

/** @brief A secret of 0 to 64 octets, wiped when destroyed or overwritten. */
class SecretBytes
{
  public:
    /** The largest number of octets a secret can hold. */
    static constexpr std::size_t CAPACITY = 64;

    /** @brief An empty secret. */
    SecretBytes() noexcept
        : m_octets{},
          m_size{0}
    {
    }

    /**
     * @brief Copy octets into a new secret.
     * @param octets at most CAPACITY octets; more is a fatal programming error
     */
    explicit SecretBytes(ByteView octets)
        : SecretBytes()
    {
        Assign(octets);
    }

    /**
     * @brief A secret of zeros, to be filled through data().
     * @param size 0 to CAPACITY octets; more is a fatal programming error
     * @return the secret
     */
    static SecretBytes Zeros(std::size_t size);

    SecretBytes(const SecretBytes& other) noexcept;
    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(const SecretBytes& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;

    ~SecretBytes()
    {
        Clear();
    }

    /**
     * @brief Replace the content.
     * @param octets at most CAPACITY octets, may be a part of this secret; more is a fatal
     * programming error
     */
    void Assign(ByteView octets);

    /** @brief Wipe the content and become empty. */
    void Clear() noexcept;

    /** @return the first octet; valid also when empty */
    uint8_t* data() noexcept
    {
        return m_octets.data();
    }

    /** @return the first octet; valid also when empty */
    const uint8_t* data() const noexcept
    {
        return m_octets.data();
    }

    /** @return the number of octets, 0 to CAPACITY */
    std::size_t size() const noexcept
    {
        return m_size;
    }

    /** @return whether there are no octets */
    bool empty() const noexcept
    {
        return m_size == 0;
    }

    /** @return the octets, valid as long as this object and its content */
    ByteView View() const noexcept
    {
        return ByteView(m_octets.data(), m_size);
    }

    /** @return the octets, so that a secret can be given where octets are read */
    operator ByteView() const noexcept
    {
        return View();
    }

    /**
     * @brief Compare in a time that depends on the lengths only.
     * @param a first octets
     * @param b second octets
     * @return whether lengths and octets are equal
     */
    static bool Equal(ByteView a, ByteView b) noexcept;

    /**
     * @brief Constant-time equality.
     * @param a first secret
     * @param b second secret
     * @return whether both hold the same octets
     */
    friend bool operator==(const SecretBytes& a, const SecretBytes& b) noexcept
    {
        return Equal(a.View(), b.View());
    }

    /**
     * @brief Constant-time inequality.
     * @param a first secret
     * @param b second secret
     * @return whether the secrets differ
     */
    friend bool operator!=(const SecretBytes& a, const SecretBytes& b) noexcept
    {
        return !(a == b);
    }

  private:
    std::array<uint8_t, CAPACITY> m_octets; //!< the secret, zeros behind m_size
    uint8_t m_size;                         //!< octets in use
};

} // namespace ns3::mis

#endif /* MIS_SECRET_BYTES_H */
