// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Wall time of a preregistration under Remedy 1, beside a reference that has bare ns-3 move the
 * same packets and OpenSSL do the same operations.
 *
 * Both use the same topology: N mobile nodes on a point-to-multipoint access network behind an
 * access router, a PoS behind it, a WAN between the two PoS and to the group manager. The reference
 * takes size, count, path and order of the packets, and the cryptographic operations, from a
 * recorded preregistration. Ours and reference run in turn, each in a process of its own; only
 * Simulator::Run is timed.
 */

#include "ns3/inet-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/mis-program-options.h"
#include "ns3/mis-roaming-scenario-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <iomanip>
#include <iostream>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace ns3;
using namespace ns3::mis;

namespace
{

constexpr double LIMIT = 1.5;            // ours over reference
constexpr double GROWTH_LIMIT = 1.1;     // ratio of many mobile nodes over ratio of few
constexpr int64_t SPACING_NS = 10000000; // 100 preregistrations a second, however many MNs
constexpr uint16_t REFERENCE_PORT = 9;

[[noreturn]] void
Broken(const std::string& text)
{
    std::cerr << "preregistration: " << text << std::endl;
    std::exit(1);
}

/// Access link that is no bottleneck.
LinkProfile
AccessProfile()
{
    LinkProfile profile = *FindLinkProfile("ethernet");
    profile.rate = DataRate("10Gbps");
    profile.upRate = DataRate("10Gbps");
    profile.delay = MilliSeconds(2);
    return profile;
}

LinkProfile
WanProfile()
{
    LinkProfile profile = *FindLinkProfile("wan");
    profile.rate = DataRate("10Gbps");
    profile.upRate = DataRate("10Gbps");
    profile.jitter = Time(0);
    profile.loss = 0;
    return profile;
}

void
BuildScenario(RoamingScenarioHelper& scenario, uint32_t nodes, const std::string& profile)
{
    scenario.AddNetwork(AccessProfile(), WanProfile());
    scenario.AddNetwork(AccessProfile(), WanProfile());
    scenario.SetHomeLink(WanProfile());
    scenario.SetMobileNodes(nodes, 1);
    auto& mis = scenario.GetMis();
    mis.SetProvisionDeviceKeys(false); // Remedy 1 needs none
    mis.SetDeviceProfiles(profile == "default" ? "phone" : profile,
                          profile == "default" ? "server" : profile);
    mis.SetRemedy("ns3::mis::SaProtectedRemedy");
    scenario.Build();
}

Time
StartOf(uint32_t mn)
{
    return Seconds(1) + NanoSeconds(SPACING_NS * mn);
}

void
Preregister(Ptr<MobileNode> mn)
{
    PreregistrationTarget target;
    target.tpos = MisfId(RoamingScenarioHelper::PosId(1));
    mn->Preregister(target);
}

uint32_t g_succeeded = 0;

void
CountSuccess(const PreregistrationReport& report)
{
    g_succeeded += report.outcome == "success";
}

// the recorded preregistration

enum Role : uint8_t
{
    MN,
    SPOS,
    TPOS
};

/// A packet of the pattern.
struct Step
{
    Role from;
    Role to;
    uint32_t octets;
    int32_t trigger; //!< packet whose arrival has this one sent, -1 for the first
};

struct Pattern
{
    std::vector<Step> steps;
    OperationCounter operations; //!< of all roles
};

struct Recorder
{
    std::vector<Step> steps;
    std::vector<int32_t> lastArrival{-1, -1, -1}; //!< by role, index of the last packet received
    std::vector<std::vector<int32_t>> underWay{{},
                                               {},
                                               {}}; //!< by receiving role, in order of sending
};

Recorder* g_recorder = nullptr;

Role
RoleOf(const MisfId& id)
{
    return id.Get() == RoamingScenarioHelper::PosId(0)   ? SPOS
           : id.Get() == RoamingScenarioHelper::PosId(1) ? TPOS
                                                         : MN;
}

MisfId
IdOf(ByteView view)
{
    return MisfId(std::string(reinterpret_cast<const char*>(view.data()), view.size()));
}

void
Forget(Recorder* recorder)
{
    *recorder = Recorder();
}

void
RecordTx(const FrameRecord& record)
{
    auto& recorder = *g_recorder;
    const Role from = RoleOf(record.local);
    const Role to = RoleOf(IdOf(record.destination));
    recorder.underWay[to].push_back(static_cast<int32_t>(recorder.steps.size()));
    recorder.steps.push_back({from, to, record.octets, recorder.lastArrival[from]});
}

void
RecordRx(const FrameRecord& record)
{
    auto& recorder = *g_recorder;
    const Role to = RoleOf(record.local);
    const Role from = RoleOf(IdOf(record.source));
    auto& queue = recorder.underWay[to];
    const auto it = std::find_if(queue.begin(), queue.end(), [&](int32_t step) {
        return recorder.steps[step].from == from;
    });
    if (it != queue.end()) // not from a mobile node that is not recorded
    {
        recorder.lastArrival[to] = *it;
        queue.erase(it);
    }
}

/// Records the last of some preregistrations one after the other, and counts the operations of all.
Pattern
RecordLast(uint32_t nodes)
{
    RoamingScenarioHelper scenario;
    BuildScenario(scenario, nodes, "zero");
    Recorder recorder;
    g_recorder = &recorder;
    std::vector<Ptr<Misf>> misfs{scenario.GetMobileNodes().back()->GetMisf(),
                                 scenario.GetPointsOfService()[0]->GetMisf(),
                                 scenario.GetPointsOfService()[1]->GetMisf()};
    for (const auto& misf : misfs)
    {
        misf->TraceConnectWithoutContext("Tx", MakeCallback(&RecordTx));
        misf->TraceConnectWithoutContext("Rx", MakeCallback(&RecordRx));
    }
    for (uint32_t i = 0; i < nodes; ++i)
    {
        const auto mn = scenario.GetMobileNodes()[i];
        if (i + 1 < nodes)
        {
            misfs.push_back(mn->GetMisf());
        }
        Simulator::Schedule(Seconds(1 + i), &Preregister, mn);
    }
    Simulator::Schedule(MilliSeconds(1000 * nodes - 500), &Forget, &recorder);
    Simulator::Stop(Seconds(10));
    Simulator::Run();
    Pattern pattern;
    pattern.steps = recorder.steps;
    for (const auto& misf : misfs)
    {
        const auto& counter = misf->GetCrypto().Counter();
        for (size_t i = 0; i < OperationCounter::KINDS; ++i)
        {
            pattern.operations.calls[i] += counter.calls[i];
            pattern.operations.octets[i] += counter.octets[i];
        }
    }
    Simulator::Destroy();
    g_recorder = nullptr;
    return pattern;
}

/// A preregistration in the middle of many: what the points of service do once is left out.
Pattern
Record()
{
    const auto one = RecordLast(1);
    auto two = RecordLast(2);
    two.operations = two.operations - one.operations;
    return two;
}

// the reference

/// The operations of one preregistration, straight through OpenSSL, contexts shared and keyed anew.
class OperationLoop
{
  public:
    explicit OperationLoop(const OperationCounter& operations)
        : m_operations(operations),
          m_ccm(EVP_CIPHER_fetch(nullptr, "AES-128-CCM", nullptr)),
          m_cipher(EVP_CIPHER_CTX_new()),
          m_sha256(EVP_MD_fetch(nullptr, "SHA2-256", nullptr)),
          m_digest(EVP_MD_CTX_new())
    {
        EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
        m_hmac = EVP_MAC_CTX_new(mac);
        EVP_MAC_free(mac);
        char name[] = "SHA2-256";
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
            OSSL_PARAM_construct_end()};
        EVP_MAC_CTX_set_params(m_hmac, parameters);
        for (const auto operation : {CryptoOperation::AES_CMAC,
                                     CryptoOperation::HMAC_SHA1,
                                     CryptoOperation::HMAC_MD5,
                                     CryptoOperation::AES_CBC,
                                     CryptoOperation::AES_GCM,
                                     CryptoOperation::P256_DERIVE,
                                     CryptoOperation::KEY_WRAP,
                                     CryptoOperation::KEY_UNWRAP,
                                     CryptoOperation::ECDSA_SIGN,
                                     CryptoOperation::ECDSA_VERIFY})
        {
            if (operations.Calls(operation) > 0)
            {
                Broken(std::string("the reference does not know how to do ") + ToString(operation));
            }
        }
    }

