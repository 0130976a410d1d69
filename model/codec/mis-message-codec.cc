// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The part of encode, decode and print that is the same for all messages.
 */
#include "mis-message-codec.h"

namespace ns3::mis::codec
{

void
FieldWriter::WriteUnknown()
{
    if (m_unknown)
    {
        for (const UnknownTlv& entry : *m_unknown)
        {
            m_writer.Tlv(entry.type, entry.value);
        }
        m_unknown = nullptr;
    }
}

FieldReader::FieldReader(ByteView body)
{
    Reader reader(body);
    uint8_t type;
    ByteView value;
    ByteView whole;
    while (!reader.AtEnd())
    {
        if (!reader.Tlv(type, value, whole))
        {
            m_error = reader.Error();
            return;
        }
        if (type != tlv::SOURCE_ID && type != tlv::DESTINATION_ID)
        {
            m_entries.push_back(Entry{value, type, false});
            m_present.Add(type);
        }
    }
    m_left = m_entries.size();
}

bool
FieldReader::Take(uint8_t type, ByteView& value)
{
    m_listed.Add(type);
    if (m_error != CodecError::NONE || m_left == 0 || !m_present.Has(type))
    {
        return false;
    }
    // TLVs in the order of the list are each found at once: all before them are taken already.
    while (m_entries[m_first].taken)
    {
        ++m_first;
    }
    for (std::size_t i = m_first; i < m_entries.size(); ++i)
    {
        Entry& entry = m_entries[i];
        if (entry.type == type && !entry.taken)
        {
            entry.taken = true;
            --m_left;
            value = entry.value;
            return true;
        }
    }
    return false;
}

void
FieldReader::Finish(std::vector<UnknownTlv>& unknown)
{
    if (m_error != CodecError::NONE || m_left == 0)
    {
        return;
    }
    unknown.reserve(m_left);
    for (const Entry& entry : m_entries)
    {
        if (entry.taken)
        {
            continue;
        }
        if (m_listed.Has(entry.type))
        {
            m_error = CodecError::DUPLICATE_TLV;
            return;
        }
        unknown.push_back(UnknownTlv{entry.type, Bytes(entry.value.begin(), entry.value.end())});
    }
}

void
FieldPrinter::Begin(uint8_t type)
{
    m_os << (m_first ? "" : "; ");
    m_first = false;
    if (const char* name = TlvName(type))
    {
        m_os << name << ": ";
    }
    else
    {
        m_os << "TLV " << +type << ": ";
    }
}

void
FieldPrinter::PrintUnknown(const std::vector<UnknownTlv>& unknown)
{
    for (const UnknownTlv& entry : unknown)
    {
        Begin(entry.type);
        m_os << '(' << entry.value.size() << " octets)";
    }
}

} // namespace ns3::mis::codec
