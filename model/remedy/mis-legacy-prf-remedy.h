// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Legacy key delivery of clause 5.14.2: K masked by the output of a pseudo-random function.
 */
#ifndef MIS_LEGACY_PRF_REMEDY_H
#define MIS_LEGACY_PRF_REMEDY_H

#include "ns3/mis-key-delivery-remedy.h"
#include "ns3/mis-prf.h"

namespace ns3::mis
{

/**
 * @brief Clause 5.14.2 of the draft, kept as a baseline: the SPoS sends K xor PRF(...) to both
 * ends, in messages that nothing protects.
 *
 * To the TPoS: MN id, Nonce-T, Nonce-N, K xor PRF_stpos(MN id, Nonce-T, Nonce-N).
 * To the MN: TPoS id, Nonce-N, K xor PRF_SPoS(...), where the text of the clause lets the SPoS
 * compute PRF_SPoS(TPoS id, Nonce-N) and the MN PRF_SPoS(TPoS id, Nonce-T, Nonce-N), which are
 * never equal. Attribute Formula says how that is resolved.
 *
 * The PRF is keyed by MIAK of the SA of the hop.
 */
class LegacyPrfRemedy : public KeyDeliveryRemedy
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    std::string GetName() const override;
    std::string GetSecurityConsiderations() const override;
    void CheckConfig() const override;
    void PrepareRequest(MobileNodeContext& context, PreregXferRequest& request) const override;
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
    const Prf& GetPrf() const;

    std::string m_prf;      //!< name of the PRF
    std::string m_formula;  //!< reading of the clause
    uint32_t m_keyLifetime; //!< seconds
};

} // namespace ns3::mis

#endif // MIS_LEGACY_PRF_REMEDY_H
