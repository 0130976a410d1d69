// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Results of a comparison: a CSV file, a table with confidence intervals, and where they come from.
 */
#ifndef MIS_RESULTS_H
#define MIS_RESULTS_H

#include "ns3/mis-preregistration-recorder.h"

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace ns3::mis
{

/// Mean of a sample and half the width of its 95 % confidence interval.
struct Estimate
{
    double mean{0.0};      //!< mean
    double halfWidth{0.0}; //!< half width, by Student's t; not a number for a single value
    uint32_t count{0};     //!< values
};

/**
 * @param values a sample
 * @return its mean and confidence interval
 */
Estimate EstimateMean(const std::vector<double>& values);

/**
 * @param estimate an estimate
 * @return mean and half width for a table, "-" if there are no values
 */
std::string Format(const Estimate& estimate);

/**
 * @brief Prints cells in columns, with an empty line where the first cell changes.
 * @param os where
 * @param lines the cells, the headings first; the first two columns are text, the others numbers
 */
void PrintAligned(std::ostream& os, const std::vector<std::vector<std::string>>& lines);

/// One preregistration of a comparison.
struct ComparisonRow
{
    std::string scenario;         //!< name of the scenario
    std::string remedy;           //!< name of the remedy
    std::string linkFrom;         //!< profile of the serving access
    std::string linkTo;           //!< profile of the target access
    uint32_t seed{0};             //!< seed
    uint64_t run{0};              //!< run
    uint32_t handover{1};         //!< place in the chain of handovers, from 1
    PreregistrationRecord record; //!< what was measured
};

/**
 * @brief Collects the rows of a comparison.
 */
class ComparisonResults
{
  public:
    /// @param row one preregistration
    void Add(ComparisonRow row);

    /// @return rows so far
    const std::vector<ComparisonRow>& GetRows() const
    {
        return m_rows;
    }

    /**
     * @brief Writes all rows as CSV; a figure that does not apply is empty.
     * @param os where
     */
    void WriteCsv(std::ostream& os) const;

    /**
     * @brief Prints mean and 95 % confidence interval by link pair and remedy.
     *
     * Only runs are independent, so several handovers of one run count as one value, their mean.
     *
     * @param os where
     */
    void PrintTable(std::ostream& os) const;

  private:
    std::vector<ComparisonRow> m_rows;
};

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
