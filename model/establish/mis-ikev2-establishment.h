// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Trust between two points of service by IKEv2 and ESP.
 */
#ifndef MIS_IKEV2_ESTABLISHMENT_H
#define MIS_IKEV2_ESTABLISHMENT_H

#include "ns3/mis-ipsec-transport.h"
#include "ns3/mis-on-demand-establishment.h"

#include <memory>
#include <string>

namespace ns3::mis
{

/**
 * @brief IKEv2 (RFC 7296) between two MISFs with IPv4, and their messages in ESP in tunnel mode.
 *
 * The first message that needs an SA starts IKE_SA_INIT and IKE_AUTH. The messages then have no
 * protection of their own; the association of the MISF stands for the IKE SA and has no keys but
 * MIAK, which is derived from it (PA-51). A Child SA that ends without having been rekeyed takes
 * its IKE SA along, and the next message starts again.
 *
 * Lifetime and RenewBefore are those of Child SAs, whichever end initiated; Ciphersuite is not
 * used.
 */
class Ikev2Establishment : public OnDemandEstablishment
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Ikev2Establishment();

    void Serve(Misf& misf) override;

    /**
     * @param misf a MISF served
     * @return IKEv2 and ESP of its node
     */
    std::shared_ptr<IpsecTransport> GetTransport(Misf& misf);

    /// @param report what happened to an SA
    typedef void (*EventTracedCallback)(const Ikev2Report& report);
    /// @param responder this end @param initiator the other one @param outcome "success", or why
    /// not
    typedef void (*AnsweredTracedCallback)(const MisfId& responder,
                                           const MisfId& initiator,
                                           const std::string& outcome);
    /// @param local who dropped @param protocol "ike" or "esp" @param reason why
    typedef void (*DropTracedCallback)(const MisfId& local,
                                       const std::string& protocol,
                                       const std::string& reason);

  protected:
    void DoDispose() override;
    void Begin(Misf& misf, const MisfId& peer) override;

  private:
    std::string Describe() const;
    Ikev2Configuration Configure(Misf& misf);
    void OnEvent(Misf& misf, const Ikev2Report& report);

    // attributes
    std::string m_credential;
    std::string m_groups;
    std::string m_childGroup;
    Time m_ikeLifetime;
    double m_rekeyJitter;
    uint32_t m_cookieThreshold;
    Time m_retransmissionInterval;
    double m_retransmissionFactor;
    uint32_t m_maxRetransmissions;
    Time m_livenessInterval;

    std::shared_ptr<const int> m_life; //!< tells transports when this is gone
    TracedCallback<const Ikev2Report&> m_eventTrace;
    TracedCallback<const MisfId&, const MisfId&, const std::string&> m_answeredTrace;
    TracedCallback<const MisfId&, const std::string&, const std::string&> m_dropTrace;
};

} // namespace ns3::mis

#endif // MIS_IKEV2_ESTABLISHMENT_H
