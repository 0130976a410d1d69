// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the transports: UDP, TCP and EtherType over point-to-multipoint links and simple
 * devices, and of messages to a group.
 */

#include "mis-misf-test-helpers.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv6-address-helper.h"
#include "ns3/mis-group-messages.h"
#include "ns3/mis-link-helper.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <map>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

constexpr uint16_t PORT = 4551;

/// What carries the frames of a test.
enum class Path
{
    UDP4,
    UDP6,
    TCP4,
    TCP6,
    L2
};

/// A hub "misf0" with stations "misf1", ... on one point-to-multipoint medium.
class AccessNetwork : public Observer
{
  public:
    AccessNetwork(uint32_t stations, Path path)
        : m_path(path)
    {
        NodeContainer nodes;
        nodes.Create(1 + stations);
        NodeContainer others;
        for (uint32_t i = 1; i <= stations; ++i)
        {
            others.Add(nodes.Get(i));
        }
        LinkProfile profile{};
        profile.name = "test";
        profile.rate = DataRate("10Mbps");
        profile.upRate = DataRate("10Mbps");
        profile.delay = MilliSeconds(2);
        profile.mtu = 1500;
        profile.source = "test";
        LinkHelper links;
        links.SetProfile(profile);
        devices = links.Install(nodes.Get(0), others);
        if (path != Path::L2)
        {
            InternetStackHelper().Install(nodes);
            Ipv4AddressHelper ipv4("10.1.0.0", "255.255.0.0");
            m_ipv4 = ipv4.Assign(devices);
            Ipv6AddressHelper ipv6(Ipv6Address("2001:db8::"), Ipv6Prefix(64));
            m_ipv6 = ipv6.Assign(devices);
        }
        for (uint32_t i = 0; i <= stations; ++i)
        {
            auto misf = CreateObject<Misf>();
            misf->SetId(Lan::Id(i));
            nodes.Get(i)->AggregateObject(misf);
            misf->AssignStreams(100 + i);
            misf->SetAttribute("EnableTcp", BooleanValue(path == Path::TCP4 || path == Path::TCP6));
            misfs.push_back(misf);
            Watch(misf);
        }
        // Only the stations know where the hub is: it learns where they are.
        for (uint32_t i = 1; i <= stations; ++i)
        {
            misfs[i]->SetPeerAddress(Lan::Id(0), Where(i, 0));
        }
    }

    ~AccessNetwork()
    {
        Simulator::Destroy();
    }

    PeerAddress Where(uint32_t from, uint32_t to) const
    {
        switch (m_path)
        {
        case Path::UDP4:
            return PeerAddress::Udp(m_ipv4.GetAddress(to), PORT);
        case Path::UDP6:
            return PeerAddress::Udp(m_ipv6.GetAddress(to, 1), PORT);
        case Path::TCP4:
            return PeerAddress::Tcp(m_ipv4.GetAddress(to), PORT);
        case Path::TCP6:
            return PeerAddress::Tcp(m_ipv6.GetAddress(to, 1), PORT);
        case Path::L2:
            break;
        }
        return PeerAddress::L2(Mac48Address::ConvertFrom(devices.Get(to)->GetAddress()),
                               devices.Get(from));
    }

    /// @param isLossy whether everything that is sent from now on is lost
    void SetLossy(bool isLossy)
    {
        devices.Get(0)->GetChannel()->SetAttribute("Loss", DoubleValue(isLossy ? 1.0 : 0.0));
    }

    std::vector<Ptr<Misf>> misfs;
    NetDeviceContainer devices;

  private:
    Path m_path;
    Ipv4InterfaceContainer m_ipv4;
    Ipv6InterfaceContainer m_ipv6;
};

/// Both directions over each transport.
class PathTestCase : public TestCase
{
  public:
    PathTestCase(Path path, const std::string& name)
        : TestCase("Messages of any length both ways over " + name),
          m_path(path)
    {
    }

