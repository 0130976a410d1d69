// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Security associations established by TLS over MIS.
 */
#include "mis-scenario-test.h"

#include "ns3/mis-tls-establishment.h"
#include "ns3/nstime.h"
#include "ns3/test.h"

#include <functional>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

const std::string MN = RoamingScenarioHelper::MobileNodeId(0);
const std::string SPOS = RoamingScenarioHelper::PosId(0);
const std::string TPOS = RoamingScenarioHelper::PosId(1);

/// A scenario whose pairs establish their SAs by TLS.
struct TlsScenario : Scenario
{
    /**
     * @param attributes of the establishment
     * @param pairs roles that use it; the others are provisioned
     */
    explicit TlsScenario(const std::string& attributes = "",
                         const std::vector<SaPair>& pairs = {SaPair::MN_POS,
                                                             SaPair::POS_POS,
                                                             SaPair::POS_GM})
    {
        ObjectFactory factory;
        std::istringstream("ns3::mis::TlsEstablishment[" + attributes + "]") >> factory;
        tls = factory.Create<TlsEstablishment>();
        for (const auto pair : pairs)
        {
            roaming.GetMis().SetEstablishment(pair, tls);
        }
        tls->TraceConnectWithoutContext("Established",
                                        MakeCallback(&TlsScenario::OnEstablished, this));
        tls->TraceConnectWithoutContext("Answered", MakeCallback(&TlsScenario::OnAnswered, this));
    }

    void OnEstablished(const EstablishmentReport& report)
    {
        established.push_back(report);
    }

    void OnAnswered(const MisfId& server, const MisfId& client, const std::string& outcome)
    {
        answered.push_back(server.Get() + " " + client.Get() + " " + outcome);
    }

    CredentialStore& Credentials()
    {
        return *roaming.GetMis().GetCredentials();
    }

    /// @return SAs by TLS of a node with a peer
    static size_t Count(Ptr<Misf> misf, const std::string& peer)
    {
        size_t count = 0;
        for (const auto& sa : SasWith(misf, MisfId(peer), false))
        {
            count += sa.said.type == IdType::TLS;
        }
        return count;
    }

    Ptr<TlsEstablishment> tls;
    std::vector<EstablishmentReport> established;
    std::vector<std::string> answered;
};

/// All goes well.
class SuccessTestCase : public TestCase
{
  public:
    SuccessTestCase()
        : TestCase("each pair has an SA by TLS when it first needs one, in both versions, with "
                   "certificates and keys, after the round trips of the version")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto* version : {"1.2", "1.3"})
        {
            for (const auto* credential : {"Certificate", "PreSharedKey"})
            {
                for (const auto* remedy : {"ns3::mis::SaProtectedRemedy",
                                           "ns3::mis::GroupKeyRemedy",
                                           "ns3::mis::ClauseRemovedRemedy",
                                           "ns3::mis::LegacyPrfRemedy"})
                {
                    Check(version, credential, remedy);
                }
            }
        }
    }

    void Check(const std::string& version, const std::string& credential, const std::string& remedy)
    {
        const auto what = version + " " + credential + " " + remedy;
        TlsScenario scenario("Version=" + version + "|Credential=" + credential);
        scenario.roaming.GetMis().SetRemedy(Scenario::Remedy(remedy));
        scenario.AddNetworks(3, MilliSeconds(10));
        scenario.Build();
        NS_TEST_ASSERT_MSG_EQ(scenario.WalkOverThree(), "", what);
        const bool withGm = remedy == "ns3::mis::GroupKeyRemedy";
        // MN-SPoS once, SPoS-TPoS for each handover, each SPoS with the group manager.
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), withGm ? 5u : 3u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.answered.size(), scenario.established.size(), what);
        for (const auto& report : scenario.established)
        {
            NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", what);
        }
        const auto& first = scenario.established[0];
        NS_TEST_EXPECT_MSG_EQ(first.local.Get(), MN, what);
        NS_TEST_EXPECT_MSG_EQ(first.peer.Get(), SPOS, what);
        // Two flights each way in both versions; MN - AR - PoS is 10 ms, and the local link.
        const double roundTrip = 2 * 10.0;
        NS_TEST_EXPECT_MSG_EQ_TOL((first.end - first.begin).GetSeconds() * 1000,
                                  2 * roundTrip,
                                  1.0,
                                  what);
        NS_TEST_EXPECT_MSG_EQ(TlsScenario::Count(scenario.Pos(0)->GetMisf(), TPOS), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(TlsScenario::Count(scenario.Pos(1)->GetMisf(), SPOS), 1u, what);
        const auto here = Scenario::SasWith(scenario.Pos(0)->GetMisf(), MisfId(TPOS), false);
        const auto there = Scenario::SasWith(scenario.Pos(1)->GetMisf(), MisfId(SPOS), false);
        NS_TEST_EXPECT_MSG_EQ((here[0].said == there[0].said && here[0].miek == there[0].miek &&
                               here[0].initiator != there[0].initiator),
                              true,
                              what << ": one SA at both ends");
    }
};

