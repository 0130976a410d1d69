// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Foretells from the signal of a link when it will be lost.
 */
#ifndef MIS_LINK_MONITOR_H
#define MIS_LINK_MONITOR_H

#include "ns3/nstime.h"
#include "ns3/object.h"

#include <deque>
#include <optional>

namespace ns3::mis
{

/**
 * @brief Tells from the latest signal levels of a link when it will fall below a threshold.
 *
 * A node that moves at a constant speed along a straight line has a distance that grows steadily,
 * while its level in dB falls steeply at first and ever more slowly. So each level L is taken as a
 * distance in units of that at which the link is lost,
 * @verbatim
 *   d = 10^((Threshold - L) / (10 PathLossExponent))
 * @endverbatim
 * and a least-squares line is fitted to these. With PathLossExponent 0 it is fitted to the levels
 * themselves, as d = Threshold - L.
 *
 * It knows no device and no clock: samples come with their instants. What the line has at the end
 * of the horizon is compared with the threshold. Its uncertainty is that of the fitted line with
 * normal residuals, so the confidence is a Student distribution with two degrees of freedom less
 * than there are samples.
 */
class LinkMonitor : public Object
{
  public:
    /// What a sample has changed.
    enum class Event : uint8_t
    {
        NONE,       //!< nothing
        GOING_DOWN, //!< the link is expected to fall below the threshold within the horizon
        ROLLBACK    //!< it is no longer
    };

    /// What the samples say.
    struct Prediction
    {
        double level;                   //!< level of the line at the last sample, dBm
        double slope;                   //!< of the level then, dB a second
        std::optional<Time> timeToDown; //!< until the line reaches the threshold; zero if it is
                                        //!< below, nothing if it does not fall
        double confidence; //!< that the line is below the threshold at the horizon, percent
    };

    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Takes a sample.
     * @param at when it was measured, not before the sample before it
     * @param level signal level, dBm
     * @return what it has changed
     */
    Event Add(Time at, double level);

    /// @return what the samples of the window say; nothing if they are too few
    std::optional<Prediction> Predict() const;

    /// @return whether the link is going down
    bool IsGoingDown() const
    {
        return m_goingDown;
    }

    /// @return level at which the link counts as lost, dBm
    double GetThreshold() const
    {
        return m_threshold;
    }

    /// Forgets all samples, as when the link is left.
    void Reset();

  private:
    /// A sample.
    struct Sample
    {
        Time at;
        double level;
    };

    /// A line through the samples; its argument is the time after the last one, in seconds.
    struct Line
    {
        double distance; //!< at the last sample
        double slope;    //!< a second
        double mean;     //!< of the instants
        double spread;   //!< sum of squared deviations of the instants
        double residual; //!< variance of the samples about the line
    };

    double ToDistance(double level) const;
    double ToLevel(double distance) const;
    double SlopeOf(const Line& line) const;
    std::optional<Line> Fit() const;
    double ConfidenceBelow(const Line& line, double level) const;

    // attributes
    double m_threshold;
    double m_hysteresis;
    Time m_window;
    Time m_horizon;
    uint32_t m_minSamples;
    double m_minConfidence;
    double m_exponent;

    std::deque<Sample> m_samples;
    bool m_goingDown{false};
};

} // namespace ns3::mis

#endif // MIS_LINK_MONITOR_H
