// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Tests of the codec: octets that are no message.
 */
#include "mis-codec-test-helpers.h"

namespace ns3::mis
{

namespace
{

using namespace codectest;

/**
 * @brief Do with octets what a receiver does.
 * @param octets the octets
 * @return whether they are a message
 */
bool
Receive(ByteView octets)
{
    const auto frame = ParseFrame(octets);
    if (!frame)
    {
        return false;
    }
    if (frame->header.secured)
    {
        return bool(ReadProtectedBody(frame->body));
    }
    const MessageInfo* info = FindMessage(frame->header.mid);
    if (!info || frame->header.IsFragment() || frame->header.ackRsp)
    {
        return true;
    }
    std::ostringstream text;
    info->print(frame->body, text);
    return info->check(frame->body) == CodecError::NONE;
}

/** @brief Known frames cut short. */
class TruncationTestCase : public TestCase
{
  public:
    TruncationTestCase()
        : TestCase("Every truncation of a known frame is rejected")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* hex : ALL_GOLDEN)
        {
            const Bytes octets = Hex(hex);
            NS_TEST_EXPECT_MSG_EQ(Receive(octets), true, hex);
            for (std::size_t size = 0; size < octets.size(); ++size)
            {
                // In memory of its own, so that a read beyond the end can be found by tools.
                const Bytes cut(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size));
                NS_TEST_EXPECT_MSG_EQ(ParseFrame(cut).Error(), CodecError::TRUNCATED, size);
            }
            CheckConsistent(octets);
        }
    }

    /** The same with a length that fits: the TLVs are cut, too. */
    void CheckConsistent(const Bytes& octets)
    {
        std::vector<std::size_t> ends{Header::SIZE};
        for (const Tlv& entry : Split(ByteView(octets).Sub(Header::SIZE)))
        {
            ends.push_back(ends.back() + TlvSize(entry.value.size()));
        }
        for (std::size_t size = Header::SIZE; size < octets.size(); ++size)
        {
            Bytes cut(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size));
            FinishFrame(cut);
            const bool whole = std::count(ends.begin(), ends.end(), size) != 0;
            const auto frame = ParseFrame(cut);
            if (!whole)
            {
                NS_TEST_EXPECT_MSG_EQ(frame.Error(), CodecError::TRUNCATED, size);
            }
            else
            {
                NS_TEST_EXPECT_MSG_EQ(bool(frame), (size >= ends[2]), size);
                Receive(cut);
            }
        }
    }
};

/** @brief Known frames with changed octets. */
class MutationTestCase : public TestCase
{
  public:
    MutationTestCase()
        : TestCase("Every change of one octet of a known frame decodes or is rejected")
    {
    }

  private:
    void DoRun() override
    {
        std::size_t accepted = 0;
        std::size_t rejected = 0;
        for (const char* hex : ALL_GOLDEN)
        {
            Bytes octets = Hex(hex);
            for (std::size_t i = 0; i < octets.size(); ++i)
            {
                const uint8_t original = octets[i];
                for (int change = 1; change < 256; ++change)
                {
                    octets[i] = static_cast<uint8_t>(original ^ change);
                    ++(Receive(octets) ? accepted : rejected);
                }
                octets[i] = original;
            }
        }
        NS_TEST_EXPECT_MSG_GT(accepted, 0, "some are messages");
        NS_TEST_EXPECT_MSG_GT(rejected, 0, "some are not");

        EveryMessage::ForEach([this](auto message) { MutateBody(message); });
    }

    /** What decodes from changed octets has one form only: encoding settles at once. */
    template <class M>
    void MutateBody(M message)
    {
        Filler filler(true, 3);
        M::Fields(filler, message);
        Bytes octets = Encode(message);
        for (std::size_t i = 0; i < octets.size(); ++i)
        {
            const uint8_t original = octets[i];
            for (int change = 1; change < 256; ++change)
            {
                octets[i] = static_cast<uint8_t>(original ^ change);
                const auto decoded = DecodeBody<M>(octets);
                if (!decoded)
                {
                    continue;
                }
                const Bytes once = Encode(*decoded);
                const auto again = DecodeBody<M>(once);
                NS_TEST_ASSERT_MSG_EQ(bool(again), true, MessageName(M::ID));
                NS_TEST_ASSERT_MSG_EQ((Encode(*again) == once), true, MessageName(M::ID));
            }
            octets[i] = original;
        }
    }
};

/** @brief Octets at random. */
class RandomOctetsTestCase : public TestCase
{
  public:
    RandomOctetsTestCase()
        : TestCase("Octets at random never do harm")
    {
    }

  private:
    void DoRun() override
    {
        uint64_t state = 88172645463325252ULL;
        const auto next = [&state]() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            return state;
        };
        for (int round = 0; round < 20000; ++round)
        {
            Bytes body(next() % 80);
            for (uint8_t& octet : body)
            {
                // Small numbers make well-formed TLVs likely.
                const uint64_t value = next();
                octet = static_cast<uint8_t>(value % 3 == 0 ? value >> 8 : (value >> 8) % 16);
            }
            const auto& messages = AllMessages();
            const MessageInfo& info = messages[next() % messages.size()];
            info.check(body);
            Bytes octets;
            Header header;
            header.mid = info.id;
            header.secured = round % 5 == 0;
            BeginFrame(octets, header, MN, SPOS);
            octets.insert(octets.end(), body.begin(), body.end());
            FinishFrame(octets);
            Receive(octets);
        }
    }
};

/** @brief The suite. */
class CodecInputTestSuite : public TestSuite
{
  public:
    CodecInputTestSuite()
        : TestSuite("mis-codec-input", TestSuite::Type::UNIT)
    {
        AddTestCase(new TruncationTestCase);
        AddTestCase(new MutationTestCase);
        AddTestCase(new RandomOctetsTestCase);
    }
};

/** The suite registers itself. */
CodecInputTestSuite g_codecInputTestSuite;

} // namespace

} // namespace ns3::mis
