// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Addresses and interfaces of the nodes of RoamingScenarioHelper, for its own sources only.
 */
#ifndef MIS_ROAMING_SCENARIO_NODES_H
#define MIS_ROAMING_SCENARIO_NODES_H

#include "ns3/ipv4-address.h"
#include "ns3/ipv4-static-routing.h"
#include "ns3/net-device.h"
#include "ns3/node.h"

namespace ns3::mis
{

/**
 * @brief Gives a device an interface with an address, by hand, so that no queue disc is installed.
 * @param device the device, of a node with an internet stack
 * @param address its address
 * @param mask of its network
 * @return index of the interface
 */
uint32_t AddInterface(Ptr<NetDevice> device, Ipv4Address address, const char* mask);

/// @param node a node with an internet stack @return its static routes
Ptr<Ipv4StaticRouting> RoutingOf(Ptr<Node> node);

} // namespace ns3::mis

#endif // MIS_ROAMING_SCENARIO_NODES_H
