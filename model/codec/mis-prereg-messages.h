// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Messages of the preregistration and of the handover behind it.
 *
 * The preregistration messages are those of the contribution on clause 5.14 of Draft 802.21.1; the
 * N2N_Prereg_Xfer response is not in it (PA-11). The contents of the handover messages are
 * inferred, so all that is not a Status is optional.
 */
#ifndef MIS_PREREG_MESSAGES_H
#define MIS_PREREG_MESSAGES_H

#include "ns3/mis-assigned.h"
#include "ns3/mis-message.h"
#include "ns3/mis-types.h"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace ns3::mis
{

/** @brief Prereg_Xfer request, from the mobile node to the serving PoS. */
struct PreregXferRequest
{
    static constexpr MessageId ID{0x340d}; //!< MID

    std::optional<LinkTupleId> targetLink;             //!< target, if the mobile node chose it
    std::optional<Bytes> linkLayerInformation;         //!< frames for the target's authenticator
    std::optional<MisfId> tposId;                      //!< target PoS, if known
    std::optional<std::vector<LinkId>> candidateLinks; //!< links to choose a target from
    std::optional<uint8_t> ciphersuite;                //!< wish; with it a key is asked for (PA-17)
    std::optional<Nonce> nonceT;                       //!< Nonce-T
    std::optional<MisfId> group;                       //!< group that preregisters (PA-90)
    std::vector<UnknownTlv> unknown;                   //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::LINK_IDENTIFIER, self.targetLink);
        v.Optional(assigned::TLV_LINK_LAYER_INFORMATION, self.linkLayerInformation);
        v.Optional(assigned::TLV_TPOS_ID, self.tposId);
        v.Optional(tlv::LINK_IDENTIFIER_LIST, self.candidateLinks);
        v.Optional(assigned::TLV_CIPHERSUITE, self.ciphersuite);
        v.Optional(assigned::TLV_NONCE, self.nonceT);
        v.Optional(assigned::TLV_GROUP_ID, self.group);
    }
};

/** @brief Prereg_Xfer response, from the serving PoS to the mobile node. */
struct PreregXferResponse
{
    static constexpr MessageId ID{0x380d}; //!< MID

    std::optional<LinkTupleId> targetLink;        //!< target
    std::optional<Bytes> linkLayerInformation;    //!< frames from the target's authenticator
    std::optional<Bytes> networkAccessIdentifier; //!< identity to use at the target
    std::optional<MisfId> tposId;                 //!< target PoS
    std::optional<SecretOctets> protectedKey;     //!< K, masked or in a protected message
    std::optional<Nonce> nonceN;                  //!< Nonce-N
    std::optional<uint32_t> keyLifetime;          //!< lifetime of K in s (PA-9)
    Status status{Status::SUCCESS};               //!< outcome
    std::vector<UnknownTlv> unknown;              //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::LINK_IDENTIFIER, self.targetLink);
        v.Optional(assigned::TLV_LINK_LAYER_INFORMATION, self.linkLayerInformation);
        v.Optional(assigned::TLV_NETWORK_ACCESS_IDENTIFIER, self.networkAccessIdentifier);
        v.Optional(assigned::TLV_TPOS_ID, self.tposId);
        v.Optional(assigned::TLV_PROTECTED_KEY, self.protectedKey);
        v.Optional(assigned::TLV_NONCE, self.nonceN);
        v.Optional(assigned::TLV_KEY_LIFETIME, self.keyLifetime);
        v.Mandatory(tlv::STATUS, self.status);
    }
};

/**
 * @brief N2N_Prereg_Xfer request, from the serving PoS to the target PoS.
 *
 * Both nonces use the same TLV: a lone one is read as Nonce-T.
 */
struct N2nPreregXferRequest
{
    static constexpr MessageId ID{0x340e}; //!< MID

    std::optional<LinkTupleId> targetLink;     //!< target
    std::optional<Bytes> linkLayerInformation; //!< frames for the target's authenticator
    std::optional<MisfId> mnId;                //!< mobile node
    std::optional<uint8_t> ciphersuite;        //!< ciphersuite to use with K (PA-17)
    std::optional<SecretOctets> protectedKey;  //!< K, masked or in a protected message
    std::optional<Nonce> nonceT;               //!< Nonce-T
    std::optional<Nonce> nonceN;               //!< Nonce-N
    std::optional<uint32_t> keyLifetime;       //!< lifetime of K in s (PA-9)
    std::optional<MisfId> group;               //!< group of the mobile node (PA-90)
    std::vector<UnknownTlv> unknown;           //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::LINK_IDENTIFIER, self.targetLink);
        v.Optional(assigned::TLV_LINK_LAYER_INFORMATION, self.linkLayerInformation);
        v.Optional(tlv::MOBILE_NODE_ID, self.mnId);
        v.Optional(assigned::TLV_CIPHERSUITE, self.ciphersuite);
        v.Optional(assigned::TLV_PROTECTED_KEY, self.protectedKey);
        v.Optional(assigned::TLV_NONCE, self.nonceT);
        v.Optional(assigned::TLV_NONCE, self.nonceN);
        v.Optional(assigned::TLV_KEY_LIFETIME, self.keyLifetime);
        v.Optional(assigned::TLV_GROUP_ID, self.group);
    }
};

