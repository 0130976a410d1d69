// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of real link authentication over radios, as far as the build has them.
 */

#include "mis-oracle-test-helpers.h"
#include "mis-radio-scenario-test.h"
#include "mis-radio-test-helpers.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-controlled-ports.h"
#include "ns3/mis-ip-stack.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <filesystem>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// A handover with real link authentication.
RadioSetup
RealSetup(const std::vector<std::string>& networks)
{
    RadioSetup setup;
    setup.networks = networks;
    setup.isReal = true;
    return setup;
}

/// Keys that both ends of the link to a network have.
struct LinkEnds
{
    LinkKeys mobile;
    LinkKeys network;
    bool isAuthorized{false};
};

/// Looks at both ends whenever a handover has ended.
class KeyWatch
{
  public:
    /// @param scenario what is watched @param network the network handed over to
    void Watch(RoamingScenarioHelper& scenario, uint32_t network)
    {
        m_scenario = &scenario;
        m_network = network;
        scenario.GetMobileNodes().front()->TraceConnectWithoutContext(
            "Handover",
            MakeCallback(&KeyWatch::OnHandover, this));
    }

    LinkEnds ends; //!< after the last handover

  private:
    void OnHandover(const HandoverReport&)
    {
        const auto& poa = m_scenario->GetPointsOfAttachment()[m_network];
        const auto station = m_scenario->GetLink(0, m_network)->GetLinkTupleId().link.address;
        ends.mobile = m_scenario->GetMobileNodes().front()->GetLinkKeys();
        ends.network = poa->GetLinkKeys(station);
        ends.isAuthorized = poa->IsAuthorized(station);
    }

    RoamingScenarioHelper* m_scenario{nullptr};
    uint32_t m_network{0};
};

} // namespace

/// A handshake with the key that was pushed, or a whole authentication, on the new link.
class RadioLinkTestCase : public TestCase
{
  public:
    /**
     * @param from technology left
     * @param to technology handed over to
     * @param isCold without a preregistration
     * @param isDual with two radios
     */
    RadioLinkTestCase(const std::string& from, const std::string& to, bool isCold, bool isDual)
        : TestCase("both ends of the link to " + to + " from " + from + " have the same keys" +
                   (isCold ? ", cold" : "") + (isDual ? ", two radios" : "")),
          m_from(from),
          m_to(to),
          m_isCold(isCold),
          m_isDual(isDual)
    {
    }

  private:
    void DoRun() override
    {
        auto setup = RealSetup({m_from, m_to});
        setup.isDual = m_isDual;
        setup.isCold = m_isCold;
        if (m_isCold)
        {
            setup.remedy = "ns3::mis::ClauseRemovedRemedy";
            setup.linkMethod = "EAP-TLS";
        }
        KeyWatch watch;
        const RadioRun run(setup, [&](RoamingScenarioHelper& scenario) {
            NS_TEST_EXPECT_MSG_EQ(scenario.GetPointsOfAttachment().size(), 2, "one a network");
            watch.Watch(scenario, 1);
        });
        NS_TEST_ASSERT_MSG_EQ(run.GetSuccesses(), 1, run.Describe());
        if (run.GetSuccesses() != 1)
        {
            return;
        }
        const auto& ends = watch.ends;
        NS_TEST_EXPECT_MSG_EQ(run.mnLinks.size(), 1, "one authentication at the mobile node");
        NS_TEST_EXPECT_MSG_EQ((run.mnLinks == run.poaLinks), true, "and at the network");
        NS_TEST_EXPECT_MSG_EQ(ends.isAuthorized, true, "the network lets it in");
        // A whole authentication without a handshake behind it makes no keys of the link.
        const bool hasKeys = !m_isCold || m_to == "wifi" || m_to == "wimax";
        NS_TEST_EXPECT_MSG_EQ(ends.mobile.IsEmpty(), !hasKeys, "keys of the link");
        NS_TEST_EXPECT_MSG_EQ((ends.mobile == ends.network), true, "the same at both ends");
        if (m_isDual)
        {
            NS_TEST_EXPECT_MSG_EQ(run.records.front().packetsLost.value_or(1000), 0, "no loss");
        }
    }

    std::string m_from;
    std::string m_to;
    bool m_isCold;
    bool m_isDual;
};

