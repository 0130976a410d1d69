// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the command lines of programs.
 */
#include "ns3/mis-program-options.h"
#include "ns3/test.h"

#include <filesystem>
#include <fstream>
#include <optional>
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

/// A program with an option of each kind, and an attribute and a seed of its own.
struct Program
{
    uint64_t runs{3};                          //!< --runs
    std::optional<double> ratio;               //!< --ratio
    bool pcap{false};                          //!< --pcap
    std::string kind;                          //!< --kind
    std::vector<std::string> remedies{"none"}; //!< --remedies
    std::vector<uint64_t> sizes{2, 4};         //!< --sizes
    std::string note{"-"};                     //!< --note
    std::string out{"results"};                //!< --out
    bool isKindGiven{false};                   //!< what ProgramOptions says of --kind
    bool makesFolder{false};                   //!< whether it makes --out

    /// @param words of the command line
    void Parse(const std::vector<std::string>& words)
    {
        ProgramOptions options("program", "What it is for.");
        options.AddNumber("runs", "Runs", runs, 1, 9);
        options.AddReal("ratio", "Ratio", ratio, 0, 1);
        options.AddFlag("pcap", "Whether to capture", pcap);
        options.AddWord("kind", "Kind", kind, {"voip", "video"});
        options.AddWords("remedies", "Remedies", remedies, {"none", "one", "two"});
        options.AddNumbers("sizes", "Sizes", sizes, 2, 1000);
        options.Add("note", "Note", note);
        options.AddFolder("out", "Results", out);
        options.Own("ns3::mis::MobileNode::Remedy", "--remedies");
        options.Own("RngSeed", "the program");
        std::vector<std::string> all{"program"};
        all.insert(all.end(), words.begin(), words.end());
        std::vector<char*> argv;
        for (auto& word : all)
        {
            argv.push_back(word.data());
        }
        options.Parse(static_cast<int>(argv.size()), argv.data());
        isKindGiven = options.IsGiven("kind");
        if (makesFolder)
        {
            options.MakeFolder("out", out + "/pcap");
            options.CheckWritable("out", out + "/rows.csv");
        }
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
    Outcome Run(const std::vector<std::string>& words, bool makesFolder = false)
    {
        const auto file = CreateTempDirFilename("stderr");
        const pid_t child = fork();
        if (child == 0)
        {
            if (!freopen(file.c_str(), "w", stderr))
            {
                _exit(99);
            }
            Program program;
            program.makesFolder = makesFolder;
            program.Parse(words);
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
            {{"--ratio="}, "--ratio is \"\""},
            {{"--ratio= 1"}, "--ratio is \" 1\""},
            {{"--ratio=0x1"}, "--ratio is \"0x1\""},
            {{"--ratio=1 "}, "--ratio is \"1 \""},
            {{"--pcap=yes"}, "--pcap is \"yes\", allowed are true, false"},
            {{"--pcap="}, "--pcap is \"\", allowed are true, false"},
            {{"--kind=tcp"}, "--kind is \"tcp\", allowed are voip, video"},
            {{"--kind=a\nb"}, "--kind is \"a?b\", allowed are voip, video"},
            {{"--remedies="}, "--remedies is empty"},
            {{"--remedies=one,"}, "--remedies is \"\", allowed are none, one, two"},
            {{"--remedies=one,three"}, "--remedies is \"three\", allowed are none, one, two"},
            {{"--remedies=one,two,one"}, "--remedies names \"one\" twice"},
            {{"--sizes=2,1001"}, "--sizes is \"1001\", allowed are whole numbers from 2 to 1000"},
            {{"--sizes=2,2"}, "--sizes names \"2\" twice"},
            {{"--note="}, "--note is empty"},
            {{"--runs=1", "--runs=1"}, "--runs is given twice"},
            {{"--RngRun=1", "--RngRun=2"}, "--RngRun is given twice"},
            {{"--RngSeed=2"}, "--RngSeed has no effect, because it is set by the program here"},
            {{"--RngRun"}, "unknown argument \"--RngRun\""},
            {{"--PrintHelp=1"}, "unknown argument \"--PrintHelp=1\""},
            {{"--PrintHelp", "--foo"}, "unknown argument \"--foo\""},
            {{"--PrintGroup=Nothing"}, "names no group of classes"},
            {{""}, "unknown argument \"\""},
            {{"--"}, "unknown argument \"--\""},
            {{"--=1"}, "unknown argument \"--=1\""},
            {{"--ns3::mis::MobileNode::KeyWaitTimeout=soon"}, "a value it does not take"},
            {{"--ns3::mis::MobileNode::KeyWaitTimeout=x1s"}, "a value it does not take"},
            {{"--ns3::TcpSocket::SegmentSize=big"}, "a value it does not take"},
            {{"--ns3::PointToPointNetDevice::DataRate=fast"}, "a value it does not take"},
            {{"--ns3::TcpL4Protocol::SocketType=ns3::Nothing"}, "a value it does not take"},
            {{"--RngRun=x"}, "--RngRun is \"x\", allowed are whole numbers from 1 to 4294967295"},
            {{"--PrintAttributes=ns3::Nothing"}, "names no class"},
            {{"--PrintSomething"}, "unknown argument"},
            {{"--ns3::mis::MobileNode::Nothing=1"}, "names no attribute"},
            {{"--ChecksumEnabled=7"}, "\"--ChecksumEnabled=7\" is a value that it does not take"},
            {{"--ns3::mis::MobileNode::Remedy=ns3::mis::GroupKeyRemedy"},
             "has no effect, because it is set by --remedies here"},
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
        const auto taken = CreateTempDirFilename("taken");
        std::ofstream(taken) << "a file, not a folder";
        const auto folder = Run({"--out=" + taken}, true);
        NS_TEST_EXPECT_MSG_EQ(folder.code, 2, "no folder");
        NS_TEST_EXPECT_MSG_EQ(folder.text,
                              "program: --out is \"" + taken + "\", where nothing can be written\n",
                              "no folder");
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
        program.Parse({"--ratio=0.25", "--pcap", "--remedies=two,one", "--kind=", "--sizes=8"});
        NS_TEST_EXPECT_MSG_EQ(program.runs, 3u, "default");
        NS_TEST_ASSERT_MSG_EQ(program.ratio.has_value(), true, "value");
        NS_TEST_EXPECT_MSG_EQ(*program.ratio, 0.25, "value");
        NS_TEST_EXPECT_MSG_EQ(program.pcap, true, "flag");
        NS_TEST_ASSERT_MSG_EQ(program.remedies.size(), 2u, "words");
        NS_TEST_EXPECT_MSG_EQ(program.remedies[0], "two", "first word");
        NS_TEST_ASSERT_MSG_EQ(program.sizes.size(), 1u, "numbers");
        NS_TEST_EXPECT_MSG_EQ(program.sizes[0], 8u, "number");
        NS_TEST_EXPECT_MSG_EQ(program.isKindGiven, false, "an empty value");
        Program again;
        again.Parse({"--pcap=1", "--kind=voip", "--ratio=1e-1", "--RngRun=1"});
        NS_TEST_EXPECT_MSG_EQ(again.pcap, true, "flag as a number");
        NS_TEST_EXPECT_MSG_EQ(again.isKindGiven, true, "a value");
        NS_TEST_EXPECT_MSG_EQ(*again.ratio, 0.1, "value");
        NS_TEST_EXPECT_MSG_EQ(again.sizes.size(), 2u, "default");
        Program folder;
        folder.makesFolder = true;
        const auto out = CreateTempDirFilename("out");
        folder.Parse({"--out=" + out});
        NS_TEST_EXPECT_MSG_EQ(bool(std::ifstream(out + "/rows.csv")), true, "file");
        const auto items = ProgramOptions::Split("a,b,,c");
        NS_TEST_ASSERT_MSG_EQ(items.size(), 4u, "items");
        NS_TEST_EXPECT_MSG_EQ(items[1], "b", "second");
        NS_TEST_EXPECT_MSG_EQ(items[2], "", "third");
        NS_TEST_EXPECT_MSG_EQ(ProgramOptions::Split("").size(), 0u, "nothing");
    }
};

/// Programs of the module.
class ProgramsTestCase : public TestCase
{
  public:
    ProgramsTestCase()
        : TestCase("all programs read their command lines in this way")
    {
    }

  private:
    void DoRun() override
    {
        size_t programs = 0;
        for (const auto* folder : {"examples", "bench"})
        {
            const auto path = std::filesystem::path(MIS_SOURCE_DIR) / folder;
            for (const auto& entry : std::filesystem::directory_iterator(path))
            {
                if (entry.path().extension() != ".cc")
                {
                    continue;
                }
                ++programs;
                std::ostringstream text;
                text << std::ifstream(entry.path()).rdbuf();
                const auto has = [&](const char* word) {
                    return text.str().find(word) != std::string::npos;
                };
                NS_TEST_EXPECT_MSG_EQ(has("ProgramOptions"), true, entry.path());
                NS_TEST_EXPECT_MSG_EQ(has("CommandLine"), false, entry.path());
            }
        }
        NS_TEST_EXPECT_MSG_GT(programs, 5u, "programs");
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
        AddTestCase(new ProgramsTestCase);
    }
};

ProgramOptionsTestSuite g_programOptionsTestSuite; //!< the instance

} // namespace
