// SPDX-License-Identifier: GPL-2.0-only

#include "mis-udp-link-frame-port.h"

#include "ns3/abort.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-ip-stack.h"
#include "ns3/mis-transport.h"
#include "ns3/packet.h"
#include "ns3/udp-socket-factory.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(UdpLinkFramePort);

TypeId
UdpLinkFramePort::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::UdpLinkFramePort")
                            .SetParent<LinkFramePort>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<UdpLinkFramePort>();
    return tid;
}

UdpLinkFramePort::~UdpLinkFramePort()
{
    UdpLinkFramePort::Close();
}

void
UdpLinkFramePort::AddPeer(const Address& peer, const Address& address)
{
    const auto mac = Mac48Of(peer);
    m_addresses[mac] = address;
    m_peers[address] = mac;
}

void
UdpLinkFramePort::Open()
{
    if (m_peers.empty())
    {
        return; // nobody could be heard
    }
    m_socket = Socket::CreateSocket(GetDevice()->GetNode(), UdpSocketFactory::GetTypeId());
    // It goes over this link, wherever the default route leads; first, since each device of a node
    // has such a port.
    m_socket->BindToNetDevice(GetDevice());
    const auto any = AnyHostLike(m_peers.begin()->first);
    const bool isBound = m_socket->Bind(SocketAddressOf(any, assigned::LINK_FRAME_UDP_PORT)) == 0;
    NS_ABORT_MSG_IF(!isBound,
                    "UdpLinkFramePort: UDP port " << assigned::LINK_FRAME_UDP_PORT << " of node "
                                                  << GetDevice()->GetNode()->GetId()
                                                  << " is taken");
    m_socket->SetRecvCallback(MakeCallback(&UdpLinkFramePort::OnDatagram, this));
}

void
UdpLinkFramePort::Close()
{
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket->Close();
    }
    m_socket = nullptr;
}

void
UdpLinkFramePort::DoSend(const Address& to, Kind kind, ByteView frame)
{
    const auto address = m_addresses.find(Mac48Of(to));
    if (address == m_addresses.end())
    {
        return;
    }
    const auto octets = Encode(kind, frame);
    m_socket->SendTo(Create<Packet>(octets.data(), octets.size()),
                     0,
                     SocketAddressOf(address->second, assigned::LINK_FRAME_UDP_PORT));
}

void
UdpLinkFramePort::OnDatagram(Ptr<Socket> socket)
{
    Address from;
    while (auto packet = socket->RecvFrom(from))
    {
        const auto peer = m_peers.find(HostOf(from));
        if (peer == m_peers.end())
        {
            continue;
        }
        Bytes octets(packet->GetSize());
        packet->CopyData(octets.data(), octets.size());
        constexpr bool CARRIES_FRAMES = true;
        const Address who = peer->second; // what it does may add peers
        Decode(who, octets, CARRIES_FRAMES);
    }
}

} // namespace ns3::mis