  private:
    /// Exchanges messages of `octets` octets, with frame number `lost` lost; @return frames sent.
    size_t Check(size_t octets, size_t lost)
    {
        AccessNetwork net(2, m_path);
        const bool isTcp = m_path == Path::TCP4 || m_path == Path::TCP6;
        net.onSent = [&](size_t) { net.SetLossy(net.sent.size() - 1 == lost); };
        size_t deliveries = 0;
        size_t successes = 0;
        PeerAddress from;
        for (const auto& misf : net.misfs)
        {
            misf->SetHandler(PreregXferRequest::ID, [&](const ReceivedMessage& message) {
                ++deliveries;
                from = message.from;
                const auto request = DecodeBody<PreregXferRequest>(message.body);
                NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(request), true, "a message");
                NS_TEST_EXPECT_MSG_EQ((request->linkLayerInformation == Bytes(octets, 0xa5)),
                                      true,
                                      "as it was sent");
                PreregXferResponse response;
                response.linkLayerInformation = Bytes(octets, 0x5a);
                misf->SendResponse(message.transaction, response, SendOptions());
            });
        }
        const auto request = [&](size_t by, size_t to) {
            PreregXferRequest message;
            message.linkLayerInformation = Bytes(octets, 0xa5);
            const auto error = net.misfs[by]->SendRequest(
                Lan::Id(to),
                message,
                SendOptions(),
                [&, this](const TransactionResult& result) {
                    NS_TEST_ASSERT_MSG_EQ((result.failure == TransactionFailure::NONE),
                                          true,
                                          "frame " << lost << ": succeeds");
                    if (!result.message)
                    {
                        return;
                    }
                    const auto response = DecodeBody<PreregXferResponse>(result.message->body);
                    NS_TEST_EXPECT_MSG_EQ((response->linkLayerInformation == Bytes(octets, 0x5a)),
                                          true,
                                          "answer as it was sent");
                    ++successes;
                });
            NS_TEST_EXPECT_MSG_EQ((error == SendError::NONE), true, "sent");
        };
        At(Seconds(2), [&] {
            const auto error =
                net.misfs[0]->SendRequest(Lan::Id(1), PreregXferRequest(), SendOptions(), nullptr);
            NS_TEST_EXPECT_MSG_EQ((error == SendError::UNKNOWN_ADDRESS), true, "not met yet");
        });
        At(Seconds(3), [&] { request(1, 0); });
        At(Seconds(13), [&] { net.SetLossy(false); });
        At(Seconds(13.1), [&] {
            const auto expected = net.Where(0, 1);
            NS_TEST_EXPECT_MSG_EQ((from == expected), true, "where it came from");
            NS_TEST_EXPECT_MSG_EQ((net.misfs[0]->GetPeerAddress(Lan::Id(1)) == expected),
                                  true,
                                  "is remembered");
            request(0, 1);
        });
        At(Seconds(14), [&] { request(2, 0); });
        if (isTcp)
        {
            // No later frame of ours ends the loss: TCP itself repeats, behind our back.
            for (const double end : {3.5, 13.6, 14.5})
            {
                At(Seconds(end), [&] { net.SetLossy(false); });
            }
        }
        Simulator::Stop(Seconds(30));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(deliveries, 3u, "delivered once each");
        NS_TEST_EXPECT_MSG_EQ(successes, 3u, "succeeded once each");
        const size_t mtu = m_path == Path::L2 ? 1500u : m_path == Path::UDP4 ? 1472u : 1452u;
        for (const auto& frame : net.sent)
        {
            NS_TEST_EXPECT_MSG_EQ(frame.header.ackReq && isTcp, false, "no ACK over TCP");
            NS_TEST_EXPECT_MSG_EQ(frame.header.IsFragment(),
                                  (!isTcp && octets > 1400),
                                  "fragments only where needed");
            NS_TEST_EXPECT_MSG_EQ((isTcp || frame.octets.size() <= mtu), true, "fits");
        }
        if (octets > 1400 && !isTcp)
        {
            NS_TEST_EXPECT_MSG_GT(net.sent[0].octets.size(), mtu - 8, "the path is used up");
        }
        if (lost > net.sent.size() && isTcp)
        {
            NS_TEST_EXPECT_MSG_EQ(net.sent.size(), 6u, "a request and a response each");
        }
        return net.sent.size();
    }

    void DoRun() override
    {
        const size_t undisturbed = Check(10, 1000);
        NS_TEST_EXPECT_MSG_EQ(undisturbed, 6u, "a request and a response each");
        Check(5000, 1000);
        Check(60000, 1000);
        for (size_t i = 0; i < 2; ++i)
        {
            Check(10, i);
        }
        for (size_t i = 0; i < 8; ++i)
        {
            Check(5000, i);
        }
    }

    Path m_path;
};

