// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Header and frames, the content of protected frames, and the table of all messages.
 */
#include "mis-message.h"

#include "mis-auth-messages.h"
#include "mis-event-messages.h"
#include "mis-group-messages.h"
#include "mis-message-codec.h"
#include "mis-prereg-messages.h"

#include <algorithm>
#include <array>

namespace ns3::mis
{

namespace
{

/** Value of the version field, in the high half of the first octet. */
constexpr uint8_t VERSION_BITS = Header::VERSION << 4;
/** The bits of the first octet. */
constexpr uint8_t ACK_REQ_BIT = 0x08;
constexpr uint8_t ACK_RSP_BIT = 0x04;
constexpr uint8_t UIR_BIT = 0x02;
constexpr uint8_t MORE_BIT = 0x01;
/** Where the length is in the header. */
constexpr std::size_t LENGTH_OFFSET = 6;
/** Most frames fit; saves the first few reallocations. */
constexpr std::size_t USUAL_FRAME = 256;

/**
 * @brief Note an identifier of a frame.
 * @param type SOURCE_ID or DESTINATION_ID
 * @param value value of its TLV
 * @param whole its TLV
 * @param frame where to
 * @return NONE, or what is wrong with it
 */
CodecError
NoteId(uint8_t type, ByteView value, ByteView whole, FrameView& frame)
{
    ByteView& id = type == tlv::SOURCE_ID ? frame.source : frame.destination;
    ByteView& idTlv = type == tlv::SOURCE_ID ? frame.sourceTlv : frame.destinationTlv;
    if (!idTlv.empty())
    {
        return CodecError::DUPLICATE_TLV;
    }
    Reader reader(value);
    if (!codec::ReadSized(reader, 0, MisfId::MAX_SIZE, id))
    {
        return reader.Error();
    }
    idTlv = whole;
    return reader.AtEnd() ? CodecError::NONE : CodecError::OVERLONG;
}

/**
 * @brief Decode a message and forget it.
 * @param body the TLVs
 * @return NONE, or why it is none
 */
template <class M>
CodecError
CheckMessage(ByteView body)
{
    return DecodeBody<M>(body).Error();
}

/**
 * @brief Print a message, or why it is none.
 * @param body the TLVs
 * @param os where to
 */
template <class M>
void
PrintMessage(ByteView body, std::ostream& os)
{
    if (const auto message = DecodeBody<M>(body))
    {
        PrintBody(*message, os);
    }
    else
    {
        os << message.Error();
    }
}

/** @return an entry for each message, by MID */
template <class... M>
std::vector<MessageInfo>
MakeTable()
{
    std::vector<MessageInfo> table{MessageInfo{M::ID,
                                               MessageName(M::ID),
                                               ContributionName(M::ID),
                                               &CheckMessage<M>,
                                               &PrintMessage<M>}...};
    std::sort(table.begin(), table.end(), [](const MessageInfo& a, const MessageInfo& b) {
        return a.id < b.id;
    });
    return table;
}

} // namespace

void
Header::WriteTo(uint8_t* out) const
{
    out[0] = static_cast<uint8_t>(VERSION_BITS | (ackReq ? ACK_REQ_BIT : 0) |
                                  (ackRsp ? ACK_RSP_BIT : 0) | (uir ? UIR_BIT : 0) |
                                  (more ? MORE_BIT : 0));
    out[1] = static_cast<uint8_t>(fragment << 1 | (secured ? assigned::SECURED_BIT : 0));
    out[2] = static_cast<uint8_t>(mid.Value() >> 8);
    out[3] = static_cast<uint8_t>(mid.Value());
    out[4] = static_cast<uint8_t>(tid >> 8 & 0x0f);
    out[5] = static_cast<uint8_t>(tid);
    out[6] = static_cast<uint8_t>(length >> 8);
    out[7] = static_cast<uint8_t>(length);
}

void
Header::Write(Writer& writer) const
{
    std::array<uint8_t, SIZE> octets;
    WriteTo(octets.data());
    writer.Octets(octets);
}

Result<Header>
Header::Read(ByteView octets)
{
    if (octets.size() < SIZE)
    {
        return CodecError::TRUNCATED;
    }
    if ((octets[0] & 0xf0) != VERSION_BITS)
    {
        return CodecError::BAD_VERSION;
    }
    Header header;
    header.ackReq = (octets[0] & ACK_REQ_BIT) != 0;
    header.ackRsp = (octets[0] & ACK_RSP_BIT) != 0;
    header.uir = (octets[0] & UIR_BIT) != 0;
    header.more = (octets[0] & MORE_BIT) != 0;
    header.secured = (octets[1] & assigned::SECURED_BIT) != 0;
    header.fragment = octets[1] >> 1;
    header.mid = MessageId(static_cast<uint16_t>(octets[2] << 8 | octets[3]));
    header.tid = static_cast<uint16_t>((octets[4] & 0x0f) << 8 | octets[5]);
    header.length = static_cast<uint16_t>(octets[6] << 8 | octets[7]);
    return header;
}

Result<FrameView>
ParseFrame(ByteView octets)
{
    const auto header = Header::Read(octets);
    if (!header)
    {
        return header.Error();
    }
    const ByteView payload = octets.Sub(Header::SIZE);
    if (payload.size() != header->length)
    {
        return payload.size() < header->length ? CodecError::TRUNCATED : CodecError::OVERLONG;
    }

    Result<FrameView> result{std::in_place};
    FrameView& frame = *result;
    frame.header = *header;
    frame.whole = octets;
    frame.body = payload;
    Reader reader(payload);
    uint8_t type;
    ByteView value;
    ByteView whole;
    int index = 0;
    int ids = 0;
    while (!reader.AtEnd())
    {
        if (!reader.Tlv(type, value, whole))
        {
            result.Fail(reader.Error());
            return result;
        }
        ++index;
        if (type == tlv::SOURCE_ID || type == tlv::DESTINATION_ID)
        {
            const CodecError error = NoteId(type, value, whole, frame);
            if (error != CodecError::NONE)
            {
                result.Fail(error);
                return result;
            }
            ++ids;
        }
        if (index == 2 && ids == 2)
        {
            frame.body = reader.Rest();
        }
        // What follows in a fragment is a slice, not TLVs.
        if (index == 2 && header->IsFragment())
        {
            break;
        }
    }
    if (ids != 2)
    {
        result.Fail(CodecError::MISSING_TLV);
    }
    return result;
}

void
BeginFrame(Bytes& out, const Header& header, const MisfId& src, const MisfId& dst)
{
    out.clear();
    out.reserve(USUAL_FRAME);
    Writer writer(out);
    header.Write(writer);
    writer.U8(tlv::SOURCE_ID);
    writer.Length(OctetStringSize(src.View().size()));
    writer.OctetString(src.View());
    writer.U8(tlv::DESTINATION_ID);
    writer.Length(OctetStringSize(dst.View().size()));
    writer.OctetString(dst.View());
}

bool
FinishFrame(Bytes& out)
{
    const std::size_t length = out.size() - Header::SIZE;
    out[LENGTH_OFFSET] = static_cast<uint8_t>(length >> 8);
    out[LENGTH_OFFSET + 1] = static_cast<uint8_t>(length);
    return length <= Header::MAX_LENGTH;
}

Result<SecurityValue>
ReadSecurityValue(ByteView value)
{
    // CHOICE(INTG_BLOCK, NULL): unlike elsewhere, the absent value comes second.
    constexpr uint8_t WITH_INTEGRITY = 0;
    constexpr uint8_t WITHOUT_INTEGRITY = 1;

    SecurityValue security;
    Reader reader(value);
    uint8_t selector;
    if (!reader.U8(selector))
    {
        return reader.Error();
    }
    if (selector > static_cast<uint8_t>(SecurityValue::Kind::MIS_RECORD))
    {
        return CodecError::BAD_VALUE;
    }
    security.kind = static_cast<SecurityValue::Kind>(selector);
    if (!reader.OctetString(security.encrypted))
    {
        return reader.Error();
    }
    if (security.kind == SecurityValue::Kind::MIS_RECORD)
    {
        if (!reader.U8(selector))
        {
            return reader.Error();
        }
        if (selector > WITHOUT_INTEGRITY)
        {
            return CodecError::BAD_VALUE;
        }
        if (selector == WITH_INTEGRITY && !reader.OctetString(security.integrity.emplace()))
        {
            return reader.Error();
        }
    }
    if (!reader.AtEnd())
    {
        return CodecError::OVERLONG;
    }
    return security;
}

void
WriteSecurityValue(Writer& writer, const SecurityValue& value)
{
    writer.U8(static_cast<uint8_t>(value.kind));
    writer.OctetString(value.encrypted);
    if (value.kind == SecurityValue::Kind::MIS_RECORD)
    {
        writer.U8(value.integrity ? 0 : 1);
        if (value.integrity)
        {
            writer.OctetString(*value.integrity);
        }
    }
}

std::size_t
SecurityValueSize(std::size_t encrypted, std::optional<std::size_t> integrity)
{
    return 1 + OctetStringSize(encrypted) + 1 + (integrity ? OctetStringSize(*integrity) : 0);
}

Result<Said>
ReadSaidValue(ByteView value)
{
    Result<Said> said{std::in_place};
    const CodecError error = codec::ReadWhole(value, *said);
    if (error != CodecError::NONE)
    {
        said.Fail(error);
    }
    return said;
}

void
WriteSaidTlv(Writer& writer, const Said& said)
{
    const std::size_t mark = writer.BeginTlv(assigned::TLV_SAID);
    codec::WriteValue(writer, said);
    writer.EndTlv(mark);
}

Result<ProtectedBody>
ReadProtectedBody(ByteView body)
{
    ProtectedBody parts;
    ByteView securityTlv;
    Reader reader(body);
    uint8_t type;
    ByteView value;
    ByteView whole;
    while (!reader.AtEnd())
    {
        if (!reader.Tlv(type, value, whole))
        {
            return reader.Error();
        }
        if (type == assigned::TLV_SAID)
        {
            auto said = ReadSaidValue(value);
            if (!said)
            {
                return said.Error();
            }
            if (!parts.saidTlv.empty())
            {
                return CodecError::DUPLICATE_TLV;
            }
            parts.said = *said;
            parts.saidTlv = whole;
        }
        else if (type == assigned::TLV_SECURITY)
        {
            auto security = ReadSecurityValue(value);
            if (!security)
            {
                return security.Error();
            }
            if (!securityTlv.empty())
            {
                return CodecError::DUPLICATE_TLV;
            }
            parts.security = *security;
            securityTlv = whole;
        }
    }
    if (parts.saidTlv.empty() || securityTlv.empty())
    {
        return CodecError::MISSING_TLV;
    }
    return parts;
}

const std::vector<MessageInfo>&
AllMessages()
{
    static const std::vector<MessageInfo> table = MakeTable<PreregXferRequest,
                                                            PreregXferResponse,
                                                            N2nPreregXferRequest,
                                                            N2nPreregXferResponse,
                                                            MnHoCommitRequest,
                                                            MnHoCommitResponse,
                                                            NetHoCommitRequest,
                                                            NetHoCommitResponse,
                                                            N2nHoCommitRequest,
                                                            N2nHoCommitResponse,
                                                            MnHoCompleteRequest,
                                                            MnHoCompleteResponse,
                                                            N2nHoCompleteRequest,
                                                            N2nHoCompleteResponse,
                                                            GroupKeyRequest,
                                                            GroupKeyResponse,
                                                            NetGroupManipulateRequest,
                                                            NetGroupManipulateIndication,
                                                            NetGroupManipulateResponse,
                                                            MnGroupManipulateRequest,
                                                            MnGroupManipulateResponse,
                                                            AuthIndication,
                                                            AuthRequest,
                                                            AuthResponse,
                                                            TerminationAuthRequest,
                                                            TerminationAuthResponse,
                                                            PushKeyRequest,
                                                            PushKeyResponse,
                                                            LlAuthRequest,
                                                            LlAuthResponse,
                                                            CapabilityDiscoverRequest,
                                                            CapabilityDiscoverResponse,
                                                            LinkDetectedIndication,
                                                            LinkUpIndication,
                                                            LinkDownIndication,
                                                            LinkParametersReportIndication,
                                                            LinkGoingDownIndication,
                                                            EventSubscribeRequest,
                                                            EventSubscribeResponse>();
    return table;
}

const MessageInfo*
FindMessage(MessageId mid)
{
    const auto& table = AllMessages();
    const auto entry = std::lower_bound(
        table.begin(),
        table.end(),
        mid,
        [](const MessageInfo& info, MessageId wanted) { return info.id < wanted; });
    return entry != table.end() && entry->id == mid ? &*entry : nullptr;
}

} // namespace ns3::mis
