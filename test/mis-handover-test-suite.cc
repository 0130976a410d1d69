// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the exchange before a handover (MN_HO_Commit, N2N_HO_Commit) and of handovers that do
 * not go as planned: too late, overlapping, to a target that has forgotten the mobile node.
 */
#include "mis-scenario-test.h"

#include "ns3/mis-prereg-messages.h"
#include "ns3/nstime.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

const std::string MN = RoamingScenarioHelper::MobileNodeId(0);
const std::string SPOS = RoamingScenarioHelper::PosId(0);
const std::string TPOS = RoamingScenarioHelper::PosId(1);

/// The consent of the target is asked for before the link is left.
class CommitTestCase : public TestCase
{
  public:
    CommitTestCase()
        : TestCase("the MN leaves when the TPoS has consented, two round trips after it asked")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.AddNetworks(2);
        scenario.Build();
        scenario.Preregister(Seconds(1));
        scenario.Handover(Seconds(2));
        Scenario::Run(Seconds(4));
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, "handovers");
        const auto& report = scenario.handovers[0];
        NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", "outcome");
        const auto mn = scenario.Sent(MN, MnHoCommitRequest::ID);
        const auto n2n = scenario.Sent(SPOS, N2nHoCommitRequest::ID);
        const auto consent = scenario.Sent(TPOS, N2nHoCommitResponse::ID);
        const auto answer = scenario.Sent(SPOS, MnHoCommitResponse::ID);
        NS_TEST_ASSERT_MSG_EQ(mn.size(), 1u, "MN_HO_Commit");
        NS_TEST_ASSERT_MSG_EQ(n2n.size(), 1u, "N2N_HO_Commit");
        NS_TEST_ASSERT_MSG_EQ(consent.size(), 1u, "its response");
        NS_TEST_ASSERT_MSG_EQ(answer.size(), 1u, "and that to the MN");
        NS_TEST_EXPECT_MSG_EQ(n2n[0].destination, TPOS, "asked");
        // Two trips between MN and SPoS, two between SPoS and TPoS, each with two hops or more.
        const auto oneWay = n2n[0].atNs - mn[0].atNs;
        const auto between = consent[0].atNs - n2n[0].atNs;
        NS_TEST_EXPECT_MSG_GT(oneWay, 2000000, "from the MN");
        NS_TEST_EXPECT_MSG_GT(between, 10000000, "between the PoSs");
        NS_TEST_EXPECT_MSG_GT(report.detached.GetNanoSeconds(),
                              answer[0].atNs,
                              "leaves when the answer has come");
    }
};

/// A target that no longer expects the MN.
class ForgottenTestCase : public TestCase
{
  public:
    ForgottenTestCase()
        : TestCase("a target that has given the MN up refuses it; the MN stays, preregisters anew "
                   "and goes then")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.AddNetworks(2);
        scenario.Build();
        scenario.Pos(1)->SetAttribute("PreregistrationLifetime", TimeValue(Seconds(3)));
        scenario.Preregister(Seconds(1));
        scenario.Handover(Seconds(8));
        bool isOpen = false;
        auto state = PreregistrationState::DONE;
        Scenario::At(Seconds(9), [&] {
            isOpen = scenario.Mn()->IsDataPathOpen();
            state = scenario.Mn()->GetState();
        });
        scenario.Preregister(Seconds(10));
        scenario.Handover(Seconds(11));
        Scenario::Run(Seconds(14));
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 2u, "handovers");
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers[0].outcome, "target-refused", "the first");
        NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1),
                              "mn-never-came,served",
                              "at the TPoS");
        NS_TEST_EXPECT_MSG_EQ(isOpen, true, "the old link is still in use");
        NS_TEST_EXPECT_MSG_EQ(ToString(state), ToString(PreregistrationState::IDLE), "state");
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers[1].outcome, "success", "the second");
        NS_TEST_EXPECT_MSG_EQ(Scenario::SasWith(scenario.Mn()->GetMisf(), MisfId(TPOS)).size(),
                              1u,
                              "one SA, that of the second");
    }
};

/// The SPoS can not reach the target in time.
class UnreachableTestCase : public TestCase
{
  public:
    explicit UnreachableTestCase(bool isSposSilent)
        : TestCase(isSposSilent ? "a silent SPoS does not keep the MN from leaving"
                                : "a TPoS that the SPoS can not reach does not keep the MN from "
                                  "leaving"),
          m_isSposSilent(isSposSilent)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.AddNetworks(2);
        scenario.Build();
        const auto mid = m_isSposSilent ? MnHoCommitRequest::ID : N2nHoCommitRequest::ID;
        scenario.AddTap(Scenario::DeviceOf(scenario.Pos(m_isSposSilent ? 0 : 1)->GetMisf()),
                        [mid](Bytes& frame) {
                            const auto view = ParseFrame(frame);
                            return !view || view->header.mid.Value() != mid.Value();
                        });
        scenario.Preregister(Seconds(1));
        scenario.Handover(Seconds(2));
        Scenario::Run(Seconds(40));
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, "handovers");
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers[0].outcome, "success", "outcome");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "nothing waits");
    }

    bool m_isSposSilent;
};

