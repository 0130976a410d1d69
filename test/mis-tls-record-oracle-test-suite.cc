// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Messages in TLS records, judged by other programs.
 */
#include "mis-authentication-test-helpers.h"
#include "mis-oracle-test-helpers.h"
#include "mis-tls-record-test-helpers.h"
#include "mis-tls-test-helpers.h"

#include "ns3/mis-protected-pdu.h"
#include "ns3/test.h"

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// Sizes of records.
class SizeTestCase : public TestCase
{
  public:
    SizeTestCase()
        : TestCase("records are as long as those that another program makes of the same data, and "
                   "as foretold")
    {
    }

  private:
    void DoRun() override
    {
        m_folder = CreateTempDirFilename("");
        Authority authority(9);
        for (const auto version : VERSIONS)
        {
            auto pair = Pair::WithCertificates(version, authority);
            std::ofstream(m_folder + "/ca.pem") << authority.ca.Pem();
            std::ofstream(m_folder + "/client.pem") << pair.clientSide.credential->Pem();
            std::ofstream(m_folder + "/server.pem") << pair.serverSide.credential->Pem();
            Check(std::move(pair), true);
            Check(Pair::WithPsk(version), false);
        }
    }

    void Check(Pair pair, bool compares)
    {
        const auto version = NameOf(pair.clientSide.version);
        pair.Run();
        NS_TEST_ASSERT_MSG_EQ((pair.client->State() == TlsState::ESTABLISHED), true, version);
        std::string command = std::string("python3 '") + MIS_SOURCE_DIR +
                              "/test/check-tls-records.py' '" + m_folder + "' " + version;
        std::vector<size_t> sizes;
        for (const size_t plain : {1, 7, 8, 15, 16, 17, 100, 16383, 16384, 16385, 40000, 65000})
        {
            sizes.push_back(pair.client->Seal(Bytes(plain, 0)).size());
            NS_TEST_EXPECT_MSG_EQ(sizes.back(), pair.client->SealedSize(plain), version << plain);
            command += " " + std::to_string(plain);
        }
        if (!compares)
        {
            return;
        }
        const auto result = RunCommand(command);
        NS_TEST_ASSERT_MSG_EQ(result.status, 0, command);
        std::istringstream lines(result.output);
        const std::vector<size_t> theirs{std::istream_iterator<size_t>(lines), {}};
        NS_TEST_ASSERT_MSG_EQ(theirs.size(), sizes.size(), version);
        for (size_t i = 0; i < sizes.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(sizes[i], theirs[i], version << ", number " << i);
        }
    }

    std::string m_folder;
};

/// What others can read.
class FilesTestCase : public TestCase
{
  public:
    FilesTestCase()
        : TestCase("a rerun gives the same octets in all files, and tshark decrypts the records "
                   "with the key log, each with the header of its message")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto* version : {"1.3", "1.2"})
        {
            const auto first = CreateTempDirFilename(std::string("first") + version);
            const auto again = CreateTempDirFilename(std::string("again") + version);
            const auto sent = Record(version, first);
            Record(version, again);
            for (const auto* suffix : {".keys", ".keys.tls", ".frames"})
            {
                NS_TEST_EXPECT_MSG_EQ(ReadFile(first + suffix).empty(), false, suffix);
                NS_TEST_EXPECT_MSG_EQ((ReadFile(first + suffix) == ReadFile(again + suffix)),
                                      true,
                                      suffix);
            }
            if (HasProgram("tshark"))
            {
                Decrypt(version, sent, first);
            }
        }
    }

    std::vector<WireFrame> Record(const std::string& version, const std::string& prefix)
    {
        RecordScenario scenario("Version=" + version);
        scenario.roaming.GetMis().SetRemedy("ns3::mis::SaProtectedRemedy");
        scenario.Make();
        scenario.roaming.GetMis().EnableKeyLog(prefix + ".keys");
        scenario.roaming.GetMis().EnableFrameLog(prefix + ".frames");
        scenario.Preregister(Seconds(1));
        scenario.Handover(Seconds(3));
        Scenario::Run(Seconds(10));
        NS_TEST_EXPECT_MSG_EQ(scenario.Outcome(), "success", version);
        NS_TEST_EXPECT_MSG_EQ(scenario.roaming.GetMis().FlushLogs(), true, "logs");
        return scenario.sent;
    }

    /// Puts the records of two ends into a connection of their own, for tshark.
    void Decrypt(const std::string& version,
                 const std::vector<WireFrame>& sent,
                 const std::string& prefix)
    {
        Capture capture;
        std::multiset<std::string> expected;
        uint32_t next[2] = {1000, 5000};
        for (const auto& frame : sent)
        {
            const bool isClient = frame.by == N2N_MN && frame.to == N2N_SPOS;
            const bool isServer = frame.by == N2N_SPOS && frame.to == N2N_MN;
            const auto records = RecordsIn(frame.octets);
            if (records.empty() || (!isClient && !isServer))
            {
                continue;
            }
            capture.AddTcp(isClient, next[isServer], next[isClient], records);
            next[isServer] += static_cast<uint32_t>(records.size());
            if (frame.header.mid != AuthRequest::ID || ReadSaid(*ParseFrame(frame.octets)))
            {
                Bytes header;
                Writer writer(header);
                writer.U16(frame.header.mid.Value());
                writer.U16(frame.header.tid);
                expected.insert(ToHex(header));
            }
        }
        const auto path = prefix + ".pcap";
        capture.Save(path);
        const auto result = RunCommand("tshark -r " + Quote(path) +
                                       " -o tls.keylog_file:" + Quote(prefix + ".keys.tls") +
                                       " -d tcp.port==443,tls -q -z follow,tls,raw,0 2>/dev/null");
        NS_TEST_ASSERT_MSG_EQ(result.status, 0, "tshark");
        std::istringstream words(result.output);
        std::multiset<std::string> found;
        for (std::string word; words >> word;)
        {
            const bool isHex = word.size() >= 16 &&
                               word.find_first_not_of("0123456789abcdef") == std::string::npos;
            if (!isHex)
            {
                continue;
            }
            // Version 1, no other bit of octets 0 and 1, and the length of what follows.
            NS_TEST_EXPECT_MSG_EQ(word.substr(0, 4), "1000", version);
            NS_TEST_EXPECT_MSG_EQ(std::stoul(word.substr(12, 4), nullptr, 16),
                                  word.size() / 2 - mis::Header::SIZE,
                                  version);
            found.insert(word.substr(4, 8));
        }
        NS_TEST_EXPECT_MSG_GT(found.size(), 3u, version << ": " << result.output);
        // The last response of a handshake of TLS 1.2 is not under the new SA.
        for (const auto& header : found)
        {
            NS_TEST_EXPECT_MSG_GT(expected.count(header), 0u, version << " " << header);
        }
        NS_TEST_EXPECT_MSG_EQ((found.size() + 2 >= expected.size()), true, version);
    }
};

/// Messages in TLS records, judged by other programs.
class TlsRecordOracleTestSuite : public TestSuite
{
  public:
    TlsRecordOracleTestSuite()
        : TestSuite("mis-tls-record-oracle", TestSuite::Type::UNIT)
    {
        AddTestCase(new SizeTestCase);
        AddTestCase(new FilesTestCase);
    }
};

TlsRecordOracleTestSuite g_tlsRecordOracleTestSuite; //!< the instance

} // namespace
