// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the point-to-multipoint link: times, queue, drops, loss, determinism.
 */

#include "mis-link-test-helpers.h"

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::linktest;

namespace
{

/// The shipped profiles can be found and are complete.
class ProfileTest : public TestCase
{
  public:
    ProfileTest()
        : TestCase("Every shipped profile is found by its name and is complete")
    {
    }

  private:
    void DoRun() override
    {
        const std::map<std::string, unsigned> types{{"ethernet", 15},
                                                    {"lte", 23},
                                                    {"wan", 15},
                                                    {"wifi", 19},
                                                    {"wimax", 27}};
        NS_TEST_EXPECT_MSG_EQ(LinkProfileNames().size(), types.size(), "number of profiles");
        if (IsStatusFailure())
        {
            return;
        }
        for (const auto& name : LinkProfileNames())
        {
            const LinkProfile* profile = FindLinkProfile(name);
            NS_TEST_EXPECT_MSG_NE(profile, nullptr, name);
            if (IsStatusFailure())
            {
                return;
            }
            NS_TEST_EXPECT_MSG_EQ(profile->name, name, "name");
            NS_TEST_EXPECT_MSG_EQ(static_cast<unsigned>(profile->type), types.at(name), name);
            NS_TEST_EXPECT_MSG_GT(profile->rate.GetBitRate(), 0, name);
            NS_TEST_EXPECT_MSG_GT(profile->upRate.GetBitRate(), 0, name);
            NS_TEST_EXPECT_MSG_GT(profile->delay, Time(0), name);
            NS_TEST_EXPECT_MSG_EQ((profile->loss >= 0 && profile->loss < 1), true, name);
            NS_TEST_EXPECT_MSG_GT_OR_EQ(profile->mtu, 1280, "IPv6 fits " << name);
            NS_TEST_EXPECT_MSG_GT(std::string(profile->source).size(), 20, name);
        }
        NS_TEST_EXPECT_MSG_EQ(FindLinkProfile("smoke-signals"), nullptr, "unknown name");
    }
};

/// Arrival = start of transmission + octets / rate + delay, per direction.
class TimingTest : public TestCase
{
  public:
    TimingTest()
        : TestCase("Frames arrive after queueing, transmission and delay, exactly")
    {
    }

