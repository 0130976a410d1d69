// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Messages protected by records of TLS.
 */
#include "mis-tls-record-test-helpers.h"

#include "ns3/tcp-socket-factory.h"
#include "ns3/test.h"

#include <csignal>
#include <functional>
#include <map>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// All goes well.
class SuccessTestCase : public TestCase
{
  public:
    SuccessTestCase()
        : TestCase("all remedies succeed along a chain with records between mobile node and points "
                   "of service, in both versions and with both kinds of credential")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto* attributes : {"Version=1.3",
                                       "Version=1.2",
                                       "Version=1.3|Credential=PreSharedKey",
                                       "Version=1.2|Credential=PreSharedKey"})
        {
            Check(attributes, "ns3::mis::SaProtectedRemedy");
        }
        for (const auto* remedy : {"ns3::mis::GroupKeyRemedy[Path=ViaServingPos]",
                                   "ns3::mis::GroupKeyRemedy[Path=Direct]",
                                   "ns3::mis::ClauseRemovedRemedy",
                                   "ns3::mis::LegacyPrfRemedy"})
        {
            Check("", remedy);
        }
    }

    void Check(const std::string& attributes, const std::string& remedy)
    {
        const auto what = attributes + " " + remedy;
        RecordScenario scenario(attributes);
        scenario.roaming.GetMis().SetRemedy(Scenario::Remedy(remedy));
        scenario.Make(3);
        NS_TEST_ASSERT_MSG_EQ(scenario.WalkOverThree(), "", what);
        // MN-SPoS, SPoS-TPoS of each handover, each SPoS with the group manager; and the session
        // with the SPoS that was left goes on once more, to be ended.
        const bool withGm = remedy.find("GroupKeyRemedy") != std::string::npos;
        NS_TEST_EXPECT_MSG_EQ(scenario.established.size(), (withGm ? 6u : 4u), what);
        for (const auto& report : scenario.established)
        {
            NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", what);
        }
        for (const auto& [who, reason] : scenario.broken)
        {
            NS_TEST_EXPECT_MSG_EQ(reason, "", what << ": " << who);
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "1 1", what);
        const auto here = Scenario::SasWith(scenario.MisfOf(0), MisfId(N2N_TPOS), false);
        const auto there = Scenario::SasWith(scenario.MisfOf(1), MisfId(N2N_SPOS), false);
        NS_TEST_EXPECT_MSG_EQ((here[0].said == there[0].said && here[0].miak == there[0].miak &&
                               here[0].tls && there[0].tls && here[0].miek.size() == 0),
                              true,
                              what << ": one session, and no keys besides");
        if (remedy != "ns3::mis::LegacyPrfRemedy") // which masks K, and needs no protection
        {
            CheckFrames(scenario, what);
        }
    }

    /// What is under these SAs is in records.
    void CheckFrames(RecordScenario& scenario, const std::string& what)
    {
        std::map<std::string, size_t> records;
        for (const auto& frame : scenario.sent)
        {
            const bool isBetween = (frame.by == N2N_SPOS && frame.to == N2N_TPOS) ||
                                   (frame.by == N2N_MN && frame.to == N2N_SPOS);
            if (!isBetween || frame.header.mid == AuthRequest::ID)
            {
                continue;
            }
            const auto octets = RecordsIn(frame.octets);
            NS_TEST_EXPECT_MSG_EQ(octets.empty(), false, what << ": " << frame.header.mid);
            records[frame.by] += !octets.empty() && octets[0] == 23;
        }
        NS_TEST_EXPECT_MSG_GT(records[N2N_SPOS], 0u, what);
        NS_TEST_EXPECT_MSG_GT(records[N2N_MN], 0u, what);
    }
};

/// A configuration that can not work.
class ConfigurationTestCase : public TestCase
{
  public:
    ConfigurationTestCase()
        : TestCase("Record over UDP and unknown values end the program, naming attribute, value "
                   "and what is allowed")
    {
    }

