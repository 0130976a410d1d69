// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: netanim mobility

#include "mis-animation.h"

#include "ns3/animation-interface.h"
#include "ns3/mobility-model.h"
#include "ns3/node-list.h"

#include <memory>

namespace ns3::mis
{

namespace
{

constexpr double ROW_Y_M = -40; // of nodes without a place
constexpr double ROW_STEP_M = 20;

} // namespace

/// Writes the file by AnimationInterface; positions and names, no packets.
class NetAnimAnimation : public Animation
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::mis::NetAnimAnimation")
                                .SetParent<Animation>()
                                .SetGroupName("MisPrereg")
                                .AddConstructor<NetAnimAnimation>();
        return tid;
    }

  protected:
    void DoDispose() override
    {
        m_interface.reset();
        Animation::DoDispose();
    }

  private:
    void DoBegin(const std::string& file, const MisHelper& mis) override
    {
        double x = 0;
        for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
        {
            if (!(*node)->GetObject<MobilityModel>())
            {
                AnimationInterface::SetConstantPosition(*node, x, ROW_Y_M);
                x += ROW_STEP_M;
            }
        }
        m_interface = std::make_unique<AnimationInterface>(file);
        m_interface->SkipPacketTracing();
        for (const auto& misf : mis.GetMisfs())
        {
            m_interface->UpdateNodeDescription(misf->GetObject<Node>(), misf->GetId().Get());
        }
    }

    std::unique_ptr<AnimationInterface> m_interface;
};

NS_OBJECT_ENSURE_REGISTERED(NetAnimAnimation);

} // namespace ns3::mis
