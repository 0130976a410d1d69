// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Latencies against closed forms: without loss, jitter and processing, the time until both ends
 * hold K is a sum of link delays and serialisations.
 */
#include "mis-scenario-test.h"

#include <array>
#include <cmath>
#include <queue>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

const std::string MN = RoamingScenarioHelper::MobileNodeId(0);
const std::string SPOS = RoamingScenarioHelper::PosId(0);
const std::string TPOS = RoamingScenarioHelper::PosId(1);
const std::string GM = "gm@home.example";

const Time START = Seconds(1);
constexpr uint32_t SETTINGS = 24;       //!< random link settings
constexpr double TOLERANCE_NS = 1000.0; //!< one microsecond
constexpr uint32_t IP_AND_UDP = 28;     //!< octets

/// Small deterministic generator (xorshift64*), so that the settings are the same everywhere.
class Generator
{
  public:
    /// @param low least value @param high largest value @return one between, inclusive
    uint64_t Between(uint64_t low, uint64_t high)
    {
        m_state ^= m_state >> 12;
        m_state ^= m_state << 25;
        m_state ^= m_state >> 27;
        return low + (m_state * 2685821657736338717ULL >> 16) % (high - low + 1);
    }

  private:
    uint64_t m_state{88172645463325252ULL};
};

/// The links that matter, by what they connect.
enum LinkIndex : size_t
{
    ACCESS,
    LOCAL,
    WAN_S,
    WAN_T,
    HOME,
    LINKS
};

/// One of them: figures that the simulator is given and those of the closed form.
struct LinkSetting
{
    uint64_t downBps;  //!< from the WAN towards the edge; 0 is infinite
    uint64_t upBps;    //!< the other way
    uint64_t delayNs;  //!< one way
    uint32_t overhead; //!< octets a frame

    LinkProfile Profile() const
    {
        auto profile = Scenario::Link(NanoSeconds(delayNs));
        profile.rate = DataRate(downBps);
        profile.upRate = DataRate(upBps);
        profile.overheadOctets = overhead;
        return profile;
    }
};

using Setting = std::array<LinkSetting, LINKS>;

Setting
MakeSetting(Generator& random, bool infinite)
{
    Setting setting;
    for (auto& link : setting)
    {
        const auto rate = [&] { return infinite ? 0 : random.Between(1000, 200000) * 1000; };
        link.downBps = rate();
        link.upBps = rate();
        link.delayNs = random.Between(1000, 30000000);
        link.overhead = static_cast<uint32_t>(random.Between(0, 60));
    }
    return setting;
}

/// One-way delays of the closed form, nanoseconds.
struct Delays
{
    double w; //!< MN - SPoS
    double b; //!< SPoS - TPoS
    double g; //!< SPoS - GM
    double h; //!< GM - TPoS
    double d; //!< GM - MN

    explicit Delays(const Setting& s)
        : w(s[ACCESS].delayNs + s[LOCAL].delayNs),
          b(2.0 * s[LOCAL].delayNs + s[WAN_S].delayNs + s[WAN_T].delayNs),
          g(s[LOCAL].delayNs + s[WAN_S].delayNs + s[HOME].delayNs),
          h(s[HOME].delayNs + s[WAN_T].delayNs + s[LOCAL].delayNs),
          d(s[HOME].delayNs + s[WAN_S].delayNs + s[ACCESS].delayNs)
    {
    }
};

/**
 * @brief A calculator of its own for frames on first-in first-out links: what the closed form adds
 * for serialisation when frames of one node follow each other.
 */
class Calculator
{
  public:
    /// Directions of links.
    enum Direction : size_t
    {
        ACCESS_UP,
        ACCESS_DOWN,
        S_LOCAL_UP,
        S_LOCAL_DOWN,
        T_LOCAL_UP,
        T_LOCAL_DOWN,
        S_WAN_UP,
        S_WAN_DOWN,
        T_WAN_UP,
        T_WAN_DOWN,
        HOME_UP,
        HOME_DOWN,
        DIRECTIONS
    };

    using Path = std::vector<Direction>;
    using Arrived = std::function<void(double at)>;

