// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Protecting messages under a security association, and accepting them.
 */
#include "mis-protected-pdu.h"

#include "ns3/mis-aead.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-auth-messages.h"
#include "ns3/mis-mac.h"
#include "ns3/mis-record-protection.h"
#include "ns3/mis-tlv.h"

#include <algorithm>
#include <boost/endian/conversion.hpp>
#include <limits>
#include <optional>

namespace ns3::mis
{

namespace
{

/** Octets of the sequence number in front of the ENCR_BLOCK. */
constexpr std::size_t SN_SIZE = 8;

/** @brief Selectors of the second part of MIH_SPS_RECORD. */
enum IntegritySelector : uint8_t
{
    INTEGRITY_BLOCK = 0,
    NO_INTEGRITY_BLOCK = 1
};

/** Octets of the integrity check value of a suite that has a separate one. */
constexpr std::size_t ICV_SIZE = 12;

/**
 * @brief Find the suite of an association.
 * @param sa the association
 * @return the suite, or nullptr when it protects nothing or the keys do not fit to it
 */
const Ciphersuite*
SuiteOf(const SecurityAssociation& sa)
{
    const Ciphersuite* suite = FindCiphersuite(sa.suite);
    return suite != nullptr && suite->icvOctets != 0 && sa.miek.size() == suite->miekOctets &&
                   sa.miik.size() == suite->miikOctets
               ? suite
               : nullptr;
}

/**
 * @brief Make the nonce of CCM (PA-18).
 * @param direction where the message goes
 * @param prefix the nonce part of the sender
 * @param sn sequence number
 * @return the nonce
 */
std::array<uint8_t, CCM_NONCE_SIZE>
CcmNonce(ProtectionDirection direction, const std::array<uint8_t, 4>& prefix, uint64_t sn)
{
    std::array<uint8_t, CCM_NONCE_SIZE> nonce;
    nonce[0] = static_cast<uint8_t>(direction);
    std::copy(prefix.begin(), prefix.end(), nonce.begin() + 1);
    boost::endian::store_big_u64(nonce.data() + 1 + prefix.size(), sn);
    return nonce;
}

/**
 * @brief Compute the integrity check value of a suite that has a separate one.
 * @param ctx the computing node
 * @param suite the suite
 * @param key the integrity key
 * @param parts what is protected
 * @return the value
 */
std::array<uint8_t, ICV_SIZE>
ComputeIcv(CryptoContext& ctx, const Ciphersuite& suite, const SecretBytes& key, ByteParts parts)
{
    std::array<uint8_t, ICV_SIZE> icv;
    if (suite.integrity == IntegrityAlgorithm::HMAC_SHA1_96)
    {
        const auto full = HmacSha1(ctx, key, parts);
        std::copy_n(full.begin(), icv.size(), icv.begin());
    }
    else
    {
        const auto full = AesCmac(ctx, key, parts);
        std::copy_n(full.begin(), icv.size(), icv.begin());
    }
    return icv;
}

/**
 * @brief Octets of the ciphertext, without sequence number, vector and check value.
 * @param suite the suite
 * @param plain octets of the text
 * @return octets of the ciphertext
 */
std::size_t
TextSize(const Ciphersuite& suite, std::size_t plain)
{
    return suite.encryption == EncryptionAlgorithm::AES_CBC ? CbcSize(plain) : plain;
}

/**
 * @brief Verify and decrypt.
 * @param ctx the computing node
 * @param sa the association
 * @param suite its suite
 * @param frame the frame
 * @param body its parts
 * @param sn sequence number
 * @param plain becomes the text
 * @return NONE, MALFORMED or BAD_ICV
 */
SecurityError
OpenBlocks(CryptoContext& ctx,
           const SecurityAssociation& sa,
           const Ciphersuite& suite,
           const FrameView& frame,
           const ProtectedBody& body,
           uint64_t sn,
           SecretOctets& plain)
{
    const auto header = AuthenticatedHeader(frame.whole);
    const ByteView encrypted = body.security.encrypted;
    const ByteView text = encrypted.Sub(SN_SIZE);
    if (suite.encryption == EncryptionAlgorithm::AES_CCM)
    {
        if (text.size() < suite.icvOctets)
        {
            return SecurityError::MALFORMED;
        }
        plain.resize(text.size() - suite.icvOctets);
        return CcmOpen(ctx,
                       sa.miek,
                       CcmNonce(sa.ReceiveDirection(), sa.remotePrefix, sn),
                       {header, frame.sourceTlv, frame.destinationTlv, body.saidTlv},
                       text,
                       plain.data())
                   ? SecurityError::NONE
                   : SecurityError::BAD_ICV;
    }
    if (text.size() < suite.ivOctets)
    {
        return SecurityError::MALFORMED;
    }
    const auto icv =
        ComputeIcv(ctx,
                   suite,
                   sa.miik,
                   {header, frame.sourceTlv, frame.destinationTlv, body.saidTlv, encrypted});
    if (!SecretBytes::Equal(icv, *body.security.integrity))
    {
        return SecurityError::BAD_ICV;
    }
    const ByteView cipher = text.Sub(suite.ivOctets);
    if (suite.encryption == EncryptionAlgorithm::NONE)
    {
        plain.assign(cipher.begin(), cipher.end());
        return SecurityError::NONE;
    }
    plain.resize(cipher.size());
    const std::optional<std::size_t> size =
        CbcDecrypt(ctx, sa.miek, text.Sub(0, suite.ivOctets), cipher, plain.data());
    plain.resize(size.value_or(0));
    return size ? SecurityError::NONE : SecurityError::MALFORMED;
}

} // namespace

std::array<uint8_t, Header::SIZE>
AuthenticatedHeader(ByteView frame)
{
    // Octet 0: all but AckReq, AckRsp and M. Octet 1: S without the fragment number.
    constexpr uint8_t KEPT_OF_FIRST = 0xf2;
    constexpr uint8_t KEPT_OF_SECOND = 0x01;
    std::array<uint8_t, Header::SIZE> header;
    std::copy_n(frame.begin(), header.size(), header.begin());
    header[0] &= KEPT_OF_FIRST;
    header[1] &= KEPT_OF_SECOND;
    return header;
}

Result<std::size_t, SecurityError>
Protect(CryptoContext& ctx,
        SecurityAssociation& sa,
        int64_t nowNs,
        const Header& header,
        const MisfId& src,
        const MisfId& dst,
        ByteView body,
        Bytes& out)
{
    if (sa.tls)
    {
        return ProtectByRecords(sa, nowNs, header, src, dst, body, out);
    }
    const Ciphersuite* suite = SuiteOf(sa);
    if (suite == nullptr || !sa.CanSend())
    {
        return SecurityError::UNSUPPORTED;
    }
    if (src != sa.local || dst != sa.remote)
    {
        return SecurityError::ID_MISMATCH;
    }
    if (nowNs >= sa.notAfterNs)
    {
        return SecurityError::EXPIRED;
    }
    if (sa.sendSn == std::numeric_limits<uint64_t>::max())
    {
        return SecurityError::EXHAUSTED;
    }

    const bool aead = suite->encryption == EncryptionAlgorithm::AES_CCM;
    const std::size_t blockSize =
        SN_SIZE + suite->ivOctets + TextSize(*suite, body.size()) + (aead ? suite->icvOctets : 0);
    const std::optional<std::size_t> integritySize =
        aead ? std::nullopt : std::optional<std::size_t>(suite->icvOctets);
    const std::size_t securitySize = SecurityValueSize(blockSize, integritySize);
    const std::size_t length =
        TlvSize(OctetStringSize(src.View().size())) + TlvSize(OctetStringSize(dst.View().size())) +
        TlvSize(1 + OctetStringSize(sa.said.value.size())) + TlvSize(securitySize);
    if (length > Header::MAX_LENGTH)
    {
        return SecurityError::TOO_LONG;
    }

    // First everything but the results of the algorithms, since the header is among their input.
    out.reserve(Header::SIZE + length);
    Header sent = header;
    sent.secured = true;
    BeginFrame(out, sent, src, dst);
    Writer writer(out);
    WriteSaidTlv(writer, sa.said);
    const std::size_t clearEnd = out.size();
    writer.U8(assigned::TLV_SECURITY);
    writer.Length(securitySize);
    writer.U8(static_cast<uint8_t>(SecurityValue::Kind::MIS_RECORD));
    writer.Length(blockSize);
    const std::size_t block = out.size();
    const uint64_t sn = sa.sendSn + 1;
    writer.U64(sn);
    const std::size_t text = out.size() + suite->ivOctets;
    out.resize(block + blockSize);
    writer.U8(aead ? NO_INTEGRITY_BLOCK : INTEGRITY_BLOCK);
    const std::size_t icvAt = out.size() + 1;
    if (!aead)
    {
        writer.Length(suite->icvOctets);
        out.resize(icvAt + suite->icvOctets);
    }
    FinishFrame(out);

    const auto authenticated = AuthenticatedHeader(out);
    const ByteView clear(out.data() + Header::SIZE, clearEnd - Header::SIZE);
    switch (suite->encryption)
    {
    case EncryptionAlgorithm::AES_CCM:
        CcmSeal(ctx,
                sa.miek,
                CcmNonce(sa.SendDirection(), sa.localPrefix, sn),
                {authenticated, clear},
                body,
                out.data() + text);
        break;
    case EncryptionAlgorithm::AES_CBC: {
        uint8_t* const iv = out.data() + text - suite->ivOctets;
        ctx.Random(iv, suite->ivOctets);
        CbcEncrypt(ctx, sa.miek, ByteView(iv, suite->ivOctets), body, out.data() + text);
        break;
    }
    case EncryptionAlgorithm::NONE:
        std::copy(body.begin(), body.end(), out.data() + text);
        break;
    }
    if (!aead)
    {
        const auto icv =
            ComputeIcv(ctx,
                       *suite,
                       sa.miik,
                       {authenticated, clear, ByteView(out.data() + block, blockSize)});
        std::copy(icv.begin(), icv.end(), out.begin() + static_cast<std::ptrdiff_t>(icvAt));
    }
    sa.sendSn = sn;
    return out.size();
}

Result<Said, SecurityError>
ReadSaid(const FrameView& frame)
{
    if (!frame.header.secured)
    {
        return SecurityError::MALFORMED;
    }
    const Result<ProtectedBody> body = ReadProtectedBody(frame.body);
    if (!body)
    {
        return SecurityError::MALFORMED;
    }
    return body->said;
}

bool
IsHandshake(const FrameView& frame)
{
    const MessageId mid = frame.header.mid;
    if (!frame.header.secured || (mid != AuthRequest::ID && mid != AuthResponse::ID))
    {
        return false;
    }
    const auto message = DecodeBody<AuthRequest>(frame.body);
    return message && message->tlsRecords && !message->said;
}

Result<uint64_t, SecurityError>
Unprotect(CryptoContext& ctx,
          SecurityAssociation& sa,
          int64_t nowNs,
          const FrameView& frame,
          SecretOctets& plain)
{
    plain.clear();
    const Ciphersuite* suite = SuiteOf(sa);
    if (suite == nullptr)
    {
        return SecurityError::UNSUPPORTED;
    }
    if (!frame.header.secured)
    {
        return SecurityError::MALFORMED;
    }
    const Result<ProtectedBody> body = ReadProtectedBody(frame.body);
    if (!body)
    {
        return SecurityError::MALFORMED;
    }
    const SecurityValue& security = body->security;
    if (security.kind != SecurityValue::Kind::MIS_RECORD)
    {
        return SecurityError::UNSUPPORTED;
    }
    const bool aead = suite->encryption == EncryptionAlgorithm::AES_CCM;
    if (aead == security.integrity.has_value() || security.encrypted.size() < SN_SIZE)
    {
        return SecurityError::MALFORMED;
    }
    if (body->said != sa.said)
    {
        return SecurityError::NO_SA;
    }
    if (frame.source != sa.remote.View() || frame.destination != sa.local.View())
    {
        return SecurityError::ID_MISMATCH;
    }
    if (nowNs >= sa.notAfterNs)
    {
        return SecurityError::EXPIRED;
    }
    const uint64_t sn = boost::endian::load_big_u64(security.encrypted.data());
    if (!sa.window.Check(sn))
    {
        return SecurityError::REPLAY;
    }
    if (const SecurityError error = OpenBlocks(ctx, sa, *suite, frame, *body, sn, plain);
        error != SecurityError::NONE)
    {
        plain.clear();
        return error;
    }
    sa.window.Accept(sn);
    return sn;
}

} // namespace ns3::mis
