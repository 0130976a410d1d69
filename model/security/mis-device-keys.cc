// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Node keys at the group manager, and the keys of one device.
 */
#include "mis-device-keys.h"

#include "ns3/fatal-error.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-kdf.h"

#include <boost/endian/conversion.hpp>
#include <utility>

namespace ns3::mis
{

DeviceKeyIssuer::DeviceKeyIssuer(SecretBytes root, uint8_t depth)
    : m_root(std::move(root)),
      m_depth(depth)
{
    if (depth < 1 || depth > MAX_KEY_TREE_DEPTH || m_root.size() < NODE_KEY_SIZE)
    {
        NS_FATAL_ERROR("an issuer of device keys with a root secret of "
                       << m_root.size() << " octets and a tree of depth " << +depth);
    }
}

uint8_t
DeviceKeyIssuer::Depth() const
{
    return m_depth;
}

SecretBytes
DeviceKeyIssuer::NodeKey(CryptoContext& ctx, NodeIndex node) const
{
    uint8_t index[4];
    boost::endian::store_big_u32(index, node.index);
    KdfContext context;
    context.Byte(node.level).Raw(ByteView(index, sizeof index));
    return Kdf(ctx, DefaultPrf(), m_root, assigned::LABEL_NODE_KEY, context, NODE_KEY_SIZE);
}

DeviceKeySet::DeviceKeySet(CryptoContext& ctx, const NodeKeySource& source, LeafIndex leaf)
    : m_leaf(leaf)
{
    m_keys.reserve(source.Depth() * NODE_KEY_SIZE);
    for (uint8_t level = 1; level <= source.Depth(); ++level)
    {
        const SecretBytes key = source.NodeKey(ctx, AncestorOf(source.Depth(), leaf, level));
        m_keys.insert(m_keys.end(), key.View().begin(), key.View().end());
    }
}

DeviceKeySet::DeviceKeySet(LeafIndex leaf, const std::vector<SecretBytes>& keys)
    : m_leaf(leaf)
{
    m_keys.reserve(keys.size() * NODE_KEY_SIZE);
    for (const SecretBytes& key : keys)
    {
        if (key.size() != NODE_KEY_SIZE)
        {
            NS_FATAL_ERROR("a device key of " << key.size() << " octets");
        }
        m_keys.insert(m_keys.end(), key.View().begin(), key.View().end());
    }
    if (keys.size() > MAX_KEY_TREE_DEPTH)
    {
        NS_FATAL_ERROR("a device with " << keys.size() << " keys");
    }
}

ByteView
DeviceKeySet::Key(uint8_t level) const
{
    return ByteView(m_keys.data() + (level - 1) * NODE_KEY_SIZE, NODE_KEY_SIZE);
}

} // namespace ns3::mis
