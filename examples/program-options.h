// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Command lines of example programs: what is wrong with one is said in one line, exit code 2.
 */
#ifndef PROGRAM_OPTIONS_H
#define PROGRAM_OPTIONS_H

#include "ns3/command-line.h"
#include "ns3/config.h"
#include "ns3/string.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

/// Options of a program, each a text with a default.
class ProgramOptions
{
  public:
    /// @param program name of the program, for messages
    explicit ProgramOptions(std::string program)
        : m_program(std::move(program))
    {
    }

    /**
     * @param name name of an option
     * @param help what it is for
     * @param value default
     */
    void Add(const std::string& name, const std::string& help, const std::string& value)
    {
        m_options.push_back({name, help, value});
    }

    /// @param name of an option @return its value
    const std::string& Get(const std::string& name) const
    {
        return std::find_if(m_options.begin(),
                            m_options.end(),
                            [&](const Option& option) { return option.name == name; })
            ->value;
    }

    /// @param text what is wrong
    [[noreturn]] void Wrong(const std::string& text) const
    {
        std::cerr << m_program << ": " << text << std::endl;
        std::exit(2);
    }

    /// Reads the command line; attributes of any class may be given as --ns3::Class::Attribute=.
    void Parse(int argc, char* argv[])
    {
        ns3::CommandLine cmd;
        for (auto& option : m_options)
        {
            cmd.AddValue(option.name, option.help, option.value);
        }
        std::vector<std::string> others{argv[0]};
        for (int i = 1; i < argc; ++i)
        {
            const std::string argument = argv[i];
            const auto equals = argument.find('=');
            const auto name = argument.substr(0, equals);
            const auto it = std::find_if(m_options.begin(), m_options.end(), [&](const Option& o) {
                return name == "--" + o.name;
            });
            if (it != m_options.end() && equals != std::string::npos)
            {
                it->value = argument.substr(equals + 1);
            }
            else if (it != m_options.end())
            {
                Wrong(name + " needs a value, see --PrintHelp");
            }
            else if (name.rfind("--ns3::", 0) == 0 && equals != std::string::npos)
            {
                if (!ns3::Config::SetDefaultFailSafe(name.substr(2),
                                                     ns3::StringValue(argument.substr(equals + 1))))
                {
                    Wrong("\"" + argument + "\" names no attribute, or a value it does not take");
                }
            }
            else if (argument == "--PrintHelp" || argument == "--help")
            {
                others.push_back(argument);
            }
            else
            {
                Wrong("unknown argument \"" + argument + "\", see --PrintHelp");
            }
        }
        cmd.Parse(others);
    }

    /// @param name of an option @param least smallest @param most largest @return its value
    uint64_t Number(const std::string& name, uint64_t least, uint64_t most) const
    {
        return NumberOf(name, Get(name), least, most);
    }

    /// @param name of an option with numbers separated by commas @return them
    std::vector<uint64_t> Numbers(const std::string& name, uint64_t least, uint64_t most) const
    {
        std::vector<uint64_t> numbers;
        std::istringstream stream(Get(name));
        for (std::string item; std::getline(stream, item, ',');)
        {
            numbers.push_back(NumberOf(name, item, least, most));
        }
        if (numbers.empty())
        {
            Wrong("--" + name + " is empty");
        }
        return numbers;
    }

    /// @param name of an option @param allowed values it may have @return its value
    const std::string& OneOf(const std::string& name, const std::vector<std::string>& allowed) const
    {
        const auto& value = Get(name);
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
        {
            std::string list;
            for (const auto& each : allowed)
            {
                list += (list.empty() ? "" : ", ") + each;
            }
            Wrong("--" + name + " is \"" + value + "\", allowed are " + list);
        }
        return value;
    }

  private:
    /// An option.
    struct Option
    {
        std::string name;
        std::string help;
        std::string value;
    };

    uint64_t NumberOf(const std::string& name,
                      const std::string& text,
                      uint64_t least,
                      uint64_t most) const
    {
        uint64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size() || value < least ||
            value > most)
        {
            Wrong("--" + name + " is \"" + text + "\", allowed are whole numbers from " +
                  std::to_string(least) + " to " + std::to_string(most));
        }
        return value;
    }

    std::string m_program;
    std::vector<Option> m_options;
};

#endif // PROGRAM_OPTIONS_H
