// SPDX-License-Identifier: GPL-2.0-only

#include "mis-directory.h"

#include "ns3/abort.h"

#include <sstream>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(PosDirectory);

namespace
{

std::string
KeyOf(const LinkId& link)
{
    std::ostringstream key;
    key << link;
    return key.str();
}

} // namespace

TypeId
PosDirectory::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::PosDirectory")
                            .SetParent<Object>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<PosDirectory>();
    return tid;
}

void
PosDirectory::Add(PosRecord record)
{
    NS_ABORT_MSG_IF(record.id.IsEmpty(), "PosDirectory: a record needs a MISF identifier");
    auto it = m_byId.find(record.id);
    PosRecord* stored;
    if (it != m_byId.end())
    {
        stored = it->second;
        for (const auto& link : stored->links)
        {
            m_byLink.erase(KeyOf(link));
        }
        *stored = std::move(record);
    }
    else
    {
        m_records.push_back(std::make_unique<PosRecord>(std::move(record)));
        stored = m_records.back().get();
        m_byId.emplace(stored->id, stored);
    }
    for (const auto& link : stored->links)
    {
        m_byLink[KeyOf(link)] = stored;
    }
}

const PosRecord*
PosDirectory::Find(ByteView id) const
{
    const auto it = m_byId.find(id);
    return it == m_byId.end() ? nullptr : it->second;
}

const PosRecord*
PosDirectory::FindByLink(const LinkId& link) const
{
    const auto it = m_byLink.find(KeyOf(link));
    return it == m_byLink.end() ? nullptr : it->second;
}

} // namespace ns3::mis
