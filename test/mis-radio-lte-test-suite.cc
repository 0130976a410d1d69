// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: lte mobility propagation spectrum point-to-point

/**
 * @file
 * Tests of access links over LTE, against what ns-3 does by itself.
 */

#include "mis-radio-test-helpers.h"

#include "ns3/boolean.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-generator.h"
#include "ns3/lte-enb-net-device.h"
#include "ns3/lte-helper.h"
#include "ns3/lte-ue-rrc.h"
#include "ns3/mis-lte-access-link.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/point-to-point-epc-helper.h"
#include "ns3/spectrum-channel.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// A UE and cells 500 m apart.
class LteNetwork
{
  public:
    /**
     * @param cells number of cells
     * @param x position of the UE, metres from the first cell
     */
    LteNetwork(uint32_t cells, double x)
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        Ipv4AddressGenerator::TestMode();
        lte = CreateObject<LteHelper>();
        epc = CreateObject<PointToPointEpcHelper>();
        lte->SetAttribute("UseIdealRrc", BooleanValue(false));
        lte->SetEpcHelper(epc);
        NodeContainer enbNodes;
        enbNodes.Create(cells);
        auto ueNode = CreateObject<Node>();
        for (uint32_t i = 0; i < cells; ++i)
        {
            Place(enbNodes.Get(i), 500.0 * i);
        }
        Place(ueNode, x);
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(ueNode);
        enbs = lte->InstallEnbDevice(enbNodes);
        const auto ues = lte->InstallUeDevice(NodeContainer(ueNode));
        ue = DynamicCast<LteUeNetDevice>(ues.Get(0));
        lte->AssignStreams(enbs, 1);
        lte->AssignStreams(ues, 1000);
        AddIpv4(ue, "7.0.0.2");
        if (cells > 1)
        {
            lte->AddX2Interface(enbNodes);
        }
    }

    ~LteNetwork()
    {
        Simulator::Destroy();
    }

    /// @return an access link of the UE
    Ptr<LteAccessLink> MakeLink()
    {
        auto silence = CreateObject<RadioSilence>();
        lte->GetDownlinkSpectrumChannel()->AddPropagationLossModel(silence);
        if (lte->GetUplinkSpectrumChannel() != lte->GetDownlinkSpectrumChannel())
        {
            lte->GetUplinkSpectrumChannel()->AddPropagationLossModel(silence);
        }
        auto link = CreateObject<LteAccessLink>();
        link->SetUe(
            ue,
            [this] { lte->Attach(ue, enbs.Get(0)); },
            silence);
        link->SetInterface(ue, Ipv4Address("7.0.0.1"), {});
        return link;
    }

    /// @param x new position of the UE
    void MoveUe(double x)
    {
        ue->GetNode()->GetObject<MobilityModel>()->SetPosition(Vector(x, 0, 0));
    }

    Ptr<LteHelper> lte;             //!< helper
    Ptr<PointToPointEpcHelper> epc; //!< core
    NetDeviceContainer enbs;        //!< cells
    Ptr<LteUeNetDevice> ue;         //!< UE

  private:
    static void Place(Ptr<Node> node, double x)
    {
        auto position = CreateObject<ConstantPositionMobilityModel>();
        position->SetPosition(Vector(x, 0, 0));
        node->AggregateObject(position);
    }
};

/// Instants of the events of a UE, nanoseconds.
struct UeTimes
{
    int64_t connected{0};  //!< ConnectionEstablished
    int64_t handedOver{0}; //!< HandoverEndOk
    int64_t failed{0};     //!< RadioLinkFailure

    bool operator==(const UeTimes& other) const
    {
        return connected == other.connected && handedOver == other.handedOver &&
               failed == other.failed;
    }
};

void
Note(int64_t* at, uint64_t, uint16_t, uint16_t)
{
    if (*at == 0)
    {
        *at = Simulator::Now().GetNanoSeconds();
    }
}

