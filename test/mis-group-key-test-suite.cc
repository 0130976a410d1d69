// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of group keys: key tree, device keys, group key block, group session.
 */
#include "mis-crypto-test-helpers.h"

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-device-keys.h"
#include "ns3/mis-group-key-block.h"
#include "ns3/mis-group-messages.h"
#include "ns3/mis-kdf.h"
#include "ns3/mis-key-tree.h"
#include "ns3/mis-message.h"
#include "ns3/mis-protected-pdu.h"
#include "ns3/mis-sa-database.h"
#include "ns3/mis-security-association.h"
#include "ns3/mis-signature.h"
#include "ns3/mis-types.h"
#include "ns3/test.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

const MisfId GM("gm@h.example");
const MisfId GROUP("grp1@b.example");
const MisfId OTHER_GROUP("grp2@b.example");

/** G5: a Net_Group_Manipulate indication with a dummy signature. */
const std::string GOLDEN_GROUP =
    "10001c0b000100e7010d0c676d40682e6578616d706c65020f0e6772703140622e6578616d706c658d0f0e677270"
    "3140622e6578616d706c658f0b020400000005040000000c90330218f257061ea0ac656fee66138b4c5dd89a40e7"
    "90a642fbc6971893f2de8eca30c48dd3df7a3d07f12147eab2cd7b9a4b60539111109139c4957de47cba60293e11"
    "23ef6726920800000000000000019401009601019706020400000007830400000e10934140999999999999999999"
    "99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
    "999999999999999999";

/** A random set of leaves, ascending. */
std::vector<LeafIndex>
RandomLeaves(RepeatableSource& random, uint8_t depth, std::size_t count)
{
    std::set<uint32_t> chosen;
    while (chosen.size() < count)
    {
        chosen.insert(static_cast<uint32_t>(random.Below(LeafCount(depth))));
    }
    std::vector<LeafIndex> leaves;
    for (const uint32_t leaf : chosen)
    {
        leaves.emplace_back(leaf);
    }
    return leaves;
}

/** All leaves but some. */
std::vector<LeafIndex>
Complement(uint8_t depth, const std::vector<LeafIndex>& leaves)
{
    std::vector<LeafIndex> rest;
    for (uint32_t leaf = 0; leaf < LeafCount(depth); ++leaf)
    {
        if (!std::binary_search(leaves.begin(), leaves.end(), LeafIndex(leaf)))
        {
            rest.emplace_back(leaf);
        }
    }
    return rest;
}

/** @brief Properties of covers. */
class KeyTreeTestCase : public TestCase
{
  public:
    KeyTreeTestCase()
        : TestCase("covers are disjoint, exact, within their bounds and of the right mean size")
    {
    }

  private:
    void DoRun() override
    {
        RepeatableSource random(11);
        for (uint8_t depth = 1; depth <= 8; ++depth)
        {
            const std::size_t leaves = LeafCount(depth);
            for (int run = 0; run < 60; ++run)
            {
                CheckSet(depth, RandomLeaves(random, depth, random.Below(leaves + 1)));
            }
        }
        NS_TEST_EXPECT_MSG_EQ(CompleteSubtree(4, Complement(4, {})).size(), 2u, "never the root");
        NS_TEST_EXPECT_MSG_EQ(CompleteSubtree(1, {LeafIndex(1)}).size(), 1u, "smallest tree");
        RunDeepest(random);
        RunMeans(random);
    }

