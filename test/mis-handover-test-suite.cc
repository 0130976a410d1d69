// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the exchange before a handover (MN_HO_Commit, N2N_HO_Commit) and of handovers that do
 * not go as planned: too late, overlapping, to a target that has forgotten the mobile node.
 */
#include "mis-scenario-test.h"

#include "ns3/boolean.h"
#include "ns3/mis-link-frame.h"
#include "ns3/mis-prereg-messages.h"
#include "ns3/mis-tlv.h"
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

/// A link that takes its time, or for ever.
class SilentLink : public AccessLink
{
  public:
    /// @param id of the link that it stands for
    explicit SilentLink(const LinkTupleId& id)
        : m_id(id)
    {
    }

    LinkTupleId GetLinkTupleId() const override
    {
        return m_id;
    }

    void Attach(std::function<void()> attached) override
    {
        this->attached = std::move(attached);
    }

    void Detach() override
    {
        ++detached;
    }

    std::function<void()> attached; //!< to be called when it has attached
    uint32_t detached{0};           //!< how often it was detached

  private:
    LinkTupleId m_id;
};

/// The new link does not attach.
class AttachTimeoutTestCase : public TestCase
{
  public:
    explicit AttachTimeoutTestCase(bool isCold)
        : TestCase(std::string(isCold ? "a cold handover" : "a handover") +
                   " to a link that never attaches ends, and the next one succeeds"),
          m_isCold(isCold)
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.AddNetworks(3);
        if (m_isCold)
        {
            scenario.roaming.GetMis().SetRemedy(Scenario::Remedy("ns3::mis::ClauseRemovedRemedy"));
        }
        scenario.Build();
        const auto mn = scenario.Mn();
        mn->SetAttribute("AttachTimeout", TimeValue(Seconds(3)));
        mn->SetAttribute("CommitHandover", BooleanValue(false));
        mn->TraceConnectWithoutContext("DataPath",
                                       MakeCallback(&AttachTimeoutTestCase::OnDataPath, this));
        auto silent = CreateObject<SilentLink>(scenario.roaming.GetLink(0, 1)->GetLinkTupleId());
        if (!m_isCold)
        {
            scenario.Preregister(Seconds(1));
        }
        const auto go = [&](Ptr<AccessLink> link) {
            return m_isCold ? mn->ColdHandover(link, MisfId(TPOS)) : mn->Handover(link);
        };
        Scenario::At(Seconds(2), [&] { m_taken.push_back(go(silent)); });
        Scenario::At(Seconds(4), [&] { m_taken.push_back(go(silent)); }); // it is under way
        Scenario::At(Seconds(6), [&] {
            NS_TEST_EXPECT_MSG_EQ(mn->IsDataPathOpen(), false, "the node is on no link");
            NS_TEST_EXPECT_MSG_EQ((mn->GetCurrentLink() == nullptr), true, "none");
            NS_TEST_EXPECT_MSG_EQ(mn->GetServingPos(), MisfId(SPOS), "nobody else serves it");
            silent->attached(); // too late
            m_taken.push_back(go(scenario.roaming.GetLink(0, 1)));
        });
        Scenario::Run(Seconds(20));
        NS_TEST_EXPECT_MSG_EQ((m_taken == std::vector<bool>{true, false, true}), true, "taken");
        NS_TEST_EXPECT_MSG_EQ(silent->detached, 1u, "it is not left to attach later");
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 2u, "handovers");
        const auto& first = scenario.handovers[0];
        NS_TEST_EXPECT_MSG_EQ(first.outcome, "attach-timeout", "first");
        NS_TEST_EXPECT_MSG_EQ(first.end - first.detached, Seconds(3), "after the timeout");
        NS_TEST_EXPECT_MSG_EQ(first.attached, Seconds(0), "it has never attached");
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers[1].outcome, "success", "second");
        NS_TEST_EXPECT_MSG_EQ(mn->GetServingPos(), MisfId(TPOS), "served");
        NS_TEST_EXPECT_MSG_EQ(m_path, "closed closed open ", "data path");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "nothing waits");
    }

    void OnDataPath(bool isOpen)
    {
        m_path += isOpen ? "open " : "closed ";
    }

    bool m_isCold;
    std::vector<bool> m_taken;
    std::string m_path;
};

/// A mobile node comes by itself to where it was preregistering.
class ColdBesideTestCase : public TestCase
{
  public:
    ColdBesideTestCase()
        : TestCase("an MN that comes cold amid its protected preregistration is let in")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.AddNetworks(2);
        scenario.roaming.GetMis().SetRemedy(Scenario::Remedy("ns3::mis::ClauseRemovedRemedy"));
        scenario.Build();
        scenario.Preregister(Seconds(1));
        size_t before = 0;
        size_t beside = 0;
        Scenario::At(Seconds(1) + MilliSeconds(40), [&] {
            before = scenario.Pos(1)->GetTargetSessions();
            scenario.Mn()->ReportLinkDown();
            NS_TEST_EXPECT_MSG_EQ(
                scenario.Mn()->ColdHandover(scenario.roaming.GetLink(0, 1), MisfId(TPOS)),
                true,
                "it may go");
        });
        scenario.AddTap(Scenario::DeviceOf(scenario.Pos(1)->GetMisf()), [&](Bytes&) {
            beside = std::max(beside, scenario.Pos(1)->GetTargetSessions());
            return true;
        });
        Scenario::Run(Seconds(20));
        NS_TEST_EXPECT_MSG_EQ(before, 1u, "half-done");
        NS_TEST_EXPECT_MSG_EQ(beside, 2u, "one beside the other");
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "authentication");
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, "handovers");
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers[0].outcome, "success", "outcome");
        NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1),
                              "superseded,served",
                              "once it has proved who it is");
        NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetTargetSessions(), 0u, "nothing is left");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "nothing waits");
    }
};

