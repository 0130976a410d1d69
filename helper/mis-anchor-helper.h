// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Installs the mobility anchor and who registers with it.
 */
#ifndef MIS_ANCHOR_HELPER_H
#define MIS_ANCHOR_HELPER_H

#include "ns3/attribute.h"
#include "ns3/ipv4-address.h"
#include "ns3/mis-helper.h"
#include "ns3/mis-mobile-access-gateway.h"
#include "ns3/mis-mobility-anchor.h"
#include "ns3/mis-mobility-client.h"
#include "ns3/mis-random-source.h"
#include "ns3/object-factory.h"

#include <string>
#include <vector>

namespace ns3::mis
{

/**
 * @brief Installs a MobilityAnchor, MobilityClients and MobileAccessGateways, with the keys they
 * share.
 *
 * @code
 * mis::AnchorHelper anchor(mis);
 * anchor.InstallAnchor(homeNode, "anchor@home.example", "172.16.0.9", "192.168.0.1", "/16");
 * auto client = anchor.InstallClient(mn, "192.168.0.2");
 * client->AddRoute("172.16.0.13", "/32"); // a correspondent node
 * @endcode
 *
 * Whatever is sent to the home network has to be routed to the anchor's node. With
 * InstallGateway on the access routers, and InstallClient with registration set to false, the
 * network registers the mobile nodes.
 */
class AnchorHelper
{
  public:
    /// @param mis helper that installs the roles; outlives this one
    explicit AnchorHelper(MisHelper& mis);

    /**
     * @brief Sets an attribute of all that is installed from now on and has it.
     * @param name its name
     * @param value its value
     */
    void SetAttribute(const std::string& name, const AttributeValue& value);

    /// @param authenticate whether Binding Updates are authenticated (default)
    void SetAuthentication(bool authenticate);

    /**
     * @brief Fixes the keys; before anything is installed.
     * @param stream first stream index
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    /**
     * @brief Installs the anchor.
     * @param node its node, with an internet stack
     * @param id MISF identifier of the node
     * @param address where it is reached from visited networks
     * @param home its address in the home network
     * @param mask mask of the home network
     * @return the anchor
     */
    Ptr<MobilityAnchor> InstallAnchor(Ptr<Node> node,
                                      const std::string& id,
                                      Ipv4Address address,
                                      Ipv4Address home,
                                      Ipv4Mask mask);

    /**
     * @brief Gives a mobile node its home address.
     * @param mn the mobile node
     * @param home its home address
     * @param registration whether it registers itself, or gateways do that
     * @return the client
     */
    Ptr<MobilityClient> InstallClient(Ptr<MobileNode> mn,
                                      Ipv4Address home,
                                      bool registration = true);

    /**
     * @brief Installs a gateway.
     * @param router access router, with Ipv4ListRouting
     * @param id MISF identifier of its node
     * @param address its own address towards the anchor
     * @return the gateway; it needs to know its mobile nodes and which PoS to follow
     */
    Ptr<MobileAccessGateway> InstallGateway(Ptr<Node> router,
                                            const std::string& id,
                                            Ipv4Address address);

    /// @return the anchor, nullptr before InstallAnchor()
    Ptr<MobilityAnchor> GetAnchor() const
    {
        return m_anchor;
    }

  private:
    void Configure(Ptr<Object> object) const;
    MobilityAssociation MakeAssociation();

    MisHelper& m_mis;
    StreamRandomSource m_random;
    bool m_authenticate{true};
    Ptr<MobilityAnchor> m_anchor;
    Ipv4Address m_address;
    uint32_t m_nextSpi;

    /// An attribute to set.
    struct Setting
    {
        std::string name;
        Ptr<AttributeValue> value;
    };

    std::vector<Setting> m_settings;
};

} // namespace ns3::mis

#endif // MIS_ANCHOR_HELPER_H
