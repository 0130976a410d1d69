// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Which packets pass the controlled ports of a node.
 */
#ifndef MIS_CONTROLLED_PORTS_H
#define MIS_CONTROLLED_PORTS_H

#include "ns3/address.h"
#include "ns3/node.h"
#include "ns3/ptr.h"

#include <cstdint>
#include <functional>
#include <map>
#include <set>

namespace ns3::mis
{

/**
 * @brief Controlled ports of a node (IEEE 802.1X): over an interface that is one, and not open,
 * only packets to and from those pass who take part in the authentication.
 *
 * A mobile node has one port on each link and opens it itself. At an access router each station
 * has a port of its own, of which SetAuthorization() tells; what the router itself sends passes.
 *
 * What other interfaces do is not changed. Address resolution passes always. Addresses are of the
 * IP version whose routing has the ports.
 */
class ControlledPorts
{
  public:
    virtual ~ControlledPorts() = default;

    /**
     * @param node a node
     * @param like any address of an IP version
     * @return the ports of its routing of this version, nullptr if it has none
     */
    static ControlledPorts* Find(Ptr<Node> node, const Address& like);

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
    void Allow(uint32_t interface, const Address& address);

    /// Whether the station with an address may send and receive.
    using Authorization = std::function<bool(const Address& station)>;

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
    void SetEntered(const Address& station, bool isThere);

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

  protected:
    /// An interface is a controlled port now. @param interface its index
    virtual void OnPortAdded(uint32_t interface);

    /**
     * @param interface the packet would leave by
     * @param from its source
     * @param to its destination
     * @param isForwarded whether it comes from somebody else
     * @return whether it passes
     */
    bool PassesOut(uint32_t interface,
                   const Address& from,
                   const Address& to,
                   bool isForwarded) const;

    /**
     * @param interface the packet came by
     * @param from its source
     * @param to its destination
     * @return whether it passes
     */
    bool PassesIn(uint32_t interface, const Address& from, const Address& to) const;

    /// @return whether packets of others have to be looked at when they leave
    bool GuardsForwarding() const;

    /// A packet did not pass.
    void CountDrop()
    {
        ++m_drops;
    }

  private:
    /// A controlled port.
    struct Port
    {
        bool isOpen{false};
        std::set<Address> allowed;
        Authorization authorization; //!< of an access router
    };

    Port& PortOf(uint32_t interface);

    std::map<uint32_t, Port> m_ports; //!< by interface
    std::set<Address> m_absent;       //!< stations that have not entered
    uint64_t m_drops{0};
};

} // namespace ns3::mis

#endif // MIS_CONTROLLED_PORTS_H
