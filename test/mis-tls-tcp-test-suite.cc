// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Trust between points of service by TLS over TCP.
 */
#include "mis-n2n-test-helpers.h"

#include "ns3/tcp-header.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/test.h"

#include <map>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

using TlsScenario = N2nScenario<TlsTcpEstablishment>;

/// Reasons why connections were closed, by node.
struct Closures
{
    explicit Closures(TlsScenario& scenario)
    {
        scenario.establishment->TraceConnectWithoutContext("Closed",
                                                           MakeCallback(&Closures::OnClosed, this));
    }

    void OnClosed(const MisfId& local, const MisfId&, const std::string& reason)
    {
        auto& all = reasons[local.Get()];
        all += (all.empty() ? "" : ",") + reason;
    }

    std::map<std::string, std::string> reasons;
};

/// Header of a segment.
TcpHeader
TcpOf(const SeenPacket& packet)
{
    auto copy = Create<Packet>(packet.payload.data(), packet.payload.size());
    TcpHeader header;
    copy->RemoveHeader(header);
    return header;
}

/// All goes well.
class SuccessTestCase : public TestCase
{
  public:
    SuccessTestCase()
        : TestCase("in both versions and with both kinds of credential all remedies succeed along "
                   "a chain, after exactly three round trips, and nothing between the points of "
                   "service is in clear")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto* attributes :
             {"Version=1.3|Credential=Certificate", "Version=1.2|Credential=PreSharedKey"})
        {
            for (const auto* remedy : {"ns3::mis::SaProtectedRemedy",
                                       "ns3::mis::GroupKeyRemedy[Path=ViaServingPos]",
                                       "ns3::mis::GroupKeyRemedy[Path=Direct]",
                                       "ns3::mis::ClauseRemovedRemedy",
                                       "ns3::mis::LegacyPrfRemedy"})
            {
                Check(attributes, remedy);
            }
        }
        Check("Version=1.2", "ns3::mis::SaProtectedRemedy");
        Check("Credential=PreSharedKey", "ns3::mis::SaProtectedRemedy");
    }

    void Check(const std::string& attributes, const std::string& remedy)
    {
        const auto what = attributes + " " + remedy;
        TlsScenario scenario(attributes);
        scenario.roaming.GetMis().SetRemedy(Scenario::Remedy(remedy));
        scenario.Make(3);
        NS_TEST_ASSERT_MSG_EQ(scenario.WalkOverThree(), "", what);
        const bool withGm = remedy.find("GroupKeyRemedy") != std::string::npos;
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), withGm ? 4u : 2u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.answered.size(), scenario.established.size(), what);
        for (const auto& report : scenario.established)
        {
            NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", what);
        }
        const auto& first = scenario.established[0];
        NS_TEST_EXPECT_MSG_EQ_TOL((first.end - first.begin).GetNanoSeconds(),
                                  6 * TlsScenario::DELAY_NS,
                                  100,
                                  what << ": TCP, and two of TLS with the octet of the server");
        for (const auto& packet : scenario.Between(IP_UDP))
        {
            NS_TEST_EXPECT_MSG_EQ(TlsScenario::IsTo(packet, 4551), false, what);
        }
        NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "1 1", what);
        const auto here = Scenario::SasWith(scenario.MisfOf(0), MisfId(N2N_TPOS), false);
        const auto there = Scenario::SasWith(scenario.MisfOf(1), MisfId(N2N_SPOS), false);
        NS_TEST_EXPECT_MSG_EQ((here[0].said == there[0].said && here[0].miak == there[0].miak &&
                               here[0].initiator != there[0].initiator && here[0].transport),
                              true,
                              what << ": one SA at both ends");
    }
};

/// Everything that goes wrong with credentials.
class FailureTestCase : public TestCase
{
  public:
    FailureTestCase()
        : TestCase("each failure has its name at both ends and leaves nothing behind")
    {
    }