/// A way for an establishment to fail.
struct Failure
{
    const char* what;
    const char* credential;
    const char* outcome; //!< at the initiator
    std::function<void(TlsScenario&, const std::string& client, const std::string& server)> arrange;
};

/// Everything that goes wrong with credentials.
class FailureTestCase : public TestCase
{
  public:
    explicit FailureTestCase(const std::string& version)
        : TestCase("TLS " + version +
                   ": each failure has its name at both ends of both pairs and "
                   "leaves nothing behind"),
          m_version(version)
    {
    }

  private:
    static std::vector<Failure> Failures()
    {
        const auto expired = [](TlsScenario& scenario, const std::string& who) {
            Ptr<CredentialStore> other = CreateObject<CredentialStore>();
            auto& store = scenario.Credentials();
            store.SetAttribute("Validity", TimeValue(MilliSeconds(500)));
            store.GetCertifiedKey(MisfId(who));
            store.SetAttribute("Validity", TimeValue(Seconds(1000)));
        };
        const auto foreign = [](TlsScenario& scenario, const std::string& who) {
            Ptr<CredentialStore> other = CreateObject<CredentialStore>();
            other->AssignStreams(5000);
            StreamRandomSource source;
            source.AssignStreams(5001);
            CryptoContext crypto(CryptoBackend::OPENSSL, source);
            const auto ca = CertifiedKey::MakeAuthority(crypto, "another authority");
            scenario.Credentials().SetCertifiedKey(
                MisfId(who),
                ca.Issue(crypto, who, 2, -1, Seconds(1000).GetNanoSeconds()));
        };
        const auto renamed = [](TlsScenario& scenario, const std::string& who) {
            auto& store = scenario.Credentials();
            store.SetCertifiedKey(MisfId(who),
                                  store.GetCertifiedKey(MisfId("somebody@else.example")));
        };
        return {
            {"client expired",
             "Certificate",
             "cert-expired",
             [=](TlsScenario& s, const std::string& c, const std::string&) { expired(s, c); }},
            {"server expired",
             "Certificate",
             "cert-expired",
             [=](TlsScenario& s, const std::string&, const std::string& d) { expired(s, d); }},
            {"client of another authority",
             "Certificate",
             "cert-unknown-ca",
             [=](TlsScenario& s, const std::string& c, const std::string&) { foreign(s, c); }},
            {"server of another authority",
             "Certificate",
             "cert-unknown-ca",
             [=](TlsScenario& s, const std::string&, const std::string& d) { foreign(s, d); }},
            {"client with another name",
             "Certificate",
             "cert-name-mismatch",
             [=](TlsScenario& s, const std::string& c, const std::string&) { renamed(s, c); }},
            {"server with another name",
             "Certificate",
             "cert-name-mismatch",
             [=](TlsScenario& s, const std::string&, const std::string& d) { renamed(s, d); }},
            {"another key",
             "PreSharedKey",
             "psk-mismatch",
             [](TlsScenario& s, const std::string& c, const std::string&) {
                 s.Credentials().SetPreSharedKey(MisfId(c), SecretBytes::Zeros(32));
             }},
            {"a key that the server does not know",
             "PreSharedKey",
             "psk-unknown",
             [](TlsScenario& s, const std::string&, const std::string& d) {
                 s.Credentials().SetPreSharedKey(MisfId(d), SecretBytes());
             }},
        };
    }

