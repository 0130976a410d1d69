// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wifi mobility propagation
// ns3-headers: wifi-assoc-manager.h

/**
 * @file
 * Access networks of Wi-Fi devices.
 */
#ifndef MIS_WIFI_TECHNOLOGY_H
#define MIS_WIFI_TECHNOLOGY_H

#include "ns3/mis-radio-technology.h"

namespace ns3::mis
{

/**
 * @brief Builds infrastructure networks of IEEE 802.11a, each on a channel of its own, with the
 * loss and error models that ns-3 has by default.
 */
class WifiTechnology : public RadioTechnology
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    RadioAccess Build(const RadioAccessPlan& plan) override;
    int64_t AssignStreams(int64_t stream) override;
    Time GetAttachTime() const override;
    void EnablePcap(const std::string& prefix) override;
    void Place(Ptr<Node> node, const Vector& position, const Vector& velocity) override;
    std::pair<double, double> GetEdge() const override;

  private:
    // attributes
    std::string m_dataMode;
    bool m_activeScan;
    bool m_listens;

    NetDeviceContainer m_devices;
    uint32_t m_networks{0};
};

} // namespace ns3::mis

#endif // MIS_WIFI_TECHNOLOGY_H
