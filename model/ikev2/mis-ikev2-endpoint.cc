// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief IKEv2 of one node: its interface, and choices that need no state.
 */
#include "mis-ikev2-endpoint.h"

#include "mis-ikev2-engine.h"

#include "ns3/mis-key-agreement.h"
#include "ns3/mis-real-crypto.h"
#include "ns3/mis-tlv.h"

#include <algorithm>

namespace ns3::mis
{

const char*
ToString(Ikev2Outcome outcome)
{
    switch (outcome)
    {
    case Ikev2Outcome::SUCCESS:
        return "success";
    case Ikev2Outcome::PSK_MISMATCH:
        return "psk-mismatch";
    case Ikev2Outcome::PSK_UNKNOWN:
        return "psk-unknown";
    case Ikev2Outcome::CERT_EXPIRED:
        return "cert-expired";
    case Ikev2Outcome::CERT_UNKNOWN_CA:
        return "cert-unknown-ca";
    case Ikev2Outcome::CERT_NAME_MISMATCH:
        return "cert-name-mismatch";
    case Ikev2Outcome::CERT_INVALID:
        return "cert-invalid";
    case Ikev2Outcome::SIGNATURE_MISMATCH:
        return "signature-mismatch";
    case Ikev2Outcome::NO_COMMON_SUITE:
        return "no-common-suite";
    case Ikev2Outcome::TIMEOUT:
        return "timeout";
    case Ikev2Outcome::REFUSED:
        return "refused";
    case Ikev2Outcome::DELETED:
        return "deleted";
    case Ikev2Outcome::EXPIRED:
        return "expired";
    case Ikev2Outcome::SUPERSEDED:
        return "superseded";
    }
    return "unknown";
}

const char*
ToString(Ikev2Drop drop)
{
    switch (drop)
    {
    case Ikev2Drop::NONE:
        return "none";
    case Ikev2Drop::MALFORMED:
        return "malformed";
    case Ikev2Drop::UNKNOWN_SA:
        return "unknown-sa";
    case Ikev2Drop::UNEXPECTED:
        return "unexpected";
    case Ikev2Drop::NOT_AUTHENTIC:
        return "not-authentic";
    case Ikev2Drop::UNACCEPTABLE:
        return "unacceptable";
    }
    return "unknown";
}

namespace ikev2
{

GroupKey
GroupKey::Generate(CryptoContext& ctx, uint16_t group)
{
    RealCrypto real(ctx);
    GroupKey key;
    key.group = group;
    if (group == GROUP_P256)
    {
        const auto pair = P256KeyPair::Generate(real);
        key.priv = pair.priv;
        key.pub.assign(pair.pub.begin(), pair.pub.end());
    }
    else
    {
        const auto pair = X25519KeyPair::Generate(real);
        key.priv = pair.priv;
        key.pub.assign(pair.pub.begin(), pair.pub.end());
    }
    return key;
}

std::optional<SecretBytes>
GroupKey::Derive(CryptoContext& ctx, ByteView peer) const
{
    RealCrypto real(ctx);
    return group == GROUP_P256 ? P256KeyPair::Derive(real, priv, peer)
                               : X25519KeyPair::Derive(real, priv, peer);
}

Proposal
IkeProposal(const std::vector<uint16_t>& groups, uint64_t spi)
{
    Proposal proposal;
    proposal.protocol = Protocol::IKE;
    if (spi != 0)
    {
        Writer(proposal.spi).U64(spi);
    }
    proposal.transforms = {{TransformType::ENCR, ENCR_AES_GCM_16, 128},
                           {TransformType::PRF, PRF_HMAC_SHA2_256}};
    for (const auto group : groups)
    {
        proposal.transforms.push_back({TransformType::DH, group});
    }
    return proposal;
}

Proposal
EspProposal(uint32_t spi, uint16_t group)
{
    Proposal proposal;
    proposal.protocol = Protocol::ESP;
    proposal.spi = SpiOctets(spi);
    proposal.transforms = {{TransformType::ENCR, ENCR_AES_GCM_16, 128}};
    if (group != GROUP_NONE)
    {
        proposal.transforms.push_back({TransformType::DH, group});
    }
    proposal.transforms.push_back({TransformType::ESN, ESN_NONE});
    return proposal;
}

std::optional<Proposal>
Choose(const SaPayload& offered, const Proposal& own)
{
    for (const auto& proposal : offered.proposals)
    {
        if (proposal.protocol != own.protocol || proposal.spi.size() != own.spi.size())
        {
            continue;
        }
        Proposal chosen;
        chosen.number = proposal.number;
        chosen.protocol = proposal.protocol;
        chosen.spi = proposal.spi;
        for (const auto& transform : own.transforms)
        {
            const auto isOfType = [&transform](const Transform& t) {
                return t.type == transform.type;
            };
            const bool isDecided =
                std::any_of(chosen.transforms.begin(), chosen.transforms.end(), isOfType);
            if (!isDecided &&
                std::count(proposal.transforms.begin(), proposal.transforms.end(), transform) > 0)
            {
                chosen.transforms.push_back(transform);
            }
        }
        // One of each type that either end names; "none" may be named by not naming the type.
        const auto hasType = [](const Proposal& p, TransformType type) {
            return std::any_of(p.transforms.begin(), p.transforms.end(), [type](const auto& t) {
                return t.type == type;
            });
        };
        const auto isCovered = [&](const Transform& t) {
            const bool mayBeNone = t.type == TransformType::DH || t.type == TransformType::INTEG;
            return hasType(chosen, t.type) || (mayBeNone && t.id == 0);
        };
        const auto covers = [&](const Proposal& p) {
            return std::all_of(p.transforms.begin(), p.transforms.end(), isCovered);
        };
        if (covers(own) && covers(proposal))
        {
            return chosen;
        }
    }
    return std::nullopt;
}

std::optional<Proposal>
ChooseIke(const SaPayload& offered,
          const std::vector<uint16_t>& groups,
          uint16_t sent,
          uint64_t spi)
{
    const bool isUsable = std::count(groups.begin(), groups.end(), sent) > 0;
    auto chosen = isUsable ? Choose(offered, IkeProposal({sent}, spi)) : std::nullopt;
    return chosen ? chosen : Choose(offered, IkeProposal(groups, spi));
}

uint16_t
TransformOf(const Proposal& proposal, TransformType type)
{
    for (const auto& transform : proposal.transforms)
    {
        if (transform.type == type)
        {
            return transform.id;
        }
    }
    return 0;
}

std::vector<TrafficSelector>
Intersect(const std::vector<TrafficSelector>& offered, const std::vector<TrafficSelector>& own)
{
    std::vector<TrafficSelector> common;
    for (const auto& a : offered)
    {
        for (const auto& b : own)
        {
            TrafficSelector both = a;
            both.ipProtocol = std::max(a.ipProtocol, b.ipProtocol);
            both.startPort = std::max(a.startPort, b.startPort);
            both.endPort = std::min(a.endPort, b.endPort);
            both.start = std::max(a.start, b.start);
            both.end = std::min(a.end, b.end);
            const bool isSameProtocol =
                a.ipProtocol == b.ipProtocol || a.ipProtocol == 0 || b.ipProtocol == 0;
            if (a.type == b.type && isSameProtocol && both.startPort <= both.endPort &&
                both.start <= both.end && std::count(common.begin(), common.end(), both) == 0)
            {
                common.push_back(both);
            }
        }
    }
    return common;
}

std::optional<std::string>
NameOf(const IdPayload& id)
{
    const std::string name(id.data.begin(), id.data.end());
    const bool isPrintable =
        std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 127; });
    // A host name with a leading dot would match the certificates of all hosts below it.
    if (name.empty() || name.size() > 255 || !isPrintable || name[0] == '.' ||
        name.front() == '@' || name.back() == '@' ||
        std::count(name.begin(), name.end(), '@') > 1 || id.type != IdOf(name).type)
    {
        return std::nullopt;
    }
    return name;
}

