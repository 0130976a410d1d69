// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of the link-layer authentication: vectors, frames, runs, losses, changed frames.
 */
#include "mis-crypto-test-helpers.h"
#include "mis-oracle-test-helpers.h"

#include "ns3/mis-aes.h"
#include "ns3/mis-eapol-authentication.h"
#include "ns3/mis-eapol-frame.h"
#include "ns3/mis-eps-aka.h"
#include "ns3/mis-four-way-handshake.h"
#include "ns3/mis-key-wrap.h"
#include "ns3/mis-link-authentication.h"
#include "ns3/mis-link-kdf.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-milenage.h"
#include "ns3/mis-nas-message.h"
#include "ns3/mis-pkmv2-message.h"
#include "ns3/mis-pkmv2.h"
#include "ns3/test.h"

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

using State = LinkAuthenticationState;
using Outcome = LinkAuthenticationOutcome;
using Drop = LinkAuthenticationDrop;

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

const std::vector<std::string> PUSHED_LTE_FRAMES{"3792a6c69f00075d220602a020", "47c1a96a5d0011f0"};

const std::vector<std::string> LTE_FRAMES{
    "075200a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a010d3c58a3adc618000366054e2a8446584",
    "0753083b712695a6e2ecdf",
    "3754d7be9800075d220002a020",
    "471baec5f4007782"};

// ---------------------------------------------------------------------------------------------
// Two ends and what is between them
// ---------------------------------------------------------------------------------------------

/** @brief A random source that gives one octet only. */
class ConstantSource : public RandomSource
{
  public:
    /** @brief A source. @param octet what it gives */
    explicit ConstantSource(uint8_t octet)
        : m_octet(octet)
    {
    }

    void Fill(uint8_t* out, std::size_t n) override
    {
        std::fill_n(out, n, m_octet);
    }

  private:
    uint8_t m_octet; //!< what it gives
};

const MacOctets AA{0x02, 0, 0, 0, 0, 0x01};                 //!< the point of attachment
const MacOctets SPA{0x02, 0, 0, 0, 0, 0x02};                //!< the mobile node
const Plmn PLMN{0x00, 0xf1, 0x10};                          //!< the serving network of LTE
const std::string IMSI = "001010123456789";                 //!< the subscriber
const std::string K = "465b5ce8b199b49faa5f0a2ee238a6bc";   //!< TS 35.208, test set 1
const std::string OPC = "cd63cb71954a9f4e48a5994e37a02baf"; //!< TS 35.208, test set 1

/** Link types that have an authentication. */
const std::vector<LinkType> LINK_TYPES{LinkType::WIFI,
                                       LinkType::ETHERNET,
                                       LinkType::WIMAX,
                                       LinkType::UMTS};

/**
 * @brief Describe the link of the tests.
 * @param type its type
 * @return link and point of attachment
 */
LinkTupleId
MakeLink(LinkType type)
{
    LinkTupleId link;
    link.link.type = type;
    link.link.address = LinkAddress::Mac(SPA);
    link.poa = type == LinkType::UMTS ? LinkAddress::Cell3g(PLMN, 7) : LinkAddress::Mac(AA);
    return link;
}

/** @brief What is done to a frame on its way. */
enum class Fate
{
    DELIVER,
    LOSE,
    DOUBLE,
    CHANGE
};

/** @brief How a conversation is to go. */
struct Plan
{
    LinkType type{LinkType::WIFI}; //!< of the link
    bool installed{false};         //!< whether a key is installed instead of EAP or AKA
    bool onlySupplicant{false};    //!< whether only the mobile node has a key beforehand
    bool onlyAuthenticator{false}; //!< whether only the point of attachment has one
    bool earlyKey{true};           //!< whether the EAP peer has the key before Success
    unsigned rounds{3};            //!< EAP requests
    bool authenticatorFirst{true}; //!< whether the authenticator starts, too
    std::size_t spoiled{SIZE_MAX}; //!< which frame of the conversation has a fate
    Fate fate{Fate::DELIVER};      //!< which
    std::function<Bytes(const Bytes&)> change;      //!< for CHANGE
    SecretBytes supplicantKey{Ascending(0, 64)};    //!< MSK, or key installed
    SecretBytes authenticatorKey{Ascending(0, 64)}; //!< MSK, or key installed
    CryptoBackend backend{CryptoBackend::OPENSSL};  //!< of all
    uint64_t seed{1};                               //!< of all
    bool constant{false};                           //!< random octets a0 and b0
    uint64_t usimSqn{0};                            //!< highest SQN that the USIM has seen
    std::string usimK{K};                           //!< K of the USIM
    bool homeKnows{true}; //!< whether the home network knows the subscriber
    unsigned patience{4}; //!< how often both ends are asked to repeat
};

/** @brief A frame on its way. */
struct Sent
{
    bool downlink; //!< whether the authenticator has sent it
    Bytes octets;  //!< the frame
};

/** @brief Two ends, a dummy EAP method of several rounds, a home network, and frames between. */
class Conversation
{
  public:
    /** @brief Prepare. @param plan how it goes */
    explicit Conversation(const Plan& plan)
        : plan(plan),
          mobile(plan.backend, plan.seed * 2),
          network(plan.backend, plan.seed * 2 + 1),
          home(plan.backend, plan.seed + 100),
          a0(0xa0),
          b0(0xb0),
          constantMobile(plan.backend, b0),
          constantNetwork(plan.backend, a0),
          usim(IMSI, Hex(plan.usimK), Hex(OPC), plan.usimSqn),
          subscriber(Hex(K), Hex(OPC)),
          supplicant(MakeLinkSupplicant(Mobile(), MakeLink(plan.type), &usim)),
          authenticator(MakeLinkAuthenticator(Network(), MakeLink(plan.type)))
    {
        if (plan.onlySupplicant)
        {
            keysInstalled = supplicant->InstallKey(Repeat(0x77, MSPMK_SIZE));
        }
        else if (plan.onlyAuthenticator)
        {
            keysInstalled = authenticator->InstallKey(Repeat(0x77, MSPMK_SIZE));
        }
        else if (plan.installed)
        {
            keysInstalled =
                supplicant->InstallKey(plan.supplicantKey.View().Sub(0, MSPMK_SIZE)) &&
                authenticator->InstallKey(plan.authenticatorKey.View().Sub(0, MSPMK_SIZE));
        }
    }

    /** @return computing of the mobile node */
    CryptoContext& Mobile()
    {
        return plan.constant ? constantMobile : mobile.ctx;
    }

    /** @return computing of the point of attachment */
    CryptoContext& Network()
    {
        return plan.constant ? constantNetwork : network.ctx;
    }

    /** @return whether both ends have the same keys of the link */
    bool Agreed() const
    {
        return supplicant->Outcome() == Outcome::SUCCESS &&
               authenticator->Outcome() == Outcome::SUCCESS && !supplicant->Keys().IsEmpty() &&
               supplicant->Keys() == authenticator->Keys();
    }

    /** @return whether an end that failed has no keys, and no two ends have different ones */
    bool Sound() const
    {
        const auto clean = [](const LinkAuthenticationEnd& end) {
            return (end.Outcome() == Outcome::SUCCESS) == !end.Keys().IsEmpty() &&
                   (end.State() == State::AUTHENTICATED) == (end.Outcome() == Outcome::SUCCESS);
        };
        return clean(*supplicant) && clean(*authenticator) &&
               (supplicant->Outcome() != Outcome::SUCCESS ||
                authenticator->Outcome() != Outcome::SUCCESS ||
                supplicant->Keys() == authenticator->Keys());
    }

    /** @brief Talk until both ends are done, or patience is over. */
    void Run()
    {
        Do(false, supplicant->Start());
        if (plan.authenticatorFirst)
        {
            Do(true, authenticator->Start());
        }
        Deliver();
        for (unsigned i = 0; i < plan.patience && !Settled(); ++i)
        {
            ++repetitions;
            Do(true, authenticator->Repeat());
            Do(false, supplicant->Repeat());
            Deliver();
        }
        if (!Settled())
        {
            supplicant->GiveUp();
            authenticator->GiveUp();
        }
    }

    /** @brief Deliver what is under way, and what it causes. */
    void Deliver()
    {
        while (!underWay.empty())
        {
            const Sent frame = std::move(underWay.front());
            underWay.pop_front();
            Arrive(frame);
        }
    }

