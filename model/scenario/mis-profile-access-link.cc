// SPDX-License-Identifier: GPL-2.0-only

#include "mis-profile-access-link.h"

#include "ns3/mis-ip-stack.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(ProfileAccessLink);

TypeId
ProfileAccessLink::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::ProfileAccessLink")
            .SetParent<MonitoredAccessLink>()
            .SetGroupName("MisPrereg")
            .AddConstructor<ProfileAccessLink>()
            .AddAttribute("AttachmentDelay",
                          "Time to synchronise with and associate to the target link before the "
                          "first frame; zero assumes that it was scanned before.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&ProfileAccessLink::m_attachmentDelay),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

void
ProfileAccessLink::Configure(Ptr<PointToMultipointNetDevice> station,
                             const Address& gateway,
                             const LinkTupleId& id)
{
    m_station = station;
    m_gateway = gateway;
    m_id = id;
}

void
ProfileAccessLink::DoDispose()
{
    m_station = nullptr;
    MonitoredAccessLink::DoDispose();
}

LinkTupleId
ProfileAccessLink::GetLinkTupleId() const
{
    return m_id;
}

void
ProfileAccessLink::Attach(std::function<void()> attached)
{
    m_station->SetLinkUp(true);
    UseDefaultRoute();
    if (m_attachmentDelay.IsZero())
    {
        OnAttached(std::move(attached));
        return;
    }
    Simulator::Schedule(m_attachmentDelay,
                        &ProfileAccessLink::OnAttached,
                        this,
                        std::move(attached));
}

void
ProfileAccessLink::OnAttached(std::function<void()> attached)
{
    NotifyUp();
    NotifyReady();
    attached();
}

void
ProfileAccessLink::Detach()
{
    m_station->SetLinkUp(false);
    NotifyDown(LinkDownReason::EXPLICIT_DISCONNECT);
}

void
ProfileAccessLink::UseDefaultRoute()
{
    StaticRoutes(m_station->GetNode(), m_gateway)
        .SetDefault(m_gateway, InterfaceOf(m_station, m_gateway));
}

} // namespace ns3::mis
