// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Security associations established by EAP over MIS, with an AAA server behind RADIUS.
 */
#include "mis-eap-scenario.h"
#include "mis-oracle-test-helpers.h"

#include "ns3/boolean.h"
#include "ns3/nstime.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <filesystem>
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

/// Each full method, then what it is for.
class SuccessTestCase : public TestCase
{
  public:
    SuccessTestCase()
        : TestCase("each method gives MN and PoS one SA after its round trips, and a "
                   "preregistration goes under it")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& method : METHODS)
        {
            for (const bool compute : {true, false})
            {
                Check(method, compute);
            }
        }
    }

    void Check(const Method& method, bool compute)
    {
        const auto what = std::string(method.attributes) + (compute ? "" : ", counting only");
        EapScenario scenario(method.attributes);
        Configure(scenario, method);
        scenario.roaming.GetMis().SetMisfAttribute("ComputeCryptography", BooleanValue(compute));
        scenario.Start();
        scenario.Preregister(Seconds(1));
        scenario.Handover(Seconds(3));
        uint32_t radius = 0;
        scenario.AddLegTap(scenario.Aaa(), [&](bool, Bytes&) {
            ++radius;
            return true;
        });
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", what);
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 1u, what);
        const auto& report = scenario.established[0];
        NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", what);
        NS_TEST_EXPECT_MSG_EQ(report.local.Get(), MN, what);
        NS_TEST_EXPECT_MSG_EQ(report.peer.Get(), SPOS, what);
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.answered), SPOS + " success", what);
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.authenticated),
                              MN + " " + method.name + " success",
                              what);
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.dropped), "", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers.size(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(radius, method.eapRoundTrips, what << ": requests");
        NS_TEST_EXPECT_MSG_EQ(scenario.roaming.GetAaaServer()->GetSessions(), 0u, what);
        // Start, the requests that carry EAP Responses, and the confirmation.
        const auto requests = scenario.Sent(MN, AuthRequest::ID);
        const auto responses = scenario.Sent(SPOS, AuthResponse::ID);
        NS_TEST_EXPECT_MSG_EQ(requests.size(), method.eapRoundTrips + 2, what);
        NS_TEST_EXPECT_MSG_EQ(responses.size(), method.eapRoundTrips + 2, what);
        NS_TEST_EXPECT_MSG_EQ(requests.back().header.secured, true, what);
        NS_TEST_EXPECT_MSG_EQ(responses.back().header.secured, true, what);
        // MN - PoS is 2 + 1 ms, PoS - server 1 + 5 + 7 ms.
        const double expected =
            2 * 3.0 * (method.eapRoundTrips + 2) + 2 * 13.0 * method.eapRoundTrips;
        NS_TEST_EXPECT_MSG_EQ_TOL((report.end - report.begin).GetSeconds() * 1000,
                                  expected,
                                  0.1,
                                  what);
        // The request of the preregistration was protected under the SA.
        const auto prereg = scenario.Sent(MN, PreregXferRequest::ID);
        NS_TEST_EXPECT_MSG_EQ((!prereg.empty() && prereg[0].header.secured), true, what);
    }
};

/// Both ends have the same SA, and the octets are those of the protocols.
class OctetsTestCase : public TestCase
{
  public:
    OctetsTestCase()
        : TestCase("Auth messages of EAP-GPSK have the lengths that the layouts give, and MN and "
                   "PoS hold the same keys")
    {
    }

