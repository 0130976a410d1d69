// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief What an EAP method is to the state machines of peer and server, and how one ends.
 *
 * A method of one's own is two classes, EapPeerMethod and EapServerMethod, and a factory for each,
 * put into EapPeerConfiguration and EapServerConfiguration; nothing else changes.
 */
#ifndef MIS_EAP_METHOD_H
#define MIS_EAP_METHOD_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-eap-packet.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

namespace ns3::mis
{

/** Octets of MSK and of EMSK here (RFC 3748, section 7.10, asks for at least 64). */
inline constexpr std::size_t EAP_KEY_SIZE = 64;

/** @brief Whether an authentication, or a method in it, has ended. */
enum class EapState : uint8_t
{
    RUNNING,
    SUCCESS, //!< of a peer's method: ready to accept EAP-Success
    FAILURE
};

/**
 * @brief Name of a state.
 * @param state the state
 * @return its enumerator as text
 */
const char* ToString(EapState state);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, EapState state);

/** @brief How an authentication ended. */
enum class EapOutcome : uint8_t
{
    NONE, //!< not ended
    SUCCESS,
    IDENTITY_UNKNOWN,          //!< no credential for the name that was given
    NO_COMMON_METHOD,          //!< no method that both ends want
    NO_COMMON_SUITE,           //!< no ciphersuite or protocol version that both ends want
    PSK_MISMATCH,              //!< the ends hold different pre-shared keys
    NOT_AUTHORIZED,            //!< authentic, but not allowed
    CERTIFICATE_EXPIRED,       //!< outside of its period of validity
    CERTIFICATE_UNKNOWN_CA,    //!< no trusted issuer
    CERTIFICATE_NAME_MISMATCH, //!< of another subject than expected
    CERTIFICATE_MISSING,       //!< none was sent though one is required
    CERTIFICATE_INVALID,       //!< any other reason
    TLS_FAILURE,               //!< the TLS handshake failed for another reason
    PROTOCOL_ERROR,            //!< the other end broke the rules of the method
    REFUSED,                   //!< EAP-Failure without a reason in the method
    TIMEOUT                    //!< the other end was silent; said by who keeps the time
};

/**
 * @brief Name of an outcome.
 * @param outcome the outcome
 * @return its enumerator as text
 */
const char* ToString(EapOutcome outcome);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, EapOutcome outcome);

/** @brief Why a packet was silently discarded. */
enum class EapDrop : uint8_t
{
    NONE,              //!< it was not
    MALFORMED,         //!< not an EAP packet
    UNEXPECTED_CODE,   //!< a code that this end does not receive
    WRONG_IDENTIFIER,  //!< answers another packet than the last
    WRONG_TYPE,        //!< another type than the one under way
    PREMATURE_SUCCESS, //!< EAP-Success before the method has ended
    ENDED,             //!< the authentication has ended before
    METHOD_MALFORMED,  //!< not a message of the method
    METHOD_STATE,      //!< a message of the method at the wrong time
    METHOD_MISMATCH,   //!< does not repeat what this end has sent
    METHOD_INTEGRITY   //!< not authentic, where the method is to go on
};

/**
 * @brief Name of a reason.
 * @param drop the reason
 * @return its enumerator as text
 */
const char* ToString(EapDrop drop);
/** @brief Print the name. */
std::ostream& operator<<(std::ostream& os, EapDrop drop);

/** @brief What a method exports when it succeeds (RFC 5247, section 1.4). */
struct EapExported
{
    SecretBytes msk;      //!< 64 octets
    SecretBytes emsk;     //!< 64 octets
    Bytes sessionId;      //!< Type, then the Method-Id of the method
    std::string peerId;   //!< the authenticated name of the peer
    std::string serverId; //!< the authenticated name of the server
};

/** @brief What a method makes of a packet. */
struct EapStep
{
    EapDrop drop{EapDrop::NONE}; //!< not NONE: the packet is discarded and nothing has changed
    std::optional<Bytes> data;   //!< Type-Data to send

    /**
     * @brief Discard the packet.
     * @param reason why
     * @return the step
     */
    static EapStep Discard(EapDrop reason)
    {
        return EapStep{reason, std::nullopt};
    }

    /**
     * @brief Send Type-Data.
     * @param data the data
     * @return the step
     */
    static EapStep Send(Bytes data)
    {
        return EapStep{EapDrop::NONE, std::move(data)};
    }

    /** @return the step of a server's method that has ended */
    static EapStep End()
    {
        return EapStep{};
    }
};

