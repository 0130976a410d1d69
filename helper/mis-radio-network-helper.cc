// SPDX-License-Identifier: GPL-2.0-only

#include "mis-radio-network-helper.h"

#include "ns3/abort.h"
#include "ns3/fatal-error.h"
#include "ns3/mis-controlled-port-routing.h"
#include "ns3/object-factory.h"

#include <algorithm>
#include <array>

namespace ns3::mis
{

namespace
{

/// A technology.
struct Radio
{
    const char* name;
    const char* type;  //!< TypeId, registered if the build has it
    const char* needs; //!< of ns-3
    bool carriesIpv6;  //!< whether its devices do
};

constexpr std::array<Radio, 4> RADIOS{{
    {"ethernet", "ns3::mis::EthernetTechnology", "module csma", true},
    {"lte", "ns3::mis::LteTechnology", "module lte", true},
    {"wifi", "ns3::mis::WifiTechnology", "module wifi of ns-3.37 or newer", true},
    {"wimax", "ns3::mis::WimaxTechnology", "module wimax, which is part of ns-3 up to 3.45", false},
}};

const Radio*
FindRadio(const std::string& name)
{
    const auto* it = std::find_if(RADIOS.begin(), RADIOS.end(), [&name](const Radio& radio) {
        return radio.name == name;
    });
    return it == RADIOS.end() ? nullptr : &*it;
}

bool
IsInBuild(const Radio& radio)
{
    TypeId type;
    return TypeId::LookupByNameFailSafe(radio.type, &type);
}

std::string
Join(const std::vector<std::string>& items)
{
    std::string text;
    for (const auto& item : items)
    {
        text += (text.empty() ? "" : ", ") + item;
    }
    return text;
}

} // namespace

std::vector<std::string>
GetRadios()
{
    std::vector<std::string> names;
    for (const auto& radio : RADIOS)
    {
        names.emplace_back(radio.name);
    }
    return names;
}

std::vector<std::string>
GetSupportedRadios()
{
    std::vector<std::string> names;
    for (const auto& radio : RADIOS)
    {
        if (IsInBuild(radio))
        {
            names.emplace_back(radio.name);
        }
    }
    return names;
}

std::string
GetMissingRadio(const std::string& name, const std::string& family)
{
    const auto* radio = FindRadio(name);
    if (!radio)
    {
        return "there is no radio \"" + name + "\", allowed are " + Join(GetRadios());
    }
    if (family == "ipv6" && !radio->carriesIpv6)
    {
        return "radio \"" + name + "\" carries IPv4 only";
    }
    if (IsInBuild(*radio))
    {
        return {};
    }
    const auto supported = GetSupportedRadios();
    return "this build has no radio \"" + name + "\", which needs " + radio->needs + "; it has " +
           (supported.empty() ? "none" : Join(supported));
}

Ptr<RadioTechnology>
RadioNetworkHelper::GetTechnology(const std::string& technology)
{
    auto& entry = m_technologies[technology];
    if (!entry)
    {
        const auto missing = GetMissingRadio(technology);
        if (!missing.empty())
        {
            NS_FATAL_ERROR("RadioNetworkHelper: " << missing);
        }
        ObjectFactory factory;
        factory.SetTypeId(FindRadio(technology)->type);
        entry = factory.Create<RadioTechnology>();
    }
    return entry;
}

void
RadioNetworkHelper::SetAttribute(const std::string& technology,
                                 const std::string& name,
                                 const AttributeValue& value)
{
    GetTechnology(technology)->SetAttribute(name, value);
}

RadioAccess
RadioNetworkHelper::AddNetwork(const std::string& technology, const RadioAccessPlan& plan)
{
    return GetTechnology(technology)->Build(plan);
}

void
RadioNetworkHelper::Place(Ptr<Node> node, const Vector& position, const Vector& velocity)
{
    for (const auto& [name, technology] : m_technologies)
    {
        technology->Place(node, position, velocity);
    }
}

void
RadioNetworkHelper::EnablePcap(const std::string& prefix)
{
    for (const auto& [name, technology] : m_technologies)
    {
        technology->EnablePcap(prefix);
    }
}

int64_t
RadioNetworkHelper::AssignStreams(int64_t stream)
{
    const int64_t first = stream;
    for (const auto& [name, technology] : m_technologies)
    {
        stream += technology->AssignStreams(stream);
    }
    return stream - first;
}

void
RadioNetworkHelper::SetRouting(InternetStackHelper& stack)
{
    stack.SetRoutingHelper(ControlledPortRoutingHelper());
    stack.SetRoutingHelper(Ipv6ControlledPortRoutingHelper());
}

} // namespace ns3::mis
