// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the command lines of programs.
 */
#include "ns3/mis-program-options.h"
#include "ns3/test.h"

#include <fstream>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace ns3;
using namespace ns3::mis;

namespace
{

/// What a program does with a command line.
struct Outcome
{
    int code{-1};     //!< exit code; 0 if it went on
    std::string text; //!< on standard error
};

/// A program of two options, a flag and an attribute of its own.
struct Program
{
    std::string runs{"3"};     //!< --runs
    std::string ratio{"1"};    //!< --ratio
    std::string pcap{"false"}; //!< --pcap

    /// @param words of the command line
    void Parse(const std::vector<std::string>& words)
    {
        ProgramOptions options("program");
        options.Add("runs", "Runs, 1 to 9", runs);
        options.Add("ratio", "Ratio, 0 to 1", ratio);
        options.AddFlag("pcap", "Whether to capture", pcap);
        options.Own("ns3::mis::MobileNode::Remedy", "--remedies");
        std::vector<std::string> all{"program"};
        all.insert(all.end(), words.begin(), words.end());
        std::vector<char*> argv;
        for (auto& word : all)
        {
            argv.push_back(word.data());
        }
        options.Parse(static_cast<int>(argv.size()), argv.data());
        options.Number("runs", runs, 1, 9);
        options.Real("ratio", ratio, 0, 1);
    }
};

/// Wrong command lines.
class WrongTestCase : public TestCase
{
  public:
    WrongTestCase()
        : TestCase("what is wrong ends the program with one line and exit code 2")
    {
    }

  private:
    /// Runs in a process of its own, because it may end there.
    Outcome Run(const std::vector<std::string>& words)
    {
        const auto file = CreateTempDirFilename("stderr");
        const pid_t child = fork();
        if (child == 0)
        {
            if (!freopen(file.c_str(), "w", stderr))
            {
                _exit(99);
            }
            Program().Parse(words);
            _exit(0);
        }
        int status = -1;
        waitpid(child, &status, 0);
        std::ostringstream text;
        text << std::ifstream(file).rdbuf();
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text.str()};
    }

    void DoRun() override
    {
        const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
            {{"--foo"}, "unknown argument \"--foo\""},
            {{"--foo=1"}, "unknown argument \"--foo=1\""},
            {{"foo"}, "unknown argument \"foo\""},
            {{"--runs"}, "--runs needs a value"},
            {{"--runs="}, "--runs is \"\", allowed are whole numbers from 1 to 9"},
            {{"--runs=10"}, "--runs is \"10\""},
            {{"--runs=2x"}, "--runs is \"2x\""},
            {{"--runs=-1"}, "--runs is \"-1\""},
            {{"--ratio=1.5"}, "--ratio is \"1.5\", allowed are numbers from 0 to 1"},
            {{"--ratio=nan"}, "--ratio is \"nan\""},
            {{"--pcap=yes"}, "--pcap is \"yes\", allowed are true, false"},
            {{"--RngRun=x"}, "--RngRun is \"x\", allowed are whole numbers from 1 to 4294967295"},
            {{"--PrintAttributes=ns3::Nothing"}, "names no class"},
            {{"--PrintSomething"}, "unknown argument"},
            {{"--ns3::mis::MobileNode::Nothing=1"}, "names no attribute"},
            {{"--ChecksumEnabled=7"}, "\"--ChecksumEnabled=7\" is a value that it does not take"},
            {{"--ns3::mis::MobileNode::Remedy=ns3::mis::GroupKeyRemedy"},
             "is set by --remedies here"},
        };
        for (const auto& [words, text] : wrong)
        {
            const auto outcome = Run(words);
            NS_TEST_EXPECT_MSG_EQ(outcome.code, 2, words[0]);
            NS_TEST_EXPECT_MSG_EQ(outcome.text.rfind("program: ", 0), 0u, outcome.text);
            NS_TEST_EXPECT_MSG_EQ((outcome.text.find(text) != std::string::npos),
                                  true,
                                  words[0] << " gives " << outcome.text);
            NS_TEST_EXPECT_MSG_EQ(outcome.text.find('\n'),
                                  outcome.text.size() - 1,
                                  "one line: " << outcome.text);
        }
        const auto right = Run({"--runs=9", "--ratio=0.5", "--pcap", "--RngRun=2"});
        NS_TEST_EXPECT_MSG_EQ(right.code, 0, right.text);
        NS_TEST_EXPECT_MSG_EQ(right.text, "", "silent");
    }
};

/// Right command lines.
class RightTestCase : public TestCase
{
  public:
    RightTestCase()
        : TestCase("values are taken, flags need none, lists are split")
    {
    }

  private:
    void DoRun() override
    {
        Program program;
        program.Parse({"--ratio=0.25", "--pcap"});
        NS_TEST_EXPECT_MSG_EQ(program.runs, "3", "default");
        NS_TEST_EXPECT_MSG_EQ(program.ratio, "0.25", "value");
        NS_TEST_EXPECT_MSG_EQ(program.pcap, "true", "flag");
        const auto items = ProgramOptions::Split("a,b,,c");
        NS_TEST_ASSERT_MSG_EQ(items.size(), 4u, "items");
        NS_TEST_EXPECT_MSG_EQ(items[1], "b", "second");
        NS_TEST_EXPECT_MSG_EQ(items[2], "", "third");
        NS_TEST_EXPECT_MSG_EQ(ProgramOptions::Split("").size(), 0u, "nothing");
    }
};

/// Command line suite.
class ProgramOptionsTestSuite : public TestSuite
{
  public:
    ProgramOptionsTestSuite()
        : TestSuite("mis-program-options", TestSuite::Type::UNIT)
    {
        AddTestCase(new WrongTestCase);
        AddTestCase(new RightTestCase);
    }
};

ProgramOptionsTestSuite g_programOptionsTestSuite; //!< the instance

} // namespace
