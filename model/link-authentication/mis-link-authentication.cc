// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The link-layer authentication of an access network, whatever its technology.
 */
#include "mis-link-authentication.h"

#include "mis-eapol-authentication.h"
#include "mis-eps-aka.h"
#include "mis-pkmv2.h"

#include <algorithm>

namespace ns3::mis
{

const char*
ToString(LinkAuthenticationState state)
{
    switch (state)
    {
    case LinkAuthenticationState::IDLE:
        return "IDLE";
    case LinkAuthenticationState::AUTHENTICATING:
        return "AUTHENTICATING";
    case LinkAuthenticationState::HANDSHAKE:
        return "HANDSHAKE";
    case LinkAuthenticationState::AUTHENTICATED:
        return "AUTHENTICATED";
    case LinkAuthenticationState::FAILED:
        return "FAILED";
    }
    return "unknown";
}

std::ostream&
operator<<(std::ostream& os, LinkAuthenticationState state)
{
    return os << ToString(state);
}

const char*
ToString(LinkAuthenticationOutcome outcome)
{
    switch (outcome)
    {
    case LinkAuthenticationOutcome::PENDING:
        return "PENDING";
    case LinkAuthenticationOutcome::SUCCESS:
        return "SUCCESS";
    case LinkAuthenticationOutcome::EAP_FAILED:
        return "EAP_FAILED";
    case LinkAuthenticationOutcome::REFUSED:
        return "REFUSED";
    case LinkAuthenticationOutcome::KEY_MISMATCH:
        return "KEY_MISMATCH";
    case LinkAuthenticationOutcome::SECURITY_MISMATCH:
        return "SECURITY_MISMATCH";
    case LinkAuthenticationOutcome::UNUSABLE_KEY:
        return "UNUSABLE_KEY";
    case LinkAuthenticationOutcome::TIMEOUT:
        return "TIMEOUT";
    }
    return "unknown";
}

std::ostream&
operator<<(std::ostream& os, LinkAuthenticationOutcome outcome)
{
    return os << ToString(outcome);
}

const char*
ToString(LinkAuthenticationDrop reason)
{
    switch (reason)
    {
    case LinkAuthenticationDrop::NONE:
        return "NONE";
    case LinkAuthenticationDrop::MALFORMED:
        return "MALFORMED";
    case LinkAuthenticationDrop::UNEXPECTED:
        return "UNEXPECTED";
    case LinkAuthenticationDrop::NO_KEY:
        return "NO_KEY";
    case LinkAuthenticationDrop::UNKNOWN_KEY:
        return "UNKNOWN_KEY";
    case LinkAuthenticationDrop::REPLAYED:
        return "REPLAYED";
    case LinkAuthenticationDrop::BAD_MIC:
        return "BAD_MIC";
    case LinkAuthenticationDrop::BAD_KEY_DATA:
        return "BAD_KEY_DATA";
    case LinkAuthenticationDrop::NONCE_MISMATCH:
        return "NONCE_MISMATCH";
    case LinkAuthenticationDrop::SECURITY_MISMATCH:
        return "SECURITY_MISMATCH";
    case LinkAuthenticationDrop::SYNC_FAILURE:
        return "SYNC_FAILURE";
    case LinkAuthenticationDrop::REFUSED:
        return "REFUSED";
    }
    return "unknown";
}

std::ostream&
operator<<(std::ostream& os, LinkAuthenticationDrop reason)
{
    return os << ToString(reason);
}

// ---------------------------------------------------------------------------------------------
// Keys
// ---------------------------------------------------------------------------------------------

void
LinkKeys::Set(std::string_view name, const SecretBytes& key)
{
    const auto at = std::find_if(m_keys.begin(), m_keys.end(), [name](const LinkKey& k) {
        return k.name == name;
    });
    if (at != m_keys.end())
    {
        at->key = key;
        return;
    }
    m_keys.push_back(LinkKey{name, key});
}

const SecretBytes*
LinkKeys::Find(std::string_view name) const
{
    for (const LinkKey& k : m_keys)
    {
        if (k.name == name)
        {
            return &k.key;
        }
    }
    return nullptr;
}

bool
operator==(const LinkKeys& a, const LinkKeys& b)
{
    return a.m_keys.size() == b.m_keys.size() && std::equal(a.m_keys.begin(),
                                                            a.m_keys.end(),
                                                            b.m_keys.begin(),
                                                            [](const LinkKey& x, const LinkKey& y) {
                                                                return x.name == y.name &&
                                                                       x.key == y.key;
                                                            });
}

// ---------------------------------------------------------------------------------------------
// Both ends
// ---------------------------------------------------------------------------------------------

bool
LinkAuthenticationEnd::InstallKey(ByteView key)
{
    if (m_started || m_state != LinkAuthenticationState::IDLE || key.size() < MASTER_KEY_SIZE)
    {
        return false;
    }
    DoTakeKey(key);
    DoKeyInstalled();
    return true;
}

LinkOutput
LinkAuthenticationEnd::Start()
{
    LinkOutput output;
    if (m_started || m_state == LinkAuthenticationState::FAILED)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return output;
    }
    m_started = true;
    if (m_state != LinkAuthenticationState::AUTHENTICATED)
    {
        DoStart(output);
    }
    return output;
}

