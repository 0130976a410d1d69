// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief IEEE 802.1X on Wi-Fi, with the 4-way handshake behind it, and on Ethernet, without.
 */
#include "mis-eapol-authentication.h"

namespace ns3::mis
{

namespace
{

/**
 * @brief Name the keys of a Wi-Fi link.
 * @param ptk pairwise keys
 * @param gtk group key
 * @return the keys
 */
LinkKeys
WifiKeys(const PairwiseTransientKey& ptk, const SecretBytes& gtk)
{
    LinkKeys keys;
    keys.Set("KCK", ptk.kck);
    keys.Set("KEK", ptk.kek);
    keys.Set("TK", ptk.tk);
    keys.Set("GTK", gtk);
    return keys;
}

/**
 * @brief Name the key of an Ethernet link.
 * @param key the first octets of MSK
 * @return the key
 */
LinkKeys
EthernetKeys(const SecretBytes& key)
{
    LinkKeys keys;
    keys.Set("MSK", key);
    return keys;
}

/**
 * @brief Describe a handshake.
 * @param authenticator address of the point of attachment
 * @param supplicant address of the mobile node
 * @return addresses, and the RSN element of all our access points
 */
FourWayParameters
Parameters(const MacOctets& authenticator, const MacOctets& supplicant)
{
    FourWayParameters parameters;
    parameters.authenticator = authenticator;
    parameters.supplicant = supplicant;
    return parameters;
}

/**
 * @brief Pass on what a handshake wants done.
 * @param step what it wants
 * @param output gets it
 */
void
Pass(HandshakeStep step, LinkOutput& output)
{
    output.drop = step.drop;
    if (step.frame)
    {
        output.frames.push_back(std::move(*step.frame));
    }
}

} // namespace

// ---------------------------------------------------------------------------------------------
// Supplicant
// ---------------------------------------------------------------------------------------------

EapolSupplicant::EapolSupplicant(CryptoContext& ctx,
                                 const MacOctets& authenticator,
                                 const MacOctets& supplicant,
                                 EapolKeying keying)
    : EapCarrierSupplicant(ctx),
      m_parameters(Parameters(authenticator, supplicant)),
      m_keying(keying)
{
}

void
EapolSupplicant::DoTakeKey(ByteView key)
{
    m_pmk.Assign(key.Sub(0, PMK_SIZE));
}

void
EapolSupplicant::DoKeyInstalled()
{
    if (m_keying == EapolKeying::NONE)
    {
        Succeed(EthernetKeys(m_pmk));
        return;
    }
    m_handshake.emplace(Ctx(), m_parameters, m_pmk);
    EapCarrierSupplicant::DoKeyInstalled();
}

void
EapolSupplicant::DoWipe()
{
    m_pmk.Clear();
    m_handshake.reset();
}

Bytes
EapolSupplicant::DoMakeStart()
{
    return EncodeEapol(EapolType::START, ByteView());
}

Bytes
EapolSupplicant::DoCarryEap(ByteView packet)
{
    return EncodeEapol(EapolType::EAP_PACKET, packet);
}

void
EapolSupplicant::DoReceive(ByteView frame, LinkOutput& output)
{
    const auto eapol = DecodeEapol(frame);
    if (!eapol)
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
        return;
    }
    if (eapol->type == EapolType::EAP_PACKET)
    {
        ReceiveEap(eapol->body, output);
        return;
    }
    if (eapol->type != EapolType::KEY || m_keying == EapolKeying::NONE)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    if (!m_handshake)
    {
        output.drop = LinkAuthenticationDrop::NO_KEY;
        return;
    }
    Pass(m_handshake->Receive(*eapol), output);
    if (output.drop == LinkAuthenticationDrop::SECURITY_MISMATCH)
    {
        Fail(LinkAuthenticationOutcome::SECURITY_MISMATCH);
    }
    else if (m_handshake->IsDone() && State() == LinkAuthenticationState::HANDSHAKE)
    {
        Succeed(WifiKeys(m_handshake->Ptk(), m_handshake->Gtk()));
    }
    else if (State() == LinkAuthenticationState::AUTHENTICATED)
    {
        Replace("GTK", m_handshake->Gtk());
    }
}

// ---------------------------------------------------------------------------------------------
// Authenticator
// ---------------------------------------------------------------------------------------------

EapolAuthenticator::EapolAuthenticator(CryptoContext& ctx,
                                       const MacOctets& authenticator,
                                       const MacOctets& supplicant,
                                       EapolKeying keying)
    : EapCarrierAuthenticator(ctx),
      m_parameters(Parameters(authenticator, supplicant)),
      m_keying(keying)
{
}

void
EapolAuthenticator::DoTakeKey(ByteView key)
{
    m_pmk.Assign(key.Sub(0, PMK_SIZE));
}

void
EapolAuthenticator::DoKeyInstalled()
{
    if (m_keying == EapolKeying::NONE)
    {
        Succeed(EthernetKeys(m_pmk));
        return;
    }
    EapCarrierAuthenticator::DoKeyInstalled();
}

void
EapolAuthenticator::DoWipe()
{
    m_pmk.Clear();
    m_handshake.reset();
}

Bytes
EapolAuthenticator::DoCarryEap(ByteView packet)
{
    return EncodeEapol(EapolType::EAP_PACKET, packet);
}

void
EapolAuthenticator::DoBeginHandshake(LinkOutput& output)
{
    if (m_keying == EapolKeying::FOUR_WAY)
    {
        m_handshake.emplace(Ctx(), m_parameters, m_pmk);
        output.frames.push_back(m_handshake->Start());
    }
}

void
EapolAuthenticator::DoRepeatHandshake(LinkOutput& output)
{
    if (m_handshake)
    {
        if (auto frame = m_handshake->Repeat())
        {
            output.frames.push_back(std::move(*frame));
        }
    }
}

bool
EapolAuthenticator::DoIsAnswered() const
{
    return m_handshake && m_handshake->IsAnswered();
}

void
EapolAuthenticator::DoReceive(ByteView frame, LinkOutput& output)
{
    const auto eapol = DecodeEapol(frame);
    if (!eapol)
    {
        output.drop = LinkAuthenticationDrop::MALFORMED;
        return;
    }
    switch (eapol->type)
    {
    case EapolType::START:
        ReceiveStart(output);
        return;
    case EapolType::EAP_PACKET:
        ReceiveEap(eapol->body, output);
        return;
    case EapolType::LOGOFF:
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    case EapolType::KEY:
        break;
    }
    if (!m_handshake)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    Pass(m_handshake->Receive(*eapol), output);
    if (output.drop == LinkAuthenticationDrop::SECURITY_MISMATCH)
    {
        Fail(LinkAuthenticationOutcome::SECURITY_MISMATCH);
    }
    else if (m_handshake->IsDone() && State() == LinkAuthenticationState::HANDSHAKE)
    {
        Succeed(WifiKeys(m_handshake->Ptk(), m_handshake->Gtk()));
    }
}

void
EapolAuthenticator::DoUpdateGroupKey(LinkOutput& output)
{
    if (!m_handshake)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    output.frames.push_back(m_handshake->UpdateGroupKey());
    Replace("GTK", m_handshake->Gtk());
}

} // namespace ns3::mis
