// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of the codec: known frames, the length rule, every message there and back, and
 * octets that are no message.
 */
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

namespace ns3::mis
{

namespace
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
std::vector<Tlv>
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
Bytes
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
Bytes
Hex(const std::string& text)
{
    return FromHex(text).value_or(Bytes{});
}

/** @return whether a type has values of any size in it, at least one octet being any value */
bool
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
Nonce
NonceOf(uint8_t octet)
{
    Nonce nonce;
    nonce.fill(octet);
    return nonce;
}

/** @return the message of frame G1 */
PreregXferRequest
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
PreregXferResponse
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
LlAuthRequest
MakeG3()
{
    LlAuthRequest message;
    message.link = TARGET;
    message.linkLayerInformation = {2, 0, 0, 5, 1};
    return message;
}

/** @return the message of frame G5 */
NetGroupManipulateIndication
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
N2nPreregXferRequest
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
Header
MakeHeader(bool ackReq, uint16_t tid)
{
    Header header;
    header.ackReq = ackReq;
    header.tid = tid;
    return header;
}

/** @brief The known frames made from values, and decoded and encoded again. */
class GoldenFramesTestCase : public TestCase
{
  public:
    GoldenFramesTestCase()
        : TestCase("Known frames are reproduced octet by octet")
    {
    }

  private:
    void DoRun() override
    {
        CheckPlain(G1, MakeHeader(true, 0x123), MN, SPOS, MakeG1());
        CheckPlain(G3, MakeHeader(false, 1), MN, SPOS, MakeG3());
        CheckPlain(G5, MakeHeader(false, 1), GM, GROUP, MakeG5());
        CheckPlain(G6, MakeHeader(true, 0x124), SPOS, TPOS, MakeG6());
        CheckAcknowledgement();
        CheckProtected();
        CheckValues();
    }

    template <class M>
    void CheckPlain(const char* hex,
                    const Header& header,
                    const MisfId& src,
                    const MisfId& dst,
                    const M& message)
    {
        const char* name = MessageName(M::ID);
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeFrame(header, src, dst, message)), hex, name);

        const Bytes octets = Hex(hex);
        const auto frame = ParseFrame(octets);
        NS_TEST_ASSERT_MSG_EQ(bool(frame), true, name << ": " << frame.Error());
        NS_TEST_EXPECT_MSG_EQ(frame->header.mid, M::ID, name);
        NS_TEST_EXPECT_MSG_EQ(frame->header.tid, header.tid, name);
        NS_TEST_EXPECT_MSG_EQ(frame->header.ackReq, header.ackReq, name);
        NS_TEST_EXPECT_MSG_EQ(MisfId(frame->source), src, name);
        NS_TEST_EXPECT_MSG_EQ(MisfId(frame->destination), dst, name);
        const auto decoded = DecodeBody<M>(frame->body);
        NS_TEST_ASSERT_MSG_EQ(bool(decoded), true, name << ": " << decoded.Error());
        NS_TEST_EXPECT_MSG_EQ(decoded->unknown.empty(), true, name);
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeFrame(frame->header,
                                                MisfId(frame->source),
                                                MisfId(frame->destination),
                                                *decoded)),
                              hex,
                              name);
    }

    void CheckAcknowledgement()
    {
        Header header = MakeHeader(false, 0x123);
        header.ackRsp = true;
        header.mid = PreregXferRequest::ID;
        Bytes octets;
        BeginFrame(octets, header, SPOS, MN);
        NS_TEST_EXPECT_MSG_EQ(FinishFrame(octets), true, "fits");
        NS_TEST_EXPECT_MSG_EQ(ToHex(octets), G4, "acknowledgement");
        const auto frame = ParseFrame(octets);
        NS_TEST_ASSERT_MSG_EQ(bool(frame), true, "acknowledgement");
        NS_TEST_EXPECT_MSG_EQ(frame->header.ackRsp, true, "acknowledgement");
        NS_TEST_EXPECT_MSG_EQ(frame->body.empty(), true, "acknowledgement");
        BeginFrame(octets, frame->header, MisfId(frame->source), MisfId(frame->destination));
        FinishFrame(octets);
        NS_TEST_EXPECT_MSG_EQ(ToHex(octets), G4, "acknowledgement again");
    }

    void CheckProtected()
    {
        NS_TEST_EXPECT_MSG_EQ(ToHex(Encode(MakeG2())), G2_INSIDE, "plain text");
        const auto inside = DecodeBody<PreregXferResponse>(Hex(G2_INSIDE));
        NS_TEST_ASSERT_MSG_EQ(bool(inside), true, "plain text");
        NS_TEST_EXPECT_MSG_EQ(ToHex(Encode(*inside)), G2_INSIDE, "plain text again");

        const Bytes octets = Hex(G2);
        const auto frame = ParseFrame(octets);
        NS_TEST_ASSERT_MSG_EQ(bool(frame), true, "protected frame");
        NS_TEST_EXPECT_MSG_EQ(frame->header.secured, true, "S bit");
        const auto body = ReadProtectedBody(frame->body);
        NS_TEST_ASSERT_MSG_EQ(bool(body), true, "protected body: " << body.Error());
        NS_TEST_EXPECT_MSG_EQ(body->said, Said::Make(IdType::EAP, 1), "SAID");
        NS_TEST_EXPECT_MSG_EQ(body->saidTlv.size(), 8, "SAID TLV");
        // Sequence number, the 45 octets of the plain text, integrity check value.
        NS_TEST_EXPECT_MSG_EQ(body->security.encrypted.size(), 8 + 45 + 12, "ENCR_BLOCK");
        NS_TEST_EXPECT_MSG_EQ(body->security.integrity.has_value(), false, "INTG_BLOCK");
        NS_TEST_EXPECT_MSG_EQ(SecurityValueSize(8 + 45 + 12, std::nullopt), 0x44, "size");

        for (const Said& said : {body->said, Said::Make(IdType::EAP, 1)})
        {
            Bytes again;
            BeginFrame(again, frame->header, SPOS, MN);
            Writer writer(again);
            WriteSaidTlv(writer, said);
            const auto mark = writer.BeginTlv(assigned::TLV_SECURITY);
            WriteSecurityValue(writer, body->security);
            writer.EndTlv(mark);
            NS_TEST_EXPECT_MSG_EQ(FinishFrame(again), true, "fits");
            NS_TEST_EXPECT_MSG_EQ(ToHex(again), G2, "protected frame again");
        }
    }

    void CheckValues()
    {
        const Bytes g1 = Hex(G1);
        const auto request = DecodeBody<PreregXferRequest>(ParseFrame(g1)->body);
        NS_TEST_EXPECT_MSG_EQ(*request->targetLink, TARGET, "target");
        NS_TEST_EXPECT_MSG_EQ(ToHex(*request->linkLayerInformation), "01020304", "frames");
        NS_TEST_EXPECT_MSG_EQ(*request->tposId, TPOS, "TPoS");
        NS_TEST_EXPECT_MSG_EQ(request->candidateLinks->size(), 1, "candidates");
        NS_TEST_EXPECT_MSG_EQ(request->candidateLinks->front(), LINK, "candidate");
        NS_TEST_EXPECT_MSG_EQ(+*request->ciphersuite, 1, "ciphersuite");
        NS_TEST_EXPECT_MSG_EQ(request->nonceT.has_value(), false, "nonce");

        const Bytes g5 = Hex(G5);
        const auto group = DecodeBody<NetGroupManipulateIndication>(ParseFrame(g5)->body);
        NS_TEST_EXPECT_MSG_EQ(group->group, GROUP, "group");
        NS_TEST_ASSERT_MSG_EQ(group->completeSubtree->size(), 2, "cover");
        NS_TEST_EXPECT_MSG_EQ(((*group->completeSubtree)[1] == SubtreeNode{4, 12}), true, "cover");
        NS_TEST_EXPECT_MSG_EQ(group->groupKeyData->size(), 2, "keys");
        NS_TEST_EXPECT_MSG_EQ(*group->sequenceNumber, 1, "sequence number");
        NS_TEST_EXPECT_MSG_EQ(*group->saidNotification, Said::Make(IdType::GKB, 7), "SAID");
        NS_TEST_EXPECT_MSG_EQ(*group->groupKeyUpdateFlag, true, "update");
        NS_TEST_EXPECT_MSG_EQ(group->subgroupRange.has_value(), false, "range");

        const Bytes g6 = Hex(G6);
        const auto n2n = DecodeBody<N2nPreregXferRequest>(ParseFrame(g6)->body);
        NS_TEST_EXPECT_MSG_EQ((*n2n->nonceT == NonceOf(0xa0)), true, "Nonce-T");
        NS_TEST_EXPECT_MSG_EQ((*n2n->nonceN == NonceOf(0xb0)), true, "Nonce-N");
        NS_TEST_EXPECT_MSG_EQ(*n2n->keyLifetime, 3600, "lifetime");
    }
};