  private:
    void DoRun() override
    {
        EapScenario scenario;
        scenario.Start();
        scenario.EstablishAt(Seconds(1));
        Scenario::Run(Seconds(2));
        NS_TEST_EXPECT_MSG_EQ(scenario.IsShared(), true, "one SA");
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told), "success", "told");
        // Header 8, two identifier TLVs of 3 + length each.
        const size_t ids = 8 + 2 * 3 + MN.size() + SPOS.size();
        const size_t peer = MN.size();
        const size_t server = std::string("aaa@home.example").size();
        const auto tlv = [](size_t value) { return 1 + (value < 128 ? 1 : 2) + value; };
        // An OCTET_STRING has its length in front.
        const auto octets = [&](size_t value) { return tlv(value + (value < 128 ? 1 : 2)); };
        const std::vector<size_t> requests{ids + tlv(1) + octets(16),
                                           ids + octets(5 + peer),
                                           ids + octets(84 + peer + server + 12 + 16),
                                           ids + octets(8 + 16)};
        const std::vector<size_t> responses{
            ids + octets(5),
            ids + octets(42 + server + 12),
            ids + octets(80 + server + 16),
            // EAP-Success, suite, nonce, lifetime, SAID (type, length, 4), AUTH, status
            ids + octets(4) + tlv(1) + octets(16) + tlv(4) + tlv(6) + octets(16) + tlv(1)};
        Compare(scenario.Sent(MN, AuthRequest::ID), requests, "request ");
        Compare(scenario.Sent(SPOS, AuthResponse::ID), responses, "response ");
    }

    void Compare(const std::vector<Sight>& frames,
                 const std::vector<size_t>& octets,
                 const std::string& what)
    {
        NS_TEST_ASSERT_MSG_EQ(frames.size(), octets.size() + 1, what);
        for (size_t i = 0; i < octets.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(frames[i].octets, octets[i], what << i);
        }
    }
};

/// Re-authentication.
class ReauthenticationTestCase : public TestCase
{
  public:
    ReauthenticationTestCase()
        : TestCase("ERP: two round trips to any PoS with the keys of an earlier authentication, a "
                   "full one when these are not known or over")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto* full : {"EAP-GPSK", "EAP-TLS"})
        {
            Check(full);
        }
        Lifetime(Seconds(1), Hours(8), "at the MN");
        Lifetime(Hours(8), Seconds(1), "at the server");
    }

    void Check(const std::string& full)
    {
        EapScenario scenario("Method=ERP|FullMethod=" + full, 3);
        scenario.roaming.GetMis().SetAaaServerAttribute("Methods", StringValue(full + ",ERP"));
        scenario.Start();
        scenario.EstablishAt(Seconds(1), 0);
        scenario.EstablishAt(Seconds(3), 1);
        scenario.EstablishAt(Seconds(5), 2);
        // The server forgets; the MN learns that and makes new keys.
        Scenario::At(Seconds(6), [&] {
            scenario.roaming.GetAaaServer()->ForgetKeys();
            for (uint32_t i = 0; i < 3; ++i)
            {
                for (const auto& misf : {scenario.Mn()->GetMisf(), scenario.Pos(i)->GetMisf()})
                {
                    const auto& peer =
                        misf == scenario.Mn()->GetMisf() ? RoamingScenarioHelper::PosId(i) : MN;
                    for (const auto& sa : EapScenario::EapSas(misf, peer))
                    {
                        misf->RemoveSa(sa.said, MisfId(peer));
                    }
                }
            }
        });
        scenario.EstablishAt(Seconds(7), 1);
        scenario.EstablishAt(Seconds(9), 0);
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told),
                              "success, success, success, success, success",
                              full);
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.authenticated),
                              MN + " " + full + " success, " + MN + " ERP success, " + MN +
                                  " ERP success, " + KeyName(scenario) + " ERP unknown-key-name, " +
                                  MN + " " + full + " success, " + MN + " ERP success",
                              full);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", full);
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 5u, full);
        NS_TEST_EXPECT_MSG_EQ(scenario.IsShared(0), true, full);
        NS_TEST_EXPECT_MSG_EQ(scenario.IsShared(1), true, full);
        const auto duration = [&](size_t i) {
            return (scenario.established[i].end - scenario.established[i].begin).GetSeconds() *
                   1000;
        };
        // MN - other PoS is 2 + 5 + 5 + 1 ms; the first of the round trips goes on to the server.
        NS_TEST_EXPECT_MSG_EQ_TOL(duration(1), 2 * 2 * 13.0 + 2 * 13.0, 0.1, full);
        NS_TEST_EXPECT_MSG_EQ_TOL(duration(2), 2 * 2 * 13.0 + 2 * 13.0, 0.1, full);
        NS_TEST_EXPECT_MSG_EQ_TOL(duration(4), 2 * 2 * 3.0 + 2 * 13.0, 0.1, full);
        const uint32_t round = full == "EAP-GPSK" ? 3 : 4;
        NS_TEST_EXPECT_MSG_EQ_TOL(duration(3),
                                  2 * 13.0 * (1 + round + 2) + 2 * 13.0 * (1 + round),
                                  0.1,
                                  full);
    }

    /// The name under which the key that is not known was asked for.
    static std::string KeyName(const EapScenario& scenario)
    {
        for (const auto& line : scenario.authenticated)
        {
            if (line.find("unknown-key-name") != std::string::npos)
            {
                return line.substr(0, line.find(' '));
            }
        }
        return "nobody";
    }

    void Lifetime(Time atMn, Time atServer, const std::string& what)
    {
        EapScenario scenario("Method=ERP");
        scenario.eap->SetAttribute("KeyLifetime", TimeValue(atMn));
        scenario.roaming.GetMis().SetAaaServerAttribute("KeyLifetime", TimeValue(atServer));
        scenario.Start();
        scenario.EstablishAt(Seconds(1), 0);
        scenario.EstablishAt(Seconds(3), 1);
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told), "success, success", what);
        NS_TEST_ASSERT_MSG_EQ(scenario.authenticated.empty(), false, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.authenticated.back(), MN + " EAP-GPSK success", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.authenticated.size(), (atMn < atServer ? 2u : 3u), what);
    }
};

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

