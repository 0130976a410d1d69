// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of attacks on the remedies: what is known to be weak in one of them can be shown.
 */
#include "mis-scenario-test.h"

#include "ns3/mis-kdf.h"
#include "ns3/mis-legacy-prf-remedy.h"
#include "ns3/mis-prf.h"
#include "ns3/mis-sa-protected-remedy.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

const std::string MN = RoamingScenarioHelper::MobileNodeId(0);
const std::string SPOS = RoamingScenarioHelper::PosId(0);
const std::string TPOS = RoamingScenarioHelper::PosId(1);

/// Octet by octet.
Bytes
Xor(ByteView a, ByteView b)
{
    Bytes out(a.begin(), a.end());
    for (size_t i = 0; i < out.size(); ++i)
    {
        out[i] ^= b[i];
    }
    return out;
}

/// The frame with another transaction identifier, which nothing protects.
Bytes
WithTid(Bytes frame, uint16_t tid)
{
    frame[4] = static_cast<uint8_t>((frame[4] & 0xF0) | tid >> 8);
    frame[5] = static_cast<uint8_t>(tid);
    return frame;
}

/// A bit of the masked key, flipped under way.
class BitFlipTestCase : public TestCase
{
  public:
    BitFlipTestCase()
        : TestCase("a bit flipped on the wire flips a bit of K in legacy, seen only at the "
                   "confirmation; remedy 1 drops the frame at once")
    {
    }

  private:
    void DoRun() override
    {
        const auto log = CreateTempDirFilename("flip.log");
        {
            Scenario scenario;
            auto& mis = scenario.roaming.GetMis();
            mis.SetRemedy("ns3::mis::LegacyPrfRemedy");
            scenario.AddNetworks(2);
            scenario.Build();
            mis.EnableKeyLog(log);
            bool isDone = false;
            scenario.AddTap(Scenario::DeviceOf(scenario.Mn()->GetMisf()), [&](Bytes& frame) {
                const auto view = ParseFrame(frame);
                if (isDone || !view || view->header.mid != PreregXferResponse::ID)
                {
                    return true;
                }
                auto response = DecodeBody<PreregXferResponse>(view->body);
                response->protectedKey->at(3) ^= 0x40;
                isDone = true;
                const mis::Header header = view->header;
                frame = EncodeFrame(header, MisfId(SPOS), MisfId(MN), *response);
                return true;
            });
            scenario.Preregister(Seconds(1));
            Scenario::Run(Seconds(20));
            NS_TEST_EXPECT_MSG_GT(scenario.WhenNs(MN, "accepted"), 0, "the MN takes the key");
            NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "key-mismatch", "until it is confirmed");
            NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", "nothing is left");
        }
        const auto kdk = Scenario::ReadKdk(log);
        NS_TEST_ASSERT_MSG_EQ(kdk.size(), 2u, "KDK lines");
        NS_TEST_EXPECT_MSG_EQ(ToHex(Xor(*FromHex(kdk[0].key), *FromHex(kdk[1].key))),
                              "00000040000000000000000000000000",
                              "K differs in the bit that was flipped");

        Scenario scenario;
        scenario.AddNetworks(2);
        scenario.Build();
        bool isDone = false;
        scenario.AddTap(Scenario::DeviceOf(scenario.Mn()->GetMisf()), [&](Bytes& frame) {
            const auto view = ParseFrame(frame);
            if (!isDone && view && view->header.mid == PreregXferResponse::ID &&
                view->header.secured)
            {
                isDone = true;
                frame[frame.size() - 20] ^= 0x40;
            }
            return true;
        });
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(20));
        auto misf = scenario.Mn()->GetMisf();
        NS_TEST_EXPECT_MSG_EQ(misf->GetDropCount(DropReason::BAD_ICV), 1u, "the frame is dropped");
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "and sent again");
    }
};

/// A source of randomness that repeats its nonces, not its keys.
class RepeatingSource : public RandomSource
{
  public:
    void Fill(uint8_t* out, size_t n) override
    {
        // Issue draws Nonce-N, then K.
        std::fill_n(out, n, m_calls % 2 == 0 ? uint8_t{0xB0} : static_cast<uint8_t>(m_calls));
        ++m_calls;
    }

  private:
    uint32_t m_calls{0};
};

/// The two-time pad.
class RepeatedNonceTestCase : public TestCase
{
  public:
    RepeatedNonceTestCase()
        : TestCase("with a repeated nonce, legacy leaks the xor of two keys")
    {
    }

