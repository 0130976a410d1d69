// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief What an EAP method is to the state machines of peer and server, and how one ends.
 */
#include "mis-eap-method.h"

namespace ns3::mis
{

const char*
ToString(EapState state)
{
    switch (state)
    {
    case EapState::RUNNING:
        return "RUNNING";
    case EapState::SUCCESS:
        return "SUCCESS";
    case EapState::FAILURE:
        return "FAILURE";
    }
    return "UNKNOWN";
}

std::ostream&
operator<<(std::ostream& os, EapState state)
{
    return os << ToString(state);
}

const char*
ToString(EapOutcome outcome)
{
    switch (outcome)
    {
    case EapOutcome::NONE:
        return "NONE";
    case EapOutcome::SUCCESS:
        return "SUCCESS";
    case EapOutcome::IDENTITY_UNKNOWN:
        return "IDENTITY_UNKNOWN";
    case EapOutcome::NO_COMMON_METHOD:
        return "NO_COMMON_METHOD";
    case EapOutcome::NO_COMMON_SUITE:
        return "NO_COMMON_SUITE";
    case EapOutcome::PSK_MISMATCH:
        return "PSK_MISMATCH";
    case EapOutcome::NOT_AUTHORIZED:
        return "NOT_AUTHORIZED";
    case EapOutcome::CERTIFICATE_EXPIRED:
        return "CERTIFICATE_EXPIRED";
    case EapOutcome::CERTIFICATE_UNKNOWN_CA:
        return "CERTIFICATE_UNKNOWN_CA";
    case EapOutcome::CERTIFICATE_NAME_MISMATCH:
        return "CERTIFICATE_NAME_MISMATCH";
    case EapOutcome::CERTIFICATE_MISSING:
        return "CERTIFICATE_MISSING";
    case EapOutcome::CERTIFICATE_INVALID:
        return "CERTIFICATE_INVALID";
    case EapOutcome::TLS_FAILURE:
        return "TLS_FAILURE";
    case EapOutcome::PROTOCOL_ERROR:
        return "PROTOCOL_ERROR";
    case EapOutcome::REFUSED:
        return "REFUSED";
    case EapOutcome::TIMEOUT:
        return "TIMEOUT";
    }
    return "UNKNOWN";
}

std::ostream&
operator<<(std::ostream& os, EapOutcome outcome)
{
    return os << ToString(outcome);
}

const char*
ToString(EapDrop drop)
{
    switch (drop)
    {
    case EapDrop::NONE:
        return "NONE";
    case EapDrop::MALFORMED:
        return "MALFORMED";
    case EapDrop::UNEXPECTED_CODE:
        return "UNEXPECTED_CODE";
    case EapDrop::WRONG_IDENTIFIER:
        return "WRONG_IDENTIFIER";
    case EapDrop::WRONG_TYPE:
        return "WRONG_TYPE";
    case EapDrop::PREMATURE_SUCCESS:
        return "PREMATURE_SUCCESS";
    case EapDrop::ENDED:
        return "ENDED";
    case EapDrop::METHOD_MALFORMED:
        return "METHOD_MALFORMED";
    case EapDrop::METHOD_STATE:
        return "METHOD_STATE";
    case EapDrop::METHOD_MISMATCH:
        return "METHOD_MISMATCH";
    case EapDrop::METHOD_INTEGRITY:
        return "METHOD_INTEGRITY";
    }
    return "UNKNOWN";
}

std::ostream&
operator<<(std::ostream& os, EapDrop drop)
{
    return os << ToString(drop);
}

bool
EapServerMethodFactory::Serves(ByteView) const
{
    return true;
}

std::optional<SecretBytes>
MediaIndependentRootKey(ByteView key)
{
    if (key.size() != EAP_KEY_SIZE)
    {
        return std::nullopt;
    }
    return SecretBytes(key);
}

} // namespace ns3::mis
