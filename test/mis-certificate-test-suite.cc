// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Certificates: verified by time, issuer and name, cut and changed, and against the openssl
 * command.
 */
#include "mis-oracle-test-helpers.h"
#include "mis-tls-test-helpers.h"

#include "ns3/test.h"

#include <fstream>
#include <string>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// Certificates by themselves.
class CertificateTestCase : public TestCase
{
  public:
    CertificateTestCase()
        : TestCase("certificates are verified by time, issuer and name, as the openssl command "
                   "does, and sign")
    {
    }

  private:
    void DoRun() override
    {
        Authority authority(3);
        Authority stranger(4);
        const auto key = authority.Issue(SERVER, 10 * YEAR);
        const auto& certificate = key.GetCertificate();
        const auto verdict = [&](const Authority& ca, const std::string& name, int64_t now) {
            return std::string(ToString(VerifyCertificate(authority.ctx,
                                                          certificate,
                                                          {ca.ca.GetCertificate()},
                                                          name,
                                                          now)));
        };
        NS_TEST_EXPECT_MSG_EQ(verdict(authority, SERVER, 0), "accepted", "now");
        NS_TEST_EXPECT_MSG_EQ(verdict(authority, "", 0), "accepted", "any name");
        NS_TEST_EXPECT_MSG_EQ(verdict(authority, SERVER, 11 * YEAR), "cert-expired", "late");
        NS_TEST_EXPECT_MSG_EQ(verdict(authority, SERVER, -2 * YEAR), "cert-expired", "early");
        NS_TEST_EXPECT_MSG_EQ(verdict(authority, CLIENT, 0), "cert-name-mismatch", "other");
        NS_TEST_EXPECT_MSG_EQ(verdict(stranger, SERVER, 0), "cert-unknown-ca", "stranger");
        NS_TEST_EXPECT_MSG_EQ(certificate.Name(), SERVER, "name");
        const auto host = authority.Issue("aaa.a.example");
        NS_TEST_EXPECT_MSG_EQ(host.GetCertificate().Name(), "aaa.a.example", "host name");
        const auto ofName = [&](const Certificate& of, const std::string& name) {
            return std::string(ToString(
                VerifyCertificate(authority.ctx, of, {authority.ca.GetCertificate()}, name, 0)));
        };
        NS_TEST_EXPECT_MSG_EQ(ofName(host.GetCertificate(), "aaa.a.example"), "accepted", "host");
        NS_TEST_EXPECT_MSG_EQ(ofName(host.GetCertificate(), "aaa.b.example"),
                              "cert-name-mismatch",
                              "other host");
        // One name stays one name, whatever is in it.
        const auto two = authority.Issue("aaa.a.example,DNS:aaa.b.example");
        NS_TEST_EXPECT_MSG_EQ(ofName(two.GetCertificate(), "aaa.b.example"),
                              "cert-name-mismatch",
                              "name with a comma");
        // A common name is no name.
        NS_TEST_EXPECT_MSG_EQ(ofName(authority.ca.GetCertificate(), "test CA 3"),
                              "cert-name-mismatch",
                              "common name");
        // Before instant 0 too.
        NS_TEST_EXPECT_MSG_EQ(verdict(authority, SERVER, -YEAR / 2), "accepted", "before 0");

        const auto again = Certificate::FromDer(certificate.Der());
        NS_TEST_ASSERT_MSG_EQ(again.has_value(), true, "parsed");
        NS_TEST_EXPECT_MSG_EQ((again->KeyHash() == certificate.KeyHash()), true, "same key");
        const Bytes message{1, 2, 3};
        const auto signature = mis::Sign(authority.ctx, key, {message});
        NS_TEST_EXPECT_MSG_EQ(mis::Verify(authority.ctx, *again, {message}, signature),
                              true,
                              "signature");
        NS_TEST_EXPECT_MSG_EQ(
            mis::Verify(authority.ctx, host.GetCertificate(), {message}, signature),
            false,
            "of another");
        const auto back = SignatureFromDer(SignatureToDer(signature));
        NS_TEST_EXPECT_MSG_EQ((back && *back == signature), true, "DER and back");
        for (size_t size = 0; size < certificate.Der().size(); ++size)
        {
            const ByteView cut(certificate.Der().data(), size);
            NS_TEST_EXPECT_MSG_EQ(Certificate::FromDer(cut).has_value(), false, "cut");
        }
        // Any octet changed: read as something else or not at all, and never believed.
        for (size_t at = 0; at < certificate.Der().size(); ++at)
        {
            auto changed = certificate.Der();
            changed[at] ^= 1 << (at % 8);
            const auto other = Certificate::FromDer(changed);
            NS_TEST_EXPECT_MSG_EQ((other && ofName(*other, SERVER) == "accepted"),
                                  false,
                                  "octet " << at);
        }
        const auto folder = CreateTempDirFilename("");
        std::ofstream(folder + "/ca.pem") << authority.ca.Pem();
        std::ofstream(folder + "/leaf.pem") << key.Pem();
        const auto result =
            RunCommand("openssl verify -attime 1577836900 -verify_email " + SERVER + " -CAfile '" +
                       folder + "/ca.pem' '" + folder + "/leaf.pem' 2>&1");
        NS_TEST_EXPECT_MSG_EQ(result.status, 0, result.output);
        const auto hash = RunCommand("openssl x509 -in " + Quote(folder + "/leaf.pem") +
                                     " -noout -pubkey | openssl pkey -pubin -outform DER | "
                                     "openssl dgst -sha1 -r");
        NS_TEST_EXPECT_MSG_EQ(hash.output.substr(0, 40),
                              ToHex(ByteView(certificate.KeyHash().data(), 20)),
                              "hash of the key");
        // Another curve of 256 bits.
        const auto curve = RunCommand("openssl req -x509 -newkey ec -pkeyopt "
                                      "ec_paramgen_curve:secp256k1 -nodes -keyout /dev/null "
                                      "-subj /CN=x -outform DER 2>/dev/null");
        NS_TEST_EXPECT_MSG_EQ((curve.output.size() > 200), true, "made");
        const Bytes der(curve.output.begin(), curve.output.end());
        NS_TEST_EXPECT_MSG_EQ(Certificate::FromDer(der).has_value(), false, "secp256k1");
    }
};

/// Certificates.
class CertificateTestSuite : public TestSuite
{
  public:
    CertificateTestSuite()
        : TestSuite("mis-certificate", TestSuite::Type::UNIT)
    {
        AddTestCase(new CertificateTestCase);
    }
};

CertificateTestSuite g_certificateTestSuite; //!< the instance

} // namespace
