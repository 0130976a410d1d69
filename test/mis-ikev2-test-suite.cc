// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * IKEv2 and ESP: values captured from strongSwan, whole runs over a network that loses, and
 * Wireshark as an independent reader.
 */
#include "mis-ikev2-test-helpers.h"
#include "mis-oracle-test-helpers.h"

#include "ns3/test.h"

#include <algorithm>
#include <filesystem>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::ikev2;
using namespace ns3::mis::test;

namespace
{

/// What strongSwan logged and sent at both ends of one IKE SA with a pre-shared key.
namespace captured
{
const std::string PSK = "31323334353637383930616263646566";
const std::string REQUEST =
    "2665743ffc6ed59d00000000000000002120220800000000000000d82200002800000024010100030300000c010000"
    "14800e00800300000802000005000000080400001f28000028001f0000fbd465fd0a410bd4e0e0171f26f3590def35"
    "84cdddadbc16c340e13f24ff925129000024cc35a72ec43d0e3cff62826433933710a44eedb981be24ec7ee2e05abc"
    "a0f3142900001c00004004feea77aecc6153d3c736c0aeb5fbf12bd8636f2b2900001c0000400527dfec06ed20c668"
    "eda38cd1177207304deb2f79000000100000402f0002000300040005";
const std::string RESPONSE =
    "2665743ffc6ed59d203b146075f4b1562120222000000000000000e82200002800000024010100030300000c010000"
    "14800e00800300000802000005000000080400001f28000028001f0000b632ca7af699b60b8ff6b8194684d3b92d4e"
    "5966d697661a7deebd9b03b4f27e290000244e4ed3c5f9b62c5753a980265dd472fe6d9510bc22acf55f191cebb538"
    "e565082900001c00004004cc49b203b3b6ea7cac592bc650a842c60357a8742900001c0000400513cd7a95aab343d9"
    "f2e92854657b4fd225780670290000100000402f000200030004000529000008000040220000000800004014";
const uint64_t SPI_I = 0x2665743ffc6ed59d;
const uint64_t SPI_R = 0x203b146075f4b156;
const std::string NONCE_I = "cc35a72ec43d0e3cff62826433933710a44eedb981be24ec7ee2e05abca0f314";
const std::string NONCE_R = "4e4ed3c5f9b62c5753a980265dd472fe6d9510bc22acf55f191cebb538e56508";
const std::string SHARED = "3f2c9e12e05dec29a17d782a1586196963bf639539b071acb96bd09a5d5b3320";
const std::string SKEYSEED = "e6db0ab70cfb53598fe033f61da7d8960228355c5b324780b9ecfc1f20764c36";
const std::string SK_D = "9238a7e4c6b705acb304d9a1b11a97c49d9e0a04183d1bbaf749bae785d9b892";
const std::string SK_EI = "422650c315c9914c924cc0d8d872341edea25239";
const std::string SK_ER = "7ee803f5ff0110eb49ba8e5c4cad9a76c154531c";
const std::string SK_PI = "f890badc3972a83c032040de6c1213dea9fdacc4a7b5cb26608a0f98fea407d9";
const std::string SK_PR = "30c7c77360bb0963b306e8492e1df36a05c01abf4009b7f99447368bb6188b67";
const std::string AUTH_I = "9279498f4b11e3397ecb92be3b3af09a8a481c56abd97e117f5d439ec062b818";
const std::string AUTH_R = "b5e719a110afe6e4842335d154f9ee92d4a5b94806b7a027d9057a25a75335d3";
const std::string AUTH_RESPONSE =
    "2665743ffc6ed59d203b146075f4b1562e20232000000001000000cb240000af21b78d16f46366d4e9dd59cf103329"
    "6516ee10d4984d8bca480168a65dd429e19bd0c7b1d4a696c6f761f50c14a1d90050d50c8ea415cebe04fbccab124d"
    "97461addcc0f00bef7edc97c5b440418b4d103253bd706fc75d55358c62749443faa8c4619c38a4b188e99a43b6794"
    "5f1f6c66e7a02c9963dfcef8e2377634602970e805ab5adf6643317476efeace53c0452970d2eb5eddf334777dd116"
    "f219519e45b29b50bdc4c139f20dee";
const std::string AUTH_PLAIN =
    "270000160200000074706f732e622e6578616d706c652100002802000000b5e719a110afe6e4842335d154f9ee92d4"
    "a5b94806b7a027d9057a25a75335d32c00002400000020010304027187a31b0300000c01000014800e008000000008"
    "050000002d00001801000000070000100000ffff0a0100010a0100010000001801000000070000100000ffff0a0200"
    "010a020001";
const uint64_t AUTH_IV = 0x21b78d16f46366d4;
const uint32_t ESP_SPI = 0x7187a31b;
const std::string ESP_KEY = "b6090c6b32eda033741880807ba68432222d657b";
const std::string ESP_KEY_BACK = "62175999f4fd4eb2d24c1f072c66ffc9d1f9fcb1";
const std::string ESP_PACKET =
    "7187a31b00000001fc267b0322898d338c46e1030b3b549908df2ae4823d0da2343b8e89691ade1d05ff04df940fb2"
    "309042b5bd03a8b46bf5d7b5ace8fa8c8aa45b68c2e4a7d85481f2506730c4ac8e0c503d916a6555ee3978a5139b93"
    "3dd28da1c9860182ea52dad453440f53c8de7d7e5cda1942e189d969005a64fe37c7e56823495affb06262edc599d9"
    "d2ebb68ff6704aebaddf886414f67d";
} // namespace captured

/// Keys of all kinds against what strongSwan logged.
class KeysTestCase : public TestCase
{
  public:
    KeysTestCase()
        : TestCase("keys, codes and messages of a captured SA are those that strongSwan logged")
    {
    }

  private:
    void Equal(ByteView actual, const std::string& expected, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(ToHex(actual), expected, what);
    }

    void DoRun() override
    {
        namespace c = captured;
        // The backend that only counts gives the same, since these always compute.
        for (const auto backend : {CryptoBackend::OPENSSL, CryptoBackend::COUNTING})
        {
            Computer node(backend);
            auto& ctx = node.ctx;
            const auto seed = Skeyseed(ctx, Hex(c::NONCE_I), Hex(c::NONCE_R), Hex(c::SHARED));
            Equal(seed, c::SKEYSEED, "SKEYSEED");
            const auto keys =
                DeriveIkeKeys(ctx, seed, Hex(c::NONCE_I), Hex(c::NONCE_R), c::SPI_I, c::SPI_R);
            Equal(keys.d, c::SK_D, "SK_d");
            Equal(keys.ei, c::SK_EI, "SK_ei");
            Equal(keys.er, c::SK_ER, "SK_er");
            Equal(keys.pi, c::SK_PI, "SK_pi");
            Equal(keys.pr, c::SK_PR, "SK_pr");
            Authentication(ctx, keys);
            Children(ctx, keys);
            Rekeys(ctx, keys);
            // 1 SKEYSEED, 5 blocks of keys, 3 for each AUTH, 2 for each KEYMAT, 6 for each further
            // IKE SA.
            NS_TEST_EXPECT_MSG_EQ(ctx.Counter().Calls(CryptoOperation::HMAC_SHA256),
                                  1 + 5 + 2 * 3 + 2 * 2 + 2 * 6,
                                  "operations are counted");
            NS_TEST_EXPECT_MSG_EQ(ctx.Counter().Calls(CryptoOperation::AES_GCM), 2, "AES_GCM");
        }
    }

