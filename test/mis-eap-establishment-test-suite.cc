// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Security associations established by EAP over MIS, with an AAA server behind RADIUS.
 */
#include "mis-eap-scenario.h"
#include "mis-oracle-test-helpers.h"

#include "ns3/boolean.h"
#include "ns3/nstime.h"
#include "ns3/test.h"

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;
using namespace ns3::mis::test::aaa;

namespace
{

/// Each full method, then what it is for.
class SuccessTestCase : public TestCase
{
  public:
    SuccessTestCase()
        : TestCase("each method gives MN and PoS one SA after its round trips, and a "
                   "preregistration goes under it")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& method : METHODS)
        {
            for (const bool compute : {true, false})
            {
                Check(method, compute);
            }
        }
    }

    void Check(const Method& method, bool compute)
    {
        const auto what = std::string(method.attributes) + (compute ? "" : ", counting only");
        EapScenario scenario(method.attributes);
        Configure(scenario, method);
        scenario.roaming.GetMis().SetMisfAttribute("ComputeCryptography", BooleanValue(compute));
        scenario.Start();
        scenario.Preregister(Seconds(1));
        scenario.Handover(Seconds(3));
        uint32_t radius = 0;
        scenario.AddLegTap(scenario.Aaa(), [&](bool, Bytes&) {
            ++radius;
            return true;
        });
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", what);
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 1u, what);
        const auto& report = scenario.established[0];
        NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", what);
        NS_TEST_EXPECT_MSG_EQ(report.local.Get(), MN, what);
        NS_TEST_EXPECT_MSG_EQ(report.peer.Get(), SPOS, what);
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.answered), SPOS + " success", what);
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.authenticated),
                              MN + " " + method.name + " success",
                              what);
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.dropped), "", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.handovers.size(), 1u, what);
        NS_TEST_EXPECT_MSG_EQ(radius, method.eapRoundTrips, what << ": requests");
        NS_TEST_EXPECT_MSG_EQ(scenario.roaming.GetAaaServer()->GetSessions(), 0u, what);
        // Start, the requests that carry EAP Responses, and the confirmation.
        const auto requests = scenario.Sent(MN, AuthRequest::ID);
        const auto responses = scenario.Sent(SPOS, AuthResponse::ID);
        NS_TEST_EXPECT_MSG_EQ(requests.size(), method.eapRoundTrips + 2, what);
        NS_TEST_EXPECT_MSG_EQ(responses.size(), method.eapRoundTrips + 2, what);
        NS_TEST_EXPECT_MSG_EQ(requests.back().header.secured, true, what);
        NS_TEST_EXPECT_MSG_EQ(responses.back().header.secured, true, what);
        // MN - PoS is 2 + 1 ms, PoS - server 1 + 5 + 7 ms.
        const double expected =
            2 * 3.0 * (method.eapRoundTrips + 2) + 2 * 13.0 * method.eapRoundTrips;
        NS_TEST_EXPECT_MSG_EQ_TOL((report.end - report.begin).GetSeconds() * 1000,
                                  expected,
                                  0.1,
                                  what);
        // The request of the preregistration was protected under the SA.
        const auto prereg = scenario.Sent(MN, PreregXferRequest::ID);
        NS_TEST_EXPECT_MSG_EQ((!prereg.empty() && prereg[0].header.secured), true, what);
    }
};

/// Both ends have the same SA, and the octets are those of the protocols.
class OctetsTestCase : public TestCase
{
  public:
    OctetsTestCase()
        : TestCase("Auth messages of EAP-GPSK have the lengths that the layouts give, and MN and "
                   "PoS hold the same keys")
    {
    }

