// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of RADIUS as it carries EAP.
 */
#include "mis-authentication-test-helpers.h"

#include "ns3/mis-erp.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-radius-message.h"
#include "ns3/test.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/** The secret of all clients here. */
const std::string SECRET = "testing123";

Bytes
Text(const std::string& text)
{
    return Bytes(text.begin(), text.end());
}

/** @brief The octets of a message, none if there is none. */
Bytes
OrNone(const Result<Bytes, RadiusError>& result)
{
    return result ? *result : Bytes();
}

RadiusClientConfiguration
ClientConfiguration()
{
    RadiusClientConfiguration configuration;
    configuration.secret = SecretBytes(Text(SECRET));
    configuration.nasIdentifier = "tpos.b.example";
    return configuration;
}

/** @brief MD5 and HMAC-MD5. */
class Md5VectorTestCase : public TestCase
{
  public:
    Md5VectorTestCase()
        : TestCase("MD5 and HMAC-MD5 give the values of RFC 1321 and RFC 2202")
    {
    }

  private:
    void DoRun() override
    {
        Computer a;
        const std::vector<std::pair<std::string, std::string>> digests = {
            {"", "d41d8cd98f00b204e9800998ecf8427e"},
            {"abc", "900150983cd24fb0d6963f7d28e17f72"},
            {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
            {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
             "57edf4a22be3c955ac49da2e2107b67a"},
        };
        for (const auto& [message, expected] : digests)
        {
            NS_TEST_EXPECT_MSG_EQ(ToHex(Md5(a.ctx, {Text(message)})), expected, message);
        }
        NS_TEST_EXPECT_MSG_EQ(ToHex(Md5(a.ctx, {Text("message "), Text("digest")})),
                              digests[2].second,
                              "in pieces");
        NS_TEST_EXPECT_MSG_EQ(ToHex(HmacMd5(a.ctx, Repeat(0x0b, 16), {Text("Hi There")})),
                              "9294727a3638bb1c13f48ef8158bfc9d",
                              "RFC 2202");
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(HmacMd5(a.ctx, Text("Jefe"), {Text("what do ya want for nothing?")})),
            "750c783e6ab0b503eaa86e310a5db738",
            "RFC 2202");
        NS_TEST_EXPECT_MSG_EQ(ToHex(HmacMd5(a.ctx, Repeat(0xaa, 16), {Repeat(0xdd, 50)})),
                              "56be34521d144c88dbb8c733f0e8b3f6",
                              "RFC 2202");
        NS_TEST_EXPECT_MSG_EQ(a.ctx.Counter().Calls(CryptoOperation::HASH), 5U, "counted");
        NS_TEST_EXPECT_MSG_EQ(a.ctx.Counter().Calls(CryptoOperation::HMAC_MD5), 3U, "counted");
    }
};

/** @brief The codec. */
class RadiusCodecTestCase : public TestCase
{
  public:
    RadiusCodecTestCase()
        : TestCase("RADIUS messages have the form of RFC 2865, others are refused by name")
    {
    }

