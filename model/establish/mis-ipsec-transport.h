// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * IKEv2 and ESP of a node with a MISF.
 */
#ifndef MIS_IPSEC_TRANSPORT_H
#define MIS_IPSEC_TRANSPORT_H

#include "ns3/event-id.h"
#include "ns3/ipv4-address.h"
#include "ns3/mis-esp.h"
#include "ns3/mis-function.h"
#include "ns3/mis-ikev2-endpoint.h"
#include "ns3/mis-transport-users.h"
#include "ns3/socket.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3::mis
{

/**
 * @param kind what happened to an SA
 * @return its name, such as "child-sa-rekeyed"
 */
const char* ToString(Ikev2Event::Kind kind);

/// Something that happened to an IKE SA or a Child SA, without its keys.
struct Ikev2Report
{
    MisfId local;            //!< this end
    MisfId peer;             //!< the other end, authenticated unless the kind is FAILED
    Ikev2Event::Kind kind{}; //!< what happened
    std::string outcome;     //!< "success", or why an SA failed or went down
    bool isInitiator{false}; //!< whether this end has initiated the IKE SA
    uint32_t spiIn{0};       //!< SPI of packets received under the Child SA, 0 for an IKE SA
    uint32_t spiOut{0};      //!< SPI of packets sent under the Child SA, 0 for an IKE SA
};

/**
 * @brief IKEv2 on UDP port 500, and MIS over UDP port 4551 in ESP in tunnel mode, IP protocol 50.
 *
 * A Child SA protects the datagrams between port 4551 of both ends; inner and outer addresses are
 * the same. IPv4 only. After a rekey, who has asked for it sends under the new Child SA at once,
 * the other end when something has come under it, or when the old one goes: so that no packet
 * comes before its SA, and none after it.
 */
class IpsecTransport : public Transport, public std::enable_shared_from_this<IpsecTransport>
{
  public:
    /// An establishment that uses it. All of a node need the same configuration.
    struct User
    {
        std::weak_ptr<const void> life;                       //!< gone with the establishment
        std::function<std::string()> describe;                //!< attributes as text
        std::function<Ikev2Configuration()> configure;        //!< of the node
        std::function<void(const Ikev2Report&)> onEvent;      //!< called with each event
        std::function<void(const char*, const char*)> onDrop; //!< protocol, reason
        std::function<void(const MisfId&, const std::string&)> onEnd; //!< end of Establish()
    };

    /// @param misf MISF of the node, which owns this
    explicit IpsecTransport(Misf& misf);
    ~IpsecTransport() override;

    /**
     * @brief Adds an establishment, unless it is known.
     * @param user the establishment
     */
    void Join(User user)
    {
        m_users.Join(std::move(user));
    }

    /// @return whether any establishment still uses it
    bool IsUsed() const
    {
        return m_users.IsUsed();
    }

    /**
     * @brief Sets up an IKE SA and a Child SA with a peer; its users hear of the end.
     * @param peer the peer
     */
    void Establish(const MisfId& peer);

    /**
     * @brief Replaces the Child SAs with a peer.
     * @param peer the peer
     */
    void RekeyChildren(const MisfId& peer);

    /**
     * @brief Replaces the IKE SA with a peer.
     * @param peer the peer
     */
    void Rekey(const MisfId& peer);

    /**
     * @brief Deletes all SAs with a peer.
     * @param peer the peer
     */
    void Delete(const MisfId& peer);

    void Open() override;
    bool Send(Ptr<Packet> frame, const PeerAddress& to) override;
    size_t Mtu(const PeerAddress& to) const override;

    /// @return packets and messages dropped so far
    uint64_t GetDrops() const
    {
        return m_drops;
    }

    /// @return IKE SAs in whatever state
    size_t CountIkeSas() const
    {
        return m_endpoint ? m_endpoint->CountStates() : 0;
    }

  private:
    /// A Child SA.
    struct Child
    {
        uint64_t lineage;
        EspSender sender;
        EspReceiver receiver;
        std::vector<ikev2::TrafficSelector> local;
        std::vector<ikev2::TrafficSelector> remote;
    };

    /// What an IKE SA and those that follow it have in common.
    struct Lineage
    {
        MisfId peer;
        Ipv4Address host;           //!< of the peer
        Ipv4Address source;         //!< of this end, towards the peer
        Said said;                  //!< of the association
        SecretBytes root;           //!< that MIAK is derived from
        bool isOpen{false};         //!< whether the association exists
        uint32_t spiIn{0};          //!< Child SA to send with, by the SPI of its other direction
        uint32_t spiInNext{0};      //!< Child SA to send with from its first packet on, 0 for none
        uint16_t identification{0}; //!< of inner packets
    };

    Ikev2Endpoint& Endpoint();
    void Process(Ikev2Output output);
    void Transmit(const Ikev2Datagram& datagram);
    void OnEvent(const Ikev2Event& event);
    void OnChild(const Ikev2Event& event);
    void OnChildDown(const Ikev2Event& event);
    void End(const MisfId& peer, const std::string& reason);
    void CleanUp();
    void Drop(const char* protocol, const char* reason);
    void Arm();
    void OnTimer();
    void OnIke(Ptr<Socket> socket);
    void OnEsp(Ptr<Socket> socket);
    void ReceiveEsp(ByteView packet);
    void Deliver(const Child& child, const Bytes& inner);
    Ipv4Address SourceFor(Ipv4Address destination) const;

    Misf& m_misf;
    TransportUsers<User> m_users;
    std::unique_ptr<Ikev2Endpoint> m_endpoint; //!< made when first needed
    Ptr<Node> m_node;
    Ptr<Socket> m_ike;
    Ptr<Socket> m_esp;
    EventId m_timer;
    int64_t m_timerNs{INT64_MAX};
    std::set<MisfId> m_wanted;                            //!< peers whose SA somebody waits for
    std::set<MisfId> m_childless;                         //!< peers that have lost a Child SA
    std::map<uint64_t, Lineage> m_lineages;               //!< by number
    std::map<uint32_t, Child> m_children;                 //!< by SPI of packets received
    std::map<Ipv4Address, std::vector<uint64_t>> m_hosts; //!< lineages that are open, newest last
    uint64_t m_drops{0};
};

} // namespace ns3::mis

#endif // MIS_IPSEC_TRANSPORT_H
