// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of handovers between access networks of radios, as far as the build has them.
 */

#include "mis-radio-scenario-test.h"

#include "ns3/ipv4-header.h"
#include "ns3/ipv4.h"
#include "ns3/test.h"
#include "ns3/udp-header.h"

#include <algorithm>
#include <iostream>
#include <set>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// One technology to another, all remedies.
class PairTestCase : public TestCase
{
  public:
    PairTestCase(const std::string& from, const std::string& to)
        : TestCase("from " + from + " to " + to + " with each remedy, one radio at a time and two"),
          m_from(from),
          m_to(to)
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::pair<std::string, bool>> remedies{
            {"ns3::mis::LegacyPrfRemedy", false},
            {"ns3::mis::ClauseRemovedRemedy", false},
            {"ns3::mis::ClauseRemovedRemedy", true},
            {"ns3::mis::SaProtectedRemedy", false},
            {"ns3::mis::GroupKeyRemedy", false}};
        for (const auto& [remedy, isCold] : remedies)
        {
            Time interruption;
            for (const bool isDual : {false, true})
            {
                const auto what = remedy + (isCold ? ", cold" : "") + (isDual ? ", dual" : "");
                RadioSetup setup;
                setup.networks = {m_from, m_to};
                setup.remedy = remedy;
                setup.isCold = isCold;
                setup.isDual = isDual;
                const RadioRun run(setup);
                NS_TEST_ASSERT_MSG_EQ(run.GetSuccesses(), 1, what << ": " << run.Describe());
                if (run.GetSuccesses() != 1)
                {
                    return;
                }
                const auto& record = run.records.front();
                const auto& handover = run.handovers.front();
                if (isDual)
                {
                    NS_TEST_EXPECT_MSG_EQ(handover.attached,
                                          handover.detached,
                                          what << ": the new radio is attached before");
                    NS_TEST_EXPECT_MSG_EQ(record.packetsLost.value_or(1000),
                                          0,
                                          what << ": two radios lose nothing");
                    NS_TEST_EXPECT_MSG_LT_OR_EQ(*record.interruption,
                                                std::max(interruption, MilliSeconds(60)),
                                                what << ": two radios are not worse than one");
                }
                else
                {
                    interruption = *record.interruption;
                }
            }
        }
    }

    std::string m_from;
    std::string m_to;
};

/// Octets of signalling on each radio.
class SignallingTestCase : public TestCase
{
  public:
    SignallingTestCase(const std::string& from, const std::string& to)
        : TestCase("octets of signalling from " + from + " to " + to +
                   " are those of the datagrams of each radio"),
          m_from(from),
          m_to(to)
    {
    }

  private:
    /// A MIS frame from or to the mobile node, as IP has it.
    struct Datagram
    {
        Time at;
        int32_t interface; //!< of the mobile node
        uint32_t octets;
    };

    static void OnSent(SignallingTestCase* self,
                       bool isMn,
                       const Ipv4Header& ip,
                       Ptr<const Packet> packet,
                       uint32_t interface)
    {
        constexpr uint8_t UDP = 17;
        UdpHeader udp;
        if (ip.GetProtocol() != UDP || packet->PeekHeader(udp) == 0 ||
            udp.GetDestinationPort() != MIS_PORT)
        {
            return;
        }
        const int32_t own = isMn ? static_cast<int32_t>(interface)
                                 : self->m_ipv4->GetInterfaceForAddress(ip.GetDestination());
        if (own >= 0)
        {
            self->m_datagrams.push_back(
                {Simulator::Now(), own, packet->GetSize() - udp.GetSerializedSize()});
        }
    }

    void Check(bool isDual, bool isCold, bool isReal)
    {
        RadioSetup setup;
        setup.networks = {m_from, m_to};
        setup.remedy = "ns3::mis::ClauseRemovedRemedy";
        setup.isDual = isDual;
        setup.isCold = isCold;
        setup.isReal = isReal;
        m_datagrams.clear();
        int32_t old = -1;
        const RadioRun run(setup, [&](RoamingScenarioHelper& scenario) {
            m_ipv4 = scenario.GetMobileNodeNodes().Get(0)->GetObject<Ipv4>();
            const auto link = DynamicCast<RadioAccessLink>(scenario.GetLink(0, 0));
            old = m_ipv4->GetInterfaceForDevice(link->GetDevice());
            for (const auto& misf : scenario.GetMis().GetMisfs())
            {
                const auto ipv4 = misf->GetObject<Ipv4>();
                ipv4->TraceConnectWithoutContext("SendOutgoing",
                                                 MakeBoundCallback(&OnSent, this, ipv4 == m_ipv4));
            }
        });
        m_ipv4 = nullptr;
        const auto what =
            std::string(isDual ? "dual " : "") + (isCold ? "cold " : "") + (isReal ? "real " : "");
        NS_TEST_ASSERT_MSG_EQ(run.GetSuccesses(), 1u, what << run.Describe());
        const auto& record = run.records.front();
        uint64_t overOld = 0;
        uint64_t overNew = record.bytesLink;
        for (const auto& datagram : m_datagrams)
        {
            if (datagram.at >= record.begin)
            {
                (datagram.interface == old ? overOld : overNew) += datagram.octets;
            }
        }
        NS_TEST_EXPECT_MSG_EQ(record.signallingOldLink, overOld, what << "over the old link");
        NS_TEST_EXPECT_MSG_EQ(record.signallingNewLink, overNew, what << "over the new link");
        NS_TEST_EXPECT_MSG_GT(record.signallingNewLink, record.bytesLink, what << "MIS over it");
        if (isCold || !isReal)
        {
            NS_TEST_EXPECT_MSG_EQ((record.bytesLink > 0), isReal, what << "link authentication");
        }
        NS_TEST_EXPECT_MSG_EQ((overOld >= record.bytesMnSpos + record.bytesMnTpos),
                              !isCold,
                              what << "a preregistration goes over the old link");
    }

