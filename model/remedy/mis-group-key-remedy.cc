// SPDX-License-Identifier: GPL-2.0-only

#include "mis-group-key-remedy.h"

#include "ns3/abort.h"
#include "ns3/string.h"

#include <set>
#include <sstream>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(GroupKeyRemedy);

namespace
{

constexpr const char* VIA_SERVING_POS = "ViaServingPos";
constexpr const char* DIRECT = "Direct";

/// Looks for the key; a pair uses it once, and so does each mobile node of a group.
KeyDecision
TakeKey(KeyDeliveryContext& context, GroupKeyStore& store, bool isMobileNode)
{
    const bool isShared = !context.group.IsEmpty();
    if (context.tpos.IsEmpty() || (isShared && !context.nonceN))
    {
        return KeyDecision::WAIT_FOR_GROUP_KEY; // which one is not known yet
    }
    const auto id = KeyGroupId(context);
    const auto* key = store.Find(id);
    if (!key)
    {
        return KeyDecision::WAIT_FOR_GROUP_KEY;
    }
    context.key = key->mgk;
    context.keyLifetime = key->lifetime;
    if (!isShared)
    {
        context.said = key->said; // the SAs of a group have names of their own
    }
    if (!isShared || isMobileNode)
    {
        store.Take(id);
    }
    return KeyDecision::ACCEPTED;
}

} // namespace

TypeId
GroupKeyRemedy::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::GroupKeyRemedy")
            .SetParent<KeyDeliveryRemedy>()
            .SetGroupName("MisPrereg")
            .AddConstructor<GroupKeyRemedy>()
            .AddAttribute("Path",
                          "How the group key block reaches the MN: ViaServingPos (the SPoS relays "
                          "it) or Direct (the group manager sends it to the MN).",
                          StringValue(VIA_SERVING_POS),
                          MakeStringAccessor(&GroupKeyRemedy::m_path),
                          MakeStringChecker())
            .AddAttribute("ExtraMembers",
                          "MISF identifiers that get the group key besides MN and TPoS, separated "
                          "by commas.",
                          StringValue(""),
                          MakeStringAccessor(&GroupKeyRemedy::m_extraMembers),
                          MakeStringChecker())
            .AddAttribute("Group",
                          "At mobile nodes: MISF identifier of the group that preregisters "
                          "together, which the group manager must know; empty for each alone.",
                          StringValue(""),
                          MakeStringAccessor(&GroupKeyRemedy::m_group),
                          MakeStringChecker());
    return tid;
}

std::string
GroupKeyRemedy::GetName() const
{
    return "remedy2";
}

std::string
GroupKeyRemedy::GetSecurityConsiderations() const
{
    return "The domino effect is removed: only MN and TPoS (and the group manager) can open the "
           "group key block, a serving PoS relays it without learning K. The group manager is a "
           "single point: whoever controls it, or the root secret of its key tree, learns all "
           "keys. MN and TPoS need device keys.";
}

MisfId
GroupKeyRemedy::GetGroup() const
{
    return m_group.empty() ? MisfId() : MisfId(m_group);
}

void
GroupKeyRemedy::PrepareRequest(MobileNodeContext& context, PreregXferRequest& request) const
{
    if (context.group.IsEmpty())
    {
        return;
    }
    // All members get the same group key; what the others do not know makes the keys differ. It
    // goes under the SA with the SPoS, which does not know the group key.
    Nonce nonce;
    context.crypto.Random(nonce.data(), nonce.size());
    context.nonceT = nonce;
    request.nonceT = nonce;
    request.group = context.group;
}

void
GroupKeyRemedy::CheckConfig() const
{
    if (!m_group.empty() && (m_path == DIRECT || !m_extraMembers.empty()))
    {
        NS_FATAL_ERROR("GroupKeyRemedy: attribute Group is \""
                       << m_group << "\", which allows Path " << VIA_SERVING_POS
                       << " and no ExtraMembers only");
    }
    if (m_path != VIA_SERVING_POS && m_path != DIRECT)
    {
        NS_FATAL_ERROR("GroupKeyRemedy: attribute Path is \"" << m_path << "\", allowed are "
                                                              << VIA_SERVING_POS << ", " << DIRECT);
    }
}

Status
GroupKeyRemedy::Issue(ServingContext& context,
                      const PreregXferRequest& request,
                      N2nPreregXferRequest& toTarget) const
{
    if (!context.mnSa || !context.isProtected)
    {
        return Status::AUTHORIZATION_FAILURE;
    }
    if (!context.tposSa)
    {
        return Status::REJECTED;
    }
    if (!context.group.IsEmpty())
    {
        if (!request.nonceT)
        {
            return Status::REJECTED;
        }
        context.nonceT = request.nonceT;
        const auto status = context.services->RequestGroupKey({context.group, context.tpos}, false);
        toTarget.nonceT = context.nonceT;
        toTarget.nonceN = context.nonceN;
        toTarget.group = context.group;
        return status;
    }
    std::vector<MisfId> members{context.mn, context.tpos};
    std::set<MisfId> named(members.begin(), members.end());
    std::istringstream extra(m_extraMembers);
    for (std::string id; std::getline(extra, id, ',');)
    {
        if (named.emplace(id).second)
        {
            members.emplace_back(id);
        }
    }
    return context.services->RequestGroupKey(members, m_path == DIRECT);
}

void
GroupKeyRemedy::Answer(ServingContext& context,
                       const N2nPreregXferResponse&,
                       PreregXferResponse& toMobileNode) const
{
    if (!context.group.IsEmpty())
    {
        toMobileNode.nonceN = context.nonceN;
    }
}

KeyDecision
GroupKeyRemedy::AcceptAtTarget(TargetContext& context,
                               const N2nPreregXferRequest& request,
                               N2nPreregXferResponse&) const
{
    if (!context.isProtected || (request.group && (!request.nonceT || !request.nonceN)))
    {
        return KeyDecision::REFUSED;
    }
    if (request.group)
    {
        context.nonceT = request.nonceT;
        context.nonceN = request.nonceN;
    }
    return TakeKey(context, *context.groupKeys, false);
}

KeyDecision
GroupKeyRemedy::AcceptAtMobileNode(MobileNodeContext& context,
                                   const PreregXferResponse* response) const
{
    if (!context.group.IsEmpty() && response)
    {
        if (!response->nonceN)
        {
            return KeyDecision::REFUSED;
        }
        context.nonceN = response->nonceN;
    }
    return TakeKey(context, *context.groupKeys, true);
}

} // namespace ns3::mis
