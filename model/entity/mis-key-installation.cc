// SPDX-License-Identifier: GPL-2.0-only

#include "mis-key-installation.h"

#include "ns3/abort.h"
#include "ns3/mis-group-messages.h"
#include "ns3/mis-kdf.h"
#include "ns3/mis-sa-protected-remedy.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

namespace
{

template <class M>
std::optional<OpenedBlock>
OpenBlock(Misf& misf,
          GroupKeyStore& store,
          const ReceivedMessage& message,
          bool isRequest,
          bool onlyIfMember)
{
    const auto decoded = DecodeBody<M>(message.body);
    if (!decoded)
    {
        return std::nullopt;
    }
    if (onlyIfMember &&
        (!store.IsProvisioned() ||
         GroupKeyBlock::InGroup(*decoded,
                                store.GetDeviceKeys().Leaf(),
                                store.GetDeviceKeys().Depth()) != GroupMembership::MEMBER))
    {
        return OpenedBlock{decoded->group, GroupKeyError::NOT_MEMBER, isRequest};
    }
    OpenedBlock block{decoded->group,
                      store.Process(misf.GetCrypto(), *decoded, message.frame.whole),
                      isRequest};
    if (block.error == GroupKeyError::NONE && misf.GetKeyLog())
    {
        const auto* key = store.Find(decoded->group);
        misf.GetKeyLog()->Mgk(decoded->group, key->sequenceNumber, key->mgk);
    }
    return block;
}

} // namespace

DerivedKeys
DeriveKeys(KeyDeliveryContext& context)
{
    DerivedKeys keys;
    keys.miak = DeriveMiak(context.crypto,
                           context.key,
                           context.nonceT,
                           context.nonceN,
                           context.mn,
                           context.tpos);
    keys.misk = DeriveMisk(context.crypto,
                           context.key,
                           context.ciphersuite,
                           context.nonceT,
                           context.nonceN,
                           context.mn,
                           context.tpos);
    keys.said = context.said
                    ? *context.said
                    : DeriveSaidValue(context.crypto, context.key, context.mn, context.tpos);
    return keys;
}

SecurityAssociation
MakeSa(Misf& misf, const KeyDeliveryContext& context, const DerivedKeys& keys, bool isMobileNode)
{
    const int64_t lifetimeNs = static_cast<int64_t>(context.keyLifetime) * 1000000000;
    auto sa = SecurityAssociation::Create(misf.GetCrypto(),
                                          keys.said,
                                          isMobileNode ? context.mn : context.tpos,
                                          isMobileNode ? context.tpos : context.mn,
                                          isMobileNode,
                                          context.ciphersuite,
                                          keys.misk,
                                          lifetimeNs == 0
                                              ? SecurityAssociation::NO_LIMIT
                                              : Simulator::Now().GetNanoSeconds() + lifetimeNs);
    sa.miak = keys.miak;
    return sa;
}

std::optional<OpenedBlock>
OpenGroupKeyBlock(Misf& misf,
                  GroupKeyStore& store,
                  const ReceivedMessage& message,
                  bool onlyIfMember)
{
    if (message.frame.header.mid == NetGroupManipulateRequest::ID)
    {
        return OpenBlock<NetGroupManipulateRequest>(misf, store, message, true, onlyIfMember);
    }
    return OpenBlock<NetGroupManipulateIndication>(misf, store, message, false, onlyIfMember);
}

ObjectFactory
DefaultRemedy()
{
    // By its TypeId, not by name: names are not all known yet when entities register.
    ObjectFactory factory;
    factory.SetTypeId(SaProtectedRemedy::GetTypeId());
    return factory;
}

Ptr<KeyDeliveryRemedy>
CreateRemedy(const ObjectFactory& factory, const std::string& owner)
{
    const auto type = factory.GetTypeId();
    if (!type.IsChildOf(KeyDeliveryRemedy::GetTypeId()) || !type.HasConstructor())
    {
        NS_FATAL_ERROR(owner << ": attribute Remedy is \"" << type.GetName()
                             << "\", allowed are the subclasses of ns3::mis::KeyDeliveryRemedy");
    }
    auto remedy = factory.Create<KeyDeliveryRemedy>();
    remedy->CheckConfig();
    return remedy;
}

std::string
OutcomeOf(Status status)
{
    switch (status)
    {
    case Status::SUCCESS:
        return "success";
    case Status::UNSPECIFIED_FAILURE:
        return "unspecified-failure";
    case Status::REJECTED:
        return "rejected";
    case Status::AUTHORIZATION_FAILURE:
        return "authorization-failure";
    case Status::NETWORK_ERROR:
        return "network-error";
    case Status::AUTHENTICATION_FAILURE:
        return "key-mismatch";
    }
    return "unspecified-failure";
}

} // namespace ns3::mis
