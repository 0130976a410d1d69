// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of preregistrations that fail: each ends in a named outcome at every role that takes part,
 * in time, and leaves nothing behind.
 */
#include "mis-scenario-test.h"

#include "ns3/uinteger.h"

#include <initializer_list>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

const std::string MN = RoamingScenarioHelper::MobileNodeId(0);
const std::string SPOS = RoamingScenarioHelper::PosId(0);
const std::string TPOS = RoamingScenarioHelper::PosId(1);

const std::string LEGACY = "ns3::mis::LegacyPrfRemedy";
const std::string REMOVED = "ns3::mis::ClauseRemovedRemedy";
const std::string REMEDY1 = "ns3::mis::SaProtectedRemedy";
const std::string REMEDY2 = "ns3::mis::GroupKeyRemedy[Path=ViaServingPos]";
const std::string REMEDY2_DIRECT = "ns3::mis::GroupKeyRemedy[Path=Direct]";
const std::vector<std::string> DELIVERING{LEGACY, REMEDY1, REMEDY2, REMEDY2_DIRECT};
const std::vector<std::string> ALL{LEGACY, REMOVED, REMEDY1, REMEDY2, REMEDY2_DIRECT};

const Time START = Seconds(1);
const Time LIFETIME = Seconds(15); //!< of a transaction

/// Whether a frame is a message of some kind, not an acknowledgement.
bool
Is(ByteView octets, MessageId mid)
{
    const auto frame = ParseFrame(octets);
    return frame && frame->header.mid == mid &&
           !(frame->header.ackRsp && mid.Opcode() != Opcode::RESPONSE);
}

/// A way to fail, and how it ends.
struct Failure
{
    using Hook = std::function<void(Scenario&)>;

    std::string name;                  //!< what goes wrong
    std::vector<std::string> remedies; //!< to try it with
    std::string mn;                    //!< outcome at the mobile node
    std::string spos;                  //!< outcomes of the serving session, separated by commas
    std::string tpos;                  //!< outcomes of the target session
    Hook configure;                    //!< before the topology is built, may be empty
    Hook arrange;                      //!< after it, may be empty
    Time within{LIFETIME};             //!< from the start to the end at the mobile node, at most
    Time cleanAfter{LIFETIME + MilliSeconds(100)}; //!< from the start until nothing is left
};

/// Runs one of them.
class FailureTestCase : public TestCase
{
  public:
    explicit FailureTestCase(Failure failure)
        : TestCase(failure.name + ": ends as " + failure.mn + " and leaves nothing"),
          m_failure(std::move(failure))
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& remedy : m_failure.remedies)
        {
            Scenario scenario;
            scenario.roaming.GetMis().SetRemedy(Scenario::Remedy(remedy));
            scenario.AddNetworks(2);
            if (m_failure.configure)
            {
                m_failure.configure(scenario);
            }
            scenario.Build();
            scenario.Preregister(START);
            if (m_failure.arrange)
            {
                m_failure.arrange(scenario);
            }
            Scenario::Run(START + m_failure.cleanAfter);

            NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), m_failure.mn, "at the MN, " << remedy);
            NS_TEST_ASSERT_MSG_EQ(scenario.reports.size(), 1u, "one report, " << remedy);
            const auto took = scenario.reports[0].end - START;
            NS_TEST_EXPECT_MSG_EQ((took <= m_failure.within),
                                  true,
                                  "in time, " << remedy << ", took " << took.As(Time::S));
            // Without the clause the SPoS relays and holds no session.
            NS_TEST_EXPECT_MSG_EQ(
                Scenario::Outcomes(scenario.serving, 0),
                (remedy == REMOVED && m_failure.spos.rfind("no-", 0) != 0 && m_failure.tpos != ""
                     ? ""
                     : m_failure.spos),
                "at the SPoS, " << remedy);
            NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1),
                                  m_failure.tpos,
                                  "at the TPoS, " << remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", "nothing is left, " << remedy);
            NS_TEST_EXPECT_MSG_EQ((scenario.Mn()->GetState() == PreregistrationState::IDLE),
                                  true,
                                  "the MN may try again, " << remedy);
        }
    }

    Failure m_failure;
};