    void Authentication(CryptoContext& ctx, const IkeKeys& keys)
    {
        namespace c = captured;
        const Bytes request = Hex(c::REQUEST);
        const Bytes response = Hex(c::RESPONSE);
        const Bytes nonceI = Hex(c::NONCE_I);
        const Bytes nonceR = Hex(c::NONCE_R);
        Equal(
            SharedKeyCode(ctx,
                          Hex(c::PSK),
                          MakeSignedOctets(ctx, request, nonceR, keys.pi, IdOf("spos.a.example"))),
            c::AUTH_I,
            "AUTH of the initiator");
        Equal(
            SharedKeyCode(ctx,
                          Hex(c::PSK),
                          MakeSignedOctets(ctx, response, nonceI, keys.pr, IdOf("tpos.b.example"))),
            c::AUTH_R,
            "AUTH of the responder");
        const Bytes datagram = Hex(c::AUTH_RESPONSE);
        const auto message = Decode(datagram);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(message), true, "IKE_AUTH response is read");
        const auto payloads = Open(ctx, datagram, *message, keys.er);
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(payloads), true, "and authentic");
        Equal(EncodePayloads(*payloads), c::AUTH_PLAIN, "the payloads, read and written again");
        Equal(Seal(ctx, message->header, *payloads, keys.er, c::AUTH_IV),
              c::AUTH_RESPONSE,
              "the datagram, sealed again");
        for (const auto& octets : {request, response})
        {
            const auto init = Decode(octets);
            NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(init), true, "IKE_SA_INIT is read");
            Equal(Encode(init->header, init->payloads), ToHex(octets), "and written again");
        }
    }

    void Children(CryptoContext& ctx, const IkeKeys& keys)
    {
        namespace c = captured;
        const auto first = DeriveChildKeys(ctx, keys.d, {}, Hex(c::NONCE_I), Hex(c::NONCE_R));
        Equal(first.fromInitiator, c::ESP_KEY, "KEYMAT to the responder");
        Equal(first.fromResponder, c::ESP_KEY_BACK, "KEYMAT to the initiator");
        const auto next = DeriveChildKeys(
            ctx,
            keys.d,
            {},
            Hex("2ffdd5d18b4a35306c76524db8eba4d5eea26d21a1139090e305a192b58173e4"),
            Hex("9b101c9601eae6fa9e2d94170a12de6f194df9d4bfc13c43d3b84feed5fb0eeb"));
        Equal(next.fromInitiator, "e8856157f3addaefee9ece534ba9811494e94b5e", "rekeyed");
        Equal(Bytes(next.fromResponder.View().begin(), next.fromResponder.View().end()),
              std::string("e8856157f3addaefee9ece534ba9811494e94b5ea1a65632db291144a9bdb8ee7c97b2ff"
                          "dad77687")
                  .substr(40),
              "rekeyed, back");
    }

    void Rekeys(CryptoContext& ctx, const IkeKeys& keys)
    {
        const Bytes nonceI =
            Hex("e260b4ca90ccfa2d4f76d17d49c1afe0d9dbe8a19d8f61c8d78f1b6c72116520");
        const Bytes nonceR =
            Hex("63496c94cc38c457c7cb9719aff2935103ce62d80f7d503f98ecfa8fc577b74d");
        const auto seed =
            RekeySkeyseed(ctx,
                          keys.d,
                          Hex("b7c299b6ea9ce53e8c67f6c985b34fd101787344eea7d9cd8d67b7a89fae6827"),
                          nonceI,
                          nonceR);
        Equal(seed,
              "42fd51966d545fdf65198a1b56904567a03ff2561d2739a943877d40e2e91a47",
              "SKEYSEED of the next IKE SA");
        const auto next =
            DeriveIkeKeys(ctx, seed, nonceI, nonceR, 0x52ec60d5ab2edf11, 0xf4a49f6791cb3952);
        Equal(next.d,
              "f41cd60ab5fb2d4f9f4ff23b2a3f4f401537b7a2d6c66d9e40fafaeccc30f918",
              "SK_d of the next IKE SA");
        Equal(next.ei, "8b8cbbf27a24f44ddf6363dcc63522d3fd198157", "SK_ei of the next IKE SA");

        const Bytes otherI =
            Hex("28022da674b2d87dfe8cada1dbfb10b7120a81bd36af5402339d3b147601c57f");
        const Bytes otherR =
            Hex("88f9547ffad2dde5917b1d1310b08507daa8e5aff23498644c8399999c8da290");
        const auto otherSeed =
            Skeyseed(ctx,
                     otherI,
                     otherR,
                     Hex("ec5434a017245f4025113ebcea049f85d0b6cd325de22ce9f3bf8730b4fb9892"));
        Equal(otherSeed,
              "de6c6a4972a0d46580f3a60e3ac8e1752d02dae7b588f4ba6dbb1e6617ed325a",
              "SKEYSEED with group 19");
        const auto other =
            DeriveIkeKeys(ctx, otherSeed, otherI, otherR, 0xcacb86f38950390a, 0xd25ff7110d78f236);
        Equal(other.d,
              "2b39e8726c061ec4d898e10175339e2c9f302ae4dda141be4b5ffd3155a2fcbc",
              "SK_d with group 19");
        Equal(other.er, "4439cf5ac24dcc9f574bfc5355f4876070c7f7b0", "SK_er with group 19");
    }
};

/// AES-GCM and P-256 against their standards.
class PrimitivesTestCase : public TestCase
{
  public:
    PrimitivesTestCase()
        : TestCase("AES-128-GCM and the agreement on P-256 give the values of their standards")
    {
    }

  private:
    void DoRun() override
    {
        Computer node(CryptoBackend::COUNTING);
        // McGrew and Viega, The Galois/Counter Mode of Operation, test case 4.
        const Bytes key = Hex("feffe9928665731c6d6a8f9467308308");
        const Bytes nonce = Hex("cafebabefacedbaddecaf888");
        const Bytes aad = Hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        const Bytes plain =
            Hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532f"
                "cf0e2449a6b525b16aedf5aa0de657ba637b39");
        Bytes sealed(plain.size() + GCM_TAG_SIZE);
        GcmSeal(node.ctx, key, nonce, {aad}, plain, sealed.data());
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(sealed),
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a"
            "5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47",
            "sealed");
        Bytes opened(plain.size());
        NS_TEST_EXPECT_MSG_EQ(GcmOpen(node.ctx, key, nonce, {aad}, sealed, opened.data()),
                              true,
                              "authentic");
        NS_TEST_EXPECT_MSG_EQ(ToHex(opened), ToHex(plain), "opened");
        for (size_t i = 0; i < sealed.size(); ++i)
        {
            Bytes changed = sealed;
            changed[i] ^= 1;
            NS_TEST_EXPECT_MSG_EQ(GcmOpen(node.ctx, key, nonce, {aad}, changed, opened.data()),
                                  false,
                                  "octet " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(
            GcmOpen(node.ctx, key, nonce, {aad}, ByteView(sealed).Sub(0, 15), opened.data()),
            false,
            "shorter than a tag");
        NS_TEST_EXPECT_MSG_EQ(node.ctx.Counter().Calls(CryptoOperation::AES_GCM),
                              2 + sealed.size(),
                              "counted");
        NS_TEST_EXPECT_MSG_EQ(node.ctx.Counter().Octets(CryptoOperation::AES_GCM),
                              (2 + sealed.size()) * (plain.size() + aad.size()),
                              "counted");

        // RFC 5903, section 8.1.
        const Bytes privI = Hex("c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433");
        const Bytes privR = Hex("c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53");
        const auto pairI = P256KeyPair::FromPrivate(node.ctx, privI);
        const auto pairR = P256KeyPair::FromPrivate(node.ctx, privR);
        NS_TEST_ASSERT_MSG_EQ((pairI && pairR), true, "keys");
        NS_TEST_EXPECT_MSG_EQ(ToHex(pairI->pub),
                              "dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180"
                              "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3",
                              "public value");
        const auto sharedI = P256KeyPair::Derive(node.ctx, privI, pairR->pub);
        const auto sharedR = P256KeyPair::Derive(node.ctx, privR, pairI->pub);
        NS_TEST_ASSERT_MSG_EQ((sharedI && sharedR), true, "secrets");
        NS_TEST_EXPECT_MSG_EQ(ToHex(*sharedI),
                              "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de",
                              "shared secret");
        NS_TEST_EXPECT_MSG_EQ((*sharedI == *sharedR), true, "of both");
        auto off = pairR->pub;
        off[63] ^= 1;
        NS_TEST_EXPECT_MSG_EQ(P256KeyPair::Derive(node.ctx, privI, off).has_value(),
                              false,
                              "a point off the curve");
        NS_TEST_EXPECT_MSG_EQ(
            P256KeyPair::Derive(node.ctx, privI, ByteView(off).Sub(1)).has_value(),
            false,
            "a value of another size");
        NS_TEST_EXPECT_MSG_EQ(P256KeyPair::FromPrivate(node.ctx, Bytes(32)).has_value(),
                              false,
                              "a private key of 0");
        NS_TEST_EXPECT_MSG_EQ(node.ctx.Counter().Calls(CryptoOperation::ECDSA_KEYGEN),
                              2,
                              "counted");
        NS_TEST_EXPECT_MSG_EQ(node.ctx.Counter().Calls(CryptoOperation::P256_DERIVE), 3, "counted");
    }
};

/// The packets of ESP.
class EspTestCase : public TestCase
{
  public:
    EspTestCase()
        : TestCase("ESP: a captured packet, sizes, replay, and octets changed anywhere")
    {
    }

  private:
    static Bytes Packet(size_t size, uint8_t version = 4)
    {
        Bytes packet(size, 0x4d);
        packet[0] = version << 4;
        return packet;
    }

    void DoRun() override
    {
        namespace c = captured;
        Computer node(CryptoBackend::COUNTING);
        auto& ctx = node.ctx;
        EspReceiver captured(c::ESP_SPI, Hex(c::ESP_KEY));
        const auto inner = captured.Decapsulate(ctx, Hex(c::ESP_PACKET));
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(inner), true, "the captured packet is authentic");
        NS_TEST_EXPECT_MSG_EQ(ToHex(*inner),
                              "4500007aca27400040115c470a0100010a02000111c711c70066965e" +
                                  ToHex(Bytes(94, 0x4d)),
                              "and holds the captured one");
        NS_TEST_EXPECT_MSG_EQ(captured.Decapsulate(ctx, Hex(c::ESP_PACKET)).Error(),
                              EspError::REPLAYED,
                              "once");

