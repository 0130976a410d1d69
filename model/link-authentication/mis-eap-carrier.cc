// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief What IEEE 802.1X and PKMv2 have in common: EAP is carried, then a handshake follows.
 */
#include "mis-eap-carrier.h"

namespace ns3::mis
{

// ---------------------------------------------------------------------------------------------
// Supplicant
// ---------------------------------------------------------------------------------------------

void
EapCarrierSupplicant::DoStart(LinkOutput& output)
{
    if (State() == LinkAuthenticationState::IDLE)
    {
        Advance(LinkAuthenticationState::AUTHENTICATING);
        output.frames.push_back(DoMakeStart());
    }
}

void
EapCarrierSupplicant::ReceiveEap(ByteView packet, LinkOutput& output)
{
    if (State() == LinkAuthenticationState::HANDSHAKE && !m_eap)
    {
        // The authenticator has no key that was made beforehand.
        DoWipe();
        Advance(LinkAuthenticationState::AUTHENTICATING);
    }
    if (State() == LinkAuthenticationState::IDLE)
    {
        Advance(LinkAuthenticationState::AUTHENTICATING);
    }
    // A repeated request may come when the method has the key already: its answer got lost.
    if (State() == LinkAuthenticationState::AUTHENTICATING ||
        State() == LinkAuthenticationState::HANDSHAKE)
    {
        m_eap = true;
        output.eap.emplace(packet.begin(), packet.end());
        return;
    }
    output.drop = LinkAuthenticationDrop::UNEXPECTED;
}

void
EapCarrierSupplicant::DoSendEap(ByteView packet, LinkOutput& output)
{
    if (!m_eap)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    output.frames.push_back(DoCarryEap(packet));
}

void
EapCarrierSupplicant::DoRepeat(LinkOutput& output)
{
    if (State() == LinkAuthenticationState::HANDSHAKE)
    {
        DoRepeatHandshake(output);
    }
    else if (State() == LinkAuthenticationState::AUTHENTICATING && !m_eap)
    {
        output.frames.push_back(DoMakeStart());
    }
}

void
EapCarrierSupplicant::DoRepeatHandshake(LinkOutput&)
{
}

void
EapCarrierSupplicant::DoEapSucceeded(ByteView msk)
{
    DoTakeKey(msk);
    DoKeyInstalled();
}

// ---------------------------------------------------------------------------------------------
// Authenticator
// ---------------------------------------------------------------------------------------------

void
EapCarrierAuthenticator::DoStart(LinkOutput& output)
{
    if (State() == LinkAuthenticationState::HANDSHAKE)
    {
        m_begun = true;
        DoBeginHandshake(output);
        return;
    }
    Advance(LinkAuthenticationState::AUTHENTICATING);
    output.eapWanted = true;
}

void
EapCarrierAuthenticator::ReceiveStart(LinkOutput& output)
{
    if (State() == LinkAuthenticationState::HANDSHAKE && m_lastEap.empty() && !DoIsAnswered())
    {
        // A supplicant with a key that was made beforehand would wait for the handshake.
        DoWipe();
        m_begun = false;
        Advance(LinkAuthenticationState::IDLE);
    }
    if (State() == LinkAuthenticationState::IDLE)
    {
        DoStart(output);
    }
    else
    {
        DoRepeat(output);
    }
}

void
EapCarrierAuthenticator::ReceiveEap(ByteView packet, LinkOutput& output)
{
    if (State() == LinkAuthenticationState::AUTHENTICATING && !m_lastEap.empty())
    {
        output.eap.emplace(packet.begin(), packet.end());
        return;
    }
    output.drop = LinkAuthenticationDrop::UNEXPECTED;
}

void
EapCarrierAuthenticator::DoSendEap(ByteView packet, LinkOutput& output)
{
    if (State() != LinkAuthenticationState::AUTHENTICATING)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return;
    }
    m_lastEap = DoCarryEap(packet);
    output.frames.push_back(m_lastEap);
}

void
EapCarrierAuthenticator::DoRepeat(LinkOutput& output)
{
    if (State() == LinkAuthenticationState::AUTHENTICATING && m_lastEap.empty())
    {
        output.eapWanted = true;
        return;
    }
    if (!m_lastEap.empty() && !DoIsAnswered())
    {
        output.frames.push_back(m_lastEap);
    }
    if (m_begun)
    {
        DoRepeatHandshake(output);
    }
}

void
EapCarrierAuthenticator::DoEapSucceeded(ByteView packet, ByteView msk, LinkOutput& output)
{
    DoTakeKey(msk);
    m_lastEap = DoCarryEap(packet);
    output.frames.push_back(m_lastEap);
    m_begun = true;
    DoKeyInstalled();
    DoBeginHandshake(output);
}

void
EapCarrierAuthenticator::DoEapFailed(ByteView packet, LinkOutput& output)
{
    output.frames.push_back(DoCarryEap(packet));
}

} // namespace ns3::mis
