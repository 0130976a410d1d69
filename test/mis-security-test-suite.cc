// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of the security layer: protected messages and associations.
 */
#include "mis-crypto-test-helpers.h"

#include "ns3/mis-ciphersuite.h"
#include "ns3/mis-crypto-context.h"
#include "ns3/mis-device-keys.h"
#include "ns3/mis-group-key-block.h"
#include "ns3/mis-group-messages.h"
#include "ns3/mis-kdf.h"
#include "ns3/mis-key-tree.h"
#include "ns3/mis-message.h"
#include "ns3/mis-prereg-messages.h"
#include "ns3/mis-protected-pdu.h"
#include "ns3/mis-sa-database.h"
#include "ns3/mis-security-association.h"
#include "ns3/mis-signature.h"
#include "ns3/mis-types.h"
#include "ns3/test.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

const MisfId MN("mn1@a.example");
const MisfId SPOS("spos@a.example");
const MisfId TPOS("tpos@b.example");
const MisfId GM("gm@h.example");
const MisfId GROUP("grp1@b.example");

/** G2: a Prereg_Xfer response protected with suite 1. */
const std::string GOLDEN_PROTECTED =
    "1001380d0123006f010f0e73706f7340612e6578616d706c65020e0d6d6e3140612e6578616d706c658706010400"
    "00000188440141000000000000000148ee4701292b4ce19161d4ab62af4ce58042f77981d22fefea67e49c5e8bfe"
    "742551b6e589ed7e771e5dcbec859e1e9dd8378ea67d7131386c01";

/** What is inside of G2. */
const std::string GOLDEN_INSIDE = "850f0e74706f7340622e6578616d706c65821110000102030405060708090a0b"
                                  "0c0d0e0f830400000e10030100";

/** G6: a legacy N2N_Prereg_Xfer request with the masked K. */
const std::string GOLDEN_LEGACY =
    "1800340e01240082010f0e73706f7340612e6578616d706c65020f0e74706f7340622e6578616d706c650d0c1300"
    "00060600112233445500340e0d6d6e3140612e6578616d706c65800101821110c65b0d7f9e2f30a56b921421e9c8"
    "0233811110a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0811110b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0830400000e10";

/** Session keys that fit to a suite. */
SessionKeys
KeysFor(uint8_t suite, uint8_t octet = 0x44)
{
    return *SplitMisk(*FindCiphersuite(suite), Repeat(octet, 36));
}

/** Both ends of one association. */
struct Ends
{
    Ends(CryptoContext& ctx,
         uint8_t suite,
         int64_t notAfterNs = SecurityAssociation::NO_LIMIT,
         bool group = false)
        : sender(SecurityAssociation::Create(ctx,
                                             Said::Make(IdType::EAP, 1),
                                             MN,
                                             group ? GROUP : SPOS,
                                             true,
                                             suite,
                                             KeysFor(suite),
                                             notAfterNs,
                                             group)),
          receiver(SecurityAssociation::Create(ctx,
                                               Said::Make(IdType::EAP, 1),
                                               group ? GROUP : SPOS,
                                               MN,
                                               false,
                                               suite,
                                               KeysFor(suite),
                                               notAfterNs,
                                               group))
    {
    }

    Result<std::size_t, SecurityError> Send(CryptoContext& ctx,
                                            ByteView body,
                                            Bytes& out,
                                            int64_t nowNs = 0)
    {
        Header header;
        header.ackReq = true;
        header.mid = PreregXferRequest::ID;
        header.tid = 0x123;
        return Protect(ctx, sender, nowNs, header, sender.local, sender.remote, body, out);
    }

    SecurityAssociation sender;
    SecurityAssociation receiver;
};

/** What a receiver makes of octets from the network; MALFORMED also when they are no frame. */
SecurityError
Receive(CryptoContext& ctx,
        SecurityAssociation& sa,
        ByteView octets,
        SecretOctets& plain,
        int64_t nowNs = 0)
{
    const auto frame = ParseFrame(octets);
    if (!frame)
    {
        return SecurityError::MALFORMED;
    }
    const auto said = ReadSaid(*frame);
    if (!said)
    {
        return said.Error();
    }
    const auto opened = Unprotect(ctx, sa, nowNs, *frame, plain);
    return opened ? SecurityError::NONE : opened.Error();
}