LinkOutput
LinkAuthenticationEnd::Receive(ByteView frame)
{
    LinkOutput output;
    if (m_state == LinkAuthenticationState::FAILED)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return output;
    }
    m_started = true;
    const bool handshake = m_state == LinkAuthenticationState::HANDSHAKE;
    DoReceive(frame, output);
    m_keyInDoubt =
        m_keyInDoubt || (handshake && (output.drop == LinkAuthenticationDrop::BAD_MIC ||
                                       output.drop == LinkAuthenticationDrop::UNKNOWN_KEY));
    return output;
}

LinkOutput
LinkAuthenticationEnd::SendEap(ByteView packet)
{
    LinkOutput output;
    if (m_state == LinkAuthenticationState::AUTHENTICATING ||
        m_state == LinkAuthenticationState::HANDSHAKE)
    {
        DoSendEap(packet, output);
    }
    else
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
    }
    return output;
}

LinkOutput
LinkAuthenticationEnd::Repeat()
{
    LinkOutput output;
    if (m_started && m_state != LinkAuthenticationState::FAILED)
    {
        DoRepeat(output);
    }
    return output;
}

LinkAuthenticationOutcome
LinkAuthenticationEnd::GiveUp()
{
    if (m_outcome == LinkAuthenticationOutcome::PENDING)
    {
        Fail(m_keyInDoubt ? LinkAuthenticationOutcome::KEY_MISMATCH
                          : LinkAuthenticationOutcome::TIMEOUT);
    }
    return m_outcome;
}

void
LinkAuthenticationEnd::DoKeyInstalled()
{
    Advance(LinkAuthenticationState::HANDSHAKE);
}

void
LinkAuthenticationEnd::Succeed(LinkKeys keys)
{
    m_keys = std::move(keys);
    m_state = LinkAuthenticationState::AUTHENTICATED;
    m_outcome = LinkAuthenticationOutcome::SUCCESS;
}

void
LinkAuthenticationEnd::Fail(LinkAuthenticationOutcome outcome)
{
    m_keys.Clear();
    DoWipe();
    m_state = LinkAuthenticationState::FAILED;
    m_outcome = outcome;
}

// ---------------------------------------------------------------------------------------------
// Supplicant
// ---------------------------------------------------------------------------------------------

void
LinkSupplicant::EapSucceeded(ByteView msk)
{
    if (State() != LinkAuthenticationState::AUTHENTICATING)
    {
        return;
    }
    if (msk.size() < MASTER_KEY_SIZE)
    {
        Fail(LinkAuthenticationOutcome::UNUSABLE_KEY);
        return;
    }
    DoEapSucceeded(msk);
}

void
LinkSupplicant::EapFailed()
{
    if (State() == LinkAuthenticationState::AUTHENTICATING ||
        State() == LinkAuthenticationState::HANDSHAKE)
    {
        Fail(LinkAuthenticationOutcome::EAP_FAILED);
    }
}

// ---------------------------------------------------------------------------------------------
// Authenticator
// ---------------------------------------------------------------------------------------------

