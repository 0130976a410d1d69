// SPDX-License-Identifier: GPL-2.0-only

#include "mis-preregistration-recorder.h"

#include "ns3/mis-ip-stack.h"
#include "ns3/mis-transport.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(PreregistrationRecorder);

TypeId
PreregistrationRecorder::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::PreregistrationRecorder")
                            .SetParent<Object>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<PreregistrationRecorder>();
    return tid;
}

void
PreregistrationRecorder::DoDispose()
{
    m_mn = nullptr;
    m_flow = nullptr;
    m_oldDevice = nullptr;
    m_misfs.clear();
    Object::DoDispose();
}

void
PreregistrationRecorder::Observe(Ptr<MobileNode> mn, Ptr<ConstantRateFlow> flow)
{
    m_mn = mn;
    m_flow = flow;
    ObserveMisf(mn->GetMisf());
    mn->TraceConnectWithoutContext("KeyAccepted",
                                   MakeCallback(&PreregistrationRecorder::OnMnKey, this));
    mn->TraceConnectWithoutContext("LinkFrame",
                                   MakeCallback(&PreregistrationRecorder::OnLinkFrame, this));
    mn->TraceConnectWithoutContext("SaReady",
                                   MakeCallback(&PreregistrationRecorder::OnSaReady, this));
    mn->TraceConnectWithoutContext("Preregistration",
                                   MakeCallback(&PreregistrationRecorder::OnPreregistration, this));
    mn->TraceConnectWithoutContext("HandoverBegin",
                                   MakeCallback(&PreregistrationRecorder::OnHandoverBegin, this));
}

void
PreregistrationRecorder::Observe(Ptr<PointOfService> pos)
{
    ObserveMisf(pos->GetMisf());
    pos->TraceConnectWithoutContext("KeyAccepted",
                                    MakeCallback(&PreregistrationRecorder::OnTposKey, this));
}

void
PreregistrationRecorder::ObserveGroupManager(Ptr<Misf> gm)
{
    m_gm = gm->GetId();
    ObserveMisf(gm);
}

void
PreregistrationRecorder::ObservePointOfAttachment(Ptr<Misf> poa)
{
    m_pointsOfAttachment.insert(poa->GetId());
    ObserveMisf(poa);
}

void
PreregistrationRecorder::ObserveMisf(Ptr<Misf> misf)
{
    if (!m_misfs.emplace(misf->GetId(), misf).second)
    {
        return;
    }
    for (const auto& host : HostsOf(*misf->GetObject<Node>()))
    {
        m_byHost[host] = misf->GetId();
    }
    misf->TraceConnectWithoutContext("Tx", MakeCallback(&PreregistrationRecorder::OnFrame, this));
    misf->TraceConnectWithoutContext("Overhead",
                                     MakeCallback(&PreregistrationRecorder::OnOverhead, this));
}

void
PreregistrationRecorder::Begin()
{
    m_record = PreregistrationRecord();
    m_record.outcome = "unfinished";
    m_record.begin = Simulator::Now();
    m_mnKey.reset();
    m_tposKeys.clear();
    m_frames.clear();
    m_counting = true;
    m_isOpen = true;
    const auto spos = m_mn->GetMisf()->GetPeerAddress(m_mn->GetServingPos());
    m_oldDevice = nullptr;
    if (!spos.IsEmpty() && spos.transport != TransportType::L2)
    {
        const auto host = HostOf(spos.address);
        m_oldDevice = StaticRoutes(m_mn->GetMisf()->GetObject<Node>(), host).DeviceTo(host);
    }
    for (const auto& [id, misf] : m_misfs)
    {
        m_cpuBefore[id] = misf->GetCpuTime();
    }
}

Time
PreregistrationRecorder::CpuOf(const MisfId& id) const
{
    const auto it = m_misfs.find(id);
    return it == m_misfs.end() ? Time() : it->second->GetCpuTime() - m_cpuBefore.at(id);
}