    void CheckSet(uint8_t depth, const std::vector<LeafIndex>& members)
    {
        const std::vector<LeafIndex> excluded = Complement(depth, members);
        const std::vector<NodeIndex> cover = CompleteSubtree(depth, members);
        NS_TEST_ASSERT_MSG_EQ((CompleteSubtreeExcluding(depth, excluded) == cover),
                              true,
                              "by members and by excluded");
        std::vector<LeafIndex> covered;
        for (const NodeIndex node : cover)
        {
            NS_TEST_ASSERT_MSG_EQ(IsInTree(depth, node), true, "in the tree");
            NS_TEST_ASSERT_MSG_NE(+node.level, 0, "not the root");
            const LeafRange range = LeavesBelow(depth, node);
            for (uint32_t leaf = range.first.Get(); leaf <= range.last.Get(); ++leaf)
            {
                NS_TEST_ASSERT_MSG_EQ(IsAncestor(depth, node, LeafIndex(leaf)), true, "below");
                covered.emplace_back(leaf);
            }
        }
        // Equal as a sequence: disjoint, in order, and exactly the members.
        NS_TEST_ASSERT_MSG_EQ((covered == members), true, "exactly the members");
        for (uint32_t leaf = 0; leaf < LeafCount(depth); ++leaf)
        {
            const auto found = FindCover(depth, cover, LeafIndex(leaf));
            const bool member = std::binary_search(members.begin(), members.end(), LeafIndex(leaf));
            NS_TEST_ASSERT_MSG_EQ(found.has_value(), member, "found");
            NS_TEST_ASSERT_MSG_EQ((!found || IsAncestor(depth, cover[*found], LeafIndex(leaf))),
                                  true,
                                  "found the right one");
        }
        if (!excluded.empty())
        {
            const auto n = static_cast<double>(LeafCount(depth));
            const auto r = static_cast<double>(excluded.size());
            NS_TEST_ASSERT_MSG_LT_OR_EQ(static_cast<double>(cover.size()),
                                        std::min(r * std::log2(n / r) + 1e-9, n - r),
                                        "bound");
        }
        for (const std::size_t most : {1, 2, 5, 1000})
        {
            CheckFragments(depth, cover, most);
        }
    }

    void CheckFragments(uint8_t depth, const std::vector<NodeIndex>& cover, std::size_t most)
    {
        uint64_t next = 0;
        std::vector<NodeIndex> joined;
        for (const CoverFragment& fragment : CompleteSubtreeFragments(depth, cover, most))
        {
            NS_TEST_ASSERT_MSG_EQ(fragment.range.first.Get(), next, "no gap");
            next = uint64_t{fragment.range.last.Get()} + 1;
            NS_TEST_ASSERT_MSG_LT_OR_EQ(fragment.entries.size(), most, "size");
            for (const NodeIndex node : fragment.entries)
            {
                const LeafRange below = LeavesBelow(depth, node);
                NS_TEST_ASSERT_MSG_EQ(
                    (fragment.range.Contains(below.first) && fragment.range.Contains(below.last)),
                    true,
                    "entries are in the range");
                joined.push_back(node);
            }
        }
        NS_TEST_ASSERT_MSG_EQ(next, LeafCount(depth), "the whole tree");
        NS_TEST_ASSERT_MSG_EQ((joined == cover), true, "the whole cover");
    }

    /** Only what depends on the members may cost something in a tree of 2^32 leaves. */
    void RunDeepest(RepeatableSource& random)
    {
        const uint8_t depth = MAX_KEY_TREE_DEPTH;
        const std::vector<LeafIndex> some = RandomLeaves(random, depth, 1000);
        const std::vector<NodeIndex> cover = CompleteSubtree(depth, some);
        NS_TEST_EXPECT_MSG_LT_OR_EQ(cover.size(), some.size(), "few members");
        const std::vector<NodeIndex> rest = CompleteSubtreeExcluding(depth, some);
        NS_TEST_EXPECT_MSG_LT_OR_EQ(rest.size(), some.size() * depth, "few excluded");
        for (const LeafIndex leaf : some)
        {
            NS_TEST_ASSERT_MSG_EQ(FindCover(depth, cover, leaf).has_value(), true, "member");
            NS_TEST_ASSERT_MSG_EQ(FindCover(depth, rest, leaf).has_value(), false, "excluded");
        }
        for (int i = 0; i < 1000; ++i)
        {
            const LeafIndex leaf(static_cast<uint32_t>(random.Next()));
            const bool member = std::binary_search(some.begin(), some.end(), leaf);
            NS_TEST_ASSERT_MSG_EQ(FindCover(depth, cover, leaf).has_value(), member, "cover");
            NS_TEST_ASSERT_MSG_EQ(FindCover(depth, rest, leaf).has_value(), !member, "rest");
        }
        const std::vector<LeafIndex> ends = {LeafIndex(0), LeafIndex(0xffffffff)};
        NS_TEST_EXPECT_MSG_EQ(CompleteSubtreeExcluding(depth, ends).size(), 62u, "both ends");
        NS_TEST_EXPECT_MSG_EQ(CompleteSubtree(depth, ends).size(), 2u, "both ends");
        NS_TEST_EXPECT_MSG_EQ(CompleteSubtreeExcluding(depth, {}).size(), 2u, "all");
    }

