// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief IKEv2 of one node (RFC 7296): all its IKE SAs and their Child SAs.
 *
 * Pre-shared keys, or ECDSA certificates that an authority has issued directly; groups X25519 and
 * P-256; AES-GCM; one Child SA (ESP in tunnel mode) for each IKE SA; no NAT traversal, so all is on
 * port 500. It computes for real whatever the backend of the context, because sizes depend on real
 * signatures.
 *
 * There is no clock and no socket here: the caller says what time it is, delivers datagrams, sends
 * those that it is given, and calls Expire() at NextDeadlineNs(). Every call may change that.
 */
#ifndef MIS_IKEV2_ENDPOINT_H
#define MIS_IKEV2_ENDPOINT_H

#include "ns3/mis-certificate.h"
#include "ns3/mis-crypto-context.h"
#include "ns3/mis-ikev2-message.h"
#include "ns3/mis-secret-bytes.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3::mis
{

/** @brief Where a peer is: address and port in a form of the caller, compared only. */
using Ikev2PeerKey = Bytes;

/** @brief How the attempt to have an SA, or the SA, ended. */
enum class Ikev2Outcome : uint8_t
{
    SUCCESS,            //!< it did not end
    PSK_MISMATCH,       //!< the peer has another pre-shared key
    PSK_UNKNOWN,        //!< there is no pre-shared key with this peer
    CERT_EXPIRED,       //!< certificate of the peer outside of its period of validity
    CERT_UNKNOWN_CA,    //!< certificate of the peer without a trusted issuer
    CERT_NAME_MISMATCH, //!< certificate of the peer for another name, or the peer is another one
    CERT_INVALID,       //!< no certificate of the peer, or one that can not be used
    SIGNATURE_MISMATCH, //!< the peer does not have the key of its certificate
    NO_COMMON_SUITE,    //!< no proposal was acceptable
    TIMEOUT,            //!< the peer does not answer
    REFUSED,            //!< the peer refused, for a reason that it keeps to itself
    DELETED,            //!< deleted, by either end
    EXPIRED,            //!< hard lifetime over
    SUPERSEDED          //!< another SA with this peer is kept
};

/**
 * @brief Name an outcome.
 * @param outcome the outcome
 * @return its name, such as "psk-mismatch"
 */
const char* ToString(Ikev2Outcome outcome);

/** @brief Why a datagram was ignored. */
enum class Ikev2Drop : uint8_t
{
    NONE,
    MALFORMED,     //!< no message of IKEv2
    UNKNOWN_SA,    //!< its SPIs belong to no SA here
    UNEXPECTED,    //!< neither the next request nor the response to an outstanding one
    NOT_AUTHENTIC, //!< not protected by the keys of the SA
    UNACCEPTABLE   //!< unprotected, and its content is missing, wrong, or only a hint
};

/**
 * @brief Name a reason.
 * @param drop the reason
 * @return its name, such as "unknown-sa"
 */
const char* ToString(Ikev2Drop drop);

/** @brief Both directions of a Child SA. */
struct Ikev2ChildSa
{
    uint32_t spiIn{0};                          //!< SPI of packets received, chosen by this end
    uint32_t spiOut{0};                         //!< SPI of packets sent, chosen by the peer
    SecretBytes keyIn;                          //!< key and salt of packets received, 20 octets
    SecretBytes keyOut;                         //!< key and salt of packets sent, 20 octets
    std::vector<ikev2::TrafficSelector> local;  //!< what this end may send from
    std::vector<ikev2::TrafficSelector> remote; //!< what this end may send to
};

/** @brief Something happened to an SA. */
struct Ikev2Event
{
    /** @brief What happened. */
    enum class Kind : uint8_t
    {
        IKE_SA_UP,        //!< the peer is authenticated
        CHILD_SA_UP,      //!< there is a first Child SA
        CHILD_SA_REKEYED, //!< there is a Child SA in place of another, which goes down later
        CHILD_SA_DOWN,    //!< a Child SA is gone; its child has the SPIs
        CHILD_SA_REFUSED, //!< the IKE SA is up without a Child SA
        IKE_SA_REKEYED,   //!< spi now names the IKE SA; its Child SAs stay
        IKE_SA_DOWN,      //!< the IKE SA is gone, after its Child SAs
        FAILED            //!< there will be no IKE SA
    };

    Kind kind{};                                 //!< what happened
    Ikev2Outcome outcome{Ikev2Outcome::SUCCESS}; //!< why, for what went down or failed
    Ikev2PeerKey peer;                           //!< where the peer is
    std::string peerName;                        //!< its identity; authenticated unless FAILED
    uint64_t spi{0};                             //!< SPI of this end for the IKE SA
    bool isInitiator{false};                     //!< whether this end initiated this SA
    uint64_t lineage{0};                         //!< the same for an IKE SA and its successors
    /** Of both ends of an IKE SA and its successors, 32 octets; only with an exportLabel. */
    SecretBytes root;
    /** Of CHILD_SA_REKEYED: whether this end has asked for it, and so may use it at once. */
    bool isOwnRekey{false};
    Ikev2ChildSa child;        //!< the Child SA
    uint32_t replacedSpiIn{0}; //!< CHILD_SA_REKEYED: spiIn of the one before
};

/** @brief A datagram to send. */
struct Ikev2Datagram
{
    Ikev2PeerKey to; //!< destination
    Bytes octets;    //!< the message
};

/** @brief What a call led to. */
struct Ikev2Output
{
    std::vector<Ikev2Datagram> datagrams; //!< to send, in this order
    std::vector<Ikev2Event> events;       //!< in the order they happened
    Ikev2Drop drop{Ikev2Drop::NONE};      //!< why a datagram was ignored
};

/** @brief What a node needs for IKEv2. */
struct Ikev2Configuration
{
    /** @brief Finds a pre-shared key by the identities of this end and of the peer. */
    using PskLookup =
        std::function<const SecretBytes*(const std::string& own, const std::string& peer)>;
    /** @brief Receives a line for a file of Wireshark, without line end. */
    using KeyLogger = std::function<void(const std::string& line)>;

    std::string name;                       //!< own identity; with "@" ID_RFC822_ADDR, else FQDN
    PskLookup findPsk;                      //!< pre-shared keys; used without a credential
    std::optional<CertifiedKey> credential; //!< own certificate; then both ends have to have one
    std::vector<Certificate> anchors;       //!< trusted authorities, with a credential
    /** Whether to announce RFC 7427, with a credential; signatures are of RFC 4754 otherwise. */
    bool announcesSignatureHashes{true};
    /** Groups in the order of preference; the first one is tried first. Not empty. */
    std::vector<uint16_t> groups{ikev2::GROUP_X25519, ikev2::GROUP_P256};
    /** Group of rekeys of Child SAs, GROUP_NONE to derive their keys without an own exchange. */
    uint16_t childGroup{ikev2::GROUP_NONE};
    std::vector<ikev2::TrafficSelector> local;  //!< what this end protects; not empty
    std::vector<ikev2::TrafficSelector> remote; //!< what peers protect; not empty

    /** Half-open SAs above which a cookie is asked for; 0 always asks. */
    std::size_t cookieThreshold{SIZE_MAX};
    // strongSwan waits 4 s x 1.8^n and also repeats five times, so it gives up after 165 s.
    int64_t firstWaitNs{500000000}; //!< until a request is repeated, ns
    double waitFactor{2};           //!< each further wait is longer by this factor, at least 1
    uint32_t repetitions{5};        //!< of a request before the peer is given up
    int64_t ikeSoftNs{0};           //!< age at which an IKE SA is rekeyed, ns, 0 for never
    int64_t ikeHardNs{0};           //!< age at which an IKE SA is deleted, ns, 0 for never
    int64_t childSoftNs{0};         //!< age at which a Child SA is rekeyed, ns, 0 for never
    int64_t childHardNs{0};         //!< age at which a Child SA is deleted, ns, 0 for never
    /** Part of a soft lifetime, 0 to 1, by a random share of which a rekey is early. */
    double softJitter{0.1};
    std::string
        exportLabel;        //!< seed of prf+(SK_d) that gives the root of an IKE SA, empty for none
    int64_t livenessNs{0};  //!< silence after which the peer is probed, ns, 0 for never
    KeyLogger logIkeKeys;   //!< receives lines of ikev2_decryption_table
    KeyLogger logChildKeys; //!< receives lines of esp_sa
};

/** @brief IKEv2 of one node. */
class Ikev2Endpoint
{
  public:
    /** @brief Its SAs, known to the implementation only. */
    class Engine;

    /**
     * @brief An endpoint without SAs.
     * @param ctx the computing node; outlives this object
     * @param configuration its configuration
     */
    Ikev2Endpoint(CryptoContext& ctx, Ikev2Configuration configuration);
    ~Ikev2Endpoint();
    Ikev2Endpoint(const Ikev2Endpoint&) = delete;
    Ikev2Endpoint& operator=(const Ikev2Endpoint&) = delete;

    /**
     * @brief Begin to set up an IKE SA with a Child SA.
     *
     * Does nothing if this end has initiated one with this peer that is not gone, or has one with
     * it that is up. If both ends initiate at a time, both IKE SAs come up, and both ends come to
     * keep the one whose lower nonce is the higher.
     *
     * @param nowNs the time in ns
     * @param peerName identity of the peer, not empty
     * @param peer where it is
     * @return the first request, or a FAILED with PSK_UNKNOWN
     */
    Ikev2Output Initiate(int64_t nowNs, const std::string& peerName, const Ikev2PeerKey& peer);

    /**
     * @brief Take a datagram.
     * @param nowNs the time in ns
     * @param from where it is from
     * @param datagram its octets
     * @return what it led to; SAs are unchanged if it was dropped
     */
    Ikev2Output Receive(int64_t nowNs, const Ikev2PeerKey& from, ByteView datagram);

    /**
     * @brief Do what is due: repeat requests, rekey, delete.
     * @param nowNs the time in ns
     * @return what it led to
     */
    Ikev2Output Expire(int64_t nowNs);

    /** @return when Expire() has something to do, ns, INT64_MAX if never */
    int64_t NextDeadlineNs() const;

    /**
     * @brief Rekey a Child SA.
     * @param nowNs the time in ns
     * @param spiIn SPI of packets received
     * @return the request, nothing if there is no such Child SA
     */
    Ikev2Output RekeyChild(int64_t nowNs, uint32_t spiIn);

    /**
     * @brief Delete a Child SA.
     * @param nowNs the time in ns
     * @param spiIn SPI of packets received
     * @return the request, nothing if there is no such Child SA
     */
    Ikev2Output DeleteChild(int64_t nowNs, uint32_t spiIn);

    /**
     * @brief Rekey the IKE SA with a peer.
     * @param nowNs the time in ns
     * @param peerName identity of the peer
     * @return the request, nothing if there is no IKE SA
     */
    Ikev2Output Rekey(int64_t nowNs, const std::string& peerName);

    /**
     * @brief Probe whether a peer is alive.
     * @param nowNs the time in ns
     * @param peerName identity of the peer
     * @return the request, nothing if there is no IKE SA
     */
    Ikev2Output Probe(int64_t nowNs, const std::string& peerName);

    /**
     * @brief Delete the IKE SAs with a peer, and with them their Child SAs.
     * @param nowNs the time in ns
     * @param peerName identity of the peer
     * @return the requests, nothing if there is no IKE SA
     */
    Ikev2Output Delete(int64_t nowNs, const std::string& peerName);

    /**
     * @brief Count the IKE SAs with a peer that are up.
     * @param peerName its identity
     * @return how many
     */
    std::size_t CountIkeSas(const std::string& peerName) const;

    /**
     * @brief List the Child SAs with a peer that are up and not to be replaced or deleted.
     * @param peerName its identity
     * @return the Child SAs, the newest last
     */
    std::vector<Ikev2ChildSa> Children(const std::string& peerName) const;

    /** @return state kept: IKE SAs in whatever state, also half-open and closing ones */
    std::size_t CountStates() const;

  private:
    std::unique_ptr<Engine> m_engine; //!< never empty
};

} // namespace ns3::mis

#endif /* MIS_IKEV2_ENDPOINT_H */
