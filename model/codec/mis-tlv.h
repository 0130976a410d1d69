// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Writer and reader of octets: integers, the length rule, octet strings and TLVs.
 *
 * The only code of the module that handles single octets of a message. All integers are big-endian.
 *
 * Length rule (IEEE 802.21, 8.4): 0 to 127 take one octet, 128 is the octet 0x80, and more is an
 * octet 0x80 + n followed by n octets with the length less 128.
 */
#ifndef MIS_TLV_H
#define MIS_TLV_H

#include "ns3/mis-types.h"

#include <cstddef>
#include <cstdint>

namespace ns3::mis
{

/** @brief TLV types of IEEE 802.21, Annex L. Those not known are in mis-assigned.h. */
namespace tlv
{
inline constexpr uint8_t SOURCE_ID = 1;                    //!< MISF_ID
inline constexpr uint8_t DESTINATION_ID = 2;               //!< MISF_ID
inline constexpr uint8_t STATUS = 3;                       //!< STATUS
inline constexpr uint8_t LINK_TYPE = 4;                    //!< LINK_TYPE
inline constexpr uint8_t EVENT_LIST = 5;                   //!< BITMAP(32)
inline constexpr uint8_t COMMAND_LIST = 6;                 //!< BITMAP(32)
inline constexpr uint8_t QUERY_TYPE_LIST = 7;              //!< BITMAP, 32 or 64 bits
inline constexpr uint8_t TRANSPORT_OPTION_LIST = 8;        //!< BITMAP(16)
inline constexpr uint8_t LINK_ADDRESS_LIST = 9;            //!< LIST
inline constexpr uint8_t MBB_HANDOVER_SUPPORT = 10;        //!< LIST
inline constexpr uint8_t LINK_IDENTIFIER = 13;             //!< LINK_TUPLE_ID
inline constexpr uint8_t OLD_ACCESS_ROUTER = 15;           //!< LINK_ADDR
inline constexpr uint8_t NEW_ACCESS_ROUTER = 16;           //!< LINK_ADDR
inline constexpr uint8_t IP_RENEWAL_FLAG = 17;             //!< BOOLEAN
inline constexpr uint8_t MOBILITY_MANAGEMENT_SUPPORT = 18; //!< BITMAP(16)
inline constexpr uint8_t LINK_DOWN_REASON = 20;            //!< LINK_DN_REASON
inline constexpr uint8_t TIME_INTERVAL = 21;               //!< UNSIGNED_INT(2), ms
inline constexpr uint8_t LINK_GOING_DOWN_REASON = 22;      //!< LINK_GD_REASON
inline constexpr uint8_t LINK_PARAMETER_REPORT_LIST = 23;   //!< LIST(LINK_PARAM_RPT)
inline constexpr uint8_t LINK_IDENTIFIER_LIST = 25;        //!< LIST(LINK_ID)
inline constexpr uint8_t HANDOVER_RESULT = 40;             //!< ENUMERATED
inline constexpr uint8_t RESOURCE_STATUS = 41;             //!< BOOLEAN
inline constexpr uint8_t MOBILE_NODE_ID = 52;              //!< MISF_ID
inline constexpr uint8_t TARGET_NETWORK_INFO = 55;         //!< TGT_NET_INFO
inline constexpr uint8_t ASSIGNED_RESOURCE_SET = 57;       //!< ASGN_RES_SET
inline constexpr uint8_t LINK_DETECTED_INFO_LIST = 58;     //!< LIST(LINK_DET_INFO)
inline constexpr uint8_t MN_LINK_ID = 59;                  //!< LINK_ID
inline constexpr uint8_t POA = 60;                         //!< LINK_ADDR
inline constexpr uint8_t REQUESTED_RESOURCE_SET = 63;      //!< REQ_RES_SET
} // namespace tlv

/**
 * @brief Name of a TLV type.
 * @param type the type
 * @return the name, nullptr for types that no message of this module lists
 */
const char* TlvName(uint8_t type);

/**
 * @brief Octets that a length takes.
 * @param length the length
 * @return 1 to 9
 */
constexpr std::size_t
LengthSize(std::size_t length)
{
    std::size_t octets = 1;
    for (std::size_t rest = length > 128 ? length - 128 : 0; rest != 0; rest >>= 8)
    {
        ++octets;
    }
    return octets;
}

/**
 * @brief Octets that an OCTET_STRING takes.
 * @param size its content, in octets
 * @return length and content
 */
constexpr std::size_t
OctetStringSize(std::size_t size)
{
    return LengthSize(size) + size;
}

/**
 * @brief Octets that a TLV takes.
 * @param size its value, in octets
 * @return type, length and value
 */
constexpr std::size_t
TlvSize(std::size_t size)
{
    return 1 + LengthSize(size) + size;
}

/** @brief Appends to a vector of octets. */
class Writer
{
  public:
    /**
     * @brief Append to a vector.
     * @param out the vector; outlives the writer
     */
    explicit Writer(Bytes& out)
        : m_bytes(&out),
          m_secret(nullptr)
    {
    }

