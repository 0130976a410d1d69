// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Octets, identifiers and the data types of the protocol (IEEE 802.21, Annex F).
 *
 * Values only: how they look on the wire is written in mis-tlv.h and mis-message-codec.h.
 */
#ifndef MIS_TYPES_H
#define MIS_TYPES_H

#include "ns3/mis-assigned.h"

#include <algorithm>
#include <array>
#include <boost/container/static_vector.hpp>
#include <boost/container/vector.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace ns3::mis
{

// ---------------------------------------------------------------------------------------------
// Results
// ---------------------------------------------------------------------------------------------

/** @brief Why octets are not a message. */
enum class CodecError : uint8_t
{
    NONE,
    TRUNCATED,      //!< octets end before what they announce
    OVERLONG,       //!< octets follow where there should be none
    BAD_VERSION,    //!< header of another protocol version
    BAD_LENGTH,     //!< a length not in its only valid form
    DUPLICATE_TLV,  //!< a TLV more often than the message lists it
    MISSING_TLV,    //!< a mandatory TLV is absent
    BAD_VALUE,      //!< a value outside the range of its data type
    UNKNOWN_MESSAGE //!< the MID belongs to no message known here
};

/**
 * @brief Name of an error.
 * @param error the error
 * @return its enumerator as text
 */
const char* ToString(CodecError error);

/**
 * @brief Print the name of an error.
 * @param os the stream
 * @param error the error
 * @return the stream
 */
std::ostream& operator<<(std::ostream& os, CodecError error);

/**
 * @brief A value, or the reason why there is none.
 *
 * @tparam T the value
 * @tparam E an enumeration whose value 0 means that there is no error
 */
template <class T, class E = CodecError>
class [[nodiscard]] Result
{
  public:
    /**
     * @brief A success.
     * @param value the value
     */
    Result(T value)
        : m_value(std::move(value))
    {
    }

    /**
     * @brief A failure.
     * @param error the reason, not 0
     */
    Result(E error)
        : m_error(error)
    {
    }

    /**
     * @brief A success, made in place.
     * @param args for the constructor of the value
     */
    template <class... Args>
    explicit Result(std::in_place_t, Args&&... args)
        : m_value(std::in_place, std::forward<Args>(args)...)
    {
    }

    /**
     * @brief Turn into a failure; the value is destroyed.
     * @param error the reason, not 0
     */
    void Fail(E error)
    {
        m_value.reset();
        m_error = error;
    }

    /** @return whether there is a value */
    explicit operator bool() const
    {
        return m_value.has_value();
    }

    /** @return the reason of the failure, 0 if there is none */
    E Error() const
    {
        return m_error;
    }

    /** @return the value; only for a success */
    T& operator*() &
    {
        return *m_value;
    }

    /** @return the value; only for a success */
    const T& operator*() const&
    {
        return *m_value;
    }

    /** @return the value; only for a success */
    T&& operator*() &&
    {
        return *std::move(m_value);
    }

    /** @return the value; only for a success */
    T* operator->()
    {
        return &*m_value;
    }

    /** @return the value; only for a success */
    const T* operator->() const
    {
        return &*m_value;
    }

  private:
    std::optional<T> m_value; //!< the value
    E m_error{};              //!< the reason
};

// ---------------------------------------------------------------------------------------------
// Octets
// ---------------------------------------------------------------------------------------------

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

// ---------------------------------------------------------------------------------------------
// Identifiers
// ---------------------------------------------------------------------------------------------

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

// ---------------------------------------------------------------------------------------------
// Data types
// ---------------------------------------------------------------------------------------------

/** @brief STATUS (IEEE 802.21, Annex F; the last value is of IEEE 802.21a). */
enum class Status : uint8_t
{
    SUCCESS = 0,
    UNSPECIFIED_FAILURE = 1,
    REJECTED = 2,
    AUTHORIZATION_FAILURE = 3,
    NETWORK_ERROR = 4,
    AUTHENTICATION_FAILURE = 5
};

/**
 * @brief Name of a status.
 * @param status the status
 * @return its enumerator as text
 */
const char* ToString(Status status);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, Status status);

/** @brief LINK_TYPE (IEEE 802.21, Annex F). Other values are carried as they are. */
enum class LinkType : uint8_t
{
    GSM = 1,
    GPRS = 2,
    EDGE = 3,
    ETHERNET = 15,
    WIRELESS_OTHER = 18,
    WIFI = 19, //!< IEEE 802.11
    CDMA2000 = 22,
    UMTS = 23, //!< also LTE (PA-6)
    HRPD = 24,
    WIMAX = 27, //!< IEEE 802.16
    IEEE_802_20 = 28,
    IEEE_802_22 = 29,
    XGP = 36,
    DVB = 40,
    T_DMB = 41,
    ATSC_MH = 42
};

