// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of EAP-GPSK.
 */
#include "mis-authentication-test-helpers.h"

#include "ns3/mis-ciphersuite.h"
#include "ns3/mis-eap-gpsk.h"
#include "ns3/mis-eap-packet.h"
#include "ns3/mis-eap-peer.h"
#include "ns3/mis-eap-server.h"
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

/** @brief A run of EAP-GPSK with known values. */
struct GpskVector
{
    std::string name;
    std::string psk;
    std::string idPeer;
    std::string randPeer;
    std::string randServer;
    uint8_t firstIdentifier;
    std::vector<GpskSuite> peerSuites;
    std::vector<std::string> packets; //!< GPSK-1 to GPSK-4
    std::string mk;
    std::string msk;
    std::string emsk;
    std::string sk;
    std::string pk;
    std::string methodId;
    std::string deployedMethodId; //!< keyed with the pre-shared key, empty: not known
};

/** @brief Runs with known values. */
class GpskVectorTestCase : public TestCase
{
  public:
    explicit GpskVectorTestCase(GpskVector vector)
        : TestCase("EAP-GPSK gives the packets and keys of " + vector.name),
          m_vector(std::move(vector))
    {
    }

  private:
    void DoRun() override
    {
        const GpskVector& v = m_vector;
        GpskSetup setup;
        setup.peer.identity = v.idPeer;
        setup.peer.psk = SecretBytes(Hex(v.psk));
        setup.peer.suites = v.peerSuites;
        setup.table->Add(v.idPeer, setup.peer.psk);
        FixedSource serverSource(Hex(v.randServer));
        FixedSource peerSource(Hex(v.randPeer));
        CryptoContext serverCtx(CryptoBackend::OPENSSL, serverSource);
        CryptoContext peerCtx(CryptoBackend::OPENSSL, peerSource);
        EapServer server(serverCtx, setup.Server(), 0, v.firstIdentifier);
        EapPeer peer(peerCtx, setup.Peer(), 0);
        Wire wire;
        Authenticate(server, peer, wire);
        NS_TEST_EXPECT_MSG_EQ(server.Outcome(), EapOutcome::SUCCESS, "server");
        NS_TEST_EXPECT_MSG_EQ(peer.Outcome(), EapOutcome::SUCCESS, "peer");
        NS_TEST_ASSERT_MSG_EQ(wire.sent.size(), 7U, "Identity 2, GPSK 4, Success");
        if (wire.sent.size() != 7)
        {
            return;
        }
        for (std::size_t i = 0; i < v.packets.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(ToHex(wire.sent[i + 2].octets), v.packets[i], "GPSK-" << i + 1);
        }
        for (const EapExported* exported : {&server.Exported(), &peer.Exported()})
        {
            NS_TEST_EXPECT_MSG_EQ(ToHex(exported->msk), v.msk, "MSK");
            NS_TEST_EXPECT_MSG_EQ(ToHex(exported->emsk), v.emsk, "EMSK");
            NS_TEST_EXPECT_MSG_EQ(ToHex(exported->sessionId), "33" + v.methodId, "Session-Id");
            NS_TEST_EXPECT_MSG_EQ(exported->peerId, v.idPeer, "Peer-Id");
            NS_TEST_EXPECT_MSG_EQ(exported->serverId, "aaa.a.example", "Server-Id");
        }

        const auto gpsk2 = DecodeGpsk<Gpsk2>(ByteView(wire.sent[3].octets).Sub(5));
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(gpsk2), true, "GPSK-2 is readable");
        if (!gpsk2)
        {
            return;
        }
        Computer computer;
        const GpskSuiteInfo& info = *FindGpskSuite(gpsk2->message.suite);
        const GpskKeys keys = DeriveGpskKeys(computer.ctx, info, Hex(v.psk), gpsk2->message);
        NS_TEST_EXPECT_MSG_EQ(ToHex(keys.mk), v.mk, "MK");
        NS_TEST_EXPECT_MSG_EQ(ToHex(keys.sk), v.sk, "SK");
        NS_TEST_EXPECT_MSG_EQ(ToHex(keys.pk), v.pk, "PK");
        if (!v.deployedMethodId.empty())
        {
            Bytes z = Hex("4d6574686f6420494433"); // "Method ID", then the Type
            Writer writer(z);
            writer.U32(gpsk2->message.suite.vendor);
            writer.U16(gpsk2->message.suite.specifier);
            writer.Octets(GpskInputString(gpsk2->message));
            const Bytes psk = Hex(v.psk);
            NS_TEST_EXPECT_MSG_EQ(
                ToHex(Gkdf(computer.ctx, info, ByteView(psk).Sub(0, info.keySize), z, 16)),
                v.deployedMethodId,
                "as deployed software has it");
        }
    }

    GpskVector m_vector; //!< the values
};