  private:
    void DoRun() override
    {
        const auto expired = [](CredentialStore& store, const std::string& who) {
            store.SetAttribute("Validity", TimeValue(MilliSeconds(500)));
            store.GetCertifiedKey(MisfId(who));
            store.SetAttribute("Validity", TimeValue(Seconds(1000)));
        };
        const auto renamed = [](CredentialStore& store, const std::string& who) {
            store.SetCertifiedKey(MisfId(who),
                                  store.GetCertifiedKey(MisfId("somebody@else.example")));
        };
        const auto keyed = [](CredentialStore& store, const std::string& who) {
            store.SetPreSharedKey(MisfId(who), SecretBytes::Zeros(32));
        };
        const auto unkeyed = [](CredentialStore& store, const std::string& who) {
            store.SetPreSharedKey(MisfId(who), SecretBytes());
        };
        for (const auto* version : {"1.2", "1.3"})
        {
            const std::string certificate = std::string("Version=") + version;
            const auto psk = certificate + "|Credential=PreSharedKey";
            Check(certificate, "cert-expired", "cert-expired", N2N_SPOS, expired);
            Check(certificate, "cert-expired", "cert-expired", N2N_TPOS, expired);
            // Whom the server does not expect from there it refuses without an alert that says so.
            Check(certificate, "refused", "cert-name-mismatch", N2N_SPOS, renamed);
            Check(certificate, "cert-name-mismatch", "cert-name-mismatch", N2N_TPOS, renamed);
            Check(psk, "psk-mismatch", "psk-mismatch", N2N_SPOS, keyed);
            Check(psk, "psk-unknown", "psk-unknown", N2N_TPOS, unkeyed);
        }
        CheckSilence();
        CheckCrowd();
    }

    void Check(const std::string& attributes,
               const std::string& atClient,
               const std::string& atServer,
               const std::string& who,
               const std::function<void(CredentialStore&, const std::string&)>& arrange)
    {
        const auto what = attributes + " " + atServer + " of " + who;
        TlsScenario scenario(attributes);
        scenario.roaming.GetMis().SetRemedy("ns3::mis::SaProtectedRemedy");
        scenario.Make();
        Scenario::At(MilliSeconds(900),
                     [&] { arrange(*scenario.roaming.GetMis().GetCredentials(), who); });
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(60));
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.established[0].outcome, atClient, what);
        NS_TEST_ASSERT_MSG_EQ(scenario.answered.size(), 1u, what);
        const auto& answer = scenario.answered[0];
        NS_TEST_EXPECT_MSG_EQ(answer.substr(answer.rfind(' ') + 1), atServer, what);
        NS_TEST_EXPECT_MSG_EQ(Scenario::Outcomes(scenario.serving, 0),
                              "no-tpos-sa-" + atClient,
                              what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Leftovers(), "", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "0 0", what);
        CheckConnections(scenario, 0, what);
    }

    void CheckConnections(TlsScenario& scenario, size_t expected, const std::string& what)
    {
        for (size_t i = 0; i < 2; ++i)
        {
            const auto transport = scenario.establishment->GetTransport(*scenario.MisfOf(i));
            NS_TEST_EXPECT_MSG_EQ(transport->CountConnections(), expected, what);
        }
    }

    void CheckSilence()
    {
        TlsScenario scenario;
        scenario.roaming.GetMis().SetRemedy("ns3::mis::SaProtectedRemedy");
        scenario.Make();
        scenario.lose = [](const SeenPacket& packet) { return packet.protocol == IP_TCP; };
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(60));
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 1u, "silence");
        const auto& report = scenario.established[0];
        NS_TEST_EXPECT_MSG_EQ(report.outcome, "timeout", "silence");
        NS_TEST_EXPECT_MSG_EQ((report.end - report.begin), MilliSeconds(7500), "silence");
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "rejected", "the MN hears of it in time");
        CheckConnections(scenario, 0, "silence");
    }

    /// A server without room.
    void CheckCrowd()
    {
        TlsScenario scenario("MaxHalfOpen=1");
        scenario.Make();
        // The first segment with data of the first client never comes.
        scenario.lose = [](const SeenPacket& packet) {
            return packet.at == 1 && packet.protocol == IP_TCP && packet.payload.size() > 60 &&
                   packet.atNs < Seconds(3).GetNanoSeconds();
        };
        scenario.Establish(Seconds(1));
        Scenario::At(Seconds(2), [&] {
            auto socket = Socket::CreateSocket(scenario.Gm()->GetObject<Node>(),
                                               TcpSocketFactory::GetTypeId());
            socket->Bind();
            socket->Connect(InetSocketAddress(scenario.AddressOf(1), 49551));
        });
        Scenario::Run(Seconds(40));
        NS_TEST_ASSERT_MSG_EQ(scenario.answered.size(), 2u, "both");
        NS_TEST_EXPECT_MSG_EQ(scenario.answered[0], N2N_TPOS + "  too-many", "the second");
        NS_TEST_EXPECT_MSG_EQ(scenario.answered[1],
                              N2N_TPOS + " " + N2N_SPOS + " success",
                              "first");
    }
};

/// Loss of segments and of connections.
class LossTestCase : public TestCase
{
  public:
    LossTestCase()
        : TestCase("the loss of any one segment is made good, and a lost connection is replaced "
                   "with what was under way")
    {
    }

