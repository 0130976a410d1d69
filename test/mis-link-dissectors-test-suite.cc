// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief Test of the frames of the link-layer authentication by the dissectors of tshark.
 */
#include "mis-link-authentication-test-helpers.h"
#include "mis-oracle-test-helpers.h"

#include "ns3/mis-eapol-frame.h"
#include "ns3/test.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mis;
using namespace ns3::mis::test;

namespace
{

/** @brief tshark reads the frames as what they are. */
class DissectorTestCase : public TestCase
{
  public:
    DissectorTestCase()
        : TestCase("tshark names every frame, and none is malformed")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(HasProgram("tshark"), true, "this test needs tshark: install it");
        // EAPOL, on Ethernet.
        Recorded eapol(LinkType::WIFI);
        const std::string ethernet = WritePcap("eapol.pcap", 1, eapol.sent);
        const std::string messages =
            Shark(ethernet, "-Y eapol.type==3 -T fields -e wlan_rsna_eapol.keydes.msgnr");
        NS_TEST_EXPECT_MSG_EQ(messages, "1\n2\n3\n4\n1\n2\n", "EAPOL-Key");
        const std::string info = Shark(ethernet, "-T fields -e _ws.col.Info");
        NS_TEST_EXPECT_MSG_EQ(info.find("Start\n"), 0u, info);
        for (const auto* text : {"Key (Message 1 of 4)",
                                 "Key (Message 2 of 4)",
                                 "Key (Message 3 of 4)",
                                 "Key (Message 4 of 4)",
                                 "Key (Group Message 1 of 2)",
                                 "Key (Group Message 2 of 2)"})
        {
            NS_TEST_EXPECT_MSG_NE(info.find(text), std::string::npos, text << " in " << info);
        }
        NS_TEST_EXPECT_MSG_EQ(Shark(ethernet, "-Y _ws.malformed"), "", "malformed EAPOL");

        // Given the PMK, tshark derives the keys, checks the MICs and opens the group key.
        const std::string wifi = WritePcap("wifi.pcap", 105, eapol.sent);
        const std::string opened =
            Shark(wifi,
                  "-o wlan.enable_decryption:TRUE -o " +
                      Quote("uat:80211_keys:\"wpa-psk\",\"" + ToHex(Ascending(0, 32)) + "\"") +
                      " -Y wlan.rsn.ie.gtk_kde.gtk -T fields -e wlan_rsna_eapol.keydes.msgnr"
                      " -e wlan.analysis.kck -e wlan.analysis.kek -e wlan.rsn.ie.gtk_kde.gtk");
        const LinkKeys& keys = eapol.supplicant->Keys();
        const auto key = [&keys](const char* name) {
            const SecretBytes* found = keys.Find(name);
            return found ? ToHex(*found) : std::string();
        };
        const std::string pairwise = '\t' + key("KCK") + '\t' + key("KEK") + '\t';
        NS_TEST_EXPECT_MSG_EQ(opened,
                              "3" + pairwise + ToHex(eapol.firstGtk) + "\n1" + pairwise +
                                  key("GTK") + '\n',
                              "keys as tshark finds them");

        Recorded aka(LinkType::UMTS);
        const std::string nas = WritePcap("nas.pcap", 147, aka.sent);
        NS_TEST_EXPECT_MSG_EQ(Shark(nas, User("nas-eps") + "-T fields -e nas_eps.nas_msg_emm_type"),
                              "0x55\n0x56\n0x52\n0x5c\n0x52\n0x53\n0x5d\n\n\n",
                              "NAS messages; the last two are ciphered");
        NS_TEST_EXPECT_MSG_EQ(
            Shark(nas, User("nas-eps") + "-T fields -e nas_eps.security_header_type"),
            "0\n0\n0\n0\n0\n0\n3,0\n4\n2\n",
            "protection");
        NS_TEST_EXPECT_MSG_EQ(Shark(nas, User("nas-eps") + "-Y _ws.malformed"),
                              "",
                              "malformed NAS");
        const auto accept = DecodeNasProtected(aka.sent.back().octets);
        NS_TEST_ASSERT_MSG_EQ(bool(accept), true, "Attach accept");
        const Bytes clear = Eea2(aka.Mobile(),
                                 *aka.supplicant->Keys().Find("K_NASenc"),
                                 accept->sequence,
                                 0,
                                 NasDirection::DOWNLINK,
                                 accept->payload);
        const std::string opened3gpp = WritePcap("accept.pcap", 147, {{true, clear}});
        NS_TEST_EXPECT_MSG_EQ(
            Shark(opened3gpp,
                  User("nas-eps") + "-T fields -e nas_eps.nas_msg_emm_type"
                                    " -e nas_eps.emm.EPS_attach_result -e nas_eps.nas_msg_esm_type"
                                    " -e gsm_a.gm.sm.apn -e nas_eps.esm.pdn_ipv4"),
            "0x42\t1\t0xc1\tmis\t0.0.0.0\n",
            "Attach accept in clear");
        NS_TEST_EXPECT_MSG_EQ(Shark(opened3gpp, User("nas-eps") + "-Y _ws.malformed"),
                              "",
                              "malformed NAS");

