// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Re-authentication by the AAA server of a visited operator, with the root key of its domain.
 */
#include "mis-eap-scenario.h"

#include "ns3/mis-erp.h"
#include "ns3/mis-radius-message.h"
#include "ns3/test.h"

#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;
using namespace ns3::mis::test::aaa;

namespace
{

const std::string LOCAL = "aaa@visited.example";
const Time WATCHED = Seconds(10); // what is counted, or lost, is so from then on

/// A visited operator with its own AAA server.
struct LocalScenario : EapScenario
{
    /// @param firstNetwork its networks are this one and all behind it
    explicit LocalScenario(uint32_t firstNetwork = 0, const std::string& attributes = "")
        : EapScenario("Method=ERP" + attributes, 4)
    {
        roaming.SetLocalAaaServer(LOCAL, firstNetwork);
    }

    /// Builds and counts.
    void Start()
    {
        EapScenario::Start();
        roaming.GetLocalAaaServer()->TraceConnectWithoutContext(
            "Authenticated",
            MakeCallback(&LocalScenario::OnLocalAuthenticated, this));
        roaming.GetLocalAaaServer()->TraceConnectWithoutContext(
            "Dropped",
            MakeCallback(&LocalScenario::OnLocalDropped, this));
        AddLegTap(Aaa(), [this](bool, Bytes&) { return Watch(atHome, false); });
        AddLegTap(Local(), [this](bool, Bytes&) { return Watch(atLocal, true); });
    }

    Ptr<Misf> Local() const
    {
        return roaming.GetLocalAaaServer()->GetObject<Misf>();
    }

    void OnLocalAuthenticated(const std::string& identity,
                              const std::string& method,
                              const std::string& outcome)
    {
        local.push_back(identity + " " + method + " " + outcome);
    }

    void OnLocalDropped(const std::string& reason, uint32_t)
    {
        localDropped.push_back(reason);
    }

    /// @param i index of an establishment @return how long it took, milliseconds
    double DurationMs(size_t i) const
    {
        return (established.at(i).end - established.at(i).begin).GetSeconds() * 1000;
    }

    uint32_t atHome{0};  //!< messages that reached the home server
    uint32_t atLocal{0}; //!< messages that reached the local server
    uint32_t lost{UINT32_MAX};
    bool isHomeSilent{false};
    std::vector<std::string> local; //!< "identity method outcome"
    std::vector<std::string> localDropped;

  private:
    bool Watch(uint32_t& count, bool isLocal)
    {
        if (!isLocal && isHomeSilent)
        {
            return false;
        }
        if (Simulator::Now() < WATCHED)
        {
            return true;
        }
        ++count;
        return m_seen++ != lost;
    }

    uint32_t m_seen{0};
};

// One-way delays, ms: access 2, PoS 1, WAN 5 a side, home 7, local server 1.
constexpr double MN_POS = 2 + 1;               // of its own network
constexpr double MN_OTHER_POS = 2 + 5 + 5 + 1; // from the first network
constexpr double POS_LOCAL = 1 + 5 + 1;
constexpr double LOCAL_HOME = 1 + 7;
constexpr double POS_HOME = 1 + 5 + 7;

/// The full authentication goes through the local server, which gets its key with it.
class ImplicitTestCase : public TestCase
{
  public:
    ImplicitTestCase()
        : TestCase("a full authentication through the local server gives that a key, and later "
                   "re-authentications send nothing to the home")
    {
    }

  private:
    void DoRun() override
    {
        LocalScenario scenario;
        scenario.Start();
        scenario.EstablishAt(Seconds(1), 0);
        scenario.EstablishAt(WATCHED, 1);
        scenario.EstablishAt(WATCHED + Seconds(2), 2);
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told), "success, success, success", "all");
        for (uint32_t network = 0; network < 3; ++network)
        {
            NS_TEST_EXPECT_MSG_EQ(scenario.IsShared(network), true, "network " << network);
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.atHome, 0u, "messages to the home");
        NS_TEST_EXPECT_MSG_EQ(scenario.atLocal, 2u, "messages to the local server");
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.authenticated), MN + " EAP-GPSK success", "home");
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.local),
                              MN + " ERP success, " + MN + " ERP success",
                              "local server");
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 3u, "reports");
        NS_TEST_EXPECT_MSG_EQ_TOL(scenario.DurationMs(0),
                                  5 * 2 * MN_POS + 3 * 2 * (POS_LOCAL + LOCAL_HOME),
                                  0.1,
                                  "in full");
        for (const size_t i : {1, 2})
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(scenario.DurationMs(i),
                                      2 * 2 * MN_OTHER_POS + 2 * POS_LOCAL,
                                      0.1,
                                      "again");
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.roaming.GetLocalAaaServer()->GetKeys(), 1u, "one key");
        NS_TEST_EXPECT_MSG_EQ(scenario.roaming.GetLocalAaaServer()->GetSessions(), 0u, "left");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "left");
    }
};

