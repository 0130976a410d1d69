// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Names of outcomes in the form that traces and results have.
 */
#ifndef MIS_OUTCOME_NAME_H
#define MIS_OUTCOME_NAME_H

#include <algorithm>
#include <cctype>
#include <string>

namespace ns3::mis
{

/**
 * @param enumerator name of an enumerator, such as PSK_MISMATCH
 * @return the name of the outcome, such as psk-mismatch
 */
inline std::string
OutcomeName(const char* enumerator)
{
    std::string name(enumerator);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
        return c == '_' ? '-' : static_cast<char>(std::tolower(c));
    });
    return name;
}

} // namespace ns3::mis

#endif // MIS_OUTCOME_NAME_H
