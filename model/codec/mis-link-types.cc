// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Names and addresses of links.
 */
#include "mis-link-types.h"

namespace ns3::mis
{

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