/** Bits of the header that may change on the way and are therefore not authenticated. */
uint8_t
MutableBits(std::size_t octet)
{
    // AckReq, AckRsp, M; then FN.
    return octet == 0 ? 0x0d : octet == 1 ? 0xfe : 0;
}

/** @brief Ciphersuites and the session key. */
class CiphersuiteTestCase : public TestCase
{
  public:
    CiphersuiteTestCase()
        : TestCase("ciphersuites have the sizes of the register, and MISK has the known values")
    {
    }

  private:
    void DoRun() override
    {
        Computer computer;
        const std::size_t miskBits[] = {0, 128, 288, 256, 160, 128};
        for (uint8_t code = 0; code < 6; ++code)
        {
            const Ciphersuite* suite = FindCiphersuite(code);
            NS_TEST_ASSERT_MSG_EQ((suite != nullptr), true, "suite " << +code);
            NS_TEST_EXPECT_MSG_EQ(+suite->code, +code, "code");
            NS_TEST_EXPECT_MSG_EQ(suite->MiskOctets() * 8, miskBits[code], "MISK " << +code);
        }
        NS_TEST_EXPECT_MSG_EQ((FindCiphersuite(6) == nullptr), true, "unknown suite");
        NS_TEST_EXPECT_MSG_EQ((FindCiphersuite(255) == nullptr), true, "unknown suite");

        Nonce nonceT;
        nonceT.fill(0xa0);
        Nonce nonceN;
        nonceN.fill(0xb0);
        const auto misk = [&](uint8_t suite) {
            return DeriveMisk(computer.ctx, VectorKey(), suite, nonceT, nonceN, MN, TPOS);
        };
        NS_TEST_EXPECT_MSG_EQ(ToHex(misk(1).miek.View()),
                              "5b818c27b1423d9fd019c5d7328e4ae2",
                              "MIEK of suite 1");
        NS_TEST_EXPECT_MSG_EQ(misk(1).miik.empty(), true, "MIIK of suite 1");
        NS_TEST_EXPECT_MSG_EQ(ToHex(misk(2).miik.View()),
                              "3a2d8c276d582708e88a3780eb0ca1f111a8df28",
                              "MIIK of suite 2");
        NS_TEST_EXPECT_MSG_EQ(ToHex(misk(2).miek.View()),
                              "415d5bf204f2563ab9d4627e951f22e6",
                              "MIEK of suite 2");
        NS_TEST_EXPECT_MSG_EQ(misk(0).miek.empty(), true, "no suite, no key");
        NS_TEST_EXPECT_MSG_EQ(SplitMisk(*FindCiphersuite(2), Repeat(1, 35)).has_value(),
                              false,
                              "too short");
    }
};

/** @brief Frames made by another implementation. */
class GoldenFrameTestCase : public TestCase
{
  public:
    GoldenFrameTestCase()
        : TestCase("protected and legacy frames of another implementation are opened and made")
    {
    }

  private:
    void DoRun() override
    {
        Computer computer;
        const Bytes frame = Hex(GOLDEN_PROTECTED);
        const Said said = Said::Make(IdType::EAP, 1);
        const SessionKeys keys = KeysFor(1);
        auto mn = SecurityAssociation::Create(computer.ctx, said, MN, SPOS, true, 1, keys);
        SecretOctets plain;
        NS_TEST_ASSERT_MSG_EQ(ToString(Receive(computer.ctx, mn, frame, plain)),
                              std::string("NONE"),
                              "open");
        NS_TEST_EXPECT_MSG_EQ(ToHex(plain), GOLDEN_INSIDE, "inside");
        NS_TEST_EXPECT_MSG_EQ(ToHex(mn.remotePrefix), "47ff0383", "nonce part of the SPoS");

        auto spos = SecurityAssociation::Create(computer.ctx, said, SPOS, MN, false, 1, keys);
        Header header;
        header.mid = PreregXferResponse::ID;
        header.tid = 0x123;
        Bytes made;
        const auto size =
            Protect(computer.ctx, spos, 0, header, SPOS, MN, Hex(GOLDEN_INSIDE), made);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(size), true, "protect");
        NS_TEST_EXPECT_MSG_EQ(*size, 119u, "size");
        NS_TEST_EXPECT_MSG_EQ(ToHex(made), GOLDEN_PROTECTED, "same octets");

