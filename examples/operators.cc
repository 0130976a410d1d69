// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A mobile node roams from one operator to another while its home is far away.
 */

#include "compare-remedies-output.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::programs;

namespace
{

const Time START = Seconds(10); // the SA with the first SPoS is there by then
const Time SPREAD = MilliSeconds(20);

/// What the program is asked for.
struct OperatorOptions
{
    std::vector<std::string> remedies{"legacy", "removed", "remedy1", "remedy2", COLD};
    std::vector<uint64_t> delays{10, 25, 50, 100, 200}; //!< milliseconds
    std::string pair{"wifi-lte"};
    std::string n2n{"tls"};
    std::string mnAuth{"eap-tls"};
    uint64_t handovers{1};
    uint64_t runs{3};
    uint64_t seed{1};
    std::string out{"results"};
};

/// What was measured at one distance of the home.
struct Measured
{
    ComparisonRow row;
    uint64_t delay{0}; //!< of the home network, one way, milliseconds
};

/// A figure of the handover.
template <class Value>
ResultField<Measured>
FigureOf(const ResultColumn& column, Value PreregistrationRecord::*value)
{
    return {column, [value](const Measured& m) { return ToCell(m.row.record.*value); }};
}

const std::vector<ResultField<Measured>>&
Fields()
{
    using Record = PreregistrationRecord;
    static const std::vector<ResultField<Measured>> fields{
        {{"home_delay_ms", nullptr, 0}, [](const Measured& m) { return std::to_string(m.delay); }},
        {{"remedy", nullptr, 0}, [](const Measured& m) { return m.row.remedy; }},
        {{"link_from", nullptr, 0}, [](const Measured& m) { return m.row.linkFrom; }},
        {{"link_to", nullptr, 0}, [](const Measured& m) { return m.row.linkTo; }},
        {{"seed", nullptr, 0}, [](const Measured& m) { return std::to_string(m.row.seed); }},
        {{"run", nullptr, 0}, [](const Measured& m) { return std::to_string(m.row.run); }},
        {{"handover", nullptr, 0},
         [](const Measured& m) { return std::to_string(m.row.handover); }},
        FigureOf({"outcome", nullptr, 0}, &Record::outcome),
        FigureOf({"key_delivery_ms", "key [ms]", 6}, &Record::keyDelivery),
        FigureOf({"sa_ready_ms", "SA [ms]", 6}, &Record::saReady),
        FigureOf({"prereg_ms", "prereg [ms]", 6}, &Record::preregistration),
        FigureOf({"interruption_ms", "gap [ms]", 6}, &Record::interruption),
        FigureOf({"packets_lost", "lost", 0}, &Record::packetsLost),
        FigureOf({"messages", "frames", 0}, &Record::messages),
        FigureOf({"bytes_spos_tpos", nullptr, 0}, &Record::bytesSposTpos),
        FigureOf({"bytes_gm", nullptr, 0}, &Record::bytesGm),
    };
    return fields;
}

ResultTable
MakeTable()
{
    ResultLayout layout;
    layout.hasSuccess = true;
    return ResultTable({"remedy", "home [ms]"}, ColumnsOf(Fields()), layout);
}

void
SetTrust(RoamingScenarioHelper& scenario, const OperatorOptions& options)
{
    auto& mis = scenario.GetMis();
    scenario.SetAaaServer(true);
    if (options.mnAuth == "erp-local")
    {
        scenario.SetLocalAaaServer("aaa@visited.example");
    }
    const auto establishment = MakeEstablishment(options.mnAuth);
    mis.SetEstablishment(SaPair::MN_POS, establishment);
    mis.SetFullAuthentication(DynamicCast<EapEstablishment>(establishment));
    if (options.n2n != "static")
    {
        const auto between = MakeEstablishment(options.n2n);
        mis.SetEstablishment(SaPair::POS_POS, between);
        mis.SetEstablishment(SaPair::POS_GM, between);
    }
}

void
Simulate(const ProgramOptions& program,
         const OperatorOptions& options,
         const std::string& remedy,
         uint64_t delay,
         uint64_t run,
         ResultTable& table)
{
    RngSeedManager::SetSeed(static_cast<uint32_t>(options.seed));
    RngSeedManager::SetRun(run);
    const auto links = ReadPair(program, "profile", options.pair);
    RoamingScenarioHelper scenario;
    auto& mis = scenario.GetMis();
    mis.SetRemedy(MakeRemedy(Options(), remedy));
    mis.SetDeviceProfiles("phone", "server");
    scenario.SetPreregistration(remedy != COLD);
    SetTrust(scenario, options);
    auto home = *FindLinkProfile("wan");
    home.delay = MilliSeconds(static_cast<int64_t>(delay));
    scenario.SetHomeLink(home);
    scenario.AddNetwork(links.from);
    scenario.AddNetwork(links.to);
    std::vector<uint32_t> path;
    for (uint32_t i = 0; i <= options.handovers; ++i)
    {
        path.push_back(i % 2);
    }
    scenario.SetPath(path);
    scenario.Build();
    auto offset = CreateObject<UniformRandomVariable>();
    offset->SetStream(1000000);
    const auto after = static_cast<int64_t>(offset->GetValue(0, SPREAD.GetMicroSeconds()));
    scenario.Roam(START + MicroSeconds(after),
                  [&](uint32_t position, const PreregistrationRecord& record) {
                      const bool isEven = position % 2 == 0;
                      const Measured measured{{"operators",
                                               remedy,
                                               isEven ? links.from : links.to,
                                               isEven ? links.to : links.from,
                                               static_cast<uint32_t>(options.seed),
                                               run,
                                               position + 1,
                                               record},
                                              delay};
                      const bool isFirst = position == 0;
                      table.Add({{remedy + (isFirst ? "" : " (later)"), std::to_string(delay)},
                                 CellsOf(Fields(), measured),
                                 static_cast<uint32_t>(options.seed),
                                 run,
                                 record.outcome == "success" ? 1U : 0U,
                                 1});
                  });
    Simulator::Stop(START + SPREAD + scenario.GetDuration());
    Simulator::Run();
    Simulator::Destroy();
}

void
Declare(ProgramOptions& program, OperatorOptions& options)
{
    program.AddWords("remedies",
                     "Remedies, and cold for none: no preregistration",
                     options.remedies,
                     {"legacy", "removed", "remedy1", "remedy2", COLD});
    program.AddNumbers("delays",
                       "Delays between the home network and the WAN, ms, one way",
                       options.delays,
                       1,
                       1000);
    program.Add("pair", "Link profiles of the two operators, FROM-TO", options.pair);
    program.AddWord("n2n",
                    "SAs between points of service and with the group manager: provisioned, or on "
                    "demand",
                    options.n2n,
                    N2NS);
    program.AddWord("mn-auth",
                    "EAP by which the mobile node gets its first SA, and by which removed and cold "
                    "authenticate; erp-local has a server of the visited operators",
                    options.mnAuth,
                    {"eap-tls", "eap-gpsk", "erp", "erp-local"});
    program.AddNumber("handovers", "Handovers, back and forth", options.handovers, 1, 100);
    program.AddNumber("runs", "Independent runs of each combination", options.runs, 1, 1000);
    program.AddNumber("seed", "Seed of the random number generator", options.seed, 1, UINT32_MAX);
    program.AddFolder("out", "Directory for results", options.out);
    OwnCommon(program, "--seed", "--runs", "--remedies", "the program");
    program.Own("ns3::mis::EapEstablishment::Method", "--mn-auth");
}

} // namespace

