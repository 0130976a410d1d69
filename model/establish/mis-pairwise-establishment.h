// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Which establishment serves which pair of roles.
 */
#ifndef MIS_PAIRWISE_ESTABLISHMENT_H
#define MIS_PAIRWISE_ESTABLISHMENT_H

#include "ns3/mis-sa-establishment.h"

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <utility>

namespace ns3::mis
{

/// Pairs of roles that share a security association.
enum class SaPair : uint8_t
{
    MN_POS,  //!< mobile node and point of service
    POS_POS, //!< two points of service
    POS_GM,  //!< point of service and PoS with group manager
    POS_POA, //!< point of service and a point of attachment of its network
    COUNT_
};

/// Roles of a MISF; a PoS with group manager has the latter.
enum class MisfRole : uint8_t
{
    MOBILE_NODE,
    POINT_OF_SERVICE,
    GROUP_MANAGER,
    POINT_OF_ATTACHMENT
};

/**
 * @brief Hands each request for an SA to the establishment chosen for the roles of the two ends.
 */
class PairwiseEstablishment : public SaEstablishment
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Chooses the establishment of a pair of roles.
     * @param pair the roles
     * @param establishment serves all nodes of these roles
     */
    void Choose(SaPair pair, Ptr<SaEstablishment> establishment);

    /**
     * @brief Chooses the establishment of two nodes, whatever their roles.
     * @param a one end
     * @param b the other end
     * @param establishment for this pair
     */
    void ChooseFor(const MisfId& a, const MisfId& b, Ptr<SaEstablishment> establishment);

    /**
     * @param pair a pair of roles
     * @return its establishment, may be nullptr
     */
    Ptr<SaEstablishment> Get(SaPair pair) const;

    /**
     * @brief Says what role a node has.
     * @param id MISF identifier
     * @param role its role; a later one replaces it
     */
    void SetRole(const MisfId& id, MisfRole role);

    bool IsOnDemand(const Misf& misf, const MisfId& peer) const override;
    void Establish(Misf& misf, const MisfId& peer, Established established) override;
    SecurityAssociation* ProvideForPeer(Misf& misf, const MisfId& peer) override;
    SecurityAssociation* ProvideForSaid(Misf& misf, const Said& said, const MisfId& peer) override;
    bool IsProvisioned(const Misf& misf, const Said& said, const MisfId& peer) const override;
    void Removed(Misf& misf, const Said& said, const MisfId& peer) override;

    /// Has all establishments serve a MISF; Auth requests go to that of the roles of both ends.
    void Serve(Misf& misf) override;
    int64_t AssignStreams(int64_t stream) override;

  protected:
    void DoDispose() override;

  private:
    SaEstablishment* Find(const MisfId& a, const MisfId& b) const;

    std::array<Ptr<SaEstablishment>, static_cast<size_t>(SaPair::COUNT_)> m_byPair;
    boost::unordered_flat_map<MisfId, MisfRole, MisfIdHash, MisfIdEqual> m_roles;
    std::map<std::pair<MisfId, MisfId>, Ptr<SaEstablishment>> m_byEnds; //!< the smaller end first
};

} // namespace ns3::mis

#endif // MIS_PAIRWISE_ESTABLISHMENT_H
