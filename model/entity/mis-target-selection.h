// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * How a PoS chooses a target for a mobile node.
 */
#ifndef MIS_TARGET_SELECTION_H
#define MIS_TARGET_SELECTION_H

#include "ns3/mis-types.h"
#include "ns3/vector.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <optional>
#include <set>
#include <vector>

namespace ns3::mis
{

/// Where a network can be used.
struct Coverage
{
    Vector centre;    //!< metres
    double radius{0}; //!< metres, more than 0
};

/**
 * @brief What a PoS knows of the networks around it and of mobile nodes, and its choice among them
 * (clause 5.14.3).
 *
 * Of the networks that a mobile node has a radio access technology for, one that covers its
 * location comes before one that does not, then one with fewer preregistrations under way, then one
 * that is trusted already, then the first. What is not known speaks against no network.
 */
class TargetSelection
{
  public:
    /// What may be chosen.
    struct Candidate
    {
        MisfId pos;    //!< PoS of the network
        LinkType type; //!< its radio access technology
    };

    /// @return where a mobile node is, metres; nothing if that is not known
    using Locator = std::function<std::optional<Vector>(const MisfId& mn)>;

    /// A question about the PoS of a network.
    using Question = std::function<bool(const MisfId& pos)>;

    /**
     * @brief Names a network that may be chosen where a mobile node names none.
     * @param pos its PoS
     * @param type its radio access technology
     */
    void AddNeighbour(const MisfId& pos, LinkType type);

    /// @return networks that may be chosen where a mobile node names none
    const std::vector<Candidate>& GetNeighbours() const
    {
        return m_neighbours;
    }

    /**
     * @param pos PoS of a network
     * @param coverage where the network can be used; the program ends unless its radius is positive
     */
    void SetCoverage(const MisfId& pos, const Coverage& coverage);

    /// @param locator tells where mobile nodes are, may be empty
    void SetLocator(Locator locator);

    /**
     * @param mn mobile node
     * @param types its radio access technologies; without this, any
     */
    void SetRats(const MisfId& mn, std::set<LinkType> types);

    /// @param mn mobile node that has left, and is forgotten
    void Forget(const MisfId& mn);

    /// @param pos PoS of a network to which a preregistration begins
    void Begin(const MisfId& pos);

    /// @param pos PoS of a network to which a preregistration has ended
    void End(const MisfId& pos);

    /**
     * @param mn mobile node
     * @param candidates what may be chosen
     * @param canUse whether a network may be used
     * @param isTrusted whether there is a security association with its PoS
     * @return the choice, nullptr if there is none
     */
    const Candidate* Choose(const MisfId& mn,
                            const std::vector<Candidate>& candidates,
                            const Question& canUse,
                            const Question& isTrusted) const;

  private:
    template <class T>
    using ById = boost::unordered_flat_map<MisfId, T, MisfIdHash, MisfIdEqual>;

    bool Covers(const MisfId& pos, const std::optional<Vector>& location) const;

    std::vector<Candidate> m_neighbours;
    ById<Coverage> m_coverage;
    ById<std::set<LinkType>> m_rats;
    ById<uint32_t> m_underWay; //!< preregistrations by target
    Locator m_locator;
};

} // namespace ns3::mis

#endif // MIS_TARGET_SELECTION_H
