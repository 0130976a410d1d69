// SPDX-License-Identifier: GPL-2.0-only

#include "mis-group-key-store.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-kdf.h"
#include "ns3/mis-mac.h"

namespace ns3::mis
{

namespace
{

MisfId
IdOf(CryptoContext& crypto, const KdfContext& members)
{
    const auto digest = Sha256(crypto, {members.View()});
    return MisfId(std::string(assigned::GROUP_ID_PREFIX) + ToHex(ByteView(digest).Sub(0, 8)) +
                  assigned::GROUP_ID_SUFFIX);
}

} // namespace

MisfId
PairGroupId(CryptoContext& crypto, const MisfId& mn, const MisfId& tpos)
{
    KdfContext pair;
    pair.LengthPrefixed(mn.View()).LengthPrefixed(tpos.View());
    return IdOf(crypto, pair);
}

MisfId
SharedGroupId(CryptoContext& crypto, const MisfId& group, const MisfId& tpos, const Nonce& nonce)
{
    KdfContext members;
    members.LengthPrefixed(group.View()).LengthPrefixed(tpos.View()).Raw(nonce);
    return IdOf(crypto, members);
}

void
GroupKeyStore::Provision(DeviceKeySet keys, EcdsaPublicKey manager)
{
    m_keys = std::move(keys);
    m_manager = std::move(manager);
}

const GroupKey*
GroupKeyStore::Find(const MisfId& group) const
{
    const auto it = m_opened.find(group);
    return it == m_opened.end() ? nullptr : &it->second;
}

std::optional<GroupKey>
GroupKeyStore::Take(const MisfId& group)
{
    const auto it = m_opened.find(group);
    if (it == m_opened.end())
    {
        return std::nullopt;
    }
    auto key = std::move(it->second);
    m_opened.erase(it);
    return key;
}

} // namespace ns3::mis
