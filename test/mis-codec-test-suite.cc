// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of the codec: known frames, their sizes, headers, and how they are printed.
 */
#include "mis-codec-test-helpers.h"

namespace ns3::mis
{

namespace
{

using namespace codectest;

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

/** @brief The suite. */
class CodecTestSuite : public TestSuite
{
  public:
    CodecTestSuite()
        : TestSuite("mis-codec", TestSuite::Type::UNIT)
    {
        AddTestCase(new GoldenFramesTestCase);
        AddTestCase(new FrameSizesTestCase);
        AddTestCase(new HeaderTestCase);
        AddTestCase(new FramesTestCase);
        AddTestCase(new PrintTestCase);
    }
};

/** The suite registers itself. */
CodecTestSuite g_codecTestSuite;

} // namespace

} // namespace ns3::mis
