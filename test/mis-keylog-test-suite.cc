// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the key log: with the captures it suffices to verify every protected frame. The judge is
 * check-keylog.py, which shares no code with the module.
 */

#include "mis-oracle-test-helpers.h"

#include "ns3/test.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <sstream>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// What the script says, taken apart.
struct Verdict
{
    int status{-1};          //!< exit status
    std::string text;        //!< all of it
    int protectedFrames{-1}; //!< distinct protected frames
    int verified{-1};        //!< of these, verified and decrypted
    int derived{-1};         //!< security associations derived from K
    int unmasked{-1};        //!< frames with K under a mask
    int decrypted{-1};       //!< protected frames with K
    int unwrapped{-1};       //!< group key blocks with K
    int masks{-1};           //!< mask keys that are the MIAK of a delivered K
    int linkFrames{-1};      //!< link-layer frames verified under MIAK
};

/// A program that the tests need and that is not there fails them.
std::string
MissingPrograms()
{
    std::string missing;
    for (const char* program : {"python3", "openssl"})
    {
        missing += HasProgram(program) ? "" : std::string(" ") + program;
    }
    return missing;
}

/**
 * @param keyLog key log
 * @param pcaps captures
 * @param expect least number of protected frames
 * @return what the script says
 */
Verdict
Check(const std::string& keyLog, const std::vector<std::string>& pcaps, int expect)
{
    std::string command = "python3 " + Quote(MIS_SOURCE_DIR "/test/check-keylog.py") +
                          " --expect=" + std::to_string(expect) + " " + Quote(keyLog);
    for (const auto& pcap : pcaps)
    {
        command += " " + Quote(pcap);
    }
    const auto result = RunCommand(command + " 2>&1");
    Verdict verdict;
    verdict.status = result.status;
    verdict.text = result.output;
    int number[6];
    std::istringstream lines(result.output);
    for (std::string line; std::getline(lines, line);)
    {
        const auto read = [&](const char* format, int count) {
            return std::sscanf(line.c_str(),
                               format,
                               number,
                               number + 1,
                               number + 2,
                               number + 3,
                               number + 4,
                               number + 5) == count;
        };
        if (read("%d protected, %d verified", 2))
        {
            verdict.protectedFrames = number[0];
            verdict.verified = number[1];
        }
        else if (read("%d security associations, %d used, %d derived", 3))
        {
            verdict.derived = number[2];
        }
        else if (read("%d times K unmasked, %d times decrypted, %d times unwrapped; %d mask keys "
                      "derived, %d group key blocks, %d link-layer frames",
                      6))
        {
            verdict.unmasked = number[0];
            verdict.decrypted = number[1];
            verdict.unwrapped = number[2];
            verdict.masks = number[3];
            verdict.linkFrames = number[5];
        }
    }
    return verdict;
}

/// Where a protected frame lies in a capture.
struct Place
{
    size_t begin; //!< of the MIS frame
    size_t end;   //!< behind it
};

/**
 * @param pcap octets of a capture of this machine's byte order, of Ethernet
 * @return the first protected frame on the port
 */
std::optional<Place>
FindProtected(const std::string& pcap)
{
    constexpr size_t ADDRESSES = 14 + 20 + 8; // Ethernet, IPv4, UDP
    for (size_t at = 24; at + 16 < pcap.size();)
    {
        uint32_t kept;
        pcap.copy(reinterpret_cast<char*>(&kept), sizeof kept, at + 8);
        const size_t begin = at + 16;
        const auto octet = [&](size_t i) { return static_cast<uint8_t>(pcap[begin + i]); };
        if (kept > ADDRESSES + 8 && octet(23) == 17 && octet(36) == 4551 >> 8 &&
            octet(37) == (4551 & 0xff) && (octet(ADDRESSES + 1) & 1) != 0)
        {
            return Place{begin + ADDRESSES, begin + kept};
        }
        at = begin + kept;
    }
    return std::nullopt;
}

} // namespace

