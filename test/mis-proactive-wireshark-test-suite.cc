// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * What others see of real link authentication in captures: tshark, and check-keylog.py, which
 * decrypts MIS messages, follows the keys of links, and takes the relayed frames out.
 */

#include "mis-oracle-test-helpers.h"

#include "ns3/test.h"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/// Where the mobile node roams: each technology is a target once.
const std::vector<std::string> NETWORKS{"ethernet", "wifi", "lte", "wimax", "ethernet"};

const std::vector<std::string> HANDOVERS{"wifi", "lte", "wimax", "ethernet"}; //!< targets

/// A recorded roaming through all technologies.
RoamingSetup
MakeSetup(const std::string& name, size_t remedy)
{
    auto setup = RemedySetups()[remedy];
    setup.name = name;
    setup.networks = NETWORKS;
    setup.realLinks = true;
    return setup;
}

/// Options of tshark that make it take bare frames for those of a dissector.
std::string
User(const std::string& dissector)
{
    return "-o " +
           Quote("uat:user_dlts:\"User 0 (DLT=147)\",\"" + dissector + "\",\"0\",\"\",\"0\",\"\"") +
           " ";
}

/// Runs tshark on a file.
std::string
Shark(const std::string& file, const std::string& options)
{
    return RunCommand("tshark -n -r " + Quote(file) + " " + options + " 2>/dev/null").output;
}

/// The fields of all lines in one line.
std::string
Joined(std::string lines)
{
    std::replace(lines.begin(), lines.end(), '\n', ' ');
    return lines;
}

/// Captures that have EAPOL; tshark takes its time for each of the others.
std::vector<std::string>
WithEapol(const RoamingRecord& record)
{
    std::vector<std::string> files;
    std::copy_if(record.pcaps.begin(),
                 record.pcaps.end(),
                 std::back_inserter(files),
                 [](const std::string& pcap) {
                     return ReadFile(pcap).find("\x88\x8e\x02") != std::string::npos;
                 });
    return files;
}

/// Checks the key log.
CommandResult
CheckKeyLog(const RoamingRecord& record, const std::string& prefix)
{
    std::string command = "python3 " + Quote(MIS_SOURCE_DIR "/test/check-keylog.py") +
                          " --link-frames=" + Quote(prefix) + " " + Quote(record.keyLog);
    for (const auto& pcap : record.pcaps)
    {
        command += " " + Quote(pcap);
    }
    return RunCommand(command + " 2>&1");
}

} // namespace

/// Frames relayed in MIS messages.
class RelayedFramesTestCase : public TestCase
{
  public:
    /// @param relay value of LinkFrameRelay @param remedy index of the remedy
    RelayedFramesTestCase(const std::string& relay, size_t remedy)
        : TestCase("Wireshark reads the frames in " + relay + " of " + RemedySetups()[remedy].name),
          m_relay(relay),
          m_remedy(remedy)
    {
    }

