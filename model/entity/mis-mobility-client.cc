// SPDX-License-Identifier: GPL-2.0-only

#include "mis-mobility-client.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisMobilityClient");
NS_OBJECT_ENSURE_REGISTERED(MobilityClient);

namespace
{

// Reasons of drops.
constexpr const char* MALFORMED = "malformed";
constexpr const char* FOREIGN_SOURCE = "foreign-source";
constexpr const char* AUTHENTICATION_FAILURE = "authentication-failure";
constexpr const char* UNEXPECTED = "unexpected";
constexpr const char* DATA_PATH_CLOSED = "data-path-closed";

} // namespace

TypeId
MobilityClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::MobilityClient")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<MobilityClient>()
            .AddAttribute("Lifetime",
                          "Lifetime that is asked for; it is sent in units of 4 s.",
                          TimeValue(Seconds(420)),
                          MakeTimeAccessor(&MobilityClient::m_lifetime),
                          MakeTimeChecker(Seconds(BINDING_LIFETIME_UNIT_S)))
            .AddAttribute("RefreshAfter",
                          "Share of the granted lifetime after which a binding is renewed.",
                          DoubleValue(0.75),
                          MakeDoubleAccessor(&MobilityClient::m_refresh),
                          MakeDoubleChecker<double>(0.01, 1.0))
            .AddAttribute("InitialTimeout",
                          "First time to wait for a Binding Acknowledgement; it doubles each time "
                          "(RFC 6275: INITIAL_BINDACK_TIMEOUT).",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&MobilityClient::m_timeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("MaxTimeout",
                          "Longest time to wait for a Binding Acknowledgement (RFC 6275: "
                          "MAX_BINDACK_TIMEOUT).",
                          TimeValue(Seconds(32)),
                          MakeTimeAccessor(&MobilityClient::m_maxTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("Mtu",
                          "MTU of the tunnel; 28 octets less than that of the path avoids "
                          "fragments.",
                          UintegerValue(1472),
                          MakeUintegerAccessor(&MobilityClient::m_mtu),
                          MakeUintegerChecker<uint16_t>(68))
            .AddTraceSource("BindingUpdate",
                            "A Binding Update is sent, for the first time or again.",
                            MakeTraceSourceAccessor(&MobilityClient::m_updateTrace),
                            "ns3::mis::MobilityClient::UpdateTracedCallback")
            .AddTraceSource("BindingAcknowledged",
                            "A Binding Acknowledgement has come.",
                            MakeTraceSourceAccessor(&MobilityClient::m_acknowledgedTrace),
                            "ns3::mis::MobilityClient::AcknowledgedTracedCallback")
            .AddTraceSource("Dropped",
                            "A packet or message is dropped at the mobile node.",
                            MakeTraceSourceAccessor(&MobilityClient::m_droppedTrace),
                            "ns3::mis::MobilityClient::DroppedTracedCallback");
    return tid;
}

MobilityClient::MobilityClient()
    : m_registration([this](bool) { SendUpdate(); })
{
}

MobilityClient::~MobilityClient() = default;

void
MobilityClient::Configure(Ptr<MobileNode> mn,
                          Ipv4Address home,
                          Ipv4Address anchor,
                          MobilityAssociation association)
{
    m_mn = mn;
    m_misf = mn->GetMisf();
    m_home = home;
    m_anchor = anchor;
    m_association = std::move(association);
    // A mask of 32 bits: the home network is not at hand.
    m_tunnel.Install(m_misf->GetObject<Node>(),
                     home,
                     Ipv4Mask::GetOnes(),
                     m_mtu,
                     [this](Ptr<Packet> packet) { OnOutbound(packet); });
    m_connections.Connect(mn, "DataPath", MakeCallback(&MobilityClient::OnDataPath, this));
}

void
MobilityClient::SetRegistration(bool registration)
{
    m_registers = registration;
}

void
MobilityClient::AddRoute(Ipv4Address network, Ipv4Mask mask)
{
    const auto node = m_misf->GetObject<Node>();
    auto routing = Ipv4StaticRoutingHelper().GetStaticRouting(node->GetObject<Ipv4>());
    NS_ABORT_MSG_IF(!routing,
                    "MobilityClient: node " << node->GetId() << " needs Ipv4StaticRouting");
    routing->AddNetworkRouteTo(network, mask, m_tunnel.GetInterface());
}

void
MobilityClient::DoInitialize()
{
    if (m_registers)
    {
        m_misf->Start();
        m_socket = m_tunnel.Open(DSMIPV6_PORT,
                                 [this](Ptr<Packet> packet, Ipv4Address from, uint16_t port) {
                                     OnInbound(packet, from, port);
                                 });
        if (m_mn->IsDataPathOpen())
        {
            Update();
        }
    }
    Object::DoInitialize();
}

void
MobilityClient::DoDispose()
{
    m_connections.Clear();
    m_registration.Cancel();
    m_tunnel.Close();
    m_socket = nullptr;
    m_mn = nullptr;
    m_misf = nullptr;
    Object::DoDispose();
}

void
MobilityClient::Drop(const char* reason, size_t octets)
{
    NS_LOG_INFO("drops " << octets << " octets: " << reason);
    ++m_drops[reason];
    m_droppedTrace(reason, static_cast<uint32_t>(octets));
}

uint64_t
MobilityClient::GetDropCount(const std::string& reason) const
{
    const auto it = m_drops.find(reason);
    return it == m_drops.end() ? 0 : it->second;
}

Ptr<Ipv4Route>
MobilityClient::RouteToAnchor() const
{
    Ipv4Header header;
    header.SetDestination(m_anchor);
    Socket::SocketErrno error;
    const auto routing = m_misf->GetObject<Ipv4>()->GetRoutingProtocol();
    return routing->RouteOutput(Create<Packet>(), header, nullptr, error);
}

Ipv4Address
MobilityClient::GetCareOfAddress() const
{
    const auto route = RouteToAnchor();
    return route ? route->GetSource() : Ipv4Address::GetAny();
}

void
MobilityClient::OnDataPath(bool isOpen)
{
    if (isOpen && m_registers && m_socket) // before the start, the start does it
    {
        Update();
    }
}

void
MobilityClient::Update()
{
    NS_ABORT_MSG_IF(!m_socket, "MobilityClient: an update needs registration, after the start");
    m_registration.Begin(m_timeout, m_maxTimeout);
}

void
MobilityClient::SendUpdate()
{
    if (!m_mn->IsDataPathOpen())
    {
        return; // an update goes out when it opens
    }
    Misf::Activity activity(*m_misf);
    m_careOf = GetCareOfAddress();
    BindingUpdate update;
    update.sequence = ++m_sequence;
    update.lifetime = BindingLifetimeUnits(m_lifetime);
    update.mnIdentifier = m_misf->GetId().Get();
    update.homeAddress = MobilityHomeAddress{32, m_home.Get()};
    update.careOfAddress = m_careOf.Get();
    if (!m_association.key.empty())
    {
        update.authentication = MobilityAuthentication{m_association.spi, {}};
    }
    auto octets = EncodeMobility(update);
    if (update.authentication)
    {
        m_association.Authenticate(m_misf->GetCrypto(), m_careOf, m_home, octets);
    }
    octets = WrapMobility(m_home.Get(), m_anchor.Get(), octets);
    m_misf->AtCompletion([this, octets, careOf = m_careOf, sequence = m_sequence] {
        m_updateTrace(careOf, sequence);
        m_socket->SendTo(PacketOf(octets), 0, InetSocketAddress(m_anchor, DSMIPV6_PORT));
    });
}

void
MobilityClient::OnOutbound(Ptr<Packet> packet)
{
    if (!m_mn->HasDataPath())
    {
        Drop(DATA_PATH_CLOSED, packet->GetSize());
        return;
    }
    if (m_registers)
    {
        m_socket->SendTo(packet, 0, InetSocketAddress(m_anchor, DSMIPV6_PORT));
        return;
    }
    const auto route = RouteToAnchor();
    Ipv4Header header;
    if (!route || packet->RemoveHeader(header) == 0)
    {
        Drop(MALFORMED, packet->GetSize());
        return;
    }
    const auto ip = m_misf->GetObject<Ipv4L3Protocol>();
    const auto interface = ip->GetInterfaceForDevice(route->GetOutputDevice());
    ip->GetInterface(interface)->Send(packet, header, route->GetGateway());
}

void
MobilityClient::OnInbound(Ptr<Packet> packet, Ipv4Address from, uint16_t)
{
    if (from != m_anchor)
    {
        Drop(FOREIGN_SOURCE, packet->GetSize());
        return;
    }
    const auto octets = OctetsOf(packet);
    if (IpVersionOf(octets) == 6)
    {
        const auto message = UnwrapMobility(octets);
        if (!message)
        {
            Drop(MALFORMED, octets.size());
            return;
        }
        OnAcknowledgement(*message);
        return;
    }
    if (!Ipv4EndsOf(packet))
    {
        Drop(MALFORMED, octets.size());
        return;
    }
    if (!m_mn->HasDataPath())
    {
        Drop(DATA_PATH_CLOSED, octets.size());
        return;
    }
    m_tunnel.Deliver(packet);
}

void
MobilityClient::OnAcknowledgement(ByteView octets)
{
    Misf::Activity activity(*m_misf);
    const auto answer = DecodeBindingAcknowledgement(octets);
    if (!answer || answer->proxy)
    {
        Drop(MALFORMED, octets.size());
        return;
    }
    if (!m_association.key.empty() && !m_association.Verify(m_misf->GetCrypto(),
                                                            m_careOf,
                                                            m_home,
                                                            octets,
                                                            answer->authentication))
    {
        Drop(AUTHENTICATION_FAILURE, octets.size());
        return;
    }
    if (!m_registration.IsPending())
    {
        Drop(UNEXPECTED, octets.size());
        return;
    }
    if (answer->status == BindingStatus::SEQUENCE_OUT_OF_WINDOW)
    {
        m_sequence = answer->sequence;
        m_registration.Begin(m_timeout, m_maxTimeout);
        return;
    }
    if (answer->sequence != m_sequence)
    {
        Drop(UNEXPECTED, octets.size()); // of an update that was sent again since
        return;
    }
    const Time delay = Simulator::Now() - m_registration.GetBegin();
    if (answer->status != BindingStatus::ACCEPTED)
    {
        m_registration.Cancel();
    }
    else
    {
        const double granted = BINDING_LIFETIME_UNIT_S * static_cast<double>(answer->lifetime);
        m_registration.Acknowledged(Seconds(granted * m_refresh));
    }
    m_misf->TraceAtCompletion(m_acknowledgedTrace, answer->status, delay);
}

} // namespace ns3::mis