/// Radios and link profiles next to each other.
class MixedNetworksTestCase : public TestCase
{
  public:
    /// @param networks two radios, with a profile before, between or behind them
    explicit MixedNetworksTestCase(const std::vector<std::string>& networks)
        : TestCase("points of attachment by network, the first being " + networks.front()),
          m_networks(networks)
    {
    }

  private:
    void DoRun() override
    {
        const RadioRun run(RealSetup(m_networks), [&](RoamingScenarioHelper& scenario) {
            const auto& poas = scenario.GetPointsOfAttachment();
            NS_TEST_ASSERT_MSG_EQ(poas.size(), m_networks.size(), "one a network");
            for (uint32_t i = 0; i < m_networks.size(); ++i)
            {
                NS_TEST_EXPECT_MSG_EQ(poas[i]->GetMisf()->GetId(),
                                      MisfId(RoamingScenarioHelper::PointOfAttachmentId(i)),
                                      "in the order of the networks");
                const auto tuple = scenario.GetLink(0, i)->GetLinkTupleId();
                NS_TEST_EXPECT_MSG_EQ(tuple.poa.value_or(LinkAddress()),
                                      poas[i]->GetLink().address,
                                      "the link leads there");
                NS_TEST_EXPECT_MSG_EQ(
                    scenario.GetAttachment(i)->GetLinkFramePort()->GetDevice()->GetNode(),
                    poas[i]->GetMisf()->GetObject<Node>(),
                    "and so does the attachment");
            }
        });
        NS_TEST_EXPECT_MSG_EQ(run.GetSuccesses(), m_networks.size() - 1, run.Describe());
    }

    std::vector<std::string> m_networks;
};

/// Somebody who comes to a network and just sends.
class UnauthorizedTestCase : public TestCase
{
  public:
    /// @param from technology of the network it is in @param to technology of the other
    /// @param family of addresses
    UnauthorizedTestCase(const std::string& from, const std::string& to, const std::string& family)
        : TestCase("the access router of " + to + ", " + family +
                   ", drops what comes from and goes to a station that is not authorized"),
          m_from(from),
          m_to(to),
          m_family(family)
    {
    }

  private:
    static void OnReceive(uint32_t* count, Ptr<Socket> socket)
    {
        Address from;
        while (socket->RecvFrom(from))
        {
            ++*count;
        }
    }

    static Ptr<Socket> Open(Ptr<Node> node, const Address& any, uint32_t& count)
    {
        auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
        socket->Bind(SocketAddressOf(any, PORT));
        socket->SetRecvCallback(MakeBoundCallback(&OnReceive, &count));
        return socket;
    }

    static void Send(Ptr<Socket> socket, const Address& to)
    {
        socket->SendTo(Create<Packet>(100), 0, SocketAddressOf(to, PORT));
    }

    static void SendBothWays(Ptr<Socket> mobile,
                             Ptr<Socket> other,
                             const Address& station,
                             const Address& correspondent)
    {
        Send(mobile, correspondent);
        Send(other, station);
    }

    void DoRun() override
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        RoamingScenarioHelper scenario;
        scenario.GetMis().SetLinkAuthentication("Real");
        scenario.SetAddressFamily(m_family);
        scenario.SetLinks("radio");
        scenario.AddNetwork(m_from);
        scenario.AddNetwork(m_to);
        scenario.SetMovement(20, 0);
        scenario.Build(1);
        const auto link = DynamicCast<RadioAccessLink>(scenario.GetLink(0, 1));
        const auto node = scenario.GetMobileNodeNodes().Get(0);
        const auto device = link->GetDevice();
        const auto correspondent = scenario.GetCorrespondentAddress();
        const auto interface = InterfaceOf(device, correspondent);
        const auto station = HostOf(device, correspondent);
        const auto any = AnyHostLike(correspondent);
        // The node attaches, opens its own port, and has neither a key nor credentials.
        link->Attach([this] { m_isAttached = true; });
        // Later than it has attached to its first network, which moves the default route.
        At(Seconds(1.5), [&scenario, node, link, any, interface] {
            ControlledPorts::Find(node, any)->SetOpen(interface, true);
            scenario.GetMobileNodes().front()->SetCurrentLink(link);
        });
        uint32_t atMobile = 0;
        uint32_t atCorrespondent = 0;
        const auto mobile = Open(node, any, atMobile);
        mobile->BindToNetDevice(device);
        const auto other = Open(scenario.GetCorrespondent(), any, atCorrespondent);
        const auto sends = [&](Time at) {
            Simulator::Schedule(at,
                                &UnauthorizedTestCase::SendBothWays,
                                mobile,
                                other,
                                station,
                                correspondent);
        };
        sends(Seconds(2));
        Simulator::Stop(Seconds(3));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(m_isAttached, true, "the radio is attached");
        NS_TEST_EXPECT_MSG_EQ(atMobile, 0, "nothing comes down");
        NS_TEST_EXPECT_MSG_EQ(atCorrespondent, 0, "nothing goes up");
        const auto& poa = scenario.GetPointsOfAttachment()[1];
        const auto* port = ControlledPorts::Find(poa->GetMisf()->GetObject<Node>(), any);
        NS_TEST_EXPECT_MSG_EQ(port->GetDropCount(), 2, "the access router drops both");
        // The same once it counts as authorized.
        poa->Admit(link->GetLinkTupleId().link.address);
        sends(Seconds(0.1));
        Simulator::Stop(Seconds(1));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(atMobile, 1, "one comes down");
        NS_TEST_EXPECT_MSG_EQ(atCorrespondent, 1, "one goes up");
        Simulator::Destroy();
    }

    static constexpr uint16_t PORT = 7000;
    std::string m_from;
    std::string m_to;
    std::string m_family;
    bool m_isAttached{false};
};

