// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of roaming: chains of handovers, many mobile nodes at once.
 */
#include "mis-roaming-test-helpers.h"

#include "ns3/mis-preregistration-recorder.h"

#include <set>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;
using namespace ns3::mis::test::roam;

NS_OBJECT_ENSURE_REGISTERED(EphemeralKeyRemedy);

namespace
{

std::string
MnId(uint32_t mn)
{
    return RoamingScenarioHelper::MobileNodeId(mn);
}

std::string
PosId(uint32_t network)
{
    return RoamingScenarioHelper::PosId(network);
}

/// H handovers, one after the other.
class ChainTestCase : public TestCase
{
  public:
    explicit ChainTestCase(const std::string& remedy)
        : TestCase(remedy + ": over four handovers the TPoS becomes the SPoS, and the next cycle "
                            "uses the SA just made"),
          m_remedy(remedy)
    {
    }

  private:
    static constexpr uint32_t HANDOVERS = 4;

    void DoRun() override
    {
        const auto log = CreateTempDirFilename("chain.log");
        {
            Scenario scenario;
            auto& mis = scenario.roaming.GetMis();
            mis.SetRemedy(Scenario::Remedy(m_remedy));
            for (uint32_t i = 0; i <= HANDOVERS; ++i)
            {
                auto access = *FindLinkProfile(i % 2 == 0 ? "wifi" : "lte");
                access.loss = 0;
                scenario.roaming.AddNetwork(access, *FindLinkProfile("wan"));
            }
            scenario.Build();
            mis.EnableKeyLog(log);
            for (const auto& pos : scenario.roaming.GetPointsOfService())
            {
                pos->GetMisf()->TraceConnectWithoutContext(
                    "SaDown",
                    MakeCallback(&ChainTestCase::OnSaDown, this));
            }
            std::vector<PreregistrationRecord> records;
            scenario.roaming.Roam(Seconds(2), [&](uint32_t, const PreregistrationRecord& record) {
                records.push_back(record);
            });
            Scenario::Run(Seconds(2) + scenario.roaming.GetDuration());
            Check(scenario, records);
        }
        const auto kdk = Scenario::ReadKdk(log);
        NS_TEST_EXPECT_MSG_EQ(kdk.size(), 2u * HANDOVERS, "KDK lines");
        std::set<std::string> keys;
        for (const auto& line : kdk)
        {
            keys.insert(line.key);
        }
        NS_TEST_EXPECT_MSG_EQ(keys.size(), size_t{HANDOVERS}, "a new K for every handover");

        // Every cycle but the last made an SA that served the next one.
        NS_TEST_EXPECT_MSG_EQ(m_down.size(), size_t{HANDOVERS - 1}, "SAs used up");
        const bool isLegacy = m_remedy.find("Legacy") != std::string::npos;
        const auto lines = ReadFile(log);
        for (const auto& sa : m_down)
        {
            NS_TEST_EXPECT_MSG_EQ(Scenario::IsMade(sa), true, "made by a preregistration");
            NS_TEST_EXPECT_MSG_EQ(
                (lines.find("MASK " + MnId(0) + " " + sa.local.Get() + " HMAC-SHA-256 " +
                            ToHex(sa.miak.View())) != std::string::npos),
                isLegacy,
                "K of the next cycle is masked under it");
            if (!isLegacy)
            {
                // Direct signalling, handshake, completion: four; the next cycle sends more.
                NS_TEST_EXPECT_MSG_GT(sa.sendSn, 5u, "the next cycle goes under it");
            }
        }
    }

    void OnSaDown(const SecurityAssociation& sa)
    {
        m_down.push_back(sa);
    }

