// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of mobile nodes that preregister as a group, as those in a train do.
 */

#include "mis-scenario-test.h"

#include "ns3/boolean.h"
#include "ns3/mis-group-messages.h"

#include <set>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

const std::string GROUP = "train@home.example";
const std::string GM = "gm@home.example";

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

/// Mobile nodes in a train between two networks.
class TrainScenario : public Scenario
{
  public:
    /**
     * @param count mobile nodes
     * @param group name of the group that the mobile nodes think to be in
     * @param answers whether members answer group key blocks
     */
    explicit TrainScenario(uint32_t count, const std::string& group = GROUP, bool answers = false)
    {
        AddNetworks(2);
        roaming.SetMobileNodes(count);
        roaming.SetGroup(GROUP);
        auto& mis = roaming.GetMis();
        mis.SetRemedy("ns3::mis::GroupKeyRemedy", "Group", StringValue(group));
        mis.SetGroupManagerAttribute("ResponseFlag", BooleanValue(answers));
        Build();
    }

    /// @param outcome an outcome @return preregistrations that have ended with it
    uint32_t Count(const std::string& outcome) const
    {
        return static_cast<uint32_t>(
            std::count_if(reports.begin(), reports.end(), [&](const PreregistrationReport& report) {
                return report.outcome == outcome;
            }));
    }

    /// @param who sender @param to receiver's address, empty for any @return its group key blocks
    uint32_t Blocks(const std::string& who, const std::string& to = "") const
    {
        uint32_t count = 0;
        for (const auto& frame : frames)
        {
            const bool isBlock = frame.header.mid == NetGroupManipulateIndication::ID ||
                                 frame.header.mid == NetGroupManipulateRequest::ID;
            count +=
                isBlock && frame.isTx && frame.local == who && (to.empty() || frame.remote == to);
        }
        return count;
    }

    /// Takes the group address from the SPoS, so that it sends to each mobile node.
    void UseUnicast()
    {
        Pos(0)->SetGroupAddress(PeerAddress());
    }
};

/// All at once, one group key block.
class GroupTestCase : public TestCase
{
  public:
    GroupTestCase()
        : TestCase("a train of 16: one request for a key, one block by multicast, an SA for each "
                   "with keys of its own, then all hand over")
    {
    }

  private:
    static constexpr uint32_t COUNT = 16;

    void DoRun() override
    {
        const auto log = CreateTempDirFilename("train.log");
        TrainScenario scenario(COUNT);
        scenario.roaming.GetMis().EnableKeyLog(log);
        for (uint32_t mn = 0; mn < COUNT; ++mn)
        {
            scenario.Preregister(Seconds(1) + MilliSeconds(2 * static_cast<int64_t>(mn)), 1, mn);
            scenario.Handover(Seconds(5) + MilliSeconds(5 * static_cast<int64_t>(mn)), 1, mn);
        }
        Scenario::At(Seconds(4), [&] { CheckKeys(scenario); });
        Scenario::Run(Seconds(10));
        NS_TEST_EXPECT_MSG_EQ(scenario.Count("success"), COUNT, "preregistered");
        NS_TEST_EXPECT_MSG_EQ(scenario.Sent(PosId(0), GroupKeyRequest::ID).size(), 1u, "asked");
        NS_TEST_EXPECT_MSG_EQ(scenario.Blocks(GM), 2u, "to the TPoS and the SPoS");
        NS_TEST_EXPECT_MSG_EQ(scenario.Blocks(PosId(0)), 1u, "relayed once");
        NS_TEST_EXPECT_MSG_EQ(scenario.Blocks(PosId(0), "239.192.0.1"), 1u, "by multicast");
        // One request of the SPoS for the first, and one a mobile node for its first frame.
        NS_TEST_EXPECT_MSG_EQ(scenario.Sent(PosId(0), N2nPreregXferRequest::ID).size(),
                              COUNT + 1u,
                              "to the TPoS");
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers.size(), size_t{COUNT}, "handovers");
        for (const auto& report : scenario.handovers)
        {
            NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", report.mn);
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetServedMobileNodes(), size_t{COUNT}, "served");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "nothing is left");
        scenario.roaming.GetMis().FlushLogs();
        const auto kdk = Scenario::ReadKdk(log);
        NS_TEST_EXPECT_MSG_EQ(kdk.size(), 2u * COUNT, "K at both ends of each");
        for (const auto& line : kdk)
        {
            NS_TEST_EXPECT_MSG_EQ(line.key, kdk.front().key, "the group key is the K of all");
        }
    }

    void CheckKeys(TrainScenario& scenario)
    {
        std::set<std::string> identifiers;
        std::set<std::string> keys;
        for (uint32_t mn = 0; mn < COUNT; ++mn)
        {
            const auto atMn = Scenario::SasWith(scenario.Mn(mn)->GetMisf(), MisfId(PosId(1)));
            const auto atPos = Scenario::SasWith(scenario.Pos(1)->GetMisf(), MisfId(MnId(mn)));
            NS_TEST_EXPECT_MSG_EQ(atMn.size(), 1u, "at the mobile node");
            NS_TEST_EXPECT_MSG_EQ(atPos.size(), 1u, "at the TPoS");
            if (atMn.size() == 1 && atPos.size() == 1)
            {
                NS_TEST_EXPECT_MSG_EQ((atMn[0].miak == atPos[0].miak), true, "equal keys");
                identifiers.insert(ToHex(atPos[0].said.value));
                keys.insert(ToHex(atPos[0].miak));
            }
        }
        NS_TEST_EXPECT_MSG_EQ(identifiers.size(), size_t{COUNT}, "a name for each SA");
        NS_TEST_EXPECT_MSG_EQ(keys.size(), size_t{COUNT}, "keys for each SA");
    }
};

