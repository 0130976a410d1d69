// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of the EAP Re-authentication Protocol.
 */
#include "mis-authentication-test-helpers.h"

#include "ns3/mis-erp.h"
#include "ns3/test.h"

#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/** A time that no key of these tests outlives. */
constexpr int64_t LATE_NS = 3'600'000'000'000;

/** EMSK and Session-Id of EAP-GPSK with fixed randoms, suite 1. */
const std::string EMSK =
    "9bbf8480c3748dc61bd624b1436d77ec0afbdfa72de7cb3801d2ce29e59f7e4af32590e614d3b70e85027edab9062c"
    "e70f0c8ad3c2c6012b57ce51de9bb75d29";
const std::string SESSION_ID = "33a0f645f4943325cff9109ac9fcffec98";

/** @brief Keys and packets. */
struct ErpVector
{
    std::string name;
    std::string emsk;
    std::string sessionId;
    uint8_t identifier;
    std::string emskName;
    std::string rrk;
    std::string rik;
    std::vector<std::string> rmsks; //!< of SEQ 0, 1, ...
    std::string initiate;           //!< of SEQ 0
    std::string finish;             //!< of SEQ 0
};

/** @brief Known keys and packets. */
class ErpVectorTestCase : public TestCase
{
  public:
    explicit ErpVectorTestCase(ErpVector vector)
        : TestCase("ERP gives the keys and packets of " + vector.name),
          m_vector(std::move(vector))
    {
    }

  private:
    void DoRun() override
    {
        const ErpVector& v = m_vector;
        Computer a;
        const ErpRootKey key = MakeErpRootKey(a.ctx, Hex(v.emsk), Hex(v.sessionId));
        NS_TEST_EXPECT_MSG_EQ(ToHex(key.name), v.emskName, "EMSKname");
        NS_TEST_EXPECT_MSG_EQ(ToHex(key.rrk), v.rrk, "rRK");
        NS_TEST_EXPECT_MSG_EQ(ToHex(DeriveRik(a.ctx, key.rrk, ErpCryptosuite::HMAC_SHA256_128)),
                              v.rik,
                              "rIK");
        for (std::size_t i = 0; i < v.rmsks.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(ToHex(DeriveRmsk(a.ctx, key.rrk, static_cast<uint16_t>(i))),
                                  v.rmsks[i],
                                  "rMSK of SEQ " << i);
        }
        ErpPeer peer(a.ctx, key, "a.example");
        NS_TEST_EXPECT_MSG_EQ(peer.KeyName(), v.emskName + "@a.example", "keyName-NAI");
        const auto initiate = peer.Initiate(v.identifier);
        NS_TEST_ASSERT_MSG_EQ(initiate.has_value(), true, "Initiate");
        if (!initiate)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(ToHex(*initiate), v.initiate, "Initiate");
        ErpServer server({"a.example"});
        server.Install(key, "peer", LATE_NS);
        const auto answer = server.Receive(a.ctx, *initiate, 0);
        NS_TEST_EXPECT_MSG_EQ(answer.outcome, ErpOutcome::SUCCESS, "server");
        NS_TEST_EXPECT_MSG_EQ(answer.peerId, "peer", "authenticated name");
        NS_TEST_ASSERT_MSG_EQ(answer.finish.has_value(), true, "Finish");
        if (!answer.finish)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(ToHex(*answer.finish), v.finish, "Finish");
        NS_TEST_EXPECT_MSG_EQ(ToHex(answer.rmsk), v.rmsks[0], "rMSK");
        NS_TEST_EXPECT_MSG_EQ(peer.Receive(*answer.finish), ErpOutcome::SUCCESS, "peer");
        NS_TEST_EXPECT_MSG_EQ(ToHex(peer.Rmsk()), v.rmsks[0], "rMSK");
        NS_TEST_EXPECT_MSG_EQ(ErpKeyNameOf(*initiate).value_or(""), peer.KeyName(), "User-Name");
    }

    ErpVector m_vector; //!< the values
};