    /**
     * @brief Do what an end wants done.
     * @param downlink whether it is the authenticator
     * @param output what it wants
     */
    void Do(bool downlink, LinkOutput output)
    {
        drops.push_back(output.drop);
        for (Bytes& octets : output.frames)
        {
            const std::size_t number = sent.size();
            sent.push_back(Sent{downlink, octets});
            const Fate fate = number == plan.spoiled ? plan.fate : Fate::DELIVER;
            if (fate == Fate::LOSE)
            {
                continue;
            }
            if (fate == Fate::CHANGE)
            {
                octets = plan.change(octets);
            }
            underWay.push_back(Sent{downlink, octets});
            if (fate == Fate::DOUBLE)
            {
                underWay.push_back(Sent{downlink, octets});
            }
        }
        if (output.eapWanted)
        {
            Do(true, authenticator->SendEap(Request(0)));
        }
        if (output.eap)
        {
            downlink ? ServeEap(*output.eap) : AnswerEap(*output.eap);
        }
        if (output.vectorRequest)
        {
            vectorRequests.push_back(*output.vectorRequest);
            Do(true,
               authenticator->ReceiveVector(
                   plan.homeKnows && output.vectorRequest->imsi == IMSI
                       ? subscriber.MakeVector(plan.constant ? constantNetwork : home.ctx,
                                               *output.vectorRequest)
                       : std::nullopt));
        }
    }

    /** @return whether a reason was given for a dropped frame. @param reason the reason */
    bool Dropped(Drop reason) const
    {
        return std::find(drops.begin(), drops.end(), reason) != drops.end();
    }

    /** @return sizes of the frames sent so far */
    std::vector<std::size_t> Sizes() const
    {
        std::vector<std::size_t> sizes;
        for (const Sent& frame : sent)
        {
            sizes.push_back(frame.octets.size());
        }
        return sizes;
    }

    Plan plan;                     //!< how it goes
    Computer mobile;               //!< the mobile node
    Computer network;              //!< the point of attachment
    Computer home;                 //!< the home network
    ConstantSource a0;             //!< random octets of the point of attachment, if constant
    ConstantSource b0;             //!< random octets of the mobile node, if constant
    CryptoContext constantMobile;  //!< the mobile node, if random octets are constant
    CryptoContext constantNetwork; //!< the point of attachment, if random octets are constant
    Usim usim;                     //!< credentials for LTE
    EpsSubscriber subscriber;      //!< the same in the home network
    std::unique_ptr<LinkSupplicant> supplicant;       //!< the end in the mobile node
    std::unique_ptr<LinkAuthenticator> authenticator; //!< the end in the point of attachment
    bool keysInstalled{false}; //!< whether both ends have taken the key installed
    std::deque<Sent> underWay; //!< frames that will arrive
    std::vector<Sent> sent;    //!< all frames
    std::vector<Drop> drops;   //!< reasons of all outputs
    std::vector<AuthenticationVectorRequest> vectorRequests; //!< what the home network was asked
    unsigned repetitions{0}; //!< how often both ends were asked to repeat

  private:
    /** @return whether nothing more is to be expected */
    bool Settled() const
    {
        const auto settled = [](const LinkAuthenticationEnd& end) {
            return end.Outcome() != Outcome::PENDING;
        };
        return settled(*supplicant) && settled(*authenticator);
    }

    /** @brief Let a frame arrive. @param frame the frame */
    void Arrive(const Sent& frame)
    {
        if (frame.downlink)
        {
            Do(false, supplicant->Receive(frame.octets));
        }
        else
        {
            Do(true, authenticator->Receive(frame.octets));
        }
    }

    /** @return an EAP packet of the dummy method */
    static Bytes Packet(uint8_t code, unsigned round, std::size_t octets)
    {
        Bytes packet{code, static_cast<uint8_t>(round), 0, static_cast<uint8_t>(octets)};
        packet.resize(octets, static_cast<uint8_t>(round));
        return packet;
    }

    /** @return the request of a round */
    static Bytes Request(unsigned round)
    {
        return Packet(1, round, 40 + 60 * round);
    }

    /** @return the response of a round */
    static Bytes Response(unsigned round)
    {
        return Packet(2, round, 30 + 70 * round);
    }

    /** @return EAP-Success */
    static Bytes Success()
    {
        return Packet(3, 0, 4);
    }

    /** @brief The EAP server takes a packet. */
    void ServeEap(const Bytes& packet)
    {
        if (packet != Response(m_round))
        {
            return;
        }
        ++m_round;
        Do(true,
           m_round == plan.rounds ? authenticator->EapSucceeded(Success(), plan.authenticatorKey)
                                  : authenticator->SendEap(Request(m_round)));
    }

    /** @brief The EAP peer takes a packet. */
    void AnswerEap(const Bytes& packet)
    {
        const bool early = plan.earlyKey && plan.type != LinkType::ETHERNET;
        if (packet == Success())
        {
            supplicant->EapSucceeded(plan.supplicantKey);
            return;
        }
        for (unsigned round = 0; round < plan.rounds; ++round)
        {
            if (packet == Request(round))
            {
                Do(false, supplicant->SendEap(Response(round)));
                if (early && round + 1 == plan.rounds)
                {
                    supplicant->EapSucceeded(plan.supplicantKey);
                }
            }
        }
    }

    unsigned m_round{0}; //!< of the EAP server
};

/** @return all plans that end in success: technologies, with and without a pushed key */
std::vector<Plan>
GoodPlans()
{
    std::vector<Plan> plans;
    for (const LinkType type : LINK_TYPES)
    {
        for (const bool installed : {false, true})
        {
            for (const bool early : {true, false})
            {
                Plan plan;
                plan.type = type;
                plan.installed = installed;
                plan.earlyKey = early;
                plans.push_back(plan);
            }
        }
    }
    return plans;
}

/** @return a plan in words */
std::string
Describe(const Plan& plan)
{
    return std::string(ToString(plan.type)) + (plan.installed ? " installed" : " full") +
           (plan.earlyKey ? " early" : " late") +
           (plan.spoiled == SIZE_MAX ? "" : " frame " + std::to_string(plan.spoiled));
}

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
        };
        const std::vector<std::size_t> sizes{36, 11, 19, 3, 2, 3, 11, 7, 2, 3};
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

// ---------------------------------------------------------------------------------------------
// Runs
// ---------------------------------------------------------------------------------------------

/** @brief Whole runs: sizes, keys, states, counts. */
class RunTestCase : public TestCase
{
  public:
    RunTestCase()
        : TestCase("All technologies authenticate, in full and with a key installed beforehand")
    {
    }

  private:
    void DoRun() override
    {
        struct Expected
        {
            LinkType type;                      //!< of the link
            std::vector<std::size_t> full;      //!< frames with EAP or AKA
            std::vector<std::size_t> shortened; //!< frames with a key installed
            std::vector<std::string> keys;      //!< names of the keys
        };

        // EAP packets: requests of 40, 100 and 160, responses of 30, 100 and 170 octets, Success 4.
        const std::vector<Expected> expected{
            {LinkType::WIFI,
             {4, 44, 34, 104, 104, 164, 174, 8, 121, 121, 155, 99},
             {121, 121, 155, 99},
             {"KCK", "KEK", "TK", "GTK"}},
            {LinkType::ETHERNET, {4, 44, 34, 104, 104, 164, 174, 8}, {}, {"MSK"}},
            {LinkType::WIMAX,
             {3, 45, 35, 105, 105, 166, 176, 9, 46, 79, 79, 34, 108},
             {46, 79, 79, 34, 108},
             {"KEK", "CMAC_KEY_U", "CMAC_KEY_D", "TEK0", "TEK1"}},
            {LinkType::UMTS,
             {3, 11, 36, 11, 13, 8},
             {13, 8},
             {"K_ASME", "K_NASint", "K_NASenc", "K_eNB"}},
        };
        for (const Expected& e : expected)
        {
            for (const bool installed : {false, true})
            {
                for (const bool early : {false, true})
                {
                    Plan plan;
                    plan.type = e.type;
                    plan.installed = installed;
                    plan.earlyKey = early;
                    plan.authenticatorFirst = installed || e.type == LinkType::UMTS;
                    Conversation talk(plan);
                    talk.Run();
                    Check(talk, installed ? e.shortened : e.full, e.keys);
                }
            }
        }
        RunBothStart();
        RunOneKey();
        RunGroupKey();
    }

