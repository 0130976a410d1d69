// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: csma

/**
 * @file
 * Access networks of CSMA devices.
 */
#ifndef MIS_ETHERNET_TECHNOLOGY_H
#define MIS_ETHERNET_TECHNOLOGY_H

#include "ns3/csma-helper.h"
#include "ns3/mis-radio-technology.h"

namespace ns3::mis
{

/// Builds Ethernet segments.
class EthernetTechnology : public RadioTechnology
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    RadioAccess Build(const RadioAccessPlan& plan) override;
    int64_t AssignStreams(int64_t stream) override;
    Time GetAttachTime() const override;
    void EnablePcap(const std::string& prefix) override;

  private:
    CsmaHelper m_csma;
    NetDeviceContainer m_devices;
};

} // namespace ns3::mis

#endif // MIS_ETHERNET_TECHNOLOGY_H
