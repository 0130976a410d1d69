// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What campus and highway have in common: options, output, one simulation.
 */
#ifndef JOURNEYS_H
#define JOURNEYS_H

#include "compare-remedies-output.h"

#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/mis-animation.h"
#include "ns3/mis-journey-recorder.h"
#include "ns3/mis-radio-network-helper.h"

#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace ns3::mis::programs
{

/// Options of a journey.
struct JourneyOptions
{
    std::vector<std::string> remedies{"remedy1", "remedy2", COLD};
    std::string radios{"dual"};
    std::optional<double> speed;
    std::optional<double> power; //!< of LTE cells, dBm
    uint64_t runs{3};
    uint64_t seed{1};
    std::string out{"results"};
    std::string netanim;
};

constexpr const char* CELL_POWER = "ns3::LteEnbPhy::TxPower"; //!< attribute of LTE cells
constexpr double CELL_POWER_DBM = 30;                         //!< its default

/// Declares the options.
inline void
DeclareJourney(ProgramOptions& program, JourneyOptions& options)
{
    program.AddWords("remedies",
                     "Remedies, and cold for none: no preregistration",
                     options.remedies,
                     {"legacy", "removed", "remedy1", "remedy2", COLD});
    program.AddWord("radios",
                    "Whether the mobile node can use one radio at a time or two",
                    options.radios,
                    {"single", "dual"});
    program.AddReal("speed", "Of the mobile node, m/s", options.speed, 0.1, 100);
    program.AddReal("power",
                    "Of an LTE cell, dBm; it decides how far it reaches",
                    options.power,
                    0,
                    46);
    program.AddNumber("runs", "Independent runs of each remedy", options.runs, 1, 1000);
    program.AddNumber("seed", "Seed of the random number generator", options.seed, 1, UINT32_MAX);
    program.AddFolder("out", "Directory for results", options.out);
    program.Add("netanim",
                "File for NetAnim, of the first run of the first remedy",
                options.netanim);
    OwnCommon(program, "--seed", "--runs", "--remedies", "the program");
    program.Own(CELL_POWER, "--power");
}

/**
 * @brief Sees that what is asked for can be done, or ends the program.
 * @param program options of the program
 * @param options of the journey
 * @param technologies that it needs
 */
inline void
CheckJourney(const ProgramOptions& program,
             const JourneyOptions& options,
             const std::vector<std::string>& technologies)
{
    for (const auto& technology : technologies)
    {
        const auto missing = GetMissingRadio(technology);
        if (!missing.empty())
        {
            program.Wrong(missing);
        }
    }
    if (!options.netanim.empty())
    {
        const auto missing = Animation::GetMissing();
        if (!missing.empty())
        {
            program.Wrong("--netanim: " + missing);
        }
        program.CheckWritable("netanim", options.netanim);
    }
    program.MakeFolder("out", options.out);
}

/// One simulation of a journey; must live until it has ended.
class JourneySimulation
{
  public:
    /**
     * @param program options of the program, for what goes wrong
     * @param options of the journey
     * @param name of the program
     * @param remedy name of the remedy, or COLD
     * @param run run
     */
    JourneySimulation(const ProgramOptions& program,
                      const JourneyOptions& options,
                      const std::string& name,
                      const std::string& remedy,
                      uint64_t run)
        : journey(scenario),
          m_program(program),
          m_options(options),
          m_name(name),
          m_remedy(remedy),
          m_run(run)
    {
        RngSeedManager::SetSeed(static_cast<uint32_t>(options.seed));
        RngSeedManager::SetRun(run);
        Config::SetDefault(CELL_POWER, DoubleValue(*options.power));
        auto& mis = scenario.GetMis();
        mis.SetRemedy(MakeRemedy(Options(), remedy));
        mis.SetDeviceProfiles("phone", "server");
        scenario.SetPreregistration(remedy != COLD);
        scenario.SetDualRadio(options.radios == "dual");
        scenario.SetTraffic("voip", "down");
    }

    /// @return whether the remedy can authenticate a mobile node that has no key
    bool AttachesCold() const
    {
        return FindRemedies().at(m_remedy) == ClauseRemovedRemedy::GetTypeId();
    }

    /// @return by how much more an LTE cell reaches than by default, dB
    double CellGain() const
    {
        return *m_options.power - CELL_POWER_DBM;
    }

    /// @param most largest value @return a number of this run, from 0
    static double Draw(double most)
    {
        auto offset = CreateObject<UniformRandomVariable>();
        offset->SetStream(1000000);
        return offset->GetValue(0, most);
    }

    /**
     * @brief Runs the simulation; its scenario is built.
     * @param until its end at the latest
     * @param drive called with the recorder; has somebody decide on handovers
     * @param results takes the handovers
     */
    template <class Drive>
    void Run(Time until, Drive drive, JourneyResults& results)
    {
        const bool isFirst = m_run == 1 && m_remedy == m_options.remedies.front();
        JourneyRecorder recorder(journey, until);
        drive(recorder);
        Ptr<Animation> animation;
        if (isFirst && !m_options.netanim.empty())
        {
            animation = Animation::Begin(m_options.netanim, scenario.GetMis());
        }
        Simulator::Stop(until);
        Simulator::Run();
        if (animation)
        {
            animation->Dispose();
        }
        Collect(recorder, results);
        if (isFirst)
        {
            WriteTimeline(recorder);
        }
        Simulator::Destroy();
    }

    RoamingScenarioHelper scenario; //!< topology
    Journey journey;                //!< way through it

  private:
    void Collect(const JourneyRecorder& recorder, JourneyResults& results) const
    {
        std::cout << m_remedy << ", run " << m_run << '\n';
        uint32_t handover = 0;
        for (const auto& record : recorder.GetRecords())
        {
            results.Add({m_name,
                         m_remedy,
                         journey.GetTechnology(record.from),
                         journey.GetTechnology(record.to),
                         static_cast<uint32_t>(m_options.seed),
                         m_run,
                         ++handover,
                         record});
            PrintHandover(std::cout, results.GetRows().back());
        }
        if (handover == 0)
        {
            std::cout << "          no handover\n";
        }
    }

    template <class Write>
    void WriteFile(const std::string& what, Write write) const
    {
        const auto name = m_options.out + "/" + m_name + "-" + what + ".csv";
        std::ofstream file(name);
        write(file);
        file.close();
        if (!file)
        {
            m_program.Fail(name + " could not be written whole");
        }
    }

    void WriteTimeline(const JourneyRecorder& recorder) const
    {
        WriteFile("events", [&](std::ostream& os) { recorder.WriteEvents(os); });
        WriteFile("signals", [&](std::ostream& os) { recorder.WriteSignals(os); });
        WriteFile("packets", [&](std::ostream& os) { recorder.WritePackets(os); });
    }

    const ProgramOptions& m_program;
    const JourneyOptions& m_options;
    const std::string m_name;
    const std::string m_remedy;
    const uint64_t m_run;
};

/**
 * @brief Writes and prints what all simulations gave.
 * @param program options of the program
 * @param options of the journey
 * @param name of the program
 * @param command arguments of the program
 * @param results the handovers
 */
inline void
ReportJourneys(const ProgramOptions& program,
               const JourneyOptions& options,
               const std::string& name,
               const std::vector<std::string>& command,
               const JourneyResults& results)
{
    const auto file = options.out + "/" + name + ".csv";
    WriteRows(program, file, results);
    std::cout << '\n';
    results.PrintTable(std::cout);
    std::cout << "\nMean and half width of the 95 % confidence interval over the runs. warning: "
                 "trigger -> the old link is,\nor would have been, out of reach; prereg: "
                 "preregistration; in time: share of those done before that;\nattach: old link "
                 "left -> new one attached, handshake: -> user data may flow; gap: voice "
                 "(G.711) without an\narrival, less the interval of frames; lost, late (more than "
                 "150 ms under way) and R (E-model of ITU-T G.107):\nfrom 1 s before to 1 s after "
                 "the handover.\n\nseed "
              << options.seed << ", runs 1 to " << options.runs << "; ";
    PrintProvenance(std::cout, command);
    std::cout << "rows: " << file << "; of run 1 of " << options.remedies.front()
              << " also signals, events and packets: " << options.out << '/' << name
              << "-{signals,events,packets}.csv\n";
}

} // namespace ns3::mis::programs

#endif // JOURNEYS_H
