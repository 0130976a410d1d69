// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The end of a security association at both ends, by Termination_Auth.
 */
#ifndef MIS_SA_TERMINATION_H
#define MIS_SA_TERMINATION_H

#include "ns3/mis-function.h"

#include <functional>
#include <optional>
#include <string>

namespace ns3::mis
{

/// Called with "success", or why the other end may still have the SA.
using SaTerminated = std::function<void(const std::string& outcome)>;

/**
 * @brief Ends an SA: tells the other end under it (Termination_Auth), and removes it here when that
 * has answered, or does not.
 *
 * Outcomes other than "success": "no-sa" (there is none), "provisioned" (it would come back with
 * the same keys, so it stays), "transport" (it stands for a transport that protects the messages,
 * and ends with that, so it stays), "refused" (the other end did not know it), and those of
 * transactions such as "no-acknowledgement"; in the latter two the SA is gone here. An SA whose
 * lifetime ends is removed by each end by itself, without a message.
 *
 * @param misf MISF of this end
 * @param said the SA
 * @param peer the other end
 * @param done called once, maybe before this function returns; may be empty
 */
void TerminateSa(Ptr<Misf> misf, const Said& said, const MisfId& peer, SaTerminated done = {});

/**
 * @brief Answers a Termination_Auth request and removes the SA it names, or the one it came under.
 *
 * A request that came under no SA is refused, for anybody could have sent it.
 *
 * @param misf MISF of this end
 * @param message the request
 * @return the SA that was removed, if any
 */
std::optional<Said> AnswerTermination(Misf& misf, const ReceivedMessage& message);

} // namespace ns3::mis

#endif // MIS_SA_TERMINATION_H
