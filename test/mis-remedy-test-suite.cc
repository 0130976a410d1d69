// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the remedies: every one delivers one K to both ends.
 */
#include "../examples/ephemeral-key-remedy.h"
#include "mis-scenario-test.h"

#include "ns3/mis-clause-removed-remedy.h"
#include "ns3/mis-group-key-remedy.h"
#include "ns3/mis-legacy-prf-remedy.h"
#include "ns3/mis-prf.h"
#include "ns3/mis-sa-protected-remedy.h"
#include "ns3/uinteger.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

NS_OBJECT_ENSURE_REGISTERED(EphemeralKeyRemedy);

namespace
{

const std::string MN = RoamingScenarioHelper::MobileNodeId(0);
const std::string SPOS = RoamingScenarioHelper::PosId(0);
const std::string TPOS = RoamingScenarioHelper::PosId(1);

constexpr uint16_t RELAYED = 2; //!< exchanges of link frames through the SPoS
constexpr uint16_t DIRECT = 3;  //!< exchanges of link frames past it

/// What is expected of a remedy.
struct Expectation
{
    std::string remedy; //!< type and attributes
    std::string name;   //!< its name
    IdType type;        //!< ID_TYPE of the SA it leads to
    size_t n2nRequests; //!< before the link frames under K
};

const std::vector<Expectation> REMEDIES{
    {"ns3::mis::LegacyPrfRemedy", "legacy", IdType::PREREGISTRATION, 1},
    {"ns3::mis::ClauseRemovedRemedy", "removed", IdType::PREREGISTRATION, 4},
    {"ns3::mis::SaProtectedRemedy", "remedy1", IdType::PREREGISTRATION, 1},
    {"ns3::mis::GroupKeyRemedy[Path=ViaServingPos]", "remedy2", IdType::GKB, 1},
    {"ns3::mis::GroupKeyRemedy[Path=Direct]", "remedy2", IdType::GKB, 1},
    {"EphemeralKeyRemedy", "ephemeral", IdType::PREREGISTRATION, 1},
};

/// Every remedy, from the request to the direct signalling.
class DeliveryTestCase : public TestCase
{
  public:
    explicit DeliveryTestCase(Expectation expectation)
        : TestCase(expectation.remedy + " delivers one K to MN and TPoS, which confirm it, then "
                                        "signal past the SPoS"),
          m_expected(std::move(expectation))
    {
    }

  private:
    void DoRun() override
    {
        const auto log = CreateTempDirFilename("keys.log");
        {
            Scenario scenario;
            auto& mis = scenario.roaming.GetMis();
            mis.SetRemedy(Scenario::Remedy(m_expected.remedy));
            mis.SetMobileNodeAttribute("RelayedExchanges", UintegerValue(RELAYED));
            mis.SetMobileNodeAttribute("DirectExchanges", UintegerValue(DIRECT));
            scenario.AddNetworks(2);
            scenario.Build();
            mis.EnableKeyLog(log);
            scenario.Preregister(Seconds(1));
            Scenario::Run(Seconds(30));
            Check(scenario);
        }
        const auto kdk = Scenario::ReadKdk(log);
        NS_TEST_ASSERT_MSG_EQ(kdk.size(), 2u, "one KDK line from each end");
        NS_TEST_EXPECT_MSG_EQ(kdk[0].key, kdk[1].key, "both ends hold the same K");
        NS_TEST_EXPECT_MSG_EQ(kdk[0].key.size(), 2 * KEY_DERIVATION_KEY_OCTETS, "length of K");
        for (const auto& line : kdk)
        {
            NS_TEST_EXPECT_MSG_EQ(line.remedy, m_expected.name, "name of the remedy");
            NS_TEST_EXPECT_MSG_EQ(line.mn, MN, "MN of the KDK line");
            NS_TEST_EXPECT_MSG_EQ(line.tpos, TPOS, "TPoS of the KDK line");
        }
    }

    void Check(Scenario& scenario)
    {
        NS_TEST_ASSERT_MSG_EQ(scenario.Outcome(), "success", "outcome");
        NS_TEST_EXPECT_MSG_EQ(scenario.reports.size(), 1u, "one report");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "no transaction is left");
        NS_TEST_EXPECT_MSG_EQ(scenario.Pos(0)->GetServingSessions(), 0u, "the SPoS is done");
        NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetTargetSessions(), 1u, "the TPoS expects the MN");

