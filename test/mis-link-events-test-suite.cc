// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of link events: what is told of a link, and what of it reaches the serving PoS.
 */

#include "mis-scenario-test.h"

#include "ns3/double.h"
#include "ns3/mis-link-event-listener.h"
#include "ns3/mis-link-event-notifier.h"
#include "ns3/mis-link-signal.h"
#include "ns3/mis-monitored-access-link.h"
#include "ns3/mis-tlv.h"
#include "ns3/pointer.h"
#include "ns3/uinteger.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// A link that does what the test says.
class FakeLink : public MonitoredAccessLink
{
  public:
    LinkTupleId GetLinkTupleId() const override
    {
        LinkTupleId id;
        id.link.address = LinkAddress::Mac({2, 0, 0, 0, 0, 7});
        return id;
    }

    void Attach(std::function<void()> attached) override
    {
        NotifyUp();
        NotifyReady();
        attached();
    }

    void Detach() override
    {
        NotifyDown(LinkDownReason::EXPLICIT_DISCONNECT);
    }

    using MonitoredAccessLink::NotifyDetected;
    using MonitoredAccessLink::NotifyDown;
    using MonitoredAccessLink::NotifyReady;
    using MonitoredAccessLink::NotifySignal;
    using MonitoredAccessLink::NotifyUp;
};

/// The state kept of a link.
class LinkStateTestCase : public TestCase
{
  public:
    LinkStateTestCase()
        : TestCase("each event of a link is told once, reports come at intervals")
    {
    }

  private:
    static void Note(LinkStateTestCase* self, std::string what, const LinkTupleId&)
    {
        self->m_told += what + " ";
    }

    static void NoteSignal(LinkStateTestCase* self, std::string what, const LinkTupleId&, double)
    {
        self->m_told += what + " ";
    }

    static void NoteDown(LinkStateTestCase* self, const LinkTupleId&, LinkDownReason reason)
    {
        self->m_told += std::string("down-") + ToString(reason) + " ";
    }

    static void NoteGoingDown(LinkStateTestCase* self, const LinkTupleId&, Time left, double sure)
    {
        self->m_left = left;
        self->m_confidence = sure;
        self->m_told += "going ";
    }

    std::string Told()
    {
        auto told = std::move(m_told);
        m_told.clear();
        return told;
    }

    static void Call(std::function<void()> action)
    {
        action();
    }

    void DoRun() override
    {
        auto link = CreateObject<FakeLink>();
        link->SetAttribute("ReportInterval", TimeValue(Seconds(1)));
        link->GetMonitor()->SetAttribute("Threshold", DoubleValue(-80));
        link->GetMonitor()->SetAttribute("PathLossExponent", DoubleValue(0));
        for (const auto* what : {"Up", "Ready", "GoingDownRollback"})
        {
            link->TraceConnectWithoutContext(what,
                                             MakeBoundCallback(&Note, this, std::string(what)));
        }
        link->TraceConnectWithoutContext(
            "Detected",
            MakeBoundCallback(&NoteSignal, this, std::string("detected")));
        link->TraceConnectWithoutContext("Down", MakeBoundCallback(&NoteDown, this));
        link->TraceConnectWithoutContext("GoingDown", MakeBoundCallback(&NoteGoingDown, this));
        link->TraceConnectWithoutContext(
            "ParametersReport",
            MakeBoundCallback(&NoteSignal, this, std::string("report")));

        const auto id = link->GetLinkTupleId();
        link->NotifyDetected(id, -60);
        link->NotifyDetected(id, -61);
        NS_TEST_EXPECT_MSG_EQ(Told(), "detected ", "once");
        link->NotifyReady();
        link->NotifySignal(-60);
        link->NotifyDown(LinkDownReason::PACKET_TIMEOUT);
        NS_TEST_EXPECT_MSG_EQ(Told(), "", "nothing of a link that is not up");
        NS_TEST_EXPECT_MSG_EQ(link->GetSignal().has_value(), false, "no signal either");
        link->NotifyUp();
        link->NotifyUp();
        link->NotifyReady();
        link->NotifyReady();
        NS_TEST_EXPECT_MSG_EQ(Told(), "Up Ready ", "once");
        for (int i = 0; i < 25; ++i)
        {
            Simulator::Schedule(MilliSeconds(100 * i), &Call, [link, i] {
                link->NotifySignal(-70 - 0.1 * i);
            });
        }
        Simulator::Stop(Seconds(2.45));
        Simulator::Run();
        // The first report is due a second after the first sample, the next after a second more.
        NS_TEST_EXPECT_MSG_EQ(Told(), "report report ", "reports");
        NS_TEST_EXPECT_MSG_EQ_TOL(link->GetSignal().value_or(0), -72.4, 1e-9, "latest signal");
        // 1 dB a second: -75 is 5 s before the threshold of -80.
        link->SetAttribute("ReportInterval", TimeValue(Time(0)));
        for (int i = 0; i < 30; ++i)
        {
            Simulator::Schedule(MilliSeconds(50 + 100 * i), &Call, [link, i] {
                link->NotifySignal(-72.5 - 0.1 * i);
            });
        }
        Simulator::Stop(Seconds(3));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(Told().find("going"),
                              std::string("report ").size(),
                              "then a warning");
        NS_TEST_EXPECT_MSG_EQ_TOL(m_left.GetSeconds(), 5, 0.11, "time left");
        NS_TEST_EXPECT_MSG_EQ(m_confidence, 100, "a line is sure");
        link->NotifyDown(LinkDownReason::NO_BROADCAST);
        link->NotifyDown(LinkDownReason::PACKET_TIMEOUT);
        NS_TEST_EXPECT_MSG_EQ(Told(), "down-NO_BROADCAST ", "once");
        NS_TEST_EXPECT_MSG_EQ(link->IsReady(), false, "not ready any more");
        NS_TEST_EXPECT_MSG_EQ(link->GetMonitor()->IsGoingDown(), false, "forgotten");
        Simulator::Stop(Seconds(5));
        Simulator::Run();
        link->NotifyDetected(id, -60);
        NS_TEST_EXPECT_MSG_EQ(Told(), "detected ", "again after some seconds");
        Simulator::Destroy();
    }

