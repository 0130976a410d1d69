// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Remedy 2: K is a group key issued by a PoS with group manager.
 */
#ifndef MIS_GROUP_KEY_REMEDY_H
#define MIS_GROUP_KEY_REMEDY_H

#include "ns3/mis-key-delivery-remedy.h"

namespace ns3::mis
{

/**
 * @brief Remedy 2: the SPoS names the MN and the TPoS to the PoS with group manager, which issues a
 * group key and delivers it in a group key block that only the members can open.
 *
 * K is the master group key. It goes to the TPoS, and to the MN either through the SPoS, which
 * relays what it can not open (Path ViaServingPos), or straight (Path Direct).
 *
 * Mobile nodes that move together, such as those in a train, can preregister as a group: with
 * attribute Group at the mobile nodes, the first of them has one group key issued, for the group
 * and the TPoS, and those that follow within the window of the SPoS use the same group key block.
 * Each derives MIAK and MISK of its own from it, with a nonce that the other members do not see.
 */
class GroupKeyRemedy : public KeyDeliveryRemedy
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    std::string GetName() const override;
    std::string GetSecurityConsiderations() const override;
    MisfId GetGroup() const override;
    void CheckConfig() const override;
    void PrepareRequest(MobileNodeContext& context, PreregXferRequest& request) const override;
    Status Issue(ServingContext& context,
                 const PreregXferRequest& request,
                 N2nPreregXferRequest& toTarget) const override;
    void Answer(ServingContext& context,
                const N2nPreregXferResponse& fromTarget,
                PreregXferResponse& toMobileNode) const override;
    KeyDecision AcceptAtTarget(TargetContext& context,
                               const N2nPreregXferRequest& request,
                               N2nPreregXferResponse& response) const override;
    KeyDecision AcceptAtMobileNode(MobileNodeContext& context,
                                   const PreregXferResponse* response) const override;

  private:
    std::string m_path;         //!< how the group key block reaches the MN
    std::string m_extraMembers; //!< further members, separated by commas
    std::string m_group;        //!< group of mobile nodes
};

} // namespace ns3::mis

#endif // MIS_GROUP_KEY_REMEDY_H
