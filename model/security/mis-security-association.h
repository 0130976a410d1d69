// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief A security association: raw keys, counters and the replay window, and no cipher context.
 */
#ifndef MIS_SECURITY_ASSOCIATION_H
#define MIS_SECURITY_ASSOCIATION_H

#include "ns3/mis-ciphersuite.h"
#include "ns3/mis-crypto-context.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-tls-session.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstdint>
#include <limits>
#include <memory>

namespace ns3::mis
{

/** @brief Why a message was not protected, or not accepted. */
enum class SecurityError : uint8_t
{
    NONE,
    NO_SA,       //!< no association for this identifier and peer
    REPLAY,      //!< the sequence number was seen, or is too old to tell
    BAD_ICV,     //!< the integrity check value does not fit
    EXPIRED,     //!< the lifetime of the association is over
    EXHAUSTED,   //!< all sequence numbers are used
    MALFORMED,   //!< not the layout of a protected message
    ID_MISMATCH, //!< the identifiers are not those of the association
    UNSUPPORTED, //!< no such ciphersuite, or a form of protection handled elsewhere
    TOO_LONG     //!< the protected message would not fit into a frame
};

/**
 * @brief Name an error.
 * @param error the error
 * @return its name, as in the enumeration
 */
const char* ToString(SecurityError error);

/** @brief Remembers which of the last 64 sequence numbers were accepted (PA-18). */
class ReplayWindow
{
  public:
    /** How many numbers behind the highest accepted one can still be told apart. */
    static constexpr uint64_t SIZE = 64;

    /**
     * @brief Ask whether a number may be accepted; changes nothing.
     * @param sn sequence number, from 1
     * @return whether it is new and not too old
     */
    bool Check(uint64_t sn) const
    {
        if (sn > m_highest)
        {
            return true;
        }
        const uint64_t age = m_highest - sn;
        return sn != 0 && age < SIZE && ((m_seen >> age) & 1) == 0;
    }

    /**
     * @brief Remember an authenticated number.
     * @param sn a number for which Check() is true
     */
    void Accept(uint64_t sn)
    {
        if (sn > m_highest)
        {
            const uint64_t step = sn - m_highest;
            m_seen = (step < SIZE ? m_seen << step : 0) | 1;
            m_highest = sn;
        }
        else if (m_highest - sn < SIZE)
        {
            m_seen |= uint64_t{1} << (m_highest - sn);
        }
    }

    /** @return the highest accepted number, 0 when there is none */
    uint64_t Highest() const
    {
        return m_highest;
    }

  private:
    uint64_t m_highest{0}; //!< the highest accepted number
    uint64_t m_seen{0};    //!< bit k: m_highest - k was accepted
};

/** @brief The first octet of a CCM nonce (PA-18). */
enum class ProtectionDirection : uint8_t
{
    FROM_INITIATOR = 0,
    FROM_RESPONDER = 1,
    GROUP = 2
};

/**
 * @brief One association, as one of its ends sees it.
 *
 * Of a group association the sender has itself as local and the group as remote and is the
 * initiator; a receiver has the group as local and the sender as remote. One direction only: a
 * group with several senders has one association for each.
 */
struct SecurityAssociation
{
    /** The value of notAfterNs of an association without a lifetime. */
    static constexpr int64_t NO_LIMIT = std::numeric_limits<int64_t>::max();

    Said said;             //!< identifier
    MisfId local;          //!< own identity (the group, for a receiver of one)
    MisfId remote;         //!< the peer (the group, for the sender to one)
    bool initiator{false}; //!< whether the local end is the initiator
    bool group{false};     //!< whether it protects messages to a group
    /** Whether what carries the messages protects them; then there are no keys but MIAK here. */
    bool transport{false};
    /** The session whose records protect the messages, or none; then there are no keys but MIAK
     * here. */
    std::shared_ptr<TlsSession> tls;
    uint8_t suite{0};             //!< ciphersuite code
    SecretBytes miik;             //!< integrity key
    SecretBytes miek;             //!< encryption key
    SecretBytes miak;             //!< authentication key, empty when there is none
    int64_t notAfterNs{NO_LIMIT}; //!< first instant, in ns, at which it may not be used any more
    uint64_t sendSn{0};           //!< last sequence number sent, or messages sent in records
    ReplayWindow window;          //!< sequence numbers received, or messages received in records
    uint32_t resumptions{0};      //!< of a session of records: moves to other addresses
    std::array<uint8_t, 4> localPrefix{};  //!< nonce part of the local identity
    std::array<uint8_t, 4> remotePrefix{}; //!< nonce part of the remote identity

    /**
     * @brief Make an association and compute its nonce parts.
     * @param ctx the computing node
     * @param said identifier
     * @param local own identity
     * @param remote the peer
     * @param initiator whether the local end is the initiator, or the sender to a group
     * @param suite ciphersuite code
     * @param keys session keys of the sizes of the suite
     * @param notAfterNs end of the lifetime in ns, NO_LIMIT for none
     * @param group whether it protects messages to a group
     * @return the association, unused
     */
    static SecurityAssociation Create(CryptoContext& ctx,
                                      const Said& said,
                                      const MisfId& local,
                                      const MisfId& remote,
                                      bool initiator,
                                      uint8_t suite,
                                      const SessionKeys& keys,
                                      int64_t notAfterNs = NO_LIMIT,
                                      bool group = false);

    /**
     * @brief Ask whether messages may still be sent.
     * @param nowNs the time in ns
     * @return whether neither lifetime nor sequence numbers are used up
     */
    bool IsUsable(int64_t nowNs) const
    {
        return nowNs < notAfterNs && sendSn != std::numeric_limits<uint64_t>::max();
    }

    /** @return whether the local end may send with it: always, but for a receiver of a group */
    bool CanSend() const
    {
        return !group || initiator;
    }

    /** @return the direction of messages sent */
    ProtectionDirection SendDirection() const
    {
        return group       ? ProtectionDirection::GROUP
               : initiator ? ProtectionDirection::FROM_INITIATOR
                           : ProtectionDirection::FROM_RESPONDER;
    }

    /** @return the direction of messages received */
    ProtectionDirection ReceiveDirection() const
    {
        return group       ? ProtectionDirection::GROUP
               : initiator ? ProtectionDirection::FROM_RESPONDER
                           : ProtectionDirection::FROM_INITIATOR;
    }
};

} // namespace ns3::mis

#endif /* MIS_SECURITY_ASSOCIATION_H */