/// The mobile node comes with keys of its home.
class ExplicitTestCase : public TestCase
{
  public:
    ExplicitTestCase()
        : TestCase("a mobile node that comes with keys of its home has the local server get one by "
                   "the first re-authentication, and the next ones stay there")
    {
    }

  private:
    void DoRun() override
    {
        LocalScenario scenario(1); // the first network asks the home itself
        scenario.Start();
        scenario.EstablishAt(Seconds(1), 0);
        scenario.EstablishAt(Seconds(3), 1);
        scenario.EstablishAt(WATCHED, 2);
        scenario.EstablishAt(WATCHED + Seconds(2), 3);
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told), "success, success, success, success", "all");
        NS_TEST_EXPECT_MSG_EQ(scenario.IsShared(3), true, "the same SA");
        NS_TEST_EXPECT_MSG_EQ(scenario.atHome, 0u, "messages to the home");
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.authenticated),
                              MN + " EAP-GPSK success, " + MN + " ERP success",
                              "home");
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.local),
                              MN + " ERP success, " + MN + " ERP success",
                              "local server");
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 4u, "reports");
        const double again = 2 * 2 * MN_OTHER_POS;
        NS_TEST_EXPECT_MSG_EQ_TOL(scenario.DurationMs(0),
                                  5 * 2 * MN_POS + 3 * 2 * POS_HOME,
                                  0.1,
                                  "in full at home");
        NS_TEST_EXPECT_MSG_EQ_TOL(scenario.DurationMs(1),
                                  again + 2 * (POS_LOCAL + LOCAL_HOME),
                                  0.1,
                                  "bootstrapping");
        NS_TEST_EXPECT_MSG_EQ_TOL(scenario.DurationMs(2), again + 2 * POS_LOCAL, 0.1, "local");
        NS_TEST_EXPECT_MSG_EQ_TOL(scenario.DurationMs(3), again + 2 * POS_LOCAL, 0.1, "local");
    }
};

/// The full authentication of removed and cold is a re-authentication with the local server.
class FullAuthenticationTestCase : public TestCase
{
  public:
    FullAuthenticationTestCase()
        : TestCase("removed and cold re-authenticate with the local server in one round trip, and "
                   "the home hears nothing")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool isCold : {false, true})
        {
            LocalScenario scenario;
            auto& mis = scenario.roaming.GetMis();
            mis.SetFullAuthentication(scenario.eap);
            mis.SetRemedy("ns3::mis::ClauseRemovedRemedy");
            scenario.Start();
            scenario.EstablishAt(Seconds(1), 0);
            if (isCold)
            {
                Scenario::At(WATCHED, [&] {
                    scenario.Mn()->ColdHandover(scenario.roaming.GetLink(0, 1), MisfId(TPOS));
                });
            }
            else
            {
                scenario.Preregister(WATCHED);
                scenario.Handover(WATCHED + Seconds(2));
            }
            Scenario::Run(Seconds(60));
            const std::string what = isCold ? "cold" : "relayed";
            NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", what);
            NS_TEST_EXPECT_MSG_EQ(scenario.handovers.size(), 1u, what);
            NS_TEST_EXPECT_MSG_EQ(scenario.atHome, 0u, what);
            NS_TEST_EXPECT_MSG_EQ(scenario.atLocal, 1u, what);
            const auto both =
                std::max(scenario.WhenNs(MN, "accepted"), scenario.WhenNs(TPOS, "accepted"));
            const double trip = isCold ? MN_POS : MN_POS + 1 + 5 + 5 + 1;
            NS_TEST_EXPECT_MSG_EQ_TOL((NanoSeconds(both) - WATCHED).GetSeconds() * 1000,
                                      2 * trip + 2 * POS_LOCAL,
                                      0.1,
                                      what);
        }
    }
};

