// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What a PoS does with group keys: it asks for them, relays their blocks, and opens its own.
 */
#include "mis-point-of-service.h"

#include "ns3/simulator.h"

namespace ns3::mis
{

void
PointOfService::SetGroupAddress(const PeerAddress& address)
{
    m_groupAddress = address;
}

PointOfService::GroupRequest*
PointOfService::FindGroupRequest(const MisfId& key)
{
    const auto it = m_groupRequests.find(key);
    if (it == m_groupRequests.end())
    {
        return nullptr;
    }
    // The window closes for others, but not for who waits in it.
    if (it->second.isReady && Simulator::Now().GetNanoSeconds() >= it->second.untilNs)
    {
        m_groupRequests.erase(it);
        return nullptr;
    }
    return &it->second;
}

void
PointOfService::BeginGroupRequest(const MisfId& key,
                                  const ServingContext& context,
                                  uint32_t generation)
{
    m_joined.erase(context.mn);
    m_groupRequests[key] = {context.mn,
                            generation,
                            (Simulator::Now() + m_groupWindow).GetNanoSeconds(),
                            false,
                            *context.nonceN,
                            {},
                            {context.mn},
                            {}};
}

void
PointOfService::JoinGroupRequest(ServingSession& session,
                                 const MisfId& key,
                                 const ServingContext& context)
{
    auto* request = FindGroupRequest(key);
    const auto& mn = context.mn;
    const uint32_t generation = m_nextGeneration++;
    m_joined[mn] = {context.tpos,
                    context.group,
                    context.ciphersuite,
                    *context.nonceT,
                    *context.nonceN,
                    generation};
    Arm(mn, generation, JOINED, Simulator::Now() + m_misf->GetTransactionLifetime());
    request->members.push_back(mn);
    if (!request->block.empty())
    {
        if (const auto frame = ParseFrame(request->block))
        {
            m_misf->Relay(*frame, m_misf->GetPeerAddress(mn));
        }
    }
    if (request->isReady)
    {
        session.AnswerJoined(); // destroys the session
        return;
    }
    request->waiting.push_back(mn);
}

void
PointOfService::GroupRequestReady(const MisfId& key)
{
    auto* request = FindGroupRequest(key);
    request->isReady = true;
    const auto waiting = std::move(request->waiting);
    request->waiting.clear();
    for (const auto& mn : waiting)
    {
        const auto it = m_serving.find(mn); // which may be a newer one
        if (it != m_serving.end() && it->second->HasJoined(key))
        {
            it->second->AnswerJoined();
        }
    }
}

void
PointOfService::EndGroupRequest(const MisfId& key, Status status, const std::string& outcome)
{
    const auto it = m_groupRequests.find(key);
    const auto waiting = std::move(it->second.waiting);
    m_groupRequests.erase(it);
    for (const auto& mn : waiting)
    {
        m_joined.erase(mn);
        const auto session = m_serving.find(mn); // which may be a newer one
        if (session != m_serving.end() && session->second->HasJoined(key))
        {
            session->second->End(status, outcome);
        }
    }
}

void
PointOfService::RelayToGroup(const FrameView& frame, GroupRequest& request)
{
    if (!m_groupAddress.IsEmpty())
    {
        m_misf->Relay(frame, m_groupAddress);
        return;
    }
    request.block.assign(frame.whole.begin(), frame.whole.end());
    for (const auto& mn : request.members)
    {
        m_misf->Relay(frame, m_misf->GetPeerAddress(mn));
    }
}

bool
PointOfService::RelayGroupKey(const ReceivedMessage& message, const MisfId& group)
{
    // What this PoS can not open may be for a mobile node it serves.
    const auto relay = m_groupRelays.find(group);
    if (relay == m_groupRelays.end())
    {
        return false;
    }
    const auto shared = m_groupRequests.find(relay->second.request);
    if (shared != m_groupRequests.end())
    {
        RelayToGroup(message.frame, shared->second);
        return true;
    }
    const auto address = m_misf->GetPeerAddress(relay->second.mn);
    if (!address.IsEmpty())
    {
        m_misf->Relay(message.frame, address);
    }
    return true;
}

void
PointOfService::OnGroupManipulate(const ReceivedMessage& message)
{
    const auto opened = OpenGroupKeyBlock(*m_misf, m_groupKeys, message, true);
    if (!opened)
    {
        m_misf->Refuse(message);
        return;
    }
    const bool isRelayed = RelayGroupKey(message, opened->group);
    if (opened->error == GroupKeyError::NOT_MEMBER && isRelayed)
    {
        m_misf->Forget(message); // the mobile node answers
        return;
    }
    m_misf->TraceAtCompletion(m_groupKeyTrace, opened->group, opened->error);
    if (opened->error != GroupKeyError::NONE)
    {
        m_misf->Refuse(message);
        return;
    }
    if (opened->answerWanted)
    {
        NetGroupManipulateResponse response;
        response.group = opened->group;
        m_misf->SendResponse(message.transaction, response, {});
    }
    const auto waiting = m_waiting.find(opened->group);
    if (waiting != m_waiting.end())
    {
        const auto it = m_targets.find(waiting->second);
        if (it != m_targets.end())
        {
            it->second->OnGroupKey();
        }
        m_waiting.erase(opened->group);
    }
    if (const auto* unused = m_groupKeys.Find(opened->group))
    {
        // It waits for the request of the SPoS, but must not serve a later preregistration.
        Arm(opened->group,
            m_nextGeneration++,
            GROUP_KEY,
            Simulator::Now() + m_misf->GetTransactionLifetime(),
            static_cast<uint32_t>(unused->sequenceNumber));
    }
}

void
PointOfService::OnGroupManipulateAnswer(const ReceivedMessage& message)
{
    const auto response = DecodeBody<NetGroupManipulateResponse>(message.body);
    const auto relay = response ? m_groupRelays.find(response->group) : m_groupRelays.end();
    if (relay == m_groupRelays.end() ||
        (relay->second.request.IsEmpty() && relay->second.mn != message.source))
    {
        m_misf->Refuse(message);
        return;
    }
    m_misf->Relay(message.frame, m_misf->GetPeerAddress(m_gm));
}

void
PointOfService::ExpireGroup(const TimerQueue::Entry& entry, const MisfId& about)
{
    if (entry.kind == JOINED)
    {
        const auto joined = m_joined.find(about);
        if (joined != m_joined.end() && joined->second.generation == entry.key)
        {
            m_joined.erase(joined);
        }
        return;
    }
    if (entry.kind == GROUP_KEY)
    {
        const auto* key = m_groupKeys.Find(about);
        if (key && static_cast<uint32_t>(key->sequenceNumber) == entry.generation)
        {
            m_groupKeys.Take(about);
        }
        return;
    }
    const auto relay = m_groupRelays.find(about);
    if (relay == m_groupRelays.end() || relay->second.generation != entry.key)
    {
        return;
    }
    const auto request = m_groupRequests.find(relay->second.request);
    if (request != m_groupRequests.end() && request->second.isReady &&
        request->second.generation == entry.key)
    {
        m_groupRequests.erase(request); // if not ready, its session ends it
    }
    m_groupRelays.erase(relay);
}

} // namespace ns3::mis
