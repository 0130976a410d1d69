// SPDX-License-Identifier: GPL-2.0-only

#include "mis-media-access.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-eap-gpsk.h"
#include "ns3/mis-outcome-name.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace ns3::mis
{

namespace
{

constexpr size_t USIM_KEY_OCTETS = 16;
constexpr uint64_t IMSI_LIMIT = 10000000000; // 10^IMSI_DIGITS

MisfId
ToMisfId(ByteView octets)
{
    return octets.size() <= MisfId::MAX_SIZE ? MisfId(std::string(octets.begin(), octets.end()))
                                             : MisfId();
}

/// Pre-shared keys by a function.
class SharedSecrets : public PskDirectory
{
  public:
    explicit SharedSecrets(FindSharedSecret find)
        : m_find(std::move(find))
    {
    }

    std::optional<SecretBytes> FindPsk(ByteView identity) const override
    {
        const auto mn = ToMisfId(identity);
        return mn.IsEmpty() ? std::nullopt : m_find(mn);
    }

  private:
    FindSharedSecret m_find;
};

void
Append(std::vector<Bytes>& frames, std::vector<Bytes> more)
{
    frames.insert(frames.end(),
                  std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
}

} // namespace

// credentials

std::string
ImsiOf(const MisfId& mn)
{
    // No cryptography: who provisions subscribers has none of the node.
    uint64_t number = 0;
    for (const uint8_t octet : mn.View())
    {
        number = (number * assigned::IMSI_BASE + octet) % IMSI_LIMIT;
    }
    std::string digits(assigned::IMSI_DIGITS, '0');
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit)
    {
        *digit = static_cast<char>('0' + number % 10);
        number /= 10;
    }
    return assigned::IMSI_PREFIX + digits;
}

SupplicantCredentials
MakeSupplicantCredentials(const SecretBytes& secret, const MisfId& mn, const MisfId& server)
{
    GpskPeerConfiguration gpsk;
    gpsk.identity = mn.Get();
    gpsk.serverId = server.Get();
    gpsk.psk = secret;
    auto eap = std::make_shared<EapPeerConfiguration>();
    eap->identity = mn.Get();
    eap->methods.push_back(std::make_shared<GpskPeerFactory>(std::move(gpsk)));
    const auto view = secret.View();
    return {eap,
            std::make_shared<Usim>(ImsiOf(mn),
                                   view.Sub(0, USIM_KEY_OCTETS),
                                   view.Sub(USIM_KEY_OCTETS, USIM_KEY_OCTETS))};
}

AuthenticatorCredentials
MakeAuthenticatorCredentials(
    CryptoContext& crypto,
    FindSharedSecret find,
    std::function<std::optional<MisfId>(const std::string& imsi)> subscribers,
    const MisfId& server)
{
    GpskServerConfiguration gpsk;
    gpsk.identity = server.Get();
    gpsk.directory = std::make_shared<SharedSecrets>(find);
    auto eap = std::make_shared<EapServerConfiguration>();
    eap->methods.push_back(std::make_shared<GpskServerFactory>(std::move(gpsk)));
    // Sequence numbers have to grow from one vector of a subscriber to the next.
    auto home = std::make_shared<std::map<std::string, EpsSubscriber>>();
    const auto vectors =
        [&crypto, find, subscribers, home](
            const AuthenticationVectorRequest& request) -> std::optional<AuthenticationVector> {
        auto subscriber = home->find(request.imsi);
        if (subscriber == home->end())
        {
            const auto mn = subscribers(request.imsi);
            const auto secret = mn ? find(*mn) : std::nullopt;
            if (!secret)
            {
                return std::nullopt;
            }
            const auto view = secret->View();
            subscriber = home->emplace(request.imsi,
                                       EpsSubscriber(view.Sub(0, USIM_KEY_OCTETS),
                                                     view.Sub(USIM_KEY_OCTETS, USIM_KEY_OCTETS)))
                             .first;
        }
        return subscriber->second.MakeVector(crypto, request);
    };
    return {eap, vectors};
}

// both ends

void
MediaAccess::Succeed(const SecretBytes& root)
{
    if (m_state == MediaAccessState::RUNNING)
    {
        m_state = MediaAccessState::SUCCESS;
        m_root = root;
    }
}

void
MediaAccess::Fail(const std::string& reason)
{
    if (m_state == MediaAccessState::RUNNING)
    {
        m_state = MediaAccessState::FAILURE;
        m_reason = reason;
    }
}

void
MediaAccess::Follow(const LinkAuthenticationEnd& end)
{
    if (end.State() == LinkAuthenticationState::FAILED)
    {
        Fail(OutcomeName(ToString(end.Outcome())));
    }
    else if (const auto* kasme = end.Keys().Find("K_ASME"))
    {
        Succeed(*kasme);
    }
}

MediaAccessSupplicant::MediaAccessSupplicant(CryptoContext& crypto,
                                             const LinkTupleId& link,
                                             SupplicantCredentials credentials,
                                             int64_t nowNs)
    : m_credentials(std::move(credentials)),
      m_link(MakeLinkSupplicant(crypto, link, m_credentials.usim.get()))
{
    if (!m_link || !m_credentials.eap)
    {
        Fail(m_link ? "no-credentials" : "unsupported-link");
        return;
    }
    m_eap.emplace(crypto, m_credentials.eap, nowNs);
}

std::vector<Bytes>
MediaAccessSupplicant::Do(LinkOutput output)
{
    m_drop = output.drop;
    auto frames = std::move(output.frames);
    if (output.eap)
    {
        if (const auto response = m_eap->Receive(*output.eap))
        {
            Append(frames, m_link->SendEap(*response).frames);
        }
        if (m_eap->State() == EapState::SUCCESS)
        {
            Succeed(m_eap->Exported().msk);
        }
        else if (m_eap->State() == EapState::FAILURE)
        {
            Fail(OutcomeName(ToString(m_eap->Outcome())));
        }
    }
    Follow(*m_link);
    return frames;
}

std::vector<Bytes>
MediaAccessSupplicant::Start()
{
    return m_link ? Do(m_link->Start()) : std::vector<Bytes>();
}

std::vector<Bytes>
MediaAccessSupplicant::Receive(ByteView frame)
{
    return m_link ? Do(m_link->Receive(frame)) : std::vector<Bytes>();
}

std::vector<Bytes>
MediaAccessSupplicant::Repeat()
{
    return m_link ? Do(m_link->Repeat()) : std::vector<Bytes>();
}

bool
MediaAccessSupplicant::Accept()
{
    if (GetState() == MediaAccessState::RUNNING && m_eap && m_eap->AcceptLowerLayerSuccess())
    {
        Succeed(m_eap->Exported().msk);
    }
    return GetState() == MediaAccessState::SUCCESS;
}

MediaAccessAuthenticator::MediaAccessAuthenticator(CryptoContext& crypto,
                                                   const LinkTupleId& link,
                                                   AuthenticatorCredentials credentials,
                                                   int64_t nowNs)
    : m_crypto(crypto),
      m_credentials(std::move(credentials)),
      m_nowNs(nowNs),
      m_link(MakeLinkAuthenticator(crypto, link))
{
    if (!m_link || !m_credentials.eap)
    {
        Fail(m_link ? "no-credentials" : "unsupported-link");
    }
}

void
MediaAccessAuthenticator::Serve(ByteView packet, std::vector<Bytes>& frames)
{
    const auto answer = m_eap->Receive(packet);
    if (!answer)
    {
        return;
    }
    if (m_eap->State() == EapState::FAILURE)
    {
        Append(frames, m_link->EapFailed(*answer).frames);
        Fail(OutcomeName(ToString(m_eap->Outcome())));
        return;
    }
    // A success is carried like any other packet, so that no handshake begins here.
    Append(frames, m_link->SendEap(*answer).frames);
    if (m_eap->State() == EapState::SUCCESS)
    {
        m_identity = m_eap->Exported().peerId;
        Succeed(m_eap->Exported().msk);
    }
}

std::vector<Bytes>
MediaAccessAuthenticator::Do(LinkOutput output)
{
    m_drop = output.drop;
    auto frames = std::move(output.frames);
    if (output.eapWanted)
    {
        m_eap.emplace(m_crypto, m_credentials.eap, m_nowNs);
        Append(frames, m_link->SendEap(m_eap->Start()).frames);
    }
    if (output.eap && m_eap)
    {
        Serve(*output.eap, frames);
    }
    if (output.vectorRequest)
    {
        m_identity = output.vectorRequest->imsi;
        Append(frames, Do(m_link->ReceiveVector(m_credentials.vectors(*output.vectorRequest))));
    }
    Follow(*m_link);
    return frames;
}

std::vector<Bytes>
MediaAccessAuthenticator::Start()
{
    return GetState() == MediaAccessState::RUNNING ? Do(m_link->Start()) : std::vector<Bytes>();
}

std::vector<Bytes>
MediaAccessAuthenticator::Repeat()
{
    return GetState() == MediaAccessState::RUNNING ? Do(m_link->Repeat()) : std::vector<Bytes>();
}

std::vector<Bytes>
MediaAccessAuthenticator::Receive(ByteView frame)
{
    return m_link ? Do(m_link->Receive(frame)) : std::vector<Bytes>();
}

bool
HasHandshake(LinkType type)
{
    return type == LinkType::WIFI || type == LinkType::WIMAX;
}

LinkId
OfferedLink(const LinkTupleId& tuple)
{
    return tuple.poa ? LinkId{tuple.link.type, *tuple.poa} : tuple.link;
}

} // namespace ns3::mis
