// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests that what moves a mobile node, or tells of it, counts only under the SA with its sender, if
 * there is one: each such message is sent without protection, and then with it.
 */
#include "mis-misf-test-helpers.h"
#include "mis-scenario-test.h"

#include "ns3/mis-handover-policy.h"
#include "ns3/mis-link-event-listener.h"
#include "ns3/mis-link-event-notifier.h"
#include "ns3/mis-link-signal.h"
#include "ns3/mis-static-establishment.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

const MisfId MN(RoamingScenarioHelper::MobileNodeId(0));
const MisfId SPOS(RoamingScenarioHelper::PosId(0));
const MisfId TPOS(RoamingScenarioHelper::PosId(1));

/// Two networks, and a mobile node that is preregistered with the second.
class TrustScenario : public Scenario
{
  public:
    TrustScenario()
        : listener(CreateObject<LinkEventListener>()),
          notifier(CreateObject<LinkEventNotifier>()),
          policy(CreateObject<HandoverPolicy>())
    {
        AddNetworks(2);
        Build();
        listener->SetMisf(Pos(0)->GetMisf());
        listener->TraceConnectWithoutContext("LinkEvent",
                                             MakeCallback(&TrustScenario::OnEvent, this));
        notifier->SetMobileNode(Mn());
        policy->AddLink(roaming.GetLink(0, 0), SPOS);
        policy->AddLink(roaming.GetLink(0, 1), TPOS);
        policy->Start(Mn(), roaming.GetLink(0, 0));
        const auto address = Mn()->GetMisf()->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal();
        Pos(0)->GetMisf()->SetPeerAddress(
            MN,
            {TransportType::UDP, InetSocketAddress(address, 4551), nullptr});
        Preregister(Seconds(1));
    }

    ~TrustScenario()
    {
        policy->Dispose();
        notifier->Dispose();
        listener->Dispose();
    }

    /// @param id a MISF @return it
    Ptr<Misf> Find(const MisfId& id) const
    {
        return id == MN ? Mn()->GetMisf() : Pos(id == SPOS ? 0 : 1)->GetMisf();
    }

    Ptr<LinkEventListener> listener; //!< at the SPoS
    Ptr<LinkEventNotifier> notifier; //!< at the MN
    Ptr<HandoverPolicy> policy;      //!< at the MN
    size_t events{0};                //!< that the listener told of

  private:
    void OnEvent(const MisfId&, const LinkEvent&)
    {
        ++events;
    }
};

/// A message that an attacker may want to forge.
class ForgeryTestCase : public TestCase
{
  public:
    /// Sends the message.
    using Send = std::function<SendError(TrustScenario&, Misf&, const MisfId&, SendOptions)>;

    /**
     * @param name of the message
     * @param from whose it is
     * @param to who receives it
     * @param answer what the receiver sends if it follows the message; an indication if none
     * @param send sends it
     */
    ForgeryTestCase(const std::string& name,
                    const MisfId& from,
                    const MisfId& to,
                    MessageId answer,
                    Send send)
        : TestCase(name + " without the protection that there could be is dropped"),
          m_from(from),
          m_to(to),
          m_answer(answer),
          m_send(std::move(send))
    {
    }

  private:
    size_t Effects(const TrustScenario& scenario) const
    {
        return m_answer.Opcode() == Opcode::RESPONSE ? scenario.Sent(m_to.Get(), m_answer).size()
                                                     : scenario.events;
    }

    void DoRun() override
    {
        TrustScenario scenario;
        const auto sender = scenario.Find(m_from);
        const auto receiver = scenario.Find(m_to);
        size_t before = 1;
        uint64_t drops = 0;
        const auto send = [&](SendOptions::Protection protection) {
            Misf::Activity activity(*sender);
            SendOptions options;
            options.protection = protection;
            const auto error = m_send(scenario, *sender, m_to, options);
            NS_TEST_EXPECT_MSG_EQ((error == SendError::NONE), true, "it is sent");
        };
        Scenario::At(Seconds(2), [&] { send(SendOptions::Protection::NONE); });
        Scenario::At(Seconds(20), [&] {
            before = Effects(scenario);
            drops = receiver->GetDropCount(DropReason::UNPROTECTED);
            send(SendOptions::Protection::REQUIRED);
        });
        Scenario::Run(Seconds(40));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "the MN is preregistered");
        NS_TEST_EXPECT_MSG_EQ(before, 0u, "the forged one has no effect");
        NS_TEST_EXPECT_MSG_GT(drops, 0u, "and is counted");
        NS_TEST_EXPECT_MSG_EQ(Effects(scenario), 1u, "the true one has");
        NS_TEST_EXPECT_MSG_EQ(receiver->GetDropCount(DropReason::UNPROTECTED),
                              drops,
                              "and is not counted");
    }

    MisfId m_from;
    MisfId m_to;
    MessageId m_answer;
    Send m_send;
};

/// The rule at the MIS Function.
class RuleTestCase : public TestCase
{
  public:
    RuleTestCase()
        : TestCase("who has no SA is believed, who has one is not without it, and is not answered")
    {
    }

