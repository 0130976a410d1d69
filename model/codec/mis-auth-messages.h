// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Messages of IEEE 802.21a: authentication, keys, and discovery of security capabilities.
 *
 * MIDs and data types are of IEEE 802.21a. The contents of the Auth, Termination_Auth and Push_Key
 * messages are inferred; TLV types are project-assigned (PA-10).
 */
#ifndef MIS_AUTH_MESSAGES_H
#define MIS_AUTH_MESSAGES_H

#include "ns3/mis-assigned.h"
#include "ns3/mis-message.h"
#include "ns3/mis-prereg-messages.h"
#include "ns3/mis-types.h"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace ns3::mis
{

/** @brief Auth indication: starts an authentication, from either side. */
struct AuthIndication
{
    static constexpr MessageId ID{0x1c06}; //!< MID

    std::optional<LinkTupleId> link;                //!< link spoken of
    std::optional<MisfId> mnId;                     //!< mobile node
    std::optional<uint8_t> ciphersuite;             //!< offer (PA-17)
    std::optional<Nonce> nonce;                     //!< the sender's nonce
    std::optional<Bytes> authenticationInformation; //!< EAP packet
    std::vector<UnknownTlv> unknown;                //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::LINK_IDENTIFIER, self.link);
        v.Optional(tlv::MOBILE_NODE_ID, self.mnId);
        v.Optional(assigned::TLV_CIPHERSUITE, self.ciphersuite);
        v.Optional(assigned::TLV_NONCE, self.nonce);
        v.Optional(assigned::TLV_AUTHENTICATION_INFORMATION, self.authenticationInformation);
    }
};

/**
 * @brief Auth request or response: one step of an authentication.
 *
 * The last pair has the authenticator over the exchange, the lifetime, the association and the
 * outcome.
 *
 * @tparam OPCODE which of the two
 */
template <Opcode OPCODE>
struct AuthStep
{
    static constexpr MessageId ID = MessageId::Make(1, OPCODE, 6); //!< MID

    std::optional<LinkTupleId> link;                //!< link spoken of
    std::optional<MisfId> mnId;                     //!< mobile node
    std::optional<uint8_t> ciphersuite;             //!< offer or choice (PA-17)
    std::optional<Nonce> nonce;                     //!< the sender's: Nonce-T or Nonce-N
    std::optional<Bytes> authenticationInformation; //!< EAP packet
    std::optional<std::variant<Bytes>> tlsRecords;  //!< SECURITY: TLS_RECORD, one flight
    std::optional<Bytes> auth;                      //!< authenticator over the exchange
    std::optional<uint32_t> keyLifetime;            //!< lifetime of the association in s (PA-9)
    std::optional<Said> said;                       //!< the association
    std::optional<Status> status;                   //!< outcome
    std::vector<UnknownTlv> unknown;                //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(tlv::LINK_IDENTIFIER, self.link);
        v.Optional(tlv::MOBILE_NODE_ID, self.mnId);
        v.Optional(assigned::TLV_CIPHERSUITE, self.ciphersuite);
        v.Optional(assigned::TLV_NONCE, self.nonce);
        v.Optional(assigned::TLV_AUTHENTICATION_INFORMATION, self.authenticationInformation);
        v.Optional(assigned::TLV_SECURITY, self.tlsRecords);
        v.Optional(assigned::TLV_AUTH, self.auth);
        v.Optional(assigned::TLV_KEY_LIFETIME, self.keyLifetime);
        v.Optional(assigned::TLV_SAID, self.said);
        v.Optional(tlv::STATUS, self.status);
    }
};

/** Auth request. */
using AuthRequest = AuthStep<Opcode::REQUEST>;
/** Auth response. */
using AuthResponse = AuthStep<Opcode::RESPONSE>;

/** @brief Termination_Auth request: ends an association. */
struct TerminationAuthRequest
{
    static constexpr MessageId ID{0x1407}; //!< MID

    std::optional<Said> said;        //!< the association, the one of the frame if absent
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(assigned::TLV_SAID, self.said);
    }
};

/** @brief Termination_Auth response. */
struct TerminationAuthResponse
{
    static constexpr MessageId ID{0x1807}; //!< MID

    std::optional<Said> said;        //!< the association
    Status status{Status::SUCCESS};  //!< outcome
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Optional(assigned::TLV_SAID, self.said);
        v.Mandatory(tlv::STATUS, self.status);
    }
};

/** @brief An element of KEY_MAPPING: the key of a link. */
struct KeyMapping
{
    LinkTupleId link;     //!< link and point of attachment
    SecretOctets key;     //!< key of the link (MSPMK)
    uint32_t lifetime{0}; //!< lifetime of the key in s (PA-9)

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.link);
        v.Part(self.key);
        v.Part(self.lifetime);
    }
};

/** @brief Push_Key request: installs keys of links ahead of a handover. */
struct PushKeyRequest
{
    static constexpr MessageId ID{0x1408}; //!< MID

    std::vector<KeyMapping> keyMapping; //!< the keys
    std::vector<UnknownTlv> unknown;    //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(assigned::TLV_KEY_MAPPING, self.keyMapping);
    }
};

/** @brief Push_Key response. */
struct PushKeyResponse
{
    static constexpr MessageId ID{0x1808}; //!< MID

    Status status{Status::SUCCESS};  //!< outcome
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(tlv::STATUS, self.status);
    }
};

/** @brief LL_Auth request: link-layer frames for the authenticator of a target (8.6.1.18). */
struct LlAuthRequest
{
    static constexpr MessageId ID{0x1409}; //!< MID

