// SPDX-License-Identifier: GPL-2.0-only

#include "mis-sa-provider.h"

#include "mis-function.h"

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

bool
SaProvider::IsOnDemand(const Misf&, const MisfId&) const
{
    return false;
}

void
SaProvider::Establish(Misf& misf, const MisfId& peer, Established established)
{
    auto* sa = misf.FindSa(peer);
    established(sa, sa ? "" : "not-provisioned");
}

bool
SaProvider::IsProvisioned(const Misf&, const Said&, const MisfId&) const
{
    return false;
}

void
SaProvider::Removed(Misf&, const Said&, const MisfId&)
{
}

} // namespace ns3::mis