std::vector<ErpVector>
ErpVectors()
{
    return {
        {"a server in use",
         "a92a0ed88ed625dd157274f12793a61f29640d71749fc6a058fa7cbac7f2ae8794ac16b0a7f203656c3619456"
         "154"
         "bd5574bef2da9f338c1e026896cb7c4fb6cf",
         "33df413f000043be3db5fe3150e0da4857",
         0x11,
         "a79a5584b2739f77",
         "73e846c48a99734e395017c42f1464b51add8acb2d60c72407e68a693236bccba7001bfe44678f1eda92bd108"
         "0a3"
         "6d17f955cf7874a062b467ad068cb1b65933",
         "c9b08a90f2b7e2e1797d417a9aedab182cf1b301e09423263b326c36c02debe8e4c349e35779fb95d625bc38a"
         "983"
         "0f7c1b407b8e1cc51c32b375a5b350723b13",
         {"7c8a94456f10776b5b5023236ca09fc1f89551dee41d4bbefc631b5e56ac234bb9ef7b6ebeb327f18e58e7be"
          "b9"
          "b5358ec107896ba293c5837a2d094e5d2f2919"},
         "0511003502000000011a6137396135353834623237333966373740612e6578616d706c6502d9e52fc25317aef"
         "ecb"
         "c3935e4f81ef27",
         "0611003502000000011a6137396135353834623237333966373740612e6578616d706c6502fef966ab19a389e"
         "7f0"
         "f2f4fd98156d25"},
        {"EAP-GPSK with fixed randoms",
         EMSK,
         SESSION_ID,
         1,
         "efb27e732115316a",
         "5853af601fed5ab0104e2a903d7a6edabb6f07e8ee3601cb23b1f59a80fc60c9cfa2affc3f3250b647c0bea7f"
         "421"
         "01dc4caab9dd4e0f8f88dd751ca9b873de0a",
         "5324efad87d7d65f8fdda92412730d70b9c892e45c92db703d67fb7c42d3b58197a9b1aea61cf21146e4c6a9e"
         "276"
         "545399959dbb4c194c004467715af8e77f38",
         {"c58cc1b037350e4c3099235f06c94bd8fdbbbbf36f71e91d7d6043de6baffb8ae9ad0d5e63d136f55e59a1c2"
          "21"
          "4135b6e6204ab04bfa9acfb777d0266a6003bb",
          "101b293fcad55e9234a4f12be4d5de1bffd857667b00299ae8ec094ec00746d47a2a23153ed684b237fc9a52"
          "fd"
          "446f00eec98aaedc613113dff3341f73ac4621"},
         "0501003502000000011a6566623237653733323131353331366140612e6578616d706c650251136865bd6a9eb"
         "5e8"
         "660a218e271c2d",
         "0601003502000000011a6566623237653733323131353331366140612e6578616d706c65026f777cdc104d6c6"
         "da0"
         "40f0f2227705c7"},
    };
}

/** @brief A peer and a home server that know each other. */
struct ErpSetup
{
    Computer a;                                                        //!< computes for the server
    Computer b;                                                        //!< computes for the peer
    ErpRootKey key{MakeErpRootKey(a.ctx, Hex(EMSK), Hex(SESSION_ID))}; //!< shared
    ErpServer server{{"a.example"}};                                   //!< at home
    ErpPeer peer{b.ctx, key, "a.example"};                             //!< the peer

    ErpSetup()
    {
        server.Install(key, "mn1@a.example", LATE_NS);
    }
};

/** @brief Local servers. */
class ErpLocalTestCase : public TestCase
{
  public:
    ErpLocalTestCase()
        : TestCase("a local server of a visited domain re-authenticates with the DSRK")
    {
    }

