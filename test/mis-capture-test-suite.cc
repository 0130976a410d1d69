// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests of the captures: tshark reads every frame on the port as MIH, and what it reads is what the
 * frame log says, frame by frame.
 */

#include "mis-oracle-test-helpers.h"

#include "ns3/pcap-file.h"
#include "ns3/test.h"

#include <algorithm>
#include <sstream>
#include <tuple>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// A packet of a capture.
struct CapturedPacket
{
    uint32_t seconds;   //!< time
    uint32_t fraction;  //!< microseconds of it
    size_t file;        //!< index of the capture
    std::string octets; //!< the packet
};

/// A frame as tshark or the frame log has it.
struct Seen
{
    int64_t timeUs{0};    //!< time
    uint32_t mid{0};      //!< message identifier
    uint32_t tid{0};      //!< transaction identifier
    uint32_t length{0};   //!< payload length
    size_t file{0};       //!< index of the capture
    std::string source;   //!< IPv4 source
    bool fragment{false}; //!< part of a message
    bool secured{false};  //!< protected
};

/**
 * @brief Reads a capture.
 * @param path the capture
 * @param index its index
 * @param packets gets its packets
 * @return whether it is a capture and ends with a whole packet
 */
bool
ReadCapture(const std::string& path, size_t index, std::vector<CapturedPacket>& packets)
{
    PcapFile file;
    file.Open(path, std::ios::in | std::ios::binary);
    std::vector<uint8_t> buffer(65536);
    uint32_t seconds;
    uint32_t fraction;
    uint32_t kept;
    uint32_t length;
    uint32_t read;
    size_t octets = 24; // the header of the file
    while (!file.Fail())
    {
        file.Read(buffer.data(), buffer.size(), seconds, fraction, kept, length, read);
        if (file.Eof() || file.Fail())
        {
            break;
        }
        packets.push_back(
            {seconds, fraction, index, std::string(buffer.begin(), buffer.begin() + read)});
        octets += 16 + kept;
    }
    return octets == ReadFile(path).size();
}

/**
 * @brief Writes a capture of Ethernet.
 * @param path the capture
 * @param packets its packets
 */
void
WriteCapture(const std::string& path, const std::vector<CapturedPacket>& packets)
{
    PcapFile file;
    file.Open(path, std::ios::out | std::ios::binary);
    file.Init(1 /* Ethernet */);
    for (const auto& packet : packets)
    {
        file.Write(packet.seconds,
                   packet.fraction,
                   reinterpret_cast<const uint8_t*>(packet.octets.data()),
                   packet.octets.size());
    }
}

/// What tshark makes of a capture.
struct Reading
{
    std::string trouble;         //!< what is wrong with it, empty if nothing is
    std::vector<Seen> frames;    //!< the frames
    std::vector<size_t> numbers; //!< of the frames, from 0
};

std::vector<std::string>
SplitTabs(const std::string& line)
{
    std::vector<std::string> fields(1);
    for (const char c : line)
    {
        if (c == '\t')
        {
            fields.emplace_back();
        }
        else
        {
            fields.back() += c;
        }
    }
    return fields;
}

/**
 * @brief Has tshark read a capture, and judges what it says about frames on the port.
 * @param path the capture
 * @return the frames, and what is wrong with them
 */
Reading
ReadWithTshark(const std::string& path)
{
    // One call: starting tshark takes longer than reading.
    const std::vector<std::string> names{"frame.number",
                                         "frame.time_epoch",
                                         "ip.src",
                                         "mih.version",
                                         "mih.mid",
                                         "mih.tid",
                                         "mih.pay_len",
                                         "mih.more_frag",
                                         "mih.frag_no",
                                         "mih.fragmented_tlv",
                                         "_ws.malformed",
                                         "udp.payload"};
    std::string command = "tshark -n -r " + Quote(path) +
                          " -Y 'udp.port == 4551 || mih || _ws.malformed || ip.flags.mf == 1'"
                          " -T fields";
    for (const auto& name : names)
    {
        command += " -e " + name;
    }
    const auto result = RunCommand(command + " 2>/dev/null");
    Reading reading;
    if (result.status != 0)
    {
        reading.trouble = "tshark ends with status " + std::to_string(result.status);
        return reading;
    }
    std::istringstream lines(result.output);
    for (std::string line; std::getline(lines, line);)
    {
        auto fields = SplitTabs(line);
        fields.resize(names.size());
        const auto complain = [&](const std::string& what) {
            reading.trouble += "frame " + fields[0] + " " + what + ": " + line + "\n";
        };
        if (!fields[10].empty())
        {
            complain("is malformed");
        }
        if (fields[4].empty())
        {
            complain("is not read as MIH");
            continue;
        }
        if (fields[3].rfind("1", 0) != 0)
        {
            complain("has another version");
        }
        Seen frame;
        frame.fragment = fields[7] != "0" || fields[8] != "0";
        if (!fields[9].empty() && !frame.fragment)
        {
            complain("has a TLV cut short");
        }
        frame.timeUs = std::stoll(fields[1]) * 1000000 +
                       std::stoll(fields[1].substr(fields[1].find('.') + 1, 6));
        frame.source = fields[2];
        frame.mid = std::stoul(fields[4], nullptr, 0);
        frame.tid = std::stoul(fields[5], nullptr, 0);
        frame.length = std::stoul(fields[6], nullptr, 0);
        frame.secured = (std::stoul(fields[11].substr(2, 2), nullptr, 16) & 1) != 0;
        reading.frames.push_back(frame);
        reading.numbers.push_back(std::stoul(fields[0]) - 1);
    }
    return reading;
}

