// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A handover between two access networks with devices of ns-3.
 */

#include "ns3/command-line.h"
#include "ns3/config.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4.h"
#include "ns3/mis-radio-network-helper.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>
#include <optional>
#include <string>

using namespace ns3;
using namespace ns3::mis;

namespace
{

[[noreturn]] void
Wrong(const std::string& text)
{
    std::cerr << "heterogeneous-handover: " << text << std::endl;
    std::exit(2);
}

/// Remedies by the names that compare-remedies uses.
const std::map<std::string, std::string> REMEDIES{
    {"legacy", "ns3::mis::LegacyPrfRemedy"},
    {"removed", "ns3::mis::ClauseRemovedRemedy"},
    {"cold", "ns3::mis::ClauseRemovedRemedy"},
    {"remedy1", "ns3::mis::SaProtectedRemedy"},
    {"remedy2", "ns3::mis::GroupKeyRemedy"},
};

struct Options
{
    std::string from{"wifi"};
    std::string to{"lte"};
    std::string links{"radio"};
    std::string remedy{"remedy1"};
    std::string dual{"0"};
    std::string trigger{"timed"};
    std::string speed;
    std::string distance;
    std::string seed{"1"};
    std::string run{"1"};
    std::string pcap;
    bool events{false};
};

uint64_t
NumberOf(const char* name, const std::string& text)
{
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value == 0 ||
        value > UINT32_MAX)
    {
        Wrong(std::string("--") + name + " is \"" + text + "\", allowed are 1 to 4294967295");
    }
    return value;
}

double
LengthOf(const char* name, const std::string& text)
{
    // std::stod throws, and std::from_chars has no double in older libraries.
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !(value > 0) || value > 1e6)
    {
        Wrong(std::string("--") + name + " is \"" + text + "\", allowed is more than 0, up to 1e6");
    }
    return value;
}

void
Check(const Options& options)
{
    for (const auto& name : {options.from, options.to})
    {
        if (options.links == "radio")
        {
            const auto missing = GetMissingRadio(name);
            if (!missing.empty())
            {
                Wrong(missing);
            }
        }
        else if (!FindLinkProfile(name))
        {
            Wrong("there is no link profile \"" + name + "\"");
        }
    }
    if (options.links != "radio" && options.links != "profile")
    {
        Wrong("--links is \"" + options.links + "\", allowed are radio, profile");
    }
    if (REMEDIES.count(options.remedy) == 0)
    {
        Wrong("--remedy is \"" + options.remedy +
              "\", allowed are legacy, removed, remedy1, remedy2, cold");
    }
    if (options.dual != "0" && options.dual != "1")
    {
        Wrong("--dual is \"" + options.dual + "\", allowed are 0, 1");
    }
    if (options.trigger != "timed" && options.trigger != "signal")
    {
        Wrong("--trigger is \"" + options.trigger + "\", allowed are timed, signal");
    }
    if (options.trigger == "signal" && (options.links != "radio" || options.from == "ethernet"))
    {
        Wrong("--trigger=signal needs --links=radio and a link to leave that has a signal, which " +
              options.from + " has not");
    }
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
    Options options;
    CommandLine cmd(__FILE__);
    cmd.Usage("A mobile node preregisters with another access network and hands over to it, over "
              "real radios of ns-3.");
    cmd.AddValue("from", "access network left: ethernet, lte, wifi, wimax", options.from);
    cmd.AddValue("to", "access network handed over to", options.to);
    cmd.AddValue("links", "radio, or profile for link profiles", options.links);
    cmd.AddValue("remedy", "legacy, removed, remedy1, remedy2, cold", options.remedy);
    cmd.AddValue("dual",
                 "1: the new radio attaches before the old one leaves; 0: one radio at a time",
                 options.dual);
    cmd.AddValue("trigger",
                 "timed: at 5 s; signal: when the link is going down as the node moves away",
                 options.trigger);
    cmd.AddValue("speed",
                 "of the node, m/s (trigger signal; default by technology)",
                 options.speed);
    cmd.AddValue("distance",
                 "between the points of attachment, m (default by technology)",
                 options.distance);
    cmd.AddValue("seed", "seed", options.seed);
    cmd.AddValue("run", "run number", options.run);
    cmd.AddValue("pcap", "prefix of captures of IP packets of the mobile node", options.pcap);
    cmd.AddValue("events", "whether to print the link events", options.events);
    cmd.Parse(argc, argv);
    Check(options);
    RngSeedManager::SetSeed(static_cast<uint32_t>(NumberOf("seed", options.seed)));
    RngSeedManager::SetRun(NumberOf("run", options.run));

    RoamingScenarioHelper scenario;
    ObjectFactory remedy;
    remedy.SetTypeId(REMEDIES.at(options.remedy));
    scenario.GetMis().SetRemedy(remedy);
    scenario.GetMis().SetDeviceProfiles("phone", "server");
    scenario.SetPreregistration(options.remedy != "cold");
    scenario.SetLinks(options.links);
    scenario.SetDualRadio(options.dual == "1");
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
        if (!options.distance.empty())
        {
            distance = LengthOf("distance", options.distance);
        }
        if (!options.speed.empty())
        {
            speed = LengthOf("speed", options.speed);
        }
        scenario.SetMovement(distance, speed, begin);
    }
    scenario.Build(1);
    if (options.events && options.links == "radio")
    {
        ShowEvents(scenario, options);
    }
    if (!options.pcap.empty())
    {
        InternetStackHelper stack;
        stack.EnablePcapIpv4(options.pcap, scenario.GetMobileNodeNodes());
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
              << (options.dual == "1" ? "two radios at once" : "one radio at a time") << ", "
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
