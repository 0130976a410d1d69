// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * The layers point one way: what is below the MIS Function knows no simulator.
 */

#include "ns3/test.h"

#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

using namespace ns3;

namespace
{

namespace fs = std::filesystem;

/// Sources of one folder of model/.
class FolderTestCase : public TestCase
{
  public:
    /**
     * @param folder below model/
     * @param what in words, what it has to be free of
     * @param forbidden what no line may match
     */
    FolderTestCase(const std::string& folder, const std::string& what, const std::string& forbidden)
        : TestCase("layer " + folder + " is free of " + what),
          m_folder(folder),
          m_forbidden(forbidden)
    {
    }

  private:
    void DoRun() override
    {
        const std::regex forbidden(m_forbidden);
        size_t files = 0;
        for (const auto& entry :
             fs::directory_iterator(fs::path(MIS_SOURCE_DIR) / "model" / m_folder))
        {
            std::ifstream file(entry.path());
            ++files;
            for (std::string line; std::getline(file, line);)
            {
                NS_TEST_EXPECT_MSG_EQ(std::regex_search(line, forbidden),
                                      false,
                                      entry.path().filename().string() << ": " << line);
            }
        }
        NS_TEST_EXPECT_MSG_GT(files, 1u, "there are sources in the folder");
    }

    std::string m_folder;
    std::string m_forbidden;
};

/// Names of our headers of some folders, as alternatives of a regular expression.
std::string
HeadersOf(const std::vector<std::string>& folders)
{
    std::string names;
    for (const auto& folder : folders)
    {
        for (const auto& entry :
             fs::directory_iterator(fs::path(MIS_SOURCE_DIR) / "model" / folder))
        {
            if (entry.path().extension() == ".h")
            {
                names += (names.empty() ? "" : "|") + entry.path().stem().string();
            }
        }
    }
    return R"(#include ["<](ns3/)?()" + names + R"()\.h[">])";
}

/// All folders.
class LayersTestSuite : public TestSuite
{
  public:
    LayersTestSuite()
        : TestSuite("mis-layers", TestSuite::Type::UNIT)
    {
        const std::string simulator =
            R"(#include ["<](ns3/)?(simulator|node|node-list|socket|scheduler|net-device|event-id|)"
            R"(application|channel|packet|random-variable-stream)\.h|Simulator::|RAND_bytes|\brand\()";
        for (const auto* folder :
             {"codec", "crypto", "security", "authentication", "link-authentication", "ikev2"})
        {
            AddTestCase(new FolderTestCase(folder, "the simulator", simulator));
        }
        const std::vector<std::string> order{"codec",
                                             "crypto",
                                             "security",
                                             "authentication",
                                             "misf",
                                             "remedy",
                                             "entity",
                                             "radio"};
        for (size_t i = 0; i + 1 < order.size(); ++i)
        {
            AddTestCase(new FolderTestCase(
                order[i],
                "the layers above it",
                HeadersOf(std::vector<std::string>(order.begin() + i + 1, order.end()))));
        }
        AddTestCase(new FolderTestCase("radio",
                                       "the layers beside and above it",
                                       HeadersOf({"scenario", "link"}) +
                                           R"(|#include ["<](ns3/)?mis-[a-z-]*helper\.h)"));
        // Beside security: the keys of access links need no association of ours.
        AddTestCase(new FolderTestCase(
            "link-authentication",
            "the layers beside and above it",
            HeadersOf({"security", "misf", "establish", "remedy", "entity", "scenario", "link"})));
        for (const auto* folder : {"codec", "crypto", "security"})
        {
            AddTestCase(new FolderTestCase(folder,
                                           "the link-layer authentication",
                                           HeadersOf({"link-authentication"})));
        }
        AddTestCase(new FolderTestCase(
            "ikev2",
            "the layers above it",
            HeadersOf({"security", "misf", "establish", "remedy", "entity", "scenario"})));
        for (const auto* folder : {"codec", "crypto"})
        {
            AddTestCase(new FolderTestCase(folder, "IKEv2", HeadersOf({"ikev2"})));
        }
        // OpenSSL is behind the crypto layer, exceptions are nowhere.
        for (const auto* folder : {"codec",
                                   "security",
                                   "authentication",
                                   "link-authentication",
                                   "ikev2",
                                   "misf",
                                   "establish",
                                   "remedy",
                                   "entity",
                                   "scenario",
                                   "radio",
                                   "traffic",
                                   "link"})
        {
            AddTestCase(new FolderTestCase(folder,
                                           "OpenSSL and exceptions",
                                           R"(#include <openssl/|\bEVP_|\bthrow\b)"));
        }
        // Traffic is for any simulation, with or without this module's roles.
        AddTestCase(new FolderTestCase(
            "traffic",
            "the layers beside it",
            HeadersOf({"codec", "crypto", "security", "misf", "remedy", "entity", "scenario"})));
        AddTestCase(new FolderTestCase("remedy",
                                       "sockets and time",
                                       R"(Socket|Simulator::|#include "ns3/node\.h")"));
    }
};

LayersTestSuite g_layersTestSuite; //!< the instance

} // namespace
