// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What compare-remedies writes and prints.
 */
#ifndef COMPARE_REMEDIES_OUTPUT_H
#define COMPARE_REMEDIES_OUTPUT_H

#include "compare-remedies-simulation.h"

#include <fstream>
#include <iostream>
#include <string>

namespace ns3::mis::programs
{

/**
 * @brief Makes the folder of results and sees that they can be written; old ones stay until then.
 * @param program options of the program
 * @param options of the comparison
 * @return the file of the rows
 */
inline std::string
PrepareOutput(const ProgramOptions& program, const Options& options)
{
    program.MakeFolder("out", options.hasPcap ? options.out + "/pcap" : options.out);
    auto file = options.out + "/compare-remedies.csv";
    program.CheckWritable("out", file);
    return file;
}

/**
 * @brief Writes rows, or ends the program.
 * @param program options of the program
 * @param file where
 * @param results the rows
 */
template <class AnyResults>
void
WriteRows(const ProgramOptions& program, const std::string& file, const AnyResults& results)
{
    std::ofstream csv(file);
    results.WriteCsv(csv);
    csv.close();
    if (!csv)
    {
        program.Fail(file + " could not be written whole");
    }
}

/**
 * @brief Prints what user traffic has met.
 * @param options of the comparison
 * @param traffic the rows
 */
inline void
PrintTraffic(const Options& options, const TrafficResults& traffic)
{
    std::cout << "\nUser traffic through a mobility anchor that "
              << (options.anchor == "client" ? "the mobile node (Mobile IPv6)"
                                             : "the access router (Proxy Mobile IPv6)")
              << " registers with\n";
    traffic.PrintTable(std::cout);
    std::cout << "\nFrom 1 s before to 1 s after the handover. gap: longest time without an "
                 "arrival, less the interval\nof frames; <=50 ms and <=150 ms: share of handovers "
                 "whose gap is "
                 "that short; late: more than 150 ms under way; R: "
                 "E-model of ITU-T G.107.\n";
}

/**
 * @brief Prints what the columns mean, and what is known of the security of the remedies.
 * @param options of the comparison
 */
inline void
PrintExplanations(const Options& options)
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
    const auto& remedies = FindRemedies();
    for (const auto& name : options.remedies)
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

} // namespace ns3::mis::programs

#endif // COMPARE_REMEDIES_OUTPUT_H