/// Who comes when the key is there waits for nobody.
class JoinTimeTestCase : public TestCase
{
  public:
    JoinTimeTestCase()
        : TestCase("who joins when the key is there has its answer after one round trip")
    {
    }

  private:
    static void OnState(JoinTimeTestCase* self, PreregistrationState, PreregistrationState to)
    {
        if (to == PreregistrationState::CONFIRMING)
        {
            self->m_keyed = Simulator::Now();
        }
    }

    void DoRun() override
    {
        TrainScenario scenario(2);
        scenario.Mn(1)->TraceConnectWithoutContext("State", MakeBoundCallback(&OnState, this));
        scenario.Preregister(Seconds(1), 1, 0);
        scenario.Preregister(MilliSeconds(1500), 1, 1);
        Scenario::Run(Seconds(4));
        NS_TEST_EXPECT_MSG_EQ(scenario.Count("success"), 2u, "preregistered");
        // 2 ms of access and 1 us of the local link each way; four frames of at most 300 octets
        const Time roundTrip = MilliSeconds(4) + MicroSeconds(2);
        NS_TEST_EXPECT_MSG_GT(m_keyed - MilliSeconds(1500), roundTrip, "a round trip");
        NS_TEST_EXPECT_MSG_LT(m_keyed - MilliSeconds(1500),
                              roundTrip + MicroSeconds(100),
                              "and not more");
    }

    Time m_keyed;
};

/// Without multicast, each gets a copy.
class UnicastTestCase : public TestCase
{
  public:
    UnicastTestCase()
        : TestCase("without a group address the SPoS sends the block to each that asks, also later")
    {
    }

  private:
    void DoRun() override
    {
        TrainScenario scenario(5);
        scenario.UseUnicast();
        for (uint32_t mn = 0; mn < 5; ++mn)
        {
            const Time at = mn < 3 ? MilliSeconds(mn) : MilliSeconds(500);
            scenario.Preregister(Seconds(1) + at, 1, mn);
        }
        Scenario::Run(Seconds(4));
        NS_TEST_EXPECT_MSG_EQ(scenario.Count("success"), 5u, "preregistered");
        NS_TEST_EXPECT_MSG_EQ(scenario.Blocks(GM), 2u, "to the TPoS and the SPoS");
        NS_TEST_EXPECT_MSG_EQ(scenario.Blocks(PosId(0)), 5u, "one each");
    }
};

/// The window closes.
class WindowTestCase : public TestCase
{
  public:
    WindowTestCase()
        : TestCase("behind the window another key is issued; one that waited unused does no harm")
    {
    }

  private:
    void DoRun() override
    {
        const auto log = CreateTempDirFilename("window.log");
        TrainScenario scenario(3);
        scenario.roaming.GetMis().EnableKeyLog(log);
        scenario.Preregister(Seconds(1), 1, 0);
        scenario.Preregister(MilliSeconds(1900), 1, 1); // in the window of 1 s
        scenario.Preregister(Seconds(30), 1, 2);
        Scenario::Run(Seconds(35));
        NS_TEST_EXPECT_MSG_EQ(scenario.Count("success"), 3u, "preregistered");
        NS_TEST_EXPECT_MSG_EQ(scenario.Sent(PosId(0), GroupKeyRequest::ID).size(), 2u, "asked");
        scenario.roaming.GetMis().FlushLogs();
        std::set<std::string> keys;
        for (const auto& line : Scenario::ReadKdk(log))
        {
            keys.insert(line.key);
        }
        NS_TEST_EXPECT_MSG_EQ(keys.size(), 2u, "two keys");
    }
};