/// Configured path MTU.
class PathMtuTestCase : public TestCase
{
  public:
    PathMtuTestCase()
        : TestCase("Fragments over UDP keep to the configured path MTU")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto path : {Path::UDP4, Path::UDP6})
        {
            for (const uint16_t mtu : {576, 1280, 1500})
            {
                AccessNetwork net(1, path);
                net.misfs[1]->SetAttribute("PathMtu", UintegerValue(mtu));
                size_t deliveries = 0;
                net.misfs[0]->SetHandler(PreregXferRequest::ID,
                                         [&](const ReceivedMessage&) { ++deliveries; });
                const size_t most = mtu - (path == Path::UDP4 ? 28 : 48);
                PreregXferRequest request;
                At(Seconds(3), [&] {
                    // Up to exactly the path MTU there is one frame, then two.
                    size_t count = 0;
                    for (size_t octets = most - 40; octets < most; ++octets)
                    {
                        request.linkLayerInformation = Bytes(octets);
                        const size_t before = net.sent.size();
                        const auto error =
                            net.misfs[1]->SendRequest(Lan::Id(0), request, SendOptions(), nullptr);
                        NS_TEST_EXPECT_MSG_EQ((error == SendError::NONE), true, "sent");
                        const bool isWhole = net.sent.size() == before + 1;
                        NS_TEST_EXPECT_MSG_EQ(net.sent.back().header.IsFragment(), !isWhole, "M");
                        if (isWhole)
                        {
                            count = octets;
                            request.linkLayerInformation = Bytes(octets + 1);
                            m_longest = std::max(m_longest, net.sent.back().octets.size());
                        }
                    }
                    NS_TEST_EXPECT_MSG_EQ(m_longest, most, "the longest whole frame");
                    NS_TEST_EXPECT_MSG_LT(count, most - 1, "some were cut");
                    m_longest = 0;
                });
                Simulator::Stop(Seconds(3.4));
                Simulator::Run();
                NS_TEST_EXPECT_MSG_EQ(deliveries, 40u, "all arrive");
            }
        }
    }

    size_t m_longest{0};
};

/// A stream that does not carry frames.
class StreamTestCase : public TestCase
{
  public:
    StreamTestCase()
        : TestCase("A TCP stream out of step is dropped and does no harm to others")
    {
    }

  private:
    void DoRun() override
    {
        AccessNetwork net(2, Path::TCP4);
        size_t successes = 0;
        net.misfs[0]->SetHandler(PreregXferRequest::ID, [&](const ReceivedMessage& message) {
            net.misfs[0]->SendResponse(message.transaction, PreregXferResponse(), SendOptions());
        });
        const auto request = [&](size_t by) {
            const auto error = net.misfs[by]->SendRequest(
                Lan::Id(0),
                PreregXferRequest(),
                SendOptions(),
                [&](const TransactionResult& result) { successes += result.message != nullptr; });
            NS_TEST_EXPECT_MSG_EQ((error == SendError::NONE), true, "sent");
        };
        auto socket = Socket::CreateSocket(net.misfs[2]->GetObject<Node>(),
                                           TypeId::LookupByName("ns3::TcpSocketFactory"));
        At(Seconds(2), [&] { request(1); });
        At(Seconds(3), [&] {
            socket->Bind();
            socket->Connect(net.Where(2, 0).address);
        });
        At(Seconds(4), [&] {
            const Bytes noise(100, 0xff);
            socket->Send(Create<Packet>(noise.data(), noise.size()));
        });
        At(Seconds(5), [&] {
            NS_TEST_EXPECT_MSG_EQ(net.misfs[0]->GetDropCount(DropReason::MALFORMED), 1u, "noise");
            request(1);
            request(2);
        });
        Simulator::Stop(Seconds(10));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(successes, 3u, "all the true ones");
    }
};

/// Group messages.
class GroupTestCase : public TestCase
{
  public:
    GroupTestCase()
        : TestCase("A group request is repeated only for members who have not answered")
    {
    }

  private:
    static constexpr size_t MEMBERS = 3;

    /// Who is silent, or which answer is lost.
    struct Fault
    {
        size_t frameTo{0};    //!< first frame to this member is lost
        size_t answerFrom{0}; //!< first answer from this member is lost
        size_t silent{0};     //!< this member never answers
    };

