// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Messages of IKEv2: one description of each payload, read and written by it.
 */
#include "mis-ikev2-message.h"

#include "ns3/mis-tlv.h"

#include <type_traits>

namespace ns3::mis::ikev2
{

namespace
{

/** Format and type of the attribute with the length of a key: two octets of value follow. */
constexpr uint16_t ATTRIBUTE_KEY_LENGTH = 0x800e;
/** The bit of the type of an attribute that has no length field. */
constexpr uint16_t ATTRIBUTE_IS_SHORT = 0x8000;
constexpr uint8_t MORE_PROPOSALS = 2;
constexpr uint8_t MORE_TRANSFORMS = 3;
constexpr uint8_t CRITICAL = 0x80;
constexpr std::size_t MIN_NONCE = 16;
constexpr std::size_t MAX_NONCE = 256;

/** Writes what a description lists. */
class Encoder
{
  public:
    explicit Encoder(Bytes& out)
        : m_out(out)
    {
    }

    template <class T>
    bool Number(const T& value)
    {
        const auto number = static_cast<uint64_t>(value);
        switch (sizeof(T))
        {
        case 1:
            m_out.U8(static_cast<uint8_t>(number));
            break;
        case 2:
            m_out.U16(static_cast<uint16_t>(number));
            break;
        case 4:
            m_out.U32(static_cast<uint32_t>(number));
            break;
        default:
            m_out.U64(number);
        }
        return true;
    }

    bool Reserved(std::size_t count)
    {
        m_out.Octets(Bytes(count, 0));
        return true;
    }

    bool Octets(std::size_t, const Bytes& octets)
    {
        m_out.Octets(octets);
        return true;
    }

    bool Rest(const Bytes& octets)
    {
        m_out.Octets(octets);
        return true;
    }

    /** A list of as many elements as a field before it says. */
    template <class List, class F>
    bool Counted(std::size_t, const List& list, F element)
    {
        for (const auto& item : list)
        {
            element(*this, item);
        }
        return true;
    }

    /** A list of substructures: whether more follow, reserved, length, content. */
    template <class List, class F>
    bool Chain(uint8_t more, const List& list, F element)
    {
        for (std::size_t i = 0; i < list.size(); ++i)
        {
            Bytes body;
            Encoder inner(body);
            element(inner, list[i]);
            m_out.U8(i + 1 < list.size() ? more : 0);
            m_out.U8(0);
            m_out.U16(static_cast<uint16_t>(body.size() + PAYLOAD_HEADER_SIZE));
            m_out.Octets(body);
        }
        return true;
    }

    bool Attributes(const Transform& transform)
    {
        if (transform.keyBits != 0)
        {
            m_out.U16(ATTRIBUTE_KEY_LENGTH);
            m_out.U16(transform.keyBits);
        }
        return true;
    }

    bool Check(bool)
    {
        return true;
    }

  private:
    Writer m_out; //!< destination
};

/** Reads what a description lists. */
class Decoder
{
  public:
    explicit Decoder(ByteView octets)
        : m_in(octets)
    {
    }

    template <class T>
    bool Number(T& value)
    {
        uint64_t number = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i)
        {
            uint8_t octet;
            if (!m_in.U8(octet))
            {
                return false;
            }
            number = number << 8 | octet;
        }
        value = static_cast<T>(number);
        return true;
    }

    bool Reserved(std::size_t count)
    {
        ByteView ignored;
        return m_in.Octets(count, ignored);
    }

    bool Octets(std::size_t count, Bytes& octets)
    {
        ByteView view;
        if (!m_in.Octets(count, view))
        {
            return false;
        }
        octets.assign(view.begin(), view.end());
        return true;
    }

    bool Rest(Bytes& octets)
    {
        return Octets(m_in.Remaining(), octets);
    }

    template <class List, class F>
    bool Counted(std::size_t count, List& list, F element)
    {
        for (std::size_t i = 0; i < count; ++i)
        {
            // Elements of no octets would let a count alone ask for memory.
            const std::size_t before = m_in.Remaining();
            list.emplace_back();
            if (!element(*this, list.back()))
            {
                return false;
            }
            if (m_in.Remaining() == before)
            {
                return m_in.Fail(CodecError::BAD_VALUE);
            }
        }
        return true;
    }

