// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Private to the implementation: the OpenSSL objects of certificates.
 */
#ifndef MIS_CERTIFICATE_MATERIAL_H
#define MIS_CERTIFICATE_MATERIAL_H

#include "mis-openssl.h"

#include "ns3/mis-certificate.h"

#include <openssl/x509.h>

namespace ns3::mis
{

namespace openssl
{

using X509Ptr = std::unique_ptr<X509, Deleter<X509_free>>;
using X509StorePtr = std::unique_ptr<X509_STORE, Deleter<X509_STORE_free>>;

/**
 * @brief Put trusted authorities into a store.
 * @param anchors the authorities
 * @return the store
 */
X509StorePtr MakeStore(const std::vector<Certificate>& anchors);

/**
 * @brief Set what a chain is verified against.
 * @param parameters the parameters
 * @param name expected subject, empty for any
 * @param nowNs the time in ns
 */
void SetVerification(X509_VERIFY_PARAM* parameters, const std::string& name, int64_t nowNs);

/**
 * @brief Translate the result of a verification.
 * @param result an X509_V_ code
 * @return the verdict
 */
CertificateVerdict VerdictOf(long result);

} // namespace openssl

struct Certificate::Material
{
    Bytes der;                         //!< as on the wire
    std::string name;                  //!< first in subjectAltName
    std::array<uint8_t, 20> keyHash{}; //!< SHA-1 of SubjectPublicKeyInfo
    openssl::X509Ptr x509;             //!< never empty
};

struct CertifiedKey::Material
{
    Certificate certificate; //!< its certificate
    openssl::PkeyPtr pkey;   //!< never empty; OpenSSL wipes it
};

} // namespace ns3::mis

#endif /* MIS_CERTIFICATE_MATERIAL_H */