  private:
    void DoRun() override
    {
        const size_t segments = Check(SIZE_MAX);
        NS_TEST_ASSERT_MSG_EQ((segments >= 10), true, "segments to lose");
        for (size_t lost = 0; lost < segments; ++lost)
        {
            Check(lost);
        }
        for (const size_t end : {0, 1})
        {
            CheckReset(end, true);
            CheckReset(end, false);
        }
    }

    size_t Check(size_t lost)
    {
        const auto what = "segment " + std::to_string(lost);
        TlsScenario scenario;
        scenario.roaming.GetMis().SetRemedy("ns3::mis::SaProtectedRemedy");
        scenario.Make();
        size_t count = 0;
        scenario.lose = [&](const SeenPacket& packet) {
            return packet.protocol == IP_TCP && count++ == lost;
        };
        scenario.Preregister(Seconds(1));
        scenario.Handover(Seconds(20));
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers.size(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "1 1", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
        return count;
    }

    /// A reset reaches one end while a request is under way.
    void CheckReset(size_t end, bool reconnects)
    {
        const auto what =
            std::string(reconnects ? "at once" : "when needed") + ", at end " + std::to_string(end);
        TlsScenario scenario(std::string("Reconnect=") + (reconnects ? "true" : "false"));
        scenario.Make();
        scenario.Answer();
        Closures closures(scenario);
        scenario.Establish(Seconds(1));
        scenario.Exchange(Seconds(2));
        scenario.Exchange(Seconds(3));
        Scenario::At(Seconds(3), [&] {
            // The request has left, and is lost with the connection.
            scenario.lose = [](const SeenPacket& packet) {
                return packet.protocol == IP_TCP && packet.payload.size() > 60 &&
                       packet.atNs < Seconds(3).GetNanoSeconds() + 2 * TlsScenario::DELAY_NS;
            };
        });
        Scenario::At(Seconds(3) + MilliSeconds(20), [&] {
            SeenPacket last{};
            for (const auto& packet : scenario.Between(IP_TCP))
            {
                last = packet.at == end ? packet : last;
            }
            TcpHeader header = TcpOf(last);
            const size_t data = last.payload.size() - header.GetSerializedSize();
            header.SetSequenceNumber(header.GetSequenceNumber() + static_cast<uint32_t>(data));
            header.SetFlags(TcpHeader::RST);
            auto packet = Create<Packet>();
            packet->AddHeader(header);
            Bytes octets(packet->GetSize());
            packet->CopyData(octets.data(), octets.size());
            IpTap::Deliver(Scenario::DeviceOf(scenario.MisfOf(end)),
                           scenario.AddressOf(1 - end),
                           scenario.AddressOf(end),
                           IP_TCP,
                           octets);
        });
        if (!reconnects)
        {
            scenario.Establish(Seconds(8));
        }
        scenario.Exchange(Seconds(12));
        Scenario::Run(Seconds(40));
        NS_TEST_EXPECT_MSG_EQ(closures.reasons[N2N_SPOS], "connection-lost", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.established.size(), 2u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.established.back().outcome, "success", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 3u, what << ": the lost one, too");
        NS_TEST_EXPECT_MSG_EQ(scenario.failures, 0u, what);
    }
};

/// Idle, in use, renewed, expired, both at the same time.
class LifetimeTestCase : public TestCase
{
  public:
    LifetimeTestCase()
        : TestCase("a connection is closed when idle or expired, renewed without a loss, and of "
                   "two that both ends begin at the same time one is left")
    {
    }

  private:
    void DoRun() override
    {
        CheckIdle();
        CheckExpiry();
        CheckRenewal();
        for (int64_t shiftNs = 0; shiftNs <= 6 * TlsScenario::DELAY_NS;
             shiftNs += TlsScenario::DELAY_NS / 2)
        {
            CheckCollision(shiftNs);
        }
        CheckForgery();
    }