/// One remedy, one ciphersuite.
class KeyLogCompleteTestCase : public TestCase
{
  public:
    /// @param setup what to simulate
    explicit KeyLogCompleteTestCase(RoamingSetup setup)
        : TestCase("With the key log every protected frame of " + setup.name + " under suite " +
                   std::to_string(setup.suite) + " can be verified and decrypted"),
          m_setup(std::move(setup))
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(MissingPrograms(), "", "install these programs for this test");
        const auto record =
            RecordRoaming(m_setup,
                          CreateTempDirFilename(m_setup.name + std::to_string(m_setup.suite)));
        const int rounds = static_cast<int>(m_setup.networks.size()) - 1;
        NS_TEST_ASSERT_MSG_EQ(record.successes, static_cast<uint32_t>(rounds), "the MN roams");
        // Each round has at least two exchanges under the SA of MN and TPoS, and one of PoS to PoS.
        const int least = 6 * rounds;
        const auto verdict = Check(record.keyLog, record.pcaps, least);
        NS_TEST_ASSERT_MSG_EQ(verdict.status, 0, verdict.text);
        NS_TEST_EXPECT_MSG_EQ(verdict.verified, verdict.protectedFrames, verdict.text);
        NS_TEST_EXPECT_MSG_GT_OR_EQ(verdict.verified, least, verdict.text);
        NS_TEST_EXPECT_MSG_EQ(verdict.derived, rounds, "SAs made from K: " + verdict.text);
        // In each round MN, TPoS, and the SPoS between them pass 2 exchanges relayed and direct,
        // and 2 on the new link.
        NS_TEST_EXPECT_MSG_GT_OR_EQ(verdict.linkFrames, 8 * rounds, verdict.text);
        const auto expectedFor = [&](const char* remedy, int count) {
            return m_setup.name.rfind(remedy, 0) == 0 ? count : 0;
        };
        NS_TEST_EXPECT_MSG_EQ(verdict.unmasked, expectedFor("legacy", 2 * rounds), verdict.text);
        NS_TEST_EXPECT_MSG_EQ(verdict.masks, expectedFor("legacy", rounds - 1), verdict.text);
        NS_TEST_EXPECT_MSG_EQ(verdict.decrypted, expectedFor("remedy1", 2 * rounds), verdict.text);
        NS_TEST_EXPECT_MSG_EQ(verdict.unwrapped, expectedFor("remedy2", rounds), verdict.text);
        // What Wireshark needs of TLS is in a file of its own.
        const bool runsTls = m_setup.name.find("tls") != std::string::npos;
        const auto secrets = ReadFile(record.keyLog + ".tls");
        const bool isNew = m_setup.name.find("tls12") == std::string::npos;
        const auto* line = isNew ? "EXPORTER_SECRET " : "CLIENT_RANDOM ";
        NS_TEST_EXPECT_MSG_EQ((secrets.find(line) != std::string::npos), runsTls, m_setup.name);
    }

    RoamingSetup m_setup;
};

/// A disk that takes nothing.
class KeyLogFullDiskTestCase : public TestCase
{
  public:
    KeyLogFullDiskTestCase()
        : TestCase("A key log that can not be written whole is noticed, one that can is private")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool isFull : {true, false})
        {
            const auto path = isFull ? std::string("/dev/full") : CreateTempDirFilename("own.keys");
            RoamingScenarioHelper scenario;
            scenario.AddNetwork("wifi");
            scenario.AddNetwork("lte");
            scenario.Build();
            scenario.GetMis().EnableKeyLog(path);
            scenario.Roam(Seconds(1), [](uint32_t, const PreregistrationRecord&) {});
            Simulator::Stop(Seconds(20));
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ(scenario.GetMis().FlushLogs(), !isFull, path);
            if (!isFull)
            {
                using std::filesystem::perms;
                const auto mode = std::filesystem::status(path).permissions();
                NS_TEST_EXPECT_MSG_EQ((mode == (perms::owner_read | perms::owner_write)),
                                      true,
                                      "nobody else may read it");
            }
            Simulator::Destroy();
        }
    }
};

