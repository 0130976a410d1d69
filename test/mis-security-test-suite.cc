// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of the security layer: protected messages, associations, key tree, group key block.
 */
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
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;

namespace
{

/** @brief A random source that repeats and that knows how much was drawn. */
class RepeatableSource : public RandomSource
{
  public:
    explicit RepeatableSource(uint64_t seed)
        : m_state(seed)
    {
    }

    uint64_t Next()
    {
        m_state += 0x9e3779b97f4a7c15;
        uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    uint64_t Below(uint64_t limit)
    {
        return Next() % limit;
    }

    void Fill(uint8_t* out, std::size_t n) override
    {
        m_drawn += n;
        for (std::size_t i = 0; i < n; ++i)
        {
            out[i] = static_cast<uint8_t>(Next());
        }
    }

    std::size_t Drawn() const
    {
        return m_drawn;
    }

  private:
    uint64_t m_state;
    std::size_t m_drawn{0};
};

/** @brief A computing node of its own. */
struct Computer
{
    explicit Computer(CryptoBackend backend = CryptoBackend::OPENSSL, uint64_t seed = 1)
        : source(seed),
          ctx(backend, source)
    {
    }

    RepeatableSource source;
    CryptoContext ctx;
};

Bytes
Hex(const std::string& text)
{
    return *FromHex(text);
}

Bytes
Repeat(uint8_t octet, std::size_t count)
{
    return Bytes(count, octet);
}

/** The key K of the vectors. */
SecretBytes
VectorKey()
{
    return SecretBytes(Hex("000102030405060708090a0b0c0d0e0f"));
}

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

/** G5: a Net_Group_Manipulate indication with a dummy signature. */
const std::string GOLDEN_GROUP =
    "10001c0b000100e7010d0c676d40682e6578616d706c65020f0e6772703140622e6578616d706c658d0f0e677270"
    "3140622e6578616d706c658f0b020400000005040000000c90330218f257061ea0ac656fee66138b4c5dd89a40e7"
    "90a642fbc6971893f2de8eca30c48dd3df7a3d07f12147eab2cd7b9a4b60539111109139c4957de47cba60293e11"
    "23ef6726920800000000000000019401009601019706020400000007830400000e10934140999999999999999999"
    "99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
    "999999999999999999";

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

/** A random set of leaves, ascending. */
std::vector<LeafIndex>
RandomLeaves(RepeatableSource& random, uint8_t depth, std::size_t count)
{
    std::set<uint32_t> chosen;
    while (chosen.size() < count)
    {
        chosen.insert(static_cast<uint32_t>(random.Below(LeafCount(depth))));
    }
    std::vector<LeafIndex> leaves;
    for (const uint32_t leaf : chosen)
    {
        leaves.emplace_back(leaf);
    }
    return leaves;
}

/** All leaves but some. */
std::vector<LeafIndex>
Complement(uint8_t depth, const std::vector<LeafIndex>& leaves)
{
    std::vector<LeafIndex> rest;
    for (uint32_t leaf = 0; leaf < LeafCount(depth); ++leaf)
    {
        if (!std::binary_search(leaves.begin(), leaves.end(), LeafIndex(leaf)))
        {
            rest.emplace_back(leaf);
        }
    }
    return rest;
}

/** @brief Properties of covers. */
class KeyTreeTestCase : public TestCase
{
  public:
    KeyTreeTestCase()
        : TestCase("covers are disjoint, exact, within their bounds and of the right mean size")
    {
    }

  private:
    void DoRun() override
    {
        RepeatableSource random(11);
        for (uint8_t depth = 1; depth <= 8; ++depth)
        {
            const std::size_t leaves = LeafCount(depth);
            for (int run = 0; run < 60; ++run)
            {
                CheckSet(depth, RandomLeaves(random, depth, random.Below(leaves + 1)));
            }
        }
        NS_TEST_EXPECT_MSG_EQ(CompleteSubtree(4, Complement(4, {})).size(), 2u, "never the root");
        NS_TEST_EXPECT_MSG_EQ(CompleteSubtree(1, {LeafIndex(1)}).size(), 1u, "smallest tree");
        RunDeepest(random);
        RunMeans(random);
    }

