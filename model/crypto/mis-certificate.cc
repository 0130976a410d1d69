// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Certificates by OpenSSL's X509 functions.
 */
#include "mis-certificate.h"

#include "mis-certificate-material.h"
#include "mis-ecdsa.h"

#include "ns3/mis-assigned.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace ns3::mis
{

namespace
{

using openssl::Deleter;
using openssl::Fatal;
using openssl::X509Ptr;

using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;
using StoreCtxPtr = std::unique_ptr<X509_STORE_CTX, Deleter<X509_STORE_CTX_free>>;
using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, Deleter<GENERAL_NAMES_free>>;

constexpr int64_t NS_PER_S = 1000000000;
constexpr long X509_VERSION_OF_3 = 2; // counted from 0
/** 9999-12-31 23:59:59 UTC, "no limit" (RFC 5280, section 4.1.2.5). */
constexpr int64_t NO_END_S = 253402300799;
/** 1950-01-01 00:00:00 UTC, the earliest date that both forms of time can have (same section). */
constexpr int64_t NO_BEGIN_S = -631152000;

int64_t
SecondsOf(int64_t ns)
{
    const int64_t s = ns >= 0 ? ns / NS_PER_S : -((-ns + NS_PER_S - 1) / NS_PER_S);
    return assigned::CERTIFICATE_EPOCH_S + s;
}

void
AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1)
    {
        Fatal("X509V3_EXT_conf_nid");
    }
}

bool
IsMailName(const std::string& name)
{
    return name.find('@') != std::string::npos;
}

/** Not by a text as for AddExtension(): in that, a comma would begin a second name. */
void
AddAlternative(X509* certificate, const std::string& name)
{
    const NamesPtr names(sk_GENERAL_NAME_new_null());
    GENERAL_NAME* const entry = GENERAL_NAME_new();
    ASN1_IA5STRING* const text = ASN1_IA5STRING_new();
    if (!names || !entry || !text ||
        ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())) != 1 ||
        sk_GENERAL_NAME_push(names.get(), entry) != 1)
    {
        Fatal("GENERAL_NAME_new");
    }
    GENERAL_NAME_set0_value(entry, IsMailName(name) ? GEN_EMAIL : GEN_DNS, text);
    if (X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_APPEND) !=
        1)
    {
        Fatal("X509_add1_ext_i2d");
    }
}

/** Reads what is kept beside the parsed certificate. */
std::shared_ptr<const Certificate::Material>
Describe(X509Ptr x509)
{
    auto material = std::make_shared<Certificate::Material>();
    const int size = i2d_X509(x509.get(), nullptr);
    material->der.resize(size > 0 ? size : 0);
    unsigned char* to = material->der.data();
    if (size <= 0 || i2d_X509(x509.get(), &to) != size)
    {
        Fatal("i2d_X509");
    }
    material->name = openssl::FirstName(x509.get());
    unsigned char* info = nullptr;
    const int infoSize = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509.get()), &info);
    std::size_t hashSize = 0;
    if (infoSize <= 0 || EVP_Q_digest(openssl::LibraryContext(),
                                      "SHA1",
                                      nullptr,
                                      info,
                                      infoSize,
                                      material->keyHash.data(),
                                      &hashSize) != 1)
    {
        Fatal("i2d_X509_PUBKEY");
    }
    OPENSSL_free(info);
    material->x509 = std::move(x509);
    return material;
}

bool
IsOnP256(EVP_PKEY* key)
{
    std::array<char, 32> group{};
    return key && EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
           std::string_view(group.data()) == SN_X9_62_prime256v1;
}

openssl::PkeyPtr
MakeKey(CryptoContext& ctx)
{
    ctx.Count(CryptoOperation::ECDSA_KEYGEN, 0);
    openssl::PkeyPtr key(EVP_PKEY_Q_keygen(openssl::LibraryContext(), nullptr, "EC", "P-256"));
    if (!key)
    {
        Fatal("EVP_PKEY_Q_keygen");
    }
    return key;
}

/** What distinguishes the certificates made here. */
struct Form
{
    std::string subject;     //!< common name
    int64_t serial;          //!< serial number
    int64_t notBeforeS;      //!< seconds since 1970
    int64_t notAfterS;       //!< seconds since 1970
    const char* basic;       //!< basicConstraints
    std::string alternative; //!< name in subjectAltName, empty for none
};

