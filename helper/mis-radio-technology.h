// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What it takes to build an access network with devices of ns-3.
 */
#ifndef MIS_RADIO_TECHNOLOGY_H
#define MIS_RADIO_TECHNOLOGY_H

#include "ns3/mis-ip-stack.h"
#include "ns3/mis-radio-access-link.h"
#include "ns3/mis-types.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/vector.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3::mis
{

/// What an access network is to be built of.
struct RadioAccessPlan
{
    Vector position;                       //!< of the point of attachment, metres
    IpNetwork network;                     //!< addresses of the mobile nodes, of IPv4 or IPv6;
                                           //!< the first is the access router's
    NodeContainer mobileNodes;             //!< with a stack of this version
    std::function<Ptr<Node>()> makeRouter; //!< makes an access router with one too
};

/// An access network.
struct RadioAccess
{
    Ptr<Node> router;                        //!< access router
    Ptr<NetDevice> hub;                      //!< its device that leads to the mobile nodes
    Address gateway;                         //!< its address on the access link
    LinkId link;                             //!< point of attachment
    Address pointOfAttachment;               //!< its link-layer address
    bool carriesOnlyIp{false};               //!< whether devices drop other EtherTypes
    std::vector<Ptr<RadioAccessLink>> links; //!< of the mobile nodes, detached
    NetDeviceContainer devices;              //!< of the mobile nodes, with addresses
    uint16_t mtu{1500};                      //!< largest IP packet, octets
};

/**
 * @brief Builds access networks of one technology, each with its own point of attachment.
 *
 * One subclass a technology, which is there if ns-3 has the module; see RadioNetworkHelper.
 */
class RadioTechnology : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Builds a network.
     * @param plan what of
     * @return the network
     */
    virtual RadioAccess Build(const RadioAccessPlan& plan) = 0;

    /**
     * @brief Fixes the random variables of what was built.
     * @param stream first stream index
     * @return number of streams used
     */
    virtual int64_t AssignStreams(int64_t stream) = 0;

    /**
     * @brief Puts a node somewhere and has it move; nothing happens where position does not matter.
     * @param node the node
     * @param position where it is now, metres
     * @param velocity metres a second
     */
    virtual void Place(Ptr<Node> node, const Vector& position, const Vector& velocity);

    /**
     * @return signal level at which the link counts as lost, dBm, and the distance from the point
     * of attachment, metres, at which it is about reached; both zero if the signal does not change
     */
    virtual std::pair<double, double> GetEdge() const;

    /**
     * @return by when a mobile node is attached that begins to at the start of the simulation,
     * where nobody else does
     */
    virtual Time GetAttachTime() const = 0;

    /**
     * @brief Captures what the devices built so far send and receive: frames as they are on the
     * medium, or IP packets where ns-3 has no format for them.
     * @param prefix of the file names: `<prefix>-<node>-<device>.pcap`
     */
    virtual void EnablePcap(const std::string& prefix) = 0;

  protected:
    /**
     * @brief Captures IP packets.
     * @param prefix of the file names
     * @param devices devices with addresses
     */
    static void CaptureIp(const std::string& prefix, const NetDeviceContainer& devices);

    /**
     * @brief Gives a device an address, without a queue disc, and without delays of address
     * resolution.
     * @param device the device
     * @param network the network
     * @param number number of the address in it, from 1
     * @return the address
     */
    static Address AddAddress(Ptr<NetDevice> device, const IpNetwork& network, uint32_t number);
};

} // namespace ns3::mis

#endif // MIS_RADIO_TECHNOLOGY_H
