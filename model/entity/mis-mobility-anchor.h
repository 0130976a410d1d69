// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The mobility anchor in the home network.
 */
#ifndef MIS_MOBILITY_ANCHOR_H
#define MIS_MOBILITY_ANCHOR_H

#include "ns3/mis-function.h"
#include "ns3/mis-mobility-association.h"
#include "ns3/mis-mobility-messages.h"
#include "ns3/mis-tunnel-end.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <string>

namespace ns3::mis
{

/**
 * @brief Home agent of Mobile IPv6 and local mobility anchor of Proxy Mobile IPv6, for IPv4 home
 * addresses in IPv4 networks: it tunnels what is sent to a home address to where the mobile node
 * is, and the other way round.
 *
 * A mobile node registers itself (MobilityClient), or an access router does (MobileAccessGateway);
 * which one, the anchor learns from the Binding Updates. Nothing is buffered.
 */
class MobilityAnchor : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    MobilityAnchor();
    ~MobilityAnchor() override;

    /**
     * @brief Binds to the MISF of the node, whose processors do the cryptography.
     * @param misf the MISF
     */
    void SetMisf(Ptr<Misf> misf);

    /**
     * @brief Puts the anchor into the home network; what other nodes send to a home address has to
     * be routed to the node.
     * @param address address of the anchor in the home network
     * @param mask mask of the home network
     */
    void SetHomeNetwork(Ipv4Address address, Ipv4Mask mask);

    /**
     * @brief Adds a mobile node.
     * @param mn its identifier
     * @param home its home address
     * @param association shared with it
     */
    void AddMobileNode(const MisfId& mn, Ipv4Address home, MobilityAssociation association);

    /**
     * @brief Adds an access gateway that may register any mobile node.
     * @param address address from which it sends
     * @param association shared with it
     */
    void AddGateway(Ipv4Address address, MobilityAssociation association);

    /**
     * @param home a home address
     * @return where the mobile node, or its gateway, is; nothing if it is not bound
     */
    std::optional<Ipv4Address> GetCareOfAddress(Ipv4Address home) const;

    /// @param reason a reason @return packets dropped for it so far
    uint64_t GetDropCount(const std::string& reason) const;

    /// @param mn mobile node @param careOf care-of address @param lifetime granted
    typedef void (*BoundTracedCallback)(const MisfId& mn, Ipv4Address careOf, Time lifetime);
    /// @param reason why @param octets length
    typedef void (*DroppedTracedCallback)(const std::string& reason, uint32_t octets);

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    /// A mobile node.
    struct MobileNodeState
    {
        MisfId mn;
        MobilityAssociation association;
        bool isBound{false};
        bool isProxied{false}; //!< bound by a gateway
        Ipv4Address careOf;
        uint16_t careOfPort{0};
        Time until;
        std::optional<uint16_t> lastSequence;
        uint64_t lastTimestamp{0};
    };

    using ByAddress = boost::unordered_flat_map<uint32_t, MobileNodeState>;

    void OnOutbound(Ptr<Packet> packet);
    void OnInbound(Ptr<Packet> packet, Ipv4Address from, uint16_t port);
    void OnProxyInbound(Ptr<Packet> packet, Ipv4Address from, uint16_t port);
    void OnProxyControl(Ptr<Packet> packet, Ipv4Address from, uint16_t port);
    void OnUpdate(ByteView octets, Ipv4Address from, uint16_t port);
    void TakeData(Ptr<Packet> packet, Ipv4Address from, bool isProxied);
    bool IsAlive(const MobileNodeState& state) const;
    Time Bind(Ipv4Address home, const BindingUpdate& update, Ipv4Address from, uint16_t port);
    void Answer(BindingAcknowledgement answer,
                const MobilityAssociation& association,
                const BindingUpdate& update,
                Ipv4Address home,
                Ipv4Address from,
                uint16_t port);
    void Drop(const char* reason, size_t octets);

    // attributes
    bool m_requireAuthentication;
    Time m_maxLifetime;
    uint16_t m_mtu;

    Ptr<Misf> m_misf;
    Ipv4Address m_homeAddress;
    Ipv4Mask m_homeMask;
    TunnelEnd m_tunnel;
    Ptr<Socket> m_socket;        //!< of Mobile IPv6
    Ptr<Socket> m_controlSocket; //!< of Proxy Mobile IPv6, signalling
    Ptr<Socket> m_dataSocket;    //!< of Proxy Mobile IPv6, data
    ByAddress m_mobileNodes;     //!< by home address
    boost::unordered_flat_map<uint32_t, MobilityAssociation> m_gateways; //!< by address
    boost::unordered_flat_map<std::string, uint64_t> m_drops;

    TracedCallback<const MisfId&, Ipv4Address, Time> m_boundTrace;
    TracedCallback<const std::string&, uint32_t> m_droppedTrace;
};

} // namespace ns3::mis

#endif // MIS_MOBILITY_ANCHOR_H
