// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Options that programs share whose mobile node hands over once, or in a chain.
 */
#ifndef HANDOVER_OPTIONS_H
#define HANDOVER_OPTIONS_H

#include "ns3/mis-proactive-authentication.h"
#include "ns3/mis-program-options.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/mis-traffic-helper.h"
#include "ns3/nstime.h"

#include <string>

namespace ns3::mis::programs
{

/// Declares what the access links are.
inline void
AddLinks(ProgramOptions& program, std::string& links)
{
    program.AddWord("links",
                    "Radios of ns-3, or link profiles, which are faster",
                    links,
                    {"radio", "profile"});
}

/// Declares the version of IP.
inline void
AddAddressFamily(ProgramOptions& program, std::string& family)
{
    program.AddWord("ip",
                    "Version of IP; ipv6 has no traffic, no IKEv2, no wimax radio",
                    family,
                    {"ipv4", "ipv6"});
}

/// Declares how many radios a mobile node uses at once.
inline void
AddDualRadio(ProgramOptions& program, bool& hasTwoRadios)
{
    program.AddFlag("dual",
                    "Whether the new radio attaches before the old one leaves, not one at a time",
                    hasTwoRadios);
}

/// Declares what link-layer frames are.
inline void
AddLinkAuthentication(ProgramOptions& program, std::string& linkAuthentication)
{
    program.AddWord("link-auth",
                    "Link-layer frames of the target access; only the size of counted ones counts",
                    linkAuthentication,
                    {"real", "counted"});
}

/// Refuses attribute defaults for what link-layer frames are.
inline void
OwnLinkAuthentication(ProgramOptions& program)
{
    program.Own("ns3::mis::MobileNode::LinkAuthentication", "--link-auth");
    program.Own("ns3::mis::PointOfService::LinkAuthentication", "--link-auth");
}

/// Declares what else the mobile node sends and receives.
inline void
AddTraffic(ProgramOptions& program, std::string& traffic)
{
    program.AddWord("traffic",
                    "User traffic through a mobility anchor, and its figures",
                    traffic,
                    TrafficHelper::Kinds());
}

/**
 * @param linkAuthentication value of --link-auth
 * @return it as attributes have it
 */
inline std::string
LinkAuthenticationOf(const std::string& linkAuthentication)
{
    return ToString(linkAuthentication == "real" ? LinkAuthenticationMode::REAL
                                                 : LinkAuthenticationMode::COUNTED);
}

/**
 * @param scenario a scenario that is built
 * @param links value of --links
 * @return when the mobile node can begin to roam
 */
inline Time
StartOf(RoamingScenarioHelper& scenario, const std::string& links)
{
    return links == "radio" ? scenario.GetEarliestStart() : Seconds(2);
}

} // namespace ns3::mis::programs

#endif // HANDOVER_OPTIONS_H
