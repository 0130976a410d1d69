// SPDX-License-Identifier: GPL-2.0-only

#include "mis-mobility-messages.h"

#include "ns3/mis-tlv.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

constexpr uint8_t NO_NEXT_HEADER = 59;
constexpr uint8_t MOBILITY_HEADER = 135;
constexpr uint8_t HOP_LIMIT = 64;
constexpr size_t IPV6_HEADER_SIZE = 40;
constexpr size_t UNIT = 8;
constexpr size_t LENGTH_AT = 1; // of the header length
constexpr uint16_t FLAG_ACKNOWLEDGE = 0x8000;
constexpr uint16_t FLAG_HOME = 0x4000;
constexpr uint16_t FLAG_PROXY = 0x0200;
constexpr uint8_t ACKNOWLEDGEMENT_FLAG_PROXY = 0x20;
constexpr uint8_t SUBTYPE_NAI = 1;
constexpr uint8_t SUBTYPE_MN_HA = 1;
constexpr uint8_t ADDRESS_ACCEPTED = 0;

/// Mobility options.
enum Option : uint8_t
{
    PAD_1 = 0,
    PAD_N = 1,
    MN_IDENTIFIER = 8,
    AUTHENTICATION = 9,
    HANDOFF_INDICATOR = 23,
    ACCESS_TECHNOLOGY = 24,
    TIMESTAMP = 27,
    HOME_ADDRESS = 29,
    ADDRESS_ACKNOWLEDGEMENT = 30,
    CARE_OF_ADDRESS = 32,
    HOME_ADDRESS_REQUEST = 36,
    HOME_ADDRESS_REPLY = 37
};

/// Writes a Mobility Header.
class MobilityWriter
{
  public:
    explicit MobilityWriter(uint8_t type)
        : m_writer(m_octets)
    {
        m_writer.U8(NO_NEXT_HEADER);
        m_writer.U8(0); // length, set at the end
        m_writer.U8(type);
        m_writer.U8(0);
        m_writer.U16(0); // no checksum in UDP
    }

    /// The fields before the options.
    Writer& Fields()
    {
        return m_writer;
    }

    /// Begins an option whose type has to be at a multiple of @p modulus, plus @p remainder.
    Writer& Begin(Option type, uint8_t length, size_t modulus = 1, size_t remainder = 0)
    {
        Pad((modulus + remainder - m_octets.size() % modulus) % modulus);
        m_writer.U8(type);
        m_writer.U8(length);
        return m_writer;
    }

    void Text(Option type, uint8_t subtype, const std::optional<std::string>& text)
    {
        if (text)
        {
            auto& out = Begin(type, static_cast<uint8_t>(1 + text->size()));
            out.U8(subtype);
            out.Octets(ByteView::FromText(*text));
        }
    }

    void Byte(Option type, std::optional<uint8_t> value)
    {
        if (value)
        {
            auto& out = Begin(type, 2);
            out.U8(0);
            out.U8(*value);
        }
    }

    /// An address whose prefix length has the upper bits of 16 (request) or the lower 8 (answer).
    void Address(Option type, const std::optional<MobilityHomeAddress>& address, bool isAnswer)
    {
        if (address)
        {
            auto& out = Begin(type, 6, 4);
            const auto prefix = static_cast<uint8_t>(address->prefixLength << 2);
            out.U8(isAnswer ? ADDRESS_ACCEPTED : prefix);
            out.U8(isAnswer ? prefix : 0);
            out.U32(address->address);
        }
    }

    /// What both messages end with.
    template <class Message>
    void Rest(const Message& message)
    {
        Byte(HANDOFF_INDICATOR, message.handoffIndicator);
        Byte(ACCESS_TECHNOLOGY, message.accessTechnology);
        if (message.timestamp)
        {
            Begin(TIMESTAMP, 8, 8, 2).U64(*message.timestamp);
        }
        if (message.authentication)
        {
            auto& out = Begin(AUTHENTICATION, 5 + MobilityAuthentication::SIZE, 4, 1);
            out.U8(SUBTYPE_MN_HA);
            out.U32(message.authentication->spi);
            out.Octets(message.authentication->value);
        }
    }

