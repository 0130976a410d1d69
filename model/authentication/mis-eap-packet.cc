// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The packet of the Extensible Authentication Protocol (RFC 3748, section 4).
 */
#include "mis-eap-packet.h"

#include "ns3/fatal-error.h"
#include "ns3/mis-tlv.h"

namespace ns3::mis
{

namespace
{

/**
 * @param code a code
 * @return whether packets of this code have a Type of RFC 3748
 */
bool
HasType(EapCode code)
{
    return code == EapCode::REQUEST || code == EapCode::RESPONSE;
}

/**
 * @param code a code
 * @return whether packets of this code are a header and nothing more
 */
bool
IsBare(EapCode code)
{
    return code == EapCode::SUCCESS || code == EapCode::FAILURE;
}

} // namespace

const char*
ToString(EapCode code)
{
    switch (code)
    {
    case EapCode::REQUEST:
        return "REQUEST";
    case EapCode::RESPONSE:
        return "RESPONSE";
    case EapCode::SUCCESS:
        return "SUCCESS";
    case EapCode::FAILURE:
        return "FAILURE";
    case EapCode::INITIATE:
        return "INITIATE";
    case EapCode::FINISH:
        return "FINISH";
    }
    return "UNKNOWN";
}

std::ostream&
operator<<(std::ostream& os, EapCode code)
{
    return os << ToString(code);
}

const char*
ToString(EapType type)
{
    switch (type)
    {
    case EapType::NONE:
        return "NONE";
    case EapType::IDENTITY:
        return "IDENTITY";
    case EapType::NOTIFICATION:
        return "NOTIFICATION";
    case EapType::NAK:
        return "NAK";
    case EapType::TLS:
        return "TLS";
    case EapType::AKA:
        return "AKA";
    case EapType::AKA_PRIME:
        return "AKA_PRIME";
    case EapType::GPSK:
        return "GPSK";
    case EapType::EXPANDED:
        return "EXPANDED";
    }
    return "UNKNOWN";
}

std::ostream&
operator<<(std::ostream& os, EapType type)
{
    return os << ToString(type);
}

Result<EapPacket>
DecodeEap(ByteView octets)
{
    Reader header(octets);
    uint8_t code;
    EapPacket packet;
    uint16_t length;
    if (!header.U8(code) || !header.U8(packet.identifier) || !header.U16(length))
    {
        return header.Error();
    }
    if (length < EAP_HEADER_SIZE)
    {
        return CodecError::BAD_LENGTH;
    }
    if (length > octets.size())
    {
        return CodecError::TRUNCATED;
    }
    if (code < static_cast<uint8_t>(EapCode::REQUEST) ||
        code > static_cast<uint8_t>(EapCode::FINISH))
    {
        return CodecError::BAD_VALUE;
    }
    packet.code = static_cast<EapCode>(code);
    if (IsBare(packet.code) && length != EAP_HEADER_SIZE)
    {
        return CodecError::BAD_LENGTH;
    }
    Reader body(octets.Sub(EAP_HEADER_SIZE, length - EAP_HEADER_SIZE));
    if (HasType(packet.code))
    {
        uint8_t type;
        if (!body.U8(type))
        {
            return body.Error();
        }
        packet.type = static_cast<EapType>(type);
    }
    packet.data = body.Rest();
    return packet;
}

Bytes
EncodeEap(const EapPacket& packet)
{
    const bool typed = HasType(packet.code);
    if (packet.data.size() > EAP_MAX_TYPE_DATA || (!typed && packet.type != EapType::NONE) ||
        (IsBare(packet.code) && !packet.data.empty()))
    {
        NS_FATAL_ERROR("no EAP packet has this form");
    }
    const std::size_t length =
        (typed ? EAP_TYPE_DATA_OFFSET : EAP_HEADER_SIZE) + packet.data.size();
    Bytes octets;
    octets.reserve(length);
    Writer writer(octets);
    writer.U8(static_cast<uint8_t>(packet.code));
    writer.U8(packet.identifier);
    writer.U16(static_cast<uint16_t>(length));
    if (typed)
    {
        writer.U8(static_cast<uint8_t>(packet.type));
    }
    writer.Octets(packet.data);
    return octets;
}

} // namespace ns3::mis
