// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Blocks interfaces of a node until their links are authenticated.
 */
#ifndef MIS_CONTROLLED_PORT_ROUTING_H
#define MIS_CONTROLLED_PORT_ROUTING_H

#include "ns3/ipv4-routing-helper.h"
#include "ns3/ipv6-routing-helper.h"
#include "ns3/mis-controlled-ports.h"
#include "ns3/mis-ip-family.h"
#include "ns3/traced-callback.h"

namespace ns3::mis
{

/// The types of RouteInput's callbacks, which ns-3.39 has changed.
template <class Method>
struct RouteInputTypes;

/// They are the arguments behind the input device.
template <class Class, class H, class U, class M, class L, class E>
struct RouteInputTypes<bool (
    Class::*)(Ptr<const Packet>, const H&, Ptr<const NetDevice>, U, M, L, E)>
{
    using Unicast = U;
    using Multicast = M;
    using Local = L;
    using Error = E;
};

/**
 * @brief Routing with controlled ports, of one IP version.
 * @tparam Family the version
 */
template <class Family>
class FamilyPortRouting : public Family::ListRouting, public ControlledPorts
{
  public:
    using Header = typename Family::Header; //!< of packets

    Ptr<typename Family::Route> RouteOutput(Ptr<Packet> packet,
                                            const Header& header,
                                            Ptr<NetDevice> oif,
                                            Socket::SocketErrno& sockerr) override;

    /// Callbacks of this version of ns-3.
    using Types = RouteInputTypes<decltype(&Family::RoutingProtocol::RouteInput)>;

    bool RouteInput(Ptr<const Packet> packet,
                    const Header& header,
                    Ptr<const NetDevice> idev,
                    typename Types::Unicast ucb,
                    typename Types::Multicast mcb,
                    typename Types::Local lcb,
                    typename Types::Error ecb) override;

    /// @param header of the packet dropped @param interface the closed port
    typedef void (*DropTracedCallback)(const Header& header, uint32_t interface);

  protected:
    void DoDispose() override;

    /// @param stack the one that routes
    void SetStack(Ptr<typename Family::Stack> stack);

    /// @return the stack that routes
    Ptr<typename Family::Stack> GetStack() const
    {
        return m_stack;
    }

    /**
     * @param interface the packet came by
     * @param header its header
     * @return whether it passes; if not, it is counted
     */
    bool Admits(uint32_t interface, const Header& header);

    TracedCallback<const Header&, uint32_t> m_dropTrace; //!< a packet was dropped

  private:
    bool PassesThrough(Ptr<const Packet> packet, const Header& header);
    void Drop(const Header& header, uint32_t interface);

    Ptr<typename Family::Stack> m_stack;
};

extern template class FamilyPortRouting<Ipv4Family>;
extern template class FamilyPortRouting<Ipv6Family>;

/// IPv4 routing with controlled ports, see ControlledPorts. ARP passes always.
class ControlledPortRouting : public FamilyPortRouting<Ipv4Family>
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    void SetIpv4(Ptr<Ipv4> ipv4) override;
};

/**
 * @brief IPv6 routing with controlled ports, see ControlledPorts. Neighbour discovery passes
 * always, and so does what else of ICMPv6 is sent to the node itself.
 */
class Ipv6ControlledPortRouting : public FamilyPortRouting<Ipv6Family>
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    void SetIpv6(Ptr<Ipv6> ipv6) override;

  protected:
    void OnPortAdded(uint32_t interface) override;
};

/// Has InternetStackHelper install ControlledPortRouting over static routing.
class ControlledPortRoutingHelper : public Ipv4RoutingHelper
{
  public:
    ControlledPortRoutingHelper* Copy() const override;
    Ptr<Ipv4RoutingProtocol> Create(Ptr<Node> node) const override;
};

/// Has InternetStackHelper install Ipv6ControlledPortRouting over static routing.
class Ipv6ControlledPortRoutingHelper : public Ipv6RoutingHelper
{
  public:
    Ipv6ControlledPortRoutingHelper* Copy() const override;
    Ptr<Ipv6RoutingProtocol> Create(Ptr<Node> node) const override;
};

} // namespace ns3::mis

#endif // MIS_CONTROLLED_PORT_ROUTING_H
