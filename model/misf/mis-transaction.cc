// SPDX-License-Identifier: GPL-2.0-only

#include "mis-transaction.h"

namespace ns3::mis
{

const char*
ToString(TransactionState state)
{
    switch (state)
    {
    case TransactionState::WAIT_ACK:
        return "WAIT_ACK";
    case TransactionState::WAIT_RESPONSE_MESSAGE:
        return "WAIT_RESPONSE_MSG";
    case TransactionState::WAIT_RESPONSE_PRIMITIVE:
        return "WAIT_RESPONSE_PRM";
    case TransactionState::SEND_RESPONSE:
        return "SEND_RESPONSE";
    case TransactionState::SUCCESS:
        return "SUCCESS";
    case TransactionState::FAILURE:
        return "FAILURE";
    }
    return "unknown";
}

const char*
ToString(TransactionFailure failure)
{
    switch (failure)
    {
    case TransactionFailure::NONE:
        return "none";
    case TransactionFailure::NO_ACKNOWLEDGEMENT:
        return "no-acknowledgement";
    case TransactionFailure::LIFETIME_OVER:
        return "timeout";
    case TransactionFailure::SA_BROKEN:
        return "sa-broken";
    }
    return "unknown";
}

} // namespace ns3::mis
