// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Security associations by EAP over MIS that are not established: lost frames, failures, attacks.
 */
#include "mis-eap-scenario.h"

#include "ns3/nstime.h"
#include "ns3/test.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;
using namespace ns3::mis::test::aaa;

namespace
{

/// One frame is lost.
class LossTestCase : public TestCase
{
  public:
    explicit LossTestCase(const std::string& method)
        : TestCase(method + ": each frame of either leg lost in turn, MN and PoS get one SA"),
          m_method(method)
    {
    }

  private:
    void DoRun() override
    {
        uint32_t mis = 0;
        uint32_t radius = 0;
        Run(UINT32_MAX, UINT32_MAX, mis, radius);
        NS_TEST_EXPECT_MSG_GT(mis, 3u, "frames of MIS");
        NS_TEST_EXPECT_MSG_GT(radius, 1u, "messages of RADIUS");
        for (uint32_t i = 0; i < mis; ++i)
        {
            uint32_t ignored = 0;
            Run(i, UINT32_MAX, ignored, ignored);
        }
        for (uint32_t i = 0; i < radius; ++i)
        {
            uint32_t ignored = 0;
            Run(UINT32_MAX, i, ignored, ignored);
        }
    }

    void Run(uint32_t lostMis, uint32_t lostRadius, uint32_t& mis, uint32_t& radius)
    {
        const auto what = "without MIS frame " + std::to_string(lostMis) + ", RADIUS message " +
                          std::to_string(lostRadius);
        // Of ERP, the re-authentication at the second PoS is looked at.
        const bool again = m_method == "ERP";
        const uint32_t network = again ? 1 : 0;
        EapScenario scenario("Method=" + m_method);
        if (!again)
        {
            scenario.roaming.GetMis().SetAaaServerAttribute("Methods", StringValue(m_method));
        }
        scenario.Start();
        uint32_t misFrames = 0;
        uint32_t radiusMessages = 0;
        const auto tap = [&](bool isRadius, Bytes&) {
            return Simulator::Now() < Seconds(3) ||
                   (isRadius ? radiusMessages++ != lostRadius : misFrames++ != lostMis);
        };
        scenario.AddLegTap(scenario.Mn()->GetMisf(), tap);
        scenario.AddLegTap(scenario.Pos(network)->GetMisf(), tap);
        scenario.AddLegTap(scenario.Aaa(), tap);
        if (again)
        {
            scenario.EstablishAt(Seconds(1), 0);
        }
        scenario.EstablishAt(Seconds(3), network);
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told), (again ? "success, success" : "success"), what);
        NS_TEST_EXPECT_MSG_EQ(scenario.IsShared(network), true, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.eap->GetSessions(), 0u, what);
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.answered),
                              (again ? SPOS + " success, " + TPOS + " success" : SPOS + " success"),
                              what);
        NS_TEST_EXPECT_MSG_EQ(scenario.authenticated.size(), (again ? 2u : 1u), what);
        NS_TEST_EXPECT_MSG_EQ(scenario.eap->GetRadiusRetransmissions(),
                              (lostRadius == UINT32_MAX ? 0u : 1u),
                              what);
        mis = misFrames;
        radius = radiusMessages;
    }

    std::string m_method;
};

/// What goes wrong, and what it is called.
struct Failure
{
    const char* what;
    const char* attributes; //!< of the establishment
    const char* atMn;
    const char* atPos;
    const char* atServer; //!< method and outcome, empty if the server ends nothing
    std::function<void(EapScenario&)> configure; //!< before the topology is built
    std::function<void(EapScenario&)> arrange;   //!< after it
};

/// @param frame a result @return the frame, or nothing
std::optional<FrameView>
MakeOptional(const Result<FrameView>& frame)
{
    return frame ? std::make_optional(*frame) : std::nullopt;
}

/// Changes the Auth responses or requests that come to a node.
template <class M>
void
Change(EapScenario& scenario, Ptr<Misf> at, std::function<void(M&)> change)
{
    scenario.AddLegTap(at, [change](bool isRadius, Bytes& octets) {
        const auto frame = isRadius ? std::nullopt : MakeOptional(ParseFrame(octets));
        if (!frame || frame->header.mid.Value() != M::ID.Value() || frame->header.secured ||
            frame->body.empty())
        {
            return true;
        }
        auto message = DecodeBody<M>(frame->body);
        if (message)
        {
            change(*message);
            octets = EncodeFrame(frame->header,
                                 MisfId(frame->source),
                                 MisfId(frame->destination),
                                 *message);
        }
        return true;
    });
}

