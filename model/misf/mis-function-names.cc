// SPDX-License-Identifier: GPL-2.0-only

#include "mis-function.h"

namespace ns3::mis
{

const char*
ToString(SendError error)
{
    switch (error)
    {
    case SendError::NONE:
        return "none";
    case SendError::UNKNOWN_ADDRESS:
        return "unknown-address";
    case SendError::NO_SA:
        return "no-sa";
    case SendError::NO_TID:
        return "no-tid";
    case SendError::TOO_LONG:
        return "too-long";
    case SendError::NO_TRANSACTION:
        return "no-transaction";
    }
    return "unknown";
}

const char*
ToString(DropReason reason)
{
    switch (reason)
    {
    case DropReason::MALFORMED:
        return "malformed";
    case DropReason::NOT_FOR_THIS_MISF:
        return "not-for-this-misf";
    case DropReason::UNKNOWN_MESSAGE:
        return "unknown-message";
    case DropReason::UNKNOWN_TRANSACTION:
        return "unknown-transaction";
    case DropReason::TRANSACTION_CONFLICT:
        return "transaction-conflict";
    case DropReason::TABLE_FULL:
        return "table-full";
    case DropReason::NO_SA:
        return "no-sa";
    case DropReason::REPLAYED:
        return "replayed";
    case DropReason::BAD_ICV:
        return "bad-icv";
    case DropReason::SA_EXPIRED:
        return "sa-expired";
    case DropReason::BAD_PROTECTION:
        return "bad-protection";
    case DropReason::BAD_FRAGMENT:
        return "bad-fragment";
    case DropReason::REASSEMBLY_TIMEOUT:
        return "reassembly-timeout";
    case DropReason::REFUSED_BY_USER:
        return "refused-by-user";
    case DropReason::UNPROTECTED:
        return "unprotected";
    case DropReason::COUNT_:
        break;
    }
    return "unknown";
}

DropReason
Misf::DropReasonOf(SecurityError error)
{
    switch (error)
    {
    case SecurityError::NO_SA:
    case SecurityError::ID_MISMATCH:
        return DropReason::NO_SA;
    case SecurityError::REPLAY:
        return DropReason::REPLAYED;
    case SecurityError::BAD_ICV:
        return DropReason::BAD_ICV;
    case SecurityError::EXPIRED:
        return DropReason::SA_EXPIRED;
    default:
        return DropReason::BAD_PROTECTION;
    }
}

} // namespace ns3::mis
