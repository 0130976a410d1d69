// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the processing model: device profiles, the queue in front of the processors, and when
 * the outputs of a busy node leave.
 */

#include "mis-misf-test-helpers.h"

#include "ns3/boolean.h"
#include "ns3/mis-processing-model.h"
#include "ns3/mis-static-establishment.h"
#include "ns3/test.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

constexpr size_t OPERATIONS = static_cast<size_t>(CryptoOperation::COUNT_);

/// Registers a profile where each random octet takes 1 microsecond and nothing else takes time.
void
RegisterTestProfile(const std::string& name, uint32_t cores)
{
    DeviceProfile profile;
    profile.name = name;
    profile.source = "test";
    profile.cores = cores;
    profile.costs[static_cast<size_t>(CryptoOperation::RANDOM)].perOctetNs = 1000.0;
    RegisterDeviceProfile(profile);
}

/// Makes a MISF work for a time; its profile is that of RegisterTestProfile().
void
Work(Misf& misf, Time time)
{
    Bytes octets(static_cast<size_t>(time.GetMicroSeconds()));
    misf.GetCrypto().Random(octets.data(), octets.size());
}

/// Shipped profiles.
class ProfileTestCase : public TestCase
{
  public:
    ProfileTestCase()
        : TestCase("Each operation takes time on each shipped profile but zero, in their order")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::string> shipped{"server", "laptop", "phone", "cortex-m"};
        const auto names = DeviceProfileNames();
        NS_TEST_EXPECT_MSG_EQ(std::is_sorted(names.begin(), names.end()), true, "sorted");
        for (const auto& name : shipped)
        {
            const auto* profile = FindDeviceProfile(name);
            NS_TEST_ASSERT_MSG_EQ((profile != nullptr), true, name);
            NS_TEST_EXPECT_MSG_EQ(std::count(names.begin(), names.end(), name), 1, name);
            NS_TEST_EXPECT_MSG_EQ(profile->name, name, "its own name");
            NS_TEST_EXPECT_MSG_EQ(profile->source.empty(), false, name << " has a source");
            NS_TEST_EXPECT_MSG_GT(profile->cores, 0u, name << " has cores");
            for (size_t i = 0; i < OPERATIONS; ++i)
            {
                const auto operation = static_cast<CryptoOperation>(i);
                OperationCounter once;
                once.Add(operation, 1000);
                NS_TEST_EXPECT_MSG_GT(profile->ServiceTimeNs(once),
                                      0,
                                      name << ": " << ToString(operation));
                const auto& cost = profile->costs[i];
                NS_TEST_EXPECT_MSG_EQ(profile->ServiceTimeNs(once),
                                      std::llround(cost.fixedNs + 1000 * cost.perOctetNs),
                                      "fixed part and part per octet");
                OperationCounter twice = once;
                twice.Add(operation, 1000);
                NS_TEST_EXPECT_MSG_EQ_TOL(static_cast<double>(profile->ServiceTimeNs(twice)),
                                          2.0 * static_cast<double>(profile->ServiceTimeNs(once)),
                                          1.0,
                                          "operations add up");
                // No slower device is faster at anything.
                const auto* phone = FindDeviceProfile("phone");
                const auto* cortex = FindDeviceProfile("cortex-m");
                NS_TEST_EXPECT_MSG_LT(FindDeviceProfile("server")->ServiceTimeNs(once),
                                      phone->ServiceTimeNs(once),
                                      ToString(operation));
                NS_TEST_EXPECT_MSG_LT(phone->ServiceTimeNs(once),
                                      cortex->ServiceTimeNs(once),
                                      ToString(operation));
            }
        }
        OperationCounter all;
        for (size_t i = 0; i < OPERATIONS; ++i)
        {
            all.Add(static_cast<CryptoOperation>(i), 100000);
        }
        NS_TEST_EXPECT_MSG_EQ(FindDeviceProfile("zero")->ServiceTimeNs(all), 0, "zero");
        NS_TEST_EXPECT_MSG_EQ((FindDeviceProfile("abacus") == nullptr), true, "unknown");
        RegisterTestProfile("abacus", 3);
        NS_TEST_ASSERT_MSG_EQ((FindDeviceProfile("abacus") != nullptr), true, "registered");
        NS_TEST_EXPECT_MSG_EQ(FindDeviceProfile("abacus")->ServiceTimeNs(all), 100000000, "cost");
        RegisterTestProfile("abacus", 5);
        NS_TEST_EXPECT_MSG_EQ(FindDeviceProfile("abacus")->cores, 5u, "replaced");
    }
};

