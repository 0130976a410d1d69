// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: lte mobility propagation spectrum point-to-point

/**
 * @file
 * A handover of LTE in ns-3 is the same with this module on its nodes as without.
 */

#include "mis-undisturbed-test.h"

#include "ns3/boolean.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/ipv4-address-generator.h"
#include "ns3/lte-enb-net-device.h"
#include "ns3/lte-enb-rrc.h"
#include "ns3/lte-helper.h"
#include "ns3/lte-ue-rrc.h"
#include "ns3/mis-lte-access-link.h"
#include "ns3/point-to-point-epc-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/string.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

constexpr int64_t HANDOVER_NS = 1000000000;

void
NoteUe(PlainLog* log, const std::string& what, uint64_t, uint16_t cell, uint16_t)
{
    log->Note(what + ", cell " + std::to_string(cell));
}

void
NoteStart(PlainLog* log, const std::string& what, uint64_t, uint16_t, uint16_t, uint16_t target)
{
    log->Note(what + ", cell " + std::to_string(target));
}

/// A UE hands over from one cell to another, by X2, with RRC messages over the radio.
class X2Run : public PlainRun
{
  public:
    /// @param setup what is different
    explicit X2Run(const PlainSetup& setup)
        : PlainRun(setup)
    {
        Ipv4AddressGenerator::TestMode();
        auto lte = CreateObject<LteHelper>();
        auto epc = CreateObject<PointToPointEpcHelper>();
        lte->SetAttribute("UseIdealRrc", BooleanValue(false));
        lte->SetEpcHelper(epc);
        NodeContainer cells(2);
        auto ueNode = CreateObject<Node>();
        auto server = CreateObject<Node>();
        Place(cells.Get(0), 0);
        Place(cells.Get(1), 500);
        Place(ueNode, 260);
        InstallStacks(ueNode, NodeContainer(server));
        const auto enbs = lte->InstallEnbDevice(cells);
        const auto ues = lte->InstallUeDevice(NodeContainer(ueNode));
        lte->AssignStreams(enbs, setup.firstStream);
        lte->AssignStreams(ues, setup.firstStream + 500);
        lte->AddX2Interface(cells);
        const auto address = epc->AssignUeIpv4Address(ues).GetAddress(0);
        Ipv4StaticRoutingHelper routing;
        routing.GetStaticRouting(ueNode->GetObject<Ipv4>())
            ->SetDefaultRoute(epc->GetUeDefaultGatewayAddress(), 1);
        const auto serverAddress = ConnectServer(server, epc->GetPgwNode());
        InstallFlow(server, ueNode, address, MilliSeconds(200));
        lte->Attach(ues.Get(0), enbs.Get(0));
        lte->HandoverRequest(NanoSeconds(HANDOVER_NS), ues.Get(0), enbs.Get(0), enbs.Get(1));
        const auto ue = DynamicCast<LteUeNetDevice>(ues.Get(0));
        Trace(ue->GetRrc(), "UE");
        for (uint32_t i = 0; i < enbs.GetN(); ++i)
        {
            Trace(DynamicCast<LteEnbNetDevice>(enbs.Get(i))->GetRrc(),
                  "eNB " + std::to_string(i + 1));
        }
        if (setup.presence != Presence::ABSENT)
        {
            module =
                std::make_unique<ModuleInUse>(setup.presence, ueNode, server, serverAddress, cells);
            auto link = CreateObject<LteAccessLink>();
            link->Watch(ue);
            link->SetLinkTupleId(LteAccessLink::IdOf(1));
            link->TraceConnectWithoutContext("HandoverEnd",
                                             MakeCallback(&X2Run::OnLinkHandover, this));
            module->Use(link, ue, epc->GetUeDefaultGatewayAddress(), setup.isPortClosed);
        }
        Run(Seconds(1.5));
    }

    std::optional<int64_t> linkHandover; //!< when the link has told of the handover, nanoseconds

  private:
    static void Place(Ptr<Node> node, double x)
    {
        auto position = CreateObject<ConstantPositionMobilityModel>();
        position->SetPosition(Vector(x, 0, 0));
        node->AggregateObject(position);
    }

    static Ipv4Address ConnectServer(Ptr<Node> server, Ptr<Node> pgw)
    {
        PointToPointHelper wire;
        wire.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
        wire.SetChannelAttribute("Delay", StringValue("5ms"));
        const auto ends = wire.Install(server, pgw);
        Ipv4AddressHelper addresses("172.16.0.0", "255.255.255.252");
        const auto interfaces = addresses.Assign(ends);
        Ipv4StaticRoutingHelper routing;
        routing.GetStaticRouting(server->GetObject<Ipv4>())
            ->SetDefaultRoute(interfaces.GetAddress(1), 1);
        return interfaces.GetAddress(0);
    }

