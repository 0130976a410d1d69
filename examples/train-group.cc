// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: stats

/**
 * @file
 * Mobile nodes in a train preregister with the next network at the same time: one group key block
 * by multicast (remedy2 as a group) against a delivery to each (remedy1, and remedy2 in pairs).
 */

#include "program-options.h"

#include "ns3/boolean.h"
#include "ns3/gnuplot.h"
#include "ns3/inet-socket-address.h"
#include "ns3/mis-processing-model.h"
#include "ns3/mis-results.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <filesystem>
#include <fstream>
#include <iomanip>
#include <map>
#include <set>

using namespace ns3;
using namespace ns3::mis;

namespace
{

constexpr const char* GROUP = "train@home.example";
const std::vector<std::string> REMEDIES{"remedy1", "remedy2", "remedy2-group"};
constexpr size_t BYTES_TOTAL = 10; // its column

/// What one simulation has measured.
struct Measured
{
    uint32_t succeeded{0};
    std::vector<double> keyMs;    //!< request sent -> the MN holds K and has its answer
    std::vector<double> saMs;     //!< -> first message under the SA with the TPoS verified
    std::vector<double> preregMs; //!< -> preregistered
    uint64_t messages{0};
    uint64_t bytesMnSpos{0};
    uint64_t bytesSposTpos{0};
    uint64_t bytesGm{0};
    uint64_t bytesMnTpos{0};
    double cpuSposMs{0};
    double cpuTposMs{0};
    double cpuGmMs{0};
};

double
MillisecondsOf(Time time)
{
    return static_cast<double>(time.GetNanoSeconds()) / 1e6;
}

/// Watches all roles of one simulation.
class Watch
{
  public:
    explicit Watch(RoamingScenarioHelper& scenario)
        : m_scenario(scenario)
    {
        const auto& directory = scenario.GetMis().GetDirectory();
        for (const auto& misf : scenario.GetMis().GetMisfs())
        {
            misf->TraceConnectWithoutContext("Tx", MakeCallback(&Watch::OnFrame, this));
            if (const auto* record = directory->Find(misf->GetId().View()))
            {
                const auto to = InetSocketAddress::ConvertFrom(record->address.address);
                m_byAddress[to.GetIpv4()] = misf->GetId();
            }
        }
        m_spos = scenario.GetPointsOfService()[0]->GetMisf()->GetId();
        m_tpos = scenario.GetPointsOfService()[1]->GetMisf()->GetId();
        m_gm = scenario.GetGroupManager()->GetObject<Misf>()->GetId();
        for (const auto& mn : scenario.GetMobileNodes())
        {
            const auto index = static_cast<uint32_t>(m_begins.size());
            m_begins.emplace_back();
            mn->TraceConnectWithoutContext("State",
                                           MakeBoundCallback(&Watch::OnState, this, index));
            mn->TraceConnectWithoutContext("SaReady",
                                           MakeBoundCallback(&Watch::OnSaReady, this, index));
            mn->TraceConnectWithoutContext("Preregistration", MakeCallback(&Watch::OnEnd, this));
        }
    }

    void Preregister(uint32_t mn)
    {
        m_begins[mn] = Simulator::Now();
        PreregistrationTarget target;
        target.tpos = m_tpos;
        target.link = m_scenario.GetLink(mn, 1)->GetLinkTupleId();
        m_scenario.GetMobileNodes()[mn]->Preregister(target);
    }

    Measured Finish()
    {
        m_measured.cpuSposMs = CpuOf(m_scenario.GetPointsOfService()[0]->GetMisf());
        m_measured.cpuTposMs = CpuOf(m_scenario.GetPointsOfService()[1]->GetMisf());
        m_measured.cpuGmMs = CpuOf(m_scenario.GetGroupManager()->GetObject<Misf>());
        return m_measured;
    }

  private:
    static double CpuOf(Ptr<Misf> misf)
    {
        return MillisecondsOf(misf->GetCpuTime());
    }

