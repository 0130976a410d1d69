// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of the link-layer authentication without runs of it: vectors, encodings, whole
 * frames.
 */
#include "mis-link-authentication-test-helpers.h"

#include "ns3/mis-aes.h"
#include "ns3/mis-eapol-frame.h"
#include "ns3/mis-eps-aka.h"
#include "ns3/mis-four-way-handshake.h"
#include "ns3/mis-link-kdf.h"
#include "ns3/mis-milenage.h"
#include "ns3/mis-nas-message.h"
#include "ns3/mis-pkmv2-message.h"
#include "ns3/test.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

// ---------------------------------------------------------------------------------------------
// Frames that an independent program has made
// ---------------------------------------------------------------------------------------------

// PMK or MSPMK 00..1f, address of the point of attachment 020000000001, of the mobile node
// 020000000002; every random octet is a0 at the point of attachment and b0 at the mobile node. LTE
// without a pushed key: K and OP_C of TS 35.208 test set 1, network 00f110, SQN 1.

const std::vector<std::string> WIFI_FRAMES{
    "0203007502008a00100000000000000001a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0"
    "a0a0a0a0a0a0a0a0a000000000000000000000000000000000000000000000000000000000000000"
    "00000000000000000000000000000000000016dd14000fac04001f1a76e03c25df18442670a0ab76"
    "aa",
    "0203007502010a00000000000000000001b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0"
    "b0b0b0b0b0b0b0b0b000000000000000000000000000000000000000000000000000000000000000"
    "005cc02aa76f48c4476d0ec6c5db6bd6c7001630140100000fac040100000fac040100000fac0100"
    "00",
    "020300970213ca00100000000000000002a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0"
    "a0a0a0a0a0a0a0a0a000000000000000000000000000000000000000000000000000000000000000"
    "00f647a0faf200a0b150d556f244ab155a00380d67ea63a62052d809b2f1d566baf7dbd19db4f2ce"
    "d7a89a0c3468e34880737ea5df9c32b03666ec58c683b2bd5f5d9edd4a5e0f05f63bf7",
    "0203005f02030a000000000000000000020000000000000000000000000000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "003af9191106f8ca28079b273744fc2e440000",
    "0203007f021382000000000000000000030000000000000000000000000000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "00a6a7c55ed5d45f4cd2b9ad362dab4b1600202a6c1557bf509de22f8cad581b35fb3427f1ddc8b7"
    "9484aaaadedc1c0490a773",
    "0203005f020302000000000000000000030000000000000000000000000000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "006e72176bdf3bdd06b8e77e74fffa396f0000"};

const std::vector<std::string> WIMAX_FRAMES{
    "0a14012208a0a0a0a0a0a0a0a00a01002d0881dbaf1e6e9d80a6090400000e10280c0000000100ee"
    "f49413a70ff9",
    "0915012108b0b0b0b0b0b0b0b02208a0a0a0a0a0a0a0a00a01002d0881dbaf1e6e9d80a6130c150a"
    "14030201041403020103190d01010202010203010204020001280c000000013f1c06c755a0ba01",
    "0a16012108b0b0b0b0b0b0b0b02208a0a0a0a0a0a0a0a00a01002d0881dbaf1e6e9d80a6170c0c02"
    "00011801001403020104190d01010202010203010204020001280c00000002dd2e8b2d867c4ba1",
    "0917020a01000c0200011d08b0b0b0b0b0b0b0b0280c00000002127b722ac59817c7",
    "0a18020a01000c0200010d23081885beeaabdc1fed1850c1c148663835f8c770528330c1fe190904"
    "000007080a01000d23081885beeaabdc1fed1850c1c148663835f8c770528330c1fe190904000007"
    "080a01011d08b0b0b0b0b0b0b0b0280c00000003d3ed4f88b0e33825"};

const std::vector<std::string> PUSHED_LTE_FRAMES{
    "3792a6c69f00075d220602a020",
    "47c1a96a5d0011f0",
    "279eab35d901abb747bc739b8614b58714cd424184530e112786fc6dee87c618f0bf45"};

const std::vector<std::string> LTE_FRAMES{
    "075200a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a010d3c58a3adc618000366054e2a8446584",
    "0753083b712695a6e2ecdf",
    "3754d7be9800075d220002a020",
    "471baec5f4007782",
    "2779cdb1ab01b75de2009c3b801e272c8bca362690f92887768b47b084ccda65c88ad9"};

// ---------------------------------------------------------------------------------------------
// Vectors
// ---------------------------------------------------------------------------------------------

/** @brief Key derivations and ciphers against published values. */
class VectorTestCase : public TestCase
{
  public:
    VectorTestCase()
        : TestCase("PRF-n, PTK, PMKID, Dot16KDF, MILENAGE, K_ASME, EIA2, EEA2 give known values")
    {
    }

  private:
    void DoRun() override
    {
        Computer node;
        auto& ctx = node.ctx;
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(
                AesEncryptBlock(ctx, Ascending(0, 16), Block("00112233445566778899aabbccddeeff"))),
            "69c4e0d86a7b0430d8cdb78070b4c55a",
            "FIPS 197");
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(AesCounterMode(ctx,
                                 Hex("2b7e151628aed2a6abf7158809cf4f3c"),
                                 Block("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"),
                                 Hex("6bc1bee22e409f96e93d7e117393172aae2d8a57"))),
            "874d6191b620e3261bef6864990db6ce9806f66b",
            "SP 800-38A");

        // IEEE 802.11, J.3.2.
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(Prf80211(ctx, Repeat(0x0b, 20), "prefix", ByteView::FromText("Hi There"), 64)),
            "bcd4c650b30b9684951829e0d75f9d54b862175ed9f00606e17d8da35402ffee"
            "75df78c3d31e0f889f012120c0862beb67753e7439ae242edb8373698356cf5a",
            "PRF-512");
        NS_TEST_EXPECT_MSG_EQ(ToHex(Prf80211(ctx,
                                             ByteView::FromText("Jefe"),
                                             "prefix",
                                             ByteView::FromText("what do ya want for nothing?"),
                                             48)),
                              "51f4de5b33f249adf81aeb713a3c20f4fe631446fabdfa58244759ae58ef9009"
                              "a99abf4eac2ca5fa87e692c440eb4002",
                              "PRF-384");
        FourWayParameters parameters;
        parameters.authenticator = AA;
        parameters.supplicant = SPA;
        KeyNonce anonce;
        anonce.fill(0xa0);
        KeyNonce snonce;
        snonce.fill(0xb0);
        const auto ptk = DerivePtk(ctx, Ascending(0, 32), parameters, anonce, snonce);
        NS_TEST_EXPECT_MSG_EQ(ToHex(ptk.kck) + ToHex(ptk.kek) + ToHex(ptk.tk),
                              "969170b67dab3ef1c8121bb5ea96e95a09cc785dfd4e055208d6aabda5cfc6bd"
                              "442fec94be25cabdef45d958bc7a6963",
                              "PTK");
        NS_TEST_EXPECT_MSG_EQ(ToHex(DerivePmkid(ctx, Ascending(0, 32), parameters)),
                              "001f1a76e03c25df18442670a0ab76aa",
                              "PMKID");

        // From two WiMAX networks, as a public program for PKMv2 lists them.
        const auto first = DerivePkmKeys(ctx,
                                         Hex("f43ce2ccb56bf2f1862c2aac724c20db437d62ad"),
                                         {0x00, 0xed, 0x04, 0xa5, 0x10, 0x5b},
                                         {0x00, 0x00, 0xbb, 0x02, 0x00, 0x03});
        NS_TEST_EXPECT_MSG_EQ(ToHex(first.ak), "cae0de08e027acb5198ae78c2a2d78ab9945ce74", "AK");
        NS_TEST_EXPECT_MSG_EQ(ToHex(first.akid), "c056432d94074994", "AKID");
        const auto second = DerivePkmKeys(ctx,
                                          Hex("ea8487a0f6f4b35fbddb2f232b771d2f71fdda94"),
                                          {0x00, 0x1b, 0x11, 0xc9, 0xd5, 0x0c},
                                          {0x00, 0x00, 0x00, 0x00, 0x00, 0x05});
        NS_TEST_EXPECT_MSG_EQ(ToHex(second.ak), "d7eaa9683c377b76a2385b8454b57ae7c9ad3224", "AK");
        NS_TEST_EXPECT_MSG_EQ(ToHex(second.akid), "3b7e354a44b25806", "AKID");
        NS_TEST_EXPECT_MSG_EQ(ToHex(second.cmacU), "f6eed12d93c37271bdb384449cb62467", "uplink");
        NS_TEST_EXPECT_MSG_EQ(ToHex(second.cmacD), "c0f5e67ca3b7e3c31de4222a25836b2b", "downlink");
        NS_TEST_EXPECT_MSG_EQ(ToHex(second.kek), "e09389b8f3391dfec8a99af41da147b9", "KEK");

        RunMilenage(ctx);
        RunLte(ctx);

        // Project-assigned; the values are from an independent program.
        const auto msrk = DeriveMsrk(ctx,
                                     VectorKey(),
                                     MisfId(std::string("mn1@a.example")),
                                     MisfId(std::string("tpos@b.example")));
        NS_TEST_EXPECT_MSG_EQ(ToHex(msrk),
                              "b48e17acff06576e9587bdccc3cd27160fe3846e785bef1801b6000058e2d8e7"
                              "1f140b877ba14620fb1e1f4d2acafd570bd2ec56a355f65e42dd9cec56d5aecf",
                              "MSRK");
        NS_TEST_EXPECT_MSG_EQ(ToHex(DeriveMspmk(ctx, msrk, MakeLink(LinkType::WIFI))),
                              "2f11bc36d18de334e813f8466b09788362d4e71d06a277dd014b185471ac2aa1",
                              "MSPMK of a Wi-Fi link");
        NS_TEST_EXPECT_MSG_EQ(ToHex(DeriveMspmk(ctx, msrk, MakeLink(LinkType::UMTS))),
                              "c91b5c6024150a8324aee0467fc269b13a60a4b4077736f0391b3be0b03277ef",
                              "MSPMK of an LTE link");
    }

    /** @return a block. @param digits hexadecimal digits */
    static AesBlock Block(const std::string& digits)
    {
        const Bytes octets = Hex(digits);
        AesBlock block{};
        std::copy(octets.begin(), octets.end(), block.begin());
        return block;
    }

    /** @brief TS 35.208, test set 1. */
    void RunMilenage(CryptoContext& ctx)
    {
        const SecretBytes opc =
            Milenage::DeriveOpc(ctx, Hex(K), Block("cdc202d5123e20f62b6d676ac72cb318"));
        NS_TEST_EXPECT_MSG_EQ(ToHex(opc), OPC, "OP_C");
        const Milenage milenage(Hex(K), opc);
        const AkaRand rand = Block("23553cbe9637a89d218ae64dae47bf35");
        const auto codes = milenage.F1(ctx, rand, {0xff, 0x9b, 0xb4, 0xd0, 0xb6, 0x07}, 0xb9b9);
        NS_TEST_EXPECT_MSG_EQ(ToHex(codes.macA), "4a9ffac354dfafb3", "f1");
        NS_TEST_EXPECT_MSG_EQ(ToHex(codes.macS), "01cfaf9ec4e871e9", "f1*");
        const auto challenge = milenage.F2345(ctx, rand);
        NS_TEST_EXPECT_MSG_EQ(ToHex(challenge.res), "a54211d5e3ba50bf", "f2");
        NS_TEST_EXPECT_MSG_EQ(ToHex(challenge.ck), "b40ba9a3c58b2a05bbf0d987b21bf8cb", "f3");
        NS_TEST_EXPECT_MSG_EQ(ToHex(challenge.ik), "f769bcd751044604127672711c6d3441", "f4");
        NS_TEST_EXPECT_MSG_EQ(ToHex(challenge.ak), "aa689c648370", "f5");
        NS_TEST_EXPECT_MSG_EQ(ToHex(milenage.F5Star(ctx, rand)), "451e8beca43b", "f5*");
    }

    /** @brief TS 33.401, annex C, and K_ASME as other implementations have it. */
    void RunLte(CryptoContext& ctx)
    {
        AkaSequence hidden;
        const Bytes sqn = Hex("fd8eef40df7d");
        const Bytes ak = Hex("aa689c648370");
        for (std::size_t i = 0; i < hidden.size(); ++i)
        {
            hidden[i] = sqn[i] ^ ak[i];
        }
        NS_TEST_EXPECT_MSG_EQ(ToHex(DeriveKasme(ctx,
                                                Hex("b40ba9a3c58b2a05bbf0d987b21bf8cb"),
                                                Hex("f769bcd751044604127672711c6d3441"),
                                                {0x02, 0x48, 0x30},
                                                hidden)),
                              "238e457e0f758badbca8d34bb2612c10428d426757cb5553b2b184fa64bfc549",
                              "K_ASME");
        const Bytes key = Hex("d3c5d592327fb11c4035c6680af8c6d1");
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(
                Eia2(ctx, key, 0x398a59b4, 0x1a, NasDirection::DOWNLINK, Hex("484583d5afe082ae"))),
            "b93787e6",
            "128-EIA2, test set 2");
        // 253 bits: the last octet has three bits that the vector does not have.
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(Eea2(ctx,
                       key,
                       0x398a59b4,
                       0x15,
                       NasDirection::DOWNLINK,
                       Hex("981ba6824c1bfb1ab485472029b71d808ce33e2cc3c0b5fc1f3de8a6dc66b1f0")))
                .substr(0, 62),
            "e9fed8a63d155304d71df20bf3e82214b20ed7dad2f233dc3c22d7bdeeed8e",
            "128-EEA2, test set 1");
        const auto keys = DeriveEpsKeys(ctx, Ascending(0, 32));
        NS_TEST_EXPECT_MSG_EQ(ToHex(keys.kNasInt), "b5a0e5f9ee4f887e391e3a640e3a688a", "K_NASint");
        NS_TEST_EXPECT_MSG_EQ(ToHex(keys.kNasEnc), "4eb6379f81a769c754e9dc2534ff77b9", "K_NASenc");
        NS_TEST_EXPECT_MSG_EQ(ToHex(keys.kEnb),
                              "e6267359de012d9bda173d1b6fae57dec0e04e01cfcf57cb33a7573f142b8b95",
                              "K_eNB");
    }
};

