// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Blocks interfaces of a node until their links are authenticated.
 */
#ifndef MIS_CONTROLLED_PORT_ROUTING_H
#define MIS_CONTROLLED_PORT_ROUTING_H

#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4-routing-helper.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <functional>
#include <map>
#include <set>

namespace ns3::mis
{

/// The types of RouteInput's callbacks, which ns-3.39 has changed.
template <class Method>
struct RouteInputTypes;

/// They are the arguments behind the input device.
template <class Class, class U, class M, class L, class E>
struct RouteInputTypes<bool (
    Class::*)(Ptr<const Packet>, const Ipv4Header&, Ptr<const NetDevice>, U, M, L, E)>
{
    using Unicast = U;
    using Multicast = M;
    using Local = L;
    using Error = E;
};

/**
 * @brief IPv4 routing with controlled ports (IEEE 802.1X): over an interface that is one, and not
 * open, only packets to and from those pass who take part in the authentication.
 *
 * A mobile node has one port on each link and opens it itself. At an access router each station
 * has a port of its own, of which SetAuthorization() tells; what the router itself sends passes.
 *
 * What other interfaces do is not changed. ARP passes always.
 */
class ControlledPortRouting : public Ipv4ListRouting
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Makes an interface a controlled port, closed.
     * @param interface index of the interface
     */
    void AddPort(uint32_t interface);

    /**
     * @param interface index of a controlled port
     * @param open whether all packets pass
     */
    void SetOpen(uint32_t interface, bool open);

    /**
     * @brief Lets packets to and from somebody pass a port even while it is closed.
     * @param interface index of a controlled port
     * @param address of a node that takes part in the authentication
     */
    void Allow(uint32_t interface, Ipv4Address address);

    /// Whether the station with an address may send and receive.
    using Authorization = std::function<bool(Ipv4Address station)>;

    /**
     * @brief Makes a controlled port the one of an access router: packets to and from stations that
     * are authorized pass.
     * @param interface index of a controlled port
     * @param authorization asked for each packet
     */
    void SetAuthorization(uint32_t interface, Authorization authorization);

    /**
     * @brief Lets packets to a station pass or not, whatever else would let them pass: for devices
     * that can not send to a station before it has entered the network.
     * @param station its address
     * @param isThere whether it has entered
     */
    void SetEntered(Ipv4Address station, bool isThere);

    /**
     * @param interface index of an interface
     * @return whether all packets pass; also if it is no controlled port
     */
    bool IsOpen(uint32_t interface) const;

    /// @return packets dropped so far
    uint64_t GetDropCount() const
    {
        return m_drops;
    }

    Ptr<Ipv4Route> RouteOutput(Ptr<Packet> packet,
                               const Ipv4Header& header,
                               Ptr<NetDevice> oif,
                               Socket::SocketErrno& sockerr) override;

    /// Callbacks of this version of ns-3.
    using Types = RouteInputTypes<decltype(&Ipv4RoutingProtocol::RouteInput)>;

    bool RouteInput(Ptr<const Packet> packet,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    Types::Unicast ucb,
                    Types::Multicast mcb,
                    Types::Local lcb,
                    Types::Error ecb) override;

    void SetIpv4(Ptr<Ipv4> ipv4) override;

    /// @param header of the packet dropped @param interface the closed port
    typedef void (*DropTracedCallback)(const Ipv4Header& header, uint32_t interface);

  protected:
    void DoDispose() override;

  private:
    /// A controlled port.
    struct Port
    {
        bool isOpen{false};
        std::set<Ipv4Address> allowed;
        Authorization authorization; //!< of an access router
    };

    Port& PortOf(uint32_t interface);
    const Port* FindPort(Ptr<const NetDevice> device) const;
    bool PassesOut(Ptr<const NetDevice> device, const Ipv4Header& header, bool isForwarded) const;
    bool PassesIn(Ptr<const NetDevice> device, const Ipv4Header& header) const;
    bool PassesThrough(Ptr<const Packet> packet,
                       const Ipv4Header& header,
                       Ptr<const NetDevice> idev);
    void Drop(const Ipv4Header& header, Ptr<const NetDevice> device);

    Ptr<Ipv4> m_node;
    std::map<uint32_t, Port> m_ports;
    std::set<Ipv4Address> m_absent; //!< stations that have not entered
    uint64_t m_drops{0};
    TracedCallback<const Ipv4Header&, uint32_t> m_dropTrace;
};

/// Has InternetStackHelper install ControlledPortRouting over static routing.
class ControlledPortRoutingHelper : public Ipv4RoutingHelper
{
  public:
    ControlledPortRoutingHelper* Copy() const override;
    Ptr<Ipv4RoutingProtocol> Create(Ptr<Node> node) const override;
};

} // namespace ns3::mis

#endif // MIS_CONTROLLED_PORT_ROUTING_H