    /** @brief Only one end has a key beforehand: the full authentication is run. */
    void RunOneKey()
    {
        for (const LinkType type : {LinkType::WIFI, LinkType::WIMAX, LinkType::UMTS})
        {
            for (const bool supplicant : {true, false})
            {
                for (const bool first : {true, false})
                {
                    Plan plan;
                    plan.type = type;
                    plan.onlySupplicant = supplicant;
                    plan.onlyAuthenticator = !supplicant;
                    plan.authenticatorFirst = first || supplicant;
                    if (type == LinkType::UMTS && !supplicant)
                    {
                        continue;
                    }
                    Conversation talk(plan);
                    talk.Run();
                    const std::string what = Describe(plan) + (supplicant ? " MN" : " PoA");
                    NS_TEST_EXPECT_MSG_EQ(talk.keysInstalled, true, what);
                    NS_TEST_EXPECT_MSG_EQ(talk.Agreed(), true, what);
                    NS_TEST_EXPECT_MSG_EQ(talk.repetitions, 0u, what);
                    NS_TEST_EXPECT_MSG_GT(talk.sent.size(), 5u, what);
                }
            }
        }
    }

    /** @brief Check one run. */
    void Check(Conversation& talk,
               const std::vector<std::size_t>& sizes,
               const std::vector<std::string>& names)
    {
        const std::string what = Describe(talk.plan);
        NS_TEST_EXPECT_MSG_EQ(talk.Agreed(), true, what);
        NS_TEST_EXPECT_MSG_EQ(talk.keysInstalled, talk.plan.installed, what);
        NS_TEST_EXPECT_MSG_EQ(talk.repetitions, 0u, what);
        NS_TEST_EXPECT_MSG_EQ(Print(talk.Sizes()), Print(sizes), what);
        NS_TEST_EXPECT_MSG_EQ(talk.supplicant->State(), State::AUTHENTICATED, what);
        NS_TEST_EXPECT_MSG_EQ(talk.authenticator->State(), State::AUTHENTICATED, what);
        const LinkKeys& keys = talk.supplicant->Keys();
        NS_TEST_EXPECT_MSG_EQ(keys.All().size(), names.size(), what);
        for (const std::string& name : names)
        {
            const SecretBytes* key = keys.Find(name);
            NS_TEST_EXPECT_MSG_EQ((key != nullptr && key->size() >= 16), true, what << ' ' << name);
        }
        if (!talk.plan.installed || talk.plan.type != LinkType::ETHERNET)
        {
            NS_TEST_EXPECT_MSG_EQ(talk.Dropped(Drop::UNEXPECTED), false, what);
        }
        const OperationCounter& a = talk.mobile.ctx.Counter();
        const OperationCounter& b = talk.network.ctx.Counter();
        const auto calls = [](const OperationCounter& counter, CryptoOperation operation) {
            return counter.Calls(operation);
        };
        switch (talk.plan.type)
        {
        case LinkType::WIFI:
            // PMKID, three blocks of PTK, and a MIC for each of messages 2, 3 and 4.
            NS_TEST_EXPECT_MSG_EQ(calls(a, CryptoOperation::HMAC_SHA1), 7u, what);
            NS_TEST_EXPECT_MSG_EQ(calls(b, CryptoOperation::HMAC_SHA1), 7u, what);
            NS_TEST_EXPECT_MSG_EQ(calls(a, CryptoOperation::KEY_UNWRAP), 1u, what);
            NS_TEST_EXPECT_MSG_EQ(calls(b, CryptoOperation::KEY_WRAP), 1u, what);
            NS_TEST_EXPECT_MSG_EQ(calls(a, CryptoOperation::RANDOM), 1u, what);
            NS_TEST_EXPECT_MSG_EQ(calls(b, CryptoOperation::RANDOM), 2u, what);
            break;
        case LinkType::WIMAX:
            // AK 2, AKID 1, keys under AK 3, and five digests.
            NS_TEST_EXPECT_MSG_EQ(calls(a, CryptoOperation::AES_CMAC), 11u, what);
            NS_TEST_EXPECT_MSG_EQ(calls(b, CryptoOperation::AES_CMAC), 11u, what);
            NS_TEST_EXPECT_MSG_EQ(calls(a, CryptoOperation::KEY_UNWRAP), 2u, what);
            NS_TEST_EXPECT_MSG_EQ(calls(b, CryptoOperation::KEY_WRAP), 2u, what);
            break;
        case LinkType::UMTS:
            // Three keys under K_ASME, and K_ASME itself where AKA made it: in the home network.
            NS_TEST_EXPECT_MSG_EQ(calls(a, CryptoOperation::HMAC_SHA256),
                                  talk.plan.installed ? 3u : 4u,
                                  what);
            NS_TEST_EXPECT_MSG_EQ(calls(b, CryptoOperation::HMAC_SHA256), 3u, what);
            NS_TEST_EXPECT_MSG_EQ(calls(a, CryptoOperation::AES_CMAC), 2u, what);
            // f1 is two blocks, f2 to f5 are four, EEA2 counts once.
            NS_TEST_EXPECT_MSG_EQ(calls(a, CryptoOperation::AES_CBC),
                                  talk.plan.installed ? 1u : 7u,
                                  what);
            break;
        default:
            NS_TEST_EXPECT_MSG_EQ((a == OperationCounter() && b == OperationCounter()), true, what);
        }
    }

    /** @brief Both ends begin at once: the request goes twice, nothing else does. */
    void RunBothStart()
    {
        for (const LinkType type : {LinkType::WIFI, LinkType::ETHERNET, LinkType::WIMAX})
        {
            Plan plan;
            plan.type = type;
            Conversation talk(plan);
            talk.Run();
            NS_TEST_EXPECT_MSG_EQ(talk.Agreed(), true, Describe(plan));
        }
    }

    /** @brief A new group key, again and again, with a loss. */
    void RunGroupKey()
    {
        Plan plan;
        plan.installed = true;
        Conversation talk(plan);
        talk.Run();
        SecretBytes last;
        for (unsigned i = 0; i < 3; ++i)
        {
            // The first message gets lost in one of the rounds.
            talk.plan.fate = Fate::LOSE;
            talk.plan.spoiled = i == 1 ? talk.sent.size() : SIZE_MAX;
            talk.Do(true, talk.authenticator->UpdateGroupKey());
            talk.Deliver();
            talk.Do(true, talk.authenticator->Repeat());
            talk.Deliver();
            const SecretBytes* gtk = talk.supplicant->Keys().Find("GTK");
            NS_TEST_EXPECT_MSG_EQ((gtk != nullptr && *gtk != last), true, "new");
            NS_TEST_EXPECT_MSG_EQ(talk.Agreed(), true, "round " << i);
            last = gtk ? *gtk : SecretBytes();
        }
        const auto sizes = talk.Sizes();
        NS_TEST_EXPECT_MSG_EQ(Print({sizes.begin() + 4, sizes.end()}),
                              "131 99 131 131 99 131 99 ",
                              "sizes");
        NS_TEST_EXPECT_MSG_EQ(bool(talk.authenticator->Repeat().frames.empty()), true, "done");
    }

    /** @return numbers in a line. @param sizes the numbers */
    static std::string Print(const std::vector<std::size_t>& sizes)
    {
        std::string text;
        for (const std::size_t size : sizes)
        {
            text += std::to_string(size) + ' ';
        }
        return text;
    }
};

/** @brief The same seed gives the same octets; the counting backend the same sizes and counts. */
class DeterminismTestCase : public TestCase
{
  public:
    DeterminismTestCase()
        : TestCase("Equal seeds give equal frames, both backends equal sizes and counts")
    {
    }