LinkOutput
LinkAuthenticator::EapSucceeded(ByteView packet, ByteView msk)
{
    LinkOutput output;
    if (State() != LinkAuthenticationState::AUTHENTICATING)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
    }
    else if (msk.size() < MASTER_KEY_SIZE)
    {
        Fail(LinkAuthenticationOutcome::UNUSABLE_KEY);
    }
    else
    {
        DoEapSucceeded(packet, msk, output);
    }
    return output;
}

LinkOutput
LinkAuthenticator::EapFailed(ByteView packet)
{
    LinkOutput output;
    if (State() != LinkAuthenticationState::AUTHENTICATING)
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
        return output;
    }
    DoEapFailed(packet, output);
    Fail(LinkAuthenticationOutcome::EAP_FAILED);
    return output;
}

LinkOutput
LinkAuthenticator::ReceiveVector(const std::optional<AuthenticationVector>& vector)
{
    LinkOutput output;
    if (State() == LinkAuthenticationState::AUTHENTICATING)
    {
        DoReceiveVector(vector, output);
    }
    else
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
    }
    return output;
}

LinkOutput
LinkAuthenticator::UpdateGroupKey()
{
    LinkOutput output;
    if (State() == LinkAuthenticationState::AUTHENTICATED)
    {
        DoUpdateGroupKey(output);
    }
    else
    {
        output.drop = LinkAuthenticationDrop::UNEXPECTED;
    }
    return output;
}

void
LinkAuthenticator::DoReceiveVector(const std::optional<AuthenticationVector>&, LinkOutput& output)
{
    output.drop = LinkAuthenticationDrop::UNEXPECTED;
}

void
LinkAuthenticator::DoUpdateGroupKey(LinkOutput& output)
{
    output.drop = LinkAuthenticationDrop::UNEXPECTED;
}

// ---------------------------------------------------------------------------------------------
// Technologies
// ---------------------------------------------------------------------------------------------

namespace
{

/**
 * @brief Make one end of a link.
 * @tparam End the abstract end
 * @tparam Eapol the end of IEEE 802.1X
 * @tparam Pkm the end of PKMv2
 * @param ctx the computing node
 * @param link link and point of attachment
 * @param makeEps makes the end of EPS-AKA from the computing node and the serving network
 * @return the end, or nullptr
 */
template <class End, class Eapol, class Pkm, class MakeEps>
std::unique_ptr<End>
MakeEnd(CryptoContext& ctx, const LinkTupleId& link, MakeEps makeEps)
{
    if (!link.poa)
    {
        return nullptr;
    }
    if (link.link.type == LinkType::UMTS)
    {
        const Cell3gId* cell = link.poa->GetCell3g();
        return cell != nullptr ? makeEps(ctx, cell->plmn) : nullptr;
    }
    const auto* mobile = link.link.address.GetMac();
    const auto* attachment = link.poa->GetMac();
    if (mobile == nullptr || attachment == nullptr)
    {
        return nullptr;
    }
    switch (link.link.type)
    {
    case LinkType::WIFI:
        return std::make_unique<Eapol>(ctx, *attachment, *mobile, EapolKeying::FOUR_WAY);
    case LinkType::ETHERNET:
        return std::make_unique<Eapol>(ctx, *attachment, *mobile, EapolKeying::NONE);
    case LinkType::WIMAX:
        return std::make_unique<Pkm>(ctx, *attachment, *mobile);
    default:
        return nullptr;
    }
}

} // namespace

std::unique_ptr<LinkSupplicant>
MakeLinkSupplicant(CryptoContext& ctx, const LinkTupleId& link, Usim* usim)
{
    return MakeEnd<LinkSupplicant, EapolSupplicant, PkmMobileStation>(
        ctx,
        link,
        [usim](CryptoContext& node, const std::array<uint8_t, 3>& plmn) {
            return std::unique_ptr<LinkSupplicant>(
                std::make_unique<EpsUserEquipment>(node, plmn, usim));
        });
}

std::unique_ptr<LinkAuthenticator>
MakeLinkAuthenticator(CryptoContext& ctx, const LinkTupleId& link)
{
    return MakeEnd<LinkAuthenticator, EapolAuthenticator, PkmBaseStation>(
        ctx,
        link,
        [](CryptoContext& node, const std::array<uint8_t, 3>& plmn) {
            return std::unique_ptr<LinkAuthenticator>(
                std::make_unique<EpsMobilityManagement>(node, plmn));
        });
}

} // namespace ns3::mis
