// SPDX-License-Identifier: GPL-2.0-only

#include "mis-group-manager.h"

#include "mis-point-of-service.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/log.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-auth-messages.h"
#include "ns3/mis-ciphersuite.h"
#include "ns3/mis-group-key-block.h"
#include "ns3/mis-group-key-store.h"
#include "ns3/mis-key-tree.h"
#include "ns3/mis-sa-termination.h"
#include "ns3/mis-socket-octets.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisGroupManager");
NS_OBJECT_ENSURE_REGISTERED(GroupManager);

namespace
{

constexpr size_t ROOT_OCTETS = 32;
constexpr size_t MGK_OCTETS = 16;

} // namespace

TypeId
GroupManager::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::GroupManager")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<GroupManager>()
            .AddAttribute("Depth",
                          "Depth of the key tree: 2^Depth devices fit in.",
                          UintegerValue(16),
                          MakeUintegerAccessor(&GroupManager::m_depth),
                          MakeUintegerChecker<uint8_t>(1, 32))
            .AddAttribute("ResponseFlag",
                          "Whether members answer a group key block; without answers a lost one "
                          "is not sent again.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&GroupManager::m_responseFlag),
                          MakeBooleanChecker())
            .AddAttribute("RequesterMayBeMember",
                          "Whether a PoS may have itself made a member of the group it asks a key "
                          "for; if so, a PoS that is not honest learns K.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&GroupManager::m_requesterMayBeMember),
                          MakeBooleanChecker())
            .AddAttribute("KeyLifetime",
                          "Lifetime of a group key in seconds.",
                          UintegerValue(assigned::KEY_LIFETIME_S),
                          MakeUintegerAccessor(&GroupManager::m_keyLifetime),
                          MakeUintegerChecker<uint32_t>(1))
            .AddTraceSource("Issued",
                            "A group key block is sent (MIS_Push_Group_Manipulate).",
                            MakeTraceSourceAccessor(&GroupManager::m_issuedTrace),
                            "ns3::mis::GroupManager::IssuedTracedCallback")
            .AddTraceSource("Answered",
                            "A member has answered, or somebody has not in time.",
                            MakeTraceSourceAccessor(&GroupManager::m_answeredTrace),
                            "ns3::mis::GroupManager::AnsweredTracedCallback");
    return tid;
}

GroupManager::GroupManager() = default;
GroupManager::~GroupManager() = default;

void
GroupManager::DoDispose()
{
    m_misf = nullptr;
    m_provisioning.reset();
    Object::DoDispose();
}

void
GroupManager::SetMisf(Ptr<Misf> misf)
{
    m_misf = misf;
    m_misf->SetHandler(GroupKeyRequest::ID,
                       [this](const ReceivedMessage& message) { OnRequest(message); });
    if (!m_misf->GetObject<PointOfService>()) // which answers for both
    {
        m_misf->SetHandler(TerminationAuthRequest::ID, [this](const ReceivedMessage& message) {
            AnswerTermination(*m_misf, message);
        });
    }
}

CryptoContext&
GroupManager::ProvisioningCrypto()
{
    if (!m_provisioning)
    {
        m_misf->Start();
        m_provisioning =
            std::make_unique<CryptoContext>(m_misf->GetCrypto().Backend(), m_misf->GetRandom());
    }
    return *m_provisioning;
}

void
GroupManager::MakeKeys()
{
    auto& crypto = ProvisioningCrypto();
    m_issuer = std::make_unique<DeviceKeyIssuer>(crypto.RandomSecret(ROOT_OCTETS), m_depth);
    m_signature = EcdsaKeyPair::Generate(crypto);
}

const EcdsaPublicKey&
GroupManager::GetPublicKey() const
{
    NS_ABORT_MSG_IF(!m_signature, "GroupManager: call MakeKeys first");
    return m_signature->Public();
}

DeviceKeySet
GroupManager::AddDevice(const MisfId& device)
{
    NS_ABORT_MSG_IF(!m_issuer, "GroupManager: call MakeKeys first");
    const auto [it, isNew] = m_leaves.emplace(device, m_nextLeaf);
    if (isNew)
    {
        NS_ABORT_MSG_IF(m_depth < 32 && m_nextLeaf >> m_depth != 0,
                        "GroupManager: attribute Depth is "
                            << static_cast<unsigned>(m_depth) << ", a tree of "
                            << (uint64_t{1} << m_depth) << " leaves has no room for " << device);
        ++m_nextLeaf;
    }
    auto& crypto = ProvisioningCrypto();
    DeviceKeySet keys(crypto, *m_issuer, LeafIndex(it->second));
    if (auto log = m_misf->GetKeyLog())
    {
        for (uint8_t level = 1; level <= m_depth; ++level)
        {
            log->DeviceKey(device, level, it->second >> (m_depth - level), keys.Key(level));
        }
    }
    return keys;
}

void
GroupManager::OnRequest(const ReceivedMessage& message)
{
    const auto request = DecodeBody<GroupKeyRequest>(message.body);
    if (!request)
    {
        m_misf->Refuse(message);
        return;
    }
    // Only a PoS that this one shares an SA with may have keys issued.
    const auto issued = message.sa ? Issue(*request, message.source, message.from)
                                   : Issued{Status::AUTHORIZATION_FAILURE, std::nullopt};
    GroupKeyResponse response;
    response.group = issued.group;
    response.status = issued.status;
    m_misf->SendResponse(message.transaction, response, {});
}

