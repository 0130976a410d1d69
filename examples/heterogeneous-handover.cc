// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A handover between two access networks with devices of ns-3.
 */

#include "handover-options.h"
#include "heterogeneous-handover-output.h"
#include "remedies.h"

#include "ns3/mis-journey.h"
#include "ns3/mis-radio-network-helper.h"
#include "ns3/mis-results.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <filesystem>
#include <functional>
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
    std::string linkAuth{"real"};
    std::string traffic;
    std::string trigger{"timed"};
    std::optional<double> speed;    //!< m/s
    std::optional<double> distance; //!< m
    uint64_t seed{1};
    uint64_t run{1};
    std::string pcap;
    bool showsEvents{false};
};

void
Declare(ProgramOptions& program, Options& options)
{
    program.Add("from",
                "Access network left: ethernet, lte, wifi, wimax, with --links=profile also wan",
                options.from);
    program.Add("to", "Access network handed over to", options.to);
    AddLinks(program, options.links);
    AddAddressFamily(program, options.ip);
    program.AddWord("remedy", "Remedy, or cold for none", options.remedy, RemedyNames());
    AddDualRadio(program, options.hasTwoRadios);
    AddLinkAuthentication(program, options.linkAuth);
    AddTraffic(program, options.traffic);
    program.AddWord("trigger",
                    "Hand over at once, or when the link is going down as the node moves away",
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
    program.Add("pcap",
                "Prefix of captures of all devices, radios included, and of a log of MIS frames",
                options.pcap);
    program.AddFlag("events", "Whether to print the link events", options.showsEvents);
    OwnCommon(program, "--seed", "--run", "--remedy", "the program");
    OwnLinkAuthentication(program);
}

void
Check(const ProgramOptions& program, const Options& options)
{
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
    if (options.trigger == "signal" && options.links != "radio")
    {
        program.Wrong("--trigger=signal needs --links=radio");
    }
    if (options.trigger == "signal" && options.from == "ethernet")
    {
        program.Wrong("--trigger=signal needs a link to leave that has a signal, which ethernet "
                      "has not");
    }
    for (const auto* name : {"dual", "speed", "distance", "events"})
    {
        if (options.links != "radio" && program.IsGiven(name))
        {
            program.Wrong(std::string("--") + name + " needs --links=radio");
        }
    }
    if (options.ip == "ipv6" && !options.traffic.empty())
    {
        program.Wrong("--traffic needs --ip=ipv4");
    }
    for (const auto* word : {"true", "false", "1", "0"})
    {
        if (options.pcap == word)
        {
            program.Wrong("--pcap is the prefix of files, not " + options.pcap);
        }
    }
    if (!options.pcap.empty())
    {
        const auto folder = std::filesystem::path(options.pcap).parent_path();
        if (!folder.empty())
        {
            program.MakeFolder("pcap", folder.string());
        }
        program.CheckWritable("pcap", options.pcap + ".frames");
    }
}

/// The one handover; must live until the simulation has ended.
class HandoverSimulation
{
  public:
    /// @param program options of the program, for what goes wrong @param options what to simulate
    HandoverSimulation(const ProgramOptions& program, const Options& options)
        : m_program(program),
          m_options(options),
          m_journey(m_scenario)
    {
    }

    /// @return what was measured
    HandoverFigures Run()
    {
        RngSeedManager::SetSeed(static_cast<uint32_t>(m_options.seed));
        RngSeedManager::SetRun(m_options.run);
        Configure();
        AddNetworks();
        m_scenario.Build(1);
        if (m_options.showsEvents && m_options.links == "radio")
        {
            LinkEventPrinter::Follow(m_scenario, m_options.from, m_options.to);
        }
        if (!m_options.pcap.empty())
        {
            m_scenario.EnablePcap(m_options.pcap);
            m_scenario.GetMis().EnableFrameLog(m_options.pcap + ".frames");
        }
        Observe();
        const Time start = StartOf(m_scenario, m_options.links);
        m_scenario.Roam(start, [this](uint32_t, const PreregistrationRecord& record) {
            m_figures.record = record;
        });
        Simulator::Stop(start + m_scenario.GetDuration());
        Simulator::Run();
        if (!m_scenario.GetMis().FlushLogs())
        {
            m_program.Fail(m_options.pcap + ".frames could not be written whole");
        }
        Simulator::Destroy();
        FindLoss();
        return m_figures;
    }

  private:
    void Configure()
    {
        ObjectFactory remedy;
        remedy.SetTypeId(FindRemedies().at(m_options.remedy));
        auto& mis = m_scenario.GetMis();
        mis.SetRemedy(remedy);
        mis.SetDeviceProfiles("phone", "server");
        mis.SetLinkAuthentication(LinkAuthenticationOf(m_options.linkAuth));
        m_scenario.SetPreregistration(m_options.remedy != COLD);
        m_scenario.SetAddressFamily(m_options.ip);
        m_scenario.SetDualRadio(m_options.hasTwoRadios);
        m_scenario.SetTrigger(m_options.trigger);
        if (!m_options.traffic.empty())
        {
            m_scenario.SetTraffic(m_options.traffic, "down");
        }
    }

    void AddNetworks()
    {
        if (m_options.links != "radio")
        {
            m_scenario.AddNetwork(m_options.from);
            m_scenario.AddNetwork(m_options.to);
            return;
        }
        m_journey.AddNetwork(m_options.from);
        m_journey.AddNetwork(m_options.to);
        if (m_options.trigger == "signal")
        {
            // The node begins where the signal has still some decibels to lose, and comes to the
            // edge in half a minute; the next point of attachment is where it is when it hands
            // over.
            const double edge = m_journey.GetReach(0);
            constexpr double BEGIN = 0.75;
            constexpr double TO_THE_EDGE_S = 30;
            constexpr double NEXT_S = 4;
            const double begin = BEGIN * edge;
            const double speed = (edge - begin) / TO_THE_EDGE_S;
            m_journey.SetMovement(m_options.distance.value_or(edge - NEXT_S * speed),
                                  m_options.speed.value_or(speed),
                                  begin);
            return;
        }
        constexpr double NEAR_M = 20;
        m_scenario.SetMovement(m_options.distance.value_or(NEAR_M), m_options.speed.value_or(0));
    }

    void Observe()
    {
        m_scenario.GetMobileNodes().front()->TraceConnectWithoutContext(
            "Handover",
            MakeCallback(&HandoverSimulation::OnHandover, this));
        m_scenario.GetLink(0, 0)->TraceConnectWithoutContext(
            "Down",
            MakeCallback(&HandoverSimulation::OnDown, this));
        m_scenario.ObserveTraffic(
            [this](uint32_t, const RoamingScenarioHelper::TrafficRecords& records, Time, Time) {
                m_figures.traffic = records.front();
            });
    }

    void OnHandover(const HandoverReport& report)
    {
        m_figures.handover = report;
    }

    void OnDown(const LinkTupleId&, LinkDownReason reason)
    {
        if (reason != LinkDownReason::EXPLICIT_DISCONNECT && !m_figures.loss)
        {
            m_figures.loss = Simulator::Now();
        }
    }

    /// Of a link that the node has left in time: when it would have come out of reach.
    void FindLoss()
    {
        if (m_options.trigger != "signal" || !m_figures.record)
        {
            m_figures.loss.reset();
            return;
        }
        const Time begin = m_figures.record->begin;
        const auto loss = m_journey.FindLoss(0, begin, begin + m_scenario.GetDuration());
        if (loss)
        {
            m_figures.loss = std::min(*loss, m_figures.loss.value_or(*loss));
        }
    }

    const ProgramOptions& m_program;
    const Options& m_options;
    RoamingScenarioHelper m_scenario;
    Journey m_journey; //!< over radios
    HandoverFigures m_figures;
};

} // namespace

int
main(int argc, char* argv[])
{
    Options options;
    ProgramOptions program("heterogeneous-handover",
                           "A mobile node preregisters with another access network and hands over "
                           "to it, over radios of ns-3 or link profiles.");
    Declare(program, options);
    program.Parse(argc, argv);
    Check(program, options);

    const auto figures = HandoverSimulation(program, options).Run();
    std::cout << options.from << " to " << options.to << ", " << options.remedy << ", "
              << (options.hasTwoRadios ? "two radios at once" : "one radio at a time") << ", "
              << options.trigger << ", " << options.linkAuth << " link-layer frames\n";
    HandoverFiguresPrinter::Print(figures, options.from, options.to);
    std::cout << "seed " << options.seed << ", run " << options.run << "; ";
    PrintProvenance(std::cout, {argv + 1, argv + argc});
    return figures.IsSuccess() ? 0 : 1;
}
