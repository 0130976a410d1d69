// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Exchanges of IKEv2 between two ends over a network that loses nothing: runs with their sizes,
 * failures, IKE_SA_INIT begun anew, and repetition.
 */
#include "mis-ikev2-test-helpers.h"

#include "ns3/test.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::ikev2;
using namespace ns3::mis::test;

namespace
{

/// Sizes of the payloads of the runs here.
namespace size
{
constexpr size_t PSK_AUTH = 40;
constexpr size_t CERTREQ = 25;
constexpr size_t HASHES = 10;
} // namespace size

/// All exchanges without loss, with their sizes.
class RunTestCase : public TestCase
{
  public:
    explicit RunTestCase(Variant variant)
        : TestCase("all exchanges with " + variant.name + ": the same SAs at both ends"),
          m_variant(std::move(variant))
    {
    }

  private:
    void Sent(IkeNetwork& network, std::vector<size_t> sizes, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(network.sent.size() - m_seen, sizes.size(), what);
        for (size_t i = 0; i < sizes.size() && m_seen + i < network.sent.size(); ++i)
        {
            const size_t actual = network.sent[m_seen + i].octets.size();
            // The DER of a signature varies.
            const size_t slack = sizes[i] > 500 && m_variant.announcesHashes ? 4 : 0;
            NS_TEST_EXPECT_MSG_EQ_TOL(actual, sizes[i], slack, what << ", message " << i);
        }
        m_seen = network.sent.size();
        NS_TEST_EXPECT_MSG_EQ(network.ends[0].drops.size() + network.ends[1].drops.size(),
                              0,
                              what << ": none is ignored");
    }

    void DoRun() override
    {
        for (const auto backend : {CryptoBackend::OPENSSL, CryptoBackend::COUNTING})
        {
            m_seen = 0;
            Check(backend);
        }
    }

    void Check(CryptoBackend backend)
    {
        IkeNetwork network;
        Configure(network, m_variant);
        network.Make(backend);
        network.Initiate(0);
        network.Run();
        NS_TEST_ASSERT_MSG_EQ(network.WhyNotUp(), "", "up");
        NS_TEST_EXPECT_MSG_EQ(network.nowNs, 40 * MS, "after two round trips");
        const size_t ke = m_variant.group == GROUP_P256 ? 72 : 40;
        const size_t init = HEADER_SIZE + 40 + ke + 36;
        // The captured request has 24 octets of notifications that are not sent here.
        size_t request = 257 - 24;
        size_t response = 203;
        size_t requestExtra = 0;
        size_t responseExtra = 0;
        if (m_variant.hasCertificates)
        {
            const size_t certs[2] = {
                5 + network.ends[0].configuration.credential->GetCertificate().Der().size(),
                5 + network.ends[1].configuration.credential->GetCertificate().Der().size()};
            const size_t auth = m_variant.announcesHashes ? 92 : 72;
            requestExtra = m_variant.announcesHashes ? size::HASHES : 0;
            responseExtra = requestExtra + size::CERTREQ;
            request += certs[0] + size::CERTREQ + auth - size::PSK_AUTH;
            response += certs[1] + auth - size::PSK_AUTH;
        }
        Sent(network, {init + requestExtra, init + responseExtra, request, response}, "set-up");
        for (auto& end : network.ends)
        {
            NS_TEST_ASSERT_MSG_EQ(end.events.size(), 2, "two events");
            NS_TEST_EXPECT_MSG_EQ((end.events[0].kind == Ikev2Event::Kind::IKE_SA_UP),
                                  true,
                                  "IKE SA");
            NS_TEST_EXPECT_MSG_EQ((end.events[1].kind == Ikev2Event::Kind::CHILD_SA_UP),
                                  true,
                                  "Child SA");
            const auto other = end.name == SPOS ? TPOS : SPOS;
            NS_TEST_EXPECT_MSG_EQ(end.events[0].peerName, other, "name of the peer");
            NS_TEST_EXPECT_MSG_EQ(end.events[0].isInitiator, (end.name == SPOS), "roles");
            Operations(end);
        }
        const auto first = network.At(0).Children(TPOS)[0];
        Pass(network);
        network.Probe(1);
        network.Run();
        Sent(network, {57, 57}, "liveness");
        network.RekeyChild(0);
        network.Run();
        Sent(network, {189, 177, 69, 69}, "rekey of the Child SA");
        NS_TEST_ASSERT_MSG_EQ(network.WhyNotUp(), "", "rekeyed");
        NS_TEST_EXPECT_MSG_NE(network.At(0).Children(TPOS)[0].spiIn, first.spiIn, "another");
        network.RekeyChild(1);
        network.Run();
        Sent(network, {189, 177, 69, 69}, "rekey of the Child SA by the responder");
        NS_TEST_ASSERT_MSG_EQ(network.WhyNotUp(), "", "rekeyed");
        const auto child = network.At(0).Children(TPOS)[0];
        for (const size_t end : {1, 0, 1})
        {
            network.Rekey(end);
            network.Run();
            const size_t rekey = 57 + 48 + 36 + ke;
            Sent(network, {rekey, rekey, 65, 57}, "rekey of the IKE SA");
            NS_TEST_ASSERT_MSG_EQ(network.WhyNotUp(), "", "rekeyed");
            NS_TEST_EXPECT_MSG_EQ(network.At(0).Children(TPOS)[0].spiIn, child.spiIn, "the same");
            network.Probe(end);
            network.Run();
            Sent(network, {57, 57}, "under the new keys");
        }
        network.RekeyChild(1);
        network.Run();
        Sent(network, {189, 177, 69, 69}, "rekey of the Child SA under the new keys");
        NS_TEST_ASSERT_MSG_EQ(network.WhyNotUp(), "", "rekeyed");
        Pass(network);
        network.DeleteChild(1);
        network.Run();
        Sent(network, {69, 69}, "deletion of the Child SA");
        network.Delete(0);
        network.Run();
        Sent(network, {65, 57}, "deletion of the IKE SA");
        for (size_t end = 0; end < 2; ++end)
        {
            const auto& e = network.ends[end];
            NS_TEST_EXPECT_MSG_EQ(network.At(end).CountStates(), 0, "nothing is kept");
            NS_TEST_EXPECT_MSG_EQ(e.Count(Ikev2Event::Kind::IKE_SA_REKEYED), 3, "events");
            NS_TEST_EXPECT_MSG_EQ(e.Count(Ikev2Event::Kind::CHILD_SA_REKEYED), 3, "events");
            NS_TEST_EXPECT_MSG_EQ(e.Count(Ikev2Event::Kind::CHILD_SA_DOWN), 4, "events");
            NS_TEST_EXPECT_MSG_EQ(e.Count(Ikev2Event::Kind::IKE_SA_DOWN), 1, "events");
            NS_TEST_EXPECT_MSG_EQ(e.Outcome(), "deleted", "outcome");
            NS_TEST_EXPECT_MSG_EQ(e.ikeKeyLog.size(), 4, "logged");
            NS_TEST_EXPECT_MSG_EQ(e.childKeyLog.size(), 8, "logged");
        }
    }

