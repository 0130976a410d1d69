// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Latency of the first handover and of later ones, by how the security associations come to be:
 * the comparison of compare-remedies for each combination.
 */

#include "compare-remedies-output.h"
#include "ephemeral-key-remedy.h"

#include <iomanip>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3::mis;
using namespace ns3::mis::programs;

NS_OBJECT_ENSURE_REGISTERED(EphemeralKeyRemedy);

namespace
{

/// Figures of a remedy, milliseconds.
struct Cell
{
    std::vector<double> first; //!< of the first handover
    std::vector<double> later; //!< of the same one again

    std::string Text() const
    {
        return first.empty() && later.empty() ? "-" : MeanOf(first) + " / " + MeanOf(later);
    }

  private:
    static std::string MeanOf(const std::vector<double>& values)
    {
        if (values.empty())
        {
            return "-";
        }
        std::ostringstream text;
        text << std::fixed << std::setprecision(1) << EstimateMean(values).mean;
        return text.str();
    }
};

using Row = std::map<std::string, Cell>; //!< by remedy

/// Collects one figure of handovers that have all succeeded.
Row
Collect(const std::vector<ComparisonRow>& rows,
        std::optional<ns3::Time> PreregistrationRecord::*figure)
{
    Row row;
    for (const auto& each : rows)
    {
        auto& cell = row[each.remedy];
        const auto value = ToMilliseconds(each.record.*figure);
        // The second goes the other way over the links.
        if (value && each.handover != 2)
        {
            (each.handover == 1 ? cell.first : cell.later).push_back(*value);
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

/// What the program is asked for.
struct Matrix
{
    std::vector<std::string> remedies{"legacy", "removed", "remedy1", "remedy2", COLD};
    std::vector<std::string> mnAuths{"static", "tls", "eap-tls", "eap-gpsk", "erp", "erp-local"};
    std::vector<std::string> n2ns{N2NS};
    std::string pair{"wifi-lte"};
    uint64_t runs{10};
    uint64_t seed{1};
    std::string out{"results/establishment-matrix"};
    bool isRst{false};
};

Line
Measure(const ProgramOptions& program,
        const Matrix& matrix,
        const std::string& mnAuth,
        const std::string& n2n)
{
    Options options;
    options.remedies = matrix.remedies;
    options.links = "profile";
    options.pairs = {matrix.pair};
    options.runs = matrix.runs;
    options.seed = matrix.seed;
    options.handovers = 3;
    options.goesBack = true;
    options.n2n = n2n;
    if (mnAuth != "static")
    {
        options.sa = "on-demand";
        options.mnAuth = mnAuth;
    }
    options.out = matrix.out + "/" + mnAuth + "-" + n2n;
    const auto file = PrepareOutput(program, options);
    const auto results = Compare(program, options);
    WriteRows(program, file, results.preregistrations);
    const auto& rows = results.preregistrations.GetRows();
    for (const auto& row : rows)
    {
        if (row.record.outcome != "success")
        {
            program.Fail(file + " has a handover that did not succeed");
        }
    }
    return {mnAuth,
            n2n,
            Collect(rows, &PreregistrationRecord::keyDelivery),
            Collect(rows, &PreregistrationRecord::preregistration)};
}

void
PrintText(const std::string& title,
          const std::vector<std::string>& remedies,
          const std::vector<Line>& lines,
          Row Line::*figure)
{
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
            std::cout << std::right << std::setw(16) << (line.*figure).at(remedy).Text();
        }
        std::cout << '\n';
    }
    std::cout << '\n';
}

void
PrintRst(const std::string& title,
         const std::vector<std::string>& remedies,
         const std::vector<Line>& lines,
         Row Line::*figure)
{
    std::cout << ".. list-table:: " << title << "\n   :header-rows: 1\n\n   * - MN\n     - PoS\n";
    for (const auto& remedy : remedies)
    {
        std::cout << "     - ``" << remedy << "``\n";
    }
    for (const auto& line : lines)
    {
        std::cout << "   * - ``" << line.mnAuth << "``\n     - ``" << line.n2n << "``\n";
        for (const auto& remedy : remedies)
        {
            std::cout << "     - " << (line.*figure).at(remedy).Text() << '\n';
        }
    }
    std::cout << '\n';
}

} // namespace

int
main(int argc, char* argv[])
{
    Matrix matrix;
    ProgramOptions program("establishment-matrix",
                           "Latency of the first handover and of later ones, by how the security "
                           "associations come to be.");
    auto mnAuths = MN_AUTHS;
    mnAuths.insert(mnAuths.begin(), "static");
    program.AddWords("remedies", "As of compare-remedies", matrix.remedies, RemedyNames());
    program.AddWords("mn-auth", "SAs of mobile nodes", matrix.mnAuths, mnAuths);
    program.AddWords("n2n", "SAs between points of service", matrix.n2ns, N2NS);
    program.Add("pair", "One pair of link profiles, as of compare-remedies", matrix.pair);
    program.AddNumber("runs", "Independent runs of each combination", matrix.runs, 1, 100000);
    program.AddNumber("seed", "Seed of the random number generator", matrix.seed, 1, UINT32_MAX);
    program.AddFolder("out", "Directory for results", matrix.out);
    program.AddFlag("rst", "Whether to print reStructuredText", matrix.isRst);
    OwnAttributes(program);
    program.Parse(argc, argv);
    ReadPair(program, "profile", matrix.pair);

    std::vector<Line> lines;
    for (const auto& mnAuth : matrix.mnAuths)
    {
        for (const auto& n2n : matrix.n2ns)
        {
            lines.push_back(Measure(program, matrix, mnAuth, n2n));
        }
    }
    const auto print = matrix.isRst ? &PrintRst : &PrintText;
    const auto what = ", " + matrix.pair + ", ms: first handover / the same one again";
    print("Key delivery" + what, matrix.remedies, lines, &Line::keyDelivery);
    print("Preregistration" + what, matrix.remedies, lines, &Line::preregistration);
    auto& out = matrix.isRst ? std::cerr : std::cout; // it is no reStructuredText
    out << "seed " << matrix.seed << ", runs 1 to " << matrix.runs << "; ";
    PrintProvenance(out, {argv + 1, argv + argc});
    out << "rows: " << matrix.out << "/*/compare-remedies.csv\n";
    return 0;
}
