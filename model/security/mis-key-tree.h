// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Index arithmetic of the binary tree of node keys; knows no key.
 *
 * @verbatim
 level 0                        0:0                      root, whose key no device holds
                       /                   \
 level 1            1:0                     1:1
                  /     \                 /     \
 level 2       2:0       2:1           2:2       2:3
              /   \     /   \         /   \     /   \
 level 3    3:0   3:1 3:2   3:3     3:4   3:5 3:6   3:7  leaves of depth 3, the devices
   @endverbatim
 *
 * The index of a node on level k is its path from the root as a k-bit number. A set of leaves is
 * named by its cover, the "complete subtree": the fewest nodes below which are exactly these
 * leaves. A cover is always in the order of the leaves, and its nodes have no leaf in common.
 */
#ifndef MIS_KEY_TREE_H
#define MIS_KEY_TREE_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <vector>

namespace ns3::mis
{

/** The deepest tree: leaf numbers have 32 bits on the wire. */
inline constexpr uint8_t MAX_KEY_TREE_DEPTH = 32;

/** @brief Number of a leaf, 0 to 2^depth - 1. */
class LeafIndex
{
  public:
    /** @brief Leaf 0. */
    constexpr LeafIndex() = default;

    /**
     * @brief A leaf.
     * @param value its number
     */
    constexpr explicit LeafIndex(uint32_t value)
        : m_value(value)
    {
    }

    /** @return the number */
    constexpr uint32_t Get() const
    {
        return m_value;
    }

    friend constexpr bool operator==(LeafIndex a, LeafIndex b)
    {
        return a.m_value == b.m_value;
    }

    friend constexpr bool operator!=(LeafIndex a, LeafIndex b)
    {
        return a.m_value != b.m_value;
    }

    friend constexpr bool operator<(LeafIndex a, LeafIndex b)
    {
        return a.m_value < b.m_value;
    }

  private:
    uint32_t m_value{0}; //!< the number
};

/** @brief A node of the tree. */
struct NodeIndex
{
    uint8_t level{0};  //!< distance from the root, 0 to the depth
    uint32_t index{0}; //!< path from the root as a number of level bits

    friend constexpr bool operator==(NodeIndex a, NodeIndex b)
    {
        return a.level == b.level && a.index == b.index;
    }

    friend constexpr bool operator!=(NodeIndex a, NodeIndex b)
    {
        return !(a == b);
    }
};

/**
 * @brief Print as level:index.
 * @param os the stream
 * @param node the node
 * @return the stream
 */
std::ostream& operator<<(std::ostream& os, NodeIndex node);

/** @brief Leaves first to last, both included. */
struct LeafRange
{
    LeafIndex first; //!< first leaf
    LeafIndex last;  //!< last leaf

    /**
     * @brief Ask for a leaf.
     * @param leaf the leaf
     * @return whether it is in the range
     */
    constexpr bool Contains(LeafIndex leaf) const
    {
        return !(leaf < first) && !(last < leaf);
    }

