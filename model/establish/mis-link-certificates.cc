// SPDX-License-Identifier: GPL-2.0-only

#include "mis-link-certificates.h"

#include "ns3/mis-eap-tls.h"
#include "ns3/mis-tls-session.h"

namespace ns3::mis
{

std::shared_ptr<const EapPeerConfiguration>
MakeEapTlsPeerConfiguration(CredentialStore& credentials, Misf& misf, const MisfId& pos)
{
    EapTlsPeerConfiguration tls;
    tls.tls = std::make_shared<TlsContext>(
        misf.GetCrypto(),
        credentials.MakeTlsConfiguration(misf.GetId(), false, TlsVersion::TLS_1_3));
    tls.serverName = pos.Get();
    tls.keyLogger = KeyLog::MakeTlsLogger(misf.GetKeyLog());
    auto configuration = std::make_shared<EapPeerConfiguration>();
    configuration->identity = misf.GetId().Get();
    configuration->methods.push_back(std::make_shared<EapTlsPeerFactory>(std::move(tls)));
    return configuration;
}

std::shared_ptr<const EapServerConfiguration>
MakeEapTlsServerConfiguration(CredentialStore& credentials, Misf& misf)
{
    EapTlsServerConfiguration tls;
    tls.tls = std::make_shared<TlsContext>(
        misf.GetCrypto(),
        credentials.MakeTlsConfiguration(misf.GetId(), true, TlsVersion::TLS_1_3));
    tls.keyLogger = KeyLog::MakeTlsLogger(misf.GetKeyLog());
    auto configuration = std::make_shared<EapServerConfiguration>();
    configuration->methods.push_back(std::make_shared<EapTlsServerFactory>(std::move(tls)));
    return configuration;
}

} // namespace ns3::mis
