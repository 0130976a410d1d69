// SPDX-License-Identifier: GPL-2.0-only

#include "mis-function.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/log.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-protected-pdu.h"
#include "ns3/mis-tcp-transport.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisFunction");
NS_OBJECT_ENSURE_REGISTERED(Misf);

namespace
{

constexpr uint16_t LAST_TID = 4095; // 12 bits; 0 is not used
constexpr uint8_t MAX_BACKOFF = 2;  // four times the interval, well within a lifetime

} // namespace

TypeId
Misf::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::Misf")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<Misf>()
            .AddAttribute("Port",
                          "Port of UDP and TCP (RFC 5677).",
                          UintegerValue(4551),
                          MakeUintegerAccessor(&Misf::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("PathMtu",
                          "Path MTU in octets, of which IP and UDP headers take their share; a "
                          "longer message is sent in fragments.",
                          UintegerValue(1500),
                          MakeUintegerAccessor(&Misf::m_pathMtu),
                          MakeUintegerChecker<uint16_t>(576))
            .AddAttribute("AcknowledgementService",
                          "Whether to ask for acknowledgements where the transport is not "
                          "reliable.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&Misf::m_acknowledge),
                          MakeBooleanChecker())
            .AddAttribute("RetransmissionInterval",
                          "Time after which an unacknowledged message is sent again (PA-12).",
                          TimeValue(MilliSeconds(assigned::RETRANSMISSION_INTERVAL_MS)),
                          MakeTimeAccessor(&Misf::m_retransmissionInterval),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("AdaptiveRetransmission",
                          "Whether the interval is raised to the retransmission timeout of RFC "
                          "6298 where that is longer.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&Misf::m_adaptive),
                          MakeBooleanChecker())
            .AddAttribute("MaxRetransmissions",
                          "How often an unacknowledged message is sent again.",
                          UintegerValue(assigned::MAX_RETRANSMISSIONS),
                          MakeUintegerAccessor(&Misf::m_maxRetransmissions),
                          MakeUintegerChecker<uint8_t>(0, 100))
            .AddAttribute("TransactionLifetime",
                          "Time after which a transaction without a response fails.",
                          TimeValue(MilliSeconds(assigned::TRANSACTION_LIFETIME_MS)),
                          MakeTimeAccessor(&Misf::m_transactionLifetime),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("ReassemblyTimeout",
                          "Time after its first fragment for which an incomplete message is kept "
                          "(PA-12).",
                          TimeValue(MilliSeconds(assigned::REASSEMBLY_TIMEOUT_MS)),
                          MakeTimeAccessor(&Misf::m_reassemblyTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("MaxReassemblies",
                          "How many incomplete messages are kept.",
                          UintegerValue(1024),
                          MakeUintegerAccessor(&Misf::m_maxReassemblies),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("MaxPeers",
                          "How many peers are remembered.",
                          UintegerValue(1000000),
                          MakeUintegerAccessor(&Misf::m_maxPeers),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("MaxTransactions",
                          "How many transactions opened by others are remembered.",
                          UintegerValue(1000000),
                          MakeUintegerAccessor(&Misf::m_maxTransactions),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("DeviceProfile",
                          "Simulated cost of cryptography: server, laptop, phone, cortex-m, zero, "
                          "or a registered profile.",
                          StringValue("zero"),
                          MakeStringAccessor(&Misf::m_profileName),
                          MakeStringChecker())
            .AddAttribute("ComputeCryptography",
                          "Whether cryptography is computed by OpenSSL; if not, it is only "
                          "counted, with the same sizes and times.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&Misf::m_computeCryptography),
                          MakeBooleanChecker())
            .AddAttribute("EnableTcp",
                          "Whether to listen on TCP.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&Misf::m_enableTcp),
                          MakeBooleanChecker())
            .AddTraceSource("Tx",
                            "A frame was handed to its transport.",
                            MakeTraceSourceAccessor(&Misf::m_txTrace),
                            "ns3::mis::Misf::FrameTracedCallback")
            .AddTraceSource("Rx",
                            "A frame has come from a transport.",
                            MakeTraceSourceAccessor(&Misf::m_rxTrace),
                            "ns3::mis::Misf::FrameTracedCallback")
            .AddTraceSource("Overhead",
                            "A protected transport sends octets besides those of frames.",
                            MakeTraceSourceAccessor(&Misf::m_overheadTrace),
                            "ns3::mis::Misf::OverheadTracedCallback")
            .AddTraceSource("Drop",
                            "A received frame was dropped.",
                            MakeTraceSourceAccessor(&Misf::m_dropTrace),
                            "ns3::mis::Misf::DropTracedCallback")
            .AddTraceSource("Transaction",
                            "A transaction changed its state.",
                            MakeTraceSourceAccessor(&Misf::m_transactionTrace),
                            "ns3::mis::Misf::TransactionTracedCallback")
            .AddTraceSource("SaUp",
                            "A security association was added.",
                            MakeTraceSourceAccessor(&Misf::m_saUpTrace),
                            "ns3::mis::Misf::SaTracedCallback")
            .AddTraceSource("SaDown",
                            "A security association was removed.",
                            MakeTraceSourceAccessor(&Misf::m_saDownTrace),
                            "ns3::mis::Misf::SaTracedCallback")
            .AddTraceSource("SaBroken",
                            "A security association by TLS records can not be used any more; "
                            "SaDown follows.",
                            MakeTraceSourceAccessor(&Misf::m_saBrokenTrace),
                            "ns3::mis::Misf::SaBrokenTracedCallback")
            .AddTraceSource("CpuBusy",
                            "The processors serve a job.",
                            MakeTraceSourceAccessor(&Misf::m_cpuTrace),
                            "ns3::mis::Misf::CpuTracedCallback");
    return tid;
}

Misf::Misf()
    : m_timers([this](const TimerQueue::Entry& entry) { Expire(entry); },
               [this](const TimerQueue::Entry& entry) { return IsStale(entry); })
{
}

Misf::~Misf() = default;

// activities

Misf::Activity::Activity(Misf& misf)
    : m_misf(misf)
{
    if (misf.m_depth++ == 0)
    {
        misf.Start();
        misf.ForgetOld();
    }
}

Misf::Activity::~Activity()
{
    if (--m_misf.m_depth > 0)
    {
        return;
    }
    const auto& counter = m_misf.m_crypto->Counter();
    int64_t service = 0;
    if (counter != m_misf.m_spentBefore)
    {
        service = m_misf.m_profile->ServiceTimeNs(counter - m_misf.m_spentBefore);
        m_misf.m_spentBefore = counter;
    }
    const bool idle = m_misf.m_outbox.frames.empty() && m_misf.m_outbox.actions.empty();
    if (idle && service == 0)
    {
        return;
    }
    const int64_t now = Simulator::Now().GetNanoSeconds();
    const int64_t done = m_misf.m_cpu.Submit(now, service);
    if (service > 0)
    {
        m_misf.m_cpuTrace(NanoSeconds(done - service), NanoSeconds(done));
    }
    if (idle)
    {
        return;
    }
    if (done <= now)
    {
        Outbox outbox = std::move(m_misf.m_outbox);
        m_misf.m_outbox = Outbox();
        m_misf.Flush(outbox);
        return;
    }
    auto outbox = std::make_shared<Outbox>(std::move(m_misf.m_outbox));
    m_misf.m_outbox = Outbox();
    Simulator::Schedule(NanoSeconds(done - now), &Misf::FlushLater, Ptr<Misf>(&m_misf), outbox);
}

void
Misf::AtCompletion(std::function<void()> action)
{
    NS_ASSERT_MSG(m_depth > 0, "AtCompletion outside an Activity");
    m_outbox.actions.push_back(std::move(action));
}

void
Misf::FlushLater(std::shared_ptr<Outbox> outbox)
{
    if (m_node)
    {
        Flush(*outbox);
    }
}

void
Misf::Flush(Outbox& outbox)
{
    for (const auto& output : outbox.frames)
    {
        TransmitInTurn(output);
    }
    for (const auto& action : outbox.actions)
    {
        action();
    }
}

void
Misf::Queue(Ptr<Packet> packet,
            const PeerAddress& to,
            const Header& header,
            uint64_t key,
            uint32_t generation,
            Timer timer)
{
    const auto& via = Via(to);
    // Several processors may be ready in another order than that in which records were made.
    const uint64_t turn = via.transport == TransportType::TCP ? m_order[via.address].Enter() : 0;
    m_outbox.frames.push_back({packet, via, header, key, generation, timer, turn});
}

void
Misf::TransmitInTurn(const Output& output)
{
    if (output.to.transport != TransportType::TCP)
    {
        Transmit(output);
        return;
    }
    m_order[output.to.address].Pass(output.turn, output, [this](const Output& next) {
        Transmit(next);
    });
}

void
Misf::Transmit(const Output& output)
{
    auto* transport = TransportFor(output.to.transport);
    const auto send = [&](Ptr<Packet> packet) {
        if (!m_txTrace.IsEmpty())
        {
            Bytes octets(packet->GetSize());
            packet->CopyData(octets.data(), octets.size());
            if (const auto frame = ParseFrame(octets))
            {
                m_txTrace(FrameRecord{frame->header,
                                      m_id,
                                      frame->source,
                                      frame->destination,
                                      output.to,
                                      packet->GetSize(),
                                      packet});
            }
        }
        if (!transport || !transport->Send(packet, output.to))
        {
            NS_LOG_WARN(m_id << ": the network refuses a frame");
        }
    };
    if (transport && output.packet->GetSize() > transport->Mtu(output.to))
    {
        Bytes octets(output.packet->GetSize());
        output.packet->CopyData(octets.data(), octets.size());
        const auto frame = ParseFrame(octets);
        for (const auto& fragment : Fragment(*frame, transport->Mtu(output.to)))
        {
            send(PacketOf(fragment));
        }
    }
    else
    {
        send(output.packet);
    }
    if (output.timer == NONE)
    {
        return;
    }
    const int64_t now = Simulator::Now().GetNanoSeconds();
    const Peer* peer = nullptr;
    if (output.timer == SOURCE_RETRANSMISSION)
    {
        const auto it = m_sources.find(output.key);
        if (it == m_sources.end() || it->second->generation != output.generation)
        {
            return;
        }
        it->second->sentNs = now;
        peer = &PeerOf(output.key);
    }
    else if (output.timer == RESPONSE_RETRANSMISSION)
    {
        const auto it = m_destinations.find(output.key);
        if (it == m_destinations.end() || it->second->generation != output.generation)
        {
            return;
        }
        it->second->sentNs = now;
        peer = &PeerOf(output.key);
    }
    m_timers.Arm({now + RetransmissionNs(peer), output.key, output.generation, output.timer});
}

// set-up

void
Misf::SetId(const MisfId& id)
{
    NS_ABORT_MSG_IF(id.IsEmpty(), "Misf: the MISF identifier must not be empty");
    m_id = id;
}

void
Misf::SetDirectory(Ptr<PosDirectory> directory)
{
    m_directory = directory;
}

void
Misf::SetSaProvider(Ptr<SaProvider> provider)
{
    m_saProvider = provider;
}

void
Misf::SetKeyLog(Ptr<KeyLog> log)
{
    m_keyLog = log;
}

void
Misf::SetPeerAddress(const MisfId& id, const PeerAddress& address)
{
    auto* peer = MakePeer(id.View());
    NS_ABORT_MSG_IF(!peer, "Misf: MaxPeers " << m_maxPeers << " is too small");
    peer->address = address;
    peer->pinned = true;
}

PeerAddress
Misf::GetPeerAddress(const MisfId& id)
{
    if (auto* peer = FindPeer(id.View()))
    {
        return Locate(*peer);
    }
    const auto* record = m_directory ? m_directory->Find(id.View()) : nullptr;
    return record ? record->address : PeerAddress();
}

void
Misf::SetHandler(MessageId mid, Handler handler, Destination destination, Trust trust)
{
    m_handlers[mid.Value()] = {std::move(handler), destination, trust};
}

void
Misf::ClearHandler(MessageId mid)
{
    m_handlers.erase(mid.Value());
}

void
Misf::NotifyNewAggregate()
{
    if (!m_node)
    {
        m_node = GetObject<Node>();
    }
    Object::NotifyNewAggregate();
}

void
Misf::DoInitialize()
{
    Start();
    Object::DoInitialize();
}

void
Misf::Start()
{
    if (m_started)
    {
        return;
    }
    m_started = true;
    NS_ABORT_MSG_IF(!m_node, "Misf: must be aggregated to a node");
    NS_ABORT_MSG_IF(m_id.IsEmpty(), "Misf: the MISF identifier must be set before the start");
    m_profile = FindDeviceProfile(m_profileName);
    if (!m_profile)
    {
        std::string allowed;
        for (const auto& name : DeviceProfileNames())
        {
            allowed += (allowed.empty() ? "" : ", ") + name;
        }
        NS_FATAL_ERROR("Misf: attribute DeviceProfile is \"" << m_profileName << "\", allowed are "
                                                             << allowed);
    }
    m_cpu = CpuQueue(m_profile->cores);
    m_crypto = std::make_unique<CryptoContext>(m_computeCryptography ? CryptoBackend::OPENSSL
                                                                     : CryptoBackend::COUNTING,
                                               m_random);
    const auto receiver = [this](ByteView frame, const PeerAddress& from) {
        Receive(frame, from, nullptr);
    };
    m_udp = std::make_unique<UdpTransport>(m_node, m_port, m_pathMtu, receiver);
    m_l2 = std::make_unique<L2Transport>(m_node, receiver);
    if (m_enableTcp)
    {
        m_tcp =
            std::make_unique<TcpTransport>(m_node, m_port, receiver, [this](const Address& host) {
                OnTcpLost(host);
            });
    }
    for (const auto& [type, transport] : m_protectedTransports)
    {
        transport->Open();
    }
}

void
Misf::DoDispose()
{
    m_timers.Clear();
    m_sources.clear();
    m_completed.clear();
    m_destinations.clear();
    m_groups.clear();
    m_handlers.clear();
    m_outbox = Outbox();
    m_order.clear();
    m_udp.reset();
    m_tcp.reset();
    m_l2.reset();
    m_protectedTransports.clear();
    m_directory = nullptr;
    m_saProvider = nullptr;
    m_keyLog = nullptr;
    m_node = nullptr;
    Object::DoDispose();
}

int64_t
Misf::AssignStreams(int64_t stream)
{
    return m_random.AssignStreams(stream);
}

Time
Misf::GetCpuTime() const
{
    return NanoSeconds(m_cpu.BusyNs());
}

Transport*
Misf::TransportFor(TransportType type)
{
    switch (type)
    {
    case TransportType::UDP:
        return m_udp.get();
    case TransportType::TCP:
        return m_tcp.get();
    case TransportType::L2:
        return m_l2.get();
    case TransportType::ESP:
    case TransportType::TLS:
        return GetTransport(type).get();
    }
    return nullptr;
}

// peers

Peer*
Misf::FindPeer(ByteView id)
{
    const auto it = m_peersById.find(id);
    return it == m_peersById.end() ? nullptr : it->second;
}

Peer*
Misf::MakePeer(ByteView id)
{
    if (auto* peer = FindPeer(id))
    {
        return peer;
    }
    if (m_peers.size() >= m_maxPeers)
    {
        return nullptr;
    }
    auto peer = std::make_unique<Peer>();
    peer->id = MisfId(std::string(reinterpret_cast<const char*>(id.data()), id.size()));
    peer->index = static_cast<uint32_t>(m_peers.size());
    auto* raw = peer.get();
    m_peers.push_back(std::move(peer));
    m_peersById.emplace(raw->id, raw);
    return raw;
}

Peer&
Misf::PeerOf(uint64_t key)
{
    return *m_peers[key >> 16];
}

PeerAddress
Misf::Locate(Peer& peer)
{
    if (peer.address.IsEmpty() && m_directory)
    {
        if (const auto* record = m_directory->Find(peer.id.View()))
        {
            peer.address = record->address;
            peer.pinned = true;
        }
    }
    return peer.address;
}

void
Misf::LearnAddress(Peer& peer, const PeerAddress& from, bool verified)
{
    if (!peer.pinned && (verified || Locate(peer).IsEmpty()) && peer.address != from)
    {
        peer.address = from;
    }
}

const PeerAddress&
Misf::Via(const PeerAddress& to) const
{
    if (m_channels.empty() || to.IsEmpty() || to.transport == TransportType::L2 ||
        IsProtected(to.transport))
    {
        return to;
    }
    const auto it = m_channels.find(HostOf(to.address));
    return it == m_channels.end() ? to : it->second;
}

bool
Misf::WantsAck(const PeerAddress& to) const
{
    return m_acknowledge && to.transport != TransportType::TCP &&
           to.transport != TransportType::TLS && !to.IsMulticast();
}

std::optional<uint16_t>
Misf::NewTid(Peer& peer)
{
    if (peer.nextTid == 0)
    {
        peer.nextTid = 1 + m_random.Next() % LAST_TID;
    }
    for (uint16_t tries = 0; tries < LAST_TID; ++tries)
    {
        const uint16_t tid = peer.nextTid;
        peer.nextTid = tid == LAST_TID ? 1 : tid + 1;
        // A group request is under the same identifier with all members, who may be peers.
        if (m_sources.find(KeyOf(peer, tid)) == m_sources.end() &&
            m_groups.find(tid) == m_groups.end())
        {
            return tid;
        }
    }
    return std::nullopt;
}

std::optional<uint16_t>
Misf::NewGroupTid()
{
    if (m_nextGroupTid == 0)
    {
        m_nextGroupTid = 1 + m_random.Next() % LAST_TID;
    }
    for (uint16_t tries = 0; tries < LAST_TID; ++tries)
    {
        const uint16_t tid = m_nextGroupTid;
        m_nextGroupTid = tid == LAST_TID ? 1 : tid + 1;
        if (m_groups.find(tid) == m_groups.end())
        {
            return tid;
        }
    }
    return std::nullopt;
}

int64_t
Misf::RetransmissionNs(const Peer* peer) const
{
    int64_t interval = m_retransmissionInterval.GetNanoSeconds();
    if (m_adaptive && peer)
    {
        interval = std::max<int64_t>(interval,
                                     std::llround(peer->smoothedRttNs + 4 * peer->rttVariationNs));
        interval <<= peer->backoff;
    }
    return interval;
}

void
Misf::MeasureRtt(Peer& peer, int64_t sentNs, uint8_t retransmissions)
{
    // RFC 6298, sections 2, 3 and 5: nobody knows which transmission was acknowledged, so the next
    // message waits longer, until one needs no retransmission. Else a path slower than the interval
    // would never be measured.
    if (retransmissions > 0)
    {
        peer.backoff = std::min<uint8_t>(peer.backoff + 1, MAX_BACKOFF);
        return;
    }
    peer.backoff = 0;
    const double sample =
        static_cast<double>(std::max<int64_t>(Simulator::Now().GetNanoSeconds() - sentNs, 1));
    if (peer.smoothedRttNs == 0)
    {
        peer.smoothedRttNs = sample;
        peer.rttVariationNs = sample / 2;
        return;
    }
    peer.rttVariationNs = 0.75 * peer.rttVariationNs + 0.25 * std::abs(peer.smoothedRttNs - sample);
    peer.smoothedRttNs = 0.875 * peer.smoothedRttNs + 0.125 * sample;
}

// security

SecurityAssociation*
Misf::AddSa(SecurityAssociation sa)
{
    NS_ASSERT_MSG(sa.group || sa.local == m_id, "an SA belongs to its local MISF");
    auto* stored = m_sas.Add(std::move(sa));
    if (m_keyLog && !stored->transport && !stored->tls)
    {
        m_keyLog->Sa(*stored);
    }
    if (stored->notAfterNs != SecurityAssociation::NO_LIMIT)
    {
        m_timers.Arm({stored->notAfterNs, 0, 0, SA_EXPIRY});
    }
    m_saUpTrace(*stored);
    return stored;
}

SecurityAssociation*
Misf::FindSa(const MisfId& peer)
{
    auto* sa = m_sas.FindByPeer(peer, Simulator::Now().GetNanoSeconds());
    if (sa && !IsStranded(*sa))
    {
        return sa;
    }
    return m_saProvider ? m_saProvider->ProvideForPeer(*this, peer) : nullptr;
}

bool
Misf::NeedsEstablishment(const MisfId& peer)
{
    return m_saProvider && !FindSa(peer) && m_saProvider->IsOnDemand(*this, peer);
}

void
Misf::EstablishSa(const MisfId& peer, SaProvider::Established established)
{
    auto* sa = FindSa(peer);
    if (sa || !m_saProvider)
    {
        established(sa, sa ? "" : "no-sa");
        return;
    }
    m_saProvider->Establish(*this, peer, std::move(established));
}

void
Misf::RemoveSa(const Said& said, const MisfId& peer)
{
    if (const auto* sa = m_sas.Find(said, peer.View()))
    {
        m_saDownTrace(*sa);
        const Said removed = said; // what these refer to may be the SA's own
        const MisfId other = peer;
        if (m_channelSa == sa)
        {
            m_channelSa = nullptr;
        }
        m_sas.Remove(removed, other.View());
        if (m_saProvider)
        {
            m_saProvider->Removed(*this, removed, other);
        }
    }
}

void
Misf::SetTransport(TransportType type, std::shared_ptr<Transport> transport)
{
    NS_ASSERT_MSG(IsProtected(type), "other transports belong to the MISF");
    m_protectedTransports[type] = transport;
    if (m_started)
    {
        transport->Open();
    }
}

std::shared_ptr<Transport>
Misf::GetTransport(TransportType type) const
{
    const auto it = m_protectedTransports.find(type);
    return it == m_protectedTransports.end() ? nullptr : it->second;
}

void
Misf::CountOverhead(const Address& host, size_t octets)
{
    m_overheadTrace(m_id, host, static_cast<uint32_t>(octets));
}

SecurityAssociation*
Misf::OpenChannel(SecurityAssociation sa, const PeerAddress& channel)
{
    NS_ASSERT_MSG(sa.transport, "a channel is an association of the transport");
    auto* peer = MakePeer(sa.remote.View());
    NS_ABORT_MSG_IF(!peer, "Misf: MaxPeers " << m_maxPeers << " is too small");
    peer->channels += m_sas.Find(sa.said, sa.remote.View()) == nullptr;
    peer->channel = channel;
    m_channels[HostOf(channel.address)] = channel;
    auto* stored = AddSa(std::move(sa));
    if (channel.transport == TransportType::TLS)
    {
        // What a connection that was lost may have taken along; the peer knows duplicates.
        Activity activity(*this);
        for (const auto& [key, transaction] : m_sources)
        {
            if (&PeerOf(key) == peer && transaction->to == channel && !transaction->frame.empty())
            {
                Header header{};
                header.mid = transaction->mid;
                header.tid = key & 0xFFF;
                Queue(PacketOf(transaction->frame), channel, header);
            }
        }
    }
    return stored;
}

void
Misf::CloseChannel(const Said& said, const MisfId& id)
{
    const auto* sa = m_sas.Find(said, id.View());
    auto* peer = FindPeer(id.View());
    if (!sa || !peer)
    {
        return;
    }
    if (--peer->channels == 0)
    {
        m_channels.erase(HostOf(peer->channel.address));
        peer->channel = PeerAddress();
    }
    RemoveSa(said, id);
}

bool
Misf::IsProvisioned(const Said& said, const MisfId& peer) const
{
    return m_saProvider && m_saProvider->IsProvisioned(*this, said, peer);
}

bool
Misf::Open(const FrameView& frame,
           const MisfId& source,
           SecretOctets& plain,
           ByteView& body,
           SecurityAssociation*& sa)
{
    sa = nullptr;
    body = frame.body;
    if (!frame.header.secured || IsHandshake(frame))
    {
        sa = m_channelSa && m_channelSa->remote == source ? m_channelSa : nullptr;
        return true;
    }
    const auto said = ReadSaid(frame);
    if (!said)
    {
        Drop(DropReasonOf(said.Error()), frame.whole.size());
        return false;
    }
    auto* candidate = m_sas.Find(*said, frame.source);
    if (!candidate && m_saProvider)
    {
        candidate = m_saProvider->ProvideForSaid(*this, *said, source);
    }
    if (!candidate || candidate->transport || candidate->tls)
    {
        Drop(DropReason::NO_SA, frame.whole.size());
        return false;
    }
    const auto opened =
        Unprotect(*m_crypto, *candidate, Simulator::Now().GetNanoSeconds(), frame, plain);
    if (!opened)
    {
        Drop(DropReasonOf(opened.Error()), frame.whole.size());
        return false;
    }
    sa = candidate;
    body = ByteView(plain.data(), plain.size());
    return true;
}

bool
Misf::LacksProtection(const SecurityAssociation* sa, const Peer& peer)
{
    return !sa && FindSa(peer.id);
}

} // namespace ns3::mis