  private:
    void DoRun() override
    {
        // 1 octet a microsecond down, 2 up.
        auto profile = PlainProfile("8Mbps", "16Mbps", MilliSeconds(3));
        profile.overheadOctets = 20;
        Network net(profile, 2);
        net.SendAt(MilliSeconds(10), 0, net.Mac(1), 80);
        net.SendAt(MilliSeconds(10), 0, net.Mac(2), 180);
        net.SendAt(MilliSeconds(10), 0, net.Mac(1), 1480);
        net.SendAt(MilliSeconds(10), 1, net.Mac(0), 180);
        net.SendAt(MilliSeconds(10), 2, net.Mac(0), 180);
        net.SendAt(MilliSeconds(20), 2, Mac48Address::GetBroadcast(), 80);
        Simulator::Run();

        NS_TEST_EXPECT_MSG_EQ(net.At(1).size(), 2, "frames at station 1");
        if (IsStatusFailure())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(net.At(2).size(), 1, "frames at station 2");
        if (IsStatusFailure())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(net.At(0).size(), 3, "frames at the hub");
        if (IsStatusFailure())
        {
            return;
        }
        const Time start = MilliSeconds(13);
        NS_TEST_EXPECT_MSG_EQ(net.At(1)[0].time, start + MicroSeconds(100), "first down");
        NS_TEST_EXPECT_MSG_EQ(net.At(2)[0].time, start + MicroSeconds(300), "shares the rate");
        NS_TEST_EXPECT_MSG_EQ(net.At(1)[1].time, start + MicroSeconds(1800), "third down");
        NS_TEST_EXPECT_MSG_EQ(net.At(0)[0].time, start + MicroSeconds(100), "up is independent");
        NS_TEST_EXPECT_MSG_EQ(net.At(0)[1].time, start + MicroSeconds(200), "shares the up rate");
        NS_TEST_EXPECT_MSG_EQ(net.At(0)[2].time,
                              MilliSeconds(23) + MicroSeconds(50),
                              "an idle medium starts at once");
        NS_TEST_EXPECT_MSG_EQ(net.At(1)[0].octets, 80, "payload");
        NS_TEST_EXPECT_MSG_EQ(net.At(1)[0].source, net.Mac(0), "source");
        NS_TEST_EXPECT_MSG_EQ(net.At(0)[1].source, net.Mac(2), "source");
        NS_TEST_EXPECT_MSG_EQ(net.drops.size(), 0, "drops");
    }
};

/// The queue holds what its bound says, in packets and in octets.
class QueueTest : public TestCase
{
  public:
    QueueTest()
        : TestCase("The queue of a direction is bounded in packets or octets and drains")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* size : {"3p", "300B"})
        {
            Network net(PlainProfile("8kbps", "8kbps", Time(0)), 2);
            net.Device(0)->GetChannel()->SetAttribute("QueueSize", StringValue(size));
            // 100 octets take 100 ms. One is sent, three wait, one is dropped; at 150 ms one more
            // has begun, so there is room for one.
            for (int i = 0; i < 5; ++i)
            {
                net.SendAt(Time(0), 0, net.Mac(1), 100);
            }
            net.SendAt(MilliSeconds(150), 0, net.Mac(2), 100);
            net.SendAt(MilliSeconds(150), 0, net.Mac(2), 100);
            // The other direction has a queue of its own.
            net.SendAt(MilliSeconds(150), 1, net.Mac(0), 100);
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ(net.accepted, 6, size);
            NS_TEST_EXPECT_MSG_EQ(net.At(1).size(), 4, size);
            NS_TEST_EXPECT_MSG_EQ(net.At(2).size(), 1, size);
            if (IsStatusFailure())
            {
                return;
            }
            NS_TEST_EXPECT_MSG_EQ(net.At(2)[0].time, MilliSeconds(500), size);
            NS_TEST_EXPECT_MSG_EQ(net.At(0).size(), 1, size);
            NS_TEST_EXPECT_MSG_EQ(net.drops.size(), 2, size);
            if (IsStatusFailure())
            {
                return;
            }
            for (const auto& drop : net.drops)
            {
                NS_TEST_EXPECT_MSG_EQ(drop.trace, "MacTx", size);
                NS_TEST_EXPECT_MSG_EQ(ToString(drop.reason), std::string("QUEUE_FULL"), size);
            }
        }
    }
};

/// Each way to lose a frame has its trace and reason.
class DropTest : public TestCase
{
  public:
    DropTest()
        : TestCase("Every drop is traced with its reason")
    {
    }

  private:
    /**
     * @param net The network after the run.
     * @param trace Expected trace.
     * @param reason Expected reason.
     * @param at Expected time.
     */
    void ExpectDrop(const Network& net, const char* trace, const char* reason, Time at)
    {
        NS_TEST_EXPECT_MSG_EQ(net.drops.size(), 1, reason);
        if (IsStatusFailure())
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(net.drops[0].trace, trace, reason);
        NS_TEST_EXPECT_MSG_EQ(std::string(ToString(net.drops[0].reason)), reason, reason);
        NS_TEST_EXPECT_MSG_EQ(net.drops[0].time, at, reason);
    }