void
PreregistrationRecorder::EndCounting()
{
    if (!m_counting)
    {
        return;
    }
    m_counting = false;
    const auto& mn = m_mn->GetMisf()->GetId();
    m_record.cpuMn = CpuOf(mn);
    // A mobile node that comes without preregistration has turned to the TPoS alone.
    m_record.cpuSpos = m_record.spos == m_record.tpos ? Time() : CpuOf(m_record.spos);
    m_record.cpuTpos = CpuOf(m_record.tpos);
    m_record.cpuGm = CpuOf(m_gm);
    for (const auto& [from, to, octets, isFrame] : m_frames)
    {
        m_record.messages += isFrame;
        const auto isBetween = [from = &from, to = &to](const MisfId& a, const MisfId& b) {
            return (*from == a && *to == b) || (*from == b && *to == a);
        };
        if (!m_gm.IsEmpty() && (from == m_gm || to == m_gm))
        {
            m_record.bytesGm += octets;
        }
        else if (m_pointsOfAttachment.count(from) > 0 || m_pointsOfAttachment.count(to) > 0)
        {
            m_record.bytesPosPoa += octets;
        }
        else if (isBetween(mn, m_record.tpos))
        {
            m_record.bytesMnTpos += octets;
        }
        else if (isBetween(mn, m_record.spos))
        {
            m_record.bytesMnSpos += octets;
        }
        else if (isBetween(m_record.spos, m_record.tpos))
        {
            m_record.bytesSposTpos += octets;
        }
    }
}

void
PreregistrationRecorder::HandoverOver()
{
    if (m_flow)
    {
        m_flow->EndInterruption();
    }
}

void
PreregistrationRecorder::OnHandoverBegin(const HandoverReport&)
{
    if (m_flow)
    {
        m_flow->BeginInterruption();
    }
}

void
PreregistrationRecorder::End()
{
    EndCounting();
    m_isOpen = false;
    // Without a preregistration there was no handover to measure.
    if (m_flow && m_record.outcome == "success")
    {
        const auto seen = m_flow->Observe();
        if (seen.gap)
        {
            m_record.interruption = std::max(*seen.gap - m_flow->GetSpacing(), Time(0));
        }
        m_record.packetsLost = seen.due - std::min(seen.due, seen.received);
    }
}

void
PreregistrationRecorder::OnFrame(const FrameRecord& frame)
{
    if (frame.remote.transport != TransportType::L2)
    {
        Count(frame.local, HostOf(frame.remote.address), frame.octets, true);
    }
}

void
PreregistrationRecorder::OnOverhead(const MisfId& local, const Address& address, uint32_t octets)
{
    if (Ipv4Address::IsMatchingType(address) || Ipv6Address::IsMatchingType(address))
    {
        Count(local, address, octets, false);
    }
}

void
PreregistrationRecorder::Count(const MisfId& local,
                               const Address& remote,
                               uint32_t octets,
                               bool isFrame)
{
    if (!m_isOpen)
    {
        return;
    }
    // Not by the node's own routing protocol, whose controlled ports count what they refuse.
    const auto node = m_mn->GetMisf()->GetObject<Node>();
    const auto device = local == m_mn->GetMisf()->GetId()
                            ? StaticRoutes(node, remote).DeviceTo(remote)
                            : DeviceWith(*node, remote);
    if (device)
    {
        (device == m_oldDevice ? m_record.signallingOldLink : m_record.signallingNewLink) += octets;
    }
    if (m_counting)
    {
        const auto host = m_byHost.find(remote);
        m_frames.push_back(
            {local, host == m_byHost.end() ? MisfId() : host->second, octets, isFrame});
    }
}

void
PreregistrationRecorder::NoteKey()
{
    const auto tpos = m_tposKeys.find(m_record.tpos);
    if (m_mnKey && tpos != m_tposKeys.end())
    {
        m_record.keyDelivery = std::max(*m_mnKey, tpos->second) - m_record.begin;
    }
}

void
PreregistrationRecorder::OnMnKey(const MisfId&, const MisfId& tpos)
{
    m_record.tpos = tpos;
    m_mnKey = Simulator::Now();
    NoteKey();
}

void
PreregistrationRecorder::OnTposKey(const MisfId& mn, const MisfId& tpos)
{
    if (m_mn && mn == m_mn->GetMisf()->GetId())
    {
        m_tposKeys[tpos] = Simulator::Now();
        NoteKey();
    }
}

void
PreregistrationRecorder::OnLinkFrame(const LinkTupleId&, bool, uint32_t octets)
{
    m_record.bytesLink += octets;
    m_record.signallingNewLink += octets;
}

void
PreregistrationRecorder::OnSaReady(const MisfId&, const MisfId&)
{
    m_record.saReady = Simulator::Now() - m_record.begin;
}

void
PreregistrationRecorder::OnPreregistration(const PreregistrationReport& report)
{
    m_record.outcome = report.outcome;
    m_record.spos = report.spos;
    m_record.tpos = report.tpos;
    if (report.outcome == "success")
    {
        if (report.spos != report.tpos) // else the MN has come without one
        {
            m_record.preregistration = report.end - m_record.begin;
        }
    }
    else
    {
        m_record.keyDelivery.reset(); // what the ends hold is not the same, or of no use
    }
}

} // namespace ns3::mis
