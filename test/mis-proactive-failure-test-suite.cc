// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Real link authentications that fail, and attempts to make them succeed.
 */

#include "mis-crypto-test-helpers.h"
#include "mis-proactive-test-helpers.h"

#include "ns3/mis-link-kdf.h"
#include "ns3/mis-proactive-authentication.h"
#include "ns3/test.h"

#include <algorithm>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

const Time PREREGISTER = Seconds(1);
const Time MOVE = Seconds(10);
const Time END = Seconds(60);

/// What to expect of a preregistration that fails.
struct Expected
{
    std::string mn;   //!< outcome at the MN
    std::string tpos; //!< outcomes at the TPoS
};

} // namespace

/// Preregistrations.
class ProactiveFailureTestCase : public TestCase
{
  public:
    ProactiveFailureTestCase()
        : TestCase("A proactive authentication that fails has a named outcome at both ends")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto type : REAL_LINK_TYPES)
        {
            for (const std::string relay : {"Prereg_Xfer", "LL_Auth"})
            {
                // The ends hold different K.
                RealScenario scenario({LinkType::WIFI, type},
                                      "ns3::mis::LegacyPrfRemedy[Formula=AsWritten]");
                scenario.roaming.GetMis().SetMobileNodeAttribute("LinkFrameRelay",
                                                                 StringValue(relay));
                scenario.Build();
                std::ostringstream name;
                name << "different K, " << type << ' ' << relay;
                Check(scenario, name.str(), {"key-mismatch", "key-mismatch"});
            }
        }
        {
            RealScenario scenario({LinkType::WIFI, LinkType::WIFI});
            scenario.Build();
            for (const auto& pos : scenario.roaming.GetPointsOfService())
            {
                pos->SetLinkAuthentication("Counted");
            }
            Check(scenario, "TPoS counts", {"rejected", "malformed-link-frame"});
        }
        {
            RealScenario scenario({LinkType::WIFI, LinkType::WIFI});
            scenario.Build();
            scenario.Mn()->SetLinkAuthentication("Counted");
            Check(scenario, "MN counts", {"key-mismatch", "mn-silent"});
        }
        {
            RealScenario scenario({LinkType::WIFI, LinkType::WIFI});
            scenario.Build();
            scenario.roaming.GetMis().GetEstablishment()->Exclude(
                MisfId(RoamingScenarioHelper::PosId(1)),
                MisfId(RoamingScenarioHelper::PointOfAttachmentId(1)));
            Check(scenario, "no SA with the PoA", {"network-error", "poa-unreachable"});
        }
        {
            RealScenario scenario({LinkType::WIFI, static_cast<LinkType>(40)});
            scenario.Build();
            Check(scenario, "broadcast", {"link-authentication-unsupported-link", "mn-silent"});
        }
    }

    void Check(RealScenario& scenario, const std::string& what, const Expected& expected)
    {
        scenario.Preregister(PREREGISTER);
        Scenario::Run(END);
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), expected.mn, what);
        NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1), expected.tpos, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", what);
        NS_TEST_EXPECT_MSG_EQ(std::string(ToString(scenario.Mn()->GetState())), "IDLE", what);
    }
};

/// No link is named.
class NoLinkTestCase : public TestCase
{
  public:
    NoLinkTestCase()
        : TestCase("Without a target link there is no real link authentication")
    {
    }

  private:
    void DoRun() override
    {
        RealScenario scenario({LinkType::WIFI, LinkType::WIFI});
        scenario.Build();
        Scenario::At(PREREGISTER, [&scenario] {
            auto target = scenario.TargetOf(1);
            target.link.reset();
            scenario.Mn()->Preregister(target);
        });
        Scenario::Run(END);
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "no-target-link", "MN");
        NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1), "mn-silent", "TPoS");
        NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", "nothing stays");
    }
};

