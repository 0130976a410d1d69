// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of handovers between access networks of radios, as far as the build has them.
 */

#include "mis-radio-scenario-test.h"

#include "ns3/test.h"

#include <algorithm>
#include <iostream>
#include <set>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// One technology to another, all remedies.
class PairTestCase : public TestCase
{
  public:
    PairTestCase(const std::string& from, const std::string& to)
        : TestCase("from " + from + " to " + to + " with each remedy, one radio at a time and two"),
          m_from(from),
          m_to(to)
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::pair<std::string, bool>> remedies{
            {"ns3::mis::LegacyPrfRemedy", false},
            {"ns3::mis::ClauseRemovedRemedy", false},
            {"ns3::mis::ClauseRemovedRemedy", true},
            {"ns3::mis::SaProtectedRemedy", false},
            {"ns3::mis::GroupKeyRemedy", false}};
        for (const auto& [remedy, isCold] : remedies)
        {
            Time interruption;
            for (const bool isDual : {false, true})
            {
                const auto what = remedy + (isCold ? ", cold" : "") + (isDual ? ", dual" : "");
                RadioSetup setup;
                setup.networks = {m_from, m_to};
                setup.remedy = remedy;
                setup.isCold = isCold;
                setup.isDual = isDual;
                const RadioRun run(setup);
                NS_TEST_ASSERT_MSG_EQ(run.GetSuccesses(), 1, what << ": " << run.Describe());
                if (run.GetSuccesses() != 1)
                {
                    return;
                }
                const auto& record = run.records.front();
                const auto& handover = run.handovers.front();
                if (isDual)
                {
                    NS_TEST_EXPECT_MSG_EQ(handover.attached,
                                          handover.detached,
                                          what << ": the new radio is attached before");
                    NS_TEST_EXPECT_MSG_EQ(record.packetsLost.value_or(1000),
                                          0,
                                          what << ": two radios lose nothing");
                    NS_TEST_EXPECT_MSG_LT_OR_EQ(*record.interruption,
                                                std::max(interruption, MilliSeconds(60)),
                                                what << ": two radios are not worse than one");
                }
                else
                {
                    interruption = *record.interruption;
                }
            }
        }
    }

    std::string m_from;
    std::string m_to;
};

/// The same run again.
class SameSeedTestCase : public TestCase
{
  public:
    SameSeedTestCase(const std::string& from, const std::string& to)
        : TestCase("the same seed gives the same frames from " + from + " to " + to),
          m_from(from),
          m_to(to)
    {
    }

  private:
    void DoRun() override
    {
        RadioSetup setup;
        setup.networks = {m_from, m_to};
        const auto first = RadioRun(setup).frames;
        const auto second = RadioRun(setup).frames;
        NS_TEST_EXPECT_MSG_GT(first.size(), 1000u, "there are frames");
        NS_TEST_EXPECT_MSG_EQ((first == second), true, "octet for octet, instant for instant");
    }

    std::string m_from;
    std::string m_to;
};

/// A chain of networks, and the port that stays shut meanwhile.
class ChainTestCase : public TestCase
{
  public:
    ChainTestCase(const std::vector<std::string>& networks, bool isDual)
        : TestCase("a mobile node roams through all its radios" +
                   std::string(isDual ? ", two at once" : "")),
          m_networks(networks),
          m_isDual(isDual)
    {
    }

  private:
    void DoRun() override
    {
        RadioSetup setup;
        setup.networks = m_networks;
        setup.isDual = m_isDual;
        setup.distance = 0;
        const RadioRun run(setup);
        NS_TEST_EXPECT_MSG_EQ(run.GetSuccesses(), m_networks.size() - 1, run.Describe());
    }

    std::vector<std::string> m_networks;
    bool m_isDual;
};

/// What is asked for but not there.
class MissingTestCase : public TestCase
{
  public:
    MissingTestCase()
        : TestCase("the registry says what the build has, and what the rest needs")
    {
    }

  private:
    void DoRun() override
    {
        const auto all = GetRadios();
        const auto supported = GetSupportedRadios();
        NS_TEST_EXPECT_MSG_EQ(all.size(), 4u, "four technologies");
        const std::set<std::string> has(supported.begin(), supported.end());
        for (const auto& radio : all)
        {
            TypeId type;
            std::string name = radio;
            name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
            const bool isThere =
                TypeId::LookupByNameFailSafe("ns3::mis::" + name + "Technology", &type);
            NS_TEST_EXPECT_MSG_EQ((has.count(radio) == 1), isThere, radio);
            const auto missing = GetMissingRadio(radio);
            NS_TEST_EXPECT_MSG_EQ(missing.empty(), isThere, "a reason if, and only if, it is not");
            if (!isThere)
            {
                std::cout << "mis-radio: skipped what needs " << radio << ": " << missing << '\n';
            }
        }
        NS_TEST_EXPECT_MSG_NE(
            GetMissingRadio("pigeon").find("allowed are ethernet, lte, wifi, wimax"),
            std::string::npos,
            "an unknown name");
    }
};

class RadioTestSuite : public TestSuite
{
  public:
    RadioTestSuite()
        : TestSuite("mis-radio", TestSuite::Type::UNIT)
    {
        const auto radios = GetSupportedRadios();
        AddTestCase(new MissingTestCase);
        for (const auto& from : radios)
        {
            for (const auto& to : radios)
            {
                AddTestCase(new PairTestCase(from, to));
            }
            AddTestCase(new SameSeedTestCase(from, radios.front()));
        }
        if (radios.size() > 1)
        {
            AddTestCase(new ChainTestCase(radios, false));
            AddTestCase(new ChainTestCase(radios, true));
        }
    }
};

RadioTestSuite g_radioTestSuite; //!< the instance

} // namespace
