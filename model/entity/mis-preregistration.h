// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What a mobile node knows of its preregistration, and how it asks; private to MobileNode.
 */
#ifndef MIS_PREREGISTRATION_H
#define MIS_PREREGISTRATION_H

#include "mis-key-installation.h"

#include "ns3/event-id.h"
#include "ns3/mis-answer.h"
#include "ns3/mis-key-delivery-remedy.h"
#include "ns3/mis-mobile-node.h"
#include "ns3/nstime.h"

#include <memory>
#include <optional>

namespace ns3::mis
{

/// The preregistration under way, or the last one until the next begins.
struct MobileNode::Preregistration
{
    explicit Preregistration(CryptoContext& crypto)
        : context(crypto)
    {
    }

    uint32_t id{0};
    MobileNodeContext context;
    PreregistrationTarget target;
    MisfId via;            //!< where requests go: the SPoS, or the TPoS itself
    bool responded{false}; //!< the SPoS has answered the first request
    std::optional<DerivedKeys> derived;
    uint16_t round{0};
    Time begin;
    EventId keyWait;
    std::unique_ptr<MediaAccessSupplicant> proactive; //!< with real frames
    SecretBytes linkKey;                              //!< MSPMK, once it has succeeded
};

template <class R, class M>
void
MobileNode::Ask(const MisfId& to,
                const M& request,
                const SendOptions& options,
                void (MobileNode::*onAnswer)(const R& response, const ReceivedMessage& message))
{
    const auto done = [this, id = m_current->id, onAnswer](const TransactionResult& result) {
        if (!IsCurrent(id))
        {
            return;
        }
        const auto answer = DecodeAnswer<R>(*m_misf, result);
        if (!answer)
        {
            Fail(answer.failure);
            return;
        }
        (this->*onAnswer)(*answer.response, *result.message);
    };
    const auto error = m_misf->SendRequest(to, request, options, done);
    if (error != SendError::NONE)
    {
        Fail(ToString(error));
    }
}

template <class R, class M>
void
MobileNode::AskNewPos(const M& request, void (MobileNode::*onAnswer)(const R& response))
{
    SendOptions options;
    options.protection = SendOptions::Protection::REQUIRED;
    const auto done = [this, id = m_handover->id, onAnswer](const TransactionResult& result) {
        if (!m_handover || m_handover->id != id)
        {
            return;
        }
        const auto answer = DecodeAnswer<R>(*m_misf, result);
        if (!answer)
        {
            EndHandover(answer.failure);
            return;
        }
        (this->*onAnswer)(*answer.response);
    };
    const auto error = m_misf->SendRequest(m_handover->report.to, request, options, done);
    if (error != SendError::NONE)
    {
        EndHandover(ToString(error));
    }
}

} // namespace ns3::mis

#endif // MIS_PREREGISTRATION_H