/// The link breaks before the handover has begun.
class LateTestCase : public TestCase
{
  public:
    LateTestCase()
        : TestCase("a link that breaks while the consent is awaited is left at once, and the "
                   "handover succeeds")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.AddNetworks(2);
        scenario.Build();
        scenario.Preregister(Seconds(1));
        scenario.Handover(Seconds(2));
        Scenario::At(Seconds(2) + MilliSeconds(1), [&] { scenario.Mn()->ReportLinkDown(); });
        Scenario::Run(Seconds(20));
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, "handovers");
        const auto& report = scenario.handovers[0];
        NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", "outcome");
        NS_TEST_EXPECT_MSG_EQ(report.detached, Seconds(2) + MilliSeconds(1), "left");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "nothing waits");
    }
};

/// The link breaks before the preregistration is done.
class LinkLostTestCase : public TestCase
{
  public:
    LinkLostTestCase()
        : TestCase("a link that breaks during the preregistration ends it as link-lost and leaves "
                   "nothing")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.AddNetworks(2);
        scenario.Build();
        scenario.Preregister(Seconds(1));
        Scenario::At(Seconds(1) + MilliSeconds(5), [&] { scenario.Mn()->ReportLinkDown(); });
        bool isOpen = true;
        Scenario::At(Seconds(1) + MilliSeconds(6),
                     [&] { isOpen = scenario.Mn()->IsDataPathOpen(); });
        Scenario::Run(Seconds(20));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "link-lost", "outcome");
        NS_TEST_EXPECT_MSG_EQ(isOpen, false, "no data without a link");
        NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", "left");
    }
};

/// Two handovers at once, and back and forth.
class OverlapTestCase : public TestCase
{
  public:
    OverlapTestCase()
        : TestCase("a second handover or preregistration is refused while one is under way")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.AddNetworks(3);
        scenario.Build();
        scenario.Preregister(Seconds(1));
        scenario.Handover(Seconds(2));
        std::vector<bool> taken;
        Scenario::At(Seconds(2) + MilliSeconds(3), [&] {
            taken.push_back(scenario.Mn()->Handover(scenario.roaming.GetLink(0, 2)));
            taken.push_back(scenario.Mn()->Preregister(scenario.TargetOf(2)));
            taken.push_back(scenario.Mn()->ColdHandover(scenario.roaming.GetLink(0, 2),
                                                        MisfId(RoamingScenarioHelper::PosId(2))));
        });
        Scenario::Run(Seconds(4));
        NS_TEST_ASSERT_MSG_EQ(taken.size(), 3u, "asked");
        for (const bool accepted : taken)
        {
            NS_TEST_EXPECT_MSG_EQ(accepted, false, "refused");
        }
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, "handovers");
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers[0].outcome, "success", "the first");
        NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->GetServingPos(), MisfId(TPOS), "serving PoS");
    }
};

/// Back and forth between two networks.
class PingPongTestCase : public TestCase
{
  public:
    PingPongTestCase()
        : TestCase("ten handovers back and forth leave one SA a node and no session")
    {
    }

  private:
    static constexpr uint32_t HANDOVERS = 10;

    void DoRun() override
    {
        Scenario scenario;
        scenario.AddNetworks(2);
        scenario.Build();
        for (uint32_t i = 0; i < HANDOVERS; ++i)
        {
            scenario.Preregister(Seconds(1 + i), (i + 1) % 2);
            scenario.Handover(Seconds(1 + i) + MilliSeconds(500), (i + 1) % 2);
        }
        Scenario::Run(Seconds(2 + HANDOVERS));
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), size_t{HANDOVERS}, "handovers");
        for (const auto& report : scenario.handovers)
        {
            NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", "outcome");
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->GetServingPos(), MisfId(SPOS), "back at home");
        const auto& mn = scenario.Mn()->GetMisf();
        NS_TEST_EXPECT_MSG_EQ(Scenario::SasWith(mn, MisfId(SPOS)).size(), 1u, "with the SPoS");
        NS_TEST_EXPECT_MSG_EQ(Scenario::SasWith(mn, MisfId(TPOS)).size(), 0u, "with the other");
        for (uint32_t i = 0; i < 2; ++i)
        {
            const auto& pos = scenario.Pos(i);
            NS_TEST_EXPECT_MSG_EQ(Scenario::SasWith(pos->GetMisf(), MisfId(MN)).size(),
                                  1u - i,
                                  "SAs with the MN");
            NS_TEST_EXPECT_MSG_EQ(pos->GetServedMobileNodes(), 1u - i, "served");
            NS_TEST_EXPECT_MSG_EQ(pos->GetTargetSessions(), 0u, "target sessions");
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "nothing waits");
    }
};

/// Handover suite.
class HandoverTestSuite : public TestSuite
{
  public:
    HandoverTestSuite()
        : TestSuite("mis-handover", TestSuite::Type::UNIT)
    {
        AddTestCase(new CommitTestCase);
        AddTestCase(new ForgottenTestCase);
        AddTestCase(new UnreachableTestCase(false));
        AddTestCase(new UnreachableTestCase(true));
        AddTestCase(new LateTestCase);
        AddTestCase(new LinkLostTestCase);
        AddTestCase(new OverlapTestCase);
        AddTestCase(new PingPongTestCase);
    }
};

HandoverTestSuite g_handoverTestSuite; //!< the instance

} // namespace