Ptr<Misf>
MisfOfMn(EapScenario& scenario)
{
    return scenario.Mn()->GetMisf();
}

Ptr<Misf>
MisfOfPos(EapScenario& scenario)
{
    return scenario.Pos(0)->GetMisf();
}

std::vector<Failure>
Failures()
{
    const auto nothing = [](EapScenario&) {};
    const auto methods = [](const char* list) {
        return [list](EapScenario& scenario) {
            scenario.roaming.GetMis().SetAaaServerAttribute("Methods", StringValue(list));
        };
    };
    const auto changeResponse = [](std::function<void(AuthResponse&)> change) {
        return [change](EapScenario& scenario) {
            Change<AuthResponse>(scenario, MisfOfMn(scenario), change);
        };
    };
    return {
        {"the identity is unknown",
         "Method=EAP-GPSK",
         "refused",
         "refused",
         "none identity-unknown",
         nothing,
         [](EapScenario& scenario) {
             scenario.roaming.GetAaaServer()->RemoveSubscriber(MisfId(MN));
         }},
        {"the MN has a wrong key",
         "Method=EAP-GPSK",
         "psk-mismatch",
         "refused",
         "EAP-GPSK psk-mismatch",
         [](EapScenario& scenario) {
             scenario.Credentials().SetPreSharedKey(MisfId(MN), SecretBytes::Zeros(32));
         },
         nothing},
        {"the MN has no key",
         "Method=EAP-GPSK",
         "no-common-method",
         "refused",
         "EAP-GPSK no-common-method",
         [](EapScenario& scenario) {
             scenario.Credentials().SetPreSharedKey(MisfId(MN), SecretBytes());
         },
         nothing},
        {"there is no common method",
         "Method=EAP-GPSK",
         "no-common-method",
         "refused",
         "EAP-TLS no-common-method",
         methods("EAP-TLS"),
         nothing},
        {"the certificate of the MN is of another authority",
         "Method=EAP-TLS",
         "certificate-unknown-ca",
         "refused",
         "EAP-TLS certificate-unknown-ca",
         [=](EapScenario& scenario) {
             methods("EAP-TLS")(scenario);
             MakeForeign(scenario, MN);
         },
         nothing},
        {"the certificate of the server is of another authority",
         "Method=EAP-TLS",
         "certificate-unknown-ca",
         "refused",
         "EAP-TLS certificate-unknown-ca",
         [=](EapScenario& scenario) {
             methods("EAP-TLS")(scenario);
             MakeForeign(scenario, AAA);
         },
         nothing},
        {"the certificate of the MN has expired",
         "Method=EAP-TLS",
         "certificate-expired",
         "refused",
         "EAP-TLS certificate-expired",
         [=](EapScenario& scenario) {
             methods("EAP-TLS")(scenario);
             MakeExpired(scenario, MN);
         },
         nothing},
        {"the MN is another subscriber",
         "Method=EAP-GPSK",
         "refused",
         "refused",
         "EAP-GPSK not-authorized",
         [](EapScenario& scenario) {
             const MisfId other("mn9@home.example");
             const auto* psk = scenario.Credentials().GetPreSharedKey(other, MisfId(AAA));
             scenario.Credentials().SetPreSharedKey(MisfId(MN), *psk);
             scenario.eap->SetIdentity(MisfId(MN), other.Get());
         },
         [](EapScenario& scenario) {
             scenario.roaming.GetAaaServer()->AddSubscriber(MisfId("mn9@home.example"));
         }},
        {"the server is silent",
         "Method=EAP-GPSK",
         "aaa-unreachable",
         "aaa-unreachable",
         "",
         nothing,
         [](EapScenario& scenario) {
             scenario.AddLegTap(scenario.Aaa(), [](bool, Bytes&) { return false; });
         }},
        {"the PoS has a wrong RADIUS secret",
         "Method=EAP-GPSK",
         "aaa-unreachable",
         "aaa-unreachable",
         "",
         [](EapScenario& scenario) {
             scenario.Credentials().SetPreSharedKey(MisfId(SPOS), SecretBytes::Zeros(32));
         },
         nothing},
        {"the MN is not heard after its first request",
         "Method=EAP-GPSK",
         "no-acknowledgement",
         "timeout",
         "",
         nothing,
         [](EapScenario& scenario) {
             scenario.AddLegTap(MisfOfPos(scenario), [seen = 0](bool isRadius, Bytes&) mutable {
                 return isRadius || seen++ == 0;
             });
         }},
        {"AUTH of the PoS is changed",
         "Method=EAP-GPSK",
         "bad-auth",
         "not-confirmed",
         "EAP-GPSK success",
         nothing,
         changeResponse([](AuthResponse& response) {
             if (response.auth)
             {
                 response.auth->back() ^= 1;
             }
         })},
        {"AUTH of the PoS is missing",
         "Method=EAP-GPSK",
         "bad-auth",
         "not-confirmed",
         "EAP-GPSK success",
         nothing,
         changeResponse([](AuthResponse& response) { response.auth = std::nullopt; })},
        {"the SAID is changed",
         "Method=EAP-GPSK",
         "bad-auth",
         "not-confirmed",
         "EAP-GPSK success",
         nothing,
         changeResponse([](AuthResponse& response) {
             if (response.said)
             {
                 response.said->value.back() ^= 1;
             }
         })},
        {"the lifetime is changed",
         "Method=EAP-GPSK",
         "bad-auth",
         "not-confirmed",
         "EAP-GPSK success",
         nothing,
         changeResponse([](AuthResponse& response) {
             if (response.keyLifetime)
             {
                 ++*response.keyLifetime;
             }
         })},
        {"Nonce-N is changed",
         "Method=EAP-GPSK",
         "bad-auth",
         "not-confirmed",
         "EAP-GPSK success",
         nothing,
         changeResponse([](AuthResponse& response) {
             if (response.nonce)
             {
                 response.nonce->front() ^= 1;
             }
         })},
        {"Nonce-T is changed",
         "Method=EAP-GPSK",
         "bad-auth",
         "not-confirmed",
         "EAP-GPSK success",
         nothing,
         [](EapScenario& scenario) {
             Change<AuthRequest>(scenario, MisfOfPos(scenario), [](AuthRequest& request) {
                 if (request.nonce)
                 {
                     request.nonce->front() ^= 1;
                 }
             });
         }},
        {"something is added to the first request",
         "Method=EAP-GPSK",
         "bad-auth",
         "not-confirmed",
         "EAP-GPSK success",
         nothing,
         [](EapScenario& scenario) {
             Change<AuthRequest>(scenario, MisfOfPos(scenario), [](AuthRequest& request) {
                 if (request.nonce)
                 {
                     request.mnId = MisfId(MN);
                 }
             });
         }},
        {"the offer of the ciphersuite is changed",
         "Method=EAP-GPSK",
         "no-common-suite",
         "no-common-suite",
         "",
         nothing,
         [](EapScenario& scenario) {
             Change<AuthRequest>(scenario, MisfOfPos(scenario), [](AuthRequest& request) {
                 if (request.ciphersuite)
                 {
                     request.ciphersuite = assigned::SUITE_NULL_CMAC;
                 }
             });
         }},
        {"an EAP packet of the server is no EAP packet",
         "Method=EAP-GPSK",
         "malformed",
         "timeout",
         "EAP-GPSK timeout",
         nothing,
         changeResponse([](AuthResponse& response) {
             if (response.authenticationInformation &&
                 response.authenticationInformation->size() > 5)
             {
                 response.authenticationInformation->front() = 0;
             }
         })},
        {"EAP packets of the MN are no EAP packets",
         "Method=EAP-GPSK",
         "refused",
         "refused",
         "EAP-GPSK protocol-error",
         nothing,
         [](EapScenario& scenario) {
             Change<AuthRequest>(scenario, MisfOfPos(scenario), [](AuthRequest& request) {
                 if (request.authenticationInformation &&
                     request.authenticationInformation->size() > 100)
                 {
                     request.authenticationInformation->front() = 0;
                 }
             });
         }},
        {"success comes before the method",
         "Method=EAP-GPSK",
         "premature-success",
         "timeout",
         "EAP-GPSK timeout",
         nothing,
         changeResponse([](AuthResponse& response) {
             if (response.authenticationInformation &&
                 response.authenticationInformation->size() > 5)
             {
                 response.authenticationInformation = Bytes{3, 0, 0, 4};
                 response.status = Status::SUCCESS;
             }
         })},
    };
}

