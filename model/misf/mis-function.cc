// SPDX-License-Identifier: GPL-2.0-only

#include "mis-function.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-tcp-transport.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(Misf);

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

} // namespace ns3::mis