/** @brief Sizes of the messages of one delivery. */
class FrameSizesTestCase : public TestCase
{
  public:
    FrameSizesTestCase()
        : TestCase("The messages of one delivery have the octets that were computed for them")
    {
    }

  private:
    template <class M>
    std::size_t Size(const MisfId& src, const MisfId& dst, const M& message)
    {
        return EncodeFrame(Header(), src, dst, message).size();
    }

    void DoRun() override
    {
        PreregXferRequest request = MakeG1();
        request.linkLayerInformation.reset();
        request.candidateLinks.reset();
        request.nonceT = NonceOf(0xa0);
        NS_TEST_EXPECT_MSG_EQ(Size(MN, SPOS, request), 94, "request");
        NS_TEST_EXPECT_MSG_EQ(Size(SPOS, TPOS, MakeG6()), 138, "N2N request");
        N2nPreregXferResponse n2n;
        n2n.targetLink = TARGET;
        n2n.mnId = MN;
        NS_TEST_EXPECT_MSG_EQ(Size(TPOS, SPOS, n2n), 75, "N2N response");
        PreregXferResponse response = MakeG2();
        response.targetLink = TARGET;
        response.nonceN = NonceOf(0xb0);
        NS_TEST_EXPECT_MSG_EQ(Size(SPOS, MN, response), 119, "response");
        // The protected ones less the 33 octets of the protection.
        GroupKeyRequest key;
        key.members = {MN, TPOS};
        key.ciphersuite = 1;
        NS_TEST_EXPECT_MSG_EQ(Size(SPOS, GM, key), 108 - 33, "key request");
        GroupKeyResponse answer;
        answer.group = GROUP;
        NS_TEST_EXPECT_MSG_EQ(Size(GM, SPOS, answer), 93 - 33, "key response");
        NetGroupManipulateIndication block = MakeG5();
        NS_TEST_EXPECT_MSG_EQ(Size(GM, GROUP, block), 239, "signed block");
        block.signature.reset();
        NS_TEST_EXPECT_MSG_EQ(Size(GM, GROUP, block), 172, "block");
    }
};

// ---------------------------------------------------------------------------------------------
// Octets
// ---------------------------------------------------------------------------------------------

/** @brief The length rule. */
class LengthRuleTestCase : public TestCase
{
  public:
    LengthRuleTestCase()
        : TestCase("Lengths have the one form that the length rule gives them")
    {
    }

  private:
    void DoRun() override
    {
        const std::pair<std::size_t, const char*> examples[] = {{0, "00"},
                                                                {127, "7f"},
                                                                {128, "80"},
                                                                {129, "8101"},
                                                                {300, "81ac"},
                                                                {383, "81ff"},
                                                                {384, "820100"},
                                                                {700, "82023c"},
                                                                {40000, "829bc0"}};
        for (const auto& [length, hex] : examples)
        {
            Bytes octets;
            Writer(octets).Length(length);
            NS_TEST_EXPECT_MSG_EQ(ToHex(octets), hex, length);
        }
        for (std::size_t length = 0; length < 70000; ++length)
        {
            Bytes octets;
            Writer(octets).Length(length);
            Reader reader(octets);
            std::size_t again = 0;
            NS_TEST_ASSERT_MSG_EQ(reader.Length(again), true, length);
            NS_TEST_ASSERT_MSG_EQ(again, length, length);
            NS_TEST_ASSERT_MSG_EQ(reader.AtEnd(), true, length);
            NS_TEST_ASSERT_MSG_EQ(LengthSize(length), octets.size(), length);
        }
        for (std::size_t size : {0, 1, 127, 128, 129, 255, 256, 300, 383, 384, 700, 40000})
        {
            CheckBackFilled(size);
        }

        CheckRejected("", CodecError::TRUNCATED);
        CheckRejected("81", CodecError::TRUNCATED);
        CheckRejected("8202", CodecError::TRUNCATED);
        CheckRejected("8100", CodecError::BAD_LENGTH);
        CheckRejected("820001", CodecError::BAD_LENGTH);
        CheckRejected("8401020304", CodecError::BAD_LENGTH);
        CheckRejected("ff", CodecError::BAD_LENGTH);
    }