/// Queue in front of the processors.
class QueueTestCase : public TestCase
{
  public:
    QueueTestCase()
        : TestCase("Jobs are served first come, first served, by the core that is free first")
    {
    }

  private:
    void DoRun() override
    {
        CpuQueue one(1);
        NS_TEST_EXPECT_MSG_EQ(one.Submit(100, 50), 150, "idle: at once");
        NS_TEST_EXPECT_MSG_EQ(one.Submit(100, 30), 180, "after the first");
        NS_TEST_EXPECT_MSG_EQ(one.Submit(120, 0), 180, "in turn, even if nothing is to be done");
        NS_TEST_EXPECT_MSG_EQ(one.Submit(170, 10), 190, "still queued");
        NS_TEST_EXPECT_MSG_EQ(one.Submit(500, 10), 510, "idle again");
        NS_TEST_EXPECT_MSG_EQ(one.BusyNs(), 100, "sum of the service times");

        CpuQueue three(3);
        NS_TEST_EXPECT_MSG_EQ(three.Submit(0, 100), 100, "first core");
        NS_TEST_EXPECT_MSG_EQ(three.Submit(0, 40), 40, "second core");
        NS_TEST_EXPECT_MSG_EQ(three.Submit(0, 60), 60, "third core");
        NS_TEST_EXPECT_MSG_EQ(three.Submit(10, 50), 90, "second core, free at 40");
        NS_TEST_EXPECT_MSG_EQ(three.Submit(10, 10), 70, "third core, free at 60");
        NS_TEST_EXPECT_MSG_EQ(three.Submit(65, 1), 71, "third core, free at 70");
        NS_TEST_EXPECT_MSG_EQ(three.Submit(95, 5), 100, "a core that is idle");
        NS_TEST_EXPECT_MSG_EQ(three.BusyNs(), 266, "sum of the service times");

        // Against a plain simulation of the cores.
        uint32_t state = 1;
        const auto next = [&state](uint32_t limit) {
            state = state * 1664525 + 1013904223;
            return (state >> 16) % limit;
        };
        for (uint32_t cores = 1; cores <= 9; ++cores)
        {
            CpuQueue queue(cores);
            std::vector<int64_t> freeAt(cores, 0);
            int64_t now = 0;
            for (int i = 0; i < 500; ++i)
            {
                now += next(20);
                const int64_t service = next(20 * cores * 2);
                auto earliest = std::min_element(freeAt.begin(), freeAt.end());
                *earliest = std::max(*earliest, now) + service;
                NS_TEST_ASSERT_MSG_EQ(queue.Submit(now, service), *earliest, "job " << i);
            }
        }
    }
};

/// When outputs leave.
class CompletionTestCase : public TestCase
{
  public:
    CompletionTestCase()
        : TestCase("Frames and actions leave when the work before them is done, on 1 and 3 cores")
    {
    }

  private:
    static void OnBusy(std::vector<std::pair<Time, Time>>* busy, Time begin, Time end)
    {
        busy->emplace_back(begin, end);
    }