  private:
    void DoRun() override
    {
        Lan lan(2);
        size_t handled = 0;
        lan.misfs[1]->SetHandler(
            PreregXferRequest::ID,
            [&](const ReceivedMessage& message) {
                ++handled;
                lan.misfs[1]->SendResponse(message.transaction, PreregXferResponse(), {});
            },
            Misf::Destination::OWN,
            Misf::Trust::SA_IF_ANY);
        SendOptions plain;
        plain.protection = SendOptions::Protection::NONE;
        At(Seconds(1), [&] { NS_TEST_EXPECT_MSG_EQ(IsSent(lan, plain), true, "plain"); });
        At(Seconds(2), [&] {
            auto establishment = CreateObject<StaticEstablishment>();
            establishment->AddPair(Lan::Id(0), Lan::Id(1));
            for (const auto& misf : lan.misfs)
            {
                misf->SetSaProvider(establishment);
            }
            NS_TEST_EXPECT_MSG_EQ(IsSent(lan, plain), true, "plain, though there is an SA");
        });
        At(Seconds(30), [&] { NS_TEST_EXPECT_MSG_EQ(IsSent(lan, {}), true, "under the SA"); });
        Simulator::Stop(Seconds(60));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(handled, 2u, "the first and the last");
        NS_TEST_ASSERT_MSG_EQ(lan.endings.size(), 3u, "requests");
        NS_TEST_EXPECT_MSG_EQ((lan.endings[0].failure == TransactionFailure::NONE), true, "first");
        NS_TEST_EXPECT_MSG_EQ((lan.endings[1].failure == TransactionFailure::NO_ACKNOWLEDGEMENT),
                              true,
                              "as if nobody were there");
        NS_TEST_EXPECT_MSG_EQ((lan.endings[2].failure == TransactionFailure::NONE), true, "last");
        NS_TEST_EXPECT_MSG_EQ(lan.AllDrops(1), lan.Drops(1, DropReason::UNPROTECTED), "drops");
        // Nobody handles what nobody is registered for any more.
        lan.misfs[1]->ClearHandler(PreregXferRequest::ID);
        NS_TEST_EXPECT_MSG_EQ(IsSent(lan, {}), true, "sent");
        Simulator::Stop(Seconds(20));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(handled, 2u, "no handler any more");
        NS_TEST_EXPECT_MSG_GT(lan.Drops(1, DropReason::UNKNOWN_MESSAGE), 0u, "dropped");
    }

    static bool IsSent(Lan& lan, SendOptions options)
    {
        return lan.Request(0, 1, options) == SendError::NONE;
    }
};

/// The suite.
class TrustTestSuite : public TestSuite
{
  public:
    TrustTestSuite()
        : TestSuite("mis-trust", TestSuite::Type::UNIT)
    {
        AddTestCase(new RuleTestCase);
        const auto target = [](TrustScenario& s) {
            return s.roaming.GetLink(0, 1)->GetLinkTupleId().link;
        };
        const auto nameTarget = [target](TrustScenario& s, auto& request) {
            request.linkType = target(s).type;
            request.targetNetwork = target(s).address;
        };
        const auto nameMn = [](TrustScenario&, auto& request) { request.mnId = MN; };
        AddRequest<MnHoCommitRequest, MnHoCommitResponse>("MN_HO_Commit", MN, SPOS, nameTarget);
        AddRequest<N2nHoCommitRequest, N2nHoCommitResponse>("N2N_HO_Commit", SPOS, TPOS, nameMn);
        AddRequest<MnHoCompleteRequest, MnHoCompleteResponse>(
            "MN_HO_Complete",
            MN,
            TPOS,
            [target](TrustScenario& s, MnHoCompleteRequest& request) {
                request.mnLink = target(s);
                request.hoResult = 0;
            });
        AddRequest<N2nHoCompleteRequest, N2nHoCompleteResponse>("N2N_HO_Complete",
                                                                TPOS,
                                                                SPOS,
                                                                nameMn);
        AddRequest<NetHoCommitRequest, NetHoCommitResponse>("Net_HO_Commit", SPOS, MN, nameTarget);
        AddRequest<EventSubscribeRequest, EventSubscribeResponse>(
            "Event_Subscribe",
            SPOS,
            MN,
            [](TrustScenario& s, EventSubscribeRequest& request) {
                request.link = s.roaming.GetLink(0, 0)->GetLinkTupleId();
                request.events = 0;
            });
        AddEvent<LinkDetectedIndication>("Link_Detected", [](auto& event, const auto& link) {
            event.detected.emplace_back();
            event.detected.back().link = link;
            event.detected.back().signal = ToSignalStrength(-70);
        });
        AddEvent<LinkUpIndication>("Link_Up",
                                   [](auto& event, const auto& link) { event.link = link; });
        AddEvent<LinkDownIndication>("Link_Down",
                                     [](auto& event, const auto& link) { event.link = link; });
        AddEvent<LinkGoingDownIndication>("Link_Going_Down",
                                          [](auto& event, const auto& link) { event.link = link; });
        AddEvent<LinkParametersReportIndication>("Link_Parameters_Report",
                                                 [](auto& event, const auto& link) {
                                                     event.link = link;
                                                     event.reports.emplace_back();
                                                     event.reports.back().value =
                                                         ToParameterValue(-71);
                                                 });
    }

  private:
    template <class M, class R>
    void AddRequest(const std::string& name,
                    const MisfId& from,
                    const MisfId& to,
                    std::function<void(TrustScenario&, M&)> fill)
    {
        AddTestCase(new ForgeryTestCase(
            name,
            from,
            to,
            R::ID,
            [fill](TrustScenario& scenario, Misf& misf, const MisfId& to, SendOptions options) {
                M request;
                fill(scenario, request);
                return misf.SendRequest(to, request, options, [](const TransactionResult&) {});
            }));
    }

    template <class M>
    void AddEvent(const std::string& name, std::function<void(M&, const LinkTupleId&)> fill)
    {
        AddTestCase(new ForgeryTestCase(
            name,
            MN,
            SPOS,
            M::ID,
            [fill](TrustScenario& scenario, Misf& misf, const MisfId& to, SendOptions options) {
                M event;
                fill(event, scenario.roaming.GetLink(0, 0)->GetLinkTupleId());
                return misf.SendIndication(to, event, options);
            }));
    }
};

TrustTestSuite g_trustTestSuite; //!< the instance

} // namespace