    void CheckSet(uint8_t depth, const std::vector<LeafIndex>& members)
    {
        const std::vector<LeafIndex> excluded = Complement(depth, members);
        const std::vector<NodeIndex> cover = CompleteSubtree(depth, members);
        NS_TEST_ASSERT_MSG_EQ((CompleteSubtreeExcluding(depth, excluded) == cover),
                              true,
                              "by members and by excluded");
        std::vector<LeafIndex> covered;
        for (const NodeIndex node : cover)
        {
            NS_TEST_ASSERT_MSG_EQ(IsInTree(depth, node), true, "in the tree");
            NS_TEST_ASSERT_MSG_NE(+node.level, 0, "not the root");
            const LeafRange range = LeavesBelow(depth, node);
            for (uint32_t leaf = range.first.Get(); leaf <= range.last.Get(); ++leaf)
            {
                NS_TEST_ASSERT_MSG_EQ(IsAncestor(depth, node, LeafIndex(leaf)), true, "below");
                covered.emplace_back(leaf);
            }
        }
        // Equal as a sequence: disjoint, in order, and exactly the members.
        NS_TEST_ASSERT_MSG_EQ((covered == members), true, "exactly the members");
        for (uint32_t leaf = 0; leaf < LeafCount(depth); ++leaf)
        {
            const auto found = FindCover(depth, cover, LeafIndex(leaf));
            const bool member = std::binary_search(members.begin(), members.end(), LeafIndex(leaf));
            NS_TEST_ASSERT_MSG_EQ(found.has_value(), member, "found");
            NS_TEST_ASSERT_MSG_EQ((!found || IsAncestor(depth, cover[*found], LeafIndex(leaf))),
                                  true,
                                  "found the right one");
        }
        if (!excluded.empty())
        {
            const auto n = static_cast<double>(LeafCount(depth));
            const auto r = static_cast<double>(excluded.size());
            NS_TEST_ASSERT_MSG_LT_OR_EQ(static_cast<double>(cover.size()),
                                        std::min(r * std::log2(n / r) + 1e-9, n - r),
                                        "bound");
        }
        for (const std::size_t most : {1, 2, 5, 1000})
        {
            CheckFragments(depth, cover, most);
        }
    }

    void CheckFragments(uint8_t depth, const std::vector<NodeIndex>& cover, std::size_t most)
    {
        uint64_t next = 0;
        std::vector<NodeIndex> joined;
        for (const CoverFragment& fragment : CompleteSubtreeFragments(depth, cover, most))
        {
            NS_TEST_ASSERT_MSG_EQ(fragment.range.first.Get(), next, "no gap");
            next = uint64_t{fragment.range.last.Get()} + 1;
            NS_TEST_ASSERT_MSG_LT_OR_EQ(fragment.entries.size(), most, "size");
            for (const NodeIndex node : fragment.entries)
            {
                const LeafRange below = LeavesBelow(depth, node);
                NS_TEST_ASSERT_MSG_EQ(
                    (fragment.range.Contains(below.first) && fragment.range.Contains(below.last)),
                    true,
                    "entries are in the range");
                joined.push_back(node);
            }
        }
        NS_TEST_ASSERT_MSG_EQ(next, LeafCount(depth), "the whole tree");
        NS_TEST_ASSERT_MSG_EQ((joined == cover), true, "the whole cover");
    }

