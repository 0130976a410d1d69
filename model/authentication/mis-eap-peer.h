// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The peer of EAP: the lock-step machine around its methods (RFC 3748, RFC 4137).
 */
#ifndef MIS_EAP_PEER_H
#define MIS_EAP_PEER_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-eap-method.h"
#include "ns3/mis-eap-packet.h"
#include "ns3/mis-types.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3::mis
{

/** @brief Who a peer is; read only, shared by its authentications. */
struct EapPeerConfiguration
{
    std::string identity; //!< network access identifier sent in answer to an Identity Request
    /** The methods it has credentials for, the preferred first. */
    std::vector<std::shared_ptr<const EapPeerMethodFactory>> methods;
};

/**
 * @brief One authentication at the peer.
 *
 * The peer only answers. It never retransmits by itself: a Request that comes again, octet by
 * octet, is answered with the stored Response.
 */
class EapPeer
{
  public:
    /**
     * @brief Begin an authentication.
     * @param ctx the computing node; outlives this object
     * @param configuration who the peer is
     * @param nowNs time, in nanoseconds, for the validity of credentials
     */
    EapPeer(CryptoContext& ctx,
            std::shared_ptr<const EapPeerConfiguration> configuration,
            int64_t nowNs);

    /**
     * @brief Take a packet.
     * @param eap the packet
     * @return the Response to send; nothing when the packet ended the authentication or was
     * discarded, for the reason that LastDrop() gives
     */
    std::optional<Bytes> Receive(ByteView eap);

    /**
     * @brief Take a sign of the layer below that the server has accepted the peer, in place of a
     * lost EAP-Success (RFC 3748, section 4.2; altAccept of RFC 4137).
     * @return whether the method had ended well and the authentication ends in success
     */
    bool AcceptLowerLayerSuccess();

    /**
     * @brief Give up.
     * @param outcome why, such as TIMEOUT; a reason that the method has found takes precedence.
     * Nothing happens when the authentication has ended before.
     */
    void Abort(EapOutcome outcome);

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

    /** @return type of the method that was chosen, NONE before */
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
    std::optional<Bytes> Answer(ByteView request, uint8_t identifier, EapType type, ByteView data);
    std::optional<Bytes> TakeRequest(const EapPacket& packet, ByteView octets);
    std::optional<Bytes> TakeMethodRequest(const EapPacket& packet, ByteView octets);
    std::optional<Bytes> TakeEnd(const EapPacket& packet);
    void Finish(EapState state, EapOutcome outcome);

    CryptoContext* m_ctx;                                        //!< computes
    std::shared_ptr<const EapPeerConfiguration> m_configuration; //!< who the peer is
    int64_t m_nowNs;                                             //!< when it began
    std::unique_ptr<EapPeerMethod> m_method;                     //!< once one was chosen
    Bytes m_lastRequest;                                         //!< the Request answered last
    Bytes m_lastResponse;                                        //!< the answer
    EapState m_state{EapState::RUNNING};                         //!< whether it has ended
    EapOutcome m_outcome{EapOutcome::NONE};                      //!< how it has ended
    EapDrop m_drop{EapDrop::NONE};                               //!< of the last packet
};

} // namespace ns3::mis

#endif /* MIS_EAP_PEER_H */