/// The point of attachment has another key, or none any more.
class WrongKeyTestCase : public TestCase
{
  public:
    WrongKeyTestCase()
        : TestCase("With another key at the point of attachment the handshake fails, with none the "
                   "whole authentication is run")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto type : {LinkType::WIFI, LinkType::WIMAX, LinkType::UMTS})
        {
            Run(type, SecretBytes(Bytes(MSPMK_SIZE, 0x55)), false);
        }
        for (const auto type : {LinkType::WIFI, LinkType::WIMAX, LinkType::UMTS})
        {
            Run(type, SecretBytes(), true);
        }
    }

    void Run(LinkType type, const SecretBytes& key, bool succeeds)
    {
        std::ostringstream name;
        name << type << (succeeds ? " no key" : " another key");
        const auto what = name.str();
        RealScenario scenario({LinkType::WIFI, type});
        scenario.Build();
        scenario.Preregister(PREREGISTER);
        Scenario::At(MOVE - Seconds(1),
                     [&] { scenario.Poa(1)->ReplaceKey(scenario.Station(1), key); });
        scenario.Handover(MOVE);
        Scenario::Run(END);
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", what);
        if (succeeds)
        {
            NS_TEST_EXPECT_MSG_EQ(scenario.HandoverOutcome(), "success", what);
            NS_TEST_EXPECT_MSG_EQ(RealScenario::Last(scenario.accesses), "success", what);
            NS_TEST_EXPECT_MSG_EQ(scenario.Poa(1)->IsAuthorized(scenario.Station(1)), true, what);
            return;
        }
        const std::string mn = scenario.HandoverOutcome();
        NS_TEST_EXPECT_MSG_EQ(
            (mn == "link-authentication-key-mismatch" || mn == "link-authentication-refused"),
            true,
            what << ": " << mn);
        const auto poa = RealScenario::Last(scenario.poaLinks);
        NS_TEST_EXPECT_MSG_EQ(
            (poa == "link-authentication-key-mismatch" || poa == "link-authentication-timeout"),
            true,
            what << ": " << poa);
        NS_TEST_EXPECT_MSG_EQ(RealScenario::Last(scenario.mnLinks), mn, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->IsDataPathOpen(), false, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Poa(1)->IsAuthorized(scenario.Station(1)), false, what);
    }
};

/// Cold handovers.
class ColdFailureTestCase : public TestCase
{
  public:
    ColdFailureTestCase()
        : TestCase("A whole link authentication that fails has a named outcome at all ends")
    {
    }

  private:
    void DoRun() override
    {
        // Another credential than the network knows.
        for (const auto type : REAL_LINK_TYPES)
        {
            RealScenario scenario({LinkType::WIFI, type}, "ns3::mis::ClauseRemovedRemedy");
            scenario.Build();
            Scenario::At(PREREGISTER,
                         [&] { scenario.Mn()->SetCredential(SecretBytes(Bytes(32, 0x55))); });
            std::ostringstream what;
            what << "credential, " << type;
            const bool isLte = type == LinkType::UMTS;
            Check(scenario,
                  what.str(),
                  isLte ? "link-authentication-refused" : "link-authentication-psk-mismatch",
                  isLte ? "refused" : "psk-mismatch");
        }
        // A certificate of an authority that the other end does not know.
        RealScenario scenario({LinkType::WIFI, LinkType::WIFI}, "ns3::mis::ClauseRemovedRemedy");
        scenario.roaming.GetMis().SetLinkMethod("EAP-TLS");
        scenario.Build();
        scenario.roaming.GetMis().GetCredentials()->SetAnchors(
            MisfId(RoamingScenarioHelper::MobileNodeId(0)),
            {});
        Check(scenario,
              "anchors",
              "link-authentication-certificate-unknown-ca",
              "certificate-unknown-ca");
    }

