// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Roaming scenarios with real link authentication, and a tap for its frames.
 */
#ifndef MIS_PROACTIVE_TEST_HELPERS_H
#define MIS_PROACTIVE_TEST_HELPERS_H

#include "mis-scenario-test.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-link-frame-port.h"
#include "ns3/mis-point-of-attachment.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3::mis::test
{

/// Types of link that have an authentication.
inline const std::vector<LinkType> REAL_LINK_TYPES{LinkType::WIFI,
                                                   LinkType::ETHERNET,
                                                   LinkType::WIMAX,
                                                   LinkType::UMTS};

/// A frame of link authentication that has come to an end of the new link.
struct LinkSight
{
    bool isUp;       //!< from the mobile node
    uint16_t type;   //!< EtherType
    uint32_t octets; //!< payload
};

/**
 * @brief Stands between a device and what the node does with its packets, and may lose frames of
 * link authentication.
 */
class LinkTap
{
  public:
    /// Whether a frame arrives.
    using Rule = std::function<bool(const LinkSight& frame)>;

    /**
     * @param device device to stand behind
     * @param port port of the device
     * @param isUp whether what comes there is from mobile nodes
     * @param rule what arrives
     */
    LinkTap(Ptr<NetDevice> device, Ptr<LinkFramePort> port, bool isUp, Rule rule)
        : m_port(port),
          m_isUp(isUp),
          m_rule(std::move(rule))
    {
        device->SetReceiveCallback(MakeCallback(&LinkTap::Receive, this));
    }

  private:
    bool Receive(Ptr<NetDevice> device,
                 Ptr<const Packet> packet,
                 uint16_t protocol,
                 const Address& from)
    {
        if (protocol == assigned::ETHERTYPE_EAPOL || protocol == assigned::ETHERTYPE_LINK_FRAME)
        {
            if (m_rule({m_isUp, protocol, packet->GetSize()}))
            {
                m_port->Receive(device,
                                packet,
                                protocol,
                                from,
                                device->GetAddress(),
                                NetDevice::PACKET_HOST);
            }
            return true;
        }
        device->GetNode()->GetObject<Ipv4L3Protocol>()->Receive(device,
                                                                packet,
                                                                protocol,
                                                                from,
                                                                device->GetAddress(),
                                                                NetDevice::PACKET_HOST);
        return true;
    }

    Ptr<LinkFramePort> m_port;
    bool m_isUp;
    Rule m_rule;
};

/// A roaming scenario with real link authentication.
class RealScenario : public Scenario
{
  public:
    /**
     * @param types technologies of the networks in turn
     * @param remedy type and attributes of the remedy
     * @param run run number of the random variables
     */
    explicit RealScenario(const std::vector<LinkType>& types,
                          const std::string& remedy = "ns3::mis::SaProtectedRemedy",
                          uint64_t run = 1)
        : Scenario(run)
    {
        roaming.GetMis().SetRemedy(Remedy(remedy));
        roaming.GetMis().SetLinkAuthentication("Real");
        roaming.GetMis().SetLinkMethod("EAP-GPSK");
        for (const auto type : types)
        {
            auto access = Link(MilliSeconds(2));
            access.type = type;
            roaming.AddNetwork(access, Link(MilliSeconds(5)));
        }
    }

    /// Builds the topology and records from now on.
    void Build()
    {
        Scenario::Build();
        for (const auto& mn : roaming.GetMobileNodes())
        {
            mn->TraceConnectWithoutContext("LinkAuthentication",
                                           MakeBoundCallback(&OnLink, &mnLinks));
        }
        for (const auto& poa : roaming.GetPointsOfAttachment())
        {
            poa->TraceConnectWithoutContext("LinkAuthentication",
                                            MakeBoundCallback(&OnLink, &poaLinks));
        }
        for (const auto& pos : roaming.GetPointsOfService())
        {
            pos->TraceConnectWithoutContext("LinkAccess", MakeBoundCallback(&OnAccess, &accesses));
        }
    }

    /**
     * @brief Records the frames on the link of the first mobile node to a network.
     * @param network the network
     * @param rule what arrives
     */
    void TapLink(uint32_t network, LinkTap::Rule rule)
    {
        const auto link = DynamicCast<ProfileAccessLink>(roaming.GetLink(0, network));
        const auto attachment = roaming.GetAttachment(network);
        m_linkTaps.push_back(std::make_unique<LinkTap>(link->GetLinkFramePort()->GetDevice(),
                                                       link->GetLinkFramePort(),
                                                       false,
                                                       rule));
        m_linkTaps.push_back(std::make_unique<LinkTap>(attachment->GetLinkFramePort()->GetDevice(),
                                                       attachment->GetLinkFramePort(),
                                                       true,
                                                       rule));
    }

    /// @param network a network @return its point of attachment
    Ptr<PointOfAttachment> Poa(uint32_t network) const
    {
        return roaming.GetPointsOfAttachment()[network];
    }

    /// @param network a network @return address of the first mobile node there
    LinkAddress Station(uint32_t network) const
    {
        return roaming.GetLink(0, network)->GetLinkTupleId().link.address;
    }

    /**
     * @brief Has a mobile node come to a network without a preregistration.
     * @param at when
     * @param network the network
     */
    void ColdHandover(Time at, uint32_t network = 1)
    {
        At(at, [this, network] {
            Mn()->ColdHandover(roaming.GetLink(0, network),
                               MisfId(RoamingScenarioHelper::PosId(network)));
        });
    }

    /// @param network a network @return whether both ends of its link have the same keys
    bool Agree(uint32_t network) const
    {
        return Mn()->GetLinkKeys() == Poa(network)->GetLinkKeys(Station(network));
    }

    /// @param events outcomes @return the last one, "none" if there is none
    static std::string Last(const std::vector<std::string>& events)
    {
        return events.empty() ? "none" : events.back();
    }

    /// @return outcome of the last handover, "none" before the first has ended
    std::string HandoverOutcome() const
    {
        return handovers.empty() ? "none" : handovers.back().outcome;
    }

    std::vector<std::string> mnLinks;  //!< link authentications at the mobile nodes
    std::vector<std::string> poaLinks; //!< link authentications at the points of attachment
    std::vector<std::string> accesses; //!< credentials checked by points of service

  private:
    static void OnLink(std::vector<std::string>* events,
                       const LinkTupleId&,
                       const std::string& outcome)
    {
        events->push_back(outcome);
    }

    static void OnAccess(std::vector<std::string>* events,
                         const MisfId&,
                         const std::string& outcome)
    {
        events->push_back(outcome);
    }

    std::vector<std::unique_ptr<LinkTap>> m_linkTaps;
};

} // namespace ns3::mis::test

#endif // MIS_PROACTIVE_TEST_HELPERS_H