/// Whatever fails has a name and leaves nothing.
class FailureTestCase : public TestCase
{
  public:
    FailureTestCase()
        : TestCase("each failure has its name at MN, PoS and server and leaves no SA and no state")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& failure : Failures())
        {
            EapScenario scenario(failure.attributes);
            failure.configure(scenario);
            scenario.Start();
            failure.arrange(scenario);
            scenario.EstablishAt(Seconds(1));
            Scenario::Run(Seconds(80));
            NS_TEST_EXPECT_MSG_EQ(Join(scenario.told), failure.atMn, failure.what);
            NS_TEST_EXPECT_MSG_EQ(scenario.Last(), failure.atMn, failure.what);
            NS_TEST_EXPECT_MSG_EQ(Join(scenario.answered),
                                  SPOS + " " + failure.atPos,
                                  failure.what);
            std::string server;
            for (const auto& line : scenario.authenticated)
            {
                server += (server.empty() ? "" : ", ") + line.substr(line.find(' ') + 1);
            }
            NS_TEST_EXPECT_MSG_EQ(server, failure.atServer, failure.what);
            NS_TEST_EXPECT_MSG_EQ(scenario.EapLeftovers(), "", failure.what);
        }
    }
};

/// The server is unreachable for a while, or always.
class UnreachableTestCase : public TestCase
{
  public:
    UnreachableTestCase()
        : TestCase("a PoS repeats a request at growing intervals, gives up at the right time, and "
                   "a preregistration says why it has no SA")
    {
    }

