// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief TLS by OpenSSL through memory BIOs.
 */
#include "mis-tls-session.h"

#include "mis-certificate-material.h"
#include "mis-openssl.h"

#include <algorithm>
#include <cstring>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace ns3::mis
{

namespace
{

using openssl::Deleter;
using openssl::Fatal;

using SslCtxPtr = std::unique_ptr<SSL_CTX, Deleter<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Deleter<SSL_free>>;

/** @name Content types of records (RFC 8446, section 5.1)
 * @{
 */
constexpr uint8_t CHANGE_CIPHER_SPEC = 20;
constexpr uint8_t APPLICATION_DATA = 23;
/** @} */

/** @name Additional data and growth of a record by its protection, octets
 * @{
 */
constexpr std::size_t GCM_13_ADDITIONAL = 5; // RFC 8446, section 5.2
constexpr std::size_t GCM_13_GROWTH = 16;
constexpr std::size_t GCM_12_ADDITIONAL = 13; // RFC 5288, section 3
constexpr std::size_t GCM_12_GROWTH = 8 + 16;
constexpr std::size_t CBC_ADDITIONAL = 13; // RFC 7366, section 3
constexpr std::size_t CBC_IV_SIZE = 16;
constexpr std::size_t CBC_MAC_SIZE = 32;
constexpr std::size_t CBC_BLOCK_SIZE = 16;
/** @} */

/** @name Sizes of records, octets
 * @{
 */
constexpr std::size_t RECORD_HEADER = 5;
constexpr std::size_t LONGEST_RECORD = 16384; // of data
constexpr std::size_t INNER_TYPE_13 = 1;      // RFC 8446, section 5.2
/** @} */

/** HMACs of the key schedule of TLS 1.3 up to the handshake keys (RFC 8446, section 7.1): early and
 * handshake secret, what lies between, two traffic secrets, two keys, two vectors, two Finished
 * keys.
 */
constexpr unsigned SCHEDULE_HANDSHAKE = 11;
/** HMACs from there to the keys of application data: master secret and what lies before, two
 * traffic secrets, two keys, two vectors, exporter and resumption. */
constexpr unsigned SCHEDULE_APPLICATION = 10;
/** HMACs of the binder of a pre-shared key of TLS 1.3: its secret, its key, itself. */
constexpr unsigned BINDER = 3;
/** HMACs of the PRF of TLS 1.2 for up to 64 octets, two blocks of two each (RFC 5246, section 5).
 */
constexpr unsigned PRF_48 = 4;
/** HMACs of the PRF of TLS 1.2 for 96 octets. */
constexpr unsigned PRF_96 = 6;
/** HMACs of the PRF of TLS 1.2 for the 12 octets of a Finished. */
constexpr unsigned PRF_12 = 2;

/** @name Octets of a Certificate message without a certificate
 * @{
 */
constexpr std::size_t EMPTY_CERTIFICATE_12 = 7;
constexpr std::size_t EMPTY_CERTIFICATE_13 = 8;
/** @} */

/** Octets that a CertificateVerify of TLS 1.3 signs: 64 blanks, context, zero, hash. */
constexpr std::size_t SIGNED_SIZE = 130;

/** Where in SSL objects the session is found. */
int
SessionIndex()
{
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

TlsSession&
SessionOf(const SSL* ssl)
{
    return *static_cast<TlsSession*>(SSL_get_ex_data(ssl, SessionIndex()));
}

TlsOutcome
OutcomeOf(CertificateVerdict verdict)
{
    switch (verdict)
    {
    case CertificateVerdict::ACCEPTED:
        return TlsOutcome::NONE;
    case CertificateVerdict::EXPIRED:
        return TlsOutcome::CERT_EXPIRED;
    case CertificateVerdict::UNKNOWN_CA:
        return TlsOutcome::CERT_UNKNOWN_CA;
    case CertificateVerdict::NAME_MISMATCH:
        return TlsOutcome::CERT_NAME_MISMATCH;
    case CertificateVerdict::INVALID:
        break;
    }
    return TlsOutcome::CERT_INVALID;
}

/** Takes the first reason that TLS itself has for a failure from the queue of errors, 0 for none.
 * Reasons of other parts of OpenSSL come before it and share its numbers. */
int
TakeReason()
{
    while (const auto error = ERR_get_error())
    {
        if (ERR_GET_LIB(error) == ERR_LIB_SSL)
        {
            return ERR_GET_REASON(error);
        }
    }
    return 0;
}

/** What decides between meanings of an alert or error. */
struct Circumstances
{
    bool withPsk;          //!< pre-shared keys are used
    bool mayLackPsk;       //!< such a failure may be for want of a key
    bool lacksCertificate; //!< the peer wanted a certificate, and there is none
};

/** What an alert of the peer says (RFC 8446, section 6.2; RFC 4279 for 115). */
TlsOutcome
OutcomeOfAlert(int description, const Circumstances& circumstances)
{
    const bool withPsk = circumstances.withPsk;
    switch (description)
    {
    case SSL3_AD_BAD_CERTIFICATE: // what OpenSSL sends for another name
        return TlsOutcome::CERT_NAME_MISMATCH;
    case SSL3_AD_CERTIFICATE_EXPIRED:
        return TlsOutcome::CERT_EXPIRED;
    case TLS1_AD_UNKNOWN_CA:
        return TlsOutcome::CERT_UNKNOWN_CA;
    case SSL3_AD_UNSUPPORTED_CERTIFICATE:
    case SSL3_AD_CERTIFICATE_REVOKED:
    case SSL3_AD_CERTIFICATE_UNKNOWN:
        return TlsOutcome::CERT_INVALID;
    case TLS13_AD_CERTIFICATE_REQUIRED:
        return TlsOutcome::CERT_MISSING;
    case TLS1_AD_UNKNOWN_PSK_IDENTITY:
        return TlsOutcome::PSK_UNKNOWN;
    case SSL3_AD_BAD_RECORD_MAC:
    case SSL3_AD_ILLEGAL_PARAMETER:
    case TLS1_AD_DECRYPT_ERROR:
        return withPsk ? TlsOutcome::PSK_MISMATCH : TlsOutcome::MALFORMED;
    case SSL3_AD_HANDSHAKE_FAILURE:
        if (circumstances.lacksCertificate) // TLS 1.2 has no alert of its own for it
        {
            return TlsOutcome::CERT_MISSING;
        }
        return circumstances.mayLackPsk ? TlsOutcome::PSK_UNKNOWN : TlsOutcome::NO_COMMON_SUITE;
    case TLS1_AD_PROTOCOL_VERSION:
        return TlsOutcome::NO_COMMON_SUITE;
    case SSL3_AD_UNEXPECTED_MESSAGE:
    case TLS1_AD_DECODE_ERROR:
        return TlsOutcome::MALFORMED;
    default:
        return TlsOutcome::REFUSED;
    }
}

/** What an error that OpenSSL has found itself says. */
TlsOutcome
OutcomeOfReason(int reason, const Circumstances& circumstances)
{
    const bool withPsk = circumstances.withPsk;
    switch (reason)
    {
    case SSL_R_BINDER_DOES_NOT_VERIFY:
        return TlsOutcome::PSK_MISMATCH;
    case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC:
    case SSL_R_DIGEST_CHECK_FAILED:
        return withPsk ? TlsOutcome::PSK_MISMATCH : TlsOutcome::MALFORMED;
    case SSL_R_PSK_IDENTITY_NOT_FOUND:
        return TlsOutcome::PSK_UNKNOWN;
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
        return circumstances.mayLackPsk ? TlsOutcome::PSK_UNKNOWN : TlsOutcome::NO_COMMON_SUITE;
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
        return TlsOutcome::NO_COMMON_SUITE;
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
        return TlsOutcome::CERT_MISSING;
    default:
        return TlsOutcome::MALFORMED;
    }
}

} // namespace

const char*
ToString(TlsOutcome outcome)
{
    switch (outcome)
    {
    case TlsOutcome::NONE:
        return "none";
    case TlsOutcome::SUCCESS:
        return "success";
    case TlsOutcome::CERT_EXPIRED:
        return "cert-expired";
    case TlsOutcome::CERT_UNKNOWN_CA:
        return "cert-unknown-ca";
    case TlsOutcome::CERT_NAME_MISMATCH:
        return "cert-name-mismatch";
    case TlsOutcome::CERT_MISSING:
        return "cert-missing";
    case TlsOutcome::CERT_INVALID:
        return "cert-invalid";
    case TlsOutcome::PSK_MISMATCH:
        return "psk-mismatch";
    case TlsOutcome::PSK_UNKNOWN:
        return "psk-unknown";
    case TlsOutcome::NO_COMMON_SUITE:
        return "no-common-suite";
    case TlsOutcome::MALFORMED:
        return "malformed";
    case TlsOutcome::REFUSED:
        return "refused";
    }
    return "unknown";
}

struct TlsContext::Material
{
    SslCtxPtr ctx; //!< never empty
};

struct TlsSession::Material
{
    SslPtr ssl;                                      //!< never empty
    std::unique_ptr<openssl::ExpandedSource> random; //!< octets of this session
    int alert{-1};                                   //!< description of a fatal alert of the peer
    std::string pskIdentity;                         //!< server: the identity whose key was found
    bool isPskAsked{false};                          //!< server: an identity was looked up
    bool isCertificateWanted{false};                 //!< client: the server asked for a certificate
    std::array<bool, 2> isChanged{};                 //!< ChangeCipherSpec read, sent

    /** Counts the work on a protected record. */
    static void CountRecord(CryptoContext& ctx,
                            const TlsConfiguration& configuration,
                            std::size_t size)
    {
        const auto without = [size](std::size_t growth) { return size - std::min(size, growth); };
        if (configuration.version == TlsVersion::TLS_1_3)
        {
            ctx.Count(CryptoOperation::AES_GCM, GCM_13_ADDITIONAL + without(GCM_13_GROWTH));
        }
        else if (!configuration.UsesPsk())
        {
            ctx.Count(CryptoOperation::AES_GCM, GCM_12_ADDITIONAL + without(GCM_12_GROWTH));
        }
        else
        {
            ctx.Count(CryptoOperation::AES_CBC, without(CBC_IV_SIZE + CBC_MAC_SIZE));
            ctx.Count(CryptoOperation::HMAC_SHA256, CBC_ADDITIONAL + without(CBC_MAC_SIZE));
        }
    }

    /** Counts what the messages of the handshake make each end compute. */
    static void OnMessage(int isWrite,
                          int,
                          int type,
                          const void* octets,
                          std::size_t size,
                          SSL* ssl,
                          void*)
    {
        auto& session = SessionOf(ssl);
        const auto& configuration = session.m_context->Configuration();
        const auto* in = static_cast<const uint8_t*>(octets);
        if (type == SSL3_RT_HEADER && size >= 5)
        {
            bool& isChanged = session.m_material->isChanged[isWrite != 0];
            // TLS 1.3 gives each protected record this type, TLS 1.2 keeps the type of its content.
            if (configuration.version == TlsVersion::TLS_1_3 ? in[0] == APPLICATION_DATA
                                                             : isChanged)
            {
                CountRecord(*session.m_ctx, configuration, in[3] << 8 | in[4]);
            }
            isChanged = isChanged || in[0] == CHANGE_CIPHER_SPEC;
            return;
        }
        if (type == SSL3_RT_ALERT && size == 2 && !isWrite && in[0] == SSL3_AL_FATAL)
        {
            session.m_material->alert = in[1];
            return;
        }
        if (type == SSL3_RT_HANDSHAKE && size >= 4)
        {
            session.m_material->CountMessage(session, isWrite != 0, in[0], size);
        }
    }

    void CountMessage(const TlsSession& session, bool isWrite, uint8_t type, std::size_t size)
    {
        auto& ctx = *session.m_ctx;
        const auto& configuration = session.m_context->Configuration();
        const bool isNew = configuration.version == TlsVersion::TLS_1_3;
        const bool hasCertificate = !configuration.UsesPsk();
        const auto count = [&](CryptoOperation operation, std::size_t octets, unsigned times = 1) {
            for (unsigned i = 0; i < times; ++i)
            {
                ctx.Count(operation, octets);
            }
        };
        count(CryptoOperation::HASH, size);
        switch (type)
        {
        case SSL3_MT_CLIENT_HELLO:
            if (isNew && isWrite)
            {
                count(CryptoOperation::X25519_KEYGEN, 0);
            }
            if (isNew && configuration.UsesPsk())
            {
                count(CryptoOperation::HMAC_SHA256, 32, BINDER);
            }
            break;
        case SSL3_MT_SERVER_HELLO:
            if (isNew)
            {
                count(CryptoOperation::X25519_KEYGEN, 0, isWrite ? 1 : 0);
                count(CryptoOperation::X25519_DERIVE, 0);
                count(CryptoOperation::HMAC_SHA256, 64, SCHEDULE_HANDSHAKE);
            }
            break;
        case SSL3_MT_SERVER_KEY_EXCHANGE:
            count(CryptoOperation::X25519_KEYGEN, 0, isWrite ? 1 : 0);
            if (hasCertificate)
            {
                count(isWrite ? CryptoOperation::ECDSA_SIGN : CryptoOperation::ECDSA_VERIFY, size);
            }
            break;
        case SSL3_MT_CLIENT_KEY_EXCHANGE:
            count(CryptoOperation::X25519_KEYGEN, 0, isWrite ? 1 : 0);
            count(CryptoOperation::X25519_DERIVE, 0);
            count(CryptoOperation::HMAC_SHA256, 64, PRF_48); // master secret
            count(CryptoOperation::HMAC_SHA256,
                  64,
                  configuration.UsesPsk() ? PRF_96
                                          : PRF_48); // two keys and vectors, or MAC keys too
            break;
        case SSL3_MT_CERTIFICATE_REQUEST:
            isCertificateWanted = true;
            break;
        case SSL3_MT_CERTIFICATE:
            if (!isWrite && size > (isNew ? EMPTY_CERTIFICATE_13 : EMPTY_CERTIFICATE_12))
            {
                count(CryptoOperation::ECDSA_VERIFY, size);
            }
            break;
        case SSL3_MT_CERTIFICATE_VERIFY:
            count(isWrite ? CryptoOperation::ECDSA_SIGN : CryptoOperation::ECDSA_VERIFY,
                  SIGNED_SIZE);
            break;
        case SSL3_MT_FINISHED:
            if (!isNew)
            {
                count(CryptoOperation::HMAC_SHA256, 32, PRF_12);
            }
            else
            {
                const bool isServers = isWrite == configuration.isServer;
                count(CryptoOperation::HMAC_SHA256, 32, isServers ? 1 + SCHEDULE_APPLICATION : 1);
            }
            break;
        default:
            break;
        }
    }

    static unsigned int OfferPsk(SSL* ssl,
                                 const char*,
                                 char* identity,
                                 unsigned int maxIdentity,
                                 unsigned char* psk,
                                 unsigned int maxPsk)
    {
        const auto& configuration = SessionOf(ssl).m_context->Configuration();
        const auto& name = configuration.pskIdentity;
        const auto key = configuration.psk.View();
        if (name.empty() || name.size() + 1 > maxIdentity || key.size() > maxPsk)
        {
            return 0;
        }
        std::memcpy(identity, name.c_str(), name.size() + 1);
        std::copy(key.begin(), key.end(), psk);
        return static_cast<unsigned int>(key.size());
    }

    static unsigned int FindPsk(SSL* ssl,
                                const char* identity,
                                unsigned char* psk,
                                unsigned int maxPsk)
    {
        auto& session = SessionOf(ssl);
        const auto& configuration = session.m_context->Configuration();
        const auto* key =
            identity && configuration.findPsk ? configuration.findPsk(identity) : nullptr;
        session.m_material->isPskAsked = true;
        if (!key || key->size() > maxPsk)
        {
            return 0;
        }
        session.m_material->pskIdentity = identity;
        std::copy(key->View().begin(), key->View().end(), psk);
        return static_cast<unsigned int>(key->size());
    }

    static void LogKey(const SSL* ssl, const char* line)
    {
        const auto& session = SessionOf(ssl);
        if (session.m_keyLogger)
        {
            session.m_keyLogger(line);
        }
    }

    /** Makes what sessions share. */
    static SslCtxPtr MakeContext(const TlsConfiguration& configuration)
    {
        SslCtxPtr ctx(
            SSL_CTX_new_ex(openssl::LibraryContext(),
                           nullptr,
                           configuration.isServer ? TLS_server_method() : TLS_client_method()));
        SSL_CTX* const raw = ctx.get();
        if (!raw)
        {
            Fatal("SSL_CTX_new_ex");
        }
        const bool isNew = configuration.version == TlsVersion::TLS_1_3;
        const int version = isNew ? TLS1_3_VERSION : TLS1_2_VERSION;
        const char* suites = configuration.UsesPsk() ? "ECDHE-PSK-AES128-CBC-SHA256"
                                                     : "ECDHE-ECDSA-AES128-GCM-SHA256";
        if (SSL_CTX_set_min_proto_version(raw, version) != 1 ||
            SSL_CTX_set_max_proto_version(raw, version) != 1 ||
            SSL_CTX_set_ciphersuites(raw, "TLS_AES_128_GCM_SHA256") != 1 ||
            SSL_CTX_set_cipher_list(raw, suites) != 1 ||
            SSL_CTX_set1_groups_list(raw, "X25519:P-256") != 1 ||
            SSL_CTX_set1_sigalgs_list(raw, "ECDSA+SHA256") != 1)
        {
            Fatal("SSL_CTX_set");
        }
        SSL_CTX_set_options(raw, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
        SSL_CTX_clear_options(raw, SSL_OP_ENABLE_MIDDLEBOX_COMPAT);
        SSL_CTX_set_num_tickets(raw, 0);
        SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS); // 33 kB of each session
        if (!configuration.sendsAuthority)
        {
            SSL_CTX_set_mode(raw, SSL_MODE_NO_AUTO_CHAIN);
        }
        SSL_CTX_set_msg_callback(raw, OnMessage);
        SSL_CTX_set_keylog_callback(raw, LogKey);
        // A client with a pre-shared key must verify too, and trusts nobody: a server of TLS 1.3
        // may ignore the key and show a certificate instead.
        int mode = SSL_VERIFY_PEER;
        if (configuration.isServer)
        {
            mode = configuration.wantsCertificate && !configuration.UsesPsk()
                       ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
                       : SSL_VERIFY_NONE;
        }
        SSL_CTX_set_verify(raw, mode, nullptr);
        if (configuration.UsesPsk())
        {
            configuration.isServer ? SSL_CTX_set_psk_server_callback(raw, FindPsk)
                                   : SSL_CTX_set_psk_client_callback(raw, OfferPsk);
        }
        else
        {
            SSL_CTX_set_cert_store(raw, openssl::MakeStore(configuration.anchors).release());
        }
        if (configuration.credential && !configuration.UsesPsk())
        {
            const auto& own = configuration.credential->Get();
            if (SSL_CTX_use_certificate(raw, own.certificate.Get().x509.get()) != 1 ||
                SSL_CTX_use_PrivateKey(raw, own.pkey.get()) != 1)
            {
                Fatal("SSL_CTX_use_certificate");
            }
        }
        return ctx;
    }
};

TlsContext::TlsContext(CryptoContext& ctx, TlsConfiguration configuration)
    : m_configuration(std::move(configuration)),
      m_material(std::make_unique<Material>())
{
    openssl::ExpandedSource expanded(ctx);
    const openssl::ScopedRandomSource scope(expanded);
    m_material->ctx = TlsSession::Material::MakeContext(m_configuration);
}

TlsContext::~TlsContext() = default;

TlsSession::TlsSession(CryptoContext& ctx,
                       std::shared_ptr<const TlsContext> context,
                       const std::string& peerName,
                       int64_t nowNs,
                       KeyLogger keyLogger)
    : m_ctx(&ctx),
      m_context(std::move(context)),
      m_keyLogger(std::move(keyLogger)),
      m_expectedName(peerName),
      m_material(std::make_unique<Material>())
{
    m_material->random = std::make_unique<openssl::ExpandedSource>(ctx);
    m_material->ssl.reset(SSL_new(m_context->Get().ctx.get()));
    SSL* const ssl = m_material->ssl.get();
    if (!ssl || SSL_set_ex_data(ssl, SessionIndex(), this) != 1)
    {
        Fatal("SSL_new");
    }
    SSL_set0_rbio(ssl, BIO_new(BIO_s_mem()));
    SSL_set0_wbio(ssl, BIO_new(BIO_s_mem()));
    openssl::SetVerification(SSL_get0_param(ssl), peerName, nowNs);
    m_context->Configuration().isServer ? SSL_set_accept_state(ssl) : SSL_set_connect_state(ssl);
}

TlsSession::~TlsSession() = default;

bool
TlsSession::IsClientHello(ByteView records)
{
    return records.size() > 5 && records[0] == SSL3_RT_HANDSHAKE &&
           records[5] == SSL3_MT_CLIENT_HELLO;
}

Bytes
TlsSession::Flush()
{
    BIO* const bio = SSL_get_wbio(m_material->ssl.get());
    Bytes out(BIO_ctrl_pending(bio));
    if (!out.empty() && BIO_read(bio, out.data(), static_cast<int>(out.size())) <= 0)
    {
        Fatal("BIO_read");
    }
    return out;
}

void
TlsSession::Judge(int result)
{
    SSL* const ssl = m_material->ssl.get();
    const int error = SSL_get_error(ssl, result);
    if (error == SSL_ERROR_WANT_READ)
    {
        return;
    }
    if (error == SSL_ERROR_ZERO_RETURN)
    {
        m_state = TlsState::CLOSED;
        m_isPeerDone = true;
        return;
    }
    const auto& configuration = m_context->Configuration();
    const bool isNew = configuration.version == TlsVersion::TLS_1_3;
    const Circumstances circumstances{
        configuration.UsesPsk(),
        // TLS 1.2 has an alert of its own for an unknown key.
        configuration.UsesPsk() && isNew && (!configuration.isServer || m_material->isPskAsked),
        m_material->isCertificateWanted && !configuration.isServer && !configuration.credential};
    const int reason = TakeReason();
    m_state = TlsState::FAILED;
    if (m_material->alert >= 0)
    {
        m_outcome = OutcomeOfAlert(m_material->alert, circumstances);
    }
    else if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
    {
        // With a pre-shared key a certificate means that the server does not use the key.
        m_outcome = configuration.UsesPsk()
                        ? TlsOutcome::PSK_UNKNOWN
                        : OutcomeOf(openssl::VerdictOf(SSL_get_verify_result(ssl)));
    }
    else
    {
        m_outcome = OutcomeOfReason(reason, circumstances);
    }
    openssl::DropErrors();
}

void
TlsSession::Succeed()
{
    m_state = TlsState::ESTABLISHED;
    m_outcome = TlsOutcome::SUCCESS;
    const auto& configuration = m_context->Configuration();
    m_confirmed = configuration.isServer || configuration.version == TlsVersion::TLS_1_2;
    if (X509* peer = SSL_get0_peer_certificate(m_material->ssl.get()))
    {
        m_peerName = m_expectedName.empty() ? openssl::FirstName(peer) : m_expectedName;
    }
    else
    {
        m_peerName = m_material->pskIdentity;
    }
}

Bytes
TlsSession::Step(ByteView in)
{
    if (m_state == TlsState::FAILED || m_state == TlsState::CLOSED)
    {
        return {};
    }
    if (m_state == TlsState::ESTABLISHED)
    {
        // Only an alert can come here, in place of application data.
        SecretOctets plain;
        Bytes reply;
        Open(in, plain, reply);
        return reply;
    }
    const openssl::ScopedRandomSource scope(*m_material->random);
    SSL* const ssl = m_material->ssl.get();
    if (!in.empty() && BIO_write(SSL_get_rbio(ssl), in.data(), static_cast<int>(in.size())) <= 0)
    {
        Fatal("BIO_write");
    }
    m_received += in.size();
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl);
    if (result == 1)
    {
        Succeed();
    }
    else
    {
        Judge(result);
    }
    auto out = Flush();
    m_sent += out.size();
    return out;
}

SecretOctets
TlsSession::Export(std::string_view label, std::optional<ByteView> context, std::size_t size)
{
    SecretOctets out;
    if (m_state != TlsState::ESTABLISHED)
    {
        return out;
    }
    out.resize(size);
    const std::size_t blocks = (size + 31) / 32;
    if (m_context->Configuration().version == TlsVersion::TLS_1_3)
    {
        m_ctx->Count(CryptoOperation::HASH, context ? context->size() : 0);
        m_ctx->Count(CryptoOperation::HMAC_SHA256, 64);
        for (std::size_t i = 0; i < blocks; ++i)
        {
            m_ctx->Count(CryptoOperation::HMAC_SHA256, 64);
        }
    }
    else
    {
        for (std::size_t i = 0; i < 2 * blocks; ++i)
        {
            m_ctx->Count(CryptoOperation::HMAC_SHA256, 96);
        }
    }
    if (SSL_export_keying_material(m_material->ssl.get(),
                                   out.data(),
                                   size,
                                   label.data(),
                                   label.size(),
                                   context ? context->data() : nullptr,
                                   context ? context->size() : 0,
                                   context ? 1 : 0) != 1)
    {
        Fatal("SSL_export_keying_material");
    }
    return out;
}

Bytes
TlsSession::Seal(ByteView plain)
{
    if (m_state != TlsState::ESTABLISHED || plain.empty())
    {
        return {};
    }
    const openssl::ScopedRandomSource scope(*m_material->random);
    if (SSL_write(m_material->ssl.get(), plain.data(), static_cast<int>(plain.size())) !=
        static_cast<int>(plain.size()))
    {
        Fatal("SSL_write");
    }
    return Flush();
}

std::size_t
TlsSession::SealedSize(std::size_t plain) const
{
    const auto& configuration = m_context->Configuration();
    std::size_t size = 0;
    for (std::size_t left = plain; left > 0;)
    {
        const std::size_t part = std::min(left, LONGEST_RECORD);
        left -= part;
        if (configuration.version == TlsVersion::TLS_1_3)
        {
            size += RECORD_HEADER + part + INNER_TYPE_13 + GCM_13_GROWTH;
        }
        else if (!configuration.UsesPsk())
        {
            size += RECORD_HEADER + part + GCM_12_GROWTH;
        }
        else
        {
            const std::size_t padded = (part / CBC_BLOCK_SIZE + 1) * CBC_BLOCK_SIZE;
            size += RECORD_HEADER + CBC_IV_SIZE + padded + CBC_MAC_SIZE;
        }
    }
    return size;
}

bool
TlsSession::Open(ByteView records, SecretOctets& plain, Bytes& reply)
{
    reply.clear();
    // The peer may go on to send when this end has said that it does not.
    if (m_state != TlsState::ESTABLISHED && (!m_isShut || m_isPeerDone))
    {
        return false;
    }
    const openssl::ScopedRandomSource scope(*m_material->random);
    SSL* const ssl = m_material->ssl.get();
    if (!records.empty() &&
        BIO_write(SSL_get_rbio(ssl), records.data(), static_cast<int>(records.size())) <= 0)
    {
        Fatal("BIO_write");
    }
    std::array<uint8_t, 16384> buffer;
    int size = 0;
    ERR_clear_error();
    while ((size = SSL_read(ssl, buffer.data(), static_cast<int>(buffer.size()))) > 0)
    {
        plain.insert(plain.end(), buffer.begin(), buffer.begin() + size);
        m_confirmed = true;
    }
    SecureWipe(buffer.data(), buffer.size());
    Judge(size);
    reply = Flush();
    return m_state != TlsState::FAILED;
}

Bytes
TlsSession::Close()
{
    const openssl::ScopedRandomSource scope(*m_material->random);
    if (m_state == TlsState::ESTABLISHED)
    {
        SSL_shutdown(m_material->ssl.get());
        m_state = TlsState::CLOSED;
        m_isShut = true;
    }
    openssl::DropErrors();
    return Flush();
}

std::array<uint8_t, 32>
TlsSession::ClientRandom() const
{
    std::array<uint8_t, 32> random{};
    SSL_get_client_random(m_material->ssl.get(), random.data(), random.size());
    return random;
}

std::array<uint8_t, 32>
TlsSession::ServerRandom() const
{
    std::array<uint8_t, 32> random{};
    SSL_get_server_random(m_material->ssl.get(), random.data(), random.size());
    return random;
}

} // namespace ns3::mis
