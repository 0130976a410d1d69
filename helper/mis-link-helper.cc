// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Builds access networks and wide-area links from link profiles.
 */

#include "mis-link-helper.h"

#include "ns3/abort.h"
#include "ns3/node.h"
#include "ns3/pcap-file-wrapper.h"

#include <set>

namespace ns3
{
namespace mis
{

namespace
{

/**
 * @param value The address in the lower 48 bits.
 * @return The address.
 */
Mac48Address
MakeMac(uint64_t value)
{
    uint8_t octets[6];
    for (int i = 5; i >= 0; --i)
    {
        octets[i] = value & 0xFF;
        value >>= 8;
    }
    Mac48Address address;
    address.CopyFrom(octets);
    return address;
}

} // namespace

LinkHelper::LinkHelper()
    : LinkHelper("ethernet")
{
}

LinkHelper::LinkHelper(std::string_view name)
{
    SetProfile(name);
}

void
LinkHelper::SetProfile(std::string_view name)
{
    const LinkProfile* profile = FindLinkProfile(name);
    NS_ABORT_MSG_UNLESS(profile, "no link profile is called \"" << name << "\"");
    m_profile = *profile;
}

void
LinkHelper::SetProfile(const LinkProfile& profile)
{
    m_profile = profile;
}

const LinkProfile&
LinkHelper::GetProfile() const
{
    return m_profile;
}

void
LinkHelper::SetQueueSize(const QueueSize& size)
{
    m_queueSize = size;
}

void
LinkHelper::SetAddressBase(Mac48Address first)
{
    uint8_t octets[6];
    first.CopyTo(octets);
    uint64_t value = 0;
    for (const uint8_t octet : octets)
    {
        value = value << 8 | octet;
    }
    m_nextAddress = value;
}

Ptr<PointToMultipointNetDevice>
LinkHelper::CreateDevice(Ptr<Node> node)
{
    auto device = CreateObject<PointToMultipointNetDevice>();
    node->AddDevice(device);
    // Locally administered; the two lowest octets leave room for 65,536 devices a node.
    constexpr uint64_t LOCAL = 0x020000000000;
    const uint64_t value = m_nextAddress ? (*m_nextAddress)++
                                         : LOCAL | (uint64_t{node->GetId()} & 0xFFFFFF) << 16 |
                                               (device->GetIfIndex() & 0xFFFF);
    device->SetAddress(MakeMac(value));
    return device;
}

NetDeviceContainer
LinkHelper::Install(Ptr<Node> hub, const NodeContainer& stations)
{
    auto channel = CreateObject<PointToMultipointChannel>();
    channel->SetProfile(m_profile);
    if (m_queueSize)
    {
        channel->SetAttribute("QueueSize", QueueSizeValue(*m_queueSize));
    }
    NetDeviceContainer devices;
    const auto device = CreateDevice(hub);
    channel->AttachHub(device);
    devices.Add(device);
    for (auto node = stations.Begin(); node != stations.End(); ++node)
    {
        devices.Add(AddStation(device, *node));
    }
    return devices;
}

NetDeviceContainer
LinkHelper::Install(Ptr<Node> hub, Ptr<Node> station)
{
    return Install(hub, NodeContainer(station));
}

Ptr<PointToMultipointNetDevice>
LinkHelper::AddStation(Ptr<NetDevice> hub, Ptr<Node> station)
{
    const auto channel = DynamicCast<PointToMultipointChannel>(hub->GetChannel());
    NS_ABORT_MSG_UNLESS(channel, "the device is no hub of a point-to-multipoint channel");
    const auto device = CreateDevice(station);
    channel->AttachStation(device);
    return device;
}

int64_t
LinkHelper::AssignStreams(const NetDeviceContainer& devices, int64_t stream)
{
    const int64_t first = stream;
    std::set<uint32_t> done;
    for (auto device = devices.Begin(); device != devices.End(); ++device)
    {
        const auto channel = DynamicCast<PointToMultipointChannel>((*device)->GetChannel());
        if (channel && done.insert(channel->GetId()).second)
        {
            stream += channel->AssignStreams(stream);
        }
    }
    return stream - first;
}

void
LinkHelper::EnablePcapInternal(std::string prefix,
                               Ptr<NetDevice> device,
                               bool promiscuous,
                               bool explicitFilename)
{
    // EnablePcapAll() and the like come here with every device there is.
    const auto ours = DynamicCast<PointToMultipointNetDevice>(device);
    if (!ours)
    {
        return;
    }
    PcapHelper helper;
    const std::string name =
        explicitFilename ? prefix : helper.GetFilenameFromDevice(prefix, device);
    // LINKTYPE_ETHERNET; its name moved to another header in ns-3.49.
    constexpr auto ETHERNET = static_cast<PcapHelper::DataLinkType>(1);
    const auto file = helper.CreateFile(name, std::ios::out, ETHERNET);
    helper.HookDefaultSink<PointToMultipointNetDevice>(ours,
                                                       promiscuous ? "PromiscSniffer" : "Sniffer",
                                                       file);
}

} // namespace mis
} // namespace ns3
