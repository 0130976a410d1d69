// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of the link-layer authentication: runs of all technologies, losses, changed frames.
 */
#include "mis-link-authentication-test-helpers.h"

#include "ns3/test.h"

#include <cstddef>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

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
             {3, 11, 36, 11, 13, 8, 35},
             {13, 8, 35},
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
            NS_TEST_EXPECT_MSG_EQ(calls(a, CryptoOperation::AES_CMAC), 3u, what);
            // f1 is two blocks, f2 to f5 are four, EEA2 counts once for each message.
            NS_TEST_EXPECT_MSG_EQ(calls(a, CryptoOperation::AES_CBC),
                                  talk.plan.installed ? 2u : 8u,
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

/** @brief All tests of the runs of the link-layer authentication. */
class MisLinkAuthenticationTestSuite : public TestSuite
{
  public:
    MisLinkAuthenticationTestSuite()
        : TestSuite("mis-link-authentication", TestSuite::Type::UNIT)
    {
        AddTestCase(new RunTestCase);
        AddTestCase(new DeterminismTestCase);
        AddTestCase(new LossTestCase);
        AddTestCase(new ChangeTestCase);
    }
};

MisLinkAuthenticationTestSuite g_misLinkAuthenticationTestSuite;

} // namespace