  private:
    void DoRun() override
    {
        Computer home;
        Computer visited;
        Computer mobile;
        const SecretBytes dsrk = DeriveDsrk(home.ctx, Hex(EMSK), "b.example");
        NS_TEST_EXPECT_MSG_EQ(ToHex(dsrk),
                              "fe9202af86355c60138c9fabf7e9aa23c9cfc4856738c8387ea7c450185b6a566486"
                              "3fad883393983ec5df70e6"
                              "62f5b3459be4d8fe47024b167f3637030bc2bf",
                              "DSRK");
        const ErpRootKey atServer =
            MakeLocalErpRootKey(visited.ctx, dsrk, DeriveEmskName(home.ctx, Hex(SESSION_ID)));
        NS_TEST_EXPECT_MSG_EQ(ToHex(atServer.rrk),
                              "0452df200634d994db57042ed64d8f734cca5c3b89dd4b0a6368a5b4c510b852b4de"
                              "290af1f64ae938042c675e"
                              "96d60b00a8d37dfb15a8866dbf8792d8a98850",
                              "DS-rRK");
        const ErpRootKey atPeer =
            MakeLocalErpRootKey(mobile.ctx, Hex(EMSK), Hex(SESSION_ID), "b.example");
        NS_TEST_EXPECT_MSG_EQ((atPeer.rrk == atServer.rrk), true, "the same at the peer");
        NS_TEST_EXPECT_MSG_EQ((atPeer.name == atServer.name), true, "the same at the peer");

        ErpServer server({"b.example"});
        server.Install(atServer, "mn1@a.example", LATE_NS);
        ErpPeer peer(mobile.ctx, atPeer, "b.example");
        for (const uint8_t flags :
             {uint8_t{0}, static_cast<uint8_t>(erpflag::BOOTSTRAPPING | erpflag::LIFETIMES)})
        {
            const auto answer =
                server.Receive(visited.ctx, peer.Initiate(1, flags).value_or(Bytes()), 0);
            NS_TEST_ASSERT_MSG_EQ(answer.finish.has_value(), true, "Finish");
            if (!answer.finish)
            {
                return;
            }
            NS_TEST_EXPECT_MSG_EQ(peer.Receive(*answer.finish), ErpOutcome::SUCCESS, "peer");
            NS_TEST_EXPECT_MSG_EQ((peer.Rmsk() == answer.rmsk), true, "rMSK");
            const ErpAttributes& attributes = peer.Attributes();
            NS_TEST_EXPECT_MSG_EQ(attributes.rrkLifetime.value_or(0), (flags ? 3600U : 0U), "rRK");
            NS_TEST_EXPECT_MSG_EQ(attributes.rmskLifetime.value_or(0),
                                  (flags ? 3600U : 0U),
                                  "rMSK");
            NS_TEST_EXPECT_MSG_EQ(attributes.domainName.value_or(""),
                                  (flags ? "b.example" : ""),
                                  "domain");
            NS_TEST_EXPECT_MSG_EQ(answer.finish->size(), (flags ? 53U + 5 + 5 + 11 : 53U), "size");
        }

        // The home server has no key of that name, nor the visited one of the home domain.
        ErpSetup setup;
        NS_TEST_EXPECT_MSG_EQ(
            setup.server.Receive(home.ctx, peer.Initiate(2).value_or(Bytes()), 0).outcome,
            ErpOutcome::UNKNOWN_KEY_NAME,
            "at home");
        NS_TEST_EXPECT_MSG_EQ(
            server.Receive(visited.ctx, setup.peer.Initiate(2).value_or(Bytes()), 0).outcome,
            ErpOutcome::UNKNOWN_KEY_NAME,
            "visited");
    }
};

/** @brief The codec. */
class ErpPacketTestCase : public TestCase
{
  public:
    ErpPacketTestCase()
        : TestCase("ERP packets have the form of RFC 6696, others are refused by name")
    {
    }

