// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What the tests share that record a roaming scenario in files and have other programs judge them.
 */
#ifndef MIS_ORACLE_TEST_HELPERS_H
#define MIS_ORACLE_TEST_HELPERS_H

#include "ns3/ipv4.h"
#include "ns3/mis-results.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/object-factory.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/trace-helper.h"
#include "ns3/uinteger.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <utility>
#include <vector>

namespace ns3::mis::test
{

/// What a command has left behind.
struct CommandResult
{
    int status{-1};     //!< exit status, -1 if it was ended otherwise
    std::string output; //!< standard output
};

/**
 * @brief Runs a command of the shell.
 * @param command the command
 * @return its exit status and standard output
 */
inline CommandResult
RunCommand(const std::string& command)
{
    CommandResult result;
    FILE* pipe = popen(command.c_str(), "r");
    if (!pipe)
    {
        return result;
    }
    char buffer[65536];
    while (const auto octets = fread(buffer, 1, sizeof buffer, pipe))
    {
        result.output.append(buffer, octets);
    }
    const int status = pclose(pipe);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

/**
 * @param program name of a program
 * @return whether the shell finds it
 */
inline bool
HasProgram(const std::string& program)
{
    return RunCommand("command -v " + program).status == 0;
}

/**
 * @param text any text without a single quote
 * @return one word for the shell
 */
inline std::string
Quote(const std::string& text)
{
    return "'" + text + "'";
}

/**
 * @param path a file
 * @return its octets, none if it can not be read
 */
inline std::string
ReadFile(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/**
 * @param path a file
 * @param octets what it shall hold
 */
inline void
WriteFile(const std::string& path, const std::string& octets)
{
    std::ofstream(path, std::ios::binary) << octets;
}

/// A roaming scenario to record.
struct RoamingSetup
{
    std::string name;                                            //!< of the case
    std::string remedy;                                          //!< TypeId of the remedy
    std::vector<std::pair<std::string, std::string>> attributes; //!< of the remedy
    std::vector<std::string> networks{"wifi", "lte", "wifi"};    //!< access links in turn
    uint8_t suite{1};              //!< ciphersuite of all security associations
    uint32_t linkFrameOctets{142}; //!< size of link-layer frames under K
    uint32_t seed{1};              //!< seed
    uint64_t run{1};               //!< run
    std::string device{"phone"};   //!< device profile of the MN
    std::string establishment;     //!< of all pairs, type and attributes; empty: provisioned
    bool aaaServer{false};         //!< there is an AAA server, and only MN and PoS establish
    bool realLinks{false};         //!< link-layer frames are those of the technologies
    bool preregisters{true};       //!< if not, each handover is cold
    std::string linkFrameRelay{"Prereg_Xfer"}; //!< what carries real link-layer frames
    std::string betweenPos;        //!< of PoS with PoS and group manager, in place of the above
};

/// The remedies, one setup each; remedy2 by both paths.
inline std::vector<RoamingSetup>
RemedySetups()
{
    const auto make = [](const char* name,
                         const char* remedy,
                         std::vector<std::pair<std::string, std::string>> attributes) {
        RoamingSetup setup;
        setup.name = name;
        setup.remedy = remedy;
        setup.attributes = std::move(attributes);
        return setup;
    };
    return {make("legacy", "ns3::mis::LegacyPrfRemedy", {}),
            make("removed", "ns3::mis::ClauseRemovedRemedy", {}),
            make("remedy1", "ns3::mis::SaProtectedRemedy", {}),
            make("remedy2-via", "ns3::mis::GroupKeyRemedy", {{"Path", "ViaServingPos"}}),
            make("remedy2-direct", "ns3::mis::GroupKeyRemedy", {{"Path", "Direct"}})};
}

/// Protected messages too long for the path MTU.
inline RoamingSetup
FragmentedSetup()
{
    auto setup = RemedySetups()[2];
    setup.name += "-fragments";
    setup.linkFrameOctets = 4000;
    return setup;
}

/// Associations established by TLS over MIS, in both versions and with both kinds of credential,
/// and by EAP with an AAA server.
inline std::vector<RoamingSetup>
EstablishmentSetups()
{
    auto remedy2 = RemedySetups()[4];
    remedy2.name += "-tls13";
    remedy2.establishment = "ns3::mis::TlsEstablishment";
    auto remedy1 = RemedySetups()[2];
    remedy1.name += "-tls12";
    remedy1.establishment = "ns3::mis::TlsEstablishment[Version=1.2]";
    auto removed = RemedySetups()[1];
    removed.name += "-tls13-psk";
    removed.establishment = "ns3::mis::TlsEstablishment[Credential=PreSharedKey]";
    auto gpsk = RemedySetups()[2];
    gpsk.name += "-eap-gpsk";
    gpsk.establishment = "ns3::mis::EapEstablishment";
    gpsk.aaaServer = true;
    auto eapTls = RemedySetups()[4];
    eapTls.name += "-eap-tls";
    eapTls.establishment = "ns3::mis::EapEstablishment[Method=EAP-TLS]";
    eapTls.aaaServer = true;
    return {remedy2, remedy1, removed, gpsk, eapTls};
}

/// A node whose captures and frame log can be compared.
struct RecordedNode
{
    std::string id;                 //!< MISF identifier
    std::vector<std::string> pcaps; //!< captures of its devices
    std::set<uint32_t> addresses;   //!< IPv4 addresses
};

/// The files of a recorded scenario.
struct RoamingRecord
{
    std::vector<RecordedNode> nodes; //!< nodes with a MISF
    std::vector<std::string> pcaps;  //!< captures of all devices
    std::string keyLog;              //!< key log
    std::string frameLog;            //!< frame log
    std::string csv;                 //!< results
    uint32_t successes{0};           //!< preregistrations with the outcome "success"

    /// @return all files
    std::vector<std::string> Files() const
    {
        auto files = pcaps;
        files.insert(files.end(), {keyLog, frameLog, csv});
        return files;
    }
};

/**
 * @brief Describes the nodes with a MISF.
 * @param scenario a scenario that is built
 * @param prefix of the names of captures
 * @param record gets nodes and names of captures
 */
inline void
DescribeNodes(RoamingScenarioHelper& scenario, const std::string& prefix, RoamingRecord& record)
{
    PcapHelper names;
    const auto& devices = scenario.GetDevices();
    for (uint32_t i = 0; i < devices.GetN(); ++i)
    {
        record.pcaps.push_back(names.GetFilenameFromDevice(prefix, devices.Get(i)));
    }
    for (const auto& misf : scenario.GetMis().GetMisfs())
    {
        const auto node = misf->GetObject<Node>();
        const auto ipv4 = node->GetObject<Ipv4>();
        RecordedNode recorded;
        recorded.id = misf->GetId().Get();
        for (uint32_t i = 0; i < devices.GetN(); ++i)
        {
            if (devices.Get(i)->GetNode() == node)
            {
                recorded.pcaps.push_back(record.pcaps[i]);
                const auto interface = ipv4->GetInterfaceForDevice(devices.Get(i));
                recorded.addresses.insert(ipv4->GetAddress(interface, 0).GetLocal().Get());
            }
        }
        record.nodes.push_back(recorded);
    }
}

/**
 * @brief Runs a roaming scenario with all captures and logs on, and ends the simulator.
 * @param setup the scenario
 * @param prefix how the names of all files begin
 * @return the files, closed
 */
inline RoamingRecord
RecordRoaming(const RoamingSetup& setup, const std::string& prefix)
{
    RoamingRecord record;
    record.keyLog = prefix + ".keys";
    record.frameLog = prefix + ".frames";
    record.csv = prefix + ".csv";
    RngSeedManager::SetSeed(setup.seed);
    RngSeedManager::SetRun(setup.run);
    ComparisonResults results;
    {
        RoamingScenarioHelper scenario;
        auto& mis = scenario.GetMis();
        ObjectFactory remedy;
        remedy.SetTypeId(setup.remedy);
        for (const auto& [name, value] : setup.attributes)
        {
            remedy.Set(name, StringValue(value));
        }
        mis.SetRemedy(remedy);
        mis.SetDeviceProfiles(setup.device, "server");
        mis.SetMobileNodeAttribute("Ciphersuite", UintegerValue(setup.suite));
        if (setup.realLinks)
        {
            mis.SetLinkAuthentication("Real");
            mis.SetMobileNodeAttribute("LinkFrameRelay", StringValue(setup.linkFrameRelay));
        }
        scenario.SetPreregistration(setup.preregisters);
        mis.SetMobileNodeAttribute("LinkFrameOctets", UintegerValue(setup.linkFrameOctets));
        mis.SetPointOfServiceAttribute("LinkFrameOctets", UintegerValue(setup.linkFrameOctets));
        mis.GetEstablishment()->SetAttribute("Ciphersuite", UintegerValue(setup.suite));
        for (const auto pair : {SaPair::MN_POS, SaPair::POS_POS, SaPair::POS_GM})
        {
            if (!setup.establishment.empty() && (!setup.aaaServer || pair == SaPair::MN_POS))
            {
                ObjectFactory establishment;
                std::istringstream(setup.establishment) >> establishment;
                mis.SetEstablishment(pair, establishment.Create<SaEstablishment>());
            }
        }
        for (const auto pair : {SaPair::POS_POS, SaPair::POS_GM})
        {
            if (!setup.betweenPos.empty())
            {
                // One of the same kind for each pair: the node answers for both on one port.
                ObjectFactory establishment;
                std::istringstream(setup.betweenPos) >> establishment;
                mis.SetEstablishment(pair, establishment.Create<SaEstablishment>());
            }
        }
        scenario.SetAaaServer(setup.aaaServer);
        for (const auto& network : setup.networks)
        {
            scenario.AddNetwork(network);
        }
        scenario.Build();
        mis.EnableKeyLog(record.keyLog);
        mis.EnableFrameLog(record.frameLog);
        mis.EnablePcap(prefix, scenario.GetDevices());
        DescribeNodes(scenario, prefix, record);
        scenario.Roam(Seconds(2), [&](uint32_t position, const PreregistrationRecord& measured) {
            record.successes += measured.outcome == "success";
            results.Add({"test",
                         setup.name,
                         setup.networks[position],
                         setup.networks[position + 1],
                         setup.seed,
                         setup.run,
                         position + 1,
                         measured});
        });
        Simulator::Stop(Seconds(2) + scenario.GetDuration());
        Simulator::Run();
        Simulator::Destroy();
    }
    std::ofstream csv(record.csv);
    results.WriteCsv(csv);
    return record;
}

} // namespace ns3::mis::test

#endif // MIS_ORACLE_TEST_HELPERS_H
