// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wifi
// ns3-headers: wifi-assoc-manager.h

/**
 * @file
 * An access link over a Wi-Fi station of ns-3.
 */
#ifndef MIS_WIFI_ACCESS_LINK_H
#define MIS_WIFI_ACCESS_LINK_H

#include "ns3/mac48-address.h"
#include "ns3/mis-radio-access-link.h"
#include "ns3/mis-wifi-association-gate.h"
#include "ns3/sta-wifi-mac.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"

#include <map>
#include <optional>
#include <string>

namespace ns3::mis
{

/**
 * @brief Access link of a station of an infrastructure network, which may have several access
 * points.
 *
 * The station associates only when told to, with the access point chosen, unless it is only
 * watched. That beacons stay out is watched here and no longer by the station, whose own watchdog
 * would report an association that was ended on purpose once more, and abort the run if the radio
 * is off meanwhile (ns-3.37 to 3.40).
 */
class WifiAccessLink : public RadioAccessLink
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Takes the station over; before the simulation starts.
     * @param station device with a StaWifiMac
     */
    void SetStation(Ptr<WifiNetDevice> station);

    /**
     * @brief Watches a station that associates by itself, and leaves it alone, so that everything
     * in it happens when it does in ns-3 without this link. The link is down when the station has
     * missed as many beacons as its MaxMissedBeacons.
     * @param station device with a StaWifiMac, not associated yet
     */
    void Watch(Ptr<WifiNetDevice> station);

    /**
     * @brief Names an access point and its channel; not needed if all have the station's channel.
     * @param bssid the access point
     * @param channel value of the attribute ChannelSettings of its WifiPhy
     */
    void AddAccessPoint(Mac48Address bssid, const std::string& channel);

    /**
     * @brief Chooses an access point; an association with another one ends, and one with this
     * begins. Not for a station that is only watched.
     * @param bssid the access point; the strongest one if none is named
     */
    void Choose(std::optional<Mac48Address> bssid);

    /// @return access point of the association, if there is one
    std::optional<Mac48Address> GetAccessPoint() const
    {
        return m_associated;
    }

    /// @param bssid an access point @return its identifier in messages
    static LinkTupleId IdOf(Mac48Address bssid);

  protected:
    void DoDispose() override;

  private:
    void StartRadio() override;
    void StopRadio() override;
    void SetMac(Ptr<WifiNetDevice> station);
    void ConnectTraces();
    void Rest();
    bool Tune();
    void Disassociate();
    void Joined();
    void BeaconsMissed();
    static void OnAssociation(WifiAccessLink* self, Mac48Address bssid);
    static void OnDisassociation(WifiAccessLink* self, Mac48Address bssid);
    static void OnBeaconInfo(WifiAccessLink* self, StaWifiMac::ApInfo apInfo);
    static void OnFrame(WifiAccessLink* self,
                        Ptr<const Packet> packet,
                        uint16_t frequency,
                        WifiTxVector vector,
                        MpduInfo mpdu,
                        SignalNoiseDbm signal,
                        uint16_t station);

    // attributes
    Time m_beaconTimeout;
    bool m_switchesOff;

    Ptr<StaWifiMac> m_mac;
    Ptr<WifiPhy> m_phy;
    Ptr<WifiAssociationGate> m_gate;
    std::map<Mac48Address, std::string> m_channels;
    std::string m_channel; //!< set last, empty for that of the device
    std::optional<Mac48Address> m_chosen;
    std::optional<Mac48Address> m_associated;
    LinkDownReason m_reason{LinkDownReason::PACKET_TIMEOUT};
    bool m_isOff{false};
    Time m_lastBeacon;
    EventId m_watchdog;
    EventId m_joined;
    EventId m_rest;
};

} // namespace ns3::mis

#endif // MIS_WIFI_ACCESS_LINK_H