  private:
    void DoRun() override
    {
        for (Plan plan : GoodPlans())
        {
            Conversation first(plan);
            first.Run();
            Conversation second(plan);
            second.Run();
            plan.backend = CryptoBackend::COUNTING;
            Conversation counting(plan);
            counting.Run();
            plan.backend = CryptoBackend::OPENSSL;
            plan.seed = 2;
            Conversation other(plan);
            other.Run();
            const std::string what = Describe(plan);
            NS_TEST_EXPECT_MSG_EQ((Join(first) == Join(second)), true, what);
            NS_TEST_EXPECT_MSG_EQ((first.supplicant->Keys() == second.supplicant->Keys()),
                                  true,
                                  what);
            NS_TEST_EXPECT_MSG_EQ(counting.Agreed(), true, what);
            NS_TEST_EXPECT_MSG_EQ((first.Sizes() == counting.Sizes()), true, what);
            NS_TEST_EXPECT_MSG_EQ((first.mobile.ctx.Counter() == counting.mobile.ctx.Counter()),
                                  true,
                                  what);
            NS_TEST_EXPECT_MSG_EQ((first.network.ctx.Counter() == counting.network.ctx.Counter()),
                                  true,
                                  what);
            NS_TEST_EXPECT_MSG_EQ(first.mobile.source.Drawn(),
                                  counting.mobile.source.Drawn(),
                                  what);
            NS_TEST_EXPECT_MSG_EQ(first.network.source.Drawn(),
                                  counting.network.source.Drawn(),
                                  what);
            const bool random = first.network.source.Drawn() + first.mobile.source.Drawn() +
                                    first.home.source.Drawn() !=
                                0;
            NS_TEST_EXPECT_MSG_EQ((Join(first) != Join(other)), random, what);
        }
    }

    /** @return all frames in one. @param talk the run */
    static Bytes Join(const Conversation& talk)
    {
        Bytes octets;
        for (const Sent& frame : talk.sent)
        {
            octets.insert(octets.end(), frame.octets.begin(), frame.octets.end());
        }
        return octets;
    }
};

/** @brief Every frame lost or doubled in turn. */
class LossTestCase : public TestCase
{
  public:
    LossTestCase()
        : TestCase("Any single frame may get lost or come twice")
    {
    }

  private:
    void DoRun() override
    {
        unsigned runs = 0;
        for (Plan plan : GoodPlans())
        {
            for (const bool first : {true, false})
            {
                plan.authenticatorFirst = first || plan.type == LinkType::UMTS || plan.installed;
                plan.spoiled = SIZE_MAX;
                Conversation whole(plan);
                whole.Run();
                for (const Fate fate : {Fate::LOSE, Fate::DOUBLE})
                {
                    for (plan.spoiled = 0; plan.spoiled < whole.sent.size(); ++plan.spoiled)
                    {
                        plan.fate = fate;
                        Conversation talk(plan);
                        talk.Run();
                        ++runs;
                        NS_TEST_EXPECT_MSG_EQ(talk.Agreed(), true, Describe(plan));
                        NS_TEST_EXPECT_MSG_EQ(talk.Dropped(Drop::SYNC_FAILURE),
                                              false,
                                              Describe(plan));
                        NS_TEST_EXPECT_MSG_EQ((talk.repetitions <= (fate == Fate::LOSE ? 1 : 0)),
                                              true,
                                              Describe(plan) << ' ' << talk.repetitions);
                    }
                }
            }
        }
        NS_TEST_EXPECT_MSG_GT(runs, 300u, "there were runs");
    }
};

/** @brief Frames cut short and frames with a changed bit. */
class ChangeTestCase : public TestCase
{
  public:
    ChangeTestCase()
        : TestCase("A frame that is cut short or changed gives no keys and does no harm")
    {
    }

  private:
    void DoRun() override
    {
        unsigned runs = 0;
        unsigned successes = 0;
        for (Plan plan : GoodPlans())
        {
            plan.fate = Fate::CHANGE;
            plan.rounds = 1;
            plan.authenticatorFirst = plan.type == LinkType::UMTS || plan.installed;
            if (plan.earlyKey && plan.installed)
            {
                continue;
            }
            Conversation whole(plan);
            whole.Run();
            for (plan.spoiled = 0; plan.spoiled < whole.sent.size(); ++plan.spoiled)
            {
                const std::size_t size = whole.sent[plan.spoiled].octets.size();
                for (std::size_t bit = 0; bit < 8 * size; ++bit)
                {
                    plan.change = [bit](Bytes octets) {
                        octets[bit / 8] ^= static_cast<uint8_t>(0x80 >> bit % 8);
                        return octets;
                    };
                    Run(plan, "bit " + std::to_string(bit), runs, successes);
                }
                for (std::size_t length = 0; length < size; ++length)
                {
                    plan.change = [length](Bytes octets) {
                        octets.resize(length);
                        return octets;
                    };
                    Run(plan, "cut at " + std::to_string(length), runs, successes);
                }
            }
        }
        NS_TEST_EXPECT_MSG_GT(runs, 10000u, "there were runs");
        // What cannot be repaired: an unprotected message that the standard makes final.
        NS_TEST_EXPECT_MSG_GT(successes, runs * 9 / 10, "most are repaired by a repetition");
    }

    /** @brief One run. */
    void Run(const Plan& plan, const std::string& what, unsigned& runs, unsigned& successes)
    {
        Conversation talk(plan);
        talk.Run();
        ++runs;
        successes += talk.Agreed();
        NS_TEST_EXPECT_MSG_EQ(talk.Sound(), true, Describe(plan) << ' ' << what);
        if (plan.type != LinkType::UMTS)
        {
            NS_TEST_EXPECT_MSG_EQ(talk.Agreed(), true, Describe(plan) << ' ' << what);
        }
        else
        {
            NS_TEST_EXPECT_MSG_EQ((talk.supplicant->Outcome() != Outcome::PENDING &&
                                   talk.authenticator->Outcome() != Outcome::PENDING),
                                  true,
                                  Describe(plan) << ' ' << what);
        }
    }
};

/** @brief Different keys, old frames, frames of others. */
class AttackTestCase : public TestCase
{
  public:
    AttackTestCase()
        : TestCase("Wrong keys, replayed and forged frames have a named outcome and give no keys")
    {
    }

  private:
    void DoRun() override
    {
        RunWrongKey();
        RunReplay();
        RunForgedMessage1();
        RunSecurityMismatch();
        RunDowngrade();
        RunBadMic();
        RunReplayWithin();
        RunAuthenticButOther();
        RunMisuse();
    }

    /** @brief Frames that come twice within a run, and what they are dropped for. */
    void RunReplayWithin()
    {
        for (const auto& [type, frame] : std::vector<std::pair<LinkType, std::size_t>>{
                 {LinkType::WIFI, 2},  // message 3
                 {LinkType::WIMAX, 0}, // SA-TEK-Challenge
                 {LinkType::WIMAX, 1}, // SA-TEK-Request
                 {LinkType::WIMAX, 2}, // SA-TEK-Response
                 {LinkType::WIMAX, 3}, // Key-Request
                 {LinkType::UMTS, 0}}) // Security mode command
        {
            Plan plan;
            plan.type = type;
            plan.installed = true;
            plan.fate = Fate::DOUBLE;
            plan.spoiled = frame;
            Conversation talk(plan);
            talk.Run();
            NS_TEST_EXPECT_MSG_EQ(talk.Dropped(Drop::REPLAYED), true, Describe(plan));
            NS_TEST_EXPECT_MSG_EQ(talk.Agreed(), true, Describe(plan));
        }
        // An answer to a counter that was not used, made with the right key.
        Plan plan;
        plan.installed = true;
        Conversation talk(plan);
        Bytes message1 = talk.authenticator->Start().frames.at(0);
        message1[16] = 9; // the last octet of the replay counter
        const auto message2 = talk.supplicant->Receive(message1).frames;
        NS_TEST_ASSERT_MSG_EQ(message2.size(), 1u, "message 2");
        NS_TEST_EXPECT_MSG_EQ(talk.authenticator->Receive(message2[0]).drop,
                              Drop::REPLAYED,
                              "counter");
    }

