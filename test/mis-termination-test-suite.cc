// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The end of security associations at both ends, and that nothing of old ones is left.
 */
#include "mis-eap-scenario.h"
#include "mis-n2n-test-helpers.h"

#include "ns3/boolean.h"
#include "ns3/mis-auth-messages.h"
#include "ns3/mis-sa-termination.h"
#include "ns3/mis-tls-establishment.h"
#include "ns3/test.h"

#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;
using namespace ns3::mis::test::aaa;

namespace
{

/// A scenario with SAs by EAP, or by TLS between all roles.
struct TerminationScenario : EapScenario
{
    explicit TerminationScenario(const std::string& attributes = "Method=ERP",
                                 uint32_t networks = 2)
        : EapScenario(attributes, networks)
    {
    }

    /// Has all pairs of roles use TLS.
    void UseTls()
    {
        tls = CreateObject<TlsEstablishment>();
        for (const auto pair : {SaPair::MN_POS, SaPair::POS_POS, SaPair::POS_GM})
        {
            roaming.GetMis().SetEstablishment(pair, tls);
        }
    }

    /**
     * @brief Ends the only SA that a node has with a peer.
     * @param at when
     * @param misf of the node
     * @param peer the peer
     */
    void TerminateAt(Time at, Ptr<Misf> misf, const std::string& peer)
    {
        At(at, [this, misf, peer] {
            const auto all = SasWith(misf, MisfId(peer), false);
            const Said said = all.empty() ? Said::Make(IdType::EAP, 99) : all[0].said;
            TerminateSa(misf, said, MisfId(peer), [this](const std::string& outcome) {
                terminated.push_back(outcome);
            });
        });
    }

    /// @param a a node @param b another @return SAs that each has with the other, as "1 1"
    static std::string Sas(Ptr<Misf> a, Ptr<Misf> b)
    {
        return std::to_string(SasWith(a, b->GetId(), false).size()) + " " +
               std::to_string(SasWith(b, a->GetId(), false).size());
    }

    Ptr<TlsEstablishment> tls;
    std::vector<std::string> terminated; //!< outcomes
};

/// Asked for by either end.
class RequestTestCase : public TestCase
{
  public:
    RequestTestCase()
        : TestCase("an SA ends at both ends when one asks, whichever and however it was "
                   "established, and is established anew when it is needed")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool isTls : {false, true})
        {
            for (const bool atMn : {true, false})
            {
                const auto what = std::string(isTls ? "TLS" : "EAP") + (atMn ? ", MN" : ", PoS");
                TerminationScenario scenario;
                if (isTls)
                {
                    scenario.UseTls();
                }
                scenario.Start();
                const auto mn = scenario.Mn()->GetMisf();
                const auto pos = scenario.Pos(0)->GetMisf();
                scenario.EstablishAt(Seconds(1));
                Scenario::At(Seconds(3), [&] {
                    NS_TEST_EXPECT_MSG_EQ(TerminationScenario::Sas(mn, pos), "1 1", what);
                });
                scenario.TerminateAt(Seconds(4), atMn ? mn : pos, atMn ? SPOS : MN);
                Scenario::At(Seconds(5), [&] {
                    NS_TEST_EXPECT_MSG_EQ(TerminationScenario::Sas(mn, pos), "0 0", what);
                });
                scenario.Preregister(Seconds(6));
                Scenario::Run(Seconds(60));
                NS_TEST_EXPECT_MSG_EQ(Join(scenario.terminated), "success", what);
                NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", what);
                NS_TEST_EXPECT_MSG_EQ(TerminationScenario::Sas(mn, pos), "1 1", what);
                const auto requests = scenario.Sent(atMn ? MN : SPOS, TerminationAuthRequest::ID);
                const auto responses = scenario.Sent(atMn ? SPOS : MN, TerminationAuthResponse::ID);
                NS_TEST_ASSERT_MSG_EQ(requests.size(), 1u, what);
                NS_TEST_ASSERT_MSG_EQ(responses.size(), 1u, what);
                NS_TEST_EXPECT_MSG_EQ(requests[0].header.secured, true, what);
                NS_TEST_EXPECT_MSG_EQ(responses[0].header.secured, true, what);
                NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
            }
        }
        BetweenPointsOfService();
    }

    void BetweenPointsOfService()
    {
        TerminationScenario scenario;
        scenario.UseTls();
        scenario.Start();
        const auto spos = scenario.Pos(0)->GetMisf();
        const auto tpos = scenario.Pos(1)->GetMisf();
        scenario.Preregister(Seconds(1));
        scenario.TerminateAt(Seconds(3), tpos, SPOS);
        Scenario::At(Seconds(4), [&] {
            NS_TEST_EXPECT_MSG_EQ(TerminationScenario::Sas(spos, tpos), "0 0", "between PoS");
        });
        scenario.Handover(Seconds(5)); // the TPoS tells the SPoS
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.terminated), "success", "between PoS");
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), 1u, "between PoS");
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers[0].outcome, "success", "between PoS");
    }
};

