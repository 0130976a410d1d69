// SPDX-License-Identifier: GPL-2.0-only

#include "mis-ipsec-transport.h"

#include "mis-channel-association.h"

#include "ns3/abort.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-ikev2-keys.h"
#include "ns3/mis-socket-octets.h"
#include "ns3/simulator.h"
#include "ns3/udp-header.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisIpsecTransport");

namespace
{

constexpr uint16_t IKE_PORT = 500;
constexpr uint8_t PROTOCOL_UDP = 17;
constexpr uint8_t PROTOCOL_ESP = 50;
constexpr size_t IP_OCTETS = 20;
constexpr size_t UDP_OCTETS = 8;
constexpr size_t MAX_SELECTORS = 255; // of a payload (RFC 7296, section 3.13)

int64_t
NowNs()
{
    return Simulator::Now().GetNanoSeconds();
}

Bytes
OctetsOf(Ipv4Address address)
{
    Bytes octets(4);
    address.Serialize(octets.data());
    return octets;
}

/// The datagrams of MIS of some addresses.
ikev2::TrafficSelector
Selector(Ipv4Address first, Ipv4Address last, uint16_t port)
{
    ikev2::TrafficSelector selector;
    selector.ipProtocol = PROTOCOL_UDP;
    selector.startPort = port;
    selector.endPort = port;
    selector.start = OctetsOf(first);
    selector.end = OctetsOf(last);
    return selector;
}

bool
Covers(const std::vector<ikev2::TrafficSelector>& selectors, Ipv4Address address, uint16_t port)
{
    const auto octets = OctetsOf(address);
    return std::any_of(selectors.begin(), selectors.end(), [&](const auto& selector) {
        return selector.start <= octets && octets <= selector.end && selector.startPort <= port &&
               port <= selector.endPort;
    });
}

} // namespace

const char*
ToString(Ikev2Event::Kind kind)
{
    switch (kind)
    {
    case Ikev2Event::Kind::IKE_SA_UP:
        return "ike-sa-up";
    case Ikev2Event::Kind::CHILD_SA_UP:
        return "child-sa-up";
    case Ikev2Event::Kind::CHILD_SA_REKEYED:
        return "child-sa-rekeyed";
    case Ikev2Event::Kind::CHILD_SA_DOWN:
        return "child-sa-down";
    case Ikev2Event::Kind::CHILD_SA_REFUSED:
        return "child-sa-refused";
    case Ikev2Event::Kind::IKE_SA_REKEYED:
        return "ike-sa-rekeyed";
    case Ikev2Event::Kind::IKE_SA_DOWN:
        return "ike-sa-down";
    case Ikev2Event::Kind::FAILED:
        return "failed";
    }
    return "unknown";
}

IpsecTransport::IpsecTransport(Misf& misf)
    : m_misf(misf)
{
}

IpsecTransport::~IpsecTransport()
{
    m_timer.Cancel();
    for (const auto& socket : {m_ike, m_esp})
    {
        if (socket)
        {
            socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
            socket->Close();
        }
    }
}

void
IpsecTransport::Open()
{
    m_node = m_misf.GetObject<Node>();
    if (!m_node->GetObject<Ipv4>())
    {
        return;
    }
    m_ike = Socket::CreateSocket(m_node, UdpSocketFactory::GetTypeId());
    if (m_ike->Bind(InetSocketAddress(Ipv4Address::GetAny(), IKE_PORT)) != 0)
    {
        NS_FATAL_ERROR("Ikev2Establishment: UDP port " << IKE_PORT << " of node " << m_node->GetId()
                                                       << " is taken by another application");
    }
    m_ike->SetRecvCallback(MakeCallback(&IpsecTransport::OnIke, this));
    m_esp = Socket::CreateSocket(m_node, Ipv4RawSocketFactory::GetTypeId());
    m_esp->SetAttribute("Protocol", UintegerValue(PROTOCOL_ESP));
    m_esp->Bind();
    m_esp->SetRecvCallback(MakeCallback(&IpsecTransport::OnEsp, this));
}

