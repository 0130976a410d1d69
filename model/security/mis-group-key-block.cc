// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The group key block: a master group key for exactly the members of a group.
 */
#include "mis-group-key-block.h"

#include "mis-protected-pdu.h"

#include "ns3/fatal-error.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-kdf.h"
#include "ns3/mis-key-wrap.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

/** The Signature TLV up to its value: type, length, and the length inside of the octet string. */
constexpr uint8_t SIGNATURE_TLV_START[] = {assigned::TLV_SIGNATURE,
                                           ECDSA_SIGNATURE_SIZE + 1,
                                           ECDSA_SIGNATURE_SIZE};

/** Octets of the whole Signature TLV. */
constexpr std::size_t SIGNATURE_TLV_SIZE = sizeof SIGNATURE_TLV_START + ECDSA_SIGNATURE_SIZE;

/**
 * @brief Ask whether a frame is long enough for a signature and ends with its TLV.
 * @param frame the frame
 * @return whether it does
 */
bool
EndsWithSignature(ByteView frame)
{
    return frame.size() >= Header::SIZE + SIGNATURE_TLV_SIZE &&
           std::equal(std::begin(SIGNATURE_TLV_START),
                      std::end(SIGNATURE_TLV_START),
                      frame.end() - SIGNATURE_TLV_SIZE);
}

/**
 * @brief The octets that are signed, but for the header.
 * @param frame a frame that ends with a signature
 * @return identifiers and all TLVs before the signature
 */
ByteView
SignedTlvs(ByteView frame)
{
    return ByteView(frame.data() + Header::SIZE, frame.size() - Header::SIZE - SIGNATURE_TLV_SIZE);
}

/**
 * @brief Look for contradictions in a block.
 * @param block the block
 * @param depth depth of the tree
 * @return whether there are none
 */
bool
IsWellFormed(const GroupKeyBlockView& block, uint8_t depth)
{
    const uint8_t flag = block.subtreeFlag.value_or(0);
    if (flag > static_cast<uint8_t>(SubtreeMethod::LISTED_ARE_NON_MEMBERS))
    {
        return false;
    }
    if (block.keyData && (!block.subtree || block.subtree->size() != block.keyData->size() ||
                          flag != static_cast<uint8_t>(SubtreeMethod::LISTED_ARE_MEMBERS)))
    {
        return false;
    }
    if (block.range &&
        (block.range->first > block.range->last || block.range->last >= LeafCount(depth)))
    {
        return false;
    }
    return !block.subtree ||
           std::all_of(block.subtree->begin(),
                       block.subtree->end(),
                       [&block, depth](const SubtreeNode& node) {
                           // No device holds the key of the root.
                           return IsInTree(depth, NodeIndex{node.level, node.index}) &&
                                  (node.level != 0 || !block.keyData);
                       });
}

/**
 * @brief Ask whether a block speaks of a device at all.
 * @param block a well-formed block
 * @param leaf the device
 * @return whether it does
 */
bool
IsInRange(const GroupKeyBlockView& block, LeafIndex leaf)
{
    return !block.range ||
           LeafRange{LeafIndex(block.range->first), LeafIndex(block.range->last)}.Contains(leaf);
}

/**
 * @brief Find the listed node above a device, whatever the order of the list.
 * @param block a well-formed block
 * @param depth depth of the tree
 * @param leaf the device
 * @return position in the list, or nothing
 */
std::optional<std::size_t>
FindListed(const GroupKeyBlockView& block, uint8_t depth, LeafIndex leaf)
{
    if (!block.subtree)
    {
        return std::nullopt;
    }
    const auto found =
        std::find_if(block.subtree->begin(),
                     block.subtree->end(),
                     [depth, leaf](const SubtreeNode& node) {
                         return IsAncestor(depth, NodeIndex{node.level, node.index}, leaf);
                     });
    return found != block.subtree->end()
               ? std::optional<std::size_t>(found - block.subtree->begin())
               : std::nullopt;
}

} // namespace

const char*
ToString(GroupKeyError error)
{
    switch (error)
    {
    case GroupKeyError::NONE:
        return "NONE";
    case GroupKeyError::BAD_SIGNATURE:
        return "BAD_SIGNATURE";
    case GroupKeyError::FOREIGN_GROUP:
        return "FOREIGN_GROUP";
    case GroupKeyError::STALE_SEQUENCE:
        return "STALE_SEQUENCE";
    case GroupKeyError::MALFORMED:
        return "MALFORMED";
    case GroupKeyError::NO_KEY_DATA:
        return "NO_KEY_DATA";
    case GroupKeyError::OUT_OF_RANGE:
        return "OUT_OF_RANGE";
    case GroupKeyError::NOT_MEMBER:
        return "NOT_MEMBER";
    case GroupKeyError::UNWRAP_FAILED:
        return "UNWRAP_FAILED";
    case GroupKeyError::WRONG_KEY:
        return "WRONG_KEY";
    }
    return "?";
}

