// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The server of EAP: the lock-step machine around its methods (RFC 3748, RFC 4137).
 *
 * It may sit in the point of service itself, or behind RADIUS in a home server.
 */
#ifndef MIS_EAP_SERVER_H
#define MIS_EAP_SERVER_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-eap-method.h"
#include "ns3/mis-eap-packet.h"
#include "ns3/mis-types.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace ns3::mis
{

/** @brief What a server offers; read only, shared by its sessions. */
struct EapServerConfiguration
{
    /**
     * The methods, the preferred first. A peer is offered the first that serves its identity, and
     * after a Nak the first of those it wants. A peer whom none serves is unknown.
     */
    std::vector<std::shared_ptr<const EapServerMethodFactory>> methods;
};

/**
 * @brief One authentication at the server.
 *
 * There is one Request outstanding at a time. Who carries the packets repeats it when no Response
 * comes: LastSent() has it. Success and Failure are not answered and so not repeated by themselves.
 */
class EapServer
{
  public:
    /**
     * @brief Begin an authentication.
     * @param ctx the computing node; outlives this object
     * @param configuration what is offered
     * @param nowNs time, in nanoseconds, for the validity of credentials
     * @param firstIdentifier Identifier of the first Request
     */
    EapServer(CryptoContext& ctx,
              std::shared_ptr<const EapServerConfiguration> configuration,
              int64_t nowNs,
              uint8_t firstIdentifier = 0);

    /**
     * @brief Ask for the identity. Not needed where somebody else has asked, such as a RADIUS
     * client: then the first packet received is the answer to that.
     * @return the Identity Request
     */
    Bytes Start();

    /**
     * @brief Take a packet.
     * @param eap the packet
     * @return the next Request, or Success or Failure; nothing when the packet was discarded, for
     * the reason that LastDrop() gives
     */
    std::optional<Bytes> Receive(ByteView eap);

    /**
     * @brief Give up.
     * @param outcome why, such as TIMEOUT; a reason that the method has found takes precedence.
     * Nothing happens when the authentication has ended before.
     */
    void Abort(EapOutcome outcome);

    /** @return the last packet sent, to send it once more; empty before the first */
    const Bytes& LastSent() const
    {
        return m_lastSent;
    }

    /** @return whether the authentication has ended */
    EapState State() const
    {
        return m_state;
    }

    /** @return how the authentication has ended, NONE while it runs */
    EapOutcome Outcome() const
    {
        return m_outcome;
    }

    /** @return keys and names, empty unless the state is SUCCESS */
    const EapExported& Exported() const;

    /** @return the identity that the peer gave, not authenticated; empty before */
    const Bytes& Identity() const
    {
        return m_identity;
    }

    /** @return type of the method under way, NONE before */
    EapType Method() const
    {
        return m_method ? m_method->Type() : EapType::NONE;
    }

    /** @return why the last packet was discarded, NONE if it was not */
    EapDrop LastDrop() const
    {
        return m_drop;
    }

  private:
    std::optional<Bytes> Discard(EapDrop reason);
    Bytes Request(EapType type, ByteView data);
    Bytes Begin(const EapServerMethodFactory& factory);
    Bytes End(EapState state, EapOutcome outcome);
    std::optional<Bytes> TakeIdentity(const EapPacket& packet);
    std::optional<Bytes> TakeNak(const EapPacket& packet);
    std::optional<Bytes> TakeMethodResponse(const EapPacket& packet);

    CryptoContext* m_ctx;                                          //!< computes
    std::shared_ptr<const EapServerConfiguration> m_configuration; //!< what is offered
    int64_t m_nowNs;                                               //!< when it began
    std::unique_ptr<EapServerMethod> m_method;                     //!< the method under way
    Bytes m_identity;                                              //!< as the peer says
    Bytes m_lastSent;                                              //!< the last packet
    std::vector<EapType> m_tried;                                  //!< methods begun so far
    uint8_t m_identifier;                                          //!< of the next Request
    bool m_negotiating{false};              //!< whether the method may still be refused
    EapState m_state{EapState::RUNNING};    //!< whether it has ended
    EapOutcome m_outcome{EapOutcome::NONE}; //!< how it has ended
    EapDrop m_drop{EapDrop::NONE};          //!< of the last packet
};

} // namespace ns3::mis

#endif /* MIS_EAP_SERVER_H */
