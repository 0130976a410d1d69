// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief The less frequent parts of the writer and reader of octets.
 */
#include "mis-tlv.h"

namespace ns3::mis
{

namespace
{

/**
 * @brief Write a length.
 * @param length the length
 * @param out nine octets or more
 * @return octets written
 */
std::size_t
PutLength(std::size_t length, uint8_t* out)
{
    if (length <= 128)
    {
        out[0] = static_cast<uint8_t>(length);
        return 1;
    }
    const std::size_t size = LengthSize(length);
    std::size_t rest = length - 128;
    for (std::size_t i = size; i-- > 1; rest >>= 8)
    {
        out[i] = static_cast<uint8_t>(rest);
    }
    out[0] = static_cast<uint8_t>(0x80 + size - 1);
    return size;
}

/**
 * @brief Replace the one octet before a value by its length.
 * @param octets the vector that ends with the value
 * @param mark where the value begins
 */
template <class C>
void
PatchLength(C& octets, std::size_t mark)
{
    uint8_t length[1 + sizeof(std::size_t)];
    const std::size_t size = PutLength(octets.size() - mark, length);
    octets[mark - 1] = length[0];
    if (size > 1)
    {
        octets.insert(octets.begin() + static_cast<std::ptrdiff_t>(mark),
                      length + 1,
                      length + size);
    }
}

} // namespace

const char*
TlvName(uint8_t type)
{
    switch (type)
    {
    case tlv::SOURCE_ID:
        return "Source id";
    case tlv::DESTINATION_ID:
        return "Destination id";
    case tlv::STATUS:
        return "Status";
    case tlv::LINK_TYPE:
        return "Link type";
    case tlv::EVENT_LIST:
        return "Event list";
    case tlv::COMMAND_LIST:
        return "Command list";
    case tlv::QUERY_TYPE_LIST:
        return "Query type list";
    case tlv::TRANSPORT_OPTION_LIST:
        return "Transport option list";
    case tlv::LINK_ADDRESS_LIST:
        return "Link address list";
    case tlv::MBB_HANDOVER_SUPPORT:
        return "MBB HO support";
    case tlv::LINK_IDENTIFIER:
        return "Link identifier";
    case tlv::OLD_ACCESS_ROUTER:
        return "Old access router";
    case tlv::NEW_ACCESS_ROUTER:
        return "New access router";
    case tlv::IP_RENEWAL_FLAG:
        return "IP renewal flag";
    case tlv::MOBILITY_MANAGEMENT_SUPPORT:
        return "Mobility management support";
    case tlv::LINK_DOWN_REASON:
        return "Link down reason";
    case tlv::TIME_INTERVAL:
        return "Time interval";
    case tlv::LINK_GOING_DOWN_REASON:
        return "Link going down reason";
    case tlv::LINK_PARAMETER_REPORT_LIST:
        return "Link parameter report list";
    case tlv::LINK_IDENTIFIER_LIST:
        return "Link identifier list";
    case tlv::HANDOVER_RESULT:
        return "HO result";
    case tlv::RESOURCE_STATUS:
        return "Resource status";
    case tlv::MOBILE_NODE_ID:
        return "Mobile node id";
    case tlv::TARGET_NETWORK_INFO:
        return "Target network info";
    case tlv::ASSIGNED_RESOURCE_SET:
        return "Assigned resource set";
    case tlv::LINK_DETECTED_INFO_LIST:
        return "Link detected info list";
    case tlv::MN_LINK_ID:
        return "MN link id";
    case tlv::POA:
        return "PoA";
    case tlv::REQUESTED_RESOURCE_SET:
        return "Requested resource set";
    case assigned::TLV_CIPHERSUITE:
        return "Ciphersuite code";
    case assigned::TLV_NONCE:
        return "Nonce";
    case assigned::TLV_PROTECTED_KEY:
        return "Protected Key";
    case assigned::TLV_KEY_LIFETIME:
        return "KeyLifeTime";
    case assigned::TLV_LINK_LAYER_INFORMATION:
        return "Link Layer Information";
    case assigned::TLV_TPOS_ID:
        return "TPoS identifier";
    case assigned::TLV_NETWORK_ACCESS_IDENTIFIER:
        return "Network access identifier";
    case assigned::TLV_SAID:
        return "SAID";
    case assigned::TLV_SECURITY:
        return "Security";
    case assigned::TLV_AUTHENTICATION_INFORMATION:
        return "Authentication information";
    case assigned::TLV_AUTH:
        return "AUTH";
    case assigned::TLV_SECURITY_CAPABILITY:
        return "Security capability";
    case assigned::TLV_KEY_MAPPING:
        return "Key mapping";
    case assigned::TLV_GROUP_ID:
        return "Group identifier";
    case assigned::TLV_GROUP_ACTION:
        return "Group management action";
    case assigned::TLV_COMPLETE_SUBTREE:
        return "Complete subtree";
    case assigned::TLV_GROUP_KEY_DATA:
        return "Group key data";
    case assigned::TLV_VERIFY_GROUP_KEY:
        return "Verify group key";
    case assigned::TLV_SEQUENCE_NUMBER:
        return "Sequence number";
    case assigned::TLV_SIGNATURE:
        return "Signature";
    case assigned::TLV_RESPONSE_FLAG:
        return "Response flag";
    case assigned::TLV_SUBTREE_FLAG:
        return "Subtree flag";
    case assigned::TLV_GROUP_KEY_UPDATE_FLAG:
        return "Group key update flag";
    case assigned::TLV_SAID_NOTIFICATION:
        return "SAID notification";
    case assigned::TLV_SUBGROUP_RANGE:
        return "Subgroup range";
    case assigned::TLV_MEMBER_LIST:
        return "Member list";
    case assigned::TLV_CERTIFICATE:
        return "Certificate";
    case assigned::TLV_TIMESTAMP:
        return "Timestamp";
    case assigned::TLV_MEMBER_ADDRESSES:
        return "Member addresses";
    default:
        return nullptr;
    }
}

void
Writer::Length(std::size_t length)
{
    if (length <= 128)
    {
        U8(static_cast<uint8_t>(length));
        return;
    }
    uint8_t octets[1 + sizeof(std::size_t)];
    Octets(ByteView(octets, PutLength(length, octets)));
}

void
Writer::EndTlv(std::size_t mark)
{
    if (m_bytes)
    {
        PatchLength(*m_bytes, mark);
    }
    else
    {
        PatchLength(*m_secret, mark);
    }
}

bool
Reader::LongLength(std::size_t octets, std::size_t& length)
{
    // Three octets suffice for anything that fits into a frame. A leading zero would give one
    // length two forms, and signed octets must have one form only.
    if (octets > 3)
    {
        return Fail(CodecError::BAD_LENGTH);
    }
    if (octets > Remaining())
    {
        return Fail(CodecError::TRUNCATED);
    }
    if (*m_at == 0)
    {
        return Fail(CodecError::BAD_LENGTH);
    }
    length = 0;
    for (std::size_t i = 0; i < octets; ++i)
    {
        length = length << 8 | *m_at++;
    }
    length += 128;
    return true;
}

} // namespace ns3::mis