  private:
    void Check(const std::function<void()>& run, const std::vector<std::string>& words)
    {
        int pipeEnds[2];
        NS_TEST_ASSERT_MSG_EQ(pipe(pipeEnds), 0, "pipe");
        const pid_t child = fork();
        if (child == 0)
        {
            dup2(pipeEnds[1], STDERR_FILENO);
            close(pipeEnds[0]);
            std::signal(SIGABRT, SIG_DFL);
            run();
            _exit(0);
        }
        close(pipeEnds[1]);
        std::string text;
        char buffer[256];
        for (ssize_t count; (count = read(pipeEnds[0], buffer, sizeof buffer)) > 0;)
        {
            text.append(buffer, static_cast<size_t>(count));
        }
        close(pipeEnds[0]);
        int status = 0;
        NS_TEST_ASSERT_MSG_EQ(waitpid(child, &status, 0), child, "child");
        NS_TEST_EXPECT_MSG_EQ((WIFEXITED(status) && WEXITSTATUS(status) == 0), false, "it fails");
        for (const auto& word : words)
        {
            NS_TEST_EXPECT_MSG_EQ((text.find(word) != std::string::npos), true, word + text);
        }
    }

    void DoRun() override
    {
        Check(
            [] {
                N2nScenario<TlsEstablishment> scenario("Protection=Record");
                scenario.Make();
            },
            {"attribute Protection is \"Record\"", "UDP", "allowed is Export", "SetTransport"});
        Check(
            [] {
                N2nScenario<TlsEstablishment> scenario("Protection=Tunnel");
                scenario.Make();
            },
            {"attribute Protection is \"Tunnel\"", "allowed are Export and Record"});
        Check(
            [] {
                Scenario scenario;
                scenario.roaming.GetMis().SetTransport("Sctp");
            },
            {"transport is \"Sctp\"", "allowed are Udp and Tcp"});
        Check(
            [] {
                // One end listens on TCP, but the other is only known by UDP.
                RecordScenario scenario;
                scenario.Make();
                const auto tcp = scenario.MisfOf(0)->GetPeerAddress(MisfId(N2N_TPOS));
                scenario.MisfOf(0)->SetPeerAddress(MisfId(N2N_TPOS),
                                                   {TransportType::UDP, tcp.address, nullptr});
                scenario.Establish(Seconds(1));
                Scenario::Run(Seconds(2));
            },
            {"attribute Protection is \"Record\"", "by UDP", "allowed are Export"});
    }
};

