// SPDX-License-Identifier: GPL-2.0-only

#include "mis-link-attachment.h"

#include "ns3/mac48-address.h"

#include <array>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(LinkAttachment);

TypeId
LinkAttachment::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::LinkAttachment")
                            .SetParent<Object>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<LinkAttachment>();
    return tid;
}

void
LinkAttachment::DoDispose()
{
    if (m_port)
    {
        m_port->Dispose();
    }
    m_port = nullptr;
    Object::DoDispose();
}

void
LinkAttachment::Configure(Ptr<LinkFramePort> port, Ptr<NetDevice> hub, Ptr<PointOfAttachment> poa)
{
    using Kind = LinkFramePort::Kind;
    m_port = port;
    // The node holds the point of attachment, and that the sender.
    m_port->Bind(hub,
                 poa->GetLink().type,
                 [poa = PeekPointer(poa)](const Address& from, Kind kind, ByteView frame) {
                     std::array<uint8_t, 6> mac;
                     Mac48Address::ConvertFrom(from).CopyTo(mac.data());
                     const auto station = LinkAddress::Mac(mac);
                     if (kind == Kind::FRAME)
                     {
                         poa->Receive(station, frame);
                         return;
                     }
                     poa->Attached(station, kind == Kind::ATTACH_WITH_KEY);
                 });
    poa->SetSender([port = m_port](const LinkAddress& station, ByteView frame) {
        if (const auto* mac = station.GetMac())
        {
            Mac48Address to;
            to.CopyFrom(mac->data());
            port->Send(to, Kind::FRAME, frame);
        }
    });
}

} // namespace ns3::mis