    std::string m_told;
    Time m_left;
    double m_confidence{0};
};

/// Events on their way to the serving PoS.
class NotifierTestCase : public TestCase
{
  public:
    NotifierTestCase()
        : TestCase("link events reach the PoS that serves, also those of a handover")
    {
    }

  private:
    /// What a PoS was told.
    struct Told
    {
        uint32_t network;
        std::string mn;
        LinkEvent event;
    };

    static void OnEvent(NotifierTestCase* self,
                        uint32_t network,
                        const MisfId& mn,
                        const LinkEvent& event)
    {
        self->m_told.push_back({network, mn.Get(), event});
    }

    static void OnSubscribed(NotifierTestCase* self, const MisfId&, uint32_t events)
    {
        self->m_subscribed.push_back(events);
    }

    void DoRun() override
    {
        Scenario scenario;
        scenario.AddNetworks(2);
        scenario.Build();
        auto notifier = CreateObject<LinkEventNotifier>();
        notifier->SetMobileNode(scenario.Mn());
        auto link = CreateObject<FakeLink>();
        notifier->Watch(link);
        std::vector<Ptr<LinkEventListener>> listeners;
        for (uint32_t i = 0; i < 2; ++i)
        {
            listeners.push_back(CreateObject<LinkEventListener>());
            listeners[i]->SetMisf(scenario.Pos(i)->GetMisf());
            listeners[i]->TraceConnectWithoutContext("LinkEvent",
                                                     MakeBoundCallback(&OnEvent, this, i));
            listeners[i]->TraceConnectWithoutContext("Subscribed",
                                                     MakeBoundCallback(&OnSubscribed, this));
        }
        const auto id = link->GetLinkTupleId();
        Scenario::At(Seconds(1), [&] {
            link->NotifyDetected(id, -65.4);
            link->NotifyUp();
            link->NotifyReady();
            for (int i = 0; i < 8; ++i)
            {
                link->GetMonitor()->Reset();
                link->NotifySignal(-70.6);
            }
        });
        Scenario::At(Seconds(3), [&] { link->NotifyDown(LinkDownReason::NO_BROADCAST); });
        scenario.Preregister(Seconds(4));
        scenario.Handover(Seconds(5));
        // While the mobile node hands over: it has left at 5 s and some round trips.
        scenario.Mn()->TraceConnectWithoutContext("HandoverBegin",
                                                  MakeCallback(&NotifierTestCase::OnBegin, this));
        m_inHandover = [link] { link->NotifyUp(); };
        Scenario::At(Seconds(7), [&] {
            // The old PoS serves no longer, and may not choose.
            NS_TEST_EXPECT_MSG_EQ((listeners[0]->Subscribe(scenario.Mn()->GetMisf()->GetId(),
                                                           id,
                                                           event_list::LINK_UP) == SendError::NONE),
                                  true,
                                  "sent");
        });
        Scenario::At(Seconds(8), [&] {
            NS_TEST_EXPECT_MSG_EQ(
                (listeners[1]->Subscribe(scenario.Mn()->GetMisf()->GetId(),
                                         id,
                                         event_list::LINK_DOWN) == SendError::NONE),
                true,
                "sent");
        });
        Scenario::At(Seconds(9), [&] {
            link->NotifyDown(LinkDownReason::NO_RESOURCE);
            link->NotifyUp(); // not subscribed any more
        });
        Scenario::Run(Seconds(12));
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers.size(), 1u, "handed over");