    /** @brief Messages of an end that has the key, but that are not the answer. */
    void RunAuthenticButOther()
    {
        Plan plan;
        plan.type = LinkType::WIMAX;
        plan.installed = true;
        plan.constant = true;
        Computer forger;
        const auto keys = DerivePkmKeys(forger.ctx, Ascending(0, 32), SPA, AA);

        struct Case
        {
            std::size_t frame;     //!< which is changed
            PkmAttributeType type; //!< what of it
            Drop reason;           //!< why it is dropped
        };

        for (const auto& [frame, type, reason] : std::vector<Case>{
                 {1, PkmAttributeType::BS_RANDOM, Drop::NONCE_MISMATCH},
                 {1, PkmAttributeType::SECURITY_CAPABILITIES, Drop::SECURITY_MISMATCH},
                 {2, PkmAttributeType::MS_RANDOM, Drop::NONCE_MISMATCH},
                 {2, PkmAttributeType::SA_DESCRIPTOR, Drop::SECURITY_MISMATCH},
                 {2, PkmAttributeType::SECURITY_NEGOTIATION, Drop::SECURITY_MISMATCH},
                 {4, PkmAttributeType::NONCE, Drop::NONCE_MISMATCH}})
        {
            plan.fate = Fate::CHANGE;
            plan.spoiled = frame;
            plan.change = [&, type = type](const Bytes& octets) {
                const auto message = DecodePkm(octets);
                Bytes changed(octets.begin(), octets.begin() + message->covered);
                const ByteView old = message->attributes.Find(type);
                const auto at = std::search(changed.begin(), changed.end(), old.begin(), old.end());
                at[static_cast<std::ptrdiff_t>(old.size()) - 1] ^= 1;
                const auto again = PkmAttributes::Decode(ByteView(changed).Sub(3));
                PkmMessage forged = *message;
                forged.attributes = *again;
                return SignAndEncodePkm(forger.ctx, keys, PacketNumber(*message), forged);
            };
            Conversation talk(plan);
            talk.Run();
            const bool final = reason == Drop::SECURITY_MISMATCH;
            LinkAuthenticationEnd& receiver =
                frame == 1 ? static_cast<LinkAuthenticationEnd&>(*talk.authenticator)
                           : static_cast<LinkAuthenticationEnd&>(*talk.supplicant);
            NS_TEST_EXPECT_MSG_EQ(talk.Dropped(reason), true, "frame " << frame);
            NS_TEST_EXPECT_MSG_EQ(receiver.Outcome(),
                                  (final ? Outcome::SECURITY_MISMATCH : Outcome::SUCCESS),
                                  "frame " << frame);
            NS_TEST_EXPECT_MSG_EQ(talk.Agreed(), !final, "after a repetition");
            NS_TEST_EXPECT_MSG_EQ(talk.Sound(), true, "frame " << frame);
        }

        // Security mode commands with the right MAC: of another key set, and with another
        // capability.
        const auto eps = DeriveEpsKeys(forger.ctx, Ascending(0, 32));
        plan.type = LinkType::UMTS;
        plan.fate = Fate::DELIVER;
        for (const bool capability : {false, true})
        {
            NasSecurityModeCommand command;
            command.algorithms = 0x22;
            command.ksi = capability ? 6 : 5;
            command.capability = Hex(capability ? "8020" : "a020");
            NasProtected message;
            message.payload = EncodeNas(command);
            Bytes input{0};
            input.insert(input.end(), message.payload.begin(), message.payload.end());
            message.mac = Eia2(forger.ctx, eps.kNasInt, 0, 0, NasDirection::DOWNLINK, input);
            Conversation talk(plan);
            const auto output = talk.supplicant->Receive(EncodeNas(message));
            NS_TEST_EXPECT_MSG_EQ(output.drop,
                                  capability ? Drop::SECURITY_MISMATCH : Drop::UNKNOWN_KEY,
                                  "command");
            NS_TEST_EXPECT_MSG_EQ(talk.supplicant->Keys().IsEmpty(), true, "no keys");
            if (capability)
            {
                NS_TEST_EXPECT_MSG_EQ(talk.supplicant->Outcome(),
                                      Outcome::SECURITY_MISMATCH,
                                      "final");
                talk.authenticator->Start();
                NS_TEST_ASSERT_MSG_EQ(output.frames.size(), 1u, "Security mode reject");
                talk.authenticator->Receive(output.frames[0]);
                NS_TEST_EXPECT_MSG_EQ(talk.authenticator->Outcome(),
                                      Outcome::SECURITY_MISMATCH,
                                      "final");
            }
        }
    }

    /** @brief One end has another key. */
    void RunWrongKey()
    {
        struct Case
        {
            LinkType type;         //!< of the link
            Outcome supplicant;    //!< outcome there
            Outcome authenticator; //!< outcome there
            Drop reason;           //!< that was given at least once
        };

        const std::vector<Case> cases{
            {LinkType::WIFI, Outcome::KEY_MISMATCH, Outcome::TIMEOUT, Drop::UNKNOWN_KEY},
            {LinkType::WIMAX, Outcome::KEY_MISMATCH, Outcome::TIMEOUT, Drop::UNKNOWN_KEY},
            {LinkType::UMTS, Outcome::KEY_MISMATCH, Outcome::KEY_MISMATCH, Drop::BAD_MIC}};
        for (const Case& c : cases)
        {
            for (const bool installed : {true, false})
            {
                if (c.type == LinkType::UMTS && !installed)
                {
                    continue;
                }
                Plan plan;
                plan.type = c.type;
                plan.installed = installed;
                plan.supplicantKey.data()[31] ^= 1;
                plan.supplicantKey.data()[63] ^= 1;
                Conversation talk(plan);
                talk.Run();
                NS_TEST_EXPECT_MSG_EQ(talk.Sound(), true, Describe(plan));
                NS_TEST_EXPECT_MSG_EQ(talk.supplicant->Outcome(), c.supplicant, Describe(plan));
                NS_TEST_EXPECT_MSG_EQ(talk.authenticator->Outcome(),
                                      c.authenticator,
                                      Describe(plan));
                NS_TEST_EXPECT_MSG_EQ(talk.Dropped(c.reason), true, Describe(plan));
            }
        }
        // Without PMKID in message 1, the authenticator finds out.
        FourWayParameters parameters;
        parameters.sendPmkid = false;
        Computer mobile;
        Computer network;
        FourWayAuthenticator authenticator(network.ctx, parameters, Repeat(1, 32));
        FourWaySupplicant supplicant(mobile.ctx, parameters, Repeat(2, 32));
        const Bytes message1 = authenticator.Start();
        NS_TEST_EXPECT_MSG_EQ(message1.size(), 99u, "no PMKID");
        const auto message2 = supplicant.Receive(*DecodeEapol(message1)).frame;
        NS_TEST_EXPECT_MSG_EQ(bool(message2), true, "answered");
        if (message2)
        {
            NS_TEST_EXPECT_MSG_EQ(authenticator.Receive(*DecodeEapol(*message2)).drop,
                                  Drop::BAD_MIC,
                                  "another key");
        }
    }

    /** @brief All frames of a run, once more: after its end, and to a run with other nonces. */
    void RunReplay()
    {
        for (const LinkType type : LINK_TYPES)
        {
            for (const bool installed : {true, false})
            {
                Plan plan;
                plan.type = type;
                plan.installed = installed;
                Conversation old(plan);
                old.Run();
                const LinkKeys keys = old.supplicant->Keys();
                for (const Sent& frame : std::vector<Sent>(old.sent))
                {
                    LinkAuthenticationEnd& end =
                        frame.downlink ? static_cast<LinkAuthenticationEnd&>(*old.supplicant)
                                       : static_cast<LinkAuthenticationEnd&>(*old.authenticator);
                    end.Receive(frame.octets);
                }
                NS_TEST_EXPECT_MSG_EQ((old.Agreed() && old.supplicant->Keys() == keys),
                                      true,
                                      Describe(plan) << " after its end");

                // The same key, another run, only old frames for one end.
                if (type == LinkType::ETHERNET)
                {
                    continue;
                }
                for (const bool downlink : {true, false})
                {
                    plan.seed = 7;
                    plan.usimSqn = old.usim.Sqn();
                    Conversation fresh(plan);
                    LinkAuthenticationEnd& end =
                        downlink ? static_cast<LinkAuthenticationEnd&>(*fresh.supplicant)
                                 : static_cast<LinkAuthenticationEnd&>(*fresh.authenticator);
                    fresh.Do(!downlink, end.Start());
                    for (const Sent& frame : old.sent)
                    {
                        if (frame.downlink == downlink)
                        {
                            fresh.Do(!downlink, end.Receive(frame.octets));
                        }
                    }
                    // The security mode of LTE has no nonces: K_ASME must not be used twice.
                    const bool taken = type == LinkType::UMTS && installed;
                    NS_TEST_EXPECT_MSG_EQ((end.Outcome() == Outcome::SUCCESS),
                                          taken,
                                          Describe(plan) << (downlink ? " down" : " up"));
                }
            }
        }
    }