        EspSender sender(0x12345678, Hex(c::ESP_KEY));
        EspReceiver receiver(0x12345678, Hex(c::ESP_KEY));
        const std::vector<std::pair<size_t, size_t>> sizes{{122, 156},
                                                           {123, 160},
                                                           {124, 160},
                                                           {125, 160},
                                                           {128, 164},
                                                           {166, 200}};
        for (const auto& [size, expected] : sizes)
        {
            for (const uint8_t version : {4, 6})
            {
                const auto packet = sender.Encapsulate(ctx, Packet(size, version));
                NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(packet), true, "sent");
                NS_TEST_EXPECT_MSG_EQ(packet->size(), expected, "size of " << size);
                NS_TEST_EXPECT_MSG_EQ(EspSize(size), expected, "size of " << size);
                NS_TEST_EXPECT_MSG_EQ(*EspSpi(*packet), 0x12345678, "SPI");
                const auto back = receiver.Decapsulate(ctx, *packet);
                NS_TEST_EXPECT_MSG_EQ((back && *back == Packet(size, version)), true, "received");
            }
        }
        NS_TEST_EXPECT_MSG_EQ(sender.Encapsulate(ctx, Packet(20, 5)).Error(),
                              EspError::NOT_IP,
                              "only IP");
        NS_TEST_EXPECT_MSG_EQ(sender.Encapsulate(ctx, {}).Error(), EspError::NOT_IP, "only IP");
        Window(ctx);
        Changes(ctx);
    }

    void Window(CryptoContext& ctx)
    {
        EspSender sender(300, Hex(captured::ESP_KEY));
        EspReceiver receiver(300, Hex(captured::ESP_KEY));
        std::vector<Bytes> packets(1);
        for (int i = 1; i <= 200; ++i)
        {
            packets.push_back(*sender.Encapsulate(ctx, Packet(40)));
        }
        const auto verdict = [&](size_t sequence) {
            return receiver.Decapsulate(ctx, packets[sequence]).Error();
        };
        NS_TEST_EXPECT_MSG_EQ(verdict(100), EspError::NONE, "any to begin with");
        NS_TEST_EXPECT_MSG_EQ(verdict(37), EspError::NONE, "63 behind");
        NS_TEST_EXPECT_MSG_EQ(verdict(36), EspError::TOO_OLD, "64 behind");
        NS_TEST_EXPECT_MSG_EQ(verdict(37), EspError::REPLAYED, "again");
        NS_TEST_EXPECT_MSG_EQ(verdict(99), EspError::NONE, "1 behind");
        NS_TEST_EXPECT_MSG_EQ(verdict(101), EspError::NONE, "1 ahead");
        NS_TEST_EXPECT_MSG_EQ(verdict(37), EspError::TOO_OLD, "out of the window now");
        NS_TEST_EXPECT_MSG_EQ(verdict(100), EspError::REPLAYED, "moved in the window");
        Bytes forged = packets[200];
        forged.back() ^= 1;
        NS_TEST_EXPECT_MSG_EQ(receiver.Decapsulate(ctx, forged).Error(),
                              EspError::NOT_AUTHENTIC,
                              "a forged one");
        NS_TEST_EXPECT_MSG_EQ(verdict(98), EspError::NONE, "does not move the window");
        NS_TEST_EXPECT_MSG_EQ(verdict(165), EspError::NONE, "64 ahead");
        NS_TEST_EXPECT_MSG_EQ(verdict(101), EspError::TOO_OLD, "moves all out");
        NS_TEST_EXPECT_MSG_EQ(verdict(102), EspError::NONE, "but not what was not seen");
        NS_TEST_EXPECT_MSG_EQ(verdict(165), EspError::REPLAYED, "the highest again");
        sender.SkipTo(UINT32_MAX);
        NS_TEST_EXPECT_MSG_EQ(sender.Encapsulate(ctx, Packet(40)).Error(),
                              EspError::SEQUENCE_EXHAUSTED,
                              "the last number is not passed");
    }

    void Changes(CryptoContext& ctx)
    {
        EspSender sender(300, Hex(captured::ESP_KEY));
        const Bytes packet = *sender.Encapsulate(ctx, Packet(41));
        for (size_t i = 0; i < packet.size() * 8; ++i)
        {
            EspReceiver receiver(300, Hex(captured::ESP_KEY));
            Bytes changed = packet;
            changed[i / 8] ^= 1 << i % 8;
            const auto error = receiver.Decapsulate(ctx, changed).Error();
            const auto expected = i < 32 ? EspError::UNKNOWN_SPI : EspError::NOT_AUTHENTIC;
            NS_TEST_EXPECT_MSG_EQ(error, expected, "bit " << i);
        }
        for (size_t size = 0; size < packet.size(); ++size)
        {
            EspReceiver receiver(300, Hex(captured::ESP_KEY));
            const auto error = receiver.Decapsulate(ctx, ByteView(packet).Sub(0, size)).Error();
            const auto expected = size < 34 ? EspError::TRUNCATED : EspError::NOT_AUTHENTIC;
            NS_TEST_EXPECT_MSG_EQ(error, expected, "cut to " << size);
        }
        // Authentic, but with another trailer: sealed by hand under the same key.
        const auto sealed = [&](const std::string& text) {
            Bytes out = Hex("0000012c00000001aabbccddeeff0011");
            const Bytes plain = Hex(text);
            Bytes nonce = Hex(captured::ESP_KEY.substr(32));
            nonce.insert(nonce.end(), out.begin() + 8, out.end());
            out.resize(16 + plain.size() + GCM_TAG_SIZE);
            GcmSeal(ctx,
                    ByteView(Hex(captured::ESP_KEY.substr(0, 32))),
                    nonce,
                    {ByteView(out).Sub(0, 8)},
                    plain,
                    out.data() + 16);
            EspReceiver receiver(300, Hex(captured::ESP_KEY));
            return receiver.Decapsulate(ctx, out).Error();
        };
        NS_TEST_EXPECT_MSG_EQ(sealed("4500"
                                     "01020204"),
                              EspError::NONE,
                              "two octets of padding");
        NS_TEST_EXPECT_MSG_EQ(sealed("4500"
                                     "01030204"),
                              EspError::BAD_PADDING,
                              "other padding");
        NS_TEST_EXPECT_MSG_EQ(sealed("4500"
                                     "0102ff04"),
                              EspError::BAD_PADDING,
                              "too much padding");
        NS_TEST_EXPECT_MSG_EQ(sealed("4500"
                                     "01020229"),
                              EspError::BAD_NEXT_HEADER,
                              "not IPv6");
        NS_TEST_EXPECT_MSG_EQ(sealed("01020204"), EspError::BAD_NEXT_HEADER, "nothing inside");
        NS_TEST_EXPECT_MSG_EQ(sealed("4500"
                                     "0102023b"),
                              EspError::DUMMY,
                              "a dummy");
    }
};

/// How the ends authenticate, and in which group.
struct Variant
{
    std::string name;     //!< in words
    bool hasCertificates; //!< or a pre-shared key
    bool announcesHashes; //!< RFC 7427
    uint16_t group;       //!< group
};

const std::vector<Variant> VARIANTS{
    {"PSK and X25519", false, false, GROUP_X25519},
    {"PSK and P-256", false, false, GROUP_P256},
    {"certificates of method 14 and X25519", true, true, GROUP_X25519},
    {"certificates of method 9 and P-256", true, false, GROUP_P256},
};

void
Configure(IkeNetwork& network, const Variant& variant)
{
    if (variant.hasCertificates)
    {
        network.UseCertificates(variant.announcesHashes);
    }
    for (auto& end : network.ends)
    {
        end.configuration.groups = {variant.group};
    }
}

/// Sizes of the payloads of the runs here.
namespace size
{
constexpr size_t PSK_AUTH = 40;
constexpr size_t CERTREQ = 25;
constexpr size_t HASHES = 10;
} // namespace size

/// All exchanges without loss, with their sizes.
class RunTestCase : public TestCase
{
  public:
    explicit RunTestCase(Variant variant)
        : TestCase("all exchanges with " + variant.name + ": the same SAs at both ends"),
          m_variant(std::move(variant))
    {
    }

  private:
    void Sent(IkeNetwork& network, std::vector<size_t> sizes, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(network.sent.size() - m_seen, sizes.size(), what);
        for (size_t i = 0; i < sizes.size() && m_seen + i < network.sent.size(); ++i)
        {
            const size_t actual = network.sent[m_seen + i].octets.size();
            // The DER of a signature varies.
            const size_t slack = sizes[i] > 500 && m_variant.announcesHashes ? 4 : 0;
            NS_TEST_EXPECT_MSG_EQ_TOL(actual, sizes[i], slack, what << ", message " << i);
        }
        m_seen = network.sent.size();
        NS_TEST_EXPECT_MSG_EQ(network.ends[0].drops.size() + network.ends[1].drops.size(),
                              0,
                              what << ": none is ignored");
    }

    void DoRun() override
    {
        for (const auto backend : {CryptoBackend::OPENSSL, CryptoBackend::COUNTING})
        {
            m_seen = 0;
            Check(backend);
        }
    }

