// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Who decides on a handover, when, and where to.
 */
#ifndef MIS_HANDOVER_POLICY_H
#define MIS_HANDOVER_POLICY_H

#include "mis-access-link.h"
#include "mis-mobile-node.h"
#include "mis-monitored-access-link.h"
#include "mis-trace-connections.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3::mis
{

/// Something that a policy decided.
struct HandoverDecision
{
    MisfId mn;          //!< mobile node
    MisfId tpos;        //!< target PoS, empty if the SPoS is to choose or there is none
    std::string action; //!< "preregister", "hand-over", "attach-cold", "abort" or "wait"
    std::string cause;  //!< why: "going-down", "link-down", "recovered", "target-lost", "user", ..
};

/// What became of the decisions of a policy.
struct HandoverPolicyCounts
{
    uint32_t anticipated{0}; //!< old link left, or lost, with the preregistration done
    uint32_t late{0};        //!< old link lost before the preregistration was done
    uint32_t wrong{0};       //!< going-down predictions that were taken back before the MN left
    uint32_t targetsLost{0}; //!< targets that vanished while, or after, the MN preregistered there
    uint32_t held{0};        //!< predictions ignored for a while because the MN had just come
};

/**
 * @brief Decides for a mobile node, by the events of its links, when to preregister and when and
 * where to hand over.
 *
 * The events come from the links themselves or from a program. The policy keeps to these rules:
 * - a link that is going down, predicted with confidence enough, has the MN preregister with the
 *   PoS of the strongest other link in reach (or with whichever of the links in reach the SPoS
 *   chooses); the MN leaves as soon as that is done, or when the link is lost, as attribute Leave
 *   says;
 * - where the MN has a radio for each link, that of the target is made ready before the MN leaves
 *   (AccessLink::Prepare()), unless its link is lost meanwhile;
 * - a prediction that is taken back, or a target that vanishes, ends the preregistration; in the
 *   latter case the next target is tried;
 * - a link that is lost before anything is prepared has the MN attach to the strongest link in
 *   reach, without preregistration;
 * - with attribute Control=Network, predictions are left to the SPoS, which asks for a handover by
 *   Net_HO_Commit; such a request is followed with any Control;
 * - for a while after a handover no prediction is acted upon (attribute MinimalStay).
 */
class HandoverPolicy : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    HandoverPolicy();
    ~HandoverPolicy() override;

    /**
     * @brief Decides for a mobile node from now on.
     * @param mn mobile node
     * @param current link it is attached to; must be one of those added
     */
    void Start(Ptr<MobileNode> mn, Ptr<AccessLink> current);

    /**
     * @brief Names a link that the mobile node may use, and follows its events if it has any.
     * @param link the link
     * @param pos PoS of the network behind it
     */
    void AddLink(Ptr<AccessLink> link, const MisfId& pos);

    /**
     * @brief A link is in reach, or its signal has been measured anew.
     * @param link the link
     * @param dBm received signal, dBm
     */
    void LinkDetected(Ptr<AccessLink> link, double dBm);

    /**
     * @brief A link will break.
     * @param link the link
     * @param left when, from now
     * @param confidence 0 to 100 %
     */
    void LinkGoingDown(Ptr<AccessLink> link, Time left, uint8_t confidence);

    /**
     * @brief The prediction that a link will break is taken back.
     * @param link the link
     */
    void LinkRecovered(Ptr<AccessLink> link);

    /**
     * @brief A link is lost.
     * @param link the link
     */
    void LinkDown(Ptr<AccessLink> link);

    /**
     * @brief Hands over to a network for another reason than a link event.
     * @param link link to go to
     * @param cause for the trace: "user", "network", ...
     * @return false if that is not possible now: a handover or a preregistration is under way, or
     * the link is the current one, or not in reach
     */
    bool RequestHandover(Ptr<AccessLink> link, const std::string& cause);

    /// @return link in use, nullptr if none
    Ptr<AccessLink> GetCurrentLink() const
    {
        return m_current;
    }

    /// @return what became of the decisions
    const HandoverPolicyCounts& GetCounts() const
    {
        return m_counts;
    }

    /// @param decision what was decided
    typedef void (*DecisionTracedCallback)(const HandoverDecision& decision);

  protected:
    void DoDispose() override;

  private:
    /// A link that the mobile node may use.
    struct Candidate
    {
        Ptr<AccessLink> link;
        MisfId pos;
        bool isInReach{false};
        double dBm{0};
        Time notBefore; //!< a target that has failed is let alone until then
    };

    static void OnDetected(HandoverPolicy* self,
                           AccessLink* link,
                           const LinkTupleId& seen,
                           double dBm);
    static void OnUp(HandoverPolicy* self, AccessLink* link, const LinkTupleId& id);
    static void OnGoingDown(HandoverPolicy* self,
                            AccessLink* link,
                            const LinkTupleId& id,
                            Time left,
                            double confidence);
    static void OnRollback(HandoverPolicy* self, AccessLink* link, const LinkTupleId& id);
    static void OnDown(HandoverPolicy* self,
                       AccessLink* link,
                       const LinkTupleId& id,
                       LinkDownReason reason);

    Candidate* Find(Ptr<AccessLink> link);
    Candidate* Best();
    void Consider(const std::string& cause);
    void ConsiderIn(Time delay, const std::string& cause);
    void RetryLater(const std::string& cause);
    void Preregister(const Candidate& target, const std::string& cause);
    void Leave(const std::string& cause);
    void OnReady(uint32_t preparation, const std::string& cause);
    void PreparationTimeOver();
    void GiveUpPreparation();
    void HandOver(const std::string& cause);
    void AttachCold(const std::string& cause);
    void MobileNodeIsBusy(const std::string& cause);
    void OnNetworkCommit(const ReceivedMessage& message);
    void OnPreregistration(const PreregistrationReport& report);
    void OnHandover(const HandoverReport& report);
    void Note(const char* action, const MisfId& tpos, const std::string& cause);
    bool IsPreregistering() const;

    // attributes
    uint8_t m_minimalConfidence;
    Time m_minimalStay;
    Time m_retryAfter;
    double m_minimalSignal;
    std::string m_leave;
    std::string m_selection;
    std::string m_control;
    bool m_attachCold;
    Time m_prepareTimeout;

    Ptr<MobileNode> m_mn;
    TraceConnections m_connections;
    std::vector<Candidate> m_candidates;
    Ptr<AccessLink> m_current;
    Ptr<AccessLink> m_target;  //!< preregistering or preregistered there
    Ptr<AccessLink> m_heading; //!< of a handover under way
    bool m_isGoingDown{false}; //!< the current link is
    bool m_isDown{false};      //!< the current link is lost
    bool m_mustLeave{false};   //!< not for a link event, so that nothing calls it off
    bool m_isPreparing{false}; //!< the radio of the link headed for is awaited
    uint32_t m_preparation{0}; //!< distinguishes such waits
    std::string m_cause;       //!< of the preregistration under way
    Time m_arrived;            //!< last handover
    EventId m_reconsider;
    HandoverPolicyCounts m_counts;
    TracedCallback<const HandoverDecision&> m_decisionTrace;
};

} // namespace ns3::mis

#endif // MIS_HANDOVER_POLICY_H
