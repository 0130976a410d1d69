// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Wireshark as an independent reader of the trust between points of service.
 */
#include "mis-oracle-test-helpers.h"

#include "ns3/test.h"

#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// Transaction identifiers of messages.
using MisMessages = std::multiset<std::string>;

/// Reads captures of whole runs.
class DissectorTestCase : public TestCase
{
  public:
    DissectorTestCase()
        : TestCase("Wireshark decrypts all ISAKMP, ESP and TLS of simulated runs with the logged "
                   "keys, finds every message of MIS in it, and nothing malformed")
    {
    }

  private:
    void DoRun() override
    {
        if (!HasProgram("tshark"))
        {
            return;
        }
        const std::vector<std::string> kinds{
            "ns3::mis::Ikev2Establishment",
            "ns3::mis::Ikev2Establishment[Credential=PreSharedKey|Groups=P-256|CookieThreshold=0]",
            "ns3::mis::Ikev2Establishment[Lifetime=4s|RenewBefore=3s|IkeLifetime=6s|ChildGroup="
            "X25519|LivenessInterval=1s]",
            "ns3::mis::TlsTcpEstablishment",
            "ns3::mis::TlsTcpEstablishment[Version=1.2|Credential=PreSharedKey]"};
        auto setups = RemedySetups();
        setups.push_back(FragmentedSetup());
        for (size_t i = 0; i < setups.size(); ++i)
        {
            auto setup = setups[i];
            setup.betweenPos = kinds[i % kinds.size()];
            Check(setup, i % kinds.size() < 3);
        }
        // Each remedy with IKEv2, and the fragments with both.
        for (size_t i = 3; i < setups.size(); ++i)
        {
            auto setup = setups[i];
            setup.betweenPos = kinds[i == 5 ? 3 : i % 3];
            Check(setup, i != 5);
        }
    }

    static std::string Options(const RoamingRecord& record, const std::string& directory)
    {
        std::filesystem::create_directories(directory);
        WriteFile(directory + "/ikev2_decryption_table", ReadFile(record.keyLog + ".ikev2"));
        WriteFile(directory + "/esp_sa", ReadFile(record.keyLog + ".esp_sa"));
        return "WIRESHARK_CONFIG_DIR=" + Quote(directory) +
               " tshark -o esp.enable_encryption_decode:TRUE -o tls.keylog_file:" +
               Quote(record.keyLog + ".tls") + " -d tcp.port==49551,tls -r ";
    }

    static size_t Count(const std::string& text, const std::string& what)
    {
        size_t found = 0;
        for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        {
            ++found;
        }
        return found;
    }

    /// Words of two fields: the number, or the octets of a record of TLS with one frame.
    static void AddTids(const std::string& output, MisMessages& seen)
    {
        constexpr size_t LONGEST_NUMBER = 4;
        std::istringstream words(output);
        for (std::string word; words >> word;)
        {
            if (word == "00")
            {
                continue; // what a server begins with
            }
            seen.insert(word.size() <= LONGEST_NUMBER
                            ? word
                            : std::to_string(std::stoul(word.substr(9, 3), nullptr, 16)));
        }
    }

