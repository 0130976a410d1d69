// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of EAP.
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

/** @brief The codec. */
class EapPacketTestCase : public TestCase
{
  public:
    EapPacketTestCase()
        : TestCase("EAP packets have the form of RFC 3748, others are refused by name")
    {
    }

  private:
    void DoRun() override
    {
        const Bytes identity = EncodeEap(
            {EapCode::RESPONSE, 7, EapType::IDENTITY, ByteView::FromText("mn1@a.example")});
        NS_TEST_EXPECT_MSG_EQ(ToHex(identity), "02070012016d6e3140612e6578616d706c65", "18 octets");
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeEap({EapCode::REQUEST, 1, EapType::IDENTITY, {}})),
                              "0101000501",
                              "Identity Request");
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeEap({EapCode::SUCCESS, 9, EapType::NONE, {}})),
                              "03090004",
                              "Success");
        Bytes padded = identity;
        padded.push_back(0xff);
        const auto packet = DecodeEap(padded);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(packet), true, "padding is not read");
        if (packet)
        {
            NS_TEST_EXPECT_MSG_EQ(packet->code, EapCode::RESPONSE, "Code");
            NS_TEST_EXPECT_MSG_EQ(+packet->identifier, 7, "Identifier");
            NS_TEST_EXPECT_MSG_EQ(packet->type, EapType::IDENTITY, "Type");
            NS_TEST_EXPECT_MSG_EQ(packet->data.Text(), "mn1@a.example", "Type-Data");
        }
        const std::vector<std::pair<std::string, CodecError>> bad = {
            {"", CodecError::TRUNCATED},
            {"020700", CodecError::TRUNCATED},
            {"0207000601", CodecError::TRUNCATED},
            {"02070003", CodecError::BAD_LENGTH},
            {"02070004", CodecError::TRUNCATED},
            {"0307000500", CodecError::BAD_LENGTH},
            {"00070004", CodecError::BAD_VALUE},
            {"07070004", CodecError::BAD_VALUE},
        };
        for (const auto& [hex, error] : bad)
        {
            NS_TEST_EXPECT_MSG_EQ(DecodeEap(Hex(hex)).Error(), error, hex);
        }
    }
};

// ---------------------------------------------------------------------------------------------
// A method of one's own
// ---------------------------------------------------------------------------------------------

/** Type of the method below; reserved for experiments. */
constexpr EapType ECHO{static_cast<EapType>(255)};

/** @brief Answers what it is asked; proves nothing. */
class EchoPeer : public EapPeerMethod
{
  public:
    EchoPeer()
        : EapPeerMethod(ECHO)
    {
    }

    EapStep Process(CryptoContext&, ByteView data) override
    {
        Succeed(EapExported());
        return EapStep::Send(Bytes(data.begin(), data.end()));
    }
};

/** @brief Asks for an echo. */
class EchoServer : public EapServerMethod
{
  public:
    EchoServer()
        : EapServerMethod(ECHO)
    {
    }

    Bytes Start(CryptoContext&) override
    {
        return {1, 2, 3};
    }

    EapStep Process(CryptoContext&, ByteView data) override
    {
        if (data == ByteView(Bytes{1, 2, 3}))
        {
            Succeed(EapExported());
        }
        return EapStep::End();
    }
};

/** @brief Makes the method above. */
class EchoPeerFactory : public EapPeerMethodFactory
{
  public:
    EapType Type() const override
    {
        return ECHO;
    }

    std::unique_ptr<EapPeerMethod> Make(CryptoContext&, int64_t) const override
    {
        return std::make_unique<EchoPeer>();
    }
};

/** @brief Makes the method above, for identities that begin with "echo". */
class EchoServerFactory : public EapServerMethodFactory
{
  public:
    EapType Type() const override
    {
        return ECHO;
    }

    bool Serves(ByteView identity) const override
    {
        return identity.Text().substr(0, 4) == "echo";
    }

    std::unique_ptr<EapServerMethod> Make(CryptoContext&, ByteView, int64_t) const override
    {
        return std::make_unique<EchoServer>();
    }
};

/** @brief Negotiation of methods. */
class EapNegotiationTestCase : public TestCase
{
  public:
    EapNegotiationTestCase()
        : TestCase("methods are negotiated by Nak, one of the user is as good as any")
    {
    }

  private:
    /** What is to become of a negotiation. */
    struct Expected
    {
        EapOutcome server;
        EapOutcome peer;
        EapType method;
        std::size_t packets;
    };

