// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The group manager, which makes a PoS a "PoS with group manager".
 */
#ifndef MIS_GROUP_MANAGER_H
#define MIS_GROUP_MANAGER_H

#include "ns3/mis-device-keys.h"
#include "ns3/mis-function.h"
#include "ns3/mis-group-messages.h"
#include "ns3/mis-signature.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace ns3::mis
{

/**
 * @brief MIS user that holds the key tree and issues group keys (clause 5.1.12 of 802.21d).
 */
class GroupManager : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    GroupManager();
    ~GroupManager() override;

    /**
     * @brief Binds to the MISF of the node.
     * @param misf the MISF
     */
    void SetMisf(Ptr<Misf> misf);

    /**
     * @brief Makes root secret and signature key from the node's stream; before any device is
     * added.
     */
    void MakeKeys();

    /**
     * @brief Gives a device its leaf and its keys, out of band.
     * @param device MISF identifier
     * @return its device keys
     */
    DeviceKeySet AddDevice(const MisfId& device);

    /**
     * @brief Makes a device a member of a group of mobile nodes, for which group keys are asked by
     * its name.
     * @param group MISF identifier of the group
     * @param member MISF identifier of a device that has a leaf when a key is asked for
     */
    void AddToGroup(const MisfId& group, const MisfId& member);

    /// @return key that verifies group key blocks
    const EcdsaPublicKey& GetPublicKey() const;

    /// @return devices that have a leaf
    size_t GetDevices() const
    {
        return m_leaves.size();
    }

    /// What became of a request.
    struct Issued
    {
        Status status{Status::SUCCESS}; //!< SUCCESS, or why not
        std::optional<MisfId> group;    //!< the group
    };

    /**
     * @brief Issues a group key and sends it to the members.
     * @param request who gets it; the first two are the MN, or a group made by AddToGroup(), and
     * the TPoS
     * @param requester who asks
     * @param via where to send to a member without an address
     * @return what became of it
     */
    Issued Issue(const GroupKeyRequest& request, const MisfId& requester, const PeerAddress& via);

    /// @param group group @param members number of members @param octets length of the frame
    typedef void (*IssuedTracedCallback)(const MisfId& group, uint32_t members, uint32_t octets);
    /// @param group group @param member who answered, empty when somebody did not
    typedef void (*AnsweredTracedCallback)(const MisfId& group, const MisfId& member);

  protected:
    void DoDispose() override;

  private:
    /// What is remembered of a group.
    struct Group
    {
        uint64_t sequenceNumber{0};
    };

    /// Who gets a key, and where to send it.
    struct Recipient
    {
        MisfId member;
        PeerAddress address;
    };

    std::vector<Recipient> FindRecipients(const GroupKeyRequest& request,
                                          const PeerAddress& via) const;
    void OnRequest(const ReceivedMessage& message);
    template <class M>
    Bytes BuildBlock(M message,
                     const MisfId& group,
                     uint64_t sequenceNumber,
                     const std::vector<LeafIndex>& leaves,
                     const SecretBytes& mgk,
                     uint16_t tid);
    CryptoContext& ProvisioningCrypto();

    // attributes
    uint8_t m_depth;
    bool m_responseFlag;
    bool m_requesterMayBeMember;
    uint32_t m_keyLifetime;

    Ptr<Misf> m_misf;
    std::unique_ptr<DeviceKeyIssuer> m_issuer;
    std::optional<EcdsaKeyPair> m_signature;
    std::unique_ptr<CryptoContext> m_provisioning; //!< work done before the simulation, not charged
    boost::unordered_flat_map<MisfId, uint32_t, MisfIdHash, MisfIdEqual> m_leaves;
    boost::unordered_flat_map<MisfId, Group, MisfIdHash, MisfIdEqual> m_groups;
    boost::unordered_flat_map<MisfId, std::vector<MisfId>, MisfIdHash, MisfIdEqual> m_memberships;
    uint32_t m_nextLeaf{0};
    uint32_t m_nextSaid{1};

    TracedCallback<const MisfId&, uint32_t, uint32_t> m_issuedTrace;
    TracedCallback<const MisfId&, const MisfId&> m_answeredTrace;
};

} // namespace ns3::mis

#endif // MIS_GROUP_MANAGER_H