/** @brief N2N_Prereg_Xfer response, from the target PoS to the serving PoS (PA-11). */
struct N2nPreregXferResponse
{
    static constexpr MessageId ID{0x380e}; //!< MID

    std::optional<LinkTupleId> targetLink;     //!< target
    std::optional<Bytes> linkLayerInformation; //!< frames from the target's authenticator
    std::optional<MisfId> mnId;                //!< mobile node
    Status status{Status::SUCCESS};            //!< outcome
    std::vector<UnknownTlv> unknown;           //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::LINK_IDENTIFIER, self.targetLink);
        v.Optional(assigned::TLV_LINK_LAYER_INFORMATION, self.linkLayerInformation);
        v.Optional(tlv::MOBILE_NODE_ID, self.mnId);
        v.Mandatory(tlv::STATUS, self.status);
    }
};

/** @brief The first alternative of TGT_NET_INFO: a network by name. */
struct NetworkName
{
    Bytes network;                  //!< NETWORK_ID
    std::optional<Bytes> auxiliary; //!< NET_AUX_ID

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.network);
        v.Part(self.auxiliary);
    }
};

/** TGT_NET_INFO: the network of a handover, by name or by address of its point of attachment. */
using TargetNetworkInfo = std::variant<NetworkName, LinkAddress>;

/** @brief Value of a TLV that this module carries without reading it. */
struct OpaqueValue
{
    Bytes octets; //!< the whole value
};

/** @brief MN_HO_Commit request, from the mobile node to the serving PoS. */
struct MnHoCommitRequest
{
    static constexpr MessageId ID{0x3407}; //!< MID

    std::optional<LinkType> linkType;               //!< technology of the target
    std::optional<TargetNetworkInfo> targetNetwork; //!< target
    std::vector<UnknownTlv> unknown;                //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::LINK_TYPE, self.linkType);
        v.Optional(tlv::TARGET_NETWORK_INFO, self.targetNetwork);
    }
};

/** @brief MN_HO_Commit response, from the serving PoS to the mobile node. */
struct MnHoCommitResponse
{
    static constexpr MessageId ID{0x3807}; //!< MID

    std::optional<LinkType> linkType;               //!< technology of the target
    std::optional<TargetNetworkInfo> targetNetwork; //!< target
    Status status{Status::SUCCESS};                 //!< outcome
    std::vector<UnknownTlv> unknown;                //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::LINK_TYPE, self.linkType);
        v.Optional(tlv::TARGET_NETWORK_INFO, self.targetNetwork);
        v.Mandatory(tlv::STATUS, self.status);
    }
};

/** @brief Net_HO_Commit request, from the serving PoS to the mobile node. */
struct NetHoCommitRequest
{
    static constexpr MessageId ID{0x3408}; //!< MID

    std::optional<LinkType> linkType;               //!< technology of the target
    std::optional<TargetNetworkInfo> targetNetwork; //!< target
    std::vector<UnknownTlv> unknown;                //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::LINK_TYPE, self.linkType);
        v.Optional(tlv::TARGET_NETWORK_INFO, self.targetNetwork);
    }
};

/** @brief Net_HO_Commit response, from the mobile node to the serving PoS. */
struct NetHoCommitResponse
{
    static constexpr MessageId ID{0x3808}; //!< MID

    std::optional<LinkType> linkType;               //!< technology of the target
    std::optional<TargetNetworkInfo> targetNetwork; //!< target
    Status status{Status::SUCCESS};                 //!< outcome
    std::vector<UnknownTlv> unknown;                //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::LINK_TYPE, self.linkType);
        v.Optional(tlv::TARGET_NETWORK_INFO, self.targetNetwork);
        v.Mandatory(tlv::STATUS, self.status);
    }
};

/** @brief N2N_HO_Commit request, from the serving PoS to the target PoS. */
struct N2nHoCommitRequest
{
    static constexpr MessageId ID{0x3409}; //!< MID