    void OnFrame(const FrameRecord& frame)
    {
        ++m_measured.messages;
        const auto it =
            m_byAddress.find(InetSocketAddress::ConvertFrom(frame.remote.address).GetIpv4());
        const MisfId remote = it == m_byAddress.end() ? MisfId() : it->second; // none: an MN
        const std::set<MisfId> ends{frame.local, remote};
        if (ends.count(m_gm))
        {
            m_measured.bytesGm += frame.octets;
        }
        else if (ends.count(m_spos) && ends.count(m_tpos))
        {
            m_measured.bytesSposTpos += frame.octets;
        }
        else
        {
            auto& bytes = ends.count(m_tpos) ? m_measured.bytesMnTpos : m_measured.bytesMnSpos;
            bytes += frame.octets;
        }
    }

    static void OnState(Watch* self, uint32_t mn, PreregistrationState, PreregistrationState to)
    {
        if (to == PreregistrationState::CONFIRMING)
        {
            self->m_measured.keyMs.push_back(MillisecondsOf(Simulator::Now() - self->m_begins[mn]));
        }
    }

    static void OnSaReady(Watch* self, uint32_t mn, const MisfId&, const MisfId&)
    {
        self->m_measured.saMs.push_back(MillisecondsOf(Simulator::Now() - self->m_begins[mn]));
    }

    void OnEnd(const PreregistrationReport& report)
    {
        if (report.outcome == "success")
        {
            ++m_measured.succeeded;
            m_measured.preregMs.push_back(MillisecondsOf(report.end - report.begin));
        }
    }