    void DoRun() override
    {
        // 1000 octets take 1 ms.
        const auto profile = PlainProfile("8Mbps", "8Mbps", MilliSeconds(5));
        const Time ms = MilliSeconds(1);
        const auto down = &PointToMultipointNetDevice::SetLinkUp;
        {
            Network net(profile, 2);
            net.SendAt(ms, 0, Mac48Address("02:ff:ff:ff:ff:ff"), 1000);
            Simulator::Run();
            ExpectDrop(net, "MacTx", "UNKNOWN_DESTINATION", ms);
            NS_TEST_EXPECT_MSG_EQ(net.accepted, 0, "Send() says so");
        }
        {
            Network net(profile, 2);
            net.SendAt(ms, 0, net.Mac(1), 1501);
            Simulator::Run();
            ExpectDrop(net, "MacTx", "TOO_LONG", ms);
        }
        {
            Network net(profile, 2);
            net.Device(1)->SetLinkUp(false);
            net.SendAt(ms, 1, net.Mac(0), 1000);
            Simulator::Run();
            ExpectDrop(net, "MacTx", "LINK_DOWN", ms);
        }
        {
            Network net(profile, 2);
            net.Device(1)->SetLinkUp(false);
            net.SendAt(ms, 0, net.Mac(1), 1000);
            Simulator::Run();
            ExpectDrop(net, "MacTx", "STATION_DOWN", ms);
        }
        {
            Network net(profile, 2);
            // In flight when the station leaves; that it is back in time does not help.
            net.SendAt(ms, 0, net.Mac(1), 1000);
            Simulator::Schedule(3 * ms, down, net.Device(1), false);
            Simulator::Schedule(4 * ms, down, net.Device(1), true);
            net.SendAt(4 * ms, 0, net.Mac(1), 1000);
            Simulator::Run();
            ExpectDrop(net, "PhyRx", "DETACHED", 7 * ms);
            NS_TEST_EXPECT_MSG_EQ(net.At(1).size(), 1, "the later frame arrives");
        }
        {
            Network net(profile, 2);
            // The first has left the station when it goes down, the second waits for the medium.
            net.SendAt(ms, 1, net.Mac(0), 1000);
            net.SendAt(ms, 1, net.Mac(0), 1000);
            Simulator::Schedule(2 * ms, down, net.Device(1), false);
            Simulator::Run();
            ExpectDrop(net, "PhyTx", "DETACHED", 8 * ms);
            NS_TEST_EXPECT_MSG_EQ(net.At(0).size(), 1, "what has left arrives");
        }
        {
            Network net(profile, 2);
            // A station that is away misses a group frame without a drop.
            net.Device(1)->SetLinkUp(false);
            net.SendAt(ms, 0, Mac48Address::GetBroadcast(), 1000);
            Simulator::Run();
            NS_TEST_EXPECT_MSG_EQ(net.drops.size(), 0, "drops");
            NS_TEST_EXPECT_MSG_EQ(net.At(1).size(), 0, "away");
            NS_TEST_EXPECT_MSG_EQ(net.At(2).size(), 1, "present");
        }
        {
            auto lossy = profile;
            lossy.loss = 1.0;
            Network net(lossy, 2);
            net.SendAt(ms, 1, net.Mac(0), 1000);
            Simulator::Run();
            ExpectDrop(net, "PhyRx", "LOST", 7 * ms);
        }
    }
};

/// A unicast frame costs one event whatever the number of stations, a group frame one a station.
class EventCountTest : public TestCase
{
  public:
    EventCountTest()
        : TestCase("A reception costs one event and a frame wakes no other station")
    {
    }

  private:
    static void Count(uint32_t* count, Ptr<const Packet>)
    {
        ++*count;
    }

    void DoRun() override
    {
        constexpr uint32_t STATIONS = 200;
        constexpr uint32_t FRAMES = 50;
        uint64_t idle = 0;
        for (const bool send : {false, true})
        {
            Network net(PlainProfile("100Mbps", "100Mbps", MilliSeconds(1)), STATIONS);
            uint32_t woken = 0;
            for (uint32_t i = 1; i <= STATIONS; ++i)
            {
                net.Device(i)->TraceConnectWithoutContext(
                    "MacPromiscRx",
                    MakeBoundCallback(&EventCountTest::Count, &woken));
            }
            const uint64_t before = Simulator::GetEventCount();
            if (send)
            {
                for (uint32_t i = 0; i < FRAMES; ++i)
                {
                    net.SendNow(0, net.Mac(1 + i), 100);
                    net.SendNow(1 + i, net.Mac(0), 100);
                }
                net.SendNow(0, Mac48Address::GetBroadcast(), 100);
            }
            Simulator::Run();
            const uint64_t events = Simulator::GetEventCount() - before;
            if (!send)
            {
                idle = events;
                continue;
            }
            NS_TEST_EXPECT_MSG_EQ(events - idle, 2 * FRAMES + STATIONS, "events");
            NS_TEST_EXPECT_MSG_EQ(woken, FRAMES + STATIONS, "receptions at stations");
        }
    }
};

/// Loss has the probability asked for, and jitter keeps the order.
class RandomTest : public TestCase
{
  public:
    RandomTest()
        : TestCase("Loss has the set probability, jitter is uniform and never reorders")
    {
    }