/**
 * @brief Reads the frame log of one node and direction.
 * @param path the frame log
 * @param id MISF identifier
 * @param direction tx or rx
 * @return its frames
 */
std::vector<Seen>
ReadFrameLog(const std::string& path, const std::string& id, const std::string& direction)
{
    std::vector<Seen> frames;
    std::istringstream lines(ReadFile(path));
    for (std::string line; std::getline(lines, line);)
    {
        const auto fields = SplitTabs(line);
        if (fields.size() == 8 && fields[1] == id && fields[2] == direction)
        {
            Seen frame;
            frame.timeUs = std::stoll(fields[0]) / 1000;
            frame.mid = std::stoul(fields[3]);
            frame.tid = std::stoul(fields[4]);
            frame.length = std::stoul(fields[5]) - 8;
            frames.push_back(frame);
        }
    }
    return frames;
}

std::string
Describe(const Seen& frame)
{
    std::ostringstream text;
    text << std::hex << frame.mid << std::dec << " tid " << frame.tid << " length " << frame.length
         << " at " << frame.timeUs << " us";
    return text.str();
}

} // namespace

/// One remedy.
class CaptureTestCase : public TestCase
{
  public:
    /// @param setup what to simulate
    explicit CaptureTestCase(RoamingSetup setup)
        : TestCase("tshark reads all frames of " + setup.name + " as the frame log has them"),
          m_setup(std::move(setup))
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(HasProgram("tshark"), true, "this test needs tshark: install it");
        const auto record = RecordRoaming(m_setup, CreateTempDirFilename(m_setup.name));
        NS_TEST_ASSERT_MSG_EQ(record.successes, m_setup.networks.size() - 1, "the MN roams");

        // All captures in one file, so that tshark starts once.
        std::vector<CapturedPacket> packets;
        for (size_t i = 0; i < record.pcaps.size(); ++i)
        {
            NS_TEST_ASSERT_MSG_EQ(ReadCapture(record.pcaps[i], i, packets),
                                  true,
                                  record.pcaps[i] << " is a capture, whole");
        }
        std::stable_sort(packets.begin(), packets.end(), [](const auto& a, const auto& b) {
            return std::tie(a.seconds, a.fraction) < std::tie(b.seconds, b.fraction);
        });
        const auto merged = CreateTempDirFilename(m_setup.name + ".pcap");
        WriteCapture(merged, packets);
        auto reading = ReadWithTshark(merged);
        NS_TEST_ASSERT_MSG_EQ(reading.trouble, "", "what tshark says");
        for (size_t i = 0; i < reading.frames.size(); ++i)
        {
            reading.frames[i].file = packets.at(reading.numbers[i]).file;
        }
        const auto count = [&](auto which) {
            return std::count_if(reading.frames.begin(), reading.frames.end(), which);
        };
        NS_TEST_EXPECT_MSG_GT(count([](const Seen& f) { return f.secured; }),
                              0,
                              "protected frames");
        const bool isFragmented = m_setup.linkFrameOctets > 1500 || m_setup.networks[0] == "wimax";
        NS_TEST_EXPECT_MSG_EQ((count([](const Seen& f) { return f.fragment && f.secured; }) > 0),
                              isFragmented,
                              "fragments of protected messages");

