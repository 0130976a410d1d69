// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Identifiers of MIS functions, security associations and messages (IEEE 802.21, Annex F).
 */
#ifndef MIS_IDENTIFIERS_H
#define MIS_IDENTIFIERS_H

#include "ns3/mis-assigned.h"
#include "ns3/mis-octets.h"

#include <array>
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace ns3::mis
{

/** @brief MISF_ID: a network access identifier or domain name (IEEE 802.21, F.3.11). */
class MisfId
{
  public:
    /** The largest number of octets. */
    static constexpr std::size_t MAX_SIZE = 253;

    /** @brief The empty identifier: a destination that is not known, or many. */
    MisfId() = default;

    /**
     * @brief An identifier.
     * @param id 0 to MAX_SIZE octets; more is a fatal programming error
     */
    explicit MisfId(std::string id);

    /**
     * @brief An identifier from octets of a message.
     * @param id 0 to MAX_SIZE octets; more is a fatal programming error
     */
    explicit MisfId(ByteView id)
        : MisfId(std::string(id.Text()))
    {
    }

    /** @return the identifier */
    const std::string& Get() const
    {
        return m_shared ? m_shared->id : Empty();
    }

    /** @return whether it is empty */
    bool IsEmpty() const
    {
        return !m_shared;
    }

    /** @return its octets */
    ByteView View() const
    {
        return ByteView::FromText(Get());
    }

    /** @return hash of its octets, the same as MisfIdHash gives for these */
    std::size_t Hash() const
    {
        return m_shared ? m_shared->hash : std::hash<std::string_view>()({});
    }

    /** @brief Compare octet by octet. */
    friend bool operator==(const MisfId& a, const MisfId& b)
    {
        return a.m_shared == b.m_shared || (a.Hash() == b.Hash() && a.Get() == b.Get());
    }

    /** @brief Compare octet by octet. */
    friend bool operator!=(const MisfId& a, const MisfId& b)
    {
        return !(a == b);
    }

    /** @brief Order octet by octet. */
    friend bool operator<(const MisfId& a, const MisfId& b)
    {
        return a.Get() < b.Get();
    }

    /** @brief Print the identifier. */
    friend std::ostream& operator<<(std::ostream& os, const MisfId& id)
    {
        return os << id.Get();
    }

    /** @brief Hash for boost containers. */
    friend std::size_t hash_value(const MisfId& id)
    {
        return id.Hash();
    }

  private:
    /** @brief The octets: copied with every message, session and trace, so they are shared. */
    struct Shared
    {
        std::string id;   //!< the identifier
        std::size_t hash; //!< of it
    };

    /** @return the empty identifier */
    static const std::string& Empty();

    std::shared_ptr<const Shared> m_shared; //!< nullptr for the empty identifier
};

/** @brief Hash of an identifier, equal for the same octets in any of the forms. */
struct MisfIdHash
{
    using is_transparent = void; //!< look-up without making a MisfId

    /** @brief Hash an identifier. */
    std::size_t operator()(const MisfId& id) const
    {
        return id.Hash();
    }

    /** @brief Hash the octets of an identifier. */
    std::size_t operator()(ByteView id) const
    {
        return operator()(id.Text());
    }

    /** @brief Hash the text of an identifier. */
    std::size_t operator()(std::string_view id) const
    {
        return std::hash<std::string_view>()(id);
    }
};

/** @brief Equality of identifiers in any of their forms. */
struct MisfIdEqual
{
    using is_transparent = void; //!< look-up without making a MisfId

    /** @brief Compare two identifiers. */
    template <class A, class B>
    bool operator()(const A& a, const B& b) const
    {
        return Text(a) == Text(b);
    }

    /** @brief Compare two identifiers. */
    bool operator()(const MisfId& a, const MisfId& b) const
    {
        return a == b;
    }

  private:
    static std::string_view Text(const MisfId& id)
    {
        return id.Get();
    }

    static std::string_view Text(ByteView id)
    {
        return id.Text();
    }

    static std::string_view Text(std::string_view id)
    {
        return id;
    }
};

/** @brief How a security association came to be (IEEE 802.21a; the last one is PA-7). */
enum class IdType : uint8_t
{
    TLS = 0,
    EAP = 1,
    GKB = 2,
    PREREGISTRATION = assigned::ID_TYPE_PREREGISTRATION,
    TRANSPORT = assigned::ID_TYPE_TRANSPORT //!< of what carries the messages; PA-50, never sent
};

/**
 * @brief Name of a type.
 * @param type the type
 * @return its enumerator as text
 */
const char* ToString(IdType type);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, IdType type);

/** @brief SAID: names a security association between two peers (IEEE 802.21a). */
struct Said
{
    /** The largest ID_VALUE accepted, in octets (PA-19 uses 4). */
    static constexpr std::size_t MAX_SIZE = 32;

    IdType type{IdType::TLS};                                 //!< ID_TYPE
    boost::container::static_vector<uint8_t, MAX_SIZE> value; //!< ID_VALUE

