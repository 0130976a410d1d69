// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Private to the implementation: what an Ikev2Endpoint is made of.
 *
 * An IKE SA goes from INITIATING (or HALF_OPEN, at the responder) to ESTABLISHED. After a rekey the
 * old one is REPLACED until it is deleted. CLOSING waits for the answer to its last request, CLOSED
 * only repeats its last response, and GONE is removed at the end of the call.
 */
#ifndef MIS_IKEV2_ENGINE_H
#define MIS_IKEV2_ENGINE_H

#include "ns3/mis-ikev2-endpoint.h"
#include "ns3/mis-ikev2-keys.h"

#include <deque>
#include <map>
#include <set>
#include <utility>

namespace ns3::mis
{

namespace ikev2
{

/** How often an exchange begins anew for a cookie or another group; more is an attack. */
inline constexpr uint32_t MAX_RESTARTS = 4;

/** @brief Own part of a Diffie-Hellman exchange. */
struct GroupKey
{
    uint16_t group{GROUP_NONE}; //!< group
    SecretBytes priv;           //!< private key
    Bytes pub;                  //!< public value

    /**
     * @brief Make a key.
     * @param ctx the computing node
     * @param group GROUP_X25519 or GROUP_P256; another is a fatal programming error
     * @return the key
     */
    static GroupKey Generate(CryptoContext& ctx, uint16_t group);

    /**
     * @brief Compute the shared secret.
     * @param ctx the computing node
     * @param peer public value of the peer
     * @return the secret, or nothing for a value that is none of the group
     */
    std::optional<SecretBytes> Derive(CryptoContext& ctx, ByteView peer) const;
};

/** @brief A proposal of this end. */
Proposal IkeProposal(const std::vector<uint16_t>& groups, uint64_t spi);
/** @brief A proposal of this end. */
Proposal EspProposal(uint32_t spi, uint16_t group);

/**
 * @brief Choose from proposals.
 * @param offered what the peer offers, or has chosen
 * @param own what is acceptable, in the order of preference within a type
 * @return the proposal with one transform of each type of @p own, or nothing
 */
std::optional<Proposal> Choose(const SaPayload& offered, const Proposal& own);

/**
 * @brief Choose for an IKE SA: a group that the peer has sent a key for saves a round trip.
 * @param offered what the peer offers
 * @param groups acceptable groups, in the order of preference
 * @param sent group of the key that the peer has sent
 * @param spi own SPI for a rekey, else 0
 * @return as Choose()
 */
std::optional<Proposal> ChooseIke(const SaPayload& offered,
                                  const std::vector<uint16_t>& groups,
                                  uint16_t sent,
                                  uint64_t spi);

/**
 * @brief Find the transform of a type.
 * @param proposal where
 * @param type the type
 * @return its identifier, 0 if there is none
 */
uint16_t TransformOf(const Proposal& proposal, TransformType type);

/**
 * @brief Intersect ranges.
 * @param offered of the peer
 * @param own of this end
 * @return what is in both
 */
std::vector<TrafficSelector> Intersect(const std::vector<TrafficSelector>& offered,
                                       const std::vector<TrafficSelector>& own);

/**
 * @brief Read the name of an identification.
 * @param id the identification
 * @return the name, or nothing when it is of another type than names have here or has characters
 * that names do not have
 */
std::optional<std::string> NameOf(const IdPayload& id);

/** @brief The lower of two nonces, by which simultaneous exchanges are told apart. */
Bytes LowerNonce(const Bytes& a, const Bytes& b);

/** @brief Make a notification. */
Payload Notify(NotifyType type,
               Bytes data = {},
               Protocol protocol = Protocol::NONE,
               Bytes spi = {});

/** @brief Write an SPI of ESP. */
Bytes SpiOctets(uint32_t spi);

/** @brief Read an SPI of ESP, 0 for a wrong size. */
uint32_t ReadSpi(ByteView octets);

} // namespace ikev2

/** @brief The work of an Ikev2Endpoint. */
class Ikev2Endpoint::Engine
{
  public:
    /** @brief What a request is for. */
    enum class Task : uint8_t
    {
        INIT,
        AUTH,
        REKEY_CHILD,
        REKEY_IKE,
        DELETE_CHILD,
        DELETE_IKE,
        REFUSE,
        PROBE
    };

