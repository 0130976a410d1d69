// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief How data types look on the wire, and what turns a list of fields into encode, decode,
 * print.
 *
 * Only for source files that compile messages; everybody else includes the header of the messages.
 */
#ifndef MIS_MESSAGE_CODEC_H
#define MIS_MESSAGE_CODEC_H

#include "ns3/mis-message.h"
#include "ns3/mis-prereg-messages.h"
#include "ns3/mis-tlv.h"
#include "ns3/mis-types.h"

#include <array>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace ns3::mis
{

/** @brief Parts of the codec that messages do not need to know. */
namespace codec
{

// ---------------------------------------------------------------------------------------------
// Kinds of data types
// ---------------------------------------------------------------------------------------------

/** @brief Whether T is an OCTET_STRING of any size. */
template <class T>
struct IsOctetString : std::false_type
{
};

/** @brief Octets. */
template <class A>
struct IsOctetString<std::vector<uint8_t, A>> : std::true_type
{
};

/** @brief Octets that are wiped. */
template <>
struct IsOctetString<SecretOctets> : std::true_type
{
};

/** @brief Octets of a limited number. */
template <std::size_t N>
struct IsOctetString<boost::container::static_vector<uint8_t, N>> : std::true_type
{
};

/** @brief Whether T is an OCTET_STRING of one size. */
template <class T>
struct IsOctetArray : std::false_type
{
};

/** @brief Octets of a fixed number. */
template <std::size_t N>
struct IsOctetArray<std::array<uint8_t, N>> : std::true_type
{
};

/** @brief Whether T is a LIST. */
template <class T>
struct IsList : std::false_type
{
};

/** @brief A list of anything but octets. */
template <class T>
struct IsList<std::vector<T>> : std::bool_constant<!std::is_same_v<T, uint8_t>>
{
};

/** @brief Whether T is CHOICE(NULL, U). */
template <class T>
struct IsOptional : std::false_type
{
};

/** @brief A value that may be absent. */
template <class T>
struct IsOptional<std::optional<T>> : std::true_type
{
};

/** @brief Whether T is a CHOICE. */
template <class T>
struct IsChoice : std::false_type
{
};

/** @brief One of several values. */
template <class... T>
struct IsChoice<std::variant<T...>> : std::true_type
{
};

/** @brief Whether T is an alternative of LINK_ADDR that is an OCTET_STRING. */
template <class T>
struct IsOctetAddress : std::false_type
{
};

/** @brief An address of octets. */
template <int N>
struct IsOctetAddress<OctetAddress<N>> : std::true_type
{
};

/** @brief The largest value that an enumeration accepts. */
template <class E>
inline constexpr uint8_t MAX_ENUMERATOR = 255;
/** Another status is a failure of unknown kind: not to be acted on. */
template <>
inline constexpr uint8_t MAX_ENUMERATOR<Status> = 5;
/** Another type of association cannot be had here. */
template <>
inline constexpr uint8_t MAX_ENUMERATOR<IdType> = 3;

/** Address family of MAC_ADDR (the IANA registry of address family numbers: all 802 media). */
inline constexpr uint16_t FAMILY_802 = 6;

// ---------------------------------------------------------------------------------------------
// Data types
// ---------------------------------------------------------------------------------------------

template <class T>
void WriteValue(Writer& writer, const T& value);

/** @brief Writes the parts of a SEQUENCE. */
struct PartWriter
{
    Writer& writer; //!< where to

    /** @brief Write one part. */
    template <class T>
    void Part(const T& value)
    {
        WriteValue(writer, value);
    }
};

/**
 * @brief Append a value.
 * @param writer where to
 * @param value the value
 */
template <class T>
void
WriteValue(Writer& writer, const T& value)
{
    if constexpr (std::is_enum_v<T> || (std::is_integral_v<T> && sizeof(T) == 1))
    {
        writer.U8(static_cast<uint8_t>(value));
    }
    else if constexpr (std::is_same_v<T, uint16_t>)
    {
        writer.U16(value);
    }
    else if constexpr (std::is_same_v<T, uint32_t>)
    {
        writer.U32(value);
    }
    else if constexpr (std::is_same_v<T, uint64_t>)
    {
        writer.U64(value);
    }
    else if constexpr (IsOctetString<T>::value || IsOctetArray<T>::value)
    {
        writer.OctetString(value);
    }
    else if constexpr (std::is_same_v<T, MisfId>)
    {
        writer.OctetString(value.View());
    }
    else if constexpr (std::is_same_v<T, OpaqueValue>)
    {
        writer.Octets(value.octets);
    }
    else if constexpr (std::is_same_v<T, MacAddress>)
    {
        writer.U16(FAMILY_802);
        writer.OctetString(value.octets);
    }
    else if constexpr (std::is_same_v<T, Cell3gId>)
    {
        writer.Octets(value.plmn);
        writer.U32(value.cell);
    }
    else if constexpr (std::is_same_v<T, Cell2gId>)
    {
        writer.Octets(value.plmn);
        writer.U16(value.area);
        writer.U16(value.cell);
    }
    else if constexpr (IsOctetAddress<T>::value)
    {
        writer.OctetString(value.octets);
    }
    else if constexpr (std::is_same_v<T, LinkAddress>)
    {
        WriteValue(writer, value.choice);
    }
    else if constexpr (IsList<T>::value)
    {
        writer.Length(value.size());
        for (const auto& element : value)
        {
            WriteValue(writer, element);
        }
    }
    else if constexpr (IsOptional<T>::value)
    {
        writer.U8(value ? 1 : 0);
        if (value)
        {
            WriteValue(writer, *value);
        }
    }
    else if constexpr (IsChoice<T>::value)
    {
        writer.U8(static_cast<uint8_t>(value.index()));
        std::visit([&writer](const auto& chosen) { WriteValue(writer, chosen); }, value);
    }
    else
    {
        PartWriter parts{writer};
        T::Parts(parts, value);
    }
}

template <class T>
bool ReadValue(Reader& reader, T& value);

/** @brief Reads the parts of a SEQUENCE. */
struct PartReader
{
    Reader& reader; //!< where from
    bool ok{true};  //!< whether all parts so far were read

    /** @brief Read one part. */
    template <class T>
    void Part(T& value)
    {
        ok = ok && ReadValue(reader, value);
    }
};

/**
 * @brief Read the alternative of a CHOICE that a selector names.
 * @param reader where from
 * @param selector the selector
 * @param value the value read
 * @return success
 */
template <class T, std::size_t... I>
bool
ReadChoice(Reader& reader, uint8_t selector, T& value, std::index_sequence<I...>)
{
    bool found = false;
    bool ok = false;
    ((selector == I ? (found = true, ok = ReadValue(reader, value.template emplace<I>()), 0) : 0),
     ...);
    return found ? ok : reader.Fail(CodecError::BAD_VALUE);
}

/**
 * @brief Read a fixed number of octets without a length.
 * @param reader where from
 * @param octets the octets read
 * @return success
 */
template <std::size_t N>
bool
ReadPlain(Reader& reader, std::array<uint8_t, N>& octets)
{
    ByteView view;
    if (!reader.Octets(N, view))
    {
        return false;
    }
    std::copy(view.begin(), view.end(), octets.begin());
    return true;
}

/**
 * @brief Read an OCTET_STRING into a value of limited or fixed size.
 * @param reader where from
 * @param min least octets
 * @param max most octets
 * @param view the content
 * @return success
 */
inline bool
ReadSized(Reader& reader, std::size_t min, std::size_t max, ByteView& view)
{
    if (!reader.OctetString(view))
    {
        return false;
    }
    return (view.size() >= min && view.size() <= max) || reader.Fail(CodecError::BAD_VALUE);
}

/**
 * @brief Read a value.
 * @param reader where from
 * @param value the value read, in any valid state after a failure
 * @return success
 */
template <class T>
bool
ReadValue(Reader& reader, T& value)
{
    if constexpr (std::is_same_v<T, bool>)
    {
        uint8_t octet;
        if (!reader.U8(octet))
        {
            return false;
        }
        value = octet != 0;
        return octet <= 1 || reader.Fail(CodecError::BAD_VALUE);
    }
    else if constexpr (std::is_enum_v<T> || (std::is_integral_v<T> && sizeof(T) == 1))
    {
        uint8_t octet;
        if (!reader.U8(octet))
        {
            return false;
        }
        value = static_cast<T>(octet);
        return octet <= MAX_ENUMERATOR<T> || reader.Fail(CodecError::BAD_VALUE);
    }
    else if constexpr (std::is_same_v<T, uint16_t>)
    {
        return reader.U16(value);
    }
    else if constexpr (std::is_same_v<T, uint32_t>)
    {
        return reader.U32(value);
    }
    else if constexpr (std::is_same_v<T, uint64_t>)
    {
        return reader.U64(value);
    }
    else if constexpr (IsOctetString<T>::value)
    {
        ByteView view;
        if (!ReadSized(reader, 0, value.max_size(), view))
        {
            return false;
        }
        value.assign(view.begin(), view.end());
        return true;
    }
    else if constexpr (IsOctetArray<T>::value)
    {
        ByteView view;
        if (!ReadSized(reader, value.size(), value.size(), view))
        {
            return false;
        }
        std::copy(view.begin(), view.end(), value.begin());
        return true;
    }
    else if constexpr (std::is_same_v<T, MisfId>)
    {
        ByteView view;
        if (!ReadSized(reader, 0, MisfId::MAX_SIZE, view))
        {
            return false;
        }
        value = MisfId(view);
        return true;
    }
    else if constexpr (std::is_same_v<T, OpaqueValue>)
    {
        ByteView view;
        if (!reader.Octets(reader.Remaining(), view))
        {
            return false;
        }
        value.octets.assign(view.begin(), view.end());
        return true;
    }
    else if constexpr (std::is_same_v<T, MacAddress>)
    {
        uint16_t family;
        if (!reader.U16(family))
        {
            return false;
        }
        if (family != FAMILY_802)
        {
            return reader.Fail(CodecError::BAD_VALUE);
        }
        return ReadValue(reader, value.octets);
    }
    else if constexpr (std::is_same_v<T, Cell3gId>)
    {
        return ReadPlain(reader, value.plmn) && reader.U32(value.cell);
    }
    else if constexpr (std::is_same_v<T, Cell2gId>)
    {
        return ReadPlain(reader, value.plmn) && reader.U16(value.area) && reader.U16(value.cell);
    }
    else if constexpr (IsOctetAddress<T>::value)
    {
        return ReadValue(reader, value.octets);
    }
    else if constexpr (std::is_same_v<T, LinkAddress>)
    {
        return ReadValue(reader, value.choice);
    }
    else if constexpr (IsList<T>::value)
    {
        std::size_t count;
        if (!reader.Length(count))
        {
            return false;
        }
        // Every element takes an octet at least, so a forged count allocates nothing.
        if (count > reader.Remaining())
        {
            return reader.Fail(CodecError::TRUNCATED);
        }
        value.clear();
        for (std::size_t i = 0; i < count; ++i)
        {
            if (!ReadValue(reader, value.emplace_back()))
            {
                return false;
            }
        }
        return true;
    }
    else if constexpr (IsOptional<T>::value)
    {
        uint8_t selector;
        if (!reader.U8(selector))
        {
            return false;
        }
        if (selector == 0)
        {
            value.reset();
            return true;
        }
        return selector == 1 ? ReadValue(reader, value.emplace())
                             : reader.Fail(CodecError::BAD_VALUE);
    }
    else if constexpr (IsChoice<T>::value)
    {
        uint8_t selector;
        return reader.U8(selector) &&
               ReadChoice(reader,
                          selector,
                          value,
                          std::make_index_sequence<std::variant_size_v<T>>());
    }
    else
    {
        PartReader parts{reader};
        T::Parts(parts, value);
        return parts.ok;
    }
}

/**
 * @brief Read a value that takes all of the octets.
 * @param octets the octets
 * @param value the value read
 * @return NONE, or why it is none
 */
template <class T>
CodecError
ReadWhole(ByteView octets, T& value)
{
    Reader reader(octets);
    if (!ReadValue(reader, value))
    {
        return reader.Error();
    }
    return reader.AtEnd() ? CodecError::NONE : CodecError::OVERLONG;
}

template <class T>
void PrintValue(std::ostream& os, const T& value);

/** @brief Prints the parts of a SEQUENCE. */
struct PartPrinter
{
    std::ostream& os; //!< where to
    bool first{true}; //!< whether nothing was printed yet

    /** @brief Print one part. */
    template <class T>
    void Part(const T& value)
    {
        os << (first ? "" : ", ");
        first = false;
        PrintValue(os, value);
    }
};

/**
 * @brief Print a value.
 * @param os where to
 * @param value the value
 */
template <class T>
void
PrintValue(std::ostream& os, const T& value)
{
    if constexpr (std::is_same_v<T, bool>)
    {
        os << (value ? "true" : "false");
    }
    else if constexpr (std::is_integral_v<T>)
    {
        os << +value;
    }
    else if constexpr (std::is_same_v<T, SecretOctets>)
    {
        os << '(' << value.size() << " octets)";
    }
    else if constexpr (IsOctetString<T>::value || IsOctetArray<T>::value)
    {
        os << ToHex(value);
    }
    else if constexpr (std::is_same_v<T, OpaqueValue>)
    {
        os << ToHex(value.octets);
    }
    else if constexpr (std::is_enum_v<T> || std::is_same_v<T, MisfId> || std::is_same_v<T, Said> ||
                       std::is_same_v<T, LinkAddress> || std::is_same_v<T, LinkId> ||
                       std::is_same_v<T, LinkTupleId>)
    {
        os << value;
    }
    else if constexpr (IsList<T>::value)
    {
        PartPrinter parts{os};
        os << '[';
        for (const auto& element : value)
        {
            parts.Part(element);
        }
        os << ']';
    }
    else if constexpr (IsOptional<T>::value)
    {
        if (value)
        {
            PrintValue(os, *value);
        }
        else
        {
            os << "none";
        }
    }
    else if constexpr (IsChoice<T>::value)
    {
        std::visit([&os](const auto& chosen) { PrintValue(os, chosen); }, value);
    }
    else
    {
        PartPrinter parts{os};
        os << '{';
        T::Parts(parts, value);
        os << '}';
    }
}

// ---------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------

/** @brief Visits a list of fields and writes each. */
class FieldWriter
{
  public:
    /**
     * @brief Write a message.
     * @param writer where to
     * @param unknown TLVs that the message does not list
     */
    FieldWriter(Writer& writer, const std::vector<UnknownTlv>& unknown)
        : m_writer(writer),
          m_unknown(&unknown)
    {
    }

    /** @brief Write a field. */
    template <class T>
    void Mandatory(uint8_t type, const T& value)
    {
        const std::size_t mark = m_writer.BeginTlv(type);
        WriteValue(m_writer, value);
        m_writer.EndTlv(mark);
    }

    /** @brief Write a field if it is there. */
    template <class T>
    void Optional(uint8_t type, const std::optional<T>& value)
    {
        if (value)
        {
            Mandatory(type, *value);
        }
    }

    /** @brief Write a field if it is there, behind the unknown TLVs. */
    template <class T>
    void Last(uint8_t type, const std::optional<T>& value)
    {
        WriteUnknown();
        Optional(type, value);
    }

    /** @brief Write the unknown TLVs unless that was done already. */
    void WriteUnknown();

  private:
    Writer& m_writer;                         //!< where to
    const std::vector<UnknownTlv>* m_unknown; //!< still to be written, or nullptr
};

/** @brief Visits a list of fields and reads each from TLVs in any order. */
class FieldReader
{
  public:
    /**
     * @brief Find the TLVs.
     * @param body the TLVs
     */
    explicit FieldReader(ByteView body);

    /** @return why the message is none, NONE so far */
    CodecError Error() const
    {
        return m_error;
    }

    /** @brief Read a field that must be there. */
    template <class T>
    void Mandatory(uint8_t type, T& value)
    {
        ByteView octets;
        if (Take(type, octets))
        {
            m_error = ReadWhole(octets, value);
        }
        else if (m_error == CodecError::NONE)
        {
            m_error = CodecError::MISSING_TLV;
        }
    }

    /** @brief Read a field that may be there. */
    template <class T>
    void Optional(uint8_t type, std::optional<T>& value)
    {
        ByteView octets;
        if (Take(type, octets))
        {
            m_error = ReadWhole(octets, value.emplace());
        }
    }

    /**
     * @brief Read a field that may be there.
     *
     * That it is the last one matters to the signature only, and is checked with it.
     */
    template <class T>
    void Last(uint8_t type, std::optional<T>& value)
    {
        Optional(type, value);
    }

    /**
     * @brief Keep what the list of fields did not ask for.
     * @param unknown where to
     */
    void Finish(std::vector<UnknownTlv>& unknown);

  private:
    /** @brief A TLV of the body. */
    struct Entry
    {
        ByteView value; //!< its value
        uint8_t type;   //!< its type
        bool taken;     //!< whether a field has used it
    };

    /** @brief A set of TLV types. */
    class TypeSet
    {
      public:
        /** @brief Put a type into the set. */
        void Add(uint8_t type)
        {
            m_bits[type >> 6] |= uint64_t{1} << (type & 63);
        }

        /** @return whether the set has a type */
        bool Has(uint8_t type) const
        {
            return (m_bits[type >> 6] >> (type & 63) & 1) != 0;
        }

      private:
        uint64_t m_bits[4]{}; //!< a bit for each type
    };

    bool Take(uint8_t type, ByteView& value);

    boost::container::small_vector<Entry, 16> m_entries; //!< the TLVs but the identifiers
    TypeSet m_present;                                   //!< their types
    TypeSet m_listed;                                    //!< types that a field asked for
    std::size_t m_first{0};                              //!< no TLV before this one is left
    std::size_t m_left{0};                               //!< TLVs not taken
    CodecError m_error{CodecError::NONE};                //!< why the message is none
};

/** @brief Visits a list of fields and prints each. */
class FieldPrinter
{
  public:
    /**
     * @brief Print a message.
     * @param os where to
     */
    explicit FieldPrinter(std::ostream& os)
        : m_os(os)
    {
    }

    /** @brief Print a field. */
    template <class T>
    void Mandatory(uint8_t type, const T& value)
    {
        Begin(type);
        PrintValue(m_os, value);
    }

    /** @brief Print a field if it is there. */
    template <class T>
    void Optional(uint8_t type, const std::optional<T>& value)
    {
        if (value)
        {
            Mandatory(type, *value);
        }
    }

    /** @brief Print a field if it is there. */
    template <class T>
    void Last(uint8_t type, const std::optional<T>& value)
    {
        Optional(type, value);
    }

    /** @brief Print TLVs that the message does not list. */
    void PrintUnknown(const std::vector<UnknownTlv>& unknown);

  private:
    void Begin(uint8_t type);

    std::ostream& m_os; //!< where to
    bool m_first{true}; //!< whether nothing was printed yet
};

} // namespace codec

template <class M>
void
EncodeBody(const M& message, Writer& writer)
{
    codec::FieldWriter fields(writer, message.unknown);
    M::Fields(fields, message);
    fields.WriteUnknown();
}

template <class M>
Result<M>
DecodeBody(ByteView body)
{
    Result<M> result{std::in_place};
    codec::FieldReader fields(body);
    M::Fields(fields, *result);
    fields.Finish(result->unknown);
    if (fields.Error() != CodecError::NONE)
    {
        result.Fail(fields.Error());
    }
    return result;
}

template <class M>
void
PrintBody(const M& message, std::ostream& os)
{
    codec::FieldPrinter fields(os);
    M::Fields(fields, message);
    fields.PrintUnknown(message.unknown);
}

} // namespace ns3::mis

/**
 * @brief Compile what turns a message into octets and back. Outside any namespace.
 * @param M the message, with its namespace
 */
#define MIS_INSTANTIATE_MESSAGE(M)                                                                 \
    template void ns3::mis::EncodeBody<M>(const M&, ns3::mis::Writer&);                            \
    template ns3::mis::Result<M> ns3::mis::DecodeBody<M>(ns3::mis::ByteView);                      \
    template void ns3::mis::PrintBody<M>(const M&, std::ostream&)

#endif /* MIS_MESSAGE_CODEC_H */