    void Check(bool isMulticast, const Fault& fault, size_t again)
    {
        Lan lan(1 + MEMBERS);
        lan.group = MisfId("group");
        std::map<size_t, size_t> delivered;
        for (size_t i = 1; i <= MEMBERS; ++i)
        {
            lan.misfs[i]->SetHandler(
                NetGroupManipulateRequest::ID,
                [&, i](const ReceivedMessage& message) {
                    ++delivered[i];
                    if (i != fault.silent)
                    {
                        NetGroupManipulateResponse response;
                        response.group = lan.group;
                        lan.misfs[i]->SendResponse(message.transaction, response, SendOptions());
                    }
                },
                Misf::Destination::ANY);
        }
        size_t seen = 0;
        bool isFirstAnswer = true;
        lan.lose = [&](Ptr<const Packet> packet) {
            const Bytes octets = OctetsOf(packet);
            const auto frame = ParseFrame(octets);
            if (lan.receiver == 0)
            {
                return frame->source == Lan::Id(fault.answerFrom).View() &&
                       std::exchange(isFirstAnswer, false);
            }
            // Every device sees what is sent to another: the copies for the members come in order.
            return fault.frameTo != 0 && lan.receiver == fault.frameTo &&
                   ++seen == (isMulticast ? 1 : fault.frameTo);
        };
        std::vector<std::string> answered;
        std::vector<Time> failed;
        At(Seconds(1), [&] {
            NetGroupManipulateRequest request;
            request.group = lan.group;
            Bytes body;
            Writer writer(body);
            EncodeBody(request, writer);
            const auto header =
                MakeHeader(NetGroupManipulateRequest::ID, *lan.misfs[0]->NewGroupTid());
            std::vector<GroupTarget> targets;
            for (size_t i = 1; i <= MEMBERS; ++i)
            {
                targets.push_back(
                    {isMulticast ? PeerAddress::L2(MisGroupMac(), lan.devices[0]) : lan.Where(0, i),
                     Lan::Id(i)});
            }
            lan.misfs[0]->SendToGroup(
                PlainFrame(header, Lan::Id(0), lan.group, body),
                targets,
                [&](const TransactionResult& result) {
                    if (result.message)
                    {
                        answered.push_back(result.message->source.Get());
                    }
                    else
                    {
                        failed.push_back(Simulator::Now());
                        NS_TEST_EXPECT_MSG_EQ(
                            (result.failure == TransactionFailure::NO_ACKNOWLEDGEMENT),
                            true,
                            "reason");
                    }
                });
            NS_TEST_EXPECT_MSG_EQ(lan.misfs[0]->GetLiveTransactions(), 1u, "live");
            // The identifier is taken with each member.
            size_t sent = 0;
            lan.misfs[1]->SetHandler(PreregXferRequest::ID, [](const ReceivedMessage&) {});
            SendOptions elsewhere;
            elsewhere.via = lan.Where(0, MEMBERS + 1);
            while (lan.Request(0, 1, elsewhere) == SendError::NONE && sent < 5000)
            {
                NS_TEST_EXPECT_MSG_NE(lan.sent.back().header.tid, header.tid, "unique");
                ++sent;
            }
            NS_TEST_EXPECT_MSG_EQ(sent, 4094u, "all others");
        });
        Simulator::Stop(Seconds(30));
        Simulator::Run();
        std::sort(answered.begin(), answered.end());
        std::vector<std::string> expected;
        for (size_t i = 1; i <= MEMBERS; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(delivered[i], 1u, "delivered once to " << i);
            if (i != fault.silent)
            {
                expected.push_back(Lan::Id(i).Get());
            }
        }
        NS_TEST_EXPECT_MSG_EQ((answered == expected), true, "answers, one each");
        NS_TEST_EXPECT_MSG_EQ(failed.size(), (fault.silent != 0 ? 1u : 0u), "failure told once");
        if (!failed.empty())
        {
            NS_TEST_EXPECT_MSG_EQ(failed[0], Seconds(2.5), "after the last interval");
        }
        std::vector<SentFrame> frames;
        for (const auto& frame : lan.SentBy(0))
        {
            if (frame.header.mid == NetGroupManipulateRequest::ID)
            {
                frames.push_back(frame);
            }
        }
        const size_t first = isMulticast ? 1 : MEMBERS;
        NS_TEST_ASSERT_MSG_EQ(frames.size(), first + again, "frames sent");
        const size_t missing = fault.frameTo + fault.answerFrom + fault.silent;
        for (size_t i = 0; i < frames.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(ToHex(frames[i].octets), ToHex(frames[0].octets), "same");
            NS_TEST_EXPECT_MSG_EQ(frames[i].header.ackReq, false, "no acknowledgement");
            if (i >= first)
            {
                NS_TEST_EXPECT_MSG_EQ(frames[i].time,
                                      Seconds(1) +
                                          MilliSeconds(500) * static_cast<int64_t>(i - first + 1),
                                      "interval");
                NS_TEST_EXPECT_MSG_EQ((isMulticast || frames[i].to == lan.Where(0, missing)),
                                      true,
                                      "only to whom it is missing from");
            }
        }
        NS_TEST_EXPECT_MSG_EQ(lan.misfs[0]->GetLiveTransactions(), 0u, "has ended");
    }

