// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of whom a group key block is for: Remedy 2 with members of all kinds.
 */
#include "mis-scenario-test.h"

#include "ns3/boolean.h"
#include "ns3/mis-group-key-remedy.h"

#include <set>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

const std::string MN = RoamingScenarioHelper::MobileNodeId(0);
const std::string SPOS = RoamingScenarioHelper::PosId(0);
const std::string TPOS = RoamingScenarioHelper::PosId(1);
const std::string GM = "gm@home.example";

/// Who can open a group key block, and who cannot.
class GroupKeyRecipientsTestCase : public TestCase
{
  public:
    GroupKeyRecipientsTestCase()
        : TestCase("the SPoS relays a group key block that it cannot open; members can")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.roaming.GetMis().SetRemedy("ns3::mis::GroupKeyRemedy");
        scenario.AddNetworks(2);
        scenario.Build();
        Bytes block;
        scenario.AddTap(Scenario::DeviceOf(scenario.Pos(0)->GetMisf()), [&](Bytes& frame) {
            const auto view = ParseFrame(frame);
            if (view && view->header.mid == NetGroupManipulateRequest::ID)
            {
                block = frame;
            }
            return true;
        });
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(20));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "outcome");
        NS_TEST_EXPECT_MSG_EQ(scenario.blocks.size(), 2u, "blocks opened, by MN and TPoS");
        for (const auto& [who, error] : scenario.blocks)
        {
            NS_TEST_EXPECT_MSG_EQ((who == MN || who == TPOS), true, who << " has opened one");
            NS_TEST_EXPECT_MSG_EQ((error == GroupKeyError::NONE), true, "and got the key");
        }
        NS_TEST_ASSERT_MSG_EQ(block.empty(), false, "the block came by the SPoS");

        auto gm = scenario.roaming.GetGroupManager();
        const auto view = ParseFrame(block);
        const auto message = DecodeBody<NetGroupManipulateRequest>(view->body);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(message), true, "the block decodes");
        auto& crypto = scenario.Gm()->GetCrypto();
        const auto open = [&](const std::string& device) {
            const auto opened = GroupKeyBlock::Open(crypto,
                                                    gm->AddDevice(MisfId(device)),
                                                    *message,
                                                    view->whole,
                                                    &gm->GetPublicKey(),
                                                    0);
            return opened ? GroupKeyError::NONE : opened.Error();
        };
        NS_TEST_EXPECT_MSG_EQ((open(SPOS) == GroupKeyError::NOT_MEMBER),
                              true,
                              "the device keys of the SPoS do not open it");
        NS_TEST_EXPECT_MSG_EQ((open(MN) == GroupKeyError::NONE), true, "those of the MN do");
        NS_TEST_EXPECT_MSG_EQ((open(TPOS) == GroupKeyError::NONE), true, "those of the TPoS do");
    }
};

/// Recipients are data.
class ExtraMembersTestCase : public TestCase
{
  public:
    ExtraMembersTestCase()
        : TestCase("extra members of the group get its key, also when the SPoS is one")
    {
    }

  private:
    void DoRun() override
    {
        const std::string third = RoamingScenarioHelper::PosId(2);
        for (const auto& extra :
             {third, SPOS, third + "," + SPOS, third + "," + TPOS + "," + third})
        {
            Scenario scenario;
            scenario.roaming.GetMis().SetRemedy("ns3::mis::GroupKeyRemedy",
                                                "ExtraMembers",
                                                StringValue(extra));
            scenario.roaming.GetMis().SetGroupManagerAttribute("RequesterMayBeMember",
                                                               BooleanValue(true));
            scenario.AddNetworks(3);
            scenario.Build();
            scenario.Preregister(Seconds(1));
            Scenario::Run(Seconds(20));
            NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "extra members " << extra);
            std::set<std::string> opened;
            for (const auto& [who, error] : scenario.blocks)
            {
                if (error == GroupKeyError::NONE)
                {
                    opened.insert(who);
                }
            }
            std::set<std::string> expected{MN, TPOS};
            std::istringstream list(extra);
            for (std::string id; std::getline(list, id, ',');)
            {
                expected.insert(id);
            }
            NS_TEST_EXPECT_MSG_EQ((opened == expected), true, "who opened, with " << extra);
            NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "all answered, " << extra);
        }
    }
};

