// SPDX-License-Identifier: GPL-2.0-only

#include "mis-radius-client.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/mis-ip-stack.h"
#include "ns3/mis-transport.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisRadiusClient");

namespace
{

constexpr uint32_t IDENTIFIERS = 256; // of a source port (RFC 2865, section 3)

} // namespace

RadiusClient::RadiusClient(Ptr<Misf> misf,
                           const Address& local,
                           const Address& server,
                           RadiusClientConfiguration configuration,
                           const RadiusRetransmission& retransmission)
    : m_misf(misf),
      m_local(SocketAddressOf(HostOf(local), 0)), // a port that the stack chooses
      m_server(server),
      m_configuration(std::move(configuration)),
      m_retransmission(retransmission)
{
}

RadiusClient::~RadiusClient()
{
    Close();
}

void
RadiusClient::Close()
{
    for (auto& [slot, request] : m_requests)
    {
        request.timer.Cancel();
    }
    m_requests.clear();
    for (const auto& socket : m_sockets)
    {
        socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        socket->Close();
    }
    m_sockets.clear();
    m_misf = nullptr;
}

std::unique_ptr<RadiusEapClientSession>
RadiusClient::MakeSession(const std::string& callingStationId)
{
    return std::make_unique<RadiusEapClientSession>(m_misf->GetCrypto(),
                                                    m_configuration,
                                                    callingStationId);
}

uint32_t
RadiusClient::NewSlot()
{
    const auto slots = static_cast<uint32_t>(m_sockets.size()) * IDENTIFIERS;
    for (uint32_t tries = 0; tries < slots; ++tries)
    {
        const uint32_t slot = m_nextSlot % slots;
        m_nextSlot = slot + 1;
        if (m_requests.find(slot) == m_requests.end())
        {
            return slot;
        }
    }
    auto socket = Socket::CreateSocket(m_misf->GetObject<Node>(), UdpSocketFactory::GetTypeId());
    NS_ABORT_MSG_IF(socket->Bind(m_local) != 0,
                    "RadiusClient: " << m_misf->GetId()
                                     << " can not use its own address as the source");
    socket->SetRecvCallback(MakeCallback(&RadiusClient::OnReadable, this));
    m_sockets.push_back(socket);
    m_nextSlot = slots + 1;
    return slots;
}

bool
RadiusClient::Send(RadiusEapClientSession& session, ByteView eap, Done done)
{
    Misf::Activity activity(*m_misf);
    const uint32_t slot = NewSlot();
    if (!session.Request(eap, static_cast<uint8_t>(slot % IDENTIFIERS)))
    {
        return false;
    }
    Request request;
    request.session = &session;
    request.done = std::move(done);
    request.interval = m_retransmission.interval;
    m_requests[slot] = std::move(request);
    m_misf->AtCompletion([self = Ptr<RadiusClient>(this), slot] { self->Transmit(slot); });
    return true;
}

void
RadiusClient::Cancel(const RadiusEapClientSession& session)
{
    const auto it = std::find_if(m_requests.begin(), m_requests.end(), [&](const auto& entry) {
        return entry.second.session == &session;
    });
    if (it != m_requests.end())
    {
        it->second.timer.Cancel();
        m_requests.erase(it);
    }
}

void
RadiusClient::Transmit(uint32_t slot)
{
    const auto it = m_requests.find(slot);
    if (it == m_requests.end() || !m_misf)
    {
        return;
    }
    auto& request = it->second;
    const auto& octets = request.session->LastRequest();
    m_sockets[slot / IDENTIFIERS]->SendTo(
        Create<Packet>(octets.data(), static_cast<uint32_t>(octets.size())),
        0,
        m_server);
    ++request.sends;
    request.timer = Simulator::Schedule(request.interval, &RadiusClient::OnTimeout, this, slot);
    request.interval = std::min(request.interval + request.interval, m_retransmission.maxInterval);
}

void
RadiusClient::OnTimeout(uint32_t slot)
{
    const auto it = m_requests.find(slot);
    if (it->second.sends < m_retransmission.sends)
    {
        ++m_retransmissions;
        Transmit(slot);
        return;
    }
    NS_LOG_INFO(m_misf->GetId() << ": the RADIUS server is silent");
    const auto done = std::move(it->second.done);
    m_requests.erase(it);
    Misf::Activity activity(*m_misf);
    done(nullptr);
}

void
RadiusClient::OnReadable(Ptr<Socket> socket)
{
    const auto port = static_cast<uint32_t>(std::find(m_sockets.begin(), m_sockets.end(), socket) -
                                            m_sockets.begin());
    Address from;
    while (auto packet = socket->RecvFrom(from))
    {
        if (from != m_server)
        {
            ++m_dropped;
            continue;
        }
        Bytes octets(packet->GetSize());
        packet->CopyData(octets.data(), static_cast<uint32_t>(octets.size()));
        Receive(port, octets);
    }
}

void
RadiusClient::Receive(uint32_t port, ByteView octets)
{
    Misf::Activity activity(*m_misf);
    const auto it = octets.size() < RADIUS_HEADER_SIZE
                        ? m_requests.end()
                        : m_requests.find(port * IDENTIFIERS + octets[1]);
    if (it == m_requests.end())
    {
        ++m_dropped;
        return;
    }
    const auto reply = it->second.session->Receive(octets);
    if (!reply)
    {
        NS_LOG_INFO(m_misf->GetId() << ": drops a RADIUS message: " << reply.Error());
        ++m_dropped;
        return;
    }
    const auto done = std::move(it->second.done);
    it->second.timer.Cancel();
    m_requests.erase(it);
    done(&*reply);
}

} // namespace ns3::mis
