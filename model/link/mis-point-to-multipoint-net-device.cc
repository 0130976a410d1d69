// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The device of a hub or a station on a point-to-multipoint medium.
 */

#include "mis-point-to-multipoint-net-device.h"

#include "ns3/ethernet-header.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace mis
{

NS_LOG_COMPONENT_DEFINE("MisPointToMultipointNetDevice");

NS_OBJECT_ENSURE_REGISTERED(PointToMultipointNetDevice);

TypeId
PointToMultipointNetDevice::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::PointToMultipointNetDevice")
            .SetParent<NetDevice>()
            .SetGroupName("MisPrereg")
            .AddConstructor<PointToMultipointNetDevice>()
            .AddAttribute("Mtu",
                          "The largest payload of a frame, in octets.",
                          UintegerValue(1500),
                          MakeUintegerAccessor(&PointToMultipointNetDevice::SetMtu,
                                               &PointToMultipointNetDevice::GetMtu),
                          MakeUintegerChecker<uint16_t>())
            .AddAttribute("Address",
                          "The MAC address of this device.",
                          Mac48AddressValue(Mac48Address("00:00:00:00:00:00")),
                          MakeMac48AddressAccessor(&PointToMultipointNetDevice::m_address),
                          MakeMac48AddressChecker())
            .AddTraceSource("MacTx",
                            "A frame was accepted for sending.",
                            MakeTraceSourceAccessor(&PointToMultipointNetDevice::m_macTx),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("MacTxDrop",
                            "A packet was refused, with the reason.",
                            MakeTraceSourceAccessor(&PointToMultipointNetDevice::m_macTxDrop),
                            "ns3::mis::PointToMultipointNetDevice::DropTracedCallback")
            .AddTraceSource("MacRx",
                            "A frame for this device, or a group, was received.",
                            MakeTraceSourceAccessor(&PointToMultipointNetDevice::m_macRx),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("MacPromiscRx",
                            "A frame was received, whatever its destination.",
                            MakeTraceSourceAccessor(&PointToMultipointNetDevice::m_macPromiscRx),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("PhyTxDrop",
                            "A frame was lost because this device went down before it had left; "
                            "reported when it would have arrived.",
                            MakeTraceSourceAccessor(&PointToMultipointNetDevice::m_phyTxDrop),
                            "ns3::mis::PointToMultipointNetDevice::DropTracedCallback")
            .AddTraceSource("PhyRxDrop",
                            "A frame for this device was lost on its way, with the reason.",
                            MakeTraceSourceAccessor(&PointToMultipointNetDevice::m_phyRxDrop),
                            "ns3::mis::PointToMultipointNetDevice::DropTracedCallback")
            .AddTraceSource("Sniffer",
                            "A frame this device sends, or receives for itself or a group.",
                            MakeTraceSourceAccessor(&PointToMultipointNetDevice::m_sniffer),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("PromiscSniffer",
                            "A frame this device sends or receives.",
                            MakeTraceSourceAccessor(&PointToMultipointNetDevice::m_promiscSniffer),
                            "ns3::Packet::TracedCallback");
    return tid;
}

PointToMultipointNetDevice::PointToMultipointNetDevice() = default;

PointToMultipointNetDevice::~PointToMultipointNetDevice() = default;

void
PointToMultipointNetDevice::DoInitialize()
{
    // What was configured before the start needs no registration by the user.
    if (m_channel && !IsHub())
    {
        const auto ipv4 = m_node->GetObject<Ipv4>();
        const int32_t interface4 = ipv4 ? ipv4->GetInterfaceForDevice(this) : -1;
        for (uint32_t i = 0; interface4 >= 0 && i < ipv4->GetNAddresses(interface4); ++i)
        {
            RegisterAddress(ipv4->GetAddress(interface4, i).GetLocal());
        }
        const auto ipv6 = m_node->GetObject<Ipv6>();
        const int32_t interface6 = ipv6 ? ipv6->GetInterfaceForDevice(this) : -1;
        for (uint32_t i = 0; interface6 >= 0 && i < ipv6->GetNAddresses(interface6); ++i)
        {
            RegisterAddress(ipv6->GetAddress(interface6, i).GetAddress());
        }
    }
    NetDevice::DoInitialize();
}

void
PointToMultipointNetDevice::DoDispose()
{
    m_channel = nullptr;
    m_node = nullptr;
    m_linkUp = false;
    m_receive.Nullify();
    m_promiscReceive.Nullify();
    NetDevice::DoDispose();
}

void
PointToMultipointNetDevice::Attach(PointToMultipointChannel* channel,
                                   uint32_t station,
                                   uint16_t mtu)
{
    NS_ABORT_MSG_IF(m_channel, "the device is attached already");
    m_channel = channel;
    m_station = station;
    if (mtu != 0)
    {
        m_mtu = mtu;
    }
    // What was sent before does not reach the device.
    m_downStamp = ++channel->m_downCounter;
    SetLinkUp(true);
}

void
PointToMultipointNetDevice::SetLinkUp(bool up)
{
    NS_LOG_FUNCTION(this << up);
    if (up == m_linkUp || !m_channel)
    {
        return;
    }
    m_linkUp = up;
    if (!up)
    {
        m_downStamp = ++m_channel->m_downCounter;
        m_downTime = Simulator::Now();
    }
    m_linkChange();
}

bool
PointToMultipointNetDevice::IsHub() const
{
    return m_station == HUB;
}

void
PointToMultipointNetDevice::RegisterAddress(const Address& address)
{
    m_channel->RegisterAddress(address, this);
}

bool
PointToMultipointNetDevice::Send(Ptr<Packet> packet, const Address& dest, uint16_t protocolNumber)
{
    return SendFrom(packet, m_address, dest, protocolNumber);
}

bool
PointToMultipointNetDevice::SendFrom(Ptr<Packet> packet,
                                     const Address& source,
                                     const Address& dest,
                                     uint16_t protocolNumber)
{
    NS_LOG_FUNCTION(this << packet << source << dest << protocolNumber);
    if (!m_linkUp)
    {
        m_macTxDrop(packet, LinkDropReason::LINK_DOWN);
        return false;
    }
    if (packet->GetSize() > m_mtu)
    {
        m_macTxDrop(packet, LinkDropReason::TOO_LONG);
        return false;
    }
    return m_channel->Transmit(this,
                               packet,
                               Mac48Address::ConvertFrom(source),
                               Mac48Address::ConvertFrom(dest),
                               protocolNumber);
}

void
PointToMultipointNetDevice::Receive(Ptr<Packet> frame)
{
    NS_LOG_FUNCTION(this << frame);
    // The sender's traces and, for a group, the other stations hold the same frame.
    Ptr<Packet> packet = frame->Copy();
    EthernetHeader header(false);
    packet->RemoveHeader(header);
    const Mac48Address destination = header.GetDestination();

    PacketType type = PACKET_OTHERHOST;
    if (destination == m_address)
    {
        type = PACKET_HOST;
    }
    else if (destination.IsBroadcast())
    {
        type = PACKET_BROADCAST;
    }
    else if (destination.IsGroup())
    {
        type = PACKET_MULTICAST;
    }

    m_promiscSniffer(frame);
    m_macPromiscRx(frame);
    if (type != PACKET_OTHERHOST)
    {
        m_sniffer(frame);
        m_macRx(frame);
    }
    if (!m_promiscReceive.IsNull())
    {
        m_promiscReceive(this,
                         packet,
                         header.GetLengthType(),
                         header.GetSource(),
                         destination,
                         type);
    }
    if (type != PACKET_OTHERHOST && !m_receive.IsNull())
    {
        m_receive(this, packet, header.GetLengthType(), header.GetSource());
    }
}

void
PointToMultipointNetDevice::SetIfIndex(const uint32_t index)
{
    m_ifIndex = index;
}

uint32_t
PointToMultipointNetDevice::GetIfIndex() const
{
    return m_ifIndex;
}

Ptr<Channel>
PointToMultipointNetDevice::GetChannel() const
{
    return m_channel;
}

void
PointToMultipointNetDevice::SetAddress(Address address)
{
    if (m_channel && !IsHub())
    {
        m_channel->UnregisterAddress(m_address);
        m_channel->RegisterAddress(address, this);
    }
    m_address = Mac48Address::ConvertFrom(address);
}

Address
PointToMultipointNetDevice::GetAddress() const
{
    return m_address;
}

bool
PointToMultipointNetDevice::SetMtu(const uint16_t mtu)
{
    m_mtu = mtu;
    return true;
}

uint16_t
PointToMultipointNetDevice::GetMtu() const
{
    return m_mtu;
}

bool
PointToMultipointNetDevice::IsLinkUp() const
{
    return m_linkUp;
}

void
PointToMultipointNetDevice::AddLinkChangeCallback(Callback<void> callback)
{
    m_linkChange.ConnectWithoutContext(callback);
}

bool
PointToMultipointNetDevice::IsBroadcast() const
{
    return true;
}

Address
PointToMultipointNetDevice::GetBroadcast() const
{
    return Mac48Address::GetBroadcast();
}

bool
PointToMultipointNetDevice::IsMulticast() const
{
    return true;
}

Address
PointToMultipointNetDevice::GetMulticast(Ipv4Address multicastGroup) const
{
    return Mac48Address::GetMulticast(multicastGroup);
}

Address
PointToMultipointNetDevice::GetMulticast(Ipv6Address addr) const
{
    return Mac48Address::GetMulticast(addr);
}

bool
PointToMultipointNetDevice::IsBridge() const
{
    return false;
}

bool
PointToMultipointNetDevice::IsPointToPoint() const
{
    return false;
}

Ptr<Node>
PointToMultipointNetDevice::GetNode() const
{
    return m_node;
}

void
PointToMultipointNetDevice::SetNode(Ptr<Node> node)
{
    m_node = node;
}

bool
PointToMultipointNetDevice::NeedsArp() const
{
    return false;
}

void
PointToMultipointNetDevice::SetReceiveCallback(NetDevice::ReceiveCallback cb)
{
    m_receive = cb;
}

void
PointToMultipointNetDevice::SetPromiscReceiveCallback(NetDevice::PromiscReceiveCallback cb)
{
    m_promiscReceive = cb;
}

bool
PointToMultipointNetDevice::SupportsSendFrom() const
{
    return true;
}

} // namespace mis
} // namespace ns3