    void Check(CryptoBackend backend)
    {
        IkeNetwork network;
        Configure(network, m_variant);
        network.Make(backend);
        network.Initiate(0);
        network.Run();
        NS_TEST_ASSERT_MSG_EQ(network.WhyNotUp(), "", "up");
        NS_TEST_EXPECT_MSG_EQ(network.nowNs, 40 * MS, "after two round trips");
        const size_t ke = m_variant.group == GROUP_P256 ? 72 : 40;
        const size_t init = HEADER_SIZE + 40 + ke + 36;
        // The captured request has 24 octets of notifications that are not sent here.
        size_t request = 257 - 24;
        size_t response = 203;
        size_t requestExtra = 0;
        size_t responseExtra = 0;
        if (m_variant.hasCertificates)
        {
            const size_t certs[2] = {
                5 + network.ends[0].configuration.credential->GetCertificate().Der().size(),
                5 + network.ends[1].configuration.credential->GetCertificate().Der().size()};
            const size_t auth = m_variant.announcesHashes ? 92 : 72;
            requestExtra = m_variant.announcesHashes ? size::HASHES : 0;
            responseExtra = requestExtra + size::CERTREQ;
            request += certs[0] + size::CERTREQ + auth - size::PSK_AUTH;
            response += certs[1] + auth - size::PSK_AUTH;
        }
        Sent(network, {init + requestExtra, init + responseExtra, request, response}, "set-up");
        for (auto& end : network.ends)
        {
            NS_TEST_ASSERT_MSG_EQ(end.events.size(), 2, "two events");
            NS_TEST_EXPECT_MSG_EQ((end.events[0].kind == Ikev2Event::Kind::IKE_SA_UP),
                                  true,
                                  "IKE SA");
            NS_TEST_EXPECT_MSG_EQ((end.events[1].kind == Ikev2Event::Kind::CHILD_SA_UP),
                                  true,
                                  "Child SA");
            const auto other = end.name == SPOS ? TPOS : SPOS;
            NS_TEST_EXPECT_MSG_EQ(end.events[0].peerName, other, "name of the peer");
            NS_TEST_EXPECT_MSG_EQ(end.events[0].isInitiator, (end.name == SPOS), "roles");
            Operations(end);
        }
        const auto first = network.At(0).Children(TPOS)[0];
        Pass(network);
        network.Probe(1);
        network.Run();
        Sent(network, {57, 57}, "liveness");
        network.RekeyChild(0);
        network.Run();
        Sent(network, {189, 177, 69, 69}, "rekey of the Child SA");
        NS_TEST_ASSERT_MSG_EQ(network.WhyNotUp(), "", "rekeyed");
        NS_TEST_EXPECT_MSG_NE(network.At(0).Children(TPOS)[0].spiIn, first.spiIn, "another");
        network.RekeyChild(1);
        network.Run();
        Sent(network, {189, 177, 69, 69}, "rekey of the Child SA by the responder");
        NS_TEST_ASSERT_MSG_EQ(network.WhyNotUp(), "", "rekeyed");
        const auto child = network.At(0).Children(TPOS)[0];
        for (const size_t end : {1, 0, 1})
        {
            network.Rekey(end);
            network.Run();
            const size_t rekey = 57 + 48 + 36 + ke;
            Sent(network, {rekey, rekey, 65, 57}, "rekey of the IKE SA");
            NS_TEST_ASSERT_MSG_EQ(network.WhyNotUp(), "", "rekeyed");
            NS_TEST_EXPECT_MSG_EQ(network.At(0).Children(TPOS)[0].spiIn, child.spiIn, "the same");
            network.Probe(end);
            network.Run();
            Sent(network, {57, 57}, "under the new keys");
        }
        network.RekeyChild(1);
        network.Run();
        Sent(network, {189, 177, 69, 69}, "rekey of the Child SA under the new keys");
        NS_TEST_ASSERT_MSG_EQ(network.WhyNotUp(), "", "rekeyed");
        Pass(network);
        network.DeleteChild(1);
        network.Run();
        Sent(network, {69, 69}, "deletion of the Child SA");
        network.Delete(0);
        network.Run();
        Sent(network, {65, 57}, "deletion of the IKE SA");
        for (size_t end = 0; end < 2; ++end)
        {
            const auto& e = network.ends[end];
            NS_TEST_EXPECT_MSG_EQ(network.At(end).CountStates(), 0, "nothing is kept");
            NS_TEST_EXPECT_MSG_EQ(e.Count(Ikev2Event::Kind::IKE_SA_REKEYED), 3, "events");
            NS_TEST_EXPECT_MSG_EQ(e.Count(Ikev2Event::Kind::CHILD_SA_REKEYED), 3, "events");
            NS_TEST_EXPECT_MSG_EQ(e.Count(Ikev2Event::Kind::CHILD_SA_DOWN), 4, "events");
            NS_TEST_EXPECT_MSG_EQ(e.Count(Ikev2Event::Kind::IKE_SA_DOWN), 1, "events");
            NS_TEST_EXPECT_MSG_EQ(e.Outcome(), "deleted", "outcome");
            NS_TEST_EXPECT_MSG_EQ(e.ikeKeyLog.size(), 4, "logged");
            NS_TEST_EXPECT_MSG_EQ(e.childKeyLog.size(), 8, "logged");
        }
    }

    /// The costs of the set-up.
    void Operations(const IkeEnd& end)
    {
        const auto& counter = end.node->ctx.Counter();
        const bool isP256 = m_variant.group == GROUP_P256;
        const auto calls = [&counter](CryptoOperation o) { return counter.Calls(o); };
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::P256_DERIVE), isP256, "P256_DERIVE");
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::ECDSA_KEYGEN), isP256, "ECDSA_KEYGEN");
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::X25519_DERIVE), !isP256, "X25519_DERIVE");
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::X25519_KEYGEN), !isP256, "X25519_KEYGEN");
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::AES_GCM), 2, "AES_GCM");
        const bool isSigned = m_variant.hasCertificates;
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::ECDSA_SIGN), isSigned, "ECDSA_SIGN");
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::ECDSA_VERIFY),
                              2 * isSigned,
                              "ECDSA_VERIFY: certificate and AUTH");
        // 1 SKEYSEED, 5 keys, 2 KEYMAT, for each AUTH 1 and with a pre-shared key 2 more.
        const uint64_t hmacs = isSigned ? 10 : 14;
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::HMAC_SHA256), hmacs, "HMAC_SHA256");
    }

    /// Packets pass in both directions.
    void Pass(IkeNetwork& network)
    {
        const auto a = network.At(0).Children(TPOS)[0];
        const auto b = network.At(1).Children(SPOS)[0];
        const Bytes packet = Hex("4500001c0000000040110000"
                                 "0a010001"
                                 "0a020001"
                                 "0001000200080000");
        for (const auto& [from, to] : {std::make_pair(a, b), std::make_pair(b, a)})
        {
            EspSender sender(from.spiOut, from.keyOut);
            EspReceiver receiver(to.spiIn, to.keyIn);
            auto& ctx = network.ends[0].node->ctx;
            const auto sealed = sender.Encapsulate(ctx, packet);
            const auto opened = sealed ? receiver.Decapsulate(ctx, *sealed)
                                       : mis::Result<Bytes, EspError>(EspError::NOT_IP);
            NS_TEST_EXPECT_MSG_EQ((opened && *opened == packet), true, "a packet passes");
        }
    }

    Variant m_variant;
    size_t m_seen{0}; //!< datagrams looked at
};

/// A set-up and all further exchanges, one after the other.
void
RunAll(IkeNetwork& network)
{
    network.Initiate(0);
    network.Run();
    network.RekeyChild(0);
    network.Run();
    network.Rekey(1);
    network.Run();
    network.Probe(0);
    network.Run();
    network.RekeyChild(1);
    network.Run();
}

/// Each message is lost in turn, once, twice and until the end.
class LossTestCase : public TestCase
{
  public:
    explicit LossTestCase(Variant variant)
        : TestCase("each message lost in turn with " + variant.name),
          m_variant(std::move(variant))
    {
    }

  private:
    void DoRun() override
    {
        IkeNetwork whole;
        Configure(whole, m_variant);
        whole.Make();
        RunAll(whole);
        const size_t messages = whole.sent.size();
        NS_TEST_EXPECT_MSG_EQ(messages, 18, "messages without loss");
        for (size_t lost = 0; lost < messages; ++lost)
        {
            for (const size_t times : {1, 3})
            {
                Lose(lost, times);
            }
            Silence(lost);
        }
        Duplicate(messages);
    }

    /// A message, and then its repetitions, are lost a number of times.
    void Lose(size_t lost, size_t times)
    {
        const std::string what = "message " + std::to_string(lost);
        IkeNetwork network;
        Configure(network, m_variant);
        network.Make();
        Bytes victim;
        size_t left = times;
        network.change = [&](size_t number, Bytes& octets) {
            if (number == lost)
            {
                victim = octets;
            }
            return victim != octets || left-- == 0 || left > times;
        };
        RunAll(network);
        NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", what << " lost " << times << " times");
        // A lost request is repeated; for a lost response both are.
        const auto message = Decode(victim);
        const size_t more = message && message->header.IsResponse() ? 2 * times : times;
        NS_TEST_EXPECT_MSG_EQ(network.sent.size(), 18 + more, what << ": no more than needed");
        for (const auto& end : network.ends)
        {
            NS_TEST_EXPECT_MSG_EQ(end.Outcome(), "", what << ": nothing failed");
        }
    }

    /// From some message on, nothing arrives.
    void Silence(size_t first)
    {
        const std::string what = "silence from message " + std::to_string(first);
        IkeNetwork network;
        Configure(network, m_variant);
        network.Make();
        network.change = [first](size_t number, Bytes&) { return number < first; };
        network.Initiate(0);
        network.Run();
        network.Probe(0);
        network.Probe(1);
        network.Run();
        network.RekeyChild(0);
        network.Run();
        if (first < 8)
        {
            NS_TEST_EXPECT_MSG_EQ(network.ends[0].Outcome(), "timeout", what);
            NS_TEST_EXPECT_MSG_EQ(network.At(0).CountStates(), 0, what);
            NS_TEST_EXPECT_MSG_EQ(network.At(1).CountStates(), 0, what);
            if (first > 1)
            {
                NS_TEST_EXPECT_MSG_EQ(network.ends[1].Outcome(), "timeout", what);
            }
        }
    }