/// Records that are changed, repeated or forged.
class TamperTestCase : public TestCase
{
  public:
    TamperTestCase()
        : TestCase("a changed record breaks the SA at both ends, ends what waits for it, and is "
                   "counted; the next message makes another, and who is elsewhere can break none")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto* attributes :
             {"Version=1.3", "Version=1.2", "Version=1.2|Credential=PreSharedKey"})
        {
            for (const size_t at : {0, 1})
            {
                Check(
                    attributes,
                    at,
                    [](Bytes& payload) { payload.back() ^= 1; },
                    "BAD_ICV");
                // The transaction identifier in the header of the frame, behind that of TCP.
                Check(
                    attributes,
                    at,
                    [](Bytes& payload) {
                        TcpHeader header;
                        auto packet = Create<Packet>(payload.data(), payload.size());
                        payload[packet->RemoveHeader(header) + 5] ^= 1;
                    },
                    "BAD_PROTECTION");
            }
        }
        CheckForgery();
    }

    void Check(const std::string& attributes,
               size_t at,
               const std::function<void(Bytes&)>& change,
               const std::string& reason)
    {
        const auto what = attributes + " " + reason + " at " + std::to_string(at);
        RecordScenario scenario(attributes);
        scenario.Make();
        scenario.Answer();
        scenario.Ask(Seconds(1), scenario.MisfOf(0), N2N_TPOS);
        scenario.Ask(Seconds(2), scenario.MisfOf(0), N2N_TPOS);
        bool isChanged = false;
        scenario.change = [&](size_t where, uint8_t protocol, Bytes& payload) {
            const bool isIt = where == at && protocol == IP_TCP && Simulator::Now() > Seconds(3) &&
                              HasData(payload) && !isChanged;
            if (isIt)
            {
                isChanged = true;
                change(payload);
            }
        };
        scenario.Ask(Seconds(3), scenario.MisfOf(0), N2N_TPOS);
        Scenario::At(MilliSeconds(3200), [&] {
            NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "0 0", what);
            NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
        });
        scenario.Ask(Seconds(4), scenario.MisfOf(0), N2N_TPOS);
        scenario.Ask(Seconds(5), scenario.MisfOf(1), N2N_SPOS);
        Scenario::Run(Seconds(20));
        const auto here = N2N_SPOS + " " + N2N_TPOS;
        const auto there = N2N_TPOS + " " + N2N_SPOS;
        NS_TEST_EXPECT_MSG_EQ(scenario.broken[at == 1 ? there : here], "bad-record ", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.broken[at == 1 ? here : there], "told-by-peer ", what);
        const auto drop = reason == "BAD_ICV" ? DropReason::BAD_ICV : DropReason::BAD_PROTECTION;
        NS_TEST_EXPECT_MSG_EQ(scenario.MisfOf(at)->GetDropCount(drop), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.MisfOf(1 - at)->GetDropCount(drop), 0u, what);
        // Unless the answer came with another identifier, the request ended when it was known.
        NS_TEST_ASSERT_MSG_EQ(scenario.endings.size(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.endings[0], "sa-broken", what);
        NS_TEST_EXPECT_MSG_LT(scenario.lastEnd, MilliSeconds(3100), what);
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 4u, what << ": all others");
        NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "1 1", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.established.size(), 2u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
    }

    void CheckForgery()
    {
        RecordScenario scenario;
        scenario.Make();
        scenario.Answer();
        scenario.Ask(Seconds(1), scenario.MisfOf(0), N2N_TPOS);
        scenario.Ask(Seconds(2), scenario.MisfOf(0), N2N_TPOS);
        Bytes captured;
        Scenario::At(Seconds(3), [&] {
            for (const auto& frame : scenario.sent)
            {
                if (frame.by == N2N_SPOS && frame.header.mid == PreregXferRequest::ID)
                {
                    captured = frame.octets;
                }
            }
            // By UDP from the right address, and by TCP from another one.
            scenario.Forge(1, captured);
            auto socket = Socket::CreateSocket(scenario.Gm()->GetObject<Node>(),
                                               TcpSocketFactory::GetTypeId());
            socket->Bind();
            socket->SetConnectCallback(MakeBoundCallback(&TamperTestCase::SendAll, &captured),
                                       MakeNullCallback<void, Ptr<Socket>>());
            socket->Connect(InetSocketAddress(scenario.AddressOf(1), 4551));
        });
        scenario.Ask(Seconds(5), scenario.MisfOf(0), N2N_TPOS);
        scenario.Ask(Seconds(6), scenario.MisfOf(1), N2N_SPOS);
        Scenario::Run(Seconds(20));
        NS_TEST_EXPECT_MSG_EQ(captured.empty(), false, "captured");
        NS_TEST_EXPECT_MSG_EQ(scenario.MisfOf(1)->GetDropCount(DropReason::NO_SA), 2u, "both");
        NS_TEST_EXPECT_MSG_EQ(scenario.broken.size(), 0u, "none");
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 4u, "all");
        NS_TEST_EXPECT_MSG_EQ(scenario.clearRequests, 0u, "none in clear");
    }

    static void SendAll(const Bytes* octets, Ptr<Socket> socket)
    {
        socket->Send(Create<Packet>(octets->data(), octets->size()));
    }
};

/// Both begin at once, and many messages at once.
class OrderTestCase : public TestCase
{
  public:
    OrderTestCase()
        : TestCase("records stay in order when both ends begin at once and when processors are "
                   "ready in another order")
    {
    }

  private:
    void DoRun() override
    {
        for (int64_t shiftNs = 0; shiftNs <= 5 * RecordScenario::DELAY_NS;
             shiftNs += RecordScenario::DELAY_NS / 2)
        {
            CheckCollision(shiftNs);
        }
        CheckBurst();
        CheckRenewal();
    }

    void CheckCollision(int64_t shiftNs)
    {
        const auto what = std::to_string(shiftNs) + " ns";
        RecordScenario scenario;
        scenario.Make();
        scenario.Answer();
        const auto second = Seconds(1) + NanoSeconds(shiftNs);
        scenario.Ask(Seconds(1), scenario.MisfOf(0), N2N_TPOS);
        scenario.Ask(second, scenario.MisfOf(1), N2N_SPOS);
        for (int i = 2; i < 6; ++i)
        {
            scenario.Ask(Seconds(i), scenario.MisfOf(i % 2), i % 2 ? N2N_SPOS : N2N_TPOS);
        }
        Scenario::Run(Seconds(20));
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 6u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.endings.size(), 0u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.broken.size(), 0u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
    }