    void Check(RealScenario& scenario,
               const std::string& what,
               const std::string& mn,
               const std::string& pos)
    {
        scenario.ColdHandover(MOVE);
        Scenario::Run(END);
        NS_TEST_EXPECT_MSG_EQ(scenario.HandoverOutcome(), mn, what);
        NS_TEST_EXPECT_MSG_EQ(RealScenario::Last(scenario.mnLinks), mn, what);
        NS_TEST_EXPECT_MSG_EQ(RealScenario::Last(scenario.poaLinks),
                              "link-authentication-refused",
                              what);
        NS_TEST_EXPECT_MSG_EQ(RealScenario::Last(scenario.accesses), pos, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->IsDataPathOpen(), false, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Poa(1)->IsAuthorized(scenario.Station(1)), false, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
    }
};

/// The new network is silent.
class SilentTestCase : public TestCase
{
  public:
    SilentTestCase()
        : TestCase(
              "A point of attachment that nothing reaches, or that reaches nothing, is given up")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool isUp : {true, false})
        {
            RealScenario scenario({LinkType::WIFI, LinkType::WIFI});
            scenario.Build();
            scenario.TapLink(1, [isUp](const LinkSight& frame) { return frame.isUp != isUp; });
            scenario.Preregister(PREREGISTER);
            scenario.Handover(MOVE);
            Scenario::Run(END);
            NS_TEST_EXPECT_MSG_EQ(scenario.HandoverOutcome(), "link-authentication-timeout", isUp);
            NS_TEST_EXPECT_MSG_EQ(RealScenario::Last(scenario.poaLinks),
                                  std::string(isUp ? "none" : "link-authentication-timeout"),
                                  isUp);
            NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->IsDataPathOpen(), false, isUp);
            // Attempts after 0, 0.1, 0.3, 0.7, 1.5 and 3.1 s; given up after 6.3 s.
            const auto& report = scenario.handovers.back();
            NS_TEST_EXPECT_MSG_EQ((report.end - report.attached), MilliSeconds(6300), isUp);
        }
    }
};

/// Keys from strangers.
class PushedByStrangerTestCase : public TestCase
{
  public:
    PushedByStrangerTestCase()
        : TestCase("A point of attachment takes keys from its own PoS under an SA only")
    {
    }

  private:
    void DoRun() override
    {
        RealScenario scenario({LinkType::WIFI, LinkType::WIFI});
        scenario.Build();
        uint32_t installed = 0;
        scenario.Poa(1)->TraceConnectWithoutContext("KeyInstalled",
                                                    MakeBoundCallback(&Count, &installed));
        const auto poa = scenario.Poa(1)->GetMisf();
        PushKeyRequest request;
        KeyMapping mapping;
        mapping.link = scenario.roaming.GetLink(0, 1)->GetLinkTupleId();
        mapping.key.assign(MSPMK_SIZE, 0x55);
        mapping.lifetime = 3600;
        request.keyMapping.push_back(mapping);
        std::vector<std::string> answers;
        const auto push = [&](uint32_t network, SendOptions::Protection protection) {
            SendOptions options;
            options.protection = protection;
            const auto error = scenario.Pos(network)->GetMisf()->SendRequest(
                poa->GetId(),
                request,
                options,
                [&](const TransactionResult& result) {
                    const auto response =
                        result.failure == TransactionFailure::NONE
                            ? DecodeBody<PushKeyResponse>(result.message->body)
                            : ns3::mis::Result<PushKeyResponse>(CodecError::TRUNCATED);
                    answers.emplace_back(response ? ToString(response->status) : "none");
                });
            NS_TEST_EXPECT_MSG_EQ(std::string(ToString(error)), ToString(SendError::NONE), "sent");
        };
        scenario.roaming.GetMis().GetEstablishment()->AddPair(scenario.Pos(0)->GetMisf()->GetId(),
                                                              poa->GetId());
        Scenario::At(Seconds(1), [&] { push(1, SendOptions::Protection::NONE); });
        Scenario::At(Seconds(20), [&] { push(0, SendOptions::Protection::REQUIRED); });
        Scenario::At(Seconds(40), [&] {
            request.keyMapping[0].link.poa = request.keyMapping[0].link.link.address;
            push(1, SendOptions::Protection::REQUIRED); // of another point of attachment
        });
        Scenario::At(Seconds(50), [&] {
            request.keyMapping[0].link = mapping.link;
            request.keyMapping[0].key.resize(16);
            push(1, SendOptions::Protection::REQUIRED);
        });
        Scenario::Run(Seconds(55));
        NS_TEST_EXPECT_MSG_EQ(installed, 0u, "no key was taken");
        Scenario::At(Seconds(56), [&] {
            request.keyMapping[0] = mapping;
            push(1, SendOptions::Protection::REQUIRED);
        });
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(installed, 1u, "the right one was");
        NS_TEST_ASSERT_MSG_EQ(answers.size(), 5u, "answers");
        const std::vector<std::string> expected{"none", "none", "REJECTED", "REJECTED", "SUCCESS"};
        NS_TEST_EXPECT_MSG_EQ((answers == expected), true, answers[0] << answers[1] << answers[2]);
    }

