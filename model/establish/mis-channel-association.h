// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The association that stands for a transport that protects what it carries.
 */
#ifndef MIS_CHANNEL_ASSOCIATION_H
#define MIS_CHANNEL_ASSOCIATION_H

#include "ns3/mis-assigned.h"
#include "ns3/mis-function.h"
#include "ns3/mis-kdf.h"

namespace ns3::mis
{

/**
 * @brief Makes the association of one end.
 * @param misf MISF of this end
 * @param peer the other end
 * @param isInitiator whether this end is the initiator
 * @param root secret of both ends, which identifier and MIAK are derived from
 * @return the association, for Misf::OpenChannel
 */
inline SecurityAssociation
MakeChannelAssociation(Misf& misf, const MisfId& peer, bool isInitiator, ByteView root)
{
    auto& crypto = misf.GetCrypto();
    const auto& initiator = isInitiator ? misf.GetId() : peer;
    const auto& responder = isInitiator ? peer : misf.GetId();
    const auto value =
        Kdf(crypto, DefaultPrf(), root, assigned::LABEL_SAID, {}, assigned::SAID_VALUE_SIZE);
    SecurityAssociation sa;
    sa.said = Said::Make(IdType::TRANSPORT, value.View());
    sa.local = misf.GetId();
    sa.remote = peer;
    sa.initiator = isInitiator;
    sa.transport = true;
    sa.miak = DeriveMiak(crypto, root, std::nullopt, std::nullopt, initiator, responder);
    return sa;
}

} // namespace ns3::mis

#endif // MIS_CHANNEL_ASSOCIATION_H