    friend constexpr bool operator==(const LeafRange& a, const LeafRange& b)
    {
        return a.first == b.first && a.last == b.last;
    }
};

/**
 * @brief Number of leaves of a tree.
 * @param depth 1 to MAX_KEY_TREE_DEPTH
 * @return 2^depth
 */
constexpr uint64_t
LeafCount(uint8_t depth)
{
    return uint64_t{1} << depth;
}

/**
 * @brief Check a node that came from outside.
 * @param depth depth of the tree
 * @param node the node
 * @return whether the tree has it
 */
constexpr bool
IsInTree(uint8_t depth, NodeIndex node)
{
    return node.level <= depth && (uint64_t{node.index} >> node.level) == 0;
}

/**
 * @brief The node on the path to a leaf.
 * @param depth depth of the tree
 * @param leaf the leaf
 * @param level 0 to depth
 * @return the node on that level above the leaf, or the leaf itself
 */
constexpr NodeIndex
AncestorOf(uint8_t depth, LeafIndex leaf, uint8_t level)
{
    return NodeIndex{level, static_cast<uint32_t>(uint64_t{leaf.Get()} >> (depth - level))};
}

/**
 * @brief Ask whether a leaf is below a node.
 * @param depth depth of the tree
 * @param node a node of the tree
 * @param leaf the leaf
 * @return whether the node is on the path from the root to the leaf, the leaf included
 */
constexpr bool
IsAncestor(uint8_t depth, NodeIndex node, LeafIndex leaf)
{
    return AncestorOf(depth, leaf, node.level) == node;
}

/**
 * @brief The leaves below a node.
 * @param depth depth of the tree
 * @param node a node of the tree
 * @return first and last leaf
 */
constexpr LeafRange
LeavesBelow(uint8_t depth, NodeIndex node)
{
    const uint8_t height = depth - node.level;
    const uint64_t first = uint64_t{node.index} << height;
    return LeafRange{LeafIndex(static_cast<uint32_t>(first)),
                     LeafIndex(static_cast<uint32_t>(first + (uint64_t{1} << height) - 1))};
}

/**
 * @brief Cover a set of leaves.
 *
 * The root is never used, since its key is not a device key: the cover of all leaves is the two
 * nodes of level 1. Takes time and memory in the order of members * depth, whatever the size of
 * the tree.
 *
 * @param depth 1 to MAX_KEY_TREE_DEPTH
 * @param members the leaves, strictly ascending; another order or a leaf outside of the tree is a
 * fatal programming error
 * @return the cover, in the order of the leaves
 */
std::vector<NodeIndex> CompleteSubtree(uint8_t depth, const std::vector<LeafIndex>& members);

/**
 * @brief Cover all leaves but some.
 *
 * Takes time and memory in the order of excluded * depth, whatever the size of the tree.
 *
 * @param depth 1 to MAX_KEY_TREE_DEPTH
 * @param excluded the leaves to leave out, strictly ascending, as for CompleteSubtree()
 * @return the cover, in the order of the leaves
 */
std::vector<NodeIndex> CompleteSubtreeExcluding(uint8_t depth,
                                                const std::vector<LeafIndex>& excluded);

/**
 * @brief Find the node of a cover above a leaf, by binary search.
 * @param depth depth of the tree
 * @param cover nodes of the tree in the order of the leaves, without common leaves
 * @param leaf the leaf
 * @return position in the cover, or nothing when the leaf is not covered
 */
std::optional<std::size_t> FindCover(uint8_t depth,
                                     const std::vector<NodeIndex>& cover,
                                     LeafIndex leaf);

/** @brief A part of a cover that says all about a range of leaves. */
struct CoverFragment
{
    LeafRange range;                //!< the leaves the part speaks of
    std::vector<NodeIndex> entries; //!< the nodes of the cover in this range
};

/**
 * @brief Cut a cover into parts for separate messages.
 *
 * The ranges follow each other without a gap and make up the whole tree, so every device, member
 * or not, is told by exactly one of the parts.
 *
 * @param depth depth of the tree
 * @param cover as made by CompleteSubtree()
 * @param maxEntries most nodes in one part, at least 1
 * @return the parts in the order of the leaves; one, without entries, for an empty cover
 */
std::vector<CoverFragment> CompleteSubtreeFragments(uint8_t depth,
                                                    const std::vector<NodeIndex>& cover,
                                                    std::size_t maxEntries);

/**
 * @brief Mean size of the cover when a random set of leaves is excluded.
 *
 * E = sum over i from 0 to depth - 1 of N/2^i * (C(N - 2^i, r) - C(N - 2^(i+1), r)) / C(N, r),
 * every node counting that is free of excluded leaves while its sibling is not.
 *
 * @param depth 1 to MAX_KEY_TREE_DEPTH
 * @param excluded r, 1 to 2^depth leaves
 * @return the mean
 */
double MeanCoverSize(uint8_t depth, uint64_t excluded);

} // namespace ns3::mis

#endif /* MIS_KEY_TREE_H */
