// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The MIS user of a mobile node.
 */
#ifndef MIS_MOBILE_NODE_H
#define MIS_MOBILE_NODE_H

#include "ns3/event-id.h"
#include "ns3/mis-access-link.h"
#include "ns3/mis-auth-messages.h"
#include "ns3/mis-function.h"
#include "ns3/mis-group-key-store.h"
#include "ns3/mis-group-messages.h"
#include "ns3/mis-key-delivery-remedy.h"
#include "ns3/mis-link-frame.h"
#include "ns3/mis-prereg-messages.h"
#include "ns3/mis-proactive-authentication.h"
#include "ns3/nstime.h"
#include "ns3/object-factory.h"
#include "ns3/traced-callback.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3::mis
{

/// Where a mobile node wants to go.
struct PreregistrationTarget
{
    std::optional<MisfId> tpos;      //!< target PoS, if known
    std::optional<LinkTupleId> link; //!< target link, if known
    std::vector<LinkId> candidates;  //!< links in reach, for the SPoS to choose from
};

/// How a preregistration ended.
struct PreregistrationReport
{
    MisfId mn;           //!< mobile node
    MisfId spos;         //!< serving PoS
    MisfId tpos;         //!< target PoS, empty if none was found
    std::string outcome; //!< "success", or why not
    Time begin;          //!< first request sent
    Time end;            //!< end
};

/// How a handover ended.
struct HandoverReport
{
    MisfId mn;           //!< mobile node
    MisfId from;         //!< PoS served by before
    MisfId to;           //!< PoS served by now
    std::string outcome; //!< "success", or why not, such as "attach-timeout"
    Time detached;       //!< old link left
    Time attached;       //!< new link attached
    Time dataPathOpen;   //!< data may flow again
    Time end;            //!< handover completed
};

/// States of a preregistration at the mobile node.
enum class PreregistrationState : uint8_t
{
    IDLE,            //!< none under way
    ESTABLISHING,    //!< SA with the SPoS not there yet
    REQUESTED,       //!< first request sent
    WAITING_FOR_KEY, //!< response has come, K has not
    AUTHENTICATING,  //!< full authentication relayed
    CONFIRMING,      //!< link-layer frames under K relayed by the SPoS
    DIRECT,          //!< signalling directly with the TPoS
    DONE             //!< preregistered
};

/**
 * @param state a state
 * @return its name
 */
const char* ToString(PreregistrationState state);

/**
 * @brief MIS user of the MN: preregisters with a target network and hands over to it.
 */
class MobileNode : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    MobileNode();
    ~MobileNode() override;

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
     * @brief Says which PoS serves the node now.
     * @param spos serving PoS
     */
    void SetServingPos(const MisfId& spos);

    /// @return serving PoS
    const MisfId& GetServingPos() const
    {
        return m_spos;
    }

    /**
     * @brief Says over which link the node is attached now.
     * @param link the link, may be nullptr
     */
    void SetCurrentLink(Ptr<AccessLink> link);

    /// @return link the node is attached over, or attaches to; may be nullptr
    Ptr<AccessLink> GetCurrentLink() const
    {
        return m_link;
    }

    /**
     * @brief Has full authentications run for real; without it they are counted.
     * @param authenticator begins one with a TPoS, at this end
     */
    void SetFullAuthentication(FullAuthenticator authenticator);

    /// @param mode value of attribute LinkAuthentication
    void SetLinkAuthentication(const std::string& mode);

    /// @return value of attribute LinkAuthentication
    std::string GetLinkAuthentication() const;

    /// @param relay value of attribute LinkFrameRelay
    void SetLinkFrameRelay(const std::string& relay);

    /// @return value of attribute LinkFrameRelay
    std::string GetLinkFrameRelay() const;

    /// Makes what the node proves itself by to a network that it comes to without a key.
    using MakeLinkCredentials =
        std::function<std::shared_ptr<const EapPeerConfiguration>(const MisfId& pos)>;

    /**
     * @brief Chooses how the node authenticates to a network that it comes to without a key;
     * without it by EAP-GPSK with its credential.
     * @param make called each time, with the PoS of the network
     */
    void SetLinkCredentials(MakeLinkCredentials make);

    /// @return the keys of the link the node is attached to, empty unless it is authenticated
    LinkKeys GetLinkKeys() const;

    /**
     * @brief Gives the node its credential for full authentications.
     * @param credential secret shared with the target networks
     */
    void SetCredential(const SecretBytes& credential);

    /**
     * @brief Gives the node its device keys.
     * @param keys device keys
     * @param manager public key of the group manager
     */
    void ProvisionDeviceKeys(DeviceKeySet keys, EcdsaPublicKey manager);

    /**
     * @brief Begins a preregistration; a finished one that no handover has followed is given up.
     * @param target where to
     * @return false if another one, or a handover, is under way
     */
    bool Preregister(const PreregistrationTarget& target);

    /// Gives up the preregistration under way, if any; its outcome is "aborted".
    void AbortPreregistration();

    /**
     * @brief Hands over to the network of the finished preregistration.
     *
     * A link that does not attach in time (attribute AttachTimeout) is given up: the node is on no
     * link then, and may hand over to the same network, whose preregistration stays, or another.
     *
     * @param link link to attach to
     * @return false if there is none, or a handover is under way
     */
    bool Handover(Ptr<AccessLink> link);

    /**
     * @brief Hands over without any preregistration: the MN attaches to the new link and only then
     * authenticates in full with the PoS there. The remedy must be one that does so.
     * @param link link to attach to
     * @param tpos the PoS there
     * @return false if a preregistration or a handover is under way
     */
    bool ColdHandover(Ptr<AccessLink> link, const MisfId& tpos);

    /**
     * @brief The current link is lost: a handover that waits for the consent of the SPoS begins at
     * once, a preregistration that is not finished ends with outcome "link-lost".
     */
    void ReportLinkDown();

    /// @return state of the preregistration
    PreregistrationState GetState() const
    {
        return m_state;
    }

    /// @return whether user data may flow over the current link: attached and authenticated
    bool IsDataPathOpen() const
    {
        return m_dataPathOpen;
    }

    /// @return whether user data may flow over the current link, or still over the one that was
    /// left (make before break)
    bool HasDataPath() const
    {
        return m_dataPathOpen || (m_left && m_left->Lingers());
    }

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

    /// @param report how it ended
    typedef void (*PreregistrationTracedCallback)(const PreregistrationReport& report);
    /// @param report how it ended
    typedef void (*HandoverTracedCallback)(const HandoverReport& report);
    /// @param mn mobile node @param tpos target PoS
    typedef void (*KeyTracedCallback)(const MisfId& mn, const MisfId& tpos);
    /// @param from old state @param to new state
    typedef void (*StateTracedCallback)(PreregistrationState from, PreregistrationState to);
    /// @param open whether user data may flow over the current link from now on
    typedef void (*DataPathTracedCallback)(bool open);
    /// @param group group @param error NONE if a key was opened
    typedef void (*GroupKeyTracedCallback)(const MisfId& group, GroupKeyError error);
    /// @param link the link @param outcome "success", or why not
    typedef void (*LinkTracedCallback)(const LinkTupleId& link, const std::string& outcome);
    /// @param link the link @param isSent whether the node sent it @param octets size of the frame
    typedef void (*LinkFrameTracedCallback)(const LinkTupleId& link, bool isSent, uint32_t octets);

  protected:
    void DoDispose() override;

  private:
    struct Preregistration;

    void SetState(PreregistrationState state);
    void GiveUpPrepared();
    void SendFirstRequest();
    /// Asks for the preregistration under way, which fails if there is no answer.
    template <class R, class M>
    void Ask(const MisfId& to,
             const M& request,
             const SendOptions& options,
             void (MobileNode::*onAnswer)(const R& response, const ReceivedMessage& message));
    void OnResponse(const PreregXferResponse& response, const ReceivedMessage& message);
    void OnDelivered(const PreregXferResponse& response);
    void Continue(KeyDecision decision);
    void HoldKey();
    void Authenticate(ByteView answer);
    void SendRelayed(Bytes linkFrame);
    void SendKeyed();
    void OnKeyedAnswer(const std::optional<Bytes>& linkFrame);
    void SendDirect();
    void AskTarget(const LlAuthRequest& request);
    void OnDirectAnswer(const LlAuthResponse& response, const ReceivedMessage& message);
    void OnGroupManipulate(const ReceivedMessage& message);
    void DropGroupKey(const MisfId& group, uint64_t sequenceNumber);
    void KeyWaitOver(uint32_t id);
    void Succeed();
    void Fail(const std::string& outcome);
    bool FailsWith(Status status);
    void Report(const std::string& outcome);
    bool IsCurrent(uint32_t id) const;

    void MakePreregistration(const PreregistrationTarget& target, const MisfId& via);
    void BeginHandover(Ptr<AccessLink> link, const MisfId& to, bool isCold);
    void OnCommitAnswer(uint32_t id, const TransactionResult& result);
    void SwitchLink();
    void LeaveLink();
    void OnAttached(uint32_t id);
    void AttachTimeOver(uint32_t id);
    void BeginColdPreregistration();
    void ContinueHandshake();
    void SendHandshake();
    void OnHandshakeAnswer(const LlAuthResponse& response);
    void SendComplete();
    void OnComplete(const MnHoCompleteResponse& response);
    /// Asks the new PoS under the SA with it; the handover ends if there is no answer.
    template <class R, class M>
    void AskNewPos(const M& request, void (MobileNode::*onAnswer)(const R& response));
    void EndHandover(const std::string& outcome);
    void Leave(const HandoverReport& report);
    SendOptions RelayOptions() const;

    // real frames, in mis-mobile-node-link.cc
    struct LinkAccess;
    void ForgetAccess();
    void BeginProactive();
    void RelayLinkFrames(std::vector<Bytes> frames);
    void OnRelayedLlAuth(const LlAuthResponse& response, const ReceivedMessage& message);
    void OnProactiveAnswer(const std::optional<Bytes>& frame);
    void EndProactive();
    void BeginLink();
    void BeginWholeLink();
    void BeginLinkHandshake(const SecretBytes& key);
    void OnLinkFrame(ByteView frame);
    void DoWholeLink(std::vector<Bytes> frames);
    void DoLinkHandshake(LinkOutput output);
    void SendLinkFrames(const std::vector<Bytes>& frames);
    void ArmLink(bool isRepeat);
    void RepeatLink(uint32_t id);
    void LinkOpen();
    void LinkFailed(const std::string& reason);
    void OpenDataPath();

    // attributes
    ObjectFactory m_remedyFactory;
    uint8_t m_ciphersuite;
    uint16_t m_relayedExchanges;
    uint16_t m_directExchanges;
    uint16_t m_handshakeExchanges;
    uint32_t m_linkFrameOctets;
    Time m_keyWait;
    Time m_attachTimeout;
    bool m_commit;
    bool m_directAuthentication;
    bool m_terminateOnLeave;

    Ptr<Misf> m_misf;
    Ptr<KeyDeliveryRemedy> m_remedy;
    MisfId m_spos;
    std::optional<Said> m_servingSaid; //!< of the SA with it, if a preregistration made that
    Ptr<AccessLink> m_link;
    Ptr<AccessLink> m_left; //!< by the last handover
    SecretBytes m_credential;
    FullAuthenticator m_authenticator;
    GroupKeyStore m_groupKeys;
    PreregistrationState m_state{PreregistrationState::IDLE};
    std::unique_ptr<Preregistration> m_current;
    uint32_t m_nextId{1};
    bool m_dataPathOpen{false};

    LinkAuthenticationMode m_linkAuthentication{LinkAuthenticationMode::COUNTED};
    LinkFrameRelay m_linkFrameRelay{LinkFrameRelay::PREREG_XFER};
    Time m_linkRepeatInterval;
    uint16_t m_maxLinkRepeats;
    MakeLinkCredentials m_makeLinkCredentials;
    std::unique_ptr<LinkAccess> m_access; //!< to the network the node is attached to

    /// A handover under way.
    struct HandoverState
    {
        uint32_t id{0};
        Ptr<AccessLink> link;
        bool isCold{false};  //!< nothing was prepared
        bool hasLeft{false}; //!< the old link
        uint16_t round{0};
        EventId attachTimer;
        HandoverReport report;

        ~HandoverState()
        {
            attachTimer.Cancel();
        }
    };

    std::unique_ptr<HandoverState> m_handover;

    TracedCallback<const PreregistrationReport&> m_preregistrationTrace;
    TracedCallback<const HandoverReport&> m_handoverTrace;
    TracedCallback<const HandoverReport&> m_handoverBeginTrace;
    TracedCallback<const MisfId&, const MisfId&> m_keyAcceptedTrace;
    TracedCallback<const MisfId&, const MisfId&> m_keyConfirmedTrace;
    TracedCallback<const MisfId&, const MisfId&> m_saReadyTrace;
    TracedCallback<PreregistrationState, PreregistrationState> m_stateTrace;
    TracedCallback<const MisfId&, GroupKeyError> m_groupKeyTrace;
    TracedCallback<const LinkTupleId&, const std::string&> m_linkTrace;
    TracedCallback<const LinkTupleId&, bool, uint32_t> m_linkFrameTrace;
    TracedCallback<bool> m_dataPathTrace;
};

} // namespace ns3::mis

#endif // MIS_MOBILE_NODE_H