    void CheckIdle()
    {
        TlsScenario scenario("IdleTimeout=5s");
        scenario.Make();
        scenario.Answer();
        Closures closures(scenario);
        scenario.Establish(Seconds(1));
        scenario.Exchange(Seconds(5));
        scenario.Exchange(Seconds(9));
        Scenario::At(Seconds(13), [&] { NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "1 1", "in use"); });
        Scenario::At(Seconds(16), [&] { NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "0 0", "idle"); });
        scenario.Establish(Seconds(20), 1);
        scenario.Exchange(Seconds(21));
        Scenario::Run(Seconds(22));
        NS_TEST_EXPECT_MSG_EQ(closures.reasons[N2N_SPOS], "closed", "idle");
        NS_TEST_EXPECT_MSG_EQ(closures.reasons[N2N_TPOS], "closed", "idle");
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 3u, "all");
    }

    void CheckExpiry()
    {
        TlsScenario scenario("Lifetime=5s");
        scenario.Make();
        scenario.Answer();
        Closures closures(scenario);
        scenario.Establish(Seconds(1));
        scenario.Exchange(Seconds(5));
        scenario.Exchange(Seconds(7));
        scenario.Establish(Seconds(8));
        scenario.Exchange(Seconds(9));
        Scenario::Run(Seconds(10));
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 2u, "under a connection");
        NS_TEST_EXPECT_MSG_EQ(scenario.failures, 1u, "without");
        // The server has opened it half a round trip earlier.
        NS_TEST_EXPECT_MSG_EQ(closures.reasons[N2N_TPOS], "expired", "first");
        NS_TEST_EXPECT_MSG_EQ(closures.reasons[N2N_SPOS], "expired", "at the same age");
    }

    void CheckRenewal()
    {
        TlsScenario scenario("Lifetime=5s|RenewBefore=2s");
        scenario.Make();
        scenario.Answer();
        scenario.Establish(Seconds(1));
        for (int64_t i = 0; i < 2000; ++i)
        {
            scenario.Exchange(Seconds(2) + MilliSeconds(10 * i), i % 2);
        }
        Scenario::Run(Seconds(24));
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 2000u, "no loss");
        NS_TEST_EXPECT_MSG_EQ(scenario.failures, 0u, "no loss");
        NS_TEST_EXPECT_MSG_EQ((scenario.established.size() >= 7), true, "renewed");
        NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "1 1", "one is left");
    }

    void CheckCollision(int64_t shiftNs)
    {
        const auto what = std::to_string(shiftNs);
        TlsScenario scenario;
        scenario.Make();
        scenario.Answer();
        scenario.Establish(Seconds(1), 0);
        scenario.Establish(Seconds(1) + NanoSeconds(shiftNs), 1);
        for (int64_t ms = 0; ms < 200; ++ms)
        {
            scenario.Exchange(Seconds(1) + NanoSeconds(shiftNs) + MilliSeconds(73 + ms), 0);
            scenario.Exchange(Seconds(1) + NanoSeconds(shiftNs) + MilliSeconds(73 + ms), 1);
        }
        Scenario::Run(Seconds(30));
        NS_TEST_ASSERT_MSG_EQ(scenario.ends.size(), 2u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.ends[0] + scenario.ends[1], "", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.Sas(), "1 1", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.answers, 400u, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.failures, 0u, what);
        const auto here = Scenario::SasWith(scenario.MisfOf(0), MisfId(N2N_TPOS), false);
        const auto there = Scenario::SasWith(scenario.MisfOf(1), MisfId(N2N_SPOS), false);
        NS_TEST_EXPECT_MSG_EQ((here[0].said == there[0].said && here[0].miak == there[0].miak),
                              true,
                              what << ": the same one");
        for (size_t i = 0; i < 2; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(
                scenario.establishment->GetTransport(*scenario.MisfOf(i))->CountConnections(),
                1u,
                what << ": one is left");
        }
    }

    /// A message in clear does not count.
    void CheckForgery()
    {
        TlsScenario scenario;
        scenario.Make();
        scenario.Answer();
        scenario.Establish(Seconds(1));
        scenario.Exchange(Seconds(2));
        Scenario::At(Seconds(3), [&] {
            mis::Header header{};
            header.mid = PreregXferRequest::ID;
            header.tid = 5;
            Bytes frame;
            BeginFrame(frame, header, MisfId(N2N_SPOS), MisfId(N2N_TPOS));
            FinishFrame(frame);
            scenario.Forge(1, frame);
        });
        Scenario::Run(Seconds(10));
        NS_TEST_EXPECT_MSG_EQ(scenario.requests, 1u, "protected");
        NS_TEST_EXPECT_MSG_EQ(scenario.clearRequests, 1u, "forged");
    }
};

/// TLS over TCP between points of service.
class TlsTcpTestSuite : public TestSuite
{
  public:
    TlsTcpTestSuite()
        : TestSuite("mis-tls-tcp", TestSuite::Type::UNIT)
    {
        AddTestCase(new SuccessTestCase);
        AddTestCase(new FailureTestCase);
        AddTestCase(new LossTestCase);
        AddTestCase(new LifetimeTestCase);
    }
};

TlsTcpTestSuite g_tlsTcpTestSuite; //!< the instance

} // namespace
