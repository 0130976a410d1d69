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

#include <algorithm>

class EphemeralKeyRemedy : public ns3::mis::KeyDeliveryRemedy
{
  public:
    static ns3::TypeId GetTypeId()
    {
        static ns3::TypeId tid = ns3::TypeId("EphemeralKeyRemedy")
                                     .SetParent<ns3::mis::KeyDeliveryRemedy>()
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

    void PrepareRequest(ns3::mis::MobileNodeContext& context,
                        ns3::mis::PreregXferRequest& request) const override
    {
        const auto pair = ns3::mis::X25519KeyPair::Generate(context.crypto);
        context.remedyState = pair.priv;
        request.unknown.push_back({PUBLIC_KEY_TLV, {pair.pub.begin(), pair.pub.end()}});
    }

    ns3::mis::Status Issue(ns3::mis::ServingContext& context,
                           const ns3::mis::PreregXferRequest& request,
                           ns3::mis::N2nPreregXferRequest& toTarget) const override
    {
        toTarget.unknown = request.unknown;
        return context.isProtected ? ns3::mis::Status::SUCCESS
                                   : ns3::mis::Status::AUTHORIZATION_FAILURE;
    }

    void Answer(ns3::mis::ServingContext&,
                const ns3::mis::N2nPreregXferResponse& fromTarget,
                ns3::mis::PreregXferResponse& toMobileNode) const override
    {
        toMobileNode.unknown = fromTarget.unknown;
    }

    ns3::mis::KeyDecision AcceptAtTarget(ns3::mis::TargetContext& context,
                                         const ns3::mis::N2nPreregXferRequest& request,
                                         ns3::mis::N2nPreregXferResponse& response) const override
    {
        const auto pair = ns3::mis::X25519KeyPair::Generate(context.crypto);
        response.unknown.push_back({PUBLIC_KEY_TLV, {pair.pub.begin(), pair.pub.end()}});
        return context.isProtected ? Agree(context, pair.priv, request.unknown)
                                   : ns3::mis::KeyDecision::REFUSED;
    }

    ns3::mis::KeyDecision AcceptAtMobileNode(
        ns3::mis::MobileNodeContext& context,
        const ns3::mis::PreregXferResponse* response) const override
    {
        return response && context.isProtected
                   ? Agree(context, context.remedyState, response->unknown)
                   : ns3::mis::KeyDecision::REFUSED;
    }

  private:
    static constexpr uint8_t PUBLIC_KEY_TLV = 200; // experimental range

    static ns3::mis::KeyDecision Agree(ns3::mis::KeyDeliveryContext& context,
                                       const ns3::mis::SecretBytes& own,
                                       const std::vector<ns3::mis::UnknownTlv>& tlvs)
    {
        const auto peer = std::find_if(tlvs.begin(), tlvs.end(), [](const auto& tlv) {
            return tlv.type == PUBLIC_KEY_TLV && tlv.value.size() == ns3::mis::X25519_SIZE;
        });
        if (peer == tlvs.end())
        {
            return ns3::mis::KeyDecision::REFUSED;
        }
        const auto shared = ns3::mis::X25519KeyPair::Derive(context.crypto, own, peer->value);
        if (!shared)
        {
            return ns3::mis::KeyDecision::REFUSED;
        }
        ns3::mis::KdfContext pair;
        pair.LengthPrefixed(context.mn.View()).LengthPrefixed(context.tpos.View());
        context.key = ns3::mis::Kdf(context.crypto,
                                    ns3::mis::DefaultPrf(),
                                    *shared,
                                    "EPHEMERAL K",
                                    pair.View(),
                                    ns3::mis::KEY_DERIVATION_KEY_OCTETS);
        return ns3::mis::KeyDecision::ACCEPTED;
    }
};

#endif // EPHEMERAL_KEY_REMEDY_H