    template <class List, class F>
    bool Chain(uint8_t more, List& list, F element)
    {
        for (bool isLast = false; !isLast;)
        {
            uint8_t follows;
            uint16_t size;
            ByteView body;
            if (!m_in.U8(follows) || !Reserved(1) || !m_in.U16(size))
            {
                return false;
            }
            if (size < PAYLOAD_HEADER_SIZE || (follows != 0 && follows != more))
            {
                return m_in.Fail(CodecError::BAD_LENGTH);
            }
            if (!m_in.Octets(size - PAYLOAD_HEADER_SIZE, body))
            {
                return false;
            }
            Decoder inner(body);
            list.emplace_back();
            if (!element(inner, list.back()) || !inner.m_in.AtEnd())
            {
                return m_in.Fail(inner.ErrorAtEnd());
            }
            isLast = follows == 0;
        }
        return true;
    }

    bool Attributes(Transform& transform)
    {
        while (!m_in.AtEnd())
        {
            uint16_t type;
            uint16_t value;
            if (!m_in.U16(type) || !m_in.U16(value))
            {
                return false;
            }
            if (type == ATTRIBUTE_KEY_LENGTH && transform.keyBits == 0)
            {
                transform.keyBits = value;
                continue;
            }
            transform.hasUnknown = true;
            if ((type & ATTRIBUTE_IS_SHORT) == 0 && !Reserved(value))
            {
                return false;
            }
        }
        return true;
    }

    bool Check(bool isValid)
    {
        return isValid || m_in.Fail(CodecError::BAD_VALUE);
    }

    /** @return why it is not what was described */
    CodecError ErrorAtEnd() const
    {
        return m_in.Error() != CodecError::NONE ? m_in.Error()
               : m_in.AtEnd()                   ? CodecError::NONE
                                                : CodecError::OVERLONG;
    }

