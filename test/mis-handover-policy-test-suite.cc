// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the policy that decides on handovers, with link events made up.
 */
#include "mis-scenario-test.h"

#include "ns3/boolean.h"
#include "ns3/mis-handover-policy.h"
#include "ns3/mis-network-handover-control.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// A link whose radio gets ready when the test says so.
class SlowLink : public AccessLink
{
  public:
    /// @param link what it goes over
    explicit SlowLink(Ptr<AccessLink> link)
        : m_link(link)
    {
    }

    LinkTupleId GetLinkTupleId() const override
    {
        return m_link->GetLinkTupleId();
    }

    void Prepare(std::function<void()> ready) override
    {
        m_ready = std::move(ready);
    }

    void Attach(std::function<void()> attached) override
    {
        m_link->Attach(std::move(attached));
    }

    void Detach() override
    {
        ++detachments;
        m_link->Detach();
    }

    /// The radio is ready.
    void Ready()
    {
        m_ready();
    }

    uint32_t detachments{0}; //!< calls of Detach()

  private:
    Ptr<AccessLink> m_link;
    std::function<void()> m_ready;
};

/// A mobile node in network a, with b and c to go to, and a policy.
class PolicyScenario : public Scenario
{
  public:
    /// @param remedy its type and attributes
    explicit PolicyScenario(const std::string& remedy = "ns3::mis::SaProtectedRemedy")
        : policy(CreateObject<HandoverPolicy>())
    {
        AddNetworks(3);
        roaming.GetMis().SetRemedy(Remedy(remedy));
        Build();
        for (uint32_t i = 0; i < 3; ++i)
        {
            links.push_back(roaming.GetLink(0, i));
        }
        policy->TraceConnectWithoutContext("Decision",
                                           MakeCallback(&PolicyScenario::OnDecision, this));
    }

    /// The policy takes over, all networks in reach, the second best first.
    void Start(bool areInReach = true)
    {
        for (uint32_t i = 0; i < 3; ++i)
        {
            policy->AddLink(links[i], MisfId(RoamingScenarioHelper::PosId(i)));
        }
        policy->Start(Mn(), links[0]);
        if (areInReach)
        {
            At(Seconds(0.5), [this] {
                policy->LinkDetected(links[0], -70);
                policy->LinkDetected(links[1], -60);
                policy->LinkDetected(links[2], -65);
            });
        }
    }

    /// @param pos PoS that is told where the mobile node is, as it is otherwise by any message
    void Introduce(uint32_t pos)
    {
        const auto address = Mn()->GetMisf()->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal();
        Pos(pos)->GetMisf()->SetPeerAddress(
            Mn()->GetMisf()->GetId(),
            {TransportType::UDP, InetSocketAddress(address, 4551), nullptr});
    }

    /// @param at when @param network whose link is going down @param confidence percent
    void GoingDown(Time at, uint32_t network = 0, uint8_t confidence = 90)
    {
        At(at, [this, network, confidence] {
            policy->LinkGoingDown(links[network], MilliSeconds(500), confidence);
        });
    }

    /// @param at when @param network whose link is lost
    void Down(Time at, uint32_t network = 0)
    {
        At(at, [this, network] { policy->LinkDown(links[network]); });
    }

    /// @return actions with their causes, and outcomes of handovers
    std::string Story() const
    {
        std::string story;
        for (const auto& decision : decisions)
        {
            story += decision.action + "(" + decision.cause + ") ";
        }
        for (const auto& handover : handovers)
        {
            story += handover.outcome + "@" + handover.to.Get() + " ";
        }
        return story;
    }

    Ptr<HandoverPolicy> policy;              //!< under test
    std::vector<Ptr<AccessLink>> links;      //!< by network
    std::vector<HandoverDecision> decisions; //!< its trace

  private:
    void OnDecision(const HandoverDecision& decision)
    {
        decisions.push_back(decision);
    }
};

const std::string B = RoamingScenarioHelper::PosId(1);
const std::string C = RoamingScenarioHelper::PosId(2);

/// One course of events.
class CourseTestCase : public TestCase
{
  public:
    /// Arranges events.
    using Course = std::function<void(PolicyScenario&)>;

