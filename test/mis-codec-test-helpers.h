// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Messages with values for all their fields, and known frames, for tests of the codec.
 */
#ifndef MIS_CODEC_TEST_HELPERS_H
#define MIS_CODEC_TEST_HELPERS_H

#include "ns3/mis-auth-messages.h"
#include "ns3/mis-event-messages.h"
#include "ns3/mis-group-messages.h"
#include "ns3/mis-message.h"
#include "ns3/mis-prereg-messages.h"
#include "ns3/mis-tlv.h"
#include "ns3/mis-types.h"
#include "ns3/test.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <sstream>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ns3::mis::codectest
{

// ---------------------------------------------------------------------------------------------
// All messages, and values for all their fields
// ---------------------------------------------------------------------------------------------

/** @brief A list of types. */
template <class... M>
struct TypeList
{
    /** @brief Call a function with a new object of each type. */
    template <class F>
    static void ForEach(F&& f)
    {
        (f(M{}), ...);
    }
};

/** Every message of the module. */
using EveryMessage = TypeList<PreregXferRequest,
                              PreregXferResponse,
                              N2nPreregXferRequest,
                              N2nPreregXferResponse,
                              MnHoCommitRequest,
                              MnHoCommitResponse,
                              NetHoCommitRequest,
                              NetHoCommitResponse,
                              N2nHoCommitRequest,
                              N2nHoCommitResponse,
                              MnHoCompleteRequest,
                              MnHoCompleteResponse,
                              N2nHoCompleteRequest,
                              N2nHoCompleteResponse,
                              GroupKeyRequest,
                              GroupKeyResponse,
                              NetGroupManipulateRequest,
                              NetGroupManipulateIndication,
                              NetGroupManipulateResponse,
                              MnGroupManipulateRequest,
                              MnGroupManipulateResponse,
                              AuthIndication,
                              AuthRequest,
                              AuthResponse,
                              TerminationAuthRequest,
                              TerminationAuthResponse,
                              PushKeyRequest,
                              PushKeyResponse,
                              LlAuthRequest,
                              LlAuthResponse,
                              CapabilityDiscoverRequest,
                              CapabilityDiscoverResponse,
                              LinkDetectedIndication,
                              LinkUpIndication,
                              LinkDownIndication,
                              LinkParametersReportIndication,
                              LinkGoingDownIndication,
                              EventSubscribeRequest,
                              EventSubscribeResponse>;

/** @brief Visits the fields of a message and gives each a value of its own. */
class Filler
{
  public:
    /**
     * @param optional whether optional fields get a value, too
     * @param size octets of values that may have any number
     */
    Filler(bool optional, std::size_t size)
        : m_optional(optional),
          m_size(size)
    {
    }

    /** @brief Fill a field. */
    template <class T>
    void Mandatory(uint8_t type, T& value)
    {
        m_mandatory.push_back(type);
        Part(value);
    }

    /** @brief Fill a field. */
    template <class T>
    void Optional(uint8_t, std::optional<T>& value)
    {
        if (m_optional)
        {
            Part(value.emplace());
        }
    }

    /** @brief Fill a field. */
    template <class T>
    void Last(uint8_t type, std::optional<T>& value)
    {
        Optional(type, value);
    }

    /** @brief Fill a value. */
    template <class T>
    void Part(T& value)
    {
        if constexpr (std::is_same_v<T, bool>)
        {
            value = true;
        }
        else if constexpr (std::is_same_v<T, Status>)
        {
            value = static_cast<Status>(++m_count % 6);
        }
        else if constexpr (std::is_same_v<T, IdType>)
        {
            value = static_cast<IdType>(++m_count % 4);
        }
        else if constexpr (std::is_enum_v<T>)
        {
            value = static_cast<T>(++m_count);
        }
        else if constexpr (std::is_integral_v<T>)
        {
            value = static_cast<T>(++m_count * 0x0102030405060708);
        }
        else
        {
            Fill(value);
        }
    }

    /** @return types of the mandatory fields */
    const std::vector<uint8_t>& GetMandatory() const
    {
        return m_mandatory;
    }

  private:
    void Fill(Bytes& value)
    {
        value.assign(m_size, ++m_count);
    }

    void Fill(SecretOctets& value)
    {
        value.assign(m_size, ++m_count);
    }

    template <std::size_t N>
    void Fill(boost::container::static_vector<uint8_t, N>& value)
    {
        value.assign(4, static_cast<uint8_t>(++m_count));
    }

    template <std::size_t N>
    void Fill(std::array<uint8_t, N>& value)
    {
        value.fill(static_cast<uint8_t>(++m_count));
    }

    template <class T>
    void Fill(std::vector<T>& value)
    {
        value.resize(3);
        for (T& element : value)
        {
            Part(element);
        }
    }

    template <class T>
    void Fill(std::optional<T>& value)
    {
        Part(value.emplace());
    }

    void Fill(MisfId& value)
    {
        value = MisfId("node" + std::to_string(++m_count) + "@example");
    }

    void Fill(OpaqueValue& value)
    {
        Fill(value.octets);
    }

    void Fill(LinkAddress& value)
    {
        switch (++m_count % 6)
        {
        case 0:
            value = LinkAddress::Mac({1, 2, 3, 4, 5, m_count});
            break;
        case 1:
            value = LinkAddress::Cell3g({1, 2, 3}, m_count);
            break;
        case 2:
            value.choice = Cell2gId{{4, 5, 6}, m_count, 0x1234};
            break;
        case 3:
            value.choice = OctetAddress<3>{Bytes(m_size, m_count)};
            break;
        case 4:
            value.choice = OctetAddress<4>{Bytes(m_size, m_count)};
            break;
        default:
            value = LinkAddress::Other(Bytes(m_size, m_count));
        }
    }

    void Fill(TargetNetworkInfo& value)
    {
        if (++m_count % 2 == 0)
        {
            Part(value.emplace<NetworkName>());
        }
        else
        {
            Part(value.emplace<LinkAddress>());
        }
    }

    void Fill(SignalStrength& value)
    {
        if (++m_count % 2 == 0)
        {
            value.emplace<0>(int8_t{-70});
        }
        else
        {
            value.emplace<1>(uint8_t{80});
        }
    }

    void Fill(std::variant<uint16_t>& value)
    {
        Part(value.emplace<0>());
    }

    void Fill(std::variant<Bytes>& value)
    {
        Fill(value.emplace<0>());
    }

    template <class T>
    auto Fill(T& value) -> decltype(T::Parts(*this, value))
    {
        T::Parts(*this, value);
    }

    bool m_optional;                  //!< whether to fill optional fields
    std::size_t m_size;               //!< octets of values that may have any number
    uint8_t m_count{0};               //!< makes values differ
    std::vector<uint8_t> m_mandatory; //!< types of the mandatory fields
};

/** @brief A TLV of a body. */
struct Tlv
{
    uint8_t type{0}; //!< its type
    Bytes value;     //!< its value
};

/** @return the TLVs of a well-formed body */
inline std::vector<Tlv>
Split(ByteView body)
{
    std::vector<Tlv> tlvs;
    Reader reader(body);
    uint8_t type = 0;
    ByteView value;
    ByteView whole;
    while (!reader.AtEnd() && reader.Tlv(type, value, whole))
    {
        tlvs.push_back({type, Bytes(value.begin(), value.end())});
    }
    return tlvs;
}

/** @return the octets of TLVs */
inline Bytes
Join(const std::vector<Tlv>& tlvs)
{
    Bytes body;
    Writer writer(body);
    for (const Tlv& entry : tlvs)
    {
        writer.Tlv(entry.type, entry.value);
    }
    return body;
}

/** @return the body of a message */
template <class M>
Bytes
Encode(const M& message)
{
    Bytes body;
    Writer writer(body);
    EncodeBody(message, writer);
    return body;
}

/** @return octets of hexadecimal digits that are right for sure */
inline Bytes
Hex(const std::string& text)
{
    return FromHex(text).value_or(Bytes{});
}

/** @return whether a type has values of any size in it, at least one octet being any value */
inline bool
IsOpaque(uint8_t type)
{
    return type == tlv::QUERY_TYPE_LIST || type == tlv::LINK_ADDRESS_LIST ||
           type == tlv::MBB_HANDOVER_SUPPORT || type == tlv::REQUESTED_RESOURCE_SET ||
           type == tlv::ASSIGNED_RESOURCE_SET;
}

// ---------------------------------------------------------------------------------------------
// Known frames
// ---------------------------------------------------------------------------------------------

/** Frames that Wireshark 4.0 dissects without complaint, and the plain text of the second one. */
const char* const G1 =
    "1800340d01230058010e0d6d6e3140612e6578616d706c65020f0e73706f7340612e6578616d706c"
    "650d0c13000006060011223344550084050401020304850f0e74706f7340622e6578616d706c6519"
    "0c011300000606001122334455800101";
const char* const G2 =
    "1001380d0123006f010f0e73706f7340612e6578616d706c65020e0d6d6e3140612e6578616d706c"
    "65870601040000000188440141000000000000000148ee4701292b4ce19161d4ab62af4ce58042f7"
    "7981d22fefea67e49c5e8bfe742551b6e589ed7e771e5dcbec859e1e9dd8378ea67d7131386c01";
const char* const G2_INSIDE =
    "850f0e74706f7340622e6578616d706c65821110000102030405060708090a0b0c0d0e0f830400000e10"
    "030100";
const char* const G3 =
    "1000140900010037010e0d6d6e3140612e6578616d706c65020f0e73706f7340612e6578616d706c"
    "650d0c1300000606001122334455008406050200000501";
const char* const G4 =
    "1400340d01230021010f0e73706f7340612e6578616d706c65020e0d6d6e3140612e6578616d706c"
    "65";
const char* const G5 =
    "10001c0b000100e7010d0c676d40682e6578616d706c65020f0e6772703140622e6578616d706c65"
    "8d0f0e6772703140622e6578616d706c658f0b020400000005040000000c90330218f257061ea0ac"
    "656fee66138b4c5dd89a40e790a642fbc6971893f2de8eca30c48dd3df7a3d07f12147eab2cd7b9a"
    "4b60539111109139c4957de47cba60293e1123ef6726920800000000000000019401009601019706"
    "020400000007830400000e1093414099999999999999999999999999999999999999999999999999"
    "999999999999999999999999999999999999999999999999999999999999999999999999999999";
const char* const G6 =
    "1800340e01240082010f0e73706f7340612e6578616d706c65020f0e74706f7340622e6578616d70"
    "6c650d0c130000060600112233445500340e0d6d6e3140612e6578616d706c65800101821110c65b"
    "0d7f9e2f30a56b921421e9c80233811110a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0811110b0b0b0b0"
    "b0b0b0b0b0b0b0b0b0b0b0b0830400000e10";

const char* const ALL_GOLDEN[] = {G1, G2, G3, G4, G5, G6};

/** Identities of the known frames. */
const MisfId MN("mn1@a.example");
const MisfId SPOS("spos@a.example");
const MisfId TPOS("tpos@b.example");
const MisfId GM("gm@h.example");
const MisfId GROUP("grp1@b.example");

/** Link of the known frames. */
const LinkId LINK{LinkType::WIFI, LinkAddress::Mac({0x00, 0x11, 0x22, 0x33, 0x44, 0x55})};
const LinkTupleId TARGET{LINK, std::nullopt};

/** @return a nonce of equal octets */
inline Nonce
NonceOf(uint8_t octet)
{
    Nonce nonce;
    nonce.fill(octet);
    return nonce;
}

/** @return the message of frame G1 */
inline PreregXferRequest
MakeG1()
{
    PreregXferRequest message;
    message.targetLink = TARGET;
    message.linkLayerInformation = Bytes{1, 2, 3, 4};
    message.tposId = TPOS;
    message.candidateLinks = {LINK};
    message.ciphersuite = 1;
    return message;
}

/** @return the message inside frame G2 */
inline PreregXferResponse
MakeG2()
{
    PreregXferResponse message;
    message.tposId = TPOS;
    message.protectedKey.emplace();
    for (uint8_t i = 0; i < 16; ++i)
    {
        message.protectedKey->push_back(i);
    }
    message.keyLifetime = 3600;
    return message;
}

/** @return the message of frame G3 */
inline LlAuthRequest
MakeG3()
{
    LlAuthRequest message;
    message.link = TARGET;
    message.linkLayerInformation = {2, 0, 0, 5, 1};
    return message;
}

/** @return the message of frame G5 */
inline NetGroupManipulateIndication
MakeG5()
{
    NetGroupManipulateIndication message;
    message.group = GROUP;
    message.completeSubtree = {SubtreeNode{4, 5}, SubtreeNode{4, 12}};
    message.groupKeyData = {Hex("f257061ea0ac656fee66138b4c5dd89a40e790a642fbc697"),
                            Hex("93f2de8eca30c48dd3df7a3d07f12147eab2cd7b9a4b6053")};
    const Bytes check = Hex("9139c4957de47cba60293e1123ef6726");
    std::copy(check.begin(), check.end(), message.verifyGroupKey.emplace().begin());
    message.sequenceNumber = 1;
    message.responseFlag = false;
    message.groupKeyUpdateFlag = true;
    message.saidNotification = Said::Make(IdType::GKB, 7);
    message.keyLifetime = 3600;
    message.signature.emplace().fill(0x99);
    return message;
}

/** @return the message of frame G6 */
inline N2nPreregXferRequest
MakeG6()
{
    N2nPreregXferRequest message;
    const Bytes masked = Hex("c65b0d7f9e2f30a56b921421e9c80233");
    message.targetLink = TARGET;
    message.mnId = MN;
    message.ciphersuite = 1;
    message.protectedKey = SecretOctets(masked.begin(), masked.end());
    message.nonceT = NonceOf(0xa0);
    message.nonceN = NonceOf(0xb0);
    message.keyLifetime = 3600;
    return message;
}

/** @return a header */
inline Header
MakeHeader(bool ackReq, uint16_t tid)
{
    Header header;
    header.ackReq = ackReq;
    header.tid = tid;
    return header;
}

} // namespace ns3::mis::codectest

#endif // MIS_CODEC_TEST_HELPERS_H
