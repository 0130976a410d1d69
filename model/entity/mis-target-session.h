// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A point of service as TPoS of one mobile node.
 */
#ifndef MIS_TARGET_SESSION_H
#define MIS_TARGET_SESSION_H

#include "ns3/mis-auth-messages.h"
#include "ns3/mis-function.h"
#include "ns3/mis-key-delivery-remedy.h"
#include "ns3/mis-key-installation.h"
#include "ns3/mis-prereg-messages.h"

#include <memory>
#include <optional>

namespace ns3::mis
{

class PointOfService;
struct ProactiveAuthentication;

/**
 * @brief From the first request of the SPoS until the mobile node has come, or will not come.
 */
class TargetSession
{
  public:
    /// How far the session is.
    enum class State : uint8_t
    {
        NEW,             //!< no K yet
        WAITING_FOR_KEY, //!< K comes by another message
        KEYED,           //!< K accepted, not confirmed
        CONFIRMED,       //!< the MN has used K
        PREREGISTERED    //!< proactive authentication is done
    };

    /**
     * @param pos the PoS
     * @param mn the mobile node
     * @param spos its serving PoS; the MN itself if it turns to the TPoS directly
     * @param generation distinguishes sessions of the same MN
     */
    TargetSession(PointOfService& pos, const MisfId& mn, const MisfId& spos, uint32_t generation);
    ~TargetSession();

    /**
     * @brief Answers a request of the SPoS, or of the MN itself.
     * @param message the message
     * @param request decoded
     */
    void OnRequest(const ReceivedMessage& message, const N2nPreregXferRequest& request);

    /// Looks for K again: a group key was opened.
    void OnGroupKey();

    /**
     * @brief Answers direct signalling of the MN under the SA.
     * @param message the message
     * @return false if the message is not under the SA of this session
     */
    bool OnDirect(const ReceivedMessage& message);

    /**
     * @param sa what protected a message
     * @return whether that is the SA of this session
     */
    bool IsOurs(const SecurityAssociation* sa) const;

    /**
     * @brief Removes what the session made and answers what is open.
     * @param status for the request that is open
     * @param keepSa whether the SA stays because the MN is served now
     */
    void Close(Status status, bool keepSa);

    /// @return distinguishes sessions of the same MN
    uint32_t GetGeneration() const
    {
        return m_generation;
    }

    /// @return how far the session is
    State GetState() const
    {
        return m_state;
    }

    /// @return whether it waits for somebody else, such as an AAA server, to answer the MN
    bool IsAnswering() const
    {
        return m_open != nullptr;
    }

    /// @return whether the last request of the SPoS came under an SA
    bool IsProtected() const
    {
        return m_context.isProtected;
    }

    /// @param said identifier of an SA @return whether the session has made it
    bool HasMade(const Said& said) const
    {
        return m_derived && m_state >= State::CONFIRMED && m_derived->said == said;
    }

    /// @return identifier of the SA that the session has made; only once the MN has confirmed K
    const Said& GetSaid() const
    {
        return m_derived->said;
    }

    /// @return the mobile node
    const MisfId& GetMn() const
    {
        return m_context.mn;
    }

    /// @return serving PoS of the MN; the MN itself if it turns to the TPoS directly
    const MisfId& GetSpos() const
    {
        return m_context.spos;
    }

    /// @return whether the MN turns to the TPoS directly, without an SPoS
    bool IsDirect() const
    {
        return m_context.spos == m_context.mn;
    }

    /// @return whether the session holds K
    bool IsKeyed() const
    {
        return m_derived.has_value();
    }

    /// What a frame of the target access is answered with.
    struct LinkAnswer
    {
        Bytes frame;                    //!< frame for the MN, may be empty
        Status status{Status::SUCCESS}; //!< of the message that carries it
        std::string outcome;            //!< not empty if the session is over
    };

    /**
     * @brief Takes a frame of the target access that the SPoS has relayed.
     * @param link link of the MN and point of attachment
     * @param frame the frame; empty if the network is to begin
     * @return the answer
     */
    LinkAnswer OnLinkFrame(const LinkTupleId& link, ByteView frame);

    int64_t deadlineNs{0}; //!< when the session ends unless something happens, nanoseconds

  private:
    void Deliver(const ReceivedMessage& message, const N2nPreregXferRequest& request);
    void RelayedFrame(const ReceivedMessage& message, const N2nPreregXferRequest& request);
    void RelayedFlight(const ReceivedMessage& message, const N2nPreregXferRequest& request);
    void OnFlightAnswered(N2nPreregXferResponse response, std::optional<Bytes> answer);
    void Accept();
    void Answer(const TransactionReference& transaction,
                bool isProtected,
                const N2nPreregXferResponse& response);
    void Confirm();
    void NoteLink(const std::optional<LinkTupleId>& link);
    void PushKey();
    void OnKeyPushed(bool isPushed);
    void OnReadiness(const ReceivedMessage& message, const LlAuthRequest& request);
    void AnswerReadiness(const TransactionReference& transaction, Status status);

    PointOfService& m_pos;
    TargetContext m_context;
    State m_state{State::NEW};
    std::optional<DerivedKeys> m_derived;

    /// A request that is answered later: when K is there, or the next flight.
    struct OpenRequest
    {
        TransactionReference transaction;
        N2nPreregXferRequest request;
        bool isProtected;
    };

    std::unique_ptr<OpenRequest> m_open;                  //!< seldom there, so apart
    std::unique_ptr<ProactiveAuthentication> m_proactive; //!< with real frames, of a named link
    uint32_t m_generation;
};

} // namespace ns3::mis

#endif // MIS_TARGET_SESSION_H
