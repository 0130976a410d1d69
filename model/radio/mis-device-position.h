// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: mobility

/**
 * @file
 * The position of a device, which is that of its node.
 */
#ifndef MIS_DEVICE_POSITION_H
#define MIS_DEVICE_POSITION_H

#include "ns3/mobility-model.h"

namespace ns3::mis
{

/**
 * @brief Position of one of the devices of a node. It moves with the node, and propagation models,
 * which know nothing but positions, tell the devices of the node apart by it.
 */
class DevicePosition : public MobilityModel
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// @param node position of the node
    void SetNodePosition(Ptr<MobilityModel> node);

    /// @return a position of the same node; newer ns-3 asks it of every MobilityModel, older ns-3
    /// knows it not, so that it is no override
    Ptr<MobilityModel> Copy() const;

  protected:
    void DoDispose() override;

  private:
    Vector DoGetPosition() const override;
    void DoSetPosition(const Vector& position) override;
    Vector DoGetVelocity() const override;

    Ptr<MobilityModel> m_node;
};

} // namespace ns3::mis

#endif // MIS_DEVICE_POSITION_H
