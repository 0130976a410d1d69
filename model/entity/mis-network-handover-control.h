// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Handovers that the network decides on.
 */
#ifndef MIS_NETWORK_HANDOVER_CONTROL_H
#define MIS_NETWORK_HANDOVER_CONTROL_H

#include "mis-link-event-listener.h"
#include "mis-point-of-service.h"
#include "mis-trace-connections.h"

#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <string>
#include <vector>

namespace ns3::mis
{

/**
 * @brief Has a PoS decide when a mobile node that it serves hands over, and where to: by the link
 * events that the MN reports, with the load of the targets, by Net_HO_Commit.
 */
class NetworkHandoverControl : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// @param pos PoS to decide for
    void SetPointOfService(Ptr<PointOfService> pos);

    /// @param listener whose events to decide by
    void Follow(Ptr<LinkEventListener> listener);

    /**
     * @brief A mobile node has a link in reach.
     * @param mn mobile node
     * @param link the link
     */
    void LinkDetected(const MisfId& mn, const LinkId& link);

    /**
     * @brief A link of a mobile node is lost.
     * @param mn mobile node
     * @param link the link
     */
    void LinkDown(const MisfId& mn, const LinkId& link);

    /**
     * @brief The link by which a mobile node is attached will break.
     * @param mn mobile node
     * @param link the link
     */
    void LinkGoingDown(const MisfId& mn, const LinkId& link);

    /// @return mobile nodes of which links in reach are known
    size_t GetMobileNodes() const
    {
        return m_inReach.size();
    }

    /// @param mn mobile node @param outcome "success" if it agrees, or why not
    typedef void (*CommitTracedCallback)(const MisfId& mn, const std::string& outcome);

  protected:
    void DoDispose() override;

  private:
    void OnEvent(const MisfId& mn, const LinkEvent& event);
    void OnLeft(const MisfId& mn, const MisfId& pos);
    void OnSaDown(const SecurityAssociation& sa);

    // attributes
    uint32_t m_maxMobileNodes;
    uint32_t m_maxLinks;

    Ptr<PointOfService> m_pos;
    TraceConnections m_connections;
    boost::unordered_flat_map<MisfId, std::vector<LinkId>, MisfIdHash, MisfIdEqual> m_inReach;
    TracedCallback<const MisfId&, const std::string&> m_commitTrace;
};

} // namespace ns3::mis

#endif // MIS_NETWORK_HANDOVER_CONTROL_H