    static void Count(uint32_t* count, const LinkTupleId&)
    {
        ++*count;
    }
};

/// Keys depend on all that they are for.
class KeySeparationTestCase : public TestCase
{
  public:
    KeySeparationTestCase()
        : TestCase("The key of a link is another one than K, and for this link and PoS only")
    {
    }

  private:
    void DoRun() override
    {
        Computer computer(CryptoBackend::OPENSSL, 1);
        auto& crypto = computer.ctx;
        const SecretBytes root(Bytes(64, 0x11));
        const MisfId mn("mn@a.example");
        const MisfId pos("pos@b.example");
        LinkTupleId link;
        link.link.address = LinkAddress::Mac({2, 0, 0, 0, 0, 1});
        link.poa = LinkAddress::Mac({2, 0, 0, 0, 0, 2});
        const auto key = LinkKeyOf(crypto, root, mn, pos, link);
        NS_TEST_EXPECT_MSG_EQ(key.size(), MSPMK_SIZE, "size");
        NS_TEST_EXPECT_MSG_EQ((key == DeriveMspmk(crypto, DeriveMsrk(crypto, root, mn, pos), link)),
                              true,
                              "MSRK, then MSPMK");
        std::vector<SecretBytes> others{
            LinkKeyOf(crypto, root, pos, mn, link),
            LinkKeyOf(crypto, SecretBytes(Bytes(64, 0x12)), mn, pos, link)};
        auto other = link;
        other.poa = link.link.address;
        others.push_back(LinkKeyOf(crypto, root, mn, pos, other));
        other = link;
        other.link.type = LinkType::WIMAX;
        others.push_back(LinkKeyOf(crypto, root, mn, pos, other));
        for (const auto& one : others)
        {
            NS_TEST_EXPECT_MSG_EQ((one != key), true, "separate");
        }
        // A subscriber of LTE by its identifier, computed apart: 'a' is 97, 'b' 98.
        NS_TEST_EXPECT_MSG_EQ(ImsiOf(MisfId("ab")), "001010000025027", "97 * 257 + 98");
        NS_TEST_EXPECT_MSG_EQ(ImsiOf(mn).size(), 15u, "digits");
    }
};

/// All of them.
class ProactiveFailureTestSuite : public TestSuite
{
  public:
    ProactiveFailureTestSuite()
        : TestSuite("mis-proactive-failure", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new ProactiveFailureTestCase);
        AddTestCase(new NoLinkTestCase);
        AddTestCase(new WrongKeyTestCase);
        AddTestCase(new ColdFailureTestCase);
        AddTestCase(new SilentTestCase);
        AddTestCase(new PushedByStrangerTestCase);
        AddTestCase(new KeySeparationTestCase);
    }
};

static ProactiveFailureTestSuite g_proactiveFailureTestSuite; //!< the suite
