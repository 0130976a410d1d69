// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of EAP-TLS: packets, fragments, keys, and its way through RADIUS.
 */
#include "mis-eap-tls-test-helpers.h"

#include "ns3/mis-mac.h"
#include "ns3/mis-radius-message.h"
#include "ns3/test.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;
using namespace ns3::mis::test::tls;

namespace
{

// ---------------------------------------------------------------------------------------------
// Keys by an independent way
// ---------------------------------------------------------------------------------------------

/** @brief The PRF of TLS 1.2 (RFC 5246, section 5). */
Bytes
Prf(ByteView secret, const std::string& label, ByteView seed, std::size_t octets)
{
    Computer c;
    Bytes labelled(label.begin(), label.end());
    Writer(labelled).Octets(seed);
    Bytes a = labelled;
    Bytes out;
    while (out.size() < octets)
    {
        const auto next = HmacSha256(c.ctx, secret, {a});
        a.assign(next.begin(), next.end());
        Writer(out).Octets(HmacSha256(c.ctx, secret, {a, labelled}));
    }
    out.resize(octets);
    return out;
}

/** @brief HKDF-Expand-Label of TLS 1.3 (RFC 8446, section 7.1). */
Bytes
ExpandLabel(ByteView secret, const std::string& label, ByteView context, std::size_t octets)
{
    Computer c;
    Bytes info;
    Writer writer(info);
    const std::string full = "tls13 " + label;
    writer.U16(static_cast<uint16_t>(octets));
    writer.U8(static_cast<uint8_t>(full.size()));
    writer.Octets(ByteView::FromText(full));
    writer.U8(static_cast<uint8_t>(context.size()));
    writer.Octets(context);
    Bytes block;
    Bytes out;
    for (uint8_t i = 1; out.size() < octets; ++i)
    {
        const auto next = HmacSha256(c.ctx, secret, {block, info, ByteView(&i, 1)});
        block.assign(next.begin(), next.end());
        Writer(out).Octets(block);
    }
    out.resize(octets);
    return out;
}

/** @brief The exporter of TLS 1.3 for EAP-TLS. */
Bytes
Exporter(ByteView exporterSecret, const std::string& label, std::size_t octets)
{
    Computer c;
    const Bytes context{13};
    return ExpandLabel(ExpandLabel(exporterSecret, label, Sha256(c.ctx, {Bytes()}), 32),
                       "exporter",
                       Sha256(c.ctx, {context}),
                       octets);
}

/** @brief A line of the key log. */
Bytes
Logged(const std::vector<std::string>& log, const std::string& name, std::size_t word)
{
    for (const std::string& line : log)
    {
        const auto words = Split(line, ' ');
        if (words.size() == 3 && words[0] == name)
        {
            return Hex(words[word]);
        }
    }
    return {};
}

/** @brief Keys. */
class EapTlsKeyTestCase : public TestCase
{
  public:
    EapTlsKeyTestCase()
        : TestCase("EAP-TLS exports the keys of RFC 5216 and RFC 9190, by an independent way")
    {
    }

  private:
    void DoRun() override
    {
        // The independent way gives the keys of a run between programs in use.
        const Bytes old = Prf(
            Hex("df079b4e8e30c7a7f726fb82e07e0919baf1c54d8676763b472f8d5646593d812b08da512c2eb07a"
                "3b4ed90a8d85f8d0"),
            "client EAP encryption",
            Hex("0ed5f91326235d9534a839fa744888c396357be266fa353e335672baf255b28d"
                "5256dbe368cc1f50080747cf2a4f6f33e6beb6b792e62f454767c2bae6847410"),
            128);
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(old),
            "b5847eff43aeb8ee7853bf53655987ca7f8178fde52b6b864c3ba3db9c017b6079831d768c88d30a1ef7aa"
            "7122"
            "1eaa177a95273775ecb4727ce6953acd53551c466122ce9365fd38fec95d97fcf666e88c574f01a04f3c98"
            "e8e1"
            "0a50685058cbe9a9cff637c8a1951061b8bd1b4bf7a1527cf1fa46eb22b3f5922d6b66d923ea",
            "TLS 1.2");
        const Bytes secret =
            Hex("58171f7ee35fc143ab04991c70e57b71d7b963f63083f89231ad52fcea65bf65");
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(Exporter(secret, "EXPORTER_EAP_TLS_Key_Material", 128)),
            "88544b63a20f0a0695ff5624e9d29ed5472f52adf573501ee947c847d54f7bb47d2c6000ce4fa251b188cc"
            "2493"
            "7696de11e123655af061fd1a7131532918441a513a68a51aaab8d8c2660eb1ed380f9e83fe5ebfea7a094b"
            "15a5"
            "9bc4171b850e93169de1a2ca49eb654b6b8d1f559274bf5aacc2a0550798dc290e62b187e4eb",
            "TLS 1.3");
        NS_TEST_EXPECT_MSG_EQ(ToHex(Exporter(secret, "EXPORTER_EAP_TLS_Method-Id", 64)),
                              "5bab83829a704d29439aa1abd1fbbc72c5755473d63eeef837e4aa4bd1254fce046a"
                              "d9605cdd06ca33d1e6b8ac"
                              "c46a74b7ba7e650d50deac7525ba7d03aa2e53",
                              "Method-Id");

