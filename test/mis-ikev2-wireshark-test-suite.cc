// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Wireshark as an independent reader of IKEv2 and ESP.
 */
#include "mis-ikev2-test-helpers.h"
#include "mis-oracle-test-helpers.h"

#include "ns3/test.h"

#include <filesystem>
#include <string>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::ikev2;
using namespace ns3::mis::test;

namespace
{

/// Wireshark reads and decrypts what was sent.
class WiresharkTestCase : public TestCase
{
  public:
    WiresharkTestCase()
        : TestCase("Wireshark decrypts all IKEv2 and ESP of a run with the logged keys")
    {
    }

  private:
    static void Append(std::string& out, uint64_t value, size_t octets, bool isBig)
    {
        for (size_t i = 0; i < octets; ++i)
        {
            const size_t shift = 8 * (isBig ? octets - 1 - i : i);
            out += static_cast<char>(value >> shift);
        }
    }

    /// A packet of IPv4 as a record of a capture.
    static std::string Record(size_t from, uint8_t protocol, const std::string& payload)
    {
        std::string ip;
        Append(ip, 0x4500, 2, true);
        Append(ip, 20 + payload.size(), 2, true);
        Append(ip, 0, 4, true);
        Append(ip, 64, 1, true);
        Append(ip, protocol, 1, true);
        Append(ip, 0, 2, true);
        Append(ip, 0x0a630001 + from, 4, true);
        Append(ip, 0x0a630001 + (1 - from), 4, true);
        ip += payload;
        std::string record;
        Append(record, 0, 8, false);
        Append(record, ip.size(), 4, false);
        Append(record, ip.size(), 4, false);
        return record + ip;
    }

    static std::string Udp(const Bytes& octets)
    {
        std::string udp;
        Append(udp, 500, 2, true);
        Append(udp, 500, 2, true);
        Append(udp, 8 + octets.size(), 2, true);
        Append(udp, 0, 2, true);
        return udp + std::string(octets.begin(), octets.end());
    }

    void DoRun() override
    {
        if (!HasProgram("tshark"))
        {
            return;
        }
        for (const auto& variant : VARIANTS)
        {
            Check(variant);
        }
    }

    void Check(const Variant& variant)
    {
        IkeNetwork network;
        Configure(network, variant);
        network.ends[1].configuration.cookieThreshold = 0;
        network.Make();
        network.Initiate(0);
        network.Run();
        std::string esp = Esp(network);
        RunAll(network);
        esp += Esp(network);
        network.DeleteChild(0);
        network.Run();
        network.Delete(1);
        network.Run();

        std::string pcap;
        Append(pcap, 0xa1b2c3d4, 4, false);
        Append(pcap, 2, 2, false);
        Append(pcap, 4, 2, false);
        Append(pcap, 0, 8, false);
        Append(pcap, 65535, 4, false);
        Append(pcap, 101, 4, false); // LINKTYPE_RAW
        for (const auto& flight : network.sent)
        {
            pcap += Record(flight.from, 17, Udp(flight.octets));
        }
        pcap += esp;
        const std::string directory = CreateTempDirFilename("wireshark");
        std::filesystem::create_directories(directory);
        WriteFile(directory + "/run.pcap", pcap);
        std::string ike;
        std::string child;
        for (const auto& line : network.ends[0].ikeKeyLog)
        {
            ike += line + "\n";
        }
        for (const auto& line : network.ends[0].childKeyLog)
        {
            child += line + "\n";
        }
        WriteFile(directory + "/ikev2_decryption_table", ike);
        WriteFile(directory + "/esp_sa", child);
        const std::string tshark = "WIRESHARK_CONFIG_DIR=" + Quote(directory) + " tshark -r " +
                                   Quote(directory + "/run.pcap") +
                                   " -o esp.enable_encryption_decode:TRUE";
        const auto summary = RunCommand(tshark + " -V 2>/dev/null");
        const auto count = [&](const std::string& text) {
            size_t found = 0;
            for (size_t at = summary.output.find(text); at != std::string::npos;
                 at = summary.output.find(text, at + 1))
            {
                ++found;
            }
            return found;
        };
        const size_t messages = network.sent.size();
        NS_TEST_EXPECT_MSG_EQ(summary.status, 0, "tshark");
        NS_TEST_EXPECT_MSG_EQ(count("Internet Security Association and Key"), messages, "IKEv2");
        NS_TEST_EXPECT_MSG_EQ(count("Malformed"), 0, "none malformed");
        NS_TEST_EXPECT_MSG_EQ(count("Dissector bug"), 0, "none");
        NS_TEST_EXPECT_MSG_EQ(count("Payload: Encrypted and Authenticated (46)"),
                              messages - 4,
                              "SK");
        NS_TEST_EXPECT_MSG_EQ(count("Decrypted Data"), messages - 4 + 4, "all of both decrypted");
        NS_TEST_EXPECT_MSG_EQ(count("[correct]"), messages - 4, "all authentic");
        NS_TEST_EXPECT_MSG_EQ(count("Notify Message Type: REKEY_SA"), 2, "rekeys of Child SAs");
        NS_TEST_EXPECT_MSG_EQ(count("Notify Message Type: COOKIE"), 2, "cookies");
        NS_TEST_EXPECT_MSG_EQ((count("spos.a.example") > 0), true, "identity");
        NS_TEST_EXPECT_MSG_EQ(count("Encapsulating Security Payload"), 4, "ESP");
        NS_TEST_EXPECT_MSG_EQ(count("User Datagram Protocol, Src Port: 1, Dst Port: 2"),
                              4,
                              "inner packets");
        if (variant.hasCertificates)
        {
            NS_TEST_EXPECT_MSG_EQ(count("X.509 Certificate - Signature"), 4, "certificates");
        }
    }

    /// A packet in each direction.
    static std::string Esp(IkeNetwork& network)
    {
        std::string records;
        for (size_t end = 0; end < 2; ++end)
        {
            const auto child = network.At(end).Children(network.NameOf(1 - end)).back();
            EspSender sender(child.spiOut, child.keyOut);
            const auto packet = sender.Encapsulate(network.ends[end].node->ctx,
                                                   Hex("4500001c0000000040110000"
                                                       "0a010001"
                                                       "0a020001"
                                                       "0001000200080000"));
            records += Record(end, 50, std::string(packet->begin(), packet->end()));
        }
        return records;
    }
};

/// IKEv2 read by Wireshark.
class Ikev2WiresharkTestSuite : public TestSuite
{
  public:
    Ikev2WiresharkTestSuite()
        : TestSuite("mis-ikev2-wireshark", TestSuite::Type::UNIT)
    {
        AddTestCase(new WiresharkTestCase);
    }
};

Ikev2WiresharkTestSuite g_ikev2WiresharkTestSuite; //!< the instance

} // namespace
