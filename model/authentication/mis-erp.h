// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The EAP Re-authentication Protocol (RFC 6696): one round trip with keys of an earlier
 * full authentication.
 *
 *     authenticator                              peer
 *       Initiate/Re-auth-Start, optional          ->
 *       <-  Initiate/Re-auth  keyName-NAI, SEQ, tag
 *       Finish/Re-auth  SEQ, tag                  ->     both ends: rMSK of this SEQ
 *
 * The server is the home server, which holds the rRK made from the EMSK, or a local server of a
 * visited domain, which holds the DS-rRK made from the DSRK of its domain.
 *
 * Everything here computes for real with every CryptoBackend.
 */
#ifndef MIS_ERP_H
#define MIS_ERP_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-eap-packet.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ns3::mis
{

// ---------------------------------------------------------------------------------------------
// Key hierarchy (RFC 5295, RFC 6696 section 4)
// ---------------------------------------------------------------------------------------------

/** Octets of EMSKname. */
inline constexpr std::size_t EMSK_NAME_SIZE = 8;

/** @brief Name of an EMSK and of the keys made from it. */
using EmskName = std::array<uint8_t, EMSK_NAME_SIZE>;

/** @brief Cryptosuite of ERP (RFC 6696, section 5.3.2). */
enum class ErpCryptosuite : uint8_t
{
    NONE = 0,            //!< no tag: a failure for a key that is not known
    HMAC_SHA256_64 = 1,  //!< tag of 8 octets
    HMAC_SHA256_128 = 2, //!< tag of 16 octets; mandatory to have
    HMAC_SHA256_256 = 3  //!< tag of 32 octets
};

/**
 * @brief Octets of the Authentication Tag.
 * @param suite the cryptosuite
 * @return 8, 16 or 32; 0 for NONE and unknown suites
 */
std::size_t ErpTagSize(ErpCryptosuite suite);

/**
 * @brief Derive a key from an EMSK or from a key made from it (RFC 5295, section 3.1).
 *
 * T1, T2, ... cut to length, where T1 = HMAC-SHA-256(key; S, 1), T2 = HMAC-SHA-256(key; T1, S, 2),
 * and S = label, a zero octet, optional data, length in two octets.
 *
 * @param ctx the computing node
 * @param key the deriving key
 * @param label the key label
 * @param optionalData what the key is bound to besides
 * @param octets length of the result, 1 to SecretBytes::CAPACITY
 * @return the derived key
 */
SecretBytes DeriveEmskChild(CryptoContext& ctx,
                            ByteView key,
                            std::string_view label,
                            ByteView optionalData,
                            std::size_t octets);

/**
 * @brief Compute EMSKname.
 * @param ctx the computing node
 * @param sessionId EAP Session-Id of the full authentication
 * @return the name
 */
EmskName DeriveEmskName(CryptoContext& ctx, ByteView sessionId);

/**
 * @brief Derive the domain-specific root key DSRK (RFC 5295, section 4).
 * @param ctx the computing node
 * @param emsk EMSK, 64 octets
 * @param domain name of the visited domain
 * @return 64 octets
 */
SecretBytes DeriveDsrk(CryptoContext& ctx, ByteView emsk, std::string_view domain);

/**
 * @brief Derive the re-authentication root key: rRK, or DS-rRK.
 * @param ctx the computing node
 * @param root EMSK, or DSRK
 * @return 64 octets
 */
SecretBytes DeriveRrk(CryptoContext& ctx, ByteView root);

/**
 * @brief Derive the re-authentication integrity key: rIK, or DS-rIK.
 * @param ctx the computing node
 * @param rrk rRK, or DS-rRK
 * @param suite the cryptosuite it is for
 * @return 64 octets
 */
SecretBytes DeriveRik(CryptoContext& ctx, ByteView rrk, ErpCryptosuite suite);

/**
 * @brief Derive the re-authentication master session key of one exchange.
 * @param ctx the computing node
 * @param rrk rRK, or DS-rRK
 * @param sequence SEQ of the exchange
 * @return 64 octets
 */
SecretBytes DeriveRmsk(CryptoContext& ctx, ByteView rrk, uint16_t sequence);

/**
 * @brief The name under which a key is asked for.
 * @param name the name of the EMSK
 * @param domain the home domain, or that of a local server
 * @return keyName-NAI: 16 lower-case hexadecimal digits, "@", the domain
 */
std::string KeyNameNai(const EmskName& name, std::string_view domain);

/** @brief What a server, home or local, is given for one peer after a full authentication. */
struct ErpRootKey
{
    EmskName name{}; //!< EMSKname
    SecretBytes rrk; //!< rRK, or DS-rRK
};

/**
 * @brief The root key of the home server.
 * @param ctx the computing node
 * @param emsk EMSK of the full authentication
 * @param sessionId its Session-Id
 * @return name and rRK
 */
ErpRootKey MakeErpRootKey(CryptoContext& ctx, ByteView emsk, ByteView sessionId);

/**
 * @brief The root key of a local server. The peer calls this with its EMSK; the home server sends
 * the local server the DSRK and the name, and that calls the overload below.
 * @param ctx the computing node
 * @param emsk EMSK of the full authentication
 * @param sessionId its Session-Id
 * @param domain name of the visited domain
 * @return name and DS-rRK
 */
ErpRootKey MakeLocalErpRootKey(CryptoContext& ctx,
                               ByteView emsk,
                               ByteView sessionId,
                               std::string_view domain);

/**
 * @brief The root key of a local server, from what the home server has sent.
 * @param ctx the computing node
 * @param dsrk DSRK of the domain
 * @param name EMSKname
 * @return name and DS-rRK
 */
ErpRootKey MakeLocalErpRootKey(CryptoContext& ctx, ByteView dsrk, const EmskName& name);

// ---------------------------------------------------------------------------------------------
// Packets (RFC 6696, section 5.3)
// ---------------------------------------------------------------------------------------------

/** @brief Type of an Initiate or Finish packet. */
enum class ErpType : uint8_t
{
    REAUTH_START = 1,
    REAUTH = 2
};

/** @brief Flags of Initiate/Re-auth and Finish/Re-auth. */
namespace erpflag
{
inline constexpr uint8_t FAILURE = 0x80;       //!< R: only in Finish
inline constexpr uint8_t BOOTSTRAPPING = 0x40; //!< B
inline constexpr uint8_t LIFETIMES = 0x20;     //!< L: lifetimes wanted, or given
} // namespace erpflag

/** @brief Attributes behind the fixed part. The two lifetimes have no length octet. */
enum class ErpAttribute : uint8_t
{
    KEYNAME_NAI = 1,
    RRK_LIFETIME = 2,  //!< 4 octets, seconds
    RMSK_LIFETIME = 3, //!< 4 octets, seconds
    DOMAIN_NAME = 4,
    CRYPTOSUITES = 5, //!< one octet each
    AUTHORIZATION_INDICATION = 6,
    CALLED_STATION_ID = 128,
    CALLING_STATION_ID = 129,
    NAS_IDENTIFIER = 130,
    NAS_IP_ADDRESS = 131,
    NAS_IPV6_ADDRESS = 132
};

/** @brief The attributes of a packet; those absent are not sent. */
struct ErpAttributes
{
    std::optional<std::string> keyNameNai;         //!< keyName-NAI, at most 253 octets
    std::optional<uint32_t> rrkLifetime;           //!< seconds
    std::optional<uint32_t> rmskLifetime;          //!< seconds
    std::optional<std::string> domainName;         //!< at most 253 octets
    std::vector<ErpCryptosuite> cryptosuites;      //!< those acceptable
    std::optional<Bytes> authorizationIndication;  //!< opaque here
    std::vector<std::pair<uint8_t, Bytes>> others; //!< of other types, such as channel binding
};

/** @brief EAP-Initiate/Re-auth-Start: the authenticator can do ERP. */
struct ErpStart
{
    uint8_t identifier{0};    //!< Identifier
    ErpAttributes attributes; //!< the domain of a local server, if there is one
};

/** @brief EAP-Initiate/Re-auth or EAP-Finish/Re-auth, without its tag. */
struct ErpReauth
{
    EapCode code{EapCode::INITIATE};                             //!< INITIATE or FINISH
    uint8_t identifier{0};                                       //!< Identifier
    uint8_t flags{0};                                            //!< of erpflag
    uint16_t sequence{0};                                        //!< SEQ
    ErpAttributes attributes;                                    //!< at least keyName-NAI
    ErpCryptosuite cryptosuite{ErpCryptosuite::HMAC_SHA256_128}; //!< NONE: no suite and no tag
};

/** @brief A packet that was read, whose tag is not verified. */
struct ErpReceived
{
    ErpReauth message; //!< the packet
    ByteView covered;  //!< what the tag is computed over
    ByteView tag;      //!< Authentication Tag
};

/**
 * @brief Write a Re-auth-Start packet.
 * @param start the packet
 * @return its octets
 */
Bytes EncodeErpStart(const ErpStart& start);

/**
 * @brief Read a Re-auth-Start packet.
 * @param eap an EAP packet
 * @return the packet, or why it is none
 */
Result<ErpStart> DecodeErpStart(ByteView eap);

/**
 * @brief Write a Re-auth packet.
 * @param ctx the computing node
 * @param message the packet
 * @param rik rIK for the cryptosuite; not used with NONE
 * @return its octets
 */
Bytes EncodeErpReauth(CryptoContext& ctx, const ErpReauth& message, ByteView rik);

/**
 * @brief Read a Re-auth packet as if it were of a certain cryptosuite.
 *
 * Nothing but the tag's length tells attributes from cryptosuite and tag, and the numbers of
 * cryptosuites are numbers of attributes too. So a receiver tries the suites it knows.
 *
 * @param eap an EAP packet; outlives the result
 * @param cryptosuite the suite; NONE: neither suite nor tag
 * @return the packet, or why it is none: TRUNCATED, BAD_LENGTH, BAD_VALUE (another suite),
 * DUPLICATE_TLV, MISSING_TLV (no keyName-NAI)
 */
Result<ErpReceived> DecodeErpReauth(ByteView eap, ErpCryptosuite cryptosuite);

/**
 * @brief Read the flags of a Re-auth packet, of whatever cryptosuite.
 * @param eap an EAP packet
 * @return the flags, or nothing when the packet is no Re-auth packet
 */
std::optional<uint8_t> ErpFlagsOf(ByteView eap);

/**
 * @brief Read the keyName-NAI of an Initiate/Re-auth packet, of whatever cryptosuite, as an
 * authenticator does who has no keys.
 * @param eap an EAP packet
 * @return keyName-NAI, or nothing when the packet is no Initiate/Re-auth packet
 */
std::optional<std::string> ErpKeyNameOf(ByteView eap);

/**
 * @brief Verify a tag.
 * @param ctx the computing node
 * @param received the packet
 * @param rik rIK for its cryptosuite
 * @return whether it is authentic; false for a packet without tag
 */
bool VerifyErpTag(CryptoContext& ctx, const ErpReceived& received, ByteView rik);

// ---------------------------------------------------------------------------------------------
// Peer and server
// ---------------------------------------------------------------------------------------------

/** @brief What became of a packet, or of a re-authentication. */
enum class ErpOutcome : uint8_t
{
    NONE, //!< not ended
    SUCCESS,
    MALFORMED,             //!< not a packet this end receives
    UNKNOWN_KEY_NAME,      //!< the server has no key of that name
    KEY_EXPIRED,           //!< the key was of that name, but its time is over
    NO_COMMON_CRYPTOSUITE, //!< the server does not accept the suite
    REPLAYED_SEQUENCE,     //!< SEQ not above the last one accepted; silently dropped
    BAD_TAG,               //!< not authentic; silently dropped
    WRONG_SEQUENCE,        //!< answers another packet than the last; silently dropped
    SEQUENCE_EXHAUSTED,    //!< SEQ 65535 was used; a full authentication is needed
    REFUSED,               //!< failure without further reason
    TIMEOUT                //!< the other end was silent; said by who keeps the time
};

/**
 * @brief Name of an outcome.
 * @param outcome the outcome
 * @return its enumerator as text
 */
const char* ToString(ErpOutcome outcome);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, ErpOutcome outcome);