    void DoRun() override
    {
        for (const bool isMulticast : {true, false})
        {
            Check(isMulticast, {}, 0);
            for (size_t i = 1; i <= MEMBERS; ++i)
            {
                Fault fault;
                fault.frameTo = i;
                Check(isMulticast, fault, 1);
                fault = Fault();
                fault.answerFrom = i;
                Check(isMulticast, fault, 1);
                fault = Fault();
                fault.silent = i;
                Check(isMulticast, fault, 2);
            }
        }
    }
};

/// Group messages to addresses that many listen to.
class MulticastTestCase : public TestCase
{
  public:
    MulticastTestCase(Path path, const std::string& name)
        : TestCase("One multicast frame reaches all members over " + name),
          m_path(path)
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t STATIONS = 5;
        AccessNetwork net(STATIONS, m_path);
        const MisfId group("group");
        PeerAddress to = PeerAddress::L2(MisGroupMac(), net.devices.Get(0));
        if (m_path == Path::UDP4)
        {
            const Ipv4Address multicast("239.1.2.3");
            to = PeerAddress::Udp(multicast, PORT);
            Ipv4StaticRoutingHelper().SetDefaultMulticastRoute(net.misfs[0]->GetObject<Node>(),
                                                               net.devices.Get(0));
        }
        NS_TEST_EXPECT_MSG_EQ(to.IsMulticast(), true, "a group address");
        size_t requests = 0;
        size_t indications = 0;
        std::vector<GroupTarget> targets;
        for (uint32_t i = 1; i <= STATIONS; ++i)
        {
            targets.push_back({to, Lan::Id(i)});
            net.misfs[i]->SetHandler(
                NetGroupManipulateRequest::ID,
                [&net, &requests, i, group](const ReceivedMessage& message) {
                    ++requests;
                    NetGroupManipulateResponse response;
                    response.group = group;
                    net.misfs[i]->SendResponse(message.transaction, response, SendOptions());
                },
                Misf::Destination::ANY);
            net.misfs[i]->SetHandler(
                NetGroupManipulateIndication::ID,
                [&indications](const ReceivedMessage&) { ++indications; },
                Misf::Destination::ANY);
        }
        std::map<std::string, size_t> answers;
        const auto send = [&](auto message, TransactionDone done) {
            message.group = group;
            Bytes body;
            Writer writer(body);
            EncodeBody(message, writer);
            net.misfs[0]->SendToGroup(
                PlainFrame(MakeHeader(decltype(message)::ID, *net.misfs[0]->NewGroupTid()),
                           Lan::Id(0),
                           group,
                           body),
                targets,
                std::move(done));
        };
        At(Seconds(3), [&] {
            send(NetGroupManipulateRequest(), [&](const TransactionResult& result) {
                NS_TEST_ASSERT_MSG_EQ((result.message != nullptr), true, "an answer");
                ++answers[result.message->source.Get()];
            });
        });
        At(Seconds(4), [&] { send(NetGroupManipulateIndication(), nullptr); });
        Simulator::Stop(Seconds(20));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(requests, STATIONS, "the request reaches all");
        NS_TEST_EXPECT_MSG_EQ(indications, STATIONS, "the indication reaches all");
        NS_TEST_EXPECT_MSG_EQ(answers.size(), STATIONS, "all answer");
        NS_TEST_EXPECT_MSG_EQ(net.SentBy(0).size(), 2u, "one frame each");
        NS_TEST_EXPECT_MSG_EQ(net.misfs[0]->GetLiveTransactions(), 0u, "has ended");
    }

    Path m_path;
};

/// All tests of transports.
class MisTransportTestSuite : public TestSuite
{
  public:
    MisTransportTestSuite()
        : TestSuite("mis-transport", TestSuite::Type::UNIT)
    {
        AddTestCase(new PathTestCase(Path::UDP4, "UDP and IPv4"));
        AddTestCase(new PathTestCase(Path::UDP6, "UDP and IPv6"));
        AddTestCase(new PathTestCase(Path::TCP4, "TCP and IPv4"));
        AddTestCase(new PathTestCase(Path::TCP6, "TCP and IPv6"));
        AddTestCase(new PathTestCase(Path::L2, "EtherType 0x8917"));
        AddTestCase(new PathMtuTestCase);
        AddTestCase(new StreamTestCase);
        AddTestCase(new GroupTestCase);
        AddTestCase(new MulticastTestCase(Path::UDP4, "UDP and IPv4"));
        AddTestCase(new MulticastTestCase(Path::L2, "EtherType 0x8917"));
    }
};

MisTransportTestSuite g_misTransportTestSuite;

} // namespace
