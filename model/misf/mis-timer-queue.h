// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Many deadlines behind one simulator event.
 */
#ifndef MIS_TIMER_QUEUE_H
#define MIS_TIMER_QUEUE_H

#include "ns3/event-id.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

namespace ns3::mis
{

/**
 * @brief Deadlines of the transactions of one node.
 *
 * A deadline that is no longer wanted is not removed: its owner recognises it as stale by the
 * generation when it fires. So arming costs a heap insertion and cancelling costs nothing, and the
 * simulator holds one event for the node instead of one per message.
 */
class TimerQueue
{
  public:
    /// What a deadline refers to.
    struct Entry
    {
        int64_t deadlineNs;  //!< instant, nanoseconds
        uint64_t key;        //!< owner's key
        uint32_t generation; //!< owner's generation at arming
        uint8_t kind;        //!< owner's kind of timer
    };

    /// Whether a deadline has nothing left to do.
    using IsStale = std::function<bool(const Entry&)>;

    /**
     * @param expire called for each deadline reached
     * @param isStale asked before an event is scheduled for a deadline; may be nullptr
     */
    explicit TimerQueue(std::function<void(const Entry&)> expire, IsStale isStale = nullptr)
        : m_expire(std::move(expire)),
          m_isStale(std::move(isStale))
    {
    }

    TimerQueue(const TimerQueue&) = delete;
    TimerQueue& operator=(const TimerQueue&) = delete;

    ~TimerQueue()
    {
        m_event.Cancel();
    }

    /**
     * @brief Adds a deadline.
     * @param entry what to report, and when
     */
    void Arm(const Entry& entry)
    {
        m_heap.push_back(entry);
        std::push_heap(m_heap.begin(), m_heap.end(), Later);
        Schedule();
    }

    /// Drops all deadlines.
    void Clear()
    {
        m_heap.clear();
        m_event.Cancel();
    }

    /// @return true if no deadline is left
    bool IsEmpty() const
    {
        return m_heap.empty();
    }

  private:
    static bool Later(const Entry& a, const Entry& b)
    {
        return a.deadlineNs > b.deadlineNs;
    }

    Entry Pop()
    {
        std::pop_heap(m_heap.begin(), m_heap.end(), Later);
        const Entry entry = m_heap.back();
        m_heap.pop_back();
        return entry;
    }

    void Schedule()
    {
        const int64_t first = m_heap.front().deadlineNs;
        if (!m_event.IsExpired() && m_eventNs <= first)
        {
            return;
        }
        m_event.Cancel();
        m_eventNs = first;
        m_event = Simulator::Schedule(Max(NanoSeconds(first) - Simulator::Now(), Seconds(0)),
                                      &TimerQueue::Fire,
                                      this);
    }

    void Fire()
    {
        const int64_t now = Simulator::Now().GetNanoSeconds();
        while (!m_heap.empty() && m_heap.front().deadlineNs <= now)
        {
            m_expire(Pop());
        }
        while (!m_heap.empty() && m_isStale && m_isStale(m_heap.front()))
        {
            Pop();
        }
        if (!m_heap.empty())
        {
            Schedule();
        }
    }

    std::function<void(const Entry&)> m_expire; //!< owner
    IsStale m_isStale;                          //!< owner
    std::vector<Entry> m_heap;                  //!< earliest in front
    EventId m_event;                            //!< event for m_eventNs
    int64_t m_eventNs{0};                       //!< instant of m_event
};

} // namespace ns3::mis

#endif // MIS_TIMER_QUEUE_H
