// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Builds access networks and wide-area links from link profiles.
 */

#ifndef MIS_LINK_HELPER_H
#define MIS_LINK_HELPER_H

#include "ns3/mac48-address.h"
#include "ns3/mis-link-profile.h"
#include "ns3/mis-point-to-multipoint-net-device.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/queue-size.h"
#include "ns3/trace-helper.h"

#include <optional>
#include <string_view>

namespace ns3
{
namespace mis
{

/**
 * Installs point-to-multipoint devices: one hub and any number of stations; with one station it is
 * a point-to-point link.
 *
 * MAC addresses never come from ns-3's global allocator, so that several simulations in one process
 * give the same frames: they follow SetAddressBase(), or, without it, are made of the node's id and
 * the device's index in the node.
 */
class LinkHelper : public PcapHelperForDevice
{
  public:
    /// Starts with the profile "ethernet".
    LinkHelper();

    /**
     * @param name Name of a profile that FindLinkProfile() knows; the program ends at any other.
     */
    explicit LinkHelper(std::string_view name);

    /**
     * @param name Name of a profile that FindLinkProfile() knows; the program ends at any other.
     */
    void SetProfile(std::string_view name);

    /**
     * @param profile A profile, used by the following installations.
     */
    void SetProfile(const LinkProfile& profile);

    /// @return The profile of the following installations.
    const LinkProfile& GetProfile() const;

    /**
     * @param size Bound of the queue of each direction, in packets or octets.
     */
    void SetQueueSize(const QueueSize& size);

    /**
     * Gives the devices installed from now on consecutive addresses.
     * @param first Address of the next device.
     */
    void SetAddressBase(Mac48Address first);

    /**
     * Builds a medium.
     * @param hub Node of the hub.
     * @param stations Nodes of the stations, may be empty.
     * @return The devices, the hub's first.
     */
    NetDeviceContainer Install(Ptr<Node> hub, const NodeContainer& stations);

    /**
     * Builds a medium with one station.
     * @param hub Node of the hub.
     * @param station Node of the station.
     * @return The two devices, the hub's first.
     */
    NetDeviceContainer Install(Ptr<Node> hub, Ptr<Node> station);

    /**
     * Adds a station to a medium, before the simulation or during it.
     * @param hub The hub's device.
     * @param station Node of the station.
     * @return The station's device.
     */
    Ptr<PointToMultipointNetDevice> AddStation(Ptr<NetDevice> hub, Ptr<Node> station);

    /**
     * Fixes the random streams of the media that the devices are on.
     * @param devices Devices from Install(), of one medium or several.
     * @param stream First stream number, not negative.
     * @return Number of streams used.
     */
    static int64_t AssignStreams(const NetDeviceContainer& devices, int64_t stream);

  private:
    void EnablePcapInternal(std::string prefix,
                            Ptr<NetDevice> device,
                            bool promiscuous,
                            bool explicitFilename) override;

    /**
     * Puts a device with its address on a node.
     * @param node The node.
     * @return The device.
     */
    Ptr<PointToMultipointNetDevice> CreateDevice(Ptr<Node> node);

    LinkProfile m_profile;                 //!< Profile of the next medium.
    std::optional<QueueSize> m_queueSize;  //!< Queue bound of the next medium, if set.
    std::optional<uint64_t> m_nextAddress; //!< Address of the next device, if set.
};

} // namespace mis
} // namespace ns3

#endif // MIS_LINK_HELPER_H
