// SPDX-License-Identifier: GPL-2.0-only

#include "mis-result-table.h"

#include "ns3/assert.h"

#include <algorithm>
#include <boost/accumulators/accumulators.hpp>
#include <boost/accumulators/statistics/count.hpp>
#include <boost/accumulators/statistics/mean.hpp>
#include <boost/accumulators/statistics/stats.hpp>
#include <boost/accumulators/statistics/variance.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <iomanip>
#include <limits>
#include <map>
#include <sstream>

namespace ns3::mis
{

namespace
{

constexpr double CONFIDENCE = 0.95;

std::optional<double>
FigureOf(const ResultCell& cell)
{
    const auto* figure = std::get_if<std::optional<double>>(&cell);
    return figure ? *figure : std::nullopt;
}

/// Whether two lines in a row, of which the first has the headings, begin with the same cell.
bool
HasBlocks(const std::vector<std::vector<std::string>>& lines)
{
    return std::adjacent_find(lines.begin() + 1, lines.end(), [](const auto& a, const auto& b) {
               return a[0] == b[0];
           }) != lines.end();
}

/// Prints cells in columns. The first line has the headings, with an empty line behind, as between
/// lines whose first cell differs, if others have it in common; the first two columns are text, the
/// others numbers.
void
PrintAligned(std::ostream& os, const std::vector<std::vector<std::string>>& lines)
{
    std::vector<size_t> widths(lines.front().size(), 0);
    for (const auto& line : lines)
    {
        for (size_t i = 0; i < line.size(); ++i)
        {
            widths[i] = std::max(widths[i], line[i].size());
        }
    }
    const bool hasBlocks = HasBlocks(lines);
    for (size_t n = 0; n < lines.size(); ++n)
    {
        const auto& line = lines[n];
        if (n == 1 || (n > 1 && hasBlocks && line[0] != lines[n - 1][0]))
        {
            os << '\n';
        }
        for (size_t i = 0; i < line.size(); ++i)
        {
            const bool isText = i < 2;
            os << (i > 0 ? "  " : "") << (isText ? std::left : std::right)
               << std::setw(static_cast<int>(widths[i])) << line[i];
        }
        os << '\n';
    }
}

} // namespace

Estimate
EstimateMean(const std::vector<double>& values)
{
    namespace accumulators = boost::accumulators;
    accumulators::accumulator_set<
        double,
        accumulators::stats<accumulators::tag::mean, accumulators::tag::lazy_variance>>
        sample;
    for (const double value : values)
    {
        sample(value);
    }
    Estimate estimate;
    estimate.count = static_cast<uint32_t>(values.size());
    if (estimate.count == 0)
    {
        return estimate;
    }
    estimate.mean = accumulators::mean(sample);
    if (estimate.count < 2)
    {
        estimate.halfWidth = std::numeric_limits<double>::quiet_NaN();
        return estimate;
    }
    const double n = estimate.count;
    // Values that are equal may give a variance of a rounding error below zero.
    const double variance = std::max(0.0, accumulators::variance(sample)) * n / (n - 1);
    const boost::math::students_t distribution(n - 1);
    estimate.halfWidth =
        boost::math::quantile(distribution, 1 - (1 - CONFIDENCE) / 2) * std::sqrt(variance / n);
    return estimate;
}

std::string
Format(const Estimate& estimate)
{
    std::ostringstream text;
    if (estimate.count == 0)
    {
        return "-";
    }
    const int decimals =
        estimate.mean >= 1000 || estimate.mean == std::floor(estimate.mean) ? 0 : 2;
    text << std::fixed << std::setprecision(decimals) << estimate.mean;
    if (estimate.count > 1 && estimate.halfWidth > 0)
    {
        text << " +-" << std::setprecision(2) << estimate.halfWidth;
    }
    return text.str();
}

std::optional<double>
ToMilliseconds(const std::optional<Time>& time)
{
    return time ? std::optional<double>(static_cast<double>(time->GetNanoSeconds()) / 1e6)
                : std::nullopt;
}

ResultTable::ResultTable(std::vector<std::string> labels,
                         std::vector<ResultColumn> columns,
                         ResultLayout layout)
    : m_labels(std::move(labels)),
      m_columns(std::move(columns)),
      m_layout(layout)
{
}

void
ResultTable::Add(ResultRow row)
{
    NS_ASSERT_MSG(row.labels.size() == m_labels.size() && row.cells.size() == m_columns.size(),
                  "a row of another table");
    m_rows.push_back(std::move(row));
}

void
ResultTable::WriteCsv(std::ostream& os) const
{
    const char* separator = "";
    for (const auto& column : m_columns)
    {
        os << separator << column.name;
        separator = ",";
    }
    os << '\n';
    for (const auto& row : m_rows)
    {
        for (size_t i = 0; i < row.cells.size(); ++i)
        {
            os << (i > 0 ? "," : "");
            if (const auto* text = std::get_if<std::string>(&row.cells[i]))
            {
                os << *text;
            }
            else if (const auto figure = FigureOf(row.cells[i]))
            {
                os << std::fixed << std::setprecision(m_columns[i].decimals) << *figure;
            }
        }
        os << '\n';
    }
}

std::vector<ResultTable::Group>
ResultTable::GroupByLabels() const
{
    std::map<std::vector<std::string>, size_t> groupOf;
    std::map<std::string, size_t> placeOf; // of a first label
    std::vector<Group> groups;
    for (const auto& row : m_rows)
    {
        const auto [it, isNew] = groupOf.emplace(row.labels, groups.size());
        if (isNew)
        {
            groups.emplace_back();
            placeOf.emplace(row.labels.front(), placeOf.size());
        }
        groups[it->second].push_back(&row);
    }
    const auto place = [&placeOf](const Group& group) {
        return placeOf.at(group.front()->labels.front());
    };
    std::stable_sort(groups.begin(), groups.end(), [&place](const Group& a, const Group& b) {
        return place(a) < place(b);
    });
    return groups;
}

std::vector<size_t>
ResultTable::ShownColumns() const
{
    std::vector<size_t> shown;
    for (size_t i = 0; i < m_columns.size(); ++i)
    {
        const bool applies =
            !m_layout.hidesEmpty || std::any_of(m_rows.begin(), m_rows.end(), [&](const auto& row) {
                return FigureOf(row.cells[i]).has_value();
            });
        if (m_columns[i].heading && applies)
        {
            shown.push_back(i);
        }
    }
    return shown;
}

Estimate
ResultTable::EstimateOf(const Group& rows, size_t column)
{
    std::map<std::pair<uint32_t, uint64_t>, std::vector<double>> byRun;
    for (const auto* row : rows)
    {
        if (const auto figure = FigureOf(row->cells[column]))
        {
            byRun[{row->seed, row->run}].push_back(*figure);
        }
    }
    std::vector<double> values;
    for (const auto& [run, ofRun] : byRun)
    {
        values.push_back(EstimateMean(ofRun).mean);
    }
    return EstimateMean(values);
}

void
ResultTable::PrintTable(std::ostream& os) const
{
    const auto shown = ShownColumns();
    std::vector<std::vector<std::string>> lines{m_labels};
    if (m_layout.hasSuccess)
    {
        lines.front().emplace_back("ok");
    }
    for (const auto column : shown)
    {
        lines.front().emplace_back(m_columns[column].heading);
    }
    for (const auto& rows : GroupByLabels())
    {
        auto line = rows.front()->labels;
        if (m_layout.hasSuccess)
        {
            uint64_t succeeded = 0;
            uint64_t attempted = 0;
            for (const auto* row : rows)
            {
                succeeded += row->succeeded;
                attempted += row->attempted;
            }
            line.push_back(std::to_string(succeeded) + "/" + std::to_string(attempted));
        }
        for (const auto column : shown)
        {
            auto estimate = EstimateOf(rows, column);
            if (!m_layout.hasHalfWidths)
            {
                estimate.halfWidth = 0;
            }
            line.push_back(Format(estimate));
        }
        lines.push_back(line);
    }
    PrintAligned(os, lines);
}

Estimate
ResultTable::GetEstimate(const std::vector<std::string>& labels, const std::string& column) const
{
    const auto at =
        std::find_if(m_columns.begin(), m_columns.end(), [&](const ResultColumn& candidate) {
            return candidate.name == column;
        });
    NS_ASSERT_MSG(at != m_columns.end(), "there is no column " << column);
    Group rows;
    for (const auto& row : m_rows)
    {
        if (row.labels == labels)
        {
            rows.push_back(&row);
        }
    }
    return EstimateOf(rows, static_cast<size_t>(at - m_columns.begin()));
}

} // namespace ns3::mis
