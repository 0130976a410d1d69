// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * TLS against the openssl command's own client and server, and exported keys against an independent
 * program.
 */
#include "mis-oracle-test-helpers.h"
#include "mis-tls-test-helpers.h"

#include "ns3/test.h"

#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// Which of the records of a client (0) or server (1) has a signature of the handshake.
size_t
SignedRecord(const std::string& version, int end)
{
    if (version == "1.2")
    {
        return end == 0
                   ? 3
                   : 2; // ClientHello, Certificate, ClientKeyExchange; ServerHello, Certificate
    }
    return end == 0
               ? 2
               : 4; // ClientHello, Certificate; .., EncryptedExtensions, CertificateRequest, ..
}

/// OpenSSL's own programs.
class StandAloneTestCase : public TestCase
{
  public:
    StandAloneTestCase()
        : TestCase("each record of a handshake has the size it has between the client and server "
                   "of the openssl command with the same certificates")
    {
    }

  private:
    void Compare(Pair pair, const std::string& kind)
    {
        const auto version = NameOf(pair.clientSide.version);
        pair.Run();
        NS_TEST_ASSERT_MSG_EQ((pair.server->State() == TlsState::ESTABLISHED), true, version);
        std::vector<std::pair<unsigned, size_t>> ours[2];
        for (size_t i = 0; i < pair.flights.size(); ++i)
        {
            for (const auto& record : RecordsOf(pair.flights[i]))
            {
                ours[i % 2].push_back(record);
            }
        }
        const auto result =
            RunCommand(std::string("python3 '") + MIS_SOURCE_DIR + "/test/check-tls.py' '" +
                       m_folder + "' " + version + " " + kind);
        NS_TEST_ASSERT_MSG_EQ(result.status, 0, "the programs ran");
        std::vector<std::pair<unsigned, size_t>> theirs[2];
        std::istringstream lines(result.output);
        char who;
        unsigned type;
        size_t size;
        while (lines >> who >> type >> size)
        {
            theirs[who == 's'].emplace_back(type, size);
        }
        for (int end = 0; end < 2; ++end)
        {
            NS_TEST_ASSERT_MSG_GT(ours[end].size(), 1u, version << kind);
            // What follows the handshake is not compared.
            NS_TEST_ASSERT_MSG_EQ((theirs[end].size() >= ours[end].size()), true, version << kind);
            for (size_t i = 0; i < ours[end].size(); ++i)
            {
                NS_TEST_EXPECT_MSG_EQ(ours[end][i].first, theirs[end][i].first, "record " << i);
                // Two DER signatures of one key may differ by up to 3 octets.
                const bool hasSignature = kind != "psk" && i == SignedRecord(version, end);
                NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(ours[end][i].second),
                                          static_cast<double>(theirs[end][i].second),
                                          (hasSignature ? 3.5 : 0.5),
                                          version << " " << kind << ", end " << end << ", record "
                                                  << i);
            }
        }
    }

    void DoRun() override
    {
        m_folder = CreateTempDirFilename("");
        Authority authority(9);
        std::ofstream(m_folder + "/ca.pem") << authority.ca.Pem();
        for (const auto version : VERSIONS)
        {
            auto pair = Pair::WithCertificates(version, authority);
            std::ofstream(m_folder + "/client.pem") << pair.clientSide.credential->Pem();
            std::ofstream(m_folder + "/server.pem") << pair.serverSide.credential->Pem();
            const Pair kept = Pair::LikeOf(pair);
            Compare(std::move(pair), "cert");
            auto chain = Pair::LikeOf(kept);
            chain.clientSide.sendsAuthority = true;
            chain.serverSide.sendsAuthority = true;
            Compare(std::move(chain), "chain");
            Compare(Pair::WithPsk(version), "psk");
        }
    }

    std::string m_folder;
};

/// Exported keys, by an independent program.
class ExporterTestCase : public TestCase
{
  public:
    ExporterTestCase()
        : TestCase("exported keys are those that follow from the key log")
    {
    }

  private:
    /// What the program answers to some requests.
    std::vector<std::string> Compute(const std::vector<std::string>& requests)
    {
        std::string command =
            "python3 " + Quote(std::string(MIS_SOURCE_DIR) + "/test/check-tls-exporter.py");
        for (size_t i = 0; i < requests.size(); ++i)
        {
            command += (i == 0 ? " " : " , ") + requests[i];
        }
        const auto result = RunCommand(command);
        NS_TEST_EXPECT_MSG_EQ(result.status, 0, command);
        std::istringstream lines(result.output);
        std::vector<std::string> answers{std::istream_iterator<std::string>(lines), {}};
        NS_TEST_EXPECT_MSG_EQ(answers.size(), requests.size(), command);
        answers.resize(requests.size());
        return answers;
    }

    /// The secret in the line of the key log with this label.
    std::string SecretOf(const Pair& pair, const std::string& label)
    {
        for (const auto& line : pair.keyLog)
        {
            std::istringstream words(line);
            std::string first;
            std::string random;
            std::string secret;
            words >> first >> random >> secret;
            if (first == label)
            {
                const auto own = pair.client->ClientRandom();
                NS_TEST_EXPECT_MSG_EQ(random, ToHex(ByteView(own.data(), own.size())), label);
                return secret;
            }
        }
        return {};
    }