    /// All messages arrive twice, at once or later.
    void Duplicate(size_t messages)
    {
        for (const bool isLate : {false, true})
        {
            IkeNetwork network;
            Configure(network, m_variant);
            network.Make();
            network.change = [&](size_t, Bytes& octets) {
                if (!isLate && network.sent.size() < 200)
                {
                    network.Inject(network.sent.back().from, octets);
                }
                return true;
            };
            RunAll(network);
            NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "with duplicates");
            if (isLate)
            {
                network.nowNs += SECOND;
                const auto sent = network.sent;
                const auto before = network.ends[0].events.size();
                for (const auto& flight : sent)
                {
                    network.Inject(flight.from, flight.octets);
                }
                network.Run(SECOND);
                NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "after old messages");
                NS_TEST_EXPECT_MSG_EQ(network.ends[0].events.size(), before, "nothing happened");
                NS_TEST_EXPECT_MSG_GT_OR_EQ(network.ends[0].drops.size() +
                                                network.ends[1].drops.size(),
                                            messages / 2,
                                            "and they were ignored");
            }
        }
    }

    Variant m_variant;
};

/// Every failure has a name.
class FailureTestCase : public TestCase
{
  public:
    FailureTestCase()
        : TestCase("each failure has a named outcome at both ends")
    {
    }

  private:
    void Expect(const std::string& what,
                const std::function<void(IkeNetwork&)>& prepare,
                const std::string& initiator,
                const std::string& responder)
    {
        IkeNetwork network;
        prepare(network);
        network.Make();
        network.Initiate(0);
        network.Run();
        NS_TEST_EXPECT_MSG_EQ(network.ends[0].Outcome(), initiator, what << ", initiator");
        NS_TEST_EXPECT_MSG_EQ(network.ends[1].Outcome(), responder, what << ", responder");
        for (size_t end = 0; end < 2; ++end)
        {
            NS_TEST_EXPECT_MSG_EQ(network.At(end).CountStates(), 0, what << ": nothing is kept");
            NS_TEST_EXPECT_MSG_EQ(network.At(end).CountIkeSas(network.NameOf(1 - end)), 0, what);
        }
        if (!network.sent.empty() && responder != "" && initiator == "refused")
        {
            NS_TEST_EXPECT_MSG_EQ(network.sent.back().octets.size(), 65, what << ": notification");
        }
    }

    void DoRun() override
    {
        const auto other = SecretBytes(Ascending(0x40, 16));
        Expect(
            "other key",
            [&](auto& n) { n.ends[1].psks[SPOS] = other; },
            "refused",
            "psk-mismatch");
        Expect(
            "no key here",
            [](auto& n) { n.ends[0].psks.clear(); },
            "psk-unknown",
            "");
        Expect(
            "no key there",
            [](auto& n) { n.ends[1].psks.clear(); },
            "refused",
            "psk-unknown");
        Expect(
            "other responder",
            [](auto& n) { n.ends[1].claimed = "xpos.b.example"; },
            "psk-unknown",
            "refused");
        Expect(
            "other groups",
            [](auto& n) {
                n.ends[0].configuration.groups = {GROUP_X25519};
                n.ends[1].configuration.groups = {GROUP_P256};
            },
            "no-common-suite",
            "no-common-suite");
        for (const bool isResponder : {false, true})
        {
            const auto issue =
                [&](IkeNetwork& n, const std::string& name, int64_t end, bool isKnown) {
                    n.UseCertificates();
                    const auto ca = CertifiedKey::MakeAuthority(n.authority.ctx, "other CA");
                    auto& bad = n.ends[isResponder].configuration;
                    auto& judge = n.ends[!isResponder].configuration;
                    bad.credential = ca.Issue(n.authority.ctx, name, 9, -IKE_YEAR, end);
                    if (isKnown)
                    {
                        judge.anchors.push_back(ca.GetCertificate());
                    }
                };
            const auto& name = isResponder ? TPOS : SPOS;
            const auto expect = [&](const std::string& what,
                                    const std::string& bad,
                                    int64_t end,
                                    bool isKnown,
                                    const std::string& outcome) {
                Expect(
                    what,
                    [&](IkeNetwork& n) { issue(n, bad, end, isKnown); },
                    isResponder ? outcome : "refused",
                    isResponder ? "refused" : outcome);
            };
            expect("expired", name, -1, true, "cert-expired");
            expect("unknown authority", name, IKE_YEAR, false, "cert-unknown-ca");
            expect("other name", "x.example", IKE_YEAR, true, "cert-name-mismatch");
        }
        Expect(
            "certificate against key",
            [](auto& n) {
                n.UseCertificates();
                n.ends[0].configuration.credential.reset();
            },
            "refused",
            "refused");
        Expect(
            "silent peer",
            [](auto& n) { n.change = [](size_t, Bytes&) { return false; }; },
            "timeout",
            "");
        RefusedChild();
        Retransmissions();
    }

    /// The IKE SA stays without a Child SA.
    void RefusedChild()
    {
        IkeNetwork network;
        network.ends[1].configuration.remote = {Range("0a090001", "0a090001")};
        network.Make();
        network.Initiate(0);
        network.Run();
        for (size_t end = 0; end < 2; ++end)
        {
            NS_TEST_EXPECT_MSG_EQ(network.At(end).CountIkeSas(network.NameOf(1 - end)), 1, "up");
            NS_TEST_EXPECT_MSG_EQ(network.ends[end].Count(Ikev2Event::Kind::CHILD_SA_REFUSED),
                                  1,
                                  "without a Child SA");
        }
        // 14 octets of the captured notification have an SPI, which it does not need.
        NS_TEST_EXPECT_MSG_EQ(network.sent.back().octets.size(), 57 + 22 + 40 + 8, "size");
    }

    /// When requests are repeated.
    void Retransmissions()
    {
        IkeNetwork network;
        network.Make();
        network.change = [](size_t, Bytes&) { return false; };
        network.Initiate(0);
        network.Run();
        std::vector<int64_t> times;
        for (const auto& flight : network.sent)
        {
            times.push_back(flight.atNs / MS);
            NS_TEST_EXPECT_MSG_EQ((flight.octets == network.sent[0].octets), true, "same octets");
        }
        NS_TEST_EXPECT_MSG_EQ((times == std::vector<int64_t>{0, 500, 1500, 3500, 7500, 15500}),
                              true,
                              "times");
        NS_TEST_EXPECT_MSG_EQ(network.nowNs, 31500 * MS, "given up");
    }
};

/// COOKIE and INVALID_KE_PAYLOAD, apart and together.
class RestartTestCase : public TestCase
{
  public:
    RestartTestCase()
        : TestCase("cookies and other groups begin IKE_SA_INIT anew, unprotected errors do not")
    {
    }

  private:
    void Expect(const std::string& what,
                const std::function<void(IkeNetwork&)>& prepare,
                std::vector<size_t> sizes)
    {
        IkeNetwork network;
        prepare(network);
        network.Make();
        network.Initiate(0);
        network.Run();
        NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", what);
        NS_TEST_EXPECT_MSG_EQ(network.sent.size(), sizes.size() + 2, what);
        for (size_t i = 0; i < sizes.size() && i < network.sent.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(network.sent[i].octets.size(), sizes[i], what << ", " << i);
        }
        // The messages that count are those that were repeated.
        for (size_t lost = 0; lost < sizes.size() + 2; ++lost)
        {
            IkeNetwork lossy;
            prepare(lossy);
            lossy.change = [lost](size_t number, Bytes&) { return number != lost; };
            lossy.Make();
            lossy.Initiate(0);
            lossy.Run();
            NS_TEST_EXPECT_MSG_EQ(lossy.WhyNotUp(), "", what << ", without message " << lost);
        }
    }

    static void OtherGroup(IkeNetwork& network)
    {
        network.ends[0].configuration.groups = {GROUP_P256, GROUP_X25519};
        network.ends[1].configuration.groups = {GROUP_X25519};
    }

    static void Cookie(IkeNetwork& network)
    {
        network.ends[1].configuration.cookieThreshold = 0;
    }

    void DoRun() override
    {
        Expect("cookie", Cookie, {152, 60, 184, 144});
        Expect("other group", OtherGroup, {184, 38, 152, 144});
        Expect("second choice that is acceptable",
               [](auto& n) {
                   n.ends[0].configuration.groups = {GROUP_P256, GROUP_X25519};
                   n.ends[1].configuration.groups = {GROUP_X25519, GROUP_P256};
               },
               {184, 176});
        Expect("both",
               [](auto& n) {
                   Cookie(n);
                   OtherGroup(n);
               },
               {184, 60, 216, 38, 184, 144});
        Threshold();
        Forged();
    }

