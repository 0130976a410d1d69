// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Keys, codes and messages of IKEv2 against those that strongSwan logged and sent, and the
 * primitives under them against their standards.
 */
#include "mis-ikev2-test-helpers.h"

#include "ns3/test.h"

#include <string>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::ikev2;
using namespace ns3::mis::test;

namespace
{

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

/// Keys of IKEv2.
class Ikev2KeysTestSuite : public TestSuite
{
  public:
    Ikev2KeysTestSuite()
        : TestSuite("mis-ikev2-keys", TestSuite::Type::UNIT)
    {
        AddTestCase(new PrimitivesTestCase);
        AddTestCase(new KeysTestCase);
    }
};

Ikev2KeysTestSuite g_ikev2KeysTestSuite; //!< the instance

} // namespace