    /// Does a share of the operations: all of them after as many calls as there are steps.
    void DoShare(size_t step, size_t steps)
    {
        Do(CryptoOperation::AES_CCM, step, steps, [this](size_t, size_t octets) {
            // An opening costs the same block operations as a sealing.
            uint8_t tag[12];
            int length = 0;
            EVP_CipherInit_ex(m_cipher, m_ccm, nullptr, nullptr, nullptr, 1);
            EVP_CIPHER_CTX_ctrl(m_cipher, EVP_CTRL_AEAD_SET_IVLEN, 13, nullptr);
            EVP_CIPHER_CTX_ctrl(m_cipher, EVP_CTRL_AEAD_SET_TAG, 12, nullptr);
            EVP_CipherInit_ex(m_cipher, nullptr, nullptr, m_key, m_key, 1);
            EVP_CipherUpdate(m_cipher, nullptr, &length, nullptr, static_cast<int>(octets));
            EVP_CipherUpdate(m_cipher, m_out, &length, m_in, static_cast<int>(octets));
            EVP_CIPHER_CTX_ctrl(m_cipher, EVP_CTRL_AEAD_GET_TAG, sizeof tag, tag);
        });
        Do(CryptoOperation::HMAC_SHA256, step, steps, [this](size_t, size_t octets) {
            size_t length = 0;
            EVP_MAC_init(m_hmac, m_key, sizeof m_key, nullptr);
            EVP_MAC_update(m_hmac, m_in, octets);
            EVP_MAC_final(m_hmac, m_out, &length, sizeof m_out);
        });
        Do(CryptoOperation::HASH, step, steps, [this](size_t, size_t octets) {
            EVP_DigestInit_ex2(m_digest, m_sha256, nullptr);
            EVP_DigestUpdate(m_digest, m_in, octets);
            EVP_DigestFinal_ex(m_digest, m_out, nullptr);
        });
    }