    /// Cookies are asked for above a number of half-open SAs, and keep no state.
    void Threshold()
    {
        IkeNetwork network;
        network.ends[1].configuration.cookieThreshold = 3;
        network.Make();
        network.change = [](size_t, Bytes&) { return false; };
        Computer other(CryptoBackend::OPENSSL, 7);
        for (int i = 0; i < 10; ++i)
        {
            Ikev2Configuration configuration = network.ends[0].configuration;
            Ikev2Endpoint initiator(other.ctx, configuration);
            const auto out = initiator.Initiate(0, TPOS, {1});
            const auto answer = network.At(1).Receive(0, {9}, out.datagrams.at(0).octets);
            NS_TEST_ASSERT_MSG_EQ(answer.datagrams.size(), 1, "answered");
            const size_t expected = i < 3 ? 144 : 60;
            NS_TEST_EXPECT_MSG_EQ(answer.datagrams[0].octets.size(), expected, "attempt " << i);
            const size_t states = std::min(i + 1, 3) + (i > 3);
            NS_TEST_EXPECT_MSG_EQ(network.At(1).CountStates(), states, "state");
            if (i >= 3)
            {
                // A cookie is of an address, a nonce, an SPI and a time.
                const auto again = initiator.Receive(0, {1}, answer.datagrams[0].octets);
                NS_TEST_ASSERT_MSG_EQ(again.datagrams.size(), 1, "with the cookie");
                const Bytes& request = again.datagrams[0].octets;
                NS_TEST_EXPECT_MSG_EQ(
                    network.At(1).Receive(0, {8}, request).datagrams.at(0).octets.size(),
                    60,
                    "from elsewhere");
                const int64_t laterNs = i < 9 ? 0 : 200 * SECOND;
                const size_t answerSize = i < 9 ? 144 : 60;
                if (i == 3 || i == 9)
                {
                    NS_TEST_EXPECT_MSG_EQ(
                        network.At(1).Receive(laterNs, {9}, request).datagrams.at(0).octets.size(),
                        answerSize,
                        "in time, and much later");
                }
            }
        }
    }

    /// Errors that anyone can send do not end an attempt.
    void Forged()
    {
        for (const uint16_t type : {4, 7, 14, 17, 24, 43, 9999})
        {
            IkeNetwork network;
            network.Make();
            network.Initiate(0);
            ikev2::Header header = Decode(network.sent[0].octets)->header;
            header.flags = FLAG_RESPONSE;
            const auto forged = Encode(header, {Notify(static_cast<NotifyType>(type), {0, 19})});
            // It arrives before the answer.
            const auto out = network.At(0).Receive(0, IkeNetwork::AddressOf(1), forged);
            const bool isGroup = type == 17;
            NS_TEST_EXPECT_MSG_EQ(out.datagrams.size(), isGroup, "forged " << type);
            NS_TEST_EXPECT_MSG_EQ(out.events.size(), 0, "forged " << type);
            network.Take(0, out);
            network.Run();
            NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "forged " << type);
        }
    }

    static Payload Notify(NotifyType type, Bytes data)
    {
        NotifyPayload body;
        body.type = type;
        body.data = std::move(data);
        return {PayloadType::NOTIFY, body};
    }
};

/// Both ends begin the same, or something else, at about the same time.
class CollisionTestCase : public TestCase
{
  public:
    CollisionTestCase()
        : TestCase("simultaneous initiations and rekeys end with one IKE SA and one Child SA")
    {
    }

  private:
    using Action = std::function<void(IkeNetwork&, size_t end)>;

    void Expect(const std::string& what, bool isUpBefore, const Action& a, const Action& b)
    {
        for (uint64_t seed = 1; seed <= 4; ++seed)
        {
            for (const int64_t offset : {0, 5, 10, 11, 15, 20, 21, 25, 30, 31, 35, 45})
            {
                // Message number 99 is not there.
                for (size_t lost : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 99})
                {
                    Once(what, isUpBefore, a, b, seed, offset, lost);
                }
            }
        }
    }

    void Once(const std::string& what,
              bool isUpBefore,
              const Action& a,
              const Action& b,
              uint64_t seed,
              int64_t offset,
              size_t lost)
    {
        IkeNetwork network(seed);
        network.Make();
        if (isUpBefore)
        {
            network.Initiate(0);
            network.Run();
        }
        const size_t first = network.sent.size();
        network.change = [&](size_t number, Bytes&) { return number != first + lost; };
        a(network, 0);
        network.Run(offset * MS);
        b(network, 1);
        network.Run();
        const std::string at = what + ", seed " + std::to_string(seed) + ", " +
                               std::to_string(offset) + " ms, without message " +
                               std::to_string(lost);
        NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", at);
        NS_TEST_EXPECT_MSG_EQ(network.At(0).CountStates(), 1, at << ": nothing else is kept");
        NS_TEST_EXPECT_MSG_EQ(network.At(1).CountStates(), 1, at << ": nothing else is kept");
        NS_TEST_EXPECT_MSG_LT(network.sent.size() - first, 40, at);
        for (size_t end = 0; end < 2; ++end)
        {
            Balance(network.ends[end], at);
        }
        network.change = nullptr;
        const size_t before = network.sent.size();
        network.Probe(0);
        network.Run();
        NS_TEST_EXPECT_MSG_EQ(network.sent.size(), before + 2, at << ": alive");
    }

    /// What came up and did not go down is what is there.
    void Balance(const IkeEnd& end, const std::string& at)
    {
        const auto up = end.Count(Ikev2Event::Kind::CHILD_SA_UP) +
                        end.Count(Ikev2Event::Kind::CHILD_SA_REKEYED);
        NS_TEST_EXPECT_MSG_EQ(up - end.Count(Ikev2Event::Kind::CHILD_SA_DOWN), 1, at);
        NS_TEST_EXPECT_MSG_EQ(end.Count(Ikev2Event::Kind::IKE_SA_UP) -
                                  end.Count(Ikev2Event::Kind::IKE_SA_DOWN),
                              1,
                              at);
    }

    void DoRun() override
    {
        const Action initiate = [](IkeNetwork& n, size_t end) { n.Initiate(end); };
        const Action rekeyChild = [](IkeNetwork& n, size_t end) { n.RekeyChild(end); };
        const Action rekeyIke = [](IkeNetwork& n, size_t end) { n.Rekey(end); };
        Expect("initiation", false, initiate, initiate);
        Expect("rekey of the Child SA", true, rekeyChild, rekeyChild);
        Expect("rekey of the IKE SA", true, rekeyIke, rekeyIke);
        Expect("rekey of the IKE SA and of the Child SA", true, rekeyIke, rekeyChild);
        Expect("rekey of the Child SA and of the IKE SA", true, rekeyChild, rekeyIke);
    }
};

/// Octets of messages are changed on the way.
class ChangeTestCase : public TestCase
{
  public:
    ChangeTestCase()
        : TestCase("changed and cut messages end in the same keys or in a named failure")
    {
    }

  private:
    void DoRun() override
    {
        RepeatableSource random(11);
        for (const auto& variant : {VARIANTS[0], VARIANTS[2]})
        {
            size_t failures = 0;
            for (size_t victim = 0; victim < 18; ++victim)
            {
                for (size_t round = 0; round < 40; ++round)
                {
                    failures += Once(variant, victim, random, round % 4);
                }
            }
            NS_TEST_EXPECT_MSG_GT(failures, 0, "changes of IKE_SA_INIT are noticed");
        }
        Anything(random);
    }

    /// Returns whether the attempt failed.
    bool Once(const Variant& variant, size_t victim, RepeatableSource& random, size_t kind)
    {
        IkeNetwork network;
        Configure(network, variant);
        network.Make();
        std::string what;
        network.change = [&](size_t number, Bytes& octets) {
            if (number == victim)
            {
                const size_t at = random.Below(octets.size());
                what = "message " + std::to_string(victim) + ", octet " + std::to_string(at) +
                       ", kind " + std::to_string(kind);
                Change(octets, at, kind, random);
            }
            return true;
        };
        RunAll(network);
        const bool isUp = network.WhyNotUp().empty();
        const bool hasFailed = !network.ends[0].Outcome().empty();
        NS_TEST_EXPECT_MSG_EQ((isUp || hasFailed), true, what << ": " << network.WhyNotUp());
        if (!isUp)
        {
            for (size_t end = 0; end < 2; ++end)
            {
                NS_TEST_EXPECT_MSG_EQ(network.At(end).CountIkeSas(network.NameOf(1 - end)),
                                      0,
                                      what << ": neither end has an SA");
            }
        }
        return !isUp;
    }

    static void Change(Bytes& octets, size_t at, size_t kind, RepeatableSource& random)
    {
        switch (kind)
        {
        case 0:
            octets[at] ^= 1 << random.Below(8);
            break;
        case 1:
            octets.resize(at);
            break;
        case 2:
            octets[at] = static_cast<uint8_t>(random.Next());
            break;
        default: // cut, with a length that fits
            octets.resize(std::max(at, HEADER_SIZE));
            octets[24] = 0;
            octets[25] = 0;
            octets[26] = static_cast<uint8_t>(octets.size() >> 8);
            octets[27] = static_cast<uint8_t>(octets.size());
        }
    }