        const Bytes legacyFrame = Hex(GOLDEN_LEGACY);
        const auto legacy = ParseFrame(legacyFrame);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(legacy), true, "parse");
        const auto request = DecodeBody<N2nPreregXferRequest>(legacy->body);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(request), true, "decode");
        NS_TEST_ASSERT_MSG_EQ(
            (request->protectedKey && request->nonceT && request->nonceN && request->mnId),
            true,
            "all there");
        const SecretBytes mask = DeriveKeyMask(computer.ctx,
                                               DefaultPrf(),
                                               Repeat(0x22, 16),
                                               *request->mnId,
                                               &*request->nonceT,
                                               &*request->nonceN,
                                               request->protectedKey->size());
        SecretBytes k(*request->protectedKey);
        for (std::size_t i = 0; i < k.size(); ++i)
        {
            k.data()[i] ^= mask.data()[i];
        }
        NS_TEST_EXPECT_MSG_EQ((k == VectorKey()), true, "unmasked");
    }
};

/** @brief Protect and open with every suite, and reject every change. */
class ProtectionTestCase : public TestCase
{
  public:
    explicit ProtectionTestCase(CryptoBackend backend)
        : TestCase(std::string("every suite opens what it protects and nothing else, backend ") +
                   (backend == CryptoBackend::OPENSSL ? "OpenSSL" : "counting")),
          m_backend(backend)
    {
    }

  private:
    void DoRun() override
    {
        for (uint8_t suite = 1; suite <= 5; ++suite)
        {
            for (const bool group : {false, true})
            {
                RunSizes(suite, group);
                RunChanges(suite, group);
            }
            RunRefusals(suite);
        }
        RunDirections();
    }

