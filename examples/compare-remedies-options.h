// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What can be compared, and the command line of compare-remedies.
 */
#ifndef COMPARE_REMEDIES_OPTIONS_H
#define COMPARE_REMEDIES_OPTIONS_H

#include "handover-options.h"
#include "remedies.h"

#include "ns3/mis-link-profile.h"
#include "ns3/mis-prf.h"
#include "ns3/mis-processing-model.h"
#include "ns3/mis-radio-network-helper.h"

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

namespace ns3::mis::programs
{

/// How SAs of mobile nodes are established on demand.
inline const std::vector<std::string> MN_AUTHS{"tls", "eap-tls", "eap-gpsk", "erp", "erp-local"};

/// How SAs between points of service come to be.
inline const std::vector<std::string> N2NS{"static", "tls", "ikev2", "tls-tcp"};

/// What is compared, and how: the options of compare-remedies.
struct Options
{
    std::vector<std::string> remedies{"legacy", "removed", "remedy1", "remedy2", "ephemeral", COLD};
    std::string links{"radio"};
    std::string ip{"ipv4"};
    std::vector<std::string> pairs{"wifi-lte", "lte-wifi", "wifi-wimax", "ethernet-lte"};
    bool hasTwoRadios{false};
    uint64_t runs{30};
    uint64_t seed{1};
    uint64_t handovers{1};
    bool goesBack{false};
    std::string out{"results"};
    bool hasPcap{false};
    std::string keyLog;
    std::string profileMn{"phone"};
    std::string profileSpos{"server"};
    std::string profileTpos{"server"};
    std::string profileGm{"server"};
    std::string path{"ViaServingPos"};
    std::string prf{"HMAC-SHA-256"};
    std::string formula{"AlignedWithNonceT"};
    uint64_t ciphersuite{1};
    std::string sa{"static"};
    std::string mnAuth{"tls"};
    std::string first{"visited"};
    std::string n2n{"static"};
    std::string linkAuth{"real"};
    std::string traffic;
    std::string direction{"down"};
    std::string anchor{"client"};
};

/// Two access networks, by the names of their radios or link profiles.
struct LinkPair
{
    std::string from; //!< of the serving PoS
    std::string to;   //!< of the target PoS
};

/**
 * @brief Reads a pair of access networks, or ends the program.
 * @param program options of the program
 * @param links radio or profile
 * @param pair FROM-TO
 * @return the pair
 */
inline LinkPair
ReadPair(const ProgramOptions& program, const std::string& links, const std::string& pair)
{
    const auto known = links == "radio" ? GetRadios() : LinkProfileNames();
    const auto isKnown = [&known](const std::string& name) {
        return std::find(known.begin(), known.end(), name) != known.end();
    };
    const auto ends = ProgramOptions::Split(pair, '-');
    if (ends.size() != 2 || !isKnown(ends[0]) || !isKnown(ends[1]))
    {
        std::string names;
        for (const auto& name : known)
        {
            names += (names.empty() ? "" : ", ") + name;
        }
        program.Wrong("\"" + pair + "\" is no pair of access networks, allowed are FROM-TO of " +
                      names);
    }
    return {ends[0], ends[1]};
}

/**
 * @param pair two access networks
 * @param ip version of IP
 * @return one line that says which radio of them can not be had, empty if both can
 */
inline std::string
GetMissingRadioOf(const LinkPair& pair, const std::string& ip)
{
    const auto missing = GetMissingRadio(pair.from, ip);
    return missing.empty() ? GetMissingRadio(pair.to, ip) : missing;
}

/// Declares what is compared over what.
inline void
DeclareComparison(ProgramOptions& program, Options& options)
{
    program.AddWords("remedies",
                     "Remedies, and cold for none: no preregistration",
                     options.remedies,
                     RemedyNames());
    AddLinks(program, options.links);
    AddAddressFamily(program, options.ip);
    program.AddWords("pairs",
                     "Pairs FROM-TO of access networks (wifi, lte, wimax, ethernet, with "
                     "--links=profile also wan)",
                     options.pairs);
    AddDualRadio(program, options.hasTwoRadios);
    program.AddNumber("runs", "Independent runs of each combination", options.runs, 1, 100000);
    program.AddNumber("seed", "Seed of the random number generator", options.seed, 1, UINT32_MAX);
    program.AddNumber("handovers",
                      "Handovers in a chain, from network to network",
                      options.handovers,
                      1,
                      100);
    program.AddFlag("return",
                    "Whether the MN goes back and forth between two networks, not on to others",
                    options.goesBack);
    AddTraffic(program, options.traffic);
    program.AddWord("direction",
                    "Way of the traffic, as the mobile node sees it",
                    options.direction,
                    {"down", "up", "both"});
    program.AddWord("anchor",
                    "Who registers with the mobility anchor: the mobile node or its access router",
                    options.anchor,
                    {"client", "network"});
}

/// Declares where results go.
inline void
DeclareOutput(ProgramOptions& program, Options& options)
{
    program.AddFolder("out", "Directory for results", options.out);
    program.AddFlag("pcap", "Whether to capture all links into OUT/pcap", options.hasPcap);
    program.Add("keylog",
                "File for secrets; with more than one simulation its name is extended by which one",
                options.keyLog);
}

/// Declares what the roles run on, and how they trust each other.
inline void
DeclareRoles(ProgramOptions& program, Options& options)
{
    const auto profiles = DeviceProfileNames();
    program.AddWord("profile-mn", "Device of the mobile node", options.profileMn, profiles);
    program.AddWord("profile-spos", "Device of the serving PoS", options.profileSpos, profiles);
    program.AddWord("profile-tpos", "Device of the target PoS", options.profileTpos, profiles);
    program.AddWord("profile-gm",
                    "Device of the PoS with group manager",
                    options.profileGm,
                    profiles);
    program.AddWord("path",
                    "How remedy2 reaches the mobile node",
                    options.path,
                    {"ViaServingPos", "Direct"});
    program.AddWord("prf", "Pseudo-random function of legacy", options.prf, PrfNames());
    program.AddWord("formula",
                    "Formula of legacy",
                    options.formula,
                    {"AlignedWithNonceT", "AlignedWithoutNonceT", "AsWritten"});
    program.AddNumber("ciphersuite",
                      "Code of the ciphersuite of the SA between MN and TPoS",
                      options.ciphersuite,
                      1,
                      5);
    program.AddWord("sa",
                    "SA of the MN with its first SPoS: provisioned, or established on demand",
                    options.sa,
                    {"static", "on-demand"});
    program.AddWord("mn-auth",
                    "How it is established on demand, and how removed and cold authenticate; "
                    "erp-local has a server of the visited operator",
                    options.mnAuth,
                    MN_AUTHS);
    program.AddWord("first",
                    "Network the MN is first in, with --sa=on-demand; the PoS at home has a "
                    "provisioned SA with it",
                    options.first,
                    {"home", "visited"});
    program.AddWord("n2n",
                    "SAs between points of service: provisioned, TLS over MIS, IKEv2 with ESP, or "
                    "TLS that carries MIS",
                    options.n2n,
                    N2NS);
    AddLinkAuthentication(program, options.linkAuth);
}

/// Refuses attribute defaults that an option sets for each simulation.
inline void
OwnAttributes(ProgramOptions& program)
{
    OwnCommon(program, "--seed", "--runs", "--remedies", "--profile-mn and the like");
    program.Own("ns3::mis::MobileNode::Ciphersuite", "--ciphersuite");
    program.Own("ns3::mis::ClauseRemovedRemedy::Ciphersuite", "--ciphersuite");
    program.Own("ns3::mis::GroupKeyRemedy::Path", "--path");
    program.Own("ns3::mis::LegacyPrfRemedy::Prf", "--prf");
    program.Own("ns3::mis::LegacyPrfRemedy::Formula", "--formula");
    program.Own("ns3::mis::EapEstablishment::Method", "--mn-auth");
    OwnLinkAuthentication(program);
}

/// @return all pairs of different radios that this build has
inline std::vector<std::string>
SupportedPairs()
{
    std::vector<std::string> pairs;
    const auto radios = GetSupportedRadios();
    for (const auto& from : radios)
    {
        for (const auto& to : radios)
        {
            if (from != to)
            {
                pairs.push_back(from + '-' + to);
            }
        }
    }
    return pairs;
}

/// Ends the program where an option needs another version of IP.
inline void
CheckAddressFamily(const ProgramOptions& program, const Options& options)
{
    if (options.ip == "ipv6" && (!options.traffic.empty() || options.n2n == "ikev2"))
    {
        program.Wrong(std::string(options.traffic.empty() ? "--n2n=ikev2" : "--traffic") +
                      " needs --ip=ipv4");
    }
}

/**
 * @brief Sees that this build has the radios. Of the default pairs, those it lacks are left out; if
 * that leaves none, all pairs of what it has are compared, and if there are none, link profiles.
 * @param program options of the program
 * @param options the options
 */
inline void
SettlePairs(const ProgramOptions& program, Options& options)
{
    std::vector<std::string> pairs;
    for (const auto& pair : options.pairs)
    {
        const auto read = ReadPair(program, options.links, pair);
        const auto missing = options.links == "radio" ? GetMissingRadioOf(read, options.ip) : "";
        if (missing.empty())
        {
            pairs.push_back(pair);
            continue;
        }
        if (program.IsGiven("pairs"))
        {
            program.Wrong(missing);
        }
        std::cerr << "compare-remedies: without " << pair << ", " << missing << std::endl;
    }
    if (pairs.empty())
    {
        pairs = SupportedPairs();
    }
    if (!pairs.empty())
    {
        options.pairs = pairs;
        return;
    }
    if (program.IsGiven("links"))
    {
        program.Wrong("this build has no pair of radios, use --links=profile");
    }
    std::cerr << "compare-remedies: over link profiles, because this build has no pair of radios"
              << std::endl;
    options.links = "profile";
}

/// Ends the program where an option needs another one.
inline void
CheckTogether(const ProgramOptions& program, const Options& options)
{
    if (options.links != "radio" && options.hasTwoRadios)
    {
        program.Wrong("--dual needs --links=radio");
    }
    if (options.handovers > 1 && options.profileTpos != options.profileSpos)
    {
        program.Wrong("--profile-tpos must be --profile-spos where a TPoS becomes an SPoS: "
                      "--handovers is more than 1");
    }
    for (const auto* name : {"mn-auth", "first"})
    {
        if (options.sa == "static" && program.IsGiven(name))
        {
            program.Wrong(std::string("--") + name + " needs --sa=on-demand");
        }
    }
    const auto lacksGateway = [](const std::string& pair) {
        return pair.find("lte") != std::string::npos || pair.find("wimax") != std::string::npos;
    };
    if (options.anchor == "network" && options.links == "radio" &&
        std::any_of(options.pairs.begin(), options.pairs.end(), lacksGateway))
    {
        program.Wrong("--anchor=network needs --links=profile, or --pairs of ethernet and wifi");
    }
    for (const auto* name : {"anchor", "direction"})
    {
        if (options.traffic.empty() && program.IsGiven(name))
        {
            program.Wrong(std::string("--") + name + " needs --traffic");
        }
    }
}

} // namespace ns3::mis::programs

#endif // COMPARE_REMEDIES_OPTIONS_H