  private:
    void DoRun() override
    {
        Computer a;
        const Bytes secret = Text(SECRET);
        RadiusMessage message;
        message.identifier = 7;
        message.authenticator.fill(0x11);
        message.Add(RadiusAttributeType::USER_NAME, Text("mn1@a.example"));
        for (const std::size_t size : {1U, 252U, 253U, 254U, 506U, 507U, 1150U})
        {
            RadiusMessage sent = message;
            const Bytes eap = Ascending(1, size);
            sent.AddEap(eap);
            const auto octets = EncodeRadiusRequest(a.ctx, sent, secret);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(octets), true, "encoded");
            if (!octets)
            {
                return;
            }
            NS_TEST_EXPECT_MSG_EQ(octets->size(),
                                  20 + 15 + size + 2 * ((size + 252) / 253) + 18,
                                  "EAP of " << size);
            const auto read = DecodeRadius(*octets);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(read), true, "read");
            if (read)
            {
                NS_TEST_EXPECT_MSG_EQ((read->Eap() == eap), true, "EAP of " << size);
                NS_TEST_EXPECT_MSG_EQ(+read->identifier, 7, "Identifier");
                NS_TEST_EXPECT_MSG_EQ((read->authenticator == message.authenticator), true, "auth");
            }
            NS_TEST_EXPECT_MSG_EQ(VerifyRadiusRequest(a.ctx, *octets, secret),
                                  RadiusError::NONE,
                                  "authentic");
            NS_TEST_EXPECT_MSG_EQ(VerifyRadiusRequest(a.ctx, *octets, Text("other")),
                                  RadiusError::BAD_MESSAGE_AUTHENTICATOR,
                                  "another secret");
            Bytes padded = *octets;
            padded.push_back(0);
            NS_TEST_EXPECT_MSG_EQ(VerifyRadiusRequest(a.ctx, padded, secret),
                                  RadiusError::NONE,
                                  "padding is not read");
        }
        RadiusMessage tooLong = message;
        tooLong.AddEap(Bytes(4100));
        NS_TEST_EXPECT_MSG_EQ(EncodeRadiusRequest(a.ctx, tooLong, secret).Error(),
                              RadiusError::TOO_LONG,
                              "more than 4096 octets");
        NS_TEST_EXPECT_MSG_EQ(
            VerifyRadiusRequest(a.ctx, Hex("0107001400000000000000000000000000000000"), secret),
            RadiusError::MISSING_MESSAGE_AUTHENTICATOR,
            "none");
        const std::string zeros = "00000000000000000000000000000000";
        for (const std::string& bad : {std::string(),
                                       "01070013" + zeros,
                                       "01070015" + zeros,
                                       "01070016" + zeros + "01",
                                       "01070016" + zeros + "0101",
                                       "01070016" + zeros + "0103",
                                       "01071001" + zeros})
        {
            NS_TEST_EXPECT_MSG_EQ(DecodeRadius(Hex(bad)).Error(), RadiusError::MALFORMED, bad);
        }
    }
};

/** @brief Keys. */
class MppeTestCase : public TestCase
{
  public:
    MppeTestCase()
        : TestCase("MS-MPPE keys are those of RFC 2548, by an independent computation")
    {
    }

  private:
    void DoRun() override
    {
        Computer a;
        RadiusAuthenticator request;
        request.fill(0x42);
        const Bytes secret = Text(SECRET);
        for (const std::size_t size : {1U, 15U, 16U, 31U, 32U, 47U, 48U, 64U})
        {
            const Bytes key = Ascending(3, size);
            RadiusMessage message;
            const Bytes value = EncryptMppeKey(a.ctx, MppeKey::RECV, key, secret, request, 0x8123);
            NS_TEST_EXPECT_MSG_EQ(value.size(), 8 + (size / 16 + 1) * 16, "size " << size);
            message.Add(RadiusAttributeType::VENDOR_SPECIFIC, value);
            const auto read = DecryptMppeKey(a.ctx, MppeKey::RECV, message, secret, request);
            NS_TEST_EXPECT_MSG_EQ((read ? ToHex(*read) : ""), ToHex(key), "decrypted");
            const auto none = DecryptMppeKey(a.ctx, MppeKey::SEND, message, secret, request);
            NS_TEST_EXPECT_MSG_EQ((none && none->empty()), true, "there is no Send-Key");
        }
        const Bytes key = Ascending(0, 32);
        const Bytes value = EncryptMppeKey(a.ctx, MppeKey::RECV, key, secret, request, 0x8001);
        NS_TEST_EXPECT_MSG_EQ(value.size(), 56U, "58 octets with type and length");
        NS_TEST_EXPECT_MSG_EQ(ToHex(ByteView(value).Sub(0, 8)), "0000013711348001", "in clear");

        // Damage.
        for (std::size_t size = 0; size < value.size(); ++size)
        {
            RadiusMessage message;
            message.Add(RadiusAttributeType::VENDOR_SPECIFIC, ByteView(value).Sub(0, size));
            const auto read = DecryptMppeKey(a.ctx, MppeKey::RECV, message, secret, request);
            NS_TEST_EXPECT_MSG_EQ((read && !read->empty()), false, "cut to " << size);
        }
        RadiusMessage message;
        message.Add(RadiusAttributeType::VENDOR_SPECIFIC, value);
        const auto other = DecryptMppeKey(a.ctx, MppeKey::RECV, message, Text("other"), request);
        NS_TEST_EXPECT_MSG_EQ((other && ToHex(*other) == ToHex(key)), false, "another secret");

        if (!HasProgram("python3"))
        {
            return;
        }
        const std::string script = CreateTempDirFilename("mppe.py");
        WriteFile(script,
                  "import hashlib, sys\n"
                  "secret, auth, salt, key = (bytes.fromhex(a) for a in sys.argv[1:5])\n"
                  "plain = bytes([len(key)]) + key\n"
                  "plain += bytes(-len(plain) % 16)\n"
                  "last, out = auth + salt, b''\n"
                  "for i in range(0, len(plain), 16):\n"
                  "    pad = hashlib.md5(secret + last).digest()\n"
                  "    last = bytes(x ^ y for x, y in zip(plain[i:i + 16], pad))\n"
                  "    out += last\n"
                  "print(out.hex())\n");
        const auto result = RunCommand("python3 " + Quote(script) + " " + ToHex(secret) + " " +
                                       ToHex(request) + " 8001 " + ToHex(key));
        NS_TEST_EXPECT_MSG_EQ(result.output,
                              ToHex(ByteView(value).Sub(8)) + "\n",
                              "python computes the same");
    }
};