    void RunSizes(uint8_t suite, bool group)
    {
        Computer computer(m_backend);
        Ends ends(computer.ctx, suite, SecurityAssociation::NO_LIMIT, group);
        SecretOctets plain;
        Bytes frame;
        uint64_t sent = 0;
        for (const std::size_t size : {0, 1, 15, 16, 45, 127, 128, 129, 300, 700, 60000})
        {
            Bytes body(size);
            computer.source.Fill(body.data(), size);
            const auto made = ends.Send(computer.ctx, body, frame);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(made), true, "protect " << size);
            NS_TEST_EXPECT_MSG_EQ(*made, frame.size(), "size");
            NS_TEST_EXPECT_MSG_EQ(ToString(Receive(computer.ctx, ends.receiver, frame, plain)),
                                  std::string("NONE"),
                                  "open " << size << " octets with suite " << +suite);
            NS_TEST_EXPECT_MSG_EQ((ByteView(plain) == ByteView(body)), true, "text " << size);
            NS_TEST_EXPECT_MSG_EQ(ends.receiver.window.Highest(), ++sent, "window");
            NS_TEST_EXPECT_MSG_EQ(ends.sender.sendSn, sent, "sequence number");
            NS_TEST_EXPECT_MSG_EQ(ToString(Receive(computer.ctx, ends.receiver, frame, plain)),
                                  std::string("REPLAY"),
                                  "twice");
            NS_TEST_EXPECT_MSG_EQ(plain.empty(), true, "nothing on an error");
        }
        const auto before = frame;
        const Bytes tooLong(65500);
        const auto made = ends.Send(computer.ctx, tooLong, frame);
        NS_TEST_EXPECT_MSG_EQ(ToString(made.Error()), std::string("TOO_LONG"), "too long");
        NS_TEST_EXPECT_MSG_EQ((frame == before), true, "output as it was");
        NS_TEST_EXPECT_MSG_EQ(ends.sender.sendSn, sent, "no number used");
    }

    void RunChanges(uint8_t suite, bool group)
    {
        Computer computer(m_backend);
        Ends ends(computer.ctx, suite, SecurityAssociation::NO_LIMIT, group);
        const Bytes body = Hex(GOLDEN_INSIDE);
        Bytes frame;
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(ends.Send(computer.ctx, body, frame)),
                              true,
                              "protect");
        SecretOctets plain;
        for (std::size_t i = 0; i < frame.size(); ++i)
        {
            for (uint8_t bit = 1; bit != 0; bit = static_cast<uint8_t>(bit << 1))
            {
                if ((MutableBits(i) & bit) != 0)
                {
                    continue;
                }
                Bytes changed = frame;
                changed[i] ^= bit;
                const SecurityError error = Receive(computer.ctx, ends.receiver, changed, plain);
                NS_TEST_EXPECT_MSG_NE(ToString(error),
                                      std::string("NONE"),
                                      "suite " << +suite << " octet " << i << " bit " << +bit);
                NS_TEST_EXPECT_MSG_EQ(plain.empty(), true, "nothing comes out");
                NS_TEST_EXPECT_MSG_EQ(ends.receiver.window.Highest(), 0u, "window stays");
            }
        }
        for (std::size_t size = 0; size < frame.size(); ++size)
        {
            NS_TEST_EXPECT_MSG_NE(
                ToString(Receive(computer.ctx, ends.receiver, ByteView(frame).Sub(0, size), plain)),
                std::string("NONE"),
                "cut to " << size);
        }
        SecurityAssociation wrongKey = ends.receiver;
        SecretBytes& key = suite == 1 ? wrongKey.miek : wrongKey.miik;
        key.data()[3] ^= 1;
        NS_TEST_EXPECT_MSG_EQ(ToString(Receive(computer.ctx, wrongKey, frame, plain)),
                              std::string("BAD_ICV"),
                              "wrong key");
        frame[0] ^= 0x0c;
        NS_TEST_EXPECT_MSG_EQ(ToString(Receive(computer.ctx, ends.receiver, frame, plain)),
                              std::string("NONE"),
                              "acknowledgement bits may change");
        NS_TEST_EXPECT_MSG_EQ((ByteView(plain) == ByteView(body)), true, "text");
    }

    void RunRefusals(uint8_t suite)
    {
        Computer computer(m_backend);
        Ends ends(computer.ctx, suite, 1000);
        const Bytes body = Hex(GOLDEN_INSIDE);
        Bytes frame;
        SecretOctets plain;
        NS_TEST_EXPECT_MSG_EQ(static_cast<bool>(ends.Send(computer.ctx, body, frame, 999)),
                              true,
                              "last instant");
        Bytes other;
        NS_TEST_EXPECT_MSG_EQ(ToString(ends.Send(computer.ctx, body, other, 1000).Error()),
                              std::string("EXPIRED"),
                              "lifetime of the sender");
        NS_TEST_EXPECT_MSG_EQ(ToString(Receive(computer.ctx, ends.receiver, frame, plain, 1000)),
                              std::string("EXPIRED"),
                              "lifetime of the receiver");

        SecurityAssociation foreign = ends.receiver;
        foreign.said = Said::Make(IdType::EAP, 2);
        NS_TEST_EXPECT_MSG_EQ(ToString(Receive(computer.ctx, foreign, frame, plain)),
                              std::string("NO_SA"),
                              "another SAID");
        foreign = ends.receiver;
        foreign.remote = TPOS;
        NS_TEST_EXPECT_MSG_EQ(ToString(Receive(computer.ctx, foreign, frame, plain)),
                              std::string("ID_MISMATCH"),
                              "another source");
        foreign = ends.receiver;
        foreign.local = TPOS;
        NS_TEST_EXPECT_MSG_EQ(ToString(Receive(computer.ctx, foreign, frame, plain)),
                              std::string("ID_MISMATCH"),
                              "another destination");
        NS_TEST_EXPECT_MSG_EQ(
            ToString(
                Protect(computer.ctx, ends.sender, 0, Header(), TPOS, SPOS, body, other).Error()),
            std::string("ID_MISMATCH"),
            "not ourselves");
        for (const uint8_t code : {uint8_t{0}, uint8_t{6}, static_cast<uint8_t>(suite % 5 + 1)})
        {
            foreign = ends.receiver;
            foreign.suite = code;
            NS_TEST_EXPECT_MSG_EQ(
                (Receive(computer.ctx, foreign, frame, plain) == SecurityError::NONE),
                false,
                "another suite");
        }
        const auto plainFrame = EncodeFrame(Header(), MN, SPOS, PreregXferRequest());
        NS_TEST_EXPECT_MSG_EQ(ToString(Receive(computer.ctx, ends.receiver, plainFrame, plain)),
                              std::string("MALFORMED"),
                              "not protected at all");

        ends.sender.sendSn = std::numeric_limits<uint64_t>::max() - 1;
        NS_TEST_EXPECT_MSG_EQ(static_cast<bool>(ends.Send(computer.ctx, body, frame)),
                              true,
                              "last number");
        NS_TEST_EXPECT_MSG_EQ(ToString(ends.Send(computer.ctx, body, other).Error()),
                              std::string("EXHAUSTED"),
                              "no number left");
        NS_TEST_EXPECT_MSG_EQ(ends.sender.IsUsable(0), false, "used up");
        NS_TEST_EXPECT_MSG_EQ(ToString(Receive(computer.ctx, ends.receiver, frame, plain)),
                              std::string("NONE"),
                              "last number is accepted");
        NS_TEST_EXPECT_MSG_EQ(other.empty(), true, "no output on errors");
    }

    /** The first octet of the nonce tells initiator, responder and group apart. */
    void RunDirections()
    {
        Computer computer(m_backend);
        const Bytes body = Hex(GOLDEN_INSIDE);
        Bytes frame;
        SecretOctets plain;
        Ends group(computer.ctx, 1, SecurityAssociation::NO_LIMIT, true);
        NS_TEST_EXPECT_MSG_EQ(+static_cast<uint8_t>(group.sender.SendDirection()), 2, "group");
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(group.Send(computer.ctx, body, frame)),
                              true,
                              "protect");
        SecurityAssociation unicast = group.receiver;
        unicast.group = false;
        NS_TEST_EXPECT_MSG_EQ(ToString(Receive(computer.ctx, unicast, frame, plain)),
                              std::string("BAD_ICV"),
                              "group frame under a unicast association");
        Bytes other;
        NS_TEST_EXPECT_MSG_EQ(
            ToString(
                Protect(computer.ctx, group.receiver, 0, Header(), GROUP, MN, body, other).Error()),
            std::string("UNSUPPORTED"),
            "a receiver of a group does not send");

        Ends pair(computer.ctx, 1);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(pair.Send(computer.ctx, body, frame)),
                              true,
                              "protect");
        SecurityAssociation sameRole = pair.receiver;
        sameRole.initiator = true;
        NS_TEST_EXPECT_MSG_EQ(ToString(Receive(computer.ctx, sameRole, frame, plain)),
                              std::string("BAD_ICV"),
                              "both ends initiator");
    }

    CryptoBackend m_backend;
};

