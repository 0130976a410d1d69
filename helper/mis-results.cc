// SPDX-License-Identifier: GPL-2.0-only

#include "mis-results.h"

#include "ns3/mis-crypto-version.h"

#include <boost/accumulators/accumulators.hpp>
#include <boost/accumulators/statistics/count.hpp>
#include <boost/accumulators/statistics/mean.hpp>
#include <boost/accumulators/statistics/stats.hpp>
#include <boost/accumulators/statistics/variance.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/version.hpp>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <iomanip>
#include <limits>
#include <map>
#include <optional>
#include <sstream>
#include <tuple>

#ifndef MIS_NS3_VERSION
#define MIS_NS3_VERSION "unknown"
#endif

namespace ns3::mis
{

namespace
{

constexpr double CONFIDENCE = 0.95;
constexpr const char* VERSION = "0.1.0"; // as in CHANGES.md and CITATION.cff

using Figure = std::function<std::optional<double>(const PreregistrationRecord&)>;

std::optional<double>
Milliseconds(const std::optional<Time>& time)
{
    return time ? std::optional<double>(time->GetNanoSeconds() / 1e6) : std::nullopt;
}

/// A column of the CSV file, and of the table if it has a heading.
struct Column
{
    const char* name;
    const char* heading;
    int decimals;
    Figure figure;
};

const std::vector<Column>&
Columns()
{
    using Record = PreregistrationRecord;
    static const std::vector<Column> columns{
        {"key_delivery_ms",
         "key [ms]",
         6,
         [](const Record& r) { return Milliseconds(r.keyDelivery); }},
        {"sa_ready_ms", "SA [ms]", 6, [](const Record& r) { return Milliseconds(r.saReady); }},
        {"prereg_ms",
         "prereg [ms]",
         6,
         [](const Record& r) { return Milliseconds(r.preregistration); }},
        {"interruption_ms",
         "gap [ms]",
         6,
         [](const Record& r) { return Milliseconds(r.interruption); }},
        {"packets_lost",
         "lost",
         0,
         [](const Record& r) {
             return r.packetsLost ? std::optional<double>(*r.packetsLost) : std::nullopt;
         }},
        {"messages",
         "frames",
         0,
         [](const Record& r) { return std::optional<double>(r.messages); }},
        {"bytes_mn_spos",
         "MN-SPoS [B]",
         0,
         [](const Record& r) { return std::optional<double>(r.bytesMnSpos); }},
        {"bytes_spos_tpos",
         "SPoS-TPoS [B]",
         0,
         [](const Record& r) { return std::optional<double>(r.bytesSposTpos); }},
        {"bytes_gm", "GM [B]", 0, [](const Record& r) { return std::optional<double>(r.bytesGm); }},
        {"cpu_mn_ms", "CPU MN [ms]", 6, [](const Record& r) { return Milliseconds(r.cpuMn); }},
        {"cpu_spos_ms", nullptr, 6, [](const Record& r) { return Milliseconds(r.cpuSpos); }},
        {"cpu_tpos_ms", nullptr, 6, [](const Record& r) { return Milliseconds(r.cpuTpos); }},
        {"cpu_gm_ms", nullptr, 6, [](const Record& r) { return Milliseconds(r.cpuGm); }},
        {"bytes_mn_tpos",
         "MN-TPoS [B]",
         0,
         [](const Record& r) { return std::optional<double>(r.bytesMnTpos); }},
        {"bytes_pos_poa",
         nullptr,
         0,
         [](const Record& r) { return std::optional<double>(r.bytesPosPoa); }},
        {"bytes_link",
         nullptr,
         0,
         [](const Record& r) { return std::optional<double>(r.bytesLink); }},
    };
    return columns;
}

} // namespace

Estimate
EstimateMean(const std::vector<double>& values)
{
    namespace accumulators = boost::accumulators;
    accumulators::accumulator_set<
        double,
        accumulators::stats<accumulators::tag::mean, accumulators::tag::lazy_variance>>
        sample;
    for (const double value : values)
    {
        sample(value);
    }
    Estimate estimate;
    estimate.count = static_cast<uint32_t>(values.size());
    if (estimate.count == 0)
    {
        return estimate;
    }
    estimate.mean = accumulators::mean(sample);
    if (estimate.count < 2)
    {
        estimate.halfWidth = std::numeric_limits<double>::quiet_NaN();
        return estimate;
    }
    const double n = estimate.count;
    // Values that are equal may give a variance of a rounding error below zero.
    const double variance = std::max(0.0, accumulators::variance(sample)) * n / (n - 1);
    const boost::math::students_t distribution(n - 1);
    estimate.halfWidth =
        boost::math::quantile(distribution, 1 - (1 - CONFIDENCE) / 2) * std::sqrt(variance / n);
    return estimate;
}

std::string
Format(const Estimate& estimate)
{
    std::ostringstream text;
    if (estimate.count == 0)
    {
        return "-";
    }
    const int decimals =
        estimate.mean >= 1000 || estimate.mean == std::floor(estimate.mean) ? 0 : 2;
    text << std::fixed << std::setprecision(decimals) << estimate.mean;
    if (estimate.count > 1 && estimate.halfWidth > 0)
    {
        text << " +-" << std::setprecision(2) << estimate.halfWidth;
    }
    return text.str();
}

void
PrintAligned(std::ostream& os, const std::vector<std::vector<std::string>>& lines)
{
    std::vector<size_t> widths(lines.front().size(), 0);
    for (const auto& line : lines)
    {
        for (size_t i = 0; i < line.size(); ++i)
        {
            widths[i] = std::max(widths[i], line[i].size());
        }
    }
    std::string previous;
    for (const auto& line : lines)
    {
        if (!previous.empty() && line[0] != previous)
        {
            os << '\n';
        }
        previous = line[0];
        for (size_t i = 0; i < line.size(); ++i)
        {
            const bool isText = i < 2;
            os << (i > 0 ? "  " : "") << (isText ? std::left : std::right)
               << std::setw(static_cast<int>(widths[i])) << line[i];
        }
        os << '\n';
    }
}

void
ComparisonResults::Add(ComparisonRow row)
{
    m_rows.push_back(std::move(row));
}

void
ComparisonResults::WriteCsv(std::ostream& os) const
{
    os << "scenario,remedy,link_from,link_to,seed,run,outcome";
    for (const auto& column : Columns())
    {
        os << ',' << column.name;
    }
    os << ",handover\n";
    for (const auto& row : m_rows)
    {
        os << row.scenario << ',' << row.remedy << ',' << row.linkFrom << ',' << row.linkTo << ','
           << row.seed << ',' << row.run << ',' << row.record.outcome;
        for (const auto& column : Columns())
        {
            os << ',';
            if (const auto value = column.figure(row.record))
            {
                os << std::fixed << std::setprecision(column.decimals) << *value;
            }
        }
        os << ',' << row.handover << '\n';
    }
}

void
ComparisonResults::PrintTable(std::ostream& os) const
{
    // A chain goes there and back, and only its first handover may have to establish everything.
    using Key = std::tuple<std::string, std::string, std::string, std::string>;
    std::map<Key, size_t> groupOf;
    std::vector<std::pair<Key, std::vector<const ComparisonRow*>>> groups;
    for (const auto& row : m_rows)
    {
        const char* place = row.handover == 1 ? "" : row.handover % 2 == 0 ? " (back)" : " (again)";
        const Key key{row.linkFrom, row.linkTo, place, row.remedy};
        const auto [it, isNew] = groupOf.emplace(key, groups.size());
        if (isNew)
        {
            groups.push_back({key, {}});
        }
        groups[it->second].second.push_back(&row);
    }
    std::vector<std::vector<std::string>> lines;
    std::vector<std::string> headings{"links", "remedy", "ok"};
    for (const auto& column : Columns())
    {
        if (column.heading)
        {
            headings.emplace_back(column.heading);
        }
    }
    lines.push_back(headings);
    for (const auto& [key, rows] : groups)
    {
        size_t succeeded = 0;
        for (const auto* row : rows)
        {
            succeeded += row->record.outcome == "success";
        }
        std::vector<std::string> line{std::get<0>(key) + "-" + std::get<1>(key) + std::get<2>(key),
                                      std::get<3>(key),
                                      std::to_string(succeeded) + "/" +
                                          std::to_string(rows.size())};
        for (const auto& column : Columns())
        {
            if (!column.heading)
            {
                continue;
            }
            std::map<std::pair<uint32_t, uint64_t>, std::vector<double>> byRun;
            for (const auto* row : rows)
            {
                if (const auto value = column.figure(row->record))
                {
                    byRun[{row->seed, row->run}].push_back(*value);
                }
            }
            std::vector<double> values;
            for (const auto& [run, ofRun] : byRun)
            {
                values.push_back(EstimateMean(ofRun).mean);
            }
            line.push_back(Format(EstimateMean(values)));
        }
        lines.push_back(line);
    }
    PrintAligned(os, lines);
}

void
PrintProvenance(std::ostream& os, const std::vector<std::string>& command)
{
    const char* revision = std::getenv("MIS_REVISION");
    os << "mis-prereg " << VERSION << ", ns-3 " << MIS_NS3_VERSION << ", " << CryptoLibraryVersion()
       << ", Boost " << BOOST_VERSION / 100000 << '.' << BOOST_VERSION / 100 % 1000
       << ", source revision " << (revision ? revision : "unknown") << '\n';
    os << "arguments:";
    for (const auto& argument : command)
    {
        os << ' ' << argument;
    }
    os << (command.empty() ? " none (defaults)\n" : "\n");
}

} // namespace ns3::mis
