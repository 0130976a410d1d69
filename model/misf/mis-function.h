// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The MIS Function of a node.
 */
#ifndef MIS_FUNCTION_H
#define MIS_FUNCTION_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-directory.h"
#include "ns3/mis-fragmentation.h"
#include "ns3/mis-key-log.h"
#include "ns3/mis-message.h"
#include "ns3/mis-processing-model.h"
#include "ns3/mis-random-source.h"
#include "ns3/mis-sa-database.h"
#include "ns3/mis-sa-provider.h"
#include "ns3/mis-send-order.h"
#include "ns3/mis-timer-queue.h"
#include "ns3/mis-tlv.h"
#include "ns3/mis-transaction.h"
#include "ns3/mis-transport.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <array>
#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

namespace ns3::mis
{

class TcpTransport;

/// A remote MIS Function.
struct Peer
{
    MisfId id;                //!< its identifier
    uint32_t index{0};        //!< dense index at this node
    PeerAddress address;      //!< where it is reached, if known
    PeerAddress channel;      //!< protected transport to it, empty if there is none
    uint32_t channels{0};     //!< associations that the transport protects
    PeerAddress records;      //!< other end of the newest session of TLS records, if any
    Address recordsFrom;      //!< own IP address of that session
    bool pinned{false};       //!< the address was configured and is not learned from frames
    uint16_t nextTid{0};      //!< next transaction identifier to try; 0 before the first
    uint8_t backoff{0};       //!< how often to double the retransmission timeout
    double smoothedRttNs{0};  //!< RFC 6298 estimate, 0 before the first measurement
    double rttVariationNs{0}; //!< RFC 6298 variation
};

/// Names a destination transaction, to answer it later.
struct TransactionReference
{
    uint64_t key{0};        //!< peer and transaction identifier
    uint32_t generation{0}; //!< use of the key
};

/// A message handed to its user.
struct ReceivedMessage
{
    const FrameView& frame;           //!< the frame as received, whole
    const MisfId& source;             //!< who sent it
    ByteView body;                    //!< service TLVs, in plain text
    SecurityAssociation* sa;          //!< what protected it, nullptr if nothing did
    PeerAddress from;                 //!< where it came from
    TransactionReference transaction; //!< to answer a request
};

/// How a message is sent.
struct SendOptions
{
    /// Use of security associations.
    enum class Protection : uint8_t
    {
        IF_AVAILABLE, //!< under the newest usable SA with the peer, else plain
        REQUIRED,     //!< under the newest usable SA with the peer, else not at all
        NONE,         //!< plain
        HANDSHAKE     //!< Auth only: the body is the flight of a handshake that protects itself
    };

    Protection protection{Protection::IF_AVAILABLE};
    PeerAddress via;          //!< where to send it; the peer's own address if empty
    std::optional<Said> said; //!< not under the newest SA with the peer, but under this one
};

/// Why a message was not sent.
enum class SendError : uint8_t
{
    NONE,
    UNKNOWN_ADDRESS, //!< nobody knows where the peer is
    NO_SA,           //!< protection required, but no usable security association
    NO_TID,          //!< all 4095 transaction identifiers are in use
    TOO_LONG,        //!< more than 65535 octets or 128 fragments
    NO_TRANSACTION   //!< the request to be answered is over
};

/**
 * @param error a reason
 * @return its name
 */
const char* ToString(SendError error);

/// Why a received frame was dropped.
enum class DropReason : uint8_t
{
    MALFORMED,            //!< not a MIS frame, or one that breaks the format
    NOT_FOR_THIS_MISF,    //!< another destination
    UNKNOWN_MESSAGE,      //!< no user for this message identifier
    UNKNOWN_TRANSACTION,  //!< a response or acknowledgement to nothing
    TRANSACTION_CONFLICT, //!< another message under a transaction identifier in use
    TABLE_FULL,           //!< too many peers, transactions or reassemblies
    NO_SA,                //!< protected by an unknown security association
    REPLAYED,             //!< sequence number seen before
    BAD_ICV,              //!< integrity check failed
    SA_EXPIRED,           //!< lifetime of the security association is over
    BAD_PROTECTION,       //!< protected part breaks the format
    BAD_FRAGMENT,         //!< fragment contradicts its message
    REASSEMBLY_TIMEOUT,   //!< fragments missing
    REFUSED_BY_USER,      //!< the user can not make sense of it
    UNPROTECTED,          //!< under no security association, though there is one with the sender
    COUNT_
};

/**
 * @param reason a reason
 * @return its name
 */
const char* ToString(DropReason reason);

/// What the Tx and Rx traces report of a frame.
struct FrameRecord
{
    Header header;            //!< protocol header
    const MisfId& local;      //!< this node
    ByteView source;          //!< Source MISF ID
    ByteView destination;     //!< Destination MISF ID
    PeerAddress remote;       //!< other end of the transport
    uint32_t octets;          //!< length of the frame
    Ptr<const Packet> packet; //!< the frame
};

/**
 * @brief The MIS Function (MISF) of a node: peers, transactions, acknowledgement service,
 * fragmentation, transports, security associations and the processor queue.
 *
 * It is aggregated to its node. Messages of a user (MobileNode, PointOfService, GroupManager) go
 * out through the Send functions; messages for a user arrive at the handler it has set.
 *
 * A handler runs at the instant its frame arrives. What it sends, and what it asks to be done
 * AtCompletion, happens when the node's processors have served the cryptographic operations done
 * meanwhile.
 */
class Misf : public Object
{
  public:
    /// Called with each message for a user.
    using Handler = std::function<void(const ReceivedMessage&)>;