    /// The costs of the set-up.
    void Operations(const IkeEnd& end)
    {
        const auto& counter = end.node->ctx.Counter();
        const bool isP256 = m_variant.group == GROUP_P256;
        const auto calls = [&counter](CryptoOperation o) { return counter.Calls(o); };
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::P256_DERIVE), isP256, "P256_DERIVE");
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::ECDSA_KEYGEN), isP256, "ECDSA_KEYGEN");
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::X25519_DERIVE), !isP256, "X25519_DERIVE");
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::X25519_KEYGEN), !isP256, "X25519_KEYGEN");
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::AES_GCM), 2, "AES_GCM");
        const bool isSigned = m_variant.hasCertificates;
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::ECDSA_SIGN), isSigned, "ECDSA_SIGN");
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::ECDSA_VERIFY),
                              2 * isSigned,
                              "ECDSA_VERIFY: certificate and AUTH");
        // 1 SKEYSEED, 5 keys, 2 KEYMAT, for each AUTH 1 and with a pre-shared key 2 more.
        const uint64_t hmacs = isSigned ? 10 : 14;
        NS_TEST_EXPECT_MSG_EQ(calls(CryptoOperation::HMAC_SHA256), hmacs, "HMAC_SHA256");
    }

    /// Packets pass in both directions.
    void Pass(IkeNetwork& network)
    {
        const auto a = network.At(0).Children(TPOS)[0];
        const auto b = network.At(1).Children(SPOS)[0];
        const Bytes packet = Hex("4500001c0000000040110000"
                                 "0a010001"
                                 "0a020001"
                                 "0001000200080000");
        for (const auto& [from, to] : {std::make_pair(a, b), std::make_pair(b, a)})
        {
            EspSender sender(from.spiOut, from.keyOut);
            EspReceiver receiver(to.spiIn, to.keyIn);
            auto& ctx = network.ends[0].node->ctx;
            const auto sealed = sender.Encapsulate(ctx, packet);
            const auto opened = sealed ? receiver.Decapsulate(ctx, *sealed)
                                       : mis::Result<Bytes, EspError>(EspError::NOT_IP);
            NS_TEST_EXPECT_MSG_EQ((opened && *opened == packet), true, "a packet passes");
        }
    }

    Variant m_variant;
    size_t m_seen{0}; //!< datagrams looked at
};