X509Ptr
MakeCertificate(CryptoContext& ctx, const Form& form, EVP_PKEY* key, X509* issuer, EVP_PKEY* signer)
{
    X509Ptr x509(X509_new_ex(openssl::LibraryContext(), nullptr));
    X509* const raw = x509.get();
    if (!raw || X509_set_version(raw, X509_VERSION_OF_3) != 1 ||
        ASN1_INTEGER_set_int64(X509_get_serialNumber(raw), form.serial) != 1 ||
        !ASN1_TIME_adj(X509_getm_notBefore(raw), form.notBeforeS, 0, 0) ||
        !ASN1_TIME_adj(X509_getm_notAfter(raw), form.notAfterS, 0, 0) ||
        X509_NAME_add_entry_by_txt(X509_get_subject_name(raw),
                                   "CN",
                                   MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(form.subject.data()),
                                   static_cast<int>(form.subject.size()),
                                   -1,
                                   0) != 1 ||
        X509_set_issuer_name(raw, X509_get_subject_name(issuer ? issuer : raw)) != 1 ||
        X509_set_pubkey(raw, key) != 1)
    {
        Fatal("X509_set");
    }
    X509* const of = issuer ? issuer : raw;
    AddExtension(raw, of, NID_basic_constraints, form.basic);
    if (!form.alternative.empty())
    {
        AddAlternative(raw, form.alternative);
    }
    if (X509_sign(raw, signer, EVP_sha256()) <= 0)
    {
        Fatal("X509_sign");
    }
    ctx.Count(CryptoOperation::ECDSA_SIGN, i2d_re_X509_tbs(raw, nullptr));
    return x509;
}

} // namespace

const char*
ToString(CertificateVerdict verdict)
{
    switch (verdict)
    {
    case CertificateVerdict::ACCEPTED:
        return "accepted";
    case CertificateVerdict::EXPIRED:
        return "cert-expired";
    case CertificateVerdict::UNKNOWN_CA:
        return "cert-unknown-ca";
    case CertificateVerdict::NAME_MISMATCH:
        return "cert-name-mismatch";
    case CertificateVerdict::INVALID:
        return "cert-invalid";
    }
    return "unknown";
}

namespace openssl
{

std::string
FirstName(X509* certificate)
{
    const NamesPtr names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i)
    {
        const auto* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_EMAIL || name->type == GEN_DNS)
        {
            const auto* text = name->d.ia5;
            return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                               ASN1_STRING_length(text));
        }
    }
    return {};
}

X509StorePtr
MakeStore(const std::vector<Certificate>& anchors)
{
    X509StorePtr store(X509_STORE_new());
    for (const auto& anchor : anchors)
    {
        if (X509_STORE_add_cert(store.get(), anchor.Get().x509.get()) != 1)
        {
            Fatal("X509_STORE_add_cert");
        }
    }
    return store;
}

void
SetVerification(X509_VERIFY_PARAM* parameters, const std::string& name, int64_t nowNs)
{
    X509_VERIFY_PARAM_set_time(parameters, SecondsOf(nowNs));
    // Names count in subjectAltName alone (RFC 6125, section 6.4.4).
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    const bool isSet =
        name.empty() ||
        (IsMailName(name) ? X509_VERIFY_PARAM_set1_email(parameters, name.data(), name.size())
                          : X509_VERIFY_PARAM_set1_host(parameters, name.data(), name.size())) == 1;
    if (!isSet)
    {
        Misuse("the expected name of a certificate");
    }
}

CertificateVerdict
VerdictOf(long result)
{
    switch (result)
    {
    case X509_V_OK:
        return CertificateVerdict::ACCEPTED;
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return CertificateVerdict::EXPIRED;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return CertificateVerdict::UNKNOWN_CA;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_EMAIL_MISMATCH:
        return CertificateVerdict::NAME_MISMATCH;
    default:
        return CertificateVerdict::INVALID;
    }
}

} // namespace openssl

Certificate::Certificate(std::shared_ptr<const Material> material)
    : m_material(std::move(material))
{
}

std::optional<Certificate>
Certificate::FromDer(ByteView der)
{
    const unsigned char* from = der.data();
    X509* raw = X509_new_ex(openssl::LibraryContext(), nullptr);
    if (!raw)
    {
        Fatal("X509_new_ex");
    }
    const bool isRead = d2i_X509(&raw, &from, static_cast<long>(der.size())) != nullptr;
    X509Ptr x509(raw); // empty if reading failed and has freed it
    if (!isRead || from != der.data() + der.size() || !IsOnP256(X509_get0_pubkey(raw)))
    {
        openssl::DropErrors();
        return std::nullopt;
    }
    return Certificate(Describe(std::move(x509)));
}