/// One frame is lost, or all.
class LossTestCase : public TestCase
{
  public:
    LossTestCase()
        : TestCase("each frame of a termination lost in turn, and both ends at once, the SA is "
                   "gone; a peer that is gone has a name")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool both : {false, true})
        {
            const uint32_t frames = Run(UINT32_MAX, both);
            NS_TEST_EXPECT_MSG_GT(frames, 1u, "frames");
            for (uint32_t lost = 0; lost < frames; ++lost)
            {
                Run(lost, both);
            }
        }
        Silent();
        None();
        Provisioned();
    }

    uint32_t Run(uint32_t lost, bool both)
    {
        const auto what = "without frame " + std::to_string(lost) + (both ? ", both" : "");
        TerminationScenario scenario;
        scenario.Start();
        const auto mn = scenario.Mn()->GetMisf();
        const auto pos = scenario.Pos(0)->GetMisf();
        uint32_t seen = 0;
        const auto tap = [&](bool, Bytes&) {
            return Simulator::Now() < Seconds(4) || seen++ != lost;
        };
        scenario.AddLegTap(mn, tap);
        scenario.AddLegTap(pos, tap);
        scenario.EstablishAt(Seconds(1));
        scenario.TerminateAt(Seconds(4), mn, SPOS);
        if (both)
        {
            scenario.TerminateAt(Seconds(4), pos, MN);
        }
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.terminated),
                              (both ? "success, success" : "success"),
                              what);
        NS_TEST_EXPECT_MSG_EQ(TerminationScenario::Sas(mn, pos), "0 0", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
        return seen;
    }

    void Silent()
    {
        TerminationScenario scenario("Lifetime=30s");
        scenario.Start();
        const auto mn = scenario.Mn()->GetMisf();
        const auto pos = scenario.Pos(0)->GetMisf();
        scenario.AddLegTap(pos, [](bool, Bytes&) { return Simulator::Now() < Seconds(4); });
        scenario.EstablishAt(Seconds(1));
        scenario.TerminateAt(Seconds(5), mn, SPOS);
        Scenario::At(Seconds(10), [&] {
            NS_TEST_EXPECT_MSG_EQ(Join(scenario.terminated), "no-acknowledgement", "silent");
            NS_TEST_EXPECT_MSG_EQ(TerminationScenario::Sas(mn, pos), "0 1", "until its end");
        });
        // Each end drops it by itself when its lifetime is over, and says nothing.
        Scenario::Run(Seconds(40));
        NS_TEST_EXPECT_MSG_EQ(TerminationScenario::Sas(mn, pos), "0 0", "lifetime over");
        NS_TEST_EXPECT_MSG_EQ(scenario.Sent(SPOS, TerminationAuthRequest::ID).size(), 0u, "PoS");
    }

    void None()
    {
        TerminationScenario none;
        none.Start();
        none.TerminateAt(Seconds(1), none.Mn()->GetMisf(), SPOS);
        Scenario::Run(Seconds(2));
        NS_TEST_EXPECT_MSG_EQ(Join(none.terminated), "no-sa", "none");
    }

    void Provisioned()
    {
        TerminationScenario provisioned;
        auto& mis = provisioned.roaming.GetMis();
        mis.SetEstablishment(SaPair::MN_POS, mis.GetEstablishment());
        provisioned.Start();
        const auto mn = provisioned.Mn()->GetMisf();
        const auto pos = provisioned.Pos(0)->GetMisf();
        provisioned.Preregister(Seconds(1));
        provisioned.TerminateAt(Seconds(3), mn, SPOS);
        // Nor does the other end accept it from one that asks nevertheless.
        Scenario::At(Seconds(4), [&] {
            SendOptions options;
            options.protection = SendOptions::Protection::REQUIRED;
            const auto error = mn->SendRequest(
                MisfId(SPOS),
                TerminationAuthRequest(),
                options,
                [&](const TransactionResult& result) {
                    const auto response =
                        result.message ? std::make_optional(DecodeBody<TerminationAuthResponse>(
                                             result.message->body))
                                       : std::nullopt;
                    const bool isRejected =
                        response && *response && (*response)->status == Status::REJECTED;
                    provisioned.terminated.push_back(isRejected ? "rejected"
                                                                : ToString(result.failure));
                });
            NS_TEST_EXPECT_MSG_EQ(ToString(error), std::string(ToString(SendError::NONE)), "sent");
        });
        Scenario::Run(Seconds(20));
        NS_TEST_EXPECT_MSG_EQ(Join(provisioned.terminated), "provisioned, rejected", "provisioned");
        NS_TEST_EXPECT_MSG_EQ(TerminationScenario::Sas(mn, pos), "1 1", "it has stayed");
    }
};

