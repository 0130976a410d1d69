// SPDX-License-Identifier: GPL-2.0-only

#include "mis-link-frame-port.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-tlv.h"
#include "ns3/packet.h"

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

} // namespace

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
    Unbind();
}

void
LinkFramePort::DoDispose()
{
    Unbind();
    Object::DoDispose();
}

void
LinkFramePort::Unbind()
{
    if (m_device && m_device->GetNode())
    {
        // Each call takes one registration away.
        m_device->GetNode()->UnregisterProtocolHandler(m_handler);
        m_device->GetNode()->UnregisterProtocolHandler(m_handler);
    }
    m_device = nullptr;
    m_receiver = nullptr;
}

void
LinkFramePort::Bind(Ptr<NetDevice> device, LinkType type, Receiver receiver)
{
    m_device = device;
    m_type = type;
    m_receiver = std::move(receiver);
    m_handler = MakeCallback(&LinkFramePort::Receive, this);
    device->GetNode()->RegisterProtocolHandler(m_handler, assigned::ETHERTYPE_LINK_FRAME, device);
    if (IsEapol(type))
    {
        device->GetNode()->RegisterProtocolHandler(m_handler, assigned::ETHERTYPE_EAPOL, device);
    }
}

void
LinkFramePort::Send(const Address& to, Kind kind, ByteView frame)
{
    if (kind == Kind::FRAME && IsEapol(m_type))
    {
        m_device->Send(Create<Packet>(frame.data(), frame.size()), to, assigned::ETHERTYPE_EAPOL);
        return;
    }
    Bytes octets;
    Writer writer(octets);
    writer.U8(kind == Kind::FRAME             ? assigned::LINK_FRAME_CARRIED
              : kind == Kind::ATTACH_WITH_KEY ? assigned::LINK_FRAME_ATTACH_WITH_KEY
                                              : assigned::LINK_FRAME_ATTACH);
    writer.Octets(frame);
    m_device->Send(Create<Packet>(octets.data(), octets.size()),
                   to,
                   assigned::ETHERTYPE_LINK_FRAME);
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
    if (!m_receiver || octets.empty())
    {
        return;
    }
    if (protocol == assigned::ETHERTYPE_EAPOL)
    {
        m_receiver(from, Kind::FRAME, octets);
        return;
    }
    switch (octets[0])
    {
    case assigned::LINK_FRAME_ATTACH:
        m_receiver(from, Kind::ATTACH, {});
        break;
    case assigned::LINK_FRAME_ATTACH_WITH_KEY:
        m_receiver(from, Kind::ATTACH_WITH_KEY, {});
        break;
    case assigned::LINK_FRAME_CARRIED:
        if (!IsEapol(m_type))
        {
            m_receiver(from, Kind::FRAME, ByteView(octets).Sub(1));
        }
        break;
    default:
        break; // of another experiment
    }
}

} // namespace ns3::mis