    /// Destinations a handler is called for.
    enum class Destination : uint8_t
    {
        OWN, //!< this MISF, or none named
        ANY  //!< also a group, or another MISF for which this one relays
    };

    /**
     * @brief What a message has to come under to be handed to its user.
     *
     * This is the one rule of trust for messages that move a mobile node or tell of it: who has a
     * security association with this MISF uses it, so that a message without it is somebody else's.
     * Messages that bring a key, or begin without one, have rules of their own at their users.
     */
    enum class Trust : uint8_t
    {
        ANY,      //!< anything; the user looks at ReceivedMessage::sa
        SA_IF_ANY //!< a security association, if there is one with the sender
    };

    /// @return the TypeId
    static TypeId GetTypeId();

    Misf();
    ~Misf() override;

    /**
     * @brief Work done in one go; see AtCompletion().
     *
     * Handlers and timers of the MISF run inside one; a user that acts by itself opens its own.
     */
    class Activity
    {
      public:
        /// @param misf the MISF that works
        explicit Activity(Misf& misf);
        ~Activity();
        Activity(const Activity&) = delete;
        Activity& operator=(const Activity&) = delete;

      private:
        Misf& m_misf;
    };

    // set-up

    /// @param id identifier of this MISF, not empty
    void SetId(const MisfId& id);

    /// @return identifier of this MISF
    const MisfId& GetId() const
    {
        return m_id;
    }

    /// @param directory where peers are looked up
    void SetDirectory(Ptr<PosDirectory> directory);

    /// @return where peers are looked up, may be nullptr
    Ptr<PosDirectory> GetDirectory() const
    {
        return m_directory;
    }

    /// @param provider source of provisioned security associations
    void SetSaProvider(Ptr<SaProvider> provider);

    /// @param log where secrets are recorded, nullptr for nowhere
    void SetKeyLog(Ptr<KeyLog> log);

    /// @return where secrets are recorded, nullptr for nowhere
    Ptr<KeyLog> GetKeyLog() const
    {
        return m_keyLog;
    }

    /**
     * @brief Configures where a peer is reached.
     * @param id the peer
     * @param address where it is
     */
    void SetPeerAddress(const MisfId& id, const PeerAddress& address);

    /**
     * @param id a peer
     * @return where it is reached, empty if not known
     */
    PeerAddress GetPeerAddress(const MisfId& id);

    /**
     * @brief Registers the user of a message.
     * @param mid request, response to nothing or indication
     * @param handler the user
     * @param destination which destinations it wants
     * @param trust what the message has to come under; else it is dropped (DropReason::UNPROTECTED)
     */
    void SetHandler(MessageId mid,
                    Handler handler,
                    Destination destination = Destination::OWN,
                    Trust trust = Trust::ANY);

    /**
     * @brief Removes the user of a message, if it has one.
     * @param mid message it was registered for
     */
    void ClearHandler(MessageId mid);

    /// Opens the transports; done at the start of the simulation if not before.
    void Start();

    // sending

