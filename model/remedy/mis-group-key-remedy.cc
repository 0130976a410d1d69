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

KeyDecision
TakeKey(KeyDeliveryContext& context, GroupKeyStore& store)
{
    if (context.tpos.IsEmpty())
    {
        return KeyDecision::WAIT_FOR_GROUP_KEY;
    }
    const auto key = store.Take(PairGroupId(context.crypto, context.mn, context.tpos));
    if (!key)
    {
        return KeyDecision::WAIT_FOR_GROUP_KEY;
    }
    context.key = key->mgk;
    context.said = key->said;
    context.keyLifetime = key->lifetime;
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

void
GroupKeyRemedy::CheckConfig() const
{
    if (m_path != VIA_SERVING_POS && m_path != DIRECT)
    {
        NS_FATAL_ERROR("GroupKeyRemedy: attribute Path is \"" << m_path << "\", allowed are "
                                                              << VIA_SERVING_POS << ", " << DIRECT);
    }
}

Status
GroupKeyRemedy::Issue(ServingContext& context,
                      const PreregXferRequest&,
                      N2nPreregXferRequest&) const
{
    if (!context.mnSa || !context.isProtected)
    {
        return Status::AUTHORIZATION_FAILURE;
    }
    if (!context.tposSa)
    {
        return Status::REJECTED;
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

KeyDecision
GroupKeyRemedy::AcceptAtTarget(TargetContext& context,
                               const N2nPreregXferRequest&,
                               N2nPreregXferResponse&) const
{
    return context.isProtected ? TakeKey(context, *context.groupKeys) : KeyDecision::REFUSED;
}

KeyDecision
GroupKeyRemedy::AcceptAtMobileNode(MobileNodeContext& context, const PreregXferResponse*) const
{
    return TakeKey(context, *context.groupKeys);
}

} // namespace ns3::mis