/// Somebody makes a request up, or repeats it.
class AttackTestCase : public TestCase
{
  public:
    AttackTestCase()
        : TestCase("a request that came under no SA, or comes again later, ends nothing")
    {
    }

  private:
    void DoRun() override
    {
        TerminationScenario scenario;
        scenario.Start();
        const auto mn = scenario.Mn()->GetMisf();
        const auto pos = scenario.Pos(0)->GetMisf();
        Bytes recorded;
        scenario.AddLegTap(pos, [&](bool isRadius, Bytes& octets) {
            const auto frame = ParseFrame(octets);
            if (!isRadius && frame && recorded.empty() &&
                frame->header.mid.Value() == TerminationAuthRequest::ID.Value() &&
                frame->header.secured)
            {
                recorded = octets;
            }
            return true;
        });
        scenario.EstablishAt(Seconds(1));
        Scenario::At(Seconds(3), [&] {
            TerminationAuthRequest request;
            request.said = Scenario::SasWith(pos, MisfId(MN), false).at(0).said;
            mis::Header header{};
            header.tid = 99;
            scenario.Inject(scenario.Pos(0),
                            EncodeFrame(header, MisfId(MN), MisfId(SPOS), request));
        });
        Scenario::At(Seconds(4), [&] {
            NS_TEST_EXPECT_MSG_EQ(TerminationScenario::Sas(mn, pos), "1 1", "made up");
            NS_TEST_EXPECT_MSG_EQ(pos->GetDropCount(DropReason::REFUSED_BY_USER), 1u, "made up");
        });
        scenario.TerminateAt(Seconds(5), mn, SPOS);
        scenario.EstablishAt(Seconds(7));
        // Later than MIS answers duplicates by itself.
        Scenario::At(Seconds(40), [&] { scenario.Inject(scenario.Pos(0), recorded); });
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(recorded.empty(), false, "recorded");
        NS_TEST_EXPECT_MSG_EQ(pos->GetDropCount(DropReason::NO_SA), 1u, "repeated");
        NS_TEST_EXPECT_MSG_EQ(TerminationScenario::Sas(mn, pos), "1 1", "repeated");
    }
};

/// How a mobile node moves.
enum class Move
{
    PREREGISTERED,
    DIRECT, //!< authenticated directly, by IP
    COLD
};

/// Handovers one after the other.
struct ChainScenario : TerminationScenario
{
    static constexpr uint32_t NETWORKS = 3;
    static constexpr uint32_t HANDOVERS = 50;