  private:
    void DoRun() override
    {
        ErpStart start;
        start.identifier = 3;
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeErpStart(start)), "050300060100", "bare");
        start.attributes.domainName = "b.example";
        const Bytes octets = EncodeErpStart(start);
        NS_TEST_EXPECT_MSG_EQ(ToHex(octets), "0503001101000409622e6578616d706c65", "with a domain");
        const auto read = DecodeErpStart(octets);
        NS_TEST_EXPECT_MSG_EQ((read && read->attributes.domainName == "b.example"), true, "read");
        NS_TEST_EXPECT_MSG_EQ(DecodeErpStart(Hex("0503000501")).Error(),
                              CodecError::TRUNCATED,
                              "too short");
        NS_TEST_EXPECT_MSG_EQ(DecodeErpStart(Hex("060300060100")).Error(),
                              CodecError::BAD_VALUE,
                              "Finish");

        Computer a;
        const SecretBytes rik(Ascending(0, 64));
        ErpReauth message;
        message.code = EapCode::FINISH;
        message.identifier = 200;
        message.flags = erpflag::FAILURE | erpflag::BOOTSTRAPPING;
        message.sequence = 0xabcd;
        message.attributes.keyNameNai = "0123456789abcdef@a.example";
        message.attributes.rrkLifetime = 0x01020304;
        message.attributes.rmskLifetime = 7;
        message.attributes.domainName = "b.example";
        message.attributes.cryptosuites = {ErpCryptosuite::HMAC_SHA256_64,
                                           ErpCryptosuite::HMAC_SHA256_256};
        message.attributes.authorizationIndication = Bytes{9, 9};
        message.attributes.others = {{130, Bytes{'p', 'o', 's'}}};
        for (const ErpCryptosuite suite : {ErpCryptosuite::HMAC_SHA256_64,
                                           ErpCryptosuite::HMAC_SHA256_128,
                                           ErpCryptosuite::HMAC_SHA256_256,
                                           ErpCryptosuite::NONE})
        {
            message.cryptosuite = suite;
            const Bytes eap = EncodeErpReauth(a.ctx, message, rik);
            const auto received = DecodeErpReauth(eap, suite);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(received), true, "readable");
            if (!received)
            {
                continue;
            }
            const std::size_t tag = ErpTagSize(suite);
            NS_TEST_EXPECT_MSG_EQ(eap.size(),
                                  8 + 28 + 5 + 5 + 11 + 4 + 4 + 5 + (tag ? 1 + tag : 0),
                                  "size");
            NS_TEST_EXPECT_MSG_EQ(VerifyErpTag(a.ctx, *received, rik), (tag != 0), "tag");
            const ErpAttributes& was = message.attributes;
            const ErpAttributes& is = received->message.attributes;
            NS_TEST_EXPECT_MSG_EQ((is.keyNameNai == was.keyNameNai), true, "keyName-NAI");
            NS_TEST_EXPECT_MSG_EQ((is.rrkLifetime == was.rrkLifetime), true, "rRK lifetime");
            NS_TEST_EXPECT_MSG_EQ((is.rmskLifetime == was.rmskLifetime), true, "rMSK lifetime");
            NS_TEST_EXPECT_MSG_EQ((is.domainName == was.domainName), true, "domain name");
            NS_TEST_EXPECT_MSG_EQ((is.cryptosuites == was.cryptosuites), true, "cryptosuites");
            NS_TEST_EXPECT_MSG_EQ((is.authorizationIndication == was.authorizationIndication),
                                  true,
                                  "authorization indication");
            NS_TEST_EXPECT_MSG_EQ((is.others == was.others), true, "channel binding");
            NS_TEST_EXPECT_MSG_EQ(received->message.sequence, 0xabcd, "SEQ");
            NS_TEST_EXPECT_MSG_EQ(+received->message.flags, 0xc0, "flags");
            NS_TEST_EXPECT_MSG_EQ(+ErpFlagsOf(eap).value_or(0), 0xc0, "flags");
        }
        const std::vector<std::pair<std::string, CodecError>> bad = {
            {"060100080200", CodecError::TRUNCATED},
            {"0601000902000000"
             "01",
             CodecError::TRUNCATED},
            {"0601000802000000", CodecError::MISSING_TLV},
            {"0601000802000000", CodecError::MISSING_TLV},
            {"0601000c02000000"
             "01016101",
             CodecError::TRUNCATED},
            {"0601000e02000000"
             "010161010162",
             CodecError::DUPLICATE_TLV},
            {"0601001502000000"
             "010161"
             "0200000001"
             "0200000001",
             CodecError::DUPLICATE_TLV},
            {"0601000802000000"
             "010161",
             CodecError::MISSING_TLV},
            {"0101000801000000", CodecError::BAD_VALUE},
            {"0601000801000000", CodecError::BAD_VALUE},
        };
        for (const auto& [hex, error] : bad)
        {
            NS_TEST_EXPECT_MSG_EQ(DecodeErpReauth(Hex(hex), ErpCryptosuite::NONE).Error(),
                                  error,
                                  hex);
        }
    }
};

