// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the prediction of the loss of a link.
 */

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/mis-link-monitor.h"
#include "ns3/random-variable-stream.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <cmath>

using namespace ns3;
using namespace ns3::mis;

namespace
{

constexpr double PI = 3.14159265358979323846;

/// A monitor that expects a level to go on in a line.
Ptr<LinkMonitor>
MakeMonitor(double threshold, double hysteresis, Time window, Time horizon, uint32_t samples)
{
    auto monitor = CreateObject<LinkMonitor>();
    monitor->SetAttribute("Threshold", DoubleValue(threshold));
    monitor->SetAttribute("Hysteresis", DoubleValue(hysteresis));
    monitor->SetAttribute("Window", TimeValue(window));
    monitor->SetAttribute("Horizon", TimeValue(horizon));
    monitor->SetAttribute("MinSamples", UintegerValue(samples));
    monitor->SetAttribute("PathLossExponent", DoubleValue(0));
    return monitor;
}

/// A signal that falls by a constant number of decibels a second.
class FallTestCase : public TestCase
{
  public:
    /**
     * @param slope decibels a second, negative
     * @param spacing of the samples
     */
    FallTestCase(double slope, Time spacing)
        : TestCase("a fall by " + std::to_string(-slope) + " dB a second, sampled every " +
                   std::to_string(spacing.GetMilliSeconds()) + " ms, is foretold exactly"),
          m_slope(slope),
          m_spacing(spacing)
    {
    }

  private:
    void DoRun() override
    {
        constexpr double BEGIN = -50;
        constexpr double THRESHOLD = -80;
        const auto horizon = Seconds(3);
        auto monitor = MakeMonitor(THRESHOLD, 3, Seconds(2), horizon, 3);
        const double down = (THRESHOLD - BEGIN) / m_slope;
        std::optional<Time> told;
        int times = 0;
        for (Time at; at.GetSeconds() < down; at += m_spacing)
        {
            const auto event = monitor->Add(at, BEGIN + m_slope * at.GetSeconds());
            NS_TEST_EXPECT_MSG_EQ((event == LinkMonitor::Event::ROLLBACK),
                                  false,
                                  "it never gets better");
            if (event == LinkMonitor::Event::GOING_DOWN)
            {
                told = at;
                ++times;
            }
            const auto prediction = monitor->Predict();
            if (!prediction)
            {
                continue;
            }
            NS_TEST_EXPECT_MSG_EQ_TOL(prediction->slope, m_slope, 1e-9, "slope");
            NS_TEST_ASSERT_MSG_EQ(prediction->timeToDown.has_value(), true, "it falls");
            NS_TEST_EXPECT_MSG_EQ_TOL((at + *prediction->timeToDown).GetSeconds(),
                                      down,
                                      1e-6,
                                      "instant at which the threshold is reached");
        }
        NS_TEST_EXPECT_MSG_EQ(times, 1, "it is told once");
        NS_TEST_ASSERT_MSG_EQ(told.has_value(), true, "it is told");
        // The first sample from which the threshold is within the horizon.
        const double due = down - horizon.GetSeconds();
        NS_TEST_EXPECT_MSG_EQ((told->GetSeconds() >= due - 1e-6), true, "not too early");
        NS_TEST_EXPECT_MSG_EQ((told->GetSeconds() < due + m_spacing.GetSeconds() + 1e-6),
                              true,
                              "not too late");
    }

    double m_slope;
    Time m_spacing;
};

/// A node that moves away at a constant speed.
class DepartureTestCase : public TestCase
{
  public:
    /// @param exponent of the path loss
    explicit DepartureTestCase(double exponent)
        : TestCase("the loss of a node that moves away steadily is foretold exactly, with a path "
                   "loss exponent of " +
                   std::to_string(exponent)),
          m_exponent(exponent)
    {
    }

