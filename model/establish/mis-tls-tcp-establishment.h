// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Trust between two points of service by TLS over TCP.
 */
#ifndef MIS_TLS_TCP_ESTABLISHMENT_H
#define MIS_TLS_TCP_ESTABLISHMENT_H

#include "ns3/mis-tls-establishment.h"
#include "ns3/mis-tls-tcp-transport.h"

#include <memory>
#include <string>

namespace ns3::mis
{

/**
 * @brief TLS over TCP between two MISFs, which carries their messages.
 *
 * The first message that needs an SA opens a connection; all messages to the peer then go through
 * it and have no protection of their own. The association of the MISF stands for the connection and
 * has no keys but MIAK, which is exported from TLS (PA-25). Lifetime is that of a connection;
 * Ciphersuite is not used.
 */
class TlsTcpEstablishment : public TlsEstablishment
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    TlsTcpEstablishment();

    void Serve(Misf& misf) override;
    void OnAuthRequest(Misf& misf,
                       const ReceivedMessage& message,
                       const AuthRequest& request) override;

    /**
     * @param misf a MISF served
     * @return connections of its node
     */
    std::shared_ptr<TlsTcpTransport> GetTransport(Misf& misf);

    /// @param local this end @param peer the other end @param reason why it was closed
    typedef void (*ClosedTracedCallback)(const MisfId& local,
                                         const MisfId& peer,
                                         const std::string& reason);

  protected:
    void DoDispose() override;
    void Begin(Misf& misf, const MisfId& peer) override;

  private:
    std::string Describe() const;
    TlsTcpTransport::Settings Configure() const;

    // attributes
    Time m_handshakeTimeout;
    Time m_idleTimeout;
    bool m_reconnects;

    std::shared_ptr<const int> m_life; //!< tells transports when this is gone
    TracedCallback<const MisfId&, const MisfId&, const std::string&> m_closedTrace;
};

} // namespace ns3::mis

#endif // MIS_TLS_TCP_ESTABLISHMENT_H