/// Every failure has a name.
class FailureTestCase : public TestCase
{
  public:
    FailureTestCase()
        : TestCase("each failure has a named outcome at both ends")
    {
    }

  private:
    void Expect(const std::string& what,
                const std::function<void(IkeNetwork&)>& prepare,
                const std::string& initiator,
                const std::string& responder)
    {
        IkeNetwork network;
        prepare(network);
        network.Make();
        network.Initiate(0);
        network.Run();
        NS_TEST_EXPECT_MSG_EQ(network.ends[0].Outcome(), initiator, what << ", initiator");
        NS_TEST_EXPECT_MSG_EQ(network.ends[1].Outcome(), responder, what << ", responder");
        for (size_t end = 0; end < 2; ++end)
        {
            NS_TEST_EXPECT_MSG_EQ(network.At(end).CountStates(), 0, what << ": nothing is kept");
            NS_TEST_EXPECT_MSG_EQ(network.At(end).CountIkeSas(network.NameOf(1 - end)), 0, what);
        }
        if (!network.sent.empty() && responder != "" && initiator == "refused")
        {
            NS_TEST_EXPECT_MSG_EQ(network.sent.back().octets.size(), 65, what << ": notification");
        }
    }

    void DoRun() override
    {
        const auto other = SecretBytes(Ascending(0x40, 16));
        Expect(
            "other key",
            [&](auto& n) { n.ends[1].psks[SPOS] = other; },
            "refused",
            "psk-mismatch");
        Expect(
            "no key here",
            [](auto& n) { n.ends[0].psks.clear(); },
            "psk-unknown",
            "");
        Expect(
            "no key there",
            [](auto& n) { n.ends[1].psks.clear(); },
            "refused",
            "psk-unknown");
        Expect(
            "other responder",
            [](auto& n) { n.ends[1].claimed = "xpos.b.example"; },
            "psk-unknown",
            "refused");
        Expect(
            "other groups",
            [](auto& n) {
                n.ends[0].configuration.groups = {GROUP_X25519};
                n.ends[1].configuration.groups = {GROUP_P256};
            },
            "no-common-suite",
            "no-common-suite");
        for (const bool isResponder : {false, true})
        {
            const auto issue =
                [&](IkeNetwork& n, const std::string& name, int64_t end, bool isKnown) {
                    n.UseCertificates();
                    const auto ca = CertifiedKey::MakeAuthority(n.authority.ctx, "other CA");
                    auto& bad = n.ends[isResponder].configuration;
                    auto& judge = n.ends[!isResponder].configuration;
                    bad.credential = ca.Issue(n.authority.ctx, name, 9, -IKE_YEAR, end);
                    if (isKnown)
                    {
                        judge.anchors.push_back(ca.GetCertificate());
                    }
                };
            const auto& name = isResponder ? TPOS : SPOS;
            const auto expect = [&](const std::string& what,
                                    const std::string& bad,
                                    int64_t end,
                                    bool isKnown,
                                    const std::string& outcome) {
                Expect(
                    what,
                    [&](IkeNetwork& n) { issue(n, bad, end, isKnown); },
                    isResponder ? outcome : "refused",
                    isResponder ? "refused" : outcome);
            };
            expect("expired", name, -1, true, "cert-expired");
            expect("unknown authority", name, IKE_YEAR, false, "cert-unknown-ca");
            expect("other name", "x.example", IKE_YEAR, true, "cert-name-mismatch");
        }
        Expect(
            "certificate against key",
            [](auto& n) {
                n.UseCertificates();
                n.ends[0].configuration.credential.reset();
            },
            "refused",
            "refused");
        Expect(
            "silent peer",
            [](auto& n) { n.change = [](size_t, Bytes&) { return false; }; },
            "timeout",
            "");
        RefusedChild();
        Retransmissions();
    }

    /// The IKE SA stays without a Child SA.
    void RefusedChild()
    {
        IkeNetwork network;
        network.ends[1].configuration.remote = {Range("0a090001", "0a090001")};
        network.Make();
        network.Initiate(0);
        network.Run();
        for (size_t end = 0; end < 2; ++end)
        {
            NS_TEST_EXPECT_MSG_EQ(network.At(end).CountIkeSas(network.NameOf(1 - end)), 1, "up");
            NS_TEST_EXPECT_MSG_EQ(network.ends[end].Count(Ikev2Event::Kind::CHILD_SA_REFUSED),
                                  1,
                                  "without a Child SA");
        }
        // 14 octets of the captured notification have an SPI, which it does not need.
        NS_TEST_EXPECT_MSG_EQ(network.sent.back().octets.size(), 57 + 22 + 40 + 8, "size");
    }

