// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tables of results: a CSV file with all rows, and a table with means and confidence intervals.
 */
#ifndef MIS_RESULT_TABLE_H
#define MIS_RESULT_TABLE_H

#include "ns3/nstime.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
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
 * @param time a time, or none
 * @return it in milliseconds
 */
std::optional<double> ToMilliseconds(const std::optional<Time>& time);

/// A cell of a CSV file: a text, or a figure, which is empty where it does not apply.
using ResultCell = std::variant<std::string, std::optional<double>>;

/// A column of a CSV file, and of the printed table if it has a heading.
struct ResultColumn
{
    const char* name;    //!< in the CSV file
    const char* heading; //!< of the means of its figures in the table; nullptr: not there
    int decimals;        //!< of its figures in the CSV file
};

/// A row of results.
struct ResultRow
{
    std::vector<std::string> labels; //!< one line of the table tells of all rows with equal ones
    std::vector<ResultCell> cells;   //!< one a column
    uint32_t seed{0};                //!< only rows of different seed or run are independent
    uint64_t run{0};                 //!< run
    uint64_t succeeded{0};           //!< what has succeeded
    uint64_t attempted{0};           //!< of so many
};

/// Which columns and figures a table shows.
struct ResultLayout
{
    bool hasSuccess{false};   //!< a column with what has succeeded follows the labels
    bool hidesEmpty{false};   //!< leave out columns that have no figure in any row
    bool hasHalfWidths{true}; //!< with confidence intervals
};

/**
 * @brief Rows of results with the same columns.
 */
class ResultTable
{
  public:
    /**
     * @param labels headings of the labels
     * @param columns the columns
     * @param layout of the table
     */
    ResultTable(std::vector<std::string> labels,
                std::vector<ResultColumn> columns,
                ResultLayout layout = {});

    /// @param row with a label for each heading and a cell for each column
    void Add(ResultRow row);

    /**
     * @brief Writes all rows as CSV; a figure that does not apply is empty.
     * @param os where
     */
    void WriteCsv(std::ostream& os) const;

    /**
     * @brief Prints mean and 95 % confidence interval by label, in the order of the rows; but lines
     * with the same first label stand together.
     *
     * Only runs are independent, so several rows of one run count as one value, their mean. A line
     * is left empty where the first label changes, unless no two lines have the same.
     *
     * @param os where
     */
    void PrintTable(std::ostream& os) const;

    /**
     * @param labels of rows
     * @param column name of a column
     * @return the mean of its figures over the runs
     */
    Estimate GetEstimate(const std::vector<std::string>& labels, const std::string& column) const;

  private:
    using Group = std::vector<const ResultRow*>;

    std::vector<Group> GroupByLabels() const;
    std::vector<size_t> ShownColumns() const;
    static Estimate EstimateOf(const Group& rows, size_t column);

    std::vector<std::string> m_labels;
    std::vector<ResultColumn> m_columns;
    ResultLayout m_layout;
    std::vector<ResultRow> m_rows;
};

/// A column, and how to read its cell from what a program has measured.
template <class Measured>
struct ResultField
{
    ResultColumn column;                            //!< the column
    std::function<ResultCell(const Measured&)> get; //!< reads the cell
};

/**
 * @param value a text, a time, a number, or none
 * @return its cell; a time is in milliseconds
 */
template <class Value>
ResultCell
ToCell(const Value& value)
{
    if constexpr (std::is_same_v<Value, std::string>)
    {
        return value;
    }
    else if constexpr (std::is_same_v<Value, Time> || std::is_same_v<Value, std::optional<Time>>)
    {
        return ToMilliseconds(value);
    }
    else
    {
        return std::optional<double>(value);
    }
}

/**
 * @param fields columns and what they read
 * @return the columns
 */
template <class Measured>
std::vector<ResultColumn>
ColumnsOf(const std::vector<ResultField<Measured>>& fields)
{
    std::vector<ResultColumn> columns;
    for (const auto& field : fields)
    {
        columns.push_back(field.column);
    }
    return columns;
}

/**
 * @param fields columns and what they read
 * @param measured what is measured
 * @return its cells
 */
template <class Measured>
std::vector<ResultCell>
CellsOf(const std::vector<ResultField<Measured>>& fields, const Measured& measured)
{
    std::vector<ResultCell> cells;
    for (const auto& field : fields)
    {
        cells.push_back(field.get(measured));
    }
    return cells;
}

/// What was measured across one handover.
template <class Record>
struct HandoverRow
{
    std::string scenario; //!< name of the scenario
    std::string remedy;   //!< name of the remedy
    std::string linkFrom; //!< profile of the serving access
    std::string linkTo;   //!< profile of the target access
    uint32_t seed{0};     //!< seed
    uint64_t run{0};      //!< run
    uint32_t handover{1}; //!< place in the chain of handovers, from 1
    Record record;        //!< what was measured
};

/**
 * @param column a column
 * @param value what it shows of a record
 * @return the field
 */
template <class Record, class Value>
ResultField<HandoverRow<Record>>
FieldOf(const ResultColumn& column, Value Record::*value)
{
    return {column, [value](const HandoverRow<Record>& row) { return ToCell(row.record.*value); }};
}

/// @return the columns that say to which handover a row belongs
template <class Row>
std::vector<ResultField<Row>>
HandoverFields()
{
    return {
        {{"scenario", nullptr, 0}, [](const Row& row) { return row.scenario; }},
        {{"remedy", nullptr, 0}, [](const Row& row) { return row.remedy; }},
        {{"link_from", nullptr, 0}, [](const Row& row) { return row.linkFrom; }},
        {{"link_to", nullptr, 0}, [](const Row& row) { return row.linkTo; }},
        {{"seed", nullptr, 0}, [](const Row& row) { return std::to_string(row.seed); }},
        {{"run", nullptr, 0}, [](const Row& row) { return std::to_string(row.run); }},
    };
}

/// @return the column with the place of the handover in its chain
template <class Row>
ResultField<Row>
HandoverField()
{
    return {{"handover", nullptr, 0}, [](const Row& row) { return std::to_string(row.handover); }};
}

/**
 * @brief Collects the rows of a comparison of handovers.
 *
 * @tparam Record what is measured; `ResultTable Tabulate(const std::vector<HandoverRow<Record>>&)`
 * says how it is shown.
 */
template <class Record>
class HandoverResults
{
  public:
    using Row = HandoverRow<Record>; //!< what was measured across one handover

    /// @param row what was measured across one handover
    void Add(Row row)
    {
        m_rows.push_back(std::move(row));
    }

    /// @return rows so far
    const std::vector<Row>& GetRows() const
    {
        return m_rows;
    }

    /**
     * @brief Writes all rows as CSV; a figure that does not apply is empty.
     * @param os where
     */
    void WriteCsv(std::ostream& os) const
    {
        Tabulate(m_rows).WriteCsv(os);
    }

    /**
     * @brief Prints means and 95 % confidence intervals, see ResultTable::PrintTable().
     * @param os where
     */
    void PrintTable(std::ostream& os) const
    {
        Tabulate(m_rows).PrintTable(os);
    }

  private:
    std::vector<Row> m_rows;
};

} // namespace ns3::mis

#endif // MIS_RESULT_TABLE_H