/**
 * @brief Name of a link type.
 * @param type the type
 * @return its enumerator as text
 */
const char* ToString(LinkType type);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, LinkType type);

/** @brief LINK_DN_REASON (IEEE 802.21, Annex F). Other values are carried as they are. */
enum class LinkDownReason : uint8_t
{
    EXPLICIT_DISCONNECT = 0,
    PACKET_TIMEOUT = 1,
    NO_RESOURCE = 2,
    NO_BROADCAST = 3,
    AUTHENTICATION_FAILURE = 4,
    BILLING_FAILURE = 5
};

/**
 * @brief Name of a reason.
 * @param reason the reason
 * @return its enumerator as text
 */
const char* ToString(LinkDownReason reason);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, LinkDownReason reason);

/** @brief LINK_GD_REASON (IEEE 802.21, Annex F). Other values are carried as they are. */
enum class LinkGoingDownReason : uint8_t
{
    EXPLICIT_DISCONNECT = 0,
    PARAMETER_DEGRADING = 1,
    LOW_POWER = 2,
    NO_RESOURCE = 3
};

/**
 * @brief Name of a reason.
 * @param reason the reason
 * @return its enumerator as text
 */
const char* ToString(LinkGoingDownReason reason);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, LinkGoingDownReason reason);

/** @brief MAC_ADDR: address family 6 and six octets. */
struct MacAddress
{
    std::array<uint8_t, 6> octets{}; //!< the address

    /** @brief Compare. */
    friend bool operator==(const MacAddress& a, const MacAddress& b)
    {
        return a.octets == b.octets;
    }

    /** @brief Order. */
    friend bool operator<(const MacAddress& a, const MacAddress& b)
    {
        return a.octets < b.octets;
    }
};

/** @brief 3GPP_3G_CELL_ID. */
struct Cell3gId
{
    std::array<uint8_t, 3> plmn{}; //!< public land mobile network
    uint32_t cell{0};              //!< cell identity

    /** @brief Compare. */
    friend bool operator==(const Cell3gId& a, const Cell3gId& b)
    {
        return a.plmn == b.plmn && a.cell == b.cell;
    }

    /** @brief Order. */
    friend bool operator<(const Cell3gId& a, const Cell3gId& b)
    {
        return std::tie(a.plmn, a.cell) < std::tie(b.plmn, b.cell);
    }
};

/** @brief 3GPP_2G_CELL_ID. */
struct Cell2gId
{
    std::array<uint8_t, 3> plmn{}; //!< public land mobile network
    uint16_t area{0};              //!< location area code
    uint16_t cell{0};              //!< cell identity

    /** @brief Compare. */
    friend bool operator==(const Cell2gId& a, const Cell2gId& b)
    {
        return a.plmn == b.plmn && a.area == b.area && a.cell == b.cell;
    }

    /** @brief Order. */
    friend bool operator<(const Cell2gId& a, const Cell2gId& b)
    {
        return std::tie(a.plmn, a.area, a.cell) < std::tie(b.plmn, b.area, b.cell);
    }
};

/**
 * @brief An address that is an OCTET_STRING.
 * @tparam N the alternative of LINK_ADDR: 3 3GPP_ADDR, 4 3GPP2_ADDR, 5 OTHER_L2_ADDR
 */
template <int N>
struct OctetAddress
{
    Bytes octets; //!< the address

    /** @brief Compare. */
    friend bool operator==(const OctetAddress& a, const OctetAddress& b)
    {
        return a.octets == b.octets;
    }

    /** @brief Order. */
    friend bool operator<(const OctetAddress& a, const OctetAddress& b)
    {
        return a.octets < b.octets;
    }
};

/** @brief LINK_ADDR: a CHOICE whose selector is the index of the alternative. */
struct LinkAddress
{
    /** The alternatives in the order of the standard. */
    using Choice = std::
        variant<MacAddress, Cell3gId, Cell2gId, OctetAddress<3>, OctetAddress<4>, OctetAddress<5>>;

    Choice choice; //!< the address

    /**
     * @brief An IEEE 802 address.
     * @param octets the address
     * @return the address
     */
    static LinkAddress Mac(const std::array<uint8_t, 6>& octets)
    {
        return LinkAddress{MacAddress{octets}};
    }

