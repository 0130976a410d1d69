// SPDX-License-Identifier: GPL-2.0-only

#include "mis-sa-provider.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(SaProvider);

TypeId
SaProvider::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::SaProvider").SetParent<Object>().SetGroupName("MisPrereg");
    return tid;
}

} // namespace ns3::mis
