// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Who is where: the points of service a node may know without having met them.
 */
#ifndef MIS_DIRECTORY_H
#define MIS_DIRECTORY_H

#include "ns3/mis-transport.h"
#include "ns3/mis-types.h"
#include "ns3/object.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <vector>

namespace ns3::mis
{

/**
 * @brief A point of service, and the access network it serves.
 */
struct PosRecord
{
    MisfId id;                 //!< MISF identifier
    PeerAddress address;       //!< where it is reached
    std::vector<LinkId> links; //!< points of attachment of its access network
};

/**
 * @brief Directory of points of service, shared by the nodes of a scenario.
 *
 * It stands for discovery by DHCP or DNS (RFC 5678, RFC 5679): a static table (PA-14).
 */
class PosDirectory : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Adds or replaces a record.
     * @param record the record; its identifier must not be empty
     */
    void Add(PosRecord record);

    /**
     * @param id MISF identifier
     * @return its record, or nullptr
     */
    const PosRecord* Find(ByteView id) const;

    /**
     * @param link a point of attachment
     * @return record of the point of service behind it, or nullptr
     */
    const PosRecord* FindByLink(const LinkId& link) const;

    /// @return number of records
    size_t Size() const
    {
        return m_records.size();
    }

  private:
    std::vector<std::unique_ptr<PosRecord>> m_records; //!< in order of addition
    boost::unordered_flat_map<MisfId, PosRecord*, MisfIdHash, MisfIdEqual> m_byId;
    boost::unordered_flat_map<std::string, PosRecord*> m_byLink; //!< by encoded LINK_ID
};

} // namespace ns3::mis

#endif // MIS_DIRECTORY_H
