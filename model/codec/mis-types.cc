// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Names of the data types.
 */
#include "mis-types.h"

namespace ns3::mis
{

const char*
ToString(Status status)
{
    switch (status)
    {
    case Status::SUCCESS:
        return "SUCCESS";
    case Status::UNSPECIFIED_FAILURE:
        return "UNSPECIFIED_FAILURE";
    case Status::REJECTED:
        return "REJECTED";
    case Status::AUTHORIZATION_FAILURE:
        return "AUTHORIZATION_FAILURE";
    case Status::NETWORK_ERROR:
        return "NETWORK_ERROR";
    case Status::AUTHENTICATION_FAILURE:
        return "AUTHENTICATION_FAILURE";
    }
    return "unknown";
}

std::ostream&
operator<<(std::ostream& os, Status status)
{
    return os << ToString(status);
}

} // namespace ns3::mis