        Recorded pkm(LinkType::WIMAX);
        const std::string wimax = User("wmx_mac_mgmt_msg_decoder");
        const std::string whole = WritePcap("pkm.pcap", 147, pkm.sent);
        NS_TEST_EXPECT_MSG_EQ(Shark(whole, wimax + "-T fields -e wmx.pkm.msg_code"),
                              "17\n18\n18\n18\n20\n21\n22\n23\n24\n",
                              "PKM messages");
        // tshark 4.0 looks for a list of suites in Security Capabilities at the wrong offset, and
        // reads it where it stands alone.
        NS_TEST_EXPECT_MSG_EQ(
            Shark(whole, wimax + "-Y " + Quote("_ws.malformed && wmx.pkm.msg_code != 21")),
            "",
            "malformed PKM");
        Bytes& request = pkm.sent[5].octets;
        const Bytes wrapper{0x13, 0x0c};
        const auto at = std::search(request.begin(), request.end(), wrapper.begin(), wrapper.end());
        NS_TEST_ASSERT_MSG_EQ((at != request.end()), true, "Security Capabilities");
        request.erase(at, at + 2);
        const std::string bare = WritePcap("pkm-bare.pcap", 147, pkm.sent);
        NS_TEST_EXPECT_MSG_EQ(Shark(bare, wimax + "-Y _ws.malformed"), "", "malformed PKM");
        NS_TEST_EXPECT_MSG_EQ(Shark(bare, wimax + "-Y wmx.pkm.unknown.type"), "", "attributes");
        NS_TEST_EXPECT_MSG_EQ(
            Shark(bare, wimax + "-T fields -e wmx.pkm_msg.pkm_attr.cmac_digest.pn").substr(4),
            "0x00000001\n0x00000001\n0x00000002\n0x00000002\n0x00000003\n",
            "packet numbers");
    }

    /** @brief A run that shows all messages. */
    struct Recorded : Conversation
    {
        /** @brief Run. @param type link type */
        explicit Recorded(LinkType type)
            : Conversation(MakePlan(type))
        {
            Run();
            if (const SecretBytes* gtk = supplicant->Keys().Find("GTK"))
            {
                firstGtk = *gtk;
                Do(true, authenticator->UpdateGroupKey());
                Deliver();
            }
        }

        /** @return its plan. @param type link type */
        static Plan MakePlan(LinkType type)
        {
            Plan plan;
            plan.type = type;
            plan.rounds = 1;
            plan.authenticatorFirst = type == LinkType::UMTS;
            plan.usimSqn = 5;
            return plan;
        }

        SecretBytes firstGtk; //!< group key before the group key handshake
    };

    /** @return path of a capture. */
    std::string WritePcap(const std::string& name,
                          uint32_t linkType,
                          const std::vector<Sent>& frames)
    {
        std::string octets;
        const auto little = [&octets](uint32_t value, unsigned size) {
            for (; size != 0; --size, value >>= 8)
            {
                octets += static_cast<char>(value & 0xff);
            }
        };
        little(0xa1b2c3d4, 4);
        little(2, 2);
        little(4, 2);
        little(0, 4);
        little(0, 4);
        little(65535, 4);
        little(linkType, 4);
        for (std::size_t i = 0; i < frames.size(); ++i)
        {
            Bytes frame;
            if (linkType == 1)
            {
                const auto& to = frames[i].downlink ? SPA : AA;
                const auto& from = frames[i].downlink ? AA : SPA;
                frame.insert(frame.end(), to.begin(), to.end());
                frame.insert(frame.end(), from.begin(), from.end());
                frame.push_back(ETHERTYPE_EAPOL >> 8);
                frame.push_back(ETHERTYPE_EAPOL & 0xff);
            }
            if (linkType == 105)
            {
                const MacOctets& receiver = frames[i].downlink ? SPA : AA;
                const MacOctets& sender = frames[i].downlink ? AA : SPA;
                frame = {0x08, static_cast<uint8_t>(frames[i].downlink ? 0x02 : 0x01), 0, 0};
                frame.insert(frame.end(), receiver.begin(), receiver.end());
                frame.insert(frame.end(), sender.begin(), sender.end());
                frame.insert(frame.end(), AA.begin(), AA.end());
                const Bytes rest = Hex("0000aaaa03000000888e");
                frame.insert(frame.end(), rest.begin(), rest.end());
            }
            frame.insert(frame.end(), frames[i].octets.begin(), frames[i].octets.end());
            little(static_cast<uint32_t>(i), 4);
            little(0, 4);
            little(static_cast<uint32_t>(frame.size()), 4);
            little(static_cast<uint32_t>(frame.size()), 4);
            octets.append(frame.begin(), frame.end());
        }
        const std::string path = CreateTempDirFilename(name);
        WriteFile(path, octets);
        return path;
    }

    /** @return options that have bare messages read by a dissector */
    static std::string User(const std::string& dissector)
    {
        return "-o " +
               Quote("uat:user_dlts:\"User 0 (DLT=147)\",\"" + dissector +
                     "\",\"0\",\"\",\"0\",\"\"") +
               ' ';
    }

    /** @return what tshark prints */
    std::string Shark(const std::string& path, const std::string& options)
    {
        const auto result =
            RunCommand("tshark -n -r " + Quote(path) + ' ' + options + " 2>/dev/null");
        NS_TEST_EXPECT_MSG_EQ(result.status, 0, "tshark " << options);
        return result.output;
    }
};

/** @brief All tests of the link-layer authentication by tshark. */
class MisLinkDissectorsTestSuite : public TestSuite
{
  public:
    MisLinkDissectorsTestSuite()
        : TestSuite("mis-link-dissectors", TestSuite::Type::UNIT)
    {
        AddTestCase(new DissectorTestCase);
    }
};

MisLinkDissectorsTestSuite g_misLinkDissectorsTestSuite;

} // namespace
