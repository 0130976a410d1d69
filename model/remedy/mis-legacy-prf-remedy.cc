// SPDX-License-Identifier: GPL-2.0-only

#include "mis-legacy-prf-remedy.h"

#include "ns3/abort.h"
#include "ns3/mis-assigned.h"
#include "ns3/mis-kdf.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(LegacyPrfRemedy);

namespace
{

constexpr const char* ALIGNED_WITH_NONCE_T = "AlignedWithNonceT";
constexpr const char* ALIGNED_WITHOUT_NONCE_T = "AlignedWithoutNonceT";
constexpr const char* AS_WRITTEN = "AsWritten";

SecretBytes
Xor(ByteView a, ByteView b)
{
    auto out = SecretBytes::Zeros(a.size());
    for (size_t i = 0; i < a.size(); ++i)
    {
        out.data()[i] = a[i] ^ b[i];
    }
    return out;
}

void
Log(const KeyDeliveryContext& context,
    const MisfId& receiver,
    const MisfId& sender,
    const Prf& prf,
    ByteView key)
{
    if (context.log)
    {
        context.log->Mask(receiver, sender, std::string(prf.Name()), key);
    }
}

} // namespace

TypeId
LegacyPrfRemedy::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::LegacyPrfRemedy")
            .SetParent<KeyDeliveryRemedy>()
            .SetGroupName("MisPrereg")
            .AddConstructor<LegacyPrfRemedy>()
            .AddAttribute("Prf",
                          "Pseudo-random function: HMAC-SHA-256, HMAC-SHA-1, AES-CMAC, or one of "
                          "the deliberately insecure INSECURE-CONSTANT, INSECURE-LINEAR-XOR, "
                          "INSECURE-TRUNCATED, INSECURE-UNKEYED.",
                          StringValue("HMAC-SHA-256"),
                          MakeStringAccessor(&LegacyPrfRemedy::m_prf),
                          MakeStringChecker())
            .AddAttribute("Formula",
                          "Inputs of the PRF on the MN hop: AlignedWithNonceT (TPoS id, Nonce-T, "
                          "Nonce-N at both ends), AlignedWithoutNonceT (TPoS id, Nonce-N at both "
                          "ends), AsWritten (the ends differ, as in the clause, so that the MN "
                          "never gets K).",
                          StringValue(ALIGNED_WITH_NONCE_T),
                          MakeStringAccessor(&LegacyPrfRemedy::m_formula),
                          MakeStringChecker())
            .AddAttribute("KeyLifetime",
                          "Lifetime of K in seconds.",
                          UintegerValue(assigned::KEY_LIFETIME_S),
                          MakeUintegerAccessor(&LegacyPrfRemedy::m_keyLifetime),
                          MakeUintegerChecker<uint32_t>(1));
    return tid;
}

std::string
LegacyPrfRemedy::GetName() const
{
    return "legacy";
}

std::string
LegacyPrfRemedy::GetSecurityConsiderations() const
{
    return "Unsafe, kept as a baseline. The domino effect remains: the SPoS makes K and knows it, "
           "so whoever controls one SPoS learns the key of every later hop it relays. K is only as "
           "secret as the unspecified PRF is strong, has no integrity (a flipped bit of the "
           "payload flips a bit of K), and a repeated nonce leaks the xor of two keys.";
}

void
LegacyPrfRemedy::CheckConfig() const
{
    if (!FindPrf(m_prf))
    {
        std::string allowed;
        for (const auto& name : PrfNames())
        {
            allowed += (allowed.empty() ? "" : ", ") + name;
        }
        NS_FATAL_ERROR("LegacyPrfRemedy: attribute Prf is \"" << m_prf << "\", allowed are "
                                                              << allowed);
    }
    if (m_formula != ALIGNED_WITH_NONCE_T && m_formula != ALIGNED_WITHOUT_NONCE_T &&
        m_formula != AS_WRITTEN)
    {
        NS_FATAL_ERROR("LegacyPrfRemedy: attribute Formula is \""
                       << m_formula << "\", allowed are " << ALIGNED_WITH_NONCE_T << ", "
                       << ALIGNED_WITHOUT_NONCE_T << ", " << AS_WRITTEN);
    }
}

const Prf&
LegacyPrfRemedy::GetPrf() const
{
    return *FindPrf(m_prf);
}

void
LegacyPrfRemedy::PrepareRequest(MobileNodeContext& context, PreregXferRequest& request) const
{
    // The clause relies on the mask alone.
    context.wantsProtection = false;
    context.nonceT.emplace();
    context.crypto.Random(context.nonceT->data(), context.nonceT->size());
    request.nonceT = context.nonceT;
}