std::vector<GpskVector>
GpskVectors()
{
    GpskVector a;
    a.name = "a captured run";
    a.psk = "3031323334353637383961626364656630313233343536373839616263646566";
    a.idPeer = "gpsk1@a.example";
    a.randPeer = "2f79ec5b05fe5e1a189417aac1a211899c40635ce8532f8d7c57a12efb212128";
    a.randServer = "4cbc389e0d10a6e34d2876feeba98b3a37286c1607fef71793c0975227cc2305";
    a.firstIdentifier = 0xa7;
    a.peerSuites = {GPSK_SUITE_AES, GPSK_SUITE_SHA256};
    a.packets = {
        "01a800433301000d6161612e612e6578616d706c654cbc389e0d10a6e34d2876feeba98b3a37286c1607fef717"
        "93c0975227cc2305000c000000000001000000000002",
        "02a8008c3302000f6770736b3140612e6578616d706c65000d6161612e612e6578616d706c652f79ec5b05fe5e"
        "1a189417aac1a211899c40635ce8532f8d7c57a12efb2121284cbc389e0d10a6e34d2876feeba98b3a37286c16"
        "07fef71793c0975227cc2305000c0000000000010000000000020000000000010000bb0a770b3ad4bed58f4479"
        "5148adfb41",
        "01a9006d33032f79ec5b05fe5e1a189417aac1a211899c40635ce8532f8d7c57a12efb2121284cbc389e0d10a6"
        "e34d2876feeba98b3a37286c1607fef71793c0975227cc2305000d6161612e612e6578616d706c650000000000"
        "010000d4ef1df40f473db3d58e08b74cb37cc7",
        "02a9001833040000eb07202b7480d886fa50ab52726d638b",
    };
    a.mk = "c628c98badb5c2cbc816357231c8e3c6";
    a.msk = "590bd768fae066882c4d2df3489149f4561003ae026e8d3bddc99497ea61cae5006006ee34f2e085da00cf"
            "85c1a71ffbac9a84d0df221d2b899570e7c223b852";
    a.emsk = "a92a0ed88ed625dd157274f12793a61f29640d71749fc6a058fa7cbac7f2ae8794ac16b0a7f203656c361"
             "9456154bd5574bef2da9f338c1e026896cb7c4fb6cf";
    a.sk = "cc09a36dd55dda6b379cfdd02dd56410";
    a.pk = "4ce825a83a96c951714ee272babbc525";
    a.methodId = "f79573b191e602bdcfc657cedc540f64";
    a.deployedMethodId = "df413f000043be3db5fe3150e0da4857";

    const std::string rp = ToHex(Repeat(0xa0, 32));
    const std::string rs = ToHex(Repeat(0xb0, 32));
    GpskVector b1;
    b1.name = "fixed randoms, suite 1";
    b1.psk = ToHex(Ascending(0, 32));
    b1.idPeer = "mn1@a.example";
    b1.randPeer = rp;
    b1.randServer = rs;
    b1.firstIdentifier = 0;
    b1.peerSuites = {GPSK_SUITE_AES};
    b1.packets = {
        "010100433301000d6161612e612e6578616d706c65" + rs + "000c000000000001000000000002",
        "0201008a3302000d6d6e3140612e6578616d706c65000d6161612e612e6578616d706c65" + rp + rs +
            "000c0000000000010000000000020000000000010000f580303742b306df295be284712885a3",
        "0102006d3303" + rp + rs +
            "000d6161612e612e6578616d706c650000000000010000ec656f15eba0bdba71bbf7cb11aba093",
        "0202001833040000fb2418a417c1fa2c7399360ce80f1616",
    };
    b1.mk = "767b5f40c1897215065c268d1174d2dc";
    b1.sk = "0b531c3feab85188d684c708b9c83b16";
    b1.pk = "4123e4824ef6154d42c7e30f750ae79e";
    b1.msk = "4087a9a9654f97e83d2c62fa2aeb5ff33848e7fa6500ba22072aa31da6dd62488931f23d62370f5677102"
             "5f7310b5e91fce17f64040805426361c08bfa8e773d";
    b1.emsk = "9bbf8480c3748dc61bd624b1436d77ec0afbdfa72de7cb3801d2ce29e59f7e4af32590e614d3b70e8502"
              "7edab9062ce70f0c8ad3c2c6012b57ce51de9bb75d29";
    b1.methodId = "a0f645f4943325cff9109ac9fcffec98";
    b1.deployedMethodId = "ca252a5b8568eabf3bcf07d0f2458473";

    GpskVector b2 = b1;
    b2.name = "fixed randoms, suite 2";
    b2.peerSuites = {GPSK_SUITE_SHA256};
    b2.packets = {
        b1.packets[0],
        "0201009a3302000d6d6e3140612e6578616d706c65000d6161612e612e6578616d706c65" + rp + rs +
            "000c0000000000010000000000020000000000020000"
            "2c69f420687fa9a4cc53a4d567cafc283a9d1e25a0238bccce3e669addfc9186",
        "0102007d3303" + rp + rs +
            "000d6161612e612e6578616d706c650000000000020000"
            "c06d0c1b21b24fcd7efb6a18a43af45c07dad694ad9ec1b38aaf1d7efa84fad8",
        "020200283304000022c8e1569f57d186a6e41035d77e5573d5174e8c3e9c05dafbad3f9848253d8b",
    };
    b2.mk = "426e1828a655f312eb6a9b5afe8c0f0792e7674e3959e167cbe0f121f6fb644e";
    b2.sk = "9c80e96c0bca75ff9a25fa9d6ab7ce8411db27b6a06a347d9f1d5a4cc423014b";
    b2.pk = "";
    b2.msk = "69796cdc8371655264fd32db401509e0f6f2aec9f5314c2c31f8bc244ebed181054d15add5e3bcbd3078e"
             "80b226a652caea5ecb472fd596a097e5250225d796c";
    b2.emsk = "1000266a8eddaa953ead27eb723071bcf572107ec812bf47df8417c907a39a35fffb3b9c6c4d8cb29dfa"
              "67502c79e55c8984dc075f4a9989a2380c8a8b20d14d";
    b2.methodId = "8c8420049caa423085899b0652c461e9";
    b2.deployedMethodId = "";
    return {a, b1, b2};
}