    void Check(Scenario& scenario, const std::vector<PreregistrationRecord>& records)
    {
        NS_TEST_ASSERT_MSG_EQ(records.size(), size_t{HANDOVERS}, "records");
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), size_t{HANDOVERS}, "handovers");
        for (uint32_t i = 0; i < HANDOVERS; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(records[i].outcome, "success", "preregistration " << i);
            NS_TEST_EXPECT_MSG_EQ(records[i].spos.Get(), PosId(i), "SPoS of cycle " << i);
            NS_TEST_EXPECT_MSG_EQ(records[i].tpos.Get(), PosId(i + 1), "TPoS of cycle " << i);
            const auto& handover = scenario.handovers[i];
            NS_TEST_EXPECT_MSG_EQ(handover.outcome, "success", "handover " << i);
            NS_TEST_EXPECT_MSG_EQ((handover.detached <= handover.attached &&
                                   handover.attached < handover.dataPathOpen &&
                                   handover.dataPathOpen < handover.end),
                                  true,
                                  "steps of handover " << i);
            NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, i + 1),
                                  "served",
                                  "session at the TPoS of cycle " << i);
            NS_TEST_EXPECT_MSG_EQ(
                Scenario::SasWith(scenario.Pos(i + 1)->GetMisf(), MisfId(MnId(0))).size(),
                (i + 1 < HANDOVERS ? 0u : 1u),
                "the SA of cycle " << i << " goes with the MN");
        }
        for (uint32_t i = 0; i <= HANDOVERS; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(i)->GetServedMobileNodes(),
                                  (i == HANDOVERS ? 1u : 0u),
                                  "served at network " << i);
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(i)->GetServingSessions(), 0u, "at " << i);
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(i)->GetTargetSessions(), 0u, "at " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->GetServingPos().Get(),
                              PosId(HANDOVERS),
                              "where the MN ends");
        NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->IsDataPathOpen(), true, "and may send");
    }

    std::string m_remedy;
    std::vector<SecurityAssociation> m_down; //!< SAs that points of service dropped
};

/// There and back: the SPoS of before is a target again.
class ReturnTestCase : public TestCase
{
  public:
    ReturnTestCase()
        : TestCase("a mobile node that comes back to a network is preregistered there anew")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& remedy : SHIPPED)
        {
            Scenario scenario;
            scenario.roaming.GetMis().SetRemedy(Scenario::Remedy(remedy));
            scenario.AddNetworks(2);
            scenario.Build();
            for (uint32_t i = 0; i < 4; ++i)
            {
                scenario.Preregister(Seconds(1 + 4 * i), (i + 1) % 2);
                Scenario::At(Seconds(3 + 4 * i), [&] {
                    const auto& target = scenario.reports.back().tpos;
                    const uint32_t network = target.Get() == PosId(1) ? 1 : 0;
                    NS_TEST_EXPECT_MSG_EQ(
                        scenario.Mn()->Handover(scenario.roaming.GetLink(0, network)),
                        true,
                        "the handover begins");
                    NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->Preregister(scenario.TargetOf(network)),
                                          false,
                                          "and no preregistration during it");
                });
            }
            Scenario::Run(Seconds(40));
            NS_TEST_EXPECT_MSG_EQ(scenario.reports.size(), 4u, remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.handovers.size(), 4u, remedy);
            for (const auto& report : scenario.reports)
            {
                NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", remedy << " to " << report.tpos);
            }
            for (const auto& report : scenario.handovers)
            {
                NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", remedy << " to " << report.to);
            }
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(0)->GetServedMobileNodes(), 1u, remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetServedMobileNodes(), 0u, remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", remedy);
            for (uint32_t pos = 0; pos < 2; ++pos)
            {
                const auto expected = pos == 0 ? 1u : 0u;
                NS_TEST_EXPECT_MSG_EQ(
                    Scenario::SasWith(scenario.Pos(pos)->GetMisf(), MisfId(MnId(0))).size(),
                    expected,
                    "SA at network " << pos << ", " << remedy);
                NS_TEST_EXPECT_MSG_EQ(
                    Scenario::SasWith(scenario.Mn()->GetMisf(), MisfId(PosId(pos))).size(),
                    expected,
                    "SA of the MN with network " << pos << ", " << remedy);
            }
        }
    }
};

