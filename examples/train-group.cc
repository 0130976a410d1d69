// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: stats

/**
 * @file
 * Mobile nodes in a train preregister with the next network at the same time: one group key block
 * by multicast (remedy2 as a group) against a delivery to each (remedy1, and remedy2 in pairs).
 */

#include "handover-options.h"
#include "remedies.h"

#include "ns3/boolean.h"
#include "ns3/gnuplot.h"
#include "ns3/inet-socket-address.h"
#include "ns3/mis-lte-limits.h"
#include "ns3/mis-processing-model.h"
#include "ns3/mis-radio-network-helper.h"
#include "ns3/mis-results.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <map>
#include <set>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::programs;

namespace
{

constexpr const char* GROUP = "train@home.example";
const std::vector<std::string> REMEDIES{"remedy1", "remedy2", "remedy2-group"};

// After all has been answered, sent again, or given up; radios take long to simulate.
constexpr int64_t PROFILE_END_S = 59;
constexpr int64_t RADIO_END_S = 20;

/// What the program is asked for.
struct Options
{
    std::vector<uint64_t> sizes{2, 4, 8, 16, 32, 64, 128, 256};
    uint64_t runs{3};
    uint64_t seed{1};
    std::string links{"profile"};
    std::string link{"wifi"};
    bool hasLoss{false};
    uint64_t spread{50}; //!< milliseconds
    bool hasAnswers{false};
    std::string profileMn{"phone"};
    std::string profilePos{"server"};
    std::string out{"results"};
};

/// What one simulation has measured.
struct Measured
{
    std::string remedy;
    uint64_t size{0}; //!< mobile nodes
    uint64_t seed{0};
    uint64_t run{0};
    uint32_t succeeded{0};
    std::vector<double> keyMs;    //!< request sent -> the MN holds K and has its answer
    std::vector<double> saMs;     //!< -> first message under the SA with the TPoS verified
    std::vector<double> preregMs; //!< -> preregistered
    uint64_t messages{0};
    uint64_t bytesMnSpos{0};
    uint64_t bytesSposTpos{0};
    uint64_t bytesGm{0};
    uint64_t bytesMnTpos{0};
    Time cpuSpos;
    Time cpuTpos;
    Time cpuGm;
};

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
        m_measured.cpuSpos = m_scenario.GetPointsOfService()[0]->GetMisf()->GetCpuTime();
        m_measured.cpuTpos = m_scenario.GetPointsOfService()[1]->GetMisf()->GetCpuTime();
        m_measured.cpuGm = m_scenario.GetGroupManager()->GetObject<Misf>()->GetCpuTime();
        return m_measured;
    }

  private:
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
            self->m_measured.keyMs.push_back(
                *ToMilliseconds(Simulator::Now() - self->m_begins[mn]));
        }
    }

    static void OnSaReady(Watch* self, uint32_t mn, const MisfId&, const MisfId&)
    {
        self->m_measured.saMs.push_back(*ToMilliseconds(Simulator::Now() - self->m_begins[mn]));
    }

    void OnEnd(const PreregistrationReport& report)
    {
        if (report.outcome == "success")
        {
            ++m_measured.succeeded;
            m_measured.preregMs.push_back(*ToMilliseconds(report.end - report.begin));
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

/// Both access networks.
void
AddNetworks(RoamingScenarioHelper& scenario, const Options& options)
{
    scenario.SetLinks(options.links);
    if (options.links == "radio")
    {
        scenario.AddNetwork(options.link);
        scenario.AddNetwork(options.link);
        return;
    }
    auto link = *FindLinkProfile(options.link);
    if (!options.hasLoss)
    {
        link.loss = 0;
    }
    scenario.AddNetwork(link, *FindLinkProfile("wan"));
    scenario.AddNetwork(link, *FindLinkProfile("wan"));
}

Measured
Simulate(const Options& options, const std::string& remedy, uint64_t size, uint64_t run)
{
    const auto members = static_cast<uint32_t>(size);
    RngSeedManager::SetSeed(static_cast<uint32_t>(options.seed));
    RngSeedManager::SetRun(run);
    RoamingScenarioHelper scenario;
    auto& mis = scenario.GetMis();
    mis.SetDeviceProfiles(options.profileMn, options.profilePos);
    mis.SetGroupManagerAttribute("ResponseFlag", BooleanValue(options.hasAnswers));
    if (remedy == "remedy2-group")
    {
        mis.SetRemedy("ns3::mis::GroupKeyRemedy", "Group", StringValue(GROUP));
    }
    else
    {
        mis.SetRemedy(remedy == "remedy1" ? "ns3::mis::SaProtectedRemedy"
                                          : "ns3::mis::GroupKeyRemedy");
    }
    AddNetworks(scenario, options);
    scenario.SetMobileNodes(members);
    if (remedy == "remedy2-group")
    {
        scenario.SetGroup(GROUP);
    }
    scenario.Build();
    const Time begin =
        options.links == "radio" ? scenario.GetEarliestStart() + Seconds(1) : Seconds(1);
    Watch watch(scenario);
    auto offset = CreateObject<UniformRandomVariable>();
    offset->SetStream(1000000);
    const auto spread = static_cast<double>(options.spread) * 1000;
    for (uint32_t mn = 0; mn < members; ++mn)
    {
        const auto at = MicroSeconds(static_cast<int64_t>(offset->GetValue(0, spread)));
        Simulator::Schedule(begin + at, &Watch::Preregister, &watch, mn);
    }
    Simulator::Stop(begin + Seconds(options.links == "radio" ? RADIO_END_S : PROFILE_END_S));
    Simulator::Run();
    auto measured = watch.Finish();
    Simulator::Destroy();
    measured.remedy = remedy;
    measured.size = size;
    measured.seed = options.seed;
    measured.run = run;
    return measured;
}

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

/// A number, with as many decimals as a time.
template <class Value>
ResultField<Measured>
FieldOfAll(const char* name, const char* heading, Value Measured::*value)
{
    return {{name, heading, 6}, [value](const Measured& m) { return ToCell(m.*value); }};
}

/// Something of what each mobile node has met.
ResultField<Measured>
FieldOfEach(const char* name,
            const char* heading,
            double (*figure)(const std::vector<double>&),
            std::vector<double> Measured::*values)
{
    return {{name, heading, 6},
            [=](const Measured& m) { return std::optional<double>(figure(m.*values)); }};
}

/// A number that is no figure of the printed table.
template <class Value>
ResultField<Measured>
Key(const char* name, Value Measured::*value)
{
    return {{name, nullptr, 0}, [value](const Measured& m) { return std::to_string(m.*value); }};
}

const std::vector<ResultField<Measured>>&
Fields()
{
    static const std::vector<ResultField<Measured>> fields{
        {{"remedy", nullptr, 0}, [](const Measured& m) { return m.remedy; }},
        Key("mobile_nodes", &Measured::size),
        Key("seed", &Measured::seed),
        Key("run", &Measured::run),
        Key("succeeded", &Measured::succeeded),
        FieldOfEach("key_mean_ms", "key [ms]", &MeanOf, &Measured::keyMs),
        FieldOfEach("key_max_ms", "key max", &MostOf, &Measured::keyMs),
        FieldOfEach("sa_mean_ms", "SA [ms]", &MeanOf, &Measured::saMs),
        FieldOfEach("sa_max_ms", "SA max", &MostOf, &Measured::saMs),
        FieldOfEach("prereg_max_ms", nullptr, &MostOf, &Measured::preregMs),
        FieldOfAll("messages", "frames", &Measured::messages),
        FieldOfAll("bytes_mn_spos", "MN-SPoS [B]", &Measured::bytesMnSpos),
        FieldOfAll("bytes_spos_tpos", "SPoS-TPoS [B]", &Measured::bytesSposTpos),
        FieldOfAll("bytes_gm", "GM [B]", &Measured::bytesGm),
        FieldOfAll("bytes_mn_tpos", nullptr, &Measured::bytesMnTpos),
        {{"bytes_total", "all [B]", 6},
         [](const Measured& m) { return std::optional<double>(TotalOf(m)); }},
        FieldOfAll("cpu_spos_ms", "CPU SPoS [ms]", &Measured::cpuSpos),
        FieldOfAll("cpu_tpos_ms", "CPU TPoS [ms]", &Measured::cpuTpos),
        FieldOfAll("cpu_gm_ms", "CPU GM [ms]", &Measured::cpuGm),
    };
    return fields;
}

/// The mean of one column over the runs.
double
Mean(const ResultTable& table, uint64_t size, const std::string& remedy, const char* column)
{
    return table.GetEstimate({std::to_string(size), remedy}, column).mean;
}

/// Says at which sizes the group is the better one, in one column.
void
PrintBetter(const ResultTable& table,
            const std::vector<uint64_t>& sizes,
            const std::string& other,
            const char* column,
            const char* what)
{
    std::cout << "  " << what << ", against " << other << ": ";
    std::string where;
    for (const auto size : sizes)
    {
        if (Mean(table, size, "remedy2-group", column) < Mean(table, size, other, column))
        {
            where += (where.empty() ? "" : ", ") + std::to_string(size);
        }
    }
    std::cout << (where.empty() ? "never" : "at " + where) << '\n';
}

bool
WritePlot(const std::string& out, const ResultTable& table, const std::vector<uint64_t>& sizes)
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
                     Mean(table, size, remedy, "bytes_total") / static_cast<double>(size));
        }
        plot.AddDataset(line);
    }
    std::ofstream file(out + "/train-group.plt");
    plot.GenerateOutput(file);
    return file.flush().good();
}

