// SPDX-License-Identifier: GPL-2.0-only

#include "mis-link-monitor.h"

#include "ns3/double.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(LinkMonitor);

namespace
{

// A line may lead through the point of attachment, where there is no level.
constexpr double NEAREST = 1e-6;

} // namespace

TypeId
LinkMonitor::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::LinkMonitor")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<LinkMonitor>()
            .AddAttribute("Threshold",
                          "Signal level in dBm below which the link counts as lost.",
                          DoubleValue(-80),
                          MakeDoubleAccessor(&LinkMonitor::m_threshold),
                          MakeDoubleChecker<double>())
            .AddAttribute("Hysteresis",
                          "How far above the threshold, in dB, the level must be expected before a "
                          "link that was going down no longer is.",
                          DoubleValue(3),
                          MakeDoubleAccessor(&LinkMonitor::m_hysteresis),
                          MakeDoubleChecker<double>(0))
            .AddAttribute("Window",
                          "Age of the oldest sample that the line is fitted to.",
                          TimeValue(Seconds(2)),
                          MakeTimeAccessor(&LinkMonitor::m_window),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("Horizon",
                          "How far ahead the link is said to be going down.",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&LinkMonitor::m_horizon),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("MinSamples",
                          "Samples in the window below which nothing is foretold.",
                          UintegerValue(5),
                          MakeUintegerAccessor(&LinkMonitor::m_minSamples),
                          MakeUintegerChecker<uint32_t>(3))
            .AddAttribute("MinConfidence",
                          "Confidence in percent from which the link is said to be going down, or "
                          "no longer to be.",
                          DoubleValue(95),
                          MakeDoubleAccessor(&LinkMonitor::m_minConfidence),
                          MakeDoubleChecker<double>(50, 100))
            .AddAttribute("PathLossExponent",
                          "Exponent of the path loss by which a level is taken as a distance; 2 is "
                          "free space. With 0 the level itself is expected to go on in a line.",
                          DoubleValue(2),
                          MakeDoubleAccessor(&LinkMonitor::m_exponent),
                          MakeDoubleChecker<double>(0, 10));
    return tid;
}

LinkMonitor::Event
LinkMonitor::Add(Time at, double level)
{
    m_samples.push_back({at, level});
    while (at - m_samples.front().at > m_window)
    {
        m_samples.pop_front();
    }
    const auto line = Fit();
    if (!line)
    {
        return Event::NONE;
    }
    if (!m_goingDown && ConfidenceBelow(*line, m_threshold) >= m_minConfidence)
    {
        m_goingDown = true;
        return Event::GOING_DOWN;
    }
    // The confidence is asked for on both sides, so that noise widens the hysteresis.
    if (m_goingDown && 100 - ConfidenceBelow(*line, m_threshold + m_hysteresis) >= m_minConfidence)
    {
        m_goingDown = false;
        return Event::ROLLBACK;
    }
    return Event::NONE;
}

std::optional<LinkMonitor::Prediction>
LinkMonitor::Predict() const
{
    const auto line = Fit();
    if (!line)
    {
        return std::nullopt;
    }
    Prediction prediction{ToLevel(line->distance),
                          SlopeOf(*line),
                          std::nullopt,
                          ConfidenceBelow(*line, m_threshold)};
    const double left = ToDistance(m_threshold) - line->distance;
    // A line that is nearly level reaches the threshold later than any simulation ends.
    constexpr double FAR_S = 1e6;
    if (left <= 0)
    {
        prediction.timeToDown = Time(0);
    }
    else if (line->slope * FAR_S > left)
    {
        prediction.timeToDown = Seconds(left / line->slope);
    }
    return prediction;
}

double
LinkMonitor::ToDistance(double level) const
{
    const double above = level - m_threshold;
    return m_exponent > 0 ? std::pow(10, -above / (10 * m_exponent)) : -above;
}

double
LinkMonitor::ToLevel(double distance) const
{
    return m_exponent > 0 ? m_threshold - 10 * m_exponent * std::log10(std::max(distance, NEAREST))
                          : m_threshold - distance;
}

double
LinkMonitor::SlopeOf(const Line& line) const
{
    return m_exponent > 0
               ? -10 * m_exponent / std::log(10.0) * line.slope / std::max(line.distance, NEAREST)
               : -line.slope;
}

void
LinkMonitor::Reset()
{
    m_samples.clear();
    m_goingDown = false;
}

std::optional<LinkMonitor::Line>
LinkMonitor::Fit() const
{
    const auto count = static_cast<double>(m_samples.size());
    if (m_samples.size() < m_minSamples)
    {
        return std::nullopt;
    }
    const auto instant = [last = m_samples.back().at](const Sample& sample) {
        return (sample.at - last).GetSeconds();
    };
    double mean = 0;
    double meanDistance = 0;
    for (const auto& sample : m_samples)
    {
        mean += instant(sample) / count;
        meanDistance += ToDistance(sample.level) / count;
    }
    double spread = 0;
    double covariance = 0;
    for (const auto& sample : m_samples)
    {
        const double deviation = instant(sample) - mean;
        spread += deviation * deviation;
        covariance += deviation * (ToDistance(sample.level) - meanDistance);
    }
    if (spread <= 0)
    {
        return std::nullopt;
    }
    Line line{0, covariance / spread, mean, spread, 0};
    line.distance = meanDistance - line.slope * mean;
    for (const auto& sample : m_samples)
    {
        const double residual =
            ToDistance(sample.level) - line.distance - line.slope * instant(sample);
        line.residual += residual * residual / (count - 2);
    }
    return line;
}

double
LinkMonitor::ConfidenceBelow(const Line& line, double level) const
{
    const auto count = static_cast<double>(m_samples.size());
    const double ahead = m_horizon.GetSeconds();
    const double margin = line.distance + line.slope * ahead - ToDistance(level);
    const double leverage = ahead - line.mean;
    const double deviation =
        std::sqrt(line.residual * (1 / count + leverage * leverage / line.spread));
    // Rounding leaves residuals where there are none.
    constexpr double EXACT = 1e-6;
    if (deviation < EXACT)
    {
        return margin >= 0 ? 100 : 0;
    }
    return 100 * boost::math::cdf(boost::math::students_t(count - 2), margin / deviation);
}

} // namespace ns3::mis
