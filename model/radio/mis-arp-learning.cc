// SPDX-License-Identifier: GPL-2.0-only

#include "mis-arp-learning.h"

#include "ns3/arp-cache.h"
#include "ns3/arp-header.h"
#include "ns3/arp-l3-protocol.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/node.h"

namespace ns3::mis
{

namespace
{

bool
HasAddress(const Ipv4Interface* interface, Ipv4Address address)
{
    for (uint32_t i = 0; i < interface->GetNAddresses(); ++i)
    {
        if (interface->GetAddress(i).GetLocal() == address)
        {
            return true;
        }
    }
    return false;
}

void
Learn(Ipv4Interface* interface,
      Ptr<NetDevice>,
      Ptr<const Packet> packet,
      uint16_t,
      const Address&,
      const Address&,
      NetDevice::PacketType)
{
    ArpHeader request;
    if (packet->Copy()->RemoveHeader(request) == 0 || !request.IsRequest() ||
        !HasAddress(interface, request.GetDestinationIpv4Address()))
    {
        return;
    }
    const auto cache = interface->GetArpCache();
    const auto sender = request.GetSourceIpv4Address();
    auto* entry = cache->Lookup(sender);
    if (!entry)
    {
        entry = cache->Add(sender);
    }
    if (entry->IsPermanent())
    {
        return;
    }
    const bool isAsked = entry->IsWaitReply();
    if (!isAsked)
    {
        // An entry becomes alive only from this state, in which a packet waits.
        entry->MarkWaitReply({Create<Packet>(), Ipv4Header()});
    }
    entry->MarkAlive(request.GetSourceHardwareAddress());
    for (auto waiting = entry->DequeuePending(); waiting.first; waiting = entry->DequeuePending())
    {
        if (isAsked)
        {
            interface->Send(waiting.first, waiting.second, sender);
        }
    }
}

} // namespace

void
LearnFromArpRequests(Ptr<NetDevice> device)
{
    const auto node = device->GetNode();
    const auto ipv4 = node->GetObject<Ipv4L3Protocol>();
    const auto index = ipv4->GetInterfaceForDevice(device);
    const auto interface = ipv4->GetInterface(static_cast<uint32_t>(index));
    if (interface->GetArpCache())
    {
        // The node holds both.
        node->RegisterProtocolHandler(MakeBoundCallback(&Learn, PeekPointer(interface)),
                                      ArpL3Protocol::PROT_NUMBER,
                                      device);
    }
}

} // namespace ns3::mis