/// A mobile node that the group manager does not count to the group.
class StrangerTestCase : public TestCase
{
  public:
    StrangerTestCase()
        : TestCase("who says to be in a group and is not gets no key, and keeps nobody from it")
    {
    }

  private:
    void DoRun() override
    {
        TrainScenario scenario(3, "crew@home.example");
        const auto gm = scenario.roaming.GetGroupManager();
        gm->AddToGroup(MisfId("crew@home.example"), MisfId(MnId(0)));
        gm->AddToGroup(MisfId("crew@home.example"), MisfId(MnId(2)));
        for (uint32_t mn = 0; mn < 3; ++mn)
        {
            scenario.Preregister(Seconds(1) + MilliSeconds(mn), 1, mn);
        }
        Scenario::Run(Seconds(20));
        NS_TEST_EXPECT_MSG_EQ(scenario.Count("success"), 2u, "members");
        NS_TEST_EXPECT_MSG_EQ(scenario.Count("key-not-delivered"), 1u, "the stranger");
        NS_TEST_EXPECT_MSG_EQ(Scenario::SasWith(scenario.Pos(1)->GetMisf(), MisfId(MnId(1))).size(),
                              0u,
                              "no SA for it");
    }
};

/// Nobody is left waiting.
class FailureTestCase : public TestCase
{
  public:
    /**
     * @param what in words
     * @param group group that the mobile nodes ask for
     * @param cut whom the SPoS can not reach, empty for nobody
     * @param outcome of all
     */
    FailureTestCase(const std::string& what,
                    const std::string& group,
                    const std::string& cut,
                    const std::string& outcome)
        : TestCase(what + ": all of the train hear of it, and nothing is left"),
          m_group(group),
          m_cut(cut),
          m_outcome(outcome)
    {
    }

  private:
    void DoRun() override
    {
        TrainScenario scenario(4, m_group);
        const auto misf = m_cut == "gm" ? scenario.Gm() : scenario.Pos(1)->GetMisf();
        if (!m_cut.empty())
        {
            scenario.AddTap(Scenario::DeviceOf(misf), [](Bytes&) { return false; });
        }
        for (uint32_t mn = 0; mn < 4; ++mn)
        {
            scenario.Preregister(Seconds(1) + MilliSeconds(mn), 1, mn);
        }
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(scenario.Count(m_outcome), 4u, "outcomes: " << scenario.Outcome());
        NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", "nothing is left");
    }

    std::string m_group;
    std::string m_cut;
    std::string m_outcome;
};

/// The first one gives up.
class SupersededTestCase : public TestCase
{
  public:
    SupersededTestCase()
        : TestCase(
              "when the first asks anew, who waits with it is told, and asks anew with success")
    {
    }

  private:
    void DoRun() override
    {
        TrainScenario scenario(3);
        for (uint32_t mn = 0; mn < 3; ++mn)
        {
            scenario.Preregister(Seconds(1) + MicroSeconds(100 * mn), 1, mn);
        }
        Scenario::At(Seconds(1) + MilliSeconds(5), [&] {
            scenario.Mn(0)->AbortPreregistration();
            scenario.Mn(0)->Preregister(scenario.TargetOf(1, 0));
        });
        scenario.Preregister(Seconds(4), 1, 1);
        scenario.Preregister(Seconds(4), 1, 2);
        Scenario::Run(Seconds(25));
        NS_TEST_EXPECT_MSG_EQ(scenario.Count("aborted"), 1u, "the first");
        NS_TEST_EXPECT_MSG_EQ(scenario.Count("network-error"), 2u, "who waited");
        NS_TEST_EXPECT_MSG_EQ(scenario.Count("success"), 3u, "in the end");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "nothing is left");
    }
};

/// A block that gets lost on its last hop.
class LostBlockTestCase : public TestCase
{
  public:
    explicit LostBlockTestCase(bool answers)
        : TestCase(answers ? "a block that one misses is sent again, since it has not answered"
                           : "without answers, who misses the block gets one when it asks later"),
          m_answers(answers)
    {
    }

