// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The device of a hub or a station on a point-to-multipoint medium.
 */

#ifndef MIS_POINT_TO_MULTIPOINT_NET_DEVICE_H
#define MIS_POINT_TO_MULTIPOINT_NET_DEVICE_H

#include "ns3/mac48-address.h"
#include "ns3/mis-point-to-multipoint-channel.h"
#include "ns3/net-device.h"
#include "ns3/traced-callback.h"

namespace ns3
{
namespace mis
{

/**
 * A device on a PointToMultipointChannel; which end it is, the channel says.
 *
 * Frames are Ethernet (DIX, 14 octets, without FCS), so captures are DLT_EN10MB. No address
 * resolution is needed: see PointToMultipointChannel for how the receiver is found. EtherType
 * frames go to a unicast MAC address or to a group; group frames of the hub reach all stations,
 * those of a station reach the hub.
 */
class PointToMultipointNetDevice : public NetDevice
{
  public:
    /**
     * Signature of the drop traces.
     * @param packet The packet; framed, except where it never was sent.
     * @param reason Why.
     */
    typedef void (*DropTracedCallback)(Ptr<const Packet> packet, LinkDropReason reason);

    /// @return The TypeId.
    static TypeId GetTypeId();

    PointToMultipointNetDevice();
    ~PointToMultipointNetDevice() override;

    /**
     * Takes the link up or down. While it is down nothing is sent or received; what was under way
     * to or from the device, except what has already left it, is lost.
     * @param up Up or down.
     */
    void SetLinkUp(bool up);

    /// @return Whether this is the hub of its channel.
    bool IsHub() const;

    /**
     * Tells the hub that an address is behind this station. Not needed for addresses that the
     * device's node has when the simulation starts, nor for those it has sent from.
     * @param address A Mac48Address, Ipv4Address or Ipv6Address.
     */
    void RegisterAddress(const Address& address);

    // From NetDevice:
    void SetIfIndex(const uint32_t index) override;
    uint32_t GetIfIndex() const override;
    Ptr<Channel> GetChannel() const override;
    void SetAddress(Address address) override;
    Address GetAddress() const override;
    bool SetMtu(const uint16_t mtu) override;
    uint16_t GetMtu() const override;
    bool IsLinkUp() const override;
    void AddLinkChangeCallback(Callback<void> callback) override;
    bool IsBroadcast() const override;
    Address GetBroadcast() const override;
    bool IsMulticast() const override;
    Address GetMulticast(Ipv4Address multicastGroup) const override;
    Address GetMulticast(Ipv6Address addr) const override;
    bool IsBridge() const override;
    bool IsPointToPoint() const override;
    bool Send(Ptr<Packet> packet, const Address& dest, uint16_t protocolNumber) override;
    bool SendFrom(Ptr<Packet> packet,
                  const Address& source,
                  const Address& dest,
                  uint16_t protocolNumber) override;
    Ptr<Node> GetNode() const override;
    void SetNode(Ptr<Node> node) override;
    bool NeedsArp() const override;
    void SetReceiveCallback(NetDevice::ReceiveCallback cb) override;
    void SetPromiscReceiveCallback(NetDevice::PromiscReceiveCallback cb) override;
    bool SupportsSendFrom() const override;

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    friend class PointToMultipointChannel;

    /**
     * Called by the channel when the device is attached.
     * @param channel The channel.
     * @param station Index of the station, or HUB.
     * @param mtu MTU of the channel's profile.
     */
    void Attach(PointToMultipointChannel* channel, uint32_t station, uint16_t mtu);

    /**
     * A frame has arrived and was not lost.
     * @param frame The frame; the device may change it.
     */
    void Receive(Ptr<Packet> frame);

    /// Station index of the hub.
    static constexpr uint32_t HUB = UINT32_MAX;

    Ptr<PointToMultipointChannel> m_channel; //!< The medium.
    Ptr<Node> m_node;                        //!< The node.
    Mac48Address m_address;                  //!< MAC address.
    uint32_t m_ifIndex{0};                   //!< Index in the node.
    uint32_t m_station{HUB};                 //!< Index in the channel.
    uint16_t m_mtu{1500};                    //!< MTU in octets.
    bool m_linkUp{false};                    //!< Whether the link is up.
    uint64_t m_downStamp{0};                 //!< Channel's down counter when it last went down.
    Time m_downTime;                         //!< When it last went down.
    Time m_lastArrival;                      //!< Latest arrival booked to (station: from) the hub.
    Time m_lastUplinkArrival;                //!< Latest arrival at the hub booked by this station.

    NetDevice::ReceiveCallback m_receive;               //!< Upper layer.
    NetDevice::PromiscReceiveCallback m_promiscReceive; //!< Promiscuous upper layer.

    TracedCallback<> m_linkChange;                                 //!< Link up or down.
    TracedCallback<Ptr<const Packet>> m_macTx;                     //!< Accepted for sending.
    TracedCallback<Ptr<const Packet>, LinkDropReason> m_macTxDrop; //!< Refused by Send().
    TracedCallback<Ptr<const Packet>> m_macRx;                     //!< Received for this device.
    TracedCallback<Ptr<const Packet>> m_macPromiscRx;              //!< Received.
    TracedCallback<Ptr<const Packet>, LinkDropReason> m_phyTxDrop; //!< Lost before it had left.
    TracedCallback<Ptr<const Packet>, LinkDropReason> m_phyRxDrop; //!< Lost after it had left.
    TracedCallback<Ptr<const Packet>> m_sniffer;                   //!< Non-promiscuous capture.
    TracedCallback<Ptr<const Packet>> m_promiscSniffer;            //!< Promiscuous capture.
};

} // namespace mis
} // namespace ns3

#endif // MIS_POINT_TO_MULTIPOINT_NET_DEVICE_H