  private:
    Reader m_in; //!< source
};

// Each description is read by Codec = Decoder and written by Codec = Encoder, to which the value is
// constant.

template <class Codec, class T>
bool
DescribeHeader(Codec& codec, T& h, uint32_t& size)
{
    return codec.Number(h.spiI) && codec.Number(h.spiR) && codec.Number(h.nextPayload) &&
           codec.Number(h.version) && codec.Number(h.exchange) && codec.Number(h.flags) &&
           codec.Number(h.messageId) && codec.Number(size);
}

template <class Codec, class T>
bool
DescribeTransform(Codec& codec, T& t)
{
    return codec.Number(t.type) && codec.Reserved(1) && codec.Number(t.id) && codec.Attributes(t);
}

template <class Codec, class T>
bool
DescribeProposal(Codec& codec, T& p)
{
    auto spiSize = static_cast<uint8_t>(p.spi.size());
    auto count = static_cast<uint8_t>(p.transforms.size());
    return codec.Number(p.number) && codec.Number(p.protocol) && codec.Number(spiSize) &&
           codec.Number(count) && codec.Octets(spiSize, p.spi) &&
           codec.Chain(MORE_TRANSFORMS,
                       p.transforms,
                       [](auto& c, auto& t) { return DescribeTransform(c, t); }) &&
           codec.Check(count == p.transforms.size());
}

template <class Codec, class T>
bool
DescribeSelector(Codec& codec, T& s)
{
    const std::size_t known = s.start.size();
    auto size = static_cast<uint16_t>(8 + 2 * known);
    if (!codec.Number(s.type) || !codec.Number(s.ipProtocol) || !codec.Number(size))
    {
        return false;
    }
    const std::size_t address = s.type == TS_IPV4_ADDR_RANGE ? 4 : 16;
    return codec.Check((s.type == TS_IPV4_ADDR_RANGE || s.type == TS_IPV6_ADDR_RANGE) &&
                       size == 8 + 2 * address) &&
           codec.Number(s.startPort) && codec.Number(s.endPort) && codec.Octets(address, s.start) &&
           codec.Octets(address, s.end);
}

template <class Codec, class T>
bool
Describe(Codec& codec, T& body)
{
    using Body = std::remove_const_t<T>;
    if constexpr (std::is_same_v<Body, SaPayload>)
    {
        return codec.Chain(MORE_PROPOSALS, body.proposals, [](auto& c, auto& p) {
            return DescribeProposal(c, p);
        });
    }
    else if constexpr (std::is_same_v<Body, KePayload>)
    {
        return codec.Number(body.group) && codec.Reserved(2) && codec.Rest(body.data);
    }
    else if constexpr (std::is_same_v<Body, IdPayload>)
    {
        return codec.Number(body.type) && codec.Reserved(3) && codec.Rest(body.data);
    }
    else if constexpr (std::is_same_v<Body, CertPayload>)
    {
        return codec.Number(body.encoding) && codec.Rest(body.data);
    }
    else if constexpr (std::is_same_v<Body, CertReqPayload>)
    {
        return codec.Number(body.encoding) && codec.Rest(body.authorities);
    }
    else if constexpr (std::is_same_v<Body, AuthPayload>)
    {
        return codec.Number(body.method) && codec.Reserved(3) && codec.Rest(body.data);
    }
    else if constexpr (std::is_same_v<Body, NoncePayload>)
    {
        return codec.Rest(body.data) &&
               codec.Check(body.data.size() >= MIN_NONCE && body.data.size() <= MAX_NONCE);
    }
    else if constexpr (std::is_same_v<Body, NotifyPayload>)
    {
        auto spiSize = static_cast<uint8_t>(body.spi.size());
        return codec.Number(body.protocol) && codec.Number(spiSize) && codec.Number(body.type) &&
               codec.Octets(spiSize, body.spi) && codec.Rest(body.data);
    }
    else if constexpr (std::is_same_v<Body, DeletePayload>)
    {
        auto spiSize = static_cast<uint8_t>(body.spis.empty() ? 0 : body.spis[0].size());
        auto count = static_cast<uint16_t>(body.spis.size());
        return codec.Number(body.protocol) && codec.Number(spiSize) && codec.Number(count) &&
               codec.Counted(count, body.spis, [spiSize](auto& c, auto& spi) {
                   return c.Octets(spiSize, spi);
               });
    }
    else if constexpr (std::is_same_v<Body, TsPayload>)
    {
        auto count = static_cast<uint8_t>(body.selectors.size());
        return codec.Number(count) && codec.Check(count > 0) && codec.Reserved(3) &&
               codec.Counted(count, body.selectors, [](auto& c, auto& selector) {
                   return DescribeSelector(c, selector);
               });
    }
    else
    {
        return codec.Rest(body.data);
    }
}

/** Makes empty content of a type. */
PayloadBody
EmptyBody(PayloadType type)
{
    switch (type)
    {
    case PayloadType::SA:
        return SaPayload();
    case PayloadType::KE:
        return KePayload();
    case PayloadType::IDI:
    case PayloadType::IDR:
        return IdPayload();
    case PayloadType::CERT:
        return CertPayload();
    case PayloadType::CERTREQ:
        return CertReqPayload();
    case PayloadType::AUTH:
        return AuthPayload();
    case PayloadType::NONCE:
        return NoncePayload();
    case PayloadType::NOTIFY:
        return NotifyPayload();
    case PayloadType::DELETE:
        return DeletePayload();
    case PayloadType::TSI:
    case PayloadType::TSR:
        return TsPayload();
    default:
        return UnknownPayload();
    }
}

/**
 * Reads a chain of payloads.
 * @param type of the first one
 * @param octets all
 * @param payloads receives the payloads
 * @param encrypted receives the place of an Encrypted payload within octets, nullptr if none may be
 */
CodecError
ReadChain(PayloadType type,
          ByteView octets,
          Payloads& payloads,
          std::optional<EncryptedPart>* encrypted)
{
    Reader in(octets);
    while (type != PayloadType::NONE)
    {
        uint8_t next;
        uint8_t flags;
        uint16_t size;
        ByteView body;
        if (!in.U8(next) || !in.U8(flags) || !in.U16(size))
        {
            return CodecError::TRUNCATED;
        }
        if (size < PAYLOAD_HEADER_SIZE)
        {
            return CodecError::BAD_LENGTH;
        }
        if (!in.Octets(size - PAYLOAD_HEADER_SIZE, body))
        {
            return CodecError::TRUNCATED;
        }
        if (type == PayloadType::SK)
        {
            if (!encrypted)
            {
                return CodecError::BAD_VALUE;
            }
            // Its field names the first payload within, so it has to be the last one.
            EncryptedPart part;
            part.firstInner = static_cast<PayloadType>(next);
            part.offset = static_cast<std::size_t>(body.data() - octets.data());
            *encrypted = part;
            return in.AtEnd() ? CodecError::NONE : CodecError::OVERLONG;
        }
        Payload payload;
        payload.type = type;
        payload.isCritical = (flags & CRITICAL) != 0;
        payload.body = EmptyBody(type);
        Decoder decoder(body);
        std::visit([&decoder](auto& content) { static_cast<void>(Describe(decoder, content)); },
                   payload.body);
        if (decoder.ErrorAtEnd() != CodecError::NONE)
        {
            return decoder.ErrorAtEnd();
        }
        payloads.push_back(std::move(payload));
        type = static_cast<PayloadType>(next);
    }
    return in.AtEnd() ? CodecError::NONE : CodecError::OVERLONG;
}

template <class T>
struct Named
{
    T value;          //!< value
    const char* name; //!< its name
};

template <class T, std::size_t N>
const char*
NameOf(const Named<T> (&table)[N], T value)
{
    for (const auto& row : table)
    {
        if (row.value == value)
        {
            return row.name;
        }
    }
    return nullptr;
}

} // namespace