  private:
    template <class Action>
    void Do(CryptoOperation operation, size_t step, size_t steps, Action action)
    {
        const size_t calls = m_operations.Calls(operation);
        const size_t octets = calls == 0 ? 0 : m_operations.Octets(operation) / calls;
        const size_t from = calls * step / steps;
        const size_t to = calls * (step + 1) / steps;
        for (size_t i = from; i < to; ++i)
        {
            action(i, std::min(octets, sizeof m_in));
        }
    }

    OperationCounter m_operations;
    EVP_CIPHER* m_ccm;
    EVP_CIPHER_CTX* m_cipher;
    EVP_MD* m_sha256;
    EVP_MD_CTX* m_digest;
    EVP_MAC_CTX* m_hmac;
    uint8_t m_key[16]{};
    uint8_t m_in[2048]{};
    uint8_t m_out[2064]{};
};

/// Bare ns-3 that moves the packets of the pattern.
class Reference
{
  public:
    Reference(RoamingScenarioHelper& scenario, const Pattern& pattern)
        : m_pattern(pattern),
          m_operations(pattern.operations)
    {
        m_triggered.resize(pattern.steps.size() + 1);
        for (size_t i = 0; i < pattern.steps.size(); ++i)
        {
            m_triggered[pattern.steps[i].trigger + 1].push_back(static_cast<uint32_t>(i));
        }
        for (uint32_t i = 0; i < 2; ++i)
        {
            const auto node = scenario.GetPointsOfService()[i]->GetObject<Node>();
            m_pos[i] = Open(node);
            m_posAddress[i] =
                InetSocketAddress(node->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal(),
                                  REFERENCE_PORT);
        }
        const auto& nodes = scenario.GetMobileNodeNodes();
        for (uint32_t i = 0; i < nodes.GetN(); ++i)
        {
            m_mn.push_back(Open(nodes.Get(i)));
            m_mnAddress.push_back(
                InetSocketAddress(nodes.Get(i)->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal(),
                                  REFERENCE_PORT));
        }
    }

