// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: mobility

#include "mis-node-position.h"

#include "ns3/abort.h"
#include "ns3/constant-velocity-mobility-model.h"

namespace ns3::mis
{

void
PlaceNode(Ptr<Node> node, const Vector& position, const Vector& velocity)
{
    EnsurePosition(node);
    auto mobility = node->GetObject<MobilityModel>();
    mobility->SetPosition(position);
    auto moving = DynamicCast<ConstantVelocityMobilityModel>(mobility);
    NS_ABORT_MSG_IF(!moving && velocity != Vector(),
                    "PlaceNode: the mobility model of the node is "
                        << mobility->GetInstanceTypeId().GetName()
                        << ", allowed is ConstantVelocityMobilityModel");
    if (moving)
    {
        moving->SetVelocity(velocity);
    }
}

void
EnsurePosition(Ptr<Node> node)
{
    if (!node->GetObject<MobilityModel>())
    {
        node->AggregateObject(CreateObject<ConstantVelocityMobilityModel>());
    }
}

} // namespace ns3::mis
