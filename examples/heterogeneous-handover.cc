// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A handover between two access networks with devices of ns-3.
 */

#include "remedies.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4.h"
#include "ns3/mis-radio-network-helper.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

#include <cmath>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <optional>
#include <string>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::programs;

namespace
{

/// What the program is asked for.
struct Options
{
    std::string from{"wifi"};
    std::string to{"lte"};
    std::string links{"radio"};
    std::string ip{"ipv4"};
    std::string remedy{"remedy1"};
    bool hasTwoRadios{false};
    std::string trigger{"timed"};
    std::optional<double> speed;    //!< m/s
    std::optional<double> distance; //!< m
    uint64_t seed{1};
    uint64_t run{1};
    std::string pcap;
    bool showsEvents{false};
};

Options
Read(int argc, char* argv[])
{
    Options options;
    ProgramOptions program("heterogeneous-handover",
                           "A mobile node preregisters with another access network and hands over "
                           "to it, over real radios of ns-3.");
    program.Add("from", "Access network left: ethernet, lte, wifi, wimax", options.from);
    program.Add("to", "Access network handed over to", options.to);
    program.AddWord("links", "Radios, or link profiles", options.links, {"radio", "profile"});
    program.AddWord("ip", "Version of IP", options.ip, {"ipv4", "ipv6"});
    program.AddWord("remedy", "Remedy, or cold for none", options.remedy, RemedyNames());
    program.AddFlag("dual",
                    "Whether the new radio attaches before the old one leaves, not one at a time",
                    options.hasTwoRadios);
    program.AddWord("trigger",
                    "Hand over at 5 s, or when the link is going down as the node moves away",
                    options.trigger,
                    {"timed", "signal"});
    program.AddReal("speed", "Of the node, m/s; default by technology", options.speed, 1e-3, 1e6);
    program.AddReal("distance",
                    "Between the points of attachment, m; default by technology",
                    options.distance,
                    1e-3,
                    1e6);
    program.AddNumber("seed", "Seed of the random number generator", options.seed, 1, UINT32_MAX);
    program.AddNumber("run", "Run of the random number generator", options.run, 1, UINT32_MAX);
    program.Add("pcap", "Prefix of captures of IP packets of the mobile node", options.pcap);
    program.AddFlag("events", "Whether to print the link events", options.showsEvents);
    OwnCommon(program, "--seed", "--run", "--remedy", "the program");
    program.Parse(argc, argv);
    for (const auto& name : {options.from, options.to})
    {
        if (options.links == "radio")
        {
            const auto missing = GetMissingRadio(name, options.ip);
            if (!missing.empty())
            {
                program.Wrong(missing);
            }
        }
        else if (!FindLinkProfile(name))
        {
            program.Wrong("there is no link profile \"" + name + "\"");
        }
    }
    if (options.trigger == "signal" && (options.links != "radio" || options.from == "ethernet"))
    {
        program.Wrong("--trigger=signal needs --links=radio and a link to leave that has a "
                      "signal, which " +
                      options.from + " has not");
    }
    for (const auto* name : {"dual", "speed", "distance", "events"})
    {
        if (options.links != "radio" && program.IsGiven(name))
        {
            program.Wrong(std::string("--") + name + " needs --links=radio");
        }
    }
    const auto folder = std::filesystem::path(options.pcap).parent_path();
    if (!folder.empty())
    {
        program.MakeFolder("pcap", folder.string());
    }
    return options;
}

/// Prints one event, as it happens.
void
Say(const std::string& what)
{
    std::cout << std::fixed << std::setprecision(4) << std::setw(9) << Simulator::Now().GetSeconds()
              << " s  " << what << '\n';
}

void
OnUp(std::string name, const LinkTupleId&)
{
    Say(name + " up");
}

void
OnDown(std::string name, const LinkTupleId&, LinkDownReason reason)
{
    Say(name + " down, " + ToString(reason));
}

void
OnDetected(std::string name, const LinkTupleId&, double signal)
{
    Say(name + " detected, " + std::to_string(std::lround(signal)) + " dBm");
}

void
OnGoingDown(std::string name, const LinkTupleId&, Time left, double confidence)
{
    Say(name + " going down, " + std::to_string(left.GetMilliSeconds()) + " ms left, confidence " +
        std::to_string(std::lround(confidence)) + " %");
}

void
OnRollback(std::string name, const LinkTupleId&)
{
    Say(name + " no longer going down");
}

void
OnTold(std::string name, const MisfId& mn, const LinkEvent& event)
{
    Say(name + " is told by " + mn.Get() + ": " + MessageName(event.mid));
}

void
ShowEvents(RoamingScenarioHelper& scenario, const Options& options)
{
    const std::string names[]{options.from, options.to};
    for (uint32_t i = 0; i < 2; ++i)
    {
        const auto link = scenario.GetLink(0, i);
        const auto name = "link " + std::to_string(i + 1) + " (" + names[i] + ")";
        link->TraceConnectWithoutContext("Up", MakeBoundCallback(&OnUp, name));
        link->TraceConnectWithoutContext("Down", MakeBoundCallback(&OnDown, name));
        link->TraceConnectWithoutContext("Detected", MakeBoundCallback(&OnDetected, name));
        link->TraceConnectWithoutContext("GoingDown", MakeBoundCallback(&OnGoingDown, name));
        link->TraceConnectWithoutContext("GoingDownRollback", MakeBoundCallback(&OnRollback, name));
        if (auto listener = scenario.GetListener(i))
        {
            listener->TraceConnectWithoutContext(
                "LinkEvent",
                MakeBoundCallback(&OnTold, RoamingScenarioHelper::PosId(i)));
        }
    }
}

std::string
Milliseconds(const std::optional<Time>& time)
{
    if (!time)
    {
        return "-";
    }
    std::ostringstream text;
    text << std::fixed << std::setprecision(3) << time->GetSeconds() * 1e3 << " ms";
    return text.str();
}

std::string
Duration(Time from, Time to)
{
    return Milliseconds(to < from ? std::optional<Time>() : to - from);
}

} // namespace

