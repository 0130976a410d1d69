// SPDX-License-Identifier: GPL-2.0-only

#include "mis-binding-registration.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3::mis
{

void
BindingRegistration::Begin(Time timeout, Time maxTimeout)
{
    m_event.Cancel();
    m_begin = Simulator::Now();
    m_timeout = timeout;
    m_firstTimeout = timeout;
    m_maxTimeout = maxTimeout;
    m_pending = true;
    m_event = Simulator::Schedule(m_timeout, &BindingRegistration::Expire, this);
    m_send(false);
}

void
BindingRegistration::Acknowledged(Time refresh)
{
    m_event.Cancel();
    m_pending = false;
    m_event = Simulator::Schedule(refresh, &BindingRegistration::Expire, this);
}

void
BindingRegistration::Cancel()
{
    m_event.Cancel();
    m_pending = false;
}

void
BindingRegistration::Expire()
{
    if (!m_pending)
    {
        Begin(m_firstTimeout, m_maxTimeout);
        return;
    }
    m_timeout = std::min(m_timeout + m_timeout, m_maxTimeout);
    m_event = Simulator::Schedule(m_timeout, &BindingRegistration::Expire, this);
    m_send(true);
}

} // namespace ns3::mis
