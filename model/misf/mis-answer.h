// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Reads the answer to a request.
 */
#ifndef MIS_ANSWER_H
#define MIS_ANSWER_H

#include "ns3/mis-function.h"

#include <optional>
#include <string>
#include <utility>

namespace ns3::mis
{

/// Outcome of a response that does not decode.
constexpr const char* MALFORMED_RESPONSE = "malformed-response";

/**
 * @brief The response to a request, or why there is none.
 * @tparam M the response
 */
template <class M>
struct Answer
{
    std::optional<M> response; //!< there unless something failed
    std::string failure;       //!< name of a TransactionFailure, or "malformed-response"

    /// @return whether there is a response
    explicit operator bool() const
    {
        return response.has_value();
    }

    /// @return the response, which must be there
    const M* operator->() const
    {
        return &*response;
    }

    /// @return status of the response, NETWORK_ERROR if there is none
    Status GetStatus() const
    {
        return response ? response->status : Status::NETWORK_ERROR;
    }
};

/**
 * @brief Decodes the response that has ended a request; one that does not decode is counted as
 * refused (Misf::Refuse).
 * @tparam M the response
 * @param misf who has asked
 * @param result how the request has ended
 * @return the response, or why there is none
 */
template <class M>
Answer<M>
DecodeAnswer(Misf& misf, const TransactionResult& result)
{
    if (result.failure != TransactionFailure::NONE)
    {
        return {std::nullopt, ToString(result.failure)};
    }
    auto response = DecodeBody<M>(result.message->body);
    if (!response)
    {
        misf.Refuse(*result.message);
        return {std::nullopt, MALFORMED_RESPONSE};
    }
    return {std::move(*response), {}};
}

} // namespace ns3::mis

#endif // MIS_ANSWER_H
