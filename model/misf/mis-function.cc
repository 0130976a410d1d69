// SPDX-License-Identifier: GPL-2.0-only

#include "mis-function.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/log.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-protected-pdu.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisFunction");
NS_OBJECT_ENSURE_REGISTERED(Misf);

namespace
{

constexpr uint16_t LAST_TID = 4095; // 12 bits; 0 is not used
constexpr uint8_t MAX_BACKOFF = 2;  // four times the interval, well within a lifetime

uint64_t
Digest(ByteView octets)
{
    return std::hash<std::string_view>()(
        std::string_view(reinterpret_cast<const char*>(octets.data()), octets.size()));
}

DropReason
DropReasonOf(SecurityError error)
{
    switch (error)
    {
    case SecurityError::NO_SA:
    case SecurityError::ID_MISMATCH:
        return DropReason::NO_SA;
    case SecurityError::REPLAY:
        return DropReason::REPLAYED;
    case SecurityError::BAD_ICV:
        return DropReason::BAD_ICV;
    case SecurityError::EXPIRED:
        return DropReason::SA_EXPIRED;
    default:
        return DropReason::BAD_PROTECTION;
    }
}

Ptr<Packet>
PacketOf(const Bytes& frame)
{
    return Create<Packet>(frame.data(), frame.size());
}

bool
IsPureAck(const FrameView& frame)
{
    return frame.header.ackRsp && frame.body.empty();
}

bool
IsResponseTo(MessageId mid, MessageId request)
{
    return request.Opcode() == Opcode::REQUEST &&
           mid == MessageId::Make(request.Sid(), Opcode::RESPONSE, request.Aid());
}

} // namespace

const char*
ToString(SendError error)
{
    switch (error)
    {
    case SendError::NONE:
        return "none";
    case SendError::UNKNOWN_ADDRESS:
        return "unknown-address";
    case SendError::NO_SA:
        return "no-sa";
    case SendError::NO_TID:
        return "no-tid";
    case SendError::TOO_LONG:
        return "too-long";
    case SendError::NO_TRANSACTION:
        return "no-transaction";
    }
    return "unknown";
}

