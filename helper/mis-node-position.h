// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: mobility

/**
 * @file
 * Puts nodes somewhere.
 */
#ifndef MIS_NODE_POSITION_H
#define MIS_NODE_POSITION_H

#include "ns3/node.h"
#include "ns3/vector.h"

namespace ns3::mis
{

/**
 * @brief Puts a node somewhere and has it move; it gets a ConstantVelocityMobilityModel unless it
 * has a mobility model, which must be of that type to move.
 * @param node the node
 * @param position where it is now, metres
 * @param velocity metres a second
 */
void PlaceNode(Ptr<Node> node, const Vector& position, const Vector& velocity);

/**
 * @brief Puts a node at the origin if it has no mobility model.
 * @param node the node
 */
void EnsurePosition(Ptr<Node> node);

} // namespace ns3::mis

#endif // MIS_NODE_POSITION_H