    /** @brief Work that waits until no request is outstanding. */
    struct Job
    {
        Task task;                                  //!< what
        uint32_t spiIn{0};                          //!< which Child SA
        Ikev2Outcome reason{Ikev2Outcome::DELETED}; //!< why an SA is deleted
    };

    /** @brief A request without a response. */
    struct Request
    {
        Job job;                  //!< what it is for
        ikev2::Exchange exchange; //!< its exchange
        uint32_t messageId{0};    //!< its Message ID
        Bytes datagram;           //!< its octets
        int64_t waitNs{0};        //!< current wait
        int64_t dueNs{0};         //!< when it is repeated
        uint32_t repeated{0};     //!< how often it was
    };

    /** @brief State of a Child SA. */
    enum class ChildState : uint8_t
    {
        UP,
        REPLACED, //!< another one is in use; deleted soon
        DELETING  //!< the peer was asked to delete it
    };

    /** @brief A Child SA. */
    struct Child
    {
        Ikev2ChildSa sa;                  //!< what is told to the user
        ChildState state{ChildState::UP}; //!< state
        int64_t softNs{INT64_MAX};        //!< when it is rekeyed
        int64_t hardNs{INT64_MAX};        //!< when it is deleted
        bool isToldDown{false};           //!< whether its end was told
    };

    /** @brief Own part of a CREATE_CHILD_SA exchange. */
    struct Creation
    {
        Bytes nonce;          //!< own nonce
        ikev2::GroupKey key;  //!< own key, without a group if there is none
        uint32_t oldSpiIn{0}; //!< Child SA to replace
        uint32_t spiIn{0};    //!< SPI of the new Child SA
        uint64_t spi{0};      //!< own SPI of the new IKE SA
        uint64_t otherSpi{0}; //!< own SPI of what the peer created in the same place, or 0
        std::vector<uint32_t> deletedSpis; //!< unknown ones that the peer has deleted meanwhile
        Bytes otherNonce;                  //!< lower nonce of the peer's exchange
    };

    /** @brief State of an IKE SA. */
    enum class State : uint8_t
    {
        INITIATING,
        HALF_OPEN,
        ESTABLISHED,
        REDUNDANT, //!< made by a simultaneous rekey that is not decided
        REPLACED,
        CLOSING,
        CLOSED,
        GONE
    };

    /** @brief An IKE SA. */
    struct IkeSa
    {
        State state{State::INITIATING};   //!< state
        bool isInitiator{false};          //!< whether this end is the original initiator
        bool wantsSignatureHash{false};   //!< whether the peer announced RFC 7427 with SHA-256
        uint64_t spiI{0};                 //!< SPI of the initiator
        uint64_t spiR{0};                 //!< SPI of the responder
        Ikev2PeerKey peer;                //!< where the peer is
        std::string peerName;             //!< its identity, expected or authenticated
        Bytes nonceI;                     //!< nonce of the initiator
        Bytes nonceR;                     //!< nonce of the responder
        Bytes initRequest;                //!< request of IKE_SA_INIT, the last one
        Bytes initResponse;               //!< response of IKE_SA_INIT
        Bytes cookie;                     //!< cookie of the responder
        ikev2::GroupKey key;              //!< own key of IKE_SA_INIT
        ikev2::IkeKeys keys;              //!< keys
        uint64_t iv{0};                   //!< last IV used
        uint32_t firstSpiIn{0};           //!< own SPI of the Child SA of IKE_AUTH
        uint32_t nextRequestId{0};        //!< Message ID of the next own request
        uint32_t expectedId{0};           //!< Message ID of the next request of the peer
        Bytes lastRequest;                //!< last request of the peer
        Bytes lastResponse;               //!< what it was answered
        std::optional<Request> request;   //!< own request without a response
        std::deque<Job> jobs;             //!< further requests
        std::optional<Creation> creation; //!< own CREATE_CHILD_SA without a response
        std::vector<Child> children;      //!< Child SAs
        uint32_t restarts{0};             //!< of exchanges, by cookie or group
        uint64_t bornAt{0};               //!< counts SAs and events, for their order
        uint64_t upAt{0};                 //!< when it came up, in the same count
        uint64_t lineage{0};              //!< same for those that follow each other, 0 if not up
        SecretBytes root;                 //!< secret of both ends, if one is wanted
        Ikev2Outcome hint{Ikev2Outcome::TIMEOUT}; //!< what unprotected answers said
        int64_t softNs{INT64_MAX};                //!< when it is rekeyed
        int64_t hardNs{INT64_MAX};                //!< when it is deleted, or forgotten if not up
        int64_t probeNs{INT64_MAX};               //!< when the peer is probed
        int64_t scheduledNs{INT64_MAX};           //!< its place among the deadlines

