// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of EAP-TLS that fails: wrong certificates, lost and damaged packets.
 */
#include "mis-eap-tls-test-helpers.h"

#include "ns3/mis-eap-tls.h"
#include "ns3/test.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;
using namespace ns3::mis::test::tls;

namespace
{

/** @brief Authentications that must not succeed. */
class EapTlsFailureTestCase : public TestCase
{
  public:
    EapTlsFailureTestCase()
        : TestCase("EAP-TLS fails with a named outcome at both ends, alerts go as the RFCs say")
    {
    }

  private:
    /** An authentication and how it is to end. */
    struct Case
    {
        std::string name;
        std::function<void(TlsSetup&)> prepare;
        EapOutcome outcome;
        bool byPeer;   //!< the peer refuses the server
        uint8_t alert; //!< description of the alert
    };

    void DoRun() override
    {
        static Authority stranger(2);
        const int64_t late = 2'000'000'000;
        const std::vector<Case> cases = {
            {"server expired",
             [&](TlsSetup& s) {
                 s.server.credential = TheAuthority().Issue(AAA, 0);
                 s.nowNs = late;
             },
             EapOutcome::CERTIFICATE_EXPIRED,
             true,
             45},
            {"server of an unknown authority",
             [&](TlsSetup& s) { s.server.credential = stranger.Issue(AAA); },
             EapOutcome::CERTIFICATE_UNKNOWN_CA,
             true,
             48},
            {"server of another name",
             [&](TlsSetup& s) { s.peerEap.serverName = "aaa.b.example"; },
             EapOutcome::CERTIFICATE_NAME_MISMATCH,
             true,
             42},
            {"peer expired",
             [&](TlsSetup& s) {
                 s.client.credential = TheAuthority().Issue(MN, 0);
                 s.nowNs = late;
             },
             EapOutcome::CERTIFICATE_EXPIRED,
             false,
             45},
            {"peer of an unknown authority",
             [&](TlsSetup& s) { s.client.credential = stranger.Issue(MN); },
             EapOutcome::CERTIFICATE_UNKNOWN_CA,
             false,
             48},
            {"peer of another name",
             [&](TlsSetup& s) { s.identity = "mn2@a.example"; },
             EapOutcome::CERTIFICATE_NAME_MISMATCH,
             false,
             42},
            {"peer without a certificate",
             [&](TlsSetup& s) { s.client.credential.reset(); },
             EapOutcome::CERTIFICATE_MISSING,
             false,
             116},
        };
        for (const TlsVersion version : VERSIONS)
        {
            for (const Case& c : cases)
            {
                for (const std::size_t size : {std::size_t{200}, EAP_TLS_FRAGMENT_SIZE})
                {
                    Check(version, c, size);
                }
            }
            TlsSetup setup(version);
            setup.server.version =
                version == TlsVersion::TLS_1_2 ? TlsVersion::TLS_1_3 : TlsVersion::TLS_1_2;
            setup.Run();
            NS_TEST_EXPECT_MSG_EQ(setup.aaa->Outcome(), EapOutcome::NO_COMMON_SUITE, "version");
            NS_TEST_EXPECT_MSG_EQ(setup.mn->Outcome(), EapOutcome::NO_COMMON_SUITE, "version");

            // The same name is of no interest where the identity is not bound to it.
            TlsSetup loose(version);
            loose.identity = "anonymous@a.example";
            loose.aaaEap.nameIsIdentity = false;
            loose.Run();
            NS_TEST_EXPECT_MSG_EQ(loose.BothSucceeded(), true, "anonymous identity");
            NS_TEST_EXPECT_MSG_EQ(loose.aaa->Exported().peerId, MN, "authenticated name");
        }
    }