/// The script must not be content with anything.
class KeyLogJudgeTestCase : public TestCase
{
  public:
    /// @param suite code of the ciphersuite
    explicit KeyLogJudgeTestCase(uint8_t suite)
        : TestCase("The check of the key log refuses changed captures and key logs, suite " +
                   std::to_string(suite)),
          m_suite(suite)
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(MissingPrograms(), "", "install these programs for this test");
        RoamingSetup setup = RemedySetups()[2];
        setup.suite = m_suite;
        setup.networks.pop_back();
        const auto record =
            RecordRoaming(setup, CreateTempDirFilename("judge" + std::to_string(m_suite)));
        setup.seed = 2;
        const auto other =
            RecordRoaming(setup, CreateTempDirFilename("other" + std::to_string(m_suite)));
        NS_TEST_ASSERT_MSG_EQ(record.successes + other.successes, 2, "the MNs roam");
        m_pcaps = FilesOf(record, "mn1@home.example");
        NS_TEST_ASSERT_MSG_EQ(m_pcaps.empty(), false, "captures of the MN");
        NS_TEST_ASSERT_MSG_EQ(Check(record.keyLog, m_pcaps, 1).status, 0, "unchanged files");

        Changed(record.keyLog, "wrong integrity check value", [](std::string& pcap, Place place) {
            pcap[place.end - 5] ^= 1; // of the integrity check value
        });
        Changed(record.keyLog, "wrong integrity check value", [](std::string& pcap, Place place) {
            pcap[place.begin + 5] ^= 1; // TID, which is authenticated only
        });
        Changed(record.keyLog, "no key in the log", [](std::string& pcap, Place place) {
            pcap[place.begin + 11] ^= 1; // first letter of the source id
        });
        Changed(record.keyLog, "cut short", [](std::string& pcap, Place place) {
            pcap.resize(place.end - 1);
        });

        Refuses(other.keyLog, m_pcaps, 1, "no key in the log");
        const auto keys = ReadFile(record.keyLog);
        // Changes a digit of the key of a kind of line: in its first line, or wherever it stands.
        const auto flipped = [&](const std::string& kind, bool everywhere) {
            auto text = keys;
            const auto end = text.find('\n', text.find(" " + kind + " "));
            const auto last = text.find_last_not_of("- ", end - 1); // MIEK may be absent
            const auto key = text.substr(last - 15, 16);
            auto changed = key;
            changed.back() = key.back() == '0' ? '1' : '0';
            for (auto at = text.find(key); at != std::string::npos;
                 at = everywhere ? text.find(key, at) : std::string::npos)
            {
                text.replace(at, key.size(), changed);
            }
            const auto path = CreateTempDirFilename("flipped.keys");
            WriteFile(path, text);
            return path;
        };
        Refuses(flipped("SA", false), m_pcaps, 1, "the ends hold different keys");
        const bool hasTwoKeys = m_suite == 2 || m_suite == 3;
        Refuses(flipped("SA", true),
                m_pcaps,
                1,
                hasTwoKeys ? "wrong padding" : "wrong integrity check value");
        Refuses(flipped("KDK", false), m_pcaps, 1, "was not accepted by both ends");
        Refuses(flipped("KDK", true), m_pcaps, 1, "does not follow from any K");
        const auto path = CreateTempDirFilename("cut.keys");
        WriteFile(path, keys.substr(0, keys.size() - 1));
        Refuses(path, m_pcaps, 1, "last line");
        WriteFile(path, "");
        Refuses(path, m_pcaps, 1, "key log is cut short");

