// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * How a signal level is written in messages.
 */
#ifndef MIS_LINK_SIGNAL_H
#define MIS_LINK_SIGNAL_H

#include "ns3/mis-event-messages.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ns3::mis
{

/// @param signal level, dBm @return SIG_STRENGTH in dBm, rounded, -128 to 127
inline SignalStrength
ToSignalStrength(double signal)
{
    return static_cast<int8_t>(std::clamp<long>(std::lround(signal), INT8_MIN, INT8_MAX));
}

/// @param signal level, dBm @return LINK_PARAM_VAL, dBm in two's complement (PA-80)
inline uint16_t
ToParameterValue(double signal)
{
    return static_cast<uint16_t>(
        static_cast<int16_t>(std::clamp<long>(std::lround(signal), INT16_MIN, INT16_MAX)));
}

/// @param value LINK_PARAM_VAL of a signal strength @return the level, dBm
inline double
FromParameterValue(uint16_t value)
{
    return static_cast<int16_t>(value);
}

} // namespace ns3::mis

#endif // MIS_LINK_SIGNAL_H
