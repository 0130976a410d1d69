// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The full authentication between mobile node and TPoS by EAP, with the AAA server of the home
 * behind the TPoS: through the SPoS, directly, and after the move.
 */
#include "mis-eap-scenario.h"

#include "ns3/boolean.h"
#include "ns3/mis-link-frame.h"
#include "ns3/mis-prereg-messages.h"
#include "ns3/test.h"

#include <functional>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;
using namespace ns3::mis::test::aaa;

namespace
{

/// How the frames between MN and TPoS go.
enum class Way
{
    RELAYED,
    DIRECT,
    COLD
};

const std::vector<Way> WAYS{Way::RELAYED, Way::DIRECT, Way::COLD};

std::string
NameOf(Way way)
{
    switch (way)
    {
    case Way::RELAYED:
        return "relayed";
    case Way::DIRECT:
        return "direct";
    case Way::COLD:
        break;
    }
    return "cold";
}

const Time START = Seconds(3);

/// A mobile node that authenticates in full with the TPoS.
struct FullScenario : EapScenario
{
    FullScenario(Way theWay, const std::string& attributes)
        : EapScenario(attributes),
          way(theWay)
    {
        auto& mis = roaming.GetMis();
        mis.SetEstablishment(SaPair::MN_POS, mis.GetEstablishment());
        mis.SetFullAuthentication(eap);
        mis.SetRemedy("ns3::mis::ClauseRemovedRemedy");
        mis.SetMobileNodeAttribute("DirectAuthentication", BooleanValue(way == Way::DIRECT));
    }

    /// The SA with the SPoS comes by EAP too, before, so that there are keys to re-authenticate.
    void EstablishBefore()
    {
        roaming.GetMis().SetEstablishment(SaPair::MN_POS, eap);
        EstablishAt(Seconds(1));
    }

    /// Authenticates, hands over and ends.
    void Go()
    {
        if (way == Way::COLD)
        {
            At(START, [this] { Mn()->ColdHandover(roaming.GetLink(0, 1), MisfId(TPOS)); });
        }
        else
        {
            Preregister(START);
            Handover(Seconds(40));
        }
        Run(Seconds(80));
    }

    /// @return device of the mobile node that answers of the TPoS, or the SPoS, come to
    Ptr<NetDevice> MnDevice() const
    {
        return Mn()->GetMisf()->GetObject<Ipv4L3Protocol>()->GetNetDevice(way == Way::COLD ? 2 : 1);
    }

    /// @return milliseconds until both ends had K
    double KeyMs() const
    {
        const auto both = std::max(WhenNs(MN, "accepted"), WhenNs(TPOS, "accepted"));
        return static_cast<double>((NanoSeconds(both) - START).GetNanoSeconds()) / 1e6;
    }

    /// @return whether MN and TPoS have one and the same SA, made of K
    bool IsMadeShared() const
    {
        const auto here = SasWith(Mn()->GetMisf(), MisfId(TPOS));
        const auto there = SasWith(Pos(1)->GetMisf(), MisfId(MN));
        return here.size() == 1 && there.size() == 1 && here[0].said == there[0].said &&
               here[0].miek == there[0].miek && !here[0].miek.empty() &&
               here[0].miak == there[0].miak;
    }

