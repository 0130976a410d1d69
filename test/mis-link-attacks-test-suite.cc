// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of the link-layer authentication under attack: wrong keys, replayed and forged
 * frames, AKA.
 */
#include "mis-link-authentication-test-helpers.h"

#include "ns3/mis-eapol-frame.h"
#include "ns3/mis-eps-aka.h"
#include "ns3/mis-four-way-handshake.h"
#include "ns3/mis-key-wrap.h"
#include "ns3/mis-mac.h"
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
                 {LinkType::UMTS, 0},  // Security mode command
                 {LinkType::UMTS, 1}}) // Security mode complete
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
            {LinkType::UMTS, {0, 1, 2}}};
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
        const std::vector<std::size_t> expected{3, 11, 36, 19, 36, 11, 13, 8, 35};
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

/** @brief All tests of attacks on the link-layer authentication and of its refusals. */
class MisLinkAttacksTestSuite : public TestSuite
{
  public:
    MisLinkAttacksTestSuite()
        : TestSuite("mis-link-attacks", TestSuite::Type::UNIT)
    {
        AddTestCase(new AttackTestCase);
        AddTestCase(new AkaTestCase);
    }
};

MisLinkAttacksTestSuite g_misLinkAttacksTestSuite;

} // namespace
