// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What examples/validate-eap prints, against closed forms and published figures.
 */
#include "../examples/validate-eap.h"

#include "ns3/test.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::validation;

namespace
{

/// All authentications over both access technologies.
class EapLatencyTestCase : public TestCase
{
  public:
    EapLatencyTestCase()
        : TestCase(
              "EAP-GPSK in full, ERP and pre-authentication take their closed forms, and stand "
              "to each other as Izquierdo and Golmie have published")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& access : ACCESSES)
        {
            const std::string what = access.name;
            const auto found = MeasureAll(access);
            NS_TEST_ASSERT_MSG_EQ(found.has_value(), true, what);
            if (!found)
            {
                continue;
            }
            // Eight messages of EAP, and two, cross MN - PoS - server.
            const double crossing = access.mptMs + access.pstMs;
            const double handshake = 2 * access.exchanges * access.mptMs;
            const auto& [full, again, ahead, cryptoMs, operationNs] = *found;
            NS_TEST_EXPECT_MSG_EQ_TOL(full.eap, 8 * crossing, 0.01, what);
            NS_TEST_EXPECT_MSG_EQ_TOL(full.signalling, 8 * crossing + handshake, 0.01, what);
            NS_TEST_EXPECT_MSG_EQ_TOL(again.eap, 2 * crossing, 0.01, what);
            NS_TEST_EXPECT_MSG_EQ_TOL(again.signalling, 2 * crossing + handshake, 0.01, what);
            NS_TEST_EXPECT_MSG_EQ_TOL(ahead.signalling, handshake, 0.01, what);
            NS_TEST_EXPECT_MSG_GT(operationNs, 0, what);
            NS_TEST_EXPECT_MSG_GT(cryptoMs, AGAIN_CRYPTO_MS, what);
            // What was published.
            NS_TEST_EXPECT_MSG_EQ_TOL(again.eap + AGAIN_CRYPTO_MS, access.againEap, 0.01, what);
            NS_TEST_EXPECT_MSG_GT(full.signalling, 2.5 * again.signalling, what << ": the order");
            NS_TEST_EXPECT_MSG_GT(again.signalling, 2.5 * ahead.signalling, what << ": the order");
            NS_TEST_EXPECT_MSG_EQ_TOL((full.eap + FULL_CRYPTO_MS) / access.fullEap,
                                      1.0,
                                      0.15,
                                      what << ": EAP in full");
        }
    }
};

/// All cases.
class ValidationTestSuite : public TestSuite
{
  public:
    ValidationTestSuite()
        : TestSuite("mis-validation", TestSuite::Type::UNIT)
    {
        AddTestCase(new EapLatencyTestCase);
    }
};

ValidationTestSuite g_validationTestSuite; //!< the instance

} // namespace