    Way way;
};

/// What a method costs.
struct FullMethod
{
    const char* name;       //!< for sentences
    const char* attributes; //!< of the establishment
    Method server;          //!< how the server is configured
    bool again;             //!< whether it is a re-authentication
    double flights;         //!< of the MN, each answered
    double radius;          //!< requests of the TPoS to the server
};

const std::vector<FullMethod> FULL_METHODS{
    {"EAP-GPSK", "Method=EAP-GPSK", METHODS[0], false, 4, 3},
    {"EAP-TLS with TLS 1.3", "Method=EAP-TLS", METHODS[1], false, 5, 4},
    {"EAP-TLS with TLS 1.2", "Method=EAP-TLS|TlsVersion=1.2", METHODS[2], false, 5, 4},
    {"ERP", "Method=ERP", METHODS[0], true, 1, 1},
};

/// Closed form of the time until both ends have K, milliseconds.
double
ExpectedMs(const FullMethod& method, Way way)
{
    // access 2, PoS 1, WAN 5 a side, home 7
    const double w = 2 + 1;
    const double b = 1 + 5 + 5 + 1;
    const double direct = 2 + 5 + 5 + 1;
    const double after = 2 + 1;
    const double a = 1 + 5 + 7;
    const double trip = way == Way::RELAYED ? w + b : way == Way::DIRECT ? direct : after;
    return method.flights * 2 * trip + method.radius * 2 * a;
}

/// All methods, all ways.
class SuccessTestCase : public TestCase
{
  public:
    SuccessTestCase()
        : TestCase("each method gives MN and TPoS one K after its round trips, relayed, direct and "
                   "after the move, and the handover goes under it")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& method : FULL_METHODS)
        {
            for (const auto way : WAYS)
            {
                for (const bool compute : {true, false})
                {
                    Check(method, way, compute);
                }
            }
        }
    }

    void Check(const FullMethod& method, Way way, bool compute)
    {
        const auto what =
            std::string(method.name) + ", " + NameOf(way) + (compute ? "" : ", counting only");
        FullScenario scenario(way, method.attributes);
        Configure(scenario, method.server);
        scenario.roaming.GetMis().SetMisfAttribute("ComputeCryptography", BooleanValue(compute));
        const auto keyLog = CreateTempDirFilename("key.log");
        scenario.roaming.GetMis().EnableKeyLog(keyLog);
        if (method.again)
        {
            scenario.EstablishBefore();
        }
        scenario.Start();
        uint32_t radius = 0;
        scenario.AddLegTap(scenario.Aaa(), [&](bool, Bytes&) {
            radius += Simulator::Now() > START;
            return true;
        });
        scenario.Go();
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", what);
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers[0].outcome, "success", what);
        NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1), "served", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.authenticated.size(), (method.again ? 2u : 1u), what);
        NS_TEST_EXPECT_MSG_EQ(scenario.authenticated.back(),
                              MN + " " + (method.again ? "ERP" : method.server.name) + " success",
                              what);
        NS_TEST_EXPECT_MSG_EQ(radius, method.radius, what << ": requests of RADIUS");
        NS_TEST_EXPECT_MSG_EQ_TOL(scenario.KeyMs(), ExpectedMs(method, way), 0.1, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.IsMadeShared(), true, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.dropped), "", what);
        scenario.roaming.GetMis().FlushLogs();
        const auto keys = Scenario::ReadKdk(keyLog);
        NS_TEST_ASSERT_MSG_EQ(keys.size(), 2u, what << ": each end logs K");
        NS_TEST_EXPECT_MSG_EQ(keys[0].key, keys[1].key, what);
        NS_TEST_EXPECT_MSG_EQ(keys[0].key.size(), 128u, what << ": MSK, in hexadecimal");
        // Which leg the frames have taken.
        const size_t relayed = scenario.Sent(SPOS, N2nPreregXferRequest::ID).size();
        NS_TEST_EXPECT_MSG_EQ((relayed > 0),
                              (way == Way::RELAYED),
                              what << ": relayed " << relayed);
    }
};

/// One frame is lost.
class LossTestCase : public TestCase
{
  public:
    LossTestCase(const FullMethod& method, Way way)
        : TestCase(std::string(method.name) + ", " + NameOf(way) +
                   ": each frame of each leg lost in turn, MN and TPoS get one K"),
          m_method(method),
          m_way(way)
    {
    }

  private:
    void DoRun() override
    {
        uint32_t frames = 0;
        Run(UINT32_MAX, frames);
        NS_TEST_EXPECT_MSG_GT(frames, 4u, "frames");
        for (uint32_t lost = 0; lost < frames; ++lost)
        {
            uint32_t ignored = 0;
            Run(lost, ignored);
        }
    }