/** @brief A client and a server, between them a wire of RADIUS. */
struct RadiusSetup
{
    Computer nas{CryptoBackend::OPENSSL, 21};                       //!< computes for the client
    Computer aaa{CryptoBackend::OPENSSL, 22};                       //!< computes for the server
    RadiusClientConfiguration configuration{ClientConfiguration()}; //!< of the client
    RadiusEapClientSession client{nas.ctx, configuration, "02-00-00-00-00-01"}; //!< the client
    RadiusEapServerSession server{aaa.ctx, configuration.secret, 0xabcdef01};   //!< the server
};

/** @brief EAP through RADIUS. */
class RadiusSessionTestCase : public TestCase
{
  public:
    RadiusSessionTestCase()
        : TestCase("EAP-GPSK and ERP pass RADIUS with the sizes of the formulas, tshark agrees")
    {
    }

  private:
    void DoRun() override
    {
        Capture capture;
        RadiusSetup radius;
        GpskSetup gpsk;
        Computer mobile(CryptoBackend::OPENSSL, 23);
        EapServer server(radius.aaa.ctx, gpsk.Server(), 0);
        EapPeer peer(mobile.ctx, gpsk.Peer(), 0);
        // The client asks for the identity itself.
        Bytes toPeer = EncodeEap({EapCode::REQUEST, 1, EapType::IDENTITY, {}});
        const std::size_t n = gpsk.peer.identity.size();
        const std::size_t fixed =
            20 + (2 + n) + (2 + radius.configuration.nasIdentifier.size()) + 19 + 6 + 6 + 18;
        SecretBytes msk;
        for (uint8_t round = 0; round < 3; ++round)
        {
            const auto response = peer.Receive(toPeer);
            NS_TEST_ASSERT_MSG_EQ(response.has_value(), true, "Response");
            if (!response)
            {
                return;
            }
            const auto request = radius.client.Request(*response, round);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(request), true, "Access-Request");
            if (!request)
            {
                return;
            }
            NS_TEST_EXPECT_MSG_EQ(request->size(),
                                  fixed + response->size() + 2 + (round == 0 ? 0 : 6),
                                  "Access-Request");
            capture.AddRadius(true, *request);
            NS_TEST_EXPECT_MSG_EQ(RadiusEapServerSession::StateOf(*request).value_or(0),
                                  (round == 0 ? 0U : 0xabcdef01U),
                                  "State");
            const auto arrived = radius.server.Receive(*request);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(arrived), true, "at the server");
            if (!arrived)
            {
                return;
            }
            NS_TEST_EXPECT_MSG_EQ((arrived->eap == *response), true, "EAP");
            NS_TEST_EXPECT_MSG_EQ(arrived->userName, gpsk.peer.identity, "User-Name");
            NS_TEST_EXPECT_MSG_EQ(arrived->nasIdentifier, "tpos.b.example", "NAS-Identifier");
            NS_TEST_EXPECT_MSG_EQ(arrived->callingStationId, "02-00-00-00-00-01", "station");
            NS_TEST_EXPECT_MSG_EQ(arrived->framedMtu.value_or(0), 1400U, "Framed-MTU");
            const auto next = server.Receive(arrived->eap);
            NS_TEST_ASSERT_MSG_EQ(next.has_value(), true, "next");
            if (!next)
            {
                return;
            }
            const auto reply = radius.server.Reply(*next, server.Exported().msk);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(reply), true, "reply");
            if (!reply)
            {
                return;
            }
            capture.AddRadius(false, *reply);
            NS_TEST_EXPECT_MSG_EQ(reply->size(),
                                  (round == 2 ? 160 : 44 + next->size() + 2),
                                  "Access-Challenge, Access-Accept");

            // The request once more gives the reply once more.
            const auto again = radius.server.Receive(radius.client.LastRequest());
            NS_TEST_EXPECT_MSG_EQ((again && again->duplicate), true, "duplicate");
            NS_TEST_EXPECT_MSG_EQ((radius.server.LastReply() == *reply), true, "stored reply");
            NS_TEST_EXPECT_MSG_EQ(radius.server.Reply(*next).Error(),
                                  RadiusError::NOTHING_OUTSTANDING,
                                  "answered already");

            const auto back = radius.client.Receive(*reply);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(back), true, "at the client");
            if (!back)
            {
                return;
            }
            toPeer = back->eap;
            msk = back->msk;
            NS_TEST_EXPECT_MSG_EQ(radius.client.Receive(*reply).Error(),
                                  RadiusError::NOTHING_OUTSTANDING,
                                  "once only");
        }
        peer.Receive(toPeer);
        NS_TEST_EXPECT_MSG_EQ(peer.Outcome(), EapOutcome::SUCCESS, "peer");
        NS_TEST_EXPECT_MSG_EQ((msk == peer.Exported().msk), true, "MSK at the client");
        NS_TEST_EXPECT_MSG_EQ(msk.size(), 64U, "MSK at the client");

        // ERP.
        const std::string& peerId = server.Exported().peerId;
        const auto& exported = peer.Exported();
        ErpPeer erpPeer(mobile.ctx,
                        MakeErpRootKey(mobile.ctx, exported.emsk, exported.sessionId),
                        "a.example");
        ErpServer erpServer({"a.example"});
        RadiusSetup second;
        for (const bool known : {true, false})
        {
            RadiusEapClientSession client(second.nas.ctx,
                                          second.configuration,
                                          "02-00-00-00-00-01");
            RadiusEapServerSession session(second.aaa.ctx, second.configuration.secret, 1);
            if (known)
            {
                erpServer.Install(MakeErpRootKey(second.aaa.ctx,
                                                 server.Exported().emsk,
                                                 server.Exported().sessionId),
                                  peerId,
                                  1'000'000'000);
            }
            else
            {
                erpServer.Remove(DeriveEmskName(second.aaa.ctx, exported.sessionId));
            }
            const auto request = client.Request(erpPeer.Initiate(known ? 9 : 10).value_or(Bytes()),
                                                (known ? 100 : 101));
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(request), true, "Access-Request");
            if (!request)
            {
                return;
            }
            const auto arrived = session.Receive(*request);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(arrived), true, "at the server");
            if (!request || !arrived)
            {
                return;
            }
            NS_TEST_EXPECT_MSG_EQ(arrived->userName, erpPeer.KeyName(), "User-Name");
            const auto answer = erpServer.Receive(second.aaa.ctx, arrived->eap, 0);
            const auto reply = session.Reply(answer.finish.value_or(Bytes()), answer.rmsk);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(reply), true, "reply");
            if (!reply)
            {
                return;
            }
            capture.AddRadius(true, *request);
            capture.AddRadius(false, *reply);
            NS_TEST_EXPECT_MSG_EQ(reply->size(),
                                  (known ? 20 + 55 + 116 + 18 : 20 + 38 + 18),
                                  "ERP");
            const auto back = client.Receive(*reply);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(back), true, "at the client");
            if (!back)
            {
                return;
            }
            NS_TEST_EXPECT_MSG_EQ(back->code,
                                  (known ? RadiusCode::ACCESS_ACCEPT : RadiusCode::ACCESS_REJECT),
                                  "code");
            const auto outcome = erpPeer.Receive(back->eap);
            NS_TEST_EXPECT_MSG_EQ(outcome,
                                  (known ? ErpOutcome::SUCCESS : ErpOutcome::UNKNOWN_KEY_NAME),
                                  "peer");
            NS_TEST_EXPECT_MSG_EQ((back->msk == erpPeer.Rmsk()), true, "rMSK at the client");
        }

        // A refusal.
        const auto refused = radius.client.Request(
            EncodeEap({EapCode::RESPONSE, 1, EapType::IDENTITY, ByteView::FromText("x")}),
            77);
        NS_TEST_EXPECT_MSG_EQ(static_cast<bool>(refused), true, "a new conversation");
        RadiusEapServerSession rejecting(radius.aaa.ctx, radius.configuration.secret, 2);
        rejecting.Receive(radius.client.LastRequest()).Error();
        const auto reject = rejecting.Reply(Hex("04010004"));
        NS_TEST_EXPECT_MSG_EQ((reject ? reject->size() : 0), 44U, "Access-Reject");
        if (!reject || !refused)
        {
            return;
        }
        capture.AddRadius(true, *refused);
        capture.AddRadius(false, *reject);

        CheckCapture(capture);
    }

    void CheckCapture(const Capture& capture)
    {
        if (!HasProgram("tshark"))
        {
            return;
        }
        const std::string path = CreateTempDirFilename("radius.pcap");
        capture.Save(path);
        const std::string options =
            "-o radius.shared_secret:" + SECRET + " -o radius.validate_authenticator:TRUE";
        const auto lines = ReadCapture(path,
                                       {"radius.code",
                                        "eap.code",
                                        "eap.type",
                                        "radius.authenticator.invalid",
                                        "_ws.malformed",
                                        "_ws.expert.severity"},
                                       options);
        // The 0 of the answers: their authenticators are not invalid.
        const std::vector<std::string> expected{"1|2|1|||",
                                                "11|1|51|0||",
                                                "1|2|51|||",
                                                "11|1|51|0||",
                                                "1|2|51|||",
                                                "2|3||0||",
                                                "1|5||||",
                                                "2|6||0||",
                                                "1|5||||",
                                                "3|6||0||",
                                                "1|2|1|||",
                                                "3|4||0||"};
        NS_TEST_ASSERT_MSG_EQ(lines.size(), expected.size(), "a line for each message");
        for (std::size_t i = 0; i < std::min(lines.size(), expected.size()); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(lines[i], expected[i], "message " << i);
        }
    }
};