void
Watch(Ptr<LteUeNetDevice> ue, UeTimes& times)
{
    auto rrc = ue->GetRrc();
    rrc->TraceConnectWithoutContext("ConnectionEstablished",
                                    MakeBoundCallback(&Note, &times.connected));
    rrc->TraceConnectWithoutContext("HandoverEndOk", MakeBoundCallback(&Note, &times.handedOver));
    rrc->TraceConnectWithoutContext("RadioLinkFailure", MakeBoundCallback(&Note, &times.failed));
}

/// The life of a UE, with an access link and without.
class LteLifeTestCase : public TestCase
{
  public:
    LteLifeTestCase()
        : TestCase(
              "attachment, X2 handover and radio link failure come when they do in ns-3 alone, "
              "and are told")
    {
    }

  private:
    static UeTimes Live(LteNetwork& network)
    {
        UeTimes times;
        Watch(network.ue, times);
        network.lte->HandoverRequest(Seconds(3),
                                     network.ue,
                                     network.enbs.Get(0),
                                     network.enbs.Get(1));
        At(Seconds(5), [&network] { network.MoveUe(1e6); });
        RunUntil(Seconds(9));
        return times;
    }

    void OnHandoverBegin(uint16_t from, uint16_t to)
    {
        m_begun = Simulator::Now().GetNanoSeconds();
        m_cells = {from, to};
    }

    void OnHandoverEnd(uint16_t cell, bool done)
    {
        m_ended = Simulator::Now().GetNanoSeconds();
        m_done = done && cell == m_cells.second;
    }

    void DoRun() override
    {
        UeTimes plain;
        {
            LteNetwork network(2, 260);
            At(Time(0), [&network] { network.lte->Attach(network.ue, network.enbs.Get(0)); });
            plain = Live(network);
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(plain.connected, 28000000, 600000, "attachment of ns-3");
        NS_TEST_EXPECT_MSG_EQ_TOL(plain.handedOver, 3007210000, 600000, "X2 handover of ns-3");
        NS_TEST_EXPECT_MSG_EQ_TOL(plain.failed, 7207000000, 50000000, "T310 and N310 of ns-3");

        LteNetwork network(2, 260);
        auto link = network.MakeLink();
        LinkRecord record(link);
        link->TraceConnectWithoutContext("HandoverBegin",
                                         MakeCallback(&LteLifeTestCase::OnHandoverBegin, this));
        link->TraceConnectWithoutContext("HandoverEnd",
                                         MakeCallback(&LteLifeTestCase::OnHandoverEnd, this));
        At(Time(0), [link] { link->Attach([] {}); });
        const auto times = Live(network);
        NS_TEST_EXPECT_MSG_EQ(times.connected, plain.connected, "attached at the same instant");
        NS_TEST_EXPECT_MSG_EQ(times.handedOver, plain.handedOver, "handed over likewise");
        NS_TEST_EXPECT_MSG_EQ(times.failed, plain.failed, "lost likewise");

        NS_TEST_ASSERT_MSG_EQ(record.ups.size(), 1u, "up once: a handover is not a new link");
        NS_TEST_EXPECT_MSG_EQ_TOL(record.ups[0], plain.connected / 1e9, 1e-9, "Up");
        NS_TEST_ASSERT_MSG_EQ(record.readies.size(), 1u, "ready once");
        NS_TEST_EXPECT_MSG_EQ_TOL(record.readies[0], 0.044, 0.003, "the bearer is set up later");
        NS_TEST_EXPECT_MSG_EQ_TOL(m_begun, 3004000000, 600000, "command received");
        NS_TEST_EXPECT_MSG_EQ(m_ended, plain.handedOver, "and carried out");
        NS_TEST_EXPECT_MSG_EQ(m_done, true, "with success");
        NS_TEST_ASSERT_MSG_EQ(record.downs.size(), 1u, "down once");
        NS_TEST_EXPECT_MSG_EQ_TOL(record.downs[0], plain.failed / 1e9, 1e-9, "Down");
        NS_TEST_EXPECT_MSG_EQ((record.reasons[0] == LinkDownReason::PACKET_TIMEOUT), true, "why");
        NS_TEST_EXPECT_MSG_EQ(record.detected.size(), 2u, "two cells");
    }

    int64_t m_begun{0};
    int64_t m_ended{0};
    bool m_done{false};
    std::pair<uint16_t, uint16_t> m_cells;
};

/// Leaving and coming back.
class LteDetachTestCase : public TestCase
{
  public:
    LteDetachTestCase()
        : TestCase("the link is left for good and taken up again")
    {
    }

