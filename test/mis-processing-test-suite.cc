// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The processing model: profiles, the processor queue, and when a message leaves.
 */

#include "mis-misf-test-helpers.h"

#include "ns3/mis-processing-model.h"
#include "ns3/mis-static-establishment.h"
#include "ns3/test.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// Shipped profiles.
class ProfilesTestCase : public TestCase
{
  public:
    ProfilesTestCase()
        : TestCase("Each shipped profile charges every operation, and the zero profile none")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::string> shipped{"server", "laptop", "phone", "cortex-m"};
        const auto names = DeviceProfileNames();
        for (const auto& name : shipped)
        {
            NS_TEST_EXPECT_MSG_EQ(std::count(names.begin(), names.end(), name), 1, name);
            const auto* profile = FindDeviceProfile(name);
            NS_TEST_ASSERT_MSG_EQ((profile != nullptr), true, name);
            NS_TEST_EXPECT_MSG_EQ(profile->source.empty(), false, name << " has a source");
            for (size_t i = 0; i < OperationCounter::KINDS; ++i)
            {
                OperationCounter one;
                one.Add(static_cast<CryptoOperation>(i), 100);
                OperationCounter two = one;
                two.Add(static_cast<CryptoOperation>(i), 100);
                const auto time = profile->ServiceTimeNs(one);
                NS_TEST_EXPECT_MSG_GT(time, 0, name << " " << i);
                NS_TEST_EXPECT_MSG_EQ((std::abs(profile->ServiceTimeNs(two) - 2 * time) <= 1),
                                      true,
                                      name << " " << i << ": twice as much takes twice as long");
                NS_TEST_EXPECT_MSG_EQ(FindDeviceProfile("zero")->ServiceTimeNs(two), 0, "zero");
            }
        }
        // A weaker device is slower at everything.
        for (size_t i = 0; i < OperationCounter::KINDS; ++i)
        {
            OperationCounter one;
            one.Add(static_cast<CryptoOperation>(i), 100);
            int64_t previous = 0;
            for (const auto* name : {"server", "phone", "cortex-m"})
            {
                const auto time = FindDeviceProfile(name)->ServiceTimeNs(one);
                NS_TEST_EXPECT_MSG_GT(time, previous, name << " " << i);
                previous = time;
            }
        }
        NS_TEST_EXPECT_MSG_EQ((FindDeviceProfile("toaster") == nullptr), true, "unknown");
    }
};

/// A profile of the user's own.
class OwnProfileTestCase : public TestCase
{
  public:
    OwnProfileTestCase()
        : TestCase("A registered profile charges a fixed part and a part for each octet")
    {
    }

  private:
    void DoRun() override
    {
        DeviceProfile own;
        own.name = "own";
        own.cores = 3;
        own.costs[static_cast<size_t>(CryptoOperation::AES_CCM)] = {1000, 2.5};
        own.costs[static_cast<size_t>(CryptoOperation::HASH)] = {10, 0};
        RegisterDeviceProfile(own);
        OperationCounter spent;
        spent.Add(CryptoOperation::AES_CCM, 40);
        spent.Add(CryptoOperation::AES_CCM, 60);
        spent.Add(CryptoOperation::HASH, 1000);
        NS_TEST_EXPECT_MSG_EQ(FindDeviceProfile("own")->ServiceTimeNs(spent), 2260, "sum");
        NS_TEST_EXPECT_MSG_EQ(FindDeviceProfile("own")->cores, 3u, "cores");
    }
};

/// The queue by itself.
class QueueTestCase : public TestCase
{
  public:
    QueueTestCase()
        : TestCase("Jobs are served first come first served by the core that is free first")
    {
    }

  private:
    void DoRun() override
    {
        CpuQueue one(1);
        NS_TEST_EXPECT_MSG_EQ(one.Submit(100, 50), 150, "idle");
        NS_TEST_EXPECT_MSG_EQ(one.Submit(110, 50), 200, "waits");
        NS_TEST_EXPECT_MSG_EQ(one.Submit(110, 0), 200, "waits although it needs no time");
        NS_TEST_EXPECT_MSG_EQ(one.Submit(500, 5), 505, "idle again");
        NS_TEST_EXPECT_MSG_EQ(one.BusyNs(), 105, "busy");
        CpuQueue two(2);
        NS_TEST_EXPECT_MSG_EQ(two.Submit(0, 100), 100, "first core");
        NS_TEST_EXPECT_MSG_EQ(two.Submit(0, 30), 30, "second core");
        NS_TEST_EXPECT_MSG_EQ(two.Submit(10, 10), 40, "the second is free first");
        NS_TEST_EXPECT_MSG_EQ(two.Submit(10, 100), 140, "and again");
        NS_TEST_EXPECT_MSG_EQ(two.Submit(10, 1), 101, "now the first");
    }
};

