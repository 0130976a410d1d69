// SPDX-License-Identifier: GPL-2.0-only

#include "mis-credential-store.h"

#include "ns3/abort.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-kdf.h"

#include <algorithm>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(CredentialStore);

namespace
{

constexpr size_t PSK_OCTETS = 32;

} // namespace

TypeId
CredentialStore::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::CredentialStore")
            .SetParent<Object>()
            .SetGroupName("MisPrereg")
            .AddConstructor<CredentialStore>()
            .AddAttribute("Validity",
                          "Time after the start of the simulation at which certificates expire.",
                          TimeValue(Hours(24 * 365)),
                          MakeTimeAccessor(&CredentialStore::m_validity),
                          MakeTimeChecker());
    return tid;
}

CredentialStore::CredentialStore()
    : m_crypto(CryptoBackend::OPENSSL, m_random)
{
}

const CertifiedKey&
CredentialStore::GetAuthority()
{
    if (!m_authority)
    {
        m_authority = CertifiedKey::MakeAuthority(m_crypto, assigned::AUTHORITY_NAME);
    }
    return *m_authority;
}

const CertifiedKey&
CredentialStore::GetCertifiedKey(const MisfId& id)
{
    const auto it = m_keys.find(id);
    if (it != m_keys.end())
    {
        return it->second;
    }
    constexpr int64_t BEFORE = -24LL * 3600 * 1000000000;
    return m_keys
        .emplace(id,
                 GetAuthority().Issue(m_crypto,
                                      id.Get(),
                                      m_nextSerial++,
                                      BEFORE,
                                      m_validity.GetNanoSeconds()))
        .first->second;
}

void
CredentialStore::SetCertifiedKey(const MisfId& id, const CertifiedKey& key)
{
    m_keys.erase(id);
    m_keys.emplace(id, key);
}

std::vector<Certificate>
CredentialStore::GetAnchors(const MisfId& id)
{
    const auto it = m_anchors.find(id);
    return it == m_anchors.end() ? std::vector<Certificate>{GetAuthority().GetCertificate()}
                                 : it->second;
}

void
CredentialStore::SetAnchors(const MisfId& id, const std::vector<Certificate>& anchors)
{
    m_anchors[id] = anchors;
}

TlsConfiguration
CredentialStore::MakeTlsConfiguration(const MisfId& id, bool isServer, TlsVersion version)
{
    TlsConfiguration configuration;
    configuration.isServer = isServer;
    configuration.version = version;
    configuration.credential = GetCertifiedKey(id);
    configuration.anchors = GetAnchors(id);
    return configuration;
}

TlsVersion
ParseTlsVersion(const char* what, const std::string& value)
{
    NS_ABORT_MSG_IF(value != "1.2" && value != "1.3",
                    what << " is \"" << value << "\", allowed are 1.2 and 1.3");
    return value == "1.2" ? TlsVersion::TLS_1_2 : TlsVersion::TLS_1_3;
}

const SecretBytes*
CredentialStore::GetPreSharedKey(const MisfId& a, const MisfId& b)
{
    const auto other = m_otherPsks.find(a);
    if (other != m_otherPsks.end())
    {
        return other->second.empty() ? nullptr : &other->second;
    }
    if (m_pskRoot.empty())
    {
        m_pskRoot = m_crypto.RandomSecret(PSK_OCTETS);
    }
    auto& psk = m_psks[{a, b}];
    if (psk.empty())
    {
        KdfContext pair;
        pair.LengthPrefixed(std::min(a, b).View()).LengthPrefixed(std::max(a, b).View());
        psk = Kdf(m_crypto,
                  DefaultPrf(),
                  m_pskRoot,
                  assigned::LABEL_PRE_SHARED_KEY,
                  pair.View(),
                  PSK_OCTETS);
    }
    return &psk;
}

void
CredentialStore::SetPreSharedKey(const MisfId& id, const SecretBytes& key)
{
    m_otherPsks[id] = key;
}

int64_t
CredentialStore::AssignStreams(int64_t stream)
{
    return m_random.AssignStreams(stream);
}

} // namespace ns3::mis