Ikev2Endpoint&
IpsecTransport::Endpoint()
{
    if (m_endpoint)
    {
        return *m_endpoint;
    }
    auto configuration = m_users.GetAgreed("Ikev2Establishment", m_node->GetId()).configure();
    configuration.name = m_misf.GetId().Get();
    configuration.exportLabel = assigned::IKEV2_EXPORT_LABEL;
    const auto ipv4 = m_node->GetObject<Ipv4>();
    for (uint32_t i = 0; i < ipv4->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; j < ipv4->GetNAddresses(i); ++j)
        {
            const auto address = ipv4->GetAddress(i, j).GetLocal();
            if (address != Ipv4Address::GetLoopback() && configuration.local.size() < MAX_SELECTORS)
            {
                configuration.local.push_back(Selector(address, address, m_misf.GetPort()));
            }
        }
    }
    configuration.remote = {
        Selector(Ipv4Address::GetAny(), Ipv4Address::GetBroadcast(), m_misf.GetPort())};
    configuration.logIkeKeys = [this](const std::string& line) {
        if (const auto log = m_misf.GetKeyLog())
        {
            log->Ikev2(line);
        }
    };
    configuration.logChildKeys = [this](const std::string& line) {
        if (const auto log = m_misf.GetKeyLog())
        {
            log->EspSa(line);
        }
    };
    m_endpoint = std::make_unique<Ikev2Endpoint>(m_misf.GetCrypto(), std::move(configuration));
    return *m_endpoint;
}

// SAs

void
IpsecTransport::Establish(const MisfId& peer)
{
    Misf::Activity activity(m_misf);
    const auto address = m_misf.GetPeerAddress(peer);
    if (!m_ike || !InetSocketAddress::IsMatchingType(address.address))
    {
        m_wanted.insert(peer);
        End(peer, address.IsEmpty() ? "unknown-address" : "no-ipv4-address");
        return;
    }
    m_wanted.insert(peer);
    const auto host = InetSocketAddress::ConvertFrom(address.address).GetIpv4();
    Process(
        Endpoint().Initiate(NowNs(), peer.Get(), SocketOctets(InetSocketAddress(host, IKE_PORT))));
}

void
IpsecTransport::RekeyChildren(const MisfId& peer)
{
    Misf::Activity activity(m_misf);
    for (const auto& child : Endpoint().Children(peer.Get()))
    {
        Process(Endpoint().RekeyChild(NowNs(), child.spiIn));
    }
}

void
IpsecTransport::Rekey(const MisfId& peer)
{
    Misf::Activity activity(m_misf);
    Process(Endpoint().Rekey(NowNs(), peer.Get()));
}

void
IpsecTransport::Delete(const MisfId& peer)
{
    Misf::Activity activity(m_misf);
    Process(Endpoint().Delete(NowNs(), peer.Get()));
}

void
IpsecTransport::Process(Ikev2Output output)
{
    for (auto& datagram : output.datagrams)
    {
        m_misf.AtCompletion([life = weak_from_this(), datagram = std::move(datagram)] {
            if (const auto self = life.lock())
            {
                self->Transmit(datagram);
            }
        });
    }
    for (const auto& event : output.events)
    {
        OnEvent(event);
    }
    if (output.drop != Ikev2Drop::NONE)
    {
        Drop("ike", ToString(output.drop));
    }
    CleanUp();
    Arm();
}

void
IpsecTransport::Transmit(const Ikev2Datagram& datagram)
{
    const auto to = ReadSocketOctets(datagram.to);
    m_misf.CountOverhead(HostOf(to->address), datagram.octets.size());
    if (m_ike->SendTo(PacketOf(datagram.octets), 0, to->address) < 0)
    {
        NS_LOG_WARN(m_misf.GetId() << ": the network refuses a message of IKEv2");
    }
}