        // A capture without MIS frames: nothing was verified.
        WriteFile(path, ReadFile(m_pcaps[0]).substr(0, 24));
        Refuses(record.keyLog, {path}, 1, "0 protected frames verified, 1 expected");
    }

    static std::vector<std::string> FilesOf(const RoamingRecord& record, const std::string& id)
    {
        for (const auto& node : record.nodes)
        {
            if (node.id == id)
            {
                return node.pcaps;
            }
        }
        return {};
    }

    void Refuses(const std::string& keyLog,
                 const std::vector<std::string>& pcaps,
                 int expect,
                 const std::string& reason)
    {
        const auto verdict = Check(keyLog, pcaps, expect);
        NS_TEST_EXPECT_MSG_EQ(verdict.status, 1, "refused: " + reason + "\n" + verdict.text);
        NS_TEST_EXPECT_MSG_EQ((verdict.text.find(reason) != std::string::npos),
                              true,
                              "reason " + reason + " in\n" + verdict.text);
    }

    void Changed(const std::string& keyLog,
                 const std::string& reason,
                 const std::function<void(std::string&, Place)>& change)
    {
        auto octets = ReadFile(m_pcaps[0]);
        const auto place = FindProtected(octets);
        NS_TEST_ASSERT_MSG_EQ(place.has_value(), true, "a protected frame to change");
        change(octets, *place);
        auto pcaps = m_pcaps;
        pcaps[0] = CreateTempDirFilename("changed.pcap");
        WriteFile(pcaps[0], octets);
        Refuses(keyLog, pcaps, 1, reason);
    }

    uint8_t m_suite;
    std::vector<std::string> m_pcaps;
};

/// The formula as written gives the two ends different keys, and the files show it.
class KeyLogMismatchTestCase : public TestCase
{
  public:
    KeyLogMismatchTestCase()
        : TestCase("The key log shows that the formula as written gives the ends different keys")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(MissingPrograms(), "", "install these programs for this test");
        for (const char* formula : {"AsWritten", "AlignedWithoutNonceT"})
        {
            RoamingSetup setup = RemedySetups()[0];
            setup.networks.pop_back();
            setup.attributes = {{"Formula", formula}, {"Prf", "AES-CMAC"}};
            const auto record = RecordRoaming(setup, CreateTempDirFilename(formula));
            const auto verdict = Check(record.keyLog, record.pcaps, 0);
            const bool asWritten = setup.attributes[0].second == "AsWritten";
            NS_TEST_EXPECT_MSG_EQ(record.successes, (asWritten ? 0U : 1U), formula);
            NS_TEST_EXPECT_MSG_EQ(verdict.status, (asWritten ? 1 : 0), verdict.text);
            NS_TEST_EXPECT_MSG_EQ(
                (verdict.text.find("K was not accepted by both ends") != std::string::npos),
                asWritten,
                verdict.text);
        }
    }
};

/// The suite.
class KeyLogTestSuite : public TestSuite
{
  public:
    KeyLogTestSuite()
        : TestSuite("mis-keylog", TestSuite::Type::SYSTEM)
    {
        for (const auto& remedy : RemedySetups())
        {
            for (uint8_t suite = 1; suite <= 5; ++suite)
            {
                auto setup = remedy;
                setup.suite = suite;
                if (setup.name == "removed")
                {
                    setup.attributes.emplace_back("Ciphersuite", std::to_string(suite));
                }
                AddTestCase(new KeyLogCompleteTestCase(setup));
            }
        }
        AddTestCase(new KeyLogFullDiskTestCase);
        AddTestCase(new KeyLogCompleteTestCase(FragmentedSetup()));
        for (const auto& setup : EstablishmentSetups())
        {
            AddTestCase(new KeyLogCompleteTestCase(setup));
        }
        AddTestCase(new KeyLogJudgeTestCase(1));
        AddTestCase(new KeyLogJudgeTestCase(3));
        AddTestCase(new KeyLogJudgeTestCase(4));
        AddTestCase(new KeyLogMismatchTestCase);
    }
};

static const KeyLogTestSuite g_keyLogTestSuite; //!< registers itself