int
main(int argc, char* argv[])
{
    OperatorOptions options;
    ProgramOptions program("operators",
                           "A mobile node roams from one operator to another while its home is "
                           "more and more far away.");
    Declare(program, options);
    program.Parse(argc, argv);
    ReadPair(program, "profile", options.pair);
    program.MakeFolder("out", options.out);
    const auto file = options.out + "/operators.csv";
    program.CheckWritable("out", file);

    auto table = MakeTable();
    for (const auto& remedy : options.remedies)
    {
        for (const auto delay : options.delays)
        {
            for (uint64_t run = 1; run <= options.runs; ++run)
            {
                Simulate(program, options, remedy, delay, run, table);
            }
        }
    }
    WriteRows(program, file, table);
    table.PrintTable(std::cout);
    std::cout << "\nMean and half width of the 95 % confidence interval over the runs. home: delay "
                 "between home network and WAN,\none way; SAs between points of service by "
              << options.n2n << ", the mobile node authenticates by " << options.mnAuth
              << ".\nkey: first request sent -> MN and TPoS hold K; SA: -> first message under the "
                 "SA verified at the MN;\nprereg: -> proactive authentication done; gap: "
                 "interruption of a flow of 10 ms spacing by the handover,\nlost: its packets lost "
                 "then. (later): handovers after the first, which find all SAs made.\n\nseed "
              << options.seed << ", runs 1 to " << options.runs << "; ";
    PrintProvenance(std::cout, {argv + 1, argv + argc});
    std::cout << "rows: " << file << '\n';
    return 0;
}
