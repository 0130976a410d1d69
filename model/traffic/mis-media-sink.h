// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Receiver of voice or video.
 */
#ifndef MIS_MEDIA_SINK_H
#define MIS_MEDIA_SINK_H

#include "ns3/address.h"
#include "ns3/application.h"
#include "ns3/mis-flow-log.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

namespace ns3::mis
{

/**
 * @brief Receives the datagrams of a MediaSource.
 */
class MediaSink : public Application
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @param local address and port to receive at
     * @param log arrivals are noted there, may be nullptr
     */
    void Configure(const Address& local, Ptr<FlowLog> log);

    /// @param number of the datagram @param delay one way @param octets payload, with its header
    typedef void (*ReceivedTracedCallback)(uint32_t number, Time delay, uint32_t octets);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;
    void OnReadable(Ptr<Socket> socket);

    Address m_local;
    Ptr<FlowLog> m_log;
    Ptr<Socket> m_socket;

    TracedCallback<uint32_t, Time, uint32_t> m_receivedTrace;
};

} // namespace ns3::mis

#endif // MIS_MEDIA_SINK_H
