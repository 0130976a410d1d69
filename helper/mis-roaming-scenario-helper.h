// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Ready-made roaming topologies.
 */
#ifndef MIS_ROAMING_SCENARIO_HELPER_H
#define MIS_ROAMING_SCENARIO_HELPER_H

#include "ns3/mis-anchor-helper.h"
#include "ns3/mis-constant-rate-flow.h"
#include "ns3/mis-helper.h"
#include "ns3/mis-link-attachment.h"
#include "ns3/mis-link-event-listener.h"
#include "ns3/mis-link-event-notifier.h"
#include "ns3/mis-link-profile.h"
#include "ns3/mis-preregistration-recorder.h"
#include "ns3/mis-profile-access-link.h"
#include "ns3/mis-radio-network-helper.h"
#include "ns3/mis-traffic-helper.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"

#include <functional>
#include <memory>
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
 *                         correspondent node, AAA servers if asked for
 * @endverbatim
 * All links are point-to-multipoint devices with a LinkProfile, and static routes of IPv4 or, with
 * SetAddressFamily("ipv6"), IPv6; with SetLinks("radio") the access links are devices of ns-3.
 */
class RoamingScenarioHelper
{
  public:
    /// Distance of the mobile nodes from the row of points of attachment, metres.
    static constexpr double BESIDE_M = 10;

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
     * @brief Chooses by which version of IP everything goes; before AddNetwork().
     * @param family "ipv4", the default, or "ipv6", for which there is no mobility anchor, no
     * Ikev2Establishment and no WiMAX radio
     */
    void SetAddressFamily(const std::string& family);

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
     * @param begin where the mobile nodes begin, metres along the row, and BESIDE_M beside it
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

    /// @param atHome whether the first network is the home of the mobile nodes (not the default):
    /// their SA with its PoS is provisioned, whatever establishment they use elsewhere
    void SetFirstAtHome(bool atHome);

    /**
     * @brief Gives the operator of visited networks an AAA server, with a local link to the WAN
     * router; there must be one at home too.
     * @param id MISF identifier, such as aaa@visited.example
     * @param firstNetwork its networks are this one and all behind it
     */
    void SetLocalAaaServer(const std::string& id, uint32_t firstNetwork = 0);

    /// Who registers a mobile node with its mobility anchor.
    enum class Anchor : uint8_t
    {
        NONE,   //!< there is no anchor
        CLIENT, //!< the mobile node (Mobile IPv6)
        NETWORK //!< its access router (Proxy Mobile IPv6)
    };

    /// @param anchor whether the home network has a mobility anchor (not by default), and its kind
    void SetAnchor(Anchor anchor);

    /// @param authenticate whether updates of bindings are authenticated (by default)
    void SetAnchorAuthentication(bool authenticate);

    /**
     * @brief Has user traffic flow between the first mobile node, at its home address, and the
     * correspondent node while Roam() goes on; without SetAnchor() there will be an anchor of kind
     * CLIENT.
     * @param kind voip, video or tcp
     * @param directions "down", "up" or "both"
     */
    void SetTraffic(const std::string& kind, const std::string& directions);

    /**
     * @brief Has the user traffic flow; Roam() does so itself, this is for mobile nodes that
     * somebody else has roam, such as a HandoverPolicy.
     * @param begin first frames, from now
     * @param end no frame after it
     */
    void StartTraffic(Time begin, Time end);

    /// @return the traffic, nullptr if there is none; before Roam() or StartTraffic() it has no
    /// flows
    TrafficHelper* GetTraffic() const
    {
        return m_traffic.get();
    }

    /// Figures of the traffic around a handover, by flow.
    using TrafficRecords = std::vector<TrafficRecord>;

    /**
     * @brief Has the traffic of each handover reported, after the record of the same handover.
     * @param done called with the network left, the figures, begin and end of the handover
     */
    void ObserveTraffic(
        std::function<void(uint32_t, const TrafficRecords&, Time begin, Time end)> done);

    /// @return the anchor, nullptr if there is none
    Ptr<MobilityAnchor> GetAnchor() const
    {
        return m_anchor ? m_anchor->GetAnchor() : nullptr;
    }

    /// @return by mobile node, empty without an anchor
    const std::vector<Ptr<MobilityClient>>& GetMobilityClients() const
    {
        return m_clients;
    }

    /// @return by network, empty unless the network registers
    const std::vector<Ptr<MobileAccessGateway>>& GetGateways() const
    {
        return m_gateways;
    }

    /**
     * @brief Makes all mobile nodes a group that can preregister together, and has each access
     * router forward what its PoS sends to an IP multicast address; before Build(). Over LTE and
     * WiMAX, which carry no multicast in ns-3, the PoS sends a copy to each mobile node.
     * @param group MISF identifier of the group, to be the Group of GroupKeyRemedy
     */
    void SetGroup(const std::string& group);

    /// @param mn index of a mobile node @return its home address
    static Ipv4Address HomeAddress(uint32_t mn);

    /// @return node of the correspondent
    Ptr<Node> GetCorrespondent() const
    {
        return m_correspondent.Get(0);
    }

    /// @return IPv4 or IPv6 address of the correspondent
    const Address& GetCorrespondentAddress() const
    {
        return m_correspondentAddress;
    }

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
     * handover ended, with radios one second
     * @param done called with each record
     */
    void Roam(Time start, std::function<void(uint32_t, const PreregistrationRecord&)> done);

    /**
     * @return the earliest start of Roam() at which the first mobile node is attached to the first
     * network, and its binding at a mobility anchor is made; with several mobile nodes that attach
     * at once it may take longer. After Build()
     */
    Time GetEarliestStart();

