// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of the codec: every message there and back, its fields and their rules.
 */
#include "mis-codec-test-helpers.h"

namespace ns3::mis
{

namespace
{

using namespace codectest;

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

/** @brief The suite. */
class CodecMessagesTestSuite : public TestSuite
{
  public:
    CodecMessagesTestSuite()
        : TestSuite("mis-codec-messages", TestSuite::Type::UNIT)
    {
        AddTestCase(new LengthRuleTestCase);
        AddTestCase(new TypesTestCase);
        AddTestCase(new EveryMessageTestCase);
        AddTestCase(new NoncesTestCase);
        AddTestCase(new BadValuesTestCase);
        AddTestCase(new SecurityValueTestCase);
    }
};

/** The suite registers itself. */
CodecMessagesTestSuite g_codecMessagesTestSuite;

} // namespace

} // namespace ns3::mis
