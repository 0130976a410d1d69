// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Latency of the first handover and of later ones, by how the security associations come to be:
 * runs compare-remedies for each combination.
 */

#include "ns3/command-line.h"

#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

[[noreturn]] void
Wrong(const std::string& text)
{
    std::cerr << "establishment-matrix: " << text << std::endl;
    std::exit(2);
}

std::vector<std::string>
Split(const std::string& list, char separator)
{
    std::vector<std::string> items;
    std::istringstream stream(list);
    for (std::string item; std::getline(stream, item, separator);)
    {
        items.push_back(item);
    }
    return items;
}

/// For the shell.
std::string
Quote(const std::string& text)
{
    std::string quoted = "'";
    for (const char c : text)
    {
        quoted += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return quoted + "'";
}

/// A mean.
struct Mean
{
    double sum{0};
    uint32_t count{0};

    std::string Text() const
    {
        if (count == 0)
        {
            return "-";
        }
        std::ostringstream text;
        text << std::fixed << std::setprecision(1) << sum / count;
        return text.str();
    }
};

/// Figures of a remedy.
struct Cell
{
    Mean first;
    Mean later;

    std::string Text() const
    {
        return first.count == 0 && later.count == 0 ? "-" : first.Text() + " / " + later.Text();
    }
};

using Row = std::map<std::string, Cell>; //!< by remedy

/// Reads one figure of the rows of compare-remedies that have succeeded.
Row
Read(const std::string& file, const std::string& figure)
{
    std::ifstream csv(file);
    std::string line;
    std::getline(csv, line);
    const auto names = Split(line, ',');
    const auto field = [&](const std::vector<std::string>& fields, const std::string& name) {
        for (size_t i = 0; i < names.size() && i < fields.size(); ++i)
        {
            if (names[i] == name)
            {
                return fields[i];
            }
        }
        return std::string();
    };
    Row row;
    while (std::getline(csv, line))
    {
        const auto fields = Split(line, ',');
        const auto value = field(fields, figure);
        const auto handover = field(fields, "handover");
        auto& cell = row[field(fields, "remedy")];
        // The second goes the other way over the links.
        if (field(fields, "outcome") != "success")
        {
            Wrong(file + " has a handover that did not succeed");
        }
        if (!value.empty() && (handover == "1" || handover == "3"))
        {
            auto& mean = handover == "1" ? cell.first : cell.later;
            mean.sum += std::stod(value);
            ++mean.count;
        }
    }
    return row;
}

/// How the SAs come to be, and what that gave.
struct Line
{
    std::string mnAuth;
    std::string n2n;
    Row keyDelivery;
    Row preregistration;
};

void
Print(const std::string& title,
      const std::vector<std::string>& remedies,
      const std::vector<Line>& lines,
      Row Line::*figure,
      bool isRst)
{
    if (isRst)
    {
        std::cout << ".. list-table:: " << title
                  << "\n   :header-rows: 1\n\n   * - MN\n     - PoS\n";
        for (const auto& remedy : remedies)
        {
            std::cout << "     - ``" << remedy << "``\n";
        }
        for (const auto& line : lines)
        {
            std::cout << "   * - ``" << line.mnAuth << "``\n     - ``" << line.n2n << "``\n";
            for (const auto& remedy : remedies)
            {
                const auto it = (line.*figure).find(remedy);
                std::cout << "     - " << (it == (line.*figure).end() ? "-" : it->second.Text())
                          << '\n';
            }
        }
        std::cout << '\n';
        return;
    }
    std::cout << title << "\n" << std::left << std::setw(11) << "MN" << std::setw(9) << "PoS";
    for (const auto& remedy : remedies)
    {
        std::cout << std::right << std::setw(16) << remedy;
    }
    std::cout << '\n';
    for (const auto& line : lines)
    {
        std::cout << std::left << std::setw(11) << line.mnAuth << std::setw(9) << line.n2n;
        for (const auto& remedy : remedies)
        {
            const auto it = (line.*figure).find(remedy);
            std::cout << std::right << std::setw(16)
                      << (it == (line.*figure).end() ? "-" : it->second.Text());
        }
        std::cout << '\n';
    }
    std::cout << '\n';
}

} // namespace

int
main(int argc, char* argv[])
{
    std::string remedies = "legacy,removed,remedy1,remedy2,cold";
    std::string mnAuth = "static,tls,eap-tls,eap-gpsk,erp,erp-local";
    std::string n2n = "static,tls,ikev2,tls-tcp";
    std::string links = "wifi-lte";
    std::string runs = "10";
    std::string out = "results/establishment-matrix";
    bool rst = false;
    CommandLine cmd(__FILE__);
    cmd.AddValue("remedies", "As of compare-remedies", remedies);
    cmd.AddValue("mn-auth",
                 "SAs of mobile nodes: static, or a value of compare-remedies, separated by commas",
                 mnAuth);
    cmd.AddValue("n2n",
                 "SAs between points of service: values of compare-remedies, separated by commas",
                 n2n);
    cmd.AddValue("links", "One pair of links, as of compare-remedies", links);
    cmd.AddValue("runs", "Independent runs of each combination", runs);
    cmd.AddValue("out", "Directory for results", out);
    cmd.AddValue("rst", "Whether to print reStructuredText", rst);
    cmd.Parse(argc, argv);

    // The other program lies beside this one, under whatever names the build gives them.
    const std::string own = "establishment-matrix";
    std::string compare = argv[0];
    const auto at = compare.rfind(own);
    if (at == std::string::npos)
    {
        Wrong("the name of the program is \"" + compare + "\", it must have " + own + " in it");
    }
    compare.replace(at, own.size(), "compare-remedies");

    std::vector<Line> lines;
    for (const auto& mn : Split(mnAuth, ','))
    {
        for (const auto& pos : Split(n2n, ','))
        {
            const auto folder = out + "/" + mn + "-" + pos;
            const auto command =
                Quote(compare) + " --handovers=3 --return=true --remedies=" + Quote(remedies) +
                " --links=" + Quote(links) + " --runs=" + Quote(runs) + " --out=" + Quote(folder) +
                (mn == "static" ? "" : " --sa=on-demand --mn-auth=" + Quote(mn)) +
                " --n2n=" + Quote(pos) + " >/dev/null";
            if (std::system(command.c_str()) != 0)
            {
                Wrong("this has failed: " + command);
            }
            const auto file = folder + "/compare-remedies.csv";
            lines.push_back({mn, pos, Read(file, "key_delivery_ms"), Read(file, "prereg_ms")});
        }
    }
    const auto names = Split(remedies, ',');
    const std::string what = ", " + links + ", ms: first handover / the same one again";
    Print("Key delivery" + what, names, lines, &Line::keyDelivery, rst);
    Print("Preregistration" + what, names, lines, &Line::preregistration, rst);
    return 0;
}
