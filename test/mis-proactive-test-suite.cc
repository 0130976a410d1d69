// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of proactive authentication with real frames, and of what is left to do after the move.
 */

#include "mis-proactive-test-helpers.h"

#include "ns3/boolean.h"
#include "ns3/test.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

const Time PREREGISTER = Seconds(1);
const Time MOVE = Seconds(5);
const Time END = Seconds(30);

/// EtherType and octets of frames, each with its direction.
std::string
Describe(const std::vector<LinkSight>& frames)
{
    std::string text;
    for (const auto& frame : frames)
    {
        text += (text.empty() ? "" : " ");
        text += frame.isUp ? 'u' : 'd';
        text += frame.type == assigned::ETHERTYPE_EAPOL ? "" : "*";
        text += std::to_string(frame.octets);
    }
    return text;
}

/// Frames of the handshake after the move: u from the mobile node, * behind the octet of PA-70.
std::string
HandshakeOf(LinkType type)
{
    switch (type)
    {
    case LinkType::WIFI:
        return "u*1 d121 u121 d155 u99";
    case LinkType::WIMAX:
        return "u*1 d*47 u*80 d*80 u*35 d*109";
    case LinkType::UMTS:
        return "u*1 d*14 u*9 d*36";
    default:
        return "u*1";
    }
}

} // namespace

