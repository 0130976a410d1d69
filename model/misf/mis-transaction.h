// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Transactions of the MIS protocol and the acknowledgement service (clause 8.2).
 */
#ifndef MIS_TRANSACTION_H
#define MIS_TRANSACTION_H

#include "ns3/mis-message.h"
#include "ns3/mis-transport.h"
#include "ns3/mis-types.h"
#include "ns3/packet.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace ns3::mis
{

struct Peer;
struct ReceivedMessage;
class TlsSession;

/// States of both transaction machines.
enum class TransactionState : uint8_t
{
    WAIT_ACK,                //!< source: indication sent, acknowledgement wanted
    WAIT_RESPONSE_MESSAGE,   //!< source: request sent
    WAIT_RESPONSE_PRIMITIVE, //!< destination: request handed to the user
    SEND_RESPONSE,           //!< destination: response sent
    SUCCESS,
    FAILURE
};

/**
 * @param state a state
 * @return its name
 */
const char* ToString(TransactionState state);

/// Why a transaction ended without what it was for.
enum class TransactionFailure : uint8_t
{
    NONE,               //!< it succeeded
    NO_ACKNOWLEDGEMENT, //!< all retransmissions went unacknowledged
    LIFETIME_OVER,      //!< no response within the transaction lifetime
    SA_BROKEN           //!< the session of TLS records that protected it can not be used any more
};

/**
 * @param failure a reason
 * @return its name
 */
const char* ToString(TransactionFailure failure);

/// How a request ended, or one of the answers to a request to a group.
struct TransactionResult
{
    TransactionFailure failure{TransactionFailure::NONE}; //!< NONE if there is a message
    const ReceivedMessage* message{nullptr}; //!< the response, valid during the call only
};

/// Called when a request has ended.
using TransactionDone = std::function<void(const TransactionResult&)>;

/// The side of a transaction that sent the first message.
struct SourceTransaction
{
    TransactionState state{TransactionState::WAIT_RESPONSE_MESSAGE};
    MessageId mid{0};
    uint32_t generation{0};  //!< distinguishes uses of the same key
    bool acknowledged{true}; //!< false while an acknowledgement is wanted
    bool secured{false};     //!< sent under an SA, so the response must come under one
    uint8_t retransmissions{0};
    int64_t sentNs{0};                  //!< last transmission, nanoseconds
    uint64_t responseDigest{0};         //!< of the response that ended it
    Bytes frame;                        //!< kept while it may have to be sent again
    PeerAddress to;                     //!< where it was sent
    const TlsSession* records{nullptr}; //!< whose records protect it, if any; only to compare
    TransactionDone done;               //!< user
};

/// What is remembered of a source transaction that has ended well.
struct CompletedTransaction
{
    uint64_t responseDigest{0}; //!< of the response
    uint32_t generation{0};     //!< of the transaction
    MessageId mid{0};           //!< of the first message
};

/// The side of a transaction that answers.
struct DestinationTransaction
{
    TransactionState state{TransactionState::WAIT_RESPONSE_PRIMITIVE};
    MessageId mid{0};
    uint32_t generation{0};   //!< distinguishes uses of the same key
    uint64_t digest{0};       //!< of the message that opened it
    bool ackRequested{false}; //!< the message wants an acknowledgement
    bool ackSent{false};      //!< a pure acknowledgement was sent
    bool acknowledged{true};  //!< false while the response waits for its acknowledgement
    uint8_t retransmissions{0};
    int64_t sentNs{0}; //!< last transmission of the response, nanoseconds
    Bytes response;    //!< kept to answer duplicates, empty before there is one or if records
                       //!< protect it, which can not be sent again
    const TlsSession* records{nullptr}; //!< whose records protected the message; only to compare
    PeerAddress from;                   //!< where the message came from
};

/// One receiver of a request to a group.
struct GroupTarget
{
    PeerAddress to; //!< where to send
    MisfId member;  //!< who answers from there; empty if not known
};

/// A request to a group: one frame to many places, answered by each member.
struct GroupTransaction
{
    /// A place the frame goes to.
    struct Pending
    {
        GroupTarget target;
        bool answered{false};
    };

    MessageId mid{0};
    uint32_t generation{0};
    uint8_t retransmissions{0};
    bool answersWanted{false};
    Ptr<Packet> frame;
    std::vector<Pending> pending;
    size_t outstanding{0}; //!< targets that have not answered
    TransactionDone done;  //!< called for each answer, and at the end if some are missing
};

} // namespace ns3::mis

#endif // MIS_TRANSACTION_H