// ---------------------------------------------------------------------------------------------
// Frames
// ---------------------------------------------------------------------------------------------

/** @brief Encodings and what decoders refuse. */
class FrameTestCase : public TestCase
{
  public:
    FrameTestCase()
        : TestCase("Frames have the layout and the sizes of their standards")
    {
    }

  private:
    void DoRun() override
    {
        RunEapol();
        RunKeyData();
        RunPkm();
        RunNas();
    }

    void RunEapol()
    {
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeEapol(EapolType::START, ByteView())),
                              "02010000",
                              "EAPOL-Start");
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeEapol(EapolType::LOGOFF, ByteView())),
                              "02020000",
                              "EAPOL-Logoff");
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeEapol(EapolType::EAP_PACKET, Hex("03010004"))),
                              "0200000403010004",
                              "EAP packet");
        NS_TEST_EXPECT_MSG_EQ(EncodeEapolKey(EapolKey()).size(), 99u, "EAPOL-Key");
        NS_TEST_EXPECT_MSG_EQ(ToHex(RsnElement().Encode()),
                              "30140100000fac040100000fac040100000fac010000",
                              "RSN element");
        // A short frame is padded on Ethernet.
        const auto padded = DecodeEapol(Hex("01000004030100040000000000"));
        NS_TEST_EXPECT_MSG_EQ(bool(padded), true, "padded");
        if (padded)
        {
            NS_TEST_EXPECT_MSG_EQ(ToHex(padded->body), "03010004", "body");
        }
        const auto error = [](const std::string& digits) {
            return DecodeEapol(Hex(digits)).Error();
        };
        NS_TEST_EXPECT_MSG_EQ(error("020000"), CodecError::TRUNCATED, "header");
        NS_TEST_EXPECT_MSG_EQ(error("0200000503010004"), CodecError::TRUNCATED, "body");
        NS_TEST_EXPECT_MSG_EQ(error("00010000"), CodecError::BAD_VERSION, "version");
        NS_TEST_EXPECT_MSG_EQ(error("02040000"), CodecError::UNKNOWN_MESSAGE, "type");
        NS_TEST_EXPECT_MSG_EQ(error("0201000100"), CodecError::OVERLONG, "Start with a body");
    }

    void RunKeyData()
    {
        KeyData data;
        data.AddPmkid(Pmkid());
        NS_TEST_EXPECT_MSG_EQ(data.View().size(), 22u, "PMKID KDE");
        KeyData group;
        group.AddGtk(1, Repeat(0x11, 16));
        NS_TEST_EXPECT_MSG_EQ(group.View().size(), 24u, "GTK KDE");
        group.Pad();
        NS_TEST_EXPECT_MSG_EQ(group.View().size(), 24u, "no padding needed");
        KeyData both;
        both.AddElement(RsnElement().Encode());
        both.AddGtk(1, Repeat(0x11, 16));
        both.Pad();
        NS_TEST_EXPECT_MSG_EQ(ToHex(both.View().Sub(46)), "dd00", "padding");
        KeyData tiny;
        tiny.AddElement(Hex("0100"));
        tiny.Pad();
        NS_TEST_EXPECT_MSG_EQ(ToHex(tiny.View()), "0100dd00000000000000000000000000", "minimum");
        const auto elements = KeyData::Decode(both.View());
        NS_TEST_EXPECT_MSG_EQ(bool(elements), true, "elements");
        if (elements)
        {
            NS_TEST_EXPECT_MSG_EQ(elements->size(), 2u, "padding is no element");
            NS_TEST_EXPECT_MSG_EQ(ToHex(KeyData::FindRsn(*elements)),
                                  ToHex(RsnElement().Encode()),
                                  "RSN");
            const auto content = KeyData::FindKde(*elements, KeyDataType::GTK);
            const auto kde = content ? GtkKde::Decode(*content) : std::nullopt;
            NS_TEST_EXPECT_MSG_EQ((kde && ByteView(kde->gtk) == ByteView(Repeat(0x11, 16))),
                                  true,
                                  "GTK");
            NS_TEST_EXPECT_MSG_EQ(bool(KeyData::FindKde(*elements, KeyDataType::PMKID)),
                                  false,
                                  "none");
        }
        NS_TEST_EXPECT_MSG_EQ(KeyData::Decode(Hex("3005aa")).Error(),
                              CodecError::TRUNCATED,
                              "cut short");
        RsnElement two;
        two.management.push_back({0x00, 0x0f, 0xac, 5});
        const auto again = RsnElement::Decode(two.Encode());
        NS_TEST_EXPECT_MSG_EQ((again && again->management.size() == 2 && again->length == 24),
                              true,
                              "two suites");
        NS_TEST_EXPECT_MSG_EQ(
            RsnElement::Decode(Hex("30150100000fac040100000fac040100000fac010000")).Error(),
            CodecError::BAD_LENGTH,
            "length");
    }

    void RunPkm()
    {
        PkmMessage message;
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodePkm(message)), "091100", "EAP-Start");
        message.code = PkmCode::EAP_TRANSFER;
        message.fromBaseStation = true;
        message.identifier = 5;
        for (const auto& [size, head] :
             std::vector<std::pair<std::size_t, std::string>>{{127, "0a12051c7f"},
                                                              {128, "0a12051c8180"},
                                                              {255, "0a12051c81ff"},
                                                              {256, "0a12051c820100"},
                                                              {1400, "0a12051c820578"}})
        {
            message.attributes =
                PkmAttributes().Add(PkmAttributeType::EAP_PAYLOAD, Repeat(0x11, size));
            const Bytes octets = EncodePkm(message);
            NS_TEST_EXPECT_MSG_EQ(ToHex(ByteView(octets).Sub(0, head.size() / 2)), head, "head");
            NS_TEST_EXPECT_MSG_EQ(octets.size(), head.size() / 2 + size, "size");
            const auto decoded = DecodePkm(octets);
            NS_TEST_EXPECT_MSG_EQ(
                (decoded && decoded->attributes.Find(PkmAttributeType::EAP_PAYLOAD).size() == size),
                true,
                "decoded");
        }
        const auto error = [](const std::string& digits) { return DecodePkm(Hex(digits)).Error(); };
        const std::string challenge = WIMAX_FRAMES[0];
        NS_TEST_EXPECT_MSG_EQ(error("0911"), CodecError::TRUNCATED, "header");
        NS_TEST_EXPECT_MSG_EQ(error("0a1100"), CodecError::UNKNOWN_MESSAGE, "wrong direction");
        NS_TEST_EXPECT_MSG_EQ(error("090400"), CodecError::UNKNOWN_MESSAGE, "PKM version 1");
        NS_TEST_EXPECT_MSG_EQ(error("091200"), CodecError::MISSING_TLV, "no payload");
        NS_TEST_EXPECT_MSG_EQ(error("0912001c01aa1c01aa"), CodecError::DUPLICATE_TLV, "two");
        NS_TEST_EXPECT_MSG_EQ(error("0912001c83000001aa"), CodecError::BAD_LENGTH, "length");
        NS_TEST_EXPECT_MSG_EQ(error("0912001c02aa"), CodecError::TRUNCATED, "value");
        NS_TEST_EXPECT_MSG_EQ(error(challenge + "0a0100"), CodecError::DUPLICATE_TLV, "sequence");
        NS_TEST_EXPECT_MSG_EQ(error(challenge + "060100"), CodecError::BAD_VALUE, "digest first");
    }

    void RunNas()
    {
        NasAuthenticationRequest request;
        request.rand.fill(0x11);
        request.autn = Repeat(0x22, 16);
        NasAuthenticationResponse response;
        response.res = Repeat(0x33, 8);
        NasAuthenticationFailure sync;
        sync.cause = EmmCause::SYNCH_FAILURE;
        sync.SetAuts(Repeat(0x44, 14));
        NasIdentityResponse identity;
        identity.identity = EncodeImsi(IMSI);
        NasSecurityModeCommand command;
        command.algorithms = 0x22;
        command.capability = Hex("a020");
        NasAttachAccept accept;
        accept.updateTimer = 0xe0;
        accept.areas = Repeat(0x55, 6);
        accept.session = Hex("010203");
        const std::vector<std::pair<NasMessage, std::string>> messages{
            {request, "075200" + ToHex(Repeat(0x11, 16)) + "10" + ToHex(Repeat(0x22, 16))},
            {response, "0753083333333333333333"},
            {sync, "075c15300e" + ToHex(Repeat(0x44, 14))},
            {NasAuthenticationFailure(), "075c14"},
            {NasAuthenticationReject(), "0754"},
            {NasIdentityRequest(), "075501"},
            {identity, "0756080910101032547698"},
            {command, "075d220002a020"},
            {NasSecurityModeComplete(), "075e"},
            {NasSecurityModeReject(), "075f18"},
            {accept, "074201e006" + ToHex(Repeat(0x55, 6)) + "0003010203"},
        };
        const std::vector<std::size_t> sizes{36, 11, 19, 3, 2, 3, 11, 7, 2, 3, 16};
        for (std::size_t i = 0; i < messages.size(); ++i)
        {
            const Bytes octets = EncodeNas(messages[i].first);
            NS_TEST_EXPECT_MSG_EQ(ToHex(octets), messages[i].second, "message " << i);
            NS_TEST_EXPECT_MSG_EQ(octets.size(), sizes[i], "message " << i);
            const auto decoded = DecodeNas(octets);
            NS_TEST_EXPECT_MSG_EQ((decoded && ToHex(EncodeNas(*decoded)) == messages[i].second),
                                  true,
                                  "message " << i << " decoded");
        }
        const auto error = [](const std::string& digits) { return DecodeNas(Hex(digits)).Error(); };
        NS_TEST_EXPECT_MSG_EQ(error("07"), CodecError::TRUNCATED, "header");
        NS_TEST_EXPECT_MSG_EQ(error("0741"), CodecError::UNKNOWN_MESSAGE, "attach request");
        NS_TEST_EXPECT_MSG_EQ(error("0853"), CodecError::UNKNOWN_MESSAGE, "discriminator");
        NS_TEST_EXPECT_MSG_EQ(error("0753033333"), CodecError::TRUNCATED, "RES");
        NS_TEST_EXPECT_MSG_EQ(error("075303333333"), CodecError::BAD_VALUE, "RES of 3");
        NS_TEST_EXPECT_MSG_EQ(error("075400"), CodecError::OVERLONG, "reject");
        NS_TEST_EXPECT_MSG_EQ(error("075c1530"), CodecError::BAD_VALUE, "AUTS");
        const std::string areas = "06" + ToHex(Repeat(0x55, 6));
        NS_TEST_EXPECT_MSG_EQ(error("074203e0" + areas + "0003010203"),
                              CodecError::BAD_VALUE,
                              "result");
        NS_TEST_EXPECT_MSG_EQ(error("074201e0050000000000"
                                    "0003010203"),
                              CodecError::BAD_VALUE,
                              "areas");
        NS_TEST_EXPECT_MSG_EQ(error("074201e0" + areas + "00020102"),
                              CodecError::BAD_VALUE,
                              "session");
        NS_TEST_EXPECT_MSG_EQ(error("074201e0" + areas + "00040102"),
                              CodecError::TRUNCATED,
                              "session");
        for (const std::string imsi : {"001010123456789", "00101012345678", "123456"})
        {
            NS_TEST_EXPECT_MSG_EQ(DecodeImsi(EncodeImsi(imsi)).value_or(""), imsi, "IMSI");
        }
        NS_TEST_EXPECT_MSG_EQ(bool(DecodeImsi(Hex("0a10101032547698"))), false, "a TMSI");
        NS_TEST_EXPECT_MSG_EQ(bool(DecodeImsi(Hex("091010103254f698"))), false, "no digit");
        NS_TEST_EXPECT_MSG_EQ(bool(DecodeImsi(ByteView())), false, "empty");
    }
};