  private:
    void DoRun() override
    {
        TrainScenario scenario(4, GROUP, m_answers);
        uint32_t lost = 0;
        const auto device = scenario.roaming.GetMobileNodeNodes().Get(2)->GetDevice(1);
        scenario.AddTap(device, [&](Bytes& frame) {
            const auto view = ParseFrame(frame);
            const bool isBlock = view && (view->header.mid == NetGroupManipulateIndication::ID ||
                                          view->header.mid == NetGroupManipulateRequest::ID);
            const bool isLost = isBlock && lost == 0;
            lost += isLost;
            return !isLost;
        });
        for (uint32_t mn = 0; mn < 4; ++mn)
        {
            scenario.Preregister(Seconds(1) + MilliSeconds(mn), 1, mn);
        }
        Scenario::At(Seconds(10), [&] { scenario.Mn(2)->Preregister(scenario.TargetOf(1, 2)); });
        Scenario::Run(Seconds(30));
        NS_TEST_EXPECT_MSG_EQ(lost, 1u, "lost");
        NS_TEST_EXPECT_MSG_EQ(scenario.Count("key-not-delivered"), m_answers ? 0u : 1u, "failed");
        NS_TEST_EXPECT_MSG_EQ(scenario.Count("success"), m_answers ? 5u : 4u, "in the end");
    }

    bool m_answers;
};

/// The SPoS can not make the keys, and the TPoS takes nobody without them.
class SpoofTestCase : public TestCase
{
  public:
    SpoofTestCase()
        : TestCase("the first frame of a mobile node under other keys ends with key-mismatch")
    {
    }

  private:
    void DoRun() override
    {
        // The nonce that the TPoS gets is not the one of the mobile node: as if an SPoS, which
        // can not read the block, had made up the mobile node.
        TrainScenario scenario(2);
        scenario.Preregister(Seconds(1), 1, 0);
        scenario.Preregister(MilliSeconds(1200), 1, 1);
        N2nPreregXferRequest forged;
        forged.mnId = MisfId(MnId(1));
        forged.ciphersuite = 1;
        forged.group = MisfId(GROUP);
        forged.nonceT = Nonce{};
        forged.linkLayerInformation = Bytes(142, 0x01);
        Status status = Status::SUCCESS;
        Scenario::At(MilliSeconds(1150), [&] {
            SendOptions options;
            options.protection = SendOptions::Protection::REQUIRED;
            const auto error = scenario.Pos(0)->GetMisf()->SendRequest(
                MisfId(PosId(1)),
                forged,
                options,
                [&](const TransactionResult& result) {
                    const auto response =
                        result.message ? DecodeBody<N2nPreregXferResponse>(result.message->body)
                                       : mis::Result<N2nPreregXferResponse>(CodecError::TRUNCATED);
                    status = response ? response->status : Status::SUCCESS;
                });
            NS_TEST_EXPECT_MSG_EQ((error == SendError::NONE), true, "sent");
        });
        Scenario::Run(Seconds(5));
        NS_TEST_EXPECT_MSG_EQ(
            (status == Status::REJECTED || status == Status::AUTHENTICATION_FAILURE),
            true,
            "refused");
        NS_TEST_EXPECT_MSG_EQ(scenario.Count("success"), 2u, "the real one is not harmed");
    }
};

/// The suite.
class MisTrainTestSuite : public TestSuite
{
  public:
    MisTrainTestSuite()
        : TestSuite("mis-train", TestSuite::Type::UNIT)
    {
        AddTestCase(new GroupTestCase);
        AddTestCase(new JoinTimeTestCase);
        AddTestCase(new UnicastTestCase);
        AddTestCase(new WindowTestCase);
        AddTestCase(new StrangerTestCase);
        AddTestCase(
            new FailureTestCase("a group nobody knows", "nobody@home.example", "", "rejected"));
        AddTestCase(new FailureTestCase("no group manager", GROUP, "gm", "network-error"));
        AddTestCase(new FailureTestCase("no TPoS", GROUP, "tpos", "network-error"));
        AddTestCase(new SupersededTestCase);
        AddTestCase(new LostBlockTestCase(true));
        AddTestCase(new LostBlockTestCase(false));
        AddTestCase(new SpoofTestCase);
    }
};

MisTrainTestSuite g_misTrainTestSuite; //!< the instance

} // namespace