    std::optional<MisfId> mnId;                     //!< mobile node
    std::optional<LinkId> mnLink;                   //!< link of the mobile node
    std::optional<TargetNetworkInfo> targetNetwork; //!< target
    std::optional<OpaqueValue> requestedResources;  //!< REQ_RES_SET
    std::vector<UnknownTlv> unknown;                //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::MOBILE_NODE_ID, self.mnId);
        v.Optional(tlv::MN_LINK_ID, self.mnLink);
        v.Optional(tlv::TARGET_NETWORK_INFO, self.targetNetwork);
        v.Optional(tlv::REQUESTED_RESOURCE_SET, self.requestedResources);
    }
};

/** @brief N2N_HO_Commit response, from the target PoS to the serving PoS. */
struct N2nHoCommitResponse
{
    static constexpr MessageId ID{0x3809}; //!< MID

    std::optional<MisfId> mnId;                     //!< mobile node
    std::optional<LinkId> mnLink;                   //!< link of the mobile node
    std::optional<TargetNetworkInfo> targetNetwork; //!< target
    std::optional<OpaqueValue> assignedResources;   //!< ASGN_RES_SET
    Status status{Status::SUCCESS};                 //!< outcome
    std::vector<UnknownTlv> unknown;                //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::MOBILE_NODE_ID, self.mnId);
        v.Optional(tlv::MN_LINK_ID, self.mnLink);
        v.Optional(tlv::TARGET_NETWORK_INFO, self.targetNetwork);
        v.Optional(tlv::ASSIGNED_RESOURCE_SET, self.assignedResources);
        v.Mandatory(tlv::STATUS, self.status);
    }
};

/** @brief MN_HO_Complete request, from the mobile node to the PoS after the handover. */
struct MnHoCompleteRequest
{
    static constexpr MessageId ID{0x340a}; //!< MID

    std::optional<LinkId> mnLink;    //!< new link of the mobile node
    std::optional<LinkAddress> poa;  //!< its point of attachment
    std::optional<uint8_t> hoResult; //!< HO_RESULT, 0 for success
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::MN_LINK_ID, self.mnLink);
        v.Optional(tlv::POA, self.poa);
        v.Optional(tlv::HANDOVER_RESULT, self.hoResult);
    }
};

/** @brief MN_HO_Complete response, from the PoS to the mobile node. */
struct MnHoCompleteResponse
{
    static constexpr MessageId ID{0x380a}; //!< MID

    std::optional<LinkId> mnLink;       //!< new link of the mobile node
    std::optional<LinkAddress> poa;     //!< its point of attachment
    std::optional<uint8_t> hoResult;    //!< HO_RESULT, 0 for success
    Status status{Status::SUCCESS};     //!< outcome
    std::optional<bool> resourceStatus; //!< whether the old resources are to be released
    std::vector<UnknownTlv> unknown;    //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::MN_LINK_ID, self.mnLink);
        v.Optional(tlv::POA, self.poa);
        v.Optional(tlv::HANDOVER_RESULT, self.hoResult);
        v.Mandatory(tlv::STATUS, self.status);
        v.Optional(tlv::RESOURCE_STATUS, self.resourceStatus);
    }
};

/** @brief N2N_HO_Complete request, from the new PoS to the old one. */
struct N2nHoCompleteRequest
{
    static constexpr MessageId ID{0x340b}; //!< MID

    std::optional<MisfId> mnId;      //!< mobile node
    std::optional<LinkId> mnLink;    //!< new link of the mobile node
    std::optional<LinkAddress> poa;  //!< its point of attachment
    std::optional<uint8_t> hoResult; //!< HO_RESULT, 0 for success
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::MOBILE_NODE_ID, self.mnId);
        v.Optional(tlv::MN_LINK_ID, self.mnLink);
        v.Optional(tlv::POA, self.poa);
        v.Optional(tlv::HANDOVER_RESULT, self.hoResult);
    }
};

/** @brief N2N_HO_Complete response, from the old PoS to the new one. */
struct N2nHoCompleteResponse
{
    static constexpr MessageId ID{0x380b}; //!< MID

    std::optional<MisfId> mnId;         //!< mobile node
    std::optional<LinkId> mnLink;       //!< new link of the mobile node
    std::optional<LinkAddress> poa;     //!< its point of attachment
    std::optional<uint8_t> hoResult;    //!< HO_RESULT, 0 for success
    Status status{Status::SUCCESS};     //!< outcome
    std::optional<bool> resourceStatus; //!< whether the old resources are released
    std::vector<UnknownTlv> unknown;    //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::MOBILE_NODE_ID, self.mnId);
        v.Optional(tlv::MN_LINK_ID, self.mnLink);
        v.Optional(tlv::POA, self.poa);
        v.Optional(tlv::HANDOVER_RESULT, self.hoResult);
        v.Mandatory(tlv::STATUS, self.status);
        v.Optional(tlv::RESOURCE_STATUS, self.resourceStatus);
    }
};

} // namespace ns3::mis

#endif /* MIS_PREREG_MESSAGES_H */
