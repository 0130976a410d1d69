// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The access router's side of a mobility anchor.
 */
#ifndef MIS_MOBILE_ACCESS_GATEWAY_H
#define MIS_MOBILE_ACCESS_GATEWAY_H

#include "ns3/mis-binding-registration.h"
#include "ns3/mis-function.h"
#include "ns3/mis-mobility-association.h"
#include "ns3/mis-point-of-service.h"
#include "ns3/mis-trace-connections.h"
#include "ns3/mis-tunnel-end.h"
#include "ns3/net-device.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <string>

namespace ns3::mis
{

/**
 * @brief Mobile access gateway of Proxy Mobile IPv6, with IPv4 home addresses and IPv4 transport
 * (RFC 5213, RFC 5844): when a mobile node has come, it sends a Proxy Binding Update, and from then
 * on tunnels its traffic, in both directions.
 *
 * It is on the access router, which needs an Ipv4ListRouting with an Ipv4StaticRouting in it. The
 * mobile node notices nothing of it. When the mobile node has left, the anchor is not told: the
 * next gateway replaces the binding.
 */
class MobileAccessGateway : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    MobileAccessGateway();
    ~MobileAccessGateway() override;

    /**
     * @brief Binds to the access router.
     * @param misf MISF of its node, whose processors do the cryptography
     * @param address its own address, from which it sends to the anchor
     * @param anchor where the anchor is reached
     * @param association shared with the anchor; without a key nothing is authenticated
     */
    void Configure(Ptr<Misf> misf,
                   Ipv4Address address,
                   Ipv4Address anchor,
                   MobilityAssociation association);

    /// What the gateway knows beforehand of a mobile node that may come.
    struct Profile
    {
        Ipv4Address home;            //!< home address
        Ipv4Address accessAddress;   //!< address in the access network, the next hop to it
        Ptr<NetDevice> accessDevice; //!< device of the access router that leads to it
    };

    /**
     * @brief Adds a mobile node that may come.
     * @param mn its identifier
     * @param profile what has to be known of it
     */
    void AddMobileNode(const MisfId& mn, const Profile& profile);

    /**
     * @brief Has the mobile nodes that a PoS serves attached: the PoS tells the gateway when one
     * has completed its handover. The two are taken to be next to each other.
     * @param pos PoS of the access network
     */
    void Follow(Ptr<PointOfService> pos);

    /// @param mn a mobile node that has come
    void Attach(const MisfId& mn);

    /// @param mn a mobile node that has left
    void Detach(const MisfId& mn);

    /// @param reason a reason @return packets dropped for it so far
    uint64_t GetDropCount(const std::string& reason) const;

    /// @param mn mobile node @param sequence sequence number
    typedef void (*UpdateTracedCallback)(const MisfId& mn, uint16_t sequence);
    /// @param mn mobile node @param status of the acknowledgement @param delay since the first
    /// transmission
    typedef void (*AcknowledgedTracedCallback)(const MisfId& mn, BindingStatus status, Time delay);
    /// @param reason why @param octets length
    typedef void (*DroppedTracedCallback)(const std::string& reason, uint32_t octets);

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    class Routing;

    /// A mobile node that may come.
    struct MobileNodeState
    {
        Profile profile;
        bool isAttached{false};
        bool isBound{false};
        uint16_t sequence{0};
        uint64_t timestamp{0};
        std::unique_ptr<BindingRegistration> registration;
    };

    /// What becomes of a packet from a host.
    enum class Verdict : uint8_t
    {
        PASS,   //!< not from a home address
        TUNNEL, //!< from a mobile node that is bound here
        DROP    //!< from one that is not
    };

    Verdict Judge(Ipv4Address source, uint32_t octets);
    void OpenSockets();
    void OnServed(const MisfId& mn, const MisfId& pos);
    void OnOutbound(Ptr<Packet> packet);
    void OnData(Ptr<Packet> packet, Ipv4Address from, uint16_t port);
    void OnControl(Ptr<Packet> packet, Ipv4Address from, uint16_t port);
    void SendUpdate(const MisfId& mn);
    void SetRoute(const Profile& profile, bool isThere);
    void Drop(const char* reason, size_t octets);

    // attributes
    Time m_lifetime;
    double m_refresh;
    Time m_timeout;
    Time m_maxTimeout;
    uint16_t m_mtu;

    Ptr<Misf> m_misf;
    TraceConnections m_connections;
    Ipv4Address m_address;
    Ipv4Address m_anchor;
    MobilityAssociation m_association;
    TunnelEnd m_tunnel;
    Ptr<Routing> m_routing;
    Ptr<Socket> m_controlSocket;
    Ptr<Socket> m_dataSocket;
    boost::unordered_flat_map<MisfId, MobileNodeState, MisfIdHash, MisfIdEqual> m_mobileNodes;
    boost::unordered_flat_map<uint32_t, MisfId> m_byHome;
    boost::unordered_flat_map<std::string, uint64_t> m_drops;

    TracedCallback<const MisfId&, uint16_t> m_updateTrace;
    TracedCallback<const MisfId&, BindingStatus, Time> m_acknowledgedTrace;
    TracedCallback<const std::string&, uint32_t> m_droppedTrace;
};

} // namespace ns3::mis

#endif // MIS_MOBILE_ACCESS_GATEWAY_H