    /**
     * @param theMove how it moves
     * @param remedy the remedy
     * @param sa "static", "tls" or "eap"
     * @param keep whether SAs with a PoS that was left stay
     */
    ChainScenario(Move theMove, const std::string& remedy, const std::string& sa, bool keep)
        : TerminationScenario("Method=EAP-GPSK", NETWORKS),
          move(theMove)
    {
        auto& mis = roaming.GetMis();
        if (sa == "static")
        {
            mis.SetEstablishment(SaPair::MN_POS, mis.GetEstablishment());
        }
        else if (sa == "tls")
        {
            UseTls();
            mis.SetFullAuthentication(tls);
        }
        else
        {
            mis.SetFullAuthentication(eap);
        }
        mis.SetRemedy(Remedy(remedy));
        mis.SetMobileNodeAttribute("TerminateOnLeave", BooleanValue(!keep));
        mis.SetMobileNodeAttribute("DirectAuthentication", BooleanValue(move == Move::DIRECT));
    }

    /// Moves from network to network, and looks at what is there between.
    void Go()
    {
        Start();
        for (uint32_t i = 0; i < HANDOVERS; ++i)
        {
            const uint32_t to = (i + 1) % NETWORKS;
            const Time at = Seconds(1) + i * Seconds(60);
            if (move == Move::COLD)
            {
                At(at, [this, to] {
                    Mn()->ColdHandover(roaming.GetLink(0, to),
                                       MisfId(RoamingScenarioHelper::PosId(to)));
                });
            }
            else
            {
                Preregister(at, to);
                Handover(at + Seconds(3), to);
            }
            At(at + Seconds(50), [this] { states.push_back(State()); });
        }
        Run(Seconds(1) + HANDOVERS * Seconds(60));
    }

    /// @return sizes of all that remembers an SA or a session
    std::string State()
    {
        std::ostringstream state;
        for (const auto& misf : roaming.GetMis().GetMisfs())
        {
            state << misf->GetId() << ": " << misf->GetSaDatabase().Size() << " SAs; ";
        }
        for (uint32_t i = 0; i < NETWORKS; ++i)
        {
            state << Pos(i)->GetServingSessions() << " serving, " << Pos(i)->GetTargetSessions()
                  << " target, " << Pos(i)->GetServedMobileNodes() << " served, "
                  << Pos(i)->GetDeadlines() << " deadlines; ";
        }
        state << eap->GetSessions() << " of EAP; " << eap->GetPending() << " pending; "
              << roaming.GetAaaServer()->GetSessions() << " at the server, "
              << roaming.GetAaaServer()->GetKeys() << " keys; ";
        if (tls)
        {
            state << tls->GetHandshakes() << " of TLS, " << tls->GetPending() << " pending; ";
        }
        return state.str();
    }

    Move move;
    std::vector<std::string> states; //!< after each handover
};

/// A chain.
class ChainTestCase : public TestCase
{
  public:
    ChainTestCase(Move move, const std::string& remedy, const std::string& sa)
        : TestCase("50 handovers with " + remedy + " and " + sa +
                   (move == Move::COLD     ? ", cold"
                    : move == Move::DIRECT ? ", direct"
                                           : "") +
                   ": nothing of old SAs is left anywhere"),
          m_move(move),
          m_remedy("ns3::mis::" + remedy + "Remedy"),
          m_sa(sa)
    {
    }

  private:
    void DoRun() override
    {
        // K lives for less than a stay, so the SA with the SPoS is established anew if it can be.
        const bool isOnDemand = m_sa != "static";
        ChainScenario scenario(m_move,
                               isOnDemand ? m_remedy + "[KeyLifetime=30]" : m_remedy,
                               m_sa,
                               false);
        scenario.Go();
        NS_TEST_ASSERT_MSG_EQ(scenario.handovers.size(), ChainScenario::HANDOVERS, "handovers");
        for (const auto& report : scenario.handovers)
        {
            NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", report.to);
        }
        NS_TEST_ASSERT_MSG_EQ(scenario.states.size(), ChainScenario::HANDOVERS, "states");
        // Whatever points of service have with each other is there after two rounds.
        for (size_t i = 2 * ChainScenario::NETWORKS; i < scenario.states.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(scenario.states[i],
                                  scenario.states[i - ChainScenario::NETWORKS],
                                  "after handover " << i + 1);
        }
        // Only the PoS that serves the MN knows it.
        const uint32_t last = ChainScenario::HANDOVERS % ChainScenario::NETWORKS;
        for (uint32_t i = 0; i < ChainScenario::NETWORKS; ++i)
        {
            const auto sas = Scenario::SasWith(scenario.Pos(i)->GetMisf(), MisfId(MN), false);
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(i)->GetServedMobileNodes(),
                                  (i == last && !isOnDemand ? 1u : 0u), // until K is over
                                  "PoS " << i);
            const bool isProvisioned = !isOnDemand && i == 0;
            NS_TEST_EXPECT_MSG_EQ((sas.size() <= size_t{i == last} + size_t{isProvisioned}),
                                  true,
                                  "PoS " << i << " has " << sas.size());
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "left");
        if (isOnDemand && m_move == Move::PREREGISTERED)
        {
            NS_TEST_EXPECT_MSG_EQ(scenario.Sent(MN, TerminationAuthRequest::ID).size(),
                                  ChainScenario::HANDOVERS,
                                  "one SA ended for each PoS left");
        }
    }

    Move m_move;
    std::string m_remedy;
    std::string m_sa;
};

