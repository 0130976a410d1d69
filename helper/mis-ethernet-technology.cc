// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: csma

#include "mis-ethernet-technology.h"

#include "ns3/data-rate.h"
#include "ns3/mac48-address.h"
#include "ns3/mis-csma-access-link.h"
#include "ns3/nstime.h"

#include <array>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(EthernetTechnology);

namespace
{

const Time ATTACH_TIME = MilliSeconds(1); // of CsmaAccessLink with its default PlugDelay

} // namespace

TypeId
EthernetTechnology::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::EthernetTechnology")
                            .SetParent<RadioTechnology>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<EthernetTechnology>();
    return tid;
}

RadioAccess
EthernetTechnology::Build(const RadioAccessPlan& plan)
{
    m_csma.SetChannelAttribute("DataRate", DataRateValue(DataRate("100Mbps")));
    m_csma.SetChannelAttribute("Delay", TimeValue(MicroSeconds(1)));
    RadioAccess access;
    access.router = plan.makeRouter();
    const auto devices =
        m_csma.Install(NodeContainer(NodeContainer(access.router), plan.mobileNodes));
    m_devices.Add(devices);
    access.hub = devices.Get(0);
    access.pointOfAttachment = access.hub->GetAddress();
    access.gateway = AddAddress(devices.Get(0), plan.network, 1);
    std::array<uint8_t, 6> mac;
    Mac48Address::ConvertFrom(devices.Get(0)->GetAddress()).CopyTo(mac.data());
    access.link = {LinkType::ETHERNET, LinkAddress::Mac(mac)};
    for (uint32_t i = 1; i < devices.GetN(); ++i)
    {
        const auto device = DynamicCast<CsmaNetDevice>(devices.Get(i));
        AddAddress(device, plan.network, 1 + i);
        auto link = CreateObject<CsmaAccessLink>();
        link->SetPlug(device);
        link->SetLinkTupleId({access.link, std::nullopt});
        access.links.push_back(link);
        access.devices.Add(device);
    }
    return access;
}

Time
EthernetTechnology::GetAttachTime() const
{
    return ATTACH_TIME;
}

void
EthernetTechnology::EnablePcap(const std::string& prefix)
{
    m_csma.EnablePcap(prefix, m_devices);
}

int64_t
EthernetTechnology::AssignStreams(int64_t stream)
{
    return m_csma.AssignStreams(m_devices, stream);
}

} // namespace ns3::mis
