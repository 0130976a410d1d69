// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Packets of ESP: one captured from strongSwan, sizes, replay, changed and cut ones.
 */
#include "mis-ikev2-test-helpers.h"

#include "ns3/test.h"

#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::ikev2;
using namespace ns3::mis::test;

namespace
{

/// The packets of ESP.
class EspTestCase : public TestCase
{
  public:
    EspTestCase()
        : TestCase("ESP: a captured packet, sizes, replay, and octets changed anywhere")
    {
    }

  private:
    static Bytes Packet(size_t size, uint8_t version = 4)
    {
        Bytes packet(size, 0x4d);
        packet[0] = version << 4;
        return packet;
    }

    void DoRun() override
    {
        namespace c = captured;
        Computer node(CryptoBackend::COUNTING);
        auto& ctx = node.ctx;
        EspReceiver captured(c::ESP_SPI, Hex(c::ESP_KEY));
        const auto inner = captured.Decapsulate(ctx, Hex(c::ESP_PACKET));
        NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(inner), true, "the captured packet is authentic");
        NS_TEST_EXPECT_MSG_EQ(ToHex(*inner),
                              "4500007aca27400040115c470a0100010a02000111c711c70066965e" +
                                  ToHex(Bytes(94, 0x4d)),
                              "and holds the captured one");
        NS_TEST_EXPECT_MSG_EQ(captured.Decapsulate(ctx, Hex(c::ESP_PACKET)).Error(),
                              EspError::REPLAYED,
                              "once");

        EspSender sender(0x12345678, Hex(c::ESP_KEY));
        EspReceiver receiver(0x12345678, Hex(c::ESP_KEY));
        const std::vector<std::pair<size_t, size_t>> sizes{{122, 156},
                                                           {123, 160},
                                                           {124, 160},
                                                           {125, 160},
                                                           {128, 164},
                                                           {166, 200}};
        for (const auto& [size, expected] : sizes)
        {
            for (const uint8_t version : {4, 6})
            {
                const auto packet = sender.Encapsulate(ctx, Packet(size, version));
                NS_TEST_ASSERT_MSG_EQ(static_cast<bool>(packet), true, "sent");
                NS_TEST_EXPECT_MSG_EQ(packet->size(), expected, "size of " << size);
                NS_TEST_EXPECT_MSG_EQ(EspSize(size), expected, "size of " << size);
                NS_TEST_EXPECT_MSG_EQ(*EspSpi(*packet), 0x12345678, "SPI");
                const auto back = receiver.Decapsulate(ctx, *packet);
                NS_TEST_EXPECT_MSG_EQ((back && *back == Packet(size, version)), true, "received");
            }
        }
        NS_TEST_EXPECT_MSG_EQ(sender.Encapsulate(ctx, Packet(20, 5)).Error(),
                              EspError::NOT_IP,
                              "only IP");
        NS_TEST_EXPECT_MSG_EQ(sender.Encapsulate(ctx, {}).Error(), EspError::NOT_IP, "only IP");
        Window(ctx);
        Changes(ctx);
    }

    void Window(CryptoContext& ctx)
    {
        EspSender sender(300, Hex(captured::ESP_KEY));
        EspReceiver receiver(300, Hex(captured::ESP_KEY));
        std::vector<Bytes> packets(1);
        for (int i = 1; i <= 200; ++i)
        {
            packets.push_back(*sender.Encapsulate(ctx, Packet(40)));
        }
        const auto verdict = [&](size_t sequence) {
            return receiver.Decapsulate(ctx, packets[sequence]).Error();
        };
        NS_TEST_EXPECT_MSG_EQ(verdict(100), EspError::NONE, "any to begin with");
        NS_TEST_EXPECT_MSG_EQ(verdict(37), EspError::NONE, "63 behind");
        NS_TEST_EXPECT_MSG_EQ(verdict(36), EspError::TOO_OLD, "64 behind");
        NS_TEST_EXPECT_MSG_EQ(verdict(37), EspError::REPLAYED, "again");
        NS_TEST_EXPECT_MSG_EQ(verdict(99), EspError::NONE, "1 behind");
        NS_TEST_EXPECT_MSG_EQ(verdict(101), EspError::NONE, "1 ahead");
        NS_TEST_EXPECT_MSG_EQ(verdict(37), EspError::TOO_OLD, "out of the window now");
        NS_TEST_EXPECT_MSG_EQ(verdict(100), EspError::REPLAYED, "moved in the window");
        Bytes forged = packets[200];
        forged.back() ^= 1;
        NS_TEST_EXPECT_MSG_EQ(receiver.Decapsulate(ctx, forged).Error(),
                              EspError::NOT_AUTHENTIC,
                              "a forged one");
        NS_TEST_EXPECT_MSG_EQ(verdict(98), EspError::NONE, "does not move the window");
        NS_TEST_EXPECT_MSG_EQ(verdict(165), EspError::NONE, "64 ahead");
        NS_TEST_EXPECT_MSG_EQ(verdict(101), EspError::TOO_OLD, "moves all out");
        NS_TEST_EXPECT_MSG_EQ(verdict(102), EspError::NONE, "but not what was not seen");
        NS_TEST_EXPECT_MSG_EQ(verdict(165), EspError::REPLAYED, "the highest again");
        sender.SkipTo(UINT32_MAX);
        NS_TEST_EXPECT_MSG_EQ(sender.Encapsulate(ctx, Packet(40)).Error(),
                              EspError::SEQUENCE_EXHAUSTED,
                              "the last number is not passed");
    }