    /**
     * @brief Sends a request.
     * @param to destination
     * @param message the request
     * @param options how
     * @param done called once, with the response or the failure, unless an error is returned
     * @return NONE, or why nothing was sent
     */
    template <class M>
    [[nodiscard]] SendError SendRequest(const MisfId& to,
                                        const M& message,
                                        const SendOptions& options,
                                        TransactionDone done)
    {
        Activity activity(*this);
        return SendEncoded(M::ID, to, Encode(message), options, std::move(done));
    }

    /**
     * @brief Sends an indication.
     * @param to destination
     * @param message the indication
     * @param options how
     * @return NONE, or why nothing was sent
     */
    template <class M>
    SendError SendIndication(const MisfId& to, const M& message, const SendOptions& options)
    {
        Activity activity(*this);
        return SendEncoded(M::ID, to, Encode(message), options, nullptr);
    }

    /**
     * @brief Answers a request, at once or later.
     * @param transaction of the request
     * @param message the response
     * @param options how; `via` is where the request came from unless given
     * @return NONE, or why nothing was sent
     */
    template <class M>
    SendError SendResponse(const TransactionReference& transaction,
                           const M& message,
                           const SendOptions& options)
    {
        Activity activity(*this);
        return SendEncodedResponse(transaction, M::ID, Encode(message), options);
    }

    /**
     * @brief Sends one frame to the members of a group, again to those who do not answer.
     * @param frame complete frame of a request or an indication, with a transaction identifier
     * from NewGroupTid()
     * @param targets where it goes, by member; neighbours with the same address, a multicast
     * address or that of who relays to them, get one copy
     * @param done for a request: called for each answer, and once with a failure if any is
     * missing when retransmissions are used up; nullptr if no answers are wanted
     */
    void SendToGroup(ByteView frame, std::vector<GroupTarget> targets, TransactionDone done);

    /// @return an unused transaction identifier for a group, or nothing
    std::optional<uint16_t> NewGroupTid();

    /**
     * @brief Passes a frame on as it is.
     * @param frame the frame
     * @param to where
     */
    void Relay(const FrameView& frame, const PeerAddress& to);

    /**
     * @brief Counts a message that a user could not make sense of.
     * @param message the message
     */
    void Refuse(const ReceivedMessage& message);

    /**
     * @brief Forgets a message that is somebody else's to answer.
     * @param message the message
     */
    void Forget(const ReceivedMessage& message);

    /**
     * @brief Has something done when the current work has been served by the processors.
     * @param action what
     */
    void AtCompletion(std::function<void()> action);

    /**
     * @brief Fires a trace when the current work has been served, if anybody listens.
     * @param trace the trace source, which outlives this MISF's events
     * @param arguments copied, to be passed to the trace
     */
    template <class Trace, class... Arguments>
    void TraceAtCompletion(Trace& trace, const Arguments&... arguments)
    {
        if (!trace.IsEmpty())
        {
            AtCompletion([&trace, arguments...] { trace(arguments...); });
        }
    }

    // security

    /// @return cryptography of this node
    CryptoContext& GetCrypto()
    {
        return *m_crypto;
    }

    /// @return random numbers of this node
    StreamRandomSource& GetRandom()
    {
        return m_random;
    }

    /**
     * @brief Adds a security association.
     * @param sa the security association; its local identifier must be that of this MISF
     * @return the one stored
     */
    SecurityAssociation* AddSa(SecurityAssociation sa);

    /**
     * @param peer the peer
     * @return newest usable SA with it, provisioned if need be; nullptr if there is none
     */
    SecurityAssociation* FindSa(const MisfId& peer);

    /**
     * @param peer the peer
     * @return whether there is no usable SA with it, but one can be established
     */
    bool NeedsEstablishment(const MisfId& peer);

    /**
     * @brief Establishes an SA with a peer, unless there is one.
     * @param peer the peer
     * @param established called once, maybe before this function returns
     */
    void EstablishSa(const MisfId& peer, SaProvider::Established established);

    /**
     * @brief Removes a security association.
     * @param said its identifier
     * @param peer the peer
     */
    void RemoveSa(const Said& said, const MisfId& peer);

    /**
     * @param said identifier of an SA
     * @param peer the peer
     * @return whether the SA was provisioned, so that it would come back with the same keys
     */
    bool IsProvisioned(const Said& said, const MisfId& peer) const;

    /**
     * @brief Adds a transport that protects what it carries; one of the same type is replaced.
     * @param type ESP or TLS
     * @param transport the transport, opened with this MISF
     */
    void SetTransport(TransportType type, std::shared_ptr<Transport> transport);

