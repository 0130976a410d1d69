// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests that the same seed and run give the same octets in all files, in one process and in others,
 * and that another run or seed does not.
 */

#include "../examples/ephemeral-key-remedy.h"
#include "mis-crypto-test-helpers.h"
#include "mis-oracle-test-helpers.h"

#include "ns3/mis-mac.h"
#include "ns3/test.h"

#include <sys/wait.h>
#include <unistd.h>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/**
 * @param path a file
 * @return SHA-256 of its content in hexadecimal
 */
std::string
Digest(const std::string& path)
{
    Computer computer;
    const auto octets = ReadFile(path);
    return ToHex(Sha256(computer.ctx, {ByteView::FromText(octets)}));
}

/// Octets of a capture without packets, which is the same in all runs.
constexpr size_t EMPTY_CAPTURE = 24;

/// The remedies of the module and the one of the examples.
std::vector<RoamingSetup>
AllSetups()
{
    auto setups = RemedySetups();
    auto setup = setups.front();
    setup.name = "ephemeral";
    setup.remedy = EphemeralKeyRemedy::GetTypeId().GetName();
    setup.attributes.clear();
    setups.push_back(setup);
    setups.push_back(FragmentedSetup());
    for (const auto& established : EstablishmentSetups())
    {
        setups.push_back(established);
    }
    // Cipher blocks need random vectors, and the slowest device makes frames queue.
    setup = RemedySetups()[2];
    setup.name = "remedy1-cbc";
    setup.suite = 3;
    setup.device = "cortex-m";
    setup.networks = {"wimax", "ethernet"};
    setups.push_back(setup);
    return setups;
}

} // namespace

/// Common to all cases: how two recordings are compared.
class ReproducibilityTestCase : public TestCase
{
  public:
    using TestCase::TestCase;

  protected:
    /**
     * @brief Expects two recordings to be equal, octet by octet.
     * @param a one
     * @param b another
     * @param what for messages
     */
    void ExpectEqual(const RoamingRecord& a, const RoamingRecord& b, const std::string& what)
    {
        const auto first = a.Files();
        const auto second = b.Files();
        NS_TEST_ASSERT_MSG_EQ(first.size(), second.size(), what);
        for (size_t i = 0; i < first.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(ReadFile(first[i]).empty(), false, first[i]);
            NS_TEST_EXPECT_MSG_EQ(Digest(first[i]),
                                  Digest(second[i]),
                                  what << ": " << first[i] << " and " << second[i]);
        }
    }

    /**
     * @brief Expects all files of two recordings that hold anything to differ.
     * @param a one
     * @param b another
     * @param what for messages
     */
    void ExpectDifferent(const RoamingRecord& a, const RoamingRecord& b, const std::string& what)
    {
        const auto first = a.Files();
        const auto second = b.Files();
        NS_TEST_ASSERT_MSG_EQ(first.size(), second.size(), what);
        size_t different = 0;
        for (size_t i = 0; i < first.size(); ++i)
        {
            if (ReadFile(first[i]).size() > EMPTY_CAPTURE)
            {
                NS_TEST_EXPECT_MSG_NE(Digest(first[i]),
                                      Digest(second[i]),
                                      what << ": " << first[i] << " and " << second[i]);
                ++different;
            }
        }
        NS_TEST_EXPECT_MSG_GT_OR_EQ(different,
                                    first.size() - 2,
                                    what << ": files that hold something");
    }
};

/// Within one process.
class SameProcessTestCase : public ReproducibilityTestCase
{
  public:
    /// @param setup what to simulate
    explicit SameProcessTestCase(RoamingSetup setup)
        : ReproducibilityTestCase("The same seed and run of " + setup.name +
                                  " give the same files in one process, another does not"),
          m_setup(std::move(setup))
    {
    }

  private:
    void DoRun() override
    {
        const auto record = [this](const std::string& name) {
            return RecordRoaming(m_setup, CreateTempDirFilename(name));
        };
        const auto first = record("first");
        NS_TEST_ASSERT_MSG_EQ(first.successes, m_setup.networks.size() - 1, "the MN roams");
        m_setup.run = 2;
        ExpectDifferent(first, record("run2"), "another run");
        m_setup.run = 1;
        m_setup.seed = 2;
        ExpectDifferent(first, record("seed2"), "another seed");
        // What ran in between must not leave a trace.
        m_setup.seed = 1;
        ExpectEqual(first, record("second"), "the same seed and run");
    }

