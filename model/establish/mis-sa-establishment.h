// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * How a security association comes to be.
 */
#ifndef MIS_SA_ESTABLISHMENT_H
#define MIS_SA_ESTABLISHMENT_H

#include "ns3/mis-auth-messages.h"
#include "ns3/mis-function.h"
#include "ns3/mis-sa-provider.h"

namespace ns3::mis
{

/**
 * @brief Strategy of SA establishment between two MISFs.
 *
 * One object serves all nodes of a scenario. An establishment that needs an exchange of messages
 * calls back when that has ended; one that does not, provides at once through the SaProvider
 * interface too.
 */
class SaEstablishment : public SaProvider
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Has a MISF answer peers that establish an SA with it; nothing unless overridden.
     * @param misf the MISF of the responder
     */
    virtual void Serve(Misf& misf);

    /**
     * @brief Answers an Auth request, the carrier of establishments over MIS; refused unless
     * overridden.
     * @param misf the MISF of the responder
     * @param message the request as received
     * @param request its content
     */
    virtual void OnAuthRequest(Misf& misf,
                               const ReceivedMessage& message,
                               const AuthRequest& request);

    /**
     * @brief Fixes the random variables.
     * @param stream first stream index
     * @return number of streams used, none unless overridden
     */
    virtual int64_t AssignStreams(int64_t stream);
};

} // namespace ns3::mis

#endif // MIS_SA_ESTABLISHMENT_H