void
Declare(ProgramOptions& program, Options& options)
{
    const auto profiles = DeviceProfileNames();
    program.AddNumbers("sizes", "Mobile nodes", options.sizes, 2, 1000);
    program.AddNumber("runs", "Independent runs of each", options.runs, 1, 1000);
    program.AddNumber("seed", "Seed of the random number generator", options.seed, 1, UINT32_MAX);
    AddLinks(program, options.links);
    program.AddWord("link",
                    "Technology of both access networks, by the name of its profile",
                    options.link,
                    LinkProfileNames());
    program.AddFlag("loss",
                    "Whether the access links lose frames as their profile says",
                    options.hasLoss);
    program.AddNumber("spread", "Time within which all begin, ms", options.spread, 0, 10000);
    program.AddFlag("answers",
                    "Whether members answer a group key block, so that it is sent again",
                    options.hasAnswers);
    program.AddWord("profile-mn", "Device of the mobile nodes", options.profileMn, profiles);
    program.AddWord("profile-pos",
                    "Device of points of service and group manager",
                    options.profilePos,
                    profiles);
    program.AddFolder("out", "Directory for results", options.out);
    OwnCommon(program, "--seed", "--runs", "the program", "--profile-mn and --profile-pos");
    program.Own("ns3::mis::GroupManager::ResponseFlag", "--answers");
}