    /// All messages, changed at several places, arrive at ends in all states.
    void Anything(RepeatableSource& random)
    {
        IkeNetwork network;
        Configure(network, VARIANTS[2]);
        network.Make();
        RunAll(network);
        const auto sent = network.sent;
        const auto child = network.At(0).Children(TPOS)[0];
        size_t refused = 0;
        for (size_t round = 0; round < 20000; ++round)
        {
            const auto& flight = sent[random.Below(sent.size())];
            Bytes octets = flight.octets;
            for (size_t i = 0, n = 1 + random.Below(4); i < n; ++i)
            {
                Change(octets,
                       random.Below(octets.size()),
                       octets.size() > HEADER_SIZE ? random.Below(4) : 2,
                       random);
                if (octets.empty())
                {
                    octets.push_back(0);
                }
            }
            const size_t to = random.Below(2);
            const auto out =
                network.At(to).Receive(network.nowNs, IkeNetwork::AddressOf(1 - to), octets);
            refused += out.drop != Ikev2Drop::NONE;
            for (const auto& event : out.events)
            {
                NS_TEST_EXPECT_MSG_EQ((event.kind == Ikev2Event::Kind::FAILED), true, "no other");
            }
        }
        NS_TEST_EXPECT_MSG_GT(refused, 15000, "most are ignored");
        NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "what is up stays up");
        NS_TEST_EXPECT_MSG_EQ(network.At(0).Children(TPOS)[0].spiIn, child.spiIn, "the same");
    }
};

/// Lifetimes, liveness, and a peer that begins anew.
class LifetimeTestCase : public TestCase
{
  public:
    LifetimeTestCase()
        : TestCase("lifetimes rekey and delete, silence is noticed, a restart replaces")
    {
    }

  private:
    using Kind = Ikev2Event::Kind;

    void DoRun() override
    {
        Soft();
        Hard();
        Liveness();
        Restart();
        Deletions();
        ChildGroup();
        Ipv6();
    }

    /// Both ends rekey at the same ages.
    void Soft()
    {
        for (const double jitter : {0.0, 0.2})
        {
            IkeNetwork network;
            for (auto& end : network.ends)
            {
                end.configuration.childSoftNs = 100 * SECOND;
                end.configuration.childHardNs = 130 * SECOND;
                end.configuration.ikeSoftNs = 350 * SECOND;
                end.configuration.ikeHardNs = 400 * SECOND;
                end.configuration.softJitter = jitter;
            }
            network.Make();
            network.Initiate(0);
            network.Run(3000 * SECOND + 500 * MS);
            NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "after many rekeys");
            for (const auto& end : network.ends)
            {
                NS_TEST_EXPECT_MSG_GT(end.Count(Kind::CHILD_SA_REKEYED), 28, "Child SAs");
                NS_TEST_EXPECT_MSG_GT(end.Count(Kind::IKE_SA_REKEYED), 7, "IKE SAs");
                NS_TEST_EXPECT_MSG_EQ(end.Count(Kind::IKE_SA_DOWN), 0, "none went down");
                for (const auto& event : end.events)
                {
                    NS_TEST_EXPECT_MSG_EQ((event.outcome == Ikev2Outcome::EXPIRED),
                                          false,
                                          "none came to its end");
                }
            }
        }
    }

    void Hard()
    {
        IkeNetwork network;
        network.ends[1].configuration.childHardNs = 50 * SECOND;
        network.ends[1].configuration.ikeHardNs = 80 * SECOND;
        network.Make();
        network.Initiate(0);
        network.Run(60 * SECOND);
        NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "0 Child SAs at end 0", "Child SA expired");
        network.Run();
        NS_TEST_EXPECT_MSG_EQ(network.ends[1].Outcome(), "expired", "IKE SA expired");
        NS_TEST_EXPECT_MSG_EQ(network.ends[0].Outcome(), "deleted", "and was deleted");
        NS_TEST_EXPECT_MSG_EQ(network.At(0).CountStates() + network.At(1).CountStates(),
                              0,
                              "nothing is kept");
        const auto& last = network.ends[0].events.back();
        NS_TEST_EXPECT_MSG_EQ((last.kind == Kind::IKE_SA_DOWN), true, "the IKE SA last");
    }

    void Liveness()
    {
        IkeNetwork network;
        network.ends[0].configuration.livenessNs = 10 * SECOND;
        network.Make();
        network.Initiate(0);
        network.Run(95 * SECOND);
        NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "alive");
        NS_TEST_EXPECT_MSG_EQ(network.sent.size(), 4 + 2 * 9, "probed every 10 s");
        network.change = [](size_t, Bytes&) { return false; };
        network.Run();
        NS_TEST_EXPECT_MSG_EQ(network.ends[0].Outcome(), "timeout", "dead");
        NS_TEST_EXPECT_MSG_EQ_TOL(network.nowNs, (100 * SECOND + 31500 * MS), SECOND, "when");
        NS_TEST_EXPECT_MSG_EQ(network.ends[0].Count(Kind::CHILD_SA_DOWN), 1, "Child SA too");
        NS_TEST_EXPECT_MSG_EQ(network.At(1).CountIkeSas(SPOS), 1, "the other end does not probe");
    }

    /// An end loses all and initiates again.
    void Restart()
    {
        for (const size_t initiator : {0, 1})
        {
            IkeNetwork network;
            network.Make();
            network.Initiate(0);
            network.Run();
            const IkeEnd& other = network.ends[1 - initiator];
            auto& end = network.ends[initiator];
            end.node = std::make_unique<Computer>(CryptoBackend::OPENSSL, 77);
            end.endpoint = std::make_unique<Ikev2Endpoint>(end.node->ctx, end.configuration);
            network.Initiate(initiator);
            network.Run();
            NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "up again");
            NS_TEST_EXPECT_MSG_EQ(other.Count(Kind::IKE_SA_DOWN), 1, "the first one went down");
            NS_TEST_EXPECT_MSG_EQ(other.Outcome(), "superseded", "for the second one");
            NS_TEST_EXPECT_MSG_EQ(other.Count(Kind::CHILD_SA_DOWN), 1, "with its Child SA");
            // What is up is not set up again.
            const auto before = network.sent.size();
            network.Initiate(initiator);
            network.Initiate(1 - initiator);
            network.Run();
            NS_TEST_EXPECT_MSG_EQ(network.sent.size(), before, "no more");
        }
    }

    /// Deletions that cross something else.
    void Deletions()
    {
        const std::vector<std::pair<std::string, std::function<void(IkeNetwork&)>>> others{
            {"deletion", [](IkeNetwork& n) { n.Delete(1); }},
            {"rekey of the Child SA", [](IkeNetwork& n) { n.RekeyChild(1); }},
            {"rekey of the IKE SA", [](IkeNetwork& n) { n.Rekey(1); }},
            {"deletion of the Child SA", [](IkeNetwork& n) { n.DeleteChild(1); }}};
        for (const bool isOfIke : {false, true})
        {
            for (const auto& [name, other] : others)
            {
                for (const int64_t offset : {0, 5, 10, 11, 15, 20, 25})
                {
                    for (size_t lost : {0, 1, 2, 3, 4, 5, 99})
                    {
                        Crossing(isOfIke, name, other, offset, lost);
                    }
                }
            }
        }
    }

    void Crossing(bool isOfIke,
                  const std::string& name,
                  const std::function<void(IkeNetwork&)>& other,
                  int64_t offset,
                  size_t lost)
    {
        IkeNetwork network;
        network.Make();
        network.Initiate(0);
        network.Run();
        const size_t first = network.sent.size();
        network.change = [&](size_t number, Bytes&) { return number != first + lost; };
        isOfIke ? network.Delete(0) : network.DeleteChild(0);
        network.Run(offset * MS);
        other(network);
        network.Run();
        const std::string at = std::string(isOfIke ? "IKE SA" : "Child SA") + " against " + name +
                               ", " + std::to_string(offset) + " ms, without message " +
                               std::to_string(lost);
        const auto count = [&](size_t end) {
            const auto& peer = network.NameOf(1 - end);
            return network.At(end).CountIkeSas(peer) * 10 + network.At(end).Children(peer).size();
        };
        NS_TEST_EXPECT_MSG_EQ(count(0), count(1), at << ": the same at both ends");
        NS_TEST_EXPECT_MSG_EQ(network.At(0).CountStates(), network.At(1).CountStates(), at);
        if (isOfIke && name != "rekey of the IKE SA")
        {
            NS_TEST_EXPECT_MSG_EQ(count(0), 0, at << ": nothing");
        }
        if (count(0) == 11)
        {
            NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", at);
        }
    }

    /// Rekeys of Child SAs with an exchange of their own.
    void ChildGroup()
    {
        IkeNetwork network;
        for (auto& end : network.ends)
        {
            end.configuration.childGroup = GROUP_P256;
        }
        network.Make();
        network.Initiate(0);
        network.Run();
        const size_t before = network.sent.size();
        network.RekeyChild(1);
        network.Run();
        NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "rekeyed");
        NS_TEST_ASSERT_MSG_EQ(network.sent.size(), before + 4, "messages");
        NS_TEST_EXPECT_MSG_EQ(network.sent[before].octets.size(), 269, "request");
        NS_TEST_EXPECT_MSG_EQ(network.sent[before + 1].octets.size(), 257, "response");
    }

    /// Selectors of IPv6, and ranges that are narrowed.
    void Ipv6()
    {
        IkeNetwork network;
        const std::string net = "20010db8000000000000000000000";
        network.ends[0].configuration.local.push_back(Range(net + "100", net + "1ff"));
        network.ends[0].configuration.remote.push_back(Range(net + "200", net + "2ff"));
        network.ends[1].configuration.local = {Range(net + "210", net + "210")};
        network.ends[1].configuration.remote = {Range(net + "000", net + "17f")};
        network.Make();
        network.Initiate(0);
        network.Run();
        NS_TEST_ASSERT_MSG_EQ(network.WhyNotUp(), "", "up");
        const auto child = network.At(0).Children(TPOS)[0];
        NS_TEST_EXPECT_MSG_EQ(
            (child.local == std::vector<TrafficSelector>{Range(net + "100", net + "17f")}),
            true,
            "narrowed by the responder");
        NS_TEST_EXPECT_MSG_EQ((child.remote == network.ends[1].configuration.local),
                              true,
                              "narrowed by the responder");
    }
};

