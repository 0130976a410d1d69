// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Frames of link authentication on a device that carries nothing but IP.
 */
#ifndef MIS_UDP_LINK_FRAME_PORT_H
#define MIS_UDP_LINK_FRAME_PORT_H

#include "ns3/address.h"
#include "ns3/mis-link-frame-port.h"
#include "ns3/socket.h"

#include <map>

namespace ns3::mis
{

/**
 * @brief Sends and receives frames of link authentication in UDP datagrams (PA-70), for devices of
 * ns-3 that carry no EtherType but that of IP: LTE and WiMAX.
 *
 * It stands in for NAS and for management messages, whose ends are below IP: who sends is known by
 * the IP address that the network has given to the station.
 */
class UdpLinkFramePort : public LinkFramePort
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    ~UdpLinkFramePort() override;

    /**
     * @brief Names somebody at the other end; datagrams of others are dropped.
     * @param peer link-layer address
     * @param address IPv4 or IPv6 address, of the same version for all; the first decides by which
     * one the port goes, and comes before it opens
     */
    void AddPeer(const Address& peer, const Address& address);

  protected:
    void Open() override;
    void Close() override;
    void DoSend(const Address& to, Kind kind, ByteView frame) override;

  private:
    void OnDatagram(Ptr<Socket> socket);

    Ptr<Socket> m_socket;
    std::map<Address, Address> m_addresses; //!< by peer
    std::map<Address, Address> m_peers;     //!< by address
};

} // namespace ns3::mis

#endif // MIS_UDP_LINK_FRAME_PORT_H
