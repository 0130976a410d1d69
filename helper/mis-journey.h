// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A mobile node that moves along a row of points of attachment, and who decides on its handovers.
 */
#ifndef MIS_JOURNEY_H
#define MIS_JOURNEY_H

#include "ns3/mis-handover-policy.h"
#include "ns3/mis-network-handover-control.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/nstime.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3::mis
{

/**
 * @brief The way of the first mobile node of a RoamingScenarioHelper with radios, straight along
 * the row of points of attachment, maybe there and back; how far each of them reaches; and, on
 * request, who decides on handovers.
 *
 * Must live as long as the simulation.
 */
class Journey
{
  public:
    /// @param scenario topology, not built yet; must live as long as this
    explicit Journey(RoamingScenarioHelper& scenario);

    Journey(const Journey&) = delete;
    Journey& operator=(const Journey&) = delete;

    /**
     * @brief Adds a network of radios to the scenario.
     * @param technology its technology
     * @param gain what its transmitters have more, or less, than the technology counts with, dB; by
     * the free-space model, as LTE has it
     */
    void AddNetwork(const std::string& technology, double gain = 0);

    /**
     * @brief Has the mobile node move.
     * @param distance from one point of attachment to the next, metres
     * @param speed metres a second, more than 0
     * @param begin where it begins, metres along the row
     * @param turn where it turns around, metres along the row, behind @p begin; never if nothing
     */
    void SetMovement(double distance,
                     double speed,
                     double begin,
                     std::optional<double> turn = std::nullopt);

    /// After Build() of the scenario: has the mobile node turn around in time.
    void Depart();

    /// @return networks
    uint32_t GetNetworks() const
    {
        return static_cast<uint32_t>(m_networks.size());
    }

    /// @param network index of a network @return its technology
    const std::string& GetTechnology(uint32_t network) const
    {
        return m_networks[network].technology;
    }

    /// @param network index of a network @return metres at which its link counts as lost
    double GetReach(uint32_t network) const
    {
        return m_networks[network].reach;
    }

    /// @param at an instant @return metres along the row
    double GetPosition(Time at) const;

    /**
     * @param network index of a network
     * @param at an instant
     * @return metres from its point of attachment
     */
    double GetDistance(uint32_t network, Time at) const;

    /**
     * @param network index of a network
     * @param from an instant
     * @param until an instant behind it
     * @return when between them the mobile node leaves its reach first, to 1 ms; @p from if it is
     * outside then
     */
    std::optional<Time> FindLoss(uint32_t network, Time from, Time until) const;

    /// @return the scenario
    RoamingScenarioHelper& GetScenario() const
    {
        return m_scenario;
    }

  private:
    /// A network.
    struct Network
    {
        std::string technology;
        double reach; //!< metres
        double dBm;   //!< signal there
    };

    friend class JourneyPolicy;

    Time TurnTime() const;
    void TurnAround();

    RoamingScenarioHelper& m_scenario;
    std::vector<Network> m_networks;
    double m_distance{0};
    double m_speed{0};
    double m_begin{0};
    std::optional<double> m_turn;
};

/// Who decides on handovers.
enum class JourneyDecider : uint8_t
{
    MOBILE_NODE, //!< the mobile node, by the events of its links
    NETWORK,     //!< the serving PoS, by the events that the mobile node reports
    NOBODY       //!< nobody: the mobile node goes elsewhere when its link is lost
};

/**
 * @brief Installs a HandoverPolicy at the mobile node of a journey and, if the network decides, a
 * NetworkHandoverControl at each PoS.
 *
 * A radio that is off, and a UE that has never attached, hear nothing. What is in reach then comes
 * from a map of the coverage, which stands for an information service (IEEE 802.21, clause 6.5): a
 * network is in reach up to its reach, with at least the signal that it has there by the free-space
 * model.
 *
 * Must live as long as the simulation.
 */
class JourneyPolicy
{
  public:
    /**
     * @param journey a journey whose scenario is built
     * @param decider who decides
     * @param attachesCold whether a mobile node that has lost its link unprepared may authenticate
     * in full elsewhere; the remedy must be one that does so
     */
    JourneyPolicy(Journey& journey, JourneyDecider decider, bool attachesCold);
    ~JourneyPolicy();

    JourneyPolicy(const JourneyPolicy&) = delete;
    JourneyPolicy& operator=(const JourneyPolicy&) = delete;

    /**
     * @brief Prefers a network: when it is heard well, after it was not since the mobile node has
     * left it, the mobile node goes there though its own link is good.
     * @param network index of the network
     * @param dBm from which level on it is preferred
     */
    void Prefer(uint32_t network, double dBm);

    /// @return the policy
    Ptr<HandoverPolicy> GetPolicy() const
    {
        return m_policy;
    }

    /// @return by network, empty unless the network decides
    const std::vector<Ptr<NetworkHandoverControl>>& GetControls() const
    {
        return m_controls;
    }

  private:
    void LookAround();
    std::optional<uint32_t> Current() const;
    void Consider(uint32_t network, double dBm);
    static void OnDetected(JourneyPolicy* self,
                           uint32_t network,
                           const LinkTupleId& link,
                           double dBm);

    Journey& m_journey;
    JourneyDecider m_decider;
    Ptr<HandoverPolicy> m_policy;
    std::vector<Ptr<NetworkHandoverControl>> m_controls;
    std::vector<Time> m_heard; //!< by network, when it was last heard by a radio
    std::optional<uint32_t> m_preferred;
    double m_preferredDbm{0};
    bool m_wasWeak{false}; //!< the preferred network, since it was left
    Time m_asked;          //!< last time that the preferred network was asked for
    EventId m_next;
};

} // namespace ns3::mis

#endif // MIS_JOURNEY_H
