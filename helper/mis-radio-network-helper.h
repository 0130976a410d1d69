// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Access networks with devices of ns-3, as far as this build has them.
 */
#ifndef MIS_RADIO_NETWORK_HELPER_H
#define MIS_RADIO_NETWORK_HELPER_H

#include "ns3/internet-stack-helper.h"
#include "ns3/mis-radio-technology.h"

#include <map>
#include <string>
#include <vector>

namespace ns3::mis
{

/// @return names of all technologies, also of those that this build lacks
std::vector<std::string> GetRadios();

/// @return names of the technologies that this build has
std::vector<std::string> GetSupportedRadios();

/**
 * @param name name of a technology
 * @param family "ipv4" or "ipv6", what it is to carry
 * @return one line that says why it can not be used, empty if it can
 */
std::string GetMissingRadio(const std::string& name, const std::string& family = "ipv4");

/**
 * @brief Builds access networks by the name of their technology: "ethernet", "lte", "wifi",
 * "wimax".
 */
class RadioNetworkHelper
{
  public:
    /**
     * @brief Sets an attribute of a technology.
     * @param technology its name
     * @param name name of the attribute
     * @param value value
     */
    void SetAttribute(const std::string& technology,
                      const std::string& name,
                      const AttributeValue& value);

    /**
     * @brief Builds an access network; the program ends if this build lacks the technology.
     * @param technology its name
     * @param plan what of
     * @return the network; its links need SetInterface() when the PoS has an address
     */
    RadioAccess AddNetwork(const std::string& technology, const RadioAccessPlan& plan);

    /**
     * @brief Puts a node somewhere and has it move, if any network built depends on it.
     * @param node the node
     * @param position where it is now, metres
     * @param velocity metres a second
     */
    void Place(Ptr<Node> node, const Vector& position, const Vector& velocity);

    /**
     * @param technology its name
     * @return the technology
     */
    Ptr<RadioTechnology> GetTechnology(const std::string& technology);

    /**
     * @brief Captures what the devices of all networks built so far send and receive: Wi-Fi as
     * IEEE 802.11 frames, Ethernet as Ethernet frames, LTE and WiMAX as IP packets.
     * @param prefix of the file names: `<prefix>-<node>-<device>.pcap`
     */
    void EnablePcap(const std::string& prefix);

    /**
     * @brief Fixes the random variables of all networks.
     * @param stream first stream index
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    /**
     * @brief Has nodes get routing with controlled ports, as mobile nodes and access routers need.
     * @param stack what installs the nodes' stacks
     */
    static void SetRouting(InternetStackHelper& stack);

  private:
    std::map<std::string, Ptr<RadioTechnology>> m_technologies; //!< by name
};

} // namespace ns3::mis

#endif // MIS_RADIO_NETWORK_HELPER_H