/** @brief Both backends do the same work. */
class SecurityBackendTestCase : public TestCase
{
  public:
    SecurityBackendTestCase()
        : TestCase("both backends give the same sizes, counts and draws in the security layer")
    {
    }

  private:
    /** All functions of the layer, and the sizes of all they make. */
    static std::string Run(Computer& computer)
    {
        std::string sizes;
        const auto note = [&sizes](std::size_t size) { sizes += std::to_string(size) + " "; };
        for (uint8_t suite = 1; suite <= 5; ++suite)
        {
            Ends ends(computer.ctx, suite);
            Bytes frame;
            SecretOctets plain;
            const auto sent = ends.Send(computer.ctx, Repeat(7, 100), frame);
            note(sent ? *sent : 0);
            note(frame.size());
            note(static_cast<std::size_t>(Receive(computer.ctx, ends.receiver, frame, plain)));
            note(static_cast<std::size_t>(Receive(computer.ctx, ends.receiver, frame, plain)));
            note(plain.size());
            frame.back() ^= 1;
            ends.receiver.window = ReplayWindow();
            note(static_cast<std::size_t>(Receive(computer.ctx, ends.receiver, frame, plain)));
            const SessionKeys keys =
                DeriveMisk(computer.ctx, VectorKey(), suite, std::nullopt, Nonce(), MN, TPOS);
            note(keys.miek.size());
            note(keys.miik.size());
        }
        const DeviceKeyIssuer issuer(computer.ctx.RandomSecret(32), 8);
        const DeviceKeySet device(computer.ctx, issuer, LeafIndex(5));
        const EcdsaKeyPair signer = EcdsaKeyPair::Generate(computer.ctx);
        NetGroupManipulateIndication message;
        message.sequenceNumber = 1;
        GroupKeyBlock::Build(computer.ctx,
                             issuer,
                             CompleteSubtree(8, {LeafIndex(5), LeafIndex(200)}),
                             computer.ctx.RandomSecret(16),
                             GROUP,
                             message);
        const Bytes frame = GroupKeyBlock::Sign(computer.ctx, signer, Header(), GM, GROUP, message);
        note(frame.size());
        const auto opened =
            GroupKeyBlock::Open(computer.ctx, device, message, frame, &signer.Public(), 0);
        note(static_cast<std::size_t>(opened.Error()));
        note(opened ? opened->mgk.size() : 0);
        return sizes;
    }

