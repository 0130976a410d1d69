// SPDX-License-Identifier: GPL-2.0-only

#include "mis-radio-technology.h"

#include "ns3/abort.h"
#include "ns3/arp-cache.h"
#include "ns3/arp-l3-protocol.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/mis-arp-learning.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/trace-helper.h"
#include "ns3/uinteger.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(RadioTechnology);

namespace
{

/// Writes a packet if it goes over the interface that the file is for.
void
WritePacket(Ptr<PcapFileWrapper> file,
            uint32_t wanted,
            Ptr<const Packet> packet,
            Ptr<Ipv4>,
            uint32_t interface)
{
    if (interface == wanted)
    {
        file->Write(Simulator::Now(), packet);
    }
}

} // namespace

TypeId
RadioTechnology::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::RadioTechnology").SetParent<Object>().SetGroupName("MisPrereg");
    return tid;
}

void
RadioTechnology::Place(Ptr<Node>, const Vector&, const Vector&)
{
}

std::pair<double, double>
RadioTechnology::GetEdge() const
{
    return {0, 0};
}

void
RadioTechnology::CaptureIp(const std::string& prefix, const NetDeviceContainer& devices)
{
    PcapHelper pcap;
    for (auto device = devices.Begin(); device != devices.End(); ++device)
    {
        const auto ipv4 = (*device)->GetNode()->GetObject<Ipv4L3Protocol>();
        const auto interface = static_cast<uint32_t>(ipv4->GetInterfaceForDevice(*device));
        const auto file = pcap.CreateFile(pcap.GetFilenameFromDevice(prefix, *device),
                                          std::ios::out,
                                          PcapHelper::DLT_RAW);
        ipv4->TraceConnectWithoutContext("Tx", MakeBoundCallback(&WritePacket, file, interface));
        ipv4->TraceConnectWithoutContext("Rx", MakeBoundCallback(&WritePacket, file, interface));
    }
}

void
RadioTechnology::AddAddress(Ptr<NetDevice> device, Ipv4Address address, Ipv4Mask mask)
{
    auto node = device->GetNode();
    auto ipv4 = node->GetObject<Ipv4L3Protocol>();
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, mask));
    ipv4->SetMetric(interface, 1);
    ipv4->SetUp(interface);
    // ns-3 delays a request by up to 10 ms and keeps three packets meanwhile, which would show in
    // every handover.
    node->GetObject<ArpL3Protocol>()->SetAttribute(
        "RequestJitter",
        StringValue("ns3::ConstantRandomVariable[Constant=0]"));
    if (auto cache = ipv4->GetInterface(interface)->GetArpCache())
    {
        constexpr uint32_t PENDING_PACKETS = 100;
        cache->SetAttribute("PendingQueueSize", UintegerValue(PENDING_PACKETS));
    }
    LearnFromArpRequests(device);
}

Ipv4Address
RadioTechnology::AddressOf(const RadioAccessPlan& plan, uint32_t index)
{
    // Neither the network itself nor its broadcast address.
    NS_ABORT_MSG_IF(index + 1 >= plan.mask.GetInverse(),
                    "RadioTechnology: the network " << plan.network << " has too few addresses for "
                                                    << plan.mobileNodes.GetN() << " mobile nodes");
    return Ipv4Address(plan.network.Get() + 1 + index);
}

} // namespace ns3::mis
