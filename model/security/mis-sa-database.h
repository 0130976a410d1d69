// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The security associations of a node, found by identifier and peer.
 */
#ifndef MIS_SA_DATABASE_H
#define MIS_SA_DATABASE_H

#include "ns3/mis-security-association.h"
#include "ns3/mis-types.h"

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <set>
#include <utility>

namespace ns3::mis
{

/**
 * @brief Owns associations; every look-up costs the same however many there are.
 *
 * Identifier, peer and lifetime of an association must not be changed while it is in here.
 * Pointers stay valid until the association is removed.
 */
class SaDatabase
{
  public:
    /**
     * @brief Add an association.
     *
     * One with the same identifier and peer is overwritten where it stands, and counts as new.
     *
     * @param sa the association
     * @return where it now lives, never nullptr
     */
    SecurityAssociation* Add(SecurityAssociation sa);

    /**
     * @brief Find an association.
     * @param said its identifier
     * @param peer its remote identity, as octets
     * @return the association or nullptr
     */
    SecurityAssociation* Find(const Said& said, ByteView peer) const;

    /**
     * @brief Find the association to send with.
     * @param peer the remote identity, as octets
     * @param nowNs the time in ns
     * @return the one added last among those that can send and are not used up, or nullptr
     */
    SecurityAssociation* FindByPeer(ByteView peer,
                                    int64_t nowNs = std::numeric_limits<int64_t>::min()) const;

    /**
     * @brief Find the association to send with, without hashing the identity again.
     * @param peer the remote identity
     * @param nowNs the time in ns
     * @return as for the octets of the identity
     */
    SecurityAssociation* FindByPeer(const MisfId& peer,
                                    int64_t nowNs = std::numeric_limits<int64_t>::min()) const;

    /**
     * @brief Remove an association.
     * @param said its identifier
     * @param peer its remote identity, as octets
     * @return whether there was one
     */
    bool Remove(const Said& said, ByteView peer);

    /**
     * @brief Remove all associations with a peer.
     * @param peer the remote identity, as octets; may be the memory of one of them
     * @return how many there were
     */
    std::size_t RemovePeer(ByteView peer);

    /**
     * @brief Remove the associations whose lifetime is over; costs nothing when there are none.
     * @param nowNs the time in ns
     * @return how many there were
     */
    std::size_t RemoveExpired(int64_t nowNs);

    /**
     * @brief Find an association whose lifetime is over.
     * @param nowNs the time in ns
     * @return the one that ended first, or nullptr
     */
    const SecurityAssociation* FindExpired(int64_t nowNs) const
    {
        return !m_expiry.empty() && m_expiry.begin()->first <= nowNs ? m_expiry.begin()->second
                                                                     : nullptr;
    }

    /** @return the number of associations */
    std::size_t Size() const
    {
        return m_associations.size();
    }

    /**
     * @brief Call a function for every association, in no particular order.
     * @param function called with a const SecurityAssociation&
     */
    template <class Function>
    void ForEach(Function&& function) const
    {
        for (const auto& sa : m_associations)
        {
            function(static_cast<const SecurityAssociation&>(*sa));
        }
    }

  private:
    /** @brief What an association is found by. */
    struct Key
    {
        const Said& said; //!< identifier
        ByteView peer;    //!< remote identity
    };

    /** @brief Owner of an association. */
    using Entry = std::unique_ptr<SecurityAssociation>;

    /** @brief Hash of the key or of an association with that key. */
    struct KeyHash
    {
        using is_transparent = void;
        std::size_t operator()(const Key& key) const;
        std::size_t operator()(const Entry& entry) const;
    };

    /** @brief Equality of keys, or of associations by their keys. */
    struct KeyEqual
    {
        using is_transparent = void;
        bool operator()(const Entry& a, const Entry& b) const;
        bool operator()(const Key& a, const Entry& b) const;
        bool operator()(const Entry& a, const Key& b) const;
    };

    /** @brief Associations with one peer, the newest last. */
    using PeerList = boost::container::small_vector<SecurityAssociation*, 2>;

    /**
     * @brief Choose among the associations with one peer.
     * @param list all of them
     * @param nowNs the time in ns
     * @return the newest that can send and is not used up, or nullptr
     */
    static SecurityAssociation* Newest(const PeerList& list, int64_t nowNs);

    /**
     * @brief Take an association out of the order of a peer and of the expiry order.
     * @param sa the association
     */
    void Unlink(SecurityAssociation* sa);

    /**
     * @brief Enter an association into the order of its peer and into the expiry order.
     * @param sa the association
     */
    void Link(SecurityAssociation* sa);

    boost::unordered_flat_set<Entry, KeyHash, KeyEqual> m_associations;           //!< all, by key
    boost::unordered_flat_map<MisfId, PeerList, MisfIdHash, MisfIdEqual> m_peers; //!< by peer
    std::set<std::pair<int64_t, SecurityAssociation*>> m_expiry; //!< those with a lifetime
};

} // namespace ns3::mis

#endif /* MIS_SA_DATABASE_H */