    /// Five requests at one instant, 10 ms of work each.
    void Check(const std::string& profile, size_t cores)
    {
        constexpr size_t JOBS = 5;
        const Time work = MilliSeconds(10);
        RegisterTestProfile(profile, static_cast<uint32_t>(cores));
        Lan lan(2);
        lan.misfs[1]->SetAttribute("DeviceProfile", StringValue(profile));
        std::vector<std::pair<Time, Time>> busy;
        lan.misfs[1]->TraceConnectWithoutContext(
            "CpuBusy",
            MakeBoundCallback(&CompletionTestCase::OnBusy, &busy));
        std::vector<Time> handled;
        std::vector<Time> completed;
        lan.misfs[1]->SetHandler(PreregXferRequest::ID, [&](const ReceivedMessage& message) {
            handled.push_back(Simulator::Now());
            lan.misfs[1]->AtCompletion([&completed] { completed.push_back(Simulator::Now()); });
            lan.misfs[1]->SendResponse(message.transaction, PreregXferResponse(), SendOptions());
            Work(*lan.misfs[1], work); // even what is computed after the sending counts
        });
        At(Seconds(1), [&] {
            for (size_t i = 0; i < JOBS; ++i)
            {
                lan.Request(0, 1);
            }
        });
        Simulator::Stop(Seconds(3));
        Simulator::Run();
        const Time arrival = Seconds(1) + MilliSeconds(1);
        const auto responses = lan.SentBy(1);
        NS_TEST_ASSERT_MSG_EQ(handled.size(), JOBS, "handled");
        NS_TEST_ASSERT_MSG_EQ(responses.size(), JOBS, "responses");
        NS_TEST_ASSERT_MSG_EQ(completed.size(), JOBS, "completed");
        NS_TEST_ASSERT_MSG_EQ(busy.size(), JOBS, "traced");
        NS_TEST_ASSERT_MSG_EQ(lan.endings.size(), JOBS, "answered");
        for (size_t i = 0; i < JOBS; ++i)
        {
            const Time done = arrival + work * static_cast<int64_t>(1 + i / cores);
            NS_TEST_EXPECT_MSG_EQ(handled[i], arrival, "handled when it arrives");
            NS_TEST_EXPECT_MSG_EQ(responses[i].time, done, "response " << i);
            NS_TEST_EXPECT_MSG_EQ(completed[i], done, "action " << i);
            NS_TEST_EXPECT_MSG_EQ(busy[i].first, done - work, "begin " << i);
            NS_TEST_EXPECT_MSG_EQ(busy[i].second, done, "end " << i);
            NS_TEST_EXPECT_MSG_EQ(lan.endings[i].time, done + MilliSeconds(1), "ending " << i);
        }
        NS_TEST_EXPECT_MSG_EQ(lan.misfs[1]->GetCpuTime(),
                              work * static_cast<int64_t>(JOBS),
                              "all of the work");
        NS_TEST_EXPECT_MSG_EQ(lan.misfs[0]->GetCpuTime(), Seconds(0), "none at the other end");
    }

    void DoRun() override
    {
        Check("test-1", 1);
        Check("test-3", 3);
        Check("test-8", 8);
    }
};

/// Work of one's own delays answers to others.
class BusyTestCase : public TestCase
{
  public:
    BusyTestCase()
        : TestCase("A busy node answers late, retransmissions do no harm, and it recovers")
    {
    }

  private:
    /// @return time from request to answer, the node being busy for `busy`
    Time Check(Time busy)
    {
        RegisterTestProfile("test-1", 1);
        Lan lan(2);
        lan.misfs[1]->SetAttribute("DeviceProfile", StringValue("test-1"));
        lan.Answer(1);
        At(Seconds(1), [&] {
            const Misf::Activity activity(*lan.misfs[1]);
            Work(*lan.misfs[1], busy);
        });
        At(Seconds(1), [&] { lan.Request(0, 1); });
        At(Seconds(20), [&] { lan.Request(0, 1); });
        Simulator::Stop(Seconds(25));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(lan.deliveries, 2u, "handed to the user once each");
        NS_TEST_EXPECT_MSG_EQ(lan.endings.size(), 2u, "ended once each");
        for (const auto& ending : lan.endings)
        {
            NS_TEST_EXPECT_MSG_EQ((ending.failure == TransactionFailure::NONE), true, "succeeds");
        }
        NS_TEST_EXPECT_MSG_EQ(lan.endings.back().time, Seconds(20) + MilliSeconds(2), "recovers");
        return lan.endings.front().time - Seconds(1);
    }

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(Check(Seconds(0)), MilliSeconds(2), "idle");
        NS_TEST_EXPECT_MSG_EQ(Check(MilliSeconds(50)), MilliSeconds(51), "busy");
        NS_TEST_EXPECT_MSG_EQ(Check(MilliSeconds(1200)), MilliSeconds(1201), "retransmissions");
    }
};

/// What protection costs.
class CostTestCase : public TestCase
{
  public:
    CostTestCase()
        : TestCase("A protected exchange takes the time of its operations, computed or counted")
    {
    }

