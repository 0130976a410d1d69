// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Command lines of programs.
 */
#ifndef MIS_PROGRAM_OPTIONS_H
#define MIS_PROGRAM_OPTIONS_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3::mis
{

/**
 * @brief The options of a program: ns-3's CommandLine, but what is wrong ends the program with one
 * line on standard error and exit code 2, not with the whole help text.
 *
 * Options of ns-3 itself work as ever: `--PrintHelp` and the like, `--RngRun=7`, and attribute
 * defaults such as `--ns3::mis::MobileNode::KeyWaitTimeout=2s`.
 */
class ProgramOptions
{
  public:
    /// @param program its name, for messages
    explicit ProgramOptions(std::string program);

    /**
     * @brief Adds an option `--name=value`.
     * @param name name
     * @param help what it does, and what is allowed
     * @param value where to put it, with the default in it; must outlive this object
     */
    void Add(const std::string& name, const std::string& help, std::string& value);

    /**
     * @brief Adds an option `--name`, `--name=true` or `--name=false`.
     * @param name name
     * @param help what it does
     * @param value where to put "true" or "false"
     */
    void AddFlag(const std::string& name, const std::string& help, std::string& value);

    /**
     * @brief Refuses the default of an attribute, because the program sets the attribute itself.
     * @param attribute full name, such as ns3::mis::MobileNode::Remedy
     * @param option what sets it
     */
    void Own(const std::string& attribute, const std::string& option);

    /**
     * @brief Reads the command line.
     * @param argc as main has it
     * @param argv as main has it
     */
    void Parse(int argc, char* argv[]);

    /**
     * @brief Reads a whole number.
     * @param name option, for the message
     * @param text its value
     * @param least smallest allowed
     * @param most largest allowed
     * @return the number
     */
    uint64_t Number(const std::string& name,
                    const std::string& text,
                    uint64_t least,
                    uint64_t most) const;

    /**
     * @brief Reads a number.
     * @param name option, for the message
     * @param text its value
     * @param least smallest allowed
     * @param most largest allowed
     * @return the number
     */
    double Real(const std::string& name, const std::string& text, double least, double most) const;

    /**
     * @brief Ends the program unless a value is one of a few.
     * @param name option, for the message
     * @param text its value
     * @param allowed what it may be
     */
    void CheckOneOf(const std::string& name,
                    const std::string& text,
                    const std::vector<std::string>& allowed) const;

    /**
     * @brief Ends the program with exit code 2.
     * @param text what is wrong
     */
    [[noreturn]] void Wrong(const std::string& text) const;

    /**
     * @param list items separated by commas
     * @return the items
     */
    static std::vector<std::string> Split(const std::string& list, char separator = ',');

  private:
    /// An option.
    struct Option
    {
        std::string name;
        std::string help;
        std::string* value;
        bool isFlag;
    };

    void CheckPrint(const std::string& argument) const;
    void CheckGlobal(const std::string& name, const std::string& value) const;

    std::string m_program;
    std::vector<Option> m_options;
    std::map<std::string, std::string> m_owned; //!< what sets an attribute, by attribute
};

} // namespace ns3::mis

#endif // MIS_PROGRAM_OPTIONS_H
