// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Identifiers, and the names of messages.
 */
#include "mis-identifiers.h"

#include "ns3/fatal-error.h"

namespace ns3::mis
{

namespace
{

/** @brief The names that one message has with each operation code, and in the contribution. */
struct NameRow
{
    uint8_t sid;              //!< service identifier
    uint16_t aid;             //!< action identifier
    const char* names[4];     //!< by operation code
    const char* contribution; //!< in the contribution
};

#define MIS_NAMES(name)                                                                            \
    {                                                                                              \
        name " confirm", name " request", name " response", name " indication"                     \
    }

/** All messages of IEEE 802.21 and its amendments, and the project's own (PA-2, PA-3). */
constexpr NameRow NAME_ROWS[] = {
    {1, 1, MIS_NAMES("Capability_Discover"), "MIS_Capability_Discover"},
    {1, 2, MIS_NAMES("Register"), "MIS_Register"},
    {1, 3, MIS_NAMES("DeRegister"), "MIS_DeRegister"},
    {1, 4, MIS_NAMES("Event_Subscribe"), "MIS_Event_Subscribe"},
    {1, 5, MIS_NAMES("Event_Unsubscribe"), "MIS_Event_Unsubscribe"},
    {1, 6, MIS_NAMES("Auth"), "MIS_Auth"},
    {1, 7, MIS_NAMES("Termination_Auth"), "MIS_Termination_Auth"},
    {1, 8, MIS_NAMES("Push_Key"), "MIS_Push_Key"},
    {1, 9, MIS_NAMES("LL_Auth"), "MIS_LL_Auth"},
    {1,
     assigned::AID_MN_GROUP_MANIPULATE,
     MIS_NAMES("MN_Group_Manipulate"),
     "MIS_MN_Group_Manipulate"},
    {1,
     assigned::AID_NET_GROUP_MANIPULATE,
     MIS_NAMES("Net_Group_Manipulate"),
     "MIS_Push_Group_Manipulate"},
    {1, assigned::AID_PULL_CERTIFICATE, MIS_NAMES("Pull_Certificate"), "MIS_Pull_Certificate"},
    {1, assigned::AID_PUSH_CERTIFICATE, MIS_NAMES("Push_Certificate"), "MIS_Push_Certificate"},
    {1,
     assigned::AID_REVOKE_CERTIFICATE,
     MIS_NAMES("Revoke_Certificate"),
     "MIS_Revoke_Certificate"},
    {2, 1, MIS_NAMES("Link_Detected"), "MIS_Link_Detected"},
    {2, 2, MIS_NAMES("Link_Up"), "MIS_Link_Up"},
    {2, 3, MIS_NAMES("Link_Down"), "MIS_Link_Down"},
    {2, 5, MIS_NAMES("Link_Parameters_Report"), "MIS_Link_Parameters_Report"},
    {2, 6, MIS_NAMES("Link_Going_Down"), "MIS_Link_Going_Down"},
    {2, 7, MIS_NAMES("Link_Handover_Imminent"), "MIS_Link_Handover_Imminent"},
    {2, 8, MIS_NAMES("Link_Handover_Complete"), "MIS_Link_Handover_Complete"},
    {3, 1, MIS_NAMES("Link_Get_Parameters"), "MIS_Link_Get_Parameters"},
    {3, 2, MIS_NAMES("Link_Configure_Thresholds"), "MIS_Link_Configure_Thresholds"},
    {3, 3, MIS_NAMES("Link_Actions"), "MIS_Link_Actions"},
    {3, 4, MIS_NAMES("Net_HO_Candidate_Query"), "MIS_Net_HO_Candidate_Query"},
    {3, 5, MIS_NAMES("MN_HO_Candidate_Query"), "MIS_MN_HO_Candidate_Query"},
    {3, 6, MIS_NAMES("N2N_HO_Query_Resources"), "MIS_N2N_HO_Query_Resources"},
    {3, 7, MIS_NAMES("MN_HO_Commit"), "MIS_MN_HO_Commit"},
    {3, 8, MIS_NAMES("Net_HO_Commit"), "MIS_Net_HO_Commit"},
    {3, 9, MIS_NAMES("N2N_HO_Commit"), "MIS_N2N_HO_Commit"},
    {3, 10, MIS_NAMES("MN_HO_Complete"), "MIS_MN_HO_Complete"},
    {3, 11, MIS_NAMES("N2N_HO_Complete"), "MIS_N2N_HO_Complete"},
    {3, 12, MIS_NAMES("Net_HO_Bcst_Commit"), "MIS_Net_HO_Bcst_Commit"},
    {3, 13, MIS_NAMES("Prereg_Xfer"), "MIS_Prereg_Xfer"},
    {3, 14, MIS_NAMES("N2N_Prereg_Xfer"), "MIS_N2N_Prereg_Xfer"},
    {3, assigned::AID_GROUP_KEY_REQUEST, MIS_NAMES("Group_Key_Request"), "MIS_Group_Key_Request"},
    {4, 1, MIS_NAMES("Get_Information"), "MIS_Get_Information"},
    {4, 2, MIS_NAMES("Push_Information"), "MIS_Push_Information"},
};

#undef MIS_NAMES

/**
 * @brief Look up the names of a message.
 * @param mid the message
 * @return the names, nullptr for none
 */
const NameRow*
FindNames(MessageId mid)
{
    for (const NameRow& row : NAME_ROWS)
    {
        if (row.sid == mid.Sid() && row.aid == mid.Aid())
        {
            return &row;
        }
    }
    return nullptr;
}

} // namespace

MisfId::MisfId(std::string id)
{
    if (id.size() > MAX_SIZE)
    {
        NS_FATAL_ERROR("an identifier of " << id.size() << " octets is too long");
    }
    if (!id.empty())
    {
        const std::size_t hash = std::hash<std::string_view>()(id);
        m_shared = std::make_shared<const Shared>(Shared{std::move(id), hash});
    }
}

const std::string&
MisfId::Empty()
{
    static const std::string empty;
    return empty;
}

const char*
ToString(IdType type)
{
    switch (type)
    {
    case IdType::TLS:
        return "TLS";
    case IdType::EAP:
        return "EAP";
    case IdType::GKB:
        return "GKB";
    case IdType::PREREGISTRATION:
        return "PREREGISTRATION";
    case IdType::TRANSPORT:
        return "TRANSPORT";
    }
    return "unknown";
}

std::ostream&
operator<<(std::ostream& os, IdType type)
{
    return os << ToString(type);
}

Said
Said::Make(IdType type, uint32_t value)
{
    Said said;
    said.type = type;
    for (int shift = 24; shift >= 0; shift -= 8)
    {
        said.value.push_back(static_cast<uint8_t>(value >> shift));
    }
    return said;
}

Said
Said::Make(IdType type, ByteView value)
{
    if (value.size() > MAX_SIZE)
    {
        NS_FATAL_ERROR("an ID_VALUE of " << value.size() << " octets is too long");
    }
    Said said;
    said.type = type;
    said.value.assign(value.begin(), value.end());
    return said;
}

const char*
MessageName(MessageId mid)
{
    const NameRow* row = FindNames(mid);
    return row ? row->names[static_cast<uint8_t>(mid.Opcode())] : "unknown";
}

const char*
ContributionName(MessageId mid)
{
    const NameRow* row = FindNames(mid);
    return row ? row->contribution : "unknown";
}

std::ostream&
operator<<(std::ostream& os, MessageId mid)
{
    return os << MessageName(mid);
}

} // namespace ns3::mis