/// Messages through two MISFs.
class CompletionTestCase : public TestCase
{
  public:
    CompletionTestCase()
        : TestCase("What a message costs delays what it causes, and a crowd waits in line")
    {
    }

  private:
    /// @return instants at which the answers to three simultaneous requests leave
    std::vector<Time> AnswersWith(uint32_t cores)
    {
        DeviceProfile slow;
        slow.name = "slow" + std::to_string(cores);
        slow.cores = cores;
        slow.costs[static_cast<size_t>(CryptoOperation::HASH)] = {1e6, 0}; // 1 ms
        RegisterDeviceProfile(slow);
        Lan lan(4);
        lan.misfs[0]->SetAttribute("DeviceProfile", StringValue(slow.name));
        Time busy;
        std::vector<Time> completions;
        lan.misfs[0]->SetHandler(PreregXferRequest::ID, [&](const ReceivedMessage& message) {
            lan.misfs[0]->GetCrypto().Count(CryptoOperation::HASH, 10);
            lan.misfs[0]->GetCrypto().Count(CryptoOperation::HASH, 10);
            lan.misfs[0]->AtCompletion([&] { completions.push_back(Simulator::Now()); });
            lan.misfs[0]->SendResponse(message.transaction, PreregXferResponse(), {});
        });
        for (size_t i = 1; i <= 3; ++i)
        {
            At(Seconds(1), [&lan, i] {
                const auto error = lan.Request(i, 0, {});
                NS_ABORT_MSG_IF(error != SendError::NONE, "the request is not sent");
            });
        }
        At(Seconds(20), [&] { busy = lan.misfs[0]->GetCpuTime(); });
        Simulator::Stop(Seconds(21));
        Simulator::Run();
        std::vector<Time> times;
        for (const auto& frame : lan.SentBy(0))
        {
            times.push_back(frame.time);
        }
        NS_TEST_EXPECT_MSG_EQ((times == completions), true, "answers leave at completion");
        NS_TEST_EXPECT_MSG_EQ(busy, MilliSeconds(6), "two operations for each of three");
        return times;
    }

    void DoRun() override
    {
        const auto one = AnswersWith(1);
        NS_TEST_ASSERT_MSG_EQ(one.size(), 3u, "answers");
        NS_TEST_EXPECT_MSG_EQ(one[1] - one[0], MilliSeconds(2), "second waits for the first");
        NS_TEST_EXPECT_MSG_EQ(one[2] - one[1], MilliSeconds(2), "third waits for the second");
        const auto three = AnswersWith(3);
        NS_TEST_ASSERT_MSG_EQ(three.size(), 3u, "answers");
        NS_TEST_EXPECT_MSG_EQ(three[0], one[0], "the first does not care");
        NS_TEST_EXPECT_MSG_LT(three[2] - three[0], MilliSeconds(1), "enough cores, no line");
    }
};

/// An unknown profile.
class UnknownProfileTestCase : public TestCase
{
  public:
    UnknownProfileTestCase()
        : TestCase("An unknown profile ends the program, naming attribute, value and choices")
    {
    }

  private:
    void DoRun() override
    {
        int ends[2];
        NS_TEST_ASSERT_MSG_EQ(pipe(ends), 0, "a pipe");
        const pid_t child = fork();
        if (child == 0)
        {
            dup2(ends[1], STDERR_FILENO);
            Lan lan(1);
            lan.misfs[0]->SetAttribute("DeviceProfile", StringValue("toaster"));
            lan.misfs[0]->Start();
            _exit(0);
        }
        close(ends[1]);
        std::string text;
        char buffer[1024];
        for (ssize_t count; (count = read(ends[0], buffer, sizeof buffer)) > 0;)
        {
            text.append(buffer, static_cast<size_t>(count));
        }
        close(ends[0]);
        int status = 0;
        waitpid(child, &status, 0);
        NS_TEST_EXPECT_MSG_EQ((WIFEXITED(status) && WEXITSTATUS(status) == 0), false, "it ends");
        for (const auto* part : {"DeviceProfile", "toaster", "server", "cortex-m"})
        {
            NS_TEST_EXPECT_MSG_NE(text.find(part), std::string::npos, part << " in " << text);
        }
    }
};

/// All.
class ProcessingTestSuite : public TestSuite
{
  public:
    ProcessingTestSuite()
        : TestSuite("mis-processing", TestSuite::Type::UNIT)
    {
        AddTestCase(new ProfilesTestCase);
        AddTestCase(new OwnProfileTestCase);
        AddTestCase(new QueueTestCase);
        AddTestCase(new CompletionTestCase);
        AddTestCase(new UnknownProfileTestCase);
    }
};

ProcessingTestSuite g_processingTestSuite; //!< the instance

} // namespace
