// SPDX-License-Identifier: GPL-2.0-only
// ns3-modules: wimax mobility propagation

#include "mis-wimax-technology.h"

#include "mis-node-position.h"

#include "ns3/abort.h"
#include "ns3/bs-net-device.h"
#include "ns3/cost231-propagation-loss-model.h"
#include "ns3/double.h"
#include "ns3/ipcs-classifier-record.h"
#include "ns3/mis-controlled-ports.h"
#include "ns3/mis-link-monitor.h"
#include "ns3/mis-wimax-access-link.h"
#include "ns3/mobility-model.h"
#include "ns3/nstime.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/service-flow.h"
#include "ns3/simple-ofdm-wimax-channel.h"
#include "ns3/simple-ofdm-wimax-phy.h"
#include "ns3/ss-net-device.h"

#include <cstdlib>

namespace ns3::mis
{

NS_OBJECT_ENSURE_REGISTERED(WimaxTechnology);

namespace
{

constexpr uint16_t MTU = 1400;
constexpr double TX_POWER_DBM = 30;

// Where bursts of 16-QAM begin to be lost, by the COST 231 model of ns-3: up to 850 m none is, and
// at 1100 m a preregistration in five fails.
constexpr double EDGE_DBM = -111.4;
constexpr double EDGE_M = 950;
constexpr double LOSS_EXPONENT = 3.4; // of COST 231 with a base station 50 m high

const Time ATTACH_TIME = MilliSeconds(700); // scan, ranging, registration and two flows
constexpr uint8_t TCP = 6;
constexpr uint8_t UDP = 17;

IpcsClassifierRecord
TcpAndUdp(Ipv4Address source, const char* sourceMask, Ipv4Address to, const char* toMask)
{
    IpcsClassifierRecord record(source,
                                Ipv4Mask(sourceMask),
                                to,
                                Ipv4Mask(toMask),
                                0,
                                UINT16_MAX,
                                0,
                                UINT16_MAX,
                                UDP,
                                1);
    record.AddProtocol(TCP);
    return record;
}

void
LetThrough(ControlledPorts* port, Ipv4Address station, const LinkTupleId&)
{
    port->SetEntered(station, true);
}

} // namespace

TypeId
WimaxTechnology::GetTypeId()
{
    static TypeId tid = TypeId("ns3::mis::WimaxTechnology")
                            .SetParent<RadioTechnology>()
                            .SetGroupName("MisPrereg")
                            .AddConstructor<WimaxTechnology>();
    return tid;
}

void
WimaxTechnology::Place(Ptr<Node> node, const Vector& position, const Vector& velocity)
{
    PlaceNode(node, position, velocity);
}

std::pair<double, double>
WimaxTechnology::GetEdge() const
{
    return {EDGE_DBM, EDGE_M};
}

RadioAccess
WimaxTechnology::Build(const RadioAccessPlan& plan)
{
    // Its devices end the program as soon as they have an address of IPv6.
    NS_ABORT_MSG_IF(plan.network.IsIpv6(),
                    "WimaxTechnology: devices of WiMAX of ns-3 carry IPv4 only, the network has "
                    "addresses of IPv6");
    RadioAccess access;
    access.router = plan.makeRouter();
    PlaceNode(access.router, plan.position, Vector());
    const auto channel =
        CreateObject<SimpleOfdmWimaxChannel>(SimpleOfdmWimaxChannel::COST231_PROPAGATION);

    // By hand, since WimaxHelper starts every station at once.
    auto basePhy = CreateObject<SimpleOfdmWimaxPhy>();
    auto uplink = m_wimax.CreateUplinkScheduler(WimaxHelper::SCHED_TYPE_SIMPLE);
    auto downlink = m_wimax.CreateBSScheduler(WimaxHelper::SCHED_TYPE_SIMPLE);
    auto base = CreateObject<BaseStationNetDevice>(access.router, basePhy, uplink, downlink);
    uplink->SetBs(base);
    downlink->SetBs(base);
    base->SetAddress(Mac48Address::Allocate());
    base->SetMtu(MTU);
    basePhy->SetDevice(base);
    m_phys.push_back(basePhy);
    base->Start();
    base->Attach(channel);
    access.router->AddDevice(base);
    // An addition of a flow that is not answered is repeated until a message without content
    // crashes the receiver; an interval longer than any simulation keeps both from repeating.
    const Time never = Seconds(1e6);
    base->SetIntervalT8(never);
    access.hub = base;
    m_ipDevices.Add(base);
    access.pointOfAttachment = base->GetMacAddress();
    access.carriesOnlyIp = true;
    access.gateway = AddAddress(base, plan.network, 1);
    access.link = WimaxAccessLink::IdOf(base->GetMacAddress()).link;
    access.mtu = MTU;

    auto* port = ControlledPorts::Find(access.router, access.gateway);
    NS_ABORT_MSG_IF(!port, "WimaxTechnology: the access router needs controlled ports");

    auto loss = CreateObject<Cost231PropagationLossModel>(); // the one of the channel
    for (uint32_t i = 0; i < plan.mobileNodes.GetN(); ++i)
    {
        auto node = plan.mobileNodes.Get(i);
        EnsurePosition(node);
        auto phy = CreateObject<SimpleOfdmWimaxPhy>();
        auto station = CreateObject<SubscriberStationNetDevice>(node, phy);
        station->SetAddress(Mac48Address::Allocate());
        station->SetMtu(MTU);
        phy->SetDevice(station);
        m_phys.push_back(phy);
        station->SetIntervalT7(never);
        node->AddDevice(station);
        station->SetModulationType(WimaxPhy::MODULATION_TYPE_QAM16_12);
        const auto address = Ipv4Address::ConvertFrom(AddAddress(station, plan.network, 2 + i));
        const auto any = Ipv4Address::GetAny();
        station->AddServiceFlow(
            m_wimax.CreateServiceFlow(ServiceFlow::SF_DIRECTION_DOWN,
                                      ServiceFlow::SF_TYPE_BE,
                                      TcpAndUdp(any, "0.0.0.0", address, "255.255.255.255")));
        station->AddServiceFlow(
            m_wimax.CreateServiceFlow(ServiceFlow::SF_DIRECTION_UP,
                                      ServiceFlow::SF_TYPE_BE,
                                      TcpAndUdp(address, "255.255.255.255", any, "0.0.0.0")));
        auto link = CreateObject<WimaxAccessLink>();
        link->GetMonitor()->SetAttribute("Threshold", DoubleValue(EDGE_DBM));
        link->GetMonitor()->SetAttribute("PathLossExponent", DoubleValue(LOSS_EXPONENT));
        link->SetSubscriber(
            station,
            channel,
            base->GetMacAddress(),
            [loss, here = node->GetObject<MobilityModel>(), there = access.router] {
                return loss->CalcRxPower(TX_POWER_DBM, there->GetObject<MobilityModel>(), here);
            });
        // What the base station sends to a station without flows ends the run.
        port->SetEntered(address, false);
        link->TraceConnectWithoutContext("Up", MakeBoundCallback(&LetThrough, port, address));
        access.links.push_back(link);
        access.devices.Add(station);
        m_ipDevices.Add(station);
    }
    return access;
}

Time
WimaxTechnology::GetAttachTime() const
{
    return ATTACH_TIME;
}

void
WimaxTechnology::EnablePcap(const std::string& prefix)
{
    CaptureIp(prefix, m_ipDevices);
}

int64_t
WimaxTechnology::AssignStreams(int64_t stream)
{
    const int64_t first = stream;
    for (const auto& phy : m_phys)
    {
        stream += phy->AssignStreams(stream);
    }
    if (!m_phys.empty())
    {
        // The ranging backoff of ns-3 draws from the C library, whose state would depend on the
        // simulations before this one.
        std::srand(static_cast<unsigned>(first) * 1000003U +
                   static_cast<unsigned>(RngSeedManager::GetRun()));
    }
    return stream - first;
}

} // namespace ns3::mis