/// A handover to a network that does not answer.
class FailedHandoverTestCase : public TestCase
{
  public:
    FailedHandoverTestCase()
        : TestCase("a handover to a PoS that is gone ends with a named outcome, and another "
                   "preregistration is possible")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.AddNetworks(3);
        scenario.Build();
        auto device =
            DynamicCast<PointToMultipointNetDevice>(Scenario::DeviceOf(scenario.Pos(1)->GetMisf()));
        scenario.Preregister(Seconds(1));
        Scenario::At(Seconds(2), [&] { device->SetLinkUp(false); });
        scenario.Handover(Seconds(3));
        Scenario::At(Seconds(20), [&] {
            NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, "it has ended");
            NS_TEST_EXPECT_MSG_EQ(scenario.handovers[0].outcome, "no-acknowledgement", "named");
            NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->IsDataPathOpen(), false, "no data may flow");
            NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->GetServingPos().Get(), PosId(0), "SPoS as before");
        });
        scenario.Preregister(Seconds(21), 2); // by the new link, served by the old PoS
        scenario.Handover(Seconds(23), 2);
        Scenario::Run(Seconds(50));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "elsewhere");
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers.back().outcome, "success", "elsewhere");
        NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->GetServingPos().Get(), PosId(2), "elsewhere");
        NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->IsDataPathOpen(), true, "and may send");
        NS_TEST_EXPECT_MSG_EQ(Scenario::SasWith(scenario.Mn()->GetMisf(), MisfId(PosId(1))).size(),
                              0u,
                              "the SA for the handover that failed is gone");
    }
};

/// No preregistration at all.
class ColdHandoverTestCase : public TestCase
{
  public:
    ColdHandoverTestCase()
        : TestCase("without a preregistration the full authentication interrupts the data, over a "
                   "chain of networks, and its failure has a name")
    {
    }

  private:
    /// Time from attachment to the open data path, one for each handover.
    static std::vector<Time> Closed(bool preregister,
                                    uint32_t handovers,
                                    std::vector<PreregistrationRecord>& records)
    {
        Scenario scenario;
        scenario.roaming.GetMis().SetDeviceProfiles("zero", "server");
        scenario.roaming.GetMis().SetRemedy("ns3::mis::ClauseRemovedRemedy");
        scenario.roaming.SetPreregistration(preregister);
        scenario.AddNetworks(handovers + 1, MilliSeconds(10));
        scenario.Build();
        scenario.roaming.Roam(Seconds(2), [&](uint32_t, const PreregistrationRecord& record) {
            records.push_back(record);
        });
        Scenario::Run(Seconds(2) + scenario.roaming.GetDuration());
        std::vector<Time> closed;
        for (const auto& handover : scenario.handovers)
        {
            if (handover.outcome == "success")
            {
                closed.push_back(handover.dataPathOpen - handover.attached);
            }
        }
        return closed;
    }