void
IpsecTransport::OnEvent(const Ikev2Event& event)
{
    const MisfId peer(event.peerName);
    switch (event.kind)
    {
    case Ikev2Event::Kind::IKE_SA_UP: {
        auto& lineage = m_lineages[event.lineage];
        lineage.peer = peer;
        lineage.host =
            InetSocketAddress::ConvertFrom(ReadSocketOctets(event.peer)->address).GetIpv4();
        lineage.source = SourceFor(lineage.host);
        lineage.root = event.root;
        break;
    }
    case Ikev2Event::Kind::CHILD_SA_UP:
    case Ikev2Event::Kind::CHILD_SA_REKEYED:
        OnChild(event);
        break;
    case Ikev2Event::Kind::CHILD_SA_DOWN:
        OnChildDown(event);
        break;
    case Ikev2Event::Kind::CHILD_SA_REFUSED:
        m_childless.insert(peer);
        break;
    case Ikev2Event::Kind::IKE_SA_DOWN:
        m_lineages.erase(event.lineage);
        m_childless.insert(peer);
        break;
    case Ikev2Event::Kind::IKE_SA_REKEYED:
    case Ikev2Event::Kind::FAILED:
        break;
    }
    Ikev2Report report;
    report.local = m_misf.GetId();
    report.peer = peer;
    report.kind = event.kind;
    report.outcome = ToString(event.outcome);
    report.isInitiator = event.isInitiator;
    report.spiIn = event.child.spiIn;
    report.spiOut = event.child.spiOut;
    for (const auto& user : m_users.Get())
    {
        user.onEvent(report);
    }
    if (event.kind == Ikev2Event::Kind::CHILD_SA_UP)
    {
        End(peer, "");
    }
    else if (event.isInitiator && (event.kind == Ikev2Event::Kind::FAILED ||
                                   event.kind == Ikev2Event::Kind::CHILD_SA_REFUSED))
    {
        End(peer, report.outcome);
    }
}

void
IpsecTransport::OnChild(const Ikev2Event& event)
{
    const auto& child = event.child;
    auto& lineage = m_lineages.at(event.lineage);
    m_children.emplace(child.spiIn,
                       Child{event.lineage,
                             EspSender(child.spiOut, child.keyOut),
                             EspReceiver(child.spiIn, child.keyIn),
                             child.local,
                             child.remote});
    if (event.kind == Ikev2Event::Kind::CHILD_SA_REKEYED && !event.isOwnRekey && lineage.spiIn != 0)
    {
        lineage.spiInNext = child.spiIn;
    }
    else
    {
        lineage.spiIn = child.spiIn;
    }
    if (lineage.isOpen)
    {
        return;
    }
    auto sa = MakeChannelAssociation(m_misf, lineage.peer, event.isInitiator, lineage.root);
    lineage.said = sa.said;
    lineage.isOpen = true;
    m_hosts[lineage.host].push_back(event.lineage);
    m_misf.OpenChannel(
        std::move(sa),
        {TransportType::ESP, InetSocketAddress(lineage.host, m_misf.GetPort()), nullptr});
}

void
IpsecTransport::OnChildDown(const Ikev2Event& event)
{
    m_children.erase(event.child.spiIn);
    const auto it = m_lineages.find(event.lineage);
    if (it == m_lineages.end())
    {
        return;
    }
    auto& lineage = it->second;
    if (lineage.spiInNext == event.child.spiIn)
    {
        lineage.spiInNext = 0;
    }
    if (lineage.spiIn != event.child.spiIn)
    {
        return;
    }
    lineage.spiIn = std::exchange(lineage.spiInNext, 0);
    for (const auto& [spiIn, child] : m_children)
    {
        if (lineage.spiIn == 0 && child.lineage == event.lineage)
        {
            lineage.spiIn = spiIn;
        }
    }
    if (lineage.spiIn != 0)
    {
        return;
    }
    lineage.isOpen = false;
    auto& open = m_hosts[lineage.host];
    open.erase(std::remove(open.begin(), open.end(), event.lineage), open.end());
    if (open.empty())
    {
        m_hosts.erase(lineage.host);
    }
    m_childless.insert(lineage.peer);
    m_misf.CloseChannel(lineage.said, lineage.peer);
}