    /// When requests are repeated.
    void Retransmissions()
    {
        IkeNetwork network;
        network.Make();
        network.change = [](size_t, Bytes&) { return false; };
        network.Initiate(0);
        network.Run();
        std::vector<int64_t> times;
        for (const auto& flight : network.sent)
        {
            times.push_back(flight.atNs / MS);
            NS_TEST_EXPECT_MSG_EQ((flight.octets == network.sent[0].octets), true, "same octets");
        }
        NS_TEST_EXPECT_MSG_EQ((times == std::vector<int64_t>{0, 500, 1500, 3500, 7500, 15500}),
                              true,
                              "times");
        NS_TEST_EXPECT_MSG_EQ(network.nowNs, 31500 * MS, "given up");
    }
};

/// COOKIE and INVALID_KE_PAYLOAD, apart and together.
class RestartTestCase : public TestCase
{
  public:
    RestartTestCase()
        : TestCase("cookies and other groups begin IKE_SA_INIT anew, unprotected errors do not")
    {
    }

  private:
    void Expect(const std::string& what,
                const std::function<void(IkeNetwork&)>& prepare,
                std::vector<size_t> sizes)
    {
        IkeNetwork network;
        prepare(network);
        network.Make();
        network.Initiate(0);
        network.Run();
        NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", what);
        NS_TEST_EXPECT_MSG_EQ(network.sent.size(), sizes.size() + 2, what);
        for (size_t i = 0; i < sizes.size() && i < network.sent.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(network.sent[i].octets.size(), sizes[i], what << ", " << i);
        }
        // The messages that count are those that were repeated.
        for (size_t lost = 0; lost < sizes.size() + 2; ++lost)
        {
            IkeNetwork lossy;
            prepare(lossy);
            lossy.change = [lost](size_t number, Bytes&) { return number != lost; };
            lossy.Make();
            lossy.Initiate(0);
            lossy.Run();
            NS_TEST_EXPECT_MSG_EQ(lossy.WhyNotUp(), "", what << ", without message " << lost);
        }
    }

    static void OtherGroup(IkeNetwork& network)
    {
        network.ends[0].configuration.groups = {GROUP_P256, GROUP_X25519};
        network.ends[1].configuration.groups = {GROUP_X25519};
    }

    static void Cookie(IkeNetwork& network)
    {
        network.ends[1].configuration.cookieThreshold = 0;
    }

    void DoRun() override
    {
        Expect("cookie", Cookie, {152, 60, 184, 144});
        Expect("other group", OtherGroup, {184, 38, 152, 144});
        Expect("second choice that is acceptable",
               [](auto& n) {
                   n.ends[0].configuration.groups = {GROUP_P256, GROUP_X25519};
                   n.ends[1].configuration.groups = {GROUP_X25519, GROUP_P256};
               },
               {184, 176});
        Expect("both",
               [](auto& n) {
                   Cookie(n);
                   OtherGroup(n);
               },
               {184, 60, 216, 38, 184, 144});
        Threshold();
        Forged();
    }

    /// Cookies are asked for above a number of half-open SAs, and keep no state.
    void Threshold()
    {
        IkeNetwork network;
        network.ends[1].configuration.cookieThreshold = 3;
        network.Make();
        network.change = [](size_t, Bytes&) { return false; };
        Computer other(CryptoBackend::OPENSSL, 7);
        for (int i = 0; i < 10; ++i)
        {
            Ikev2Configuration configuration = network.ends[0].configuration;
            Ikev2Endpoint initiator(other.ctx, configuration);
            const auto out = initiator.Initiate(0, TPOS, {1});
            const auto answer = network.At(1).Receive(0, {9}, out.datagrams.at(0).octets);
            NS_TEST_ASSERT_MSG_EQ(answer.datagrams.size(), 1, "answered");
            const size_t expected = i < 3 ? 144 : 60;
            NS_TEST_EXPECT_MSG_EQ(answer.datagrams[0].octets.size(), expected, "attempt " << i);
            const size_t states = std::min(i + 1, 3) + (i > 3);
            NS_TEST_EXPECT_MSG_EQ(network.At(1).CountStates(), states, "state");
            if (i >= 3)
            {
                // A cookie is of an address, a nonce, an SPI and a time.
                const auto again = initiator.Receive(0, {1}, answer.datagrams[0].octets);
                NS_TEST_ASSERT_MSG_EQ(again.datagrams.size(), 1, "with the cookie");
                const Bytes& request = again.datagrams[0].octets;
                NS_TEST_EXPECT_MSG_EQ(
                    network.At(1).Receive(0, {8}, request).datagrams.at(0).octets.size(),
                    60,
                    "from elsewhere");
                const int64_t laterNs = i < 9 ? 0 : 200 * SECOND;
                const size_t answerSize = i < 9 ? 144 : 60;
                if (i == 3 || i == 9)
                {
                    NS_TEST_EXPECT_MSG_EQ(
                        network.At(1).Receive(laterNs, {9}, request).datagrams.at(0).octets.size(),
                        answerSize,
                        "in time, and much later");
                }
            }
        }
    }