  private:
    void DoRun() override
    {
        constexpr double THRESHOLD = -80;
        constexpr double REACH_M = 100;
        constexpr double SPEED = 5;
        const auto horizon = Seconds(3);
        auto monitor = MakeMonitor(THRESHOLD, 3, Seconds(2), horizon, 3);
        monitor->SetAttribute("PathLossExponent", DoubleValue(m_exponent));
        std::optional<double> told;
        for (double at = 1; at < REACH_M / SPEED; at += 0.1)
        {
            const double level = THRESHOLD - 10 * m_exponent * std::log10(SPEED * at / REACH_M);
            const auto event = monitor->Add(Seconds(at), level);
            if (event != LinkMonitor::Event::NONE)
            {
                NS_TEST_EXPECT_MSG_EQ(told.has_value(), false, "it is told once");
                told = at;
            }
            if (const auto prediction = monitor->Predict())
            {
                NS_TEST_EXPECT_MSG_EQ_TOL(prediction->level, level, 1e-6, "level");
                NS_TEST_EXPECT_MSG_EQ_TOL(prediction->slope,
                                          -10 * m_exponent / std::log(10) / at,
                                          1e-6,
                                          "slope of the level");
                NS_TEST_ASSERT_MSG_EQ(prediction->timeToDown.has_value(), true, "it falls");
                NS_TEST_EXPECT_MSG_EQ_TOL(at + prediction->timeToDown->GetSeconds(),
                                          REACH_M / SPEED,
                                          1e-6,
                                          "instant at which the threshold is reached");
            }
        }
        NS_TEST_ASSERT_MSG_EQ(told.has_value(), true, "it is told");
        NS_TEST_EXPECT_MSG_EQ_TOL(*told,
                                  REACH_M / SPEED - horizon.GetSeconds() + 0.05,
                                  0.051,
                                  "when the loss is as far ahead as the horizon");
    }

    double m_exponent;
};

/// A car that drives past a mast.
class PassTestCase : public TestCase
{
  public:
    /// @param horizon of the monitor
    explicit PassTestCase(Time horizon)
        : TestCase("a car that passes a mast is told of the loss of its cell once, " +
                   std::to_string(horizon.GetMilliSeconds()) +
                   " ms ahead, and not behind the mast"),
          m_horizon(horizon)
    {
    }

  private:
    void DoRun() override
    {
        constexpr double THRESHOLD = -95;
        constexpr double REACH_M = 400;
        constexpr double SPEED = 33;
        constexpr double BESIDE_M = 10;
        auto monitor = CreateObject<LinkMonitor>();
        monitor->SetAttribute("Threshold", DoubleValue(THRESHOLD));
        monitor->SetAttribute("Horizon", TimeValue(m_horizon));
        const double lost = std::sqrt(REACH_M * REACH_M - BESIDE_M * BESIDE_M) / SPEED;
        std::vector<double> told;
        // The instant 0 is beside the mast; LTE measures every 200 ms.
        for (double at = -10; at < lost; at += 0.2)
        {
            const double metres = std::hypot(SPEED * at, BESIDE_M);
            const auto event =
                monitor->Add(Seconds(at + 10), THRESHOLD - 20 * std::log10(metres / REACH_M));
            if (event != LinkMonitor::Event::NONE)
            {
                told.push_back(at);
            }
        }
        NS_TEST_ASSERT_MSG_EQ(told.size(), 1u, "predictions");
        NS_TEST_EXPECT_MSG_EQ_TOL(lost - told[0], m_horizon.GetSeconds(), 0.21, "how far ahead");
    }

    Time m_horizon;
};

/// With three and four samples the Student distribution has closed forms.
class ConfidenceTestCase : public TestCase
{
  public:
    ConfidenceTestCase()
        : TestCase("the confidence is that of the line fitted")
    {
    }

