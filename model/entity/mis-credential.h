// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Credentials of mobile nodes for full authentications.
 */
#ifndef MIS_CREDENTIAL_H
#define MIS_CREDENTIAL_H

#include "ns3/mis-assigned.h"
#include "ns3/mis-crypto-context.h"
#include "ns3/mis-kdf.h"
#include "ns3/mis-secret-bytes.h"
#include "ns3/mis-types.h"

namespace ns3::mis
{

/// Octets of a credential.
inline constexpr size_t CREDENTIAL_OCTETS = 32;

/**
 * @brief Derives the credential of one mobile node, so that N of them need no table of N.
 * @param crypto cryptography of the node that derives
 * @param root secret of the home operator
 * @param mn the mobile node
 * @return the credential
 */
inline SecretBytes
DeriveCredential(CryptoContext& crypto, const SecretBytes& root, const MisfId& mn)
{
    return Kdf(crypto,
               DefaultPrf(),
               root,
               assigned::LABEL_CREDENTIAL,
               mn.View(),
               CREDENTIAL_OCTETS);
}

} // namespace ns3::mis

#endif // MIS_CREDENTIAL_H