/** @brief Rules of SEQ, failures. */
class ErpFailureTestCase : public TestCase
{
  public:
    ErpFailureTestCase()
        : TestCase("ERP fails with a named outcome at both ends, replays are dropped")
    {
    }

  private:
    void DoRun() override
    {
        CheckSequence();
        CheckLoss();
        CheckKeys();
        CheckCryptosuites();
        CheckTags();
    }

    void CheckSequence()
    {
        ErpSetup s;
        const Bytes first = s.peer.Initiate(1).value_or(Bytes());
        const Bytes second = s.peer.Initiate(2).value_or(Bytes());
        NS_TEST_EXPECT_MSG_EQ(s.server.Receive(s.a.ctx, second, 0).outcome,
                              ErpOutcome::SUCCESS,
                              "SEQ may jump");
        for (const Bytes& old : {first, second})
        {
            const auto answer = s.server.Receive(s.a.ctx, old, 0);
            NS_TEST_EXPECT_MSG_EQ(answer.outcome, ErpOutcome::REPLAYED_SEQUENCE, "replay");
            NS_TEST_EXPECT_MSG_EQ(answer.finish.has_value(), false, "silently");
            NS_TEST_EXPECT_MSG_EQ(answer.rmsk.empty(), true, "no key");
        }
        s.peer.Abort(ErpOutcome::TIMEOUT);
        NS_TEST_EXPECT_MSG_EQ(s.peer.Outcome(), ErpOutcome::TIMEOUT, "peer");

        // All 65536 values, then a full authentication is needed.
        uint32_t used = 2;
        while (const auto initiate = s.peer.Initiate(0))
        {
            ++used;
            if (used == 65536)
            {
                const auto answer = s.server.Receive(s.a.ctx, *initiate, 0);
                NS_TEST_EXPECT_MSG_EQ(answer.sequence, 65535, "the last SEQ");
                NS_TEST_EXPECT_MSG_EQ(answer.outcome, ErpOutcome::SUCCESS, "the last SEQ");
                NS_TEST_EXPECT_MSG_EQ(s.server.Receive(s.a.ctx, *initiate, 0).outcome,
                                      ErpOutcome::REPLAYED_SEQUENCE,
                                      "it is the last");
            }
        }
        NS_TEST_EXPECT_MSG_EQ(used, 65536U, "all values");
        NS_TEST_EXPECT_MSG_EQ(s.peer.Outcome(), ErpOutcome::SEQUENCE_EXHAUSTED, "named");
    }

    void CheckLoss()
    {
        for (const bool finishLost : {false, true})
        {
            ErpSetup s;
            const Bytes lost = s.peer.Initiate(1).value_or(Bytes());
            ErpServer::Answer early;
            if (finishLost)
            {
                early = s.server.Receive(s.a.ctx, lost, 0);
                NS_TEST_EXPECT_MSG_EQ(early.outcome, ErpOutcome::SUCCESS, "but lost");
            }
            const Bytes again = s.peer.Initiate(1).value_or(Bytes());
            NS_TEST_EXPECT_MSG_EQ((again != lost), true, "SEQ + 1, computed anew");
            const auto answer = s.server.Receive(s.a.ctx, again, 0);
            NS_TEST_ASSERT_MSG_EQ(answer.finish.has_value(), true, "answered");
            if (finishLost)
            {
                NS_TEST_EXPECT_MSG_EQ(s.peer.Receive(*early.finish),
                                      ErpOutcome::WRONG_SEQUENCE,
                                      "the late answer to the first");
            }
            NS_TEST_EXPECT_MSG_EQ(s.peer.Receive(*answer.finish), ErpOutcome::SUCCESS, "peer");
            NS_TEST_EXPECT_MSG_EQ((s.peer.Rmsk() == answer.rmsk), true, "rMSK of the second");
            NS_TEST_EXPECT_MSG_EQ(s.peer.Receive(*answer.finish),
                                  ErpOutcome::WRONG_SEQUENCE,
                                  "nothing is awaited");
        }
    }

