// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: csma

/**
 * @file
 * An access link over an Ethernet segment of ns-3.
 */
#ifndef MIS_CSMA_ACCESS_LINK_H
#define MIS_CSMA_ACCESS_LINK_H

#include "ns3/csma-channel.h"
#include "ns3/csma-net-device.h"
#include "ns3/mis-radio-access-link.h"

namespace ns3::mis
{

/**
 * @brief Access link whose plug is put in and pulled out.
 *
 * ns-3 does not say that a device was detached from its channel, so whoever pulls the plug without
 * Detach() calls Unplug().
 */
class CsmaAccessLink : public RadioAccessLink
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Begins unplugged.
     * @param device device of the mobile node, on its channel
     */
    void SetPlug(Ptr<CsmaNetDevice> device);

    /// Pulls the plug, as somebody who stumbles over the cable does.
    void Unplug();

  protected:
    void DoDispose() override;

  private:
    void StartRadio() override;
    void StopRadio() override;
    void OnSynchronised();

    // attributes
    Time m_delay;

    Ptr<CsmaNetDevice> m_plug;
    EventId m_synchronised;
};

} // namespace ns3::mis

#endif // MIS_CSMA_ACCESS_LINK_H