  private:
    void DoRun() override
    {
        Silent();
        Absent();
    }

    void Silent()
    {
        EapScenario scenario("RadiusTimeout=500ms|RadiusMaxTimeout=2s|RadiusSends=5");
        scenario.Start();
        std::vector<double> at;
        std::set<std::string> different;
        scenario.AddLegTap(scenario.Aaa(), [&](bool isRadius, Bytes& octets) {
            if (isRadius)
            {
                at.push_back(Simulator::Now().GetSeconds());
                different.insert(std::string(octets.begin(), octets.end()));
            }
            return false;
        });
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "no-spos-sa-aaa-unreachable", "MN");
        NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", "left");
        NS_TEST_EXPECT_MSG_EQ(different.size(), 1u, "the same octets");
        NS_TEST_ASSERT_MSG_EQ(at.size(), 5u, "sent");
        const double waits[] = {0.5, 1, 2, 2};
        for (size_t i = 0; i < 4; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(at[i + 1] - at[i], waits[i], 1e-6, "wait " << i);
        }
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 1u, "ended");
        NS_TEST_EXPECT_MSG_EQ_TOL(
            (scenario.established[0].end - scenario.established[0].begin).GetSeconds(),
            7.5 + 4 * 0.003,
            1e-4,
            "four legs to the PoS, and all waits");
    }

    void Absent()
    {
        EapScenario without;
        without.roaming.SetAaaServer(false);
        without.Start();
        without.EstablishAt(Seconds(1));
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(Join(without.told), "aaa-unreachable", "no server");
        NS_TEST_EXPECT_MSG_EQ(Join(without.answered), SPOS + " no-aaa-server", "no server");
    }
};

