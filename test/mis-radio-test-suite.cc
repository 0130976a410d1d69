// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of handovers between access networks of radios, as far as the build has them.
 */

#include "mis-radio-test-helpers.h"

#include "ns3/mis-radio-access-link.h"
#include "ns3/mis-radio-network-helper.h"
#include "ns3/mis-roaming-scenario-helper.h"

#include <iostream>
#include <memory>
#include <set>
#include <sstream>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// A handover.
struct Setup
{
    std::string from;                                  //!< technology left
    std::string to;                                    //!< technology handed over to
    std::string remedy{"ns3::mis::SaProtectedRemedy"}; //!< its type
    bool isCold{false};                                //!< without a preregistration
    bool isDual{false};                                //!< with two radios at once
};

/// What has become of it.
struct Result
{
    std::optional<PreregistrationRecord> record; //!< measured
    std::optional<HandoverReport> handover;      //!< reported
    std::string frames;                          //!< instant, sender, message, size of each frame
    uint32_t mnFrames{0};                        //!< of the mobile node
};

class HandoverRun
{
  public:
    explicit HandoverRun(const Setup& setup)
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        m_scenario = std::make_unique<RoamingScenarioHelper>();
        ObjectFactory remedy;
        remedy.SetTypeId(setup.remedy);
        m_scenario->GetMis().SetRemedy(remedy);
        m_scenario->SetPreregistration(!setup.isCold);
        m_scenario->SetLinks("radio");
        m_scenario->SetDualRadio(setup.isDual);
        m_scenario->AddNetwork(setup.from);
        m_scenario->AddNetwork(setup.to);
        m_scenario->SetMovement(20, 0);
        m_scenario->Build(1);
        for (const auto& misf : m_scenario->GetMis().GetMisfs())
        {
            misf->TraceConnectWithoutContext("Tx", MakeCallback(&HandoverRun::OnFrame, this));
        }
        m_scenario->GetMobileNodes().front()->TraceConnectWithoutContext(
            "Handover",
            MakeCallback(&HandoverRun::OnHandover, this));
        const Time start = Seconds(3);
        m_scenario->Roam(start, [this](uint32_t, const PreregistrationRecord& record) {
            m_result.record = record;
        });
        Simulator::Stop(start + m_scenario->GetDuration());
        Simulator::Run();
        m_scenario.reset();
        Simulator::Destroy();
        m_result.frames = m_frames.str();
    }

    const Result& Get() const
    {
        return m_result;
    }

  private:
    void OnFrame(const FrameRecord& frame)
    {
        m_frames << Simulator::Now().GetNanoSeconds() << ' ' << frame.local << ' '
                 << frame.header.mid.Value() << ' ' << frame.octets << ' ';
        std::vector<uint8_t> octets(frame.packet->GetSize());
        frame.packet->CopyData(octets.data(), octets.size());
        m_frames.write(reinterpret_cast<const char*>(octets.data()), octets.size());
        m_frames << '\n';
    }

    void OnHandover(const HandoverReport& report)
    {
        m_result.handover = report;
    }

    std::unique_ptr<RoamingScenarioHelper> m_scenario;
    std::ostringstream m_frames;
    Result m_result;
};

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
                const auto result = HandoverRun({m_from, m_to, remedy, isCold, isDual}).Get();
                NS_TEST_ASSERT_MSG_EQ(result.record.has_value(), true, what << " ends");
                NS_TEST_EXPECT_MSG_EQ(result.record->outcome, "success", what);
                NS_TEST_ASSERT_MSG_EQ(result.handover.has_value(), true, what << " hands over");
                NS_TEST_EXPECT_MSG_EQ(result.handover->outcome, "success", what);
                NS_TEST_ASSERT_MSG_EQ(result.record->interruption.has_value(),
                                      true,
                                      what << ": the flow goes on");
                if (isDual)
                {
                    NS_TEST_EXPECT_MSG_EQ(result.handover->attached,
                                          result.handover->detached,
                                          what << ": the new radio is attached before");
                    NS_TEST_EXPECT_MSG_EQ(result.record->packetsLost.value_or(1000),
                                          0,
                                          what << ": two radios lose nothing");
                    NS_TEST_EXPECT_MSG_LT_OR_EQ(*result.record->interruption,
                                                std::max(interruption, MilliSeconds(60)),
                                                what << ": two radios are not worse than one");
                }
                else
                {
                    interruption = *result.record->interruption;
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
        Setup setup;
        setup.from = m_from;
        setup.to = m_to;
        const auto first = HandoverRun(setup).Get().frames;
        const auto second = HandoverRun(setup).Get().frames;
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
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        RoamingScenarioHelper scenario;
        scenario.SetLinks("radio");
        scenario.SetDualRadio(m_isDual);
        for (const auto& network : m_networks)
        {
            scenario.AddNetwork(network);
        }
        scenario.Build(1);
        size_t succeeded = 0;
        scenario.Roam(Seconds(3), [&](uint32_t, const PreregistrationRecord& record) {
            succeeded += record.outcome == "success" && record.interruption.has_value();
        });
        Simulator::Stop(scenario.GetDuration());
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(succeeded, m_networks.size() - 1, "handovers");
        Simulator::Destroy();
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