/// Lets nothing of one kind through to a node.
Failure::Hook
DropAt(bool atTpos, std::initializer_list<MessageId> kinds, size_t pass = 0)
{
    const std::vector<MessageId> mids(kinds);
    return [=](Scenario& scenario) {
        const auto misf = scenario.Pos(atTpos ? 1 : 0)->GetMisf();
        scenario.AddTap(Scenario::DeviceOf(misf), [mids, left = pass](Bytes& frame) mutable {
            for (const auto& mid : mids)
            {
                if (Is(frame, mid))
                {
                    if (left == 0)
                    {
                        return false;
                    }
                    --left;
                }
            }
            return true;
        });
    };
}

/// Flips a bit of every message of one kind that comes to a device.
Failure::Hook
TamperAt(std::function<Ptr<Misf>(Scenario&)> where, MessageId mid)
{
    return [=](Scenario& scenario) {
        scenario.AddTap(Scenario::DeviceOf(where(scenario)), [mid](Bytes& frame) {
            if (Is(frame, mid))
            {
                frame[frame.size() - 15] ^= 1;
            }
            return true;
        });
    };
}

Ptr<Misf>
AtMn(Scenario& scenario)
{
    return scenario.Mn()->GetMisf();
}

Ptr<Misf>
AtSpos(Scenario& scenario)
{
    return scenario.Pos(0)->GetMisf();
}

Ptr<Misf>
AtTpos(Scenario& scenario)
{
    return scenario.Pos(1)->GetMisf();
}

/// Takes the link of a node down.
void
Unplug(Ptr<Misf> misf)
{
    DynamicCast<PointToMultipointNetDevice>(Scenario::DeviceOf(misf))->SetLinkUp(false);
}