    void CheckKeys()
    {
        ErpSetup s;
        s.server.Remove(s.key.name);
        auto answer = s.server.Receive(s.a.ctx, s.peer.Initiate(1).value_or(Bytes()), 0);
        NS_TEST_EXPECT_MSG_EQ(answer.outcome, ErpOutcome::UNKNOWN_KEY_NAME, "server");
        NS_TEST_ASSERT_MSG_EQ(answer.finish.has_value(), true, "Finish");
        if (!answer.finish)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(ToHex(ByteView(*answer.finish).Sub(0, 8)),
                              "0601002402800000",
                              "R, without tag");
        NS_TEST_EXPECT_MSG_EQ(s.peer.Receive(*answer.finish), ErpOutcome::UNKNOWN_KEY_NAME, "peer");
        NS_TEST_EXPECT_MSG_EQ(s.peer.Rmsk().empty(), true, "no key");

        s.server.Install(s.key, "mn1@a.example", 1000);
        answer = s.server.Receive(s.a.ctx, s.peer.Initiate(1).value_or(Bytes()), 1000);
        NS_TEST_EXPECT_MSG_EQ(answer.outcome, ErpOutcome::KEY_EXPIRED, "server");
        NS_TEST_EXPECT_MSG_EQ(s.server.Size(), 0U, "the key is gone");
        NS_TEST_ASSERT_MSG_EQ(answer.finish.has_value(), true, "Finish");
        if (!answer.finish)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(s.peer.Receive(*answer.finish), ErpOutcome::UNKNOWN_KEY_NAME, "peer");
    }

    void CheckCryptosuites()
    {
        for (const ErpCryptosuite suite : {ErpCryptosuite::HMAC_SHA256_64,
                                           ErpCryptosuite::HMAC_SHA256_128,
                                           ErpCryptosuite::HMAC_SHA256_256})
        {
            ErpSetup s;
            ErpPeer peer(s.b.ctx, s.key, "a.example", suite);
            const Bytes initiate = peer.Initiate(1).value_or(Bytes());
            NS_TEST_EXPECT_MSG_EQ(initiate.size(), 37 + ErpTagSize(suite), "size");
            const auto answer = s.server.Receive(s.a.ctx, initiate, 0);
            NS_TEST_ASSERT_MSG_EQ(answer.finish.has_value(), true, "Finish");
            if (!answer.finish)
            {
                return;
            }
            NS_TEST_EXPECT_MSG_EQ(peer.Receive(*answer.finish), ErpOutcome::SUCCESS, "peer");

            ErpServerConfiguration strict{"a.example"};
            strict.cryptosuites.clear();
            for (const ErpCryptosuite other : {ErpCryptosuite::HMAC_SHA256_64,
                                               ErpCryptosuite::HMAC_SHA256_128,
                                               ErpCryptosuite::HMAC_SHA256_256})
            {
                if (other != suite)
                {
                    strict.cryptosuites.push_back(other);
                }
            }
            ErpServer server(strict);
            server.Install(s.key, "mn1@a.example", LATE_NS);
            const auto refusal = server.Receive(s.a.ctx, peer.Initiate(1).value_or(Bytes()), 0);
            NS_TEST_EXPECT_MSG_EQ(refusal.outcome, ErpOutcome::NO_COMMON_CRYPTOSUITE, "server");
            NS_TEST_ASSERT_MSG_EQ(refusal.finish.has_value(), true, "Finish");
            if (!refusal.finish)
            {
                return;
            }
            NS_TEST_EXPECT_MSG_EQ(peer.Receive(*refusal.finish),
                                  ErpOutcome::NO_COMMON_CRYPTOSUITE,
                                  "peer");
        }
    }