    void Check(const Failure& failure, SaPair pair)
    {
        const bool isMn = pair == SaPair::MN_POS;
        const auto client = isMn ? MN : SPOS;
        const auto server = isMn ? SPOS : TPOS;
        const auto what = std::string(failure.what) + (isMn ? ", MN-SPoS" : ", SPoS-TPoS");
        TlsScenario scenario("Version=" + m_version + "|Credential=" + failure.credential, {pair});
        scenario.roaming.GetMis().SetRemedy("ns3::mis::SaProtectedRemedy");
        scenario.AddNetworks(2);
        scenario.Build();
        Scenario::At(MilliSeconds(900), [&] { failure.arrange(scenario, client, server); });
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(30));
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.established[0].outcome, failure.outcome, what);
        NS_TEST_ASSERT_MSG_EQ(scenario.answered.size(), 1u, what << ": the server knows too");
        NS_TEST_EXPECT_MSG_EQ(scenario.answered[0],
                              server + " " + client + " " + failure.outcome,
                              what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(),
                              isMn ? std::string("no-spos-sa-") + failure.outcome
                                   : std::string("rejected"),
                              what);
        if (!isMn)
        {
            NS_TEST_ASSERT_MSG_EQ(scenario.serving.size(), 1u, what << ": the SPoS has a reason");
            NS_TEST_EXPECT_MSG_EQ(scenario.serving[0].outcome,
                                  std::string("no-tpos-sa-") + failure.outcome,
                                  what);
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", what);
        for (uint32_t i = 0; i < 2; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(TlsScenario::Count(scenario.Pos(i)->GetMisf(), client) +
                                      TlsScenario::Count(scenario.Pos(i)->GetMisf(), server),
                                  0u,
                                  what << ": no SA");
        }
    }

    void DoRun() override
    {
        for (const auto& failure : Failures())
        {
            Check(failure, SaPair::MN_POS);
            Check(failure, SaPair::POS_POS);
        }
    }

    std::string m_version;
};

/// TLS between MN and TPoS, before and after the move.
class FullAuthenticationTestCase : public TestCase
{
  public:
    FullAuthenticationTestCase()
        : TestCase(
              "the full authentication of removed runs for real, through the SPoS or after the "
              "move, and each failure has its name")
    {
    }

  private:
    void CheckSuccess(TlsScenario& scenario, const std::string& version, bool isCold)
    {
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, "moved");
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers[0].outcome, "success", "moved");
        const auto here = Scenario::SasWith(scenario.Mn()->GetMisf(), MisfId(TPOS));
        const auto there = Scenario::SasWith(scenario.Pos(1)->GetMisf(), MisfId(MN));
        NS_TEST_ASSERT_MSG_EQ(here.size() * there.size(), 1u, "one SA at both ends");
        NS_TEST_EXPECT_MSG_EQ((here[0].miek == there[0].miek), true, "of one K");
        // Two round trips of TLS, and what confirms K; before the move all cross the WAN, 5 ms a
        // side.
        const auto& report = scenario.reports[0];
        const double direct = 2 * 10.0;
        const double relayed = direct + 2 * (5 + 5);
        const double expected = isCold ? 3 * direct : 4 * relayed;
        NS_TEST_EXPECT_MSG_EQ_TOL((report.end - report.begin).GetSeconds() * 1000,
                                  expected,
                                  3.0,
                                  version << (isCold ? " cold" : " relayed"));
    }

    /// @return outcome at the MN, and what is left of a failed one
    std::string Run(const std::string& version,
                    bool isCold,
                    const std::function<void(TlsScenario&)>& arrange,
                    std::vector<std::string>* atTpos = nullptr)
    {
        TlsScenario scenario("", {});
        auto tls = CreateObject<TlsEstablishment>();
        tls->SetAttribute("Version", StringValue(version));
        scenario.roaming.GetMis().SetFullAuthentication(tls);
        scenario.roaming.GetMis().SetRemedy("ns3::mis::ClauseRemovedRemedy");
        scenario.AddNetworks(2, MilliSeconds(10));
        scenario.Build();
        if (arrange)
        {
            Scenario::At(MilliSeconds(900), [&] { arrange(scenario); });
        }
        if (isCold)
        {
            Scenario::At(Seconds(1), [&] {
                scenario.Mn()->ColdHandover(scenario.roaming.GetLink(0, 1), MisfId(TPOS));
            });
        }
        else
        {
            scenario.Preregister(Seconds(1));
            scenario.Handover(Seconds(5));
        }
        Scenario::Run(Seconds(60));
        const auto outcome = scenario.Outcome();
        if (outcome == "success")
        {
            CheckSuccess(scenario, version, isCold);
        }
        else
        {
            NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", outcome);
        }
        if (atTpos)
        {
            for (const auto& session : scenario.targets)
            {
                atTpos->push_back(session.outcome);
            }
        }
        return outcome;
    }

    void DoRun() override
    {
        for (const auto* version : {"1.2", "1.3"})
        {
            for (const bool isCold : {false, true})
            {
                const auto what = std::string(version) + (isCold ? " cold" : " relayed");
                NS_TEST_EXPECT_MSG_EQ(Run(version, isCold, nullptr), "success", what);
                for (const auto& who : {MN, TPOS})
                {
                    const auto renamed = [&](TlsScenario& scenario) {
                        auto& store = scenario.Credentials();
                        store.SetCertifiedKey(MisfId(who),
                                              store.GetCertifiedKey(MisfId("x@else.example")));
                    };
                    std::vector<std::string> atTpos;
                    NS_TEST_EXPECT_MSG_EQ(Run(version, isCold, renamed, &atTpos),
                                          "authentication-failure-cert-name-mismatch",
                                          what << ", " << who);
                    NS_TEST_ASSERT_MSG_EQ(atTpos.size(), 1u, what << ", " << who);
                    NS_TEST_EXPECT_MSG_EQ(atTpos[0],
                                          "authentication-failure-cert-name-mismatch",
                                          what << ", " << who);
                }
            }
        }
    }
};