/**
 * @brief The keys of a peer for one server, which last over many re-authentications.
 *
 * Every Initiate has the next SEQ, also one that repeats another because no answer came: a server
 * drops a SEQ that it has seen, so the same packet would never be answered if its answer was lost.
 */
class ErpPeer
{
  public:
    /**
     * @brief Begin with SEQ 0.
     * @param ctx the computing node; outlives this object
     * @param key from MakeErpRootKey() or MakeLocalErpRootKey()
     * @param domain the home domain, or that of the local server
     * @param cryptosuite the suite to use, not NONE
     */
    ErpPeer(CryptoContext& ctx,
            ErpRootKey key,
            std::string domain,
            ErpCryptosuite cryptosuite = ErpCryptosuite::HMAC_SHA256_128);

    /**
     * @brief Make an Initiate, to begin a re-authentication or because no answer came.
     * @param identifier that of the Re-auth-Start or Request it answers, else any
     * @param flags BOOTSTRAPPING and LIFETIMES of erpflag, as wanted
     * @return the packet; nothing when all SEQ are used, and then the outcome says so
     */
    std::optional<Bytes> Initiate(uint8_t identifier, uint8_t flags = 0);

    /**
     * @brief Take a packet.
     * @param eap the packet
     * @return SUCCESS; UNKNOWN_KEY_NAME (a failure without tag), NO_COMMON_CRYPTOSUITE, REFUSED,
     * which end the re-authentication; or MALFORMED, BAD_TAG, WRONG_SEQUENCE, after which the
     * answer is still awaited
     */
    ErpOutcome Receive(ByteView eap);

