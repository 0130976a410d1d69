// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * EAP-TLS between a mobile node and the PoS of an access network.
 */
#ifndef MIS_LINK_CERTIFICATES_H
#define MIS_LINK_CERTIFICATES_H

#include "ns3/mis-credential-store.h"
#include "ns3/mis-eap-peer.h"
#include "ns3/mis-eap-server.h"
#include "ns3/mis-function.h"

#include <memory>

namespace ns3::mis
{

/**
 * @param credentials certificates of the nodes
 * @param misf MISF of the mobile node
 * @param pos who must be at the other end
 * @return EAP-TLS over TLS 1.3 with the certificate of the node
 */
std::shared_ptr<const EapPeerConfiguration> MakeEapTlsPeerConfiguration(
    CredentialStore& credentials,
    Misf& misf,
    const MisfId& pos);

/**
 * @param credentials certificates of the nodes
 * @param misf MISF of the PoS
 * @return EAP-TLS over TLS 1.3 with the certificate of the node
 */
std::shared_ptr<const EapServerConfiguration> MakeEapTlsServerConfiguration(
    CredentialStore& credentials,
    Misf& misf);

} // namespace ns3::mis

#endif // MIS_LINK_CERTIFICATES_H