/// One message is lost.
class LossTestCase : public TestCase
{
  public:
    LossTestCase()
        : TestCase("each message to either server lost in turn, in full and again, MN and PoS get "
                   "one SA")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool again : {false, true})
        {
            const uint32_t messages = Run(UINT32_MAX, again);
            NS_TEST_EXPECT_MSG_EQ(messages, (again ? 1u : 9u), "messages"); // 3 there, 3 on, 3 back
            for (uint32_t lost = 0; lost < messages; ++lost)
            {
                Run(lost, again);
            }
        }
    }

    uint32_t Run(uint32_t lost, bool again)
    {
        const auto what = "without message " + std::to_string(lost) + (again ? ", again" : "");
        LocalScenario scenario;
        scenario.lost = lost;
        scenario.Start();
        if (again)
        {
            scenario.EstablishAt(Seconds(1), 0);
        }
        scenario.EstablishAt(WATCHED, 1);
        Scenario::Run(Seconds(80));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told), (again ? "success, success" : "success"), what);
        NS_TEST_EXPECT_MSG_EQ(scenario.IsShared(1), true, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.roaming.GetAaaServer()->GetSessions(), 0u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.roaming.GetLocalAaaServer()->GetSessions(), 0u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.roaming.GetLocalAaaServer()->GetKeys(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
        return scenario.atHome + scenario.atLocal;
    }
};

/// What goes wrong.
class FailureTestCase : public TestCase
{
  public:
    FailureTestCase()
        : TestCase("a key that the local server has lost, or that is over, is replaced by a full "
                   "authentication; a silent home has a name; others get no key")
    {
    }

  private:
    void DoRun() override
    {
        Lost();
        Over();
        Silent();
        Refused();
    }

    void Lost()
    {
        LocalScenario scenario;
        scenario.Start();
        scenario.EstablishAt(Seconds(1), 0);
        Scenario::At(Seconds(3), [&] { scenario.roaming.GetLocalAaaServer()->ForgetKeys(); });
        scenario.EstablishAt(WATCHED, 1);
        scenario.EstablishAt(WATCHED + Seconds(2), 2);
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told), "success, success, success", "lost");
        NS_TEST_ASSERT_MSG_EQ(scenario.local.size(), 2u, "lost");
        NS_TEST_EXPECT_MSG_EQ(
            (scenario.local[0].find(" ERP unknown-key-name") != std::string::npos),
            true,
            scenario.local[0]);
        NS_TEST_EXPECT_MSG_EQ(scenario.local[1], MN + " ERP success", "lost");
        NS_TEST_EXPECT_MSG_EQ(scenario.atHome, 3u, "one more full authentication");
    }

    void Over()
    {
        LocalScenario scenario;
        scenario.roaming.GetMis().SetAaaServerAttribute("KeyLifetime", TimeValue(Seconds(5)));
        scenario.Start();
        scenario.EstablishAt(Seconds(1), 0);
        scenario.EstablishAt(WATCHED, 1);
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told), "success, success", "over");
        NS_TEST_ASSERT_MSG_EQ(scenario.local.size(), 1u, "over");
        NS_TEST_EXPECT_MSG_EQ((scenario.local[0].find(" ERP key-expired") != std::string::npos),
                              true,
                              scenario.local[0]);
    }

    void Silent()
    {
        LocalScenario scenario;
        scenario.isHomeSilent = true;
        scenario.Start();
        scenario.EstablishAt(WATCHED, 0);
        Scenario::Run(Seconds(100));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told), "aaa-unreachable", "silent");
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.answered), SPOS + " aaa-unreachable", "silent");
        NS_TEST_ASSERT_MSG_EQ(scenario.localDropped.empty(), false, "silent");
        NS_TEST_EXPECT_MSG_EQ(scenario.localDropped.back(), "home-unreachable", "silent");
        NS_TEST_EXPECT_MSG_EQ(scenario.roaming.GetLocalAaaServer()->GetSessions(), 0u, "silent");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "silent");
    }

    void Refused()
    {
        LocalScenario scenario;
        scenario.Start();
        scenario.roaming.GetAaaServer()->RemoveSubscriber(MisfId(MN));
        scenario.EstablishAt(WATCHED, 0);
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told), "refused", "refused");
        NS_TEST_EXPECT_MSG_EQ(scenario.roaming.GetLocalAaaServer()->GetKeys(), 0u, "refused");
    }
};

