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

    /// Detaches, at once or, where the node has a radio for each link, after a while.
    virtual void Detach() = 0;

    /// @return whether user data still flow over this link though the node has left it by Detach();
    /// false is the default
    virtual bool Lingers() const
    {
        return false;
    }

    /**
     * @brief Tells the point of attachment that the mobile node is there, where attaching does not.
     * @param hasKey whether the mobile node has a key that was pushed to the point of attachment
     * @return false if this kind of link carries no frames of link authentication (the default)
     */
    virtual bool Announce(bool hasKey);

    /**
     * @brief Sends a frame of link authentication to the point of attachment.
     * @param frame the frame, as the access technology defines it
     */
    virtual void SendLinkFrame(ByteView frame);

    /// Takes a frame of link authentication from the point of attachment.
    using LinkFrameReceiver = std::function<void(ByteView frame)>;

    /// @param receiver takes frames from the point of attachment, may be empty
    void SetLinkFrameReceiver(LinkFrameReceiver receiver)
    {
        m_receiver = std::move(receiver);
    }

  protected:
    void DoDispose() override;

    /**
     * @brief To be called by a subclass when a frame has come.
     * @param frame the frame
     */
    void ReceiveLinkFrame(ByteView frame);

  private:
    LinkFrameReceiver m_receiver;
};

} // namespace ns3::mis

#endif // MIS_ACCESS_LINK_H
