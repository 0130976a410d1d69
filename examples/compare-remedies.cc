// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Compares deliveries of the key derivation key over pairs of access links.
 */

#include "ephemeral-key-remedy.h"

#include "ns3/command-line.h"
#include "ns3/config.h"
#include "ns3/mis-clause-removed-remedy.h"
#include "ns3/mis-prf.h"
#include "ns3/mis-processing-model.h"
#include "ns3/mis-results.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/mis-traffic-results.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

using namespace ns3;
using namespace ns3::mis;

NS_OBJECT_ENSURE_REGISTERED(EphemeralKeyRemedy);

namespace
{

[[noreturn]] void
Wrong(const std::string& text)
{
    std::cerr << "compare-remedies: " << text << std::endl;
    std::exit(2);
}

[[noreturn]] void
Lost(const std::string& file)
{
    std::cerr << "compare-remedies: " << file << " could not be written whole" << std::endl;
    std::exit(1);
}

std::vector<std::string>
Split(const std::string& list, char separator)
{
    std::vector<std::string> items;
    std::istringstream stream(list);
    for (std::string item; std::getline(stream, item, separator);)
    {
        items.push_back(item);
    }
    return items;
}

std::string
Join(const std::vector<std::string>& items)
{
    std::string text;
    for (const auto& item : items)
    {
        text += (text.empty() ? "" : ", ") + item;
    }
    return text;
}

/// Establishments by their names on the command line: type and attributes.
const std::map<std::string, std::string> ESTABLISHMENTS{
    {"tls", "ns3::mis::TlsEstablishment"},
    {"ikev2", "ns3::mis::Ikev2Establishment"},
    {"tls-tcp", "ns3::mis::TlsTcpEstablishment"},
    {"eap-tls", "ns3::mis::EapEstablishment[Method=EAP-TLS]"},
    {"eap-gpsk", "ns3::mis::EapEstablishment[Method=EAP-GPSK]"},
    {"erp", "ns3::mis::EapEstablishment[Method=ERP]"},
    {"erp-local",
     "ns3::mis::EapEstablishment[Method=ERP]"}, // with a server of the visited operator
};

Ptr<SaEstablishment>
MakeEstablishment(const std::string& name)
{
    ObjectFactory factory;
    std::istringstream(ESTABLISHMENTS.at(name)) >> factory;
    return factory.Create<SaEstablishment>();
}

/// The name of a handover without preregistration.
const std::string COLD = "cold";

/// All remedies of this program, the user's own among them, by name.
std::map<std::string, TypeId>
FindRemedies()
{
    std::map<std::string, TypeId> remedies;
    for (uint16_t i = 0; i < TypeId::GetRegisteredN(); ++i)
    {
        const auto type = TypeId::GetRegistered(i);
        if (type.IsChildOf(KeyDeliveryRemedy::GetTypeId()) && type.HasConstructor())
        {
            ObjectFactory factory;
            factory.SetTypeId(type);
            remedies[factory.Create<KeyDeliveryRemedy>()->GetName()] = type;
        }
    }
    remedies[COLD] = ClauseRemovedRemedy::GetTypeId(); // authenticates in full after the move
    return remedies;
}

struct Options
{
    std::string remedies{"legacy,removed,remedy1,remedy2,ephemeral,cold"};
    std::string links{"wifi-lte,lte-wifi,wifi-wimax,ethernet-lte"};
    std::string runs{"30"};
    std::string seed{"1"};
    std::string handovers{"1"};
    std::string goBack{"false"};
    std::string out{"results"};
    std::string pcap{"false"};
    std::string keyLog;
    std::string profileMn{"phone"};
    std::string profileSpos{"server"};
    std::string profileTpos{"server"};
    std::string profileGm{"server"};
    std::string path{"ViaServingPos"};
    std::string prf{"HMAC-SHA-256"};
    std::string formula{"AlignedWithNonceT"};
    std::string ciphersuite{"1"};
    std::string sa{"static"};
    std::string mnAuth;
    std::string n2n{"static"};
    std::string linkAuth{"real"};
    std::string first;
    std::string traffic;
    std::string direction{"down"};
    std::string anchor;
};

struct Row
{
    const char* name;
    const char* help;
    std::string Options::*value;
};

const std::vector<Row> ROWS{
    {"remedies",
     "Remedies, and cold for none: no preregistration; separated by commas",
     &Options::remedies},
    {"links",
     "Pairs FROM-TO of link profiles (wifi, lte, wimax, ethernet, wan), separated by commas",
     &Options::links},
    {"runs", "Independent runs of each combination, 1 to 100000", &Options::runs},
    {"seed", "Seed of the random number generator, from 1", &Options::seed},
    {"handovers", "Handovers in a chain, from network to network, 1 to 100", &Options::handovers},
    {"return",
     "Whether the MN goes back and forth between two networks, not on to others: true or false",
     &Options::goBack},
    {"out", "Directory for results", &Options::out},
    {"pcap", "Whether to capture all links into OUT/pcap: true or false", &Options::pcap},
    {"keylog",
     "File for secrets; with more than one simulation its name is extended by which one",
     &Options::keyLog},
    {"profile-mn", "Device profile of the mobile node", &Options::profileMn},
    {"profile-spos", "Device profile of the serving PoS", &Options::profileSpos},
    {"profile-tpos", "Device profile of the target PoS", &Options::profileTpos},
    {"profile-gm", "Device profile of the PoS with group manager", &Options::profileGm},
    {"path", "How remedy2 reaches the mobile node: ViaServingPos or Direct", &Options::path},
    {"prf", "Pseudo-random function of legacy", &Options::prf},
    {"formula",
     "Formula of legacy: AlignedWithNonceT, AlignedWithoutNonceT or AsWritten",
     &Options::formula},
    {"ciphersuite",
     "Code of the ciphersuite of the SA between MN and TPoS, 1 to 5",
     &Options::ciphersuite},
    {"sa",
     "SA of the MN with its first SPoS: static (provisioned) or on-demand (established)",
     &Options::sa},
    {"mn-auth",
     "How it is established on demand, and how removed and cold authenticate: tls (the default), "
     "eap-tls, eap-gpsk, erp, or erp-local with a server of the visited operator",
     &Options::mnAuth},
    {"first",
     "Network the MN is first in, with --sa=on-demand: visited (the default), or home, whose PoS "
     "has a provisioned SA with it",
     &Options::first},
    {"n2n",
     "SAs between points of service: static, tls (over MIS), ikev2 (with ESP) or tls-tcp (which "
     "carries MIS)",
     &Options::n2n},
    {"link-auth",
     "Link-layer frames of the target access: real, or counted, where only their size counts",
     &Options::linkAuth},
    {"traffic",
     "User traffic through a mobility anchor: voip, video or tcp; its figures go to "
     "OUT/traffic.csv",
     &Options::traffic},
    {"direction",
     "Way of the traffic, as the mobile node sees it: down, up or both",
     &Options::direction},
    {"anchor",
     "Who registers with the mobility anchor: client (the mobile node) or network (its access "
     "router)",
     &Options::anchor},
};

/// Attributes that an option sets for each simulation; a default of theirs would have no effect.
const std::map<std::string, std::string> SET_BY_OPTION{
    {"ns3::mis::MobileNode::Remedy", "--remedies"},
    {"ns3::mis::PointOfService::Remedy", "--remedies"},
    {"ns3::mis::MobileNode::Ciphersuite", "--ciphersuite"},
    {"ns3::mis::ClauseRemovedRemedy::Ciphersuite", "--ciphersuite"},
    {"ns3::mis::GroupKeyRemedy::Path", "--path"},
    {"ns3::mis::LegacyPrfRemedy::Prf", "--prf"},
    {"ns3::mis::LegacyPrfRemedy::Formula", "--formula"},
    {"ns3::mis::EapEstablishment::Method", "--mn-auth"},
    {"ns3::mis::Misf::DeviceProfile", "--profile-mn and the like"},
    {"ns3::mis::MobileNode::LinkAuthentication", "--link-auth"},
    {"ns3::mis::PointOfService::LinkAuthentication", "--link-auth"},
};

uint64_t
Number(const char* name, const std::string& text, uint64_t least, uint64_t most)
{
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
    {
        Wrong("--" + std::string(name) + " is \"" + text + "\", allowed are whole numbers from " +
              std::to_string(least) + " to " + std::to_string(most));
    }
    return value;
}

void
CheckOneOf(const char* name, const std::string& text, const std::vector<std::string>& allowed)
{
    if (std::find(allowed.begin(), allowed.end(), text) == allowed.end())
    {
        Wrong("--" + std::string(name) + " is \"" + text + "\", allowed are " + Join(allowed));
    }
}

/// Checks an argument that is left to ns-3's CommandLine, which would print its whole help text.
void
CheckPrint(const std::string& argument)
{
    static const std::vector<std::string> names{"--help",
                                                "--PrintHelp",
                                                "--PrintVersion",
                                                "--PrintGlobals",
                                                "--PrintTypeIds",
                                                "--PrintGroups",
                                                "--PrintGroup",
                                                "--PrintAttributes"};
    const auto equals = argument.find('=');
    const auto name = argument.substr(0, equals);
    TypeId type;
    if (std::find(names.begin(), names.end(), name) == names.end())
    {
        Wrong("unknown argument \"" + argument + "\", see --PrintHelp");
    }
    if (name == "--PrintAttributes" &&
        (equals == std::string::npos ||
         !TypeId::LookupByNameFailSafe(argument.substr(equals + 1), &type)))
    {
        Wrong("\"" + argument + "\" names no class, see --PrintTypeIds");
    }
}

Options
Parse(int argc, char* argv[])
{
    Options options;
    CommandLine cmd(__FILE__);
    for (const auto& row : ROWS)
    {
        cmd.AddValue(row.name, row.help, options.*row.value);
    }
    // CommandLine would refuse an empty value with its whole help text.
    std::vector<std::string> others{argv[0]};
    for (int i = 1; i < argc; ++i)
    {
        const std::string argument = argv[i];
        const auto equals = argument.find('=');
        const auto name = argument.substr(0, equals);
        const auto row = std::find_if(ROWS.begin(), ROWS.end(), [&](const Row& candidate) {
            return name == std::string("--") + candidate.name;
        });
        if (row != ROWS.end())
        {
            if (equals == std::string::npos && name != "--pcap")
            {
                Wrong(name + " needs a value, see --PrintHelp");
            }
            options.*row->value =
                equals == std::string::npos ? "true" : argument.substr(equals + 1);
            continue;
        }
        if (name.rfind("--ns3::", 0) == 0 && equals != std::string::npos)
        {
            if (const auto own = SET_BY_OPTION.find(name.substr(2)); own != SET_BY_OPTION.end())
            {
                Wrong(name + " is set by " + own->second + " here");
            }
            // An attribute default of any class, in ns-3's manner.
            if (!Config::SetDefaultFailSafe(name.substr(2),
                                            StringValue(argument.substr(equals + 1))))
            {
                Wrong("\"" + argument + "\" names no attribute, or a value it does not take");
            }
            continue;
        }
        CheckPrint(argument);
        others.push_back(argument);
    }
    cmd.Parse(others);
    return options;
}

/// One simulation of the comparison.
struct Case
{
    std::string remedy;
    std::string from;
    std::string to;
    uint64_t run;
};

std::string
LabelOf(const Case& c)
{
    return c.remedy + "-" + c.from + "-" + c.to + "-run" + std::to_string(c.run);
}

ObjectFactory
MakeRemedy(const Options& options, const std::string& name, TypeId type)
{
    ObjectFactory factory;
    factory.SetTypeId(type);
    if (name == "legacy")
    {
        factory.Set("Prf", StringValue(options.prf));
        factory.Set("Formula", StringValue(options.formula));
    }
    else if (name == "remedy2")
    {
        factory.Set("Path", StringValue(options.path));
    }
    else if (type == ClauseRemovedRemedy::GetTypeId())
    {
        factory.Set("Ciphersuite", UintegerValue(Number("ciphersuite", options.ciphersuite, 1, 5)));
    }
    return factory;
}

/// Collects the figures of the traffic, and of each first run a timeline.
void
ObserveTraffic(const Options& options,
               const Case& c,
               uint32_t seed,
               RoamingScenarioHelper& scenario,
               TrafficResults& traffic)
{
    scenario.ObserveTraffic([&options, c, seed, &scenario, &traffic](
                                uint32_t position,
                                const RoamingScenarioHelper::TrafficRecords& records,
                                Time begin,
                                Time end) {
        const bool isEven = position % 2 == 0;
        for (size_t i = 0; i < records.size(); ++i)
        {
            traffic.Add({"roaming",
                         c.remedy,
                         isEven ? c.from : c.to,
                         isEven ? c.to : c.from,
                         seed,
                         c.run,
                         position + 1,
                         records[i]});
            if (c.run != 1 || position != 0)
            {
                continue;
            }
            const auto file = options.out + "/timeline-" + c.remedy + "-" + c.from + "-" + c.to +
                              "-" + records[i].direction + ".csv";
            std::ofstream timeline(file);
            scenario.GetTraffic()->GetFlows()[i]->WriteTimeline(timeline, begin, end);
            if (!timeline.flush())
            {
                Lost(file);
            }
        }
    });
}

void
Simulate(const Options& options,
         const Case& c,
         const ObjectFactory& remedy,
         const std::string& keyLog,
         ComparisonResults& results,
         TrafficResults& traffic)
{
    const auto seed = static_cast<uint32_t>(Number("seed", options.seed, 1, UINT32_MAX));
    RngSeedManager::SetSeed(seed);
    RngSeedManager::SetRun(c.run);
    const auto handovers = Number("handovers", options.handovers, 1, 100);
    RoamingScenarioHelper scenario;
    auto& mis = scenario.GetMis();
    mis.SetRemedy(remedy);
    mis.SetDeviceProfiles(options.profileMn, options.profileSpos);
    mis.SetMobileNodeAttribute("Ciphersuite",
                               UintegerValue(Number("ciphersuite", options.ciphersuite, 1, 5)));
    if (options.sa == "on-demand")
    {
        scenario.SetAaaServer(options.mnAuth != "tls");
        if (options.mnAuth == "erp-local")
        {
            scenario.SetLocalAaaServer("aaa@visited.example");
        }
        scenario.SetFirstAtHome(options.first == "home");
        const auto establishment = MakeEstablishment(options.mnAuth);
        mis.SetEstablishment(SaPair::MN_POS, establishment);
        if (const auto eap = DynamicCast<EapEstablishment>(establishment))
        {
            mis.SetFullAuthentication(eap);
        }
        else
        {
            mis.SetFullAuthentication(CreateObject<TlsEstablishment>());
        }
    }
    if (options.n2n != "static")
    {
        const auto establishment = MakeEstablishment(options.n2n);
        mis.SetEstablishment(SaPair::POS_POS, establishment);
        mis.SetEstablishment(SaPair::POS_GM, establishment);
    }
    mis.SetLinkAuthentication(ToString(options.linkAuth == "real"
                                           ? LinkAuthenticationMode::REAL
                                           : LinkAuthenticationMode::COUNTED));
    scenario.SetPreregistration(c.remedy != COLD);
    if (!options.traffic.empty())
    {
        scenario.SetAnchor(options.anchor == "network" ? RoamingScenarioHelper::Anchor::NETWORK
                                                       : RoamingScenarioHelper::Anchor::CLIENT);
        scenario.SetTraffic(options.traffic, options.direction);
    }
    const bool goesBack = options.goBack == "true";
    for (uint64_t i = 0; i <= (goesBack ? 1 : handovers); ++i)
    {
        scenario.AddNetwork(i % 2 == 0 ? c.from : c.to);
    }
    if (goesBack)
    {
        std::vector<uint32_t> path;
        for (uint64_t i = 0; i <= handovers; ++i)
        {
            path.push_back(i % 2);
        }
        scenario.SetPath(path);
    }
    scenario.Build();
    if (handovers == 1)
    {
        scenario.GetPointsOfService()[1]->GetMisf()->SetAttribute("DeviceProfile",
                                                                  StringValue(options.profileTpos));
    }
    scenario.GetGroupManager()->GetObject<Misf>()->SetAttribute("DeviceProfile",
                                                                StringValue(options.profileGm));
    if (!keyLog.empty())
    {
        mis.EnableKeyLog(keyLog);
    }
    if (options.pcap == "true")
    {
        mis.EnablePcap(options.out + "/pcap/" + LabelOf(c), scenario.GetDevices());
        mis.EnableFrameLog(options.out + "/pcap/" + LabelOf(c) + ".frames");
    }
    // Where in the spacing of the flow the handover falls differs from run to run.
    auto offset = CreateObject<UniformRandomVariable>();
    offset->SetStream(1000000);
    scenario.Roam(Seconds(2) + MicroSeconds(static_cast<int64_t>(offset->GetValue(0, 20000))),
                  [&](uint32_t position, const PreregistrationRecord& record) {
                      const bool isEven = position % 2 == 0;
                      results.Add({"roaming",
                                   c.remedy,
                                   isEven ? c.from : c.to,
                                   isEven ? c.to : c.from,
                                   seed,
                                   c.run,
                                   position + 1,
                                   record});
                  });
    if (!options.traffic.empty())
    {
        ObserveTraffic(options, c, seed, scenario, traffic);
    }
    Simulator::Stop(Seconds(2) + scenario.GetDuration());
    Simulator::Run();
    if (!mis.FlushLogs())
    {
        Lost("the key log or frame log of " + LabelOf(c));
    }
    Simulator::Destroy();
}

void
WriteTraffic(const Options& options, const TrafficResults& traffic)
{
    const auto file = options.out + "/traffic.csv";
    std::ofstream csv(file);
    traffic.WriteCsv(csv);
    csv.close();
    if (!csv)
    {
        Lost(file);
    }
    std::cout << "\nUser traffic through a mobility anchor that "
              << (options.anchor == "client" ? "the mobile node (Mobile IPv6)"
                                             : "the access router (Proxy Mobile IPv6)")
              << " registers with\n";
    traffic.PrintTable(std::cout);
    std::cout << "\nFrom 1 s before to 1 s after the handover. gap: longest time without an "
                 "arrival, less the interval\nof frames; late: more than 150 ms under way; R: "
                 "E-model of ITU-T G.107.\n";
}

void
PrintExplanations(const std::vector<std::string>& names,
                  const std::map<std::string, TypeId>& remedies)
{
    std::cout
        << "\nMean and half width of the 95 % confidence interval over the runs.\n"
           "key: first request sent -> MN and TPoS hold K; SA: -> first message under the SA "
           "verified at the MN;\nprereg: -> proactive authentication done; gap: interruption of "
           "a flow of 10 ms spacing by the handover,\nlost: its packets lost then; octets are "
           "those of MIS frames until the handover (cold: until authenticated), acknowledgements "
           "and what ikev2 and tls-tcp add to frames included.\n"
           "In remedy2 the group key block goes out as Net_Group_Manipulate, which the "
           "contribution calls\nMIS_Push_Group_Manipulate.\n\nSecurity considerations\n";
    for (const auto& name : names)
    {
        ObjectFactory factory;
        factory.SetTypeId(remedies.at(name));
        std::cout << "  " << name << ": "
                  << (name == COLD
                          ? "No domino effect, and no key before the move: the whole full "
                            "authentication interrupts the data."
                          : factory.Create<KeyDeliveryRemedy>()->GetSecurityConsiderations())
                  << '\n';
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    auto options = Parse(argc, argv);
    const auto remedies = FindRemedies();
    std::vector<std::string> known;
    for (const auto& [name, type] : remedies)
    {
        known.push_back(name);
    }
    const auto names = Split(options.remedies, ',');
    for (const auto& name : names)
    {
        CheckOneOf("remedies", name, known);
        if (std::count(names.begin(), names.end(), name) > 1)
        {
            Wrong("--remedies names \"" + name + "\" twice");
        }
    }
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& pair : Split(options.links, ','))
    {
        const auto ends = Split(pair, '-');
        if (ends.size() != 2 || !FindLinkProfile(ends[0]) || !FindLinkProfile(ends[1]))
        {
            Wrong("--links has \"" + pair + "\", allowed are pairs FROM-TO of " +
                  Join(LinkProfileNames()));
        }
        if (std::count(pairs.begin(), pairs.end(), std::make_pair(ends[0], ends[1])) > 0)
        {
            Wrong("--links names \"" + pair + "\" twice");
        }
        pairs.emplace_back(ends[0], ends[1]);
    }
    if (names.empty() || pairs.empty())
    {
        Wrong("--remedies and --links must not be empty");
    }
    const auto runs = Number("runs", options.runs, 1, 100000);
    Number("seed", options.seed, 1, UINT32_MAX);
    if (Number("handovers", options.handovers, 1, 100) > 1 &&
        options.profileTpos != options.profileSpos)
    {
        Wrong("--profile-tpos must be --profile-spos where a TPoS becomes an SPoS: --handovers is "
              "more than 1");
    }
    Number("ciphersuite", options.ciphersuite, 1, 5);
    CheckOneOf("pcap", options.pcap, {"true", "false"});
    CheckOneOf("return", options.goBack, {"true", "false"});
    CheckOneOf("sa", options.sa, {"static", "on-demand"});
    if (options.sa == "static" && !options.mnAuth.empty())
    {
        Wrong("--mn-auth needs --sa=on-demand");
    }
    if (options.sa == "static" && !options.first.empty())
    {
        Wrong("--first needs --sa=on-demand");
    }
    if (options.first.empty())
    {
        options.first = "visited";
    }
    CheckOneOf("first", options.first, {"home", "visited"});
    if (options.mnAuth.empty())
    {
        options.mnAuth = "tls";
    }
    CheckOneOf("mn-auth", options.mnAuth, {"tls", "eap-tls", "eap-gpsk", "erp", "erp-local"});
    CheckOneOf("n2n", options.n2n, {"static", "tls", "ikev2", "tls-tcp"});
    CheckOneOf("link-auth", options.linkAuth, {"real", "counted"});
    if (!options.traffic.empty())
    {
        CheckOneOf("traffic", options.traffic, TrafficHelper::Kinds());
    }
    else if (!options.anchor.empty())
    {
        Wrong("--anchor needs --traffic");
    }
    CheckOneOf("direction", options.direction, {"down", "up", "both"});
    if (options.anchor.empty())
    {
        options.anchor = "client";
    }
    CheckOneOf("anchor", options.anchor, {"client", "network"});
    CheckOneOf("path", options.path, {"ViaServingPos", "Direct"});
    CheckOneOf("prf", options.prf, PrfNames());
    CheckOneOf("formula",
               options.formula,
               {"AlignedWithNonceT", "AlignedWithoutNonceT", "AsWritten"});
    CheckOneOf("profile-mn", options.profileMn, DeviceProfileNames());
    CheckOneOf("profile-spos", options.profileSpos, DeviceProfileNames());
    CheckOneOf("profile-tpos", options.profileTpos, DeviceProfileNames());
    CheckOneOf("profile-gm", options.profileGm, DeviceProfileNames());

    std::error_code error;
    const bool withPcap = options.pcap == "true";
    std::filesystem::create_directories(withPcap ? options.out + "/pcap" : options.out, error);
    const auto csvFile = options.out + "/compare-remedies.csv";
    // Old results stay until there are new ones.
    if (error || !std::ofstream(csvFile, std::ios::app))
    {
        Wrong("--out is \"" + options.out + "\", where nothing can be written");
    }
    const bool isSingle = pairs.size() * names.size() * runs == 1;
    if (!options.keyLog.empty())
    {
        // Each simulation has its own log; the first shows at once whether they can be written.
        const auto first = isSingle ? options.keyLog
                                    : options.keyLog + "-" +
                                          LabelOf({names[0], pairs[0].first, pairs[0].second, 1});
        if (!std::ofstream(first, std::ios::app))
        {
            Wrong("--keylog is \"" + options.keyLog + "\", which can not be written");
        }
    }

    ComparisonResults results;
    TrafficResults traffic;
    for (const auto& [from, to] : pairs)
    {
        for (const auto& name : names)
        {
            const auto remedy = MakeRemedy(options, name, remedies.at(name));
            for (uint64_t run = 1; run <= runs; ++run)
            {
                const Case c{name, from, to, run};
                const auto keyLog = options.keyLog.empty() || isSingle
                                        ? options.keyLog
                                        : options.keyLog + "-" + LabelOf(c);
                Simulate(options, c, remedy, keyLog, results, traffic);
            }
        }
    }
    std::ofstream csv(csvFile);
    results.WriteCsv(csv);
    csv.close();
    if (!csv)
    {
        Lost(csvFile);
    }
    results.PrintTable(std::cout);
    if (!options.traffic.empty())
    {
        WriteTraffic(options, traffic);
    }
    PrintExplanations(names, remedies);
    std::cout << "\nseed " << options.seed << ", runs 1 to " << runs << "; ";
    PrintProvenance(std::cout, std::vector<std::string>(argv + 1, argv + argc));
    std::cout << "rows: " << options.out << "/compare-remedies.csv\n";
    return 0;
}