        /** @return the SPI that this end chose */
        uint64_t OwnSpi() const
        {
            return isInitiator ? spiI : spiR;
        }

        /** @return the key of what this end sends */
        const SecretBytes& SendKey() const
        {
            return isInitiator ? keys.ei : keys.er;
        }

        /** @return the key of what the peer sends */
        const SecretBytes& ReceiveKey() const
        {
            return isInitiator ? keys.er : keys.ei;
        }
    };

    Engine(CryptoContext& ctx, Ikev2Configuration configuration);

    Ikev2Output Initiate(int64_t nowNs, const std::string& peerName, const Ikev2PeerKey& peer);
    Ikev2Output Receive(int64_t nowNs, const Ikev2PeerKey& from, ByteView datagram);
    Ikev2Output Expire(int64_t nowNs);
    int64_t NextDeadlineNs() const;
    Ikev2Output Order(int64_t nowNs, uint32_t spiIn, Task task);
    Ikev2Output Order(int64_t nowNs, const std::string& peerName, Task task);
    std::vector<const IkeSa*> Established(const std::string& peerName) const;
    std::size_t CountStates() const;

  private:
    // mis-ikev2-engine.cc: SAs, requests and responses, timers
    IkeSa& Add(bool isInitiator, uint64_t ownSpi);
    uint64_t NewSpi();
    uint32_t NewChildSpi();
    Bytes NewNonce();
    IkeSa* FindSa(uint64_t ownSpi);
    Child* FindChild(IkeSa& sa, uint32_t spiIn);
    Ikev2Output Finish();
    void Touch(const IkeSa& sa);
    int64_t DeadlineOf(const IkeSa& sa) const;
    int64_t SpanNs() const;
    int64_t SoftDeadline(int64_t lifetimeNs);
    int64_t HardDeadline(int64_t lifetimeNs) const;
    void StartLifetime(IkeSa& sa);
    void OnTimer(IkeSa& sa);
    void OnRequestDue(IkeSa& sa);
    void Enqueue(IkeSa& sa, const Job& job);
    void Pump(IkeSa& sa);
    void Start(IkeSa& sa, const Job& job);
    void Transmit(IkeSa& sa, const Job& job, ikev2::Exchange exchange, Bytes datagram);
    void SendRequest(IkeSa& sa,
                     const Job& job,
                     ikev2::Exchange exchange,
                     const ikev2::Payloads& payloads);
    void Respond(IkeSa& sa, const ikev2::Header& request, const ikev2::Payloads& payloads);
    void Drop(Ikev2Drop drop);
    void OnRequest(IkeSa& sa, const ikev2::Message& message, ByteView datagram);
    void OnResponse(IkeSa& sa, const ikev2::Message& message, ByteView datagram);
    void OnInformational(IkeSa& sa, const ikev2::Header& header, const ikev2::Payloads& payloads);
    void OnDeleted(IkeSa& sa, const Request& request, const ikev2::Payloads& payloads);
    void Tell(const IkeSa& sa, Ikev2Event::Kind kind, Ikev2Outcome outcome);
    void TellChild(const IkeSa& sa,
                   Ikev2Event::Kind kind,
                   const Ikev2ChildSa& child,
                   Ikev2Outcome outcome = Ikev2Outcome::SUCCESS,
                   uint32_t replacedSpiIn = 0);
    void RemoveChild(IkeSa& sa, uint32_t spiIn, Ikev2Outcome outcome);
    void TakeDown(IkeSa& sa, Ikev2Outcome outcome, State state);
    void LogKeys(const IkeSa& sa);

