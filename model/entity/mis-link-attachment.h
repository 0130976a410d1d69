// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A point of attachment on a device.
 */
#ifndef MIS_LINK_ATTACHMENT_H
#define MIS_LINK_ATTACHMENT_H

#include "ns3/mis-link-frame-port.h"
#include "ns3/mis-point-of-attachment.h"
#include "ns3/net-device.h"

namespace ns3::mis
{

/**
 * @brief The other end of the access links for frames of link authentication: connects a point of
 * attachment with a port.
 */
class LinkAttachment : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Binds the port to the device.
     * @param port a port that is not bound yet
     * @param hub device of the access network
     * @param poa the point of attachment
     */
    void Configure(Ptr<LinkFramePort> port, Ptr<NetDevice> hub, Ptr<PointOfAttachment> poa);

    /// @return the port of the point of attachment
    Ptr<LinkFramePort> GetLinkFramePort() const
    {
        return m_port;
    }

  protected:
    void DoDispose() override;

  private:
    Ptr<LinkFramePort> m_port;
};

} // namespace ns3::mis

#endif // MIS_LINK_ATTACHMENT_H