Status
LegacyPrfRemedy::Issue(ServingContext& context,
                       const PreregXferRequest& request,
                       N2nPreregXferRequest& toTarget) const
{
    if (!context.mnSa || !request.nonceT)
    {
        return Status::AUTHORIZATION_FAILURE;
    }
    if (!context.tposSa)
    {
        return Status::REJECTED;
    }
    context.nonceT = request.nonceT;
    context.nonceN.emplace();
    context.crypto.Random(context.nonceN->data(), context.nonceN->size());
    context.key = context.crypto.RandomSecret(KEY_DERIVATION_KEY_OCTETS);
    context.keyLifetime = m_keyLifetime;
    const auto mask = DeriveKeyMask(context.crypto,
                                    GetPrf(),
                                    context.tposSa->miak,
                                    context.mn,
                                    &*context.nonceT,
                                    &*context.nonceN,
                                    context.key.size());
    Log(context, context.tpos, context.spos, GetPrf(), context.tposSa->miak);
    const auto masked = Xor(context.key, mask);
    toTarget.protectedKey.emplace(masked.View().begin(), masked.View().end());
    toTarget.nonceT = context.nonceT;
    toTarget.nonceN = context.nonceN;
    toTarget.keyLifetime = m_keyLifetime;
    return Status::SUCCESS;
}

void
LegacyPrfRemedy::Answer(ServingContext& context,
                        const N2nPreregXferResponse&,
                        PreregXferResponse& toMobileNode) const
{
    const bool withNonceT = m_formula == ALIGNED_WITH_NONCE_T;
    const auto mask = DeriveKeyMask(context.crypto,
                                    GetPrf(),
                                    context.mnSa->miak,
                                    context.tpos,
                                    withNonceT ? &*context.nonceT : nullptr,
                                    &*context.nonceN,
                                    context.key.size());
    Log(context, context.mn, context.spos, GetPrf(), context.mnSa->miak);
    const auto masked = Xor(context.key, mask);
    toMobileNode.protectedKey.emplace(masked.View().begin(), masked.View().end());
    toMobileNode.nonceN = context.nonceN;
    toMobileNode.keyLifetime = context.keyLifetime;
}

KeyDecision
LegacyPrfRemedy::AcceptAtTarget(TargetContext& context,
                                const N2nPreregXferRequest& request,
                                N2nPreregXferResponse&) const
{
    if (!context.sposSa || !request.protectedKey || !request.nonceT || !request.nonceN ||
        !request.keyLifetime || request.protectedKey->size() != KEY_DERIVATION_KEY_OCTETS)
    {
        return KeyDecision::REFUSED;
    }
    // Nothing in the payload proves freshness to the TPoS, so it has to remember.
    KdfContext seen;
    seen.LengthPrefixed(context.mn.View()).Raw(*request.nonceT).Raw(*request.nonceN);
    const auto view = seen.View();
    if (!context.seenNonces->Insert(
            std::string(reinterpret_cast<const char*>(view.data()), view.size())))
    {
        return KeyDecision::REFUSED;
    }
    context.nonceT = request.nonceT;
    context.nonceN = request.nonceN;
    context.keyLifetime = *request.keyLifetime;
    const auto mask = DeriveKeyMask(context.crypto,
                                    GetPrf(),
                                    context.sposSa->miak,
                                    context.mn,
                                    &*request.nonceT,
                                    &*request.nonceN,
                                    KEY_DERIVATION_KEY_OCTETS);
    context.key = Xor(*request.protectedKey, mask);
    return KeyDecision::ACCEPTED;
}

KeyDecision
LegacyPrfRemedy::AcceptAtMobileNode(MobileNodeContext& context,
                                    const PreregXferResponse* response) const
{
    if (!response || !context.sposSa || !response->protectedKey || !response->nonceN ||
        !response->keyLifetime || response->protectedKey->size() != KEY_DERIVATION_KEY_OCTETS)
    {
        return KeyDecision::REFUSED;
    }
    context.nonceN = response->nonceN;
    context.keyLifetime = *response->keyLifetime;
    const bool withNonceT = m_formula != ALIGNED_WITHOUT_NONCE_T;
    const auto mask = DeriveKeyMask(context.crypto,
                                    GetPrf(),
                                    context.sposSa->miak,
                                    context.tpos,
                                    withNonceT ? &*context.nonceT : nullptr,
                                    &*context.nonceN,
                                    KEY_DERIVATION_KEY_OCTETS);
    context.key = Xor(*response->protectedKey, mask);
    return KeyDecision::ACCEPTED;
}

} // namespace ns3::mis
