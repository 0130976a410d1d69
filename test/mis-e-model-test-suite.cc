// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the E-model against published values.
 */

#include "ns3/mis-e-model.h"
#include "ns3/test.h"

#include <cmath>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::mis;

namespace
{

/// The connection that G.107 has by default.
class DefaultTestCase : public TestCase
{
  public:
    DefaultTestCase()
        : TestCase("the default connection is rated 93.2, which is MOS 4.41")
    {
    }

  private:
    void DoRun() override
    {
        const EModel model{EModelParameters()};
        NS_TEST_EXPECT_MSG_EQ_TOL(model.R(), 93.2, 0.05, "R");
        NS_TEST_EXPECT_MSG_EQ_TOL(EModel::Mos(model.R()), 4.41, 0.005, "MOS");
    }
};

/// MOS by R, G.107, annex B.
class MosTestCase : public TestCase
{
  public:
    MosTestCase()
        : TestCase("MOS is that of annex B of G.107, from 1 to 4.5, and grows with R")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::pair<double, double>> published{{90, 4.34},
                                                               {80, 4.03},
                                                               {70, 3.60},
                                                               {60, 3.10},
                                                               {50, 2.58}};
        for (const auto& [r, mos] : published)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(EModel::Mos(r), mos, 0.01, "R " << r);
        }
        NS_TEST_EXPECT_MSG_EQ(EModel::Mos(-5), 1, "below the scale");
        NS_TEST_EXPECT_MSG_EQ(EModel::Mos(0), 1, "bottom of the scale");
        NS_TEST_EXPECT_MSG_EQ(EModel::Mos(100), 4.5, "top of the scale");
        NS_TEST_EXPECT_MSG_EQ(EModel::Mos(120), 4.5, "above the scale");
        for (int r = 0; r < 110; ++r)
        {
            NS_TEST_EXPECT_MSG_EQ((EModel::Mos(r) <= EModel::Mos(r + 1)), true, "grows at " << r);
        }
    }
};

/// Impairment by delay.
class DelayTestCase : public TestCase
{
  public:
    DelayTestCase()
        : TestCase("delay impairs as G.113 of 1996 tabulates, and as Cole and Rosenbluth fitted")
    {
    }

  private:
    void DoRun() override
    {
        // G.113 (02/96), table 1: Idd by one-way delay in ms.
        const std::vector<std::pair<double, double>> published{{150, 0},
                                                               {200, 3},
                                                               {250, 10},
                                                               {300, 15},
                                                               {400, 25},
                                                               {500, 30},
                                                               {600, 35},
                                                               {800, 40}};
        for (const auto& [delay, impairment] : published)
        {
            const auto model = EModel::OfPackets(G711, delay, 0);
            NS_TEST_EXPECT_MSG_EQ_TOL(model.AbsoluteDelayImpairment(),
                                      impairment,
                                      1.2,
                                      "Idd at " << delay << " ms");
        }
        for (double delay = 0; delay <= 300; delay += 10)
        {
            const double fitted =
                93.2 - 0.024 * delay - (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
            NS_TEST_EXPECT_MSG_EQ_TOL(EModel::OfPackets(G711, delay, 0).R(),
                                      fitted,
                                      2.0,
                                      "R at " << delay << " ms");
        }
        EModelParameters echo;
        echo.echoDelay = 50;
        echo.absoluteDelay = 50;
        echo.roundTripDelay = 100;
        echo.talkerEchoLoudness = 40;
        NS_TEST_EXPECT_MSG_LT(EModel(echo).R(),
                              EModel::OfPackets(G711, 50, 0).R() - 10,
                              "loud echo impairs");
    }
};

/// Impairment by loss.
class LossTestCase : public TestCase
{
  public:
    LossTestCase()
        : TestCase("random loss impairs G.711 with concealment as G.113 tabulates; bursts more")
    {
    }

  private:
    void DoRun() override
    {
        // G.113 (02/2001), appendix I: Ie of G.711 with concealment by random loss in %.
        const std::vector<std::pair<double, double>> published{{0, 0},
                                                               {1, 5},
                                                               {2, 7},
                                                               {3, 10},
                                                               {5, 15},
                                                               {7, 20},
                                                               {10, 25},
                                                               {15, 35},
                                                               {20, 45}};
        for (const auto& [loss, impairment] : published)
        {
            const auto model = EModel::OfPackets(G711_WITH_CONCEALMENT, 0, loss);
            NS_TEST_EXPECT_MSG_EQ_TOL(model.EffectiveEquipmentImpairment(),
                                      impairment,
                                      3.0,
                                      "Ie,eff at " << loss << " %");
        }
        for (const double loss : {1.0, 3.0, 10.0})
        {
            const auto at = [loss](const VoiceCodec& codec, double burstRatio) {
                return EModel::OfPackets(codec, 0, loss, burstRatio).R();
            };
            NS_TEST_EXPECT_MSG_LT(at(G711, 1), at(G711_WITH_CONCEALMENT, 1), "concealment helps");
            NS_TEST_EXPECT_MSG_LT(at(G711, 2), at(G711, 1), "bursts are worse");
        }
    }
};

/// R falls with whatever gets worse.
class MonotonicTestCase : public TestCase
{
  public:
    MonotonicTestCase()
        : TestCase("R never grows with delay, loss or burst ratio")
    {
    }

  private:
    void DoRun() override
    {
        for (double delay = 0; delay < 1000; delay += 20)
        {
            for (double loss = 0; loss < 30; loss += 3)
            {
                for (double burst = 1; burst < 4; burst += 0.5)
                {
                    const auto r = [](double d, double l, double b) {
                        return EModel::OfPackets(G711_WITH_CONCEALMENT, d, l, b).R();
                    };
                    const double here = r(delay, loss, burst);
                    // The sidetone that echo is in the first milliseconds aside.
                    NS_TEST_EXPECT_MSG_LT(r(delay + 20, loss, burst), here + 1e-9, "delay");
                    NS_TEST_EXPECT_MSG_LT(r(delay, loss + 3, burst), here, "loss");
                    NS_TEST_EXPECT_MSG_LT(r(delay, loss, burst + 0.5), here + 1e-9, "bursts");
                }
            }
        }
    }
};

/// The suite.
class MisEModelTestSuite : public TestSuite
{
  public:
    MisEModelTestSuite()
        : TestSuite("mis-e-model", TestSuite::Type::UNIT)
    {
        AddTestCase(new DefaultTestCase);
        AddTestCase(new MosTestCase);
        AddTestCase(new DelayTestCase);
        AddTestCase(new LossTestCase);
        AddTestCase(new MonotonicTestCase);
    }
};

MisEModelTestSuite g_misEModelTestSuite; //!< the instance

} // namespace