    void Check(TlsVersion version, const Case& c, std::size_t fragmentSize)
    {
        const std::string name = NameOf(version) + ", " + c.name;
        TlsSetup setup(version);
        c.prepare(setup);
        setup.peerEap.fragmentSize = fragmentSize;
        setup.aaaEap.fragmentSize = fragmentSize;
        setup.Run();
        NS_TEST_EXPECT_MSG_EQ(setup.aaa->State(), EapState::FAILURE, name);
        NS_TEST_EXPECT_MSG_EQ(setup.mn->State(), EapState::FAILURE, name);
        NS_TEST_EXPECT_MSG_EQ(setup.aaa->Outcome(), c.outcome, name << ", server");
        NS_TEST_EXPECT_MSG_EQ(setup.mn->Outcome(), c.outcome, name << ", peer");
        NS_TEST_EXPECT_MSG_EQ(setup.mn->Exported().msk.empty(), true, name);
        NS_TEST_EXPECT_MSG_EQ(setup.aaa->Exported().msk.empty(), true, name);
        const auto& sent = setup.wire.sent;
        const std::size_t n = sent.size();
        NS_TEST_ASSERT_MSG_GT(n, 5U, name);
        NS_TEST_EXPECT_MSG_EQ(+sent[n - 1].octets[0], 4, name << ": Failure at the end");
        // The alert in clear, or protected: 7 and 24 octets.
        if (c.byPeer)
        {
            NS_TEST_EXPECT_MSG_EQ(sent[n - 2].octets.size(), 13U, name << ": alert");
            NS_TEST_EXPECT_MSG_EQ(+sent[n - 2].octets.back(), +c.alert, name << ": alert");
            return;
        }
        const bool isNew = version == TlsVersion::TLS_1_3;
        NS_TEST_EXPECT_MSG_EQ(sent[n - 2].octets.size(), 6U, name << ": empty Response");
        NS_TEST_EXPECT_MSG_EQ(sent[n - 3].octets.size(), (isNew ? 30U : 13U), name << ": alert");
        if (!isNew)
        {
            NS_TEST_EXPECT_MSG_EQ(+sent[n - 3].octets.back(),
                                  (c.alert == 116 ? 40 : +c.alert),
                                  name << ": alert");
        }
    }
};

/** @brief Loss of each packet in turn. */
class EapTlsLossTestCase : public TestCase
{
  public:
    EapTlsLossTestCase()
        : TestCase("EAP-TLS survives the loss of any packet, fragments too")
    {
    }

  private:
    void DoRun() override
    {
        for (const TlsVersion version : VERSIONS)
        {
            for (const std::size_t size : {std::size_t{300}, EAP_TLS_FRAGMENT_SIZE})
            {
                TlsSetup whole(version);
                whole.peerEap.fragmentSize = size;
                whole.aaaEap.fragmentSize = size;
                whole.Run();
                const std::size_t packets = whole.wire.sent.size();
                for (std::size_t lost = 0; lost < packets; ++lost)
                {
                    const std::string name = NameOf(version) + ", lost " + std::to_string(lost);
                    TlsSetup setup(version);
                    setup.peerEap.fragmentSize = size;
                    setup.aaaEap.fragmentSize = size;
                    setup.wire.channel = [lost](std::size_t n, const Bytes& octets) {
                        return n == lost ? std::nullopt : std::make_optional(octets);
                    };
                    setup.Run();
                    if (lost == packets - 1)
                    {
                        NS_TEST_EXPECT_MSG_EQ(setup.mn->AcceptLowerLayerSuccess(), true, name);
                    }
                    NS_TEST_EXPECT_MSG_EQ(setup.BothSucceeded(), true, name);
                    NS_TEST_EXPECT_MSG_EQ((setup.mn->Exported().msk == whole.mn->Exported().msk),
                                          true,
                                          name << ": nothing was computed twice");
                }
            }
            // The empty Response before Failure and the alert are repeated too.
            for (std::size_t lost = 2; lost < 8; ++lost)
            {
                TlsSetup setup(version);
                setup.identity = "mn2@a.example";
                setup.wire.channel = [lost](std::size_t n, const Bytes& octets) {
                    return n == lost ? std::nullopt : std::make_optional(octets);
                };
                setup.Run();
                NS_TEST_EXPECT_MSG_EQ(setup.aaa->Outcome(),
                                      EapOutcome::CERTIFICATE_NAME_MISMATCH,
                                      "lost " << lost);
                NS_TEST_EXPECT_MSG_EQ(setup.mn->Outcome(),
                                      EapOutcome::CERTIFICATE_NAME_MISMATCH,
                                      "lost " << lost);
            }
        }
    }
};

/** @brief Packets cut and changed. */
class EapTlsDamageTestCase : public TestCase
{
  public:
    EapTlsDamageTestCase()
        : TestCase("EAP-TLS never succeeds with a packet that was cut or changed for good")
    {
    }

