// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The establishments that use one transport of a node.
 */
#ifndef MIS_TRANSPORT_USERS_H
#define MIS_TRANSPORT_USERS_H

#include "ns3/abort.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3::mis
{

/**
 * @brief Establishments that share a transport, since they answer on one port.
 *
 * @tparam User what the transport knows of one: `life`, a weak pointer that is gone with it, and
 * `describe()`, its attributes as text
 */
template <class User>
class TransportUsers
{
  public:
    /**
     * @brief Adds an establishment, unless it is known.
     * @param user the establishment
     */
    void Join(User user)
    {
        const auto isSame = [&](const User& other) {
            return !other.life.owner_before(user.life) && !user.life.owner_before(other.life);
        };
        if (std::none_of(m_users.begin(), m_users.end(), isSame))
        {
            m_users.push_back(std::move(user));
        }
    }

    /// @return whether any establishment is still there
    bool IsUsed() const
    {
        return !std::all_of(m_users.begin(), m_users.end(), &TransportUsers::IsGone);
    }

    /// @return those that are still there; a copy, because what one does may add others
    std::vector<User> Get()
    {
        m_users.erase(std::remove_if(m_users.begin(), m_users.end(), &TransportUsers::IsGone),
                      m_users.end());
        return m_users;
    }

    /**
     * @brief Sees that all want the same, or ends the program.
     * @param name of their class, for the message
     * @param node identifier of the node, for the message
     * @return one of them
     */
    User GetAgreed(const std::string& name, uint32_t node)
    {
        const auto users = Get();
        NS_ABORT_MSG_IF(users.empty(), name << ": it was disposed of");
        const auto first = users.front().describe();
        for (const auto& user : users)
        {
            NS_ABORT_MSG_IF(user.describe() != first,
                            name << ": node " << node
                                 << " answers for several pairs on one port, so their attributes "
                                    "must be the same; they are "
                                 << first << " and " << user.describe());
        }
        return users.front();
    }

  private:
    static bool IsGone(const User& user)
    {
        return user.life.expired();
    }

    std::vector<User> m_users;
};

} // namespace ns3::mis

#endif // MIS_TRANSPORT_USERS_H
