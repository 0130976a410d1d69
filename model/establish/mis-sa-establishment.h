// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * How a security association comes to be.
 */
#ifndef MIS_SA_ESTABLISHMENT_H
#define MIS_SA_ESTABLISHMENT_H

#include "ns3/mis-auth-messages.h"
#include "ns3/mis-credential-store.h"
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
     * @brief Says where certificates and keys of the nodes are; nothing unless overridden.
     * @param credentials the store
     */
    virtual void SetCredentials(Ptr<CredentialStore> credentials);

    /**
     * @brief Says where the AAA server of the home network is; nothing unless overridden.
     * @param id its MISF identifier
     * @param address socket address of RADIUS
     */
    virtual void SetAaaServer(const MisfId& id, const Address& address);

    /**
     * @brief Says that a PoS asks the AAA server of its own operator, which passes on to that of
     * the home network what it can not answer; nothing unless overridden.
     * @param pos the PoS
     * @param id MISF identifier of its server
     * @param address socket address of RADIUS
     */
    virtual void SetLocalAaaServer(const MisfId& pos, const MisfId& id, const Address& address);

    /**
     * @brief Fixes the random variables.
     * @param stream first stream index
     * @return number of streams used, none unless overridden
     */
    virtual int64_t AssignStreams(int64_t stream);
};

} // namespace ns3::mis

#endif // MIS_SA_ESTABLISHMENT_H
