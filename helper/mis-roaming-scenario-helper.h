// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Ready-made roaming topologies.
 */
#ifndef MIS_ROAMING_SCENARIO_HELPER_H
#define MIS_ROAMING_SCENARIO_HELPER_H

#include "ns3/mis-constant-rate-flow.h"
#include "ns3/mis-helper.h"
#include "ns3/mis-link-event-listener.h"
#include "ns3/mis-link-event-notifier.h"
#include "ns3/mis-link-profile.h"
#include "ns3/mis-preregistration-recorder.h"
#include "ns3/mis-profile-access-link.h"
#include "ns3/mis-radio-network-helper.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3::mis
{

/**
 * @brief Access networks, each with an access router and a PoS, a WAN, and a home network with a
 * group manager and a correspondent node; mobile nodes that roam from network to network.
 *
 * @verbatim
 *   MN ...MN  --access link--  AR --local-- PoS          (one such network each, "a", "b", ...)
 *                              |
 *                             WAN router -- GM (home)
 *                              |
 *                         correspondent node, AAA server if asked for
 * @endverbatim
 * All links are point-to-multipoint devices with a LinkProfile, IPv4, static routes; with
 * SetLinks("radio") the access links are devices of ns-3.
 */
class RoamingScenarioHelper
{
  public:
    RoamingScenarioHelper();

    /**
     * @brief Adds an access network.
     * @param access profile of the access link
     * @param wan profile of the link to the WAN router
     * @return index of the network
     */
    uint32_t AddNetwork(const LinkProfile& access, const LinkProfile& wan);

    /**
     * @brief Adds an access network.
     * @param access name of a profile; the WAN link has profile "wan"
     * @return index of the network
     */
    uint32_t AddNetwork(const std::string& access);

    /**
     * @brief Chooses what the access links of networks added from now on are.
     * @param links "profile" for link profiles, the default, or "radio" for devices of ns-3; then
     * AddNetwork() takes the name of a technology, see GetRadios()
     */
    void SetLinks(const std::string& links);

    /**
     * @brief Chooses whether mobile nodes use two radios at once in a handover (make before break);
     * of use for radios only.
     * @param dual whether the new link attaches before the handover begins and the old one goes on
     * for a second; the default is one radio at a time (break before make)
     */
    void SetDualRadio(bool dual);

    /**
     * @brief Puts the points of attachment in a row and has the first mobile node move along it; of
     * use for radios only.
     * @param distance from one point of attachment to the next, metres
     * @param speed metres a second
     * @param begin where the mobile nodes begin, metres along the row, and 10 m beside it
     */
    void SetMovement(double distance, double speed, double begin = 0);

    /**
     * @brief Chooses what makes the mobile node of Roam() preregister.
     * @param trigger "timed", the default, or "signal": when its link is going down
     */
    void SetTrigger(const std::string& trigger);

    /// @return the helper that builds access networks of radios
    RadioNetworkHelper& GetRadio()
    {
        return m_radio;
    }

    /**
     * @param mn index of a mobile node
     * @return what tells its serving PoS of link events, nullptr without radios
     */
    Ptr<LinkEventNotifier> GetNotifier(uint32_t mn) const
    {
        return mn < m_notifiers.size() ? m_notifiers[mn] : nullptr;
    }

    /**
     * @param network index of a network
     * @return what receives link events at its PoS, nullptr without radios
     */
    Ptr<LinkEventListener> GetListener(uint32_t network) const
    {
        return network < m_listeners.size() ? m_listeners[network] : nullptr;
    }

    /// @param profile profile of the link between access router and PoS
    void SetLocalLink(const LinkProfile& profile);

    /// @param profile profile of the link of the home network to the WAN router
    void SetHomeLink(const LinkProfile& profile);

    /**
     * @param count mobile nodes
     * @param networks how many networks, from the first, each has an interface for; 0 for all
     */
    void SetMobileNodes(uint32_t count, uint32_t networks = 0);

    /// @param install whether the home network has an AAA server (not the default)
    void SetAaaServer(bool install);

    /// @return the helper that installs the roles, to be configured before Build()
    MisHelper& GetMis()
    {
        return m_mis;
    }

    /**
     * @brief Builds the topology and installs the roles; no path MTU exceeds the MTU of any link.
     * @param firstStream first stream index for random variables
     */
    void Build(int64_t firstStream = 0);

    /**
     * @brief Has the first mobile node roam through all networks: preregister, hand over, and
     * again, with a flow to the correspondent node, and measures each.
     * @param start first preregistration; every following one begins two seconds after the last
     * handover ended
     * @param done called with each record
     */
    void Roam(Time start, std::function<void(uint32_t, const PreregistrationRecord&)> done);

    /// @return end of the roaming at the latest, for Simulator::Stop
    Time GetDuration() const;

    /// @return mobile nodes
    const std::vector<Ptr<MobileNode>>& GetMobileNodes() const
    {
        return m_mobileNodes;
    }

    /// @return points of service by network
    const std::vector<Ptr<PointOfService>>& GetPointsOfService() const
    {
        return m_pointsOfService;
    }

    /// @return the group manager
    Ptr<GroupManager> GetGroupManager() const
    {
        return m_gm;
    }

    /// @return the AAA server, nullptr if there is none
    Ptr<AaaServer> GetAaaServer() const
    {
        return m_aaa;
    }

    /**
     * @param mn index of a mobile node
     * @param network index of a network
     * @return its link to it
     */
    Ptr<AccessLink> GetLink(uint32_t mn, uint32_t network) const
    {
        return m_links[mn][network];
    }

    /// @return all devices, for captures
    const NetDeviceContainer& GetDevices() const
    {
        return m_devices;
    }

    /// @return nodes: mobile nodes, access routers, points of service
    const NodeContainer& GetMobileNodeNodes() const
    {
        return m_mnNodes;
    }

    /**
     * @param network index of a network
     * @return MISF identifier of its PoS
     */
    static std::string PosId(uint32_t network);

    /**
     * @brief Chooses whether the mobile node of Roam() preregisters; if not, each handover is cold:
     * it authenticates in full when it has attached to the next network.
     * @param preregister true is the default; false needs a remedy with a full authentication
     */
    void SetPreregistration(bool preregister);

    /**
     * @param mn index of a mobile node
     * @return its MISF identifier
     */
    static std::string MobileNodeId(uint32_t mn);

  private:
    /// An access network.
    struct Network
    {
        LinkProfile access;
        LinkProfile wan;
        std::string radio; //!< technology, empty for the link profile
    };

    Ptr<Node> MakeNode(bool hasPorts = false);
    RadioAccess BuildRadioAccess(uint32_t index, const NodeContainer& stations);
    void BuildRadioNetwork(uint32_t index);
    void InstallLinkEvents();
    NodeContainer StationsOf(uint32_t index) const;
    void AwaitSignal();
    void OnGoingDown(const LinkTupleId& link, Time left, double confidence);
    void OnDataPath(bool open);
    void HandOver();
    Ipv4Address Connect(Ptr<Node> upper,
                        Ptr<Node> lower,
                        const LinkProfile& profile,
                        Ipv4Address& lowerAddress);
    void BuildNetwork(uint32_t index);
    void LimitPathMtu();
    void BeginPreregistration();
    void OnPreregistration(const PreregistrationReport& report);
    void OnHandover(const HandoverReport& report);
    void BeginHandover();
    void Finish();

    std::vector<Network> m_networks;
    bool m_preregister{true};
    LinkProfile m_local;
    LinkProfile m_home;
    uint32_t m_mnCount{1};
    uint32_t m_mnNetworks{0};
    MisHelper m_mis;

    Ptr<Node> m_wan;
    NodeContainer m_mnNodes;
    NodeContainer m_correspondent;
    std::vector<Ptr<Node>> m_routers;
    NetDeviceContainer m_devices;
    NetDeviceContainer m_hubs;
    std::vector<Ptr<PointOfService>> m_pointsOfService;
    std::vector<Ptr<MobileNode>> m_mobileNodes;
    std::vector<std::vector<Ptr<AccessLink>>> m_links;
    Ptr<GroupManager> m_gm;
    bool m_installAaa{false};
    Ptr<AaaServer> m_aaa;
    Ipv4Address m_correspondentAddress;
    uint32_t m_nextSubnet{0};
    uint64_t m_nextMac{1};

    Ptr<ConstantRateFlow> m_flow;
    Ptr<PreregistrationRecorder> m_recorder;
    std::function<void(uint32_t, const PreregistrationRecord&)> m_done;
    uint32_t m_position{0}; //!< network the first mobile node is in
    bool m_succeeded{false};

    bool m_useRadios{false};
    bool m_hasRadios{false};
    bool m_dual{false};
    bool m_bySignal{false};
    bool m_awaitsSignal{false}; //!< the next preregistration begins when the link is going down
    double m_distance{0};
    double m_speed{0};
    double m_begin{0};
    uint16_t m_radioMtu{UINT16_MAX};
    RadioNetworkHelper m_radio;
    std::vector<Ptr<LinkEventNotifier>> m_notifiers;
    std::vector<Ptr<LinkEventListener>> m_listeners;
};

} // namespace ns3::mis

#endif // MIS_ROAMING_SCENARIO_HELPER_H