/// The same streams give the same octets.
class RepeatTestCase : public TestCase
{
  public:
    RepeatTestCase()
        : TestCase("equal seeds give equal octets and counts, other seeds do not")
    {
    }

  private:
    struct Trace
    {
        std::vector<Bytes> datagrams;
        OperationCounter counts[2];
    };

    static Trace Record(const Variant& variant, uint64_t seed, CryptoBackend backend)
    {
        IkeNetwork network(seed);
        Configure(network, variant);
        network.Make(backend);
        RunAll(network);
        Trace trace;
        for (const auto& flight : network.sent)
        {
            trace.datagrams.push_back(flight.octets);
        }
        for (size_t end = 0; end < 2; ++end)
        {
            trace.counts[end] = network.ends[end].node->ctx.Counter();
        }
        return trace;
    }

    void DoRun() override
    {
        for (const auto& variant : VARIANTS)
        {
            const auto a = Record(variant, 1, CryptoBackend::OPENSSL);
            const auto b = Record(variant, 1, CryptoBackend::OPENSSL);
            const auto c = Record(variant, 1, CryptoBackend::COUNTING);
            const auto d = Record(variant, 2, CryptoBackend::OPENSSL);
            NS_TEST_EXPECT_MSG_EQ((a.datagrams == b.datagrams), true, variant.name);
            NS_TEST_EXPECT_MSG_EQ((a.datagrams == c.datagrams), true, variant.name);
            NS_TEST_EXPECT_MSG_EQ((a.datagrams == d.datagrams), false, variant.name);
            for (size_t end = 0; end < 2; ++end)
            {
                NS_TEST_EXPECT_MSG_EQ((a.counts[end] == b.counts[end]), true, variant.name);
                NS_TEST_EXPECT_MSG_EQ((a.counts[end] == c.counts[end]), true, variant.name);
            }
        }
    }
};

/// Wireshark reads and decrypts what was sent.
class WiresharkTestCase : public TestCase
{
  public:
    WiresharkTestCase()
        : TestCase("Wireshark decrypts all IKEv2 and ESP of a run with the logged keys")
    {
    }

  private:
    static void Append(std::string& out, uint64_t value, size_t octets, bool isBig)
    {
        for (size_t i = 0; i < octets; ++i)
        {
            const size_t shift = 8 * (isBig ? octets - 1 - i : i);
            out += static_cast<char>(value >> shift);
        }
    }

    /// A packet of IPv4 as a record of a capture.
    static std::string Record(size_t from, uint8_t protocol, const std::string& payload)
    {
        std::string ip;
        Append(ip, 0x4500, 2, true);
        Append(ip, 20 + payload.size(), 2, true);
        Append(ip, 0, 4, true);
        Append(ip, 64, 1, true);
        Append(ip, protocol, 1, true);
        Append(ip, 0, 2, true);
        Append(ip, 0x0a630001 + from, 4, true);
        Append(ip, 0x0a630001 + (1 - from), 4, true);
        ip += payload;
        std::string record;
        Append(record, 0, 8, false);
        Append(record, ip.size(), 4, false);
        Append(record, ip.size(), 4, false);
        return record + ip;
    }

    static std::string Udp(const Bytes& octets)
    {
        std::string udp;
        Append(udp, 500, 2, true);
        Append(udp, 500, 2, true);
        Append(udp, 8 + octets.size(), 2, true);
        Append(udp, 0, 2, true);
        return udp + std::string(octets.begin(), octets.end());
    }

    void DoRun() override
    {
        if (!HasProgram("tshark"))
        {
            return;
        }
        for (const auto& variant : VARIANTS)
        {
            Check(variant);
        }
    }

    void Check(const Variant& variant)
    {
        IkeNetwork network;
        Configure(network, variant);
        network.ends[1].configuration.cookieThreshold = 0;
        network.Make();
        network.Initiate(0);
        network.Run();
        std::string esp = Esp(network);
        RunAll(network);
        esp += Esp(network);
        network.DeleteChild(0);
        network.Run();
        network.Delete(1);
        network.Run();

        std::string pcap;
        Append(pcap, 0xa1b2c3d4, 4, false);
        Append(pcap, 2, 2, false);
        Append(pcap, 4, 2, false);
        Append(pcap, 0, 8, false);
        Append(pcap, 65535, 4, false);
        Append(pcap, 101, 4, false); // LINKTYPE_RAW
        for (const auto& flight : network.sent)
        {
            pcap += Record(flight.from, 17, Udp(flight.octets));
        }
        pcap += esp;
        const std::string directory = CreateTempDirFilename("wireshark");
        std::filesystem::create_directories(directory);
        WriteFile(directory + "/run.pcap", pcap);
        std::string ike;
        std::string child;
        for (const auto& line : network.ends[0].ikeKeyLog)
        {
            ike += line + "\n";
        }
        for (const auto& line : network.ends[0].childKeyLog)
        {
            child += line + "\n";
        }
        WriteFile(directory + "/ikev2_decryption_table", ike);
        WriteFile(directory + "/esp_sa", child);
        const std::string tshark = "WIRESHARK_CONFIG_DIR=" + Quote(directory) + " tshark -r " +
                                   Quote(directory + "/run.pcap") +
                                   " -o esp.enable_encryption_decode:TRUE";
        const auto summary = RunCommand(tshark + " -V 2>/dev/null");
        const auto count = [&](const std::string& text) {
            size_t found = 0;
            for (size_t at = summary.output.find(text); at != std::string::npos;
                 at = summary.output.find(text, at + 1))
            {
                ++found;
            }
            return found;
        };
        const size_t messages = network.sent.size();
        NS_TEST_EXPECT_MSG_EQ(summary.status, 0, "tshark");
        NS_TEST_EXPECT_MSG_EQ(count("Internet Security Association and Key"), messages, "IKEv2");
        NS_TEST_EXPECT_MSG_EQ(count("Malformed"), 0, "none malformed");
        NS_TEST_EXPECT_MSG_EQ(count("Dissector bug"), 0, "none");
        NS_TEST_EXPECT_MSG_EQ(count("Payload: Encrypted and Authenticated (46)"),
                              messages - 4,
                              "SK");
        NS_TEST_EXPECT_MSG_EQ(count("Decrypted Data"), messages - 4 + 4, "all of both decrypted");
        NS_TEST_EXPECT_MSG_EQ(count("[correct]"), messages - 4, "all authentic");
        NS_TEST_EXPECT_MSG_EQ(count("Notify Message Type: REKEY_SA"), 2, "rekeys of Child SAs");
        NS_TEST_EXPECT_MSG_EQ(count("Notify Message Type: COOKIE"), 2, "cookies");
        NS_TEST_EXPECT_MSG_EQ((count("spos.a.example") > 0), true, "identity");
        NS_TEST_EXPECT_MSG_EQ(count("Encapsulating Security Payload"), 4, "ESP");
        NS_TEST_EXPECT_MSG_EQ(count("User Datagram Protocol, Src Port: 1, Dst Port: 2"),
                              4,
                              "inner packets");
        if (variant.hasCertificates)
        {
            NS_TEST_EXPECT_MSG_EQ(count("X.509 Certificate - Signature"), 4, "certificates");
        }
    }

    /// A packet in each direction.
    static std::string Esp(IkeNetwork& network)
    {
        std::string records;
        for (size_t end = 0; end < 2; ++end)
        {
            const auto child = network.At(end).Children(network.NameOf(1 - end)).back();
            EspSender sender(child.spiOut, child.keyOut);
            const auto packet = sender.Encapsulate(network.ends[end].node->ctx,
                                                   Hex("4500001c0000000040110000"
                                                       "0a010001"
                                                       "0a020001"
                                                       "0001000200080000"));
            records += Record(end, 50, std::string(packet->begin(), packet->end()));
        }
        return records;
    }
};

// CASES

/// All.
class Ikev2TestSuite : public TestSuite
{
  public:
    Ikev2TestSuite()
        : TestSuite("mis-ikev2", TestSuite::Type::UNIT)
    {
        AddTestCase(new PrimitivesTestCase);
        AddTestCase(new KeysTestCase);
        AddTestCase(new EspTestCase);
        for (const auto& variant : VARIANTS)
        {
            AddTestCase(new RunTestCase(variant));
            AddTestCase(new LossTestCase(variant));
        }
        AddTestCase(new FailureTestCase);
        AddTestCase(new RestartTestCase);
        AddTestCase(new CollisionTestCase);
        AddTestCase(new ChangeTestCase);
        AddTestCase(new LifetimeTestCase);
        AddTestCase(new RepeatTestCase);
        AddTestCase(new WiresharkTestCase);
        // MORE
    }
};

Ikev2TestSuite g_ikev2TestSuite; //!< the instance

} // namespace