    /**
     * @param type ESP or TLS
     * @return the transport, nullptr if there is none
     */
    std::shared_ptr<Transport> GetTransport(TransportType type) const;

    /**
     * @brief Adds an association whose messages the transport protects: from now on all frames to
     * the peer's host go through it.
     * @param sa the association, its attribute transport set
     * @param channel the transport, and the peer's socket address
     * @return the one stored
     */
    SecurityAssociation* OpenChannel(SecurityAssociation sa, const PeerAddress& channel);

    /**
     * @brief Removes such an association.
     * @param said its identifier
     * @param peer the peer
     */
    void CloseChannel(const Said& said, const MisfId& peer);

    /**
     * @brief Adds an association whose messages are protected by records of a session of TLS. They
     * travel over TCP between the two hosts between which the session was made, and no others.
     *
     * When a record can not be opened, the association is broken: it is removed at both ends, and
     * what waits for a message under it ends.
     *
     * @param sa the association, which has a session
     * @param peer the peer's address, of TCP
     * @return the one stored
     */
    SecurityAssociation* AddRecordSa(SecurityAssociation sa, const PeerAddress& peer);

    /**
     * @brief Tells whether this node has moved since it has made or moved a session of records, so
     * that the peer would not take records from it.
     * @param sa an association
     * @return whether it has a session, and the node another address
     */
    bool IsStranded(const SecurityAssociation& sa);

    /**
     * @brief Has the newest session of records with a peer go on between other addresses.
     * @param peer the peer
     * @param address the peer's address now, of TCP
     */
    void MoveRecords(const MisfId& peer, const PeerAddress& address);

    /**
     * @brief Removes an association by records that can not be used any more, and ends what waits
     * for a message under it.
     * @param said its identifier
     * @param peer the peer
     * @param reason why, for the trace SaBroken
     */
    void BreakSa(const Said& said, const MisfId& peer, const std::string& reason);

    /**
     * @brief Takes a frame from a transport.
     * @param frame the frame
     * @param from where it came from
     * @param sa association whose transport has protected it, nullptr if none did; it counts for
     * frames of its peer only
     */
    void Receive(ByteView frame, const PeerAddress& from, SecurityAssociation* sa);

    /**
     * @brief Says what a transport sends besides frames, or adds to them.
     * @param host IP address of the peer
     * @param octets handshakes, headers, padding and check values
     */
    void CountOverhead(const Address& host, size_t octets);

    /// @return security associations of this node
    const SaDatabase& GetSaDatabase() const
    {
        return m_sas;
    }

    // observation

    /**
     * @param reason a reason
     * @return frames dropped for it so far
     */
    uint64_t GetDropCount(DropReason reason) const
    {
        return m_drops[static_cast<size_t>(reason)];
    }

    /// @return simulated processing time spent so far
    Time GetCpuTime() const;

    /// @return transactions that have not ended
    size_t GetLiveTransactions() const
    {
        return m_live;
    }

    /// @return transaction lifetime
    Time GetTransactionLifetime() const
    {
        return m_transactionLifetime;
    }

    /// @return port of UDP and TCP
    uint16_t GetPort() const
    {
        return m_port;
    }