    /**
     * @brief Chooses the way of Roam(); the default is from each network to the next.
     * @param path indices of networks, of which two in a row differ; the first is 0
     */
    void SetPath(std::vector<uint32_t> path);

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

    /// @return points of attachment by network, none unless link-layer frames are real
    const std::vector<Ptr<PointOfAttachment>>& GetPointsOfAttachment() const
    {
        return m_pointsOfAttachment;
    }

    /**
     * @param network index of a network
     * @return what connects its point of attachment to its device
     */
    Ptr<LinkAttachment> GetAttachment(uint32_t network) const
    {
        return m_attachments[network];
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

    /// @return the AAA server of the visited operator, nullptr if there is none
    Ptr<AaaServer> GetLocalAaaServer() const
    {
        return m_localAaa;
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

    /**
     * @brief Captures what all devices, radios included, send and receive; after Build().
     * @param prefix of the file names: `<prefix>-<node>-<device>.pcap`; its folder is made
     */
    void EnablePcap(const std::string& prefix);

    /// @return all devices but those of radios, for captures
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
     * @param network index of a network
     * @return MISF identifier of its point of attachment
     */
    static std::string PointOfAttachmentId(uint32_t network);

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
        std::string radio;           //!< technology, empty for the link profile
        uint32_t posInterface{0};    //!< of the access router, towards the PoS
        bool carriesMulticast{true}; //!< to mobile nodes
    };

    /// A link between two nodes.
    struct Connection
    {
        Address upper;           //!< address of the node nearer to the WAN
        uint32_t upperInterface; //!< index of its interface
        Address lower;           //!< address of the other one, whose default route it is
    };

    Ptr<Node> MakeNode(bool withListRouting = false, bool hasPorts = false);
    void BuildGroup();
    uint16_t SmallestMtu() const;
    int64_t BuildAnchor(int64_t stream);
    void BuildGateways();
    void ReportTraffic();
    void OnHandoverBegin(const HandoverReport& report);
    static void OnLinkDown(Ptr<MobileAccessGateway> gateway, const HandoverReport& report);
    RadioAccess BuildRadioAccess(uint32_t index, const NodeContainer& stations);
    LinkId JoinRadioLinks(const RadioAccess& access, const Address& posAddress);
    void AttachPointOfAttachment(uint32_t index,
                                 Ptr<PointOfAttachment> poa,
                                 const RadioAccess& access,
                                 const Address& posAddress);
    LinkId BuildProfileAccess(uint32_t index, Ptr<Node> router);
    void InstallLinkEvents();
    NodeContainer StationsOf(uint32_t index) const;
    void AwaitSignal();
    void OnGoingDown(const LinkTupleId& link, Time left, double confidence);
    void OnDataPath(bool open);
    void HandOver();
    Connection Connect(Ptr<Node> upper, Ptr<Node> lower, const LinkProfile& profile);
    void BuildNetwork(uint32_t index);
    void AcquaintNeighbours();
    void BuildHome();
    void BuildMobileNodes();
    void OnFirstAttachment(uint32_t mn);
    Time BeforeHandover() const;
    Time Drain() const;
    void LimitPathMtu();
    uint32_t NetworkAt(uint32_t position) const;
    uint32_t PathLength() const;
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
    std::vector<Address> m_routerAddresses;     //!< of the routers, towards the WAN
    std::vector<Ptr<NetDevice>> m_accessHubs;   //!< of the routers, towards the mobile nodes
    std::vector<NetDeviceContainer> m_stations; //!< of the mobile nodes, by network
    NetDeviceContainer m_devices;
    NetDeviceContainer m_hubs;
    std::vector<Ptr<PointOfService>> m_pointsOfService;
    std::vector<Ptr<PointOfAttachment>> m_pointsOfAttachment;
    std::vector<Ptr<LinkAttachment>> m_attachments;
    std::vector<Ptr<MobileNode>> m_mobileNodes;
    std::vector<std::vector<Ptr<AccessLink>>> m_links;
    Ptr<GroupManager> m_gm;
    bool m_installAaa{false};
    bool m_firstAtHome{false};
    Ptr<AaaServer> m_aaa;
    std::string m_localAaaId; //!< empty for none
    uint32_t m_localAaaFirst{0};
    Ptr<AaaServer> m_localAaa;
    Address m_correspondentAddress;
    bool m_isIpv6{false};
    uint32_t m_nextSubnet{0};
    uint64_t m_nextMac{1};

    std::string m_group; //!< empty without one
    Anchor m_anchorKind{Anchor::NONE};
    bool m_authenticateUpdates{true};
    std::unique_ptr<AnchorHelper> m_anchor;
    std::vector<Ptr<MobilityClient>> m_clients;
    std::vector<Ptr<MobileAccessGateway>> m_gateways;
    std::unique_ptr<TrafficHelper> m_traffic;
    std::string m_trafficDirections;
    std::function<void(uint32_t, const TrafficRecords&, Time, Time)> m_trafficDone;
    Time m_handoverBegin; //!< of the last handover
    Time m_handoverEnd;   //!< of the last handover
    int64_t m_nextStream{0};

    Ptr<ConstantRateFlow> m_flow;
    Ptr<PreregistrationRecorder> m_recorder;
    std::function<void(uint32_t, const PreregistrationRecord&)> m_done;
    std::vector<uint32_t> m_path; //!< networks in the order of Roam(), all if empty
    uint32_t m_position{0};       //!< place on it of the first mobile node
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