    void CheckBackFilled(std::size_t size)
    {
        const Bytes value(size, 0x5a);
        Bytes direct;
        Writer(direct).Tlv(200, value);
        Bytes filled;
        SecretOctets secret;
        Writer plainWriter(filled);
        Writer secretWriter(secret);
        for (Writer* writer : {&plainWriter, &secretWriter})
        {
            const auto mark = writer->BeginTlv(200);
            writer->Octets(value);
            writer->EndTlv(mark);
            NS_TEST_EXPECT_MSG_EQ(writer->Size(), TlvSize(size), size);
        }
        NS_TEST_EXPECT_MSG_EQ((direct == filled), true, size);
        NS_TEST_EXPECT_MSG_EQ((ByteView(direct) == ByteView(secret)), true, size);
        Reader reader(direct);
        uint8_t type = 0;
        ByteView again;
        ByteView whole;
        NS_TEST_ASSERT_MSG_EQ(reader.Tlv(type, again, whole), true, size);
        NS_TEST_EXPECT_MSG_EQ(+type, 200, size);
        NS_TEST_EXPECT_MSG_EQ((again == ByteView(value)), true, size);
        NS_TEST_EXPECT_MSG_EQ((whole == ByteView(direct)), true, size);
    }

    void CheckRejected(const char* hex, CodecError error)
    {
        const Bytes octets = Hex(hex);
        Reader reader(octets);
        std::size_t length = 0;
        NS_TEST_EXPECT_MSG_EQ(reader.Length(length), false, hex);
        NS_TEST_EXPECT_MSG_EQ(reader.Error(), error, hex);
    }
};

/** @brief Identifiers, names and hexadecimal digits. */
class TypesTestCase : public TestCase
{
  public:
    TypesTestCase()
        : TestCase("Identifiers compare, hash and print")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(ToHex(Hex("00fFaB")), "00ffab", "hexadecimal");
        NS_TEST_EXPECT_MSG_EQ(FromHex("0").has_value(), false, "odd");
        NS_TEST_EXPECT_MSG_EQ(FromHex("0g").has_value(), false, "no digit");
        NS_TEST_EXPECT_MSG_EQ(FromHex("")->empty(), true, "nothing");

        const Bytes octets{1, 2, 3, 4};
        const ByteView view(octets);
        NS_TEST_EXPECT_MSG_EQ(ToHex(view.Sub(1, 2)), "0203", "part");
        NS_TEST_EXPECT_MSG_EQ(ToHex(view.Sub(3, 9)), "04", "part beyond the end");
        NS_TEST_EXPECT_MSG_EQ(view.Sub(5, 1).empty(), true, "part behind the end");
        NS_TEST_EXPECT_MSG_EQ((view == octets && view != view.Sub(1)), true, "comparison");

        boost::unordered_flat_map<MisfId, int, MisfIdHash, MisfIdEqual> map;
        map[MN] = 1;
        NS_TEST_EXPECT_MSG_EQ(map.count(MN.View()), 1, "look-up by octets");
        NS_TEST_EXPECT_MSG_EQ(map.count(std::string_view("mn1@a.example")), 1, "look-up by text");
        NS_TEST_EXPECT_MSG_EQ(map.count(TPOS.View()), 0, "another one");

        const Said said = Said::Make(IdType::PREREGISTRATION, 0x01020304);
        std::ostringstream text;
        text << said << ' ' << TARGET << ' ' << MN << ' ' << PreregXferRequest::ID;
        NS_TEST_EXPECT_MSG_EQ(text.str(),
                              "3:01020304 WIFI 00:11:22:33:44:55 mn1@a.example Prereg_Xfer request",
                              "text");
        std::unordered_set<Said> saids{said};
        NS_TEST_EXPECT_MSG_EQ(saids.count(Said::Make(IdType::PREREGISTRATION, 0x01020304)), 1, "");
        NS_TEST_EXPECT_MSG_EQ(saids.count(Said::Make(IdType::GKB, 0x01020304)), 0, "type");

        constexpr MessageId mid = MessageId::Make(3, Opcode::RESPONSE, 13);
        static_assert(mid == PreregXferResponse::ID);
        static_assert(NetGroupManipulateIndication::ID.Value() == 0x1c0b);
        static_assert(NetGroupManipulateRequest::ID.Value() == 0x140b);
        static_assert(GroupKeyRequest::ID.Value() == 0x340f);
        static_assert(GroupKeyResponse::ID.Value() == 0x380f);
        static_assert(AuthResponse::ID.Value() == 0x1806);
        NS_TEST_EXPECT_MSG_EQ(+mid.Sid(), 3, "SID");
        NS_TEST_EXPECT_MSG_EQ((mid.Opcode() == Opcode::RESPONSE), true, "opcode");
        NS_TEST_EXPECT_MSG_EQ(mid.Aid(), 13, "AID");
        NS_TEST_EXPECT_MSG_EQ(std::string(MessageName(0x2c06)), "Link_Going_Down indication", "");
        NS_TEST_EXPECT_MSG_EQ(std::string(MessageName(0x2c04)), "unknown", "AID not used");
        NS_TEST_EXPECT_MSG_EQ(std::string(ContributionName(NetGroupManipulateIndication::ID)),
                              "MIS_Push_Group_Manipulate",
                              "name in the contribution");
    }
};

/** @brief The header, bit by bit. */
class HeaderTestCase : public TestCase
{
  public:
    HeaderTestCase()
        : TestCase("Each field of the header is where it belongs")
    {
    }

  private:
    void DoRun() override
    {
        Header header;
        Check(header, "1000000000000000");
        header.ackReq = true;
        Check(header, "1800000000000000");
        header = Header();
        header.ackRsp = true;
        Check(header, "1400000000000000");
        header = Header();
        header.uir = true;
        Check(header, "1200000000000000");
        header = Header();
        header.more = true;
        Check(header, "1100000000000000");
        header = Header();
        header.secured = true;
        Check(header, "1001000000000000");
        header = Header();
        header.fragment = 127;
        Check(header, "10fe000000000000");
        header = Header();
        header.mid = MessageId::Make(15, Opcode::INDICATION, 0x3ff);
        Check(header, "1000ffff00000000");
        header = Header();
        header.tid = 0xfff;
        Check(header, "100000000fff0000");
        header = Header();
        header.length = 0xabcd;
        Check(header, "100000000000abcd");

        const auto reserved = Header::Read(Hex("10000000f0010000"));
        NS_TEST_ASSERT_MSG_EQ(bool(reserved), true, "reserved bits");
        NS_TEST_EXPECT_MSG_EQ(reserved->tid, 1, "reserved bits");
        NS_TEST_EXPECT_MSG_EQ(Header::Read(Hex("20000000f0010000")).Error(),
                              CodecError::BAD_VERSION,
                              "version");
        NS_TEST_EXPECT_MSG_EQ(Header::Read(Hex("10000000f00100")).Error(),
                              CodecError::TRUNCATED,
                              "seven octets");
    }

