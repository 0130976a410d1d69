// SPDX-License-Identifier: GPL-2.0-only

#include "mis-tls-tcp-establishment.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/string.h"

#include <sstream>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(TlsTcpEstablishment);

TypeId
TlsTcpEstablishment::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::TlsTcpEstablishment")
            .SetParent<TlsEstablishment>()
            .SetGroupName("MisPrereg")
            .AddConstructor<TlsTcpEstablishment>()
            .AddAttribute("HandshakeTimeout",
                          "Time after which a connection that is not open is given up.",
                          TimeValue(MilliSeconds(7500)),
                          MakeTimeAccessor(&TlsTcpEstablishment::m_handshakeTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("IdleTimeout",
                          "Time without a frame after which a connection is closed; zero for "
                          "never.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&TlsTcpEstablishment::m_idleTimeout),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("Reconnect",
                          "Whether the client replaces a connection that is lost at once, not "
                          "only with the next message.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&TlsTcpEstablishment::m_reconnects),
                          MakeBooleanChecker())
            .AddTraceSource("Closed",
                            "A connection that was open is closed at one of its ends.",
                            MakeTraceSourceAccessor(&TlsTcpEstablishment::m_closedTrace),
                            "ns3::mis::TlsTcpEstablishment::ClosedTracedCallback");
    return tid;
}

TlsTcpEstablishment::TlsTcpEstablishment()
    : m_life(std::make_shared<const int>())
{
}

void
TlsTcpEstablishment::DoDispose()
{
    m_life.reset();
    TlsEstablishment::DoDispose();
}

void
TlsTcpEstablishment::Serve(Misf& misf)
{
    GetTransport(misf);
}

void
TlsTcpEstablishment::OnAuthRequest(Misf& misf, const ReceivedMessage& message, const AuthRequest&)
{
    misf.Refuse(message);
}

std::shared_ptr<TlsTcpTransport>
TlsTcpEstablishment::GetTransport(Misf& misf)
{
    auto transport =
        std::dynamic_pointer_cast<TlsTcpTransport>(misf.GetTransport(TransportType::TLS));
    if (!transport || !transport->IsUsed())
    {
        transport = std::make_shared<TlsTcpTransport>(misf);
        misf.SetTransport(TransportType::TLS, transport);
    }
    auto* node = &misf; // the MISF owns the transport
    TlsTcpTransport::User user;
    user.life = m_life;
    user.describe = [this] { return Describe(); };
    user.configure = [this] { return Configure(); };
    user.makeSession = [this, node](const MisfId& peer, bool isServer) {
        return MakeSession(*node, peer, isServer);
    };
    user.onEnd = [this, node](const MisfId& peer, const std::string& reason) {
        Finish(*node, peer, reason);
    };
    user.onAnswered = [this, node](const MisfId& peer, const std::string& outcome) {
        NoteAnswer(*node, peer, outcome);
    };
    user.onClosed = [this, node](const MisfId& peer, const std::string& reason) {
        m_closedTrace(node->GetId(), peer, reason);
    };
    user.renew = [this, node](const MisfId& peer) {
        Establish(*node, peer, [](const SecurityAssociation*, const std::string&) {});
    };
    transport->Join(std::move(user));
    return transport;
}

void
TlsTcpEstablishment::Begin(Misf& misf, const MisfId& peer)
{
    GetTransport(misf)->Establish(peer);
}

std::string
TlsTcpEstablishment::Describe() const
{
    StringValue version;
    StringValue credential;
    GetAttribute("Version", version);
    GetAttribute("Credential", credential);
    std::ostringstream text;
    text << "Version=" << version.Get() << "|Credential=" << credential.Get()
         << "|MaxHalfOpen=" << GetMaxHalfOpen() << "|Lifetime=" << GetLifetime().GetSeconds()
         << "s|RenewBefore=" << GetRenewBefore().GetSeconds()
         << "s|HandshakeTimeout=" << m_handshakeTimeout.GetSeconds()
         << "s|IdleTimeout=" << m_idleTimeout.GetSeconds() << "s|Reconnect=" << m_reconnects;
    return text.str();
}

TlsTcpTransport::Settings
TlsTcpEstablishment::Configure() const
{
    NS_ABORT_MSG_IF(GetRenewBefore() >= GetLifetime(),
                    "TlsTcpEstablishment: attribute RenewBefore is "
                        << GetRenewBefore().GetSeconds() << " s, allowed is less than Lifetime");
    TlsTcpTransport::Settings settings;
    settings.handshakeTimeout = m_handshakeTimeout;
    settings.lifetime = GetLifetime();
    settings.renewBefore = GetRenewBefore();
    settings.idleTimeout = m_idleTimeout;
    settings.reconnects = m_reconnects;
    settings.maxHalfOpen = GetMaxHalfOpen();
    return settings;
}

} // namespace ns3::mis