    /**
     * @brief Append to a vector that wipes itself.
     * @param out the vector; outlives the writer
     */
    explicit Writer(SecretOctets& out)
        : m_bytes(nullptr),
          m_secret(&out)
    {
    }

    /** @return octets in the vector */
    std::size_t Size() const
    {
        return m_bytes ? m_bytes->size() : m_secret->size();
    }

    /**
     * @brief Append UNSIGNED_INT(1).
     * @param value the value
     */
    void U8(uint8_t value)
    {
        if (m_bytes)
        {
            m_bytes->push_back(value);
        }
        else
        {
            m_secret->push_back(value);
        }
    }

    /**
     * @brief Append UNSIGNED_INT(2).
     * @param value the value
     */
    void U16(uint16_t value)
    {
        BigEndian<2>(value);
    }

    /**
     * @brief Append UNSIGNED_INT(4).
     * @param value the value
     */
    void U32(uint32_t value)
    {
        BigEndian<4>(value);
    }

    /**
     * @brief Append UNSIGNED_INT(8).
     * @param value the value
     */
    void U64(uint64_t value)
    {
        BigEndian<8>(value);
    }

    /**
     * @brief Append octets as they are.
     * @param octets the octets, not in the vector itself
     */
    void Octets(ByteView octets)
    {
        if (m_bytes)
        {
            m_bytes->insert(m_bytes->end(), octets.begin(), octets.end());
        }
        else
        {
            m_secret->insert(m_secret->end(), octets.begin(), octets.end());
        }
    }

    /**
     * @brief Append a length.
     * @param length the length
     */
    void Length(std::size_t length);

    /**
     * @brief Append OCTET_STRING.
     * @param octets the content, not in the vector itself
     */
    void OctetString(ByteView octets)
    {
        Length(octets.size());
        Octets(octets);
    }

    /**
     * @brief Append a TLV.
     * @param type its type
     * @param value its value, not in the vector itself
     */
    void Tlv(uint8_t type, ByteView value)
    {
        U8(type);
        OctetString(value);
    }

    /**
     * @brief Begin a TLV whose length is not known yet.
     * @param type its type
     * @return to be given to EndTlv()
     */
    [[nodiscard]] std::size_t BeginTlv(uint8_t type)
    {
        const uint8_t head[2] = {type, 0};
        Octets(ByteView(head, 2));
        return Size();
    }

    /**
     * @brief End a TLV: write its length. A value above 128 octets is moved.
     * @param mark from BeginTlv()
     */
    void EndTlv(std::size_t mark);

  private:
    template <std::size_t N>
    void BigEndian(uint64_t value)
    {
        uint8_t octets[N];
        for (std::size_t i = N; i-- > 0; value >>= 8)
        {
            octets[i] = static_cast<uint8_t>(value);
        }
        Octets(ByteView(octets, N));
    }

