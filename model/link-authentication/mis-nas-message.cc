// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Messages of EPS mobility management in NAS (3GPP TS 24.301) that authenticate.
 */
#include "mis-nas-message.h"

#include "mis-link-fields.h"

#include "ns3/fatal-error.h"
#include "ns3/mis-tlv.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

/** Fewest digits of an IMSI: country and network code and one more. */
constexpr std::size_t IMSI_MIN = 6;
/** Most digits of an IMSI. */
constexpr std::size_t IMSI_MAX = 15;
/** Type of mobile identity: IMSI. */
constexpr uint8_t IDENTITY_IMSI = 1;
/** Bit of a mobile identity with an odd number of digits. */
constexpr uint8_t IDENTITY_ODD = 0x08;
/** What fills the last half octet. */
constexpr uint8_t FILLER = 0x0f;

/** @brief Checks what the types of the fields do not: whether the standard allows the values. */
struct IsAllowed
{
    /** @brief Most messages allow everything. */
    template <class M>
    bool operator()(const M&) const
    {
        return true;
    }

    /** @brief The size of AUTN. */
    bool operator()(const NasAuthenticationRequest& message) const
    {
        return message.autn.size() == NasAuthenticationRequest::SIZE_AUTN;
    }

    /** @brief The size of RES. */
    bool operator()(const NasAuthenticationResponse& message) const
    {
        return message.res.size() >= 4 && message.res.size() <= 16;
    }

    /** @brief AUTS when, and only when, it belongs to the cause. */
    bool operator()(const NasAuthenticationFailure& message) const
    {
        if (message.cause != EmmCause::SYNCH_FAILURE)
        {
            return message.parameter.empty();
        }
        const Bytes& octets = message.parameter;
        return octets.size() == NasAuthenticationFailure::SIZE_AUTS + 2 &&
               octets[0] == NasAuthenticationFailure::PARAMETER &&
               octets[1] == NasAuthenticationFailure::SIZE_AUTS;
    }

    /** @brief The size of the capability. */
    bool operator()(const NasSecurityModeCommand& message) const
    {
        return message.capability.size() >= 2 && message.capability.size() <= 5;
    }

    /** @brief The result, and the sizes of what is carried. */
    bool operator()(const NasAttachAccept& message) const
    {
        const bool isAccepted = message.result == NasAttachAccept::EPS_ONLY ||
                                message.result == NasAttachAccept::EPS_AND_IMSI;
        return isAccepted && message.areas.size() >= 6 && message.areas.size() <= 96 &&
               message.session.size() >= 3;
    }
};

/**
 * @brief Read the fields of a message whose type is known.
 * @tparam M the message
 * @param reader behind the type
 * @return the message
 */
template <class M>
Result<NasMessage>
ReadAs(Reader& reader)
{
    M message;
    if (!ReadLinkFields(reader, message))
    {
        return reader.Error();
    }
    if (!reader.AtEnd())
    {
        return CodecError::OVERLONG;
    }
    if (!IsAllowed()(message))
    {
        return CodecError::BAD_VALUE;
    }
    return NasMessage(std::move(message));
}

/**
 * @brief Read a message as the alternative that has its type.
 * @tparam I the alternative to try first
 * @param type message type
 * @param reader behind the type
 * @return the message
 */
template <std::size_t I = 0>
Result<NasMessage>
ReadAny(uint8_t type, Reader& reader)
{
    if constexpr (I == std::variant_size_v<NasMessage>)
    {
        return CodecError::UNKNOWN_MESSAGE;
    }
    else
    {
        using M = std::variant_alternative_t<I, NasMessage>;
        return type == M::TYPE ? ReadAs<M>(reader) : ReadAny<I + 1>(type, reader);
    }
}

} // namespace

void
NasAuthenticationFailure::SetAuts(ByteView auts)
{
    parameter.clear();
    Writer writer(parameter);
    writer.U8(PARAMETER);
    writer.U8(static_cast<uint8_t>(auts.size()));
    writer.Octets(auts);
}

Bytes
EncodeNas(const NasMessage& message)
{
    Bytes octets;
    Writer writer(octets);
    writer.U8(static_cast<uint8_t>(NasHeader::PLAIN));
    std::visit(
        [&writer](const auto& m) {
            writer.U8(m.TYPE);
            WriteLinkFields(writer, m);
        },
        message);
    return octets;
}

Result<NasMessage>
DecodeNas(ByteView octets)
{
    Reader reader(octets);
    uint8_t header = 0;
    uint8_t type = 0;
    if (!reader.U8(header) || !reader.U8(type))
    {
        return reader.Error();
    }
    if (header != static_cast<uint8_t>(NasHeader::PLAIN))
    {
        return CodecError::UNKNOWN_MESSAGE;
    }
    return ReadAny(type, reader);
}

Bytes
EncodeNas(const NasProtected& message)
{
    Bytes octets;
    Writer writer(octets);
    WriteLinkFields(writer, message);
    return octets;
}

Result<NasProtected>
DecodeNasProtected(ByteView octets)
{
    Reader reader(octets);
    NasProtected message;
    if (!ReadLinkFields(reader, message))
    {
        return reader.Error();
    }
    if (message.header != NasHeader::INTEGRITY_NEW &&
        message.header != NasHeader::INTEGRITY_CIPHER &&
        message.header != NasHeader::INTEGRITY_CIPHER_NEW)
    {
        return CodecError::UNKNOWN_MESSAGE;
    }
    return message;
}

Bytes
EncodeImsi(const std::string& imsi)
{
    const bool digits =
        std::all_of(imsi.begin(), imsi.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (imsi.size() < IMSI_MIN || imsi.size() > IMSI_MAX || !digits)
    {
        NS_FATAL_ERROR("an IMSI has 6 to 15 digits, not " << imsi);
    }
    const auto digit = [&imsi](std::size_t i) {
        return static_cast<uint8_t>(i < imsi.size() ? imsi[i] - '0' : FILLER);
    };
    const uint8_t odd = imsi.size() % 2 != 0 ? IDENTITY_ODD : 0;
    Bytes identity{static_cast<uint8_t>(digit(0) << 4 | odd | IDENTITY_IMSI)};
    for (std::size_t i = 1; i < imsi.size(); i += 2)
    {
        identity.push_back(static_cast<uint8_t>(digit(i + 1) << 4 | digit(i)));
    }
    return identity;
}

std::optional<std::string>
DecodeImsi(ByteView identity)
{
    if (identity.empty() || (identity[0] & 0x07) != IDENTITY_IMSI)
    {
        return std::nullopt;
    }
    std::string imsi;
    bool valid = true;
    const auto add = [&](unsigned digit) {
        valid = valid && digit <= 9;
        imsi += static_cast<char>('0' + digit % 10);
    };
    add(identity[0] >> 4);
    const bool odd = (identity[0] & IDENTITY_ODD) != 0;
    for (std::size_t i = 1; i < identity.size(); ++i)
    {
        add(identity[i] & 0x0f);
        if (i + 1 < identity.size() || odd)
        {
            add(identity[i] >> 4);
        }
        else
        {
            valid = valid && identity[i] >> 4 == FILLER;
        }
    }
    if (!valid || imsi.size() < IMSI_MIN || imsi.size() > IMSI_MAX)
    {
        return std::nullopt;
    }
    return imsi;
}

} // namespace ns3::mis