    /**
     * @param name what is tested
     * @param remedy its type
     * @param course arranges events and attributes
     * @param story decisions and outcomes expected
     * @param counts expected: anticipated, late, wrong, targets lost, held
     */
    CourseTestCase(const std::string& name,
                   const std::string& remedy,
                   Course course,
                   std::string story,
                   std::vector<uint32_t> counts)
        : TestCase(name),
          m_remedy(remedy),
          m_course(std::move(course)),
          m_story(std::move(story)),
          m_counts(std::move(counts))
    {
    }

  private:
    void DoRun() override
    {
        PolicyScenario scenario(m_remedy);
        m_course(scenario);
        Scenario::Run(Seconds(30));
        NS_TEST_EXPECT_MSG_EQ(scenario.Story(), m_story, "decisions and outcomes");
        const auto& counts = scenario.policy->GetCounts();
        NS_TEST_EXPECT_MSG_EQ(counts.anticipated, m_counts[0], "anticipated");
        NS_TEST_EXPECT_MSG_EQ(counts.late, m_counts[1], "late");
        NS_TEST_EXPECT_MSG_EQ(counts.wrong, m_counts[2], "wrong");
        NS_TEST_EXPECT_MSG_EQ(counts.targetsLost, m_counts[3], "targets lost");
        NS_TEST_EXPECT_MSG_EQ(counts.held, m_counts[4], "held");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "nothing waits");
    }

    std::string m_remedy;
    Course m_course;
    std::string m_story;
    std::vector<uint32_t> m_counts;
};

const char* const REMEDY1 = "ns3::mis::SaProtectedRemedy";
const char* const REMOVED = "ns3::mis::ClauseRemovedRemedy";

/// The network decides.
class NetworkControlTestCase : public TestCase
{
  public:
    NetworkControlTestCase()
        : TestCase(
              "with Control=Network the SPoS has the MN hand over, to the target of its choice")
    {
    }

  private:
    void DoRun() override
    {
        PolicyScenario scenario;
        scenario.policy->SetAttribute("Control", StringValue("Network"));
        scenario.Start();
        scenario.Introduce(0);
        const auto control = CreateObject<NetworkHandoverControl>();
        control->SetPointOfService(scenario.Pos(0));
        control->TraceConnectWithoutContext("Commit",
                                            MakeCallback(&NetworkControlTestCase::OnCommit, this));
        const MisfId mn(RoamingScenarioHelper::MobileNodeId(0));
        const auto linkOf = [&](uint32_t network) {
            return scenario.roaming.GetLink(0, network)->GetLinkTupleId().link;
        };
        scenario.GoingDown(Seconds(1)); // the MN leaves that to the network
        size_t known = 0;
        Scenario::At(Seconds(2), [&] { control->LinkGoingDown(mn, linkOf(0)); });
        Scenario::At(Seconds(3), [&] {
            control->LinkDetected(mn, linkOf(0));
            control->LinkDetected(mn, linkOf(1));
            control->LinkDetected(mn, linkOf(2));
            control->LinkDown(mn, linkOf(1));
            control->LinkGoingDown(mn, linkOf(0));
            control->LinkGoingDown(mn, linkOf(0)); // again, while the first is followed
            known = control->GetMobileNodes();
        });
        Scenario::Run(Seconds(10));
        NS_TEST_EXPECT_MSG_EQ(scenario.Story(),
                              "preregister(network) hand-over(network) success@" + C + " ",
                              "decisions and outcomes");
        NS_TEST_EXPECT_MSG_EQ(m_commits, "no-target success refused ", "at the SPoS");
        NS_TEST_EXPECT_MSG_EQ(known, 1u, "remembered");
        NS_TEST_EXPECT_MSG_EQ(control->GetMobileNodes(), 0u, "forgotten when it has left");
        control->Dispose();
    }

    void OnCommit(const MisfId&, const std::string& outcome)
    {
        m_commits += outcome + " ";
    }

    std::string m_commits;
};

/// Only the SPoS may send a mobile node away.
class ForgedCommitTestCase : public TestCase
{
  public:
    ForgedCommitTestCase()
        : TestCase("a Net_HO_Commit of another PoS, or without protection, is not followed")
    {
    }

