// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What the suites on the mobility anchor share: a scenario with one, and names.
 */
#ifndef MIS_MOBILITY_TEST_HELPERS_H
#define MIS_MOBILITY_TEST_HELPERS_H

#include "mis-oracle-test-helpers.h"
#include "mis-scenario-test.h"

#include "ns3/mis-media-sink.h"
#include "ns3/mis-mobility-messages.h"
#include "ns3/mis-traffic-helper.h"

#include <cstring>
#include <set>
#include <sstream>

namespace ns3::mis::test::anchor
{

using Anchor = RoamingScenarioHelper::Anchor;

inline const char*
NameOf(Anchor anchor)
{
    return anchor == Anchor::CLIENT ? "mobile node" : "access router";
}

inline std::string
MnId()
{
    return RoamingScenarioHelper::MobileNodeId(0);
}

/// An update of each kind with all options.
inline std::vector<BindingUpdate>
Updates()
{
    BindingUpdate client;
    client.sequence = 0x1234;
    client.lifetime = 105;
    client.mnIdentifier = "mn1@home.example";
    client.homeAddress = MobilityHomeAddress{32, 0xC0A80002};
    client.careOfAddress = 0x0A020002;
    client.authentication = MobilityAuthentication{257, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
    BindingUpdate proxy;
    proxy.proxy = true;
    proxy.sequence = 7;
    proxy.lifetime = 105;
    proxy.mnIdentifier = "mn1@home.example";
    proxy.homeAddressRequest = MobilityHomeAddress{32, 0xC0A80002};
    proxy.handoffIndicator = 1;
    proxy.accessTechnology = 4;
    proxy.timestamp = 0x0102030405060708;
    proxy.authentication = MobilityAuthentication{256, {}};
    return {client, proxy};
}

/// A scenario with an anchor and a flow of small packets.
class AnchorScenario : public Scenario
{
  public:
    AnchorScenario(Anchor anchor, bool authenticate = true)
    {
        roaming.AddNetwork(Link(MilliSeconds(2)), Link(MilliSeconds(5)));
        roaming.AddNetwork(Link(MilliSeconds(7)), Link(MilliSeconds(9)));
        roaming.SetLocalLink(Link(MicroSeconds(100)));
        roaming.SetHomeLink(Link(MilliSeconds(3)));
        roaming.SetAnchor(anchor);
        roaming.SetAnchorAuthentication(authenticate);
        Build();
    }

    /// Installs a flow with a packet each millisecond.
    Ptr<TrafficFlow> InstallFlow(const std::string& direction)
    {
        traffic.SetSourceAttribute("Interval", TimeValue(MilliSeconds(1)));
        const auto mn = roaming.GetMobileNodeNodes().Get(0);
        const auto home = RoamingScenarioHelper::HomeAddress(0);
        const auto correspondent = roaming.GetCorrespondent();
        const auto address = Correspondent();
        const auto flow = direction == "down"
                              ? traffic.Install(direction, correspondent, address, mn, home)
                              : traffic.Install(direction, mn, home, correspondent, address);
        const auto sink = direction == "down" ? mn : correspondent;
        sink->GetApplication(sink->GetNApplications() - 1)
            ->TraceConnectWithoutContext("Received",
                                         MakeCallback(&AnchorScenario::OnReceived, this));
        traffic.Run(Seconds(1), Seconds(20));
        return flow;
    }

    void OnReceived(uint32_t number, Time delay, uint32_t)
    {
        arrivals.push_back({Simulator::Now(), number, delay});
    }

    /// Sends octets from the correspondent's node, as an attacker.
    void Attack(uint16_t port, const Bytes& octets)
    {
        if (!attacker)
        {
            attacker =
                Socket::CreateSocket(roaming.GetCorrespondent(), UdpSocketFactory::GetTypeId());
            attacker->Bind();
        }
        attacker->SendTo(Create<Packet>(octets.data(), octets.size()),
                         0,
                         InetSocketAddress(AnchorAddress(), port));
    }

    Ipv4Address AnchorAddress() const
    {
        const auto ipv4 = roaming.GetAnchor()->GetObject<Ipv4>();
        return ipv4->GetAddress(1, 0).GetLocal();
    }

    Ipv4Address Correspondent() const
    {
        return Ipv4Address::ConvertFrom(roaming.GetCorrespondentAddress());
    }

    Ipv4Address CareOf() const
    {
        return roaming.GetAnchor()
            ->GetCareOfAddress(RoamingScenarioHelper::HomeAddress(0))
            .value_or(Ipv4Address::GetAny());
    }

    struct Arrival
    {
        Time at;
        uint32_t number;
        Time delay;
    };

    TrafficHelper traffic{"voip"};
    std::vector<Arrival> arrivals;
    Ptr<Socket> attacker;
};

} // namespace ns3::mis::test::anchor

#endif // MIS_MOBILITY_TEST_HELPERS_H
