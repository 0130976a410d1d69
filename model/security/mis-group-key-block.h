// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The group key block: a master group key for exactly the members of a group.
 *
 * A block is the content of a Net_Group_Manipulate message: a cover of the members, the master
 * group key wrapped once for every node of the cover, and a check value. A block without keys only
 * says who is in.
 */
#ifndef MIS_GROUP_KEY_BLOCK_H
#define MIS_GROUP_KEY_BLOCK_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-device-keys.h"
#include "ns3/mis-group-messages.h"
#include "ns3/mis-key-tree.h"
#include "ns3/mis-message.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-signature.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3::mis
{

/** @brief Value of the Subtree flag TLV (project-assigned). */
enum class SubtreeMethod : uint8_t
{
    LISTED_ARE_MEMBERS = 0,    //!< method 1, and the meaning when the flag is absent
    LISTED_ARE_NON_MEMBERS = 1 //!< method 2, for blocks without keys only
};

/** @brief Why a group key block gave no key. */
enum class GroupKeyError : uint8_t
{
    NONE,
    BAD_SIGNATURE,  //!< not signed by the expected group manager, or changed on the way
    FOREIGN_GROUP,  //!< about another group
    STALE_SEQUENCE, //!< the sequence number is missing, or not above the last one
    MALFORMED,      //!< the parts of the block contradict each other
    NO_KEY_DATA,    //!< the block only says who is in; ask InGroup()
    OUT_OF_RANGE,   //!< a fragment that speaks of other devices
    NOT_MEMBER,     //!< the device is not in the group
    UNWRAP_FAILED,  //!< the wrapped key does not fit to the device key
    WRONG_KEY       //!< the unwrapped key does not fit to the check value
};

/**
 * @brief Name an error.
 * @param error the error
 * @return its name, as in the enumeration
 */
const char* ToString(GroupKeyError error);

/** @brief What a block says about a device. */
enum class GroupMembership : uint8_t
{
    MEMBER,
    NOT_MEMBER,
    OUT_OF_RANGE, //!< nothing: a fragment that speaks of other devices
    MALFORMED     //!< nothing: the parts of the block contradict each other
};

/** @brief What a receiver gets out of a block. */
struct OpenedGroupKey
{
    SecretBytes mgk;            //!< master group key
    uint64_t sequenceNumber{0}; //!< to be remembered as the last one of this manager and group
    NodeIndex node;             //!< the node whose key unwrapped it
};

/** @brief The parts of a Net_Group_Manipulate message that make up the block. */
struct GroupKeyBlockView
{
    const MisfId& group;                                          //!< target group
    const std::optional<std::vector<SubtreeNode>>& subtree;       //!< cover
    const std::optional<std::vector<Bytes>>& keyData;             //!< wrapped keys in its order
    const std::optional<std::array<uint8_t, 16>>& verifyGroupKey; //!< check value
    const std::optional<uint64_t>& sequenceNumber;                //!< freshness
    const std::optional<uint8_t>& subtreeFlag;                    //!< see SubtreeMethod
    const std::optional<SubgroupRange>& range;                    //!< of a fragment

    /**
     * @brief View a message.
     * @param message a Net_Group_Manipulate request or indication; must outlive the view
     */
    template <class M>
    explicit GroupKeyBlockView(const M& message)
        : group(message.group),
          subtree(message.completeSubtree),
          keyData(message.groupKeyData),
          verifyGroupKey(message.verifyGroupKey),
          sequenceNumber(message.sequenceNumber),
          subtreeFlag(message.subtreeFlag),
          range(message.subgroupRange)
    {
    }
};

/** @brief Makes, signs and opens group key blocks. */
class GroupKeyBlock
{
  public:
    /**
     * @brief Fill a message with a master group key for the members of a cover.
     *
     * Sets group, subtree, key data and check value; the other fields are the caller's. All
     * fragments of one block carry the same sequence number, which no other block of the group may
     * have, so it does not matter in which order they arrive.
     *
     * @param ctx the group manager's node
     * @param keys the node keys
     * @param cover the nodes; of a fragment, its entries; the root in it is a fatal programming
     * error
     * @param mgk the key, 16 to SecretBytes::CAPACITY octets in multiples of 8
     * @param group the group
     * @param message a Net_Group_Manipulate request or indication
     */
    template <class M>
    static void Build(CryptoContext& ctx,
                      const NodeKeySource& keys,
                      const std::vector<NodeIndex>& cover,
                      ByteView mgk,
                      const MisfId& group,
                      M& message)
    {
        message.group = group;
        message.completeSubtree = ToSubtree(cover);
        message.groupKeyData = WrapForCover(ctx, keys, cover, mgk);
        message.verifyGroupKey = CheckValue(ctx, mgk, group);
    }

    /**
     * @brief Fill a message with the cover alone.
     * @param cover the nodes; of a fragment, its entries
     * @param method whether the leaves below are members, or all others are
     * @param group the group
     * @param message a Net_Group_Manipulate request or indication
     */
    template <class M>
    static void BuildWithoutKeys(const std::vector<NodeIndex>& cover,
                                 SubtreeMethod method,
                                 const MisfId& group,
                                 M& message)
    {
        message.group = group;
        message.completeSubtree = ToSubtree(cover);
        message.groupKeyData.reset();
        message.verifyGroupKey.reset();
        message.subtreeFlag = static_cast<uint8_t>(method);
    }

    /**
     * @brief Say in a message which leaves it speaks of.
     * @param range the range of the fragment
     * @param message a Net_Group_Manipulate request or indication
     */
    template <class M>
    static void SetRange(const LeafRange& range, M& message)
    {
        message.subgroupRange = SubgroupRange{range.first.Get(), range.last.Get()};
    }

    /**
     * @brief Encode a message and sign it (PA-20).
     *
     * Signed are the header, with the length of the whole frame, acknowledgement bits, M and FN
     * zero, the identifiers and all TLVs before the signature, as sent.
     *
     * @param ctx the group manager's node
     * @param key the group manager's key
     * @param header the header; the MID is taken from the message
     * @param src the group manager
     * @param dst the group, or one receiver
     * @param message a Net_Group_Manipulate request or indication; its signature is set
     * @return the frame
     */
    template <class M>
    static Bytes Sign(CryptoContext& ctx,
                      const EcdsaKeyPair& key,
                      const Header& header,
                      const MisfId& src,
                      const MisfId& dst,
                      M& message)
    {
        message.signature = EcdsaSignature{};
        Bytes frame = EncodeFrame(header, src, dst, message);
        message.signature = SignFrame(ctx, key, frame);
        return frame;
    }

    /**
     * @brief Verify the signature of a frame whose last TLV it is.
     * @param ctx the receiver's node
     * @param signer the expected group manager's key
     * @param frame the whole frame as received, reassembled
     * @return whether the frame ends with a signature TLV and was signed by this key
     */
    [[nodiscard]] static bool VerifyFrame(CryptoContext& ctx,
                                          const EcdsaPublicKey& signer,
                                          ByteView frame);

    /**
     * @brief Get the master group key out of a message.
     *
     * Checks in this order (PA-20): signature, group, sequence number, layout, membership, unwrap,
     * check value. Changes nothing: it is for the caller to remember the sequence number, after a
     * success, and also after NOT_MEMBER when the signature was verified; but not after
     * OUT_OF_RANGE, for the fragment for this device may be still to come.
     *
     * @param ctx the receiver's node
     * @param keys the receiver's device keys
     * @param message a decoded Net_Group_Manipulate request or indication
     * @param frame the whole frame it was decoded from, reassembled
     * @param signer the expected group manager's key, or nullptr not to look at the signature
     * @param lastSequence the last sequence number of this manager and group, 0 before the first
     * @param expectedGroup the group the caller asks for, or nullptr for any
     * @return the key, or why there is none
     */
    template <class M>
    static Result<OpenedGroupKey, GroupKeyError> Open(CryptoContext& ctx,
                                                      const DeviceKeySet& keys,
                                                      const M& message,
                                                      ByteView frame,
                                                      const EcdsaPublicKey* signer,
                                                      uint64_t lastSequence,
                                                      const MisfId* expectedGroup = nullptr)
    {
        return OpenView(ctx,
                        keys,
                        GroupKeyBlockView(message),
                        frame,
                        signer,
                        lastSequence,
                        expectedGroup);
    }

    /**
     * @brief Read what a message says about a device, whether it carries keys or not.
     * @param message a decoded Net_Group_Manipulate request or indication
     * @param leaf the device
     * @param depth depth of the tree
     * @return whether it is in the group
     */
    template <class M>
    static GroupMembership InGroup(const M& message, LeafIndex leaf, uint8_t depth)
    {
        return InGroupView(GroupKeyBlockView(message), leaf, depth);
    }

  private:
    /**
     * @brief Turn a cover into the content of its TLV.
     * @param cover the nodes
     * @return the entries
     */
    static std::vector<SubtreeNode> ToSubtree(const std::vector<NodeIndex>& cover);

    /**
     * @brief Wrap a master group key for every node of a cover.
     * @param ctx the group manager's node
     * @param keys the node keys
     * @param cover the nodes
     * @param mgk the key
     * @return the wrapped keys in the order of the cover
     */
    static std::vector<Bytes> WrapForCover(CryptoContext& ctx,
                                           const NodeKeySource& keys,
                                           const std::vector<NodeIndex>& cover,
                                           ByteView mgk);

    /**
     * @brief Compute the check value of a master group key.
     * @param ctx the computing node
     * @param mgk the key
     * @param group the group
     * @return the content of the Verify group key TLV
     */
    static std::array<uint8_t, 16> CheckValue(CryptoContext& ctx,
                                              ByteView mgk,
                                              const MisfId& group);

    /**
     * @brief Sign a frame that ends with a signature TLV, and write the signature into it.
     * @param ctx the group manager's node
     * @param key the group manager's key
     * @param frame the frame
     * @return the signature
     */
    static EcdsaSignature SignFrame(CryptoContext& ctx, const EcdsaKeyPair& key, Bytes& frame);

    /** @brief Open() for the parts of a message; the parameters are the same. */
    static Result<OpenedGroupKey, GroupKeyError> OpenView(CryptoContext& ctx,
                                                          const DeviceKeySet& keys,
                                                          const GroupKeyBlockView& block,
                                                          ByteView frame,
                                                          const EcdsaPublicKey* signer,
                                                          uint64_t lastSequence,
                                                          const MisfId* expectedGroup);

    /** @brief InGroup() for the parts of a message; the parameters are the same. */
    static GroupMembership InGroupView(const GroupKeyBlockView& block,
                                       LeafIndex leaf,
                                       uint8_t depth);
};

} // namespace ns3::mis

#endif /* MIS_GROUP_KEY_BLOCK_H */