    /// Errors that anyone can send do not end an attempt.
    void Forged()
    {
        for (const uint16_t type : {4, 7, 14, 17, 24, 43, 9999})
        {
            IkeNetwork network;
            network.Make();
            network.Initiate(0);
            ikev2::Header header = Decode(network.sent[0].octets)->header;
            header.flags = FLAG_RESPONSE;
            const auto forged = Encode(header, {Notify(static_cast<NotifyType>(type), {0, 19})});
            // It arrives before the answer.
            const auto out = network.At(0).Receive(0, IkeNetwork::AddressOf(1), forged);
            const bool isGroup = type == 17;
            NS_TEST_EXPECT_MSG_EQ(out.datagrams.size(), isGroup, "forged " << type);
            NS_TEST_EXPECT_MSG_EQ(out.events.size(), 0, "forged " << type);
            network.Take(0, out);
            network.Run();
            NS_TEST_EXPECT_MSG_EQ(network.WhyNotUp(), "", "forged " << type);
        }
    }

    static Payload Notify(NotifyType type, Bytes data)
    {
        NotifyPayload body;
        body.type = type;
        body.data = std::move(data);
        return {PayloadType::NOTIFY, body};
    }
};

/// The same streams give the same octets.
class RepeatTestCase : public TestCase
{
  public:
    RepeatTestCase()
        : TestCase("equal seeds give equal octets and counts, other seeds do not")
    {
    }

  private:
    struct Trace
    {
        std::vector<Bytes> datagrams;
        OperationCounter counts[2];
    };

    static Trace Record(const Variant& variant, uint64_t seed, CryptoBackend backend)
    {
        IkeNetwork network(seed);
        Configure(network, variant);
        network.Make(backend);
        RunAll(network);
        Trace trace;
        for (const auto& flight : network.sent)
        {
            trace.datagrams.push_back(flight.octets);
        }
        for (size_t end = 0; end < 2; ++end)
        {
            trace.counts[end] = network.ends[end].node->ctx.Counter();
        }
        return trace;
    }

    void DoRun() override
    {
        for (const auto& variant : VARIANTS)
        {
            const auto a = Record(variant, 1, CryptoBackend::OPENSSL);
            const auto b = Record(variant, 1, CryptoBackend::OPENSSL);
            const auto c = Record(variant, 1, CryptoBackend::COUNTING);
            const auto d = Record(variant, 2, CryptoBackend::OPENSSL);
            NS_TEST_EXPECT_MSG_EQ((a.datagrams == b.datagrams), true, variant.name);
            NS_TEST_EXPECT_MSG_EQ((a.datagrams == c.datagrams), true, variant.name);
            NS_TEST_EXPECT_MSG_EQ((a.datagrams == d.datagrams), false, variant.name);
            for (size_t end = 0; end < 2; ++end)
            {
                NS_TEST_EXPECT_MSG_EQ((a.counts[end] == b.counts[end]), true, variant.name);
                NS_TEST_EXPECT_MSG_EQ((a.counts[end] == c.counts[end]), true, variant.name);
            }
        }
    }
};

/// Exchanges of IKEv2.
class Ikev2TestSuite : public TestSuite
{
  public:
    Ikev2TestSuite()
        : TestSuite("mis-ikev2", TestSuite::Type::UNIT)
    {
        for (const auto& variant : VARIANTS)
        {
            AddTestCase(new RunTestCase(variant));
        }
        AddTestCase(new FailureTestCase);
        AddTestCase(new RestartTestCase);
        AddTestCase(new RepeatTestCase);
    }
};

Ikev2TestSuite g_ikev2TestSuite; //!< the instance

} // namespace
