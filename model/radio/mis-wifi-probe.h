// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wifi
// ns3-headers: wifi-assoc-manager.h

/**
 * @file
 * How a station is made to send a probe request, which versions of ns-3 name differently.
 */
#ifndef MIS_WIFI_PROBE_H
#define MIS_WIFI_PROBE_H

#include "ns3/sta-wifi-mac.h"

#include <type_traits>

namespace ns3::mis
{

/// Whether the station makes the request itself, as up to ns-3.39.
template <class Mac, class = void>
struct HasSendProbeRequest : std::false_type
{
};

/// It does.
template <class Mac>
struct HasSendProbeRequest<Mac, std::void_t<decltype(&Mac::SendProbeRequest)>> : std::true_type
{
};

/**
 * @brief Sends a probe request on the first link.
 * @param mac the station
 */
template <class Mac>
void
SendProbe(Ptr<Mac> mac)
{
    if constexpr (HasSendProbeRequest<Mac>::value)
    {
        mac->SendProbeRequest();
    }
    else
    {
        constexpr uint8_t LINK = 0;
        mac->EnqueueProbeRequest(mac->GetProbeRequest(LINK),
                                 LINK,
                                 Mac48Address::GetBroadcast(),
                                 Mac48Address::GetBroadcast());
    }
}

} // namespace ns3::mis

#endif // MIS_WIFI_PROBE_H
