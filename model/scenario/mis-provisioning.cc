// SPDX-License-Identifier: GPL-2.0-only

#include "mis-provisioning.h"

#include "ns3/mis-credential.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(Provisioning);

namespace
{

constexpr size_t ROOT_OCTETS = 32;

} // namespace

TypeId
Provisioning::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::Provisioning")
                            .SetParent<Object>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<Provisioning>();
    return tid;
}

Provisioning::Provisioning()
    : m_establishment(CreateObject<StaticEstablishment>())
{
}

void
Provisioning::Add(Ptr<MobileNode> mn)
{
    m_mobileNodes.push_back(mn);
    Schedule();
}

void
Provisioning::Add(Ptr<PointOfService> pos)
{
    m_pointsOfService.push_back(pos);
    Schedule();
}

void
Provisioning::Add(Ptr<GroupManager> gm)
{
    m_gm = gm;
    Schedule();
}

void
Provisioning::SetDeviceKeys(bool provision)
{
    m_deviceKeys = provision;
}

int64_t
Provisioning::AssignStreams(int64_t stream)
{
    return m_random.AssignStreams(stream);
}

void
Provisioning::DoDispose()
{
    m_mobileNodes.clear();
    m_pointsOfService.clear();
    m_gm = nullptr;
    Object::DoDispose();
}

void
Provisioning::Schedule()
{
    if (!m_scheduled)
    {
        m_scheduled = true;
        Simulator::ScheduleNow(&Provisioning::Run, Ptr<Provisioning>(this));
    }
}

void
Provisioning::Run()
{
    m_scheduled = false;
    CryptoContext crypto(CryptoBackend::OPENSSL, m_random);
    if (m_credentialRoot.empty())
    {
        m_establishment->SetRoot(crypto.RandomSecret(ROOT_OCTETS));
        m_credentialRoot = crypto.RandomSecret(ROOT_OCTETS);
        if (m_gm && m_deviceKeys)
        {
            m_gm->MakeKeys();
        }
    }
    for (const auto& pos : m_pointsOfService)
    {
        pos->SetCredentialRoot(m_credentialRoot);
    }
    for (const auto& mn : m_mobileNodes)
    {
        // Both ends derive with the backend of the node, so that they get the same.
        mn->GetMisf()->Start();
        CryptoContext own(mn->GetMisf()->GetCrypto().Backend(), m_random);
        mn->SetCredential(DeriveCredential(own, m_credentialRoot, mn->GetMisf()->GetId()));
    }
    if (m_gm && m_deviceKeys)
    {
        for (const auto& pos : m_pointsOfService)
        {
            pos->ProvisionDeviceKeys(m_gm->AddDevice(pos->GetMisf()->GetId()),
                                     m_gm->GetPublicKey());
        }
        for (const auto& mn : m_mobileNodes)
        {
            mn->ProvisionDeviceKeys(m_gm->AddDevice(mn->GetMisf()->GetId()), m_gm->GetPublicKey());
        }
    }
    m_pointsOfService.clear();
    m_mobileNodes.clear();
}

} // namespace ns3::mis
