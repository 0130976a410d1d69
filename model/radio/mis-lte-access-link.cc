// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: lte propagation mobility

#include "mis-lte-access-link.h"

#include "ns3/abort.h"
#include "ns3/lte-spectrum-phy.h"
#include "ns3/lte-ue-phy.h"
#include "ns3/lte-ue-rrc.h"
#include "ns3/mis-assigned.h"
#include "ns3/simulator.h"

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(LteAccessLink);

TypeId
LteAccessLink::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mis::LteAccessLink")
            .SetParent<RadioAccessLink>()
            .SetGroupName("MisPrereg")
            .AddConstructor<LteAccessLink>()
            .AddTraceSource("HandoverBegin",
                            "The UE was told to hand over to another cell of its network.",
                            MakeTraceSourceAccessor(&LteAccessLink::m_handoverBeginTrace),
                            "ns3::mis::LteAccessLink::HandoverBeginTracedCallback")
            .AddTraceSource("HandoverEnd",
                            "A handover within the network has ended.",
                            MakeTraceSourceAccessor(&LteAccessLink::m_handoverEndTrace),
                            "ns3::mis::LteAccessLink::HandoverEndTracedCallback")
            .AddTraceSource("Measurement",
                            "A cell was measured: RSRP in dBm, RSRQ in dB.",
                            MakeTraceSourceAccessor(&LteAccessLink::m_measurementTrace),
                            "ns3::mis::LteAccessLink::MeasurementTracedCallback");
    return tid;
}

LinkTupleId
LteAccessLink::IdOf(uint16_t cell)
{
    LinkTupleId id;
    id.link.type = LinkType::UMTS;
    id.link.address = LinkAddress::Cell3g(assigned::TEST_PLMN, cell);
    return id;
}

void
LteAccessLink::DoDispose()
{
    m_disconnect.Cancel();
    m_ue = nullptr;
    m_attach = nullptr;
    m_silence = nullptr;
    RadioAccessLink::DoDispose();
}

void
LteAccessLink::SetUe(Ptr<LteUeNetDevice> ue,
                     std::function<void()> attach,
                     Ptr<RadioSilence> silence)
{
    m_ue = ue;
    m_attach = std::move(attach);
    m_silence = silence;
    SetSilent(true);
    ConnectTraces();
}

void
LteAccessLink::Watch(Ptr<LteUeNetDevice> ue)
{
    NS_ABORT_MSG_IF(ue->GetNas()->GetState() == EpcUeNas::ACTIVE,
                    "LteAccessLink: the UE is connected, Watch it before");
    m_ue = ue;
    WatchOnly();
    ConnectTraces();
}

void
LteAccessLink::ConnectTraces()
{
    auto rrc = m_ue->GetRrc();
    rrc->TraceConnectWithoutContext("ConnectionEstablished",
                                    MakeBoundCallback(&OnConnection, this));
    rrc->TraceConnectWithoutContext("DrbCreated", MakeBoundCallback(&OnBearer, this));
    rrc->TraceConnectWithoutContext("RadioLinkFailure",
                                    MakeBoundCallback(&OnRadioLinkFailure, this));
    rrc->TraceConnectWithoutContext("HandoverStart", MakeBoundCallback(&OnHandoverStart, this));
    rrc->TraceConnectWithoutContext("HandoverEndOk", MakeBoundCallback(&OnHandoverEnd, this));
    rrc->TraceConnectWithoutContext("HandoverEndError", MakeBoundCallback(&OnHandoverError, this));
    m_ue->GetNas()->TraceConnectWithoutContext("StateTransition",
                                               MakeBoundCallback(&OnNasState, this));
    m_ue->GetPhy()->TraceConnectWithoutContext("ReportUeMeasurements",
                                               MakeBoundCallback(&OnMeasurement, this));
}

void
LteAccessLink::SetSilent(bool silent)
{
    // Of this device only: another one of the node may be in use.
    m_silence->SetSilent(m_ue->GetPhy()->GetDownlinkSpectrumPhy()->GetMobility(), silent);
}

void
LteAccessLink::StartRadio()
{
    SetSilent(false);
    if (!m_disconnect.IsExpired())
    {
        m_disconnect.Cancel();
        RadioUp();
        RadioReady();
        return;
    }
    if (!m_wasAttached)
    {
        m_wasAttached = true;
        m_attach();
    }
}

void
LteAccessLink::StopRadio()
{
    SetSilent(true);
    // A connection that is being made can not be given up; it fails in the silence.
    if (m_ue->GetNas()->GetState() == EpcUeNas::ACTIVE)
    {
        // Whoever leaves may have been called by the bearer that goes away here.
        m_disconnect = Simulator::ScheduleNow(&LteAccessLink::Disconnect, this);
    }
}

void
LteAccessLink::Disconnect()
{
    m_cell = 0;
    m_ue->GetNas()->Disconnect();
}

void
LteAccessLink::OnConnection(LteAccessLink* self, uint64_t, uint16_t cell, uint16_t)
{
    if (!self->IsWanted())
    {
        Simulator::ScheduleNow(&LteAccessLink::StopRadio, self);
        return;
    }
    self->m_cell = cell;
    self->SetLinkTupleId(IdOf(cell));
    self->RadioUp();
}

void
LteAccessLink::OnBearer(LteAccessLink* self, uint64_t, uint16_t, uint16_t, uint8_t)
{
    // The bearer serves from the end of this event on.
    if (self->IsWanted())
    {
        Simulator::ScheduleNow(&LteAccessLink::RadioReady, self);
    }
}

void
LteAccessLink::OnRadioLinkFailure(LteAccessLink* self, uint64_t, uint16_t, uint16_t)
{
    self->m_cell = 0;
    self->RadioDown(LinkDownReason::PACKET_TIMEOUT);
}

void
LteAccessLink::OnNasState(LteAccessLink* self, EpcUeNas::State from, EpcUeNas::State to)
{
    if (self->IsWanted() && from == EpcUeNas::ACTIVE && to != EpcUeNas::ACTIVE)
    {
        self->m_cell = 0;
        self->RadioDown(LinkDownReason::NO_RESOURCE);
    }
}

void
LteAccessLink::OnHandoverStart(LteAccessLink* self,
                               uint64_t,
                               uint16_t cell,
                               uint16_t,
                               uint16_t target)
{
    self->m_handoverBeginTrace(cell, target);
}

void
LteAccessLink::OnHandoverEnd(LteAccessLink* self, uint64_t, uint16_t cell, uint16_t)
{
    self->m_cell = cell;
    self->SetLinkTupleId(IdOf(cell));
    self->m_handoverEndTrace(cell, true);
}

void
LteAccessLink::OnHandoverError(LteAccessLink* self, uint64_t, uint16_t cell, uint16_t)
{
    self->m_handoverEndTrace(cell, false);
}

void
LteAccessLink::OnMeasurement(LteAccessLink* self,
                             uint16_t,
                             uint16_t cell,
                             double rsrp,
                             double rsrq,
                             bool isServing,
                             uint8_t)
{
    const auto id = IdOf(cell);
    self->m_measurementTrace(id, rsrp, rsrq);
    self->NotifyDetected(id, rsrp);
    if (isServing)
    {
        self->NotifySignal(rsrp);
    }
}

} // namespace ns3::mis
