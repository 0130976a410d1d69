// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Stands in for the suites on radios that the build lacks, and says why.
 */

#include "ns3/mis-radio-network-helper.h"
#include "ns3/test.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;

namespace
{

/// Says what is missing.
class AbsentTestCase : public TestCase
{
  public:
    explicit AbsentTestCase(const std::string& radio)
        : TestCase("skipped, " + radio + " is not in this build"),
          m_radio(radio)
    {
    }

  private:
    void DoRun() override
    {
        const auto missing = GetMissingRadio(m_radio);
        std::cout << "mis-radio-" << m_radio << ": skipped, " << missing << '\n';
        NS_TEST_EXPECT_MSG_EQ(missing.empty(), false, "there is a reason");
    }

    std::string m_radio;
};

/// Suite of a radio that is missing.
class AbsentTestSuite : public TestSuite
{
  public:
    explicit AbsentTestSuite(const std::string& radio)
        : TestSuite("mis-radio-" + radio, TestSuite::Type::UNIT)
    {
        AddTestCase(new AbsentTestCase(radio));
    }
};

/// Suites of all radios that are missing.
class AbsentTestSuites
{
  public:
    AbsentTestSuites()
    {
        for (const auto& radio : GetRadios())
        {
            if (!GetMissingRadio(radio).empty())
            {
                m_suites.push_back(std::make_unique<AbsentTestSuite>(radio));
            }
        }
    }

  private:
    std::vector<std::unique_ptr<AbsentTestSuite>> m_suites;
};

AbsentTestSuites g_absentTestSuites; //!< the instances

} // namespace
