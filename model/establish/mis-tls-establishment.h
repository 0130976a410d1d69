// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Security associations by TLS over MIS.
 */
#ifndef MIS_TLS_ESTABLISHMENT_H
#define MIS_TLS_ESTABLISHMENT_H

#include "ns3/mis-on-demand-establishment.h"
#include "ns3/mis-tls-session.h"

#include <deque>
#include <memory>

namespace ns3::mis
{

/**
 * @brief TLS between two MISFs, its flights in the Security TLVs of Auth messages (ID_TYPE 0).
 *
 * The initiator is the client. Each flight of the client is an Auth request, each flight of the
 * server the response to it. The root of MISK and MIAK is exported from TLS. The last response
 * comes under the new SA, except in TLS 1.2, where the server's Finished says the same: only then
 * does the client call the SA up.
 *
 * With Protection=Record nothing but the SAID and MIAK is exported: messages are protected by
 * records of the session itself (PA-55). That needs MIS over TCP between the two. When the
 * initiator or the responder has moved to another address, it asks the other by an Auth request
 * whether both have received all records of the other; if so the session goes on, else there is
 * another handshake.
 */
class TlsEstablishment : public OnDemandEstablishment
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    TlsEstablishment();
    ~TlsEstablishment() override;

    /// With Protection=Record, NS_FATAL_ERROR if the MISF does not listen on TCP.
    void Serve(Misf& misf) override;
    void OnAuthRequest(Misf& misf,
                       const ReceivedMessage& message,
                       const AuthRequest& request) override;

    /**
     * @brief Makes one end of a TLS connection with the credentials of a node.
     * @param misf MISF of this end
     * @param peer the other end, whose certificate or key it must have
     * @param isServer role of this end
     * @return the session
     */
    std::unique_ptr<TlsSession> MakeSession(Misf& misf, const MisfId& peer, bool isServer);

    /// @return handshakes under way at both kinds of ends
    size_t GetHandshakes() const
    {
        return m_clients.size() + m_servers.size();
    }

    /// @param server this end @param client the other one @param outcome "success", or why not
    typedef void (*AnsweredTracedCallback)(const MisfId& server,
                                           const MisfId& client,
                                           const std::string& outcome);

  protected:
    /// @return handshakes that a server keeps at the same time
    uint32_t GetMaxHalfOpen() const
    {
        return m_maxHalfOpen;
    }

    /**
     * @brief Traces the end of a handshake at its server.
     * @param misf MISF of the server
     * @param client the client
     * @param outcome "success", or why not
     */
    void NoteAnswer(Misf& misf, const MisfId& client, const std::string& outcome);

    void DoDispose() override;
    void Begin(Misf& misf, const MisfId& peer) override;

  private:
    /// A handshake at one end.
    struct Handshake
    {
        std::shared_ptr<TlsSession> session;
        uint32_t generation{0};
        std::optional<Said> said; //!< client: of the SA added before the server has confirmed it
    };

    std::shared_ptr<const TlsContext> ContextOf(Misf& misf, bool isServer);
    void BeginHandshake(Misf& misf, const MisfId& peer);
    void Resume(Misf& misf, SecurityAssociation& sa);
    void OnResumed(Misf& misf, const MisfId& peer, const Said& said, const TransactionResult& r);
    void AnswerResumption(Misf& misf, const ReceivedMessage& message, const AuthRequest& request);
    void SendFlight(Misf& misf, const MisfId& peer, Bytes flight);
    void OnAnswer(Misf& misf, const MisfId& peer, uint32_t generation, const TransactionResult& r);
    void Fail(Misf& misf, const MisfId& peer, const std::string& reason);
    SecurityAssociation* InstallFrom(Misf& misf,
                                     const MisfId& peer,
                                     const std::shared_ptr<TlsSession>& session,
                                     const PeerAddress& address,
                                     bool isServer);
    bool UsesRecords() const;
    void ForgetHalfOpen(int64_t nowNs);

    // attributes
    std::string m_version;
    std::string m_credential;
    std::string m_protection;
    uint32_t m_maxHalfOpen;

    boost::unordered_flat_map<std::string, std::shared_ptr<const TlsContext>> m_contexts;
    boost::unordered_flat_map<std::string, Handshake> m_clients; //!< by both ends
    boost::unordered_flat_map<std::string, Handshake> m_servers; //!< by both ends

    /// A handshake that a client may never end.
    struct HalfOpen
    {
        int64_t untilNs;
        std::string key;
        uint32_t generation;
    };

    std::deque<HalfOpen> m_halfOpen; //!< oldest first
    uint32_t m_nextGeneration{1};
    TracedCallback<const MisfId&, const MisfId&, const std::string&> m_answeredTrace;
};

} // namespace ns3::mis

#endif // MIS_TLS_ESTABLISHMENT_H
