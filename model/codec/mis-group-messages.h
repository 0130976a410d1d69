// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Messages of group management (IEEE 802.21d) and of the request for a group key.
 *
 * Names are those of IEEE 802.21d; codes and encodings are project-assigned (PA-2, PA-10, PA-20).
 * The request for a group key is asked for, without name or code, by the second remedy of the
 * contribution on clause 5.14 of Draft 802.21.1 (PA-3).
 */
#ifndef MIS_GROUP_MESSAGES_H
#define MIS_GROUP_MESSAGES_H

#include "ns3/mis-assigned.h"
#include "ns3/mis-message.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3::mis
{

/** @brief A node of the key tree, as in the Complete subtree TLV. */
struct SubtreeNode
{
    uint8_t level{0};  //!< 0 for the root
    uint32_t index{0}; //!< from the left, from 0

    /** @brief Compare. */
    friend bool operator==(const SubtreeNode& a, const SubtreeNode& b)
    {
        return a.level == b.level && a.index == b.index;
    }

    /** @brief Compare. */
    friend bool operator!=(const SubtreeNode& a, const SubtreeNode& b)
    {
        return !(a == b);
    }

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.level);
        v.Part(self.index);
    }
};

/** @brief The leaves that a fragment of a group key block speaks of. */
struct SubgroupRange
{
    uint32_t first{0}; //!< first leaf
    uint32_t last{0};  //!< last leaf

    /** @brief Compare. */
    friend bool operator==(const SubgroupRange& a, const SubgroupRange& b)
    {
        return a.first == b.first && a.last == b.last;
    }

    /** @brief Compare. */
    friend bool operator!=(const SubgroupRange& a, const SubgroupRange& b)
    {
        return !(a == b);
    }

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.first);
        v.Part(self.last);
    }
};

/** @brief Group_Key_Request request, from a PoS to the PoS with group manager (PA-3). */
struct GroupKeyRequest
{
    /** MID */
    static constexpr MessageId ID =
        MessageId::Make(3, Opcode::REQUEST, assigned::AID_GROUP_KEY_REQUEST);

    std::vector<MisfId> members;         //!< who is to get the key
    std::optional<uint8_t> ciphersuite;  //!< ciphersuite to use with it (PA-17)
    std::optional<uint32_t> keyLifetime; //!< lifetime of the key in s (PA-9)
    /// Addresses in the order of the members: IPv4 or IPv6 address and port; empty where the group
    /// manager is to send through the requester (PA-23)
    std::optional<std::vector<Bytes>> memberAddresses;
    std::optional<Nonce> nonce;      //!< tells apart keys of the same group of mobile nodes (PA-90)
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(assigned::TLV_MEMBER_LIST, self.members);
        v.Optional(assigned::TLV_CIPHERSUITE, self.ciphersuite);
        v.Optional(assigned::TLV_KEY_LIFETIME, self.keyLifetime);
        v.Optional(assigned::TLV_MEMBER_ADDRESSES, self.memberAddresses);
        v.Optional(assigned::TLV_NONCE, self.nonce);
    }
};

/** @brief Group_Key_Request response, from the PoS with group manager (PA-3). */
struct GroupKeyResponse
{
    /** MID */
    static constexpr MessageId ID =
        MessageId::Make(3, Opcode::RESPONSE, assigned::AID_GROUP_KEY_REQUEST);

    std::optional<MisfId> group;     //!< the group made for the members
    Status status{Status::SUCCESS};  //!< outcome
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(assigned::TLV_GROUP_ID, self.group);
        v.Mandatory(tlv::STATUS, self.status);
    }
};

/**
 * @brief Net_Group_Manipulate request or indication, from the group manager to members.
 *
 * A request wants answers, an indication does not. All fields together are the group key block.
 *
 * @tparam OPCODE which of the two
 */
template <Opcode OPCODE>
struct NetGroupManipulate
{
    /** MID */
    static constexpr MessageId ID = MessageId::Make(1, OPCODE, assigned::AID_NET_GROUP_MANIPULATE);