  private:
    void DoRun() override
    {
        EapScenario scenario;
        scenario.Start();
        scenario.EstablishAt(Seconds(1));
        Scenario::Run(Seconds(2));
        NS_TEST_EXPECT_MSG_EQ(scenario.IsShared(), true, "one SA");
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told), "success", "told");
        // Header 8, two identifier TLVs of 3 + length each.
        const size_t ids = 8 + 2 * 3 + MN.size() + SPOS.size();
        const size_t peer = MN.size();
        const size_t server = std::string("aaa@home.example").size();
        const auto tlv = [](size_t value) { return 1 + (value < 128 ? 1 : 2) + value; };
        // An OCTET_STRING has its length in front.
        const auto octets = [&](size_t value) { return tlv(value + (value < 128 ? 1 : 2)); };
        const std::vector<size_t> requests{ids + tlv(1) + octets(16),
                                           ids + octets(5 + peer),
                                           ids + octets(84 + peer + server + 12 + 16),
                                           ids + octets(8 + 16)};
        const std::vector<size_t> responses{
            ids + octets(5),
            ids + octets(42 + server + 12),
            ids + octets(80 + server + 16),
            // EAP-Success, suite, nonce, lifetime, SAID (type, length, 4), AUTH, status
            ids + octets(4) + tlv(1) + octets(16) + tlv(4) + tlv(6) + octets(16) + tlv(1)};
        Compare(scenario.Sent(MN, AuthRequest::ID), requests, "request ");
        Compare(scenario.Sent(SPOS, AuthResponse::ID), responses, "response ");
    }

    void Compare(const std::vector<Sight>& frames,
                 const std::vector<size_t>& octets,
                 const std::string& what)
    {
        NS_TEST_ASSERT_MSG_EQ(frames.size(), octets.size() + 1, what);
        for (size_t i = 0; i < octets.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(frames[i].octets, octets[i], what << i);
        }
    }
};

/// Re-authentication.
class ReauthenticationTestCase : public TestCase
{
  public:
    ReauthenticationTestCase()
        : TestCase("ERP: two round trips to any PoS with the keys of an earlier authentication, a "
                   "full one when these are not known or over")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto* full : {"EAP-GPSK", "EAP-TLS"})
        {
            Check(full);
        }
        Lifetime(Seconds(1), Hours(8), "at the MN");
        Lifetime(Hours(8), Seconds(1), "at the server");
    }

    void Check(const std::string& full)
    {
        EapScenario scenario("Method=ERP|FullMethod=" + full, 3);
        scenario.roaming.GetMis().SetAaaServerAttribute("Methods", StringValue(full + ",ERP"));
        scenario.Start();
        scenario.EstablishAt(Seconds(1), 0);
        scenario.EstablishAt(Seconds(3), 1);
        scenario.EstablishAt(Seconds(5), 2);
        // The server forgets; the MN learns that and makes new keys.
        Scenario::At(Seconds(6), [&] {
            scenario.roaming.GetAaaServer()->ForgetKeys();
            for (uint32_t i = 0; i < 3; ++i)
            {
                for (const auto& misf : {scenario.Mn()->GetMisf(), scenario.Pos(i)->GetMisf()})
                {
                    const auto& peer =
                        misf == scenario.Mn()->GetMisf() ? RoamingScenarioHelper::PosId(i) : MN;
                    for (const auto& sa : EapScenario::EapSas(misf, peer))
                    {
                        misf->RemoveSa(sa.said, MisfId(peer));
                    }
                }
            }
        });
        scenario.EstablishAt(Seconds(7), 1);
        scenario.EstablishAt(Seconds(9), 0);
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told),
                              "success, success, success, success, success",
                              full);
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.authenticated),
                              MN + " " + full + " success, " + MN + " ERP success, " + MN +
                                  " ERP success, " + KeyName(scenario) + " ERP unknown-key-name, " +
                                  MN + " " + full + " success, " + MN + " ERP success",
                              full);
        NS_TEST_EXPECT_MSG_EQ(scenario.LiveTransactions(), "", full);
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 5u, full);
        NS_TEST_EXPECT_MSG_EQ(scenario.IsShared(0), true, full);
        NS_TEST_EXPECT_MSG_EQ(scenario.IsShared(1), true, full);
        const auto duration = [&](size_t i) {
            return (scenario.established[i].end - scenario.established[i].begin).GetSeconds() *
                   1000;
        };
        // MN - other PoS is 2 + 5 + 5 + 1 ms; the first of the round trips goes on to the server.
        NS_TEST_EXPECT_MSG_EQ_TOL(duration(1), 2 * 2 * 13.0 + 2 * 13.0, 0.1, full);
        NS_TEST_EXPECT_MSG_EQ_TOL(duration(2), 2 * 2 * 13.0 + 2 * 13.0, 0.1, full);
        NS_TEST_EXPECT_MSG_EQ_TOL(duration(4), 2 * 2 * 3.0 + 2 * 13.0, 0.1, full);
        const uint32_t round = full == "EAP-GPSK" ? 3 : 4;
        NS_TEST_EXPECT_MSG_EQ_TOL(duration(3),
                                  2 * 13.0 * (1 + round + 2) + 2 * 13.0 * (1 + round),
                                  0.1,
                                  full);
    }

    /// The name under which the key that is not known was asked for.
    static std::string KeyName(const EapScenario& scenario)
    {
        for (const auto& line : scenario.authenticated)
        {
            if (line.find("unknown-key-name") != std::string::npos)
            {
                return line.substr(0, line.find(' '));
            }
        }
        return "nobody";
    }

    void Lifetime(Time atMn, Time atServer, const std::string& what)
    {
        EapScenario scenario("Method=ERP");
        scenario.eap->SetAttribute("KeyLifetime", TimeValue(atMn));
        scenario.roaming.GetMis().SetAaaServerAttribute("KeyLifetime", TimeValue(atServer));
        scenario.Start();
        scenario.EstablishAt(Seconds(1), 0);
        scenario.EstablishAt(Seconds(3), 1);
        Scenario::Run(Seconds(60));
        NS_TEST_EXPECT_MSG_EQ(Join(scenario.told), "success, success", what);
        NS_TEST_ASSERT_MSG_EQ(scenario.authenticated.empty(), false, what);
        NS_TEST_EXPECT_MSG_EQ(scenario.authenticated.back(), MN + " EAP-GPSK success", what);
        NS_TEST_EXPECT_MSG_EQ(scenario.authenticated.size(), (atMn < atServer ? 2u : 3u), what);
    }
};

