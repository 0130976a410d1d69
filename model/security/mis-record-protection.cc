// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Protecting messages by records of TLS (PA-55).
 */
#include "mis-record-protection.h"

#include "ns3/mis-assigned.h"
#include "ns3/mis-tlv.h"

#include <algorithm>
#include <array>

namespace ns3::mis
{

namespace
{

/** Octets of the header of a record (RFC 8446, section 5.1). */
constexpr std::size_t RECORD_HEADER = 5;

/** @brief Octets of the value of a Security TLV with records. */
std::size_t
RecordValueSize(std::size_t records)
{
    return 1 + OctetStringSize(records);
}

/**
 * @brief Make the header that goes into the records.
 * @param header the header of the message
 * @param body octets of its TLVs
 * @return the header as octets
 */
std::array<uint8_t, Header::SIZE>
InnerHeader(const Header& header, std::size_t body)
{
    Header inner = header;
    inner.ackReq = false;
    inner.ackRsp = false;
    inner.more = false;
    inner.fragment = 0;
    inner.secured = false;
    inner.length = static_cast<uint16_t>(body);
    std::array<uint8_t, Header::SIZE> octets;
    inner.WriteTo(octets.data());
    return octets;
}

/** @brief Whether octets are some records, none of them cut. */
bool
AreWholeRecords(ByteView octets)
{
    if (octets.empty())
    {
        return false;
    }
    std::size_t at = 0;
    while (octets.size() - at >= RECORD_HEADER)
    {
        const std::size_t size = octets[at + 3] << 8 | octets[at + 4];
        if (octets.size() - at - RECORD_HEADER < size)
        {
            return false;
        }
        at += RECORD_HEADER + size;
    }
    return at == octets.size();
}

} // namespace

void
FrameRecords(const SecurityAssociation& sa, const Header& header, ByteView records, Bytes& out)
{
    Header sent = header;
    sent.secured = true;
    BeginFrame(out, sent, sa.local, sa.remote);
    Writer writer(out);
    WriteSaidTlv(writer, sa.said);
    writer.U8(assigned::TLV_SECURITY);
    writer.Length(RecordValueSize(records.size()));
    WriteSecurityValue(writer, {SecurityValue::Kind::TLS_RECORD, records, std::nullopt});
    FinishFrame(out);
}

Result<std::size_t, SecurityError>
ProtectByRecords(SecurityAssociation& sa,
                 int64_t nowNs,
                 const Header& header,
                 const MisfId& src,
                 const MisfId& dst,
                 ByteView body,
                 Bytes& out)
{
    if (src != sa.local || dst != sa.remote)
    {
        return SecurityError::ID_MISMATCH;
    }
    if (nowNs >= sa.notAfterNs)
    {
        return SecurityError::EXPIRED;
    }
    if (sa.tls->State() != TlsState::ESTABLISHED)
    {
        return SecurityError::NO_SA;
    }
    const std::size_t sealed = sa.tls->SealedSize(Header::SIZE + body.size());
    const std::size_t length =
        TlvSize(OctetStringSize(src.View().size())) + TlvSize(OctetStringSize(dst.View().size())) +
        TlvSize(1 + OctetStringSize(sa.said.value.size())) + TlvSize(RecordValueSize(sealed));
    if (length > Header::MAX_LENGTH)
    {
        return SecurityError::TOO_LONG;
    }
    const auto inner = InnerHeader(header, body.size());
    SecretOctets plain(inner.begin(), inner.end());
    plain.insert(plain.end(), body.begin(), body.end());
    FrameRecords(sa, header, sa.tls->Seal(ByteView(plain.data(), plain.size())), out);
    ++sa.sendSn;
    return out.size();
}

SecurityError
OpenRecords(SecurityAssociation& sa,
            int64_t nowNs,
            const FrameView& frame,
            SecretOctets& plain,
            Bytes& alert)
{
    plain.clear();
    alert.clear();
    const auto body = ReadProtectedBody(frame.body);
    if (!body || body->security.kind != SecurityValue::Kind::TLS_RECORD ||
        !AreWholeRecords(body->security.encrypted))
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
    if (sa.tls->State() != TlsState::ESTABLISHED)
    {
        return SecurityError::NO_SA;
    }
    SecretOctets data;
    if (!sa.tls->Open(body->security.encrypted, data, alert) ||
        sa.tls->State() != TlsState::ESTABLISHED)
    {
        return SecurityError::BAD_ICV;
    }
    const ByteView message(data.data(), data.size());
    if (message.size() < Header::SIZE || message.size() - Header::SIZE > Header::MAX_LENGTH)
    {
        return SecurityError::MALFORMED;
    }
    const auto expected = InnerHeader(frame.header, message.size() - Header::SIZE);
    if (!std::equal(expected.begin(), expected.end(), message.begin()))
    {
        return SecurityError::MALFORMED;
    }
    sa.window.Accept(sa.window.Highest() + 1);
    const auto tlvs = message.Sub(Header::SIZE);
    plain.assign(expected.begin(), expected.end());
    plain.insert(plain.end(), frame.sourceTlv.begin(), frame.sourceTlv.end());
    plain.insert(plain.end(), frame.destinationTlv.begin(), frame.destinationTlv.end());
    plain.insert(plain.end(), tlvs.begin(), tlvs.end());
    const std::size_t length = plain.size() - Header::SIZE;
    if (length > Header::MAX_LENGTH)
    {
        plain.clear();
        return SecurityError::MALFORMED;
    }
    Header whole = frame.header;
    whole.ackReq = false;
    whole.ackRsp = false;
    whole.secured = false;
    whole.length = static_cast<uint16_t>(length);
    whole.WriteTo(plain.data());
    return SecurityError::NONE;
}

} // namespace ns3::mis
