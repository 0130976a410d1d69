// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wifi
// ns3-headers: wifi-assoc-manager.h

#include "mis-wifi-access-link.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-mac-header.h"

#include <array>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(WifiAccessLink);

namespace
{

// Of 102.4 ms each: longer than any simulation, and short enough to be multiplied.
constexpr uint32_t NEVER_BEACONS = 1000000;

} // namespace

TypeId
WifiAccessLink::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::WifiAccessLink")
            .SetParent<RadioAccessLink>()
            .SetGroupName("MisPrereg")
            .AddConstructor<WifiAccessLink>()
            .AddAttribute("BeaconTimeout",
                          "Time without a beacon after which the link is down; the default is 10 "
                          "beacon intervals of 102.4 ms, as in StaWifiMac.",
                          TimeValue(MilliSeconds(1024)),
                          MakeTimeAccessor(&WifiAccessLink::m_beaconTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("SwitchOff",
                          "Whether the radio is off while the link is detached, as with a single "
                          "radio; if not, it listens and knows the access points.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&WifiAccessLink::m_switchesOff),
                          MakeBooleanChecker());
    return tid;
}

LinkTupleId
WifiAccessLink::IdOf(Mac48Address bssid)
{
    std::array<uint8_t, 6> mac;
    bssid.CopyTo(mac.data());
    LinkTupleId id;
    id.link.type = LinkType::WIFI;
    id.link.address = LinkAddress::Mac(mac);
    return id;
}

void
WifiAccessLink::DoDispose()
{
    m_joined.Cancel();
    m_watchdog.Cancel();
    m_rest.Cancel();
    m_mac = nullptr;
    m_phy = nullptr;
    m_gate = nullptr;
    RadioAccessLink::DoDispose();
}

void
WifiAccessLink::SetMac(Ptr<WifiNetDevice> station)
{
    m_mac = DynamicCast<StaWifiMac>(station->GetMac());
    NS_ABORT_MSG_IF(!m_mac, "WifiAccessLink: the device has no StaWifiMac");
    m_phy = station->GetPhy();
}

void
WifiAccessLink::ConnectTraces()
{
    m_mac->TraceConnectWithoutContext("Assoc", MakeBoundCallback(&OnAssociation, this));
    m_mac->TraceConnectWithoutContext("DeAssoc", MakeBoundCallback(&OnDisassociation, this));
    m_phy->TraceConnectWithoutContext("MonitorSnifferRx", MakeBoundCallback(&OnFrame, this));
}

void
WifiAccessLink::Watch(Ptr<WifiNetDevice> station)
{
    SetMac(station);
    NS_ABORT_MSG_IF(m_mac->IsAssociated(),
                    "WifiAccessLink: the station is associated, Watch it before");
    WatchOnly();
    ConnectTraces();
}

void
WifiAccessLink::SetStation(Ptr<WifiNetDevice> station)
{
    SetMac(station);
    m_gate = CreateObject<WifiAssociationGate>();
    m_mac->SetAssocManager(m_gate);
    m_mac->SetAttribute("MaxMissedBeacons", UintegerValue(NEVER_BEACONS));
    ConnectTraces();
    m_mac->TraceConnectWithoutContext("ReceivedBeaconInfo", MakeBoundCallback(&OnBeaconInfo, this));
    // Not before the device is initialised.
    m_rest = Simulator::Schedule(NanoSeconds(1), &WifiAccessLink::Rest, this);
}

void
WifiAccessLink::AddAccessPoint(Mac48Address bssid, const std::string& channel)
{
    m_channels[bssid] = channel;
}

void
WifiAccessLink::Choose(std::optional<Mac48Address> bssid)
{
    NS_ABORT_MSG_UNLESS(m_gate, "WifiAccessLink: a station that is only watched chooses itself");
    m_chosen = bssid;
    if (!IsWanted())
    {
        return;
    }
    m_gate->Open(bssid);
    if (!m_associated)
    {
        Tune();
        return;
    }
    if (!bssid || *m_associated == *bssid)
    {
        return;
    }
    m_reason = LinkDownReason::EXPLICIT_DISCONNECT;
    // A change of the channel ends the association by itself.
    if (!Tune())
    {
        Disassociate();
    }
}

bool
WifiAccessLink::Tune()
{
    const auto channel = m_chosen ? m_channels.find(*m_chosen) : m_channels.end();
    if (channel == m_channels.end() || channel->second == m_channel)
    {
        return false;
    }
    // ns-3 does not say on which channel a radio is in the words that choose it.
    m_channel = channel->second;
    m_phy->SetAttribute("ChannelSettings", StringValue(m_channel));
    return true;
}

void
WifiAccessLink::StartRadio()
{
    if (m_isOff)
    {
        m_isOff = false;
        m_phy->ResumeFromOff();
    }
    m_gate->Open(m_chosen);
    Tune();
}

void
WifiAccessLink::StopRadio()
{
    m_joined.Cancel();
    m_watchdog.Cancel();
    m_gate->Close();
    Disassociate();
    // While a station disassociates, ns-3 has its radio off and on by itself.
    m_rest.Cancel();
    m_rest = Simulator::ScheduleNow(&WifiAccessLink::Rest, this);
}

void
WifiAccessLink::Rest()
{
    if (m_switchesOff && !IsWanted() && !m_isOff)
    {
        m_isOff = true;
        m_gate->Forget();
        m_phy->SetOffMode();
    }
}

void
WifiAccessLink::Disassociate()
{
    if (m_mac->IsAssociated())
    {
        constexpr uint8_t LINK = 0;
        m_mac->NotifyChannelSwitching(LINK);
    }
}

void
WifiAccessLink::OnAssociation(WifiAccessLink* self, Mac48Address bssid)
{
    if (!self->IsWanted())
    {
        // It was under way when the link was given up.
        Simulator::ScheduleNow(&WifiAccessLink::StopRadio, self);
        return;
    }
    self->m_associated = bssid;
    self->m_reason = LinkDownReason::PACKET_TIMEOUT;
    self->SetLinkTupleId(IdOf(bssid));
    self->m_lastBeacon = Simulator::Now();
    self->m_watchdog.Cancel();
    if (self->m_gate)
    {
        self->m_watchdog =
            Simulator::Schedule(self->m_beaconTimeout, &WifiAccessLink::BeaconsMissed, self);
    }
    // The device takes no frame until the station has told it, which comes after this trace.
    self->m_joined = Simulator::ScheduleNow(&WifiAccessLink::Joined, self);
}

void
WifiAccessLink::Joined()
{
    RadioUp();
    RadioReady();
}

void
WifiAccessLink::OnDisassociation(WifiAccessLink* self, Mac48Address)
{
    self->m_associated.reset();
    self->m_joined.Cancel();
    self->m_watchdog.Cancel();
    if (self->IsWanted())
    {
        self->RadioDown(self->m_reason);
    }
}

void
WifiAccessLink::BeaconsMissed()
{
    const Time due = m_lastBeacon + m_beaconTimeout;
    if (Simulator::Now() < due)
    {
        m_watchdog =
            Simulator::Schedule(due - Simulator::Now(), &WifiAccessLink::BeaconsMissed, this);
        return;
    }
    Disassociate();
}

void
WifiAccessLink::OnBeaconInfo(WifiAccessLink* self, StaWifiMac::ApInfo apInfo)
{
    // While associated the station does not tell the gate of other access points.
    if (self->m_associated && apInfo.m_bssid != *self->m_associated)
    {
        self->m_gate->NotifyApInfo(std::move(apInfo));
    }
}

void
WifiAccessLink::OnFrame(WifiAccessLink* self,
                        Ptr<const Packet> packet,
                        uint16_t /* frequency */,
                        WifiTxVector /* vector */,
                        MpduInfo /* mpdu */,
                        SignalNoiseDbm signal,
                        uint16_t /* station */)
{
    WifiMacHeader header;
    if (packet->PeekHeader(header) == 0 || !header.IsBeacon())
    {
        return;
    }
    const auto bssid = header.GetAddr3();
    self->NotifyDetected(IdOf(bssid), signal.signal);
    if (self->m_associated && *self->m_associated == bssid)
    {
        self->m_lastBeacon = Simulator::Now();
        self->NotifySignal(signal.signal);
    }
}

} // namespace ns3::mis
