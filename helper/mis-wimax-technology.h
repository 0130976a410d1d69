// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wimax mobility propagation

/**
 * @file
 * Access networks of WiMAX devices.
 */
#ifndef MIS_WIMAX_TECHNOLOGY_H
#define MIS_WIMAX_TECHNOLOGY_H

#include "ns3/mis-radio-technology.h"
#include "ns3/wimax-helper.h"
#include "ns3/wimax-phy.h"

#include <vector>

namespace ns3::mis
{

/**
 * @brief Builds WiMAX networks with one base station and two best-effort flows a mobile node.
 *
 * The base station of ns-3 crashes on a packet for a station without flows. So its access router
 * sends over it only what is for stations that have attached.
 */
class WimaxTechnology : public RadioTechnology
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
    WimaxHelper m_wimax;
    std::vector<Ptr<WimaxPhy>> m_phys;
    NetDeviceContainer m_ipDevices;
};

} // namespace ns3::mis

#endif // MIS_WIMAX_TECHNOLOGY_H
