// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Data types of links and their addresses (IEEE 802.21, Annex F).
 */
#ifndef MIS_LINK_TYPES_H
#define MIS_LINK_TYPES_H

#include "ns3/mis-assigned.h"
#include "ns3/mis-octets.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <tuple>
#include <utility>
#include <variant>

namespace ns3::mis
{

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

#endif /* MIS_LINK_TYPES_H */
