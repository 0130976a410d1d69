// SPDX-License-Identifier: GPL-2.0-only

#include "mis-mobile-access-gateway.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4-routing-table-entry.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/output-stream-wrapper.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisMobileAccessGateway");
NS_OBJECT_ENSURE_REGISTERED(MobileAccessGateway);

namespace
{

// Reasons of drops.
constexpr const char* MALFORMED = "malformed";
constexpr const char* FOREIGN_SOURCE = "foreign-source";
constexpr const char* UNKNOWN_MOBILE_NODE = "unknown-mobile-node";
constexpr const char* AUTHENTICATION_FAILURE = "authentication-failure";
constexpr const char* UNEXPECTED = "unexpected";
constexpr const char* NO_BINDING = "no-binding";

constexpr int16_t ROUTING_PRIORITY = 100; // before routes by destination

// Values of the Handoff Indicator and Access Technology Type options (RFC 5213).
constexpr uint8_t ATTACHMENT_OVER_NEW_INTERFACE = 1;
constexpr uint8_t HANDOFF_STATE_UNKNOWN = 4;
constexpr uint8_t HANDOFF_STATE_UNCHANGED = 5;
constexpr uint8_t ACCESS_VIRTUAL = 1;

/// The callbacks of RouteInput, which ns-3 passes by value or, from 3.39 on, by reference.
template <class Function>
struct RouteInputTypes;

template <class U, class M, class L, class E>
struct RouteInputTypes<bool (
    Ipv4RoutingProtocol::*)(Ptr<const Packet>, const Ipv4Header&, Ptr<const NetDevice>, U, M, L, E)>
{
    using Unicast = U;
    using Multicast = M;
    using Local = L;
    using Error = E;
};

using Types = RouteInputTypes<decltype(&Ipv4RoutingProtocol::RouteInput)>;

} // namespace

/// Sends packets from home addresses into the tunnel, whatever their destination.
class MobileAccessGateway::Routing : public Ipv4RoutingProtocol
{
  public:
    explicit Routing(MobileAccessGateway* gateway)
        : m_gateway(gateway)
    {
    }

    Ptr<Ipv4Route> RouteOutput(Ptr<Packet>,
                               const Ipv4Header&,
                               Ptr<NetDevice>,
                               Socket::SocketErrno& error) override
    {
        error = Socket::ERROR_NOROUTETOHOST; // of the router's own packets others know
        return nullptr;
    }

    bool RouteInput(Ptr<const Packet> packet,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> device,
                    Types::Unicast forward,
                    Types::Multicast,
                    Types::Local,
                    Types::Error error) override
    {
        if (!m_gateway || device == m_gateway->m_tunnel.GetDevice())
        {
            return false;
        }
        switch (m_gateway->Judge(header.GetSource(), packet->GetSize()))
        {
        case Verdict::PASS:
            return false;
        case Verdict::DROP:
            error(packet, header, Socket::ERROR_NOROUTETOHOST);
            return true;
        case Verdict::TUNNEL:
            break;
        }
        auto route = Create<Ipv4Route>();
        route->SetSource(header.GetSource());
        route->SetDestination(header.GetDestination());
        route->SetGateway(Ipv4Address::GetZero());
        route->SetOutputDevice(m_gateway->m_tunnel.GetDevice());
        forward(route, packet, header);
        return true;
    }

    void NotifyInterfaceUp(uint32_t) override
    {
    }

    void NotifyInterfaceDown(uint32_t) override
    {
    }

    void NotifyAddAddress(uint32_t, Ipv4InterfaceAddress) override
    {
    }

    void NotifyRemoveAddress(uint32_t, Ipv4InterfaceAddress) override
    {
    }

    void SetIpv4(Ptr<Ipv4>) override
    {
    }

    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit) const override
    {
        *stream->GetStream() << "packets from home addresses go into the tunnel\n";
    }

    /// The gateway goes.
    void Release()
    {
        m_gateway = nullptr;
    }

  private:
    MobileAccessGateway* m_gateway;
};

