// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wifi
// ns3-headers: wifi-assoc-manager.h

#include "mis-wifi-association-gate.h"

#include "mis-wifi-probe.h"

#include "ns3/simulator.h"
#include "ns3/sta-wifi-mac.h"

#include <algorithm>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(WifiAssociationGate);

TypeId
WifiAssociationGate::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::WifiAssociationGate")
            .SetParent<WifiAssocManager>()
            .SetGroupName("MisPrereg")
            .AddConstructor<WifiAssociationGate>()
            .AddAttribute("Memory",
                          "Time for which an access point that was heard counts as known.",
                          TimeValue(MilliSeconds(320)),
                          MakeTimeAccessor(&WifiAssociationGate::m_memory),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

void
WifiAssociationGate::DoDispose()
{
    m_probe.Cancel();
    m_end.Cancel();
    WifiAssocManager::DoDispose();
}

void
WifiAssociationGate::Open(std::optional<Mac48Address> bssid)
{
    m_isOpen = true;
    m_bssid = bssid;
    if (m_isHeld)
    {
        DoStartScanning();
    }
}

void
WifiAssociationGate::Close()
{
    m_isOpen = false;
    m_isHeld = m_isHeld || !m_end.IsExpired();
    m_probe.Cancel();
    m_end.Cancel();
}

void
WifiAssociationGate::Forget()
{
    m_heard.clear();
}

void
WifiAssociationGate::NotifyApInfo(const StaWifiMac::ApInfo&& apInfo)
{
    m_heard[apInfo.m_bssid] = Simulator::Now();
    WifiAssocManager::NotifyApInfo(std::move(apInfo));
}

void
WifiAssociationGate::NotifyChannelSwitched(uint8_t)
{
}

bool
WifiAssociationGate::Compare(const StaWifiMac::ApInfo& lhs, const StaWifiMac::ApInfo& rhs) const
{
    return lhs.m_snr > rhs.m_snr;
}

bool
WifiAssociationGate::CanBeInserted(const StaWifiMac::ApInfo&) const
{
    return true;
}

bool
WifiAssociationGate::CanBeReturned(const StaWifiMac::ApInfo& apInfo) const
{
    const auto heard = m_heard.find(apInfo.m_bssid);
    return (!m_bssid || apInfo.m_bssid == *m_bssid) && heard != m_heard.end() &&
           Simulator::Now() - heard->second <= m_memory;
}

bool
WifiAssociationGate::KnowsTarget() const
{
    const auto& known = GetSortedList();
    return std::any_of(known.begin(), known.end(), [this](const StaWifiMac::ApInfo& apInfo) {
        return CanBeReturned(apInfo);
    });
}

void
WifiAssociationGate::DoStartScanning()
{
    m_probe.Cancel();
    m_end.Cancel();
    m_isHeld = !m_isOpen;
    if (m_isHeld)
    {
        return;
    }
    if (KnowsTarget())
    {
        m_end = Simulator::ScheduleNow(&WifiAssociationGate::EndScanning, this);
        return;
    }
    const auto& scan = GetScanParams();
    Time dwell = scan.maxChannelTime;
    if (scan.type == decltype(scan.type)::ACTIVE)
    {
        m_probe = Simulator::Schedule(scan.probeDelay, &SendProbe<StaWifiMac>, m_mac);
        dwell += scan.probeDelay;
    }
    m_end = Simulator::Schedule(dwell, &WifiAssociationGate::EndScanning, this);
}

void
WifiAssociationGate::EndScanning()
{
    ScanningTimeout();
}

} // namespace ns3::mis