    /**
     * @brief Give up waiting.
     * @param outcome why, such as TIMEOUT
     */
    void Abort(ErpOutcome outcome);

    /** @return how the last re-authentication ended, NONE while one runs */
    ErpOutcome Outcome() const
    {
        return m_outcome;
    }

    /** @return rMSK, empty unless the outcome is SUCCESS */
    const SecretBytes& Rmsk() const
    {
        return m_rmsk;
    }

    /** @return the attributes of the Finish, empty unless the outcome is SUCCESS */
    const ErpAttributes& Attributes() const
    {
        return m_attributes;
    }

    /** @return keyName-NAI, which is also the User-Name of the request to the server */
    std::string KeyName() const
    {
        return KeyNameNai(m_key.name, m_domain);
    }

  private:
    ErpOutcome End(ErpOutcome outcome);

    CryptoContext* m_ctx;                   //!< computes
    ErpRootKey m_key;                       //!< name and root key
    SecretBytes m_rik;                      //!< integrity key
    std::string m_domain;                   //!< of the server
    ErpCryptosuite m_cryptosuite;           //!< in use
    uint32_t m_next{0};                     //!< SEQ of the next Initiate
    ErpOutcome m_outcome{ErpOutcome::NONE}; //!< of the last re-authentication
    SecretBytes m_rmsk;                     //!< its key
    ErpAttributes m_attributes;             //!< of its Finish
};

