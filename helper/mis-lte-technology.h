// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: lte mobility propagation spectrum virtual-net-device point-to-point

/**
 * @file
 * Access networks of LTE devices.
 */
#ifndef MIS_LTE_TECHNOLOGY_H
#define MIS_LTE_TECHNOLOGY_H

#include "ns3/epc-helper.h"
#include "ns3/lte-helper.h"
#include "ns3/mis-lte-limits.h"
#include "ns3/mis-radio-silence.h"
#include "ns3/mis-radio-technology.h"

#include <vector>

namespace ns3::mis
{

/**
 * @brief Builds LTE networks, each of one operator: an EPC, whose PGW is the access router, and one
 * cell of 5 MHz.
 */
class LteTechnology : public RadioTechnology
{
  public:
    /// Networks a simulation can have; each takes its own piece of E-UTRA bands 1, 3 and 7.
    static constexpr uint32_t MAX_NETWORKS = MAX_LTE_NETWORKS;

    /// @return the TypeId
    static TypeId GetTypeId();

    RadioAccess Build(const RadioAccessPlan& plan) override;
    int64_t AssignStreams(int64_t stream) override;
    void Place(Ptr<Node> node, const Vector& position, const Vector& velocity) override;
    std::pair<double, double> GetEdge() const override;
    Time GetAttachTime() const override;
    void EnablePcap(const std::string& prefix) override;

  protected:
    void DoDispose() override;

  private:
    // attributes
    bool m_useIdealRrc;

    Ptr<LteHelper> m_lte;
    std::vector<Ptr<EpcHelper>> m_epcs; //!< their nodes are disposed of with them
    Ptr<RadioSilence> m_silence;
    NetDeviceContainer m_devices;   //!< of eNBs and UEs
    NetDeviceContainer m_ipDevices; //!< of UEs and PGWs
    uint32_t m_networks{0};
};

} // namespace ns3::mis

#endif // MIS_LTE_TECHNOLOGY_H