    void CheckBurst()
    {
        RecordScenario scenario;
        scenario.roaming.GetMis().SetDeviceProfiles("zero", "server");
        scenario.Make();
        scenario.Answer();
        scenario.Ask(Seconds(1), scenario.MisfOf(0), N2N_TPOS);
        // Long and short ones in turn: the short ones are ready first.
        for (size_t i = 0; i < 40; ++i)
        {
            scenario.Ask(Seconds(2), scenario.MisfOf(0), N2N_TPOS, i % 2 == 0 ? 60000 : 1);
        }
        Scenario::Run(Seconds(20));
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 41u, "all");
        NS_TEST_EXPECT_MSG_EQ(scenario.broken.size(), 0u, "none");
        // Too long for one frame with its records, and no record is used up for it.
        Scenario::At(Seconds(21), [&] { scenario.SendTo(scenario.MisfOf(0), N2N_TPOS, 65450); });
        scenario.Ask(Seconds(22), scenario.MisfOf(0), N2N_TPOS);
        Scenario::Run(Seconds(30));
        NS_TEST_ASSERT_MSG_EQ(scenario.endings.size(), 1u, "too long");
        NS_TEST_EXPECT_MSG_EQ(scenario.endings[0], "not sent: too-long", "too long");
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 42u, "and the next");
    }

    void CheckRenewal()
    {
        RecordScenario scenario("Lifetime=5s|RenewBefore=1s");
        scenario.Make();
        scenario.Answer();
        for (int i = 0; i < 60; ++i)
        {
            scenario.Ask(Seconds(1) + MilliSeconds(250) * i, scenario.MisfOf(0), N2N_TPOS);
        }
        Scenario::Run(Seconds(16));
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 60u, "none is lost");
        NS_TEST_EXPECT_MSG_EQ(scenario.endings.size(), 0u, "none fails");
        NS_TEST_EXPECT_MSG_EQ(scenario.established.size(), 4u, "after 0, 4, 8 and 12 s");
    }
};

/// The mobile node comes to another address.
class MoveTestCase : public TestCase
{
  public:
    MoveTestCase()
        : TestCase(
              "after a move the session goes on if no record was lost, and else there is a new "
              "one, with a name for the old one")
    {
    }

  private:
    void DoRun() override
    {
        CheckMove(false);
        CheckMove(true);
        CheckLeave();
        CheckReset();
    }