    /**
     * @brief Fixes the random variables of this node.
     * @param stream first stream index
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    /// @param record frame sent or received
    typedef void (*FrameTracedCallback)(const FrameRecord& record);
    /// @param local this node @param host IP address of the peer @param octets beyond those of
    /// frames
    typedef void (*OverheadTracedCallback)(const MisfId& local,
                                           const Address& host,
                                           uint32_t octets);
    /// @param reason why @param octets length of the frame
    typedef void (*DropTracedCallback)(DropReason reason, uint32_t octets);
    /// @param mid message @param tid transaction @param state new state
    typedef void (*TransactionTracedCallback)(MessageId mid, uint16_t tid, TransactionState state);
    /// @param sa security association
    typedef void (*SaTracedCallback)(const SecurityAssociation& sa);
    /// @param sa security association @param reason why it can not be used any more
    typedef void (*SaBrokenTracedCallback)(const SecurityAssociation& sa,
                                           const std::string& reason);
    /// @param begin start of a job @param end instant it is done
    typedef void (*CpuTracedCallback)(Time begin, Time end);

  protected:
    void DoInitialize() override;
    void DoDispose() override;
    void NotifyNewAggregate() override;

  private:
    /// A frame waiting for the processors.
    struct Output
    {
        Ptr<Packet> packet;
        PeerAddress to;
        Header header;
        uint64_t key;        //!< transaction to time, if timer is not NONE
        uint32_t generation; //!< of the transaction
        uint8_t timer;       //!< which retransmission timer to start
        uint64_t turn;       //!< TCP: among the frames to the same address
    };

    /// What one activity leaves to be done.
    struct Outbox
    {
        boost::container::small_vector<Output, 2> frames;
        std::vector<std::function<void()>> actions;
    };

    /// Kinds of deadline.
    enum Timer : uint8_t
    {
        NONE,
        SOURCE_RETRANSMISSION,
        RESPONSE_RETRANSMISSION,
        GROUP_RETRANSMISSION,
        SOURCE_LIFETIME,
        DESTINATION_LIFETIME,
        GROUP_LIFETIME,
        REASSEMBLY,
        SA_EXPIRY
    };

    /// A user.
    struct Registration
    {
        Handler handler;
        Destination destination;
        Trust trust;
    };

    template <class M>
    ByteView Encode(const M& message)
    {
        auto& body = EncodeBuffer();
        body.clear();
        Writer writer(body);
        EncodeBody(message, writer);
        return {body.data(), body.size()};
    }

    static SecretOctets& EncodeBuffer();

    SendError SendEncoded(MessageId mid,
                          const MisfId& to,
                          ByteView body,
                          const SendOptions& options,
                          TransactionDone done);
    SendError SendEncodedResponse(const TransactionReference& transaction,
                                  MessageId mid,
                                  ByteView body,
                                  const SendOptions& options);
    SendError BuildFrame(const Header& header,
                         const MisfId& to,
                         const PeerAddress& via,
                         ByteView body,
                         const SendOptions& options,
                         Bytes& out,
                         const TlsSession*& records);
    bool Fits(const Bytes& frame, const PeerAddress& to);
    void Queue(Ptr<Packet> packet,
               const PeerAddress& to,
               const Header& header,
               uint64_t key = 0,
               uint32_t generation = 0,
               Timer timer = NONE);
    void Flush(Outbox& outbox);
    void FlushLater(std::shared_ptr<Outbox> outbox);
    void Transmit(const Output& output);
    void TransmitInTurn(const Output& output);
    void SendAck(const FrameView& frame, const PeerAddress& to);

    void ReceiveFrame(ByteView octets, const PeerAddress& from);
    void ReceiveWhole(const FrameView& frame, const PeerAddress& from);
    void ReceiveAtSource(const FrameView& frame, Peer& peer, const PeerAddress& from);
    void ReceiveAtDestination(const FrameView& frame,
                              Peer& peer,
                              const PeerAddress& from,
                              const Registration& registration);
    void ReceiveGroupAnswer(const FrameView& frame, Peer& peer, const PeerAddress& from);
    void ReceiveForeign(const FrameView& frame, const PeerAddress& from);
    bool ReceiveRecords(const FrameView& frame, const PeerAddress& from);
    bool IsRecordPath(ByteView peer, const PeerAddress& path);
    void SendRecords(const SecurityAssociation& sa, const PeerAddress& to, ByteView records);
    void OnTcpLost(const Address& host);
    void EndUnder(const TlsSession* records);
    bool Open(const FrameView& frame,
              const MisfId& source,
              SecretOctets& plain,
              ByteView& body,
              SecurityAssociation*& sa);
    bool LacksProtection(const SecurityAssociation* sa, const Peer& peer);
    void LearnAddress(Peer& peer, const PeerAddress& from, bool verified);
    void Drop(DropReason reason, size_t octets);
    static DropReason DropReasonOf(SecurityError error);

    Peer* FindPeer(ByteView id);
    Peer* MakePeer(ByteView id);
    PeerAddress Locate(Peer& peer);
    const PeerAddress& Via(const PeerAddress& to) const;
    bool WantsAck(const PeerAddress& to) const;
    std::optional<uint16_t> NewTid(Peer& peer);
    int64_t RetransmissionNs(const Peer* peer) const;
    void MeasureRtt(Peer& peer, int64_t sentNs, uint8_t retransmissions);
    void ArmLifetime(uint64_t key, uint32_t generation, Timer timer);
    void Expire(const TimerQueue::Entry& entry);
    bool IsStale(const TimerQueue::Entry& entry) const;
    void Remember(uint64_t key, uint32_t generation, bool isSource);
    void ForgetOld();
    void RetransmitSource(const TimerQueue::Entry& entry);
    void RetransmitResponse(const TimerQueue::Entry& entry);
    void RetransmitGroup(const TimerQueue::Entry& entry);
    void EndSource(uint64_t key, TransactionFailure failure, const ReceivedMessage* message);
    void EndGroup(uint16_t tid, TransactionFailure failure);
    Transport* TransportFor(TransportType type);
    Peer& PeerOf(uint64_t key);

    static uint64_t KeyOf(const Peer& peer, uint16_t tid)
    {
        return (static_cast<uint64_t>(peer.index) << 16) | tid;
    }

    // attributes
    uint16_t m_port;
    uint16_t m_pathMtu;
    bool m_acknowledge;
    bool m_adaptive;
    Time m_retransmissionInterval;
    uint8_t m_maxRetransmissions;
    Time m_transactionLifetime;
    Time m_reassemblyTimeout;
    uint32_t m_maxReassemblies;
    uint32_t m_maxPeers;
    uint32_t m_maxTransactions;
    bool m_computeCryptography;
    bool m_enableTcp;
    std::string m_profileName;

    MisfId m_id;
    Ptr<Node> m_node;
    Ptr<PosDirectory> m_directory;
    Ptr<SaProvider> m_saProvider;
    Ptr<KeyLog> m_keyLog;
    StreamRandomSource m_random;
    std::unique_ptr<CryptoContext> m_crypto;
    const DeviceProfile* m_profile{nullptr};
    CpuQueue m_cpu;
    SaDatabase m_sas;

    std::unique_ptr<UdpTransport> m_udp;
    std::unique_ptr<TcpTransport> m_tcp;
    std::unique_ptr<L2Transport> m_l2;
    std::map<TransportType, std::shared_ptr<Transport>> m_protectedTransports;
    std::map<Address, PeerAddress> m_channels;    //!< by host of the peer
    SecurityAssociation* m_channelSa{nullptr};    //!< of transport or records of the frame in work
    std::map<Address, SendOrder<Output>> m_order; //!< of frames over TCP, by address
    bool m_started{false};

    std::unordered_map<uint16_t, Registration> m_handlers; //!< a handler may register others
    std::vector<std::unique_ptr<Peer>> m_peers;            //!< by index
    boost::unordered_flat_map<MisfId, Peer*, MisfIdHash, MisfIdEqual> m_peersById;
    boost::unordered_flat_map<uint64_t, std::unique_ptr<SourceTransaction>> m_sources;
    boost::unordered_flat_map<uint64_t, CompletedTransaction> m_completed; //!< of m_sources
    boost::unordered_flat_map<uint64_t, std::unique_ptr<DestinationTransaction>> m_destinations;
    boost::unordered_flat_map<uint16_t, std::unique_ptr<GroupTransaction>> m_groups; //!< by TID
    uint16_t m_nextGroupTid{0};
    uint32_t m_nextGeneration{1};
    size_t m_live{0};
    Reassembler m_reassembler;
    Reassembler m_channelReassembler; //!< of fragments that the transport has protected
    TimerQueue m_timers;

    /// A transaction that is remembered only to recognise duplicates.
    struct Memory
    {
        int64_t untilNs;
        uint64_t key;
        uint32_t generation;
        bool isSource;
    };

    std::vector<Memory> m_memories; //!< oldest first, from m_oldestMemory on
    size_t m_oldestMemory{0};

    uint32_t m_depth{0};            //!< nesting of activities
    Outbox m_outbox;                //!< of the current activity
    OperationCounter m_spentBefore; //!< operations charged already

    std::array<uint64_t, static_cast<size_t>(DropReason::COUNT_)> m_drops{};

    TracedCallback<const FrameRecord&> m_txTrace;
    TracedCallback<const FrameRecord&> m_rxTrace;
    TracedCallback<const MisfId&, const Address&, uint32_t> m_overheadTrace;
    TracedCallback<DropReason, uint32_t> m_dropTrace;
    TracedCallback<MessageId, uint16_t, TransactionState> m_transactionTrace;
    TracedCallback<const SecurityAssociation&> m_saUpTrace;
    TracedCallback<const SecurityAssociation&> m_saDownTrace;
    TracedCallback<const SecurityAssociation&, const std::string&> m_saBrokenTrace;
    TracedCallback<Time, Time> m_cpuTrace;
};

} // namespace ns3::mis

#endif // MIS_FUNCTION_H
