// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Security associations provisioned ahead, by configuration.
 */
#ifndef MIS_STATIC_ESTABLISHMENT_H
#define MIS_STATIC_ESTABLISHMENT_H

#include "ns3/mis-sa-establishment.h"
#include "ns3/nstime.h"

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <memory>
#include <set>
#include <string>

namespace ns3::mis
{

/**
 * @brief Provisioned security associations, shared by all nodes of a scenario.
 *
 * The keys of a pair are derived from one secret and both identifiers when the pair first
 * communicates, at each end by itself. So N nodes cost no set-up of N squared.
 */
class StaticEstablishment : public SaEstablishment
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    StaticEstablishment();

    /// @param root secret all keys are derived from
    void SetRoot(const SecretBytes& root);

    /**
     * @brief Provisions one pair.
     * @param initiator the initiator: the MN of MN and PoS
     * @param responder the responder
     * @param type how the SA is said to have been generated
     */
    void AddPair(const MisfId& initiator, const MisfId& responder, IdType type = IdType::EAP);

    /**
     * @brief Provisions every pair of a set; of two, the smaller identifier is the initiator.
     * @param members MISF identifiers
     * @param type how the SAs are said to have been generated
     */
    void SetFederation(std::shared_ptr<const std::set<MisfId>> members, IdType type = IdType::TLS);

    /**
     * @brief Takes one pair out of the federation.
     * @param a one end
     * @param b the other end
     */
    void Exclude(const MisfId& a, const MisfId& b);

    SecurityAssociation* ProvideForPeer(Misf& misf, const MisfId& peer) override;
    SecurityAssociation* ProvideForSaid(Misf& misf, const Said& said, const MisfId& peer) override;
    bool IsProvisioned(const Misf& misf, const Said& said, const MisfId& peer) const override;

  private:
    /// Who is who in a pair.
    struct Relation
    {
        bool isInitiator; //!< the local end
        IdType type;
    };

    const IdType* FindPair(const MisfId& initiator, const MisfId& responder) const;
    std::optional<Relation> Find(const MisfId& local, const MisfId& peer) const;

    // attributes
    uint8_t m_ciphersuite;
    Time m_lifetime;

    SecretBytes m_root;
    std::shared_ptr<const std::set<MisfId>> m_federation;
    IdType m_federationType{IdType::TLS};

    /// A responder, as one of the initiator's.
    struct Responder
    {
        MisfId id;
        IdType type;
    };

    /// Responders by initiator.
    boost::unordered_flat_map<MisfId,
                              boost::container::small_vector<Responder, 1>,
                              MisfIdHash,
                              MisfIdEqual>
        m_pairs;
    boost::unordered_flat_set<std::string> m_excluded; //!< by both identifiers
    boost::unordered_flat_set<std::string>
        m_provided; //!< ends that have had an SA of limited lifetime
};

} // namespace ns3::mis

#endif // MIS_STATIC_ESTABLISHMENT_H
