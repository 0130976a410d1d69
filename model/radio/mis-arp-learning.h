// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Learning of link-layer addresses from requests of ARP.
 */
#ifndef MIS_ARP_LEARNING_H
#define MIS_ARP_LEARNING_H

#include "ns3/net-device.h"

namespace ns3::mis
{

/**
 * @brief Has a node learn the address of whoever asks for its own, as RFC 826 wants it.
 *
 * ns-3 answers a request, forgets who has asked, and asks itself when it has a packet for that
 * node: a broadcast that no link layer repeats, and that is sent again after a second.
 *
 * @param device a device with an IPv4 interface; nothing happens if it needs no ARP
 */
void LearnFromArpRequests(Ptr<NetDevice> device);

} // namespace ns3::mis

#endif // MIS_ARP_LEARNING_H