/// Every technology, remedy and relay.
class ProactiveSuccessTestCase : public TestCase
{
  public:
    ProactiveSuccessTestCase()
        : TestCase("Real frames of each technology prepare a handover that only has a handshake")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto type : REAL_LINK_TYPES)
        {
            for (const std::string remedy : {"ns3::mis::SaProtectedRemedy",
                                             "ns3::mis::GroupKeyRemedy[Path=Direct]",
                                             "ns3::mis::LegacyPrfRemedy",
                                             "ns3::mis::ClauseRemovedRemedy"})
            {
                for (const std::string relay : {"Prereg_Xfer", "LL_Auth"})
                {
                    Run(type, remedy, relay);
                }
            }
        }
    }

    void Run(LinkType type, const std::string& remedy, const std::string& relay)
    {
        std::ostringstream name;
        name << type << ' ' << remedy << ' ' << relay;
        const auto what = name.str();
        RealScenario scenario({LinkType::WIFI, type}, remedy);
        scenario.roaming.GetMis().SetMobileNodeAttribute("LinkFrameRelay", StringValue(relay));
        scenario.Build();
        std::vector<LinkSight> frames;
        scenario.TapLink(1, [&](const LinkSight& frame) {
            frames.push_back(frame);
            return true;
        });
        scenario.Preregister(PREREGISTER);
        scenario.Handover(MOVE);
        Scenario::Run(END);
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.HandoverOutcome(), "success", what);
        NS_TEST_EXPECT_MSG_EQ(RealScenario::Last(scenario.mnLinks), "success", what);
        NS_TEST_EXPECT_MSG_EQ(RealScenario::Last(scenario.poaLinks), "success", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.mnLinks.size(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.poaLinks.size(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Poa(1)->IsAuthorized(scenario.Station(1)), true, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Agree(1), true, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->GetLinkKeys().IsEmpty(), false, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Mn()->IsDataPathOpen(), true, what);
        NS_TEST_EXPECT_MSG_EQ(Describe(frames), HandshakeOf(type), what);
        NS_TEST_EXPECT_MSG_EQ(scenario.accesses.size(), 0u, what);

        // Four exchanges, whatever the technology: EAPOL-Start, Identity, GPSK-2 and GPSK-4; or
        // nothing, identity, response and Security mode complete.
        const auto mn = scenario.Mn()->GetMisf()->GetId().Get();
        const auto tpos = RoamingScenarioHelper::PosId(1);
        const size_t first = remedy == "ns3::mis::ClauseRemovedRemedy" ? 4 : 1;
        const bool isLlAuth = relay == "LL_Auth";
        const auto preregs = scenario.Sent(mn, PreregXferRequest::ID).size();
        const auto llAuths = scenario.Sent(mn, LlAuthRequest::ID).size();
        NS_TEST_EXPECT_MSG_EQ(preregs, first + (isLlAuth ? 0 : 4), what);
        NS_TEST_EXPECT_MSG_EQ(llAuths, 1u + (isLlAuth ? 4 : 0), what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Sent(tpos, PushKeyRequest::ID).size(), 1u, what);
        if (remedy == "ns3::mis::SaProtectedRemedy")
        {
            // (1 + 4) (2w + 2b) + 2d, with w = 2 ms, b = 10 ms, d = 12 ms; sending takes the rest.
            const auto ready = scenario.WhenNs(mn, "ready") - PREREGISTER.GetNanoSeconds();
            NS_TEST_EXPECT_MSG_GT(ready, 144000000, what);
            NS_TEST_EXPECT_MSG_LT(ready, 146000000, what);
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
    }
};

/// Without a preregistration.
class ColdTestCase : public TestCase
{
  public:
    ColdTestCase()
        : TestCase("A cold handover runs the whole link authentication, and data flows after it")
    {
    }

  private:
    void DoRun() override
    {
        const auto& id = RoamingScenarioHelper::MobileNodeId(0);
        const auto a = id.size();
        const auto b = RoamingScenarioHelper::PosId(1).size();
        // RFC 5433 and IEEE 802.1X: EAP in EAPOL has 4 octets more, in PKMv2 6 to 8.
        const std::vector<size_t>
            eap{5, 5 + a, 42 + b + 12, 84 + a + b + 12 + 16, 80 + b + 16, 24, 4};
        std::string eapol = "u*1 u4";
        for (size_t i = 0; i < eap.size(); ++i)
        {
            eapol += (i % 2 == 0 ? " d" : " u") + std::to_string(4 + eap[i]);
        }
        Run(LinkType::ETHERNET, "EAP-GPSK", eapol);
        Run(LinkType::WIFI, "EAP-GPSK", eapol + " d121 u121 d155 u99");
        Run(LinkType::UMTS, "EAP-GPSK", "u*1 d*4 u*12 d*37 u*12 d*14 u*9 d*36");
        Run(LinkType::WIMAX, "EAP-GPSK", "");
        Run(LinkType::WIFI, "EAP-TLS", "");
    }

    void Run(LinkType type, const std::string& method, const std::string& expected)
    {
        std::ostringstream name;
        name << type << ' ' << method;
        const auto what = name.str();
        RealScenario scenario({LinkType::WIFI, type}, "ns3::mis::ClauseRemovedRemedy");
        scenario.roaming.GetMis().SetLinkMethod(method);
        scenario.Build();
        std::vector<LinkSight> frames;
        scenario.TapLink(1, [&](const LinkSight& frame) {
            frames.push_back(frame);
            return true;
        });
        scenario.ColdHandover(MOVE);
        Scenario::Run(END);
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.HandoverOutcome(), "success", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", what);
        NS_TEST_EXPECT_MSG_EQ(RealScenario::Last(scenario.mnLinks), "success", what);
        NS_TEST_EXPECT_MSG_EQ(RealScenario::Last(scenario.poaLinks), "success", what);
        NS_TEST_EXPECT_MSG_EQ(RealScenario::Last(scenario.accesses), "success", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Poa(1)->IsAuthorized(scenario.Station(1)), true, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Agree(1), true, what);
        if (!expected.empty())
        {
            NS_TEST_EXPECT_MSG_EQ(Describe(frames), expected, what);
        }
        // The controlled port opens before K is there.
        const auto& report = scenario.handovers.back();
        NS_TEST_EXPECT_MSG_LT(report.dataPathOpen.GetNanoSeconds(),
                              scenario.WhenNs(scenario.Mn()->GetMisf()->GetId().Get(), "accepted"),
                              what);
        NS_TEST_EXPECT_MSG_GT(report.dataPathOpen, report.attached, what);
        if (type == LinkType::WIFI && method == "EAP-GPSK")
        {
            // 4 (2a + 2p) + 2p + 2a, with a = 2 ms and p of microseconds.
            const auto open = report.dataPathOpen - report.attached;
            NS_TEST_EXPECT_MSG_GT(open, MilliSeconds(20), what);
            NS_TEST_EXPECT_MSG_LT(open, MicroSeconds(20500), what);
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
    }
};

/// From technology to technology.
class ChainTestCase : public TestCase
{
  public:
    ChainTestCase()
        : TestCase("In a chain of handovers each target has the authentication of its technology")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<LinkType> types{LinkType::WIFI,
                                          LinkType::UMTS,
                                          LinkType::WIMAX,
                                          LinkType::ETHERNET,
                                          LinkType::WIFI};
        RealScenario scenario(types);
        scenario.Build();
        std::vector<std::vector<LinkSight>> frames(types.size());
        for (uint32_t i = 1; i < types.size(); ++i)
        {
            scenario.TapLink(i, [&frames, i](const LinkSight& frame) {
                frames[i].push_back(frame);
                return true;
            });
            scenario.Preregister(Seconds(10 * i), i);
            scenario.Handover(Seconds(10 * i + 5), i);
        }
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(scenario.mnLinks.size(), types.size() - 1, "handovers");
        NS_TEST_EXPECT_MSG_EQ(scenario.poaLinks.size(), types.size() - 1, "handovers");
        for (uint32_t i = 1; i < types.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(scenario.handovers[i - 1].outcome, "success", i);
            NS_TEST_EXPECT_MSG_EQ(Describe(frames[i]), HandshakeOf(types[i]), i);
        }
    }
};

/// Frames on the new link that get lost.
class LinkLossTestCase : public TestCase
{
  public:
    /// @param isCold whether there was no preregistration
    explicit LinkLossTestCase(bool isCold)
        : TestCase(isCold ? "Any frame of a whole link authentication may get lost"
                          : "Any frame of the handshake after the move may get lost"),
          m_isCold(isCold)
    {
    }

  private:
    void DoRun() override
    {
        for (const auto type : REAL_LINK_TYPES)
        {
            size_t count = 0;
            Run(type, SIZE_MAX, count);
            NS_TEST_ASSERT_MSG_GT(count, 0u, "there are frames");
            const auto all = count;
            for (size_t lost = 0; lost < all; ++lost)
            {
                Run(type, lost, count);
            }
        }
    }

    void Run(LinkType type, size_t lost, size_t& count)
    {
        std::ostringstream name;
        name << type << " frame " << lost << " of " << count;
        const auto what = name.str();
        RealScenario scenario({LinkType::WIFI, type},
                              m_isCold ? "ns3::mis::ClauseRemovedRemedy"
                                       : "ns3::mis::SaProtectedRemedy");
        scenario.Build();
        count = 0;
        scenario.TapLink(1, [&](const LinkSight&) { return count++ != lost; });
        if (m_isCold)
        {
            scenario.ColdHandover(MOVE);
        }
        else
        {
            scenario.Preregister(PREREGISTER);
            scenario.Handover(MOVE);
        }
        Scenario::Run(END);
        if (type == LinkType::ETHERNET && m_isCold && lost == SUCCESS)
        {
            // EAP-Success is not repeated, and no handshake follows that makes up for it.
            NS_TEST_EXPECT_MSG_EQ(scenario.HandoverOutcome(), "link-authentication-timeout", what);
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.HandoverOutcome(), "success", what);
        NS_TEST_EXPECT_MSG_EQ(RealScenario::Last(scenario.mnLinks), "success", what);
        if (type == LinkType::ETHERNET && !m_isCold && lost == 0)
        {
            return; // nothing but this frame tells the switch that the node has come
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.Poa(1)->IsAuthorized(scenario.Station(1)), true, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Agree(1), true, what);
    }

    /// Which frame carries EAP-Success: attachment, EAPOL-Start, Identity and GPSK come before.
    static constexpr size_t SUCCESS = 2 + 2 + 4;

    bool m_isCold;
};

/// MIS messages that get lost.
class MessageLossTestCase : public TestCase
{
  public:
    MessageLossTestCase()
        : TestCase("Any message of a proactive authentication may get lost")
    {
    }

  private:
    void DoRun() override
    {
        for (const std::string relay : {"Prereg_Xfer", "LL_Auth"})
        {
            size_t count = 0;
            Run(relay, SIZE_MAX, count);
            NS_TEST_ASSERT_MSG_GT(count, 20u, "there are messages");
            const auto all = count;
            for (size_t lost = 0; lost < all; ++lost)
            {
                Run(relay, lost, count);
            }
        }
    }

    void Run(const std::string& relay, size_t lost, size_t& count)
    {
        const auto what = relay + " message " + std::to_string(lost);
        RealScenario scenario({LinkType::WIFI, LinkType::WIFI});
        scenario.roaming.GetMis().SetMobileNodeAttribute("LinkFrameRelay", StringValue(relay));
        scenario.Build();
        count = 0;
        const auto rule = [&](Bytes&) {
            return Simulator::Now() > MOVE - Seconds(1) || count++ != lost;
        };
        const auto link = DynamicCast<ProfileAccessLink>(scenario.roaming.GetLink(0, 0));
        scenario.AddTap(link->GetLinkFramePort()->GetDevice(), rule);
        for (uint32_t i = 0; i < 2; ++i)
        {
            scenario.AddTap(Scenario::DeviceOf(scenario.Pos(i)->GetMisf()), rule);
        }
        // The second link of the router is the one to its PoS.
        scenario.AddTap(scenario.Poa(1)->GetMisf()->GetObject<Ipv4L3Protocol>()->GetNetDevice(2),
                        [&](Bytes& frame) {
                            const auto header = ParseFrame(frame);
                            const auto mid = header ? header->header.mid.Value() : 0;
                            const bool isMine = mid == PushKeyRequest::ID.Value();
                            return !isMine || rule(frame);
                        });
        scenario.Preregister(PREREGISTER);
        scenario.Handover(MOVE);
        Scenario::Run(END);
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.HandoverOutcome(), "success", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Agree(1), true, what);
    }
};