std::vector<Failure>
Failures()
{
    const auto exclude = [](const std::string& a, const std::string& b) {
        return [=](Scenario& scenario) {
            scenario.roaming.GetMis().GetEstablishment()->Exclude(MisfId(a), MisfId(b));
        };
    };
    const auto mnSuite = [](uint8_t suite) {
        return [=](Scenario& scenario) {
            scenario.roaming.GetMis().SetMobileNodeAttribute("Ciphersuite", UintegerValue(suite));
        };
    };
    const auto lifetime = [](Time time) {
        return [=](Scenario& scenario) {
            scenario.roaming.GetMis().GetEstablishment()->SetAttribute("Lifetime", TimeValue(time));
        };
    };
    std::vector<Failure> all;

    // who may

    all.push_back(
        {"the TPoS does not know the SPoS as a roaming partner",
         ALL,
         "rejected",
         "tpos-refuses",
         "spos-not-partner",
         [](Scenario& scenario) { scenario.roaming.GetMis().SetAutomaticPartners(false); },
         [](Scenario& scenario) { scenario.Pos(0)->AddPartner(MisfId(TPOS)); }});
    all.push_back(
        {"the SPoS does not know the TPoS as a roaming partner",
         ALL,
         "rejected",
         "tpos-not-partner",
         "",
         [](Scenario& scenario) { scenario.roaming.GetMis().SetAutomaticPartners(false); },
         [](Scenario& scenario) { scenario.Pos(1)->AddPartner(MisfId(SPOS)); }});
    all.push_back({"MN and SPoS share no SA",
                   DELIVERING,
                   "authorization-failure",
                   "no-mn-sa",
                   "",
                   exclude(MN, SPOS),
                   nullptr});
    all.push_back({"MN and SPoS share no SA, and only frames are to be relayed",
                   {REMOVED},
                   "authorization-failure",
                   "no-mn-sa",
                   "",
                   exclude(MN, SPOS),
                   nullptr});
    all.push_back({"SPoS and TPoS share no SA, but a key is asked for",
                   DELIVERING,
                   "rejected",
                   "no-tpos-sa",
                   "",
                   exclude(SPOS, TPOS),
                   nullptr});
    all.push_back({"SPoS and TPoS share no SA, and the MN's frames are protected",
                   {REMOVED},
                   "rejected",
                   "",
                   "",
                   exclude(SPOS, TPOS),
                   nullptr});
    all.push_back({"MN names its own SPoS as the target",
                   ALL,
                   "rejected",
                   "",
                   "",
                   nullptr,
                   [](Scenario& scenario) {
                       scenario.Mn()->SetServingPos(MisfId(TPOS));
                       scenario.roaming.GetMis().GetEstablishment()->AddPair(MisfId(MN),
                                                                             MisfId(TPOS));
                   }});

    // ciphersuites

    all.push_back({"the SPoS does not allow the ciphersuite",
                   DELIVERING,
                   "rejected",
                   "unsupported-ciphersuite",
                   "",
                   mnSuite(3),
                   [](Scenario& scenario) {
                       scenario.Pos(0)->SetAttribute("Ciphersuites", StringValue("1,2"));
                   }});
    all.push_back({"the ciphersuite does not exist",
                   DELIVERING,
                   "rejected",
                   "unsupported-ciphersuite",
                   "",
                   mnSuite(9),
                   nullptr});
    all.push_back({"the TPoS does not allow the ciphersuite",
                   {LEGACY, REMEDY1},
                   "rejected",
                   "tpos-refuses",
                   "unsupported-ciphersuite",
                   nullptr,
                   [](Scenario& scenario) {
                       scenario.Pos(1)->SetAttribute("Ciphersuites", StringValue("4,5"));
                   }});
    all.push_back({"the TPoS does not allow the ciphersuite of the SA after a full authentication",
                   {REMOVED},
                   "rejected",
                   "",
                   "unsupported-ciphersuite",
                   nullptr,
                   [](Scenario& scenario) {
                       scenario.Pos(1)->SetAttribute("Ciphersuites", StringValue("4,5"));
                   }});
    all.push_back({"the TPoS allows no ciphersuite of remedy 2",
                   {REMEDY2, REMEDY2_DIRECT},
                   "rejected",
                   "tpos-refuses",
                   "unsupported-ciphersuite",
                   nullptr,
                   [](Scenario& scenario) {
                       scenario.Pos(1)->SetAttribute("Ciphersuites", StringValue("4,5"));
                   }});

    // group keys

    all.push_back({"the group manager is not reached",
                   {REMEDY2, REMEDY2_DIRECT},
                   "network-error",
                   "group-manager-unreachable",
                   "key-not-delivered",
                   nullptr,
                   [](Scenario& scenario) { Unplug(scenario.Gm()); },
                   Seconds(2)});
    all.push_back({"there is no group manager",
                   {REMEDY2, REMEDY2_DIRECT},
                   "network-error",
                   "not-issued",
                   "",
                   nullptr,
                   [](Scenario& scenario) { scenario.Pos(0)->SetGroupManager(MisfId()); }});
    all.push_back({"the group manager shares no SA with the SPoS",
                   {REMEDY2, REMEDY2_DIRECT},
                   "network-error",
                   "not-issued",
                   "",
                   exclude(SPOS, "gm@home.example"),
                   nullptr});
    all.push_back(
        {"the group manager has no device keys for the members",
         {REMEDY2, REMEDY2_DIRECT},
         "rejected",
         "group-manager-refuses",
         "key-not-delivered",
         [](Scenario& scenario) { scenario.roaming.GetMis().SetProvisionDeviceKeys(false); },
         nullptr});
    all.push_back(
        {"the MN has lost its device keys",
         {REMEDY2, REMEDY2_DIRECT},
         "key-not-delivered",
         "success",
         "mn-silent",
         [](Scenario& scenario) { scenario.roaming.GetMis().SetProvisionDeviceKeys(false); },
         [](Scenario& scenario) {
             auto gm = scenario.roaming.GetGroupManager();
             gm->MakeKeys();
             gm->AddDevice(MisfId(MN));
             scenario.Pos(1)->ProvisionDeviceKeys(gm->AddDevice(MisfId(TPOS)), gm->GetPublicKey());
         }});
    all.push_back({"the group key block is forged on its way to the MN",
                   {REMEDY2, REMEDY2_DIRECT},
                   "key-not-delivered",
                   "success",
                   "mn-silent",
                   nullptr,
                   TamperAt(AtMn, NetGroupManipulateRequest::ID)});
    all.push_back({"the group key block is forged on its way to the TPoS",
                   {REMEDY2, REMEDY2_DIRECT},
                   "network-error",
                   "tpos-refuses",
                   "key-not-delivered",
                   nullptr,
                   TamperAt(AtTpos, NetGroupManipulateRequest::ID)});
    all.push_back({"the group key block never reaches the TPoS",
                   {REMEDY2, REMEDY2_DIRECT},
                   "network-error",
                   "tpos-refuses",
                   "key-not-delivered",
                   nullptr,
                   DropAt(true, {NetGroupManipulateRequest::ID})});

    // frames

    all.push_back({"the MN's request is tampered with",
                   {REMOVED, REMEDY1, REMEDY2, REMEDY2_DIRECT},
                   "no-acknowledgement",
                   "",
                   "",
                   nullptr,
                   TamperAt(AtSpos, PreregXferRequest::ID),
                   Seconds(2)});
    all.push_back({"the response to the MN is tampered with",
                   {REMEDY1, REMEDY2, REMEDY2_DIRECT},
                   "timeout",
                   "success",
                   "mn-silent",
                   nullptr,
                   TamperAt(AtMn, PreregXferResponse::ID)});
    all.push_back({"the request to the TPoS is tampered with",
                   {REMEDY1},
                   "network-error",
                   "tpos-unreachable",
                   "",
                   nullptr,
                   TamperAt(AtTpos, N2nPreregXferRequest::ID),
                   Seconds(2)});
    all.push_back({"all frames of the MN are lost",
                   ALL,
                   "no-acknowledgement",
                   "",
                   "",
                   nullptr,
                   DropAt(false, {PreregXferRequest::ID}),
                   Seconds(2)});
    all.push_back({"all requests to the TPoS are lost",
                   {LEGACY, REMEDY1, REMEDY2, REMEDY2_DIRECT},
                   "network-error",
                   "tpos-unreachable",
                   "",
                   nullptr,
                   DropAt(true, {N2nPreregXferRequest::ID}),
                   Seconds(2)});
    all.push_back({"all frames for the TPoS are lost without the clause",
                   {REMOVED},
                   "network-error",
                   "",
                   "",
                   nullptr,
                   DropAt(true, {N2nPreregXferRequest::ID}),
                   Seconds(2)});
    all.push_back({"all responses of the TPoS are lost",
                   {REMEDY2, REMEDY2_DIRECT},
                   "timeout",
                   "tpos-unreachable",
                   "mn-silent",
                   nullptr,
                   DropAt(false, {N2nPreregXferResponse::ID})});
    all.push_back({"all responses of the TPoS, with the acknowledgement in them, are lost",
                   {LEGACY, REMEDY1},
                   "network-error",
                   "tpos-unreachable",
                   "mn-silent",
                   nullptr,
                   DropAt(false, {N2nPreregXferResponse::ID}),
                   Seconds(2)});
    all.push_back({"the confirmation of the key is lost on its way to the TPoS",
                   DELIVERING,
                   "network-error",
                   "success",
                   "mn-silent",
                   nullptr,
                   DropAt(true, {N2nPreregXferRequest::ID}, 1),
                   Seconds(2)});
    all.push_back({"the confirmation of the key is lost on its way back",
                   DELIVERING,
                   "network-error",
                   "success",
                   "mn-silent",
                   nullptr,
                   DropAt(false, {N2nPreregXferResponse::ID}, 1),
                   Seconds(2),
                   LIFETIME + Seconds(2)});
    all.push_back({"all direct signalling is lost",
                   DELIVERING,
                   "no-acknowledgement",
                   "success",
                   "mn-silent",
                   nullptr,
                   DropAt(true, {LlAuthRequest::ID}),
                   Seconds(2)});

    // in the middle of it

    all.push_back({"the SAs of the SPoS expire while the TPoS is asked, where frames are plain",
                   {LEGACY},
                   "authorization-failure",
                   "no-mn-sa",
                   "mn-silent",
                   lifetime(MilliSeconds(15)),
                   nullptr});
    all.push_back({"the SAs of the SPoS expire while the TPoS is asked, where frames are protected",
                   {REMEDY1},
                   "timeout",
                   "tpos-unreachable",
                   "mn-silent",
                   lifetime(MilliSeconds(15)),
                   nullptr});
    all.push_back({"the MN's SA expires before that between SPoS and TPoS",
                   {REMEDY1},
                   "timeout",
                   "no-mn-sa",
                   "mn-silent",
                   lifetime(MilliSeconds(25)),
                   [](Scenario& scenario) {
                       Scenario::At(START - MilliSeconds(10), [&] {
                           const auto pos = scenario.Pos(0)->GetMisf();
                           scenario.Mn()->GetMisf()->FindSa(pos->GetId());
                           pos->FindSa(scenario.Mn()->GetMisf()->GetId());
                       });
                   }});
    all.push_back({"the MN's SA expires while it waits, where frames are plain",
                   {LEGACY},
                   "no-acceptable-key",
                   "success",
                   "mn-silent",
                   lifetime(MilliSeconds(23)),
                   nullptr});
    all.push_back({"the MN detaches while the TPoS is asked",
                   ALL,
                   "no-acknowledgement",
                   "success",
                   "mn-silent",
                   nullptr,
                   [](Scenario& scenario) {
                       Scenario::At(START + MilliSeconds(3),
                                    [&] { scenario.roaming.GetLink(0, 0)->Detach(); });
                   },
                   Seconds(2)});
    all.push_back({"the MN gives up while the TPoS is asked",
                   ALL,
                   "aborted",
                   "success",
                   "mn-silent",
                   nullptr,
                   [](Scenario& scenario) {
                       Scenario::At(START + MilliSeconds(10),
                                    [&] { scenario.Mn()->AbortPreregistration(); });
                   },
                   Seconds(1)});

    // full authentication

    all.push_back({"the MN has a wrong credential",
                   {REMOVED},
                   "key-mismatch",
                   "",
                   "key-mismatch",
                   nullptr,
                   [](Scenario& scenario) {
                       Scenario::At(START - MilliSeconds(1),
                                    [&] { scenario.Mn()->SetCredential(SecretBytes::Zeros(32)); });
                   },
                   Seconds(1)});
    all.push_back({"the TPoS knows no credential of the MN",
                   {REMOVED},
                   "rejected",
                   "",
                   "authentication-failure",
                   nullptr,
                   [](Scenario& scenario) {
                       Scenario::At(START - MilliSeconds(1),
                                    [&] { scenario.Pos(1)->SetCredentialRoot(SecretBytes()); });
                   },
                   Seconds(1)});
    return all;
}