  private:
    void DoRun() override
    {
        PolicyScenario scenario;
        scenario.Start();
        const MisfId mn(RoamingScenarioHelper::MobileNodeId(0));
        const auto link = scenario.roaming.GetLink(0, 2)->GetLinkTupleId().link;
        NetHoCommitRequest request;
        request.linkType = link.type;
        request.targetNetwork = link.address;
        std::vector<TransactionFailure> failures;
        for (uint32_t pos : {0, 1})
        {
            Scenario::At(Seconds(1 + pos), [&, pos] {
                SendOptions options;
                options.protection = SendOptions::Protection::NONE;
                const auto misf = scenario.Pos(pos)->GetMisf();
                scenario.Introduce(pos);
                Misf::Activity activity(*misf);
                const auto error =
                    misf->SendRequest(mn, request, options, [&](const TransactionResult& result) {
                        failures.push_back(result.failure);
                    });
                NS_TEST_EXPECT_MSG_EQ(ToString(error),
                                      std::string(ToString(SendError::NONE)),
                                      "it is sent");
            });
        }
        Scenario::Run(Seconds(40));
        NS_TEST_EXPECT_MSG_EQ(scenario.Story(), "", "nothing was decided");
        NS_TEST_ASSERT_MSG_EQ(failures.size(), 2u, "requests");
        for (const auto failure : failures)
        {
            NS_TEST_EXPECT_MSG_NE(ToString(failure),
                                  std::string(ToString(TransactionFailure::NONE)),
                                  "no answer");
        }
    }
};

/// A target whose radio takes a while, at a mobile node that has one for each link.
class PreparationTestCase : public TestCase
{
  public:
    PreparationTestCase()
        : TestCase("where the MN has a radio for each link it leaves when that of the target is "
                   "ready, or when its link is lost")
    {
    }

  private:
    /// What happens to a target that is being prepared from 1 s on.
    struct Course
    {
        std::string name;
        std::function<void(PolicyScenario&, SlowLink&)> events;
        std::string story;
        std::optional<Time> left; //!< when the MN leaves its link
        uint32_t detachments;     //!< of the target
        uint32_t targetsLost;
    };

    void DoRun() override
    {
        const std::string begin = "preregister(going-down) ";
        const std::vector<Course> courses{
            {"ready",
             [](PolicyScenario&, SlowLink& slow) {
                 Scenario::At(Seconds(3), [&] { slow.Ready(); });
             },
             begin + "hand-over(going-down) success@" + B + " ",
             Seconds(3),
             0,
             0},
            {"link lost",
             [](PolicyScenario& s, SlowLink& slow) {
                 s.Down(Seconds(2));
                 Scenario::At(Seconds(3), [&] { slow.Ready(); }); // too late to matter
             },
             begin + "hand-over(link-down) success@" + B + " ",
             Seconds(2),
             0,
             0},
            {"target lost",
             [](PolicyScenario& s, SlowLink& slow) {
                 s.Down(Seconds(2), 1);
                 Scenario::At(Seconds(3), [&] { slow.Ready(); });
             },
             begin + "preregister(target-lost) hand-over(target-lost) success@" + C + " ",
             std::nullopt,
             1,
             1},
            {"never ready",
             [](PolicyScenario& s, SlowLink&) {
                 s.policy->SetAttribute("PrepareTimeout", TimeValue(Seconds(1)));
             },
             begin + "preregister(target-not-ready) hand-over(target-not-ready) success@" + C + " ",
             std::nullopt,
             1,
             0}};
        for (const auto& course : courses)
        {
            PolicyScenario scenario;
            const auto slow = CreateObject<SlowLink>(scenario.links[1]);
            scenario.links[1] = slow;
            scenario.Start();
            scenario.GoingDown(Seconds(1));
            course.events(scenario, *slow);
            Scenario::Run(Seconds(30));
            NS_TEST_EXPECT_MSG_EQ(scenario.Story(), course.story, course.name);
            NS_TEST_EXPECT_MSG_EQ(slow->detachments, course.detachments, course.name);
            const auto& counts = scenario.policy->GetCounts();
            NS_TEST_EXPECT_MSG_EQ(counts.anticipated, 1u, course.name);
            NS_TEST_EXPECT_MSG_EQ(counts.targetsLost, course.targetsLost, course.name);
            NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, course.name);
            if (course.left)
            {
                // It asks the SPoS for consent first, which takes a round trip.
                NS_TEST_EXPECT_MSG_EQ_TOL(scenario.handovers[0].detached.GetSeconds(),
                                          course.left->GetSeconds() + 0.025,
                                          0.026,
                                          course.name);
            }
        }
    }
};

