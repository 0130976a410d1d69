// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Sender of a stream that takes what it gets.
 */
#ifndef MIS_STREAM_SOURCE_H
#define MIS_STREAM_SOURCE_H

#include "ns3/address.h"
#include "ns3/application.h"
#include "ns3/socket.h"

namespace ns3::mis
{

/**
 * @brief Sends over TCP as much as the connection takes, from a given address and in segments of a
 * given size, which ns3::BulkSendApplication leaves to the defaults of all sockets. The receiver is
 * ns3::PacketSink.
 */
class StreamSource : public Application
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @param local address to send from
     * @param remote address and port to send to
     */
    void Configure(const Address& local, const Address& remote);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;
    void OnConnected(Ptr<Socket> socket);
    void Fill(Ptr<Socket> socket, uint32_t space);

    // attributes
    uint32_t m_segmentOctets;

    Address m_local;
    Address m_remote;
    Ptr<Socket> m_socket;
};

} // namespace ns3::mis

#endif // MIS_STREAM_SOURCE_H