/** @brief Authentications that must not succeed. */
class GpskFailureTestCase : public TestCase
{
  public:
    GpskFailureTestCase()
        : TestCase("EAP-GPSK fails with a named outcome at both ends")
    {
    }

  private:
    /** An authentication and how it is to end. */
    struct Case
    {
        std::string name;
        std::function<void(GpskSetup&)> prepare;
        EapOutcome server;
        EapOutcome peer;
        std::vector<std::size_t> sizes; //!< of the packets after Identity
    };

    void DoRun() override
    {
        const std::vector<Case> cases = {
            {"unknown identity",
             [](GpskSetup& s) { s.table->Remove(s.peer.identity); },
             EapOutcome::IDENTITY_UNKNOWN,
             EapOutcome::IDENTITY_UNKNOWN,
             {67, 138, 10, 10, 4}},
            {"wrong key",
             [](GpskSetup& s) { s.table->Add(s.peer.identity, SecretBytes(Ascending(1, 32))); },
             EapOutcome::PSK_MISMATCH,
             EapOutcome::PSK_MISMATCH,
             {67, 138, 10, 10, 4}},
            {"not authorized",
             [](GpskSetup& s) { s.table->Add(s.peer.identity, s.peer.psk, false); },
             EapOutcome::NOT_AUTHORIZED,
             EapOutcome::NOT_AUTHORIZED,
             {67, 138, 26, 26, 4}},
            {"no common suite",
             [](GpskSetup& s) {
                 s.server.suites = {GPSK_SUITE_SHA256};
                 s.peer.suites = {GPSK_SUITE_AES};
             },
             EapOutcome::NO_COMMON_SUITE,
             EapOutcome::NO_COMMON_SUITE,
             {61, 10, 4}},
            {"key too short for the suite",
             [](GpskSetup& s) {
                 s.server.suites = {GPSK_SUITE_SHA256};
                 s.peer.psk = SecretBytes(Ascending(0, 16));
             },
             EapOutcome::NO_COMMON_SUITE,
             EapOutcome::NO_COMMON_SUITE,
             {61, 10, 4}},
            {"key too short at the server",
             [](GpskSetup& s) {
                 s.server.suites = {GPSK_SUITE_SHA256};
                 s.table->Add(s.peer.identity, SecretBytes(Ascending(0, 16)));
             },
             EapOutcome::NO_COMMON_SUITE,
             EapOutcome::PSK_MISMATCH,
             {61, 148, 10, 10, 4}},
            {"another server",
             [](GpskSetup& s) { s.peer.serverId = "aaa.b.example"; },
             EapOutcome::IDENTITY_UNKNOWN,
             EapOutcome::IDENTITY_UNKNOWN,
             {67, 10, 4}},
        };
        for (const Case& c : cases)
        {
            GpskSetup setup;
            c.prepare(setup);
            Computer a;
            Computer b;
            EapServer server(a.ctx, setup.Server(), 0);
            EapPeer peer(b.ctx, setup.Peer(), 0);
            Wire wire;
            Authenticate(server, peer, wire);
            NS_TEST_EXPECT_MSG_EQ(server.State(), EapState::FAILURE, c.name);
            NS_TEST_EXPECT_MSG_EQ(peer.State(), EapState::FAILURE, c.name);
            NS_TEST_EXPECT_MSG_EQ(server.Outcome(), c.server, c.name);
            NS_TEST_EXPECT_MSG_EQ(peer.Outcome(), c.peer, c.name);
            NS_TEST_EXPECT_MSG_EQ(server.Exported().msk.empty(), true, c.name);
            NS_TEST_EXPECT_MSG_EQ(peer.Exported().msk.empty(), true, c.name);
            const auto sizes = wire.Sizes();
            NS_TEST_EXPECT_MSG_EQ(
                (std::vector<std::size_t>(sizes.begin() + 2, sizes.end()) == c.sizes),
                true,
                c.name << ": sizes");
        }
        CheckForged();
    }

