// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The method of EapEstablishment as the full authentication between mobile node and TPoS.
 */
#include "mis-eap-establishment.h"
#include "mis-outcome-name.h"

#include "ns3/simulator.h"

namespace ns3::mis
{

/**
 * @brief The mobile node: the peer of EAP.
 *
 * It begins with an empty flight, which asks for an Identity Request, or with the one packet of a
 * re-authentication. An authenticator that answers this with a Request wants a full authentication.
 */
class EapEstablishment::PeerAuthentication : public FullAuthentication
{
  public:
    /// @param establishment has the keys of the MN @param misf MISF of the MN @param tpos the TPoS
    PeerAuthentication(Ptr<EapEstablishment> establishment, Misf& misf, const MisfId& tpos)
        : m_establishment(establishment),
          m_misf(misf),
          m_tpos(tpos)
    {
    }

    void Step(ByteView in, Answered answered) override
    {
        answered(m_began ? Take(in) : Begin());
    }

    State GetState() const override
    {
        return m_state;
    }

    std::string GetReason() const override
    {
        return m_reason;
    }

    SecretBytes GetKey(size_t) override
    {
        return m_key;
    }

  private:
    Bytes Begin()
    {
        m_began = true;
        m_reauthentication = m_establishment->Reauthenticate(m_misf, m_tpos);
        if (m_reauthentication)
        {
            return m_reauthentication->initiate;
        }
        BeginInFull();
        return {};
    }

    void BeginInFull()
    {
        m_eap = std::make_unique<EapPeer>(m_misf.GetCrypto(),
                                          m_establishment->SubscriberOf(m_misf).configuration,
                                          Simulator::Now().GetNanoSeconds());
    }

    Bytes Take(ByteView in)
    {
        if (m_reauthentication)
        {
            const auto packet = DecodeEap(in);
            if (!packet || packet->code != EapCode::REQUEST)
            {
                const auto outcome =
                    m_establishment->TakeFinish(m_misf, *m_reauthentication, in, m_key);
                if (outcome != ErpOutcome::SUCCESS)
                {
                    return Fail(ToString(outcome));
                }
                m_state = State::SUCCESS;
                return {};
            }
            // Whatever the reason, the keys have not served; a full authentication makes others.
            m_establishment->ForgetKey(m_misf, *m_reauthentication);
            m_reauthentication.reset();
            BeginInFull();
        }
        if (auto response = m_eap->Receive(in))
        {
            return std::move(*response);
        }
        switch (m_eap->State())
        {
        case EapState::SUCCESS:
            m_key = m_eap->Exported().msk;
            m_establishment->KeepKeys(m_misf, m_tpos, m_eap->Exported());
            m_state = State::SUCCESS;
            return {};
        case EapState::FAILURE:
            return Fail(ToString(m_eap->Outcome()));
        case EapState::RUNNING:
            break;
        }
        return Fail(ToString(m_eap->LastDrop()));
    }

    Bytes Fail(const char* reason)
    {
        m_state = State::FAILURE;
        m_reason = OutcomeName(reason);
        return {};
    }

    Ptr<EapEstablishment> m_establishment;
    Misf& m_misf;
    MisfId m_tpos;
    bool m_began{false};
    std::optional<Reauthentication> m_reauthentication;
    std::unique_ptr<EapPeer> m_eap; //!< nullptr in a re-authentication
    State m_state{State::RUNNING};
    std::string m_reason;
    SecretBytes m_key;
};

/**
 * @brief The TPoS: the authenticator, which passes packets on to the AAA server and back.
 *
 * If the server refuses a re-authentication, the TPoS goes on with an Identity Request.
 */
class EapEstablishment::PassThrough : public FullAuthentication
{
  public:
    /**
     * @param radius client of the TPoS, nullptr if it has no AAA server
     * @param mn the mobile node
     * @param serverBegins whether the server sends the Identity Request
     */
    PassThrough(Ptr<RadiusClient> radius, const MisfId& mn, bool serverBegins)
        : m_radius(radius),
          m_mn(mn),
          m_serverBegins(serverBegins)
    {
    }