    void DoRun() override
    {
        Computer real(CryptoBackend::OPENSSL);
        Computer counting(CryptoBackend::COUNTING);
        NS_TEST_EXPECT_MSG_EQ(Run(real), Run(counting), "sizes and verdicts");
        NS_TEST_EXPECT_MSG_EQ((real.ctx.Counter() == counting.ctx.Counter()), true, "counts");
        NS_TEST_EXPECT_MSG_EQ(real.source.Drawn(), counting.source.Drawn(), "draws");
    }
};

/** @brief The replay window against a model that forgets nothing. */
class ReplayWindowTestCase : public TestCase
{
  public:
    ReplayWindowTestCase()
        : TestCase("the replay window accepts each of the last 64 sequence numbers once")
    {
    }

  private:
    void DoRun() override
    {
        RepeatableSource random(5);
        for (int run = 0; run < 50; ++run)
        {
            ReplayWindow window;
            std::set<uint64_t> accepted;
            uint64_t highest = 0;
            uint64_t base = run % 2 == 0 ? 0 : std::numeric_limits<uint64_t>::max() - 5000;
            for (int step = 0; step < 2000; ++step)
            {
                const uint64_t sn = base + random.Below(140);
                base += random.Below(20) == 0 ? random.Below(100) : random.Below(2);
                base = std::min(base, std::numeric_limits<uint64_t>::max() - 140);
                const bool expected = sn != 0 && accepted.count(sn) == 0 &&
                                      (sn > highest || highest - sn < ReplayWindow::SIZE);
                NS_TEST_ASSERT_MSG_EQ(window.Check(sn), expected, "number " << sn);
                if (expected)
                {
                    window.Accept(sn);
                    accepted.insert(sn);
                    highest = std::max(highest, sn);
                }
                NS_TEST_ASSERT_MSG_EQ(window.Highest(), highest, "highest");
            }
        }
        ReplayWindow window;
        NS_TEST_EXPECT_MSG_EQ(window.Check(0), false, "numbers begin at 1");
        window.Accept(1);
        window.Accept(64);
        NS_TEST_EXPECT_MSG_EQ(window.Check(1), false, "seen");
        NS_TEST_EXPECT_MSG_EQ(window.Check(2), true, "not seen");
        window.Accept(66);
        NS_TEST_EXPECT_MSG_EQ(window.Check(2), false, "too old");
        NS_TEST_EXPECT_MSG_EQ(window.Check(3), true, "just not too old");
    }
};

/** @brief The database of associations. */
class SaDatabaseTestCase : public TestCase
{
  public:
    SaDatabaseTestCase()
        : TestCase("associations are found by identifier and peer, the newest by peer alone")
    {
    }

  private:
    static SecurityAssociation Make(uint32_t said,
                                    const MisfId& peer,
                                    int64_t notAfterNs = SecurityAssociation::NO_LIMIT)
    {
        Computer computer(CryptoBackend::COUNTING);
        return SecurityAssociation::Create(computer.ctx,
                                           Said::Make(IdType::EAP, said),
                                           SPOS,
                                           peer,
                                           false,
                                           1,
                                           KeysFor(1),
                                           notAfterNs);
    }