int
main(int argc, char* argv[])
{
    const auto options = Read(argc, argv);
    RngSeedManager::SetSeed(static_cast<uint32_t>(options.seed));
    RngSeedManager::SetRun(options.run);

    RoamingScenarioHelper scenario;
    ObjectFactory remedy;
    remedy.SetTypeId(FindRemedies().at(options.remedy));
    scenario.GetMis().SetRemedy(remedy);
    scenario.GetMis().SetDeviceProfiles("phone", "server");
    scenario.SetPreregistration(options.remedy != COLD);
    scenario.SetAddressFamily(options.ip);
    scenario.SetLinks(options.links);
    scenario.SetDualRadio(options.hasTwoRadios);
    scenario.SetTrigger(options.trigger);
    scenario.AddNetwork(options.from);
    scenario.AddNetwork(options.to);
    const bool bySignal = options.trigger == "signal";
    if (options.links == "radio")
    {
        // The node begins where the signal has still some decibels to lose, and comes to the edge
        // in half a minute; the next point of attachment is where it is when it hands over.
        const auto edge = scenario.GetRadio().GetTechnology(options.from)->GetEdge().second;
        constexpr double BEGIN = 0.75;
        constexpr double TO_THE_EDGE_S = 30;
        constexpr double NEXT_S = 4;
        const double begin = bySignal ? BEGIN * edge : 0;
        double speed = (edge - begin) / TO_THE_EDGE_S;
        double distance = edge - NEXT_S * speed;
        if (!bySignal)
        {
            constexpr double NEAR_M = 20;
            speed = 0;
            distance = NEAR_M;
        }
        scenario.SetMovement(options.distance.value_or(distance),
                             options.speed.value_or(speed),
                             begin);
    }
    scenario.Build(1);
    if (options.showsEvents && options.links == "radio")
    {
        ShowEvents(scenario, options);
    }
    if (!options.pcap.empty())
    {
        InternetStackHelper stack;
        stack.EnablePcapIpv4(options.pcap, scenario.GetMobileNodeNodes());
        stack.EnablePcapIpv6(options.pcap, scenario.GetMobileNodeNodes());
    }

    std::optional<PreregistrationRecord> record;
    std::optional<HandoverReport> handover;
    const auto mn = scenario.GetMobileNodes().front();
    std::function<void(const HandoverReport&)> keep = [&](const HandoverReport& report) {
        handover = report;
    };
    mn->TraceConnectWithoutContext("Handover",
                                   Callback<void, const HandoverReport&>(MakeBoundCallback(
                                       +[](std::function<void(const HandoverReport&)>* sink,
                                           const HandoverReport& report) { (*sink)(report); },
                                       &keep)));
    const Time start = Seconds(5);
    scenario.Roam(start, [&](uint32_t, const PreregistrationRecord& done) { record = done; });
    Simulator::Stop(start + scenario.GetDuration());
    Simulator::Run();
    Simulator::Destroy();

    std::cout << options.from << " to " << options.to << ", " << options.remedy << ", "
              << (options.hasTwoRadios ? "two radios at once" : "one radio at a time") << ", "
              << options.trigger << '\n';
    if (!record)
    {
        std::cout << "  outcome          unfinished: no signal has called for it, or the new link "
                     "has not "
                     "attached\n";
        return 1;
    }
    std::cout << "  outcome          " << record->outcome << '\n'
              << "  key delivery     " << Milliseconds(record->keyDelivery) << '\n'
              << "  SA ready         " << Milliseconds(record->saReady) << '\n'
              << "  preregistration  " << Milliseconds(record->preregistration) << '\n';
    if (handover)
    {
        std::cout << "  handover         " << handover->outcome << '\n'
                  << "    attachment     " << Duration(handover->detached, handover->attached)
                  << '\n'
                  << "    handshake      " << Duration(handover->attached, handover->dataPathOpen)
                  << '\n';
    }
    std::cout << "  interruption     " << Milliseconds(record->interruption) << '\n'
              << "  packets lost     ";
    if (record->packetsLost)
    {
        std::cout << *record->packetsLost;
    }
    else
    {
        std::cout << '-';
    }
    std::cout << '\n';
    const bool isGood = record->outcome == "success" && handover && handover->outcome == "success";
    return isGood ? 0 : 1;
}