    template <class Rrc>
    void Trace(Ptr<Rrc> rrc, const std::string& who)
    {
        for (const std::string event :
             {"ConnectionEstablished", "ConnectionReconfiguration", "HandoverEndOk"})
        {
            rrc->TraceConnectWithoutContext(event,
                                            MakeBoundCallback(&NoteUe, &log, who + " " + event));
        }
        rrc->TraceConnectWithoutContext(
            "HandoverStart",
            MakeBoundCallback(&NoteStart, &log, who + " HandoverStart"));
    }

    void OnLinkHandover(uint16_t, bool done)
    {
        if (done)
        {
            linkHandover = Simulator::Now().GetNanoSeconds();
        }
    }
};

/// The handover with and without the module.
class X2TestCase : public TestCase
{
  public:
    X2TestCase()
        : TestCase("an X2 handover is the same to the nanosecond with the module in use")
    {
    }

  private:
    void DoRun() override
    {
        const X2Run plain({});
        const auto begin = plain.log.Find("UE HandoverStart, cell 2");
        const auto end = plain.log.Find("UE HandoverEndOk, cell 2");
        // Figures of ns-3 alone, from outside of this module.
        NS_TEST_EXPECT_MSG_EQ_TOL(begin - HANDOVER_NS, 4000000, 600000, "the command of ns-3");
        NS_TEST_EXPECT_MSG_EQ_TOL(end - HANDOVER_NS, 7210000, 600000, "the handover of ns-3");
        NS_TEST_EXPECT_MSG_EQ_TOL(plain.log.GetLargestGap().GetMilliSeconds(), 20, 3, "its gap");
        NS_TEST_EXPECT_MSG_GT(plain.log.GetArrivals(), 1200u, "data arrive");

        const X2Run with({Presence::SILENT});
        NS_TEST_EXPECT_MSG_EQ(with.log.Differs(plain.log), "", "what has happened");
        NS_TEST_EXPECT_MSG_EQ(with.log.GetArrivals(), plain.log.GetArrivals(), "packets");
        NS_TEST_EXPECT_MSG_EQ(with.log.GetLargestGap(), plain.log.GetLargestGap(), "gap");
        // It was in use.
        NS_TEST_ASSERT_MSG_EQ(with.module->record->ups.size(), 1u, "the link came up");
        NS_TEST_EXPECT_MSG_EQ(Seconds(with.module->record->ups[0]).GetNanoSeconds(),
                              plain.log.Find("UE ConnectionEstablished, cell 1"),
                              "when the UE was connected");
        NS_TEST_EXPECT_MSG_EQ(with.linkHandover.value_or(-1), end, "and told of the handover");
        NS_TEST_EXPECT_MSG_EQ(with.module->record->detected.size(), 2u, "and of both cells");
        NS_TEST_EXPECT_MSG_EQ(with.module->frames.size(), 0u, "no frame was sent");
        NS_TEST_EXPECT_MSG_EQ(with.portDrops, 0u, "no packet was dropped");
    }
};

/// The comparison sees what does disturb.
class X2DisturbedTestCase : public TestCase
{
  public:
    X2DisturbedTestCase()
        : TestCase("a handover of LTE that is disturbed is told apart")
    {
    }

  private:
    void DoRun() override
    {
        const X2Run plain({});
        const X2Run again({});
        NS_TEST_EXPECT_MSG_EQ(again.log.Differs(plain.log), "", "the same once more");
        const X2Run loaded({Presence::ABSENT, 1, false, true});
        NS_TEST_EXPECT_MSG_NE(loaded.log.Differs(plain.log), "", "more data");
        const X2Run closed({Presence::SILENT, 1, true});
        NS_TEST_EXPECT_MSG_NE(closed.log.Differs(plain.log), "", "the port closed");
        NS_TEST_EXPECT_MSG_EQ(closed.portDrops, plain.log.GetArrivals(), "nothing passes it");

        // Random variables made before have shifted the automatic streams, not what is sent.
        const X2Run telling({Presence::TELLING});
        const X2Run toldAgain({Presence::TELLING});
        NS_TEST_EXPECT_MSG_GT(telling.module->frames.size(), 0u, "link events");
        NS_TEST_EXPECT_MSG_EQ((toldAgain.module->frames == telling.module->frames),
                              true,
                              "the module draws from streams of its own");
    }
};

class UndisturbedLteTestSuite : public TestSuite
{
  public:
    UndisturbedLteTestSuite()
        : TestSuite("mis-undisturbed-lte", TestSuite::Type::UNIT)
    {
        AddTestCase(new X2TestCase);
        AddTestCase(new X2DisturbedTestCase);
    }
};

UndisturbedLteTestSuite g_undisturbedLteTestSuite; //!< the instance

} // namespace