  private:
    void DoRun() override
    {
        LteNetwork network(1, 100);
        auto link = network.MakeLink();
        LinkRecord record(link);
        UeTimes times;
        Watch(network.ue, times);
        // System information is sent every 80 ms; the UE waits for the next one.
        At(MilliSeconds(1040), [&] { link->Attach([] {}); });
        At(Seconds(2), [&] { link->Detach(); });
        At(Seconds(6), [&] { link->Attach([] {}); });
        At(Seconds(8), [&] { link->Detach(); });
        // Given up before it is connected.
        At(Seconds(9), [&] { link->Attach([] {}); });
        At(Seconds(9.01), [&] { link->Detach(); });
        At(Seconds(12), [&] { link->Attach([] {}); });
        RunUntil(Seconds(14));
        NS_TEST_EXPECT_MSG_EQ_TOL(times.connected, 1068000000, 600000, "a late attachment");
        NS_TEST_ASSERT_MSG_EQ(record.ups.size(), 3u, "up three times");
        NS_TEST_ASSERT_MSG_EQ(record.downs.size(), 2u, "left twice");
        NS_TEST_EXPECT_MSG_EQ(record.downs[0], 2, "at once");
        NS_TEST_EXPECT_MSG_EQ((record.reasons[0] == LinkDownReason::EXPLICIT_DISCONNECT),
                              true,
                              "why");
        // The next measurement, within 200 ms, and a connection.
        NS_TEST_EXPECT_MSG_EQ((record.ups[1] > 6 && record.ups[1] < 6.3), true, "found again");
        NS_TEST_EXPECT_MSG_EQ((record.ups[2] > 12 && record.ups[2] < 12.3), true, "found again");
        NS_TEST_EXPECT_MSG_EQ(link->IsReady(), true, "ready at last");
    }
};

/// Many mobile nodes in a cell.
class CrowdedCellTestCase : public TestCase
{
  public:
    CrowdedCellTestCase()
        : TestCase("30 mobile nodes attach to one cell and preregister from there")
    {
    }

  private:
    void OnPreregistration(const PreregistrationReport& report)
    {
        m_succeeded += report.outcome == "success";
    }

    void DoRun() override
    {
        constexpr uint32_t COUNT = 30;
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        RoamingScenarioHelper scenario;
        scenario.SetLinks("radio");
        scenario.AddNetwork("lte");
        scenario.SetLinks("profile");
        scenario.AddNetwork("ethernet");
        scenario.SetMobileNodes(COUNT);
        scenario.Build(1);
        uint32_t up = 0;
        for (uint32_t i = 0; i < COUNT; ++i)
        {
            const auto mn = scenario.GetMobileNodes()[i];
            mn->TraceConnectWithoutContext(
                "Preregistration",
                MakeCallback(&CrowdedCellTestCase::OnPreregistration, this));
            At(Seconds(1), [&up, link = scenario.GetLink(i, 0)] {
                up += DynamicCast<MonitoredAccessLink>(link)->IsReady();
            });
            At(Seconds(1) + MilliSeconds(5 * i), [mn] {
                PreregistrationTarget target;
                target.tpos = MisfId(RoamingScenarioHelper::PosId(1));
                mn->Preregister(target);
            });
        }
        RunUntil(Seconds(3));
        NS_TEST_EXPECT_MSG_EQ(up, COUNT, "all are attached");
        NS_TEST_EXPECT_MSG_EQ(m_succeeded, COUNT, "all are preregistered");
        Simulator::Destroy();
    }

    uint32_t m_succeeded{0};
};

class RadioLteTestSuite : public TestSuite
{
  public:
    RadioLteTestSuite()
        : TestSuite("mis-radio-lte", TestSuite::Type::UNIT)
    {
        AddTestCase(new LteLifeTestCase);
        AddTestCase(new LteDetachTestCase);
        AddTestCase(new CrowdedCellTestCase);
    }
};

RadioLteTestSuite g_radioLteTestSuite; //!< the instance

} // namespace
