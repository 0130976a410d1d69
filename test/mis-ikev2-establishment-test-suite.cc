// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Trust between points of service by IKEv2 and ESP: success, failures and loss.
 */
#include "mis-n2n-test-helpers.h"

#include "ns3/test.h"

#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

using IkeScenario = N2nScenario<Ikev2Establishment>;

constexpr uint16_t IKE = 500;
constexpr uint16_t MIS = 4551;

/// All goes well.
class SuccessTestCase : public TestCase
{
  public:
    SuccessTestCase()
        : TestCase("with each kind of credential and group all remedies succeed along a chain, "
                   "after exactly two round trips, and nothing between the points of service is "
                   "in clear")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto* attributes : {"Credential=Certificate|Groups=X25519",
                                       "Credential=PreSharedKey|Groups=P-256,X25519"})
        {
            for (const auto* remedy : {"ns3::mis::SaProtectedRemedy",
                                       "ns3::mis::GroupKeyRemedy[Path=ViaServingPos]",
                                       "ns3::mis::GroupKeyRemedy[Path=Direct]",
                                       "ns3::mis::ClauseRemovedRemedy",
                                       "ns3::mis::LegacyPrfRemedy"})
            {
                Check(attributes, remedy);
            }
        }
    }

    void Check(const std::string& attributes, const std::string& remedy)
    {
        const auto what = attributes + " " + remedy;
        IkeScenario scenario(attributes);
        scenario.roaming.GetMis().SetRemedy(Scenario::Remedy(remedy));
        scenario.Make(3);
        NS_TEST_ASSERT_MSG_EQ(scenario.WalkOverThree(), "", what);
        const bool withGm = remedy.find("GroupKeyRemedy") != std::string::npos;
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), withGm ? 4u : 2u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.answered.size(), scenario.established.size(), what);
        for (const auto& report : scenario.established)
        {
            NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", what);
        }
        const auto& first = scenario.established[0];
        NS_TEST_EXPECT_MSG_EQ(first.local.Get(), N2N_SPOS, what);
        NS_TEST_EXPECT_MSG_EQ_TOL((first.end - first.begin).GetNanoSeconds(),
                                  4 * IkeScenario::DELAY_NS,
                                  100,
                                  what << ": IKE_SA_INIT and IKE_AUTH");
        size_t ike = 0;
        size_t clear = 0;
        for (const auto& packet : scenario.Between(IP_UDP))
        {
            ike += IkeScenario::IsTo(packet, IKE);
            clear += IkeScenario::IsTo(packet, MIS);
        }
        NS_TEST_EXPECT_MSG_EQ(ike, 4u, what);
        NS_TEST_EXPECT_MSG_EQ(clear, 0u, what << ": nothing in clear");
        NS_TEST_EXPECT_MSG_EQ((scenario.Between(IP_ESP).size() >= 4), true, what << ": ESP");
        NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "1 1", what);
        const auto here = Scenario::SasWith(scenario.MisfOf(0), MisfId(N2N_TPOS), false);
        const auto there = Scenario::SasWith(scenario.MisfOf(1), MisfId(N2N_SPOS), false);
        NS_TEST_EXPECT_MSG_EQ((here[0].said == there[0].said && here[0].miak == there[0].miak &&
                               here[0].initiator != there[0].initiator && here[0].transport),
                              true,
                              what << ": one SA at both ends");
    }
};

/// A way for an establishment to fail.
struct Failure
{
    const char* what;
    const char* credential;
    const char* atInitiator;
    const char* atResponder;
    std::function<void(CredentialStore& store)> arrange;
};

/// Everything that goes wrong with credentials.
class FailureTestCase : public TestCase
{
  public:
    FailureTestCase()
        : TestCase("each failure has its name at both ends and leaves nothing behind")
    {
    }