    void Run(uint32_t lost, uint32_t& frames)
    {
        const auto what = "without frame " + std::to_string(lost);
        FullScenario scenario(m_way, m_method.attributes);
        Configure(scenario, m_method.server);
        if (m_method.again)
        {
            scenario.EstablishBefore();
        }
        scenario.Start();
        uint32_t seen = 0;
        bool isLost = false;
        const auto tap = [&](bool, Bytes&) {
            if (Simulator::Now() < START || !scenario.reports.empty())
            {
                return true;
            }
            isLost = isLost || seen == lost;
            return seen++ != lost;
        };
        scenario.AddLegTap(scenario.MnDevice(), tap);
        scenario.AddLegTap(scenario.Pos(0)->GetMisf(), tap);
        scenario.AddLegTap(scenario.Pos(1)->GetMisf(), tap);
        scenario.AddLegTap(scenario.Aaa(), tap);
        scenario.Go();
        NS_TEST_EXPECT_MSG_EQ(isLost, (lost != UINT32_MAX), what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", what);
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers[0].outcome, "success", what);
        NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1), "served", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.IsMadeShared(), true, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
        // A loss costs one wait of MIS or RADIUS, half a second each, or none if an
        // acknowledgement was lost.
        NS_TEST_EXPECT_MSG_LT(scenario.KeyMs(), ExpectedMs(m_method, m_way) + 600, what);
        frames = seen;
    }

    FullMethod m_method;
    Way m_way;
};

/// What goes wrong, and what it is called.
struct Failure
{
    const char* what;
    const char* attributes; //!< of the establishment
    const char* server;     //!< methods of the server
    const char* atMn;
    const char* atTpos;
    const char* atServer; //!< method and outcome, empty if the server ends nothing
    std::function<void(FullScenario&)> configure; //!< before the topology is built
    std::function<void(FullScenario&)> arrange;   //!< after it
};

std::vector<Failure>
Failures()
{
    const auto nothing = [](FullScenario&) {};
    return {
        {"the identity is unknown",
         "Method=EAP-GPSK",
         "EAP-GPSK",
         "authentication-failure-refused",
         "authentication-failure-refused",
         "none identity-unknown",
         nothing,
         [](FullScenario& scenario) {
             scenario.roaming.GetAaaServer()->RemoveSubscriber(MisfId(MN));
         }},
        {"the MN has a wrong key",
         "Method=EAP-GPSK",
         "EAP-GPSK",
         "authentication-failure-psk-mismatch",
         "authentication-failure-refused",
         "EAP-GPSK psk-mismatch",
         [](FullScenario& scenario) {
             scenario.Credentials().SetPreSharedKey(MisfId(MN), SecretBytes::Zeros(32));
         },
         nothing},
        {"there is no common method",
         "Method=EAP-GPSK",
         "EAP-TLS",
         "authentication-failure-no-common-method",
         "authentication-failure-refused",
         "EAP-TLS no-common-method",
         nothing,
         nothing},
        {"the certificate of the MN is of another authority",
         "Method=EAP-TLS",
         "EAP-TLS",
         "authentication-failure-certificate-unknown-ca",
         "authentication-failure-refused",
         "EAP-TLS certificate-unknown-ca",
         [](FullScenario& scenario) { MakeForeign(scenario, MN); },
         nothing},
        {"the certificate of the server is of another authority",
         "Method=EAP-TLS",
         "EAP-TLS",
         "authentication-failure-certificate-unknown-ca",
         "authentication-failure-refused",
         "EAP-TLS certificate-unknown-ca",
         [](FullScenario& scenario) { MakeForeign(scenario, AAA); },
         nothing},
        {"the certificate of the MN has expired",
         "Method=EAP-TLS",
         "EAP-TLS",
         "authentication-failure-certificate-expired",
         "authentication-failure-refused",
         "EAP-TLS certificate-expired",
         [](FullScenario& scenario) { MakeExpired(scenario, MN); },
         nothing},
        {"the server is silent",
         "Method=EAP-GPSK",
         "EAP-GPSK",
         "network-error",
         "authentication-failure-aaa-unreachable",
         "",
         nothing,
         [](FullScenario& scenario) {
             scenario.AddLegTap(scenario.Aaa(), [](bool, Bytes&) { return false; });
         }},
        {"the TPoS has a wrong RADIUS secret",
         "Method=EAP-GPSK",
         "EAP-GPSK",
         "network-error",
         "authentication-failure-aaa-unreachable",
         "",
         [](FullScenario& scenario) {
             scenario.Credentials().SetPreSharedKey(MisfId(TPOS), SecretBytes::Zeros(32));
         },
         nothing},
        {"the server is silent for longer than a transaction lives",
         "Method=EAP-GPSK|RadiusSends=30",
         "EAP-GPSK",
         "timeout",
         "authentication-failure-timeout",
         "",
         nothing,
         [](FullScenario& scenario) {
             scenario.AddLegTap(scenario.Aaa(), [](bool, Bytes&) { return false; });
         }},
        {"the TPoS has no RADIUS secret",
         "Method=EAP-GPSK",
         "EAP-GPSK",
         "network-error",
         "authentication-failure-no-aaa-server",
         "",
         [](FullScenario& scenario) {
             scenario.Credentials().SetPreSharedKey(MisfId(TPOS), SecretBytes());
         },
         nothing},
        {"the MN is gone in the middle",
         "Method=EAP-GPSK",
         "EAP-GPSK",
         "aborted",
         "mn-silent",
         "EAP-GPSK timeout",
         nothing,
         [](FullScenario& scenario) {
             Scenario::At(START + MilliSeconds(50), [&] { scenario.Mn()->AbortPreregistration(); });
         }},
    };
}