void
Check(const ProgramOptions& program, Options& options)
{
    if (options.links != "radio")
    {
        return;
    }
    if (const auto missing = GetMissingRadio(options.link); !missing.empty())
    {
        program.Wrong(missing);
    }
    if (options.link == "lte")
    {
        const auto tooMany =
            std::remove_if(options.sizes.begin(), options.sizes.end(), [](uint64_t size) {
                return size > MAX_LTE_MOBILE_NODES;
            });
        if (tooMany != options.sizes.end() && program.IsGiven("sizes"))
        {
            program.Wrong("--sizes: a cell of LTE takes at most " +
                          std::to_string(MAX_LTE_MOBILE_NODES) + " mobile nodes");
        }
        options.sizes.erase(tooMany, options.sizes.end());
    }
    if (program.IsGiven("loss"))
    {
        program.Wrong("--loss needs --links=profile");
    }
}

ResultTable
Measure(const Options& options)
{
    ResultLayout layout;
    layout.hasSuccess = true;
    layout.hasHalfWidths = false;
    ResultTable table({"nodes", "remedy"}, ColumnsOf(Fields()), layout);
    for (const auto size : options.sizes)
    {
        for (const auto& remedy : REMEDIES)
        {
            for (uint64_t run = 1; run <= options.runs; ++run)
            {
                const auto m = Simulate(options, remedy, size, run);
                table.Add({{std::to_string(size), remedy},
                           CellsOf(Fields(), m),
                           static_cast<uint32_t>(options.seed),
                           run,
                           m.succeeded,
                           size});
            }
        }
    }
    return table;
}

} // namespace

int
main(int argc, char* argv[])
{
    Options options;
    ProgramOptions program("train-group",
                           "Mobile nodes in a train preregister with the next network at the same "
                           "time, as a group and each for itself.");
    Declare(program, options);
    program.Parse(argc, argv);
    Check(program, options);
    const auto csvFile = options.out + "/train-group.csv";
    program.MakeFolder("out", options.out);
    program.CheckWritable("out", csvFile);

    const auto table = Measure(options);
    table.PrintTable(std::cout);
    std::cout
        << "\nMeans over the runs; max: of the mobile nodes of a run. key: request "
        << "sent -> the mobile node holds K and has\nits answer; SA: -> first message under the "
           "SA with the TPoS verified. Octets are those of MIS frames.\n\nremedy2-group needs less "
           "of\n";
    for (const auto* other : {"remedy1", "remedy2"})
    {
        PrintBetter(table, options.sizes, other, "bytes_total", "octets on all links");
        PrintBetter(table, options.sizes, other, "bytes_mn_spos", "octets MN-SPoS");
        PrintBetter(table, options.sizes, other, "bytes_spos_tpos", "octets SPoS-TPoS");
        PrintBetter(table, options.sizes, other, "key_mean_ms", "mean time to K");
        PrintBetter(table, options.sizes, other, "key_max_ms", "time until the last has K");
        PrintBetter(table, options.sizes, other, "cpu_spos_ms", "processing at the SPoS");
    }
    std::ofstream csv(csvFile);
    table.WriteCsv(csv);
    csv.close();
    if (!csv || !WritePlot(options.out, table, options.sizes))
    {
        program.Fail("results could not be written whole");
    }
    std::cout << "\nrows: " << csvFile << "; plot: gnuplot " << options.out << "/train-group.plt\n";
    PrintProvenance(std::cout, std::vector<std::string>(argv + 1, argv + argc));
    return 0;
}
