// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of who may redirect the traffic of a mobile node by its mobility anchor.
 */
#include "mis-mobility-test-helpers.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;
using namespace ns3::mis::test::anchor;

namespace
{

/// Nobody but the mobile node moves the binding.
class ForgedUpdateTestCase : public TestCase
{
  public:
    ForgedUpdateTestCase()
        : TestCase("a forged update is refused; where nothing is authenticated, it redirects "
                   "the traffic")
    {
    }

  private:
    static Bytes Forge(AnchorScenario& scenario, bool withAuthentication)
    {
        auto update = Updates()[0];
        update.sequence = 1000;
        update.careOfAddress = scenario.Correspondent().Get();
        if (!withAuthentication)
        {
            update.authentication.reset();
        }
        return WrapMobility(update.homeAddress->address,
                            scenario.AnchorAddress().Get(),
                            EncodeMobility(update));
    }

    void DoRun() override
    {
        const Ipv4Address home("10.1.0.2");
        {
            AnchorScenario scenario(Anchor::CLIENT);
            const auto anchor = scenario.roaming.GetAnchor();
            Scenario::At(Seconds(2), [&] {
                NS_TEST_EXPECT_MSG_EQ(scenario.CareOf(), home, "bound");
                scenario.Attack(DSMIPV6_PORT, Forge(scenario, true));
                scenario.Attack(DSMIPV6_PORT, Forge(scenario, false));
            });
            Scenario::Run(Seconds(3));
            NS_TEST_EXPECT_MSG_EQ(anchor->GetDropCount("authentication-failure"), 2u, "refused");
            NS_TEST_EXPECT_MSG_EQ(scenario.CareOf(), home, "the binding stays");
        }
        {
            // The mobile node has no key of its own there.
            AnchorScenario scenario(Anchor::NETWORK);
            Scenario::At(Seconds(2), [&] {
                auto update = Updates()[0];
                update.careOfAddress = scenario.Correspondent().Get();
                update.authentication = MobilityAuthentication();
                auto octets = EncodeMobility(update);
                MobilityAssociation().Authenticate(scenario.Gm()->GetCrypto(),
                                                   scenario.Correspondent(),
                                                   RoamingScenarioHelper::HomeAddress(0),
                                                   octets);
                scenario.Attack(DSMIPV6_PORT, WrapMobility(1, 2, octets));
            });
            Scenario::Run(Seconds(3));
            const auto anchor = scenario.roaming.GetAnchor();
            NS_TEST_EXPECT_MSG_EQ(anchor->GetDropCount("authentication-failure"),
                                  1u,
                                  "an empty key is no key");
        }
        {
            AnchorScenario scenario(Anchor::CLIENT, false);
            Scenario::At(Seconds(2),
                         [&] { scenario.Attack(DSMIPV6_PORT, Forge(scenario, false)); });
            Scenario::Run(Seconds(3));
            NS_TEST_EXPECT_MSG_EQ(scenario.CareOf(), scenario.Correspondent(), "redirected");
        }
    }
};

/// Old updates do not count, whoever sends them.
class ReplayTestCase : public TestCase
{
  public:
    explicit ReplayTestCase(Anchor anchor)
        : TestCase(std::string("an update of the ") + NameOf(anchor) +
                   " that comes again later changes nothing"),
          m_anchor(anchor)
    {
    }

