// SPDX-License-Identifier: GPL-2.0-only

#include "mis-e-model.h"

#include <algorithm>
#include <cmath>

namespace ns3::mis
{

namespace
{

double
PowerOf(double decibels)
{
    return std::pow(10, decibels / 10);
}

/// (1 + x^n)^(1/n), which the model uses to round the corner of a limit.
double
Rounded(double x, double n)
{
    return std::pow(1 + std::pow(x, n), 1 / n);
}

} // namespace

EModel::EModel(const EModelParameters& parameters)
    : m_p(parameters)
{
}

EModel
EModel::OfPackets(const VoiceCodec& codec,
                  double mouthToEarMs,
                  double lossPercent,
                  double burstRatio)
{
    EModelParameters parameters;
    parameters.equipmentImpairment = codec.equipmentImpairment;
    parameters.lossRobustness = codec.lossRobustness;
    parameters.echoDelay = mouthToEarMs;
    parameters.absoluteDelay = mouthToEarMs;
    parameters.roundTripDelay = 2 * mouthToEarMs;
    parameters.lossPercent = lossPercent;
    parameters.burstRatio = burstRatio;
    return EModel(parameters);
}

double
EModel::R() const
{
    return BasicSignalToNoise() - SimultaneousImpairment() - DelayImpairment() -
           EffectiveEquipmentImpairment() + m_p.advantage;
}

double
EModel::NoiseSum() const
{
    const double olr = m_p.sendLoudness + m_p.receiveLoudness;
    const double lstr = m_p.sidetoneMasking + m_p.dReceive;
    const double distance = m_p.roomNoiseSend - olr - m_p.dSend - 14;
    const double nos =
        m_p.roomNoiseSend - m_p.sendLoudness - m_p.dSend - 100 + 0.004 * distance * distance;
    const double pre = m_p.roomNoiseReceive + 10 * std::log10(1 + PowerOf(10 - lstr));
    const double nor = m_p.receiveLoudness - 121 + pre + 0.008 * (pre - 35) * (pre - 35);
    const double nfo = m_p.noiseFloor + m_p.receiveLoudness;
    return 10 * std::log10(PowerOf(m_p.circuitNoise) + PowerOf(nos) + PowerOf(nor) + PowerOf(nfo));
}

double
EModel::BasicSignalToNoise() const
{
    return 15 - 1.5 * (m_p.sendLoudness + NoiseSum());
}

double
EModel::SimultaneousImpairment() const
{
    const double olr = m_p.sendLoudness + m_p.receiveLoudness;
    const double xolr = olr + 0.2 * (64 + NoiseSum() - m_p.receiveLoudness);
    const double iolr = 20 * (Rounded(xolr / 8, 8) - xolr / 8);

    const double stmro =
        -10 * std::log10(PowerOf(-m_p.sidetoneMasking) +
                         std::exp(-m_p.echoDelay / 4) * PowerOf(-m_p.talkerEchoLoudness));
    const double ist = 12 * Rounded((stmro - 13) / 6, 8) - 28 * Rounded((stmro + 1) / 19.4, 35) -
                       13 * Rounded((stmro - 3) / 33, 13) + 29;

    const double q = 37 - 15 * std::log10(m_p.quantizingUnits);
    const double g = 1.07 + 0.258 * q + 0.0602 * q * q;
    const double y = (BasicSignalToNoise() - 100) / 15 + 46 / 8.4 - g / 9;
    const double z = 46.0 / 30 - g / 40;
    const double iq = 15 * std::log10(1 + std::pow(10, y) + std::pow(10, z));
    return iolr + ist + iq;
}

double
EModel::TalkerEchoImpairment() const
{
    const double t = m_p.echoDelay;
    if (t < 1)
    {
        return 0; // echo is sidetone then
    }
    const double terv = m_p.talkerEchoLoudness - 40 * std::log10((1 + t / 10) / (1 + t / 150)) +
                        6 * std::exp(-0.3 * t * t);
    const double re = 80 + 2.5 * (terv - 14);
    const double roe = -1.5 * (NoiseSum() - m_p.receiveLoudness);
    const double half = (roe - re) / 2;
    return (half + std::sqrt(half * half + 100) - 1) * (1 - std::exp(-t));
}

double
EModel::ListenerEchoImpairment() const
{
    const double rle =
        10.5 * (m_p.weightedEchoPathLoss + 7) * std::pow(m_p.roundTripDelay + 1, -0.25);
    const double half = (BasicSignalToNoise() - rle) / 2;
    return half + std::sqrt(half * half + 169);
}

double
EModel::AbsoluteDelayImpairment() const
{
    if (m_p.absoluteDelay <= m_p.perceivableDelay)
    {
        return 0;
    }
    const double x = std::log2(m_p.absoluteDelay / m_p.perceivableDelay);
    const double n = 6 * m_p.delaySensitivity;
    return 25 * (Rounded(x, n) - 3 * Rounded(x / 3, n) + 2);
}

double
EModel::DelayImpairment() const
{
    return TalkerEchoImpairment() + ListenerEchoImpairment() + AbsoluteDelayImpairment();
}

double
EModel::EffectiveEquipmentImpairment() const
{
    const double loss = m_p.lossPercent;
    return m_p.equipmentImpairment +
           (95 - m_p.equipmentImpairment) * loss / (loss / m_p.burstRatio + m_p.lossRobustness);
}

double
EModel::Mos(double r)
{
    if (r <= 0)
    {
        return 1;
    }
    if (r >= 100)
    {
        return 4.5;
    }
    // The polynomial dips below 1 where R is small.
    return std::max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

} // namespace ns3::mis