    /**
     * @brief An identifier with a value of four octets (PA-19).
     * @param type the type
     * @param value the value, sent with the most significant octet first
     * @return the identifier
     */
    static Said Make(IdType type, uint32_t value);

    /**
     * @brief An identifier.
     * @param type the type
     * @param value at most MAX_SIZE octets; more is a fatal programming error
     * @return the identifier
     */
    static Said Make(IdType type, ByteView value);

    /** @brief Compare type and value. */
    friend bool operator==(const Said& a, const Said& b)
    {
        return a.type == b.type && ByteView(a.value) == ByteView(b.value);
    }

    /** @brief Compare type and value. */
    friend bool operator!=(const Said& a, const Said& b)
    {
        return !(a == b);
    }

    /** @brief Hash for boost containers. */
    friend std::size_t hash_value(const Said& said)
    {
        return std::hash<std::string_view>()(ByteView(said.value).Text()) * 4 +
               static_cast<std::size_t>(said.type);
    }

    /** @brief Print as type, colon, value in hexadecimal. */
    friend std::ostream& operator<<(std::ostream& os, const Said& said)
    {
        return os << static_cast<unsigned>(said.type) << ':' << ToHex(said.value);
    }

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.type);
        v.Part(self.value);
    }
};

/** Nonce-T or Nonce-N (PA-8). */
using Nonce = std::array<uint8_t, assigned::NONCE_SIZE>;

/** @brief Operation code (IEEE 802.21, 8.4.1). */
enum class Opcode : uint8_t
{
    CONFIRM = 0,
    REQUEST = 1,
    RESPONSE = 2,
    INDICATION = 3
};

/** @brief MID: service identifier, operation code and action identifier (IEEE 802.21, 8.4.1). */
class MessageId
{
  public:
    /** @brief An identifier of no message. */
    constexpr MessageId()
        : m_value(0)
    {
    }

    /**
     * @brief From the 16 bits of the header.
     * @param mid the bits
     */
    constexpr MessageId(uint16_t mid)
        : m_value(mid)
    {
    }

    /**
     * @brief From its parts.
     * @param sid service identifier, 0 to 15
     * @param opcode operation code
     * @param aid action identifier, 0 to 1023
     * @return the identifier
     */
    static constexpr MessageId Make(uint8_t sid, Opcode opcode, uint16_t aid)
    {
        return MessageId(
            static_cast<uint16_t>(sid << 12 | static_cast<uint16_t>(opcode) << 10 | aid));
    }

    /** @return service identifier, 0 to 15 */
    constexpr uint8_t Sid() const
    {
        return static_cast<uint8_t>(m_value >> 12);
    }

    /** @return operation code */
    constexpr mis::Opcode Opcode() const
    {
        return static_cast<mis::Opcode>(m_value >> 10 & 3);
    }

    /** @return action identifier, 0 to 1023 */
    constexpr uint16_t Aid() const
    {
        return m_value & 0x3ff;
    }

    /** @return the 16 bits of the header */
    constexpr uint16_t Value() const
    {
        return m_value;
    }

    /** @brief Compare. */
    friend constexpr bool operator==(MessageId a, MessageId b)
    {
        return a.m_value == b.m_value;
    }

    /** @brief Compare. */
    friend constexpr bool operator!=(MessageId a, MessageId b)
    {
        return a.m_value != b.m_value;
    }

    /** @brief Order by value. */
    friend constexpr bool operator<(MessageId a, MessageId b)
    {
        return a.m_value < b.m_value;
    }

    /** @brief Hash for boost containers. */
    friend std::size_t hash_value(MessageId mid)
    {
        return mid.m_value;
    }

  private:
    uint16_t m_value; //!< the bits
};

/**
 * @brief Name of a message, such as "Prereg_Xfer request".
 * @param mid the message
 * @return the name, "unknown" for none
 */
const char* MessageName(MessageId mid);

/**
 * @brief Name of the primitive in the contribution that proposed the delivery of keys.
 *
 * It differs from the message for Net_Group_Manipulate, which the contribution calls
 * MIS_Push_Group_Manipulate.
 *
 * @param mid the message
 * @return the name, without the operation code; "unknown" for none
 */
const char* ContributionName(MessageId mid);

/** @brief Print the name of a message. */
std::ostream& operator<<(std::ostream& os, MessageId mid);

} // namespace ns3::mis

/** @brief Hash of an identifier. */
template <>
struct std::hash<ns3::mis::MisfId>
{
    /** @brief Hash an identifier. */
    std::size_t operator()(const ns3::mis::MisfId& id) const
    {
        return hash_value(id);
    }
};

/** @brief Hash of an identifier of an association. */
template <>
struct std::hash<ns3::mis::Said>
{
    /** @brief Hash an identifier. */
    std::size_t operator()(const ns3::mis::Said& said) const
    {
        return hash_value(said);
    }
};

/** @brief Hash of an identifier of a message. */
template <>
struct std::hash<ns3::mis::MessageId>
{
    /** @brief Hash an identifier. */
    std::size_t operator()(ns3::mis::MessageId mid) const
    {
        return hash_value(mid);
    }
};

#endif /* MIS_IDENTIFIERS_H */