TypeId
MobileAccessGateway::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::MobileAccessGateway")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<MobileAccessGateway>()
            .AddAttribute("Lifetime",
                          "Lifetime that is asked for; it is sent in units of 4 s.",
                          TimeValue(Seconds(420)),
                          MakeTimeAccessor(&MobileAccessGateway::m_lifetime),
                          MakeTimeChecker(Seconds(BINDING_LIFETIME_UNIT_S)))
            .AddAttribute("RefreshAfter",
                          "Share of the granted lifetime after which a binding is renewed.",
                          DoubleValue(0.75),
                          MakeDoubleAccessor(&MobileAccessGateway::m_refresh),
                          MakeDoubleChecker<double>(0.01, 1.0))
            .AddAttribute("InitialTimeout",
                          "First time to wait for a Proxy Binding Acknowledgement; it doubles each "
                          "time (RFC 6275: INITIAL_BINDACK_TIMEOUT).",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&MobileAccessGateway::m_timeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("MaxTimeout",
                          "Longest time to wait for a Proxy Binding Acknowledgement (RFC 6275: "
                          "MAX_BINDACK_TIMEOUT).",
                          TimeValue(Seconds(32)),
                          MakeTimeAccessor(&MobileAccessGateway::m_maxTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("Mtu",
                          "MTU of the tunnel; 28 octets less than that of the path avoids "
                          "fragments.",
                          UintegerValue(1472),
                          MakeUintegerAccessor(&MobileAccessGateway::m_mtu),
                          MakeUintegerChecker<uint16_t>(68))
            .AddTraceSource("BindingUpdate",
                            "A Proxy Binding Update is sent, for the first time or again.",
                            MakeTraceSourceAccessor(&MobileAccessGateway::m_updateTrace),
                            "ns3::mis::MobileAccessGateway::UpdateTracedCallback")
            .AddTraceSource("BindingAcknowledged",
                            "A Proxy Binding Acknowledgement has come.",
                            MakeTraceSourceAccessor(&MobileAccessGateway::m_acknowledgedTrace),
                            "ns3::mis::MobileAccessGateway::AcknowledgedTracedCallback")
            .AddTraceSource("Dropped",
                            "A packet or message is dropped at the gateway.",
                            MakeTraceSourceAccessor(&MobileAccessGateway::m_droppedTrace),
                            "ns3::mis::MobileAccessGateway::DroppedTracedCallback");
    return tid;
}

MobileAccessGateway::MobileAccessGateway() = default;
MobileAccessGateway::~MobileAccessGateway() = default;

void
MobileAccessGateway::Configure(Ptr<Misf> misf,
                               Ipv4Address address,
                               Ipv4Address anchor,
                               MobilityAssociation association)
{
    m_misf = misf;
    m_address = address;
    m_anchor = anchor;
    m_association = std::move(association);
    const auto node = misf->GetObject<Node>();
    m_tunnel.Install(node,
                     Ipv4Address::GetAny(),
                     Ipv4Mask::GetOnes(),
                     m_mtu,
                     [this](Ptr<Packet> packet) { OnOutbound(packet); });
    auto list = DynamicCast<Ipv4ListRouting>(node->GetObject<Ipv4>()->GetRoutingProtocol());
    NS_ABORT_MSG_IF(!list,
                    "MobileAccessGateway: node " << node->GetId() << " needs Ipv4ListRouting");
    m_routing = Create<Routing>(this);
    list->AddRoutingProtocol(m_routing, ROUTING_PRIORITY);
}

void
MobileAccessGateway::AddMobileNode(const MisfId& mn, const Profile& profile)
{
    m_byHome[profile.home.Get()] = mn;
    auto& state = m_mobileNodes[mn];
    state = MobileNodeState();
    state.profile = profile;
    state.registration =
        std::make_unique<BindingRegistration>([this, mn](bool) { SendUpdate(mn); });
}

void
MobileAccessGateway::Follow(Ptr<PointOfService> pos)
{
    m_connections.Connect(pos, "Served", MakeCallback(&MobileAccessGateway::OnServed, this));
}

void
MobileAccessGateway::DoInitialize()
{
    NS_ABORT_MSG_IF(!m_misf, "MobileAccessGateway: call Configure before the start");
    m_misf->Start();
    OpenSockets();
    Object::DoInitialize();
}

void
MobileAccessGateway::OpenSockets()
{
    if (m_controlSocket)
    {
        return;
    }
    m_controlSocket = m_tunnel.Open(PMIPV6_CONTROL_PORT,
                                    [this](Ptr<Packet> packet, Ipv4Address from, uint16_t port) {
                                        OnControl(packet, from, port);
                                    });
    m_dataSocket = m_tunnel.Open(PMIPV6_DATA_PORT,
                                 [this](Ptr<Packet> packet, Ipv4Address from, uint16_t port) {
                                     OnData(packet, from, port);
                                 });
}

void
MobileAccessGateway::DoDispose()
{
    m_connections.Clear();
    m_mobileNodes.clear();
    m_tunnel.Close();
    if (m_routing)
    {
        m_routing->Release();
    }
    m_routing = nullptr;
    m_controlSocket = nullptr;
    m_dataSocket = nullptr;
    m_misf = nullptr;
    Object::DoDispose();
}

void
MobileAccessGateway::Drop(const char* reason, size_t octets)
{
    NS_LOG_INFO("drops " << octets << " octets: " << reason);
    ++m_drops[reason];
    m_droppedTrace(reason, static_cast<uint32_t>(octets));
}

uint64_t
MobileAccessGateway::GetDropCount(const std::string& reason) const
{
    const auto it = m_drops.find(reason);
    return it == m_drops.end() ? 0 : it->second;
}

// attachment

void
MobileAccessGateway::OnServed(const MisfId& mn, const MisfId&)
{
    if (m_mobileNodes.find(mn) != m_mobileNodes.end())
    {
        Attach(mn);
    }
}

void
MobileAccessGateway::Attach(const MisfId& mn)
{
    const auto it = m_mobileNodes.find(mn);
    NS_ABORT_MSG_IF(it == m_mobileNodes.end(),
                    "MobileAccessGateway: " << mn << " is unknown, call AddMobileNode");
    OpenSockets();
    auto& state = it->second;
    state.isAttached = true;
    state.registration->Begin(m_timeout, m_maxTimeout);
}

void
MobileAccessGateway::Detach(const MisfId& mn)
{
    const auto it = m_mobileNodes.find(mn);
    if (it == m_mobileNodes.end() || !it->second.isAttached)
    {
        return;
    }
    auto& state = it->second;
    state.registration->Cancel();
    if (state.isBound)
    {
        SetRoute(state.profile, false);
    }
    state.isAttached = false;
    state.isBound = false;
}

void
MobileAccessGateway::SetRoute(const Profile& profile, bool isThere)
{
    const auto ipv4 = m_misf->GetObject<Ipv4>();
    auto routing = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
    if (isThere)
    {
        routing->AddHostRouteTo(profile.home,
                                profile.accessAddress,
                                ipv4->GetInterfaceForDevice(profile.accessDevice));
        return;
    }
    for (uint32_t i = 0; i < routing->GetNRoutes(); ++i)
    {
        const auto route = routing->GetRoute(i);
        if (route.IsHost() && route.GetDest() == profile.home)
        {
            routing->RemoveRoute(i);
            return;
        }
    }
}

// signalling

void
MobileAccessGateway::SendUpdate(const MisfId& mn)
{
    Misf::Activity activity(*m_misf);
    auto& state = m_mobileNodes.at(mn);
    state.timestamp = std::max(state.timestamp + 1, MobilityTimestamp(Simulator::Now()));
    BindingUpdate update;
    update.proxy = true;
    update.sequence = ++state.sequence;
    update.lifetime = BindingLifetimeUnits(m_lifetime);
    update.mnIdentifier = mn.Get();
    update.homeAddressRequest = MobilityHomeAddress{32, state.profile.home.Get()};
    update.handoffIndicator = state.isBound        ? HANDOFF_STATE_UNCHANGED
                              : state.sequence > 1 ? HANDOFF_STATE_UNKNOWN
                                                   : ATTACHMENT_OVER_NEW_INTERFACE;
    update.accessTechnology = ACCESS_VIRTUAL;
    update.timestamp = state.timestamp;
    if (!m_association.key.empty())
    {
        update.authentication = MobilityAuthentication{m_association.spi, {}};
    }
    auto octets = EncodeMobility(update);
    if (update.authentication)
    {
        m_association.Authenticate(m_misf->GetCrypto(), m_address, state.profile.home, octets);
    }
    m_misf->AtCompletion([this, octets, mn, sequence = state.sequence] {
        m_updateTrace(mn, sequence);
        m_controlSocket->SendTo(PacketOf(octets),
                                0,
                                InetSocketAddress(m_anchor, PMIPV6_CONTROL_PORT));
    });
}

void
MobileAccessGateway::OnControl(Ptr<Packet> packet, Ipv4Address from, uint16_t)
{
    const auto octets = OctetsOf(packet);
    if (from != m_anchor)
    {
        Drop(FOREIGN_SOURCE, octets.size());
        return;
    }
    Misf::Activity activity(*m_misf);
    const auto answer = DecodeBindingAcknowledgement(octets);
    if (!answer || !answer->proxy || !answer->mnIdentifier)
    {
        Drop(MALFORMED, octets.size());
        return;
    }
    const MisfId mn(*answer->mnIdentifier);
    const auto it = m_mobileNodes.find(mn);
    if (it == m_mobileNodes.end())
    {
        Drop(UNKNOWN_MOBILE_NODE, octets.size());
        return;
    }
    auto& state = it->second;
    if (!m_association.key.empty() && !m_association.Verify(m_misf->GetCrypto(),
                                                            m_address,
                                                            state.profile.home,
                                                            octets,
                                                            answer->authentication))
    {
        Drop(AUTHENTICATION_FAILURE, octets.size());
        return;
    }
    if (!state.isAttached || !state.registration->IsPending() || answer->sequence != state.sequence)
    {
        Drop(UNEXPECTED, octets.size());
        return;
    }
    const Time delay = Simulator::Now() - state.registration->GetBegin();
    if (answer->status != BindingStatus::ACCEPTED)
    {
        state.registration->Cancel();
    }
    else
    {
        const double granted = BINDING_LIFETIME_UNIT_S * static_cast<double>(answer->lifetime);
        state.registration->Acknowledged(Seconds(granted * m_refresh));
        if (!state.isBound)
        {
            SetRoute(state.profile, true);
        }
        state.isBound = true;
    }
    m_misf->TraceAtCompletion(m_acknowledgedTrace, mn, answer->status, delay);
}

// data

MobileAccessGateway::Verdict
MobileAccessGateway::Judge(Ipv4Address source, uint32_t octets)
{
    const auto it = m_byHome.find(source.Get());
    if (it == m_byHome.end())
    {
        return Verdict::PASS;
    }
    if (m_mobileNodes.at(it->second).isBound)
    {
        return Verdict::TUNNEL;
    }
    Drop(NO_BINDING, octets);
    return Verdict::DROP;
}

void
MobileAccessGateway::OnOutbound(Ptr<Packet> packet)
{
    m_dataSocket->SendTo(packet, 0, InetSocketAddress(m_anchor, PMIPV6_DATA_PORT));
}

void
MobileAccessGateway::OnData(Ptr<Packet> packet, Ipv4Address from, uint16_t)
{
    const auto ends = Ipv4EndsOf(packet);
    if (from != m_anchor)
    {
        Drop(FOREIGN_SOURCE, packet->GetSize());
        return;
    }
    if (!ends)
    {
        Drop(MALFORMED, packet->GetSize());
        return;
    }
    const auto it = m_byHome.find(ends->destination.Get());
    if (it == m_byHome.end() || !m_mobileNodes.at(it->second).isBound)
    {
        Drop(NO_BINDING, packet->GetSize());
        return;
    }
    m_tunnel.Deliver(packet);
}

} // namespace ns3::mis