const char*
ToString(Exchange exchange)
{
    static constexpr Named<Exchange> NAMES[] = {
        {Exchange::IKE_SA_INIT, "IKE_SA_INIT"},
        {Exchange::IKE_AUTH, "IKE_AUTH"},
        {Exchange::CREATE_CHILD_SA, "CREATE_CHILD_SA"},
        {Exchange::INFORMATIONAL, "INFORMATIONAL"},
    };
    return NameOf(NAMES, exchange);
}

const char*
ToString(PayloadType type)
{
    static constexpr Named<PayloadType> NAMES[] = {
        {PayloadType::SA, "SA"},
        {PayloadType::KE, "KE"},
        {PayloadType::IDI, "IDi"},
        {PayloadType::IDR, "IDr"},
        {PayloadType::CERT, "CERT"},
        {PayloadType::CERTREQ, "CERTREQ"},
        {PayloadType::AUTH, "AUTH"},
        {PayloadType::NONCE, "Nonce"},
        {PayloadType::NOTIFY, "N"},
        {PayloadType::DELETE, "D"},
        {PayloadType::VENDOR_ID, "V"},
        {PayloadType::TSI, "TSi"},
        {PayloadType::TSR, "TSr"},
        {PayloadType::SK, "SK"},
        {PayloadType::CP, "CP"},
        {PayloadType::EAP, "EAP"},
    };
    return NameOf(NAMES, type);
}

const char*
ToString(NotifyType type)
{
    static constexpr Named<NotifyType> NAMES[] = {
        {NotifyType::UNSUPPORTED_CRITICAL_PAYLOAD, "UNSUPPORTED_CRITICAL_PAYLOAD"},
        {NotifyType::INVALID_IKE_SPI, "INVALID_IKE_SPI"},
        {NotifyType::INVALID_SYNTAX, "INVALID_SYNTAX"},
        {NotifyType::INVALID_MESSAGE_ID, "INVALID_MESSAGE_ID"},
        {NotifyType::NO_PROPOSAL_CHOSEN, "NO_PROPOSAL_CHOSEN"},
        {NotifyType::INVALID_KE_PAYLOAD, "INVALID_KE_PAYLOAD"},
        {NotifyType::AUTHENTICATION_FAILED, "AUTHENTICATION_FAILED"},
        {NotifyType::SINGLE_PAIR_REQUIRED, "SINGLE_PAIR_REQUIRED"},
        {NotifyType::NO_ADDITIONAL_SAS, "NO_ADDITIONAL_SAS"},
        {NotifyType::TS_UNACCEPTABLE, "TS_UNACCEPTABLE"},
        {NotifyType::TEMPORARY_FAILURE, "TEMPORARY_FAILURE"},
        {NotifyType::CHILD_SA_NOT_FOUND, "CHILD_SA_NOT_FOUND"},
        {NotifyType::INITIAL_CONTACT, "INITIAL_CONTACT"},
        {NotifyType::COOKIE, "COOKIE"},
        {NotifyType::REKEY_SA, "REKEY_SA"},
        {NotifyType::SIGNATURE_HASH_ALGORITHMS, "SIGNATURE_HASH_ALGORITHMS"},
    };
    return NameOf(NAMES, type);
}

