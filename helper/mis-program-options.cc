// SPDX-License-Identifier: GPL-2.0-only

#include "mis-program-options.h"

#include "ns3/assert.h"
#include "ns3/command-line.h"
#include "ns3/config.h"
#include "ns3/global-value.h"
#include "ns3/string.h"
#include "ns3/type-id.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <locale>
#include <set>
#include <sstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ns3::mis
{

namespace
{

std::string
Join(const std::vector<std::string>& items, const std::string& separator = ", ")
{
    std::string text;
    for (const auto& item : items)
    {
        text += (text.empty() ? "" : separator) + item;
    }
    return text;
}

std::string
ToText(double value)
{
    std::ostringstream text;
    text << value;
    return text.str();
}

std::string
Range(uint64_t least, uint64_t most)
{
    return std::to_string(least) + " to " + std::to_string(most);
}

std::vector<std::string>
Texts(const std::vector<uint64_t>& numbers)
{
    std::vector<std::string> texts;
    for (const auto number : numbers)
    {
        texts.push_back(std::to_string(number));
    }
    return texts;
}

bool
IsGroup(const std::string& name)
{
    for (uint16_t i = 0; i < TypeId::GetRegisteredN(); ++i)
    {
        if (TypeId::GetRegistered(i).GetGroupName() == name)
        {
            return true;
        }
    }
    return false;
}

/// Sets a value. ns-3 aborts on many wrong ones, such as "soon" for a time, so another process
/// tries.
bool
SetSafely(const std::function<bool()>& set)
{
    const pid_t child = fork();
    if (child == 0)
    {
        const rlimit none{0, 0};
        setrlimit(RLIMIT_CORE, &none);
        const int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        _exit(set() ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    int status = 0;
    const bool isTried = child > 0 && waitpid(child, &status, 0) == child;
    return (!isTried || status == 0) && set();
}

} // namespace

ProgramOptions::ProgramOptions(std::string program, std::string purpose)
    : m_program(std::move(program)),
      m_purpose(std::move(purpose))
{
}

void
ProgramOptions::Declare(const std::string& name,
                        const std::string& help,
                        const std::string& standard,
                        std::function<void(const std::string&)> read)
{
    Option option;
    option.name = name;
    option.help = help;
    option.text = standard;
    option.read = std::move(read);
    m_options.push_back(std::move(option));
}

void
ProgramOptions::Add(const std::string& name, const std::string& help, std::string& value)
{
    const bool mayBeEmpty = value.empty();
    Declare(name, help, value, [this, name, mayBeEmpty, &value](const std::string& text) {
        if (text.empty() && !mayBeEmpty)
        {
            Wrong("--" + name + " is empty");
        }
        value = text;
    });
}

void
ProgramOptions::AddFlag(const std::string& name, const std::string& help, bool& value)
{
    Declare(name, help, value ? "true" : "false", [this, name, &value](const std::string& text) {
        CheckOneOf(name, text, {"true", "false", "1", "0"});
        value = text == "true" || text == "1";
    });
    m_options.back().isFlag = true;
}

void
ProgramOptions::AddNumber(const std::string& name,
                          const std::string& help,
                          uint64_t& value,
                          uint64_t least,
                          uint64_t most)
{
    Declare(name,
            help + " (" + Range(least, most) + ")",
            std::to_string(value),
            [this, name, least, most, &value](const std::string& text) {
                value = Number(name, text, least, most);
            });
}

void
ProgramOptions::AddReal(const std::string& name,
                        const std::string& help,
                        std::optional<double>& value,
                        double least,
                        double most)
{
    Declare(name,
            help + " (" + ToText(least) + " to " + ToText(most) + ")",
            value ? ToText(*value) : "",
            [this, name, least, most, &value](const std::string& text) {
                value = Real(name, text, least, most);
            });
}

void
ProgramOptions::AddWord(const std::string& name,
                        const std::string& help,
                        std::string& value,
                        const std::vector<std::string>& allowed)
{
    const bool mayBeEmpty = value.empty();
    Declare(name,
            help + " (" + Join(allowed) + ")",
            value,
            [this, name, allowed, mayBeEmpty, &value](const std::string& text) {
                if (!text.empty() || !mayBeEmpty)
                {
                    CheckOneOf(name, text, allowed);
                }
                value = text;
            });
}

void
ProgramOptions::AddWords(const std::string& name,
                         const std::string& help,
                         std::vector<std::string>& values,
                         const std::vector<std::string>& allowed)
{
    const auto list = allowed.empty() ? "" : " (" + Join(allowed) + ")";
    Declare(name,
            help + ", separated by commas" + list,
            Join(values, ","),
            [this, name, allowed, &values](const std::string& text) {
                values = Items(name, text);
                for (const auto& value : values)
                {
                    if (!allowed.empty())
                    {
                        CheckOneOf(name, value, allowed);
                    }
                }
            });
}

void
ProgramOptions::AddNumbers(const std::string& name,
                           const std::string& help,
                           std::vector<uint64_t>& values,
                           uint64_t least,
                           uint64_t most)
{
    Declare(name,
            help + ", separated by commas (" + Range(least, most) + ")",
            Join(Texts(values), ","),
            [this, name, least, most, &values](const std::string& text) {
                values.clear();
                for (const auto& item : Items(name, text))
                {
                    values.push_back(Number(name, item, least, most));
                }
            });
}

void
ProgramOptions::AddFolder(const std::string& name, const std::string& help, std::string& value)
{
    NS_ASSERT_MSG(!value.empty(), "--" << name << " needs a default");
    Add(name, help, value);
}

void
ProgramOptions::Own(const std::string& name, const std::string& by)
{
    m_owned[name] = by;
}

void
ProgramOptions::Wrong(const std::string& text) const
{
    constexpr int WRONG = 2;
    End(text, WRONG);
}

void
ProgramOptions::Fail(const std::string& text) const
{
    constexpr int FAILED = 1;
    End(text, FAILED);
}

void
ProgramOptions::End(std::string text, int code) const
{
    // What a user has typed may hold anything; it stays one line.
    std::replace_if(
        text.begin(),
        text.end(),
        [](char c) { return static_cast<unsigned char>(c) < ' '; },
        '?');
    std::cerr << m_program << ": " << text << std::endl;
    std::exit(code);
}

void
ProgramOptions::Parse(int argc, char* argv[])
{
    std::vector<std::string> others{argv[0]};
    std::set<std::string> names;
    for (int i = 1; i < argc; ++i)
    {
        const std::string argument = argv[i];
        const auto equals = argument.find('=');
        const auto name = argument.substr(0, equals);
        const auto value = equals == std::string::npos
                               ? std::nullopt
                               : std::optional<std::string>(argument.substr(equals + 1));
        if (!names.insert(name).second)
        {
            Wrong(name + " is given twice");
        }
        if (ReadOption(name, value))
        {
            continue;
        }
        if (value && name.rfind("--ns3::", 0) == 0)
        {
            ReadAttribute(name.substr(2), *value);
            continue;
        }
        if (value && name.rfind("--", 0) == 0 && ReadGlobal(name.substr(2), *value))
        {
            continue;
        }
        CheckPrint(name, value);
        others.push_back(argument);
    }
    PrintWhatIsAsked(others);
}

bool
ProgramOptions::ReadOption(const std::string& name, const std::optional<std::string>& value)
{
    for (auto& option : m_options)
    {
        if (name != "--" + option.name)
        {
            continue;
        }
        if (!value && !option.isFlag)
        {
            Wrong(name + " needs a value, see --PrintHelp");
        }
        option.text = value ? *value : "true";
        option.read(option.text);
        option.isGiven = !option.text.empty();
        return true;
    }
    return false;
}

void
ProgramOptions::ReadAttribute(const std::string& name, const std::string& value) const
{
    CheckOwned(name);
    if (!SetSafely([&] { return Config::SetDefaultFailSafe(name, StringValue(value)); }))
    {
        Wrong("\"--" + name + "=" + value + "\" names no attribute, or a value it does not take");
    }
}

bool
ProgramOptions::ReadGlobal(const std::string& name, const std::string& value) const
{
    const auto it =
        std::find_if(GlobalValue::Begin(), GlobalValue::End(), [&](const GlobalValue* global) {
            return global->GetName() == name;
        });
    if (it == GlobalValue::End())
    {
        return false;
    }
    CheckOwned(name);
    if (name.rfind("Rng", 0) == 0)
    {
        Number(name, value, 1, UINT32_MAX);
    }
    if (!SetSafely([&] { return (*it)->SetValue(StringValue(value)); }))
    {
        Wrong("\"--" + name + "=" + value + "\" is a value that it does not take");
    }
    return true;
}

void
ProgramOptions::CheckOwned(const std::string& name) const
{
    if (const auto own = m_owned.find(name); own != m_owned.end())
    {
        Wrong("--" + name + " has no effect, because it is set by " + own->second + " here");
    }
}

void
ProgramOptions::CheckPrint(const std::string& name, const std::optional<std::string>& value) const
{
    static const std::set<std::string> plain{"--help",
                                             "--PrintHelp",
                                             "--PrintVersion",
                                             "--PrintGlobals",
                                             "--PrintTypeIds",
                                             "--PrintGroups"};
    const auto argument = name + (value ? "=" + *value : "");
    TypeId type;
    if (name == "--PrintAttributes")
    {
        if (!value || !TypeId::LookupByNameFailSafe(*value, &type))
        {
            Wrong("\"" + argument + "\" names no class, see --PrintTypeIds");
        }
    }
    else if (name == "--PrintGroup")
    {
        if (!value || !IsGroup(*value))
        {
            Wrong("\"" + argument + "\" names no group of classes, see --PrintGroups");
        }
    }
    else if (plain.count(name) == 0 || value)
    {
        Wrong("unknown argument \"" + argument + "\", see --PrintHelp");
    }
}

void
ProgramOptions::PrintWhatIsAsked(const std::vector<std::string>& arguments) const
{
    CommandLine cmd(m_program);
    cmd.Usage(m_purpose);
    auto options = m_options; // CommandLine would write into them
    for (auto& option : options)
    {
        cmd.AddValue(option.name, option.help, option.text);
    }
    cmd.Parse(arguments);
}

const ProgramOptions::Option&
ProgramOptions::Find(const std::string& name) const
{
    const auto it = std::find_if(m_options.begin(), m_options.end(), [&](const Option& option) {
        return option.name == name;
    });
    NS_ASSERT_MSG(it != m_options.end(), "there is no option --" << name);
    return *it;
}

bool
ProgramOptions::IsGiven(const std::string& name) const
{
    return Find(name).isGiven;
}

void
ProgramOptions::MakeFolder(const std::string& name, const std::string& folder) const
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
    {
        Wrong("--" + name + " is \"" + Find(name).text + "\", where nothing can be written");
    }
}

void
ProgramOptions::CheckWritable(const std::string& name, const std::string& file) const
{
    if (!std::ofstream(file, std::ios::app))
    {
        Wrong("--" + name + " is \"" + Find(name).text + "\": " + file + " can not be written");
    }
}

uint64_t
ProgramOptions::Number(const std::string& name,
                       const std::string& text,
                       uint64_t least,
                       uint64_t most) const
{
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
    {
        Wrong("--" + name + " is \"" + text + "\", allowed are whole numbers from " +
              Range(least, most));
    }
    return value;
}

double
ProgramOptions::Real(const std::string& name,
                     const std::string& text,
                     double least,
                     double most) const
{
    // Older libraries have no std::from_chars for it.
    std::istringstream stream(text);
    stream.imbue(std::locale::classic());
    double value = 0;
    stream >> std::noskipws >> value;
    if (!stream || stream.peek() != std::istringstream::traits_type::eof() ||
        !(value >= least && value <= most))
    {
        Wrong("--" + name + " is \"" + text + "\", allowed are numbers from " + ToText(least) +
              " to " + ToText(most));
    }
    return value;
}

void
ProgramOptions::CheckOneOf(const std::string& name,
                           const std::string& text,
                           const std::vector<std::string>& allowed) const
{
    if (std::find(allowed.begin(), allowed.end(), text) == allowed.end())
    {
        Wrong("--" + name + " is \"" + text + "\", allowed are " + Join(allowed));
    }
}

std::vector<std::string>
ProgramOptions::Items(const std::string& name, const std::string& list) const
{
    auto items = Split(list);
    if (items.empty())
    {
        Wrong("--" + name + " is empty");
    }
    std::set<std::string> known;
    for (const auto& item : items)
    {
        if (!known.insert(item).second)
        {
            Wrong("--" + name + " names \"" + item + "\" twice");
        }
    }
    return items;
}

std::vector<std::string>
ProgramOptions::Split(const std::string& list, char separator)
{
    std::vector<std::string> items;
    if (list.empty())
    {
        return items;
    }
    std::size_t begin = 0;
    for (auto end = list.find(separator); end != std::string::npos;
         begin = end + 1, end = list.find(separator, begin))
    {
        items.push_back(list.substr(begin, end - begin));
    }
    items.push_back(list.substr(begin));
    return items;
}

} // namespace ns3::mis
