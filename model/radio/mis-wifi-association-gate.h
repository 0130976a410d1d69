// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wifi
// ns3-headers: wifi-assoc-manager.h

/**
 * @file
 * Decides with which access point a station may associate, and when.
 */
#ifndef MIS_WIFI_ASSOCIATION_GATE_H
#define MIS_WIFI_ASSOCIATION_GATE_H

#include "ns3/event-id.h"
#include "ns3/wifi-assoc-manager.h"

#include <map>
#include <optional>

namespace ns3::mis
{

/**
 * @brief Association manager that holds a station back until it is told to go, and then lets it
 * associate with the access point chosen.
 *
 * While the gate is closed the station listens: if it has heard the access point lately, opening
 * the gate makes it associate without a scan.
 */
class WifiAssociationGate : public WifiAssocManager
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Lets the station associate.
     * @param bssid with which access point; with the strongest one if none is named
     */
    void Open(std::optional<Mac48Address> bssid);

    /// Keeps the station from associating; an association is not ended.
    void Close();

    /// Forgets what was heard, as when the radio is switched off.
    void Forget();

    /// @return whether the station may associate
    bool IsOpen() const
    {
        return m_isOpen;
    }

    void NotifyApInfo(const StaWifiMac::ApInfo&& apInfo) override;
    void NotifyChannelSwitched(uint8_t linkId) override;
    bool Compare(const StaWifiMac::ApInfo& lhs, const StaWifiMac::ApInfo& rhs) const override;

  protected:
    void DoDispose() override;
    bool CanBeInserted(const StaWifiMac::ApInfo& apInfo) const override;
    bool CanBeReturned(const StaWifiMac::ApInfo& apInfo) const override;

  private:
    void DoStartScanning() override;
    bool KnowsTarget() const;
    void EndScanning();

    // attributes
    Time m_memory;

    bool m_isOpen{false};
    bool m_isHeld{false}; //!< the station wants to scan
    std::optional<Mac48Address> m_bssid;
    EventId m_probe;
    EventId m_end;
    std::map<Mac48Address, Time> m_heard; //!< last beacon or probe response
};

} // namespace ns3::mis

#endif // MIS_WIFI_ASSOCIATION_GATE_H
