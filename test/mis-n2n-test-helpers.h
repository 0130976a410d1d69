// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What the tests of the trust between points of service share: a scenario whose points of service
 * establish it on demand, a tap for all of IP, and an attacker with any address.
 */
#ifndef MIS_N2N_TEST_HELPERS_H
#define MIS_N2N_TEST_HELPERS_H

#include "mis-scenario-test.h"

#include "ns3/mis-ikev2-establishment.h"
#include "ns3/mis-tls-tcp-establishment.h"
#include "ns3/nstime.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3::mis::test
{

inline const std::string N2N_MN = RoamingScenarioHelper::MobileNodeId(0);
inline const std::string N2N_SPOS = RoamingScenarioHelper::PosId(0);
inline const std::string N2N_TPOS = RoamingScenarioHelper::PosId(1);

constexpr uint8_t IP_TCP = 6;
constexpr uint8_t IP_UDP = 17;
constexpr uint8_t IP_ESP = 50;

/// Stands between a device and IP, and sees every packet that reaches the node.
class IpTap
{
  public:
    /// May change what follows the header; returns false to drop the packet.
    using Rule = std::function<bool(const Ipv4Header& header, Bytes& payload)>;

    /**
     * @param device device to stand behind
     * @param rule what to do with each packet
     */
    IpTap(Ptr<NetDevice> device, Rule rule)
        : m_rule(std::move(rule))
    {
        device->SetReceiveCallback(MakeCallback(&IpTap::Receive, this));
    }

    /**
     * @brief Has a packet reach the node of a device.
     * @param device the device
     * @param from source address
     * @param to destination address
     * @param protocol protocol number
     * @param payload what follows the header
     */
    static void Deliver(Ptr<NetDevice> device,
                        Ipv4Address from,
                        Ipv4Address to,
                        uint8_t protocol,
                        const Bytes& payload)
    {
        auto packet = Create<Packet>(payload.data(), payload.size());
        Ipv4Header header;
        header.SetSource(from);
        header.SetDestination(to);
        header.SetProtocol(protocol);
        header.SetTtl(64);
        header.SetPayloadSize(static_cast<uint16_t>(payload.size()));
        packet->AddHeader(header);
        Forward(device, packet, 0x0800, device->GetAddress());
    }

  private:
    static void Forward(Ptr<NetDevice> device,
                        Ptr<const Packet> packet,
                        uint16_t protocol,
                        const Address& from)
    {
        device->GetNode()->GetObject<Ipv4L3Protocol>()->Receive(device,
                                                                packet,
                                                                protocol,
                                                                from,
                                                                device->GetAddress(),
                                                                NetDevice::PACKET_HOST);
    }

    bool Receive(Ptr<NetDevice> device,
                 Ptr<const Packet> packet,
                 uint16_t protocol,
                 const Address& from)
    {
        auto copy = packet->Copy();
        Ipv4Header header;
        copy->RemoveHeader(header);
        Bytes payload(copy->GetSize());
        copy->CopyData(payload.data(), payload.size());
        if (m_rule(header, payload))
        {
            copy = Create<Packet>(payload.data(), payload.size());
            header.SetPayloadSize(static_cast<uint16_t>(payload.size()));
            copy->AddHeader(header);
            Forward(device, copy, protocol, from);
        }
        return true;
    }

    Rule m_rule;
};

/// A packet that reached a PoS.
struct SeenPacket
{
    int64_t atNs;     //!< when
    size_t at;        //!< which PoS, 0 the SPoS
    Ipv4Address from; //!< source
    uint8_t protocol; //!< protocol number
    Bytes payload;    //!< what follows the header
};

/**
 * @brief A scenario whose points of service, and the group manager, establish their trust.
 *
 * The links are so fast that only their delays count: one way between two points of service is
 * DELAY_NS.
 */
template <class Establishment>
struct N2nScenario : Scenario
{
    static constexpr int64_t DELAY_NS = (1 + 5 + 5 + 1) * 1000000LL; //!< one way, ns

    /// @param attributes of the establishment, separated by |
    explicit N2nScenario(const std::string& attributes = "")
    {
        ObjectFactory factory;
        std::istringstream(Establishment::GetTypeId().GetName() + "[" + attributes + "]") >>
            factory;
        establishment = factory.Create<Establishment>();
        for (const auto pair : {SaPair::POS_POS, SaPair::POS_GM})
        {
            roaming.GetMis().SetEstablishment(pair, establishment);
        }
        establishment->TraceConnectWithoutContext("Established",
                                                  MakeCallback(&N2nScenario::OnEstablished, this));
        establishment->TraceConnectWithoutContext("Answered",
                                                  MakeCallback(&N2nScenario::OnAnswered, this));
    }

    /// @param count networks; builds the topology
    void Make(uint32_t count = 2)
    {
        const DataRate rate("1000000Gbps");
        roaming.SetLocalLink(Link(MilliSeconds(1), rate));
        for (uint32_t i = 0; i < count; ++i)
        {
            roaming.AddNetwork(Link(MilliSeconds(2), rate), Link(MilliSeconds(5), rate));
        }
        Build();
        for (size_t i = 0; i < 2; ++i)
        {
            taps.push_back(std::make_unique<IpTap>(
                DeviceOf(MisfOf(i)),
                [this, i](const Ipv4Header& header, Bytes& payload) {
                    if (change)
                    {
                        change(i, header.GetProtocol(), payload);
                    }
                    const SeenPacket packet{Simulator::Now().GetNanoSeconds(),
                                            i,
                                            header.GetSource(),
                                            header.GetProtocol(),
                                            payload};
                    seen.push_back(packet);
                    return !lose || !lose(packet);
                }));
        }
    }

    /// @param i 0 for the SPoS, 1 for the TPoS @return its MISF
    Ptr<Misf> MisfOf(size_t i) const
    {
        return Pos(static_cast<uint32_t>(i))->GetMisf();
    }

    /// @param i 0 for the SPoS, 1 for the TPoS @return its address
    Ipv4Address AddressOf(size_t i) const
    {
        return MisfOf(i)->template GetObject<Ipv4L3Protocol>()->GetAddress(1, 0).GetLocal();
    }

    /**
     * @brief Has an end establish trust in the other.
     * @param at when
     * @param from 0 for the SPoS, 1 for the TPoS
     */
    void Establish(Time at, size_t from = 0)
    {
        At(at, [this, from] {
            const MisfId peer(from == 0 ? N2N_TPOS : N2N_SPOS);
            MisfOf(from)->EstablishSa(peer, [this](auto*, const std::string& reason) {
                ends.push_back(reason);
            });
        });
    }

    /**
     * @brief Sends a message from one end to the other, who answers it; counts both.
     * @param at when
     * @param from 0 for the SPoS, 1 for the TPoS
     */
    void Exchange(Time at, size_t from = 0)
    {
        At(at, [this, from] {
            SendOptions options;
            options.protection = SendOptions::Protection::REQUIRED;
            const auto error =
                MisfOf(from)->SendRequest(MisfId(from == 0 ? N2N_TPOS : N2N_SPOS),
                                          PreregXferRequest(),
                                          options,
                                          [this](const TransactionResult& result) {
                                              const bool isProtected =
                                                  result.message && result.message->sa;
                                              answers += isProtected;
                                              failures += !isProtected;
                                          });
            failures += error != SendError::NONE;
        });
    }

    /// Has both ends answer Exchange(), in place of their roles.
    void Answer()
    {
        for (size_t i = 0; i < 2; ++i)
        {
            auto misf = PeekPointer(MisfOf(i));
            misf->SetHandler(PreregXferRequest::ID, [this, misf](const ReceivedMessage& message) {
                ++(message.sa ? requests : clearRequests);
                SendOptions options;
                options.protection =
                    message.sa ? SendOptions::Protection::REQUIRED : SendOptions::Protection::NONE;
                misf->SendResponse(message.transaction, PreregXferResponse(), options);
            });
        }
    }

    /// @param protocol protocol number @return packets between the points of service so far
    std::vector<SeenPacket> Between(uint8_t protocol) const
    {
        std::vector<SeenPacket> found;
        for (const auto& packet : seen)
        {
            if (packet.protocol == protocol && packet.from == AddressOf(1 - packet.at))
            {
                found.push_back(packet);
            }
        }
        return found;
    }

    /**
     * @param packet of UDP
     * @param port a port
     * @return whether it is to the port
     */
    static bool IsTo(const SeenPacket& packet, uint16_t port)
    {
        return packet.protocol == IP_UDP && packet.payload.size() >= 8 &&
               packet.payload[2] * 256 + packet.payload[3] == port;
    }

    /**
     * @brief Has a datagram of MIS in clear reach a PoS as if the other one had sent it.
     * @param to 0 for the SPoS, 1 for the TPoS
     * @param frame the frame
     */
    void Forge(size_t to, const Bytes& frame)
    {
        Bytes datagram;
        Writer writer(datagram);
        writer.U16(4551);
        writer.U16(4551);
        writer.U16(static_cast<uint16_t>(8 + frame.size()));
        writer.U16(0);
        writer.Octets(frame);
        IpTap::Deliver(DeviceOf(MisfOf(to)), AddressOf(1 - to), AddressOf(to), IP_UDP, datagram);
    }

    /// @return SAs of both ends for each other, "1 1" for instance
    std::string Sas() const
    {
        return std::to_string(SasWith(MisfOf(0), MisfId(N2N_TPOS), false).size()) + " " +
               std::to_string(SasWith(MisfOf(1), MisfId(N2N_SPOS), false).size());
    }

    void OnEstablished(const EstablishmentReport& report)
    {
        established.push_back(report);
    }

    void OnAnswered(const MisfId& server, const MisfId& client, const std::string& outcome)
    {
        answered.push_back(server.Get() + " " + client.Get() + " " + outcome);
    }

    Ptr<Establishment> establishment;
    std::vector<EstablishmentReport> established;
    std::vector<std::string> answered;
    std::vector<std::string> ends;                      //!< of Establish()
    size_t answers{0};                                  //!< to Exchange(), protected
    size_t failures{0};                                 //!< of Exchange()
    size_t requests{0};                                 //!< handed to users, protected
    size_t clearRequests{0};                            //!< handed to users, in clear
    std::vector<SeenPacket> seen;                       //!< packets that reached the two PoS
    std::function<bool(const SeenPacket& packet)> lose; //!< whether to lose a packet
    /// May change what follows the header of a packet that reaches a PoS.
    std::function<void(size_t at, uint8_t protocol, Bytes& payload)> change;
    std::vector<std::unique_ptr<IpTap>> taps;
};

} // namespace ns3::mis::test

#endif // MIS_N2N_TEST_HELPERS_H