/// The counting backend.
class CountedCryptographyTestCase : public TestCase
{
  public:
    CountedCryptographyTestCase()
        : TestCase("Cryptography that is only counted gives the same frames at the same times")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto type : REAL_LINK_TYPES)
        {
            for (const bool isCold : {false, true})
            {
                const auto real = Frames(type, isCold, true);
                NS_TEST_EXPECT_MSG_GT(real.size(), 20u, type);
                NS_TEST_EXPECT_MSG_EQ((real == Frames(type, isCold, false)), true, type);
                NS_TEST_EXPECT_MSG_EQ((real == Frames(type, isCold, true)), true, type);
            }
        }
    }

    using Frame = std::tuple<int64_t, uint16_t, uint32_t>;

    std::vector<Frame> Frames(LinkType type, bool isCold, bool isComputed)
    {
        RealScenario scenario({LinkType::WIFI, type},
                              isCold ? "ns3::mis::ClauseRemovedRemedy"
                                     : "ns3::mis::GroupKeyRemedy[Path=Direct]");
        scenario.roaming.GetMis().SetDeviceProfiles("phone", "server");
        scenario.roaming.GetMis().SetMisfAttribute("ComputeCryptography", BooleanValue(isComputed));
        scenario.Build();
        std::vector<Frame> seen;
        scenario.TapLink(1, [&](const LinkSight& frame) {
            seen.emplace_back(Simulator::Now().GetNanoSeconds(), frame.type, frame.octets);
            return true;
        });
        if (isCold)
        {
            scenario.ColdHandover(MOVE);
        }
        else
        {
            scenario.Preregister(PREREGISTER);
            scenario.Handover(MOVE);
        }
        Scenario::Run(END);
        NS_TEST_EXPECT_MSG_EQ(scenario.HandoverOutcome(), "success", type << isComputed);
        NS_TEST_EXPECT_MSG_EQ(scenario.Agree(1), true, type << isComputed);
        for (const auto& frame : scenario.frames)
        {
            seen.emplace_back(frame.atNs, frame.header.mid.Value(), frame.octets);
        }
        return seen;
    }
};

/// All of them.
class ProactiveTestSuite : public TestSuite
{
  public:
    ProactiveTestSuite()
        : TestSuite("mis-proactive", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new ProactiveSuccessTestCase);
        AddTestCase(new ColdTestCase);
        AddTestCase(new ChainTestCase);
        AddTestCase(new LinkLossTestCase(false));
        AddTestCase(new LinkLossTestCase(true));
        AddTestCase(new MessageLossTestCase);
        AddTestCase(new CountedCryptographyTestCase);
    }
};

static ProactiveTestSuite g_proactiveTestSuite; //!< the suite