/// Lost frames.
class LossTestCase : public TestCase
{
  public:
    LossTestCase()
        : TestCase("each frame of a handshake lost in turn comes again, and a peer that is gone "
                   "has a name")
    {
    }

  private:
    /// One run in which the nth frame to a device does not arrive; returns how many came.
    size_t RunWithout(const std::string& version, bool atMn, size_t lost, std::string& outcome)
    {
        TlsScenario scenario("Version=" + version, {SaPair::MN_POS});
        scenario.roaming.GetMis().SetRemedy("ns3::mis::SaProtectedRemedy");
        scenario.AddNetworks(2);
        scenario.Build();
        size_t seen = 0;
        const auto misf = atMn ? scenario.Mn()->GetMisf() : scenario.Pos(0)->GetMisf();
        scenario.AddTap(Scenario::DeviceOf(misf), [&](Bytes& frame) {
            const auto view = ParseFrame(frame);
            if (view && view->header.mid.Aid() == AuthRequest::ID.Aid() &&
                view->header.mid.Sid() == AuthRequest::ID.Sid())
            {
                return seen++ != lost;
            }
            return true;
        });
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(30));
        outcome = scenario.Outcome();
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "nothing is waited for");
        return seen;
    }

    void DoRun() override
    {
        for (const auto* version : {"1.2", "1.3"})
        {
            for (const bool atMn : {true, false})
            {
                std::string outcome;
                const size_t frames = RunWithout(version, atMn, SIZE_MAX, outcome);
                NS_TEST_EXPECT_MSG_EQ(outcome, "success", "nothing lost");
                NS_TEST_EXPECT_MSG_GT(frames, 1u, "there are frames to lose");
                for (size_t lost = 0; lost < frames; ++lost)
                {
                    RunWithout(version, atMn, lost, outcome);
                    NS_TEST_EXPECT_MSG_EQ(outcome,
                                          "success",
                                          version << " frame " << lost << (atMn ? " at MN" : ""));
                }
            }
        }
        TlsScenario scenario("", {SaPair::MN_POS});
        scenario.AddNetworks(2);
        scenario.Build();
        scenario.AddTap(Scenario::DeviceOf(scenario.Pos(0)->GetMisf()),
                        [](Bytes&) { return false; });
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "no-spos-sa-no-acknowledgement", "peer gone");
        NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", "peer gone");
    }
};

/// A client that lies, clients that never go on, an answer that nothing protects.
class AttackTestCase : public TestCase
{
  public:
    AttackTestCase()
        : TestCase("a key of another node, too many half-open handshakes and a forged confirmation "
                   "give nobody an SA")
    {
    }

  private:
    /// Sends a flight from the MISF of a node and waits for the answer.
    static void Send(Ptr<Misf> misf, Bytes flight, TransactionDone done)
    {
        AuthRequest request;
        request.tlsRecords = std::move(flight);
        SendOptions options;
        options.protection = SendOptions::Protection::HANDSHAKE;
        if (misf->SendRequest(MisfId(SPOS), request, options, std::move(done)) != SendError::NONE)
        {
            NS_FATAL_ERROR("a flight was not sent");
        }
    }