    explicit Calculator(const Setting& s)
    {
        const auto set = [this](Direction up, Direction down, const LinkSetting& link) {
            m_directions[up] = {double(link.upBps), double(link.delayNs), link.overhead, 0.0};
            m_directions[down] = {double(link.downBps), double(link.delayNs), link.overhead, 0.0};
        };
        set(ACCESS_UP, ACCESS_DOWN, s[ACCESS]);
        set(S_LOCAL_UP, S_LOCAL_DOWN, s[LOCAL]);
        set(T_LOCAL_UP, T_LOCAL_DOWN, s[LOCAL]);
        set(S_WAN_UP, S_WAN_DOWN, s[WAN_S]);
        set(T_WAN_UP, T_WAN_DOWN, s[WAN_T]);
        set(HOME_UP, HOME_DOWN, s[HOME]);
    }

    /// Sends a frame of so many octets along a path at an instant.
    void Send(
        double at,
        uint32_t octets,
        const Path& path,
        Arrived arrived = [](double) {})
    {
        m_events.push({at, m_next++, octets, path, 0, std::move(arrived)});
    }

    /// Works until nothing is under way.
    void Run()
    {
        while (!m_events.empty())
        {
            auto event = m_events.top();
            m_events.pop();
            if (event.hop == event.path.size())
            {
                event.arrived(event.at);
                continue;
            }
            auto& link = m_directions[event.path[event.hop++]];
            const double serialisation =
                link.bps == 0 ? 0 : (event.octets + IP_AND_UDP + link.overhead) * 8e9 / link.bps;
            link.freeAt = std::max(link.freeAt, event.at) + serialisation;
            event.at = link.freeAt + link.delay;
            event.order = m_next++;
            m_events.push(std::move(event));
        }
    }

    static inline const Path MN_S{ACCESS_UP, S_LOCAL_DOWN};
    static inline const Path S_MN{S_LOCAL_UP, ACCESS_DOWN};
    static inline const Path S_T{S_LOCAL_UP, S_WAN_UP, T_WAN_DOWN, T_LOCAL_DOWN};
    static inline const Path T_S{T_LOCAL_UP, T_WAN_UP, S_WAN_DOWN, S_LOCAL_DOWN};
    static inline const Path S_GM{S_LOCAL_UP, S_WAN_UP, HOME_DOWN};
    static inline const Path GM_S{HOME_UP, S_WAN_DOWN, S_LOCAL_DOWN};
    static inline const Path GM_T{HOME_UP, T_WAN_DOWN, T_LOCAL_DOWN};
    static inline const Path T_GM{T_LOCAL_UP, T_WAN_UP, HOME_DOWN};
    static inline const Path GM_MN{HOME_UP, S_WAN_DOWN, ACCESS_DOWN};

  private:
    struct Link
    {
        double bps;
        double delay;
        uint32_t overhead;
        double freeAt;
    };

    struct Event
    {
        double at;
        uint64_t order;
        uint32_t octets;
        Path path;
        size_t hop;
        Arrived arrived;

        bool operator<(const Event& other) const
        {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    std::array<Link, DIRECTIONS> m_directions;
    std::priority_queue<Event> m_events;
    uint64_t m_next{0};
};

/// Octets of the frames of one simulation, by who sent what.
class Octets
{
  public:
    explicit Octets(const Scenario& scenario)
        : m_scenario(scenario)
    {
    }

    /// @return length of the n-th message of a kind that somebody sent
    uint32_t Message(const std::string& local, MessageId mid, size_t n = 0) const
    {
        const auto sent = m_scenario.Sent(local, mid);
        return n < sent.size() ? sent[n].octets : 0;
    }

    /// @return length of an acknowledgement of a kind of message
    uint32_t Ack(const std::string& local, MessageId mid) const
    {
        for (const auto& frame : m_scenario.frames)
        {
            if (frame.isTx && frame.local == local && frame.header.mid.Value() == mid.Value() &&
                frame.header.ackRsp && frame.source == local &&
                (mid.Opcode() != Opcode::RESPONSE || frame.header.length < 60))
            {
                return frame.octets;
            }
        }
        return 0;
    }