/// Somebody repeats what was sent, or makes it up.
class AttackTestCase : public TestCase
{
  public:
    AttackTestCase()
        : TestCase("what an attacker repeats or makes up ends in a named outcome, and gives no SA "
                   "and takes none away")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto* method : {"EAP-GPSK", "EAP-TLS", "ERP"})
        {
            Replay(method);
        }
        Strangers();
        Starts();
    }

    void Replay(const std::string& method)
    {
        EapScenario scenario("Method=" + method);
        if (method == "EAP-TLS")
        {
            scenario.roaming.GetMis().SetAaaServerAttribute("Methods", StringValue(method));
        }
        scenario.Start();
        const uint32_t network = method == "ERP" ? 1 : 0;
        std::vector<Bytes> requests;
        scenario.AddLegTap(scenario.Pos(network)->GetMisf(), [&](bool isRadius, Bytes& octets) {
            const auto frame = isRadius ? std::nullopt : MakeOptional(ParseFrame(octets));
            if (frame && frame->header.mid.Value() == AuthRequest::ID.Value() &&
                Simulator::Now() < Seconds(5))
            {
                requests.push_back(octets);
            }
            return true;
        });
        scenario.EstablishAt(Seconds(1), 0);
        if (method == "ERP")
        {
            scenario.EstablishAt(Seconds(3), 1);
        }
        // Later than MIS answers duplicates by itself.
        Scenario::At(Seconds(40), [&] {
            scenario.answered.clear();
            scenario.authenticated.clear();
            for (size_t i = 0; i < requests.size(); ++i)
            {
                Scenario::At(Seconds(40.0 + 0.2 * i),
                             [&, i] { scenario.Inject(scenario.Pos(network), requests[i]); });
            }
        });
        Scenario::Run(Seconds(100));
        NS_TEST_EXPECT_MSG_GT(requests.size(), 1u, method);
        const auto pos = RoamingScenarioHelper::PosId(network);
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.answered),
                              pos + (method == "EAP-GPSK" ? " timeout" : " refused"),
                              method);
        NS_TEST_EXPECT_MSG_EQ(scenario.authenticated.size(), 1u, method);
        NS_TEST_EXPECT_MSG_EQ((Join(scenario.authenticated).find("success") == std::string::npos),
                              true,
                              method);
        NS_TEST_EXPECT_MSG_EQ(scenario.IsShared(network), true, method << ": the SA has stayed");
        NS_TEST_EXPECT_MSG_EQ(scenario.eap->GetSessions(), 0u, method);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", method);
    }

    void Strangers()
    {
        EapScenario scenario;
        scenario.Start();
        const auto send = [&](Ptr<Node> from, const Bytes& octets) {
            auto socket = Socket::CreateSocket(from, UdpSocketFactory::GetTypeId());
            socket->Bind();
            const auto address = scenario.Aaa()->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal();
            socket->SendTo(Create<Packet>(octets.data(), octets.size()),
                           0,
                           InetSocketAddress(address, RADIUS_PORT));
        };
        const auto pos = scenario.Pos(0)->GetMisf()->GetObject<Node>();
        Bytes request(64, 0);
        Scenario::At(Seconds(1), [&] { send(scenario.Gm()->GetObject<Node>(), request); });
        Scenario::At(Seconds(2), [&] { send(pos, Bytes(5, 1)); });
        Scenario::At(Seconds(3), [&] { send(pos, request); });
        Scenario::Run(Seconds(10));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.dropped),
                              "unknown-client, malformed, malformed",
                              "the server");
        NS_TEST_EXPECT_MSG_EQ(scenario.roaming.GetAaaServer()->GetSessions(), 0u, "the server");
    }

    /// A request that goes on with nothing, and one that starts twice.
    void Starts()
    {
        EapScenario second;
        second.Start();
        mis::Header header{};
        header.tid = 77;
        AuthRequest stray;
        stray.authenticationInformation = Bytes{2, 0, 0, 5, 1};
        AuthRequest start;
        start.ciphersuite = assigned::SUITE_AES_CCM;
        start.nonce = Nonce{};
        Scenario::At(Seconds(1), [&] {
            second.Inject(second.Pos(0), EncodeFrame(header, MisfId(MN), MisfId(SPOS), stray));
            header.tid = 78;
            second.Inject(second.Pos(0), EncodeFrame(header, MisfId(MN), MisfId(SPOS), start));
            header.tid = 79;
            second.Inject(second.Pos(0), EncodeFrame(header, MisfId(MN), MisfId(SPOS), start));
        });
        second.EstablishAt(Seconds(2));
        Scenario::Run(Seconds(60));
        const auto& misf = second.Pos(0)->GetMisf();
        NS_TEST_EXPECT_MSG_EQ(misf->GetDropCount(DropReason::REFUSED_BY_USER), 2u, "refused");
        NS_TEST_EXPECT_MSG_EQ(Join(second.answered),
                              SPOS + " superseded, " + SPOS + " success",
                              "the MN comes through");
        NS_TEST_EXPECT_MSG_EQ(Join(second.told), "success", "the MN comes through");
    }
};

/// All cases.
class EapEstablishmentFailureTestSuite : public TestSuite
{
  public:
    EapEstablishmentFailureTestSuite()
        : TestSuite("mis-eap-establishment-failure", TestSuite::Type::UNIT)
    {
        for (const auto* method : {"EAP-GPSK", "EAP-TLS", "ERP"})
        {
            AddTestCase(new LossTestCase(method));
        }
        AddTestCase(new FailureTestCase);
        AddTestCase(new UnreachableTestCase);
        AddTestCase(new AttackTestCase);
    }
};

EapEstablishmentFailureTestSuite g_eapEstablishmentFailureTestSuite; //!< the instance

} // namespace