/// A policy that is given up while links, and the SPoS, go on.
class GivenUpTestCase : public TestCase
{
  public:
    GivenUpTestCase()
        : TestCase("a policy that was disposed of hears of no link and follows no Net_HO_Commit")
    {
    }

  private:
    /// A link that does what the test says.
    class FakeLink : public MonitoredAccessLink
    {
      public:
        LinkTupleId GetLinkTupleId() const override
        {
            return {};
        }

        void Attach(std::function<void()>) override
        {
        }

        void Detach() override
        {
        }

        using MonitoredAccessLink::NotifyDetected;
        using MonitoredAccessLink::NotifyDown;
        using MonitoredAccessLink::NotifyUp;
    };

    void DoRun() override
    {
        PolicyScenario scenario;
        const auto link = CreateObject<FakeLink>();
        scenario.policy->AddLink(link, MisfId(C));
        scenario.Start();
        scenario.Introduce(0);
        uint64_t unknown = 0;
        const auto misf = scenario.Mn()->GetMisf();
        Scenario::At(Seconds(1), [&] {
            scenario.policy->Dispose();
            unknown = misf->GetDropCount(DropReason::UNKNOWN_MESSAGE);
            link->NotifyDetected(link->GetLinkTupleId(), -60);
            link->NotifyUp();
            link->NotifyDown(LinkDownReason::NO_BROADCAST);
            const auto control = CreateObject<NetworkHandoverControl>();
            control->SetPointOfService(scenario.Pos(0));
            const auto target = scenario.roaming.GetLink(0, 1)->GetLinkTupleId().link;
            control->LinkDetected(misf->GetId(), target);
            control->LinkGoingDown(misf->GetId(), {});
        });
        scenario.Preregister(Seconds(2));
        scenario.Handover(Seconds(3));
        Scenario::Run(Seconds(20));
        NS_TEST_EXPECT_MSG_EQ(scenario.Story(), "success@" + B + " ", "decided by nobody");
        NS_TEST_EXPECT_MSG_GT(misf->GetDropCount(DropReason::UNKNOWN_MESSAGE),
                              unknown,
                              "Net_HO_Commit is for nobody");
    }
};