    /** @brief Somebody sends message 1 with an ANonce of his own. */
    void RunForgedMessage1()
    {
        Plan plan;
        plan.installed = true;
        Conversation talk(plan);
        const auto message1 = talk.authenticator->Start().frames;
        NS_TEST_ASSERT_MSG_EQ(message1.size(), 1u, "message 1");
        auto message2 = talk.supplicant->Receive(message1[0]).frames;
        Bytes forged = message1[0];
        forged[20] ^= 0xff; // in ANonce
        NS_TEST_EXPECT_MSG_EQ(talk.supplicant->Receive(forged).frames.size(), 1u, "answered");
        NS_TEST_ASSERT_MSG_EQ(message2.size(), 1u, "message 2");
        talk.Do(true, talk.authenticator->Receive(message2[0]));
        talk.Deliver();
        NS_TEST_EXPECT_MSG_EQ(talk.Agreed(), true, "the forged message did no harm");
    }

    /** @brief The authenticator announces something else than it did before. */
    void RunSecurityMismatch()
    {
        Computer mobile;
        Computer network;
        FourWayParameters announced;
        FourWayParameters forged;
        forged.rsn.capabilities = 0x0080;
        for (const bool atSupplicant : {true, false})
        {
            FourWaySupplicant supplicant(mobile.ctx,
                                         atSupplicant ? forged : announced,
                                         Repeat(1, 32));
            FourWayAuthenticator authenticator(network.ctx,
                                               atSupplicant ? announced : forged,
                                               Repeat(1, 32));
            const auto message2 = supplicant.Receive(*DecodeEapol(authenticator.Start())).frame;
            NS_TEST_ASSERT_MSG_EQ(bool(message2), true, "message 2");
            NS_TEST_EXPECT_MSG_EQ(authenticator.Receive(*DecodeEapol(*message2)).drop,
                                  Drop::SECURITY_MISMATCH,
                                  "noticed");
            NS_TEST_EXPECT_MSG_EQ((authenticator.Ptk().tk.empty() && !supplicant.IsDone()),
                                  true,
                                  "no keys");
        }
    }

    /** @brief Message 3 with the right MIC and another RSN element: a downgrade by a key holder. */
    void RunDowngrade()
    {
        Computer forger;
        FourWayParameters parameters;
        parameters.authenticator = AA;
        parameters.supplicant = SPA;
        KeyNonce anonce;
        anonce.fill(0xa0);
        KeyNonce snonce;
        snonce.fill(0xb0);
        const auto ptk = DerivePtk(forger.ctx, Ascending(0, 32), parameters, anonce, snonce);
        Plan plan;
        plan.installed = true;
        plan.constant = true;
        plan.fate = Fate::CHANGE;
        plan.spoiled = 2;
        plan.change = [&](const Bytes& octets) {
            EapolKey key = *DecodeEapolKey(DecodeEapol(octets)->body);
            SecretBytes data = *UnwrapKey(forger.ctx, ptk.kek, key.keyData);
            data.data()[20] ^= 0x80; // in RSN capabilities
            key.keyData = WrapKey(forger.ctx, ptk.kek, data);
            key.mic = {};
            const auto mic = HmacSha1(forger.ctx, ptk.kck, {EncodeEapolKey(key)});
            std::copy_n(mic.begin(), key.mic.size(), key.mic.begin());
            return EncodeEapolKey(key);
        };
        Conversation talk(plan);
        talk.Run();
        NS_TEST_EXPECT_MSG_EQ(talk.Dropped(Drop::SECURITY_MISMATCH), true, "noticed");
        NS_TEST_EXPECT_MSG_EQ(talk.supplicant->Outcome(), Outcome::SECURITY_MISMATCH, "final");
        NS_TEST_EXPECT_MSG_EQ(talk.authenticator->Outcome(), Outcome::TIMEOUT, "no message 4");
        NS_TEST_EXPECT_MSG_EQ(talk.Sound(), true, "no keys");
    }

    /** @brief Every message with a MIC, its MIC changed. */
    void RunBadMic()
    {
        const std::vector<std::pair<LinkType, std::vector<std::size_t>>> cases{
            {LinkType::WIFI, {1, 2, 3}},
            {LinkType::WIMAX, {0, 1, 2, 3, 4}},
            {LinkType::UMTS, {0, 1}}};
        for (const auto& [type, frames] : cases)
        {
            for (const std::size_t frame : frames)
            {
                Plan plan;
                plan.type = type;
                plan.installed = true;
                plan.fate = Fate::CHANGE;
                plan.spoiled = frame;
                plan.patience = 0;
                plan.change = [type = type](Bytes octets) {
                    octets[type == LinkType::WIFI    ? 81
                           : type == LinkType::WIMAX ? octets.size() - 1
                                                     : 1] ^= 1;
                    return octets;
                };
                Conversation talk(plan);
                talk.Run();
                NS_TEST_EXPECT_MSG_EQ(talk.Dropped(Drop::BAD_MIC), true, Describe(plan));
                NS_TEST_EXPECT_MSG_EQ(talk.Agreed(), false, Describe(plan));
                NS_TEST_EXPECT_MSG_EQ(talk.Sound(), true, Describe(plan));
            }
        }
    }

    /** @brief Calls that come too early, too late or with too little. */
    void RunMisuse()
    {
        for (const LinkType type : LINK_TYPES)
        {
            Plan plan;
            plan.type = type;
            Conversation talk(plan);
            NS_TEST_EXPECT_MSG_EQ(talk.supplicant->InstallKey(Ascending(0, 31)), false, "short");
            NS_TEST_EXPECT_MSG_EQ(talk.supplicant->Repeat().frames.empty(), true, "not begun");
            NS_TEST_EXPECT_MSG_EQ(talk.authenticator->SendEap(Hex("01000004")).drop,
                                  Drop::UNEXPECTED,
                                  "not begun");
            NS_TEST_EXPECT_MSG_EQ(talk.authenticator->UpdateGroupKey().drop,
                                  Drop::UNEXPECTED,
                                  "no keys yet");
            NS_TEST_EXPECT_MSG_EQ(talk.authenticator->ReceiveVector(std::nullopt).drop,
                                  Drop::UNEXPECTED,
                                  "not asked for");
            talk.supplicant->Start();
            talk.authenticator->Start();
            NS_TEST_EXPECT_MSG_EQ(talk.supplicant->InstallKey(Ascending(0, 32)), false, "late");
            NS_TEST_EXPECT_MSG_EQ(talk.authenticator->Start().drop, Drop::UNEXPECTED, "twice");
            NS_TEST_EXPECT_MSG_EQ(talk.supplicant->GiveUp(), Outcome::TIMEOUT, "in vain");
            NS_TEST_EXPECT_MSG_EQ(talk.supplicant->Receive(Hex("02010000")).drop,
                                  Drop::UNEXPECTED,
                                  "failed");
            NS_TEST_EXPECT_MSG_EQ(talk.supplicant->State(), State::FAILED, "failed");
            const auto failed = talk.authenticator->EapFailed(Hex("04000004"));
            NS_TEST_EXPECT_MSG_EQ(failed.frames.size(), 1u, "Failure is sent");
            NS_TEST_EXPECT_MSG_EQ(talk.authenticator->Outcome(), Outcome::EAP_FAILED, "failed");
        }
        for (const LinkType type : {LinkType::WIFI, LinkType::WIMAX, LinkType::ETHERNET})
        {
            Plan plan;
            plan.type = type;
            plan.supplicantKey = SecretBytes(Ascending(0, 16));
            plan.authenticatorKey = SecretBytes(Ascending(0, 16));
            Conversation talk(plan);
            talk.Run();
            NS_TEST_EXPECT_MSG_EQ(talk.authenticator->Outcome(), Outcome::UNUSABLE_KEY, "short");
            NS_TEST_EXPECT_MSG_EQ(talk.Sound(), true, "no keys");
        }
        Computer node;
        NS_TEST_EXPECT_MSG_EQ(bool(MakeLinkSupplicant(node.ctx, MakeLink(LinkType::GSM))),
                              false,
                              "no such authentication");
        LinkTupleId link = MakeLink(LinkType::WIFI);
        link.poa = LinkAddress::Cell3g(PLMN, 7);
        NS_TEST_EXPECT_MSG_EQ(bool(MakeLinkAuthenticator(node.ctx, link)), false, "address");
        link.poa.reset();
        NS_TEST_EXPECT_MSG_EQ(bool(MakeLinkAuthenticator(node.ctx, link)), false, "no address");
        link = MakeLink(LinkType::UMTS);
        link.poa = LinkAddress::Mac(AA);
        NS_TEST_EXPECT_MSG_EQ(bool(MakeLinkAuthenticator(node.ctx, link)), false, "no network");
    }
};