/// Renewal, and many at once.
class CrowdTestCase : public TestCase
{
  public:
    CrowdTestCase()
        : TestCase("many mobile nodes at once queue at the processors of PoS and server, and an SA "
                   "is renewed before its end")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t COUNT = 20;
        EapScenario scenario("Lifetime=20s|RenewBefore=5s");
        scenario.roaming.SetMobileNodes(COUNT);
        scenario.roaming.GetMis().SetDeviceProfiles("phone", "cortex-m");
        scenario.Start();
        for (uint32_t mn = 0; mn < COUNT; ++mn)
        {
            scenario.EstablishAt(Seconds(1), 0, mn);
        }
        Scenario::Run(Seconds(30));
        NS_TEST_EXPECT_MSG_EQ(scenario.told.size(), COUNT, "told");
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 2 * COUNT, "and renewed once");
        for (const auto& report : scenario.established)
        {
            NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", report.local);
        }
        for (uint32_t mn = 0; mn < COUNT; ++mn)
        {
            NS_TEST_EXPECT_MSG_EQ(scenario.IsShared(0, mn), true, "MN " << mn);
        }
        const auto last = scenario.established[COUNT - 1];
        NS_TEST_EXPECT_MSG_GT((last.end - last.begin).GetSeconds(),
                              (2 * 3.0 * 5 + 2 * 13.0 * 3) / 1000,
                              "it takes time");
        NS_TEST_EXPECT_MSG_GT(scenario.Aaa()->GetCpuTime().GetNanoSeconds(), 0, "charged");
    }
};