/// An IKE SA without a Child SA is of no use, and would be in the way of a new one.
void
IpsecTransport::CleanUp()
{
    while (!m_childless.empty())
    {
        const MisfId peer = *m_childless.begin();
        m_childless.erase(m_childless.begin());
        if (!m_endpoint->Children(peer.Get()).empty())
        {
            continue;
        }
        if (m_endpoint->CountIkeSas(peer.Get()) > 0)
        {
            Process(m_endpoint->Delete(NowNs(), peer.Get()));
        }
        else if (m_wanted.count(peer) > 0)
        {
            Establish(peer);
        }
    }
}

void
IpsecTransport::End(const MisfId& peer, const std::string& reason)
{
    if (m_wanted.erase(peer) == 0)
    {
        return;
    }
    for (const auto& user : m_users.Get())
    {
        user.onEnd(peer, reason);
    }
}

void
IpsecTransport::Drop(const char* protocol, const char* reason)
{
    NS_LOG_INFO(m_misf.GetId() << ": drops a packet of " << protocol << ": " << reason);
    ++m_drops;
    for (const auto& user : m_users.Get())
    {
        user.onDrop(protocol, reason);
    }
}

void
IpsecTransport::Arm()
{
    const int64_t deadlineNs = m_endpoint->NextDeadlineNs();
    if (deadlineNs == m_timerNs)
    {
        return;
    }
    m_timer.Cancel();
    m_timerNs = deadlineNs;
    if (deadlineNs != INT64_MAX)
    {
        m_timer = Simulator::Schedule(NanoSeconds(std::max<int64_t>(deadlineNs - NowNs(), 0)),
                                      &IpsecTransport::OnTimer,
                                      this);
    }
}

void
IpsecTransport::OnTimer()
{
    m_timerNs = INT64_MAX;
    Misf::Activity activity(m_misf);
    Process(m_endpoint->Expire(NowNs()));
}

void
IpsecTransport::OnIke(Ptr<Socket> socket)
{
    Address from;
    while (const auto packet = socket->RecvFrom(from))
    {
        Bytes octets(packet->GetSize());
        packet->CopyData(octets.data(), octets.size());
        Misf::Activity activity(m_misf);
        Process(Endpoint().Receive(NowNs(), SocketOctets(from), octets));
    }
}

// packets

Ipv4Address
IpsecTransport::SourceFor(Ipv4Address destination) const
{
    Ipv4Header header;
    header.SetDestination(destination);
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    const auto routing = m_node->GetObject<Ipv4>()->GetRoutingProtocol();
    const auto route = routing->RouteOutput(Create<Packet>(), header, nullptr, error);
    return route ? route->GetSource() : Ipv4Address::GetAny();
}

size_t
IpsecTransport::Mtu(const PeerAddress&) const
{
    UintegerValue pathMtu;
    m_misf.GetAttribute("PathMtu", pathMtu);
    size_t inner = pathMtu.Get() - IP_OCTETS;
    while (IP_OCTETS + EspSize(inner) > pathMtu.Get())
    {
        --inner;
    }
    return inner - IP_OCTETS - UDP_OCTETS;
}