  private:
    static std::vector<Failure> Failures()
    {
        const auto expired = [](const std::string& who) {
            return [who](CredentialStore& store) {
                store.SetAttribute("Validity", TimeValue(MilliSeconds(500)));
                store.GetCertifiedKey(MisfId(who));
                store.SetAttribute("Validity", TimeValue(Seconds(1000)));
            };
        };
        const auto foreign = [](const std::string& who) {
            return [who](CredentialStore& store) {
                StreamRandomSource source;
                source.AssignStreams(5001);
                CryptoContext crypto(CryptoBackend::OPENSSL, source);
                const auto ca = CertifiedKey::MakeAuthority(crypto, "another authority");
                store.SetCertifiedKey(MisfId(who),
                                      ca.Issue(crypto, who, 2, -1, Seconds(1000).GetNanoSeconds()));
            };
        };
        const auto renamed = [](const std::string& who) {
            return [who](CredentialStore& store) {
                store.SetCertifiedKey(MisfId(who),
                                      store.GetCertifiedKey(MisfId("somebody@else.example")));
            };
        };
        const auto keyed = [](const std::string& who, const SecretBytes& key) {
            return [who, key](CredentialStore& store) { store.SetPreSharedKey(MisfId(who), key); };
        };
        // The responder hears of the fault of its own certificate by AUTHENTICATION_FAILED only.
        return {
            {"initiator expired", "Certificate", "refused", "cert-expired", expired(N2N_SPOS)},
            {"responder expired", "Certificate", "cert-expired", "refused", expired(N2N_TPOS)},
            {"initiator foreign", "Certificate", "refused", "cert-unknown-ca", foreign(N2N_SPOS)},
            {"responder foreign", "Certificate", "cert-unknown-ca", "refused", foreign(N2N_TPOS)},
            {"initiator renamed",
             "Certificate",
             "refused",
             "cert-name-mismatch",
             renamed(N2N_SPOS)},
            {"responder renamed",
             "Certificate",
             "cert-name-mismatch",
             "refused",
             renamed(N2N_TPOS)},
            {"wrong key",
             "PreSharedKey",
             "refused",
             "psk-mismatch",
             keyed(N2N_SPOS, SecretBytes::Zeros(32))},
            {"no key at the responder",
             "PreSharedKey",
             "refused",
             "psk-unknown",
             keyed(N2N_TPOS, SecretBytes())},
            {"no key at the initiator",
             "PreSharedKey",
             "psk-unknown",
             "none",
             keyed(N2N_SPOS, SecretBytes())},
        };
    }

    void DoRun() override
    {
        for (const auto& failure : Failures())
        {
            Check(failure);
        }
        CheckGroups();
        CheckSilence();
    }

    void Check(const Failure& failure)
    {
        const std::string what = failure.what;
        IkeScenario scenario(std::string("Credential=") + failure.credential);
        scenario.roaming.GetMis().SetRemedy("ns3::mis::SaProtectedRemedy");
        scenario.Make();
        std::string atResponder = "none";
        scenario.establishment->TraceConnectWithoutContext(
            "Event",
            MakeBoundCallback(&FailureTestCase::OnEvent, &atResponder));
        Scenario::At(MilliSeconds(900),
                     [&] { failure.arrange(*scenario.roaming.GetMis().GetCredentials()); });
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(60));
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.established[0].outcome, failure.atInitiator, what);
        NS_TEST_EXPECT_MSG_EQ(atResponder, failure.atResponder, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "rejected", what);
        NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.serving, 0),
                              std::string("no-tpos-sa-") + failure.atInitiator,
                              what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "0 0", what);
        for (size_t i = 0; i < 2; ++i)
        {
            const auto transport = scenario.establishment->GetTransport(*scenario.MisfOf(i));
            NS_TEST_EXPECT_MSG_EQ(transport->CountIkeSas(), 0u, what << ": no IKE SA");
        }
    }

    static void OnEvent(std::string* atResponder, const Ikev2Report& report)
    {
        if (report.local.Get() == N2N_TPOS && report.outcome != "success")
        {
            *atResponder = report.outcome;
        }
    }

    /// Nothing in common; two establishments that are the same but for the groups.
    void CheckGroups()
    {
        IkeScenario scenario("Groups=X25519");
        scenario.roaming.GetMis().SetRemedy("ns3::mis::SaProtectedRemedy");
        scenario.Make();
        auto other = CreateObject<Ikev2Establishment>();
        other->SetAttribute("Groups", StringValue("P-256"));
        other->SetCredentials(scenario.roaming.GetMis().GetCredentials());
        auto& tpos = *scenario.MisfOf(1);
        Scenario::At(MilliSeconds(10), [&] {
            tpos.SetTransport(TransportType::ESP, std::make_shared<IpsecTransport>(tpos));
            const auto transport =
                std::static_pointer_cast<IpsecTransport>(tpos.GetTransport(TransportType::ESP));
            static const auto life = std::make_shared<int>();
            IpsecTransport::User user;
            user.life = life;
            user.describe = [] { return std::string(); };
            user.configure = [&] {
                Ikev2Configuration configuration;
                auto store = scenario.roaming.GetMis().GetCredentials();
                configuration.credential = store->GetCertifiedKey(tpos.GetId());
                configuration.anchors = store->GetAnchors(tpos.GetId());
                configuration.groups = {ikev2::GROUP_P256};
                return configuration;
            };
            user.onEvent = [](const Ikev2Report&) {};
            user.onDrop = [](const char*, const char*) {};
            user.onEnd = [](const MisfId&, const std::string&) {};
            transport->Join(user);
        });
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(60));
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 1u, "groups");
        NS_TEST_EXPECT_MSG_EQ(scenario.established[0].outcome, "no-common-suite", "groups");
        NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "0 0", "groups");
    }

    /// The peer does not answer: 0.5 + 1 + 2 + 4 s.
    void CheckSilence()
    {
        IkeScenario scenario;
        scenario.roaming.GetMis().SetRemedy("ns3::mis::SaProtectedRemedy");
        scenario.Make();
        scenario.lose = [](const SeenPacket& packet) { return IkeScenario::IsTo(packet, IKE); };
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(60));
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 1u, "silence");
        const auto& report = scenario.established[0];
        NS_TEST_EXPECT_MSG_EQ(report.outcome, "timeout", "silence");
        NS_TEST_EXPECT_MSG_EQ((report.end - report.begin), MilliSeconds(7500), "silence");
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "rejected", "the MN hears of it in time");
        NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", "silence");
    }
};

