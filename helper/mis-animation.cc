// SPDX-License-Identifier: GPL-2.0-only

#include "mis-animation.h"

#include "ns3/fatal-error.h"
#include "ns3/object-factory.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(Animation);

namespace
{

constexpr const char* TYPE = "ns3::mis::NetAnimAnimation"; // registered if the build has it

} // namespace

TypeId
Animation::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::Animation").SetParent<Object>().SetGroupName("MisPrereg");
    return tid;
}

std::string
Animation::GetMissing()
{
    TypeId type;
    return TypeId::LookupByNameFailSafe(TYPE, &type)
               ? ""
               : "an animation needs module netanim of ns-3, which this build does not have";
}

Ptr<Animation>
Animation::Begin(const std::string& file, const MisHelper& mis)
{
    const auto missing = GetMissing();
    if (!missing.empty())
    {
        NS_FATAL_ERROR("Animation: " << missing);
    }
    ObjectFactory factory;
    factory.SetTypeId(TYPE);
    auto animation = factory.Create<Animation>();
    animation->DoBegin(file, mis);
    return animation;
}

} // namespace ns3::mis
