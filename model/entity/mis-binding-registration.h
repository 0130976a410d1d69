// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * When a Binding Update is sent, and sent again.
 */
#ifndef MIS_BINDING_REGISTRATION_H
#define MIS_BINDING_REGISTRATION_H

#include "ns3/event-id.h"
#include "ns3/nstime.h"

#include <functional>

namespace ns3::mis
{

/**
 * @brief Retransmission and refreshment of a binding (RFC 6275, 11.8): the time to wait for an
 * acknowledgement doubles up to a limit; each transmission is a message of its own.
 */
class BindingRegistration
{
  public:
    /// Sends an update; true if it is not the first one since Begin().
    using Send = std::function<void(bool again)>;

    /// @param send sends an update
    explicit BindingRegistration(Send send)
        : m_send(std::move(send))
    {
    }

    ~BindingRegistration()
    {
        m_event.Cancel();
    }

    BindingRegistration(const BindingRegistration&) = delete;
    BindingRegistration& operator=(const BindingRegistration&) = delete;

    /**
     * @brief Registers, whatever was before.
     * @param timeout first time to wait for an acknowledgement
     * @param maxTimeout longest one
     */
    void Begin(Time timeout, Time maxTimeout);

    /**
     * @brief The update was acknowledged.
     * @param refresh when to register again
     */
    void Acknowledged(Time refresh);

    /// Stops for good, until Begin().
    void Cancel();

    /// @return when the update was first sent
    Time GetBegin() const
    {
        return m_begin;
    }

    /// @return whether no acknowledgement has come yet
    bool IsPending() const
    {
        return m_pending;
    }

  private:
    void Expire();

    Send m_send;
    EventId m_event;
    Time m_begin;
    Time m_timeout;
    Time m_firstTimeout;
    Time m_maxTimeout;
    bool m_pending{false};
};

} // namespace ns3::mis

#endif // MIS_BINDING_REGISTRATION_H