/// Nobody knows where the TPoS is.
class UnknownTposTestCase : public TestCase
{
  public:
    UnknownTposTestCase()
        : TestCase("unknown TPoS: ends as network-error and leaves nothing")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& remedy : ALL)
        {
            Scenario scenario;
            scenario.roaming.GetMis().SetRemedy(Scenario::Remedy(remedy));
            scenario.AddNetworks(2);
            scenario.Build();
            Scenario::At(START, [&] {
                PreregistrationTarget target;
                target.tpos = MisfId("nobody@nowhere.example");
                scenario.Mn()->Preregister(target);
            });
            Scenario::At(START + Seconds(1), [&] {
                // no link, no candidates: nothing but the PoS' own neighbours, which can not be
                // used
                scenario.Pos(0)->GetTargetSelection().SetRats(MisfId(MN), {LinkType(99)});
                scenario.Mn()->Preregister({});
            });
            Scenario::Run(START + LIFETIME + Seconds(2));
            NS_TEST_ASSERT_MSG_EQ(scenario.reports.size(), 2u, "reports, " << remedy);
            for (const auto& report : scenario.reports)
            {
                NS_TEST_EXPECT_MSG_EQ(report.outcome, "network-error", "outcome, " << remedy);
                NS_TEST_EXPECT_MSG_LT(report.end - report.begin, Seconds(1), "soon, " << remedy);
            }
            NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.serving, 0),
                                  "unknown-tpos,no-suitable-tpos",
                                  "at the SPoS, " << remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", "nothing is left, " << remedy);
        }
    }
};