/// Loss of each message.
class LossTestCase : public TestCase
{
  public:
    LossTestCase()
        : TestCase("the loss of any one message of IKEv2 or packet of ESP is made good")
    {
    }

  private:
    void DoRun() override
    {
        const size_t messages = Check("none", 0, SIZE_MAX);
        NS_TEST_ASSERT_MSG_EQ((messages >= 8), true, "messages to lose");
        for (size_t lost = 0; lost < messages; ++lost)
        {
            Check("number " + std::to_string(lost), lost, lost);
        }
    }

    /// Returns how many packets of IKEv2 and ESP there were.
    size_t Check(const std::string& what, size_t first, size_t last)
    {
        IkeScenario scenario;
        scenario.roaming.GetMis().SetRemedy("ns3::mis::SaProtectedRemedy");
        scenario.Make();
        size_t count = 0;
        scenario.lose = [&](const SeenPacket& packet) {
            const bool counts = packet.protocol == IP_ESP || IkeScenario::IsTo(packet, IKE);
            const size_t number = count;
            count += counts;
            return counts && first <= number && number <= last && last != SIZE_MAX;
        };
        scenario.Preregister(Seconds(1));
        scenario.Handover(Seconds(15));
        Scenario::Run(Seconds(40));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers.size(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "1 1", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
        return count;
    }
};

/// Cookies.
class CookieTestCase : public TestCase
{
  public:
    CookieTestCase()
        : TestCase("above the threshold of half-open IKE SAs a cookie costs exactly one round "
                   "trip more, and the state of an attacker is bounded")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool isFlooded : {false, true})
        {
            IkeScenario scenario("CookieThreshold=3");
            scenario.Make();
            if (isFlooded)
            {
                // A first message is caught, and sent again under other SPIs.
                scenario.Establish(Seconds(1));
                scenario.lose = [&](const SeenPacket& packet) {
                    return IkeScenario::IsTo(packet, IKE) &&
                           packet.atNs < Seconds(10).GetNanoSeconds();
                };
                Scenario::At(Seconds(12), [&] {
                    auto datagram = scenario.Between(IP_UDP).front().payload;
                    for (uint8_t i = 0; i < 50; ++i)
                    {
                        datagram[8] = i;
                        IpTap::Deliver(Scenario::DeviceOf(scenario.MisfOf(1)),
                                       scenario.AddressOf(0),
                                       scenario.AddressOf(1),
                                       IP_UDP,
                                       datagram);
                    }
                    const auto transport =
                        scenario.establishment->GetTransport(*scenario.MisfOf(1));
                    NS_TEST_EXPECT_MSG_EQ(transport->CountIkeSas(), 3u, "state is bounded");
                });
            }
            scenario.Establish(Seconds(13));
            Scenario::Run(Seconds(60));
            NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), isFlooded ? 2u : 1u, isFlooded);
            const auto& report = scenario.established.back();
            NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", isFlooded);
            NS_TEST_EXPECT_MSG_EQ_TOL((report.end - report.begin).GetNanoSeconds(),
                                      (isFlooded ? 6 : 4) * IkeScenario::DELAY_NS,
                                      100,
                                      isFlooded);
        }
    }
};

/// IKEv2 between points of service.
class Ikev2EstablishmentTestSuite : public TestSuite
{
  public:
    Ikev2EstablishmentTestSuite()
        : TestSuite("mis-ikev2-establishment", TestSuite::Type::UNIT)
    {
        AddTestCase(new SuccessTestCase);
        AddTestCase(new FailureTestCase);
        AddTestCase(new LossTestCase);
        AddTestCase(new CookieTestCase);
    }
};

Ikev2EstablishmentTestSuite g_ikev2EstablishmentTestSuite; //!< the instance

} // namespace
