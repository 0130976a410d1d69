// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Results about user traffic.
 */
#ifndef MIS_TRAFFIC_RESULTS_H
#define MIS_TRAFFIC_RESULTS_H

#include "ns3/mis-result-table.h"
#include "ns3/mis-traffic-flow.h"

#include <vector>

namespace ns3::mis
{

/// Of an interruption of voice, milliseconds: what IEEE 802.11r was made for.
inline constexpr double SHORT_BUDGET_MS = 50;
/// And the one-way delay up to which ITU-T G.114 finds conversation undisturbed.
inline constexpr double LONG_BUDGET_MS = 150;

/// One flow across one handover.
using TrafficRow = HandoverRow<TrafficRecord>;

/**
 * @param rows flows across handovers
 * @return them with a line a link pair, remedy and direction; columns that no flow has a figure for
 * are left out
 */
ResultTable Tabulate(const std::vector<TrafficRow>& rows);

/// Collects the rows of a comparison.
using TrafficResults = HandoverResults<TrafficRecord>;

} // namespace ns3::mis

#endif // MIS_TRAFFIC_RESULTS_H
