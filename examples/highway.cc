// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A car drives along a chain of LTE cells of different operators.
 */

#include "journeys.h"

#include "ns3/mis-lte-limits.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::programs;

namespace
{

constexpr double OVERLAP = 0.2;     // of two cells, of the reach of one
constexpr double BEFORE_EDGE_S = 9; // the car is so far from the edge of the first cell at first
constexpr double SPREAD_M = 20;     // by which the begin differs from run to run
const Time START = Seconds(2);      // from when on handovers are considered
const Time MARGIN = Seconds(12);    // behind the edge of the last cell but one

/// What the program is asked for.
struct HighwayOptions : JourneyOptions
{
    uint64_t networks{2};
};

void
Simulate(const ProgramOptions& program,
         const HighwayOptions& options,
         const std::string& remedy,
         uint64_t run,
         JourneyResults& results)
{
    JourneySimulation simulation(program, options, "highway", remedy, run);
    auto& journey = simulation.journey;
    auto& scenario = simulation.scenario;
    scenario.SetTrigger("signal");
    for (uint64_t i = 0; i < options.networks; ++i)
    {
        journey.AddNetwork("lte", simulation.CellGain());
    }
    const double reach = journey.GetReach(0);
    const double distance = (2 - OVERLAP) * reach;
    const double begin = reach - BEFORE_EDGE_S * *options.speed - JourneySimulation::Draw(SPREAD_M);
    journey.SetMovement(distance, *options.speed, begin);
    scenario.Build(1);
    const double last = distance * static_cast<double>(options.networks - 2) + reach;
    const Time until = Seconds((last - begin) / *options.speed) + MARGIN;
    simulation.Run(
        until,
        [&](JourneyRecorder&) {
            scenario.Roam(START, [](uint32_t, const PreregistrationRecord&) {});
        },
        results);
}

} // namespace

int
main(int argc, char* argv[])
{
    HighwayOptions options;
    options.speed = 33;
    options.power = 20;
    options.runs = 2;
    options.remedies = {"removed", "remedy1", "remedy2", COLD};
    ProgramOptions program("highway",
                           "A car with a mobile node that talks drives along a chain of LTE cells "
                           "of different operators, over radios of ns-3.");
    // Of a car, five seconds ahead the next cell is not in reach yet.
    Config::SetDefault("ns3::mis::LinkMonitor::Horizon", TimeValue(MilliSeconds(2500)));
    DeclareJourney(program, options);
    program.AddNumber("networks",
                      "LTE networks, each of an operator",
                      options.networks,
                      2,
                      MAX_LTE_NETWORKS);
    program.Parse(argc, argv);
    CheckJourney(program, options, {"lte"});

    std::cout << "Along " << options.networks << " LTE networks at " << *options.speed << " m/s, "
              << options.radios << " radio, voice to the mobile node\n\n";
    JourneyResults results;
    for (const auto& remedy : options.remedies)
    {
        for (uint64_t run = 1; run <= options.runs; ++run)
        {
            Simulate(program, options, remedy, run, results);
        }
    }
    ReportJourneys(program, options, "highway", {argv + 1, argv + argc}, results);
    return 0;
}