    /** Only what depends on the members may cost something in a tree of 2^32 leaves. */
    void RunDeepest(RepeatableSource& random)
    {
        const uint8_t depth = MAX_KEY_TREE_DEPTH;
        const std::vector<LeafIndex> some = RandomLeaves(random, depth, 1000);
        const std::vector<NodeIndex> cover = CompleteSubtree(depth, some);
        NS_TEST_EXPECT_MSG_LT_OR_EQ(cover.size(), some.size(), "few members");
        const std::vector<NodeIndex> rest = CompleteSubtreeExcluding(depth, some);
        NS_TEST_EXPECT_MSG_LT_OR_EQ(rest.size(), some.size() * depth, "few excluded");
        for (const LeafIndex leaf : some)
        {
            NS_TEST_ASSERT_MSG_EQ(FindCover(depth, cover, leaf).has_value(), true, "member");
            NS_TEST_ASSERT_MSG_EQ(FindCover(depth, rest, leaf).has_value(), false, "excluded");
        }
        for (int i = 0; i < 1000; ++i)
        {
            const LeafIndex leaf(static_cast<uint32_t>(random.Next()));
            const bool member = std::binary_search(some.begin(), some.end(), leaf);
            NS_TEST_ASSERT_MSG_EQ(FindCover(depth, cover, leaf).has_value(), member, "cover");
            NS_TEST_ASSERT_MSG_EQ(FindCover(depth, rest, leaf).has_value(), !member, "rest");
        }
        const std::vector<LeafIndex> ends = {LeafIndex(0), LeafIndex(0xffffffff)};
        NS_TEST_EXPECT_MSG_EQ(CompleteSubtreeExcluding(depth, ends).size(), 62u, "both ends");
        NS_TEST_EXPECT_MSG_EQ(CompleteSubtree(depth, ends).size(), 2u, "both ends");
        NS_TEST_EXPECT_MSG_EQ(CompleteSubtreeExcluding(depth, {}).size(), 2u, "all");
    }

    void RunMeans(RepeatableSource& random)
    {
        struct Known
        {
            uint8_t depth;
            uint64_t excluded;
            double mean;
            double rounding;
        };

        const std::vector<Known> known = {
            {8, 1, 8, 1e-6},
            {8, 2, 13.03, 0.005},
            {8, 16, 52.79, 0.005},
            {8, 128, 92.11, 0.005},
            {10, 1, 10, 1e-6},
            {10, 10, 58.94, 0.005},
            {10, 102, 270.84, 0.005},
            {10, 512, 367.73, 0.005},
            {16, 1, 16, 1e-6},
            {16, 655, 3794, 0.5},
            {16, 6553, 17334, 0.5},
            {16, 32768, 23520, 0.5},
            {20, 10485, 60716, 0.5},
            {20, 104857, 277342, 0.5},
            {20, 524288, 376319, 0.5},
        };
        for (const Known& k : known)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(MeanCoverSize(k.depth, k.excluded),
                                      k.mean,
                                      k.rounding,
                                      "depth " << +k.depth << " excluded " << k.excluded);
        }
        for (const auto& [depth, excluded] :
             std::vector<std::pair<uint8_t, std::size_t>>{{6, 1}, {6, 20}, {8, 16}, {10, 102}})
        {
            const int samples = 1000;
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < samples; ++i)
            {
                const auto size = static_cast<double>(
                    CompleteSubtreeExcluding(depth, RandomLeaves(random, depth, excluded)).size());
                sum += size;
                squares += size * size;
            }
            const double mean = sum / samples;
            const double variance = std::max(0.0, squares / samples - mean * mean);
            NS_TEST_EXPECT_MSG_EQ_TOL(mean,
                                      MeanCoverSize(depth, excluded),
                                      4 * std::sqrt(variance / samples) + 1e-9,
                                      "depth " << +depth << " excluded " << excluded);
        }
    }
};

/** @brief Node keys given one by one. */
class ListedNodeKeys : public NodeKeySource
{
  public:
    uint8_t Depth() const override
    {
        return 4;
    }

    SecretBytes NodeKey(CryptoContext&, NodeIndex node) const override
    {
        // The keys of the golden frame: 0x35 for leaf 5 and 0x3c for leaf 12.
        return SecretBytes(Repeat(static_cast<uint8_t>(0x30 + node.index), NODE_KEY_SIZE));
    }
};

/** @brief Group key blocks. */
class GroupKeyBlockTestCase : public TestCase
{
  public:
    explicit GroupKeyBlockTestCase(CryptoBackend backend)
        : TestCase(std::string("group key blocks open for members only, backend ") +
                   (backend == CryptoBackend::OPENSSL ? "OpenSSL" : "counting")),
          m_computer(backend),
          m_issuer(SecretBytes(Repeat(0x77, 32)), DEPTH)
    {
    }