    // mis-ikev2-initial-exchanges.cc: IKE_SA_INIT and IKE_AUTH
    void SendInit(IkeSa& sa);
    void OnInitRequest(const ikev2::Message& message, ByteView datagram);
    void OnInitResponse(IkeSa& sa, const ikev2::Message& message, ByteView datagram);
    void SendAuth(IkeSa& sa);
    void OnAuthRequest(IkeSa& sa, const ikev2::Header& header, const ikev2::Payloads& payloads);
    void OnAuthResponse(IkeSa& sa, const ikev2::Payloads& payloads);
    void AnswerUnprotected(const ikev2::Header& request, const ikev2::Payload& payload);
    Bytes MakeCookie(uint32_t version, ByteView nonce, uint64_t spiI);
    bool IsCookieValid(const ikev2::Payloads& payloads, ByteView nonce, uint64_t spiI);
    ikev2::SignedOctets OctetsOf(const IkeSa& sa, bool ofInitiator, const ikev2::IdPayload& id);
    void AppendProof(const IkeSa& sa, const ikev2::IdPayload& id, ikev2::Payloads& payloads);
    ikev2::Payload Proof(const IkeSa& sa, const ikev2::IdPayload& id);
    ikev2::Payload CertificateRequest() const;
    Ikev2Outcome Verify(const IkeSa& sa,
                        const std::string& name,
                        const ikev2::IdPayload& id,
                        const ikev2::Payloads& payloads);
    void Establish(IkeSa& sa);
    void KeepOne(IkeSa& sa);
    void OnInitialContact(const IkeSa& sa);
    bool AcceptChild(IkeSa& sa, const ikev2::Payloads& payloads);

    // mis-ikev2-child-exchanges.cc: CREATE_CHILD_SA
    Child MakeChild(const IkeSa& sa,
                    const ikev2::ChildKeys& keys,
                    uint32_t spiIn,
                    uint32_t spiOut,
                    bool isInitiator,
                    std::vector<ikev2::TrafficSelector> local,
                    std::vector<ikev2::TrafficSelector> remote);
    std::optional<ikev2::NotifyType> AnswerChild(IkeSa& sa,
                                                 const ikev2::Payloads& payloads,
                                                 ikev2::Payloads& answer,
                                                 Child& child,
                                                 const Bytes& nonceI,
                                                 const Bytes& nonceR,
                                                 uint16_t group);
    void SendChildRekey(IkeSa& sa, const Job& job);
    void SendIkeRekey(IkeSa& sa, const Job& job);
    void OnCreateChild(IkeSa& sa, const ikev2::Header& header, const ikev2::Payloads& payloads);
    void OnChildRekey(IkeSa& sa,
                      const ikev2::Header& header,
                      const ikev2::Payloads& payloads,
                      uint32_t spiOut);
    void OnIkeRekey(IkeSa& sa, const ikev2::Header& header, const ikev2::Payloads& payloads);
    void OnChildRekeyed(IkeSa& sa, const ikev2::Payloads& payloads);
    void OnIkeRekeyed(IkeSa& sa, const ikev2::Payloads& payloads);
    bool RetryLater(IkeSa& sa, const ikev2::Payloads& payloads, int64_t& softNs);
    void Inherit(IkeSa& from, IkeSa& to);

    CryptoContext& m_ctx;               //!< the node
    Ikev2Configuration m_configuration; //!< configuration
    int64_t m_nowNs{0};                 //!< time of the call
    Ikev2PeerKey m_from;                //!< where the datagram of the call is from
    Ikev2Output m_output;               //!< what the call leads to
    std::map<uint64_t, IkeSa> m_sas;    //!< by own SPI
    /** Own SPIs of SAs of others, by where they are and by their SPI. */
    std::multimap<std::pair<Ikev2PeerKey, uint64_t>, uint64_t> m_halfOpen;
    std::map<std::string, std::set<uint64_t>> m_byName; //!< own SPIs, by identity of the peer
    std::map<uint32_t, uint64_t> m_childOwners;         //!< SPI of the IKE SA, by spiIn
    std::set<std::pair<int64_t, uint64_t>> m_deadlines; //!< deadline and own SPI
    std::set<uint64_t> m_touched;                       //!< own SPIs of SAs the call changed
    uint64_t m_order{0};                                //!< counts SAs and events
    SecretBytes m_cookieSecret;                         //!< of the current version
    SecretBytes m_oldCookieSecret;                      //!< of the version before
    uint32_t m_cookieVersion{0};                        //!< 0 before the first one
    int64_t m_cookieSinceNs{0};                         //!< since when the secret is in use
};

} // namespace ns3::mis

#endif /* MIS_IKEV2_ENGINE_H */
