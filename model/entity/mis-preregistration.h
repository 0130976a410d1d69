// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What a mobile node knows of its preregistration; private to MobileNode.
 */
#ifndef MIS_PREREGISTRATION_H
#define MIS_PREREGISTRATION_H

#include "mis-key-installation.h"

#include "ns3/event-id.h"
#include "ns3/mis-key-delivery-remedy.h"
#include "ns3/mis-mobile-node.h"
#include "ns3/nstime.h"

#include <memory>
#include <optional>

namespace ns3::mis
{

/// The preregistration under way, or the last one until the next begins.
struct MobileNode::Preregistration
{
    explicit Preregistration(CryptoContext& crypto)
        : context(crypto)
    {
    }

    uint32_t id{0};
    MobileNodeContext context;
    PreregistrationTarget target;
    MisfId via;            //!< where requests go: the SPoS, or the TPoS itself
    bool responded{false}; //!< the SPoS has answered the first request
    std::optional<DerivedKeys> derived;
    uint16_t round{0};
    Time begin;
    EventId keyWait;
    std::unique_ptr<MediaAccessSupplicant> proactive; //!< with real frames
    SecretBytes linkKey;                              //!< MSPMK, once it has succeeded
};

} // namespace ns3::mis

#endif // MIS_PREREGISTRATION_H