const Bytes&
Certificate::Der() const
{
    return m_material->der;
}

const std::string&
Certificate::Name() const
{
    return m_material->name;
}

const std::array<uint8_t, 20>&
Certificate::KeyHash() const
{
    return m_material->keyHash;
}

CertifiedKey::CertifiedKey(std::shared_ptr<const Material> material)
    : m_material(std::move(material))
{
}

CertifiedKey
CertifiedKey::MakeAuthority(CryptoContext& ctx, const std::string& name)
{
    openssl::ExpandedSource expanded(ctx);
    const openssl::ScopedRandomSource scope(expanded);
    auto key = MakeKey(ctx);
    const Form form{name, 1, NO_BEGIN_S, NO_END_S, "critical,CA:TRUE", ""};
    auto x509 = MakeCertificate(ctx, form, key.get(), nullptr, key.get());
    return CertifiedKey(std::make_shared<Material>(
        Material{Certificate(Describe(std::move(x509))), std::move(key)}));
}

CertifiedKey
CertifiedKey::Issue(CryptoContext& ctx,
                    const std::string& name,
                    int64_t serial,
                    int64_t notBeforeNs,
                    int64_t notAfterNs) const
{
    openssl::ExpandedSource expanded(ctx);
    const openssl::ScopedRandomSource scope(expanded);
    auto key = MakeKey(ctx);
    // A common name has 64 characters at most; the name that counts is the alternative one.
    const Form form{name.substr(0, 64),
                    serial,
                    SecondsOf(notBeforeNs),
                    SecondsOf(notAfterNs),
                    "CA:FALSE",
                    name};
    auto x509 = MakeCertificate(ctx,
                                form,
                                key.get(),
                                m_material->certificate.Get().x509.get(),
                                m_material->pkey.get());
    return CertifiedKey(std::make_shared<Material>(
        Material{Certificate(Describe(std::move(x509))), std::move(key)}));
}

const Certificate&
CertifiedKey::GetCertificate() const
{
    return m_material->certificate;
}

std::string
CertifiedKey::Pem() const
{
    const BioPtr bio(BIO_new(BIO_s_secmem()));
    if (!bio || PEM_write_bio_X509(bio.get(), m_material->certificate.Get().x509.get()) != 1 ||
        PEM_write_bio_PKCS8PrivateKey(bio.get(),
                                      m_material->pkey.get(),
                                      nullptr,
                                      nullptr,
                                      0,
                                      nullptr,
                                      nullptr) != 1)
    {
        Fatal("PEM_write_bio");
    }
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return std::string(text, size);
}

CertificateVerdict
VerifyCertificate(CryptoContext& ctx,
                  const Certificate& certificate,
                  const std::vector<Certificate>& anchors,
                  const std::string& name,
                  int64_t nowNs)
{
    const auto store = openssl::MakeStore(anchors);
    const StoreCtxPtr context(X509_STORE_CTX_new_ex(openssl::LibraryContext(), nullptr));
    if (!context ||
        X509_STORE_CTX_init(context.get(), store.get(), certificate.Get().x509.get(), nullptr) != 1)
    {
        Fatal("X509_STORE_CTX_init");
    }
    openssl::SetVerification(X509_STORE_CTX_get0_param(context.get()), name, nowNs);
    X509_verify_cert(context.get());
    const auto verdict = openssl::VerdictOf(X509_STORE_CTX_get_error(context.get()));
    openssl::DropErrors();
    if (verdict != CertificateVerdict::UNKNOWN_CA)
    {
        ctx.Count(CryptoOperation::ECDSA_VERIFY, certificate.Der().size());
    }
    return verdict;
}

EcdsaSignature
Sign(CryptoContext& ctx, const CertifiedKey& key, ByteParts parts)
{
    ctx.Count(CryptoOperation::ECDSA_SIGN, TotalSize(parts));
    openssl::ExpandedSource source(ctx);
    return openssl::SignWith(key.Get().pkey.get(), source, parts);
}

bool
Verify(CryptoContext& ctx, const Certificate& certificate, ByteParts parts, ByteView signature)
{
    if (signature.size() != ECDSA_SIGNATURE_SIZE)
    {
        return false;
    }
    ctx.Count(CryptoOperation::ECDSA_VERIFY, TotalSize(parts));
    return openssl::VerifyWith(X509_get0_pubkey(certificate.Get().x509.get()), parts, signature);
}

} // namespace ns3::mis
