// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What operators hand out so that strangers can establish security associations.
 */
#ifndef MIS_CREDENTIAL_STORE_H
#define MIS_CREDENTIAL_STORE_H

#include "ns3/mis-certificate.h"
#include "ns3/mis-crypto-context.h"
#include "ns3/mis-random-source.h"
#include "ns3/mis-tls-session.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3::mis
{

/**
 * @brief Certificates and pre-shared keys of the nodes of a scenario.
 *
 * One authority issues a certificate to a node when that first needs it, so nodes that need none
 * cost nothing. Making them is not charged to any node.
 */
class CredentialStore : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    CredentialStore();

    /// @return the authority
    const CertifiedKey& GetAuthority();

    /**
     * @param id MISF identifier
     * @return certificate and key of the node
     */
    const CertifiedKey& GetCertifiedKey(const MisfId& id);

    /**
     * @brief Gives a node another certificate than the authority would.
     * @param id MISF identifier
     * @param key certificate and key
     */
    void SetCertifiedKey(const MisfId& id, const CertifiedKey& key);

    /**
     * @param id MISF identifier
     * @return authorities the node trusts: that of this store unless set otherwise
     */
    std::vector<Certificate> GetAnchors(const MisfId& id);

    /**
     * @brief Has a node trust other authorities.
     * @param id MISF identifier
     * @param anchors the authorities
     */
    void SetAnchors(const MisfId& id, const std::vector<Certificate>& anchors);

    /**
     * @brief Describes TLS with certificates at a node, which wants one of the other end too.
     * @param id MISF identifier
     * @param isServer role of the node
     * @param version version of TLS
     * @return certificate, key, trusted authorities
     */
    TlsConfiguration MakeTlsConfiguration(const MisfId& id, bool isServer, TlsVersion version);

    /**
     * @param a one end
     * @param b the other end
     * @return their pre-shared key, 32 octets, the same for both orders; nullptr if they have none
     */
    const SecretBytes* GetPreSharedKey(const MisfId& a, const MisfId& b);

    /**
     * @brief Takes a node's pre-shared keys away, or gives it wrong ones.
     * @param id MISF identifier
     * @param key for all its peers as this node sees it; empty for none
     */
    void SetPreSharedKey(const MisfId& id, const SecretBytes& key);

    /**
     * @brief Fixes the random variable.
     * @param stream first stream index
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  private:
    // attributes
    Time m_validity;

    StreamRandomSource m_random;
    CryptoContext m_crypto;
    std::optional<CertifiedKey> m_authority;
    int64_t m_nextSerial{2};
    std::map<MisfId, CertifiedKey> m_keys;
    std::map<MisfId, std::vector<Certificate>> m_anchors;
    SecretBytes m_pskRoot;
    std::map<std::pair<MisfId, MisfId>, SecretBytes> m_psks; //!< by the asking end and its peer
    std::map<MisfId, SecretBytes> m_otherPsks;
};

/**
 * @param what class and attribute, for the message of NS_FATAL_ERROR if the value is another
 * @param value value of the attribute: 1.2 or 1.3
 * @return the version
 */
TlsVersion ParseTlsVersion(const char* what, const std::string& value);

} // namespace ns3::mis

#endif // MIS_CREDENTIAL_STORE_H
