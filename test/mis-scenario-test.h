// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What the suites on remedies, failures, latencies and roaming share: a roaming scenario that
 * records everything, a tap that changes or drops frames, and checks that nothing stays behind.
 */
#ifndef MIS_SCENARIO_TEST_H
#define MIS_SCENARIO_TEST_H

#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/mis-link-profile.h"
#include "ns3/mis-message.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/object-factory.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/udp-header.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace ns3::mis::test
{

/**
 * @brief Stands between a device and IP, and sees every UDP datagram that reaches the node.
 */
class UdpTap
{
  public:
    /// May change the payload; returns false to drop it.
    using Rule = std::function<bool(uint16_t fromPort, uint16_t toPort, Bytes& payload)>;

    /**
     * @param device device to stand behind
     * @param rule what to do with each datagram
     */
    UdpTap(Ptr<NetDevice> device, Rule rule)
        : m_rule(std::move(rule))
    {
        device->SetReceiveCallback(MakeCallback(&UdpTap::Receive, this));
    }

  private:
    bool Receive(Ptr<NetDevice> device,
                 Ptr<const Packet> packet,
                 uint16_t protocol,
                 const Address& from)
    {
        auto copy = packet->Copy();
        Ipv4Header ip;
        UdpHeader udp;
        copy->RemoveHeader(ip);
        if (ip.GetProtocol() == 17 && copy->RemoveHeader(udp) > 0)
        {
            Bytes payload(copy->GetSize());
            copy->CopyData(payload.data(), payload.size());
            if (!m_rule(udp.GetSourcePort(), udp.GetDestinationPort(), payload))
            {
                return true;
            }
            copy = Create<Packet>(payload.data(), payload.size());
            copy->AddHeader(udp);
            ip.SetPayloadSize(static_cast<uint16_t>(copy->GetSize()));
            copy->AddHeader(ip);
            packet = copy;
        }
        device->GetNode()->GetObject<Ipv4L3Protocol>()->Receive(device,
                                                                packet,
                                                                protocol,
                                                                from,
                                                                device->GetAddress(),
                                                                NetDevice::PACKET_HOST);
        return true;
    }

    Rule m_rule;
};

/// Sees every MIS frame that reaches the node over UDP.
class Tap : public UdpTap
{
  public:
    /// May change the frame; returns false to drop it.
    using Rule = std::function<bool(Bytes& frame)>;

    /**
     * @param device device to stand behind
     * @param rule what to do with each frame
     */
    Tap(Ptr<NetDevice> device, Rule rule)
        : UdpTap(device, [rule = std::move(rule)](uint16_t, uint16_t toPort, Bytes& frame) {
              return toPort != 4551 || rule(frame);
          })
    {
    }
};

/// A frame that a MISF sent or received.
struct Sight
{
    int64_t atNs;            //!< when, nanoseconds
    std::string local;       //!< who
    bool isTx;               //!< sent, not received
    Header header;           //!< its header
    std::string source;      //!< Source id
    std::string destination; //!< Destination id
    std::string remote;      //!< other end of the transport, by address
    uint32_t octets;         //!< length

    bool operator==(const Sight& other) const
    {
        return atNs == other.atNs && local == other.local && isTx == other.isTx &&
               header.mid.Value() == other.header.mid.Value() && header.tid == other.header.tid &&
               header.ackReq == other.header.ackReq && header.ackRsp == other.header.ackRsp &&
               source == other.source && destination == other.destination &&
               remote == other.remote && octets == other.octets;
    }
};

/// Something that happened to a key.
struct KeyEvent
{
    int64_t atNs;     //!< when, nanoseconds
    std::string who;  //!< MISF identifier
    std::string what; //!< "issued", "accepted", "confirmed", "ready"
    std::string mn;   //!< mobile node
    std::string tpos; //!< target PoS
};

/// End of a session at a PoS.
struct SessionEvent
{
    int64_t atNs;        //!< when, nanoseconds
    std::string pos;     //!< where
    std::string mn;      //!< whose
    std::string outcome; //!< how
};

/// A line `T KDK <remedy> <MN> <TPoS> <K>` of the key log.
struct KdkLine
{
    std::string remedy; //!< name of the remedy
    std::string mn;     //!< mobile node
    std::string tpos;   //!< target PoS
    std::string key;    //!< K in hexadecimal
};

/**
 * @brief Access networks without loss, all links of one kind unless changed, and records of
 * whatever the roles report.
 */
class Scenario
{
  public:
    /// @param run run number of the random variables
    explicit Scenario(uint64_t run = 1)
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(run);
        roaming.GetMis().SetDeviceProfiles("zero", "zero");
    }

    ~Scenario()
    {
        Simulator::Destroy();
    }

    Scenario(const Scenario&) = delete;
    Scenario& operator=(const Scenario&) = delete;

    /**
     * @param delay one-way delay
     * @param rate rate of both directions
     * @return a lossless link
     */
    static LinkProfile Link(Time delay, DataRate rate = DataRate("100Mbps"))
    {
        auto profile = *FindLinkProfile("ethernet");
        profile.delay = delay;
        profile.rate = rate;
        profile.upRate = rate;
        return profile;
    }

    /**
     * @param text type and attributes, such as "ns3::mis::GroupKeyRemedy[Path=Direct]"
     * @return its factory
     */
    static ObjectFactory Remedy(const std::string& text)
    {
        ObjectFactory factory;
        std::istringstream(text) >> factory;
        return factory;
    }

    /**
     * @param count how many access networks to add
     * @param delay delay of the access links
     */
    void AddNetworks(uint32_t count, Time delay = MilliSeconds(2))
    {
        for (uint32_t i = 0; i < count; ++i)
        {
            roaming.AddNetwork(Link(delay), Link(MilliSeconds(5)));
        }
    }

    /// Builds the topology and records from now on.
    void Build()
    {
        roaming.Build();
        for (const auto& mn : roaming.GetMobileNodes())
        {
            const auto id = mn->GetMisf()->GetId().Get();
            mn->TraceConnectWithoutContext("Preregistration",
                                           MakeCallback(&Scenario::OnPreregistration, this));
            mn->TraceConnectWithoutContext("Handover", MakeCallback(&Scenario::OnHandover, this));
            mn->TraceConnectWithoutContext("KeyAccepted",
                                           MakeBoundCallback(&OnKey, this, id + " accepted"));
            mn->TraceConnectWithoutContext("KeyConfirmed",
                                           MakeBoundCallback(&OnKey, this, id + " confirmed"));
            mn->TraceConnectWithoutContext("SaReady",
                                           MakeBoundCallback(&OnKey, this, id + " ready"));
        }
        for (const auto& pos : roaming.GetPointsOfService())
        {
            const auto id = pos->GetMisf()->GetId().Get();
            pos->TraceConnectWithoutContext("ServingSession",
                                            MakeBoundCallback(&OnServing, this, id));
            pos->TraceConnectWithoutContext("TargetSession",
                                            MakeBoundCallback(&OnTarget, this, id));
            pos->TraceConnectWithoutContext("KeyIssued",
                                            MakeBoundCallback(&OnKey, this, id + " issued"));
            pos->TraceConnectWithoutContext("KeyAccepted",
                                            MakeBoundCallback(&OnKey, this, id + " accepted"));
            pos->TraceConnectWithoutContext("KeyConfirmed",
                                            MakeBoundCallback(&OnKey, this, id + " confirmed"));
            pos->TraceConnectWithoutContext("GroupKeyBlock",
                                            MakeBoundCallback(&OnGroupKey, this, id));
        }
        for (const auto& mn : roaming.GetMobileNodes())
        {
            mn->TraceConnectWithoutContext(
                "GroupKeyBlock",
                MakeBoundCallback(&OnGroupKey, this, mn->GetMisf()->GetId().Get()));
        }
        for (const auto& misf : roaming.GetMis().GetMisfs())
        {
            misf->TraceConnectWithoutContext("Tx", MakeBoundCallback(&OnFrame, this, true));
            misf->TraceConnectWithoutContext("Rx", MakeBoundCallback(&OnFrame, this, false));
        }
    }

    /**
     * @brief Does something at an instant.
     * @param at when
     * @param action what
     */
    static void At(Time at, std::function<void()> action)
    {
        Simulator::Schedule(at - Simulator::Now(), &Call, std::move(action));
    }

    /**
     * @brief Has a mobile node preregister.
     * @param at when
     * @param network target network
     * @param mn index of the mobile node
     */
    void Preregister(Time at, uint32_t network = 1, uint32_t mn = 0)
    {
        At(at, [this, network, mn] { Mn(mn)->Preregister(TargetOf(network, mn)); });
    }

    /**
     * @brief Has a mobile node hand over.
     * @param at when
     * @param network target network
     * @param mn index of the mobile node
     */
    void Handover(Time at, uint32_t network = 1, uint32_t mn = 0)
    {
        At(at, [this, network, mn] { Mn(mn)->Handover(roaming.GetLink(mn, network)); });
    }

    /// @param until end of the simulation
    static void Run(Time until)
    {
        Simulator::Stop(until - Simulator::Now());
        Simulator::Run();
    }

    /**
     * @brief Has the first mobile node go on to the second network and to the third, and runs until
     * that is over.
     * @return what both preregistrations and both handovers have come to, if they are not all there
     * and successful, and transactions that are left; empty if all is well
     */
    std::string WalkOverThree()
    {
        for (const uint32_t network : {1U, 2U})
        {
            Preregister(Seconds(4 * network - 3), network);
            Handover(Seconds(4 * network - 1), network);
        }
        Run(Seconds(20));
        std::string outcomes;
        for (const auto& report : reports)
        {
            outcomes += "preregistration " + report.outcome + ' ';
        }
        for (const auto& report : handovers)
        {
            outcomes += "handover " + report.outcome + ' ';
        }
        const std::string good = "preregistration success preregistration success "
                                 "handover success handover success ";
        return (outcomes == good ? "" : outcomes) + LiveTransactions();
    }

    /// @param network target network @param mn index of the mobile node @return the target
    PreregistrationTarget TargetOf(uint32_t network, uint32_t mn = 0) const
    {
        PreregistrationTarget target;
        target.tpos = MisfId(RoamingScenarioHelper::PosId(network));
        target.link = roaming.GetLink(mn, network)->GetLinkTupleId();
        return target;
    }

    /// @param i index @return a mobile node
    Ptr<MobileNode> Mn(uint32_t i = 0) const
    {
        return roaming.GetMobileNodes()[i];
    }

    /// @param i index of a network @return its point of service
    Ptr<PointOfService> Pos(uint32_t i) const
    {
        return roaming.GetPointsOfService()[i];
    }

    /// @return MISF of the group manager
    Ptr<Misf> Gm() const
    {
        return roaming.GetGroupManager()->GetObject<Misf>();
    }

    /// @param misf a MISF @return device its node is reached by
    static Ptr<NetDevice> DeviceOf(Ptr<Misf> misf)
    {
        return misf->GetObject<Ipv4L3Protocol>()->GetNetDevice(1);
    }

    /// @param device where @param rule what to do with the frames that come there
    void AddTap(Ptr<NetDevice> device, Tap::Rule rule)
    {
        m_taps.push_back(std::make_unique<Tap>(device, std::move(rule)));
    }

    /**
     * @brief Sends a frame by UDP, as an attacker who can reach a PoS.
     * @param to the PoS
     * @param frame the frame
     */
    void Inject(Ptr<PointOfService> to, const Bytes& frame)
    {
        if (!m_attacker)
        {
            m_attacker =
                Socket::CreateSocket(Gm()->GetObject<Node>(), UdpSocketFactory::GetTypeId());
            m_attacker->Bind();
        }
        const auto& misf = to->GetMisf();
        const auto* record = misf->GetDirectory()->Find(misf->GetId().View());
        m_attacker->SendTo(Create<Packet>(frame.data(), frame.size()), 0, record->address.address);
    }

    /**
     * @param misf a MISF
     * @param peer a peer
     * @param made whether only SAs made by preregistrations count
     * @return copies of its SAs with the peer
     */
    static std::vector<SecurityAssociation> SasWith(Ptr<Misf> misf,
                                                    const MisfId& peer,
                                                    bool made = true)
    {
        std::vector<SecurityAssociation> found;
        misf->GetSaDatabase().ForEach([&](const SecurityAssociation& sa) {
            if (sa.remote == peer && (!made || IsMade(sa)))
            {
                found.push_back(sa);
            }
        });
        return found;
    }

    /// @param sa an SA @return whether a preregistration made it
    static bool IsMade(const SecurityAssociation& sa)
    {
        return sa.said.type == IdType::GKB || sa.said.type == IdType::PREREGISTRATION;
    }

    /**
     * @brief Looks for whatever a preregistration that failed must not leave.
     * @return what is left, empty if nothing
     */
    std::string Leftovers()
    {
        std::ostringstream left;
        for (const auto& pos : roaming.GetPointsOfService())
        {
            if (pos->GetServingSessions() != 0 || pos->GetTargetSessions() != 0)
            {
                left << pos->GetMisf()->GetId() << " has " << pos->GetServingSessions()
                     << " serving and " << pos->GetTargetSessions() << " target sessions; ";
            }
        }
        for (const auto& misf : roaming.GetMis().GetMisfs())
        {
            misf->GetSaDatabase().ForEach([&](const SecurityAssociation& sa) {
                if (IsMade(sa))
                {
                    left << misf->GetId() << " has an SA with " << sa.remote << "; ";
                }
            });
        }
        return left.str() + LiveTransactions();
    }

    /// @return transactions that have not ended, empty if none
    std::string LiveTransactions()
    {
        std::ostringstream left;
        for (const auto& misf : roaming.GetMis().GetMisfs())
        {
            if (misf->GetLiveTransactions() != 0)
            {
                left << misf->GetId() << " has " << misf->GetLiveTransactions()
                     << " transactions; ";
            }
        }
        return left.str();
    }

    /// @return outcome of the last preregistration, "none" before the first has ended
    std::string Outcome() const
    {
        return reports.empty() ? "none" : reports.back().outcome;
    }

    /**
     * @param events sessions that ended
     * @param pos where, by network
     * @return outcomes there, separated by commas
     */
    static std::string Outcomes(const std::vector<SessionEvent>& events, uint32_t pos)
    {
        std::string all;
        for (const auto& event : events)
        {
            if (event.pos == RoamingScenarioHelper::PosId(pos))
            {
                all += (all.empty() ? "" : ",") + event.outcome;
            }
        }
        return all;
    }

    /**
     * @param who identifier
     * @param what see KeyEvent
     * @return when it first happened, nanoseconds, -1 if never
     */
    int64_t WhenNs(const std::string& who, const std::string& what) const
    {
        for (const auto& event : keys)
        {
            if (event.who == who && event.what == what)
            {
                return event.atNs;
            }
        }
        return -1;
    }

    /**
     * @param local who sent
     * @param mid message
     * @return frames sent that are no pure acknowledgement
     */
    std::vector<Sight> Sent(const std::string& local, MessageId mid) const
    {
        std::vector<Sight> found;
        for (const auto& frame : frames)
        {
            if (frame.isTx && frame.local == local && frame.header.mid.Value() == mid.Value() &&
                !(frame.header.ackRsp && mid.Opcode() != Opcode::RESPONSE))
            {
                found.push_back(frame);
            }
        }
        return found;
    }

    /// @param file a key log @return its KDK lines
    static std::vector<KdkLine> ReadKdk(const std::string& file)
    {
        std::vector<KdkLine> lines;
        std::ifstream in(file);
        for (std::string line; std::getline(in, line);)
        {
            std::istringstream fields(line);
            std::string time;
            std::string kind;
            KdkLine kdk;
            if (fields >> time >> kind >> kdk.remedy >> kdk.mn >> kdk.tpos >> kdk.key &&
                kind == "KDK")
            {
                lines.push_back(kdk);
            }
        }
        return lines;
    }

    RoamingScenarioHelper roaming;              //!< the topology, to be configured before Build()
    std::vector<PreregistrationReport> reports; //!< as they ended
    std::vector<HandoverReport> handovers;      //!< as they ended
    std::vector<SessionEvent> serving;          //!< ServingSession traces
    std::vector<SessionEvent> targets;          //!< TargetSession traces
    std::vector<KeyEvent> keys;                 //!< key traces
    std::vector<std::pair<std::string, GroupKeyError>> blocks; //!< group key blocks, by receiver
    std::vector<Sight> frames;                                 //!< Tx and Rx traces

  private:
    static void Call(std::function<void()> action)
    {
        action();
    }

    void OnPreregistration(const PreregistrationReport& report)
    {
        reports.push_back(report);
    }

    void OnHandover(const HandoverReport& report)
    {
        handovers.push_back(report);
    }

    static int64_t NowNs()
    {
        return Simulator::Now().GetNanoSeconds();
    }

    static void OnKey(Scenario* self, std::string what, const MisfId& mn, const MisfId& tpos)
    {
        const auto space = what.find(' ');
        self->keys.push_back(
            {NowNs(), what.substr(0, space), what.substr(space + 1), mn.Get(), tpos.Get()});
    }

    static void OnServing(Scenario* self,
                          std::string pos,
                          const MisfId& mn,
                          const std::string& outcome)
    {
        self->serving.push_back({NowNs(), pos, mn.Get(), outcome});
    }

    static void OnTarget(Scenario* self,
                         std::string pos,
                         const MisfId& mn,
                         const std::string& outcome)
    {
        self->targets.push_back({NowNs(), pos, mn.Get(), outcome});
    }

    static void OnGroupKey(Scenario* self, std::string who, const MisfId&, GroupKeyError error)
    {
        self->blocks.emplace_back(who, error);
    }

    static void OnFrame(Scenario* self, bool isTx, const FrameRecord& record)
    {
        const auto text = [](ByteView octets) { return std::string(octets.begin(), octets.end()); };
        std::ostringstream remote;
        remote << InetSocketAddress::ConvertFrom(record.remote.address).GetIpv4();
        self->frames.push_back({NowNs(),
                                record.local.Get(),
                                isTx,
                                record.header,
                                text(record.source),
                                text(record.destination),
                                remote.str(),
                                record.octets});
    }

    std::vector<std::unique_ptr<Tap>> m_taps;
    Ptr<Socket> m_attacker;
};

} // namespace ns3::mis::test

#endif // MIS_SCENARIO_TEST_H
