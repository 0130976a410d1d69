// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of everything over IPv6: addresses and routes, handovers of each technology both ways, over
 * link profiles, and what a capture shows.
 */

#include "mis-oracle-test-helpers.h"
#include "mis-radio-scenario-test.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/mis-ip-family.h"
#include "ns3/mis-ip-stack.h"
#include "ns3/mis-link-helper.h"
#include "ns3/test.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

std::string
TextOf(const Address& host)
{
    std::ostringstream text;
    WithFamilyOf(host, [&](auto family) { text << decltype(family)::Host::ConvertFrom(host); });
    return text.str();
}

/// Addresses of networks.
class NetworkTestCase : public TestCase
{
  public:
    NetworkTestCase()
        : TestCase("a network numbers its hosts, in IPv4 and in IPv6")
    {
    }

  private:
    void DoRun() override
    {
        const IpNetwork four(Ipv4Address("172.16.0.4"), Ipv4Mask("255.255.255.252"));
        NS_TEST_EXPECT_MSG_EQ(four.IsIpv6(), false, "IPv4");
        NS_TEST_EXPECT_MSG_EQ(static_cast<int>(four.GetPrefixLength()), 30, "mask");
        NS_TEST_EXPECT_MSG_EQ(TextOf(four.Host(2)), "172.16.0.6", "host");
        const IpNetwork six(Ipv6Address("fd00:0:0:7::"), Ipv6Prefix(64));
        NS_TEST_EXPECT_MSG_EQ(six.IsIpv6(), true, "IPv6");
        NS_TEST_EXPECT_MSG_EQ(static_cast<int>(six.GetPrefixLength()), 64, "prefix");
        NS_TEST_EXPECT_MSG_EQ(TextOf(six.Host(1)), "fd00:0:0:7::1", "host");
        NS_TEST_EXPECT_MSG_EQ(six.Host(0x12345),
                              Address(Ipv6Address("fd00:0:0:7::1:2345")),
                              "a large number");
    }
};

/// Interfaces and routes of a node of both versions.
class RoutesTestCase : public TestCase
{
  public:
    RoutesTestCase()
        : TestCase("a node has addresses and routes of both versions side by side")
    {
    }

  private:
    template <class Family>
    static std::string RouteTo(Ptr<Node> node, const char* to)
    {
        typename Family::Header header;
        header.SetDestination(typename Family::Host(to));
        Socket::SocketErrno error;
        const auto route =
            node->GetObject<typename Family::Stack>()->GetRoutingProtocol()->RouteOutput(nullptr,
                                                                                         header,
                                                                                         nullptr,
                                                                                         error);
        return route ? TextOf(route->GetGateway()) : "none";
    }

    void DoRun() override
    {
        NodeContainer nodes(2);
        InternetStackHelper().Install(nodes);
        const auto node = nodes.Get(1);
        const auto device = LinkHelper().Install(nodes.Get(0), node).Get(1);
        const Address four = Ipv4Address("10.0.0.2");
        const Address six = Ipv6Address("fd00::2");
        const auto interface4 = AddInterface(device, four, 24);
        const auto interface6 = AddInterface(device, six, 64);
        HastenResolution(device, four);
        HastenResolution(device, six);
        NS_TEST_EXPECT_MSG_EQ(TextOf(HostOf(device, four)), "10.0.0.2", "IPv4 address");
        NS_TEST_EXPECT_MSG_EQ(TextOf(HostOf(device, six)), "fd00::2", "not the link-local one");
        const auto hosts = HostsOf(*node);
        NS_TEST_EXPECT_MSG_EQ(hosts.size(), 2u, "addresses");
        NS_TEST_EXPECT_MSG_EQ((std::find(hosts.begin(), hosts.end(), six) != hosts.end()),
                              true,
                              "IPv6 among them");

        StaticRoutes routes4(node, four);
        StaticRoutes routes6(node, six);
        for (const auto* gateway : {"10.0.0.9", "10.0.0.1"})
        {
            routes4.SetDefault(Ipv4Address(gateway), interface4);
        }
        for (const auto* gateway : {"fd00::9", "fd00::1"})
        {
            routes6.SetDefault(Ipv6Address(gateway), interface6);
        }
        routes4.AddHost(Ipv4Address("1.2.3.4"), Ipv4Address("10.0.0.3"), interface4);
        routes6.AddHost(Ipv6Address("fd01::4"), Ipv6Address("fd00::3"), interface6);
        routes6.AddNetwork({Ipv6Address("fd02::"), Ipv6Prefix(16)},
                           Ipv6Address("fd00::5"),
                           interface6);
        NS_TEST_EXPECT_MSG_EQ(RouteTo<Ipv4Family>(node, "9.9.9.9"), "10.0.0.1", "the last default");
        NS_TEST_EXPECT_MSG_EQ(RouteTo<Ipv6Family>(node, "fd09::9"), "fd00::1", "the last default");
        NS_TEST_EXPECT_MSG_EQ(RouteTo<Ipv4Family>(node, "1.2.3.4"), "10.0.0.3", "to the host");
        NS_TEST_EXPECT_MSG_EQ(RouteTo<Ipv6Family>(node, "fd01::4"), "fd00::3", "to the host");
        NS_TEST_EXPECT_MSG_EQ(RouteTo<Ipv6Family>(node, "fd02::7"), "fd00::5", "to the network");
        routes4.RemoveHost(Ipv4Address("1.2.3.4"), interface4);
        routes6.RemoveHost(Ipv6Address("fd01::4"), interface6);
        NS_TEST_EXPECT_MSG_EQ(RouteTo<Ipv4Family>(node, "1.2.3.4"), "10.0.0.1", "removed");
        NS_TEST_EXPECT_MSG_EQ(RouteTo<Ipv6Family>(node, "fd01::4"), "fd00::1", "removed");
        Simulator::Destroy();
    }
};

