// SPDX-License-Identifier: GPL-2.0-only

#include "mis-tls-authenticator.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-tls-session.h"

namespace ns3::mis
{

namespace
{

/// One end of the authentication.
class TlsAuthentication : public FullAuthentication
{
  public:
    TlsAuthentication(std::unique_ptr<TlsSession> session, bool isServer)
        : m_session(std::move(session)),
          m_isServer(isServer)
    {
    }

    void Step(ByteView in, Answered answered) override
    {
        if (!m_isServer && m_began && in.empty())
        {
            // The TPoS has taken the last flight and had nothing to object.
            m_isAccepted = m_session->State() == TlsState::ESTABLISHED;
            answered({});
            return;
        }
        m_began = true;
        answered(m_session->Step(in));
    }

    State GetState() const override
    {
        switch (m_session->State())
        {
        case TlsState::HANDSHAKING:
            return State::RUNNING;
        case TlsState::ESTABLISHED:
            return m_isServer || m_isAccepted || m_session->IsConfirmed() ? State::SUCCESS
                                                                          : State::RUNNING;
        case TlsState::CLOSED:
        case TlsState::FAILED:
            break;
        }
        return State::FAILURE;
    }

    std::string GetReason() const override
    {
        return ToString(m_session->Outcome());
    }

    SecretBytes GetKey(size_t octets) override
    {
        const auto key = m_session->Export(assigned::TLS_EXPORTER_LABEL_OF_K, std::nullopt, octets);
        return SecretBytes(ByteView(key.data(), key.size()));
    }

  private:
    std::unique_ptr<TlsSession> m_session;
    bool m_isServer;
    bool m_began{false};
    bool m_isAccepted{false};
};

} // namespace

std::unique_ptr<FullAuthentication>
MakeTlsAuthentication(Ptr<TlsEstablishment> tls, Misf& misf, const MisfId& peer, bool isServer)
{
    return std::make_unique<TlsAuthentication>(tls->MakeSession(misf, peer, isServer), isServer);
}

} // namespace ns3::mis