/// Renewal, and many at once.
class CrowdTestCase : public TestCase
{
  public:
    CrowdTestCase()
        : TestCase("many mobile nodes at once queue at the processors of PoS and server, and an SA "
                   "is renewed before its end")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t COUNT = 20;
        EapScenario scenario("Lifetime=20s|RenewBefore=5s");
        scenario.roaming.SetMobileNodes(COUNT);
        scenario.roaming.GetMis().SetDeviceProfiles("phone", "cortex-m");
        scenario.Start();
        for (uint32_t mn = 0; mn < COUNT; ++mn)
        {
            scenario.EstablishAt(Seconds(1), 0, mn);
        }
        Scenario::Run(Seconds(30));
        NS_TEST_EXPECT_MSG_EQ(scenario.told.size(), COUNT, "told");
        NS_TEST_ASSERT_MSG_EQ(scenario.established.size(), 2 * COUNT, "and renewed once");
        for (const auto& report : scenario.established)
        {
            NS_TEST_EXPECT_MSG_EQ(report.outcome, "success", report.local);
        }
        for (uint32_t mn = 0; mn < COUNT; ++mn)
        {
            NS_TEST_EXPECT_MSG_EQ(scenario.IsShared(0, mn), true, "MN " << mn);
        }
        const auto last = scenario.established[COUNT - 1];
        NS_TEST_EXPECT_MSG_GT((last.end - last.begin).GetSeconds(),
                              (2 * 3.0 * 5 + 2 * 13.0 * 3) / 1000,
                              "it takes time");
        NS_TEST_EXPECT_MSG_GT(scenario.Aaa()->GetCpuTime().GetNanoSeconds(), 0, "charged");
    }
};

