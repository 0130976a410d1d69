// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: propagation mobility

/**
 * @file
 * Switches off radios that ns-3 does not let be switched off.
 */
#ifndef MIS_RADIO_SILENCE_H
#define MIS_RADIO_SILENCE_H

#include "ns3/mobility-model.h"
#include "ns3/propagation-loss-model.h"

#include <set>

namespace ns3::mis
{

/**
 * @brief Propagation loss that is infinite from and to nodes that are silent, and nothing
 * otherwise.
 */
class RadioSilence : public PropagationLossModel
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @param node position of the node
     * @param silent whether it neither sends nor receives
     */
    void SetSilent(Ptr<MobilityModel> node, bool silent);

  protected:
    void DoDispose() override;

  private:
    double DoCalcRxPower(double txPowerDbm,
                         Ptr<MobilityModel> a,
                         Ptr<MobilityModel> b) const override;
    int64_t DoAssignStreams(int64_t stream) override;

    std::set<const MobilityModel*> m_silent;
};

} // namespace ns3::mis

#endif // MIS_RADIO_SILENCE_H
