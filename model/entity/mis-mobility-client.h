// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The mobile node's side of its mobility anchor.
 */
#ifndef MIS_MOBILITY_CLIENT_H
#define MIS_MOBILITY_CLIENT_H

#include "ns3/ipv4-route.h"
#include "ns3/mis-binding-registration.h"
#include "ns3/mis-function.h"
#include "ns3/mis-mobile-node.h"
#include "ns3/mis-mobility-association.h"
#include "ns3/mis-trace-connections.h"
#include "ns3/mis-tunnel-end.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <string>

namespace ns3::mis
{

/**
 * @brief Mobile IPv6 at the mobile node, with an IPv4 home address and IPv4 care-of addresses
 * (RFC 5555): when the path over a new link is open, it sends a Binding Update over it.
 *
 * Without registration (SetRegistration(false)) it is the logical interface of a node with several
 * links (RFC 7847): it gives the node its home address, and a MobileAccessGateway registers the
 * node.
 */
class MobilityClient : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    MobilityClient();
    ~MobilityClient() override;

    /**
     * @brief Puts the home address on the node of a mobile node.
     * @param mn the mobile node; whenever its data path opens, an update is sent
     * @param home home address
     * @param anchor where the anchor is reached from visited networks
     * @param association shared with the anchor; without a key nothing is authenticated
     */
    void Configure(Ptr<MobileNode> mn,
                   Ipv4Address home,
                   Ipv4Address anchor,
                   MobilityAssociation association);

    /// @param registration whether the node registers itself (default)
    void SetRegistration(bool registration);

    /**
     * @brief Has traffic to some destinations leave from the home address: through the tunnel, or,
     * without registration, as it is over the present link.
     * @param network destinations
     * @param mask their mask
     */
    void AddRoute(Ipv4Address network, Ipv4Mask mask);

    /// Registers the present care-of address.
    void Update();

    /// @return the home address
    Ipv4Address GetHomeAddress() const
    {
        return m_home;
    }

    /// @return the present care-of address: that of the interface that leads to the anchor
    Ipv4Address GetCareOfAddress() const;

    /// @param reason a reason @return packets dropped for it so far
    uint64_t GetDropCount(const std::string& reason) const;

    /// @param careOf care-of address @param sequence sequence number
    typedef void (*UpdateTracedCallback)(Ipv4Address careOf, uint16_t sequence);
    /// @param status of the acknowledgement @param delay since the first transmission
    typedef void (*AcknowledgedTracedCallback)(BindingStatus status, Time delay);
    /// @param reason why @param octets length
    typedef void (*DroppedTracedCallback)(const std::string& reason, uint32_t octets);

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    Ptr<Ipv4Route> RouteToAnchor() const;
    void OnDataPath(bool isOpen);
    void OnOutbound(Ptr<Packet> packet);
    void OnInbound(Ptr<Packet> packet, Ipv4Address from, uint16_t port);
    void OnAcknowledgement(ByteView octets);
    void SendUpdate();
    void Drop(const char* reason, size_t octets);

    // attributes
    Time m_lifetime;
    double m_refresh;
    Time m_timeout;
    Time m_maxTimeout;
    uint16_t m_mtu;

    Ptr<Misf> m_misf;
    Ptr<MobileNode> m_mn;
    TraceConnections m_connections;
    Ipv4Address m_home;
    Ipv4Address m_anchor;
    Ipv4Address m_careOf; //!< of the last update
    MobilityAssociation m_association;
    bool m_registers{true};
    TunnelEnd m_tunnel;
    Ptr<Socket> m_socket;
    uint16_t m_sequence{0};
    BindingRegistration m_registration;
    boost::unordered_flat_map<std::string, uint64_t> m_drops;

    TracedCallback<Ipv4Address, uint16_t> m_updateTrace;
    TracedCallback<BindingStatus, Time> m_acknowledgedTrace;
    TracedCallback<const std::string&, uint32_t> m_droppedTrace;
};

} // namespace ns3::mis

#endif // MIS_MOBILITY_CLIENT_H