    void Check(const Header& header, const char* hex)
    {
        Bytes octets;
        Writer writer(octets);
        header.Write(writer);
        NS_TEST_EXPECT_MSG_EQ(ToHex(octets), hex, "written");
        const auto again = Header::Read(octets);
        NS_TEST_ASSERT_MSG_EQ(bool(again), true, hex);
        uint8_t over[Header::SIZE];
        again->WriteTo(over);
        NS_TEST_EXPECT_MSG_EQ(ToHex(ByteView(over, Header::SIZE)), hex, "read and written");
    }
};

/** @brief Frames whose identifiers or lengths are not as usual. */
class FramesTestCase : public TestCase
{
  public:
    FramesTestCase()
        : TestCase("Frames are parsed with identifiers anywhere, and rejected without them")
    {
    }

  private:
    static Bytes Frame(const std::vector<Tlv>& tlvs, Header header = Header())
    {
        const Bytes body = Join(tlvs);
        header.length = static_cast<uint16_t>(body.size());
        Bytes frame;
        Writer writer(frame);
        header.Write(writer);
        writer.Octets(body);
        return frame;
    }

    static Tlv Id(uint8_t type, const std::string& id)
    {
        Tlv entry{type, {}};
        Writer(entry.value).OctetString(ByteView::FromText(id));
        return entry;
    }

    void Reject(const Bytes& frame, CodecError error, const char* what)
    {
        NS_TEST_EXPECT_MSG_EQ(ParseFrame(frame).Error(), error, what);
    }

    void DoRun() override
    {
        const Tlv src = Id(tlv::SOURCE_ID, "a");
        const Tlv dst = Id(tlv::DESTINATION_ID, "b");
        const Tlv status{tlv::STATUS, {0}};
        const Tlv other{200, {1, 2}};

        for (const auto& tlvs : std::vector<std::vector<Tlv>>{{src, dst, status, other},
                                                              {dst, src, status, other},
                                                              {src, status, dst, other},
                                                              {status, other, dst, src}})
        {
            const Bytes octets = Frame(tlvs);
            const auto frame = ParseFrame(octets);
            NS_TEST_ASSERT_MSG_EQ(bool(frame), true, frame.Error());
            NS_TEST_EXPECT_MSG_EQ(frame->source.Text(), "a", "source");
            NS_TEST_EXPECT_MSG_EQ(frame->destination.Text(), "b", "destination");
            NS_TEST_EXPECT_MSG_EQ(ToHex(frame->sourceTlv), "01020161", "source TLV");
            NS_TEST_EXPECT_MSG_EQ(ToHex(frame->destinationTlv), "02020162", "destination TLV");
            NS_TEST_EXPECT_MSG_EQ((frame->whole == octets), true, "whole");
            const auto message = DecodeBody<PushKeyResponse>(frame->body);
            NS_TEST_ASSERT_MSG_EQ(bool(message), true, message.Error());
            NS_TEST_EXPECT_MSG_EQ(message->unknown.size(), 1, "unknown");
        }

        const Bytes toAll = Frame({src, Id(tlv::DESTINATION_ID, "")});
        const auto frame = ParseFrame(toAll);
        NS_TEST_ASSERT_MSG_EQ(bool(frame), true, "no destination");
        NS_TEST_EXPECT_MSG_EQ(frame->destination.empty(), true, "no destination");
        NS_TEST_EXPECT_MSG_EQ(ToHex(frame->destinationTlv), "020100", "no destination");
        Bytes again;
        BeginFrame(again, Header(), MisfId("a"), MisfId());
        FinishFrame(again);
        NS_TEST_EXPECT_MSG_EQ(ToHex(again), ToHex(toAll), "no destination");

        Reject(Frame({}), CodecError::MISSING_TLV, "no identifier");
        Reject(Frame({src}), CodecError::MISSING_TLV, "no destination TLV");
        Reject(Frame({status, dst}), CodecError::MISSING_TLV, "no source TLV");
        Reject(Frame({src, dst, src}), CodecError::DUPLICATE_TLV, "two sources");
        Reject(Frame({src, dst, dst}), CodecError::DUPLICATE_TLV, "two destinations");
        Reject(Frame({src, src, dst}), CodecError::DUPLICATE_TLV, "two sources first");
        Reject(Frame({Id(tlv::SOURCE_ID, std::string(254, 'x')), dst}),
               CodecError::BAD_VALUE,
               "long identifier");
        NS_TEST_EXPECT_MSG_EQ(
            bool(ParseFrame(Frame({Id(tlv::SOURCE_ID, std::string(253, 'x')), dst}))),
            true,
            "longest identifier");
        Reject(Frame({Tlv{tlv::SOURCE_ID, {1, 'a', 'b'}}, dst}),
               CodecError::OVERLONG,
               "octets behind the identifier");
        Reject(Frame({Tlv{tlv::SOURCE_ID, {3, 'a', 'b'}}, dst}),
               CodecError::TRUNCATED,
               "identifier beyond its TLV");

        Bytes longer = Frame({src, dst});
        longer.push_back(0);
        Reject(longer, CodecError::OVERLONG, "octet behind the frame");
        Bytes cut = Frame({src, dst, other});
        cut.pop_back();
        Reject(cut, CodecError::TRUNCATED, "octet missing");
        cut[7] = static_cast<uint8_t>(cut.size() - Header::SIZE);
        Reject(cut, CodecError::TRUNCATED, "TLV beyond the frame");

        Bytes big;
        BeginFrame(big, Header(), MN, SPOS);
        big.resize(Header::SIZE + Header::MAX_LENGTH);
        NS_TEST_EXPECT_MSG_EQ(FinishFrame(big), true, "largest frame");
        big.push_back(0);
        NS_TEST_EXPECT_MSG_EQ(FinishFrame(big), false, "too large a frame");
        LlAuthRequest huge;
        huge.linkLayerInformation.resize(70000);
        NS_TEST_EXPECT_MSG_EQ(EncodeFrame(Header(), MN, SPOS, huge).empty(), true, "too large");

        CheckFragments(src, dst);
    }

