// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief X.509 certificates with P-256 keys (RFC 5280, RFC 5758), made and checked in simulated
 * time.
 *
 * Instant 0 of the simulation is assigned::CERTIFICATE_EPOCH_S. Keys, certificates and signatures
 * come from the source of the context, so the same stream gives the same octets. They are real with
 * every CryptoBackend, since the sizes of messages depend on them.
 */
#ifndef MIS_CERTIFICATE_H
#define MIS_CERTIFICATE_H

#include "ns3/mis-crypto-context.h"
#include "ns3/mis-signature.h"
#include "ns3/mis-types.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3::mis
{

/** @brief What became of checking a certificate. */
enum class CertificateVerdict : uint8_t
{
    ACCEPTED,
    EXPIRED,       //!< outside of its period of validity
    UNKNOWN_CA,    //!< no trusted issuer
    NAME_MISMATCH, //!< of another subject than expected
    INVALID        //!< any other reason
};

/**
 * @brief Name a verdict.
 * @param verdict the verdict
 * @return its name as in outcomes, such as "cert-expired"
 */
const char* ToString(CertificateVerdict verdict);

/** @brief A certificate; a small handle on shared, immutable material. */
class Certificate
{
  public:
    /** @brief The parsed certificate, known to the implementation only. */
    struct Material;

    /**
     * @brief Read a certificate.
     * @param der its octets
     * @return the certificate, or nothing when the octets are none with a P-256 key
     */
    static std::optional<Certificate> FromDer(ByteView der);

    /** @return its octets */
    const Bytes& Der() const;

    /** @return the first name in subjectAltName, empty if there is none */
    const std::string& Name() const;

    /** @return SHA-1 of SubjectPublicKeyInfo, as IKEv2 names an authority (RFC 7296, section 3.7)
     */
    const std::array<uint8_t, 20>& KeyHash() const;

    /** @return its material */
    const Material& Get() const
    {
        return *m_material;
    }

  private:
    friend class CertifiedKey;
    explicit Certificate(std::shared_ptr<const Material> material);

    std::shared_ptr<const Material> m_material; //!< never empty
};

/** @brief A private key with its certificate; a small handle on shared, immutable material. */
class CertifiedKey
{
  public:
    /** @brief Certificate and key, known to the implementation only. */
    struct Material;

    /**
     * @brief Make an authority: a self-signed certificate without limit of time.
     * @param ctx the computing node; counts ECDSA_KEYGEN and ECDSA_SIGN
     * @param name its common name, 1 to 64 octets
     * @return the authority
     */
    static CertifiedKey MakeAuthority(CryptoContext& ctx, const std::string& name);

    /**
     * @brief Have this authority issue a certificate for a new key.
     * @param ctx the computing node; counts ECDSA_KEYGEN and ECDSA_SIGN
     * @param name a network access identifier, which becomes an rfc822Name, or without "@" a host
     * name, which becomes a dNSName
     * @param serial serial number, positive
     * @param notBeforeNs begin of validity, ns of simulated time, may be negative
     * @param notAfterNs end of validity, ns of simulated time
     * @return key and certificate
     */
    CertifiedKey Issue(CryptoContext& ctx,
                       const std::string& name,
                       int64_t serial,
                       int64_t notBeforeNs,
                       int64_t notAfterNs) const;

    /** @return its certificate */
    const Certificate& GetCertificate() const;

    /** @return private key and certificate in PEM, for other programs */
    std::string Pem() const;

    /** @return its material */
    const Material& Get() const
    {
        return *m_material;
    }

  private:
    explicit CertifiedKey(std::shared_ptr<const Material> material);

    std::shared_ptr<const Material> m_material; //!< never empty
};

/**
 * @brief Check a certificate.
 * @param ctx the computing node; counts ECDSA_VERIFY if there is an issuer
 * @param certificate the certificate
 * @param anchors trusted authorities
 * @param name expected subject as in Issue(), empty for any
 * @param nowNs the time in ns
 * @return the verdict
 */
CertificateVerdict VerifyCertificate(CryptoContext& ctx,
                                     const Certificate& certificate,
                                     const std::vector<Certificate>& anchors,
                                     const std::string& name,
                                     int64_t nowNs);

/**
 * @brief Sign with the key of a certificate.
 * @param ctx the computing node; counts ECDSA_SIGN and one draw of 32 random octets
 * @param key the key
 * @param parts the message in pieces
 * @return r and s, 32 octets each, of ECDSA with SHA-256
 */
EcdsaSignature Sign(CryptoContext& ctx, const CertifiedKey& key, ByteParts parts);

/**
 * @brief Verify a signature with the key of a certificate.
 * @param ctx the computing node; counts ECDSA_VERIFY on the message
 * @param certificate the certificate
 * @param parts the message in pieces
 * @param signature r and s
 * @return whether it is a signature of this message
 */
[[nodiscard]] bool Verify(CryptoContext& ctx,
                          const Certificate& certificate,
                          ByteParts parts,
                          ByteView signature);

} // namespace ns3::mis

#endif /* MIS_CERTIFICATE_H */
