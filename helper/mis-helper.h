// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Installs the roles of preregistration on the nodes of any topology.
 */
#ifndef MIS_HELPER_H
#define MIS_HELPER_H

#include "ns3/attribute.h"
#include "ns3/ipv4-address.h"
#include "ns3/mis-aaa-server.h"
#include "ns3/mis-directory.h"
#include "ns3/mis-eap-establishment.h"
#include "ns3/mis-function.h"
#include "ns3/mis-group-manager.h"
#include "ns3/mis-key-log.h"
#include "ns3/mis-mobile-node.h"
#include "ns3/mis-pairwise-establishment.h"
#include "ns3/mis-point-of-attachment.h"
#include "ns3/mis-point-of-service.h"
#include "ns3/mis-provisioning.h"
#include "ns3/mis-static-establishment.h"
#include "ns3/mis-tls-authenticator.h"
#include "ns3/net-device-container.h"
#include "ns3/node.h"
#include "ns3/object-factory.h"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ns3::mis
{

/**
 * @brief Installs MobileNode, PointOfService and GroupManager, each with a MISF, and everything
 * they share: directory, roaming partners, provisioned security associations and device keys.
 *
 * @code
 * mis::MisHelper mis;
 * mis.SetRemedy("ns3::mis::GroupKeyRemedy", "Path", StringValue("Direct"));
 * auto spos = mis.InstallPointOfService(node1, "spos@a.example", Ipv4Address("10.0.0.1"));
 * auto tpos = mis.InstallPointOfService(node2, "tpos@b.example", Ipv4Address("10.0.1.1"));
 * auto gm = mis.InstallGroupManager(node3, "gm@h.example", Ipv4Address("10.0.2.1"));
 * auto mn = mis.InstallMobileNode(node4, "mn1@a.example", "spos@a.example");
 * @endcode
 *
 * All roles of one helper trust each other; a scenario with strangers uses several helpers, or
 * takes pairs out with GetEstablishment()->Exclude and the partners with
 * SetAutomaticPartners(false).
 */
class MisHelper
{
  public:
    MisHelper();

    /**
     * @brief Chooses the remedy of all mobile nodes and points of service, also of those installed
     * already. Attributes of an earlier choice are forgotten.
     * @param type name of a subclass of ns3::mis::KeyDeliveryRemedy
     * @param attributes names and values in turn
     */
    template <class... Attributes>
    void SetRemedy(const std::string& type, Attributes&&... attributes)
    {
        ObjectFactory factory;
        factory.SetTypeId(CheckRemedy(type));
        SetAttributes(factory, std::forward<Attributes>(attributes)...);
        SetRemedy(factory);
    }

    /// @param remedy factory of a subclass of ns3::mis::KeyDeliveryRemedy
    void SetRemedy(const ObjectFactory& remedy);

    /**
     * @brief Chooses how the security associations of a pair of roles come to be, also for nodes
     * installed already. The default of all pairs is ns3::mis::StaticEstablishment.
     * @param pair the roles
     * @param type name of a subclass of ns3::mis::SaEstablishment
     * @param attributes names and values in turn
     */
    template <class... Attributes>
    void SetEstablishment(SaPair pair, const std::string& type, Attributes&&... attributes)
    {
        ObjectFactory factory;
        factory.SetTypeId(CheckEstablishment(type));
        SetAttributes(factory, std::forward<Attributes>(attributes)...);
        SetEstablishment(pair, factory.Create<SaEstablishment>());
    }

    /**
     * @brief Chooses how the security associations of a pair of roles come to be.
     * @param pair the roles
     * @param establishment serves all nodes of these roles; one object may serve several pairs
     */
    void SetEstablishment(SaPair pair, Ptr<SaEstablishment> establishment);

    /**
     * @brief Has the full authentications of all mobile nodes and points of service run for real,
     * by TLS; without it they are counted.
     * @param tls version and kind of credential
     */
    void SetFullAuthentication(Ptr<TlsEstablishment> tls);

    /**
     * @brief Has the full authentications of all mobile nodes and points of service run for real,
     * by EAP, a point of service being the authenticator that asks the AAA server.
     * @param eap method; the same object may establish the SAs between mobile nodes and points of
     * service, and then keys of the one serve for re-authentications of the other
     */
    void SetFullAuthentication(Ptr<EapEstablishment> eap);

    /**
     * @brief Chooses what link-layer frames of mobile nodes and points of service are, also of
     * those installed already.
     * @param mode Counted (the default) or Real; with Real, each access network needs
     * InstallPointOfAttachment()
     */
    void SetLinkAuthentication(const std::string& mode);

    /// @return whether link-layer frames are those of the access technologies
    bool IsLinkAuthenticationReal() const;

    /**
     * @brief Chooses how mobile nodes authenticate to a network that they come to without a key,
     * where real link-layer frames carry EAP.
     * @param method EAP-TLS (the default), with TLS 1.3 and certificates of both ends, or EAP-GPSK
     */
    void SetLinkMethod(const std::string& method);

    /**
     * @brief Installs the point of attachment of an access network.
     * @param node the node, with an internet stack
     * @param id its MISF identifier
     * @param address where its PoS reaches it
     * @param link the link it offers: technology and its address
     * @param pos identifier of its PoS, which is installed
     * @return the point of attachment, which needs a sender
     */
    Ptr<PointOfAttachment> InstallPointOfAttachment(Ptr<Node> node,
                                                    const std::string& id,
                                                    const Address& address,
                                                    const LinkId& link,
                                                    const std::string& pos);

    /**
     * @brief Chooses what carries MIS between all nodes; to be called before any is installed.
     * @param transport Udp (the default) or Tcp; what goes to a group stays with UDP
     */
    void SetTransport(const std::string& transport);

    /**
     * @brief Sets an attribute of each MISF installed from now on.
     * @param name name of the attribute
     * @param value value
     */
    void SetMisfAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Sets an attribute of each mobile node installed from now on.
     * @param name name of the attribute
     * @param value value
     */
    void SetMobileNodeAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Sets an attribute of each point of service installed from now on.
     * @param name name of the attribute
     * @param value value
     */
    void SetPointOfServiceAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Sets an attribute of each group manager installed from now on.
     * @param name name of the attribute
     * @param value value
     */
    void SetGroupManagerAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Sets an attribute of each point of attachment installed from now on.
     * @param name name of the attribute
     * @param value value
     */
    void SetPointOfAttachmentAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Sets an attribute of each AAA server installed from now on.
     * @param name name of the attribute
     * @param value value
     */
    void SetAaaServerAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @brief Chooses what cryptography costs on the devices installed from now on.
     * @param mobileNode profile of mobile nodes
     * @param infrastructure profile of points of service and group managers
     */
    void SetDeviceProfiles(const std::string& mobileNode, const std::string& infrastructure);

    /// @param automatic whether all points of service of this helper are roaming partners (default)
    void SetAutomaticPartners(bool automatic);

    /// @param provision whether devices get device keys when there is a group manager (default)
    void SetProvisionDeviceKeys(bool provision);

    /**
     * @brief Installs a mobile node; it shares an SA with its serving PoS.
     * @param node the node, with an internet stack
     * @param id its MISF identifier
     * @param servingPos identifier of the PoS that serves it at the start
     * @return the mobile node
     */
    Ptr<MobileNode> InstallMobileNode(Ptr<Node> node,
                                      const std::string& id,
                                      const std::string& servingPos);

    /**
     * @brief Says which PoS is at home for a mobile node: their SA is provisioned, whatever
     * establishment mobile nodes and points of service use. A mobile node that attaches to another
     * PoS first has no SA with it, and establishes one, by EAP with the help of its home.
     * @param mn MISF identifier of the mobile node
     * @param pos MISF identifier of the PoS
     */
    void SetHomePos(const std::string& mn, const std::string& pos);

    /**
     * @brief Installs a point of service.
     * @param node the node, with an internet stack
     * @param id its MISF identifier
     * @param address where it is reached
     * @param links points of attachment of its access network
     * @return the point of service
     */
    Ptr<PointOfService> InstallPointOfService(Ptr<Node> node,
                                              const std::string& id,
                                              const Address& address,
                                              const std::vector<LinkId>& links = {});

    /**
     * @brief Installs a group manager; all points of service turn to it.
     * @param node the node, with an internet stack; it may be that of a PoS, and then has its id
     * @param id its MISF identifier
     * @param address where it is reached
     * @return the group manager
     */
    Ptr<GroupManager> InstallGroupManager(Ptr<Node> node,
                                          const std::string& id,
                                          const Address& address);

    /**
     * @brief Installs the AAA server that authenticates all mobile nodes; all points of service
     * are its RADIUS clients. ns3::mis::EapEstablishment needs one.
     * @param node the node, with an internet stack
     * @param id its MISF identifier, which is the name of the server
     * @param address IP address where it is reached
     * @return the server
     */
    Ptr<AaaServer> InstallAaaServer(Ptr<Node> node, const std::string& id, const Address& address);

    /**
     * @brief Installs the AAA server of a visited operator. Its points of service are its RADIUS
     * clients; it passes on to the home server, which must be installed, and lets
     * re-authentications by ERP stay in its domain.
     * @param node the node, with an internet stack
     * @param id its MISF identifier, whose domain is that of the operator
     * @param address IP address where it is reached
     * @param pointsOfService identifiers of the operator's points of service, installed already
     * @return the server
     */
    Ptr<AaaServer> InstallLocalAaaServer(Ptr<Node> node,
                                         const std::string& id,
                                         const Address& address,
                                         const std::vector<std::string>& pointsOfService);

    /**
     * @brief Installs a MISF alone, for a role that this helper does not know; it has the profile
     * of the infrastructure.
     * @param node the node, with an internet stack
     * @param id its MISF identifier
     * @return the MISF, maybe one that was there
     */
    Ptr<Misf> InstallFunction(Ptr<Node> node, const std::string& id);

    /// @return directory of points of service
    Ptr<PosDirectory> GetDirectory() const
    {
        return m_directory;
    }

    /// @return certificates and pre-shared keys of the nodes
    Ptr<CredentialStore> GetCredentials() const
    {
        return m_credentials;
    }

    /// @return provisioned security associations
    Ptr<StaticEstablishment> GetEstablishment() const
    {
        return m_provisioning->GetEstablishment();
    }

    /// @return all MISFs installed
    const std::vector<Ptr<Misf>>& GetMisfs() const
    {
        return m_misfs;
    }

    /**
     * @brief Captures what devices send and receive; tshark reads the files.
     * @param prefix of the file names: `<prefix>-<node>-<device>.pcap`; its folder is made
     * @param devices point-to-point, CSMA or point-to-multipoint devices
     */
    void EnablePcap(const std::string& prefix, const NetDeviceContainer& devices);

    /**
     * @brief Records the secrets of all MISFs, also of those installed already.
     * @param file where; NS_FATAL_ERROR if it can not be written
     */
    void EnableKeyLog(const std::string& file);

    /**
     * @brief Records every frame that all MISFs, also those installed later, send and receive: time
     * in ns, MISF identifier, tx or rx, MID, TID, octets, name of the message, name in the
     * contribution, separated by tabs.
     * @param file where; NS_FATAL_ERROR if it can not be written
     */
    void EnableFrameLog(const std::string& file);

    /**
     * @brief Writes what key log and frame log still hold back.
     * @return false if some of either could not be written, as on a full disk
     */
    bool FlushLogs();

    /**
     * @brief Fixes the random variables of all that was installed.
     * @param stream first stream index
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  private:
    static void SetAttributes(ObjectFactory&)
    {
    }

    template <class Value, class... Rest>
    static void SetAttributes(ObjectFactory& factory,
                              const std::string& name,
                              const Value& value,
                              Rest&&... rest)
    {
        factory.Set(name, value);
        SetAttributes(factory, std::forward<Rest>(rest)...);
    }

    static TypeId CheckRemedy(const std::string& type);
    static TypeId CheckEstablishment(const std::string& type);
    void SetRole(Ptr<Misf> misf, MisfRole role);

    template <class Entity>
    void UseFullAuthentication(Ptr<Entity> entity, bool isServer)
    {
        if (m_fullAuthentication)
        {
            // The MISF holds the entity's node, and the entity this.
            entity->SetFullAuthentication(
                [make = m_fullAuthentication, misf = PeekPointer(entity->GetMisf()), isServer](
                    const MisfId& peer) { return make(*misf, peer, isServer); });
        }
    }

    void UseFullAuthentications();
    void UseLinkAuthentication(Ptr<MobileNode> mn);
    void UseLinkAuthentication(Ptr<PointOfService> pos);
    void UseAaaServer(Ptr<SaEstablishment> establishment);
    void UseAaaServers();
    Ptr<Misf> InstallMisf(Ptr<Node> node, const std::string& id, const std::string& profile);
    PeerAddress PeerAddressOf(const Address& address) const;

    template <class Entity>
    void UseRemedy(Ptr<Entity> entity)
    {
        entity->SetAttribute("Remedy", ObjectFactoryValue(m_remedy));
        entity->ShareRemedy(m_sharedRemedy);
    }

    ObjectFactory m_remedy;
    Ptr<KeyDeliveryRemedy> m_sharedRemedy;
    ObjectFactory m_misfFactory;
    ObjectFactory m_mnFactory;
    ObjectFactory m_posFactory;
    ObjectFactory m_gmFactory;
    ObjectFactory m_aaaFactory;
    ObjectFactory m_poaFactory;
    std::string m_linkMethod;
    TransportType m_transport{TransportType::UDP};
    LinkAuthenticationMode m_linkAuthentication{LinkAuthenticationMode::COUNTED};
    std::shared_ptr<PointOfService::Subscribers> m_subscribers;
    std::string m_mnProfile;
    std::string m_infrastructureProfile;
    bool m_automaticPartners{true};

    Ptr<PosDirectory> m_directory;
    Ptr<Provisioning> m_provisioning;
    Ptr<PairwiseEstablishment> m_pairwise;
    Ptr<CredentialStore> m_credentials;
    /// Makes one end of a full authentication, empty if they are counted.
    std::function<std::unique_ptr<FullAuthentication>(Misf&, const MisfId& peer, bool isServer)>
        m_fullAuthentication;
    Ptr<EapEstablishment> m_fullEap; //!< of the full authentications, nullptr if not by EAP
    Ptr<KeyLog> m_keyLog;
    std::shared_ptr<std::ofstream> m_frameLog;
    std::shared_ptr<std::set<MisfId>> m_pos;        //!< roaming partners
    std::shared_ptr<std::set<MisfId>> m_federation; //!< points of service and group managers
    std::vector<Ptr<Misf>> m_misfs;
    std::vector<Ptr<MobileNode>> m_mobileNodes;
    std::vector<Ptr<PointOfService>> m_pointsOfService;
    MisfId m_gmId;
    Ptr<AaaServer> m_aaa;
    Address m_aaaAddress;

    /// A point of service whose AAA server is that of its operator.
    struct LocalClient
    {
        MisfId pos;
        MisfId server;
        Address address;
    };

    std::vector<LocalClient> m_localClients;
};

} // namespace ns3::mis

#endif // MIS_HELPER_H
