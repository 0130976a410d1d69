// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Node keys at the group manager, and the keys of one device.
 */
#ifndef MIS_DEVICE_KEYS_H
#define MIS_DEVICE_KEYS_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-key-tree.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3::mis
{

/** Octets of a node key (PA-20). */
inline constexpr std::size_t NODE_KEY_SIZE = 16;

/** @brief Knows the key of every node of a tree. */
class NodeKeySource
{
  public:
    virtual ~NodeKeySource() = default;

    /** @return depth of the tree, 1 to MAX_KEY_TREE_DEPTH */
    virtual uint8_t Depth() const = 0;

    /**
     * @brief Look up or compute a node key.
     * @param ctx the computing node
     * @param node a node of levels 1 to Depth()
     * @return NODE_KEY_SIZE octets
     */
    virtual SecretBytes NodeKey(CryptoContext& ctx, NodeIndex node) const = 0;
};

/**
 * @brief Derives all node keys from one secret, so that a tree of any size takes no memory.
 *
 * Node key = KDF (PA-16) of the secret, label "MIS NODE KEY" (project-assigned), context level in 1
 * octet and index in 4 octets, 128 bits.
 */
class DeviceKeyIssuer : public NodeKeySource
{
  public:
    /**
     * @brief An issuer.
     * @param root the secret, at least 16 octets
     * @param depth depth of the tree, 1 to MAX_KEY_TREE_DEPTH; another is a fatal programming error
     */
    DeviceKeyIssuer(SecretBytes root, uint8_t depth);

    uint8_t Depth() const override;
    SecretBytes NodeKey(CryptoContext& ctx, NodeIndex node) const override;

  private:
    SecretBytes m_root; //!< the secret
    uint8_t m_depth;    //!< depth of the tree
};

/** @brief The keys a device holds: those of the nodes from level 1 to its leaf. */
class DeviceKeySet
{
  public:
    /** @brief No keys: such a device is in no group. */
    DeviceKeySet() = default;

    /**
     * @brief Get the keys of a device from who knows them all.
     * @param ctx the computing node
     * @param source the node keys
     * @param leaf the device
     */
    DeviceKeySet(CryptoContext& ctx, const NodeKeySource& source, LeafIndex leaf);

    /**
     * @brief Keys that were provisioned.
     * @param leaf the device
     * @param keys node keys of levels 1, 2, ... to the leaf, NODE_KEY_SIZE octets each; another
     * size, or more than MAX_KEY_TREE_DEPTH keys, is a fatal programming error
     */
    DeviceKeySet(LeafIndex leaf, const std::vector<SecretBytes>& keys);

    /** @return depth of the tree, 0 for an object without keys */
    uint8_t Depth() const
    {
        return static_cast<uint8_t>(m_keys.size() / NODE_KEY_SIZE);
    }

    /** @return the device */
    LeafIndex Leaf() const
    {
        return m_leaf;
    }

    /**
     * @brief Read a key.
     * @param level 1 to Depth()
     * @return NODE_KEY_SIZE octets, valid as long as this object
     */
    ByteView Key(uint8_t level) const;

  private:
    LeafIndex m_leaf;    //!< the device
    SecretOctets m_keys; //!< the keys, one after the other
};

} // namespace ns3::mis

#endif /* MIS_DEVICE_KEYS_H */
