// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What was begun in some order leaves in that order.
 */
#ifndef MIS_SEND_ORDER_H
#define MIS_SEND_ORDER_H

#include <cstdint>
#include <map>
#include <utility>

namespace ns3::mis
{

/**
 * @brief Puts items, which are ready in any order, back into the order in which they were begun.
 * @tparam Item what is sent
 */
template <class Item>
class SendOrder
{
  public:
    /// @return the turn of an item that is begun
    uint64_t Enter()
    {
        return m_next++;
    }

    /**
     * @brief Takes an item that is ready.
     * @param turn its turn
     * @param item the item
     * @param send called for it and for those that have waited for it, as soon as all before have
     * passed
     */
    template <class Send>
    void Pass(uint64_t turn, Item item, Send&& send)
    {
        m_waiting.emplace(turn, std::move(item));
        while (!m_waiting.empty() && m_waiting.begin()->first == m_first)
        {
            const auto node = m_waiting.extract(m_waiting.begin());
            ++m_first; // before, since what is sent may have others pass
            send(node.mapped());
        }
    }

  private:
    uint64_t m_next{1};                 //!< turn of the next item
    uint64_t m_first{1};                //!< turn of the next item to send
    std::map<uint64_t, Item> m_waiting; //!< ready, but not yet their turn
};

} // namespace ns3::mis

#endif // MIS_SEND_ORDER_H