/// What others read.
class CaptureTestCase : public TestCase
{
  public:
    CaptureTestCase()
        : TestCase("tshark reads RADIUS and MIS of all methods without complaint, and the same "
                   "seed gives the same octets")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& method : METHODS)
        {
            const auto first = Record(method, "first");
            const auto second = Record(method, "second");
            NS_TEST_ASSERT_MSG_EQ(first.pcaps.size(), second.pcaps.size(), method.attributes);
            for (size_t i = 0; i < first.pcaps.size(); ++i)
            {
                const bool isSame = ReadFile(first.pcaps[i]) == ReadFile(second.pcaps[i]);
                NS_TEST_EXPECT_MSG_EQ(isSame, true, method.attributes << ": " << first.pcaps[i]);
            }
            if (HasProgram("tshark"))
            {
                Read(method, first);
            }
        }
    }

    /// The PoS of the first network is at both legs.
    void Read(const Method& method, const RoamingRecord& record)
    {
        const auto pos = std::find_if(record.nodes.begin(),
                                      record.nodes.end(),
                                      [](const auto& node) { return node.id == SPOS; });
        NS_TEST_ASSERT_MSG_EQ((pos != record.nodes.end()), true, "the PoS has captures");
        const auto reading = RunCommand(
            "tshark -n -r " + Quote(pos->pcaps.at(0)) +
            " -T fields -e radius.code -e eap.code -e eap.type -e mih.mid -e _ws.malformed "
            "-e _ws.expert.severity 2>/dev/null");
        std::set<std::string> radius;
        size_t mih = 0;
        std::istringstream lines(reading.output);
        for (std::string line; std::getline(lines, line);)
        {
            std::vector<std::string> fields(1);
            for (const char c : line)
            {
                if (c == '\t')
                {
                    fields.emplace_back();
                }
                else
                {
                    fields.back() += c;
                }
            }
            NS_TEST_ASSERT_MSG_EQ(fields.size(), 6u, line);
            NS_TEST_EXPECT_MSG_EQ(fields[4], "", method.attributes << ": malformed: " << line);
            // Severity of errors, as in epan/proto.h.
            NS_TEST_EXPECT_MSG_EQ((fields[5].find("8388608") == std::string::npos),
                                  true,
                                  method.attributes << ": error: " << line);
            if (!fields[0].empty())
            {
                radius.insert(fields[0] + " " + fields[1] + " " + fields[2]);
            }
            mih += !fields[3].empty();
        }
        const std::string type = std::string(method.name) == "EAP-GPSK" ? "51" : "13";
        const std::set<std::string> expected{"1 2 1", "11 1 " + type, "1 2 " + type, "2 3 "};
        NS_TEST_EXPECT_MSG_EQ(Join({radius.begin(), radius.end()}),
                              Join({expected.begin(), expected.end()}),
                              method.attributes);
        NS_TEST_EXPECT_MSG_GT(mih, 10u, method.attributes);
    }

    RoamingRecord Record(const Method& method, const std::string& name)
    {
        const auto prefix = CreateTempDirFilename(name);
        EapScenario scenario(method.attributes);
        Configure(scenario, method);
        scenario.Start();
        auto& roaming = scenario.roaming;
        roaming.GetMis().EnablePcap(prefix, roaming.GetDevices());
        scenario.Preregister(Seconds(1));
        Scenario::Run(Seconds(10));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", method.attributes);
        RoamingRecord record;
        DescribeNodes(roaming, prefix, record);
        return record;
    }
};

/// All cases.
class EapEstablishmentTestSuite : public TestSuite
{
  public:
    EapEstablishmentTestSuite()
        : TestSuite("mis-eap-establishment", TestSuite::Type::UNIT)
    {
        AddTestCase(new SuccessTestCase);
        AddTestCase(new OctetsTestCase);
        AddTestCase(new ReauthenticationTestCase);
        AddTestCase(new CrowdTestCase);
        AddTestCase(new CaptureTestCase);
    }
};

EapEstablishmentTestSuite g_eapEstablishmentTestSuite; //!< the instance

} // namespace
