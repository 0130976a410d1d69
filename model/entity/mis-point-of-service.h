// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The MIS user of a point of service.
 */
#ifndef MIS_POINT_OF_SERVICE_H
#define MIS_POINT_OF_SERVICE_H

#include "ns3/mis-auth-messages.h"
#include "ns3/mis-function.h"
#include "ns3/mis-group-key-store.h"
#include "ns3/mis-group-messages.h"
#include "ns3/mis-key-delivery-remedy.h"
#include "ns3/mis-media-access.h"
#include "ns3/mis-prereg-messages.h"
#include "ns3/mis-proactive-authentication.h"
#include "ns3/mis-serving-session.h"
#include "ns3/mis-target-selection.h"
#include "ns3/mis-target-session.h"
#include "ns3/nstime.h"
#include "ns3/object-factory.h"
#include "ns3/traced-callback.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3::mis
{

class GroupManager;

/**
 * @brief MIS user of a PoS: serves mobile nodes (as SPoS) and accepts them (as TPoS), many at once.
 *
 * A mobile node that has handed over to this PoS is served by it from then on.
 */
class PointOfService : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    PointOfService();
    ~PointOfService() override;

    /**
     * @brief Binds to the MISF of the node.
     * @param misf the MISF
     */
    void SetMisf(Ptr<Misf> misf);

    /// @return the MISF of the node
    Ptr<Misf> GetMisf() const
    {
        return m_misf;
    }

    /**
     * @brief Names a roaming partner: mobile nodes are sent to it and accepted from it.
     * @param pos PoS of the partner network
     */
    void AddPartner(const MisfId& pos);

    /**
     * @brief Shares a set of roaming partners, so that N of them need no N lists.
     * @param partners MISF identifiers; the PoS itself may be among them
     */
    void SetPartners(std::shared_ptr<const std::set<MisfId>> partners);

    /// @return what chooses targets for mobile nodes that leave the choice to this PoS
    TargetSelection& GetTargetSelection()
    {
        return m_selection;
    }

    /**
     * @brief Chooses a target among links in reach of a mobile node: partners, technologies the MN
     * has, location, least load (clause 5.14.3).
     * @param mn mobile node
     * @param candidates links in reach
     * @return the link, if any will do
     */
    std::optional<LinkId> ChooseTarget(const MisfId& mn, const std::vector<LinkId>& candidates);

    /**
     * @brief Says where to send what is for all mobile nodes of the access network, such as a group
     * key block; without it, each mobile node that has asked gets a copy.
     * @param address an IP multicast address, or the broadcast address of the access network
     */
    void SetGroupAddress(const PeerAddress& address);

    /// @param gm PoS with group manager that this PoS turns to
    void SetGroupManager(const MisfId& gm);

    /// @param gm the group manager, when it is at this PoS
    void SetLocalGroupManager(Ptr<GroupManager> gm);

    /**
     * @brief Gives the PoS its device keys.
     * @param keys device keys
     * @param manager public key of the group manager
     */
    void ProvisionDeviceKeys(DeviceKeySet keys, EcdsaPublicKey manager);

    /**
     * @brief Has full authentications run for real; without it they are counted.
     * @param authenticator begins one with a mobile node, at this end
     */
    void SetFullAuthentication(FullAuthenticator authenticator);

    /**
     * @brief Gives the PoS the credentials of mobile nodes for full authentications.
     * @param root secret the credentials are derived from
     */
    void SetCredentialRoot(const SecretBytes& root);

    /**
     * @brief Chooses the remedy, from the next message on.
     * @param factory its type and attributes
     */
    void SetRemedy(const ObjectFactory& factory);

    /// @return type and attributes of the remedy
    ObjectFactory GetRemedyFactory() const
    {
        return m_remedyFactory;
    }

    /// @return the remedy in use
    Ptr<KeyDeliveryRemedy> GetRemedy();

    /**
     * @brief Uses a remedy that others use too, instead of one created from attribute Remedy.
     * @param remedy the remedy; setting the attribute ends its use
     */
    void ShareRemedy(Ptr<KeyDeliveryRemedy> remedy);

    /// @param mode value of attribute LinkAuthentication
    void SetLinkAuthentication(const std::string& mode);

    /// @return value of attribute LinkAuthentication
    std::string GetLinkAuthentication() const;

    /**
     * @brief Names a point of attachment of the network of this PoS, to which keys are pushed.
     * @param link the link it offers
     * @param id its MISF identifier
     */
    void AddPointOfAttachment(const LinkId& link, const MisfId& id);

    /// Mobile nodes by IMSI.
    using Subscribers = std::map<std::string, MisfId>;

    /// @param subscribers mobile nodes that may come by LTE without a key
    void SetSubscribers(std::shared_ptr<const Subscribers> subscribers);

    /// Makes what mobile nodes that come without a key are checked by.
    using MakeLinkCredentials = std::function<std::shared_ptr<const EapServerConfiguration>()>;

    /**
     * @brief Chooses how mobile nodes that come without a key are checked; without it by EAP-GPSK
     * with their credential.
     * @param make called once, when the first comes
     */
    void SetLinkCredentials(MakeLinkCredentials make);

    /// @return mobile nodes whose first request is being answered
    size_t GetServingSessions() const
    {
        return m_serving.size();
    }

    /// @return mobile nodes that preregister or are preregistered here
    size_t GetTargetSessions() const
    {
        return m_targets.size() + m_newcomers.size();
    }

    /// @return deadlines of what the PoS remembers for a while
    size_t GetDeadlines() const
    {
        return m_timed.size();
    }

    /// @return mobile nodes that have handed over to this PoS, not left it, and have the SA of that
    size_t GetServedMobileNodes() const
    {
        return m_served.size();
    }

    /// @param mn mobile node @param outcome "success", or why a session ended
    typedef void (*SessionTracedCallback)(const MisfId& mn, const std::string& outcome);
    /// @param mn mobile node @param tpos target PoS
    typedef void (*KeyTracedCallback)(const MisfId& mn, const MisfId& tpos);
    /// @param group group @param error NONE if a key was opened
    typedef void (*GroupKeyTracedCallback)(const MisfId& group, GroupKeyError error);

  protected:
    void DoDispose() override;

  private:
    friend class ServingSession;
    friend class TargetSession;

    template <class T>
    using ByMobileNode =
        boost::unordered_flat_map<MisfId, std::unique_ptr<T>, MisfIdHash, MisfIdEqual>;

    /// Kinds of deadline.
    enum Timer : uint8_t
    {
        TARGET,
        GROUP_RELAY,
        GROUP_KEY,
        JOINED,
        LINK_ACCESS
    };

    /// What became of the choice of a target.
    struct Selection
    {
        MisfId tpos;
        Status status;
        const char* reason;
    };

    void OnPreregRequest(const ReceivedMessage& message);
    void OnN2nPreregRequest(const ReceivedMessage& message);
    void OnDirectRequest(const ReceivedMessage& message, const N2nPreregXferRequest& request);
    void OnTargetRequest(const ReceivedMessage& message,
                         const N2nPreregXferRequest& request,
                         ByMobileNode<TargetSession>& sessions);
    void RejectAsTarget(const ReceivedMessage& message,
                        const N2nPreregXferRequest& request,
                        const char* reason);
    TargetSession* FindTarget(const MisfId& mn, uint64_t generation);
    void Authenticated(const TargetSession& session);
    void AnswerAsTarget(const TransactionReference& transaction,
                        bool isProtected,
                        bool isDirect,
                        const N2nPreregXferResponse& response);
    void OnLlAuthRequest(const ReceivedMessage& message);
    void OnMnHoCommit(const ReceivedMessage& message);
    void OnN2nHoCommit(const ReceivedMessage& message);
    void OnMnHoComplete(const ReceivedMessage& message);
    void OnN2nHoComplete(const ReceivedMessage& message);
    void OnTermination(const ReceivedMessage& message);
    void OnSaDown(const SecurityAssociation& sa);
    void Forget(const TargetSession& session);
    void OnGroupManipulate(const ReceivedMessage& message);
    void OnGroupManipulateAnswer(const ReceivedMessage& message);

    Selection CheckTarget(const MisfId& tpos) const;
    Selection SelectTarget(const MisfId& mn, const PreregXferRequest& request);
    bool IsPartner(const MisfId& pos) const;
    bool IsSuiteAllowed(uint8_t suite) const;
    void RejectMobileNode(const ReceivedMessage& message,
                          const PreregXferRequest& request,
                          Status status,
                          const char* reason);
    void Relay(const ReceivedMessage& message,
               const MisfId& tpos,
               const PreregXferRequest& request);
    SendError AnswerMobileNode(const TransactionReference& transaction,
                               bool isProtected,
                               const PreregXferResponse& response);

    /// A group key asked for on behalf of mobile nodes that preregister together.
    struct GroupRequest
    {
        MisfId mn;                   //!< who asked first
        uint32_t generation;         //!< of its session
        int64_t untilNs;             //!< others may join until then, nanoseconds
        bool isReady;                //!< the TPoS has the key
        Nonce nonceN;                //!< names the key
        std::vector<MisfId> waiting; //!< who has joined and waits for that
        std::vector<MisfId> members; //!< whom the group key block is for, so far
        Bytes block; //!< the block, for who comes later; if there is no group address
    };

    /// What the TPoS has not been told yet of a mobile node that has joined.
    struct Joined
    {
        MisfId tpos;
        MisfId group;
        uint8_t ciphersuite;
        Nonce nonceT;
        Nonce nonceN;
        uint32_t generation; //!< of the deadline
    };

    GroupRequest* FindGroupRequest(const MisfId& key);
    void BeginGroupRequest(const MisfId& key, const ServingContext& context, uint32_t generation);
    void JoinGroupRequest(ServingSession& session,
                          const MisfId& key,
                          const ServingContext& context);
    void GroupRequestReady(const MisfId& key);
    void EndGroupRequest(const MisfId& key, Status status, const std::string& outcome);
    bool RelayGroupKey(const ReceivedMessage& message, const MisfId& group);
    void RelayToGroup(const FrameView& frame, GroupRequest& request);
    void EndServing(const MisfId& mn, const std::string& outcome);
    void EndTarget(const TargetSession& session, const std::string& outcome);

    // links, in mis-point-of-service-link.cc
    struct LinkSession;
    using LinkKey = std::pair<LinkId, LinkId>; ///< that of the mobile node, and the one offered

    void ForgetLinks();
    static LinkKey KeyOf(const LinkTupleId& link);
    bool IsPointOfAttachment(const MisfId& id) const;
    std::optional<MisfId> FindSubscriber(const std::string& imsi) const;
    void PushLinkKey(const LinkTupleId& link,
                     const MisfId& mn,
                     const SecretBytes& root,
                     std::function<void(bool isPushed)> done);
    void OnLlAuthOfOthers(const ReceivedMessage& message);
    void AnswerLlAuth(const TransactionReference& transaction,
                      bool isProtected,
                      const LinkTupleId& link,
                      Bytes frame,
                      Status status);
    void RelayLlAuth(const ReceivedMessage& message,
                     const MisfId& tpos,
                     const LlAuthRequest& request);
    void OnRelayedLlAuth(const ReceivedMessage& message, const LlAuthRequest& request);
    const AuthenticatorCredentials& GetLinkCredentials();
    void OnLinkAccess(const ReceivedMessage& message, const LlAuthRequest& request);
    void EndLinkAccess(const LinkKey& key, const MisfId& mn, const std::string& outcome);
    void ExpireLinkAccess(const TimerQueue::Entry& entry);
    void ArmTarget(TargetSession& session, Time after);
    void Arm(const MisfId& about, uint32_t generation, Timer kind, Time at, uint32_t detail = 0);
    void Expire(const TimerQueue::Entry& entry);
    void ExpireTarget(const TimerQueue::Entry& entry);
    void ExpireGroup(const TimerQueue::Entry& entry, const MisfId& about);

    // attributes
    ObjectFactory m_remedyFactory;
    uint32_t m_linkFrameOctets;
    uint32_t m_maxSessions;
    std::string m_ciphersuites;
    Time m_groupRelayLifetime;
    Time m_groupWindow;
    Time m_keyWait;
    Time m_preregistrationLifetime;

    Ptr<Misf> m_misf;
    Ptr<KeyDeliveryRemedy> m_remedy;
    std::set<MisfId> m_partners;
    std::shared_ptr<const std::set<MisfId>> m_sharedPartners;
    TargetSelection m_selection;
    PeerAddress m_groupAddress;
    MisfId m_gm;
    Ptr<GroupManager> m_localGm;
    GroupKeyStore m_groupKeys;
    SeenNonces m_seenNonces;
    SecretBytes m_credentialRoot;
    FullAuthenticator m_authenticator;
    mutable uint64_t m_allowedSuites{0}; //!< bit by code, once read from the attribute

    /// For whom, and until when, group key blocks are relayed.
    struct GroupRelay
    {
        MisfId mn;
        uint32_t generation;
        MisfId request; //!< of a group of mobile nodes, else empty
    };

    ByMobileNode<ServingSession> m_serving;
    ByMobileNode<TargetSession> m_targets;
    ByMobileNode<TargetSession> m_newcomers; //!< that come by themselves, not authenticated yet
    boost::unordered_flat_map<MisfId, GroupRelay, MisfIdHash, MisfIdEqual> m_groupRelays;
    boost::unordered_flat_map<MisfId, MisfId, MisfIdHash, MisfIdEqual> m_waiting; //!< MN by group
    boost::unordered_flat_map<MisfId, GroupRequest, MisfIdHash, MisfIdEqual>
        m_groupRequests; //!< by PairGroupId() of group and TPoS
    boost::unordered_flat_map<MisfId, Joined, MisfIdHash, MisfIdEqual> m_joined; //!< by MN
    boost::unordered_flat_map<MisfId, Said, MisfIdHash, MisfIdEqual> m_served;   //!< SA by MN
    boost::unordered_flat_map<uint64_t, MisfId> m_timed; //!< whom a deadline is about
    uint32_t m_nextGeneration{1};
    TimerQueue m_timers;

    LinkAuthenticationMode m_linkAuthentication{LinkAuthenticationMode::COUNTED};
    std::map<LinkId, MisfId> m_pointsOfAttachment;
    std::set<MisfId> m_pointOfAttachmentIds;
    std::shared_ptr<const Subscribers> m_subscribers;
    MakeLinkCredentials m_makeLinkCredentials;
    std::unique_ptr<AuthenticatorCredentials> m_linkCredentials; //!< once the first came
    std::map<LinkKey, MisfId> m_targetByLink;                    //!< who preregisters for a link
    std::map<LinkKey, std::unique_ptr<LinkSession>> m_linkSessions;
    std::map<uint32_t, LinkKey> m_timedLinks; //!< by generation of the session

    TracedCallback<const MisfId&, const std::string&> m_servingTrace;
    TracedCallback<const MisfId&, const std::string&> m_targetTrace;
    TracedCallback<const MisfId&, const MisfId&> m_keyIssuedTrace;
    TracedCallback<const MisfId&, const MisfId&> m_keyAcceptedTrace;
    TracedCallback<const MisfId&, const MisfId&> m_keyConfirmedTrace;
    TracedCallback<const MisfId&, GroupKeyError> m_groupKeyTrace;
    TracedCallback<const MisfId&, const MisfId&> m_servedTrace;
    TracedCallback<const MisfId&, const MisfId&> m_leftTrace;
    TracedCallback<const MisfId&, const std::string&> m_linkAccessTrace;
};

} // namespace ns3::mis

#endif // MIS_POINT_OF_SERVICE_H