        const auto atMn = Scenario::SasWith(scenario.Mn()->GetMisf(), MisfId(TPOS));
        const auto atTpos = Scenario::SasWith(scenario.Pos(1)->GetMisf(), MisfId(MN));
        NS_TEST_ASSERT_MSG_EQ(atMn.size(), 1u, "one SA at the MN");
        NS_TEST_ASSERT_MSG_EQ(atTpos.size(), 1u, "one SA at the TPoS");
        NS_TEST_EXPECT_MSG_EQ((atMn[0].said == atTpos[0].said), true, "the same SAID");
        NS_TEST_EXPECT_MSG_EQ((atMn[0].said.type == m_expected.type), true, "its ID_TYPE");
        NS_TEST_EXPECT_MSG_EQ((atMn[0].miek == atTpos[0].miek), true, "the same MIEK");
        NS_TEST_EXPECT_MSG_EQ((atMn[0].miak == atTpos[0].miak), true, "the same MIAK");
        NS_TEST_EXPECT_MSG_EQ(atMn[0].initiator, true, "the MN is the initiator");
        NS_TEST_EXPECT_MSG_EQ(atTpos[0].initiator, false, "the TPoS is the responder");
        const auto atSpos = Scenario::SasWith(scenario.Pos(0)->GetMisf(), MisfId(MN));
        NS_TEST_EXPECT_MSG_EQ(atSpos.size(), 0u, "no such SA at the SPoS");

        const int64_t mnAccepted = scenario.WhenNs(MN, "accepted");
        const int64_t tposAccepted = scenario.WhenNs(TPOS, "accepted");
        const int64_t tposConfirmed = scenario.WhenNs(TPOS, "confirmed");
        const int64_t mnConfirmed = scenario.WhenNs(MN, "confirmed");
        const int64_t ready = scenario.WhenNs(MN, "ready");
        NS_TEST_EXPECT_MSG_GT(mnAccepted, 0, "the MN accepts K");
        NS_TEST_EXPECT_MSG_GT(tposAccepted, 0, "the TPoS accepts K");
        NS_TEST_EXPECT_MSG_GT(tposConfirmed, std::max(mnAccepted, tposAccepted), "then confirms");
        NS_TEST_EXPECT_MSG_GT(mnConfirmed, tposConfirmed, "then the MN confirms");
        NS_TEST_EXPECT_MSG_GT(ready, mnConfirmed, "then the SA is ready");
        NS_TEST_EXPECT_MSG_EQ((scenario.WhenNs(SPOS, "issued") > 0),
                              (m_expected.name != "removed" && m_expected.name != "ephemeral"),
                              "whether the SPoS issues K");

        NS_TEST_EXPECT_MSG_EQ(scenario.Sent(SPOS, N2nPreregXferRequest::ID).size(),
                              m_expected.n2nRequests + RELAYED,
                              "requests the SPoS relays");
        const auto direct = scenario.Sent(MN, LlAuthRequest::ID);
        NS_TEST_EXPECT_MSG_EQ(direct.size(), size_t{DIRECT}, "direct requests");
        const auto tpos =
            scenario.Pos(1)->GetMisf()->GetDirectory()->Find(MisfId(TPOS).View())->address;
        std::ostringstream host;
        host << InetSocketAddress::ConvertFrom(tpos.address).GetIpv4();
        for (const auto& frame : direct)
        {
            NS_TEST_EXPECT_MSG_EQ(frame.remote, host.str(), "goes straight to the TPoS");
            NS_TEST_EXPECT_MSG_EQ(frame.header.secured, true, "under the new SA");
        }
        for (const auto& frame : scenario.frames)
        {
            NS_TEST_EXPECT_MSG_EQ((frame.local == SPOS &&
                                   frame.header.mid.Aid() == LlAuthRequest::ID.Aid() &&
                                   frame.header.mid.Sid() == LlAuthRequest::ID.Sid()),
                                  false,
                                  "the SPoS sees none of the direct signalling");
        }
    }

    Expectation m_expected;
};

/// The SA has the ciphersuite that was asked for.
class CiphersuiteTestCase : public TestCase
{
  public:
    explicit CiphersuiteTestCase(const Expectation& expectation)
        : TestCase(expectation.remedy + " makes SAs of ciphersuites 1 to 5"),
          m_expected(expectation)
    {
    }