        // And those of ours, from the key log.
        for (const TlsVersion version : VERSIONS)
        {
            TlsSetup setup(version);
            setup.Run();
            NS_TEST_ASSERT_MSG_EQ(setup.BothSucceeded(), true, NameOf(version));
            if (!setup.BothSucceeded())
            {
                return;
            }
            Bytes material;
            Bytes sessionId{13};
            if (version == TlsVersion::TLS_1_2)
            {
                // The randoms are at the same place in both Hellos: record 5, handshake 4,
                // version 2.
                const Bytes master = Logged(setup.keyLog, "CLIENT_RANDOM", 2);
                Bytes randoms;
                for (const std::size_t i : {3U, 4U})
                {
                    Writer(randoms).Octets(TlsOf(setup.wire.sent[i].octets).data.Sub(11, 32));
                }
                material = Prf(master, "client EAP encryption", randoms, 128);
                Writer(sessionId).Octets(randoms);
            }
            else
            {
                const Bytes exporter = Logged(setup.keyLog, "EXPORTER_SECRET", 2);
                material = Exporter(exporter, "EXPORTER_EAP_TLS_Key_Material", 128);
                Writer(sessionId).Octets(Exporter(exporter, "EXPORTER_EAP_TLS_Method-Id", 64));
            }
            NS_TEST_EXPECT_MSG_EQ(sessionId.size(), 65U, NameOf(version));
            for (const EapExported* exported : {&setup.aaa->Exported(), &setup.mn->Exported()})
            {
                NS_TEST_EXPECT_MSG_EQ(ToHex(exported->msk),
                                      ToHex(ByteView(material).Sub(0, 64)),
                                      NameOf(version) << ": MSK");
                NS_TEST_EXPECT_MSG_EQ(ToHex(exported->emsk),
                                      ToHex(ByteView(material).Sub(64)),
                                      NameOf(version) << ": EMSK");
                NS_TEST_EXPECT_MSG_EQ(ToHex(exported->sessionId),
                                      ToHex(sessionId),
                                      NameOf(version) << ": Session-Id");
                NS_TEST_EXPECT_MSG_EQ(exported->peerId, MN, NameOf(version));
                NS_TEST_EXPECT_MSG_EQ(exported->serverId, AAA, NameOf(version));
            }
        }
    }
};

/** @brief Packets of a good run. */
class EapTlsPacketTestCase : public TestCase
{
  public:
    EapTlsPacketTestCase()
        : TestCase("EAP-TLS packets have the records and sizes of implementations in use")
    {
    }