    void DoRun() override
    {
        SaDatabase db;
        const Said one = Said::Make(IdType::EAP, 1);
        NS_TEST_EXPECT_MSG_EQ((db.Find(one, MN.View()) == nullptr), true, "empty");
        NS_TEST_EXPECT_MSG_EQ((db.FindByPeer(MN.View()) == nullptr), true, "empty");
        NS_TEST_EXPECT_MSG_EQ(db.Remove(one, MN.View()), false, "empty");
        NS_TEST_EXPECT_MSG_EQ(db.RemovePeer(MN.View()), 0u, "empty");

        SecurityAssociation* first = db.Add(Make(1, MN, 500));
        SecurityAssociation* second = db.Add(Make(2, MN));
        SecurityAssociation* other = db.Add(Make(1, TPOS, 300));
        NS_TEST_EXPECT_MSG_EQ(db.Size(), 3u, "three");
        NS_TEST_EXPECT_MSG_EQ((db.Find(one, MN.View()) == first), true, "by both");
        NS_TEST_EXPECT_MSG_EQ((db.Find(one, TPOS.View()) == other), true, "by both");
        NS_TEST_EXPECT_MSG_EQ((db.Find(Said::Make(IdType::TLS, 1), MN.View()) == nullptr),
                              true,
                              "the type matters");
        NS_TEST_EXPECT_MSG_EQ((db.FindByPeer(MN.View(), 0) == second), true, "newest");
        second->sendSn = std::numeric_limits<uint64_t>::max();
        NS_TEST_EXPECT_MSG_EQ((db.FindByPeer(MN.View(), 0) == first), true, "newest usable");
        NS_TEST_EXPECT_MSG_EQ((db.FindByPeer(MN.View(), 500) == nullptr), true, "none usable");

        first->sendSn = 9;
        SecurityAssociation* again = db.Add(Make(1, MN, 900));
        NS_TEST_EXPECT_MSG_EQ((again == first), true, "overwritten in place");
        NS_TEST_EXPECT_MSG_EQ(again->sendSn, 0u, "as new");
        NS_TEST_EXPECT_MSG_EQ(db.Size(), 3u, "still three");
        NS_TEST_EXPECT_MSG_EQ(db.RemoveExpired(299), 0u, "none yet");
        NS_TEST_EXPECT_MSG_EQ(db.RemoveExpired(500), 1u, "old lifetime of the overwritten one");
        NS_TEST_EXPECT_MSG_EQ((db.Find(one, TPOS.View()) == nullptr), true, "expired");
        NS_TEST_EXPECT_MSG_EQ(db.RemoveExpired(900), 1u, "new lifetime");
        NS_TEST_EXPECT_MSG_EQ(db.RemovePeer(second->remote.View()), 1u, "name from the object");
        NS_TEST_EXPECT_MSG_EQ(db.Size(), 0u, "none");

        // A receiver of a group cannot send to the group manager with the group's key.
        SecurityAssociation group = Make(7, GM);
        group.group = true;
        db.Add(std::move(group));
        NS_TEST_EXPECT_MSG_EQ((db.FindByPeer(GM.View()) == nullptr), true, "receive only");

        // Many, with stable pointers.
        std::vector<SecurityAssociation*> all;
        for (uint32_t i = 0; i < 3000; ++i)
        {
            all.push_back(db.Add(Make(i % 3, MisfId("mn" + std::to_string(i / 3)), 10 + i)));
        }
        std::size_t seen = 0;
        db.ForEach([&seen](const SecurityAssociation&) { ++seen; });
        NS_TEST_EXPECT_MSG_EQ(seen, 3001u, "all visited");
        for (uint32_t i = 0; i < 3000; ++i)
        {
            const MisfId peer("mn" + std::to_string(i / 3));
            NS_TEST_ASSERT_MSG_EQ((db.Find(Said::Make(IdType::EAP, i % 3), peer.View()) == all[i]),
                                  true,
                                  "number " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(db.RemoveExpired(10 + 1499), 1500u, "half of them");
        NS_TEST_EXPECT_MSG_EQ(db.Size(), 1501u, "the other half");
        NS_TEST_EXPECT_MSG_EQ((db.FindByPeer(ByteView::FromText("mn999"), 1510) == all[2999]),
                              true,
                              "newest");
    }
};

/** @brief All tests of the security layer. */
class MisSecurityTestSuite : public TestSuite
{
  public:
    MisSecurityTestSuite()
        : TestSuite("mis-security", TestSuite::Type::UNIT)
    {
        AddTestCase(new CiphersuiteTestCase);
        AddTestCase(new GoldenFrameTestCase);
        AddTestCase(new ProtectionTestCase(CryptoBackend::OPENSSL));
        AddTestCase(new ProtectionTestCase(CryptoBackend::COUNTING));
        AddTestCase(new SecurityBackendTestCase);
        AddTestCase(new ReplayWindowTestCase);
        AddTestCase(new SaDatabaseTestCase);
    }
};

MisSecurityTestSuite g_misSecurityTestSuite;

} // namespace