  private:
    void DoRun() override
    {
        for (const char* program : {"tshark", "python3", "openssl"})
        {
            NS_TEST_ASSERT_MSG_EQ(HasProgram(program), true, "install " << program);
        }
        auto setup = MakeSetup("relayed", m_remedy);
        setup.linkFrameRelay = m_relay;
        const auto prefix = CreateTempDirFilename("relayed" + m_relay + std::to_string(m_remedy));
        const auto record = RecordRoaming(setup, prefix);
        NS_TEST_ASSERT_MSG_EQ(record.successes, HANDOVERS.size(), "the MN roams");
        const auto verdict = CheckKeyLog(record, prefix);
        NS_TEST_ASSERT_MSG_EQ(verdict.status, 0, verdict.output);
        // Each handover has its key: 7 or 8 frames relayed, derived at both ends, pushed once.
        NS_TEST_EXPECT_MSG_NE(verdict.output.find("4 link keys derived and pushed"),
                              std::string::npos,
                              verdict.output);
        NS_TEST_EXPECT_MSG_NE(verdict.output.find("31 link-layer frames"),
                              std::string::npos,
                              verdict.output);

        const auto eapol = prefix + ".eapol.pcap";
        const std::string eap = "1,1 1,2 51,1 51,2 51,1 51,2 ,3 ";
        NS_TEST_EXPECT_MSG_EQ(
            Joined(Shark(eapol, "-T fields -E separator=, -e eap.type -e eap.code -Y eap")),
            eap + eap,
            "EAP to Wi-Fi and Ethernet");
        NS_TEST_EXPECT_MSG_EQ(Joined(Shark(eapol, "-T fields -e eapol.type")),
                              "1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0 ",
                              "EAPOL-Start, then EAP");
        NS_TEST_EXPECT_MSG_EQ(Shark(eapol, "-Y _ws.malformed"), "", "EAPOL");
        // RFC 5433: Identity, GPSK-1 to 4 and Success, each with 4 octets of EAPOL before it.
        const size_t a = RoamingScenarioHelper::MobileNodeId(0).size();
        const size_t b = RoamingScenarioHelper::PosId(1).size();
        std::string sizes;
        for (const size_t size : {size_t{5},
                                  5 + a,
                                  42 + b + 12,
                                  84 + a + b + 12 + 16,
                                  80 + b + 16,
                                  size_t{24},
                                  size_t{4}})
        {
            sizes += std::to_string(size) + ' ';
        }
        NS_TEST_EXPECT_MSG_EQ(Joined(Shark(eapol, "-T fields -e eap.len -Y eap")),
                              sizes + sizes,
                              "sizes of EAP");

        const auto nas = prefix + ".nas.pcap";
        NS_TEST_EXPECT_MSG_EQ(
            Joined(Shark(nas, User("nas-eps") + "-T fields -e nas_eps.nas_msg_emm_type")),
            "0x55 0x56 0x52 0x53 0x5d   ",
            "NAS; the last two messages are ciphered");
        NS_TEST_EXPECT_MSG_EQ(Joined(Shark(nas, "-T fields -e frame.len")),
                              "3 11 36 11 13 8 35 ",
                              "sizes of NAS");
        NS_TEST_EXPECT_MSG_EQ(Shark(nas, User("nas-eps") + "-Y _ws.malformed"), "", "NAS");

        const auto pkm = prefix + ".pkm.pcap";
        const auto wimax = User("wmx_mac_mgmt_msg_decoder");
        NS_TEST_EXPECT_MSG_EQ(Joined(Shark(pkm, wimax + "-T fields -e wmx.pkm.msg_code")),
                              "17 18 18 18 18 18 18 18 ",
                              "EAP-Start, EAP-Transfer");
        NS_TEST_EXPECT_MSG_EQ(Joined(Shark(pkm, wimax + "-T fields -e eap.len -Y eap")),
                              sizes,
                              "sizes of EAP in PKMv2");
        NS_TEST_EXPECT_MSG_EQ(Shark(pkm, wimax + "-Y _ws.malformed"), "", "PKM");
    }

    std::string m_relay;
    size_t m_remedy;
};

/// Frames on the new link.
class LinkFramesTestCase : public TestCase
{
  public:
    LinkFramesTestCase()
        : TestCase("Wireshark reads the handshake on the new link, and makes its keys of the PMK")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(HasProgram("tshark"), true, "install tshark");
        const auto prefix = CreateTempDirFilename("handshake");
        const auto record = RecordRoaming(MakeSetup("handshake", 2), prefix);
        NS_TEST_ASSERT_MSG_EQ(record.successes, HANDOVERS.size(), "the MN roams");
        size_t handshakes = 0;
        for (const auto& pcap : WithEapol(record))
        {
            NS_TEST_EXPECT_MSG_EQ(Shark(pcap, "-Y 'eapol && _ws.malformed'"), "", pcap);
            const auto messages =
                Joined(Shark(pcap, "-Y eapol -T fields -e wlan_rsna_eapol.keydes.msgnr"));
            ++handshakes;
            NS_TEST_EXPECT_MSG_EQ(messages, "1 2 3 4 ", pcap);
            NS_TEST_EXPECT_MSG_EQ(Joined(Shark(pcap, "-Y eapol -T fields -e eapol.len")),
                                  "117 117 151 95 ",
                                  "4 less than the frames");
            CheckPmk(pcap, record);
        }
        NS_TEST_EXPECT_MSG_EQ(handshakes, 2u, "seen at both ends of the Wi-Fi link");
    }

    /// The PMK of Push_Key gives the keys of the handshake.
    void CheckPmk(const std::string& pcap, const RoamingRecord& record)
    {
        std::istringstream log(ReadFile(record.keyLog));
        std::string pmk;
        for (std::string line; std::getline(log, line);)
        {
            std::istringstream fields(line);
            std::string time;
            std::string kind;
            std::string mn;
            std::string pos;
            std::string link;
            std::string root;
            std::string key;
            if (fields >> time >> kind >> mn >> pos >> link >> root >> key && kind == "MSPMK" &&
                link.rfind("13", 0) == 0) // IEEE 802.11
            {
                pmk = key;
            }
        }
        NS_TEST_ASSERT_MSG_EQ(pmk.size(), 64u, "a key of Wi-Fi");
        // The handshake goes over Ethernet here, and Wireshark decrypts IEEE 802.11: put it there.
        const auto wifi = pcap + ".wifi";
        NS_TEST_ASSERT_MSG_EQ(RunCommand("python3 " + Quote(MIS_SOURCE_DIR "/test/to-wlan.py") +
                                         " " + Quote(pcap) + " " + Quote(wifi) + " 2>&1")
                                  .output,
                              "",
                              "converted");
        const auto opened =
            Shark(wifi,
                  "-o wlan.enable_decryption:TRUE -o " +
                      Quote("uat:80211_keys:\"wpa-psk\",\"" + pmk + "\"") +
                      " -Y wlan.rsn.ie.gtk_kde.gtk -T fields -e wlan.rsn.ie.gtk_kde.gtk");
        NS_TEST_EXPECT_MSG_EQ(opened.size(), 33u, "message 3 opens with it: " << opened);
        const auto wrong =
            Shark(wifi,
                  "-o wlan.enable_decryption:TRUE -o " +
                      Quote("uat:80211_keys:\"wpa-psk\",\"" + std::string(64, '5') + "\"") +
                      " -Y wlan.rsn.ie.gtk_kde.gtk -T fields -e wlan.rsn.ie.gtk_kde.gtk");
        NS_TEST_EXPECT_MSG_EQ(wrong, "", "not with another one");
    }
};

