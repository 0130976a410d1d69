// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What a mobile node needs of one of its access links.
 */
#ifndef MIS_ACCESS_LINK_H
#define MIS_ACCESS_LINK_H

#include "ns3/mis-types.h"
#include "ns3/object.h"

#include <functional>

namespace ns3::mis
{

/**
 * @brief One interface of a mobile node and the point of attachment behind it.
 *
 * The seam for link technologies: one subclass each.
 */
class AccessLink : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// @return identifier of the link and of the point of attachment
    virtual LinkTupleId GetLinkTupleId() const = 0;

    /**
     * @brief Attaches, and routes the node's traffic over this link.
     * @param attached called when frames can be exchanged
     */
    virtual void Attach(std::function<void()> attached) = 0;

    /**
     * @brief Gets the link ready for Attach() while traffic goes over another one, where the node
     * has a radio for each.
     * @param ready called when Attach() would not have to wait for the radio; at once where nothing
     * can be prepared
     */
    virtual void Prepare(std::function<void()> ready)
    {
        ready();
    }

    /// Detaches; what is under way is lost.
    virtual void Detach() = 0;
};

} // namespace ns3::mis

#endif // MIS_ACCESS_LINK_H