    void Start(uint32_t mn)
    {
        Continue(mn, -1);
    }

    uint64_t GetReceived() const
    {
        return m_received;
    }

  private:
    Ptr<Socket> Open(Ptr<Node> node)
    {
        auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
        socket->SetAttribute("RcvBufSize", UintegerValue(64 * 1024 * 1024));
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), REFERENCE_PORT));
        socket->SetRecvCallback(MakeCallback(&Reference::Receive, this));
        return socket;
    }

    void Continue(uint32_t mn, int32_t arrived)
    {
        for (const auto index : m_triggered[arrived + 1])
        {
            const auto& step = m_pattern.steps[index];
            m_operations.DoShare(index, m_pattern.steps.size());
            uint8_t payload[2048];
            std::memcpy(payload, &mn, sizeof mn);
            std::memcpy(payload + sizeof mn, &index, sizeof index);
            auto packet = Create<Packet>(payload, step.octets);
            const auto& socket = step.from == MN ? m_mn[mn] : m_pos[step.from - 1];
            const auto& to = step.to == MN ? m_mnAddress[mn] : m_posAddress[step.to - 1];
            socket->SendTo(packet, 0, to);
        }
    }

    void Receive(Ptr<Socket> socket)
    {
        Address from;
        while (auto packet = socket->RecvFrom(from))
        {
            uint8_t payload[2048];
            packet->CopyData(payload, sizeof payload);
            uint32_t mn;
            uint32_t index;
            std::memcpy(&mn, payload, sizeof mn);
            std::memcpy(&index, payload + sizeof mn, sizeof index);
            ++m_received;
            Continue(mn, static_cast<int32_t>(index));
        }
    }

    const Pattern& m_pattern;
    OperationLoop m_operations;
    std::vector<std::vector<uint32_t>> m_triggered; //!< packets by the one that has them sent
    Ptr<Socket> m_pos[2];
    Address m_posAddress[2];
    std::vector<Ptr<Socket>> m_mn;
    std::vector<Address> m_mnAddress;
    uint64_t m_received{0};
};

/// Clock that measures: wall time, or processor time for machines that are busy with other things.
clockid_t g_clock = CLOCK_MONOTONIC;