/// Whatever fails has a name and leaves nothing.
class FailureTestCase : public TestCase
{
  public:
    FailureTestCase()
        : TestCase("each failure has its name at MN, TPoS and server and leaves no SA and no state")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& failure : Failures())
        {
            for (const auto way : WAYS)
            {
                Check(failure, way);
            }
        }
    }

    void Check(const Failure& failure, Way way)
    {
        const auto what = std::string(failure.what) + ", " + NameOf(way);
        FullScenario scenario(way, failure.attributes);
        scenario.roaming.GetMis().SetAaaServerAttribute("Methods", StringValue(failure.server));
        failure.configure(scenario);
        scenario.Start();
        failure.arrange(scenario);
        scenario.Go();
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), failure.atMn, what);
        NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1), failure.atTpos, what);
        std::string server;
        for (const auto& line : scenario.authenticated)
        {
            server += (server.empty() ? "" : ", ") + line.substr(line.find(' ') + 1);
        }
        NS_TEST_EXPECT_MSG_EQ(server, failure.atServer, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.roaming.GetAaaServer()->GetSessions(), 0u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers.size(), (way == Way::COLD ? 1u : 0u), what);
        for (const auto& handover : scenario.handovers)
        {
            NS_TEST_EXPECT_MSG_EQ(handover.outcome, failure.atMn, what);
        }
    }
};

/// Keys for a re-authentication that the server has forgotten.
class FallbackTestCase : public TestCase
{
  public:
    FallbackTestCase()
        : TestCase("a re-authentication that the server refuses goes on as a full one, without "
                   "another round trip of the MN")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto way : WAYS)
        {
            FullScenario scenario(way, "Method=ERP");
            scenario.EstablishBefore();
            scenario.Start();
            Scenario::At(Seconds(2), [&] { scenario.roaming.GetAaaServer()->ForgetKeys(); });
            scenario.Go();
            NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", NameOf(way));
            NS_TEST_EXPECT_MSG_EQ(scenario.IsMadeShared(), true, NameOf(way));
            NS_TEST_ASSERT_MSG_EQ(scenario.authenticated.size(), 3u, NameOf(way));
            NS_TEST_EXPECT_MSG_EQ(
                (scenario.authenticated[1].find("ERP unknown-key-name") != std::string::npos),
                true,
                NameOf(way));
            NS_TEST_EXPECT_MSG_EQ(scenario.authenticated[2], MN + " EAP-GPSK success", NameOf(way));
            const FullMethod asked{"", "", METHODS[0], false, 4, 4};
            NS_TEST_EXPECT_MSG_EQ_TOL(scenario.KeyMs(), ExpectedMs(asked, way), 0.1, NameOf(way));
            NS_TEST_EXPECT_MSG_EQ(scenario.eap->CanReauthenticate(MisfId(MN)), true, "new keys");
        }
    }
};

