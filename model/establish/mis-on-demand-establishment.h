// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What all establishments have in common that exchange messages.
 */
#ifndef MIS_ON_DEMAND_ESTABLISHMENT_H
#define MIS_ON_DEMAND_ESTABLISHMENT_H

#include "ns3/event-id.h"
#include "ns3/mis-credential-store.h"
#include "ns3/mis-sa-establishment.h"
#include "ns3/nstime.h"
#include "ns3/traced-callback.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <string>
#include <vector>

namespace ns3::mis
{

/// How one establishment ended, at its initiator.
struct EstablishmentReport
{
    MisfId local;        //!< initiator
    MisfId peer;         //!< responder
    std::string outcome; //!< "success", or why not
    Time begin;          //!< first message
    Time end;            //!< the SA is up, or there will be none
};

/**
 * @brief Base of establishments by an exchange: who waits for which peer, the SA made of a root
 * key, its lifetime and its renewal.
 */
class OnDemandEstablishment : public SaEstablishment
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    void SetCredentials(Ptr<CredentialStore> credentials) override;

    bool IsOnDemand(const Misf& misf, const MisfId& peer) const override;
    void Establish(Misf& misf, const MisfId& peer, Established established) override;
    SecurityAssociation* ProvideForPeer(Misf& misf, const MisfId& peer) override;
    SecurityAssociation* ProvideForSaid(Misf& misf, const Said& said, const MisfId& peer) override;

    /// Renews the SA no more.
    void Removed(Misf& misf, const Said& said, const MisfId& peer) override;

    /// @return SAs that will be renewed, and establishments under way, at their initiators
    size_t GetPending() const
    {
        return m_renewals.size() + m_pending.size();
    }

    /// @param report how it ended
    typedef void (*EstablishmentTracedCallback)(const EstablishmentReport& report);

  protected:
    void DoDispose() override;

    /**
     * @brief Begins the exchange; Finish() is called when it has ended.
     * @param misf MISF of the initiator
     * @param peer the responder
     */
    virtual void Begin(Misf& misf, const MisfId& peer) = 0;

    /**
     * @brief Tells those who wait at the initiator, once the current work has been served.
     * @param misf MISF of the initiator
     * @param peer the responder
     * @param reason empty for success, then the SA has been installed; else why there is none
     */
    void Finish(Misf& misf, const MisfId& peer, const std::string& reason);

    /**
     * @brief Makes and adds the SA of one end.
     * @param misf MISF of this end
     * @param peer the other end
     * @param isInitiator whether this end is the initiator
     * @param said its identifier
     * @param root key that MISK and MIAK are derived from
     * @param nonceT nonce of the initiator, if any
     * @param nonceN nonce of the responder, if any
     * @return the SA
     */
    SecurityAssociation* Install(Misf& misf,
                                 const MisfId& peer,
                                 bool isInitiator,
                                 const Said& said,
                                 ByteView root,
                                 const std::optional<Nonce>& nonceT = std::nullopt,
                                 const std::optional<Nonce>& nonceN = std::nullopt);

    /**
     * @brief Has the initiator establish another SA before the lifetime of a new one ends, if
     * attribute RenewBefore says so.
     * @param misf MISF of this end
     * @param peer the other end
     * @param isInitiator whether this end is the initiator
     * @param said identifier of the new SA
     */
    void PlanRenewal(Misf& misf, const MisfId& peer, bool isInitiator, const Said& said);

    /// @return certificates and keys of the nodes
    CredentialStore& GetCredentials();

    /// @return code of the ciphersuite of SAs
    uint8_t GetCiphersuite() const
    {
        return m_ciphersuite;
    }

    /// @return lifetime of SAs in whole seconds
    uint32_t GetLifetimeSeconds() const;

    /// @return lifetime of SAs
    Time GetLifetime() const
    {
        return m_lifetime;
    }

    /// @return time before the end of the lifetime at which an SA is renewed, zero for never
    Time GetRenewBefore() const
    {
        return m_renewBefore;
    }

    /// @return key of maps by two nodes
    static std::string PairKey(const MisfId& local, const MisfId& peer)
    {
        return local.Get() + '\n' + peer.Get();
    }

  private:
    void Renew(Ptr<Misf> misf, MisfId peer);

    // attributes
    uint8_t m_ciphersuite;
    Time m_lifetime;
    Time m_renewBefore;

    Ptr<CredentialStore> m_credentials;

    /// An establishment under way at its initiator.
    struct Pending
    {
        std::vector<Established> waiting;
        Time begin;
    };

    boost::unordered_flat_map<std::string, Pending> m_pending; //!< by both ends

    /// When which SA is renewed.
    struct Renewal
    {
        Said said;
        EventId event;
    };

    boost::unordered_flat_map<std::string, Renewal> m_renewals; //!< by both ends
    TracedCallback<const EstablishmentReport&> m_establishedTrace;
};

} // namespace ns3::mis

#endif // MIS_ON_DEMAND_ESTABLISHMENT_H
