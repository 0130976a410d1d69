// SPDX-License-Identifier: GPL-2.0-only

#include "mis-access-link.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(AccessLink);

TypeId
AccessLink::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::AccessLink").SetParent<Object>().SetGroupName("MisPrereg");
    return tid;
}

} // namespace ns3::mis