    RoamingScenarioHelper& m_scenario;
    std::map<Ipv4Address, MisfId> m_byAddress;
    MisfId m_spos;
    MisfId m_tpos;
    MisfId m_gm;
    std::vector<Time> m_begins;
    Measured m_measured;
};

Measured
Simulate(const ProgramOptions& options, const std::string& remedy, uint32_t members, uint64_t run)
{
    RngSeedManager::SetSeed(static_cast<uint32_t>(options.Number("seed", 1, UINT32_MAX)));
    RngSeedManager::SetRun(run);
    RoamingScenarioHelper scenario;
    auto& mis = scenario.GetMis();
    mis.SetDeviceProfiles(options.Get("profile-mn"), options.Get("profile-pos"));
    mis.SetGroupManagerAttribute("ResponseFlag", BooleanValue(options.Get("answers") == "true"));
    if (remedy == "remedy2-group")
    {
        mis.SetRemedy("ns3::mis::GroupKeyRemedy", "Group", StringValue(GROUP));
    }
    else
    {
        mis.SetRemedy(remedy == "remedy1" ? "ns3::mis::SaProtectedRemedy"
                                          : "ns3::mis::GroupKeyRemedy");
    }
    auto link = *FindLinkProfile(options.Get("link"));
    if (options.Get("loss") == "false")
    {
        link.loss = 0;
    }
    scenario.AddNetwork(link, *FindLinkProfile("wan"));
    scenario.AddNetwork(link, *FindLinkProfile("wan"));
    scenario.SetMobileNodes(members);
    if (remedy == "remedy2-group")
    {
        scenario.SetGroup(GROUP);
    }
    scenario.Build();
    Watch watch(scenario);
    auto offset = CreateObject<UniformRandomVariable>();
    offset->SetStream(1000000);
    const auto spread = static_cast<double>(options.Number("spread", 0, 10000)) * 1000;
    for (uint32_t mn = 0; mn < members; ++mn)
    {
        const auto at = MicroSeconds(static_cast<int64_t>(offset->GetValue(0, spread)));
        Simulator::Schedule(Seconds(1) + at, &Watch::Preregister, &watch, mn);
    }
    Simulator::Stop(Seconds(60));
    Simulator::Run();
    const auto measured = watch.Finish();
    Simulator::Destroy();
    return measured;
}

/// A column of the CSV file; its mean over the runs is printed and plotted.
struct Column
{
    const char* name;
    const char* heading;
    double (*figure)(const Measured&);
};

double
MeanOf(const std::vector<double>& values)
{
    return values.empty() ? 0 : EstimateMean(values).mean;
}

double
MostOf(const std::vector<double>& values)
{
    return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

uint64_t
TotalOf(const Measured& m)
{
    return m.bytesMnSpos + m.bytesSposTpos + m.bytesGm + m.bytesMnTpos;
}

const std::vector<Column> COLUMNS{
    {"key_mean_ms", "key [ms]", [](const Measured& m) { return MeanOf(m.keyMs); }},
    {"key_max_ms", "key max", [](const Measured& m) { return MostOf(m.keyMs); }},
    {"sa_mean_ms", "SA [ms]", [](const Measured& m) { return MeanOf(m.saMs); }},
    {"sa_max_ms", "SA max", [](const Measured& m) { return MostOf(m.saMs); }},
    {"prereg_max_ms", nullptr, [](const Measured& m) { return MostOf(m.preregMs); }},
    {"messages", "frames", [](const Measured& m) { return static_cast<double>(m.messages); }},
    {"bytes_mn_spos",
     "MN-SPoS [B]",
     [](const Measured& m) { return static_cast<double>(m.bytesMnSpos); }},
    {"bytes_spos_tpos",
     "SPoS-TPoS [B]",
     [](const Measured& m) { return static_cast<double>(m.bytesSposTpos); }},
    {"bytes_gm", "GM [B]", [](const Measured& m) { return static_cast<double>(m.bytesGm); }},
    {"bytes_mn_tpos",
     nullptr,
     [](const Measured& m) { return static_cast<double>(m.bytesMnTpos); }},
    {"bytes_total", "all [B]", [](const Measured& m) { return static_cast<double>(TotalOf(m)); }},
    {"cpu_spos_ms", "CPU SPoS [ms]", [](const Measured& m) { return m.cpuSposMs; }},
    {"cpu_tpos_ms", "CPU TPoS [ms]", [](const Measured& m) { return m.cpuTposMs; }},
    {"cpu_gm_ms", "CPU GM [ms]", [](const Measured& m) { return m.cpuGmMs; }},
};

using Means = std::map<std::pair<std::string, uint64_t>, std::vector<double>>; //!< by column

/// Says at which sizes the group is the better one, in one column.
void
PrintBetter(const Means& means,
            const std::vector<uint64_t>& sizes,
            const std::string& other,
            const char* name,
            const char* what)
{
    const auto at = std::find_if(COLUMNS.begin(), COLUMNS.end(), [&](const Column& column) {
        return std::string(column.name) == name;
    });
    const auto column = static_cast<size_t>(at - COLUMNS.begin());
    std::cout << "  " << what << ", against " << other << ": ";
    std::string where;
    for (const auto size : sizes)
    {
        if (means.at({"remedy2-group", size})[column] < means.at({other, size})[column])
        {
            where += (where.empty() ? "" : ", ") + std::to_string(size);
        }
    }
    std::cout << (where.empty() ? "never" : "at " + where) << '\n';
}

bool
WritePlot(const std::string& out, const Means& means, const std::vector<uint64_t>& sizes)
{
    Gnuplot plot(out + "/train-group.png", "Preregistration of a group: octets of MIS frames");
    plot.SetTerminal("pngcairo");
    plot.SetLegend("mobile nodes", "octets a mobile node");
    plot.AppendExtra("set logscale x 2");
    plot.AppendExtra("set yrange [0:*]");
    for (const auto& remedy : REMEDIES)
    {
        Gnuplot2dDataset line(remedy);
        line.SetStyle(Gnuplot2dDataset::LINES_POINTS);
        for (const auto size : sizes)
        {
            line.Add(static_cast<double>(size),
                     means.at({remedy, size})[BYTES_TOTAL] / static_cast<double>(size));
        }
        plot.AddDataset(line);
    }
    std::ofstream file(out + "/train-group.plt");
    plot.GenerateOutput(file);
    return file.flush().good();
}

} // namespace

int
main(int argc, char* argv[])
{
    ProgramOptions options("train-group");
    options.Add("sizes", "Mobile nodes, 2 to 1000, separated by commas", "2,4,8,16,32,64,128,256");
    options.Add("runs", "Independent runs of each, 1 to 1000", "3");
    options.Add("seed", "Seed of the random number generator, from 1", "1");
    options.Add("link", "Link profile of both access networks", "wifi");
    options.Add("loss", "Whether the access links lose frames as their profile says", "false");
    options.Add("spread", "Time within which all begin, 0 to 10000 ms", "50");
    options.Add("answers",
                "Whether members answer a group key block, so that it is sent again",
                "false");
    options.Add("profile-mn", "Device profile of the mobile nodes", "phone");
    options.Add("profile-pos", "Device profile of points of service and group manager", "server");
    options.Add("out", "Directory for results", "results");
    options.Parse(argc, argv);
    const auto sizes = options.Numbers("sizes", 2, 1000);
    const auto runs = options.Number("runs", 1, 1000);
    options.Number("seed", 1, UINT32_MAX);
    options.Number("spread", 0, 10000);
    options.OneOf("link", LinkProfileNames());
    options.OneOf("loss", {"true", "false"});
    options.OneOf("answers", {"true", "false"});
    options.OneOf("profile-mn", DeviceProfileNames());
    options.OneOf("profile-pos", DeviceProfileNames());
    std::error_code error;
    std::filesystem::create_directories(options.Get("out"), error);
    const auto csvFile = options.Get("out") + "/train-group.csv";
    std::ofstream csv(csvFile);
    if (error || !csv)
    {
        options.Wrong("--out is \"" + options.Get("out") + "\", where nothing can be written");
    }

    csv << "remedy,mobile_nodes,seed,run,succeeded";
    std::vector<std::vector<std::string>> lines{{"nodes", "remedy", "ok"}};
    for (const auto& column : COLUMNS)
    {
        csv << ',' << column.name;
        if (column.heading)
        {
            lines.front().emplace_back(column.heading);
        }
    }
    csv << '\n';
    Means means;
    for (const auto size : sizes)
    {
        for (const auto& remedy : REMEDIES)
        {
            std::vector<std::vector<double>> samples(COLUMNS.size());
            uint64_t succeeded = 0;
            for (uint64_t run = 1; run <= runs; ++run)
            {
                const auto m = Simulate(options, remedy, static_cast<uint32_t>(size), run);
                succeeded += m.succeeded;
                csv << remedy << ',' << size << ',' << options.Get("seed") << ',' << run << ','
                    << m.succeeded << std::fixed << std::setprecision(6);
                for (size_t i = 0; i < COLUMNS.size(); ++i)
                {
                    samples[i].push_back(COLUMNS[i].figure(m));
                    csv << ',' << samples[i].back();
                }
                csv << '\n';
            }
            std::vector<std::string> line{std::to_string(size),
                                          remedy,
                                          std::to_string(succeeded) + "/" +
                                              std::to_string(size * runs)};
            auto& mean = means[{remedy, size}];
            for (size_t i = 0; i < COLUMNS.size(); ++i)
            {
                const auto estimate = EstimateMean(samples[i]);
                mean.push_back(estimate.mean);
                if (COLUMNS[i].heading)
                {
                    line.push_back(Format({estimate.mean, 0, estimate.count}));
                }
            }
            lines.push_back(line);
        }
    }
    PrintAligned(std::cout, lines);
    std::cout
        << "\nMeans over " << runs << " runs; max: of the mobile nodes of a run. key: request "
        << "sent -> the mobile node holds K and has\nits answer; SA: -> first message under the "
           "SA with the TPoS verified. Octets are those of MIS frames.\n\nremedy2-group needs less "
           "of\n";
    for (const auto* other : {"remedy1", "remedy2"})
    {
        PrintBetter(means, sizes, other, "bytes_total", "octets on all links");
        PrintBetter(means, sizes, other, "bytes_mn_spos", "octets MN-SPoS");
        PrintBetter(means, sizes, other, "bytes_spos_tpos", "octets SPoS-TPoS");
        PrintBetter(means, sizes, other, "key_mean_ms", "mean time to K");
        PrintBetter(means, sizes, other, "key_max_ms", "time until the last has K");
        PrintBetter(means, sizes, other, "cpu_spos_ms", "processing at the SPoS");
    }
    csv.close();
    if (!csv || !WritePlot(options.Get("out"), means, sizes))
    {
        std::cerr << "train-group: results could not be written whole" << std::endl;
        return 1;
    }
    std::cout << "\nrows: " << csvFile << "; plot: gnuplot " << options.Get("out")
              << "/train-group.plt\n";
    PrintProvenance(std::cout, std::vector<std::string>(argv + 1, argv + argc));
    return 0;
}