/** @brief What can go wrong between USIM and home network. */
class AkaTestCase : public TestCase
{
  public:
    AkaTestCase()
        : TestCase("EPS-AKA resynchronises, and refuses with a named outcome")
    {
    }

  private:
    void DoRun() override
    {
        Plan plan;
        plan.type = LinkType::UMTS;

        // The USIM is ahead: one more vector, made with its sequence number.
        plan.usimSqn = 1000;
        Conversation ahead(plan);
        ahead.Run();
        NS_TEST_EXPECT_MSG_EQ(ahead.Agreed(), true, "resynchronised");
        NS_TEST_EXPECT_MSG_EQ(ahead.Dropped(Drop::SYNC_FAILURE), true, "noticed");
        NS_TEST_EXPECT_MSG_EQ(ahead.vectorRequests.size(), 2u, "two vectors");
        NS_TEST_EXPECT_MSG_EQ(ahead.subscriber.Sqn(), 1001u, "home network");
        NS_TEST_EXPECT_MSG_EQ(ahead.usim.Sqn(), 1001u, "USIM");
        const auto sizes = ahead.Sizes();
        const std::vector<std::size_t> expected{3, 11, 36, 19, 36, 11, 13, 8};
        NS_TEST_EXPECT_MSG_EQ((sizes == expected), true, "frames");

        // A second authentication of the same USIM.
        ahead.supplicant =
            MakeLinkSupplicant(ahead.Mobile(), MakeLink(LinkType::UMTS), &ahead.usim);
        ahead.authenticator = MakeLinkAuthenticator(ahead.Network(), MakeLink(LinkType::UMTS));
        ahead.Run();
        NS_TEST_EXPECT_MSG_EQ(ahead.Agreed(), true, "once more");
        NS_TEST_EXPECT_MSG_EQ(ahead.usim.Sqn(), 1002u, "USIM");

        // AUTS that is not authentic.
        auto forged = ahead.vectorRequests[1];
        NS_TEST_ASSERT_MSG_EQ(bool(forged.resynchronisation), true, "AUTS");
        forged.resynchronisation->auts[13] ^= 1;
        NS_TEST_EXPECT_MSG_EQ(bool(ahead.subscriber.MakeVector(ahead.home.ctx, forged)),
                              false,
                              "AUTS");
        NS_TEST_EXPECT_MSG_EQ(ahead.subscriber.Sqn(), 1002u, "unchanged");

        // The sequence number is used up.
        plan.usimSqn = (uint64_t{1} << 48) - 1;
        Conversation over(plan);
        over.Run();
        NS_TEST_EXPECT_MSG_EQ(over.authenticator->Outcome(), Outcome::REFUSED, "used up");
        plan.usimSqn = 0;

        // Another K: AUTN is not authentic, and a second vector does not help.
        plan.usimK = "00000000000000000000000000000000";
        Conversation wrong(plan);
        wrong.Run();
        NS_TEST_EXPECT_MSG_EQ(wrong.supplicant->Outcome(), Outcome::REFUSED, "wrong K");
        NS_TEST_EXPECT_MSG_EQ(wrong.authenticator->Outcome(), Outcome::REFUSED, "wrong K");
        NS_TEST_EXPECT_MSG_EQ(wrong.Dropped(Drop::BAD_MIC), true, "AUTN");
        NS_TEST_EXPECT_MSG_EQ(wrong.vectorRequests.size(), 3u, "not for ever");
        NS_TEST_EXPECT_MSG_EQ(wrong.usim.Sqn(), 0u, "unchanged");
        plan.usimK = K;

        // A subscriber that is not known.
        plan.homeKnows = false;
        Conversation stranger(plan);
        stranger.Run();
        NS_TEST_EXPECT_MSG_EQ(stranger.supplicant->Outcome(), Outcome::REFUSED, "stranger");
        NS_TEST_EXPECT_MSG_EQ(stranger.authenticator->Outcome(), Outcome::REFUSED, "stranger");
        plan.homeKnows = true;

        // A wrong response.
        plan.fate = Fate::CHANGE;
        plan.spoiled = 3;
        plan.change = [](Bytes octets) {
            octets.back() ^= 1;
            return octets;
        };
        Conversation response(plan);
        response.Run();
        NS_TEST_EXPECT_MSG_EQ(response.supplicant->Outcome(), Outcome::REFUSED, "RES");
        NS_TEST_EXPECT_MSG_EQ(response.authenticator->Outcome(), Outcome::REFUSED, "RES");
        NS_TEST_EXPECT_MSG_EQ(response.Dropped(Drop::REFUSED), true, "RES");
        NS_TEST_EXPECT_MSG_EQ(response.Sound(), true, "no keys");

        // A vector of another kind of network.
        Computer home;
        const Milenage milenage(Hex(K), Hex(OPC));
        AkaRand rand;
        rand.fill(0x5a);
        const AkaSequence sqn{0, 0, 0, 0, 0, 9};
        const auto ak = milenage.F2345(home.ctx, rand).ak;
        Bytes autn;
        for (std::size_t i = 0; i < sqn.size(); ++i)
        {
            autn.push_back(sqn[i] ^ ak[i]);
        }
        autn.resize(8);
        const auto mac = milenage.F1(home.ctx, rand, sqn, 0).macA;
        autn.insert(autn.end(), mac.begin(), mac.end());
        Usim usim(IMSI, Hex(K), Hex(OPC));
        const auto answer = usim.Authenticate(home.ctx, rand, autn);
        NS_TEST_EXPECT_MSG_EQ((answer.cause && *answer.cause == EmmCause::NON_EPS_AUTHENTICATION),
                              true,
                              "separation bit");
        NS_TEST_EXPECT_MSG_EQ((answer.ck.empty() && usim.Sqn() == 0), true, "no keys");
    }
};

// ---------------------------------------------------------------------------------------------
// tshark
// ---------------------------------------------------------------------------------------------

/** @brief tshark reads the frames as what they are. */
class DissectorTestCase : public TestCase
{
  public:
    DissectorTestCase()
        : TestCase("tshark names every frame, and none is malformed")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(HasProgram("tshark"), true, "this test needs tshark: install it");
        // EAPOL, on Ethernet.
        Recorded eapol(LinkType::WIFI);
        const std::string ethernet = WritePcap("eapol.pcap", 1, eapol.sent);
        const std::string messages =
            Shark(ethernet, "-Y eapol.type==3 -T fields -e wlan_rsna_eapol.keydes.msgnr");
        NS_TEST_EXPECT_MSG_EQ(messages, "1\n2\n3\n4\n1\n2\n", "EAPOL-Key");
        const std::string info = Shark(ethernet, "-T fields -e _ws.col.Info");
        NS_TEST_EXPECT_MSG_EQ(info.find("Start\n"), 0u, info);
        for (const auto* text : {"Key (Message 1 of 4)",
                                 "Key (Message 2 of 4)",
                                 "Key (Message 3 of 4)",
                                 "Key (Message 4 of 4)",
                                 "Key (Group Message 1 of 2)",
                                 "Key (Group Message 2 of 2)"})
        {
            NS_TEST_EXPECT_MSG_NE(info.find(text), std::string::npos, text << " in " << info);
        }
        NS_TEST_EXPECT_MSG_EQ(Shark(ethernet, "-Y _ws.malformed"), "", "malformed EAPOL");