    void Check(const std::string& what,
               const std::string& identity,
               std::vector<std::shared_ptr<const EapServerMethodFactory>> offered,
               std::vector<std::shared_ptr<const EapPeerMethodFactory>> wanted,
               const Expected& expected)
    {
        auto serverConfiguration = std::make_shared<EapServerConfiguration>();
        serverConfiguration->methods = std::move(offered);
        auto peerConfiguration = std::make_shared<EapPeerConfiguration>();
        peerConfiguration->identity = identity;
        peerConfiguration->methods = std::move(wanted);
        Computer a;
        Computer b;
        EapServer server(a.ctx, serverConfiguration, 0);
        EapPeer peer(b.ctx, peerConfiguration, 0);
        Wire wire;
        Authenticate(server, peer, wire);
        NS_TEST_EXPECT_MSG_EQ(server.Outcome(), expected.server, what);
        NS_TEST_EXPECT_MSG_EQ(peer.Outcome(), expected.peer, what);
        NS_TEST_EXPECT_MSG_EQ(wire.sent.size(), expected.packets, what);
        if (expected.server == EapOutcome::SUCCESS)
        {
            NS_TEST_EXPECT_MSG_EQ(server.Method(), expected.method, what);
            NS_TEST_EXPECT_MSG_EQ(peer.Method(), expected.method, what);
        }
    }

    void DoRun() override
    {
        GpskSetup setup;
        const auto gpskServer = std::make_shared<GpskServerFactory>(setup.server);
        const auto gpskPeer = std::make_shared<GpskPeerFactory>(setup.peer);
        const auto echoServer = std::make_shared<EchoServerFactory>();
        const auto echoPeer = std::make_shared<EchoPeerFactory>();
        const auto ok = EapOutcome::SUCCESS;
        Check("only method", "echo", {echoServer}, {echoPeer}, {ok, ok, ECHO, 5});
        Check("Nak to the second",
              "echo@a.example",
              {echoServer, gpskServer},
              {gpskPeer},
              {ok, ok, EapType::GPSK, 9});
        Check("identity skips a method",
              "mn1@a.example",
              {echoServer, gpskServer},
              {gpskPeer, echoPeer},
              {ok, ok, EapType::GPSK, 7});
        Check("nothing in common",
              "echo",
              {echoServer},
              {gpskPeer},
              {EapOutcome::NO_COMMON_METHOD, EapOutcome::NO_COMMON_METHOD, ECHO, 5});
        Check("a peer without methods",
              "echo",
              {echoServer, gpskServer},
              {},
              {EapOutcome::NO_COMMON_METHOD, EapOutcome::NO_COMMON_METHOD, ECHO, 5});
        Check("a peer nobody serves",
              "mn1@a.example",
              {echoServer},
              {gpskPeer},
              {EapOutcome::IDENTITY_UNKNOWN, EapOutcome::REFUSED, ECHO, 3});
    }
};

/** @brief What the machines do with packets out of place. */
class EapLockStepTestCase : public TestCase
{
  public:
    EapLockStepTestCase()
        : TestCase("EAP goes in lock step, packets out of place are dropped by name")
    {
    }