    /// The MN shows the key that somebody else has with the PoS.
    void OthersKey()
    {
        TlsScenario scenario("Credential=PreSharedKey", {SaPair::MN_POS});
        scenario.AddNetworks(2);
        scenario.Build();
        const auto misf = scenario.Mn()->GetMisf();
        std::unique_ptr<TlsSession> session;
        const std::string other = "somebody@else.example";
        const TransactionDone goOn = [&](const TransactionResult& result) {
            const auto response = DecodeBody<AuthResponse>(result.message->body);
            if (response && response->tlsRecords)
            {
                Send(misf,
                     session->Step(std::get<Bytes>(*response->tlsRecords)),
                     [](const TransactionResult&) {});
            }
        };
        Scenario::At(Seconds(1), [&] {
            TlsConfiguration configuration;
            configuration.pskIdentity = other;
            configuration.psk =
                *scenario.Credentials().GetPreSharedKey(MisfId(other), MisfId(SPOS));
            session = std::make_unique<TlsSession>(
                misf->GetCrypto(),
                std::make_shared<TlsContext>(misf->GetCrypto(), configuration),
                "",
                0);
            Send(misf, session->Step({}), goOn);
        });
        Scenario::Run(Seconds(30));
        NS_TEST_EXPECT_MSG_EQ((session->State() == TlsState::ESTABLISHED), true, "TLS itself went");
        NS_TEST_ASSERT_MSG_EQ(scenario.answered.size(), 1u, "it has ended");
        NS_TEST_EXPECT_MSG_EQ(scenario.answered[0],
                              SPOS + " " + MN + " psk-mismatch",
                              "the name of another");
        NS_TEST_EXPECT_MSG_EQ(TlsScenario::Count(scenario.Pos(0)->GetMisf(), MN), 0u, "no SA");
    }

    void HalfOpen()
    {
        TlsScenario scenario("MaxHalfOpen=1", {SaPair::MN_POS, SaPair::POS_POS});
        scenario.AddNetworks(2);
        scenario.Build();
        size_t answers = 0;
        std::vector<std::unique_ptr<TlsSession>> sessions;
        const auto hello = [&](Ptr<Misf> misf) {
            auto& session =
                sessions.emplace_back(scenario.tls->MakeSession(*misf, MisfId(SPOS), false));
            Send(misf, session->Step({}), [&](const TransactionResult& result) {
                answers += result.failure == TransactionFailure::NONE;
            });
        };
        Scenario::At(Seconds(1), [&] { hello(scenario.Mn()->GetMisf()); });
        Scenario::At(Seconds(2), [&] { hello(scenario.Pos(1)->GetMisf()); });
        Scenario::At(Seconds(3),
                     [&] { NS_TEST_EXPECT_MSG_EQ(answers, 1u, "the second found no room"); });
        Scenario::At(Seconds(40), [&] { hello(scenario.Pos(1)->GetMisf()); });
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(answers, 2u, "the first was forgotten");
    }

    /// An answer in the form of a handshake to a question under an SA.
    void Forged()
    {
        TlsScenario scenario("", {SaPair::MN_POS});
        scenario.AddNetworks(2);
        scenario.Build();
        const auto misf = scenario.Mn()->GetMisf();
        size_t forged = 0;
        scenario.AddTap(Scenario::DeviceOf(misf), [&](Bytes& frame) {
            const auto view = ParseFrame(frame);
            if (Simulator::Now() > Seconds(2) && view && view->header.mid == AuthResponse::ID &&
                !view->body.empty())
            {
                AuthResponse response;
                response.tlsRecords = Bytes{1};
                response.status = Status::SUCCESS;
                mis::Header header = view->header;
                header.secured = true;
                Bytes out;
                BeginFrame(out, header, MisfId(SPOS), MisfId(MN));
                Writer writer(out);
                EncodeBody(response, writer);
                FinishFrame(out);
                frame = out;
                ++forged;
            }
            return true;
        });
        size_t answers = 0;
        Scenario::At(Seconds(1), [&] {
            misf->EstablishSa(MisfId(SPOS), [](const SecurityAssociation*, const std::string&) {});
        });
        Scenario::At(Seconds(3), [&] {
            SendOptions options;
            options.protection = SendOptions::Protection::REQUIRED;
            const auto error =
                misf->SendRequest(MisfId(SPOS), AuthRequest(), options, [&](const auto& result) {
                    answers += result.failure == TransactionFailure::NONE;
                });
            NS_TEST_EXPECT_MSG_EQ((error == SendError::NONE), true, "asked under the SA");
        });
        // So that there is something to forge: the PoS does answer such a request.
        scenario.Pos(0)->GetMisf()->SetHandler(
            AuthRequest::ID,
            [&](const ReceivedMessage& message) {
                if (!message.sa)
                {
                    scenario.tls->OnAuthRequest(*scenario.Pos(0)->GetMisf(),
                                                message,
                                                *DecodeBody<AuthRequest>(message.body));
                    return;
                }
                AuthResponse response;
                response.status = Status::SUCCESS;
                scenario.Pos(0)->GetMisf()->SendResponse(message.transaction, response, {});
            });
        Scenario::Run(Seconds(30));
        NS_TEST_EXPECT_MSG_GT(forged, 0u, "forged");
        NS_TEST_EXPECT_MSG_EQ(answers, 0u, "not taken for an answer");
        NS_TEST_EXPECT_MSG_GT(misf->GetDropCount(DropReason::BAD_PROTECTION), 0u, "but dropped");
    }