        for (const auto& node : record.nodes)
        {
            Compare(record, reading, node, "tx");
            Compare(record, reading, node, "rx");
        }
        // One capture as it is: its header, too, is what tshark expects.
        const auto single = ReadWithTshark(record.nodes.back().pcaps.front());
        NS_TEST_EXPECT_MSG_EQ(single.trouble, "", "what tshark says of one capture");
        NS_TEST_EXPECT_MSG_EQ(single.frames.empty(), false, "frames of one capture");
    }

    void Compare(const RoamingRecord& record,
                 const Reading& reading,
                 const RecordedNode& node,
                 const std::string& direction)
    {
        std::vector<Seen> captured;
        for (const auto& frame : reading.frames)
        {
            const auto& pcap = record.pcaps[frame.file];
            const bool isOwn = node.addresses.count(Ipv4Address(frame.source.c_str()).Get()) > 0;
            if (std::find(node.pcaps.begin(), node.pcaps.end(), pcap) != node.pcaps.end() &&
                isOwn == (direction == "tx"))
            {
                captured.push_back(frame);
            }
        }
        const auto logged = ReadFrameLog(record.frameLog, node.id, direction);
        const auto what = m_setup.name + ", " + node.id + " " + direction;
        // Without a remedy that needs it the group manager has nothing to do; the AAA server speaks
        // RADIUS only.
        const bool isIdle =
            node.id == "aaa@home.example" ||
            (node.id == "gm@home.example" && m_setup.name.rfind("remedy2", 0) != 0);
        NS_TEST_EXPECT_MSG_EQ(captured.empty(), isIdle, what);
        for (size_t i = 0; i < std::min(captured.size(), logged.size()); ++i)
        {
            const auto& a = captured[i];
            const auto& b = logged[i];
            NS_TEST_ASSERT_MSG_EQ(
                (std::tie(a.mid, a.tid, a.length) == std::tie(b.mid, b.tid, b.length)),
                true,
                what << ", frame " << i << ": captured " << Describe(a) << ", logged "
                     << Describe(b));
            // A frame may wait in the queue of its device, but not behind it.
            NS_TEST_ASSERT_MSG_EQ((direction == "rx" ? a.timeUs == b.timeUs : a.timeUs >= b.timeUs),
                                  true,
                                  what << ", frame " << i << ": captured " << Describe(a)
                                       << ", logged " << Describe(b));
        }
        NS_TEST_EXPECT_MSG_EQ(captured.size(), logged.size(), what + ": number of frames");
    }

    RoamingSetup m_setup;
};

/// The judge must not be content with anything.
class CaptureJudgeTestCase : public TestCase
{
  public:
    CaptureJudgeTestCase()
        : TestCase("The check by tshark finds frames that are malformed, cut short or not MIH")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(HasProgram("tshark"), true, "this test needs tshark: install it");
        // LL_Auth request of TID 1 from "a" to "b".
        const std::string head("\x10\x00\x14\x09\x00\x01\x00", 7);
        const std::string ids("\x01\x02\x01"
                              "a\x02\x02\x01"
                              "b",
                              8);
        const std::string link("\x84\x03\x02xx", 5);
        Judge(head + '\x0d' + ids + link, "");
        // A destination identifier without an octet, as the last TLV.
        Judge(head + '\x07' + ids.substr(0, 4) + std::string("\x02\x01\x00", 3), "is malformed");
        Judge(head + '\x0d' + ids + std::string("\x84\x09\x02xx", 5), "has a TLV cut short");
        Judge("\x20" + head.substr(1) + '\x0d' + ids + link, "has another version");
        Judge("", "is not read as MIH");
    }

    void Judge(const std::string& frame, const std::string& expected)
    {
        const auto size16 = [](size_t size) {
            return std::string{static_cast<char>(size >> 8), static_cast<char>(size)};
        };
        std::string packet = std::string("\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0", 14);
        packet += std::string("\x45\0", 2) + size16(28 + frame.size());
        packet += std::string("\0\0\0\0\x40\x11\0\0\x0a\0\0\x01\x0a\0\0\x02", 16);
        packet += size16(4551) + size16(4551) + size16(8 + frame.size()) + size16(0) + frame;
        const auto path = CreateTempDirFilename("judge.pcap");
        WriteCapture(path, {{1, 0, 0, packet}});
        const auto trouble = ReadWithTshark(path).trouble;
        NS_TEST_EXPECT_MSG_EQ(trouble.empty(), expected.empty(), trouble);
        NS_TEST_EXPECT_MSG_EQ((trouble.find(expected) != std::string::npos),
                              true,
                              expected + " in: " + trouble);
    }
};

/// The suite.
class CaptureTestSuite : public TestSuite
{
  public:
    CaptureTestSuite()
        : TestSuite("mis-capture", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new CaptureJudgeTestCase);
        for (const auto& setup : RemedySetups())
        {
            AddTestCase(new CaptureTestCase(setup));
        }
        AddTestCase(new CaptureTestCase(FragmentedSetup()));
        for (const auto& setup : EstablishmentSetups())
        {
            AddTestCase(new CaptureTestCase(setup));
        }
        // A link with an MTU below that of the rest: the path MTU of MISFs has to know.
        auto narrow = RemedySetups()[1];
        narrow.name += "-wimax";
        narrow.networks = {"wimax", "wimax"};
        AddTestCase(new CaptureTestCase(narrow));
    }
};

static const CaptureTestSuite g_captureTestSuite; //!< registers itself
