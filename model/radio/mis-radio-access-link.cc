// SPDX-License-Identifier: GPL-2.0-only

#include "mis-radio-access-link.h"

#include "mis-controlled-port-routing.h"

#include "ns3/abort.h"
#include "ns3/ipv4-routing-table-entry.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(RadioAccessLink);

namespace
{

Ptr<Ipv4StaticRouting>
RoutingOf(Ptr<NetDevice> device)
{
    auto routing = Ipv4StaticRoutingHelper().GetStaticRouting(device->GetNode()->GetObject<Ipv4>());
    NS_ABORT_MSG_IF(!routing, "RadioAccessLink: the mobile node needs Ipv4StaticRouting");
    return routing;
}

uint32_t
InterfaceOf(Ptr<NetDevice> device)
{
    const int32_t interface = device->GetNode()->GetObject<Ipv4>()->GetInterfaceForDevice(device);
    NS_ABORT_MSG_IF(interface < 0, "RadioAccessLink: the device needs an IPv4 address");
    return static_cast<uint32_t>(interface);
}

template <class Fits>
void
RemoveRoutes(Ptr<Ipv4StaticRouting> routing, Fits fits)
{
    for (uint32_t i = routing->GetNRoutes(); i > 0; --i)
    {
        if (fits(routing->GetRoute(i - 1)))
        {
            routing->RemoveRoute(i - 1);
        }
    }
}

} // namespace

TypeId
RadioAccessLink::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::RadioAccessLink")
            .SetParent<MonitoredAccessLink>()
            .SetGroupName("MisPrereg")
            .AddAttribute("Linger",
                          "How long the radio stays attached after the node has left the link, so "
                          "that data flow on while the new link authenticates (make before break); "
                          "zero to leave at once (break before make).",
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
                              Ipv4Address gateway,
                              const std::vector<Ipv4Address>& peers)
{
    m_device = device;
    m_gateway = gateway;
    m_peers = peers;
    const auto interface = InterfaceOf(device);
    if (auto port = DynamicCast<ControlledPortRouting>(
            device->GetNode()->GetObject<Ipv4>()->GetRoutingProtocol()))
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
    Prepare(std::move(attached));
}

void
RadioAccessLink::Prepare(std::function<void()> ready)
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
    auto routing = RoutingOf(m_device);
    RemoveRoutes(routing, [](const Ipv4RoutingTableEntry& route) { return route.IsDefault(); });
    routing->SetDefaultRoute(m_gateway, InterfaceOf(m_device));
}

void
RadioAccessLink::SetPort(bool open)
{
    if (auto port = DynamicCast<ControlledPortRouting>(
            m_device->GetNode()->GetObject<Ipv4>()->GetRoutingProtocol()))
    {
        port->SetOpen(InterfaceOf(m_device), open);
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
    auto routing = RoutingOf(m_device);
    const auto interface = InterfaceOf(m_device);
    for (const auto& peer : m_peers)
    {
        if (add)
        {
            routing->AddHostRouteTo(peer, m_gateway, interface);
            continue;
        }
        RemoveRoutes(routing, [&](const Ipv4RoutingTableEntry& route) {
            return route.IsHost() && route.GetDest() == peer && route.GetInterface() == interface;
        });
    }
}

} // namespace ns3::mis
