// SPDX-License-Identifier: GPL-2.0-only

#include "mis-journey.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>
#include <cmath>

namespace ns3::mis
{

namespace
{

const Time LOOK = MilliSeconds(200);  // interval of looks at the map, that of LTE's measurements
const Time FRESH = MilliSeconds(500); // what a radio has heard is better than the map for so long
const Time ASK_AGAIN = Seconds(2);    // for the preferred network
const Time LOSS_STEP = MilliSeconds(1);
constexpr double FREE_SPACE_DB = 20; // a tenfold distance

} // namespace

Journey::Journey(RoamingScenarioHelper& scenario)
    : m_scenario(scenario)
{
}

void
Journey::AddNetwork(const std::string& technology, double gain)
{
    m_scenario.SetLinks("radio");
    m_scenario.AddNetwork(technology);
    const auto [dBm, metres] = m_scenario.GetRadio().GetTechnology(technology)->GetEdge();
    m_networks.push_back({technology, metres * std::pow(10, gain / FREE_SPACE_DB), dBm});
}

void
Journey::SetMovement(double distance, double speed, double begin, std::optional<double> turn)
{
    NS_ABORT_MSG_IF(!(speed > 0) || (turn && *turn < begin),
                    "Journey: speed is " << speed
                                         << ", allowed is more than 0, and the turn is "
                                            "not before the begin");
    m_distance = distance;
    m_speed = speed;
    m_begin = begin;
    m_turn = turn;
    m_scenario.SetMovement(distance, speed, begin);
}

Time
Journey::TurnTime() const
{
    return NanoSeconds(static_cast<int64_t>((*m_turn - m_begin) / m_speed * 1e9));
}

void
Journey::Depart()
{
    if (m_turn)
    {
        Simulator::Schedule(TurnTime() - Simulator::Now(), &Journey::TurnAround, this);
    }
}

void
Journey::TurnAround()
{
    m_scenario.GetRadio().Place(m_scenario.GetMobileNodeNodes().Get(0),
                                Vector(*m_turn, RoamingScenarioHelper::BESIDE_M, 0),
                                Vector(-m_speed, 0, 0));
}

double
Journey::GetPosition(Time at) const
{
    if (m_turn && at > TurnTime())
    {
        return *m_turn - m_speed * (at - TurnTime()).GetSeconds();
    }
    return m_begin + m_speed * at.GetSeconds();
}

double
Journey::GetDistance(uint32_t network, Time at) const
{
    return std::hypot(GetPosition(at) - m_distance * network, RoamingScenarioHelper::BESIDE_M);
}

std::optional<Time>
Journey::FindLoss(uint32_t network, Time from, Time until) const
{
    for (Time at = from; at <= until; at += LOSS_STEP)
    {
        if (GetDistance(network, at) > m_networks[network].reach)
        {
            return at;
        }
    }
    return {};
}

JourneyPolicy::JourneyPolicy(Journey& journey, JourneyDecider decider, bool attachesCold)
    : m_journey(journey),
      m_decider(decider),
      m_policy(CreateObject<HandoverPolicy>()),
      m_heard(journey.GetNetworks(), Time::Min())
{
    auto& scenario = journey.GetScenario();
    // Left to a network that does not decide, predictions have no effect.
    m_policy->SetAttribute(
        "Control",
        StringValue(decider == JourneyDecider::MOBILE_NODE ? "MobileNode" : "Network"));
    m_policy->SetAttribute("AttachCold", BooleanValue(attachesCold));
    for (uint32_t i = 0; i < journey.GetNetworks(); ++i)
    {
        const auto link = scenario.GetLink(0, i);
        m_policy->AddLink(link, MisfId(RoamingScenarioHelper::PosId(i)));
        link->TraceConnectWithoutContext("Detected", MakeBoundCallback(&OnDetected, this, i));
        if (decider == JourneyDecider::NETWORK)
        {
            auto control = CreateObject<NetworkHandoverControl>();
            control->SetPointOfService(scenario.GetPointsOfService()[i]);
            control->Follow(scenario.GetListener(i));
            m_controls.push_back(control);
        }
    }
    m_policy->Start(scenario.GetMobileNodes().front(), scenario.GetLink(0, 0));
    m_next = Simulator::Schedule(LOOK, &JourneyPolicy::LookAround, this);
}

JourneyPolicy::~JourneyPolicy()
{
    m_next.Cancel();
    m_policy->Dispose();
    for (const auto& control : m_controls)
    {
        control->Dispose();
    }
}

void
JourneyPolicy::Prefer(uint32_t network, double dBm)
{
    m_preferred = network;
    m_preferredDbm = dBm;
}

std::optional<uint32_t>
JourneyPolicy::Current() const
{
    const auto link = m_policy->GetCurrentLink();
    for (uint32_t i = 0; i < m_journey.GetNetworks(); ++i)
    {
        if (link && link == m_journey.GetScenario().GetLink(0, i))
        {
            return i;
        }
    }
    return {};
}

void
JourneyPolicy::OnDetected(JourneyPolicy* self,
                          uint32_t network,
                          const LinkTupleId& link,
                          double dBm)
{
    // An LTE radio hears the cells of other operators too.
    if (link.link == self->m_journey.GetScenario().GetLink(0, network)->GetLinkTupleId().link)
    {
        self->m_heard[network] = Simulator::Now();
        self->Consider(network, dBm);
    }
}

void
JourneyPolicy::LookAround()
{
    m_next = Simulator::Schedule(LOOK, &JourneyPolicy::LookAround, this);
    const auto now = Simulator::Now();
    const auto current = Current();
    auto& scenario = m_journey.GetScenario();
    for (uint32_t i = 0; i < m_journey.GetNetworks(); ++i)
    {
        const auto& network = m_journey.m_networks[i];
        const double distance = m_journey.GetDistance(i, now);
        if (i == current || now < m_heard[i] + FRESH)
        {
            continue;
        }
        if (distance > network.reach)
        {
            m_wasWeak = m_wasWeak || m_preferred == i;
            continue;
        }
        const auto link = scenario.GetLink(0, i);
        const double dBm = network.dBm + FREE_SPACE_DB * std::log10(network.reach / distance);
        if (!m_controls.empty() && current)
        {
            m_controls[*current]->LinkDetected(
                scenario.GetMobileNodes().front()->GetMisf()->GetId(),
                link->GetLinkTupleId().link);
        }
        m_policy->LinkDetected(link, dBm);
        Consider(i, dBm);
    }
}

void
JourneyPolicy::Consider(uint32_t network, double dBm)
{
    const auto current = Current();
    if (m_preferred == network)
    {
        // Otherwise a mobile node that walks away would come back at once.
        m_wasWeak = current != network && (m_wasWeak || dBm < m_preferredDbm);
    }
    const bool isIdle = m_asked.IsZero() || Simulator::Now() >= m_asked + ASK_AGAIN;
    if (m_decider == JourneyDecider::NOBODY || m_preferred != network || dBm < m_preferredDbm ||
        !m_wasWeak || !current || *current == network || !isIdle)
    {
        return;
    }
    m_asked = Simulator::Now();
    auto& scenario = m_journey.GetScenario();
    if (m_decider == JourneyDecider::MOBILE_NODE)
    {
        m_policy->RequestHandover(scenario.GetLink(0, network), "preferred");
        return;
    }
    // The network has it leave as it does when a link is going down.
    m_controls[*current]->LinkGoingDown(scenario.GetMobileNodes().front()->GetMisf()->GetId(),
                                        scenario.GetLink(0, *current)->GetLinkTupleId().link);
}

} // namespace ns3::mis
