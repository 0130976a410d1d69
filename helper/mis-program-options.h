// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Command lines of programs.
 */
#ifndef MIS_PROGRAM_OPTIONS_H
#define MIS_PROGRAM_OPTIONS_H

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3::mis
{

/**
 * @brief The options of a program: ns-3's CommandLine, but what is wrong ends the program with one
 * line on standard error and exit code 2, not with the whole help text.
 *
 * An option is declared with a variable that holds its default and takes its value, and with what
 * is allowed, which the help text tells. An option may be given once.
 *
 * Options of ns-3 itself work as ever: `--PrintHelp` and the like, `--RngRun=7`, and attribute
 * defaults such as `--ns3::mis::MobileNode::KeyWaitTimeout=2s`.
 */
class ProgramOptions
{
  public:
    /**
     * @param program its name, for messages
     * @param purpose what it does, for the help text
     */
    explicit ProgramOptions(std::string program, std::string purpose = "");

    ProgramOptions(const ProgramOptions&) = delete;
    ProgramOptions& operator=(const ProgramOptions&) = delete;

    /**
     * @name Declarations
     * Each takes the name of an option, what it does, and the variable with the default, which must
     * outlive this object. A text, word or file with an empty default may be given empty.
     * @{
     */
    /// Adds an option with any text.
    void Add(const std::string& name, const std::string& help, std::string& value);

    /// Adds an option `--name`, `--name=true` or `--name=false`; 1 and 0 do as well.
    void AddFlag(const std::string& name, const std::string& help, bool& value);

    /// Adds an option with a whole number from @p least to @p most.
    void AddNumber(const std::string& name,
                   const std::string& help,
                   uint64_t& value,
                   uint64_t least,
                   uint64_t most);

    /// Adds an option with a number from @p least to @p most; it may have no default.
    void AddReal(const std::string& name,
                 const std::string& help,
                 std::optional<double>& value,
                 double least,
                 double most);

    /// Adds an option with one of the words @p allowed.
    void AddWord(const std::string& name,
                 const std::string& help,
                 std::string& value,
                 const std::vector<std::string>& allowed);

    /// Adds an option with one or more words separated by commas, each once; of @p allowed, or any.
    void AddWords(const std::string& name,
                  const std::string& help,
                  std::vector<std::string>& values,
                  const std::vector<std::string>& allowed = {});

    /// Adds an option with one or more whole numbers separated by commas, each once.
    void AddNumbers(const std::string& name,
                    const std::string& help,
                    std::vector<uint64_t>& values,
                    uint64_t least,
                    uint64_t most);

    /// Adds an option with a folder for results, see MakeFolder().
    void AddFolder(const std::string& name, const std::string& help, std::string& value);
    /** @} */

    /**
     * @brief Refuses an attribute default or a global value, because the program sets it itself.
     * @param name full name of the attribute, such as ns3::mis::MobileNode::Remedy, or of the
     * global value, such as RngSeed
     * @param by what sets it
     */
    void Own(const std::string& name, const std::string& by);

    /**
     * @brief Reads the command line.
     * @param argc as main has it
     * @param argv as main has it
     */
    void Parse(int argc, char* argv[]);

    /**
     * @param name of an option
     * @return whether the command line has a value for it that is not empty
     */
    bool IsGiven(const std::string& name) const;

    /**
     * @brief Makes a folder; ends the program if that can not be.
     * @param name option that names it or a folder above, for the message
     * @param folder the folder
     */
    void MakeFolder(const std::string& name, const std::string& folder) const;

    /**
     * @brief Ends the program unless a file can be written; one that exists keeps what it has.
     * @param name option that names it or its folder, for the message
     * @param file the file
     */
    void CheckWritable(const std::string& name, const std::string& file) const;

    /**
     * @brief Ends the program with exit code 2: the command line is wrong.
     * @param text what is wrong
     */
    [[noreturn]] void Wrong(const std::string& text) const;

    /**
     * @brief Ends the program with exit code 1: it can not do its work.
     * @param text what has failed
     */
    [[noreturn]] void Fail(const std::string& text) const;

    /**
     * @param list items with separators between them
     * @param separator what separates them
     * @return the items; none of an empty list
     */
    static std::vector<std::string> Split(const std::string& list, char separator = ',');

  private:
    /// An option.
    struct Option
    {
        std::string name;
        std::string help;
        std::string text;                             //!< its value, at first the default
        std::function<void(const std::string&)> read; //!< takes a value or ends the program
        bool isFlag{false};
        bool isGiven{false};
    };

    void Declare(const std::string& name,
                 const std::string& help,
                 const std::string& standard,
                 std::function<void(const std::string&)> read);
    const Option& Find(const std::string& name) const;
    bool ReadOption(const std::string& name, const std::optional<std::string>& value);
    void ReadAttribute(const std::string& name, const std::string& value) const;
    bool ReadGlobal(const std::string& name, const std::string& value) const;
    void CheckOwned(const std::string& name) const;
    void CheckPrint(const std::string& name, const std::optional<std::string>& value) const;
    void PrintWhatIsAsked(const std::vector<std::string>& arguments) const;
    uint64_t Number(const std::string& name,
                    const std::string& text,
                    uint64_t least,
                    uint64_t most) const;
    double Real(const std::string& name, const std::string& text, double least, double most) const;
    void CheckOneOf(const std::string& name,
                    const std::string& text,
                    const std::vector<std::string>& allowed) const;
    std::vector<std::string> Items(const std::string& name, const std::string& list) const;
    [[noreturn]] void End(std::string text, int code) const;

    std::string m_program;
    std::string m_purpose;
    std::vector<Option> m_options;
    std::map<std::string, std::string> m_owned; //!< what sets an attribute or global, by its name
};

} // namespace ns3::mis

#endif // MIS_PROGRAM_OPTIONS_H