  private:
    void DoRun() override
    {
        constexpr double THRESHOLD = -75;
        constexpr double HORIZON = 2;
        auto three = MakeMonitor(THRESHOLD, 3, Seconds(10), Seconds(HORIZON), 3);
        const double y[]{-70, -71.5, -72};
        for (int i = 0; i < 3; ++i)
        {
            three->Add(Seconds(i), y[i]);
        }
        double slope = (y[2] - y[0]) / 2;
        double level = (y[0] + y[1] + y[2]) / 3 + slope;
        const double bend = y[0] - 2 * y[1] + y[2];
        double deviation =
            std::sqrt(bend * bend / 6 * (1.0 / 3 + (HORIZON + 1) * (HORIZON + 1) / 2));
        double t = (THRESHOLD - level - slope * HORIZON) / deviation;
        auto prediction = three->Predict();
        NS_TEST_ASSERT_MSG_EQ(prediction.has_value(), true, "three samples are enough");
        NS_TEST_EXPECT_MSG_EQ_TOL(prediction->level, level, 1e-9, "level");
        NS_TEST_EXPECT_MSG_EQ_TOL(prediction->confidence,
                                  100 * (0.5 + std::atan(t) / PI),
                                  1e-6,
                                  "one degree of freedom: Cauchy");

        // x = -3, -2, -1, 0: mean -1.5, sum of squares 5.
        auto four = MakeMonitor(THRESHOLD, 3, Seconds(10), Seconds(HORIZON), 3);
        const double z[]{-70, -72, -71, -73};
        double sum = 0;
        double product = 0;
        for (int i = 0; i < 4; ++i)
        {
            four->Add(Seconds(i), z[i]);
            sum += z[i];
            product += (i - 1.5) * z[i];
        }
        slope = product / 5;
        level = sum / 4 + 1.5 * slope;
        double squares = 0;
        for (int i = 0; i < 4; ++i)
        {
            squares += std::pow(z[i] - level - slope * (i - 3), 2);
        }
        deviation = std::sqrt(squares / 2 * (1.0 / 4 + (HORIZON + 1.5) * (HORIZON + 1.5) / 5));
        t = (THRESHOLD - level - slope * HORIZON) / deviation;
        prediction = four->Predict();
        NS_TEST_ASSERT_MSG_EQ(prediction.has_value(), true, "four samples are enough");
        NS_TEST_EXPECT_MSG_EQ_TOL(prediction->confidence,
                                  100 * (0.5 + t / (2 * std::sqrt(2 + t * t))),
                                  1e-6,
                                  "two degrees of freedom");
    }
};

/// Signals that do not lead to a loss.
class LevelTestCase : public TestCase
{
  public:
    LevelTestCase()
        : TestCase("a level or rising signal is not foretold to be lost, a weak one is lost now")
    {
    }

  private:
    void DoRun() override
    {
        for (const double slope : {0.0, 1.0})
        {
            auto monitor = MakeMonitor(-80, 3, Seconds(2), Seconds(5), 3);
            for (int i = 0; i < 100; ++i)
            {
                const auto event = monitor->Add(MilliSeconds(100 * i), -79 + slope * i / 10);
                NS_TEST_EXPECT_MSG_EQ((event == LinkMonitor::Event::NONE), true, "nothing to tell");
            }
            const auto prediction = monitor->Predict();
            NS_TEST_ASSERT_MSG_EQ(prediction.has_value(), true, "there are samples");
            NS_TEST_EXPECT_MSG_EQ(prediction->timeToDown.has_value(), false, "it does not fall");
            NS_TEST_EXPECT_MSG_EQ(prediction->confidence, 0, "it is sure");
        }
        auto monitor = MakeMonitor(-80, 3, Seconds(2), Seconds(5), 5);
        for (int i = 0; i < 5; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(monitor->IsGoingDown(), false, "too few samples");
            monitor->Add(MilliSeconds(100 * i), -90);
        }
        NS_TEST_EXPECT_MSG_EQ(monitor->IsGoingDown(), true, "below the threshold");
        const auto prediction = monitor->Predict();
        NS_TEST_ASSERT_MSG_EQ(prediction.has_value(), true, "there are samples");
        NS_TEST_EXPECT_MSG_EQ(prediction->timeToDown.value_or(Seconds(1)), Time(0), "it is down");
        monitor->Reset();
        NS_TEST_EXPECT_MSG_EQ(monitor->IsGoingDown(), false, "forgotten");
        NS_TEST_EXPECT_MSG_EQ(monitor->Predict().has_value(), false, "forgotten");
        monitor->Add(Seconds(1), -90);
        monitor->Add(Seconds(1), -90);
        monitor->Add(Seconds(1), -90);
        monitor->Add(Seconds(1), -90);
        monitor->Add(Seconds(1), -90);
        NS_TEST_EXPECT_MSG_EQ(monitor->Predict().has_value(),
                              false,
                              "samples of one instant make no line");
    }
};

/// A signal that turns round.
class RollbackTestCase : public TestCase
{
  public:
    RollbackTestCase()
        : TestCase("a signal that turns round takes the warning back, above the hysteresis only")
    {
    }

