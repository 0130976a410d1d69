// SPDX-License-Identifier: GPL-2.0-only

#include "mis-link-frame-port.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-tlv.h"
#include "ns3/packet.h"

#include <algorithm>
#include <array>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(LinkFramePort);

namespace
{

/// Whether frames of a technology are EAPOL.
bool
IsEapol(LinkType type)
{
    return type == LinkType::WIFI || type == LinkType::ETHERNET;
}

/// Octets of an EAPOL packet without what fills up a short Ethernet frame behind it.
size_t
EapolOctets(ByteView octets)
{
    constexpr size_t HEADER = 4; // version, type, length of the body
    if (octets.size() < HEADER)
    {
        return octets.size();
    }
    const size_t body = static_cast<size_t>(octets.data()[2]) << 8 | octets.data()[3];
    return std::min(octets.size(), HEADER + body);
}

} // namespace

Mac48Address
Mac48Of(const Address& address)
{
    constexpr size_t OCTETS = 6;
    std::array<uint8_t, Address::MAX_SIZE> octets{};
    const size_t size = address.CopyTo(octets.data());
    Mac48Address mac;
    mac.CopyFrom(octets.data() + (size > OCTETS ? size - OCTETS : 0));
    return mac;
}

LinkAddress
LinkAddressOf(const Address& address)
{
    std::array<uint8_t, 6> octets;
    Mac48Of(address).CopyTo(octets.data());
    return LinkAddress::Mac(octets);
}

TypeId
LinkFramePort::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::LinkFramePort")
                            .SetParent<Object>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<LinkFramePort>();
    return tid;
}

LinkFramePort::LinkFramePort() = default;

LinkFramePort::~LinkFramePort()
{
    LinkFramePort::Close();
}

void
LinkFramePort::DoDispose()
{
    Close();
    m_device = nullptr;
    m_receiver = nullptr;
    Object::DoDispose();
}

void
LinkFramePort::Bind(Ptr<NetDevice> device, LinkType type, Receiver receiver)
{
    m_device = device;
    m_type = type;
    m_receiver = std::move(receiver);
    Open();
}

void
LinkFramePort::Open()
{
    m_handler = MakeCallback(&LinkFramePort::Receive, this);
    const auto node = m_device->GetNode();
    node->RegisterProtocolHandler(m_handler, assigned::ETHERTYPE_LINK_FRAME, m_device);
    if (IsEapol(m_type))
    {
        node->RegisterProtocolHandler(m_handler, assigned::ETHERTYPE_EAPOL, m_device);
    }
}

void
LinkFramePort::Close()
{
    if (m_device && m_device->GetNode() && !m_handler.IsNull())
    {
        // Each call takes one registration away.
        m_device->GetNode()->UnregisterProtocolHandler(m_handler);
        m_device->GetNode()->UnregisterProtocolHandler(m_handler);
    }
    m_handler.Nullify();
}

void
LinkFramePort::Send(const Address& to, Kind kind, ByteView frame)
{
    DoSend(to, kind, frame);
}

void
LinkFramePort::DoSend(const Address& to, Kind kind, ByteView frame)
{
    if (kind == Kind::FRAME && IsEapol(m_type))
    {
        m_device->Send(Create<Packet>(frame.data(), frame.size()), to, assigned::ETHERTYPE_EAPOL);
        return;
    }
    const auto octets = Encode(kind, frame);
    m_device->Send(Create<Packet>(octets.data(), octets.size()),
                   to,
                   assigned::ETHERTYPE_LINK_FRAME);
}

Bytes
LinkFramePort::Encode(Kind kind, ByteView frame)
{
    Bytes octets;
    Writer writer(octets);
    writer.U8(kind == Kind::FRAME             ? assigned::LINK_FRAME_CARRIED
              : kind == Kind::ATTACH_WITH_KEY ? assigned::LINK_FRAME_ATTACH_WITH_KEY
                                              : assigned::LINK_FRAME_ATTACH);
    writer.Octets(frame);
    return octets;
}

void
LinkFramePort::Receive(Ptr<NetDevice>,
                       Ptr<const Packet> packet,
                       uint16_t protocol,
                       const Address& from,
                       const Address&,
                       NetDevice::PacketType)
{
    Bytes octets(packet->GetSize());
    packet->CopyData(octets.data(), octets.size());
    if (protocol == assigned::ETHERTYPE_EAPOL)
    {
        if (m_receiver && !octets.empty())
        {
            m_receiver(from, Kind::FRAME, ByteView(octets.data(), EapolOctets(octets)));
        }
        return;
    }
    Decode(from, octets, !IsEapol(m_type));
}

void
LinkFramePort::Decode(const Address& from, ByteView octets, bool carriesFrames)
{
    if (!m_receiver || octets.size() == 0)
    {
        return;
    }
    switch (octets.data()[0])
    {
    case assigned::LINK_FRAME_ATTACH:
        m_receiver(from, Kind::ATTACH, {});
        break;
    case assigned::LINK_FRAME_ATTACH_WITH_KEY:
        m_receiver(from, Kind::ATTACH_WITH_KEY, {});
        break;
    case assigned::LINK_FRAME_CARRIED:
        if (carriesFrames)
        {
            m_receiver(from, Kind::FRAME, octets.Sub(1));
        }
        break;
    default:
        break; // of another experiment
    }
}

} // namespace ns3::mis