/** @brief Messages that are refused. */
class RadiusFailureTestCase : public TestCase
{
  public:
    RadiusFailureTestCase()
        : TestCase("RADIUS messages that are not authentic or out of place are refused by name")
    {
    }

  private:
    static Bytes Identity()
    {
        return EncodeEap({EapCode::RESPONSE, 1, EapType::IDENTITY, ByteView::FromText("mn1")});
    }

    void DoRun() override
    {
        CheckServer();
        CheckClient();
    }

    void CheckServer()
    {
        RadiusSetup s;
        const Bytes request = OrNone(s.client.Request(Identity(), 1));
        const auto error = [&s](const Bytes& octets) { return s.server.Receive(octets).Error(); };
        for (std::size_t bit = 0; bit < request.size() * 8; ++bit)
        {
            Bytes changed = request;
            changed[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
            NS_TEST_EXPECT_MSG_NE(error(changed), RadiusError::NONE, "bit " << bit);
        }
        for (std::size_t size = 0; size < request.size(); ++size)
        {
            NS_TEST_EXPECT_MSG_EQ(
                error(Bytes(request.begin(), request.begin() + static_cast<std::ptrdiff_t>(size))),
                RadiusError::MALFORMED,
                "cut to " << size);
        }
        Bytes forged = request;
        forged.back() ^= 1;
        NS_TEST_EXPECT_MSG_EQ(error(forged), RadiusError::BAD_MESSAGE_AUTHENTICATOR, "forged");
        NS_TEST_EXPECT_MSG_EQ(s.server.Reply(Hex("04010004")).Error(),
                              RadiusError::NOTHING_OUTSTANDING,
                              "nothing to answer yet");
        RadiusMessage empty;
        const Bytes secret = Text(SECRET);
        NS_TEST_EXPECT_MSG_EQ(error(OrNone(EncodeRadiusRequest(s.nas.ctx, empty, secret))),
                              RadiusError::NO_EAP_MESSAGE,
                              "no EAP");
        RadiusMessage stray;
        stray.AddEap(Identity());
        stray.Add(RadiusAttributeType::STATE, 5);
        NS_TEST_EXPECT_MSG_EQ(error(OrNone(EncodeRadiusRequest(s.nas.ctx, stray, secret))),
                              RadiusError::WRONG_STATE,
                              "State at the beginning");
        stray.code = RadiusCode::ACCESS_ACCEPT;
        NS_TEST_EXPECT_MSG_EQ(error(OrNone(EncodeRadiusRequest(s.nas.ctx, stray, secret))),
                              RadiusError::UNEXPECTED_CODE,
                              "an answer");
        NS_TEST_EXPECT_MSG_EQ(error(request), RadiusError::NONE, "the true one");
        NS_TEST_EXPECT_MSG_EQ(s.server.Reply(Identity()).Error(),
                              RadiusError::NO_EAP_MESSAGE,
                              "not a packet of a server");
        NS_TEST_EXPECT_MSG_EQ(static_cast<bool>(s.server.Reply(Hex("0102000501"))),
                              true,
                              "Challenge");
        stray.code = RadiusCode::ACCESS_REQUEST;
        NS_TEST_EXPECT_MSG_EQ(error(OrNone(EncodeRadiusRequest(s.nas.ctx, stray, secret))),
                              RadiusError::WRONG_STATE,
                              "another State");
        stray.attributes.pop_back();
        NS_TEST_EXPECT_MSG_EQ(error(OrNone(EncodeRadiusRequest(s.nas.ctx, stray, secret))),
                              RadiusError::WRONG_STATE,
                              "no State");
    }

    void CheckClient()
    {
        RadiusSetup s;
        const auto error = [&s](const Bytes& octets) { return s.client.Receive(octets).Error(); };
        NS_TEST_EXPECT_MSG_EQ(error(Bytes()), RadiusError::NOTHING_OUTSTANDING, "no request");
        const Bytes request = OrNone(s.client.Request(Identity(), 1));
        s.server.Receive(request).Error();
        const Bytes reply = OrNone(s.server.Reply(Hex("03010004"), Ascending(0, 64)));
        for (std::size_t bit = 0; bit < reply.size() * 8; ++bit)
        {
            Bytes changed = reply;
            changed[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
            NS_TEST_EXPECT_MSG_NE(error(changed), RadiusError::NONE, "bit " << bit);
        }
        for (std::size_t size = 0; size < reply.size(); ++size)
        {
            NS_TEST_EXPECT_MSG_EQ(
                error(Bytes(reply.begin(), reply.begin() + static_cast<std::ptrdiff_t>(size))),
                RadiusError::MALFORMED,
                "cut to " << size);
        }
        Bytes changed = reply;
        changed[1] ^= 1;
        NS_TEST_EXPECT_MSG_EQ(error(changed), RadiusError::WRONG_IDENTIFIER, "Identifier");
        changed = reply;
        changed[4] ^= 1;
        NS_TEST_EXPECT_MSG_EQ(error(changed), RadiusError::BAD_RESPONSE_AUTHENTICATOR, "forged");

        const auto asked = DecodeRadius(request);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(asked), true, "request");
        if (!asked)
        {
            return;
        }
        const Bytes secret = Text(SECRET);
        const auto answer = [&](RadiusCode code, const Bytes& eap, const Bytes& key) {
            RadiusMessage message;
            message.code = code;
            message.identifier = 1;
            message.AddEap(eap);
            if (!key.empty())
            {
                message.Add(RadiusAttributeType::VENDOR_SPECIFIC, key);
            }
            return OrNone(EncodeRadiusReply(s.aaa.ctx, message, secret, asked->authenticator));
        };
        NS_TEST_EXPECT_MSG_EQ(error(answer(RadiusCode::ACCESS_ACCEPT, Hex("04010004"), {})),
                              RadiusError::INCONSISTENT,
                              "Accept with Failure");
        NS_TEST_EXPECT_MSG_EQ(error(answer(RadiusCode::ACCESS_REJECT, Hex("03010004"), {})),
                              RadiusError::INCONSISTENT,
                              "Reject with Success");
        NS_TEST_EXPECT_MSG_EQ(error(answer(RadiusCode::ACCESS_CHALLENGE, Bytes(), {})),
                              RadiusError::NO_EAP_MESSAGE,
                              "Challenge without EAP");
        NS_TEST_EXPECT_MSG_EQ(error(answer(RadiusCode::ACCESS_REQUEST, Hex("03010004"), {})),
                              RadiusError::UNEXPECTED_CODE,
                              "Request");
        NS_TEST_EXPECT_MSG_EQ(
            error(answer(RadiusCode::ACCESS_ACCEPT, Hex("03010004"), Hex("00000137110400"))),
            RadiusError::BAD_KEY,
            "a key that is none");
        // A response authenticator alone does not do.
        RadiusMessage bare;
        Bytes octets = Hex("02010014");
        Writer(octets).Octets(Md5(s.aaa.ctx, {octets, asked->authenticator, secret}));
        NS_TEST_EXPECT_MSG_EQ(error(octets),
                              RadiusError::MISSING_MESSAGE_AUTHENTICATOR,
                              "no Message-Authenticator");
        const auto accepted = s.client.Receive(reply);
        NS_TEST_EXPECT_MSG_EQ((accepted && ToHex(accepted->msk) == ToHex(Ascending(0, 64))),
                              true,
                              "the true one");
    }
};

/** @brief Determinism and counts. */
class RadiusCountTestCase : public TestCase
{
  public:
    RadiusCountTestCase()
        : TestCase("RADIUS repeats with its streams and counts what it computes")
    {
    }

