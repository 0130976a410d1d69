// SPDX-License-Identifier: GPL-2.0-only

#include "mis-network-handover-control.h"

#include "ns3/mis-answer.h"
#include "ns3/mis-prereg-messages.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(NetworkHandoverControl);

TypeId
NetworkHandoverControl::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::NetworkHandoverControl")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<NetworkHandoverControl>()
            .AddAttribute("MaxMobileNodes",
                          "Of how many mobile nodes the links in reach are remembered; reports of "
                          "others are not acted upon.",
                          UintegerValue(100000),
                          MakeUintegerAccessor(&NetworkHandoverControl::m_maxMobileNodes),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("MaxLinks",
                          "How many links in reach are remembered of a mobile node.",
                          UintegerValue(32),
                          MakeUintegerAccessor(&NetworkHandoverControl::m_maxLinks),
                          MakeUintegerChecker<uint32_t>(1))
            .AddTraceSource("Commit",
                            "A mobile node was asked to hand over, or can not be.",
                            MakeTraceSourceAccessor(&NetworkHandoverControl::m_commitTrace),
                            "ns3::mis::NetworkHandoverControl::CommitTracedCallback");
    return tid;
}

void
NetworkHandoverControl::DoDispose()
{
    m_connections.Clear();
    m_pos = nullptr;
    m_inReach.clear();
    Object::DoDispose();
}

void
NetworkHandoverControl::SetPointOfService(Ptr<PointOfService> pos)
{
    m_pos = pos;
    m_connections.Connect(pos, "Left", MakeCallback(&NetworkHandoverControl::OnLeft, this));
    m_connections.Connect(pos->GetMisf(),
                          "SaDown",
                          MakeCallback(&NetworkHandoverControl::OnSaDown, this));
}

void
NetworkHandoverControl::Follow(Ptr<LinkEventListener> listener)
{
    m_connections.Connect(listener,
                          "LinkEvent",
                          MakeCallback(&NetworkHandoverControl::OnEvent, this));
}

void
NetworkHandoverControl::OnEvent(const MisfId& mn, const LinkEvent& event)
{
    if (event.mid == LinkDetectedIndication::ID || event.mid == LinkUpIndication::ID)
    {
        LinkDetected(mn, event.link.link);
    }
    else if (event.mid == LinkDownIndication::ID)
    {
        LinkDown(mn, event.link.link);
    }
    else if (event.mid == LinkGoingDownIndication::ID)
    {
        LinkGoingDown(mn, event.link.link);
    }
}

void
NetworkHandoverControl::OnLeft(const MisfId& mn, const MisfId&)
{
    m_inReach.erase(mn);
}

void
NetworkHandoverControl::OnSaDown(const SecurityAssociation& sa)
{
    // Who leaves without a word of the new PoS ends its SA, or lets it expire.
    const int64_t now = Simulator::Now().GetNanoSeconds();
    const auto* newest = m_pos->GetMisf()->GetSaDatabase().FindByPeer(sa.remote, now);
    if (!newest || newest->said == sa.said)
    {
        m_inReach.erase(sa.remote);
    }
}

void
NetworkHandoverControl::LinkDetected(const MisfId& mn, const LinkId& link)
{
    if (m_inReach.size() >= m_maxMobileNodes && m_inReach.count(mn) == 0)
    {
        return;
    }
    auto& links = m_inReach[mn];
    if (links.size() < m_maxLinks && std::find(links.begin(), links.end(), link) == links.end())
    {
        links.push_back(link);
    }
}

void
NetworkHandoverControl::LinkDown(const MisfId& mn, const LinkId& link)
{
    const auto it = m_inReach.find(mn);
    if (it == m_inReach.end())
    {
        return;
    }
    auto& links = it->second;
    links.erase(std::remove(links.begin(), links.end(), link), links.end());
    if (links.empty())
    {
        m_inReach.erase(it);
    }
}

void
NetworkHandoverControl::LinkGoingDown(const MisfId& mn, const LinkId& link)
{
    Misf::Activity activity(*m_pos->GetMisf());
    std::vector<LinkId> candidates;
    if (const auto it = m_inReach.find(mn); it != m_inReach.end())
    {
        candidates = it->second;
    }
    candidates.erase(std::remove(candidates.begin(), candidates.end(), link), candidates.end());
    const auto target = candidates.empty() ? std::nullopt : m_pos->ChooseTarget(mn, candidates);
    const auto misf = m_pos->GetMisf();
    if (!target)
    {
        misf->TraceAtCompletion(m_commitTrace, mn, std::string("no-target"));
        return;
    }
    NetHoCommitRequest request;
    request.linkType = target->type;
    request.targetNetwork = target->address;
    const auto error = misf->SendRequest(
        mn,
        request,
        {},
        [self = Ptr<NetworkHandoverControl>(this), misf, mn](const TransactionResult& result) {
            const auto answer = DecodeAnswer<NetHoCommitResponse>(*misf, result);
            misf->TraceAtCompletion(self->m_commitTrace,
                                    mn,
                                    !answer                             ? answer.failure
                                    : answer->status == Status::SUCCESS ? std::string("success")
                                                                        : std::string("refused"));
        });
    if (error != SendError::NONE)
    {
        misf->TraceAtCompletion(m_commitTrace, mn, std::string(ToString(error)));
    }
}

} // namespace ns3::mis
