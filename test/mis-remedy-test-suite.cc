// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the remedies: every one delivers one K to both ends, and what is known to be weak in one
 * of them can be shown.
 */
#include "../examples/ephemeral-key-remedy.h"
#include "mis-scenario-test.h"

#include "ns3/boolean.h"
#include "ns3/mis-clause-removed-remedy.h"
#include "ns3/mis-group-key-remedy.h"
#include "ns3/mis-legacy-prf-remedy.h"
#include "ns3/mis-prf.h"
#include "ns3/mis-sa-protected-remedy.h"
#include "ns3/uinteger.h"

#include <set>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

NS_OBJECT_ENSURE_REGISTERED(EphemeralKeyRemedy);

namespace
{

const std::string MN = RoamingScenarioHelper::MobileNodeId(0);
const std::string SPOS = RoamingScenarioHelper::PosId(0);
const std::string TPOS = RoamingScenarioHelper::PosId(1);
const std::string GM = "gm@home.example";

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

/// Octet by octet.
Bytes
Xor(ByteView a, ByteView b)
{
    Bytes out(a.begin(), a.end());
    for (size_t i = 0; i < out.size(); ++i)
    {
        out[i] ^= b[i];
    }
    return out;
}

/// The frame with another transaction identifier, which nothing protects.
Bytes
WithTid(Bytes frame, uint16_t tid)
{
    frame[4] = static_cast<uint8_t>((frame[4] & 0xF0) | tid >> 8);
    frame[5] = static_cast<uint8_t>(tid);
    return frame;
}

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

/// A bit of the masked key, flipped under way.
class BitFlipTestCase : public TestCase
{
  public:
    BitFlipTestCase()
        : TestCase("a bit flipped on the wire flips a bit of K in legacy, seen only at the "
                   "confirmation; remedy 1 drops the frame at once")
    {
    }

  private:
    void DoRun() override
    {
        const auto log = CreateTempDirFilename("flip.log");
        {
            Scenario scenario;
            auto& mis = scenario.roaming.GetMis();
            mis.SetRemedy("ns3::mis::LegacyPrfRemedy");
            scenario.AddNetworks(2);
            scenario.Build();
            mis.EnableKeyLog(log);
            bool isDone = false;
            scenario.AddTap(Scenario::DeviceOf(scenario.Mn()->GetMisf()), [&](Bytes& frame) {
                const auto view = ParseFrame(frame);
                if (isDone || !view || view->header.mid != PreregXferResponse::ID)
                {
                    return true;
                }
                auto response = DecodeBody<PreregXferResponse>(view->body);
                response->protectedKey->at(3) ^= 0x40;
                isDone = true;
                const mis::Header header = view->header;
                frame = EncodeFrame(header, MisfId(SPOS), MisfId(MN), *response);
                return true;
            });
            scenario.Preregister(Seconds(1));
            Scenario::Run(Seconds(20));
            NS_TEST_EXPECT_MSG_GT(scenario.WhenNs(MN, "accepted"), 0, "the MN takes the key");
            NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "key-mismatch", "until it is confirmed");
            NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", "nothing is left");
        }
        const auto kdk = Scenario::ReadKdk(log);
        NS_TEST_ASSERT_MSG_EQ(kdk.size(), 2u, "KDK lines");
        NS_TEST_EXPECT_MSG_EQ(ToHex(Xor(*FromHex(kdk[0].key), *FromHex(kdk[1].key))),
                              "00000040000000000000000000000000",
                              "K differs in the bit that was flipped");

        Scenario scenario;
        scenario.AddNetworks(2);
        scenario.Build();
        bool isDone = false;
        scenario.AddTap(Scenario::DeviceOf(scenario.Mn()->GetMisf()), [&](Bytes& frame) {
            const auto view = ParseFrame(frame);
            if (!isDone && view && view->header.mid == PreregXferResponse::ID &&
                view->header.secured)
            {
                isDone = true;
                frame[frame.size() - 20] ^= 0x40;
            }
            return true;
        });
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(20));
        auto misf = scenario.Mn()->GetMisf();
        NS_TEST_EXPECT_MSG_EQ(misf->GetDropCount(DropReason::BAD_ICV), 1u, "the frame is dropped");
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "and sent again");
    }
};

/// A source of randomness that repeats its nonces, not its keys.
class RepeatingSource : public RandomSource
{
  public:
    void Fill(uint8_t* out, size_t n) override
    {
        // Issue draws Nonce-N, then K.
        std::fill_n(out, n, m_calls % 2 == 0 ? uint8_t{0xB0} : static_cast<uint8_t>(m_calls));
        ++m_calls;
    }

  private:
    uint32_t m_calls{0};
};

/// The two-time pad.
class RepeatedNonceTestCase : public TestCase
{
  public:
    RepeatedNonceTestCase()
        : TestCase("with a repeated nonce, legacy leaks the xor of two keys")
    {
    }