    RoamingSetup m_setup;
};

/// Set in the environment of a process that only has to record: how the names of its files begin.
const char* const RECORD_PREFIX = "MIS_TEST_RECORD_PREFIX";

/// In other processes.
class OtherProcessTestCase : public ReproducibilityTestCase
{
  public:
    OtherProcessTestCase()
        : ReproducibilityTestCase("The same seed and run give the same files in other processes")
    {
    }

  private:
    void DoRun() override
    {
        const auto setups = AllSetups();
        // This program once more: unlike a child it has another layout of its memory.
        char self[4096];
        const auto length = readlink("/proc/self/exe", self, sizeof self);
        NS_TEST_ASSERT_MSG_GT(length, 0, "path of this program");
        const auto prefix = CreateTempDirFilename("again");
        const auto again =
            RunCommand(std::string(RECORD_PREFIX) + "=" + Quote(prefix) + " " +
                       Quote(std::string(self, length)) + " --suite=mis-reproducibility 2>&1");
        NS_TEST_ASSERT_MSG_EQ(again.status, 0, again.output);
        for (const auto& setup : setups)
        {
            const auto forked = RecordInChild(setup);
            const auto here = RecordRoaming(setup, CreateTempDirFilename(setup.name + "-here"));
            NS_TEST_ASSERT_MSG_EQ(here.successes, setup.networks.size() - 1, "the MN roams");
            ExpectEqual(here, Renamed(here, forked), setup.name + " here and in a child");
            ExpectEqual(here,
                        Renamed(here, prefix + "-" + setup.name),
                        setup.name + " here and in another process");
        }
    }

    /**
     * @param setup a scenario to record in a child of this process
     * @return how the names of the files begin
     */
    std::string RecordInChild(const RoamingSetup& setup)
    {
        const auto prefix = CreateTempDirFilename(setup.name + "-child");
        const pid_t child = fork();
        if (child == 0)
        {
            RecordRoaming(setup, prefix);
            _exit(0);
        }
        int status = -1;
        NS_TEST_EXPECT_MSG_EQ((child > 0 && waitpid(child, &status, 0) == child), true, "fork");
        NS_TEST_EXPECT_MSG_EQ(status, 0, "the child process ends well");
        return prefix;
    }

    /**
     * @param record a recording
     * @param prefix how the names of the files of another one begin
     * @return the files of the other one
     */
    static RoamingRecord Renamed(RoamingRecord record, const std::string& prefix)
    {
        const auto old = record.csv.size() - std::string(".csv").size();
        for (auto* path : {&record.keyLog, &record.frameLog, &record.csv})
        {
            path->replace(0, old, prefix);
        }
        for (auto& path : record.pcaps)
        {
            path.replace(0, old, prefix);
        }
        return record;
    }
};

/// What the other process does.
class RecordTestCase : public TestCase
{
  public:
    /// @param prefix how the names of the files begin
    explicit RecordTestCase(std::string prefix)
        : TestCase("Another process records all scenarios"),
          m_prefix(std::move(prefix))
    {
    }

  private:
    void DoRun() override
    {
        auto setups = AllSetups();
        // In another order than the first process.
        for (auto setup = setups.rbegin(); setup != setups.rend(); ++setup)
        {
            const auto record = RecordRoaming(*setup, m_prefix + "-" + setup->name);
            NS_TEST_EXPECT_MSG_EQ(record.successes, setup->networks.size() - 1, "the MN roams");
        }
    }

    std::string m_prefix;
};

/// The suite.
class ReproducibilityTestSuite : public TestSuite
{
  public:
    ReproducibilityTestSuite()
        : TestSuite("mis-reproducibility", TestSuite::Type::SYSTEM)
    {
        if (const char* prefix = std::getenv(RECORD_PREFIX))
        {
            AddTestCase(new RecordTestCase(prefix));
            return;
        }
        AddTestCase(new OtherProcessTestCase);
        for (const auto& setup : AllSetups())
        {
            AddTestCase(new SameProcessTestCase(setup));
        }
    }
};

static const ReproducibilityTestSuite g_reproducibilityTestSuite; //!< registers itself