        NS_TEST_ASSERT_MSG_EQ(m_told.size(), 6u, "all events have come");
        const auto check = [&](size_t i, uint32_t network, MessageId mid) {
            NS_TEST_EXPECT_MSG_EQ(m_told[i].network, network, "PoS of event " << i);
            NS_TEST_EXPECT_MSG_EQ(m_told[i].event.mid.Value(), mid.Value(), "event " << i);
            NS_TEST_EXPECT_MSG_EQ(m_told[i].mn, RoamingScenarioHelper::MobileNodeId(0), "whose");
            NS_TEST_EXPECT_MSG_EQ((m_told[i].event.link == id), true, "link of event " << i);
        };
        check(0, 0, LinkDetectedIndication::ID);
        NS_TEST_EXPECT_MSG_EQ(m_told[0].event.signal.value_or(0), -65, "dBm, rounded");
        check(1, 0, LinkUpIndication::ID);
        check(2, 0, LinkParametersReportIndication::ID);
        NS_TEST_EXPECT_MSG_EQ(m_told[2].event.signal.value_or(0), -71, "dBm, rounded");
        check(3, 0, LinkDownIndication::ID);
        NS_TEST_EXPECT_MSG_EQ((m_told[3].event.reason.value_or(LinkDownReason::BILLING_FAILURE) ==
                               LinkDownReason::NO_BROADCAST),
                              true,
                              "reason");
        check(4, 1, LinkUpIndication::ID);
        check(5, 1, LinkDownIndication::ID);
        NS_TEST_ASSERT_MSG_EQ(m_subscribed.size(), 1u, "one subscription was taken");
        NS_TEST_EXPECT_MSG_EQ(m_subscribed[0], event_list::LINK_DOWN, "as asked");
        NS_TEST_EXPECT_MSG_EQ(notifier->GetEvents(), event_list::LINK_DOWN, "as asked");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "nothing is left");
    }

    void OnBegin(const HandoverReport&)
    {
        m_inHandover();
    }

    std::vector<Told> m_told;
    std::vector<uint32_t> m_subscribed;
    std::function<void()> m_inHandover;
};

/// Frames of the messages, octet by octet.
class EventFramesTestCase : public TestCase
{
  public:
    EventFramesTestCase()
        : TestCase("event messages have the octets of the tables")
    {
    }

  private:
    template <class M>
    static Bytes BodyOf(const M& message)
    {
        Bytes octets;
        Writer writer(octets);
        EncodeBody(message, writer);
        return octets;
    }

    void DoRun() override
    {
        LinkParametersReportIndication report;
        report.link.link.address = LinkAddress::Mac({2, 0, 0, 0, 0, 7});
        report.reports.emplace_back();
        report.reports.back().value = ToParameterValue(-71);
        // TLV 13 with LINK_TUPLE_ID, TLV 23 with one LINK_PARAM_RPT: generic, signal strength,
        // LINK_PARAM_VAL ffb9, no threshold.
        const Bytes expected{0x0d, 0x0c, 0x13, 0x00, 0x00, 0x06, 0x06, 0x02, 0x00, 0x00, 0x00, 0x00,
                             0x07, 0x00, 0x17, 0x07, 0x01, 0x00, 0x01, 0x00, 0xff, 0xb9, 0x00};
        NS_TEST_EXPECT_MSG_EQ((BodyOf(report) == expected), true, "Link_Parameters_Report");
        for (const double level : {-128.0, -1.0, 0.0, 27.0})
        {
            NS_TEST_EXPECT_MSG_EQ(FromParameterValue(ToParameterValue(level)),
                                  level,
                                  "there, back");
        }
        NS_TEST_EXPECT_MSG_EQ(static_cast<int>(std::get<int8_t>(ToSignalStrength(-500))),
                              -128,
                              "the weakest there is");

        EventSubscribeRequest subscribe;
        subscribe.link = report.link;
        subscribe.events = event_list::LINK_DETECTED | event_list::LINK_GOING_DOWN;
        const Bytes request{0x0d, 0x0c, 0x13, 0x00, 0x00, 0x06, 0x06, 0x02, 0x00, 0x00,
                            0x00, 0x00, 0x07, 0x00, 0x05, 0x04, 0x88, 0x00, 0x00, 0x00};
        NS_TEST_EXPECT_MSG_EQ((BodyOf(subscribe) == request), true, "Event_Subscribe");
    }
};

class LinkEventsTestSuite : public TestSuite
{
  public:
    LinkEventsTestSuite()
        : TestSuite("mis-link-events", TestSuite::Type::UNIT)
    {
        AddTestCase(new LinkStateTestCase);
        AddTestCase(new NotifierTestCase);
        AddTestCase(new EventFramesTestCase);
    }
};

LinkEventsTestSuite g_linkEventsTestSuite; //!< the instance

} // namespace