  private:
    void DoRun() override
    {
        constexpr double THRESHOLD = -80;
        constexpr double HYSTERESIS = 4;
        auto monitor = MakeMonitor(THRESHOLD, HYSTERESIS, Seconds(1), Time(0), 3);
        std::vector<std::pair<double, LinkMonitor::Event>> told;
        Time at;
        // Down to -82 and up to -70, 2 dB a second; the horizon is now, so that levels tell.
        double level = -70;
        double step = -0.2;
        while (level <= -70 + 1e-9)
        {
            const auto event = monitor->Add(at, level);
            if (event != LinkMonitor::Event::NONE)
            {
                told.emplace_back(level, event);
            }
            at += MilliSeconds(100);
            level += step;
            if (level < -82)
            {
                step = 0.2;
            }
        }
        NS_TEST_ASSERT_MSG_EQ(told.size(), 2u, "one warning, one rollback");
        NS_TEST_EXPECT_MSG_EQ((told[0].second == LinkMonitor::Event::GOING_DOWN), true, "first");
        NS_TEST_EXPECT_MSG_EQ_TOL(told[0].first, THRESHOLD, 0.21, "at the threshold");
        NS_TEST_EXPECT_MSG_EQ((told[1].second == LinkMonitor::Event::ROLLBACK), true, "then");
        NS_TEST_EXPECT_MSG_EQ_TOL(told[1].first,
                                  THRESHOLD + HYSTERESIS,
                                  0.21,
                                  "at the threshold and the hysteresis");
    }
};

/// Noise about a level.
class NoiseTestCase : public TestCase
{
  public:
    /// @param level above the threshold, in dB
    explicit NoiseTestCase(double level)
        : TestCase("noise of 2 dB about a level " + std::to_string(level) +
                   " dB above the threshold makes no ping-pong"),
          m_level(level)
    {
    }

  private:
    void DoRun() override
    {
        auto noise = CreateObject<NormalRandomVariable>();
        noise->SetStream(1);
        noise->SetAttribute("Variance", DoubleValue(4));
        auto monitor = MakeMonitor(-80, 3, Seconds(5), Seconds(1), 10);
        monitor->SetAttribute("MinConfidence", DoubleValue(99.9));
        int changes = 0;
        for (int i = 0; i < 10000; ++i)
        {
            changes += monitor->Add(MilliSeconds(100 * i), -80 + m_level + noise->GetValue()) !=
                       LinkMonitor::Event::NONE;
        }
        // 1000 s: without hysteresis and confidence a level at the threshold would change the state
        // with every other sample.
        const int allowed = m_level >= 6 ? 0 : 2;
        NS_TEST_EXPECT_MSG_LT_OR_EQ(changes, allowed, "changes in 10,000 samples");
    }

    double m_level;
};

class LinkMonitorTestSuite : public TestSuite
{
  public:
    LinkMonitorTestSuite()
        : TestSuite("mis-link-monitor", TestSuite::Type::UNIT)
    {
        AddTestCase(new FallTestCase(-1, MilliSeconds(100)));
        AddTestCase(new FallTestCase(-7.3, MilliSeconds(20)));
        AddTestCase(new FallTestCase(-0.1, MilliSeconds(200)));
        AddTestCase(new DepartureTestCase(2));
        AddTestCase(new DepartureTestCase(3.4));
        AddTestCase(new PassTestCase(MilliSeconds(2500)));
        AddTestCase(new PassTestCase(Seconds(5)));
        AddTestCase(new ConfidenceTestCase);
        AddTestCase(new LevelTestCase);
        AddTestCase(new RollbackTestCase);
        AddTestCase(new NoiseTestCase(0));
        AddTestCase(new NoiseTestCase(6));
    }
};

LinkMonitorTestSuite g_linkMonitorTestSuite; //!< the instance

} // namespace