  private:
    void DoRun() override
    {
        for (const TlsVersion version : VERSIONS)
        {
            TlsSetup setup(version);
            setup.Run();
            const std::string name = NameOf(version);
            NS_TEST_EXPECT_MSG_EQ(setup.BothSucceeded(), true, name);
            const auto& sent = setup.wire.sent;
            NS_TEST_ASSERT_MSG_EQ(sent.size(), 9U, name << ": 4 round trips after Identity");
            if (sent.size() != 9)
            {
                return;
            }
            const bool isNew = version == TlsVersion::TLS_1_3;
            const std::size_t certificate = setup.server.credential->GetCertificate().Der().size();
            NS_TEST_EXPECT_MSG_EQ(sent[1].octets.size(), 18U, name << ": Identity");
            NS_TEST_EXPECT_MSG_EQ(ToHex(sent[2].octets), "010100060d20", name << ": Start");
            NS_TEST_EXPECT_MSG_EQ(sent[6].octets.size(),
                                  (isNew ? 29U : 57U),
                                  name << ": last flight of the server");
            NS_TEST_EXPECT_MSG_EQ(ToHex(sent[7].octets), "020300060d00", name << ": empty");
            NS_TEST_EXPECT_MSG_EQ(ToHex(sent[8].octets), "03030004", name << ": Success");
            const auto flight = RecordsOf(TlsOf(sent[4].octets).data);
            const auto answer = RecordsOf(TlsOf(sent[5].octets).data);
            const auto last = RecordsOf(TlsOf(sent[6].octets).data);
            for (std::size_t i = 2; i < 8; ++i)
            {
                NS_TEST_EXPECT_MSG_EQ(+(TlsOf(sent[i].octets).flags & ~eaptlsflag::START),
                                      0,
                                      name << ": no flags, no length");
            }
            if (isNew)
            {
                NS_TEST_ASSERT_MSG_EQ(flight.size(), 6U, name);
                NS_TEST_ASSERT_MSG_EQ(answer.size(), 3U, name);
                if (flight.size() != 6 || answer.size() != 3)
                {
                    return;
                }
                NS_TEST_EXPECT_MSG_EQ(flight[0], 90U, name << ": ServerHello");
                NS_TEST_EXPECT_MSG_EQ(flight[1], 23U, name << ": EncryptedExtensions");
                // Header 4, context 1, list 3, length 3, extensions 2, type 1, tag 16.
                NS_TEST_EXPECT_MSG_EQ(flight[3], certificate + 30, name << ": Certificate");
                NS_TEST_EXPECT_MSG_EQ_TOL(flight[4] + 0.0, 94.0, 2.0, name << ": Verify");
                NS_TEST_EXPECT_MSG_EQ(flight[5], 53U, name << ": Finished");
                NS_TEST_EXPECT_MSG_EQ_TOL(answer[1] + 0.0, 94.0, 2.0, name << ": Verify");
                NS_TEST_EXPECT_MSG_EQ(answer[2], 53U, name << ": Finished");
                NS_TEST_EXPECT_MSG_EQ((last == std::vector<std::size_t>{18}),
                                      true,
                                      name << ": commitment");
            }
            else
            {
                NS_TEST_ASSERT_MSG_EQ(flight.size(), 5U, name);
                NS_TEST_ASSERT_MSG_EQ(answer.size(), 5U, name);
                if (flight.size() != 5 || answer.size() != 5)
                {
                    return;
                }
                NS_TEST_EXPECT_MSG_EQ(flight[1], certificate + 10, name << ": Certificate");
                NS_TEST_EXPECT_MSG_EQ_TOL(flight[2] + 0.0, 114.0, 2.0, name << ": KeyExchange");
                NS_TEST_EXPECT_MSG_EQ(flight[4], 4U, name << ": ServerHelloDone");
                NS_TEST_EXPECT_MSG_EQ(answer[1], 37U, name << ": ClientKeyExchange");
                NS_TEST_EXPECT_MSG_EQ_TOL(answer[2] + 0.0, 79.0, 2.0, name << ": Verify");
                NS_TEST_EXPECT_MSG_EQ(answer[3], 1U, name << ": ChangeCipherSpec");
                NS_TEST_EXPECT_MSG_EQ(answer[4], 40U, name << ": Finished");
                NS_TEST_EXPECT_MSG_EQ((last == std::vector<std::size_t>{1, 40}),
                                      true,
                                      name << ": last flight");
            }
        }
    }
};

/** @brief Fragments. */
class EapTlsFragmentTestCase : public TestCase
{
  public:
    EapTlsFragmentTestCase()
        : TestCase("EAP-TLS flights are cut into fragments of the size set, and put together")
    {
    }