  private:
    void DoRun() override
    {
        AnchorScenario scenario(m_anchor);
        const auto anchor = scenario.roaming.GetAnchor();
        const auto device = Scenario::DeviceOf(anchor->GetObject<Misf>());
        const uint16_t port = m_anchor == Anchor::CLIENT ? DSMIPV6_PORT : PMIPV6_CONTROL_PORT;
        // The first update after the second comes as if from the first address again: the tap
        // stands behind the device, so it replaces the payload of the last update only.
        std::vector<Bytes> updates;
        bool replay = false;
        UdpTap tap(device, [&](uint16_t, uint16_t toPort, Bytes& payload) {
            if (toPort == port && IpVersionOf(payload) != 4)
            {
                if (replay)
                {
                    payload = updates.back();
                }
                updates.push_back(payload);
            }
            return true;
        });
        Scenario::At(Seconds(2), [&] {
            replay = true;
            if (m_anchor == Anchor::CLIENT)
            {
                scenario.roaming.GetMobilityClients().front()->Update();
            }
            else
            {
                scenario.roaming.GetGateways().front()->Attach(MisfId(MnId()));
            }
        });
        Scenario::Run(MilliSeconds(2500));
        NS_TEST_EXPECT_MSG_GT(updates.size(), 1u, "an update and its repetition");
        NS_TEST_EXPECT_MSG_GT(anchor->GetDropCount("stale"), 0u, "refused as stale");
        NS_TEST_EXPECT_MSG_EQ(scenario.CareOf().IsAny(), false, "still bound");
    }

    Anchor m_anchor;
};

/// Only the holder of a binding sends from its home address.
class ForeignDataTestCase : public TestCase
{
  public:
    ForeignDataTestCase()
        : TestCase(
              "data from elsewhere, strange octets, unknown nodes and gateways are dropped for "
              "a named reason")
    {
    }

  private:
    void DoRun() override
    {
        AnchorScenario scenario(Anchor::CLIENT);
        const auto anchor = scenario.roaming.GetAnchor();
        Scenario::At(Seconds(2), [&] {
            Ipv4Header header;
            header.SetSource(RoamingScenarioHelper::HomeAddress(0));
            header.SetDestination(scenario.Correspondent());
            header.SetProtocol(17);
            auto packet = Create<Packet>(0);
            packet->AddHeader(header);
            scenario.Attack(DSMIPV6_PORT, OctetsOf(packet));
            scenario.Attack(PMIPV6_DATA_PORT, OctetsOf(packet));
            for (const uint16_t port : {DSMIPV6_PORT, PMIPV6_CONTROL_PORT, PMIPV6_DATA_PORT})
            {
                scenario.Attack(port, {});
                scenario.Attack(port, {0x45});
                scenario.Attack(port, Bytes(19, 0x4f));
                scenario.Attack(port, Bytes(60, 0x6f));
            }
            auto proxy = Updates()[1];
            scenario.Attack(PMIPV6_CONTROL_PORT, EncodeMobility(proxy));
            proxy.homeAddressRequest->address += 50;
            scenario.Attack(PMIPV6_CONTROL_PORT, EncodeMobility(proxy));
            auto client = Updates()[0];
            scenario.Attack(DSMIPV6_PORT, WrapMobility(1, 2, EncodeMobility(client)));
        });
        Scenario::Run(Seconds(3));
        NS_TEST_EXPECT_MSG_EQ(anchor->GetDropCount("foreign-source"), 2u, "data");
        NS_TEST_EXPECT_MSG_EQ(anchor->GetDropCount("malformed"), 12u, "strange octets");
        NS_TEST_EXPECT_MSG_EQ(anchor->GetDropCount("unknown-gateway"), 1u, "gateway");
        NS_TEST_EXPECT_MSG_EQ(anchor->GetDropCount("unknown-mobile-node"), 1u, "mobile node");
        NS_TEST_EXPECT_MSG_EQ(anchor->GetDropCount("care-of-mismatch"), 1u, "care-of address");
        NS_TEST_EXPECT_MSG_EQ(scenario.CareOf(), Ipv4Address("10.1.0.2"), "the binding stays");
    }
};

/// All cases.
class MobilityAttacksTestSuite : public TestSuite
{
  public:
    MobilityAttacksTestSuite()
        : TestSuite("mis-mobility-attacks", TestSuite::Type::UNIT)
    {
        for (const auto anchor : {Anchor::CLIENT, Anchor::NETWORK})
        {
            AddTestCase(new ReplayTestCase(anchor));
        }
        AddTestCase(new ForgedUpdateTestCase);
        AddTestCase(new ForeignDataTestCase);
    }
};

MobilityAttacksTestSuite g_mobilityAttacksTestSuite; //!< the instance

} // namespace