  private:
    static constexpr uint8_t DEPTH = 6;

    void DoRun() override
    {
        for (uint32_t leaf = 0; leaf < LeafCount(DEPTH); ++leaf)
        {
            m_devices.emplace_back(m_computer.ctx, m_issuer, LeafIndex(leaf));
        }
        if (m_computer.ctx.IsReal())
        {
            RunGolden();
        }
        RunDeviceKeys();
        RunMembers();
        RunFragments();
        RunWithoutKeys();
        RunForgeries();
        RunContradictions();
    }

    template <class M>
    mis::Result<OpenedGroupKey, GroupKeyError> Open(const DeviceKeySet& device,
                                                    const M& message,
                                                    uint64_t lastSequence = 0)
    {
        return GroupKeyBlock::Open(m_computer.ctx,
                                   device,
                                   message,
                                   ByteView(),
                                   nullptr,
                                   lastSequence);
    }

    void RunGolden()
    {
        CryptoContext& ctx = m_computer.ctx;
        const Bytes octets = Hex(GOLDEN_GROUP);
        const auto frame = ParseFrame(octets);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(frame), true, "parse");
        const auto message = DecodeBody<NetGroupManipulateIndication>(frame->body);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(message), true, "decode");
        const ListedNodeKeys keys;
        for (uint32_t leaf = 0; leaf < 16; ++leaf)
        {
            const DeviceKeySet device(ctx, keys, LeafIndex(leaf));
            const auto opened = Open(device, *message);
            const bool member = leaf == 5 || leaf == 12;
            NS_TEST_EXPECT_MSG_EQ(ToString(opened.Error()),
                                  std::string(member ? "NONE" : "NOT_MEMBER"),
                                  "leaf " << leaf);
            NS_TEST_EXPECT_MSG_EQ((opened && opened->mgk == VectorKey()), member, "MGK");
        }
        NS_TEST_EXPECT_MSG_EQ(
            GroupKeyBlock::VerifyFrame(ctx, EcdsaKeyPair::Generate(ctx).Public(), octets),
            false,
            "the dummy is no signature");

        NetGroupManipulateIndication made = *message;
        made.completeSubtree.reset();
        made.groupKeyData.reset();
        made.verifyGroupKey.reset();
        GroupKeyBlock::Build(ctx,
                             keys,
                             CompleteSubtree(4, {LeafIndex(5), LeafIndex(12)}),
                             VectorKey(),
                             GROUP,
                             made);
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeFrame(frame->header, GM, GROUP, made)),
                              GOLDEN_GROUP,
                              "same octets");
    }

    void RunDeviceKeys()
    {
        CryptoContext& ctx = m_computer.ctx;
        const DeviceKeySet& device = m_devices[37];
        NS_TEST_EXPECT_MSG_EQ(+device.Depth(), +DEPTH, "one key for each level");
        std::vector<SecretBytes> keys;
        for (uint8_t level = 1; level <= DEPTH; ++level)
        {
            const NodeIndex node = AncestorOf(DEPTH, LeafIndex(37), level);
            NS_TEST_EXPECT_MSG_EQ(ToHex(device.Key(level)),
                                  ToHex(m_issuer.NodeKey(ctx, node).View()),
                                  "key of node " << node);
            keys.emplace_back(device.Key(level));
        }
        const DeviceKeySet provisioned(LeafIndex(37), keys);
        NS_TEST_EXPECT_MSG_EQ(ToHex(provisioned.Key(3)), ToHex(device.Key(3)), "provisioned");
        NS_TEST_EXPECT_MSG_EQ(+DeviceKeySet().Depth(), 0, "none");
        NS_TEST_EXPECT_MSG_NE(ToHex(m_devices[36].Key(DEPTH)), ToHex(device.Key(DEPTH)), "differ");
        NS_TEST_EXPECT_MSG_EQ(ToHex(m_devices[36].Key(5)), ToHex(device.Key(5)), "siblings");
    }

    void RunMembers()
    {
        CryptoContext& ctx = m_computer.ctx;
        const EcdsaKeyPair signer = EcdsaKeyPair::Generate(ctx);
        for (const std::size_t size : {0, 1, 2, 10, 32, 63, 64})
        {
            const auto members = RandomLeaves(m_computer.source, DEPTH, size);
            const SecretBytes mgk = ctx.RandomSecret(16);
            NetGroupManipulateRequest sent;
            sent.sequenceNumber = 5;
            GroupKeyBlock::Build(ctx, m_issuer, CompleteSubtree(DEPTH, members), mgk, GROUP, sent);
            const Bytes octets = GroupKeyBlock::Sign(ctx, signer, Header(), GM, GROUP, sent);
            const auto frame = ParseFrame(octets);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(frame), true, "parse");
            const auto message = DecodeBody<NetGroupManipulateRequest>(frame->body);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(message), true, "decode");
            for (const DeviceKeySet& device : m_devices)
            {
                const bool member =
                    std::binary_search(members.begin(), members.end(), device.Leaf());
                const auto opened = GroupKeyBlock::Open(ctx,
                                                        device,
                                                        *message,
                                                        frame->whole,
                                                        &signer.Public(),
                                                        4,
                                                        &GROUP);
                NS_TEST_ASSERT_MSG_EQ(ToString(opened.Error()),
                                      std::string(member ? "NONE" : "NOT_MEMBER"),
                                      "leaf " << device.Leaf().Get());
                NS_TEST_ASSERT_MSG_EQ((opened && opened->mgk == mgk), member, "MGK");
                NS_TEST_ASSERT_MSG_EQ((!opened || opened->sequenceNumber == 5), true, "number");
                NS_TEST_ASSERT_MSG_EQ(
                    (GroupKeyBlock::InGroup(*message, device.Leaf(), DEPTH) ==
                     (member ? GroupMembership::MEMBER : GroupMembership::NOT_MEMBER)),
                    true,
                    "membership");
            }
        }
        const auto none = Open(DeviceKeySet(), NetGroupManipulateIndication());
        NS_TEST_EXPECT_MSG_EQ(ToString(none.Error()), std::string("STALE_SEQUENCE"), "empty");
    }

    void RunFragments()
    {
        CryptoContext& ctx = m_computer.ctx;
        const auto members = RandomLeaves(m_computer.source, DEPTH, 30);
        const SecretBytes mgk = ctx.RandomSecret(16);
        std::vector<NetGroupManipulateIndication> messages;
        for (const CoverFragment& fragment :
             CompleteSubtreeFragments(DEPTH, CompleteSubtree(DEPTH, members), 3))
        {
            messages.emplace_back();
            messages.back().sequenceNumber = 1;
            GroupKeyBlock::Build(ctx, m_issuer, fragment.entries, mgk, GROUP, messages.back());
            GroupKeyBlock::SetRange(fragment.range, messages.back());
        }
        NS_TEST_EXPECT_MSG_GT(messages.size(), 2u, "several fragments");
        for (const DeviceKeySet& device : m_devices)
        {
            const bool member = std::binary_search(members.begin(), members.end(), device.Leaf());
            std::size_t opened = 0;
            std::size_t refused = 0;
            std::size_t elsewhere = 0;
            for (const auto& message : messages)
            {
                const auto result = Open(device, message);
                opened += result && result->mgk == mgk;
                refused += result.Error() == GroupKeyError::NOT_MEMBER;
                elsewhere += result.Error() == GroupKeyError::OUT_OF_RANGE;
                NS_TEST_ASSERT_MSG_EQ((GroupKeyBlock::InGroup(message, device.Leaf(), DEPTH) ==
                                       (result ? GroupMembership::MEMBER
                                        : result.Error() == GroupKeyError::OUT_OF_RANGE
                                            ? GroupMembership::OUT_OF_RANGE
                                            : GroupMembership::NOT_MEMBER)),
                                      true,
                                      "membership");
            }
            NS_TEST_ASSERT_MSG_EQ(opened, (member ? 1u : 0u), "opens one");
            NS_TEST_ASSERT_MSG_EQ(refused, (member ? 0u : 1u), "or is refused by one");
            NS_TEST_ASSERT_MSG_EQ(elsewhere, messages.size() - 1, "the others do not matter");
        }
    }

    void RunWithoutKeys()
    {
        const auto members = RandomLeaves(m_computer.source, DEPTH, 20);
        const auto others = Complement(DEPTH, members);
        for (const SubtreeMethod method :
             {SubtreeMethod::LISTED_ARE_MEMBERS, SubtreeMethod::LISTED_ARE_NON_MEMBERS})
        {
            const bool byMembers = method == SubtreeMethod::LISTED_ARE_MEMBERS;
            const auto cover = CompleteSubtree(DEPTH, byMembers ? members : others);
            NetGroupManipulateIndication whole;
            whole.sequenceNumber = 1;
            GroupKeyBlock::BuildWithoutKeys(cover, method, GROUP, whole);
            for (const DeviceKeySet& device : m_devices)
            {
                const bool member =
                    std::binary_search(members.begin(), members.end(), device.Leaf());
                const auto expected =
                    member ? GroupMembership::MEMBER : GroupMembership::NOT_MEMBER;
                NS_TEST_ASSERT_MSG_EQ(
                    (GroupKeyBlock::InGroup(whole, device.Leaf(), DEPTH) == expected),
                    true,
                    "whole block");
                NS_TEST_ASSERT_MSG_EQ(ToString(Open(device, whole).Error()),
                                      std::string("NO_KEY_DATA"),
                                      "no key in it");
                std::size_t told = 0;
                for (const CoverFragment& fragment : CompleteSubtreeFragments(DEPTH, cover, 4))
                {
                    NetGroupManipulateIndication part;
                    GroupKeyBlock::BuildWithoutKeys(fragment.entries, method, GROUP, part);
                    GroupKeyBlock::SetRange(fragment.range, part);
                    const auto said = GroupKeyBlock::InGroup(part, device.Leaf(), DEPTH);
                    told += said == expected;
                    NS_TEST_ASSERT_MSG_EQ(
                        (said == expected || said == GroupMembership::OUT_OF_RANGE),
                        true,
                        "never the opposite");
                }
                NS_TEST_ASSERT_MSG_EQ(told, 1u, "one fragment tells");
            }
        }
    }

    void RunForgeries()
    {
        CryptoContext& ctx = m_computer.ctx;
        const EcdsaKeyPair signer = EcdsaKeyPair::Generate(ctx);
        const EcdsaKeyPair forger = EcdsaKeyPair::Generate(ctx);
        const std::vector<LeafIndex> members = {LeafIndex(3), LeafIndex(9)};
        const SecretBytes mgk = ctx.RandomSecret(16);
        NetGroupManipulateIndication sent;
        sent.sequenceNumber = 8;
        sent.saidNotification = Said::Make(IdType::GKB, 7);
        sent.ciphersuite = 1;
        sent.keyLifetime = 60;
        GroupKeyBlock::Build(ctx, m_issuer, CompleteSubtree(DEPTH, members), mgk, GROUP, sent);
        const Bytes octets = GroupKeyBlock::Sign(ctx, signer, Header(), GM, GROUP, sent);

        const auto receive = [&](const Bytes& received,
                                 const EcdsaKeyPair& expected,
                                 uint64_t lastSequence,
                                 const MisfId& group) {
            const auto frame = ParseFrame(received);
            if (!frame || frame->header.mid != NetGroupManipulateIndication::ID)
            {
                return std::string("no frame");
            }
            const auto message = DecodeBody<NetGroupManipulateIndication>(frame->body);
            if (!message)
            {
                return std::string("no message");
            }
            const auto opened = GroupKeyBlock::Open(ctx,
                                                    m_devices[9],
                                                    *message,
                                                    frame->whole,
                                                    &expected.Public(),
                                                    lastSequence,
                                                    &group);
            return std::string(ToString(opened.Error()));
        };
        NS_TEST_EXPECT_MSG_EQ(receive(octets, signer, 7, GROUP), "NONE", "genuine");
        NS_TEST_EXPECT_MSG_EQ(receive(octets, signer, 8, GROUP), "STALE_SEQUENCE", "again");
        NS_TEST_EXPECT_MSG_EQ(receive(octets, signer, 9, GROUP), "STALE_SEQUENCE", "older");
        NS_TEST_EXPECT_MSG_EQ(receive(octets, signer, 7, TPOS), "FOREIGN_GROUP", "other group");
        NS_TEST_EXPECT_MSG_EQ(receive(octets, forger, 7, GROUP), "BAD_SIGNATURE", "other manager");
        for (std::size_t i = 0; i < octets.size(); ++i)
        {
            Bytes changed = octets;
            const uint8_t bit = i < 2 ? 0x01 << (i == 0 ? 1 : 0) : 0x10;
            changed[i] ^= bit;
            const std::string result = receive(changed, signer, 7, GROUP);
            NS_TEST_EXPECT_MSG_EQ(
                (result == "BAD_SIGNATURE" || result == "no frame" || result == "no message"),
                true,
                "octet " << i << " changed: " << result);
        }
        Bytes acknowledging = octets;
        acknowledging[0] |= 0x0c;
        NS_TEST_EXPECT_MSG_EQ(receive(acknowledging, signer, 7, GROUP),
                              "NONE",
                              "acknowledgement bits may change");
        sent.signature.reset();
        const Bytes unsignedFrame = EncodeFrame(Header(), GM, GROUP, sent);
        NS_TEST_EXPECT_MSG_EQ(receive(unsignedFrame, signer, 7, GROUP), "BAD_SIGNATURE", "none");
        NS_TEST_EXPECT_MSG_EQ(static_cast<bool>(Open(m_devices[9], sent)),
                              true,
                              "none, and none asked for");
        NS_TEST_EXPECT_MSG_EQ(GroupKeyBlock::VerifyFrame(ctx, signer.Public(), ByteView()),
                              false,
                              "nothing at all");
    }

    void RunContradictions()
    {
        CryptoContext& ctx = m_computer.ctx;
        const std::vector<LeafIndex> members = {LeafIndex(3), LeafIndex(9)};
        NetGroupManipulateIndication good;
        good.sequenceNumber = 1;
        GroupKeyBlock::Build(ctx,
                             m_issuer,
                             CompleteSubtree(DEPTH, members),
                             ctx.RandomSecret(16),
                             GROUP,
                             good);
        const auto result = [this](const NetGroupManipulateIndication& message) {
            return std::string(ToString(Open(m_devices[9], message).Error()));
        };
        NS_TEST_EXPECT_MSG_EQ(result(good), "NONE", "good");

        auto bad = good;
        bad.sequenceNumber.reset();
        NS_TEST_EXPECT_MSG_EQ(result(bad), "STALE_SEQUENCE", "no number");
        bad = good;
        bad.groupKeyData->pop_back();
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "fewer keys than nodes");
        bad = good;
        bad.completeSubtree.reset();
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "keys without nodes");
        NS_TEST_EXPECT_MSG_EQ(
            (GroupKeyBlock::InGroup(bad, LeafIndex(9), DEPTH) == GroupMembership::MALFORMED),
            true,
            "no nodes");
        bad = good;
        bad.subtreeFlag = 1;
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "keys for those who are out");
        bad.subtreeFlag = 7;
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "unknown flag");
        bad = good;
        (*bad.completeSubtree)[0] = SubtreeNode{0, 0};
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "key of the root");
        (*bad.completeSubtree)[0] = SubtreeNode{DEPTH + 1, 0};
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "below the leaves");
        (*bad.completeSubtree)[0] = SubtreeNode{3, 8};
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "beside the tree");
        bad = good;
        bad.subgroupRange = SubgroupRange{9, 8};
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "range backwards");
        bad.subgroupRange = SubgroupRange{0, 64};
        NS_TEST_EXPECT_MSG_EQ(result(bad), "MALFORMED", "range beyond the tree");
        bad.subgroupRange = SubgroupRange{0, 8};
        NS_TEST_EXPECT_MSG_EQ(result(bad), "OUT_OF_RANGE", "other devices");

        // Order does not matter as long as nodes and keys agree.
        bad = good;
        std::swap((*bad.completeSubtree)[0], (*bad.completeSubtree)[1]);
        NS_TEST_EXPECT_MSG_EQ(result(bad), "UNWRAP_FAILED", "keys of others");
        std::swap((*bad.groupKeyData)[0], (*bad.groupKeyData)[1]);
        NS_TEST_EXPECT_MSG_EQ(result(bad), "NONE", "another order");
        bad = good;
        (*bad.groupKeyData)[1][4] ^= 1;
        NS_TEST_EXPECT_MSG_EQ(result(bad), "UNWRAP_FAILED", "changed key");
        (*bad.groupKeyData)[1].resize(7);
        NS_TEST_EXPECT_MSG_EQ(result(bad), "UNWRAP_FAILED", "impossible size");
        bad = good;
        (*bad.verifyGroupKey)[0] ^= 1;
        NS_TEST_EXPECT_MSG_EQ(result(bad), "WRONG_KEY", "changed check value");
        bad = good;
        bad.group = TPOS;
        NS_TEST_EXPECT_MSG_EQ(result(bad), "WRONG_KEY", "the check value names the group");
        NS_TEST_EXPECT_MSG_EQ(ToString(Open(DeviceKeySet(), good).Error()),
                              std::string("NOT_MEMBER"),
                              "a device without a tree");
    }

    Computer m_computer;
    DeviceKeyIssuer m_issuer;
    std::vector<DeviceKeySet> m_devices;
};