  private:
    void DoRun() override
    {
        RepeatingSource random;
        CryptoContext crypto(CryptoBackend::OPENSSL, random);
        SecurityAssociation sa;
        sa.miak = SecretBytes::Zeros(32);
        auto remedy = CreateObject<LegacyPrfRemedy>();
        PreregXferRequest request;
        request.nonceT = Nonce{};
        std::vector<Bytes> keys;
        std::vector<Bytes> masked;
        for (int i = 0; i < 2; ++i)
        {
            ServingContext context(crypto);
            context.mn = MisfId(MN);
            context.tpos = MisfId(TPOS);
            context.mnSa = &sa;
            context.tposSa = &sa;
            N2nPreregXferRequest toTarget;
            const auto status = remedy->Issue(context, request, toTarget);
            NS_TEST_ASSERT_MSG_EQ((status == Status::SUCCESS), true, "K is issued");
            keys.emplace_back(context.key.View().begin(), context.key.View().end());
            masked.emplace_back(toTarget.protectedKey->begin(), toTarget.protectedKey->end());
        }
        NS_TEST_EXPECT_MSG_EQ((keys[0] != keys[1]), true, "the keys differ");
        NS_TEST_EXPECT_MSG_EQ((masked[0] != keys[0]), true, "a key is masked");
        NS_TEST_EXPECT_MSG_EQ((Xor(masked[0], masked[1]) == Xor(keys[0], keys[1])),
                              true,
                              "what is on the wire tells their xor");

        const auto mask = [&](uint8_t nonce) {
            Nonce n;
            n.fill(nonce);
            return DeriveKeyMask(crypto, DefaultPrf(), sa.miak, MisfId(MN), &n, &n, 16);
        };
        NS_TEST_EXPECT_MSG_EQ((mask(1) == mask(1)), true, "the mask repeats with the nonces");
        NS_TEST_EXPECT_MSG_EQ((mask(1) == mask(2)), false, "and not without");
    }
};

/// A recorded request of an SPoS, sent to the TPoS again.
class ReplayTestCase : public TestCase
{
  public:
    ReplayTestCase()
        : TestCase("a replayed N2N request is refused by the nonces in legacy and by the sequence "
                   "number in remedy 1, and a forged one ends no session made under an SA")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool isLegacy : {true, false})
        {
            Scenario scenario;
            scenario.roaming.GetMis().SetRemedy(isLegacy ? "ns3::mis::LegacyPrfRemedy"
                                                         : "ns3::mis::SaProtectedRemedy");
            scenario.AddNetworks(2);
            scenario.Build();
            auto misf = scenario.Pos(1)->GetMisf();
            Bytes recorded;
            scenario.AddTap(Scenario::DeviceOf(misf), [&](Bytes& frame) {
                const auto view = ParseFrame(frame);
                if (recorded.empty() && view && view->header.mid == N2nPreregXferRequest::ID)
                {
                    recorded = frame;
                }
                return true;
            });
            scenario.Preregister(Seconds(1));
            const auto keysAccepted = [&] {
                return std::count_if(scenario.keys.begin(), scenario.keys.end(), [](auto& event) {
                    return event.who == TPOS && event.what == "accepted";
                });
            };
            Scenario::At(Seconds(20), [&] {
                NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "outcome");
                NS_TEST_EXPECT_MSG_EQ(keysAccepted(), 1, "one key at the TPoS");
                scenario.Inject(scenario.Pos(1), recorded);
                scenario.Inject(scenario.Pos(1),
                                WithTid(recorded, 1 + (recorded[5] | (recorded[4] & 0xF) << 8)));
            });
            Scenario::Run(Seconds(21));
            NS_TEST_EXPECT_MSG_EQ(keysAccepted(), 1, "a replay brings no key");
            if (isLegacy)
            {
                NS_TEST_EXPECT_MSG_EQ(scenario.targets.empty() ? ""
                                                               : scenario.targets.back().outcome,
                                      "no-acceptable-key",
                                      "it is refused by name");
                const auto answers = scenario.Sent(TPOS, N2nPreregXferResponse::ID);
                NS_TEST_EXPECT_MSG_GT(answers.back().atNs,
                                      Seconds(20).GetNanoSeconds(),
                                      "the refusal is sent");
                continue;
            }
            NS_TEST_EXPECT_MSG_EQ(misf->GetDropCount(DropReason::REPLAYED), 2u, "dropped");
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetTargetSessions(), 1u, "the session stays");

            N2nPreregXferRequest forged;
            forged.mnId = MisfId(MN);
            forged.ciphersuite = uint8_t{1};
            mis::Header header{};
            header.tid = 77;
            Scenario::At(Seconds(22), [&] {
                scenario.Inject(scenario.Pos(1),
                                EncodeFrame(header, MisfId(SPOS), MisfId(TPOS), forged));
            });
            Scenario::Run(Seconds(40));
            NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1),
                                  "unprotected-request",
                                  "the forged request is refused by name");
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetTargetSessions(), 1u, "the session stays");
            NS_TEST_EXPECT_MSG_EQ(Scenario::SasWith(misf, MisfId(MN)).size(), 1u, "so does its SA");
        }
    }
};

/**
 * @brief Remedy suite.
 */
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
        AddTestCase(new GroupKeyRecipientsTestCase);
        AddTestCase(new ExtraMembersTestCase);
        AddTestCase(new GreedyRequesterTestCase);
        AddTestCase(new RepeatedMemberTestCase);
        AddTestCase(new LocalGroupManagerTestCase);
        AddTestCase(new SwapTestCase);
        AddTestCase(new ConsiderationsTestCase);
        AddTestCase(new BitFlipTestCase);
        AddTestCase(new RepeatedNonceTestCase);
        AddTestCase(new ReplayTestCase);
    }
};

RemedyTestSuite g_remedyTestSuite; //!< the instance

} // namespace