  private:
    /// @return time from request to answer once the SA is there
    Time Check(const std::string& profile, bool compute)
    {
        Lan lan(2);
        lan.Set("DeviceProfile", StringValue(profile));
        lan.Set("ComputeCryptography", BooleanValue(compute));
        auto establishment = CreateObject<StaticEstablishment>();
        establishment->AddPair(Lan::Id(0), Lan::Id(1));
        lan.misfs[0]->SetSaProvider(establishment);
        lan.misfs[1]->SetSaProvider(establishment);
        lan.Answer(1);
        Time before;
        Time spent;
        At(Seconds(1), [&] { lan.Request(0, 1); });
        At(Seconds(2), [&] {
            before = lan.misfs[0]->GetCpuTime() + lan.misfs[1]->GetCpuTime();
            lan.Request(0, 1);
        });
        Simulator::Stop(Seconds(3));
        Simulator::Run();
        spent = lan.misfs[0]->GetCpuTime() + lan.misfs[1]->GetCpuTime() - before;
        NS_TEST_EXPECT_MSG_EQ(lan.endings.size(), 2u, "ended");
        if (lan.endings.size() != 2)
        {
            return Seconds(0);
        }
        // Sealing and opening, twice; the last opening is done when the answer is there already.
        const Time elapsed = lan.endings[1].time - Seconds(2) - MilliSeconds(2);
        NS_TEST_EXPECT_MSG_LT_OR_EQ(elapsed, spent, "no longer than the work");
        NS_TEST_EXPECT_MSG_EQ((elapsed > spent / 2 || spent.IsZero()), true, "most of the work");
        return elapsed;
    }

    void DoRun() override
    {
        Time last;
        NS_TEST_EXPECT_MSG_EQ(Check("zero", true), Seconds(0), "zero");
        for (const std::string profile : {"server", "phone", "cortex-m"})
        {
            const Time elapsed = Check(profile, true);
            NS_TEST_EXPECT_MSG_GT(elapsed, last, profile << " is slower");
            NS_TEST_EXPECT_MSG_EQ(Check(profile, false), elapsed, profile << " only counted");
            last = elapsed;
        }
    }
};

/// Nonsense.
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
        int pipeEnds[2];
        NS_TEST_ASSERT_MSG_EQ(pipe(pipeEnds), 0, "pipe");
        const pid_t child = fork();
        if (child == 0)
        {
            dup2(pipeEnds[1], STDERR_FILENO);
            close(pipeEnds[0]);
            std::signal(SIGABRT, SIG_DFL);
            Lan lan(1);
            lan.misfs[0]->SetAttribute("DeviceProfile", StringValue("mainframe"));
            lan.misfs[0]->Start();
            _exit(0);
        }
        close(pipeEnds[1]);
        std::string text;
        char buffer[256];
        for (ssize_t count; (count = read(pipeEnds[0], buffer, sizeof buffer)) > 0;)
        {
            text.append(buffer, static_cast<size_t>(count));
        }
        close(pipeEnds[0]);
        int status = 0;
        NS_TEST_ASSERT_MSG_EQ(waitpid(child, &status, 0), child, "child");
        NS_TEST_EXPECT_MSG_EQ((WIFEXITED(status) && WEXITSTATUS(status) == 0), false, "it fails");
        for (const std::string word :
             {"DeviceProfile", "\"mainframe\"", "cortex-m, laptop, phone, server"})
        {
            NS_TEST_EXPECT_MSG_EQ((text.find(word) != std::string::npos),
                                  true,
                                  word << " in " << text);
        }
    }
};

/// All tests of the processing model.
class MisProcessingTestSuite : public TestSuite
{
  public:
    MisProcessingTestSuite()
        : TestSuite("mis-processing", TestSuite::Type::UNIT)
    {
        // Before others register profiles.
        AddTestCase(new UnknownProfileTestCase);
        AddTestCase(new ProfileTestCase);
        AddTestCase(new QueueTestCase);
        AddTestCase(new CompletionTestCase);
        AddTestCase(new BusyTestCase);
        AddTestCase(new CostTestCase);
    }
};

MisProcessingTestSuite g_misProcessingTestSuite;

} // namespace