    void Check(const RoamingSetup& setup, bool isIke)
    {
        const auto what = setup.name + " " + setup.betweenPos;
        const auto prefix = CreateTempDirFilename("run");
        const auto record = RecordRoaming(setup, prefix);
        NS_TEST_EXPECT_MSG_EQ(record.successes, 2u, what);
        const auto options = Options(record, CreateTempDirFilename("wireshark"));
        // What the nodes say they have sent and received, fragments apart.
        std::map<std::string, MisMessages> logged;
        std::istringstream lines(ReadFile(record.frameLog));
        for (std::string line; std::getline(lines, line);)
        {
            std::istringstream fields(line);
            std::string time;
            std::string who;
            std::string direction;
            std::string mid;
            std::string tid;
            fields >> time >> who >> direction >> mid >> tid;
            logged[who].insert(tid);
        }
        size_t isakmp = 0;
        size_t esp = 0;
        size_t tls = 0;
        for (const auto& node : record.nodes)
        {
            if (node.id.rfind("mn", 0) == 0)
            {
                continue; // what it sees of all this is nothing
            }
            MisMessages seen;
            for (const auto& pcap : node.pcaps)
            {
                const auto all = RunCommand(options + Quote(pcap) + " -V 2>/dev/null");
                NS_TEST_EXPECT_MSG_EQ(all.status, 0, what << " " << pcap);
                NS_TEST_EXPECT_MSG_EQ(Count(all.output, "Malformed"), 0u, what << " " << pcap);
                NS_TEST_EXPECT_MSG_EQ(Count(all.output, "Dissector bug"), 0u, what);
                const size_t ike =
                    Count(all.output, "Internet Security Association and Key Management");
                const size_t initial = Count(all.output, "Exchange type: IKE_SA_INIT (34)");
                NS_TEST_EXPECT_MSG_EQ(Count(all.output, "Decrypted Data"),
                                      ike - initial +
                                          Count(all.output, "Encapsulating Security Payload"),
                                      what << ": all of both decrypted");
                NS_TEST_EXPECT_MSG_EQ(Count(all.output, "[correct]"),
                                      ike - initial,
                                      what << ": all authentic");
                isakmp += ike;
                esp += Count(all.output, "Encapsulating Security Payload");
                tls += Count(all.output, "Content Type: Application Data");
                if (node.id.rfind("pos", 0) == 0)
                {
                    const auto fields =
                        RunCommand(options + Quote(pcap) +
                                   " -T fields -E separator=' ' -E aggregator=' ' -e mih.tid"
                                   " -e data.data -Y 'mih or tls' 2>/dev/null");
                    AddTids(fields.output, seen);
                }
            }
            if (node.id.rfind("pos", 0) == 0)
            {
                NS_TEST_EXPECT_MSG_EQ(seen.size(), logged[node.id].size(), what << " " << node.id);
                NS_TEST_EXPECT_MSG_EQ((seen == logged[node.id]), true, what << " " << node.id);
            }
        }
        NS_TEST_EXPECT_MSG_EQ((isakmp >= 8), isIke, what << ": ISAKMP");
        NS_TEST_EXPECT_MSG_EQ((esp >= 8), isIke, what << ": ESP");
        NS_TEST_EXPECT_MSG_EQ((tls >= 8), !isIke, what << ": TLS");
        CheckSecrets(record, what);
        CheckRerun(setup, record, what);
    }

    /// Secrets are in the key log and its companions only.
    void CheckSecrets(const RoamingRecord& record, const std::string& what)
    {
        for (const auto& file :
             {record.keyLog, record.keyLog + ".ikev2", record.keyLog + ".esp_sa"})
        {
            std::error_code error;
            const auto mode = std::filesystem::status(file, error).permissions();
            using std::filesystem::perms;
            if (!error && std::filesystem::exists(file))
            {
                NS_TEST_EXPECT_MSG_EQ(
                    ((mode & (perms::group_all | perms::others_all)) == perms::none),
                    true,
                    what << ": only its owner reads " << file);
            }
        }
        const auto espSa = ReadFile(record.keyLog + ".esp_sa");
        const auto others = ReadFile(record.frameLog) + ReadFile(record.csv) +
                            ReadFile(record.keyLog) + ReadFile(record.keyLog + ".ikev2");
        for (size_t at = espSa.find("\"0x"); at != std::string::npos;
             at = espSa.find("\"0x", at + 1))
        {
            const auto hex = espSa.substr(at + 3, 40);
            if (hex.find('"') == std::string::npos)
            {
                NS_TEST_EXPECT_MSG_EQ(others.find(hex), std::string::npos, what << ": elsewhere");
            }
        }
    }

    /// The same seed gives the same octets.
    void CheckRerun(const RoamingSetup& setup, const RoamingRecord& first, const std::string& what)
    {
        const auto prefix = CreateTempDirFilename("rerun");
        const auto second = RecordRoaming(setup, prefix);
        const auto files = first.Files();
        const auto again = second.Files();
        NS_TEST_ASSERT_MSG_EQ(files.size(), again.size(), what);
        for (size_t i = 0; i < files.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ((ReadFile(files[i]) == ReadFile(again[i])), true, files[i]);
        }
        for (const auto* suffix : {".ikev2", ".esp_sa", ".tls"})
        {
            NS_TEST_EXPECT_MSG_EQ(
                (ReadFile(first.keyLog + suffix) == ReadFile(second.keyLog + suffix)),
                true,
                what << suffix);
        }
    }
};

/// Captures of points of service read by Wireshark.
class N2nDissectorsTestSuite : public TestSuite
{
  public:
    N2nDissectorsTestSuite()
        : TestSuite("mis-n2n-dissectors", TestSuite::Type::UNIT)
    {
        AddTestCase(new DissectorTestCase);
    }
};

N2nDissectorsTestSuite g_n2nDissectorsTestSuite; //!< the instance

} // namespace