void
GroupManager::AddToGroup(const MisfId& group, const MisfId& member)
{
    auto& members = m_memberships[group];
    if (std::find(members.begin(), members.end(), member) == members.end())
    {
        members.push_back(member);
    }
}

std::vector<GroupManager::Recipient>
GroupManager::FindRecipients(const GroupKeyRequest& request, const PeerAddress& via) const
{
    std::vector<Recipient> recipients;
    for (size_t i = 0; i < request.members.size(); ++i)
    {
        const auto& member = request.members[i];
        std::optional<PeerAddress> address;
        if (request.memberAddresses)
        {
            address = ReadSocketOctets((*request.memberAddresses)[i]);
        }
        if (!address)
        {
            // The MN is reached through its SPoS, others where they are known to be.
            const auto known = i == 0 ? PeerAddress() : m_misf->GetPeerAddress(member);
            address = known.IsEmpty() ? via : known;
        }
        const auto group = m_memberships.find(member);
        if (group == m_memberships.end())
        {
            recipients.push_back({member, *address});
            continue;
        }
        for (const auto& each : group->second)
        {
            recipients.push_back({each, *address});
        }
    }
    return recipients;
}

template <class M>
Bytes
GroupManager::BuildBlock(M message,
                         const MisfId& group,
                         uint64_t sequenceNumber,
                         const std::vector<LeafIndex>& leaves,
                         const SecretBytes& mgk,
                         uint16_t tid)
{
    auto& crypto = m_misf->GetCrypto();
    GroupKeyBlock::Build(crypto, *m_issuer, CompleteSubtree(m_depth, leaves), mgk, group, message);
    message.sequenceNumber = sequenceNumber;
    message.responseFlag = m_responseFlag;
    message.subtreeFlag = static_cast<uint8_t>(SubtreeMethod::LISTED_ARE_MEMBERS);
    message.saidNotification = Said::Make(IdType::GKB, m_nextSaid++);
    message.keyLifetime = m_keyLifetime;
    Header header{};
    header.tid = tid;
    return GroupKeyBlock::Sign(crypto, *m_signature, header, m_misf->GetId(), group, message);
}

GroupManager::Issued
GroupManager::Issue(const GroupKeyRequest& request, const MisfId& requester, const PeerAddress& via)
{
    Misf::Activity activity(*m_misf);
    const auto& members = request.members;
    if (members.size() < 2 ||
        (request.memberAddresses && request.memberAddresses->size() != members.size()) ||
        (request.ciphersuite && !FindCiphersuite(*request.ciphersuite)))
    {
        return {Status::REJECTED, std::nullopt};
    }
    const auto recipients = FindRecipients(request, via);
    const auto isRequester = [&requester](const Recipient& r) { return r.member == requester; };
    if (!m_requesterMayBeMember && std::any_of(recipients.begin(), recipients.end(), isRequester))
    {
        NS_LOG_INFO(m_misf->GetId() << ": " << requester << " asks for a key of its own");
        return {Status::REJECTED, std::nullopt};
    }
    std::vector<LeafIndex> leaves;
    std::vector<GroupTarget> targets;
    for (const auto& recipient : recipients)
    {
        const auto leaf = m_leaves.find(recipient.member);
        if (leaf == m_leaves.end())
        {
            NS_LOG_INFO(m_misf->GetId() << ": " << recipient.member << " has no device key");
            return {Status::REJECTED, std::nullopt};
        }
        leaves.emplace_back(leaf->second);
        if (recipient.address.IsEmpty())
        {
            return {Status::NETWORK_ERROR, std::nullopt};
        }
        targets.push_back({recipient.address, recipient.member});
    }
    std::sort(leaves.begin(), leaves.end());
    if (std::adjacent_find(leaves.begin(), leaves.end()) != leaves.end())
    {
        NS_LOG_INFO(m_misf->GetId() << ": a member is named twice");
        return {Status::REJECTED, std::nullopt};
    }
    const auto tid = m_misf->NewGroupTid();
    if (!tid)
    {
        return {Status::UNSPECIFIED_FAILURE, std::nullopt};
    }
    auto& crypto = m_misf->GetCrypto();
    const auto group = request.nonce ? SharedGroupId(crypto, members[0], members[1], *request.nonce)
                                     : PairGroupId(crypto, members[0], members[1]);
    const auto mgk = crypto.RandomSecret(MGK_OCTETS);
    // With a nonce each key has a group of its own, of which there is one block.
    const uint64_t sequenceNumber = request.nonce ? 1 : ++m_groups[group].sequenceNumber;
    if (auto log = m_misf->GetKeyLog())
    {
        log->Mgk(group, sequenceNumber, mgk);
    }
    const Bytes frame =
        m_responseFlag
            ? BuildBlock(NetGroupManipulateRequest(), group, sequenceNumber, leaves, mgk, *tid)
            : BuildBlock(NetGroupManipulateIndication(), group, sequenceNumber, leaves, mgk, *tid);
    TransactionDone done;
    if (m_responseFlag)
    {
        done = [this, group](const TransactionResult& result) {
            const auto member = result.message ? result.message->source : MisfId();
            m_misf->TraceAtCompletion(m_answeredTrace, group, member);
        };
    }
    const auto count = static_cast<uint32_t>(recipients.size());
    const auto octets = static_cast<uint32_t>(frame.size());
    m_misf->SendToGroup(frame, std::move(targets), std::move(done));
    m_misf->TraceAtCompletion(m_issuedTrace, group, count, octets);
    NS_LOG_INFO(m_misf->GetId() << ": issues a key to " << group << " for " << requester);
    return {Status::SUCCESS, group};
}

} // namespace ns3::mis