    void CheckFragments(const Tlv& src, const Tlv& dst)
    {
        Header header;
        header.more = true;
        Bytes slice = Frame({src, dst}, header);
        const Bytes data{0x84, 0xff, 0x00, 1, 2, 3, 4, 5};
        slice.insert(slice.end(), data.begin(), data.end());
        slice[7] = static_cast<uint8_t>(slice.size() - Header::SIZE);
        const auto frame = ParseFrame(slice);
        NS_TEST_ASSERT_MSG_EQ(bool(frame), true, "fragment: " << frame.Error());
        NS_TEST_EXPECT_MSG_EQ(ToHex(frame->body), ToHex(data), "slice");
        slice[0] = 0x10;
        slice[1] = 1 << 1;
        NS_TEST_EXPECT_MSG_EQ(bool(ParseFrame(slice)), true, "last fragment");
        slice[1] = 0;
        NS_TEST_EXPECT_MSG_EQ(bool(ParseFrame(slice)), false, "same octets, but no fragment");
        Reject(Frame({src, Tlv{200, {}}, dst}, header),
               CodecError::MISSING_TLV,
               "fragment without identifiers first");
        Reject(Frame({src, src, dst}, header), CodecError::DUPLICATE_TLV, "fragment");
        Reject(Frame({src}, header), CodecError::MISSING_TLV, "fragment");
    }
};

// ---------------------------------------------------------------------------------------------
// Every message
// ---------------------------------------------------------------------------------------------

/** @brief What holds for every message. */
class EveryMessageTestCase : public TestCase
{
  public:
    EveryMessageTestCase()
        : TestCase("Every message survives the way to octets and back, in any order of TLVs")
    {
    }

  private:
    void DoRun() override
    {
        std::size_t count = 0;
        EveryMessage::ForEach([this, &count](auto message) {
            ++count;
            Check(message);
        });
        NS_TEST_EXPECT_MSG_EQ(count, AllMessages().size(), "every message is tested");
        NS_TEST_EXPECT_MSG_EQ((FindMessage(0x340c) == nullptr), true, "no such message");
    }

    template <class M>
    void Check(const M&)
    {
        const char* name = MessageName(M::ID);
        const MessageInfo* info = FindMessage(M::ID);
        NS_TEST_ASSERT_MSG_EQ((info != nullptr), true, name);
        NS_TEST_EXPECT_MSG_EQ(info->id, M::ID, name);
        NS_TEST_EXPECT_MSG_EQ(std::string(info->name), name, name);

        for (bool optional : {false, true})
        {
            for (std::size_t size : {0, 5, 128, 200, 700})
            {
                M message;
                Filler filler(optional, size);
                M::Fields(filler, message);
                CheckRoundTrip(*info, message);
            }
        }

        M message;
        Filler filler(true, 5);
        M::Fields(filler, message);
        const Bytes body = Encode(message);
        const std::vector<Tlv> tlvs = Split(body);
        CheckOrder<M>(body, tlvs);
        CheckUnknown<M>(tlvs);
        CheckPrint(*info, body);
        for (std::size_t i = 0; i < tlvs.size(); ++i)
        {
            CheckWithout<M>(tlvs, i, filler.GetMandatory());
            CheckTwice<M>(tlvs, i);
            CheckSizes<M>(tlvs, i);
        }
        CheckTruncations<M>(body);
    }

    template <class M>
    void CheckRoundTrip(const MessageInfo& info, const M& message)
    {
        const Bytes body = Encode(message);
        const auto decoded = DecodeBody<M>(body);
        NS_TEST_ASSERT_MSG_EQ(bool(decoded), true, info.name << ": " << decoded.Error());
        NS_TEST_EXPECT_MSG_EQ(ToHex(Encode(*decoded)), ToHex(body), info.name);
        NS_TEST_EXPECT_MSG_EQ(decoded->unknown.empty(), true, info.name);
        NS_TEST_EXPECT_MSG_EQ(info.check(body), CodecError::NONE, info.name);
        SecretOctets secret;
        Writer writer(secret);
        EncodeBody(message, writer);
        NS_TEST_EXPECT_MSG_EQ((ByteView(secret) == ByteView(body)), true, info.name);
    }

    template <class M>
    void CheckOrder(const Bytes& body, std::vector<Tlv> tlvs)
    {
        // Deterministic shuffles. TLVs of one type keep their order, which has a meaning.
        uint32_t state = 12345;
        for (int round = 0; round < 50; ++round)
        {
            std::vector<Tlv> shuffled = tlvs;
            for (std::size_t i = shuffled.size(); i > 1; --i)
            {
                state = state * 1664525 + 1013904223;
                std::swap(shuffled[i - 1], shuffled[(state >> 16) % i]);
            }
            for (const Tlv& original : tlvs)
            {
                std::vector<Tlv*> same;
                for (Tlv& entry : shuffled)
                {
                    if (entry.type == original.type)
                    {
                        same.push_back(&entry);
                    }
                }
                std::size_t next = 0;
                for (const Tlv& entry : tlvs)
                {
                    if (entry.type == original.type)
                    {
                        same[next++]->value = entry.value;
                    }
                }
            }
            const auto decoded = DecodeBody<M>(Join(shuffled));
            NS_TEST_ASSERT_MSG_EQ(bool(decoded), true, MessageName(M::ID));
            NS_TEST_EXPECT_MSG_EQ(ToHex(Encode(*decoded)), ToHex(body), MessageName(M::ID));
        }
    }

    template <class M>
    void CheckUnknown(const std::vector<Tlv>& tlvs)
    {
        const char* name = MessageName(M::ID);
        for (std::size_t at = 0; at <= tlvs.size(); ++at)
        {
            std::vector<Tlv> more = tlvs;
            more.insert(more.begin() + static_cast<std::ptrdiff_t>(at), Tlv{201, Bytes(300, 7)});
            more.insert(more.begin(), Tlv{99, {}});
            more.push_back(Tlv{201, {1}});
            const auto decoded = DecodeBody<M>(Join(more));
            NS_TEST_ASSERT_MSG_EQ(bool(decoded), true, name << ": " << decoded.Error());
            NS_TEST_ASSERT_MSG_EQ(decoded->unknown.size(), 3, name);
            NS_TEST_EXPECT_MSG_EQ(+decoded->unknown[0].type, 99, name);
            NS_TEST_EXPECT_MSG_EQ(decoded->unknown[1].value.size(), 300, name);
            NS_TEST_EXPECT_MSG_EQ(ToHex(decoded->unknown[2].value), "01", name);
            const Bytes again = Encode(*decoded);
            NS_TEST_EXPECT_MSG_EQ(again.size(), Join(more).size(), name);
            const auto twice = DecodeBody<M>(again);
            NS_TEST_ASSERT_MSG_EQ(bool(twice), true, name);
            NS_TEST_EXPECT_MSG_EQ(ToHex(Encode(*twice)), ToHex(again), name);
            const uint8_t last = Split(again).back().type;
            const bool isSigned = !tlvs.empty() && tlvs.back().type == assigned::TLV_SIGNATURE;
            NS_TEST_EXPECT_MSG_EQ((last == (isSigned ? assigned::TLV_SIGNATURE : 201)), true, name);
        }
    }