        // Given the PMK, tshark derives the keys, checks the MICs and opens the group key.
        const std::string wifi = WritePcap("wifi.pcap", 105, eapol.sent);
        const std::string opened =
            Shark(wifi,
                  "-o wlan.enable_decryption:TRUE -o " +
                      Quote("uat:80211_keys:\"wpa-psk\",\"" + ToHex(Ascending(0, 32)) + "\"") +
                      " -Y wlan.rsn.ie.gtk_kde.gtk -T fields -e wlan_rsna_eapol.keydes.msgnr"
                      " -e wlan.analysis.kck -e wlan.analysis.kek -e wlan.rsn.ie.gtk_kde.gtk");
        const LinkKeys& keys = eapol.supplicant->Keys();
        const auto key = [&keys](const char* name) {
            const SecretBytes* found = keys.Find(name);
            return found ? ToHex(*found) : std::string();
        };
        const std::string pairwise = '\t' + key("KCK") + '\t' + key("KEK") + '\t';
        NS_TEST_EXPECT_MSG_EQ(opened,
                              "3" + pairwise + ToHex(eapol.firstGtk) + "\n1" + pairwise +
                                  key("GTK") + '\n',
                              "keys as tshark finds them");

        const std::string nas = WritePcap("nas.pcap", 147, Recorded(LinkType::UMTS).sent);
        NS_TEST_EXPECT_MSG_EQ(Shark(nas, User("nas-eps") + "-T fields -e nas_eps.nas_msg_emm_type"),
                              "0x55\n0x56\n0x52\n0x5c\n0x52\n0x53\n0x5d\n\n",
                              "NAS messages; the last one is ciphered");
        NS_TEST_EXPECT_MSG_EQ(
            Shark(nas, User("nas-eps") + "-T fields -e nas_eps.security_header_type"),
            "0\n0\n0\n0\n0\n0\n3,0\n4\n",
            "protection");
        NS_TEST_EXPECT_MSG_EQ(Shark(nas, User("nas-eps") + "-Y _ws.malformed"),
                              "",
                              "malformed NAS");

        Recorded pkm(LinkType::WIMAX);
        const std::string wimax = User("wmx_mac_mgmt_msg_decoder");
        const std::string whole = WritePcap("pkm.pcap", 147, pkm.sent);
        NS_TEST_EXPECT_MSG_EQ(Shark(whole, wimax + "-T fields -e wmx.pkm.msg_code"),
                              "17\n18\n18\n18\n20\n21\n22\n23\n24\n",
                              "PKM messages");
        // tshark 4.0 looks for a list of suites in Security Capabilities at the wrong offset, and
        // reads it where it stands alone.
        NS_TEST_EXPECT_MSG_EQ(
            Shark(whole, wimax + "-Y " + Quote("_ws.malformed && wmx.pkm.msg_code != 21")),
            "",
            "malformed PKM");
        Bytes& request = pkm.sent[5].octets;
        const Bytes wrapper{0x13, 0x0c};
        const auto at = std::search(request.begin(), request.end(), wrapper.begin(), wrapper.end());
        NS_TEST_ASSERT_MSG_EQ((at != request.end()), true, "Security Capabilities");
        request.erase(at, at + 2);
        const std::string bare = WritePcap("pkm-bare.pcap", 147, pkm.sent);
        NS_TEST_EXPECT_MSG_EQ(Shark(bare, wimax + "-Y _ws.malformed"), "", "malformed PKM");
        NS_TEST_EXPECT_MSG_EQ(Shark(bare, wimax + "-Y wmx.pkm.unknown.type"), "", "attributes");
        NS_TEST_EXPECT_MSG_EQ(
            Shark(bare, wimax + "-T fields -e wmx.pkm_msg.pkm_attr.cmac_digest.pn").substr(4),
            "0x00000001\n0x00000001\n0x00000002\n0x00000002\n0x00000003\n",
            "packet numbers");
    }

    /** @brief A run that shows all messages. */
    struct Recorded : Conversation
    {
        /** @brief Run. @param type link type */
        explicit Recorded(LinkType type)
            : Conversation(MakePlan(type))
        {
            Run();
            if (const SecretBytes* gtk = supplicant->Keys().Find("GTK"))
            {
                firstGtk = *gtk;
                Do(true, authenticator->UpdateGroupKey());
                Deliver();
            }
        }

        /** @return its plan. @param type link type */
        static Plan MakePlan(LinkType type)
        {
            Plan plan;
            plan.type = type;
            plan.rounds = 1;
            plan.authenticatorFirst = type == LinkType::UMTS;
            plan.usimSqn = 5;
            return plan;
        }

        SecretBytes firstGtk; //!< group key before the group key handshake
    };

    /** @return path of a capture. */
    std::string WritePcap(const std::string& name,
                          uint32_t linkType,
                          const std::vector<Sent>& frames)
    {
        std::string octets;
        const auto little = [&octets](uint32_t value, unsigned size) {
            for (; size != 0; --size, value >>= 8)
            {
                octets += static_cast<char>(value & 0xff);
            }
        };
        little(0xa1b2c3d4, 4);
        little(2, 2);
        little(4, 2);
        little(0, 4);
        little(0, 4);
        little(65535, 4);
        little(linkType, 4);
        for (std::size_t i = 0; i < frames.size(); ++i)
        {
            Bytes frame;
            if (linkType == 1)
            {
                const auto& to = frames[i].downlink ? SPA : AA;
                const auto& from = frames[i].downlink ? AA : SPA;
                frame.insert(frame.end(), to.begin(), to.end());
                frame.insert(frame.end(), from.begin(), from.end());
                frame.push_back(ETHERTYPE_EAPOL >> 8);
                frame.push_back(ETHERTYPE_EAPOL & 0xff);
            }
            if (linkType == 105)
            {
                const MacOctets& receiver = frames[i].downlink ? SPA : AA;
                const MacOctets& sender = frames[i].downlink ? AA : SPA;
                frame = {0x08, static_cast<uint8_t>(frames[i].downlink ? 0x02 : 0x01), 0, 0};
                frame.insert(frame.end(), receiver.begin(), receiver.end());
                frame.insert(frame.end(), sender.begin(), sender.end());
                frame.insert(frame.end(), AA.begin(), AA.end());
                const Bytes rest = Hex("0000aaaa03000000888e");
                frame.insert(frame.end(), rest.begin(), rest.end());
            }
            frame.insert(frame.end(), frames[i].octets.begin(), frames[i].octets.end());
            little(static_cast<uint32_t>(i), 4);
            little(0, 4);
            little(static_cast<uint32_t>(frame.size()), 4);
            little(static_cast<uint32_t>(frame.size()), 4);
            octets.append(frame.begin(), frame.end());
        }
        const std::string path = CreateTempDirFilename(name);
        WriteFile(path, octets);
        return path;
    }

    /** @return options that have bare messages read by a dissector */
    static std::string User(const std::string& dissector)
    {
        return "-o " +
               Quote("uat:user_dlts:\"User 0 (DLT=147)\",\"" + dissector +
                     "\",\"0\",\"\",\"0\",\"\"") +
               ' ';
    }

    /** @return what tshark prints */
    std::string Shark(const std::string& path, const std::string& options)
    {
        const auto result =
            RunCommand("tshark -n -r " + Quote(path) + ' ' + options + " 2>/dev/null");
        NS_TEST_EXPECT_MSG_EQ(result.status, 0, "tshark " << options);
        return result.output;
    }
};

/** @brief All tests of the link-layer authentication. */
class MisLinkAuthenticationTestSuite : public TestSuite
{
  public:
    MisLinkAuthenticationTestSuite()
        : TestSuite("mis-link-authentication", TestSuite::Type::UNIT)
    {
        AddTestCase(new VectorTestCase);
        AddTestCase(new FrameTestCase);
        AddTestCase(new GoldenFrameTestCase);
        AddTestCase(new RunTestCase);
        AddTestCase(new DeterminismTestCase);
        AddTestCase(new LossTestCase);
        AddTestCase(new ChangeTestCase);
        AddTestCase(new AttackTestCase);
        AddTestCase(new AkaTestCase);
        AddTestCase(new DissectorTestCase);
    }
};

MisLinkAuthenticationTestSuite g_misLinkAuthenticationTestSuite;

} // namespace