/// A recorded group key block instead of the one just issued.
class StaleBlockTestCase : public TestCase
{
  public:
    StaleBlockTestCase()
        : TestCase("a recorded group key block is refused as stale, and its key is not used")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& remedy : {REMEDY2, REMEDY2_DIRECT})
        {
            Scenario scenario;
            scenario.roaming.GetMis().SetRemedy(Scenario::Remedy(remedy));
            scenario.AddNetworks(2);
            scenario.Build();
            Bytes recorded;
            scenario.AddTap(Scenario::DeviceOf(scenario.Mn()->GetMisf()), [&](Bytes& frame) {
                if (Is(frame, NetGroupManipulateRequest::ID))
                {
                    if (recorded.empty())
                    {
                        recorded = frame;
                    }
                    frame = recorded;
                }
                return true;
            });
            scenario.Preregister(START);
            scenario.Preregister(Seconds(30)); // the first message is forgotten by then
            Scenario::Run(Seconds(30) + LIFETIME + Seconds(1));
            NS_TEST_ASSERT_MSG_EQ(scenario.reports.size(), 2u, "reports, " << remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.reports[0].outcome, "success", "first, " << remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "key-not-delivered", "second, " << remedy);
            NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1),
                                  "superseded,mn-silent",
                                  "at the TPoS, " << remedy);
            const bool isStale =
                std::any_of(scenario.blocks.begin(), scenario.blocks.end(), [](const auto& block) {
                    return block.first == MN && block.second == GroupKeyError::STALE_SEQUENCE;
                });
            NS_TEST_EXPECT_MSG_EQ(isStale, true, "named stale, " << remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", "nothing is left, " << remedy);
        }
    }
};

