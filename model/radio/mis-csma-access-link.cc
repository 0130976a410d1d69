// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: csma

#include "mis-csma-access-link.h"

#include "ns3/simulator.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(CsmaAccessLink);

namespace
{

Ptr<CsmaChannel>
ChannelOf(Ptr<CsmaNetDevice> device)
{
    return DynamicCast<CsmaChannel>(device->GetChannel());
}

} // namespace

TypeId
CsmaAccessLink::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::CsmaAccessLink")
            .SetParent<RadioAccessLink>()
            .SetGroupName("MisPrereg")
            .AddConstructor<CsmaAccessLink>()
            .AddAttribute("PlugDelay",
                          "Time from plugging in until frames flow; auto-negotiation of real "
                          "Ethernet takes some seconds.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&CsmaAccessLink::m_delay),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

void
CsmaAccessLink::DoDispose()
{
    m_synchronised.Cancel();
    m_plug = nullptr;
    RadioAccessLink::DoDispose();
}

void
CsmaAccessLink::SetPlug(Ptr<CsmaNetDevice> device)
{
    m_plug = device;
    ChannelOf(device)->Detach(device);
}

void
CsmaAccessLink::StartRadio()
{
    m_synchronised = Simulator::Schedule(m_delay, &CsmaAccessLink::OnSynchronised, this);
}

void
CsmaAccessLink::OnSynchronised()
{
    ChannelOf(m_plug)->Reattach(m_plug);
    RadioUp();
    RadioReady();
}

void
CsmaAccessLink::StopRadio()
{
    m_synchronised.Cancel();
    ChannelOf(m_plug)->Detach(m_plug);
}

void
CsmaAccessLink::Unplug()
{
    m_synchronised.Cancel();
    ChannelOf(m_plug)->Detach(m_plug);
    RadioDown(LinkDownReason::PACKET_TIMEOUT);
}

} // namespace ns3::mis