  private:
    void DoRun() override
    {
        RepeatingSource random;
        CryptoContext crypto(CryptoBackend::OPENSSL, random);
        SecurityAssociation sa;
        sa.miak = SecretBytes::Zeros(32);
        auto remedy = CreateObject<LegacyPrfRemedy>();
        PreregXferRequest request;
        request.nonceT = Nonce{};
        std::vector<Bytes> keys;
        std::vector<Bytes> masked;
        for (int i = 0; i < 2; ++i)
        {
            ServingContext context(crypto);
            context.mn = MisfId(MN);
            context.tpos = MisfId(TPOS);
            context.mnSa = &sa;
            context.tposSa = &sa;
            N2nPreregXferRequest toTarget;
            const auto status = remedy->Issue(context, request, toTarget);
            NS_TEST_ASSERT_MSG_EQ((status == Status::SUCCESS), true, "K is issued");
            keys.emplace_back(context.key.View().begin(), context.key.View().end());
            masked.emplace_back(toTarget.protectedKey->begin(), toTarget.protectedKey->end());
        }
        NS_TEST_EXPECT_MSG_EQ((keys[0] != keys[1]), true, "the keys differ");
        NS_TEST_EXPECT_MSG_EQ((masked[0] != keys[0]), true, "a key is masked");
        NS_TEST_EXPECT_MSG_EQ((Xor(masked[0], masked[1]) == Xor(keys[0], keys[1])),
                              true,
                              "what is on the wire tells their xor");

        const auto mask = [&](uint8_t nonce) {
            Nonce n;
            n.fill(nonce);
            return DeriveKeyMask(crypto, DefaultPrf(), sa.miak, MisfId(MN), &n, &n, 16);
        };
        NS_TEST_EXPECT_MSG_EQ((mask(1) == mask(1)), true, "the mask repeats with the nonces");
        NS_TEST_EXPECT_MSG_EQ((mask(1) == mask(2)), false, "and not without");
    }
};

/// A recorded request of an SPoS, sent to the TPoS again.
class ReplayTestCase : public TestCase
{
  public:
    ReplayTestCase()
        : TestCase("a replayed N2N request is refused by the nonces in legacy and by the sequence "
                   "number in remedy 1, and a forged one ends no session made under an SA")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool isLegacy : {true, false})
        {
            Scenario scenario;
            scenario.roaming.GetMis().SetRemedy(isLegacy ? "ns3::mis::LegacyPrfRemedy"
                                                         : "ns3::mis::SaProtectedRemedy");
            scenario.AddNetworks(2);
            scenario.Build();
            auto misf = scenario.Pos(1)->GetMisf();
            Bytes recorded;
            scenario.AddTap(Scenario::DeviceOf(misf), [&](Bytes& frame) {
                const auto view = ParseFrame(frame);
                if (recorded.empty() && view && view->header.mid == N2nPreregXferRequest::ID)
                {
                    recorded = frame;
                }
                return true;
            });
            scenario.Preregister(Seconds(1));
            const auto keysAccepted = [&] {
                return std::count_if(scenario.keys.begin(), scenario.keys.end(), [](auto& event) {
                    return event.who == TPOS && event.what == "accepted";
                });
            };
            Scenario::At(Seconds(20), [&] {
                NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "outcome");
                NS_TEST_EXPECT_MSG_EQ(keysAccepted(), 1, "one key at the TPoS");
                scenario.Inject(scenario.Pos(1), recorded);
                scenario.Inject(scenario.Pos(1),
                                WithTid(recorded, 1 + (recorded[5] | (recorded[4] & 0xF) << 8)));
            });
            Scenario::Run(Seconds(21));
            NS_TEST_EXPECT_MSG_EQ(keysAccepted(), 1, "a replay brings no key");
            if (isLegacy)
            {
                NS_TEST_EXPECT_MSG_EQ(scenario.targets.empty() ? ""
                                                               : scenario.targets.back().outcome,
                                      "no-acceptable-key",
                                      "it is refused by name");
                const auto answers = scenario.Sent(TPOS, N2nPreregXferResponse::ID);
                NS_TEST_EXPECT_MSG_GT(answers.back().atNs,
                                      Seconds(20).GetNanoSeconds(),
                                      "the refusal is sent");
                continue;
            }
            NS_TEST_EXPECT_MSG_EQ(misf->GetDropCount(DropReason::REPLAYED), 2u, "dropped");
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetTargetSessions(), 1u, "the session stays");

            N2nPreregXferRequest forged;
            forged.mnId = MisfId(MN);
            forged.ciphersuite = uint8_t{1};
            mis::Header header{};
            header.tid = 77;
            Scenario::At(Seconds(22), [&] {
                scenario.Inject(scenario.Pos(1),
                                EncodeFrame(header, MisfId(SPOS), MisfId(TPOS), forged));
            });
            Scenario::Run(Seconds(40));
            NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.targets, 1),
                                  "unprotected-request",
                                  "the forged request is refused by name");
            NS_TEST_EXPECT_MSG_EQ(scenario.Pos(1)->GetTargetSessions(), 1u, "the session stays");
            NS_TEST_EXPECT_MSG_EQ(Scenario::SasWith(misf, MisfId(MN)).size(), 1u, "so does its SA");
        }
    }
};

/// All cases.
class RemedyAttacksTestSuite : public TestSuite
{
  public:
    RemedyAttacksTestSuite()
        : TestSuite("mis-remedy-attacks", TestSuite::Type::UNIT)
    {
        AddTestCase(new BitFlipTestCase);
        AddTestCase(new RepeatedNonceTestCase);
        AddTestCase(new ReplayTestCase);
    }
};

RemedyAttacksTestSuite g_remedyAttacksTestSuite; //!< the instance

} // namespace