/// The frames in captures of the devices.
class EapolCaptureTestCase : public TestCase
{
  public:
    /// @param to technology handed over to, one with EAPOL @param isCold without a preregistration
    EapolCaptureTestCase(const std::string& to, bool isCold)
        : TestCase("tshark reads EAPOL in the capture of " + to + (isCold ? ", cold" : "")),
          m_to(to),
          m_isCold(isCold)
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(HasProgram("tshark"), true, "install tshark");
        auto setup = RealSetup({m_to == "wifi" ? "ethernet" : "wifi", m_to});
        setup.pcap = CreateTempDirFilename("eapol-" + m_to);
        setup.isCold = m_isCold;
        if (m_isCold)
        {
            setup.remedy = "ns3::mis::ClauseRemovedRemedy";
        }
        std::string file;
        std::string station;
        std::string poa;
        const RadioRun run(setup, [&](RoamingScenarioHelper& scenario) {
            const auto device = DynamicCast<RadioAccessLink>(scenario.GetLink(0, 1))->GetDevice();
            file = PcapHelper().GetFilenameFromDevice(setup.pcap, device);
            station = TextOf(device->GetAddress());
            poa = TextOf(scenario.GetAttachment(1)->GetLinkFramePort()->GetDevice()->GetAddress());
        });
        NS_TEST_ASSERT_MSG_EQ(run.GetSuccesses(), 1, run.Describe());
        if (run.GetSuccesses() != 1)
        {
            return;
        }
        const std::string source = m_to == "wifi" ? "wlan.sa" : "eth.src";
        const auto lines =
            RunCommand("tshark -n -r " + Quote(file) + " -Y eapol -T fields -E separator=, -e " +
                       source + " -e eapol.type -e eap.type -e wlan_rsna_eapol.keydes.msgnr" +
                       " -e llc.type -e eth.type 2>/dev/null")
                .output;
        std::string expected;
        if (m_to == "wifi")
        {
            for (int i = 1; !m_isCold && i <= 4; ++i)
            {
                // EAPOL-Key in 802.11 data frames with LLC and SNAP.
                expected +=
                    (i % 2 == 1 ? poa : station) + ",3,," + std::to_string(i) + ",0x888e,\n";
            }
        }
        if (!expected.empty())
        {
            NS_TEST_EXPECT_MSG_EQ(lines, expected, "the four messages of the handshake");
        }
        NS_TEST_EXPECT_MSG_EQ((lines.find(station + ',') != std::string::npos), true, lines);
        NS_TEST_EXPECT_MSG_EQ((lines.find(poa + ',') != std::string::npos), true, lines);
        if (m_isCold)
        {
            NS_TEST_EXPECT_MSG_EQ((lines.find(",0,51,") != std::string::npos), true, "EAP-GPSK");
        }
        NS_TEST_EXPECT_MSG_EQ(
            RunCommand("tshark -n -r " + Quote(file) + " -Y '_ws.malformed && eapol' 2>/dev/null")
                .output,
            "",
            "nothing is malformed");
    }

    static std::string TextOf(const Address& address)
    {
        std::ostringstream text;
        text << Mac48Address::ConvertFrom(address);
        return text.str();
    }

    std::string m_to;
    bool m_isCold;
};