  private:
    const Scenario& m_scenario;
};

using Q = PreregXferRequest;
using R = PreregXferResponse;
using NQ = N2nPreregXferRequest;
using NR = N2nPreregXferResponse;

/// Legacy and remedy 1: the SPoS relays K, TPoS first.
double
RelayedKey(Calculator& c, const Octets& octets)
{
    double mn = 0;
    double tpos = 0;
    c.Send(0, octets.Message(MN, Q::ID), c.MN_S, [&](double t1) {
        c.Send(t1, octets.Message(SPOS, NQ::ID), c.S_T, [&](double t2) {
            tpos = t2;
            c.Send(t2, octets.Message(TPOS, NR::ID), c.T_S, [&](double t3) {
                c.Send(t3, octets.Message(SPOS, R::ID), c.S_MN, [&](double t4) { mn = t4; });
            });
        });
        c.Send(t1, octets.Ack(SPOS, Q::ID), c.S_MN);
    });
    c.Run();
    return std::max(mn, tpos);
}

/// Without the clause: four rounds, each through both hops; every response is acknowledged.
double
FullAuthentication(Calculator& c, const Octets& octets)
{
    double mn = 0;
    std::function<void(double, size_t)> round = [&](double at, size_t n) {
        c.Send(at, octets.Message(MN, Q::ID, n), c.MN_S, [&, n](double t1) {
            c.Send(t1, octets.Message(SPOS, NQ::ID, n), c.S_T, [&, n](double t2) {
                c.Send(t2, octets.Message(TPOS, NR::ID, n), c.T_S, [&, n](double t3) {
                    c.Send(t3, octets.Message(SPOS, R::ID, n), c.S_MN, [&, n](double t4) {
                        mn = t4;
                        if (n + 1 < 4)
                        {
                            c.Send(t4, octets.Ack(MN, R::ID), c.MN_S);
                            round(t4, n + 1);
                        }
                    });
                });
            });
            c.Send(t1, octets.Ack(SPOS, Q::ID), c.S_MN);
        });
    };
    round(0, 0);
    c.Run();
    return mn;
}

/// Remedy 2: the SPoS asks group manager and TPoS at once.
double
GroupKeyDelivered(Calculator& c, const Octets& octets, bool direct)
{
    using B = NetGroupManipulateRequest;
    double mn = 0;
    double tpos = 0;
    double blockAtTpos = -1;
    double requestAtTpos = -1;
    const auto block = octets.Message(GM, B::ID);
    const auto answerSpos = [&](double at) {
        tpos = at;
        c.Send(at, octets.Message(TPOS, NR::ID), c.T_S, [&](double t) {
            if (requestAtTpos != tpos)
            {
                c.Send(t, octets.Ack(SPOS, NR::ID), c.S_T);
            }
            c.Send(t, octets.Message(SPOS, R::ID), c.S_MN);
        });
    };
    c.Send(0, octets.Message(MN, Q::ID), c.MN_S, [&](double t1) {
        c.Send(t1, octets.Message(SPOS, GroupKeyRequest::ID), c.S_GM, [&](double t2) {
            if (direct)
            {
                c.Send(t2, block, c.GM_MN, [&](double t) { mn = t; });
            }
            else
            {
                c.Send(t2, block, c.GM_S, [&](double t3) {
                    c.Send(t3, block, c.S_MN, [&](double t) { mn = t; });
                });
            }
            c.Send(t2, block, c.GM_T, [&](double t) {
                blockAtTpos = t;
                c.Send(t, octets.Message(TPOS, NetGroupManipulateResponse::ID), c.T_GM);
                if (requestAtTpos >= 0)
                {
                    answerSpos(t);
                }
            });
            c.Send(t2, octets.Message(GM, GroupKeyResponse::ID), c.GM_S);
        });
        c.Send(t1, octets.Message(SPOS, NQ::ID), c.S_T, [&](double t) {
            requestAtTpos = t;
            if (blockAtTpos >= 0)
            {
                answerSpos(t);
            }
            else
            {
                c.Send(t, octets.Ack(TPOS, NQ::ID), c.T_S);
            }
        });
        c.Send(t1, octets.Ack(SPOS, Q::ID), c.S_MN);
    });
    c.Run();
    return std::max(mn, tpos);
}

/// A remedy and its two forms.
struct Form
{
    std::string name;                                             //!< for the sentence
    std::string remedy;                                           //!< type and attributes
    std::function<double(const Delays&)> delays;                  //!< closed form
    std::function<double(Calculator&, const Octets&)> withFrames; //!< with serialisation
};

const std::vector<Form> FORMS{
    {"legacy: 2w + 2b",
     "ns3::mis::LegacyPrfRemedy",
     [](const Delays& x) { return 2 * x.w + 2 * x.b; },
     RelayedKey},
    {"removed: 8w + 8b",
     "ns3::mis::ClauseRemovedRemedy",
     [](const Delays& x) { return 8 * x.w + 8 * x.b; },
     FullAuthentication},
    {"remedy1: 2w + 2b",
     "ns3::mis::SaProtectedRemedy",
     [](const Delays& x) { return 2 * x.w + 2 * x.b; },
     RelayedKey},
    {"remedy2 via the SPoS: w + max(b, g + h, 2g + w)",
     "ns3::mis::GroupKeyRemedy[Path=ViaServingPos]",
     [](const Delays& x) {
         return x.w + std::max({x.b, x.g + x.h, 2 * x.g + x.w});
     },
     [](Calculator& c, const Octets& octets) { return GroupKeyDelivered(c, octets, false); }},
    {"remedy2 direct: w + max(b, g + h, g + d)",
     "ns3::mis::GroupKeyRemedy[Path=Direct]",
     [](const Delays& x) {
         return x.w + std::max({x.b, x.g + x.h, x.g + x.d});
     },
     [](Calculator& c, const Octets& octets) { return GroupKeyDelivered(c, octets, true); }},
};

/// One remedy over random links.
class ClosedFormTestCase : public TestCase
{
  public:
    ClosedFormTestCase(const Form& form, bool infinite)
        : TestCase(
              "key delivery takes, " + form.name +
              (infinite ? ", on infinitely fast links" : ", plus the serialisation of frames")),
          m_form(form),
          m_infinite(infinite)
    {
    }

