// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A user's own remedy: MN and TPoS agree on K by an ephemeral X25519 exchange that both SAs of the
 * SPoS authenticate, so that an SPoS that only listens does not learn K. An SPoS that puts itself
 * in the middle still does. Copy this file as a start for another remedy.
 */
#ifndef EPHEMERAL_KEY_REMEDY_H
#define EPHEMERAL_KEY_REMEDY_H

#include "ns3/mis-kdf.h"
#include "ns3/mis-key-agreement.h"
#include "ns3/mis-key-delivery-remedy.h"

namespace ns3::mis
{

class EphemeralKeyRemedy : public KeyDeliveryRemedy
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("EphemeralKeyRemedy")
                                .SetParent<KeyDeliveryRemedy>()
                                .AddConstructor<EphemeralKeyRemedy>();
        return tid;
    }

    std::string GetName() const override
    {
        return "ephemeral";
    }

    std::string GetSecurityConsiderations() const override
    {
        return "An SPoS that only listens does not learn K; one that replaces the public keys it "
               "relays does, so the domino effect is weakened, not removed.";
    }

    void PrepareRequest(MobileNodeContext& context, PreregXferRequest& request) const override
    {
        context.remedyState = Offer(context, request.unknown);
    }

    Status Issue(ServingContext& context,
                 const PreregXferRequest& request,
                 N2nPreregXferRequest& toTarget) const override
    {
        toTarget.unknown = request.unknown;
        return context.isProtected ? Status::SUCCESS : Status::AUTHORIZATION_FAILURE;
    }

    void Answer(ServingContext&,
                const N2nPreregXferResponse& fromTarget,
                PreregXferResponse& toMobileNode) const override
    {
        toMobileNode.unknown = fromTarget.unknown;
    }

    KeyDecision AcceptAtTarget(TargetContext& context,
                               const N2nPreregXferRequest& request,
                               N2nPreregXferResponse& response) const override
    {
        const auto own = Offer(context, response.unknown);
        return Agree(context, context.isProtected, own, request.unknown);
    }

    KeyDecision AcceptAtMobileNode(MobileNodeContext& context,
                                   const PreregXferResponse* response) const override
    {
        return response
                   ? Agree(context, context.isProtected, context.remedyState, response->unknown)
                   : KeyDecision::REFUSED;
    }

  private:
    static constexpr uint8_t PUBLIC_KEY_TLV = 200; // experimental range

    /// Makes a key pair, adds its public key to a message and returns the private one.
    static SecretBytes Offer(KeyDeliveryContext& context, std::vector<UnknownTlv>& tlvs)
    {
        const auto pair = X25519KeyPair::Generate(context.crypto);
        tlvs.push_back({PUBLIC_KEY_TLV, {pair.pub.begin(), pair.pub.end()}});
        return pair.priv;
    }

    /// Makes K of the own private key and the other end's public key, if it has come protected.
    static KeyDecision Agree(KeyDeliveryContext& context,
                             bool isProtected,
                             const SecretBytes& own,
                             const std::vector<UnknownTlv>& tlvs)
    {
        for (const auto& tlv : tlvs)
        {
            const auto shared = isProtected && tlv.type == PUBLIC_KEY_TLV
                                    ? X25519KeyPair::Derive(context.crypto, own, tlv.value)
                                    : std::nullopt;
            if (shared)
            {
                KdfContext pair;
                pair.LengthPrefixed(context.mn.View()).LengthPrefixed(context.tpos.View());
                context.key = Kdf(context.crypto,
                                  DefaultPrf(),
                                  *shared,
                                  "EPHEMERAL K",
                                  pair.View(),
                                  KEY_DERIVATION_KEY_OCTETS);
                return KeyDecision::ACCEPTED;
            }
        }
        return KeyDecision::REFUSED;
    }
};

} // namespace ns3::mis

#endif // EPHEMERAL_KEY_REMEDY_H