const NotifyPayload*
FindNotify(const Payloads& payloads, NotifyType type)
{
    for (const auto& payload : payloads)
    {
        const auto* notify = std::get_if<NotifyPayload>(&payload.body);
        if (notify && notify->type == type)
        {
            return notify;
        }
    }
    return nullptr;
}

const NotifyPayload*
FindError(const Payloads& payloads)
{
    for (const auto& payload : payloads)
    {
        const auto* notify = std::get_if<NotifyPayload>(&payload.body);
        if (notify && static_cast<uint16_t>(notify->type) < FIRST_STATUS_NOTIFY)
        {
            return notify;
        }
    }
    return nullptr;
}

Result<Message>
Decode(ByteView datagram)
{
    Message message;
    uint32_t size = 0;
    Decoder decoder(datagram);
    if (!DescribeHeader(decoder, message.header, size))
    {
        return CodecError::TRUNCATED;
    }
    if (message.header.version >> 4 != VERSION >> 4)
    {
        return CodecError::BAD_VERSION;
    }
    if (size != datagram.size())
    {
        return size > datagram.size() ? CodecError::TRUNCATED : CodecError::OVERLONG;
    }
    const auto error = ReadChain(message.header.nextPayload,
                                 datagram.Sub(HEADER_SIZE),
                                 message.payloads,
                                 &message.encrypted);
    if (error != CodecError::NONE)
    {
        return error;
    }
    if (message.encrypted)
    {
        message.encrypted->offset += HEADER_SIZE;
    }
    return message;
}

Result<Payloads>
DecodePayloads(PayloadType first, ByteView octets)
{
    Payloads payloads;
    const auto error = ReadChain(first, octets, payloads, nullptr);
    if (error != CodecError::NONE)
    {
        return error;
    }
    return payloads;
}

Bytes
EncodeHeader(const Header& header, std::size_t size)
{
    Bytes out;
    Encoder encoder(out);
    auto size32 = static_cast<uint32_t>(size);
    DescribeHeader(encoder, header, size32);
    return out;
}

Bytes
EncodePayloads(const Payloads& payloads)
{
    Bytes out;
    for (std::size_t i = 0; i < payloads.size(); ++i)
    {
        Bytes body;
        Encoder encoder(body);
        std::visit([&encoder](const auto& content) { Describe(encoder, content); },
                   payloads[i].body);
        Writer writer(out);
        writer.U8(static_cast<uint8_t>(i + 1 < payloads.size() ? payloads[i + 1].type
                                                               : PayloadType::NONE));
        writer.U8(payloads[i].isCritical ? CRITICAL : 0);
        writer.U16(static_cast<uint16_t>(body.size() + PAYLOAD_HEADER_SIZE));
        writer.Octets(body);
    }
    return out;
}

Bytes
Encode(Header header, const Payloads& payloads)
{
    header.nextPayload = payloads.empty() ? PayloadType::NONE : payloads[0].type;
    const Bytes chain = EncodePayloads(payloads);
    Bytes out = EncodeHeader(header, HEADER_SIZE + chain.size());
    out.insert(out.end(), chain.begin(), chain.end());
    return out;
}

Bytes
EncodeBody(const IdPayload& id)
{
    Bytes out;
    Encoder encoder(out);
    Describe(encoder, id);
    return out;
}

IdPayload
IdOf(const std::string& name)
{
    IdPayload id;
    id.type = name.find('@') == std::string::npos ? ID_FQDN : ID_RFC822_ADDR;
    id.data.assign(name.begin(), name.end());
    return id;
}

} // namespace ns3::mis::ikev2