/// A group key block that comes when everybody has given up.
class LateBlockTestCase : public TestCase
{
  public:
    LateBlockTestCase()
        : TestCase("a group key that comes too late serves no later preregistration")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool atMn : {true, false})
        {
            Scenario scenario;
            scenario.roaming.GetMis().SetRemedy(Scenario::Remedy(REMEDY2));
            scenario.AddNetworks(2);
            scenario.Build();
            const auto misf = atMn ? AtMn(scenario) : AtTpos(scenario);
            const auto device = Scenario::DeviceOf(misf);
            Bytes held;
            bool isHolding = true;
            bool isFirstLost = false;
            scenario.AddTap(device, [&](Bytes& frame) {
                if (!Is(frame, NetGroupManipulateRequest::ID))
                {
                    return true;
                }
                if (isHolding)
                {
                    held = frame;
                    return false;
                }
                // Of the new key the first block is lost, so that the old one would be taken.
                if (Simulator::Now() > Seconds(40) && !isFirstLost)
                {
                    isFirstLost = true;
                    return false;
                }
                return true;
            });
            scenario.Preregister(START);
            Scenario::At(Seconds(20), [&] {
                NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(),
                                      (atMn ? "key-not-delivered" : "network-error"),
                                      "first");
                isHolding = false;
                if (!atMn)
                {
                    scenario.Inject(scenario.Pos(1), held);
                    return;
                }
                auto socket = Socket::CreateSocket(scenario.Gm()->GetObject<Node>(),
                                                   UdpSocketFactory::GetTypeId());
                socket->SendTo(
                    Create<Packet>(held.data(), held.size()),
                    0,
                    InetSocketAddress(misf->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal(), 4551));
            });
            scenario.Preregister(Seconds(40));
            Scenario::Run(Seconds(60));
            const auto opened = std::count_if(scenario.blocks.begin(),
                                              scenario.blocks.end(),
                                              [&](const auto& block) {
                                                  return block.first == misf->GetId().Get() &&
                                                         block.second == GroupKeyError::NONE;
                                              });
            NS_TEST_EXPECT_MSG_EQ(opened, 2, "the late block opens too");
            NS_TEST_EXPECT_MSG_EQ(scenario.reports.size(), 2u, "reports");
            NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "second");
        }
    }
};

/// One session more than the TPoS takes.
class TooManySessionsTestCase : public TestCase
{
  public:
    TooManySessionsTestCase()
        : TestCase("a TPoS refuses more mobile nodes than it takes, and forgets those that never "
                   "come")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& remedy : ALL)
        {
            Scenario scenario;
            auto& mis = scenario.roaming.GetMis();
            mis.SetRemedy(Scenario::Remedy(remedy));
            mis.SetPointOfServiceAttribute("MaxSessions", UintegerValue(2));
            mis.SetPointOfServiceAttribute("PreregistrationLifetime", TimeValue(Seconds(30)));
            scenario.AddNetworks(2);
            scenario.roaming.SetMobileNodes(3);
            scenario.Build();
            for (uint32_t mn = 0; mn < 3; ++mn)
            {
                scenario.Preregister(START + MilliSeconds(mn), 1, mn);
            }
            Scenario::At(Seconds(20), [&] {
                NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetTargetSessions(), 2u, remedy);
                NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", remedy);
            });
            Scenario::Run(Seconds(40));
            NS_TEST_ASSERT_MSG_EQ(scenario.reports.size(), 3u, "reports, " << remedy);
            for (const auto& report : scenario.reports)
            {
                NS_TEST_EXPECT_MSG_EQ(report.outcome,
                                      (report.mn.Get() == RoamingScenarioHelper::MobileNodeId(2)
                                           ? "rejected"
                                           : "success"),
                                      report.mn << ", " << remedy);
            }
            NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1),
                                  "too-many-sessions,mn-never-came,mn-never-came",
                                  "at the TPoS, " << remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetTargetSessions(), 0u, remedy);
            for (uint32_t mn = 0; mn < 3; ++mn)
            {
                NS_TEST_EXPECT_MSG_EQ(
                    Scenario::SasWith(scenario.Pos(1)->GetMisf(),
                                      MisfId(RoamingScenarioHelper::MobileNodeId(mn)))
                        .size(),
                    0u,
                    "no SA is left at the TPoS, " << remedy);
            }
        }
    }
};

