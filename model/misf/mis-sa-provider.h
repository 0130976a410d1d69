// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * How the MIS Function asks for a security association it does not hold yet.
 */
#ifndef MIS_SA_PROVIDER_H
#define MIS_SA_PROVIDER_H

#include "ns3/mis-security-association.h"
#include "ns3/mis-types.h"
#include "ns3/object.h"

#include <functional>
#include <string>

namespace ns3::mis
{

class Misf;

/**
 * @brief Source of security associations, ready at once or established on demand.
 */
class SaProvider : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Asked before a message is sent to a peer with which no SA exists.
     * @param misf the MIS Function that sends; an SA is added to it with Misf::AddSa
     * @param peer the peer
     * @return the SA added, or nullptr if this pair has none
     */
    virtual SecurityAssociation* ProvideForPeer(Misf& misf, const MisfId& peer) = 0;

    /**
     * @brief Asked when a message arrives under an SA that is not known.
     * @param misf the MIS Function that receives
     * @param said identifier of the SA
     * @param peer sender of the message
     * @return the SA added, or nullptr if there is none
     */
    virtual SecurityAssociation* ProvideForSaid(Misf& misf,
                                                const Said& said,
                                                const MisfId& peer) = 0;

    /// Called with the SA, or nullptr and the reason.
    using Established = std::function<void(SecurityAssociation* sa, const std::string& reason)>;

    /**
     * @brief Tells whether an SA with a peer can be had by an exchange of messages.
     * @param misf the MIS Function that would begin it
     * @param peer the peer
     * @return false unless a subclass says otherwise
     */
    virtual bool IsOnDemand(const Misf& misf, const MisfId& peer) const;

    /**
     * @brief Establishes an SA with a peer, by an exchange of messages if need be.
     * @param misf MISF of the initiator
     * @param peer the peer
     * @param established called once, maybe before this function returns
     */
    virtual void Establish(Misf& misf, const MisfId& peer, Established established);

    /**
     * @brief Tells whether an SA was provisioned, so that it would come back with the same keys and
     * must not be removed.
     * @param misf a MIS Function that has it
     * @param said its identifier
     * @param peer the other end
     * @return false unless a subclass says otherwise
     */
    virtual bool IsProvisioned(const Misf& misf, const Said& said, const MisfId& peer) const;

    /**
     * @brief Told when an SA was removed before the end of its lifetime; nothing unless overridden.
     * @param misf the MIS Function that had it
     * @param said its identifier
     * @param peer the other end
     */
    virtual void Removed(Misf& misf, const Said& said, const MisfId& peer);
};

} // namespace ns3::mis

#endif // MIS_SA_PROVIDER_H