/** @brief Whole frames, MICs and wrapped keys included, against another program. */
class GoldenFrameTestCase : public TestCase
{
  public:
    GoldenFrameTestCase()
        : TestCase("Frames with MIC and wrapped keys are those of an independent program")
    {
    }

  private:
    void DoRun() override
    {
        Check(LinkType::WIFI, true, 0, WIFI_FRAMES);
        Check(LinkType::WIMAX, true, 0, WIMAX_FRAMES);
        Check(LinkType::UMTS, true, 0, PUSHED_LTE_FRAMES);
        // Identity request and response come first.
        Check(LinkType::UMTS, false, 2, LTE_FRAMES);
    }

    /** @brief Compare the frames of a run. */
    void Check(LinkType type,
               bool installed,
               std::size_t from,
               const std::vector<std::string>& expected)
    {
        Plan plan;
        plan.type = type;
        plan.installed = installed;
        plan.constant = true;
        Conversation talk(plan);
        talk.Run();
        if (type == LinkType::WIFI)
        {
            talk.Do(true, talk.authenticator->UpdateGroupKey());
            talk.Deliver();
        }
        NS_TEST_EXPECT_MSG_EQ(talk.Agreed(), true, Describe(plan));
        NS_TEST_EXPECT_MSG_EQ(talk.sent.size(), from + expected.size(), Describe(plan));
        for (std::size_t i = 0; from + i < talk.sent.size() && i < expected.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(ToHex(talk.sent[from + i].octets),
                                  expected[i],
                                  Describe(plan) << " frame " << i);
        }
    }
};

/** @brief All tests of the vectors and frames of the link-layer authentication. */
class MisLinkFramesTestSuite : public TestSuite
{
  public:
    MisLinkFramesTestSuite()
        : TestSuite("mis-link-frames", TestSuite::Type::UNIT)
    {
        AddTestCase(new VectorTestCase);
        AddTestCase(new FrameTestCase);
        AddTestCase(new GoldenFrameTestCase);
    }
};

MisLinkFramesTestSuite g_misLinkFramesTestSuite;

} // namespace
