// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Addresses of the nodes of RoamingScenarioHelper, for its own sources only.
 */
#ifndef MIS_ROAMING_SCENARIO_NODES_H
#define MIS_ROAMING_SCENARIO_NODES_H

#include "ns3/mis-ip-stack.h"

#include <cstdint>

namespace ns3::mis
{

/// The addresses of a scenario, of one version of IP.
class ScenarioAddresses
{
  public:
    /// @param isIpv6 whether they are IPv6 addresses
    explicit ScenarioAddresses(bool isIpv6)
        : m_isIpv6(isIpv6)
    {
    }

    /// @param index of the network @param isRadio whether of radios @return its network
    IpNetwork Access(uint32_t index, bool isRadio) const;

    /// @param number of a link between two nodes @return its network
    IpNetwork Infrastructure(uint32_t number) const;

    /// @return network of the home addresses, of IPv4; its first address is the anchor's
    static IpNetwork Home();

    /// @return address of the group of mobile nodes
    Address Group() const;

  private:
    bool m_isIpv6;
};

} // namespace ns3::mis

#endif // MIS_ROAMING_SCENARIO_NODES_H