    void CheckPrint(const MessageInfo& info, const Bytes& body)
    {
        std::ostringstream text;
        info.print(body, text);
        NS_TEST_EXPECT_MSG_EQ((text.str().find("TLV ") == std::string::npos), true, text.str());
        for (const Tlv& entry : Split(body))
        {
            const char* tlvName = TlvName(entry.type);
            NS_TEST_EXPECT_MSG_EQ((tlvName && text.str().find(tlvName) != std::string::npos),
                                  true,
                                  "TLV " << +entry.type << " in " << text.str());
        }
    }

    template <class M>
    void CheckWithout(std::vector<Tlv> tlvs, std::size_t i, const std::vector<uint8_t>& mandatory)
    {
        const uint8_t type = tlvs[i].type;
        tlvs.erase(tlvs.begin() + static_cast<std::ptrdiff_t>(i));
        const bool needed = std::count(mandatory.begin(), mandatory.end(), type) != 0;
        NS_TEST_EXPECT_MSG_EQ(DecodeBody<M>(Join(tlvs)).Error(),
                              (needed ? CodecError::MISSING_TLV : CodecError::NONE),
                              MessageName(M::ID) << " without " << TlvName(type));
    }

    template <class M>
    void CheckTwice(std::vector<Tlv> tlvs, std::size_t i)
    {
        tlvs.push_back(tlvs[i]);
        NS_TEST_EXPECT_MSG_EQ(DecodeBody<M>(Join(tlvs)).Error(),
                              CodecError::DUPLICATE_TLV,
                              MessageName(M::ID) << " with " << TlvName(tlvs[i].type) << " twice");
    }

    template <class M>
    void CheckSizes(std::vector<Tlv> tlvs, std::size_t i)
    {
        if (IsOpaque(tlvs[i].type))
        {
            return;
        }
        tlvs[i].value.push_back(0);
        NS_TEST_EXPECT_MSG_EQ(DecodeBody<M>(Join(tlvs)).Error(),
                              CodecError::OVERLONG,
                              MessageName(M::ID) << " long " << TlvName(tlvs[i].type));
        tlvs[i].value.pop_back();
        while (!tlvs[i].value.empty())
        {
            tlvs[i].value.pop_back();
            NS_TEST_EXPECT_MSG_EQ(DecodeBody<M>(Join(tlvs)).Error(),
                                  CodecError::TRUNCATED,
                                  MessageName(M::ID) << " short " << TlvName(tlvs[i].type));
        }
    }

    template <class M>
    void CheckTruncations(const Bytes& body)
    {
        // A body cut between two TLVs may be a message; cut within one, it never is.
        std::vector<std::size_t> ends{0};
        for (const Tlv& entry : Split(body))
        {
            ends.push_back(ends.back() + TlvSize(entry.value.size()));
        }
        for (std::size_t size = 0; size < body.size(); ++size)
        {
            const auto error = DecodeBody<M>(ByteView(body).Sub(0, size)).Error();
            if (std::count(ends.begin(), ends.end(), size) == 0)
            {
                NS_TEST_EXPECT_MSG_EQ(error, CodecError::TRUNCATED, MessageName(M::ID));
            }
            else
            {
                NS_TEST_EXPECT_MSG_EQ(
                    (error == CodecError::NONE || error == CodecError::MISSING_TLV),
                    true,
                    MessageName(M::ID));
            }
        }
    }
};

/** @brief Nonces, of which a message may have two in TLVs of one type. */
class NoncesTestCase : public TestCase
{
  public:
    NoncesTestCase()
        : TestCase("The order of nonces tells which one is which")
    {
    }

  private:
    static Tlv NonceTlv(uint8_t octet)
    {
        Tlv entry{assigned::TLV_NONCE, {}};
        Writer(entry.value).OctetString(NonceOf(octet));
        return entry;
    }

    void DoRun() override
    {
        const Tlv suite{assigned::TLV_CIPHERSUITE, {1}};
        const Tlv lifetime{assigned::TLV_KEY_LIFETIME, {0, 0, 0, 9}};

        for (const auto& tlvs :
             std::vector<std::vector<Tlv>>{{suite, NonceTlv(1), NonceTlv(2), lifetime},
                                           {NonceTlv(1), suite, NonceTlv(2), lifetime},
                                           {NonceTlv(1), lifetime, suite, NonceTlv(2)},
                                           {lifetime, NonceTlv(1), NonceTlv(2), suite}})
        {
            const auto message = DecodeBody<N2nPreregXferRequest>(Join(tlvs));
            NS_TEST_ASSERT_MSG_EQ(bool(message), true, message.Error());
            NS_TEST_EXPECT_MSG_EQ((message->nonceT == NonceOf(1)), true, "Nonce-T");
            NS_TEST_EXPECT_MSG_EQ((message->nonceN == NonceOf(2)), true, "Nonce-N");
        }

        const auto lone = DecodeBody<N2nPreregXferRequest>(Join({NonceTlv(1)}));
        NS_TEST_ASSERT_MSG_EQ(bool(lone), true, "one nonce");
        NS_TEST_EXPECT_MSG_EQ((lone->nonceT == NonceOf(1)), true, "Nonce-T");
        NS_TEST_EXPECT_MSG_EQ(lone->nonceN.has_value(), false, "no Nonce-N");
        const auto request = DecodeBody<PreregXferRequest>(Join({NonceTlv(1)}));
        NS_TEST_EXPECT_MSG_EQ((request->nonceT == NonceOf(1)), true, "Nonce-T of a request");
        const auto response =
            DecodeBody<PreregXferResponse>(Join({NonceTlv(1), Tlv{tlv::STATUS, {0}}}));
        NS_TEST_EXPECT_MSG_EQ((response->nonceN == NonceOf(1)), true, "Nonce-N of a response");

        NS_TEST_EXPECT_MSG_EQ(
            DecodeBody<N2nPreregXferRequest>(Join({NonceTlv(1), NonceTlv(2), NonceTlv(3)})).Error(),
            CodecError::DUPLICATE_TLV,
            "three nonces");
        Tlv small = NonceTlv(1);
        small.value.pop_back();
        --small.value[0];
        NS_TEST_EXPECT_MSG_EQ(DecodeBody<PreregXferRequest>(Join({small})).Error(),
                              CodecError::BAD_VALUE,
                              "15 octets");
    }
};

/** @brief Values out of range. */
class BadValuesTestCase : public TestCase
{
  public:
    BadValuesTestCase()
        : TestCase("Values outside the range of their type are rejected")
    {
    }

  private:
    template <class M>
    void Reject(const M&, uint8_t type, const char* hex, CodecError error)
    {
        NS_TEST_EXPECT_MSG_EQ(DecodeBody<M>(Join({Tlv{type, Hex(hex)}})).Error(), error, hex);
    }