/// An SA that is kept.
class KeepTestCase : public TestCase
{
  public:
    KeepTestCase()
        : TestCase("an SA with a PoS that was left is ended, or kept for a return if so wanted, "
                   "and then used again")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool keep : {false, true})
        {
            for (const auto* sa : {"tls", "eap"})
            {
                ChainScenario scenario(Move::PREREGISTERED,
                                       "ns3::mis::SaProtectedRemedy[KeyLifetime=30]",
                                       sa,
                                       keep);
                scenario.Start();
                const auto what = std::string(sa) + (keep ? ", kept" : "");
                scenario.Preregister(Seconds(1), 1);
                scenario.Handover(Seconds(4), 1);
                const auto mn = scenario.Mn()->GetMisf();
                const auto pos = scenario.Pos(0)->GetMisf();
                Scenario::At(Seconds(20), [&] {
                    NS_TEST_EXPECT_MSG_EQ(TerminationScenario::Sas(mn, pos),
                                          (keep ? "1 1" : "0 0"),
                                          what);
                });
                scenario.Preregister(Seconds(60), 0);
                scenario.Handover(Seconds(64), 0);
                scenario.Preregister(Seconds(120), 2); // the SA made of K is over
                Scenario::Run(Seconds(130));
                NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", what);
                size_t establishments = 0;
                for (const auto& frame : scenario.Sent(MN, AuthRequest::ID))
                {
                    establishments += frame.destination == SPOS && frame.atNs > 100000000000;
                }
                NS_TEST_EXPECT_MSG_EQ((establishments == 0), keep, what << ": used again");
                NS_TEST_EXPECT_MSG_EQ(TerminationScenario::Sas(mn, pos), "1 1", what);
            }
        }
    }
};

/// A mobile node of Roam() that comes back.
class PathTestCase : public TestCase
{
  public:
    PathTestCase()
        : TestCase(
              "a mobile node that goes back and forth finds the SAs between points of service, "
              "and a first handover takes longer than the same one again")
    {
    }

  private:
    void DoRun() override
    {
        TerminationScenario scenario;
        scenario.UseTls();
        scenario.roaming.SetPath({0, 1, 0, 1});
        scenario.Build();
        std::vector<PreregistrationRecord> records;
        scenario.roaming.Roam(Seconds(2), [&](uint32_t, const PreregistrationRecord& record) {
            records.push_back(record);
        });
        Scenario::Run(Seconds(2) + scenario.roaming.GetDuration());
        NS_TEST_ASSERT_MSG_EQ(records.size(), 3u, "handovers");
        for (size_t i = 0; i < records.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(records[i].outcome, "success", i);
            NS_TEST_EXPECT_MSG_EQ(records[i].spos.Get(), (i == 1 ? TPOS : SPOS), i);
            NS_TEST_EXPECT_MSG_EQ(records[i].tpos.Get(), (i == 1 ? SPOS : TPOS), i);
            NS_TEST_ASSERT_MSG_EQ(records[i].keyDelivery.has_value(), true, i);
        }
        // 2w + 2b, and at first two round trips of TLS with the SPoS, and two to the TPoS.
        const double again = 2 * 3.0 + 2 * 12.0;
        const auto ms = [&](size_t i) { return records[i].keyDelivery->GetSeconds() * 1000; };
        NS_TEST_EXPECT_MSG_EQ_TOL(ms(0), again + 4 * 3.0 + 4 * 12.0, 0.1, "first");
        NS_TEST_EXPECT_MSG_EQ_TOL(ms(1), again, 0.1, "back");
        NS_TEST_EXPECT_MSG_EQ_TOL(ms(2), again, 0.1, "again");
    }
};

