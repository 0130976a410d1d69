// SPDX-License-Identifier: GPL-2.0-only

#include "mis-target-selection.h"

#include "ns3/abort.h"

#include <tuple>
#include <utility>

namespace ns3::mis
{

void
TargetSelection::AddNeighbour(const MisfId& pos, LinkType type)
{
    m_neighbours.push_back({pos, type});
}

void
TargetSelection::SetCoverage(const MisfId& pos, const Coverage& coverage)
{
    NS_ABORT_MSG_UNLESS(coverage.radius > 0,
                        "TargetSelection: the network of " << pos.Get() << " has a radius of "
                                                           << coverage.radius
                                                           << " m, it must be more than 0");
    m_coverage[pos] = coverage;
}

void
TargetSelection::SetLocator(Locator locator)
{
    m_locator = std::move(locator);
}

void
TargetSelection::SetRats(const MisfId& mn, std::set<LinkType> types)
{
    m_rats[mn] = std::move(types);
}

void
TargetSelection::Forget(const MisfId& mn)
{
    m_rats.erase(mn);
}

void
TargetSelection::Begin(const MisfId& pos)
{
    ++m_underWay[pos];
}

void
TargetSelection::End(const MisfId& pos)
{
    const auto it = m_underWay.find(pos);
    if (it != m_underWay.end() && --it->second == 0)
    {
        m_underWay.erase(it);
    }
}

bool
TargetSelection::Covers(const MisfId& pos, const std::optional<Vector>& location) const
{
    const auto it = m_coverage.find(pos);
    return !location || it == m_coverage.end() ||
           CalculateDistance(*location, it->second.centre) <= it->second.radius;
}

const TargetSelection::Candidate*
TargetSelection::Choose(const MisfId& mn,
                        const std::vector<Candidate>& candidates,
                        const Question& canUse,
                        const Question& isTrusted) const
{
    const auto rats = m_rats.find(mn);
    const auto location = m_locator ? m_locator(mn) : std::nullopt;
    const Candidate* best = nullptr;
    std::tuple<bool, uint32_t, bool> least; // what speaks against the best, the weightiest first
    for (const auto& candidate : candidates)
    {
        const bool hasRadio = rats == m_rats.end() || rats->second.count(candidate.type) > 0;
        if (!hasRadio || !canUse(candidate.pos))
        {
            continue;
        }
        const auto underWay = m_underWay.find(candidate.pos);
        const std::tuple<bool, uint32_t, bool> against{
            !Covers(candidate.pos, location),
            underWay == m_underWay.end() ? 0 : underWay->second,
            !isTrusted(candidate.pos)};
        if (!best || against < least)
        {
            best = &candidate;
            least = against;
        }
    }
    return best;
}

} // namespace ns3::mis