    void CheckTags()
    {
        // Another key of the same name.
        ErpSetup s;
        ErpRootKey wrong = s.key;
        wrong.rrk = SecretBytes(Ascending(0, 64));
        ErpPeer impostor(s.b.ctx, wrong, "a.example");
        auto answer = s.server.Receive(s.a.ctx, impostor.Initiate(1).value_or(Bytes()), 0);
        NS_TEST_EXPECT_MSG_EQ(answer.outcome, ErpOutcome::BAD_TAG, "server");
        NS_TEST_EXPECT_MSG_EQ(answer.finish.has_value(), false, "silently");
        impostor.Abort(ErpOutcome::TIMEOUT);
        NS_TEST_EXPECT_MSG_EQ(impostor.Outcome(), ErpOutcome::TIMEOUT, "impostor");

        // The SEQ of what was not authentic is not used up.
        answer = s.server.Receive(s.a.ctx, s.peer.Initiate(1).value_or(Bytes()), 0);
        NS_TEST_EXPECT_MSG_EQ(answer.outcome, ErpOutcome::SUCCESS, "SEQ 0");
        NS_TEST_ASSERT_MSG_EQ(answer.finish.has_value(), true, "Finish");
        if (!answer.finish)
        {
            return;
        }
        Bytes forged = *answer.finish;
        forged.back() ^= 1;
        NS_TEST_EXPECT_MSG_EQ(s.peer.Receive(forged), ErpOutcome::BAD_TAG, "peer");
        NS_TEST_EXPECT_MSG_EQ(s.peer.Outcome(), ErpOutcome::NONE, "the answer is still awaited");
        NS_TEST_EXPECT_MSG_EQ(s.peer.Receive(*answer.finish), ErpOutcome::SUCCESS, "peer");
    }
};

/** @brief Packets cut and changed. */
class ErpDamageTestCase : public TestCase
{
  public:
    ErpDamageTestCase()
        : TestCase("ERP never succeeds with a packet that was cut or changed")
    {
    }

  private:
    void Check(const std::function<void(Bytes&)>& change)
    {
        ErpSetup s;
        const Bytes initiate = s.peer.Initiate(1).value_or(Bytes());
        Bytes arrived = initiate;
        change(arrived);
        NS_TEST_EXPECT_MSG_NE(s.server.Receive(s.a.ctx, arrived, 0).outcome,
                              ErpOutcome::SUCCESS,
                              "Initiate");
        const auto answer = s.server.Receive(s.a.ctx, initiate, 0);
        NS_TEST_EXPECT_MSG_EQ(answer.outcome, ErpOutcome::SUCCESS, "then the true one");
        arrived = answer.finish.value_or(Bytes());
        change(arrived);
        NS_TEST_EXPECT_MSG_NE(s.peer.Receive(arrived), ErpOutcome::SUCCESS, "Finish");
        NS_TEST_EXPECT_MSG_EQ(s.peer.Rmsk().empty(), true, "no key");
    }

