// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * An access link over a point-to-multipoint device with a link profile.
 */
#ifndef MIS_PROFILE_ACCESS_LINK_H
#define MIS_PROFILE_ACCESS_LINK_H

#include "ns3/address.h"
#include "ns3/mis-monitored-access-link.h"
#include "ns3/mis-point-to-multipoint-net-device.h"
#include "ns3/nstime.h"

namespace ns3::mis
{

/**
 * @brief AccessLink of a station of a PointToMultipointChannel.
 */
class ProfileAccessLink : public MonitoredAccessLink
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @param station device of the mobile node
     * @param gateway IPv4 or IPv6 address of the access router
     * @param id identifier of the link and its point of attachment
     */
    void Configure(Ptr<PointToMultipointNetDevice> station,
                   const Address& gateway,
                   const LinkTupleId& id);

    LinkTupleId GetLinkTupleId() const override;
    void Attach(std::function<void()> attached) override;
    void Detach() override;

  protected:
    void DoDispose() override;

  private:
    void UseDefaultRoute();
    void OnAttached(std::function<void()> attached);

    Time m_attachmentDelay;
    Ptr<PointToMultipointNetDevice> m_station;
    Address m_gateway;
    LinkTupleId m_id;
};

} // namespace ns3::mis

#endif // MIS_PROFILE_ACCESS_LINK_H
