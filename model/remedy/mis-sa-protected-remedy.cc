// SPDX-License-Identifier: GPL-2.0-only

#include "mis-sa-protected-remedy.h"

#include "ns3/mis-assigned.h"
#include "ns3/uinteger.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(SaProtectedRemedy);

TypeId
SaProtectedRemedy::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::SaProtectedRemedy")
                            .SetParent<KeyDeliveryRemedy>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<SaProtectedRemedy>()
                            .AddAttribute("KeyLifetime",
                                          "Lifetime of K in seconds.",
                                          UintegerValue(assigned::KEY_LIFETIME_S),
                                          MakeUintegerAccessor(&SaProtectedRemedy::m_keyLifetime),
                                          MakeUintegerChecker<uint32_t>(1));
    return tid;
}

std::string
SaProtectedRemedy::GetName() const
{
    return "remedy1";
}

std::string
SaProtectedRemedy::GetSecurityConsiderations() const
{
    return "The domino effect remains: the SPoS makes K and knows it, so whoever controls one SPoS "
           "learns the key of every later hop it relays, until the MN authenticates in full. "
           "Confidentiality, integrity and replay protection of K are those of the SAs MN-SPoS "
           "and SPoS-TPoS.";
}

Status
SaProtectedRemedy::Issue(ServingContext& context,
                         const PreregXferRequest& request,
                         N2nPreregXferRequest& toTarget) const
{
    if (!context.mnSa || !context.isProtected)
    {
        return Status::AUTHORIZATION_FAILURE;
    }
    if (!context.tposSa)
    {
        return Status::REJECTED;
    }
    context.key = context.crypto.RandomSecret(KEY_DERIVATION_KEY_OCTETS);
    context.nonceT = request.nonceT; // absent by default; if the MN sends one it is used
    context.keyLifetime = m_keyLifetime;
    toTarget.protectedKey.emplace(context.key.View().begin(), context.key.View().end());
    toTarget.nonceT = request.nonceT;
    toTarget.keyLifetime = m_keyLifetime;
    return Status::SUCCESS;
}

void
SaProtectedRemedy::Answer(ServingContext& context,
                          const N2nPreregXferResponse&,
                          PreregXferResponse& toMobileNode) const
{
    toMobileNode.protectedKey.emplace(context.key.View().begin(), context.key.View().end());
    toMobileNode.keyLifetime = context.keyLifetime;
}

KeyDecision
SaProtectedRemedy::AcceptAtTarget(TargetContext& context,
                                  const N2nPreregXferRequest& request,
                                  N2nPreregXferResponse&) const
{
    if (!context.isProtected || !request.protectedKey || !request.keyLifetime ||
        request.protectedKey->size() != KEY_DERIVATION_KEY_OCTETS)
    {
        return KeyDecision::REFUSED;
    }
    context.key = SecretBytes(*request.protectedKey);
    context.nonceT = request.nonceT;
    context.keyLifetime = *request.keyLifetime;
    return KeyDecision::ACCEPTED;
}

KeyDecision
SaProtectedRemedy::AcceptAtMobileNode(MobileNodeContext& context,
                                      const PreregXferResponse* response) const
{
    if (!response || !context.isProtected || !response->protectedKey || !response->keyLifetime ||
        response->protectedKey->size() != KEY_DERIVATION_KEY_OCTETS)
    {
        return KeyDecision::REFUSED;
    }
    context.key = SecretBytes(*response->protectedKey);
    context.keyLifetime = *response->keyLifetime;
    return KeyDecision::ACCEPTED;
}

} // namespace ns3::mis