    void RunMeans(RepeatableSource& random)
    {
        struct Known
        {
            uint8_t depth;
            uint64_t excluded;
            double mean;
            double rounding;
        };

        const std::vector<Known> known = {
            {8, 1, 8, 1e-6},
            {8, 2, 13.03, 0.005},
            {8, 16, 52.79, 0.005},
            {8, 128, 92.11, 0.005},
            {10, 1, 10, 1e-6},
            {10, 10, 58.94, 0.005},
            {10, 102, 270.84, 0.005},
            {10, 512, 367.73, 0.005},
            {16, 1, 16, 1e-6},
            {16, 655, 3794, 0.5},
            {16, 6553, 17334, 0.5},
            {16, 32768, 23520, 0.5},
            {20, 10485, 60716, 0.5},
            {20, 104857, 277342, 0.5},
            {20, 524288, 376319, 0.5},
        };
        for (const Known& k : known)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(MeanCoverSize(k.depth, k.excluded),
                                      k.mean,
                                      k.rounding,
                                      "depth " << +k.depth << " excluded " << k.excluded);
        }
        for (const auto& [depth, excluded] :
             std::vector<std::pair<uint8_t, std::size_t>>{{6, 1}, {6, 20}, {8, 16}, {10, 102}})
        {
            const int samples = 1000;
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < samples; ++i)
            {
                const auto size = static_cast<double>(
                    CompleteSubtreeExcluding(depth, RandomLeaves(random, depth, excluded)).size());
                sum += size;
                squares += size * size;
            }
            const double mean = sum / samples;
            const double variance = std::max(0.0, squares / samples - mean * mean);
            NS_TEST_EXPECT_MSG_EQ_TOL(mean,
                                      MeanCoverSize(depth, excluded),
                                      4 * std::sqrt(variance / samples) + 1e-9,
                                      "depth " << +depth << " excluded " << excluded);
        }
    }
};

/** @brief Node keys given one by one. */
class ListedNodeKeys : public NodeKeySource
{
  public:
    uint8_t Depth() const override
    {
        return 4;
    }

    SecretBytes NodeKey(CryptoContext&, NodeIndex node) const override
    {
        // The keys of the golden frame: 0x35 for leaf 5 and 0x3c for leaf 12.
        return SecretBytes(Repeat(static_cast<uint8_t>(0x30 + node.index), NODE_KEY_SIZE));
    }
};

/** @brief Group key blocks. */
class GroupKeyBlockTestCase : public TestCase
{
  public:
    explicit GroupKeyBlockTestCase(CryptoBackend backend)
        : TestCase(std::string("group key blocks open for members only, backend ") +
                   (backend == CryptoBackend::OPENSSL ? "OpenSSL" : "counting")),
          m_computer(backend),
          m_issuer(SecretBytes(Repeat(0x77, 32)), DEPTH)
    {
    }

  private:
    static constexpr uint8_t DEPTH = 6;

    void DoRun() override
    {
        for (uint32_t leaf = 0; leaf < LeafCount(DEPTH); ++leaf)
        {
            m_devices.emplace_back(m_computer.ctx, m_issuer, LeafIndex(leaf));
        }
        if (m_computer.ctx.IsReal())
        {
            RunGolden();
        }
        RunDeviceKeys();
        RunMembers();
        RunFragments();
        RunWithoutKeys();
        RunForgeries();
        RunContradictions();
    }