    /** Messages that only an attacker or a broken end sends. */
    void CheckForged()
    {
        // A changed MIC in each of GPSK-2 to GPSK-4.
        for (const std::size_t number : {3U, 4U, 5U})
        {
            GpskSetup setup;
            Computer a;
            Computer b;
            EapServer server(a.ctx, setup.Server(), 0);
            EapPeer peer(b.ctx, setup.Peer(), 0);
            Wire wire;
            wire.channel = [number](std::size_t n, const Bytes& octets) {
                Bytes arrived = octets;
                if (n == number)
                {
                    arrived.back() ^= 1;
                }
                return std::make_optional(arrived);
            };
            Authenticate(server, peer, wire);
            NS_TEST_EXPECT_MSG_EQ(server.Outcome(), EapOutcome::PSK_MISMATCH, "MIC " << number);
            NS_TEST_EXPECT_MSG_EQ(peer.Outcome(), EapOutcome::PSK_MISMATCH, "MIC " << number);
        }

        // A suite that was not offered, by a peer that lists it as if it was.
        GpskSetup setup;
        Computer a;
        CryptoContext& ctx = a.ctx;
        const auto begin = [&](EapServer& server, Gpsk1& offer) {
            server.Start();
            const auto gpsk1 = server.Receive(Hex("02000012016d6e3140612e6578616d706c65"));
            const auto received = DecodeGpsk<Gpsk1>(gpsk1 ? ByteView(*gpsk1).Sub(5) : ByteView());
            if (received)
            {
                offer = received->message;
            }
        };
        const auto answer = [&](const Gpsk1& offer, const GpskSuite& suite, ByteView mic) {
            Gpsk2 message;
            message.idPeer = Bytes(setup.peer.identity.begin(), setup.peer.identity.end());
            message.idServer = offer.idServer;
            message.randServer = offer.randServer;
            message.suites = offer.suites;
            message.suite = suite;
            Bytes data = EncodeGpsk(message);
            Writer(data).Octets(mic);
            return EncodeEap({EapCode::RESPONSE, 1, EapType::GPSK, data});
        };
        setup.server.suites = {GPSK_SUITE_SHA256};
        {
            EapServer server(ctx, setup.Server(), 0);
            Gpsk1 offer;
            begin(server, offer);
            server.Receive(answer(offer, GPSK_SUITE_AES, Repeat(0, 16)));
            server.Abort(EapOutcome::TIMEOUT);
            NS_TEST_EXPECT_MSG_EQ(server.Outcome(), EapOutcome::NO_COMMON_SUITE, "not offered");
        }
        // What does not repeat GPSK-1 is dropped, and the run goes on.
        for (int field = 0; field < 3; ++field)
        {
            EapServer server(ctx, setup.Server(), 0);
            Gpsk1 offer;
            begin(server, offer);
            Gpsk1 changed = offer;
            if (field == 0)
            {
                changed.idServer.push_back('x');
            }
            else if (field == 1)
            {
                changed.randServer[0] ^= 1;
            }
            else
            {
                changed.suites.push_back(GPSK_SUITE_AES);
            }
            const auto next = server.Receive(answer(changed, GPSK_SUITE_SHA256, Repeat(0, 32)));
            NS_TEST_EXPECT_MSG_EQ(next.has_value(), false, "field " << field);
            NS_TEST_EXPECT_MSG_EQ(server.LastDrop(), EapDrop::METHOD_MISMATCH, "field " << field);
            NS_TEST_EXPECT_MSG_EQ(server.State(), EapState::RUNNING, "field " << field);
        }
        CheckRepeated();
    }

