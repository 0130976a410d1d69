// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief A security association: raw keys, counters and the replay window.
 */
#include "mis-security-association.h"

#include "ns3/mis-mac.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

/**
 * @brief The part of a CCM nonce that tells senders apart (PA-18).
 * @param ctx the computing node
 * @param id the sender
 * @return the first octets of the hash of its identifier
 */
std::array<uint8_t, 4>
NoncePrefix(CryptoContext& ctx, const MisfId& id)
{
    const auto digest = Sha256(ctx, {id.View()});
    std::array<uint8_t, 4> prefix;
    std::copy_n(digest.begin(), prefix.size(), prefix.begin());
    return prefix;
}

} // namespace

const char*
ToString(SecurityError error)
{
    switch (error)
    {
    case SecurityError::NONE:
        return "NONE";
    case SecurityError::NO_SA:
        return "NO_SA";
    case SecurityError::REPLAY:
        return "REPLAY";
    case SecurityError::BAD_ICV:
        return "BAD_ICV";
    case SecurityError::EXPIRED:
        return "EXPIRED";
    case SecurityError::EXHAUSTED:
        return "EXHAUSTED";
    case SecurityError::MALFORMED:
        return "MALFORMED";
    case SecurityError::ID_MISMATCH:
        return "ID_MISMATCH";
    case SecurityError::UNSUPPORTED:
        return "UNSUPPORTED";
    case SecurityError::TOO_LONG:
        return "TOO_LONG";
    }
    return "?";
}

SecurityAssociation
SecurityAssociation::Create(CryptoContext& ctx,
                            const Said& said,
                            const MisfId& local,
                            const MisfId& remote,
                            bool initiator,
                            uint8_t suite,
                            const SessionKeys& keys,
                            int64_t notAfterNs,
                            bool group)
{
    SecurityAssociation sa;
    sa.said = said;
    sa.local = local;
    sa.remote = remote;
    sa.initiator = initiator;
    sa.group = group;
    sa.suite = suite;
    sa.miik = keys.miik;
    sa.miek = keys.miek;
    sa.notAfterNs = notAfterNs;
    sa.localPrefix = NoncePrefix(ctx, local);
    sa.remotePrefix = NoncePrefix(ctx, remote);
    return sa;
}

} // namespace ns3::mis
