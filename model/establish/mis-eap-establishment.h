// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Security associations by EAP over MIS.
 */
#ifndef MIS_EAP_ESTABLISHMENT_H
#define MIS_EAP_ESTABLISHMENT_H

#include "ns3/mis-eap-peer.h"
#include "ns3/mis-erp.h"
#include "ns3/mis-full-authentication.h"
#include "ns3/mis-on-demand-establishment.h"
#include "ns3/mis-radius-client.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace ns3::mis
{

/**
 * @brief EAP between a mobile node and the AAA server of its home, with the point of service as
 * authenticator between them (ID_TYPE 1).
 *
 * @verbatim
 *   MN                                         PoS                         AAA server
 *    | Auth request  suite, Nonce-T             |                               |
 *    |                Identity Request  Auth response                           |
 *    | Auth request  EAP Response               | Access-Request                |
 *    |                   EAP Request  Auth response             Access-Challenge|
 *    |                           ...            |              ...              |
 *    |                                          |       Access-Accept, MSK      |
 *    |  EAP-Success, suite, Nonce-N, lifetime, SAID, AUTH  Auth response        |
 *    | Auth request under the SA  AUTH          |                               |
 *    |              Auth response under the SA  |                               |
 * @endverbatim
 *
 * A re-authentication (ERP) has its one packet in the first request, and rMSK instead of MSK.
 * Packets are not repeated by EAP, since MIS acknowledges and repeats them; between PoS and AAA
 * server the RADIUS client repeats requests.
 *
 * AUTH is project-assigned (PA-30): it covers all that was sent in the clear, the offer of the
 * ciphersuite too, and shows that both ends hold the keys. Until the last request the PoS keeps
 * the SA to itself; a first message under it brings it to the MISF.
 *
 * Authentication computes for real whatever the backend. The first request is not authentic: who
 * repeats one can have an exchange begin anew, which then ends in a timeout, but no SA.
 */
class EapEstablishment : public OnDemandEstablishment
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    EapEstablishment();
    ~EapEstablishment() override;

    void SetAaaServer(const MisfId& id, const Address& address) override;

    /**
     * @brief Says that a PoS asks the AAA server of its own operator, so that re-authentications by
     * ERP can stay in its domain (RFC 6696, section 3.2).
     *
     * Mobile nodes know the domain as if they had been told on the link or by DHCP (RFC 6440).
     *
     * @param pos the PoS
     * @param id MISF identifier of its server
     * @param address socket address of RADIUS
     */
    void SetLocalAaaServer(const MisfId& pos, const MisfId& id, const Address& address) override;
    bool IsOnDemand(const Misf& misf, const MisfId& peer) const override;
    SecurityAssociation* ProvideForSaid(Misf& misf, const Said& said, const MisfId& peer) override;
    void OnAuthRequest(Misf& misf,
                       const ReceivedMessage& message,
                       const AuthRequest& request) override;

    /**
     * @brief Has a mobile node use another name towards the AAA server than its MISF identifier.
     * @param mn MISF identifier
     * @param identity the name
     */
    void SetIdentity(const MisfId& mn, const std::string& identity);

    /**
     * @brief Makes one end of a full authentication of a mobile node with a TPoS: the method of
     * this establishment, the TPoS being the authenticator that asks the AAA server. K is MSK, or
     * rMSK of a re-authentication.
     * @param misf MISF of this end
     * @param peer the other end
     * @param isAuthenticator whether this end is the TPoS
     * @return one end of it
     */
    std::unique_ptr<FullAuthentication> MakeAuthentication(Misf& misf,
                                                           const MisfId& peer,
                                                           bool isAuthenticator);

    /**
     * @param mn MISF identifier
     * @return whether it has keys for a re-authentication
     */
    bool CanReauthenticate(const MisfId& mn) const;

    /// @return exchanges under way at points of service
    size_t GetSessions() const
    {
        return m_sessions.size();
    }

    /// @return RADIUS requests that points of service have sent again
    uint64_t GetRadiusRetransmissions() const;

    /// @param pos this end @param mn the other one @param outcome "success", or why not
    typedef void (*AnsweredTracedCallback)(const MisfId& pos,
                                           const MisfId& mn,
                                           const std::string& outcome);

  protected:
    void DoDispose() override;
    void Begin(Misf& misf, const MisfId& peer) override;

  private:
    /// Octets of all messages of an exchange in order, each behind its length (PA-30).
    using Transcript = Bytes;

    /// What a mobile node keeps from one exchange to the next.
    struct Subscriber
    {
        std::shared_ptr<const EapPeerConfiguration> configuration;
        SecretBytes emsk;                                     //!< of the last full authentication
        Bytes sessionId;                                      //!< of it
        std::map<std::string, std::unique_ptr<ErpPeer>> keys; //!< by domain of the server
        int64_t keysNotAfterNs{0};
    };

    /// A re-authentication under way at a mobile node.
    struct Reauthentication
    {
        std::string domain;     //!< of the server that has the key
        std::string bootstraps; //!< domain whose local server gets a key by it, empty for none
        Bytes initiate;         //!< the packet
    };

    /// An exchange at a mobile node.
    struct Exchange
    {
        uint32_t generation{0};
        std::optional<Reauthentication> reauthentication;
        std::unique_ptr<EapPeer> eap;
        Nonce nonce{}; //!< Nonce-T
        Transcript transcript;
        std::optional<Said> said; //!< of the SA, once it is added and to be confirmed
    };

    /// An exchange at a point of service.
    struct Session
    {
        uint32_t generation{0};
        std::unique_ptr<RadiusEapClientSession> radius;
        std::optional<TransactionReference> waiting; //!< request to answer when RADIUS has answered
        Nonce nonceT{};
        Nonce nonceN{};
        Transcript transcript;
        Time last;                //!< when the MN was last heard
        std::optional<Said> said; //!< of the SA, once it may be used
        SecretBytes root;         //!< MSK or rMSK, from then on
        Bytes auth;               //!< what the MN has to send
        bool installed{false};    //!< whether the MISF has the SA
    };

    /// A point of service.
    struct Authenticator
    {
        Ptr<RadiusClient> radius;
        uint32_t nextSaid{1};
    };

    class PeerAuthentication;
    class PassThrough;

    // mobile node
    Subscriber& SubscriberOf(Misf& misf);
    void KeepKeys(Misf& misf, const MisfId& pos, const EapExported& exported);
    std::string DomainAt(const MisfId& pos) const;
    bool ServerBegins() const;
    std::optional<Reauthentication> Reauthenticate(Misf& misf, const MisfId& pos);
    ErpOutcome TakeFinish(Misf& misf,
                          const Reauthentication& begun,
                          ByteView eap,
                          SecretBytes& rmsk);
    void ForgetKey(Misf& misf, const Reauthentication& begun);
    void BeginExchange(Misf& misf, const MisfId& peer, bool mayReauthenticate);
    void SendRequest(Misf& misf,
                     const MisfId& peer,
                     const AuthRequest& request,
                     const SendOptions& options);
    void OnAnswer(Misf& misf,
                  const MisfId& peer,
                  uint32_t generation,
                  const TransactionResult& result);
    void OnRefusal(Misf& misf, const MisfId& peer, const AuthResponse& response);
    void OnLastAnswer(Misf& misf, const MisfId& peer, AuthResponse response);
    void Fail(Misf& misf, const MisfId& peer, const std::string& reason);

    // point of service
    Authenticator& AuthenticatorOf(Misf& misf);
    void OnStart(Misf& misf, const ReceivedMessage& message, const AuthRequest& request);
    void OnConfirmation(Misf& misf, const ReceivedMessage& message, const AuthRequest& request);
    void Forward(Misf& misf,
                 const MisfId& mn,
                 const TransactionReference& transaction,
                 ByteView eap);
    void OnReply(Misf& misf,
                 const MisfId& mn,
                 uint32_t generation,
                 const RadiusEapClientSession::Reply* reply);
    void Accept(Misf& misf,
                const MisfId& mn,
                Session& session,
                const RadiusEapClientSession::Reply& reply,
                AuthResponse& response);
    void Expire(Ptr<Misf> misf, MisfId mn, uint32_t generation);
    void End(Misf& misf, const MisfId& mn, const std::string& outcome);
    void Answer(Misf& misf,
                const TransactionReference& transaction,
                const AuthResponse& response,
                Session* session);

    // attributes
    std::string m_method;
    std::string m_fullMethod;
    std::string m_tlsVersion;
    std::string m_identityFrom;
    Time m_keyLifetime;
    Time m_sessionTimeout;
    uint32_t m_maxSessions;
    Time m_radiusTimeout;
    Time m_radiusMaxTimeout;
    uint8_t m_radiusSends;

    MisfId m_aaa;
    Address m_aaaAddress;

    /// AAA server of a visited operator.
    struct LocalServer
    {
        MisfId id;
        Address address;
    };

    boost::unordered_flat_map<MisfId, LocalServer, MisfIdHash, MisfIdEqual> m_local; //!< by PoS
    boost::unordered_flat_map<MisfId, Subscriber, MisfIdHash, MisfIdEqual> m_subscribers;
    boost::unordered_flat_map<MisfId, std::string, MisfIdHash, MisfIdEqual> m_identities;
    boost::unordered_flat_map<MisfId, Authenticator, MisfIdHash, MisfIdEqual> m_authenticators;
    boost::unordered_flat_map<std::string, std::unique_ptr<Exchange>> m_exchanges; //!< by both ends
    boost::unordered_flat_map<std::string, std::unique_ptr<Session>> m_sessions;   //!< by both ends
    uint32_t m_nextGeneration{1};

    TracedCallback<const MisfId&, const MisfId&, const std::string&> m_answeredTrace;
};

} // namespace ns3::mis

#endif // MIS_EAP_ESTABLISHMENT_H
