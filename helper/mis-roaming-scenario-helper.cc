// SPDX-License-Identifier: GPL-2.0-only

#include "mis-roaming-scenario-helper.h"

#include "mis-link-helper.h"
#include "mis-roaming-scenario-nodes.h"

#include "ns3/abort.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

constexpr uint32_t MAX_STATIONS = 65000;
constexpr uint32_t MAX_NETWORKS = 200;
constexpr uint32_t MAX_RADIO_NETWORKS = 100;
constexpr uint32_t NEIGHBOUR_REACH = 4; // networks are in a row; so many on each side are in reach

} // namespace

RoamingScenarioHelper::RoamingScenarioHelper()
    : m_local(*FindLinkProfile("ethernet")),
      m_home(*FindLinkProfile("wan"))
{
}

std::string
RoamingScenarioHelper::PosId(uint32_t network)
{
    return "pos" + std::to_string(network + 1) + "@net" + std::to_string(network + 1) + ".example";
}

std::string
RoamingScenarioHelper::PointOfAttachmentId(uint32_t network)
{
    return "poa" + std::to_string(network + 1) + "@net" + std::to_string(network + 1) + ".example";
}

std::string
RoamingScenarioHelper::MobileNodeId(uint32_t mn)
{
    return "mn" + std::to_string(mn + 1) + "@home.example";
}

uint32_t
RoamingScenarioHelper::AddNetwork(const LinkProfile& access, const LinkProfile& wan)
{
    NS_ABORT_MSG_IF(m_networks.size() >= MAX_NETWORKS,
                    "RoamingScenarioHelper: at most " << MAX_NETWORKS << " networks");
    m_networks.push_back({access, wan, {}});
    return static_cast<uint32_t>(m_networks.size() - 1);
}

uint32_t
RoamingScenarioHelper::AddNetwork(const std::string& access)
{
    if (m_useRadios)
    {
        const auto missing = GetMissingRadio(access, m_isIpv6 ? "ipv6" : "ipv4");
        if (!missing.empty())
        {
            NS_FATAL_ERROR("RoamingScenarioHelper: " << missing);
        }
        NS_ABORT_MSG_IF(m_networks.size() >= MAX_RADIO_NETWORKS,
                        "RoamingScenarioHelper: at most " << MAX_RADIO_NETWORKS << " networks");
        // The profile of this name says of which type the link is.
        m_networks.push_back({*FindLinkProfile(access), *FindLinkProfile("wan"), access});
        m_hasRadios = true;
        return static_cast<uint32_t>(m_networks.size() - 1);
    }
    const auto* profile = FindLinkProfile(access);
    if (!profile)
    {
        std::string allowed;
        for (const auto& name : LinkProfileNames())
        {
            allowed += (allowed.empty() ? "" : ", ") + name;
        }
        NS_FATAL_ERROR("RoamingScenarioHelper: link profile is \"" << access << "\", allowed are "
                                                                   << allowed);
    }
    return AddNetwork(*profile, *FindLinkProfile("wan"));
}

void
RoamingScenarioHelper::SetLinks(const std::string& links)
{
    NS_ABORT_MSG_IF(links != "profile" && links != "radio",
                    "RoamingScenarioHelper: links are \"" << links
                                                          << "\", allowed are profile, radio");
    m_useRadios = links == "radio";
}

void
RoamingScenarioHelper::SetAddressFamily(const std::string& family)
{
    NS_ABORT_MSG_IF(family != "ipv4" && family != "ipv6",
                    "RoamingScenarioHelper: address family is \"" << family
                                                                  << "\", allowed are ipv4, ipv6");
    m_isIpv6 = family == "ipv6";
}

void
RoamingScenarioHelper::SetDualRadio(bool dual)
{
    m_dual = dual;
}

void
RoamingScenarioHelper::SetMovement(double distance, double speed, double begin)
{
    m_distance = distance;
    m_speed = speed;
    m_begin = begin;
}

void
RoamingScenarioHelper::SetLocalLink(const LinkProfile& profile)
{
    m_local = profile;
}

void
RoamingScenarioHelper::SetHomeLink(const LinkProfile& profile)
{
    m_home = profile;
}

void
RoamingScenarioHelper::SetMobileNodes(uint32_t count, uint32_t networks)
{
    NS_ABORT_MSG_IF(count == 0 || count > MAX_STATIONS,
                    "RoamingScenarioHelper: " << count << " mobile nodes, allowed are 1 to "
                                              << MAX_STATIONS);
    m_mnCount = count;
    m_mnNetworks = networks;
}

void
RoamingScenarioHelper::SetAaaServer(bool install)
{
    m_installAaa = install;
}

void
RoamingScenarioHelper::SetFirstAtHome(bool atHome)
{
    m_firstAtHome = atHome;
}

void
RoamingScenarioHelper::SetLocalAaaServer(const std::string& id, uint32_t firstNetwork)
{
    m_localAaaId = id;
    m_localAaaFirst = firstNetwork;
}

void
RoamingScenarioHelper::SetGroup(const std::string& group)
{
    m_group = group;
}

uint16_t
RoamingScenarioHelper::SmallestMtu() const
{
    uint16_t smallest = std::min(m_local.mtu, m_home.mtu);
    for (const auto& network : m_networks)
    {
        smallest = std::min(smallest, network.wan.mtu);
        smallest = std::min(smallest, network.radio.empty() ? network.access.mtu : m_radioMtu);
    }
    return smallest;
}

void
RoamingScenarioHelper::LimitPathMtu()
{
    const uint16_t smallest = SmallestMtu();
    for (const auto& misf : m_mis.GetMisfs())
    {
        UintegerValue mtu;
        misf->GetAttribute("PathMtu", mtu);
        misf->SetAttribute("PathMtu", UintegerValue(std::min<uint64_t>(mtu.Get(), smallest)));
    }
}

