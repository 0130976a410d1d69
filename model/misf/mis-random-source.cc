// SPDX-License-Identifier: GPL-2.0-only

#include "mis-random-source.h"

#include <algorithm>
#include <cstring>

namespace ns3::mis
{

StreamRandomSource::StreamRandomSource()
    : m_variable(CreateObject<UniformRandomVariable>())
{
}

uint32_t
StreamRandomSource::Next()
{
    // GetValue, not GetInteger: the latter's rounding of the top value changed between releases.
    return static_cast<uint32_t>(m_variable->GetValue(0.0, 4294967296.0));
}

void
StreamRandomSource::Fill(uint8_t* out, size_t n)
{
    while (n > 0)
    {
        const uint32_t word = Next();
        const size_t count = std::min<size_t>(n, 3);
        // The generator has 32-bit resolution whose low bits are its weakest: three octets a draw.
        const uint8_t octets[3] = {static_cast<uint8_t>(word >> 24),
                                   static_cast<uint8_t>(word >> 16),
                                   static_cast<uint8_t>(word >> 8)};
        std::memcpy(out, octets, count);
        out += count;
        n -= count;
    }
}

int64_t
StreamRandomSource::AssignStreams(int64_t stream)
{
    m_variable->SetStream(stream);
    return 1;
}

} // namespace ns3::mis
