// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * A network of point-to-multipoint devices that records what happens, for tests of the link.
 */
#ifndef MIS_LINK_TEST_HELPERS_H
#define MIS_LINK_TEST_HELPERS_H

#include "ns3/ethernet-header.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-interface-container.h"
#include "ns3/ipv6-address-helper.h"
#include "ns3/ipv6-interface-container.h"
#include "ns3/mis-link-helper.h"
#include "ns3/mis-link-profile.h"
#include "ns3/mis-point-to-multipoint-channel.h"
#include "ns3/mis-point-to-multipoint-net-device.h"
#include "ns3/node-container.h"
#include "ns3/pcap-file.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace ns3::mis::linktest
{

constexpr uint16_t MIS_ETHERTYPE = 0x8917;
constexpr uint16_t PORT = 4551;

/**
 * @param down Rate to the stations.
 * @param up Rate to the hub.
 * @param delay Delay.
 * @return A profile with an MTU of 1500 and nothing random.
 */
inline LinkProfile
PlainProfile(const std::string& down, const std::string& up, Time delay)
{
    LinkProfile profile{};
    profile.name = "test";
    profile.rate = DataRate(down);
    profile.upRate = DataRate(up);
    profile.delay = delay;
    profile.mtu = 1500;
    profile.source = "test";
    return profile;
}

/// A hub with stations and the record of everything that happens on them.
class Network
{
  public:
    /// A frame handed to a node.
    struct Arrival
    {
        Time time;           //!< When.
        uint32_t octets;     //!< Payload.
        uint16_t protocol;   //!< EtherType.
        Mac48Address source; //!< Source of the frame.
    };

    /// A drop.
    struct Drop
    {
        Time time;             //!< When.
        std::string trace;     //!< Which trace.
        LinkDropReason reason; //!< Why.
    };

    /**
     * @param profile The profile.
     * @param stations Number of stations.
     */
    Network(const LinkProfile& profile, uint32_t stations)
    {
        nodes.Create(1 + stations);
        NodeContainer others;
        for (uint32_t i = 1; i <= stations; ++i)
        {
            others.Add(nodes.Get(i));
        }
        helper.SetProfile(profile);
        devices = helper.Install(nodes.Get(0), others);
        for (uint32_t i = 0; i < devices.GetN(); ++i)
        {
            Watch(i);
        }
    }

    ~Network()
    {
        Simulator::Destroy();
    }

    /**
     * @param i Device; 0 is the hub.
     * @return The device.
     */
    Ptr<PointToMultipointNetDevice> Device(uint32_t i) const
    {
        return DynamicCast<PointToMultipointNetDevice>(devices.Get(i));
    }

    /**
     * Records what reaches a device.
     * @param i The device.
     */
    void Watch(uint32_t i)
    {
        nodes.Get(i)->RegisterProtocolHandler(MakeCallback(&Network::OnReceive, this),
                                              MIS_ETHERTYPE,
                                              Device(i));
        Device(i)->TraceConnectWithoutContext(
            "MacTxDrop",
            MakeBoundCallback(&Network::OnDrop, this, std::string("MacTx")));
        Device(i)->TraceConnectWithoutContext(
            "PhyTxDrop",
            MakeBoundCallback(&Network::OnDrop, this, std::string("PhyTx")));
        Device(i)->TraceConnectWithoutContext(
            "PhyRxDrop",
            MakeBoundCallback(&Network::OnDrop, this, std::string("PhyRx")));
    }

    /**
     * Sends at a time.
     * @param at When.
     * @param from Device.
     * @param to Destination.
     * @param octets Payload.
     */
    void SendAt(Time at, uint32_t from, Mac48Address to, uint32_t octets)
    {
        Simulator::Schedule(at, &Network::SendNow, this, from, to, octets);
    }

    /**
     * Sends.
     * @param from Device.
     * @param to Destination.
     * @param octets Payload.
     */
    void SendNow(uint32_t from, Mac48Address to, uint32_t octets)
    {
        accepted += Device(from)->Send(Create<Packet>(octets), to, MIS_ETHERTYPE);
    }

    /**
     * @param i Device.
     * @return Its MAC address.
     */
    Mac48Address Mac(uint32_t i) const
    {
        return Mac48Address::ConvertFrom(Device(i)->GetAddress());
    }

    /**
     * @param i Device.
     * @return What its node received.
     */
    std::vector<Arrival>& At(uint32_t i)
    {
        return arrivals[Device(i)];
    }

    LinkHelper helper;          //!< The helper.
    NodeContainer nodes;        //!< Hub, then stations.
    NetDeviceContainer devices; //!< Hub, then stations.
    std::vector<Drop> drops;    //!< All drops.
    uint32_t accepted{0};       //!< Sends that were accepted.

  private:
    void OnReceive(Ptr<NetDevice> device,
                   Ptr<const Packet> packet,
                   uint16_t protocol,
                   const Address& from,
                   const Address&,
                   NetDevice::PacketType)
    {
        arrivals[device].push_back(
            {Simulator::Now(), packet->GetSize(), protocol, Mac48Address::ConvertFrom(from)});
    }

    static void OnDrop(Network* self, std::string trace, Ptr<const Packet>, LinkDropReason reason)
    {
        self->drops.push_back({Simulator::Now(), trace, reason});
    }

    std::map<Ptr<NetDevice>, std::vector<Arrival>> arrivals; //!< By device.
};

} // namespace ns3::mis::linktest

#endif // MIS_LINK_TEST_HELPERS_H