/// A cold handover.
class ColdFramesTestCase : public TestCase
{
  public:
    ColdFramesTestCase()
        : TestCase("Wireshark reads a whole link authentication with EAP-TLS on the new link")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(HasProgram("tshark"), true, "install tshark");
        const auto prefix = CreateTempDirFilename("cold");
        auto setup = MakeSetup("cold", 1);
        setup.preregisters = false;
        const auto record = RecordRoaming(setup, prefix);
        NS_TEST_ASSERT_MSG_EQ(record.successes, HANDOVERS.size(), "the MN roams");
        const auto verdict = CheckKeyLog(record, prefix);
        NS_TEST_EXPECT_MSG_EQ(verdict.status, 0, verdict.output);
        size_t seen = 0;
        for (const auto& pcap : WithEapol(record))
        {
            NS_TEST_EXPECT_MSG_EQ(Shark(pcap, "-Y 'eapol && _ws.malformed'"), "", pcap);
            const auto steps =
                Joined(Shark(pcap, "-Y eap -T fields -E separator=, -e eap.code -e eap.type"));
            ++seen;
            NS_TEST_EXPECT_MSG_EQ(steps,
                                  "1,1 2,1 1,13 2,13 1,13 2,13 1,13 2,13 3, ",
                                  "Identity, Start, two flights, commitment, Success");
            NS_TEST_EXPECT_MSG_NE(
                Shark(pcap,
                      "-o tls.keylog_file:" + Quote(record.keyLog + ".tls") +
                          " -Y 'eap && tls.handshake.type == 15' -T fields -e frame.number"),
                "",
                "CertificateVerify, decrypted");
        }
        NS_TEST_EXPECT_MSG_EQ(seen, 4u, "both ends of the links to Wi-Fi and Ethernet");
    }
};

/// Again.
class AgainTestCase : public TestCase
{
  public:
    AgainTestCase()
        : TestCase("Equal seeds give equal captures and logs with real link authentication")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool preregisters : {true, false})
        {
            auto setup = MakeSetup("again", preregisters ? 3 : 1);
            setup.preregisters = preregisters;
            const auto prefix = CreateTempDirFilename(preregisters ? "again" : "again-cold");
            const auto first = RecordRoaming(setup, prefix + "1");
            const auto second = RecordRoaming(setup, prefix + "2");
            setup.seed = 2;
            const auto other = RecordRoaming(setup, prefix + "3");
            const auto files = first.Files();
            NS_TEST_ASSERT_MSG_EQ(files.size(), second.Files().size(), "files");
            size_t octets = 0;
            for (size_t i = 0; i < files.size(); ++i)
            {
                const auto content = ReadFile(files[i]);
                octets += content.size();
                NS_TEST_EXPECT_MSG_EQ((content == ReadFile(second.Files()[i])), true, files[i]);
            }
            NS_TEST_EXPECT_MSG_GT(octets, 10000u, "there is something");
            NS_TEST_EXPECT_MSG_EQ((ReadFile(first.keyLog) != ReadFile(other.keyLog)), true, "seed");
        }
    }
};

/// All of them.
class ProactiveWiresharkTestSuite : public TestSuite
{
  public:
    ProactiveWiresharkTestSuite()
        : TestSuite("mis-proactive-wireshark", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new RelayedFramesTestCase("Prereg_Xfer", 2));
        AddTestCase(new RelayedFramesTestCase("LL_Auth", 4));
        AddTestCase(new LinkFramesTestCase);
        AddTestCase(new ColdFramesTestCase);
        AddTestCase(new AgainTestCase);
    }
};

static ProactiveWiresharkTestSuite g_proactiveWiresharkTestSuite; //!< the suite