/** @brief From the group key to a protected message of the group. */
class GroupSessionTestCase : public TestCase
{
  public:
    GroupSessionTestCase()
        : TestCase("a master group key gives a session under which a group message is protected")
    {
    }

  private:
    void DoRun() override
    {
        Computer computer;
        SessionKeys keys;
        keys.miek = DeriveMigsk(computer.ctx, VectorKey(), GROUP, 1);
        const Said said = Said::Make(IdType::GKB, 7);
        auto sender = SecurityAssociation::Create(computer.ctx,
                                                  said,
                                                  GM,
                                                  GROUP,
                                                  true,
                                                  1,
                                                  keys,
                                                  SecurityAssociation::NO_LIMIT,
                                                  true);
        Bytes frame;
        NS_TEST_ASSERT_MSG_EQ(
            static_cast<bool>(
                Protect(computer.ctx, sender, 0, Header(), GM, GROUP, Repeat(1, 20), frame)),
            true,
            "protect");
        for (int member = 0; member < 3; ++member)
        {
            SaDatabase db;
            db.Add(SecurityAssociation::Create(computer.ctx,
                                               said,
                                               GROUP,
                                               GM,
                                               false,
                                               1,
                                               keys,
                                               SecurityAssociation::NO_LIMIT,
                                               true));
            const auto view = ParseFrame(frame);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(view), true, "parse");
            const auto read = ReadSaid(*view);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(read), true, "SAID");
            auto* sa = db.Find(*read, view->source);
            NS_TEST_ASSERT_MSG_EQ((sa != nullptr), true, "found by sender");
            SecretOctets plain;
            NS_TEST_EXPECT_MSG_EQ(static_cast<bool>(Unprotect(computer.ctx, *sa, 0, *view, plain)),
                                  true,
                                  "open");
            NS_TEST_EXPECT_MSG_EQ((ByteView(plain) == ByteView(Repeat(1, 20))), true, "text");
        }
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
        AddTestCase(new KeyTreeTestCase);
        AddTestCase(new GroupKeyBlockTestCase(CryptoBackend::OPENSSL));
        AddTestCase(new GroupKeyBlockTestCase(CryptoBackend::COUNTING));
        AddTestCase(new GroupSessionTestCase);
    }
};

MisSecurityTestSuite g_misSecurityTestSuite;

} // namespace