/// What others read.
class CaptureTestCase : public TestCase
{
  public:
    CaptureTestCase()
        : TestCase("tshark reads RADIUS and MIS of all methods without complaint, and the same "
                   "seed gives the same octets")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& method : METHODS)
        {
            const auto first = Record(method, "first");
            const auto second = Record(method, "second");
            NS_TEST_ASSERT_MSG_EQ(first.pcaps.size(), second.pcaps.size(), method.attributes);
            for (size_t i = 0; i < first.pcaps.size(); ++i)
            {
                const bool isSame = ReadFile(first.pcaps[i]) == ReadFile(second.pcaps[i]);
                NS_TEST_EXPECT_MSG_EQ(isSame, true, method.attributes << ": " << first.pcaps[i]);
            }
            if (HasProgram("tshark"))
            {
                Read(method, first);
            }
        }
    }

    /// The PoS of the first network is at both legs.
    void Read(const Method& method, const RoamingRecord& record)
    {
        const auto pos = std::find_if(record.nodes.begin(),
                                      record.nodes.end(),
                                      [](const auto& node) { return node.id == SPOS; });
        NS_TEST_ASSERT_MSG_EQ((pos != record.nodes.end()), true, "the PoS has captures");
        const auto reading = RunCommand(
            "tshark -n -r " + Quote(pos->pcaps.at(0)) +
            " -T fields -e radius.code -e eap.code -e eap.type -e mih.mid -e _ws.malformed "
            "-e _ws.expert.severity 2>/dev/null");
        std::set<std::string> radius;
        size_t mih = 0;
        std::istringstream lines(reading.output);
        for (std::string line; std::getline(lines, line);)
        {
            std::vector<std::string> fields(1);
            for (const char c : line)
            {
                if (c == '\t')
                {
                    fields.emplace_back();
                }
                else
                {
                    fields.back() += c;
                }
            }
            NS_TEST_ASSERT_MSG_EQ(fields.size(), 6u, line);
            NS_TEST_EXPECT_MSG_EQ(fields[4], "", method.attributes << ": malformed: " << line);
            // Severity of errors, as in epan/proto.h.
            NS_TEST_EXPECT_MSG_EQ((fields[5].find("8388608") == std::string::npos),
                                  true,
                                  method.attributes << ": error: " << line);
            if (!fields[0].empty())
            {
                radius.insert(fields[0] + " " + fields[1] + " " + fields[2]);
            }
            mih += !fields[3].empty();
        }
        const std::string type = std::string(method.name) == "EAP-GPSK" ? "51" : "13";
        const std::set<std::string> expected{"1 2 1", "11 1 " + type, "1 2 " + type, "2 3 "};
        NS_TEST_EXPECT_MSG_EQ(Join({radius.begin(), radius.end()}),
                              Join({expected.begin(), expected.end()}),
                              method.attributes);
        NS_TEST_EXPECT_MSG_GT(mih, 10u, method.attributes);
    }

    RoamingRecord Record(const Method& method, const std::string& name)
    {
        const auto prefix = CreateTempDirFilename(name);
        EapScenario scenario(method.attributes);
        Configure(scenario, method);
        scenario.Start();
        auto& roaming = scenario.roaming;
        roaming.GetMis().EnablePcap(prefix, roaming.GetDevices());
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(10));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", method.attributes);
        RoamingRecord record;
        DescribeNodes(roaming, prefix, record);
        return record;
    }
};

/// All cases.
class EapEstablishmentTestSuite : public TestSuite
{
  public:
    EapEstablishmentTestSuite()
        : TestSuite("mis-eap-establishment", TestSuite::Type::UNIT)
    {
        AddTestCase(new SuccessTestCase);
        AddTestCase(new OctetsTestCase);
        AddTestCase(new ReauthenticationTestCase);
        for (const auto* method : {"EAP-GPSK", "EAP-TLS", "ERP"})
        {
            AddTestCase(new LossTestCase(method));
        }
        AddTestCase(new FailureTestCase);
        AddTestCase(new UnreachableTestCase);
        AddTestCase(new AttackTestCase);
        AddTestCase(new CrowdTestCase);
        AddTestCase(new CaptureTestCase);
    }
};

EapEstablishmentTestSuite g_eapEstablishmentTestSuite; //!< the instance

} // namespace