    void DoRun() override
    {
        std::vector<PreregistrationRecord> preparedRecords;
        std::vector<PreregistrationRecord> coldRecords;
        const auto prepared = Closed(true, 3, preparedRecords);
        const auto cold = Closed(false, 3, coldRecords);
        NS_TEST_EXPECT_MSG_EQ(preparedRecords.size() + coldRecords.size(), 6u, "all recorded");
        for (const auto& record : preparedRecords)
        {
            NS_TEST_EXPECT_MSG_EQ(record.preregistration.has_value(), true, "preregistered");
            NS_TEST_EXPECT_MSG_EQ(record.cpuSpos.IsStrictlyPositive(), true, "through the SPoS");
            NS_TEST_EXPECT_MSG_GT(record.bytesMnSpos, 0u, "through the SPoS");
        }
        for (const auto& record : coldRecords)
        {
            NS_TEST_EXPECT_MSG_EQ(record.preregistration.has_value(), false, "there was none");
            NS_TEST_EXPECT_MSG_EQ(record.saReady.has_value(), true, "but there is an SA");
            NS_TEST_EXPECT_MSG_EQ(record.cpuSpos.IsZero(), true, "the SPoS knows nothing");
            NS_TEST_EXPECT_MSG_EQ(record.cpuTpos.IsStrictlyPositive(), true, "the TPoS works");
            NS_TEST_EXPECT_MSG_EQ(record.bytesMnSpos, 0u, "all goes to the TPoS");
            NS_TEST_EXPECT_MSG_GT(record.bytesMnTpos, 0u, "all goes to the TPoS");
        }
        NS_TEST_ASSERT_MSG_EQ(prepared.size(), 3u, "three handovers");
        NS_TEST_ASSERT_MSG_EQ(cold.size(), 3u, "three handovers");
        for (size_t i = 0; i < cold.size(); ++i)
        {
            // A handshake of two round trips, and four of the authentication before it.
            NS_TEST_EXPECT_MSG_EQ_TOL(cold[i].GetSeconds() / prepared[i].GetSeconds(),
                                      3.0,
                                      0.02,
                                      "round trips of handover " << i);
        }
        Scenario scenario;
        scenario.roaming.GetMis().SetRemedy("ns3::mis::ClauseRemovedRemedy");
        scenario.AddNetworks(2);
        scenario.Build();
        Scenario::At(MilliSeconds(500),
                     [&] { scenario.Mn()->SetCredential(SecretBytes::Zeros(32)); });
        Scenario::At(Seconds(1), [&] {
            NS_TEST_EXPECT_MSG_EQ(
                scenario.Mn()->ColdHandover(scenario.roaming.GetLink(0, 1), MisfId(PosId(1))),
                true,
                "begun");
            NS_TEST_EXPECT_MSG_EQ(
                scenario.Mn()->ColdHandover(scenario.roaming.GetLink(0, 1), MisfId(PosId(1))),
                false,
                "one at a time");
        });
        Scenario::Run(Seconds(30));
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, "it has ended");
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers[0].outcome, "key-mismatch", "another credential");
        NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->IsDataPathOpen(), false, "no data may flow");
        NS_TEST_EXPECT_MSG_EQ(Scenario::SasWith(scenario.Mn()->GetMisf(), MisfId(PosId(1))).size(),
                              0u,
                              "no half-made SA");
    }
};

/// One SPoS, many mobile nodes, several targets.
class CrowdTestCase : public TestCase
{
  public:
    explicit CrowdTestCase(const std::string& remedy, bool localGm = false)
        : TestCase(remedy + ": 200 mobile nodes go through one SPoS to three TPoS at once" +
                   (localGm ? ", the SPoS being group manager too" : "")),
          m_remedy(remedy),
          m_localGm(localGm)
    {
    }

  private:
    static constexpr uint32_t MOBILE_NODES = 200;
    static constexpr uint32_t NETWORKS = 4;