/// From network to network and back.
class JourneyTestCase : public TestCase
{
  public:
    /// @param from a network @param to another one
    /// @param remedy TypeId of the remedy, or empty for cold handovers
    /// @param isDual whether with two radios at once
    JourneyTestCase(const std::string& from,
                    const std::string& to,
                    const std::string& remedy,
                    bool isDual)
        : TestCase("from " + from + " to " + to + " and back, " +
                   (remedy.empty() ? "cold" : remedy) + (isDual ? ", two radios" : "")),
          m_remedy(remedy)
    {
        m_setup.family = "ipv6";
        m_setup.networks = {from, to};
        m_setup.path = {0, 1, 0};
        m_setup.isDual = isDual;
        m_setup.isReal = true;
        m_setup.isCold = remedy.empty();
        m_setup.remedy = remedy.empty() ? "ns3::mis::ClauseRemovedRemedy" : remedy;
    }

  private:
    void DoRun() override
    {
        const RadioRun six(m_setup);
        NS_TEST_EXPECT_MSG_EQ(six.GetSuccesses(), 2u, six.Describe());
        for (const auto& outcome : six.poaLinks)
        {
            NS_TEST_EXPECT_MSG_EQ(outcome, "success", "link authentication");
        }
        // The version of IP changes no MIS message, and only how long a datagram is on a link.
        m_setup.family = "ipv4";
        const RadioRun four(m_setup);
        NS_TEST_ASSERT_MSG_EQ(four.records.size(), six.records.size(), "as many handovers");
        for (size_t i = 0; i < std::min(four.records.size(), six.records.size()); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(four.records[i].messages, six.records[i].messages, "messages");
            NS_TEST_EXPECT_MSG_EQ(four.records[i].bytesMnSpos,
                                  six.records[i].bytesMnSpos,
                                  "octets");
            NS_TEST_EXPECT_MSG_EQ_TOL(six.records[i].interruption.value_or(Seconds(9)).GetSeconds(),
                                      four.records[i].interruption.value_or(Time()).GetSeconds(),
                                      0.025,
                                      "interruption");
        }
    }

    std::string m_remedy;
    RadioSetup m_setup;
};

/// The same run again.
class SameSeedTestCase : public TestCase
{
  public:
    /// @param from a network @param to another one
    SameSeedTestCase(const std::string& from, const std::string& to)
        : TestCase("the same seed gives the same frames from " + from + " to " + to)
    {
        m_setup.family = "ipv6";
        m_setup.isReal = true;
        m_setup.networks = {from, to};
    }

  private:
    void DoRun() override
    {
        const auto first = RadioRun(m_setup).frames;
        const auto second = RadioRun(m_setup).frames;
        NS_TEST_EXPECT_MSG_GT(first.size(), 1000u, "there are frames");
        NS_TEST_EXPECT_MSG_EQ((first == second), true, "octet for octet, instant for instant");
    }

    RadioSetup m_setup;
};