/** @brief What a server is and accepts. */
struct ErpServerConfiguration
{
    std::string domain; //!< its domain: the home domain, or the visited one of a local server
    /** Suites accepted. */
    std::vector<ErpCryptosuite> cryptosuites{ErpCryptosuite::HMAC_SHA256_128,
                                             ErpCryptosuite::HMAC_SHA256_256,
                                             ErpCryptosuite::HMAC_SHA256_64};
    uint32_t rmskLifetime{3600}; //!< seconds, told to peers that ask
};

/**
 * @brief A server of re-authentications, with the keys of many peers.
 *
 * At home it keeps the EMSK too if it is to serve local servers with their DSRK; that is for its
 * owner to do with DeriveDsrk().
 */
class ErpServer
{
  public:
    /**
     * @brief A server without keys.
     * @param configuration what it is
     */
    explicit ErpServer(ErpServerConfiguration configuration);

    /**
     * @brief Add a key, with SEQ 0 as the next accepted; replaces one of the same name.
     * @param key from MakeErpRootKey() or MakeLocalErpRootKey()
     * @param peerId authenticated name of the peer
     * @param expiryNs when the key ends, in nanoseconds of the clock given to Receive()
     */
    void Install(ErpRootKey key, std::string peerId, int64_t expiryNs);

    /**
     * @brief Remove a key.
     * @param name its name
     */
    void Remove(const EmskName& name);

    /** @return the number of keys, expired ones included until they are asked for */
    std::size_t Size() const
    {
        return m_keys.size();
    }

    /** @brief What a server answers. */
    struct Answer
    {
        ErpOutcome outcome{ErpOutcome::NONE}; //!< SUCCESS, or why not
        std::optional<Bytes> finish;          //!< to send; nothing when silently dropped
        SecretBytes rmsk;                     //!< for the authenticator, with SUCCESS
        std::string peerId;                   //!< authenticated name of the peer, with SUCCESS
        uint16_t sequence{0};                 //!< SEQ, with SUCCESS
    };

    /**
     * @brief Take an Initiate.
     * @param ctx the computing node
     * @param eap the packet
     * @param nowNs time, in nanoseconds
     * @param localDomain domain of the local server that is given a root key if the peer asks for
     * bootstrapping, and that the peer is told of then; empty: the domain of this server
     * @return the answer; nothing has changed unless it is SUCCESS, but that an expired key is gone
     */
    Answer Receive(CryptoContext& ctx,
                   ByteView eap,
                   int64_t nowNs,
                   std::string_view localDomain = std::string_view());

  private:
    /** @brief Key and state of a peer. */
    struct Entry
    {
        ErpRootKey key;     //!< name and root key
        std::string peerId; //!< authenticated name
        int64_t expiryNs;   //!< when it ends
        uint32_t next{0};   //!< the lowest SEQ accepted, 65536 when all are used
        /** Integrity keys by cryptosuite, made when first asked for. */
        std::map<ErpCryptosuite, SecretBytes> riks;
    };

    Answer Refuse(CryptoContext& ctx, const ErpReauth& initiate, ErpOutcome outcome) const;

    ErpServerConfiguration m_configuration; //!< what it is
    std::map<std::string, Entry> m_keys;    //!< by keyName-NAI
};

} // namespace ns3::mis

#endif /* MIS_ERP_H */