    /// Moves while both are at rest, or while a message of the PoS is on its way.
    void CheckMove(bool loses)
    {
        const std::string what = loses ? "with a loss" : "at rest";
        RecordScenario scenario;
        scenario.Make();
        scenario.Answer();
        const auto mn = scenario.MnMisf();
        const auto spos = scenario.MisfOf(0);
        mn->SetHandler(PreregXferRequest::ID, [](const ReceivedMessage&) {});
        scenario.Ask(Seconds(1), mn, N2N_SPOS);
        scenario.Ask(Seconds(2), mn, N2N_SPOS);
        Said said;
        Scenario::At(MilliSeconds(2900),
                     [&] { said = Scenario::SasWith(mn, MisfId(N2N_SPOS), false)[0].said; });
        Scenario::At(Seconds(3), [&] {
            scenario.roaming.GetLink(0, 0)->Detach();
            scenario.roaming.GetLink(0, 1)->Attach([] {});
        });
        if (loses)
        {
            // The MN has just gone.
            Scenario::At(Seconds(3) + MicroSeconds(1), [&] { scenario.SendTo(spos, N2N_MN, 0); });
        }
        const size_t before = 1;
        scenario.Ask(Seconds(4), mn, N2N_SPOS);
        scenario.Ask(Seconds(5), mn, N2N_SPOS);
        Scenario::Run(Seconds(40));
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 4u, what);
        const auto here = Scenario::SasWith(mn, MisfId(N2N_SPOS), false);
        const auto there = Scenario::SasWith(spos, MisfId(N2N_MN), false);
        NS_TEST_ASSERT_MSG_EQ(here.size(), 1u, what);
        NS_TEST_ASSERT_MSG_EQ(there.size(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ((here[0].said == there[0].said), true, what);
        NS_TEST_EXPECT_MSG_EQ((here[0].said == said), !loses, what);
        const auto mnEnd = N2N_MN + " " + N2N_SPOS;
        const auto posEnd = N2N_SPOS + " " + N2N_MN;
        const std::string reason = loses ? "records-lost " : "";
        NS_TEST_EXPECT_MSG_EQ(scenario.broken[mnEnd], reason, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.broken[posEnd], reason, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.endings.size(), (loses ? 1u : 0u), what);
        size_t handshakes = 0;
        for (const auto& answer : scenario.answered)
        {
            handshakes += answer == N2N_SPOS + " " + N2N_MN + " success";
        }
        NS_TEST_EXPECT_MSG_EQ(handshakes, (before + (loses ? 1 : 0)), what << ": handshakes");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
    }

    /// The SA with a PoS that was left ends at both ends, under itself.
    void CheckLeave()
    {
        RecordScenario scenario;
        scenario.roaming.GetMis().SetRemedy("ns3::mis::SaProtectedRemedy");
        scenario.Make();
        scenario.Preregister(Seconds(1));
        scenario.Handover(Seconds(3));
        Scenario::Run(Seconds(20));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", "leave");
        const auto mn = scenario.MnMisf();
        NS_TEST_EXPECT_MSG_EQ(Scenario::SasWith(mn, MisfId(N2N_SPOS), false).size(), 0u, "MN");
        NS_TEST_EXPECT_MSG_EQ(Scenario::SasWith(scenario.MisfOf(0), MisfId(N2N_MN), false).size(),
                              0u,
                              "SPoS");
        NS_TEST_EXPECT_MSG_EQ(scenario.broken.size(), 0u, "none is broken");
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", "leave");
    }

    /// A reset takes a request along.
    void CheckReset()
    {
        RecordScenario scenario;
        scenario.Make();
        scenario.Answer();
        scenario.Ask(Seconds(1), scenario.MisfOf(0), N2N_TPOS);
        scenario.Ask(Seconds(2), scenario.MisfOf(0), N2N_TPOS);
        scenario.Ask(Seconds(3), scenario.MisfOf(0), N2N_TPOS);
        Scenario::At(Seconds(3), [&] {
            scenario.lose = [](const SeenPacket& packet) {
                return packet.at == 1 && packet.protocol == IP_TCP && HasData(packet.payload) &&
                       packet.atNs < MilliSeconds(3020).GetNanoSeconds();
            };
        });
        Scenario::At(MilliSeconds(3020), [&] {
            // To the SPoS, as if the TPoS had sent it.
            SeenPacket last{};
            for (const auto& packet : scenario.Between(IP_TCP))
            {
                last = packet.at == 0 ? packet : last;
            }
            TcpHeader header;
            auto copy = Create<Packet>(last.payload.data(), last.payload.size());
            const auto data = last.payload.size() - copy->RemoveHeader(header);
            header.SetSequenceNumber(header.GetSequenceNumber() + static_cast<uint32_t>(data));
            header.SetFlags(TcpHeader::RST);
            auto packet = Create<Packet>();
            packet->AddHeader(header);
            Bytes octets(packet->GetSize());
            packet->CopyData(octets.data(), octets.size());
            IpTap::Deliver(Scenario::DeviceOf(scenario.MisfOf(0)),
                           scenario.AddressOf(1),
                           scenario.AddressOf(0),
                           IP_TCP,
                           octets);
        });
        scenario.Ask(Seconds(6), scenario.MisfOf(0), N2N_TPOS);
        Scenario::Run(Seconds(40));
        NS_TEST_EXPECT_MSG_EQ(scenario.broken[N2N_SPOS + " " + N2N_TPOS],
                              "connection-lost ",
                              "reset");
        NS_TEST_ASSERT_MSG_EQ(scenario.endings.size(), 1u, "reset");
        NS_TEST_EXPECT_MSG_EQ(scenario.endings[0], "sa-broken", "reset");
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 3u, "the others");
        NS_TEST_EXPECT_MSG_EQ(scenario.broken[N2N_TPOS + " " + N2N_SPOS].empty(),
                              false,
                              "the other end hears of it");
        NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "1 1", "a new one");
    }
};

/// Messages protected by records of TLS.
class TlsRecordTestSuite : public TestSuite
{
  public:
    TlsRecordTestSuite()
        : TestSuite("mis-tls-record", TestSuite::Type::UNIT)
    {
        AddTestCase(new SuccessTestCase);
        AddTestCase(new ConfigurationTestCase);
        AddTestCase(new TamperTestCase);
        AddTestCase(new OrderTestCase);
        AddTestCase(new MoveTestCase);
    }
};

TlsRecordTestSuite g_tlsRecordTestSuite; //!< the instance

} // namespace
