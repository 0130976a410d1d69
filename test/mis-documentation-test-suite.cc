// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Tests that README and manual say what the code says.
 */

#include "ns3/mis-helper.h"
#include "ns3/mis-key-delivery-remedy.h"
#include "ns3/mis-link-profile.h"
#include "ns3/mis-processing-model.h"
#include "ns3/object-factory.h"
#include "ns3/test.h"
#include "ns3/type-id.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

using namespace ns3;
using namespace ns3::mis;

namespace
{

std::string
ReadFile(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::filesystem::path
Source(const char* path)
{
    return std::filesystem::path(MIS_SOURCE_DIR) / path;
}

/// Text with each run of white space made one blank, so that line breaks do not matter.
std::string
OneLine(const std::string& text)
{
    std::string line;
    for (const char c : text)
    {
        if (!std::isspace(static_cast<unsigned char>(c)))
        {
            line += c;
        }
        else if (!line.empty() && line.back() != ' ')
        {
            line += ' ';
        }
    }
    return line;
}

/// Types of this module that users configure or trace.
std::vector<TypeId>
ModuleTypes()
{
    std::vector<TypeId> types;
    for (uint16_t i = 0; i < TypeId::GetRegisteredN(); ++i)
    {
        const auto type = TypeId::GetRegistered(i);
        if (type.GetName().rfind("ns3::mis::", 0) == 0 && type.GetGroupName() == "MisPrereg")
        {
            types.push_back(type);
        }
    }
    return types;
}

} // namespace

/// The program of the README is the example.
class ReadmeProgramTestCase : public TestCase
{
  public:
    ReadmeProgramTestCase()
        : TestCase("the program in the README is the example, word for word")
    {
    }

  private:
    void DoRun() override
    {
        const auto program = ReadFile(Source("examples/minimal-preregistration.cc"));
        NS_TEST_ASSERT_MSG_EQ(program.empty(), false, "the example can not be read");
        const auto readme = ReadFile(Source("README.md"));
        const bool isThere = readme.find("```cpp\n" + program + "```") != std::string::npos;
        NS_TEST_EXPECT_MSG_EQ(isThere, true, "README.md does not hold the example as it is");
    }
};

/// The manual lists attributes and trace sources.
class ManualAttributesTestCase : public TestCase
{
  public:
    ManualAttributesTestCase()
        : TestCase("the manual lists every attribute and trace source with its meaning")
    {
    }

  private:
    void DoRun() override
    {
        const auto manual = OneLine(ReadFile(Source("doc/mis-prereg.rst")));
        uint32_t checked = 0;
        for (const auto& type : ModuleTypes())
        {
            for (std::size_t i = 0; i < type.GetAttributeN(); ++i)
            {
                const auto attribute = type.GetAttribute(i);
                Expect(manual, type, attribute.name, attribute.help);
                ++checked;
            }
            for (std::size_t i = 0; i < type.GetTraceSourceN(); ++i)
            {
                const auto source = type.GetTraceSource(i);
                Expect(manual, type, source.name, source.help);
                ++checked;
            }
        }
        NS_TEST_EXPECT_MSG_GT(checked, 50, "types of the module are not found");
    }

    void Expect(const std::string& manual,
                const TypeId& type,
                const std::string& name,
                const std::string& help)
    {
        bool isThere = false;
        const std::string table = "`` .. list-table::";
        const auto heading = "``" + type.GetName() + table;
        const auto row = "* - ``" + name + "`` - ";
        // The type has one table of attributes and one of trace sources.
        for (auto at = manual.find(heading); at != std::string::npos && !isThere;
             at = manual.find(heading, at + 1))
        {
            const auto end = std::min(manual.find(table, at + heading.size()), manual.size());
            const auto begin = manual.find(row, at);
            isThere = begin < end && manual.find("- " + OneLine(help), begin) < end;
        }
        NS_TEST_EXPECT_MSG_EQ(isThere,
                              true,
                              "doc/mis-prereg.rst does not list " << type.GetName() << "::" << name
                                                                  << ": " << help);
    }
};

/// The manual repeats texts that the code has.
class ManualTextsTestCase : public TestCase
{
  public:
    ManualTextsTestCase()
        : TestCase("the manual has security considerations and sources word for word")
    {
    }

  private:
    void DoRun() override
    {
        const auto security = OneLine(ReadFile(Source("doc/security.rst")));
        uint32_t remedies = 0;
        for (const auto& type : ModuleTypes())
        {
            if (!type.IsChildOf(KeyDeliveryRemedy::GetTypeId()) || !type.HasConstructor())
            {
                continue;
            }
            ObjectFactory factory;
            factory.SetTypeId(type);
            const auto remedy = factory.Create<KeyDeliveryRemedy>();
            Expect(security, remedy->GetSecurityConsiderations());
            ++remedies;
        }
        NS_TEST_EXPECT_MSG_GT(remedies, 3, "remedies are not found");
        const auto manual = OneLine(ReadFile(Source("doc/mis-prereg.rst")));
        for (const auto& name : {"server", "laptop", "phone", "cortex-m", "zero"})
        {
            Expect(manual, FindDeviceProfile(name)->source);
        }
        for (const auto& name : LinkProfileNames())
        {
            Expect(manual, FindLinkProfile(name)->source);
        }
    }

    void Expect(const std::string& document, const std::string& text)
    {
        const bool isThere = document.find(OneLine(text)) != std::string::npos;
        NS_TEST_EXPECT_MSG_EQ(isThere, true, "the manual does not say: " << text);
    }
};

/// The register lists the project-assigned values.
class RegisterTestCase : public TestCase
{
  public:
    RegisterTestCase()
        : TestCase("the register lists every project-assigned value that the code names")
    {
    }

  private:
    void DoRun() override
    {
        std::set<std::string> named;
        const std::regex pattern("PA-[0-9]+");
        for (const auto& folder : {"model", "helper"})
        {
            for (const auto& entry : std::filesystem::recursive_directory_iterator(Source(folder)))
            {
                if (!entry.is_regular_file())
                {
                    continue;
                }
                const auto text = ReadFile(entry.path());
                for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end;
                     ++it)
                {
                    named.insert(it->str());
                }
            }
        }
        NS_TEST_EXPECT_MSG_GT(named.size(), 15, "the sources are not found");
        const auto values = ReadFile(Source("doc/project-assigned-values.rst"));
        for (const auto& number : named)
        {
            const bool isThere = values.find("* - " + number + "\n") != std::string::npos;
            NS_TEST_EXPECT_MSG_EQ(isThere, true, number << " is not in the register");
        }
    }
};

/// The suite.
class MisDocumentationTestSuite : public TestSuite
{
  public:
    MisDocumentationTestSuite()
        : TestSuite("mis-documentation", TestSuite::Type::UNIT)
    {
        AddTestCase(new ReadmeProgramTestCase);
        AddTestCase(new ManualAttributesTestCase);
        AddTestCase(new ManualTextsTestCase);
        AddTestCase(new RegisterTestCase);
    }
};

static MisDocumentationTestSuite g_misDocumentationTestSuite;
