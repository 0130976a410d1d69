// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Names of EAP methods in attributes and traces, and the domain of an identifier.
 */
#ifndef MIS_EAP_NAMES_H
#define MIS_EAP_NAMES_H

#include "ns3/mis-types.h"

#include <string>

namespace ns3::mis
{

inline constexpr const char* METHOD_GPSK = "EAP-GPSK"; //!< RFC 5433
inline constexpr const char* METHOD_TLS = "EAP-TLS";   //!< RFC 5216 and 9190
inline constexpr const char* METHOD_ERP = "ERP";       //!< RFC 6696

/**
 * @param id MISF identifier, a network access identifier or a host name
 * @return what is behind "@", all of it if there is none
 */
inline std::string
DomainOf(const MisfId& id)
{
    return id.Get().substr(id.Get().find('@') + 1);
}

} // namespace ns3::mis

#endif // MIS_EAP_NAMES_H