const char*
ToString(DropReason reason)
{
    switch (reason)
    {
    case DropReason::MALFORMED:
        return "malformed";
    case DropReason::NOT_FOR_THIS_MISF:
        return "not-for-this-misf";
    case DropReason::UNKNOWN_MESSAGE:
        return "unknown-message";
    case DropReason::UNKNOWN_TRANSACTION:
        return "unknown-transaction";
    case DropReason::TRANSACTION_CONFLICT:
        return "transaction-conflict";
    case DropReason::TABLE_FULL:
        return "table-full";
    case DropReason::NO_SA:
        return "no-sa";
    case DropReason::REPLAYED:
        return "replayed";
    case DropReason::BAD_ICV:
        return "bad-icv";
    case DropReason::SA_EXPIRED:
        return "sa-expired";
    case DropReason::BAD_PROTECTION:
        return "bad-protection";
    case DropReason::BAD_FRAGMENT:
        return "bad-fragment";
    case DropReason::REASSEMBLY_TIMEOUT:
        return "reassembly-timeout";
    case DropReason::REFUSED_BY_USER:
        return "refused-by-user";
    case DropReason::COUNT_:
        break;
    }
    return "unknown";
}

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
        Transmit(output);
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
    m_outbox.frames.push_back({packet, to, header, key, generation, timer});
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
            send(Create<Packet>(fragment.data(), fragment.size()));
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
Misf::SetHandler(MessageId mid, Handler handler, Destination destination)
{
    m_handlers[mid.Value()] = {std::move(handler), destination};
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
        ReceiveFrame(frame, from);
    };
    m_udp = std::make_unique<UdpTransport>(m_node, m_port, m_pathMtu, receiver);
    m_l2 = std::make_unique<L2Transport>(m_node, receiver);
    if (m_enableTcp)
    {
        m_tcp = std::make_unique<TcpTransport>(m_node, m_port, receiver);
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
    m_udp.reset();
    m_tcp.reset();
    m_l2.reset();
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

bool
Misf::WantsAck(const PeerAddress& to) const
{
    return m_acknowledge && to.transport != TransportType::TCP && !to.IsMulticast();
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
    if (m_keyLog)
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
    if (auto* sa = m_sas.FindByPeer(peer, Simulator::Now().GetNanoSeconds()))
    {
        return sa;
    }
    return m_saProvider ? m_saProvider->ProvideForPeer(*this, peer) : nullptr;
}

void
Misf::RemoveSa(const Said& said, const MisfId& peer)
{
    if (const auto* sa = m_sas.Find(said, peer.View()))
    {
        m_saDownTrace(*sa);
        m_sas.Remove(said, peer.View());
    }
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
    if (!frame.header.secured)
    {
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
    if (!candidate)
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

// sending

SecretOctets&
Misf::EncodeBuffer()
{
    // Shared by all nodes: it is filled and emptied within one call.
    static thread_local SecretOctets buffer;
    return buffer;
}

SendError
Misf::BuildFrame(const Header& header,
                 const MisfId& to,
                 ByteView body,
                 SendOptions::Protection protection,
                 Bytes& out)
{
    SecurityAssociation* sa = nullptr;
    SecretOctets kept;
    if (protection != SendOptions::Protection::NONE)
    {
        sa = m_sas.FindByPeer(to, Simulator::Now().GetNanoSeconds());
        if (!sa && m_saProvider)
        {
            // Who hears of a new SA may send something, which needs the buffer that holds the body.
            kept.assign(body.begin(), body.end());
            body = ByteView(kept.data(), kept.size());
            sa = FindSa(to);
        }
        if (!sa && protection == SendOptions::Protection::REQUIRED)
        {
            return SendError::NO_SA;
        }
    }
    SendError error = SendError::NONE;
    if (sa)
    {
        const auto size =
            Protect(*m_crypto, *sa, Simulator::Now().GetNanoSeconds(), header, m_id, to, body, out);
        if (!size)
        {
            error =
                size.Error() == SecurityError::TOO_LONG ? SendError::TOO_LONG : SendError::NO_SA;
        }
    }
    else if (body.size() + m_id.View().size() + to.View().size() + 8 > UINT16_MAX)
    {
        error = SendError::TOO_LONG;
    }
    else
    {
        BeginFrame(out, header, m_id, to);
        Writer(out).Octets(body);
        FinishFrame(out);
    }
    auto& plain = EncodeBuffer();
    SecureWipe(plain.data(), plain.size());
    return error;
}

bool
Misf::Fits(const Bytes& frame, const PeerAddress& to)
{
    auto* transport = TransportFor(to.transport);
    NS_ABORT_MSG_IF(!transport,
                    "Misf: a peer is reached by " << ToString(to.transport)
                                                  << ", which is not enabled here: set attribute "
                                                     "EnableTcp to true");
    const size_t mtu = transport->Mtu(to);
    if (frame.size() <= mtu)
    {
        return true;
    }
    const auto view = ParseFrame(frame);
    return view && !Fragment(*view, mtu).empty();
}

SendError
Misf::SendEncoded(MessageId mid,
                  const MisfId& to,
                  ByteView body,
                  const SendOptions& options,
                  TransactionDone done)
{
    auto* peer = MakePeer(to.View());
    const PeerAddress address =
        !options.via.IsEmpty() ? options.via : (peer ? Locate(*peer) : PeerAddress());
    if (!peer || address.IsEmpty())
    {
        return SendError::UNKNOWN_ADDRESS;
    }
    const auto tid = NewTid(*peer);
    if (!tid)
    {
        return SendError::NO_TID;
    }
    Header header{};
    header.mid = mid;
    header.tid = *tid;
    header.ackReq = WantsAck(address);
    static thread_local Bytes frame;
    frame.clear();
    const auto error = BuildFrame(header, to, body, options.protection, frame);
    if (error != SendError::NONE)
    {
        return error;
    }
    if (!Fits(frame, address))
    {
        return SendError::TOO_LONG;
    }
    auto packet = Create<Packet>(frame.data(), frame.size());
    const bool isRequest = mid.Opcode() == Opcode::REQUEST;
    if (!isRequest && !header.ackReq)
    {
        Queue(packet, address, header);
        return SendError::NONE;
    }
    const uint64_t key = KeyOf(*peer, *tid);
    auto& slot = m_sources[key];
    if (!slot)
    {
        slot = std::make_unique<SourceTransaction>();
    }
    auto& transaction = *slot;
    transaction = SourceTransaction();
    transaction.state =
        isRequest ? TransactionState::WAIT_RESPONSE_MESSAGE : TransactionState::WAIT_ACK;
    transaction.mid = mid;
    transaction.generation = m_nextGeneration++;
    transaction.acknowledged = !header.ackReq;
    transaction.secured = (frame[1] & assigned::SECURED_BIT) != 0;
    transaction.to = address;
    transaction.done = std::move(done);
    ++m_live;
    m_transactionTrace(mid, *tid, transaction.state);
    ArmLifetime(key, transaction.generation, SOURCE_LIFETIME);
    if (header.ackReq)
    {
        transaction.frame = frame;
        Queue(packet, address, header, key, transaction.generation, SOURCE_RETRANSMISSION);
    }
    else
    {
        Queue(packet, address, header);
    }
    return SendError::NONE;
}

SendError
Misf::SendEncodedResponse(const TransactionReference& reference,
                          MessageId mid,
                          ByteView body,
                          const SendOptions& options)
{
    const auto it = m_destinations.find(reference.key);
    if (it == m_destinations.end() || it->second->generation != reference.generation ||
        it->second->state != TransactionState::WAIT_RESPONSE_PRIMITIVE)
    {
        return SendError::NO_TRANSACTION;
    }
    auto& transaction = *it->second;
    auto& peer = PeerOf(reference.key);
    const PeerAddress address = options.via.IsEmpty() ? transaction.from : options.via;
    Header header{};
    header.mid = mid;
    header.tid = reference.key & 0xFFF;
    header.ackRsp = transaction.ackRequested && !transaction.ackSent;
    // A response that carries the acknowledgement needs none: if it is lost, the request comes
    // again.
    header.ackReq = transaction.ackSent && WantsAck(address);
    static thread_local Bytes frame;
    frame.clear();
    const auto error = BuildFrame(header, peer.id, body, options.protection, frame);
    if (error != SendError::NONE)
    {
        return error;
    }
    if (!Fits(frame, address))
    {
        return SendError::TOO_LONG;
    }
    auto packet = Create<Packet>(frame.data(), frame.size());
    transaction.response = frame;
    transaction.from = address;
    transaction.acknowledged = !header.ackReq;
    if (header.ackReq)
    {
        transaction.state = TransactionState::SEND_RESPONSE;
        Queue(packet,
              address,
              header,
              reference.key,
              transaction.generation,
              RESPONSE_RETRANSMISSION);
    }
    else
    {
        transaction.state = TransactionState::SUCCESS;
        --m_live;
        Queue(packet, address, header);
    }
    m_transactionTrace(transaction.mid, header.tid, transaction.state);
    return SendError::NONE;
}

void
Misf::SendAck(const FrameView& frame, const PeerAddress& to)
{
    Header header{};
    header.mid = frame.header.mid;
    header.tid = frame.header.tid;
    header.ackRsp = true;
    Bytes octets;
    octets.reserve(64);
    const auto* peer = FindPeer(frame.source);
    BeginFrame(octets, header, m_id, peer->id);
    FinishFrame(octets);
    Queue(Create<Packet>(octets.data(), octets.size()), to, header);
}

void
Misf::SendToGroup(ByteView frame, std::vector<GroupTarget> targets, TransactionDone done)
{
    Activity activity(*this);
    const auto view = ParseFrame(frame);
    NS_ASSERT_MSG(view, "a group message is built by its user");
    auto packet = Create<Packet>(frame.data(), frame.size());
    const uint16_t tid = view->header.tid;
    const bool answersWanted = static_cast<bool>(done);
    auto group = std::make_unique<GroupTransaction>();
    group->mid = view->header.mid;
    group->generation = m_nextGeneration++;
    group->frame = packet;
    group->done = std::move(done);
    group->outstanding = targets.size();
    for (size_t i = 0; i < targets.size(); ++i)
    {
        const bool isLast = i + 1 == targets.size();
        const bool repeated = i > 0 && targets[i].to == group->pending.back().target.to &&
                              targets[i].to.IsMulticast();
        const Timer timer = answersWanted && isLast ? GROUP_RETRANSMISSION : NONE;
        if (!repeated)
        {
            Queue(packet->Copy(), targets[i].to, view->header, tid, group->generation, timer);
        }
        else if (timer != NONE)
        {
            m_outbox.frames.back().timer = timer;
        }
        group->pending.push_back({std::move(targets[i]), false});
    }
    if (answersWanted && group->outstanding > 0)
    {
        ++m_live;
        ArmLifetime(tid, group->generation, GROUP_LIFETIME);
        m_groups[tid] = std::move(group);
    }
}

void
Misf::Relay(const FrameView& frame, const PeerAddress& to)
{
    Activity activity(*this);
    Queue(Create<Packet>(frame.whole.data(), frame.whole.size()), to, frame.header);
}

void
Misf::Refuse(const ReceivedMessage& message)
{
    Drop(DropReason::REFUSED_BY_USER, message.frame.whole.size());
    Forget(message);
}

void
Misf::Forget(const ReceivedMessage& message)
{
    const auto it = m_destinations.find(message.transaction.key);
    if (it != m_destinations.end() && it->second->generation == message.transaction.generation)
    {
        if (it->second->state == TransactionState::WAIT_RESPONSE_PRIMITIVE)
        {
            --m_live;
        }
        m_destinations.erase(it);
    }
}

// receiving

void
Misf::Drop(DropReason reason, size_t octets)
{
    NS_LOG_INFO(m_id << ": drops a frame: " << ToString(reason));
    ++m_drops[static_cast<size_t>(reason)];
    m_dropTrace(reason, static_cast<uint32_t>(octets));
}

void
Misf::ReceiveFrame(ByteView octets, const PeerAddress& from)
{
    Activity activity(*this);
    const auto frame = ParseFrame(octets);
    if (!frame)
    {
        Drop(DropReason::MALFORMED, octets.size());
        return;
    }
    if (!m_rxTrace.IsEmpty())
    {
        m_rxTrace(FrameRecord{frame->header,
                              m_id,
                              frame->source,
                              frame->destination,
                              from,
                              static_cast<uint32_t>(octets.size()),
                              nullptr});
    }
    if (!frame->header.more && frame->header.fragment == 0)
    {
        ReceiveWhole(*frame, from);
        return;
    }
    const int64_t now = Simulator::Now().GetNanoSeconds();
    Bytes whole;
    const auto before = m_reassembler.Size();
    switch (m_reassembler
                .Add(now, m_reassemblyTimeout.GetNanoSeconds(), m_maxReassemblies, *frame, whole))
    {
    case Reassembler::Verdict::WAITING:
        if (m_reassembler.Size() > before)
        {
            m_timers.Arm({now + m_reassemblyTimeout.GetNanoSeconds(), 0, 0, REASSEMBLY});
        }
        break;
    case Reassembler::Verdict::DROPPED:
        Drop(DropReason::BAD_FRAGMENT, octets.size());
        break;
    case Reassembler::Verdict::FULL:
        Drop(DropReason::TABLE_FULL, octets.size());
        break;
    case Reassembler::Verdict::COMPLETE:
        if (const auto assembled = ParseFrame(whole))
        {
            ReceiveWhole(*assembled, from);
        }
        else
        {
            Drop(DropReason::MALFORMED, whole.size());
        }
        break;
    }
}

void
Misf::ReceiveWhole(const FrameView& frame, const PeerAddress& from)
{
    if (!frame.destination.empty() && !(frame.destination == m_id.View()))
    {
        ReceiveForeign(frame, from);
        return;
    }
    auto* peer = MakePeer(frame.source);
    if (!peer)
    {
        Drop(DropReason::TABLE_FULL, frame.whole.size());
        return;
    }
    const bool isResponse = frame.header.mid.Opcode() == Opcode::RESPONSE;
    if (frame.header.ackRsp ? !isResponse || !frame.body.empty() : isResponse)
    {
        ReceiveAtSource(frame, *peer, from);
        return;
    }
    if (isResponse)
    {
        // acknowledgement of a response sent from here
        const auto it = m_destinations.find(KeyOf(*peer, frame.header.tid));
        if (it == m_destinations.end() || !IsResponseTo(frame.header.mid, it->second->mid))
        {
            Drop(DropReason::UNKNOWN_TRANSACTION, frame.whole.size());
            return;
        }
        auto& transaction = *it->second;
        if (transaction.state == TransactionState::SEND_RESPONSE)
        {
            MeasureRtt(*peer, transaction.sentNs, transaction.retransmissions);
            transaction.acknowledged = true;
            transaction.state = TransactionState::SUCCESS;
            Bytes().swap(transaction.response); // it will not be asked for again
            --m_live;
            m_transactionTrace(transaction.mid, frame.header.tid, transaction.state);
        }
        return;
    }
    const auto handler = m_handlers.find(frame.header.mid.Value());
    if (handler == m_handlers.end())
    {
        Drop(DropReason::UNKNOWN_MESSAGE, frame.whole.size());
        return;
    }
    ReceiveAtDestination(frame, *peer, from, handler->second);
}

void
Misf::ReceiveForeign(const FrameView& frame, const PeerAddress& from)
{
    const auto handler = m_handlers.find(frame.header.mid.Value());
    if (handler == m_handlers.end() || handler->second.destination != Destination::ANY)
    {
        Drop(DropReason::NOT_FOR_THIS_MISF, frame.whole.size());
        return;
    }
    auto* peer = MakePeer(frame.source);
    if (!peer)
    {
        Drop(DropReason::TABLE_FULL, frame.whole.size());
        return;
    }
    if (frame.header.mid.Opcode() == Opcode::RESPONSE)
    {
        handler->second.handler({frame, peer->id, frame.body, nullptr, from, {}});
        return;
    }
    ReceiveAtDestination(frame, *peer, from, handler->second);
}

void
Misf::ReceiveAtSource(const FrameView& frame, Peer& peer, const PeerAddress& from)
{
    const uint64_t key = KeyOf(peer, frame.header.tid);
    const auto it = m_sources.find(key);
    const bool isAck = IsPureAck(frame);
    const auto answers = [&](MessageId mid) {
        return isAck ? frame.header.mid == mid : IsResponseTo(frame.header.mid, mid);
    };
    const uint64_t digest = isAck ? 0 : Digest(frame.whole);
    if (it == m_sources.end() || !answers(it->second->mid))
    {
        const auto completed = m_completed.find(key);
        if (completed == m_completed.end() || !answers(completed->second.mid))
        {
            ReceiveGroupAnswer(frame, peer, from);
        }
        else if (!isAck && digest == completed->second.responseDigest && frame.header.ackReq)
        {
            SendAck(frame, from);
        }
        return;
    }
    auto& transaction = *it->second;
    if (isAck)
    {
        if (transaction.acknowledged)
        {
            return;
        }
        transaction.acknowledged = true;
        Bytes().swap(transaction.frame);
        MeasureRtt(peer, transaction.sentNs, transaction.retransmissions);
        if (transaction.state == TransactionState::WAIT_ACK)
        {
            EndSource(key, TransactionFailure::NONE, nullptr);
        }
        return;
    }
    if (transaction.secured && !frame.header.secured)
    {
        // An answer in plain text to a protected question is somebody else's.
        Drop(DropReason::BAD_PROTECTION, frame.whole.size());
        return;
    }
    SecretOctets plain;
    ByteView body;
    SecurityAssociation* sa = nullptr;
    if (!Open(frame, peer.id, plain, body, sa))
    {
        return;
    }
    LearnAddress(peer, from, sa != nullptr);
    if (frame.header.ackRsp && !transaction.acknowledged)
    {
        MeasureRtt(peer, transaction.sentNs, transaction.retransmissions);
    }
    transaction.acknowledged = true;
    transaction.responseDigest = digest;
    if (frame.header.ackReq)
    {
        SendAck(frame, from);
    }
    const ReceivedMessage message{frame, peer.id, body, sa, from, {}};
    EndSource(key, TransactionFailure::NONE, &message);
}

void
Misf::ReceiveGroupAnswer(const FrameView& frame, Peer& peer, const PeerAddress& from)
{
    const uint16_t tid = frame.header.tid;
    const auto it = m_groups.find(tid);
    const bool answers = it != m_groups.end() && !IsPureAck(frame) &&
                         IsResponseTo(frame.header.mid, it->second->mid);
    if (!answers)
    {
        Drop(DropReason::UNKNOWN_TRANSACTION, frame.whole.size());
        return;
    }
    auto& pending = it->second->pending;
    const auto member = std::find_if(pending.begin(), pending.end(), [&](const auto& entry) {
        return entry.target.member == peer.id;
    });
    if (member == pending.end() || member->answered)
    {
        Drop(DropReason::UNKNOWN_TRANSACTION, frame.whole.size());
        return;
    }
    SecretOctets plain;
    ByteView body;
    SecurityAssociation* sa = nullptr;
    if (!Open(frame, peer.id, plain, body, sa))
    {
        return;
    }
    member->answered = true;
    const bool isLast = --it->second->outstanding == 0;
    const auto done = isLast ? std::move(it->second->done) : it->second->done;
    if (isLast)
    {
        EndGroup(tid, TransactionFailure::NONE);
    }
    const ReceivedMessage message{frame, peer.id, body, sa, from, {}};
    done({TransactionFailure::NONE, &message});
}

void
Misf::ReceiveAtDestination(const FrameView& frame,
                           Peer& peer,
                           const PeerAddress& from,
                           const Registration& registration)
{
    const uint64_t key = KeyOf(peer, frame.header.tid);
    const uint64_t digest = Digest(frame.whole);
    const auto known = m_destinations.find(key);
    if (known != m_destinations.end())
    {
        auto& transaction = *known->second;
        if (transaction.digest == digest)
        {
            if (!transaction.response.empty() && transaction.ackRequested && !transaction.ackSent)
            {
                Queue(PacketOf(transaction.response), transaction.from, frame.header);
            }
            else if (transaction.ackSent)
            {
                SendAck(frame, from);
            }
            else if (!transaction.response.empty())
            {
                Queue(PacketOf(transaction.response), transaction.from, frame.header);
            }
            return;
        }
        if (transaction.state != TransactionState::SUCCESS)
        {
            Drop(DropReason::TRANSACTION_CONFLICT, frame.whole.size());
            return;
        }
    }
    else if (m_destinations.size() >= m_maxTransactions)
    {
        Drop(DropReason::TABLE_FULL, frame.whole.size());
        return;
    }
    SecretOctets plain;
    ByteView body;
    SecurityAssociation* sa = nullptr;
    if (!Open(frame, peer.id, plain, body, sa))
    {
        return;
    }
    LearnAddress(peer, from, sa != nullptr);
    const bool isRequest = frame.header.mid.Opcode() == Opcode::REQUEST;
    auto& slot = m_destinations[key];
    if (!slot)
    {
        slot = std::make_unique<DestinationTransaction>();
    }
    *slot = DestinationTransaction();
    const uint32_t generation = m_nextGeneration++;
    slot->state = isRequest ? TransactionState::WAIT_RESPONSE_PRIMITIVE : TransactionState::SUCCESS;
    slot->mid = frame.header.mid;
    slot->generation = generation;
    slot->digest = digest;
    slot->ackRequested = frame.header.ackReq;
    slot->from = from;
    m_live += isRequest;
    m_transactionTrace(frame.header.mid, frame.header.tid, slot->state);
    Remember(key, generation, false);
    registration.handler({frame, peer.id, body, sa, from, {key, generation}});
    // The user may have answered, refused or even removed it.
    const auto it = m_destinations.find(key);
    if (it == m_destinations.end() || it->second->generation != generation)
    {
        return;
    }
    if (it->second->state != TransactionState::SUCCESS)
    {
        ArmLifetime(key, generation, DESTINATION_LIFETIME);
    }
    if (it->second->ackRequested && it->second->response.empty())
    {
        it->second->ackSent = true;
        SendAck(frame, from);
    }
}

// timers

void
Misf::ArmLifetime(uint64_t key, uint32_t generation, Timer timer)
{
    m_timers.Arm({Simulator::Now().GetNanoSeconds() + m_transactionLifetime.GetNanoSeconds(),
                  key,
                  generation,
                  timer});
}

void
Misf::Remember(uint64_t key, uint32_t generation, bool isSource)
{
    m_memories.push_back(
        {(Simulator::Now() + m_transactionLifetime).GetNanoSeconds(), key, generation, isSource});
}

void
Misf::ForgetOld()
{
    // When the node is next active is early enough: what it remembers does nothing by itself, so a
    // node at rest costs no event.
    if (m_oldestMemory == m_memories.size())
    {
        return;
    }
    const int64_t now = Simulator::Now().GetNanoSeconds();
    for (; m_oldestMemory < m_memories.size() && m_memories[m_oldestMemory].untilNs <= now;
         ++m_oldestMemory)
    {
        const auto& memory = m_memories[m_oldestMemory];
        if (memory.isSource)
        {
            const auto it = m_completed.find(memory.key);
            if (it != m_completed.end() && it->second.generation == memory.generation)
            {
                m_completed.erase(it);
            }
            continue;
        }
        const auto it = m_destinations.find(memory.key);
        if (it != m_destinations.end() && it->second->generation == memory.generation &&
            it->second->state == TransactionState::SUCCESS)
        {
            m_destinations.erase(it);
        }
    }
    if (m_oldestMemory > m_memories.size() / 2)
    {
        m_memories.erase(m_memories.begin(), m_memories.begin() + m_oldestMemory);
        m_oldestMemory = 0;
    }
}

bool
Misf::IsStale(const TimerQueue::Entry& entry) const
{
    switch (entry.kind)
    {
    case SOURCE_RETRANSMISSION: {
        const auto it = m_sources.find(entry.key);
        return it == m_sources.end() || it->second->generation != entry.generation ||
               it->second->acknowledged;
    }
    case RESPONSE_RETRANSMISSION: {
        const auto it = m_destinations.find(entry.key);
        return it == m_destinations.end() || it->second->generation != entry.generation ||
               it->second->acknowledged;
    }
    case SOURCE_LIFETIME: {
        const auto it = m_sources.find(entry.key);
        return it == m_sources.end() || it->second->generation != entry.generation;
    }
    case DESTINATION_LIFETIME: {
        const auto it = m_destinations.find(entry.key);
        return it == m_destinations.end() || it->second->generation != entry.generation ||
               it->second->state == TransactionState::SUCCESS;
    }
    default:
        return false;
    }
}

void
Misf::Expire(const TimerQueue::Entry& entry)
{
    switch (entry.kind)
    {
    case SOURCE_RETRANSMISSION:
        RetransmitSource(entry);
        break;
    case RESPONSE_RETRANSMISSION:
        RetransmitResponse(entry);
        break;
    case GROUP_RETRANSMISSION:
        RetransmitGroup(entry);
        break;
    case SOURCE_LIFETIME: {
        const auto it = m_sources.find(entry.key);
        if (it != m_sources.end() && it->second->generation == entry.generation)
        {
            EndSource(entry.key, TransactionFailure::LIFETIME_OVER, nullptr);
        }
        break;
    }
    case DESTINATION_LIFETIME: {
        const auto it = m_destinations.find(entry.key);
        if (it != m_destinations.end() && it->second->generation == entry.generation &&
            it->second->state != TransactionState::SUCCESS)
        {
            --m_live;
            m_transactionTrace(it->second->mid, entry.key & 0xFFF, TransactionState::FAILURE);
            m_destinations.erase(it);
        }
        break;
    }
    case GROUP_LIFETIME: {
        const auto it = m_groups.find(static_cast<uint16_t>(entry.key));
        if (it != m_groups.end() && it->second->generation == entry.generation)
        {
            EndGroup(static_cast<uint16_t>(entry.key), TransactionFailure::LIFETIME_OVER);
        }
        break;
    }
    case REASSEMBLY: {
        const auto dropped = m_reassembler.Expire(Simulator::Now().GetNanoSeconds());
        for (size_t i = 0; i < dropped; ++i)
        {
            Drop(DropReason::REASSEMBLY_TIMEOUT, 0);
        }
        break;
    }
    case SA_EXPIRY: {
        const int64_t now = Simulator::Now().GetNanoSeconds();
        while (const auto* sa = m_sas.FindExpired(now))
        {
            const auto said = sa->said;
            const auto peer = sa->remote;
            m_saDownTrace(*sa);
            m_sas.Remove(said, peer.View());
        }
        break;
    }
    default:
        break;
    }
}

void
Misf::RetransmitSource(const TimerQueue::Entry& entry)
{
    const auto it = m_sources.find(entry.key);
    if (it == m_sources.end() || it->second->generation != entry.generation ||
        it->second->acknowledged)
    {
        return;
    }
    auto& transaction = *it->second;
    if (transaction.retransmissions >= m_maxRetransmissions)
    {
        EndSource(entry.key, TransactionFailure::NO_ACKNOWLEDGEMENT, nullptr);
        return;
    }
    ++transaction.retransmissions;
    Activity activity(*this);
    Header header{};
    header.mid = transaction.mid;
    header.tid = entry.key & 0xFFF;
    Queue(PacketOf(transaction.frame),
          transaction.to,
          header,
          entry.key,
          entry.generation,
          SOURCE_RETRANSMISSION);
}

void
Misf::RetransmitResponse(const TimerQueue::Entry& entry)
{
    const auto it = m_destinations.find(entry.key);
    if (it == m_destinations.end() || it->second->generation != entry.generation ||
        it->second->acknowledged)
    {
        return;
    }
    auto& transaction = *it->second;
    if (transaction.retransmissions >= m_maxRetransmissions)
    {
        transaction.state = TransactionState::SUCCESS;
        transaction.acknowledged = true;
        --m_live;
        m_transactionTrace(transaction.mid, entry.key & 0xFFF, TransactionState::FAILURE);
        return;
    }
    ++transaction.retransmissions;
    Activity activity(*this);
    Header header{};
    header.mid = transaction.mid;
    header.tid = entry.key & 0xFFF;
    Queue(PacketOf(transaction.response),
          transaction.from,
          header,
          entry.key,
          entry.generation,
          RESPONSE_RETRANSMISSION);
}

void
Misf::RetransmitGroup(const TimerQueue::Entry& entry)
{
    const auto tid = static_cast<uint16_t>(entry.key);
    const auto it = m_groups.find(tid);
    if (it == m_groups.end() || it->second->generation != entry.generation)
    {
        return;
    }
    auto& group = *it->second;
    if (group.retransmissions >= m_maxRetransmissions)
    {
        EndGroup(tid, TransactionFailure::NO_ACKNOWLEDGEMENT);
        return;
    }
    ++group.retransmissions;
    Activity activity(*this);
    Header header{};
    header.mid = group.mid;
    header.tid = tid;
    bool queued = false;
    PeerAddress last;
    for (const auto& pending : group.pending)
    {
        if (pending.answered || (queued && pending.target.to == last))
        {
            continue;
        }
        Queue(group.frame->Copy(), pending.target.to, header, entry.key, entry.generation, NONE);
        last = pending.target.to;
        queued = true;
    }
    m_outbox.frames.back().timer = GROUP_RETRANSMISSION;
}

void
Misf::EndSource(uint64_t key, TransactionFailure failure, const ReceivedMessage* message)
{
    const auto it = m_sources.find(key);
    const auto transaction = std::move(it->second);
    m_sources.erase(it);
    --m_live;
    if (failure == TransactionFailure::NONE)
    {
        // Remembered until its lifetime ends, to acknowledge a repeated response.
        m_completed[key] = {transaction->responseDigest, transaction->generation, transaction->mid};
        Remember(key, transaction->generation, true);
    }
    m_transactionTrace(transaction->mid,
                       key & 0xFFF,
                       failure == TransactionFailure::NONE ? TransactionState::SUCCESS
                                                           : TransactionState::FAILURE);
    const auto& done = transaction->done;
    if (done)
    {
        Activity activity(*this);
        done({failure, message});
    }
}

void
Misf::EndGroup(uint16_t tid, TransactionFailure failure)
{
    const auto it = m_groups.find(tid);
    const auto done = std::move(it->second->done);
    m_groups.erase(it);
    --m_live;
    if (done && failure != TransactionFailure::NONE)
    {
        Activity activity(*this);
        done({failure, nullptr});
    }
}

} // namespace ns3::mis
