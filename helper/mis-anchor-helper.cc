// SPDX-License-Identifier: GPL-2.0-only

#include "mis-anchor-helper.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"

namespace ns3::mis
{

namespace
{

constexpr uint32_t FIRST_SPI = 256; // those below are reserved (RFC 4285)

} // namespace

AnchorHelper::AnchorHelper(MisHelper& mis)
    : m_mis(mis),
      m_nextSpi(FIRST_SPI)
{
}

void
AnchorHelper::SetAttribute(const std::string& name, const AttributeValue& value)
{
    m_settings.push_back({name, value.Copy()});
}

void
AnchorHelper::SetAuthentication(bool authenticate)
{
    m_authenticate = authenticate;
}

int64_t
AnchorHelper::AssignStreams(int64_t stream)
{
    NS_ABORT_MSG_IF(m_anchor, "AnchorHelper: call AssignStreams before anything is installed");
    return m_random.AssignStreams(stream);
}

void
AnchorHelper::Configure(Ptr<Object> object) const
{
    for (const auto& [name, value] : m_settings)
    {
        object->SetAttributeFailSafe(name, *value);
    }
}

MobilityAssociation
AnchorHelper::MakeAssociation()
{
    return m_authenticate ? MobilityAssociation::Make(m_nextSpi++, m_random)
                          : MobilityAssociation();
}

Ptr<MobilityAnchor>
AnchorHelper::InstallAnchor(Ptr<Node> node,
                            const std::string& id,
                            Ipv4Address address,
                            Ipv4Address home,
                            Ipv4Mask mask)
{
    NS_ABORT_MSG_IF(m_anchor, "AnchorHelper: there is an anchor already");
    m_anchor = CreateObject<MobilityAnchor>();
    Configure(m_anchor);
    if (!m_authenticate)
    {
        m_anchor->SetAttribute("RequireAuthentication", BooleanValue(false));
    }
    m_anchor->SetMisf(m_mis.InstallFunction(node, id));
    m_anchor->SetHomeNetwork(home, mask);
    node->AggregateObject(m_anchor);
    m_address = address;
    return m_anchor;
}

Ptr<MobilityClient>
AnchorHelper::InstallClient(Ptr<MobileNode> mn, Ipv4Address home, bool registration)
{
    NS_ABORT_MSG_IF(!m_anchor, "AnchorHelper: call InstallAnchor before InstallClient");
    const auto association = registration ? MakeAssociation() : MobilityAssociation();
    auto client = CreateObject<MobilityClient>();
    Configure(client);
    client->SetRegistration(registration);
    client->Configure(mn, home, m_address, association);
    mn->GetMisf()->GetObject<Node>()->AggregateObject(client);
    m_anchor->AddMobileNode(mn->GetMisf()->GetId(), home, association);
    return client;
}

Ptr<MobileAccessGateway>
AnchorHelper::InstallGateway(Ptr<Node> router, const std::string& id, Ipv4Address address)
{
    NS_ABORT_MSG_IF(!m_anchor, "AnchorHelper: call InstallAnchor before InstallGateway");
    const auto association = MakeAssociation();
    auto gateway = CreateObject<MobileAccessGateway>();
    Configure(gateway);
    gateway->Configure(m_mis.InstallFunction(router, id), address, m_address, association);
    router->AggregateObject(gateway);
    m_anchor->AddGateway(address, association);
    return gateway;
}

} // namespace ns3::mis