/// Somebody speaks while the TPoS waits for the server.
class AttackTestCase : public TestCase
{
  public:
    AttackTestCase()
        : TestCase("flights made up or repeated while the TPoS asks the server are refused, and "
                   "the authentication goes on")
    {
    }

  private:
    void DoRun() override
    {
        // After the move nothing protects the flights.
        FullScenario scenario(Way::COLD, "Method=EAP-GPSK");
        scenario.Start();
        uint32_t injected = 0;
        scenario.AddLegTap(scenario.Aaa(), [&](bool isRadius, Bytes&) {
            if (isRadius)
            {
                LinkFrame frame;
                frame.kind = LinkFrame::Kind::FLIGHT;
                frame.round = static_cast<uint16_t>(++injected);
                frame.content = Bytes{2, 0, 0, 5, 1};
                PreregXferRequest request;
                request.tposId = MisfId(TPOS);
                request.linkLayerInformation = frame.EncodeFlight();
                mis::Header header{};
                header.tid = static_cast<uint16_t>(3000 + injected);
                scenario.Inject(scenario.Pos(1),
                                EncodeFrame(header, MisfId(MN), MisfId(TPOS), request));
            }
            return true;
        });
        scenario.Go();
        NS_TEST_EXPECT_MSG_EQ(injected, 3u, "while each request was answered");
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "the MN comes through");
        NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1), "served", "one session");
        NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetMisf()->GetDropCount(DropReason::REFUSED_BY_USER),
                              3u,
                              "refused");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "left");
    }
};

/// A MN that begins anew while the TPoS waits for the server.
class SupersededTestCase : public TestCase
{
  public:
    SupersededTestCase()
        : TestCase("a MN that gives up and begins anew has its first authentication superseded")
    {
    }

  private:
    void DoRun() override
    {
        FullScenario scenario(Way::RELAYED, "Method=EAP-GPSK");
        scenario.Start();
        // 30 ms for the first flight; the second is at the TPoS from 45 ms on, its answer at 71.
        Scenario::At(START + MilliSeconds(50), [&] {
            scenario.Mn()->AbortPreregistration();
            scenario.Mn()->Preregister(scenario.TargetOf(1));
        });
        scenario.Go();
        NS_TEST_ASSERT_MSG_EQ(scenario.reports.size(), 2u, "two preregistrations");
        NS_TEST_EXPECT_MSG_EQ(scenario.reports[0].outcome, "aborted", "the first");
        NS_TEST_EXPECT_MSG_EQ(scenario.reports[1].outcome, "success", "the second");
        NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1), "superseded,served", "TPoS");
        NS_TEST_EXPECT_MSG_EQ(scenario.IsMadeShared(), true, "one SA");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "left");
    }
};

/// The server sends the Identity Request.
class ServerBeginsTestCase : public TestCase
{
  public:
    ServerBeginsTestCase()
        : TestCase("if the server sends the Identity Request, that costs a round trip with it, in "
                   "full authentications and in the establishment of an SA")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto way : WAYS)
        {
            FullScenario scenario(way, "Method=EAP-GPSK|IdentityRequest=AaaServer");
            scenario.Start();
            scenario.Go();
            NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", NameOf(way));
            NS_TEST_EXPECT_MSG_EQ(scenario.IsMadeShared(), true, NameOf(way));
            const FullMethod asked{"", "", METHODS[0], false, 4, 4};
            NS_TEST_EXPECT_MSG_EQ_TOL(scenario.KeyMs(), ExpectedMs(asked, way), 0.1, NameOf(way));
        }
        Establishment();
        Refused();
    }

    void Establishment()
    {
        EapScenario scenario("Method=EAP-GPSK|IdentityRequest=AaaServer");
        scenario.Start();
        scenario.EstablishAt(START);
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told), "success", "SA");
        NS_TEST_EXPECT_MSG_EQ(scenario.IsShared(), true, "SA");
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 1u, "SA");
        NS_TEST_EXPECT_MSG_EQ_TOL(
            (scenario.established[0].end - scenario.established[0].begin).GetSeconds() * 1000,
            5 * 2 * 3.0 + 4 * 2 * 13.0,
            0.1,
            "SA");
    }

    /// A re-authentication that is refused begins there too.
    void Refused()
    {
        FullScenario scenario(Way::COLD, "Method=ERP|IdentityRequest=AaaServer");
        scenario.EstablishBefore();
        scenario.Start();
        Scenario::At(Seconds(2), [&] { scenario.roaming.GetAaaServer()->ForgetKeys(); });
        scenario.Go();
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "refused");
        const FullMethod asked{"", "", METHODS[0], false, 4, 5};
        NS_TEST_EXPECT_MSG_EQ_TOL(scenario.KeyMs(), ExpectedMs(asked, Way::COLD), 0.1, "refused");
    }
};

