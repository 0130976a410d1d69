// SPDX-License-Identifier: GPL-2.0-only

#include "mis-program-options.h"

#include "ns3/command-line.h"
#include "ns3/config.h"
#include "ns3/global-value.h"
#include "ns3/string.h"
#include "ns3/type-id.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <sstream>

namespace ns3::mis
{

namespace
{

std::string
Join(const std::vector<std::string>& items)
{
    std::string text;
    for (const auto& item : items)
    {
        text += (text.empty() ? "" : ", ") + item;
    }
    return text;
}

} // namespace

ProgramOptions::ProgramOptions(std::string program)
    : m_program(std::move(program))
{
}

void
ProgramOptions::Add(const std::string& name, const std::string& help, std::string& value)
{
    m_options.push_back({name, help, &value, false});
}

void
ProgramOptions::AddFlag(const std::string& name, const std::string& help, std::string& value)
{
    m_options.push_back({name, help, &value, true});
}

void
ProgramOptions::Own(const std::string& attribute, const std::string& option)
{
    m_owned[attribute] = option;
}

void
ProgramOptions::Wrong(const std::string& text) const
{
    std::cerr << m_program << ": " << text << std::endl;
    std::exit(2);
}

void
ProgramOptions::Parse(int argc, char* argv[])
{
    CommandLine cmd(m_program);
    for (const auto& option : m_options)
    {
        cmd.AddValue(option.name, option.help, *option.value);
    }
    // CommandLine would refuse what it does not know, or an empty value, with its whole help text.
    std::vector<std::string> others{argv[0]};
    for (int i = 1; i < argc; ++i)
    {
        const std::string argument = argv[i];
        const auto equals = argument.find('=');
        const bool hasValue = equals != std::string::npos;
        const auto name = argument.substr(0, equals);
        const auto value = hasValue ? argument.substr(equals + 1) : "";
        const auto option =
            std::find_if(m_options.begin(), m_options.end(), [&](const Option& candidate) {
                return name == "--" + candidate.name;
            });
        if (option != m_options.end())
        {
            if (!hasValue && !option->isFlag)
            {
                Wrong(name + " needs a value, see --PrintHelp");
            }
            *option->value = hasValue ? value : "true";
            if (option->isFlag)
            {
                CheckOneOf(option->name, *option->value, {"true", "false"});
            }
            continue;
        }
        if (name.rfind("--ns3::", 0) == 0 && hasValue)
        {
            if (const auto own = m_owned.find(name.substr(2)); own != m_owned.end())
            {
                Wrong(name + " is set by " + own->second + " here");
            }
            // An attribute default of any class, in ns-3's manner.
            if (!Config::SetDefaultFailSafe(name.substr(2), StringValue(value)))
            {
                Wrong("\"" + argument + "\" names no attribute, or a value it does not take");
            }
            continue;
        }
        if (hasValue && name.rfind("--Print", 0) != 0)
        {
            CheckGlobal(name, value);
            continue;
        }
        CheckPrint(argument);
        others.push_back(argument);
    }
    cmd.Parse(others);
}

void
ProgramOptions::CheckGlobal(const std::string& name, const std::string& value) const
{
    for (auto global = GlobalValue::Begin(); global != GlobalValue::End(); ++global)
    {
        if (name != "--" + (*global)->GetName())
        {
            continue;
        }
        if (name.rfind("--Rng", 0) == 0)
        {
            Number((*global)->GetName(), value, 1, UINT32_MAX); // ns-3 aborts when it is no number
        }
        if (!(*global)->SetValue(StringValue(value)))
        {
            Wrong("\"" + name + "=" + value + "\" is a value that it does not take");
        }
        return;
    }
    Wrong("unknown argument \"" + name + "=" + value + "\", see --PrintHelp");
}

void
ProgramOptions::CheckPrint(const std::string& argument) const
{
    static const std::vector<std::string> names{"--help",
                                                "--PrintHelp",
                                                "--PrintVersion",
                                                "--PrintGlobals",
                                                "--PrintTypeIds",
                                                "--PrintGroups",
                                                "--PrintGroup",
                                                "--PrintAttributes"};
    const auto equals = argument.find('=');
    const auto name = argument.substr(0, equals);
    TypeId type;
    if (std::find(names.begin(), names.end(), name) == names.end())
    {
        Wrong("unknown argument \"" + argument + "\", see --PrintHelp");
    }
    if (name == "--PrintAttributes" &&
        (equals == std::string::npos ||
         !TypeId::LookupByNameFailSafe(argument.substr(equals + 1), &type)))
    {
        Wrong("\"" + argument + "\" names no class, see --PrintTypeIds");
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
              std::to_string(least) + " to " + std::to_string(most));
    }
    return value;
}

double
ProgramOptions::Real(const std::string& name,
                     const std::string& text,
                     double least,
                     double most) const
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() ||
        !(value >= least && value <= most))
    {
        std::ostringstream range;
        range << least << " to " << most;
        Wrong("--" + name + " is \"" + text + "\", allowed are numbers from " + range.str());
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
ProgramOptions::Split(const std::string& list, char separator)
{
    std::vector<std::string> items;
    std::istringstream stream(list);
    for (std::string item; std::getline(stream, item, separator);)
    {
        items.push_back(item);
    }
    return items;
}

} // namespace ns3::mis