/**
 * @brief One run of a method at one end.
 *
 * Methods compute for real with every CryptoBackend.
 */
class EapMethod
{
  public:
    virtual ~EapMethod() = default;
    EapMethod(const EapMethod&) = delete;
    EapMethod& operator=(const EapMethod&) = delete;

    /** @return its type */
    EapType Type() const
    {
        return m_type;
    }

    /** @return whether it has ended */
    EapState State() const
    {
        return m_state;
    }

    /** @return how it has ended, NONE while it runs */
    EapOutcome Outcome() const
    {
        return m_outcome;
    }

    /** @return keys and names, empty unless the state is SUCCESS */
    const EapExported& Exported() const
    {
        return m_exported;
    }

    /**
     * @brief Take a packet of the method that is no duplicate.
     * @param ctx the computing node
     * @param data its Type-Data
     * @return for a peer: the data of the Response, or why the packet is discarded. For a server:
     * the data of the next Request, or End() when the method has ended, or the reason.
     */
    virtual EapStep Process(CryptoContext& ctx, ByteView data) = 0;

  protected:
    /**
     * @brief A method that runs.
     * @param type its type
     */
    explicit EapMethod(EapType type)
        : m_type(type)
    {
    }

    /**
     * @brief End well.
     * @param exported keys and names
     */
    void Succeed(EapExported exported)
    {
        m_exported = std::move(exported);
        m_state = EapState::SUCCESS;
        m_outcome = EapOutcome::SUCCESS;
    }

    /**
     * @brief End badly; forget the keys.
     * @param outcome why
     */
    void Fail(EapOutcome outcome)
    {
        m_exported = EapExported();
        m_state = EapState::FAILURE;
        m_outcome = outcome;
    }

  private:
    EapExported m_exported;                 //!< keys and names
    EapType m_type;                         //!< type
    EapState m_state{EapState::RUNNING};    //!< whether it has ended
    EapOutcome m_outcome{EapOutcome::NONE}; //!< how it has ended
};

/** @brief One run of a method at the peer. */
class EapPeerMethod : public EapMethod
{
  protected:
    using EapMethod::EapMethod;
};

/** @brief One run of a method at the server. */
class EapServerMethod : public EapMethod
{
  public:
    /**
     * @brief Make the first Request; called once.
     * @param ctx the computing node
     * @return its Type-Data
     */
    virtual Bytes Start(CryptoContext& ctx) = 0;

  protected:
    using EapMethod::EapMethod;
};

/** @brief Makes the runs of a method for peers; shared by all authentications of a node. */
class EapPeerMethodFactory
{
  public:
    virtual ~EapPeerMethodFactory() = default;

    /** @return type of the method */
    virtual EapType Type() const = 0;

    /**
     * @brief Begin a run.
     * @param ctx the computing node; outlives the run
     * @param nowNs time, in nanoseconds, for the validity of credentials
     * @return the run
     */
    virtual std::unique_ptr<EapPeerMethod> Make(CryptoContext& ctx, int64_t nowNs) const = 0;
};

/** @brief Makes the runs of a method for servers; shared by all sessions of a node. */
class EapServerMethodFactory
{
  public:
    virtual ~EapServerMethodFactory() = default;

    /** @return type of the method */
    virtual EapType Type() const = 0;

    /**
     * @brief Whether the method is offered to a peer.
     * @param identity the identity of the EAP-Response/Identity, not authenticated
     * @return whether; true unless overridden
     */
    virtual bool Serves(ByteView identity) const;

    /**
     * @brief Begin a run.
     * @param ctx the computing node; outlives the run
     * @param identity the identity of the EAP-Response/Identity, not authenticated
     * @param nowNs time, in nanoseconds, for the validity of credentials
     * @return the run
     */
    virtual std::unique_ptr<EapServerMethod> Make(CryptoContext& ctx,
                                                  ByteView identity,
                                                  int64_t nowNs) const = 0;
};

/**
 * @brief Give the root of the media-independent keys (IEEE 802.21a) in the form that DeriveMisk()
 * and DeriveMiak() take.
 *
 * The root is the MSK of a full authentication or the rMSK of a re-authentication, whole: HMAC
 * takes keys of any length, and 64 octets fit a SecretBytes.
 *
 * @param key MSK or rMSK, 64 octets
 * @return the root, or nothing when @p key has another length
 */
std::optional<SecretBytes> MediaIndependentRootKey(ByteView key);

} // namespace ns3::mis

#endif /* MIS_EAP_METHOD_H */
