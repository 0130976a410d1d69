// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Remedies of a program by their names on its command line.
 */
#ifndef REMEDIES_H
#define REMEDIES_H

#include "ns3/mis-clause-removed-remedy.h"
#include "ns3/mis-key-delivery-remedy.h"
#include "ns3/mis-program-options.h"
#include "ns3/object-factory.h"

#include <map>
#include <string>
#include <vector>

namespace ns3::mis::programs
{

/// The name of a handover without preregistration.
inline constexpr const char* COLD = "cold";

/// @return all remedies of this program, the user's own among them, by name
inline const std::map<std::string, TypeId>&
FindRemedies()
{
    static std::map<std::string, TypeId> remedies;
    if (!remedies.empty())
    {
        return remedies;
    }
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

/// @return their names
inline std::vector<std::string>
RemedyNames()
{
    std::vector<std::string> names;
    for (const auto& [name, type] : FindRemedies())
    {
        names.push_back(name);
    }
    return names;
}

/**
 * @brief Refuses what has no effect in a program that chooses seed, run, remedy and device profiles
 * itself.
 * @param program options of the program
 * @param seed what sets the seed
 * @param run what sets the run
 * @param remedy what sets the remedy
 * @param profile what sets the device profiles
 */
inline void
OwnCommon(ProgramOptions& program,
          const std::string& seed,
          const std::string& run,
          const std::string& remedy,
          const std::string& profile)
{
    program.Own("RngSeed", seed);
    program.Own("RngRun", run);
    program.Own("ns3::mis::MobileNode::Remedy", remedy);
    program.Own("ns3::mis::PointOfService::Remedy", remedy);
    program.Own("ns3::mis::Misf::DeviceProfile", profile);
}

} // namespace ns3::mis::programs

#endif // REMEDIES_H
