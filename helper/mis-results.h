// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Results of a comparison of preregistrations, and where results come from.
 */
#ifndef MIS_RESULTS_H
#define MIS_RESULTS_H

#include "ns3/mis-preregistration-recorder.h"
#include "ns3/mis-result-table.h"

#include <ostream>
#include <string>
#include <vector>

namespace ns3::mis
{

/// One preregistration of a comparison.
using ComparisonRow = HandoverRow<PreregistrationRecord>;

/**
 * @param rows preregistrations
 * @return them with a line a link pair and remedy; of a chain that goes back and forth, the first
 * handover, the way back, and the first way again have lines of their own
 */
ResultTable Tabulate(const std::vector<ComparisonRow>& rows);

/// Collects the rows of a comparison.
using ComparisonResults = HandoverResults<PreregistrationRecord>;

/**
 * @brief Prints where results come from: versions, source revision, and the command.
 *
 * The revision is that in the environment variable MIS_REVISION, which the launcher sets.
 *
 * @param os where
 * @param command arguments of the program
 */
void PrintProvenance(std::ostream& os, const std::vector<std::string>& command);

} // namespace ns3::mis

#endif // MIS_RESULTS_H
