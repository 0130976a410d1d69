// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Octets, identifiers and names of the protocol.
 */
#include "mis-types.h"

#include "ns3/fatal-error.h"

#include <cstring>

namespace ns3::mis
{

namespace
{

/** Called through a volatile pointer, so the compiler cannot know that nobody reads the result. */
void* (*const volatile g_memset)(void*, int, std::size_t) = std::memset;

/** @brief The names that one message has with each operation code, and in the contribution. */
struct NameRow
{
    uint8_t sid;              //!< service identifier
    uint16_t aid;             //!< action identifier
    const char* names[4];     //!< by operation code
    const char* contribution; //!< in the contribution
};

#define MIS_NAMES(name)                                                                            \
    {                                                                                              \
        name " confirm", name " request", name " response", name " indication"                     \
    }

/** All messages of IEEE 802.21 and its amendments, and the project's own (PA-2, PA-3). */
constexpr NameRow NAME_ROWS[] = {
    {1, 1, MIS_NAMES("Capability_Discover"), "MIS_Capability_Discover"},
    {1, 2, MIS_NAMES("Register"), "MIS_Register"},
    {1, 3, MIS_NAMES("DeRegister"), "MIS_DeRegister"},
    {1, 4, MIS_NAMES("Event_Subscribe"), "MIS_Event_Subscribe"},
    {1, 5, MIS_NAMES("Event_Unsubscribe"), "MIS_Event_Unsubscribe"},
    {1, 6, MIS_NAMES("Auth"), "MIS_Auth"},
    {1, 7, MIS_NAMES("Termination_Auth"), "MIS_Termination_Auth"},
    {1, 8, MIS_NAMES("Push_Key"), "MIS_Push_Key"},
    {1, 9, MIS_NAMES("LL_Auth"), "MIS_LL_Auth"},
    {1,
     assigned::AID_MN_GROUP_MANIPULATE,
     MIS_NAMES("MN_Group_Manipulate"),
     "MIS_MN_Group_Manipulate"},
    {1,
     assigned::AID_NET_GROUP_MANIPULATE,
     MIS_NAMES("Net_Group_Manipulate"),
     "MIS_Push_Group_Manipulate"},
    {1, assigned::AID_PULL_CERTIFICATE, MIS_NAMES("Pull_Certificate"), "MIS_Pull_Certificate"},
    {1, assigned::AID_PUSH_CERTIFICATE, MIS_NAMES("Push_Certificate"), "MIS_Push_Certificate"},
    {1,
     assigned::AID_REVOKE_CERTIFICATE,
     MIS_NAMES("Revoke_Certificate"),
     "MIS_Revoke_Certificate"},
    {2, 1, MIS_NAMES("Link_Detected"), "MIS_Link_Detected"},
    {2, 2, MIS_NAMES("Link_Up"), "MIS_Link_Up"},
    {2, 3, MIS_NAMES("Link_Down"), "MIS_Link_Down"},
    {2, 5, MIS_NAMES("Link_Parameters_Report"), "MIS_Link_Parameters_Report"},
    {2, 6, MIS_NAMES("Link_Going_Down"), "MIS_Link_Going_Down"},
    {2, 7, MIS_NAMES("Link_Handover_Imminent"), "MIS_Link_Handover_Imminent"},
    {2, 8, MIS_NAMES("Link_Handover_Complete"), "MIS_Link_Handover_Complete"},
    {3, 1, MIS_NAMES("Link_Get_Parameters"), "MIS_Link_Get_Parameters"},
    {3, 2, MIS_NAMES("Link_Configure_Thresholds"), "MIS_Link_Configure_Thresholds"},
    {3, 3, MIS_NAMES("Link_Actions"), "MIS_Link_Actions"},
    {3, 4, MIS_NAMES("Net_HO_Candidate_Query"), "MIS_Net_HO_Candidate_Query"},
    {3, 5, MIS_NAMES("MN_HO_Candidate_Query"), "MIS_MN_HO_Candidate_Query"},
    {3, 6, MIS_NAMES("N2N_HO_Query_Resources"), "MIS_N2N_HO_Query_Resources"},
    {3, 7, MIS_NAMES("MN_HO_Commit"), "MIS_MN_HO_Commit"},
    {3, 8, MIS_NAMES("Net_HO_Commit"), "MIS_Net_HO_Commit"},
    {3, 9, MIS_NAMES("N2N_HO_Commit"), "MIS_N2N_HO_Commit"},
    {3, 10, MIS_NAMES("MN_HO_Complete"), "MIS_MN_HO_Complete"},
    {3, 11, MIS_NAMES("N2N_HO_Complete"), "MIS_N2N_HO_Complete"},
    {3, 12, MIS_NAMES("Net_HO_Bcst_Commit"), "MIS_Net_HO_Bcst_Commit"},
    {3, 13, MIS_NAMES("Prereg_Xfer"), "MIS_Prereg_Xfer"},
    {3, 14, MIS_NAMES("N2N_Prereg_Xfer"), "MIS_N2N_Prereg_Xfer"},
    {3, assigned::AID_GROUP_KEY_REQUEST, MIS_NAMES("Group_Key_Request"), "MIS_Group_Key_Request"},
    {4, 1, MIS_NAMES("Get_Information"), "MIS_Get_Information"},
    {4, 2, MIS_NAMES("Push_Information"), "MIS_Push_Information"},
};

#undef MIS_NAMES

/**
 * @brief Look up the names of a message.
 * @param mid the message
 * @return the names, nullptr for none
 */
const NameRow*
FindNames(MessageId mid)
{
    for (const NameRow& row : NAME_ROWS)
    {
        if (row.sid == mid.Sid() && row.aid == mid.Aid())
        {
            return &row;
        }
    }
    return nullptr;
}

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

const char*
ToString(CodecError error)
{
    switch (error)
    {
    case CodecError::NONE:
        return "NONE";
    case CodecError::TRUNCATED:
        return "TRUNCATED";
    case CodecError::OVERLONG:
        return "OVERLONG";
    case CodecError::BAD_VERSION:
        return "BAD_VERSION";
    case CodecError::BAD_LENGTH:
        return "BAD_LENGTH";
    case CodecError::DUPLICATE_TLV:
        return "DUPLICATE_TLV";
    case CodecError::MISSING_TLV:
        return "MISSING_TLV";
    case CodecError::BAD_VALUE:
        return "BAD_VALUE";
    case CodecError::UNKNOWN_MESSAGE:
        return "UNKNOWN_MESSAGE";
    }
    return "unknown";
}

std::ostream&
operator<<(std::ostream& os, CodecError error)
{
    return os << ToString(error);
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

MisfId::MisfId(std::string id)
{
    if (id.size() > MAX_SIZE)
    {
        NS_FATAL_ERROR("an identifier of " << id.size() << " octets is too long");
    }
    if (!id.empty())
    {
        const std::size_t hash = std::hash<std::string_view>()(id);
        m_shared = std::make_shared<const Shared>(Shared{std::move(id), hash});
    }
}

const std::string&
MisfId::Empty()
{
    static const std::string empty;
    return empty;
}

const char*
ToString(IdType type)
{
    switch (type)
    {
    case IdType::TLS:
        return "TLS";
    case IdType::EAP:
        return "EAP";
    case IdType::GKB:
        return "GKB";
    case IdType::PREREGISTRATION:
        return "PREREGISTRATION";
    case IdType::TRANSPORT:
        return "TRANSPORT";
    }
    return "unknown";
}

std::ostream&
operator<<(std::ostream& os, IdType type)
{
    return os << ToString(type);
}

Said
Said::Make(IdType type, uint32_t value)
{
    Said said;
    said.type = type;
    for (int shift = 24; shift >= 0; shift -= 8)
    {
        said.value.push_back(static_cast<uint8_t>(value >> shift));
    }
    return said;
}

Said
Said::Make(IdType type, ByteView value)
{
    if (value.size() > MAX_SIZE)
    {
        NS_FATAL_ERROR("an ID_VALUE of " << value.size() << " octets is too long");
    }
    Said said;
    said.type = type;
    said.value.assign(value.begin(), value.end());
    return said;
}

const char*
MessageName(MessageId mid)
{
    const NameRow* row = FindNames(mid);
    return row ? row->names[static_cast<uint8_t>(mid.Opcode())] : "unknown";
}

const char*
ContributionName(MessageId mid)
{
    const NameRow* row = FindNames(mid);
    return row ? row->contribution : "unknown";
}

std::ostream&
operator<<(std::ostream& os, MessageId mid)
{
    return os << MessageName(mid);
}

const char*
ToString(Status status)
{
    switch (status)
    {
    case Status::SUCCESS:
        return "SUCCESS";
    case Status::UNSPECIFIED_FAILURE:
        return "UNSPECIFIED_FAILURE";
    case Status::REJECTED:
        return "REJECTED";
    case Status::AUTHORIZATION_FAILURE:
        return "AUTHORIZATION_FAILURE";
    case Status::NETWORK_ERROR:
        return "NETWORK_ERROR";
    case Status::AUTHENTICATION_FAILURE:
        return "AUTHENTICATION_FAILURE";
    }
    return "unknown";
}

std::ostream&
operator<<(std::ostream& os, Status status)
{
    return os << ToString(status);
}

const char*
ToString(LinkType type)
{
    switch (type)
    {
    case LinkType::GSM:
        return "GSM";
    case LinkType::GPRS:
        return "GPRS";
    case LinkType::EDGE:
        return "EDGE";
    case LinkType::ETHERNET:
        return "ETHERNET";
    case LinkType::WIRELESS_OTHER:
        return "WIRELESS_OTHER";
    case LinkType::WIFI:
        return "WIFI";
    case LinkType::CDMA2000:
        return "CDMA2000";
    case LinkType::UMTS:
        return "UMTS";
    case LinkType::HRPD:
        return "HRPD";
    case LinkType::WIMAX:
        return "WIMAX";
    case LinkType::IEEE_802_20:
        return "IEEE_802_20";
    case LinkType::IEEE_802_22:
        return "IEEE_802_22";
    case LinkType::XGP:
        return "XGP";
    case LinkType::DVB:
        return "DVB";
    case LinkType::T_DMB:
        return "T_DMB";
    case LinkType::ATSC_MH:
        return "ATSC_MH";
    }
    return "unknown";
}

std::ostream&
operator<<(std::ostream& os, LinkType type)
{
    return os << ToString(type);
}

const char*
ToString(LinkDownReason reason)
{
    switch (reason)
    {
    case LinkDownReason::EXPLICIT_DISCONNECT:
        return "EXPLICIT_DISCONNECT";
    case LinkDownReason::PACKET_TIMEOUT:
        return "PACKET_TIMEOUT";
    case LinkDownReason::NO_RESOURCE:
        return "NO_RESOURCE";
    case LinkDownReason::NO_BROADCAST:
        return "NO_BROADCAST";
    case LinkDownReason::AUTHENTICATION_FAILURE:
        return "AUTHENTICATION_FAILURE";
    case LinkDownReason::BILLING_FAILURE:
        return "BILLING_FAILURE";
    }
    return "unknown";
}

std::ostream&
operator<<(std::ostream& os, LinkDownReason reason)
{
    return os << ToString(reason);
}

const char*
ToString(LinkGoingDownReason reason)
{
    switch (reason)
    {
    case LinkGoingDownReason::EXPLICIT_DISCONNECT:
        return "EXPLICIT_DISCONNECT";
    case LinkGoingDownReason::PARAMETER_DEGRADING:
        return "PARAMETER_DEGRADING";
    case LinkGoingDownReason::LOW_POWER:
        return "LOW_POWER";
    case LinkGoingDownReason::NO_RESOURCE:
        return "NO_RESOURCE";
    }
    return "unknown";
}

std::ostream&
operator<<(std::ostream& os, LinkGoingDownReason reason)
{
    return os << ToString(reason);
}

void
LinkAddress::Print(std::ostream& os) const
{
    std::visit(
        [&os](const auto& address) {
            using T = std::decay_t<decltype(address)>;
            if constexpr (std::is_same_v<T, MacAddress>)
            {
                const std::string hex = ToHex(address.octets);
                for (std::size_t i = 0; i < hex.size(); i += 2)
                {
                    os << (i == 0 ? "" : ":") << hex[i] << hex[i + 1];
                }
            }
            else if constexpr (std::is_same_v<T, Cell3gId>)
            {
                os << "cell " << ToHex(address.plmn) << '-' << address.cell;
            }
            else if constexpr (std::is_same_v<T, Cell2gId>)
            {
                os << "cell " << ToHex(address.plmn) << '-' << address.area << '-' << address.cell;
            }
            else
            {
                os << ToHex(address.octets);
            }
        },
        choice);
}

std::size_t
LinkAddress::Hash() const
{
    return std::visit(
               [](const auto& address) -> std::size_t {
                   using T = std::decay_t<decltype(address)>;
                   if constexpr (std::is_same_v<T, Cell3gId>)
                   {
                       return std::hash<std::string_view>()(ByteView(address.plmn).Text()) * 31 +
                              address.cell;
                   }
                   else if constexpr (std::is_same_v<T, Cell2gId>)
                   {
                       return (std::hash<std::string_view>()(ByteView(address.plmn).Text()) * 31 +
                               address.area) *
                                  31 +
                              address.cell;
                   }
                   else
                   {
                       return std::hash<std::string_view>()(ByteView(address.octets).Text());
                   }
               },
               choice) *
               8 +
           choice.index();
}

} // namespace ns3::mis
