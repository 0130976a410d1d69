// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Simulations of ns-3 with and without this module on their nodes, and what is compared of them.
 */
#ifndef MIS_UNDISTURBED_TEST_H
#define MIS_UNDISTURBED_TEST_H

#include "mis-radio-test-helpers.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/mis-controlled-port-routing.h"
#include "ns3/mis-helper.h"
#include "ns3/mis-link-event-listener.h"
#include "ns3/mis-link-event-notifier.h"
#include "ns3/mis-radio-access-link.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/seq-ts-header.h"
#include "ns3/simulator.h"
#include "ns3/udp-client-server-helper.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3::mis::test
{

/// What the module does on the nodes of a simulation.
enum class Presence : uint8_t
{
    ABSENT, //!< it is not there
    SILENT, //!< in use, and nobody has asked for link events
    TELLING //!< in use, and link events are sent to the PoS over the link they are about
};

/// A simulation, and how it differs from others.
struct PlainSetup
{
    Presence presence{Presence::ABSENT};
    int64_t firstStream{1};   //!< of the random variables of ns-3
    bool isPortClosed{false}; //!< whether the mobile node is not told that it is attached
    bool hasLoad{false};      //!< whether more data go to the mobile node
};

/// Everything that has happened, in order, with its instant in nanoseconds.
class PlainLog
{
  public:
    PlainLog() = default;
    PlainLog(const PlainLog&) = delete;
    PlainLog& operator=(const PlainLog&) = delete;

    /// @param what has happened now
    void Note(const std::string& what)
    {
        m_lines.push_back({Simulator::Now().GetNanoSeconds(), what});
    }

    /// @param other log @return what is different first, empty if nothing is
    std::string Differs(const PlainLog& other) const
    {
        const auto [mine, theirs] = std::mismatch(m_lines.begin(),
                                                  m_lines.end(),
                                                  other.m_lines.begin(),
                                                  other.m_lines.end());
        if (mine == m_lines.end() && theirs == other.m_lines.end())
        {
            return {};
        }
        return Describe(mine, m_lines) + " against " + Describe(theirs, other.m_lines);
    }

    /**
     * @param what an event
     * @param after instant, nanoseconds
     * @return when it has happened first from then on, nanoseconds; -1 if it has not
     */
    int64_t Find(const std::string& what, int64_t after = 0) const
    {
        const auto it = std::find_if(m_lines.begin(), m_lines.end(), [&](const Line& line) {
            return line.at >= after && line.what == what;
        });
        return it == m_lines.end() ? -1 : it->at;
    }

    /// @return packets that have arrived
    size_t GetArrivals() const
    {
        return static_cast<size_t>(std::count_if(m_lines.begin(), m_lines.end(), IsArrival));
    }

    /// @return longest time between two packets that have arrived one after the other
    Time GetLargestGap() const
    {
        std::optional<int64_t> last;
        int64_t largest = 0;
        for (const auto& line : m_lines)
        {
            if (IsArrival(line))
            {
                largest = std::max(largest, line.at - last.value_or(line.at));
                last = line.at;
            }
        }
        return NanoSeconds(largest);
    }

    /// @param packet datagram of UdpClient that has arrived
    void OnArrival(Ptr<const Packet> packet)
    {
        SeqTsHeader header;
        packet->Copy()->RemoveHeader(header);
        Note(ARRIVAL + std::to_string(header.GetSeq()));
    }

  private:
    static constexpr const char* ARRIVAL = "packet ";

    /// An event.
    struct Line
    {
        int64_t at; //!< nanoseconds
        std::string what;

        bool operator==(const Line& other) const
        {
            return at == other.at && what == other.what;
        }
    };

    using Lines = std::vector<Line>;

    static bool IsArrival(const Line& line)
    {
        return line.what.rfind(ARRIVAL, 0) == 0;
    }

    static std::string Describe(Lines::const_iterator line, const Lines& lines)
    {
        return line == lines.end() ? "nothing" : line->what + " at " + std::to_string(line->at);
    }

    Lines m_lines;
};

/// The module on the nodes of a simulation, with nothing preregistered.
class ModuleInUse
{
  public:
    /**
     * @param presence SILENT or TELLING
     * @param mobile mobile node
     * @param server node that becomes the PoS
     * @param address of the server
     * @param others more nodes, which get a MISF
     */
    ModuleInUse(Presence presence,
                Ptr<Node> mobile,
                Ptr<Node> server,
                Ipv4Address address,
                const NodeContainer& others)
    {
        const std::string pos = "pos@plain.example";
        m_mis.InstallPointOfService(server, pos, address);
        for (uint32_t i = 0; i < others.GetN(); ++i)
        {
            m_mis.InstallFunction(others.Get(i), "node" + std::to_string(i) + "@plain.example");
        }
        m_mn = m_mis.InstallMobileNode(mobile, "mn@plain.example", pos);
        m_listener->SetMisf(server->GetObject<Misf>());
        m_notifier->SetMobileNode(m_mn);
        if (presence == Presence::SILENT)
        {
            m_notifier->SetAttribute("Events", UintegerValue(0));
        }
        for (const auto& misf : m_mis.GetMisfs())
        {
            misf->TraceConnectWithoutContext("Tx", MakeCallback(&ModuleInUse::OnFrame, this));
        }
        constexpr int64_t STREAM = 100000;
        m_mis.AssignStreams(STREAM);
    }

    ModuleInUse(const ModuleInUse&) = delete;
    ModuleInUse& operator=(const ModuleInUse&) = delete;

    /**
     * @brief Gives the mobile node the link that it begins on.
     * @param link watches its device
     * @param device the device
     * @param gateway access router
     * @param isPortClosed whether the mobile node is not told that it is attached
     */
    void Use(Ptr<RadioAccessLink> link,
             Ptr<NetDevice> device,
             Ipv4Address gateway,
             bool isPortClosed)
    {
        m_device = device;
        // No peer may pass the port while it is closed, so that the flow needs it open.
        link->SetInterface(device, gateway, {});
        link->Follow(m_mn);
        m_notifier->Watch(link);
        record = std::make_unique<LinkRecord>(link);
        link->Attach([this, link, isPortClosed] {
            if (!isPortClosed)
            {
                m_mn->SetCurrentLink(link);
            }
        });
    }

    /// @return packets dropped at the controlled port
    uint64_t GetPortDrops() const
    {
        return DynamicCast<ControlledPortRouting>(
                   m_device->GetNode()->GetObject<Ipv4>()->GetRoutingProtocol())
            ->GetDropCount();
    }

    std::unique_ptr<LinkRecord> record; //!< of the link
    std::vector<std::string> frames;    //!< octets of each MIS frame sent

  private:
    void OnFrame(const FrameRecord& frame)
    {
        std::string octets(frame.packet->GetSize(), '\0');
        frame.packet->CopyData(reinterpret_cast<uint8_t*>(octets.data()),
                               static_cast<uint32_t>(octets.size()));
        frames.push_back(std::to_string(Simulator::Now().GetNanoSeconds()) + octets);
    }

    MisHelper m_mis;
    Ptr<MobileNode> m_mn;
    Ptr<LinkEventNotifier> m_notifier{CreateObject<LinkEventNotifier>()};
    Ptr<LinkEventListener> m_listener{CreateObject<LinkEventListener>()};
    Ptr<NetDevice> m_device;
};

/**
 * @brief A simulation of ns-3: a server sends a datagram each millisecond to a mobile node, which
 * hands over within its technology.
 *
 * A subclass builds it in its constructor, in the same way whatever the setup says, puts the module
 * on it behind all else, if at all, and calls Run().
 */
class PlainRun
{
  public:
    PlainRun(const PlainRun&) = delete;
    PlainRun& operator=(const PlainRun&) = delete;

    PlainLog log;                        //!< what has happened
    std::unique_ptr<ModuleInUse> module; //!< nullptr if it is absent
    uint64_t portDrops{0};               //!< packets dropped by the module

  protected:
    /// @param setup what is different
    explicit PlainRun(const PlainSetup& setup)
        : m_setup(setup)
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
    }

    ~PlainRun() = default;

    /**
     * @param mobile gets an internet stack, with controlled ports where the module is
     * @param others get one as ns-3 has it
     */
    void InstallStacks(Ptr<Node> mobile, const NodeContainer& others)
    {
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(others);
        InternetStackHelper mobileStack;
        mobileStack.SetIpv6StackInstall(false);
        if (m_setup.presence != Presence::ABSENT)
        {
            mobileStack.SetRoutingHelper(ControlledPortRoutingHelper());
        }
        mobileStack.Install(mobile);
        constexpr int64_t STREAMS = 1000;
        stack.AssignStreams(NodeContainer(others, mobile), m_setup.firstStream + STREAMS);
    }

    /**
     * @brief Sends datagrams.
     * @param server from there
     * @param mobile to there
     * @param address of the mobile node
     * @param begin first datagram
     */
    void InstallFlow(Ptr<Node> server, Ptr<Node> mobile, Ipv4Address address, Time begin)
    {
        constexpr uint16_t PORT = 5000;
        constexpr uint32_t OCTETS = 100;
        constexpr uint32_t LOAD_OCTETS = 1000;
        const auto sink = UdpServerHelper(PORT).Install(mobile);
        sink.Get(0)->TraceConnectWithoutContext("Rx", MakeCallback(&PlainLog::OnArrival, &log));
        Send(server, InetSocketAddress(address, PORT), OCTETS, begin);
        if (m_setup.hasLoad)
        {
            UdpServerHelper(PORT + 1).Install(mobile);
            Send(server, InetSocketAddress(address, PORT + 1), LOAD_OCTETS, begin);
        }
    }

    /// @param until end of the simulation
    void Run(Time until)
    {
        const uint64_t before = RngSeedManager::GetNextStreamIndex();
        RunUntil(until);
        // Random variables made during the simulation would shift the streams of those that follow.
        log.Note("streams " + std::to_string(RngSeedManager::GetNextStreamIndex() - before));
        if (module)
        {
            portDrops = module->GetPortDrops();
        }
        Simulator::Destroy();
    }

    /// @return what is different
    const PlainSetup& GetSetup() const
    {
        return m_setup;
    }

  private:
    static void Send(Ptr<Node> from, const Address& to, uint32_t octets, Time begin)
    {
        // By the helper, because the size of UdpClient depends on how ns-3 was built.
        UdpClientHelper client(to);
        client.SetAttribute("Interval", TimeValue(MilliSeconds(1)));
        client.SetAttribute("MaxPackets", UintegerValue(UINT32_MAX));
        client.SetAttribute("PacketSize", UintegerValue(octets));
        client.Install(from).Start(begin);
    }

    PlainSetup m_setup;
};

} // namespace ns3::mis::test

#endif // MIS_UNDISTURBED_TEST_H
