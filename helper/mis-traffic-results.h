// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Results about user traffic: a CSV file and a table with confidence intervals.
 */
#ifndef MIS_TRAFFIC_RESULTS_H
#define MIS_TRAFFIC_RESULTS_H

#include "ns3/mis-traffic-flow.h"

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace ns3::mis
{

/// One flow across one handover.
struct TrafficRow
{
    std::string scenario; //!< name of the scenario
    std::string remedy;   //!< name of the remedy
    std::string linkFrom; //!< profile of the serving access
    std::string linkTo;   //!< profile of the target access
    uint32_t seed{0};     //!< seed
    uint64_t run{0};      //!< run
    uint32_t handover{1}; //!< place in the chain of handovers, from 1
    TrafficRecord record; //!< what was measured
};

/**
 * @brief Collects the rows of a comparison.
 */
class TrafficResults
{
  public:
    /// @param row one flow across one handover
    void Add(TrafficRow row);

    /// @return rows so far
    const std::vector<TrafficRow>& GetRows() const
    {
        return m_rows;
    }

    /**
     * @brief Writes all rows as CSV; a figure that does not apply is empty.
     * @param os where
     */
    void WriteCsv(std::ostream& os) const;

    /**
     * @brief Prints mean and 95 % confidence interval by link pair, remedy and direction; several
     * handovers of one run count as one value, their mean.
     * @param os where
     */
    void PrintTable(std::ostream& os) const;

  private:
    std::vector<TrafficRow> m_rows;
};

} // namespace ns3::mis

#endif // MIS_TRAFFIC_RESULTS_H
