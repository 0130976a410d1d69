// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of the crypto layer: published vectors, determinism, wiping.
 */
#include "mis-crypto-test-helpers.h"

#include "ns3/mis-aead.h"
#include "ns3/mis-crypto-context.h"
#include "ns3/mis-kdf.h"
#include "ns3/mis-key-agreement.h"
#include "ns3/mis-key-wrap.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-prf.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-signature.h"
#include "ns3/mis-types.h"
#include "ns3/test.h"

#include <algorithm>
#include <array>
#include <new>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

Bytes
Text(const std::string& text)
{
    return Bytes(text.begin(), text.end());
}

/** The four blocks of SP 800-38A, also used by RFC 4493. */
const std::string FOUR_BLOCKS = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                                "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";

/** @brief Hash and message authentication codes against their RFCs. */
class MacVectorTestCase : public TestCase
{
  public:
    MacVectorTestCase()
        : TestCase("SHA-256, HMAC and CMAC give the values of FIPS 180-4, RFC 4231, 2202, 4493")
    {
    }

  private:
    void DoRun() override
    {
        RepeatableSource source(1);
        CryptoContext ctx(CryptoBackend::OPENSSL, source);

        const std::vector<std::pair<std::string, std::string>> digests = {
            {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
            {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
            {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
             "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        };
        for (const auto& [message, expected] : digests)
        {
            NS_TEST_EXPECT_MSG_EQ(ToHex(Sha256(ctx, {Text(message)})), expected, message);
        }
        NS_TEST_EXPECT_MSG_EQ(ToHex(Sha256(ctx, {Text("a"), Bytes(), Text("bc")})),
                              digests[1].second,
                              "in pieces");

        struct HmacVector
        {
            Bytes key;
            Bytes message;
            std::string expected;
        };

        const std::string hashKeyFirst = "Test Using Larger Than Block-Size Key - Hash Key First";
        const std::vector<HmacVector> rfc4231 = {
            {Repeat(0x0b, 20),
             Text("Hi There"),
             "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
            {Text("Jefe"),
             Text("what do ya want for nothing?"),
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
            {Repeat(0xaa, 20),
             Repeat(0xdd, 50),
             "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
            {Ascending(1, 25),
             Repeat(0xcd, 50),
             "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
            {Repeat(0xaa, 131),
             Text(hashKeyFirst),
             "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
            {Repeat(0xaa, 131),
             Text("This is a test using a larger than block-size key and a larger than "
                  "block-size data. The key needs to be hashed before being used by the HMAC "
                  "algorithm."),
             "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
        };
        for (const HmacVector& v : rfc4231)
        {
            NS_TEST_EXPECT_MSG_EQ(ToHex(HmacSha256(ctx, v.key, {v.message})),
                                  v.expected,
                                  "RFC 4231");
        }
        const std::vector<HmacVector> rfc2202 = {
            {Repeat(0x0b, 20), Text("Hi There"), "b617318655057264e28bc0b6fb378c8ef146be00"},
            {Text("Jefe"),
             Text("what do ya want for nothing?"),
             "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
            {Repeat(0xaa, 20), Repeat(0xdd, 50), "125d7342b9ac11cd91a39af48aa17b4f63f175d3"},
            {Ascending(1, 25), Repeat(0xcd, 50), "4c9007f4026250c6bc8414f9bf50c86c2d7235da"},
            {Repeat(0xaa, 80), Text(hashKeyFirst), "aa4ae5e15272d00e95705637ce8a3b55ed402112"},
            {Repeat(0xaa, 80),
             Text("Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data"),
             "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"},
        };
        for (const HmacVector& v : rfc2202)
        {
            NS_TEST_EXPECT_MSG_EQ(ToHex(HmacSha1(ctx, v.key, {v.message})), v.expected, "RFC 2202");
        }
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(
                HmacSha256(ctx, rfc4231[1].key, {Text("what do "), Text("ya want for nothing?")})),
            rfc4231[1].expected,
            "in pieces");

        const Bytes cmacKey = Hex("2b7e151628aed2a6abf7158809cf4f3c");
        const Bytes blocks = Hex(FOUR_BLOCKS);
        const std::vector<std::pair<std::size_t, std::string>> rfc4493 = {
            {0, "bb1d6929e95937287fa37d129b756746"},
            {16, "070a16b46b4d4144f79bdd9dd04a287c"},
            {40, "dfa66747de9ae63030ca32611497c827"},
            {64, "51f0bebf7e3b9d92fc49741779363cfe"},
        };
        for (const auto& [size, expected] : rfc4493)
        {
            NS_TEST_EXPECT_MSG_EQ(ToHex(AesCmac(ctx, cmacKey, {ByteView(blocks.data(), size)})),
                                  expected,
                                  "RFC 4493, " << size << " octets");
            NS_TEST_EXPECT_MSG_EQ(
                ToHex(AesCmac(ctx,
                              cmacKey,
                              {ByteView(blocks.data(), size / 3),
                               ByteView(blocks.data() + size / 3, size - size / 3)})),
                expected,
                "in pieces");
        }
        NS_TEST_EXPECT_MSG_EQ(source.Drawn(), 0u, "nothing random in here");
    }
};

/** @brief Ciphers and key wrap against their RFCs. */
class CipherVectorTestCase : public TestCase
{
  public:
    CipherVectorTestCase()
        : TestCase("AES-CCM, AES-CBC and key wrap give the values of RFC 3610, SP 800-38, RFC 3394")
    {
    }

  private:
    void DoRun() override
    {
        RepeatableSource source(1);
        CryptoContext ctx(CryptoBackend::OPENSSL, source);
        RunCcm(ctx);
        RunCbc(ctx);
        RunWrap(ctx);
    }

    void RunCcm(CryptoContext& ctx)
    {
        struct CcmVector
        {
            Bytes key;
            Bytes nonce;
            Bytes aad;
            Bytes plain;
            std::size_t tagSize;
            std::string sealed;
        };

        Bytes longAad;
        for (int i = 0; i < 256; ++i)
        {
            const Bytes row = Ascending(0, 256);
            longAad.insert(longAad.end(), row.begin(), row.end());
        }
        const std::vector<CcmVector> vectors = {
            {Ascending(0xc0, 16),
             Hex("00000003020100a0a1a2a3a4a5"),
             Ascending(0, 8),
             Ascending(8, 23),
             8,
             "588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0"},
            {Ascending(0xc0, 16),
             Hex("00000009080706a0a1a2a3a4a5"),
             Ascending(0, 8),
             Ascending(8, 23),
             10,
             "0135d1b2c95f41d5d1d4fec185d166b8094e999dfed96c048c56602c97acbb7490"},
            {Ascending(0x40, 16),
             Hex("101112131415161718191a1b1c"),
             longAad,
             Ascending(0x20, 32),
             14,
             "69915dad1e84c6376a68c2967e4dab615ae0fd1faec44cc484828529463ccf72"
             "b4ac6bec93e8598e7f0dadbcea5b"},
        };
        // Twice, for the contexts are shared and must not remember the last use.
        for (int round = 0; round < 2; ++round)
        {
            for (const CcmVector& v : vectors)
            {
                Bytes sealed(v.plain.size() + v.tagSize);
                CcmSeal(ctx, v.key, v.nonce, {v.aad}, v.plain, sealed.data(), v.tagSize);
                NS_TEST_EXPECT_MSG_EQ(ToHex(sealed), v.sealed, "seal");
                Bytes opened(v.plain.size());
                NS_TEST_EXPECT_MSG_EQ(
                    CcmOpen(ctx, v.key, v.nonce, {v.aad}, sealed, opened.data(), v.tagSize),
                    true,
                    "open");
                NS_TEST_EXPECT_MSG_EQ(ToHex(opened), ToHex(v.plain), "open");
                const ByteView front(v.aad.data(), 3);
                const ByteView back(v.aad.data() + 3, v.aad.size() - 3);
                CcmSeal(ctx, v.key, v.nonce, {front, back}, v.plain, sealed.data(), v.tagSize);
                NS_TEST_EXPECT_MSG_EQ(ToHex(sealed), v.sealed, "additional data in pieces");
            }
        }
    }

    void RunCbc(CryptoContext& ctx)
    {
        const Bytes key = Hex("2b7e151628aed2a6abf7158809cf4f3c");
        const Bytes iv = Ascending(0, 16);
        const Bytes plain = Hex(FOUR_BLOCKS);
        Bytes cipher(CbcSize(plain.size()));
        NS_TEST_EXPECT_MSG_EQ(cipher.size(), 80u, "a whole block of padding");
        CbcEncrypt(ctx, key, iv, plain, cipher.data());
        NS_TEST_EXPECT_MSG_EQ(ToHex(ByteView(cipher.data(), 64)),
                              "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
                              "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7",
                              "SP 800-38A F.2.1");
        Bytes opened(cipher.size());
        const auto size = CbcDecrypt(ctx, key, iv, cipher, opened.data());
        NS_TEST_ASSERT_MSG_EQ(size.has_value(), true, "padding");
        NS_TEST_EXPECT_MSG_EQ(ToHex(ByteView(opened.data(), *size)), FOUR_BLOCKS, "decrypt");
    }

    void RunWrap(CryptoContext& ctx)
    {
        struct WrapVector
        {
            std::size_t kekSize;
            std::string key;
            std::string wrapped;
        };

        const std::string half = "00112233445566778899aabbccddeeff";
        const std::vector<WrapVector> vectors = {
            {16, half, "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"},
            {24, half, "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"},
            {32, half, "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"},
            {24,
             half + "0001020304050607",
             "031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2"},
            {32,
             half + "000102030405060708090a0b0c0d0e0f",
             "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"},
        };
        for (int round = 0; round < 2; ++round)
        {
            for (const WrapVector& v : vectors)
            {
                const Bytes kek = Ascending(0, v.kekSize);
                const Bytes wrapped = WrapKey(ctx, kek, Hex(v.key));
                NS_TEST_EXPECT_MSG_EQ(ToHex(wrapped), v.wrapped, "RFC 3394");
                const auto key = UnwrapKey(ctx, kek, wrapped);
                NS_TEST_ASSERT_MSG_EQ(key.has_value(), true, "unwrap");
                NS_TEST_EXPECT_MSG_EQ(ToHex(key->View()), v.key, "unwrap");
            }
        }
        const Bytes longest = Ascending(1, SecretBytes::CAPACITY);
        const auto back = UnwrapKey(ctx, Ascending(9, 16), WrapKey(ctx, Ascending(9, 16), longest));
        NS_TEST_ASSERT_MSG_EQ(back.has_value(), true, "longest key");
        NS_TEST_EXPECT_MSG_EQ(ToHex(back->View()), ToHex(longest), "longest key");
    }
};

/** @brief Public key algorithms against their RFCs. */
class PublicKeyVectorTestCase : public TestCase
{
  public:
    PublicKeyVectorTestCase()
        : TestCase("ECDSA P-256 and X25519 give the values of RFC 6979 and RFC 7748")
    {
    }

  private:
    void DoRun() override
    {
        RepeatableSource source(1);
        CryptoContext ctx(CryptoBackend::OPENSSL, source);

        const std::string point =
            "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
            "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
        const auto pub = EcdsaPublicKey::FromOctets(ctx, Hex(point));
        NS_TEST_ASSERT_MSG_EQ(pub.has_value(), true, "RFC 6979 A.2.5");
        const auto pair = EcdsaKeyPair::FromPrivate(
            ctx,
            Hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
        NS_TEST_ASSERT_MSG_EQ(pair.has_value(), true, "RFC 6979 A.2.5");
        NS_TEST_EXPECT_MSG_EQ(ToHex(pair->Public().Octets()), point, "public key");
        NS_TEST_EXPECT_MSG_EQ((pair->Public() == *pub), true, "public key");

        const Bytes sample =
            Hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
        const Bytes test = Hex("f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
                               "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083");
        NS_TEST_EXPECT_MSG_EQ(Verify(ctx, *pub, {Text("sample")}, sample), true, "RFC 6979");
        NS_TEST_EXPECT_MSG_EQ(Verify(ctx, *pub, {Text("te"), Text("st")}, test), true, "RFC 6979");
        NS_TEST_EXPECT_MSG_EQ(Verify(ctx, *pub, {Text("test")}, sample), false, "other message");
        NS_TEST_EXPECT_MSG_EQ(Verify(ctx, *pub, {Text("sample")}, Repeat(0, 64)), false, "zeros");
        NS_TEST_EXPECT_MSG_EQ(Verify(ctx, *pub, {Text("sample")}, Repeat(0xff, 64)),
                              false,
                              "numbers above the order");
        NS_TEST_EXPECT_MSG_EQ(Verify(ctx, *pub, {Text("sample")}, Repeat(1, 63)), false, "short");
        const EcdsaSignature own = Sign(ctx, *pair, {Text("sam"), Text("ple")});
        NS_TEST_EXPECT_MSG_EQ(Verify(ctx, *pub, {Text("sample")}, own), true, "own signature");

        Bytes offCurve = Hex(point);
        offCurve.back() ^= 1;
        NS_TEST_EXPECT_MSG_EQ(EcdsaPublicKey::FromOctets(ctx, offCurve).has_value(),
                              false,
                              "not on the curve");
        NS_TEST_EXPECT_MSG_EQ(EcdsaPublicKey::FromOctets(ctx, Repeat(4, 64)).has_value(),
                              false,
                              "short");
        for (const std::string& scalar :
             {std::string(64, '0'),
              std::string("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")})
        {
            NS_TEST_EXPECT_MSG_EQ(EcdsaKeyPair::FromPrivate(ctx, Hex(scalar)).has_value(),
                                  false,
                                  "no private key");
        }

        const auto product = X25519KeyPair::Derive(
            ctx,
            Hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
            Hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"));
        NS_TEST_ASSERT_MSG_EQ(product.has_value(), true, "RFC 7748 5.2");
        NS_TEST_EXPECT_MSG_EQ(ToHex(product->View()),
                              "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
                              "RFC 7748 5.2");
        const X25519KeyPair alice = X25519KeyPair::FromPrivate(
            ctx,
            Hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
        const X25519KeyPair bob = X25519KeyPair::FromPrivate(
            ctx,
            Hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        NS_TEST_EXPECT_MSG_EQ(ToHex(alice.pub),
                              "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
                              "RFC 7748 6.1");
        NS_TEST_EXPECT_MSG_EQ(ToHex(bob.pub),
                              "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
                              "RFC 7748 6.1");
        const std::string shared =
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
        const auto atAlice = X25519KeyPair::Derive(ctx, alice.priv, bob.pub);
        const auto atBob = X25519KeyPair::Derive(ctx, bob.priv, alice.pub);
        NS_TEST_ASSERT_MSG_EQ((atAlice && atBob), true, "RFC 7748 6.1");
        NS_TEST_EXPECT_MSG_EQ(ToHex(atAlice->View()), shared, "RFC 7748 6.1");
        NS_TEST_EXPECT_MSG_EQ(ToHex(atBob->View()), shared, "RFC 7748 6.1");
        NS_TEST_EXPECT_MSG_EQ(X25519KeyPair::Derive(ctx, alice.priv, Repeat(0, 32)).has_value(),
                              false,
                              "the all-zero secret");
    }
};

/** @brief Key derivation against values computed by an independent program. */
class KdfVectorTestCase : public TestCase
{
  public:
    KdfVectorTestCase()
        : TestCase("the project's key derivations give the values of an independent program")
    {
    }

  private:
    void DoRun() override
    {
        RepeatableSource source(1);
        CryptoContext ctx(CryptoBackend::OPENSSL, source);
        const SecretBytes k(Ascending(0, 16));
        Nonce nonceT;
        nonceT.fill(0xa0);
        Nonce nonceN;
        nonceN.fill(0xb0);
        const MisfId mn("mn1@a.example");
        const MisfId tpos("tpos@b.example");
        const MisfId group("grp1@b.example");

        NS_TEST_EXPECT_MSG_EQ(ToHex(DeriveMiak(ctx, k, nonceT, nonceN, mn, tpos).View()),
                              "b20bfc695788c9a98a42b48e949c3324bc74c22db7ec95af9dad6d161bc3e4a5",
                              "MIAK");
        NS_TEST_EXPECT_MSG_EQ((DeriveMiak(ctx, k, std::nullopt, nonceN, mn, tpos) ==
                               DeriveMiak(ctx, k, nonceN, std::nullopt, mn, tpos)),
                              false,
                              "an absent nonce keeps its place");

        const Prf& prf = DefaultPrf();
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(DeriveKeyMask(ctx, prf, Repeat(0x11, 16), tpos, &nonceT, &nonceN, 16).View()),
            "fcc36ddffe3974b08991421fb237fb80",
            "mask to the MN");
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(DeriveKeyMask(ctx, prf, Repeat(0x22, 16), mn, &nonceT, &nonceN, 16).View()),
            "c65a0f7c9a2a36a2639b1e2ae5c50c3c",
            "mask to the TPoS");
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(DeriveKeyMask(ctx, prf, Repeat(0x11, 16), tpos, nullptr, &nonceN, 16).View()),
            "71257fa79b93f5dd9abd4b82e0533faf",
            "mask without Nonce-T");
        NS_TEST_EXPECT_MSG_EQ(ToHex(DeriveMigsk(ctx, k, group, 1).View()),
                              "b5d88a93f2b11cfff8f8c468e107e95b",
                              "MIGSK");
        NS_TEST_EXPECT_MSG_EQ(ToHex(DeriveGroupKeyCheck(ctx, k, group)),
                              "9139c4957de47cba60293e1123ef6726",
                              "group key check");
        NS_TEST_EXPECT_MSG_EQ(ToHex(WrapKey(ctx, Repeat(0x33, 16), k)),
                              "8d27f279836fef5b5aa17a2f39f16e5b3d1e9182e51ac1f0",
                              "wrapped K");

        const Said said = DeriveSaidValue(ctx, k, mn, tpos);
        NS_TEST_EXPECT_MSG_EQ((said.type == IdType::PREREGISTRATION), true, "type of the SAID");
        NS_TEST_EXPECT_MSG_EQ(said.value.size(), 4u, "size of the SAID");
        NS_TEST_EXPECT_MSG_EQ((said == DeriveSaidValue(ctx, k, mn, tpos)), true, "repeats");
        NS_TEST_EXPECT_MSG_EQ((said == DeriveSaidValue(ctx, k, tpos, mn)), false, "roles differ");

        const SecretBytes longer = Kdf(ctx, prf, k, "LABEL", Text("context"), 64);
        const SecretBytes shorter = Kdf(ctx, prf, k, "LABEL", Text("context"), 32);
        NS_TEST_EXPECT_MSG_EQ(longer.size(), 64u, "largest output");
        NS_TEST_EXPECT_MSG_EQ((ByteView(longer.data(), 32) == shorter.View()),
                              false,
                              "the length is part of the input");
        NS_TEST_EXPECT_MSG_EQ(Kdf(ctx, prf, k, "LABEL", ByteView(), 0).empty(), true, "nothing");
    }
};

/** @brief The registry of pseudo-random functions. */
class PrfTestCase : public TestCase
{
  public:
    PrfTestCase()
        : TestCase("pseudo-random functions are found by name, and the broken ones are broken")
    {
    }

  private:
    /** One output as hex. */
    static std::string Output(CryptoContext& ctx, const Prf& prf, ByteView key, ByteParts parts)
    {
        Bytes out(prf.BlockSize());
        prf.Compute(ctx, key, parts, out.data());
        return ToHex(out);
    }

    void DoRun() override
    {
        RepeatableSource source(1);
        CryptoContext ctx(CryptoBackend::OPENSSL, source);
        NS_TEST_EXPECT_MSG_EQ(PrfNames().size(), 7u, "all functions");
        NS_TEST_EXPECT_MSG_EQ((FindPrf("HMAC-MD5") == nullptr), true, "unknown name");
        const Bytes key = Ascending(0, 16);
        const Bytes otherKey = Ascending(1, 16);
        const Bytes x = Ascending(0x30, 24);
        Bytes y = x;
        y[5] ^= 0x42;
        for (const std::string& name : PrfNames())
        {
            const Prf* prf = FindPrf(name);
            NS_TEST_ASSERT_MSG_EQ((prf != nullptr), true, name);
            NS_TEST_EXPECT_MSG_EQ(prf->IsInsecure(), (name.rfind("INSECURE", 0) == 0), name);
            NS_TEST_EXPECT_MSG_EQ((prf->BlockSize() <= Prf::MAX_BLOCK), true, name);
            NS_TEST_EXPECT_MSG_EQ(
                Output(ctx, *prf, key, {x}),
                Output(ctx, *prf, key, {ByteView(x.data(), 5), ByteView(x.data() + 5, 19)}),
                name << " in pieces");
            const bool keyMatters = Output(ctx, *prf, key, {x}) != Output(ctx, *prf, otherKey, {x});
            NS_TEST_EXPECT_MSG_EQ(keyMatters,
                                  (name != "INSECURE-CONSTANT" && name != "INSECURE-UNKEYED"),
                                  name);
            const bool inputMatters = Output(ctx, *prf, key, {x}) != Output(ctx, *prf, key, {y});
            NS_TEST_EXPECT_MSG_EQ(inputMatters, (name != "INSECURE-CONSTANT"), name);
        }

        // RFC 4615: keys of 18, 16 and 10 octets.
        const Prf& cmac = *FindPrf("AES-CMAC");
        Bytes longKey = Ascending(0, 16);
        longKey.push_back(0xed);
        longKey.push_back(0xcb);
        NS_TEST_EXPECT_MSG_EQ(Output(ctx, cmac, longKey, {Ascending(0, 20)}),
                              "84a348a4a45d235babfffc0d2b4da09a",
                              "RFC 4615");
        NS_TEST_EXPECT_MSG_EQ(Output(ctx, cmac, Ascending(0, 16), {Ascending(0, 20)}),
                              "980ae87b5f4c9c5214f5b6a8455e4c2d",
                              "RFC 4615");
        NS_TEST_EXPECT_MSG_EQ(Output(ctx, cmac, Ascending(0, 10), {Ascending(0, 20)}),
                              "290d9e112edb09ee141fcf64c0b72f3d",
                              "RFC 4615");

        // Who sees one output of the linear function knows all others.
        const Prf& linear = *FindPrf("INSECURE-LINEAR-XOR");
        Bytes seen(linear.BlockSize());
        linear.Compute(ctx, key, {x}, seen.data());
        seen[5] ^= 0x42;
        NS_TEST_EXPECT_MSG_EQ(ToHex(seen), Output(ctx, linear, key, {y}), "linear");

        // The truncated one has 65,536 outputs.
        Bytes truncated(32);
        FindPrf("INSECURE-TRUNCATED")->Compute(ctx, key, {x}, truncated.data());
        for (std::size_t i = 2; i < truncated.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(+truncated[i], +truncated[i % 2], "repeats two octets");
        }
    }
};

/** @brief The same source gives the same octets, whatever else happens in the process. */
class DeterminismTestCase : public TestCase
{
  public:
    DeterminismTestCase()
        : TestCase("keys and signatures repeat with their source, also when sources interleave")
    {
    }

  private:
    /** Everything random one node does, in two steps that can be interleaved. */
    struct Node
    {
        explicit Node(uint64_t seed)
            : source(seed),
              ctx(CryptoBackend::OPENSSL, source)
        {
        }

        void First()
        {
            const EcdsaKeyPair key = EcdsaKeyPair::Generate(ctx);
            signer.push_back(key);
            log += ToHex(key.Private()) + ToHex(Sign(ctx, key, {Ascending(0, 10)}));
        }

        void Second()
        {
            const X25519KeyPair pair = X25519KeyPair::Generate(ctx);
            log += ToHex(pair.pub) + ToHex(Sign(ctx, signer.back(), {Ascending(0, 10)}));
            log += ToHex(ctx.RandomSecret(5).View());
        }

        RepeatableSource source;
        CryptoContext ctx;
        std::vector<EcdsaKeyPair> signer;
        std::string log;
    };

    void DoRun() override
    {
        Node a(1);
        a.First();
        a.Second();
        Node b(2);
        b.First();
        b.Second();
        Node a2(1);
        Node b2(2);
        b2.First();
        a2.First();
        a2.Second();
        b2.Second();
        NS_TEST_EXPECT_MSG_EQ(a.log, a2.log, "first source");
        NS_TEST_EXPECT_MSG_EQ(b.log, b2.log, "second source");
        NS_TEST_EXPECT_MSG_NE(a.log, b.log, "the sources differ");
        NS_TEST_EXPECT_MSG_EQ(a.source.Drawn(), 4 * 32u + 5, "32 octets an operation");
    }
};

/** @brief Secrets leave nothing behind. */
class SecretBytesTestCase : public TestCase
{
  public:
    SecretBytesTestCase()
        : TestCase("secrets are wiped when destroyed, moved from and overwritten")
    {
    }

  private:
    void DoRun() override
    {
        alignas(SecretBytes) std::array<uint8_t, sizeof(SecretBytes)> memory{};
        const auto marked = [&memory] {
            return std::count(memory.begin(), memory.end(), uint8_t{0xa7});
        };
        auto* secret = new (memory.data()) SecretBytes(Repeat(0xa7, 40));
        NS_TEST_EXPECT_MSG_EQ(marked(), 40, "it is in there");
        secret->Assign(Repeat(0x11, 8));
        NS_TEST_EXPECT_MSG_EQ(marked(), 0, "shorter value");
        *secret = SecretBytes(Repeat(0xa7, 64));
        NS_TEST_EXPECT_MSG_EQ(marked(), 64, "it is in there");
        const SecretBytes taken(std::move(*secret));
        NS_TEST_EXPECT_MSG_EQ(marked(), 0, "moved from");
        NS_TEST_EXPECT_MSG_EQ(taken.size(), 64u, "moved to");
        *secret = taken;
        NS_TEST_EXPECT_MSG_EQ((*secret == taken), true, "copied");
        SecretBytes assigned;
        assigned = std::move(*secret);
        NS_TEST_EXPECT_MSG_EQ(marked(), 0, "moved from by assignment");
        NS_TEST_EXPECT_MSG_EQ((assigned == taken), true, "moved to by assignment");
        *secret = taken;
        *secret = SecretBytes(Repeat(0x11, 8));
        NS_TEST_EXPECT_MSG_EQ(marked(), 0, "overwritten");
        *secret = taken;
        secret->~SecretBytes();
        NS_TEST_EXPECT_MSG_EQ(marked(), 0, "destroyed");

        NS_TEST_EXPECT_MSG_EQ((SecretBytes() == SecretBytes(Repeat(0, 1))), false, "lengths");
        NS_TEST_EXPECT_MSG_EQ(SecretBytes::Equal(Repeat(1, 9), Repeat(1, 9)), true, "equal");
        NS_TEST_EXPECT_MSG_EQ(SecretBytes::Equal(Ascending(1, 9), Repeat(1, 9)), false, "differ");
    }
};

/** @brief All tests of the crypto layer. */
class MisCryptoTestSuite : public TestSuite
{
  public:
    MisCryptoTestSuite()
        : TestSuite("mis-crypto", TestSuite::Type::UNIT)
    {
        AddTestCase(new MacVectorTestCase);
        AddTestCase(new CipherVectorTestCase);
        AddTestCase(new PublicKeyVectorTestCase);
        AddTestCase(new KdfVectorTestCase);
        AddTestCase(new PrfTestCase);
        AddTestCase(new DeterminismTestCase);
        AddTestCase(new SecretBytesTestCase);
    }
};

MisCryptoTestSuite g_misCryptoTestSuite;

} // namespace