  private:
    void DoRun() override
    {
        // As measured of 1150 octets of packet in fragments of 300.
        EapTlsFragments cutter(300);
        std::vector<std::size_t> sizes{EAP_TYPE_DATA_OFFSET + cutter.Send(Bytes(1144)).size()};
        while (cutter.IsSending())
        {
            sizes.push_back(EAP_TYPE_DATA_OFFSET + cutter.Next().size());
        }
        NS_TEST_EXPECT_MSG_EQ((sizes == std::vector<std::size_t>{310, 306, 306, 250}), true, "300");

        for (const TlsVersion version : VERSIONS)
        {
            TlsSetup whole(version);
            whole.Run();
            for (const std::size_t size : {1U, 16U, 64U, 100U, 300U, 512U})
            {
                TlsSetup setup(version);
                setup.peerEap.fragmentSize = size;
                setup.aaaEap.fragmentSize = size;
                setup.Run();
                const std::string name = NameOf(version) + " in " + std::to_string(size);
                NS_TEST_EXPECT_MSG_EQ(setup.wire.repeats, 0U, name);
                if (size == 1)
                {
                    // More packets than a run may have here.
                    NS_TEST_EXPECT_MSG_EQ((setup.wire.sent.size() >= 1000), true, name);
                    continue;
                }
                NS_TEST_EXPECT_MSG_EQ(setup.BothSucceeded(), true, name);
                std::size_t expected = 0;
                for (const WirePacket& packet : whole.wire.sent)
                {
                    const std::size_t data = packet.octets[0] < 3 && packet.octets[4] == 13
                                                 ? TlsOf(packet.octets).data.size()
                                                 : 0;
                    const std::size_t pieces = data == 0 ? 1 : (data + size - 1) / size;
                    expected += 2 * pieces - 1;
                }
                NS_TEST_EXPECT_MSG_EQ(setup.wire.sent.size(), expected, name << ": packets");
                CheckFragments(setup.wire, size, name);
                NS_TEST_EXPECT_MSG_EQ((setup.mn->Exported().msk == whole.mn->Exported().msk),
                                      true,
                                      name << ": the same octets of TLS, so the same keys");
            }
        }
        CheckReceiver();
    }

    void CheckFragments(const Wire& wire, std::size_t size, const std::string& name)
    {
        std::array<std::size_t, 2> open{};
        uint8_t identifier = wire.sent[0].octets[1];
        for (std::size_t i = 2; i + 1 < wire.sent.size(); ++i)
        {
            const WirePacket& packet = wire.sent[i];
            const EapTlsPacket tls = TlsOf(packet.octets);
            if (packet.toPeer)
            {
                NS_TEST_EXPECT_MSG_EQ(+packet.octets[1],
                                      +static_cast<uint8_t>(++identifier),
                                      name << ": each Request has the next Identifier");
            }
            std::size_t& rest = open[packet.toPeer];
            const bool more = tls.flags & eaptlsflag::MORE;
            const bool first = more && rest == 0;
            NS_TEST_EXPECT_MSG_EQ(tls.length.has_value(), first, name << ": L on the first only");
            if (first && tls.length)
            {
                rest = *tls.length;
            }
            if (rest != 0)
            {
                NS_TEST_EXPECT_MSG_EQ(packet.octets.size(),
                                      std::min(rest, size) + (first ? 10 : 6),
                                      name << ": size");
                rest -= tls.data.size();
                NS_TEST_EXPECT_MSG_EQ(more, (rest != 0), name << ": M on all but the last");
            }
        }
        NS_TEST_EXPECT_MSG_EQ((open[0] + open[1]), 0U, name << ": nothing is left");
    }

    void CheckReceiver()
    {
        using Taken = EapTlsFragments::Taken;
        const auto take = [](EapTlsFragments& f, std::optional<uint32_t> length, int n, bool more) {
            const Bytes data(static_cast<std::size_t>(n));
            EapTlsPacket packet;
            packet.length = length;
            packet.flags = more ? eaptlsflag::MORE : 0;
            packet.data = data;
            return f.Take(packet);
        };
        const auto check = [this](Taken is, Taken expected, const std::string& what) {
            NS_TEST_EXPECT_MSG_EQ((is == expected), true, what);
        };
        EapTlsFragments f(100);
        check(take(f, 10, 4, true), Taken::FRAGMENT, "first");
        check(take(f, 10, 3, true), Taken::FRAGMENT, "the length once more");
        check(take(f, 11, 3, false), Taken::REFUSED, "another length");
        check(take(f, {}, 2, false), Taken::REFUSED, "too little");
        check(take(f, {}, 4, false), Taken::REFUSED, "too much");
        check(take(f, {}, 4, true), Taken::REFUSED, "too much already");
        check(take(f, {}, 0, false), Taken::REFUSED, "nothing");
        check(take(f, {}, 3, false), Taken::COMPLETE, "last");
        NS_TEST_EXPECT_MSG_EQ(f.Collect().size(), 10U, "put together");
        check(take(f, 65537, 4, true), Taken::REFUSED, "longer than any flight");
        check(take(f, 4, 4, false), Taken::COMPLETE, "L on a whole flight");
        NS_TEST_EXPECT_MSG_EQ(f.Collect().size(), 4U, "put together");
        check(take(f, {}, 65536, true), Taken::FRAGMENT, "without any length");
        check(take(f, {}, 1, true), Taken::REFUSED, "but not for ever");
        NS_TEST_EXPECT_MSG_EQ(DecodeEapTls(Hex("80000001")).Error(), CodecError::TRUNCATED, "L");
        NS_TEST_EXPECT_MSG_EQ(DecodeEapTls(Bytes()).Error(), CodecError::TRUNCATED, "no flags");
        NS_TEST_EXPECT_MSG_EQ(DecodeEapTls(Hex("40")).Error(), CodecError::BAD_VALUE, "M alone");
    }
};