    void DoRun() override
    {
        Reject(PushKeyResponse(), tlv::STATUS, "06", CodecError::BAD_VALUE);
        Reject(LinkUpIndication(),
               tlv::LINK_IDENTIFIER,
               "13010000000000000002",
               CodecError::BAD_VALUE);
        // Selector of LINK_ADDR, address family, size of the address, selector of the PoA.
        PreregXferRequest request;
        Reject(request, tlv::LINK_IDENTIFIER, "1306", CodecError::BAD_VALUE);
        Reject(request, tlv::LINK_IDENTIFIER, "130000070600112233445500", CodecError::BAD_VALUE);
        Reject(request, tlv::LINK_IDENTIFIER, "1300000605001122334400", CodecError::BAD_VALUE);
        Reject(request, tlv::LINK_IDENTIFIER, "130000060600112233445502", CodecError::BAD_VALUE);
        Reject(request, tlv::LINK_IDENTIFIER_LIST, "02", CodecError::TRUNCATED);
        Reject(request, tlv::LINK_IDENTIFIER_LIST, "82ffff", CodecError::TRUNCATED);
        Reject(request, tlv::LINK_IDENTIFIER_LIST, "82001000", CodecError::BAD_LENGTH);
        TerminationAuthRequest termination;
        Reject(termination, assigned::TLV_SAID, "040400000001", CodecError::BAD_VALUE);
        Reject(termination,
               assigned::TLV_SAID,
               ("0121" + std::string(66, '0')).c_str(),
               CodecError::BAD_VALUE);
        Reject(CapabilityDiscoverRequest(),
               assigned::TLV_SECURITY_CAPABILITY,
               "0200",
               CodecError::BAD_VALUE);
        Reject(MnHoCommitRequest(), tlv::TARGET_NETWORK_INFO, "02", CodecError::BAD_VALUE);

        // Link types and reasons not known are carried: the lists are open.
        const auto commit = DecodeBody<MnHoCommitRequest>(Join({Tlv{tlv::LINK_TYPE, {77}}}));
        NS_TEST_ASSERT_MSG_EQ(bool(commit), true, "link type");
        NS_TEST_EXPECT_MSG_EQ(static_cast<int>(*commit->linkType), 77, "link type");
    }
};

/** @brief The Security TLV. */
class SecurityValueTestCase : public TestCase
{
  public:
    SecurityValueTestCase()
        : TestCase("The value of a Security TLV has one of its forms")
    {
    }

  private:
    void Reject(const char* hex, CodecError error)
    {
        NS_TEST_EXPECT_MSG_EQ(ReadSecurityValue(Hex(hex)).Error(), error, hex);
    }

    void Accept(const char* hex, const SecurityValue& value)
    {
        const Bytes octets = Hex(hex);
        const auto read = ReadSecurityValue(octets);
        NS_TEST_ASSERT_MSG_EQ(bool(read), true, hex);
        NS_TEST_EXPECT_MSG_EQ((read->kind == value.kind), true, hex);
        NS_TEST_EXPECT_MSG_EQ(ToHex(read->encrypted), ToHex(value.encrypted), hex);
        NS_TEST_EXPECT_MSG_EQ((read->integrity == value.integrity), true, hex);
        Bytes again;
        Writer writer(again);
        WriteSecurityValue(writer, value);
        NS_TEST_EXPECT_MSG_EQ(ToHex(again), hex, hex);
    }

    void DoRun() override
    {
        const Bytes block{1, 2, 3};
        const Bytes mac{9, 8};
        Accept("010301020301", {SecurityValue::Kind::MIS_RECORD, block, std::nullopt});
        Accept("010301020300020908", {SecurityValue::Kind::MIS_RECORD, block, ByteView(mac)});
        Accept("0003010203", {SecurityValue::Kind::TLS_RECORD, block, std::nullopt});
        NS_TEST_EXPECT_MSG_EQ(SecurityValueSize(3, 2), 9, "size");
        NS_TEST_EXPECT_MSG_EQ(SecurityValueSize(300, std::nullopt), 304, "size");

        Reject("", CodecError::TRUNCATED);
        Reject("02", CodecError::BAD_VALUE);
        Reject("01030102", CodecError::TRUNCATED);
        Reject("0103010203", CodecError::TRUNCATED);
        Reject("010301020302", CodecError::BAD_VALUE);
        Reject("01030102030101", CodecError::OVERLONG);
        Reject("01030102030003", CodecError::TRUNCATED);
        Reject("000301020301", CodecError::OVERLONG);

        const Tlv said{assigned::TLV_SAID, Hex("010400000001")};
        const Tlv security{assigned::TLV_SECURITY, Hex("010301020301")};
        const Tlv other{200, {}};
        const Bytes turned = Join({other, security, said});
        const auto body = ReadProtectedBody(turned);
        NS_TEST_ASSERT_MSG_EQ(bool(body), true, "any order");
        NS_TEST_EXPECT_MSG_EQ(body->said, Said::Make(IdType::EAP, 1), "SAID");
        NS_TEST_EXPECT_MSG_EQ(ToHex(body->saidTlv), "8706010400000001", "SAID TLV");
        NS_TEST_EXPECT_MSG_EQ(ReadProtectedBody(Join({said})).Error(), CodecError::MISSING_TLV, "");
        NS_TEST_EXPECT_MSG_EQ(ReadProtectedBody(Join({security})).Error(),
                              CodecError::MISSING_TLV,
                              "no SAID");
        NS_TEST_EXPECT_MSG_EQ(ReadProtectedBody(Join({said, security, said})).Error(),
                              CodecError::DUPLICATE_TLV,
                              "two SAIDs");
        NS_TEST_EXPECT_MSG_EQ(ReadProtectedBody(Join({said, security, security})).Error(),
                              CodecError::DUPLICATE_TLV,
                              "two Security TLVs");
    }
};

/** @brief What is printed. */
class PrintTestCase : public TestCase
{
  public:
    PrintTestCase()
        : TestCase("Messages are printed without their secrets")
    {
    }

  private:
    void DoRun() override
    {
        std::ostringstream text;
        PrintBody(MakeG2(), text);
        NS_TEST_EXPECT_MSG_EQ(text.str(),
                              "TPoS identifier: tpos@b.example; Protected Key: (16 octets); "
                              "KeyLifeTime: 3600; Status: SUCCESS",
                              "response");
        text.str("");
        PushKeyRequest keys;
        keys.keyMapping.push_back({TARGET, SecretOctets(4, 0xee), 60});
        PrintBody(keys, text);
        NS_TEST_EXPECT_MSG_EQ(text.str(),
                              "Key mapping: [{WIFI 00:11:22:33:44:55, (4 octets), 60}]",
                              "keys");
        text.str("");
        FindMessage(PushKeyResponse::ID)->print({}, text);
        NS_TEST_EXPECT_MSG_EQ(text.str(), "MISSING_TLV", "no message");
    }
};

