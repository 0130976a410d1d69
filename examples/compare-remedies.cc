// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Compares deliveries of the key derivation key over pairs of access links.
 */

#include "compare-remedies-output.h"
#include "ephemeral-key-remedy.h"

using namespace ns3::mis;
using namespace ns3::mis::programs;

NS_OBJECT_ENSURE_REGISTERED(EphemeralKeyRemedy);

int
main(int argc, char* argv[])
{
    Options options;
    ProgramOptions program(
        "compare-remedies",
        "Compares deliveries of the key derivation key over pairs of access links.");
    DeclareComparison(program, options);
    DeclareOutput(program, options);
    DeclareRoles(program, options);
    OwnAttributes(program);
    program.Parse(argc, argv);
    CheckAddressFamily(program, options);
    SettlePairs(program, options);
    CheckTogether(program, options);
    const auto file = PrepareOutput(program, options);

    const auto results = Compare(program, options);
    WriteRows(program, file, results.preregistrations);
    results.preregistrations.PrintTable(std::cout);
    if (!options.traffic.empty())
    {
        WriteRows(program, options.out + "/traffic.csv", results.traffic);
        PrintTraffic(options, results.traffic);
    }
    PrintExplanations(options);
    std::cout << "\nseed " << options.seed << ", runs 1 to " << options.runs << "; ";
    PrintProvenance(std::cout, std::vector<std::string>(argv + 1, argv + argc));
    std::cout << "rows: " << file << '\n';
    return 0;
}