    void DoRun() override
    {
        Scenario scenario;
        auto& mis = scenario.roaming.GetMis();
        mis.SetRemedy(Scenario::Remedy(m_remedy));
        // Fast enough that no queue overflows.
        scenario.roaming.SetLocalLink(Scenario::Link(MicroSeconds(10), DataRate("100Gbps")));
        scenario.roaming.SetHomeLink(Scenario::Link(MilliSeconds(5), DataRate("100Gbps")));
        for (uint32_t i = 0; i < NETWORKS; ++i)
        {
            scenario.roaming.AddNetwork(Scenario::Link(MilliSeconds(1), DataRate("10Gbps")),
                                        Scenario::Link(MilliSeconds(5), DataRate("10Gbps")));
        }
        scenario.roaming.SetMobileNodes(MOBILE_NODES);
        scenario.Build();
        if (m_localGm)
        {
            auto misf = scenario.Pos(0)->GetMisf();
            mis.InstallGroupManager(
                misf->GetObject<Node>(),
                misf->GetId().Get(),
                misf->GetDirectory()->Find(misf->GetId().View())->address.address);
        }
        size_t mostServing = 0;
        for (uint32_t mn = 0; mn < MOBILE_NODES; ++mn)
        {
            scenario.Preregister(Seconds(1) + MicroSeconds(20 * mn), TargetOf(mn), mn);
            scenario.Handover(Seconds(4), TargetOf(mn), mn);
        }
        for (uint32_t tick = 0; tick < 40; ++tick)
        {
            Scenario::At(Seconds(1) + MilliSeconds(tick), [&] {
                mostServing = std::max(mostServing, scenario.Pos(0)->GetServingSessions());
            });
        }
        Scenario::At(Seconds(3), [&] {
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(0)->GetServingSessions(), 0u, "the SPoS is done");
            for (uint32_t i = 1; i < NETWORKS; ++i)
            {
                NS_TEST_EXPECT_MSG_EQ(scenario.Pos(i)->GetTargetSessions(),
                                      CountOf(i),
                                      "expected at network " << i);
            }
        });
        Scenario::Run(Seconds(30));
        NS_TEST_EXPECT_MSG_EQ(scenario.reports.size(), size_t{MOBILE_NODES}, "reports");
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers.size(), size_t{MOBILE_NODES}, "handovers");
        size_t failures = 0;
        for (const auto& report : scenario.reports)
        {
            failures += report.outcome != "success";
        }
        for (const auto& report : scenario.handovers)
        {
            failures += report.outcome != "success";
        }
        NS_TEST_EXPECT_MSG_EQ(failures, 0u, "failures");
        if (m_remedy.find("Removed") == std::string::npos)
        {
            NS_TEST_EXPECT_MSG_GT(mostServing, MOBILE_NODES / 2, "they do come at once");
        }
        for (uint32_t i = 0; i < NETWORKS; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(i)->GetServedMobileNodes(),
                                  (i == 0 ? 0u : CountOf(i)),
                                  "served at network " << i);
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(i)->GetServingSessions(), 0u, "network " << i);
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(i)->GetTargetSessions(), 0u, "network " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "no transaction is left");
        uint64_t conflicts = 0;
        for (const auto& misf : mis.GetMisfs())
        {
            conflicts += misf->GetDropCount(DropReason::TRANSACTION_CONFLICT);
        }
        NS_TEST_EXPECT_MSG_EQ(conflicts, 0u, "no transaction is taken for another");
    }

    static uint32_t TargetOf(uint32_t mn)
    {
        return 1 + mn % (NETWORKS - 1);
    }

    static size_t CountOf(uint32_t network)
    {
        size_t count = 0;
        for (uint32_t mn = 0; mn < MOBILE_NODES; ++mn)
        {
            count += TargetOf(mn) == network;
        }
        return count;
    }

    std::string m_remedy;
    bool m_localGm;
};

/**
 * @brief Roaming suite.
 */
class RoamingTestSuite : public TestSuite
{
  public:
    RoamingTestSuite()
        : TestSuite("mis-roaming", TestSuite::Type::SYSTEM)
    {
        for (const auto& remedy : REMEDIES)
        {
            AddTestCase(new ChainTestCase(remedy));
        }
        AddTestCase(new ReturnTestCase);
        AddTestCase(new FailedHandoverTestCase);
        AddTestCase(new ColdHandoverTestCase);
        for (const auto& remedy : SHIPPED)
        {
            AddTestCase(new CrowdTestCase(remedy));
        }
        AddTestCase(new CrowdTestCase("ns3::mis::GroupKeyRemedy[Path=ViaServingPos]", true));
    }
};

RoamingTestSuite g_roamingTestSuite; //!< the instance

} // namespace
