// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Every value that this project had to assign because the standards' value is not known.
 *
 * Each is named by its number in the register of project-assigned values (PA-n). Nothing here is
 * claimed to be a value of IEEE 802.21: a holder of the standard replaces it in this file only.
 */
#ifndef MIS_ASSIGNED_H
#define MIS_ASSIGNED_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ns3::mis
{

/** @brief The project-assigned values. */
namespace assigned
{

/** PA-1: the S bit, in the second octet of the header: the message is protected. */
inline constexpr uint8_t SECURED_BIT = 0x01;

/** @name PA-2 and PA-3: action identifiers
 * The first five belong to service management, the last one to the command service.
 * @{
 */
inline constexpr uint16_t AID_MN_GROUP_MANIPULATE = 10;
inline constexpr uint16_t AID_NET_GROUP_MANIPULATE = 11;
inline constexpr uint16_t AID_PULL_CERTIFICATE = 12;
inline constexpr uint16_t AID_PUSH_CERTIFICATE = 13;
inline constexpr uint16_t AID_REVOKE_CERTIFICATE = 14;
inline constexpr uint16_t AID_GROUP_KEY_REQUEST = 15;
/** @} */

/** PA-7: ID_TYPE of an association keyed by a preregistration. */
inline constexpr uint8_t ID_TYPE_PREREGISTRATION = 3;

/** PA-50: ID_TYPE of an association whose messages the transport protects; it is never sent. */
inline constexpr uint8_t ID_TYPE_TRANSPORT = 255;

/** PA-8: octets of a nonce. */
inline constexpr std::size_t NONCE_SIZE = 16;

/** @name PA-10: TLV types, from the experimental range
 * @{
 */
inline constexpr uint8_t TLV_CIPHERSUITE = 128;                //!< UNSIGNED_INT(1)
inline constexpr uint8_t TLV_NONCE = 129;                      //!< OCTET_STRING of 16
inline constexpr uint8_t TLV_PROTECTED_KEY = 130;              //!< OCTET_STRING
inline constexpr uint8_t TLV_KEY_LIFETIME = 131;               //!< UNSIGNED_INT(4), seconds
inline constexpr uint8_t TLV_LINK_LAYER_INFORMATION = 132;     //!< OCTET_STRING
inline constexpr uint8_t TLV_TPOS_ID = 133;                    //!< MISF_ID
inline constexpr uint8_t TLV_NETWORK_ACCESS_IDENTIFIER = 134;  //!< OCTET_STRING
inline constexpr uint8_t TLV_SAID = 135;                       //!< SAID
inline constexpr uint8_t TLV_SECURITY = 136;                   //!< SECURITY
inline constexpr uint8_t TLV_AUTHENTICATION_INFORMATION = 137; //!< OCTET_STRING, an EAP packet
inline constexpr uint8_t TLV_AUTH = 138;                       //!< OCTET_STRING
inline constexpr uint8_t TLV_SECURITY_CAPABILITY = 139;        //!< MIH_SEC_CAP
inline constexpr uint8_t TLV_KEY_MAPPING = 140;                //!< KEY_MAPPING
inline constexpr uint8_t TLV_GROUP_ID = 141;                   //!< MISF_ID
inline constexpr uint8_t TLV_GROUP_ACTION = 142;               //!< ENUMERATED
inline constexpr uint8_t TLV_COMPLETE_SUBTREE = 143;           //!< LIST(level, index)
inline constexpr uint8_t TLV_GROUP_KEY_DATA = 144;             //!< LIST(OCTET_STRING)
inline constexpr uint8_t TLV_VERIFY_GROUP_KEY = 145;           //!< OCTET_STRING of 16
inline constexpr uint8_t TLV_SEQUENCE_NUMBER = 146;            //!< UNSIGNED_INT(8)
inline constexpr uint8_t TLV_SIGNATURE = 147;                  //!< OCTET_STRING of 64
inline constexpr uint8_t TLV_RESPONSE_FLAG = 148;              //!< BOOLEAN
inline constexpr uint8_t TLV_SUBTREE_FLAG = 149;               //!< ENUMERATED
inline constexpr uint8_t TLV_GROUP_KEY_UPDATE_FLAG = 150;      //!< BOOLEAN
inline constexpr uint8_t TLV_SAID_NOTIFICATION = 151;          //!< SAID
inline constexpr uint8_t TLV_SUBGROUP_RANGE = 152;             //!< first and last leaf
inline constexpr uint8_t TLV_MEMBER_LIST = 153;                //!< LIST(MISF_ID)
inline constexpr uint8_t TLV_CERTIFICATE = 154;                //!< OCTET_STRING, DER
inline constexpr uint8_t TLV_TIMESTAMP = 155;                  //!< UNSIGNED_INT(8), PA-5: us
inline constexpr uint8_t TLV_MEMBER_ADDRESSES = 156;           //!< LIST(OCTET_STRING), PA-23
/** @} */

/** @name PA-12: timers
 * @{
 */
inline constexpr int64_t TRANSACTION_LIFETIME_MS = 15000;
inline constexpr int64_t RETRANSMISSION_INTERVAL_MS = 500;
inline constexpr int64_t REASSEMBLY_TIMEOUT_MS = 3000;
inline constexpr uint8_t MAX_RETRANSMISSIONS = 2;
/** @} */

/** PA-13: slices of a fragmented message, except the last, are multiples of this many octets. */
inline constexpr std::size_t FRAGMENT_UNIT = 8;

/** @name PA-16 and PA-22: labels of the key derivation
 * @{
 */
inline constexpr std::string_view LABEL_MISK = "MIS MISK";
inline constexpr std::string_view LABEL_MIAK = "MIS MIAK";
inline constexpr std::string_view LABEL_KEY_MASK = "MIS KDK-MASK";
inline constexpr std::string_view LABEL_MIGSK = "MIS MIGSK";
inline constexpr std::string_view LABEL_GROUP_KEY_CHECK = "MIS VGK";
inline constexpr std::string_view LABEL_SAID = "MIS SAID";
inline constexpr std::string_view LABEL_NODE_KEY = "MIS NODE KEY";
inline constexpr std::string_view LABEL_FULL_AUTHENTICATION = "MIS FULL AUTH";
inline constexpr std::string_view LABEL_PROVISIONED_SA = "MIS PROVISIONED SA";
inline constexpr std::string_view LABEL_PROVISIONED_SAID = "MIS PROVISIONED SAID";
inline constexpr std::string_view LABEL_CREDENTIAL = "MIS CREDENTIAL";
inline constexpr std::string_view LABEL_PRE_SHARED_KEY = "MIS PRE-SHARED KEY";
/** @} */

/** @name PA-40: labels of the media-specific keys
 * @{
 */
inline constexpr std::string_view LABEL_MSRK = "MIS MSRK";
inline constexpr std::string_view LABEL_MSPMK = "MIS MSPMK";
/** @} */

/** @name PA-17: ciphersuite codes
 * @{
 */
inline constexpr uint8_t SUITE_NONE = 0x00;
inline constexpr uint8_t SUITE_AES_CCM = 0x01;
inline constexpr uint8_t SUITE_AES_CBC_HMAC_SHA1 = 0x02;
inline constexpr uint8_t SUITE_AES_CBC_CMAC = 0x03;
inline constexpr uint8_t SUITE_NULL_HMAC_SHA1 = 0x04;
inline constexpr uint8_t SUITE_NULL_CMAC = 0x05;
/** @} */

/** PA-19: octets of an ID_VALUE. */
inline constexpr std::size_t SAID_VALUE_SIZE = 4;

/** @name PA-20: group key block
 * @{
 */
inline constexpr std::size_t SIGNATURE_SIZE = 64;
inline constexpr std::size_t GROUP_KEY_CHECK_SIZE = 16;
/** @} */

/** @name PA-23: identifier of the group of one MN and one TPoS
 * @{
 */
inline constexpr const char* GROUP_ID_PREFIX = "prereg-";
inline constexpr const char* GROUP_ID_SUFFIX = "@group.invalid";
/** @} */

/** @name PA-30: AUTH of an exchange of EAP
 * The first AUTH_SIZE octets of HMAC-SHA-256 under MIAK over a label, a zero octet and the bodies
 * of all Auth messages of the exchange in the order sent, each behind its length in two octets. A
 * body is the service TLVs in the order sent; that of the last response is without its AUTH TLV.
 * @{
 */
inline constexpr std::string_view LABEL_AUTH_POS = "MIS AUTH POS";
inline constexpr std::string_view LABEL_AUTH_MN = "MIS AUTH MN";
inline constexpr std::size_t AUTH_SIZE = 16;
/** @} */

/** @name PA-60: RADIUS attributes for the root key of a visited domain
 * Types of the range for experiments (RFC 3575, section 2.1).
 * @{
 */
inline constexpr uint8_t RADIUS_ERP_DOMAIN = 192;    //!< in requests: domain of the local server
inline constexpr uint8_t RADIUS_DSRK = 193;          //!< salt and DSRK, covered as an MS-MPPE key
inline constexpr uint8_t RADIUS_EMSK_NAME = 194;     //!< EMSKname, 8 octets
inline constexpr uint8_t RADIUS_DSRK_LIFETIME = 195; //!< 4 octets, seconds
/** @} */

/** @name PA-41: what an IEEE 802.16 network would have agreed on before PKMv2 begins
 * @{
 */
inline constexpr uint16_t PKM_CID = 0x0001;          //!< connection identifier in the CMAC digest
inline constexpr uint16_t PKM_PRIMARY_SAID = 0x0001; //!< SAID of the primary SA
inline constexpr uint8_t PKM_AK_SEQUENCE = 0;        //!< sequence number of the first AK
inline constexpr uint16_t PKM_PN_WINDOW = 1;         //!< PN window size, messages
inline constexpr uint32_t PKM_AK_LIFETIME_S = 3600;  //!< lifetime of an AK, seconds
inline constexpr uint32_t PKM_TEK_LIFETIME_S = 1800; //!< lifetime of a TEK, seconds
/** @} */

/** @name PA-42: what LTE would have agreed on before the security mode
 * @{
 */
inline constexpr uint8_t KSI_OF_PUSHED_KEY = 6; //!< key set identifier of a pushed K_ASME
/** UE security capability: EEA0 and 128-EEA2; 128-EIA2. */
inline constexpr std::array<uint8_t, 2> UE_SECURITY_CAPABILITY{0xa0, 0x20};
/** @} */

/** @name PA-56: what an LTE network says in Attach accept
 * One tracking area; the message of session management is Activate default EPS bearer context
 * request with bearer 5, best effort (QCI 9), an access point name, and the IPv4 address 0.0.0.0:
 * the user equipment has one already.
 * @{
 */
inline constexpr uint8_t LTE_UPDATE_TIMER = 0xe0; //!< T3412: no periodic updates
inline constexpr uint16_t LTE_AREA = 1;           //!< tracking area code
inline constexpr std::array<uint8_t, 16> LTE_BEARER_REQUEST{0x52,
                                                            0x01,
                                                            0xc1,
                                                            0x01,
                                                            0x09,
                                                            0x04,
                                                            0x03,
                                                            'm',
                                                            'i',
                                                            's',
                                                            0x05,
                                                            0x01,
                                                            0x00,
                                                            0x00,
                                                            0x00,
                                                            0x00};
/** @} */

/** @name PA-70: frames of link authentication on a link without an own format for them
 * EAPOL has an EtherType; other frames, and what a station says when it attaches, go behind one
 * octet on the EtherType for local experiments, or on a UDP port where a device carries only IP.
 * @{
 */
inline constexpr uint16_t ETHERTYPE_EAPOL = 0x888e; //!< of IEEE 802.1X, not assigned here
inline constexpr uint16_t ETHERTYPE_LINK_FRAME = 0x88b5;
inline constexpr uint8_t LINK_FRAME_ATTACH = 0;          //!< nothing follows; no key beforehand
inline constexpr uint8_t LINK_FRAME_ATTACH_WITH_KEY = 1; //!< nothing follows; a key beforehand
inline constexpr uint8_t LINK_FRAME_CARRIED = 2;         //!< the frame follows
inline constexpr uint16_t LINK_FRAME_UDP_PORT = 49552;   //!< of both ends
/** @} */

/** @name PA-71: a subscriber of LTE made of a MISF identifier
 * IMSI: MCC 001, MNC 01 (test network), then the octets of the identifier as digits to base
 * IMSI_BASE, the last 10 decimal digits of that number. The network is 001-01 too.
 * @{
 */
inline constexpr const char* IMSI_PREFIX = "00101";
inline constexpr std::size_t IMSI_DIGITS = 10;
inline constexpr uint64_t IMSI_BASE = 257;
inline constexpr std::array<uint8_t, 3> TEST_PLMN{0x00, 0xf1, 0x10};
/** @} */

/** @name PA-51: protection of the messages between two points of service by what carries them
 * @{
 */
/** Label of the secret of an IKE SA: prf+ of its first SK_d over it, 32 octets. */
inline constexpr std::string_view IKEV2_EXPORT_LABEL = "MIS ROOT KEY";
inline constexpr uint16_t TLS_TCP_PORT = 49551; //!< port of MIS over TLS over TCP
/** What the server sends as the first application data once it has accepted the client. */
inline constexpr uint8_t TLS_COMMITMENT = 0x00;
/** @} */

/** @name PA-55: a session of TLS records that goes on between other addresses
 * @{
 */
inline constexpr std::string_view LABEL_RECORD_RESUMPTION = "MIS RECORD RESUMPTION";
inline constexpr std::size_t RECORD_PROOF_SIZE = 8 + 8 + 4 + 16; //!< of the octets in AUTH
/** @} */

/** Lifetime of a delivered key, seconds. */
inline constexpr uint32_t KEY_LIFETIME_S = 3600;

/** PA-25: instant 0 of the simulation as a date of certificates, 2020-01-01 00:00:00 UTC, in
 * seconds since 1970. */
inline constexpr int64_t CERTIFICATE_EPOCH_S = 1577836800;
/** PA-25: common name of the authority that issues the certificates of a scenario. */
inline constexpr const char* AUTHORITY_NAME = "mis-prereg authority";
/** PA-25: label of the TLS exporter for the root of MISK and MIAK, 32 octets, without a context. */
inline constexpr std::string_view TLS_EXPORTER_LABEL = "EXPORTER_MIS_ROOT_KEY";
inline constexpr std::size_t TLS_ROOT_OCTETS = 32;
/** PA-25: label of the TLS exporter for K of a full authentication, without a context. */
inline constexpr std::string_view TLS_EXPORTER_LABEL_OF_K = "EXPORTER_MIS_K";

} // namespace assigned

} // namespace ns3::mis

#endif /* MIS_ASSIGNED_H */