  private:
    /**
     * @param eap a packet
     * @param at an octet of it
     * @return whether receivers have to look at it: not reserved flags, not the version of a record
     */
    static bool Matters(const Bytes& eap, std::size_t at, uint8_t mask)
    {
        if (at < EAP_TYPE_DATA_OFFSET)
        {
            return true;
        }
        if (at == EAP_TYPE_DATA_OFFSET)
        {
            return (mask & 0x1f) == 0;
        }
        std::size_t record = EAP_TYPE_DATA_OFFSET + 1;
        for (const std::size_t size : RecordsOf(TlsOf(eap).data))
        {
            if (at == record + 1 || at == record + 2)
            {
                return false;
            }
            record += 5 + size;
        }
        return true;
    }

    void Check(TlsVersion version, std::size_t place, std::size_t at, uint8_t mask)
    {
        TlsSetup setup(version);
        bool matters = false;
        setup.wire.channel = [&](std::size_t n, const Bytes& octets) {
            Bytes arrived = octets;
            if (n == place || (n > place && octets == setup.wire.sent[place].octets))
            {
                matters = Matters(octets, at, mask);
                if (mask == 0)
                {
                    arrived.resize(at);
                }
                else
                {
                    arrived[at] ^= mask;
                }
            }
            return std::make_optional(arrived);
        };
        setup.Run();
        const std::string name = NameOf(version) + ": packet " + std::to_string(place) +
                                 ", octet " + std::to_string(at) + ", mask " + std::to_string(mask);
        if (setup.BothSucceeded())
        {
            NS_TEST_EXPECT_MSG_EQ(matters, false, name);
            NS_TEST_EXPECT_MSG_EQ((setup.mn->Exported().msk == setup.aaa->Exported().msk),
                                  true,
                                  name);
        }
        else
        {
            NS_TEST_EXPECT_MSG_NE(setup.aaa->State(), EapState::RUNNING, name);
        }
        if (setup.aaa->State() == EapState::FAILURE)
        {
            NS_TEST_EXPECT_MSG_NE(setup.mn->State(), EapState::SUCCESS, name);
        }
    }

    void DoRun() override
    {
        RepeatableSource random(7);
        for (const TlsVersion version : VERSIONS)
        {
            TlsSetup whole(version);
            whole.Run();
            for (std::size_t place = 2; place < whole.wire.sent.size(); ++place)
            {
                const std::size_t size = whole.wire.sent[place].octets.size();
                const bool isShort = size <= 60;
                const std::size_t trials = isShort ? size : 120;
                for (std::size_t i = 0; i < trials; ++i)
                {
                    const std::size_t at = isShort ? i : random.Below(size);
                    Check(version, place, at, 0);
                    Check(version, place, at, static_cast<uint8_t>(1 << random.Below(8)));
                }
                for (uint8_t bit = 0; bit < 8; ++bit)
                {
                    Check(version, place, std::min<std::size_t>(5, size - 1), 1 << bit);
                }
            }
        }
    }
};

/// All cases.
class EapTlsFailureTestSuite : public TestSuite
{
  public:
    EapTlsFailureTestSuite()
        : TestSuite("mis-eap-tls-failure", TestSuite::Type::UNIT)
    {
        AddTestCase(new EapTlsFailureTestCase);
        AddTestCase(new EapTlsLossTestCase);
        AddTestCase(new EapTlsDamageTestCase);
    }
};

EapTlsFailureTestSuite g_eapTlsFailureTestSuite; //!< the instance

} // namespace
