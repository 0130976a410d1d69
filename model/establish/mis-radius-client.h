// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * RADIUS over UDP at a point of service, which is the authenticator of EAP.
 */
#ifndef MIS_RADIUS_CLIENT_H
#define MIS_RADIUS_CLIENT_H

#include "ns3/address.h"
#include "ns3/event-id.h"
#include "ns3/mis-function.h"
#include "ns3/mis-radius-message.h"
#include "ns3/nstime.h"
#include "ns3/simple-ref-count.h"
#include "ns3/socket.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3::mis
{

/// How a RADIUS client repeats requests (RFC 5080, section 2.2.1; without its random part).
struct RadiusRetransmission
{
    Time interval;    //!< wait for the first answer; doubles with each repetition
    Time maxInterval; //!< longest wait
    uint8_t sends{1}; //!< how often a request is sent at most
};

/**
 * @brief Requests of one point of service to one server.
 *
 * A request leaves when the processors have served the work of its activity; so does what the
 * caller sends when it is told the answer. A repetition has the same octets. 256 requests can be
 * outstanding on a source port; if more are, another port is used.
 */
class RadiusClient : public SimpleRefCount<RadiusClient>
{
  public:
    /// Called once with the answer, or with nothing when all repetitions went unanswered.
    using Done = std::function<void(const RadiusEapClientSession::Reply*)>;

    /**
     * @param misf MISF of the point of service
     * @param local IP address requests come from, with any port; by it the server knows the client
     * @param server socket address of the server
     * @param configuration what the client says of itself
     * @param retransmission how requests are repeated
     */
    RadiusClient(Ptr<Misf> misf,
                 const Address& local,
                 const Address& server,
                 RadiusClientConfiguration configuration,
                 const RadiusRetransmission& retransmission);
    ~RadiusClient();
    RadiusClient(const RadiusClient&) = delete;
    RadiusClient& operator=(const RadiusClient&) = delete;

    /**
     * @brief Begins a conversation.
     * @param callingStationId identifier of the peer
     * @return the conversation; Cancel() it before it is destroyed
     */
    std::unique_ptr<RadiusEapClientSession> MakeSession(const std::string& callingStationId);

    /**
     * @brief Sends a packet of the peer; the conversation has no other request outstanding.
     * @param session the conversation
     * @param eap the packet
     * @param done called once, unless Cancel() is called before
     * @return whether a request is sent; false if the packet is too long
     */
    bool Send(RadiusEapClientSession& session, ByteView eap, Done done);

    /**
     * @brief Waits no longer for an answer.
     * @param session the conversation
     */
    void Cancel(const RadiusEapClientSession& session);

    /// Closes the sockets and forgets what is outstanding.
    void Close();

    /// @return requests sent again so far
    uint64_t GetRetransmissions() const
    {
        return m_retransmissions;
    }

    /// @return messages dropped so far because they answer nothing or are not authentic
    uint64_t GetDropped() const
    {
        return m_dropped;
    }

  private:
    /// A request that is to be answered.
    struct Request
    {
        RadiusEapClientSession* session;
        Done done;
        Time interval;
        uint8_t sends{0};
        EventId timer;
    };

    uint32_t NewSlot();
    void Transmit(uint32_t slot);
    void OnTimeout(uint32_t slot);
    void OnReadable(Ptr<Socket> socket);
    void Receive(uint32_t port, ByteView octets);

    Ptr<Misf> m_misf;
    Address m_local;
    Address m_server;
    RadiusClientConfiguration m_configuration;
    RadiusRetransmission m_retransmission;
    std::vector<Ptr<Socket>> m_sockets;
    std::map<uint32_t, Request> m_requests; //!< by index of the socket, then identifier
    uint32_t m_nextSlot{0};
    uint64_t m_retransmissions{0};
    uint64_t m_dropped{0};
};

} // namespace ns3::mis

#endif // MIS_RADIUS_CLIENT_H