/** @brief Determinism, counts, tshark. */
class EapTlsCountTestCase : public TestCase
{
  public:
    EapTlsCountTestCase()
        : TestCase("EAP-TLS repeats with its streams and counts what it computes")
    {
    }

  private:
    void DoRun() override
    {
        for (const TlsVersion version : VERSIONS)
        {
            TlsSetup one(version);
            one.Run();
            TlsSetup two(version);
            two.Run();
            TlsSetup counting(version);
            counting.backend = CryptoBackend::COUNTING;
            counting.Run();
            TlsSetup other(version);
            other.seed = 2;
            other.Run();
            const std::string name = NameOf(version);
            NS_TEST_EXPECT_MSG_EQ((one.wire.All() == two.wire.All()), true, name);
            NS_TEST_EXPECT_MSG_EQ((one.wire.All() == counting.wire.All()), true, name);
            NS_TEST_EXPECT_MSG_EQ((one.wire.All() == other.wire.All()), false, name);
            for (const TlsSetup* setup : {&one, &counting})
            {
                for (const Computer* c : {setup->a.get(), setup->b.get()})
                {
                    const OperationCounter& count = c->ctx.Counter();
                    NS_TEST_EXPECT_MSG_EQ(count.Calls(CryptoOperation::ECDSA_SIGN), 1U, name);
                    NS_TEST_EXPECT_MSG_EQ(count.Calls(CryptoOperation::ECDSA_VERIFY), 2U, name);
                    NS_TEST_EXPECT_MSG_EQ(count.Calls(CryptoOperation::X25519_DERIVE), 1U, name);
                    NS_TEST_EXPECT_MSG_GT(count.Calls(CryptoOperation::HMAC_SHA256), 5U, name);
                    NS_TEST_EXPECT_MSG_EQ(
                        (count == (c == setup->a.get() ? one.a : one.b)->ctx.Counter()),
                        true,
                        name << ": the same with every backend");
                }
            }
        }
    }
};

/** @brief tshark reads what was sent. */
class EapTlsCaptureTestCase : public TestCase
{
  public:
    EapTlsCaptureTestCase()
        : TestCase("tshark puts EAP-TLS together and decrypts it, none malformed")
    {
    }

  private:
    void DoRun() override
    {
        if (!HasProgram("tshark"))
        {
            return;
        }
        for (const TlsVersion version : VERSIONS)
        {
            for (const std::size_t size : {std::size_t{300}, EAP_TLS_FRAGMENT_SIZE})
            {
                for (const bool good : {true, false})
                {
                    TlsSetup setup(version);
                    setup.peerEap.fragmentSize = size;
                    setup.aaaEap.fragmentSize = size;
                    setup.identity = good ? MN : "mn2@a.example";
                    setup.Run();
                    NS_TEST_EXPECT_MSG_EQ(setup.BothSucceeded(), good, "run");
                    Check(setup, good);
                }
            }
        }
    }

