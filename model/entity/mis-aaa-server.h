// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The authentication server of the home network.
 */
#ifndef MIS_AAA_SERVER_H
#define MIS_AAA_SERVER_H

#include "ns3/mis-credential-store.h"
#include "ns3/mis-eap-server.h"
#include "ns3/mis-erp.h"
#include "ns3/mis-function.h"
#include "ns3/mis-radius-client.h"
#include "ns3/mis-radius-message.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <boost/unordered/unordered_flat_set.hpp>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3::mis
{

/**
 * @brief AAA server: EAP over RADIUS with the points of service, for the subscribers of its
 * operator (RFC 3579), and re-authentication with the keys of earlier authentications (RFC 6696).
 *
 * It computes with the MISF of its node, which gives it cryptography, randomness and a processor
 * queue; an answer leaves when the work for it has been served. It speaks RADIUS only.
 *
 * A subscriber's name has to be the Calling-Station-Id of the request, which is the MISF
 * identifier of the mobile node, so that nobody gets an SA in the name of another.
 *
 * With SetHomeServer() it is the server of a visited operator: it passes conversations on to the
 * home server, asks for the root key of its domain (DSRK) with them, and answers by itself
 * re-authentications that name a key of its domain (RFC 6696, section 3.2). A home server gives a
 * client the key of the domain of the client's own name only.
 *
 * Authentication computes for real whatever the backend.
 */
class AaaServer : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    AaaServer();
    ~AaaServer() override;

    /// @param misf MISF of the node; its identifier is the name of the server
    void SetMisf(Ptr<Misf> misf);

    /// @param credentials where keys and certificates of server, subscribers and clients are
    void SetCredentials(Ptr<CredentialStore> credentials);

    /**
     * @brief Serves a RADIUS client, whose secret is the pre-shared key of client and server.
     * @param id MISF identifier of the point of service
     * @param address IP socket address its requests come from, whatever the port
     */
    void AddClient(const MisfId& id, const Address& address);

    /**
     * @brief Makes this the local server of a visited operator.
     * @param id MISF identifier of the home server, with which it shares a pre-shared key
     * @param address IP socket address of the home server
     * @param local IP address requests to it come from, with any port
     */
    void SetHomeServer(const MisfId& id, const Address& address, const Address& local);

    /// @param id MISF identifier of a mobile node that may have access
    void AddSubscriber(const MisfId& id);

    /// @param id MISF identifier of a mobile node that may have access no more
    void RemoveSubscriber(const MisfId& id);

    /// Forgets all keys of earlier authentications, as when the server is started anew.
    void ForgetKeys();

    /// @return conversations that have not expired
    size_t GetSessions() const
    {
        return m_sessions.size();
    }

    /// @return keys for re-authentication, one a peer
    size_t GetKeys() const
    {
        return m_erp ? m_erp->Size() : 0;
    }

    /// @param identity as the peer says @param method method, "none" before @param outcome how
    typedef void (*AuthenticatedTracedCallback)(const std::string& identity,
                                                const std::string& method,
                                                const std::string& outcome);
    /// @param reason why @param octets length of the message
    typedef void (*DroppedTracedCallback)(const std::string& reason, uint32_t octets);

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    class Directory;

    /// A conversation with a client about one peer.
    struct Session
    {
        std::unique_ptr<RadiusEapServerSession> radius;
        std::unique_ptr<EapServer> eap;
        std::unique_ptr<RadiusEapClientSession> home; //!< with the home server, if passed on
        MisfId client;                                //!< who asks
        Address from;                                 //!< from where it did last
        std::string requestKey;                       //!< of the last request
        std::vector<std::string> requestKeys;         //!< of all requests
        bool answered{false};                         //!< the last request
        uint8_t ignored{0};                           //!< EAP packets that were discarded
        Time last;                                    //!< when the client was last heard
    };

    /// What to send to the client.
    struct Answer
    {
        Bytes eap;
        SecretBytes msk;
        std::optional<DomainRootKey> domainKey;
    };

    /// What is kept of the last full authentication of a peer.
    struct Root
    {
        EmskName name{};
        SecretBytes emsk; //!< empty at a local server
    };

    bool IsSubscriber(ByteView identity) const;
    void MakeMethods();
    void MakeErp();
    void OnReadable(Ptr<Socket> socket);
    void Receive(ByteView octets, const Address& from);
    void Repeat(Session& session,
                const std::string& requestKey,
                size_t octets,
                const Address& from);
    std::optional<uint32_t> OpenSession(const MisfId& client, size_t octets);
    std::optional<Answer> Authenticate(Session& session,
                                       const RadiusEapServerSession::Request& request);
    Answer Reauthenticate(const Session& session, const RadiusEapServerSession::Request& request);
    std::optional<DomainRootKey> GrantDomainKey(const Session& session,
                                                const std::string& domain,
                                                const std::string& peerId);
    void KeepKey(ErpRootKey key, const std::string& peerId, SecretBytes emsk, Time lifetime);
    bool IsOwn(const RadiusEapServerSession::Request& request) const;
    void PassOn(uint32_t state, const RadiusEapServerSession::Request& request);
    void OnHomeReply(uint32_t state,
                     const std::string& peerId,
                     const RadiusEapClientSession::Reply* reply);
    void AnswerClient(Session& session, const Answer& answer);
    void Send(const Bytes& octets, const Address& to);
    void Drop(const std::string& reason, size_t octets);
    void Expire(uint32_t state);
    void Forget(uint32_t state);
    void GiveUp(Session& session);
    void Ended(const std::string& identity, const std::string& method, const char* outcome);

    // attributes
    uint16_t m_port;
    std::string m_methods;
    std::string m_tlsVersion;
    Time m_sessionTimeout;
    Time m_keyLifetime;
    uint32_t m_maxSessions;
    Time m_homeTimeout;
    Time m_homeMaxTimeout;
    uint8_t m_homeSends;

    Ptr<Misf> m_misf;
    Ptr<CredentialStore> m_credentials;
    Ptr<Socket> m_socket;
    Ptr<Socket> m_socket6;
    std::shared_ptr<const EapServerConfiguration> m_configuration;
    std::unique_ptr<ErpServer> m_erp;              //!< nullptr if that is not served
    std::unordered_map<std::string, Root> m_roots; //!< by authenticated name of the peer

    // of a local server
    MisfId m_homeId;
    Address m_homeAddress;
    Address m_homeLocal;
    Ptr<RadiusClient> m_home; //!< nullptr if this is no local server
    boost::unordered_flat_set<MisfId, MisfIdHash, MisfIdEqual> m_subscribers;
    std::unordered_map<std::string, MisfId> m_clients;    //!< by octets of the IP address
    std::unordered_map<uint32_t, Session> m_sessions;     //!< by State
    std::unordered_map<std::string, uint32_t> m_requests; //!< States by client and authenticator
    uint32_t m_nextState{1};

    TracedCallback<const std::string&, const std::string&, const std::string&> m_authenticatedTrace;
    TracedCallback<const std::string&, uint32_t> m_droppedTrace;
};

} // namespace ns3::mis

#endif // MIS_AAA_SERVER_H