    Bytes* m_bytes;         //!< the vector, or nullptr
    SecretOctets* m_secret; //!< the vector, or nullptr
};

/**
 * @brief Cursor over octets. Nothing is read beyond their end.
 *
 * Every read returns whether it succeeded. After a failure Error() says why, and nothing more may
 * be read.
 */
class Reader
{
  public:
    /**
     * @brief Read octets.
     * @param octets the octets; kept by their owner
     */
    explicit Reader(ByteView octets)
        : m_at(octets.begin()),
          m_end(octets.end())
    {
    }

    /** @return octets not read yet */
    std::size_t Remaining() const
    {
        return static_cast<std::size_t>(m_end - m_at);
    }

    /** @return whether all is read */
    bool AtEnd() const
    {
        return m_at == m_end;
    }

    /** @return the octets not read yet */
    ByteView Rest() const
    {
        return ByteView(m_at, Remaining());
    }

    /** @return why a read failed, NONE if none did */
    CodecError Error() const
    {
        return m_error;
    }

    /**
     * @brief Note a failure seen by the caller.
     * @param error the reason
     * @return false
     */
    bool Fail(CodecError error)
    {
        m_error = error;
        return false;
    }

    /**
     * @brief Read UNSIGNED_INT(1).
     * @param value the value read
     * @return success
     */
    [[nodiscard]] bool U8(uint8_t& value)
    {
        if (AtEnd())
        {
            return Fail(CodecError::TRUNCATED);
        }
        value = *m_at++;
        return true;
    }

    /**
     * @brief Read UNSIGNED_INT(2).
     * @param value the value read
     * @return success
     */
    [[nodiscard]] bool U16(uint16_t& value)
    {
        return BigEndian(value);
    }

    /**
     * @brief Read UNSIGNED_INT(4).
     * @param value the value read
     * @return success
     */
    [[nodiscard]] bool U32(uint32_t& value)
    {
        return BigEndian(value);
    }

    /**
     * @brief Read UNSIGNED_INT(8).
     * @param value the value read
     * @return success
     */
    [[nodiscard]] bool U64(uint64_t& value)
    {
        return BigEndian(value);
    }

    /**
     * @brief Read octets as they are.
     * @param count how many
     * @param octets the octets read
     * @return success
     */
    [[nodiscard]] bool Octets(std::size_t count, ByteView& octets)
    {
        if (count > Remaining())
        {
            return Fail(CodecError::TRUNCATED);
        }
        octets = ByteView(m_at, count);
        m_at += count;
        return true;
    }

    /**
     * @brief Read a length.
     * @param length the length read
     * @return success
     */
    [[nodiscard]] bool Length(std::size_t& length)
    {
        uint8_t first;
        if (!U8(first))
        {
            return false;
        }
        length = first;
        return first <= 128 || LongLength(first - 128U, length);
    }

    /**
     * @brief Read OCTET_STRING.
     * @param octets its content
     * @return success
     */
    [[nodiscard]] bool OctetString(ByteView& octets)
    {
        std::size_t size;
        return Length(size) && Octets(size, octets);
    }

    /**
     * @brief Read a TLV.
     * @param type its type
     * @param value its value
     * @param whole type, length and value
     * @return success
     */
    [[nodiscard]] bool Tlv(uint8_t& type, ByteView& value, ByteView& whole)
    {
        const uint8_t* begin = m_at;
        if (!U8(type) || !OctetString(value))
        {
            return false;
        }
        whole = ByteView(begin, static_cast<std::size_t>(m_at - begin));
        return true;
    }

  private:
    template <class T>
    bool BigEndian(T& value)
    {
        if (Remaining() < sizeof(T))
        {
            return Fail(CodecError::TRUNCATED);
        }
        value = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i)
        {
            value = static_cast<T>(value << 8 | *m_at++);
        }
        return true;
    }

    bool LongLength(std::size_t octets, std::size_t& length);

    const uint8_t* m_at;                  //!< next octet
    const uint8_t* m_end;                 //!< behind the last octet
    CodecError m_error{CodecError::NONE}; //!< why a read failed
};

} // namespace ns3::mis

#endif /* MIS_TLV_H */
