// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What both ends of a delivered key do with it.
 */
#ifndef MIS_KEY_INSTALLATION_H
#define MIS_KEY_INSTALLATION_H

#include "ns3/mis-ciphersuite.h"
#include "ns3/mis-function.h"
#include "ns3/mis-group-key-store.h"
#include "ns3/mis-key-delivery-remedy.h"
#include "ns3/object-factory.h"

#include <optional>
#include <string>

namespace ns3::mis
{

/// Keys and name of the SA made from K.
struct DerivedKeys
{
    SecretBytes miak; //!< authentication key, for link-layer frames
    SessionKeys misk; //!< session keys
    Said said;        //!< identifier of the SA
};

/**
 * @brief Derives MIAK, MISK and the SAID (PA-16, PA-22).
 * @param context has K, the nonces, the pair and the ciphersuite
 * @return the keys
 */
DerivedKeys DeriveKeys(KeyDeliveryContext& context);

/**
 * @brief Makes the security association MN-TPoS.
 * @param misf MISF of this end
 * @param context has the pair, the ciphersuite and the lifetime
 * @param keys derived keys
 * @param isMobileNode whether this end is the MN, which is the initiator
 * @return the SA, not yet added
 */
SecurityAssociation MakeSa(Misf& misf,
                           const KeyDeliveryContext& context,
                           const DerivedKeys& keys,
                           bool isMobileNode);

/// What a group key block turned out to be.
struct OpenedBlock
{
    MisfId group;        //!< target group
    GroupKeyError error; //!< NONE if its key is in the store now
    bool answerWanted;   //!< whether the sender wants an answer
};

/**
 * @brief Opens the group key block in a Net_Group_Manipulate request or indication.
 * @param misf MISF of the receiver; K is recorded in its key log
 * @param store device keys and opened keys of the receiver
 * @param message the message
 * @param onlyIfMember whether a block whose cover does not list this device is left alone, without
 * a look at its signature: for a PoS that relays what is meant for others
 * @return what it was, or nothing if it does not decode
 */
std::optional<OpenedBlock> OpenGroupKeyBlock(Misf& misf,
                                             GroupKeyStore& store,
                                             const ReceivedMessage& message,
                                             bool onlyIfMember = false);

/// @return factory of the remedy an entity has unless told otherwise
ObjectFactory DefaultRemedy();

/**
 * @brief Creates the remedy of an entity and checks its configuration.
 * @param factory type and attributes
 * @param owner who asks, for the error message
 * @return the remedy
 */
Ptr<KeyDeliveryRemedy> CreateRemedy(const ObjectFactory& factory, const std::string& owner);

/**
 * @param status a status other than SUCCESS
 * @return name of the outcome it means for a mobile node
 */
std::string OutcomeOf(Status status);

} // namespace ns3::mis

#endif // MIS_KEY_INSTALLATION_H