  private:
    void DoRun() override
    {
        GpskSetup setup;
        Computer a;
        Computer b;
        EapServer server(a.ctx, setup.Server(), 0, 10);
        EapPeer peer(b.ctx, setup.Peer(), 0);

        const Bytes identityRequest = server.Start();
        NS_TEST_EXPECT_MSG_EQ(peer.Receive(Hex("030a0004")).has_value(), false, "Success");
        NS_TEST_EXPECT_MSG_EQ(peer.LastDrop(), EapDrop::WRONG_IDENTIFIER, "answers nothing");
        const auto identity = peer.Receive(identityRequest);
        NS_TEST_ASSERT_MSG_EQ(identity.has_value(), true, "Identity");
        if (!identity)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(peer.Receive(Hex("030a0004")).has_value(), false, "Success");
        NS_TEST_EXPECT_MSG_EQ(peer.LastDrop(), EapDrop::PREMATURE_SUCCESS, "no method has run");
        NS_TEST_EXPECT_MSG_EQ(peer.AcceptLowerLayerSuccess(), false, "nor by the layer below");
        NS_TEST_EXPECT_MSG_EQ((peer.Receive(identityRequest) == identity), true, "duplicate");
        const auto notified = peer.Receive(Hex("010b0007024869"));
        NS_TEST_EXPECT_MSG_EQ((notified ? ToHex(*notified) : ""), "020b000502", "Notification");

        Bytes wrong = *identity;
        wrong[1] = 11;
        NS_TEST_EXPECT_MSG_EQ(server.Receive(wrong).has_value(), false, "another Identifier");
        NS_TEST_EXPECT_MSG_EQ(server.LastDrop(), EapDrop::WRONG_IDENTIFIER, "drop");
        NS_TEST_EXPECT_MSG_EQ(server.Receive(Hex("020a000633")).has_value(), false, "too short");
        NS_TEST_EXPECT_MSG_EQ(server.LastDrop(), EapDrop::MALFORMED, "drop");
        NS_TEST_EXPECT_MSG_EQ(server.Receive(Hex("020a00063300")).has_value(), false, "method");
        NS_TEST_EXPECT_MSG_EQ(server.LastDrop(), EapDrop::WRONG_TYPE, "drop");
        NS_TEST_EXPECT_MSG_EQ(server.Receive(identityRequest).has_value(), false, "a Request");
        NS_TEST_EXPECT_MSG_EQ(server.LastDrop(), EapDrop::UNEXPECTED_CODE, "drop");

        const auto gpsk1 = server.Receive(*identity);
        NS_TEST_ASSERT_MSG_EQ(gpsk1.has_value(), true, "GPSK-1");
        if (!gpsk1)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ((server.LastSent() == *gpsk1), true, "to repeat");
        NS_TEST_EXPECT_MSG_EQ(server.Receive(*identity).has_value(), false, "late duplicate");
        NS_TEST_EXPECT_MSG_EQ(server.LastDrop(), EapDrop::WRONG_IDENTIFIER, "drop");
        const auto gpsk2 = peer.Receive(*gpsk1);
        NS_TEST_ASSERT_MSG_EQ(gpsk2.has_value(), true, "GPSK-2");
        if (!gpsk2)
        {
            return;
        }
        const auto drawn = b.source.Drawn();
        const auto operations = b.ctx.Counter();
        NS_TEST_EXPECT_MSG_EQ((peer.Receive(*gpsk1) == gpsk2), true, "duplicate: stored Response");
        NS_TEST_EXPECT_MSG_EQ(b.source.Drawn(), drawn, "nothing is drawn for it");
        NS_TEST_EXPECT_MSG_EQ((b.ctx.Counter() == operations), true, "nothing is computed for it");
        NS_TEST_EXPECT_MSG_EQ(peer.Receive(Hex("010c000501")).has_value(), false, "Identity");
        NS_TEST_EXPECT_MSG_EQ(peer.LastDrop(), EapDrop::WRONG_TYPE, "a method has begun");
        NS_TEST_EXPECT_MSG_EQ(peer.Receive(Hex("010c00060d20")).has_value(), false, "EAP-TLS");
        NS_TEST_EXPECT_MSG_EQ(peer.LastDrop(), EapDrop::WRONG_TYPE, "a method has begun");
        NS_TEST_EXPECT_MSG_EQ(peer.Receive(Hex("030b0004")).has_value(), false, "Success");
        NS_TEST_EXPECT_MSG_EQ(peer.LastDrop(), EapDrop::PREMATURE_SUCCESS, "in the middle");

        const auto gpsk3 = server.Receive(*gpsk2);
        NS_TEST_ASSERT_MSG_EQ(gpsk3.has_value(), true, "GPSK-3");
        if (!gpsk3)
        {
            return;
        }
        const auto nak = server.Receive(Hex("020c00060333"));
        NS_TEST_EXPECT_MSG_EQ(nak.has_value(), false, "Nak in the middle");
        NS_TEST_EXPECT_MSG_EQ(server.LastDrop(), EapDrop::WRONG_TYPE, "drop");
        const auto gpsk4 = peer.Receive(*gpsk3);
        NS_TEST_ASSERT_MSG_EQ(gpsk4.has_value(), true, "GPSK-4");
        if (!gpsk4)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(peer.State(), EapState::RUNNING, "Success is missing");
        NS_TEST_EXPECT_MSG_EQ(peer.Exported().msk.size(), 0U, "no keys yet");
        const auto success = server.Receive(*gpsk4);
        NS_TEST_ASSERT_MSG_EQ(success.has_value(), true, "Success");
        if (!success)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(ToHex(*success), "030c0004", "of the last Response");
        Bytes other = *success;
        ++other[1];
        peer.Receive(other);
        NS_TEST_EXPECT_MSG_EQ(peer.LastDrop(), EapDrop::WRONG_IDENTIFIER, "of no Response");
        peer.Receive(*success);
        NS_TEST_EXPECT_MSG_EQ(peer.State(), EapState::SUCCESS, "peer");
        NS_TEST_EXPECT_MSG_EQ(server.State(), EapState::SUCCESS, "server");
        NS_TEST_EXPECT_MSG_EQ((peer.Exported().msk == server.Exported().msk), true, "MSK");
        peer.Receive(*gpsk3);
        NS_TEST_EXPECT_MSG_EQ(peer.LastDrop(), EapDrop::ENDED, "after the end");
        server.Receive(*gpsk4);
        NS_TEST_EXPECT_MSG_EQ(server.LastDrop(), EapDrop::ENDED, "after the end");
        peer.Abort(EapOutcome::TIMEOUT);
        NS_TEST_EXPECT_MSG_EQ(peer.Outcome(), EapOutcome::SUCCESS, "an end is final");

        // The server may hear the identity from who has asked for it.
        EapServer behind(a.ctx, setup.Server(), 0);
        const auto first = behind.Receive(Hex("02800012016d6e3140612e6578616d706c65"));
        NS_TEST_EXPECT_MSG_EQ((first ? +(*first)[1] : 0), 0x81, "next Identifier");
    }
};