    MisfId group;                                            //!< target group
    std::optional<std::vector<SubtreeNode>> completeSubtree; //!< cover of the members
    std::optional<std::vector<Bytes>> groupKeyData; //!< wrapped keys in the order of the cover
    std::optional<std::array<uint8_t, assigned::GROUP_KEY_CHECK_SIZE>>
        verifyGroupKey;                         //!< check value of the key
    std::optional<uint64_t> sequenceNumber;     //!< increases with every block of the group (PA-20)
    std::optional<bool> responseFlag;           //!< whether an answer is wanted
    std::optional<uint8_t> subtreeFlag;         //!< whether the cover lists members or the others
    std::optional<bool> groupKeyUpdateFlag;     //!< whether the key of a group is replaced
    std::optional<Said> saidNotification;       //!< association that the key belongs to
    std::optional<SubgroupRange> subgroupRange; //!< leaves that this fragment speaks of
    std::optional<uint32_t> keyLifetime;        //!< lifetime of the key in s (PA-9)
    std::optional<uint8_t> ciphersuite;         //!< ciphersuite of the group (PA-17)
    std::optional<std::array<uint8_t, assigned::SIGNATURE_SIZE>>
        signature;                   //!< ECDSA over all that precedes it (PA-20)
    std::vector<UnknownTlv> unknown; //!< TLVs not listed; sent before the signature

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(assigned::TLV_GROUP_ID, self.group);
        v.Optional(assigned::TLV_COMPLETE_SUBTREE, self.completeSubtree);
        v.Optional(assigned::TLV_GROUP_KEY_DATA, self.groupKeyData);
        v.Optional(assigned::TLV_VERIFY_GROUP_KEY, self.verifyGroupKey);
        v.Optional(assigned::TLV_SEQUENCE_NUMBER, self.sequenceNumber);
        v.Optional(assigned::TLV_RESPONSE_FLAG, self.responseFlag);
        v.Optional(assigned::TLV_SUBTREE_FLAG, self.subtreeFlag);
        v.Optional(assigned::TLV_GROUP_KEY_UPDATE_FLAG, self.groupKeyUpdateFlag);
        v.Optional(assigned::TLV_SAID_NOTIFICATION, self.saidNotification);
        v.Optional(assigned::TLV_SUBGROUP_RANGE, self.subgroupRange);
        v.Optional(assigned::TLV_KEY_LIFETIME, self.keyLifetime);
        v.Optional(assigned::TLV_CIPHERSUITE, self.ciphersuite);
        v.Last(assigned::TLV_SIGNATURE, self.signature);
    }
};

/** Net_Group_Manipulate request. */
using NetGroupManipulateRequest = NetGroupManipulate<Opcode::REQUEST>;
/** Net_Group_Manipulate indication. */
using NetGroupManipulateIndication = NetGroupManipulate<Opcode::INDICATION>;

/** @brief Net_Group_Manipulate response, from a member to the group manager. */
struct NetGroupManipulateResponse
{
    /** MID */
    static constexpr MessageId ID =
        MessageId::Make(1, Opcode::RESPONSE, assigned::AID_NET_GROUP_MANIPULATE);

    MisfId group;                    //!< target group
    Status status{Status::SUCCESS};  //!< outcome
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(assigned::TLV_GROUP_ID, self.group);
        v.Mandatory(tlv::STATUS, self.status);
    }
};

/** @brief MN_Group_Manipulate request, from a mobile node to the group manager. */
struct MnGroupManipulateRequest
{
    /** MID */
    static constexpr MessageId ID =
        MessageId::Make(1, Opcode::REQUEST, assigned::AID_MN_GROUP_MANIPULATE);
    /** Value of action: become a member. */
    static constexpr uint8_t JOIN = 0;
    /** Value of action: be no member any more. */
    static constexpr uint8_t LEAVE = 1;

    MisfId group;                    //!< target group
    uint8_t action{JOIN};            //!< JOIN or LEAVE
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(assigned::TLV_GROUP_ID, self.group);
        v.Mandatory(assigned::TLV_GROUP_ACTION, self.action);
    }
};

/** @brief MN_Group_Manipulate response, from the group manager to the mobile node. */
struct MnGroupManipulateResponse
{
    /** MID */
    static constexpr MessageId ID =
        MessageId::Make(1, Opcode::RESPONSE, assigned::AID_MN_GROUP_MANIPULATE);

    MisfId group;                    //!< target group
    Status status{Status::SUCCESS};  //!< outcome
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(assigned::TLV_GROUP_ID, self.group);
        v.Mandatory(tlv::STATUS, self.status);
    }
};

} // namespace ns3::mis

#endif /* MIS_GROUP_MESSAGES_H */