/// Handover policy suite.
class HandoverPolicyTestSuite : public TestSuite
{
  public:
    HandoverPolicyTestSuite()
        : TestSuite("mis-handover-policy", TestSuite::Type::UNIT)
    {
        const auto add = [this](const std::string& name,
                                const char* remedy,
                                CourseTestCase::Course course,
                                const std::string& story,
                                std::vector<uint32_t> counts) {
            AddTestCase(new CourseTestCase(name, remedy, std::move(course), story, counts));
        };
        add("a link that is going down has the MN preregister with the strongest and leave",
            REMEDY1,
            [](PolicyScenario& s) {
                s.Start();
                s.GoingDown(Seconds(1));
                s.Down(Seconds(2));
            },
            "preregister(going-down) hand-over(going-down) success@" + B + " ",
            {1, 0, 0, 0, 0});
        add("a prediction of little confidence is not acted upon",
            REMEDY1,
            [](PolicyScenario& s) {
                s.Start();
                s.GoingDown(Seconds(1), 0, 30);
            },
            "",
            {0, 0, 0, 0, 0});
        add("with Leave=WhenLost a preregistered MN stays until the link is lost",
            REMEDY1,
            [](PolicyScenario& s) {
                s.policy->SetAttribute("Leave", StringValue("WhenLost"));
                s.Start();
                s.GoingDown(Seconds(1));
                s.Down(Seconds(3));
            },
            "preregister(going-down) hand-over(link-down) success@" + B + " ",
            {1, 0, 0, 0, 0});
        add("a link lost before the preregistration is done has the MN attach cold",
            REMOVED,
            [](PolicyScenario& s) {
                s.Start();
                s.GoingDown(Seconds(1));
                s.Down(Seconds(1) + MilliSeconds(3));
            },
            "preregister(going-down) attach-cold(link-lost) success@" + B + " ",
            {0, 1, 0, 0, 0});
        add("a link lost without any prediction has the MN attach cold",
            REMOVED,
            [](PolicyScenario& s) {
                s.Start();
                s.Down(Seconds(1));
            },
            "attach-cold(link-down) success@" + B + " ",
            {0, 1, 0, 0, 0});
        add("a link lost with no other in reach is replaced by the first that appears",
            REMOVED,
            [](PolicyScenario& s) {
                s.Start(false);
                s.Down(Seconds(1));
                Scenario::At(Seconds(3),
                             [&s] { s.policy->LinkDetected(s.roaming.GetLink(0, 2), -80); });
            },
            "wait(no-target-in-reach) attach-cold(link-down) success@" + C + " ",
            {0, 1, 0, 0, 0});
        add("a prediction taken back ends the preregistration, and the MN stays",
            REMEDY1,
            [](PolicyScenario& s) {
                s.Start();
                s.GoingDown(Seconds(1));
                Scenario::At(Seconds(1) + MilliSeconds(3),
                             [&s] { s.policy->LinkRecovered(s.roaming.GetLink(0, 0)); });
            },
            "preregister(going-down) abort(recovered) ",
            {0, 0, 1, 0, 0});
        add("a target that vanishes during the preregistration is replaced by the next",
            REMEDY1,
            [](PolicyScenario& s) {
                s.Start();
                s.GoingDown(Seconds(1));
                s.Down(Seconds(1) + MilliSeconds(3), 1);
            },
            "preregister(going-down) abort(target-lost) preregister(aborted) "
            "hand-over(aborted) success@" +
                C + " ",
            {1, 0, 0, 1, 0});
        add("a target that vanishes after the preregistration is replaced by the next",
            REMEDY1,
            [](PolicyScenario& s) {
                s.policy->SetAttribute("Leave", StringValue("WhenLost"));
                s.Start();
                s.GoingDown(Seconds(1));
                s.Down(Seconds(2), 1);
                s.Down(Seconds(3));
            },
            "preregister(going-down) preregister(target-lost) hand-over(link-down) success@" + C +
                " ",
            {1, 0, 0, 1, 0});
        add("an MN that has just arrived waits before it believes the next prediction",
            REMEDY1,
            [](PolicyScenario& s) {
                s.Start();
                s.GoingDown(Seconds(1));
                s.GoingDown(Seconds(1.5), 1);
                s.GoingDown(Seconds(1.6), 1);
            },
            "preregister(going-down) hand-over(going-down) wait(just-arrived) "
            "preregister(going-down) hand-over(going-down) success@" +
                B + " success@" + C + " ",
            {2, 0, 0, 0, 1});
        add("an MN that has just arrived does not go back if the prediction is taken back",
            REMEDY1,
            [](PolicyScenario& s) {
                s.Start();
                s.GoingDown(Seconds(1));
                s.GoingDown(Seconds(1.5), 1);
                Scenario::At(Seconds(1.7),
                             [&s] { s.policy->LinkRecovered(s.roaming.GetLink(0, 1)); });
            },
            "preregister(going-down) hand-over(going-down) wait(just-arrived) success@" + B + " ",
            {1, 0, 1, 0, 1});
        add("with Selection=ServingPos the SPoS chooses among the links in reach",
            REMEDY1,
            [](PolicyScenario& s) {
                s.policy->SetAttribute("Selection", StringValue("ServingPos"));
                s.Start(false);
                Scenario::At(Seconds(0.5),
                             [&s] { s.policy->LinkDetected(s.roaming.GetLink(0, 2), -90); });
                s.GoingDown(Seconds(1));
            },
            "preregister(going-down) hand-over(going-down) success@" + C + " ",
            {1, 0, 0, 0, 0});
        add("a user may ask for a handover, of which no link event knows",
            REMEDY1,
            [](PolicyScenario& s) {
                s.Start();
                Scenario::At(Seconds(1),
                             [&s] { s.policy->RequestHandover(s.roaming.GetLink(0, 2), "user"); });
            },
            "preregister(user) hand-over(user) success@" + C + " ",
            {1, 0, 0, 0, 0});
        add("with AttachCold=false an MN that lost its link waits",
            REMEDY1,
            [](PolicyScenario& s) {
                s.policy->SetAttribute("AttachCold", BooleanValue(false));
                s.Start();
                s.Down(Seconds(1));
            },
            "wait(cold-not-allowed) ",
            {0, 1, 0, 0, 0});
        AddTestCase(new NetworkControlTestCase);
        AddTestCase(new ForgedCommitTestCase);
        AddTestCase(new PreparationTestCase);
        AddTestCase(new GivenUpTestCase);
    }
};

HandoverPolicyTestSuite g_handoverPolicyTestSuite; //!< the instance

} // namespace