bool
IpsecTransport::Send(Ptr<Packet> frame, const PeerAddress& to)
{
    const auto host = InetSocketAddress::ConvertFrom(to.address).GetIpv4();
    const auto open = m_hosts.find(host);
    if (open == m_hosts.end())
    {
        return false;
    }
    auto& lineage = m_lineages.at(open->second.back());
    auto& child = m_children.at(lineage.spiIn);
    auto packet = frame->Copy();
    UdpHeader udp;
    udp.EnableChecksums();
    udp.InitializeChecksum(lineage.source, host, PROTOCOL_UDP);
    udp.SetSourcePort(m_misf.GetPort());
    udp.SetDestinationPort(m_misf.GetPort());
    packet->AddHeader(udp);
    Ipv4Header ip;
    ip.EnableChecksum();
    ip.SetSource(lineage.source);
    ip.SetDestination(host);
    ip.SetProtocol(PROTOCOL_UDP);
    ip.SetTtl(64);
    ip.SetIdentification(lineage.identification++);
    ip.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
    packet->AddHeader(ip);
    Bytes inner(packet->GetSize());
    packet->CopyData(inner.data(), inner.size());
    Misf::Activity activity(m_misf);
    auto octets = child.sender.Encapsulate(m_misf.GetCrypto(), inner);
    SecureWipe(inner.data(), inner.size());
    if (!octets)
    {
        Drop("esp", ToString(octets.Error()));
        return false;
    }
    m_misf.CountOverhead(host, octets->size() - UDP_OCTETS - frame->GetSize());
    m_misf.AtCompletion([life = weak_from_this(), host, octets = std::move(*octets)] {
        const auto self = life.lock();
        if (self && self->m_esp->SendTo(PacketOf(octets), 0, InetSocketAddress(host, 0)) < 0)
        {
            NS_LOG_WARN(self->m_misf.GetId() << ": the network refuses a packet of ESP");
        }
    });
    return true;
}

void
IpsecTransport::OnEsp(Ptr<Socket> socket)
{
    Address from;
    while (const auto packet = socket->RecvFrom(from))
    {
        // A raw socket sees what the node forwards, too.
        Ipv4Header ip;
        packet->RemoveHeader(ip);
        if (m_node->GetObject<Ipv4>()->GetInterfaceForAddress(ip.GetDestination()) < 0)
        {
            continue;
        }
        Bytes octets(packet->GetSize());
        packet->CopyData(octets.data(), octets.size());
        Misf::Activity activity(m_misf);
        ReceiveEsp(octets);
    }
}

void
IpsecTransport::ReceiveEsp(ByteView packet)
{
    const auto spi = EspSpi(packet);
    const auto it = spi ? m_children.find(*spi) : m_children.end();
    if (it == m_children.end())
    {
        Drop("esp", ToString(spi ? EspError::UNKNOWN_SPI : EspError::TRUNCATED));
        return;
    }
    auto& child = it->second;
    const auto inner = child.receiver.Decapsulate(m_misf.GetCrypto(), packet);
    if (!inner)
    {
        Drop("esp", ToString(inner.Error()));
        return;
    }
    auto& lineage = m_lineages.at(child.lineage);
    if (lineage.spiInNext == *spi)
    {
        lineage.spiIn = std::exchange(lineage.spiInNext, 0);
    }
    Deliver(child, *inner);
}

void
IpsecTransport::Deliver(const Child& child, const Bytes& inner)
{
    constexpr uint8_t VERSION_4_WITHOUT_OPTIONS = 0x45;
    if (inner.size() < IP_OCTETS + UDP_OCTETS || inner[0] != VERSION_4_WITHOUT_OPTIONS)
    {
        Drop("esp", "selector-mismatch");
        return;
    }
    auto packet = PacketOf(inner);
    Ipv4Header ip;
    UdpHeader udp;
    ip.EnableChecksum();
    packet->RemoveHeader(ip);
    packet->RemoveHeader(udp);
    if (!ip.IsChecksumOk() || ip.GetPayloadSize() != inner.size() - IP_OCTETS ||
        ip.GetFragmentOffset() != 0 || !ip.IsLastFragment() || ip.GetProtocol() != PROTOCOL_UDP ||
        !Covers(child.local, ip.GetDestination(), udp.GetDestinationPort()) ||
        !Covers(child.remote, ip.GetSource(), udp.GetSourcePort()))
    {
        // Authentic, but not what the SA is for (RFC 4301, section 5.2).
        Drop("esp", "selector-mismatch");
        return;
    }
    const auto& lineage = m_lineages.at(child.lineage);
    const ByteView frame = ByteView(inner).Sub(IP_OCTETS + UDP_OCTETS, packet->GetSize());
    m_misf.Receive(frame,
                   PeerAddress::Udp(lineage.host, m_misf.GetPort()),
                   m_misf.GetSaDatabase().Find(lineage.said, lineage.peer.View()));
}

} // namespace ns3::mis