Bytes
LowerNonce(const Bytes& a, const Bytes& b)
{
    return std::min(a, b);
}

Payload
Notify(NotifyType type, Bytes data, Protocol protocol, Bytes spi)
{
    NotifyPayload body;
    body.type = type;
    body.data = std::move(data);
    body.protocol = protocol;
    body.spi = std::move(spi);
    return {PayloadType::NOTIFY, body};
}

Bytes
SpiOctets(uint32_t spi)
{
    Bytes octets;
    Writer(octets).U32(spi);
    return octets;
}

uint32_t
ReadSpi(ByteView octets)
{
    Reader reader(octets);
    uint32_t spi = 0;
    return octets.size() == sizeof spi && reader.U32(spi) ? spi : 0;
}

} // namespace ikev2

Ikev2Endpoint::Ikev2Endpoint(CryptoContext& ctx, Ikev2Configuration configuration)
    : m_engine(std::make_unique<Engine>(ctx, std::move(configuration)))
{
}

Ikev2Endpoint::~Ikev2Endpoint() = default;

Ikev2Output
Ikev2Endpoint::Initiate(int64_t nowNs, const std::string& peerName, const Ikev2PeerKey& peer)
{
    return m_engine->Initiate(nowNs, peerName, peer);
}

Ikev2Output
Ikev2Endpoint::Receive(int64_t nowNs, const Ikev2PeerKey& from, ByteView datagram)
{
    return m_engine->Receive(nowNs, from, datagram);
}

Ikev2Output
Ikev2Endpoint::Expire(int64_t nowNs)
{
    return m_engine->Expire(nowNs);
}

int64_t
Ikev2Endpoint::NextDeadlineNs() const
{
    return m_engine->NextDeadlineNs();
}

Ikev2Output
Ikev2Endpoint::RekeyChild(int64_t nowNs, uint32_t spiIn)
{
    return m_engine->Order(nowNs, spiIn, Engine::Task::REKEY_CHILD);
}

Ikev2Output
Ikev2Endpoint::DeleteChild(int64_t nowNs, uint32_t spiIn)
{
    return m_engine->Order(nowNs, spiIn, Engine::Task::DELETE_CHILD);
}

Ikev2Output
Ikev2Endpoint::Rekey(int64_t nowNs, const std::string& peerName)
{
    return m_engine->Order(nowNs, peerName, Engine::Task::REKEY_IKE);
}

Ikev2Output
Ikev2Endpoint::Probe(int64_t nowNs, const std::string& peerName)
{
    return m_engine->Order(nowNs, peerName, Engine::Task::PROBE);
}

Ikev2Output
Ikev2Endpoint::Delete(int64_t nowNs, const std::string& peerName)
{
    return m_engine->Order(nowNs, peerName, Engine::Task::DELETE_IKE);
}

std::size_t
Ikev2Endpoint::CountIkeSas(const std::string& peerName) const
{
    return m_engine->Established(peerName).size();
}

std::vector<Ikev2ChildSa>
Ikev2Endpoint::Children(const std::string& peerName) const
{
    std::vector<Ikev2ChildSa> children;
    for (const auto* sa : m_engine->Established(peerName))
    {
        for (const auto& child : sa->children)
        {
            if (child.state == Engine::ChildState::UP)
            {
                children.push_back(child.sa);
            }
        }
    }
    return children;
}

std::size_t
Ikev2Endpoint::CountStates() const
{
    return m_engine->CountStates();
}

} // namespace ns3::mis
