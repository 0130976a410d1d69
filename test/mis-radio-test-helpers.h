// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What the suites on radios share.
 */
#ifndef MIS_RADIO_TEST_HELPERS_H
#define MIS_RADIO_TEST_HELPERS_H

#include "ns3/ipv4.h"
#include "ns3/mis-monitored-access-link.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <functional>
#include <vector>

namespace ns3::mis::test
{

/// Calls an action.
inline void
CallAction(std::function<void()> action)
{
    action();
}

/**
 * @brief Does something at an instant.
 * @param at when
 * @param action what
 */
inline void
At(Time at, std::function<void()> action)
{
    Simulator::Schedule(at - Simulator::Now(), &CallAction, std::move(action));
}

/// @param until end of the simulation
inline void
RunUntil(Time until)
{
    Simulator::Stop(until - Simulator::Now());
    Simulator::Run();
}

/**
 * @brief Gives a device an address of 10.0.0.0/8.
 * @param device the device
 * @param address the address
 */
inline void
AddIpv4(Ptr<NetDevice> device, Ipv4Address address)
{
    auto ipv4 = device->GetNode()->GetObject<Ipv4>();
    const auto interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, "255.0.0.0"));
    ipv4->SetUp(interface);
}

/// What a link has told, instants in seconds.
class LinkRecord
{
  public:
    /// @param link the link
    explicit LinkRecord(Ptr<MonitoredAccessLink> link)
    {
        link->TraceConnectWithoutContext("Detected", MakeCallback(&LinkRecord::OnDetected, this));
        link->TraceConnectWithoutContext("Up", MakeCallback(&LinkRecord::OnUp, this));
        link->TraceConnectWithoutContext("Ready", MakeCallback(&LinkRecord::OnReady, this));
        link->TraceConnectWithoutContext("Down", MakeCallback(&LinkRecord::OnDown, this));
        link->TraceConnectWithoutContext("GoingDown", MakeCallback(&LinkRecord::OnGoing, this));
    }

    LinkRecord(const LinkRecord&) = delete;
    LinkRecord& operator=(const LinkRecord&) = delete;

    std::vector<double> detected;        //!< Detected
    std::vector<double> ups;             //!< Up
    std::vector<LinkTupleId> upLinks;    //!< with what
    std::vector<double> readies;         //!< Ready
    std::vector<double> downs;           //!< Down
    std::vector<LinkDownReason> reasons; //!< why
    std::vector<double> goings;          //!< GoingDown

  private:
    static double Now()
    {
        return Simulator::Now().GetSeconds();
    }

    void OnDetected(const LinkTupleId&, double)
    {
        detected.push_back(Now());
    }

    void OnUp(const LinkTupleId& link)
    {
        ups.push_back(Now());
        upLinks.push_back(link);
    }

    void OnReady(const LinkTupleId&)
    {
        readies.push_back(Now());
    }

    void OnDown(const LinkTupleId&, LinkDownReason reason)
    {
        downs.push_back(Now());
        reasons.push_back(reason);
    }

    void OnGoing(const LinkTupleId&, Time, double)
    {
        goings.push_back(Now());
    }
};

} // namespace ns3::mis::test

#endif // MIS_RADIO_TEST_HELPERS_H