  private:
    /**
     * @param arrivals Frames whose payload sizes count modulo 1000.
     * @return Whether they are in the order of sending; a step back looks like a step of nearly
     * 1000.
     */
    static bool IsInOrder(const std::vector<Network::Arrival>& arrivals)
    {
        for (std::size_t i = 1; i < arrivals.size(); ++i)
        {
            const uint32_t step = (arrivals[i].octets + 1000 - arrivals[i - 1].octets) % 1000;
            if (step == 0 || step > 500)
            {
                return false;
            }
        }
        return true;
    }

    void DoRun() override
    {
        constexpr uint32_t FRAMES = 20000;
        auto profile = PlainProfile("0bps", "0bps", MilliSeconds(10));
        profile.loss = 0.1;
        profile.jitter = MilliSeconds(4);
        {
            Network net(profile, 2);
            NS_TEST_EXPECT_MSG_EQ(LinkHelper::AssignStreams(net.devices, 100), 4, "streams");
            // Far apart, so that the order does not limit the jitter; then close together.
            for (uint32_t i = 0; i < FRAMES; ++i)
            {
                net.SendAt(MilliSeconds(5 * i), 0, net.Mac(1), 100);
                net.SendAt(MicroSeconds(10 * i), 2, net.Mac(0), 100 + i % 1000);
            }
            Simulator::Run();
            const double received = net.At(1).size();
            const double sigma = std::sqrt(FRAMES * 0.1 * 0.9);
            NS_TEST_EXPECT_MSG_EQ_TOL(received, FRAMES * 0.9, 4 * sigma, "loss");
            NS_TEST_EXPECT_MSG_EQ(net.drops.size(),
                                  2 * FRAMES - net.At(0).size() - net.At(1).size(),
                                  "each loss is a drop");
            double sum = 0;
            for (const auto& arrival : net.At(1))
            {
                const Time extra = NanoSeconds(arrival.time.GetNanoSeconds() % 5000000);
                NS_TEST_EXPECT_MSG_LT(extra, MilliSeconds(4), "jitter");
                sum += extra.GetSeconds();
            }
            NS_TEST_EXPECT_MSG_EQ_TOL(sum / received, 0.002, 0.00004, "mean jitter");
            NS_TEST_EXPECT_MSG_EQ(IsInOrder(net.At(0)), true, "order of a station's frames");
        }

        profile.loss = 0.0;
        Network mixed(profile, 2);
        LinkHelper::AssignStreams(mixed.devices, 200);
        for (uint32_t i = 0; i < 3000; ++i)
        {
            const auto to = i % 3 == 0 ? Mac48Address::GetBroadcast() : mixed.Mac(i % 3);
            mixed.SendAt(MicroSeconds(10 * i), 0, to, 100 + i % 1000);
        }
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(mixed.At(1).size(), 2000, "frames to one and to all");
        NS_TEST_EXPECT_MSG_EQ(IsInOrder(mixed.At(1)), true, "order of frames to one and to all");
    }
};

/// A profile without jitter and loss draws nothing.
class NoDrawTest : public TestCase
{
  public:
    NoDrawTest()
        : TestCase("Without jitter and loss no random stream is touched")
    {
    }

  private:
    void DoRun() override
    {
        const int64_t before = RngSeedManager::GetNextStreamIndex();
        Network net(PlainProfile("1Mbps", "1Mbps", MilliSeconds(1)), 2);
        net.SendAt(MilliSeconds(1), 0, net.Mac(1), 100);
        net.SendAt(MilliSeconds(1), 2, net.Mac(0), 100);
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(net.At(1).size() + net.At(0).size(), 2, "delivered");
        NS_TEST_EXPECT_MSG_EQ(RngSeedManager::GetNextStreamIndex() - before,
                              1,
                              "no stream was taken in between");
    }
};

/// The suite.
class LinkTestSuite : public TestSuite
{
  public:
    LinkTestSuite()
        : TestSuite("mis-link", TestSuite::Type::UNIT)
    {
        AddTestCase(new ProfileTest);
        AddTestCase(new TimingTest);
        AddTestCase(new QueueTest);
        AddTestCase(new DropTest);
        AddTestCase(new EventCountTest);
        AddTestCase(new RandomTest);
        AddTestCase(new NoDrawTest);
    }
};

const LinkTestSuite g_linkTestSuite; //!< Registers itself.

} // namespace