/// What goes over a link.
class CaptureTestCase : public TestCase
{
  public:
    /// @param network the first network
    explicit CaptureTestCase(const std::string& network)
        : TestCase("tshark reads MIS over IPv6 in the capture of " + network),
          m_network(network)
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(HasProgram("tshark"), true, "install tshark");
        RadioSetup setup;
        setup.family = "ipv6";
        setup.isReal = true;
        setup.networks = {m_network, "ethernet"};
        setup.pcap = CreateTempDirFilename("ipv6-" + m_network);
        std::string file;
        const RadioRun run(setup, [&](RoamingScenarioHelper& scenario) {
            const auto device = DynamicCast<RadioAccessLink>(scenario.GetLink(0, 0))->GetDevice();
            file = PcapHelper().GetFilenameFromDevice(setup.pcap, device);
        });
        NS_TEST_EXPECT_MSG_EQ(run.GetSuccesses(), 1u, run.Describe());
        const auto read = [&file](const std::string& filter, const std::string& field) {
            return RunCommand("tshark -n -r " + Quote(file) + " -Y " + Quote(filter) +
                              " -T fields -e " + field + " 2>/dev/null")
                .output;
        };
        const auto hops = read("ipv6 && mih && udp.dstport == 4551", "ipv6.plen");
        NS_TEST_EXPECT_MSG_GT(std::count(hops.begin(), hops.end(), '\n'), 3, "MIS messages");
        NS_TEST_EXPECT_MSG_EQ(read("ip", "frame.number"), "", "no IPv4");
        NS_TEST_EXPECT_MSG_EQ(read("_ws.malformed", "frame.number"), "", "nothing malformed");
        NS_TEST_EXPECT_MSG_EQ(read("icmpv6 && icmpv6.type < 128", "frame.number"), "", "no errors");
        NS_TEST_EXPECT_MSG_EQ(read("icmpv6.type == 133 || icmpv6.type == 137", "frame.number"),
                              "",
                              "neither routers solicited nor redirects");
        NS_TEST_EXPECT_MSG_EQ(read("icmpv6.type == 135 && ipv6.src == ::", "frame.number"),
                              "",
                              "no search for duplicate addresses");
    }

    std::string m_network;
};

/// What can not be had over IPv6.
class WimaxTestCase : public TestCase
{
  public:
    WimaxTestCase()
        : TestCase("the WiMAX radio is refused")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(GetMissingRadio("wimax", "ipv6"),
                              "radio \"wimax\" carries IPv4 only",
                              "said in one line");
        const bool isSame = GetMissingRadio("wimax", "ipv6") == GetMissingRadio("wimax");
        NS_TEST_EXPECT_MSG_EQ(isSame, false, "IPv4 has another reason, or none");
    }
};

/// All of them, with the radios that there are.
class Ipv6TestSuite : public TestSuite
{
  public:
    Ipv6TestSuite()
        : TestSuite("mis-ipv6", TestSuite::Type::UNIT)
    {
        AddTestCase(new NetworkTestCase);
        AddTestCase(new RoutesTestCase);
        AddTestCase(new WimaxTestCase);
        const std::string cold;
        const std::string remedy1 = "ns3::mis::SaProtectedRemedy";
        const std::string remedy2 = "ns3::mis::GroupKeyRemedy";
        AddTestCase(new JourneyTestCase("profile:wifi", "profile:lte", remedy2, false));
        AddTestCase(new JourneyTestCase("profile:wimax", "profile:ethernet", cold, false));
        const auto radios = GetSupportedRadios();
        const auto has = [&radios](const std::string& radio) {
            return std::find(radios.begin(), radios.end(), radio) != radios.end();
        };
        if (has("wifi") && GetMissingRadio("lte", "ipv6").empty())
        {
            AddTestCase(new JourneyTestCase("wifi", "lte", remedy1, false));
            AddTestCase(new JourneyTestCase("wifi", "lte", remedy2, true));
            AddTestCase(new SameSeedTestCase("wifi", "lte"));
        }
        if (has("ethernet") && GetMissingRadio("lte", "ipv6").empty())
        {
            AddTestCase(new JourneyTestCase("ethernet", "lte", cold, false));
            AddTestCase(new JourneyTestCase("lte", "lte", remedy1, false));
            AddTestCase(new CaptureTestCase("lte"));
        }
        if (has("ethernet") && has("wifi"))
        {
            AddTestCase(new JourneyTestCase("ethernet", "wifi", remedy1, false));
            AddTestCase(new JourneyTestCase("wifi", "profile:wimax", remedy1, false));
            AddTestCase(new CaptureTestCase("wifi"));
        }
    }
};

Ipv6TestSuite g_ipv6TestSuite; //!< the instance

} // namespace