    Bytes Finish()
    {
        Pad((UNIT - m_octets.size() % UNIT) % UNIT);
        m_octets[LENGTH_AT] = static_cast<uint8_t>(m_octets.size() / UNIT - 1);
        return std::move(m_octets);
    }

  private:
    void Pad(size_t count)
    {
        if (count == 1)
        {
            m_writer.U8(PAD_1);
        }
        else if (count > 1)
        {
            m_writer.U8(PAD_N);
            m_writer.U8(static_cast<uint8_t>(count - 2));
            m_octets.resize(m_octets.size() + count - 2);
        }
    }

    Bytes m_octets;
    Writer m_writer;
};

/// An option as received.
struct ReadOption
{
    uint8_t type;
    ByteView value;
};

/// Reads the next option that is no padding; false at the end, or after a failure.
bool
NextOption(Reader& in, ReadOption& option)
{
    while (!in.AtEnd())
    {
        uint8_t length;
        if (!in.U8(option.type))
        {
            return false;
        }
        if (option.type == PAD_1)
        {
            continue;
        }
        if (!in.U8(length) || !in.Octets(length, option.value))
        {
            return false;
        }
        if (option.type != PAD_N)
        {
            return true;
        }
    }
    return false;
}

/// Reads the part of a Mobility Header that all have; what is left in the reader is the message.
bool
ReadHeader(Reader& in, size_t size, uint8_t expectedType)
{
    uint8_t next;
    uint8_t length;
    uint8_t type;
    uint8_t reserved;
    uint16_t checksum;
    if (!in.U8(next) || !in.U8(length) || !in.U8(type) || !in.U8(reserved) || !in.U16(checksum))
    {
        return false;
    }
    if (next != NO_NEXT_HEADER || type != expectedType)
    {
        return in.Fail(CodecError::UNKNOWN_MESSAGE);
    }
    return (length + size_t{1}) * UNIT == size || in.Fail(CodecError::BAD_LENGTH);
}

bool
ReadAddress(ByteView value, bool isAnswer, std::optional<MobilityHomeAddress>& out)
{
    Reader in(value);
    uint8_t first;
    uint8_t second;
    MobilityHomeAddress address;
    if (!in.U8(first) || !in.U8(second) || !in.U32(address.address) || !in.AtEnd())
    {
        return false;
    }
    address.prefixLength = static_cast<uint8_t>((isAnswer ? second : first) >> 2);
    out = address;
    return address.prefixLength <= 32;
}

bool
ReadByte(ByteView value, std::optional<uint8_t>& out)
{
    Reader in(value);
    uint8_t reserved;
    uint8_t byte;
    if (!in.U8(reserved) || !in.U8(byte) || !in.AtEnd())
    {
        return false;
    }
    out = byte;
    return true;
}

bool
ReadAuthentication(ByteView value, std::optional<MobilityAuthentication>& out)
{
    Reader in(value);
    uint8_t subtype;
    MobilityAuthentication authentication;
    ByteView octets;
    if (!in.U8(subtype) || subtype != SUBTYPE_MN_HA || !in.U32(authentication.spi) ||
        !in.Octets(authentication.value.size(), octets) || !in.AtEnd())
    {
        return false;
    }
    std::copy(octets.begin(), octets.end(), authentication.value.begin());
    out = authentication;
    return true;
}

/// Reads options that both messages have; false if one is wrong.
template <class M>
bool
ReadCommonOption(const ReadOption& option, M& message)
{
    Reader in(option.value);
    switch (option.type)
    {
    case MN_IDENTIFIER: {
        uint8_t subtype;
        if (!in.U8(subtype) || subtype != SUBTYPE_NAI || in.AtEnd())
        {
            return false;
        }
        message.mnIdentifier = std::string(in.Rest().begin(), in.Rest().end());
        return true;
    }
    case HANDOFF_INDICATOR:
        return ReadByte(option.value, message.handoffIndicator);
    case ACCESS_TECHNOLOGY:
        return ReadByte(option.value, message.accessTechnology);
    case TIMESTAMP: {
        uint64_t value;
        if (!in.U64(value) || !in.AtEnd())
        {
            return false;
        }
        message.timestamp = value;
        return true;
    }
    case AUTHENTICATION:
        return ReadAuthentication(option.value, message.authentication);
    default:
        return true;
    }
}

