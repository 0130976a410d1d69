// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of tables of results.
 */
#include "ns3/mis-result-table.h"
#include "ns3/test.h"

#include <cmath>
#include <sstream>

using namespace ns3;
using namespace ns3::mis;

namespace
{

/// A figure that applies.
ResultCell
Figure(double value)
{
    return std::optional<double>(value);
}

/// Two remedies: three runs of the first, with two rows in the first run, and one of the second.
ResultTable
MakeTable(ResultLayout layout)
{
    ResultTable table({"links", "remedy"},
                      {{"remedy", nullptr, 0}, {"key_ms", "key [ms]", 3}, {"mos", "MOS", 1}},
                      layout);
    const ResultCell none = std::optional<double>();
    table.Add({{"a-b", "one"}, {std::string("one"), Figure(0.5), none}, 1, 1, 1, 1});
    table.Add({{"a-b", "one"}, {std::string("one"), Figure(1.5), none}, 1, 1, 0, 1});
    table.Add({{"a-b", "one"}, {std::string("one"), Figure(2), none}, 1, 2, 1, 1});
    table.Add({{"a-b", "two"}, {std::string("two"), none, none}, 1, 1, 0, 1});
    table.Add({{"a-b", "one"}, {std::string("one"), Figure(3), none}, 1, 3, 1, 1});
    return table;
}

/// CSV files.
class CsvTestCase : public TestCase
{
  public:
    CsvTestCase()
        : TestCase("a CSV file has all rows, empty where a figure does not apply")
    {
    }

  private:
    void DoRun() override
    {
        std::ostringstream csv;
        MakeTable({}).WriteCsv(csv);
        NS_TEST_EXPECT_MSG_EQ(
            csv.str(),
            "remedy,key_ms,mos\none,0.500,\none,1.500,\none,2.000,\ntwo,,\none,3.000,\n",
            "rows");
    }
};

/// Estimates.
class EstimateTestCase : public TestCase
{
  public:
    EstimateTestCase()
        : TestCase("rows of one run count as one value")
    {
    }

  private:
    void DoRun() override
    {
        const auto table = MakeTable({});
        const auto estimate = table.GetEstimate({"a-b", "one"}, "key_ms");
        NS_TEST_EXPECT_MSG_EQ(estimate.count, 3u, "runs");
        NS_TEST_EXPECT_MSG_EQ_TOL(estimate.mean, 2, 1e-12, "of 1, 2 and 3");
        // Tables of Student's t give 4.3027 for two degrees of freedom; the deviation is 1.
        NS_TEST_EXPECT_MSG_EQ_TOL(estimate.halfWidth, 4.3027 / std::sqrt(3), 1e-4, "half width");
        NS_TEST_EXPECT_MSG_EQ(table.GetEstimate({"a-b", "two"}, "key_ms").count, 0u, "no figure");
        NS_TEST_EXPECT_MSG_EQ(table.GetEstimate({"a-b", "six"}, "key_ms").count, 0u, "no row");
    }
};

/// Printed tables.
class PrintTestCase : public TestCase
{
  public:
    PrintTestCase()
        : TestCase("a printed table has a line for each label and the columns that are asked for")
    {
    }

  private:
    void DoRun() override
    {
        std::ostringstream all;
        ResultLayout layout;
        layout.hasSuccess = true;
        MakeTable(layout).PrintTable(all);
        NS_TEST_EXPECT_MSG_EQ(all.str(),
                              "links  remedy   ok  key [ms]  MOS\n"
                              "\n"
                              "a-b    one     3/4  2 +-2.48    -\n"
                              "a-b    two     0/1         -    -\n",
                              "all");
        std::ostringstream few;
        layout.hasSuccess = false;
        layout.hidesEmpty = true;
        layout.hasHalfWidths = false;
        MakeTable(layout).PrintTable(few);
        NS_TEST_EXPECT_MSG_EQ(few.str(),
                              "links  remedy  key [ms]\n"
                              "\n"
                              "a-b    one            2\n"
                              "a-b    two            -\n",
                              "few");
    }
};

/// Rows of which the first label comes and goes.
class OrderTestCase : public TestCase
{
  public:
    OrderTestCase()
        : TestCase("lines with the same first label stand together, with an empty line before each "
                   "block")
    {
    }

  private:
    void DoRun() override
    {
        ResultTable table({"remedy", "delay"}, {{"key_ms", "key [ms]", 3}});
        for (const auto* delay : {"10", "20"})
        {
            table.Add({{"one", delay}, {Figure(1)}, 1, 1, 1, 1});
            table.Add({{"one (later)", delay}, {Figure(2)}, 1, 1, 1, 1});
        }
        std::ostringstream text;
        table.PrintTable(text);
        NS_TEST_EXPECT_MSG_EQ(text.str(),
                              "remedy       delay  key [ms]\n"
                              "\n"
                              "one          10            1\n"
                              "one          20            1\n"
                              "\n"
                              "one (later)  10            2\n"
                              "one (later)  20            2\n",
                              "blocks");
        ResultTable single({"remedy", "delay"}, {{"key_ms", "key [ms]", 3}});
        single.Add({{"one", "10"}, {Figure(1)}, 1, 1, 1, 1});
        single.Add({{"one (later)", "10"}, {Figure(2)}, 1, 1, 1, 1});
        std::ostringstream lines;
        single.PrintTable(lines);
        NS_TEST_EXPECT_MSG_EQ(lines.str(),
                              "remedy       delay  key [ms]\n"
                              "\n"
                              "one          10            1\n"
                              "one (later)  10            2\n",
                              "no blocks");
    }
};

/// Suite of tables.
class ResultTableTestSuite : public TestSuite
{
  public:
    ResultTableTestSuite()
        : TestSuite("mis-result-table", TestSuite::Type::UNIT)
    {
        AddTestCase(new CsvTestCase);
        AddTestCase(new EstimateTestCase);
        AddTestCase(new PrintTestCase);
        AddTestCase(new OrderTestCase);
    }
};

ResultTableTestSuite g_resultTableTestSuite; //!< the instance

} // namespace