/// SAs that stand for a transport.
template <class Establishment>
class TransportTestCase : public TestCase
{
  public:
    TransportTestCase()
        : TestCase("an SA of " + Establishment::GetTypeId().GetName() +
                   ", which stands for a transport, ends neither at this end nor at the other by "
                   "a message")
    {
    }

  private:
    void Ask(Ptr<Misf> spos)
    {
        const MisfId tpos(N2N_TPOS);
        const auto sas = Scenario::SasWith(spos, tpos, false);
        NS_TEST_ASSERT_MSG_EQ(sas.size(), 1u, "an SA");
        TerminateSa(spos, sas[0].said, tpos, [this](const std::string& outcome) {
            m_outcomes.push_back(outcome);
        });
        // Who asks all the same, under the SA itself.
        SendOptions options;
        options.protection = SendOptions::Protection::REQUIRED;
        const auto error = spos->SendRequest(
            tpos,
            TerminationAuthRequest(),
            options,
            [this](const TransactionResult& result) {
                NS_TEST_ASSERT_MSG_NE(result.message, nullptr, "an answer");
                const auto response = DecodeBody<TerminationAuthResponse>(result.message->body);
                NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(response), true, "a response");
                m_answers.push_back(response->status);
            });
        NS_TEST_EXPECT_MSG_EQ((error == SendError::NONE), true, ToString(error));
    }

    void DoRun() override
    {
        N2nScenario<Establishment> scenario;
        scenario.Make();
        scenario.Establish(Seconds(1));
        scenario.At(Seconds(2), [&] { Ask(scenario.MisfOf(0)); });
        scenario.At(Seconds(3),
                    [&] { NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "1 1", "both ends keep it"); });
        scenario.Answer();
        scenario.Exchange(Seconds(4));
        scenario.Exchange(Seconds(5), 1);
        Scenario::Run(Seconds(10));
        NS_TEST_ASSERT_MSG_EQ(m_outcomes.size(), 1u, "an end");
        NS_TEST_EXPECT_MSG_EQ(m_outcomes[0], "transport", "here");
        NS_TEST_ASSERT_MSG_EQ(m_answers.size(), 1u, "an answer");
        NS_TEST_EXPECT_MSG_EQ((m_answers[0] == Status::REJECTED), true, "there");
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 2u, "in use as before");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "nothing waits");
    }

    std::vector<std::string> m_outcomes;
    std::vector<Status> m_answers;
};

/// All cases.
class TerminationTestSuite : public TestSuite
{
  public:
    TerminationTestSuite()
        : TestSuite("mis-termination", TestSuite::Type::UNIT)
    {
        AddTestCase(new RequestTestCase);
        AddTestCase(new LossTestCase);
        AddTestCase(new AttackTestCase);
        AddTestCase(new KeepTestCase);
        AddTestCase(new PathTestCase);
        AddTestCase(new TransportTestCase<Ikev2Establishment>);
        AddTestCase(new TransportTestCase<TlsTcpEstablishment>);
        for (const auto* sa : {"static", "tls", "eap"})
        {
            for (const auto* remedy : {"SaProtected", "ClauseRemoved", "GroupKey", "LegacyPrf"})
            {
                if (sa != std::string("static") && remedy == std::string("GroupKey"))
                {
                    continue; // its lifetime is that of the group manager
                }
                AddTestCase(new ChainTestCase(Move::PREREGISTERED, remedy, sa));
            }
            AddTestCase(new ChainTestCase(Move::DIRECT, "ClauseRemoved", sa));
            AddTestCase(new ChainTestCase(Move::COLD, "ClauseRemoved", sa));
        }
    }
};

TerminationTestSuite g_terminationTestSuite; //!< the instance

} // namespace