void
RoamingScenarioHelper::AcquaintNeighbours()
{
    for (uint32_t i = 0; i < m_networks.size(); ++i)
    {
        const uint32_t first = i - std::min(i, NEIGHBOUR_REACH);
        const uint32_t last =
            std::min(i + NEIGHBOUR_REACH, static_cast<uint32_t>(m_networks.size() - 1));
        for (uint32_t j = first; j <= last; ++j)
        {
            if (j != i)
            {
                m_pointsOfService[i]->GetTargetSelection().AddNeighbour(MisfId(PosId(j)),
                                                                        m_networks[j].access.type);
            }
        }
    }
}

void
RoamingScenarioHelper::BuildHome()
{
    auto gmNode = MakeNode();
    const auto toGm = Connect(m_wan, gmNode, m_home);
    m_gm = m_mis.InstallGroupManager(gmNode, "gm@home.example", toGm.lower);
    m_correspondent.Add(MakeNode());
    m_correspondentAddress = Connect(m_wan, m_correspondent.Get(0), m_home).lower;
    if (m_installAaa)
    {
        auto aaaNode = MakeNode();
        const auto toAaa = Connect(m_wan, aaaNode, m_home);
        m_aaa = m_mis.InstallAaaServer(aaaNode, "aaa@home.example", toAaa.lower);
    }
    if (!m_localAaaId.empty())
    {
        auto node = MakeNode();
        const auto toServer = Connect(m_wan, node, m_local);
        std::vector<std::string> served;
        for (uint32_t i = m_localAaaFirst; i < m_networks.size(); ++i)
        {
            served.push_back(PosId(i));
        }
        m_localAaa = m_mis.InstallLocalAaaServer(node, m_localAaaId, toServer.lower, served);
    }
}

void
RoamingScenarioHelper::BuildMobileNodes()
{
    for (uint32_t mn = 0; mn < m_mnCount; ++mn)
    {
        m_radio.Place(m_mnNodes.Get(mn),
                      Vector(m_begin, BESIDE_M, 0),
                      Vector(mn == 0 ? m_speed : 0, 0, 0));
        m_mobileNodes.push_back(
            m_mis.InstallMobileNode(m_mnNodes.Get(mn), MobileNodeId(mn), PosId(0)));
        if (m_firstAtHome)
        {
            m_mis.SetHomePos(MobileNodeId(mn), PosId(0));
        }
    }
    if (m_hasRadios)
    {
        InstallLinkEvents();
    }
    for (uint32_t mn = 0; mn < m_mnCount; ++mn)
    {
        for (uint32_t i = 1; i < m_links[mn].size(); ++i)
        {
            m_links[mn][i]->Detach();
        }
        m_links[mn][0]->Attach([this, mn] { OnFirstAttachment(mn); });
    }
}

void
RoamingScenarioHelper::OnFirstAttachment(uint32_t mn)
{
    m_mobileNodes[mn]->SetCurrentLink(m_links[mn][0]);
    // Nobody could have registered those that attach later at the start.
    if (m_anchorKind == Anchor::CLIENT && mn < m_clients.size())
    {
        m_clients[mn]->Update();
    }
    else if (m_anchorKind == Anchor::NETWORK && !m_gateways.empty())
    {
        m_gateways.front()->Attach(m_mobileNodes[mn]->GetMisf()->GetId());
    }
}

void
RoamingScenarioHelper::EnablePcap(const std::string& prefix)
{
    m_mis.EnablePcap(prefix, m_devices);
    m_radio.EnablePcap(prefix);
}

void
RoamingScenarioHelper::BuildGroup()
{
    const auto address = ScenarioAddresses(m_isIpv6).Group();
    for (const auto& mn : m_mobileNodes)
    {
        m_gm->AddToGroup(MisfId(m_group), mn->GetMisf()->GetId());
        JoinGroup(mn->GetMisf()->GetObject<Node>(), address);
    }
    for (uint32_t i = 0; i < m_pointsOfService.size(); ++i)
    {
        const auto& network = m_networks[i];
        if (!network.carriesMulticast)
        {
            continue; // the PoS sends to each
        }
        const auto& misf = m_pointsOfService[i]->GetMisf();
        m_pointsOfService[i]->SetGroupAddress(
            {TransportType::UDP, SocketAddressOf(address, misf->GetPort()), nullptr});
        StaticRoutes(m_routers[i], address)
            .AddGroup(address, network.posInterface, InterfaceOf(m_accessHubs[i], address));
    }
}

void
RoamingScenarioHelper::Build(int64_t firstStream)
{
    NS_ABORT_MSG_IF(m_networks.empty(), "RoamingScenarioHelper: no network, call AddNetwork");
    m_wan = MakeNode();
    for (uint32_t mn = 0; mn < m_mnCount; ++mn)
    {
        m_mnNodes.Add(MakeNode(!m_group.empty(), m_hasRadios)); // of a group: it delivers multicast
    }
    m_links.resize(m_mnCount);
    for (uint32_t i = 0; i < m_networks.size(); ++i)
    {
        BuildNetwork(i);
    }
    AcquaintNeighbours();
    BuildHome();
    BuildMobileNodes();
    if (!m_group.empty())
    {
        BuildGroup();
    }
    int64_t stream = firstStream;
    if (m_anchorKind != Anchor::NONE)
    {
        stream += BuildAnchor(stream);
    }
    LimitPathMtu();
    stream += m_mis.AssignStreams(stream);
    stream += LinkHelper::AssignStreams(m_hubs, stream);
    stream += m_radio.AssignStreams(stream);
    m_nextStream = stream;
}

} // namespace ns3::mis
