// SPDX-License-Identifier: GPL-2.0-only

#include "mis-mobility-anchor.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisMobilityAnchor");
NS_OBJECT_ENSURE_REGISTERED(MobilityAnchor);

namespace
{

// Reasons of drops.
constexpr const char* MALFORMED = "malformed";
constexpr const char* UNKNOWN_MOBILE_NODE = "unknown-mobile-node";
constexpr const char* UNKNOWN_GATEWAY = "unknown-gateway";
constexpr const char* AUTHENTICATION_FAILURE = "authentication-failure";
constexpr const char* CARE_OF_MISMATCH = "care-of-mismatch";
constexpr const char* STALE = "stale";
constexpr const char* NO_BINDING = "no-binding";
constexpr const char* FOREIGN_SOURCE = "foreign-source";

/// Whether a sequence number follows another one (RFC 6275, 9.5.1).
bool
IsNewer(uint16_t sequence, uint16_t last)
{
    const auto ahead = static_cast<uint16_t>(sequence - last);
    return ahead != 0 && ahead < 0x8000;
}

} // namespace

TypeId
MobilityAnchor::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::MobilityAnchor")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<MobilityAnchor>()
            .AddAttribute("RequireAuthentication",
                          "Whether a Binding Update counts only if it is authenticated (RFC 4285); "
                          "if not, anybody can redirect the traffic of a mobile node.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&MobilityAnchor::m_requireAuthentication),
                          MakeBooleanChecker())
            .AddAttribute("MaxLifetime",
                          "Longest lifetime of a binding that is granted.",
                          TimeValue(Seconds(3600)),
                          MakeTimeAccessor(&MobilityAnchor::m_maxLifetime),
                          MakeTimeChecker(Seconds(BINDING_LIFETIME_UNIT_S)))
            .AddAttribute("Mtu",
                          "MTU of the tunnel; 28 octets less than that of the path avoids "
                          "fragments.",
                          UintegerValue(1472),
                          MakeUintegerAccessor(&MobilityAnchor::m_mtu),
                          MakeUintegerChecker<uint16_t>(68))
            .AddTraceSource("Bound",
                            "A binding was made or renewed.",
                            MakeTraceSourceAccessor(&MobilityAnchor::m_boundTrace),
                            "ns3::mis::MobilityAnchor::BoundTracedCallback")
            .AddTraceSource("Dropped",
                            "A packet or message is dropped at the anchor.",
                            MakeTraceSourceAccessor(&MobilityAnchor::m_droppedTrace),
                            "ns3::mis::MobilityAnchor::DroppedTracedCallback");
    return tid;
}

MobilityAnchor::MobilityAnchor() = default;
MobilityAnchor::~MobilityAnchor() = default;

void
MobilityAnchor::SetMisf(Ptr<Misf> misf)
{
    m_misf = misf;
}

void
MobilityAnchor::SetHomeNetwork(Ipv4Address address, Ipv4Mask mask)
{
    NS_ABORT_MSG_IF(!m_misf, "MobilityAnchor: call SetMisf before SetHomeNetwork");
    m_homeAddress = address;
    m_homeMask = mask;
    m_tunnel.Install(m_misf->GetObject<Node>(), address, mask, m_mtu, [this](Ptr<Packet> packet) {
        OnOutbound(packet);
    });
}

void
MobilityAnchor::AddMobileNode(const MisfId& mn, Ipv4Address home, MobilityAssociation association)
{
    auto& state = m_mobileNodes[home.Get()];
    state = MobileNodeState();
    state.mn = mn;
    state.association = std::move(association);
}

void
MobilityAnchor::AddGateway(Ipv4Address address, MobilityAssociation association)
{
    m_gateways[address.Get()] = std::move(association);
}

void
MobilityAnchor::DoInitialize()
{
    NS_ABORT_MSG_IF(!m_tunnel.GetDevice(), "MobilityAnchor: call SetHomeNetwork before the start");
    m_misf->Start();
    m_socket =
        m_tunnel.Open(DSMIPV6_PORT, [this](Ptr<Packet> packet, Ipv4Address from, uint16_t port) {
            OnInbound(packet, from, port);
        });
    m_controlSocket = m_tunnel.Open(PMIPV6_CONTROL_PORT,
                                    [this](Ptr<Packet> packet, Ipv4Address from, uint16_t port) {
                                        OnProxyControl(packet, from, port);
                                    });
    m_dataSocket = m_tunnel.Open(PMIPV6_DATA_PORT,
                                 [this](Ptr<Packet> packet, Ipv4Address from, uint16_t port) {
                                     OnProxyInbound(packet, from, port);
                                 });
    Object::DoInitialize();
}