  private:
    void DoRun() override
    {
        for (uint8_t suite = 1; suite <= 5; ++suite)
        {
            Scenario scenario;
            auto& mis = scenario.roaming.GetMis();
            auto remedy = Scenario::Remedy(m_expected.remedy);
            if (m_expected.name == "removed")
            {
                remedy.Set("Ciphersuite", UintegerValue(suite));
            }
            mis.SetRemedy(remedy);
            mis.SetMobileNodeAttribute("Ciphersuite", UintegerValue(suite));
            scenario.AddNetworks(2);
            scenario.Build();
            scenario.Preregister(Seconds(1));
            Scenario::Run(Seconds(3));
            NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "suite " << unsigned(suite));
            const auto sas = Scenario::SasWith(scenario.Mn()->GetMisf(), MisfId(TPOS));
            NS_TEST_ASSERT_MSG_EQ(sas.size(), 1u, "one SA, suite " << unsigned(suite));
            NS_TEST_EXPECT_MSG_EQ(unsigned(sas[0].suite), unsigned(suite), "its ciphersuite");
        }
    }

    Expectation m_expected;
};

/// Every pseudo-random function, also those that are not one.
class PrfTestCase : public TestCase
{
  public:
    PrfTestCase()
        : TestCase("legacy delivers K with every PRF, the insecure ones included")
    {
    }

  private:
    void DoRun() override
    {
        size_t insecure = 0;
        for (const auto& prf : PrfNames())
        {
            insecure += prf.rfind("INSECURE-", 0) == 0;
            Scenario scenario;
            scenario.roaming.GetMis().SetRemedy("ns3::mis::LegacyPrfRemedy",
                                                "Prf",
                                                StringValue(prf));
            scenario.AddNetworks(2);
            scenario.Build();
            scenario.Preregister(Seconds(1));
            Scenario::Run(Seconds(3));
            NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", prf);
        }
        NS_TEST_EXPECT_MSG_EQ(PrfNames().size(), 7u, "PRFs");
        NS_TEST_EXPECT_MSG_EQ(insecure, 4u, "insecure PRFs");
    }
};

/// The readings of the clause, and the remedy swapped during the simulation.
class FormulaTestCase : public TestCase
{
  public:
    FormulaTestCase()
        : TestCase("the formula as written never agrees, the mismatch is detected and its keys are "
                   "not used; the aligned formulas agree")
    {
    }

  private:
    void DoRun() override
    {
        const auto log = CreateTempDirFilename("formula.log");
        {
            Scenario scenario;
            auto& mis = scenario.roaming.GetMis();
            mis.SetRemedy("ns3::mis::LegacyPrfRemedy", "Formula", StringValue("AsWritten"));
            scenario.AddNetworks(2);
            scenario.Build();
            mis.EnableKeyLog(log);
            scenario.Preregister(Seconds(1));
            Scenario::At(Seconds(20), [&] {
                NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "key-mismatch", "outcome at the MN");
                NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1),
                                      "key-mismatch",
                                      "outcome at the TPoS");
                NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", "nothing is left");
                NS_TEST_EXPECT_MSG_EQ(scenario.WhenNs(MN, "confirmed"), -1, "no confirmation");
                NS_TEST_EXPECT_MSG_EQ(scenario.WhenNs(TPOS, "confirmed"), -1, "at either end");
                for (const auto& frame : scenario.frames)
                {
                    NS_TEST_EXPECT_MSG_EQ(frame.header.secured, false, "nothing goes under it");
                }
                mis.SetRemedy("ns3::mis::LegacyPrfRemedy",
                              "Formula",
                              StringValue("AlignedWithNonceT"));
            });
            scenario.Preregister(Seconds(21));
            Scenario::At(Seconds(22), [&] {
                NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "with Nonce-T");
                mis.SetRemedy("ns3::mis::LegacyPrfRemedy",
                              "Formula",
                              StringValue("AlignedWithoutNonceT"));
            });
            scenario.Preregister(Seconds(23));
            Scenario::Run(Seconds(50));
            NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "without Nonce-T");
            NS_TEST_EXPECT_MSG_EQ(scenario.reports.size(), 3u, "three preregistrations");
            NS_TEST_EXPECT_MSG_EQ(
                Scenario::SasWith(scenario.Mn()->GetMisf(), MisfId(TPOS)).size(),
                1u,
                "the SA of the preregistration that the third replaced is gone at the MN");
            NS_TEST_EXPECT_MSG_EQ(Scenario::SasWith(scenario.Pos(1)->GetMisf(), MisfId(MN)).size(),
                                  1u,
                                  "and at the TPoS");
        }
        const auto kdk = Scenario::ReadKdk(log);
        NS_TEST_ASSERT_MSG_EQ(kdk.size(), 6u, "KDK lines");
        NS_TEST_EXPECT_MSG_EQ((kdk[0].key == kdk[1].key), false, "as written");
        NS_TEST_EXPECT_MSG_EQ((kdk[2].key == kdk[3].key), true, "with Nonce-T");
        NS_TEST_EXPECT_MSG_EQ((kdk[4].key == kdk[5].key), true, "without Nonce-T");
    }
};