  private:
    void DoRun() override
    {
        std::vector<Bytes> sent;
        for (const CryptoBackend backend : {CryptoBackend::OPENSSL, CryptoBackend::COUNTING})
        {
            Computer nas(backend, 1);
            Computer aaa(backend, 2);
            const RadiusClientConfiguration configuration = ClientConfiguration();
            RadiusEapClientSession client(nas.ctx, configuration, "02-00-00-00-00-01");
            RadiusEapServerSession server(aaa.ctx, configuration.secret, 3);
            sent.push_back(OrNone(client.Request(
                EncodeEap({EapCode::RESPONSE, 1, EapType::IDENTITY, ByteView::FromText("mn1")}),
                1)));
            NS_TEST_EXPECT_MSG_EQ(static_cast<bool>(server.Receive(sent.back())), true, "server");
            sent.push_back(OrNone(server.Reply(Hex("03010004"), Ascending(0, 64))));
            NS_TEST_EXPECT_MSG_EQ(static_cast<bool>(client.Receive(sent.back())), true, "client");
            for (const auto* counter : {&nas.ctx.Counter(), &aaa.ctx.Counter()})
            {
                // Message-Authenticators 2; Response Authenticator 1, keys of three blocks 2.
                NS_TEST_EXPECT_MSG_EQ(counter->Calls(CryptoOperation::HMAC_MD5), 2U, "HMAC");
                NS_TEST_EXPECT_MSG_EQ(counter->Calls(CryptoOperation::HASH), 7U, "MD5");
                NS_TEST_EXPECT_MSG_EQ(counter->Calls(CryptoOperation::RANDOM), 1U, "random");
            }
        }
        NS_TEST_EXPECT_MSG_EQ((sent[0] == sent[2]), true, "request");
        NS_TEST_EXPECT_MSG_EQ((sent[1] == sent[3]), true, "reply");
    }
};

/** @brief All cases. */
class RadiusTestSuite : public TestSuite
{
  public:
    RadiusTestSuite()
        : TestSuite("mis-radius", TestSuite::Type::UNIT)
    {
        AddTestCase(new Md5VectorTestCase);
        AddTestCase(new RadiusCodecTestCase);
        AddTestCase(new MppeTestCase);
        AddTestCase(new RadiusSessionTestCase);
        AddTestCase(new RadiusFailureTestCase);
        AddTestCase(new RadiusCountTestCase);
    }
};

RadiusTestSuite g_radiusTestSuite; //!< the instance

} // namespace
