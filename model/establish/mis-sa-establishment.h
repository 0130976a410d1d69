// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * How a security association comes to be.
 */
#ifndef MIS_SA_ESTABLISHMENT_H
#define MIS_SA_ESTABLISHMENT_H

#include "ns3/mis-function.h"
#include "ns3/mis-sa-provider.h"

#include <functional>

namespace ns3::mis
{

/**
 * @brief Strategy of SA establishment between two MISFs.
 *
 * An establishment that needs an exchange of messages calls back when it has ended; one that does
 * not, provides at once through the SaProvider interface too.
 */
class SaEstablishment : public SaProvider
{
  public:
    /// Called with the SA, or nullptr and the reason.
    using Established = std::function<void(SecurityAssociation* sa, const char* reason)>;

    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Establishes an SA with a peer.
     * @param misf MISF of the initiator
     * @param peer the peer
     * @param established called once, maybe before this function returns
     */
    virtual void Establish(Misf& misf, const MisfId& peer, Established established) = 0;
};

} // namespace ns3::mis

#endif // MIS_SA_ESTABLISHMENT_H