    void DoRun() override
    {
        for (std::size_t size = 0; size < 53; ++size)
        {
            Check([size](Bytes& octets) { octets.resize(size); });
        }
        for (std::size_t bit = 0; bit < 53 * 8; ++bit)
        {
            Check([bit](Bytes& octets) { octets[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8); });
        }
        ErpSetup s;
        s.peer.Initiate(0);
        for (int i = 0; i < 20000; ++i)
        {
            Bytes octets(8 + s.a.source.Below(80));
            s.a.source.Fill(octets.data(), octets.size());
            octets[0] = static_cast<uint8_t>(5 + octets[0] % 2);
            octets[2] = 0;
            octets[3] = static_cast<uint8_t>(octets.size());
            octets[4] = 2;
            NS_TEST_EXPECT_MSG_NE(s.server.Receive(s.a.ctx, octets, 0).outcome,
                                  ErpOutcome::SUCCESS,
                                  "noise");
            NS_TEST_EXPECT_MSG_NE(s.peer.Receive(octets), ErpOutcome::SUCCESS, "noise");
            NS_TEST_EXPECT_MSG_EQ(static_cast<bool>(DecodeErpStart(octets)), false, "noise");
        }
    }
};

/** @brief Counts, backends, tshark. */
class ErpCountTestCase : public TestCase
{
  public:
    ErpCountTestCase()
        : TestCase("ERP computes for real with every backend and counts it; tshark reads it")
    {
    }

  private:
    void DoRun() override
    {
        std::vector<Bytes> packets;
        Capture capture;
        for (const CryptoBackend backend : {CryptoBackend::OPENSSL, CryptoBackend::COUNTING})
        {
            Computer a(backend);
            Computer b(backend);
            const ErpRootKey key = MakeErpRootKey(a.ctx, Hex(EMSK), Hex(SESSION_ID));
            ErpServer server({"a.example"});
            server.Install(key, "mn1@a.example", LATE_NS);
            ErpPeer peer(b.ctx, key, "a.example");
            const auto count = [](Computer& c) {
                return c.ctx.Counter().Calls(CryptoOperation::HMAC_SHA256);
            };
            const auto before = count(b);
            packets.push_back(peer.Initiate(1).value_or(Bytes()));
            NS_TEST_EXPECT_MSG_EQ(count(b) - before, 1U, "Initiate: tag");
            const auto atServer = count(a);
            const auto answer = server.Receive(a.ctx, packets.back(), 0);
            NS_TEST_EXPECT_MSG_EQ(count(a) - atServer, 6U, "rIK 2, tags 2, rMSK 2");
            packets.push_back(answer.finish.value_or(Bytes()));
            NS_TEST_EXPECT_MSG_EQ(peer.Receive(packets.back()), ErpOutcome::SUCCESS, "peer");
            NS_TEST_EXPECT_MSG_EQ(count(b) - before, 4U, "Finish: tag, rMSK 2");
            NS_TEST_EXPECT_MSG_EQ(a.source.Drawn(), 0U, "nothing random in here");
        }
        NS_TEST_EXPECT_MSG_EQ((packets[0] == packets[2]), true, "Initiate");
        NS_TEST_EXPECT_MSG_EQ((packets[1] == packets[3]), true, "Finish");
        if (!HasProgram("tshark"))
        {
            return;
        }
        packets.push_back(EncodeErpStart(ErpStart()));
        for (const Bytes& packet : packets)
        {
            capture.AddEapol(packet[0] == 6, packet);
        }
        const std::string path = CreateTempDirFilename("erp.pcap");
        capture.Save(path);
        const auto lines = ReadCapture(path, {"eap.code", "eap.len", "_ws.malformed"});
        const std::vector<std::string> expected{"5|53|", "6|53|", "5|53|", "6|53|", "5|6|"};
        NS_TEST_EXPECT_MSG_EQ((lines == expected), true, "tshark");
    }
};

/** @brief All cases. */
class ErpTestSuite : public TestSuite
{
  public:
    ErpTestSuite()
        : TestSuite("mis-erp", TestSuite::Type::UNIT)
    {
        for (const ErpVector& vector : ErpVectors())
        {
            AddTestCase(new ErpVectorTestCase(vector));
        }
        AddTestCase(new ErpLocalTestCase);
        AddTestCase(new ErpPacketTestCase);
        AddTestCase(new ErpFailureTestCase);
        AddTestCase(new ErpDamageTestCase);
        AddTestCase(new ErpCountTestCase);
    }
};

ErpTestSuite g_erpTestSuite; //!< the instance

} // namespace
