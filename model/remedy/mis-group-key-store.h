// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What a member of groups holds: device keys, and the group keys it has opened.
 */
#ifndef MIS_GROUP_KEY_STORE_H
#define MIS_GROUP_KEY_STORE_H

#include "ns3/mis-device-keys.h"
#include "ns3/mis-group-key-block.h"
#include "ns3/mis-message.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>

namespace ns3::mis
{

/**
 * @brief Identifier of the group of one mobile node and one target point of service (PA-23).
 *
 * It is computed from both identifiers, so that each end knows which group key is for which pair
 * and a key for one pair can not be passed off as that of another.
 *
 * @param crypto cryptography of the node
 * @param mn the mobile node
 * @param tpos the target point of service
 * @return "prereg-", 16 hexadecimal digits of SHA-256 over both identifiers, "@group.invalid"
 */
MisfId PairGroupId(CryptoContext& crypto, const MisfId& mn, const MisfId& tpos);

/**
 * @brief Identifier of a group of mobile nodes and their target point of service, for one key
 * (PA-90).
 * @param crypto cryptography of the node
 * @param group the group of mobile nodes
 * @param tpos the target point of service
 * @param nonce of the request for the key, so that an older key is never taken for this one
 * @return as PairGroupId(), of all three
 */
MisfId SharedGroupId(CryptoContext& crypto,
                     const MisfId& group,
                     const MisfId& tpos,
                     const Nonce& nonce);

/// An opened group key.
struct GroupKey
{
    SecretBytes mgk;            //!< master group key
    Said said;                  //!< identifier of the SA to be made from it
    uint32_t lifetime{0};       //!< seconds, 0 if not said
    uint64_t sequenceNumber{0}; //!< of the group key block
};

/**
 * @brief Opens group key blocks for one device and keeps the keys until they are taken.
 */
class GroupKeyStore
{
  public:
    /**
     * @brief Gives the device its keys.
     * @param keys device keys
     * @param manager public key of the group manager
     */
    void Provision(DeviceKeySet keys, EcdsaPublicKey manager);

    /// @return true if there are device keys
    bool IsProvisioned() const
    {
        return m_manager.has_value();
    }

    /// @return the device keys
    const DeviceKeySet& GetDeviceKeys() const
    {
        return m_keys;
    }

    /**
     * @brief Opens a group key block.
     * @param crypto cryptography of the node
     * @param message a Net_Group_Manipulate request or indication
     * @param frame the frame it came in
     * @return NONE if a key was stored, else why not
     */
    template <class M>
    GroupKeyError Process(CryptoContext& crypto, const M& message, ByteView frame)
    {
        if (!m_manager)
        {
            return GroupKeyError::NOT_MEMBER;
        }
        const auto last = m_lastSequence.find(message.group);
        const auto opened = GroupKeyBlock::Open(crypto,
                                                m_keys,
                                                message,
                                                frame,
                                                &*m_manager,
                                                last == m_lastSequence.end() ? 0 : last->second);
        if (!opened)
        {
            return opened.Error();
        }
        if (!message.saidNotification)
        {
            return GroupKeyError::MALFORMED;
        }
        m_lastSequence[message.group] = opened->sequenceNumber;
        m_opened[message.group] = {opened->mgk,
                                   *message.saidNotification,
                                   message.keyLifetime.value_or(0),
                                   opened->sequenceNumber};
        return GroupKeyError::NONE;
    }

    /**
     * @param group a group
     * @return its key, if one was opened and not taken yet
     */
    const GroupKey* Find(const MisfId& group) const;

    /**
     * @brief Takes a key out of the store, so that it is used once.
     * @param group a group
     * @return its key, if there is one
     */
    std::optional<GroupKey> Take(const MisfId& group);

    /// Forgets the keys that were not taken.
    void Clear()
    {
        m_opened.clear();
    }

  private:
    DeviceKeySet m_keys;
    std::optional<EcdsaPublicKey> m_manager;
    boost::unordered_flat_map<MisfId, GroupKey, MisfIdHash, MisfIdEqual> m_opened;
    boost::unordered_flat_map<MisfId, uint64_t, MisfIdHash, MisfIdEqual> m_lastSequence;
};

} // namespace ns3::mis

#endif // MIS_GROUP_KEY_STORE_H