    void DoRun() override
    {
        for (const bool isDual : {false, true})
        {
            for (const bool isCold : {false, true})
            {
                for (const bool isReal : {false, true})
                {
                    Check(isDual, isCold, isReal);
                }
            }
        }
    }

    static constexpr uint16_t MIS_PORT = 4551;

    std::string m_from;
    std::string m_to;
    Ptr<Ipv4> m_ipv4; //!< of the mobile node
    std::vector<Datagram> m_datagrams;
};

/// The same run again.
class SameSeedTestCase : public TestCase
{
  public:
    SameSeedTestCase(const std::string& from, const std::string& to)
        : TestCase("the same seed gives the same frames from " + from + " to " + to),
          m_from(from),
          m_to(to)
    {
    }

  private:
    void DoRun() override
    {
        RadioSetup setup;
        setup.networks = {m_from, m_to};
        const auto first = RadioRun(setup).frames;
        const auto second = RadioRun(setup).frames;
        NS_TEST_EXPECT_MSG_GT(first.size(), 1000u, "there are frames");
        NS_TEST_EXPECT_MSG_EQ((first == second), true, "octet for octet, instant for instant");
    }

    std::string m_from;
    std::string m_to;
};

/// A chain of networks, and the port that stays shut meanwhile.
class ChainTestCase : public TestCase
{
  public:
    ChainTestCase(const std::vector<std::string>& networks, bool isDual)
        : TestCase("a mobile node roams through all its radios" +
                   std::string(isDual ? ", two at once" : "")),
          m_networks(networks),
          m_isDual(isDual)
    {
    }

  private:
    void DoRun() override
    {
        RadioSetup setup;
        setup.networks = m_networks;
        setup.isDual = m_isDual;
        setup.distance = 0;
        const RadioRun run(setup);
        NS_TEST_EXPECT_MSG_EQ(run.GetSuccesses(), m_networks.size() - 1, run.Describe());
    }

    std::vector<std::string> m_networks;
    bool m_isDual;
};

/// What is asked for but not there.
class MissingTestCase : public TestCase
{
  public:
    MissingTestCase()
        : TestCase("the registry says what the build has, and what the rest needs")
    {
    }

  private:
    void DoRun() override
    {
        const auto all = GetRadios();
        const auto supported = GetSupportedRadios();
        NS_TEST_EXPECT_MSG_EQ(all.size(), 4u, "four technologies");
        const std::set<std::string> has(supported.begin(), supported.end());
        for (const auto& radio : all)
        {
            TypeId type;
            std::string name = radio;
            name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
            const bool isThere =
                TypeId::LookupByNameFailSafe("ns3::mis::" + name + "Technology", &type);
            NS_TEST_EXPECT_MSG_EQ((has.count(radio) == 1), isThere, radio);
            const auto missing = GetMissingRadio(radio);
            NS_TEST_EXPECT_MSG_EQ(missing.empty(), isThere, "a reason if, and only if, it is not");
            if (!isThere)
            {
                std::cout << "mis-radio: skipped what needs " << radio << ": " << missing << '\n';
            }
        }
        NS_TEST_EXPECT_MSG_NE(
            GetMissingRadio("pigeon").find("allowed are ethernet, lte, wifi, wimax"),
            std::string::npos,
            "an unknown name");
    }
};

class RadioTestSuite : public TestSuite
{
  public:
    RadioTestSuite()
        : TestSuite("mis-radio", TestSuite::Type::UNIT)
    {
        const auto radios = GetSupportedRadios();
        AddTestCase(new MissingTestCase);
        for (const auto& from : radios)
        {
            for (const auto& to : radios)
            {
                AddTestCase(new PairTestCase(from, to));
            }
            AddTestCase(new SameSeedTestCase(from, radios.front()));
        }
        for (size_t i = 0; i < radios.size(); ++i)
        {
            AddTestCase(new SignallingTestCase(radios[i], radios[(i + 1) % radios.size()]));
        }
        if (radios.size() > 1)
        {
            AddTestCase(new ChainTestCase(radios, false));
            AddTestCase(new ChainTestCase(radios, true));
        }
    }
};

RadioTestSuite g_radioTestSuite; //!< the instance

} // namespace