/// A request that says to be of the mobile node, without protection.
Bytes
Forge(const std::string& to, const PreregXferRequest& request)
{
    mis::Header header{};
    header.mid = PreregXferRequest::ID;
    header.tid = 77;
    Bytes frame;
    BeginFrame(frame, header, MisfId(MN), MisfId(to));
    Writer writer(frame);
    EncodeBody(request, writer);
    FinishFrame(frame);
    return frame;
}

/// Somebody says to be a mobile node that is preregistered.
class PretenderTestCase : public TestCase
{
  public:
    PretenderTestCase()
        : TestCase("who only says to be an MN does not end its preregistration")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.AddNetworks(2);
        scenario.roaming.GetMis().SetRemedy(Scenario::Remedy("ns3::mis::ClauseRemovedRemedy"));
        scenario.Build();
        scenario.Preregister(Seconds(1));
        size_t sessions = 0;
        PreregXferRequest request;
        request.tposId = MisfId(TPOS);
        LinkFrame flight;
        flight.kind = LinkFrame::Kind::AUTHENTICATION;
        request.linkLayerInformation = flight.Encode(100);
        Scenario::At(Seconds(3), [&] { scenario.Inject(scenario.Pos(1), Forge(TPOS, request)); });
        Scenario::At(Seconds(4), [&] { sessions = scenario.Pos(1)->GetTargetSessions(); });
        scenario.Handover(Seconds(5));
        Scenario::Run(Seconds(30));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "preregistration");
        NS_TEST_EXPECT_MSG_EQ(sessions, 2u, "the pretender has a session of its own");
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, "handovers");
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers[0].outcome, "success", "handover");
        NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1),
                              "superseded,served",
                              "the pretender is superseded by the MN");
        NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetTargetSessions(), 0u, "nothing is left");
    }
};

/// Somebody says to be a mobile node that is preregistering, to its SPoS.
class SposPretenderTestCase : public TestCase
{
  public:
    SposPretenderTestCase()
        : TestCase("a request without protection does not end a preregistration at the SPoS")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.AddNetworks(2, MilliSeconds(20));
        scenario.Build();
        scenario.Preregister(Seconds(1));
        PreregXferRequest request;
        request.tposId = MisfId(TPOS);
        request.ciphersuite = 1;
        // From its first message at the SPoS to the answer of the TPoS there are 20 ms or more.
        Scenario::At(Seconds(1) + MilliSeconds(20),
                     [&] { scenario.Inject(scenario.Pos(0), Forge(SPOS, request)); });
        Scenario::Run(Seconds(20));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "outcome");
        NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.serving, 0),
                              "unprotected-request,success",
                              "at the SPoS");
    }
};

/// Round and round.
class RingTestCase : public TestCase
{
  public:
    explicit RingTestCase(const std::string& remedy)
        : TestCase("tables do not grow over a chain of handovers, " + remedy),
          m_remedy(remedy)
    {
    }

  private:
    static constexpr uint32_t NETWORKS = 3;
    static constexpr uint32_t HANDOVERS = 12;

    void DoRun() override
    {
        Scenario scenario;
        scenario.AddNetworks(NETWORKS);
        scenario.roaming.GetMis().SetRemedy(Scenario::Remedy(m_remedy));
        scenario.Build();
        for (uint32_t i = 0; i < HANDOVERS; ++i)
        {
            scenario.Preregister(Seconds(1 + i), (i + 1) % NETWORKS);
            scenario.Handover(Seconds(1 + i) + MilliSeconds(500), (i + 1) % NETWORKS);
        }
        Scenario::Run(Seconds(HANDOVERS + 30));
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), size_t{HANDOVERS}, "handovers");
        for (const auto& report : scenario.handovers)
        {
            NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", "outcome");
        }
        for (uint32_t i = 0; i < NETWORKS; ++i)
        {
            const auto& pos = scenario.Pos(i);
            const size_t isHere = i == 0; // twelve is four times round
            NS_TEST_EXPECT_MSG_EQ(pos->GetServedMobileNodes(), isHere, "served");
            NS_TEST_EXPECT_MSG_EQ(pos->GetTargetSessions(), 0u, "target sessions");
            NS_TEST_EXPECT_MSG_EQ(pos->GetServingSessions(), 0u, "serving sessions");
            NS_TEST_EXPECT_MSG_EQ(pos->GetDeadlines(), 0u, "deadlines");
            NS_TEST_EXPECT_MSG_EQ(Scenario::SasWith(pos->GetMisf(), MisfId(MN)).size(),
                                  isHere,
                                  "SAs with the MN");
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "nothing waits");
    }

    std::string m_remedy;
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
        AddTestCase(new AttachTimeoutTestCase(false));
        AddTestCase(new AttachTimeoutTestCase(true));
        AddTestCase(new ColdBesideTestCase);
        AddTestCase(new PretenderTestCase);
        AddTestCase(new SposPretenderTestCase);
        AddTestCase(new RingTestCase("ns3::mis::SaProtectedRemedy"));
        AddTestCase(new RingTestCase("ns3::mis::GroupKeyRemedy[Path=ViaServingPos]"));
        AddTestCase(new RingTestCase("ns3::mis::ClauseRemovedRemedy"));
    }
};

HandoverTestSuite g_handoverTestSuite; //!< the instance

} // namespace
