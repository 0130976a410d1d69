// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Frames of link authentication on a device.
 */
#ifndef MIS_LINK_FRAME_PORT_H
#define MIS_LINK_FRAME_PORT_H

#include "ns3/mac48-address.h"
#include "ns3/mis-types.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/object.h"

#include <functional>

namespace ns3::mis
{

/**
 * @param address link-layer address of a device
 * @return it as messages name it; of the 8 octets of an LTE device of ns-3 the last 6
 */
Mac48Address Mac48Of(const Address& address);

/**
 * @param address link-layer address of a device
 * @return Mac48Of() it
 */
LinkAddress LinkAddressOf(const Address& address);

/**
 * @brief Sends and receives frames of link authentication through a device.
 *
 * EAPOL goes out as such, with EtherType 0x888E; frames of IEEE 802.16 and LTE, for which the
 * device has no format of its own, and what a station says when it attaches, as PA-70 has it. A
 * subclass is for devices that carry no EtherTypes.
 */
class LinkFramePort : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    LinkFramePort();
    ~LinkFramePort() override;

    /// What has come.
    enum class Kind : uint8_t
    {
        ATTACH,          //!< the station has attached
        ATTACH_WITH_KEY, //!< the station has attached, and has a key that was pushed
        FRAME            //!< a frame of link authentication
    };

    /// Called with the sender's link-layer address, and the frame if there is one.
    using Receiver = std::function<void(const Address& from, Kind kind, ByteView frame)>;

    /**
     * @brief Takes frames from a device, and sends by it.
     * @param device device of a node
     * @param type technology, which says what the frames are
     * @param receiver takes what comes
     */
    void Bind(Ptr<NetDevice> device, LinkType type, Receiver receiver);

    /// @return the device
    Ptr<NetDevice> GetDevice() const
    {
        return m_device;
    }

    /**
     * @brief Sends.
     * @param to link-layer address
     * @param kind what
     * @param frame the frame, empty unless the kind is FRAME
     */
    void Send(const Address& to, Kind kind, ByteView frame);

    /**
     * @brief Takes a packet from the device; the protocol handler.
     * @param device the device
     * @param packet the packet
     * @param protocol EtherType
     * @param from sender
     * @param to receiver
     * @param type unicast or group
     */
    void Receive(Ptr<NetDevice> device,
                 Ptr<const Packet> packet,
                 uint16_t protocol,
                 const Address& from,
                 const Address& to,
                 NetDevice::PacketType type);

  protected:
    void DoDispose() override;

    /// Begins to take frames; the device is known.
    virtual void Open();

    /// Takes frames no more; may be called again.
    virtual void Close();

    /**
     * @brief Sends.
     * @param to link-layer address
     * @param kind what
     * @param frame the frame
     */
    virtual void DoSend(const Address& to, Kind kind, ByteView frame);

    /// @param kind what @param frame the frame @return both in the format of PA-70
    static Bytes Encode(Kind kind, ByteView frame);

    /**
     * @brief Passes on what has come; what breaks the format of PA-70 is dropped.
     * @param from sender
     * @param octets in the format of PA-70
     * @param carriesFrames whether frames come this way
     */
    void Decode(const Address& from, ByteView octets, bool carriesFrames);

  private:
    Ptr<NetDevice> m_device;
    Node::ProtocolHandler m_handler;
    Receiver m_receiver;
    LinkType m_type{LinkType::WIFI};
};

} // namespace ns3::mis

#endif // MIS_LINK_FRAME_PORT_H
