// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A mobile node walks from a campus Wi-Fi access point out into LTE coverage and back.
 */

#include "journeys.h"

#include "ns3/boolean.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::programs;

namespace
{

constexpr uint32_t WIFI = 0;
constexpr double CELL_M = 60;      // from the access point to the cell, along the row
constexpr double BEGIN_M = 8;      // where the walk begins
constexpr double END_M = 12;       // and where it ends
constexpr double SPREAD_M = 1;     // by which the begin differs from run to run
constexpr double PREFER_DBM = -72; // Wi-Fi is preferred from here on
const Time TALK = Seconds(1);      // begin of voice

/// What the program is asked for.
struct CampusOptions : JourneyOptions
{
    std::string decides{"mn"};
    std::optional<double> turn{40};
};

void
Simulate(const ProgramOptions& program,
         const CampusOptions& options,
         const std::string& remedy,
         uint64_t run,
         JourneyResults& results)
{
    JourneySimulation simulation(program, options, "campus", remedy, run);
    auto& journey = simulation.journey;
    auto& scenario = simulation.scenario;
    // With two radios the one for Wi-Fi is on all the time.
    scenario.GetRadio().SetAttribute("wifi", "Listens", BooleanValue(options.radios == "dual"));
    journey.AddNetwork("wifi");
    journey.AddNetwork("lte", simulation.CellGain());
    const double begin = BEGIN_M + JourneySimulation::Draw(SPREAD_M);
    journey.SetMovement(CELL_M, *options.speed, begin, *options.turn);
    scenario.Build(1);
    journey.Depart();
    const Time until = Seconds((2 * *options.turn - begin - END_M) / *options.speed);
    const auto decider = remedy == COLD            ? JourneyDecider::NOBODY
                         : options.decides == "mn" ? JourneyDecider::MOBILE_NODE
                                                   : JourneyDecider::NETWORK;
    JourneyPolicy policy(journey, decider, simulation.AttachesCold());
    policy.Prefer(WIFI, PREFER_DBM);
    simulation.Run(
        until,
        [&](JourneyRecorder& recorder) {
            recorder.Observe(policy);
            scenario.StartTraffic(TALK, until);
        },
        results);
}

} // namespace

int
main(int argc, char* argv[])
{
    CampusOptions options;
    options.speed = 2;
    options.power = CELL_POWER_DBM;
    options.runs = 2;
    options.remedies = {"remedy1", "remedy2"};
    ProgramOptions program("campus",
                           "A mobile node that talks walks from a campus Wi-Fi access point out "
                           "into LTE coverage and back, over radios of ns-3.");
    DeclareJourney(program, options);
    program.AddWord("decides",
                    "Who decides on handovers: the mobile node or its serving PoS; with remedy "
                    "cold nobody does, and the node leaves when its link is lost",
                    options.decides,
                    {"mn", "network"});
    program.AddReal("turn", "Where it turns around, metres", options.turn, BEGIN_M + 2, 1000);
    program.Own("ns3::mis::WifiTechnology::Listens", "--radios");
    program.Parse(argc, argv);
    CheckJourney(program, options, {"wifi", "lte"});
    if (program.IsGiven("decides") && options.remedies == std::vector<std::string>{COLD})
    {
        program.Wrong("--decides has no effect with --remedies=cold, where nobody decides");
    }

    std::cout << "From Wi-Fi to LTE and back at " << *options.speed << " m/s, " << options.radios
              << " radio, "
              << (options.remedies == std::vector<std::string>{COLD} ? "nobody"
                  : options.decides == "mn"                          ? "the mobile node"
                                                                     : "the serving PoS")
              << " decides, voice to the mobile node\n\n";
    JourneyResults results;
    for (const auto& remedy : options.remedies)
    {
        for (uint64_t run = 1; run <= options.runs; ++run)
        {
            Simulate(program, options, remedy, run, results);
        }
    }
    ReportJourneys(program, options, "campus", {argv + 1, argv + argc}, results);
    return 0;
}
