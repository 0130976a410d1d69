// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What an access or wide-area link costs: rates, delay, jitter, loss, framing. A profile stands in
 * for a radio that ns-3 lacks or that would be too slow to simulate.
 */

#ifndef MIS_LINK_PROFILE_H
#define MIS_LINK_PROFILE_H

#include "ns3/data-rate.h"
#include "ns3/mis-types.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ns3
{
namespace mis
{

/// The cost model of one kind of link.
struct LinkProfile
{
    std::string name; //!< Name by which FindLinkProfile() finds it, lower case.
    DataRate rate;    //!< Rate from the hub to the stations, shared by them; 0 is infinite.
    DataRate upRate;  //!< Rate from the stations to the hub, shared by them; 0 is infinite.
    Time delay;       //!< One-way delay after the last bit is sent; not negative.
    Time jitter;      //!< Width of the uniform addition to the delay; zero draws nothing.
    double loss;      //!< Probability that a receiver loses a frame, 0 to 1; 0 draws nothing.
    uint32_t overheadOctets; //!< Link-layer octets charged for a frame besides its payload.
    uint16_t mtu;            //!< Largest payload of a frame, in octets.
    LinkType type;           //!< Link type of the standard (LINK_TYPE; PA-6 for LTE).
    const char* source;      //!< Where the figures come from, one sentence.
};

/**
 * @param name Name of a shipped profile: "ethernet", "lte", "wan", "wifi" or "wimax".
 * @return The profile, which lives as long as the program, or nullptr when there is none.
 */
const LinkProfile* FindLinkProfile(std::string_view name);

/// @return The names of the shipped profiles, sorted.
std::vector<std::string> LinkProfileNames();

} // namespace mis
} // namespace ns3

#endif // MIS_LINK_PROFILE_H