/// Where the mobile node is first.
class HomeTestCase : public TestCase
{
  public:
    HomeTestCase()
        : TestCase("at home the first SA is provisioned, in a visited network it is bootstrapped "
                   "with the help of the home; either way the next authentication is by EAP")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool atHome : {false, true})
        {
            const std::string what = atHome ? "home" : "visited";
            EapScenario scenario("Method=ERP");
            scenario.roaming.SetFirstAtHome(atHome);
            auto& mis = scenario.roaming.GetMis();
            mis.SetFullAuthentication(scenario.eap);
            mis.SetRemedy("ns3::mis::ClauseRemovedRemedy");
            scenario.Start();
            scenario.Preregister(START);
            scenario.Handover(START + Seconds(2));
            Scenario::Run(Seconds(60));
            NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", what);
            NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, what);
            NS_TEST_EXPECT_MSG_EQ(scenario.handovers[0].outcome, "success", what);
            // In full where there are no keys of an earlier authentication.
            const std::string full = MN + " EAP-GPSK success";
            NS_TEST_EXPECT_MSG_EQ(Join(scenario.authenticated),
                                  (atHome ? full : full + ", " + MN + " ERP success"),
                                  what);
            NS_TEST_EXPECT_MSG_EQ(scenario.Sent(MN, AuthRequest::ID).empty(), atHome, what);
            const auto both =
                std::max(scenario.WhenNs(MN, "accepted"), scenario.WhenNs(TPOS, "accepted"));
            const double bootstrapped = 5 * 2 * 3.0 + 3 * 2 * 13.0;
            NS_TEST_EXPECT_MSG_EQ_TOL(
                (NanoSeconds(both) - START).GetSeconds() * 1000,
                (atHome ? ExpectedMs(FULL_METHODS[0], Way::RELAYED)
                        : bootstrapped + ExpectedMs(FULL_METHODS[3], Way::RELAYED)),
                0.1,
                what);
            // What was established is ended, what was provisioned stays.
            const auto left = Scenario::SasWith(scenario.Mn()->GetMisf(), MisfId(SPOS), false);
            NS_TEST_EXPECT_MSG_EQ(left.size(), (atHome ? 1u : 0u), what);
        }
    }
};

/// All cases.
class FullAuthenticationTestSuite : public TestSuite
{
  public:
    FullAuthenticationTestSuite()
        : TestSuite("mis-full-authentication", TestSuite::Type::UNIT)
    {
        AddTestCase(new SuccessTestCase);
        for (const auto& method : FULL_METHODS)
        {
            for (const auto way : WAYS)
            {
                AddTestCase(new LossTestCase(method, way));
            }
        }
        AddTestCase(new FailureTestCase);
        AddTestCase(new FallbackTestCase);
        AddTestCase(new AttackTestCase);
        AddTestCase(new SupersededTestCase);
        AddTestCase(new HomeTestCase);
        AddTestCase(new ServerBeginsTestCase);
    }
};

FullAuthenticationTestSuite g_fullAuthenticationTestSuite; //!< the instance

} // namespace