    template <class M>
    mis::Result<OpenedGroupKey, GroupKeyError> Open(const DeviceKeySet& device,
                                                    const M& message,
                                                    uint64_t lastSequence = 0)
    {
        return GroupKeyBlock::Open(m_computer.ctx,
                                   device,
                                   message,
                                   ByteView(),
                                   nullptr,
                                   lastSequence);
    }

    void RunGolden()
    {
        CryptoContext& ctx = m_computer.ctx;
        const Bytes octets = Hex(GOLDEN_GROUP);
        const auto frame = ParseFrame(octets);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(frame), true, "parse");
        const auto message = DecodeBody<NetGroupManipulateIndication>(frame->body);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(message), true, "decode");
        const ListedNodeKeys keys;
        for (uint32_t leaf = 0; leaf < 16; ++leaf)
        {
            const DeviceKeySet device(ctx, keys, LeafIndex(leaf));
            const auto opened = Open(device, *message);
            const bool member = leaf == 5 || leaf == 12;
            NS_TEST_EXPECT_MSG_EQ(ToString(opened.Error()),
                                  std::string(member ? "NONE" : "NOT_MEMBER"),
                                  "leaf " << leaf);
            NS_TEST_EXPECT_MSG_EQ((opened && opened->mgk == VectorKey()), member, "MGK");
        }
        NS_TEST_EXPECT_MSG_EQ(
            GroupKeyBlock::VerifyFrame(ctx, EcdsaKeyPair::Generate(ctx).Public(), octets),
            false,
            "the dummy is no signature");

        NetGroupManipulateIndication made = *message;
        made.completeSubtree.reset();
        made.groupKeyData.reset();
        made.verifyGroupKey.reset();
        GroupKeyBlock::Build(ctx,
                             keys,
                             CompleteSubtree(4, {LeafIndex(5), LeafIndex(12)}),
                             VectorKey(),
                             GROUP,
                             made);
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeFrame(frame->header, GM, GROUP, made)),
                              GOLDEN_GROUP,
                              "same octets");
    }

    void RunDeviceKeys()
    {
        CryptoContext& ctx = m_computer.ctx;
        const DeviceKeySet& device = m_devices[37];
        NS_TEST_EXPECT_MSG_EQ(+device.Depth(), +DEPTH, "one key for each level");
        std::vector<SecretBytes> keys;
        for (uint8_t level = 1; level <= DEPTH; ++level)
        {
            const NodeIndex node = AncestorOf(DEPTH, LeafIndex(37), level);
            NS_TEST_EXPECT_MSG_EQ(ToHex(device.Key(level)),
                                  ToHex(m_issuer.NodeKey(ctx, node).View()),
                                  "key of node " << node);
            keys.emplace_back(device.Key(level));
        }
        const DeviceKeySet provisioned(LeafIndex(37), keys);
        NS_TEST_EXPECT_MSG_EQ(ToHex(provisioned.Key(3)), ToHex(device.Key(3)), "provisioned");
        NS_TEST_EXPECT_MSG_EQ(+DeviceKeySet().Depth(), 0, "none");
        NS_TEST_EXPECT_MSG_NE(ToHex(m_devices[36].Key(DEPTH)), ToHex(device.Key(DEPTH)), "differ");
        NS_TEST_EXPECT_MSG_EQ(ToHex(m_devices[36].Key(5)), ToHex(device.Key(5)), "siblings");
    }

    void RunMembers()
    {
        CryptoContext& ctx = m_computer.ctx;
        const EcdsaKeyPair signer = EcdsaKeyPair::Generate(ctx);
        for (const std::size_t size : {0, 1, 2, 10, 32, 63, 64})
        {
            const auto members = RandomLeaves(m_computer.source, DEPTH, size);
            const SecretBytes mgk = ctx.RandomSecret(16);
            NetGroupManipulateRequest sent;
            sent.sequenceNumber = 5;
            GroupKeyBlock::Build(ctx, m_issuer, CompleteSubtree(DEPTH, members), mgk, GROUP, sent);
            const Bytes octets = GroupKeyBlock::Sign(ctx, signer, Header(), GM, GROUP, sent);
            const auto frame = ParseFrame(octets);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(frame), true, "parse");
            const auto message = DecodeBody<NetGroupManipulateRequest>(frame->body);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(message), true, "decode");
            for (const DeviceKeySet& device : m_devices)
            {
                const bool member =
                    std::binary_search(members.begin(), members.end(), device.Leaf());
                const auto opened = GroupKeyBlock::Open(ctx,
                                                        device,
                                                        *message,
                                                        frame->whole,
                                                        &signer.Public(),
                                                        4,
                                                        &GROUP);
                NS_TEST_ASSERT_MSG_EQ(ToString(opened.Error()),
                                      std::string(member ? "NONE" : "NOT_MEMBER"),
                                      "leaf " << device.Leaf().Get());
                NS_TEST_ASSERT_MSG_EQ((opened && opened->mgk == mgk), member, "MGK");
                NS_TEST_ASSERT_MSG_EQ((!opened || opened->sequenceNumber == 5), true, "number");
                NS_TEST_ASSERT_MSG_EQ(
                    (GroupKeyBlock::InGroup(*message, device.Leaf(), DEPTH) ==
                     (member ? GroupMembership::MEMBER : GroupMembership::NOT_MEMBER)),
                    true,
                    "membership");
            }
        }
        const auto none = Open(DeviceKeySet(), NetGroupManipulateIndication());
        NS_TEST_EXPECT_MSG_EQ(ToString(none.Error()), std::string("STALE_SEQUENCE"), "empty");
    }

    void RunFragments()
    {
        CryptoContext& ctx = m_computer.ctx;
        const auto members = RandomLeaves(m_computer.source, DEPTH, 30);
        const SecretBytes mgk = ctx.RandomSecret(16);
        std::vector<NetGroupManipulateIndication> messages;
        for (const CoverFragment& fragment :
             CompleteSubtreeFragments(DEPTH, CompleteSubtree(DEPTH, members), 3))
        {
            messages.emplace_back();
            messages.back().sequenceNumber = 1;
            GroupKeyBlock::Build(ctx, m_issuer, fragment.entries, mgk, GROUP, messages.back());
            GroupKeyBlock::SetRange(fragment.range, messages.back());
        }
        NS_TEST_EXPECT_MSG_GT(messages.size(), 2u, "several fragments");
        for (const DeviceKeySet& device : m_devices)
        {
            const bool member = std::binary_search(members.begin(), members.end(), device.Leaf());
            std::size_t opened = 0;
            std::size_t refused = 0;
            std::size_t elsewhere = 0;
            for (const auto& message : messages)
            {
                const auto result = Open(device, message);
                opened += result && result->mgk == mgk;
                refused += result.Error() == GroupKeyError::NOT_MEMBER;
                elsewhere += result.Error() == GroupKeyError::OUT_OF_RANGE;
                NS_TEST_ASSERT_MSG_EQ((GroupKeyBlock::InGroup(message, device.Leaf(), DEPTH) ==
                                       (result ? GroupMembership::MEMBER
                                        : result.Error() == GroupKeyError::OUT_OF_RANGE
                                            ? GroupMembership::OUT_OF_RANGE
                                            : GroupMembership::NOT_MEMBER)),
                                      true,
                                      "membership");
            }
            NS_TEST_ASSERT_MSG_EQ(opened, (member ? 1u : 0u), "opens one");
            NS_TEST_ASSERT_MSG_EQ(refused, (member ? 0u : 1u), "or is refused by one");
            NS_TEST_ASSERT_MSG_EQ(elsewhere, messages.size() - 1, "the others do not matter");
        }
    }

    void RunWithoutKeys()
    {
        const auto members = RandomLeaves(m_computer.source, DEPTH, 20);
        const auto others = Complement(DEPTH, members);
        for (const SubtreeMethod method :
             {SubtreeMethod::LISTED_ARE_MEMBERS, SubtreeMethod::LISTED_ARE_NON_MEMBERS})
        {
            const bool byMembers = method == SubtreeMethod::LISTED_ARE_MEMBERS;
            const auto cover = CompleteSubtree(DEPTH, byMembers ? members : others);
            NetGroupManipulateIndication whole;
            whole.sequenceNumber = 1;
            GroupKeyBlock::BuildWithoutKeys(cover, method, GROUP, whole);
            for (const DeviceKeySet& device : m_devices)
            {
                const bool member =
                    std::binary_search(members.begin(), members.end(), device.Leaf());
                const auto expected =
                    member ? GroupMembership::MEMBER : GroupMembership::NOT_MEMBER;
                NS_TEST_ASSERT_MSG_EQ(
                    (GroupKeyBlock::InGroup(whole, device.Leaf(), DEPTH) == expected),
                    true,
                    "whole block");
                NS_TEST_ASSERT_MSG_EQ(ToString(Open(device, whole).Error()),
                                      std::string("NO_KEY_DATA"),
                                      "no key in it");
                std::size_t told = 0;
                for (const CoverFragment& fragment : CompleteSubtreeFragments(DEPTH, cover, 4))
                {
                    NetGroupManipulateIndication part;
                    GroupKeyBlock::BuildWithoutKeys(fragment.entries, method, GROUP, part);
                    GroupKeyBlock::SetRange(fragment.range, part);
                    const auto said = GroupKeyBlock::InGroup(part, device.Leaf(), DEPTH);
                    told += said == expected;
                    NS_TEST_ASSERT_MSG_EQ(
                        (said == expected || said == GroupMembership::OUT_OF_RANGE),
                        true,
                        "never the opposite");
                }
                NS_TEST_ASSERT_MSG_EQ(told, 1u, "one fragment tells");
            }
        }
    }

    void RunForgeries()
    {
        CryptoContext& ctx = m_computer.ctx;
        const EcdsaKeyPair signer = EcdsaKeyPair::Generate(ctx);
        const EcdsaKeyPair forger = EcdsaKeyPair::Generate(ctx);
        const std::vector<LeafIndex> members = {LeafIndex(3), LeafIndex(9)};
        const SecretBytes mgk = ctx.RandomSecret(16);
        NetGroupManipulateIndication sent;
        sent.sequenceNumber = 8;
        sent.saidNotification = Said::Make(IdType::GKB, 7);
        sent.ciphersuite = 1;
        sent.keyLifetime = 60;
        GroupKeyBlock::Build(ctx, m_issuer, CompleteSubtree(DEPTH, members), mgk, GROUP, sent);
        const Bytes octets = GroupKeyBlock::Sign(ctx, signer, Header(), GM, GROUP, sent);

        const auto receive = [&](const Bytes& received,
                                 const EcdsaKeyPair& expected,
                                 uint64_t lastSequence,
                                 const MisfId& group) {
            const auto frame = ParseFrame(received);
            if (!frame || frame->header.mid != NetGroupManipulateIndication::ID)
            {
                return std::string("no frame");
            }
            const auto message = DecodeBody<NetGroupManipulateIndication>(frame->body);
            if (!message)
            {
                return std::string("no message");
            }
            const auto opened = GroupKeyBlock::Open(ctx,
                                                    m_devices[9],
                                                    *message,
                                                    frame->whole,
                                                    &expected.Public(),
                                                    lastSequence,
                                                    &group);
            return std::string(ToString(opened.Error()));
        };
        NS_TEST_EXPECT_MSG_EQ(receive(octets, signer, 7, GROUP), "NONE", "genuine");
        NS_TEST_EXPECT_MSG_EQ(receive(octets, signer, 8, GROUP), "STALE_SEQUENCE", "again");
        NS_TEST_EXPECT_MSG_EQ(receive(octets, signer, 9, GROUP), "STALE_SEQUENCE", "older");
        NS_TEST_EXPECT_MSG_EQ(receive(octets, signer, 7, OTHER_GROUP),
                              "FOREIGN_GROUP",
                              "other group");
        NS_TEST_EXPECT_MSG_EQ(receive(octets, forger, 7, GROUP), "BAD_SIGNATURE", "other manager");
        for (std::size_t i = 0; i < octets.size(); ++i)
        {
            Bytes changed = octets;
            const uint8_t bit = i < 2 ? 0x01 << (i == 0 ? 1 : 0) : 0x10;
            changed[i] ^= bit;
            const std::string result = receive(changed, signer, 7, GROUP);
            NS_TEST_EXPECT_MSG_EQ(
                (result == "BAD_SIGNATURE" || result == "no frame" || result == "no message"),
                true,
                "octet " << i << " changed: " << result);
        }
        Bytes acknowledging = octets;
        acknowledging[0] |= 0x0c;
        NS_TEST_EXPECT_MSG_EQ(receive(acknowledging, signer, 7, GROUP),
                              "NONE",
                              "acknowledgement bits may change");
        sent.signature.reset();
        const Bytes unsignedFrame = EncodeFrame(Header(), GM, GROUP, sent);
        NS_TEST_EXPECT_MSG_EQ(receive(unsignedFrame, signer, 7, GROUP), "BAD_SIGNATURE", "none");
        NS_TEST_EXPECT_MSG_EQ(static_cast<bool>(Open(m_devices[9], sent)),
                              true,
                              "none, and none asked for");
        NS_TEST_EXPECT_MSG_EQ(GroupKeyBlock::VerifyFrame(ctx, signer.Public(), ByteView()),
                              false,
                              "nothing at all");
    }

    void RunContradictions()
    {
        CryptoContext& ctx = m_computer.ctx;
        const std::vector<LeafIndex> members = {LeafIndex(3), LeafIndex(9)};
        NetGroupManipulateIndication good;
        good.sequenceNumber = 1;
        GroupKeyBlock::Build(ctx,
                             m_issuer,
                             CompleteSubtree(DEPTH, members),
                             ctx.RandomSecret(16),
                             GROUP,
                             good);
        const auto result = [this](const NetGroupManipulateIndication& message) {
            return std::string(ToString(Open(m_devices[9], message).Error()));
        };
        NS_TEST_EXPECT_MSG_EQ(result(good), "NONE", "good");

        auto bad = good;
        bad.sequenceNumber.reset();
        NS_TEST_EXPECT_MSG_EQ(result(bad), "STALE_SEQUENCE", "no number");
        bad = good;
        bad.groupKeyData->pop_back();
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "fewer keys than nodes");
        bad = good;
        bad.completeSubtree.reset();
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "keys without nodes");
        NS_TEST_EXPECT_MSG_EQ(
            (GroupKeyBlock::InGroup(bad, LeafIndex(9), DEPTH) == GroupMembership::MALFORMED),
            true,
            "no nodes");
        bad = good;
        bad.subtreeFlag = 1;
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "keys for those who are out");
        bad.subtreeFlag = 7;
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "unknown flag");
        bad = good;
        (*bad.completeSubtree)[0] = SubtreeNode{0, 0};
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "key of the root");
        (*bad.completeSubtree)[0] = SubtreeNode{DEPTH + 1, 0};
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "below the leaves");
        (*bad.completeSubtree)[0] = SubtreeNode{3, 8};
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "beside the tree");
        bad = good;
        bad.subgroupRange = SubgroupRange{9, 8};
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "range backwards");
        bad.subgroupRange = SubgroupRange{0, 64};
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "range beyond the tree");
        bad.subgroupRange = SubgroupRange{0, 8};
        NS_TEST_EXPECT_MSG_EQ(result(bad), "OUT_OF_RANGE", "other devices");

        // Order does not matter as long as nodes and keys agree.
        bad = good;
        std::swap((*bad.completeSubtree)[0], (*bad.completeSubtree)[1]);
        NS_TEST_EXPECT_MSG_EQ(result(bad), "UNWRAP_FAILED", "keys of others");
        std::swap((*bad.groupKeyData)[0], (*bad.groupKeyData)[1]);
        NS_TEST_EXPECT_MSG_EQ(result(bad), "NONE", "another order");
        bad = good;
        (*bad.groupKeyData)[1][4] ^= 1;
        NS_TEST_EXPECT_MSG_EQ(result(bad), "UNWRAP_FAILED", "changed key");
        (*bad.groupKeyData)[1].resize(7);
        NS_TEST_EXPECT_MSG_EQ(result(bad), "UNWRAP_FAILED", "impossible size");
        bad = good;
        (*bad.verifyGroupKey)[0] ^= 1;
        NS_TEST_EXPECT_MSG_EQ(result(bad), "WRONG_KEY", "changed check value");
        bad = good;
        bad.group = OTHER_GROUP;
        NS_TEST_EXPECT_MSG_EQ(result(bad), "WRONG_KEY", "the check value names the group");
        NS_TEST_EXPECT_MSG_EQ(ToString(Open(DeviceKeySet(), good).Error()),
                              std::string("NOT_MEMBER"),
                              "a device without a tree");
    }

    Computer m_computer;
    DeviceKeyIssuer m_issuer;
    std::vector<DeviceKeySet> m_devices;
};