// ---------------------------------------------------------------------------------------------
// Octets that are no message
// ---------------------------------------------------------------------------------------------

/**
 * @brief Do with octets what a receiver does.
 * @param octets the octets
 * @return whether they are a message
 */
bool
Receive(ByteView octets)
{
    const auto frame = ParseFrame(octets);
    if (!frame)
    {
        return false;
    }
    if (frame->header.secured)
    {
        return bool(ReadProtectedBody(frame->body));
    }
    const MessageInfo* info = FindMessage(frame->header.mid);
    if (!info || frame->header.IsFragment() || frame->header.ackRsp)
    {
        return true;
    }
    std::ostringstream text;
    info->print(frame->body, text);
    return info->check(frame->body) == CodecError::NONE;
}

/** @brief Known frames cut short. */
class TruncationTestCase : public TestCase
{
  public:
    TruncationTestCase()
        : TestCase("Every truncation of a known frame is rejected")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* hex : ALL_GOLDEN)
        {
            const Bytes octets = Hex(hex);
            NS_TEST_EXPECT_MSG_EQ(Receive(octets), true, hex);
            for (std::size_t size = 0; size < octets.size(); ++size)
            {
                // In memory of its own, so that a read beyond the end can be found by tools.
                const Bytes cut(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size));
                NS_TEST_EXPECT_MSG_EQ(ParseFrame(cut).Error(), CodecError::TRUNCATED, size);
            }
            CheckConsistent(octets);
        }
    }

    /** The same with a length that fits: the TLVs are cut, too. */
    void CheckConsistent(const Bytes& octets)
    {
        std::vector<std::size_t> ends{Header::SIZE};
        for (const Tlv& entry : Split(ByteView(octets).Sub(Header::SIZE)))
        {
            ends.push_back(ends.back() + TlvSize(entry.value.size()));
        }
        for (std::size_t size = Header::SIZE; size < octets.size(); ++size)
        {
            Bytes cut(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size));
            FinishFrame(cut);
            const bool whole = std::count(ends.begin(), ends.end(), size) != 0;
            const auto frame = ParseFrame(cut);
            if (!whole)
            {
                NS_TEST_EXPECT_MSG_EQ(frame.Error(), CodecError::TRUNCATED, size);
            }
            else
            {
                NS_TEST_EXPECT_MSG_EQ(bool(frame), (size >= ends[2]), size);
                Receive(cut);
            }
        }
    }
};

/** @brief Known frames with changed octets. */
class MutationTestCase : public TestCase
{
  public:
    MutationTestCase()
        : TestCase("Every change of one octet of a known frame decodes or is rejected")
    {
    }

  private:
    void DoRun() override
    {
        std::size_t accepted = 0;
        std::size_t rejected = 0;
        for (const char* hex : ALL_GOLDEN)
        {
            Bytes octets = Hex(hex);
            for (std::size_t i = 0; i < octets.size(); ++i)
            {
                const uint8_t original = octets[i];
                for (int change = 1; change < 256; ++change)
                {
                    octets[i] = static_cast<uint8_t>(original ^ change);
                    ++(Receive(octets) ? accepted : rejected);
                }
                octets[i] = original;
            }
        }
        NS_TEST_EXPECT_MSG_GT(accepted, 0, "some are messages");
        NS_TEST_EXPECT_MSG_GT(rejected, 0, "some are not");

        EveryMessage::ForEach([this](auto message) { MutateBody(message); });
    }

    /** What decodes from changed octets has one form only: encoding settles at once. */
    template <class M>
    void MutateBody(M message)
    {
        Filler filler(true, 3);
        M::Fields(filler, message);
        Bytes octets = Encode(message);
        for (std::size_t i = 0; i < octets.size(); ++i)
        {
            const uint8_t original = octets[i];
            for (int change = 1; change < 256; ++change)
            {
                octets[i] = static_cast<uint8_t>(original ^ change);
                const auto decoded = DecodeBody<M>(octets);
                if (!decoded)
                {
                    continue;
                }
                const Bytes once = Encode(*decoded);
                const auto again = DecodeBody<M>(once);
                NS_TEST_ASSERT_MSG_EQ(bool(again), true, MessageName(M::ID));
                NS_TEST_ASSERT_MSG_EQ((Encode(*again) == once), true, MessageName(M::ID));
            }
            octets[i] = original;
        }
    }
};

/** @brief Octets at random. */
class RandomOctetsTestCase : public TestCase
{
  public:
    RandomOctetsTestCase()
        : TestCase("Octets at random never do harm")
    {
    }

  private:
    void DoRun() override
    {
        uint64_t state = 88172645463325252ULL;
        const auto next = [&state]() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            return state;
        };
        for (int round = 0; round < 20000; ++round)
        {
            Bytes body(next() % 80);
            for (uint8_t& octet : body)
            {
                // Small numbers make well-formed TLVs likely.
                const uint64_t value = next();
                octet = static_cast<uint8_t>(value % 3 == 0 ? value >> 8 : (value >> 8) % 16);
            }
            const auto& messages = AllMessages();
            const MessageInfo& info = messages[next() % messages.size()];
            info.check(body);
            Bytes octets;
            Header header;
            header.mid = info.id;
            header.secured = round % 5 == 0;
            BeginFrame(octets, header, MN, SPOS);
            octets.insert(octets.end(), body.begin(), body.end());
            FinishFrame(octets);
            Receive(octets);
        }
    }
};

/** @brief Tests of the codec. */
class CodecTestSuite : public TestSuite
{
  public:
    CodecTestSuite()
        : TestSuite("mis-codec", TestSuite::Type::UNIT)
    {
        AddTestCase(new GoldenFramesTestCase);
        AddTestCase(new FrameSizesTestCase);
        AddTestCase(new LengthRuleTestCase);
        AddTestCase(new TypesTestCase);
        AddTestCase(new HeaderTestCase);
        AddTestCase(new FramesTestCase);
        AddTestCase(new EveryMessageTestCase);
        AddTestCase(new NoncesTestCase);
        AddTestCase(new BadValuesTestCase);
        AddTestCase(new SecurityValueTestCase);
        AddTestCase(new PrintTestCase);
        AddTestCase(new TruncationTestCase);
        AddTestCase(new MutationTestCase);
        AddTestCase(new RandomOctetsTestCase);
    }
};

/** The suite registers itself. */
CodecTestSuite g_codecTestSuite;

} // namespace

} // namespace ns3::mis
