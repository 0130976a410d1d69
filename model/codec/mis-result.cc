// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Names of errors.
 */
#include "mis-result.h"

namespace ns3::mis
{

const char*
ToString(CodecError error)
{
    switch (error)
    {
    case CodecError::NONE:
        return "NONE";
    case CodecError::TRUNCATED:
        return "TRUNCATED";
    case CodecError::OVERLONG:
        return "OVERLONG";
    case CodecError::BAD_VERSION:
        return "BAD_VERSION";
    case CodecError::BAD_LENGTH:
        return "BAD_LENGTH";
    case CodecError::DUPLICATE_TLV:
        return "DUPLICATE_TLV";
    case CodecError::MISSING_TLV:
        return "MISSING_TLV";
    case CodecError::BAD_VALUE:
        return "BAD_VALUE";
    case CodecError::UNKNOWN_MESSAGE:
        return "UNKNOWN_MESSAGE";
    }
    return "unknown";
}

std::ostream&
operator<<(std::ostream& os, CodecError error)
{
    return os << ToString(error);
}

} // namespace ns3::mis