/// The mobile node changes its mind.
class SecondThoughtsTestCase : public TestCase
{
  public:
    SecondThoughtsTestCase()
        : TestCase("a mobile node that asks anew before the answer has come gets the second answer")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& remedy : DELIVERING)
        {
            Scenario scenario;
            scenario.roaming.GetMis().SetRemedy(Scenario::Remedy(remedy));
            scenario.AddNetworks(3);
            scenario.Build();
            scenario.Preregister(START);
            Scenario::At(START + MilliSeconds(5), [&] {
                NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->Preregister(scenario.TargetOf(2)),
                                      false,
                                      "not while one is under way");
                scenario.Mn()->AbortPreregistration();
                NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->Preregister(scenario.TargetOf(2)),
                                      true,
                                      "but after it was given up");
            });
            Scenario::Run(START + LIFETIME + Seconds(1));
            NS_TEST_ASSERT_MSG_EQ(scenario.reports.size(), 2u, "reports, " << remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.reports[0].outcome, "aborted", remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.reports[1].outcome, "success", remedy);
            NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.serving, 0),
                                  "superseded,success",
                                  "at the SPoS, " << remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(0)->GetServingSessions(), 0u, remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetTargetSessions(), 0u, remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(2)->GetTargetSessions(), 1u, remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", remedy);
        }
    }
};

/// A request recorded long ago, when the mobile node is served already.
class ReplayAfterHandoverTestCase : public TestCase
{
  public:
    ReplayAfterHandoverTestCase()
        : TestCase("a replayed N2N request opens no session and leaves the served MN alone")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& remedy : {LEGACY, REMEDY1})
        {
            Scenario scenario;
            scenario.roaming.GetMis().SetRemedy(Scenario::Remedy(remedy));
            scenario.AddNetworks(2);
            scenario.Build();
            Bytes recorded;
            scenario.AddTap(Scenario::DeviceOf(AtTpos(scenario)), [&](Bytes& frame) {
                if (recorded.empty() && Is(frame, N2nPreregXferRequest::ID))
                {
                    recorded = frame;
                }
                return true;
            });
            scenario.Preregister(START);
            scenario.Handover(Seconds(2));
            Scenario::At(Seconds(30), [&] { scenario.Inject(scenario.Pos(1), recorded); });
            Scenario::Run(Seconds(60));
            NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.handovers[0].outcome, "success", remedy);
            NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1),
                                  (remedy == LEGACY ? "served,no-acceptable-key" : "served"),
                                  "at the TPoS, " << remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetTargetSessions(), 0u, remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetServedMobileNodes(), 1u, remedy);
            NS_TEST_EXPECT_MSG_EQ(Scenario::SasWith(AtTpos(scenario), MisfId(MN)).size(),
                                  1u,
                                  "the SA stays, " << remedy);
            NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", remedy);
        }
    }
};

/**
 * @brief Failure suite.
 */
class FailureTestSuite : public TestSuite
{
  public:
    FailureTestSuite()
        : TestSuite("mis-failure", TestSuite::Type::UNIT)
    {
        AddTestCase(new UnknownTposTestCase);
        for (auto& failure : Failures())
        {
            AddTestCase(new FailureTestCase(std::move(failure)));
        }
        AddTestCase(new StaleBlockTestCase);
        AddTestCase(new LateBlockTestCase);
        AddTestCase(new TooManySessionsTestCase);
        AddTestCase(new SecondThoughtsTestCase);
        AddTestCase(new ReplayAfterHandoverTestCase);
    }
};

FailureTestSuite g_failureTestSuite; //!< the instance

} // namespace