double
NowUs()
{
    timespec now{};
    clock_gettime(g_clock, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// Runs one side and returns microseconds of wall time a preregistration.
double
Measure(bool ours, uint32_t nodes, const std::string& profile)
{
    Pattern pattern;
    if (!ours)
    {
        pattern = Record();
    }
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(1);
    RoamingScenarioHelper scenario;
    BuildScenario(scenario, nodes, profile);
    std::unique_ptr<Reference> reference;
    if (ours)
    {
        for (uint32_t i = 0; i < nodes; ++i)
        {
            const auto mn = scenario.GetMobileNodes()[i];
            mn->TraceConnectWithoutContext("Preregistration", MakeCallback(&CountSuccess));
            Simulator::Schedule(StartOf(i), &Preregister, mn);
        }
    }
    else
    {
        reference = std::make_unique<Reference>(scenario, pattern);
        for (uint32_t i = 0; i < nodes; ++i)
        {
            Simulator::Schedule(StartOf(i), &Reference::Start, reference.get(), i);
        }
    }
    // What happens at the start of the simulation is set-up.
    Simulator::Stop(MilliSeconds(500));
    Simulator::Run();
    Simulator::Stop(StartOf(nodes) + Seconds(20));
    const double begin = NowUs();
    Simulator::Run();
    const double end = NowUs();
    if (ours && g_succeeded != nodes)
    {
        Broken(std::to_string(nodes - g_succeeded) + " preregistrations failed");
    }
    if (!ours && reference->GetReceived() != pattern.steps.size() * nodes)
    {
        Broken("the reference lost packets");
    }
    Simulator::Destroy();
    return (end - begin) / nodes;
}

/// The same in a process of its own.
double
MeasureApart(bool ours, uint32_t nodes, const std::string& profile)
{
    int ends[2];
    if (pipe(ends) != 0)
    {
        Broken("no pipe");
    }
    const pid_t child = fork();
    if (child == 0)
    {
        const double result = Measure(ours, nodes, profile);
        const bool written = write(ends[1], &result, sizeof result) == sizeof result;
        _exit(written ? 0 : 1);
    }
    close(ends[1]);
    double result = 0;
    const bool isRead = read(ends[0], &result, sizeof result) == sizeof result;
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (!isRead || status != 0)
    {
        Broken("a measurement failed");
    }
    return result;
}

double
Median(std::vector<double> values)
{
    const auto middle = values.begin() + values.size() / 2;
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double
MeasureRatio(uint32_t nodes, uint32_t pairs, const std::string& profile)
{
    std::vector<double> ours;
    std::vector<double> reference;
    std::vector<double> ratios;
    for (uint32_t i = 0; i < pairs; ++i)
    {
        // Who goes first changes from pair to pair.
        const bool oursFirst = i % 2 == 0;
        const double first = MeasureApart(oursFirst, nodes, profile);
        const double second = MeasureApart(!oursFirst, nodes, profile);
        ours.push_back(oursFirst ? first : second);
        reference.push_back(oursFirst ? second : first);
        ratios.push_back(ours.back() / reference.back());
    }
    const double ratio = Median(ratios);
    std::cout << std::fixed << std::setprecision(1) << std::setw(6) << nodes
              << " mobile nodes: ours " << Median(ours) << " us, reference " << Median(reference)
              << " us a preregistration (medians of " << pairs << " pairs), ratio "
              << std::setprecision(3) << ratio << " ["
              << *std::min_element(ratios.begin(), ratios.end()) << ", "
              << *std::max_element(ratios.begin(), ratios.end()) << "]  "
              << (ratio <= LIMIT ? "PASS" : "SHORT") << " (at most " << LIMIT << ")" << std::endl;
    return ratio;
}

} // namespace

int
main(int argc, char* argv[])
{
    uint64_t few = 1000;
    uint64_t many = 20000;
    uint64_t pairs = 7;
    std::string profile = "default";
    std::string only;
    std::string clock = "wall";
    auto profiles = DeviceProfileNames();
    profiles.emplace_back("default");
    ProgramOptions options("preregistration",
                           "Wall time of a preregistration, beside a reference.");
    options.AddNumber("few", "Mobile nodes of the small case", few, 1, 65000);
    options.AddNumber("many", "Mobile nodes of the large case, at least FEW", many, 1, 65000);
    options.AddNumber("pairs", "Alternating pairs", pairs, 1, 1000);
    options.AddWord("profile",
                    "Device profile of all roles; default: phone for MN, server for PoS",
                    profile,
                    profiles);
    options.AddWord("only",
                    "One run of the small case, for profilers",
                    only,
                    {"ours", "reference"});
    options.AddWord("clock",
                    "Wall time, or processor time for a machine that is busy with other things",
                    clock,
                    {"wall", "cpu"});
    for (const auto* name :
         {"RngSeed", "RngRun", "ns3::mis::MobileNode::Remedy", "ns3::mis::PointOfService::Remedy"})
    {
        options.Own(name, "the program");
    }
    options.Own("ns3::mis::Misf::DeviceProfile", "--profile");
    options.Parse(argc, argv);
    if (many < few)
    {
        options.Wrong("--many is less than --few");
    }
    g_clock = clock == "cpu" ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
    const auto small = static_cast<uint32_t>(few);
    const auto large = static_cast<uint32_t>(many);
    const auto count = static_cast<uint32_t>(pairs);
    if (!only.empty())
    {
        std::cout << Measure(only == "ours", small, profile) << " us\n";
        return 0;
    }
    const double smallRatio = MeasureRatio(small, count, profile);
    const double largeRatio = MeasureRatio(large, count, profile);
    const bool holds = largeRatio <= GROWTH_LIMIT * smallRatio;
    std::cout << std::fixed << std::setprecision(3)
              << "growth of the ratio: " << largeRatio / smallRatio << "  "
              << (holds ? "PASS" : "SHORT") << " (at most " << GROWTH_LIMIT << ")" << std::endl;
    return smallRatio <= LIMIT && largeRatio <= LIMIT && holds ? 0 : 1;
}
