// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What the suites on roaming share.
 */
#ifndef MIS_ROAMING_TEST_HELPERS_H
#define MIS_ROAMING_TEST_HELPERS_H

#include "../examples/ephemeral-key-remedy.h"
#include "mis-scenario-test.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace ns3::mis::test::roam
{

inline const std::vector<std::string> REMEDIES{"ns3::mis::LegacyPrfRemedy",
                                               "ns3::mis::ClauseRemovedRemedy",
                                               "ns3::mis::SaProtectedRemedy",
                                               "ns3::mis::GroupKeyRemedy[Path=ViaServingPos]",
                                               "ns3::mis::GroupKeyRemedy[Path=Direct]",
                                               "EphemeralKeyRemedy"};

/// The remedies that K can be delivered with many times a node, all but the example.
inline const std::vector<std::string> SHIPPED(REMEDIES.begin(), REMEDIES.end() - 1);

inline std::string
ReadFile(const std::string& name)
{
    std::ifstream in(name);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

} // namespace ns3::mis::test::roam

#endif // MIS_ROAMING_TEST_HELPERS_H