/// Reads all options; nothing may follow the authentication, for it would not be authenticated.
template <class M, class ReadOwn>
bool
ReadOptions(Reader& in, M& message, ReadOwn readOwn)
{
    ReadOption option{};
    while (NextOption(in, option))
    {
        if (message.authentication || !readOwn(option) || !ReadCommonOption(option, message))
        {
            return in.Fail(CodecError::BAD_VALUE);
        }
    }
    return in.Error() == CodecError::NONE;
}

} // namespace

std::string
ToString(BindingStatus status)
{
    switch (status)
    {
    case BindingStatus::ACCEPTED:
        return "accepted";
    case BindingStatus::UNSPECIFIED:
        return "unspecified";
    case BindingStatus::NOT_HOME_AGENT:
        return "not-home-agent";
    case BindingStatus::SEQUENCE_OUT_OF_WINDOW:
        return "sequence-out-of-window";
    case BindingStatus::NOT_ANCHOR:
        return "not-anchor";
    case BindingStatus::GATEWAY_NOT_AUTHORIZED:
        return "gateway-not-authorized";
    case BindingStatus::TIMESTAMP_TOO_OLD:
        return "timestamp-too-old";
    }
    return std::to_string(static_cast<unsigned>(status));
}

Bytes
EncodeMobility(const BindingUpdate& message)
{
    MobilityWriter out(BindingUpdate::TYPE);
    out.Fields().U16(message.sequence);
    out.Fields().U16(static_cast<uint16_t>((message.acknowledge ? FLAG_ACKNOWLEDGE : 0) |
                                           (message.home ? FLAG_HOME : 0) |
                                           (message.proxy ? FLAG_PROXY : 0)));
    out.Fields().U16(message.lifetime);
    out.Text(MN_IDENTIFIER, SUBTYPE_NAI, message.mnIdentifier);
    out.Address(HOME_ADDRESS, message.homeAddress, false);
    if (message.careOfAddress)
    {
        auto& writer = out.Begin(CARE_OF_ADDRESS, 6, 4);
        writer.U16(0);
        writer.U32(*message.careOfAddress);
    }
    out.Address(HOME_ADDRESS_REQUEST, message.homeAddressRequest, false);
    out.Rest(message);
    return out.Finish();
}

Bytes
EncodeMobility(const BindingAcknowledgement& message)
{
    MobilityWriter out(BindingAcknowledgement::TYPE);
    out.Fields().U8(static_cast<uint8_t>(message.status));
    out.Fields().U8(message.proxy ? ACKNOWLEDGEMENT_FLAG_PROXY : 0);
    out.Fields().U16(message.sequence);
    out.Fields().U16(message.lifetime);
    out.Text(MN_IDENTIFIER, SUBTYPE_NAI, message.mnIdentifier);
    out.Address(ADDRESS_ACKNOWLEDGEMENT, message.homeAddress, true);
    out.Address(HOME_ADDRESS_REPLY, message.homeAddressReply, true);
    out.Rest(message);
    return out.Finish();
}

namespace
{

/// Where the authenticator of a message is, from its begin; 0 if there is none.
size_t
FindAuthenticator(ByteView message)
{
    constexpr size_t FIXED = 12; // octets before the options, of both messages
    if (message.size() < FIXED)
    {
        return 0;
    }
    Reader in(message.Sub(FIXED, message.size() - FIXED));
    ReadOption option{};
    while (NextOption(in, option))
    {
        if (option.type == AUTHENTICATION &&
            option.value.size() == 5 + MobilityAuthentication::SIZE)
        {
            return static_cast<size_t>(option.value.begin() - message.begin()) + 5;
        }
    }
    return 0;
}

} // namespace

ByteView
AuthenticatedPart(ByteView message)
{
    return message.Sub(0, FindAuthenticator(message));
}