/// One line of the helper swaps the remedy as a whole.
class SwapTestCase : public TestCase
{
  public:
    SwapTestCase()
        : TestCase("setting a remedy through the helper replaces the last one and forgets its "
                   "attributes")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        auto& mis = scenario.roaming.GetMis();
        mis.SetRemedy("ns3::mis::GroupKeyRemedy", "Path", StringValue("Direct"));
        scenario.AddNetworks(2);
        scenario.Build();
        mis.SetRemedy("ns3::mis::GroupKeyRemedy");
        StringValue path;
        scenario.Mn()->GetRemedy()->GetAttribute("Path", path);
        NS_TEST_EXPECT_MSG_EQ(path.Get(), "ViaServingPos", "the attribute is the default again");
        mis.SetRemedy("EphemeralKeyRemedy");
        NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->GetRemedy()->GetName(), "ephemeral", "at the MN");
        NS_TEST_EXPECT_MSG_EQ(scenario.Pos(0)->GetRemedy()->GetName(), "ephemeral", "at the SPoS");
        NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetRemedy()->GetName(), "ephemeral", "at the TPoS");
        scenario.Preregister(Seconds(1));
        Scenario::At(Seconds(2), [&] { mis.SetRemedy("ns3::mis::SaProtectedRemedy"); });
        scenario.Preregister(Seconds(3));
        Scenario::Run(Seconds(4));
        NS_TEST_EXPECT_MSG_EQ(scenario.reports.size(), 2u, "two preregistrations");
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "after the swap");
        NS_TEST_EXPECT_MSG_EQ((scenario.WhenNs(SPOS, "issued") > Seconds(3).GetNanoSeconds()),
                              true,
                              "only the remedy set last has the SPoS issue K");
    }
};

/// Users are told what a remedy does not do.
class ConsiderationsTestCase : public TestCase
{
  public:
    ConsiderationsTestCase()
        : TestCase("every remedy states its security considerations, and where K is relayed they "
                   "warn of the domino effect")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& expected : REMEDIES)
        {
            auto remedy = Scenario::Remedy(expected.remedy).Create<KeyDeliveryRemedy>();
            const auto text = remedy->GetSecurityConsiderations();
            NS_TEST_EXPECT_MSG_EQ(remedy->GetName(), expected.name, "name");
            NS_TEST_EXPECT_MSG_GT(text.size(), 40u, "text of " << expected.name);
            const bool remains = text.find("domino effect remains") != std::string::npos;
            NS_TEST_EXPECT_MSG_EQ(remains,
                                  (expected.name == "legacy" || expected.name == "remedy1"),
                                  "warning of " << expected.name);
        }
    }
};

/// All cases.
class RemedyTestSuite : public TestSuite
{
  public:
    RemedyTestSuite()
        : TestSuite("mis-remedy", TestSuite::Type::UNIT)
    {
        for (const auto& expected : REMEDIES)
        {
            AddTestCase(new DeliveryTestCase(expected));
        }
        for (const auto& expected : REMEDIES)
        {
            AddTestCase(new CiphersuiteTestCase(expected));
        }
        AddTestCase(new PrfTestCase);
        AddTestCase(new FormulaTestCase);
        AddTestCase(new SwapTestCase);
        AddTestCase(new ConsiderationsTestCase);
    }
};

RemedyTestSuite g_remedyTestSuite; //!< the instance

} // namespace