    void Changes(CryptoContext& ctx)
    {
        EspSender sender(300, Hex(captured::ESP_KEY));
        const Bytes packet = *sender.Encapsulate(ctx, Packet(41));
        for (size_t i = 0; i < packet.size() * 8; ++i)
        {
            EspReceiver receiver(300, Hex(captured::ESP_KEY));
            Bytes changed = packet;
            changed[i / 8] ^= 1 << i % 8;
            const auto error = receiver.Decapsulate(ctx, changed).Error();
            const auto expected = i < 32 ? EspError::UNKNOWN_SPI : EspError::NOT_AUTHENTIC;
            NS_TEST_EXPECT_MSG_EQ(error, expected, "bit " << i);
        }
        for (size_t size = 0; size < packet.size(); ++size)
        {
            EspReceiver receiver(300, Hex(captured::ESP_KEY));
            const auto error = receiver.Decapsulate(ctx, ByteView(packet).Sub(0, size)).Error();
            const auto expected = size < 34 ? EspError::TRUNCATED : EspError::NOT_AUTHENTIC;
            NS_TEST_EXPECT_MSG_EQ(error, expected, "cut to " << size);
        }
        // Authentic, but with another trailer: sealed by hand under the same key.
        const auto sealed = [&](const std::string& text) {
            Bytes out = Hex("0000012c00000001aabbccddeeff0011");
            const Bytes plain = Hex(text);
            Bytes nonce = Hex(captured::ESP_KEY.substr(32));
            nonce.insert(nonce.end(), out.begin() + 8, out.end());
            out.resize(16 + plain.size() + GCM_TAG_SIZE);
            GcmSeal(ctx,
                    ByteView(Hex(captured::ESP_KEY.substr(0, 32))),
                    nonce,
                    {ByteView(out).Sub(0, 8)},
                    plain,
                    out.data() + 16);
            EspReceiver receiver(300, Hex(captured::ESP_KEY));
            return receiver.Decapsulate(ctx, out).Error();
        };
        NS_TEST_EXPECT_MSG_EQ(sealed("4500"
                                     "01020204"),
                              EspError::NONE,
                              "two octets of padding");
        NS_TEST_EXPECT_MSG_EQ(sealed("4500"
                                     "01030204"),
                              EspError::BAD_PADDING,
                              "other padding");
        NS_TEST_EXPECT_MSG_EQ(sealed("4500"
                                     "0102ff04"),
                              EspError::BAD_PADDING,
                              "too much padding");
        NS_TEST_EXPECT_MSG_EQ(sealed("4500"
                                     "01020229"),
                              EspError::BAD_NEXT_HEADER,
                              "not IPv6");
        NS_TEST_EXPECT_MSG_EQ(sealed("01020204"), EspError::BAD_NEXT_HEADER, "nothing inside");
        NS_TEST_EXPECT_MSG_EQ(sealed("4500"
                                     "0102023b"),
                              EspError::DUMMY,
                              "a dummy");
    }
};

/// ESP.
class EspTestSuite : public TestSuite
{
  public:
    EspTestSuite()
        : TestSuite("mis-esp", TestSuite::Type::UNIT)
    {
        AddTestCase(new EspTestCase);
    }
};

EspTestSuite g_espTestSuite; //!< the instance

} // namespace
