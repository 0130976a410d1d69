// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The shipped link profiles.
 */

#include "mis-link-profile.h"

namespace ns3
{
namespace mis
{

namespace
{

/// Codes of LINK_TYPE, the IANA ifType numbers that the standard takes over, but for LTE (PA-6).
constexpr auto ETHERNET = static_cast<LinkType>(15);
constexpr auto IEEE_802_11 = static_cast<LinkType>(19);
constexpr auto LTE = static_cast<LinkType>(23);
constexpr auto IEEE_802_16 = static_cast<LinkType>(27);

const std::vector<LinkProfile>&
Profiles()
{
    // Built at first use: Time and DataRate may not be made before ns-3's own statics are.
    static const std::vector<LinkProfile> profiles{
        {"ethernet",
         DataRate("100Mbps"),
         DataRate("100Mbps"),
         MicroSeconds(1),
         Time(0),
         0.0,
         38,
         1500,
         ETHERNET,
         "IEEE 802.3 100BASE-T: 8 octets of preamble, 14 of header, 4 of FCS and 12 of gap a "
         "frame, "
         "MTU 1500; the delay, 100 m of cable and one switch port, is assumed."},
        {"lte",
         DataRate("22Mbps"),
         DataRate("14Mbps"),
         MilliSeconds(10),
         MilliSeconds(4),
         1e-6,
         10,
         1500,
         LTE,
         "ITU-R M.2134: user-plane delay of at most 10 ms one way, cell spectral efficiency 2.2 "
         "and "
         "1.4 bit/s/Hz (base coverage urban) here times 10 MHz; loss 1e-6 of QCI 5 and 9 in 3GPP "
         "TS "
         "23.203; headers PDCP 2, RLC 2, MAC 3, CRC 3 octets; the jitter is assumed."},
        {"wan",
         DataRate("1Gbps"),
         DataRate("1Gbps"),
         MilliSeconds(5),
         Time(0),
         0.0,
         38,
         1500,
         ETHERNET,
         "ITU-T G.114: 5 microseconds a kilometre of fibre, here times 1,000 km; gigabit Ethernet "
         "framing of IEEE 802.3; an idle backbone without jitter or loss is assumed."},
        {"wifi",
         DataRate("24Mbps"),
         DataRate("24Mbps"),
         MilliSeconds(1),
         MilliSeconds(1),
         1e-3,
         54,
         1500,
         IEEE_802_11,
         "IEEE 802.11g at its mandatory 24 Mbit/s; 26 octets of QoS header, 16 of CCMP, 8 of "
         "LLC/SNAP and 4 of FCS a frame; loss 1e-3 after retries as ITU-T Y.1541 allows in class "
         "0; "
         "the delay and jitter of contention are assumed."},
        {"wimax",
         DataRate("10Mbps"),
         DataRate("4Mbps"),
         MilliSeconds(10),
         MilliSeconds(5),
         1e-3,
         10,
         1400,
         IEEE_802_16,
         "IEEE 802.16e: 5 ms frames, so a delay of two frames and a jitter of one, header 6 and "
         "CRC "
         "4 octets, MTU 1400 as RFC 5121 gives for WiMAX Forum networks; the rates of a 10 MHz TDD "
         "sector and the loss are assumed."},
    };
    return profiles;
}

} // namespace

const LinkProfile*
FindLinkProfile(std::string_view name)
{
    for (const auto& profile : Profiles())
    {
        if (profile.name == name)
        {
            return &profile;
        }
    }
    return nullptr;
}

std::vector<std::string>
LinkProfileNames()
{
    std::vector<std::string> names;
    for (const auto& profile : Profiles())
    {
        names.push_back(profile.name);
    }
    return names;
}

} // namespace mis
} // namespace ns3