    void Compare(Pair pair)
    {
        pair.Run();
        NS_TEST_ASSERT_MSG_EQ((pair.server->State() == TlsState::ESTABLISHED), true, "handshake");
        const bool isNew = pair.clientSide.version == TlsVersion::TLS_1_3;
        const auto secret = SecretOf(pair, isNew ? "EXPORTER_SECRET" : "CLIENT_RANDOM");
        NS_TEST_ASSERT_MSG_EQ(secret.empty(), false, "the key log has the secret");
        const auto client = pair.client->ClientRandom();
        const auto server = pair.client->ServerRandom();
        NS_TEST_EXPECT_MSG_EQ((server == pair.server->ServerRandom()), true, "one random");
        const auto randoms = " " + ToHex(ByteView(client.data(), client.size())) + " " +
                             ToHex(ByteView(server.data(), server.size()));
        const Bytes octet{0x0d};
        const Bytes none;

        struct Case
        {
            std::string label;
            std::optional<ByteView> context;
            size_t size;
        };

        const std::vector<Case> cases{
            {"EXPORTER_EAP_TLS_Key_Material", ByteView(octet), 128},
            {"EXPORTER_EAP_TLS_Method-Id", ByteView(octet), 64},
            {"client EAP encryption", std::nullopt, 128},
            {"client EAP encryption", ByteView(none), 20},
        };
        std::vector<std::string> requests;
        for (const auto& [label, context, size] : cases)
        {
            requests.push_back(NameOf(pair.clientSide.version) + " " + secret + " " + Quote(label) +
                               " " + (context ? Quote(ToHex(*context)) : "-") + " " +
                               std::to_string(size) + (isNew ? "" : randoms));
        }
        const auto expected = Compute(requests);
        for (size_t i = 0; i < cases.size(); ++i)
        {
            for (auto* end : {pair.client.get(), pair.server.get()})
            {
                const auto key = end->Export(cases[i].label, cases[i].context, cases[i].size);
                NS_TEST_EXPECT_MSG_EQ(ToHex(ByteView(key.data(), key.size())),
                                      expected[i],
                                      cases[i].label);
            }
        }
    }

    void DoRun() override
    {
        // What hostapd derived from the secrets of its sessions.
        const auto known =
            Compute({"1.3 58171f7ee35fc143ab04991c70e57b71d7b963f63083f89231ad52fcea65bf65 "
                     "EXPORTER_EAP_TLS_Key_Material 0d 128",
                     "1.3 58171f7ee35fc143ab04991c70e57b71d7b963f63083f89231ad52fcea65bf65 "
                     "EXPORTER_EAP_TLS_Method-Id 0d 64",
                     "1.2 df079b4e8e30c7a7f726fb82e07e0919baf1c54d8676763b472f8d5646593d81"
                     "2b08da512c2eb07a3b4ed90a8d85f8d0 'client EAP encryption' - 128 "
                     "0ed5f91326235d9534a839fa744888c396357be266fa353e335672baf255b28d "
                     "5256dbe368cc1f50080747cf2a4f6f33e6beb6b792e62f454767c2bae6847410"});
        NS_TEST_EXPECT_MSG_EQ(known[0],
                              "88544b63a20f0a0695ff5624e9d29ed5472f52adf573501ee947c847d54f7bb4"
                              "7d2c6000ce4fa251b188cc24937696de11e123655af061fd1a7131532918441a"
                              "513a68a51aaab8d8c2660eb1ed380f9e83fe5ebfea7a094b15a59bc4171b850e"
                              "93169de1a2ca49eb654b6b8d1f559274bf5aacc2a0550798dc290e62b187e4eb",
                              "TLS 1.3");
        NS_TEST_EXPECT_MSG_EQ(known[1],
                              "5bab83829a704d29439aa1abd1fbbc72c5755473d63eeef837e4aa4bd1254fce"
                              "046ad9605cdd06ca33d1e6b8acc46a74b7ba7e650d50deac7525ba7d03aa2e53",
                              "TLS 1.3, identifier");
        NS_TEST_EXPECT_MSG_EQ(known[2],
                              "b5847eff43aeb8ee7853bf53655987ca7f8178fde52b6b864c3ba3db9c017b60"
                              "79831d768c88d30a1ef7aa71221eaa177a95273775ecb4727ce6953acd53551c"
                              "466122ce9365fd38fec95d97fcf666e88c574f01a04f3c98e8e10a50685058cb"
                              "e9a9cff637c8a1951061b8bd1b4bf7a1527cf1fa46eb22b3f5922d6b66d923ea",
                              "TLS 1.2");
        Authority authority(1);
        for (const auto version : VERSIONS)
        {
            Compare(Pair::WithCertificates(version, authority));
            Compare(Pair::WithPsk(version));
        }
    }
};

/// TLS against independent programs.
class TlsOracleTestSuite : public TestSuite
{
  public:
    TlsOracleTestSuite()
        : TestSuite("mis-tls-oracle", TestSuite::Type::UNIT)
    {
        AddTestCase(new ExporterTestCase);
        AddTestCase(new StandAloneTestCase);
    }
};

TlsOracleTestSuite g_tlsOracleTestSuite; //!< the instance

} // namespace