    ~PassThrough() override
    {
        if (m_session)
        {
            m_radius->Cancel(*m_session);
        }
    }

    PassThrough(const PassThrough&) = delete;
    PassThrough& operator=(const PassThrough&) = delete;

    void Step(ByteView in, Answered answered) override
    {
        const bool isFirst = !m_began;
        m_began = true;
        if (!m_radius)
        {
            Fail("no-aaa-server", Status::NETWORK_ERROR);
            answered({});
            return;
        }
        if (in.empty() && !isFirst)
        {
            Fail("malformed", Status::AUTHENTICATION_FAILURE);
            answered({});
            return;
        }
        if (in.empty() && !m_serverBegins)
        {
            answered(IdentityRequest());
            return;
        }
        const auto packet = DecodeEap(in);
        m_reauthenticates = packet && packet->code == EapCode::INITIATE;
        if (!m_session)
        {
            m_session = m_radius->MakeSession(m_mn.Get());
        }
        Ask(in, std::move(answered));
    }

    State GetState() const override
    {
        return m_state;
    }

    std::string GetReason() const override
    {
        return m_reason;
    }

    Status GetStatus() const override
    {
        return m_status;
    }

    SecretBytes GetKey(size_t) override
    {
        return m_key;
    }

  private:
    static Bytes IdentityRequest()
    {
        return EncodeEap({EapCode::REQUEST, 0, EapType::IDENTITY, ByteView()});
    }

    void Ask(ByteView eap, Answered answered)
    {
        const bool sent =
            m_radius->Send(*m_session,
                           eap,
                           [this, answered](const RadiusEapClientSession::Reply* reply) {
                               TakeReply(reply, answered);
                           });
        if (!sent)
        {
            Fail("too-long", Status::AUTHENTICATION_FAILURE);
            answered({});
        }
    }

    void TakeReply(const RadiusEapClientSession::Reply* reply, const Answered& answered)
    {
        if (reply && reply->code == RadiusCode::ACCESS_REJECT && m_reauthenticates)
        {
            m_reauthenticates = false;
            m_session.reset();
            if (!m_serverBegins)
            {
                answered(IdentityRequest());
                return;
            }
            m_session = m_radius->MakeSession(m_mn.Get());
            Ask({}, answered);
            return;
        }
        answered(Take(reply));
    }

    Bytes Take(const RadiusEapClientSession::Reply* reply)
    {
        if (!reply)
        {
            Fail("aaa-unreachable", Status::NETWORK_ERROR);
            return {};
        }
        switch (reply->code)
        {
        case RadiusCode::ACCESS_CHALLENGE:
            break;
        case RadiusCode::ACCESS_ACCEPT:
            if (reply->msk.empty())
            {
                Fail("no-key", Status::AUTHENTICATION_FAILURE);
                return {};
            }
            m_key = reply->msk;
            m_state = State::SUCCESS;
            break;
        default:
            Fail("refused", Status::AUTHENTICATION_FAILURE);
            break;
        }
        return reply->eap;
    }

    void Fail(const char* reason, Status status)
    {
        m_state = State::FAILURE;
        m_reason = reason;
        m_status = status;
    }

    Ptr<RadiusClient> m_radius;
    MisfId m_mn;
    bool m_serverBegins;
    bool m_began{false};
    bool m_reauthenticates{false}; //!< the last packet of the mobile node
    std::unique_ptr<RadiusEapClientSession> m_session;
    State m_state{State::RUNNING};
    std::string m_reason;
    Status m_status{Status::AUTHENTICATION_FAILURE};
    SecretBytes m_key;
};

std::unique_ptr<FullAuthentication>
EapEstablishment::MakeAuthentication(Misf& misf, const MisfId& peer, bool isAuthenticator)
{
    if (isAuthenticator)
    {
        return std::make_unique<PassThrough>(AuthenticatorOf(misf).radius, peer, ServerBegins());
    }
    return std::make_unique<PeerAuthentication>(Ptr<EapEstablishment>(this), misf, peer);
}

} // namespace ns3::mis