    /**
     * @brief A cell of UMTS, and by PA-6 of LTE.
     * @param plmn public land mobile network
     * @param cell cell identity
     * @return the address
     */
    static LinkAddress Cell3g(const std::array<uint8_t, 3>& plmn, uint32_t cell)
    {
        return LinkAddress{Cell3gId{plmn, cell}};
    }

    /**
     * @brief An address of another kind of link (OTHER_L2_ADDR).
     * @param octets the address
     * @return the address
     */
    static LinkAddress Other(Bytes octets)
    {
        return LinkAddress{OctetAddress<5>{std::move(octets)}};
    }

    /** @return the IEEE 802 address, nullptr if it is of another kind */
    const std::array<uint8_t, 6>* GetMac() const
    {
        const auto* mac = std::get_if<MacAddress>(&choice);
        return mac ? &mac->octets : nullptr;
    }

    /** @return the 3G cell, nullptr if it is of another kind */
    const Cell3gId* GetCell3g() const
    {
        return std::get_if<Cell3gId>(&choice);
    }

    /** @brief Compare. */
    friend bool operator==(const LinkAddress& a, const LinkAddress& b)
    {
        return a.choice == b.choice;
    }

    /** @brief Compare. */
    friend bool operator!=(const LinkAddress& a, const LinkAddress& b)
    {
        return !(a == b);
    }

    /** @brief Order by kind, then by content. */
    friend bool operator<(const LinkAddress& a, const LinkAddress& b)
    {
        return a.choice < b.choice;
    }

    /** @brief Print kind and content. */
    friend std::ostream& operator<<(std::ostream& os, const LinkAddress& address)
    {
        address.Print(os);
        return os;
    }

    /** @brief Hash for boost containers. */
    friend std::size_t hash_value(const LinkAddress& address)
    {
        return address.Hash();
    }

  private:
    void Print(std::ostream& os) const;
    std::size_t Hash() const;
};

/** @brief LINK_ID: type and address of a link. */
struct LinkId
{
    LinkType type{LinkType::WIFI}; //!< technology
    LinkAddress address;           //!< address of the link, on the mobile node's side

    /** @brief Compare. */
    friend bool operator==(const LinkId& a, const LinkId& b)
    {
        return a.type == b.type && a.address == b.address;
    }

    /** @brief Compare. */
    friend bool operator!=(const LinkId& a, const LinkId& b)
    {
        return !(a == b);
    }

    /** @brief Order by type, then by address. */
    friend bool operator<(const LinkId& a, const LinkId& b)
    {
        return std::tie(a.type, a.address) < std::tie(b.type, b.address);
    }

    /** @brief Print type and address. */
    friend std::ostream& operator<<(std::ostream& os, const LinkId& link)
    {
        return os << link.type << ' ' << link.address;
    }

    /** @brief Hash for boost containers. */
    friend std::size_t hash_value(const LinkId& link)
    {
        return hash_value(link.address) * 31 + static_cast<std::size_t>(link.type);
    }

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.type);
        v.Part(self.address);
    }
};

/** @brief LINK_TUPLE_ID: a link and, if known, its point of attachment. */
struct LinkTupleId
{
    LinkId link;                    //!< the link
    std::optional<LinkAddress> poa; //!< address of the point of attachment

    /** @brief Compare. */
    friend bool operator==(const LinkTupleId& a, const LinkTupleId& b)
    {
        return a.link == b.link && a.poa == b.poa;
    }

    /** @brief Compare. */
    friend bool operator!=(const LinkTupleId& a, const LinkTupleId& b)
    {
        return !(a == b);
    }

    /** @brief Print the link and the point of attachment. */
    friend std::ostream& operator<<(std::ostream& os, const LinkTupleId& tuple)
    {
        os << tuple.link;
        if (tuple.poa)
        {
            os << " at " << *tuple.poa;
        }
        return os;
    }

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.link);
        v.Part(self.poa);
    }
};

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

/** @brief Hash of an address. */
template <>
struct std::hash<ns3::mis::LinkAddress>
{
    /** @brief Hash an address. */
    std::size_t operator()(const ns3::mis::LinkAddress& address) const
    {
        return hash_value(address);
    }
};

/** @brief Hash of a link. */
template <>
struct std::hash<ns3::mis::LinkId>
{
    /** @brief Hash a link. */
    std::size_t operator()(const ns3::mis::LinkId& link) const
    {
        return hash_value(link);
    }
};

#endif /* MIS_TYPES_H */