void
MobilityAnchor::DoDispose()
{
    m_tunnel.Close();
    m_socket = nullptr;
    m_controlSocket = nullptr;
    m_dataSocket = nullptr;
    m_misf = nullptr;
    Object::DoDispose();
}

void
MobilityAnchor::Drop(const char* reason, size_t octets)
{
    NS_LOG_INFO("drops " << octets << " octets: " << reason);
    ++m_drops[reason];
    m_droppedTrace(reason, static_cast<uint32_t>(octets));
}

uint64_t
MobilityAnchor::GetDropCount(const std::string& reason) const
{
    const auto it = m_drops.find(reason);
    return it == m_drops.end() ? 0 : it->second;
}

bool
MobilityAnchor::IsAlive(const MobileNodeState& state) const
{
    return state.isBound && Simulator::Now() < state.until;
}

std::optional<Ipv4Address>
MobilityAnchor::GetCareOfAddress(Ipv4Address home) const
{
    const auto it = m_mobileNodes.find(home.Get());
    return it != m_mobileNodes.end() && IsAlive(it->second)
               ? std::optional<Ipv4Address>(it->second.careOf)
               : std::nullopt;
}

// data

void
MobilityAnchor::OnOutbound(Ptr<Packet> packet)
{
    const auto ends = Ipv4EndsOf(packet);
    const auto it = ends ? m_mobileNodes.find(ends->destination.Get()) : m_mobileNodes.end();
    if (it == m_mobileNodes.end())
    {
        Drop(UNKNOWN_MOBILE_NODE, packet->GetSize());
        return;
    }
    const auto& state = it->second;
    if (!IsAlive(state))
    {
        Drop(NO_BINDING, packet->GetSize());
        return;
    }
    auto& socket = state.isProxied ? m_dataSocket : m_socket;
    socket->SendTo(packet, 0, InetSocketAddress(state.careOf, state.careOfPort));
}

void
MobilityAnchor::TakeData(Ptr<Packet> packet, Ipv4Address from, bool isProxied)
{
    const auto ends = Ipv4EndsOf(packet);
    if (!ends)
    {
        Drop(MALFORMED, packet->GetSize());
        return;
    }
    const auto it = m_mobileNodes.find(ends->source.Get());
    if (it == m_mobileNodes.end() || !IsAlive(it->second) || it->second.isProxied != isProxied ||
        it->second.careOf != from)
    {
        Drop(FOREIGN_SOURCE, packet->GetSize());
        return;
    }
    m_tunnel.Deliver(packet);
}

void
MobilityAnchor::OnProxyInbound(Ptr<Packet> packet, Ipv4Address from, uint16_t)
{
    TakeData(packet, from, true);
}

void
MobilityAnchor::OnInbound(Ptr<Packet> packet, Ipv4Address from, uint16_t port)
{
    uint8_t first = 0;
    packet->CopyData(&first, 1);
    if (IpVersionOf(ByteView(&first, 1)) == 4)
    {
        TakeData(packet, from, false);
        return;
    }
    const auto octets = OctetsOf(packet);
    const auto message = UnwrapMobility(octets);
    if (!message)
    {
        Drop(MALFORMED, octets.size());
        return;
    }
    OnUpdate(*message, from, port);
}

void
MobilityAnchor::OnProxyControl(Ptr<Packet> packet, Ipv4Address from, uint16_t port)
{
    OnUpdate(OctetsOf(packet), from, port);
}

// signalling

