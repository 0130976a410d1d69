// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Cutting a message into fragments and putting it together again (PA-13).
 */
#ifndef MIS_FRAGMENTATION_H
#define MIS_FRAGMENTATION_H

#include "ns3/mis-message.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace ns3::mis
{

/**
 * @brief Cuts a frame into fragments.
 *
 * Each fragment repeats header and identifier TLVs and carries a slice of the rest; slices but the
 * last are multiples of 8 octets.
 *
 * @param frame the whole frame
 * @param mtu largest frame the transport carries, octets
 * @return the fragments; empty if more than 128 would be needed or @p mtu is too small for a slice
 */
std::vector<Bytes> Fragment(const FrameView& frame, size_t mtu);

/**
 * @brief Collects fragments until their message is whole.
 *
 * The key is (source, destination, message identifier, transaction identifier). A gap in the
 * fragment numbers, a repeated fragment with other content or the timeout drops the message.
 */
class Reassembler
{
  public:
    /// What became of a fragment.
    enum class Verdict
    {
        WAITING,  //!< more fragments are needed
        COMPLETE, //!< the message is whole
        DROPPED,  //!< inconsistent with what was there
        FULL      //!< too many messages under way
    };

    /**
     * @param nowNs simulation time, nanoseconds
     * @param timeoutNs how long after its first fragment a message is kept, nanoseconds
     * @param maxMessages how many incomplete messages are kept
     * @param fragment the fragment
     * @param whole receives the whole frame when the verdict is COMPLETE
     * @return what became of it
     */
    Verdict Add(int64_t nowNs,
                int64_t timeoutNs,
                size_t maxMessages,
                const FrameView& fragment,
                Bytes& whole);

    /**
     * @brief Forgets messages whose time is over.
     * @param nowNs simulation time, nanoseconds
     * @return number of messages dropped
     */
    size_t Expire(int64_t nowNs);

    /// @return instant of the next timeout, nanoseconds, if any message is incomplete
    std::optional<int64_t> NextDeadlineNs() const;

    /// @return number of incomplete messages
    size_t Size() const
    {
        return m_partial.size();
    }

  private:
    /// An incomplete message.
    struct Partial
    {
        int64_t deadlineNs{0};
        Header header{};             //!< of the first fragment seen
        Bytes ids;                   //!< both identifier TLVs
        std::vector<Bytes> slices;   //!< by fragment number
        size_t received{0};          //!< number of slices present
        size_t octets{0};            //!< length of the slices present
        std::optional<size_t> total; //!< known once the last fragment has come
    };

    std::map<Bytes, Partial> m_partial; //!< by key
};

} // namespace ns3::mis

#endif // MIS_FRAGMENTATION_H