    /** GPSK-3 that knows the key and does not repeat GPSK-2. */
    void CheckRepeated()
    {
        for (int field = 0; field < 5; ++field)
        {
            GpskSetup setup;
            Computer a;
            EapServer server(a.ctx, setup.Server(), 0);
            EapPeer peer(a.ctx, setup.Peer(), 0);
            Bytes request = server.Start();
            request = server.Receive(peer.Receive(request).value_or(Bytes())).value_or(Bytes());
            const Bytes gpsk2 = peer.Receive(request).value_or(Bytes());
            const auto sent = DecodeGpsk<Gpsk2>(ByteView(gpsk2).Sub(5));
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(sent), true, "GPSK-2");
            if (!sent)
            {
                return;
            }
            const GpskSuiteInfo& info = *FindGpskSuite(sent->message.suite);
            const GpskKeys keys = DeriveGpskKeys(a.ctx, info, setup.peer.psk, sent->message);
            Gpsk3 message;
            message.randPeer = sent->message.randPeer;
            message.randServer = sent->message.randServer;
            message.idServer = sent->message.idServer;
            message.suite = sent->message.suite;
            if (field == 0)
            {
                message.randPeer[31] ^= 1;
            }
            else if (field == 1)
            {
                message.randServer[31] ^= 1;
            }
            else if (field == 2)
            {
                message.idServer.clear();
            }
            else if (field == 3)
            {
                message.suite = GPSK_SUITE_SHA256;
            }
            Bytes data = EncodeGpsk(message);
            Writer(data).Octets(GpskMic(a.ctx, info, keys.sk, ByteView(data).Sub(1)));
            const bool good = field == 4;
            const auto gpsk4 = peer.Receive(EncodeEap({EapCode::REQUEST, 2, EapType::GPSK, data}));
            NS_TEST_EXPECT_MSG_EQ(gpsk4.has_value(), good, "field " << field);
            NS_TEST_EXPECT_MSG_EQ(peer.LastDrop(),
                                  (good ? EapDrop::NONE : EapDrop::METHOD_MISMATCH),
                                  "field " << field);
        }
        CheckProtectedFail();
    }

    /** A Protected-Fail of the peer instead of GPSK-4, with a good and with a bad MIC. */
    void CheckProtectedFail()
    {
        Computer a;
        CryptoContext& ctx = a.ctx;
        for (const bool good : {true, false})
        {
            GpskSetup fresh;
            EapServer server(ctx, fresh.Server(), 0);
            EapPeer peer(ctx, fresh.Peer(), 0);
            Bytes request = server.Start();
            Bytes gpsk2;
            for (int i = 0; i < 2; ++i)
            {
                gpsk2 = peer.Receive(request).value_or(Bytes());
                request = server.Receive(gpsk2).value_or(Bytes());
            }
            const auto received = DecodeGpsk<Gpsk2>(ByteView(gpsk2).Sub(5));
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(received), true, "GPSK-2");
            if (!received)
            {
                return;
            }
            const GpskSuiteInfo& info = *FindGpskSuite(received->message.suite);
            const GpskKeys keys = DeriveGpskKeys(ctx, info, fresh.peer.psk, received->message);
            Bytes data = EncodeGpsk(GpskProtectedFail());
            const SecretBytes mic = GpskMic(ctx, info, keys.sk, ByteView(data).Sub(1));
            Writer(data).Octets(mic);
            data.back() ^= good ? 0 : 1;
            const auto end = server.Receive(EncodeEap({EapCode::RESPONSE, 2, EapType::GPSK, data}));
            NS_TEST_EXPECT_MSG_EQ(end.has_value(), good, "Failure, or dropped");
            NS_TEST_EXPECT_MSG_EQ(server.Outcome(),
                                  good ? EapOutcome::NOT_AUTHORIZED : EapOutcome::NONE,
                                  "Protected-Fail");
            NS_TEST_EXPECT_MSG_EQ(server.LastDrop(),
                                  good ? EapDrop::NONE : EapDrop::METHOD_INTEGRITY,
                                  "Protected-Fail");
        }
    }
};