/** @brief From the group key to a protected message of the group. */
class GroupSessionTestCase : public TestCase
{
  public:
    GroupSessionTestCase()
        : TestCase("a master group key gives a session under which a group message is protected")
    {
    }

  private:
    void DoRun() override
    {
        Computer computer;
        SessionKeys keys;
        keys.miek = DeriveMigsk(computer.ctx, VectorKey(), GROUP, 1);
        const Said said = Said::Make(IdType::GKB, 7);
        auto sender = SecurityAssociation::Create(computer.ctx,
                                                  said,
                                                  GM,
                                                  GROUP,
                                                  true,
                                                  1,
                                                  keys,
                                                  SecurityAssociation::NO_LIMIT,
                                                  true);
        Bytes frame;
        NS_TEST_ASSERT_MSG_EQ(
            static_cast<bool>(
                Protect(computer.ctx, sender, 0, Header(), GM, GROUP, Repeat(1, 20), frame)),
            true,
            "protect");
        for (int member = 0; member < 3; ++member)
        {
            SaDatabase db;
            db.Add(SecurityAssociation::Create(computer.ctx,
                                               said,
                                               GROUP,
                                               GM,
                                               false,
                                               1,
                                               keys,
                                               SecurityAssociation::NO_LIMIT,
                                               true));
            const auto view = ParseFrame(frame);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(view), true, "parse");
            const auto read = ReadSaid(*view);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(read), true, "SAID");
            auto* sa = db.Find(*read, view->source);
            NS_TEST_ASSERT_MSG_EQ((sa != nullptr), true, "found by sender");
            SecretOctets plain;
            NS_TEST_EXPECT_MSG_EQ(static_cast<bool>(Unprotect(computer.ctx, *sa, 0, *view, plain)),
                                  true,
                                  "open");
            NS_TEST_EXPECT_MSG_EQ((ByteView(plain) == ByteView(Repeat(1, 20))), true, "text");
        }
    }
};

/** @brief All tests of group keys. */
class MisGroupKeyTestSuite : public TestSuite
{
  public:
    MisGroupKeyTestSuite()
        : TestSuite("mis-group-key", TestSuite::Type::UNIT)
    {
        AddTestCase(new KeyTreeTestCase);
        AddTestCase(new GroupKeyBlockTestCase(CryptoBackend::OPENSSL));
        AddTestCase(new GroupKeyBlockTestCase(CryptoBackend::COUNTING));
        AddTestCase(new GroupSessionTestCase);
    }
};

MisGroupKeyTestSuite g_misGroupKeyTestSuite;

} // namespace
