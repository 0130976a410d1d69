// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Remedy 1: K travels inside messages protected by security associations.
 */
#ifndef MIS_SA_PROTECTED_REMEDY_H
#define MIS_SA_PROTECTED_REMEDY_H

#include "ns3/mis-key-delivery-remedy.h"

namespace ns3::mis
{

/**
 * @brief Remedy 1: the SPoS makes K and sends it in the Protected Key TLV, inside the Security TLV
 * of the SAs MN-SPoS and SPoS-TPoS.
 */
class SaProtectedRemedy : public KeyDeliveryRemedy
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    std::string GetName() const override;
    std::string GetSecurityConsiderations() const override;
    Status Issue(ServingContext& context,
                 const PreregXferRequest& request,
                 N2nPreregXferRequest& toTarget) const override;
    void Answer(ServingContext& context,
                const N2nPreregXferResponse& fromTarget,
                PreregXferResponse& toMobileNode) const override;
    KeyDecision AcceptAtTarget(TargetContext& context,
                               const N2nPreregXferRequest& request,
                               N2nPreregXferResponse& response) const override;
    KeyDecision AcceptAtMobileNode(MobileNodeContext& context,
                                   const PreregXferResponse* response) const override;

  private:
    uint32_t m_keyLifetime; //!< seconds
};

} // namespace ns3::mis

#endif // MIS_SA_PROTECTED_REMEDY_H