void
MobilityAnchor::OnUpdate(ByteView octets, Ipv4Address from, uint16_t port)
{
    Misf::Activity activity(*m_misf);
    const auto update = DecodeBindingUpdate(octets);
    if (!update)
    {
        Drop(MALFORMED, octets.size());
        return;
    }
    const auto& named = update->proxy ? update->homeAddressRequest : update->homeAddress;
    if (!named || !update->mnIdentifier || (update->proxy && !update->timestamp))
    {
        Drop(MALFORMED, octets.size());
        return;
    }
    const Ipv4Address home(named->address);
    const auto it = m_mobileNodes.find(home.Get());
    if (it == m_mobileNodes.end() || it->second.mn.Get() != *update->mnIdentifier)
    {
        Drop(UNKNOWN_MOBILE_NODE, octets.size());
        return;
    }
    auto& state = it->second;
    const auto gateway = m_gateways.find(from.Get());
    if (update->proxy && gateway == m_gateways.end())
    {
        Drop(UNKNOWN_GATEWAY, octets.size());
        return;
    }
    if (!update->proxy && (!update->careOfAddress || *update->careOfAddress != from.Get()))
    {
        Drop(CARE_OF_MISMATCH, octets.size()); // there is no address translation here
        return;
    }
    const auto& association = update->proxy ? gateway->second : state.association;
    if (m_requireAuthentication &&
        !association.Verify(m_misf->GetCrypto(), from, home, octets, update->authentication))
    {
        Drop(AUTHENTICATION_FAILURE, octets.size());
        return;
    }
    BindingAcknowledgement answer;
    if (update->proxy)
    {
        if (*update->timestamp <= state.lastTimestamp)
        {
            answer.status = BindingStatus::TIMESTAMP_TOO_OLD;
        }
    }
    else if (state.lastSequence && !IsNewer(update->sequence, *state.lastSequence))
    {
        answer.status = BindingStatus::SEQUENCE_OUT_OF_WINDOW;
    }
    answer.sequence = update->sequence;
    if (answer.status == BindingStatus::ACCEPTED)
    {
        answer.lifetime = BindingLifetimeUnits(Bind(home, *update, from, port));
    }
    else
    {
        Drop(STALE, octets.size());
        if (!update->proxy)
        {
            answer.sequence = *state.lastSequence; // tells the mobile node where to go on
        }
    }
    if (update->acknowledge || answer.status != BindingStatus::ACCEPTED)
    {
        Answer(answer, association, *update, home, from, port);
    }
}

Time
MobilityAnchor::Bind(Ipv4Address home, const BindingUpdate& update, Ipv4Address from, uint16_t port)
{
    auto& state = m_mobileNodes[home.Get()];
    const Time lifetime =
        std::min(Seconds(BINDING_LIFETIME_UNIT_S) * static_cast<int64_t>(update.lifetime),
                 m_maxLifetime);
    if (update.proxy)
    {
        state.lastTimestamp = *update.timestamp;
    }
    else
    {
        state.lastSequence = update.sequence;
    }
    m_misf->AtCompletion([this, home, lifetime, from, port, isProxied = update.proxy] {
        auto& bound = m_mobileNodes[home.Get()];
        bound.isBound = !lifetime.IsZero();
        bound.isProxied = isProxied;
        bound.careOf = from;
        bound.careOfPort = isProxied ? PMIPV6_DATA_PORT : port;
        bound.until = Simulator::Now() + lifetime;
        m_boundTrace(bound.mn, from, lifetime);
    });
    return lifetime;
}

void
MobilityAnchor::Answer(BindingAcknowledgement answer,
                       const MobilityAssociation& association,
                       const BindingUpdate& update,
                       Ipv4Address home,
                       Ipv4Address from,
                       uint16_t port)
{
    answer.proxy = update.proxy;
    answer.mnIdentifier = update.mnIdentifier;
    answer.handoffIndicator = update.handoffIndicator;
    answer.accessTechnology = update.accessTechnology;
    answer.timestamp = update.timestamp;
    auto& address = update.proxy ? answer.homeAddressReply : answer.homeAddress;
    address = MobilityHomeAddress{static_cast<uint8_t>(m_homeMask.GetPrefixLength()), home.Get()};
    if (!association.key.empty())
    {
        answer.authentication = MobilityAuthentication{association.spi, {}};
    }
    auto octets = EncodeMobility(answer);
    if (answer.authentication)
    {
        association.Authenticate(m_misf->GetCrypto(), from, home, octets);
    }
    if (!update.proxy)
    {
        octets = WrapMobility(m_homeAddress.Get(), home.Get(), octets);
    }
    m_misf->AtCompletion([this, octets, from, port, isProxy = update.proxy] {
        auto& socket = isProxy ? m_controlSocket : m_socket;
        socket->SendTo(PacketOf(octets), 0, InetSocketAddress(from, port));
    });
}

} // namespace ns3::mis