/** @brief The root key of the media-independent keys. */
class RootKeyTestCase : public TestCase
{
  public:
    RootKeyTestCase()
        : TestCase("an MSK of 64 octets is a root of the media-independent keys")
    {
    }

  private:
    void DoRun() override
    {
        const Bytes msk = Ascending(0, 64);
        const auto root = MediaIndependentRootKey(msk);
        NS_TEST_ASSERT_MSG_EQ(root.has_value(), true, "64 octets");
        if (!root)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(ToHex(*root), ToHex(msk), "whole");
        NS_TEST_EXPECT_MSG_EQ(MediaIndependentRootKey(Ascending(0, 32)).has_value(), false, "32");
        Computer a;
        const auto keys = DeriveMisk(a.ctx,
                                     *root,
                                     2,
                                     std::nullopt,
                                     std::nullopt,
                                     MisfId("mn1@a.example"),
                                     MisfId("tpos@b.example"));
        NS_TEST_EXPECT_MSG_EQ(keys.miik.size(), 20U, "MIIK");
        NS_TEST_EXPECT_MSG_EQ(keys.miek.size(), 16U, "MIEK");
    }
};

/** @brief tshark reads what was sent. */
class EapCaptureTestCase : public TestCase
{
  public:
    EapCaptureTestCase()
        : TestCase("tshark reads EAP and EAP-GPSK packets, none malformed")
    {
    }

  private:
    void DoRun() override
    {
        if (!HasProgram("tshark"))
        {
            return;
        }
        Capture capture;
        std::vector<std::string> expected;
        const auto add = [&](const Wire& wire) {
            for (const WirePacket& packet : wire.sent)
            {
                capture.AddEapol(packet.toPeer, packet.octets);
                const auto eap = DecodeEap(packet.octets);
                std::string type;
                if (eap && eap->type != EapType::NONE)
                {
                    type = std::to_string(static_cast<int>(eap->type));
                }
                expected.push_back(std::to_string(static_cast<int>(packet.octets[0])) + "|" +
                                   std::to_string(packet.octets[1]) + "|" +
                                   std::to_string(packet.octets.size()) + "|" + type + "|");
            }
        };
        for (int i = 0; i < 4; ++i)
        {
            GpskSetup setup;
            if (i == 1)
            {
                setup.peer.suites = {GPSK_SUITE_SHA256};
            }
            else if (i == 2)
            {
                setup.table->Remove(setup.peer.identity);
            }
            else if (i == 3)
            {
                setup.table->Add(setup.peer.identity, setup.peer.psk, false);
            }
            Computer a;
            Computer b;
            EapServer server(a.ctx, setup.Server(), 0);
            EapPeer peer(b.ctx, setup.Peer(), 0);
            Wire wire;
            Authenticate(server, peer, wire);
            add(wire);
        }
        const std::string path = CreateTempDirFilename("eap.pcap");
        capture.Save(path);
        const auto lines =
            ReadCapture(path, {"eap.code", "eap.id", "eap.len", "eap.type", "_ws.malformed"});
        NS_TEST_ASSERT_MSG_EQ(lines.size(), expected.size(), "a line for each packet");
        for (std::size_t i = 0; i < std::min(lines.size(), expected.size()); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(lines[i], expected[i], "packet " << i);
        }
    }
};

/** @brief All cases. */
class EapTestSuite : public TestSuite
{
  public:
    EapTestSuite()
        : TestSuite("mis-eap", TestSuite::Type::UNIT)
    {
        AddTestCase(new EapPacketTestCase);
        AddTestCase(new EapNegotiationTestCase);
        AddTestCase(new EapLockStepTestCase);
        AddTestCase(new RootKeyTestCase);
        AddTestCase(new EapCaptureTestCase);
    }
};

EapTestSuite g_eapTestSuite; //!< the instance

} // namespace
