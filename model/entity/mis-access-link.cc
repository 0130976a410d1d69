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

void
AccessLink::DoDispose()
{
    m_receiver = nullptr;
    Object::DoDispose();
}

bool
AccessLink::Announce(bool)
{
    return false;
}

void
AccessLink::SendLinkFrame(ByteView)
{
}

void
AccessLink::ReceiveLinkFrame(ByteView frame)
{
    if (m_receiver)
    {
        const auto receiver = m_receiver; // what it does may replace it
        receiver(frame);
    }
}

} // namespace ns3::mis
