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

    /// What to do with a deadline at the head of the queue that is not reached yet.
    using IsIdle = std::function<bool(const Entry&)>;

    /**
     * @param expire called for each deadline reached
     * @param isIdle whether a deadline does nothing but tidy up, so that it may as well be called up
     * to TIDY_AHEAD_NS too early; this spares a simulator event each. May be nullptr
     */
    explicit TimerQueue(std::function<void(const Entry&)> expire, IsIdle isIdle = nullptr)
        : m_expire(std::move(expire)),
          m_isIdle(std::move(isIdle))
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

    bool IsDue(const Entry& entry, int64_t now) const
    {
        return entry.deadlineNs <= now ||
               (entry.deadlineNs <= now + TIDY_AHEAD_NS && m_isIdle && m_isIdle(entry));
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
        m_event = Simulator::Schedule(NanoSeconds(first) - Simulator::Now(),
                                      &TimerQueue::Fire,
                                      this);
    }

    void Fire()
    {
        const int64_t now = Simulator::Now().GetNanoSeconds();
        while (!m_heap.empty() && IsDue(m_heap.front(), now))
        {
            std::pop_heap(m_heap.begin(), m_heap.end(), Later);
            const Entry entry = m_heap.back();
            m_heap.pop_back();
            m_expire(entry);
        }
        if (!m_heap.empty())
        {
            Schedule();
        }
    }

    static constexpr int64_t TIDY_AHEAD_NS = 1000000000;

    std::function<void(const Entry&)> m_expire; //!< owner
    IsIdle m_isIdle;                            //!< owner
    std::vector<Entry> m_heap;                  //!< earliest in front
    EventId m_event;                            //!< event for m_eventNs
    int64_t m_eventNs{0};                       //!< instant of m_event
};

} // namespace ns3::mis

#endif // MIS_TIMER_QUEUE_H
