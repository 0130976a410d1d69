// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Clause 5.14 removed (DCN 21-16-0029-00): no key is delivered.
 */
#ifndef MIS_CLAUSE_REMOVED_REMEDY_H
#define MIS_CLAUSE_REMOVED_REMEDY_H

#include "ns3/mis-key-delivery-remedy.h"

namespace ns3::mis
{

/**
 * @brief No key delivery: the MN authenticates in full with the TPoS, its flights relayed as
 * link-layer information.
 *
 * Where the contexts have a full authentication to run, its flights are relayed as they are and K
 * is what it gives. Otherwise the flights are counted: they have the sizes of EAP-TLS over TLS 1.3
 * with mutual ECDSA certificates, and cost the operations of it; K comes out of a credential that
 * MN and TPoS were provisioned with and a nonce of each.
 */
class ClauseRemovedRemedy : public KeyDeliveryRemedy
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    std::string GetName() const override;
    std::string GetSecurityConsiderations() const override;
    void PrepareRequest(MobileNodeContext& context, PreregXferRequest& request) const override;
    KeyDecision AcceptAtTarget(TargetContext& context,
                               const N2nPreregXferRequest& request,
                               N2nPreregXferResponse& response) const override;
    KeyDecision AcceptAtMobileNode(MobileNodeContext& context,
                                   const PreregXferResponse* response) const override;
    std::optional<Bytes> NextLinkFrame(MobileNodeContext& context, ByteView answer) const override;
    void AnswerLinkFrame(TargetContext& context,
                         ByteView frame,
                         LinkFrameAnswered answered) const override;

  private:
    std::optional<Bytes> NextFlight(MobileNodeContext& context, ByteView answer) const;
    void AnswerFlight(TargetContext& context, ByteView octets, LinkFrameAnswered answered) const;
    std::optional<Bytes> AnswerCounted(TargetContext& context, ByteView octets) const;

    uint8_t m_ciphersuite;  //!< of the SA made from K
    uint32_t m_keyLifetime; //!< seconds
};

} // namespace ns3::mis

#endif // MIS_CLAUSE_REMOVED_REMEDY_H
