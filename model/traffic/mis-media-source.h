// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Sender of voice or video.
 */
#ifndef MIS_MEDIA_SOURCE_H
#define MIS_MEDIA_SOURCE_H

#include "ns3/address.h"
#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/mis-flow-log.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"
#include "ns3/socket.h"

namespace ns3::mis
{

/**
 * @brief Sends a frame of media at each interval, in one UDP datagram or several.
 *
 * Each datagram begins with a SeqTsHeader of ns-3, 12 octets with number and instant, in the place
 * of the RTP header, which is as long.
 */
class MediaSource : public Application
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @param local address to send from
     * @param remote address and port to send to
     * @param log what is sent is noted there, may be nullptr
     */
    void Configure(const Address& local, const Address& remote, Ptr<FlowLog> log);

    /// @return interval of frames
    Time GetInterval() const
    {
        return m_interval;
    }

    /**
     * @brief Fixes the sizes of frames.
     * @param stream first stream index
     * @return number of streams used
     */
    virtual int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;
    void SendFrame();

    // attributes
    Time m_interval;
    Ptr<RandomVariableStream> m_frameOctets;
    uint32_t m_datagramOctets;

    Address m_local;
    Address m_remote;
    Ptr<FlowLog> m_log;
    Ptr<Socket> m_socket;
    EventId m_event;
    uint32_t m_next{0}; //!< number of the next datagram
};

} // namespace ns3::mis

#endif // MIS_MEDIA_SOURCE_H
