// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief TLS 1.2 (RFC 5246) and 1.3 (RFC 8446) without a socket: octets in, octets out.
 *
 * X25519, SHA-256 and AES-128-GCM are used, except that TLS 1.2 with a pre-shared key uses
 * AES-128-CBC with HMAC-SHA-256, encrypt-then-MAC (RFC 5489, RFC 7366): OpenSSL 3.0 has no suite
 * with ECDHE, a pre-shared key and AES-GCM. There are no session tickets, which would hold
 * wall-clock time. TLS computes for real with every CryptoBackend, since the sizes of messages
 * depend on it.
 *
 * A session takes about 21 kB after its handshake.
 */
#ifndef MIS_TLS_SESSION_H
#define MIS_TLS_SESSION_H

#include "ns3/mis-certificate.h"
#include "ns3/mis-crypto-context.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3::mis
{

/** @brief Versions of TLS. */
enum class TlsVersion : uint8_t
{
    TLS_1_2,
    TLS_1_3
};

/** @brief How far a session is. */
enum class TlsState : uint8_t
{
    HANDSHAKING,
    ESTABLISHED,
    CLOSED, //!< one of the ends has said that it sends no more
    FAILED
};

/** @brief How a handshake ended. */
enum class TlsOutcome : uint8_t
{
    NONE, //!< not ended
    SUCCESS,
    CERT_EXPIRED,       //!< outside of its period of validity
    CERT_UNKNOWN_CA,    //!< no trusted issuer
    CERT_NAME_MISMATCH, //!< of another subject than expected
    CERT_MISSING,       //!< the peer has none, or sent none
    CERT_INVALID,       //!< any other fault of a certificate
    PSK_MISMATCH,       //!< the ends hold different keys
    PSK_UNKNOWN,        //!< the server knows no key of that identity, or uses none
    NO_COMMON_SUITE,    //!< no version or ciphersuite that both ends want
    MALFORMED,          //!< not TLS, or not authentic
    REFUSED             //!< the peer sent an alert that says no more
};

/**
 * @brief Name an outcome.
 * @param outcome the outcome
 * @return its name as in outcomes, such as "cert-expired"
 */
const char* ToString(TlsOutcome outcome);

/** @brief What the sessions of one role have in common. */
struct TlsConfiguration
{
    /** @brief Finds the pre-shared key of an identity; nullptr if there is none. */
    using PskLookup = std::function<const SecretBytes*(std::string_view identity)>;

    bool isServer{false};                    //!< role
    TlsVersion version{TlsVersion::TLS_1_3}; //!< the only one offered or accepted
    std::optional<CertifiedKey> credential;  //!< own certificate, nothing for none
    std::vector<Certificate> anchors;        //!< trusted authorities
    /** Whether the peer must have a certificate; not with pre-shared keys. */
    bool wantsCertificate{true};
    /** Whether the authority that issued the own certificate is sent with it; it must be an anchor.
     */
    bool sendsAuthority{false};
    std::string pskIdentity; //!< client: identity of the key, empty for certificates
    SecretBytes psk;         //!< client: 32 octets, with pskIdentity
    PskLookup findPsk;       //!< server: with pre-shared keys

    /** @return whether ends are authenticated by a pre-shared key in place of certificates */
    bool UsesPsk() const
    {
        return !pskIdentity.empty() || findPsk;
    }
};

/** @brief A configuration made ready; shared by the sessions of a role. */
class TlsContext
{
  public:
    /** @brief OpenSSL's object, known to the implementation only. */
    struct Material;

    /**
     * @brief Make a configuration ready.
     * @param ctx the computing node, whose source is drawn from
     * @param configuration the configuration
     */
    TlsContext(CryptoContext& ctx, TlsConfiguration configuration);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    /** @return the configuration */
    const TlsConfiguration& Configuration() const
    {
        return m_configuration;
    }

    /** @return OpenSSL's object */
    const Material& Get() const
    {
        return *m_material;
    }

  private:
    TlsConfiguration m_configuration;     //!< what it was made of
    std::unique_ptr<Material> m_material; //!< never empty
};

/** @brief One connection at one end. */
class TlsSession
{
  public:
    /** @brief OpenSSL's objects, known to the implementation only. */
    struct Material;
    /** @brief Called with each line for a key log file (SSLKEYLOGFILE), without line end. */
    using KeyLogger = std::function<void(const char* line)>;

    /**
     * @brief Make an end.
     * @param ctx the computing node; outlives this object
     * @param context what it has in common with others
     * @param peerName expected subject of the peer's certificate, empty for any
     * @param nowNs the time in ns, for the validity of certificates
     * @param keyLogger receives secrets, may be empty
     */
    TlsSession(CryptoContext& ctx,
               std::shared_ptr<const TlsContext> context,
               const std::string& peerName,
               int64_t nowNs,
               KeyLogger keyLogger = nullptr);
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    /**
     * @brief Go on with the handshake.
     *
     * Application data that arrived together with the last flight of the peer waits for Open().
     * Once the session is established, records go to Open(): here they would only be looked at for
     * an alert, and their data be lost.
     *
     * @param in octets of the peer, cut anywhere; empty to begin as a client
     * @return records to send: a flight, an alert (also when the handshake has just failed), or
     * nothing
     */
    Bytes Step(ByteView in);

    /**
     * @brief Tell whether records begin a handshake.
     * @param records the records
     * @return whether the first holds a ClientHello
     */
    static bool IsClientHello(ByteView records);

    /** @return how far the session is */
    TlsState State() const
    {
        return m_state;
    }

    /** @return how the handshake ended */
    TlsOutcome Outcome() const
    {
        return m_outcome;
    }

    /**
     * @brief Whether the peer is known to have accepted this end too.
     *
     * A client of TLS 1.3 has ended its handshake before the server has looked at its certificate,
     * so for it this becomes true only with the first record that Open() takes.
     *
     * @return whether it is
     */
    bool IsConfirmed() const
    {
        return m_state == TlsState::ESTABLISHED && m_confirmed;
    }

    /**
     * @return whom the peer has proved to be: the expected subject of its certificate, the first
     * name in it if none was expected, or at a server the identity of a pre-shared key; empty until
     * the handshake has succeeded
     */
    const std::string& PeerName() const
    {
        return m_peerName;
    }

    /**
     * @brief Export keying material (RFC 5705; RFC 8446, section 7.5).
     * @param label the label
     * @param context the context, nothing for none
     * @param size octets wanted, 1 to 8160
     * @return the octets; empty unless the session is established
     */
    SecretOctets Export(std::string_view label, std::optional<ByteView> context, std::size_t size);

    /**
     * @brief Protect application data.
     * @param plain the data
     * @return a record for each 16384 octets begun, none for no data; nothing unless the session is
     * established
     */
    Bytes Seal(ByteView plain);

    /**
     * @brief Tell how long the records of application data are.
     * @param plain octets of data
     * @return octets that Seal() makes of them
     */
    std::size_t SealedSize(std::size_t plain) const;

    /**
     * @brief Open records with application data.
     * @param records octets of records in the order in which they were sealed, cut anywhere; empty
     * to get what came with the handshake
     * @param plain the data is appended
     * @param reply an alert to send, if any
     * @return whether all were authentic; if not, the session has failed
     */
    bool Open(ByteView records, SecretOctets& plain, Bytes& reply);

    /** @return an alert that says that this end sends no more; Open() still works */
    Bytes Close();

    /** @return whether the peer has said that it sends no more */
    bool IsPeerDone() const
    {
        return m_isPeerDone;
    }

    /** @return the client's random, 32 octets */
    std::array<uint8_t, 32> ClientRandom() const;
    /** @return the server's random, 32 octets */
    std::array<uint8_t, 32> ServerRandom() const;

    /** @return octets of handshake records sent */
    std::size_t Sent() const
    {
        return m_sent;
    }

    /** @return octets of handshake records received */
    std::size_t Received() const
    {
        return m_received;
    }

  private:
    friend struct Material;
    void Judge(int result);
    void Succeed();
    Bytes Flush();

    CryptoContext* m_ctx;                        //!< computes
    std::shared_ptr<const TlsContext> m_context; //!< shared
    KeyLogger m_keyLogger;                       //!< receives secrets
    std::string m_expectedName;                  //!< of the peer, empty for any
    std::unique_ptr<Material> m_material;        //!< never empty
    TlsState m_state{TlsState::HANDSHAKING};     //!< how far
    TlsOutcome m_outcome{TlsOutcome::NONE};      //!< how it ended
    bool m_confirmed{false};                     //!< the peer has accepted this end
    bool m_isShut{false};                        //!< this end has closed
    bool m_isPeerDone{false};                    //!< the peer has closed
    std::string m_peerName;                      //!< of the peer
    std::size_t m_sent{0};                       //!< octets of the handshake
    std::size_t m_received{0};                   //!< octets of the handshake
};

} // namespace ns3::mis

#endif /* MIS_TLS_SESSION_H */