/** @brief Loss of each packet in turn. */
class GpskLossTestCase : public TestCase
{
  public:
    GpskLossTestCase()
        : TestCase("EAP-GPSK survives the loss of any packet")
    {
    }

  private:
    void DoRun() override
    {
        for (const GpskSuite& suite : {GPSK_SUITE_AES, GPSK_SUITE_SHA256})
        {
            for (std::size_t lost = 0; lost < 7; ++lost)
            {
                GpskSetup setup;
                setup.peer.suites = {suite};
                Computer a;
                Computer b;
                EapServer server(a.ctx, setup.Server(), 0);
                EapPeer peer(b.ctx, setup.Peer(), 0);
                Wire wire;
                wire.channel = [lost](std::size_t n, const Bytes& octets) {
                    return n == lost ? std::nullopt : std::make_optional(octets);
                };
                Authenticate(server, peer, wire);
                NS_TEST_EXPECT_MSG_EQ(server.Outcome(), EapOutcome::SUCCESS, "lost " << lost);
                if (lost == 6)
                {
                    NS_TEST_EXPECT_MSG_EQ(peer.Outcome(), EapOutcome::NONE, "Success was lost");
                    NS_TEST_EXPECT_MSG_EQ(peer.AcceptLowerLayerSuccess(), true, "layer below");
                }
                NS_TEST_EXPECT_MSG_EQ(peer.Outcome(), EapOutcome::SUCCESS, "lost " << lost);
                NS_TEST_EXPECT_MSG_EQ((peer.Exported().msk == server.Exported().msk), true, "MSK");
                NS_TEST_EXPECT_MSG_EQ(wire.repeats, (lost == 6 ? 0U : 1U), "lost " << lost);
            }
            // Silence for good.
            GpskSetup setup;
            Computer a;
            EapServer server(a.ctx, setup.Server(), 0);
            EapPeer peer(a.ctx, setup.Peer(), 0);
            Wire wire;
            wire.channel = [](std::size_t n, const Bytes& octets) {
                return n < 4 ? std::make_optional(octets) : std::nullopt;
            };
            Authenticate(server, peer, wire);
            NS_TEST_EXPECT_MSG_EQ(server.Outcome(), EapOutcome::TIMEOUT, "server");
            NS_TEST_EXPECT_MSG_EQ(peer.Outcome(), EapOutcome::TIMEOUT, "peer");
        }
    }
};

