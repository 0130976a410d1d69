// SPDX-License-Identifier: GPL-2.0-only

#include "mis-key-delivery-remedy.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(KeyDeliveryRemedy);

bool
SeenNonces::Insert(std::string entry)
{
    if (!m_entries.insert(entry).second)
    {
        return false;
    }
    m_order.push_back(std::move(entry));
    if (m_order.size() > LIMIT)
    {
        m_entries.erase(m_order.front());
        m_order.pop_front();
    }
    return true;
}

TypeId
KeyDeliveryRemedy::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::KeyDeliveryRemedy").SetParent<Object>().SetGroupName("MisPrereg");
    return tid;
}

MisfId
KeyGroupId(const KeyDeliveryContext& context)
{
    return context.group.IsEmpty()
               ? PairGroupId(context.crypto, context.mn, context.tpos)
               : SharedGroupId(context.crypto, context.group, context.tpos, *context.nonceN);
}

MisfId
KeyDeliveryRemedy::GetGroup() const
{
    return MisfId();
}

void
KeyDeliveryRemedy::CheckConfig() const
{
}

void
KeyDeliveryRemedy::PrepareRequest(MobileNodeContext&, PreregXferRequest&) const
{
}

Status
KeyDeliveryRemedy::Issue(ServingContext&, const PreregXferRequest&, N2nPreregXferRequest&) const
{
    return Status::REJECTED;
}

void
KeyDeliveryRemedy::Answer(ServingContext&, const N2nPreregXferResponse&, PreregXferResponse&) const
{
}

KeyDecision
KeyDeliveryRemedy::AcceptAtTarget(TargetContext&,
                                  const N2nPreregXferRequest&,
                                  N2nPreregXferResponse&) const
{
    return KeyDecision::REFUSED;
}

KeyDecision
KeyDeliveryRemedy::AcceptAtMobileNode(MobileNodeContext&, const PreregXferResponse*) const
{
    return KeyDecision::REFUSED;
}

std::optional<Bytes>
KeyDeliveryRemedy::NextLinkFrame(MobileNodeContext&, ByteView) const
{
    return std::nullopt;
}

void
KeyDeliveryRemedy::AnswerLinkFrame(TargetContext&, ByteView, LinkFrameAnswered answered) const
{
    answered(std::nullopt);
}

} // namespace ns3::mis