    LinkTupleId link;                //!< link spoken of
    Bytes linkLayerInformation;      //!< the frames
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(tlv::LINK_IDENTIFIER, self.link);
        v.Mandatory(assigned::TLV_LINK_LAYER_INFORMATION, self.linkLayerInformation);
    }
};

/** @brief LL_Auth response: link-layer frames from the authenticator of a target (8.6.1.19). */
struct LlAuthResponse
{
    static constexpr MessageId ID{0x1809}; //!< MID

    LinkTupleId link;                //!< link spoken of
    Bytes linkLayerInformation;      //!< the frames
    Status status{Status::SUCCESS};  //!< outcome
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        v.Mandatory(tlv::LINK_IDENTIFIER, self.link);
        v.Mandatory(assigned::TLV_LINK_LAYER_INFORMATION, self.linkLayerInformation);
        v.Mandatory(tlv::STATUS, self.status);
    }
};

/** @brief The bits of EAP_CAP; bit 0 of a list is the most significant one (PA-4). */
struct EapCapability
{
    /** KEY_DIST_LIST: push. */
    static constexpr uint8_t KEY_DIST_PUSH = 0x80;
    /** KEY_DIST_LIST: optimized proactive pull. */
    static constexpr uint8_t KEY_DIST_PROACTIVE_PULL = 0x40;
    /** KEY_DIST_LIST: reactive pull. */
    static constexpr uint8_t KEY_DIST_REACTIVE_PULL = 0x20;
    /** INT_ALG_LIST: HMAC-SHA1-96. */
    static constexpr uint8_t INT_HMAC_SHA1_96 = 0x80;
    /** INT_ALG_LIST: CMAC-AES. */
    static constexpr uint8_t INT_CMAC_AES = 0x40;
    /** CIPH_ALG_LIST: AES-CBC. */
    static constexpr uint8_t CIPH_AES_CBC = 0x80;
    /** CIPH_ALG_LIST: AES-CCM. */
    static constexpr uint8_t CIPH_AES_CCM = 0x40;
    /** CIPH_ALG_LIST: null. */
    static constexpr uint8_t CIPH_NULL = 0x20;
    /** PRF_LIST: CMAC-AES. */
    static constexpr uint8_t PRF_CMAC_AES = 0x80;
    /** PRF_LIST: HMAC-SHA1. */
    static constexpr uint8_t PRF_HMAC_SHA1 = 0x40;
    /** PRF_LIST: HMAC-SHA256. */
    static constexpr uint8_t PRF_HMAC_SHA256 = 0x20;

    uint8_t keyDistribution{0}; //!< KEY_DIST_LIST
    uint8_t integrity{0};       //!< INT_ALG_LIST
    uint8_t ciphers{0};         //!< CIPH_ALG_LIST
    uint8_t prfs{0};            //!< PRF_LIST

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.keyDistribution);
        v.Part(self.integrity);
        v.Part(self.ciphers);
        v.Part(self.prfs);
    }
};

/** @brief MIH_SEC_CAP: ways to protect messages. */
struct SecurityCapability
{
    bool tls{false};                  //!< TLS_CAP
    std::optional<EapCapability> eap; //!< EAP_CAP

    /** @brief The members in the order sent. */
    template <class V, class Self>
    static void Parts(V& v, Self& self)
    {
        v.Part(self.tls);
        v.Part(self.eap);
    }
};

/** @brief What both Capability_Discover messages have; the bit lists follow PA-4. */
struct Capabilities
{
    std::optional<uint32_t> eventList;          //!< MIS_EVT_LIST
    std::optional<uint32_t> commandList;        //!< MIS_CMD_LIST
    std::optional<OpaqueValue> queryTypeList;   //!< MIS_IQ_TYPE_LST; its size is not certain
    std::optional<uint16_t> transportList;      //!< MIS_TRANS_LST
    std::optional<OpaqueValue> linkAddressList; //!< links and their addresses
    std::optional<OpaqueValue> mbbHandover;     //!< make-before-break support
    std::optional<SecurityCapability> security; //!< MIH_SEC_CAP

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void CapabilityFields(V& v, Self& self)
    {
        v.Optional(tlv::EVENT_LIST, self.eventList);
        v.Optional(tlv::COMMAND_LIST, self.commandList);
        v.Optional(tlv::QUERY_TYPE_LIST, self.queryTypeList);
        v.Optional(tlv::TRANSPORT_OPTION_LIST, self.transportList);
        v.Optional(tlv::LINK_ADDRESS_LIST, self.linkAddressList);
        v.Optional(tlv::MBB_HANDOVER_SUPPORT, self.mbbHandover);
        v.Optional(assigned::TLV_SECURITY_CAPABILITY, self.security);
    }
};

/** @brief Capability_Discover request; without a destination it looks for a PoS. */
struct CapabilityDiscoverRequest : Capabilities
{
    static constexpr MessageId ID{0x1401}; //!< MID

    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        CapabilityFields(v, self);
    }
};

/** @brief Capability_Discover response. */
struct CapabilityDiscoverResponse : Capabilities
{
    static constexpr MessageId ID{0x1801}; //!< MID

    Status status{Status::SUCCESS};  //!< outcome
    std::vector<UnknownTlv> unknown; //!< TLVs not listed

    /** @brief The fields in the order sent. */
    template <class V, class Self>
    static void Fields(V& v, Self& self)
    {
        CapabilityFields(v, self);
        v.Mandatory(tlv::STATUS, self.status);
    }
};

} // namespace ns3::mis

#endif /* MIS_AUTH_MESSAGES_H */
