// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A point of service as SPoS of one mobile node that asks for a key.
 */
#ifndef MIS_SERVING_SESSION_H
#define MIS_SERVING_SESSION_H

#include "ns3/mis-function.h"
#include "ns3/mis-group-messages.h"
#include "ns3/mis-key-delivery-remedy.h"
#include "ns3/mis-prereg-messages.h"

#include <optional>

namespace ns3::mis
{

class PointOfService;

/**
 * @brief From the first request of a mobile node to the response: the SPoS has the remedy issue K,
 * turns to the TPoS, and answers.
 */
class ServingSession : public ServingServices
{
  public:
    /**
     * @param pos the PoS
     * @param message request of the MN
     * @param tpos target that was chosen
     * @param generation distinguishes sessions of the same MN
     */
    ServingSession(PointOfService& pos,
                   const ReceivedMessage& message,
                   const MisfId& tpos,
                   uint32_t generation);
    ~ServingSession() override;

    /**
     * @brief Issues K and asks the TPoS.
     * @param request of the MN
     */
    void Begin(const PreregXferRequest& request);

    Status RequestGroupKey(const std::vector<MisfId>& members, bool tellAddress) override;

    /// The mobile node asks anew; whoever waits for what this session has asked for is told.
    void Supersede();

    /// @param key request for a group @return whether the session has joined it
    bool HasJoined(const MisfId& key) const;

    /// The TPoS has the key of the group that the mobile node is in, and the session joined.
    void AnswerJoined();

    /**
     * @brief Answers the MN with a failure.
     * @param status for the MN
     * @param outcome for the trace
     */
    void End(Status status, const std::string& outcome);

    /// @return distinguishes sessions of the same MN
    uint32_t GetGeneration() const
    {
        return m_generation;
    }

    /// @return whether the request of the MN came under an SA
    bool IsProtected() const
    {
        return m_context.isProtected;
    }

  private:
    void AskTarget(const PreregXferRequest& request);
    void OnTargetAnswer(const TransactionResult& result);
    void Succeed(const N2nPreregXferResponse& fromTarget);
    Status AskGroupManager(const GroupKeyRequest& request);
    void OnGroupKeyAnswer(Status status);
    MisfId GroupRequestKey() const;
    bool OwnsGroupRequest() const;
    void EndGroupRequest(Status status, const std::string& outcome);

    PointOfService& m_pos;
    ServingContext m_context;
    TransactionReference m_request; //!< of the MN
    PeerAddress m_mnAddress;        //!< where the request came from
    std::optional<LinkTupleId> m_targetLink;
    uint32_t m_generation;
    bool m_joined{false}; //!< another session has asked for the key of the group
};

} // namespace ns3::mis

#endif // MIS_SERVING_SESSION_H