bool
GroupKeyBlock::VerifyFrame(CryptoContext& ctx, const EcdsaPublicKey& signer, ByteView frame)
{
    return EndsWithSignature(frame) &&
           Verify(ctx,
                  signer,
                  {AuthenticatedHeader(frame), SignedTlvs(frame)},
                  ByteView(frame.end() - ECDSA_SIGNATURE_SIZE, ECDSA_SIGNATURE_SIZE));
}

EcdsaSignature
GroupKeyBlock::SignFrame(CryptoContext& ctx, const EcdsaKeyPair& key, Bytes& frame)
{
    if (!EndsWithSignature(frame))
    {
        NS_FATAL_ERROR("a frame to be signed that does not end with a signature");
    }
    const EcdsaSignature signature =
        mis::Sign(ctx, key, {AuthenticatedHeader(frame), SignedTlvs(frame)});
    std::copy(signature.begin(), signature.end(), frame.end() - ECDSA_SIGNATURE_SIZE);
    return signature;
}

std::vector<SubtreeNode>
GroupKeyBlock::ToSubtree(const std::vector<NodeIndex>& cover)
{
    std::vector<SubtreeNode> subtree;
    subtree.reserve(cover.size());
    for (const NodeIndex node : cover)
    {
        subtree.push_back(SubtreeNode{node.level, node.index});
    }
    return subtree;
}

std::vector<Bytes>
GroupKeyBlock::WrapForCover(CryptoContext& ctx,
                            const NodeKeySource& keys,
                            const std::vector<NodeIndex>& cover,
                            ByteView mgk)
{
    std::vector<Bytes> wrapped;
    wrapped.reserve(cover.size());
    for (const NodeIndex node : cover)
    {
        if (node.level == 0 || !IsInTree(keys.Depth(), node))
        {
            NS_FATAL_ERROR("no device holds the key of node " << node);
        }
        wrapped.push_back(WrapKey(ctx, keys.NodeKey(ctx, node), mgk));
    }
    return wrapped;
}

std::array<uint8_t, 16>
GroupKeyBlock::CheckValue(CryptoContext& ctx, ByteView mgk, const MisfId& group)
{
    return DeriveGroupKeyCheck(ctx, mgk, group);
}

Result<OpenedGroupKey, GroupKeyError>
GroupKeyBlock::OpenView(CryptoContext& ctx,
                        const DeviceKeySet& keys,
                        const GroupKeyBlockView& block,
                        ByteView frame,
                        const EcdsaPublicKey* signer,
                        uint64_t lastSequence,
                        const MisfId* expectedGroup)
{
    if (signer != nullptr && !VerifyFrame(ctx, *signer, frame))
    {
        return GroupKeyError::BAD_SIGNATURE;
    }
    if (expectedGroup != nullptr && block.group != *expectedGroup)
    {
        return GroupKeyError::FOREIGN_GROUP;
    }
    if (!block.sequenceNumber || *block.sequenceNumber <= lastSequence)
    {
        return GroupKeyError::STALE_SEQUENCE;
    }
    if (keys.Depth() == 0)
    {
        return GroupKeyError::NOT_MEMBER;
    }
    if (!IsWellFormed(block, keys.Depth()))
    {
        return GroupKeyError::MALFORMED;
    }
    if (!block.keyData)
    {
        return GroupKeyError::NO_KEY_DATA;
    }
    if (!IsInRange(block, keys.Leaf()))
    {
        return GroupKeyError::OUT_OF_RANGE;
    }
    const std::optional<std::size_t> position = FindListed(block, keys.Depth(), keys.Leaf());
    if (!position)
    {
        return GroupKeyError::NOT_MEMBER;
    }
    const SubtreeNode& node = (*block.subtree)[*position];
    std::optional<SecretBytes> mgk =
        UnwrapKey(ctx, keys.Key(node.level), (*block.keyData)[*position]);
    if (!mgk)
    {
        return GroupKeyError::UNWRAP_FAILED;
    }
    if (block.verifyGroupKey &&
        !SecretBytes::Equal(DeriveGroupKeyCheck(ctx, *mgk, block.group), *block.verifyGroupKey))
    {
        return GroupKeyError::WRONG_KEY;
    }
    return OpenedGroupKey{*mgk, *block.sequenceNumber, NodeIndex{node.level, node.index}};
}

GroupMembership
GroupKeyBlock::InGroupView(const GroupKeyBlockView& block, LeafIndex leaf, uint8_t depth)
{
    if (!block.subtree || !IsWellFormed(block, depth))
    {
        return GroupMembership::MALFORMED;
    }
    if (!IsInRange(block, leaf))
    {
        return GroupMembership::OUT_OF_RANGE;
    }
    const bool listed = FindListed(block, depth, leaf).has_value();
    const bool listedAreMembers =
        block.subtreeFlag.value_or(0) == static_cast<uint8_t>(SubtreeMethod::LISTED_ARE_MEMBERS);
    return listed == listedAreMembers ? GroupMembership::MEMBER : GroupMembership::NOT_MEMBER;
}

} // namespace ns3::mis