  private:
    void DoRun() override
    {
        Generator random;
        std::vector<double> seen;
        for (uint32_t i = 0; i < SETTINGS; ++i)
        {
            const auto setting = MakeSetting(random, m_infinite);
            Scenario scenario;
            auto& roaming = scenario.roaming;
            roaming.GetMis().SetRemedy(Scenario::Remedy(m_form.remedy));
            roaming.SetLocalLink(setting[LOCAL].Profile());
            roaming.SetHomeLink(setting[HOME].Profile());
            roaming.AddNetwork(setting[ACCESS].Profile(), setting[WAN_S].Profile());
            roaming.AddNetwork(setting[ACCESS].Profile(), setting[WAN_T].Profile());
            scenario.Build();
            scenario.Preregister(START);
            Scenario::Run(START + Seconds(5));
            NS_TEST_ASSERT_MSG_EQ(scenario.Outcome(), "success", "setting " << i);
            const double measured = static_cast<double>(
                std::max(scenario.WhenNs(MN, "accepted"), scenario.WhenNs(TPOS, "accepted")) -
                START.GetNanoSeconds());
            const double delays = m_form.delays(Delays(setting));
            if (m_infinite)
            {
                NS_TEST_EXPECT_MSG_EQ_TOL(measured, delays, TOLERANCE_NS, "setting " << i);
            }
            Calculator calculator(setting);
            const double expected = m_form.withFrames(calculator, Octets(scenario));
            NS_TEST_EXPECT_MSG_EQ_TOL(measured, expected, TOLERANCE_NS, "setting " << i);
            NS_TEST_EXPECT_MSG_EQ((measured >= delays - TOLERANCE_NS),
                                  true,
                                  "serialisation takes no negative time, setting " << i);
            seen.push_back(measured);
        }
        std::sort(seen.begin(), seen.end());
        NS_TEST_EXPECT_MSG_EQ((std::unique(seen.begin(), seen.end()) == seen.end()),
                              true,
                              "all settings differ");
        NS_TEST_EXPECT_MSG_GT(seen.back(), 2 * seen.front(), "and by much");
    }

    Form m_form;
    bool m_infinite;
};

/**
 * @brief Closed form suite.
 */
class ClosedFormTestSuite : public TestSuite
{
  public:
    ClosedFormTestSuite()
        : TestSuite("mis-closed-form", TestSuite::Type::UNIT)
    {
        for (const bool infinite : {true, false})
        {
            for (const auto& form : FORMS)
            {
                AddTestCase(new ClosedFormTestCase(form, infinite));
            }
        }
    }
};

ClosedFormTestSuite g_closedFormTestSuite; //!< the instance

} // namespace
