// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: propagation mobility

#include "mis-radio-silence.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(RadioSilence);

TypeId
RadioSilence::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::RadioSilence")
                            .SetParent<PropagationLossModel>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<RadioSilence>();
    return tid;
}

void
RadioSilence::DoDispose()
{
    m_silent.clear();
    PropagationLossModel::DoDispose();
}

void
RadioSilence::SetSilent(Ptr<MobilityModel> node, bool silent)
{
    if (silent)
    {
        m_silent.insert(PeekPointer(node));
    }
    else
    {
        m_silent.erase(PeekPointer(node));
    }
}

double
RadioSilence::DoCalcRxPower(double txPowerDbm, Ptr<MobilityModel> a, Ptr<MobilityModel> b) const
{
    // More than the largest loss at which a spectrum channel still delivers a signal.
    constexpr double SILENCE_DBM = -1e10;
    return m_silent.count(PeekPointer(a)) != 0 || m_silent.count(PeekPointer(b)) != 0 ? SILENCE_DBM
                                                                                      : txPowerDbm;
}

int64_t
RadioSilence::DoAssignStreams(int64_t)
{
    return 0;
}

} // namespace ns3::mis
