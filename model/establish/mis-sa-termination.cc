// SPDX-License-Identifier: GPL-2.0-only

#include "mis-sa-termination.h"

#include "ns3/log.h"
#include "ns3/mis-auth-messages.h"

namespace ns3::mis
{

NS_LOG_COMPONENT_DEFINE("MisSaTermination");

namespace
{

/// Under the SA that is to end, which both ends have; of a newer one nobody knows.
SendOptions
Under(const Said& said)
{
    SendOptions options;
    options.protection = SendOptions::Protection::REQUIRED;
    options.said = said;
    return options;
}

} // namespace

void
TerminateSa(Ptr<Misf> misf, const Said& said, const MisfId& peer, SaTerminated done)
{
    const Said ended = said; // what it refers to may be the SA's own
    const MisfId other = peer;
    const auto tell = [done](const std::string& outcome) {
        if (done)
        {
            done(outcome);
        }
    };
    const auto* sa = misf->GetSaDatabase().Find(ended, other.View());
    if (!sa)
    {
        tell("no-sa");
        return;
    }
    if (sa->transport)
    {
        tell("transport");
        return;
    }
    if (misf->IsProvisioned(ended, other))
    {
        tell("provisioned");
        return;
    }
    if (misf->IsStranded(*sa))
    {
        // This end has moved: the other one takes records from here only when asked.
        misf->EstablishSa(other, [=](const SecurityAssociation*, const std::string& why) {
            const auto* resumed = misf->GetSaDatabase().Find(ended, other.View());
            if (resumed && !misf->IsStranded(*resumed))
            {
                TerminateSa(misf, ended, other, done);
                return;
            }
            misf->RemoveSa(ended, other);
            tell(why.empty() ? "no-sa" : why);
        });
        return;
    }
    TerminationAuthRequest request;
    request.said = ended;
    const auto error = misf->SendRequest(
        other,
        request,
        Under(ended),
        [misf, ended, other, tell](const TransactionResult& result) {
            std::string outcome = "success";
            if (result.failure != TransactionFailure::NONE)
            {
                // If both ends ask at once, one may get no answer.
                if (misf->GetSaDatabase().Find(ended, other.View()))
                {
                    outcome = ToString(result.failure);
                }
            }
            else
            {
                const auto response = DecodeBody<TerminationAuthResponse>(result.message->body);
                if (!response || response->status != Status::SUCCESS)
                {
                    outcome = "refused";
                }
            }
            NS_LOG_INFO(misf->GetId() << ": end of the SA with " << other << ": " << outcome);
            misf->RemoveSa(ended, other);
            tell(outcome);
        });
    if (error != SendError::NONE)
    {
        misf->RemoveSa(ended, other);
        tell(ToString(error));
    }
}

std::optional<Said>
AnswerTermination(Misf& misf, const ReceivedMessage& message)
{
    const auto request = DecodeBody<TerminationAuthRequest>(message.body);
    if (!request || !message.sa)
    {
        misf.Refuse(message);
        return std::nullopt;
    }
    const MisfId peer = message.source;
    const Said under = message.sa->said;
    TerminationAuthResponse response;
    const Said ended = request->said.value_or(under);
    if (ended.type != IdType::TRANSPORT) // which is never sent
    {
        response.said = ended;
    }
    const auto* sa = misf.GetSaDatabase().Find(ended, peer.View());
    // One that stands for a transport ends with it, and not before.
    const bool ends = sa && !sa->transport && !misf.IsProvisioned(ended, peer);
    response.status = ends ? Status::SUCCESS : Status::REJECTED;
    const auto error = misf.SendResponse(message.transaction, response, Under(under));
    if (error != SendError::NONE)
    {
        NS_LOG_INFO(misf.GetId() << ": a Termination_Auth response is not sent: "
                                 << ToString(error));
    }
    if (!ends)
    {
        return std::nullopt;
    }
    misf.RemoveSa(ended, peer);
    return ended;
}

} // namespace ns3::mis
