// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: mobility

#include "mis-device-position.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(DevicePosition);

TypeId
DevicePosition::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::DevicePosition")
                            .SetParent<MobilityModel>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<DevicePosition>();
    return tid;
}

void
DevicePosition::SetNodePosition(Ptr<MobilityModel> node)
{
    m_node = node;
}

Ptr<MobilityModel>
DevicePosition::Copy() const
{
    return CopyObject(Ptr<const DevicePosition>(this));
}

void
DevicePosition::DoDispose()
{
    m_node = nullptr;
    MobilityModel::DoDispose();
}

Vector
DevicePosition::DoGetPosition() const
{
    return m_node->GetPosition();
}

void
DevicePosition::DoSetPosition(const Vector& position)
{
    m_node->SetPosition(position);
}

Vector
DevicePosition::DoGetVelocity() const
{
    return m_node->GetVelocity();
}

} // namespace ns3::mis
