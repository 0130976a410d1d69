// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Index arithmetic of the binary tree of node keys.
 */
#include "mis-key-tree.h"

#include "ns3/fatal-error.h"

#include <algorithm>
#include <cmath>

namespace ns3::mis
{

namespace
{

/**
 * @brief Stop at a depth no tree has.
 * @param depth the depth
 */
void
CheckDepth(uint8_t depth)
{
    if (depth < 1 || depth > MAX_KEY_TREE_DEPTH)
    {
        NS_FATAL_ERROR("a key tree of depth " << +depth);
    }
}

/**
 * @brief Stop at leaves that are not strictly ascending or not in the tree.
 * @param depth depth of the tree
 * @param leaves the leaves
 */
void
CheckLeaves(uint8_t depth, const std::vector<LeafIndex>& leaves)
{
    CheckDepth(depth);
    const auto outOfOrder = [](LeafIndex a, LeafIndex b) { return !(a < b); };
    if (std::adjacent_find(leaves.begin(), leaves.end(), outOfOrder) != leaves.end() ||
        (!leaves.empty() && leaves.back().Get() >= LeafCount(depth)))
    {
        NS_FATAL_ERROR("leaves out of order or outside of the key tree");
    }
}

/**
 * @brief Cover neighbouring leaves with the largest subtrees that fit.
 * @param depth depth of the tree
 * @param first the first leaf
 * @param end the leaf behind the last one
 * @param cover the nodes are appended here
 */
void
CoverRun(uint8_t depth, uint64_t first, uint64_t end, std::vector<NodeIndex>& cover)
{
    while (first < end)
    {
        // As high as the position of the first leaf allows, but never to the root.
        uint8_t height = 0;
        while (height + 1 < depth && (first & ((uint64_t{2} << height) - 1)) == 0 &&
               first + (uint64_t{2} << height) <= end)
        {
            ++height;
        }
        cover.push_back(NodeIndex{static_cast<uint8_t>(depth - height),
                                  static_cast<uint32_t>(first >> height)});
        first += uint64_t{1} << height;
    }
}

/**
 * @brief Logarithm of C(n - m, r) / C(n, r).
 * @param n number of leaves
 * @param m leaves that must not be among the chosen ones
 * @param r number of leaves chosen
 * @return the logarithm, minus infinity when there is no such choice
 */
double
LogAvoidance(uint64_t n, uint64_t m, uint64_t r)
{
    if (m + r > n)
    {
        return -std::numeric_limits<double>::infinity();
    }
    // The ratio is symmetric in m and r: a product of as many factors as the smaller has. With
    // many factors the result is far from 0, and then the gamma function is exact enough.
    const uint64_t factors = std::min(m, r);
    const auto other = static_cast<double>(std::max(m, r));
    if (factors <= 65536)
    {
        double sum = 0;
        for (uint64_t j = 0; j < factors; ++j)
        {
            sum += std::log1p(-other / static_cast<double>(n - j));
        }
        return sum;
    }
    const auto logFactorial = [](uint64_t x) { return std::lgamma(static_cast<double>(x) + 1); };
    return logFactorial(n - m) - logFactorial(n - m - r) - logFactorial(n) + logFactorial(n - r);
}

} // namespace

std::ostream&
operator<<(std::ostream& os, NodeIndex node)
{
    return os << +node.level << ':' << node.index;
}

std::vector<NodeIndex>
CompleteSubtree(uint8_t depth, const std::vector<LeafIndex>& members)
{
    CheckLeaves(depth, members);
    std::vector<NodeIndex> cover;
    for (std::size_t i = 0; i < members.size();)
    {
        const std::size_t begin = i++;
        while (i < members.size() && members[i].Get() == members[i - 1].Get() + 1)
        {
            ++i;
        }
        CoverRun(depth, members[begin].Get(), uint64_t{members[i - 1].Get()} + 1, cover);
    }
    return cover;
}

std::vector<NodeIndex>
CompleteSubtreeExcluding(uint8_t depth, const std::vector<LeafIndex>& excluded)
{
    CheckLeaves(depth, excluded);
    std::vector<NodeIndex> cover;
    uint64_t first = 0;
    for (const LeafIndex leaf : excluded)
    {
        CoverRun(depth, first, leaf.Get(), cover);
        first = uint64_t{leaf.Get()} + 1;
    }
    CoverRun(depth, first, LeafCount(depth), cover);
    return cover;
}

std::optional<std::size_t>
FindCover(uint8_t depth, const std::vector<NodeIndex>& cover, LeafIndex leaf)
{
    const auto behind =
        std::upper_bound(cover.begin(), cover.end(), leaf, [depth](LeafIndex l, NodeIndex node) {
            return l < LeavesBelow(depth, node).first;
        });
    if (behind == cover.begin() || !IsAncestor(depth, *(behind - 1), leaf))
    {
        return std::nullopt;
    }
    return static_cast<std::size_t>(behind - cover.begin()) - 1;
}

std::vector<CoverFragment>
CompleteSubtreeFragments(uint8_t depth, const std::vector<NodeIndex>& cover, std::size_t maxEntries)
{
    CheckDepth(depth);
    if (maxEntries == 0)
    {
        NS_FATAL_ERROR("fragments without entries");
    }
    std::vector<CoverFragment> fragments;
    uint64_t first = 0;
    std::size_t begin = 0;
    do
    {
        const std::size_t end = std::min(begin + maxEntries, cover.size());
        const uint64_t last = end == cover.size() ? LeafCount(depth) - 1
                                                  : LeavesBelow(depth, cover[end - 1]).last.Get();
        fragments.push_back(CoverFragment{
            LeafRange{LeafIndex(static_cast<uint32_t>(first)),
                      LeafIndex(static_cast<uint32_t>(last))},
            std::vector<NodeIndex>(cover.begin() + static_cast<std::ptrdiff_t>(begin),
                                   cover.begin() + static_cast<std::ptrdiff_t>(end))});
        first = last + 1;
        begin = end;
    } while (begin < cover.size());
    return fragments;
}

double
MeanCoverSize(uint8_t depth, uint64_t excluded)
{
    CheckDepth(depth);
    const uint64_t leaves = LeafCount(depth);
    double mean = 0;
    for (uint8_t height = 0; height < depth; ++height)
    {
        // A node counts when no leaf below it is excluded, but one below its sibling is.
        const uint64_t below = uint64_t{1} << height;
        const double nodes = static_cast<double>(leaves >> height);
        const double free = std::exp(LogAvoidance(leaves, below, excluded));
        if (free > 0)
        {
            mean += nodes * free * -std::expm1(LogAvoidance(leaves - below, below, excluded));
        }
    }
    return mean;
}

} // namespace ns3::mis