    void Check(const TlsSetup& setup, bool good)
    {
        Capture capture;
        for (const WirePacket& packet : setup.wire.sent)
        {
            capture.AddEapol(packet.toPeer, packet.octets);
        }
        const std::string path = CreateTempDirFilename("eap-tls.pcap");
        capture.Save(path);
        std::string log;
        for (const std::string& line : setup.keyLog)
        {
            log += line + "\n";
        }
        WriteFile(path + ".keys", log);
        const auto lines = ReadCapture(path,
                                       {"eap.code",
                                        "eap.type",
                                        "eap.len",
                                        "_ws.malformed",
                                        "tls.handshake.type",
                                        "tls.app_data"},
                                       "-o 'tls.keylog_file:" + path + ".keys'");
        NS_TEST_ASSERT_MSG_EQ(lines.size(), setup.wire.sent.size(), "a line for each packet");
        std::string types;
        for (std::size_t i = 0; i < std::min(lines.size(), setup.wire.sent.size()); ++i)
        {
            const Bytes& octets = setup.wire.sent[i].octets;
            const std::string type = i < 2 ? "1" : i + 1 < lines.size() ? "13" : "";
            const std::string begin = std::to_string(+octets[0]) + "|" + type + "|" +
                                      std::to_string(octets.size()) + "||";
            NS_TEST_EXPECT_MSG_EQ(lines[i].substr(0, begin.size()), begin, "packet " << i);
            const auto fields = Split(lines[i], '|');
            types += fields.size() > 4 && !fields[4].empty() ? fields[4] + "," : "";
        }
        // All messages of the handshake, those encrypted too.
        const bool isNew = setup.version == TlsVersion::TLS_1_3;
        std::string expected =
            isNew ? "1,2,8,13,11,15,20,11,15,20," : "1,2,11,12,13,14,11,16,15,20,";
        if (!isNew && good)
        {
            expected += "20,";
        }
        NS_TEST_EXPECT_MSG_EQ(types, expected, NameOf(setup.version) << (good ? "" : ", refused"));
    }
};

/** @brief EAP-TLS through RADIUS. */
class EapTlsRadiusTestCase : public TestCase
{
  public:
    EapTlsRadiusTestCase()
        : TestCase("EAP-TLS passes RADIUS in pieces, with the sizes of the formulas")
    {
    }

  private:
    void DoRun() override
    {
        for (const TlsVersion version : VERSIONS)
        {
            TlsSetup setup(version);
            setup.Make();
            RadiusClientConfiguration configuration;
            configuration.secret = SecretBytes(Ascending(0, 16));
            configuration.nasIdentifier = "tpos.b.example";
            RadiusEapClientSession client(setup.b->ctx, configuration, "02-00-00-00-00-01");
            RadiusEapServerSession server(setup.a->ctx, configuration.secret, 1);
            Bytes toPeer = EncodeEap({EapCode::REQUEST, 1, EapType::IDENTITY, {}});
            const auto pieces = [](const Bytes& eap) { return (eap.size() + 252) / 253; };
            SecretBytes msk;
            for (uint8_t round = 0; round < 10; ++round)
            {
                const auto response = setup.mn->Receive(toPeer);
                if (!response)
                {
                    break;
                }
                const auto request = client.Request(*response, round);
                const auto arrived = request ? server.Receive(*request) : RadiusError::TOO_LONG;
                NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(arrived), true, "request");
                if (!arrived)
                {
                    return;
                }
                NS_TEST_EXPECT_MSG_EQ(request->size(),
                                      20 + 15 + 16 + 19 + 6 + 6 + 18 + response->size() +
                                          2 * pieces(*response) + (round ? 6 : 0),
                                      "Access-Request");
                const auto next = setup.aaa->Receive(arrived->eap);
                NS_TEST_ASSERT_MSG_EQ(next.has_value(), true, "next");
                if (!next)
                {
                    return;
                }
                const auto reply = server.Reply(next.value_or(Bytes()), setup.aaa->Exported().msk);
                const auto back = reply ? client.Receive(*reply) : RadiusError::TOO_LONG;
                NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(back), true, "reply");
                if (!back || !next)
                {
                    return;
                }
                NS_TEST_EXPECT_MSG_EQ(reply->size(),
                                      (setup.aaa->State() == EapState::SUCCESS
                                           ? 160
                                           : 44 + next->size() + 2 * pieces(*next)),
                                      "answer");
                toPeer = back->eap;
                msk = back->msk;
            }
            NS_TEST_EXPECT_MSG_EQ(setup.BothSucceeded(), true, NameOf(version));
            NS_TEST_EXPECT_MSG_EQ((msk == setup.mn->Exported().msk), true, NameOf(version));
        }
    }
};

/// All cases.
class EapTlsTestSuite : public TestSuite
{
  public:
    EapTlsTestSuite()
        : TestSuite("mis-eap-tls", TestSuite::Type::UNIT)
    {
        AddTestCase(new EapTlsKeyTestCase);
        AddTestCase(new EapTlsPacketTestCase);
        AddTestCase(new EapTlsFragmentTestCase);
        AddTestCase(new EapTlsCountTestCase);
        AddTestCase(new EapTlsCaptureTestCase);
        AddTestCase(new EapTlsRadiusTestCase);
    }
};

EapTlsTestSuite g_eapTlsTestSuite; //!< the instance

} // namespace
