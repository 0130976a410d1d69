// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: lte propagation mobility

/**
 * @file
 * An access link over an LTE user equipment of ns-3.
 */
#ifndef MIS_LTE_ACCESS_LINK_H
#define MIS_LTE_ACCESS_LINK_H

#include "ns3/eps-bearer.h"
#include "ns3/lte-ue-net-device.h"
#include "ns3/mis-radio-access-link.h"
#include "ns3/mis-radio-silence.h"

// Behind what it needs and, in ns-3.35, does not include.
#include "ns3/epc-ue-nas.h"

#include <functional>

namespace ns3::mis
{

/**
 * @brief Access link of a UE with an EPC.
 *
 * ns-3 attaches a UE once and can not detach it: it would connect again by itself. So the link is
 * left by releasing the connection and silencing the radio; taken up again, the UE finds its cell
 * by its measurements, every 200 ms, and connects.
 */
class LteAccessLink : public RadioAccessLink
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @brief Takes the UE over, silent.
     * @param ue the device
     * @param attach attaches it for the first time, as LteHelper::Attach() does; it may hold the
     * helpers, which must live as long as the simulation
     * @param silence loss model of the channels of its network
     */
    void SetUe(Ptr<LteUeNetDevice> ue, std::function<void()> attach, Ptr<RadioSilence> silence);

    /**
     * @brief Watches a UE that others attach and hand over, and leaves it alone, so that everything
     * in it happens when it does in ns-3 without this link.
     * @param ue the device, not connected yet
     */
    void Watch(Ptr<LteUeNetDevice> ue);

    /// @return cell of the connection, 0 if there is none
    uint16_t GetCell() const
    {
        return m_cell;
    }

    /// @param cell a cell @return its identifier in messages (PA-6, PA-71)
    static LinkTupleId IdOf(uint16_t cell);

    /// @param from cell before @param to cell to hand over to
    typedef void (*HandoverBeginTracedCallback)(uint16_t from, uint16_t to);
    /// @param cell cell afterwards @param done whether the handover has succeeded
    typedef void (*HandoverEndTracedCallback)(uint16_t cell, bool done);

    /// @param link link and cell @param rsrp in dBm @param rsrq in dB
    typedef void (*MeasurementTracedCallback)(const LinkTupleId& link, double rsrp, double rsrq);

  protected:
    void DoDispose() override;

  private:
    void StartRadio() override;
    void StopRadio() override;
    void ConnectTraces();
    void Disconnect();
    void SetSilent(bool silent);
    static void OnConnection(LteAccessLink* self, uint64_t imsi, uint16_t cell, uint16_t rnti);
    static void OnBearer(LteAccessLink* self,
                         uint64_t imsi,
                         uint16_t cell,
                         uint16_t rnti,
                         uint8_t channel);
    static void OnRadioLinkFailure(LteAccessLink* self,
                                   uint64_t imsi,
                                   uint16_t cell,
                                   uint16_t rnti);
    static void OnNasState(LteAccessLink* self, EpcUeNas::State from, EpcUeNas::State to);
    static void OnHandoverStart(LteAccessLink* self,
                                uint64_t imsi,
                                uint16_t cell,
                                uint16_t rnti,
                                uint16_t target);
    static void OnHandoverEnd(LteAccessLink* self, uint64_t imsi, uint16_t cell, uint16_t rnti);
    static void OnHandoverError(LteAccessLink* self, uint64_t imsi, uint16_t cell, uint16_t rnti);
    static void OnMeasurement(LteAccessLink* self,
                              uint16_t rnti,
                              uint16_t cell,
                              double rsrp,
                              double rsrq,
                              bool isServing,
                              uint8_t carrier);

    Ptr<LteUeNetDevice> m_ue;
    std::function<void()> m_attach; //!< kept, for what it holds
    bool m_wasAttached{false};
    Ptr<RadioSilence> m_silence;
    uint16_t m_cell{0};
    EventId m_disconnect;

    TracedCallback<uint16_t, uint16_t> m_handoverBeginTrace;
    TracedCallback<uint16_t, bool> m_handoverEndTrace;
    TracedCallback<const LinkTupleId&, double, double> m_measurementTrace;
};

} // namespace ns3::mis

#endif // MIS_LTE_ACCESS_LINK_H
