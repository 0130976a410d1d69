// SPDX-License-Identifier: GPL-2.0-only

#include "mis-radio-access-link.h"

#include "mis-controlled-ports.h"

#include "ns3/mis-ip-stack.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(RadioAccessLink);

TypeId
RadioAccessLink::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::RadioAccessLink")
            .SetParent<MonitoredAccessLink>()
            .SetGroupName("MisPrereg")
            .AddAttribute("Linger",
                          "How long the radio stays attached after the node has left the link, so "
                          "that data flow on while the new link authenticates, which needs a radio "
                          "for each link (make before break); zero to leave at once (break before "
                          "make).",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&RadioAccessLink::m_linger),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

void
RadioAccessLink::DoDispose()
{
    m_release.Cancel();
    m_device = nullptr;
    m_waiting.clear();
    MonitoredAccessLink::DoDispose();
}

void
RadioAccessLink::SetInterface(Ptr<NetDevice> device,
                              const Address& gateway,
                              const std::vector<Address>& peers)
{
    m_device = device;
    m_gateway = gateway;
    m_peers = peers;
    const auto interface = InterfaceOf(device, gateway);
    if (auto* port = ControlledPorts::Find(device->GetNode(), gateway))
    {
        port->AddPort(interface);
        for (const auto& peer : peers)
        {
            port->Allow(interface, peer);
        }
    }
}

void
RadioAccessLink::WatchOnly()
{
    m_watchesOnly = true;
    m_isWanted = true;
}

LinkTupleId
RadioAccessLink::GetLinkTupleId() const
{
    if (!GetLinkFramePort())
    {
        return m_id;
    }
    return {{m_id.link.type, LinkAddressOf(m_device->GetAddress())}, m_id.link.address};
}

void
RadioAccessLink::Follow(Ptr<MobileNode> mn)
{
    mn->TraceConnectWithoutContext("DataPath",
                                   MakeBoundCallback(&OnDataPath, this, PeekPointer(mn)));
}

void
RadioAccessLink::OnDataPath(RadioAccessLink* self, MobileNode* mn, bool open)
{
    if (open && PeekPointer(mn->GetCurrentLink()) == self)
    {
        self->OpenPort();
    }
}

void
RadioAccessLink::Attach(std::function<void()> attached)
{
    SetPort(false); // it may have lingered
    RouteToPeers(true);
    AwaitRadio(std::move(attached));
}

void
RadioAccessLink::Prepare(std::function<void()> ready)
{
    if (m_linger.IsZero())
    {
        ready(); // the one radio is in use
        return;
    }
    AwaitRadio(std::move(ready));
}

void
RadioAccessLink::AwaitRadio(std::function<void()> ready)
{
    m_release.Cancel();
    if (IsReady())
    {
        ready();
        return;
    }
    m_waiting.push_back(std::move(ready));
    Want();
}

void
RadioAccessLink::Want()
{
    if (!m_isWanted)
    {
        m_isWanted = true;
        StartRadio();
    }
}

void
RadioAccessLink::Detach()
{
    m_waiting.clear();
    RouteToPeers(false);
    if (m_linger.IsZero() || !IsReady())
    {
        Release();
        return;
    }
    m_release.Cancel();
    m_release = Simulator::Schedule(m_linger, &RadioAccessLink::Release, this);
}

bool
RadioAccessLink::Lingers() const
{
    return IsReady() && !m_release.IsExpired();
}

void
RadioAccessLink::Release()
{
    SetPort(false);
    if (m_watchesOnly)
    {
        return;
    }
    if (m_isWanted)
    {
        m_isWanted = false;
        StopRadio();
    }
    NotifyDown(LinkDownReason::EXPLICIT_DISCONNECT);
}

void
RadioAccessLink::RadioUp()
{
    NotifyUp();
}

void
RadioAccessLink::RadioReady()
{
    if (!IsUp())
    {
        return; // it was told late
    }
    NotifyReady();
    const auto waiting = std::move(m_waiting);
    m_waiting.clear();
    for (const auto& ready : waiting)
    {
        ready();
    }
}

void
RadioAccessLink::RadioDown(LinkDownReason reason)
{
    NotifyDown(reason);
}

void
RadioAccessLink::OpenPort()
{
    SetPort(true);
    StaticRoutes(m_device->GetNode(), m_gateway)
        .SetDefault(m_gateway, InterfaceOf(m_device, m_gateway));
}

void
RadioAccessLink::SetPort(bool open)
{
    if (auto* port = ControlledPorts::Find(m_device->GetNode(), m_gateway))
    {
        port->SetOpen(InterfaceOf(m_device, m_gateway), open);
    }
}

void
RadioAccessLink::RouteToPeers(bool add)
{
    if (add == m_hasPeerRoutes)
    {
        return;
    }
    m_hasPeerRoutes = add;
    StaticRoutes routes(m_device->GetNode(), m_gateway);
    const auto interface = InterfaceOf(m_device, m_gateway);
    for (const auto& peer : m_peers)
    {
        if (add)
        {
            routes.AddHost(peer, m_gateway, interface);
        }
        else
        {
            routes.RemoveHost(peer, interface);
        }
    }
}

} // namespace ns3::mis
