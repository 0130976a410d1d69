// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What the access links over devices of ns-3 have in common.
 */
#ifndef MIS_RADIO_ACCESS_LINK_H
#define MIS_RADIO_ACCESS_LINK_H

#include "ns3/address.h"
#include "ns3/mis-mobile-node.h"
#include "ns3/mis-monitored-access-link.h"
#include "ns3/net-device.h"

#include <functional>
#include <vector>

namespace ns3::mis
{

/**
 * @brief An interface of a mobile node with a radio, or a plug, and its routes.
 *
 * Attach() has the radio attach, and routes to the authentication peers of the new network over
 * this link. All other traffic stays on the old link, if that is still there, until the mobile node
 * reports that user data may flow; then the default route moves here and, where the node has
 * ControlledPorts, the port opens.
 *
 * A subclass begins to attach in StartRadio() and says when it is done by RadioUp() and, if user
 * data can flow only later, RadioReady(). It leaves in StopRadio(). One that only watches its
 * device says so by WatchOnly(), and both are never called.
 */
class RadioAccessLink : public MonitoredAccessLink
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @param device device of the mobile node; its node has static routing of the version of IP
     * that the gateway has
     * @param gateway IPv4 or IPv6 address of the access router
     * @param peers addresses of the same version that take part in the authentication, such as that
     * of the PoS
     */
    void SetInterface(Ptr<NetDevice> device,
                      const Address& gateway,
                      const std::vector<Address>& peers);

    /// @param id the link by its technology and the address of its point of attachment
    void SetLinkTupleId(const LinkTupleId& id)
    {
        m_id = id;
    }

    /**
     * @brief Opens the port of this link whenever a mobile node whose link it is says so.
     * @param mn the mobile node
     */
    void Follow(Ptr<MobileNode> mn);

    /// @return link and point of attachment; where the link carries frames of link authentication,
    /// whose keys are bound to both ends, the link by the address of the mobile node
    LinkTupleId GetLinkTupleId() const override;

    void Attach(std::function<void()> attached) override;
    void Prepare(std::function<void()> ready) override;
    void Detach() override;
    bool Lingers() const override;

    /// @return device of the mobile node
    Ptr<NetDevice> GetDevice() const
    {
        return m_device;
    }

  protected:
    void DoDispose() override;

    /**
     * @brief Others attach and detach the radio, and it is left alone: Attach() waits until it is
     * attached, and Detach() only closes the port and takes the routes away.
     */
    void WatchOnly();

    /// @return whether the radio shall be attached
    bool IsWanted() const
    {
        return m_isWanted;
    }

    /// The radio is attached.
    void RadioUp();

    /// The radio can carry user data; implied by nothing else.
    void RadioReady();

    /**
     * @brief The radio is no longer attached.
     * @param reason why
     */
    void RadioDown(LinkDownReason reason);

  private:
    /// Begins to attach; the end is reported by RadioUp() and RadioReady(), maybe at once.
    virtual void StartRadio() = 0;

    /// Leaves, or gives up attaching; RadioDown() need not be called.
    virtual void StopRadio() = 0;

    void AwaitRadio(std::function<void()> ready);
    void Want();
    void Release();
    void OpenPort();
    void RouteToPeers(bool add);
    void SetPort(bool open);
    static void OnDataPath(RadioAccessLink* self, MobileNode* mn, bool open);

    // attributes
    Time m_linger;

    Ptr<NetDevice> m_device;
    Address m_gateway;
    std::vector<Address> m_peers;
    LinkTupleId m_id;
    bool m_watchesOnly{false};
    bool m_isWanted{false};
    bool m_hasPeerRoutes{false};
    EventId m_release;
    std::vector<std::function<void()>> m_waiting; //!< for the radio to be ready
};

} // namespace ns3::mis

#endif // MIS_RADIO_ACCESS_LINK_H
