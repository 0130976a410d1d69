// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What operators do before the first mobile node moves: secrets, credentials and device keys.
 */
#ifndef MIS_PROVISIONING_H
#define MIS_PROVISIONING_H

#include "ns3/mis-group-manager.h"
#include "ns3/mis-mobile-node.h"
#include "ns3/mis-point-of-service.h"
#include "ns3/mis-random-source.h"
#include "ns3/mis-static-establishment.h"
#include "ns3/object.h"

#include <vector>

namespace ns3::mis
{

/**
 * @brief Gives the roles of a scenario their secrets at the start of the simulation, out of band.
 */
class Provisioning : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Provisioning();

    /// @param mn a mobile node
    void Add(Ptr<MobileNode> mn);

    /// @param pos a point of service
    void Add(Ptr<PointOfService> pos);

    /// @param gm the group manager that issues device keys
    void Add(Ptr<GroupManager> gm);

    /// @param provision whether devices get device keys when there is a group manager
    void SetDeviceKeys(bool provision);

    /// @return provisioned security associations
    Ptr<StaticEstablishment> GetEstablishment() const
    {
        return m_establishment;
    }

    /**
     * @brief Fixes the random variable the secrets come from.
     * @param stream first stream index
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;

  private:
    void Schedule();
    void Run();

    StreamRandomSource m_random;
    Ptr<StaticEstablishment> m_establishment;
    SecretBytes m_credentialRoot;                       //!< empty before the first run
    std::vector<Ptr<MobileNode>> m_mobileNodes;         //!< not provisioned yet
    std::vector<Ptr<PointOfService>> m_pointsOfService; //!< not provisioned yet
    Ptr<GroupManager> m_gm;
    bool m_deviceKeys{true};
    bool m_scheduled{false};
};

} // namespace ns3::mis

#endif // MIS_PROVISIONING_H