/** @brief Packets cut and changed. */
class GpskDamageTestCase : public TestCase
{
  public:
    GpskDamageTestCase()
        : TestCase("EAP-GPSK never succeeds with a packet that was cut or changed for good")
    {
    }

  private:
    /**
     * @brief Run with every packet that has a place changed in the same way.
     * @param place the place in the order of packets, 0 to 6
     * @param change what happens to the packet
     */
    void Check(std::size_t place, const std::function<void(Bytes&)>& change)
    {
        GpskSetup setup;
        Computer a;
        Computer b;
        EapServer server(a.ctx, setup.Server(), 0);
        EapPeer peer(b.ctx, setup.Peer(), 0);
        Wire wire;
        bool meets = false;
        wire.channel = [&](std::size_t n, const Bytes& octets) {
            Bytes arrived = octets;
            // Later packets are repetitions, and those of the place are changed once more.
            if (n == place || (n > place && octets == wire.sent[place].octets))
            {
                change(arrived);
                meets = true;
            }
            return std::make_optional(arrived);
        };
        Authenticate(server, peer, wire);
        NS_TEST_EXPECT_MSG_EQ(meets, true, "place " << place);
        if (place == 6)
        {
            NS_TEST_EXPECT_MSG_EQ(server.Outcome(), EapOutcome::SUCCESS, "only Success changed");
            NS_TEST_EXPECT_MSG_NE(peer.Outcome(), EapOutcome::SUCCESS, "place 6");
            return;
        }
        // A changed Identity is just another name; GPSK has its own.
        const bool harmless = place < 2;
        if (server.State() == EapState::SUCCESS && !harmless)
        {
            NS_TEST_EXPECT_MSG_EQ(true, false, "success with packet " << place << " changed");
        }
        NS_TEST_EXPECT_MSG_NE(server.State(), EapState::RUNNING, "place " << place);
        if (server.State() == EapState::FAILURE)
        {
            NS_TEST_EXPECT_MSG_NE(peer.State(), EapState::SUCCESS, "place " << place);
        }
    }