/// A PoS that is not honest does not get at K by asking.
class GreedyRequesterTestCase : public TestCase
{
  public:
    GreedyRequesterTestCase()
        : TestCase("an SPoS that asks for a group key of its own is refused")
    {
    }

  private:
    void DoRun() override
    {
        Scenario scenario;
        scenario.roaming.GetMis().SetRemedy("ns3::mis::GroupKeyRemedy",
                                            "ExtraMembers",
                                            StringValue(SPOS));
        scenario.AddNetworks(2);
        scenario.Build();
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(20));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "rejected", "outcome at the MN");
        NS_TEST_EXPECT_MSG_EQ(scenario.blocks.empty(), true, "no group key block was sent");
    }
};

/// A list with a member twice.
class RepeatedMemberTestCase : public TestCase
{
  public:
    RepeatedMemberTestCase()
        : TestCase("a request that names a member twice is refused")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& repeated : {MN, TPOS})
        {
            Scenario scenario;
            scenario.AddNetworks(2);
            scenario.Build();
            std::optional<Status> status;
            Scenario::At(Seconds(1), [&] {
                GroupKeyRequest request;
                request.members = {MisfId(MN), MisfId(TPOS), MisfId(repeated)};
                const auto error = scenario.Pos(0)->GetMisf()->SendRequest(
                    MisfId("gm@home.example"),
                    request,
                    {},
                    [&](const TransactionResult& result) {
                        const auto response = DecodeBody<GroupKeyResponse>(result.message->body);
                        status = response ? response->status : Status::UNSPECIFIED_FAILURE;
                    });
                NS_TEST_EXPECT_MSG_EQ((error == SendError::NONE), true, "sent");
            });
            Scenario::Run(Seconds(20));
            NS_TEST_EXPECT_MSG_EQ((status == Status::REJECTED), true, "twice " << repeated);
            NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "nothing is waited for");
        }
    }
};

/// The group manager may be at any PoS.
class LocalGroupManagerTestCase : public TestCase
{
  public:
    LocalGroupManagerTestCase()
        : TestCase("the group manager works at the SPoS and at the TPoS, by both paths")
    {
    }

  private:
    void DoRun() override
    {
        for (uint32_t where = 0; where < 2; ++where)
        {
            for (const auto& path : {"ViaServingPos", "Direct"})
            {
                Scenario scenario;
                auto& mis = scenario.roaming.GetMis();
                mis.SetRemedy("ns3::mis::GroupKeyRemedy", "Path", StringValue(path));
                scenario.AddNetworks(2);
                scenario.Build();
                auto misf = scenario.Pos(where)->GetMisf();
                const auto* record = misf->GetDirectory()->Find(misf->GetId().View());
                mis.InstallGroupManager(misf->GetObject<Node>(),
                                        misf->GetId().Get(),
                                        record->address.address);
                scenario.Preregister(Seconds(1));
                Scenario::Run(Seconds(20));
                const auto at = "at network " + std::to_string(where) + ", path " + path;
                NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", at);
                NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", at);
                NS_TEST_EXPECT_MSG_GT(scenario.WhenNs(SPOS, "issued"), 0, "issued, " << at);
                NS_TEST_EXPECT_MSG_EQ(scenario.Gm()->GetCpuTime(), Time(0), "the other is idle");
                NS_TEST_EXPECT_MSG_EQ(scenario.Sent(GM, NetGroupManipulateRequest::ID).size(),
                                      0u,
                                      "the other group manager issues nothing, " << at);
            }
        }
    }
};

/// All cases.
class GroupKeyRemedyTestSuite : public TestSuite
{
  public:
    GroupKeyRemedyTestSuite()
        : TestSuite("mis-group-key-remedy", TestSuite::Type::UNIT)
    {
        AddTestCase(new GroupKeyRecipientsTestCase);
        AddTestCase(new ExtraMembersTestCase);
        AddTestCase(new GreedyRequesterTestCase);
        AddTestCase(new RepeatedMemberTestCase);
        AddTestCase(new LocalGroupManagerTestCase);
    }
};

GroupKeyRemedyTestSuite g_groupKeyRemedyTestSuite; //!< the instance

} // namespace