/// The root key in RADIUS.
class RadiusTestCase : public TestCase
{
  public:
    RadiusTestCase()
        : TestCase("the root key of a domain goes covered in an Accept, and a damaged one is "
                   "refused")
    {
    }

  private:
    void DoRun() override
    {
        StreamRandomSource source;
        source.AssignStreams(5000);
        CryptoContext crypto(CryptoBackend::OPENSSL, source);
        RadiusClientConfiguration configuration;
        configuration.secret = crypto.RandomSecret(32);
        configuration.nasIdentifier = LOCAL;
        configuration.erpDomain = "visited.example";
        RadiusEapClientSession client(crypto, configuration, MN);
        RadiusEapServerSession server(crypto, configuration.secret, 1);
        DomainRootKey key;
        key.dsrk = crypto.RandomSecret(64);
        key.name = {1, 2, 3, 4, 5, 6, 7, 8};
        key.lifetime = 77;
        const Bytes identity{2, 0, 0, 6, 1, 'x'};
        const Bytes success{3, 0, 0, 4};
        const auto request = client.Request(identity, 9);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(request), true, "request");
        const auto received = server.Receive(*request);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(received), true, "request");
        NS_TEST_EXPECT_MSG_EQ(received->erpDomain, "visited.example", "domain");
        const auto msk = crypto.RandomSecret(64);
        const auto reply = server.Reply(success, msk, &key);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(reply), true, "reply");
        // Header, EAP, two keys of 58, salt and 80 octets, name, lifetime, Message-Authenticator
        NS_TEST_EXPECT_MSG_EQ(reply->size(), 20u + 6 + 2 * 58 + 84 + 10 + 6 + 18, "octets");
        const std::string text(reply->begin(), reply->end());
        const auto dsrk = key.dsrk.View();
        NS_TEST_EXPECT_MSG_EQ(text.find(std::string(dsrk.begin(), dsrk.begin() + 8)),
                              std::string::npos,
                              "covered");
        for (size_t i = 0; i < reply->size(); ++i)
        {
            auto damaged = *reply;
            damaged[i] ^= 1;
            NS_TEST_EXPECT_MSG_EQ(static_cast<bool>(client.Receive(damaged)), false, "octet " << i);
        }
        const auto accepted = client.Receive(*reply);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(accepted), true, "accepted");
        NS_TEST_ASSERT_MSG_EQ(accepted->domainKey.has_value(), true, "has it");
        NS_TEST_EXPECT_MSG_EQ((accepted->domainKey->dsrk == key.dsrk), true, "DSRK");
        NS_TEST_EXPECT_MSG_EQ((accepted->domainKey->name == key.name), true, "name");
        NS_TEST_EXPECT_MSG_EQ(accepted->domainKey->lifetime, 77u, "lifetime");
        NS_TEST_EXPECT_MSG_EQ((accepted->msk == msk), true, "MSK");
        Short(crypto, configuration);
    }

    /// A server that knows the secret, and sends less than a key.
    void Short(CryptoContext& crypto, const RadiusClientConfiguration& configuration)
    {
        for (const size_t octets : {16, 32, 63})
        {
            RadiusEapClientSession client(crypto, configuration, MN);
            RadiusEapServerSession server(crypto, configuration.secret, 1);
            const auto request = client.Request(Bytes{2, 0, 0, 6, 1, 'x'}, 9);
            DomainRootKey key;
            key.dsrk = crypto.RandomSecret(octets);
            if (!request || !server.Receive(*request))
            {
                NS_TEST_EXPECT_MSG_EQ(true, false, "request");
                continue;
            }
            const auto reply = server.Reply(Bytes{3, 0, 0, 4}, crypto.RandomSecret(64), &key);
            NS_TEST_EXPECT_MSG_EQ((reply && !client.Receive(*reply)), true, octets << " octets");
        }
    }
};

/// All cases.
class LocalErpTestSuite : public TestSuite
{
  public:
    LocalErpTestSuite()
        : TestSuite("mis-local-erp", TestSuite::Type::UNIT)
    {
        AddTestCase(new ImplicitTestCase);
        AddTestCase(new ExplicitTestCase);
        AddTestCase(new FullAuthenticationTestCase);
        AddTestCase(new LossTestCase);
        AddTestCase(new FailureTestCase);
        AddTestCase(new RadiusTestCase);
    }
};

LocalErpTestSuite g_localErpTestSuite; //!< the instance

} // namespace