    void DoRun() override
    {
        const std::size_t sizes[] = {5, 18, 67, 138, 109, 24, 4};
        for (std::size_t place = 0; place < 7; ++place)
        {
            for (std::size_t size = 0; size < sizes[place]; ++size)
            {
                Check(place, [size](Bytes& octets) { octets.resize(size); });
            }
            for (std::size_t bit = 0; bit < sizes[place] * 8; ++bit)
            {
                Check(place, [bit](Bytes& octets) {
                    octets[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
                });
            }
        }
        // Octets without any sense, to both ends in all states.
        Computer noise(CryptoBackend::OPENSSL, 99);
        for (int i = 0; i < 20000; ++i)
        {
            GpskSetup setup;
            Computer a;
            EapServer server(a.ctx, setup.Server(), 0);
            EapPeer peer(a.ctx, setup.Peer(), 0);
            Bytes request = server.Start();
            for (uint64_t step = noise.source.Below(3); step > 0; --step)
            {
                request = server.Receive(peer.Receive(request).value_or(Bytes())).value_or(Bytes());
            }
            Bytes octets(noise.source.Below(150));
            noise.source.Fill(octets.data(), octets.size());
            if (octets.size() > 6)
            {
                octets[0] = static_cast<uint8_t>(1 + octets[0] % 4);
                octets[1] = request.empty() ? 0 : request[1];
                octets[2] = 0;
                octets[3] = static_cast<uint8_t>(octets.size());
                octets[4] = 51;
                octets[5] %= 8;
            }
            server.Receive(octets);
            peer.Receive(octets);
            NS_TEST_EXPECT_MSG_NE(server.State(), EapState::SUCCESS, "noise");
            NS_TEST_EXPECT_MSG_NE(peer.State(), EapState::SUCCESS, "noise");
        }
    }
};

/** @brief Determinism and counts. */
class GpskCountTestCase : public TestCase
{
  public:
    GpskCountTestCase()
        : TestCase("EAP-GPSK repeats with its streams and counts what it computes")
    {
    }

  private:
    void DoRun() override
    {
        std::vector<Bytes> all;
        std::vector<OperationCounter> counters;
        for (const CryptoBackend backend :
             {CryptoBackend::OPENSSL, CryptoBackend::OPENSSL, CryptoBackend::COUNTING})
        {
            GpskSetup setup;
            Computer a(backend, 5);
            Computer b(backend, 6);
            EapServer server(a.ctx, setup.Server(), 0);
            EapPeer peer(b.ctx, setup.Peer(), 0);
            Wire wire;
            Authenticate(server, peer, wire);
            NS_TEST_EXPECT_MSG_EQ(peer.Outcome(), EapOutcome::SUCCESS, "peer");
            all.push_back(wire.All());
            counters.push_back(a.ctx.Counter());
            counters.push_back(b.ctx.Counter());
        }
        NS_TEST_EXPECT_MSG_EQ((all[0] == all[1]), true, "the same streams, the same octets");
        NS_TEST_EXPECT_MSG_EQ((all[0] == all[2]), true, "the backend that counts computes too");
        for (std::size_t i = 0; i < 6; ++i)
        {
            // MK 1, the keys 10, Method-ID 1, MICs 3.
            NS_TEST_EXPECT_MSG_EQ(counters[i].Calls(CryptoOperation::AES_CMAC), 15U, "end " << i);
            NS_TEST_EXPECT_MSG_EQ(counters[i].Calls(CryptoOperation::RANDOM), 1U, "end " << i);
            NS_TEST_EXPECT_MSG_EQ(counters[i].Octets(CryptoOperation::RANDOM), 32U, "end " << i);
        }
    }
};

/** @brief All cases. */
class EapGpskTestSuite : public TestSuite
{
  public:
    EapGpskTestSuite()
        : TestSuite("mis-eap-gpsk", TestSuite::Type::UNIT)
    {
        for (const GpskVector& vector : GpskVectors())
        {
            AddTestCase(new GpskVectorTestCase(vector));
        }
        AddTestCase(new GpskFailureTestCase);
        AddTestCase(new GpskLossTestCase);
        AddTestCase(new GpskDamageTestCase);
        AddTestCase(new GpskCountTestCase);
    }
};

EapGpskTestSuite g_eapGpskTestSuite; //!< the instance

} // namespace
