// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Keeps what a controlled port does not pass from a transport protocol.
 */
#ifndef MIS_IPV6_PORT_GATE_H
#define MIS_IPV6_PORT_GATE_H

#include "ns3/ip-l4-protocol.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv6-header.h"
#include "ns3/ipv6-interface.h"
#include "ns3/packet.h"

#include <functional>

namespace ns3::mis
{

/**
 * @brief Stands before a transport protocol at one interface: IPv6 of ns-3 gives packets for the
 * node to their protocol without asking the routing, where controlled ports are.
 */
class Ipv6PortGate : public IpL4Protocol
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @param protocol the transport protocol
     * @param admits asked for each packet, whether it goes there
     */
    void Configure(Ptr<IpL4Protocol> protocol, std::function<bool(const Ipv6Header&)> admits);

    int GetProtocolNumber() const override;
    enum RxStatus Receive(Ptr<Packet> packet,
                          const Ipv4Header& header,
                          Ptr<Ipv4Interface> interface) override;
    enum RxStatus Receive(Ptr<Packet> packet,
                          const Ipv6Header& header,
                          Ptr<Ipv6Interface> interface) override;
    void SetDownTarget(DownTargetCallback target) override;
    void SetDownTarget6(DownTargetCallback6 target) override;
    DownTargetCallback GetDownTarget() const override;
    DownTargetCallback6 GetDownTarget6() const override;

  protected:
    void DoDispose() override;

  private:
    Ptr<IpL4Protocol> m_protocol;
    std::function<bool(const Ipv6Header&)> m_admits;
};

} // namespace ns3::mis

#endif // MIS_IPV6_PORT_GATE_H