void
SetAuthenticator(Bytes& message, const std::array<uint8_t, MobilityAuthentication::SIZE>& value)
{
    if (const auto at = FindAuthenticator(message))
    {
        std::copy(value.begin(), value.end(), message.begin() + static_cast<std::ptrdiff_t>(at));
    }
}

Result<BindingUpdate>
DecodeBindingUpdate(ByteView octets)
{
    Reader in(octets);
    BindingUpdate message;
    uint16_t flags;
    if (!ReadHeader(in, octets.size(), BindingUpdate::TYPE) || !in.U16(message.sequence) ||
        !in.U16(flags) || !in.U16(message.lifetime))
    {
        return in.Error();
    }
    message.acknowledge = flags & FLAG_ACKNOWLEDGE;
    message.home = flags & FLAG_HOME;
    message.proxy = flags & FLAG_PROXY;
    const auto readOwn = [&message](const ReadOption& option) {
        switch (option.type)
        {
        case HOME_ADDRESS:
            return ReadAddress(option.value, false, message.homeAddress);
        case HOME_ADDRESS_REQUEST:
            return ReadAddress(option.value, false, message.homeAddressRequest);
        case CARE_OF_ADDRESS: {
            Reader value(option.value);
            uint16_t reserved;
            uint32_t address;
            if (!value.U16(reserved) || !value.U32(address) || !value.AtEnd())
            {
                return false;
            }
            message.careOfAddress = address;
            return true;
        }
        default:
            return true;
        }
    };
    if (!ReadOptions(in, message, readOwn))
    {
        return in.Error();
    }
    return message;
}

Result<BindingAcknowledgement>
DecodeBindingAcknowledgement(ByteView octets)
{
    Reader in(octets);
    BindingAcknowledgement message;
    uint8_t status;
    uint8_t flags;
    if (!ReadHeader(in, octets.size(), BindingAcknowledgement::TYPE) || !in.U8(status) ||
        !in.U8(flags) || !in.U16(message.sequence) || !in.U16(message.lifetime))
    {
        return in.Error();
    }
    message.status = static_cast<BindingStatus>(status);
    message.proxy = flags & ACKNOWLEDGEMENT_FLAG_PROXY;
    const auto readOwn = [&message](const ReadOption& option) {
        switch (option.type)
        {
        case ADDRESS_ACKNOWLEDGEMENT:
            return ReadAddress(option.value, true, message.homeAddress);
        case HOME_ADDRESS_REPLY:
            return ReadAddress(option.value, true, message.homeAddressReply);
        default:
            return true;
        }
    };
    if (!ReadOptions(in, message, readOwn))
    {
        return in.Error();
    }
    return message;
}

Bytes
WrapMobility(uint32_t source, uint32_t destination, ByteView message)
{
    constexpr uint32_t VERSION_6 = 0x60000000;
    constexpr uint32_t MAPPED = 0xFFFF; // ::ffff:a.b.c.d
    Bytes packet;
    Writer out(packet);
    out.U32(VERSION_6);
    out.U16(static_cast<uint16_t>(message.size()));
    out.U8(MOBILITY_HEADER);
    out.U8(HOP_LIMIT);
    for (const uint32_t address : {source, destination})
    {
        out.U64(0);
        out.U32(MAPPED);
        out.U32(address);
    }
    out.Octets(message);
    return packet;
}

Result<ByteView>
UnwrapMobility(ByteView packet)
{
    Reader in(packet);
    uint32_t version;
    uint16_t length;
    uint8_t next;
    uint8_t hopLimit;
    ByteView addresses;
    if (!in.U32(version) || !in.U16(length) || !in.U8(next) || !in.U8(hopLimit) ||
        !in.Octets(IPV6_HEADER_SIZE - 8, addresses))
    {
        return in.Error();
    }
    if (next != MOBILITY_HEADER)
    {
        return CodecError::UNKNOWN_MESSAGE;
    }
    if (length != in.Remaining())
    {
        return CodecError::BAD_LENGTH;
    }
    return in.Rest();
}

uint8_t
IpVersionOf(ByteView packet)
{
    Reader in(packet);
    uint8_t first;
    return in.U8(first) ? first >> 4 : 0;
}

} // namespace ns3::mis
