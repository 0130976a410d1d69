// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mis-helper.h"
#include "ns3/mis-program-options.h"
#include "ns3/point-to-point-module.h"

using namespace ns3;

void
PrintReport(const mis::PreregistrationReport& report)
{
    std::cout << report.mn << " to " << report.tpos << ": " << report.outcome << " after "
              << (report.end - report.begin).GetMicroSeconds() << " us\n";
}

int
main(int argc, char* argv[])
{
    mis::ProgramOptions("minimal-preregistration", "A single preregistration.").Parse(argc, argv);
    NodeContainer nodes(4); // MN, SPoS, TPoS, group manager
    InternetStackHelper().Install(nodes);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    link.SetChannelAttribute("Delay", StringValue("5ms"));
    Ipv4AddressHelper subnets("10.0.0.0", "255.255.255.0");
    NetDeviceContainer devices;
    for (uint32_t end : {0, 2, 3}) // .1 is the end, .2 the SPoS
    {
        const auto pair = link.Install(nodes.Get(end), nodes.Get(1));
        subnets.Assign(pair);
        subnets.NewNetwork();
        devices.Add(pair);
    }
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();

    mis::MisHelper mis;
    mis.SetRemedy("ns3::mis::GroupKeyRemedy", "Path", StringValue("Direct"));
    mis.InstallPointOfService(nodes.Get(1), "spos@a.example", Ipv4Address("10.0.0.2"));
    mis.InstallPointOfService(nodes.Get(2), "tpos@b.example", Ipv4Address("10.0.1.1"));
    mis.InstallGroupManager(nodes.Get(3), "gm@home.example", Ipv4Address("10.0.2.1"));
    auto mn = mis.InstallMobileNode(nodes.Get(0), "mn@home.example", "spos@a.example");
    mis.AssignStreams(1);
    mis.EnablePcap("results/minimal-preregistration", devices);
    mn->TraceConnectWithoutContext("Preregistration", MakeCallback(&PrintReport));

    mis::PreregistrationTarget target;
    target.tpos = mis::MisfId("tpos@b.example");
    Simulator::Schedule(Seconds(1), &mis::MobileNode::Preregister, mn, target);
    Simulator::Run();
    Simulator::Destroy();
}
