// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Encode and decode link-layer messages from one list of fields.
 *
 * A message has a template Fields(v, self) that names its fields in the order sent; LinkFieldWriter
 * and LinkFieldReader are the two things v can be.
 */
#ifndef MIS_LINK_FIELDS_H
#define MIS_LINK_FIELDS_H

#include "ns3/mis-tlv.h"
#include "ns3/mis-types.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace ns3::mis
{

/** @brief Writes fields. */
class LinkFieldWriter
{
  public:
    /**
     * @brief Write fields.
     * @param writer where to
     */
    explicit LinkFieldWriter(Writer& writer)
        : m_writer(writer)
    {
    }

    /** @brief Write a big-endian number of its own size. */
    template <class T>
    void Number(const T& value)
    {
        if constexpr (std::is_enum_v<T>)
        {
            Number(static_cast<std::underlying_type_t<T>>(value));
        }
        else if constexpr (sizeof(T) == 1)
        {
            m_writer.U8(value);
        }
        else if constexpr (sizeof(T) == 2)
        {
            m_writer.U16(value);
        }
        else if constexpr (sizeof(T) == 4)
        {
            m_writer.U32(value);
        }
        else
        {
            m_writer.U64(value);
        }
    }

    /** @brief Write a little-endian number of two octets. */
    void Little16(const uint16_t& value)
    {
        m_writer.U8(static_cast<uint8_t>(value));
        m_writer.U8(static_cast<uint8_t>(value >> 8));
    }

    /** @brief Write a fixed number of octets. */
    template <std::size_t N>
    void Fixed(const std::array<uint8_t, N>& octets)
    {
        m_writer.Octets(octets);
    }

    /** @brief Write octets behind their number, of type Length. */
    template <class Length, class C>
    void Sized(const C& octets)
    {
        Number(static_cast<Length>(octets.size()));
        m_writer.Octets(octets);
    }

    /** @brief Write octets that go to the end of the message. */
    template <class C>
    void Rest(const C& octets)
    {
        m_writer.Octets(octets);
    }

    /** @brief Write a list behind its number of elements, in two octets, the low one first. */
    template <class L>
    void LittleList(const L& list)
    {
        Little16(static_cast<uint16_t>(list.size()));
        for (const auto& element : list)
        {
            Fixed(element);
        }
    }

  private:
    Writer& m_writer; //!< where to
};

/** @brief Reads fields; stops at the first that does not fit. */
class LinkFieldReader
{
  public:
    /**
     * @brief Read fields.
     * @param reader where from
     */
    explicit LinkFieldReader(Reader& reader)
        : m_reader(reader)
    {
    }

    /** @return whether everything was read */
    bool Ok() const
    {
        return m_ok;
    }

    /** @brief Read a big-endian number of its own size. */
    template <class T>
    void Number(T& value)
    {
        if constexpr (std::is_enum_v<T>)
        {
            std::underlying_type_t<T> number{};
            Number(number);
            value = static_cast<T>(number);
        }
        else if constexpr (sizeof(T) == 1)
        {
            m_ok = m_ok && m_reader.U8(value);
        }
        else if constexpr (sizeof(T) == 2)
        {
            m_ok = m_ok && m_reader.U16(value);
        }
        else if constexpr (sizeof(T) == 4)
        {
            m_ok = m_ok && m_reader.U32(value);
        }
        else
        {
            m_ok = m_ok && m_reader.U64(value);
        }
    }

    /** @brief Read a little-endian number of two octets. */
    void Little16(uint16_t& value)
    {
        uint8_t low = 0;
        uint8_t high = 0;
        Number(low);
        Number(high);
        value = static_cast<uint16_t>(high << 8 | low);
    }

    /** @brief Read a fixed number of octets. */
    template <std::size_t N>
    void Fixed(std::array<uint8_t, N>& octets)
    {
        ByteView view;
        if (Take(N, view))
        {
            std::copy(view.begin(), view.end(), octets.begin());
        }
    }

    /** @brief Read octets behind their number, of type Length. */
    template <class Length, class C>
    void Sized(C& octets)
    {
        Length length{};
        Number(length);
        ByteView view;
        if (Take(length, view))
        {
            octets.assign(view.begin(), view.end());
        }
    }

    /** @brief Read octets to the end of the message. */
    template <class C>
    void Rest(C& octets)
    {
        ByteView view;
        if (Take(m_reader.Remaining(), view))
        {
            octets.assign(view.begin(), view.end());
        }
    }

    /** @brief Read a list behind its number of elements, in two octets, the low one first. */
    template <class L>
    void LittleList(L& list)
    {
        uint16_t count = 0;
        Little16(count);
        list.clear();
        for (; m_ok && count != 0; --count)
        {
            typename L::value_type element{};
            Fixed(element);
            list.push_back(element);
        }
    }

  private:
    /**
     * @brief Read octets.
     * @param count how many
     * @param view the octets
     * @return success
     */
    bool Take(std::size_t count, ByteView& view)
    {
        m_ok = m_ok && m_reader.Octets(count, view);
        return m_ok;
    }

    Reader& m_reader; //!< where from
    bool m_ok{true};  //!< whether everything was read
};

/**
 * @brief Append the fields of a message.
 * @param writer where to
 * @param message the message
 */
template <class M>
void
WriteLinkFields(Writer& writer, const M& message)
{
    LinkFieldWriter fields(writer);
    M::Fields(fields, message);
}

/**
 * @brief Read the fields of a message.
 * @param reader where from
 * @param message the message, in any valid state after a failure
 * @return success
 */
template <class M>
[[nodiscard]] bool
ReadLinkFields(Reader& reader, M& message)
{
    LinkFieldReader fields(reader);
    M::Fields(fields, message);
    return fields.Ok();
}

} // namespace ns3::mis

#endif /* MIS_LINK_FIELDS_H */