    void DoRun() override
    {
        OthersKey();
        HalfOpen();
        Forged();
    }
};

/// Both ends begin, SAs end and are renewed.
class LifetimeTestCase : public TestCase
{
  public:
    LifetimeTestCase()
        : TestCase("two ends may begin at once, callers share one handshake, and an SA is renewed "
                   "before it ends")
    {
    }

  private:
    void Simultaneous()
    {
        TlsScenario scenario("", {SaPair::POS_POS});
        scenario.AddNetworks(2);
        scenario.Build();
        size_t called = 0;
        const auto done = [&](const SecurityAssociation* sa, const std::string& reason) {
            ++called;
            NS_TEST_EXPECT_MSG_EQ((sa != nullptr), true, reason);
        };
        Scenario::At(Seconds(1), [&] {
            scenario.Pos(0)->GetMisf()->EstablishSa(MisfId(TPOS), done);
            scenario.Pos(0)->GetMisf()->EstablishSa(MisfId(TPOS), done);
            scenario.Pos(1)->GetMisf()->EstablishSa(MisfId(SPOS), done);
        });
        scenario.Preregister(Seconds(3));
        Scenario::Run(Seconds(10));
        NS_TEST_EXPECT_MSG_EQ(called, 3u, "each caller is told");
        NS_TEST_EXPECT_MSG_EQ(scenario.established.size(), 2u, "one handshake from each end");
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "and messages flow");
    }

    void Renewal(bool renew)
    {
        TlsScenario scenario(renew ? "Lifetime=10s|RenewBefore=2s" : "Lifetime=10s",
                             {SaPair::POS_POS});
        scenario.AddNetworks(2);
        scenario.Build();
        const auto misf = scenario.Pos(0)->GetMisf();
        Scenario::At(Seconds(1), [&] {
            misf->EstablishSa(MisfId(TPOS), [](const SecurityAssociation*, const std::string&) {});
        });
        size_t most = 0;
        for (int second = 2; second < 60; ++second)
        {
            Scenario::At(Seconds(second), [&] {
                const size_t count = TlsScenario::Count(misf, TPOS);
                most = std::max(most, count);
                if (renew)
                {
                    NS_TEST_EXPECT_MSG_GT(count, 0u, "never without");
                }
            });
        }
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(scenario.established.size(), renew ? 8u : 1u, "handshakes");
        NS_TEST_EXPECT_MSG_EQ(most, renew ? 2u : 1u, "old ones are erased");
        NS_TEST_EXPECT_MSG_EQ(TlsScenario::Count(misf, TPOS), renew ? 1u : 0u, "at the end");
    }

    void DoRun() override
    {
        Simultaneous();
        Renewal(true);
        Renewal(false);
    }
};

/// Suite of TLS over MIS.
class TlsEstablishmentTestSuite : public TestSuite
{
  public:
    TlsEstablishmentTestSuite()
        : TestSuite("mis-tls-establishment", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new SuccessTestCase);
        AddTestCase(new FailureTestCase("1.2"));
        AddTestCase(new FailureTestCase("1.3"));
        AddTestCase(new FullAuthenticationTestCase);
        AddTestCase(new LossTestCase);
        AddTestCase(new AttackTestCase);
        AddTestCase(new LifetimeTestCase);
    }
};

TlsEstablishmentTestSuite g_tlsEstablishmentTestSuite; //!< the instance

} // namespace
