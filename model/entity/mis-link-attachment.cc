// SPDX-License-Identifier: GPL-2.0-only

#include "mis-link-attachment.h"

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
                     const auto station = LinkAddressOf(from);
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
