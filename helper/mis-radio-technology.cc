// SPDX-License-Identifier: GPL-2.0-only

#include "mis-radio-technology.h"

#include "ns3/mis-arp-learning.h"
#include "ns3/mis-ip-family.h"
#include "ns3/simulator.h"
#include "ns3/trace-helper.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(RadioTechnology);

namespace
{

/// Writes a packet if it goes over the interface that the file is for.
template <class Stack>
void
WritePacket(Ptr<PcapFileWrapper> file,
            uint32_t wanted,
            Ptr<const Packet> packet,
            Ptr<Stack>,
            uint32_t interface)
{
    if (interface == wanted)
    {
        file->Write(Simulator::Now(), packet);
    }
}

/// Has the packets of one IP version written.
template <class Family>
void
CaptureFamily(Ptr<NetDevice> device, Ptr<PcapFileWrapper> file)
{
    const auto stack = device->GetNode()->GetObject<typename Family::Protocol>();
    const int32_t interface = stack ? stack->GetInterfaceForDevice(device) : -1;
    if (interface < 0)
    {
        return;
    }
    for (const auto* trace : {"Tx", "Rx"})
    {
        stack->TraceConnectWithoutContext(trace,
                                          MakeBoundCallback(&WritePacket<typename Family::Stack>,
                                                            file,
                                                            static_cast<uint32_t>(interface)));
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
        const auto file = pcap.CreateFile(pcap.GetFilenameFromDevice(prefix, *device),
                                          std::ios::out,
                                          PcapHelper::DLT_RAW);
        CaptureFamily<Ipv4Family>(*device, file);
        CaptureFamily<Ipv6Family>(*device, file);
    }
}

Address
RadioTechnology::AddAddress(Ptr<NetDevice> device, const IpNetwork& network, uint32_t number)
{
    const auto address = network.Host(number);
    AddInterface(device, address, network.GetPrefixLength());
    HastenResolution(device, address);
    if (!network.IsIpv6())
    {
        LearnFromArpRequests(device);
    }
    return address;
}

} // namespace ns3::mis
