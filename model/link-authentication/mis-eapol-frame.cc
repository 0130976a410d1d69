// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief EAPOL frames (IEEE 802.1X, 11.3) with the EAPOL-Key frames and elements of IEEE 802.11.
 */
#include "mis-eapol-frame.h"

#include "mis-link-fields.h"

#include "ns3/mis-tlv.h"

#include <algorithm>

namespace ns3::mis
{

namespace
{

/** OUI of IEEE 802.11, first part of the selector of a KDE. */
constexpr std::array<uint8_t, 3> OUI_80211{0x00, 0x0f, 0xac};
/** Octets of a group key of CCMP. */
constexpr std::size_t GTK_SIZE = 16;

} // namespace

Bytes
EncodeEapol(const EapolFrame& frame)
{
    Bytes octets;
    Writer writer(octets);
    WriteLinkFields(writer, frame);
    return octets;
}

Bytes
EncodeEapol(EapolType type, ByteView body)
{
    EapolFrame frame;
    frame.type = type;
    frame.body.assign(body.begin(), body.end());
    return EncodeEapol(frame);
}

Result<EapolFrame>
DecodeEapol(ByteView octets)
{
    Reader reader(octets);
    EapolFrame frame;
    if (!ReadLinkFields(reader, frame))
    {
        return reader.Error();
    }
    if (frame.version == 0)
    {
        return CodecError::BAD_VERSION;
    }
    if (frame.type > EapolType::KEY)
    {
        return CodecError::UNKNOWN_MESSAGE;
    }
    const bool bare = frame.type == EapolType::START || frame.type == EapolType::LOGOFF;
    if (bare && !frame.body.empty())
    {
        return CodecError::OVERLONG;
    }
    return frame;
}

Bytes
EncodeEapolKey(const EapolKey& key, uint8_t version)
{
    EapolFrame frame;
    frame.version = version;
    frame.type = EapolType::KEY;
    Writer writer(frame.body);
    WriteLinkFields(writer, key);
    return EncodeEapol(frame);
}

Result<EapolKey>
DecodeEapolKey(ByteView body)
{
    Reader reader(body);
    EapolKey key;
    if (!ReadLinkFields(reader, key))
    {
        return reader.Error();
    }
    if (!reader.AtEnd())
    {
        return CodecError::OVERLONG;
    }
    if (key.descriptor != EapolKey::DESCRIPTOR)
    {
        return CodecError::UNKNOWN_MESSAGE;
    }
    return key;
}

void
KeyData::AddElement(ByteView element)
{
    Writer(m_octets).Octets(element);
}

void
KeyData::AddKde(KeyDataType type, std::initializer_list<ByteView> parts)
{
    KeyDataElement element;
    Writer value(element.value);
    value.Octets(OUI_80211);
    value.U8(static_cast<uint8_t>(type));
    for (const ByteView& part : parts)
    {
        value.Octets(part);
    }
    Writer writer(m_octets);
    WriteLinkFields(writer, element);
}

void
KeyData::AddPmkid(const Pmkid& pmkid)
{
    AddKde(KeyDataType::PMKID, {pmkid});
}

void
KeyData::AddGtk(uint8_t keyId, ByteView gtk)
{
    GtkKde kde;
    kde.keyId = keyId;
    kde.gtk.assign(gtk.begin(), gtk.end());
    SecretOctets content;
    Writer writer(content);
    WriteLinkFields(writer, kde);
    AddKde(KeyDataType::GTK, {content});
}

void
KeyData::Pad()
{
    Writer writer(m_octets);
    if (writer.Size() < WRAP_MINIMUM || writer.Size() % 8 != 0)
    {
        writer.U8(KeyDataElement::VENDOR_SPECIFIC);
    }
    while (writer.Size() < WRAP_MINIMUM || writer.Size() % 8 != 0)
    {
        writer.U8(0);
    }
}

Result<std::vector<KeyDataElement>>
KeyData::Decode(ByteView octets)
{
    std::vector<KeyDataElement> elements;
    Reader reader(octets);
    while (!reader.AtEnd())
    {
        const ByteView rest = reader.Rest();
        if (rest[0] == KeyDataElement::VENDOR_SPECIFIC && (rest.size() == 1 || rest[1] == 0))
        {
            break;
        }
        KeyDataElement element;
        if (!ReadLinkFields(reader, element))
        {
            return reader.Error();
        }
        elements.push_back(std::move(element));
    }
    return elements;
}

Bytes
KeyData::FindRsn(const std::vector<KeyDataElement>& elements)
{
    Bytes octets;
    Writer writer(octets);
    for (const KeyDataElement& element : elements)
    {
        if (element.id == KeyDataElement::RSN)
        {
            WriteLinkFields(writer, element);
            break;
        }
    }
    return octets;
}

std::optional<ByteView>
KeyData::FindKde(const std::vector<KeyDataElement>& elements, KeyDataType type)
{
    for (const KeyDataElement& element : elements)
    {
        const ByteView value(element.value);
        if (element.id == KeyDataElement::VENDOR_SPECIFIC && value.size() > OUI_80211.size() &&
            value.Sub(0, OUI_80211.size()) == ByteView(OUI_80211) &&
            value[OUI_80211.size()] == static_cast<uint8_t>(type))
        {
            return value.Sub(OUI_80211.size() + 1);
        }
    }
    return std::nullopt;
}

std::optional<GtkKde>
GtkKde::Decode(ByteView content)
{
    Reader reader(content);
    GtkKde kde;
    if (!ReadLinkFields(reader, kde) || kde.gtk.size() != GTK_SIZE)
    {
        return std::nullopt;
    }
    kde.keyId &= 0x03;
    return kde;
}

Bytes
RsnElement::Encode() const
{
    Bytes octets;
    Writer writer(octets);
    RsnElement element = *this;
    // The content behind the length: version, group, two counts, capabilities and the suites.
    element.length = static_cast<uint8_t>(2 + group.size() + 2 + 2 + 2 +
                                          (pairwise.size() + management.size()) * group.size());
    WriteLinkFields(writer, element);
    return octets;
}

Result<RsnElement>
RsnElement::Decode(ByteView octets)
{
    Reader reader(octets);
    RsnElement element;
    if (!ReadLinkFields(reader, element))
    {
        return reader.Error();
    }
    if (!reader.AtEnd())
    {
        return CodecError::OVERLONG;
    }
    if (element.id != KeyDataElement::RSN)
    {
        return CodecError::UNKNOWN_MESSAGE;
    }
    if (element.length + 2U != octets.size())
    {
        return CodecError::BAD_LENGTH;
    }
    return element;
}

} // namespace ns3::mis
