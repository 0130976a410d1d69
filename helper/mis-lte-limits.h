// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * How much LTE of ns-3 holds, for programs that are built without it too.
 */
#ifndef MIS_LTE_LIMITS_H
#define MIS_LTE_LIMITS_H

#include <cstdint>

namespace ns3::mis
{

/// LTE networks of a simulation: channels of 5 MHz in the bands used.
inline constexpr uint32_t MAX_LTE_NETWORKS = 40;

/// Mobile nodes of a cell: half the longest period of sounding reference signals, in milliseconds.
inline constexpr uint32_t MAX_LTE_MOBILE_NODES = 160;

} // namespace ns3::mis

#endif // MIS_LTE_LIMITS_H