/// The messages of technologies without EtherTypes.
class DatagramCaptureTestCase : public TestCase
{
  public:
    /// @param to technology handed over to, one that carries only IP
    explicit DatagramCaptureTestCase(const std::string& to)
        : TestCase("messages of " + to + " go in datagrams to the access router, and pass"),
          m_to(to)
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(HasProgram("tshark"), true, "install tshark");
        auto setup = RealSetup({"ethernet", m_to});
        setup.pcap = CreateTempDirFilename("datagrams-" + m_to);
        std::string file;
        const RadioRun run(setup, [&](RoamingScenarioHelper& scenario) {
            const auto device = DynamicCast<RadioAccessLink>(scenario.GetLink(0, 1))->GetDevice();
            file = PcapHelper().GetFilenameFromDevice(setup.pcap, device);
        });
        NS_TEST_ASSERT_MSG_EQ(run.GetSuccesses(), 1, run.Describe());
        if (run.GetSuccesses() != 1)
        {
            return;
        }
        auto lines = RunCommand("tshark -n -r " + Quote(file) +
                                " -Y 'udp.port==" + std::to_string(assigned::LINK_FRAME_UDP_PORT) +
                                "' -T fields -e udp.payload 2>/dev/null")
                         .output;
        std::vector<std::string> payloads;
        std::istringstream in(lines);
        for (std::string line; std::getline(in, line);)
        {
            payloads.push_back(line);
        }
        NS_TEST_ASSERT_MSG_GT(payloads.size(), 2u, "datagrams: " << lines);
        if (payloads.empty())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(payloads.front(), "01", "it has attached, with a key");
        for (size_t i = 1; i < payloads.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(payloads[i].substr(0, 2), "02", "a frame");
        }
        if (m_to == "lte")
        {
            // TS 24.301: EPS mobility management, Security Mode Command and Complete, ciphered or
            // not with a MAC before.
            NS_TEST_EXPECT_MSG_EQ(payloads[1].substr(2, 1), "3", "integrity protected, new");
        }
        else
        {
            NS_TEST_EXPECT_MSG_EQ(payloads[1].substr(2, 2),
                                  "0a",
                                  "IEEE 802.16: PKM-RSP is type 10");
        }
    }

    std::string m_to;
};

/// All of them, with the radios that there are.
class RadioLinkTestSuite : public TestSuite
{
  public:
    RadioLinkTestSuite()
        : TestSuite("mis-radio-link", TestSuite::Type::UNIT)
    {
        const auto radios = GetSupportedRadios();
        const auto has = [&radios](const std::string& radio) {
            return std::find(radios.begin(), radios.end(), radio) != radios.end();
        };
        for (const auto& from : radios)
        {
            for (const auto& to : radios)
            {
                AddTestCase(new RadioLinkTestCase(from, to, false, false));
            }
        }
        for (const auto& to : radios)
        {
            const auto& from = to == radios.front() ? radios.back() : radios.front();
            AddTestCase(new RadioLinkTestCase(from, to, true, false));
            AddTestCase(new RadioLinkTestCase(from, to, false, true));
            AddTestCase(new UnauthorizedTestCase(from, to, "ipv4"));
            if (GetMissingRadio(from, "ipv6").empty() && GetMissingRadio(to, "ipv6").empty())
            {
                AddTestCase(new UnauthorizedTestCase(from, to, "ipv6"));
            }
        }
        if (has("wifi") && has("ethernet"))
        {
            AddTestCase(new EapolCaptureTestCase("wifi", false));
            AddTestCase(new EapolCaptureTestCase("wifi", true));
            // With a key beforehand there is nothing to say on Ethernet.
            AddTestCase(new EapolCaptureTestCase("ethernet", true));
            AddTestCase(new MixedNetworksTestCase({"profile:wimax", "wifi", "ethernet"}));
            AddTestCase(new MixedNetworksTestCase({"wifi", "profile:lte", "ethernet"}));
        }
        for (const auto* to : {"lte", "wimax"})
        {
            if (has(to) && has("ethernet"))
            {
                AddTestCase(new DatagramCaptureTestCase(to));
            }
        }
        if (has("lte") && has("wifi"))
        {
            AddTestCase(new MixedNetworksTestCase({"lte", "wifi", "profile:wifi"}));
        }
    }
};

static RadioLinkTestSuite g_radioLinkTestSuite; //!< the instance
