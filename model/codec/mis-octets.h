// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Octets that are owned, secret, or seen.
 */
#ifndef MIS_OCTETS_H
#define MIS_OCTETS_H

#include <algorithm>
#include <boost/container/static_vector.hpp>
#include <boost/container/vector.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ns3::mis
{

/** Octets that are owned. */
using Bytes = std::vector<uint8_t>;

/**
 * @brief Overwrite memory in a way that the compiler may not remove.
 * @param data first octet
 * @param size number of octets
 */
void WipeOctets(void* data, std::size_t size);

/** @brief Allocator that overwrites what it gives back. */
template <class T>
class ZeroingAllocator
{
  public:
    using value_type = T;                   //!< as the standard library wants it
    using is_always_equal = std::true_type; //!< has no state
    using propagate_on_container_move_assignment = std::true_type; //!< has no state

    ZeroingAllocator() = default;

    /** @brief Convert from the allocator of another type. */
    template <class U>
    ZeroingAllocator(const ZeroingAllocator<U>&)
    {
    }

    /**
     * @brief Allocate.
     * @param n number of elements
     * @return uninitialised memory
     */
    T* allocate(std::size_t n)
    {
        return std::allocator<T>().allocate(n);
    }

    /**
     * @brief Wipe and free.
     * @param p from allocate()
     * @param n as given to allocate()
     */
    void deallocate(T* p, std::size_t n)
    {
        WipeOctets(p, n * sizeof(T));
        std::allocator<T>().deallocate(p, n);
    }

    /** @brief Any of these frees what any other allocated. */
    friend bool operator==(const ZeroingAllocator&, const ZeroingAllocator&)
    {
        return true;
    }

    /** @brief Any of these frees what any other allocated. */
    friend bool operator!=(const ZeroingAllocator&, const ZeroingAllocator&)
    {
        return false;
    }
};

/**
 * Owned octets that are wiped when their memory is given back. Boost's vector, because std::vector
 * copies octet by octet where the allocator is not the standard one.
 */
using SecretOctets = boost::container::vector<uint8_t, ZeroingAllocator<uint8_t>>;

/** @brief Octets that somebody else owns and keeps unchanged while this is in use. */
class ByteView
{
  public:
    /** @brief No octets. */
    constexpr ByteView()
        : m_data(nullptr),
          m_size(0)
    {
    }

    /**
     * @brief View memory.
     * @param data first octet
     * @param size number of octets
     */
    constexpr ByteView(const uint8_t* data, std::size_t size)
        : m_data(data),
          m_size(size)
    {
    }

    /**
     * @brief View the content of a container of octets with contiguous memory.
     * @param octets a std::vector, std::array, boost static_vector and the like
     */
    template <class C,
              class = std::enable_if_t<
                  std::is_same_v<std::remove_cv_t<typename C::value_type>, uint8_t> &&
                  std::is_convertible_v<decltype(std::declval<const C&>().data()), const uint8_t*>>>
    constexpr ByteView(const C& octets)
        : m_data(octets.data()),
          m_size(octets.size())
    {
    }

    /**
     * @brief View the characters of a text as octets.
     * @param text the text
     * @return a view of the same memory
     */
    static ByteView FromText(std::string_view text)
    {
        return ByteView(reinterpret_cast<const uint8_t*>(text.data()), text.size());
    }

    /** @return first octet */
    constexpr const uint8_t* data() const
    {
        return m_data;
    }

    /** @return number of octets */
    constexpr std::size_t size() const
    {
        return m_size;
    }

    /** @return whether there are no octets */
    constexpr bool empty() const
    {
        return m_size == 0;
    }

    /** @return first octet */
    constexpr const uint8_t* begin() const
    {
        return m_data;
    }

    /** @return behind the last octet */
    constexpr const uint8_t* end() const
    {
        return m_data + m_size;
    }

    /**
     * @param i less than size()
     * @return one octet
     */
    constexpr uint8_t operator[](std::size_t i) const
    {
        return m_data[i];
    }

    /**
     * @brief View a part; what is asked for beyond the end is left out.
     * @param offset where the part begins
     * @param count its size
     * @return the part
     */
    constexpr ByteView Sub(std::size_t offset, std::size_t count = SIZE_MAX) const
    {
        const std::size_t from = offset < m_size ? offset : m_size;
        const std::size_t rest = m_size - from;
        return ByteView(m_data + from, count < rest ? count : rest);
    }

    /** @return the octets as characters */
    std::string_view Text() const
    {
        return std::string_view(reinterpret_cast<const char*>(m_data), m_size);
    }

    /** @brief Compare content. Not in constant time. */
    friend bool operator==(ByteView a, ByteView b)
    {
        return a.m_size == b.m_size && std::equal(a.begin(), a.end(), b.begin());
    }

    /** @brief Compare content. Not in constant time. */
    friend bool operator!=(ByteView a, ByteView b)
    {
        return !(a == b);
    }

  private:
    const uint8_t* m_data; //!< first octet
    std::size_t m_size;    //!< number of octets
};

/**
 * @brief Write octets in hexadecimal.
 * @param octets the octets
 * @return two lower-case digits an octet
 */
std::string ToHex(ByteView octets);

/**
 * @brief Read hexadecimal digits.
 * @param text an even number of digits of either case, nothing else
 * @return the octets, or nothing if the text is something else
 */
std::optional<Bytes> FromHex(std::string_view text);

} // namespace ns3::mis

#endif /* MIS_OCTETS_H */
